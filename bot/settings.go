package bot

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// digestHours and quietHours are what readers are offered, in minutes after midnight.
var (
	digestHours = []int{8 * 60, 13 * 60, 19 * 60, 21 * 60}
	quietHours  = []span{{}, {22 * 60, 6 * 60}, {23 * 60, 7 * 60}}
)

// modes are the ways in which news can come, by their numbers on buttons.
var modes = []store.Mode{"", store.Digest, store.Breaking}

// span is a stretch of the day; an empty one is none.
type span struct{ from, to int }

const minutesADay = 24 * 60

// number is the span as a button has it.
func (s span) number() int64 { return int64(s.from*minutesADay + s.to) }

func (s span) text(p message.Printer) string {
	if s.from == s.to {
		return p.Text(message.SettingsQuietNone)
	}
	return p.Text(message.SettingsSpan, "from", p.ClockAt(s.from), "to", p.ClockAt(s.to))
}

// zoneNames are the time zones that can be chosen beside the operator's, which has no name.
var zoneNames = []string{"", "Asia/Dhaka", "Asia/Kolkata"}

// openSettings shows a reader's settings.
func (t *turn) openSettings() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	return t.sayScreen(t.settingsScreen(chat))
}

// own is the private chat of the person; what is asked for elsewhere is refused.
func (t *turn) own() (chat store.Chat, ok bool, err error) {
	if !t.private() {
		return chat, false, t.refuse(message.ErrPrivateOnly)
	}
	return t.manage(0)
}

// settingsScreen says how things are and has a button for each way they can be.
func (t *turn) settingsScreen(chat store.Chat) (message.Message, error) {
	p := t.printerFor(chat)
	prefs := chat.Prefs
	choice := func(label string, on bool, setting, value, state int64) message.Button {
		return message.Button{Text: marked(label, on), Data: button.Of(button.Set, setting, value, state)}
	}
	toggle := func(label string, on bool, setting int64) message.Button {
		return choice(label, on, setting, opposite(on), 0)
	}

	how := p.Text(message.ModeNow)
	digest := prefs.Mode == store.Digest
	if prefs.Mode == store.Breaking {
		how = p.Text(message.ModeBreaking)
	}
	if digest {
		how = p.Text(message.SettingsDigestAt, "mode", p.Text(message.ModeDigest), "hours", hoursText(p, digestHoursOf(prefs)))
	}
	quiet := span{prefs.QuietFrom, prefs.QuietTo}
	m := p.Say(message.SettingsScreen, "how", how, "quiet", quiet.text(p), "zone", p.ZoneName(t.now))

	if note, off := offNote(p, chat, t.now); off {
		m.HTML, m.Plain = m.HTML+"\n\n"+note.HTML, m.Plain+"\n\n"+note.Plain
	}

	rows := [][]message.Button{
		{
			choice(p.Text(message.ModeNow), prefs.Mode == "" || prefs.Mode == store.Now, button.SetMode, 0, 0),
			choice(p.Text(message.ModeBreaking), prefs.Mode == store.Breaking, button.SetMode, 2, 0),
		},
		{choice(p.Text(message.ModeDigest), digest, button.SetMode, 1, 0)},
	}
	if digest {
		var hours []message.Button
		shown := slices.Concat(digestHours, digestHoursOf(prefs))
		slices.Sort(shown)
		for _, minute := range slices.Compact(shown) {
			on := slices.Contains(digestHoursOf(prefs), minute)
			hours = append(hours, choice(p.ClockAt(minute), on, button.SetDigest, int64(minute), opposite(on)))
		}
		rows = slices.AppendSeq(rows, slices.Chunk(hours, 3))
		other := message.Button{Text: p.Text(message.SettingsDigestOther), Data: button.Of(button.Hours, hoursDigest, -1, 0)}
		if last := &rows[len(rows)-1]; len(*last) == 1 {
			*last = []message.Button{(*last)[0], other}
		} else {
			rows = append(rows, []message.Button{other})
		}
	}
	rows = append(rows, quietChoices(p, quiet, choice)...)
	if quiet.from != quiet.to || prefs.Urgent {
		rows = append(rows, []message.Button{toggle(p.Text(message.SettingsUrgent), prefs.Urgent, button.SetUrgent)})
	}
	rows = append(rows, []message.Button{
		toggle(p.Text(message.SettingsSilent), prefs.Silent, button.SetSilent),
		toggle(p.Text(message.SettingsImages), !prefs.NoImages, button.SetImages),
	})
	var zones []message.Button
	now := cmp.Or(prefs.Zone, t.config.Zone.String())
	for i, label := range []string{"", p.Text(message.TzBd), p.Text(message.TzIn)} {
		switch name := zoneNames[i]; {
		case name != "":
			zones = append(zones, choice(label, name == now, button.SetZone, int64(i), 0))
		case !slices.Contains(zoneNames, t.config.Zone.String()):
			zones = append(zones, choice(p.In(t.config.Zone).ZoneName(t.now), prefs.Zone == "", button.SetZone, 0, 0))
		}
	}
	if len(zones) > len(zoneNames)-1 { // the operator's own zone, above the two that readers of Bengali live in
		rows, zones = append(rows, zones[:1]), zones[1:]
	}
	rows = append(rows, zones)
	var languages []message.Button
	for i, lang := range []message.Lang{message.Bengali, message.English} {
		languages = append(languages, choice(p.With(lang).Text(message.LangName), p.Lang() == lang, button.SetSpeech, int64(i), 0))
	}
	m.Buttons = append(rows, languages, []message.Button{
		{Text: p.Text(message.TopicsButton), Data: button.Of(button.OpenTopics, 0)},
		{Text: p.Text(message.NavDone), Data: button.Of(button.SettingsDone)},
	})
	return m, nil
}

// quietChoices are the buttons of quiet hours, in two rows: hours that are set stand alone, for they do not fit into half a row with their
// mark.
func quietChoices(p message.Printer, quiet span, choice func(label string, on bool, setting, value, state int64) message.Button) [][]message.Button {
	of := func(s span, on bool) message.Button { return choice(s.text(p), on, button.SetQuiet, s.number(), 0) }
	none := choice(p.Text(message.SettingsQuietOff), quiet.from == quiet.to, button.SetQuiet, 0, 0)
	other := message.Button{Text: p.Text(message.SettingsQuietOther), Data: button.Of(button.Hours, hoursQuiet, -1, 0)}
	if quiet.from != quiet.to {
		return [][]message.Button{{of(quiet, true)}, {none, other}}
	}
	buttons := []message.Button{none}
	for _, s := range quietHours[1:] {
		buttons = append(buttons, of(s, false))
	}
	return slices.Collect(slices.Chunk(append(buttons, other), 2))
}

// offNote says that no news comes at all now, and how it comes again; off is false where it does come.
func offNote(p message.Printer, chat store.Chat, now time.Time) (note message.Message, off bool) {
	switch {
	case chat.ID == 0:
		return note, false
	case chat.State == store.Paused:
		return p.Say(message.SettingsPaused), true
	case chat.State != store.Active:
		return p.Say(message.UnsubAlready), true
	case chat.Prefs.PausedUntil.After(now):
		return p.Say(message.SettingsPausedUntil, "until", p.Until(chat.Prefs.PausedUntil, now)), true
	}
	return note, false
}

// digestHoursOf are the hours of a reader's digests, ascending.
func digestHoursOf(prefs store.Prefs) []int {
	if len(prefs.DigestAt) == 0 {
		return digestHours[:1]
	}
	return slices.Sorted(slices.Values(prefs.DigestAt))
}

// pressSet changes a setting. What was never offered changes nothing.
func (t *turn) pressSet() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	if chat.ID == 0 {
		if chat, err = t.reader(); err != nil {
			return err
		}
	}
	which, value, on := t.press.Number(0), t.press.Number(1), t.press.Number(2) == 1
	language := chat.Language
	notice, known := t.set(&chat, which, value, on)
	if !known {
		return t.pressedOld()
	}
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	if notice.Plain != "" {
		t.notice(notice)
	}
	m, err := t.settingsScreen(chat)
	if err != nil {
		return err
	}
	t.show(m)
	if chat.Language != language {
		return t.refreshMenu(chat.TelegramID)
	}
	return nil
}

// set makes the change to the chat and says what there is to say of it. It reports whether there is such a setting and value.
func (t *turn) set(chat *store.Chat, which, value int64, on bool) (notice message.Message, known bool) {
	prefs, p := &chat.Prefs, t.printerFor(*chat)
	binary := value == 0 || value == 1
	switch {
	case which == button.SetMode && value >= 0 && value < int64(len(modes)):
		prefs.Mode = modes[value]
	case which == button.SetDigest && (offered(value) || slices.Contains(digestHoursOf(*prefs), int(value))):
		hours := turned(digestHoursOf(*prefs), int(value), on)
		if len(hours) == 0 {
			return p.Say(message.SettingsDigestMin), true
		}
		if len(hours) > mostDigests {
			return p.Say(message.SettingsDigestMost, "n", mostDigests), true
		}
		prefs.DigestAt = hours
	case which == button.SetQuiet && value >= 0 && (offered(value/minutesADay) && offered(value%minutesADay) ||
		value == span{prefs.QuietFrom, prefs.QuietTo}.number()):
		prefs.QuietFrom, prefs.QuietTo = int(value)/minutesADay, int(value)%minutesADay
		return quietNotice(p, span{prefs.QuietFrom, prefs.QuietTo}), true
	case which == button.SetUrgent && binary:
		prefs.Urgent = value == 1
		if prefs.Urgent {
			return p.Say(message.SettingsUrgentOn), true
		}
		return p.Say(message.SettingsUrgentOff), true
	case which == button.SetSilent && binary:
		prefs.Silent = value == 1
	case which == button.SetImages && binary:
		prefs.NoImages = value == 0
	case which == button.SetSpeech && binary:
		chat.Language = string([]message.Lang{message.Bengali, message.English}[value])
	case which == button.SetZone && value >= 0 && value < int64(len(zoneNames)):
		prefs.Zone = zoneNames[value]
	default:
		return message.Message{}, false
	}
	return message.Message{}, true
}

// saveWishes keeps what a reader wants now and has the next visit derived from it: what waited for an hour that no longer counts
// is sent, and what may not be sent any more waits.
func (t *turn) saveWishes(chat *store.Chat) error {
	if err := t.save(chat); err != nil {
		return err
	}
	if err := t.tx.MakeDue(t.ctx, chat.ID, t.now); err != nil {
		return fmt.Errorf("visit chat %d anew: %w", chat.TelegramID, err)
	}
	return nil
}

// pressSettingsDone closes the screen and leaves what was chosen.
func (t *turn) pressSettingsDone() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	m, err := t.settingsScreen(chat)
	if err != nil {
		return err
	}
	p := t.printerFor(chat)
	m.Buttons = [][]message.Button{press1(p.Text(message.SettingsButton), button.Of(button.OpenSettings))}
	t.show(m)
	return nil
}
