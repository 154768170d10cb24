package delivery_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/store"
)

// paper is a Bot API server that answers as the documentation says, and nothing more: what a call is answered is written down
// before, the last answer again and again.
type paper struct {
	mu      sync.Mutex
	answers map[string][]answer // method and chat → answers, in turn
	calls   []call
}

// answer is a status, a body and headers; a body that begins with ! breaks the connection after what follows.
type answer struct {
	status int
	body   string
	header string
}

type call struct {
	method string
	params map[string]string
	at     time.Time
}

func (p *paper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseMultipartForm(1 << 20)
	_ = r.ParseForm()
	c := call{method: r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], params: map[string]string{}, at: time.Now()}
	for name := range r.Form {
		c.params[name] = r.Form.Get(name)
	}
	p.mu.Lock()
	p.calls = append(p.calls, c)
	a := answer{200, `{"ok":true,"result":true}`, ""}
	switch {
	case c.method == "getMe":
		a.body = `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"x","username":"x_bot"}}`
	case strings.HasPrefix(c.method, "send"), strings.HasPrefix(c.method, "edit"):
		a.body = fmt.Sprintf(`{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":%s,"type":"private"},"text":"x"}}`, len(p.calls), c.params["chat_id"])
	}
	for _, key := range []string{c.method + " " + c.params["chat_id"], c.method} {
		if list := p.answers[key]; len(list) > 0 {
			a = list[0]
			if len(list) > 1 {
				p.answers[key] = list[1:]
			}
			break
		}
	}
	p.mu.Unlock()
	if name, value, has := strings.Cut(a.header, ": "); has {
		w.Header().Set(name, value)
	}
	if strings.HasPrefix(a.body, "{") {
		w.Header().Set("Content-Type", "application/json")
	}
	if cut, broken := strings.CutPrefix(a.body, "!"); broken {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(a.status)
		fmt.Fprint(w, cut)
		return // the server ends the connection, for the body is too short
	}
	w.WriteHeader(a.status)
	fmt.Fprint(w, a.body)
}

// sent lists the calls of a method prefix to a chat.
func (p *paper) sent(prefix string, chat int64) []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []call
	for _, c := range p.calls {
		if strings.HasPrefix(c.method, prefix) && c.params["chat_id"] == fmt.Sprint(chat) {
			list = append(list, c)
		}
	}
	return list
}

// refused is an error as the Bot API words it.
func refused(code int, description string) answer {
	body, _ := json.Marshal(map[string]any{"ok": false, "error_code": code, "description": description})
	return answer{code, string(body), ""}
}

// onPaper is a house whose Telegram is a paper server.
func onPaper(t *testing.T, answers map[string][]answer, change ...func(*delivery.Config)) (*house, *paper, func()) {
	t.Helper()
	p := &paper{answers: answers}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	h := newHouse(t, change...)
	return h, p, h.openAt(server.URL)
}

const (
	refusedChat  = int64(-1001)
	otherChat    = int64(2000)
	managerChat  = int64(3000)
	managersText = "চ্যানেলটি"
)

// Every refusal has its consequence for the chat and nobody else; the next chat gets its news.
func TestEveryRefusalHasItsConsequence(t *testing.T) {
	t.Parallel()
	type wanted struct {
		state store.ChatState
		// calls is how many were made to the chat in the end, form what the last of them is.
		calls int
		form  string
		// told is what the manager reads.
		told string
	}
	const photo, text, plain, bare = "photo", "text", "plain", "bare"
	delivered := func(form string, calls int) wanted { return wanted{store.Active, calls, form, ""} }
	removed := wanted{store.Gone, 1, photo, "থেকে আমাকে সরিয়ে দেওয়া হয়েছে"}
	closed := wanted{store.Unpostable, 1, photo, "খবর প্রকাশ করা যাচ্ছে না"}
	for name, test := range map[string]struct {
		photos, texts []answer
		want          wanted
	}{
		"kicked":            {[]answer{refused(403, "Forbidden: bot was kicked from the channel chat")}, nil, removed},
		"not a member":      {[]answer{refused(403, "Forbidden: bot is not a member of the channel chat")}, nil, removed},
		"deleted":           {[]answer{refused(403, "Forbidden: the group chat was deleted")}, nil, removed},
		"deactivated":       {[]answer{refused(400, "Bad Request: group is deactivated")}, nil, removed},
		"private now":       {[]answer{refused(400, "Bad Request: CHANNEL_PRIVATE")}, nil, removed},
		"another 403":       {[]answer{refused(403, "Forbidden: something of tomorrow")}, nil, removed},
		"no post right":     {[]answer{refused(400, "Bad Request: need administrator rights in the channel chat")}, nil, closed},
		"no write access":   {[]answer{refused(400, "Bad Request: have no write access to the chat")}, nil, closed},
		"no text right":     {[]answer{refused(400, "Bad Request: not enough rights to send text messages to the chat")}, nil, closed},
		"write forbidden":   {[]answer{refused(400, "Bad Request: CHAT_WRITE_FORBIDDEN")}, nil, closed},
		"admin required":    {[]answer{refused(400, "Bad Request: CHAT_ADMIN_REQUIRED")}, nil, closed},
		"topic closed":      {[]answer{refused(400, "Bad Request: TOPIC_CLOSED")}, nil, closed},
		"no photo right":    {[]answer{refused(400, "Bad Request: not enough rights to send photos to the chat")}, nil, delivered(text, 2)},
		"bad photo":         {[]answer{refused(400, "Bad Request: wrong file identifier/HTTP URL specified")}, nil, delivered(text, 2)},
		"photo not fetched": {[]answer{refused(400, "Bad Request: failed to get HTTP URL content")}, nil, delivered(text, 2)},
		"dimensions":        {[]answer{refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")}, nil, delivered(text, 2)},
		"long caption":      {[]answer{refused(400, "Bad Request: message caption is too long")}, nil, delivered(text, 2)},
		"too large":         {[]answer{{413, "", ""}}, nil, delivered(text, 2)},
		"no such method":    {[]answer{refused(404, "Not Found: method not found")}, nil, delivered(text, 2)},
		"photo and markup":  {[]answer{refused(400, "Bad Request: IMAGE_PROCESS_FAILED")}, []answer{refused(400, "Bad Request: can't parse entities: Unsupported start tag \"b\" at byte offset 0"), {}}, delivered(plain, 3)},
		"button":            {[]answer{refused(400, "Bad Request: BUTTON_URL_INVALID"), {}}, nil, delivered(photo, 2)},
		"of tomorrow":       {[]answer{refused(400, "Bad Request: A_NAME_OF_TOMORROW")}, []answer{refused(400, "Bad Request: A_NAME_OF_TOMORROW"), refused(400, "Bad Request: A_NAME_OF_TOMORROW"), {}}, delivered(bare, 4)},
		"without a code":    {[]answer{{400, `{"ok":false,"description":"Bad Request: wrong file identifier/HTTP URL specified"}`, ""}}, nil, delivered(text, 2)},
		"status 200":        {[]answer{{200, `{"ok":false,"error_code":400,"description":"Bad Request: wrong file identifier/HTTP URL specified"}`, ""}}, nil, delivered(text, 2)},
		"result is true":    {[]answer{{200, `{"ok":true,"result":true}`, ""}}, nil, delivered(photo, 1)},
		"no result":         {[]answer{{200, `{"ok":true}`, ""}}, nil, delivered(photo, 1)},
		"flood":             {[]answer{{429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`, ""}, {}}, nil, delivered(photo, 2)},
		"flood in words":    {[]answer{refused(429, "Too Many Requests: retry after 1"), {}}, nil, delivered(photo, 2)},
		"flood in a header": {[]answer{{429, "<html>slow down</html>", "Retry-After: 1"}, {}}, nil, delivered(photo, 2)},
		"a proxy's page":    {[]answer{{403, "<html>no</html>", ""}, {}}, nil, delivered(photo, 2)},
		"redirect":          {[]answer{{302, "", "Location: http://portal.example/"}, {}}, nil, delivered(photo, 2)},
		"revoked":           {[]answer{refused(401, "Unauthorized"), refused(401, "Unauthorized"), {}}, nil, delivered(photo, 3)},
		"conflict":          {[]answer{refused(409, "Conflict: terminated by other getUpdates request"), {}}, nil, delivered(photo, 2)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			usual := func(list []answer) []answer { // {} stands for the usual answer
				for i := range list {
					if list[i].status == 0 {
						list[i] = answer{200, `{"ok":true,"result":{"message_id":77,"date":1,"chat":{"id":-1001,"type":"channel"},"text":"x"}}`, ""}
					}
				}
				return list
			}
			h, p, stop := onPaper(t, map[string][]answer{
				fmt.Sprint("sendPhoto ", refusedChat): usual(test.photos), fmt.Sprint("sendMessage ", refusedChat): usual(test.texts),
			})
			defer stop()
			c := h.keep(store.Chat{TelegramID: refusedChat, Kind: store.Channel, Title: managersText})
			h.keep(store.Chat{TelegramID: otherChat, Kind: store.Private, Welcomed: true})
			manager := h.keep(store.Chat{TelegramID: managerChat, Kind: store.Private, Welcomed: true})
			h.write(func(tx store.Tx) error {
				if err := tx.Subscribe(t.Context(), manager.ID, nil); err != nil {
					return err
				}
				return tx.Manage(t.Context(), c.ID, managerChat, time.Now())
			})
			h.publish("একটি খবর", withPicture)
			h.until("both chats are called", func() bool {
				return len(p.sent("send", otherChat)) > 0 && len(p.sent("send", refusedChat)) >= test.want.calls
			})
			h.settled()
			calls := p.sent("send", refusedChat)
			last := calls[len(calls)-1]
			form := map[bool]string{true: photo, false: text}[last.method == "sendPhoto"]
			if form == text && last.params["parse_mode"] == "" {
				form = plain
				if last.params["reply_markup"] == "" {
					form = bare
				}
			}
			chat, err := h.store.Chat(t.Context(), refusedChat)
			if err != nil || chat.State != test.want.state || len(calls) != test.want.calls || form != test.want.form {
				t.Errorf("the chat is %s after %d calls, the last %s; want %+v; %v", chat.State, len(calls), form, test.want, err)
			}
			everywhere := name == "no such method" // what the server does not know is tried for nobody else
			if other := p.sent("send", otherChat); len(other) != 1 || other[0].method != "sendPhoto" && !everywhere {
				t.Errorf("the other chat got %+v", other)
			}
			told := p.sent("send", managerChat)
			if (test.want.told == "") != (len(told) == 0) || len(told) > 1 || len(told) == 1 && !strings.Contains(told[0].params["text"], test.want.told) {
				t.Errorf("the manager was told %+v", told)
			}
			if counts, err := h.store.CountDoubts(t.Context()); err != nil || len(counts) != 0 {
				t.Errorf("there are doubts: %v, %v", counts, err)
			}
		})
	}
}

// What nobody knows the fate of is in doubt once, and goes on from there.
func TestWhatHasNoCleanAnswerIsInDoubt(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]answer{
		"a page of 502":        {502, "<html>\r\n<head><title>502 Bad Gateway</title></head></html>", ""},
		"an empty 504":         {504, "", ""},
		"500 in JSON":          refused(500, "Internal Server Error: restart"),
		"inner gateway":        refused(400, "Bad Request: Bad Gateway"),
		"cut in the middle":    {200, `!{"ok":true,"result":{"message_id":5`, ""},
		"not JSON":             {200, "<html>welcome to our hotel</html>", ""},
		"nothing":              {200, "", ""},
		"another shape":        {200, `{"ok":true,"result":{"message_id":"five","chat":7}}`, ""},
		"neither yes nor no":   {200, `{}`, ""},
		"a cut page of errors": {502, "!<html>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, p, stop := onPaper(t, map[string][]answer{fmt.Sprint("sendMessage ", otherChat): {a, {200, `{"ok":true,"result":{"message_id":9,"date":1,"chat":{"id":2000,"type":"private"}}}`, ""}}})
			defer stop()
			h.keep(store.Chat{TelegramID: otherChat, Kind: store.Private, Welcomed: true})
			h.publish("প্রথম খবর")
			h.until("the first message is sent", func() bool { return len(p.sent("send", otherChat)) > 0 })
			h.settled()
			h.publish("দ্বিতীয় খবর")
			h.until("the second message is sent", func() bool { return len(p.sent("send", otherChat)) > 1 })
			h.settled()
			calls := p.sent("send", otherChat)
			if len(calls) != 2 || !strings.Contains(calls[1].params["text"], "আগের খবরটি না পেয়ে থাকলে: <a href=") || !strings.Contains(calls[1].params["text"], "প্রথম খবর</a>") {
				t.Errorf("sent were %+v", calls)
			}
			counts, err := h.store.CountDoubts(t.Context())
			if err != nil || counts[store.DoubtMentioned] != 1 || len(counts) != 1 {
				t.Errorf("the doubts are %v, %v", counts, err)
			}
		})
	}
}

// While questions are answered and messages are not, one message for each longer wait is in doubt, not all of them.
func TestAnOutageOfMessagesAlonePutsFewInDoubt(t *testing.T) {
	t.Parallel()
	h, p, stop := onPaper(t, map[string][]answer{"sendMessage": {{502, "<html></html>", ""}}}, func(c *delivery.Config) { c.Rate = 50 })
	defer stop()
	const readers = 100
	for id := range int64(readers) {
		h.keep(store.Chat{TelegramID: 5000 + id, Kind: store.Private, Welcomed: true})
	}
	h.publish("একটি খবর")
	tries := func() (n int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.calls {
			if c.method == "sendMessage" {
				n++
			}
		}
		return n
	}
	began := time.Now()
	h.until("four seconds are over", func() bool { return time.Since(began) >= 4*time.Second })
	first := tries()
	if first > 25 {
		t.Errorf("%d messages were put in doubt within four seconds", first)
	}
	p.mu.Lock()
	delete(p.answers, "sendMessage")
	p.mu.Unlock()
	h.until("every reader is tried", func() bool { return tries() >= readers })
	h.settled()
	if n := tries(); n != readers {
		t.Errorf("%d messages for %d readers", n, readers)
	}
}

// Whatever a correction is answered, it comes to an end, in as many calls as it takes and no more.
func TestEveryRefusalOfACorrectionEndsIt(t *testing.T) {
	t.Parallel()
	ok := answer{200, `{"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":2000,"type":"private"},"text":"x"}}`, ""}
	for name, test := range map[string]struct {
		answers []answer
		calls   int
		state   store.ChatState
	}{
		"well":           {[]answer{ok}, 1, store.Active},
		"true":           {[]answer{{200, `{"ok":true,"result":true}`, ""}}, 1, store.Active},
		"not modified":   {[]answer{refused(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")}, 1, store.Active},
		"gone":           {[]answer{refused(400, "Bad Request: message to edit not found")}, 1, store.Active},
		"not to be":      {[]answer{refused(400, "Bad Request: message can't be edited")}, 1, store.Active},
		"another form":   {[]answer{refused(400, "Bad Request: there is no text in the message to edit")}, 1, store.Active},
		"markup":         {[]answer{refused(400, "Bad Request: can't parse entities: Unsupported start tag \"b\" at byte offset 0"), ok}, 2, store.Active},
		"button":         {[]answer{refused(400, "Bad Request: BUTTON_URL_INVALID"), ok}, 2, store.Active},
		"of tomorrow":    {[]answer{refused(400, "Bad Request: A_NAME_OF_TOMORROW")}, 3, store.Active},
		"blocked":        {[]answer{refused(403, "Forbidden: bot was blocked by the user")}, 1, store.Blocked},
		"flood":          {[]answer{refused(429, "Too Many Requests: retry after 1"), ok}, 2, store.Active},
		"a bad gateway":  {[]answer{{502, "<html></html>", ""}, {502, "<html></html>", ""}, ok}, 3, store.Active},
		"cut":            {[]answer{{200, `!{"ok":true`, ""}, ok}, 2, store.Active},
		"revoked":        {[]answer{refused(401, "Unauthorized"), ok}, 2, store.Active},
		"no such method": {[]answer{refused(404, "Not Found: method not found")}, 1, store.Active},
		"became a forum": {[]answer{{400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1009}}`, ""}}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, p, stop := onPaper(t, map[string][]answer{fmt.Sprint("editMessageText ", otherChat): test.answers})
			defer stop()
			h.keep(store.Chat{TelegramID: otherChat, Kind: store.Private, Welcomed: true})
			a := h.publish("ভুল শিরোনাম")
			h.until("the first message is sent", func() bool { return len(p.sent("send", otherChat)) > 0 })
			h.settled()
			h.revise(a, "ঠিক শিরোনাম")
			h.until("the correction is answered", func() bool { return len(p.sent("edit", otherChat)) >= test.calls })
			h.settled()
			if calls := p.sent("edit", otherChat); len(calls) != test.calls {
				t.Errorf("%d calls, want %d: %+v", len(calls), test.calls, calls)
			}
			if n := len(p.sent("send", otherChat)); n != 1 {
				t.Errorf("%d messages were sent", n)
			}
			if c, err := h.store.Chat(t.Context(), otherChat); c.State != test.state {
				t.Errorf("the chat is %s, want %s; %v", c.State, test.state, err)
			}
		})
	}
}

// A message that may not be deleted any more is marked.
func TestEveryRefusalOfADeletionLeavesAMark(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer answer
		marked bool
	}{
		"old":       {refused(400, "Bad Request: message can't be deleted"), true},
		"for all":   {refused(400, "Bad Request: message can't be deleted for everyone"), true},
		"forbidden": {refused(400, "Bad Request: MESSAGE_DELETE_FORBIDDEN"), true},
		"no right":  {refused(400, "Bad Request: not enough rights to delete messages"), true},
		"tomorrow":  {refused(400, "Bad Request: A_NAME_OF_TOMORROW"), true},
		"gone":      {refused(400, "Bad Request: message to delete not found"), false},
		"well":      {answer{200, `{"ok":true,"result":true}`, ""}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, p, stop := onPaper(t, map[string][]answer{fmt.Sprint("deleteMessage ", otherChat): {test.answer}})
			defer stop()
			h.keep(store.Chat{TelegramID: otherChat, Kind: store.Private, Welcomed: true})
			a := h.publish("ভুল খবর")
			h.until("the first message is sent", func() bool { return len(p.sent("send", otherChat)) > 0 })
			h.settled()
			h.retract(a)
			h.until("the deletion is asked for", func() bool { return len(p.sent("deleteMessage", otherChat)) > 0 })
			h.settled()
			marks := p.sent("edit", otherChat)
			if marked := len(marks) == 1 && strings.Contains(marks[0].params["text"], "প্রত্যাহৃত"); marked != test.marked || len(marks) > 1 || len(p.sent("delete", otherChat)) != 1 {
				t.Errorf("deleted %d times, marks %+v", len(p.sent("delete", otherChat)), marks)
			}
		})
	}
}
