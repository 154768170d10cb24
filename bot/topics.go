package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// topicsOnPage is how many categories one screen shows, two in a row: what a telephone shows without scrolling.
const topicsOnPage = 16

// openTopics shows the categories of the reader or group.
func (t *turn) openTopics() error { return t.newTopicsScreen(0) }

func (t *turn) pressOpenTopics() error { return t.newTopicsScreen(t.press.Number(0)) }

func (t *turn) newTopicsScreen(subject int64) error {
	chat, ok, err := t.manage(subject)
	if err != nil || !ok {
		return err
	}
	return t.sayScreen(t.topicsScreen(chat, subject, 0))
}

func (t *turn) pressTopics() error {
	chat, ok, err := t.manage(t.press.Number(0))
	if err != nil || !ok {
		return err
	}
	return t.showScreen(t.topicsScreen(chat, t.press.Number(0), t.press.Number(1)))
}

// topicsScreen lists the categories with a mark at each that the chat follows. A button says what is to be, not what is to be changed,
// so that a press that comes twice, or from an old screen, does what its person saw.
func (t *turn) topicsScreen(chat store.Chat, subject, page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	categories, err := t.categories()
	if err != nil {
		return message.Message{}, err
	}
	if len(categories) == 0 {
		return p.Say(message.TopicsNone), nil
	}
	s := pageOf(categories, page, topicsOnPage)
	counts, err := t.fresh.of(t.ctx, t.tx, t.now)
	if err != nil {
		return message.Message{}, err
	}
	toggle := func(name string, category int64) message.Button {
		if n := counts[category]; n > 0 {
			name = p.Text(message.TopicsCount, "topic", name, "n", n)
		}
		on := slices.Contains(chat.Categories, category)
		return message.Button{Text: marked(name, on), Data: button.Of(button.SetTopic, subject, s.page, category, opposite(on))}
	}
	rows := [][]message.Button{{toggle(p.Text(message.CategoryAll), store.Everything)}}
	for pair := range slices.Chunk(s.shown, 2) {
		var row []message.Button
		for _, c := range pair {
			row = append(row, toggle(p.CategoryName(c), c.ID))
		}
		rows = append(rows, row)
	}
	rows = append(rows, s.turns(p, func(page int64) string { return button.Of(button.Topics, subject, page) })...)
	rows = append(rows, press1(p.Text(message.NavDone), button.Of(button.TopicsDone, subject)))

	var m message.Message
	switch {
	case chat.Kind == store.Private || chat.Kind == "":
		m = p.Say(message.TopicsAsk)
	case subject == 0:
		m = p.Say(message.GroupTopicsAsk)
	default:
		m = p.Say(message.ChanTopicsAsk, "title", titleOf(p, chat))
	}
	if counts[store.Everything] > 0 {
		note := p.Say(message.TopicsCountNote)
		m.HTML, m.Plain = m.HTML+"\n\n"+note.HTML, m.Plain+"\n\n"+note.Plain
	}
	m.Buttons = rows
	return m, nil
}

// pressSetTopic follows a category, or ends following it.
func (t *turn) pressSetTopic() error {
	subject, page, category, on := t.press.Number(0), t.press.Number(1), t.press.Number(2), t.press.Number(3) == 1
	chat, ok, err := t.manage(subject)
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if exists, err := t.categoryExists(category); err != nil {
		return err
	} else if !exists {
		t.notice(p.Say(message.ButtonDataOld))
		return t.showTopics(chat, subject, page)
	}
	if chat.ID == 0 {
		if chat, err = t.reader(); err != nil {
			return err
		}
	}
	categories := choose(chat.Categories, category, on)
	if len(categories) == 0 && chat.Kind == store.Private {
		t.alert(p.Say(message.TopicsMin))
		return t.showTopics(chat, subject, page)
	}
	if !slices.Equal(categories, chat.Categories) {
		if err := t.tx.Subscribe(t.ctx, chat.ID, categories); err != nil {
			return fmt.Errorf("subscribe chat %d: %w", chat.ID, err)
		}
		chat.Categories = categories
		t.reread()
		if chat.Kind != store.Private {
			names, err := t.topicNames(p, categories)
			if err != nil {
				return err
			}
			if err := t.record(store.ChatTopics, titleOf(p, chat), cmp.Or(strings.Join(names, ", "), p.Text(message.ChanNoTopics))); err != nil {
				return err
			}
		}
	}
	if on && chat.Kind == store.Private && chat.State != store.Active && chat.State != store.Paused {
		setState(&chat, store.Active, "", t.now)
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	name, err := t.categoryName(p, category)
	if err != nil {
		return err
	}
	switch {
	case len(categories) == 0:
		t.alert(p.Say(message.ChanNeedTopic, "title", titleOf(p, chat)))
	case category == store.Everything && on:
		t.notice(p.Say(message.TopicsAllOn))
	case on:
		t.notice(p.Say(message.SubDone, "topic", name))
	default:
		t.notice(p.Say(message.UnsubDone, "topic", name))
	}
	return t.showTopics(chat, subject, page)
}

func (t *turn) showTopics(chat store.Chat, subject, page int64) error {
	return t.showScreen(t.topicsScreen(chat, subject, page))
}

// choose gives what a chat follows after a button was pressed. Who follows everything and chooses one category follows just that.
func choose(have []int64, category int64, on bool) []int64 {
	switch {
	case on && category == store.Everything:
		return []int64{store.Everything}
	case on:
		have = without(have, store.Everything)
	}
	return turned(have, category, on)
}

// subscribed tells whether a category, or all there is, is among what a chat follows.
func subscribed(chat store.Chat, category int64) bool {
	return slices.Contains(chat.Categories, category) || slices.Contains(chat.Categories, store.Everything)
}

// without is a copy of a list that does not have the one.
func without[T comparable](list []T, one T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == one })
}

// turned is a copy of a list, in order, that has the one or does not.
func turned[T cmp.Ordered](list []T, one T, on bool) []T {
	list = without(list, one)
	if on {
		list = append(list, one)
		slices.Sort(list)
	}
	return list
}

// pressTopicsDone closes the list and says what is followed now.
func (t *turn) pressTopicsDone() error {
	subject := t.press.Number(0)
	chat, ok, err := t.manage(subject)
	if err != nil || !ok {
		return err
	}
	if subject != 0 {
		return t.showScreen(t.chatScreen(chat, subject))
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	m := p.Say(message.TopicsSaved)
	var follows message.Message
	switch names, err := t.topicNames(p, chat.Categories); {
	case err != nil:
		return err
	case slices.Contains(chat.Categories, store.Everything):
		follows = p.Say(message.StartFollowsAll)
	case len(names) > 0:
		follows = p.Say(message.StartFollows, "topics", strings.Join(names, ", "))
	case chat.Kind != store.Private:
		follows = p.Say(message.GroupNeedTopic)
	}
	if follows.HTML != "" {
		m.HTML += "\n" + follows.HTML
		m.Plain += "\n" + follows.Plain
	}
	m.Buttons = [][]message.Button{press1(p.Text(message.ChanTopicsButton), button.Of(button.Topics, 0, 0))}
	t.show(m)
	return nil
}

// topicNames are the names of categories, in the catalogue's order.
func (t *turn) topicNames(p message.Printer, ids []int64) ([]string, error) {
	if slices.Contains(ids, store.Everything) {
		return []string{p.Text(message.CategoryAll)}, nil
	}
	categories, err := t.categories()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range categories {
		if slices.Contains(ids, c.ID) {
			names = append(names, p.CategoryName(c))
		}
	}
	return names, nil
}

func (t *turn) categoryName(p message.Printer, id int64) (string, error) {
	names, err := t.topicNames(p, []int64{id})
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}

func (t *turn) categoryExists(id int64) (bool, error) {
	if id == store.Everything {
		return true, nil
	}
	categories, err := t.categories()
	return slices.ContainsFunc(categories, func(c store.Category) bool { return c.ID == id }), err
}
