package drill

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

func latencyDrill(ctx context.Context, f *field) error {
	if err := freshness(ctx, f); err != nil {
		return err
	}
	f.tidy()
	rates := []int{30, 1000}
	if f.Quick {
		rates = rates[1:]
	}
	for _, rate := range rates {
		if err := courtesy(ctx, f, rate); err != nil {
			return err
		}
		f.tidy()
	}
	return nil
}

// freshness publishes articles at odd moments and measures when the first reader has each.
func freshness(ctx context.Context, f *field) error {
	articles, readers := 40, 20
	if f.Quick {
		articles = 3
	}
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	if err := w.populate(ctx, readers, 0); err != nil {
		return err
	}
	p, err := w.startPolling(ctx, 1000, "HARKARA_BURST=20")
	if err != nil {
		return err
	}
	var waits []time.Duration
	var headlines []string
	for range articles {
		if err := rest(ctx, 3*time.Second+rand.N(time.Second)); err != nil {
			return err
		}
		sent, begun := w.sent(), time.Now()
		headlines = append(headlines, w.publish())
		if err := p.lives(ctx, time.Minute, "the article leaves", func() bool { return w.sent() > sent }); err != nil {
			return err
		}
		waits = append(waits, time.Since(begun))
		if err := p.lives(ctx, time.Minute, "everybody has it", w.reached(headlines[len(headlines)-1], w.readers)); err != nil {
			return err
		}
	}
	if err := p.stop(ctx); err != nil {
		return err
	}
	f.most("new article to first send, p50", 1.2, share(waits, 0.5).Seconds(), " s")
	f.tell("new article to first send, p99", fmt.Sprintf("%.2f s", share(waits, 0.99).Seconds()))
	a := w.audit(headlines, w.readers)
	f.none("headlines missing or doubled", a.missing+a.doubled, a.examples...)
	return nil
}

// share is the value below which that share of the list lies.
func share(list []time.Duration, of float64) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(of*float64(len(sorted))), len(sorted)-1)]
}

// courtesy lets people ask questions while a broadcast goes out at full speed.
func courtesy(ctx context.Context, f *field, rate int) error {
	const people, firstAsker, latency = 10, 9_000_000_001, 20 * time.Millisecond
	span := 40 * time.Second
	if f.Quick {
		span = 3 * time.Second
	}
	w, err := newWorld(ctx, f, telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if err != nil {
		return err
	}
	err = w.within(ctx, func(s *sqlite.Store) error {
		return s.Write(ctx, func(tx store.Tx) error {
			for i := range people {
				c := store.Chat{TelegramID: int64(firstAsker + i), Kind: store.Private, Title: "অনিক", Language: "bn", State: store.Active, JoinedAt: w.now()}
				if err := join(ctx, tx, &c); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	var askers []int64
	for i := range people {
		askers = append(askers, int64(firstAsker+i))
	}
	if err := w.acquaint(ctx, askers); err != nil {
		return err
	}
	w.telegram.SetLatency(telegramtest.Latency{Base: latency})
	w.telegram.SetFlood(telegramtest.Flood{Strict: rate, RetryAfter: 1})
	p, err := distribute(ctx, w, rate*int(span.Seconds()+15), rate)
	if err != nil {
		return err
	}
	if err := rest(ctx, 2*time.Second); err != nil { // the whole rate is in use
		return err
	}
	var waits []time.Duration
	var guard sync.Mutex
	var all sync.WaitGroup
	ending := time.Now().Add(span)
	unanswered := 0
	for _, id := range askers {
		all.Go(func() {
			person := w.telegram.User(id, "অনিক", "bn")
			for time.Now().Before(ending) && rest(ctx, 1200*time.Millisecond+rand.N(time.Second)) == nil {
				had, begun := person.Chat().Tally().Count, time.Now()
				person.Send("/help")
				err := until(ctx, 20*time.Second, "the answer is there", func() bool { return person.Chat().Tally().Count > had })
				guard.Lock()
				if waits = append(waits, time.Since(begun)); err != nil {
					unanswered++
				}
				guard.Unlock()
			}
		})
	}
	all.Wait()
	if err := p.stop(ctx); err != nil {
		return err
	}
	at := fmt.Sprintf(" during a broadcast at %d/s", rate)
	// The question comes by one trip down, the answer goes by one up and is there: a round trip at the server's latency.
	f.most("question to answer, p99"+at, 300+2*float64(latency.Milliseconds()), float64(share(waits, 0.99).Milliseconds()), " ms")
	f.tell("question to answer, p50, of so many"+at, fmt.Sprintf("%d ms, %d", share(waits, 0.5).Milliseconds(), len(waits)))
	f.none("questions without an answer"+at, unanswered)
	return nil
}
