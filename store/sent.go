package store

import (
	"context"
	"time"
)

// Shape is the form of a message that carries news.
type Shape string

const (
	// Single is one article in full: headline, summary, picture.
	Single Shape = "single"
	// Sequel is one article in full, in reply to the message that told its story before.
	Sequel Shape = "sequel"
	// List names several articles, newest first.
	List Shape = "list"
	// Digested names the articles of a span of time by category.
	Digested Shape = "digest"
	// Alarm is one article in full, as breaking news.
	Alarm Shape = "breaking"
	// Welcome greets a new reader with the latest headline.
	Welcome Shape = "welcome"
)

// Post is the content of messages: which articles, in which shape. Chats that are owed the same
// share one post, so a message sent costs a few bytes.
type Post struct {
	ID    int64
	Shape Shape
	// Articles are in the order in which they are printed.
	Articles []int64
	// Mentions are doubtful articles named in one line at the end.
	Mentions []int64
	At       time.Time
}

// Full tells whether the post is an article in full.
func (p Post) Full() bool { return p.Shape == Single || p.Shape == Sequel || p.Shape == Alarm }

// Sent is a message we have sent.
type Sent struct {
	Post int64
	// Chat is our id of the chat.
	Chat int64
	// Message is Telegram's id of the message within the chat.
	Message int
	// Photo says that the text is the caption of a picture.
	Photo bool
}

// Correction is a post whose sent copies are to be brought up to date.
type Correction struct {
	Post Post
	// Chat is the only chat whose copies are meant; 0 for all.
	Chat int64
	// After is the chat up to which copies have been corrected.
	After int64
	// Since is when the article changed.
	Since time.Time
}

// SentReader reads what was sent.
type SentReader interface {
	// Post returns a post or ErrNotFound.
	Post(ctx context.Context, id int64) (Post, error)
	// SentCopies lists messages that carry the post in chats above after, in chat order. It lists limit of them, and
	// more only to complete the last chat.
	SentCopies(ctx context.Context, post, after int64, limit int) ([]Sent, error)
	// SentMessage returns what the message of the chat carried, or ErrNotFound.
	SentMessage(ctx context.Context, chat int64, message int) (Sent, error)
	// LastSent returns the message with the highest id that we have sent to the chat and still
	// remember, or ErrNotFound.
	LastSent(ctx context.Context, chat int64) (Sent, error)
	// SentTo lists the messages we have sent to the chat and still remember, the newest post first, at most limit.
	SentTo(ctx context.Context, chat int64, limit int) ([]Sent, error)
	// SentOfStory returns the latest message in the chat that carries an article of the story and no other article; if
	// there is none, the latest that carries one among others; or ErrNotFound. Articles that were taken back do not count.
	SentOfStory(ctx context.Context, chat, story int64) (Sent, error)
	// Corrections lists posts that await correction, oldest first.
	Corrections(ctx context.Context, limit int) ([]Correction, error)
}

// SentWriter changes what was sent.
type SentWriter interface {
	// SavePost finds the post with this shape, articles and mentions, or keeps it with p.At, and sets its ID.
	SavePost(ctx context.Context, p *Post) error
	// AddSent remembers a message outside of a visit. It counts as the welcome; of a chat that is not kept, nothing is.
	AddSent(ctx context.Context, s Sent) error
	// DropSent forgets a message that was deleted.
	DropSent(ctx context.Context, s Sent) error
	// Recast tells that a message that was sent carries another post from now on, which is found or kept as SavePost does. If the post that it
	// carried has become due for correction again since the one that did this, the message is due as one of the other.
	Recast(ctx context.Context, s Sent, p *Post, by Correction) error
	// Corrected records that copies in chats up to c.After are corrected; done ends the correction. If the article has
	// changed again since c was read (its Since has moved), nothing is recorded: the copies start anew. Corrections of one chat's copies are apart from those of all.
	Corrected(ctx context.Context, c Correction, done bool) error
}
