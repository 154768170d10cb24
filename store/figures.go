package store

import (
	"context"
	"time"
)

// Day is a date in the operator's calendar, counted from 1 January 1970: the day after is one more, whatever the clocks do.
type Day int

// DayOf is the date of t in t's own location.
func DayOf(t time.Time) Day {
	year, month, day := t.Date()
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// Noon is the middle of the day in a zone. (Midnight does not exist on every date.)
func (d Day) Noon(zone *time.Location) time.Time {
	year, month, day := time.Unix(int64(d)*24*60*60, 0).UTC().Date()
	return time.Date(year, month, day, 12, 0, 0, 0, zone)
}

// Begin is the first moment of the day in a zone.
func (d Day) Begin(zone *time.Location) time.Time {
	year, month, day := time.Unix(int64(d)*24*60*60, 0).UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// CrowdKind says by what readers are counted together. A reader is a private chat that is active or paused.
type CrowdKind int

const (
	// AllReaders is one crowd, of ID 0.
	AllReaders CrowdKind = iota
	// FollowersOf are the readers who follow a category, or Everything.
	FollowersOf
	// BroughtBy are the readers whom a subscribe link has brought.
	BroughtBy
)

// Turnover counts who came into a crowd and who left it.
type Turnover struct {
	// Arrived are new readers, whom no welcome had reached before; Returned had been readers, or were at least greeted.
	Arrived, Returned int
	// Stopped asked to be left alone, Blocked blocked the bot, Gone deleted their account, Forgotten had what is known of them erased.
	Stopped, Blocked, Gone, Forgotten int
	// Followed and Unfollowed came and went while they were readers before and after. Of AllReaders there are none.
	Followed, Unfollowed int
	// Starts counts presses of Start by the link, Subscribers those who were not subscribed before. Only BroughtBy has them.
	Starts, Subscribers int
}

// Came is how many came, by whatever way.
func (t Turnover) Came() int { return t.Arrived + t.Returned + t.Followed }

// Went is how many left.
func (t Turnover) Went() int { return t.Stopped + t.Blocked + t.Gone + t.Forgotten + t.Unfollowed }

// Plus is both together.
func (t Turnover) Plus(o Turnover) Turnover {
	return Turnover{
		Arrived: t.Arrived + o.Arrived, Returned: t.Returned + o.Returned,
		Stopped: t.Stopped + o.Stopped, Blocked: t.Blocked + o.Blocked, Gone: t.Gone + o.Gone, Forgotten: t.Forgotten + o.Forgotten,
		Followed: t.Followed + o.Followed, Unfollowed: t.Unfollowed + o.Unfollowed,
		Starts: t.Starts + o.Starts, Subscribers: t.Subscribers + o.Subscribers,
	}
}

// Crowd is how many readers there are now, and who came and went in a span of days.
type Crowd struct {
	Readers int
	Turnover
}

// History is how many readers there are now, and who came and went by day. At the end of an earlier day there were as many
// as now, less those who came after it, and those who went.
type History struct {
	Readers int
	// Days are those on which somebody came or went.
	Days map[Day]Turnover
}

// ArticleFigures is what became of an article: Sent counts messages that carried it and arrived, in full or in a list; Failed
// those that could not be sent, because the reader or the message was refused.
type ArticleFigures struct {
	Article       int64
	Headline, URL string
	Published     time.Time
	Sent, Failed  int
}

// FigureReader reads what was counted. Days are those of the store's zone.
type FigureReader interface {
	// FiguresSince is when counting began. What was before is not known.
	FiguresSince(ctx context.Context) (time.Time, error)
	// ReaderHistory tells of all readers, from a day on until now.
	ReaderHistory(ctx context.Context, first Day) (History, error)
	// Crowds tells of the crowds of a kind that have readers or had any come or go from first to last, by the ID of category or link.
	Crowds(ctx context.Context, kind CrowdKind, first, last Day) (map[int64]Crowd, error)
	// MostSent lists the articles first seen from one time on and before another that were news, those first that most messages carried, at
	// most limit.
	MostSent(ctx context.Context, from, before time.Time, limit int) ([]ArticleFigures, error)
}

// FigureWriter counts what no other change tells of.
type FigureWriter interface {
	// CountFailed counts a message with the post that could not be sent.
	CountFailed(ctx context.Context, post int64) error
}
