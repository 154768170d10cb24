package delivery

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

// breaker stops claiming after the first call whose fate is unknown, and lets it go on when Telegram
// answers a harmless question. An outage of any length thus leaves in doubt only what was in flight.
type breaker struct {
	open    bool
	since   time.Time
	attempt int
	probing bool
	next    time.Time
	answers chan error
	log     func(msg string, args ...any)
}

const (
	probeFirst   = 200 * time.Millisecond
	probeLongest = 5 * time.Second
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
	b.open, b.since, b.attempt, b.next = true, now, 0, now.Add(probeFirst)
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
			b.open = false
			b.log("Telegram answers again; sending goes on", "after", now.Sub(b.since).Round(time.Millisecond))
			return true
		}
		b.attempt++
		b.next = now.Add(probeDelay(b.attempt))
	default:
	}
	return false
}

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

// probeDelay doubles from the first delay to the longest, with half of it left to chance.
func probeDelay(attempt int) time.Duration {
	delay := probeLongest
	if attempt < 8 {
		delay = min(probeFirst<<attempt, probeLongest)
	}
	return delay/2 + rand.N(delay/2+1)
}
