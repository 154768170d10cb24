package telegramtest

import (
	"cmp"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Chats, their members and topics.

// Accounts that speak for others in groups.
var (
	groupAnonymousBot = &UserInfo{ID: 1087968824, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	channelBot        = &UserInfo{ID: 136817688, IsBot: true, FirstName: "Channel", Username: "Channel_Bot"}
	telegramItself    = &UserInfo{ID: 777000, FirstName: "Telegram"}
)

func getChat(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toRead)
	if err != nil {
		return nil, err
	}
	full := struct {
		ChatInfo
		ActiveUsernames []string `json:"active_usernames,omitempty"`
		Description     string   `json:"description,omitempty"`
		PinnedMessage   *Message `json:"pinned_message,omitempty"`
		LinkedChatID    int64    `json:"linked_chat_id,omitempty"`
		AccentColorID   int      `json:"accent_color_id"`
		MaxReactions    int      `json:"max_reaction_count"`
	}{ChatInfo: *t.info(), MaxReactions: 11}
	if full.Username != "" {
		full.ActiveUsernames = []string{full.Username}
	}
	if t.linked != nil {
		full.LinkedChatID = t.linked.id
	}
	if m := t.find(t.pinned()); m != nil {
		full.PinnedMessage = m.quoted()
	}
	return full, nil
}

// userOf reads the parameter user_id.
func (c *call) userOf() (int64, error) {
	id := c.integer("user_id", 0, -1<<52, 1<<52)
	if id <= 0 {
		return 0, badRequest("invalid user_id specified")
	}
	return id, nil
}

func getChatMember(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, err := c.userOf()
	if err != nil {
		return nil, err
	}
	t, err := c.chatOf("chat_id", toRead)
	if err != nil {
		return nil, err
	}
	a := c.users[id]
	if a == nil {
		return nil, badRequest("PARTICIPANT_ID_INVALID")
	}
	switch t.kind {
	case privateChat:
		switch {
		case a == t.user:
			return (&member{account: a, status: ordinary}).object(t, c.bot), nil
		case a == c.bot.account:
			status := ordinary
			if t.blocked {
				status = kicked
			}
			return (&member{account: a, status: status}).object(t, c.bot), nil
		}
		return nil, badRequest("member not found")
	case basicGroup:
		m, ok := t.members[id]
		if !ok {
			return nil, badRequest("member not found")
		}
		return m.object(t, c.bot), nil
	case channel:
		if !t.member(c.bot.account).isAdmin() && a != c.bot.account {
			return nil, badRequest("member list is inaccessible")
		}
	}
	return t.member(a).object(t, c.bot), nil
}

func getChatAdministrators(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toRead)
	if err != nil {
		return nil, err
	}
	if t.kind == privateChat {
		return nil, badRequest("there are no administrators in the private chat")
	}
	if t.kind == channel && !t.member(c.bot.account).isAdmin() {
		return nil, badRequest("member list is inaccessible")
	}
	list := []*ChatMember{}
	for _, m := range t.sortedMembers() {
		other := m.account.info.IsBot && m.account != c.bot.account
		if m.isAdmin() && (!other || c.flag("return_bots")) {
			list = append(list, m.object(t, c.bot))
		}
	}
	return list, nil
}

// sortedMembers are the members, the creator first, then by id.
func (c *chat) sortedMembers() []*member {
	list := make([]*member, 0, len(c.members))
	for _, m := range c.members {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *member) int {
		if (a.status == creator) != (b.status == creator) {
			if a.status == creator {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.account.info.ID, b.account.info.ID)
	})
	return list
}

func getChatMemberCount(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toRead)
	if err != nil {
		return nil, err
	}
	if t.kind == privateChat {
		return 2, nil
	}
	n := 0
	for _, m := range t.members {
		if m.isInside() {
			n++
		}
	}
	return n, nil
}

func leaveChat(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toRead)
	if err != nil {
		return nil, err
	}
	if t.kind == privateChat {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	c.setMember(t, c.bot.account, c.bot.account, member{status: left})
	return true, nil
}

// forumOf finds the forum of a topic method and checks the right to manage topics.
func (c *call) forumOf() (*chat, error) {
	t, err := c.chatOf("chat_id", toWrite)
	if err != nil {
		return nil, err
	}
	if !t.forum {
		return nil, badRequest("the chat is not a forum")
	}
	if !t.member(c.bot.account).can(func(r Rights) bool { return r.ManageTopics }) {
		return nil, badRequest("not enough rights to create a topic")
	}
	return t, nil
}

func createForumTopic(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.forumOf()
	if err != nil {
		return nil, err
	}
	name := c.arg("name")
	if n := utf8.RuneCountInString(name); n < 1 {
		return nil, badRequest("topic title must be non-empty")
	} else if n > 128 {
		return nil, badRequest("TOPIC_TITLE_INVALID")
	}
	thread := c.openTopic(t, name, c.bot.account, c.bot)
	return struct {
		ThreadID  int    `json:"message_thread_id"`
		Name      string `json:"name"`
		IconColor int    `json:"icon_color"`
	}{thread, name, topicColor}, nil
}

const topicColor = 7322096

// openTopic opens a forum topic; its id is that of the service message.
func (s *Server) openTopic(t *chat, name string, by *account, b *bot) int {
	m := &stored{author: by, bot: b}
	m.From = by.who()
	m.IsTopicMessage = true
	m.ForumTopicCreated = &ForumTopicCreated{name, topicColor}
	s.add(t, m, b)
	m.ThreadID = m.MessageID
	if t.topics == nil {
		t.topics = map[int]*topic{}
	}
	t.topics[m.MessageID] = &topic{name: name}
	s.deliver(m, nil)
	return m.MessageID
}

func (c *call) topicOf() (*topic, error) {
	t, err := c.forumOf()
	if err != nil {
		return nil, err
	}
	found := t.topics[int(c.integer("message_thread_id", 0, 0, 1<<31))]
	if found == nil || found.gone {
		return nil, badRequest("message thread not found")
	}
	return found, nil
}

// changeTopic runs a change of a topic; change reports whether there was anything to do.
func changeTopic(c *call, change func(*topic) bool) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, err := c.topicOf()
	if err != nil {
		return nil, err
	}
	if !change(found) {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	return true, nil
}

func editForumTopic(c *call) (any, error) {
	return changeTopic(c, func(t *topic) bool {
		name := c.arg("name")
		changed := name != "" && name != t.name
		if changed {
			t.name = name
		}
		return changed
	})
}

func closeForumTopic(c *call) (any, error) {
	return changeTopic(c, func(t *topic) bool {
		changed := !t.closed
		t.closed = true
		return changed
	})
}

func reopenForumTopic(c *call) (any, error) {
	return changeTopic(c, func(t *topic) bool {
		changed := t.closed
		t.closed = false
		return changed
	})
}

func deleteForumTopic(c *call) (any, error) {
	return changeTopic(c, func(t *topic) bool {
		t.gone = true
		return true
	})
}

func decodeJSON(text string, into any) bool { return json.Unmarshal([]byte(text), into) == nil }
