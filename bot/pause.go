package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	// shortestPause and longestPause bound a pause that ends by itself. Who wants longer quiet pauses until he resumes.
	shortestPause = time.Hour
	longestPause  = 30 * 24 * time.Hour
)

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
	return t.pauseFor(time.Duration(hours) * time.Hour)
}

// pauseFor halts a reader's news for a time. The chat stays active: what comes meanwhile is owed at the end of the pause.
func (t *turn) pauseFor(span time.Duration) error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	p := t.printerFor(chat)
	if chat.State != store.Active && chat.State != store.Paused {
		t.reply(p.Say(message.UnsubAlready), false)
		return nil
	}
	setState(&chat, store.Active, "", t.now)
	chat.Prefs.PausedUntil = t.now.Add(span).Truncate(time.Minute)
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	m := p.Say(message.ReaderPausedUntil, "until", p.Until(chat.Prefs.PausedUntil, t.now))
	m.Buttons = [][]message.Button{press1(p.Text(message.CmdResume), button.Of(button.Resume, 0))}
	t.show(m)
	return nil
}

// resumeReader lets news go on, also before the end of a pause.
func (t *turn) resumeReader(chat store.Chat) error {
	if chat.State != store.Active {
		if _, err := t.revive(chat); err != nil {
			return err
		}
	} else if !chat.Prefs.PausedUntil.IsZero() {
		setState(&chat, store.Active, "", t.now)
		if err := t.saveWishes(&chat); err != nil {
			return err
		}
	}
	t.show(t.printerFor(chat).Say(message.ReaderResumed))
	return nil
}

// hoursOf are the words for spans of time, as the first letters of the forms in which people write them.
var hoursOf = []struct {
	hours    int
	prefixes []string
}{
	{1, []string{bengali.Fold("ঘণ্টা"), bengali.Fold("ঘন্টা"), "hour", "hr"}},
	{24, []string{bengali.Fold("দিন"), "day"}},
	{7 * 24, []string{bengali.Fold("সপ্তাহ"), "week"}},
}

// readSpan reads “৩ ঘণ্টা”, “2 days”, “৭দিন”. What is shorter than an hour or longer than thirty days is none.
func readSpan(text string) (time.Duration, bool) {
	text = strings.TrimSpace(bengali.Fold(text))
	unit := strings.TrimLeft(text, "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(text, unit))
	if err != nil || n > int(longestPause/time.Hour) {
		return 0, false
	}
	unit = strings.TrimSpace(unit)
	for _, u := range hoursOf {
		for _, prefix := range u.prefixes {
			if span := time.Duration(n*u.hours) * time.Hour; strings.HasPrefix(unit, prefix) && span >= shortestPause && span <= longestPause {
				return span, true
			}
		}
	}
	return 0, false
}

// pause halts news: for as long as is said, or until it is resumed.
func (t *turn) pause() error {
	if !t.private() || strings.TrimSpace(t.rest) == "" {
		return t.setPaused(0, true)
	}
	if strings.HasPrefix(t.rest, "@") || strings.HasPrefix(t.rest, "-100") {
		return t.haltNamed(t.pauseChat, message.ErrPauseUsage)
	}
	span, ok := readSpan(t.rest)
	if !ok {
		p, err := t.printer()
		t.say(p.Say(message.ErrPauseUsage))
		return err
	}
	return t.pauseFor(span)
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
