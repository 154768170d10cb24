package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the layout up to the newest migration; each runs in a transaction of its own. Nobody else may be at work meanwhile.
func (s *Store) migrate(ctx context.Context, db *sql.DB) (err error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("read the layout: %w", err)
	}
	if !pending { // a file with a log, as a crash leaves it, has not been examined yet
		version, err := provider.GetDBVersion(ctx)
		if err != nil {
			return fmt.Errorf("read the layout: %w", err)
		}
		return knownLayout(version)
	}
	if s.lock == nil {
		brief, err := lockFile(ctx, s.path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, brief.release()) }()
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// newestMigration is the number of the last migration this program knows.
func newestMigration() (newest int64) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, file := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(file, "migrations/"), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}
