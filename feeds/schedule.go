package feeds

import (
	"time"
)

// Bounds of the interval between two polls of a feed.
const (
	longestInterval = 24 * time.Hour
	// The operator's interval is what a busy feed gets. A quiet one is asked less often, down to a twelfth as often and not
	// beyond six hours: at the default of 5 min a first item waits an hour at most.
	quietFactor    = 12
	longestQuiet   = 6 * time.Hour
	shareOfGap     = 0.25 // polls per expected item: the median item then waits an eighth of the gap
	jitter         = 0.1
	unboundedBody  = 512 << 10 // without validators, every poll costs the publisher this much
	firstRetry     = 5 * time.Minute
	firstDenied    = time.Hour
	firstGone      = 24 * time.Hour
	pushedInterval = 24 * time.Hour
	// A site that is silent is asked about hourly for some two days before we believe that it stays so.
	outageRetry   = time.Hour
	outageRetries = 60
)

// A Check is the outcome of a poll, as far as it decides when the next one is due.
type Check struct {
	// Now is when the poll ended.
	Now time.Time
	// Every is the operator's interval for this feed; ByHand that it was set for this feed alone, which
	// overrules what the feed says of itself (but never what its server says).
	Every  time.Duration
	ByHand bool
	// Pace is what the feed says, Fresh and RetryAfter what its server says.
	Pace              Pace
	Fresh, RetryAfter time.Duration
	// Rhythm is what the feed has been seen to do.
	Rhythm Rhythm
	// Validators is set when the server lets us ask conditionally; Size is the body's length in bytes.
	Validators bool
	Size       int
	// Pushed is set when a hub tells us of new items: polling is only a check then.
	Pushed bool
	// Renew is the time until the hub must be asked for a further lease; 0 means that this can wait.
	Renew time.Duration
	// Errors counts failures in a row, this one included; 0 is a success. Fault is the last one's kind.
	Errors int
	Fault  FaultKind
	// Random is a number from 0 up to 1.
	Random float64
}

// Next says when the feed is due again, and why then, in a few words of English.
func (c Check) Next() (at time.Time, why string) {
	every := max(c.Every, time.Second)
	if c.Errors > 0 {
		return c.afterFailure(every)
	}
	interval, why := every, "the operator's interval"
	if gap := c.Rhythm.Gap(c.Now); gap > 0 {
		quiet := min(time.Duration(shareOfGap*float64(gap)), max(every, min(quietFactor*every, longestQuiet)))
		if quiet > interval {
			interval, why = quiet, "the feed's rhythm"
		}
	}
	if !c.Validators && c.Size > unboundedBody && interval < quietFactor*every {
		interval, why = quietFactor*every, "a large feed that cannot be asked conditionally"
	}
	if c.Pushed {
		check := pushedInterval
		if c.Renew > 0 {
			check = min(check, time.Duration(float64(c.Renew)/(1-jitter))) // at the earliest then
		}
		if interval < check {
			interval, why = check, "a hub tells us of news"
		}
	}
	interval = min(interval, longestInterval)
	// What others ask for is a floor: chance may only add to it.
	floor := time.Duration(0)
	raise := func(d time.Duration, reason string) {
		if d = min(d, longestInterval); d > floor && d > interval {
			floor, interval, why = d, d, reason
		} else {
			floor = max(floor, d)
		}
	}
	if !c.ByHand {
		raise(c.Pace.TTL, "the feed's ttl")
	}
	raise(c.Fresh, "the server's max-age")
	raise(c.RetryAfter, "the server's Retry-After")
	low := max(floor, time.Duration(float64(interval)*(1-jitter)))
	at = c.Now.Add(low + time.Duration(c.Random*jitter*float64(interval)))
	if moved := c.Pace.after(at); !c.ByHand && !moved.Equal(at) {
		return moved, "the feed's hours of rest"
	}
	return at, why
}

func (c Check) afterFailure(every time.Duration) (time.Time, string) {
	unit, why := min(firstRetry, max(every, time.Second)), "failures in a row"
	switch c.Fault {
	case FaultDenied:
		unit, why = max(unit, firstDenied), "the server turns us away"
	case FaultGone:
		unit, why = firstGone, "the feed was closed; asked once more"
	default:
	}
	longest := longestInterval
	switch c.Fault {
	case FaultUnreachable, FaultTimeout, FaultBusy, FaultServer:
		// An outage passes, and what a paper publishes meanwhile must still be in its feed when we ask again.
		if c.Errors <= outageRetries {
			longest = outageRetry
		}
	default:
	}
	most := unit << min(c.Errors, 20)
	if most <= 0 || most > longest {
		most = longest
	}
	// Full jitter, so that feeds that failed together do not come back together.
	wait := unit/2 + time.Duration(c.Random*float64(most-unit/2))
	if c.Fault == FaultGone {
		wait = firstGone + time.Duration(c.Random*jitter*float64(firstGone))
	}
	wait = max(wait, min(every, longestInterval))
	if c.RetryAfter > wait {
		wait, why = c.RetryAfter+time.Duration(c.Random*jitter*float64(c.RetryAfter)), "the server's Retry-After"
	}
	return c.Now.Add(wait), why
}

// after moves a moment out of the hours and days, in GMT, at which the feed says it does not change. A
// feed that never changes by its own word is not believed.
func (p Pace) after(at time.Time) time.Time {
	moved := at.UTC()
	for range 7 * 24 {
		if !p.SkipHours[moved.Hour()] && !p.SkipDays[moved.Weekday()] {
			if moved.Equal(at) {
				return at
			}
			return moved
		}
		moved = moved.Truncate(time.Hour).Add(time.Hour)
	}
	return at
}

// Rhythm is how often a feed brings items, by the hour of the day: the older a day, the less it counts.
type Rhythm struct {
	// Since is when counting began, Counted up to when it went.
	Since   time.Time `json:"since"`
	Counted time.Time `json:"counted"`
	// Hours holds for each hour of the day in UTC the items per day.
	Hours [24]float64 `json:"hours"`
}

// memoryDays is how many days a rhythm is made of: after so many, a day counts a third of what it did.
const memoryDays = 14

// knownAfter is how long a feed is watched before its rhythm is believed.
const knownAfter = 24 * time.Hour

// Add counts items that were new at a moment.
func (r Rhythm) Add(now time.Time, items int) Rhythm {
	now = now.UTC()
	if r.Since.IsZero() || now.Before(r.Counted) {
		return Rhythm{Since: now, Counted: now}
	}
	days := max(1, min(memoryDays, now.Sub(r.Since).Hours()/24))
	if elapsed := now.Sub(r.Counted).Hours() / 24; elapsed > 0 {
		fade := max(0, 1-elapsed/days)
		for h := range r.Hours {
			r.Hours[h] *= fade
		}
		r.Counted = now
	}
	r.Hours[now.Hour()] += float64(items) / days
	return r
}

// Gap is the time to be expected between two items around this hour, 0 while it is not known.
func (r Rhythm) Gap(now time.Time) time.Duration {
	if r.Since.IsZero() || now.Sub(r.Since) < knownAfter {
		return 0
	}
	// The hours around smooth what chance did to one; the day as a whole keeps a quiet hour from seeming dead.
	hour := now.UTC().Hour()
	var near, day float64
	for h, n := range r.Hours {
		day += n
		if distance := min((h-hour+24)%24, (hour-h+24)%24); distance <= 1 {
			near += n
		}
	}
	rate := 0.8*near/3 + 0.2*day/24 // items an hour
	if rate < 1.0/(30*24) {
		return 30 * 24 * time.Hour
	}
	return time.Duration(float64(time.Hour) / rate)
}

// PerDay is the number of items a day.
func (r Rhythm) PerDay() (n float64) {
	for _, h := range r.Hours {
		n += h
	}
	return n
}

// A Move is what has been seen of a feed's permanent redirect.
type Move struct {
	URL   string    `json:"url"`
	Count int       `json:"count"`
	First time.Time `json:"first"`
}

// What proves a move: a redirect that was seen so often, over so long.
const (
	moveSightings = 3
	movePeriod    = 24 * time.Hour
)

// Saw notes that a poll of address at, whose answer was a sound feed, was permanently redirected to target ("" for not at all),
// and reports whether the move is proven. A change from http to https of the same address is proven at once.
func (m Move) Saw(at, target string, now time.Time) (Move, bool) {
	switch {
	case target == "" || target == at:
		return Move{}, false
	case len(at) > 4 && at[:5] == "http:" && target == "https"+at[4:]:
		return Move{}, true
	case target != m.URL:
		return Move{URL: target, Count: 1, First: now}, false
	}
	m.Count++
	return m, m.Count >= moveSightings && now.Sub(m.First) >= movePeriod
}

// An Ending is what has been seen of a feed that seems to be no more.
type Ending struct {
	Kind  FaultKind `json:"kind"`
	First time.Time `json:"first"`
}

// missingPeriod is how long a feed may be missing before it is given up.
const missingPeriod = 30 * 24 * time.Hour

// Saw notes the outcome of a poll ("" for a good one) and reports whether the feed is to be given up: when it said twice, a day
// apart, that it is gone, or was missing for 30 days.
func (e Ending) Saw(kind FaultKind, now time.Time) (Ending, bool) {
	if kind != FaultGone && kind != FaultMissing {
		if kind != "" && e.Kind != "" {
			return e, false // another fault proves nothing, in neither way
		}
		return Ending{}, false
	}
	if e.Kind != kind {
		return Ending{Kind: kind, First: now}, false
	}
	period := missingPeriod
	if kind == FaultGone {
		period = firstGone
	}
	return e, now.Sub(e.First) >= period
}
