package sqlite

import (
	"context"
	"fmt"
	"time"
)

// Prune implements store.Tx.
func (t *tx) Prune(ctx context.Context, keepSent, keepSeen, keepText time.Time, limit int) (more bool, err error) {
	// Counts that wait are of posts that may be pruned.
	if waiting, err := t.waiting(ctx); err != nil {
		return false, fmt.Errorf("prune: %w", err)
	} else if len(waiting) > 0 {
		if err := t.fileCarried(ctx, waiting); err != nil {
			return false, fmt.Errorf("prune: %w", err)
		}
	}
	left := int64(limit)
	for _, part := range []struct {
		prune  func(ctx context.Context, before time.Time, limit int64) (int64, error)
		before time.Time
	}{
		{t.pruneSent, keepSent},
		{t.pruneApprovals, keepSent},
		{t.pruneBroadcasts, keepSent},
		{t.pruneRuns, keepSent},
		{t.pruneSeen, keepSeen},
		{t.pruneWithdrawals, keepSeen},
		{t.pruneTexts, keepText},
	} {
		pruned, err := part.prune(ctx, part.before, left)
		if err != nil {
			return false, fmt.Errorf("prune: %w", err)
		}
		if left -= pruned; left <= 0 {
			return true, nil
		}
	}
	pruned, err := t.pruneFigures(ctx, left)
	if err != nil {
		return false, fmt.Errorf("prune: %w", err)
	}
	return pruned >= left, nil
}

// pruneSent deletes the messages of old posts, and the posts that carry none any more.
func (t *tx) pruneSent(ctx context.Context, before time.Time, limit int64) (int64, error) {
	pruned, err := t.change(ctx, `DELETE FROM sent WHERE (post, block) IN
		(SELECT s.post, s.block FROM post p CROSS JOIN sent s ON s.post = p.id WHERE p.at < ?1 LIMIT ?2)`, before.UnixMilli(), limit)
	if err != nil || pruned >= limit {
		return pruned, err
	}
	// A post that an open doubt names is still to be mentioned.
	posts, err := all(ctx, t.reads, value[int64], `SELECT id FROM post WHERE at < ? AND id NOT IN (SELECT post FROM doubt WHERE state = 'open')
		ORDER BY at LIMIT ?`, before.UnixMilli(), limit-pruned)
	if err != nil {
		return 0, err
	}
	for _, id := range posts {
		for _, step := range []string{
			`DELETE FROM post_article WHERE post = ?1 AND article IN (SELECT value FROM post, json_each(post.articles) WHERE post.id = ?1
				UNION ALL SELECT value FROM post, json_each(post.mentions) WHERE post.id = ?1)`,
			`DELETE FROM correction WHERE post = ?`,
			`DELETE FROM post WHERE id = ?`,
		} {
			if err := t.run(ctx, step, id); err != nil {
				return 0, err
			}
		}
	}
	return pruned + int64(len(posts)), nil
}

// pruneSeen deletes identities that no feed has shown for long.
func (t *tx) pruneSeen(ctx context.Context, before time.Time, limit int64) (int64, error) {
	keys, err := t.change(ctx, `DELETE FROM article_key WHERE (feed, kind, hash) IN
		(SELECT feed, kind, hash FROM article_key WHERE at < ? LIMIT ?)`, before.UnixMilli(), limit)
	if err != nil {
		return 0, err
	}
	raws, err := t.change(ctx, `DELETE FROM raw WHERE (feed, hash) IN (SELECT feed, hash FROM raw WHERE at < ? LIMIT ?)`,
		before.UnixMilli(), limit-keys)
	return keys + raws, err
}

// pruneTexts empties old articles down to the headline, by which they are still found.
func (t *tx) pruneTexts(ctx context.Context, before time.Time, limit int64) (int64, error) {
	type old struct {
		id    int64
		stems string
	}
	articles, err := all(ctx, t.reads, func(r row) (o old, err error) {
		err = r.Scan(&o.id, &o.stems)
		return o, err
	}, `SELECT id, stems FROM article WHERE text IS NOT NULL AND first_seen < ? ORDER BY first_seen LIMIT ?`, before.UnixMilli(), limit)
	if err != nil {
		return 0, err
	}
	for _, a := range articles {
		if err := t.run(ctx, `UPDATE article SET text = NULL WHERE id = ?`, a.id); err != nil {
			return 0, err
		}
		found, err := t.change(ctx, `DELETE FROM search WHERE rowid = ?`, a.id)
		if err != nil {
			return 0, err
		}
		if found > 0 {
			if err := t.run(ctx, `INSERT INTO search (rowid, headline, text) VALUES (?, ?, '')`, a.id, a.stems); err != nil {
				return 0, err
			}
		}
	}
	return int64(len(articles)), nil
}
