package store

import (
	"context"
	"slices"
	"time"
)

// Withdrawal is an article that an admin took back from one group or channel, and from it alone.
type Withdrawal struct {
	// Chat is our id of the group or channel.
	Chat    int64
	Article int64
	At      time.Time
}

// IsWithdrawn tells whether an article is among those withdrawn from a chat.
func IsWithdrawn(from []Withdrawal, article int64) bool {
	return slices.ContainsFunc(from, func(w Withdrawal) bool { return w.Article == article })
}

// WithdrawalReader reads what was withdrawn.
type WithdrawalReader interface {
	// Withdrawals lists what was withdrawn from the chat, or from any if chat is 0, and may still matter.
	Withdrawals(ctx context.Context, chat int64) ([]Withdrawal, error)
}

// WithdrawalWriter withdraws.
type WithdrawalWriter interface {
	// Withdraw takes an article back from one chat: it is owed to it no more, and the chat's messages that carry it become due for
	// correction. What other chats have or get stays as it is. Done a second time, it only makes the messages due again.
	Withdraw(ctx context.Context, w Withdrawal) error
}
