package bot

import (
	"errors"
	"fmt"
	"slices"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// manage returns the chat that a command or press is about, provided that the person may change it: the own private chat or the
// group it happened in for subject 0, else the group or channel with our id subject, which is managed from a private chat. In a
// private chat of which we know nothing the ID is 0. When ok is false, the person has been told why.
func (t *turn) manage(subject int64) (chat store.Chat, ok bool, err error) {
	return t.manageAsking(subject, question{})
}

// manageAsking is manage with a further question to Telegram, of which t.word holds the answer.
func (t *turn) manageAsking(subject int64, also question) (chat store.Chat, ok bool, err error) {
	if subject == 0 && t.private() {
		chat, known, err := t.place()
		if !known {
			chat = store.Chat{TelegramID: t.update.ChatID(), Kind: store.Private}
		}
		return chat, err == nil, err
	}
	if subject == 0 {
		return t.manageHere(also)
	}
	if !t.private() {
		return chat, false, t.refuse(message.ButtonNone)
	}
	chat, err = t.tx.ChatByID(t.ctx, subject)
	if errors.Is(err, store.ErrNotFound) || err == nil && chat.Kind == store.Private {
		return chat, false, t.refuse(message.ChanNotAdmin) // whether there is such a chat is nobody's business
	}
	if err != nil {
		return chat, false, fmt.Errorf("read chat with id %d: %w", subject, err)
	}
	also.chat, also.person = chat.TelegramID, t.update.Sender().ID
	w, err := t.ask(also)
	if err != nil {
		return chat, false, err
	}
	return t.verified(chat, w)
}

// manageHere is manage for the group in which the update happened.
func (t *turn) manageHere(q question) (chat store.Chat, ok bool, err error) {
	m := t.message()
	if m == nil || m.Chat.Type == telegram.Channel {
		return chat, false, t.refuse(message.ButtonNone)
	}
	sender := t.update.Sender()
	q.chat, q.person = m.Chat.ID, sender.ID
	if said := t.update.Message; said != nil && said.SenderChat != nil {
		if said.SenderChat.ID != said.Chat.ID {
			return chat, false, t.turnAway(message.AdminOnly) // in the name of a channel, which proves nothing here
		}
		q.person = 0 // an anonymous admin: only admins can write in the name of the group
	}
	w, err := t.ask(q)
	if err != nil {
		return chat, false, err
	}
	chat, known, err := t.place()
	if err != nil {
		return chat, false, err
	}
	if !known && (q.person == 0 || w.person.IsAdmin()) && w.kind == telegram.KindNone {
		chat = t.newChat(m.Chat)
		if err := t.save(&chat); err != nil {
			return chat, false, err
		}
	}
	return t.verified(chat, w)
}

// newChat is a group or channel that we do not know yet.
func (t *turn) newChat(c telegram.Chat) store.Chat {
	return store.Chat{
		TelegramID: c.ID,
		Kind:       store.ChatKind(c.Type),
		Title:      bengali.Truncate(c.Title, maxTitle),
		Username:   c.Username,
		Language:   string(message.Bengali),
		State:      store.Active,
		JoinedAt:   t.now,
		Welcomed:   true,
	}
}

// verified judges by Telegram's word whether the person may manage the chat, and takes over what the word says of our own standing.
func (t *turn) verified(chat store.Chat, w *word) (store.Chat, bool, error) {
	switch w.kind {
	case telegram.KindNone:
	case telegram.KindGone:
		return chat, false, t.outOfReach(chat, store.Blocked)
	case telegram.KindNoRights: // in a channel only admins may ask
		return chat, false, t.outOfReach(chat, store.Unpostable)
	case telegram.KindMigrated: // a button of the time when it was no supergroup yet
		return chat, false, t.refuse(message.ChanMigrated)
	case telegram.KindChatNotFound, telegram.KindNotMember:
		return chat, false, t.outOfReach(chat, store.Active) // too vague to end a subscription by
	default:
		return chat, false, t.refuse(message.ChanUnchecked)
	}
	if w.question.person != 0 && !w.person.IsAdmin() {
		if chat.ID != 0 {
			if err := t.tx.Unmanage(t.ctx, chat.ID, w.question.person); err != nil {
				return chat, false, fmt.Errorf("forget that user %d managed chat %d: %w", w.question.person, chat.ID, err)
			}
		}
		if t.private() {
			return chat, false, t.refuse(message.ChanNotAdmin)
		}
		return chat, false, t.turnAway(message.AdminOnly)
	}
	if !w.bot.Present() {
		return chat, false, t.outOfReach(chat, store.Blocked)
	}
	if w.question.person != 0 {
		if err := t.tx.Manage(t.ctx, chat.ID, w.question.person, t.now); err != nil {
			return chat, false, fmt.Errorf("remember that user %d manages chat %d: %w", w.question.person, chat.ID, err)
		}
	}
	switch can := w.bot.CanPost(telegram.ChatKind(chat.Kind)); {
	case can && (chat.State == store.Unpostable || chat.State == store.Blocked || chat.State == store.Gone):
		return chat, true, t.reopen(&chat)
	case !can && chat.State == store.Active:
		setState(&chat, store.Unpostable, "no right to post", t.now)
		return chat, true, t.save(&chat)
	}
	return chat, true, nil
}

// reopen begins posting anew where we could not post.
func (t *turn) reopen(chat *store.Chat) error {
	setState(chat, store.Active, "", t.now)
	if err := t.save(chat); err != nil {
		return err
	}
	for _, key := range []string{delivery.UnpostableKey(chat.ID), delivery.RemovedKey(chat.ID), delivery.PinKey(chat.ID)} {
		if err := t.tx.TellAgain(t.ctx, key); err != nil {
			return fmt.Errorf("forget what was told of chat %d: %w", chat.ID, err)
		}
	}
	return nil
}

// outOfReach is what Telegram's refusal to speak about a chat means: we are not in it, or no more its admin. Only who managed it
// is told so.
func (t *turn) outOfReach(chat store.Chat, state store.ChatState) error {
	if chat.ID == 0 {
		return t.refuse(message.ChanRights)
	}
	// A pause outlasts a lost right, but not our removal.
	ends := chat.State == store.Active || state == store.Blocked && chat.State != store.Gone
	if ends && chat.State != state {
		setState(&chat, state, "out of reach", t.now)
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	managers, err := t.tx.Managers(t.ctx, chat.ID)
	if err != nil {
		return fmt.Errorf("read who manages chat %d: %w", chat.ID, err)
	}
	if slices.Contains(managers, t.update.Sender().ID) {
		return t.refuse(message.ChanGone)
	}
	return t.refuse(message.ChanNotAdmin)
}

// turnAway is refuse for what is not for all members of a group, or not to be done there. Any of them can ask for it, and all read the answer: it
// is not given again and again.
func (t *turn) turnAway(why message.Key) error {
	if t.update.Callback == nil && !t.refusals.may(t.update.ChatID(), t.now) {
		return nil
	}
	return t.refuse(why)
}

// refuse tells the person why not.
func (t *turn) refuse(why message.Key) error {
	p, err := t.printer()
	t.alert(p.Say(why))
	return err
}
