package telegramtest

// UserInfo is the Bot API's User object.
type UserInfo struct {
	ID                      int64  `json:"id"`
	IsBot                   bool   `json:"is_bot"`
	FirstName               string `json:"first_name"`
	LastName                string `json:"last_name,omitempty"`
	Username                string `json:"username,omitempty"`
	LanguageCode            string `json:"language_code,omitempty"`
	CanJoinGroups           *bool  `json:"can_join_groups,omitempty"`
	CanReadAllGroupMessages *bool  `json:"can_read_all_group_messages,omitempty"`
	SupportsInlineQueries   *bool  `json:"supports_inline_queries,omitempty"`
}

// ChatInfo is the Bot API's Chat object, as it stands in messages.
type ChatInfo struct {
	ID        int64  `json:"id"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	Type      string `json:"type"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

// Entity is the Bot API's MessageEntity; offset and length are UTF-16 units.
type Entity struct {
	Offset         int       `json:"offset"`
	Length         int       `json:"length"`
	Type           string    `json:"type"`
	URL            string    `json:"url,omitempty"`
	User           *UserInfo `json:"user,omitempty"`
	Language       string    `json:"language,omitempty"`
	CustomEmojiID  string    `json:"custom_emoji_id,omitempty"`
	UnixTime       int64     `json:"unix_time,omitempty"`
	DateTimeFormat string    `json:"date_time_format,omitempty"`
}

// PhotoSize is one size of a photo. The emulator keeps one size per photo.
type PhotoSize struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int    `json:"file_size,omitempty"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

// Document is a general file.
type Document struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int    `json:"file_size,omitempty"`
}

// Video is a video file.
type Video struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int    `json:"file_size,omitempty"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Duration     int    `json:"duration"`
	MimeType     string `json:"mime_type,omitempty"`
}

// Contact is a shared telephone contact.
type Contact struct {
	PhoneNumber string `json:"phone_number"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name,omitempty"`
	UserID      int64  `json:"user_id,omitempty"`
}

// Poll is a native poll.
type Poll struct {
	ID                    string       `json:"id"`
	Question              string       `json:"question"`
	Options               []PollOption `json:"options"`
	TotalVoterCount       int          `json:"total_voter_count"`
	IsClosed              bool         `json:"is_closed"`
	IsAnonymous           bool         `json:"is_anonymous"`
	Type                  string       `json:"type"`
	AllowsMultipleAnswers bool         `json:"allows_multiple_answers"`
	CorrectOptionID       *int         `json:"correct_option_id,omitempty"`
	Explanation           string       `json:"explanation,omitempty"`
}

// PollOption is one answer of a Poll.
type PollOption struct {
	Text       string `json:"text"`
	VoterCount int    `json:"voter_count"`
}

// afresh is the same poll under another id, before anybody has voted.
func (p Poll) afresh(id string) *Poll {
	p.ID, p.TotalVoterCount, p.IsClosed = id, 0, false
	options := make([]PollOption, len(p.Options))
	for i, o := range p.Options {
		options[i].Text = o.Text
	}
	p.Options = options
	return &p
}

// LinkPreviewOptions says how the link preview of a message is shown.
type LinkPreviewOptions struct {
	IsDisabled       bool   `json:"is_disabled,omitempty"`
	URL              string `json:"url,omitempty"`
	PreferSmallMedia bool   `json:"prefer_small_media,omitempty"`
	PreferLargeMedia bool   `json:"prefer_large_media,omitempty"`
	ShowAboveText    bool   `json:"show_above_text,omitempty"`
}

// InlineKeyboard is the keyboard under a message.
type InlineKeyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// Button is one button of an InlineKeyboard. Exactly one of the action fields is set.
type Button struct {
	Text              string        `json:"text"`
	URL               string        `json:"url,omitempty"`
	CallbackData      string        `json:"callback_data,omitempty"`
	SwitchInline      *string       `json:"switch_inline_query,omitempty"`
	SwitchInlineHere  *string       `json:"switch_inline_query_current_chat,omitempty"`
	WebApp            *WebAppInfo   `json:"web_app,omitempty"`
	CopyText          *CopyTextInfo `json:"copy_text,omitempty"`
	Style             string        `json:"style,omitempty"`
	IconCustomEmojiID string        `json:"icon_custom_emoji_id,omitempty"`
}

// WebAppInfo is the page a web_app button opens.
type WebAppInfo struct {
	URL string `json:"url"`
}

// CopyTextInfo is what a copy_text button puts on the clipboard.
type CopyTextInfo struct {
	Text string `json:"text"`
}

// ReplyKeyboard is the keyboard shown instead of the letters. It is not part of the
// Message a bot gets back; the emulator keeps it for the chat page and for tests.
type ReplyKeyboard struct {
	Rows        [][]KeyboardButton `json:"keyboard"`
	Resize      bool               `json:"resize_keyboard,omitempty"`
	OneTime     bool               `json:"one_time_keyboard,omitempty"`
	Placeholder string             `json:"input_field_placeholder,omitempty"`
}

// KeyboardButton is one button of a ReplyKeyboard.
type KeyboardButton struct {
	Text           string        `json:"text"`
	RequestChat    *RequestChat  `json:"request_chat,omitempty"`
	RequestUsers   *RequestUsers `json:"request_users,omitempty"`
	RequestContact bool          `json:"request_contact,omitempty"`
}

// RequestUsers asks the user to pick people; the choice comes back as users_shared.
type RequestUsers struct {
	RequestID       int32 `json:"request_id"`
	UserIsBot       *bool `json:"user_is_bot,omitempty"`
	MaxQuantity     int   `json:"max_quantity,omitempty"`
	RequestName     bool  `json:"request_name,omitempty"`
	RequestUsername bool  `json:"request_username,omitempty"`
}

// UsersShared is the user's answer to a RequestUsers button.
type UsersShared struct {
	RequestID int32        `json:"request_id"`
	Users     []SharedUser `json:"users"`
}

// SharedUser is one of the people picked, with the names the button asked for.
type SharedUser struct {
	UserID    int64  `json:"user_id"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
}

// RequestChat asks the user to pick a chat; the choice comes back as chat_shared.
type RequestChat struct {
	RequestID               int32   `json:"request_id"`
	ChatIsChannel           bool    `json:"chat_is_channel"`
	BotIsMember             bool    `json:"bot_is_member,omitempty"`
	UserAdministratorRights *Rights `json:"user_administrator_rights,omitempty"`
	RequestTitle            bool    `json:"request_title,omitempty"`
	RequestUsername         bool    `json:"request_username,omitempty"`
	BotAdministratorRights  *Rights `json:"bot_administrator_rights,omitempty"`
}

// ChatShared is the user's answer to a RequestChat button.
type ChatShared struct {
	RequestID int32  `json:"request_id"`
	ChatID    int64  `json:"chat_id"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
}

// MessageOrigin tells where a forwarded message was written first.
type MessageOrigin struct {
	Type            string    `json:"type"`
	SenderUser      *UserInfo `json:"sender_user,omitempty"`
	SenderUserName  string    `json:"sender_user_name,omitempty"`
	SenderChat      *ChatInfo `json:"sender_chat,omitempty"`
	Chat            *ChatInfo `json:"chat,omitempty"`
	MessageID       int       `json:"message_id,omitempty"`
	AuthorSignature string    `json:"author_signature,omitempty"`
	Date            int64     `json:"date"`
}

// ForumTopicCreated is the service message that opens a forum topic.
type ForumTopicCreated struct {
	Name      string `json:"name"`
	IconColor int    `json:"icon_color"`
}

// Message is the Bot API's Message object. What it points to is never changed after the
// message has been handed out.
type Message struct {
	MessageID           int                 `json:"message_id"`
	ThreadID            int                 `json:"message_thread_id,omitempty"`
	From                *UserInfo           `json:"from,omitempty"`
	AuthorSignature     string              `json:"author_signature,omitempty"`
	SenderChat          *ChatInfo           `json:"sender_chat,omitempty"`
	Chat                *ChatInfo           `json:"chat"`
	Date                int64               `json:"date"`
	EditDate            int64               `json:"edit_date,omitempty"`
	ForwardOrigin       *MessageOrigin      `json:"forward_origin,omitempty"`
	ForwardFrom         *UserInfo           `json:"forward_from,omitempty"`
	ForwardSenderName   string              `json:"forward_sender_name,omitempty"`
	ForwardFromChat     *ChatInfo           `json:"forward_from_chat,omitempty"`
	ForwardFromMessage  int                 `json:"forward_from_message_id,omitempty"`
	ForwardSignature    string              `json:"forward_signature,omitempty"`
	ForwardDate         int64               `json:"forward_date,omitempty"`
	IsTopicMessage      bool                `json:"is_topic_message,omitempty"`
	IsAutomaticForward  bool                `json:"is_automatic_forward,omitempty"`
	ReplyToMessage      *Message            `json:"reply_to_message,omitempty"`
	ViaBot              *UserInfo           `json:"via_bot,omitempty"`
	HasProtectedContent bool                `json:"has_protected_content,omitempty"`
	MediaGroupID        string              `json:"media_group_id,omitempty"`
	Text                string              `json:"text,omitempty"`
	Entities            []Entity            `json:"entities,omitempty"`
	LinkPreviewOptions  *LinkPreviewOptions `json:"link_preview_options,omitempty"`
	Photo               []PhotoSize         `json:"photo,omitempty"`
	Document            *Document           `json:"document,omitempty"`
	Video               *Video              `json:"video,omitempty"`
	Contact             *Contact            `json:"contact,omitempty"`
	Poll                *Poll               `json:"poll,omitempty"`
	Caption             string              `json:"caption,omitempty"`
	CaptionEntities     []Entity            `json:"caption_entities,omitempty"`
	ShowCaptionAbove    bool                `json:"show_caption_above_media,omitempty"`
	HasMediaSpoiler     bool                `json:"has_media_spoiler,omitempty"`
	NewChatMembers      []UserInfo          `json:"new_chat_members,omitempty"`
	LeftChatMember      *UserInfo           `json:"left_chat_member,omitempty"`
	NewChatTitle        string              `json:"new_chat_title,omitempty"`
	GroupChatCreated    bool                `json:"group_chat_created,omitempty"`
	MigrateToChatID     int64               `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID   int64               `json:"migrate_from_chat_id,omitempty"`
	PinnedMessage       *Message            `json:"pinned_message,omitempty"`
	ChatShared          *ChatShared         `json:"chat_shared,omitempty"`
	UsersShared         *UsersShared        `json:"users_shared,omitempty"`
	ForumTopicCreated   *ForumTopicCreated  `json:"forum_topic_created,omitempty"`
	ForumTopicClosed    *struct{}           `json:"forum_topic_closed,omitempty"`
	ForumTopicReopened  *struct{}           `json:"forum_topic_reopened,omitempty"`
	ReplyMarkup         *InlineKeyboard     `json:"reply_markup,omitempty"`
}

// Words is the text or the caption of a message, whichever it has.
func (m Message) Words() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// Button finds a button of the message by its callback data or else by its text.
func (m Message) Button(dataOrText string) (Button, bool) {
	if m.ReplyMarkup == nil {
		return Button{}, false
	}
	for _, wanted := range []func(Button) string{
		func(b Button) string { return b.CallbackData },
		func(b Button) string { return b.Text },
	} {
		for _, row := range m.ReplyMarkup.Rows {
			for _, b := range row {
				if wanted(b) == dataOrText {
					return b, true
				}
			}
		}
	}
	return Button{}, false
}

// CallbackQuery is a press on a callback button.
type CallbackQuery struct {
	ID              string    `json:"id"`
	From            *UserInfo `json:"from"`
	Message         *Message  `json:"message,omitempty"`
	InlineMessageID string    `json:"inline_message_id,omitempty"`
	ChatInstance    string    `json:"chat_instance"`
	Data            string    `json:"data,omitempty"`
}

// InlineQuery is what a user types after the bot's name in any chat.
type InlineQuery struct {
	ID       string    `json:"id"`
	From     *UserInfo `json:"from"`
	ChatType string    `json:"chat_type,omitempty"`
	Query    string    `json:"query"`
	Offset   string    `json:"offset"`
}

// ChosenInlineResult is the inline result a user has sent.
type ChosenInlineResult struct {
	ResultID        string    `json:"result_id"`
	From            *UserInfo `json:"from"`
	InlineMessageID string    `json:"inline_message_id,omitempty"`
	Query           string    `json:"query"`
}

// ChatMemberUpdated is a change of someone's membership.
type ChatMemberUpdated struct {
	Chat          *ChatInfo   `json:"chat"`
	From          *UserInfo   `json:"from"`
	Date          int64       `json:"date"`
	OldChatMember *ChatMember `json:"old_chat_member"`
	NewChatMember *ChatMember `json:"new_chat_member"`
}

// PollAnswer is a user's vote in a poll that is not anonymous.
type PollAnswer struct {
	PollID    string    `json:"poll_id"`
	User      *UserInfo `json:"user"`
	OptionIDs []int     `json:"option_ids"`
}
