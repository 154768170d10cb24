package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

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
	alarm := false
	if v.Head != 0 && !v.Next.IsZero() {
		var err error
		if alarm, err = t.brokeAfter(ctx, v.Head); err != nil {
			return err
		}
	}
	if err := t.touch(ctx, v.Chat); err != nil {
		return err
	}
	found, err := t.change(ctx, `UPDATE bookmark SET seq = max(seq, ?2), welcomed = max(welcomed, ?3),
		alerted = max(alerted, ?6), due_at = CASE WHEN ?5 OR ?7 AND due_at < ?4 THEN due_at WHEN active THEN ?4 END WHERE chat = ?1`,
		v.Chat, v.Upto, v.Welcomed || v.Sent != nil, millis(v.Next), keep, v.Alerted, alarm)
	if err != nil || found == 0 {
		return err // a chat that was forgotten meanwhile has nothing to settle
	}
	if v.Sent != nil {
		t.gathered.carried(v.Sent.Post, carrying{sent: 1})
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
			AND (s.category <= 0 AND e.already = '[]' OR s.category IN (SELECT value FROM json_each(e.categories))))`, chat, upto)
}
