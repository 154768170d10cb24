package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// statusRoom is how many UTF-16 units the findings take before the rest of them is counted only: the longest of them still fits into a message.
const statusRoom = 2800

// illTold is how many single things that are ill /status names of the many there may be.
const illTold = 12

// report is what /status tells.
type report struct {
	chats    map[store.ChatKind]map[store.ChatState]int
	newest   []store.Article
	findings []Finding
}

// lookAtItself gathers what /status tells. It is done outside of any transaction: counting takes its time with a million chats.
func (b *Bot) lookAtItself(ctx context.Context, w *word) (err error) {
	if w.report.chats, err = b.store.CountChats(ctx); err != nil {
		return fmt.Errorf("count chats: %w", err)
	}
	if w.report.newest, err = b.store.Latest(ctx, []int64{store.Everything}, 0, 1); err != nil {
		return fmt.Errorf("read the latest article: %w", err)
	}
	look := Checkup{Store: b.store, Client: b.client, Now: b.config.Now()}
	w.report.findings, err = look.Run(ctx)
	return err
}

// status tells editors how the bot fares: the numbers, and what doctor tells.
func (t *turn) status() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	w, err := t.ask(question{report: true})
	if err != nil {
		return err
	}
	var lines []string
	add := func(line message.HTML) { lines = append(lines, string(line)) }
	add(p.HTML(message.StatusHead))
	readers := w.report.chats[store.Private]
	active := readers[store.Active] + readers[store.Paused]
	add(p.HTML(message.StatusReaders, "n", active, "stopped", readers[store.Stopped]+readers[store.Blocked]+readers[store.Gone]))
	posted := 0
	for _, kind := range []store.ChatKind{store.Group, store.Supergroup, store.Channel} {
		posted += w.report.chats[kind][store.Active] + w.report.chats[kind][store.Paused]
	}
	add(p.HTML(message.StatusChannels, "n", posted))
	if newest := w.report.newest; len(newest) == 0 {
		add(p.HTML(message.StatusNewsNone))
	} else {
		add(p.HTML(message.StatusNewest, "ago", p.Ago(newest[0].FirstSeen, t.now)))
	}
	told, left, room := 0, 0, statusRoom
	for _, f := range w.report.findings {
		if f.Detail && f.Ill && room < 0 {
			left++
			continue
		}
		switch {
		case f.Detail && !f.Ill:
			continue
		case f.Detail && told == illTold:
			left++
			continue
		case f.Detail:
			told++
		}
		line := f.HTML(p)
		if f.Ill {
			line = "⚠️ " + line
		}
		room -= bengali.UTF16Len(string(line))
		add(line)
	}
	if left > 0 {
		add(p.HTML(message.StatusMore, "n", left))
	}
	if t.config.Version != "" {
		add(p.HTML(message.StatusVersion, "version", t.config.Version, "uptime", t.now.Sub(t.started)))
	}
	t.say(message.Message{HTML: strings.Join(lines, "\n")})
	return nil
}

// retract offers an editor to take back everywhere the article of the message that he replies to, or of the address behind the command, and an admin to
// withdraw it from his own group or channel. An editor who is such an admin is asked which he means.
func (t *turn) retract() error {
	if !t.private() {
		return t.withdrawHere()
	}
	refusal, err := t.lacks(editor)
	if err != nil {
		return err
	}
	if refusal != "" {
		return t.withdrawLinked(refusal)
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	articles, err := t.meantArticles()
	if err != nil {
		return err
	}
	if articles == nil {
		m := p.Say(message.RetractHow)
		if t.rest != "" || t.message().ReplyTo != nil {
			m = p.Say(message.RetractNotFound)
		}
		t.say(m)
		return nil
	}
	m := p.Say(message.RetractChoose)
	if len(articles) == 1 {
		m = retractQuestion(p, articles[0])
	} else {
		for _, a := range articles[:min(len(articles), maxListed)] {
			m.Buttons = append(m.Buttons, press1(a.Headline, button.Of(button.Retract, a.ID, retractAsk)))
		}
	}
	only, err := t.withdrawOnly(p)
	if err != nil {
		return err
	}
	m.Buttons = append(m.Buttons, only...)
	t.say(m)
	return nil
}

// meantArticles finds the articles that an editor's command means: that of the address or number behind it, or those of the post that is
// linked, or replied to, here or forwarded; nil if there are none.
func (t *turn) meantArticles() ([]store.Article, error) {
	if link, ok := t.linkedPost(); ok {
		chat, found, err := t.linkedChat(link)
		if err != nil || !found {
			return nil, err
		}
		return t.articlesOf(chat, link.message)
	}
	if t.rest != "" {
		a, err := t.articleNamed(t.rest)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("find an article by its address or number: %w", err)
		}
		return []store.Article{a}, nil
	}
	chat, known, err := t.place()
	reply := t.message().ReplyTo
	if err != nil || !known || reply == nil {
		return nil, err
	}
	return t.articlesOf(chat, reply.ID)
}

// articlesOf finds the articles that a message of ours in a chat carries; nil if there are none.
func (t *turn) articlesOf(chat store.Chat, message int) ([]store.Article, error) {
	sent, err := t.tx.SentMessage(t.ctx, chat.ID, message)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find what message %d carried: %w", message, err)
	}
	post, err := t.tx.Post(t.ctx, sent.Post)
	if err != nil {
		return nil, fmt.Errorf("read post %d: %w", sent.Post, err)
	}
	articles, err := t.tx.Articles(t.ctx, post.Articles)
	if err != nil {
		return nil, fmt.Errorf("read the articles of post %d: %w", post.ID, err)
	}
	return articles, nil
}

// articleNamed finds an article by its address, by the link under which it is shared, or by its number.
func (t *turn) articleNamed(name string) (store.Article, error) {
	if a, ok, err := t.sharedArticle(t.payloadOf(name)); ok || err != nil {
		return a, err
	}
	if id, err := strconv.ParseInt(bengali.Fold(name), 10, 64); err == nil {
		return t.tx.Article(t.ctx, id)
	}
	return t.tx.ArticleByURL(t.ctx, name)
}

// What an editor answers to the question whether an article is to be taken back; see button.Retract.
const (
	retractAsk int64 = iota
	retractNow
	retractNot
)

func retractQuestion(p message.Printer, a store.Article) message.Message {
	if a.Retracted {
		return p.Say(message.RetractAlready, "title", a.Headline)
	}
	m := p.Say(message.RetractAsk, "title", a.Headline)
	m.Buttons = [][]message.Button{{
		{Text: p.Text(message.RetractYes), Data: button.Of(button.Retract, a.ID, retractNow)},
		{Text: p.Text(message.UnsubNo), Data: button.Of(button.Retract, a.ID, retractNot)},
	}}
	return m
}

// pressedArticle is the article that the first number of the button names. If ok is false the person, who may be no editor, was told why.
func (t *turn) pressedArticle() (a store.Article, ok bool, err error) {
	if ok, err := t.allowed(editor); !ok {
		return a, false, err
	}
	id := t.press.Number(0)
	a, err = t.tx.Article(t.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return a, false, t.pressedOld()
	}
	if err != nil {
		return a, false, fmt.Errorf("read article %d: %w", id, err)
	}
	return a, true, nil
}

// pressRetract takes an article back, or asks first.
func (t *turn) pressRetract() error {
	a, ok, err := t.pressedArticle()
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	answer := t.press.Number(1)
	switch {
	case answer == retractNot:
		t.show(p.Say(message.RetractKept, "title", a.Headline))
		return nil
	case answer != retractNow || a.Retracted:
		t.show(retractQuestion(p, a))
		return nil
	}
	if err := t.tx.RetractArticle(t.ctx, a.ID, t.now); err != nil {
		return fmt.Errorf("retract article %d: %w", a.ID, err)
	}
	if err := t.record(store.ArticleRetracted, a.Headline, ""); err != nil {
		return err
	}
	t.config.Log.Info("an article was retracted", "article", a.ID, "by", t.update.Sender().ID)
	t.show(p.Say(message.RetractDone, "title", a.Headline))
	return nil
}
