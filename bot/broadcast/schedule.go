package broadcast

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// Steps are what a button of button.Schedule does: its numbers are the schedule, the step and a choice.
const (
	// ListSchedules lists them all. NewSchedule begins one: of an announcement with choice 0, of a digest with 1. For both the schedule is 0.
	ListSchedules int64 = iota
	NewSchedule
	// ShowSchedule shows one.
	ShowSchedule
	// AskTime asks for its time, QuickTime takes one of the usual times: the choice is its place in Quick. ChooseTime takes one of the readings of
	// what was written: the choice is Chosen.
	AskTime
	QuickTime
	ChooseTime
	// Accept lets the time that was read count, which the author has seen: the choice is the version.
	Accept
	// PauseSchedule and ResumeSchedule halt and go on. CancelSchedule and RunNow ask with choice 0, and do it with the version.
	PauseSchedule
	ResumeSchedule
	CancelSchedule
	RunNow
	// NextGrace takes the next of the graces.
	NextGrace
)

// Graces are how late a run may begin, to choose from; the first is what a schedule has unless it is changed.
var Graces = []time.Duration{time.Hour, 3 * time.Hour, 12 * time.Hour, 24 * time.Hour, 10 * time.Minute}

// GraceAfter is the next of the graces.
func GraceAfter(grace time.Duration) time.Duration {
	for i, g := range Graces {
		if g == grace {
			return Graces[(i+1)%len(Graces)]
		}
	}
	return Graces[0]
}

// Quick are times that are offered where one is asked for, in the words in which they could be written.
var Quick = []message.Key{
	message.ScheduleQuickHour, message.ScheduleQuickTonight, message.ScheduleQuickMorning, message.ScheduleQuickEvening, message.ScheduleQuickDaily,
	message.ScheduleQuickWeekly,
}

// mostReadings is how many readings of a time are offered.
const mostReadings = 8

// Chosen is the choice of a reading of a version, and ReadChoice reads it.
func Chosen(version int64, reading int) int64 { return version*mostReadings + int64(reading) }

// ReadChoice reads what Chosen wrote.
func ReadChoice(choice int64) (version int64, reading int) {
	return choice / mostReadings, int(max(choice, 0) % mostReadings)
}

// pressSchedule is a button of a schedule.
func pressSchedule(text string, schedule, step, choice int64) message.Button {
	return message.Button{Text: text, Data: button.Of(button.Schedule, schedule, step, choice)}
}

// titleFor is what to call a broadcast by, never empty.
func titleFor(p message.Printer, b store.Broadcast) string {
	if b.Title != "" {
		return b.Title
	}
	return KindName(p, b)
}

// TitleOf is what to call a broadcast by in the desk's log.
func TitleOf(p message.Printer, b store.Broadcast) string { return titleFor(p, b) }

// TimeScreen leads to the time of a schedule: it asks for it, or asks which of several times is meant, or shows what was understood, in words,
// for it to be accepted.
func TimeScreen(ctx context.Context, from store.Reader, p message.Printer, s store.Schedule, b store.Broadcast, now time.Time) (message.Message, error) {
	away := row(pressSchedule(p.Text(message.NavBack), s.ID, ShowSchedule, 0))
	if s.State == store.ScheduleComposing {
		away = row(press(p.Text(message.NavBack), b, NotLater, 0), press(p.Text(message.BroadcastDropButton), b, Drop, 0))
	}
	who, err := NameOf(ctx, from, p, b.Audience)
	if err != nil {
		return message.Message{}, err
	}
	lines := []string{string(p.HTML(message.ScheduleHeadDraft)), contentLine(p, b)}
	lines = append(lines, string(p.HTML(message.BroadcastConfirm, "who", who, "count", count(p, b.Audience, b.Total))))
	var buttons [][]message.Button
	switch len(s.Readings) {
	case 0:
		lines = append(lines, "", string(p.HTML(message.ScheduleAskTime)))
		var pair []message.Button
		for i, key := range Quick {
			if pair = append(pair, pressSchedule(p.Text(key), s.ID, QuickTime, int64(i))); len(pair) == 2 {
				buttons, pair = append(buttons, pair), nil
			}
		}
		buttons = append(buttons, away)
	case 1:
		words, err := planLines(p, s.Readings[0], message.ZoneOr(s.Zone, p.Zone()), now)
		if err != nil {
			return message.Message{}, err
		}
		lines = append(lines, words...)
		lines = append(lines, string(p.HTML(message.ScheduleGrace, "span", s.Grace)))
		buttons = [][]message.Button{
			row(pressSchedule(p.Text(message.ScheduleAcceptButton), s.ID, Accept, s.Version)),
			row(pressSchedule(p.Text(message.ScheduleRetimeButton), s.ID, AskTime, 0), pressSchedule(p.Text(message.ScheduleGraceButton, "span", s.Grace), s.ID, NextGrace, 0)),
			away,
		}
	default:
		lines = append(lines, "", string(p.HTML(message.ScheduleWhich)))
		for i, plan := range s.Readings[:min(len(s.Readings), mostReadings)] {
			buttons = append(buttons, row(pressSchedule(planLabel(p.In(message.ZoneOr(s.Zone, p.Zone())), plan, now), s.ID, ChooseTime, Chosen(s.Version, i))))
		}
		buttons = append(buttons, row(pressSchedule(p.Text(message.ScheduleRetimeButton), s.ID, AskTime, 0)), away)
	}
	return message.Message{HTML: strings.Join(lines, "\n"), Buttons: buttons}, nil
}

// planWords says a plan in one line.
func planWords(p message.Printer, plan store.Plan, now time.Time) string {
	if len(plan.Every) > 0 {
		return p.Repeats(plan.Every)
	}
	return p.Coming(plan.At, now)
}

// planLabel is planWords for a button, on which a telephone has room for a few words.
func planLabel(p message.Printer, plan store.Plan, now time.Time) string {
	if len(plan.Every) > 0 {
		return p.Repeats(plan.Every)
	}
	return p.Until(plan.At, now)
}

// planLines say a plan so that a slip is noticed: the day in every way it can be called and, of one that repeats, its first three times.
func planLines(p message.Printer, plan store.Plan, zone *time.Location, now time.Time) ([]string, error) {
	p = p.In(zone)
	lines := []string{string(p.HTML(message.ScheduleWhen, "time", planWords(p, plan, now), "zone", p.ZoneName(now)))}
	if len(plan.Every) == 0 {
		return append(lines, string(p.HTML(message.ScheduleFromNow, "span", max(time.Minute, plan.At.Sub(now).Round(time.Minute))))), nil
	}
	times, err := preview(plan, zone, now, 3)
	if err != nil {
		return nil, err
	}
	lines = append(lines, string(p.HTML(message.ScheduleTimes)))
	for _, at := range times {
		lines = append(lines, "• "+string(p.HTML(message.BroadcastShowButton, "title", p.Coming(at, now))))
	}
	return lines, nil
}

// ScheduleScreen shows how a schedule stands, with what can be done about it.
func ScheduleScreen(ctx context.Context, from store.Reader, p message.Printer, s store.Schedule, now time.Time) (message.Message, error) {
	b, err := from.Broadcast(ctx, s.Broadcast)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return message.Message{}, err
	}
	if s.State == store.ScheduleComposing {
		return TimeScreen(ctx, from, p, s, b, now)
	}
	zone := message.ZoneOr(s.Zone, p.Zone())
	local := p.In(zone)
	heads := map[store.ScheduleState]message.Key{
		store.ScheduleActive: message.ScheduleHeadActive, store.SchedulePaused: message.ScheduleHeadPaused,
		store.ScheduleEnded: message.ScheduleHeadEnded, store.ScheduleCancelled: message.ScheduleHeadCancelled,
	}
	lines := []string{string(p.HTML(heads[s.State])), contentLine(p, b)}
	who, err := NameOf(ctx, from, p, b.Audience)
	if err != nil {
		return message.Message{}, err
	}
	lines = append(lines, string(p.HTML(message.BroadcastConfirm, "who", who, "count", count(p, b.Audience, b.Total))))
	lines = append(lines, string(p.HTML(message.ScheduleWhen, "time", planWords(local, s.Plan, now), "zone", local.ZoneName(now))))
	if s.State == store.ScheduleActive && len(s.Plan.Every) > 0 {
		lines = append(lines, string(p.HTML(message.ScheduleNext, "time", local.Coming(s.Next, now))))
	}
	runs, err := from.ScheduleRuns(ctx, s.ID, 1)
	if err != nil {
		return message.Message{}, err
	}
	outcomes := map[store.RunOutcome]message.Key{
		store.RunBegun: message.ScheduleRanBegun, store.RunMissed: message.ScheduleRanMissed, store.RunEmpty: message.ScheduleRanEmpty,
	}
	for _, run := range runs {
		lines = append(lines, string(p.HTML(outcomes[run.Outcome], "time", local.Stamp(run.Due, now))))
	}
	m := message.Message{}
	if s.State == store.ScheduleActive || s.State == store.SchedulePaused {
		lines = append(lines, string(p.HTML(message.ScheduleGrace, "span", s.Grace)))
		halt := pressSchedule(p.Text(message.BroadcastPauseButton), s.ID, PauseSchedule, 0)
		if s.State == store.SchedulePaused {
			halt = pressSchedule(p.Text(message.BroadcastResumeButton), s.ID, ResumeSchedule, 0)
		}
		m.Buttons = [][]message.Button{
			row(pressSchedule(p.Text(message.ScheduleRetimeButton), s.ID, AskTime, 0), halt),
			row(pressSchedule(p.Text(message.ScheduleNowButton), s.ID, RunNow, 0), pressSchedule(p.Text(message.BroadcastCancelButton), s.ID, CancelSchedule, 0)),
			row(pressSchedule(p.Text(message.ScheduleGraceButton, "span", s.Grace), s.ID, NextGrace, 0)),
		}
	}
	m.Buttons = append(m.Buttons, row(pressSchedule(p.Text(message.ScheduleListButton), 0, ListSchedules, 0)))
	m.HTML = strings.Join(lines, "\n")
	return m, nil
}

// AskScreen asks whether to cancel a schedule, or to send it now.
func AskScreen(p message.Printer, s store.Schedule, b store.Broadcast, step int64) message.Message {
	question, yes := message.ScheduleCancelAsk, message.ScheduleCancelYes
	if step == RunNow {
		question, yes = message.ScheduleNowAsk, message.ScheduleNowYes
	}
	m := p.Say(question, "title", titleFor(p, b))
	m.Buttons = [][]message.Button{
		row(pressSchedule(p.Text(yes), s.ID, step, s.Version)),
		row(pressSchedule(p.Text(message.NavBack), s.ID, ShowSchedule, 0)),
	}
	return m
}

// SchedulesScreen lists the schedules; the buttons show them and, for who may begin others, begin those.
func SchedulesScreen(ctx context.Context, from store.Reader, p message.Printer, begins bool, now time.Time) (message.Message, error) {
	list, err := from.Schedules(ctx)
	if err != nil {
		return message.Message{}, err
	}
	lines := []string{string(p.HTML(message.ScheduleListHead))}
	if len(list) == 0 {
		lines = []string{string(p.HTML(message.ScheduleListNone))}
		if begins {
			lines = append(lines, string(p.HTML(message.ScheduleListHow)))
		}
	}
	var m message.Message
	for i, s := range list {
		if i == listed {
			lines = append(lines, "", string(p.HTML(message.BroadcastUnknownRest, "n", len(list)-listed)))
			break
		}
		b, err := from.Broadcast(ctx, s.Broadcast)
		if err != nil {
			return m, fmt.Errorf("read what schedule %d sends: %w", s.ID, err)
		}
		local := p.In(message.ZoneOr(s.Zone, p.Zone()))
		when := string(p.HTML(message.ScheduleLinePaused))
		if s.State == store.ScheduleActive {
			when = string(p.HTML(message.BroadcastShowButton, "title", local.Coming(s.Next, now)))
		}
		title := titleFor(p, b)
		lines = append(lines, "", string(p.HTML(message.ScheduleLine, "n", i+1, "title", title, "when", message.HTML(when))))
		if len(s.Plan.Every) > 0 {
			lines = append(lines, string(p.HTML(message.ScheduleLineEvery, "words", local.Repeats(s.Plan.Every))))
		}
		m.Buttons = append(m.Buttons, row(pressSchedule(p.Text(message.ScheduleButton, "n", i+1, "title", title), s.ID, ShowSchedule, 0)))
	}
	if begins {
		m.Buttons = append(m.Buttons, row(pressSchedule(p.Text(message.ScheduleNewButton), 0, NewSchedule, 0)),
			row(pressSchedule(p.Text(message.ScheduleDigestButton), 0, NewSchedule, 1)))
	}
	m.HTML = strings.Join(lines, "\n")
	return m, nil
}
