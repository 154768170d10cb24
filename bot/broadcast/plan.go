package broadcast

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/harkara/harkara/store"
)

// Why a plan is no good.
var (
	// ErrCron says that a line is not cron's.
	ErrCron = errors.New("this is no cron line")
	// ErrNever says that there is no day that fits, such as 30 February.
	ErrNever = errors.New("this never comes")
)

// Next is the first time of a plan after a moment; the zero time if the plan is over. Cron lines are read on the wall clock of the zone:
// a time that is skipped when clocks go forward comes as much later as they do, one that comes twice when they go back counts once.
func Next(plan store.Plan, zone *time.Location, after time.Time) (time.Time, error) {
	if len(plan.Every) == 0 {
		if plan.At.After(after) {
			return plan.At, nil
		}
		return time.Time{}, nil
	}
	var next time.Time
	for _, line := range plan.Every {
		at, err := nextOf(line, zone, after)
		if err != nil {
			return time.Time{}, err
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, nil
}

func nextOf(line string, zone *time.Location, after time.Time) (time.Time, error) {
	times, err := parseCron(line)
	if err != nil {
		return time.Time{}, err
	}
	// The line is asked on a clock that never changes, whose readings are then found on the real one.
	wall := onWall(after.In(zone))
	for {
		if wall = times.Next(wall); wall.IsZero() {
			return time.Time{}, fmt.Errorf("%w: %s", ErrNever, line)
		}
		at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, zone)
		if skipped := wall.Sub(onWall(at)); skipped > 0 { // there is no such time, and Date took the one before the change
			at = at.Add(skipped)
		}
		if at.After(after) {
			return at, nil
		}
	}
}

// onWall is what the clock shows at t, as a time of a clock that never changes.
func onWall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// sunday7 is the last day of the week where it is counted from Monday: cron takes 7 for Sunday, too, the library does not.
var sunday7 = regexp.MustCompile(`\b([0-6])-7\b`)

func parseCron(line string) (cron.Schedule, error) {
	if strings.Contains(line, "=") { // the library knows a zone in the line, and panics on half a one
		return nil, ErrCron
	}
	fields := strings.Fields(line)
	if len(fields) == 5 {
		fields[4] = sunday7.ReplaceAllString(fields[4], "$1-6,0")
		days := strings.Split(fields[4], ",")
		for i, day := range days {
			if day == "7" {
				days[i] = "0"
			}
		}
		fields[4] = strings.Join(days, ",")
	}
	times, err := cron.ParseStandard(strings.Join(fields, " "))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCron, err)
	}
	return times, nil
}

// preview are the first times of a plan after a moment, at most n.
func preview(plan store.Plan, zone *time.Location, after time.Time, n int) (times []time.Time, err error) {
	for range n {
		if after, err = Next(plan, zone, after); err != nil || after.IsZero() {
			return times, err
		}
		times = append(times, after)
	}
	return times, nil
}
