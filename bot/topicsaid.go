package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

var (
	// noNewsEnd is how people say of what they want no news, newsOnEnd of what they want it again, onlyHead how they begin to say of what alone they
	// want it. What stands before without a meaning of its own is in wishHead, or mere politeness.
	noNewsEnd = spokenAll(
		"খবর চাই না", "খবর আর চাই না", "খবর লাগবে না", "খবর দিও না", "খবর দেবেন না", "খবর আর দিও না", "খবর আর দেবেন না", "খবর পাঠিও না", "খবর পাঠাবেন না",
		"খবর আর পাঠিও না", "খবর আর পাঠাবেন না", "খবর বন্ধ", "খবর বন্ধ করুন", "খবর বন্ধ করো", "খবর বন্ধ করে দিন", "খবর বন্ধ করে দাও", "খবর বাদ দিন", "খবর বাদ দাও",
	)
	newsOnEnd = spokenAll(
		"খবর চালু করুন", "খবর চালু করো", "খবর চালু করে দিন", "খবর চালু করে দাও", "খবর আবার চালু করুন", "খবর আবার চালু করো", "খবর আবার চাই", "খবর আবার দিন", "খবর আবার দাও",
		"খবর আবার পাঠান", "খবর আবার পাঠাও",
	)
	onlyHead = spokenAll("শুধু", "কেবল", "শুধুমাত্র", "only")
	wishHead = spokenAll("আর", "আমি", "আমার")
	// andWords stand between the topics that are named.
	andWords = spokenAll("ও", "আর", "এবং", "and")
)

// topicSaid does what a sentence wishes of topics: “খেলার খবর চাই না”, “রাজনীতি বাদ দিন”, “শুধু খেলা আর আবহাওয়ার খবর দিন”. It reports false for what
// is no such wish, or names something that is no topic.
func (t *turn) topicSaid(text string) (taken bool, err error) {
	fields := strings.Fields(strings.TrimRight(text, " ।.!"))
	for len(fields) > 1 && (wishHead[spoken(fields[0])] || politeness[spoken(fields[0])]) {
		fields = fields[1:]
	}
	about, off := cutEnd(fields, noNewsEnd)
	if !off {
		about, off = cutEnd(fields, muteEnd)
	}
	on, only := false, !off && len(fields) > 1 && onlyHead[spoken(fields[0])]
	switch {
	case off:
	case only:
		news, _ := newsOf(strings.Join(fields[1:], " "))
		about = strings.Fields(news)
	default:
		if about, on = cutEnd(fields, newsOnEnd); !on {
			return false, nil
		}
	}
	topics, err := t.topicsNamed(about)
	if len(topics) == 0 || err != nil {
		return false, err
	}
	if only {
		return true, t.followTopics(topics, message.SubDone, topics)
	}
	chat, ok, err := t.own()
	if err != nil || !ok {
		return true, err
	}
	if on {
		return true, t.followAlso(chat, topics)
	}
	left, err := t.without(chat, topics)
	if err != nil {
		return true, err
	}
	return true, t.followTopics(left, message.UnsubDone, topics)
}

// followAlso makes the reader follow some topics beside those followed so far.
func (t *turn) followAlso(chat store.Chat, topics []store.Category) error {
	all := topics
	for _, id := range chat.Categories {
		if !slices.ContainsFunc(topics, func(c store.Category) bool { return c.ID == id }) {
			all = append(slices.Clip(all), store.Category{ID: id})
		}
		if id == store.Everything {
			all = []store.Category{{ID: id}}
			break
		}
	}
	return t.followTopics(all, message.SubDone, topics)
}

// topicsNamed finds the topics of a list; none if anything of it is no topic.
func (t *turn) topicsNamed(words []string) ([]store.Category, error) {
	whole, found, err := t.topicNamed(strings.Join(words, " "))
	if found || err != nil {
		return []store.Category{whole}, err
	}
	var topics []store.Category
	for len(words) > 0 {
		end := slices.IndexFunc(words, func(w string) bool { return andWords[spoken(w)] || strings.HasSuffix(w, ",") })
		name, rest := words, []string(nil)
		if end >= 0 {
			name, rest = words[:end], words[end+1:]
			if strings.HasSuffix(words[end], ",") {
				name = words[:end+1]
			}
		}
		topic, found, err := t.topicNamed(strings.Trim(strings.Join(name, " "), ","))
		if !found || err != nil {
			return nil, err
		}
		topics, words = append(topics, topic), rest
	}
	return topics, nil
}

// without are the topics that a reader follows but for some. Who follows everything, follows all others that there are now.
func (t *turn) without(chat store.Chat, some []store.Category) ([]store.Category, error) {
	all, err := t.categories()
	if err != nil {
		return nil, err
	}
	everything := len(chat.Categories) == 0 || slices.Contains(chat.Categories, store.Everything)
	var left []store.Category
	for _, c := range all {
		dropped := slices.ContainsFunc(some, func(s store.Category) bool { return s.ID == c.ID })
		if !dropped && (everything || slices.Contains(chat.Categories, c.ID)) {
			left = append(left, c)
		}
	}
	return left, nil
}

// followTopics makes the reader follow these topics alone, and says of which this is the beginning or the end, above the topics to choose from.
func (t *turn) followTopics(topics []store.Category, what message.Key, which []store.Category) error {
	chat, err := t.reader()
	if err != nil {
		return err
	}
	p := t.printerFor(chat)
	var said message.Message
	if len(topics) == 0 {
		said = p.Say(message.TopicsMin)
	} else {
		var ids []int64
		var names []string
		for _, c := range topics {
			ids = append(ids, c.ID)
		}
		for _, c := range which {
			names = append(names, p.CategoryName(c))
		}
		slices.Sort(ids)
		if err := t.tx.Subscribe(t.ctx, chat.ID, ids); err != nil {
			return fmt.Errorf("subscribe chat %d: %w", chat.ID, err)
		}
		chat.Categories = ids
		t.reread()
		said = p.Say(what, "topic", strings.Join(names, ", "))
		if what == message.SubDone && chat.State != store.Active && chat.State != store.Paused {
			setState(&chat, store.Active, "", t.now)
			if err := t.save(&chat); err != nil {
				return err
			}
		}
	}
	screen, err := t.topicsScreen(chat, 0, 0)
	if err != nil {
		return err
	}
	screen.HTML = said.HTML + "\n\n" + screen.HTML
	t.say(screen)
	return nil
}
