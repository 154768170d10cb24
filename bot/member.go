package bot

import (
	"errors"
	"fmt"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// standingChanged is a change of our own standing in a chat: blocked or unblocked by a reader, added to a group or channel,
// removed from it, given or refused the right to post.
func (t *turn) standingChanged(m *telegram.ChatMemberUpdated) error {
	if m.New.User.ID != t.client.BotID() {
		return nil
	}
	chat, known, err := t.place()
	if err != nil {
		return err
	}
	if m.Chat.Type == telegram.Private {
		return t.readerTurned(chat, known, m.New.Present())
	}
	if known && m.Chat.Title != "" {
		chat.Title, chat.Username = bengali.Truncate(m.Chat.Title, maxTitle), m.Chat.Username
		chat.Kind = store.ChatKind(m.Chat.Type)
	}
	switch can := m.New.CanPost(m.Chat.Type); {
	case !m.New.Present():
		return t.removed(chat, known, &m.From)
	case !known:
		return t.added(t.newChat(m.Chat), can, m)
	case chat.State == store.Blocked || chat.State == store.Gone:
		return t.added(chat, can, m)
	case !can && chat.State == store.Active:
		setState(&chat, store.Unpostable, "no right to post", t.now)
		if err := t.save(&chat); err != nil {
			return err
		}
		return t.tellOf(&m.From, chat, message.ChanRightsPost)
	case can && chat.State == store.Unpostable:
		if err := t.reopen(&chat); err != nil {
			return err
		}
		if chat.Kind == store.Channel && postsNothing(chat) && isPerson(&m.From) { // what was missing since we were added
			return t.greetAdmin(m.From.ID, chat)
		}
		return t.tellOf(&m.From, chat, message.ChanRevived)
	}
	return t.save(&chat)
}

// readerTurned is a reader who blocked or unblocked us. Who had stopped the news before stays without them.
func (t *turn) readerTurned(chat store.Chat, known, present bool) error {
	switch {
	case !known:
		return nil
	case !present && chat.State != store.Blocked && chat.State != store.Stopped:
		setState(&chat, store.Blocked, "blocked the bot", t.now)
	case present && chat.State == store.Blocked:
		setState(&chat, store.Active, "", t.now)
	default:
		return nil
	}
	return t.save(&chat)
}

// removed is our being taken out of a group or channel. What it followed is kept for the case that we return.
func (t *turn) removed(chat store.Chat, known bool, by *telegram.User) error {
	if !known || chat.State == store.Blocked {
		return nil
	}
	told := chat.State == store.Gone // a message was refused, and who manages it was told
	setState(&chat, store.Blocked, "removed", t.now)
	if err := t.save(&chat); err != nil || told {
		return err
	}
	if by.ID == t.client.BotID() {
		return nil // we left
	}
	return t.tellOf(by, chat, message.ChanRemoved)
}

// added is our coming into a group or channel. Nothing is posted until topics are chosen: in a channel by
// the person who added us, in private; in a group by its admins, there.
func (t *turn) added(chat store.Chat, can bool, m *telegram.ChatMemberUpdated) error {
	if err := t.reopen(&chat); err != nil {
		return err
	}
	if !can {
		setState(&chat, store.Unpostable, "no right to post", t.now)
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	if chat.Kind != store.Channel {
		if !can {
			return nil
		}
		p := t.printerFor(chat)
		hello := p.Say(message.GroupAdded)
		if !postsNothing(chat) {
			hello = p.Say(message.GroupAddedAgain)
		}
		hello.Buttons = [][]message.Button{press1(p.Text(message.TopicsButton), button.Of(button.OpenTopics, 0))}
		t.tell(chat.TelegramID, hello)
		return nil
	}
	if !isPerson(&m.From) {
		return nil
	}
	// Only an administrator can add a bot to a channel.
	if err := t.tx.Manage(t.ctx, chat.ID, m.From.ID, t.now); err != nil {
		return fmt.Errorf("remember that user %d manages chat %d: %w", m.From.ID, chat.ID, err)
	}
	if _, err := t.tx.Chat(t.ctx, m.From.ID); err == nil { // whoever never wrote to us has no chat to give a menu to
		if err := t.keepMenu(m.From.ID); err != nil {
			return err
		}
	}
	if !can {
		return t.tellOf(&m.From, chat, message.ChanRightsPost)
	}
	return t.greetAdmin(m.From.ID, chat)
}

// greetAdmin tells the person who added us to a channel what is next: of a new one the topics, of one that was set up before how it stands.
func (t *turn) greetAdmin(person int64, chat store.Chat) error {
	p, err := t.privatePrinter(person)
	if err != nil {
		return err
	}
	hello, screen := p.Say(message.ChanAddedPrivate, "title", titleOf(p, chat)), message.Message{}
	if postsNothing(chat) {
		screen, err = t.topicsScreen(chat, chat.ID, 0)
	} else {
		screen, err = t.chatScreen(chat, chat.ID)
		hello = p.Say(message.ChanAddedAgain, "title", titleOf(p, chat))
		hello.HTML += "\n\n" + screen.HTML
	}
	if err != nil {
		return err
	}
	hello.Buttons = screen.Buttons
	t.tell(person, hello)
	return nil
}

// tellOf tells a person in private what happened to a group or channel. Whoever never wrote to us cannot be told; the
// answer is then dropped.
func (t *turn) tellOf(person *telegram.User, chat store.Chat, what message.Key) error {
	if !isPerson(person) {
		return nil
	}
	p, err := t.privatePrinter(person.ID)
	if err != nil {
		return err
	}
	t.tell(person.ID, p.Say(what, "title", titleOf(p, chat)))
	return nil
}

// isPerson tells real people from bots and from the accounts by which Telegram itself speaks.
func isPerson(u *telegram.User) bool {
	return !u.IsBot && u.ID != telegram.AnonymousAdmin && u.ID != telegram.ChannelSpeaker && u.ID != telegram.ServiceAccount
}

// privatePrinter speaks the language of a person's private chat.
func (t *turn) privatePrinter(user int64) (message.Printer, error) {
	chat, err := t.tx.Chat(t.ctx, user)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return message.Printer{}, fmt.Errorf("read chat %d: %w", user, err)
	}
	return t.printerFor(chat), nil
}
