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

// share gives the link of the article that is meant, by which whoever opens it reads it here; without one it lets the person choose.
func (t *turn) share() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	articles, err := t.meantArticles()
	if err != nil {
		return err
	}
	m := p.Say(message.ShareAsk)
	articles = slices.DeleteFunc(articles, unseen)
	if len(articles) == 1 {
		return t.sayLink(p, articles[0])
	}
	if len(articles) == 0 {
		if t.rest != "" || t.message().ReplyTo != nil {
			m = p.Say(message.ShareNotFound)
		}
		if articles, err = t.tx.Latest(t.ctx, []int64{store.Everything}, 0, newsOnPage); err != nil {
			return fmt.Errorf("read the latest articles: %w", err)
		}
	}
	if len(articles) == 0 {
		t.say(p.Say(message.LatestNone))
		return nil
	}
	for _, a := range articles[:min(len(articles), maxListed)] {
		m.Buttons = append(m.Buttons, press1(a.Headline, button.Of(button.Share, a.ID)))
	}
	t.say(m)
	return nil
}

// payloadOf is the start parameter of a link that opens this bot; "" for any other text.
func (t *turn) payloadOf(text string) string {
	link, ok := strings.CutPrefix(strings.TrimSpace(text), "https://t.me/")
	name, payload, more := strings.Cut(link, "?start=")
	if !ok || !more || t.Name() == "" || !strings.EqualFold(name, t.Name()) || !wellFormed(payload) {
		return ""
	}
	return payload
}

// unseen tells whether an article is not for readers.
func unseen(a store.Article) bool { return a.Held || a.Retracted }

func (t *turn) sayLink(p message.Printer, a store.Article) error {
	address := delivery.ArticleURL(t.Name(), a.ID)
	if address == "" {
		t.reply(p.Say(message.ErrGeneric), true)
		return nil
	}
	m := p.Say(message.ShareLink, "title", a.Headline, "url", message.Whole(address))
	m.Buttons = [][]message.Button{{{Text: p.Text(message.ShareButton), URL: delivery.ShareURL(t.Name(), a)}}}
	t.show(m)
	return nil
}

func (t *turn) pressShare() error {
	if _, ok, err := t.own(); err != nil || !ok {
		return err
	}
	a, ok, err := t.seenArticle(t.press.Number(0))
	if err != nil {
		return err
	}
	if !ok {
		return t.pressedOld()
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	return t.sayLink(p, a)
}

// seenArticle reads an article if it is for readers.
func (t *turn) seenArticle(id int64) (a store.Article, ok bool, err error) {
	a, err = t.tx.Article(t.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("read article %d: %w", id, err)
	}
	return a, !unseen(a), nil
}

// sharedArticle reads the article that a start parameter names; ok is false for what names none.
func (t *turn) sharedArticle(payload string) (a store.Article, ok bool, err error) {
	code, shared := strings.CutPrefix(payload, delivery.PayloadArticle)
	id, malformed := strconv.ParseInt(code, 36, 64)
	if !shared || malformed != nil || strconv.FormatInt(id, 36) != code {
		return a, false, nil
	}
	return t.seenArticle(id)
}

// openShared shows an article to somebody who has opened its link, and offers to subscribe who is no reader. Opening alone subscribes to
// nothing.
func (t *turn) openShared(a store.Article) error {
	chat, err := t.reader()
	if err != nil {
		return err
	}
	if err := t.tx.CountShare(t.ctx, a.ID, 1, 0); err != nil {
		return err
	}
	if t.config.Compose != nil {
		post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: t.now}
		request, err := t.config.Compose(t.ctx, t.tx, chat, post)
		if err != nil {
			return fmt.Errorf("write article %d: %w", a.ID, err)
		}
		t.owe(request)
	}
	return t.offerNews(chat, a)
}

// offerNews offers who is no reader the news of an article's topics.
func (t *turn) offerNews(chat store.Chat, a store.Article) error {
	if chat.State == store.Active || chat.State == store.Paused {
		return nil
	}
	p := t.printerFor(chat)
	m := p.Say(message.ShareOffer)
	categories, err := t.categories()
	if err != nil {
		return err
	}
	for _, c := range categories {
		if slices.Contains(a.Categories, c.ID) && len(m.Buttons) < offeredTopics {
			m.Buttons = append(m.Buttons, press1(p.Text(message.ShareTake, "topic", p.CategoryName(c)), button.Of(button.Join, a.ID, c.ID)))
		}
	}
	m.Buttons = append(m.Buttons, press1(p.Text(message.ShareTakeAll), button.Of(button.Join, a.ID, store.Everything)))
	t.say(m)
	return nil
}

// sharedIsGone answers who opens the link of an article that is not there any more. A stranger has pressed Start, and gets news.
func (t *turn) sharedIsGone() error {
	chat, known, err := t.place()
	if err != nil {
		return err
	}
	p := t.printerFor(chat)
	m := p.Say(message.ShareGone)
	if known && chat.State == store.Active {
		m.Buttons = readerButtons(p)
		t.say(m)
		return nil
	}
	t.say(m)
	return t.join(nil)
}

// offeredTopics bounds the topics of an article that are offered to who has opened it.
const offeredTopics = 3

// pressJoin subscribes who was shown a shared article.
func (t *turn) pressJoin() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	a, ok, err := t.seenArticle(t.press.Number(0))
	if err != nil {
		return err
	}
	category := t.press.Number(1)
	if ok && category != store.Everything {
		ok = slices.Contains(a.Categories, category)
	}
	if exists, err := t.categoryExists(category); err != nil {
		return err
	} else if !exists || !ok {
		return t.pressedOld()
	}
	was := chat.State
	if chat.ID == 0 {
		chat = t.newReader()
	}
	if was != store.Active {
		setState(&chat, store.Active, "", t.now)
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	categories, added := with(chat.Categories, category, true)
	if added {
		if err := t.tx.Subscribe(t.ctx, chat.ID, categories); err != nil {
			return fmt.Errorf("subscribe chat %d: %w", chat.ID, err)
		}
		t.reread()
	}
	if was != store.Active && was != store.Paused {
		if err := t.tx.CountShare(t.ctx, a.ID, 0, 1); err != nil {
			return err
		}
	}
	p := t.printerFor(chat)
	name, err := t.categoryName(p, category)
	if err != nil {
		return err
	}
	m := p.Say(message.SubDone, "topic", name)
	m.Buttons = readerButtons(p)
	t.show(m)
	return nil
}
