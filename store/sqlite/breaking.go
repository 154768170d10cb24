package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/harkara/harkara/store"
)

// BreakingOf implements store.BreakingReader.
func (r reads) BreakingOf(ctx context.Context, article int64) (store.BreakingNews, error) {
	b, err := one(ctx, r, scanBreaking, selectBreaking+`WHERE article = ?`, article)
	if err != nil {
		return b, fmt.Errorf("read how article %d became breaking news: %w", article, err)
	}
	return b, nil
}

// AllBreaking implements store.BreakingReader.
func (r reads) AllBreaking(ctx context.Context, limit int) ([]store.BreakingNews, error) {
	list, err := all(ctx, r, scanBreaking, selectBreaking+`ORDER BY at DESC, seq DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what was breaking news: %w", err)
	}
	return list, nil
}

const selectBreaking = `SELECT article, seq, at, by FROM breaking `

func scanBreaking(r row) (b store.BreakingNews, err error) {
	err = r.Scan(&b.Article, &b.Seq, moment{&b.At}, &b.By)
	return b, err
}

// Reach implements store.BreakingReader.
func (r reads) Reach(ctx context.Context, categories []int64) (store.Reach, error) {
	wanted, err := list(append([]int64{store.Everything}, categories...))
	if err != nil {
		return store.Reach{}, err
	}
	reach, err := one(ctx, r, func(r row) (n store.Reach, err error) {
		err = r.Scan(&n.Readers, &n.Channels)
		return n, err
	}, `SELECT coalesce(sum(c.kind = 0), 0), coalesce(sum(c.kind <> 0), 0)
		FROM (SELECT DISTINCT chat FROM subscription WHERE category IN (SELECT value FROM json_each(?))) s
		CROSS JOIN chat c ON c.id = s.chat WHERE c.state = 0`, wanted)
	if err != nil {
		return reach, fmt.Errorf("count the followers of %v: %w", categories, err)
	}
	return reach, nil
}

// Received implements store.BreakingReader.
func (r reads) Received(ctx context.Context, chat, article int64) (bool, error) {
	number, place := block(chat)
	rows, err := all(ctx, r, func(r row) (copies, error) { return scanCopies(r) }, `SELECT s.post, s.block, s.copies
		FROM post_article i CROSS JOIN sent s ON s.post = i.post AND s.block = ? WHERE i.article = ?`, number, article)
	if err != nil {
		return false, fmt.Errorf("look whether chat %d has article %d: %w", chat, article, err)
	}
	for _, c := range rows {
		for _, m := range c.messages {
			if m.place == place {
				return true, nil
			}
		}
	}
	return false, nil
}

// MakeBreaking implements store.BreakingWriter.
func (t *tx) MakeBreaking(ctx context.Context, b *store.BreakingNews) (taken bool, err error) {
	if taken, err = t.makeBreaking(ctx, b); err != nil {
		return false, fmt.Errorf("make article %d breaking news: %w", b.Article, err)
	}
	return taken, nil
}

func (t *tx) makeBreaking(ctx context.Context, b *store.BreakingNews) (taken bool, err error) {
	a, err := t.Article(ctx, b.Article)
	if err == nil && a.Retracted {
		err = store.ErrNotFound
	}
	if err != nil {
		return false, err
	}
	known, err := t.BreakingOf(ctx, b.Article)
	if err == nil {
		*b = known
		return false, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	news := a.Held || a.History
	if news { // nobody was owed it under the numbers it had
		if err := t.run(ctx, `DELETE FROM entry WHERE article = ?`, b.Article); err != nil {
			return false, err
		}
	}
	feeds, err := t.broughtBy(ctx, a)
	if err != nil {
		return false, err
	}
	if b.Seq, err = t.enter(ctx, entry{article: b.Article, categories: a.Categories, feeds: feeds, at: b.At, approved: true}); err != nil {
		return false, err
	}
	if err := t.run(ctx, `UPDATE entry SET breaking = 1 WHERE seq = ?`, b.Seq); err != nil {
		return false, err
	}
	if news {
		if err := t.run(ctx, `UPDATE article SET held = 0, history = 0, seq = ? WHERE id = ?`, b.Seq, b.Article); err != nil {
			return false, err
		}
	}
	err = t.run(ctx, `UPDATE approval SET state = 'approved', by = ?2, at = ?3, name = coalesce((SELECT name FROM editor WHERE user = ?2), '')
		WHERE article = ?1 AND state IN ('pending', 'later')`, b.Article, b.By, b.At.UnixMilli())
	if err != nil {
		return false, err
	}
	err = t.run(ctx, `INSERT INTO breaking (article, seq, at, by) VALUES (?, ?, ?, ?)`, b.Article, b.Seq, b.At.UnixMilli(), b.By)
	if err != nil {
		return false, err
	}
	return true, t.mark(ctx, b.Seq, true, append([]int64{store.Everything, store.Words}, a.Categories...))
}

// brokeAfter tells whether breaking news came after this number of the log.
func (t *tx) brokeAfter(ctx context.Context, seq int64) (bool, error) {
	return one(ctx, t.reads, value[bool], `SELECT EXISTS (SELECT 1 FROM entry WHERE breaking = 1 AND seq > ?)`, seq)
}
