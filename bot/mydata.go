package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// personalData is all we know of a reader, as it is sent to him.
type personalData struct {
	TelegramID  int64       `json:"telegram_id"`
	Name        string      `json:"name"`
	Username    string      `json:"username,omitempty"`
	Language    string      `json:"language"`
	State       string      `json:"state"`
	StateReason string      `json:"state_reason,omitempty"`
	StateSince  time.Time   `json:"state_since,omitzero"`
	Joined      time.Time   `json:"joined"`
	LastHere    time.Time   `json:"last_day_here,omitzero"`
	CameBy      string      `json:"came_by_link,omitempty"`
	Topics      []string    `json:"topics"`
	Wishes      store.Prefs `json:"wishes"`
	ReadUpto    int64       `json:"news_sent_up_to_number"`
	Role        string      `json:"role,omitempty"`
	Manages     []string    `json:"manages,omitempty"`
	LinksMade   []string    `json:"links_made,omitempty"`
	Saved       []headline  `json:"saved"`
	Votes       []opinion   `json:"votes,omitempty"`
	Messages    []delivered `json:"messages_of_the_last_days"`
	InDoubt     []time.Time `json:"messages_of_unknown_fate,omitempty"`
	// Everything is what the above was read from and all else, as it is kept.
	Everything map[string][]map[string]any `json:"everything_as_it_is_kept"`
}

// headline names an article.
type headline struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
}

// opinion is what the reader thinks of an article.
type opinion struct {
	headline
	Vote string `json:"vote"`
}

// delivered is a message with news that reached the reader.
type delivered struct {
	Message  int        `json:"message_id"`
	At       time.Time  `json:"made_at"`
	Articles []headline `json:"articles"`
}

// messagesListed bounds the messages in a reader's file; older ones than a week are not kept anyhow.
const messagesListed = 1000

// sendMyData sends a reader all we know of him as a file that a phone opens.
func (t *turn) sendMyData() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	p := t.printerFor(chat)
	if none, err := t.unknown(chat); err != nil || none {
		if none {
			t.say(p.Say(message.DataNone))
		}
		return err
	}
	data, err := t.personalData(p, chat)
	if err != nil {
		return fmt.Errorf("gather what is known of chat %d: %w", chat.TelegramID, err)
	}
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(data); err != nil {
		return fmt.Errorf("write what is known of chat %d: %w", chat.TelegramID, err)
	}
	page, err := t.sheetOf(p, chat, data, raw.Bytes())
	if err != nil {
		return fmt.Errorf("lay out what is known of chat %d: %w", chat.TelegramID, err)
	}
	t.owe(telegram.Send(telegram.Outgoing{
		ChatID: chat.TelegramID, Text: string(p.HTML(message.DataFile)),
		File:     &telegram.File{Field: "document", Name: "harkara.html", Data: page},
		Keyboard: markup([][]message.Button{press1(p.Text(message.DataForgetButton), button.Of(button.Forget, forgetAsk))}),
	}))
	return nil
}

func (t *turn) personalData(p message.Printer, chat store.Chat) (personalData, error) {
	d := personalData{
		TelegramID: chat.TelegramID, Name: chat.Title, Username: chat.Username, Language: chat.Language,
		State: string(chat.State), StateReason: chat.StateReason, StateSince: chat.StateAt, Joined: chat.JoinedAt, LastHere: chat.Seen,
		Wishes: chat.Prefs, ReadUpto: chat.Bookmark,
	}
	var err error
	if d.Topics, err = t.topicNames(p, chat.Categories); err != nil {
		return d, err
	}
	e, err := t.tx.Editor(t.ctx, chat.TelegramID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	d.Role = string(e.Role)
	managed, err := t.tx.ManagedChats(t.ctx, chat.TelegramID)
	if err != nil {
		return d, err
	}
	for _, c := range managed {
		d.Manages = append(d.Manages, titleOf(p, c))
	}
	links, err := t.tx.Links(t.ctx)
	if err != nil {
		return d, err
	}
	for _, l := range links {
		if l.ID == chat.Link {
			d.CameBy = l.Code
		}
		if l.CreatedBy == chat.TelegramID {
			d.LinksMade = append(d.LinksMade, l.Code)
		}
	}
	saved, err := t.tx.Saved(t.ctx, chat.ID, 0, mostSaved)
	if err != nil {
		return d, err
	}
	d.Saved = headlines(saved)
	if d.Votes, err = t.opinions(chat.TelegramID); err != nil {
		return d, err
	}
	doubts, err := t.tx.OpenDoubts(t.ctx, []int64{chat.ID})
	if err != nil {
		return d, err
	}
	for _, doubt := range doubts[chat.ID] {
		d.InDoubt = append(d.InDoubt, doubt.Since)
	}
	traces, err := t.tx.Traces(t.ctx, chat.TelegramID)
	if err != nil {
		return d, err
	}
	d.Everything = map[string][]map[string]any{}
	for _, trace := range traces {
		d.Everything[trace.Kind] = append(d.Everything[trace.Kind], trace.Fields)
	}
	sent, err := t.tx.SentTo(t.ctx, chat.ID, messagesListed)
	if err != nil {
		return d, err
	}
	for _, s := range sent {
		post, err := t.tx.Post(t.ctx, s.Post)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return d, err
		}
		articles, err := t.tx.Articles(t.ctx, post.Articles)
		if err != nil {
			return d, err
		}
		d.Messages = append(d.Messages, delivered{Message: s.Message, At: post.At, Articles: headlines(articles)})
	}
	return d, nil
}

// opinions lists what a person voted on, the newest articles first.
func (t *turn) opinions(user int64) ([]opinion, error) {
	votes, err := t.tx.VotesBy(t.ctx, user, votesListed)
	if err != nil {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(votes))
	slices.Reverse(ids)
	articles, err := t.tx.Articles(t.ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []opinion
	for i, h := range headlines(articles) {
		vote := "👎"
		if votes[articles[i].ID] == store.Up {
			vote = "👍"
		}
		list = append(list, opinion{h, vote})
	}
	return list, nil
}

// votesListed bounds the votes in a reader's file.
const votesListed = 10_000

// unknown tells whether nothing is kept of the person of a private chat: neither the chat nor a vote in a channel.
func (t *turn) unknown(chat store.Chat) (bool, error) {
	if chat.ID != 0 {
		return false, nil
	}
	votes, err := t.tx.VotesBy(t.ctx, chat.TelegramID, 1)
	return len(votes) == 0, err
}

func headlines(articles []store.Article) []headline {
	list := make([]headline, 0, len(articles))
	for _, a := range articles {
		list = append(list, headline{Title: a.Headline, URL: a.URL})
	}
	return list
}

// The numbers of button.Forget.
const (
	forgetAsk = iota
	forgetYes
	forgetNo
)

// privacy tells what is kept of a reader.
func (t *turn) privacy() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	m := p.Say(message.DataPrivacy)
	m.Buttons = [][]message.Button{press1(p.Text(message.DataForgetButton), button.Of(button.Forget, forgetAsk))}
	t.say(m)
	return nil
}

// askForget asks whether all we know of the reader shall be erased.
func (t *turn) askForget() error {
	m, ok, err := t.forgetQuestion()
	if ok {
		t.say(m)
	}
	return err
}

func (t *turn) forgetQuestion() (m message.Message, ok bool, err error) {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return m, false, err
	}
	p := t.printerFor(chat)
	if none, err := t.unknown(chat); err != nil || none {
		return p.Say(message.DataNone), none, err
	}
	m = p.Say(message.DataForgetAsk)
	m.Buttons = [][]message.Button{
		press1(p.Text(message.DataForgetYes), button.Of(button.Forget, forgetYes)),
		press1(p.Text(message.UnsubNo), button.Of(button.Forget, forgetNo)),
	}
	return m, true, nil
}

// pressForget erases all we know of the person who pressed, at once, or leaves it.
func (t *turn) pressForget() error {
	switch t.press.Number(0) {
	case forgetAsk:
		return t.askForget()
	case forgetYes, forgetNo:
	default:
		return t.pressedOld()
	}
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	p := t.printerFor(chat)
	none, err := t.unknown(chat)
	switch {
	case err != nil:
		return err
	case none:
		t.show(p.Say(message.DataNone))
		return nil
	case t.press.Number(0) == forgetNo:
		t.show(p.Say(message.DataKept))
		return nil
	}
	if err := t.tx.ForgetVotes(t.ctx, chat.TelegramID); err != nil {
		return err
	}
	if err := t.endAwaited(chat.TelegramID); err != nil {
		return err
	}
	for _, b := range []begun{addingBegun, draftBegun, albumsBegun} {
		if err := t.endBegun(b, chat.TelegramID); err != nil {
			return err
		}
	}
	if err := t.tx.ForgetChat(t.ctx, chat.ID); err != nil {
		return fmt.Errorf("forget chat %d: %w", chat.TelegramID, err)
	}
	t.reread()
	m := p.Say(message.DataDeleted)
	m.Buttons = [][]message.Button{press1(p.Text(message.CmdStart), button.Of(button.Start, 0))}
	t.show(m)
	if err := t.refreshMenu(chat.TelegramID); err != nil { // that of a role ends with it
		return err
	}
	return t.tx.SetSetting(t.ctx, menuSetting+fmt.Sprint(chat.TelegramID), "")
}
