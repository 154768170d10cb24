package storetest

import (
	"context"
	"testing"

	"github.com/harkara/harkara/store"
)

func settings(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"are kept until they are emptied": func(t *testing.T, h house) {
			for _, v := range []string{"এক", "two", ""} {
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetSetting(ctx, "key", v) })
				same(t, "the setting", must[string](t)(h.Setting(t.Context(), "key")), v)
			}
		},
		"something is told once until it is to be told again": func(t *testing.T, h house) {
			tell := func(key string) (first bool) {
				h.write(func(ctx context.Context, tx store.Tx) (err error) {
					first, err = tx.TellOnce(ctx, key, morning)
					return err
				})
				return first
			}
			same(t, "the first three times", []bool{tell("a"), tell("a"), tell("b")}, []bool{true, false, true})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.TellAgain(ctx, "a") })
			same(t, "after it was forgotten", []bool{tell("a"), tell("b")}, []bool{true, false})
		},
	})
}
