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

// common is in how many articles a word says too little about any one of them to be worth weighing: bm25 reads all places
// of every word to learn how rare it is, which takes longer than all the rest together.
const common = 2_000

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

// newest are the matches that are not held, the newest first. FTS5 reads them in this order and stops at the limit: a word
// that is everywhere costs no more than a rare one.
const newest = ` FROM search s CROSS JOIN article a ON a.id = s.rowid WHERE s.search MATCH ?1 AND a.held = 0 ORDER BY s.rowid DESC LIMIT ?2`

// aged is how much less an older match weighs: one of a month ago half of one of today.
const aged = ` / (1 + max(0, ?3 - a.published) / (30 * 86400e3))`

// Search implements store.SearchReader.
func (r reads) Search(ctx context.Context, q store.SearchQuery, skip, limit int) (found []store.Article, total int, err error) {
	match := matching(q)
	if match == "" {
		return nil, 0, nil
	}
	err = r.together(ctx, func(r reads) error {
		// The texts are read of those listed, not of all that are weighed.
		weight, args, err := r.weight(ctx, q)
		if err != nil {
			return err
		}
		var ids []int64
		ids, err = all(ctx, r, func(r row) (id int64, err error) {
			err = r.Scan(&id, &total)
			return id, err
		}, `SELECT id, count(*) OVER () FROM (SELECT a.id, a.published, `+weight+aged+` AS weight`+newest+`)
			ORDER BY weight DESC, published DESC, id DESC LIMIT ?4 OFFSET ?5`,
			append([]any{match, store.MostFound, q.Now.UnixMilli(), max(limit, 0), max(skip, 0)}, args...)...)
		if err == nil && len(ids) == 0 && skip > 0 { // past the last page
			total, err = one(ctx, r, value[int], `SELECT count(*) FROM (SELECT 1`+newest+`)`, match, store.MostFound)
		}
		if err != nil {
			return err
		}
		found, err = r.Articles(ctx, ids)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	return found, total, nil
}

// weight is how a match is weighed, the more the better: by how often the words stand in it, four times as much in the
// headline; or, where bm25 would read too much to find that out, by how many of the terms stand in the headline.
func (r reads) weight(ctx context.Context, q store.SearchQuery) (expression string, args []any, err error) {
	rare, err := r.rare(ctx, q)
	if err != nil || rare {
		return `-bm25(s.search, 4.0, 1.0)`, nil, err
	}
	expression = `(1`
	for i, stems := range q.Terms {
		term := " " + strings.Join(stems, " ")
		if !q.Prefix || i < len(q.Terms)-1 {
			term += " "
		}
		args = append(args, term)
		expression += fmt.Sprintf(` + %.3f * (instr(' ' || a.stems || ' ', ?%d) > 0)`, 3/float64(len(q.Terms)), 5+len(args))
	}
	return expression + `)`, args, nil
}

// rare reports whether none of the words is common. Of a beginning it cannot be known without reading all that begin so.
func (r reads) rare(ctx context.Context, q store.SearchQuery) (bool, error) {
	if q.Prefix {
		return false, nil
	}
	for _, stems := range q.Terms {
		for _, stem := range stems {
			match := matching(store.SearchQuery{Terms: [][]string{{stem}}})
			if match == "" {
				continue
			}
			_, err := one(ctx, r, value[int64], `SELECT rowid FROM search WHERE search MATCH ? LIMIT 1 OFFSET ?`, match, common)
			if !errors.Is(err, store.ErrNotFound) {
				return false, err
			}
		}
	}
	return true, nil
}

// mostSpellings bounds the stems of which it is counted how often they occur.
const mostSpellings = 50

// Spellings implements store.SearchReader.
func (r reads) Spellings(ctx context.Context, sounds []string, limit int) ([]string, error) {
	asked, err := list(sounds)
	if err != nil {
		return nil, fmt.Errorf("look up spellings: %w", err)
	}
	type spelling struct {
		stem  string
		times int
	}
	var found []spelling
	err = r.together(ctx, func(r reads) error {
		stems, err := all(ctx, r, value[string], `SELECT stem FROM sound WHERE sound IN (SELECT value FROM json_each(?)) ORDER BY stem LIMIT ?`, asked, mostSpellings)
		if err != nil {
			return err
		}
		for _, stem := range stems {
			match := matching(store.SearchQuery{Terms: [][]string{{stem}}})
			times, err := one(ctx, r, value[int], `SELECT count(*) FROM (SELECT 1`+newest+`)`, match, store.MostCounted)
			if err != nil {
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
