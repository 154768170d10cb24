package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

const (
	// newsOnPage is how many headlines one page of a list shows.
	newsOnPage = 8
	// furthest is how far back lists can be turned.
	furthest = 10_000
)

// openLatest shows the newest articles of what the chat follows.
func (t *turn) openLatest() error {
	m, ok, err := t.latestScreen(0)
	if ok {
		t.say(m)
	}
	return err
}

func (t *turn) pressOpenLatest() error { return t.openLatest() }

func (t *turn) pressLatest() error {
	m, ok, err := t.latestScreen(t.press.Number(0))
	if ok {
		t.show(m)
	}
	return err
}

func (t *turn) latestScreen(skip int64) (m message.Message, ok bool, err error) {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return m, false, err
	}
	p, err := t.printer()
	if err != nil {
		return m, false, err
	}
	categories := chat.Categories
	if len(categories) == 0 {
		categories = []int64{store.Everything}
	}
	skip = min(max(skip, 0), furthest)
	articles, err := t.latestFor(chat, categories, int(skip))
	if err != nil {
		return m, false, fmt.Errorf("read the latest articles: %w", err)
	}
	if len(articles) == 0 && skip == 0 {
		m = p.Say(message.LatestNone)
		m.Buttons = [][]message.Button{press1(p.Text(message.TopicsButton), button.Of(button.OpenTopics, 0))}
		return m, true, nil
	}
	turnTo := func(skip int64) string { return button.Of(button.Latest, skip) }
	m = t.page(p, articles, skip, p.Text(message.LatestHead), turnTo)
	return m, true, nil
}

// latestFor reads a page of the newest articles, and one more, leaving out what was withdrawn from the chat.
func (t *turn) latestFor(chat store.Chat, categories []int64, skip int) ([]store.Article, error) {
	taken, err := t.tx.Withdrawals(t.ctx, chat.ID)
	if err != nil {
		return nil, err
	}
	if chat.ID == 0 || len(taken) == 0 {
		return t.tx.Latest(t.ctx, categories, skip, newsOnPage+1)
	}
	articles, err := t.tx.Latest(t.ctx, categories, 0, skip+newsOnPage+1+len(taken))
	articles = slices.DeleteFunc(articles, func(a store.Article) bool { return store.IsWithdrawn(taken, a.ID) })
	return articles[min(skip, len(articles)):min(skip+newsOnPage+1, len(articles))], err
}

// latestOf shows the newest articles of a category, if there are any, with a button to follow it.
func (t *turn) latestOf(c store.Category) (found bool, err error) {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return false, err
	}
	articles, err := t.tx.Latest(t.ctx, []int64{c.ID}, 0, newsOnPage)
	if err != nil {
		return false, fmt.Errorf("read the latest articles of category %d: %w", c.ID, err)
	}
	if len(articles) == 0 {
		return false, nil
	}
	p := t.printerFor(chat)
	m, _ := p.ListOf(articles, message.Options{Now: t.now, Heading: p.CategoryName(c)})
	if !subscribed(chat, c.ID) {
		take := p.Text(message.ShareTake, "topic", p.CategoryName(c))
		m.Buttons = append(m.Buttons, press1(take, button.Of(button.SetTopic, 0, 0, c.ID, 1)))
	}
	t.say(m)
	return true, nil
}

// page lays out one page of a list of news, of which articles holds one more than fits if there is a next.
func (t *turn) page(p message.Printer, articles []store.Article, skip int64, heading string, turnTo func(skip int64) string) message.Message {
	more := len(articles) > newsOnPage
	articles = articles[:min(len(articles), newsOnPage)]
	m, printed := p.ListOf(articles, message.Options{Now: t.now, Heading: heading})
	var back, next string
	if skip > 0 {
		back = turnTo(max(0, skip-newsOnPage))
	}
	if behind := skip + int64(len(printed)); (more || len(printed) < len(articles)) && behind <= furthest {
		next = turnTo(behind)
	}
	m.Buttons = append(m.Buttons, turns(p, back, next)...)
	return m
}

// pressRest shows the articles of a list that was sent.
func (t *turn) pressRest() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if !t.private() {
		t.notice(p.Say(message.ErrPrivateOnly))
		return nil
	}
	m, _, err := t.restScreen(p, t.press.Number(0), t.press.Number(1))
	if errors.Is(err, store.ErrNotFound) {
		return t.pressedOld()
	}
	if err == nil {
		t.say(m)
	}
	return err
}

// openRest shows what a list in a group or channel had no room for to who has opened the link under it, and offers to subscribe who is no reader.
func (t *turn) openRest() error {
	id, shown, _ := strings.Cut(strings.TrimPrefix(t.rest, delivery.PayloadRest), "_")
	post, malformed := strconv.ParseInt(id, 36, 64)
	skip, malformedToo := strconv.ParseInt(shown, 36, 64)
	if malformed != nil || malformedToo != nil {
		return t.sharedIsGone()
	}
	chat, err := t.reader()
	if err != nil {
		return err
	}
	m, first, err := t.restScreen(t.printerFor(chat), post, skip)
	if errors.Is(err, store.ErrNotFound) {
		return t.sharedIsGone()
	}
	if err != nil {
		return err
	}
	t.say(m)
	return t.offerNews(chat, first)
}

// restScreen lists the articles of a post after the first so many, those that have become known as wrong left out, and returns the first of
// them; store.ErrNotFound if there are none.
func (t *turn) restScreen(p message.Printer, post, skip int64) (m message.Message, first store.Article, err error) {
	sent, err := t.tx.Post(t.ctx, post)
	if err != nil {
		return m, first, fmt.Errorf("read post %d: %w", post, err)
	}
	ids := sent.Articles
	if len(ids) == 0 {
		ids = sent.Mentions
	}
	skip = min(max(skip, 0), int64(len(ids)))
	articles, err := t.tx.Articles(t.ctx, ids[skip:])
	if err != nil {
		return m, first, fmt.Errorf("read the articles of post %d: %w", post, err)
	}
	articles = slices.DeleteFunc(articles, unseen)
	if len(articles) == 0 {
		return m, first, fmt.Errorf("read post %d after %d: %w", post, skip, store.ErrNotFound)
	}
	shown, printed := p.ListOf(articles[:min(len(articles), newsOnPage)], message.Options{Now: t.now, Heading: p.Text(message.LatestHead)})
	place := func(article int64) int64 { return int64(slices.Index(ids, article)) }
	var back, next string
	if skip > 0 {
		back = button.Of(button.Rest, post, max(0, skip-newsOnPage))
	}
	if len(printed) < len(articles) {
		next = button.Of(button.Rest, post, place(articles[len(printed)].ID))
	}
	shown.Buttons = append(shown.Buttons, turns(p, back, next)...)
	return shown, articles[0], nil
}
