package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

const selectLink = `SELECT id, code, category, campaign, created_by, created_at, starts, subscribers FROM link `

func scanLink(r row) (l store.Link, err error) {
	err = r.Scan(&l.ID, &l.Code, &l.Category, &l.Campaign, &l.CreatedBy, moment{&l.CreatedAt}, &l.Starts, &l.Subscribers)
	return l, err
}

// Link implements store.LinkReader.
func (r reads) Link(ctx context.Context, code string) (store.Link, error) {
	l, err := one(ctx, r, scanLink, selectLink+`WHERE code = ?`, code)
	if err != nil {
		return store.Link{}, fmt.Errorf("read link %q: %w", code, err)
	}
	return l, nil
}

// LinkFor implements store.LinkReader.
func (r reads) LinkFor(ctx context.Context, category int64, campaign string) (store.Link, error) {
	l, err := one(ctx, r, scanLink, selectLink+`WHERE category = ? AND campaign = ? ORDER BY id LIMIT 1`, category, campaign)
	if err != nil {
		return store.Link{}, fmt.Errorf("read the link of category %d and campaign %q: %w", category, campaign, err)
	}
	return l, nil
}

// Links implements store.LinkReader.
func (r reads) Links(ctx context.Context) ([]store.Link, error) {
	links, err := all(ctx, r, scanLink, selectLink+`ORDER BY created_at DESC, id DESC`)
	if err != nil {
		return nil, fmt.Errorf("read the links: %w", err)
	}
	return links, nil
}

// AddLink implements store.LinkWriter.
func (t *tx) AddLink(ctx context.Context, l *store.Link) error {
	id, err := t.insert(ctx, `INSERT INTO link (code, category, campaign, created_by, created_at, starts, subscribers) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		l.Code, l.Category, l.Campaign, l.CreatedBy, millis(l.CreatedAt), l.Starts, l.Subscribers)
	if err != nil {
		return fmt.Errorf("add link %q: %w", l.Code, err)
	}
	l.ID = id
	return nil
}

// CountLink implements store.LinkWriter.
func (t *tx) CountLink(ctx context.Context, link int64, starts, subscribers int) error {
	err := t.must(ctx, `UPDATE link SET starts = starts + ?, subscribers = subscribers + ? WHERE id = ?`, starts, subscribers, link)
	if err != nil {
		return fmt.Errorf("count for link %d: %w", link, err)
	}
	t.gathered.add(event{crowd{store.BroughtBy, link}, byStarting}, starts)
	t.gathered.add(event{crowd{store.BroughtBy, link}, bySubscribing}, subscribers)
	return nil
}
