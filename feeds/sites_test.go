package feeds_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harkara/harkara/feeds"
)

func TestASiteIsAskedOneAtATimeAndTwoSecondsApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sites := feeds.NewSites(feeds.Allow{})
		var atOnce, most atomic.Int32
		var mu sync.Mutex
		starts := map[string][]time.Time{}
		var all sync.WaitGroup
		for _, host := range []string{"www.paper.example.com", "sport.example.com", "example.com", "other.co.in", "www.other.co.in", "third.co.in"} {
			for range 3 {
				all.Go(func() {
					done, ok := sites.Wait(t.Context(), host, time.Minute)
					if !ok {
						t.Error("no turn")
						return
					}
					site := map[string]string{"other.co.in": "other", "www.other.co.in": "other", "third.co.in": "third"}[host]
					if site == "" {
						most.Store(max(most.Load(), atOnce.Add(1)))
						defer atOnce.Add(-1)
					}
					mu.Lock()
					starts[site] = append(starts[site], time.Now())
					mu.Unlock()
					time.Sleep(300 * time.Millisecond) // in the bubble: the request takes this long
					done(false)
				})
			}
		}
		all.Wait()
		if most.Load() != 1 {
			t.Errorf("%d requests to a site at once", most.Load())
		}
		for site, times := range starts {
			for i := 1; i < len(times); i++ {
				if gap := times[i].Sub(times[i-1]); gap < 2*time.Second {
					t.Errorf("site %q was asked after %s", site, gap)
				}
			}
		}
		if third := starts["third"]; third[0].Sub(starts[""][0]) > time.Second {
			t.Error("one site waited for another")
		}
	})
}

func TestASiteThatSaysTooManyIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		allow, err := feeds.ParseAllow([]string{"own.example.org"})
		if err != nil {
			t.Fatal(err)
		}
		sites := feeds.NewSites(allow)
		sites.Park("www.example.com", time.Now().Add(time.Hour))
		if _, ok := sites.Wait(t.Context(), "feeds.example.com", time.Minute); ok {
			t.Error("a parked site was asked")
		}
		for range 3 {
			if done, ok := sites.Wait(t.Context(), "own.example.org", 0); !ok {
				t.Error("the operator's own host was kept waiting")
			} else {
				done(true)
			}
		}
		time.Sleep(time.Hour)
		for i := range 6 {
			done, ok := sites.Wait(t.Context(), "example.com", 10*time.Second)
			if ok != (i < 5) {
				t.Errorf("turn %d: %t", i, ok)
			}
			if ok {
				done(true) // five failures in a row park it
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, ok := sites.Wait(ctx, "example.com", time.Hour); ok {
			t.Error("a turn after the context had ended")
		}
	})
}
