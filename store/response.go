package store

import "context"

// Response is what came of an article: how it was liked, and what its shared link has brought. It counts and names nobody.
type Response struct {
	Article int64
	// Up and Down are the votes of people; those of people who were forgotten stay.
	Up, Down int
	// Opened counts openings of the article's shared link by people, Subscribers those who were not readers before.
	Opened, Subscribers int
}

// Vote is what one person thinks of an article.
type Vote int8

// The votes; NoVote is one that was taken back, or never given.
const (
	Down Vote = iota - 1
	NoVote
	Up
)

// ResponseReader reads what came of articles.
type ResponseReader interface {
	// ResponseTo returns what came of the article; nothing did of one that is not known.
	ResponseTo(ctx context.Context, article int64) (Response, error)
	// Responses returns it for those of the articles of which anything came.
	Responses(ctx context.Context, articles []int64) (map[int64]Response, error)
	// VoteOf returns what the Telegram user thinks of the article.
	VoteOf(ctx context.Context, article, user int64) (Vote, error)
	// VotesBy returns what the user voted on, the newest articles if there are more than limit.
	VotesBy(ctx context.Context, user int64, limit int) (map[int64]Vote, error)
}

// ResponseWriter changes it.
type ResponseWriter interface {
	// CastVote sets what the user thinks of the article, in the place of what they thought before.
	CastVote(ctx context.Context, article, user int64, vote Vote) error
	// ForgetVotes forgets who gave the user's votes; they stay in the counts.
	ForgetVotes(ctx context.Context, user int64) error
	// CountShare adds to the counts of the article's shared link.
	CountShare(ctx context.Context, article int64, opened, subscribers int) error
}
