package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

// breakNews makes an article breaking news.
func (h house) breakNews(article int64, when time.Time) (b store.BreakingNews, taken bool) {
	h.t.Helper()
	b = store.BreakingNews{Article: article, At: when, By: 900}
	h.write(func(ctx context.Context, tx store.Tx) (err error) {
		taken, err = tx.MakeBreaking(ctx, &b)
		return err
	})
	return b, taken
}

func breaking(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"breaking news is entered in the log anew, once, with who and when": func(t *testing.T, h house) {
			a := h.article("a", morning, []int64{1, 2})
			_, err := h.BreakingOf(t.Context(), a.ID)
			isErr(t, "before", err, store.ErrNotFound)
			b, taken := h.breakNews(a.ID, at(time.Minute))
			if !taken || b.Seq <= a.Seq {
				t.Errorf("taken %v under %d, after %d", taken, b.Seq, a.Seq)
			}
			again, taken := h.breakNews(a.ID, at(time.Hour))
			same(t, "a second time", taken, false)
			same(t, "what it is", again, b)
			same(t, "what is kept", must[store.BreakingNews](t)(h.BreakingOf(t.Context(), a.ID)), b)
			same(t, "the log", must[[]store.Entry](t)(h.Entries(t.Context(), a.Seq, 10)),
				[]store.Entry{{Seq: b.Seq, Article: a.ID, Categories: []int64{1, 2}, Feeds: []int64{a.Feed}, At: at(time.Minute), Breaking: true, Approved: true}})
			other, _ := h.breakNews(h.article("b", morning, []int64{1}).ID, at(2*time.Minute))
			same(t, "all", must[[]store.BreakingNews](t)(h.AllBreaking(t.Context(), 10)), []store.BreakingNews{other, b})
			same(t, "the last", must[[]store.BreakingNews](t)(h.AllBreaking(t.Context(), 1)), []store.BreakingNews{other})
		},
		"what was history or held becomes news by it, what was retracted does not": func(t *testing.T, h house) {
			history := h.article("a", morning, []int64{1}, func(a *store.Article) { a.History = true })
			held := h.article("b", morning, []int64{1}, func(a *store.Article) { a.Held = true })
			for _, a := range []store.Article{history, held} {
				b, _ := h.breakNews(a.ID, morning)
				now := must[store.Article](t)(h.Article(t.Context(), a.ID))
				if now.Held || now.History || now.Seq != b.Seq {
					t.Errorf("it is %+v", now)
				}
			}
			same(t, "entries", len(must[[]store.Entry](t)(h.Entries(t.Context(), 0, 10))), 2)
			gone := h.article("c", morning, []int64{1})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, gone.ID, morning) })
			for _, id := range []int64{gone.ID, 999} {
				err := h.Write(t.Context(), func(tx store.Tx) error {
					_, err := tx.MakeBreaking(t.Context(), &store.BreakingNews{Article: id, At: morning})
					return err
				})
				isErr(t, "of what is not there", err, store.ErrNotFound)
			}
		},
		"followers who wait for an hour of theirs become due at once, others do not": func(t *testing.T, h house) {
			waits, idle, elsewhere, asleep, soon := h.chat(1, 1), h.chat(2, store.Everything), h.chat(3, 2), h.chat(4, 1), h.chat(5, 1)
			asleep.State = store.Stopped
			h.save(asleep)
			a := h.article("a", morning, []int64{1})
			h.markAll(morning)
			for _, c := range []store.Chat{waits, elsewhere} {
				h.makeDue(c.ID, morning)
				h.settle(store.Visit{Chat: c.ID, Next: at(10 * time.Hour)})
			}
			h.settle(store.Visit{Chat: idle.ID, Upto: a.Seq})
			h.settle(store.Visit{Chat: soon.ID, Next: at(time.Second)})
			h.breakNews(a.ID, at(time.Minute))
			h.markAll(at(time.Minute))
			same(t, "due", h.due(at(time.Minute)), []int64{soon.ID, waits.ID, idle.ID})
			same(t, "due much later", h.due(at(11*time.Hour)), []int64{soon.ID, waits.ID, idle.ID, elsewhere.ID})

			h.settle(store.Visit{Chat: waits.ID, Next: at(10 * time.Hour)}) // who does not allow it waits again
			h.article("b", at(time.Minute), []int64{1})
			h.markAll(at(2 * time.Minute))
			same(t, "due after ordinary news", h.due(at(2*time.Minute)), []int64{soon.ID, idle.ID})
		},
		"a visit that did not know of it does not put it off": func(t *testing.T, h house) {
			c := h.chat(1, 1)
			a := h.article("a", morning, []int64{1})
			head := must[int64](t)(h.Head(t.Context()))
			h.breakNews(a.ID, morning)
			h.markAll(morning)
			h.settle(store.Visit{Chat: c.ID, Next: at(time.Hour), Head: head})
			same(t, "due", h.due(morning), []int64{c.ID})
			h.settle(store.Visit{Chat: c.ID, Next: at(time.Hour), Head: must[int64](t)(h.Head(t.Context()))})
			same(t, "due by a visit that did", h.due(morning), nil)
		},
		"it has a bookmark of its own": func(t *testing.T, h house) {
			c := h.chat(1, 1)
			a := h.article("a", morning, []int64{1})
			b, _ := h.breakNews(a.ID, morning)
			h.settle(store.Visit{Chat: c.ID, Alerted: b.Seq, Next: morning})
			same(t, "both", []int64{h.see(c.ID).Alerted, h.see(c.ID).Bookmark}, []int64{b.Seq, 0})
			h.settle(store.Visit{Chat: c.ID, Alerted: 1, Upto: a.Seq, Next: morning})
			same(t, "moved forward only", []int64{h.see(c.ID).Alerted, h.see(c.ID).Bookmark}, []int64{b.Seq, a.Seq})
		},
		"its reach counts active followers once": func(t *testing.T, h house) {
			h.chat(1, 1, 2)
			h.chat(2, store.Everything)
			h.chat(3, 3)
			stopped := h.chat(4, 1)
			stopped.State = store.Blocked
			h.save(stopped)
			h.chatOf(store.Channel, -5, 1)
			same(t, "the reach", must[store.Reach](t)(h.Reach(t.Context(), []int64{1, 2})), store.Reach{Readers: 2, Channels: 1})
			same(t, "of nothing", must[store.Reach](t)(h.Reach(t.Context(), nil)), store.Reach{Readers: 1})
		},
		"who received an article is known by its messages": func(t *testing.T, h house) {
			c, neighbour := h.chat(1, 1), h.chat(2, 1)
			post := store.Post{Shape: store.List, Articles: []int64{5, 6}, Mentions: []int64{7}, At: morning}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SavePost(ctx, &post) })
			h.settle(store.Visit{Chat: c.ID, Sent: &store.Sent{Post: post.ID, Chat: c.ID, Message: 3}})
			for article, want := range map[int64]bool{5: true, 6: true, 7: true, 8: false} {
				same(t, "received", must[bool](t)(h.Received(t.Context(), c.ID, article)), want)
				same(t, "received by another", must[bool](t)(h.Received(t.Context(), neighbour.ID, article)), false)
			}
		},
	})
}
