package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

// Events implements store.EventReader.
func (r reads) Events(ctx context.Context, skip, limit int) ([]store.Event, error) {
	events, err := all(ctx, r, func(r row) (e store.Event, err error) {
		err = r.Scan(&e.ID, moment{&e.At}, &e.By, &e.Name, &e.Deed, &e.About, &e.Object, &e.Detail)
		return e, err
	}, `SELECT id, at, by, name, deed, about, object, detail FROM event ORDER BY id DESC LIMIT ? OFFSET ?`, limit, skip)
	if err != nil {
		return nil, fmt.Errorf("read the desk's log: %w", err)
	}
	return events, nil
}

// Record implements store.EventWriter.
func (t *tx) Record(ctx context.Context, e store.Event) error {
	err := t.run(ctx, `INSERT INTO event (at, by, name, deed, about, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.At.UnixMilli(), e.By, e.Name, e.Deed, e.About, e.Object, e.Detail)
	if err == nil {
		err = t.run(ctx, `DELETE FROM event WHERE at < ?`, e.At.Add(-store.KeepEvents).UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Deed, err)
	}
	return nil
}
