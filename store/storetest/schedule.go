package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

// schedule keeps a schedule of a broadcast.
func (h house) schedule(change ...func(*store.Schedule)) store.Schedule {
	h.t.Helper()
	s := store.Schedule{
		State: store.ScheduleActive, Author: 900, CreatedAt: morning, Zone: "Asia/Dhaka", Grace: time.Hour,
		Plan: store.Plan{Every: []string{"0 8 * * *", "0 20 * * 5"}}, Next: at(time.Hour), Version: 1,
	}
	h.write(func(ctx context.Context, tx store.Tx) error {
		b := store.Broadcast{State: store.BroadcastKept, Author: 900, CreatedAt: morning, Audience: store.Audience{Kind: store.AudienceReaders}}
		if err := tx.SaveBroadcast(ctx, &b); err != nil {
			return err
		}
		s.Broadcast = b.ID
		for _, c := range change {
			c(&s)
		}
		return tx.SaveSchedule(ctx, &s)
	})
	return s
}

func schedules(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"a schedule is kept with all it has": func(t *testing.T, h house) {
			s := h.schedule(func(s *store.Schedule) {
				s.Readings = []store.Plan{{At: at(time.Hour).UTC()}, {Every: []string{"@daily"}}}
				s.AskedOf, s.AskedAt, s.Last = 901, at(time.Minute), morning
			})
			same(t, "it", must[store.Schedule](t)(h.Schedule(t.Context(), s.ID)), s)
			same(t, "by its broadcast", must[store.Schedule](t)(h.ScheduleOf(t.Context(), s.Broadcast)), s)
			same(t, "by who was asked", must[store.Schedule](t)(h.AskedSchedule(t.Context(), 901)), s)
			s.State, s.Plan, s.Next, s.Readings, s.AskedOf = store.SchedulePaused, store.Plan{At: at(48 * time.Hour)}, time.Time{}, nil, 0
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveSchedule(ctx, &s) })
			same(t, "changed", must[store.Schedule](t)(h.Schedule(t.Context(), s.ID)), s)
			_, err := h.AskedSchedule(t.Context(), 901)
			isErr(t, "nobody is asked", err, store.ErrNotFound)
			_, err = h.Schedule(t.Context(), 99)
			isErr(t, "another", err, store.ErrNotFound)
			_, err = h.ScheduleOf(t.Context(), 0)
			isErr(t, "of nothing", err, store.ErrNotFound)
		},
		"only active ones are due, the longest due first": func(t *testing.T, h house) {
			same(t, "none", must[time.Time](t)(h.NextSchedule(t.Context())), time.Time{})
			late := h.schedule(func(s *store.Schedule) { s.Next = at(2 * time.Hour) })
			early := h.schedule()
			paused := h.schedule(func(s *store.Schedule) { s.State = store.SchedulePaused })
			for _, state := range []store.ScheduleState{store.ScheduleComposing, store.ScheduleEnded, store.ScheduleCancelled} {
				h.schedule(func(s *store.Schedule) { s.State = state })
			}
			same(t, "the next", must[time.Time](t)(h.NextSchedule(t.Context())), early.Next)
			same(t, "a moment before", len(must[[]store.Schedule](t)(h.DueSchedules(t.Context(), early.Next.Add(-time.Millisecond), 10))), 0)
			same(t, "at the time", must[[]store.Schedule](t)(h.DueSchedules(t.Context(), early.Next, 10)), []store.Schedule{early})
			same(t, "later", must[[]store.Schedule](t)(h.DueSchedules(t.Context(), at(24*time.Hour), 10)), []store.Schedule{early, late})
			same(t, "one at a time", must[[]store.Schedule](t)(h.DueSchedules(t.Context(), at(24*time.Hour), 1)), []store.Schedule{early})
			same(t, "the list", must[[]store.Schedule](t)(h.Schedules(t.Context())), []store.Schedule{early, late, paused})
		},
		"a time is settled once": func(t *testing.T, h house) {
			s := h.schedule()
			first := store.ScheduleRun{Schedule: s.ID, Due: at(time.Hour), First: at(time.Hour), Count: 1, At: at(time.Hour), Outcome: store.RunBegun, Broadcast: 77}
			missed := store.ScheduleRun{Schedule: s.ID, Due: at(9 * time.Hour), First: at(2 * time.Hour), Count: 8, At: at(10 * time.Hour), Outcome: store.RunMissed}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.AddRun(ctx, first) },
				func(ctx context.Context, tx store.Tx) error { return tx.AddRun(ctx, missed) })
			isErr(t, "twice", h.Write(t.Context(), func(tx store.Tx) error { return tx.AddRun(t.Context(), first) }), store.ErrTaken)
			same(t, "runs", must[[]store.ScheduleRun](t)(h.ScheduleRuns(t.Context(), s.ID, 10)), []store.ScheduleRun{missed, first})
			same(t, "the newest", must[[]store.ScheduleRun](t)(h.ScheduleRuns(t.Context(), s.ID, 1)), []store.ScheduleRun{missed})
			same(t, "by the run", must[store.Schedule](t)(h.ScheduleOf(t.Context(), 77)), s)
		},
		"what is kept for a schedule is no broadcast of the list and is not alive, what is to be tried is": func(t *testing.T, h house) {
			s := h.schedule()
			same(t, "the list", len(must[[]store.Broadcast](t)(h.Broadcasts(t.Context(), 10))), 0)
			same(t, "alive", len(must[[]store.Broadcast](t)(h.LiveBroadcasts(t.Context()))), 0)
			h.write(func(ctx context.Context, tx store.Tx) error {
				_, err := tx.TurnBroadcast(ctx, s.Broadcast, []store.BroadcastState{store.BroadcastKept}, store.BroadcastChecking, morning, "", "", 0)
				return err
			})
			same(t, "the list", len(must[[]store.Broadcast](t)(h.Broadcasts(t.Context(), 10))), 0)
			same(t, "alive", len(must[[]store.Broadcast](t)(h.LiveBroadcasts(t.Context()))), 1)
		},
		"with a draft goes the schedule that was composed for it": func(t *testing.T, h house) {
			s := h.schedule(func(s *store.Schedule) { s.State = store.ScheduleComposing })
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DropBroadcast(ctx, s.Broadcast) })
			_, err := h.Schedule(t.Context(), s.ID)
			isErr(t, "it", err, store.ErrNotFound)
		},
		"who is forgotten is forgotten here, and what would be copied from his chat is not sent": func(t *testing.T, h house) {
			chat := h.chat(900)
			digest := h.schedule()
			copied := h.schedule()
			h.write(func(ctx context.Context, tx store.Tx) error {
				b := must[store.Broadcast](t)(tx.Broadcast(ctx, copied.Broadcast))
				b.Source, b.Messages = 900, []int{7}
				return tx.SaveBroadcast(ctx, &b)
			}, func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, chat.ID) })
			for _, s := range []store.Schedule{digest, copied} {
				now := must[store.Schedule](t)(h.Schedule(t.Context(), s.ID))
				if want := map[int64]store.ScheduleState{digest.ID: store.ScheduleActive, copied.ID: store.ScheduleCancelled}[s.ID]; now.Author != 0 || now.State != want {
					t.Errorf("it is %+v", now)
				}
			}
		},
	})
}
