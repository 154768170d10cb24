package store

import (
	"context"
	"time"
)

// Deed is what somebody did at the desk. Deeds keep their names across versions; package message has a sentence for each,
// “log.” and the name.
type Deed string

// The deeds, each with what Object and Detail are.
const (
	// RoleClaimed: became owner or editor by a link; Detail is the Role.
	RoleClaimed Deed = "role_claimed"
	// RoleGiven and RoleChanged: Object is the person, Detail the Role. RoleTaken: Object is the person.
	RoleGiven   Deed = "role_given"
	RoleChanged Deed = "role_changed"
	RoleTaken   Deed = "role_taken"
	// RoleInvited: made a one-time link; Detail is the Role.
	RoleInvited Deed = "role_invited"

	// FeedAdded and FeedRemoved: Object is the feed. FeedInto and FeedOutOf: Detail is the category.
	FeedAdded   Deed = "feed_added"
	FeedRemoved Deed = "feed_removed"
	FeedInto    Deed = "feed_into"
	FeedOutOf   Deed = "feed_out_of"
	// HeldReleased and HeldFiled: Object is the feed, Detail how many articles.
	HeldReleased Deed = "held_released"
	HeldFiled    Deed = "held_filed"
	// CategoryAdded: Object is the category.
	CategoryAdded Deed = "category_added"
	// TokenMade and TokenRevoked have neither.
	TokenMade    Deed = "token_made"
	TokenRevoked Deed = "token_revoked"
	// LinkMade: Object is the category, Detail the campaign.
	LinkMade Deed = "link_made"
	// ArticleBroke, which made it breaking news, and ArticleRetracted: Object is the headline.
	ArticleBroke     Deed = "article_broke"
	ArticleRetracted Deed = "article_retracted"

	// ApprovalOn and ApprovalOff: Object is the group or channel, empty for everybody. DeskMoved: Object is the group.
	ApprovalOn  Deed = "approval_on"
	ApprovalOff Deed = "approval_off"
	DeskMoved   Deed = "desk_moved"
	// ApprovalPublished and what follows: Object is the headline, of HeadlineEdited the one before; of ApprovalDelayed, Detail is for
	// how long.
	ApprovalPublished Deed = "approval_published"
	ApprovalSkipped   Deed = "approval_skipped"
	ApprovalDelayed   Deed = "approval_delayed"
	ApprovalExpired   Deed = "approval_expired"
	HeadlineEdited    Deed = "headline_edited"
	SummaryEdited     Deed = "summary_edited"

	// BroadcastSent and what editors do with an announcement afterwards: Object is how it begins, Detail its audience. BroadcastResumed is also
	// sending again to those it was missed by.
	BroadcastSent      Deed = "broadcast_sent"
	BroadcastHalted    Deed = "broadcast_halted"
	BroadcastResumed   Deed = "broadcast_resumed"
	BroadcastStopped   Deed = "broadcast_stopped"
	BroadcastTakenBack Deed = "broadcast_taken_back"

	// ScheduleMade and ScheduleRetimed: Object is what is sent, Detail the time in words. ScheduleHalted, ScheduleResumed, ScheduleDropped
	// and ScheduleRunNow, which sent it at once, have the Object alone.
	ScheduleMade    Deed = "schedule_made"
	ScheduleRetimed Deed = "schedule_retimed"
	ScheduleHalted  Deed = "schedule_halted"
	ScheduleResumed Deed = "schedule_resumed"
	ScheduleDropped Deed = "schedule_dropped"
	ScheduleRunNow  Deed = "schedule_run_now"

	// ChatTopics: Object is the group or channel, Detail the categories it follows now. ChatWithdrew: Detail is the headline of what was taken back
	// from it. The others have the Object alone.
	ChatTopics   Deed = "chat_topics"
	ChatPaused   Deed = "chat_paused"
	ChatResumed  Deed = "chat_resumed"
	ChatStopped  Deed = "chat_stopped"
	ChatWithdrew Deed = "chat_withdrew"
)

// Event is a line of the desk's log: who did what, when. It holds nothing that a reader wrote.
type Event struct {
	ID int64
	At time.Time
	// By is Telegram's id of the person, 0 for the program itself, Forgotten for somebody who was forgotten; Name is what the
	// person was called then.
	By   int64
	Name string
	Deed Deed
	// About is Telegram's id of the person it was done to, 0 if it was none.
	About int64
	// Object and Detail are as the deed says.
	Object, Detail string
}

// Forgotten stands for the id of a person who was forgotten.
const Forgotten = -1

// KeepEvents is how long events are kept: five years.
const KeepEvents = 5 * 365 * 24 * time.Hour

// EventReader reads the desk's log.
type EventReader interface {
	// Events lists events, the newest first, passing over the first skip.
	Events(ctx context.Context, skip, limit int) ([]Event, error)
}

// EventWriter adds to it.
type EventWriter interface {
	// Record adds an event, and drops those older than KeepEvents. It is called in the transaction of the deed: both are kept or
	// none. ForgetChat takes the names and ids of a forgotten person out of all events; nothing else changes or removes one.
	Record(ctx context.Context, e Event) error
}
