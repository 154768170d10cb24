package telegramtest

import (
	"strings"
)

// access says what a call wants of a chat.
type access int

const (
	toRead access = iota
	toWrite
)

// chatOf looks the chat of a call up and checks that the bot may read or write there
// (the server's check_chat). The lock is held.
func (c *call) chatOf(parameter string, want access) (*chat, error) {
	id := c.arg(parameter)
	if id == "" {
		return nil, badRequest(parameter + " is empty")
	}
	return c.chatByID(id, want)
}

func (c *call) chatByID(id string, want access) (*chat, error) {
	found := c.lookUp(id)
	if found == nil {
		return nil, badRequest("chat not found")
	}
	return found, c.checkAccess(found, want)
}

func (c *call) lookUp(id string) *chat {
	if name, ok := strings.CutPrefix(id, "@"); ok {
		return c.names[strings.ToLower(name)]
	}
	number := leadingInt(id)
	if number < 0 {
		found := c.chats[number]
		if found == nil {
			return nil
		}
		// A bot knows a chat it has been in, or one that is public.
		if _, known := found.members[c.bot.info.ID]; known || found.username != "" {
			return found
		}
		return nil
	}
	if number == 0 {
		return nil
	}
	if found := c.bot.private[number]; found != nil {
		return found
	}
	a := c.users[number]
	switch {
	case a != nil && (c.bot.seen[number] || a.info.IsBot):
		return c.privateChat(c.bot, a)
	case a == nil && c.openDoor:
		opened := c.privateChat(c.bot, c.account(number, "পাঠক", "bn"))
		opened.started = true
		return opened
	}
	return nil
}

func (c *call) checkAccess(t *chat, want access) error {
	if t.kind == privateChat {
		switch {
		case t.user.deactivated:
			return forbidden("user is deactivated")
		case want == toRead:
			return nil
		case t.user.info.IsBot:
			return forbidden("the bot can't send messages to the bot")
		case t.blocked:
			return badRequest("USER_IS_BLOCKED")
		case !t.started:
			return forbidden("bot can't initiate conversation with a user")
		}
		return nil
	}
	if t.kind == basicGroup {
		if t.migratedTo != 0 {
			f := badRequest("group chat was upgraded to a supergroup chat")
			f.migrateTo = t.migratedTo
			return f
		}
		if t.deleted {
			return forbidden("the group chat was deleted")
		}
	}
	m := t.member(c.bot.account)
	if m.isInside() {
		return nil
	}
	if t.username != "" && want == toRead && m.status != kicked {
		return nil // public chats may be read from outside
	}
	name := map[chatKind]string{basicGroup: "group", supergroup: "supergroup", channel: "channel"}[t.kind]
	if m.status == kicked {
		return forbidden("bot was kicked from the " + name + " chat")
	}
	return forbidden("bot is not a member of the " + name + " chat")
}

// checkWrite says whether the bot may send a kind of content ("text messages", "photos", …)
// into a chat it has access to.
func (c *call) checkWrite(t *chat, content string) error {
	m := t.member(c.bot.account)
	switch t.kind {
	case privateChat:
		return nil
	case channel:
		if !m.can(func(r Rights) bool { return r.PostMessages }) {
			return badRequest("need administrator rights in the channel chat")
		}
		return nil
	}
	if m.isAdmin() {
		return nil
	}
	if m.status == restricted || t.banned["messages"] && content == "text messages" || t.banned[content] {
		return badRequest("not enough rights to send " + content + " to the chat")
	}
	return nil
}

// checkThread looks the forum topic of a call up. The general topic has no thread id.
func (c *call) checkThread(t *chat) (int, error) {
	thread := int(c.integer("message_thread_id", 0, -1<<31, 1<<31))
	if thread == 0 {
		return 0, nil
	}
	topic := t.topics[thread]
	switch {
	case topic == nil:
		return 0, badRequest("message thread not found")
	case topic.gone:
		return 0, badRequest("TOPIC_DELETED")
	case topic.closed && !t.member(c.bot.account).can(func(r Rights) bool { return r.ManageTopics }):
		return 0, badRequest("TOPIC_CLOSED")
	}
	return thread, nil
}
