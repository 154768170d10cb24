package bot

import (
	"errors"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// schedule begins an announcement for a time to come: of the message that the command answers or of what is written next, at the time that
// stands behind the command or is asked for. Without either it lists what is to come.
func (t *turn) schedule() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	content := t.message().ReplyTo
	if content == nil && t.rest == "" {
		return t.listSchedules()
	}
	var readings []store.Plan
	if t.rest != "" {
		var fault message.Message
		if readings, fault = t.readPlan(p, t.rest); readings == nil {
			t.say(fault)
			return nil
		}
	}
	return t.beginSchedule(p, content, false, readings)
}

func (t *turn) listSchedules() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	refusal, err := t.lacks(editor)
	if err != nil {
		return err
	}
	m, err := broadcast.SchedulesScreen(t.ctx, t.tx, p, refusal == "", t.now)
	t.show(m)
	return err
}

// beginSchedule begins a draft that is to go out later. The readings are of the time, if it was given.
func (t *turn) beginSchedule(p message.Printer, content *telegram.Message, digest bool, readings []store.Plan) error {
	author := t.update.Sender().ID
	if err := t.dropDraft(author); err != nil {
		return err
	}
	b := store.Broadcast{State: store.BroadcastComposing, Author: author, CreatedAt: t.now}
	torn := false
	var err error
	switch {
	case digest:
		broadcast.TakeDigest(&b)
	case content != nil:
		if torn, err = t.takeReply(&b, content); err != nil {
			return err
		}
	}
	if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
		return err
	}
	if _, err := t.draftSchedule(p, b, readings); err != nil {
		return err
	}
	return t.sayAnnouncement(p, b, torn)
}

// draftSchedule keeps that a draft is to go out later.
func (t *turn) draftSchedule(p message.Printer, b store.Broadcast, readings []store.Plan) (store.Schedule, error) {
	s := store.Schedule{
		State: store.ScheduleComposing, Author: b.Author, CreatedAt: t.now, Broadcast: b.ID, Zone: p.Zone().String(), Grace: broadcast.Graces[0],
		Readings: readings, AskedOf: b.Author, AskedAt: t.now, Version: 1,
	}
	return s, t.tx.SaveSchedule(t.ctx, &s)
}

// readPlan reads a time to come. If there is none, it returns the sentence that says what to do.
func (t *turn) readPlan(p message.Printer, words string) ([]store.Plan, message.Message) {
	workdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	if p.Region() == message.Bangladesh {
		workdays = []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday}
	}
	read, err := bengali.ParsePlan(words, t.now.In(p.Zone()), workdays)
	var unknown bengali.UnknownWord
	switch {
	case errors.As(err, &unknown):
		return nil, p.Say(message.ScheduleErrWord, "word", p.Digits(string(unknown)))
	case errors.Is(err, bengali.ErrPast):
		return nil, p.Say(message.ScheduleErrPast, "now", t.now)
	case errors.Is(err, bengali.ErrWeekday):
		return nil, p.Say(message.ScheduleErrWeekday)
	case err != nil:
		return nil, p.Say(message.ScheduleErrTime)
	}
	var plans []store.Plan
	for _, r := range read {
		plan := store.Plan{At: r.At.UTC(), Every: r.Every}
		if len(r.Every) > 0 {
			plan.At = time.Time{}
		}
		switch _, err := broadcast.Next(plan, p.Zone(), t.now); {
		case errors.Is(err, broadcast.ErrNever):
			return nil, p.Say(message.ScheduleErrNever, "line", message.Whole(strings.Join(r.Every, " ")))
		case err != nil:
			return nil, p.Say(message.ScheduleErrCron, "line", words)
		case len(r.Every) == 0 && plan.At.Sub(t.now) > farthestPlan:
			return nil, p.Say(message.ScheduleErrFar)
		}
		plans = append(plans, plan)
	}
	return plans, message.Message{}
}

// momentsAgo is how long a time may have passed when it is accepted for it to be meant still: “now” has, too.
const momentsAgo = 5 * time.Minute

// farthestPlan is how far ahead anything is planned.
const farthestPlan = 5 * 366 * 24 * time.Hour

// hearTime takes a private message as the time that its writer was asked for. It reports whether it was. A command in words is one still.
func (t *turn) hearTime(m *telegram.Message, c *command) (bool, error) {
	if m.Text == "" || c != nil || strings.HasPrefix(m.Text, "/") {
		return false, nil
	}
	s, err := t.tx.AskedSchedule(t.ctx, m.From.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && t.now.Sub(s.AskedAt) >= draftTime {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b, err := t.tx.Broadcast(t.ctx, s.Broadcast)
	if err != nil || !broadcast.Composed(b) || b.Audience.Kind == "" || !drafted(s, b) {
		return false, err // something else is asked for first
	}
	if have, err := t.roleOf(m.From.ID); err != nil || have < editor {
		return false, err
	}
	p, err := t.printer()
	if err != nil {
		return true, err
	}
	return true, t.takeTime(p, s, b, m.Text)
}

// drafted tells whether a schedule that is being composed still has its draft; it is without if that was sent at once.
func drafted(s store.Schedule, b store.Broadcast) bool {
	return s.State != store.ScheduleComposing || b.State == store.BroadcastComposing
}

// takeTime reads a time for a schedule and shows what was understood.
func (t *turn) takeTime(p message.Printer, s store.Schedule, b store.Broadcast, words string) error {
	readings, fault := t.readPlan(p.In(message.ZoneOr(s.Zone, p.Zone())), words)
	if readings == nil {
		t.reply(fault, true)
		return nil
	}
	t.askTime(&s)
	s.Readings = readings
	return t.saveTime(p, s, b)
}

// askTime notes that the person of this turn is asked for a schedule's time. What was read before is dropped.
func (t *turn) askTime(s *store.Schedule) {
	s.Readings, s.AskedOf, s.AskedAt = nil, t.update.Sender().ID, t.now
}

// askNoMore notes that nobody is asked for a schedule's time any more.
func askNoMore(s *store.Schedule) { s.Readings, s.AskedOf, s.AskedAt = nil, 0, time.Time{} }

// saveTime keeps what was read, and shows it or asks for the time.
func (t *turn) saveTime(p message.Printer, s store.Schedule, b store.Broadcast) error {
	s.Version++
	if err := t.tx.SaveSchedule(t.ctx, &s); err != nil {
		return err
	}
	m, err := broadcast.TimeScreen(t.ctx, t.tx, p, s, b, t.now)
	t.show(m)
	return err
}

// pressSchedule takes a step of a schedule. Its author alone puts it together; afterwards it is in the hands of all editors.
func (t *turn) pressSchedule() error {
	id, step, choice := t.press.Number(0), t.press.Number(1), t.press.Number(2)
	need := editor
	if step == broadcast.ListSchedules || step == broadcast.ShowSchedule {
		need = viewer
	}
	if ok, err := t.allowed(need); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	switch {
	case !t.private():
		return t.pressedOldSchedule(p)
	case step == broadcast.ListSchedules:
		return t.listSchedules()
	case step == broadcast.NewSchedule:
		return t.beginSchedule(p, nil, choice == 1, nil)
	}
	s, err := t.tx.Schedule(t.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return t.pressedOldSchedule(p)
	}
	if err != nil {
		return err
	}
	b, err := t.tx.Broadcast(t.ctx, s.Broadcast)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	me := t.update.Sender().ID
	open := s.State == store.ScheduleComposing && s.Author == me || s.State == store.ScheduleActive || s.State == store.SchedulePaused
	if !drafted(s, b) || !open && (step != broadcast.ShowSchedule || s.State == store.ScheduleComposing) {
		return t.pressedOldSchedule(p)
	}
	switch step {
	case broadcast.AskTime:
		if err := t.await(nil); err != nil {
			return err
		}
		t.askTime(&s)
		return t.saveTime(p, s, b)
	case broadcast.QuickTime:
		if choice < 0 || choice >= int64(len(broadcast.Quick)) {
			return t.pressedOldSchedule(p)
		}
		return t.takeTime(p, s, b, p.Text(broadcast.Quick[choice]))
	case broadcast.ChooseTime:
		version, reading := broadcast.ReadChoice(choice)
		if version != s.Version || reading >= len(s.Readings) {
			return t.pressedOldSchedule(p)
		}
		s.Readings = s.Readings[reading : reading+1]
		return t.saveTime(p, s, b)
	case broadcast.Accept:
		return t.acceptTime(p, s, b, choice)
	case broadcast.NextGrace:
		s.Grace = broadcast.GraceAfter(s.Grace)
		if len(s.Readings) > 0 && s.AskedOf == me {
			return t.saveTime(p, s, b)
		}
		return t.saveSchedule(p, s)
	case broadcast.PauseSchedule, broadcast.ResumeSchedule, broadcast.CancelSchedule, broadcast.RunNow:
		if s.State == store.ScheduleComposing {
			return t.pressedOldSchedule(p)
		}
		return t.changeSchedule(p, s, b, step, choice)
	}
	if s.State != store.ScheduleComposing && s.AskedOf == me { // he has gone back
		askNoMore(&s)
		return t.saveSchedule(p, s)
	}
	return t.showSchedule(p, s)
}

func (t *turn) pressedOldSchedule(p message.Printer) error {
	t.alert(p.Say(message.ScheduleOld))
	return nil
}

func (t *turn) showSchedule(p message.Printer, s store.Schedule) error {
	m, err := broadcast.ScheduleScreen(t.ctx, t.tx, p, s, t.now)
	t.show(m)
	return err
}

func (t *turn) saveSchedule(p message.Printer, s store.Schedule) error {
	s.Version++
	if err := t.tx.SaveSchedule(t.ctx, &s); err != nil {
		return err
	}
	return t.showSchedule(p, s)
}

// acceptTime lets the time that was shown count.
func (t *turn) acceptTime(p message.Printer, s store.Schedule, b store.Broadcast, version int64) error {
	if version != s.Version || len(s.Readings) != 1 {
		return t.pressedOldSchedule(p)
	}
	if !b.GatherAt.IsZero() || !broadcast.Composed(b) || b.Audience.Kind == "" {
		t.alert(p.Say(message.BroadcastChanged, "n", len(b.Messages)))
		return t.showDraft(p, b)
	}
	zone := message.ZoneOr(s.Zone, p.Zone())
	next, err := broadcast.Next(s.Readings[0], zone, t.now)
	if err != nil {
		return err
	}
	if at := s.Readings[0].At; next.IsZero() && t.now.Sub(at) < momentsAgo {
		next = at
	}
	if next.IsZero() { // it has passed while it was looked at
		t.alert(p.Say(message.ScheduleErrPast, "now", t.now))
		t.askTime(&s)
		return t.saveTime(p, s, b)
	}
	deed := store.ScheduleRetimed
	if s.State == store.ScheduleComposing {
		deed = store.ScheduleMade
		// Whether it can be copied is found out now, not when nobody is looking.
		b.State, b.Trial = store.BroadcastChecking, false
		if len(b.Messages) == 0 {
			b.State = store.BroadcastKept
		}
		if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
			return err
		}
	}
	s.Plan, s.Next, s.State = s.Readings[0], next, store.ScheduleActive
	askNoMore(&s)
	words := p.In(zone).Coming(next, t.now)
	if len(s.Plan.Every) > 0 {
		words = p.In(zone).Repeats(s.Plan.Every)
	}
	if err := t.record(deed, broadcast.TitleOf(p, b), words); err != nil {
		return err
	}
	return t.saveSchedule(p, s)
}

// changeSchedule halts a schedule, lets it go on, ends it, or sends it now.
func (t *turn) changeSchedule(p message.Printer, s store.Schedule, b store.Broadcast, step, choice int64) error {
	askNoMore(&s)
	deed := store.ScheduleHalted
	switch step {
	case broadcast.PauseSchedule:
		s.State, s.Next = store.SchedulePaused, time.Time{}
	case broadcast.ResumeSchedule:
		next, err := broadcast.Next(s.Plan, message.ZoneOr(s.Zone, p.Zone()), t.now)
		if err != nil {
			return err
		}
		if next.IsZero() { // its time has passed
			t.askTime(&s)
			return t.saveTime(p, s, b)
		}
		deed, s.State, s.Next = store.ScheduleResumed, store.ScheduleActive, next
	case broadcast.CancelSchedule, broadcast.RunNow:
		if choice == 0 {
			t.show(broadcast.AskScreen(p, s, b, step))
			return nil
		}
		if choice != s.Version {
			return t.pressedOldSchedule(p)
		}
		if deed = store.ScheduleDropped; step == broadcast.CancelSchedule {
			s.State, s.Next = store.ScheduleCancelled, time.Time{}
			break
		}
		deed = store.ScheduleRunNow
		if sent, err := t.runNow(p, &s, b); !sent || err != nil {
			return err
		}
	}
	if err := t.record(deed, broadcast.TitleOf(p, b), ""); err != nil {
		return err
	}
	return t.saveSchedule(p, s)
}

// runNow lets a copy of what is kept go at once, beside the times that are planned. One that was planned for a single time has then had it.
func (t *turn) runNow(p message.Printer, s *store.Schedule, kept store.Broadcast) (bool, error) {
	b := broadcast.Copy(kept, t.now)
	b.Author, b.State = t.update.Sender().ID, store.BroadcastReady
	if b.Source != 0 {
		b.Author = kept.Author // the content is tried where it stands
	}
	if b.Kind == broadcast.KindDigest {
		var err error
		if b.Request, err = t.writeDigest(b, s.Last); err != nil {
			return false, err
		}
		if b.Request == nil {
			t.alert(p.Say(message.ScheduleEmpty))
			return false, nil
		}
	}
	if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
		return false, err
	}
	t.notice(p.Say(message.ScheduleGoes))
	if len(s.Plan.Every) == 0 {
		s.State, s.Next = store.ScheduleEnded, time.Time{}
	}
	return true, nil
}

// writeDigest writes the day's top stories for the audience of a broadcast.
func (t *turn) writeDigest(b store.Broadcast, last time.Time) ([]byte, error) {
	house := message.New(message.Bengali, t.config.Zone, t.config.Region)
	return broadcast.WriteDigest(t.ctx, t.tx, house, b.Audience, broadcast.DigestSince(last, t.now), t.now)
}
