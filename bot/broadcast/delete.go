package broadcast

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// deletable is how long Telegram lets a message be deleted: 48 hours (Bot API, deleteMessage), less an hour for the way there.
const deletable = 47 * time.Hour

// taking is the taking back of what was sent, batch by batch. To delete a message twice does no harm, so nothing stands in the window; a
// batch is counted when all of it is dealt with.
type taking struct {
	batch *store.Copies
	// left are those to be deleted, flying those under way.
	left          []store.Copy
	flying        int
	deleted, kept int
	notBefore     time.Time
	// emptied is the number of the last batch that was dealt with.
	emptied int64
}

// nextDeletion takes the next message back.
func (c *campaign) nextDeletion(ctx context.Context, now time.Time, free func(int64, telegram.ChatKind) bool) (*delivery.Errand, error) {
	t := &c.taking
	if c.b.State != store.BroadcastDeleting || c.busy || t.notBefore.After(now) {
		return nil, nil
	}
	if t.batch == nil {
		batch, err := c.runner.store.BroadcastCopies(ctx, c.b.ID, t.emptied)
		if errors.Is(err, store.ErrNotFound) {
			if c.landed.empty() {
				c.turn([]store.BroadcastState{store.BroadcastDeleting}, store.BroadcastDeleted, c.b.Reason, "")
			}
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		t.batch, t.left, t.deleted, t.kept = &batch, batch.Copies, 0, 0
		if now.Sub(batch.At) > deletable {
			t.left, t.kept = nil, len(batch.Copies)
		}
	}
	for range len(t.left) {
		sent := t.left[0]
		t.left = t.left[1:]
		chat, err := c.runner.store.ChatByID(ctx, sent.Chat)
		if errors.Is(err, store.ErrNotFound) {
			t.kept++
			continue
		}
		if err != nil {
			t.left = append(t.left, sent)
			return nil, err
		}
		if !free(chat.TelegramID, paceOf(chat)) {
			t.left = append(t.left, sent)
			continue
		}
		t.flying++
		c.runner.undo = append(c.runner.undo, func() { t.flying--; t.left = append(t.left, sent) })
		request := telegram.Delete(chat.TelegramID, sent.Messages[0])
		if len(sent.Messages) > 1 {
			request = telegram.DeleteMessages(chat.TelegramID, sent.Messages)
		}
		return &delivery.Errand{Chat: chat.TelegramID, Request: request, Landed: func(_ json.RawMessage, err error, now time.Time) {
			t.flying--
			c.tookBack(sent, err, now)
		}}, nil
	}
	c.closeBatch()
	return nil, nil
}

// tookBack takes what came of a deletion.
func (c *campaign) tookBack(sent store.Copy, err error, now time.Time) {
	t := &c.taking
	c.screen.settled(now)
	var e *telegram.Error
	if errors.As(err, &e) && (e.Kind.Transient() || e.Kind.Operator()) {
		t.left = append(t.left, sent)
		t.notBefore = now.Add(max(again, e.RetryAfter))
		return
	}
	// A message that is gone already counts as taken back; one that “can't be deleted” stands.
	if err == nil || e != nil && e.Kind == telegram.KindMessageGone && strings.Contains(e.Description, "not found") {
		t.deleted++
	} else {
		t.kept++
	}
	c.closeBatch()
}

func (c *campaign) closeBatch() {
	t := &c.taking
	if t.batch == nil || len(t.left) > 0 || t.flying > 0 {
		return
	}
	c.landed.Deleted += t.deleted
	c.landed.Kept += t.kept
	c.landed.Emptied = append(c.landed.Emptied, t.batch.Number)
	t.emptied, t.batch = t.batch.Number, nil
}
