package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/harkara/harkara/store"
)

// tx is one write transaction.
type tx struct {
	reads
	session *session
	// head is the head of the log once known is set.
	head  int64
	known bool
}

var _ store.Tx = (*tx)(nil)

// session sends statements to the transaction. It does so without the caller's cancellation, which the driver watches with
// a goroutine per statement (measured: 1.7 times the cost), and a transaction that has begun is short.
type session struct {
	tx *sql.Tx
	// broken is the first error after which SQLite may have rolled back on its own; what was run after it
	// would stand outside of the transaction.
	broken error
}

func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	return s.tx.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (s *session) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return s.tx.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}

func (s *session) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	result, err := s.tx.ExecContext(context.WithoutCancel(ctx), query, args...)
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
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	begun, err := s.writer.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", translate(err))
	}
	defer func() { _ = begun.Rollback() }() // does nothing after a commit; undoes all after an error or a panic
	t := &tx{session: &session{tx: begun}}
	t.reads = reads{t.session}
	if err := change(t); err != nil {
		return err
	}
	if t.session.broken != nil {
		return t.session.broken
	}
	if err := begun.Commit(); err != nil {
		return fmt.Errorf("commit: %w", translate(err))
	}
	s.commits.Add(1)
	return nil
}
