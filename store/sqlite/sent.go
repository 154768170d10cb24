package sqlite

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/harkara/harkara/store"
)

// Sent messages are kept per post and block of neighbouring chats: a few bytes each, and the settlement of a hundred neighbours
// touches a page or two. A row of their own and an index by chat would cost tens of bytes and a page for every few messages.

// message is a message of a block.
type message struct {
	place byte // of the chat in its block
	photo bool
	id    int64
}

const photoBit = 1 << 6

func (m message) sent(post, number int64) store.Sent {
	return store.Sent{Post: post, Chat: number*blockSize + int64(m.place), Message: int(m.id), Photo: m.photo}
}

func packMessages(messages []message) []byte {
	packed := make([]byte, 0, 5*len(messages))
	for _, m := range messages {
		first := m.place
		if m.photo {
			first |= photoBit
		}
		packed = binary.AppendVarint(append(packed, first), m.id)
	}
	return packed
}

func unpackMessages(packed []byte) (messages []message, err error) {
	messages = make([]message, 0, len(packed)/4+1)
	for len(packed) > 0 {
		id, n := binary.Varint(packed[1:])
		if n <= 0 {
			return nil, fmt.Errorf("%w: sent messages cannot be read", store.ErrDamaged)
		}
		messages = append(messages, message{place: packed[0] &^ photoBit, photo: packed[0]&photoBit != 0, id: id})
		packed = packed[1+n:]
	}
	return messages, nil
}

func byPlace(a, b message) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.id, b.id)) }

// copies is one row: the messages of a post in a block.
type copies struct {
	post, block int64
	messages    []message
}

func scanCopies(r row, more ...any) (c copies, err error) {
	var packed []byte
	if err = r.Scan(append([]any{&c.post, &c.block, &packed}, more...)...); err != nil {
		return c, err
	}
	c.messages, err = unpackMessages(packed)
	return c, err
}

const selectCopies = `SELECT post, block, copies FROM sent `

const selectPost = `SELECT p.id, p.shape, p.articles, p.mentions, p.at`

func scanPost(r row, more ...any) (p store.Post, err error) {
	err = r.Scan(append([]any{&p.ID, &p.Shape, listed[int64]{&p.Articles}, listed[int64]{&p.Mentions}, moment{&p.At}}, more...)...)
	return p, err
}

// Post implements store.SentReader.
func (r reads) Post(ctx context.Context, id int64) (store.Post, error) {
	p, err := one(ctx, r, func(r row) (store.Post, error) { return scanPost(r) }, selectPost+` FROM post p WHERE p.id = ?`, id)
	if err != nil {
		return store.Post{}, fmt.Errorf("read post %d: %w", id, err)
	}
	return p, nil
}

// SentCopies implements store.SentReader.
func (r reads) SentCopies(ctx context.Context, post, after int64, limit int) ([]store.Sent, error) {
	first, _ := block(after + 1)
	// A row holds at least one message, so limit rows hold enough, and one more for what lies up to after.
	rows, err := r.from.QueryContext(ctx, selectCopies+`WHERE post = ? AND block >= ? ORDER BY block LIMIT ?`, post, first, limit+1)
	if err != nil {
		return nil, fmt.Errorf("read the copies of post %d: %w", post, translate(err))
	}
	defer rows.Close()
	var sent []store.Sent
	for rows.Next() {
		c, err := scanCopies(rows)
		if err != nil {
			return nil, fmt.Errorf("read the copies of post %d: %w", post, translate(err))
		}
		for _, m := range c.messages {
			s := m.sent(c.post, c.block)
			if s.Chat <= after {
				continue
			}
			// A chat's copies are listed together: who goes on after the last chat listed would miss the rest.
			if len(sent) >= limit && s.Chat != sent[len(sent)-1].Chat {
				return sent, nil
			}
			sent = append(sent, s)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the copies of post %d: %w", post, translate(err))
	}
	return sent, nil
}

// ofChat visits what was sent to the chat, the newest post first, until found returns true.
func (r reads) ofChat(ctx context.Context, chat int64, found func(store.Sent) bool) error {
	number, place := block(chat)
	rows, err := r.from.QueryContext(ctx, selectCopies+`WHERE block = ? ORDER BY post DESC`, number)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		c, err := scanCopies(rows)
		if err != nil {
			return translate(err)
		}
		for _, m := range c.messages {
			if m.place == place && found(m.sent(c.post, c.block)) {
				return nil
			}
		}
	}
	return translate(rows.Err())
}

// SentMessage implements store.SentReader.
func (r reads) SentMessage(ctx context.Context, chat int64, message int) (store.Sent, error) {
	var sent *store.Sent
	err := r.ofChat(ctx, chat, func(s store.Sent) bool {
		if s.Message == message {
			sent = &s
		}
		return sent != nil
	})
	if err == nil && sent == nil {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Sent{}, fmt.Errorf("read message %d of chat %d: %w", message, chat, err)
	}
	return *sent, nil
}

// LastSent implements store.SentReader.
func (r reads) LastSent(ctx context.Context, chat int64) (store.Sent, error) {
	var last *store.Sent
	err := r.ofChat(ctx, chat, func(s store.Sent) bool {
		if last == nil || s.Message > last.Message {
			last = &s
		}
		return false
	})
	if err == nil && last == nil {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Sent{}, fmt.Errorf("read the last message of chat %d: %w", chat, err)
	}
	return *last, nil
}

// SentTo implements store.SentReader.
func (r reads) SentTo(ctx context.Context, chat int64, limit int) ([]store.Sent, error) {
	var sent []store.Sent
	err := r.ofChat(ctx, chat, func(s store.Sent) bool {
		if len(sent) < limit {
			sent = append(sent, s)
		}
		return len(sent) >= limit
	})
	if err != nil {
		return nil, fmt.Errorf("read the messages of chat %d: %w", chat, err)
	}
	return sent, nil
}

// SentOfStory implements store.SentReader.
func (r reads) SentOfStory(ctx context.Context, chat, story int64) (store.Sent, error) {
	number, place := block(chat)
	type found struct {
		copies
		alone bool
	}
	scan := func(r row) (f found, err error) {
		f.copies, err = scanCopies(r, &f.alone)
		return f, err
	}
	rows, err := all(ctx, r, scan, `SELECT s.post, s.block, s.copies, json_array_length(p.articles) = 1 FROM article a CROSS JOIN post_article i ON i.article = a.id
		CROSS JOIN post p ON p.id = i.post CROSS JOIN sent s ON s.post = p.id AND s.block = ?
		WHERE a.story = ? AND a.retracted = 0 AND i.mention = 0`, number, story)
	if err != nil {
		return store.Sent{}, fmt.Errorf("read the messages of story %d in chat %d: %w", story, chat, err)
	}
	var last *store.Sent
	alone := false
	for _, c := range rows {
		for _, m := range c.messages {
			if m.place != place || last != nil && (alone && !c.alone || alone == c.alone && m.id < int64(last.Message)) {
				continue
			}
			s := m.sent(c.post, c.block)
			last, alone = &s, c.alone
		}
	}
	if last == nil {
		return store.Sent{}, fmt.Errorf("read the messages of story %d in chat %d: %w", story, chat, store.ErrNotFound)
	}
	return *last, nil
}

// Corrections implements store.SentReader.
func (r reads) Corrections(ctx context.Context, limit int) ([]store.Correction, error) {
	corrections, err := all(ctx, r, func(r row) (c store.Correction, err error) {
		c.Post, err = scanPost(r, &c.Chat, &c.After, moment{&c.Since})
		return c, err
	}, selectPost+`, c.chat, c.after, c.since FROM correction c JOIN post p ON p.id = c.post ORDER BY c.since, c.post, c.chat LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what awaits correction: %w", err)
	}
	return corrections, nil
}

// SavePost implements store.SentWriter.
func (t *tx) SavePost(ctx context.Context, p *store.Post) error {
	if err := t.savePost(ctx, p); err != nil {
		return fmt.Errorf("save a post: %w", err)
	}
	return nil
}

func (t *tx) savePost(ctx context.Context, p *store.Post) error {
	articles, err := list(p.Articles)
	if err != nil {
		return err
	}
	mentions, err := list(p.Mentions)
	if err != nil {
		return err
	}
	hash := int64(xxhash.Sum64String(string(p.Shape) + articles + mentions))
	id, err := one(ctx, t.reads, value[int64], `SELECT id FROM post WHERE hash = ? AND shape = ? AND articles = ? AND mentions = ?`,
		hash, p.Shape, articles, mentions)
	if err == nil {
		p.ID = id
		return nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	id, err = t.insert(ctx, `INSERT INTO post (shape, articles, mentions, at, hash) VALUES (?, ?, ?, ?, ?)`,
		p.Shape, articles, mentions, p.At.UnixMilli(), hash)
	if err != nil {
		return err
	}
	p.ID = id
	for mention, shown := range [][]int64{p.Articles, p.Mentions} {
		for _, article := range shown {
			err := t.run(ctx, `INSERT INTO post_article (article, post, mention) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, article, id, mention)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// AddSent implements store.SentWriter.
func (t *tx) AddSent(ctx context.Context, s store.Sent) error {
	known, err := t.change(ctx, `UPDATE bookmark SET welcomed = 1 WHERE chat = ?`, s.Chat)
	if err == nil && known > 0 {
		t.gathered.carried(s.Post, carrying{sent: 1})
		err = t.keepSent(ctx, s.Post, s.Chat, s.Message, s.Photo)
	}
	if err != nil {
		return fmt.Errorf("remember message %d of chat %d: %w", s.Message, s.Chat, err)
	}
	return nil
}

// DropSent implements store.SentWriter.
func (t *tx) DropSent(ctx context.Context, s store.Sent) error {
	_, place := block(s.Chat)
	err := t.editCopies(ctx, s.Post, s.Chat, func(messages []message) []message {
		return slices.DeleteFunc(messages, func(m message) bool { return m.place == place && m.id == int64(s.Message) })
	})
	if err != nil {
		return fmt.Errorf("forget message %d of chat %d: %w", s.Message, s.Chat, err)
	}
	return nil
}

// Recast implements store.SentWriter.
func (t *tx) Recast(ctx context.Context, s store.Sent, p *store.Post, by store.Correction) error {
	if err := t.recast(ctx, s, p, by); err != nil {
		return fmt.Errorf("recast message %d of chat %d: %w", s.Message, s.Chat, err)
	}
	return nil
}

func (t *tx) recast(ctx context.Context, s store.Sent, p *store.Post, by store.Correction) error {
	if err := t.savePost(ctx, p); err != nil || p.ID == s.Post {
		return err
	}
	if err := t.DropSent(ctx, s); err != nil {
		return err
	}
	if err := t.keepSent(ctx, p.ID, s.Chat, s.Message, s.Photo); err != nil {
		return err
	}
	return t.run(ctx, `INSERT INTO correction (post, chat, after, since)
		SELECT ?1, ?2, ?2 - 1, max(since) FROM correction WHERE post = ?3 AND chat IN (0, ?2) AND since > ?4 HAVING count(*) > 0
		ON CONFLICT DO UPDATE SET after = excluded.after, since = max(since + 1, excluded.since)`, p.ID, s.Chat, s.Post, by.Since.UnixMilli())
}

// Corrected implements store.SentWriter.
func (t *tx) Corrected(ctx context.Context, c store.Correction, done bool) error {
	var err error
	if done {
		err = t.run(ctx, `DELETE FROM correction WHERE post = ? AND chat = ? AND since = ?`, c.Post.ID, c.Chat, c.Since.UnixMilli())
	} else {
		err = t.run(ctx, `UPDATE correction SET after = ? WHERE post = ? AND chat = ? AND since = ?`, c.After, c.Post.ID, c.Chat, c.Since.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("record the correction of post %d: %w", c.Post.ID, err)
	}
	return nil
}

// keepSent adds a message to its block.
func (t *tx) keepSent(ctx context.Context, post, chat int64, id int, photo bool) error {
	_, place := block(chat)
	return t.editCopies(ctx, post, chat, func(messages []message) []message {
		kept := message{place: place, photo: photo, id: int64(id)}
		at, there := slices.BinarySearchFunc(messages, kept, byPlace)
		if there {
			messages[at] = kept
			return messages
		}
		return slices.Insert(messages, at, kept)
	})
}

// editCopies changes the messages of a post in the chat's block.
func (t *tx) editCopies(ctx context.Context, post, chat int64, edit func([]message) []message) error {
	number, _ := block(chat)
	c, err := orZero(one(ctx, t.reads, func(r row) (copies, error) { return scanCopies(r) }, selectCopies+`WHERE post = ? AND block = ?`, post, number))
	if err != nil {
		return err
	}
	if c.messages = edit(c.messages); len(c.messages) == 0 {
		return t.run(ctx, `DELETE FROM sent WHERE post = ? AND block = ?`, post, number)
	}
	return t.run(ctx, `INSERT INTO sent (post, block, copies) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET copies = excluded.copies`,
		post, number, packMessages(c.messages))
}

// forgetSent forgets all messages of the chat.
func (t *tx) forgetSent(ctx context.Context, chat int64) error {
	var sent []store.Sent
	if err := t.ofChat(ctx, chat, func(s store.Sent) bool { sent = append(sent, s); return false }); err != nil {
		return err
	}
	for _, s := range sent {
		if err := t.DropSent(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// moveSent files the messages of one chat under another.
func (t *tx) moveSent(ctx context.Context, from, to int64) error {
	var sent []store.Sent
	if err := t.ofChat(ctx, from, func(s store.Sent) bool { sent = append(sent, s); return false }); err != nil {
		return err
	}
	for _, s := range sent {
		if err := t.DropSent(ctx, s); err != nil {
			return err
		}
		if err := t.keepSent(ctx, s.Post, to, s.Message, s.Photo); err != nil {
			return err
		}
	}
	return nil
}
