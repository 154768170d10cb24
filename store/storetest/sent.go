package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) post(shape store.Shape, articles []int64, mentions ...int64) store.Post {
	h.t.Helper()
	p := store.Post{Shape: shape, Articles: articles, Mentions: mentions, At: morning}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SavePost(ctx, &p) })
	return p
}

func (h house) send(s store.Sent) store.Sent {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.AddSent(ctx, s) })
	return s
}

func (h house) corrections() []store.Correction {
	h.t.Helper()
	return must[[]store.Correction](h.t)(h.Corrections(h.ctx(), 100))
}

func sent(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"posts are shared by those who are sent the same": func(t *testing.T, h house) {
			p := h.post(store.List, []int64{3, 1, 2}, 9)
			same(t, "the post", must[store.Post](t)(h.Post(t.Context(), p.ID)), p)
			same(t, "the same post", h.post(store.List, []int64{3, 1, 2}, 9).ID, p.ID)
			for name, other := range map[string]store.Post{
				"another order":      h.post(store.List, []int64{1, 2, 3}, 9),
				"another shape":      h.post(store.Digested, []int64{3, 1, 2}, 9),
				"no mention":         h.post(store.List, []int64{3, 1, 2}),
				"a mention for more": h.post(store.List, []int64{3, 1, 2, 9}),
			} {
				if other.ID == p.ID {
					t.Errorf("%s is the same post", name)
				}
			}
			_, err := h.Post(t.Context(), 999)
			isErr(t, "one that is not there", err, store.ErrNotFound)
		},
		"copies are listed in chat order, page by page": func(t *testing.T, h house) {
			p, other := h.post(store.Single, []int64{1}), h.post(store.Single, []int64{2})
			var want []store.Sent
			for i := range 200 {
				c := h.chat(int64(i + 1))
				want = append(want, store.Sent{Post: p.ID, Chat: c.ID, Message: 1 << 30 * (i % 2), Photo: i%3 == 0})
			}
			h.write(func(ctx context.Context, tx store.Tx) error {
				for _, s := range slices.Backward(want) {
					if err := tx.AddSent(ctx, s); err != nil {
						return err
					}
					s.Post, s.Message = other.ID, 7
					if err := tx.AddSent(ctx, s); err != nil {
						return err
					}
				}
				return nil
			})
			var got []store.Sent
			for after := int64(0); ; {
				page := must[[]store.Sent](t)(h.SentCopies(t.Context(), p.ID, after, 7))
				if len(page) == 0 {
					break
				}
				if len(page) > 7 {
					t.Fatalf("a page of %d", len(page))
				}
				got = append(got, page...)
				after = page[len(page)-1].Chat
			}
			same(t, "the copies", got, want)
		},
		"a chat's copies of one post are listed together": func(t *testing.T, h house) {
			p := h.post(store.Single, []int64{1})
			a, b := h.chat(1), h.chat(2)
			want := []store.Sent{
				h.send(store.Sent{Post: p.ID, Chat: a.ID, Message: 4}),
				h.send(store.Sent{Post: p.ID, Chat: a.ID, Message: 6}),
			}
			h.send(store.Sent{Post: p.ID, Chat: b.ID, Message: 5})
			same(t, "the first page", must[[]store.Sent](t)(h.SentCopies(t.Context(), p.ID, 0, 1)), want)
		},
		"a message leads to what it carried": func(t *testing.T, h house) {
			a, b := h.chat(1), h.chat(2)
			p, q := h.post(store.Single, []int64{1}), h.post(store.Single, []int64{2})
			_, err := h.LastSent(t.Context(), a.ID)
			isErr(t, "the last message of none", err, store.ErrNotFound)
			first := h.send(store.Sent{Post: q.ID, Chat: a.ID, Message: 9, Photo: true})
			second := h.send(store.Sent{Post: p.ID, Chat: a.ID, Message: 10})
			h.send(store.Sent{Post: p.ID, Chat: b.ID, Message: 11})
			same(t, "message 9", must[store.Sent](t)(h.SentMessage(t.Context(), a.ID, 9)), first)
			same(t, "message 10", must[store.Sent](t)(h.SentMessage(t.Context(), a.ID, 10)), second)
			_, err = h.SentMessage(t.Context(), a.ID, 11)
			isErr(t, "another chat's message", err, store.ErrNotFound)
			same(t, "the last message", must[store.Sent](t)(h.LastSent(t.Context(), a.ID)), second)

			changed := second
			changed.Photo = true
			h.send(changed)
			same(t, "a message remembered again", must[[]store.Sent](t)(h.SentCopies(t.Context(), p.ID, 0, 1)), []store.Sent{changed})

			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DropSent(ctx, second) })
			same(t, "the messages", must[[]store.Sent](t)(h.SentTo(t.Context(), a.ID, 10)), []store.Sent{first})
			same(t, "the last message after one was dropped", must[store.Sent](t)(h.LastSent(t.Context(), a.ID)), first)
			_, err = h.SentMessage(t.Context(), a.ID, 10)
			isErr(t, "the dropped message", err, store.ErrNotFound)
			same(t, "the copies left", len(must[[]store.Sent](t)(h.SentCopies(t.Context(), p.ID, 0, 10))), 1)
		},
		"a message of a chat that is not kept is not remembered": func(t *testing.T, h house) {
			p := h.post(store.Single, []int64{1})
			h.send(store.Sent{Post: p.ID, Chat: 55, Message: 1})
			same(t, "the copies", must[[]store.Sent](t)(h.SentCopies(t.Context(), p.ID, 0, 10)), nil)
		},
		"the latest message of a story is one that carries it alone, if there is one": func(t *testing.T, h house) {
			c, other := h.chat(1), h.chat(2)
			first := h.article("first", morning, nil)
			follow := h.article("follow", morning, nil, func(a *store.Article) { a.Story = first.ID })
			apart := h.article("apart", morning, nil)
			_, err := h.SentOfStory(t.Context(), c.ID, first.ID)
			isErr(t, "of nothing", err, store.ErrNotFound)
			want := h.send(store.Sent{Post: h.post(store.List, []int64{first.ID, apart.ID}).ID, Chat: c.ID, Message: 2})
			h.send(store.Sent{Post: h.post(store.Single, []int64{apart.ID}, first.ID).ID, Chat: c.ID, Message: 9})
			same(t, "the list, where nothing else is", must[store.Sent](t)(h.SentOfStory(t.Context(), c.ID, first.ID)), want)
			want = h.send(store.Sent{Post: h.post(store.Single, []int64{first.ID}).ID, Chat: c.ID, Message: 3})
			h.send(store.Sent{Post: h.post(store.List, []int64{follow.ID, apart.ID}).ID, Chat: c.ID, Message: 4})
			h.send(store.Sent{Post: h.post(store.Single, []int64{apart.ID}, follow.ID).ID, Chat: c.ID, Message: 5})
			h.send(store.Sent{Post: h.post(store.Single, []int64{follow.ID}).ID, Chat: other.ID, Message: 6})
			same(t, "the message", must[store.Sent](t)(h.SentOfStory(t.Context(), c.ID, first.ID)), want)
			want = h.send(store.Sent{Post: h.post(store.Single, []int64{follow.ID}, apart.ID).ID, Chat: c.ID, Message: 7})
			same(t, "the later message", must[store.Sent](t)(h.SentOfStory(t.Context(), c.ID, first.ID)), want)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, follow.ID, at(time.Hour)) })
			want = store.Sent{Post: h.post(store.Single, []int64{first.ID}).ID, Chat: c.ID, Message: 3}
			same(t, "the message of what was not taken back", must[store.Sent](t)(h.SentOfStory(t.Context(), c.ID, first.ID)), want)
		},
		"a changed or retracted article makes what shows it due for correction": func(t *testing.T, h house) {
			c := h.chat(1)
			a, b := h.article("a", morning, nil), h.article("b", morning, nil)
			single, list := h.post(store.Single, []int64{a.ID}), h.post(store.List, []int64{b.ID, a.ID})
			mention := h.post(store.Single, []int64{b.ID}, a.ID)
			underWay := h.post(store.Digested, []int64{a.ID}) // without a copy yet
			for i, p := range []store.Post{single, list, mention} {
				h.send(store.Sent{Post: p.ID, Chat: c.ID, Message: i + 1})
			}
			a.Revised = at(time.Minute)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReviseArticle(ctx, &a, nil, store.Index{}) })
			want := []store.Correction{
				{Post: single, Since: at(time.Minute)},
				{Post: list, Since: at(time.Minute)},
				{Post: mention, Since: at(time.Minute)},
				{Post: underWay, Since: at(time.Minute)},
			}
			same(t, "the corrections", h.corrections(), want)
			same(t, "the backlog", must[store.Backlog](t)(h.Backlog(t.Context(), morning)).Corrections, 4)

			correct := func(c store.Correction, after int64, done bool) {
				c.After = after
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.Corrected(ctx, c, done) })
			}
			correct(want[0], c.ID, false)
			correct(want[1], c.ID, true)
			half := want[0]
			half.After = c.ID
			same(t, "the corrections half way", h.corrections(), []store.Correction{half, want[2], want[3]})

			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, at(time.Hour)) })
			now := h.corrections()
			for i := range want {
				want[i].Since = at(time.Hour)
			}
			same(t, "the corrections after a retraction, from the start", now, want)
			correct(half, c.ID, true)
			correct(half, c.ID, false)
			same(t, "the end of the correction before is none of this one", h.corrections(), want)
			for _, c := range now {
				correct(c, 0, true)
			}
			same(t, "the corrections in the end", h.corrections(), nil)
			same(t, "retracted", must[store.Article](t)(h.Article(t.Context(), a.ID)).Retracted, true)
		},
		"a retraction makes due what told the story on, a revision does not": func(t *testing.T, h house) {
			first := h.article("first", morning, nil)
			of := func(a *store.Article) { a.Story = first.ID }
			next, apart := h.article("next", morning, nil, of), h.article("apart", morning, nil)
			own, sequel := h.post(store.Single, []int64{first.ID}), h.post(store.Sequel, []int64{next.ID})
			h.post(store.Single, []int64{next.ID})
			h.post(store.Sequel, []int64{apart.ID}, next.ID)
			same(t, "the story", must[[]store.Article](t)(h.StoryArticles(t.Context(), first.ID, 10)), []store.Article{next, first})
			same(t, "one of it", len(must[[]store.Article](t)(h.StoryArticles(t.Context(), first.ID, 1))), 1)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReviseArticle(ctx, &first, nil, store.Index{}) })
			got := h.corrections()
			if len(got) != 1 || got[0].Post.ID != own.ID {
				t.Fatalf("the corrections after a revision: %+v", got)
			}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, first.ID, at(time.Hour)) })
			got = h.corrections()
			if len(got) != 2 || got[0].Post.ID+got[1].Post.ID != own.ID+sequel.ID {
				t.Errorf("the corrections after a retraction: %+v", got)
			}
		},
		"a message that was edited to carry another post is one of that": func(t *testing.T, h house) {
			c := h.chat(1)
			from, to := h.post(store.Single, []int64{1}), store.Post{Shape: store.Single, Articles: []int64{2}, At: morning}
			s := h.send(store.Sent{Post: from.ID, Chat: c.ID, Message: 9, Photo: true})
			recast := func() {
				h.write(func(ctx context.Context, tx store.Tx) error {
					return tx.Recast(ctx, s, &to, store.Correction{Post: from, Since: at(time.Minute)})
				})
			}
			recast()
			same(t, "the copies of the first", must[[]store.Sent](t)(h.SentCopies(t.Context(), from.ID, 0, 10)), nil)
			s.Post = to.ID
			same(t, "the message", must[store.Sent](t)(h.SentMessage(t.Context(), c.ID, 9)), s)
			recast() // to what it is
			same(t, "the message after nothing changed", must[store.Sent](t)(h.SentMessage(t.Context(), c.ID, 9)), s)
			same(t, "the corrections", h.corrections(), nil)
		},
		"a message that carries another post is corrected there, if what it carried changed meanwhile": func(t *testing.T, h house) {
			c := h.chat(1)
			a, b := h.article("a", morning, nil), h.article("b", morning, nil)
			from, to := h.post(store.List, []int64{a.ID, b.ID}), store.Post{Shape: store.List, Articles: []int64{a.ID}, At: morning}
			s := h.send(store.Sent{Post: from.ID, Chat: c.ID, Message: 9})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, b.ID, at(time.Minute)) })
			first := h.corrections()[0]
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, at(time.Hour)) })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Recast(ctx, s, &to, first) })
			same(t, "the corrections", h.corrections(), []store.Correction{
				{Post: from, Since: at(time.Hour)}, {Post: to, Chat: c.ID, After: c.ID - 1, Since: at(time.Hour)},
			})
		},
		"corrections come oldest first, and two changes in one moment are two": func(t *testing.T, h house) {
			c := h.chat(1)
			a, b := h.article("a", morning, nil), h.article("b", morning, nil)
			pa, pb := h.post(store.Single, []int64{a.ID}), h.post(store.Single, []int64{b.ID})
			h.send(store.Sent{Post: pa.ID, Chat: c.ID, Message: 1})
			h.send(store.Sent{Post: pb.ID, Chat: c.ID, Message: 2})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, b.ID, at(time.Second)) })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, at(time.Minute)) })
			got := h.corrections()
			if len(got) != 2 || got[0].Post.ID != pb.ID {
				t.Fatalf("the corrections: %+v", got)
			}
			same(t, "one correction", len(must[[]store.Correction](t)(h.Corrections(t.Context(), 1))), 1)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, b.ID, at(time.Second)) })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Corrected(ctx, got[0], true) })
			same(t, "the corrections", len(h.corrections()), 2)
		},
	})
}
