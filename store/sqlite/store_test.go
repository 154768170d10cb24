package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
	"github.com/harkara/harkara/store/storetest"
)

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
