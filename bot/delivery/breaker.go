package delivery

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

// breaker stops claiming after the first call whose fate is unknown. When Telegram answers a harmless question, one message may leave,
// and once that is answered, all. An outage of any length thus leaves in doubt only what was in flight, and one in which questions are answered and
// messages are not, one message for each longer wait.
type breaker struct {
	open bool
	// trial says that one message is to show whether messages are answered, trying that it is under way.
	trial   bool
	trying  bool
	since   time.Time
	attempt int // questions in vain
	failed  int // messages in vain
	probing bool
	next    time.Time
	answers chan error
	log     func(msg string, args ...any)
}

const (
	probeFirst   = 200 * time.Millisecond
	probeLongest = 4 * time.Second
	// trialLongest is the longest wait between messages of which none is answered.
	trialLongest = 30 * time.Second
	probeTimeout = 10 * time.Second
)

// trip opens the breaker.
func (b *breaker) trip(d *Delivery, err error, now time.Time) {
	if b.open {
		return
	}
	if b.answers == nil {
		b.answers = make(chan error, 1)
		b.log = d.config.Log.Warn
	}
	b.open = true
	if b.trial {
		b.trial, b.trying, b.failed = false, false, b.failed+1
		b.attempt, b.next = 0, now.Add(delayAfter(b.failed, trialLongest))
		return
	}
	b.since, b.attempt, b.next = now, 0, now.Add(probeFirst)
	if kind := telegram.KindOf(err); kind.Operator() {
		d.config.Log.Error("Telegram does not accept the token; sending waits, nobody is unsubscribed: is it revoked, or used by another program?", "err", err)
		return
	}
	b.log("Telegram does not answer well; sending waits until it does", "err", err)
}

// closed tells whether messages may be claimed.
func (b *breaker) closed(now time.Time) bool {
	if !b.open {
		return true
	}
	select {
	case err := <-b.answers:
		b.probing = false
		if err == nil {
			b.open, b.trial = false, true
			return true
		}
		b.attempt++
		b.next = now.Add(delayAfter(b.attempt, probeLongest))
	default:
	}
	return false
}

// room is how many calls may be under way, of which there are so many.
func (b *breaker) room(flights int) int {
	switch {
	case !b.trial:
		return maxFlights
	case b.trying:
		return 0
	}
	return flights + 1
}

// claimed tells that a message leaves.
func (b *breaker) claimed() { b.trying = b.trial }

// answered tells that Telegram has answered a message.
func (b *breaker) answered(now time.Time) {
	if b.trial {
		b.trial, b.trying, b.failed = false, false, 0
		b.log("Telegram answers again; sending goes on", "after", now.Sub(b.since).Round(time.Millisecond))
	}
}

// released tells that what was claimed did not leave.
func (b *breaker) released() { b.trying = false }

// probe asks Telegram who we are when it is time to, and returns how long to wait until something happens.
func (b *breaker) probe(ctx context.Context, d *Delivery, now time.Time) time.Duration {
	if b.probing {
		return time.Second
	}
	if wait := b.next.Sub(now); wait > 0 {
		return min(wait, time.Second)
	}
	b.probing = true
	go func() {
		ctx, cancel := context.WithTimeout(ctx, probeTimeout)
		defer cancel()
		_, err := d.client.GetMe(ctx)
		b.answers <- err
		d.signal()
	}()
	return time.Second
}

// delayAfter doubles from the first delay to the longest, with half of it left to chance.
func delayAfter(failures int, longest time.Duration) time.Duration {
	delay := longest
	if failures < 16 {
		delay = min(probeFirst<<failures, longest)
	}
	return delay/2 + rand.N(delay/2+1)
}
