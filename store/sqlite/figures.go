package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// What is counted is gathered in the transaction and written once at its end: a hundred readers who come by one link, or a hundred
// messages that carry one article, cost a row or two. So counts are kept or lost together with what they count.

// way is how a reader comes into a crowd or leaves it. The numbers are in files and never change.
type way int64

const (
	byArriving way = 1 + iota
	byReturning
	byStopping
	byBlocking
	byGoing
	byForgetting
	byFollowing
	byUnfollowing
	// byStarting and bySubscribing tell of a link's use; they bring nobody into its crowd by themselves.
	byStarting
	bySubscribing
)

// step is what the way does to the size of the crowd.
func (w way) step() int {
	switch w {
	case byArriving, byReturning, byFollowing:
		return 1
	case byStarting, bySubscribing:
		return 0
	}
	return -1
}

// of is where the way is counted; nil for one this program does not know.
func (w way) of(t *store.Turnover) *int {
	fields := []*int{
		&t.Arrived, &t.Returned, &t.Stopped, &t.Blocked, &t.Gone, &t.Forgotten, &t.Followed, &t.Unfollowed, &t.Starts, &t.Subscribers,
	}
	if w < 1 || int(w) > len(fields) {
		return nil
	}
	return fields[w-1]
}

// wayOut is the way by which a chat leaves that is no reader any more.
func wayOut(state store.ChatState) way {
	switch state {
	case store.Stopped:
		return byStopping
	case store.Blocked:
		return byBlocking
	}
	return byGoing
}

// crowd is some of the readers.
type crowd struct {
	kind store.CrowdKind
	id   int64
}

// event is a way into or out of a crowd.
type event struct {
	crowd
	way way
}

// carrying counts the messages with a post.
type carrying struct{ sent, failed int }

func (c carrying) plus(o carrying) carrying { return carrying{c.sent + o.sent, c.failed + o.failed} }

// gathered is what a transaction has counted and not yet written.
type gathered struct {
	events map[event]int
	posts  map[int64]carrying
}

func (g *gathered) add(e event, n int) {
	if n == 0 {
		return
	}
	if g.events == nil {
		g.events = map[event]int{}
	}
	g.events[e] += n
}

func (g *gathered) carried(post int64, c carrying) {
	if g.posts == nil {
		g.posts = map[int64]carrying{}
	}
	g.posts[post] = g.posts[post].plus(c)
}

// membership is what makes a chat belong to crowds.
type membership struct {
	reader     bool
	welcomed   bool
	link       int64
	categories []int64
}

func isReader(kind store.ChatKind, state store.ChatState) bool {
	return kind == store.Private && (state == store.Active || state == store.Paused)
}

// membershipOf reads what the chat belongs to; nothing if it is not kept.
func (t *tx) membershipOf(ctx context.Context, chat int64) (membership, error) {
	m, err := orZero(one(ctx, t.reads, func(r row) (m membership, err error) {
		var kind, state int
		if err = r.Scan(&kind, &state, &m.link, &m.welcomed); err != nil {
			return m, err
		}
		if kind >= len(kinds) || state >= len(states) {
			return m, fmt.Errorf("%w: chat %d has kind %d and state %d", store.ErrDamaged, chat, kind, state)
		}
		m.reader = isReader(kinds[kind], states[state])
		return m, nil
	}, `SELECT c.kind, c.state, c.link, b.welcomed FROM chat c JOIN bookmark b ON b.chat = c.id `+whereChatByID, chat))
	if err != nil {
		return m, err
	}
	m.categories, err = all(ctx, t.reads, value[int64], `SELECT category FROM subscription WHERE chat = ? AND category >= 0`, chat)
	return m, err
}

// crowds lists what the chat belongs to.
func (m membership) crowds() []crowd {
	if !m.reader {
		return nil
	}
	list := []crowd{{store.AllReaders, 0}}
	for _, c := range m.categories {
		list = append(list, crowd{store.FollowersOf, c})
	}
	if m.link != 0 {
		list = append(list, crowd{store.BroughtBy, m.link})
	}
	return list
}

// becomes counts the way from one membership to another; out is how the chat leaves if it is a reader no more.
func (g *gathered) becomes(before, after membership, out way) {
	in := byFollowing
	switch {
	case !before.reader && before.welcomed:
		in = byReturning
	case !before.reader:
		in = byArriving
	}
	if after.reader {
		out = byUnfollowing
	}
	had, has := before.crowds(), after.crowds()
	for _, c := range has {
		if !slices.Contains(had, c) {
			g.add(event{c, in}, 1)
		}
	}
	for _, c := range had {
		if !slices.Contains(has, c) {
			g.add(event{c, out}, 1)
		}
	}
}

// keepFigures writes what was gathered.
func (t *tx) keepFigures(ctx context.Context) error {
	if err := t.keepTurnover(ctx); err != nil {
		return fmt.Errorf("count who came and went: %w", err)
	}
	if err := t.keepCarried(ctx); err != nil {
		return fmt.Errorf("count messages: %w", err)
	}
	t.gathered = gathered{}
	return nil
}

func (t *tx) keepTurnover(ctx context.Context) error {
	if len(t.gathered.events) == 0 {
		return nil
	}
	day := store.DayOf(t.now())
	var turnover, crowds []any
	sizes := map[crowd]int{}
	for e, n := range t.gathered.events {
		turnover = append(turnover, e.kind, day, e.id, e.way, n)
		sizes[e.crowd] += n * e.way.step()
	}
	for c, n := range sizes {
		if n != 0 {
			crowds = append(crowds, c.kind, c.id, n)
		}
	}
	err := t.insertRows(ctx, "turnover (kind, day, id, way, count)", turnover, "ON CONFLICT DO UPDATE SET count = count + excluded.count")
	if err != nil {
		return err
	}
	return t.insertRows(ctx, "crowd (kind, id, readers)", crowds, "ON CONFLICT DO UPDATE SET readers = readers + excluded.readers")
}

// waitingMost is how many posts may wait in the window to have their messages counted. A distribution is one post or a few; its
// counts wait in the window's row, whose page each settlement writes anyhow, where a row of carried would be a page more
// (measured with a hundred messages a commit: 10 bytes a message).
const waitingMost = 4

// keepCarried adds the messages of posts to those that wait, or all that wait to the figures of their articles.
func (t *tx) keepCarried(ctx context.Context) error {
	if len(t.gathered.posts) == 0 {
		return nil
	}
	waiting, err := t.waiting(ctx)
	if err != nil {
		return err
	}
	for post, c := range t.gathered.posts {
		waiting[post] = waiting[post].plus(c)
	}
	if len(waiting) > waitingMost {
		return t.fileCarried(ctx, waiting)
	}
	return t.setWaiting(ctx, waiting)
}

// fileCarried adds what waits to the figures of the articles.
func (t *tx) fileCarried(ctx context.Context, waiting map[int64]carrying) error {
	articles, err := t.byArticle(ctx, waiting)
	if err != nil {
		return err
	}
	for a, c := range articles {
		err := t.run(ctx, `INSERT INTO carried (article, sent, failed) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET sent = sent + excluded.sent, failed = failed + excluded.failed`, a, c.sent, c.failed)
		if err != nil {
			return err
		}
	}
	return t.setWaiting(ctx, nil)
}

// waiting reads the posts whose messages wait to be counted.
func (r reads) waiting(ctx context.Context) (map[int64]carrying, error) {
	packed, err := orZero(one(ctx, r, value[[]byte], `SELECT carried FROM window`))
	if err != nil {
		return nil, err
	}
	waiting := map[int64]carrying{}
	for len(packed) > 0 {
		var numbers [3]int64
		for i := range numbers {
			v, n := binary.Varint(packed)
			if n <= 0 {
				return nil, fmt.Errorf("%w: counts of messages cannot be read", store.ErrDamaged)
			}
			numbers[i], packed = v, packed[n:]
		}
		waiting[numbers[0]] = carrying{int(numbers[1]), int(numbers[2])}
	}
	return waiting, nil
}

func (t *tx) setWaiting(ctx context.Context, waiting map[int64]carrying) error {
	packed := []byte{}
	for post, c := range waiting {
		for _, v := range []int64{post, int64(c.sent), int64(c.failed)} {
			packed = binary.AppendVarint(packed, v)
		}
	}
	return t.run(ctx, `INSERT INTO window (one, flights, carried) VALUES (1, x'', ?) ON CONFLICT DO UPDATE SET carried = excluded.carried`, packed)
}

// byArticle turns counts of posts into counts of the articles they carry.
func (r reads) byArticle(ctx context.Context, posts map[int64]carrying) (map[int64]carrying, error) {
	articles := map[int64]carrying{}
	for post, c := range posts {
		p, err := r.Post(ctx, post)
		if errors.Is(err, store.ErrNotFound) {
			continue // it was pruned
		}
		if err != nil {
			return nil, err
		}
		for _, a := range p.Articles {
			articles[a] = articles[a].plus(c)
		}
	}
	return articles, nil
}

// CountFailed implements store.FigureWriter.
func (t *tx) CountFailed(_ context.Context, post int64) error {
	t.gathered.carried(post, carrying{failed: 1})
	return nil
}

// beginCounting notes when counting began, when the store is first opened.
func (s *Store) beginCounting(ctx context.Context) error {
	_, err := s.writer.ExecContext(ctx, `INSERT INTO counting (one, since) VALUES (1, ?) ON CONFLICT DO NOTHING`, s.now().UnixMilli())
	return translate(err)
}

// FiguresSince implements store.FigureReader.
func (r reads) FiguresSince(ctx context.Context) (since time.Time, err error) {
	if since, err = one(ctx, r, scanMoment, `SELECT since FROM counting`); err != nil {
		return since, fmt.Errorf("read when counting began: %w", err)
	}
	return since, nil
}

// counted is a row of turnover.
type counted struct {
	day   store.Day
	id    int64
	way   way
	count int
}

func scanCounted(r row) (c counted, err error) {
	err = r.Scan(&c.day, &c.id, &c.way, &c.count)
	return c, err
}

func (c counted) addTo(t store.Turnover) store.Turnover {
	if field := c.way.of(&t); field != nil {
		*field += c.count
	}
	return t
}

// ReaderHistory implements store.FigureReader.
func (r reads) ReaderHistory(ctx context.Context, first store.Day) (h store.History, err error) {
	err = r.together(ctx, func(r reads) error {
		if h.Readers, err = orZero(one(ctx, r, value[int], `SELECT readers FROM crowd WHERE kind = 0 AND id = 0`)); err != nil {
			return err
		}
		rows, err := all(ctx, r, scanCounted, `SELECT day, id, way, count FROM turnover WHERE kind = 0 AND day >= ?`, first)
		h.Days = map[store.Day]store.Turnover{}
		for _, c := range rows {
			h.Days[c.day] = c.addTo(h.Days[c.day])
		}
		return err
	})
	if err != nil {
		return store.History{}, fmt.Errorf("read who came and went: %w", err)
	}
	return h, nil
}

// Crowds implements store.FigureReader.
func (r reads) Crowds(ctx context.Context, kind store.CrowdKind, first, last store.Day) (map[int64]store.Crowd, error) {
	crowds := map[int64]store.Crowd{}
	err := r.together(ctx, func(r reads) error {
		sizes, err := all(ctx, r, func(r row) (c counted, err error) {
			err = r.Scan(&c.id, &c.count)
			return c, err
		}, `SELECT id, readers FROM crowd WHERE kind = ? AND readers <> 0`, kind)
		if err != nil {
			return err
		}
		for _, c := range sizes {
			crowds[c.id] = store.Crowd{Readers: c.count}
		}
		rows, err := all(ctx, r, scanCounted, `SELECT 0, id, way, sum(count) FROM turnover
			WHERE kind = ? AND day BETWEEN ? AND ? GROUP BY id, way`, kind, first, last)
		for _, c := range rows {
			known := crowds[c.id]
			known.Turnover = c.addTo(known.Turnover)
			crowds[c.id] = known
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the crowds of kind %d: %w", kind, err)
	}
	return crowds, nil
}

// MostSent implements store.FigureReader.
func (r reads) MostSent(ctx context.Context, from, before time.Time, limit int) ([]store.ArticleFigures, error) {
	var list []store.ArticleFigures
	err := r.together(ctx, func(r reads) error {
		waiting, err := r.waiting(ctx)
		if err != nil {
			return err
		}
		articles, err := r.byArticle(ctx, waiting)
		if err != nil {
			return err
		}
		rows := [][3]int64{}
		for a, c := range articles {
			rows = append(rows, [3]int64{a, int64(c.sent), int64(c.failed)})
		}
		fresh, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		list, err = all(ctx, r, func(r row) (f store.ArticleFigures, err error) {
			err = r.Scan(&f.Article, &f.Headline, &f.URL, moment{&f.Published}, &f.Sent, &f.Failed)
			return f, err
		}, `SELECT a.id, a.headline, a.url, a.published, ifnull(c.sent, 0) + ifnull(w.sent, 0) AS sent, ifnull(c.failed, 0) + ifnull(w.failed, 0)
			FROM article a LEFT JOIN carried c ON c.article = a.id
			LEFT JOIN (SELECT value ->> 0 AS article, value ->> 1 AS sent, value ->> 2 AS failed FROM json_each(?1)) w ON w.article = a.id
			WHERE a.first_seen >= ?2 AND a.first_seen < ?3 AND a.history = 0 AND a.held = 0 ORDER BY sent DESC, a.id DESC LIMIT ?4`,
			string(fresh), from.UnixMilli(), before.UnixMilli(), limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which articles were sent most: %w", err)
	}
	return list, nil
}

// ReaderHistory implements store.FigureReader, own changes included.
func (t *tx) ReaderHistory(ctx context.Context, first store.Day) (store.History, error) {
	if err := t.keepFigures(ctx); err != nil {
		return store.History{}, err
	}
	return t.reads.ReaderHistory(ctx, first)
}

// Crowds implements store.FigureReader, own changes included.
func (t *tx) Crowds(ctx context.Context, kind store.CrowdKind, first, last store.Day) (map[int64]store.Crowd, error) {
	if err := t.keepFigures(ctx); err != nil {
		return nil, err
	}
	return t.reads.Crowds(ctx, kind, first, last)
}

// MostSent implements store.FigureReader, own changes included.
func (t *tx) MostSent(ctx context.Context, from, before time.Time, limit int) ([]store.ArticleFigures, error) {
	if err := t.keepFigures(ctx); err != nil {
		return nil, err
	}
	return t.reads.MostSent(ctx, from, before, limit)
}

// wrongCrowds counts the crowds whose size is another than that of the chats that belong to them.
const wrongCrowds = `SELECT count(*) FROM (
		SELECT 0 AS kind, 0 AS id, count(*) AS n FROM chat WHERE kind = 0 AND state <= 1
		UNION ALL SELECT 1, s.category, count(*) FROM chat c CROSS JOIN subscription s ON s.chat = c.id
			WHERE c.kind = 0 AND c.state <= 1 AND s.category >= 0 GROUP BY s.category
		UNION ALL SELECT 2, link, count(*) FROM chat WHERE kind = 0 AND state <= 1 AND link <> 0 GROUP BY link
	) have FULL JOIN crowd USING (kind, id) WHERE ifnull(have.n, 0) <> ifnull(crowd.readers, 0)`

// figuresKept is how long the figures of links, categories and articles are kept: two years, so that a year can be compared with
// the one before. Those of all readers, a few rows a day, stay.
const figuresKept = 2 * 366

// pruneFigures deletes what was counted long ago.
func (t *tx) pruneFigures(ctx context.Context, limit int64) (int64, error) {
	oldest := store.DayOf(t.now()) - figuresKept
	pruned, err := t.change(ctx, `DELETE FROM turnover WHERE (kind, day, id, way) IN (
		SELECT kind, day, id, way FROM turnover WHERE kind = ? AND day < ?
		UNION ALL SELECT kind, day, id, way FROM turnover WHERE kind = ? AND day < ? LIMIT ?)`,
		store.FollowersOf, oldest, store.BroughtBy, oldest, limit)
	if err != nil || pruned >= limit {
		return pruned, err
	}
	last, err := orZero(one(ctx, t.reads, value[int64], `SELECT id FROM article WHERE first_seen < ? ORDER BY first_seen DESC LIMIT 1`,
		oldest.Begin(t.now().Location()).UnixMilli()))
	if err != nil {
		return 0, err
	}
	articles, err := t.change(ctx, `DELETE FROM carried WHERE article IN (SELECT article FROM carried WHERE article <= ? LIMIT ?)`, last, limit-pruned)
	return pruned + articles, err
}
