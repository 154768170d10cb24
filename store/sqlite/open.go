package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/harkara/harkara/store"
)

// Store keeps everything in one SQLite file. Open one per file and process.
type Store struct {
	reads
	path string
	// now is the time in the zone whose days are counted by.
	now     func() time.Time
	readers *sql.DB
	writer  *sql.DB
	// side is the connection of the checkpointer.
	side *sql.DB
	log  *slog.Logger
	// writing is the writer's one connection, turn holds a token while it is in use.
	writing *sql.Conn
	turn    chan struct{}
	commits atomic.Int64
	// lock is held from Open to Close by a store opened with Alone, else nil.
	lock    *lock
	stop    context.CancelFunc
	done    sync.WaitGroup
	closing sync.Once
	closed  error
}

var _ store.Store = (*Store)(nil)

const (
	// applicationID stands in the header of our files: "HRKR".
	applicationID = 0x48524b52
	// pageSize is smaller than SQLite's default of 4096, because what a settled message costs to write is whole pages: measured
	// with a hundred neighbours a commit, 146 bytes a message with 1024, 209 with 2048.
	pageSize = 1024

	readerCount     = 4
	writerCacheKiB  = 48 << 10
	readerCacheKiB  = 8 << 10
	statementsKept  = 256
	busyTimeoutMSec = 5000
)

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	log         *slog.Logger
	zone        *time.Location
	now         func() time.Time
	checkpoints bool
	alone       bool
}

// WithLog says where trouble of the background work is told; the default is slog.Default.
func WithLog(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// WithCalendar says in which time zone a day ends for what is counted by day; the default is UTC. When it changes, what was counted
// stays with the days of the zone it was counted in.
func WithCalendar(zone *time.Location) Option { return func(o *options) { o.zone = zone } }

// WithNow sets the clock by which days are told; the default is the machine's.
func WithNow(now func() time.Time) Option { return func(o *options) { o.now = now } }

// Open opens the store in the file at path, or makes it there, and brings it up to the present version of the layout.
//
// A file that is no database, is not ours, is damaged or was written by a newer version gives an error that wraps
// store.ErrDamaged; the file is not touched and nothing is left beside it. One of an older version gives store.ErrInUse while a
// store opened with [Alone] is at work on it, which may be of that version and could not go on with another layout.
func Open(ctx context.Context, path string, opts ...Option) (_ *Store, err error) {
	o := options{log: slog.Default(), zone: time.UTC, now: time.Now, checkpoints: true}
	for _, opt := range opts {
		opt(&o)
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("open the database %s: %w", path, err)
		}
	}()
	fresh, err := inspect(ctx, path)
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := create(ctx, path); err != nil {
			return nil, err
		}
	}

	s := &Store{path: path, log: o.log, turn: make(chan struct{}, 1), now: func() time.Time { return o.now().In(o.zone) }}
	defer func() {
		if err != nil {
			_ = s.closeAll() // the first error is the one to tell
		}
	}()
	if o.alone {
		if s.lock, err = lockFile(ctx, path); err != nil {
			return nil, err
		}
	}
	// What a change of the layout sorts may be larger than the memory, so it is made by a connection that sorts in files.
	migrator := openWith(dsn(path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"}, "_cache_size": {strconv.Itoa(-writerCacheKiB)},
	}))
	defer migrator.Close() // after the writer is there: the last to close would copy the log back
	if err := s.migrate(ctx, migrator); err != nil {
		return nil, translate(err)
	}
	write := dsn(path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"},
		"_mutex":      {"no"}, // who writes holds the turn
		"_cache_size": {strconv.Itoa(-writerCacheKiB)}, "_stmt_cache_size": {strconv.Itoa(statementsKept)},
	})
	// The log is copied back from the side; the connection would otherwise do it within a commit.
	s.writer = openWith(write, "PRAGMA wal_autocheckpoint = 0", "PRAGMA temp_store = MEMORY",
		"CREATE TEMP TABLE found (chat INTEGER PRIMARY KEY) STRICT") // see mark.go
	s.writer.SetMaxOpenConns(1)
	if err := s.writer.PingContext(ctx); err != nil {
		return nil, translate(err)
	}
	if err := s.beginCounting(ctx); err != nil {
		return nil, err
	}
	if s.writing, err = s.writer.Conn(context.WithoutCancel(ctx)); err != nil {
		return nil, translate(err)
	}
	s.readers = openWith(dsn(path, url.Values{
		"mode": {"ro"}, "_query_only": {"true"},
		"_cache_size": {strconv.Itoa(-readerCacheKiB)}, "_stmt_cache_size": {strconv.Itoa(statementsKept)},
	}), "PRAGMA temp_store = MEMORY")
	s.readers.SetMaxOpenConns(readerCount)
	s.readers.SetMaxIdleConns(readerCount)
	if err := s.readers.PingContext(ctx); err != nil {
		return nil, translate(err)
	}
	s.reads = reads{s.readers}

	if o.checkpoints {
		s.side = openWith(dsn(path, url.Values{"_synchronous": {"FULL"}, "_cache_size": {"-64"}}), "PRAGMA wal_autocheckpoint = 0")
		s.side.SetMaxOpenConns(1)
		run, stop := context.WithCancel(context.WithoutCancel(ctx))
		s.stop = stop
		s.done.Go(func() { s.checkpoint(run) })
	}
	return s, nil
}

// Close implements store.Store. It waits for a Write under way; a later one fails.
func (s *Store) Close() error {
	s.closing.Do(func() {
		if s.stop != nil {
			s.stop()
			s.done.Wait()
		}
		s.turn <- struct{}{}
		defer func() { <-s.turn }()
		s.closed = s.closeAll()
	})
	return s.closed
}

// closeAll closes the connections, the writer last: the last one to close copies the log back and removes it.
func (s *Store) closeAll() error {
	var errs []error
	if s.writing != nil {
		errs = append(errs, s.writing.Close())
	}
	for _, db := range []*sql.DB{s.readers, s.side, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// Check implements store.Store.
func (s *Store) Check(ctx context.Context) error {
	faults, err := all(ctx, s.reads, value[string], `PRAGMA integrity_check(10)`)
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if len(faults) != 1 || faults[0] != "ok" {
		return fmt.Errorf("check the database: %w: %q", store.ErrDamaged, faults)
	}
	wrong, err := one(ctx, s.reads, value[int], wrongBlocks)
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if wrong > 0 {
		return fmt.Errorf("check the database: %w: %d blocks of chats are due at other times than their chats", store.ErrDamaged, wrong)
	}
	if wrong, err = one(ctx, s.reads, value[int], wrongCrowds); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if wrong > 0 {
		return fmt.Errorf("check the database: %w: the sizes of %d crowds of readers are not those counted", store.ErrDamaged, wrong)
	}
	return nil
}

// create makes an empty database that bears our mark.
func create(ctx context.Context, path string) error {
	db := openWith(dsn(path, nil))
	_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size = %d; PRAGMA application_id = %d", pageSize, applicationID))
	return translate(errors.Join(err, db.Close()))
}

// dsn writes the driver's address of the file.
func dsn(path string, with url.Values) string {
	values := url.Values{"_busy_timeout": {strconv.Itoa(busyTimeoutMSec)}}
	for key, value := range with {
		values[key] = value
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: values.Encode()}).String()
}

// openWith returns a pool whose connections run the pragmas that the driver's address has no word for.
func openWith(dsn string, pragmas ...string) *sql.DB {
	d := &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		for _, p := range pragmas {
			if _, err := c.Exec(p, nil); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
		}
		return nil
	}}
	db := sql.OpenDB(connector{d, dsn})
	db.SetConnMaxLifetime(0)
	return db
}

// connector opens connections to one address.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }
