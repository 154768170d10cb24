package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// titleOf is what a group or channel is called.
func titleOf(p message.Printer, chat store.Chat) string {
	switch {
	case strings.TrimSpace(chat.Title) != "":
		return chat.Title
	case chat.Username != "":
		return "@" + chat.Username
	}
	return p.Text(message.ChanTitleUnknown)
}

// channel opens the screen of the group it is written in, of a chat that is named, or else the list of chats the person manages.
func (t *turn) channel() error {
	if !t.private() {
		chat, ok, err := t.manage(0)
		if err != nil || !ok {
			return err
		}
		return t.sayScreen(t.chatScreen(chat, 0))
	}
	name := strings.TrimSpace(t.rest)
	if name == "" {
		return t.channelScreens()
	}
	q, named := t.namedChat(name)
	if !named {
		p, err := t.printer()
		t.say(p.Say(message.ErrChannelUsage))
		return err
	}
	return t.openChat(q)
}

// namedChat reads a chat's @name, link or number.
func (t *turn) namedChat(text string) (q question, named bool) {
	name := strings.TrimSpace(text)
	for _, prefix := range []string{"https://", "http://", "t.me/"} {
		name = strings.TrimPrefix(name, prefix)
	}
	q.person = t.update.Sender().ID
	if id, err := strconv.ParseInt(name, 10, 64); err == nil && id < 0 {
		q.chat = id
		return q, true
	}
	q.name = strings.TrimPrefix(name, "@")
	return q, publicName(q.name)
}

// publicName tells whether a text can be the public name of a channel: 4 to 32 of a–z, 0–9 and _, a letter first (Telegram).
func publicName(name string) bool {
	if len(name) < 4 || len(name) > 32 {
		return false
	}
	for i, c := range []byte(strings.ToLower(name)) {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '_') {
			return false
		}
	}
	return true
}

// postForwarded opens the screen of the channel that a post was forwarded from. If the post is ours, it can be withdrawn there.
func (t *turn) postForwarded(m *telegram.Message) error {
	link, _ := forwardedPost(m)
	return t.withChat(link.question(t.update.Sender().ID), func(chat store.Chat) error {
		screen, err := t.chatScreen(chat, chat.ID)
		if err != nil {
			return err
		}
		articles, err := t.articlesOf(chat, link.message)
		if err != nil {
			return err
		}
		if articles != nil {
			p, err := t.printer()
			if err != nil {
				return err
			}
			withdraw := press1(p.Text(message.WithdrawThisButton), button.Of(button.Withdraw, chat.ID, int64(link.message), 0, withdrawAsk))
			screen.Buttons = append([][]message.Button{withdraw}, screen.Buttons...)
		}
		t.say(screen)
		return nil
	})
}

// openChat asks about a chat and opens its screen if the person may manage it.
func (t *turn) openChat(q question) error {
	return t.withChat(q, func(chat store.Chat) error {
		return t.sayScreen(t.chatScreen(chat, chat.ID))
	})
}

// withChat asks about a chat and does something with it if the person may manage it.
func (t *turn) withChat(q question, do func(store.Chat) error) error {
	q.describe = true
	w, err := t.ask(q)
	if err != nil {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	id := q.chat
	if id == 0 {
		id = w.found.ID
	}
	if id >= 0 {
		if w.kind == telegram.KindNone || w.kind == telegram.KindChatNotFound {
			t.say(p.Say(message.ChanNotFound, "name", "@"+q.name))
			return nil
		}
		return t.refuse(message.ChanUnchecked)
	}
	chat, err := t.tx.Chat(t.ctx, id)
	unknown := errors.Is(err, store.ErrNotFound)
	if err != nil && !unknown {
		return fmt.Errorf("read chat %d: %w", id, err)
	}
	if unknown && w.kind == telegram.KindNone && w.bot.Present() && w.person.IsAdmin() {
		chat = t.newChat(w.found)
		if err := t.tx.SaveChat(t.ctx, &chat); err != nil {
			return fmt.Errorf("save chat %d: %w", id, err)
		}
	}
	chat, ok, err := t.verified(chat, w)
	if err != nil || !ok {
		return err
	}
	return do(chat)
}

// chatsOnPage is how many chats one screen lists.
const chatsOnPage = 10

// channelScreens lists the chats the person manages.
func (t *turn) channelScreens() error {
	if err := t.keepMenu(t.update.Sender().ID); err != nil {
		return err
	}
	return t.sayScreen(t.chatsScreen(0))
}

func (t *turn) pressChats() error {
	if !t.private() {
		return t.refuse(message.ButtonNone)
	}
	return t.showScreen(t.chatsScreen(t.press.Number(0)))
}

func (t *turn) chatsScreen(page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	chats, err := t.managed()
	if err != nil {
		return message.Message{}, err
	}
	m := p.Say(message.ChanAsk)
	if len(chats) == 0 {
		m = p.Say(message.ChanNone)
		m.HTML += "\n" + string(p.HTML(message.ChanHow))
	}
	s := pageOf(chats, page, chatsOnPage)
	for _, chat := range s.shown {
		m.Buttons = append(m.Buttons, press1(chatLabel(p, chat, t.now), button.Of(button.Chat, chat.ID)))
	}
	m.Buttons = append(m.Buttons, s.turns(p, func(page int64) string { return button.Of(button.Chats, page) })...)
	m.Buttons = append(m.Buttons, press1(p.Text(message.ChanPickButton), button.Of(button.PickChat)))
	if name := t.Name(); name != "" {
		m.Buttons = append(m.Buttons, []message.Button{
			{Text: p.Text(message.ChanAddButton), URL: addToChannelURL(name)},
			{Text: p.Text(message.ChanAddGroupButton), URL: addToGroupURL(name)},
		})
	}
	return m, nil
}

// chatLabel is the button of a group or channel in a list; a sign tells which posts nothing.
func chatLabel(p message.Printer, chat store.Chat, now time.Time) string {
	switch title := titleOf(p, chat); {
	case chat.State == store.Stopped, pausedNow(chat, now):
		return "⏸ " + title
	case chat.State != store.Active:
		return "⚠️ " + title
	default:
		return title
	}
}

// managed lists the chats the person has managed. Whether they still may is asked when one is opened.
func (t *turn) managed() ([]store.Chat, error) {
	user := t.update.Sender().ID
	chats, err := t.tx.ManagedChats(t.ctx, user)
	if err != nil {
		return nil, fmt.Errorf("read the chats user %d manages: %w", user, err)
	}
	return chats, nil
}

func (t *turn) pressChat() error {
	subject := t.press.Number(0)
	chat, ok, err := t.manage(subject)
	if err != nil {
		return err
	}
	if ok {
		return t.showScreen(t.chatScreen(chat, subject))
	}
	// Who was told that the chat is not theirs any more need not keep it before their eyes.
	if chats, err := t.managed(); err != nil || !t.private() || slices.ContainsFunc(chats, func(c store.Chat) bool { return c.ID == subject }) {
		return err
	}
	return t.showScreen(t.chatsScreen(0))
}

// chatScreen shows how a group or channel stands, with buttons to change it.
func (t *turn) chatScreen(chat store.Chat, subject int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	names, err := t.topicNames(p, chat.Categories)
	if err != nil {
		return message.Message{}, err
	}
	topics := strings.Join(names, ", ")
	if topics == "" {
		topics = p.Text(message.ChanNoTopics)
	}
	state := p.Text(stateKeys[chat.State])
	switch {
	case chat.State == store.Active && chat.Kind != store.Private && postsNothing(chat):
		state = p.Text(message.ChanStateNothing)
	case chat.State == store.Active && pausedNow(chat, t.now):
		state = p.Text(message.ChanStatePausedUntil, "until", p.Until(chat.Prefs.PausedUntil, t.now))
	}
	m := p.Say(message.ChanScreen, "title", titleOf(p, chat), "topics", topics, "state", state)
	halt := message.Button{Text: p.Text(message.ChanPauseButton), Data: button.Of(button.Pause, subject)}
	if chat.State == store.Stopped || pausedNow(chat, t.now) {
		halt = message.Button{Text: p.Text(message.ChanResumeButton), Data: button.Of(button.Resume, subject)}
	}
	feeds, err := t.singleFeeds(p, chat)
	if err != nil {
		return message.Message{}, err
	}
	if feeds != "" {
		m.HTML += "\n" + string(p.HTML(message.ChanScreenFeeds, "feeds", feeds))
	}
	m.HTML += "\n" + string(p.HTML(message.ChanScreenMore, "how", chatHow(p, chat.Prefs), "quiet", span{chat.Prefs.QuietFrom, chat.Prefs.QuietTo}.text(p),
		"form", p.Text(layouts[layoutOf(chat.Prefs.Form)].name)))
	if n := len(chat.Prefs.Only) + len(chat.Prefs.Mute) + len(chat.Prefs.Follow); n > 0 {
		m.HTML += "\n" + string(p.HTML(message.ChanScreenWords, "n", n))
	}
	for _, guarded := range []int64{chat.ID, 0} { // by its own switch, or by that for everybody
		if on, err := t.tx.Guarded(t.ctx, guarded); err != nil {
			return message.Message{}, err
		} else if on {
			m.HTML += "\n" + string(p.HTML(message.ChanScreenApproval))
			break
		}
	}
	if chat.State == store.Unpostable {
		m.HTML += "\n\n" + string(p.HTML(message.ChanRightsPost, "title", titleOf(p, chat)))
	}
	m.Buttons = append(partButtons(p, chat, subject), []message.Button{{Text: p.Text(message.ChanPreviewButton), Data: button.Of(button.Preview, subject)}, halt},
		press1(p.Text(message.ChanApprovalButton), button.Of(button.GuardScreen, subject)))
	if subject != 0 {
		m.Buttons = append(m.Buttons, press1(p.Text(message.NavBack), button.Of(button.Chats, 0)))
	}
	return m, nil
}

var stateKeys = map[store.ChatState]message.Key{
	store.Active:     message.ChanStateActive,
	store.Paused:     message.ChanStatePaused,
	store.Stopped:    message.ChanStateStopped,
	store.Blocked:    message.ChanStateBlocked,
	store.Unpostable: message.ChanStateUnpostable,
	store.Gone:       message.ChanStateGone,
}

// startGroup is /start in a group: it begins, or goes on, and offers the topics.
func (t *turn) startGroup() error {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	if chat.State == store.Stopped || chat.State == store.Paused {
		setState(&chat, store.Active, "", t.now)
		if err := t.save(&chat); err != nil {
			return err
		}
		if err := t.recordChat(store.ChatResumed, chat); err != nil {
			return err
		}
	}
	return t.sayScreen(t.topicsScreen(chat, 0, 0))
}

// pauseChat halts posting to a group or channel.
func (t *turn) pauseChat(chat store.Chat) error {
	if chat.State == store.Active || chat.State == store.Unpostable {
		setState(&chat, store.Paused, "asked to pause", t.now)
		chat.Prefs.PausedUntil = time.Time{}
		if err := t.save(&chat); err != nil {
			return err
		}
		if err := t.recordChat(store.ChatPaused, chat); err != nil {
			return err
		}
	}
	return t.halted(chat, message.ChanPaused)
}

// pausedNow tells whether the posts of a group or channel are halted.
func pausedNow(chat store.Chat, now time.Time) bool {
	return chat.State == store.Paused || chat.State == store.Active && chat.Prefs.PausedUntil.After(now)
}

// resumeChat continues posting, and says so unless nothing would be posted all the same.
func (t *turn) resumeChat(chat store.Chat) (err error) {
	if chat.State == store.Stopped || pausedNow(chat, t.now) {
		setState(&chat, store.Active, "", t.now)
		if err := t.saveWishes(&chat); err != nil {
			return err
		}
		if err := t.recordChat(store.ChatResumed, chat); err != nil {
			return err
		}
		// A right that was lost in a pause was not missed until now.
		if chat, _, err = t.verified(chat, t.word); err != nil {
			return err
		}
	}
	switch {
	case chat.State == store.Unpostable:
		return t.halted(chat, message.ChanRightsPost)
	case postsNothing(chat):
		return t.halted(chat, message.ChanNeedTopic)
	}
	return t.halted(chat, message.ChanResumed)
}

// halted says what came of a pause or its end, with a button for what is next, or brings the screen up to date.
func (t *turn) halted(chat store.Chat, what message.Key) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	m := p.Say(what, "title", titleOf(p, chat))
	switch what {
	case message.ChanPaused:
		m.Buttons = [][]message.Button{press1(p.Text(message.ChanResumeButton), button.Of(button.Resume, t.subjectOf(chat)))}
	case message.ChanNeedTopic:
		m.Buttons = [][]message.Button{press1(p.Text(message.TopicsButton), button.Of(button.OpenTopics, t.subjectOf(chat)))}
	}
	t.notice(m)
	if t.update.Callback == nil {
		return nil
	}
	return t.showScreen(t.chatScreen(chat, t.press.Number(0)))
}

// preview shows the next post of the group it is written in, of the person's only channel, or lets them choose one.
func (t *turn) preview() error {
	if !t.private() {
		return t.previewOf(0)
	}
	if t.rest != "" {
		q, named := t.namedChat(t.rest)
		if !named {
			return t.refuse(message.ErrTestUsage)
		}
		return t.withChat(q, t.previewChat)
	}
	chats, err := t.managed()
	if err != nil {
		return err
	}
	switch len(chats) {
	case 0:
		return t.previewOf(0)
	case 1:
		return t.previewOf(chats[0].ID)
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	m := p.Say(message.ChanAsk)
	for _, chat := range chats[:min(len(chats), maxListed)] {
		m.Buttons = append(m.Buttons, press1(titleOf(p, chat), button.Of(button.Preview, chat.ID)))
	}
	t.say(m)
	return nil
}

func (t *turn) pressPreview() error { return t.previewOf(t.press.Number(0)) }

// previewOf sends the person the post that the chat would get next, exactly as it will look.
func (t *turn) previewOf(subject int64) error {
	chat, ok, err := t.manage(subject)
	if err != nil || !ok {
		return err
	}
	return t.previewChat(chat)
}

func (t *turn) previewChat(chat store.Chat) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	title := titleOf(p, chat)
	if postsNothing(chat) {
		need := p.Say(message.ChanNeedTopic, "title", title)
		need.Buttons = [][]message.Button{press1(p.Text(message.TopicsButton), button.Of(button.OpenTopics, t.subjectOf(chat)))}
		t.say(need)
		return nil
	}
	to, start := t.update.ChatID(), message.Whole(startURL(t.Name(), payloadChannel))
	if !t.private() {
		// What is being tried is nothing for all members to see. Whether the person has a chat with us cannot be known.
		person := t.update.Sender()
		if !isPerson(person) {
			t.alert(p.Say(message.ChanPreviewStart, "url", start))
			return nil
		}
		to = person.ID
	}
	post, err := t.nextPost(chat)
	switch {
	case errors.Is(err, store.ErrNotFound):
		t.alert(p.Say(message.ChanPreviewNone))
		return nil
	case err != nil:
		return err
	case chat.Kind != store.Private:
		t.tell(to, p.Say(message.ChanPreviewHead, "title", title))
	}
	t.owe(post.To(to).WithoutThread())
	if !t.private() {
		t.alert(p.Say(message.ChanPreviewSent, "url", start))
	}
	return nil
}

// wellFormed tells whether a text can stand in a start parameter (Bot API, “Deep linking”).
func wellFormed(code string) bool {
	if code == "" || len(code) > maxPayload || !utf8.ValidString(code) {
		return false
	}
	for _, c := range []byte(code) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
