package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) withdraw(chat, article int64, when time.Time) store.Withdrawal {
	h.t.Helper()
	w := store.Withdrawal{Chat: chat, Article: article, At: when}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.Withdraw(ctx, w) })
	return w
}

func (h house) withdrawn(chat int64) []store.Withdrawal {
	h.t.Helper()
	return must[[]store.Withdrawal](h.t)(h.Withdrawals(h.ctx(), chat))
}

func withdrawals(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"make the chat's own messages due for correction, and nobody else's": func(t *testing.T, h house) {
			c, neighbour, other := h.chatOf(store.Channel, -1), h.chatOf(store.Channel, -2), h.chat(3)
			a, b := h.article("a", morning, nil), h.article("b", morning, nil)
			single, list, elsewhere := h.post(store.Single, []int64{a.ID}), h.post(store.List, []int64{b.ID, a.ID}), h.post(store.Digested, []int64{a.ID, b.ID})
			h.send(store.Sent{Post: single.ID, Chat: c.ID, Message: 1})
			h.send(store.Sent{Post: single.ID, Chat: neighbour.ID, Message: 1})
			h.send(store.Sent{Post: list.ID, Chat: c.ID, Message: 2})
			_, _ = elsewhere, other // sent to nobody
			before := must[int64](t)(h.Changes(t.Context()))
			w := h.withdraw(c.ID, a.ID, at(time.Hour))
			if must[int64](t)(h.Changes(t.Context())) == before {
				t.Error("it does not count as a change")
			}
			want := []store.Correction{
				{Post: single, Chat: c.ID, After: c.ID - 1, Since: at(time.Hour)},
				{Post: list, Chat: c.ID, After: c.ID - 1, Since: at(time.Hour)},
			}
			same(t, "the corrections", h.corrections(), want)
			same(t, "what was withdrawn", h.withdrawn(0), []store.Withdrawal{w})
			same(t, "what was withdrawn from the chat", h.withdrawn(c.ID), []store.Withdrawal{w})
			same(t, "what was withdrawn from the other", h.withdrawn(neighbour.ID), nil)
			same(t, "whether it was retracted", must[store.Article](t)(h.Article(t.Context(), a.ID)).Retracted, false)

			// A correction of all copies and that of one chat are apart, and end apart.
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, at(2*time.Hour)) })
			same(t, "the corrections of both", len(h.corrections()), 5)
			for _, one := range want {
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.Corrected(ctx, one, true) })
			}
			for _, left := range h.corrections() {
				same(t, "the chat of what is left", left.Chat, 0)
			}
			same(t, "the corrections left", len(h.corrections()), 3)
		},
		"last, and a second one begins the correction anew": func(t *testing.T, h house) {
			c := h.chatOf(store.Channel, -1)
			a := h.article("a", morning, nil)
			p := h.post(store.Single, []int64{a.ID})
			h.send(store.Sent{Post: p.ID, Chat: c.ID, Message: 1})
			first := h.withdraw(c.ID, a.ID, at(time.Minute))
			one := h.corrections()[0]
			one.After = c.ID
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Corrected(ctx, one, false) })
			same(t, "how far it has come", h.corrections()[0].After, c.ID)
			h.withdraw(c.ID, a.ID, at(time.Hour))
			again := h.corrections()[0]
			same(t, "where it begins anew", again.After, c.ID-1)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Corrected(ctx, one, true) })
			same(t, "the end of the first is none of the second", h.corrections(), []store.Correction{again})
			same(t, "what was withdrawn", h.withdrawn(c.ID), []store.Withdrawal{first})
		},
		"go with a group to its supergroup, and with a chat that is forgotten": func(t *testing.T, h house) {
			old, grown := h.chatOf(store.Group, -1), h.chatOf(store.Supergroup, -100)
			h.withdraw(old.ID, 7, morning)
			h.withdraw(grown.ID, 8, morning)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.MoveChat(ctx, -1, -100) })
			same(t, "what was withdrawn from either", h.withdrawn(0), []store.Withdrawal{{Chat: old.ID, Article: 7, At: morning}, {Chat: old.ID, Article: 8, At: morning}})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, old.ID) })
			same(t, "what was withdrawn in the end", h.withdrawn(0), nil)
		},
		"are pruned with the identities of their articles": func(t *testing.T, h house) {
			h.withdraw(1, 7, morning)
			kept := h.withdraw(1, 8, at(time.Hour))
			h.write(func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Prune(ctx, morning, at(time.Minute), morning, 100)
				return err
			})
			same(t, "what was withdrawn", h.withdrawn(0), []store.Withdrawal{kept})
		},
	})
}
