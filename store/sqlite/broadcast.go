package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/store"
)

// What a broadcast has sent is kept in the order in which it arrived, some two bytes a message: neighbours are sent one after another and
// Telegram numbers private messages one after another. The newest stand in the row that is written with each settlement anyway, until they
// fill a row of their own.

// tailFull is how many bytes of messages are moved from the tail into a row. A row of the progress and one of these must each fit into a page of 1024.
const tailFull = 640

// packCopies appends copies to packed: per message the distance of the chat and of the id from those of the message before. Each packed
// batch begins at zero, so the last of a tail must be known to go on; see lastOf.
func packCopies(packed []byte, copies []store.Copy) ([]byte, error) {
	chat, message, err := lastOf(packed)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		for _, m := range c.Messages {
			packed = binary.AppendVarint(packed, c.Chat-chat)
			packed = binary.AppendVarint(packed, int64(m)-message)
			chat, message = c.Chat, int64(m)
		}
	}
	return packed, nil
}

func lastOf(packed []byte) (chat, message int64, err error) {
	numbers, err := varints(packed)
	for i, n := range numbers {
		if i%2 == 0 {
			chat += n
		} else {
			message += n
		}
	}
	return chat, message, err
}

func unpackCopies(packed []byte) (copies []store.Copy, err error) {
	numbers, err := varints(packed)
	if err != nil || len(numbers)%2 != 0 {
		return nil, fmt.Errorf("%w: the messages of a broadcast cannot be read", store.ErrDamaged)
	}
	var chat, message int64
	for i := 0; i < len(numbers); i += 2 {
		chat, message = chat+numbers[i], message+numbers[i+1]
		if last := len(copies) - 1; last >= 0 && copies[last].Chat == chat {
			copies[last].Messages = append(copies[last].Messages, int(message))
			continue
		}
		copies = append(copies, store.Copy{Chat: chat, Messages: []int{int(message)}})
	}
	return copies, nil
}

// varints reads a row of signed numbers.
func varints(packed []byte) (numbers []int64, err error) {
	for len(packed) > 0 {
		number, n := binary.Varint(packed)
		if n <= 0 {
			return nil, fmt.Errorf("%w: a row of numbers cannot be read", store.ErrDamaged)
		}
		numbers = append(numbers, number)
		packed = packed[n:]
	}
	return numbers, nil
}

const selectBroadcast = `SELECT b.id, b.state, b.author, b.created_at, b.start_at, b.expires_at, b.started_at, b.ended_at, b.gather_at, b.trial, b.version, b.audience,
	b.kind, b.title, b.album, b.source, b.messages, b.request, b.reason, b.detail, b.by_user, b.screen, b.total,
	p.last, p.cursor, p.delivered, p.deleted, p.kept FROM broadcast b JOIN broadcast_progress p ON p.broadcast = b.id `

func scanBroadcast(r row) (b store.Broadcast, err error) {
	var audience []byte
	p := &b.Progress
	err = r.Scan(&b.ID, &b.State, &b.Author, moment{&b.CreatedAt}, moment{&b.StartAt}, moment{&b.ExpiresAt}, moment{&b.StartedAt}, moment{&b.EndedAt},
		moment{&b.GatherAt}, &b.Trial, &b.Version, &audience, &b.Kind, &b.Title, &b.Album, &b.Source, listed[int]{&b.Messages}, &b.Request,
		&b.Reason, &b.Detail, &b.By, &b.Screen, &b.Total, &p.Last, &p.Cursor, &p.Delivered, &p.Deleted, &p.Kept)
	if err != nil {
		return b, err
	}
	return b, json.Unmarshal(audience, &b.Audience)
}

// Broadcast implements store.BroadcastReader.
func (r reads) Broadcast(ctx context.Context, id int64) (store.Broadcast, error) {
	b, err := one(ctx, r, scanBroadcast, selectBroadcast+`WHERE b.id = ?`, id)
	if err != nil {
		return store.Broadcast{}, fmt.Errorf("read broadcast %d: %w", id, err)
	}
	return b, nil
}

// Broadcasts implements store.BroadcastReader.
func (r reads) Broadcasts(ctx context.Context, limit int) ([]store.Broadcast, error) {
	return r.broadcasts(ctx, `WHERE b.state NOT IN ('composing', 'checking', 'kept') ORDER BY b.id DESC LIMIT ?`, limit)
}

// LiveBroadcasts implements store.BroadcastReader.
func (r reads) LiveBroadcasts(ctx context.Context) ([]store.Broadcast, error) {
	return r.broadcasts(ctx, `WHERE b.state IN ('composing', 'checking', 'ready', 'running', 'deleting') ORDER BY b.id`)
}

func (r reads) broadcasts(ctx context.Context, which string, args ...any) ([]store.Broadcast, error) {
	list, err := all(ctx, r, scanBroadcast, selectBroadcast+which, args...)
	if err != nil {
		return nil, fmt.Errorf("read broadcasts: %w", err)
	}
	return list, nil
}

// Draft implements store.BroadcastReader.
func (r reads) Draft(ctx context.Context, author int64) (store.Broadcast, error) {
	b, err := one(ctx, r, scanBroadcast, selectBroadcast+`WHERE b.state = 'composing' AND b.state IN ('composing', 'checking', 'ready', 'running', 'deleting')
		AND b.author = ? ORDER BY b.id DESC LIMIT 1`, author)
	if err != nil {
		return store.Broadcast{}, fmt.Errorf("read a draft: %w", err)
	}
	return b, nil
}

// audience is the condition that chats of an audience meet, with its arguments.
func audience(a store.Audience, now time.Time) (where string, args []any, err error) {
	where = fmt.Sprintf(`c.state = %d AND c.kind = %d`, slices.Index(states, store.Active), slices.Index(kinds, store.Private))
	switch a.Kind {
	case store.AudienceReaders:
	case store.AudienceTopic:
		where += ` AND EXISTS (SELECT 1 FROM subscription s WHERE s.chat = c.id AND s.category IN (?, ?))`
		args = []any{a.Category, store.Everything}
	case store.AudiencePlaces:
		where = fmt.Sprintf(`c.state = %d AND c.kind <> %d`, slices.Index(states, store.Active), slices.Index(kinds, store.Private))
	case store.AudienceLink:
		where, args = where+` AND c.link = ?`, []any{a.Link}
	case store.AudienceLanguage:
		where, args = where+` AND c.language = ?`, []any{a.Language}
	case store.AudienceSeen:
		first := dayOf(now) - int64(a.Days) + 1
		where, args = where+` AND (c.seen >= ? OR c.joined_at >= ?)`, []any{first, first * secondsADay * 1000}
	default:
		return "", nil, fmt.Errorf("there is no audience %q", a.Kind)
	}
	return where, args, nil
}

// CountAudience implements store.BroadcastReader.
func (r reads) CountAudience(ctx context.Context, a store.Audience, now time.Time) (int, error) {
	where, args, err := audience(a, now)
	if err != nil {
		return 0, fmt.Errorf("count an audience: %w", err)
	}
	n, err := one(ctx, r, value[int], `SELECT count(*) FROM chat c WHERE `+where, args...)
	if err != nil {
		return 0, fmt.Errorf("count an audience: %w", err)
	}
	return n, nil
}

// AudienceChats implements store.BroadcastReader.
func (r reads) AudienceChats(ctx context.Context, a store.Audience, now time.Time, after, last int64, limit int) ([]store.Chat, error) {
	where, args, err := audience(a, now)
	if err != nil {
		return nil, fmt.Errorf("read an audience: %w", err)
	}
	// In the order of the numbers, whatever the planner would think of: the walk is resumed where it stopped.
	chats, err := all(ctx, r, scanChat, selectChat+`WHERE `+where+` AND c.id > ? AND c.id <= ? ORDER BY c.id LIMIT ?`,
		append(args, after, last, limit)...)
	if err != nil {
		return nil, fmt.Errorf("read an audience: %w", err)
	}
	return chats, nil
}

// Misses implements store.BroadcastReader.
func (r reads) Misses(ctx context.Context, broadcast int64) (map[store.Miss]int, error) {
	type count struct {
		why store.Miss
		n   int
	}
	counts, err := all(ctx, r, func(r row) (c count, err error) {
		err = r.Scan(&c.why, &c.n)
		return c, err
	}, `SELECT why, count(*) FROM broadcast_missed WHERE broadcast = ? GROUP BY why`, broadcast)
	if err != nil {
		return nil, fmt.Errorf("count whom broadcast %d missed: %w", broadcast, err)
	}
	misses := make(map[store.Miss]int, len(counts))
	for _, c := range counts {
		misses[c.why] = c.n
	}
	return misses, nil
}

func scanMissed(r row) (m store.Missed, err error) {
	err = r.Scan(&m.Chat, &m.Why, moment{&m.At}, &m.Tries)
	return m, err
}

// MissedChats implements store.BroadcastReader.
func (r reads) MissedChats(ctx context.Context, broadcast int64, why store.Miss, after int64, limit int) ([]store.Missed, error) {
	list, err := all(ctx, r, scanMissed, `SELECT chat, why, at, tries FROM broadcast_missed WHERE broadcast = ? AND why = ? AND chat > ? ORDER BY chat LIMIT ?`,
		broadcast, why, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read whom broadcast %d missed: %w", broadcast, err)
	}
	return list, nil
}

// MissedLater implements store.BroadcastReader.
func (r reads) MissedLater(ctx context.Context, broadcast int64, now time.Time, limit int) (due []store.Missed, next time.Time, err error) {
	list, err := all(ctx, r, scanMissed, `SELECT chat, why, at, tries FROM broadcast_missed WHERE broadcast = ? AND why = 'later' ORDER BY at, chat LIMIT ?`,
		broadcast, limit+1)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read whom broadcast %d is to try again: %w", broadcast, err)
	}
	for _, m := range list {
		if m.At.After(now) || len(due) == limit {
			return due, m.At, nil
		}
		due = append(due, m)
	}
	return due, time.Time{}, nil
}

// BroadcastCopies implements store.BroadcastReader.
func (r reads) BroadcastCopies(ctx context.Context, broadcast, after int64) (store.Copies, error) {
	c, err := one(ctx, r, func(r row) (c store.Copies, err error) {
		var packed []byte
		if err = r.Scan(&c.Number, moment{&c.At}, &packed); err == nil {
			c.Copies, err = unpackCopies(packed)
		}
		return c, err
	}, `SELECT number, at, copies FROM broadcast_sent WHERE broadcast = ? AND number > ? ORDER BY number LIMIT 1`, broadcast, after)
	if err != nil {
		return store.Copies{}, fmt.Errorf("read what broadcast %d has sent: %w", broadcast, err)
	}
	return c, nil
}

// SaveBroadcast implements store.BroadcastWriter.
func (t *tx) SaveBroadcast(ctx context.Context, b *store.Broadcast) error {
	if err := t.saveBroadcast(ctx, b); err != nil {
		return fmt.Errorf("save broadcast %d: %w", b.ID, err)
	}
	return nil
}

func (t *tx) saveBroadcast(ctx context.Context, b *store.Broadcast) error {
	audience, err := json.Marshal(b.Audience)
	if err != nil {
		return err
	}
	messages, err := list(b.Messages)
	if err != nil {
		return err
	}
	if b.ID == 0 {
		b.ID, err = t.insert(ctx, `INSERT INTO broadcast (state, author, created_at, start_at, expires_at, started_at, ended_at, gather_at, trial, version, audience,
				kind, title, album, source, messages, request, reason, detail, by_user, screen, total)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			b.State, b.Author, b.CreatedAt.UnixMilli(), millis(b.StartAt), millis(b.ExpiresAt), millis(b.StartedAt), millis(b.EndedAt), millis(b.GatherAt), b.Trial, b.Version,
			string(audience), b.Kind, b.Title, b.Album, b.Source, messages, b.Request, b.Reason, b.Detail, b.By, b.Screen, b.Total)
		if err != nil {
			return err
		}
		return t.run(ctx, `INSERT INTO broadcast_progress (broadcast, last, cursor, delivered, deleted, kept, tail) VALUES (?, 0, 0, 0, 0, 0, x'')`, b.ID)
	}
	return t.must(ctx, `UPDATE broadcast SET state = ?, created_at = ?, start_at = ?, expires_at = ?, started_at = ?, ended_at = ?, gather_at = ?, trial = ?, version = ?,
			audience = ?, kind = ?, title = ?, album = ?, source = ?, messages = ?, request = ?, reason = ?, detail = ?, by_user = ?, screen = ?, total = ? WHERE id = ?`,
		b.State, b.CreatedAt.UnixMilli(), millis(b.StartAt), millis(b.ExpiresAt), millis(b.StartedAt), millis(b.EndedAt), millis(b.GatherAt), b.Trial, b.Version,
		string(audience), b.Kind, b.Title, b.Album, b.Source, messages, b.Request, b.Reason, b.Detail, b.By, b.Screen, b.Total, b.ID)
}

// StartBroadcast implements store.BroadcastWriter.
func (t *tx) StartBroadcast(ctx context.Context, id int64, now time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE broadcast SET state = 'running', started_at = ?, reason = '', detail = '' WHERE id = ? AND state = 'ready'`, now.UnixMilli(), id)
	if err == nil && n > 0 {
		err = t.run(ctx, `UPDATE broadcast_progress SET cursor = 0, last = (SELECT coalesce(max(id), 0) FROM chat) WHERE broadcast = ?`, id)
	}
	if err != nil {
		return false, fmt.Errorf("start broadcast %d: %w", id, err)
	}
	return n > 0, nil
}

// TurnBroadcast implements store.BroadcastWriter.
func (t *tx) TurnBroadcast(
	ctx context.Context, id int64, from []store.BroadcastState, to store.BroadcastState, now time.Time, reason, detail string, by int64,
) (bool, error) {
	args := []any{to, reason, detail, by, now.UnixMilli(), id}
	for _, s := range from {
		args = append(args, s)
	}
	n, err := t.change(ctx, `UPDATE broadcast SET state = ?1, reason = ?2, detail = ?3, by_user = ?4,
			ended_at = CASE WHEN ?1 IN ('done', 'cancelled') THEN ?5 WHEN ?1 = 'running' THEN NULL ELSE ended_at END
		WHERE id = ?6 AND state IN (?`+strings.Repeat(", ?", max(len(from)-1, 0))+`)`, args...)
	if err == nil && n > 0 && to != store.BroadcastRunning {
		err = t.flushTail(ctx, id, now)
	}
	if err != nil {
		return false, fmt.Errorf("make broadcast %d %s: %w", id, to, err)
	}
	return n > 0, nil
}

// flushTail moves the newest messages into a row of their own.
func (t *tx) flushTail(ctx context.Context, id int64, now time.Time) error {
	n, err := t.change(ctx, `INSERT INTO broadcast_sent (broadcast, number, at, copies)
		SELECT p.broadcast, 1 + coalesce((SELECT max(number) FROM broadcast_sent s WHERE s.broadcast = p.broadcast), 0), ?2, p.tail
		FROM broadcast_progress p WHERE p.broadcast = ?1 AND length(p.tail) > 0`, id, now.UnixMilli())
	if err != nil || n == 0 {
		return err
	}
	return t.run(ctx, `UPDATE broadcast_progress SET tail = x'' WHERE broadcast = ?`, id)
}

// StepBroadcast implements store.BroadcastWriter.
func (t *tx) StepBroadcast(ctx context.Context, s store.BroadcastStep) error {
	if err := t.stepBroadcast(ctx, s); err != nil {
		return fmt.Errorf("record a step of broadcast %d: %w", s.Broadcast, err)
	}
	return nil
}

func (t *tx) stepBroadcast(ctx context.Context, s store.BroadcastStep) error {
	for _, chat := range s.Taken {
		if err := t.run(ctx, `DELETE FROM broadcast_missed WHERE broadcast = ? AND chat = ?`, s.Broadcast, chat); err != nil {
			return err
		}
	}
	for _, m := range s.Missed {
		err := t.run(ctx, `INSERT INTO broadcast_missed (broadcast, chat, why, at, tries) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET why = excluded.why, at = excluded.at, tries = excluded.tries`, s.Broadcast, m.Chat, m.Why, m.At.UnixMilli(), m.Tries)
		if err != nil {
			return err
		}
	}
	for _, number := range s.Emptied {
		if err := t.run(ctx, `DELETE FROM broadcast_sent WHERE broadcast = ? AND number = ?`, s.Broadcast, number); err != nil {
			return err
		}
	}
	tail, err := one(ctx, t.reads, value[[]byte], `SELECT tail FROM broadcast_progress WHERE broadcast = ?`, s.Broadcast)
	if err != nil {
		return err
	}
	if tail, err = packCopies(tail, s.Delivered); err != nil {
		return err
	}
	err = t.run(ctx, `UPDATE broadcast_progress SET cursor = max(cursor, ?), delivered = delivered + ?, deleted = deleted + ?, kept = kept + ?, tail = ? WHERE broadcast = ?`,
		s.Cursor, len(s.Delivered), s.Deleted, s.Kept, tail, s.Broadcast)
	if err != nil || len(tail) < tailFull {
		return err
	}
	return t.flushTail(ctx, s.Broadcast, s.At)
}

// RetryMissed implements store.BroadcastWriter.
func (t *tx) RetryMissed(ctx context.Context, broadcast int64, why []store.Miss, now time.Time) (int, error) {
	reasons, err := list(why)
	if err != nil {
		return 0, err
	}
	n, err := t.change(ctx, `UPDATE broadcast_missed SET why = 'later', at = ?, tries = 0 WHERE broadcast = ? AND why IN (SELECT value FROM json_each(?))`,
		now.UnixMilli(), broadcast, reasons)
	if err != nil {
		return 0, fmt.Errorf("try again whom broadcast %d missed: %w", broadcast, err)
	}
	return int(n), nil
}

// DropBroadcast implements store.BroadcastWriter.
func (t *tx) DropBroadcast(ctx context.Context, id int64) error {
	for _, table := range []string{"broadcast_sent WHERE broadcast", "broadcast_missed WHERE broadcast", "broadcast_progress WHERE broadcast", "schedule WHERE state = 'composing' AND broadcast", "broadcast WHERE id"} {
		if err := t.run(ctx, `DELETE FROM `+table+` = ?`, id); err != nil {
			return fmt.Errorf("drop broadcast %d: %w", id, err)
		}
	}
	return nil
}

// SawChat implements store.BroadcastWriter.
func (t *tx) SawChat(ctx context.Context, telegramID int64, now time.Time) error {
	if err := t.run(ctx, `UPDATE chat SET seen = ?1 WHERE telegram_id = ?2 AND seen < ?1`, dayOf(now), telegramID); err != nil {
		return fmt.Errorf("remember when a person was here: %w", err)
	}
	return nil
}

// pruneBroadcasts deletes what broadcasts have sent so long ago that it cannot be taken back, and drafts that were left lying.
func (t *tx) pruneBroadcasts(ctx context.Context, before time.Time, limit int64) (int64, error) {
	pruned, err := t.change(ctx, `DELETE FROM broadcast_sent WHERE (broadcast, number) IN
		(SELECT broadcast, number FROM broadcast_sent WHERE at < ? LIMIT ?)`, before.UnixMilli(), limit)
	if err != nil {
		return pruned, err
	}
	drafts, err := all(ctx, t.reads, value[int64], `SELECT id FROM broadcast WHERE state = 'composing' AND created_at < ? LIMIT ?`, before.UnixMilli(), limit)
	if err != nil {
		return pruned, err
	}
	for _, id := range drafts {
		if err := t.DropBroadcast(ctx, id); err != nil {
			return pruned, err
		}
	}
	return pruned + int64(len(drafts)), nil
}
