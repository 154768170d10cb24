package broadcast

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// The reasons why a broadcast was paused or cancelled, as store.Broadcast.Reason.
const (
	// ByEditor is a person's wish.
	ByEditor = "editor"
	// ByFailures is one refusal after another that lies in the message.
	ByFailures = "failures"
	// BySource is a message that is gone before it was copied to everybody.
	BySource = "source"
	// ByTorn is an album of which a part is gone.
	ByTorn = "torn"
	// ByExpiry is a broadcast that could not begin in time.
	ByExpiry = "expired"
	// ByRefusal is a content that Telegram does not let be copied.
	ByRefusal = "refused"
)

const (
	// ahead is how many chats are read at once. What is read long before it is sent may have changed.
	ahead = 256
	// memory is how many of the newest outcomes are looked at for failures, pile how many of them may be refusals.
	memory, pile = 20, 10
	// triesAtMost bounds the attempts to send to one chat what it was refused for a reason that was seen to, such as having moved.
	triesAtMost = 4
	// again is how long a chat waits that something else is under way to, or after Telegram could not be reached.
	again = time.Second
)

// campaign is a broadcast under way.
type campaign struct {
	runner  *Runner
	b       store.Broadcast
	request telegram.Request

	// cursor is the chat up to which all are claimed, committed the same at the last commit, read that up to which the audience was read.
	cursor, committed, read int64
	queue                   []store.Chat
	exhausted               bool
	// inFlight are the chats that something is under way to, with how often it was tried.
	inFlight map[int64]int
	later    later
	claimed  step
	landed   step
	outcomes outcomes
	// busy is set from when its state is to change until that is kept: nothing is begun meanwhile.
	busy bool

	trying bool
	tryAt  time.Time

	taking taking
	screen screen
}

// later are chats to be tried again.
type later struct {
	look bool
	due  []store.Missed
	next time.Time
}

// outcomes remembers whether the newest messages were refused.
type outcomes struct {
	refused [memory]bool
	n       int
}

func (o *outcomes) add(refused bool) (piled bool) {
	o.refused[o.n%memory] = refused
	o.n++
	count := 0
	for _, r := range o.refused {
		if r {
			count++
		}
	}
	return count >= pile
}

// update takes over what the desk has decided.
func (c *campaign) update(b store.Broadcast) (err error) {
	if b.State == store.BroadcastRunning && c.b.State != store.BroadcastRunning {
		c.later.look, c.outcomes = true, outcomes{}
		if c.committed < b.Progress.Cursor {
			c.rewindTo(b.Progress.Cursor)
		}
		c.screen.begin(b)
	}
	if b.State == store.BroadcastDeleting && c.b.State != store.BroadcastDeleting {
		c.taking = taking{}
	}
	c.b = b
	c.request, err = decode(b)
	return err
}

// rewindTo goes back to what was committed.
func (c *campaign) rewindTo(cursor int64) {
	c.cursor, c.committed, c.read = cursor, cursor, cursor
	c.queue, c.exhausted = nil, false
	c.later = later{look: true}
	c.claimed = step{}
}

// gather shows the draft of an album once no more parts of it come.
func (c *campaign) gather(now time.Time) {
	if c.b.State != store.BroadcastComposing || c.b.GatherAt.IsZero() || c.b.GatherAt.After(now) || c.busy {
		return
	}
	c.busy = true
	id := c.b.ID
	c.runner.changes = append(c.runner.changes, func(ctx context.Context, tx store.Tx, now time.Time) error {
		b, err := tx.Broadcast(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil || b.State != store.BroadcastComposing || b.GatherAt.IsZero() || b.GatherAt.After(now) {
			return err
		}
		b.GatherAt = time.Time{}
		if err := tx.SaveBroadcast(ctx, &b); err != nil {
			return err
		}
		return c.runner.tellDraft(ctx, tx, b, now)
	})
}

// expire cancels what could not begin in time.
func (c *campaign) expire(now time.Time) {
	if c.b.State != store.BroadcastReady || c.b.ExpiresAt.IsZero() || now.Before(c.b.ExpiresAt) || c.trying {
		return
	}
	c.turn([]store.BroadcastState{store.BroadcastReady}, store.BroadcastCancelled, ByExpiry, "")
}

// nextTrial copies the content to the author: for a look at it before, and once more when it is to begin. What cannot be copied whole goes to
// nobody.
func (c *campaign) nextTrial(now time.Time, free func(int64, telegram.ChatKind) bool) (*delivery.Errand, error) {
	c.expire(now)
	starting := c.b.State == store.BroadcastReady && !c.b.StartAt.After(now)
	preview := c.b.State == store.BroadcastComposing && c.b.Trial && len(c.b.Messages) > 0
	checking := c.b.State == store.BroadcastChecking
	if !starting && !preview && !checking || c.trying || c.busy || c.tryAt.After(now) {
		return nil, nil
	}
	if starting && len(c.b.Request) > 0 {
		c.busy = true
		c.start(c.b.Request, nil)
		return nil, nil
	}
	if c.b.Author == 0 || c.b.Source == 0 || len(c.b.Messages) == 0 {
		c.turn([]store.BroadcastState{store.BroadcastReady}, store.BroadcastCancelled, BySource, "") // its author has asked to be forgotten
		return nil, nil
	}
	if !free(c.b.Author, telegram.Private) {
		return nil, nil
	}
	c.trying = true
	c.runner.undo = append(c.runner.undo, func() { c.trying = false })
	request := copyTo(c.b.Author, c.b)
	if !preview {
		request = request.Silent()
	}
	b := c.b
	return &delivery.Errand{Chat: b.Author, Request: request, Messages: items(b), Landed: func(answer json.RawMessage, err error, now time.Time) {
		c.trying = false
		c.tried(b, starting, sentIDs(answer), err, now)
	}}, nil
}

// tried takes what came of the copy to the author.
func (c *campaign) tried(b store.Broadcast, starting bool, ids []int, err error, now time.Time) {
	kind := telegram.KindOf(err)
	if kind == telegram.KindFlood || kind.Transient() || kind.Operator() {
		c.tryAt = now.Add(again)
		var e *telegram.Error
		if errors.As(err, &e) {
			c.tryAt = now.Add(max(again, e.RetryAfter))
		}
		return
	}
	var reason, detail string
	switch {
	case kind == telegram.KindMessageGone:
		reason = BySource
	case err != nil:
		reason, detail = ByRefusal, descriptionOf(err)
	case len(ids) < items(b):
		reason = ByTorn
	}
	switch {
	case reason != "":
		c.spoilt(b, ids, reason, detail)
	case b.State == store.BroadcastChecking:
		c.busy = true
		c.runner.changes = append(c.runner.changes, func(ctx context.Context, tx store.Tx, now time.Time) error {
			if err := c.runner.takeBack(ctx, tx, b.Author, ids, now); err != nil {
				return err
			}
			_, err := tx.TurnBroadcast(ctx, b.ID, []store.BroadcastState{store.BroadcastChecking}, store.BroadcastKept, now, "", "", 0)
			return err
		})
	case starting:
		request, err := requestOf(b, b.Author, ids)
		if err != nil {
			c.spoilt(b, ids, ByRefusal, err.Error())
			return
		}
		if b.Kind == KindPoll {
			ids = nil // it is what will be forwarded
		}
		c.busy = true
		c.start(request, ids)
	default:
		c.busy = true
		c.runner.changes = append(c.runner.changes, func(ctx context.Context, tx store.Tx, now time.Time) error {
			current, err := tx.Broadcast(ctx, b.ID)
			if errors.Is(err, store.ErrNotFound) || err == nil && current.State != store.BroadcastComposing {
				return nil
			}
			if err != nil {
				return err
			}
			current.Trial = false
			if err := tx.SaveBroadcast(ctx, &current); err != nil {
				return err
			}
			return c.runner.tellDraft(ctx, tx, current, now)
		})
	}
}

// spoilt ends a broadcast whose content cannot be sent whole; the author is told what to do. Nobody has got any of it.
func (c *campaign) spoilt(b store.Broadcast, ids []int, reason, detail string) {
	c.busy = true
	c.runner.changes = append(c.runner.changes, func(ctx context.Context, tx store.Tx, now time.Time) error {
		if err := c.runner.takeBack(ctx, tx, b.Author, ids, now); err != nil {
			return err
		}
		turned, err := tx.TurnBroadcast(ctx, b.ID, []store.BroadcastState{store.BroadcastReady, store.BroadcastComposing, store.BroadcastChecking}, store.BroadcastCancelled, now, reason, detail, 0)
		if !turned || err != nil {
			return err
		}
		if err := c.runner.unschedule(ctx, tx, b); err != nil {
			return err
		}
		return c.runner.tellReport(ctx, tx, b.ID, now)
	})
}

// start lets the broadcast run, and takes the trial back.
func (c *campaign) start(request []byte, trial []int) {
	b := c.b
	c.runner.changes = append(c.runner.changes, func(ctx context.Context, tx store.Tx, now time.Time) error {
		if err := c.runner.takeBack(ctx, tx, b.Author, trial, now); err != nil {
			return err
		}
		current, err := tx.Broadcast(ctx, b.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil || current.State != store.BroadcastReady {
			return err
		}
		current.Request = request
		if err := tx.SaveBroadcast(ctx, &current); err != nil {
			return err
		}
		if started, err := tx.StartBroadcast(ctx, b.ID, now); !started || err != nil {
			return err
		}
		return c.runner.tellLate(ctx, tx, current, now)
	})
}

// takeBack owes the deletion of copies that were only tried.
func (r *Runner) takeBack(ctx context.Context, tx store.Tx, chat int64, ids []int, now time.Time) error {
	for _, id := range ids {
		r.owed = true
		if err := delivery.Owe(ctx, tx, telegram.Delete(chat, id), now); err != nil {
			return err
		}
	}
	return nil
}

// nextMessage claims the next chat.
func (c *campaign) nextMessage(ctx context.Context, now time.Time, free func(int64, telegram.ChatKind) bool) (*delivery.Errand, error) {
	if c.b.State != store.BroadcastRunning || c.busy {
		return nil, nil
	}
	if chat, tries, err := c.nextLater(ctx, now, free); chat != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return c.carry(*chat, tries, now), nil
	}
	for range ahead {
		if len(c.queue) == 0 && !c.exhausted {
			queue, err := c.runner.store.AudienceChats(ctx, c.b.Audience, now, c.read, c.b.Progress.Last, ahead)
			if err != nil {
				return nil, fmt.Errorf("read the audience of broadcast %d: %w", c.b.ID, err)
			}
			c.queue, c.exhausted = queue, len(queue) < ahead
			if len(queue) > 0 {
				c.read = queue[len(queue)-1].ID
			}
		}
		if len(c.queue) == 0 {
			c.finish()
			return nil, nil
		}
		chat := c.queue[0]
		c.queue = c.queue[1:]
		c.advance(chat.ID)
		if free(chat.TelegramID, paceOf(chat)) {
			return c.carry(chat, 0, now), nil
		}
		// Something else is under way to it, or its pace forbids: those behind it need not wait.
		c.claimed.Missed = append(c.claimed.Missed, store.Missed{Chat: chat.ID, Why: store.MissLater, At: now.Add(again)})
	}
	return nil, nil
}

// advance moves the cursor; if it cannot be committed, everything goes back to where it was.
func (c *campaign) advance(cursor int64) {
	c.cursor, c.claimed.Cursor = cursor, cursor
	c.runner.undo = append(c.runner.undo, func() { c.rewindTo(c.committed) })
}

// nextLater takes the next of those that are to be tried again.
func (c *campaign) nextLater(ctx context.Context, now time.Time, free func(int64, telegram.ChatKind) bool) (*store.Chat, int, error) {
	if len(c.later.due) == 0 && (c.later.look || !c.later.next.IsZero() && !now.Before(c.later.next)) {
		due, next, err := c.runner.store.MissedLater(ctx, c.b.ID, now, ahead)
		if err != nil {
			return nil, 0, err
		}
		c.later = later{due: due, next: next}
	}
	for len(c.later.due) > 0 {
		m := c.later.due[0]
		c.later.due = c.later.due[1:]
		if _, flying := c.inFlight[m.Chat]; flying {
			continue
		}
		chat, err := c.runner.store.ChatByID(ctx, m.Chat)
		if errors.Is(err, store.ErrNotFound) {
			c.claimed.Taken = append(c.claimed.Taken, m.Chat) // it asked to be forgotten
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		if why, lost := lostWhy[chat.State]; lost {
			c.claimed.Missed = append(c.claimed.Missed, store.Missed{Chat: m.Chat, Why: why, At: now, Tries: m.Tries})
			continue
		}
		if !free(chat.TelegramID, paceOf(chat)) {
			c.claimed.Missed = append(c.claimed.Missed, store.Missed{Chat: m.Chat, Why: store.MissLater, At: now.Add(again), Tries: m.Tries})
			continue
		}
		c.claimed.Taken = append(c.claimed.Taken, m.Chat)
		c.runner.undo = append(c.runner.undo, func() { c.rewindTo(c.committed) })
		return &chat, m.Tries, nil
	}
	return nil, 0, nil
}

// lostWhy says of chats that are not sent to any more how they are accounted for.
var lostWhy = map[store.ChatState]store.Miss{
	store.Blocked: store.MissBlocked, store.Stopped: store.MissBlocked, store.Paused: store.MissBlocked,
	store.Gone: store.MissGone, store.Unpostable: store.MissRights,
}

func paceOf(chat store.Chat) telegram.ChatKind {
	if chat.Kind == store.Private {
		return telegram.Private
	}
	return telegram.Supergroup
}

// carry makes the errand for a chat.
func (c *campaign) carry(chat store.Chat, tries int, now time.Time) *delivery.Errand {
	request := c.request.To(chat.TelegramID).InThread(chat.Prefs.Thread)
	p := chat.Prefs
	if p.Silent || p.QuietFrom != p.QuietTo && delivery.Quiet(p, now.In(message.ZoneOr(p.Zone, c.runner.config.Zone))) {
		request = request.Silent()
	}
	if c.runner.config.Paid {
		request = request.Paid()
	}
	c.inFlight[chat.ID] = tries
	c.runner.undo = append(c.runner.undo, func() { delete(c.inFlight, chat.ID) })
	return &delivery.Errand{
		Chat: chat.TelegramID, Request: request, Messages: items(c.b), To: chat, Flight: &store.Flight{Broadcast: c.b.ID, Chat: chat.ID},
		Landed: func(answer json.RawMessage, err error, now time.Time) { c.land(chat, answer, err, now) },
	}
}

// land settles a chat.
func (c *campaign) land(chat store.Chat, answer json.RawMessage, err error, now time.Time) {
	tries := c.inFlight[chat.ID] + 1
	delete(c.inFlight, chat.ID)
	c.screen.settled(now)
	miss := func(why store.Miss, at time.Time) {
		c.landed.Missed = append(c.landed.Missed, store.Missed{Chat: chat.ID, Why: why, At: at, Tries: tries})
	}
	if err == nil {
		ids := sentIDs(answer)
		if len(ids) == 0 {
			miss(store.MissUnknown, now)
			return
		}
		c.landed.Delivered = append(c.landed.Delivered, store.Copy{Chat: chat.ID, Messages: ids})
		c.outcomes.add(false)
		if len(ids) < items(c.b) {
			c.halt(ByTorn, "")
		}
		return
	}
	var e *telegram.Error
	if !errors.As(err, &e) {
		miss(store.MissUnknown, now)
		return
	}
	switch kind := e.Kind; {
	case kind == telegram.KindFlood:
		tries--
		miss(store.MissLater, now.Add(e.RetryAfter))
	case e.InDoubt():
		miss(store.MissUnknown, now)
	case kind.Transient(), kind.Operator():
		tries--
		miss(store.MissLater, now.Add(again))
	case kind == telegram.KindMessageGone:
		tries--
		miss(store.MissLater, now)
		c.halt(BySource, e.Description)
	case kind == telegram.KindMigrated && tries < triesAtMost, kind == telegram.KindThreadGone && tries < triesAtMost:
		miss(store.MissLater, now)
	case kind == telegram.KindBlocked:
		miss(store.MissBlocked, now)
	case kind == telegram.KindGone, kind == telegram.KindChatNotFound:
		miss(store.MissGone, now)
	case kind.Suspends():
		miss(store.MissRights, now)
	default:
		miss(store.MissRefused, now)
		if c.outcomes.add(true) {
			c.halt(ByFailures, e.Description)
		}
	}
}

// halt pauses the broadcast: it cannot go on by itself.
func (c *campaign) halt(reason, detail string) {
	if c.b.State == store.BroadcastRunning && !c.busy {
		c.turn([]store.BroadcastState{store.BroadcastRunning}, store.BroadcastPaused, reason, detail)
	}
}

// finish ends the broadcast when everybody is settled.
func (c *campaign) finish() {
	if len(c.inFlight) > 0 || len(c.later.due) > 0 || c.later.look || !c.later.next.IsZero() || !c.landed.empty() || !c.claimed.empty() {
		return
	}
	// Whoever comes to match behind the last one does not get it when some are tried again.
	c.claimed.Cursor = c.b.Progress.Last
	c.cursor = c.b.Progress.Last
	c.turn([]store.BroadcastState{store.BroadcastRunning}, store.BroadcastDone, "", "")
}

// atRest tells whether nothing of a broadcast is under way although something is still to be done.
func (c *campaign) atRest() bool {
	switch c.b.State {
	case store.BroadcastRunning:
		return len(c.inFlight) == 0 && c.later.next.IsZero()
	case store.BroadcastDeleting:
		return c.taking.flying == 0
	}
	return false
}

// turn gives the broadcast another state by itself, and tells the author.
func (c *campaign) turn(from []store.BroadcastState, to store.BroadcastState, reason, detail string) {
	if c.busy {
		return
	}
	c.busy = true
	id := c.b.ID
	c.runner.changes = append(c.runner.changes, func(ctx context.Context, tx store.Tx, now time.Time) error {
		turned, err := tx.TurnBroadcast(ctx, id, from, to, now, reason, detail, 0)
		if !turned || err != nil {
			return err
		}
		c.runner.config.Log.Info("a broadcast has another state", "broadcast", id, "state", to, "reason", reason)
		if reason == ByExpiry {
			return c.runner.tellExpired(ctx, tx, id, now)
		}
		return c.runner.tellReport(ctx, tx, id, now)
	})
}

func descriptionOf(err error) string {
	var e *telegram.Error
	if errors.As(err, &e) {
		return e.Description
	}
	return ""
}
