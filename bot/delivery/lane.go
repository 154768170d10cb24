package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Lane is a source of messages beside the news, such as announcements. It shares with them the limiter, the breaker, the window and the
// commit: what it claims is durable before it leaves. All its methods are called by one goroutine.
type Lane interface {
	// Recover is told, before anything is claimed, which of its messages were under way when the program last ended.
	Recover(ctx context.Context, flights []store.Flight, now time.Time) error
	// Look tells that the store may have changed.
	Look()
	// Next claims the next call that may leave now; nil if there is none. free tells whether a chat may be sent to now.
	Next(ctx context.Context, now time.Time, free func(telegramID int64, kind telegram.ChatKind) bool) (*Errand, error)
	// Rewind takes back all that was claimed since the last Kept: the commit failed.
	Rewind()
	// Pending tells whether Keep has something to write although nothing was claimed.
	Pending(now time.Time) bool
	// Keep writes what was claimed and what has landed since the last Kept. It may be called again when the commit failed.
	Keep(ctx context.Context, tx store.Tx, now time.Time) error
	// Kept tells that what Keep wrote is committed. It reports whether calls were owed to people by it.
	Kept() (owed bool)
	// Wait is how long the lane has nothing to do unless something lands or changes.
	Wait(now time.Time) time.Duration
}

// Errand is one call for a lane.
type Errand struct {
	// Chat is Telegram's id of the chat, Request the call to be made.
	Chat    int64
	Request telegram.Request
	// Messages is how many messages the call makes, for Telegram counts each part of an album; 0 is one.
	Messages int
	// To is our chat, if it is one of the audience. What a refusal says about the chat itself (it blocked us, it is gone, it has moved) is then
	// seen to.
	To store.Chat
	// Flight stands in the window while the call is under way; nil for calls that may be repeated.
	Flight *store.Flight
	// Landed takes Telegram's answer.
	Landed func(answer json.RawMessage, err error, now time.Time)
}

// laneTurns is how many messages leave for each of the lane's while news waits, too: the news goes first, but not for ever.
const laneTurns = 4

// Join adds a lane. It must be called before Run.
func (d *Delivery) Join(lane Lane) { d.lane = lane }

// noLane stands where no lane has joined.
type noLane struct{}

func (noLane) Recover(context.Context, []store.Flight, time.Time) error { return nil }
func (noLane) Look()                                                    {}
func (noLane) Next(context.Context, time.Time, func(int64, telegram.ChatKind) bool) (*Errand, error) {
	return nil, nil
}
func (noLane) Rewind()                                         {}
func (noLane) Pending(time.Time) bool                          { return false }
func (noLane) Keep(context.Context, store.Tx, time.Time) error { return nil }
func (noLane) Kept() bool                                      { return false }
func (noLane) Wait(time.Time) time.Duration                    { return time.Second }

// nextErrand claims the lane's next call.
func (d *Delivery) nextErrand(ctx context.Context, now time.Time, free freeChat) (*flight, error) {
	e, err := d.lane.Next(ctx, now, free)
	if e == nil || err != nil {
		return nil, err
	}
	return &flight{telegramID: e.Chat, chat: e.To, request: e.Request, errand: e}, nil
}

// landErrand tells the lane what came of a call, and takes from it what it says about the chat.
func (d *Delivery) landErrand(f *flight, answer json.RawMessage, err error, now time.Time) {
	var e *telegram.Error
	if f.chat.ID != 0 && errors.As(err, &e) {
		switch {
		case e.Kind.Lost():
			d.lose(f.chat, lostState(e.Kind), e.Description, now)
		case e.Kind == telegram.KindMigrated:
			d.move(f.chat.TelegramID, e.MigrateTo)
		case (e.Kind == telegram.KindThreadGone || e.Kind == telegram.KindThreadClosed) && f.request.Thread() != 0:
			d.dropThread(f.chat, f.request.Thread(), now)
		case e.Kind.Suspends():
			d.suspend(f.chat, e.Description, now)
		}
	}
	f.errand.Landed(answer, err, now)
}
