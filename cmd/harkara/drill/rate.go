package drill

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// rateDrill sends broadcasts against a server that counts the arrivals in every window of a second and refuses one too many.
func rateDrill(ctx context.Context, f *field) error {
	latencies := []time.Duration{20 * time.Millisecond, 200 * time.Millisecond}
	if f.Quick {
		latencies = latencies[:1]
	}
	for _, rate := range []int{30, 1000} {
		for _, latency := range latencies {
			if err := paced(ctx, f, rate, latency); err != nil {
				return err
			}
			f.tidy()
		}
	}
	if err := unlimited(ctx, f); err != nil {
		return err
	}
	f.tidy()
	return seam(ctx, f)
}

// distribute seeds readers, starts the program and publishes an article; it returns when the first messages have left.
func distribute(ctx context.Context, w *world, readers, rate int) (*program, error) {
	if err := w.populate(ctx, readers, 0); err != nil {
		return nil, err
	}
	p, err := w.startPolling(ctx, rate)
	if err != nil {
		return nil, err
	}
	w.publish()
	return p, p.lives(ctx, time.Minute, "the broadcast has begun", func() bool { return w.sent() > 0 })
}

func paced(ctx context.Context, f *field, rate int, latency time.Duration) error {
	warmUp, span := 3*time.Second, 2*time.Minute
	if f.Quick {
		warmUp, span = time.Second, 2*time.Second
	}
	w, err := newWorld(ctx, f, telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if err != nil {
		return err
	}
	w.telegram.SetLatency(telegramtest.Latency{Base: latency, Jitter: 20 * time.Millisecond})
	w.telegram.SetFlood(telegramtest.Flood{Strict: rate, RetryAfter: 1})
	p, err := distribute(ctx, w, rate*int((span+warmUp).Seconds()+2), rate)
	if err != nil {
		return err
	}
	if err := rest(ctx, warmUp); err != nil {
		return err
	}
	before, begun := w.telegram.FloodReport(), time.Now()
	used, _ := p.usage()
	if err := rest(ctx, span); err != nil {
		return err
	}
	after, took := w.telegram.FloodReport(), time.Since(begun)
	at := fmt.Sprintf(" at %d/s, %d ms", rate, latency.Milliseconds())
	p.processor("message"+at, used, after.Allowed-before.Allowed)
	if err := p.stop(ctx); err != nil {
		return err
	}
	goal := map[int]float64{30: 97, 1000: 93}[rate]
	f.least("share of the permitted rate"+at, goal, 100*float64(after.Allowed-before.Allowed)/took.Seconds()/float64(rate), " %")
	f.most("messages refused (429)"+at, 0, float64(after.Refused), "")
	f.undoubled(w, at)
	return nil
}

// undoubled reports whether any chat got a text twice.
func (f *field) undoubled(w *world, at string) {
	doubled := 0
	w.telegram.Tallies(func(t telegramtest.Tally) { doubled += t.Doubled })
	f.none("messages doubled"+at, doubled)
}

// unlimited lets the program send as fast as it can.
func unlimited(ctx context.Context, f *field) error {
	readers := 60_000
	if f.Quick {
		readers = 2_000
	}
	w, err := newWorld(ctx, f, telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if err != nil {
		return err
	}
	p, err := distribute(ctx, w, readers, 100_000)
	if err != nil {
		return err
	}
	before, begun := w.sent(), time.Now()
	used, _ := p.usage()
	if err := p.lives(ctx, 5*time.Minute, "the broadcast has ended", func() bool { return w.sent() >= readers }); err != nil {
		return err
	}
	p.processor("message, without limit", used, readers-before)
	f.tell("messages through the whole program, without limit", number(float64(readers-before)/time.Since(begun).Seconds())+"/s")
	if err := p.stop(ctx); err != nil {
		return err
	}
	f.undoubled(w, " without limit")
	f.holds("messages sent without limit", fmt.Sprint(readers), w.sent() == readers, w.sent())
	return nil
}

// seam sends through the client and its library alone.
func seam(ctx context.Context, f *field) error {
	const together = 64
	messages := 50_000
	if f.Quick {
		messages = 2_000
	}
	server := telegramtest.New(telegramtest.WithOpenDoor(), telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if _, err := server.Start(); err != nil {
		return err
	}
	f.onTidy(server.Close)
	token, err := telegram.NewToken(server.Bot().Token())
	if err != nil {
		return err
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: server.URL()})
	if err != nil {
		return err
	}
	text := "<b>" + headline(1) + "</b>\n\n" + headline(2) + "। " + headline(3) + "। " + headline(4) + "।"
	var next, failed atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range together {
		all.Go(func() {
			for n := next.Add(1); n <= int64(messages) && ctx.Err() == nil; n = next.Add(1) {
				if _, err := client.Do(ctx, telegram.SendText(firstReader+n, text, nil)); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	f.least("messages through the client library, without limit", 5000, float64(messages)/time.Since(begun).Seconds(), "/s")
	f.none("calls that failed", int(failed.Load()))
	return ctx.Err()
}
