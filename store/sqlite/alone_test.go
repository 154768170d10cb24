package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

func TestOnlyOneWorksAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harkara.db")
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	first, err := sqlite.Open(t.Context(), path, sqlite.Alone())
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{path, link} {
		if s, err := sqlite.Open(t.Context(), other, sqlite.Alone()); !errors.Is(err, store.ErrInUse) || s != nil {
			t.Errorf("a second one at %s: %v", other, err)
		}
	}
	looking := openAt(t, path) // is not kept out
	if err := looking.Write(t.Context(), func(tx store.Tx) error { return tx.SetSetting(t.Context(), "a", "b") }); err != nil {
		t.Error(err)
	}
	if err := looking.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	next, err := sqlite.Open(t.Context(), path, sqlite.Alone())
	if err != nil {
		t.Fatalf("after the first has closed: %v", err)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
	alone(t, path)
}

func TestOfManyAtOnceAtMostOneWorksAlone(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	var mu sync.Mutex
	inside, won := 0, 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				s, err := sqlite.Open(t.Context(), path, sqlite.Alone())
				if errors.Is(err, store.ErrInUse) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				won++
				if inside++; inside > 1 {
					t.Error("two are alone")
				}
				mu.Unlock()
				mu.Lock()
				inside--
				mu.Unlock()
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if won == 0 {
		t.Error("nobody got in")
	}
}

// setLayout writes the number of the newest migration that the file claims to have had.
func setLayout(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestTheLayoutIsNotChangedUnderWhoWorksAlone(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	working, err := sqlite.Open(t.Context(), path, sqlite.Alone())
	if err != nil {
		t.Fatal(err)
	}
	defer working.Close()
	setLayout(t, path, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	if s, err := sqlite.Open(t.Context(), path); !errors.Is(err, store.ErrInUse) || s != nil {
		t.Errorf("a newer program opens the file of an older one at work: %v", err)
	}
}

func TestAFileOfANewerVersionIsRefusedAfterACrashToo(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	newer := openAt(t, path) // stays open, so that what it writes is in the log
	defer newer.Close()
	setLayout(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)`)
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		t.Fatalf("there is no log: %v", err)
	}
	s, err := sqlite.Open(t.Context(), path)
	if !errors.Is(err, store.ErrDamaged) || s != nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("got %v", err)
	}
}
