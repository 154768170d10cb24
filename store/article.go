package store

import (
	"context"
	"time"
)

// Article is a kept entry of a feed: cleaned, normalised, with a headline and a summary.
type Article struct {
	ID int64
	// Seq is its first number in the log. Numbers rise by arrival and are never reused.
	Seq int64
	// Feed is the feed that brought it first.
	Feed int64
	// Source is the name of the source to print, as it was when the article came.
	Source string
	// GUID is the identifier the feed gave.
	GUID string
	// URL is where the whole article is read; empty if the feed gave none.
	URL string
	// Title is the publisher's own headline; Headline is what we print.
	Title, Headline string
	// Summary holds whole sentences of the article in its order; it may be empty.
	Summary []string
	// Text is the cleaned article, paragraphs separated by a newline.
	Text string
	// Image is the address of the article's picture, or empty.
	Image string
	// Published is the publisher's date, never later than FirstSeen.
	Published time.Time
	// FirstSeen is when we kept it.
	FirstSeen time.Time
	// Revised is when the present revision came; FirstSeen for the first.
	Revised time.Time
	// Categories are the IDs of the categories it belongs to, ascending.
	Categories []int64
	// Revision is 1 for the first version and rises with each change that matters to a reader.
	Revision int
	// Fingerprint is the hash of what a reader sees; a change of it is a new revision.
	Fingerprint uint64
	// History marks an article nobody is owed: it was there before us, or came too late.
	History bool
	// Held marks an article that waits for an editor's word and is owed to nobody until then.
	Held bool
	// Retracted marks an article that was taken back.
	Retracted bool
	// Story is the ID of the first article that tells the same event; its own ID if it is the first.
	Story int64
}

// Key is one of an article's identities within a feed, or (feed 0) across feeds.
type Key struct {
	Feed int64
	// Kind is 'G' for the GUID, 'L' for the normalised link, 'C' for title and opening.
	Kind byte
	// Hash is the 64-bit hash of the identity's text.
	Hash uint64
}

// Entry is one number of the log: an article becoming news for some categories.
// An article has one entry, and one more each time a further feed brings it, and each of
// those again if an editor approves it for chats that had to wait.
type Entry struct {
	Seq     int64
	Article int64
	// Categories are those the entry is news for.
	Categories []int64
	// Already are those the article was in before: a chat that follows one of them is not owed this entry.
	Already []int64
	// Feeds are the feeds that have brought the article so far, in that order: the last brought this entry.
	Feeds []int64
	At    time.Time
	// Breaking says that it is to be sent at once: see BreakingWriter.
	Breaking bool
	// Approved says that an editor had approved the article: guarded chats are owed the entry like all others.
	Approved bool
	// Repeats is the number of the entry that this one repeats for those alone that were guarded at that number; 0 for all others.
	Repeats int64
}

// ArticleReader reads articles and the log.
type ArticleReader interface {
	// Article returns one article, or ErrNotFound.
	Article(ctx context.Context, id int64) (Article, error)
	// Articles returns those of ids that exist, in the order of ids.
	Articles(ctx context.Context, ids []int64) ([]Article, error)
	// Known returns the article of each key that is known.
	Known(ctx context.Context, keys []Key) (map[Key]int64, error)
	// KnownSince returns the article of each key that is known and was seen at since or later.
	KnownSince(ctx context.Context, keys []Key, since time.Time) (map[Key]int64, error)
	// Head is the highest number of the log, 0 when it is empty.
	Head(ctx context.Context) (int64, error)
	// Changes counts revisions and retractions: when it differs from an earlier count, articles read before may be
	// out of date.
	Changes(ctx context.Context) (int64, error)
	// Entries lists entries above after, ascending, at most limit, leaving out those of articles that are
	// history, held or retracted.
	Entries(ctx context.Context, after int64, limit int) ([]Entry, error)
	// Latest lists the newest articles of the categories (Everything means all), newest first,
	// by their date of publication, history included, held and retracted ones excluded, skipping the first skip.
	Latest(ctx context.Context, categories []int64, skip, limit int) ([]Article, error)
	// CountLatest counts the articles that Latest would list and that were published after since, by category; under Everything, all.
	CountLatest(ctx context.Context, since time.Time) (map[int64]int, error)
	// Recent lists articles first seen after since, oldest first, at most limit, text included.
	Recent(ctx context.Context, since time.Time, limit int) ([]Article, error)
	// SeqBefore returns the highest number of the log that was entered before at, 0 when there is none.
	SeqBefore(ctx context.Context, at time.Time) (int64, error)
	// HeldArticles lists articles of feeds that brought too much at once and wait for an editor's word, oldest first.
	HeldArticles(ctx context.Context, limit int) ([]Article, error)
	// StoryArticles lists the articles that tell a story, the newest first, at most limit, text included.
	StoryArticles(ctx context.Context, story int64, limit int) ([]Article, error)
	// ArticleByURL returns the newest article with this exact URL, or ErrNotFound.
	ArticleByURL(ctx context.Context, url string) (Article, error)
}

// ArticleWriter adds to the log.
type ArticleWriter interface {
	// AddArticle keeps a new article with its keys and its index, sets its ID and Seq, and enters it in the log
	// at time a.FirstSeen. Unless it is history or held, the chats that follow its categories become due.
	AddArticle(ctx context.Context, a *Article, keys []Key, index Index) error
	// ReviseArticle replaces the content of a known article (source, URL, title, headline, summary, text, image, date,
	// fingerprint, and the story unless it is 0), raises its revision, and makes the messages that carry it due for
	// correction. Keys are added to those it has. The change is of the time a.Revised, or of this moment if that is not
	// later than the revision before. All else stays as it was; a is set to the article as it is now.
	ReviseArticle(ctx context.Context, a *Article, keys []Key, index Index) error
	// KeepKeys adds keys to an article and refreshes when they were seen. A key that led to another article
	// leads to this one from now on.
	KeepKeys(ctx context.Context, article int64, keys []Key, at time.Time) error
	// WidenArticle tells that a further feed brings an article, and puts it into that feed's categories: one more entry of the
	// log, owed to chats that follow the feed or one of these categories and were not owed it before. A feed that has brought
	// it and categories it is in change nothing; while it is history, held or retracted there is no entry.
	WidenArticle(ctx context.Context, article, feed int64, categories []int64, at time.Time) error
	// ReleaseArticle ends Held: the article is entered in the log anew, as news of that moment; its number is the new
	// one. One that is not held stays as it is.
	ReleaseArticle(ctx context.Context, article int64, at time.Time) error
	// FileArticle ends Held without news: the article becomes history.
	FileArticle(ctx context.Context, article int64) error
	// RetractArticle marks an article as taken back, held or not, and makes the messages that carry it due
	// for correction, and those that told its story on. It is no longer listed nor found.
	RetractArticle(ctx context.Context, article int64, at time.Time) error
}
