package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// turn is the handling of one update within one transaction. It has no effect but through tx, so it can be done again from
// the beginning.
type turn struct {
	*Bot
	ctx     context.Context
	tx      store.Tx
	now     time.Time
	update  *telegram.Update
	verdict verdict
	// word is what Telegram said to the question of an earlier attempt; nil on the first.
	word *word

	// press is the decoded button, rest what follows a command.
	press button.Press
	rest  string

	here      store.Chat // see place
	hereKnown bool
	hereRead  bool
	// shared is what the turns of the transaction have in common.
	shared *shared
	owed   []telegram.Request
	// after is done once the transaction is kept; it must not block.
	after []func()
}

// run handles the update. What needs Telegram's word is put aside, which aside reports; a panic comes back as an
// error without the text of the update, which may be private.
func (t *turn) run() (aside bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v at %s", p, debug.Stack())
		}
	}()
	if err = t.saw(); err == nil {
		err = t.handle()
	}
	var ask *needsWord
	if errors.As(err, &ask) && t.word == nil {
		raw, err := json.Marshal(t.update)
		if err != nil {
			return false, fmt.Errorf("put aside: %w", err)
		}
		return true, t.tx.PutAside(t.ctx, store.Aside{Update: int64(t.update.ID), Raw: raw, At: t.now})
	}
	if err != nil {
		return false, err
	}
	return false, t.payUp()
}

// saw remembers that the person of a private chat was here.
func (t *turn) saw() error {
	if u := t.update; (u.Message == nil && u.Callback == nil) || !t.private() || t.shared.strangers[t.update.ChatID()] {
		return nil
	}
	return t.tx.SawChat(t.ctx, t.update.ChatID(), t.now)
}

// payUp keeps the answers.
func (t *turn) payUp() error {
	chat := t.update.ChatID()
	for _, r := range t.owed {
		raw, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
		to := r.Chat()
		if to == 0 {
			to = chat
		}
		if err := t.tx.Owe(t.ctx, &store.Answer{TelegramID: to, Request: raw, At: t.now}); err != nil {
			return fmt.Errorf("keep an answer: %w", err)
		}
	}
	return nil
}

// owe adds a call to the answers.
func (t *turn) owe(r telegram.Request) { t.owed = append(t.owed, r) }

// message is the message the update is about: the one that was written, or the one whose button was pressed. It is nil when
// there is none.
func (t *turn) message() *telegram.Message {
	if c := t.update.Callback; c != nil {
		return c.Message
	}
	return t.update.AnyMessage()
}

// place is the chat in which the update happened, as the store has it; known is false if it has not.
func (t *turn) place() (chat store.Chat, known bool, err error) {
	if t.hereRead {
		return t.here, t.hereKnown, nil
	}
	if t.shared.strangers[t.update.ChatID()] {
		return store.Chat{}, false, nil
	}
	t.here, err = t.tx.Chat(t.ctx, t.update.ChatID())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Chat{}, false, fmt.Errorf("read chat %d: %w", t.update.ChatID(), err)
	}
	t.hereKnown, t.hereRead = err == nil, true
	return t.here, t.hereKnown, nil
}

// reread makes place look again, after the chat was changed.
func (t *turn) reread() { t.hereRead = false }

// private tells whether the update happened in a private chat.
func (t *turn) private() bool {
	m := t.message()
	return m != nil && m.Chat.Type == telegram.Private
}

// printer speaks the language and the time zone of the place.
func (t *turn) printer() (message.Printer, error) {
	chat, _, err := t.place()
	return t.printerFor(chat), err
}

func (b *Bot) printerFor(chat store.Chat) message.Printer {
	return message.For(chat, b.config.Zone, b.config.Region)
}

// say answers with a message of its own, in the same forum topic.
func (t *turn) say(m message.Message) {
	out := telegram.Outgoing{ChatID: t.update.ChatID(), Text: m.HTML, Keyboard: markup(m.Buttons)}
	if in := t.message(); in != nil {
		out.ThreadID = in.Thread()
	}
	t.owe(telegram.Send(withPreview(out, m)))
}

// sayScreen is say for a screen that could be made.
func (t *turn) sayScreen(m message.Message, err error) error {
	if err == nil {
		t.say(m)
	}
	return err
}

// tell writes to a person or a chat elsewhere.
func (t *turn) tell(chat int64, m message.Message) {
	t.owe(telegram.Send(withPreview(telegram.Outgoing{ChatID: chat, Text: m.HTML, Keyboard: markup(m.Buttons)}, m)))
}

func withPreview(out telegram.Outgoing, m message.Message) telegram.Outgoing {
	out.Preview.Off = !m.Preview
	return out
}

// show puts the message in the place of the one whose button was pressed. Where there is none, or it can no longer be
// edited as a text, it is sent anew.
func (t *turn) show(m message.Message) {
	c := t.update.Callback
	if c == nil || c.Message == nil || c.Message.Date == 0 || c.Message.Text == "" {
		t.say(m)
		return
	}
	e := telegram.Edit{ChatID: c.Message.Chat.ID, MessageID: c.Message.ID, Text: m.HTML}
	if rows := markup(m.Buttons); rows != nil {
		e.Keyboard = rows.(telegram.InlineKeyboard)
	}
	e.Preview.Off = !m.Preview
	t.owe(telegram.EditText(e))
}

// showScreen is show for a screen that could be made.
func (t *turn) showScreen(m message.Message, err error) error {
	if err == nil {
		t.show(m)
	}
	return err
}

// notice ends the wait of a pressed button with a line at the top of the screen; for a message it is an answer like any
// other.
func (t *turn) notice(text message.Message) { t.reply(text, false) }

// alert is notice in a box that has to be closed.
func (t *turn) alert(text message.Message) { t.reply(text, true) }

func (t *turn) reply(text message.Message, box bool) {
	c := t.update.Callback
	if c == nil {
		t.say(text)
		return
	}
	t.owe(telegram.AnswerCallback(c.ID, noticeText(text.Plain), box))
}

// noticeLimit is how many characters the answer to a press can have (Bot API, answerCallbackQuery).
const noticeLimit = 200

func noticeText(text string) string {
	runes := []rune(text)
	if len(runes) <= noticeLimit {
		return text
	}
	return string(runes[:noticeLimit-1]) + "…"
}

// markup makes rows of inline buttons; nil when there are none.
func markup(rows [][]message.Button) telegram.Keyboard {
	if len(rows) == 0 {
		return nil
	}
	keyboard := make(telegram.InlineKeyboard, 0, len(rows))
	for _, row := range rows {
		buttons := make([]telegram.Button, 0, len(row))
		for _, b := range row {
			buttons = append(buttons, telegram.Button{Text: message.ButtonText(b.Text), URL: b.URL, Data: b.Data})
		}
		keyboard = append(keyboard, buttons)
	}
	return keyboard
}

// categories reads the catalogue once a transaction.
func (t *turn) categories() ([]store.Category, error) {
	if t.shared.topics != nil {
		return t.shared.topics, nil
	}
	list, err := t.tx.Categories(t.ctx)
	if err != nil {
		return nil, fmt.Errorf("read categories: %w", err)
	}
	t.shared.topics = list
	return list, nil
}
