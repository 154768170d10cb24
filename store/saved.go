package store

import (
	"context"
	"time"
)

// SavedReader reads what readers put aside to read later.
type SavedReader interface {
	// Saved lists the articles a chat has saved, the last saved first, skipping the first skip; those taken back or held are left out.
	Saved(ctx context.Context, chat int64, skip, limit int) ([]Article, error)
	// HasSaved tells whether the chat has saved the article.
	HasSaved(ctx context.Context, chat, article int64) (bool, error)
	// CountSaved counts what a chat has saved.
	CountSaved(ctx context.Context, chat int64) (int, error)
}

// SavedWriter changes it.
type SavedWriter interface {
	// SaveForLater saves an article for a chat; doing it again changes nothing.
	SaveForLater(ctx context.Context, chat, article int64, at time.Time) error
	// DropSaved takes it off again.
	DropSaved(ctx context.Context, chat, article int64) error
}
