package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What tests and the chat page do to the world: people who write, press and block; chats that are
// made and change.

// Bot is a bot of the server, seen from outside.
type Bot struct {
	s *Server
	b *bot
}

// ID is the bot's user id.
func (b *Bot) ID() int64 { return b.b.info.ID }

// Token is the bot's token.
func (b *Bot) Token() string { return b.b.token }

// Username is the bot's username, without the @.
func (b *Bot) Username() string { return b.b.info.Username }

// Revoke makes the token unknown (401) until it is restored.
func (b *Bot) Revoke(revoked bool) { b.b.revoked.Store(revoked) }

// SetInline switches inline mode, which is off at first.
func (b *Bot) SetInline(on bool) {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	b.b.inline = on
}

// Commands is the menu the user of a private chat, or a member of a group, sees.
func (b *Bot) Commands(u *User) []Command {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	return slices.Clone(b.b.commandsFor(b.s.privateChat(b.b, u.a), u.a))
}

// Text gives the bot's name, description or short description in a language: kind is "name",
// "description" or "short_description".
func (b *Bot) Text(kind, language string) string {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	return b.b.profile.text(map[string]int{"name": textName, "description": textDescription, "short_description": textShortDescription}[kind], language)
}

// Poller waits until a getUpdates call of the bot is parked, waiting for something to come.
func (b *Bot) Poller(ctx context.Context) error {
	if err := b.s.waitFor(ctx, func() bool { return b.b.parked != nil }); err != nil {
		return fmt.Errorf("wait for a poll of %s: %w", b.b.info.Username, err)
	}
	return nil
}

// Queue tells how the bot's updates stand.
func (b *Bot) Queue() QueueState {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	return b.b.queue.state()
}

// QueueState is how a queue of updates stands.
type QueueState struct {
	Waiting int `json:"waiting"` // not yet confirmed or expired
	Made    int `json:"made"`    // created since the start, with the dropped ones
	Dropped int `json:"dropped"` // lost because the queue was full
	Head    int `json:"head"`    // id of the oldest one waiting; NextID if none waits
	NextID  int `json:"next_id"` // id of the next one; 0 while there has been none
}

func (q *queue) state() QueueState {
	return QueueState{q.live, q.made, q.dropped, q.head(), q.tail}
}

// ResetUpdateIDs makes ids start anew at first, as after an idle week; what waits gets new ids
// too, in its order. A first of 0 takes a random one.
func (b *Bot) ResetUpdateIDs(first int) {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	q := &b.b.queue
	if first == 0 {
		first = randomUpdateID(b.s)
	}
	for i := range q.events {
		q.events[i].id = first + i
	}
	q.tail = first + len(q.events)
}

// Push puts an update of any content into the queue, also one no library can read: payload is
// the JSON of the field named kind. It returns the update's id.
func (b *Bot) Push(kind string, payload json.RawMessage) int {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	id, _ := b.s.emitRaw(b.b, kind, payload, b.s.unix()+day)
	return id
}

// PushBroken queues an update that is JSON but not an update: the message is a text and has an
// id that is an object.
func (b *Bot) PushBroken() int {
	return b.Push("message", json.RawMessage(`{"message_id":{"broken":true},"chat":"nowhere","date":"yesterday"}`))
}

// Storm lets many new readers press Start at once: users first … first+count-1 with a payload,
// which may be empty. It returns how many updates found room in the queue.
func (b *Bot) Storm(first int64, count int, payload string) int {
	s := b.s
	s.mu.Lock()
	defer s.mu.Unlock()
	text := startText(payload)
	entities := s.entities([]span{{length: len("/start"), kind: kindBotCommand}})
	// All these updates are alike but for two numbers, so their JSON is put together from parts.
	name, language := "পাঠক", "bn"
	person := string(encode(name))
	afterID := []byte(`,"is_bot":false,"first_name":` + person + `,"language_code":"` + language + `"},"chat":{"id":`)
	afterChat := []byte(`,"first_name":` + person + `,"type":"private"},"date":` + itoa(s.unix()) +
		`,"text":` + string(encode(text)) + `,"entities":` + string(encode(entities)) + `}`)
	wanted := b.b.wants("message")
	queued := 0
	var data []byte
	for id := first; id < first+int64(count); id++ {
		c := s.privateChat(b.b, s.account(id, name, language))
		c.started = true
		var number int
		if s.history {
			m := &stored{author: c.user}
			m.From, m.Text, m.Entities = c.user.who(), text, entities
			number = s.add(c, m, nil).MessageID
		} else {
			number = s.takeID(c, b.b)
		}
		if !wanted {
			continue
		}
		data = strconv.AppendInt(append(data[:0], `{"message_id":`...), int64(number), 10)
		data = strconv.AppendInt(append(data, `,"from":{"id":`...), id, 10)
		data = strconv.AppendInt(append(data, afterID...), id, 10)
		data = append(data, afterChat...)
		if _, ok := s.emitRaw(b.b, "message", data, s.unix()+day); ok {
			queued++
		}
	}
	return queued
}

func startText(payload string) string {
	if payload == "" {
		return "/start"
	}
	return "/start " + payload
}

// User is a person, at the keyboard of a chat with one bot: the default bot unless With names another.
type User struct {
	s *Server
	a *account
	b *bot
}

// User gives a person by id, making one if need be. The language is an IETF tag such as "bn".
func (s *Server) User(id int64, name, language string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &User{s, s.account(id, name, language), s.firstBot}
}

// With is the same person facing another bot.
func (u *User) With(b *Bot) *User { return &User{u.s, u.a, b.b} }

// ID is the user id, which is also the id of the private chat.
func (u *User) ID() int64 { return u.a.info.ID }

// Name is the first name.
func (u *User) Name() string { return u.a.info.FirstName }

// SetLanguage changes the language of the person's client.
func (u *User) SetLanguage(language string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.a.info.LanguageCode = language
}

// SetUsername gives the person a username.
func (u *User) SetUsername(name string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.a.info.Username = name
	for _, b := range u.s.bots {
		if c := b.private[u.a.info.ID]; c != nil {
			c.cached = nil
		}
	}
}

// Chat is the private chat with the bot.
func (u *User) Chat() *Chat {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return &Chat{u.s, u.s.privateChat(u.b, u.a)}
}

// Start presses the Start button, with the payload of a deep link or without. It unblocks a bot that
// had been blocked. The id is that of the user's /start message.
func (u *User) Start(payload string) int { return u.Send(startText(payload)) }

// Send writes to the bot in private and returns the id of the message.
func (u *User) Send(text string) int { return u.Chat().Say(u, text) }

// Block blocks the bot; a second time does nothing.
func (u *User) Block() { u.setBlocked(true) }

// Unblock ends Block without writing anything.
func (u *User) Unblock() { u.setBlocked(false) }

func (u *User) setBlocked(blocked bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.setBlocked(u.s.privateChat(u.b, u.a), blocked)
}

// Deactivate deletes the person's account: every message to it fails from now on.
func (u *User) Deactivate() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.a.deactivated = true
	u.s.notify()
}

// Met lets the bot know the person without a private chat, as if it had seen them in a group.
func (u *User) Met() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.b.seen[u.a.info.ID] = true
}

// Press presses a button under a message of the private chat, named by its callback data or its text.
func (u *User) Press(message int, button string) (*Press, error) {
	return u.Chat().Press(u, message, button)
}

// Press is a pressed button.
type Press struct {
	s *Server
	p *press
}

// ID is the id of the callback query.
func (p *Press) ID() string { return p.p.query.ID }

// Wait waits for the bot's answer.
func (p *Press) Wait(ctx context.Context) (CallbackAnswer, error) {
	err := p.s.waitFor(ctx, func() bool { return p.p.answered })
	if err != nil {
		return CallbackAnswer{}, fmt.Errorf("wait for the answer to a press: %w", err)
	}
	return p.p.answer, nil
}

// Chat is a private chat, group, supergroup or channel, seen from outside.
type Chat struct {
	s *Server
	c *chat
}

// ID is the chat's id: negative for all but private chats.
func (c *Chat) ID() int64 { return c.c.id }

// Title is the title of a group or channel.
func (c *Chat) Title() string { return c.c.title }

// Channel makes a channel that belongs to owner. The id must be negative; a title and id of an
// existing chat give that chat.
func (s *Server) Channel(id int64, title string, owner *User) *Chat {
	return s.place(channel, id, title, owner)
}

// Group makes a basic group that belongs to owner.
func (s *Server) Group(id int64, title string, owner *User) *Chat {
	return s.place(basicGroup, id, title, owner)
}

// Supergroup makes a supergroup that belongs to owner.
func (s *Server) Supergroup(id int64, title string, owner *User) *Chat {
	return s.place(supergroup, id, title, owner)
}

// ChatByID gives a group, supergroup or channel; nil if there is none.
func (s *Server) ChatByID(id int64) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.chats[id]; ok {
		return &Chat{s, c}
	}
	return nil
}

func (s *Server) place(kind chatKind, id int64, title string, owner *User) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.chats[id]; ok {
		return &Chat{s, c}
	}
	c := &chat{id: id, kind: kind, title: title, members: map[int64]*member{}}
	if owner != nil {
		c.members[owner.a.info.ID] = &member{account: owner.a, status: creator}
	}
	s.chats[id] = c
	s.tell("members", c, nil)
	return &Chat{s, c}
}

// SetUsername makes the chat public under a name, or private with "".
func (c *Chat) SetUsername(name string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	delete(c.s.names, strings.ToLower(c.c.username))
	c.c.username, c.c.cached = name, nil
	if name != "" {
		c.s.names[strings.ToLower(name)] = c.c
	}
}

// Forum turns topics of a supergroup on.
func (c *Chat) Forum() *Chat {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.c.forum, c.c.cached = true, nil
	return c
}

// OpenTopic opens a forum topic and returns its thread id.
func (c *Chat) OpenTopic(by *User, name string) int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.openTopic(c.c, name, by.a, nil)
}

// CloseTopic closes a forum topic: only administrators with the right write there.
func (c *Chat) CloseTopic(thread int) { c.changeTopic(thread, func(t *topic) { t.closed = true }) }

// DeleteTopic deletes a forum topic.
func (c *Chat) DeleteTopic(thread int) { c.changeTopic(thread, func(t *topic) { t.gone = true }) }

func (c *Chat) changeTopic(thread int, change func(*topic)) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if t := c.c.topics[thread]; t != nil {
		change(t)
	}
}

// Forbid takes the right to send kinds of content ("text messages", "photos", "documents",
// "polls") from ordinary members; none given allows all again.
func (c *Chat) Forbid(kinds ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.c.banned = map[string]bool{}
	for _, k := range kinds {
		c.c.banned[k] = true
	}
}

func (c *Chat) setMember(a *account, by *User, to member) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var actor *account
	if by != nil {
		actor = by.a
	}
	c.s.setMember(c.c, a, actor, to)
}

// AddBot makes the default bot an administrator with rights; the updates name by as who did it.
func (c *Chat) AddBot(by *User, rights Rights) { c.PromoteBot(by, c.s.Bot(), rights) }

// PromoteBot makes any bot an administrator with rights.
func (c *Chat) PromoteBot(by *User, b *Bot, rights Rights) {
	c.setMember(b.b.account, by, member{status: administrator, rights: rights})
}

// JoinBot makes the default bot an ordinary member (of a group; channels have administrators only).
func (c *Chat) JoinBot(by *User) { c.setMember(c.s.firstBot.account, by, member{status: ordinary}) }

// RemoveBot takes the default bot out; it may be added again.
func (c *Chat) RemoveBot(by *User) { c.setMember(c.s.firstBot.account, by, member{status: left}) }

// KickBot bans the default bot.
func (c *Chat) KickBot(by *User) { c.setMember(c.s.firstBot.account, by, member{status: kicked}) }

// Join makes a person an ordinary member or subscriber.
func (c *Chat) Join(u *User) { c.setMember(u.a, u, member{status: ordinary}) }

// Leave takes a person out.
func (c *Chat) Leave(u *User) { c.setMember(u.a, u, member{status: left}) }

// Promote makes a person an administrator.
func (c *Chat) Promote(by, u *User, rights Rights) {
	c.setMember(u.a, by, member{status: administrator, rights: rights})
}

// Demote makes an administrator an ordinary member.
func (c *Chat) Demote(by, u *User) { c.setMember(u.a, by, member{status: ordinary}) }

// TransferTo makes another person the owner; the owner so far becomes an administrator.
func (c *Chat) TransferTo(u *User) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, m := range c.c.members {
		if m.status == creator && m.account != u.a {
			c.s.setMember(c.c, m.account, m.account, member{status: administrator, rights: Poster})
		}
	}
	c.s.setMember(c.c, u.a, u.a, member{status: creator})
}

// Delete deletes a basic group.
func (c *Chat) Delete() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.c.deleted = true
	c.s.notify()
}

// Migrate upgrades a basic group to a supergroup with a new id and returns that one. Bots are
// told in both chats, as Telegram does.
func (c *Chat) Migrate(newID int64) *Chat {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	to := &chat{id: newID, kind: supergroup, title: c.c.title, members: c.c.members}
	c.s.chats[newID] = to
	var actor *account
	for _, m := range c.c.members {
		if m.status == creator {
			actor = m.account
		}
	}
	post := func(at *chat, change func(*stored)) {
		m := &stored{author: actor}
		if actor != nil {
			m.From = actor.who()
		}
		change(m)
		c.s.add(at, m, nil)
		c.s.deliver(m, nil)
	}
	post(c.c, func(m *stored) { m.MigrateToChatID = newID })
	c.c.migratedTo = newID
	post(to, func(m *stored) { m.MigrateFromChatID, m.SenderChat = c.c.id, nil })
	return &Chat{c.s, to}
}

// Manner is how a person's message is written.
type Manner struct {
	// ReplyTo is the message replied to; 0 for none.
	ReplyTo int
	// Thread is the forum topic; 0 for none.
	Thread int
	// Anonymous writes as the group itself (an anonymous administrator).
	Anonymous bool
	// AsChannel writes into a group in the name of a channel.
	AsChannel *Chat
	// Linked posts as the automatic forward of a post of the linked channel.
	Linked bool
	// Photo adds picture bytes; the text becomes the caption.
	Photo []byte
	// Video adds a video file of these bytes.
	Video []byte
	// Poll makes the message a poll; the text is its question. It is anonymous unless it says otherwise in PublicPoll.
	Poll []string
	// PublicPoll shows who voted for what.
	PublicPoll bool
	// Album makes the message a part of the album with this id.
	Album string
	// Document adds a file of this name with Content.
	Document string
	// Content is the content of Document.
	Content []byte
	// ForwardedFrom shows the message as a forward of a message of that channel.
	ForwardedFrom *Chat
	// ForwardedID is the id of the forwarded message.
	ForwardedID int
	// ForwardedUser shows the message as a forward of a message of that person; if Hidden, who does not let forwards
	// lead to the account, so that only the name is told.
	ForwardedUser *User
	Hidden        bool
	// Contact sends that person's card instead of the text; if Hidden, one whose account is not told.
	Contact *User
	// HTML takes the text as HTML instead of plain text.
	HTML bool
}

// Say writes a plain message into the chat and returns its id. In a channel it is a post.
func (c *Chat) Say(u *User, text string) int { return c.SayAs(u, text, Manner{}) }

// Post writes a channel post as one of its administrators.
func (c *Chat) Post(u *User, text string) int { return c.Say(u, text) }

// SayAs writes a message in a manner of choice and returns its id. What a person could not write,
// the emulator does not stop: it has the person's client on its side.
func (c *Chat) SayAs(u *User, text string, how Manner) int {
	spans := []span(nil)
	if how.HTML {
		if plain, marked, err := parseHTML(text); err == nil {
			text, spans = plain, marked
		}
	}
	f, err := fixText(text, spans, true)
	if err != nil {
		f = formatted{text: text}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.c.kind == privateChat {
		c.s.setBlocked(c.c, false)
		c.c.started = true
	}
	m := &stored{author: u.a}
	c.sender(m, u, how)
	t := content{text: f}
	switch {
	case how.Photo != nil:
		t.photo = c.s.keep(&file{isPhoto: true, content: how.Photo, size: len(how.Photo), width: 800, height: 600, mime: "image/jpeg"})
	case how.Contact != nil:
		card := &Contact{PhoneNumber: "+8801700000000", FirstName: how.Contact.a.info.FirstName, LastName: how.Contact.a.info.LastName}
		if !how.Hidden {
			card.UserID = how.Contact.a.info.ID
		}
		t = content{contact: card}
	case how.Video != nil:
		t.video = c.s.keep(&file{content: how.Video, size: len(how.Video), width: 1280, height: 720, mime: "video/mp4"})
	case how.Poll != nil:
		t.poll = &Poll{ID: itoa(5_000_000_000_000_000_000 + c.s.serial()), Question: text, IsAnonymous: !how.PublicPoll, Type: "regular"}
		for _, option := range how.Poll {
			t.poll.Options = append(t.poll.Options, PollOption{Text: option})
		}
		t.text = formatted{}
	case how.Document != "":
		t.document = c.s.keep(&file{name: how.Document, content: how.Content, size: len(how.Content), mime: "application/octet-stream"})
	}
	c.s.fill(m, t)
	m.MediaGroupID = how.Album
	m.ThreadID, m.IsTopicMessage = how.Thread, how.Thread != 0
	if r := c.c.find(how.ReplyTo); r != nil {
		m.ReplyToMessage = r.quoted()
	}
	if from := how.ForwardedFrom; from != nil {
		m.ForwardOrigin = &MessageOrigin{Type: "channel", Chat: from.c.info(), MessageID: how.ForwardedID, Date: c.s.unix()}
		m.ForwardFromChat, m.ForwardFromMessage, m.ForwardDate = from.c.info(), how.ForwardedID, c.s.unix()
	}
	if from := how.ForwardedUser; from != nil {
		m.ForwardOrigin = &MessageOrigin{Type: "user", SenderUser: from.a.who(), Date: c.s.unix()}
		m.ForwardFrom, m.ForwardDate = from.a.who(), c.s.unix()
		if how.Hidden {
			m.ForwardOrigin = &MessageOrigin{Type: "hidden_user", SenderUserName: from.a.info.FirstName, Date: c.s.unix()}
			m.ForwardFrom, m.ForwardSenderName = nil, from.a.info.FirstName
		}
	}
	c.s.add(c.c, m, c.c.bot)
	c.s.deliver(m, nil)
	return m.MessageID
}

// sender fills in who a person's message is from.
func (c *Chat) sender(m *stored, u *User, how Manner) {
	switch {
	case c.c.kind == channel:
		m.SenderChat = c.c.info()
	case how.Anonymous:
		m.From, m.SenderChat = groupAnonymousBot, c.c.info()
	case how.Linked && how.AsChannel != nil:
		m.From, m.SenderChat, m.IsAutomaticForward = telegramItself, how.AsChannel.c.info(), true
	case how.AsChannel != nil:
		m.From, m.SenderChat = channelBot, how.AsChannel.c.info()
	default:
		m.From = u.a.who()
	}
}

// Edit changes the text of a person's message; bots get the edited update.
func (c *Chat) Edit(u *User, message int, text string) error {
	f, err := fixText(text, nil, true)
	if err != nil {
		return err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.c.find(message)
	if m == nil || m.author != u.a {
		return fmt.Errorf("edit message %d: not there, or not of user %d", message, u.ID())
	}
	t := content{text: f}
	if m.Photo != nil || m.Document != nil {
		m.Caption, m.CaptionEntities = f.text, c.s.entities(f.spans)
	} else {
		c.s.fill(m, t)
	}
	c.s.edited(m)
	c.s.deliverEdit(m)
	return nil
}

// Remove deletes a message as a person does: bots are not told.
func (c *Chat) Remove(message int) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.c.find(message); m != nil {
		c.s.remove(m)
	}
}

// Press presses a button under a message, named by its callback data or its text.
func (c *Chat) Press(u *User, message int, button string) (*Press, error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.c.find(message)
	if m == nil || m.bot == nil {
		return nil, fmt.Errorf("press %q under message %d: no such message of a bot", button, message)
	}
	b, ok := m.Button(button)
	if !ok || b.CallbackData == "" {
		return nil, fmt.Errorf("press %q under message %d: no such callback button", button, message)
	}
	return &Press{c.s, c.s.press(m, u.a, b.CallbackData)}, nil
}

// PressData sends a callback with any data, as a forged or an outdated client may.
func (c *Chat) PressData(u *User, message int, data string) (*Press, error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.c.find(message)
	if m == nil || m.bot == nil {
		return nil, fmt.Errorf("press under message %d: no such message of a bot", message)
	}
	return &Press{c.s, c.s.press(m, u.a, data)}, nil
}

func (s *Server) press(m *stored, a *account, data string) *press {
	now := s.unix()
	p := &press{at: now, query: CallbackQuery{
		ID: itoa(4_000_000_000_000_000_000 + s.serial()), From: a.who(), Message: &m.Message,
		ChatInstance: itoa(m.chat.id * 7919), Data: data,
	}}
	m.bot.callbacks[p.query.ID] = p
	m.bot.seen[a.info.ID] = true
	s.emit(m.bot, "callback_query", p.query, now+callbackLife)
	return p
}

// AskInline types a query after the bot's name in any chat.
func (u *User) AskInline(query, offset string) *InlineAsk {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ask := &inlineAsk{at: u.s.unix(), query: InlineQuery{
		ID: itoa(3_000_000_000_000_000_000 + u.s.serial()), From: u.a.who(), ChatType: "sender", Query: query, Offset: offset,
	}}
	u.b.inlines[ask.query.ID] = ask
	u.s.emit(u.b, "inline_query", ask.query, ask.at+inlineLife)
	return &InlineAsk{u, ask}
}

// InlineAsk is an inline query that has been typed.
type InlineAsk struct {
	u   *User
	ask *inlineAsk
}

// Wait waits for the bot's results.
func (i *InlineAsk) Wait(ctx context.Context) (InlineAnswer, error) {
	if err := i.u.s.waitFor(ctx, func() bool { return i.ask.answered }); err != nil {
		return InlineAnswer{}, fmt.Errorf("wait for inline results: %w", err)
	}
	return i.ask.answer, nil
}

// Choose sends the result with that id into a chat; the message is marked as sent via the bot.
func (i *InlineAsk) Choose(to *Chat, result string) (int, error) {
	s := i.u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, raw := range i.ask.answer.Results {
		var r inlineResult
		if json.Unmarshal(raw, &r) != nil || r.ID != result || r.Content == nil {
			continue
		}
		text, spans := r.Content.Text, []span(nil)
		if strings.EqualFold(r.Content.ParseMode, "html") {
			text, spans, _ = parseHTML(text)
		}
		f, err := fixText(text, spans, false)
		if err != nil {
			return 0, err
		}
		m := &stored{author: i.u.a}
		m.From, m.ViaBot = i.u.a.who(), i.u.b.who()
		s.fill(m, content{text: f})
		if keyboard, err := readMarkup(string(r.Markup)); err == nil && keyboard.checked(to.c.kind) == nil {
			m.ReplyMarkup = keyboard.inline
		}
		s.add(to.c, m, to.c.bot)
		s.deliver(m, nil)
		s.emit(i.u.b, "chosen_inline_result", ChosenInlineResult{ResultID: result, From: i.u.a.who(), Query: i.ask.query.Query}, s.unix()+chosenLife)
		return m.MessageID, nil
	}
	return 0, fmt.Errorf("choose inline result %q: the bot has not given it", result)
}

// ShareChat answers a request_chat button of the private chat: the bot is added with the rights
// the button asks for, if it asks for any, and chat_shared follows. The client offers only chats of the wanted kind in which the
// user has the rights that the button wants of him; sharing another is an error.
func (u *User) ShareChat(button string, shared *Chat) (int, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.share(button, func(b KeyboardButton, answer *stored) bool {
		wanted := b.RequestChat
		if wanted == nil || (shared.c.kind == channel) != wanted.ChatIsChannel {
			return false
		}
		if needs := wanted.UserAdministratorRights; needs != nil && !shared.c.member(u.a).can(func(r Rights) bool { return r.has(*needs) }) {
			return false
		}
		if rights := wanted.BotAdministratorRights; rights != nil {
			u.s.setMember(shared.c, u.b.account, u.a, member{status: administrator, rights: *rights})
		}
		answer.ChatShared = &ChatShared{RequestID: wanted.RequestID, ChatID: shared.c.id}
		if wanted.RequestTitle {
			answer.ChatShared.Title = shared.c.title
		}
		if wanted.RequestUsername {
			answer.ChatShared.Username = shared.c.username
		}
		return true
	})
}

// ShareUsers answers a request_users button of the private chat by picking people; users_shared follows, with the names if the
// button asks for them.
func (u *User) ShareUsers(button string, picked ...*User) (int, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.share(button, func(b KeyboardButton, answer *stored) bool {
		if b.RequestUsers == nil || len(picked) == 0 || len(picked) > max(b.RequestUsers.MaxQuantity, 1) {
			return false
		}
		shared := &UsersShared{RequestID: b.RequestUsers.RequestID}
		for _, p := range picked {
			one := SharedUser{UserID: p.a.info.ID}
			if b.RequestUsers.RequestName {
				one.FirstName, one.LastName = p.a.info.FirstName, p.a.info.LastName
			}
			if b.RequestUsers.RequestUsername {
				one.Username = p.a.info.Username
			}
			shared.Users = append(shared.Users, one)
		}
		answer.UsersShared = shared
		return true
	})
}

// share answers the newest button of that name which answer takes, in the private chat.
func (u *User) share(button string, take func(KeyboardButton, *stored) bool) (int, error) {
	c := u.s.privateChat(u.b, u.a)
	for i := len(c.messages) - 1; i >= 0; i-- {
		m := c.messages[i]
		if m.otherMarkup == nil {
			continue
		}
		for _, row := range m.otherMarkup.Rows {
			for _, b := range row {
				answer := &stored{author: u.a}
				if b.Text != button || !take(b, answer) {
					continue
				}
				answer.From = u.a.who()
				answer.ReplyToMessage = m.quoted()
				u.s.add(c, answer, u.b)
				u.s.deliver(answer, nil)
				return answer.MessageID, nil
			}
		}
	}
	return 0, fmt.Errorf("share by button %q: no keyboard has it, or it does not offer that", button)
}

// Vote votes in a poll of the chat; bots are told if the poll is not anonymous.
func (c *Chat) Vote(u *User, message int, options ...int) error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.c.find(message)
	if m == nil || m.Poll == nil || m.Poll.IsClosed {
		return fmt.Errorf("vote in message %d: no open poll", message)
	}
	poll := *m.Poll
	poll.Options = slices.Clone(poll.Options)
	for _, o := range options {
		if o < 0 || o >= len(poll.Options) {
			return fmt.Errorf("vote in message %d: no option %d", message, o)
		}
		poll.Options[o].VoterCount++
	}
	poll.TotalVoterCount++
	for _, shown := range c.s.polls[poll.ID] { // forwarded, a poll stays one
		shown.Poll = &poll
	}
	now := c.s.unix()
	if m.bot != nil {
		c.s.emit(m.bot, "poll", poll, now+day)
		if !poll.IsAnonymous {
			c.s.emit(m.bot, "poll_answer", PollAnswer{poll.ID, u.a.who(), options}, now+day)
		}
	}
	c.s.tell("edit", c.c, m)
	c.s.notify()
	return nil
}

// Messages are the messages of the chat as they stand now, deleted ones left out.
func (c *Chat) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.transcript(func(*stored) bool { return true })
}

// FromBots are the messages bots have written.
func (c *Chat) FromBots() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.transcript(func(m *stored) bool { return m.bot != nil })
}

// Last is the newest message of a bot; false if there is none.
func (c *Chat) Last() (Message, bool) {
	list := c.FromBots()
	if len(list) == 0 {
		return Message{}, false
	}
	return list[len(list)-1], true
}

func (c *chat) transcript(wanted func(*stored) bool) []Message {
	var list []Message
	for _, m := range c.messages {
		if !m.deleted && wanted(m) {
			list = append(list, m.Message)
		}
	}
	return list
}

// Find gives one message; false if it never was or has been deleted.
func (c *Chat) Find(message int) (Message, bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.c.find(message); m != nil {
		return m.Message, true
	}
	return Message{}, false
}

// Keyboard is the reply keyboard that stands under the chat now; nil for none.
func (c *Chat) Keyboard() *ReplyKeyboard {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.keyboard()
}

func (c *chat) keyboard() *ReplyKeyboard {
	for i := len(c.messages) - 1; i >= 0; i-- {
		switch m := c.messages[i]; {
		case m.removesKeys:
			return nil
		case m.otherMarkup != nil && !m.deleted:
			return m.otherMarkup
		}
	}
	return nil
}

// Silent reports whether a message was sent without a sound.
func (c *Chat) Silent(message int) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.c.find(message)
	return m != nil && m.silent
}

// Pin pins a message as an administrator does.
func (c *Chat) Pin(message int) error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.c.find(message) == nil {
		return fmt.Errorf("pin message %d: not there", message)
	}
	c.c.pins = append(c.c.pins, message)
	return nil
}

// BotRights are what the default bot may do in the chat.
func (c *Chat) BotRights() Rights {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.member(c.s.firstBot.account).rights
}

// Pins are the messages that are pinned, the latest last.
func (c *Chat) Pins() []int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return slices.Clone(c.c.pins)
}

// Pinned is the id of the pinned message; 0 for none.
func (c *Chat) Pinned() int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.pinned()
}

// Wait waits until the messages of the chat satisfy a condition. The condition must not call
// methods of the server.
func (c *Chat) Wait(ctx context.Context, until func([]Message) bool) ([]Message, error) {
	var list []Message
	err := c.s.waitFor(ctx, func() bool {
		list = c.c.transcript(func(*stored) bool { return true })
		return until(list)
	})
	if err != nil {
		return list, fmt.Errorf("wait in chat %d with %d messages: %w", c.c.id, len(list), err)
	}
	return list, nil
}

// WaitForBot waits until bots have written at least n messages into the chat and returns them.
func (c *Chat) WaitForBot(ctx context.Context, n int) ([]Message, error) {
	var list []Message
	err := c.s.waitFor(ctx, func() bool {
		list = c.c.transcript(func(m *stored) bool { return m.bot != nil })
		return len(list) >= n
	})
	if err != nil {
		return list, fmt.Errorf("wait in chat %d for %d messages of a bot, have %d: %w", c.c.id, n, len(list), err)
	}
	return list, nil
}

// WaitRequests waits until the named method has been called at least n times.
func (s *Server) WaitRequests(ctx context.Context, method string, n int) ([]Request, error) {
	var list []Request
	err := s.waitFor(ctx, func() bool {
		list = s.requestsNamed([]string{method})
		return len(list) >= n
	})
	if err != nil {
		return list, fmt.Errorf("wait for %d calls of %s, have %d: %w", n, method, len(list), err)
	}
	return list, nil
}

// Tally is what a bot has sent into a chat, also without history.
type Tally struct {
	ChatID int64 `json:"chat_id"`
	Count  int   `json:"count"`
	First  int   `json:"first_id"`
	Last   int   `json:"last_id"`
	// Doubled counts messages whose text the chat had already got.
	Doubled int `json:"doubled"`
}

func (c *chat) sum() Tally {
	t := Tally{ChatID: c.id}
	if c.tally != nil {
		t.Count, t.First, t.Last = c.tally.count, c.tally.first, c.tally.last
		for _, h := range c.tally.hashes {
			t.Doubled += int(h.count) - 1
		}
		return t
	}
	seen := map[string]bool{}
	for _, m := range c.messages {
		if m.bot == nil || m.isService() {
			continue
		}
		if t.Count == 0 {
			t.First = m.MessageID
		}
		t.Count++
		t.Last = m.MessageID
		if seen[m.Words()] {
			t.Doubled++
		}
		seen[m.Words()] = true
	}
	return t
}

// Tally counts what bots have sent into the chat.
func (c *Chat) Tally() Tally {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.c.sum()
}

// Times tells how often bots have sent exactly this text (as received, without markup) into the
// chat. It works without history too, and counts deleted messages.
func (c *Chat) Times(text string) int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.c.tally != nil {
		return c.c.tally.seen(text)
	}
	n := 0
	for _, m := range c.c.messages {
		if m.bot != nil && m.Words() == text {
			n++
		}
	}
	return n
}

// Tallies calls see for every chat a bot has sent something into.
func (s *Server) Tallies(see func(Tally)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.bots {
		for _, c := range b.private {
			if t := c.sum(); t.Count > 0 {
				see(t)
			}
		}
	}
	for _, c := range s.chats {
		if t := c.sum(); t.Count > 0 {
			see(t)
		}
	}
}
