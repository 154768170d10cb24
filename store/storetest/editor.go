package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func editors(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"are listed owners first, changed and taken away": func(t *testing.T, h house) {
			viewer := store.Editor{User: 1, Name: "রিমা", Role: store.Viewer, Since: morning}
			editor := store.Editor{User: 2, Name: "অনিক", Role: store.EditorRole, Since: morning}
			owner := store.Editor{User: 3, Name: "মিতা", Role: store.Owner, Since: at(time.Hour)}
			h.write(func(ctx context.Context, tx store.Tx) error {
				for _, e := range []store.Editor{viewer, editor, owner} {
					if err := tx.SaveEditor(ctx, e); err != nil {
						return err
					}
				}
				return nil
			})
			same(t, "the editors", must[[]store.Editor](t)(h.Editors(t.Context())), []store.Editor{owner, editor, viewer})
			viewer.Role = store.Owner
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveEditor(ctx, viewer) })
			same(t, "the editor", must[store.Editor](t)(h.Editor(t.Context(), 1)), viewer)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteEditor(ctx, 1) })
			_, err := h.Editor(t.Context(), 1)
			isErr(t, "who has no role any more", err, store.ErrNotFound)
		},
	})
}
