package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Admins take a post back from their own group or channel: by /retract in reply to it in the group, or in private by its link or by forwarding it. Whether
// they may is asked of Telegram when they ask and again when they press the button.

// What is answered to the question whether a post is to be withdrawn; see button.Withdraw.
const (
	withdrawAsk int64 = iota
	withdrawNow
	withdrawNot
)

// withdrawHere offers to withdraw the post of the group that an admin replies to, or whose link is given.
func (t *turn) withdrawHere() error {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	number := 0
	if reply := t.message().ReplyTo; reply != nil {
		number = reply.ID
	}
	if t.rest != "" {
		link, ok := parsePostLink(t.rest)
		if !ok || !link.leadsTo(chat) {
			return t.refuse(message.WithdrawHowHere)
		}
		number = link.message
	}
	if number == 0 {
		return t.refuse(message.WithdrawHowHere)
	}
	return t.askWithdraw(chat, 0, number)
}

// withdrawLinked offers somebody who is no editor to withdraw the post that he has linked or replied to, if it is of a chat that he manages.
func (t *turn) withdrawLinked(refusal message.Key) error {
	link, named := t.linkedPost()
	if !named {
		chats, err := t.managed()
		if err != nil {
			return err
		}
		if len(chats) > 0 {
			refusal = message.WithdrawHow
		}
		return t.refuse(refusal)
	}
	return t.withChat(link.question(t.update.Sender().ID), func(chat store.Chat) error {
		return t.askWithdraw(chat, chat.ID, link.message)
	})
}

// linkedPost is the post of a group or channel whose link stands behind the command, or that was forwarded here and is replied to.
func (t *turn) linkedPost() (postLink, bool) {
	if link, ok := parsePostLink(t.rest); ok || t.rest != "" {
		return link, ok
	}
	if reply := t.message().ReplyTo; reply != nil {
		return forwardedPost(reply)
	}
	return postLink{}, false
}

// forwardedPost is the post of a channel that the message was forwarded from.
func forwardedPost(m *telegram.Message) (postLink, bool) {
	if origin := m.ForwardOrigin; origin != nil && origin.Channel != nil {
		return postLink{chat: origin.Channel.ID, message: origin.MessageID}, true
	}
	return postLink{}, false
}

// askWithdraw asks whether a post of a chat that the person manages is to be withdrawn.
func (t *turn) askWithdraw(chat store.Chat, subject int64, number int) error {
	articles, err := t.articlesOf(chat, number)
	if err != nil {
		return err
	}
	if articles == nil {
		return t.refuse(message.WithdrawNotFound)
	}
	return t.sayScreen(t.withdrawQuestion(chat, subject, number, articles))
}

// withdrawQuestion asks about the article of a post, or lets the person choose among several.
func (t *turn) withdrawQuestion(chat store.Chat, subject int64, number int, articles []store.Article) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	press := func(article, step int64) string {
		return button.Of(button.Withdraw, subject, int64(number), article, step)
	}
	title := titleOf(p, chat)
	if len(articles) > 1 {
		m := p.Say(message.WithdrawChoose, "chat", title)
		for _, a := range articles[:min(len(articles), maxListed)] {
			m.Buttons = append(m.Buttons, press1(p.Title(a), press(a.ID, withdrawAsk)))
		}
		m.Buttons = append(m.Buttons, press1(p.Text(message.WithdrawAll), press(0, withdrawNow)), press1(p.Text(message.UnsubNo), press(0, withdrawNot)))
		return m, nil
	}
	m := p.Say(message.WithdrawAsk, "title", articles[0].Headline, "chat", title)
	m.Buttons = [][]message.Button{{
		{Text: p.Text(message.RetractYes), Data: press(articles[0].ID, withdrawNow)},
		{Text: p.Text(message.UnsubNo), Data: press(articles[0].ID, withdrawNot)},
	}}
	return m, nil
}

// withdrawRow is a button that leads to withdrawing a post from its own chat, for a person who was found to manage it.
func withdrawRow(p message.Printer, chat store.Chat, number int) []message.Button {
	return press1(p.Text(message.WithdrawOnlyButton, "chat", titleOf(p, chat)), button.Of(button.Withdraw, chat.ID, int64(number), 0, withdrawAsk))
}

// withdrawOnly lets an editor who has named a post by its chat withdraw it there alone, if he is an admin there.
func (t *turn) withdrawOnly(p message.Printer) (rows [][]message.Button, err error) {
	link, named := t.linkedPost()
	if !named {
		return nil, nil
	}
	chat, found, err := t.linkedChat(link)
	if err != nil || !found || chat.Kind == store.Private {
		return nil, err
	}
	w, err := t.ask(question{chat: chat.TelegramID, person: t.update.Sender().ID})
	if err != nil || w.kind != telegram.KindNone || !w.person.IsAdmin() {
		return nil, err
	}
	return [][]message.Button{withdrawRow(p, chat, link.message)}, nil
}

// pressWithdraw withdraws a post from its chat, or asks first. Of the data only what the chat was really sent counts.
func (t *turn) pressWithdraw() error {
	subject, number, article, step := t.press.Number(0), t.press.Number(1), t.press.Number(2), t.press.Number(3)
	chat, ok, err := t.managePart(subject, question{})
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if step == withdrawNot {
		t.show(p.Say(message.WithdrawKept))
		return nil
	}
	articles, err := t.articlesOf(chat, int(number))
	if err != nil {
		return err
	}
	if article != 0 {
		articles = slices.DeleteFunc(articles, func(a store.Article) bool { return a.ID != article })
	}
	if len(articles) == 0 {
		t.show(p.Say(message.WithdrawNotFound))
		return nil
	}
	if step != withdrawNow {
		return t.showScreen(t.withdrawQuestion(chat, subject, int(number), articles))
	}
	for _, a := range articles {
		if err := t.tx.Withdraw(t.ctx, store.Withdrawal{Chat: chat.ID, Article: a.ID, At: t.now}); err != nil {
			return err
		}
		if err := t.record(store.ChatWithdrew, titleOf(p, chat), a.Headline); err != nil {
			return err
		}
		t.config.Log.Info("an article was withdrawn from a chat", "article", a.ID, "chat", chat.ID, "by", t.update.Sender().ID)
	}
	done := message.WithdrawDone
	if chat.State != store.Active && chat.State != store.Paused && chat.State != store.Stopped {
		done = message.WithdrawByHand
	}
	t.show(p.Say(done, "chat", titleOf(p, chat)))
	return nil
}

// takenBack tells whether an article was retracted, or withdrawn from the chat.
func takenBack(ctx context.Context, r store.Reader, chat, article int64) (bool, error) {
	a, err := r.Article(ctx, article)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Retracted {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read article %d: %w", article, err)
	}
	list, err := r.Withdrawals(ctx, chat)
	return store.IsWithdrawn(list, article), err
}
