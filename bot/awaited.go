package bot

import (
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// awaited is what the bot has asked a person to write next, in answer to a button. A person is asked one thing at a time, wherever that was:
// the newer question takes the place of the older. Whether the person may still change what it is for is asked when the answer comes.
type awaited struct {
	// Chat is where the person was asked; what is written elsewhere is no answer. Person is who was asked in a group; in a private chat it is 0.
	Chat   int64 `json:"chat"`
	Person int64 `json:"person,omitempty"`
	// What is one of the constants Write… of package button, and Subject the chat it is for, as buttons have it. Both are zero where the text
	// of an article is asked for.
	What    int64 `json:"what,omitempty"`
	Subject int64 `json:"subject,omitempty"`
	// Article is whose text is asked for, Step says which: cardHeadline or cardSummary.
	Article int64     `json:"article,omitempty"`
	Step    int64     `json:"step,omitempty"`
	Until   time.Time `json:"until"`
	// Draft is a text that was written and waits for a yes; Number tells it from others.
	Draft  string `json:"draft,omitempty"`
	Number int64  `json:"number,omitempty"`
}

const (
	// awaitedTime is how long a setting is waited for; what is written later is taken for something else.
	awaitedTime = 15 * time.Minute
	// writingTime is how long an editor has to write a headline or summary.
	writingTime = 30 * time.Minute
)

// await waits for what the person writes next; nil ends it. What was asked last in a group is kept under the group, too, for an admin who
// presses a button is known by name, and yet may answer in the name of the group.
func (t *turn) await(a *awaited) error {
	person := t.update.Sender().ID
	if t.anonymous() {
		asked, err := t.awaited()
		if asked == nil || err != nil {
			return err
		}
		person = asked.Person
	}
	if err := t.endAwaited(person); err != nil || a == nil {
		return err
	}
	a.Chat, a.Until = t.update.ChatID(), t.now.Add(awaitedTime)
	if a.Article != 0 {
		a.Until = t.now.Add(writingTime)
	}
	under := []int64{person}
	if !t.private() {
		a.Person = person
		if a.Article == 0 { // an editor is none in the name of a group
			under = append(under, a.Chat)
		}
	}
	for _, id := range under {
		if err := t.keepBegun(awaitedBegun, id, a); err != nil {
			return err
		}
	}
	return nil
}

// endAwaited ends waiting for an answer of the person, in the name of a group, too, unless another admin was asked there since.
func (t *turn) endAwaited(person int64) error {
	a, err := t.awaitedUnder(person)
	if a == nil || err != nil {
		return err
	}
	under := []int64{person}
	if a.Person != 0 {
		last, err := t.awaitedUnder(a.Chat)
		if err != nil {
			return err
		}
		if last != nil && last.Person == person {
			under = append(under, a.Chat)
		}
	}
	for _, id := range under {
		if err := t.endBegun(awaitedBegun, id); err != nil {
			return err
		}
	}
	return nil
}

// anonymous tells whether an admin has written in the name of the group.
func (t *turn) anonymous() bool {
	m := t.update.Message
	return m != nil && m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID
}

// awaited is what the person was asked to write here; nil if nothing.
func (t *turn) awaited() (*awaited, error) {
	who := t.update.Sender().ID
	if t.anonymous() {
		who = t.update.ChatID()
	}
	a, err := t.awaitedUnder(who)
	if a == nil || a.Chat != t.update.ChatID() || t.now.After(a.Until) {
		return nil, err
	}
	return a, nil
}

// awaitedUnder is what is kept as awaited of a person or group; nil if nothing.
func (t *turn) awaitedUnder(id int64) (*awaited, error) {
	var a awaited
	if there, err := t.readBegun(awaitedBegun, id, &a); !there {
		return nil, err
	}
	return &a, nil
}

// answered gives a private message to what waits for one, and reports whether something took it. What shows best what it answers comes first: a
// text for what a button asked for, then a person shown to an owner, a time for a schedule, the content of an announcement. What nobody
// waits for is a command, hours, or words to search for.
func (t *turn) answered(m *telegram.Message, c *command) (taken bool, err error) {
	for _, take := range []func() (bool, error){
		func() (bool, error) { return t.takeAnswer(m) },
		func() (bool, error) { return t.personShown(m) },
		func() (bool, error) { return t.hearTime(m, c) },
		func() (bool, error) { return t.compose(m) },
	} {
		if taken, err = take(); taken || err != nil {
			break
		}
	}
	return taken, err
}

// takeAnswer takes a text for what its writer was asked for by a button. It reports false when nothing was.
func (t *turn) takeAnswer(m *telegram.Message) (taken bool, err error) {
	if m.From == nil || m.Text == "" || m.ForwardOrigin != nil || strings.HasPrefix(m.Text, "/") {
		return false, nil
	}
	a, err := t.awaited()
	if a == nil || a.Draft != "" || err != nil {
		return false, err
	}
	// In a group only replies are for us, and nothing an editor writes by the way becomes a headline.
	r := m.ReplyTo
	if (a.Article != 0 || !t.private()) && (r == nil || r.From == nil || r.From.ID != t.client.BotID()) {
		return false, nil
	}
	if a.Article == 0 && !t.private() { // what is said of the news is said to the others
		if chat, known, err := t.place(); err != nil {
			return false, err
		} else if known {
			if news, err := t.articlesOf(chat, r.ID); news != nil || err != nil {
				return false, err
			}
		}
	}
	if a.Article != 0 {
		return true, t.takeText(*a, cleanLine(m.Text))
	}
	chat, ok, err := t.manageAsking(a.Subject, question{})
	if err != nil {
		return false, err
	}
	if !ok || chat.Kind == store.Private {
		return true, t.await(nil) // the person was told why
	}
	if a.What == button.WriteLayout {
		return true, t.takeLayout(chat, *a, m.Text)
	}
	return true, t.takeWords(chat, *a, m.Text)
}
