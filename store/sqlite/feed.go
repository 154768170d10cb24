package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

const selectFeed = `SELECT id, url, site, title, categories, attributes, position,
	etag, last_modified, body_hash, moved_to, next_check, last_check, last_ok, last_new, imported, gone, errors, last_error, fault, quiet_after, memory
	FROM feed `

func scanFeed(r row) (f store.Feed, err error) {
	var hash int64
	s := &f.State
	err = r.Scan(&f.ID, &f.URL, &f.Site, &f.Title, listed[int64]{&f.Categories}, attributed{&f.Attributes}, &f.Position,
		&s.ETag, &s.LastModified, &hash, &s.MovedTo, moment{&s.NextCheck}, moment{&s.LastCheck}, moment{&s.LastOK}, moment{&s.LastNew},
		&s.Imported, &s.Gone, &s.Errors, &s.LastError, &s.Fault, moment{&s.QuietAfter}, &s.Memory)
	if err != nil {
		return f, err
	}
	s.BodyHash = uint64(hash)
	return f, nil
}

// Feeds implements store.FeedReader.
func (r reads) Feeds(ctx context.Context) ([]store.Feed, error) {
	feeds, err := all(ctx, r, scanFeed, selectFeed+`ORDER BY position, id`)
	if err != nil {
		return nil, fmt.Errorf("read the feeds: %w", err)
	}
	return feeds, nil
}

// Feed implements store.FeedReader.
func (r reads) Feed(ctx context.Context, id int64) (store.Feed, error) {
	f, err := one(ctx, r, scanFeed, selectFeed+`WHERE id = ?`, id)
	if err != nil {
		return store.Feed{}, fmt.Errorf("read feed %d: %w", id, err)
	}
	return f, nil
}

// DueFeeds implements store.FeedReader.
func (r reads) DueFeeds(ctx context.Context, now time.Time, limit int) ([]store.Feed, error) {
	feeds, err := all(ctx, r, scanFeed, selectFeed+`WHERE gone = 0 AND (next_check IS NULL OR next_check <= ?)
		ORDER BY next_check, id LIMIT ?`, now.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("read the due feeds: %w", err)
	}
	return feeds, nil
}

// NextFeedCheck implements store.FeedReader.
func (r reads) NextFeedCheck(ctx context.Context) (time.Time, error) {
	at, err := orZero(one(ctx, r, scanMoment, `SELECT next_check FROM feed WHERE gone = 0 ORDER BY next_check LIMIT 1`))
	if err != nil {
		return time.Time{}, fmt.Errorf("read the next check of a feed: %w", err)
	}
	return at, nil
}

func scanMoment(r row) (at time.Time, err error) {
	err = r.Scan(moment{&at})
	return at, err
}

// RawSeen implements store.FeedReader.
func (r reads) RawSeen(ctx context.Context, feed int64, hashes []uint64) (map[uint64]bool, error) {
	numbers := make([]int64, len(hashes))
	for i, h := range hashes {
		numbers[i] = int64(h)
	}
	asked, err := list(numbers)
	if err != nil {
		return nil, err
	}
	found, err := all(ctx, r, value[int64], `SELECT hash FROM raw WHERE feed = ? AND hash IN (SELECT value FROM json_each(?))`, feed, asked)
	if err != nil {
		return nil, fmt.Errorf("read what was seen of feed %d: %w", feed, err)
	}
	seen := make(map[uint64]bool, len(found))
	for _, h := range found {
		seen[uint64(h)] = true
	}
	return seen, nil
}

// SaveFeed implements store.FeedWriter.
func (t *tx) SaveFeed(ctx context.Context, f *store.Feed) error {
	if err := t.saveFeed(ctx, f); err != nil {
		return fmt.Errorf("save feed %q: %w", f.URL, err)
	}
	return nil
}

func (t *tx) saveFeed(ctx context.Context, f *store.Feed) error {
	categories, err := list(f.Categories)
	if err != nil {
		return err
	}
	attributes, err := attributeText(f.Attributes)
	if err != nil {
		return err
	}
	if f.ID != 0 {
		return t.must(ctx, `UPDATE feed SET url = ?, site = ?, title = ?, categories = ?, attributes = ?, position = ? WHERE id = ?`,
			f.URL, f.Site, f.Title, categories, attributes, f.Position, f.ID)
	}
	s := f.State
	id, err := t.insert(ctx, `INSERT INTO feed (url, site, title, categories, attributes, position,
		etag, last_modified, body_hash, moved_to, next_check, last_check, last_ok, last_new, imported, gone, errors, last_error, fault, quiet_after, memory)
		VALUES (?, ?, ?, ?, ?, ?,  ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.URL, f.Site, f.Title, categories, attributes, f.Position,
		s.ETag, s.LastModified, int64(s.BodyHash), s.MovedTo, millis(s.NextCheck), millis(s.LastCheck), millis(s.LastOK), millis(s.LastNew),
		s.Imported, s.Gone, s.Errors, s.LastError, s.Fault, millis(s.QuietAfter), s.Memory)
	if err == nil {
		f.ID = id
	}
	return err
}

// SaveFeedState implements store.FeedWriter.
func (t *tx) SaveFeedState(ctx context.Context, feed int64, s store.FeedState) error {
	err := t.must(ctx, `UPDATE feed SET etag = ?, last_modified = ?, body_hash = ?, moved_to = ?, next_check = ?, last_check = ?, last_ok = ?,
		last_new = ?, imported = ?, gone = ?, errors = ?, last_error = ?, fault = ?, quiet_after = ?, memory = ? WHERE id = ?`,
		s.ETag, s.LastModified, int64(s.BodyHash), s.MovedTo, millis(s.NextCheck), millis(s.LastCheck), millis(s.LastOK),
		millis(s.LastNew), s.Imported, s.Gone, s.Errors, s.LastError, s.Fault, millis(s.QuietAfter), s.Memory, feed)
	if err != nil {
		return fmt.Errorf("save the state of feed %d: %w", feed, err)
	}
	return nil
}

// DeleteFeed implements store.FeedWriter.
func (t *tx) DeleteFeed(ctx context.Context, id int64) error {
	for _, step := range []string{`DELETE FROM feed WHERE id = ?`, `DELETE FROM raw WHERE feed = ?`} {
		if err := t.run(ctx, step, id); err != nil {
			return fmt.Errorf("delete feed %d: %w", id, err)
		}
	}
	return nil
}

// KeepRaw implements store.FeedWriter.
func (t *tx) KeepRaw(ctx context.Context, feed int64, hashes []uint64, at time.Time) error {
	for _, h := range hashes {
		err := t.run(ctx, `INSERT INTO raw (feed, hash, at) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET at = excluded.at WHERE at < excluded.at`, feed, int64(h), at.UnixMilli())
		if err != nil {
			return fmt.Errorf("keep what was seen of feed %d: %w", feed, err)
		}
	}
	return nil
}
