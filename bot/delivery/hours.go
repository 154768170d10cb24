package delivery

import (
	"math/bits"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// digestSpread is the time over which the readers of one hour are served: a hundred thousand of them would otherwise wait
// in one line, and whoever wants something else behind them.
const digestSpread = 10 * time.Minute

// neighbours is how many chats that joined one after another are served at the same moment, for what is kept of them is kept
// together. The first of them, which are all there are in a small house, are served at the hour itself.
const neighbours = 32

// spreadOf is how long after its hour a chat is served. It is always the same for a chat, in whole seconds.
func spreadOf(chat int64) time.Duration {
	const goldenRatio = 0x9E3779B97F4A7C15 // of 2^64: the multiples of it lie evenly spread
	fraction, _ := bits.Mul64(uint64(chat/neighbours)*goldenRatio, uint64(digestSpread))
	return time.Duration(fraction).Truncate(time.Second)
}

// visitAt returns the moment, now or later, at which a chat with these wishes, posted to last at the given moment, may be sent what it is
// owed since another. What waits for an hour of the clock comes by spread later.
func visitAt(p store.Prefs, zone *time.Location, spread time.Duration, last, owedSince, now time.Time) time.Time {
	at := now
	if p.Mode == store.Digest {
		// The hour is derived from the oldest thing owed, so no one has to remember which digest went out last.
		at = later(at, nextDigest(p, zone, spread, owedSince))
	} else if p.Gap > 0 && !last.IsZero() {
		at = later(at, last.Add(time.Duration(p.Gap)*time.Minute))
	}
	return afterQuiet(p, zone, spread, later(at, p.PausedUntil))
}

// waited tells whether a chat with these wishes could not be sent at once what it is owed since the given moment.
func waited(p store.Prefs, zone *time.Location, spread time.Duration, last, owedSince time.Time) bool {
	return visitAt(p, zone, spread, last, owedSince, owedSince).After(owedSince)
}

// afterQuiet moves a moment that falls into the chat's quiet hours to their end.
func afterQuiet(p store.Prefs, zone *time.Location, spread time.Duration, at time.Time) time.Time {
	end := endOfQuiet(p, zone, at)
	if end.Equal(at) {
		return at
	}
	if apart := end.Add(spread); !quiet(p, apart.In(zone)) {
		return apart
	}
	return end
}

// Quiet tells whether the clock shows one of the quiet hours of a chat with these wishes; local is the time in the chat's zone.
func Quiet(p store.Prefs, local time.Time) bool { return quiet(p, local) }

// quiet tells whether the clock shows one of the chat's quiet hours.
func quiet(p store.Prefs, local time.Time) bool {
	minute := minuteOf(local)
	if p.QuietFrom <= p.QuietTo {
		return minute >= p.QuietFrom && minute < p.QuietTo
	}
	return minute >= p.QuietFrom || minute < p.QuietTo // over midnight
}

func minuteOf(local time.Time) int { return local.Hour()*60 + local.Minute() }

// endOfQuiet is the first moment, from the given one on, at which the clock shows no quiet hour. Where the clock is
// changed meanwhile, it is what the clock shows then that counts.
func endOfQuiet(p store.Prefs, zone *time.Location, at time.Time) time.Time {
	// A day has seldom one change of the clock and hardly two; the bound is for a zone nobody has thought of.
	for range 8 {
		local := at.In(zone)
		if !quiet(p, local) {
			return at
		}
		left := time.Duration((p.QuietTo-minuteOf(local)+minutesADay)%minutesADay) * time.Minute
		next := at.Add(left - time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
		if _, change := local.ZoneBounds(); !change.IsZero() && change.Before(next) {
			next = change
		}
		at = next
	}
	return at
}

const minutesADay = 24 * 60

// nextDigest returns the first of the chat's digests after the given moment. An hour that falls into the quiet hours comes at
// their end.
func nextDigest(p store.Prefs, zone *time.Location, spread time.Duration, after time.Time) time.Time {
	hours := p.DigestAt
	if len(hours) == 0 {
		hours = []int{defaultDigest}
	}
	local := after.In(zone)
	var next time.Time
	for day := -1; day <= 2; day++ { // yesterday's may have been moved into today
		for _, minute := range hours {
			hour, exists := clockTime(local, day, minute)
			if !exists {
				continue
			}
			at := afterQuiet(p, zone, spread, hour.Add(spread))
			if at.After(after) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	if next.IsZero() {
		return after
	}
	return next
}

// defaultDigest is eight in the morning, the first of the hours readers are offered.
const defaultDigest = 8 * 60

// clockTime is the first moment of a day, so many days from the one of local, at which the clock shows the minute after
// midnight or a later one: where the clock jumps over the minute, the moment of the jump; where it shows it twice, the first. A
// day that the zone left out, or that ends before the minute, does not exist.
func clockTime(local time.Time, days, minute int) (at time.Time, exists bool) {
	year, month, day := local.Date()
	at = time.Date(year, month, day+days, minute/60, minute%60, 0, 0, local.Location())
	shown := time.Date(year, month, day+days, minute/60, minute%60, 0, 0, time.UTC) // what the clock is to show
	if began, _ := at.ZoneBounds(); shows(at, shown) && (began.IsZero() || at.Sub(began) >= 24*time.Hour) {
		return at, true // as on nearly all days
	}
	// Between two changes the clock runs evenly. The changes around that day are looked at in their order.
	const longestChange = 26 * time.Hour // from one side of the date line to the other
	for from := at.Add(-2 * longestChange); from.Before(at.Add(2 * longestChange)); {
		began, ends := from.ZoneBounds()
		_, offset := from.Zone()
		moment := shown.Add(-time.Duration(offset) * time.Second).In(local.Location())
		if !began.IsZero() && moment.Before(began) {
			moment = began
		}
		inside := ends.IsZero() || moment.Before(ends)
		y, m, d := moment.Date()
		if inside && y == shown.Year() && m == shown.Month() && d == shown.Day() && minuteOf(moment) >= minute {
			return moment, true
		}
		if ends.IsZero() {
			break
		}
		from = ends
	}
	return time.Time{}, false
}

// shows tells whether a clock at the moment shows date, hour and minute of the other.
func shows(at, shown time.Time) bool {
	return slices.Equal(clockOf(at), clockOf(shown))
}

func clockOf(t time.Time) []int {
	year, month, day := t.Date()
	return []int{year, int(month), day, t.Hour(), t.Minute()}
}
