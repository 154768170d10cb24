package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// What a start parameter begins with, and how long it can be (Bot API, “Deep linking”).
const (
	payloadLink    = "l_"
	payloadChannel = "channel"
	maxPayload     = 64
)

// startURL is the address that opens our private chat with a start parameter.
func startURL(botName, payload string) string { return "https://t.me/" + botName + "?start=" + payload }

// addToChannelURL lets a person pick a channel and makes us its admin with the rights posting takes.
func addToChannelURL(botName string) string {
	return "https://t.me/" + botName + "?startchannel&admin=post_messages+edit_messages+delete_messages"
}

// addToGroupURL lets a person pick a group and makes us its admin with the rights to take posts back, to pin and to open topics.
func addToGroupURL(botName string) string {
	return "https://t.me/" + botName + "?startgroup=" + payloadChannel + "&admin=delete_messages+pin_messages+manage_topics"
}

// longestCampaign is how many UTF-16 units of a campaign's name are kept.
const longestCampaign = 60

// MakeLink finds the subscribe link of a category and campaign, or makes it.
func MakeLink(ctx context.Context, tx store.Tx, category int64, campaign string, by int64, now time.Time) (store.Link, error) {
	campaign = bengali.Truncate(strings.Join(strings.Fields(campaign), " "), longestCampaign)
	link, err := tx.LinkFor(ctx, category, campaign)
	if !errors.Is(err, store.ErrNotFound) {
		return link, err
	}
	link = store.Link{Code: delivery.NewLinkCode(), Category: category, Campaign: campaign, CreatedBy: by, CreatedAt: now}
	if err := tx.AddLink(ctx, &link); err != nil {
		return link, fmt.Errorf("keep a link for category %d: %w", category, err)
	}
	return link, nil
}

// makeLink answers /link category campaign with a subscribe link; without a category it lets the person choose one.
func (t *turn) makeLink() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	categories, err := t.categories()
	if err != nil {
		return err
	}
	if len(categories) == 0 {
		t.say(p.Say(message.TopicsNone))
		return nil
	}
	if t.rest == "" {
		m := p.Say(message.LinkAsk)
		m.HTML += "\n" + string(p.HTML(message.ErrLinkUsage, "example", categories[0].Slug))
		m.Buttons = [][]message.Button{press1(p.Text(message.CategoryAll), button.Of(button.Link, store.Everything))}
		for pair := range slices.Chunk(categories[:min(len(categories), maxListed)], 2) {
			var row []message.Button
			for _, c := range pair {
				row = append(row, message.Button{Text: p.CategoryName(c), Data: button.Of(button.Link, c.ID)})
			}
			m.Buttons = append(m.Buttons, row)
		}
		t.say(m)
		return nil
	}
	category, campaign, found := findCategory(categories, t.rest)
	if !found {
		word, _, _ := strings.Cut(t.rest, " ")
		t.sayUnknownCategory(p, categories, "link", word)
		return nil
	}
	return t.showLink(category, campaign)
}

// maxEcho is how many UTF-16 units of what was not understood are repeated.
const maxEcho = 60

// sayUnknownCategory tells that there is no such category, and which there are.
func (t *turn) sayUnknownCategory(p message.Printer, categories []store.Category, command, wanted string) {
	var names []string
	for _, c := range categories {
		names = append(names, p.CategoryName(c))
	}
	example := "খেলা"
	if len(names) > 0 {
		example = names[0]
	}
	t.say(p.Say(message.ErrTopicUnknown, "topic", bengali.Truncate(wanted, maxEcho), "topics", strings.Join(names, ", "), "command", command, "example", example))
}

// findCategory reads the name or slug of a category at the beginning of a text; the longest that fits is taken. The rest is the
// campaign.
func findCategory(categories []store.Category, text string) (category int64, campaign string, found bool) {
	words := bengali.Words(text)
	best := 0
	try := func(id int64, name string) {
		if named := bengali.Words(name); len(named) > best && len(named) <= len(words) && slices.Equal(named, words[:len(named)]) {
			category, best, found = id, len(named), true
			campaign = afterWords(text, len(strings.Fields(name)))
		}
	}
	for _, c := range categories {
		try(c.ID, c.Slug)
		try(c.ID, c.Name)
		try(c.ID, c.NameEN)
	}
	for _, name := range []string{"সব", "সব বিষয়", "all"} {
		try(store.Everything, name)
	}
	return category, campaign, found
}

func (t *turn) pressLink() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	category := t.press.Number(0)
	if exists, err := t.categoryExists(category); err != nil {
		return err
	} else if !exists {
		return t.pressedOld()
	}
	return t.showLink(category, "")
}

// showLink makes a link and says it, with what to paste and how often it was used.
func (t *turn) showLink(category int64, campaign string) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	if t.Name() == "" {
		t.say(p.Say(message.ErrGeneric)) // without our name there is no address
		return nil
	}
	link, err := MakeLink(t.ctx, t.tx, category, campaign, t.update.Sender().ID, t.now)
	if err != nil {
		return err
	}
	name, err := t.categoryName(p, category)
	if err != nil {
		return err
	}
	if link.CreatedAt.Equal(t.now) && link.Starts == 0 { // made just now
		if err := t.record(store.LinkMade, name, cmp.Or(link.Campaign, "—")); err != nil {
			return err
		}
	}
	url := delivery.SubscribeURL(t.Name(), link.Code)
	// The snippet stands on the publisher's page, so it is in the readers' language.
	snippet := p.With(message.Bengali).Snippet(url)
	m := p.Say(message.LinkMade, "topic", name, "url", message.Whole(url), "snippet", message.Whole(snippet))
	if link.Starts > 0 {
		m.HTML += "\n" + string(p.HTML(message.LinkCounts, "starts", link.Starts, "subscribers", link.Subscribers))
	}
	t.say(m)
	return nil
}

// linksOnPage is how many links one screen lists.
const linksOnPage = 10

func (t *turn) listLinks() error {
	return t.sayScreen(t.linksScreen(0))
}

func (t *turn) pressLinks() error {
	if ok, err := t.allowed(viewer); !ok {
		return err
	}
	return t.showScreen(t.linksScreen(t.press.Number(0)))
}

// linksScreen lists subscribe links with their counts, the newest first.
func (t *turn) linksScreen(page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	if err := t.shared.keep(t.ctx, t.tx); err != nil {
		return message.Message{}, err
	}
	links, err := t.tx.Links(t.ctx)
	if err != nil {
		return message.Message{}, fmt.Errorf("read links: %w", err)
	}
	categories, err := t.categories()
	if err != nil {
		return message.Message{}, err
	}
	if len(links) == 0 {
		example := "all"
		if len(categories) > 0 {
			example = categories[0].Slug
		}
		return p.Say(message.LinkNone, "example", example), nil
	}
	s := pageOf(links, page, linksOnPage)
	m := p.Say(message.LinkList)
	for _, l := range s.shown {
		name, err := t.categoryName(p, l.Category)
		if err != nil {
			return m, err
		}
		m.HTML += "\n\n" + string(p.HTML(message.LinkLine, "topic", name, "campaign", cmp.Or(l.Campaign, "—"),
			"starts", l.Starts, "subscribers", l.Subscribers, "url", message.Whole(delivery.SubscribeURL(t.Name(), l.Code))))
	}
	m.Buttons = append(m.Buttons, s.turns(p, func(page int64) string { return button.Of(button.Links, page) })...)
	return m, nil
}
