package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Backup writes all that is committed now into a new file, which is a store of its own. Writers go on meanwhile. The error wraps
// fs.ErrExist if there is a file of that name; of a copy that fails nothing is left.
func (s *Store) Backup(ctx context.Context, to string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("back up into %s: %w", to, err)
		}
	}()
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(to) // there was none before
		}
	}()
	own := openWith(dsn(s.path, nil)) // the readers' connections may not write anything, and the writer's would make everybody wait
	defer own.Close()
	if _, err := own.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return translate(err)
	}
	// SQLite leaves it to the system when the copy reaches the disk (https://www.sqlite.org/lang_vacuum.html).
	copied, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(copied.Sync(), copied.Close())
}
