package bot

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// worstFeeds is how many feeds in trouble /status names.
const worstFeeds = 5

// status tells editors how the bot fares.
func (t *turn) status() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	var lines []string
	add := func(line message.HTML) { lines = append(lines, string(line)) }
	add(p.HTML(message.StatusHead))
	counts, err := t.tx.CountChats(t.ctx)
	if err != nil {
		return fmt.Errorf("count chats: %w", err)
	}
	readers := counts[store.Private]
	active := readers[store.Active] + readers[store.Paused]
	add(p.HTML(message.StatusReaders, "n", active, "stopped", readers[store.Stopped]+readers[store.Blocked]+readers[store.Gone]))
	posted := 0
	for _, kind := range []store.ChatKind{store.Group, store.Supergroup, store.Channel} {
		posted += counts[kind][store.Active] + counts[kind][store.Paused]
	}
	add(p.HTML(message.StatusChannels, "n", posted))
	for _, part := range []func(message.Printer, func(message.HTML)) error{t.newsStatus, t.feedStatus, t.deliveryStatus} {
		if err := part(p, add); err != nil {
			return err
		}
	}
	if t.config.Version != "" {
		add(p.HTML(message.StatusVersion, "version", t.config.Version, "uptime", t.now.Sub(t.started)))
	}
	t.say(message.Message{HTML: strings.Join(lines, "\n")})
	return nil
}

func (t *turn) newsStatus(p message.Printer, add func(message.HTML)) error {
	newest, err := t.tx.Latest(t.ctx, []int64{store.Everything}, 0, 1)
	if err != nil {
		return fmt.Errorf("read the latest article: %w", err)
	}
	if len(newest) == 0 {
		add(p.HTML(message.StatusNewsNone))
	} else {
		add(p.HTML(message.StatusNewest, "ago", p.Ago(newest[0].FirstSeen, t.now)))
	}
	return nil
}

func (t *turn) feedStatus(p message.Printer, add func(message.HTML)) error {
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return fmt.Errorf("read feeds: %w", err)
	}
	var last time.Time
	var bad []store.Feed
	for _, f := range feeds {
		if f.State.LastOK.After(last) {
			last = f.State.LastOK
		}
		if f.State.Errors > 0 || f.State.Gone {
			bad = append(bad, f)
		}
	}
	add(p.HTML(message.StatusFeeds, "n", len(feeds), "bad", len(bad)))
	if !last.IsZero() {
		add(p.HTML(message.StatusFetched, "ago", p.Ago(last, t.now)))
	}
	for _, f := range bad[:min(len(bad), worstFeeds)] {
		name := f.Title
		if name == "" {
			name = f.URL
		}
		add(p.HTML(message.StatusFeedBad, "feed", name, "n", f.State.Errors))
	}
	return nil
}

func (t *turn) deliveryStatus(p message.Printer, add func(message.HTML)) error {
	backlog, err := t.tx.Backlog(t.ctx, t.now)
	if err != nil {
		return fmt.Errorf("read the backlog: %w", err)
	}
	if backlog.Due == 0 {
		add(p.HTML(message.StatusBacklogNone))
	} else {
		add(p.HTML(message.StatusBacklog, "n", backlog.Due, "age", t.now.Sub(backlog.Oldest)))
	}
	doubts, err := t.tx.CountDoubts(t.ctx)
	if err != nil {
		return fmt.Errorf("count doubts: %w", err)
	}
	if n := doubts[store.DoubtOpen]; n > 0 {
		add(p.HTML(message.StatusDoubts, "n", n))
	}
	return nil
}

// retract offers to take back the article of the message that the editor replies to, or of the address behind the command.
func (t *turn) retract() error {
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
	if len(articles) == 1 {
		t.say(retractQuestion(p, articles[0]))
		return nil
	}
	m := p.Say(message.RetractChoose)
	for _, a := range articles[:min(len(articles), maxListed)] {
		m.Buttons = append(m.Buttons, press1(a.Headline, button.Of(button.Retract, a.ID, retractAsk)))
	}
	t.say(m)
	return nil
}

// meantArticles finds the articles that an editor's command means: that of the address or number behind it, or those of the message
// it replies to; nil if there are none.
func (t *turn) meantArticles() ([]store.Article, error) {
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
	sent, err := t.tx.SentMessage(t.ctx, chat.ID, reply.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find what message %d carried: %w", reply.ID, err)
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

// articleNamed finds an article by its address or its number.
func (t *turn) articleNamed(name string) (store.Article, error) {
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

// pressRetract takes an article back, or asks first.
func (t *turn) pressRetract() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	id, answer := t.press.Number(0), t.press.Number(1)
	a, err := t.tx.Article(t.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return t.pressedOld()
	}
	if err != nil {
		return fmt.Errorf("read article %d: %w", id, err)
	}
	switch {
	case answer == retractNot:
		t.show(p.Say(message.RetractKept, "title", a.Headline))
		return nil
	case answer != retractNow || a.Retracted:
		t.show(retractQuestion(p, a))
		return nil
	}
	if err := t.tx.RetractArticle(t.ctx, id, t.now); err != nil {
		return fmt.Errorf("retract article %d: %w", id, err)
	}
	if err := t.record(store.ArticleRetracted, a.Headline, ""); err != nil {
		return err
	}
	t.config.Log.Info("an article was retracted", "article", id, "by", t.update.Sender().ID)
	t.show(p.Say(message.RetractDone, "title", a.Headline))
	return nil
}
