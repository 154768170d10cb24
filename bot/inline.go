package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	// inlineOnPage is how many articles one answer holds; Telegram allows 50 and asks for more as the person scrolls.
	inlineOnPage = 15
	// newsKept and foundKept are how long Telegram may give the same answer to everybody who types the same.
	newsKept  = time.Minute
	foundKept = 5 * time.Minute
	// inlineCampaign is the campaign of the subscribe links on cards.
	inlineCampaign = "inline"
	// titleLimit and descriptionLimit are how much of an article stands in the list of results, in UTF-16 units.
	titleLimit, descriptionLimit = 120, 160
)

// inline answers what somebody types after the bot's name in any chat: articles that match, or the newest if nothing is typed, each
// as a card with headline, summary and a link to subscribe.
func (t *turn) inline(q *telegram.InlineQuery) error {
	if t.verdict != heed {
		return nil
	}
	chat, err := t.tx.Chat(t.ctx, q.From.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read chat %d: %w", q.From.ID, err)
	}
	// Telegram shows one answer to all who type the same, unless it is personal.
	p := t.printerFor(store.Chat{Language: chat.Language})
	articles, kept, more, err := t.inlineArticles(q.Query, q.Offset)
	if err != nil {
		return err
	}
	answer := telegram.InlineAnswer{QueryID: q.ID, Cache: int(kept / time.Second), Personal: p.Lang() != message.Bengali}
	for _, a := range articles {
		card, err := t.card(p, a)
		if err != nil {
			return err
		}
		answer.Articles = append(answer.Articles, card)
	}
	if more {
		answer.Next = strconv.FormatInt(offsetOf(q.Offset)+inlineOnPage, 10)
	}
	if q.Offset == "" {
		answer.StartText, answer.StartPayload = p.Text(message.StartButton), payloadInline
		if len(articles) == 0 {
			answer.StartText = p.Text(message.InlineNone)
		}
	}
	t.owe(telegram.AnswerInline(answer))
	return nil
}

// payloadInline is the start parameter of the button above inline results. It is no link of ours, so it starts like no parameter at all.
const payloadInline = "inline"

// offsetOf reads the offset that we gave with an earlier page; 0 for what is none.
func offsetOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > furthest {
		return 0
	}
	return n
}

// inlineArticles finds a page of articles, and tells how long the answer holds and whether there are more.
func (t *turn) inlineArticles(query, offset string) (articles []store.Article, kept time.Duration, more bool, err error) {
	skip := offsetOf(offset)
	if offset != "" && skip == 0 {
		return nil, foundKept, false, nil // no offset of ours
	}
	query = strings.TrimSpace(query)
	switch {
	case query == "" || t.asksForLatest(query):
		kept = newsKept
		articles, err = t.tx.Latest(t.ctx, []int64{store.Everything}, int(skip), inlineOnPage+1)
	case utf8.RuneCountInString(query) > longestQuery:
	default:
		articles, kept, err = t.inlineFound(query, int(skip))
	}
	if err != nil {
		return nil, 0, false, fmt.Errorf("find articles for an inline query: %w", err)
	}
	if len(articles) > inlineOnPage {
		return articles[:inlineOnPage], kept, true, nil
	}
	return articles, kept, false, nil
}

// asksForLatest tells whether a text asks for the newest news, whatever it is of.
func (t *turn) asksForLatest(text string) bool {
	c, rest := t.menu.byWords(text, t.now)
	return c != nil && c.name == "latest" && rest == ""
}

// inlineFound finds the news of the topic that a text names, or what holds the words of the text, or of what it asks the news of. What is being
// typed is the beginning of a word until it is found to be one. There is no room to ask whether another word was meant: where nothing is
// found, the likeliest is searched for.
func (t *turn) inlineFound(text string, skip int) (articles []store.Article, kept time.Duration, err error) {
	about, _ := newsOf(text)
	if topic, named, err := t.topicNamed(about); named || err != nil {
		articles, err := t.tx.Latest(t.ctx, []int64{topic.ID}, skip, inlineOnPage+1)
		if len(articles) > 0 || skip > 0 || err != nil {
			return articles, newsKept, err
		}
	}
	for _, words := range slices.Compact([]string{text, about}) {
		q := store.SearchQuery{Terms: searchTerms(words), Now: t.now}
		if len(q.Terms) == 0 {
			continue
		}
		var total int
		if articles, total, err = searchOrBegin(t.ctx, t.tx, &q, skip, inlineOnPage+1); total > 0 || err != nil {
			return articles, foundKept, err
		}
	}
	others, err := otherSpellings(t.ctx, t.tx, about)
	if err != nil || len(others) == 0 {
		return nil, foundKept, err
	}
	articles, _, err = t.tx.Search(t.ctx, store.SearchQuery{Terms: searchTerms(others[0]), Now: t.now}, skip, inlineOnPage+1)
	return articles, foundKept, err
}

// card is an article as a result of an inline query. Its buttons are links: those who see the card may never have met us.
func (t *turn) card(p message.Printer, a store.Article) (telegram.InlineArticle, error) {
	category := store.Everything
	if len(a.Categories) > 0 {
		category = a.Categories[0]
	}
	name := ""
	if category != store.Everything {
		var err error
		if name, err = t.categoryName(p, category); err != nil {
			return telegram.InlineArticle{}, err
		}
	}
	options := message.Options{Now: t.now, NoPhoto: true, Category: name}
	if t.Name() != "" {
		if exists, err := t.categoryExists(category); err != nil {
			return telegram.InlineArticle{}, err
		} else if !exists {
			category = store.Everything
		}
		link, err := MakeLink(t.ctx, t.tx, category, inlineCampaign, 0, t.now)
		if err != nil {
			return telegram.InlineArticle{}, err
		}
		options.SubscribeURL = delivery.SubscribeURL(t.Name(), link.Code)
	}
	m := p.Single(a, options)
	card := telegram.InlineArticle{
		ID: strconv.FormatInt(a.ID, 36), Title: bengali.Truncate(p.Title(a), titleLimit), Text: m.HTML, Preview: telegram.Preview{Off: true},
		Description: bengali.Truncate(strings.Join(append([]string{p.Ago(a.Published, t.now)}, a.Summary...), " · "), descriptionLimit),
		Thumbnail:   message.Linkable(a.Image),
	}
	if rows := markup(m.Buttons); rows != nil {
		card.Keyboard = rows.(telegram.InlineKeyboard)
	}
	return card, nil
}
