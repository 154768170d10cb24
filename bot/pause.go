package bot

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// longestPause bounds a pause that ends by itself. Who wants longer quiet pauses until he resumes.
const longestPause = 30 * 24 * time.Hour

// pauses are offered as buttons, in hours.
var pauses = []int64{3, 8, 24, 3 * 24, 7 * 24}

// pauseReader halts a reader's news until it is resumed, and offers to set an end.
func (t *turn) pauseReader(chat store.Chat) error {
	p := t.printerFor(chat)
	if chat.State != store.Active && chat.State != store.Paused {
		t.reply(p.Say(message.UnsubAlready), false)
		return nil
	}
	if chat.State == store.Active {
		setState(&chat, store.Paused, "asked to pause", t.now)
		chat.Prefs.PausedUntil = time.Time{}
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	m := p.Say(message.ReaderPaused)
	var spans []message.Button
	for _, hours := range pauses {
		label := p.Duration(time.Duration(hours) * time.Hour)
		spans = append(spans, message.Button{Text: label, Data: button.Of(button.PauseFor, hours)})
	}
	m.Buttons = append(slices.Collect(slices.Chunk(spans, 3)), press1(p.Text(message.CmdResume), button.Of(button.Resume, 0)))
	t.say(m)
	return nil
}

// pressPauseFor pauses for so many hours.
func (t *turn) pressPauseFor() error {
	hours := t.press.Number(0)
	if hours < 1 || hours > int64(longestPause/time.Hour) {
		return t.pressedOld()
	}
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	return t.pauseUntil(chat, t.now.Add(time.Duration(hours)*time.Hour))
}

// pressPauseUntil pauses until one of the times that words could mean.
func (t *turn) pressPauseUntil() error {
	chat, ok, err := t.manage(t.press.Number(0))
	if err != nil || !ok {
		return err
	}
	until := time.Unix(0, 0).Add(time.Duration(t.press.Number(1)) * time.Minute)
	if !until.After(t.now) || until.After(t.now.Add(longestPause)) {
		return t.pressedOld()
	}
	return t.pauseUntil(chat, until)
}

// pauseUntil halts news until a time. The chat stays active: what comes meanwhile is owed at the end of the pause.
func (t *turn) pauseUntil(chat store.Chat, until time.Time) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	private := chat.Kind == store.Private
	if chat.State != store.Active && chat.State != store.Paused {
		switch {
		case chat.State == store.Unpostable: // nothing leaves, and that must not be mistaken for the pause
			return t.halted(chat, message.ChanRightsPost)
		case !private:
			return t.pauseChat(chat) // says how it stands
		}
		t.reply(p.Say(message.UnsubAlready), false)
		return nil
	}
	setState(&chat, store.Active, "", t.now)
	chat.Prefs.PausedUntil = until.Truncate(time.Minute)
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	if err := t.recordChat(store.ChatPaused, chat); err != nil {
		return err
	}
	ends := t.printerFor(chat).Until(chat.Prefs.PausedUntil, t.now)
	m, resume := p.Say(message.ReaderPausedUntil, "until", ends), message.CmdResume
	if !private {
		m, resume = p.Say(message.ChanPausedUntil, "title", titleOf(p, chat), "until", ends), message.ChanResumeButton
	}
	m.Buttons = [][]message.Button{press1(p.Text(resume), button.Of(button.Resume, t.subjectOf(chat)))}
	t.show(m)
	return nil
}

// pauseAsSaid halts news until the time that words name, asks which is meant when it can be several, or says what to write.
func (t *turn) pauseAsSaid(chat store.Chat, words string) error {
	p := t.printerFor(chat)
	times, fault := readPause(words, t.now.In(p.Zone()))
	if here, err := t.printer(); err != nil {
		return err
	} else if fault != "" {
		t.say(here.Say(fault))
		return nil
	}
	if len(times) == 1 {
		return t.pauseUntil(chat, times[0])
	}
	m := p.Say(message.PauseWhich)
	for _, at := range times {
		m.Buttons = append(m.Buttons, press1(p.Until(at, t.now), button.Of(button.PauseUntil, t.subjectOf(chat), at.Unix()/60)))
	}
	t.say(m)
	return nil
}

// subjectOf is the chat as a button names it here.
func (t *turn) subjectOf(chat store.Chat) int64 {
	if t.private() && chat.Kind != store.Private {
		return chat.ID
	}
	return 0
}

// readPause reads until when a pause shall last: a span from now on (২ ঘণ্টা, তিন দিনের জন্য) or a time to come (কাল সকাল ৮টা পর্যন্ত). It returns
// all that can be meant, or the sentence that says why it is none.
func readPause(words string, now time.Time) ([]time.Time, message.Key) {
	if _, daily := readHours(words); daily {
		return nil, message.ErrPauseDaily
	}
	words = strings.TrimSpace(words)
	if todayWords[spoken(words)] {
		return []time.Time{time.Date(now.Year(), now.Month(), now.Day()+1, wakeHour, 0, 0, 0, now.Location())}, ""
	}
	if strings.HasPrefix(words, "-") || strings.HasPrefix(words, "−") || strings.HasPrefix(words, "@") { // no span, and no name of a chat
		return nil, message.ErrPauseUsage
	}
	plans, err := bengali.ParsePlan(words, now, nil)
	if errors.Is(err, bengali.ErrNoTime) {
		plans, err = bengali.ParsePlan(words+" পরে", now, nil) // a span alone is no time
	}
	switch {
	case errors.Is(err, bengali.ErrPast):
		return nil, message.ErrPausePast
	case err != nil:
		return nil, message.ErrPauseUsage
	}
	var times []time.Time
	fault := message.ErrPausePast // “now”
	for _, plan := range plans {
		switch at := plan.At.Truncate(time.Minute); {
		case len(plan.Every) > 0:
			return nil, message.ErrPauseDaily
		case at.After(now.Add(longestPause)):
			fault = message.ErrPauseFar
		case at.After(now):
			times = append(times, at)
		}
	}
	if len(times) == 0 {
		return nil, fault
	}
	return times[:min(len(times), mostPauses)], ""
}

// todayWords say that a pause lasts for the rest of the day and its night: until wakeHour of the next, for nobody wants at midnight what waited.
var todayWords = spokenAll("আজ", "আজ আর", "আজকে", "আজকে আর", "আজকের মতো", "আজকের জন্য", "আজ সারাদিন", "আজ রাতে", "আজ রাতে আর", "today", "tonight")

const wakeHour = 7

// mostPauses bounds the times among which a person may choose.
const mostPauses = 8

// goOn lets a reader's news go on: after a stop, a pause, or before the end of one.
func (t *turn) goOn(chat store.Chat) (store.Chat, error) {
	if chat.State != store.Active {
		return t.revive(chat)
	}
	if chat.Prefs.PausedUntil.IsZero() {
		return chat, nil
	}
	setState(&chat, store.Active, "", t.now)
	return chat, t.saveWishes(&chat)
}

// resumeReader lets news go on, and says so.
func (t *turn) resumeReader(chat store.Chat) error {
	if _, err := t.goOn(chat); err != nil {
		return err
	}
	t.show(t.printerFor(chat).Say(message.ReaderResumed))
	return nil
}

// pause halts news: for as long as is said, or until it is resumed.
func (t *turn) pause() error {
	rest := strings.TrimSpace(t.rest)
	if rest == "" {
		return t.setPaused(0, true)
	}
	name, until, _ := strings.Cut(rest, " ")
	if q, named := t.namedChat(name); t.private() && named && (strings.ContainsAny(name, "@/") || q.chat != 0) {
		return t.withChat(q, func(chat store.Chat) error {
			if until == "" {
				return t.pauseChat(chat)
			}
			return t.pauseAsSaid(chat, until)
		})
	}
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	return t.pauseAsSaid(chat, rest)
}

// restWords are how people end a sentence that says how long they want no news: ২ ঘণ্টা বন্ধ রাখুন. With weakRestWords they do so only if they speak of
// news: “৩ দিন বন্ধ” may be the banks.
var restWords = spokenAll(
	"থামান", "থামুন", "থামাও", "থামিয়ে দিন", "থামিয়ে দাও", "থামিয়ে রাখুন", "থামিয়ে রাখো", "থেমে থাকুন", "বন্ধ রাখুন", "বন্ধ রাখো", "বন্ধ রাখ", "বন্ধ করুন", "বন্ধ করো",
	"বিরতি", "বিরতি দিন", "বিরতি দাও", "বিরতি চাই", "পাঠাবেন না", "পাঠিও না", "পাঠাবে না", "বিরক্ত করবেন না", "বিরক্ত কোরো না", "বিরক্ত করো না",
)

var weakRestWords = spokenAll("বন্ধ", "বন্ধ থাকুক", "দেবেন না", "দিও না", "চাই না", "লাগবে না")

// newsWords are what may stand before them.
var newsWords = spokenAll("খবর", "কোনো খবর", "কোনও খবর", "সব খবর", "আর খবর", "খবর পাঠানো")

// pauseSaid finds in a sentence how long a pause is asked for; it reports false if none is.
func pauseSaid(text string, now time.Time) (words string, said bool) {
	all := strings.Fields(strings.TrimRight(text, " ।.!"))
	fields, sure := cutEnd(all, restWords)
	if !sure {
		if fields, said = cutEnd(all, weakRestWords); !said {
			return "", false
		}
	}
	fields, news := cutEnd(fields, newsWords)
	if len(fields) > 1 && newsWords[spoken(fields[0])] { // খবর কাল সকাল পর্যন্ত বন্ধ রাখুন
		fields, news = fields[1:], true
	}
	if !sure && !news {
		return "", false
	}
	words = strings.Join(fields, " ")
	_, fault := readPause(words, now)
	return words, fault != message.ErrPauseUsage
}

// resume continues it.
func (t *turn) resume() error {
	if t.private() && strings.TrimSpace(t.rest) != "" {
		return t.haltNamed(t.resumeChat, message.ErrResumeUsage)
	}
	return t.setPaused(0, false)
}

// haltNamed pauses or resumes the chat that is named.
func (t *turn) haltNamed(do func(store.Chat) error, usage message.Key) error {
	q, named := t.namedChat(t.rest)
	if !named {
		return t.refuse(usage)
	}
	return t.withChat(q, do)
}

func (t *turn) pressPause() error { return t.setPaused(t.press.Number(0), true) }

func (t *turn) pressResume() error { return t.setPaused(t.press.Number(0), false) }

// setPaused pauses or resumes the reader's own chat, the group the command was given in, or a managed chat.
func (t *turn) setPaused(subject int64, paused bool) error {
	chat, ok, err := t.manage(subject)
	if err != nil || !ok {
		return err
	}
	switch {
	case chat.Kind == store.Private && paused:
		return t.pauseReader(chat)
	case chat.Kind == store.Private:
		return t.resumeReader(chat)
	case paused:
		return t.pauseChat(chat)
	}
	return t.resumeChat(chat)
}
