package bot

import (
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// The rights that are asked for where we are to post: to post, to correct and to take back, in groups also to pin and to open topics. (In a
// channel who may edit may pin: Bot API, pinChatMessage.) Telegram wants those of the bot to be among those of the person.
var (
	channelRights = telegram.AdminRights{ManageChat: true, Post: true, Edit: true, DeleteMessages: true}
	groupRights   = telegram.AdminRights{ManageChat: true, DeleteMessages: true, Pin: true, ManageTopics: true}
)

// What the keys of a request for a chat are numbered.
const (
	pickChannel = 1
	pickGroup   = 2
)

// pressPickChat shows keys by which a person picks one of his channels or groups; Telegram adds us to it with the rights.
func (t *turn) pressPickChat() error {
	if !t.private() {
		return t.refuse(message.ErrPrivateOnly)
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	adds := func(rights telegram.AdminRights) *telegram.AdminRights {
		rights.Invite = true // whoever adds an admin must be allowed to; asked of the person alone
		rights.Promote = true
		return &rights
	}
	key := func(text message.Key, id int, channel bool, rights telegram.AdminRights) telegram.Key {
		return telegram.Key{Text: p.Text(text), RequestChat: &telegram.RequestChat{
			ID: id, Channel: channel, UserRights: adds(rights), BotRights: &rights, RequestTitle: true, RequestUsername: true,
		}}
	}
	ask := p.Say(message.ChanPickAsk)
	t.owe(telegram.Send(telegram.Outgoing{
		ChatID: t.update.ChatID(), Text: ask.HTML, Keyboard: telegram.ReplyKeyboard{
			Rows: [][]telegram.Key{
				{key(message.ChanPickChannel, pickChannel, true, channelRights)},
				{key(message.ChanPickGroup, pickGroup, false, groupRights)},
				{{Text: p.Text(message.NavCancel)}},
			},
			Resize: true, OneTime: true,
		},
	}))
	return nil
}

// cancel takes the keys away and ends what was waited for: an answer to a button, an announcement that was begun.
func (t *turn) cancel() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if err := t.dropDraft(t.update.Sender().ID); err != nil {
		return err
	}
	t.withoutKeys(p.Say(message.ChanPickCancelled))
	return nil
}

// withoutKeys answers with a message that takes the keys away.
func (t *turn) withoutKeys(m message.Message) {
	t.owe(telegram.Send(telegram.Outgoing{ChatID: t.update.ChatID(), Text: m.HTML, Keyboard: telegram.RemoveKeyboard{}}))
}

// justAdded is how long a chat counts as new: the person has its topics before his eyes.
const justAdded = time.Minute

// chatShared opens the screen of the chat that the person picked.
func (t *turn) chatShared(shared *telegram.ChatShared) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	chat, err := t.tx.Chat(t.ctx, shared.ChatID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read chat %d: %w", shared.ChatID, err)
	}
	fresh := err == nil && chat.Kind == store.Channel && len(chat.Categories) == 0 && t.now.Sub(chat.JoinedAt) < justAdded
	return t.withChat(question{chat: shared.ChatID, person: t.update.Sender().ID}, func(chat store.Chat) error {
		t.withoutKeys(p.Say(message.ChanPicked, "title", titleOf(p, chat)))
		if fresh {
			return nil
		}
		return t.sayScreen(t.chatScreen(chat, chat.ID))
	})
}
