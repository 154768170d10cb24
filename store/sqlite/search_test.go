package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

// The index as it was before its words were also found by their beginnings.
const earlierIndex = `
	CREATE VIRTUAL TABLE earlier USING fts5 (headline, text, content = '', contentless_delete = 1,
		tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'");
	INSERT INTO earlier (rowid, headline, text) VALUES
		(1, 'পদ্মা সেতু উদ্বোধন', 'ঢাকা থেকে সেতু দেখা সেতু বন্ধ'), (2, 'covid-19 টিকা', ''), (3, 'মেলা', 'সেতু'), (4, 'বাংলাদেশ জয়', 'ঢাকা শহর');
	DELETE FROM earlier WHERE rowid = 3;
	DROP TABLE search;
	ALTER TABLE earlier RENAME TO search;`

func TestWhatWasFoundIsFoundInTheNewIndex(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harkara.db")
	s := openAt(t, path)
	write(t, s, func(tx store.Tx) error {
		for range 4 {
			a := store.Article{Headline: "খবর", Published: dawn, FirstSeen: dawn}
			if err := tx.AddArticle(t.Context(), &a, nil, store.Index{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	migration, err := os.ReadFile("migrations/00025_beginnings.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statements := range []string{earlierIndex, string(migration)} {
		if _, err := db.ExecContext(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	s = openAt(t, path)
	for _, c := range []struct {
		query string
		want  int
	}{
		{"সেতু", 1},
		{"ঢাকা", 2},
		{"covid-19", 1},
		{"19", 1},
		{"মেলা", 0},
		{"সেতু দেখা", 1},
		{"দেখা সেতু বন্ধ", 1},
		{"উদ্বোধন ঢাকা", 0},
		{"ব*", 2},
		{"বা*", 1},
		{"বাং*", 1},
		{"বাংলাদে*", 1},
		{"সেতু দে*", 1},
		{"মেল*", 0},
	} {
		words, prefix := strings.CutSuffix(c.query, "*")
		q := store.SearchQuery{Terms: [][]string{strings.Fields(words)}, Prefix: prefix, Now: dawn.Add(time.Hour)}
		if _, found, err := s.Search(t.Context(), q, 0, 10); err != nil || found != c.want {
			t.Errorf("%s: %d found, not %d: %v", c.query, found, c.want, err)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
