package bot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// What an editor's press on the card of an article says; see button.Approval.
const (
	cardShow    int64 = iota // the card as it stands
	cardPublish              // now
	cardSkip
	cardDelay      // 0 to be asked for how long, or so many minutes
	cardHeadline   // to write one
	cardSummary    // to write one
	cardPublishYet // although it was skipped, or not answered in time
)

// delays are offered, in minutes.
var delays = []int64{15, 30, 60, 180, 360, 720}

// pressApproval takes an editor's decision on an article. The first one stands: whoever presses later, even at the same time, is told
// who was first.
func (t *turn) pressApproval() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	id, step, argument := t.press.Number(0), t.press.Number(1), t.press.Number(2)
	ap, err := t.tx.Approval(t.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		t.alert(p.Say(message.ApprovalGone))
		return nil
	}
	if err != nil {
		return err
	}
	a, err := t.tx.Article(t.ctx, id)
	if err != nil {
		return fmt.Errorf("read article %d: %w", id, err)
	}
	revived := step == cardPublishYet && (ap.State == store.Skipped || ap.State == store.Expired)
	if a.Retracted && ap.State.Open() {
		ap.State, ap.At = store.Withdrawn, t.now
		if err := t.tx.SaveApproval(t.ctx, ap); err != nil {
			return err
		}
	}
	switch {
	case a.Retracted, !ap.State.Open() && !revived:
		t.alert(p.Say(message.ApprovalDecided, "what", approvalState(p, a, ap, t.now)))
		return t.showCard(a, ap)
	case step == cardPublish, revived:
		return t.publish(a, ap)
	case step == cardSkip:
		ap.State = store.Skipped
		return t.decide(a, ap, store.ApprovalSkipped, "")
	case step == cardDelay && slices.Contains(delays, argument):
		ap.State, ap.Until = store.Delayed, t.now.Add(time.Duration(argument)*time.Minute)
		return t.decide(a, ap, store.ApprovalDelayed, p.Duration(time.Duration(argument)*time.Minute))
	case step == cardDelay:
		m := card(p, a, ap, t.now)
		m.Buttons = delayButtons(p, id)
		t.show(m)
		return nil
	case step == cardHeadline, step == cardSummary:
		return t.askForText(p, a, step)
	}
	return t.showCard(a, ap)
}

func delayButtons(p message.Printer, article int64) [][]message.Button {
	var spans []message.Button
	for _, minutes := range delays {
		label := p.Text(message.ApprovalDelayFor, "span", time.Duration(minutes)*time.Minute)
		spans = append(spans, message.Button{Text: label, Data: button.Of(button.Approval, article, cardDelay, minutes)})
	}
	return append(slices.Collect(slices.Chunk(spans, 2)), press1(p.Text(message.NavBack), button.Of(button.Approval, article, cardShow, 0)))
}

// publish approves an article.
func (t *turn) publish(a store.Article, ap store.Approval) error {
	if err := t.tx.ApproveArticle(t.ctx, a.ID, t.now); err != nil {
		return err
	}
	ap.State = store.Approved
	return t.decide(a, ap, store.ApprovalPublished, "")
}

// decide keeps a decision of the person of this turn, and shows everybody at the desk whose it was.
func (t *turn) decide(a store.Article, ap store.Approval, deed store.Deed, detail string) error {
	who := t.update.Sender()
	ap.By, ap.Name, ap.At = who.ID, bengali.Truncate(nameOf(who), maxTitle), t.now
	if err := t.tx.SaveApproval(t.ctx, ap); err != nil {
		return err
	}
	if err := t.record(deed, a.Headline, detail); err != nil {
		return err
	}
	return t.showCard(a, ap)
}

// showCard brings the pressed message up to date, and the desk's card if that is another message.
func (t *turn) showCard(a store.Article, ap store.Approval) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if t.update.Callback != nil {
		t.show(card(p, a, ap, t.now))
	}
	if m := t.message(); t.update.Callback == nil || m.Chat.ID != ap.Desk || m.ID != ap.Card {
		return t.redrawCard(a)
	}
	return nil
}

// redrawCard shows on the desk's card, if there is one, what was decided elsewhere.
func (t *turn) redrawCard(a store.Article) error {
	ap, err := t.tx.Approval(t.ctx, a.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && ap.Card == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := t.privatePrinter(ap.Desk)
	t.owe(editCard(card(p, a, ap, t.now), ap))
	return err
}

// editCard brings the desk's card up to date.
func editCard(m message.Message, ap store.Approval) telegram.Request {
	e := telegram.Edit{ChatID: ap.Desk, MessageID: ap.Card, Text: m.HTML, Preview: telegram.Preview{Off: true}}
	if rows := markup(m.Buttons); rows != nil {
		e.Keyboard = rows.(telegram.InlineKeyboard)
	}
	return telegram.EditText(e)
}

// card is the message by which editors are asked about an article: how it stands, and the article as it would be sent.
func card(p message.Printer, a store.Article, ap store.Approval, now time.Time) message.Message {
	m := p.Single(a, message.Options{Now: now, NoPhoto: true})
	head := approvalState(p, a, ap, now)
	if ap.State.Open() && ap.Shown > 0 && a.Revision > ap.Shown {
		head += "\n" + p.HTML(message.ApprovalRevised)
	}
	m.HTML = string(head) + "\n\n" + m.HTML
	press := func(key message.Key, step int64) message.Button {
		return message.Button{Text: p.Text(key), Data: button.Of(button.Approval, a.ID, step, 0)}
	}
	switch {
	case a.Retracted:
		m.Buttons = nil
	case ap.State.Open():
		m.Buttons = append([][]message.Button{
			{press(message.ApprovalPublish, cardPublish), press(message.ApprovalSkip, cardSkip)},
			{press(message.ApprovalHeadline, cardHeadline), press(message.ApprovalSummary, cardSummary)},
			{press(message.ApprovalDelay, cardDelay)},
		}, m.Buttons...)
	case ap.State == store.Skipped, ap.State == store.Expired:
		m.Buttons = append([][]message.Button{{press(message.ApprovalPublishYet, cardPublishYet)}}, m.Buttons...)
	}
	return m
}

// isCard tells whether a message asks editors about an article.
func isCard(m *telegram.Message) bool {
	if m.Buttons == nil {
		return false
	}
	for _, row := range m.Buttons.Rows {
		for _, b := range row {
			if press, err := button.Parse(b.Data); err == nil && press.Action == button.Approval {
				return true
			}
		}
	}
	return false
}

// approvalState says how an approval stands: who decided what, and when.
func approvalState(p message.Printer, a store.Article, ap store.Approval, now time.Time) message.HTML {
	who := cmp.Or(ap.Name, p.Text(message.LogNameless))
	if ap.By == store.Forgotten {
		who = p.Text(message.LogForgotten)
	}
	switch {
	case a.Retracted:
		return p.HTML(message.ApprovalWithdrawn)
	case ap.State == store.Delayed:
		return p.HTML(message.ApprovalIsDelayed, "name", who, "until", p.Stamp(ap.Until, now))
	case ap.State == store.Approved:
		return p.HTML(message.ApprovalIsPublished, "name", who, "at", p.Stamp(ap.At, now))
	case ap.State == store.Skipped:
		return p.HTML(message.ApprovalIsSkipped, "name", who, "at", p.Stamp(ap.At, now))
	case ap.State == store.Expired:
		return p.HTML(message.ApprovalIsExpired, "at", p.Stamp(ap.At, now))
	}
	return p.HTML(message.ApprovalWaits)
}

// approvalScreen says who has to wait for approval, where editors are asked, and how much waits.
func (t *turn) approvalScreen() (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	on, err := t.tx.Guarded(t.ctx, 0)
	if err != nil {
		return message.Message{}, err
	}
	waiting, err := t.tx.CountOpenApprovals(t.ctx)
	if err != nil {
		return message.Message{}, err
	}
	desk, err := t.deskName(p)
	if err != nil {
		return message.Message{}, err
	}
	m := p.Say(message.ApprovalScreen, "desk", desk, "n", waiting)
	state, turn, wanted := message.ApprovalAllOff, message.ApprovalAllOnButton, int64(1)
	if on {
		state, turn, wanted = message.ApprovalAllOn, message.ApprovalAllOffButton, 0
	}
	m.HTML += "\n\n" + string(p.HTML(state)) + "\n\n" + string(p.HTML(message.ApprovalHow))
	if refusal, err := t.lacks(editor); err != nil || refusal != "" {
		return m, err
	}
	m.Buttons = [][]message.Button{press1(p.Text(turn), button.Of(button.GuardAll, wanted))}
	if waiting > 0 {
		m.Buttons = append(m.Buttons, press1(p.Text(message.ApprovalNextButton), button.Of(button.NextApproval, 0)))
	}
	return m, nil
}

func (t *turn) showApproval() error {
	return t.sayScreen(t.approvalScreen())
}

// pressGuardAll lets everything wait for approval, or nothing that is not made to wait by its own admins.
func (t *turn) pressGuardAll() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	if err := t.setGuard(0, "", t.press.Number(0) == 1); err != nil {
		return err
	}
	return t.showScreen(t.approvalScreen())
}

// setGuard turns the switch of a chat, or of everybody, and records it.
func (t *turn) setGuard(chat int64, title string, on bool) error {
	if was, err := t.tx.Guarded(t.ctx, chat); err != nil || was == on {
		return err
	}
	if err := t.tx.SetGuard(t.ctx, chat, on); err != nil {
		return err
	}
	deed := store.ApprovalOff
	if on {
		deed = store.ApprovalOn
	}
	return t.record(deed, title, "")
}

// pressNextApproval shows what waits, one at a time: the first one behind the given article, or the first of all.
func (t *turn) pressNextApproval() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	open, err := t.tx.OpenApprovals(t.ctx, approvalsRead)
	if err != nil {
		return err
	}
	for _, ap := range open {
		if ap.Article <= t.press.Number(0) {
			continue
		}
		a, err := t.tx.Article(t.ctx, ap.Article)
		if err != nil {
			return fmt.Errorf("read article %d: %w", ap.Article, err)
		}
		m := card(p, a, ap, t.now)
		m.Buttons = append(m.Buttons, press1(p.Text(message.ApprovalNextButton), button.Of(button.NextApproval, ap.Article)))
		t.say(m)
		return nil
	}
	t.notice(p.Say(message.ApprovalNoMore))
	return nil
}

// pressGuardScreen shows whether the posts of a group or channel wait for approval, to its admins.
func (t *turn) pressGuardScreen() error { return t.guardScreen(t.press.Number(0), nil) }

// pressGuard turns that on or off.
func (t *turn) pressGuard() error {
	on := t.press.Number(1) == 1
	return t.guardScreen(t.press.Number(0), &on)
}

func (t *turn) guardScreen(subject int64, turn *bool) error {
	chat, ok, err := t.managePart(subject, question{})
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if turn != nil {
		if err := t.setGuard(chat.ID, titleOf(p, chat), *turn); err != nil {
			return err
		}
	}
	on, err := t.tx.Guarded(t.ctx, chat.ID)
	if err != nil {
		return err
	}
	m := p.Say(message.ApprovalChatOff, "title", titleOf(p, chat))
	label, wanted := message.ApprovalOnButton, int64(1)
	if on {
		m, label, wanted = p.Say(message.ApprovalChatOn, "title", titleOf(p, chat)), message.ApprovalOffButton, 0
	}
	if all, err := t.tx.Guarded(t.ctx, 0); err != nil {
		return err
	} else if all {
		m.HTML += "\n\n" + string(p.HTML(message.ApprovalAllOn))
	}
	m.Buttons = [][]message.Button{
		press1(p.Text(label), button.Of(button.Guard, subject, wanted)),
		press1(p.Text(message.NavBack), button.Of(button.Chat, subject)),
	}
	t.show(m)
	return nil
}

// Bounds of what an editor writes, in UTF-16 units. A post has room for both.
const (
	longestHeadline = 200
	longestSummary  = 1000
)

// cleanLine is a text in one line, as headlines and sentences are kept.
func cleanLine(text string) string {
	return strings.Join(strings.Fields(bengali.Normalize(text)), " ")
}
