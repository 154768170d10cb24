package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// setState moves a chat to a state.
func setState(chat *store.Chat, state store.ChatState, reason string, now time.Time) {
	chat.State, chat.StateReason, chat.StateAt = state, reason, now
	if state == store.Active {
		chat.Prefs.PausedUntil = time.Time{}
	}
}

// start is /start in a private chat: a new reader joins, one who left comes back, a link subscribes. In a group it
// is what an admin says to begin.
func (t *turn) start() error {
	if !t.private() {
		return t.startGroup()
	}
	code, isLink := strings.CutPrefix(t.rest, payloadLink)
	switch {
	case strings.HasPrefix(t.rest, payloadClaim):
		return t.claim()
	case t.rest == payloadChannel:
		return t.channelScreens()
	case strings.HasPrefix(t.rest, delivery.PayloadArticle):
		a, ok, err := t.sharedArticle(t.rest)
		switch {
		case err != nil:
			return err
		case ok:
			return t.openShared(a)
		}
		return t.sharedIsGone()
	case strings.HasPrefix(t.rest, delivery.PayloadRest):
		return t.openRest()
	case !isLink || !wellFormed(code):
		return t.join(nil)
	}
	link, known, err := t.link(code)
	if err != nil {
		return err
	}
	if !known {
		return t.join(nil)
	}
	if exists, err := t.categoryExists(link.Category); err != nil {
		return err
	} else if !exists {
		return t.join(nil)
	}
	return t.join(&link)
}

// join subscribes a reader: to what the link says, or without one to everything until they choose.
func (t *turn) join(link *store.Link) error {
	chat, known, err := t.place()
	if err != nil {
		return err
	}
	wanted := store.Everything
	if link != nil {
		wanted = link.Category
	}
	was, have := chat, nobody
	if !known {
		chat = t.newReader()
		if have, err = t.roleOf(chat.TelegramID); err != nil { // somebody may have been given a role before they came
			return err
		}
		if link != nil {
			chat.Link = link.ID
		}
		chat.Categories = []int64{wanted}
	} else {
		t.recognise(&chat)
		if chat.State != store.Active || !chat.Prefs.PausedUntil.IsZero() {
			setState(&chat, store.Active, "", t.now)
		}
	}
	keep := t.save
	if !was.Prefs.PausedUntil.IsZero() {
		keep = t.saveWishes // what waited for the end of the pause waits no more
	}
	if !known || !sameChat(was, chat) {
		if err := keep(&chat); err != nil {
			return err
		}
	}
	categories, added := with(chat.Categories, wanted, link != nil)
	if added {
		if err := t.tx.Subscribe(t.ctx, chat.ID, categories); err != nil {
			return fmt.Errorf("subscribe chat %d: %w", chat.ID, err)
		}
		chat.Categories = categories
		t.reread()
	}
	if link != nil {
		t.countLink(link.ID, added || !known || was.State != store.Active)
	}
	if have > nobody {
		if err := t.refreshMenu(chat.TelegramID); err != nil {
			return err
		}
	}
	if !chat.Welcomed {
		return nil // the welcome is on its way, and says what they follow
	}
	return t.greetAgain(chat, link, added)
}

// with is what a reader follows who had some categories and now wants one more. Without asked, it is what they follow if they
// have nothing yet.
func with(have []int64, wanted int64, asked bool) (categories []int64, added bool) {
	switch {
	case len(have) == 0:
		return []int64{wanted}, true
	case !asked, slices.Contains(have, store.Everything), slices.Contains(have, wanted):
		return have, false
	case wanted == store.Everything:
		return []int64{store.Everything}, true
	}
	categories = append(slices.Clone(have), wanted)
	slices.Sort(categories)
	return categories, true
}

// greetAgain answers a reader whom we know.
func (t *turn) greetAgain(chat store.Chat, link *store.Link, added bool) error {
	p := t.printerFor(chat)
	var m message.Message
	switch {
	case link != nil:
		name, err := t.categoryName(p, link.Category)
		if err != nil {
			return err
		}
		if m = p.Say(message.SubAlready, "topic", name); added {
			m = p.Say(message.SubDone, "topic", name)
		}
	case strings.HasPrefix(t.rest, payloadLink):
		m = p.Say(message.LinkUnknown)
	default:
		var err error
		if m, err = t.welcomeBack(p, chat); err != nil {
			return err
		}
	}
	m.Buttons = readerButtons(p)
	t.say(m)
	return nil
}

// welcomeBack greets a reader whom we know and says what comes.
func (t *turn) welcomeBack(p message.Printer, chat store.Chat) (message.Message, error) {
	if slices.Contains(chat.Categories, store.Everything) {
		return p.Say(message.StartBackAll), nil
	}
	names, err := t.topicNames(p, chat.Categories)
	if len(names) == 0 { // all they followed has been removed
		return p.Say(message.TopicsAsk), err
	}
	return p.Say(message.StartBack, "topics", strings.Join(names, ", ")), err
}

// readerButtons lead on from an answer that has no buttons of its own.
func readerButtons(p message.Printer) [][]message.Button {
	return [][]message.Button{{
		{Text: p.Text(message.TopicsButton), Data: button.Of(button.OpenTopics, 0)},
		{Text: p.Text(message.LatestHead), Data: button.Of(button.OpenLatest)},
	}}
}

// newReader is the chat of the person who writes to us, not yet kept. We answer in the language of their app until they
// choose another.
func (t *turn) newReader() store.Chat {
	language := message.Bengali
	if person := t.update.Sender(); person != nil {
		language = message.LangOf(person.Language)
	}
	chat := store.Chat{
		TelegramID: t.update.ChatID(),
		Kind:       store.Private,
		Language:   string(language),
		State:      store.Active,
		JoinedAt:   t.now,
	}
	t.recognise(&chat)
	return chat
}

// recognise takes the person's present name over.
func (t *turn) recognise(chat *store.Chat) {
	if person := t.update.Sender(); person != nil && person.ID == chat.TelegramID {
		chat.Title, chat.Username = bengali.Truncate(person.FirstName, maxTitle), person.Username
	}
}

// maxTitle bounds a kept name, in UTF-16 units; Telegram allows 64 for people and 128 for channels.
const maxTitle = 128

func sameChat(a, b store.Chat) bool {
	return a.Title == b.Title && a.Username == b.Username && a.State == b.State && a.Language == b.Language &&
		a.Prefs.PausedUntil.Equal(b.Prefs.PausedUntil)
}

// reader is the chat of the person who writes to us in private; one we do not know, because the database is younger than
// the acquaintance, is taken in as one who follows nothing yet and is sent nothing.
func (t *turn) reader() (store.Chat, error) {
	chat, known, err := t.place()
	if err != nil || known {
		return chat, err
	}
	chat = t.newReader()
	setState(&chat, store.Stopped, "wrote before /start", t.now)
	return chat, t.save(&chat)
}

// help lists what the person can do here.
func (t *turn) help() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	audience := message.GroupAdmins
	if t.private() {
		if audience, err = t.audience(t.update.ChatID()); err != nil {
			return err
		}
	} else if _, ok, err := t.manage(0); err != nil || !ok {
		return err
	}
	t.say(p.HelpFor(audience))
	return nil
}

// askStop asks whether news shall end.
func (t *turn) askStop() error {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if chat.State == store.Stopped || chat.ID == 0 {
		t.say(p.Say(message.UnsubAlready))
		return nil
	}
	m := p.Say(message.UnsubConfirm)
	m.Buttons = [][]message.Button{{
		{Text: p.Text(message.UnsubYes), Data: button.Of(button.Stop, 0)},
		{Text: p.Text(message.UnsubNo), Data: button.Of(button.Keep, 0)},
	}}
	t.say(m)
	return nil
}

// stopLate ends news at once for somebody who asked while we could not hear.
func (t *turn) stopLate() error {
	chat, known, err := t.place()
	if err != nil || !known || chat.State == store.Stopped {
		return err
	}
	if err := t.end(&chat); err != nil {
		return err
	}
	t.say(t.printerFor(chat).Say(message.UnsubAll))
	return nil
}

func (t *turn) end(chat *store.Chat) error {
	setState(chat, store.Stopped, "asked to stop", t.now)
	if err := t.save(chat); err != nil {
		return err
	}
	return t.recordChat(store.ChatStopped, *chat)
}

// pressStop ends news.
func (t *turn) pressStop() error {
	chat, ok, err := t.manage(t.press.Number(0))
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if chat.ID != 0 && chat.State != store.Stopped {
		if err := t.end(&chat); err != nil {
			return err
		}
	}
	m := p.Say(message.UnsubAll)
	if chat.Kind != store.Private {
		m = p.Say(message.GroupStopped)
	}
	m.Buttons = [][]message.Button{press1(p.Text(message.CmdStart), button.Of(button.Start, t.press.Number(0)))}
	t.show(m)
	return nil
}

// pressKeep leaves everything as it is.
func (t *turn) pressKeep() error {
	if _, ok, err := t.manage(t.press.Number(0)); err != nil || !ok {
		return err
	}
	p, err := t.printer()
	t.show(p.Say(message.UnsubKept))
	return err
}

// pressStart brings news back.
func (t *turn) pressStart() error {
	chat, ok, err := t.manage(t.press.Number(0))
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if chat.Kind == store.Private {
		if chat, err = t.goOn(chat); err != nil {
			return err
		}
		m, err := t.welcomeBack(p, chat)
		if err != nil {
			return err
		}
		m.Buttons = readerButtons(p)
		t.show(m)
		return nil
	}
	return t.resumeChat(chat)
}

// revive makes a reader active, following everything if nothing else is known.
func (t *turn) revive(chat store.Chat) (store.Chat, error) {
	if chat.ID == 0 {
		chat = t.newReader()
	}
	setState(&chat, store.Active, "", t.now)
	if err := t.save(&chat); err != nil {
		return chat, err
	}
	if len(chat.Categories) == 0 {
		chat.Categories = []int64{store.Everything}
		if err := t.tx.Subscribe(t.ctx, chat.ID, chat.Categories); err != nil {
			return chat, fmt.Errorf("subscribe chat %d: %w", chat.ID, err)
		}
	}
	return chat, nil
}

// menuSetting and a person are the key under which is kept which menu the person's private chat was given last.
const menuSetting = "menu:"

// refreshMenu gives a person's private chat the command menu of its language and of what the person is: the menu Telegram shows otherwise
// follows the language of the person's app and has what readers can do.
func (t *turn) refreshMenu(user int64) error { return t.giveMenu(user, true) }

// keepMenu is refreshMenu for a person who may have become an admin, or an owner by the settings, since the menu was given.
func (t *turn) keepMenu(user int64) error { return t.giveMenu(user, false) }

func (t *turn) giveMenu(user int64, always bool) error {
	chat, err := t.tx.Chat(t.ctx, user)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read chat %d: %w", user, err)
	}
	audience, err := t.audience(user)
	if err != nil {
		return err
	}
	p := t.printerFor(chat)
	key, menu := menuSetting+fmt.Sprint(user), fmt.Sprint(p.Lang(), " ", audience)
	if was, err := t.tx.Setting(t.ctx, key); err != nil {
		return fmt.Errorf("read the menu of user %d: %w", user, err)
	} else if !always && (was == menu || was == "" && audience == message.Readers) {
		return nil
	}
	t.owe(telegram.SetCommands(telegram.Scope{Type: "chat", ChatID: user}, "", commandsOf(p, audience)))
	if err := t.tx.SetSetting(t.ctx, key, menu); err != nil {
		return fmt.Errorf("keep the menu of user %d: %w", user, err)
	}
	return nil
}
