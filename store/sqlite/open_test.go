package sqlite_test

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// kept makes a database with something in it and returns its path and content.
func kept(t *testing.T) (string, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "harkara.db")
	s := openAt(t, path)
	readers(t, s, 500)
	for i := range 20 {
		article(t, s, fmt.Sprint(i), 1)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, content
}

func TestAClosedStoreIsOneFileAndOpensAgain(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	alone(t, path)
	s := openAt(t, path)
	if head, err := s.Head(t.Context()); err != nil || head != 20 {
		t.Errorf("the head is %d: %v", head, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// alone checks that nothing was left beside the file.
func alone(t *testing.T, path string) {
	t.Helper()
	beside, err := filepath.Glob(path + "*")
	if err != nil || len(beside) != 1 {
		t.Errorf("beside the file: %v %v", beside, err)
	}
}

func TestAFileThatIsNotOursIsLeftUntouched(t *testing.T) {
	t.Parallel()
	foreign := func(statements string) func(*testing.T, []byte) []byte {
		return func(t *testing.T, _ []byte) []byte {
			path := filepath.Join(t.TempDir(), "foreign.db")
			db, err := sql.Open("sqlite3", path)
			if err == nil {
				_, err = db.Exec(statements)
			}
			if err = errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return content
		}
	}
	const version = `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER); INSERT INTO goose_db_version (version_id) VALUES (%d);`
	for name, c := range map[string]struct {
		change func(t *testing.T, ours []byte) []byte
		says   string
	}{
		"a text": {func(*testing.T, []byte) []byte {
			return []byte("<opml version='2.0'>" + strings.Repeat("হরকরা ", 100))
		}, "no SQLite database"},
		"a few bytes":              {func(*testing.T, []byte) []byte { return []byte("SQLite") }, "no SQLite database"},
		"a header alone":           {func(_ *testing.T, ours []byte) []byte { return ours[:100] }, "cut short"},
		"cut short":                {func(_ *testing.T, ours []byte) []byte { return ours[:len(ours)/2] }, "cut short"},
		"another program's":        {foreign(`CREATE TABLE note (text TEXT)`), "another program"},
		"another program's, alike": {foreign(fmt.Sprintf(version, 1)), "another program"},
		"a newer version's":        {foreign(`PRAGMA application_id = 0x48524b52;` + fmt.Sprintf(version, 999)), "newer version"},
		"ours without its layout":  {foreign(`PRAGMA application_id = 0x48524b52; CREATE TABLE note (text TEXT)`), "goose_db_version"},
		"ours with a torn page": {func(_ *testing.T, ours []byte) []byte {
			torn := bytes.Clone(ours)
			page := int(binary.BigEndian.Uint16(ours[16:]))
			for at := 20 * page; at < 60*page; at++ {
				torn[at] ^= 0x5a
			}
			return torn
		}, "backup"},
		"ours with a torn first page": {func(_ *testing.T, ours []byte) []byte {
			torn := bytes.Clone(ours)
			for at := 100; at < 1000; at++ {
				torn[at] = 0xff
			}
			return torn
		}, "backup"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, ours := kept(t)
			content := c.change(t, ours)
			path := filepath.Join(t.TempDir(), "harkara.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := sqlite.Open(t.Context(), path)
			if err == nil {
				_ = s.Close()
			}
			if !errors.Is(err, store.ErrDamaged) || !strings.Contains(fmt.Sprint(err), c.says) || !strings.Contains(fmt.Sprint(err), path) {
				t.Errorf("opening says: %v", err)
			}
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(after, content) {
				t.Errorf("the file was changed: %v", err)
			}
			alone(t, path)
		})
	}
}

func TestAnEmptyFileBecomesAStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harkara.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	readers(t, s, 1)
}

func TestAPathWithOddLettersIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "হরকরা ?x=1&mode=memory #%41")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "a b%20.db")
	s := openAt(t, path)
	readers(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	alone(t, path)
}

func TestAPathThatCannotBeIsToldWithTheReason(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"a folder":               t.TempDir(),
		"in no folder":           filepath.Join(t.TempDir(), "none", "harkara.db"),
		"in a file for a folder": filepath.Join(os.Args[0], "harkara.db"),
	} {
		s, err := sqlite.Open(t.Context(), path)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", name)
			continue
		}
		if errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDamageThatComesWhileOpenIsFoundByCheck(t *testing.T) {
	t.Parallel()
	path, content := kept(t)
	s := openAt(t, path)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := int64(binary.BigEndian.Uint16(content[16:]))
	for at := 30 * page; at < int64(len(content))-page; at += page {
		if _, err := f.WriteAt(bytes.Repeat([]byte{0xa5}, 64), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Check(t.Context()); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("check says: %v", err)
	}
}

func TestAWriteThatFindsNoRoomKeepsNothingAndSucceedsLater(t *testing.T) {
	t.Parallel()
	for name, pragma := range map[string]struct{ stop, resume string }{
		"a full disk":      {"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"}, // SQLite takes the present size for 1
		"a read-only file": {"PRAGMA query_only = 1", "PRAGMA query_only = 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, _ := kept(t)
			s := openAt(t, path)
			fill := func(tx store.Tx) error {
				if err := tx.SetSetting(t.Context(), "key", "kept"); err != nil {
					return err
				}
				for range 50 {
					a := store.Article{Text: strings.Repeat("ক", 1000), FirstSeen: dawn, Published: dawn}
					if err := tx.AddArticle(t.Context(), &a, nil, store.Index{}); err != nil {
						return err
					}
				}
				return nil
			}
			if err := s.Pragma(t.Context(), pragma.stop); err != nil {
				t.Fatal(err)
			}
			for _, change := range []func(store.Tx) error{fill, func(tx store.Tx) error {
				_ = fill(tx) // a caller that does not mind the error must not have half of its change kept
				_ = tx.SetOffset(t.Context(), 1, 77)
				return nil
			}} {
				if err := s.Write(t.Context(), change); !errors.Is(err, store.ErrUnwritable) {
					t.Errorf("writing says: %v", err)
				}
				head, err1 := s.Head(t.Context())
				setting, err2 := s.Setting(t.Context(), "key")
				offset, err3 := s.Offset(t.Context(), 1)
				if head != 20 || setting != "" || offset == 77 || errors.Join(err1, err2, err3) != nil {
					t.Errorf("half of the change was kept: %d %q %d %v", head, setting, offset, errors.Join(err1, err2, err3))
				}
			}
			if err := s.Pragma(t.Context(), pragma.resume); err != nil {
				t.Fatal(err)
			}
			write(t, s, fill)
			if head, err := s.Head(t.Context()); head != 70 || err != nil {
				t.Errorf("the head is %d: %v", head, err)
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAWriteAfterCloseFails(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "harkara.db"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), func(store.Tx) error { return nil }); err == nil {
		t.Error("it was taken")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestReadersSeeWholeCommitsWhileTheWriterWorks(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "harkara.db"))
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				// Each commit adds an article for both categories; a search reads in several steps.
				if _, _, err := s.Search(t.Context(), store.SearchQuery{Terms: [][]string{{"খবর"}}}, 0, 5); err != nil {
					t.Errorf("search: %v", err)
					return
				}
				latest, err := s.Latest(t.Context(), []int64{1, 2}, 0, 3)
				if err != nil {
					t.Errorf("latest: %v", err)
					return
				}
				for _, a := range latest {
					if len(a.Categories) != 2 || a.Seq == 0 {
						t.Errorf("half of an article was seen: %+v", a)
						return
					}
				}
			}
		})
	}
	for i := range 300 {
		write(t, s, func(tx store.Tx) error {
			a := store.Article{GUID: fmt.Sprint(i), FirstSeen: dawn, Published: dawn, Categories: []int64{1, 2}}
			return tx.AddArticle(t.Context(), &a, nil, store.Index{Headline: []string{"খবর"}})
		})
	}
	close(done)
	all.Wait()
}

func TestAFolderThatCannotBeWrittenIsToldAsSuch(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "harkara.db")
	s, err := sqlite.Open(t.Context(), path)
	if err == nil {
		_ = s.Close()
	}
	if !errors.Is(err, store.ErrUnwritable) || strings.Count(err.Error(), path) != 1 {
		t.Errorf("opening says: %v", err)
	}
}
