package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

// Saved implements store.SavedReader.
func (r reads) Saved(ctx context.Context, chat int64, skip, limit int) ([]store.Article, error) {
	articles, err := all(ctx, r, scanArticle, selectArticle+`JOIN saved s ON s.article = a.id
		WHERE s.chat = ? AND a.held = 0 AND a.retracted = 0 ORDER BY s.at DESC, a.id DESC LIMIT ? OFFSET ?`, chat, limit, skip)
	if err != nil {
		return nil, fmt.Errorf("read what chat %d saved: %w", chat, err)
	}
	return articles, nil
}

// HasSaved implements store.SavedReader.
func (r reads) HasSaved(ctx context.Context, chat, article int64) (bool, error) {
	saved, err := one(ctx, r, value[bool], `SELECT EXISTS (SELECT 1 FROM saved WHERE chat = ? AND article = ?)`, chat, article)
	if err != nil {
		return false, fmt.Errorf("read whether chat %d saved article %d: %w", chat, article, err)
	}
	return saved, nil
}

// CountSaved implements store.SavedReader.
func (r reads) CountSaved(ctx context.Context, chat int64) (int, error) {
	n, err := one(ctx, r, value[int], `SELECT count(*) FROM saved WHERE chat = ?`, chat)
	if err != nil {
		return 0, fmt.Errorf("count what chat %d saved: %w", chat, err)
	}
	return n, nil
}

// SaveForLater implements store.SavedWriter.
func (t *tx) SaveForLater(ctx context.Context, chat, article int64, at time.Time) error {
	err := t.run(ctx, `INSERT INTO saved (chat, article, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, chat, article, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("save article %d for chat %d: %w", article, chat, err)
	}
	return nil
}

// DropSaved implements store.SavedWriter.
func (t *tx) DropSaved(ctx context.Context, chat, article int64) error {
	if err := t.run(ctx, `DELETE FROM saved WHERE chat = ? AND article = ?`, chat, article); err != nil {
		return fmt.Errorf("drop article %d from what chat %d saved: %w", article, chat, err)
	}
	return nil
}
