package telegramtest

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func itoa[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

// ownMessage finds the message a call is about and checks access to its chat. The lock is held.
func (c *call) ownMessage(missing string) (*stored, error) {
	if !c.has("chat_id") && !c.has("message_id") {
		if c.has("inline_message_id") {
			return nil, badRequest("MESSAGE_ID_INVALID")
		}
		return nil, badRequest("message identifier is not specified")
	}
	t, err := c.chatOf("chat_id", toWrite)
	if err != nil {
		return nil, err
	}
	m := t.find(int(c.integer("message_id", 0, 0, 1<<31)))
	if m == nil {
		return nil, badRequest(missing)
	}
	return m, nil
}

// mayEdit is TDLib's can_edit_message for bots.
func (c *call) mayEdit(m *stored) bool {
	if m.ForwardOrigin != nil || m.otherMarkup != nil || m.isService() {
		return false
	}
	if m.chat.kind == channel {
		me := m.chat.member(c.bot.account)
		return me.can(func(r Rights) bool { return r.EditMessages || r.PostMessages && m.bot == c.bot })
	}
	return m.bot == c.bot
}

// edited marks a change and tells pages and waiters.
func (s *Server) edited(m *stored) {
	m.changes++
	m.EditDate = s.unix()
	s.tell("edit", m.chat, m)
	s.notify()
}

// change applies an edit to a copy of the message and keeps it if anything differs.
func (c *call) change(m *stored, apply func(*stored)) (any, error) {
	next := *m
	apply(&next)
	if sameContent(&m.Message, &next.Message) {
		return nil, badRequest("MESSAGE_NOT_MODIFIED")
	}
	*m = next
	c.edited(m)
	return m.Message, nil
}

func sameContent(a, b *Message) bool {
	return a.Text == b.Text && a.Caption == b.Caption &&
		reflect.DeepEqual(a.Entities, b.Entities) && reflect.DeepEqual(a.CaptionEntities, b.CaptionEntities) &&
		reflect.DeepEqual(a.ReplyMarkup, b.ReplyMarkup) && reflect.DeepEqual(a.Photo, b.Photo) &&
		reflect.DeepEqual(a.Document, b.Document) && reflect.DeepEqual(a.LinkPreviewOptions, b.LinkPreviewOptions) &&
		a.ShowCaptionAbove == b.ShowCaptionAbove && a.HasMediaSpoiler == b.HasMediaSpoiler
}

// editing runs the checks all edits share, then change.
func (c *call) editing(m markup, check func(*stored) error, apply func(*stored)) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	target, err := c.ownMessage("message to edit not found")
	if err != nil {
		return nil, err
	}
	if !c.mayEdit(target) {
		return nil, badRequest("message can't be edited")
	}
	if err := check(target); err != nil {
		return nil, err
	}
	if err := m.checked(target.chat.kind); err != nil {
		return nil, err
	}
	return c.change(target, func(next *stored) {
		apply(next)
		next.ReplyMarkup = m.inline
	})
}

func editMessageText(c *call) (any, error) {
	t, err := c.textContent()
	if err != nil {
		return nil, err
	}
	m, err := readMarkup(c.arg("reply_markup"))
	if err != nil {
		return nil, err
	}
	return c.editing(m, func(target *stored) error {
		if target.Text == "" && target.LinkPreviewOptions == nil {
			return badRequest("there is no text in the message to edit")
		}
		return t.finish()
	}, func(next *stored) { c.fill(next, t) })
}

func editMessageCaption(c *call) (any, error) {
	t := content{contact: &Contact{}, above: c.flag("show_caption_above_media")}
	if err := c.caption(&t, c.arg("caption"), c.arg("parse_mode"), c.arg("caption_entities")); err != nil {
		return nil, err
	}
	m, err := readMarkup(c.arg("reply_markup"))
	if err != nil {
		return nil, err
	}
	return c.editing(m, func(target *stored) error {
		if target.Photo == nil && target.Document == nil {
			return badRequest("there is no caption in the message to edit")
		}
		return t.finish()
	}, func(next *stored) {
		next.Caption, next.CaptionEntities = t.text.text, c.entities(t.text.spans)
		next.ShowCaptionAbove = t.above && t.text.text != ""
	})
}

func editMessageMedia(c *call) (any, error) {
	var in media
	if !c.has("media") {
		return nil, badRequest("Parameter \"media\" is required")
	}
	if json.Unmarshal([]byte(c.arg("media")), &in) != nil {
		return nil, badRequest("can't parse input media JSON object")
	}
	t, err := c.mediaContent(in)
	if err != nil {
		return nil, err
	}
	m, err := readMarkup(c.arg("reply_markup"))
	if err != nil {
		return nil, err
	}
	return c.editing(m, func(target *stored) error {
		if target.Poll != nil || target.Contact != nil {
			return badRequest("there is no media in the message to edit")
		}
		return t.finish()
	}, func(next *stored) { c.fill(next, t) })
}

func editMessageReplyMarkup(c *call) (any, error) {
	m, err := readMarkup(c.arg("reply_markup"))
	if err != nil {
		return nil, err
	}
	return c.editing(m, func(*stored) error { return nil }, func(*stored) {})
}

const deleteWithin = 48 * 3600

// mayDelete says why a message cannot be deleted; nil if it can.
func (c *call) mayDelete(m *stored) error {
	old := c.unix()-m.Date > deleteWithin
	switch m.chat.kind {
	case privateChat:
		if old {
			return badRequest("message can't be deleted for everyone")
		}
	case basicGroup:
		admin := m.chat.member(c.bot.account).isAdmin()
		if m.bot != c.bot && !admin {
			return badRequest("message can't be deleted for everyone")
		}
		if old && !admin {
			return badRequest("message can't be deleted for everyone")
		}
	default:
		me := m.chat.member(c.bot.account)
		any := me.can(func(r Rights) bool { return r.DeleteMessages })
		own := m.bot == c.bot && (m.chat.kind == supergroup || me.can(func(r Rights) bool { return r.PostMessages }))
		if m.MessageID == 1 || !any && (!own || old) {
			return badRequest("message can't be deleted")
		}
	}
	return nil
}

func (s *Server) remove(m *stored) {
	m.deleted = true
	s.tell("delete", m.chat, m)
	s.notify()
}

func deleteMessage(c *call) (any, error) {
	if !c.has("chat_id") {
		return nil, badRequest("Chat identifier is not specified")
	}
	if !c.has("message_id") {
		return nil, badRequest("Message identifier is not specified")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.ownMessage("message to delete not found")
	if err != nil {
		return nil, err
	}
	if err := c.mayDelete(m); err != nil {
		return nil, err
	}
	c.remove(m)
	return true, nil
}

func deleteMessages(c *call) (any, error) {
	if !c.has("chat_id") {
		return nil, badRequest("Chat identifier is not specified")
	}
	ids, err := c.messageIDs()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toWrite)
	if err != nil {
		return nil, err
	}
	var list []*stored
	for _, id := range ids {
		if m := t.find(id); m != nil {
			if err := c.mayDelete(m); err != nil {
				return nil, err
			}
			list = append(list, m)
		}
	}
	for _, m := range list {
		c.remove(m)
	}
	return true, nil
}

// mayPin checks the right to pin in a chat.
func (c *call) mayPin(t *chat) error {
	me := t.member(c.bot.account)
	switch t.kind {
	case privateChat:
		return nil
	case channel:
		if me.can(func(r Rights) bool { return r.EditMessages }) {
			return nil
		}
	default:
		if me.can(func(r Rights) bool { return r.PinMessages }) {
			return nil
		}
	}
	return badRequest("not enough rights to manage pinned messages in the chat")
}

func pinChatMessage(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.ownMessage("message to pin not found")
	if err != nil {
		return nil, err
	}
	if err := c.mayPin(m.chat); err != nil {
		return nil, err
	}
	if slices.Contains(m.chat.pins, m.MessageID) {
		return true, nil
	}
	m.chat.pins = append(m.chat.pins, m.MessageID)
	notice := &stored{author: c.bot.account, bot: c.bot}
	c.sign(notice, m.chat)
	notice.PinnedMessage = m.quoted()
	c.add(m.chat, notice, c.bot)
	return true, nil
}

func unpinChatMessage(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toWrite)
	if err != nil {
		return nil, err
	}
	if err := c.mayPin(t); err != nil {
		return nil, err
	}
	id := int(c.integer("message_id", 0, 0, 1<<31))
	switch {
	case c.method != "unpinChatMessage":
		t.pins = nil
	case id == 0 && len(t.pins) > 0:
		t.pins = t.pins[:len(t.pins)-1]
	case id != 0 && t.find(id) == nil:
		return nil, badRequest("message to unpin not found")
	default:
		t.pins = slices.DeleteFunc(t.pins, func(pin int) bool { return pin == id })
	}
	c.tell("members", t, nil)
	return true, nil
}

func setMessageReaction(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.ownMessage("message to react not found"); err != nil {
		return nil, err
	}
	return true, nil
}

// press is a callback query that waits for its answer.
type press struct {
	query    CallbackQuery
	at       int64
	answered bool
	answer   CallbackAnswer
}

// CallbackAnswer is what a bot answers to a press.
type CallbackAnswer struct {
	Text      string `json:"text,omitempty"`
	ShowAlert bool   `json:"show_alert,omitempty"`
	URL       string `json:"url,omitempty"`
	CacheTime int    `json:"cache_time,omitempty"`
}

func answerCallbackQuery(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := c.arg("text")
	if len([]rune(text)) > 200 {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	p := c.bot.callbacks[strings.TrimSpace(c.arg("callback_query_id"))]
	if p == nil || p.answered || c.unix()-p.at > answerWithin {
		return nil, badRequest("QUERY_ID_INVALID")
	}
	p.answered = true
	p.answer = CallbackAnswer{
		Text: text, ShowAlert: c.flag("show_alert"), URL: c.arg("url"),
		CacheTime: int(c.integer("cache_time", 0, 0, 30*day)),
	}
	c.notify()
	return true, nil
}

// answerWithin is how long the emulator takes an answer to a press; the real figure is unknown.
const answerWithin = 15 * 60

// inlineAsk is an inline query that waits for its results.
type inlineAsk struct {
	query    InlineQuery
	at       int64
	answered bool
	answer   InlineAnswer
}

// InlineAnswer is what a bot answers to an inline query; results are kept as they came.
type InlineAnswer struct {
	Results    []json.RawMessage `json:"results"`
	CacheTime  int               `json:"cache_time"`
	IsPersonal bool              `json:"is_personal"`
	NextOffset string            `json:"next_offset"`
	Button     json.RawMessage   `json:"button,omitempty"`
}

func answerInlineQuery(c *call) (any, error) {
	var list []json.RawMessage
	if json.Unmarshal([]byte(c.arg("results")), &list) != nil {
		return nil, badRequest("can't parse inline query results JSON object")
	}
	if len(list) > 50 {
		return nil, badRequest("RESULTS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, raw := range list {
		if err := c.checkInlineResult(raw, seen); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	ask := c.bot.inlines[c.arg("inline_query_id")]
	if ask == nil || ask.answered || c.unix()-ask.at > inlineLife {
		return nil, badRequest("QUERY_ID_INVALID")
	}
	if len(c.arg("next_offset")) > 64 {
		return nil, badRequest("NEXT_OFFSET_INVALID")
	}
	ask.answered = true
	ask.answer = InlineAnswer{
		Results: list, CacheTime: int(c.integer("cache_time", 300, 0, day)), IsPersonal: c.flag("is_personal"),
		NextOffset: c.arg("next_offset"),
	}
	if c.has("button") {
		ask.answer.Button = json.RawMessage(c.arg("button"))
	}
	c.notify()
	return true, nil
}

// inlineResult is the part of an inline result the emulator understands.
type inlineResult struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Title   string `json:"title"`
	Content *struct {
		Text      string          `json:"message_text"`
		ParseMode string          `json:"parse_mode"`
		Entities  json.RawMessage `json:"entities"`
	} `json:"input_message_content"`
	Markup json.RawMessage `json:"reply_markup"`
}

func (c *call) checkInlineResult(raw json.RawMessage, seen map[string]bool) error {
	var r inlineResult
	if json.Unmarshal(raw, &r) != nil {
		return badRequest("can't parse inline query result: object expected")
	}
	switch {
	case r.Type == "":
		return badRequest("can't parse inline query result: Can't find field \"type\"")
	case r.ID == "" || len(r.ID) > 64:
		return badRequest("RESULT_ID_INVALID")
	case seen[r.ID]:
		return badRequest("RESULT_ID_DUPLICATE")
	}
	seen[r.ID] = true
	if r.Type == "article" {
		if r.Title == "" {
			return badRequest("can't parse inline query result: Can't find field \"title\"")
		}
		if r.Content == nil {
			return badRequest("can't parse inline query result: Can't find field \"input_message_content\"")
		}
	}
	if r.Content != nil {
		if r.Content.Text == "" {
			return badRequest("can't parse inline query result: Message text is empty")
		}
		text, spans, err := c.formattedText(r.Content.Text, r.Content.ParseMode, string(r.Content.Entities))
		if err != nil {
			return err
		}
		t := content{text: formatted{text, spans}}
		if err := t.finish(); err != nil {
			return err
		}
	}
	m, err := readMarkup(string(r.Markup))
	if err != nil {
		return err
	}
	return m.checked(supergroup)
}
