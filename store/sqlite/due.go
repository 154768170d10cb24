package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

// When a chat is due stands in its bookmark; the table due holds for each block of neighbouring chats when the earliest of
// them is. An index of the bookmarks would be as large as they are and be written with each visit; this is written when the last of
// a block's chats is settled.

// blockSize is the number of chats in a block. It is in files and never changes. A block's row of sent messages must fit into
// a page's share for one row, or it takes a page of its own: 231 bytes of a page of 1024.
const blockSize = 32

// block returns the number of a chat's block and the chat's place in it.
func block(chat int64) (number int64, place byte) { return chat / blockSize, byte(chat % blockSize) }

// ofBlock selects the bookmarks of the block b.block.
const ofBlock = `m.chat BETWEEN b.block * 32 AND b.block * 32 + 31`

// earliest returns when the first of a block's chats is due.
func (t *tx) earliest(ctx context.Context, number int64) (sql.NullInt64, error) {
	return one(ctx, t.reads, value[sql.NullInt64], `SELECT min(due_at) FROM bookmark WHERE chat BETWEEN ? AND ?`,
		number*blockSize, number*blockSize+blockSize-1)
}

// wrongBlocks counts the blocks whose row in due is missing, is too much, or has another time than the earliest of its chats.
const wrongBlocks = `SELECT count(*) FROM (SELECT chat / 32 AS block, min(due_at) AS at FROM bookmark WHERE due_at IS NOT NULL GROUP BY chat / 32) b
	FULL JOIN due USING (block, at) WHERE b.block IS NULL OR due.block IS NULL`

// touch must be called before the time at which a chat is due is changed.
func (t *tx) touch(ctx context.Context, chat int64) error {
	number, _ := block(chat)
	if _, touched := t.touched[number]; touched {
		return nil
	}
	before, err := t.earliest(ctx, number)
	if err != nil {
		return err
	}
	if t.touched == nil {
		t.touched = map[int64]sql.NullInt64{}
	}
	t.touched[number] = before
	return nil
}

// tally brings the table due in line with the bookmarks that were changed.
func (t *tx) tally(ctx context.Context) error {
	for number, before := range t.touched {
		now, err := t.earliest(ctx, number)
		if err != nil {
			return err
		}
		if now == before {
			continue
		}
		if before.Valid {
			if err := t.run(ctx, `DELETE FROM due WHERE at = ? AND block = ?`, before, number); err != nil {
				return err
			}
		}
		if now.Valid {
			if err := t.run(ctx, `INSERT INTO due (at, block) VALUES (?, ?)`, now, number); err != nil {
				return err
			}
		}
	}
	clear(t.touched)
	return nil
}

// DueChats implements store.DeliveryReader. Each block has a due chat, so that as many blocks as chats are wanted hold them all.
func (r reads) DueChats(ctx context.Context, now time.Time, limit int, skip map[int64]bool) ([]store.Due, error) {
	rows, err := r.from.QueryContext(ctx, `SELECT `+chatColumns+`, b.due_at FROM (
			SELECT m.chat AS chat FROM (SELECT block FROM due WHERE at <= ?1 ORDER BY at, block LIMIT ?2) b
				CROSS JOIN bookmark m ON `+ofBlock+` AND m.due_at <= ?1
			ORDER BY m.due_at, m.chat LIMIT ?2
		) d CROSS JOIN bookmark b ON b.chat = d.chat CROSS JOIN chat c ON c.id = b.chat ORDER BY b.due_at, b.chat`,
		now.UnixMilli(), limit+len(skip))
	if err != nil {
		return nil, fmt.Errorf("read the due chats: %w", translate(err))
	}
	defer rows.Close()
	var due []store.Due
	for len(due) < limit && rows.Next() {
		var at time.Time
		f, err := scanFollowed(rows, moment{&at})
		if err != nil {
			return nil, fmt.Errorf("read the due chats: %w", translate(err))
		}
		if !skip[f.chat.ID] {
			due = append(due, store.Due{Chat: f.chat, At: at, Since: f.since})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the due chats: %w", translate(err))
	}
	return due, nil
}

// NextDue implements store.DeliveryReader.
func (r reads) NextDue(ctx context.Context) (time.Time, error) {
	at, err := one(ctx, r, scanMoment, `SELECT min(at) FROM due`)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when a chat is due: %w", err)
	}
	return at, nil
}

// Backlog implements store.DeliveryReader.
func (r reads) Backlog(ctx context.Context, now time.Time) (store.Backlog, error) {
	b, err := one(ctx, r, func(r row) (b store.Backlog, err error) {
		err = r.Scan(&b.Due, &b.Later, moment{&b.Oldest}, &b.Marking, &b.Corrections, &b.Answers)
		return b, err
	}, `SELECT coalesce(sum(m.due_at <= ?1), 0), coalesce(sum(m.due_at > ?1), 0),
		(SELECT min(at) FROM due WHERE at <= ?1),
		EXISTS (SELECT 1 FROM marking),
		(SELECT count(*) FROM correction),
		(SELECT count(*) FROM answer)
		FROM due b CROSS JOIN bookmark m ON `+ofBlock, now.UnixMilli())
	if err != nil {
		return store.Backlog{}, fmt.Errorf("sum up what is owed: %w", err)
	}
	return b, nil
}

// DueChats implements store.DeliveryReader, own changes included.
func (t *tx) DueChats(ctx context.Context, now time.Time, limit int, skip map[int64]bool) ([]store.Due, error) {
	if err := t.tally(ctx); err != nil {
		return nil, err
	}
	return t.reads.DueChats(ctx, now, limit, skip)
}

// NextDue implements store.DeliveryReader, own changes included.
func (t *tx) NextDue(ctx context.Context) (time.Time, error) {
	if err := t.tally(ctx); err != nil {
		return time.Time{}, err
	}
	return t.reads.NextDue(ctx)
}

// Backlog implements store.DeliveryReader, own changes included.
func (t *tx) Backlog(ctx context.Context, now time.Time) (store.Backlog, error) {
	if err := t.tally(ctx); err != nil {
		return store.Backlog{}, err
	}
	return t.reads.Backlog(ctx, now)
}

// MakeDue implements store.DeliveryWriter.
func (t *tx) MakeDue(ctx context.Context, chat int64, at time.Time) error {
	err := t.touch(ctx, chat)
	if err == nil {
		err = t.run(ctx, `UPDATE bookmark SET due_at = ?1 WHERE chat = ?2 AND active = 1 AND (due_at IS NULL OR due_at > ?1)`, at.UnixMilli(), chat)
	}
	if err != nil {
		return fmt.Errorf("make chat %d due: %w", chat, err)
	}
	return nil
}
