package store

import (
	"context"
	"time"
)

// ScheduleState is how far a schedule has come.
type ScheduleState string

const (
	// ScheduleComposing is being put together by its author; it does nothing.
	ScheduleComposing ScheduleState = "composing"
	// ScheduleActive waits for its Next.
	ScheduleActive ScheduleState = "active"
	// SchedulePaused was halted. Times that pass meanwhile are nobody's concern.
	SchedulePaused ScheduleState = "paused"
	// ScheduleEnded has no time to come.
	ScheduleEnded ScheduleState = "ended"
	// ScheduleCancelled was given up.
	ScheduleCancelled ScheduleState = "cancelled"
)

// Plan is when a schedule runs: once, or again and again.
type Plan struct {
	// At is the moment of a plan that happens once.
	At time.Time `json:"at,omitzero"`
	// Every are the cron lines of one that repeats, five fields each.
	Every []string `json:"every,omitempty"`
}

// IsZero tells that there is no plan yet.
func (p Plan) IsZero() bool { return p.At.IsZero() && len(p.Every) == 0 }

// Schedule sends a broadcast at a time to come, or a copy of it again and again.
type Schedule struct {
	ID    int64
	State ScheduleState
	// Author is the Telegram user who made it, 0 for somebody who was forgotten.
	Author    int64
	CreatedAt time.Time
	// Broadcast is what is sent and to whom; it is never sent itself: each run is a broadcast of its own that begins as a copy of it.
	Broadcast int64
	Plan      Plan
	// Zone is the name of the time zone in which the plan is read.
	Zone string
	// Next is when it is due, zero when it is not to run any more.
	Next time.Time
	// Grace is how late a run may begin. One that is later is missed, and reported.
	Grace time.Duration
	// Last is the newest time that has come and was settled.
	Last time.Time

	// Readings are all that the words last given for its time can mean.
	Readings []Plan
	// AskedOf is the Telegram user who was asked for the time and AskedAt when, 0 for nobody.
	AskedOf int64
	AskedAt time.Time
	// Version counts changes, so that a button under an older screen is known.
	Version int64
}

// RunOutcome is what became of a time that came.
type RunOutcome string

const (
	// RunBegun let a broadcast go.
	RunBegun RunOutcome = "begun"
	// RunMissed was too late to let it go. It was reported.
	RunMissed RunOutcome = "missed"
	// RunEmpty had nothing to send.
	RunEmpty RunOutcome = "empty"
)

// ScheduleRun is a time of a schedule that came, or a stretch of them that was missed.
type ScheduleRun struct {
	Schedule int64
	// Due is the time; First and Count are those of a stretch that ends with it, Due and 1 if it is but one.
	Due, First time.Time
	Count      int
	// At is when it was settled.
	At      time.Time
	Outcome RunOutcome
	// Broadcast is what was let go, or what can still be; 0 if there is none.
	Broadcast int64
}

// ScheduleReader reads schedules.
type ScheduleReader interface {
	// Schedule returns the schedule, or ErrNotFound.
	Schedule(ctx context.Context, id int64) (Schedule, error)
	// ScheduleOf returns the schedule whose broadcast this is, or one of whose runs it is, or ErrNotFound.
	ScheduleOf(ctx context.Context, broadcast int64) (Schedule, error)
	// Schedules lists those that are active or paused, the next one first, the paused ones last.
	Schedules(ctx context.Context) ([]Schedule, error)
	// DueSchedules lists active ones whose Next is not after now, the longest due first, at most limit.
	DueSchedules(ctx context.Context, now time.Time, limit int) ([]Schedule, error)
	// NextSchedule is the earliest Next of all active ones, the zero time if there is none.
	NextSchedule(ctx context.Context) (time.Time, error)
	// AskedSchedule returns the schedule for whose time the user was asked last, or ErrNotFound.
	AskedSchedule(ctx context.Context, user int64) (Schedule, error)
	// ScheduleRuns lists the runs of a schedule, the newest first, at most limit.
	ScheduleRuns(ctx context.Context, schedule int64, limit int) ([]ScheduleRun, error)
}

// ScheduleWriter changes schedules.
type ScheduleWriter interface {
	// SaveSchedule inserts s when its ID is 0, and sets it; otherwise it updates all but ID and author.
	SaveSchedule(ctx context.Context, s *Schedule) error
	// AddRun keeps what became of a time. A time is settled once: ErrTaken if this one was before.
	AddRun(ctx context.Context, r ScheduleRun) error
}
