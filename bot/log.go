package bot

import (
	"cmp"
	"fmt"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// record enters in the desk's log what the person of this turn has just done, in the same transaction. What object and detail are
// is said with the deed.
func (t *turn) record(deed store.Deed, object, detail string) error {
	return t.recordOf(store.Event{Deed: deed, Object: object, Detail: detail})
}

// recordOf is record for a deed that was done to a person.
func (t *turn) recordOf(e store.Event) error {
	e.At = t.now
	if who := t.update.Sender(); who != nil {
		e.By, e.Name = who.ID, bengali.Truncate(nameOf(who), maxTitle)
	}
	e.Object, e.Detail = bengali.Truncate(e.Object, maxObject), bengali.Truncate(e.Detail, maxObject)
	return t.tx.Record(t.ctx, e)
}

// recordChat is record for a deed that was done to a group or channel. What readers do with their own news is in no log.
func (t *turn) recordChat(deed store.Deed, chat store.Chat) error {
	if chat.Kind == store.Private {
		return nil
	}
	return t.record(deed, titleOf(t.printerFor(chat), chat), "")
}

const (
	// maxObject is how many UTF-16 units of what a deed was done to are kept.
	maxObject = 160
	// eventsOnPage is how many events one screen lists: with the longest names and objects they fit into a message.
	eventsOnPage = 8
)

// deedTexts are the sentences of the deeds.
var deedTexts = map[store.Deed]message.Key{
	store.RoleClaimed:        message.LogRoleClaimed,
	store.RoleGiven:          message.LogRoleGiven,
	store.RoleChanged:        message.LogRoleChanged,
	store.RoleTaken:          message.LogRoleTaken,
	store.RoleInvited:        message.LogRoleInvited,
	store.FeedAdded:          message.LogFeedAdded,
	store.FeedRemoved:        message.LogFeedRemoved,
	store.FeedInto:           message.LogFeedInto,
	store.FeedOutOf:          message.LogFeedOutOf,
	store.HeldReleased:       message.LogHeldReleased,
	store.HeldFiled:          message.LogHeldFiled,
	store.CategoryAdded:      message.LogCategoryAdded,
	store.TokenMade:          message.LogTokenMade,
	store.TokenRevoked:       message.LogTokenRevoked,
	store.LinkMade:           message.LogLinkMade,
	store.ArticleBroke:       message.LogArticleBroke,
	store.ArticleRetracted:   message.LogArticleRetracted,
	store.ApprovalOn:         message.LogApprovalOn,
	store.ApprovalOff:        message.LogApprovalOff,
	store.DeskMoved:          message.LogDeskMoved,
	store.ApprovalPublished:  message.LogApprovalPublished,
	store.ApprovalSkipped:    message.LogApprovalSkipped,
	store.ApprovalDelayed:    message.LogApprovalDelayed,
	store.ApprovalExpired:    message.LogApprovalExpired,
	store.HeadlineEdited:     message.LogHeadlineEdited,
	store.SummaryEdited:      message.LogSummaryEdited,
	store.BroadcastSent:      message.LogBroadcastSent,
	store.BroadcastHalted:    message.LogBroadcastHalted,
	store.BroadcastResumed:   message.LogBroadcastResumed,
	store.BroadcastStopped:   message.LogBroadcastStopped,
	store.BroadcastTakenBack: message.LogBroadcastTakenBack,
	store.ChatTopics:         message.LogChatTopics,
	store.ChatPaused:         message.LogChatPaused,
	store.ChatResumed:        message.LogChatResumed,
	store.ChatStopped:        message.LogChatStopped,
	store.ChatWithdrew:       message.LogChatWithdrew,
	store.ScheduleMade:       message.LogScheduleMade,
	store.ScheduleRetimed:    message.LogScheduleRetimed,
	store.ScheduleHalted:     message.LogScheduleHalted,
	store.ScheduleResumed:    message.LogScheduleResumed,
	store.ScheduleDropped:    message.LogScheduleDropped,
	store.ScheduleRunNow:     message.LogScheduleRunNow,
}

// showLog lists who did what, the newest first.
func (t *turn) showLog() error {
	return t.sayScreen(t.logScreen(0))
}

func (t *turn) pressLog() error {
	if ok, err := t.allowed(viewer); !ok {
		return err
	}
	return t.showScreen(t.logScreen(t.press.Number(0)))
}

func (t *turn) logScreen(skip int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	skip = max(skip, 0)
	events, err := t.tx.Events(t.ctx, int(skip), eventsOnPage+1)
	if err != nil {
		return message.Message{}, err
	}
	if len(events) == 0 {
		return p.Say(message.LogNone), nil
	}
	more := len(events) > eventsOnPage
	m := p.Say(message.LogHead)
	for _, e := range events[:min(len(events), eventsOnPage)] {
		m.HTML += "\n\n" + string(p.HTML(message.LogLine, "when", p.Ago(e.At, t.now), "what", p.HTML(deedTexts[e.Deed], deedArguments(p, e)...)))
	}
	var row []message.Button
	if skip > 0 {
		row = append(row, message.Button{Text: p.Text(message.LogNewer), Data: button.Of(button.Log, max(skip-eventsOnPage, 0))})
	}
	if more {
		row = append(row, message.Button{Text: p.Text(message.LogOlder), Data: button.Of(button.Log, skip+eventsOnPage)})
	}
	if len(row) > 0 {
		m.Buttons = [][]message.Button{row}
	}
	return m, nil
}

// deedArguments are what the sentence of an event takes.
func deedArguments(p message.Printer, e store.Event) []any {
	who := e.Name
	switch {
	case e.By == 0:
		who = p.Text(message.LogProgram)
	case e.By == store.Forgotten:
		who = p.Text(message.LogForgotten)
	case e.By == telegram.AnonymousAdmin:
		who = p.Text(message.LogAnonymous)
	case who == "":
		who = p.Text(message.LogNameless)
	}
	object, detail := e.Object, e.Detail
	if e.About == store.Forgotten {
		object = p.Text(message.LogForgotten)
	}
	switch e.Deed {
	case store.RoleClaimed, store.RoleGiven, store.RoleChanged, store.RoleInvited:
		detail = roleName(p, store.Role(e.Detail))
	case store.ApprovalOn, store.ApprovalOff:
		object = cmp.Or(object, p.Text(message.LogEverybody))
	case store.HeldReleased, store.HeldFiled:
		detail = p.Digits(e.Detail)
	}
	return []any{"who", message.HTML(fmt.Sprintf("<b>%s</b>", p.HTML(message.LogWho, "name", who))), "object", object, "detail", detail}
}
