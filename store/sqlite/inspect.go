package sqlite

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"

	"github.com/harkara/harkara/store"
)

// examinedWhole is the size up to which a file is examined whole before it is opened for writing: a fraction of a second. In a
// larger one, damage within is found when it is met, or by Check.
const examinedWhole = 32 << 20

// inspect looks at the file without changing it, and reports whether there is none yet.
func inspect(ctx context.Context, path string) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return false, fmt.Errorf("%w: %w", store.ErrUnwritable, err)
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if info.IsDir() {
		return false, errors.New("this is a folder; give the path of a file in it")
	}
	if info.Size() == 0 {
		return true, nil
	}

	// The header is the first 100 bytes: https://www.sqlite.org/fileformat2.html#the_database_header.
	header := make([]byte, 100)
	if _, err := io.ReadFull(f, header); err != nil || !bytes.HasPrefix(header, []byte("SQLite format 3\x00")) {
		return false, fmt.Errorf("%w: the file is no SQLite database", store.ErrDamaged)
	}
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 1 << 16
	}
	pages := int64(binary.BigEndian.Uint32(header[28:]))
	if id := binary.BigEndian.Uint32(header[68:]); id != applicationID {
		return false, fmt.Errorf("%w: the file is a database of another program", store.ErrDamaged)
	}
	if logged, err := os.Stat(path + "-wal"); err == nil && logged.Size() > 0 {
		return false, nil // after a crash the newest pages are in the log, which SQLite recovers as it opens the file
	}
	if info.Size() < page*pages {
		return false, fmt.Errorf("%w: the file is cut short: %d of %d bytes are left", store.ErrDamaged, info.Size(), page*pages)
	}
	return false, examine(ctx, path, info.Size())
}

// examine reads the database as it stands in the file alone, which leaves no log and no index of one beside it.
func examine(ctx context.Context, path string, size int64) error {
	db := openWith(dsn(path, url.Values{"mode": {"ro"}, "immutable": {"1"}}))
	defer db.Close()
	r := reads{db}
	tables, err := one(ctx, r, value[int], `SELECT count(*) FROM sqlite_schema`)
	if err != nil {
		return broken(err)
	}
	if tables > 0 {
		version, err := one(ctx, r, value[int64], `SELECT coalesce(max(version_id), 0) FROM goose_db_version`)
		if err != nil {
			return broken(err)
		}
		if err := knownLayout(version); err != nil {
			return err
		}
	}
	if size > examinedWhole {
		return nil
	}
	faults, err := all(ctx, r, value[string], `PRAGMA quick_check(3)`)
	if err != nil {
		return broken(err)
	}
	if len(faults) != 1 || faults[0] != "ok" {
		return fmt.Errorf("%w: %q; restore a backup", store.ErrDamaged, faults)
	}
	return nil
}

// knownLayout is an error if only a newer version of this program knows the layout.
func knownLayout(version int64) error {
	if newest := newestMigration(); version > newest {
		return fmt.Errorf("%w: the file was written by a newer version of this program (layout %d; this one knows %d); install that version",
			store.ErrDamaged, version, newest)
	}
	return nil
}

// broken tells an error met while a file is examined, when there is no other cause than what stands in it.
func broken(err error) error {
	if errors.Is(err, store.ErrDamaged) {
		return fmt.Errorf("%w; restore a backup", err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w; restore a backup", store.ErrDamaged, err)
}
