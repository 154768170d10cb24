package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/store"
)

const articleColumns = `a.id, a.seq, a.feed, a.history, a.held <> 0, a.retracted, a.story, a.revision, a.fingerprint, a.published, a.first_seen, a.revised,
	a.categories, a.source, a.guid, a.url, a.title, a.headline, a.summary, a.image, coalesce(a.text, '')`

const selectArticle = `SELECT ` + articleColumns + ` FROM article a `

func scanArticle(r row) (a store.Article, err error) {
	var fingerprint int64
	err = r.Scan(&a.ID, &a.Seq, &a.Feed, &a.History, &a.Held, &a.Retracted, &a.Story, &a.Revision, &fingerprint,
		moment{&a.Published}, moment{&a.FirstSeen}, moment{&a.Revised},
		listed[int64]{&a.Categories}, &a.Source, &a.GUID, &a.URL, &a.Title, &a.Headline, listed[string]{&a.Summary}, &a.Image, &a.Text)
	a.Fingerprint = uint64(fingerprint)
	return a, err
}

// Article implements store.ArticleReader.
func (r reads) Article(ctx context.Context, id int64) (store.Article, error) {
	a, err := one(ctx, r, scanArticle, selectArticle+`WHERE a.id = ?`, id)
	if err != nil {
		return store.Article{}, fmt.Errorf("read article %d: %w", id, err)
	}
	return a, nil
}

// Articles implements store.ArticleReader.
func (r reads) Articles(ctx context.Context, ids []int64) ([]store.Article, error) {
	asked, err := list(ids)
	if err != nil {
		return nil, err
	}
	articles, err := all(ctx, r, scanArticle,
		`SELECT `+articleColumns+` FROM json_each(?) j CROSS JOIN article a ON a.id = j.value ORDER BY j.key`, asked)
	if err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	return articles, nil
}

// Known implements store.ArticleReader.
func (r reads) Known(ctx context.Context, keys []store.Key) (map[store.Key]int64, error) {
	return r.KnownSince(ctx, keys, time.Time{})
}

// KnownSince implements store.ArticleReader.
func (r reads) KnownSince(ctx context.Context, keys []store.Key, since time.Time) (map[store.Key]int64, error) {
	type triple [3]int64
	asked := make([]triple, len(keys))
	for i, k := range keys {
		asked[i] = triple{k.Feed, int64(k.Kind), int64(k.Hash)}
	}
	text, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	type match struct {
		key     store.Key
		article int64
	}
	matches, err := all(ctx, r, func(r row) (m match, err error) {
		var hash int64
		err = r.Scan(&m.key.Feed, &m.key.Kind, &hash, &m.article)
		m.key.Hash = uint64(hash)
		return m, err
	}, `SELECT k.feed, k.kind, k.hash, k.article FROM json_each(?) j CROSS JOIN article_key k
		ON k.feed = j.value ->> 0 AND k.kind = j.value ->> 1 AND k.hash = j.value ->> 2 AND k.at >= ?`, string(text), since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("look up identities: %w", err)
	}
	known := make(map[store.Key]int64, len(matches))
	for _, m := range matches {
		known[m.key] = m.article
	}
	return known, nil
}

// Head implements store.ArticleReader.
func (r reads) Head(ctx context.Context) (int64, error) {
	head, err := one(ctx, r, value[int64], `SELECT coalesce(max(seq), 0) FROM entry`)
	if err != nil {
		return 0, fmt.Errorf("read the head of the log: %w", err)
	}
	return head, nil
}

// Changes implements store.ArticleReader.
func (r reads) Changes(ctx context.Context) (int64, error) {
	n, err := one(ctx, r, value[int64], `SELECT count FROM change`)
	if err != nil {
		return 0, fmt.Errorf("count changes of articles: %w", err)
	}
	return n, nil
}

// Entries implements store.ArticleReader.
func (r reads) Entries(ctx context.Context, after int64, limit int) ([]store.Entry, error) {
	entries, err := all(ctx, r, func(r row) (e store.Entry, err error) {
		err = r.Scan(&e.Seq, &e.Article, moment{&e.At}, listed[int64]{&e.Categories}, listed[int64]{&e.Already}, listed[int64]{&e.Feeds},
			&e.Breaking, &e.Approved, &e.Repeats)
		return e, err
	}, `SELECT e.seq, e.article, e.at, e.categories, e.already, e.feeds, e.breaking, e.approved, e.repeats FROM entry e CROSS JOIN article a ON a.id = e.article
		WHERE e.seq > ? AND a.history = 0 AND a.held = 0 AND a.retracted = 0 ORDER BY e.seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read the log after %d: %w", after, err)
	}
	return entries, nil
}

// SeqBefore implements store.ArticleReader.
func (r reads) SeqBefore(ctx context.Context, at time.Time) (int64, error) {
	seq, err := orZero(one(ctx, r, value[int64], `SELECT seq FROM entry WHERE at < ? ORDER BY seq DESC LIMIT 1`, at.UnixMilli()))
	if err != nil {
		return 0, fmt.Errorf("read the number of the log at a time: %w", err)
	}
	return seq, nil
}

// Latest implements store.ArticleReader.
func (r reads) Latest(ctx context.Context, categories []int64, skip, limit int) ([]store.Article, error) {
	if len(categories) == 0 {
		return nil, nil
	}
	query := selectArticle + `WHERE a.held = 0 AND a.retracted = 0 ORDER BY a.published DESC, a.id DESC LIMIT ? OFFSET ?`
	args := []any{limit, skip}
	if !slices.Contains(categories, store.Everything) {
		asked, err := list(categories)
		if err != nil {
			return nil, err
		}
		// Of each category only its newest are looked at; an article of several stands once.
		query = `SELECT ` + articleColumns + ` FROM article a WHERE a.id IN (
				SELECT n.value FROM json_each(?1) c CROSS JOIN json_each((
					SELECT json_group_array(article) FROM (
						SELECT i.article FROM article_category i CROSS JOIN article l ON l.id = i.article
						WHERE i.category = c.value AND l.held = 0 AND l.retracted = 0
						ORDER BY i.published DESC, i.article DESC LIMIT ?2 + ?3))) n)
			ORDER BY a.published DESC, a.id DESC LIMIT ?2 OFFSET ?3`
		args = []any{asked, limit, skip}
	}
	articles, err := all(ctx, r, scanArticle, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read the latest articles: %w", err)
	}
	return articles, nil
}

// CountLatest implements store.ArticleReader.
func (r reads) CountLatest(ctx context.Context, since time.Time) (map[int64]int, error) {
	counts, err := all(ctx, r, func(r row) (n [2]int64, err error) {
		err = r.Scan(&n[0], &n[1])
		return n, err
	}, `WITH recent AS MATERIALIZED (SELECT id, categories FROM article WHERE published > ? AND held = 0 AND retracted = 0)
		SELECT 0, count(*) FROM recent UNION ALL
		SELECT c.value, count(*) FROM recent CROSS JOIN json_each(recent.categories) c GROUP BY c.value`, since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("count the latest articles: %w", err)
	}
	counted := make(map[int64]int, len(counts))
	for _, n := range counts {
		counted[n[0]] = int(n[1])
	}
	return counted, nil
}

// Recent implements store.ArticleReader.
func (r reads) Recent(ctx context.Context, since time.Time, limit int) ([]store.Article, error) {
	articles, err := all(ctx, r, scanArticle, selectArticle+`WHERE a.first_seen > ? ORDER BY a.first_seen, a.id LIMIT ?`, since.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("read recent articles: %w", err)
	}
	return articles, nil
}

// HeldArticles implements store.ArticleReader.
func (r reads) HeldArticles(ctx context.Context, limit int) ([]store.Article, error) {
	articles, err := all(ctx, r, scanArticle, selectArticle+`WHERE a.held = 1 ORDER BY a.id LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read held articles: %w", err)
	}
	return articles, nil
}

// StoryArticles implements store.ArticleReader.
func (r reads) StoryArticles(ctx context.Context, story int64, limit int) ([]store.Article, error) {
	articles, err := all(ctx, r, scanArticle, selectArticle+`WHERE a.story = ? ORDER BY a.id DESC LIMIT ?`, story, limit)
	if err != nil {
		return nil, fmt.Errorf("read the articles of story %d: %w", story, err)
	}
	return articles, nil
}

// ArticleByURL implements store.ArticleReader.
func (r reads) ArticleByURL(ctx context.Context, url string) (store.Article, error) {
	a, err := one(ctx, r, scanArticle, selectArticle+`WHERE a.url = ? AND a.url <> '' ORDER BY a.id DESC LIMIT 1`, url)
	if err != nil {
		return store.Article{}, fmt.Errorf("read the article of a URL: %w", err)
	}
	return a, nil
}

// AddArticle implements store.ArticleWriter.
func (t *tx) AddArticle(ctx context.Context, a *store.Article, keys []store.Key, index store.Index) error {
	if err := t.addArticle(ctx, a, keys, index); err != nil {
		return fmt.Errorf("add article %q: %w", a.URL, err)
	}
	return nil
}

func (t *tx) addArticle(ctx context.Context, a *store.Article, keys []store.Key, index store.Index) error {
	held := 0
	if a.Held {
		held = heldByFeed
	} else if !a.History && !a.Retracted {
		guarded, err := t.guardsAll(ctx)
		if err != nil {
			return err
		}
		if guarded {
			held, a.Held = heldForApproval, true
		}
	}
	a.Categories = ascending(a.Categories)
	a.Revision = max(a.Revision, 1)
	if a.Revised.IsZero() {
		a.Revised = a.FirstSeen
	}
	categories, err := list(a.Categories)
	if err != nil {
		return err
	}
	summary, err := list(a.Summary)
	if err != nil {
		return err
	}
	id, err := t.insert(ctx, `INSERT INTO article (seq, feed, history, held, retracted, story, revision, fingerprint, published, first_seen, revised,
			categories, source, guid, url, title, headline, summary, image, stems, text)
		VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.Feed, a.History, held, a.Retracted, a.Story, a.Revision, int64(a.Fingerprint),
		a.Published.UnixMilli(), a.FirstSeen.UnixMilli(), a.Revised.UnixMilli(),
		categories, a.Source, a.GUID, a.URL, a.Title, a.Headline, summary, a.Image, strings.Join(index.Headline, " "), a.Text)
	if err != nil {
		return err
	}
	a.ID = id
	if a.Story == 0 {
		a.Story = id
	}
	if err := t.fileUnder(ctx, id, a.Published, a.Categories); err != nil {
		return err
	}
	if err := t.KeepKeys(ctx, id, keys, a.FirstSeen); err != nil {
		return err
	}
	if err := t.index(ctx, id, index); err != nil {
		return err
	}
	a.Seq, err = t.enter(ctx, entry{article: id, categories: a.Categories, feeds: []int64{a.Feed}, at: a.FirstSeen})
	if err != nil {
		return err
	}
	if err := t.run(ctx, `UPDATE article SET seq = ?, story = ? WHERE id = ?`, a.Seq, a.Story, id); err != nil {
		return err
	}
	if !a.History && held != heldByFeed && !a.Retracted {
		if err := t.ask(ctx, id, a.Categories, true, a.FirstSeen); err != nil {
			return err
		}
	}
	if a.History || a.Held || a.Retracted {
		return nil
	}
	return t.mark(ctx, a.Seq, false, append([]int64{store.Everything, store.Words}, a.Categories...))
}

// entry is what is entered in the log.
type entry struct {
	article             int64
	categories, already []int64
	feeds               []int64
	at                  time.Time
	approved            bool
	repeats             int64
}

// enter gives an article the next number of the log.
func (t *tx) enter(ctx context.Context, e entry) (int64, error) {
	news, err := list(e.categories)
	if err != nil {
		return 0, err
	}
	before, err := list(e.already)
	if err != nil {
		return 0, err
	}
	by, err := list(e.feeds)
	if err != nil {
		return 0, err
	}
	seq, err := t.insert(ctx, `INSERT INTO entry (article, at, categories, already, feeds, approved, repeats) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.article, e.at.UnixMilli(), news, before, by, e.approved, e.repeats)
	if err == nil {
		t.head, t.known = seq, true
	}
	return seq, err
}

// headOfLog returns the head of the log, asked for once in a transaction.
func (t *tx) headOfLog(ctx context.Context) (int64, error) {
	if t.known {
		return t.head, nil
	}
	head, err := t.Head(ctx)
	if err == nil {
		t.head, t.known = head, true
	}
	return head, err
}

// fileUnder lists the article in its categories.
func (t *tx) fileUnder(ctx context.Context, article int64, published time.Time, categories []int64) error {
	for _, c := range categories {
		err := t.run(ctx, `INSERT INTO article_category (category, published, article) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			c, published.UnixMilli(), article)
		if err != nil {
			return err
		}
	}
	return nil
}

// ReviseArticle implements store.ArticleWriter.
func (t *tx) ReviseArticle(ctx context.Context, a *store.Article, keys []store.Key, index store.Index) error {
	if err := t.reviseArticle(ctx, a, keys, index); err != nil {
		return fmt.Errorf("revise article %d: %w", a.ID, err)
	}
	return nil
}

func (t *tx) reviseArticle(ctx context.Context, a *store.Article, keys []store.Key, index store.Index) error {
	old, err := t.Article(ctx, a.ID)
	if err != nil {
		return err
	}
	at := a.Revised
	if !at.After(old.Revised) {
		at = time.Now()
	}
	summary, err := list(a.Summary)
	if err != nil {
		return err
	}
	story := a.Story
	if story == 0 {
		story = old.Story
	}
	err = t.run(ctx, `UPDATE article SET revision = revision + 1, story = ?, fingerprint = ?, published = ?, revised = ?,
			source = ?, url = ?, title = ?, headline = iif(edited & 1, headline, ?), summary = iif(edited & 2, summary, ?), image = ?, stems = ?, text = ? WHERE id = ?`,
		story, int64(a.Fingerprint), a.Published.UnixMilli(), at.UnixMilli(),
		a.Source, a.URL, a.Title, a.Headline, summary, a.Image, strings.Join(index.Headline, " "), a.Text, a.ID)
	if err != nil {
		return err
	}
	if !a.Published.Equal(old.Published) {
		for _, c := range old.Categories {
			err := t.run(ctx, `DELETE FROM article_category WHERE category = ? AND published = ? AND article = ?`, c, old.Published.UnixMilli(), a.ID)
			if err != nil {
				return err
			}
		}
		if err := t.fileUnder(ctx, a.ID, a.Published, old.Categories); err != nil {
			return err
		}
	}
	if err := t.KeepKeys(ctx, a.ID, keys, at); err != nil {
		return err
	}
	if !old.Retracted {
		if err := t.index(ctx, a.ID, index); err != nil {
			return err
		}
	}
	if err := t.correct(ctx, a.ID, at); err != nil {
		return err
	}
	*a, err = t.Article(ctx, a.ID)
	return err
}

// KeepKeys implements store.ArticleWriter.
func (t *tx) KeepKeys(ctx context.Context, article int64, keys []store.Key, at time.Time) error {
	for _, k := range keys {
		err := t.run(ctx, `INSERT INTO article_key (feed, kind, hash, article, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET article = excluded.article, at = max(at, excluded.at)
			WHERE article <> excluded.article OR at < excluded.at`,
			k.Feed, int64(k.Kind), int64(k.Hash), article, at.UnixMilli())
		if err != nil {
			return fmt.Errorf("keep the identities of article %d: %w", article, err)
		}
	}
	return nil
}

// WidenArticle implements store.ArticleWriter.
func (t *tx) WidenArticle(ctx context.Context, article, feed int64, categories []int64, at time.Time) error {
	if err := t.widenArticle(ctx, article, feed, categories, at); err != nil {
		return fmt.Errorf("widen article %d: %w", article, err)
	}
	return nil
}

func (t *tx) widenArticle(ctx context.Context, article, feed int64, categories []int64, at time.Time) error {
	a, err := t.Article(ctx, article)
	if err != nil {
		return err
	}
	further := slices.DeleteFunc(ascending(categories), func(c int64) bool { return slices.Contains(a.Categories, c) })
	feeds, err := t.broughtBy(ctx, a)
	if err != nil {
		return err
	}
	if known := slices.Contains(feeds, feed); known && len(further) == 0 {
		return nil
	} else if !known {
		feeds = append(feeds, feed)
	}
	if len(further) > 0 {
		both, err := list(ascending(append(slices.Clone(a.Categories), further...)))
		if err != nil {
			return err
		}
		if err := t.run(ctx, `UPDATE article SET categories = ? WHERE id = ?`, both, article); err != nil {
			return err
		}
		if err := t.fileUnder(ctx, article, a.Published, further); err != nil {
			return err
		}
	}
	if a.History || a.Held || a.Retracted {
		return nil // it is owed to nobody now; if it is released, it is so to all its categories
	}
	// What an editor has approved is approved for whoever follows these, too.
	approved, err := one(ctx, t.reads, value[bool], `SELECT EXISTS (SELECT 1 FROM entry WHERE article = ? AND approved = 1)`, article)
	if err != nil {
		return err
	}
	seq, err := t.enter(ctx, entry{article: article, categories: further, already: a.Categories, feeds: feeds, at: at, approved: approved})
	if err != nil {
		return err
	}
	if !approved {
		if err := t.ask(ctx, article, append(further, store.Words), false, at); err != nil {
			return err
		}
	}
	return t.mark(ctx, seq, false, append(further, store.Words))
}

// broughtBy lists the feeds that have brought an article.
func (t *tx) broughtBy(ctx context.Context, a store.Article) ([]int64, error) {
	feeds, err := orZero(one(ctx, t.reads, func(r row) (feeds []int64, err error) {
		err = r.Scan(listed[int64]{&feeds})
		return feeds, err
	}, `SELECT feeds FROM entry WHERE article = ? ORDER BY seq DESC LIMIT 1`, a.ID))
	if err == nil && len(feeds) == 0 {
		feeds = []int64{a.Feed}
	}
	return feeds, err
}

// ReleaseArticle implements store.ArticleWriter.
func (t *tx) ReleaseArticle(ctx context.Context, article int64, at time.Time) error {
	if err := t.releaseArticle(ctx, article, at); err != nil {
		return fmt.Errorf("release article %d: %w", article, err)
	}
	return nil
}

func (t *tx) releaseArticle(ctx context.Context, article int64, at time.Time) error {
	a, err := t.Article(ctx, article)
	if err != nil || !a.Held {
		return err
	}
	// The number under which it waited leads to nothing any more; it is not given again.
	if err := t.run(ctx, `DELETE FROM entry WHERE article = ?`, article); err != nil {
		return err
	}
	seq, err := t.enter(ctx, entry{article: article, categories: a.Categories, feeds: []int64{a.Feed}, at: at, approved: true})
	if err != nil {
		return err
	}
	if err := t.run(ctx, `UPDATE article SET held = 0, history = 0, seq = ? WHERE id = ?`, seq, article); err != nil {
		return err
	}
	return t.mark(ctx, seq, false, append([]int64{store.Everything, store.Words}, a.Categories...))
}

// FileArticle implements store.ArticleWriter.
func (t *tx) FileArticle(ctx context.Context, article int64) error {
	if err := t.must(ctx, `UPDATE article SET history = 1, held = 0 WHERE id = ? AND held = 1`, article); err != nil {
		return fmt.Errorf("file article %d: %w", article, err)
	}
	return nil
}

// RetractArticle implements store.ArticleWriter.
func (t *tx) RetractArticle(ctx context.Context, article int64, at time.Time) error {
	err := t.must(ctx, `UPDATE article SET retracted = 1, held = 0 WHERE id = ?`, article)
	if err == nil {
		err = t.run(ctx, `DELETE FROM search WHERE rowid = ?`, article)
	}
	if err == nil {
		err = t.correct(ctx, article, at)
	}
	if err == nil {
		err = t.correctSequels(ctx, article, at)
	}
	if err != nil {
		return fmt.Errorf("retract article %d: %w", article, err)
	}
	return nil
}

// correct makes the posts that show the article due for correction, from their first copy on. A post without copies may have
// its first one under way.
func (t *tx) correct(ctx context.Context, article int64, at time.Time) error {
	if err := t.run(ctx, `UPDATE change SET count = count + 1`); err != nil {
		return err
	}
	return t.run(ctx, `INSERT INTO correction (post, chat, after, since) SELECT p.post, 0, 0, ?2 FROM post_article p WHERE p.article = ?1`+correctedAnew,
		article, at.UnixMilli())
}

// correctSequels makes the posts due for correction that told the article's story on: what they answered may be gone.
func (t *tx) correctSequels(ctx context.Context, article int64, at time.Time) error {
	return t.run(ctx, `INSERT INTO correction (post, chat, after, since)
		SELECT p.id, 0, 0, ?2 FROM article a CROSS JOIN article b ON b.story = a.story CROSS JOIN post_article i ON i.article = b.id AND i.mention = 0
			CROSS JOIN post p ON p.id = i.post
		WHERE a.id = ?1 AND b.id <> a.id AND p.shape = 'sequel'`+correctedAnew, article, at.UnixMilli())
}

const correctedAnew = ` ON CONFLICT DO UPDATE SET after = 0, since = max(since + 1, excluded.since)`

// ascending returns the numbers in order, each once.
func ascending(numbers []int64) []int64 {
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
