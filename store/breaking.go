package store

import (
	"context"
	"time"
)

// BreakingNews says that an editor marked an article as urgent.
type BreakingNews struct {
	Article int64
	// Seq is the number of the log under which it became breaking news.
	Seq int64
	At  time.Time
	// By is the Telegram user who marked it; 0 after that person was forgotten.
	By int64
}

// Reach is how many chats something would go to.
type Reach struct {
	// Readers are private chats, Channels channels and groups.
	Readers, Channels int
}

// BreakingReader reads what was breaking news.
type BreakingReader interface {
	// BreakingOf returns how the article became breaking news, or ErrNotFound.
	BreakingOf(ctx context.Context, article int64) (BreakingNews, error)
	// AllBreaking lists breaking news, the newest first, at most limit.
	AllBreaking(ctx context.Context, limit int) ([]BreakingNews, error)
	// Reach counts the active chats that follow one of the categories, or Everything.
	Reach(ctx context.Context, categories []int64) (Reach, error)
	// Received tells whether a message that reached the chat, and is still remembered, carried or mentioned the article.
	Received(ctx context.Context, chat, article int64) (bool, error)
}

// BreakingWriter makes breaking news.
type BreakingWriter interface {
	// MakeBreaking enters an article in the log anew, as breaking news of the time b.At, and sets b.Seq: the chats that follow its
	// categories become due at once, also those that are due later. One that was history or held becomes news by it,
	// and one that waits for approval is approved. One
	// that is breaking news already stays so, which taken reports as false; one that was retracted is ErrNotFound.
	MakeBreaking(ctx context.Context, b *BreakingNews) (taken bool, err error)
}
