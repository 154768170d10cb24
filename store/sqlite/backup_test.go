package sqlite_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

func TestABackupIsAWholeStoreWhileTheWriterWorks(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	working, err := sqlite.Open(t.Context(), path, sqlite.Alone())
	if err != nil {
		t.Fatal(err)
	}
	defer working.Close()
	var writer sync.WaitGroup
	stop := make(chan struct{})
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			// Both are written in one go, so a whole copy has both alike.
			err := working.Write(t.Context(), func(tx store.Tx) error {
				return errors.Join(tx.SetSetting(t.Context(), "one", fmt.Sprint(i)), tx.SetSetting(t.Context(), "two", fmt.Sprint(i)))
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	beside := openAt(t, path) // as another process would
	defer beside.Close()
	for n := range 3 {
		to := filepath.Join(t.TempDir(), fmt.Sprint(n, " কপি.db"))
		if err := beside.Backup(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		alone(t, to)
		restored := openAt(t, to)
		one, _ := restored.Setting(t.Context(), "one")
		two, err := restored.Setting(t.Context(), "two")
		if head, failed := restored.Head(t.Context()); err != nil || failed != nil || head != 20 || one != two {
			t.Errorf("the copy has head %d, %q and %q: %v %v", head, one, two, err, failed)
		}
		if err := errors.Join(restored.Check(t.Context()), restored.Close()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	writer.Wait()
}

func TestABackupOverwritesNothingAndLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	path, content := kept(t)
	s := openAt(t, path)
	defer s.Close()
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{taken, path, t.TempDir()} {
		if err := s.Backup(t.Context(), to); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if now, err := os.ReadFile(path); err != nil || len(now) < len(content) {
		t.Errorf("the database has %d bytes, %v", len(now), err)
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "no", "folder")); err == nil {
		t.Error("written into no folder")
	}
}
