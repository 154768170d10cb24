package storetest

import (
	"context"
	"testing"

	"github.com/harkara/harkara/store"
)

func (h house) category(slug string) store.Category {
	h.t.Helper()
	c := store.Category{Slug: slug, Name: "বিষয় " + slug}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveCategory(ctx, &c) })
	return c
}

func categories(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"are kept whole and listed by position": func(t *testing.T, h house) {
			second := store.Category{Slug: "khela", Name: "খেলা", NameEN: "Sport", Position: 2}
			first := store.Category{Slug: "desh", Name: "দেশ", Position: 1}
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.SaveCategory(ctx, &second); err != nil {
					return err
				}
				return tx.SaveCategory(ctx, &first)
			})
			third := store.Category{Slug: "cricket", Name: "ক্রিকেট", Parent: second.ID, Position: 2}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveCategory(ctx, &third) })
			same(t, "the categories", must[[]store.Category](t)(h.Categories(t.Context())), []store.Category{first, second, third})

			first.Name, first.Position = "দেশের খবর", 9
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveCategory(ctx, &first) })
			same(t, "the categories", must[[]store.Category](t)(h.Categories(t.Context())), []store.Category{second, third, first})
		},
		"never have the id of Everything": func(t *testing.T, h house) {
			if c := h.category("a"); c.ID == store.Everything {
				t.Error("the first category has the id of Everything")
			}
		},
		"have slugs of their own": func(t *testing.T, h house) {
			h.category("a")
			err := h.Write(t.Context(), func(tx store.Tx) error {
				return tx.SaveCategory(t.Context(), &store.Category{Slug: "a", Name: "আরেক"})
			})
			isErr(t, "a slug that is taken", err, store.ErrTaken)
		},
		"that are not there cannot be changed": func(t *testing.T, h house) {
			err := h.Write(t.Context(), func(tx store.Tx) error {
				return tx.SaveCategory(t.Context(), &store.Category{ID: 17, Slug: "a"})
			})
			isErr(t, "an unknown category", err, store.ErrNotFound)
		},
		"go with the subscriptions to them, and their number is not given again": func(t *testing.T, h house) {
			gone, stays := h.category("gone"), h.category("stays")
			child := store.Category{Slug: "child", Parent: gone.ID}
			feed := store.Feed{URL: "https://example.com/feed", Categories: []int64{gone.ID, stays.ID}}
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.SaveFeed(ctx, &feed); err != nil {
					return err
				}
				return tx.SaveCategory(ctx, &child)
			})
			c := h.chat(1, gone.ID, stays.ID)
			a := h.article("a", morning, []int64{gone.ID, stays.ID})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteCategory(ctx, child.ID) })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteCategory(ctx, gone.ID) })

			same(t, "the categories", must[[]store.Category](t)(h.Categories(t.Context())), []store.Category{stays})
			same(t, "what the chat follows", h.see(c.ID).Categories, []int64{stays.ID})
			same(t, "the article's categories", must[store.Article](t)(h.Article(t.Context(), a.ID)).Categories, []int64{stays.ID})
			same(t, "the feed's categories", must[store.Feed](t)(h.Feed(t.Context(), feed.ID)).Categories, []int64{stays.ID})
			same(t, "the articles of the category", len(must[[]store.Article](t)(h.Latest(t.Context(), []int64{gone.ID}, 0, 10))), 0)
			if again := h.category("again"); again.ID == gone.ID || again.ID == child.ID {
				t.Errorf("the number %d was given again", again.ID)
			}
		},
	})
}
