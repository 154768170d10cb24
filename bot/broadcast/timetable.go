package broadcast

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

const (
	// runsAtOnce is how many due schedules are settled in one transaction.
	runsAtOnce = 20
	// lateTold is how late a broadcast begins for its author to be told.
	lateTold = 2 * time.Minute
)

// timetable is when schedules are due next. A time that has come is settled in one transaction: what is sent, when the schedule is due
// again and what became of this time are kept together or not at all, so that nothing is sent twice, and nothing passed over.
type timetable struct {
	next time.Time
	// settling is set while a transaction settles what is due; upcoming is then what is due after it.
	settling bool
	upcoming time.Time
}

// begin tells that something is due and is to be settled now.
func (t *timetable) begin(now time.Time) bool {
	if t.settling || t.next.IsZero() || now.Before(t.next) {
		return false
	}
	t.settling = true
	return true
}

func (t *timetable) kept() {
	if t.settling {
		t.next, t.settling = t.upcoming, false
	}
}

// rewind forgets what a transaction that failed had found; its changes are made again.
func (t *timetable) rewind() { t.upcoming = time.Time{} }

func (t *timetable) wait(now time.Time) time.Duration {
	if t.next.IsZero() {
		return time.Second
	}
	return min(max(t.next.Sub(now), 0), time.Second)
}

// runDue settles schedules whose time has come.
func (r *Runner) runDue(ctx context.Context, tx store.Tx, now time.Time) error {
	due, err := tx.DueSchedules(ctx, now, runsAtOnce)
	if err != nil {
		return err
	}
	for _, s := range due {
		if err := r.run(ctx, tx, s, now); err != nil {
			return fmt.Errorf("run schedule %d: %w", s.ID, err)
		}
	}
	r.timetable.upcoming, err = tx.NextSchedule(ctx)
	return err
}

// stretch are the times of a schedule up to a moment: how many, the first, the last and that before it.
type stretch struct {
	first, before, last time.Time
	count               int
}

// come finds which times of a schedule have come, and its next one.
func come(s store.Schedule, zone *time.Location, now time.Time) (came stretch, next time.Time, err error) {
	for next = s.Next; !next.IsZero() && !next.After(now); {
		if came.count == 0 {
			came.first = next
		}
		came.before, came.last = came.last, next
		came.count++
		if next, err = Next(s.Plan, zone, next); err != nil {
			return came, time.Time{}, err
		}
	}
	return came, next, nil
}

// run settles the times of a schedule that have come. The newest is sent if it is younger than what the schedule bears; all others were
// missed, which is reported.
func (r *Runner) run(ctx context.Context, tx store.Tx, s store.Schedule, now time.Time) error {
	zone := message.ZoneOr(s.Zone, r.config.Zone)
	came, next, err := come(s, zone, now)
	if err != nil {
		// It was looked at when it was made, so this program reads it otherwise than the one that made it.
		r.config.Log.Error("a schedule cannot be read and is paused", "schedule", s.ID, "err", err)
		next = time.Time{}
	}
	lastRun := s.Last
	s.Next, s.Last = next, came.last
	s.Version++
	switch {
	case err != nil:
		s.State = store.SchedulePaused
	case next.IsZero():
		s.State = store.ScheduleEnded
	}
	missed := came
	inTime := now.Before(came.last.Add(s.Grace))
	if inTime {
		missed.last, missed.count = came.before, came.count-1
	}
	kept, err := tx.Broadcast(ctx, s.Broadcast)
	if errors.Is(err, store.ErrNotFound) || err == nil && kept.State == store.BroadcastCancelled {
		r.config.Log.Warn("a schedule has nothing to send any more and is cancelled", "schedule", s.ID)
		s.State = store.ScheduleCancelled
		return tx.SaveSchedule(ctx, &s)
	}
	if err != nil {
		return err
	}
	if missed.count > 0 {
		if err := r.miss(ctx, tx, s, kept, missed, inTime, lastRun, now); err != nil {
			return err
		}
	}
	if inTime {
		if err := r.begin(ctx, tx, s, kept, came.last, lastRun, now); err != nil {
			return err
		}
	}
	return tx.SaveSchedule(ctx, &s)
}

// begin lets a broadcast go for a time that has come.
func (r *Runner) begin(ctx context.Context, tx store.Tx, s store.Schedule, kept store.Broadcast, due, since, now time.Time) error {
	run := store.ScheduleRun{Schedule: s.ID, Due: due, First: due, Count: 1, At: now, Outcome: store.RunBegun}
	b, err := r.copyOf(ctx, tx, kept, since, now)
	if err != nil {
		return err
	}
	if b == nil {
		run.Outcome = store.RunEmpty
		r.config.Log.Info("a scheduled digest has nothing to tell and is not sent", "schedule", s.ID, "due", due)
		return tx.AddRun(ctx, run)
	}
	b.State, b.StartAt, b.ExpiresAt = store.BroadcastReady, due, due.Add(s.Grace)
	if b.Total, err = tx.CountAudience(ctx, b.Audience, now); err != nil {
		return err
	}
	if err := tx.SaveBroadcast(ctx, b); err != nil {
		return err
	}
	run.Broadcast = b.ID
	r.config.Log.Info("a schedule lets a broadcast go", "schedule", s.ID, "broadcast", b.ID, "due", due, "late", now.Sub(due))
	return tx.AddRun(ctx, run)
}

// copyOf is a broadcast that sends what is kept for a schedule; nil if there is nothing to send.
func (r *Runner) copyOf(ctx context.Context, from store.Reader, kept store.Broadcast, since, now time.Time) (*store.Broadcast, error) {
	b := Copy(kept, now)
	if b.Kind != KindDigest {
		return &b, nil
	}
	var err error
	b.Request, err = WriteDigest(ctx, from, r.house(), b.Audience, DigestSince(since, now), now)
	if err != nil || b.Request == nil {
		return nil, err
	}
	return &b, nil
}

// Copy is a broadcast of its own that sends what is kept for a schedule. It has no state yet.
func Copy(kept store.Broadcast, now time.Time) store.Broadcast {
	return store.Broadcast{
		Author: kept.Author, CreatedAt: now, Audience: kept.Audience, Total: kept.Total, Source: kept.Source, Messages: kept.Messages,
		Kind: kept.Kind, Title: kept.Title, Album: kept.Album, Version: 1,
	}
}

// DigestSince is how far back a digest reaches whose forerunner was at last, the zero time for none.
func DigestSince(last, now time.Time) time.Time {
	if last.IsZero() {
		return now.Add(-topsDay)
	}
	if earliest := now.Add(-topsWeek); last.Before(earliest) {
		return earliest
	}
	return last
}

// miss reports times that passed while nothing could be sent. Unless the newest of all is sent, it can still be let go by hand.
func (r *Runner) miss(
	ctx context.Context, tx store.Tx, s store.Schedule, kept store.Broadcast, missed stretch, inTime bool, since, now time.Time,
) error {
	run := store.ScheduleRun{Schedule: s.ID, Due: missed.last, First: missed.first, Count: missed.count, At: now, Outcome: store.RunMissed}
	if !inTime {
		b, err := r.copyOf(ctx, tx, kept, since, now)
		if err != nil {
			return err
		}
		if b != nil {
			b.State, b.Reason, b.StartAt, b.EndedAt = store.BroadcastCancelled, ByExpiry, missed.last, now
			if err := tx.SaveBroadcast(ctx, b); err != nil {
				return err
			}
			run.Broadcast = b.ID
		}
	}
	r.config.Log.Warn("a schedule was missed", "schedule", s.ID, "times", missed.count, "first", missed.first, "last", missed.last)
	if err := tx.AddRun(ctx, run); err != nil {
		return err
	}
	return r.tellDesk(ctx, tx, s.Author, now, func(p message.Printer) (message.Message, error) {
		m := message.Message{HTML: string(p.HTML(message.ScheduleMissed, "title", titleFor(p, kept), "time", p.Coming(missed.last, now)))}
		if missed.count > 1 {
			m = message.Message{HTML: string(p.HTML(message.ScheduleMissedMany, "title", titleFor(p, kept), "n", missed.count,
				"first", p.Coming(missed.first, now), "last", p.Coming(missed.last, now)))}
		}
		if run.Broadcast != 0 {
			m.Buttons = append(m.Buttons, row(press(p.Text(message.BroadcastLateButton), store.Broadcast{ID: run.Broadcast}, SendLate, 0)))
		}
		m.Buttons = append(m.Buttons, row(pressSchedule(p.Text(message.ScheduleShowButton), s.ID, ShowSchedule, 0)))
		return m, nil
	})
}

// tellLate tells the author of a broadcast that it begins later than it was to.
func (r *Runner) tellLate(ctx context.Context, tx store.Tx, b store.Broadcast, now time.Time) error {
	late := now.Sub(b.StartAt)
	if b.StartAt.IsZero() || late < lateTold {
		return nil
	}
	return r.tell(ctx, tx, b, now, func(p message.Printer) (message.Message, error) {
		return p.Say(message.ScheduleLate, "title", titleFor(p, b), "time", p.Coming(b.StartAt, now), "late", late), nil
	})
}

// tellExpired tells the desk that a broadcast could not begin in time.
func (r *Runner) tellExpired(ctx context.Context, tx store.Tx, id int64, now time.Time) error {
	b, err := tx.Broadcast(ctx, id)
	if err != nil {
		return err
	}
	return r.tellDesk(ctx, tx, b.Author, now, func(p message.Printer) (message.Message, error) { return Screen(ctx, tx, p, b, now) })
}

// tellDesk tells a person, if he has a role still, and all owners.
func (r *Runner) tellDesk(ctx context.Context, tx store.Tx, person int64, now time.Time, say func(message.Printer) (message.Message, error)) error {
	desk, owners, err := r.desk(ctx, tx)
	if err != nil {
		return err
	}
	if slices.Contains(desk, person) && !slices.Contains(owners, person) {
		owners = append(owners, person)
	}
	return r.tellAll(ctx, tx, owners, now, say)
}

// unschedule ends the schedule of a broadcast that cannot be sent whole, or halts it if that was but one of many runs.
func (r *Runner) unschedule(ctx context.Context, tx store.Tx, b store.Broadcast) error {
	s, err := tx.ScheduleOf(ctx, b.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case s.Broadcast == b.ID:
		s.State, s.Next = store.ScheduleCancelled, time.Time{}
	case s.State == store.ScheduleActive:
		s.State, s.Next = store.SchedulePaused, time.Time{}
	default:
		return nil
	}
	s.Version++
	return tx.SaveSchedule(ctx, &s)
}

// house speaks to nobody in particular.
func (r *Runner) house() message.Printer {
	return message.New(message.Bengali, r.config.Zone, r.config.Region)
}
