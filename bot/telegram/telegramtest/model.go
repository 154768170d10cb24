package telegramtest

import (
	"hash/maphash"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The world behind the server: accounts, chats, memberships and messages. All of it is guarded
// by Server.mu.

// account is a person or a bot.
type account struct {
	info        UserInfo
	deactivated bool
}

// bot is a bot account with what only bots have.
type bot struct {
	*account
	token   string
	revoked atomic.Bool
	inline  bool

	queue        queue
	allowed      map[string]bool // nil: the default
	parked       *poll
	lastOffset   int
	lastPoll     time.Time
	polled       bool
	nextConflict time.Time
	webhook      string
	webhookSet   time.Time

	nextMessage int             // ids in private chats and basic groups
	private     map[int64]*chat // by the user's id
	seen        map[int64]bool  // users it has met somewhere
	profile     profile
	callbacks   map[string]*press
	inlines     map[string]*inlineAsk
}

func (s *Server) addBot(token, username, name string) *bot {
	id, _, _ := strings.Cut(token, ":")
	number, _ := strconv.ParseInt(id, 10, 64)
	yes, no := true, false
	b := &bot{
		account: &account{info: UserInfo{
			ID: number, IsBot: true, FirstName: name, Username: username,
			CanJoinGroups: &yes, CanReadAllGroupMessages: &no, SupportsInlineQueries: &no,
		}},
		token:       token,
		nextMessage: 1,
		private:     map[int64]*chat{},
		seen:        map[int64]bool{},
		profile:     newProfile(name),
		callbacks:   map[string]*press{},
		inlines:     map[string]*inlineAsk{},
	}
	s.bots[token] = b
	s.users[number] = b.account
	if s.firstBot == nil {
		s.firstBot = b
	}
	return b
}

// who is the bot as others see it: without what only getMe tells.
func (a *account) who() *UserInfo {
	u := a.info
	u.CanJoinGroups, u.CanReadAllGroupMessages, u.SupportsInlineQueries = nil, nil, nil
	return &u
}

type chatKind uint8

const (
	privateChat chatKind = iota
	basicGroup
	supergroup
	channel
)

func (k chatKind) String() string {
	return [...]string{"private", "group", "supergroup", "channel"}[k]
}

// chat is a place for messages. A private chat belongs to one user and one bot.
type chat struct {
	id       int64
	kind     chatKind
	title    string
	username string
	user     *account // of a private chat
	bot      *bot     // of a private chat

	started    bool // private: the user has pressed Start or written
	blocked    bool // private: the user has blocked the bot
	deleted    bool // basic group
	migratedTo int64

	forum   bool
	linked  *chat
	banned  map[string]bool // what ordinary members may not send: "messages", "photos", …
	members map[int64]*member
	topics  map[int]*topic

	nextMessage int
	messages    []*stored // by rising id; deleted ones stay, marked
	tally       *tally    // in place of messages when no history is kept
	pins        []int     // messages pinned, the latest last
	cached      *ChatInfo
}

type topic struct {
	name   string
	closed bool
	gone   bool
}

// Rights are an administrator's rights, by their Bot API names.
type Rights struct {
	Anonymous         bool `json:"is_anonymous"`
	ManageChat        bool `json:"can_manage_chat"`
	DeleteMessages    bool `json:"can_delete_messages"`
	ManageVideoChats  bool `json:"can_manage_video_chats"`
	RestrictMembers   bool `json:"can_restrict_members"`
	PromoteMembers    bool `json:"can_promote_members"`
	ChangeInfo        bool `json:"can_change_info"`
	InviteUsers       bool `json:"can_invite_users"`
	PostStories       bool `json:"can_post_stories"`
	EditStories       bool `json:"can_edit_stories"`
	DeleteStories     bool `json:"can_delete_stories"`
	PostMessages      bool `json:"can_post_messages,omitempty"`
	EditMessages      bool `json:"can_edit_messages,omitempty"`
	PinMessages       bool `json:"can_pin_messages,omitempty"`
	ManageTopics      bool `json:"can_manage_topics,omitempty"`
	ManageDirectChats bool `json:"can_manage_direct_messages,omitempty"`
}

// Poster are the rights a news bot asks for in a channel.
var Poster = Rights{ManageChat: true, PostMessages: true, EditMessages: true, DeleteMessages: true}

type status uint8

const (
	left status = iota
	creator
	administrator
	ordinary
	restricted
	kicked
)

func (s status) String() string {
	return [...]string{"left", "creator", "administrator", "member", "restricted", "kicked"}[s]
}

type member struct {
	account *account
	status  status
	rights  Rights
	by      int64
}

// ChatMember is the Bot API's ChatMember object; only the fields of its status are set.
type ChatMember struct {
	User   *UserInfo `json:"user"`
	Status string    `json:"status"`
	*OwnerFields
	*AdministratorFields
	*BannedFields
	*RestrictedFields
}

// OwnerFields are what a creator has. There are no can_… fields: a creator may do all.
type OwnerFields struct {
	Anonymous bool `json:"is_anonymous"`
}

// AdministratorFields are what an administrator has. The last five depend on the kind of chat.
type AdministratorFields struct {
	CanBeEdited bool `json:"can_be_edited"`
	Rights
	ManageVoiceChats  bool  `json:"can_manage_voice_chats"`
	PostMessages      *bool `json:"can_post_messages,omitempty"`
	EditMessages      *bool `json:"can_edit_messages,omitempty"`
	ManageDirectChats *bool `json:"can_manage_direct_messages,omitempty"`
	PinMessages       *bool `json:"can_pin_messages,omitempty"`
	ManageTopics      *bool `json:"can_manage_topics,omitempty"`
}

// BannedFields are what someone kicked has.
type BannedFields struct {
	Until int64 `json:"until_date"`
}

// RestrictedFields are what someone restricted has.
type RestrictedFields struct {
	RestrictedUntil int64 `json:"until_date"`
	CanSend         bool  `json:"can_send_messages"`
	IsMember        bool  `json:"is_member"`
}

// object shows a member of a chat to a bot.
func (m *member) object(c *chat, viewer *bot) *ChatMember {
	o := &ChatMember{User: m.account.who(), Status: m.status.String()}
	switch m.status {
	case creator:
		o.OwnerFields = &OwnerFields{Anonymous: m.rights.Anonymous}
	case administrator:
		r := m.rights
		a := &AdministratorFields{CanBeEdited: viewer != nil && m.by == viewer.info.ID, Rights: r, ManageVoiceChats: r.ManageVideoChats}
		switch c.kind {
		case channel:
			a.PostMessages, a.EditMessages, a.ManageDirectChats = &r.PostMessages, &r.EditMessages, &r.ManageDirectChats
		case supergroup:
			a.PinMessages, a.ManageTopics = &r.PinMessages, &r.ManageTopics
		default:
			a.PinMessages = &r.PinMessages
		}
		o.AdministratorFields = a
	case kicked:
		o.BannedFields = &BannedFields{}
	case restricted:
		o.RestrictedFields = &RestrictedFields{IsMember: true}
	}
	return o
}

// member of the chat; who never joined has left.
func (c *chat) member(a *account) *member {
	if m, ok := c.members[a.info.ID]; ok {
		return m
	}
	return &member{account: a, status: left}
}

func (m *member) isAdmin() bool  { return m.status == creator || m.status == administrator }
func (m *member) isInside() bool { return m.status != left && m.status != kicked }

func (m *member) can(right func(Rights) bool) bool {
	return m.status == creator || m.status == administrator && right(m.rights)
}

// has tells whether one has all rights of another.
func (r Rights) has(other Rights) bool {
	mine, theirs := reflect.ValueOf(r), reflect.ValueOf(other)
	for i := range mine.NumField() {
		if theirs.Field(i).Bool() && !mine.Field(i).Bool() {
			return false
		}
	}
	return true
}

// pinned is the message pinned last, 0 if none is.
func (c *chat) pinned() int {
	if len(c.pins) == 0 {
		return 0
	}
	return c.pins[len(c.pins)-1]
}

// info is the chat as it stands in messages. It is kept for chats that have messages; a million
// chats without history do without.
func (c *chat) info() *ChatInfo {
	if c.cached != nil {
		return c.cached
	}
	i := &ChatInfo{ID: c.id, Type: c.kind.String(), Title: c.title, Username: c.username, IsForum: c.forum}
	if c.kind == privateChat {
		i.FirstName, i.LastName, i.Username = c.user.info.FirstName, c.user.info.LastName, c.user.info.Username
	}
	if c.kind != privateChat || c.messages != nil {
		c.cached = i
	}
	return i
}

// stored is a message as the server keeps it.
type stored struct {
	Message
	chat    *chat
	author  *account // who wrote it, also where the message does not say so
	bot     *bot     // set for messages of bots
	deleted bool
	// otherMarkup is set when the message has a keyboard that is not inline: it cannot be edited.
	otherMarkup *ReplyKeyboard
	removesKeys bool
	// forcesReply opens an answer to the message at the page of whoever reads it.
	forcesReply bool
	silent      bool
	changes     int
}

// tally is what is kept of a chat without its history.
type tally struct {
	count  int
	first  int
	last   int
	hashes []hashCount
}

type hashCount struct {
	hash  uint64
	count uint32
}

var tallySeed = maphash.MakeSeed()

func (t *tally) add(id int, text string) {
	if t.count == 0 {
		t.first = id
	}
	t.count++
	t.last = id
	h := maphash.String(tallySeed, text)
	for i := range t.hashes {
		if t.hashes[i].hash == h {
			t.hashes[i].count++
			return
		}
	}
	t.hashes = append(t.hashes, hashCount{h, 1})
}

func (t *tally) seen(text string) int {
	h := maphash.String(tallySeed, text)
	for _, c := range t.hashes {
		if c.hash == h {
			return int(c.count)
		}
	}
	return 0
}

// takeID gives the id for the next message of a chat.
func (s *Server) takeID(c *chat, b *bot) int {
	if c.kind == privateChat || c.kind == basicGroup {
		if c.kind == privateChat {
			b = c.bot
		}
		if b == nil {
			b = s.firstBot
		}
		id := b.nextMessage
		b.nextMessage++
		return id
	}
	c.nextMessage++
	return c.nextMessage
}

// add puts a message at the end of its chat, with the next id, and tells pages and waiters.
func (s *Server) add(c *chat, m *stored, sender *bot) *stored {
	m.MessageID = s.takeID(c, sender)
	m.chat = c
	m.Chat = c.info()
	m.Date = s.unix()
	if m.Poll != nil {
		s.polls[m.Poll.ID] = append(s.polls[m.Poll.ID], m)
	}
	if s.history {
		c.messages = append(c.messages, m)
	} else {
		if c.tally == nil {
			c.tally = &tally{}
		}
		if m.bot != nil {
			c.tally.add(m.MessageID, m.Words())
		}
	}
	s.tell("message", c, m)
	s.notify()
	return m
}

// find gives a message that is there, and nil for one that never was or is deleted.
func (c *chat) find(id int) *stored {
	i, ok := slices.BinarySearchFunc(c.messages, id, func(m *stored, id int) int { return m.MessageID - id })
	if !ok || c.messages[i].deleted {
		return nil
	}
	return c.messages[i]
}

// privateChat gives the chat of a user with a bot, making it if need be.
func (s *Server) privateChat(b *bot, a *account) *chat {
	c := b.private[a.info.ID]
	if c == nil {
		c = &chat{id: a.info.ID, kind: privateChat, user: a, bot: b}
		b.private[a.info.ID] = c
	}
	return c
}

// account gives a user by id, making one if need be.
func (s *Server) account(id int64, name, language string) *account {
	a := s.users[id]
	if a == nil {
		a = &account{info: UserInfo{ID: id, FirstName: name, LanguageCode: language}}
		s.users[id] = a
	}
	return a
}

// botsIn are the bots that are members of a group or channel.
func (s *Server) botsIn(c *chat) []*bot {
	var in []*bot
	for _, b := range s.bots {
		if c.member(b.account).isInside() {
			in = append(in, b)
		}
	}
	return in
}

// setMember changes a membership and sends the updates that follow from it: my_chat_member to a
// bot about itself, chat_member to the bots that are administrators about others.
func (s *Server) setMember(c *chat, a *account, by *account, to member) {
	to.account = a
	if by != nil {
		to.by = by.info.ID
	} else {
		by = a
	}
	was := c.member(a)
	if was.status == to.status && was.rights == to.rights {
		return
	}
	old := *was
	if c.members == nil {
		c.members = map[int64]*member{}
	}
	c.members[a.info.ID] = &to
	now := s.unix()
	for _, b := range s.bots {
		about := b.account == a
		if about {
			b.seen[by.info.ID] = true
		} else if !c.member(b.account).isAdmin() {
			continue
		}
		update := ChatMemberUpdated{Chat: c.info(), From: by.who(), Date: now, OldChatMember: old.object(c, b), NewChatMember: to.object(c, b)}
		kind := "chat_member"
		if about {
			kind = "my_chat_member"
		}
		s.emit(b, kind, update, now+day)
	}
	if c.kind == basicGroup || c.kind == supergroup {
		s.announceMember(c, a, by, old.isInside(), to.isInside())
	}
	s.tell("members", c, nil)
	s.notify()
}

// announceMember posts the service message about someone who comes or goes.
func (s *Server) announceMember(c *chat, a, by *account, was, is bool) {
	if was == is {
		return
	}
	m := &stored{author: by}
	m.From = by.who()
	if is {
		m.NewChatMembers = []UserInfo{*a.who()}
	} else {
		m.LeftChatMember = a.who()
	}
	var leaver *bot
	for _, b := range s.bots {
		if b.account == a {
			leaver = b
		}
	}
	s.add(c, m, leaver)
	s.deliver(m, leaver)
}

// block and unblock of a private chat.
func (s *Server) setBlocked(c *chat, blocked bool) {
	if c.blocked == blocked {
		return
	}
	c.blocked = blocked
	now := s.unix()
	was, is := member{account: c.bot.account, status: ordinary}, member{account: c.bot.account, status: kicked}
	if !blocked {
		was, is = is, was
	}
	if c.started {
		s.emit(c.bot, "my_chat_member", ChatMemberUpdated{
			Chat: c.info(), From: c.user.who(), Date: now, OldChatMember: was.object(c, nil), NewChatMember: is.object(c, nil),
		}, now+day)
	}
	s.tell("members", c, nil)
	s.notify()
}

// deliver creates the updates about a new message for the bots that may see it. A bot never gets
// its own messages, nor those of other bots; also is a bot that gets it although it has left.
func (s *Server) deliver(m *stored, also *bot) {
	expires := m.Date + day
	switch m.chat.kind {
	case privateChat:
		if m.bot == nil {
			s.emit(m.chat.bot, "message", &m.Message, expires)
		}
	case channel:
		if m.bot != nil {
			return
		}
		for _, b := range s.botsIn(m.chat) {
			s.emit(b, "channel_post", &m.Message, expires)
		}
	default:
		in := s.botsIn(m.chat)
		if also != nil && !slices.Contains(in, also) {
			in = append(in, also)
		}
		for _, b := range in {
			if m.bot == nil && b.sees(m) {
				if m.author != nil {
					b.seen[m.author.info.ID] = true
				}
				s.emit(b, "message", &m.Message, expires)
			}
		}
	}
}

// sees is privacy mode: in a group a bot that is no administrator sees service messages, replies
// to itself, commands that are not another bot's, and mentions of itself.
func (b *bot) sees(m *stored) bool {
	if m.chat.member(b.account).isAdmin() || m.isService() {
		return true
	}
	if r := m.ReplyToMessage; r != nil && r.From != nil && r.From.ID == b.info.ID {
		return true
	}
	words := m.Words()
	for _, e := range append(slices.Clone(m.Entities), m.CaptionEntities...) {
		part := utf16Slice(words, e.Offset, e.Length)
		switch e.Type {
		case "bot_command":
			if _, name, addressed := strings.Cut(part, "@"); !addressed && e.Offset == 0 || strings.EqualFold(name, b.info.Username) {
				return true
			}
		case "mention":
			if strings.EqualFold(strings.TrimPrefix(part, "@"), b.info.Username) {
				return true
			}
		}
	}
	return false
}

func (m *stored) isService() bool {
	return m.NewChatMembers != nil || m.LeftChatMember != nil || m.GroupChatCreated || m.NewChatTitle != "" ||
		m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 || m.PinnedMessage != nil || m.ForumTopicCreated != nil ||
		m.ForumTopicClosed != nil || m.ForumTopicReopened != nil || m.ChatShared != nil
}

// deliverEdit creates the updates about an edit by a person.
func (s *Server) deliverEdit(m *stored) {
	kind := "edited_message"
	var to []*bot
	switch m.chat.kind {
	case privateChat:
		to = []*bot{m.chat.bot}
	case channel:
		kind = "edited_channel_post"
		to = s.botsIn(m.chat)
	default:
		for _, b := range s.botsIn(m.chat) {
			if b.sees(m) {
				to = append(to, b)
			}
		}
	}
	for _, b := range to {
		s.emit(b, kind, &m.Message, m.EditDate+day)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
