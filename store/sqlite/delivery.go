package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

// DueChats implements store.DeliveryReader.
func (r reads) DueChats(ctx context.Context, now time.Time, limit int, skip map[int64]bool) ([]store.Due, error) {
	rows, err := r.from.QueryContext(ctx, `SELECT `+chatColumns+`, b.due_at FROM bookmark b CROSS JOIN chat c ON c.id = b.chat
		WHERE b.due_at <= ? ORDER BY b.due_at, b.chat LIMIT ?`, now.UnixMilli(), limit+len(skip))
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
	at, err := one(ctx, r, scanMoment, `SELECT min(due_at) FROM bookmark WHERE due_at IS NOT NULL`)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when a chat is due: %w", err)
	}
	return at, nil
}

// Unwelcomed implements store.DeliveryReader.
func (r reads) Unwelcomed(ctx context.Context, limit int, skip map[int64]bool) ([]store.Chat, error) {
	rows, err := r.from.QueryContext(ctx, selectChat+`WHERE b.welcomed = 0 AND b.active = 1 AND c.kind = 0 ORDER BY b.chat DESC LIMIT ?`,
		limit+len(skip))
	if err != nil {
		return nil, fmt.Errorf("read who awaits a welcome: %w", translate(err))
	}
	defer rows.Close()
	var chats []store.Chat
	for len(chats) < limit && rows.Next() {
		c, err := scanChat(rows)
		if err != nil {
			return nil, fmt.Errorf("read who awaits a welcome: %w", translate(err))
		}
		if !skip[c.ID] {
			chats = append(chats, c)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read who awaits a welcome: %w", translate(err))
	}
	return chats, nil
}

// Backlog implements store.DeliveryReader.
func (r reads) Backlog(ctx context.Context, now time.Time) (store.Backlog, error) {
	b, err := one(ctx, r, func(r row) (b store.Backlog, err error) {
		err = r.Scan(&b.Due, moment{&b.Oldest}, &b.Later, &b.Marking, &b.Corrections, &b.Answers)
		return b, err
	}, `SELECT
		(SELECT count(*) FROM bookmark WHERE due_at <= ?1),
		(SELECT min(due_at) FROM bookmark WHERE due_at <= ?1),
		(SELECT count(*) FROM bookmark WHERE due_at > ?1),
		EXISTS (SELECT 1 FROM marking),
		(SELECT count(*) FROM correction),
		(SELECT count(*) FROM answer)`, now.UnixMilli())
	if err != nil {
		return store.Backlog{}, fmt.Errorf("sum up what is owed: %w", err)
	}
	return b, nil
}

// MakeDue implements store.DeliveryWriter.
func (t *tx) MakeDue(ctx context.Context, chat int64, at time.Time) error {
	err := t.run(ctx, `UPDATE bookmark SET due_at = ?1 WHERE chat = ?2 AND active = 1 AND (due_at IS NULL OR due_at > ?1)`, at.UnixMilli(), chat)
	if err != nil {
		return fmt.Errorf("make chat %d due: %w", chat, err)
	}
	return nil
}

// Settle implements store.DeliveryWriter.
func (t *tx) Settle(ctx context.Context, v store.Visit) error {
	if err := t.settle(ctx, v); err != nil {
		return fmt.Errorf("settle chat %d: %w", v.Chat, err)
	}
	return nil
}

func (t *tx) settle(ctx context.Context, v store.Visit) error {
	keep := false
	if v.Next.IsZero() {
		var err error
		if keep, err = t.owedAbove(ctx, v.Chat, v.Upto); err != nil {
			return err
		}
	}
	found, err := t.change(ctx, `UPDATE bookmark SET seq = max(seq, ?2), welcomed = max(welcomed, ?3),
		due_at = CASE WHEN ?5 THEN due_at WHEN active THEN ?4 END WHERE chat = ?1`,
		v.Chat, v.Upto, v.Welcomed || v.Sent != nil, millis(v.Next), keep)
	if err != nil || found == 0 {
		return err // a chat that was forgotten meanwhile has nothing to settle
	}
	if v.Sent != nil {
		if err := t.keepSent(ctx, v.Sent.Post, v.Chat, v.Sent.Message, v.Sent.Photo); err != nil {
			return err
		}
	}
	for _, id := range v.Doubts {
		err := t.run(ctx, `UPDATE doubt SET state = 'mentioned' WHERE id = ? AND chat = ? AND state = 'open'`, id, v.Chat)
		if err != nil {
			return err
		}
	}
	return nil
}

// owedAbove reports whether the log holds news of the chat's categories that came after the visit was planned. The walk that
// makes chats due has passed a chat that was due already, so the visit must not end that.
func (t *tx) owedAbove(ctx context.Context, chat, upto int64) (bool, error) {
	head, err := t.headOfLog(ctx)
	if err != nil || upto >= head {
		return false, err
	}
	return one(ctx, t.reads, value[bool], `SELECT EXISTS (
		SELECT 1 FROM entry e CROSS JOIN article a ON a.id = e.article CROSS JOIN subscription s ON s.chat = ?1
		WHERE e.seq > max(?2, (SELECT seq FROM bookmark WHERE chat = ?1)) AND e.seq > s.since
			AND a.history = 0 AND a.held = 0 AND a.retracted = 0
			AND (s.category = 0 AND e.already = '[]' OR s.category IN (SELECT value FROM json_each(e.categories))))`, chat, upto)
}
