package store

import (
	"context"
	"time"
)

// ApprovalState says how far an article's approval has come.
type ApprovalState string

const (
	// Pending waits for an editor.
	Pending ApprovalState = "pending"
	// Delayed will be approved by itself at Approval.Until.
	Delayed ApprovalState = "later"
	// Approved was entered in the log for those who waited for it.
	Approved ApprovalState = "approved"
	// Skipped is not published.
	Skipped ApprovalState = "skipped"
	// Expired was not answered in time, and is not published.
	Expired ApprovalState = "expired"
	// Withdrawn was retracted before it was decided.
	Withdrawn ApprovalState = "withdrawn"
)

// Open tells whether an editor can still decide.
func (s ApprovalState) Open() bool { return s == Pending || s == Delayed }

// Approval is what editors are asked, or were asked, about an article.
type Approval struct {
	Article int64
	State   ApprovalState
	// Asked is since when.
	Asked time.Time
	// Until is when a delayed one is published.
	Until time.Time
	// By and Name are the person who decided, or delayed it, at At; By is 0 while nobody has, and Forgotten for somebody who was forgotten.
	By   int64
	Name string
	At   time.Time
	// Desk is Telegram's id of the chat in which editors are asked, Card the message by which; 0 until it is known.
	Desk int64
	Card int
	// CardAt is when the card was last sent; Owed says that it is still among the answers owed.
	CardAt time.Time
	Owed   bool
	// Shown is the revision of the article that the card shows.
	Shown int
}

// Guard is a span of the log: of the entries in it the chat gets what an editor has approved, and nothing else.
type Guard struct {
	// Chat is our id of a group or channel, or 0: everybody.
	Chat int64
	// After is the number before the span, Upto its last; 0 while it lasts.
	After, Upto int64
}

// Covers tells whether the number is in the span.
func (g Guard) Covers(seq int64) bool { return g.After < seq && (g.Upto == 0 || seq <= g.Upto) }

// ApprovalReader reads what waits for approval.
type ApprovalReader interface {
	// Guards lists all spans that may still matter, those of everybody first.
	Guards(ctx context.Context) ([]Guard, error)
	// Guarded tells whether the chat (0: everybody) has a span that lasts.
	Guarded(ctx context.Context, chat int64) (bool, error)
	// Approval returns what became of an article's approval, or ErrNotFound if nobody was asked.
	Approval(ctx context.Context, article int64) (Approval, error)
	// OpenApprovals lists what can still be decided, the longest waiting first.
	OpenApprovals(ctx context.Context, limit int) ([]Approval, error)
	// CountOpenApprovals counts them all.
	CountOpenApprovals(ctx context.Context) (int, error)
	// CardsSince counts the cards last sent at since or later.
	CardsSince(ctx context.Context, since time.Time) (int, error)
}

// ApprovalWriter decides on it.
//
// An article that comes while everybody is guarded is held (Article.Held) and an approval is pending. One that comes while a guarded
// group or channel follows its categories is news for all others at once, and an approval is pending for those. Nothing of that is
// done for history or for what a feed's guard holds back: ReleaseArticle is an editor's word already, and needs no other.
type ApprovalWriter interface {
	// SetGuard begins or ends a span at the head of the log. What is pending stays so, and is still owed to the chat once it is approved.
	SetGuard(ctx context.Context, chat int64, on bool) error
	// SaveApproval changes the approval of an article about which editors were asked.
	SaveApproval(ctx context.Context, a Approval) error
	// ApproveArticle enters the article in the log anew, as approved news of that moment: for everybody if it was held, else for those
	// who were guarded when it was entered before. It is called once for an article; it does not change its Approval.
	ApproveArticle(ctx context.Context, article int64, at time.Time) error
	// CardSent keeps which message an approval's card is, unless it is kept already.
	CardSent(ctx context.Context, article, desk int64, card int) error
	// EditArticle replaces the headline (unless it is empty) and the summary (unless it is nil) by an editor's own. It is a revision; later
	// revisions from the feed leave what an editor wrote.
	EditArticle(ctx context.Context, article int64, headline string, summary []string, at time.Time) error
}
