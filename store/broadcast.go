package store

import (
	"context"
	"time"
)

// BroadcastState is how far an announcement has come.
type BroadcastState string

const (
	// BroadcastComposing is being put together by its author; nobody is sent it.
	BroadcastComposing BroadcastState = "composing"
	// BroadcastChecking is kept for a schedule, and is tried on its author to see that it can be sent.
	BroadcastChecking BroadcastState = "checking"
	// BroadcastKept is kept for a schedule, which sends copies of it.
	BroadcastKept BroadcastState = "kept"
	// BroadcastReady waits for StartAt.
	BroadcastReady BroadcastState = "ready"
	// BroadcastRunning is being sent.
	BroadcastRunning BroadcastState = "running"
	// BroadcastPaused was halted, by a person or by itself; Reason says why.
	BroadcastPaused BroadcastState = "paused"
	// BroadcastDone has been sent to everybody.
	BroadcastDone BroadcastState = "done"
	// BroadcastCancelled ended before it was done; Reason says why.
	BroadcastCancelled BroadcastState = "cancelled"
	// BroadcastDeleting is being taken back.
	BroadcastDeleting BroadcastState = "deleting"
	// BroadcastDeleted was taken back as far as Telegram allows.
	BroadcastDeleted BroadcastState = "deleted"
)

// AudienceKind is a way of choosing chats.
type AudienceKind string

const (
	// AudienceReaders are all active readers.
	AudienceReaders AudienceKind = "readers"
	// AudienceTopic are the active readers who follow Category, or everything.
	AudienceTopic AudienceKind = "topic"
	// AudiencePlaces are the channels and groups in which the bot posts.
	AudiencePlaces AudienceKind = "places"
	// AudienceLink are the active readers who came by Link.
	AudienceLink AudienceKind = "link"
	// AudienceLanguage are the active readers who read the bot in Language.
	AudienceLanguage AudienceKind = "language"
	// AudienceSeen are the active readers who came, wrote or pressed something on one of the last Days days.
	AudienceSeen AudienceKind = "seen"
)

// Audience chooses the chats of a broadcast. Only the field of its kind has a meaning. It can be compared.
type Audience struct {
	Kind     AudienceKind `json:"kind,omitempty"`
	Category int64        `json:"category,omitempty"`
	Link     int64        `json:"link,omitempty"`
	Language string       `json:"language,omitempty"`
	Days     int          `json:"days,omitempty"`
}

// Broadcast is an announcement to many chats. What is sent stands in Request, a call to Telegram that the store does not look into; it is
// sent to each chat of the audience that matches when the cursor passes it and that joined before the start.
type Broadcast struct {
	ID    int64
	State BroadcastState
	// Author is the Telegram user who made it, and whose private chat is told of it; 0 for nobody.
	Author    int64
	CreatedAt time.Time
	// StartAt is when it is to begin, at the earliest; zero means at once. A broadcast that has not begun by ExpiresAt never does.
	StartAt, ExpiresAt time.Time
	// StartedAt and EndedAt are when the first chat was chosen and the last settled.
	StartedAt, EndedAt time.Time
	Audience           Audience
	// Total is how many chats the audience had when it was last counted.
	Total int

	// Source and Messages are the chat and the ids of what is copied, ascending; none as long as the author has not said it.
	Source   int64
	Messages []int
	// Kind and Title describe the content to people: what it is, and how it begins.
	Kind, Title string
	// Album is Telegram's id of the album that the messages are of, if they are.
	Album string
	// Version counts changes of content and audience, so that a button under an older screen is known.
	Version int64
	// GatherAt is when an album that came in parts counts as complete; zero when nothing is awaited.
	GatherAt time.Time
	// Trial asks that the author be shown the message.
	Trial bool
	// Request is what is sent, with another chat each time; empty until the content was tried on the author.
	Request []byte

	// Reason, Detail and By say why it was paused or cancelled: a word for programs, what Telegram said, and the user who did it, 0 if it was
	// the broadcast itself.
	Reason, Detail string
	By             int64
	// Screen is the message in the author's chat that shows how it fares, 0 for none.
	Screen int

	// Progress is changed by StepBroadcast alone.
	Progress BroadcastProgress
}

// BroadcastProgress is how far the sending of a broadcast has come.
type BroadcastProgress struct {
	// Last is the highest chat ID at the start: who joined later is not in the audience. Cursor is the chat up to which everybody was
	// claimed.
	Last, Cursor int64
	// Delivered counts chats that have the message, Deleted those it was taken back from, Kept those where Telegram would not.
	Delivered, Deleted, Kept int
}

// Miss says why a chat that the cursor has passed is not known to have the message.
type Miss string

const (
	// MissLater is to be sent it at a later time.
	MissLater Miss = "later"
	// MissUnknown was in flight when the answer, or the program, was lost: it may have arrived.
	MissUnknown Miss = "unknown"
	// MissBlocked are readers who blocked the bot, and accounts that are gone.
	MissBlocked Miss = "blocked"
	// MissGone are chats that are not there any more, or that the bot was removed from.
	MissGone Miss = "gone"
	// MissRights are chats where the bot may not post.
	MissRights Miss = "rights"
	// MissRefused were refused for a reason that lies in the message.
	MissRefused Miss = "refused"
)

// Missed is a chat that is not known to have a broadcast.
type Missed struct {
	// Chat is our id of the chat.
	Chat int64
	Why  Miss
	// At is when it happened or, of MissLater, when to try again. Tries counts attempts so far.
	At    time.Time
	Tries int
}

// Copy is a message that a broadcast has put into a chat.
type Copy struct {
	// Chat is our id of the chat.
	Chat int64
	// Messages are Telegram's ids, several of an album.
	Messages []int
}

// Copies is a batch of them, kept together. At is when the last of them was sent.
type Copies struct {
	Number int64
	At     time.Time
	Copies []Copy
}

// BroadcastStep is what happened to a broadcast between two commits.
type BroadcastStep struct {
	Broadcast int64
	// Cursor moves the cursor forward; a lower number leaves it.
	Cursor int64
	// Delivered are chats that the message reached, at At.
	Delivered []Copy
	At        time.Time
	// Missed are chats that it did not, or not surely. A chat is missed for one reason: the latest.
	Missed []Missed
	// Taken are chats that were missed and are claimed, or settled, now.
	Taken []int64
	// Deleted and Kept add to the counts of those names, Emptied are numbers of copies that were dealt with.
	Deleted, Kept int
	Emptied       []int64
}

// BroadcastReader reads announcements.
type BroadcastReader interface {
	// Broadcast returns the broadcast, or ErrNotFound.
	Broadcast(ctx context.Context, id int64) (Broadcast, error)
	// Broadcasts lists those that were sent, or are ready to be, the newest first, at most limit.
	Broadcasts(ctx context.Context, limit int) ([]Broadcast, error)
	// LiveBroadcasts lists those for which something is to be done, the oldest first: composing, checking, ready, running, deleting.
	LiveBroadcasts(ctx context.Context) ([]Broadcast, error)
	// Draft returns what the author is composing, or ErrNotFound.
	Draft(ctx context.Context, author int64) (Broadcast, error)
	// CountAudience counts the chats of an audience at now.
	CountAudience(ctx context.Context, a Audience, now time.Time) (int, error)
	// AudienceChats lists chats of an audience at now with IDs above after and up to last, ascending, at most limit.
	AudienceChats(ctx context.Context, a Audience, now time.Time, after, last int64, limit int) ([]Chat, error)
	// Misses counts the chats that a broadcast has missed, by reason.
	Misses(ctx context.Context, broadcast int64) (map[Miss]int, error)
	// MissedChats lists those missed for a reason in chat order, above after, at most limit.
	MissedChats(ctx context.Context, broadcast int64, why Miss, after int64, limit int) ([]Missed, error)
	// MissedLater lists those that are to be tried again by now, the longest waiting first, at most limit, and tells when the next one is;
	// the zero time if there is none.
	MissedLater(ctx context.Context, broadcast int64, now time.Time, limit int) (due []Missed, next time.Time, err error)
	// BroadcastCopies returns the batch of copies with the lowest number above after, or ErrNotFound.
	BroadcastCopies(ctx context.Context, broadcast, after int64) (Copies, error)
}

// BroadcastWriter changes announcements.
type BroadcastWriter interface {
	// SaveBroadcast inserts b when its ID is 0, and sets it; otherwise it updates all but ID, author and progress.
	SaveBroadcast(ctx context.Context, b *Broadcast) error
	// StartBroadcast makes a ready broadcast run from the first chat up to the last there is. It reports false if it is not ready.
	StartBroadcast(ctx context.Context, id int64, now time.Time) (bool, error)
	// TurnBroadcast gives a broadcast another state if it has one of those in from, with the reason, and reports whether it had. One that is
	// done or cancelled has ended at now.
	TurnBroadcast(ctx context.Context, id int64, from []BroadcastState, to BroadcastState, now time.Time, reason, detail string, by int64) (bool, error)
	// StepBroadcast records what happened.
	StepBroadcast(ctx context.Context, s BroadcastStep) error
	// RetryMissed lets the chats missed for these reasons be tried again from now on, and returns how many they are.
	RetryMissed(ctx context.Context, broadcast int64, why []Miss, now time.Time) (int, error)
	// DropBroadcast removes one that was never sent, with the schedule that was being composed for it.
	DropBroadcast(ctx context.Context, id int64) error
	// SawChat remembers that the person of a private chat was there on the day of now. It costs a write but once a day.
	SawChat(ctx context.Context, telegramID int64, now time.Time) error
}
