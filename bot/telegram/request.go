package telegram

import (
	"context"
	"encoding/json"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// Request is one call as a value: it can be kept as JSON, carried out later with [Client.Do], and mended after a refusal.
// The functions of this file make valid ones. A file's bytes are kept within (in base64): use file ids where possible.
type Request struct {
	Method string `json:"method"`
	Params Params `json:"params,omitempty"`
	Files  []File `json:"files,omitempty"`
}

// Chat is the id of the chat the request acts on; 0 for those that act on none, or address it by @name.
func (r Request) Chat() int64 {
	id, _ := strconv.ParseInt(r.Params["chat_id"], 10, 64)
	return id
}

// Thread is the forum topic the request sends into; 0 for none.
func (r Request) Thread() int {
	thread, _ := strconv.Atoi(r.Params["message_thread_id"])
	return thread
}

// Counts tells whether Telegram counts the request for its flood limits: messages and edits do; answers to presses and
// inline queries, deletions, questions and settings do not (the server's maintainer on answerCallbackQuery,
// tdlib/telegram-bot-api#648).
func (r Request) Counts() bool {
	for _, prefix := range []string{"send", "edit", "copy", "forward", "pin"} {
		if strings.HasPrefix(r.Method, prefix) {
			return true
		}
	}
	return false
}

// Awaited tells whether the request ends a wait that a person sees: a pressed button that is busy, an inline query without results.
func (r Request) Awaited() bool { return strings.HasPrefix(r.Method, "answer") }

// Repeatable tells whether the request may be repeated when nobody knows whether it was carried out: edits, deletions,
// answers and settings come to the same when done twice; messages would double.
func (r Request) Repeatable() bool {
	for _, prefix := range []string{"send", "copy", "forward"} {
		if strings.HasPrefix(r.Method, prefix) {
			return false
		}
	}
	return true
}

// Result is what came of a request: the message it made or changed, where it is about one.
type Result struct {
	MessageID int    `json:"message_id"` // 0 for requests that make no message
	ChatID    int64  `json:"-"`
	Date      int64  `json:"date"` // Unix seconds
	PhotoID   string `json:"-"`    // the photo's file id, to be sent again without another upload
}

// Do carries the request out. What the server is known not to support is left out first. A failure is an [*Error].
func (c *Client) Do(ctx context.Context, r Request) (Result, error) {
	var m struct {
		ID    int         `json:"message_id"`
		Date  int64       `json:"date"`
		Photo []PhotoSize `json:"photo"`
		Chat  struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	answer := tolerant{into: &m}
	if err := c.DoInto(ctx, r, &answer); err != nil {
		return Result{}, err
	}
	switch {
	case answer.raw == nil: // it was decoded
	case answer.raw[0] != '{':
		return Result{}, nil
	default:
		if err := c.decode(r.Method, answer.raw, &m); err != nil {
			return Result{}, err
		}
	}
	return Result{MessageID: m.ID, ChatID: m.Chat.ID, Date: m.Date, PhotoID: largest(m.Photo)}, nil
}

// DoInto is [Client.Do] for callers who want the whole result, such as the [Message] a forward makes.
func (c *Client) DoInto(ctx context.Context, r Request, into any) error {
	if !c.Supports(Feature(r.Method)) {
		return &Error{
			Method: r.Method, Code: 404, Kind: KindUnknownMethod, Unsent: true,
			Description: "the server did not know this method before",
		}
	}
	if c.features.any() {
		r = c.features.adapt(r)
	}
	limit := c.send
	if len(r.Files) > 0 {
		limit = c.upload
	}
	err := c.call(ctx, limit, r.Method, r.Params, r.Files, into)
	if err != nil {
		c.features.learn(r, err)
	}
	return err
}

// Preview says how a link's preview is shown (Bot API 7.0). The zero value leaves it to Telegram: the first link of the text.
type Preview struct {
	Off bool   // no preview
	URL string // the link to preview, which need not stand in the text
	// Small, Large and Above are heeded with a URL only.
	Small bool
	Large bool
	Above bool // above the text
}

func (v Preview) set(p Params) {
	if v == (Preview{}) {
		return
	}
	p.JSON("link_preview_options", struct {
		Off   bool   `json:"is_disabled,omitempty"`
		URL   string `json:"url,omitempty"`
		Small bool   `json:"prefer_small_media,omitempty"`
		Large bool   `json:"prefer_large_media,omitempty"`
		Above bool   `json:"show_above_text,omitempty"`
	}(v))
	p.Bool("disable_web_page_preview", v.Off) // for servers before 7.0
}

// Outgoing is a message to be sent: of text or, with a Photo or File, with the text as its caption.
type Outgoing struct {
	ChatID   int64
	ThreadID int    // forum topic; 0 is General or none
	Text     string // HTML as the Bot API has it, at most 4096 characters shown, 1024 as a caption
	Plain    bool   // the text is not HTML but plain

	Photo string // URL or file id
	File  *File  // bytes instead: Field is "photo" or "document"

	Keyboard     Keyboard // nil: none
	Preview      Preview  // of text messages
	CaptionAbove bool     // the caption stands above the photo (7.4)
	Silent       bool
	Protect      bool // no forwarding and saving (5.6)
	ReplyTo      int  // message id in the same chat; sent without if that is gone
	// Paid lets the message go beyond the free 30 a second, at a price (7.11). Only for operators who chose to pay.
	Paid bool
}

// Send is the request that sends o.
func Send(o Outgoing) Request {
	p := make(Params, 8)
	p.Int("chat_id", o.ChatID)
	p.Int("message_thread_id", int64(o.ThreadID))
	p.Bool("disable_notification", o.Silent)
	p.Bool("protect_content", o.Protect)
	p.Bool("allow_paid_broadcast", o.Paid)
	if !o.Plain && o.Text != "" {
		p["parse_mode"] = "HTML"
	}
	if o.Keyboard != nil {
		p.JSON("reply_markup", o.Keyboard.markup())
	}
	p.replyTo(o.ReplyTo)
	r := Request{Method: "sendMessage", Params: p}
	switch {
	case o.File != nil && o.File.Field == "document":
		r.Method, r.Files = "sendDocument", []File{*o.File}
	case o.File != nil:
		r.Method, r.Files = "sendPhoto", []File{*o.File}
	case o.Photo != "":
		r.Method = "sendPhoto"
		p["photo"] = o.Photo
	}
	if r.Method == "sendMessage" {
		p["text"] = o.Text
		o.Preview.set(p)
	} else {
		p.Text("caption", o.Text)
		p.Bool("show_caption_above_media", o.CaptionAbove)
	}
	return r
}

// SendText is the request that sends a text of HTML, with a keyboard or nil.
func SendText(chat int64, text string, k Keyboard) Request {
	return Send(Outgoing{ChatID: chat, Text: text, Keyboard: k})
}

// Edit is a change to a message of ours: in a chat by ChatID and MessageID, or by InlineID where inline mode sent it.
type Edit struct {
	ChatID    int64
	MessageID int
	InlineID  string
	Text      string // HTML
	Plain     bool
	// Keyboard replaces the present one; nil takes it away.
	Keyboard     InlineKeyboard
	Preview      Preview
	CaptionAbove bool
	Photo        string // URL or file id, for [EditPhoto]
	File         *File  // bytes of the photo instead
}

func (e Edit) params() Params {
	p := make(Params, 6)
	p.Int("chat_id", e.ChatID)
	p.Int("message_id", int64(e.MessageID))
	p.Text("inline_message_id", e.InlineID)
	if len(e.Keyboard) > 0 {
		p.JSON("reply_markup", e.Keyboard.markup())
	}
	return p
}

func (e Edit) parseMode() string {
	if e.Plain {
		return ""
	}
	return "HTML"
}

// EditText replaces the text and keyboard of a text message.
func EditText(e Edit) Request {
	p := e.params()
	p["text"] = e.Text
	p.Text("parse_mode", e.parseMode())
	e.Preview.set(p)
	return Request{Method: "editMessageText", Params: p}
}

// EditCaption replaces the caption and keyboard of a photo.
func EditCaption(e Edit) Request {
	p := e.params()
	p["caption"] = e.Text
	p.Text("parse_mode", e.parseMode())
	p.Bool("show_caption_above_media", e.CaptionAbove)
	return Request{Method: "editMessageCaption", Params: p}
}

// EditPhoto replaces photo, caption and keyboard of a photo; it also makes a text message a photo.
func EditPhoto(e Edit) Request {
	p := e.params()
	r := Request{Method: "editMessageMedia", Params: p}
	if e.File != nil {
		e.Photo, r.Files = "attach://"+e.File.Field, []File{*e.File}
	}
	p.JSON("media", struct {
		Type    string `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption,omitempty"`
		Mode    string `json:"parse_mode,omitempty"`
		Above   bool   `json:"show_caption_above_media,omitempty"`
	}{"photo", e.Photo, e.Text, e.parseMode(), e.CaptionAbove})
	return r
}

// EditKeyboard replaces the keyboard alone.
func EditKeyboard(e Edit) Request {
	return Request{Method: "editMessageReplyMarkup", Params: e.params()}
}

func onMessage(method string, chat int64, message int) Request {
	p := make(Params, 3)
	p.Int("chat_id", chat)
	p.Int("message_id", int64(message))
	return Request{Method: method, Params: p}
}

// Delete takes a message back; Telegram allows it for 48 hours.
func Delete(chat int64, message int) Request { return onMessage("deleteMessage", chat, message) }

// Pin pins a message, silently or not.
func Pin(chat int64, message int, silent bool) Request {
	r := onMessage("pinChatMessage", chat, message)
	r.Params.Bool("disable_notification", silent)
	return r
}

// Unpin unpins a message.
func Unpin(chat int64, message int) Request { return onMessage("unpinChatMessage", chat, message) }

// Forward forwards a message, silently or not; the result is a [Message] (see [Client.DoInto]).
func Forward(to, from int64, message int, silent bool) Request {
	r := onMessage("forwardMessage", to, message)
	r.Params.Int("from_chat_id", from)
	r.Params.Bool("disable_notification", silent)
	return r
}

// CopyMessage sends a message again as our own, with a keyboard or nil.
func CopyMessage(to, from int64, message int, k Keyboard) Request {
	r := onMessage("copyMessage", to, message)
	r.Params.Int("from_chat_id", from)
	if k != nil {
		r.Params.JSON("reply_markup", k.markup())
	}
	return r
}

// CopyMessages sends 1–100 messages of a chat again as our own, in ascending order of their ids; an album stays one (7.0). Those that are
// gone are left out: the result lists the ids of the others.
func CopyMessages(to, from int64, messages []int) Request {
	p := Params{}
	p.Int("chat_id", to)
	p.Int("from_chat_id", from)
	p.JSON("message_ids", messages)
	return Request{Method: "copyMessages", Params: p}
}

// DeleteMessages takes 1–100 messages of a chat back (7.0); see [Delete].
func DeleteMessages(chat int64, messages []int) Request {
	p := Params{}
	p.Int("chat_id", chat)
	p.JSON("message_ids", messages)
	return Request{Method: "deleteMessages", Params: p}
}

// AnswerCallback ends the wait of a pressed button, with a notice of at most 200 characters or none; alert shows it in a box to be closed.
func AnswerCallback(query, text string, alert bool) Request {
	p := Params{"callback_query_id": query}
	p.Text("text", text)
	p.Bool("show_alert", alert)
	return Request{Method: "answerCallbackQuery", Params: p}
}

// InlineArticle is one result of an inline query. ID is of 1–64 bytes, unique among the results.
type InlineArticle struct {
	ID          string
	Title       string
	Description string
	Thumbnail   string // URL
	Text        string // HTML of the message that is sent when picked
	Preview     Preview
	Keyboard    InlineKeyboard
}

// InlineAnswer answers an inline query: at most 50 results, kept by Telegram for Cache seconds.
type InlineAnswer struct {
	QueryID  string
	Articles []InlineArticle
	Cache    int
	Personal bool   // the results are for this user alone
	Next     string // offset of the next page, "" if there is none
	// StartText, if set, is a button above the results that opens the chat with the bot and sends /start with StartPayload.
	StartText    string
	StartPayload string
}

// AnswerInline is the request that answers an inline query.
func AnswerInline(a InlineAnswer) Request {
	results := make([]map[string]any, 0, len(a.Articles))
	for _, x := range a.Articles {
		content := Params{"message_text": x.Text, "parse_mode": "HTML"}
		x.Preview.set(content)
		text := map[string]any{}
		for name, value := range content {
			switch name {
			case "link_preview_options":
				text[name] = json.RawMessage(value)
			case "disable_web_page_preview":
				text[name] = true
			default:
				text[name] = value
			}
		}
		result := map[string]any{"type": "article", "id": x.ID, "title": x.Title, "input_message_content": text}
		if x.Description != "" {
			result["description"] = x.Description
		}
		if x.Thumbnail != "" {
			result["thumbnail_url"], result["thumb_url"] = x.Thumbnail, x.Thumbnail // the second for servers before 6.6
		}
		if len(x.Keyboard) > 0 {
			result["reply_markup"] = x.Keyboard.markup()
		}
		results = append(results, result)
	}
	p := Params{"inline_query_id": a.QueryID, "cache_time": strconv.Itoa(a.Cache)}
	p.JSON("results", results)
	p.Bool("is_personal", a.Personal)
	p.Text("next_offset", a.Next)
	if a.StartText != "" {
		p.JSON("button", map[string]string{"text": a.StartText, "start_parameter": a.StartPayload})
		p["switch_pm_text"], p["switch_pm_parameter"] = a.StartText, a.StartPayload // for servers before 6.7
	}
	return Request{Method: "answerInlineQuery", Params: p}
}

// SetCommands sets the command menu of a scope for clients in a language ("" for all others; else two letters).
func SetCommands(scope Scope, language string, commands []Command) Request {
	if commands == nil {
		commands = []Command{} // null is refused
	}
	p := Params{}
	p.JSON("commands", commands)
	if scope.Type != "" {
		p.JSON("scope", scope)
	}
	p.Text("language_code", language)
	return Request{Method: "setMyCommands", Params: p}
}

// SetName sets the bot's name (at most 64 characters) for clients in a language (6.7).
func SetName(name, language string) Request { return profile("setMyName", "name", name, language) }

// SetDescription sets what an empty chat with the bot shows (at most 512 characters; 6.6).
func SetDescription(text, language string) Request {
	return profile("setMyDescription", "description", text, language)
}

// SetShortDescription sets the line of the bot's profile (at most 120 characters; 6.6).
func SetShortDescription(text, language string) Request {
	return profile("setMyShortDescription", "short_description", text, language)
}

func profile(method, field, text, language string) Request {
	p := Params{field: text}
	p.Text("language_code", language)
	return Request{Method: method, Params: p}
}

// SetDefaultRights sets the rights Telegram suggests to people who add the bot as an administrator (6.0).
func SetDefaultRights(rights AdminRights, channels bool) Request {
	p := Params{}
	p.JSON("rights", rights)
	p.Bool("for_channels", channels)
	return Request{Method: "setMyDefaultAdministratorRights", Params: p}
}

// To is the request with another chat as its target.
func (r Request) To(chat int64) Request {
	r = r.clone()
	r.Params.Int("chat_id", chat)
	return r
}

// Silent is the request without a sound at the receiver.
func (r Request) Silent() Request { return r.with("disable_notification", "true") }

// Paid is the request as a paid broadcast; see [Outgoing].
func (r Request) Paid() Request { return r.with("allow_paid_broadcast", "true") }

// InThread is the request addressed to a forum topic; 0 leaves it as it is.
func (r Request) InThread(thread int) Request {
	if thread == 0 {
		return r
	}
	return r.with("message_thread_id", strconv.Itoa(thread))
}

// ReplyTo is the request as a reply to a message of its chat; it is sent also if that is gone.
func (r Request) ReplyTo(message int) Request {
	r = r.clone()
	r.Params.replyTo(message)
	return r
}

func (p Params) replyTo(message int) {
	if message == 0 {
		return
	}
	p.JSON("reply_parameters", map[string]any{"message_id": message, "allow_sending_without_reply": true})
	p.Int("reply_to_message_id", int64(message)) // this and the next for servers before 7.0
	p.Bool("allow_sending_without_reply", true)
}

// WithoutThread is the request addressed to the chat's General topic.
func (r Request) WithoutThread() Request { return r.without("message_thread_id") }

// withoutKeyboard is the request without buttons.
func (r Request) withoutKeyboard() Request { return r.without("reply_markup") }

// WithoutPhoto is the request as a message of text alone; requests that send no photo stay as they are.
func (r Request) WithoutPhoto() Request {
	if r.Method != "sendPhoto" {
		return r
	}
	r = r.without("photo", "caption", "show_caption_above_media").with("text", r.Params["caption"])
	r.Method, r.Files = "sendMessage", nil
	return r
}

// AsPlain is the request with its mark-up taken out and the links written out behind their texts.
func (r Request) AsPlain() Request {
	if r.Params["parse_mode"] == "" {
		return r
	}
	r = r.without("parse_mode")
	for _, name := range []string{"text", "caption"} {
		if text, ok := r.Params[name]; ok {
			r.Params[name] = plain(text)
		}
	}
	return r
}

// Repaired is what to send instead after err refused the request: to the supergroup a group has become, as plain text, without
// photo, without thread, with plainer buttons or none; if nobody knows what is wrong, with one ornament less. The second result is false when there is nothing to mend. Each step
// takes something away, so repeated repairs end.
func (r Request) Repaired(err error) (Request, bool) {
	var e *Error
	if !asError(err, &e) {
		return r, false
	}
	fixed := r
	switch e.Kind {
	case KindMigrated:
		if e.MigrateTo == r.Chat() {
			return r, false
		}
		return r.To(e.MigrateTo), true
	case KindMarkup:
		fixed = r.AsPlain()
	case KindPhoto:
		fixed = r.WithoutPhoto()
		if fixed.Method == r.Method || fixed.Params["text"] == "" {
			return r, false
		}
		return fixed, true
	case KindThreadGone:
		fixed = r.WithoutThread()
	case KindTooLong: // a text may be longer than a caption
		fixed = r.WithoutPhoto()
	case KindBadMessage, KindTooLarge, KindUnknownMethod: // nobody knows what is wrong with it
		fixed = r.plainer()
	case KindButton:
		if fixed = r.withoutNewButtons(); fixed.Params["reply_markup"] == r.Params["reply_markup"] {
			fixed = r.withoutKeyboard()
		}
	default:
		return r, false
	}
	return fixed, !sameParams(fixed.Params, r.Params)
}

// plainer is the request with the first of its ornaments left out: that it is a reply, the photo, the mark-up, the buttons.
func (r Request) plainer() Request {
	switch {
	case r.Params["reply_parameters"] != "":
		return r.without("reply_parameters", "reply_to_message_id", "allow_sending_without_reply")
	case r.Method == "sendPhoto" && r.Params["caption"] != "":
		return r.WithoutPhoto()
	case r.Params["parse_mode"] != "":
		return r.AsPlain()
	}
	return r.withoutKeyboard()
}

func (r Request) clone() Request {
	params := make(Params, len(r.Params)+1)
	for name, value := range r.Params {
		params[name] = value
	}
	r.Params = params
	return r
}

func (r Request) without(names ...string) Request {
	r = r.clone()
	for _, name := range names {
		delete(r.Params, name)
	}
	return r
}

func (r Request) with(name, value string) Request {
	r = r.clone()
	r.Params[name] = value
	return r
}

func sameParams(a, b Params) bool {
	if len(a) != len(b) {
		return false
	}
	for name, value := range a {
		if other, ok := b[name]; !ok || other != value {
			return false
		}
	}
	return true
}

var (
	anchor = regexp.MustCompile(`(?is)<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>(.*?)</a\s*>`)
	tag    = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
)

// plain is HTML of ours as plain text.
func plain(text string) string {
	text = anchor.ReplaceAllStringFunc(text, func(link string) string {
		part := anchor.FindStringSubmatch(link)
		url, words := part[1]+part[2], part[3]
		if url == "" || strings.HasPrefix(url, "tg:") || html.UnescapeString(url) == html.UnescapeString(words) {
			return words
		}
		return words + " (" + url + ")"
	})
	return html.UnescapeString(tag.ReplaceAllString(text, ""))
}
