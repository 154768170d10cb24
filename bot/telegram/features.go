package telegram

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
	"time"
)

// features remembers what the server at hand turned out not to know. The Bot API grows faster than servers people run at
// home, and than the library.
type features struct {
	mu      sync.RWMutex
	missing map[Feature]time.Time // and when to try again
}

// forgetful is for how long a missing feature is not tried again: servers are upgraded, and a proxy may have told a tale.
const forgetful = time.Hour

// Feature names something newer than the library (Bot API 5.5) that a server may not know.
type Feature string

// Features by parameter and what stands in for them. A server ignores parameters it does not know, so most need no memory:
// link_preview_options is accompanied by disable_web_page_preview, reply_parameters by reply_to_message_id, and
// protect_content, message_thread_id and allow_paid_broadcast do nothing on an old server. Methods are features by their
// own name, e.g. Feature("setMyDescription"): a missing set… method is done without, deleteMessages is done one by one.
const (
	// NewButtons are button fields after 5.5: copy_text (7.11), style (9.4). Without them the buttons that are nothing else
	// are left out.
	NewButtons Feature = "new buttons"
	// TimeTag is <tg-time> (9.5). Without it the enclosed text stands alone.
	TimeTag Feature = "tg-time"
	// QuoteTag is <blockquote> (7.0). Without it the enclosed text stands alone.
	QuoteTag Feature = "blockquote"
)

// Supports tells whether the server may know the feature: true unless it said otherwise within the last hour.
func (c *Client) Supports(f Feature) bool { return c.features.has(f) }

func (f *features) has(what Feature) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	until, missing := f.missing[what]
	return !missing || !time.Now().Before(until)
}

func (f *features) any() bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return len(f.missing) > 0
}

// lacks remembers that the server does not know what.
func (f *features) lacks(what Feature) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.missing == nil {
		f.missing = make(map[Feature]time.Time)
	}
	f.missing[what] = time.Now().Add(forgetful)
}

// adapt leaves out of the request what the server is known not to support.
func (f *features) adapt(r Request) Request {
	if !f.has(NewButtons) {
		r = r.withoutNewButtons()
	}
	for _, name := range []Feature{TimeTag, QuoteTag} {
		if f.has(name) {
			continue
		}
		for _, param := range []string{"text", "caption"} {
			if text := r.Params[param]; strings.Contains(text, "<"+string(name)) {
				r = r.with(param, dropTag(text, string(name)))
			}
		}
	}
	return r
}

// learn remembers what the server's refusal of r says about the server.
func (f *features) learn(r Request, err error) {
	var e *Error
	if !asError(err, &e) {
		return
	}
	text := strings.ToLower(e.Description)
	switch e.Kind {
	case KindMarkup:
		for _, name := range []Feature{TimeTag, QuoteTag} {
			if strings.Contains(text, `unsupported start tag "`+string(name)+`"`) {
				f.lacks(name)
			}
		}
	case KindButton: // what an unknown kind of button looks like to an old server
		plainer := r.withoutNewButtons()
		if strings.Contains(text, "text buttons are unallowed") && plainer.Params["reply_markup"] != r.Params["reply_markup"] {
			f.lacks(NewButtons)
		}
	}
}

var tagForms = map[string]*regexp.Regexp{
	string(TimeTag):  regexp.MustCompile(`(?i)</?tg-time(\s[^<>]*)?>`),
	string(QuoteTag): regexp.MustCompile(`(?i)</?blockquote(\s[^<>]*)?>`),
}

func dropTag(text, name string) string { return tagForms[name].ReplaceAllString(text, "") }

// withoutNewButtons is the request with its inline buttons as Bot API 5.5 knew them.
func (r Request) withoutNewButtons() Request {
	old := r.Params["reply_markup"]
	if !strings.Contains(old, `"inline_keyboard"`) || !strings.Contains(old, `"copy_text"`) && !strings.Contains(old, `"style"`) {
		return r
	}
	var present struct {
		Rows InlineKeyboard `json:"inline_keyboard"`
	}
	if json.Unmarshal([]byte(old), &present) != nil {
		return r
	}
	var rows InlineKeyboard
	for _, row := range present.Rows {
		var kept []Button
		for _, b := range row {
			if b.CopyText == nil {
				b.Style = ""
				kept = append(kept, b)
			}
		}
		if len(kept) > 0 {
			rows = append(rows, kept)
		}
	}
	if len(rows) == 0 {
		return r.withoutKeyboard()
	}
	r = r.clone()
	r.Params.JSON("reply_markup", rows.markup())
	return r
}

// marshal is JSON without the escaping of < > &, which would only make mark-up longer.
func marshal(value any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
