// Package store holds the nouns of the house and the contract for remembering them.
//
// The news is an append-only log: every kept article is entered under the next
// sequence number, and every chat keeps a bookmark in that log. Nothing is fanned
// out; what a chat is owed is derived from its bookmark and its subscriptions.
//
// Each noun has its file: the type, what can be read of it, what can be changed, and
// what is promised. The children of this folder keep the contract in SQL; the suite in
// storetest is what each of them must pass. This package imports nothing of ours and
// knows neither SQL nor Telegram nor feeds.
package store

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound is returned when the thing asked for by its key is not there.
var ErrNotFound = errors.New("not found")

// ErrDamaged says that the database file is not one this program can use: it is no
// database, is damaged, or was written by a newer version. The file is left untouched.
var ErrDamaged = errors.New("database is damaged or not ours")

// ErrUnwritable says that the database cannot take a write just now, because the disk is
// full or the file is read-only. Nothing of the transaction was kept; the same call
// succeeds once the cause is mended.
var ErrUnwritable = errors.New("database cannot be written")

// ErrInUse says that another program does with the database what only one may do at a time.
var ErrInUse = errors.New("another program is at work on the database")

// ErrTaken says that another row has the key already: the address of a feed, the slug of a category, the code of a link,
// Telegram's id of a chat.
var ErrTaken = errors.New("taken by another")

// Store remembers everything. It is safe for concurrent use.
type Store interface {
	Reader
	// Write runs change in one transaction and commits it durably: when Write returns nil,
	// the change survives a power cut. If change returns an error nothing is kept and that error
	// is returned. Writes happen one at a time; change must be short and must not
	// wait for a network. What change reads through its Tx includes its own writes.
	Write(ctx context.Context, change func(Tx) error) error
	// Check examines the whole database and returns an error that wraps ErrDamaged
	// if it is not sound.
	Check(ctx context.Context) error
	// Close ends the use of the store.
	Close() error
}

// Reader is everything that can be asked. Outside a transaction each call sees
// the newest commit.
type Reader interface {
	CategoryReader
	FeedReader
	ArticleReader
	SearchReader
	ChatReader
	DeliveryReader
	SentReader
	WithdrawalReader
	SavedReader
	BreakingReader
	ResponseReader
	BroadcastReader
	ScheduleReader
	UpdateReader
	LinkReader
	EditorReader
	EventReader
	ApprovalReader
	SettingReader
	FigureReader
	TraceReader
}

// Tx is everything that can be asked and changed inside one transaction. It must not be used
// after the function it was given to has returned.
type Tx interface {
	Reader
	CategoryWriter
	FeedWriter
	ArticleWriter
	ChatWriter
	DeliveryWriter
	SentWriter
	WithdrawalWriter
	SavedWriter
	BreakingWriter
	ResponseWriter
	BroadcastWriter
	ScheduleWriter
	UpdateWriter
	LinkWriter
	EditorWriter
	EventWriter
	ApprovalWriter
	SettingWriter
	FigureWriter
	// Prune deletes what has outlived its use: sent messages, unsent drafts and decisions on approvals older than keepSent, identity keys not
	// seen since keepSeen and withdrawals as old, texts of articles older than keepText (the row with its headline stays), figures of links, categories and
	// articles older than two years.
	// It removes at most limit rows and reports whether there is more.
	Prune(ctx context.Context, keepSent, keepSeen, keepText time.Time, limit int) (more bool, err error)
}
