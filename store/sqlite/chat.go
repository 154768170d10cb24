package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkara/harkara/store"
)

// The numbers under which kinds and states are kept; they are in files and never change.
var (
	kinds  = []store.ChatKind{store.Private, store.Group, store.Supergroup, store.Channel}
	states = []store.ChatState{store.Active, store.Paused, store.Stopped, store.Blocked, store.Unpostable, store.Gone}
)

const chatColumns = `c.id, c.telegram_id, c.kind, c.state, c.link, c.joined_at, c.state_at, c.language, c.title, c.username, c.reason, c.prefs, c.seen,
	b.seq, b.alerted, b.welcomed, (SELECT group_concat(category || ':' || since, ' ') FROM subscription WHERE chat = c.id)`

const selectChat = `SELECT ` + chatColumns + ` FROM chat c JOIN bookmark b ON b.chat = c.id `

// One chat is looked up by way of a subquery: a parameter that is compared where bookmark's partial indexes could matter makes
// SQLite plan the statement anew with every new value (measured: 57 µs a read instead of 9).
const (
	whereChat     = `WHERE c.id = (SELECT id FROM chat WHERE telegram_id = ?)`
	whereChatByID = `WHERE c.id = (SELECT id FROM chat WHERE id = ?)`
)

// followed is a chat with the numbers of the log from which on it follows its categories.
type followed struct {
	chat  store.Chat
	since map[int64]int64
}

func scanFollowed(r row, more ...any) (f followed, err error) {
	var kind, state int
	var prefs []byte
	var following *string
	c := &f.chat
	err = r.Scan(append([]any{
		&c.ID, &c.TelegramID, &kind, &state, &c.Link,
		moment{&c.JoinedAt},
		moment{&c.StateAt},
		&c.Language, &c.Title,
		&c.Username, &c.StateReason, &prefs,
		day{&c.Seen},
		&c.Bookmark, &c.Alerted, &c.Welcomed, &following,
	}, more...)...)
	if err != nil {
		return f, err
	}
	if kind >= len(kinds) || state >= len(states) {
		return f, fmt.Errorf("%w: chat %d has kind %d and state %d", store.ErrDamaged, c.ID, kind, state)
	}
	c.Kind, c.State = kinds[kind], states[state]
	if prefs != nil {
		if err := json.Unmarshal(prefs, &c.Prefs); err != nil {
			return f, fmt.Errorf("read the wishes of chat %d: %w", c.ID, err)
		}
	}
	f.since = map[int64]int64{}
	if following != nil {
		for one := range strings.FieldsSeq(*following) {
			category, since, _ := strings.Cut(one, ":")
			c64, err1 := strconv.ParseInt(category, 10, 64)
			s64, err2 := strconv.ParseInt(since, 10, 64)
			if err := errors.Join(err1, err2); err != nil {
				return f, fmt.Errorf("read what chat %d follows: %w", c.ID, err)
			}
			if c64 != store.Words {
				c.Categories = append(c.Categories, c64)
			}
			f.since[c64] = s64
		}
		slices.Sort(c.Categories)
	}
	return f, nil
}

func scanChat(r row) (store.Chat, error) {
	f, err := scanFollowed(r)
	return f.chat, err
}

// Chat implements store.ChatReader.
func (r reads) Chat(ctx context.Context, telegramID int64) (store.Chat, error) {
	c, err := one(ctx, r, scanChat, selectChat+whereChat, telegramID)
	if err != nil {
		return store.Chat{}, fmt.Errorf("read Telegram's chat %d: %w", telegramID, err)
	}
	return c, nil
}

// KnownChats implements store.ChatReader.
func (r reads) KnownChats(ctx context.Context, telegramIDs []int64) (map[int64]bool, error) {
	asked, err := list(telegramIDs)
	if err != nil {
		return nil, fmt.Errorf("look for %d chats: %w", len(telegramIDs), err)
	}
	found, err := all(ctx, r, value[int64], `SELECT telegram_id FROM chat WHERE telegram_id IN (SELECT value FROM json_each(?))`, asked)
	if err != nil {
		return nil, fmt.Errorf("look for %d chats: %w", len(telegramIDs), err)
	}
	known := make(map[int64]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	return known, nil
}

// ChatByID implements store.ChatReader.
func (r reads) ChatByID(ctx context.Context, id int64) (store.Chat, error) {
	c, err := one(ctx, r, scanChat, selectChat+whereChatByID, id)
	if err != nil {
		return store.Chat{}, fmt.Errorf("read chat %d: %w", id, err)
	}
	return c, nil
}

// CountChats implements store.ChatReader.
func (r reads) CountChats(ctx context.Context) (map[store.ChatKind]map[store.ChatState]int, error) {
	counts, err := all(ctx, r, func(r row) (n [3]int, err error) {
		err = r.Scan(&n[0], &n[1], &n[2])
		return n, err
	}, `SELECT kind, state, count(*) FROM chat GROUP BY kind, state`)
	if err != nil {
		return nil, fmt.Errorf("count the chats: %w", err)
	}
	counted := map[store.ChatKind]map[store.ChatState]int{}
	for _, n := range counts {
		kind, state := kinds[n[0]], states[n[1]]
		if counted[kind] == nil {
			counted[kind] = map[store.ChatState]int{}
		}
		counted[kind][state] = n[2]
	}
	return counted, nil
}

// Places implements store.ChatReader.
func (r reads) Places(ctx context.Context, state store.ChatState, limit int) ([]store.Chat, error) {
	chats, err := all(ctx, r, scanChat, selectChat+`WHERE c.kind <> 0 AND c.state = ? ORDER BY c.id LIMIT ?`, slices.Index(states, state), limit)
	if err != nil {
		return nil, fmt.Errorf("read groups and channels: %w", err)
	}
	return chats, nil
}

// ManagedChats implements store.ChatReader.
func (r reads) ManagedChats(ctx context.Context, user int64) ([]store.Chat, error) {
	chats, err := all(ctx, r, scanChat, selectChat+`JOIN manager m ON m.chat = c.id WHERE m.user = ? ORDER BY m.at DESC, c.id DESC`, user)
	if err != nil {
		return nil, fmt.Errorf("read the chats a user manages: %w", err)
	}
	return chats, nil
}

// Managers implements store.ChatReader.
func (r reads) Managers(ctx context.Context, chat int64) ([]int64, error) {
	users, err := all(ctx, r, value[int64], `SELECT user FROM manager WHERE chat = ? ORDER BY at DESC, user DESC`, chat)
	if err != nil {
		return nil, fmt.Errorf("read the managers of chat %d: %w", chat, err)
	}
	return users, nil
}

// SaveChat implements store.ChatWriter.
func (t *tx) SaveChat(ctx context.Context, c *store.Chat) error {
	if err := t.saveChat(ctx, c); err != nil {
		return fmt.Errorf("save Telegram's chat %d: %w", c.TelegramID, err)
	}
	return nil
}

func (t *tx) saveChat(ctx context.Context, c *store.Chat) error {
	if c.State == "" {
		c.State = store.Active
	}
	kind, state := slices.Index(kinds, c.Kind), slices.Index(states, c.State)
	if kind < 0 || state < 0 {
		return fmt.Errorf("there is no kind %q or no state %q of chats", c.Kind, c.State)
	}
	var prefs any
	if !reflect.ValueOf(c.Prefs).IsZero() {
		text, err := json.Marshal(c.Prefs)
		if err != nil {
			return err
		}
		prefs = string(text)
	}
	if c.ID == 0 {
		if err := t.takeIn(ctx, c, kind, state, prefs); err != nil || len(c.Prefs.Follow) == 0 {
			return err
		}
		return t.followWords(ctx, c)
	}
	head, err := t.headOfLog(ctx)
	if err != nil {
		return err
	}
	delete(t.newcomers.unknown, c.TelegramID)
	before, err := t.membershipOf(ctx, c.ID)
	if err != nil {
		return err
	}
	err = t.must(ctx, `UPDATE chat SET telegram_id = ?, kind = ?, state = ?, link = ?, joined_at = ?, state_at = ?, language = ?, title = ?,
		username = ?, reason = ?, prefs = ? WHERE id = ?`,
		c.TelegramID, kind, state, c.Link, millis(c.JoinedAt), millis(c.StateAt), c.Language, c.Title, c.Username, c.StateReason, prefs, c.ID)
	if err != nil {
		return err
	}
	after := before
	after.reader, after.link = isReader(c.Kind, c.State), c.Link
	t.gathered.becomes(before, after, wayOut(c.State))
	if err := t.followWords(ctx, c); err != nil {
		return err
	}
	if c.State != store.Active {
		if err := t.touch(ctx, c.ID); err != nil {
			return err
		}
		return t.run(ctx, `UPDATE bookmark SET active = 0, due_at = NULL WHERE chat = ? AND active = 1`, c.ID)
	}
	revived, err := t.change(ctx, `UPDATE bookmark SET active = 1, seq = ? WHERE chat = ? AND active = 0`, head, c.ID)
	if err == nil && revived > 0 {
		c.Bookmark = head
	}
	return err
}

// Subscribe implements store.ChatWriter.
func (t *tx) Subscribe(ctx context.Context, chat int64, categories []int64) error {
	if err := t.subscribe(ctx, chat, ascending(categories)); err != nil {
		return fmt.Errorf("subscribe chat %d: %w", chat, err)
	}
	return nil
}

func (t *tx) subscribe(ctx context.Context, chat int64, categories []int64) error {
	if _, err := one(ctx, t.reads, value[int64], `SELECT chat FROM bookmark WHERE chat = ?`, chat); err != nil {
		return err
	}
	before, err := t.membershipOf(ctx, chat)
	if err != nil {
		return err
	}
	wanted, err := list(categories)
	if err != nil {
		return err
	}
	err = t.run(ctx, `DELETE FROM subscription WHERE chat = ? AND category >= 0 AND category NOT IN (SELECT value FROM json_each(?))`,
		chat, wanted)
	if err != nil {
		return err
	}
	if err := t.follow(ctx, chat, categories); err != nil {
		return err
	}
	after := before
	after.categories = categories
	t.gathered.becomes(before, after, byUnfollowing)
	return nil
}

// follow adds categories to those the chat follows.
func (t *tx) follow(ctx context.Context, chat int64, categories []int64) error {
	head, err := t.headOfLog(ctx)
	if err != nil {
		return err
	}
	for _, c := range categories {
		err := t.run(ctx, `INSERT INTO subscription (chat, category, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, chat, c, head)
		if err != nil {
			return err
		}
	}
	return nil
}

// followWords makes every article concern the chat while it follows words or single feeds: whether they stand in it, or bring it, is seen
// when it is visited.
func (t *tx) followWords(ctx context.Context, c *store.Chat) error {
	if len(c.Prefs.Follow) > 0 || len(c.Prefs.Feeds) > 0 {
		return t.follow(ctx, c.ID, []int64{store.Words})
	}
	return t.run(ctx, `DELETE FROM subscription WHERE chat = ? AND category = ?`, c.ID, store.Words)
}

// MoveChat implements store.ChatWriter.
func (t *tx) MoveChat(ctx context.Context, from, to int64) error {
	if err := t.moveChat(ctx, from, to); err != nil {
		return fmt.Errorf("move Telegram's chat %d to %d: %w", from, to, err)
	}
	return nil
}

func (t *tx) moveChat(ctx context.Context, from, to int64) error {
	old, err := t.Chat(ctx, from)
	if errors.Is(err, store.ErrNotFound) {
		_, err = t.Chat(ctx, to) // it was moved before
		return err
	}
	if err != nil {
		return err
	}
	if from == to {
		return nil
	}
	// Messages of the old group have no number in the new one, where theirs belong to other messages.
	if err := t.forgetSent(ctx, old.ID); err != nil {
		return err
	}
	known, err := t.Chat(ctx, to)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil {
		if err := t.absorb(ctx, &old, known); err != nil {
			return err
		}
	}
	old.TelegramID, old.Kind = to, store.Supergroup
	return t.saveChat(ctx, &old)
}

// absorb makes the chat that is known under the new id a part of the old one.
func (t *tx) absorb(ctx context.Context, old *store.Chat, known store.Chat) error {
	// A wish to be left alone stands; beyond that, the newer chat is the one that lives.
	if old.State != store.Paused && old.State != store.Stopped || known.State != store.Active {
		old.State, old.StateReason, old.StateAt = known.State, known.StateReason, known.StateAt
	}
	old.Title, old.Username = known.Title, known.Username
	if err := t.moveSent(ctx, known.ID, old.ID); err != nil {
		return err
	}
	if err := t.touch(ctx, old.ID); err != nil {
		return err
	}
	for _, step := range []string{
		`INSERT INTO manager (chat, user, at) SELECT ?1, user, at FROM manager WHERE chat = ?2
			ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`,
		`UPDATE doubt SET chat = ?1 WHERE chat = ?2`,
		`INSERT INTO withdrawal (chat, article, at) SELECT ?1, article, at FROM withdrawal WHERE chat = ?2 ON CONFLICT DO NOTHING`,
		`UPDATE OR REPLACE correction SET chat = ?1, after = ?1 - 1 WHERE chat = ?2`,
		`UPDATE bookmark SET welcomed = max(welcomed, (SELECT welcomed FROM bookmark WHERE chat = ?2)) WHERE chat = ?1`,
		`UPDATE bookmark SET due_at = (SELECT due_at FROM bookmark WHERE chat = ?2)
			WHERE chat = ?1 AND active = 1 AND coalesce(due_at > (SELECT due_at FROM bookmark WHERE chat = ?2), due_at IS NULL)`,
	} {
		if err := t.run(ctx, step, old.ID, known.ID); err != nil {
			return err
		}
	}
	return t.erase(ctx, known.ID, byGoing)
}

// Manage implements store.ChatWriter.
func (t *tx) Manage(ctx context.Context, chat, user int64, at time.Time) error {
	err := t.run(ctx, `INSERT INTO manager (chat, user, at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`,
		chat, user, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("remember who manages chat %d: %w", chat, err)
	}
	return nil
}

// Unmanage implements store.ChatWriter.
func (t *tx) Unmanage(ctx context.Context, chat, user int64) error {
	if err := t.run(ctx, `DELETE FROM manager WHERE chat = ? AND user = ?`, chat, user); err != nil {
		return fmt.Errorf("forget who manages chat %d: %w", chat, err)
	}
	return nil
}

// ForgetChat implements store.ChatWriter.
func (t *tx) ForgetChat(ctx context.Context, chat int64) error {
	if err := t.forgetChat(ctx, chat); err != nil {
		return fmt.Errorf("forget chat %d: %w", chat, err)
	}
	return nil
}

func (t *tx) forgetChat(ctx context.Context, chat int64) error {
	if err := t.forgetSent(ctx, chat); err != nil {
		return err
	}
	for _, step := range []string{
		`DELETE FROM answer WHERE telegram_id = (SELECT telegram_id FROM chat WHERE id = ?1)`,
		`DELETE FROM broadcast WHERE state = 'composing' AND author = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE broadcast SET author = 0, source = 0, screen = 0 WHERE author = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		// What was to be copied from his chat goes with it; what the bot writes itself goes on.
		`UPDATE schedule SET state = 'cancelled' WHERE author = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)
			AND broadcast NOT IN (SELECT id FROM broadcast WHERE messages = '[]')`,
		`UPDATE schedule SET author = 0 WHERE author = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE schedule SET asked = 0 WHERE asked = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE broadcast SET by_user = 0 WHERE by_user = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		// The id of a private chat is its person's.
		`DELETE FROM manager WHERE user = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`DELETE FROM editor WHERE user = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE approval SET by = -1, name = '' WHERE by = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE approval SET desk = 0, card = 0 WHERE desk = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE event SET by = -1, name = '' WHERE by = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE event SET about = -1, object = '' WHERE about = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE link SET created_by = 0 WHERE created_by = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`UPDATE breaking SET by = 0 WHERE by = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`DELETE FROM vote WHERE voter = (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0)`,
		`DELETE FROM setting WHERE key LIKE '%:' || (SELECT telegram_id FROM chat WHERE id = ?1 AND kind = 0) AND key NOT LIKE 'pinned:%'`,
		// That there was a doubt stays in the count; whose it was does not.
		`UPDATE doubt SET state = 'skipped' WHERE chat = ?1 AND state = 'open'`,
		`UPDATE doubt SET chat = 0, post = 0, upto = 0 WHERE chat = ?1`,
	} {
		if err := t.run(ctx, step, chat); err != nil {
			return err
		}
	}
	return t.erase(ctx, chat, byForgetting)
}

// erase deletes the rows that belong to the chat alone.
func (t *tx) erase(ctx context.Context, chat int64, out way) error {
	before, err := t.membershipOf(ctx, chat)
	if err != nil {
		return err
	}
	t.gathered.becomes(before, membership{}, out)
	if err := t.touch(ctx, chat); err != nil {
		return err
	}
	for _, step := range []string{
		`DELETE FROM subscription WHERE chat = ?`,
		`DELETE FROM saved WHERE chat = ?`,
		`DELETE FROM guard WHERE chat = ?`,
		`DELETE FROM withdrawal WHERE chat = ?`,
		`DELETE FROM broadcast_missed WHERE chat = ?`,
		`DELETE FROM manager WHERE chat = ?`,
		`DELETE FROM bookmark WHERE chat = ?`,
		`DELETE FROM chat WHERE id = ?`,
	} {
		if err := t.run(ctx, step, chat); err != nil {
			return err
		}
	}
	return nil
}
