package bot

import (
	"errors"
	"fmt"
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
	kept = foundKept
	switch terms := searchTerms(query); {
	case query == "":
		kept = newsKept
		articles, err = t.tx.Latest(t.ctx, []int64{store.Everything}, int(skip), inlineOnPage+1)
	case len(terms) == 0 || utf8.RuneCountInString(query) > longestQuery:
	default:
		// What is being typed is the beginning of a word until it is found to be one.
		q := store.SearchQuery{Terms: terms, Now: t.now}
		var total int
		articles, total, err = t.tx.Search(t.ctx, q, int(skip), inlineOnPage+1)
		if err == nil && total == 0 && beginsWord(q) {
			q.Prefix = true
			articles, _, err = t.tx.Search(t.ctx, q, int(skip), inlineOnPage+1)
		}
	}
	if err != nil {
		return nil, 0, false, fmt.Errorf("find articles for an inline query: %w", err)
	}
	if len(articles) > inlineOnPage {
		return articles[:inlineOnPage], kept, true, nil
	}
	return articles, kept, false, nil
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
