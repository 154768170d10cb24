package sqlite

import (
	"context"
	"fmt"
	"time"
)

// Setting implements store.SettingReader.
func (r reads) Setting(ctx context.Context, key string) (string, error) {
	v, err := orZero(one(ctx, r, value[string], `SELECT value FROM setting WHERE key = ?`, key))
	if err != nil {
		return "", fmt.Errorf("read setting %q: %w", key, err)
	}
	return v, nil
}

// SetSetting implements store.SettingWriter.
func (t *tx) SetSetting(ctx context.Context, key, value string) error {
	var err error
	if value == "" {
		err = t.run(ctx, `DELETE FROM setting WHERE key = ?`, key)
	} else {
		err = t.run(ctx, `INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`, key, value)
	}
	if err != nil {
		return fmt.Errorf("keep setting %q: %w", key, err)
	}
	return nil
}

// TellOnce implements store.SettingWriter.
func (t *tx) TellOnce(ctx context.Context, key string, at time.Time) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO told (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING`, key, at.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("remember that %q was told: %w", key, err)
	}
	return n > 0, nil
}

// TellAgain implements store.SettingWriter.
func (t *tx) TellAgain(ctx context.Context, key string) error {
	if err := t.run(ctx, `DELETE FROM told WHERE key = ?`, key); err != nil {
		return fmt.Errorf("forget that %q was told: %w", key, err)
	}
	return nil
}
