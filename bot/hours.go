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

const (
	// mostDigests is how many digests a day a reader can have.
	mostDigests   = 6
	minutesAnHour = 60
)

// What the buttons of an hour's screen do; see button.Hours.
const (
	hoursDigest int64 = iota
	hoursQuiet
	hoursBack
)

// quiet sets a reader's quiet hours as written, or shows the hours to choose from.
func (t *turn) quiet() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	p := t.printerFor(chat)
	if strings.TrimSpace(t.rest) == "" {
		t.say(quietScreen(p, -1))
		return nil
	}
	hours, ok := readHours(t.rest)
	switch {
	case isOff(t.rest):
		hours = span{}
	case !ok:
		t.say(p.Say(message.ErrQuietUsage))
		return nil
	}
	return t.keepQuiet(chat, hours)
}

// keepQuiet keeps quiet hours that were written, and says what was understood.
func (t *turn) keepQuiet(chat store.Chat, hours span) error {
	if chat.ID == 0 {
		var err error
		if chat, err = t.reader(); err != nil {
			return err
		}
	}
	chat.Prefs.QuietFrom, chat.Prefs.QuietTo = hours.from, hours.to
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	m := quietNotice(t.printerFor(chat), hours)
	m.Buttons = [][]message.Button{press1(t.printerFor(chat).Text(message.SettingsButton), button.Of(button.OpenSettings))}
	t.say(m)
	return nil
}

func quietNotice(p message.Printer, hours span) message.Message {
	if hours.from == hours.to {
		return p.Say(message.QuietOff)
	}
	return p.Say(message.QuietSet, "from", p.ClockAt(hours.from), "to", p.ClockAt(hours.to))
}

// digest sets the hours of a reader's digests as written, or shows the hours to choose from.
func (t *turn) digest() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	p := t.printerFor(chat)
	if strings.TrimSpace(t.rest) == "" {
		t.say(t.digestScreen(chat))
		return nil
	}
	if isOff(t.rest) {
		chat.Prefs.Mode = ""
	} else {
		hours, ok := readHourList(t.rest)
		if !ok {
			t.say(p.Say(message.ErrDigestUsage, "n", mostDigests))
			return nil
		}
		chat.Prefs.Mode, chat.Prefs.DigestAt = store.Digest, hours
	}
	if chat.ID == 0 {
		wishes := chat.Prefs
		if chat, err = t.reader(); err != nil {
			return err
		}
		chat.Prefs = wishes
	}
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	m := p.Say(message.DigestOff)
	if chat.Prefs.Mode == store.Digest {
		m = p.Say(message.DigestSet, "hours", hoursText(p, chat.Prefs.DigestAt))
	}
	m.Buttons = [][]message.Button{press1(p.Text(message.SettingsButton), button.Of(button.OpenSettings))}
	t.say(m)
	return nil
}

func hoursText(p message.Printer, hours []int) string {
	var list []string
	for _, minute := range hours {
		list = append(list, p.ClockAt(minute))
	}
	return strings.Join(list, ", ")
}

// pressHours shows the hours of the day to choose from, or takes a choice.
func (t *turn) pressHours() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	p := t.printerFor(chat)
	kind, minute, on := t.press.Number(0), t.press.Number(1), t.press.Number(2) == 1
	switch {
	case kind == hoursBack:
		return t.showScreen(t.settingsScreen(chat))
	case kind == hoursQuiet && (minute == -1 || offered(minute)):
		t.show(quietScreen(p, int(minute)))
		return nil
	case kind == hoursDigest && minute == -1:
		t.show(t.digestScreen(chat))
		return nil
	case kind != hoursDigest:
		return t.pressedOld()
	}
	if chat.ID == 0 {
		if chat, err = t.reader(); err != nil {
			return err
		}
	}
	notice, known := t.set(&chat, button.SetDigest, minute, on)
	if !known {
		return t.pressedOld()
	}
	chat.Prefs.Mode = store.Digest
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	if notice.Plain != "" {
		t.notice(notice)
	}
	t.show(t.digestScreen(chat))
	return nil
}

// offered tells whether a button can name the time of day: whole hours.
func offered(minute int64) bool {
	return minute >= 0 && minute < minutesADay && minute%minutesAnHour == 0
}

// hourButtons are the hours of a day, three in a row: with a mark, “✅ সন্ধ্যা ৬টা” is cut on a small phone where four stand side by side.
func hourButtons(p message.Printer, data func(minute int) string, chosen func(minute int) bool) [][]message.Button {
	var all []message.Button
	for minute := 0; minute < minutesADay; minute += minutesAnHour {
		all = append(all, message.Button{Text: marked(p.ClockAt(minute), chosen(minute)), Data: data(minute)})
	}
	return slices.Collect(slices.Chunk(all, 3))
}

// quietScreen asks for the beginning of quiet hours; with a beginning, for their end.
func quietScreen(p message.Printer, from int) message.Message {
	var m message.Message
	if from < 0 {
		m = p.Say(message.QuietFrom)
		m.Buttons = hourButtons(p, func(minute int) string { return button.Of(button.Hours, hoursQuiet, int64(minute), 0) }, func(int) bool { return false })
	} else {
		m = p.Say(message.QuietTo, "from", p.ClockAt(from))
		m.Buttons = hourButtons(p, func(minute int) string {
			return button.Of(button.Set, button.SetQuiet, span{from, minute}.number(), 0)
		}, func(int) bool { return false })
	}
	m.Buttons = append(m.Buttons, press1(p.Text(message.NavBack), button.Of(button.Hours, hoursBack, 0, 0)))
	return m
}

// digestScreen asks for the hours of digests.
func (t *turn) digestScreen(chat store.Chat) message.Message {
	p := t.printerFor(chat)
	have := digestHoursOf(chat.Prefs)
	if chat.Prefs.Mode != store.Digest {
		have = chat.Prefs.DigestAt
	}
	m := p.Say(message.DigestAsk, "zone", p.ZoneName(t.now))
	state := func(minute int) (on int64) {
		if !slices.Contains(have, minute) {
			on = 1
		}
		return on
	}
	m.Buttons = hourButtons(p, func(minute int) string { return button.Of(button.Hours, hoursDigest, int64(minute), state(minute)) },
		func(minute int) bool { return state(minute) == 0 })
	m.Buttons = append(m.Buttons, press1(p.Text(message.NavBack), button.Of(button.Hours, hoursBack, 0, 0)))
	return m
}

// isOff tells whether a text ends something.
func isOff(text string) bool {
	switch foldWords(text) {
	case foldWords("বন্ধ"), foldWords("বন্ধ করুন"), foldWords("না"), foldWords("নেই"), foldWords("নয়"), "off", "none", "no":
		return true
	}
	return false
}

// readHours reads “রাত ১১টা থেকে সকাল ৭টা”, “11 pm to 7 am”, “২২:৩০–৬:০০”: a time, a word between, a time, and nothing else.
func readHours(text string) (span, bool) {
	text = strings.TrimSpace(bengali.Fold(text))
	text = strings.TrimSpace(strings.TrimSuffix(text, bengali.Fold("পর্যন্ত")))
	for _, between := range []string{" " + bengali.Fold("থেকে") + " ", " to ", " until ", "-"} {
		first, second, found := strings.Cut(text, between)
		if !found {
			continue
		}
		from, ok1 := readClock(first)
		to, ok2 := readClock(second)
		if ok1 && ok2 && from != to {
			return span{from, to}, true
		}
	}
	return span{}, false
}

// readHourList reads “সকাল ৮টা, দুপুর ১টা ও রাত ৯টা”.
func readHourList(text string) ([]int, bool) {
	text = " " + bengali.Fold(text) + " "
	for _, and := range []string{"ও", "আর", "এবং", "and"} {
		text = strings.ReplaceAll(text, " "+bengali.Fold(and)+" ", " , ")
	}
	var hours []int
	for part := range strings.SplitSeq(text, ",") {
		minute, ok := readClock(part)
		if !ok {
			return nil, false
		}
		hours = append(hours, minute)
	}
	slices.Sort(hours)
	hours = slices.Compact(hours)
	return hours, len(hours) <= mostDigests
}

// noon is any day's: only what its words are is asked of a plan.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// readClock reads a text that is a time of day and nothing else, as minutes after midnight.
func readClock(text string) (minute int, ok bool) {
	hour, minute, ok := bengali.ParseClock(text)
	if !ok {
		return 0, false
	}
	var unknown bengali.UnknownWord
	if _, err := bengali.ParsePlan(text, noon, nil); errors.As(err, &unknown) || errors.Is(err, bengali.ErrNoTime) {
		return 0, false
	}
	return hour*minutesAnHour + minute, true
}
