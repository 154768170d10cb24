package delivery

import (
	"context"
	"encoding/json"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// flight is one request on its way to Telegram: news for a chat, an answer to a person, or a
// correction of what was sent.
type flight struct {
	number     int64
	telegramID int64
	request    telegram.Request
	// at is when it leaves; ticket tells the limiter of its answer.
	at     time.Time
	ticket telegram.Ticket
	// more are tickets of the further messages that one call makes.
	more []telegram.Ticket
	// counted says that Telegram's limits count it: it has a ticket, and nothing else that counts goes to the
	// chat meanwhile.
	counted bool
	// repairs counts how often the request was mended after a refusal.
	repairs int

	// News.
	chat store.Chat
	plan plan
	post *store.Post
	// silent says that it makes no sound, whatever the chat wants.
	silent bool

	// An answer to a person, or a correction.
	answer *store.Answer
	fix    *fix
	look   *lookup
	// A call for the lane that joined.
	errand *Errand
}

// outcome is what came of a flight.
type outcome struct {
	flight *flight
	result telegram.Result
	// seen is what a look at a channel has shown.
	seen telegram.Message
	// answer is what Telegram answered to a lane's call.
	answer json.RawMessage
	err    error
	// left and back are when the call was really made and when it was over: a busy machine makes it later than planned and looks at its
	// answer later than it came, of which the server knows nothing.
	left, back time.Time
}

// fly waits for the flight's moment and makes the call.
func (d *Delivery) fly(ctx context.Context, f *flight) {
	if f.counted {
		now, _ := d.clock.now()
		pause(ctx, f.at.Sub(now))
	}
	o := outcome{flight: f}
	o.left, _ = d.clock.now()
	switch {
	case f.look != nil:
		o.err = d.client.DoInto(ctx, f.request, &o.seen)
	case f.errand != nil:
		o.err = d.client.DoInto(ctx, f.request, &o.answer)
	default:
		o.result, o.err = d.client.Do(ctx, f.request)
	}
	o.back, _ = d.clock.now()
	d.outcomes <- o
}

// claim chooses what leaves within the next tick, in the order of the lanes. It returns how long it is until
// something more may leave.
func (d *Delivery) claim(ctx context.Context, now time.Time) ([]*flight, time.Duration, error) {
	if err := d.look(ctx, now); err != nil {
		return nil, 0, err
	}
	claims := d.claimFree(now)
	wait := time.Second
	for len(d.flights) < d.breaker.room(len(d.flights)) {
		at := d.limiter.Next(now)
		if lead := at.Sub(now); lead > tick {
			return claims, lead - tick, nil
		}
		f, err := d.choose(ctx, now)
		if err != nil {
			return claims, 0, err
		}
		if f == nil {
			wait = min(d.idle(now), max(d.lane.Wait(now), tick))
			break
		}
		f.at, f.counted = at, true
		f.ticket = d.limiter.Leave(f.telegramID, kindOfID(f.telegramID), at)
		if f.errand != nil {
			for range f.errand.Messages - 1 {
				f.more = append(f.more, d.limiter.Leave(0, telegram.Private, at))
			}
		}
		d.take(f)
		d.breaker.claimed()
		claims = append(claims, f)
	}
	return claims, wait, nil
}

// claimFree takes the answers that Telegram does not count, such as those to a pressed button: they
// wait for nothing.
func (d *Delivery) claimFree(now time.Time) []*flight {
	claims := d.answers.free(now, maxFlights-len(d.flights))
	for _, f := range claims {
		d.take(f)
	}
	return claims
}

// choose takes the next flight that counts: a message whose first form was refused, an answer, a
// welcome or news in turn, a call for the lane that joined, a correction.
func (d *Delivery) choose(ctx context.Context, now time.Time) (*flight, error) {
	free := func(telegramID int64, kind telegram.ChatKind) bool {
		if _, busy := d.busy[telegramID]; busy {
			return false
		}
		return !d.limiter.Ready(telegramID, kind, now).After(now.Add(tick))
	}
	for i, f := range d.news.again {
		if free(f.telegramID, kindOfID(f.telegramID)) {
			d.news.again = append(d.news.again[:i], d.news.again[i+1:]...)
			return f, nil
		}
	}
	if f := d.answers.next(func(a *owedAnswer) bool {
		return !a.notBefore.After(now) && free(a.answer.TelegramID, kindOfID(a.answer.TelegramID))
	}); f != nil {
		return f, nil
	}
	if f, err := d.nextLookup(ctx, now, free); f != nil || err != nil {
		return f, err
	}
	// Welcomes share what is left with the news, so that neither a storm of new readers nor a long
	// distribution starves the other.
	d.welcomes.turn = !d.welcomes.turn
	lanes := []func(context.Context, time.Time, freeChat) (*flight, error){d.nextWelcome, d.nextNews}
	if !d.welcomes.turn {
		lanes[0], lanes[1] = lanes[1], lanes[0]
	}
	lanes = append(lanes, d.nextErrand, d.nextFix)
	if d.turns++; d.turns >= laneTurns {
		d.turns = 0
		lanes = append([]func(context.Context, time.Time, freeChat) (*flight, error){d.nextErrand}, lanes...)
	}
	for _, lane := range lanes {
		if f, err := lane(ctx, now, free); f != nil || err != nil {
			return f, err
		}
	}
	return nil, nil
}

// take enters a flight among those under way.
func (d *Delivery) take(f *flight) {
	d.number++
	f.number = d.number
	d.flights[f.number] = f
	if f.counted {
		d.busy[f.telegramID] = f.number
	}
}

// answered tells the limiter of a flight that counts when it left and what the answer was.
func (f *flight) answered(left, back time.Time, err error) {
	f.ticket.Left(left).Answered(back, err)
	if telegram.KindOf(err) != telegram.KindUnsent {
		err = nil
	}
	for _, t := range f.more {
		t.Left(left).Answered(back, err)
	}
}

// kindOfID tells the kind of a chat as far as the limits care: people have positive ids.
func kindOfID(telegramID int64) telegram.ChatKind {
	if telegramID > 0 {
		return telegram.Private
	}
	return telegram.Supergroup
}
