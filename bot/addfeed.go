package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// feedDraft is what an editor is about to add. One draft is kept for each editor.
type feedDraft struct {
	// Number tells this draft from the editor's earlier ones, whose buttons are no longer good.
	Number int64       `json:"number"`
	Found  []FoundFeed `json:"found"`
	// Chosen is the place of the feed that was chosen.
	Chosen int `json:"chosen"`
	// Category is the one that was named with the address, Topic the name of one that does not exist yet.
	Category int64  `json:"category,omitempty"`
	Topic    string `json:"topic,omitempty"`
}

// Steps of adding a feed; see button.AddFeed.
const (
	draftChoose int64 = iota // which of the feeds found
	draftKeep                // into which category
	draftNew                 // into a new one
	draftCancel
)

const (
	// feedsOffered bounds how many feeds of a site are offered, headlinesShown the headlines of one.
	feedsOffered   = 8
	headlinesShown = 3
	// searchTime bounds how long a site is searched for its feeds.
	searchTime = time.Minute
)

// addFeed looks for the feeds of the site whose address is behind the command, and offers them. Only editors reach
// this: nobody else has us fetch an address.
func (t *turn) addFeed() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	address, topic, _ := strings.Cut(t.rest, " ")
	if !strings.ContainsAny(address, ".:") || t.config.FindFeeds == nil {
		t.say(p.Say(message.FeedAddUsage))
		return nil
	}
	draft := feedDraft{Number: int64(t.update.ID)}
	if topic = strings.TrimSpace(topic); topic != "" {
		categories, err := t.categories()
		if err != nil {
			return err
		}
		category, rest, known := findCategory(categories, topic)
		if known = known && rest == "" && category != store.Everything; known {
			draft.Category = category
		} else {
			draft.Topic = topic
		}
	}
	said, err := t.ask(question{site: address})
	if err != nil {
		return err
	}
	if said.fault != "" || len(said.feeds) == 0 {
		m := p.Say(message.ErrFeed)
		m.HTML += "\n" + string(p.HTML(message.FeedReason, "reason", faultText(p, said.fault)))
		t.say(m)
		return nil
	}
	draft.Found = said.feeds[:min(len(said.feeds), feedsOffered)]
	if err := t.keepBegun(draftBegun, t.update.Sender().ID, draft); err != nil {
		return err
	}
	if len(draft.Found) == 1 {
		return t.sayDraft(draft, t.say)
	}
	m := p.Say(message.FeedChoose, "n", len(draft.Found))
	for i, f := range draft.Found {
		m.HTML += "\n\n" + string(p.HTML(message.FeedFound, "feed", nameOfFound(f), "url", message.Whole(withoutPassword(f.URL))))
		m.Buttons = append(m.Buttons, press1(nameOfFound(f), button.Of(button.AddFeed, draft.Number, draftChoose, int64(i))))
	}
	m.Buttons = append(m.Buttons, press1(p.Text(message.NavCancel), button.Of(button.AddFeed, draft.Number, draftCancel, 0)))
	t.say(m)
	return nil
}

func nameOfFound(f FoundFeed) string {
	if f.Title != "" {
		return f.Title
	}
	return withoutPassword(f.URL)
}

// withoutPassword is an address as people may see it.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}

// sayDraft shows the newest headlines of the chosen feed and asks for its category.
func (t *turn) sayDraft(d feedDraft, say func(message.Message)) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	categories, err := t.categories()
	if err != nil {
		return err
	}
	f := d.Found[d.Chosen]
	m := p.Say(message.FeedFound, "feed", nameOfFound(f), "url", message.Whole(withoutPassword(f.URL)))
	if len(f.Headlines) == 0 {
		m.HTML += "\n\n" + string(p.HTML(message.FeedHeadlinesNone))
	} else {
		m.HTML += "\n\n" + string(p.HTML(message.FeedHeadlines))
	}
	for _, headline := range f.Headlines[:min(len(f.Headlines), headlinesShown)] {
		m.HTML += "\n• " + string(p.HTML(message.FeedHeadline, "title", headline))
	}
	keep := func(category int64) string { return button.Of(button.AddFeed, d.Number, draftKeep, category) }
	switch {
	case d.Category != 0:
		name, err := t.categoryName(p, d.Category)
		if err != nil {
			return err
		}
		m.Buttons = append(m.Buttons, press1(p.Text(message.FeedKeepButton, "topic", name), keep(d.Category)))
	default:
		m.HTML += "\n\n" + string(p.HTML(message.FeedTopicAsk))
		if d.Topic != "" {
			m.Buttons = append(m.Buttons, press1(p.Text(message.FeedNewTopicButton, "topic", d.Topic), button.Of(button.AddFeed, d.Number, draftNew, 0)))
		}
		for pair := range slices.Chunk(categories[:min(len(categories), topicsOfFeed)], 2) {
			var row []message.Button
			for _, c := range pair {
				row = append(row, message.Button{Text: p.CategoryName(c), Data: keep(c.ID)})
			}
			m.Buttons = append(m.Buttons, row)
		}
		if len(categories) == 0 && d.Topic == "" {
			m.HTML += "\n" + string(p.HTML(message.FeedTopicHow))
		}
	}
	m.Buttons = append(m.Buttons, press1(p.Text(message.NavCancel), button.Of(button.AddFeed, d.Number, draftCancel, 0)))
	say(m)
	return nil
}

// pressAddFeed takes the next step of adding a feed.
func (t *turn) pressAddFeed() error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	var d feedDraft
	there, err := t.readBegun(draftBegun, t.update.Sender().ID, &d)
	if err != nil {
		return err
	}
	if !there || d.Number != t.press.Number(0) || d.Chosen >= len(d.Found) {
		t.alert(p.Say(message.FeedDraftOld))
		return nil
	}
	switch step, choice := t.press.Number(1), t.press.Number(2); {
	case step == draftChoose && choice >= 0 && choice < int64(len(d.Found)):
		d.Chosen = int(choice)
		if err := t.keepBegun(draftBegun, t.update.Sender().ID, d); err != nil {
			return err
		}
		return t.sayDraft(d, t.show)
	case step == draftKeep && choice != store.Everything:
		if exists, err := t.categoryExists(choice); err != nil {
			return err
		} else if exists {
			return t.keepFeed(d, choice)
		}
	case step == draftNew && d.Topic != "":
		category, err := t.newCategory(d.Topic)
		if err != nil {
			return err
		}
		return t.keepFeed(d, category)
	case step == draftCancel:
		t.show(p.Say(message.FeedCancelled))
		return t.endBegun(draftBegun, t.update.Sender().ID)
	}
	return t.pressedOld()
}

// keepFeed adds the chosen feed to the catalogue and has it fetched.
func (t *turn) keepFeed(d feedDraft, category int64) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return fmt.Errorf("read feeds: %w", err)
	}
	found := d.Found[d.Chosen]
	f := store.Feed{URL: found.URL, Title: found.Title, Categories: []int64{category}}
	for _, known := range feeds {
		if known.URL == f.URL || known.State.MovedTo == f.URL {
			t.notice(p.Say(message.FeedKnown))
			return t.showScreen(t.feedScreen(known))
		}
		f.Position = max(f.Position, known.Position+1)
	}
	if err := t.tx.SaveFeed(t.ctx, &f); err != nil {
		return err
	}
	if err := t.endBegun(draftBegun, t.update.Sender().ID); err != nil {
		return err
	}
	if err := t.record(store.FeedAdded, feedName(f), ""); err != nil {
		return err
	}
	t.config.Log.Info("a feed was added", "feed", f.ID, "by", t.update.Sender().ID)
	t.fetchNow(f.ID)
	m := p.Say(message.FeedAdded, "feed", feedName(f))
	m.Buttons = [][]message.Button{press1(p.Text(message.FeedOpenButton), button.Of(button.Feed, f.ID))}
	t.show(m)
	return nil
}

// newCategory adds a category of this name, and returns its ID; one that has come to be meanwhile is taken.
func (t *turn) newCategory(name string) (int64, error) {
	categories, err := t.categories()
	if err != nil {
		return 0, err
	}
	if id, rest, known := findCategory(categories, name); known && rest == "" && id != store.Everything {
		return id, nil
	}
	c := store.Category{Name: name, Position: len(categories)}
	taken := func(slug string) bool {
		return slices.ContainsFunc(categories, func(c store.Category) bool { return c.Slug == slug })
	}
	for n := len(categories) + 1; c.Slug == "" || taken(c.Slug); n++ {
		c.Slug = fmt.Sprintf("topic-%d", n)
	}
	if err := t.tx.SaveCategory(t.ctx, &c); err != nil {
		return 0, err
	}
	t.shared.topics = nil
	return c.ID, t.record(store.CategoryAdded, name, "")
}

// searchSite looks for the feeds of a site: a question to the world outside, like those to Telegram.
func (b *Bot) searchSite(ctx context.Context, w *word) error {
	searching, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	var err error
	if w.feeds, err = b.config.FindFeeds(searching, w.site); err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return err
	}
	w.fault = "timeout"
	var fault *FeedError
	if errors.As(err, &fault) {
		w.fault = fault.Fault
	}
	return nil
}
