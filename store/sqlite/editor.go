package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

const selectEditor = `SELECT user, name, role, since FROM editor `

func scanEditor(r row) (e store.Editor, err error) {
	err = r.Scan(&e.User, &e.Name, &e.Role, moment{&e.Since})
	return e, err
}

// Editor implements store.EditorReader.
func (r reads) Editor(ctx context.Context, user int64) (store.Editor, error) {
	e, err := one(ctx, r, scanEditor, selectEditor+`WHERE user = ?`, user)
	if err != nil {
		return store.Editor{}, fmt.Errorf("read the role of a person: %w", err)
	}
	return e, nil
}

// Editors implements store.EditorReader.
func (r reads) Editors(ctx context.Context) ([]store.Editor, error) {
	editors, err := all(ctx, r, scanEditor,
		selectEditor+`ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'editor' THEN 1 ELSE 2 END, since, user`)
	if err != nil {
		return nil, fmt.Errorf("read the roles: %w", err)
	}
	return editors, nil
}

// SaveEditor implements store.EditorWriter.
func (t *tx) SaveEditor(ctx context.Context, e store.Editor) error {
	err := t.run(ctx, `INSERT INTO editor (user, name, role, since) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role, since = excluded.since`, e.User, e.Name, e.Role, millis(e.Since))
	if err != nil {
		return fmt.Errorf("save the role of a person: %w", err)
	}
	return nil
}

// DeleteEditor implements store.EditorWriter.
func (t *tx) DeleteEditor(ctx context.Context, user int64) error {
	if err := t.run(ctx, `DELETE FROM editor WHERE user = ?`, user); err != nil {
		return fmt.Errorf("take away the role of a person: %w", err)
	}
	return nil
}
