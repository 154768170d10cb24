package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func saved(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"articles are listed with the last saved first, once, and per chat": func(t *testing.T, h house) {
			one, other := h.chat(1), h.chat(2)
			a, b, c := h.article("a", morning, nil), h.article("b", morning, nil, history), h.article("c", morning, nil)
			h.write(func(ctx context.Context, tx store.Tx) error {
				for i, id := range []int64{b.ID, a.ID, c.ID, b.ID} {
					if err := tx.SaveForLater(ctx, one.ID, id, at(time.Duration(i)*time.Minute)); err != nil {
						return err
					}
				}
				return tx.SaveForLater(ctx, other.ID, a.ID, morning)
			})
			list := func(chat int64, skip, limit int) []int64 {
				return articleIDs(must[[]store.Article](t)(h.Saved(t.Context(), chat, skip, limit)))
			}
			same(t, "saved", list(one.ID, 0, 10), []int64{c.ID, a.ID, b.ID})
			same(t, "a page", list(one.ID, 1, 1), []int64{a.ID})
			same(t, "past the end", list(one.ID, 3, 10), nil)
			same(t, "of the other", list(other.ID, 0, 10), []int64{a.ID})
			same(t, "how many", must[int](t)(h.CountSaved(t.Context(), one.ID)), 3)

			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DropSaved(ctx, one.ID, c.ID) },
				func(ctx context.Context, tx store.Tx) error { return tx.DropSaved(ctx, one.ID, 999) },
				func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, at(time.Hour)) })
			same(t, "saved after one was dropped and one taken back", list(one.ID, 0, 10), []int64{b.ID})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, one.ID) })
			same(t, "of who was forgotten", must[int](t)(h.CountSaved(t.Context(), one.ID)), 0)
		},
	})
}
