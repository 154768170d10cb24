package bot

import (
	"errors"
	"fmt"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// takeLayout checks a layout that an admin wrote and shows a post in it; it is kept when the admin says so.
func (t *turn) takeLayout(chat store.Chat, a awaited, text string) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	cancel := message.Button{Text: p.Text(message.NavCancel), Data: button.Of(button.ChatPart, a.Subject, button.PartForm, 0)}
	var fault *message.LayoutFault
	switch err := p.CheckLayout(text); {
	case errors.As(err, &fault):
		m := p.SayLayoutFault(fault)
		m.Buttons = [][]message.Button{{cancel}}
		t.say(m)
		return nil // another is still waited for
	case err != nil:
		return err
	}
	a.Draft, a.Number = text, int64(t.update.ID)
	if err := t.await(&a); err != nil {
		return err
	}
	chat.Prefs.Form.Layout, chat.Prefs.Form.Template = store.Custom, text
	chat.Prefs.Mode = "" // a digest has no layout to show
	shown, err := t.sample(chat)
	if err != nil {
		return err
	}
	m := p.Say(message.FormKeepAsk)
	if !shown {
		m = p.Say(message.FormKeepUnseen)
	}
	m.Buttons = [][]message.Button{{{Text: p.Text(message.FormKeepYes), Data: button.Of(button.ChatKeep, a.Subject, a.Number)}, cancel}}
	t.say(m)
	return nil
}

// pressChatKeep keeps the layout that was shown.
func (t *turn) pressChatKeep() error {
	subject := t.press.Number(0)
	chat, ok, err := t.managePart(subject, question{})
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	a, err := t.awaited()
	if err != nil {
		return err
	}
	if a == nil || a.Draft == "" || a.Subject != subject || a.Number != t.press.Number(1) || p.CheckLayout(a.Draft) != nil {
		t.alert(p.Say(message.FormKeepOld))
		return t.showPart(chat, subject, button.PartForm, 0)
	}
	chat.Prefs.Form.Layout, chat.Prefs.Form.Template = store.Custom, a.Draft
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	if err := t.await(nil); err != nil {
		return err
	}
	t.notice(p.Say(message.FormKept))
	return t.showPart(chat, subject, button.PartForm, 0)
}

// sample answers with the message that the chat would get next. It reports false when there is no article to show.
func (t *turn) sample(chat store.Chat) (shown bool, err error) {
	request, err := t.nextPost(chat)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	request = request.To(t.update.ChatID()).WithoutThread()
	if in := t.message(); in != nil && in.Thread() != 0 {
		request.Params.Int("message_thread_id", int64(in.Thread()))
	}
	t.owe(request)
	return true, nil
}

// nextPost is the message that the chat would get next, or store.ErrNotFound when there is no article for it.
func (t *turn) nextPost(chat store.Chat) (telegram.Request, error) {
	if t.config.Sample == nil {
		return telegram.Request{}, store.ErrNotFound
	}
	request, err := t.config.Sample(t.ctx, t.tx, chat)
	if err != nil {
		err = fmt.Errorf("write the next post of chat %d: %w", chat.ID, err)
	}
	return request, err
}
