package telegram

// Keyboard is what can hang under a message: [InlineKeyboard], [ReplyKeyboard], [RemoveKeyboard] or [ForceReply].
type Keyboard interface{ markup() any }

// Button is one inline button. Text is a must, and exactly one of the other kinds of field but Style. The constructors
// ([Press], [Open], …) make valid ones.
type Button struct {
	Text string `json:"text"`
	// Data comes back in the callback query: 1–64 bytes.
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
	// SwitchInline opens a chat of the reader's choice with an inline query to us; it may be empty but not absent.
	SwitchInline *string `json:"switch_inline_query,omitempty"`
	// SwitchInlineHere starts an inline query in the same chat.
	SwitchInlineHere *string   `json:"switch_inline_query_current_chat,omitempty"`
	CopyText         *CopyText `json:"copy_text,omitempty"`
	// Style is "danger", "success" or "primary" (Bot API 9.4); older clients ignore it.
	Style string `json:"style,omitempty"`
}

// CopyText is the text, of 1–256 characters, that a button puts on the clipboard (Bot API 7.11).
type CopyText struct {
	Text string `json:"text"`
}

// Press is a button that sends data (1–64 bytes) back to us.
func Press(text, data string) Button { return Button{Text: text, Data: data} }

// Open is a button that opens a link.
func Open(text, url string) Button { return Button{Text: text, URL: url} }

// InlineKeyboard is rows of buttons under a message: at most 8 in a row and 100 in all.
type InlineKeyboard [][]Button

func (k InlineKeyboard) markup() any {
	rows := make([][]Button, 0, len(k)) // never null: the server wants an array
	for _, row := range k {
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return struct {
		Rows [][]Button `json:"inline_keyboard"`
	}{rows}
}

// Key is one key of a reply keyboard. A plain key sends its text as a message.
type Key struct {
	Text           string        `json:"text"`
	RequestChat    *RequestChat  `json:"request_chat,omitempty"`
	RequestUsers   *RequestUsers `json:"request_users,omitempty"`
	RequestContact bool          `json:"request_contact,omitempty"`
}

// RequestUsers asks the reader to pick people (Bot API 7.0, private chats only); the choice comes as Message.UsersShared with the
// same ID. A client older than that shows a plain key.
type RequestUsers struct {
	ID    int   `json:"request_id"`             // unique within the message
	Bots  *bool `json:"user_is_bot,omitempty"`  // true for bots alone, false for people alone
	Most  int   `json:"max_quantity,omitempty"` // 1 to 10; 1 if absent
	Names bool  `json:"request_name,omitempty"` // Bot API 7.2
}

// RequestChat asks the reader to pick a chat (Bot API 6.5, private chats only); the choice comes as Message.ChatShared
// with the same ID. A client older than that shows a plain key.
type RequestChat struct {
	ID              int          `json:"request_id"` // unique within the message
	Channel         bool         `json:"chat_is_channel"`
	Forum           *bool        `json:"chat_is_forum,omitempty"`
	UserRights      *AdminRights `json:"user_administrator_rights,omitempty"`
	BotRights       *AdminRights `json:"bot_administrator_rights,omitempty"` // must be among UserRights
	RequestTitle    bool         `json:"request_title,omitempty"`
	RequestUsername bool         `json:"request_username,omitempty"`
}

// AdminRights are an administrator's rights, as asked for or held.
type AdminRights struct {
	Anonymous      bool `json:"is_anonymous"`
	ManageChat     bool `json:"can_manage_chat"`
	DeleteMessages bool `json:"can_delete_messages"`
	ManageVideo    bool `json:"can_manage_video_chats"`
	Restrict       bool `json:"can_restrict_members"`
	Promote        bool `json:"can_promote_members"`
	ChangeInfo     bool `json:"can_change_info"`
	Invite         bool `json:"can_invite_users"`
	PostStories    bool `json:"can_post_stories"`
	EditStories    bool `json:"can_edit_stories"`
	DeleteStories  bool `json:"can_delete_stories"`
	Post           bool `json:"can_post_messages,omitempty"`
	Edit           bool `json:"can_edit_messages,omitempty"`
	Pin            bool `json:"can_pin_messages,omitempty"`
	ManageTopics   bool `json:"can_manage_topics,omitempty"`
}

// ReplyKeyboard replaces the reader's letters with keys.
type ReplyKeyboard struct {
	Rows        [][]Key `json:"keyboard"`
	Resize      bool    `json:"resize_keyboard,omitempty"`
	OneTime     bool    `json:"one_time_keyboard,omitempty"`
	Selective   bool    `json:"selective,omitempty"`
	Placeholder string  `json:"input_field_placeholder,omitempty"`
}

func (k ReplyKeyboard) markup() any {
	if k.Rows == nil {
		k.Rows = [][]Key{}
	}
	return k
}

// RemoveKeyboard takes a reply keyboard away.
type RemoveKeyboard struct{ Selective bool }

func (k RemoveKeyboard) markup() any {
	return struct {
		Remove    bool `json:"remove_keyboard"`
		Selective bool `json:"selective,omitempty"`
	}{true, k.Selective}
}

// ForceReply opens a reply to the message on the reader's screen.
type ForceReply struct {
	Placeholder string
	Selective   bool
}

func (k ForceReply) markup() any {
	return struct {
		Force       bool   `json:"force_reply"`
		Placeholder string `json:"input_field_placeholder,omitempty"`
		Selective   bool   `json:"selective,omitempty"`
	}{true, k.Placeholder, k.Selective}
}
