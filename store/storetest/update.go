package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func updates(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"the offset is each bot's own, and may fall": func(t *testing.T, h house) {
			same(t, "the offset before the first", must[int64](t)(h.Offset(t.Context(), 1)), int64(0))
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetOffset(ctx, 1, 500) })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetOffset(ctx, 2, 7) })
			same(t, "the offset", must[int64](t)(h.Offset(t.Context(), 1)), int64(500))
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetOffset(ctx, 1, 3) })
			same(t, "the offset after the ids began anew", must[int64](t)(h.Offset(t.Context(), 1)), int64(3))
		},
		"answers are owed in order until they are dropped, and their number is not given again": func(t *testing.T, h house) {
			var owed []store.Answer
			for i := range 4 {
				a := store.Answer{TelegramID: int64(i), Request: []byte{0, byte(i)}, At: at(time.Duration(-i) * time.Second)}
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.Owe(ctx, &a) })
				owed = append(owed, a)
			}
			same(t, "the answers", must[[]store.Answer](t)(h.Answers(t.Context(), 0, 10)), owed)
			same(t, "two after the first", must[[]store.Answer](t)(h.Answers(t.Context(), owed[0].ID, 2)), owed[1:3])
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Answered(ctx, owed[3].ID, owed[1].ID, 999) })
			same(t, "the answers left", must[[]store.Answer](t)(h.Answers(t.Context(), 0, 10)), []store.Answer{owed[0], owed[2]})
			again := store.Answer{TelegramID: 9, At: morning}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Owe(ctx, &again) })
			if again.ID <= owed[3].ID {
				t.Errorf("the number %d was given again", again.ID)
			}
		},
		"updates are put aside once and taken up once": func(t *testing.T, h house) {
			late := store.Aside{Update: 9, Raw: []byte(`{"update_id":9}`), At: morning}
			early := store.Aside{Update: 4, Raw: []byte(`{"update_id":4}`), At: at(time.Second)}
			changed := late
			changed.Raw = []byte(`{}`)
			h.write(func(ctx context.Context, tx store.Tx) error {
				for _, a := range []store.Aside{late, early, changed} {
					if err := tx.PutAside(ctx, a); err != nil {
						return err
					}
				}
				return nil
			})
			same(t, "the updates", must[[]store.Aside](t)(h.AsideUpdates(t.Context(), 10)), []store.Aside{early, late})
			same(t, "one update", must[[]store.Aside](t)(h.AsideUpdates(t.Context(), 1)), []store.Aside{early})
			for _, want := range []bool{true, false} {
				h.write(func(ctx context.Context, tx store.Tx) error {
					same(t, "taken up", must[bool](t)(tx.TakeUp(ctx, 9)), want)
					return nil
				})
			}
			same(t, "the updates left", must[[]store.Aside](t)(h.AsideUpdates(t.Context(), 10)), []store.Aside{early})
		},
	})
}
