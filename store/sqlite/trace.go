package sqlite

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/harkara/harkara/store"
)

// tracedIn says where persons are named: ?1 is Telegram's id of the person, ?2 our id of the private chat. Messages of news and of announcements are packed
// and stand apart (see tracesSent). Answers are left out: they are gone in a moment, and the one that carries these traces would carry those of before. A
// test holds this against the tables there are.
var tracedIn = []struct{ table, where string }{
	{"approval", `by = ?1 OR desk = ?1`},
	{"bookmark", `chat = ?2`},
	{"breaking", `by = ?1`},
	{"broadcast", `author = ?1 OR by_user = ?1`},
	{"broadcast_missed", `chat = ?2`},
	{"chat", `id = ?2`},
	{"doubt", `chat = ?2`},
	{"editor", `user = ?1`},
	{"event", `by = ?1 OR about = ?1`},
	{"link", `created_by = ?1`},
	{"manager", `user = ?1`},
	{"saved", `chat = ?2`},
	{"schedule", `author = ?1 OR asked = ?1`},
	{"setting", settingsOf},
	{"subscription", `chat = ?2`},
	{"vote", `voter = ?1`},
}

// settingsOf are the settings whose key ends with the person's id (see store.SettingWriter); what is pinned goes by our id of a group or channel.
const settingsOf = `key LIKE '%:' || ?1 AND key NOT LIKE 'pinned:%'`

// Traces implements store.TraceReader.
func (r reads) Traces(ctx context.Context, person int64) (traces []store.Trace, err error) {
	err = r.together(ctx, func(r reads) error {
		// A person who has no chat can have voted in a channel.
		chat, err := orZero(one(ctx, r, value[int64], `SELECT id FROM chat WHERE telegram_id = ? AND kind = 0`, person))
		if err != nil {
			return err
		}
		for _, in := range tracedIn {
			rows, err := r.traces(ctx, in.table, in.where, person, chat)
			if err != nil {
				return fmt.Errorf("%s: %w", in.table, err)
			}
			traces = append(traces, rows...)
		}
		if chat == 0 {
			return nil
		}
		sent, err := r.tracesSent(ctx, chat)
		traces = append(traces, sent...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is kept of person %d: %w", person, err)
	}
	return traces, nil
}

// traces reads rows of a table whatever its columns.
func (r reads) traces(ctx context.Context, table, where string, person, chat int64) (traces []store.Trace, err error) {
	rows, err := r.from.QueryContext(ctx, `SELECT * FROM `+table+` WHERE `+where, person, chat)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, translate(err)
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return nil, translate(err)
		}
		fields := make(map[string]any, len(columns))
		for i, column := range columns {
			fields[column] = values[i]
			if bytes, packed := values[i].([]byte); packed && utf8.Valid(bytes) {
				fields[column] = string(bytes)
			}
		}
		traces = append(traces, store.Trace{Kind: table, Fields: fields})
	}
	return traces, translate(rows.Err())
}

// tracesSent are the messages that the chat was sent: news, and announcements.
func (r reads) tracesSent(ctx context.Context, chat int64) (traces []store.Trace, err error) {
	err = r.ofChat(ctx, chat, func(s store.Sent) bool {
		traces = append(traces, store.Trace{Kind: "sent", Fields: map[string]any{"post": s.Post, "message": int64(s.Message), "photo": s.Photo}})
		return false
	})
	if err != nil {
		return nil, err
	}
	batches, err := all(ctx, r, func(r row) (b broadcastBatch, err error) {
		var packed []byte
		if err = r.Scan(&b.broadcast, &packed); err == nil {
			b.copies, err = unpackCopies(packed)
		}
		return b, err
	}, `SELECT broadcast, copies FROM broadcast_sent UNION ALL SELECT broadcast, tail FROM broadcast_progress WHERE length(tail) > 0 ORDER BY broadcast`)
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		i := slices.IndexFunc(b.copies, func(c store.Copy) bool { return c.Chat == chat })
		if i >= 0 {
			traces = append(traces, store.Trace{Kind: "broadcast_sent", Fields: map[string]any{"broadcast": b.broadcast, "messages": b.copies[i].Messages}})
		}
	}
	return traces, nil
}

// broadcastBatch is a batch of the messages of an announcement.
type broadcastBatch struct {
	broadcast int64
	copies    []store.Copy
}
