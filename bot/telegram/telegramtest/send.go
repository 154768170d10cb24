package telegramtest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// content is what a message is made of, before it has a place.
type content struct {
	text       formatted
	preview    *LinkPreviewOptions
	photo      *file
	document   *file
	video      *file
	poll       *Poll
	contact    *Contact
	above      bool
	spoiler    bool
	kindOfSend string // as the rights name it: "text messages", "photos", …
}

// formattedText reads a text or caption with its markup, up to the point where the server has
// parsed its entities. The length and the visible rest are checked by finishText.
func (c *call) formattedText(text, parseMode, entities string) (string, []span, error) {
	if len(text) > maxTextParameter {
		return "", nil, badRequest("text is too long")
	}
	switch mode := strings.ToLower(parseMode); mode {
	case "", "none":
	case "html":
		if !utf8.ValidString(text) {
			return "", nil, badRequest("Text must be encoded in UTF-8")
		}
		return parseHTML(text)
	case "markdown", "markdownv2":
		// Harkara writes HTML only; a silent pass would hide a mistake.
		return "", nil, answer(501, "Not Implemented: the emulator does not parse Markdown")
	default:
		return "", nil, badRequest("unsupported parse_mode")
	}
	if !utf8.ValidString(text) {
		return "", nil, badRequest("Text must be encoded in UTF-8")
	}
	return text, c.readEntities(text, entities), nil
}

// readEntities takes the parameter entities; what cannot be read is ignored.
func (c *call) readEntities(text, parameter string) []span {
	var list []Entity
	if parameter == "" || json.Unmarshal([]byte(parameter), &list) != nil {
		return nil
	}
	units := utf16Len(text)
	var spans []span
	for _, e := range list {
		kind, ok := kindByName(e.Type)
		if !ok || isFound(kind) || e.Offset < 0 || e.Length <= 0 || e.Offset > units {
			continue
		}
		s := span{offset: e.Offset, length: min(e.Length, units-e.Offset), kind: kind, unix: e.UnixTime}
		switch kind {
		case kindTextLink:
			link, err := checkedLink(e.URL, false)
			if err != nil {
				continue
			}
			s.argument = link
		case kindTextMention:
			if e.User == nil {
				continue
			}
			s.userID = e.User.ID
		case kindPre:
			if e.Language != "" {
				s.kind, s.argument = kindPreCode, e.Language
			}
		case kindCustomEmoji:
			s.argument = e.CustomEmojiID
		case kindDate:
			s.argument = e.DateTimeFormat
		}
		if s.length > 0 {
			spans = append(spans, s)
		}
	}
	return spans
}

// entities turns spans into what messages carry. The lock is held.
func (s *Server) entities(spans []span) []Entity {
	spans = keep100(spans)
	if len(spans) == 0 {
		return nil
	}
	out := make([]Entity, 0, len(spans))
	for _, p := range spans {
		e := Entity{Offset: p.offset, Length: p.length, Type: kindNames[p.kind]}
		switch p.kind {
		case kindTextLink:
			e.URL = p.argument
		case kindPreCode:
			e.Language = p.argument
		case kindCustomEmoji:
			e.CustomEmojiID = p.argument
		case kindDate:
			e.UnixTime, e.DateTimeFormat = p.unix, p.argument
		case kindTextMention:
			a := s.users[p.userID]
			if a == nil {
				continue // the server drops mentions of people it does not know
			}
			e.User = a.who()
		}
		out = append(out, e)
	}
	return out
}

// linkPreview reads link_preview_options, or the older flag.
func (c *call) linkPreview() (*LinkPreviewOptions, error) {
	parameter := c.arg("link_preview_options")
	if parameter == "" {
		if c.flag("disable_web_page_preview") {
			return &LinkPreviewOptions{IsDisabled: true}, nil
		}
		return nil, nil
	}
	var value any
	if json.Unmarshal([]byte(parameter), &value) != nil {
		return nil, badRequest("can't parse link preview options JSON object")
	}
	if value == nil {
		return nil, nil
	}
	if _, ok := value.(map[string]any); !ok {
		return nil, badRequest("object expected as link preview options")
	}
	var options LinkPreviewOptions
	if json.Unmarshal([]byte(parameter), &options) != nil {
		return nil, badRequest("can't parse link preview options: wrong type of a field")
	}
	if options.IsDisabled {
		return &LinkPreviewOptions{IsDisabled: true}, nil
	}
	if options.URL == "" {
		options.PreferSmallMedia, options.PreferLargeMedia = false, false
	}
	if options == (LinkPreviewOptions{}) {
		return nil, nil
	}
	return &options, nil
}

// textContent reads the text of sendMessage and editMessageText.
func (c *call) textContent() (content, error) {
	result := content{kindOfSend: "text messages"}
	preview, err := c.linkPreview()
	if err != nil {
		return result, err
	}
	text := c.arg("text")
	if text == "" {
		return result, badRequest("message text is empty")
	}
	plain, spans, err := c.formattedText(text, c.arg("parse_mode"), c.arg("entities"))
	if err != nil {
		return result, err
	}
	result.preview = preview
	result.text = formatted{plain, spans}
	return result, nil
}

// finish cleans the text of a content and checks its length; the server does so last.
func (t *content) finish() error {
	var err error
	if t.isText() {
		allowEmpty := t.preview != nil && t.preview.URL != ""
		if t.text, err = fixText(t.text.text, t.text.spans, allowEmpty); err != nil {
			return err
		}
		if utf8.RuneCountInString(t.text.text) > maxTextLength {
			return badRequest("message is too long")
		}
		return nil
	}
	if t.text, err = fixText(t.text.text, t.text.spans, true); err != nil {
		return err
	}
	if utf8.RuneCountInString(t.text.text) > maxCaptionLength {
		return badRequest("message caption is too long")
	}
	return nil
}

func (t *content) isText() bool {
	return t.photo == nil && t.document == nil && t.video == nil && t.poll == nil && t.contact == nil
}

// fill puts a content into a message. The lock is held.
func (s *Server) fill(m *stored, t content) {
	m.Text, m.Entities, m.Caption, m.CaptionEntities = "", nil, "", nil
	m.Photo, m.Document, m.Video, m.LinkPreviewOptions = nil, nil, nil, nil
	entities := s.entities(t.text.spans)
	if t.isText() {
		m.Text, m.Entities, m.LinkPreviewOptions = t.text.text, entities, t.preview
		return
	}
	m.Caption, m.CaptionEntities = t.text.text, entities
	m.Poll, m.Contact = t.poll, t.contact
	m.ShowCaptionAbove = t.above && t.text.text != ""
	m.HasMediaSpoiler = t.spoiler
	if t.photo != nil {
		m.Photo = t.photo.sizes()
	}
	if t.document != nil {
		m.Document = t.document.document()
	}
	if t.video != nil {
		m.Video = t.video.video()
	}
}

// place is where and how a message is to be sent, read in the order of the server's checks.
type place struct {
	chat   *chat
	thread int
	reply  *stored
	markup markup
}

// readPlace takes reply and keyboard parameters, which the server reads before it looks for the
// chat.
func (c *call) readPlace() (reply replyRequest, m markup, err error) {
	if reply, err = c.readReply(); err != nil {
		return
	}
	m, err = readMarkup(c.arg("reply_markup"))
	return
}

type replyRequest struct {
	id       int
	optional bool
}

func (c *call) readReply() (replyRequest, error) {
	parameter := c.arg("reply_parameters")
	if parameter == "" {
		return replyRequest{int(c.integer("reply_to_message_id", 0, 0, 1<<31)), c.flag("allow_sending_without_reply")}, nil
	}
	var value struct {
		MessageID int  `json:"message_id"`
		Optional  bool `json:"allow_sending_without_reply"`
	}
	if json.Unmarshal([]byte(parameter), &value) != nil {
		return replyRequest{}, badRequest("can't parse reply parameters JSON object")
	}
	return replyRequest{value.MessageID, value.Optional}, nil
}

// locate finds the chat, topic and replied message, and checks what may be sent there. The lock
// is held.
func (c *call) locate(reply replyRequest, m markup, kindOfSend string) (place, error) {
	p := place{markup: m}
	var err error
	if p.chat, err = c.chatOf("chat_id", toWrite); err != nil {
		return p, err
	}
	if p.thread, err = c.checkThread(p.chat); err != nil {
		return p, err
	}
	if reply.id != 0 && c.history {
		if p.reply = p.chat.find(reply.id); p.reply == nil && !reply.optional {
			return p, badRequest("message to be replied not found")
		}
	}
	if p.chat.kind == channel {
		if err := c.checkWrite(p.chat, kindOfSend); err != nil {
			return p, err
		}
	}
	return p, p.markup.checked(p.chat.kind)
}

// post sends a content to a place. The lock is held.
func (c *call) post(p place, t content) (*stored, error) {
	if err := t.finish(); err != nil {
		return nil, err
	}
	if p.chat.kind != channel {
		if err := c.checkWrite(p.chat, t.kindOfSend); err != nil {
			return nil, err
		}
	}
	m := &stored{author: c.bot.account, bot: c.bot, silent: c.flag("disable_notification")}
	c.sign(m, p.chat)
	m.ThreadID, m.IsTopicMessage = p.thread, p.thread != 0
	m.HasProtectedContent = c.flag("protect_content")
	if p.reply != nil {
		m.ReplyToMessage = p.reply.quoted()
	}
	m.ReplyMarkup, m.otherMarkup, m.removesKeys, m.forcesReply = p.markup.inline, p.markup.keys, p.markup.removes, p.markup.forces
	c.fill(m, t)
	return c.add(p.chat, m, c.bot), nil
}

// sign says who a message of the bot is from.
func (c *call) sign(m *stored, t *chat) {
	if t.kind != channel {
		m.From = c.bot.who()
		if t.kind != privateChat && t.member(c.bot.account).rights.Anonymous {
			m.From, m.SenderChat = groupAnonymousBot, t.info()
		}
		return
	}
	m.SenderChat = t.info()
}

// quoted is a message as it stands in a reply: without its own reply.
func (m *stored) quoted() *Message {
	q := m.Message
	q.ReplyToMessage = nil
	return &q
}

func sendMessage(c *call) (any, error) {
	t, err := c.textContent()
	if err != nil {
		return nil, err
	}
	return c.sendHere(t)
}

func (c *call) send(reply replyRequest, m markup, t content) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.locate(reply, m, t.kindOfSend)
	if err != nil {
		return nil, err
	}
	sent, err := c.post(p, t)
	if err != nil {
		return nil, err
	}
	return sent.Message, nil
}

// caption reads the caption of a media message into a content.
func (c *call) caption(t *content, text, parseMode, entities string) error {
	plain, spans, err := c.formattedText(text, parseMode, entities)
	t.text = formatted{plain, spans}
	return err
}

func sendPhoto(c *call) (any, error) {
	t := content{kindOfSend: "photos", above: c.flag("show_caption_above_media"), spoiler: c.flag("has_spoiler")}
	photo, err := c.photo("photo", c.arg("photo"))
	if err != nil {
		return nil, err
	}
	t.photo = photo
	return c.sendCaptioned(t)
}

func sendDocument(c *call) (any, error) {
	t := content{kindOfSend: "documents"}
	document, err := c.document("document", c.arg("document"))
	if err != nil {
		return nil, err
	}
	t.document = document
	return c.sendCaptioned(t)
}

// sendCaptioned sends media with the caption of the call.
func (c *call) sendCaptioned(t content) (any, error) {
	if err := c.caption(&t, c.arg("caption"), c.arg("parse_mode"), c.arg("caption_entities")); err != nil {
		return nil, err
	}
	return c.sendHere(t)
}

// sendHere sends content to the place that the call names.
func (c *call) sendHere(t content) (any, error) {
	reply, m, err := c.readPlace()
	if err != nil {
		return nil, err
	}
	return c.send(reply, m, t)
}

func sendContact(c *call) (any, error) {
	t := content{kindOfSend: "contacts", contact: &Contact{
		PhoneNumber: c.arg("phone_number"), FirstName: c.arg("first_name"), LastName: c.arg("last_name"),
	}}
	if t.contact.PhoneNumber == "" {
		return nil, badRequest("phone number is empty")
	}
	if t.contact.FirstName == "" {
		return nil, badRequest("contact first name is empty")
	}
	return c.sendHere(t)
}

// media is one element of sendMediaGroup, or the new media of editMessageMedia.
type media struct {
	Type       string          `json:"type"`
	Media      string          `json:"media"`
	Caption    string          `json:"caption"`
	ParseMode  string          `json:"parse_mode"`
	Entities   json.RawMessage `json:"caption_entities"`
	HasSpoiler bool            `json:"has_spoiler"`
	Above      bool            `json:"show_caption_above_media"`
}

func (c *call) mediaContent(m media) (content, error) {
	var t content
	var err error
	switch m.Type {
	case "photo":
		t.kindOfSend = "photos"
		t.spoiler, t.above = m.HasSpoiler, m.Above
		t.photo, err = c.photo("", m.Media)
	case "document":
		t.kindOfSend = "documents"
		t.document, err = c.document("", m.Media)
	case "":
		err = badRequest("can't parse InputMedia: Can't find field \"type\"")
	default:
		err = badRequest("type %q is not supported by the emulator", m.Type)
	}
	if err != nil {
		return t, err
	}
	return t, c.caption(&t, m.Caption, m.ParseMode, string(m.Entities))
}

func sendMediaGroup(c *call) (any, error) {
	parameter := c.arg("media")
	if parameter == "" {
		return nil, badRequest("Parameter \"media\" is required")
	}
	var list []media
	if json.Unmarshal([]byte(parameter), &list) != nil {
		return nil, badRequest("can't parse media JSON object")
	}
	if len(list) > 10 {
		return nil, badRequest("Too many messages to send as an album")
	}
	if len(list) == 0 {
		return nil, badRequest("There are no messages to send")
	}
	contents := make([]content, 0, len(list))
	for _, m := range list {
		t, err := c.mediaContent(m)
		if err != nil {
			return nil, err
		}
		contents = append(contents, t)
	}
	reply, _, err := c.readPlace()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range contents {
		check := contents[i]
		if err := check.finish(); err != nil {
			return nil, err
		}
		if contents[i].kindOfSend != contents[0].kindOfSend {
			return nil, badRequest("MEDIA_GROUPED_INVALID")
		}
	}
	p, err := c.locate(reply, markup{}, contents[0].kindOfSend)
	if err != nil {
		return nil, err
	}
	group := ""
	if len(contents) > 1 {
		group = itoa(13_000_000_000_000_000 + c.serial())
	}
	sent := make([]Message, 0, len(contents))
	for _, t := range contents {
		m, err := c.post(p, t)
		if err != nil {
			return nil, err
		}
		m.MediaGroupID = group
		sent = append(sent, m.Message)
	}
	return sent, nil
}

func sendPoll(c *call) (any, error) {
	question := c.arg("question")
	if question == "" {
		return nil, badRequest("poll question must be non-empty")
	}
	if utf8.RuneCountInString(question) > 300 {
		return nil, badRequest("poll question length must not exceed 300")
	}
	var raw []json.RawMessage
	if json.Unmarshal([]byte(c.arg("options")), &raw) != nil {
		return nil, badRequest("can't parse options JSON object")
	}
	poll := &Poll{
		Question: question, Type: "regular", IsAnonymous: true,
		AllowsMultipleAnswers: c.flag("allows_multiple_answers"), IsClosed: c.flag("is_closed"),
		Explanation: c.arg("explanation"),
	}
	if c.has("is_anonymous") {
		poll.IsAnonymous = c.flag("is_anonymous")
	}
	for _, r := range raw {
		var option struct {
			Text string `json:"text"`
		}
		if json.Unmarshal(r, &option.Text) != nil && json.Unmarshal(r, &option) != nil {
			return nil, badRequest("can't parse options: an option must be a String or InputPollOption")
		}
		if n := utf8.RuneCountInString(option.Text); n == 0 {
			return nil, badRequest("poll options must be non-empty")
		} else if n > 100 {
			return nil, badRequest("poll options length must not exceed 100")
		}
		poll.Options = append(poll.Options, PollOption{Text: option.Text})
	}
	switch {
	case len(poll.Options) < 1:
		return nil, badRequest("poll must have at least 1 answer options")
	case len(poll.Options) > 12:
		return nil, badRequest("poll can't have more than 12 answer options")
	}
	if c.arg("type") == "quiz" {
		poll.Type = "quiz"
		correct := int(c.integer("correct_option_id", -1, -1, 100))
		if correct < 0 || correct >= len(poll.Options) {
			return nil, badRequest("wrong correct option ID specified")
		}
		poll.CorrectOptionID = &correct
	}
	reply, m, err := c.readPlace()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	poll.ID = itoa(5_000_000_000_000_000_000 + c.serial())
	c.mu.Unlock()
	return c.send(reply, m, content{kindOfSend: "polls", poll: poll})
}

func stopPoll(c *call) (any, error) {
	m, err := readMarkup(c.arg("reply_markup"))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	target, err := c.ownMessage("message with poll to stop not found")
	if err != nil {
		return nil, err
	}
	if target.Poll == nil {
		return nil, badRequest("message is not a poll")
	}
	if target.Poll.IsClosed {
		return nil, badRequest("poll has already been closed")
	}
	if err := m.checked(target.chat.kind); err != nil {
		return nil, err
	}
	closed := *target.Poll
	closed.IsClosed = true
	target.Poll = &closed
	target.ReplyMarkup = m.inline
	c.edited(target)
	return closed, nil
}

func sendChatAction(c *call) (any, error) {
	switch c.arg("action") {
	case "":
		return nil, badRequest("Parameter \"action\" is required")
	case "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio",
		"upload_audio", "upload_document", "choose_sticker", "find_location", "pick_up_location",
		"record_video_note", "upload_video_note", "cancel":
	default:
		return nil, badRequest("wrong parameter action in request")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.chatOf("chat_id", toWrite)
	if err != nil {
		return nil, err
	}
	c.tell("action:"+c.arg("action"), t, nil)
	return true, nil
}

// source finds the messages to forward or copy. The lock is held.
func (c *call) source(ids []int, missing string) ([]*stored, error) {
	from, err := c.chatOf("from_chat_id", toRead)
	if err != nil {
		return nil, err
	}
	var list []*stored
	for _, id := range ids {
		m := from.find(id)
		switch {
		case m == nil && missing != "":
			return nil, badRequest(missing)
		case m == nil || m.isService():
			if missing != "" {
				return nil, badRequest("the message can't be " + map[bool]string{true: "forwarded", false: "copied"}[strings.Contains(missing, "forward")])
			}
		case m.HasProtectedContent:
			if missing != "" {
				return nil, badRequest("the message can't be forwarded")
			}
		default:
			list = append(list, m)
		}
	}
	return list, nil
}

func forwardMessage(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.locate(replyRequest{}, markup{}, "text messages")
	if err != nil {
		return nil, err
	}
	if !c.has("message_id") {
		return nil, badRequest("message identifier is not specified")
	}
	list, err := c.source([]int{int(c.integer("message_id", 0, 0, 1<<31))}, "message to forward not found")
	if err != nil {
		return nil, err
	}
	if err := mayHold(p.chat, list[0]); err != nil {
		return nil, err
	}
	return c.forward(p, list[0]).Message, nil
}

// forward puts a message into another chat with a note of where it comes from.
func (c *call) forward(p place, from *stored) *stored {
	m := &stored{author: c.bot.account, bot: c.bot, silent: c.flag("disable_notification")}
	m.Message = from.copied()
	c.sign(m, p.chat)
	m.ThreadID, m.IsTopicMessage = p.thread, p.thread != 0
	m.HasProtectedContent = c.flag("protect_content")
	if m.ForwardOrigin == nil {
		origin := &MessageOrigin{Date: from.Date, AuthorSignature: from.AuthorSignature}
		switch {
		case from.chat.kind == channel:
			origin.Type, origin.Chat, origin.MessageID = "channel", from.chat.info(), from.MessageID
			m.ForwardFromChat, m.ForwardFromMessage, m.ForwardSignature = from.chat.info(), from.MessageID, from.AuthorSignature
		case from.SenderChat != nil:
			origin.Type, origin.SenderChat = "chat", from.SenderChat
			m.ForwardFromChat = from.SenderChat
		default:
			origin.Type, origin.SenderUser = "user", from.From
			m.ForwardFrom = from.From
		}
		m.ForwardOrigin, m.ForwardDate = origin, from.Date
	}
	return c.add(p.chat, m, c.bot)
}

// copied is the content of a message without its place, sender and keyboard.
func (m *stored) copied() Message {
	return Message{
		ForwardOrigin: m.ForwardOrigin, ForwardFrom: m.ForwardFrom, ForwardFromChat: m.ForwardFromChat,
		ForwardFromMessage: m.ForwardFromMessage, ForwardSignature: m.ForwardSignature, ForwardDate: m.ForwardDate,
		Text: m.Text, Entities: m.Entities, LinkPreviewOptions: m.LinkPreviewOptions, Photo: m.Photo, Document: m.Document, Video: m.Video,
		Contact: m.Contact, Poll: m.Poll, Caption: m.Caption, CaptionEntities: m.CaptionEntities,
		ShowCaptionAbove: m.ShowCaptionAbove, HasMediaSpoiler: m.HasMediaSpoiler, MediaGroupID: m.MediaGroupID,
	}
}

// messageIDs reads a list of ids for the methods that take many.
func (c *call) messageIDs() ([]int, error) {
	var ids []int
	if !c.has("message_ids") {
		return nil, badRequest("Message identifiers are not specified")
	}
	var raw []json.RawMessage
	if json.Unmarshal([]byte(c.arg("message_ids")), &raw) != nil {
		return nil, badRequest("can't parse message identifiers JSON object")
	}
	for _, r := range raw {
		ids = append(ids, int(leadingInt(strings.Trim(string(r), `"`))))
	}
	if len(ids) == 0 {
		return nil, badRequest("Message identifiers are not specified")
	}
	if len(ids) > 100 {
		return nil, badRequest("Too many message identifiers specified")
	}
	return ids, nil
}

type messageID struct {
	MessageID int `json:"message_id"`
}

func forwardMessages(c *call) (any, error) {
	return c.many("There are no messages to forward", func(p place, from *stored) (*stored, error) { return c.forward(p, from), nil })
}

func (c *call) many(none string, send func(place, *stored) (*stored, error)) (any, error) {
	ids, err := c.messageIDs()
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(ids); i++ {
		if ids[i] <= ids[i-1] {
			return nil, badRequest("message identifiers must be in a strictly increasing order")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.locate(replyRequest{}, markup{}, "text messages")
	if err != nil {
		return nil, err
	}
	list, err := c.source(ids, "")
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, badRequest(none)
	}
	for _, from := range list {
		if err := mayHold(p.chat, from); err != nil {
			return nil, err
		}
	}
	var sent []messageID
	albums := map[string]string{} // an album stays together, under another id
	for _, from := range list {
		m, err := send(p, from)
		if err != nil {
			return nil, err
		}
		if from.MediaGroupID != "" {
			if albums[from.MediaGroupID] == "" {
				albums[from.MediaGroupID] = itoa(13_000_000_000_000_000 + c.serial())
			}
			m.MediaGroupID = albums[from.MediaGroupID]
		}
		sent = append(sent, messageID{m.MessageID})
	}
	return sent, nil
}

// mayHold says why a message cannot be put into a chat; nil if it can.
func mayHold(c *chat, from *stored) error {
	if c.kind == channel && from.Poll != nil && !from.Poll.IsAnonymous {
		return badRequest("non-anonymous polls can't be sent to channel chats")
	}
	return nil
}

func copyMessage(c *call) (any, error) {
	var replaced *content
	if c.has("caption") {
		replaced = &content{}
		if err := c.caption(replaced, c.arg("caption"), c.arg("parse_mode"), c.arg("caption_entities")); err != nil {
			return nil, err
		}
	}
	reply, keyboard, err := c.readPlace()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.locate(reply, keyboard, "text messages")
	if err != nil {
		return nil, err
	}
	if !c.has("message_id") {
		return nil, badRequest("message identifier is not specified")
	}
	list, err := c.source([]int{int(c.integer("message_id", 0, 0, 1<<31))}, "message to copy not found")
	if err != nil {
		return nil, err
	}
	if err := mayHold(p.chat, list[0]); err != nil {
		return nil, err
	}
	m, err := c.copy(p, list[0], replaced)
	if err != nil {
		return nil, err
	}
	return messageID{m.MessageID}, nil
}

// copy puts a message into another chat as if the bot had written it.
func (c *call) copy(p place, from *stored, caption *content) (*stored, error) {
	m := &stored{author: c.bot.account, bot: c.bot, silent: c.flag("disable_notification")}
	m.Message = from.copied()
	m.ForwardOrigin, m.ForwardFrom, m.ForwardFromChat = nil, nil, nil
	m.ForwardFromMessage, m.ForwardSignature, m.ForwardDate, m.MediaGroupID = 0, "", 0, ""
	if m.Poll != nil { // a poll of its own, where nobody has voted
		m.Poll = m.Poll.afresh(itoa(5_000_000_000_000_000_000 + c.serial()))
	}
	if caption != nil && m.Text == "" {
		caption.contact = &Contact{} // a caption, not a text
		if err := caption.finish(); err != nil {
			return nil, err
		}
		m.Caption, m.CaptionEntities = caption.text.text, c.entities(caption.text.spans)
	}
	if c.flag("remove_caption") {
		m.Caption, m.CaptionEntities = "", nil
	}
	c.sign(m, p.chat)
	m.ThreadID, m.IsTopicMessage = p.thread, p.thread != 0
	m.HasProtectedContent = c.flag("protect_content")
	if p.reply != nil {
		m.ReplyToMessage = p.reply.quoted()
	}
	m.ReplyMarkup, m.otherMarkup, m.removesKeys, m.forcesReply = p.markup.inline, p.markup.keys, p.markup.removes, p.markup.forces
	return c.add(p.chat, m, c.bot), nil
}

func copyMessages(c *call) (any, error) {
	return c.many("There are no messages to copy", func(p place, from *stored) (*stored, error) { return c.copy(p, from, nil) })
}
