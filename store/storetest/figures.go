package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

// span is around the days of a test, whatever the clock of the store says of the zone.
func span() (first, last store.Day) {
	today := store.DayOf(time.Now().UTC())
	return today - 2, today + 2
}

func (h house) crowds(kind store.CrowdKind) map[int64]store.Crowd {
	h.t.Helper()
	first, last := span()
	return must[map[int64]store.Crowd](h.t)(h.Crowds(h.ctx(), kind, first, last))
}

// readers returns how many there are now and who came and went since the store is there.
func (h house) readers() store.Crowd {
	h.t.Helper()
	first, _ := span()
	history := must[store.History](h.t)(h.ReaderHistory(h.ctx(), first))
	c := store.Crowd{Readers: history.Readers}
	for _, day := range history.Days {
		c.Turnover = c.Plus(day)
	}
	return c
}

func figures(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"begin with the store": func(t *testing.T, h house) {
			since := must[time.Time](t)(h.FiguresSince(t.Context()))
			if age := time.Since(since); age < -time.Minute || age > time.Hour {
				t.Errorf("counting began %v ago", age)
			}
			same(t, "the readers", h.readers(), store.Crowd{})
		},
		"count each way to come and to go once": func(t *testing.T, h house) {
			c := h.save(store.Chat{TelegramID: 5, Kind: store.Private, Categories: []int64{1, 2}, Link: 7})
			h.save(c)
			c.Title = "অন্য নাম"
			h.save(c)
			same(t, "who came", h.readers(), store.Crowd{Readers: 1, Turnover: store.Turnover{Arrived: 1}})
			for _, state := range []store.ChatState{store.Paused, store.Stopped, store.Blocked, store.Paused, store.Blocked, store.Gone, store.Active, store.Gone} {
				c.State = state
				h.save(c)
			}
			// Who was never welcomed came for the first time; what he is told in between does not make a new way.
			want := store.Turnover{Arrived: 3, Stopped: 1, Blocked: 1, Gone: 1}
			same(t, "who went", h.readers(), store.Crowd{Turnover: want})
			same(t, "by category", h.crowds(store.FollowersOf), map[int64]store.Crowd{1: {Turnover: want}, 2: {Turnover: want}})
			same(t, "by link", h.crowds(store.BroughtBy), map[int64]store.Crowd{7: {Turnover: want}})

			c.State = store.Active
			h.save(c)
			h.settle(store.Visit{Chat: c.ID, Welcomed: true})
			c.State = store.Stopped
			h.save(c)
			c.State = store.Active
			h.save(c)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, c.ID) })
			want.Arrived, want.Stopped, want.Returned, want.Forgotten = 4, 2, 1, 1
			same(t, "after all", h.readers(), store.Crowd{Turnover: want})
		},
		"count choices of readers only": func(t *testing.T, h house) {
			reader, channel := h.chat(5, 1), h.chatOf(store.Channel, -5, 1)
			asleep := h.save(store.Chat{TelegramID: 6, Kind: store.Private, State: store.Stopped, Categories: []int64{1}})
			for _, c := range []store.Chat{reader, channel, asleep} {
				for _, choice := range [][]int64{{1, 2}, {2, 2, 3}, {2, 3}} {
					h.write(func(ctx context.Context, tx store.Tx) error { return tx.Subscribe(ctx, c.ID, choice) })
				}
			}
			same(t, "followers", h.crowds(store.FollowersOf), map[int64]store.Crowd{
				1: {Turnover: store.Turnover{Arrived: 1, Unfollowed: 1}},
				2: {Readers: 1, Turnover: store.Turnover{Followed: 1}},
				3: {Readers: 1, Turnover: store.Turnover{Followed: 1}},
			})
			same(t, "readers", h.readers(), store.Crowd{Readers: 1, Turnover: store.Turnover{Arrived: 1}})
		},
		"forget a category that is deleted": func(t *testing.T, h house) {
			c := store.Category{Slug: "sport", Name: "খেলা"}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveCategory(ctx, &c) })
			h.chat(5, c.ID)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteCategory(ctx, c.ID) })
			same(t, "followers", h.crowds(store.FollowersOf), nil)
		},
		"count the use of links": func(t *testing.T, h house) {
			l := store.Link{Code: "a", Category: 1}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.AddLink(ctx, &l) })
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.CountLink(ctx, l.ID, 3, 1); err != nil {
					return err
				}
				return tx.CountLink(ctx, l.ID, 1, 0)
			})
			same(t, "links", h.crowds(store.BroughtBy), map[int64]store.Crowd{l.ID: {Turnover: store.Turnover{Starts: 4, Subscribers: 1}}})
		},
		"count nothing of what was not kept": func(t *testing.T, h house) {
			_ = h.Write(t.Context(), func(tx store.Tx) error {
				if err := tx.SaveChat(t.Context(), &store.Chat{TelegramID: 5, Kind: store.Private}); err != nil {
					return err
				}
				first, _ := span()
				if own, err := tx.ReaderHistory(t.Context(), first); err != nil || own.Readers != 1 {
					t.Errorf("the transaction sees %+v, %v", own, err)
				}
				return context.Canceled
			})
			same(t, "the readers", h.readers(), store.Crowd{})
		},
		"count the messages that carried an article": func(t *testing.T, h house) {
			a, b := h.article("a", at(time.Minute), []int64{1}), h.article("b", at(2*time.Minute), []int64{1})
			h.article("held", at(time.Minute), []int64{1}, func(a *store.Article) { a.Held = true })
			h.article("history", at(time.Minute), []int64{1}, func(a *store.Article) { a.History = true })
			one, two := h.chat(5, 1), h.chat(6, 1)
			alone := store.Post{Shape: store.Single, Articles: []int64{b.ID}, At: morning}
			both := store.Post{Shape: store.List, Articles: []int64{b.ID, a.ID}, Mentions: []int64{a.ID}, At: morning}
			h.write(func(ctx context.Context, tx store.Tx) error {
				for _, p := range []*store.Post{&alone, &both} {
					if err := tx.SavePost(ctx, p); err != nil {
						return err
					}
				}
				return tx.AddSent(ctx, store.Sent{Post: both.ID, Chat: one.ID, Message: 1})
			})
			h.settle(store.Visit{Chat: one.ID, Sent: &store.Sent{Post: alone.ID, Chat: one.ID, Message: 2}})
			h.settle(store.Visit{Chat: two.ID, Sent: &store.Sent{Post: alone.ID, Chat: two.ID, Message: 3}})
			h.settle(store.Visit{Chat: 999, Sent: &store.Sent{Post: alone.ID, Chat: 999, Message: 4}}) // forgotten meanwhile
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.CountFailed(ctx, both.ID) })
			want := []store.ArticleFigures{
				{Article: b.ID, Headline: b.Headline, URL: b.URL, Published: b.Published, Sent: 3, Failed: 1},
				{Article: a.ID, Headline: a.Headline, URL: a.URL, Published: a.Published, Sent: 1, Failed: 1},
			}
			same(t, "all", must[[]store.ArticleFigures](t)(h.MostSent(t.Context(), morning, at(time.Hour), 10)), want)
			same(t, "the first", must[[]store.ArticleFigures](t)(h.MostSent(t.Context(), morning, at(time.Hour), 1)), want[:1])
			same(t, "a span", must[[]store.ArticleFigures](t)(h.MostSent(t.Context(), morning, at(2*time.Minute), 10)), want[1:])
		},
	})
}
