package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/harkara/harkara/store"
)

func transactions(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"an error keeps nothing and is returned": func(t *testing.T, h house) {
			refused := errors.New("refused")
			err := h.Write(t.Context(), func(tx store.Tx) error {
				c := store.Chat{TelegramID: 7, Kind: store.Private}
				if err := tx.SaveChat(t.Context(), &c); err != nil {
					return err
				}
				if err := tx.SetOffset(t.Context(), 1, 99); err != nil {
					return err
				}
				return refused
			})
			isErr(t, "Write", err, refused)
			_, err = h.Chat(t.Context(), 7)
			isErr(t, "the chat of the refused transaction", err, store.ErrNotFound)
			same(t, "the offset", must[int64](t)(h.Offset(t.Context(), 1)), int64(0))
		},
		"a panic keeps nothing and lets others write": func(t *testing.T, h house) {
			func() {
				defer func() {
					if recover() == nil {
						t.Error("the panic did not come through")
					}
				}()
				_ = h.Write(t.Context(), func(tx store.Tx) error {
					if err := tx.SetSetting(t.Context(), "key", "value"); err != nil {
						return err
					}
					panic("oh")
				})
			}()
			same(t, "the setting", must[string](t)(h.Setting(t.Context(), "key")), "")
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetSetting(ctx, "key", "again") })
			same(t, "the setting", must[string](t)(h.Setting(t.Context(), "key")), "again")
		},
		"reads inside see own writes, reads outside see the last commit": func(t *testing.T, h house) {
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.SetSetting(ctx, "key", "value"); err != nil {
					return err
				}
				same(t, "the setting inside", must[string](t)(tx.Setting(ctx, "key")), "value")
				same(t, "the setting outside", must[string](t)(h.Setting(ctx, "key")), "")

				c := store.Chat{TelegramID: 7, Kind: store.Private, Categories: []int64{store.Everything}}
				if err := tx.SaveChat(ctx, &c); err != nil {
					return err
				}
				a := store.Article{URL: "u", FirstSeen: morning, Published: morning}
				if err := tx.AddArticle(ctx, &a, nil, store.Index{}); err != nil {
					return err
				}
				same(t, "the head inside", must[int64](t)(tx.Head(ctx)), a.Seq)
				later := store.Chat{TelegramID: 8, Kind: store.Private}
				if err := tx.SaveChat(ctx, &later); err != nil {
					return err
				}
				same(t, "the bookmark of a chat that joins after the article", later.Bookmark, a.Seq)
				if _, err := tx.MarkDue(ctx, morning, 10); err != nil {
					return err
				}
				same(t, "due inside", len(must[[]store.Due](t)(tx.DueChats(ctx, morning, 10, nil))), 1)
				same(t, "due outside", len(must[[]store.Due](t)(h.DueChats(ctx, morning, 10, nil))), 0)
				return nil
			})
			same(t, "the setting after the commit", must[string](t)(h.Setting(t.Context(), "key")), "value")
		},
		"writes happen one at a time": func(t *testing.T, h house) {
			const writers, each = 8, 20
			var inside, most atomic.Int32
			var all sync.WaitGroup
			for range writers {
				all.Go(func() {
					for range each {
						err := h.Write(t.Context(), func(tx store.Tx) error {
							most.Store(max(most.Load(), inside.Add(1)))
							defer inside.Add(-1)
							next, err := tx.Offset(t.Context(), 1)
							if err != nil {
								return err
							}
							return tx.SetOffset(t.Context(), 1, next+1)
						})
						if err != nil {
							t.Errorf("write: %v", err)
						}
					}
				})
			}
			all.Wait()
			same(t, "writes at once", most.Load(), int32(1))
			same(t, "the count", must[int64](t)(h.Offset(t.Context(), 1)), int64(writers*each))
		},
		"one who does not wait is let go": func(t *testing.T, h house) {
			entered, leave := make(chan struct{}), make(chan struct{})
			var first sync.WaitGroup
			first.Go(func() {
				err := h.Write(t.Context(), func(store.Tx) error { close(entered); <-leave; return nil })
				if err != nil {
					t.Errorf("the first write: %v", err)
				}
			})
			<-entered
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			err := h.Write(ctx, func(store.Tx) error { t.Error("the cancelled write ran"); return nil })
			isErr(t, "the cancelled write", err, context.Canceled)
			close(leave)
			first.Wait()
		},
		"a transaction that has begun is not torn by a cancellation": func(t *testing.T, h house) {
			ctx, cancel := context.WithCancel(t.Context())
			err := h.Write(ctx, func(tx store.Tx) error {
				cancel()
				return tx.SetSetting(ctx, "key", "value")
			})
			if err != nil {
				t.Fatalf("write: %v", err)
			}
			same(t, "the setting", must[string](t)(h.Setting(t.Context(), "key")), "value")
		},
		"a transaction does not work after its end": func(t *testing.T, h house) {
			var kept store.Tx
			h.write(func(_ context.Context, tx store.Tx) error { kept = tx; return nil })
			if err := kept.SetSetting(t.Context(), "key", "value"); err == nil {
				t.Error("a write after the end was taken")
			}
			same(t, "the setting", must[string](t)(h.Setting(t.Context(), "key")), "")
		},
		"a sound store passes its check": func(t *testing.T, h house) {
			h.chat(1, store.Everything)
			h.article("a", morning, nil)
			if err := h.Check(t.Context()); err != nil {
				t.Errorf("check: %v", err)
			}
		},
	})
}
