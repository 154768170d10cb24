package broadcast

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// DraftScreen shows what an editor is composing: it asks for the content, then for the audience, then whether to send.
// Of one that is to go out later, it leads on to the time.
func DraftScreen(ctx context.Context, from store.Reader, p message.Printer, b store.Broadcast, rate int, now time.Time) (message.Message, error) {
	if !Composed(b) {
		m := p.Say(message.BroadcastAsk)
		m.Buttons = [][]message.Button{
			row(press(p.Text(message.ScheduleDigestButton), b, Digest, 0)),
			row(press(p.Text(message.BroadcastDropButton), b, Drop, 0)),
		}
		return m, nil
	}
	if b.Audience.Kind == "" {
		return WhomScreen(p, b), nil
	}
	if s, err := from.ScheduleOf(ctx, b.ID); err == nil {
		return TimeScreen(ctx, from, p, s, b, now)
	} else if !errors.Is(err, store.ErrNotFound) {
		return message.Message{}, err
	}
	who, err := NameOf(ctx, from, p, b.Audience)
	if err != nil {
		return message.Message{}, err
	}
	lines := []string{string(p.HTML(message.BroadcastHeadDraft)), contentLine(p, b)}
	lines = append(lines, string(p.HTML(message.BroadcastConfirm, "who", who, "count", count(p, b.Audience, b.Total))))
	if span := timeToSend(b.Total*items(b), rate); span < time.Minute {
		lines = append(lines, string(p.HTML(message.BroadcastPaceFree)))
	} else {
		lines = append(lines, string(p.HTML(message.BroadcastPace, "rate", rate, "time", span)))
	}
	return message.Message{HTML: strings.Join(lines, "\n"), Buttons: [][]message.Button{
		row(press(p.Text(message.BroadcastSendButton), b, Send, b.Version), press(p.Text(message.ScheduleLaterButton), b, Later, 0)),
		row(press(p.Text(message.BroadcastPreviewButton), b, Preview, 0), press(p.Text(message.BroadcastWhomButton), b, Whom, 0)),
		row(press(p.Text(message.BroadcastDropButton), b, Drop, 0)),
	}}, nil
}

// timeToSend is how long so many messages take at a rate a second; 0 is without limit.
func timeToSend(messages, rate int) time.Duration {
	if rate <= 0 {
		return 0
	}
	return time.Duration(float64(messages) / float64(rate) * float64(time.Second))
}

// WhomScreen asks for the audience.
func WhomScreen(p message.Printer, b store.Broadcast) message.Message {
	lines := []string{string(p.HTML(message.BroadcastHeadDraft)), contentLine(p, b), string(p.HTML(message.BroadcastWhom))}
	return message.Message{HTML: strings.Join(lines, "\n"), Buttons: [][]message.Button{
		row(press(p.Text(message.BroadcastToReaders), b, ToReaders, 0), press(p.Text(message.BroadcastToPlaces), b, ToPlaces, 0)),
		row(press(p.Text(message.BroadcastTopicsButton), b, Topics, 0), press(p.Text(message.BroadcastLinksButton), b, Links, 0)),
		row(press(p.Text(message.BroadcastDaysButton), b, Days, 0)),
		row(press(p.Text(message.BroadcastToLanguageBn), b, ToLanguage, 0)),
		row(press(p.Text(message.BroadcastToLanguageEn), b, ToLanguage, 1)),
		row(press(p.Text(message.BroadcastPreviewButton), b, Preview, 0), press(p.Text(message.BroadcastDropButton), b, Drop, 0)),
	}}
}

// TopicsScreen asks for the topic that the audience is chosen by.
func TopicsScreen(p message.Printer, b store.Broadcast, categories []store.Category) message.Message {
	m := WhomScreen(p, b)
	m.Buttons = nil
	var pair []message.Button
	for _, c := range categories[:min(len(categories), 2*listed)] {
		if pair = append(pair, press(p.CategoryName(c), b, ToTopic, c.ID)); len(pair) == 2 {
			m.Buttons, pair = append(m.Buttons, pair), nil
		}
	}
	if len(pair) > 0 {
		m.Buttons = append(m.Buttons, pair)
	}
	m.Buttons = append(m.Buttons, row(press(p.Text(message.NavBack), b, Whom, 0)))
	return m
}

// LinksScreen asks for the link.
func LinksScreen(p message.Printer, b store.Broadcast, links []store.Link, categories []store.Category) message.Message {
	m := WhomScreen(p, b)
	m.Buttons = nil
	for _, l := range links[:min(len(links), listed)] {
		m.Buttons = append(m.Buttons, row(press(linkName(p, l, categories), b, ToLink, l.ID)))
	}
	m.Buttons = append(m.Buttons, row(press(p.Text(message.NavBack), b, Whom, 0)))
	return m
}

// linkName names a link by what it subscribes to and its campaign: one campaign has many links.
func linkName(p message.Printer, l store.Link, categories []store.Category) string {
	campaign := cmp.Or(l.Campaign, l.Code)
	if l.Category == store.Everything {
		return p.Text(message.CategoryAll) + " · " + campaign
	}
	for _, c := range categories {
		if c.ID == l.Category {
			return p.CategoryName(c) + " · " + campaign
		}
	}
	return campaign
}

// DaysScreen asks for the time.
func DaysScreen(p message.Printer, b store.Broadcast) message.Message {
	m := WhomScreen(p, b)
	m.Buttons = nil
	for _, days := range []int{1, 7, 30, 90} {
		m.Buttons = append(m.Buttons, row(press(p.Text(message.BroadcastToSeen, "n", days), b, ToSeen, int64(days))))
	}
	m.Buttons = append(m.Buttons, row(press(p.Text(message.NavBack), b, Whom, 0)))
	return m
}

// AudienceOf is the audience that a step chooses; false if it chooses none.
func AudienceOf(step, choice int64) (store.Audience, bool) {
	switch step {
	case ToReaders:
		return store.Audience{Kind: store.AudienceReaders}, true
	case ToPlaces:
		return store.Audience{Kind: store.AudiencePlaces}, true
	case ToTopic:
		return store.Audience{Kind: store.AudienceTopic, Category: choice}, true
	case ToLink:
		return store.Audience{Kind: store.AudienceLink, Link: choice}, true
	case ToLanguage:
		language := message.Bengali
		if choice == 1 {
			language = message.English
		}
		return store.Audience{Kind: store.AudienceLanguage, Language: string(language)}, choice == 0 || choice == 1
	case ToSeen:
		return store.Audience{Kind: store.AudienceSeen, Days: int(choice)}, choice >= 1 && choice <= 3650
	}
	return store.Audience{}, false
}

// tellDraft sends the author what he is composing.
func (r *Runner) tellDraft(ctx context.Context, tx store.Tx, b store.Broadcast, now time.Time) error {
	return r.tell(ctx, tx, b, now, func(p message.Printer) (message.Message, error) {
		return DraftScreen(ctx, tx, p, b, r.config.Rate, now)
	})
}
