package bot

import (
	"errors"
	"fmt"
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// handle finds out what the update wants and does it.
func (t *turn) handle() error {
	switch u := t.update; {
	case u.MyChatMember != nil:
		return t.standingChanged(u.MyChatMember)
	case u.Callback != nil:
		return t.pressed(u.Callback)
	case u.InlineQuery != nil:
		return t.inline(u.InlineQuery)
	case u.ChannelPost != nil:
		return t.posted(u.ChannelPost)
	case u.Message == nil:
		return nil
	case u.Message.Chat.Type == telegram.Private:
		return t.written(u.Message)
	default:
		return t.spoken(u.Message)
	}
}

// written is a message in a private chat.
func (t *turn) written(m *telegram.Message) error {
	if m.From == nil || m.From.IsBot {
		return nil
	}
	c, rest, err := t.command(m)
	if err != nil {
		return err
	}
	if t.verdict == heed {
		if taken, err := t.answered(m, c); taken || err != nil {
			return err
		}
	}
	switch {
	case t.verdict == slowDown:
		p, err := t.printer()
		t.say(p.Say(message.ErrSlow, "n", waitSeconds))
		return err
	case t.verdict == late || t.verdict == lateAgain:
		return t.beLate(c, rest)
	case m.ChatShared != nil:
		return t.chatShared(m.ChatShared)
	case m.ForwardOrigin != nil && m.ForwardOrigin.Channel != nil:
		return t.postForwarded(m)
	case c != nil:
		return t.obey(c, rest, inPrivate)
	case strings.HasPrefix(m.Text, "/"):
		p, err := t.printer()
		t.say(p.Say(message.ErrCmd))
		return err
	case m.Text == "":
		return t.wordless(m)
	default:
		if hours, ok := readHours(m.Text); ok {
			chat, ok, err := t.own()
			if err != nil || !ok {
				return err
			}
			return t.keepQuiet(chat, hours)
		}
		if m.ForwardOrigin != nil {
			return t.understand(m.Text)
		}
		if payload := t.payloadOf(m.Text); payload != "" { // our own link, pasted where it leads
			t.rest = payload
			return t.start()
		}
		if taken, err := t.topicSaid(m.Text); taken || err != nil {
			return err
		}
		if c, rest := t.menu.byEnd(m.Text, t.now); c != nil {
			return t.obey(c, rest, inPrivate)
		}
		return t.understand(m.Text)
	}
}

// waitSeconds is what somebody who asks too fast is told to wait: by then he may ask again some twenty times.
const waitSeconds = 10

// command finds the command a private text means; nil if it means none. What is said without a slash means a command only to those it is for: to a
// reader, “জরুরি” and “পরীক্ষা” are words to search for. What somebody else has said and is forwarded means none.
func (t *turn) command(m *telegram.Message) (*command, string, error) {
	name, _, rest, slash := parseCommand(m.Text)
	if c := t.menu.commands[name]; slash && c != nil && c.where&inPrivate != 0 {
		return c, rest, nil
	}
	// “/খবর” is no command to Telegram, but it is one to a person.
	c, rest := t.menu.byWords(strings.TrimPrefix(m.Text, "/"), t.now)
	if c != nil && !slash && m.ForwardOrigin != nil {
		return nil, "", nil
	}
	if c == nil || slash {
		return c, rest, nil
	}
	if c.forManagers {
		audience, err := t.audience(t.update.Sender().ID)
		if err != nil || audience == message.Readers {
			return nil, "", err
		}
	}
	refusal, err := t.lacks(c.role)
	if err != nil || refusal != "" {
		return nil, "", err
	}
	return c, rest, nil
}

// wordless is a private message without text: a picture, a sticker, a voice. What only tells of a change is passed over.
func (t *turn) wordless(m *telegram.Message) error {
	if m.Pinned != nil || m.MigrateTo != 0 || m.MigrateFrom != 0 {
		return nil
	}
	p, err := t.printer()
	t.say(p.Say(message.ErrText))
	return err
}

// obey carries out a command, provided that it works here and the person has the role.
func (t *turn) obey(c *command, rest string, at where) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if c.where&at == 0 {
		t.say(p.Say(message.ErrPrivateOnly))
		return nil
	}
	if refusal, err := t.lacks(c.role); err != nil || refusal != "" {
		if refusal != "" {
			t.say(p.Say(refusal))
		}
		return err
	}
	if c.role > nobody && at == inPrivate {
		if err := t.keepMenu(t.update.ChatID()); err != nil {
			return err
		}
	}
	t.rest = rest
	return c.do(t)
}

// beLate handles a message of a backlog: coming and going count, all else the person has to ask for again.
func (t *turn) beLate(c *command, rest string) error {
	if c != nil && (c.name == "start" || c.name == "stop") {
		t.rest = rest
		if c.name == "start" {
			if err := t.start(); err != nil {
				return err
			}
			t.owed = nil
			chat, _, err := t.place()
			if err != nil || !chat.Welcomed {
				return err // the welcome is the answer
			}
		} else {
			return t.stopLate()
		}
	}
	if t.verdict == lateAgain {
		return nil
	}
	p, err := t.printer()
	t.say(p.Say(message.ErrLate))
	return err
}

// spoken is a message in a group. Only commands that are for us are heard.
func (t *turn) spoken(m *telegram.Message) error {
	switch {
	case m.MigrateTo != 0:
		return t.moved(m.Chat.ID, m.MigrateTo)
	case m.MigrateFrom != 0:
		return t.moved(m.MigrateFrom, m.Chat.ID)
	case m.NewTitle != "":
		return t.renamed(m.NewTitle)
	}
	if t.verdict == heed {
		if taken, err := t.takeAnswer(m); taken || err != nil {
			return err
		}
	}
	c, rest, err := t.addressed(m)
	if c == nil || err != nil {
		return err
	}
	switch t.verdict {
	case slowDown, lateAgain:
		return nil
	case late:
		p, err := t.printer()
		t.say(p.Say(message.ErrLate))
		return err
	}
	if m.From == nil || m.IsAutomaticForward || m.From.IsBot && m.From.ID != telegram.AnonymousAdmin && m.From.ID != telegram.ChannelSpeaker {
		return nil
	}
	if c.where&inGroups == 0 {
		return t.turnAway(message.ErrPrivateOnly)
	}
	return t.obey(c, rest, inGroups)
}

// addressed finds the command of a message in a group or channel. One without an addressee is ours if we know it; one
// that names another bot is not, and neither is one we do not know, for groups have many bots.
func (t *turn) addressed(m *telegram.Message) (*command, string, error) {
	name, addressee, rest, ok := parseCommand(m.Text)
	if !ok {
		return nil, "", nil
	}
	if addressee != "" {
		if t.Name() == "" {
			return nil, "", needsName
		}
		if !strings.EqualFold(addressee, t.Name()) {
			return nil, "", nil
		}
	}
	return t.menu.commands[name], rest, nil
}

// posted is a post in a channel. Whoever wrote it may post there, but we do not know who it was, and all readers see what we
// answer: the only answer is where the channel is managed.
func (t *turn) posted(m *telegram.Message) error {
	if m.NewTitle != "" {
		return t.renamed(m.NewTitle)
	}
	if !strings.HasPrefix(m.Text, "/") || t.now.Sub(m.Time()) > lateAfter {
		return nil
	}
	c, _, err := t.addressed(m)
	if c == nil || err != nil || t.Name() == "" {
		return err
	}
	chat, known, err := t.place()
	if err != nil || !known || chat.State != store.Active {
		return err
	}
	t.say(t.printerFor(chat).Say(message.ChanInPrivate, "url", message.Whole(startURL(t.Name(), payloadChannel))))
	return nil
}

// pressed is a press of a button.
func (t *turn) pressed(c *telegram.CallbackQuery) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	switch t.verdict {
	case slowDown:
		t.notice(p.Say(message.ErrSlow, "n", waitSeconds))
		return nil
	case late, lateAgain:
		return nil
	}
	t.press, err = button.Parse(c.Data)
	do := t.menu.presses[t.press.Action]
	if errors.Is(err, button.ErrOld) || do == nil || c.Message == nil {
		return t.pressedOld()
	}
	if isCard(c.Message) && t.press.Action != button.Approval && t.press.Action != button.NextApproval {
		return t.refuse(message.ButtonNone) // forged, to put something else in its place
	}
	if err := do(t); err != nil {
		return err
	}
	// Whatever else was answered, the button must not go on waiting.
	for _, r := range t.owed {
		if r.Method == "answerCallbackQuery" {
			return nil
		}
	}
	t.owed = append([]telegram.Request{telegram.AnswerCallback(c.ID, "", false)}, t.owed...)
	return nil
}

// pressedOld answers a button of an older version, or none of ours, with fresh ones.
func (t *turn) pressedOld() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if !t.private() {
		t.alert(p.Say(message.ButtonNone))
		return nil
	}
	t.alert(p.Say(message.ButtonDataOld))
	m := p.HelpFor(message.Readers)
	m.Buttons = readerButtons(p)
	t.say(m)
	return nil
}

// renamed keeps a group's or channel's new title.
func (t *turn) renamed(title string) error {
	chat, known, err := t.place()
	if err != nil || !known || chat.Title == title {
		return err
	}
	chat.Title = title
	return t.save(&chat)
}

// moved gives a group the id of the supergroup it has become. Both chats tell of it; the second changes nothing.
func (t *turn) moved(from, to int64) error {
	if _, err := t.tx.Chat(t.ctx, from); errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return fmt.Errorf("read chat %d: %w", from, err)
	}
	if err := t.tx.MoveChat(t.ctx, from, to); err != nil {
		return fmt.Errorf("move chat %d to %d: %w", from, to, err)
	}
	t.reread()
	chat, err := t.tx.Chat(t.ctx, to)
	if err != nil {
		return fmt.Errorf("read chat %d: %w", to, err)
	}
	if chat.Kind == store.Group {
		chat.Kind = store.Supergroup
	}
	if chat.State == store.Blocked {
		setState(&chat, store.Active, "", t.now) // leaving the old group was part of the move
	}
	return t.save(&chat)
}

// save keeps a changed chat.
func (t *turn) save(chat *store.Chat) error {
	if err := t.tx.SaveChat(t.ctx, chat); err != nil {
		return fmt.Errorf("save chat %d: %w", chat.TelegramID, err)
	}
	t.shared.befriend(chat.TelegramID)
	t.reread()
	return nil
}
