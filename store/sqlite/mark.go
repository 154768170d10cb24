package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/harkara/harkara/store"
)

// Which chats a new article concerns is found by a walk over the subscriptions in joining order, in steps. One cursor goes
// round for all categories that have news. A category that joins the round takes part from where the cursor stands, past the end
// and over the beginning, to where it joined: so no follower is left out, however often news come in between, and no chat
// waits for ever because the beginning is served again and again.

// mark lets the categories take part in the walk, for news up to seq. For breaking news it also finds chats that are due later.
func (t *tx) mark(ctx context.Context, seq int64, breaking bool, categories []int64) error {
	for _, c := range categories {
		err := t.run(ctx, `INSERT INTO marking (category, upto, stop, wrapped, breaking) SELECT ?, ?, cursor, 0, ? FROM walk WHERE true
			ON CONFLICT DO UPDATE SET upto = excluded.upto, stop = excluded.stop, wrapped = 0, breaking = max(breaking, excluded.breaking)`,
			c, seq, breaking)
		if err != nil {
			return fmt.Errorf("mark category %d: %w", c, err)
		}
	}
	return nil
}

// MarkDue implements store.DeliveryWriter.
func (t *tx) MarkDue(ctx context.Context, now time.Time, limit int) (more bool, err error) {
	if err := t.tally(ctx); err != nil {
		return false, fmt.Errorf("find chats for new articles: %w", err)
	}
	for more = true; more && limit > 0; {
		var walked int
		walked, more, err = t.step(ctx, now, limit)
		if err != nil {
			return false, fmt.Errorf("find chats for new articles: %w", err)
		}
		limit -= walked
	}
	return more, nil
}

// marked is a category under marking. Its part of the round ends at stop, once it is wrapped.
type marked struct {
	category, stop int64
	wrapped        bool
}

// reach is the last chat of the present lap that concerns the category.
func (m marked) reach() int64 {
	if m.wrapped {
		return m.stop
	}
	return math.MaxInt64
}

// step walks over at most limit followers, at most to the end of the lap, and returns how many it may have walked over.
func (t *tx) step(ctx context.Context, now time.Time, limit int) (walked int, more bool, err error) {
	categories, err := all(ctx, t.reads, func(r row) (m marked, err error) {
		err = r.Scan(&m.category, &m.stop, &m.wrapped)
		return m, err
	}, `SELECT category, stop, wrapped FROM marking`)
	if err != nil || len(categories) == 0 {
		return 0, false, err
	}
	cursor, err := one(ctx, t.reads, value[int64], `SELECT cursor FROM walk`)
	if err != nil {
		return 0, false, err
	}

	// Each category gets its share of the limit; the step ends where the first of them has used it up.
	share := max(1, limit/len(categories))
	last := int64(math.MaxInt64)
	for _, m := range categories {
		end, err := one(ctx, t.reads, value[sql.NullInt64], `SELECT chat FROM subscription
			WHERE category = ? AND chat > ? AND chat <= ? ORDER BY chat LIMIT 1 OFFSET ?`, m.category, cursor, m.reach(), share-1)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return 0, false, err
		default:
			last = min(last, end.Int64)
		}
	}

	// Their blocks are due now, unless they were earlier.
	const later = `SELECT (SELECT min(m.due_at) FROM bookmark m WHERE ` + ofBlock + `) AS at, b.block
		FROM (SELECT DISTINCT chat / 32 AS block FROM temp.found) b WHERE ifnull(at > ?1, true)`
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO temp.found (chat) SELECT s.chat FROM marking m CROSS JOIN subscription s ON s.category = m.category
			CROSS JOIN bookmark b ON b.chat = s.chat
			WHERE s.chat > ? AND s.chat <= ? AND (m.wrapped = 0 OR s.chat <= m.stop) AND b.seq < m.upto AND b.active = 1
				AND (b.due_at IS NULL OR m.breaking AND b.due_at > ?)
			ON CONFLICT DO NOTHING`, []any{cursor, last, now.UnixMilli()}},
		{`DELETE FROM due WHERE (at, block) IN (` + later + `)`, []any{now.UnixMilli()}},
		{`INSERT INTO due (at, block) SELECT ?1, block FROM (` + later + `)`, []any{now.UnixMilli()}},
		{`UPDATE bookmark SET due_at = ? WHERE chat IN (SELECT chat FROM temp.found)`, []any{now.UnixMilli()}},
		{`DELETE FROM temp.found`, nil},
	} {
		if err := t.run(ctx, step.query, step.args...); err != nil {
			return 0, false, err
		}
	}

	if last < math.MaxInt64 {
		if err := t.run(ctx, `DELETE FROM marking WHERE wrapped = 1 AND stop <= ?`, last); err != nil {
			return 0, false, err
		}
	} else { // the end of the lap
		last = 0
		if err := t.run(ctx, `DELETE FROM marking WHERE wrapped = 1 OR stop = 0`); err != nil {
			return 0, false, err
		}
		if err := t.run(ctx, `UPDATE marking SET wrapped = 1`); err != nil {
			return 0, false, err
		}
	}
	more, err = one(ctx, t.reads, value[bool], `SELECT EXISTS (SELECT 1 FROM marking)`)
	if err != nil {
		return 0, false, err
	}
	if !more {
		last = 0
	}
	return share * len(categories), more, t.run(ctx, `UPDATE walk SET cursor = ? WHERE cursor <> ?`, last, last)
}
