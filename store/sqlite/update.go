package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

// Offset implements store.UpdateReader.
func (r reads) Offset(ctx context.Context, bot int64) (int64, error) {
	next, err := orZero(one(ctx, r, value[int64], `SELECT next FROM polling WHERE bot = ?`, bot))
	if err != nil {
		return 0, fmt.Errorf("read the offset of bot %d: %w", bot, err)
	}
	return next, nil
}

// Answers implements store.UpdateReader.
func (r reads) Answers(ctx context.Context, after int64, limit int) ([]store.Answer, error) {
	answers, err := all(ctx, r, func(r row) (a store.Answer, err error) {
		err = r.Scan(&a.ID, &a.TelegramID, moment{&a.At}, &a.Request, &a.Card)
		return a, err
	}, `SELECT id, telegram_id, at, request, card FROM answer WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read the owed answers: %w", err)
	}
	return answers, nil
}

// AsideUpdates implements store.UpdateReader.
func (r reads) AsideUpdates(ctx context.Context, limit int) ([]store.Aside, error) {
	asides, err := all(ctx, r, func(r row) (a store.Aside, err error) {
		err = r.Scan(&a.Update, moment{&a.At}, &a.Raw)
		return a, err
	}, `SELECT id, at, raw FROM aside ORDER BY id LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read the updates put aside: %w", err)
	}
	return asides, nil
}

// SetOffset implements store.UpdateWriter.
func (t *tx) SetOffset(ctx context.Context, bot, next int64) error {
	err := t.run(ctx, `INSERT INTO polling (bot, next) VALUES (?, ?) ON CONFLICT DO UPDATE SET next = excluded.next`, bot, next)
	if err != nil {
		return fmt.Errorf("set the offset of bot %d: %w", bot, err)
	}
	return nil
}

// Owe implements store.UpdateWriter.
func (t *tx) Owe(ctx context.Context, a *store.Answer) error {
	id, err := t.insert(ctx, `INSERT INTO answer (telegram_id, at, request, card) VALUES (?, ?, ?, ?)`, a.TelegramID, a.At.UnixMilli(), blob(a.Request), a.Card)
	if err != nil {
		return fmt.Errorf("owe an answer: %w", err)
	}
	a.ID = id
	return nil
}

// Answered implements store.UpdateWriter.
func (t *tx) Answered(ctx context.Context, ids ...int64) error {
	for _, id := range ids {
		if err := t.run(ctx, `DELETE FROM answer WHERE id = ?`, id); err != nil {
			return fmt.Errorf("drop answer %d: %w", id, err)
		}
	}
	return nil
}

// PutAside implements store.UpdateWriter.
func (t *tx) PutAside(ctx context.Context, a store.Aside) error {
	err := t.run(ctx, `INSERT INTO aside (id, at, raw) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, a.Update, a.At.UnixMilli(), blob(a.Raw))
	if err != nil {
		return fmt.Errorf("put update %d aside: %w", a.Update, err)
	}
	return nil
}

// TakeUp implements store.UpdateWriter.
func (t *tx) TakeUp(ctx context.Context, update int64) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM aside WHERE id = ?`, update)
	if err != nil {
		return false, fmt.Errorf("take up update %d: %w", update, err)
	}
	return n > 0, nil
}

// blob is the value of a column that is never NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
