package store

import (
	"context"
	"time"
)

// Link is a subscribe link: what replaces the line at the end of an article.
type Link struct {
	ID int64
	// Code stands in the start parameter after "l_": letters, digits, '_' and '-', at most 62 of them.
	Code string
	// Category is what a reader who comes by it follows.
	Category int64
	// Campaign is the operator's name for it.
	Campaign string
	// CreatedBy is the Telegram user who made it, 0 for the operator.
	CreatedBy int64
	CreatedAt time.Time
	// Starts counts presses of Start, Subscribers the readers who were not subscribed before.
	Starts, Subscribers int
}

// LinkReader reads subscribe links.
type LinkReader interface {
	// Link returns the link with this code, or ErrNotFound.
	Link(ctx context.Context, code string) (Link, error)
	// LinkFor returns the link of the category and campaign, or ErrNotFound.
	LinkFor(ctx context.Context, category int64, campaign string) (Link, error)
	// Links lists all links, newest first.
	Links(ctx context.Context) ([]Link, error)
}

// LinkWriter changes subscribe links.
type LinkWriter interface {
	// AddLink keeps a new link and sets its ID.
	AddLink(ctx context.Context, l *Link) error
	// CountLink adds to a link's counts.
	CountLink(ctx context.Context, link int64, starts, subscribers int) error
}
