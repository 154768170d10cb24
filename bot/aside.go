package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// question is what must be found out before an update can be handled, and takes too long for the transaction in which it is.
type question struct {
	// chat is Telegram's id of a group or channel, or else name its public name.
	chat int64
	name string
	// person is whose standing there is asked, 0 for nobody's: an anonymous admin has shown his standing already.
	person int64
	// describe asks what the chat is, too.
	describe bool
	// thread is the name of a forum topic to be opened there, if the person is an admin.
	thread string
	// site is an address at which feeds are looked for; then nothing is asked of Telegram.
	site string
	// report asks how the bot fares, for /status: counts over all chats, and questions to Telegram about itself.
	report bool
	// query is what somebody searches for; what is found on the page after skip is asked of the store, where it takes no time from those who write.
	// whole is searched for before, a name that the query may be a part of.
	query, whole string
	skip         int64
	// view is what of the figures is to be drawn; then nothing is asked of Telegram either.
	view view
	// audience is one whose chats are counted; then nothing is asked of Telegram either.
	audience store.Audience
}

// word is the answer to a question. It serves one update and is never kept.
type word struct {
	question
	// found is the chat that was asked for by its name, or to be described.
	found telegram.Chat
	// person and bot are the standings of the person asked about and of ourselves.
	person, bot telegram.ChatMember
	// opened is the forum topic that was opened; 0 if we may not.
	opened int
	// kind says why Telegram gave no answer; KindNone if it did.
	kind telegram.Kind
	// feeds are those found at the site, fault is why there are none.
	feeds []FoundFeed
	fault string
	// report tells how the bot fares, results what was searched for.
	report  report
	results results
	// sight is what was drawn.
	sight sight
	// counted is how many chats the audience has.
	counted int
}

// needsWord stops a turn that cannot go on without the word on its question.
type needsWord struct{ question }

func (n *needsWord) Error() string {
	switch {
	case n.audience != (store.Audience{}):
		return "an audience must be counted"
	case n.view != (view{}):
		return "figures must be drawn"
	case n.site != "":
		return "a site must be asked for its feeds"
	case n.report:
		return "the bot must be looked over"
	case n.query != "":
		return "a search must be made"
	}
	return fmt.Sprintf("Telegram must be asked about chat %d%s", n.chat, n.name)
}

// needsName stops a turn that cannot tell whether a command is for us, before Telegram has told our name.
var needsName = &needsWord{}

// ask returns the word on the question, or stops the turn until it is there.
func (t *turn) ask(q question) (*word, error) {
	if t.word != nil && t.word.question == q {
		return t.word, nil
	}
	return nil, &needsWord{q}
}

const (
	// asidesAtOnce is how many updates put aside are worked off at a time. Those of one chat follow one another.
	asidesAtOnce = 8
	// asidesRead is how many are looked at for one whose chat is free.
	asidesRead = 500
	// asideWait is the first pause after Telegram could not be asked; it doubles up to longestWait.
	asideWait   = time.Second
	longestWait = 15 * time.Second
	// asideTime is how long a person is left waiting for Telegram's word before he is told to try again.
	asideTime = 20 * time.Second
	// askTime bounds the calls of one question: they are harmless to give up, and a person waits.
	askTime = 10 * time.Second
	// questionsAsked bounds how often one update may ask something else.
	questionsAsked = 4
)

// asides is the state of the worker.
type asides struct {
	wake chan struct{}
	done sync.WaitGroup

	mu      sync.Mutex
	busy    map[int64]bool // chats
	waiting map[int64]wait // updates for which Telegram could not be asked
}

type wait struct {
	until time.Time
	pause time.Duration
}

func newAsides() asides {
	return asides{wake: make(chan struct{}, 1), busy: map[int64]bool{}, waiting: map[int64]wait{}}
}

// look makes the worker look for work.
func (a *asides) look() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// workAsides works off what was put aside until ctx ends, and returns when all that was begun has ended.
func (b *Bot) workAsides(ctx context.Context) {
	defer b.asides.done.Wait()
	for ctx.Err() == nil {
		next := b.startAsides(ctx)
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-b.asides.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// startAsides begins work on as many updates as may be worked on, and returns when to look again.
func (b *Bot) startAsides(ctx context.Context) time.Duration {
	list, err := b.store.AsideUpdates(ctx, asidesRead)
	if err != nil {
		if ctx.Err() == nil {
			b.config.Log.Error("cannot read the updates put aside", "err", err)
		}
		return longestWait
	}
	b.asides.mu.Lock()
	defer b.asides.mu.Unlock()
	now := b.config.Now()
	next := time.Minute
	held := map[int64]bool{} // chats whose earlier update waits: later ones must not overtake it
	for _, one := range list {
		var u telegram.Update
		if err := json.Unmarshal(one.Raw, &u); err != nil {
			b.config.Log.Error("an update put aside cannot be read and is left out", "update", one.Update)
			u.ID = int(one.Update)
		}
		chat := u.ChatID()
		if b.asides.busy[chat] || held[chat] {
			continue
		}
		held[chat] = true
		if w, waits := b.asides.waiting[one.Update]; waits && now.Before(w.until) {
			next = min(next, w.until.Sub(now))
			continue
		}
		if len(b.asides.busy) >= asidesAtOnce {
			break
		}
		b.asides.busy[chat] = true
		b.asides.done.Add(1)
		go b.workAside(ctx, one, u, chat)
	}
	return next
}

// workAside takes one update up and lets the next of its chat follow.
func (b *Bot) workAside(ctx context.Context, one store.Aside, u telegram.Update, chat int64) {
	defer b.asides.done.Done()
	err := b.takeUp(ctx, one, &u)
	b.asides.mu.Lock()
	delete(b.asides.busy, chat)
	if err == nil {
		delete(b.asides.waiting, one.Update)
	} else {
		w := b.asides.waiting[one.Update]
		w.pause = min(max(2*w.pause, asideWait), longestWait)
		w.until = b.config.Now().Add(w.pause)
		b.asides.waiting[one.Update] = w
	}
	b.asides.mu.Unlock()
	if err != nil && ctx.Err() == nil && !errors.Is(err, errUnanswered) {
		b.config.Log.Error("an update put aside could not be handled yet", "update", one.Update, "err", err)
	}
	b.asides.look()
	b.config.Committed()
}

// errUnanswered says that Telegram could not be asked now.
var errUnanswered = errors.New("no answer from Telegram")

// takeUp handles an update that was put aside: it finds out what the update needs to know, then decides
// and removes it in one transaction.
func (b *Bot) takeUp(ctx context.Context, one store.Aside, u *telegram.Update) error {
	said := &word{kind: telegram.KindNone}
	failures := 0
	for range questionsAsked {
		var after []func()
		err := b.store.Write(ctx, func(tx store.Tx) error {
			there, err := tx.TakeUp(ctx, one.Update)
			if err != nil || !there || failures >= triesOfUpdate {
				return err
			}
			t := &turn{Bot: b, ctx: ctx, tx: tx, now: b.config.Now(), update: u, word: said, shared: newShared()}
			if t.now.Sub(one.At) > lateAfter {
				t.verdict = lateAgain
			}
			if _, err = t.run(); err != nil {
				return err
			}
			after = t.after
			return t.shared.keep(ctx, tx)
		})
		if err == nil {
			for _, do := range after {
				do()
			}
			return nil
		}
		if lasting(ctx, err) {
			return fmt.Errorf("take up update %d: %w", one.Update, err)
		}
		var ask *needsWord
		if !errors.As(err, &ask) {
			if failures++; failures == triesOfUpdate {
				b.config.Log.Error("an update could not be handled and is left out", "update", one.Update, "err", err)
			}
			continue
		}
		if said, err = b.answer(ctx, ask.question); err != nil {
			return err
		}
		if said.kind.Transient() || said.kind.Operator() {
			if b.config.Now().Sub(one.At) < asideTime {
				return errUnanswered
			}
		}
	}
	return fmt.Errorf("take up update %d: it asks without end", one.Update)
}

// answer finds out what a question asks. The error is one of our own end; that Telegram did not answer is told in the word.
func (b *Bot) answer(ctx context.Context, q question) (*word, error) {
	w := &word{question: q}
	switch {
	case q.site != "":
		return w, b.searchSite(ctx, w)
	case q.query != "":
		return w, b.search(ctx, w)
	case q.view != (view{}):
		return w, b.drawFigures(ctx, w)
	case q.audience != (store.Audience{}):
		var err error
		w.counted, err = b.store.CountAudience(ctx, q.audience, b.config.Now())
		return w, err
	}
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if q.report {
		return w, b.lookAtItself(asking, w)
	}
	if b.Name() == "" {
		if err := b.learnName(asking); err != nil && (ctx.Err() != nil || q == (question{})) {
			return nil, errUnanswered
		}
	}
	if q == (question{}) {
		return w, nil
	}
	if err := b.askTelegram(asking, w); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		if w.kind = telegram.KindOf(err); w.kind == telegram.KindNone {
			w.kind = telegram.KindUnknownOutcome
		}
	}
	return w, nil
}

// askTelegram puts what is asked of a group or channel.
func (b *Bot) askTelegram(ctx context.Context, w *word) (err error) {
	chat := w.chat
	switch {
	case w.name != "":
		w.found, err = b.client.GetChatByName(ctx, w.name)
		chat = w.found.ID
	case w.describe:
		w.found, err = b.client.GetChat(ctx, chat)
	}
	if err != nil {
		return err
	}
	if w.found.Type == telegram.Private {
		w.kind = telegram.KindChatNotFound
		return nil
	}
	// Ourselves first: a bot that is no admin of a channel may not ask about others there.
	if w.bot, err = b.client.GetChatMember(ctx, chat, b.client.BotID()); err != nil {
		return err
	}
	if w.question.person == 0 {
		return nil
	}
	w.person, err = b.client.GetChatMember(ctx, chat, w.question.person)
	if err != nil && telegram.KindOf(err) != telegram.KindNotMember {
		return err
	}
	if w.thread != "" && w.found.IsForum && w.person.IsAdmin() {
		w.opened, err = b.client.CreateForumTopic(ctx, chat, w.thread)
		if err != nil && !telegram.KindOf(err).Suspends() {
			return err
		}
	}
	return nil
}
