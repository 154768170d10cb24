package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func links(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"are kept, found and counted": func(t *testing.T, h house) {
			old := store.Link{Code: "Ab_-9", Category: 3, Campaign: "ফেসবুক", CreatedBy: 77, CreatedAt: morning}
			young := store.Link{Code: "ab_-9", Category: 3, CreatedAt: at(time.Minute)}
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.AddLink(ctx, &old); err != nil {
					return err
				}
				if err := tx.AddLink(ctx, &young); err != nil {
					return err
				}
				if err := tx.CountLink(ctx, old.ID, 2, 1); err != nil {
					return err
				}
				return tx.CountLink(ctx, old.ID, 1, 0)
			})
			old.Starts, old.Subscribers = 3, 1
			same(t, "by code", must[store.Link](t)(h.Link(t.Context(), "Ab_-9")), old)
			same(t, "by category and campaign", must[store.Link](t)(h.LinkFor(t.Context(), 3, "")), young)
			same(t, "all", must[[]store.Link](t)(h.Links(t.Context())), []store.Link{young, old})
		},
		"that are not there are not found": func(t *testing.T, h house) {
			_, err := h.Link(t.Context(), "x")
			isErr(t, "by code", err, store.ErrNotFound)
			_, err = h.LinkFor(t.Context(), 1, "x")
			isErr(t, "by category and campaign", err, store.ErrNotFound)
			err = h.Write(t.Context(), func(tx store.Tx) error { return tx.CountLink(t.Context(), 5, 1, 1) })
			isErr(t, "counting", err, store.ErrNotFound)
		},
		"have codes of their own": func(t *testing.T, h house) {
			err := h.Write(t.Context(), func(tx store.Tx) error {
				if err := tx.AddLink(t.Context(), &store.Link{Code: "a"}); err != nil {
					return err
				}
				return tx.AddLink(t.Context(), &store.Link{Code: "a", Category: 2})
			})
			isErr(t, "a code that is taken", err, store.ErrTaken)
		},
	})
}
