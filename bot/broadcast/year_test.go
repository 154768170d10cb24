package broadcast_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

var yearOf = flag.Int("schedules", 25, "how many schedules the compressed year has")

// year is a year of a runner, without a network: its calls are counted and answered here, and it is killed now and then.
type year struct {
	*testing.T
	store  *sqlite.Store
	runner *broadcast.Runner
	dice   *rand.Rand
	now    time.Time
	// window is what was under way at the last commit, flying what is now.
	window, flying []store.Flight
	// copies counts the copies of each source message that reached the reader.
	copies map[int]int
	killed int
}

const yearsReader, yearsAuthor = 501, 900

func (y *year) start() {
	y.runner = broadcast.New(y.store, broadcast.Config{Zone: time.UTC, Owners: []int64{yearsAuthor}})
	if err := y.runner.Recover(y.Context(), y.window, y.now); err != nil {
		y.Fatal(err)
	}
	y.flying = nil
}

var errKilled = errors.New("killed")

// round is a round of the delivery: what may leave is claimed and kept, then leaves. It may be killed before the commit, behind it, or while
// the messages are under way. It reports whether anything was to be done.
func (y *year) round() bool {
	free := func(int64, telegram.ChatKind) bool { return true }
	var errands []*delivery.Errand
	for range 20 {
		e, err := y.runner.Next(y.Context(), y.now, free)
		if err != nil {
			y.Fatal(err)
		}
		if e == nil {
			break
		}
		errands = append(errands, e)
	}
	if len(errands) == 0 && !y.runner.Pending(y.now) {
		return false
	}
	fate := y.dice.IntN(400)
	err := y.store.Write(y.Context(), func(tx store.Tx) error {
		if err := y.runner.Keep(y.Context(), tx, y.now); err != nil {
			return err
		}
		if fate == 0 {
			return errKilled
		}
		return nil
	})
	switch {
	case fate == 0 && errors.Is(err, errKilled):
		y.kill()
		return true
	case err != nil:
		y.Fatal(err)
	}
	for _, e := range errands {
		if e.Flight != nil {
			y.flying = append(y.flying, *e.Flight)
		}
	}
	y.window = slices.Clone(y.flying)
	if fate == 1 {
		y.kill()
		return true
	}
	y.runner.Kept()
	for i, e := range errands {
		if fate == 2 && i == len(errands)/2 {
			y.kill()
			return true
		}
		answer := `{"message_id":7}`
		if e.Request.Method == "copyMessage" && e.Chat == yearsReader {
			y.copies[number(e.Request.Params["message_id"])]++
		}
		e.Landed(json.RawMessage(answer), nil, y.now)
		if e.Flight != nil {
			y.flying = slices.DeleteFunc(y.flying, func(f store.Flight) bool { return f == *e.Flight })
		}
	}
	return true
}

func number(text string) (n int) {
	fmt.Sscan(text, &n)
	return n
}

func (y *year) kill() {
	y.killed++
	y.start()
}

// planned is a schedule with the times at which it is to run, found without cron.
type planned struct {
	store.Schedule
	source int
	times  []time.Time
}

func (y *year) plan(n int, from, to time.Time, zone *time.Location) planned {
	p := planned{source: 1000 + n}
	p.State, p.Author, p.CreatedAt, p.Zone, p.Grace, p.Version = store.ScheduleActive, yearsAuthor, from, zone.String(), time.Hour, 1
	hour, minute := y.dice.IntN(24), y.dice.IntN(60)
	at := func(days int) time.Time {
		return time.Date(from.In(zone).Year(), from.In(zone).Month(), from.In(zone).Day()+days, hour, minute, 0, 0, zone)
	}
	each := func(fits func(time.Time) bool) {
		for day := 0; day < 370; day++ {
			if t := at(day); t.After(from) && t.Before(to) && fits(t) {
				p.times = append(p.times, t)
			}
		}
	}
	switch {
	case n%250 == 0:
		p.Plan.Every = []string{fmt.Sprintf("%d %d * * *", minute, hour)}
		each(func(time.Time) bool { return true })
	case n%50 == 1:
		p.Plan.Every = []string{fmt.Sprintf("%d %d * * 0,3", minute, hour)}
		each(func(t time.Time) bool { return t.Weekday() == time.Sunday || t.Weekday() == time.Wednesday })
	case n%20 == 2:
		day := 1 + y.dice.IntN(31)
		p.Plan.Every = []string{fmt.Sprintf("%d %d %d * *", minute, hour, day)}
		each(func(t time.Time) bool { return t.Day() == day })
	default:
		p.Plan.At = at(1 + y.dice.IntN(363)).UTC()
		p.times = []time.Time{p.Plan.At}
	}
	next, err := broadcast.Next(p.Plan, zone, from)
	if err != nil {
		y.Fatal(err)
	}
	p.Next = next
	return p
}

func TestInAYearWithRestartsEachScheduleRunsOnceAtEachOfItsTimesOrIsReported(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Dhaka")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 1, 0, 30, 0, 0, zone)
	to := from.AddDate(1, 0, 0)
	y := &year{T: t, dice: rand.New(rand.NewPCG(1, uint64(*yearOf))), now: from, copies: map[int]int{}}
	if y.store, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db")); err != nil {
		t.Fatal(err)
	}
	defer y.store.Close()
	var plans []planned
	err = y.store.Write(t.Context(), func(tx store.Tx) error {
		for _, id := range []int64{yearsReader, yearsAuthor} {
			c := store.Chat{TelegramID: id, Kind: store.Private, Language: "bn", State: store.Active, JoinedAt: from}
			if id == yearsAuthor {
				c.State = store.Paused
			}
			if err := tx.SaveChat(t.Context(), &c); err != nil {
				return err
			}
		}
		for n := range *yearOf {
			p := y.plan(n, from, to, zone)
			b := store.Broadcast{
				State: store.BroadcastKept, Author: yearsAuthor, CreatedAt: from, Audience: store.Audience{Kind: store.AudienceReaders},
				Kind: broadcast.KindText, Title: fmt.Sprint("ঘোষণা ", n), Source: yearsAuthor, Messages: []int{p.source}, Version: 1,
			}
			if err := tx.SaveBroadcast(t.Context(), &b); err != nil {
				return err
			}
			p.Broadcast = b.ID
			if err := tx.SaveSchedule(t.Context(), &p.Schedule); err != nil {
				return err
			}
			plans = append(plans, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	y.start()
	for y.now.Before(to.Add(2 * time.Hour)) {
		for y.round() {
		}
		step := 20 * time.Minute
		if y.dice.IntN(900) == 0 { // it is down for minutes, hours or days
			step = time.Duration(y.dice.Int64N(int64([]time.Duration{time.Hour, 12 * time.Hour, 72 * time.Hour}[y.dice.IntN(3)])))
			y.kill()
		}
		y.now = y.now.Add(step)
	}
	for y.round() {
	}

	reports := y.reports()
	var times, sent, late, unknown, missed, toldMissed int
	for _, p := range plans {
		runs, err := y.store.ScheduleRuns(t.Context(), p.ID, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		left := slices.Clone(p.times)
		times += len(left)
		begun := 0
		for _, r := range slices.Backward(runs) {
			if len(left) < r.Count || !left[0].Equal(r.First) || !left[r.Count-1].Equal(r.Due) {
				t.Fatalf("schedule %d: the run %+v does not fit %v", p.ID, r, left)
			}
			left = left[r.Count:]
			if r.Outcome == store.RunMissed {
				missed += r.Count
				toldMissed++
				continue
			}
			begun++
			b, err := y.store.Broadcast(t.Context(), r.Broadcast)
			if err != nil {
				t.Fatal(err)
			}
			misses, err := y.store.Misses(t.Context(), b.ID)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case b.State == store.BroadcastDone && b.Progress.Delivered == 1 && len(misses) == 0:
				sent++
				if b.StartedAt.Sub(r.Due) > 21*time.Minute {
					late++
				}
			case b.State == store.BroadcastDone && misses[store.MissUnknown] == 1:
				unknown++
			case b.State == store.BroadcastCancelled && b.Reason == broadcast.ByExpiry:
				missed++
				toldMissed++
			default:
				t.Errorf("schedule %d: the broadcast of %v stands as %+v, misses %v", p.ID, r.Due, b, misses)
			}
		}
		if len(left) > 0 {
			t.Errorf("schedule %d: %d times were neither run nor reported, the first %v", p.ID, len(left), left[0])
		}
		if y.copies[p.source] > begun {
			t.Errorf("schedule %d: %d copies of %d runs", p.ID, y.copies[p.source], begun)
		}
	}
	copies := 0
	for _, n := range y.copies {
		copies += n
	}
	t.Logf("%d schedules with %d times: %d sent (%d of them late), %d unknown, %d missed and reported in %d messages; %d copies left, %d kills",
		len(plans), times, sent, late, unknown, missed, reports, copies, y.killed)
	if copies < sent || copies > sent+unknown {
		t.Errorf("%d copies left, %d are known to have", copies, sent)
	}
	if reports != toldMissed || missed == 0 || y.killed < 20 {
		t.Errorf("%d reports of %d missed stretches after %d kills", reports, toldMissed, y.killed)
	}
}

func TestASteadyFlowOfNewsHoldsNoScheduleUp(t *testing.T) {
	t.Parallel()
	y := &year{T: t, dice: rand.New(rand.NewPCG(1, 2)), now: time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC), copies: map[int]int{}}
	var err error
	if y.store, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db")); err != nil {
		t.Fatal(err)
	}
	defer y.store.Close()
	s := store.Schedule{State: store.ScheduleActive, CreatedAt: y.now, Plan: store.Plan{At: y.now}, Next: y.now, Grace: time.Hour}
	err = y.store.Write(t.Context(), func(tx store.Tx) error {
		b := store.Broadcast{State: store.BroadcastKept, CreatedAt: y.now, Audience: store.Audience{Kind: store.AudienceReaders}, Source: 1, Messages: []int{1}}
		if err := tx.SaveBroadcast(t.Context(), &b); err != nil {
			return err
		}
		s.Broadcast = b.ID
		return tx.SaveSchedule(t.Context(), &s)
	})
	if err != nil {
		t.Fatal(err)
	}
	y.start()
	if _, err := y.runner.Next(t.Context(), y.now, func(int64, telegram.ChatKind) bool { return true }); err != nil {
		t.Fatal(err)
	}
	// The round has news to keep and asks for nothing else.
	if err := y.store.Write(t.Context(), func(tx store.Tx) error { return y.runner.Keep(t.Context(), tx, y.now) }); err != nil {
		t.Fatal(err)
	}
	if runs, err := y.store.ScheduleRuns(t.Context(), s.ID, 2); err != nil || len(runs) != 1 {
		t.Errorf("the runs are %v, %v", runs, err)
	}
}

// reports counts what the author was told of times that were missed.
func (y *year) reports() (n int) {
	after := int64(0)
	for {
		list, err := y.store.Answers(context.WithoutCancel(y.Context()), after, 1000)
		if err != nil {
			y.Fatal(err)
		}
		if len(list) == 0 {
			return n
		}
		for _, a := range list {
			after = a.ID
			text := string(a.Request)
			if strings.Contains(text, "উপায় ছিল না") || strings.Contains(text, "সময়মতো শুরু করা যায়নি") {
				n++
			}
		}
	}
}

func TestTimesFollowTheWallClockAcrossChangesOfIt(t *testing.T) {
	t.Parallel()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		line, after string
		want        []string
	}{
		{"30 2 * * *", "2026-03-07 03:00 EST", []string{"2026-03-08 03:30 EDT", "2026-03-09 02:30 EDT"}}, // the hour from 2 to 3 is skipped
		{"0 8 * * *", "2026-03-07 09:00 EST", []string{"2026-03-08 08:00 EDT", "2026-03-09 08:00 EDT"}},
		{"30 1 * * *", "2026-10-31 02:00 EDT", []string{"2026-11-01 01:30 EDT", "2026-11-02 01:30 EST"}}, // the hour from 1 to 2 comes twice
		{"0 * * * *", "2026-03-08 00:10 EST", []string{"2026-03-08 01:00 EST", "2026-03-08 03:00 EDT", "2026-03-08 04:00 EDT"}},
		{"0 0 29 2 *", "2026-03-08 00:10 EST", []string{"2028-02-29 00:00 EST"}},
		{"0 9 * * 7", "2026-06-01 00:00 EDT", []string{"2026-06-07 09:00 EDT", "2026-06-14 09:00 EDT"}},
		{"0 9 * * 5-7", "2026-06-01 00:00 EDT", []string{"2026-06-05 09:00 EDT", "2026-06-06 09:00 EDT", "2026-06-07 09:00 EDT", "2026-06-12 09:00 EDT"}},
		{"@daily", "2026-06-01 00:00 EDT", []string{"2026-06-02 00:00 EDT"}},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04 MST", test.after, newYork)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			if at, err = broadcast.Next(store.Plan{Every: []string{test.line}}, newYork, at); err != nil || at.Format("2006-01-02 15:04 MST") != want {
				t.Fatalf("%s: %v %v, want %s", test.line, at, err, want)
			}
		}
	}
	for line, want := range map[string]error{
		"0 0 30 2 *": broadcast.ErrNever, "0 0 31 2,4,6,9,11 *": broadcast.ErrNever, "60 0 * * *": broadcast.ErrCron, "0 0 * *": broadcast.ErrCron,
		"@fortnightly": broadcast.ErrCron, "": broadcast.ErrCron, "0 0 L * *": broadcast.ErrCron,
	} {
		if _, err := broadcast.Next(store.Plan{Every: []string{line}}, newYork, time.Now()); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", line, err, want)
		}
	}
}
