package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

// ResponseTo implements store.ResponseReader.
func (r reads) ResponseTo(ctx context.Context, article int64) (store.Response, error) {
	responses, err := r.Responses(ctx, []int64{article})
	if err != nil {
		return store.Response{}, err
	}
	response := responses[article]
	response.Article = article
	return response, nil
}

// Responses implements store.ResponseReader.
func (r reads) Responses(ctx context.Context, articles []int64) (map[int64]store.Response, error) {
	wanted, err := list(articles)
	if err != nil {
		return nil, err
	}
	rows, err := all(ctx, r, func(r row) (n store.Response, err error) {
		err = r.Scan(&n.Article, &n.Up, &n.Down, &n.Opened, &n.Subscribers)
		return n, err
	}, `SELECT article, up, down, opened, subscribers FROM response WHERE article IN (SELECT value FROM json_each(?))`, wanted)
	if err != nil {
		return nil, fmt.Errorf("read what came of articles: %w", err)
	}
	responses := make(map[int64]store.Response, len(rows))
	for _, n := range rows {
		responses[n.Article] = n
	}
	return responses, nil
}

// VoteOf implements store.ResponseReader.
func (r reads) VoteOf(ctx context.Context, article, user int64) (store.Vote, error) {
	up, err := orZero(one(ctx, r, value[int], `SELECT up * 2 - 1 FROM vote WHERE article = ? AND voter = ?`, article, user))
	if err != nil {
		return store.NoVote, fmt.Errorf("read a vote on article %d: %w", article, err)
	}
	return store.Vote(up), nil
}

// VotesBy implements store.ResponseReader.
func (r reads) VotesBy(ctx context.Context, user int64, limit int) (map[int64]store.Vote, error) {
	rows, err := all(ctx, r, func(r row) (n [2]int64, err error) {
		err = r.Scan(&n[0], &n[1])
		return n, err
	}, `SELECT article, up * 2 - 1 FROM vote WHERE voter = ? ORDER BY article DESC LIMIT ?`, user, limit)
	if err != nil {
		return nil, fmt.Errorf("read somebody's votes: %w", err)
	}
	votes := make(map[int64]store.Vote, len(rows))
	for _, n := range rows {
		votes[n[0]] = store.Vote(n[1])
	}
	return votes, nil
}

// CastVote implements store.ResponseWriter.
func (t *tx) CastVote(ctx context.Context, article, user int64, vote store.Vote) error {
	if err := t.castVote(ctx, article, user, vote); err != nil {
		return fmt.Errorf("vote on article %d: %w", article, err)
	}
	return nil
}

func (t *tx) castVote(ctx context.Context, article, user int64, vote store.Vote) error {
	before, err := t.VoteOf(ctx, article, user)
	if err != nil || before == vote {
		return err
	}
	if vote == store.NoVote {
		err = t.run(ctx, `DELETE FROM vote WHERE article = ? AND voter = ?`, article, user)
	} else {
		err = t.run(ctx, `INSERT INTO vote (article, voter, up) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET up = excluded.up`,
			article, user, vote == store.Up)
	}
	if err != nil {
		return err
	}
	changed := func(which store.Vote) (by int) {
		if vote == which {
			by++
		}
		if before == which {
			by--
		}
		return by
	}
	return t.run(ctx, `INSERT INTO response (article, up, down) VALUES (?1, max(0, ?2), max(0, ?3))
		ON CONFLICT DO UPDATE SET up = max(0, up + ?2), down = max(0, down + ?3)`, article, changed(store.Up), changed(store.Down))
}

// ForgetVotes implements store.ResponseWriter.
func (t *tx) ForgetVotes(ctx context.Context, user int64) error {
	if err := t.run(ctx, `DELETE FROM vote WHERE voter = ?`, user); err != nil {
		return fmt.Errorf("forget somebody's votes: %w", err)
	}
	return nil
}

// CountShare implements store.ResponseWriter.
func (t *tx) CountShare(ctx context.Context, article int64, opened, subscribers int) error {
	err := t.run(ctx, `INSERT INTO response (article, opened, subscribers) VALUES (?1, ?2, ?3)
		ON CONFLICT DO UPDATE SET opened = opened + ?2, subscribers = subscribers + ?3`, article, opened, subscribers)
	if err != nil {
		return fmt.Errorf("count the shared link of article %d: %w", article, err)
	}
	return nil
}
