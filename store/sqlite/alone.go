package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"

	"github.com/harkara/harkara/store"
)

// Alone opens the store for the one program that sends what is owed: [Open] gives an error that wraps store.ErrInUse while another store
// of the same file, in whatever process, is opened so. Two at work would send everything twice. Stores opened without it, which look or
// change the catalogue, are not kept out.
func Alone() Option { return func(o *options) { o.alone = true } }

// lock is held by whoever works alone on a database. It is a transaction of SQLite on an empty file beside it, so that it works wherever
// SQLite does, and ends with the process however that ends. The database itself cannot be locked: others may read and write it.
type lock struct {
	path string
	db   *sql.DB
	held *sql.Conn
}

// lockTries bounds how often a lock is tried anew because its file may have been removed, by whoever held it, while we took it.
const lockTries = 10

func lockFile(ctx context.Context, database string) (*lock, error) {
	database, err := filepath.EvalSymlinks(database)
	if err != nil {
		return nil, fmt.Errorf("find the file: %w", err)
	}
	path := database + "-lock"
	for range lockTries {
		before, _ := os.Stat(path) // it is made where it is missing, and then known in the next round
		l := &lock{path: path, db: openWith(dsn(path, url.Values{"_busy_timeout": {"0"}, "_journal_mode": {"MEMORY"}}))}
		if l.held, err = l.db.Conn(ctx); err == nil {
			_, err = l.held.ExecContext(ctx, "BEGIN EXCLUSIVE")
		}
		if after, gone := os.Stat(path); err == nil && gone == nil && before != nil && os.SameFile(before, after) {
			return l, nil
		}
		_ = l.close() // nothing is kept in it
		var e sqlite3.Error
		if errors.As(err, &e) && e.Code == sqlite3.ErrBusy {
			return nil, store.ErrInUse
		}
	}
	if err == nil {
		return nil, store.ErrInUse
	}
	return nil, fmt.Errorf("lock %s: %w", path, translate(err))
}

// release ends the lock and leaves nothing beside the database.
func (l *lock) release() error {
	_ = os.Remove(l.path) // an empty file that stays, as where an open one cannot be removed, does no harm
	return l.close()
}

func (l *lock) close() error {
	var err error
	if l.held != nil {
		err = l.held.Close()
	}
	return errors.Join(err, l.db.Close())
}
