package feeds_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday

// steady is the rhythm of a feed that was watched for ten days and brought so many items a day, evenly.
func steady(perDay float64) feeds.Rhythm {
	r := feeds.Rhythm{Since: noon.AddDate(0, 0, -10), Counted: noon}
	for h := range r.Hours {
		r.Hours[h] = perDay / 24
	}
	return r
}

func TestWhenAFeedIsAskedAgain(t *testing.T) {
	skip := func(hours ...int) (p feeds.Pace) {
		for _, h := range hours {
			p.SkipHours[h] = true
		}
		return p
	}
	day := func(d time.Weekday) (p feeds.Pace) {
		p.SkipDays[d] = true
		return p
	}
	every := func(f func(*feeds.Check)) feeds.Check {
		c := feeds.Check{Now: noon, Every: 5 * time.Minute, Validators: true}
		f(&c)
		return c
	}
	for _, c := range []struct {
		name             string
		check            feeds.Check
		earliest, latest time.Duration // over all chances
	}{
		{"a new feed", every(func(*feeds.Check) {}), 270 * time.Second, 300 * time.Second},
		{"an interval below the floor", feeds.Check{Now: noon}, 900 * time.Millisecond, time.Second},
		{"a busy paper", every(func(c *feeds.Check) { c.Rhythm = steady(150) }), 270 * time.Second, 300 * time.Second},
		{"forty a day", every(func(c *feeds.Check) { c.Rhythm = steady(40) }), 8*time.Minute + 6*time.Second, 9 * time.Minute},
		{"one a day", every(func(c *feeds.Check) { c.Rhythm = steady(1) }), 54 * time.Minute, time.Hour},
		{"nothing for weeks", every(func(c *feeds.Check) { c.Rhythm = steady(0) }), 54 * time.Minute, time.Hour},
		{"a rhythm not yet known", every(func(c *feeds.Check) { c.Rhythm = feeds.Rhythm{Since: noon.Add(-time.Hour), Counted: noon} }), 270 * time.Second, 300 * time.Second},
		{"an operator in a hurry stays near", feeds.Check{Now: noon, Every: time.Second, Rhythm: steady(1)}, 10 * time.Second, 12 * time.Second},
		{"an operator with patience", feeds.Check{Now: noon, Every: 12 * time.Hour, Rhythm: steady(150)}, 648 * time.Minute, 12 * time.Hour},
		{"more patience than a day", feeds.Check{Now: noon, Every: 100 * time.Hour}, 21*time.Hour + 36*time.Minute, 24 * time.Hour},
		{"ttl", every(func(c *feeds.Check) { c.Pace.TTL = 30 * time.Minute }), 30 * time.Minute, 33 * time.Minute},
		{"ttl, overruled by hand", every(func(c *feeds.Check) { c.Pace.TTL, c.ByHand = 30*time.Minute, true }), 270 * time.Second, 300 * time.Second},
		{"ttl of a month", every(func(c *feeds.Check) { c.Pace.TTL = 720 * time.Hour }), 24 * time.Hour, 27 * time.Hour},
		{"max-age", every(func(c *feeds.Check) { c.Fresh = 10 * time.Minute }), 10 * time.Minute, 11 * time.Minute},
		{"max-age is not overruled", every(func(c *feeds.Check) { c.Fresh, c.ByHand = 10*time.Minute, true }), 10 * time.Minute, 11 * time.Minute},
		{"max-age just below the interval", every(func(c *feeds.Check) { c.Fresh = 299 * time.Second }), 299 * time.Second, 330 * time.Second},
		{"the longest of all", every(func(c *feeds.Check) { c.Fresh, c.Pace.TTL = 10*time.Minute, 20*time.Minute }), 20 * time.Minute, 22 * time.Minute},
		{"asked to wait though all is well", every(func(c *feeds.Check) { c.RetryAfter = 15 * time.Minute }), 15 * time.Minute, 17 * time.Minute},
		{"hours of rest", every(func(c *feeds.Check) { c.Pace = skip(12, 13) }), 2 * time.Hour, 2 * time.Hour},
		{"days of rest", every(func(c *feeds.Check) { c.Pace = day(time.Wednesday) }), 12 * time.Hour, 12 * time.Hour},
		{"rest for ever is not believed", every(func(c *feeds.Check) {
			c.Pace = skip(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
		}), 270 * time.Second, 300 * time.Second},
		{"large and unconditional", every(func(c *feeds.Check) { c.Validators, c.Size = false, 1<<20 }), 54 * time.Minute, time.Hour},
		{"small and unconditional", every(func(c *feeds.Check) { c.Validators, c.Size = false, 1<<10 }), 270 * time.Second, 300 * time.Second},
		{"a hub tells", every(func(c *feeds.Check) { c.Pushed = true }), 21*time.Hour + 36*time.Minute, 24 * time.Hour},
		{"first failure", every(func(c *feeds.Check) { c.Errors, c.Fault = 1, feeds.FaultTimeout }), 5 * time.Minute, 10 * time.Minute},
		{"fourth failure", every(func(c *feeds.Check) { c.Errors, c.Fault = 4, feeds.FaultTimeout }), 5 * time.Minute, 80 * time.Minute},
		{"hundredth failure", every(func(c *feeds.Check) { c.Errors, c.Fault = 100, feeds.FaultTimeout }), 5 * time.Minute, 24 * time.Hour},
		{"failure and Retry-After", every(func(c *feeds.Check) { c.Errors, c.Fault, c.RetryAfter = 1, feeds.FaultBusy, 3*time.Hour }), 3 * time.Hour, 198 * time.Minute},
		{"turned away", every(func(c *feeds.Check) { c.Errors, c.Fault = 1, feeds.FaultDenied }), 30 * time.Minute, 2 * time.Hour},
		{"gone", every(func(c *feeds.Check) { c.Errors, c.Fault = 1, feeds.FaultGone }), 24 * time.Hour, 27 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			low, high := time.Duration(math.MaxInt64), time.Duration(0)
			for i := range 101 {
				c.check.Random = min(float64(i)/100, 0.9999999)
				at, why := c.check.Next()
				if why == "" {
					t.Error("no reason")
				}
				low, high = min(low, at.Sub(noon)), max(high, at.Sub(noon))
			}
			if low < c.earliest-time.Second || high > c.latest+2*time.Second {
				t.Errorf("between %s and %s, want %s to %s", low, high, c.earliest, c.latest)
			}
		})
	}
}

func TestRhythmFollowsTheFeed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	r := feeds.Rhythm{}
	now := noon.AddDate(0, 0, -40)
	// 48 items a day, all between 6 and 18 o'clock.
	for now.Before(noon) {
		items := 0
		if h := now.Hour(); h >= 6 && h < 18 && random.Float64() < 48.0/(12*6) {
			items = 1
		}
		r = r.Add(now, items)
		now = now.Add(10 * time.Minute)
	}
	if n := r.PerDay(); n < 35 || n > 60 {
		t.Errorf("%.1f items a day, want about 48", n)
	}
	day, night := r.Gap(noon), r.Gap(noon.Add(12*time.Hour))
	if day < 10*time.Minute || day > 30*time.Minute || night < time.Hour {
		t.Errorf("gap by day %s, by night %s", day, night)
	}
	r = r.Add(noon.AddDate(0, 0, -60), 1) // a clock that was set back
	if r.PerDay() != 0 {
		t.Error("a clock that was set back left its marks")
	}
}

func TestMovesNeedProof(t *testing.T) {
	const old, gone = "http://h.example/feed", "https://new.example/feed"
	var m feeds.Move
	var proven bool
	for i, at := range []time.Duration{0, time.Hour, 2 * time.Hour, 25 * time.Hour} {
		m, proven = m.Saw(old, gone, noon.Add(at))
		if proven != (i == 3) {
			t.Errorf("after %s: proven is %t", at, proven)
		}
	}
	if m, _ = (feeds.Move{URL: gone, Count: 2, First: noon.Add(-48 * time.Hour)}).Saw(old, "", noon); m.Count != 0 {
		t.Error("a poll without redirect did not take the proof back")
	}
	if m, proven = (feeds.Move{URL: gone, Count: 2, First: noon.Add(-48 * time.Hour)}).Saw(old, "https://else.example/", noon); m.Count != 1 || proven {
		t.Error("another target did not begin anew")
	}
	if _, proven = (feeds.Move{}).Saw(old, "https://h.example/feed", noon); !proven {
		t.Error("the same address in https is to be taken at once")
	}
}

func TestFeedsAreGivenUpOnProof(t *testing.T) {
	var e feeds.Ending
	var over bool
	step := func(kind feeds.FaultKind, at time.Duration, want bool) {
		t.Helper()
		if e, over = e.Saw(kind, noon.Add(at)); over != want {
			t.Errorf("%s after %s: over is %t", kind, at, over)
		}
	}
	step(feeds.FaultGone, 0, false)
	step(feeds.FaultGone, time.Hour, false)
	step(feeds.FaultTimeout, 2*time.Hour, false)
	step(feeds.FaultGone, 24*time.Hour, true)
	step("", 25*time.Hour, false)
	step(feeds.FaultMissing, 26*time.Hour, false)
	step(feeds.FaultMissing, 29*24*time.Hour, false)
	step("", 30*24*time.Hour, false)
	step(feeds.FaultMissing, 60*24*time.Hour, false)
	step(feeds.FaultMissing, 90*24*time.Hour, true)
}
