package store

import (
	"context"
	"time"
)

// Due is a chat that is to be visited.
type Due struct {
	Chat Chat
	// At is the time from which on it is due.
	At time.Time
	// Since holds for each category the number of the log from which on it is followed; under Words, that of the first word or single feed followed.
	Since map[int64]int64
}

// Flight is one message on its way: claimed before it is sent, settled after the answer. What
// stands in the window after a crash is in doubt.
type Flight struct {
	// Chat is our id of the chat; 0 for an answer to a chat we do not keep.
	Chat int64
	// Post is what is being sent, 0 for an answer.
	Post int64
	// Upto is the bookmark once the message is settled; that of breaking news if it carries some.
	Upto int64
	// Answer is the ID of the answer being sent, 0 for news.
	Answer int64
	// Broadcast is the announcement being sent; then only Chat has a meaning beside it.
	Broadcast int64
}

// Arrival is a message that has arrived while its visit is yet to be settled: many are settled together, because what that costs is
// whole pages of the disk.
type Arrival struct {
	Sent
	// Upto is the bookmark once the visit is settled; that of breaking news if Breaking.
	Upto     int64
	Breaking bool
	// Again tells that the chat is owed more and is due again once the visit is settled.
	Again bool
}

// Window is what is not yet settled: messages under way, and messages that have arrived.
type Window struct {
	Flights  []Flight
	Arrivals []Arrival
}

// Visit is the outcome of one attempt to bring a chat up to date.
type Visit struct {
	Chat int64
	// Upto moves the bookmark forward; a lower number than the present one leaves it.
	Upto int64
	// Alerted does the same to the bookmark of breaking news.
	Alerted int64
	// Next is when the chat is due again; zero when it is owed nothing more.
	Next time.Time
	// Head is the end of the log as the visit knew it; 0 if that does not matter.
	Head int64
	// Sent is the message that reached the chat; nil when none did.
	Sent *Sent
	// Welcomed ends a reader's wait for a welcome although no message is known to have arrived.
	Welcomed bool
	// Doubts are the IDs of doubts that the message has mentioned.
	Doubts []int64
}

// DoubtState says what became of a doubtful message.
type DoubtState string

const (
	// DoubtOpen waits for the chat's next message, or for being looked up.
	DoubtOpen DoubtState = "open"
	// DoubtMentioned was named in a later message.
	DoubtMentioned DoubtState = "mentioned"
	// DoubtArrived was found to have arrived.
	DoubtArrived DoubtState = "arrived"
	// DoubtRepeated was sent again.
	DoubtRepeated DoubtState = "repeated"
	// DoubtSkipped was left as it is.
	DoubtSkipped DoubtState = "skipped"
)

// Doubt is a message of which we do not know whether it arrived.
type Doubt struct {
	ID   int64
	Chat int64
	// Post is what it carried; 0 for an answer to a person.
	Post int64
	// Upto is the bookmark the chat has, or will have, once the message counts as delivered; that of breaking news if it carries some.
	Upto  int64
	Since time.Time
	State DoubtState
}

// Backlog sums up what is owed.
type Backlog struct {
	// Due counts chats whose time has come, Oldest is since when the first of them waits.
	Due    int
	Oldest time.Time
	// Later counts chats that are due at a later time.
	Later int
	// Marking is true while chats are still being found for new articles.
	Marking bool
	// Corrections counts posts whose copies await a correction, Answers what is owed to people.
	Corrections, Answers int
}

// DeliveryReader reads what is owed and what is under way.
type DeliveryReader interface {
	// DueChats lists active chats due at now, the longest waiting first, then in joining order,
	// at most limit, leaving out those of skip.
	DueChats(ctx context.Context, now time.Time, limit int, skip map[int64]bool) ([]Due, error)
	// NextDue returns the earliest time at which a chat is or becomes due, or the zero time.
	NextDue(ctx context.Context) (time.Time, error)
	// Unwelcomed lists active readers who await their welcome, the newest first, leaving out those of skip.
	Unwelcomed(ctx context.Context, limit int, skip map[int64]bool) ([]Chat, error)
	// Window returns the messages that were not settled at the last commit, in no particular order.
	Window(ctx context.Context) (Window, error)
	// Doubts lists doubts in the given state (all when empty), oldest first.
	Doubts(ctx context.Context, state DoubtState, limit int) ([]Doubt, error)
	// OpenDoubts lists the open doubts of each of the chats that has any.
	OpenDoubts(ctx context.Context, chats []int64) (map[int64][]Doubt, error)
	// CountDoubts counts all doubts there ever were, by state.
	CountDoubts(ctx context.Context) (map[DoubtState]int, error)
	// Backlog sums up what is owed at now.
	Backlog(ctx context.Context, now time.Time) (Backlog, error)
}

// DeliveryWriter changes what is owed.
type DeliveryWriter interface {
	// MarkDue makes due, at time now, further chats that follow the categories of new articles, and those that follow
	// Words: at most limit of them, in joining order. It reports whether some remain to be found. A chat that is due already, now or
	// later, stays as it is, but for breaking news, which makes it due now. News that come while chats are being found join the round; no chat is left out.
	MarkDue(ctx context.Context, now time.Time, limit int) (more bool, err error)
	// MakeDue makes one chat due at the given time if it is not due earlier.
	MakeDue(ctx context.Context, chat int64, at time.Time) error
	// SetWindow replaces the window.
	SetWindow(ctx context.Context, w Window) error
	// Settle records the outcome of a visit: bookmark, next time, message, doubts mentioned.
	// A message that reached a reader counts as the welcome. If v.Next is zero but the log holds news of the chat's
	// categories, or any news if it follows Words, above its bookmark, the chat stays due as it is: so what came while the message was under way is not
	// missed. If breaking news came after v.Head, a chat that is due earlier than v.Next stays so. An inactive chat is never due; for one that was forgotten meanwhile nothing is recorded.
	Settle(ctx context.Context, v Visit) error
	// AddDoubt records a doubtful message and sets its ID. It moves no bookmark: Settle does.
	AddDoubt(ctx context.Context, d *Doubt) error
	// CloseDoubt gives a doubt its final state.
	CloseDoubt(ctx context.Context, id int64, state DoubtState) error
}
