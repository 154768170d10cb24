package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) feed(url string, state store.FeedState) store.Feed {
	h.t.Helper()
	f := store.Feed{URL: url, Title: "দৈনিক", State: state}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveFeed(ctx, &f) })
	return f
}

func feedIDs(feeds []store.Feed) []int64 {
	var ids []int64
	for _, f := range feeds {
		ids = append(ids, f.ID)
	}
	return ids
}

func feeds(t *testing.T, open Open) {
	state := store.FeedState{
		ETag: `W/"é"`, LastModified: "Thu, 26 Mar 2026 01:30:00 GMT", BodyHash: 1<<64 - 1, MovedTo: "https://example.org/new",
		NextCheck: at(1), LastCheck: at(-time.Hour), LastOK: at(-2 * time.Hour), LastNew: at(-3 * time.Hour),
		Imported: true, Gone: true, Errors: 4, LastError: "no such host", Fault: "unreachable", QuietAfter: at(4 * time.Hour), Memory: []byte(`{"rhythm":[1,2]}`),
	}
	state.NextCheck = state.NextCheck.Truncate(time.Millisecond)
	cases(t, open, map[string]func(*testing.T, house){
		"are kept whole and listed by position": func(t *testing.T, h house) {
			f := store.Feed{
				URL: "https://example.com/feed", Site: "https://example.com", Title: "দৈনিক", Categories: []int64{3, 5},
				Attributes: map[string]string{"harkara:pace": "10"}, Position: 2, State: state,
			}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveFeed(ctx, &f) })
			same(t, "the feed", must[store.Feed](t)(h.Feed(t.Context(), f.ID)), f)
			first := h.feed("https://example.com/other", store.FeedState{})
			same(t, "the feeds", must[[]store.Feed](t)(h.Feeds(t.Context())), []store.Feed{first, f})
		},
		"keep their state when they are changed, and themselves when their state is": func(t *testing.T, h house) {
			f := h.feed("https://example.com/feed", state)
			f.Title, f.Categories = "সাপ্তাহিক", []int64{1}
			changed := f
			changed.State = store.FeedState{}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveFeed(ctx, &changed) })
			same(t, "the feed", must[store.Feed](t)(h.Feed(t.Context(), f.ID)), f)
			f.State = store.FeedState{NextCheck: at(time.Minute), Errors: 1}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveFeedState(ctx, f.ID, f.State) })
			same(t, "the feed", must[store.Feed](t)(h.Feed(t.Context(), f.ID)), f)
		},
		"have addresses of their own": func(t *testing.T, h house) {
			h.feed("https://example.com/feed", store.FeedState{})
			err := h.Write(t.Context(), func(tx store.Tx) error {
				return tx.SaveFeed(t.Context(), &store.Feed{URL: "https://example.com/feed"})
			})
			isErr(t, "an address that is taken", err, store.ErrTaken)
		},
		"that are not there are not found": func(t *testing.T, h house) {
			_, err := h.Feed(t.Context(), 9)
			isErr(t, "reading", err, store.ErrNotFound)
			err = h.Write(t.Context(), func(tx store.Tx) error { return tx.SaveFeedState(t.Context(), 9, store.FeedState{}) })
			isErr(t, "saving a state", err, store.ErrNotFound)
		},
		"are due by their next check, the longest overdue first": func(t *testing.T, h house) {
			same(t, "the next check of none", must[time.Time](t)(h.NextFeedCheck(t.Context())), time.Time{})
			late := h.feed("late", store.FeedState{NextCheck: at(-time.Minute)})
			h.feed("gone", store.FeedState{NextCheck: at(-time.Hour), Gone: true})
			same(t, "the next check", must[time.Time](t)(h.NextFeedCheck(t.Context())), at(-time.Minute))
			latest := h.feed("latest", store.FeedState{NextCheck: at(-time.Hour)})
			now := h.feed("now", store.FeedState{NextCheck: morning})
			h.feed("later", store.FeedState{NextCheck: at(time.Millisecond)})
			due := must[[]store.Feed](t)(h.DueFeeds(t.Context(), morning, 10))
			same(t, "the due feeds", feedIDs(due), []int64{latest.ID, late.ID, now.ID})
			due = must[[]store.Feed](t)(h.DueFeeds(t.Context(), morning, 2))
			same(t, "two due feeds", feedIDs(due), []int64{latest.ID, late.ID})
			same(t, "the next check", must[time.Time](t)(h.NextFeedCheck(t.Context())), at(-time.Hour))
			never := h.feed("never", store.FeedState{})
			due = must[[]store.Feed](t)(h.DueFeeds(t.Context(), morning, 1))
			same(t, "the one never checked comes first", feedIDs(due), []int64{never.ID})
		},
		"remember raw items, each feed its own": func(t *testing.T, h house) {
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.KeepRaw(ctx, 1, []uint64{1, 1 << 63, 1<<64 - 1}, morning); err != nil {
					return err
				}
				return tx.KeepRaw(ctx, 2, []uint64{5}, morning)
			})
			seen := must[map[uint64]bool](t)(h.RawSeen(t.Context(), 1, []uint64{1, 5, 1 << 63, 1<<64 - 1, 77}))
			same(t, "what was seen", seen, map[uint64]bool{1: true, 1 << 63: true, 1<<64 - 1: true})
			same(t, "what was seen of nothing asked", len(must[map[uint64]bool](t)(h.RawSeen(t.Context(), 1, nil))), 0)
		},
		"go, and their articles stay": func(t *testing.T, h house) {
			f := h.feed("https://example.com/feed", store.FeedState{})
			a := h.article("a", morning, nil, func(a *store.Article) { a.Feed = f.ID })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteFeed(ctx, f.ID) })
			_, err := h.Feed(t.Context(), f.ID)
			isErr(t, "the feed", err, store.ErrNotFound)
			same(t, "the article", must[store.Article](t)(h.Article(t.Context(), a.ID)), a)
			if again := h.feed("https://example.com/feed", store.FeedState{}); again.ID == f.ID {
				t.Error("the number was given again, so that its articles would be another feed's")
			}
		},
	})
}
