package broadcast

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// Steps are what a button of button.Broadcast does: its numbers are the broadcast, the step and a choice.
const (
	// Whom asks for the audience, Topics, Links and Days for a kind of it.
	Whom int64 = iota
	Topics
	Links
	Days
	// ToReaders, ToPlaces, ToTopic, ToLink, ToLanguage and ToSeen choose it: the choice is a category, a link, 0 for Bengali and 1 for
	// English, or a number of days.
	ToReaders
	ToPlaces
	ToTopic
	ToLink
	ToLanguage
	ToSeen
	// Preview shows the author what all will get. Send lets it go: the choice is the version that the author has seen. Drop gives it up.
	Preview
	Send
	Drop
	// Pause, Resume and Cancel act on one under way.
	Pause
	Resume
	Cancel
	// Show shows how it stands. Unknown lists those of whom it is not known; ResendUnknown and ResendFailed send again.
	Show
	Unknown
	ResendUnknown
	ResendFailed
	// Delete takes it back from everybody: 0 to ask, 1 to do it.
	Delete
	// Digest makes the day's top stories the content. Later asks for the time at which it is to go out.
	Digest
	Later
	// SendLate sends what could not begin in time.
	SendLate
	// NotLater goes back from the time that was asked for by Later.
	NotLater
)

const (
	// listed bounds the topics, links and people that one screen names.
	listed = 40
	// screenEvery is the least time between two edits of a screen: Telegram allows some 20 edits a minute in a chat.
	screenEvery = 4 * time.Second
	barCells    = 10
)

func press(text string, b store.Broadcast, step, choice int64) message.Button {
	return message.Button{Text: text, Data: button.Of(button.Broadcast, b.ID, step, choice)}
}

func row(buttons ...message.Button) []message.Button { return buttons }

// NameOf names an audience to people.
func NameOf(ctx context.Context, from store.Reader, p message.Printer, a store.Audience) (string, error) {
	switch a.Kind {
	case store.AudienceReaders:
		return p.Text(message.BroadcastToReaders), nil
	case store.AudiencePlaces:
		return p.Text(message.BroadcastToPlaces), nil
	case store.AudienceSeen:
		return p.Text(message.BroadcastToSeen, "n", a.Days), nil
	case store.AudienceLanguage:
		if a.Language == string(message.English) {
			return p.Text(message.BroadcastToLanguageEn), nil
		}
		return p.Text(message.BroadcastToLanguageBn), nil
	case store.AudienceTopic:
		categories, err := from.Categories(ctx)
		if err != nil {
			return "", fmt.Errorf("read categories: %w", err)
		}
		for _, c := range categories {
			if c.ID == a.Category {
				return p.Text(message.BroadcastToTopic, "topic", p.CategoryName(c)), nil
			}
		}
	case store.AudienceLink:
		links, err := from.Links(ctx)
		if err != nil {
			return "", fmt.Errorf("read links: %w", err)
		}
		categories, err := from.Categories(ctx)
		if err != nil {
			return "", fmt.Errorf("read categories: %w", err)
		}
		for _, l := range links {
			if l.ID == a.Link {
				return p.Text(message.BroadcastToLink, "campaign", linkName(p, l, categories)), nil
			}
		}
	}
	return p.Text(message.BroadcastToNobody), nil
}

func count(p message.Printer, a store.Audience, n int) string {
	if a.Kind == store.AudiencePlaces {
		return p.Text(message.BroadcastCountPlaces, "n", n)
	}
	return p.Text(message.BroadcastCountPeople, "n", n)
}

// KindName names what is sent by its kind: a text, an album of three.
func KindName(p message.Printer, b store.Broadcast) string {
	kinds := map[string]message.Key{
		KindText: message.BroadcastKindText, KindPhoto: message.BroadcastKindPhoto, KindVideo: message.BroadcastKindVideo,
		KindAlbum: message.BroadcastKindAlbum, KindPoll: message.BroadcastKindPoll, KindDocument: message.BroadcastKindDocument,
		KindDigest: message.BroadcastKindDigest,
	}
	key, known := kinds[b.Kind]
	if !known {
		key = message.BroadcastKindOther
	}
	return p.Text(key, "n", len(b.Messages))
}

// contentLine says what is sent.
func contentLine(p message.Printer, b store.Broadcast) string {
	line := KindName(p, b)
	if b.Title != "" {
		line += ": <i>" + string(p.HTML(message.BroadcastShowButton, "title", b.Title)) + "</i>"
	}
	return line
}

// figures are what a screen says beside the broadcast itself.
type figures struct {
	misses map[store.Miss]int
	// rate is what was settled a second lately, 0 if that is not known.
	rate float64
	now  time.Time
}

// Screen shows how a broadcast stands, with what can be done about it.
func Screen(ctx context.Context, from store.Reader, p message.Printer, b store.Broadcast, now time.Time) (message.Message, error) {
	misses, err := from.Misses(ctx, b.ID)
	if err != nil {
		return message.Message{}, err
	}
	return screenOf(ctx, from, p, b, figures{misses: misses, now: now})
}

func screenOf(ctx context.Context, from store.Reader, p message.Printer, b store.Broadcast, f figures) (message.Message, error) {
	who, err := NameOf(ctx, from, p, b.Audience)
	if err != nil {
		return message.Message{}, err
	}
	lines := []string{headOf(p, b, f.now), contentLine(p, b)}
	settled := b.Progress.Delivered
	for why, n := range f.misses {
		if why != store.MissLater {
			settled += n
		}
	}
	ended := b.State == store.BroadcastDone || b.State == store.BroadcastDeleted
	total := max(b.Total, settled)
	if ended {
		total = settled
	}
	lines = append(lines, string(p.HTML(message.BroadcastConfirm, "who", who, "count", count(p, b.Audience, total))))
	if b.State == store.BroadcastRunning || b.State == store.BroadcastPaused {
		lines = append(lines, bar(p, settled, total))
	}
	if !b.StartedAt.IsZero() {
		lines = append(lines, string(p.HTML(message.BroadcastFigures, "sent", b.Progress.Delivered, "total", total)))
	}
	for _, m := range []struct {
		why store.Miss
		key message.Key
	}{
		{store.MissBlocked, message.BroadcastMissBlocked},
		{store.MissGone, message.BroadcastMissGone},
		{store.MissRights, message.BroadcastMissRights},
		{store.MissRefused, message.BroadcastMissRefused},
		{store.MissUnknown, message.BroadcastMissUnknown},
		{store.MissLater, message.BroadcastMissLater},
	} {
		if n := f.misses[m.why]; n > 0 && (m.why != store.MissLater || b.State == store.BroadcastRunning || b.State == store.BroadcastPaused) {
			lines = append(lines, string(p.HTML(m.key, "n", n)))
		}
	}
	if n := b.Progress.Deleted; n > 0 {
		lines = append(lines, string(p.HTML(message.BroadcastDeleted, "n", n)))
	}
	if n := b.Progress.Kept; n > 0 {
		lines = append(lines, string(p.HTML(message.BroadcastKept, "n", n)))
	}
	if left := total - settled; b.State == store.BroadcastRunning && f.rate > 0 && left > 0 {
		span := time.Duration(float64(left) / f.rate * float64(time.Second))
		lines = append(lines, string(p.HTML(message.BroadcastLeft, "rate", math.Round(10*f.rate)/10, "time", span)))
	}
	if why, err := whyOf(ctx, from, p, b); err != nil {
		return message.Message{}, err
	} else if why != "" {
		lines = append(lines, why)
	}
	return message.Message{HTML: strings.Join(lines, "\n"), Buttons: buttonsOf(p, b, f)}, nil
}

func headOf(p message.Printer, b store.Broadcast, now time.Time) string {
	switch b.State {
	case store.BroadcastReady:
		if b.StartAt.After(now) {
			return string(p.HTML(message.BroadcastHeadWaiting, "time", b.StartAt))
		}
		return string(p.HTML(message.BroadcastHeadReady))
	case store.BroadcastRunning:
		return string(p.HTML(message.BroadcastHeadRunning))
	case store.BroadcastPaused:
		return string(p.HTML(message.BroadcastHeadPaused))
	case store.BroadcastDone:
		return string(p.HTML(message.BroadcastHeadDone))
	case store.BroadcastDeleting:
		return string(p.HTML(message.BroadcastHeadDeleting))
	case store.BroadcastDeleted:
		return string(p.HTML(message.BroadcastHeadDeleted))
	}
	return string(p.HTML(message.BroadcastHeadCancelled))
}

func bar(p message.Printer, settled, total int) string {
	if total == 0 {
		return string(p.HTML(message.BroadcastBar, "bar", strings.Repeat("░", barCells), "percent", 0))
	}
	cells := settled * barCells / total
	return string(p.HTML(message.BroadcastBar, "bar", strings.Repeat("█", cells)+strings.Repeat("░", barCells-cells), "percent", settled*100/total))
}

// whyOf says why a broadcast was halted; empty if there is nothing to say.
func whyOf(ctx context.Context, from store.Reader, p message.Printer, b store.Broadcast) (string, error) {
	if b.State != store.BroadcastPaused && b.State != store.BroadcastCancelled {
		return "", nil
	}
	switch b.Reason {
	case ByEditor:
		e, err := from.Editor(ctx, b.By)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", fmt.Errorf("read who halted broadcast %d: %w", b.ID, err)
		}
		if e.Name == "" {
			chat, err := from.Chat(ctx, b.By)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return "", fmt.Errorf("read who halted broadcast %d: %w", b.ID, err)
			}
			if e.Name = chat.Title; e.Name == "" {
				return "", nil
			}
		}
		return string(p.HTML(message.BroadcastWhyEditor, "name", e.Name)), nil
	case ByFailures:
		return string(p.HTML(message.BroadcastWhyFailures, "reason", b.Detail)), nil
	case BySource:
		return string(p.HTML(message.BroadcastWhySource)), nil
	case ByTorn:
		return string(p.HTML(message.BroadcastWhyTorn)), nil
	case ByExpiry:
		return string(p.HTML(message.BroadcastWhyExpired)), nil
	case ByRefusal:
		return string(p.HTML(message.BroadcastWhyRefused, "reason", b.Detail)), nil
	}
	return "", nil
}

// Failed are the reasons for which it may be worth trying again, by hand.
var Failed = []store.Miss{store.MissBlocked, store.MissGone, store.MissRights, store.MissRefused}

func buttonsOf(p message.Printer, b store.Broadcast, f figures) (rows [][]message.Button) {
	failed := f.misses[store.MissRights] + f.misses[store.MissRefused] + f.misses[store.MissBlocked] + f.misses[store.MissGone]
	again := func() {
		if f.misses[store.MissUnknown] > 0 {
			rows = append(rows, row(press(p.Text(message.BroadcastUnknownButton), b, Unknown, 0)))
		}
		if failed > 0 {
			rows = append(rows, row(press(p.Text(message.BroadcastResendFailedButton), b, ResendFailed, 0)))
		}
		if b.Progress.Delivered > b.Progress.Deleted && f.now.Sub(b.StartedAt) < deletable {
			rows = append(rows, row(press(p.Text(message.BroadcastDeleteButton), b, Delete, 0)))
		}
	}
	switch b.State {
	case store.BroadcastReady:
		rows = append(rows, row(press(p.Text(message.BroadcastCancelButton), b, Cancel, 0)))
	case store.BroadcastRunning:
		rows = append(rows, row(press(p.Text(message.BroadcastPauseButton), b, Pause, 0), press(p.Text(message.BroadcastCancelButton), b, Cancel, 0)))
	case store.BroadcastPaused:
		if b.Reason != BySource && b.Reason != ByTorn {
			rows = append(rows, row(press(p.Text(message.BroadcastResumeButton), b, Resume, 0)))
		}
		rows = append(rows, row(press(p.Text(message.BroadcastCancelButton), b, Cancel, 0)))
	case store.BroadcastDone:
		again()
	case store.BroadcastCancelled:
		if b.Reason == ByExpiry && b.Progress.Delivered == 0 {
			rows = append(rows, row(press(p.Text(message.BroadcastLateButton), b, SendLate, 0)))
		}
		if b.Progress.Delivered > 0 {
			failed = 0 // who did not get it was not to get it
			delete(f.misses, store.MissUnknown)
			again()
		}
	}
	return rows
}

// UnknownScreen lists by name those of whom it is not known whether they have it.
func UnknownScreen(ctx context.Context, from store.Reader, p message.Printer, b store.Broadcast) (message.Message, error) {
	misses, err := from.Misses(ctx, b.ID)
	if err != nil {
		return message.Message{}, err
	}
	unknown, err := from.MissedChats(ctx, b.ID, store.MissUnknown, 0, listed)
	if err != nil {
		return message.Message{}, err
	}
	lines := []string{string(p.HTML(message.BroadcastUnknown, "n", misses[store.MissUnknown])), ""}
	for _, u := range unknown {
		chat, err := from.ChatByID(ctx, u.Chat)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return message.Message{}, fmt.Errorf("read chat %d: %w", u.Chat, err)
		}
		name := strings.TrimSpace(chat.Title)
		if chat.Username != "" {
			name = strings.TrimSpace(name + " @" + chat.Username)
		}
		if name == "" {
			name = fmt.Sprint(chat.TelegramID)
		}
		lines = append(lines, "• "+string(p.HTML(message.BroadcastShowButton, "title", name)))
	}
	if rest := misses[store.MissUnknown] - len(unknown); rest > 0 {
		lines = append(lines, string(p.HTML(message.BroadcastUnknownRest, "n", rest)))
	}
	return message.Message{HTML: strings.Join(lines, "\n"), Buttons: [][]message.Button{
		row(press(p.Text(message.BroadcastResendUnknownButton), b, ResendUnknown, 0)),
		row(press(p.Text(message.NavBack), b, Show, 0)),
	}}, nil
}

// DeleteScreen asks whether to take a broadcast back.
func DeleteScreen(p message.Printer, b store.Broadcast) message.Message {
	m := p.Say(message.BroadcastDeleteAsk)
	m.Buttons = [][]message.Button{row(press(p.Text(message.BroadcastDeleteYes), b, Delete, 1)), row(press(p.Text(message.NavBack), b, Show, 0))}
	return m
}

// ListScreen lists the newest broadcasts; the buttons show them.
func ListScreen(p message.Printer, broadcasts []store.Broadcast, now time.Time) message.Message {
	if len(broadcasts) == 0 {
		return p.Say(message.BroadcastListNone)
	}
	lines := []string{string(p.HTML(message.BroadcastList))}
	var m message.Message
	for _, b := range broadcasts {
		title := b.Title
		if title == "" {
			title = KindName(p, b)
		}
		at := b.StartedAt
		if at.IsZero() {
			at = b.CreatedAt
		}
		lines = append(lines, "", string(p.HTML(message.BroadcastLine, "time", p.Stamp(at, now), "state", message.HTML(headOf(p, b, now)),
			"sent", b.Progress.Delivered, "total", max(b.Total, b.Progress.Delivered), "title", title)))
		m.Buttons = append(m.Buttons, row(press(p.Text(message.BroadcastShowButton, "title", title), b, Show, 0)))
	}
	m.HTML = strings.Join(lines, "\n")
	return m
}

// tellReport sends the author how his broadcast stands, in a message of its own: what has come to an end should be heard of.
func (r *Runner) tellReport(ctx context.Context, tx store.Tx, id int64, now time.Time) error {
	b, err := tx.Broadcast(ctx, id)
	if err != nil {
		return err
	}
	return r.tell(ctx, tx, b, now, func(p message.Printer) (message.Message, error) { return Screen(ctx, tx, p, b, now) })
}
