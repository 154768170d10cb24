package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func prune(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"deletes what is older than is to be kept, and nothing else": func(t *testing.T, h house) {
			c := h.chat(1, store.Everything)
			old := h.told("পুরোনো", "বন্যা", at(0))
			young := h.told("নতুন", "বন্যা", at(2*time.Hour))
			key := func(n uint64) store.Key { return store.Key{Feed: 1, Kind: 'G', Hash: n} }
			oldPost, youngPost := h.post(store.Single, []int64{old.ID}), store.Post{Shape: store.Single, Articles: []int64{young.ID}, At: at(2 * time.Hour)}
			doubted := h.post(store.Single, []int64{77})
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.SavePost(ctx, &youngPost); err != nil {
					return err
				}
				for i, p := range []store.Post{oldPost, youngPost, doubted} {
					if err := tx.AddSent(ctx, store.Sent{Post: p.ID, Chat: c.ID, Message: i + 1}); err != nil {
						return err
					}
				}
				if err := tx.AddDoubt(ctx, &store.Doubt{Chat: c.ID, Post: doubted.ID, Since: morning}); err != nil {
					return err
				}
				if err := tx.KeepKeys(ctx, old.ID, []store.Key{key(1), key(2)}, at(0)); err != nil {
					return err
				}
				if err := tx.KeepKeys(ctx, old.ID, []store.Key{key(2)}, at(2*time.Hour)); err != nil {
					return err
				}
				if err := tx.KeepRaw(ctx, 1, []uint64{1, 2}, at(0)); err != nil {
					return err
				}
				return tx.KeepRaw(ctx, 1, []uint64{2}, at(2*time.Hour))
			})
			edge := at(time.Hour)
			more := true
			for i := 0; more; i++ {
				if i > 50 {
					t.Fatal("it does not end")
				}
				h.write(func(ctx context.Context, tx store.Tx) (err error) {
					more, err = tx.Prune(ctx, edge, edge, edge, 1)
					return err
				})
			}
			same(t, "the messages left", must[[]store.Sent](t)(h.SentCopies(t.Context(), youngPost.ID, 0, 9)),
				[]store.Sent{{Post: youngPost.ID, Chat: c.ID, Message: 2}})
			_, err := h.SentMessage(t.Context(), c.ID, 1)
			isErr(t, "an old message", err, store.ErrNotFound)
			_, err = h.Post(t.Context(), oldPost.ID)
			isErr(t, "an old post", err, store.ErrNotFound)
			if _, err := h.Post(t.Context(), doubted.ID); err != nil {
				t.Errorf("a post that is still to be mentioned: %v", err)
			}
			same(t, "the keys left", must[map[store.Key]int64](t)(h.Known(t.Context(), []store.Key{key(1), key(2)})), map[store.Key]int64{key(2): old.ID})
			same(t, "the raw items left", must[map[uint64]bool](t)(h.RawSeen(t.Context(), 1, []uint64{1, 2})), map[uint64]bool{2: true})

			want := old
			want.Text = ""
			same(t, "the old article", must[store.Article](t)(h.Article(t.Context(), old.ID)), want)
			same(t, "the young article", must[store.Article](t)(h.Article(t.Context(), young.ID)), young)
			got, _ := h.find(query("পুরোনো"))
			same(t, "found by the headline", got, []int64{old.ID})
			got, _ = h.find(query("বন্যা"))
			same(t, "found by the text", got, []int64{young.ID})
			if err := h.Check(t.Context()); err != nil {
				t.Errorf("check: %v", err)
			}
		},
		"deletes at most so many rows at a time": func(t *testing.T, h house) {
			keys := make([]store.Key, 25)
			for i := range keys {
				keys[i] = store.Key{Kind: 'L', Hash: uint64(i)}
			}
			a := h.article("a", morning, nil)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.KeepKeys(ctx, a.ID, keys, morning) })
			for _, step := range []struct {
				left int
				more bool
			}{{15, true}, {5, true}, {0, false}} {
				h.write(func(ctx context.Context, tx store.Tx) error {
					more, err := tx.Prune(ctx, time.Time{}, at(time.Hour), time.Time{}, 10)
					same(t, "more", more, step.more)
					return err
				})
				same(t, "the keys left", len(must[map[store.Key]int64](t)(h.Known(t.Context(), keys))), step.left)
			}
		},
		"keeps everything for zero times": func(t *testing.T, h house) {
			a := h.told("শিরোনাম", "কথা", morning)
			h.write(func(ctx context.Context, tx store.Tx) error {
				more, err := tx.Prune(ctx, time.Time{}, time.Time{}, time.Time{}, 10)
				same(t, "more", more, false)
				return err
			})
			same(t, "the article", must[store.Article](t)(h.Article(t.Context(), a.ID)), a)
		},
	})
}
