package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

const (
	// draftTime is how long an editor who was asked what to announce is waited for; what he writes later is meant otherwise.
	draftTime = time.Hour
	// gatherTime is how long the next part of an album is waited for. Telegram hands them out one by one, all within a moment.
	gatherTime = 1200 * time.Millisecond
	// albumsKept is how many albums of an editor are remembered, so that one can be announced by answering a part of it.
	albumsKept = 5
	// broadcastsListed is how many broadcasts /broadcasts lists.
	broadcastsListed = 8
)

// startBroadcast begins an announcement: of the message that the command answers, or of what is written next.
func (t *turn) startBroadcast() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	author := t.update.Sender().ID
	if err := t.dropDraft(author); err != nil {
		return err
	}
	b := store.Broadcast{State: store.BroadcastComposing, Author: author, CreatedAt: t.now}
	torn := false
	if content := t.message().ReplyTo; content != nil {
		if torn, err = t.takeReply(&b, content); err != nil {
			return err
		}
	}
	if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
		return err
	}
	return t.sayAnnouncement(p, b, torn)
}

// sayAnnouncement shows what is being composed; of a torn album it says what to do.
func (t *turn) sayAnnouncement(p message.Printer, b store.Broadcast, torn bool) error {
	m, err := broadcast.DraftScreen(t.ctx, t.tx, p, b, t.config.Rate, t.now)
	if torn {
		m.HTML = string(p.HTML(message.BroadcastAskParts))
	}
	t.say(m)
	return err
}

// takeReply makes the message that was answered the content, with all parts of its album. It reports true if those are not known.
func (t *turn) takeReply(b *store.Broadcast, m *telegram.Message) (torn bool, err error) {
	if m.MediaGroup == "" {
		broadcast.Take(b, m)
		return false, nil
	}
	albums, err := t.albums()
	if err != nil {
		return false, err
	}
	for _, a := range albums {
		if a.Group == m.MediaGroup {
			broadcast.Take(b, m)
			b.Messages, b.Title = a.Messages, a.Title
			return false, nil
		}
	}
	return true, nil
}

// dropDraft gives up what the author is composing, and waits for nothing that he was asked before.
func (t *turn) dropDraft(author int64) error {
	if err := t.await(nil); err != nil {
		return err
	}
	if s, err := t.tx.AskedSchedule(t.ctx, author); err == nil {
		askNoMore(&s)
		if err := t.tx.SaveSchedule(t.ctx, &s); err != nil {
			return err
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	for {
		old, err := t.tx.Draft(t.ctx, author)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.tx.DropBroadcast(t.ctx, old.ID); err != nil {
			return err
		}
	}
}

// compose takes a private message as the content of an announcement, or as a further part of its album, if its author is asked for one. It
// reports whether it was.
func (t *turn) compose(m *telegram.Message) (bool, error) {
	if strings.HasPrefix(m.Text, "/") {
		return false, nil
	}
	b, err := t.tx.Draft(t.ctx, m.From.ID)
	drafting := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	if !drafting && m.MediaGroup == "" {
		return false, nil
	}
	if have, err := t.roleOf(m.From.ID); err != nil || have < editor {
		return false, err
	}
	if m.MediaGroup != "" {
		if err := t.rememberAlbum(m); err != nil {
			return false, err
		}
	}
	asked := drafting && !broadcast.Composed(b) && t.now.Sub(b.CreatedAt) < draftTime
	part := drafting && m.MediaGroup != "" && m.MediaGroup == b.Album
	if !asked && !part {
		// The further parts of an album that was not asked for are passed over, as one picture with one answer.
		return m.MediaGroup != "" && t.albumSeen(m), nil
	}
	if !broadcast.Take(&b, m) {
		return true, nil
	}
	if b.Album != "" {
		b.GatherAt = t.now.Add(gatherTime)
		return true, t.tx.SaveBroadcast(t.ctx, &b)
	}
	if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
		return true, err
	}
	p, err := t.printer()
	if err != nil {
		return true, err
	}
	return true, t.sayAnnouncement(p, b, false)
}

// listBroadcasts lists the newest announcements.
func (t *turn) listBroadcasts() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	list, err := t.tx.Broadcasts(t.ctx, broadcastsListed)
	if err != nil {
		return err
	}
	t.say(broadcast.ListScreen(p, list, t.now))
	return nil
}

// pressBroadcast takes a step of an announcement. Its author alone puts it together; what is under way is in the hands of all editors.
func (t *turn) pressBroadcast() error {
	need := editor
	if step := t.press.Number(1); step == broadcast.Show || step == broadcast.Unknown {
		need = viewer
	}
	if ok, err := t.allowed(need); !ok {
		return err
	}
	b, err := t.tx.Broadcast(t.ctx, t.press.Number(0))
	if errors.Is(err, store.ErrNotFound) {
		return t.pressedOldBroadcast()
	}
	if err != nil {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	step := t.press.Number(1)
	if b.State == store.BroadcastComposing && (step <= broadcast.Drop || step == broadcast.Digest || step == broadcast.Later || step == broadcast.NotLater) {
		if b.Author != t.update.Sender().ID || !t.private() {
			return t.pressedOldBroadcast()
		}
		return t.pressDraft(p, b, step, t.press.Number(2))
	}
	return t.pressSent(p, b, step, t.press.Number(2))
}

func (t *turn) pressedOldBroadcast() error {
	p, err := t.printer()
	t.alert(p.Say(message.BroadcastOld))
	return err
}

// pressDraft takes a step of putting an announcement together.
func (t *turn) pressDraft(p message.Printer, b store.Broadcast, step, choice int64) error {
	if a, ok := broadcast.AudienceOf(step, choice); ok {
		return t.chooseAudience(p, b, a)
	}
	if step != broadcast.Drop && step != broadcast.Digest && !broadcast.Composed(b) {
		return t.showDraft(p, b)
	}
	switch step {
	case broadcast.Digest:
		broadcast.TakeDigest(&b)
		if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
			return err
		}
		return t.showDraft(p, b)
	case broadcast.Later:
		if _, err := t.tx.ScheduleOf(t.ctx, b.ID); errors.Is(err, store.ErrNotFound) {
			if _, err := t.draftSchedule(p, b, nil); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
		return t.showDraft(p, b)
	case broadcast.NotLater:
		// The time that was asked for goes with the draft, and the draft comes again without it.
		if err := t.tx.DropBroadcast(t.ctx, b.ID); err != nil {
			return err
		}
		b.ID = 0
		if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
			return err
		}
		return t.showDraft(p, b)
	case broadcast.Whom:
		t.show(broadcast.WhomScreen(p, b))
		return nil
	case broadcast.Days:
		t.show(broadcast.DaysScreen(p, b))
		return nil
	case broadcast.Topics:
		categories, err := t.categories()
		t.show(broadcast.TopicsScreen(p, b, categories))
		return err
	case broadcast.Links:
		links, err := t.tx.Links(t.ctx)
		if err == nil && len(links) == 0 {
			t.alert(p.Say(message.BroadcastLinksNone))
			return nil
		}
		if err != nil {
			return err
		}
		categories, err := t.categories()
		t.show(broadcast.LinksScreen(p, b, links, categories))
		return err
	case broadcast.Preview:
		if b.Kind == broadcast.KindDigest {
			return t.previewDigest(p, b)
		}
		b.Trial = true
		t.notice(p.Say(message.BroadcastPreviewSoon))
		return t.tx.SaveBroadcast(t.ctx, &b)
	case broadcast.Drop:
		t.show(p.Say(message.BroadcastDropped))
		return t.tx.DropBroadcast(t.ctx, b.ID)
	case broadcast.Send:
		return t.sendBroadcast(p, b, choice)
	}
	return t.pressedOldBroadcast()
}

// previewDigest shows the author the digest as it would be now.
func (t *turn) previewDigest(p message.Printer, b store.Broadcast) error {
	text, err := t.writeDigest(b, time.Time{})
	if err != nil {
		return err
	}
	if text == nil {
		t.alert(p.Say(message.ScheduleEmpty))
		return nil
	}
	var request telegram.Request
	if err := json.Unmarshal(text, &request); err != nil {
		return fmt.Errorf("read a digest: %w", err)
	}
	t.notice(p.Say(message.BroadcastPreviewSoon))
	t.owe(request.To(b.Author))
	return nil
}

func (t *turn) showDraft(p message.Printer, b store.Broadcast) error {
	m, err := broadcast.DraftScreen(t.ctx, t.tx, p, b, t.config.Rate, t.now)
	t.show(m)
	return err
}

// chooseAudience counts the audience, which may take a while and is done beside the updates, and keeps it.
func (t *turn) chooseAudience(p message.Printer, b store.Broadcast, a store.Audience) error {
	said, err := t.ask(question{audience: a})
	if err != nil {
		return err
	}
	if said.counted == 0 {
		t.alert(p.Say(message.BroadcastNobody))
		return nil
	}
	b.Audience, b.Total = a, said.counted
	b.Version++
	if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
		return err
	}
	return t.showDraft(p, b)
}

// sendBroadcast lets an announcement go, provided that it is the one that was seen.
func (t *turn) sendBroadcast(p message.Printer, b store.Broadcast, version int64) error {
	switch {
	case b.Audience.Kind == "":
		t.show(broadcast.WhomScreen(p, b))
		return nil
	case version != b.Version || !b.GatherAt.IsZero():
		t.alert(p.Say(message.BroadcastChanged, "n", len(b.Messages)))
		return t.showDraft(p, b)
	}
	if b.Kind == broadcast.KindDigest {
		var err error
		if b.Request, err = t.writeDigest(b, time.Time{}); err != nil {
			return err
		}
		if b.Request == nil {
			t.alert(p.Say(message.ScheduleEmpty))
			return nil
		}
	}
	b.State, b.Trial = store.BroadcastReady, false
	if c := t.update.Callback; c != nil && c.Message != nil {
		b.Screen = c.Message.ID
	}
	if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
		return err
	}
	t.config.Log.Info("a broadcast was let go", "broadcast", b.ID, "by", b.Author, "audience", b.Audience.Kind, "chats", b.Total)
	if err := t.recordBroadcast(store.BroadcastSent, b); err != nil {
		return err
	}
	return t.showBroadcast(p, b.ID)
}

// deeds are what the desk's log calls the turns that editors give an announcement.
var deeds = map[store.BroadcastState]store.Deed{
	store.BroadcastRunning: store.BroadcastResumed, store.BroadcastPaused: store.BroadcastHalted,
	store.BroadcastCancelled: store.BroadcastStopped, store.BroadcastDeleting: store.BroadcastTakenBack,
}

// recordBroadcast enters in the desk's log what was done with an announcement.
func (t *turn) recordBroadcast(deed store.Deed, b store.Broadcast) error {
	p := t.printerFor(store.Chat{})
	who, err := broadcast.NameOf(t.ctx, t.tx, p, b.Audience)
	if err != nil {
		return err
	}
	title := b.Title
	if title == "" {
		title = broadcast.KindName(p, b)
	}
	return t.record(deed, title, who)
}

// showBroadcast shows how an announcement stands. Where its author looks, it is kept up to date.
func (t *turn) showBroadcast(p message.Printer, id int64) error {
	b, err := t.tx.Broadcast(t.ctx, id)
	if err != nil {
		return err
	}
	if c := t.update.Callback; c != nil && c.Message != nil && b.Author == c.From.ID && t.private() && b.Screen != c.Message.ID && c.Message.Text != "" {
		b.Screen = c.Message.ID
		if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
			return err
		}
	}
	m, err := broadcast.Screen(t.ctx, t.tx, p, b, t.now)
	t.show(m)
	return err
}

// pressSent takes a step with an announcement that was let go.
func (t *turn) pressSent(p message.Printer, b store.Broadcast, step, choice int64) error {
	by := t.update.Sender().ID
	turn := func(to store.BroadcastState, reason string, from ...store.BroadcastState) error {
		turned, err := t.tx.TurnBroadcast(t.ctx, b.ID, from, to, t.now, reason, "", by)
		if err != nil {
			return err
		}
		if !turned {
			t.notice(p.Say(message.BroadcastOld))
			return t.showBroadcast(p, b.ID)
		}
		t.config.Log.Info("a broadcast was changed", "broadcast", b.ID, "state", to, "by", by)
		if err := t.recordBroadcast(deeds[to], b); err != nil {
			return err
		}
		return t.showBroadcast(p, b.ID)
	}
	resend := func(why ...store.Miss) error {
		if b.State != store.BroadcastDone {
			return t.showBroadcast(p, b.ID)
		}
		if n, err := t.tx.RetryMissed(t.ctx, b.ID, why, t.now); err != nil || n == 0 {
			if err != nil {
				return err
			}
			return t.showBroadcast(p, b.ID)
		}
		return turn(store.BroadcastRunning, broadcast.ByEditor, store.BroadcastDone)
	}
	switch b.State {
	case store.BroadcastComposing, store.BroadcastChecking, store.BroadcastKept:
		return t.pressedOldBroadcast()
	}
	switch step {
	case broadcast.SendLate:
		if b.State != store.BroadcastCancelled || b.Reason != broadcast.ByExpiry {
			t.alert(p.Say(message.BroadcastOld))
			return nil
		}
		b.State, b.Reason, b.StartAt, b.ExpiresAt, b.EndedAt = store.BroadcastReady, "", time.Time{}, time.Time{}, time.Time{}
		if err := t.tx.SaveBroadcast(t.ctx, &b); err != nil {
			return err
		}
		t.config.Log.Info("a broadcast that was late was let go", "broadcast", b.ID, "by", by)
		return t.showBroadcast(p, b.ID)
	case broadcast.Pause:
		return turn(store.BroadcastPaused, broadcast.ByEditor, store.BroadcastRunning)
	case broadcast.Resume:
		return turn(store.BroadcastRunning, broadcast.ByEditor, store.BroadcastPaused)
	case broadcast.Cancel:
		return turn(store.BroadcastCancelled, broadcast.ByEditor, store.BroadcastReady, store.BroadcastRunning, store.BroadcastPaused)
	case broadcast.ResendUnknown:
		return resend(store.MissUnknown)
	case broadcast.ResendFailed:
		return resend(broadcast.Failed...)
	case broadcast.Unknown:
		m, err := broadcast.UnknownScreen(t.ctx, t.tx, p, b)
		t.show(m)
		return err
	case broadcast.Delete:
		if choice != 1 {
			t.show(broadcast.DeleteScreen(p, b))
			return nil
		}
		return turn(store.BroadcastDeleting, "", store.BroadcastDone, store.BroadcastCancelled)
	}
	return t.showBroadcast(p, b.ID)
}
