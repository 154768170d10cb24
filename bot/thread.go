package bot

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// threadsPart sets into which forum topic each category goes.
func (t *turn) threadsPart(chat store.Chat, subject, page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	categories, err := t.categories()
	if err != nil {
		return message.Message{}, err
	}
	if chat.Prefs.Thread != 0 {
		categories = append([]store.Category{{ID: store.Everything}}, categories...)
	}
	m := p.Say(message.ChanThreadsAsk, "title", titleOf(p, chat))
	s := pageOf(categories, page, topicsOnPage)
	for _, c := range s.shown {
		name, thread := p.CategoryName(c), chat.Prefs.Threads[c.ID]
		if c.ID == store.Everything {
			name, thread = p.Text(message.ThreadsRest), chat.Prefs.Thread
		}
		if thread == 0 {
			m.Buttons = append(m.Buttons, press1(p.Text(message.ThreadsOpen, "topic", name), button.Of(button.OpenThread, subject, c.ID)))
			continue
		}
		m.HTML += "\n" + string(p.HTML(message.ThreadsLine, "topic", name, "url", message.Whole(threadURL(chat, thread))))
		m.Buttons = append(m.Buttons, []message.Button{
			{Text: p.Text(message.ThreadsDrop, "topic", name), Data: button.Of(button.ChatSet, subject, button.ChatThread, c.ID, 0)},
		})
	}
	m.Buttons = append(m.Buttons, s.turns(p, func(page int64) string { return button.Of(button.ChatPart, subject, button.PartThreads, page) })...)
	m.Buttons = append(m.Buttons, backToChat(p, subject))
	return m, nil
}

// threadURL is the link to a forum topic of a group (Telegram, “Deep links”: t.me/name/topic, t.me/c/number/topic).
func threadURL(chat store.Chat, thread int) string {
	return "https://t.me/" + cmp.Or(chat.Username, "c/"+strings.TrimPrefix(strconv.FormatInt(chat.TelegramID, 10), "-100")) + "/" + strconv.Itoa(thread)
}

// pressThreadNew opens a forum topic for a category.
func (t *turn) pressThreadNew() error {
	subject, category := t.press.Number(0), t.press.Number(1)
	p, err := t.printer()
	if err != nil {
		return err
	}
	name, err := t.categoryName(p, category)
	if err != nil {
		return err
	}
	if name == "" || category == store.Everything {
		return t.pressedOld()
	}
	chat, ok, err := t.managePart(subject, question{thread: name, describe: true})
	if err != nil || !ok {
		return err
	}
	switch {
	case !t.word.found.IsForum:
		return t.refuse(message.ChanNoForum)
	case t.word.opened == 0:
		return t.refuse(message.ThreadsRights)
	}
	if err := t.setThread(&chat, category, t.word.opened); err != nil {
		return err
	}
	t.notice(p.Say(message.ThreadsOpened, "topic", name))
	return t.showPart(chat, subject, button.PartThreads, 0)
}

// toThread makes a category, or all that has no topic of its own, go into a forum topic; 0 is the general one.
func toThread(prefs *store.Prefs, category int64, thread int) {
	if category == store.Everything {
		prefs.Thread = thread
		return
	}
	threads := map[int64]int{}
	maps.Copy(threads, prefs.Threads)
	threads[category] = thread
	if thread == 0 {
		delete(threads, category)
	}
	prefs.Threads = threads
}

// setThread is toThread for a topic that is known to be there now.
func (t *turn) setThread(chat *store.Chat, category int64, thread int) error {
	toThread(&chat.Prefs, category, thread)
	if err := t.tx.TellAgain(t.ctx, delivery.ThreadKey(chat.ID, thread)); err != nil {
		return fmt.Errorf("forget that topic %d of chat %d was gone: %w", thread, chat.ID, err)
	}
	return t.saveWishes(chat)
}

// postHere makes the category that is named, or all, go into the forum topic in which the command is written.
func (t *turn) postHere() error {
	m := t.message()
	p, err := t.printer()
	if err != nil {
		return err
	}
	if m.Chat.Type == telegram.Private {
		t.say(p.Say(message.ErrHereUsage))
		return nil
	}
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	if !m.Chat.IsForum {
		return t.refuse(message.ChanNoForum)
	}
	category, name := store.Everything, ""
	if wanted := strings.TrimSpace(t.rest); wanted != "" {
		categories, err := t.categories()
		if err != nil {
			return err
		}
		found, rest, known := findCategory(categories, wanted)
		if !known || rest != "" {
			t.sayUnknownCategory(p, categories, "here", wanted)
			return nil
		}
		category = found
		if name, err = t.categoryName(p, found); err != nil {
			return err
		}
	}
	if err := t.setThread(&chat, category, m.Thread()); err != nil {
		return err
	}
	said := message.ThreadsHere
	switch {
	case category == store.Everything:
		said = message.ThreadsHereRest
	case !subscribed(chat, category):
		said = message.ThreadsHereUnchosen
	}
	t.say(p.Say(said, "topic", name))
	return nil
}
