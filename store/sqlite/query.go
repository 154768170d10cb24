package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/harkara/harkara/store"
)

// source is what can be asked: the pool, or a transaction.
type source interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// reads is everything that can be asked of a source.
type reads struct{ from source }

// row is what a scan function reads from.
type row interface{ Scan(to ...any) error }

// one returns the first row of the query, or ErrNotFound.
func one[T any](ctx context.Context, r reads, scan func(row) (T, error), query string, args ...any) (got T, err error) {
	rows, err := r.from.QueryContext(ctx, query, args...)
	if err != nil {
		return got, translate(err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return got, translate(err)
		}
		return got, store.ErrNotFound
	}
	got, err = scan(rows)
	return got, translate(err)
}

// all returns the rows of the query.
func all[T any](ctx context.Context, r reads, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := r.from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close()
	var got []T
	for rows.Next() {
		next, err := scan(rows)
		if err != nil {
			return nil, translate(err)
		}
		got = append(got, next)
	}
	return got, translate(rows.Err())
}

// value scans a row of one column.
func value[T any](r row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// together runs several queries against the same commit.
func (r reads) together(ctx context.Context, ask func(reads) error) error {
	pool, ok := r.from.(*sql.DB)
	if !ok {
		return ask(r) // a transaction is of one piece already
	}
	snapshot, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = snapshot.Rollback() }() // nothing was written that could be lost
	return ask(reads{snapshot})
}

// orZero takes ErrNotFound as the zero value.
func orZero[T any](v T, err error) (T, error) {
	if errors.Is(err, store.ErrNotFound) {
		var zero T
		return zero, nil
	}
	return v, err
}
