package telegram

import "time"

// The types below are what this bot reads of the Bot API's (10.x) objects; fields that are not here are dropped. Names
// follow the documentation, shortened where the meaning stays.

// Update is one thing that happened. Exactly one of the pointers is set; none if its kind is unknown to us.
type Update struct {
	ID                int                `json:"update_id"`
	Message           *Message           `json:"message,omitempty"`
	EditedMessage     *Message           `json:"edited_message,omitempty"`
	ChannelPost       *Message           `json:"channel_post,omitempty"`
	EditedChannelPost *Message           `json:"edited_channel_post,omitempty"`
	Callback          *CallbackQuery     `json:"callback_query,omitempty"`
	InlineQuery       *InlineQuery       `json:"inline_query,omitempty"`
	ChosenInline      *ChosenInline      `json:"chosen_inline_result,omitempty"`
	MyChatMember      *ChatMemberUpdated `json:"my_chat_member,omitempty"`
	ChatMember        *ChatMemberUpdated `json:"chat_member,omitempty"`
}

// AnyMessage is the update's message or post, edited or not; nil for other kinds.
func (u *Update) AnyMessage() *Message {
	for _, m := range []*Message{u.Message, u.EditedMessage, u.ChannelPost, u.EditedChannelPost} {
		if m != nil {
			return m
		}
	}
	return nil
}

// ChatID is the chat the update happened in; 0 where there is none, as for inline queries and presses under messages sent by them.
func (u *Update) ChatID() int64 {
	switch m := u.AnyMessage(); {
	case m != nil:
		return m.Chat.ID
	case u.Callback != nil && u.Callback.Message != nil:
		return u.Callback.Message.Chat.ID
	case u.MyChatMember != nil:
		return u.MyChatMember.Chat.ID
	case u.ChatMember != nil:
		return u.ChatMember.Chat.ID
	}
	return 0
}

// Sender is the user who caused the update; nil where Telegram names none, as for most channel posts.
func (u *Update) Sender() *User {
	switch m := u.AnyMessage(); {
	case m != nil:
		return m.From
	case u.Callback != nil:
		return &u.Callback.From
	case u.InlineQuery != nil:
		return &u.InlineQuery.From
	case u.ChosenInline != nil:
		return &u.ChosenInline.From
	case u.MyChatMember != nil:
		return &u.MyChatMember.From
	case u.ChatMember != nil:
		return &u.ChatMember.From
	}
	return nil
}

// Accounts by which Telegram itself speaks in groups.
const (
	// AnonymousAdmin is the sender of messages by anonymous administrators; the message's SenderChat is the group.
	AnonymousAdmin int64 = 1087968824
	// ChannelSpeaker is the sender of messages posted in the name of a channel; SenderChat is that channel. Not an administrator.
	ChannelSpeaker int64 = 136817688
	// ServiceAccount is the sender of posts forwarded automatically from a linked channel.
	ServiceAccount int64 = 777000
)

// User is a person or bot.
type User struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	// Language is the IETF tag of the user's client, such as "bn" or "pt-br"; often empty.
	Language string `json:"language_code,omitempty"`
	// SupportsInline is told by getMe alone.
	SupportsInline bool `json:"supports_inline_queries,omitempty"`
}

// ChatKind is what a chat is, in the Bot API's words.
type ChatKind string

// The kinds of chats.
const (
	Private    ChatKind = "private"
	Group      ChatKind = "group"
	Supergroup ChatKind = "supergroup"
	Channel    ChatKind = "channel"
)

// Chat is a private chat, group, supergroup or channel.
type Chat struct {
	ID        int64    `json:"id"`
	Type      ChatKind `json:"type"`
	Title     string   `json:"title,omitempty"`
	Username  string   `json:"username,omitempty"`
	FirstName string   `json:"first_name,omitempty"`
	LastName  string   `json:"last_name,omitempty"`
	IsForum   bool     `json:"is_forum,omitempty"`
	// The rest is told by getChat alone.
	Description  string `json:"description,omitempty"`
	LinkedChatID int64  `json:"linked_chat_id,omitempty"`
}

// Message is a message or post.
type Message struct {
	ID int `json:"message_id"`
	// ThreadID is the forum topic or, outside forums, the thread of replies; only with IsTopicMessage it is a topic. The General topic has none.
	ThreadID       int   `json:"message_thread_id,omitempty"`
	IsTopicMessage bool  `json:"is_topic_message,omitempty"`
	From           *User `json:"from,omitempty"`
	// SenderChat is set for posts and for messages in the name of a chat.
	SenderChat *Chat `json:"sender_chat,omitempty"`
	Chat       Chat  `json:"chat"`
	Date       int64 `json:"date"`
	EditDate   int64 `json:"edit_date,omitempty"`

	Text            string      `json:"text,omitempty"`
	Entities        []Entity    `json:"entities,omitempty"`
	Caption         string      `json:"caption,omitempty"`
	CaptionEntities []Entity    `json:"caption_entities,omitempty"`
	Photo           []PhotoSize `json:"photo,omitempty"`
	Document        *Document   `json:"document,omitempty"`
	Video           *Attachment `json:"video,omitempty"`
	Animation       *Attachment `json:"animation,omitempty"`
	Audio           *Attachment `json:"audio,omitempty"`
	Voice           *Attachment `json:"voice,omitempty"`
	Poll            *Poll       `json:"poll,omitempty"`
	MediaGroup      string      `json:"media_group_id,omitempty"`
	Contact         *Contact    `json:"contact,omitempty"`

	ReplyTo            *Message       `json:"reply_to_message,omitempty"`
	ForwardOrigin      *ForwardOrigin `json:"forward_origin,omitempty"`
	IsAutomaticForward bool           `json:"is_automatic_forward,omitempty"`
	ViaBot             *User          `json:"via_bot,omitempty"`
	Buttons            *struct {
		Rows InlineKeyboard `json:"inline_keyboard"`
	} `json:"reply_markup,omitempty"`

	ChatShared  *ChatShared  `json:"chat_shared,omitempty"`
	UsersShared *UsersShared `json:"users_shared,omitempty"`
	NewTitle    string       `json:"new_chat_title,omitempty"`
	// MigrateTo is the supergroup this group has become, MigrateFrom the group this supergroup was.
	MigrateTo   int64    `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom int64    `json:"migrate_from_chat_id,omitempty"`
	Pinned      *Message `json:"pinned_message,omitempty"`
}

// Time is when the message was sent.
func (m *Message) Time() time.Time { return time.Unix(m.Date, 0).UTC() }

// Words is the message's text, or its caption.
func (m *Message) Words() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// Thread is the forum topic the message is in; 0 outside forums and in the General topic, which must be addressed by none.
func (m *Message) Thread() int {
	if !m.IsTopicMessage || m.ThreadID == 1 {
		return 0
	}
	return m.ThreadID
}

// PhotoID is the file id of the largest size of the message's photo; "" without one.
func (m *Message) PhotoID() string { return largest(m.Photo) }

func largest(sizes []PhotoSize) string {
	id, area := "", -1
	for _, p := range sizes {
		if a := p.Width * p.Height; a >= area {
			id, area = p.FileID, a
		}
	}
	return id
}

// Entity marks up a part of a text; Offset and Length count UTF-16 units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	User     *User  `json:"user,omitempty"`
	Language string `json:"language,omitempty"`
}

// PhotoSize is one size of a photo, in pixels.
type PhotoSize struct {
	FileID string `json:"file_id"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// Document is a file; Size is in bytes.
type Document struct {
	FileID string `json:"file_id"`
	Name   string `json:"file_name,omitempty"`
	Size   int64  `json:"file_size,omitempty"`
}

// Attachment is a video, an animation or a sound.
type Attachment struct {
	FileID string `json:"file_id"`
}

// Poll is a native poll.
type Poll struct {
	ID       string `json:"id"`
	Question string `json:"question"`
}

// Contact is a person's card.
type Contact struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	UserID    int64  `json:"user_id,omitempty"` // 0 if the number has no account, or one we may not know
}

// ForwardOrigin tells where a forwarded message comes from: Type is "user", "hidden_user", "chat" or "channel".
type ForwardOrigin struct {
	Type       string `json:"type"`
	Date       int64  `json:"date"`
	Sender     *User  `json:"sender_user,omitempty"`
	SenderName string `json:"sender_user_name,omitempty"`
	SenderChat *Chat  `json:"sender_chat,omitempty"`
	Channel    *Chat  `json:"chat,omitempty"`
	MessageID  int    `json:"message_id,omitempty"`
}

// ChatShared is a chat the user picked by a [RequestChat] key. The bot need not be in it.
type ChatShared struct {
	RequestID int    `json:"request_id"`
	ChatID    int64  `json:"chat_id"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
}

// UsersShared is users the user picked by a [RequestUsers] key. The bot need not know them.
type UsersShared struct {
	RequestID int          `json:"request_id"`
	Users     []SharedUser `json:"users"`
}

// SharedUser is one of them; the names are there if they were asked for.
type SharedUser struct {
	ID        int64  `json:"user_id"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
}

// CallbackQuery is a press of a button. Either Message is set, or InlineID for a message sent by inline mode.
type CallbackQuery struct {
	ID       string   `json:"id"`
	From     User     `json:"from"`
	Message  *Message `json:"message,omitempty"` // if Date is 0 only Chat and ID are told: too old for more
	InlineID string   `json:"inline_message_id,omitempty"`
	Data     string   `json:"data,omitempty"`
}

// InlineQuery is what a user typed after the bot's name in some chat.
type InlineQuery struct {
	ID     string `json:"id"`
	From   User   `json:"from"`
	Query  string `json:"query"`
	Offset string `json:"offset"`
	// ChatType is the kind of that chat: "sender", "private", "group", "supergroup" or "channel".
	ChatType string `json:"chat_type,omitempty"`
}

// ChosenInline is an inline result that a user sent.
type ChosenInline struct {
	ResultID string `json:"result_id"`
	From     User   `json:"from"`
	Query    string `json:"query"`
	InlineID string `json:"inline_message_id,omitempty"`
}

// ChatMemberUpdated tells that somebody's standing in a chat changed; From is the person who changed it.
type ChatMemberUpdated struct {
	Chat Chat       `json:"chat"`
	From User       `json:"from"`
	Date int64      `json:"date"`
	Old  ChatMember `json:"old_chat_member"`
	New  ChatMember `json:"new_chat_member"`
}

// ChatMember is somebody's standing in a chat. Status is "creator", "administrator", "member", "restricted", "left" or "kicked".
type ChatMember struct {
	Status   string `json:"status"`
	User     User   `json:"user"`
	IsMember bool   `json:"is_member,omitempty"` // of a restricted one
	CanSend  bool   `json:"can_send_messages,omitempty"`
	AdminRights
}

// IsAdmin tells whether the member is creator or administrator.
func (m ChatMember) IsAdmin() bool { return m.Status == "creator" || m.Status == "administrator" }

// Present tells whether the member is in the chat at all.
func (m ChatMember) Present() bool {
	return m.IsAdmin() || m.Status == "member" || m.Status == "restricted" && m.IsMember
}

// CanPost tells whether the member may post to a chat of this kind. A creator may do all.
func (m ChatMember) CanPost(kind ChatKind) bool {
	switch {
	case m.Status == "creator":
		return true
	case kind == Channel:
		return m.Status == "administrator" && m.Post
	case m.Status == "restricted":
		return m.IsMember && m.CanSend
	default:
		return m.Present()
	}
}

// Command is an entry of the command menu: the name without slash, of a–z, 0–9 and _, at most 32; a description of 1–256 characters.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// Scope says whom a command menu is for; the zero value is everybody without a narrower one. It authorises nothing.
type Scope struct {
	Type   string `json:"type"`
	ChatID int64  `json:"chat_id,omitempty"`
	UserID int64  `json:"user_id,omitempty"`
}

// The wide scopes. For one chat: Scope{Type: "chat", ChatID: id}.
var (
	AllPrivateChats = Scope{Type: "all_private_chats"}
	AllGroups       = Scope{Type: "all_group_chats"}
	AllGroupAdmins  = Scope{Type: "all_chat_administrators"}
)
