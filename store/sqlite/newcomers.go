package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

// A link that is shared brings readers in crowds. The rows of people whom KnownChats has not found, so that nothing can be in their way,
// wait until the transaction runs another statement or ends, and are then inserted together (measured with a hundred readers after
// 50 ms of idleness: 0.9 ms instead of 1.6).

// newcomers are chats that are not kept yet.
type newcomers struct {
	// unknown are Telegram's ids that are those of no chat.
	unknown map[int64]bool
	// last is the highest number a chat was ever given, once numbered is set.
	last     int64
	numbered bool
	// The rows that wait to be inserted.
	chats, bookmarks, subscriptions []any
}

// KnownChats implements store.ChatReader.
func (t *tx) KnownChats(ctx context.Context, telegramIDs []int64) (map[int64]bool, error) {
	known, err := t.reads.KnownChats(ctx, telegramIDs)
	if err != nil {
		return nil, err
	}
	t.newcomers.unknown = make(map[int64]bool, len(telegramIDs))
	for _, id := range telegramIDs {
		t.newcomers.unknown[id] = !known[id]
	}
	return known, nil
}

// takeIn keeps a chat that has no number yet.
func (t *tx) takeIn(ctx context.Context, c *store.Chat, kind, state int, prefs any) error {
	head, err := t.headOfLog(ctx)
	if err != nil {
		return err
	}
	n := &t.newcomers
	if !n.numbered {
		n.last, err = orZero(one(ctx, t.reads, value[int64], `SELECT seq FROM sqlite_sequence WHERE name = 'chat'`))
		if err != nil {
			return err
		}
		n.numbered = true
	}
	if !n.unknown[c.TelegramID] {
		// It may be kept already; then the error is to be this chat's alone.
		if err := t.session.ready(ctx); err != nil {
			return err
		}
	}
	id, categories := n.last+1, ascending(c.Categories)
	n.chats = append(n.chats, id, c.TelegramID, kind, state, c.Link, millis(c.JoinedAt), millis(c.StateAt),
		c.Language, c.Title, c.Username, c.StateReason, prefs)
	n.bookmarks = append(n.bookmarks, id, head, c.State == store.Active, c.Welcomed)
	for _, category := range categories {
		n.subscriptions = append(n.subscriptions, id, category, head)
	}
	if n.unknown[c.TelegramID] {
		n.unknown[c.TelegramID] = false
		t.session.late = t.settleIn
	} else if err := t.settleIn(ctx); err != nil {
		return err
	}
	n.last = id
	c.ID, c.Bookmark, c.Categories = id, head, categories
	t.gathered.becomes(membership{}, membership{reader: isReader(c.Kind, c.State), link: c.Link, categories: categories}, 0)
	return nil
}

// settleIn inserts what waits.
func (t *tx) settleIn(ctx context.Context) error {
	n := &t.newcomers
	chats, bookmarks, subscriptions := n.chats, n.bookmarks, n.subscriptions
	n.chats, n.bookmarks, n.subscriptions = nil, nil, nil
	for _, table := range []struct {
		columns string
		values  []any
	}{
		{"chat (id, telegram_id, kind, state, link, joined_at, state_at, language, title, username, reason, prefs)", chats},
		{"bookmark (chat, seq, active, welcomed)", bookmarks},
		{"subscription (chat, category, since)", subscriptions},
	} {
		if err := t.insertRows(ctx, table.columns, table.values, ""); err != nil {
			return fmt.Errorf("take in %d chats: %w", len(bookmarks)/4, err)
		}
	}
	return nil
}
