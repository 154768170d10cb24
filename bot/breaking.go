package bot

import (
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

const (
	// breakingAge is how old an article may be to become breaking news.
	breakingAge = 24 * time.Hour
	// breakingApart is the time within which a second piece of breaking news has to be meant.
	breakingApart = 10 * time.Minute
)

// What an editor answers to the question whether an article is to go out as breaking news; see button.Breaking.
const (
	breakAsk int64 = iota
	breakNow
	breakNot
	// breakAgain is breakNow by an editor who was told that there was breaking news a moment ago.
	breakAgain
)

// breaking asks whether the article that the editor means is to go to all its followers at once; without one it lets him choose.
func (t *turn) breaking() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	articles, err := t.meantArticles()
	switch {
	case err != nil:
		return err
	case articles == nil && t.rest == "" && t.message().ReplyTo == nil:
		return t.sayScreen(t.breakingList(p, 0))
	case articles == nil:
		t.say(p.Say(message.BreakingNotFound))
		return nil
	case len(articles) > 1:
		m := p.Say(message.BreakingChoose)
		for _, a := range articles[:min(len(articles), maxListed)] {
			m.Buttons = append(m.Buttons, press1(a.Headline, button.Of(button.Breaking, a.ID, breakAsk)))
		}
		t.say(m)
		return nil
	}
	return t.sayScreen(t.breakingQuestion(p, articles[0]))
}

// breakingList offers the newest articles, a page at a time.
func (t *turn) breakingList(p message.Printer, skip int64) (message.Message, error) {
	skip = min(max(skip, 0), furthest)
	articles, err := t.tx.Latest(t.ctx, []int64{store.Everything}, int(skip), newsOnPage+1)
	if err != nil {
		return message.Message{}, fmt.Errorf("read the latest articles: %w", err)
	}
	if len(articles) == 0 && skip == 0 {
		return p.Say(message.StatusNewsNone), nil
	}
	m := p.Say(message.BreakingHow)
	more := len(articles) > newsOnPage
	for _, a := range articles[:min(len(articles), newsOnPage)] {
		m.Buttons = append(m.Buttons, press1(a.Headline, button.Of(button.Breaking, a.ID, breakAsk)))
	}
	var back, next string
	if skip > 0 {
		back = button.Of(button.BreakingList, max(0, skip-newsOnPage))
	}
	if more {
		next = button.Of(button.BreakingList, skip+newsOnPage)
	}
	m.Buttons = append(m.Buttons, turns(p, back, next)...)
	return m, nil
}

func (t *turn) pressBreakingList() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	return t.showScreen(t.breakingList(p, t.press.Number(0)))
}

// breakingQuestion tells how many the article would go to and asks whether it shall, or says why it cannot.
func (t *turn) breakingQuestion(p message.Printer, a store.Article) (message.Message, error) {
	if refusal, err := t.whyNotBreaking(p, a); err != nil || refusal != nil {
		if refusal != nil {
			return *refusal, err
		}
		return message.Message{}, err
	}
	reach, err := t.tx.Reach(t.ctx, a.Categories)
	if err != nil {
		return message.Message{}, fmt.Errorf("count whom article %d would reach: %w", a.ID, err)
	}
	m := p.Say(message.BreakingAsk, "title", a.Headline, "readers", reach.Readers, "channels", reach.Channels)
	yes := breakNow
	last, err := t.lastBreaking()
	if err != nil {
		return m, err
	}
	if last != nil {
		warning, err := t.breakingWarning(p, *last)
		if err != nil {
			return m, err
		}
		m.HTML, m.Plain = warning.HTML+"\n\n"+m.HTML, warning.Plain+"\n\n"+m.Plain
		yes = breakAgain
	}
	m.Buttons = [][]message.Button{{
		{Text: p.Text(message.BreakingYes), Data: button.Of(button.Breaking, a.ID, yes)},
		{Text: p.Text(message.UnsubNo), Data: button.Of(button.Breaking, a.ID, breakNot)},
	}}
	return m, nil
}

// whyNotBreaking says why an article cannot become breaking news; nil if it can.
func (t *turn) whyNotBreaking(p message.Printer, a store.Article) (*message.Message, error) {
	var m message.Message
	switch b, err := t.tx.BreakingOf(t.ctx, a.ID); {
	case err == nil:
		m = p.Say(message.BreakingAlready, "title", a.Headline, "ago", p.Ago(b.At, t.now))
	case !errors.Is(err, store.ErrNotFound):
		return nil, fmt.Errorf("read whether article %d is breaking news: %w", a.ID, err)
	case a.Retracted:
		m = p.Say(message.RetractAlready, "title", a.Headline)
	case t.now.Sub(a.FirstSeen) > breakingAge:
		m = p.Say(message.BreakingOld, "title", a.Headline)
	default:
		return nil, nil
	}
	return &m, nil
}

// lastBreaking is the breaking news of the last minutes; nil if there was none.
func (t *turn) lastBreaking() (*store.BreakingNews, error) {
	all, err := t.tx.AllBreaking(t.ctx, 1)
	if err != nil {
		return nil, fmt.Errorf("read the last breaking news: %w", err)
	}
	if len(all) == 0 || t.now.Sub(all[0].At) >= breakingApart {
		return nil, nil
	}
	return &all[0], nil
}

func (t *turn) breakingWarning(p message.Printer, last store.BreakingNews) (message.Message, error) {
	a, err := t.tx.Article(t.ctx, last.Article)
	if err != nil {
		return message.Message{}, fmt.Errorf("read article %d: %w", last.Article, err)
	}
	return p.Say(message.BreakingRecent, "title", a.Headline, "ago", p.Ago(last.At, t.now)), nil
}

// pressBreaking makes an article breaking news, or asks first.
func (t *turn) pressBreaking() error {
	a, ok, err := t.pressedArticle()
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	answer := t.press.Number(1)
	if answer == breakNot {
		t.show(p.Say(message.BreakingKept, "title", a.Headline))
		return nil
	}
	refusal, err := t.whyNotBreaking(p, a)
	if err != nil {
		return err
	}
	last, err := t.lastBreaking()
	if err != nil {
		return err
	}
	if refusal != nil || answer != breakAgain && (answer != breakNow || last != nil) {
		return t.showScreen(t.breakingQuestion(p, a))
	}
	if _, err := t.tx.MakeBreaking(t.ctx, &store.BreakingNews{Article: a.ID, At: t.now, By: t.update.Sender().ID}); err != nil {
		return err
	}
	if err := t.record(store.ArticleBroke, a.Headline, ""); err != nil {
		return err
	}
	if err := t.redrawCard(a); err != nil {
		return err
	}
	t.config.Log.Info("an article was made breaking news", "article", a.ID, "by", t.update.Sender().ID)
	t.show(p.Say(message.BreakingDone, "title", a.Headline))
	return nil
}
