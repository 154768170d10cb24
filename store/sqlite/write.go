package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

// tx is one write transaction.
type tx struct {
	reads
	session *session
	// head is the head of the log once known is set.
	head  int64
	known bool
	// touched holds the blocks whose chats' times were changed, with when the earliest was due before (see due.go).
	touched map[int64]sql.NullInt64
	// gathered is what was counted (see figures.go), now the time in the zone whose days are counted by.
	gathered gathered
	now      func() time.Time
	// newcomers are the chats that were saved and are yet to be inserted (see newcomers.go).
	newcomers newcomers
}

var _ store.Tx = (*tx)(nil)

// session sends statements to the writing connection, between the BEGIN and the end of a transaction. It does so without the
// caller's cancellation and without sql.Tx, both of which watch each statement with a goroutine (measured: 1.7 times the cost
// of a write, three times that of a small read); a transaction that has begun is short.
type session struct {
	conn *sql.Conn
	// broken is the first error after which SQLite may have rolled back on its own, so that what was run after it would stand
	// outside of the transaction; or says that the transaction is over.
	broken error
	// late is what is to be done before the next statement, nil if nothing is.
	late func(context.Context) error
}

var errOver = errors.New("the transaction is over")

// ready does what was put off until the next statement.
func (s *session) ready(ctx context.Context) error {
	if late := s.late; late != nil && s.broken == nil {
		s.late = nil
		if err := late(ctx); err != nil {
			s.broken = err
		}
	}
	return s.broken
}

func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	return s.conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (s *session) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	result, err := s.conn.ExecContext(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		err = translate(err)
		if errors.Is(err, store.ErrUnwritable) || errors.Is(err, store.ErrDamaged) {
			s.broken = err
		}
		return nil, err
	}
	return result, nil
}

// run executes a statement.
func (t *tx) run(ctx context.Context, query string, args ...any) error {
	_, err := t.session.exec(ctx, query, args...)
	return err
}

// insert executes an INSERT and returns the new row's number.
func (t *tx) insert(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.session.exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// change executes a statement and returns how many rows it changed.
func (t *tx) change(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.session.exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// must executes a statement that changes the row of a known key; none changed is ErrNotFound.
func (t *tx) must(ctx context.Context, query string, args ...any) error {
	n, err := t.change(ctx, query, args...)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// Write implements store.Store.
func (s *Store) Write(ctx context.Context, change func(store.Tx) error) (err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return s.transact(context.WithoutCancel(ctx), change)
}

func (s *Store) transact(ctx context.Context, change func(store.Tx) error) error {
	if _, err := s.writing.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin a transaction: %w", translate(err))
	}
	t := &tx{session: &session{conn: s.writing}, now: s.now}
	t.reads = reads{t.session}
	committed := false
	defer func() { // after an error or a panic, nothing is kept
		t.session.broken = errOver
		if !committed {
			_, _ = s.writing.ExecContext(ctx, "ROLLBACK") // fails if SQLite has rolled back already
		}
	}()
	if err := change(t); err != nil {
		return err
	}
	if err := t.session.ready(ctx); err != nil {
		return err
	}
	if err := t.tally(ctx); err != nil {
		return err
	}
	if err := t.keepFigures(ctx); err != nil {
		return err
	}
	if _, err := s.writing.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", translate(err))
	}
	committed = true
	s.commits.Add(1)
	return nil
}
