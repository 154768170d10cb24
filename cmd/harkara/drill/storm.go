package drill

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store/sqlite"
)

// stormDrill fills Telegram's queue with readers who press Start and lets the program take them in.
func stormDrill(ctx context.Context, f *field) error {
	presses := 100_000
	if f.Quick {
		presses = 5_000
	}
	for _, trip := range []time.Duration{0, 50 * time.Millisecond} {
		if err := storm(ctx, f, presses, trip); err != nil {
			return err
		}
		f.tidy()
	}
	return nil
}

func storm(ctx context.Context, f *field, presses int, trip time.Duration) error {
	const rate = 30
	w, err := newWorld(ctx, f, telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if err != nil {
		return err
	}
	w.telegram.SetLatency(telegramtest.Latency{Base: trip})
	w.telegram.SetFlood(telegramtest.Flood{Strict: rate, RetryAfter: 1})
	if queued := w.telegram.Bot().Storm(firstNewcomer, presses, "l_"+w.link.Code); queued != presses {
		return fmt.Errorf("only %d of %d updates found room", queued, presses)
	}
	p, err := w.startPolling(ctx, rate)
	if err != nil {
		return err
	}
	begun := time.Now()
	used, _ := p.usage()
	patience := time.Minute + time.Duration(presses/200)*time.Second
	if err := p.lives(ctx, patience, "all updates are confirmed", func() bool { return w.telegram.Bot().Queue().Waiting == 0 }); err != nil {
		return err
	}
	took := time.Since(begun)
	at := fmt.Sprintf(" at a round trip of %d ms", trip.Milliseconds())
	p.processor("update"+at, used, presses)
	greeted := w.sent()
	if err := rest(ctx, 3*time.Second); err != nil {
		return err
	}
	later, flood := w.sent(), w.telegram.FloodReport()
	if err := p.stop(ctx); err != nil {
		return err
	}

	goal := 10_000.0
	if trip > 0 {
		goal = 0.9 * 100 / trip.Seconds()
	}
	f.least("updates committed with their effects"+at, goal, float64(presses)/took.Seconds(), "/s")
	f.tell("welcomes during the storm, and in 3 s after it"+at, fmt.Sprintf("%d, %d", greeted, later-greeted))
	f.most("answers refused (429)"+at, 0, float64(flood.Refused), "")
	twice, doubled := 0, 0
	w.telegram.Tallies(func(t telegramtest.Tally) {
		if t.Count > 1 {
			twice++
		}
		doubled += t.Doubled
	})
	f.none("readers greeted twice"+at, twice+doubled)
	return w.within(ctx, func(s *sqlite.Store) error {
		link, err := s.Link(ctx, w.link.Code)
		if err != nil {
			return err
		}
		f.holds("presses applied exactly once"+at, fmt.Sprint(presses), link.Starts == presses && link.Subscribers == presses, link.Starts)
		return f.sound(ctx, s, at)
	})
}
