package delivery

import (
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// visitAt returns the moment, now or later, at which a chat with these wishes may be sent what it is owed
// since the given moment.
func visitAt(p store.Prefs, zone *time.Location, owedSince, now time.Time) time.Time {
	at := now
	if p.Mode == store.Digest {
		// The hour is derived from the oldest thing owed, so no one has to remember which digest went out last.
		if hour := nextDigest(p, zone, owedSince); hour.After(at) {
			at = hour
		}
	}
	if p.PausedUntil.After(at) {
		at = p.PausedUntil
	}
	return afterQuiet(p, zone, at)
}

// afterQuiet moves a moment that falls into the chat's quiet hours to their end.
func afterQuiet(p store.Prefs, zone *time.Location, at time.Time) time.Time {
	if p.QuietFrom == p.QuietTo {
		return at
	}
	local := at.In(zone)
	minute := local.Hour()*60 + local.Minute()
	quiet := minute >= p.QuietFrom && minute < p.QuietTo
	if p.QuietFrom > p.QuietTo { // over midnight
		quiet = minute >= p.QuietFrom || minute < p.QuietTo
	}
	if !quiet {
		return at
	}
	end := clockTime(local, p.QuietTo)
	if !end.After(at) {
		end = clockTime(local.AddDate(0, 0, 1), p.QuietTo)
	}
	return end
}

// nextDigest returns the first of the chat's digest hours after the given moment.
func nextDigest(p store.Prefs, zone *time.Location, after time.Time) time.Time {
	hours := slices.Sorted(slices.Values(p.DigestAt))
	if len(hours) == 0 {
		hours = []int{defaultDigest}
	}
	local := after.In(zone)
	for day := range 3 {
		for _, minute := range hours {
			if at := clockTime(local.AddDate(0, 0, day), minute); at.After(after) {
				return at
			}
		}
	}
	return after.Add(24 * time.Hour)
}

// defaultDigest is eight in the morning, the first of the hours readers are offered.
const defaultDigest = 8 * 60

// clockTime is the moment at which the day's clock shows the minute; where a change to summer time leaves it out, the
// moment the clock jumps over it.
func clockTime(day time.Time, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), minute/60, minute%60, 0, 0, day.Location())
}
