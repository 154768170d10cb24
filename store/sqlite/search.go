package sqlite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/harkara/harkara/store"
)

// ranked is how many of the newest matches are weighed against one another. Of what matches so often, the older ones could
// not come first anyway; they follow by age.
const ranked = 1000

// index makes the article findable by these stems alone.
func (t *tx) index(ctx context.Context, article int64, index store.Index) error {
	if err := t.run(ctx, `DELETE FROM search WHERE rowid = ?`, article); err != nil {
		return err
	}
	err := t.run(ctx, `INSERT INTO search (rowid, headline, text) VALUES (?, ?, ?)`,
		article, strings.Join(index.Headline, " "), strings.Join(index.Text, " "))
	if err != nil {
		return err
	}
	// In order, so that neighbours share pages.
	for _, stem := range slices.Sorted(maps.Keys(index.Sounds)) {
		err := t.run(ctx, `INSERT INTO sound (sound, stem) VALUES (?, ?) ON CONFLICT DO NOTHING`, index.Sounds[stem], stem)
		if err != nil {
			return err
		}
	}
	return nil
}

// matching writes the query in the language of FTS5, in which nothing but a closing quote has a meaning within quotes.
func matching(q store.SearchQuery) string {
	var terms []string
	for i, stems := range q.Terms {
		run := strings.TrimSpace(strings.ReplaceAll(strings.Join(stems, " "), "\x00", " "))
		if run == "" {
			continue
		}
		term := `"` + strings.ReplaceAll(run, `"`, `""`) + `"`
		if q.Prefix && i == len(q.Terms)-1 {
			term += "*"
		}
		terms = append(terms, term)
	}
	return strings.Join(terms, " AND ")
}

// countMatches counts all matches and takes off those that are held, which are few: to ask of each match whether it is held
// would take more than twice the time.
const countMatches = `SELECT (SELECT count(*) FROM search WHERE search MATCH ?1) -
	(SELECT count(*) FROM article a WHERE a.held = 1 AND EXISTS (SELECT 1 FROM search WHERE search MATCH ?1 AND rowid = a.id))`

const notHeld = ` AND rowid NOT IN (SELECT id FROM article WHERE held = 1)`

// Search implements store.SearchReader.
func (r reads) Search(ctx context.Context, q store.SearchQuery, skip, limit int) (found []store.Article, total int, err error) {
	match := matching(q)
	if match == "" {
		return nil, 0, nil
	}
	err = r.together(ctx, func(r reads) error {
		total, err = one(ctx, r, value[int], countMatches, match)
		if err != nil || total <= skip || limit <= 0 {
			return err
		}
		oldest, err := one(ctx, r, value[int64], `SELECT rowid FROM search WHERE search MATCH ?`+notHeld+
			` ORDER BY rowid DESC LIMIT 1 OFFSET ?`, match, min(total, max(ranked, skip+limit))-1)
		if err != nil {
			return err
		}
		// bm25 is the lower, the better; a match of a month ago weighs half of one of today. The order is made of the numbers
		// alone: the texts are read of those listed, not of all that are weighed.
		found, err = all(ctx, r, scanArticle, `SELECT `+articleColumns+` FROM (
				SELECT d.id AS id, m.weight / (1 + max(0, ?3 - d.published) / (30 * 86400e3)) AS weight FROM (
					SELECT rowid AS id, bm25(search, 4.0, 1.0) AS weight FROM search WHERE search MATCH ?1 AND rowid >= ?2`+notHeld+`
				) m CROSS JOIN article d ON d.id = m.id
				ORDER BY weight, d.published DESC, d.id DESC LIMIT ?4 OFFSET ?5
			) r CROSS JOIN article a ON a.id = r.id ORDER BY r.weight, a.published DESC, a.id DESC`,
			match, oldest, q.Now.UnixMilli(), limit, skip)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	return found, total, nil
}

// Spellings implements store.SearchReader.
func (r reads) Spellings(ctx context.Context, sound string, limit int) ([]string, error) {
	type spelling struct {
		stem  string
		times int
	}
	var found []spelling
	err := r.together(ctx, func(r reads) error {
		stems, err := all(ctx, r, value[string], `SELECT stem FROM sound WHERE sound = ? ORDER BY stem`, sound)
		if err != nil {
			return err
		}
		for _, stem := range stems {
			match := matching(store.SearchQuery{Terms: [][]string{{stem}}})
			times, err := one(ctx, r, value[int], countMatches, match)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if times > 0 {
				found = append(found, spelling{stem, times})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up spellings: %w", err)
	}
	slices.SortStableFunc(found, func(a, b spelling) int { return b.times - a.times })
	var stems []string
	for _, s := range found[:min(limit, len(found))] {
		stems = append(stems, s.stem)
	}
	return stems, nil
}
