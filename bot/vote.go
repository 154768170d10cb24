package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// pressVote keeps what a person thinks of an article.
func (t *turn) pressVote() error {
	id, number := t.press.Number(0), t.press.Number(1)
	a, err := t.tx.Article(t.ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Held || a.Retracted) || number < button.VoteNone || number > button.VoteToggleDown {
		return t.pressedOld()
	}
	if err != nil {
		return fmt.Errorf("read article %d: %w", id, err)
	}
	person := t.update.Callback.From.ID
	before, err := t.tx.VoteOf(t.ctx, id, person)
	if err != nil {
		return err
	}
	vote := map[int64]store.Vote{button.VoteUp: store.Up, button.VoteDown: store.Down, button.VoteToggleUp: store.Up, button.VoteToggleDown: store.Down}[number]
	if number >= button.VoteToggleUp && vote == before {
		vote = store.NoVote
	}
	if err := t.tx.CastVote(t.ctx, id, person, vote); err != nil {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if vote == store.NoVote {
		t.notice(p.Say(message.VoteDropped))
	} else {
		t.notice(p.Say(message.VoteKept))
	}
	if t.private() {
		return t.showOwn(p, id)
	}
	m := t.update.Callback.Message
	if m.Buttons != nil && vote != before {
		t.after = append(t.after, func() { t.recounts.want(m.Chat.ID, m.ID, id, m.Buttons.Rows) })
	}
	return nil
}

// showOwn puts what the reader has chosen on the buttons under an article, and leaves the others as they are.
func (t *turn) showOwn(p message.Printer, article int64) error {
	m := t.update.Callback.Message
	if m.Buttons == nil {
		return nil
	}
	vote, err := t.tx.VoteOf(t.ctx, article, m.Chat.ID)
	if err != nil {
		return err
	}
	chat, known, err := t.place()
	if err != nil {
		return err
	}
	saved := false
	if known {
		if saved, err = t.tx.HasSaved(t.ctx, chat.ID, article); err != nil {
			return err
		}
	}
	fresh := append(delivery.OwnVotes(p, article, vote), delivery.SaveButton(p, article, saved))
	if rows, changed := withButtons(m.Buttons.Rows, article, fresh); changed {
		t.owe(telegram.EditKeyboard(telegram.Edit{ChatID: m.Chat.ID, MessageID: m.ID, Keyboard: rows}))
	}
	return nil
}

// withButtons replaces the buttons by which people answer an article: the two votes, then saving if there is a third. It reports whether
// anything is different now.
func withButtons(rows telegram.InlineKeyboard, article int64, fresh []message.Button) (telegram.InlineKeyboard, bool) {
	changed := false
	out := make(telegram.InlineKeyboard, len(rows))
	votes := 0
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for j, b := range row {
			press, err := button.Parse(b.Data)
			if err != nil || press.Number(0) != article {
				continue
			}
			place := -1
			switch press.Action {
			case button.Vote:
				place = votes
				votes++
			case button.Save, button.Discard:
				place = 2
			}
			if place < 0 || place >= len(fresh) {
				continue
			}
			changed = changed || b.Text != fresh[place].Text || b.Data != fresh[place].Data
			out[i][j].Text, out[i][j].Data = fresh[place].Text, fresh[place].Data
		}
	}
	return out, changed
}

// recounts are posts whose buttons show counts that are out of date. Edits count against the same limits as posts, some twenty a
// minute in a chat (botapi: flood limits), so each chat gets one now and then, and the post that waits longest comes first. They are in memory:
// after a restart the next press brings a post up to date.
type recounts struct {
	mu      sync.Mutex
	waiting map[int64][]recount // by chat, the longest waiting first
	last    map[int64]time.Time
}

type recount struct {
	message int
	article int64
	rows    telegram.InlineKeyboard
}

const (
	// recountEvery is how often the buttons of one chat are edited.
	recountEvery = 10 * time.Second
	// recountLook is how often it is seen what is to be edited.
	recountLook = time.Second
	// recountsWaiting bounds what is remembered of one chat, recountChats of how many; more wait for a further press.
	recountsWaiting = 200
	recountChats    = 10_000
)

func (r *recounts) want(chat int64, message int, article int64, rows telegram.InlineKeyboard) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.waiting, r.last = map[int64][]recount{}, map[int64]time.Time{}
	}
	list := r.waiting[chat]
	if i := slices.IndexFunc(list, func(c recount) bool { return c.message == message }); i >= 0 {
		list[i].rows = rows
		return
	}
	if len(list) < recountsWaiting && (list != nil || len(r.waiting) < recountChats) {
		r.waiting[chat] = append(list, recount{message, article, rows})
	}
}

// take returns the posts that may be edited now, one of each chat.
func (r *recounts) take(now time.Time) map[int64]recount {
	r.mu.Lock()
	defer r.mu.Unlock()
	ready := map[int64]recount{}
	for chat, list := range r.waiting {
		if last, edited := r.last[chat]; edited && now.Sub(last) < recountEvery {
			continue
		}
		ready[chat], r.last[chat] = list[0], now
		if r.waiting[chat] = list[1:]; len(list) == 1 {
			delete(r.waiting, chat)
		}
	}
	for chat, last := range r.last {
		if now.Sub(last) >= recountEvery {
			delete(r.last, chat)
		}
	}
	return ready
}

// keepCounts brings the counts on buttons up to date.
func (b *Bot) keepCounts(ctx context.Context) {
	look := time.NewTicker(recountLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		for chat, c := range b.recounts.take(b.config.Now()) {
			if err := b.recount(ctx, chat, c); err != nil && ctx.Err() == nil {
				b.config.Log.Error("the counts under a post could not be brought up to date", "chat", chat, "err", err)
			}
		}
	}
}

func (b *Bot) recount(ctx context.Context, telegramID int64, c recount) error {
	err := b.store.Write(ctx, func(tx store.Tx) error {
		chat, err := tx.Chat(ctx, telegramID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read chat %d: %w", telegramID, err)
		}
		if gone, err := takenBack(ctx, tx, chat.ID, c.article); err != nil || gone {
			return err
		}
		counts, err := tx.ResponseTo(ctx, c.article)
		if err != nil {
			return err
		}
		rows, changed := withButtons(c.rows, c.article, delivery.SharedVotes(b.printerFor(chat), counts))
		if !changed {
			return nil
		}
		return delivery.Owe(ctx, tx, telegram.EditKeyboard(telegram.Edit{ChatID: telegramID, MessageID: c.message, Keyboard: rows}), b.config.Now())
	})
	if err == nil {
		b.config.Committed()
	}
	return err
}
