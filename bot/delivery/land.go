package delivery

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// degradation is what Telegram refused of an article's message, so that nobody else is sent it in vain.
type degradation struct{ plain, noPhoto bool }

// strike counts refusals of a chat that end its subscription only when they repeat.
type strike struct {
	count int
	next  time.Time
}

const (
	// strikesToEnd and strikeEvery: "chat not found" is believed when it is said three times an hour apart.
	strikesToEnd = 3
	strikeEvery  = time.Hour
	// repairsTried bounds how often one message is mended after a refusal.
	repairsTried = 4
)

// land takes what came of a flight and prepares what it means for the next transaction.
func (d *Delivery) land(ctx context.Context, o outcome) {
	f, now := o.flight, d.now()
	delete(d.flights, f.number)
	if f.counted {
		delete(d.busy, f.telegramID)
		f.answered(o.left, o.back, o.err)
	}
	kind := telegram.KindOf(o.err)
	if o.err != nil && (kind.Transient() && kind != telegram.KindFlood || kind.Operator()) {
		d.breaker.trip(d, o.err, now)
	} else if f.counted {
		d.breaker.answered(now)
	}
	d.news.lookAt = now
	switch {
	case f.errand != nil:
		d.landErrand(f, o.answer, o.err, now)
	case f.look != nil:
		d.landLook(f, o.seen, o.err, now)
	case f.fix != nil:
		d.landFix(f, o.err)
	case f.answer != nil:
		d.landAnswer(f, o.result, o.err, now)
	case o.err == nil:
		d.landed(f, o.result, now)
	default:
		d.refuse(ctx, f, o.err, now)
	}
}

// landed settles news that arrived.
func (d *Delivery) landed(f *flight, r telegram.Result, now time.Time) {
	delete(d.strikes, f.chat.ID)
	d.recent.add(f.chat.ID, now)
	if f.chat.Kind != store.Private {
		d.posted[f.chat.ID] = now
	}
	if r.MessageID == 0 { // it went well, but nobody says which message it is
		v := f.plan.visit(f.chat.ID)
		v.Doubts, v.Welcomed = f.plan.doubts, f.chat.Kind == store.Private
		d.doubts.mentioned(f.chat.ID, f.plan.doubts)
		d.settle(v)
		return
	}
	sent := store.Sent{Post: f.post.ID, Chat: f.chat.ID, Message: r.MessageID, Photo: f.request.Method == "sendPhoto"}
	if r.PhotoID != "" {
		d.writer.keepPhoto(f.request, r.PhotoID)
	}
	if f.post.Shape == store.Digested && f.chat.Prefs.PinDigest {
		d.pin(f.chat, r.MessageID, now)
	}
	d.doubts.mentioned(f.chat.ID, f.plan.doubts)
	if f.chat.Kind == store.Private && len(f.plan.doubts) == 0 {
		d.arrivals.add(store.Arrival{
			Sent: sent, Upto: f.plan.mark(), Breaking: f.plan.alerted > 0, Again: !f.plan.next.IsZero(),
		}, now)
		return
	}
	v := f.plan.visit(f.chat.ID)
	v.Sent, v.Doubts = &sent, f.plan.doubts
	d.settle(v)
}

// refuse decides what a failed call for news means. What is neither settled nor ended here stays owed.
func (d *Delivery) refuse(ctx context.Context, f *flight, err error, now time.Time) {
	var e *telegram.Error
	if !errors.As(err, &e) {
		e = &telegram.Error{Kind: telegram.KindUnknownOutcome, Description: "no answer"}
	}
	switch kind := e.Kind; {
	case kind == telegram.KindFlood:
		d.postpone(f, now.Add(e.RetryAfter))
	case e.InDoubt():
		d.doubt(f, now)
	case kind.Transient() || kind.Operator():
		// Not sent, and no fault of the chat: it stays due.
	case kind == telegram.KindUnknownMethod && f.request.Method == "sendMessage":
		d.alarm("method", "the server does not know how to send messages; is HARKARA_API a Bot API server?", "err", err)
		d.postpone(f, now.Add(time.Minute))
	case kind.Lost():
		d.fail(f)
		d.lose(f.chat, lostState(kind), e.Description, now)
	case kind == telegram.KindChatNotFound:
		d.strike(f, e.Description, now)
	case e.NoPhotos():
		d.textOnly[f.chat.ID] = true
		d.sendAgain(f, f.request.WithoutPhoto())
	case kind == telegram.KindMigrated:
		d.move(f.chat.TelegramID, e.MigrateTo)
		d.sendAgain(f, f.request.To(e.MigrateTo))
	case (kind == telegram.KindThreadGone || kind == telegram.KindThreadClosed) && f.request.Thread() != 0:
		d.dropThread(f.chat, f.request.Thread(), now)
		d.sendAgain(f, f.request.WithoutThread().InThread(restThread(f.chat, f.request.Thread())))
	case kind == telegram.KindThreadGone && f.repairs < repairsTried: // no topic was named: not the chat's fault
		d.sendAgain(f, f.request)
	case kind.Suspends():
		d.fail(f)
		d.suspend(f.chat, e.Description, now)
	default:
		d.mend(f, e, now)
	}
}

// mend sends a message whose form was refused in a plainer one; one that cannot be mended is left out, so that it
// does not keep the chat from what comes after.
func (d *Delivery) mend(f *flight, e *telegram.Error, now time.Time) {
	if repaired, ok := f.request.Repaired(e); ok && f.repairs < repairsTried {
		for _, id := range f.post.Articles {
			bad := d.refused[id]
			bad.plain = bad.plain || e.Kind == telegram.KindMarkup
			bad.noPhoto = bad.noPhoto || e.Kind == telegram.KindPhoto && f.post.Full()
			d.refused[id] = bad
		}
		d.config.Log.Warn("Telegram refused a message's form; it goes in a plainer one", "articles", f.post.Articles, "reason", e.Description)
		d.sendAgain(f, repaired)
		return
	}
	d.config.Log.Error("a message was refused and is left out", "chat", f.chat.ID, "articles", f.post.Articles, "reason", e.Description)
	d.fail(f)
	d.settle(f.plan.visit(f.chat.ID))
}

// fail counts a message that will not be sent.
func (d *Delivery) fail(f *flight) {
	post := f.post.ID
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error { return tx.CountFailed(ctx, post) })
}

// sendAgain puts the same visit back in another form.
func (d *Delivery) sendAgain(f *flight, request telegram.Request) {
	again := *f
	again.request, again.telegramID = request, request.Chat()
	again.repairs++
	again.counted = false
	d.news.again = append(d.news.again, &again)
}

func (d *Delivery) postpone(f *flight, at time.Time) {
	d.settle(store.Visit{Chat: f.chat.ID, Next: at})
}

func lostState(kind telegram.Kind) store.ChatState {
	if kind == telegram.KindGone {
		return store.Gone
	}
	return store.Blocked
}

// end takes a chat out of distribution; its row and its subscriptions stay, so that it can come back.
func (d *Delivery) end(chat store.Chat, state store.ChatState, reason string, now time.Time) {
	d.unsettled[chat.ID] = true // until this is kept, it would be sent the same again
	d.answers.drop(func(o *owedAnswer) bool { return o.flying || o.answer.TelegramID != chat.TelegramID })
	d.changeChat(chat, func(c *store.Chat) {
		if c.State == store.Active || c.State == store.Paused {
			c.State, c.StateReason, c.StateAt = state, reason, now
		}
	})
}

// changeChat changes what is kept of a chat in the next transaction, if it is still kept then.
func (d *Delivery) changeChat(chat store.Chat, change func(*store.Chat)) {
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		current, err := tx.Chat(ctx, chat.TelegramID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read chat %d: %w", chat.TelegramID, err)
		}
		change(&current)
		return tx.SaveChat(ctx, &current)
	})
}

// strike counts a refusal that may be a passing one.
func (d *Delivery) strike(f *flight, reason string, now time.Time) {
	s := d.strikes[f.chat.ID]
	if !now.Before(s.next) {
		s = strike{count: s.count + 1, next: now.Add(strikeEvery)}
	}
	d.strikes[f.chat.ID] = s
	if s.count >= strikesToEnd {
		delete(d.strikes, f.chat.ID)
		d.fail(f)
		d.lose(f.chat, store.Gone, reason, now)
		return
	}
	d.postpone(f, s.next)
}

// lose ends a chat that is closed to us, and tells those who manage a group or channel, for Telegram tells us who took us out only if we are
// there to hear it.
func (d *Delivery) lose(chat store.Chat, state store.ChatState, reason string, now time.Time) {
	d.end(chat, state, reason, now)
	if chat.Kind == store.Private {
		return
	}
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		return d.writer.tellManagers(ctx, tx, chat, RemovedKey(chat.ID), message.ChanRemoved, now)
	})
	d.owing = true
}

// suspend stops posting to a chat where we lost the right to, and tells those who can give it back.
func (d *Delivery) suspend(chat store.Chat, reason string, now time.Time) {
	d.end(chat, store.Unpostable, reason, now)
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		return d.writer.tellManagers(ctx, tx, chat, UnpostableKey(chat.ID), message.AlertUnpostable, now)
	})
	d.owing = true
}

// move gives a group the id of the supergroup it has become.
func (d *Delivery) move(from, to int64) {
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		if err := tx.MoveChat(ctx, from, to); err != nil {
			return fmt.Errorf("move chat %d to %d: %w", from, to, err)
		}
		return nil
	})
}

// dropThread forgets a forum topic that is gone or closed to us; what went there goes to that of all the rest from now on, or
// to the general one, and those who manage the group are told so.
func (d *Delivery) dropThread(chat store.Chat, thread int, now time.Time) {
	d.changeChat(chat, func(c *store.Chat) {
		if c.Prefs.Thread == thread {
			c.Prefs.Thread = 0
		}
		threads := maps.Clone(c.Prefs.Threads)
		maps.DeleteFunc(threads, func(_ int64, t int) bool { return t == thread })
		c.Prefs.Threads = threads
	})
	what := message.AlertThread
	if restThread(chat, thread) != 0 {
		what = message.AlertThreadRest
	}
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		return d.writer.tellManagers(ctx, tx, chat, ThreadKey(chat.ID, thread), what, now)
	})
	d.owing = true
}

// landAnswer takes what came of an answer to a person.
func (d *Delivery) landAnswer(f *flight, result telegram.Result, err error, now time.Time) {
	o := d.answers.find(f.answer.ID)
	if o == nil {
		return
	}
	o.flying = false
	var e *telegram.Error
	if err != nil && !errors.As(err, &e) {
		e = &telegram.Error{Kind: telegram.KindUnknownOutcome, Description: "no answer"}
	}
	switch {
	case err == nil && f.answer.Card != 0:
		d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
			return tx.CardSent(ctx, f.answer.Card, f.telegramID, result.MessageID)
		})
	case err == nil, e.Kind.Harmless():
	case e.Kind == telegram.KindNoRights && f.request.Method == "pinChatMessage":
		d.pinRefused(f.telegramID, now)
	case e.Kind == telegram.KindFlood:
		o.notBefore = now.Add(e.RetryAfter)
		return
	case e.InDoubt() && !o.request.Repeatable():
		// A person who got no answer asks again; one who got two is annoyed.
		d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
			return tx.AddDoubt(ctx, &store.Doubt{Since: now, State: store.DoubtSkipped})
		})
	case e.InDoubt(), e.Kind.Transient(), e.Kind.Operator():
		o.notBefore = now.Add(time.Second)
		return
	case e.Kind.Lost():
		d.end(store.Chat{TelegramID: f.telegramID}, lostState(e.Kind), e.Description, now)
	default:
		if repaired, ok := o.request.Repaired(e); ok && o.repairs < repairsTried {
			o.request, o.repairs = repaired, o.repairs+1
			if e.Kind == telegram.KindMigrated {
				d.move(f.telegramID, e.MigrateTo)
				o.answer.TelegramID = e.MigrateTo
			}
			return
		}
		d.config.Log.Warn("an answer was refused", "method", f.request.Method, "reason", e.Description)
	}
	d.answered(f.answer.ID)
}

// answered drops an answer that was given or cannot be.
func (d *Delivery) answered(id int64) {
	d.answers.drop(func(o *owedAnswer) bool { return o.answer.ID != id })
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Answered(ctx, id); err != nil {
			return fmt.Errorf("drop answer %d: %w", id, err)
		}
		return nil
	})
}
