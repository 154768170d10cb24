package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func events(t *testing.T, open Open) {
	record := func(h house, list ...store.Event) {
		for _, e := range list {
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Record(ctx, e) })
		}
	}
	cases(t, open, map[string]func(*testing.T, house){
		"are listed the newest first": func(t *testing.T, h house) {
			first := store.Event{At: morning, By: 1, Name: "অনু", Deed: store.FeedAdded, Object: "প্রথম আলো"}
			second := store.Event{At: at(time.Hour), By: 2, Name: "বীণা", Deed: store.RoleGiven, About: 3, Object: "চিত্রা", Detail: "viewer"}
			third := store.Event{At: at(time.Minute), Deed: store.TokenMade} // a clock that was set back
			record(h, first, second, third)
			first.ID, second.ID, third.ID = 1, 2, 3
			same(t, "the log", must[[]store.Event](t)(h.Events(t.Context(), 0, 10)), []store.Event{third, second, first})
			same(t, "its second page", must[[]store.Event](t)(h.Events(t.Context(), 1, 1)), []store.Event{second})
		},
		"are dropped after five years": func(t *testing.T, h house) {
			record(h, store.Event{At: morning, Deed: store.TokenMade}, store.Event{At: at(store.KeepEvents), Deed: store.FeedAdded})
			same(t, "how many are kept", len(must[[]store.Event](t)(h.Events(t.Context(), 0, 10))), 2)
			record(h, store.Event{At: at(store.KeepEvents + time.Minute), Deed: store.FeedRemoved})
			kept := must[[]store.Event](t)(h.Events(t.Context(), 0, 10))
			if len(kept) != 2 || kept[0].Deed != store.FeedRemoved || kept[1].Deed != store.FeedAdded {
				t.Errorf("kept are %+v", kept)
			}
		},
		"lose the names of whoever is forgotten": func(t *testing.T, h house) {
			anu := h.chat(501)
			record(h,
				store.Event{At: morning, By: 501, Name: "অনু", Deed: store.FeedAdded, Object: "প্রথম আলো"},
				store.Event{At: morning, By: 2, Name: "বীণা", Deed: store.RoleGiven, About: 501, Object: "অনু", Detail: "editor"})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, anu.ID) })
			same(t, "the log", must[[]store.Event](t)(h.Events(t.Context(), 0, 10)), []store.Event{
				{ID: 2, At: morning, By: 2, Name: "বীণা", Deed: store.RoleGiven, About: store.Forgotten, Detail: "editor"},
				{ID: 1, At: morning, By: store.Forgotten, Deed: store.FeedAdded, Object: "প্রথম আলো"},
			})
		},
	})
}
