package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

const selectSchedule = `SELECT s.id, s.state, s.author, s.created_at, s.broadcast, s.plan, s.zone, s.next_at, s.grace, s.last_at, s.readings, s.asked, s.asked_at, s.version
	FROM schedule s `

func scanSchedule(r row) (s store.Schedule, err error) {
	var plan []byte
	var grace int64
	err = r.Scan(&s.ID, &s.State, &s.Author, moment{&s.CreatedAt}, &s.Broadcast, &plan, &s.Zone, moment{&s.Next}, &grace, moment{&s.Last},
		listed[store.Plan]{&s.Readings}, &s.AskedOf, moment{&s.AskedAt}, &s.Version)
	if err != nil {
		return s, err
	}
	s.Grace = time.Duration(grace) * time.Second
	return s, json.Unmarshal(plan, &s.Plan)
}

// Schedule implements store.ScheduleReader.
func (r reads) Schedule(ctx context.Context, id int64) (store.Schedule, error) {
	s, err := one(ctx, r, scanSchedule, selectSchedule+`WHERE s.id = ?`, id)
	if err != nil {
		return store.Schedule{}, fmt.Errorf("read schedule %d: %w", id, err)
	}
	return s, nil
}

// ScheduleOf implements store.ScheduleReader.
func (r reads) ScheduleOf(ctx context.Context, broadcast int64) (store.Schedule, error) {
	s, err := one(ctx, r, scanSchedule, selectSchedule+`WHERE s.broadcast = ?1
		OR s.id = (SELECT schedule FROM schedule_run WHERE broadcast = ?1 AND broadcast > 0) LIMIT 1`, broadcast)
	if err != nil {
		return store.Schedule{}, fmt.Errorf("read the schedule of broadcast %d: %w", broadcast, err)
	}
	return s, nil
}

// Schedules implements store.ScheduleReader.
func (r reads) Schedules(ctx context.Context) ([]store.Schedule, error) {
	return r.schedules(ctx, `WHERE s.state IN ('active', 'paused') ORDER BY s.state = 'paused', s.next_at, s.id`)
}

// DueSchedules implements store.ScheduleReader.
func (r reads) DueSchedules(ctx context.Context, now time.Time, limit int) ([]store.Schedule, error) {
	return r.schedules(ctx, `WHERE s.state = 'active' AND s.next_at <= ? ORDER BY s.next_at, s.id LIMIT ?`, now.UnixMilli(), limit)
}

func (r reads) schedules(ctx context.Context, which string, args ...any) ([]store.Schedule, error) {
	list, err := all(ctx, r, scanSchedule, selectSchedule+which, args...)
	if err != nil {
		return nil, fmt.Errorf("read schedules: %w", err)
	}
	return list, nil
}

// NextSchedule implements store.ScheduleReader.
func (r reads) NextSchedule(ctx context.Context) (next time.Time, err error) {
	next, err = orZero(one(ctx, r, func(r row) (at time.Time, err error) {
		err = r.Scan(moment{&at})
		return at, err
	}, `SELECT min(next_at) FROM schedule WHERE state = 'active'`))
	if err != nil {
		return next, fmt.Errorf("read when schedules are due: %w", err)
	}
	return next, nil
}

// AskedSchedule implements store.ScheduleReader.
func (r reads) AskedSchedule(ctx context.Context, user int64) (store.Schedule, error) {
	s, err := one(ctx, r, scanSchedule, selectSchedule+`WHERE s.asked = ? AND s.state IN ('composing', 'active', 'paused') ORDER BY s.asked_at DESC, s.id DESC LIMIT 1`, user)
	if err != nil {
		return store.Schedule{}, fmt.Errorf("read for what schedule user %d was asked: %w", user, err)
	}
	return s, nil
}

// ScheduleRuns implements store.ScheduleReader.
func (r reads) ScheduleRuns(ctx context.Context, schedule int64, limit int) ([]store.ScheduleRun, error) {
	runs, err := all(ctx, r, func(r row) (n store.ScheduleRun, err error) {
		err = r.Scan(&n.Schedule, moment{&n.Due}, moment{&n.First}, &n.Count, moment{&n.At}, &n.Outcome, &n.Broadcast)
		return n, err
	}, `SELECT schedule, due, first, count, at, outcome, broadcast FROM schedule_run WHERE schedule = ? ORDER BY due DESC LIMIT ?`, schedule, limit)
	if err != nil {
		return nil, fmt.Errorf("read the runs of schedule %d: %w", schedule, err)
	}
	return runs, nil
}

// SaveSchedule implements store.ScheduleWriter.
func (t *tx) SaveSchedule(ctx context.Context, s *store.Schedule) error {
	if err := t.saveSchedule(ctx, s); err != nil {
		return fmt.Errorf("save schedule %d: %w", s.ID, err)
	}
	return nil
}

func (t *tx) saveSchedule(ctx context.Context, s *store.Schedule) error {
	plan, err := json.Marshal(s.Plan)
	if err != nil {
		return err
	}
	readings, err := list(s.Readings)
	if err != nil {
		return err
	}
	grace := int64(s.Grace / time.Second)
	if s.ID == 0 {
		s.ID, err = t.insert(ctx, `INSERT INTO schedule (state, author, created_at, broadcast, plan, zone, next_at, grace, last_at, readings, asked, asked_at, version)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			s.State, s.Author, s.CreatedAt.UnixMilli(), s.Broadcast, string(plan), s.Zone, millis(s.Next), grace, millis(s.Last), readings, s.AskedOf, millis(s.AskedAt), s.Version)
		return err
	}
	return t.must(ctx, `UPDATE schedule SET state = ?, created_at = ?, broadcast = ?, plan = ?, zone = ?, next_at = ?, grace = ?, last_at = ?, readings = ?, asked = ?,
			asked_at = ?, version = ? WHERE id = ?`,
		s.State, s.CreatedAt.UnixMilli(), s.Broadcast, string(plan), s.Zone, millis(s.Next), grace, millis(s.Last), readings, s.AskedOf, millis(s.AskedAt), s.Version, s.ID)
}

// AddRun implements store.ScheduleWriter.
func (t *tx) AddRun(ctx context.Context, r store.ScheduleRun) error {
	err := t.run(ctx, `INSERT INTO schedule_run (schedule, due, first, count, at, outcome, broadcast) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.Schedule, r.Due.UnixMilli(), r.First.UnixMilli(), r.Count, r.At.UnixMilli(), r.Outcome, r.Broadcast)
	if err != nil {
		return fmt.Errorf("keep a run of schedule %d: %w", r.Schedule, err)
	}
	return nil
}

// pruneRuns deletes the runs of more than a year ago.
func (t *tx) pruneRuns(ctx context.Context, before time.Time, limit int64) (int64, error) {
	return t.change(ctx, `DELETE FROM schedule_run WHERE (schedule, due) IN (SELECT schedule, due FROM schedule_run WHERE at < ? LIMIT ?)`,
		before.AddDate(-1, 0, 0).UnixMilli(), limit)
}
