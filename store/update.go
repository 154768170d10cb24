package store

import (
	"context"
	"time"
)

// Answer is a call to Telegram that is owed to a person: kept in the transaction of the update that asked
// for it, dropped when it was made.
type Answer struct {
	ID int64
	// TelegramID is the chat it goes to.
	TelegramID int64
	// Request is the call in the form package telegram gives it.
	Request []byte
	At      time.Time
	// Card is the article whose approval is asked for by this message (see CardSent); 0 for all others.
	Card int64
}

// Aside is an update that needs Telegram's word before it can be handled, such as a question
// about rights. It was confirmed, so it is kept here until it is done.
type Aside struct {
	// Update is Telegram's id of the update.
	Update int64
	// Raw is its JSON.
	Raw []byte
	At  time.Time
}

// UpdateReader reads where polling stands and what it owes.
type UpdateReader interface {
	// Offset is the number of the next update to ask for, 0 before the first.
	Offset(ctx context.Context, bot int64) (int64, error)
	// Answers lists answers with an ID above after, ascending.
	Answers(ctx context.Context, after int64, limit int) ([]Answer, error)
	// AsideUpdates lists updates put aside, in the order of their ids.
	AsideUpdates(ctx context.Context, limit int) ([]Aside, error)
}

// UpdateWriter changes where polling stands and what it owes.
type UpdateWriter interface {
	// SetOffset sets the number of the next update to ask for.
	SetOffset(ctx context.Context, bot, next int64) error
	// Owe keeps an answer and sets its ID.
	Owe(ctx context.Context, a *Answer) error
	// Answered drops answers that were given or cannot be.
	Answered(ctx context.Context, ids ...int64) error
	// PutAside keeps an update for later; a second time it changes nothing.
	PutAside(ctx context.Context, a Aside) error
	// TakeUp removes an update that was put aside, and reports whether it was still there.
	TakeUp(ctx context.Context, update int64) (bool, error)
}
