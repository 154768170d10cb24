package storetest

import (
	"context"
	"testing"

	"github.com/harkara/harkara/store"
)

func (h house) vote(article, user int64, v store.Vote) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.CastVote(ctx, article, user, v) })
}

func responses(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"a person has one vote, which can be changed and taken back": func(t *testing.T, h house) {
			see := func(up, down int) {
				t.Helper()
				same(t, "the counts", must[store.Response](t)(h.ResponseTo(t.Context(), 7)), store.Response{Article: 7, Up: up, Down: down})
			}
			see(0, 0)
			h.vote(7, 1, store.NoVote)
			see(0, 0)
			h.vote(7, 1, store.Up)
			h.vote(7, 1, store.Up)
			h.vote(7, 2, store.Down)
			h.vote(8, 1, store.Up)
			see(1, 1)
			h.vote(7, 1, store.Down)
			see(0, 2)
			same(t, "the vote", must[store.Vote](t)(h.VoteOf(t.Context(), 7, 1)), store.Down)
			h.vote(7, 1, store.NoVote)
			see(0, 1)
			same(t, "no vote", must[store.Vote](t)(h.VoteOf(t.Context(), 7, 1)), store.NoVote)
			same(t, "all of one", must[map[int64]store.Vote](t)(h.VotesBy(t.Context(), 1, 10)), map[int64]store.Vote{8: store.Up})
		},
		"what a shared link brings is counted": func(t *testing.T, h house) {
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.CountShare(ctx, 7, 1, 0) },
				func(ctx context.Context, tx store.Tx) error { return tx.CountShare(ctx, 7, 2, 1) })
			h.vote(7, 1, store.Up)
			want := store.Response{Article: 7, Up: 1, Opened: 3, Subscribers: 1}
			same(t, "all together", must[map[int64]store.Response](t)(h.Responses(t.Context(), []int64{7, 9})), map[int64]store.Response{7: want})
		},
		"votes of who was forgotten stay in the count, without a name": func(t *testing.T, h house) {
			c := h.chat(42, 1)
			h.vote(7, 42, store.Up)
			h.vote(7, 43, store.Up) // no chat of ours
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetVotes(ctx, 43) })
			same(t, "the vote of a passer-by", must[store.Vote](t)(h.VoteOf(t.Context(), 7, 43)), store.NoVote)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, c.ID) })
			same(t, "the vote", must[store.Vote](t)(h.VoteOf(t.Context(), 7, 42)), store.NoVote)
			same(t, "the count", must[store.Response](t)(h.ResponseTo(t.Context(), 7)).Up, 2)
		},
	})
}
