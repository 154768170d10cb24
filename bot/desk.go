package bot

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// The desk is the chat in which editors are asked: a group in which one of them has written /desk, or else the private chat of the first
// owner.

// deskSetting holds our id of the group; it stays the same when the group becomes a supergroup.
const deskSetting = "desk"

const (
	// deskEvery is how often the desk is looked after: an article's card comes that much later at most.
	deskEvery = 2 * time.Second
	// cardsAMinute leaves room, of the 20 messages a minute that Telegram allows in a group, for what editors do with them.
	cardsAMinute = 12
	// cardLost is after how long a card of which no message is known is sent anew.
	cardLost = 2 * time.Minute
	// approvalsRead bounds the approvals looked at.
	approvalsRead = 500
	// expiredListed bounds the headlines of a notice.
	expiredListed = 10
)

// deskChat finds the desk; a chat without TelegramID if there is none yet.
func (b *Bot) deskChat(ctx context.Context, r store.Reader) (store.Chat, error) {
	kept, err := r.Setting(ctx, deskSetting)
	if err != nil {
		return store.Chat{}, fmt.Errorf("read where the desk is: %w", err)
	}
	var id int64
	if _, err := fmt.Sscan(kept, &id); err == nil {
		chat, err := r.ChatByID(ctx, id)
		if err == nil && chat.State != store.Blocked && chat.State != store.Gone && chat.State != store.Unpostable {
			return chat, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return store.Chat{}, fmt.Errorf("read the desk: %w", err)
		}
	}
	editors, err := r.Editors(ctx)
	if err != nil {
		return store.Chat{}, fmt.Errorf("read the editors: %w", err)
	}
	users := b.config.Owners
	for _, e := range editors {
		if e.Role == store.Owner {
			users = append(users[:len(users):len(users)], e.User)
		}
	}
	for _, user := range users {
		chat, err := r.Chat(ctx, user)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return store.Chat{}, fmt.Errorf("read chat %d: %w", user, err)
		}
		if err == nil && chat.State != store.Blocked && chat.State != store.Gone {
			return chat, nil
		}
	}
	if len(users) == 0 {
		return store.Chat{}, nil
	}
	// An owner need not be a reader.
	owner := store.Chat{TelegramID: users[0], Kind: store.Private}
	for _, e := range editors {
		if e.User == owner.TelegramID {
			owner.Title = e.Name
		}
	}
	return owner, nil
}

func (t *turn) deskName(p message.Printer) (string, error) {
	desk, err := t.deskChat(t.ctx, t.tx)
	switch {
	case err != nil:
		return "", err
	case desk.TelegramID == 0:
		return p.Text(message.DeskNone), nil
	case desk.Kind == store.Private:
		e, err := t.someone(desk.TelegramID)
		if errors.Is(err, store.ErrNotFound) {
			e, err = store.Editor{User: desk.TelegramID, Name: desk.Title}, nil
		}
		return p.Text(message.DeskPrivate, "name", editorName(p, e)), err
	}
	return titleOf(p, desk), nil
}

// setDesk makes the group in which an editor writes the desk; in private it says where the desk is, or brings it back to the owner.
func (t *turn) setDesk() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if t.private() {
		desk, err := t.deskName(p)
		if err == nil {
			t.say(p.Say(message.DeskHow, "desk", desk))
		}
		return err
	}
	chat, known, err := t.place()
	if err != nil {
		return err
	}
	if !known {
		chat = t.newChat(t.message().Chat)
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	if err := t.tx.SetSetting(t.ctx, deskSetting, fmt.Sprint(chat.ID)); err != nil {
		return err
	}
	t.say(p.Say(message.DeskSet))
	return t.record(store.DeskMoved, titleOf(p, chat), "")
}

// keepDesk sends editors the cards of what waits for approval, publishes what was delayed, and ends what was not answered in time.
func (b *Bot) keepDesk(ctx context.Context) {
	ticker := time.NewTicker(deskEvery)
	defer ticker.Stop()
	for {
		if err := b.tendDesk(ctx); err != nil && ctx.Err() == nil {
			b.config.Log.Error("the editors' desk could not be looked after", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// tendDesk does once what has to be done at the desk. It writes only if there is something.
func (b *Bot) tendDesk(ctx context.Context) error {
	if work, err := b.tend(ctx, b.store, nil); err != nil || !work {
		return err
	}
	err := b.store.Write(ctx, func(tx store.Tx) error {
		_, err := b.tend(ctx, tx, tx)
		return err
	})
	if err == nil {
		b.config.Committed()
	}
	return err
}

// tend goes through what is open, and reports whether there is anything to do; without a transaction it leaves it at that.
func (b *Bot) tend(ctx context.Context, r store.Reader, tx store.Tx) (work bool, err error) {
	open, err := r.OpenApprovals(ctx, approvalsRead)
	if err != nil || len(open) == 0 {
		return false, err
	}
	now := b.config.Now().UTC()
	d := deskTurn{Bot: b, ctx: ctx, tx: tx, now: now}
	if d.desk, err = b.deskChat(ctx, r); err != nil {
		return false, err
	}
	sent, err := r.CardsSince(ctx, now.Add(-time.Minute))
	if err != nil {
		return false, err
	}
	d.room = cardsAMinute - sent
	for _, ap := range open {
		a, err := r.Article(ctx, ap.Article)
		if err != nil {
			return false, fmt.Errorf("read article %d: %w", ap.Article, err)
		}
		do := d.duty(a, ap)
		if do == nil {
			continue
		}
		if tx == nil {
			return true, nil
		}
		work = true
		if err := do(a, ap); err != nil {
			return false, err
		}
	}
	if len(d.expired) > 0 && d.desk.TelegramID != 0 {
		return work, d.tellExpired()
	}
	return work, nil
}

// deskTurn is one look after the desk, in one transaction.
type deskTurn struct {
	*Bot
	ctx     context.Context
	tx      store.Tx
	now     time.Time
	desk    store.Chat
	room    int // for cards, and for their changes
	expired []store.Article
}

// duty is what has to be done about an open approval now; nil for nothing.
func (d *deskTurn) duty(a store.Article, ap store.Approval) func(store.Article, store.Approval) error {
	lost := ap.Card == 0 && !ap.Owed && d.now.Sub(ap.CardAt) > cardLost
	switch {
	case a.Retracted:
		return d.withdraw
	case ap.State == store.Delayed && !d.now.Before(ap.Until):
		return d.publish
	case ap.State == store.Pending && d.now.Sub(ap.Asked) >= d.config.ApprovalAge:
		return d.expire
	case d.desk.TelegramID == 0 || d.room <= 0:
	case lost, ap.Card != 0 && ap.Desk != d.desk.TelegramID:
		return d.sendCard
	case ap.Card != 0 && a.Revision > ap.Shown:
		return d.refresh
	}
	return nil
}

func (d *deskTurn) withdraw(a store.Article, ap store.Approval) error {
	ap.State, ap.At = store.Withdrawn, d.now
	return d.close(a, ap)
}

// publish publishes what was delayed, in the name of whoever delayed it.
func (d *deskTurn) publish(a store.Article, ap store.Approval) error {
	if err := d.tx.ApproveArticle(d.ctx, a.ID, d.now); err != nil {
		return err
	}
	ap.State, ap.At = store.Approved, d.now
	if err := d.close(a, ap); err != nil {
		return err
	}
	return d.tx.Record(d.ctx, store.Event{
		At: d.now, By: ap.By, Name: ap.Name, Deed: store.ApprovalPublished, Object: bengali.Truncate(a.Headline, maxObject),
	})
}

func (d *deskTurn) expire(a store.Article, ap store.Approval) error {
	ap.State, ap.At = store.Expired, d.now
	if err := d.close(a, ap); err != nil {
		return err
	}
	d.expired = append(d.expired, a)
	return d.tx.Record(d.ctx, store.Event{At: d.now, Deed: store.ApprovalExpired, Object: bengali.Truncate(a.Headline, maxObject)})
}

// close keeps the end of an approval and shows it on its card. When there are too many for that, a card that still looks open says how it
// stands when it is pressed.
func (d *deskTurn) close(a store.Article, ap store.Approval) error {
	if err := d.tx.SaveApproval(d.ctx, ap); err != nil || ap.Card == 0 || d.room <= 0 {
		return err
	}
	return d.edit(a, ap)
}

func (d *deskTurn) edit(a store.Article, ap store.Approval) error {
	d.room--
	return delivery.Owe(d.ctx, d.tx, editCard(card(d.printerFor(d.desk), a, ap, d.now), ap), d.now)
}

// refresh shows on the card what the feed has changed meanwhile.
func (d *deskTurn) refresh(a store.Article, ap store.Approval) error {
	if err := d.edit(a, ap); err != nil {
		return err
	}
	ap.Shown = a.Revision
	return d.tx.SaveApproval(d.ctx, ap)
}

func (d *deskTurn) sendCard(a store.Article, ap store.Approval) error {
	d.room--
	ap.Desk, ap.Card, ap.CardAt, ap.Shown = d.desk.TelegramID, 0, d.now, a.Revision
	if err := d.tx.SaveApproval(d.ctx, ap); err != nil {
		return err
	}
	m := card(d.printerFor(d.desk), a, ap, d.now)
	return delivery.OweCard(d.ctx, d.tx, telegram.Send(telegram.Outgoing{
		ChatID: d.desk.TelegramID, ThreadID: d.desk.Prefs.Thread, Text: m.HTML, Keyboard: markup(m.Buttons), Preview: telegram.Preview{Off: true},
	}), a.ID, d.now)
}

// tellExpired tells the desk, in one message, what was not answered in time.
func (d *deskTurn) tellExpired() error {
	p := d.printerFor(d.desk)
	m := p.Say(message.ApprovalExpiredNotice, "n", len(d.expired))
	for _, a := range d.expired[:min(len(d.expired), expiredListed)] {
		m.HTML += "\n• " + string(p.HTML(message.FeedHeadline, "title", a.Headline))
	}
	if more := len(d.expired) - expiredListed; more > 0 {
		m.HTML += "\n" + string(p.HTML(message.ApprovalExpiredMore, "n", more))
	}
	return delivery.Owe(d.ctx, d.tx, telegram.Send(telegram.Outgoing{
		ChatID: d.desk.TelegramID, ThreadID: d.desk.Prefs.Thread, Text: m.HTML, Preview: telegram.Preview{Off: true},
	}), d.now)
}

// askForText asks the editor who pressed to write, in reply, what is to stand in the place of the headline or summary.
func (t *turn) askForText(p message.Printer, a store.Article, step int64) error {
	if err := t.await(&awaited{Article: a.ID, Step: step}); err != nil {
		return err
	}
	who := t.update.Sender()
	key, now := message.ApprovalHeadlineAsk, a.Headline
	if step == cardSummary {
		key, now = message.ApprovalSummaryAsk, strings.Join(a.Summary, " ")
	}
	// The name leads to the person, so that in a group the reply opens on that one's screen alone.
	name := message.HTML(fmt.Sprintf(`<a href="tg://user?id=%d">%s</a>`, who.ID, html.EscapeString(nameOf(who))))
	text := p.HTML(key, "name", name) + "\n\n" + message.HTML("<code>"+html.EscapeString(bengali.Truncate(now, longestSummary))+"</code>")
	out := telegram.Outgoing{ChatID: t.update.ChatID(), Text: string(text), Keyboard: telegram.ForceReply{Selective: true}, Preview: telegram.Preview{Off: true}}
	if in := t.message(); in != nil {
		out.ThreadID = in.Thread()
	}
	t.owe(telegram.Send(out))
	return nil
}

// takeText takes an editor's reply to askForText.
func (t *turn) takeText(w awaited, text string) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if refusal, err := t.lacks(editor); err != nil || refusal != "" {
		t.say(p.Say(refusal))
		return errors.Join(err, t.await(nil))
	}
	limit := longestHeadline
	if w.Step == cardSummary {
		limit = longestSummary
	}
	if n := bengali.UTF16Len(text); n > limit || text == "" {
		t.say(p.Say(message.ApprovalTooLong, "n", limit, "have", n)) // the next reply is still taken
		return nil
	}
	if err := t.await(nil); err != nil {
		return err
	}
	ap, err := t.tx.Approval(t.ctx, w.Article)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	a, err := t.tx.Article(t.ctx, w.Article)
	if err != nil {
		return fmt.Errorf("read article %d: %w", w.Article, err)
	}
	if !ap.State.Open() || a.Retracted {
		t.say(p.Say(message.ApprovalDecided, "what", approvalState(p, a, ap, t.now)))
		return nil
	}
	deed, said := store.HeadlineEdited, message.ApprovalHeadlineDone
	if w.Step == cardHeadline {
		err = t.tx.EditArticle(t.ctx, a.ID, text, nil, t.now)
	} else {
		deed, said = store.SummaryEdited, message.ApprovalSummaryDone
		var sentences []string
		for _, s := range bengali.Sentences(text) { // never none: the text is not empty
			sentences = append(sentences, s.Text)
		}
		err = t.tx.EditArticle(t.ctx, a.ID, "", sentences, t.now)
	}
	if err != nil {
		return err
	}
	if err := t.record(deed, a.Headline, ""); err != nil {
		return err
	}
	if a, err = t.tx.Article(t.ctx, a.ID); err != nil {
		return fmt.Errorf("read article %d: %w", w.Article, err)
	}
	ap.Shown = a.Revision
	if err := t.tx.SaveApproval(t.ctx, ap); err != nil {
		return err
	}
	t.say(p.Say(said))
	return t.showCard(a, ap)
}
