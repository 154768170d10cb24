package broadcast

import (
	"context"
	"encoding/json"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// screen is the one message that shows how a broadcast fares while it runs. Its edits may be repeated, so they leave no trace in the store.
type screen struct {
	due, flying, gone bool
	// at is when it was last edited, settledAt how many were settled then.
	at           time.Time
	count, shown int
	rate         float64
}

func (s *screen) begin(store.Broadcast) { s.at, s.shown, s.rate = time.Time{}, s.count, 0 }

// settled counts one more.
func (s *screen) settled(now time.Time) {
	if s.count++; s.at.IsZero() {
		s.at = now
	}
}

// nextScreen edits the screen if there is news.
func (c *campaign) nextScreen(ctx context.Context, now time.Time, free func(int64, telegram.ChatKind) bool) (*delivery.Errand, error) {
	s := &c.screen
	if c.b.Screen == 0 || c.b.Author == 0 || s.gone {
		s.due = false
		return nil, nil
	}
	fresh := s.count > s.shown && now.Sub(s.at) >= screenEvery && !s.at.IsZero()
	if s.flying || !fresh && !s.due || len(c.runner.changes) > 0 || !free(c.b.Author, telegram.Private) {
		return nil, nil
	}
	b, err := c.runner.store.Broadcast(ctx, c.b.ID)
	if err != nil {
		return nil, err
	}
	misses, err := c.runner.store.Misses(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	if took := now.Sub(s.at); took >= screenEvery {
		s.rate = float64(s.count-s.shown) / took.Seconds()
	}
	p, err := c.runner.printer(ctx, c.runner.store, b.Author)
	if err != nil {
		return nil, err
	}
	m, err := screenOf(ctx, c.runner.store, p, b, figures{misses: misses, rate: s.rate, now: now})
	if err != nil {
		return nil, err
	}
	before := *s
	s.flying, s.due, s.at, s.shown = true, false, now, s.count
	c.runner.undo = append(c.runner.undo, func() { *s = before })
	edit := telegram.EditText(telegram.Edit{ChatID: b.Author, MessageID: b.Screen, Text: m.HTML, Keyboard: inline(m.Buttons), Preview: telegram.Preview{Off: true}})
	return &delivery.Errand{Chat: b.Author, Request: edit, Landed: func(_ json.RawMessage, err error, _ time.Time) {
		s.flying = false
		kind := telegram.KindOf(err)
		switch {
		case err == nil, kind == telegram.KindNotModified:
		case kind.Transient(), kind.Operator():
			s.due = true
		default:
			s.gone = true // the author has deleted it, or us
		}
	}}, nil
}
