package store

import (
	"context"
	"time"
)

// Feed is a source we poll.
type Feed struct {
	ID int64
	// URL is the address as the operator gave it; it is unique and stays the feed's identity
	// even when the feed moves (see FeedState.MovedTo).
	URL string
	// Site is the address of the pages the feed is about; may be empty.
	Site string
	// Title names the source under posts.
	Title string
	// Categories are the IDs of the categories its articles belong to.
	Categories []int64
	// Attributes are the further attributes of its outline in OPML, kept for export; some are settings of
	// the feed (see package feeds).
	Attributes map[string]string
	// Position orders feeds, ascending.
	Position int
	State    FeedState
}

// FeedState is what polling has learnt of a feed.
type FeedState struct {
	// ETag and LastModified are the validators of the last good answer, byte for byte.
	ETag, LastModified string
	// BodyHash is the hash of the last body that was parsed.
	BodyHash uint64
	// MovedTo is the address that is asked instead of the feed's URL, once a permanent move is proven.
	MovedTo string
	// NextCheck is when the feed is due. It is written before a request is sent, so a crash
	// cannot cause a second one.
	NextCheck time.Time
	// LastCheck, LastOK and LastNew are the times of the last poll, the last good one and the last that brought
	// a new article; zero means never.
	LastCheck, LastOK, LastNew time.Time
	// Imported is set when the first fetch was filed as history.
	Imported bool
	// Gone is set when the feed is no longer polled; LastError says why.
	Gone bool
	// Errors counts failed polls in a row; LastError is the last one's reason, in one line of English.
	Errors    int
	LastError string
	// Fault sorts LastError by what a person can do about it: one of the words that package feeds names, empty
	// while there is no error.
	Fault string
	// QuietAfter is the moment from which it is odd, by the feed's own rhythm, that nothing new came; zero while no rhythm
	// is known. A new article moves it.
	QuietAfter time.Time
	// Memory is the poller's own notes as JSON: the feed's rhythm, sightings of a move, cut counters.
	Memory []byte
}

// FeedReader reads the catalogue's feeds.
type FeedReader interface {
	// Feeds lists all feeds by position, then ID.
	Feeds(ctx context.Context) ([]Feed, error)
	// Feed returns one feed or ErrNotFound.
	Feed(ctx context.Context, id int64) (Feed, error)
	// DueFeeds lists at most limit feeds that are not gone and whose NextCheck is not after
	// now, the longest overdue first.
	DueFeeds(ctx context.Context, now time.Time, limit int) ([]Feed, error)
	// NextFeedCheck returns the earliest NextCheck of all feeds that are not gone, or the zero time.
	NextFeedCheck(ctx context.Context) (time.Time, error)
	// RawSeen returns those of the given hashes of raw items that were kept for this feed.
	RawSeen(ctx context.Context, feed int64, hashes []uint64) (map[uint64]bool, error)
}

// FeedWriter changes the catalogue's feeds.
type FeedWriter interface {
	// SaveFeed inserts f with its state when its ID is 0, and sets it; otherwise it updates all but the state.
	SaveFeed(ctx context.Context, f *Feed) error
	// SaveFeedState updates what polling has learnt.
	SaveFeedState(ctx context.Context, feed int64, s FeedState) error
	// DeleteFeed removes the feed; its articles stay.
	DeleteFeed(ctx context.Context, id int64) error
	// KeepRaw remembers hashes of raw items as seen in this feed at the given time.
	KeepRaw(ctx context.Context, feed int64, hashes []uint64, at time.Time) error
}
