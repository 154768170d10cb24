package store

import (
	"context"
	"time"
)

// ChatKind is Telegram's kind of chat.
type ChatKind string

// The kinds of chats, named as the Bot API names them.
const (
	Private    ChatKind = "private"
	Group      ChatKind = "group"
	Supergroup ChatKind = "supergroup"
	Channel    ChatKind = "channel"
)

// ChatState says whether a chat is sent to.
type ChatState string

const (
	// Active chats are sent what they are owed.
	Active ChatState = "active"
	// Paused chats wait for their person or admin to resume; nothing piles up meanwhile.
	Paused ChatState = "paused"
	// Stopped chats asked to be left alone (/stop).
	Stopped ChatState = "stopped"
	// Blocked chats refuse us: the reader blocked the bot, or the bot was removed.
	Blocked ChatState = "blocked"
	// Unpostable chats hold us but without the right to post; they revive with the right.
	Unpostable ChatState = "unpostable"
	// Gone chats no longer exist.
	Gone ChatState = "gone"
)

// Mode is how a chat wants its news.
type Mode string

const (
	// Now sends each article as it appears; the zero value of Prefs.Mode means it too.
	Now Mode = "now"
	// Digest gathers articles and sends them at Prefs.DigestAt.
	Digest Mode = "digest"
	// Breaking sends only what an editor marked as urgent.
	Breaking Mode = "breaking"
)

// Chat is where we can send: a reader's private chat, a group, a supergroup or a channel.
type Chat struct {
	// ID counts chats in the order they joined, so that neighbours share pages.
	ID         int64
	TelegramID int64
	Kind       ChatKind
	// Title is a channel's or group's title or a reader's first name, as last seen.
	Title    string
	Username string
	// Language is "bn" or "en".
	Language string
	State    ChatState
	// StateReason and StateAt say why and since when the state is not Active.
	StateReason string
	StateAt     time.Time
	Prefs       Prefs
	// Categories are what the chat follows, ascending; Everything stands for all.
	Categories []int64
	// Bookmark: all of the log up to it is settled for this chat.
	Bookmark int64
	// Alerted: all breaking news of the log up to it is settled for this chat, whatever else it is owed.
	Alerted  int64
	JoinedAt time.Time
	// Link is the ID of the subscribe link that brought the chat, or 0.
	Link int64
	// Welcomed is false until a first message reached a reader.
	Welcomed bool
	// Seen is the day, in UTC, on which the person last wrote or pressed something; zero as long as that is not known.
	Seen time.Time
}

// Prefs are a chat's own wishes. The zero value is the default.
type Prefs struct {
	Mode Mode `json:"mode,omitempty"`
	// DigestAt are minutes after midnight in Zone.
	DigestAt []int `json:"digest_at,omitempty"`
	// QuietFrom and QuietTo are minutes after midnight in Zone; equal means no quiet hours.
	QuietFrom int `json:"quiet_from,omitempty"`
	QuietTo   int `json:"quiet_to,omitempty"`
	// Zone is an IANA time zone; empty means the operator's.
	Zone string `json:"zone,omitempty"`
	// Urgent lets breaking news through quiet hours, and with sound though all else is Silent.
	Urgent bool `json:"urgent,omitempty"`
	// Silent sends without sound.
	Silent bool `json:"silent,omitempty"`
	// NoImages sends text only.
	NoImages bool `json:"no_images,omitempty"`
	// Thread is the forum topic that is posted into, 0 for none; Threads are those of single categories.
	Thread  int           `json:"thread,omitempty"`
	Threads map[int64]int `json:"threads,omitempty"`
	// Feeds are single feeds whose articles are news for the chat whatever its categories.
	Feeds []int64 `json:"feeds,omitempty"`
	// Follow are words and phrases that make an article news for the chat whatever its categories; Mute are those that keep an
	// article from it, whatever else speaks for it. They are kept as written.
	Follow []string `json:"follow,omitempty"`
	Mute   []string `json:"mute,omitempty"`
	// NoWeekly keeps the weekly summary from an owner.
	NoWeekly bool `json:"no_weekly,omitempty"`
	// Only, unless it is empty, are words and phrases of which one must stand in an article that comes by its category or feed.
	Only []string `json:"only,omitempty"`
	// Gap is the least time between two posts, in minutes; what comes meanwhile is posted together.
	Gap int `json:"gap,omitempty"`
	// PinDigest pins each digest in the place of the one before.
	PinDigest bool `json:"pin_digest,omitempty"`
	// Form is how the posts look.
	Form Form `json:"form,omitzero"`
	// PausedUntil ends a pause by itself; zero means that it is ended by hand.
	PausedUntil time.Time `json:"paused_until,omitzero"`
}

// Layout is how much of an article a post tells.
type Layout string

const (
	// Full is headline, summary, category, time and source; the zero value of Form.Layout means it too.
	Full Layout = "full"
	// Short is headline and the first sentence.
	Short Layout = "short"
	// Headline is the headline alone.
	Headline Layout = "headline"
	// Custom is what Form.Template says.
	Custom Layout = "custom"
)

// LinkPreview is where Telegram shows a preview of the article's page, in place of its picture.
type LinkPreview string

const (
	// NoPreview shows none; it is the zero value.
	NoPreview LinkPreview = ""
	// PreviewBelow shows one below the text.
	PreviewBelow LinkPreview = "below"
	// PreviewAbove shows one above it.
	PreviewAbove LinkPreview = "above"
)

// Form is how the posts of a group or channel look. The zero value is the usual form.
type Form struct {
	Layout Layout `json:"layout,omitempty"`
	// Template is the admin's own layout, in the syntax of text/template.
	Template string `json:"template,omitempty"`
	// NoSummary leaves the summary out, NoButtons the buttons.
	NoSummary bool `json:"no_summary,omitempty"`
	NoButtons bool `json:"no_buttons,omitempty"`
	// Hashtags adds the category as a hashtag.
	Hashtags bool        `json:"hashtags,omitempty"`
	Preview  LinkPreview `json:"preview,omitempty"`
}

// ChatReader reads chats.
type ChatReader interface {
	// Chat returns the chat with Telegram's id, or ErrNotFound.
	Chat(ctx context.Context, telegramID int64) (Chat, error)
	// KnownChats tells which of Telegram's ids are those of chats that are kept.
	KnownChats(ctx context.Context, telegramIDs []int64) (map[int64]bool, error)
	// ChatByID returns the chat with our id, or ErrNotFound.
	ChatByID(ctx context.Context, id int64) (Chat, error)
	// CountChats counts chats by kind and state.
	CountChats(ctx context.Context) (map[ChatKind]map[ChatState]int, error)
	// Places lists the groups, supergroups and channels in a state, the oldest first, at most limit.
	Places(ctx context.Context, state ChatState, limit int) ([]Chat, error)
	// ManagedChats lists the groups and channels the user has managed, the newest first. It tells
	// nothing of rights: those are asked of Telegram.
	ManagedChats(ctx context.Context, user int64) ([]Chat, error)
	// Managers lists the Telegram users who have managed the chat, the newest first.
	Managers(ctx context.Context, chat int64) ([]int64, error)
}

// ChatWriter changes chats.
type ChatWriter interface {
	// SaveChat inserts c with its categories when its ID is 0 and sets it, with its bookmark at the head of the log;
	// otherwise it updates all but categories, bookmark, Welcomed and Seen. While Prefs.Follow or Prefs.Feeds
	// is not empty, the chat follows Words, from the head of the log on. A chat that leaves the Active state is no longer due and keeps its
	// subscriptions; one that becomes Active again gets its bookmark set to the head: what it missed is history.
	SaveChat(ctx context.Context, c *Chat) error
	// Subscribe makes the chat follow exactly these categories. One that is new to the chat counts from
	// the head of the log on.
	Subscribe(ctx context.Context, chat int64, categories []int64) error
	// MoveChat gives a group its supergroup's id. If the new id is known already as a chat of its own, the
	// two become one, with our id, the subscriptions, the wishes and the bookmark of the old, and paused or stopped if
	// that is what the old one was. Messages sent to the old one are forgotten: they cannot be reached under
	// the new id. Moving it a second time changes nothing.
	MoveChat(ctx context.Context, from, to int64) error
	// Manage remembers that the user manages the chat.
	Manage(ctx context.Context, chat, user int64, at time.Time) error
	// Unmanage forgets it.
	Unmanage(ctx context.Context, chat, user int64) error
	// ForgetChat erases all we know of the chat, and, if it is private, of its person: role, chats managed, links made. Its doubts stay in the count, without a name.
	ForgetChat(ctx context.Context, chat int64) error
}
