package telegramtest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// started gives a listening server that is closed with the test.
func started(t testing.TB, options ...telegramtest.Option) *telegramtest.Server {
	t.Helper()
	s := telegramtest.New(options...)
	if _, err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// reply is the envelope of an answer.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
	status int
	header http.Header
}

// do calls a method with pairs of parameters.
func do(t testing.TB, s *telegramtest.Server, method string, pairs ...string) reply {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	answer, err := http.PostForm(s.URL()+"/bot"+s.Bot().Token()+"/"+method, form)
	if err != nil {
		t.Fatal(err)
	}
	return readReply(t, answer)
}

func readReply(t testing.TB, answer *http.Response) reply {
	t.Helper()
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var r reply
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("answer %q: %v", body, err)
	}
	r.status, r.header = answer.StatusCode, answer.Header
	return r
}

func result[T any](t testing.TB, r reply) T {
	t.Helper()
	var v T
	if !r.OK {
		t.Fatalf("refused: %d %s", r.Code, r.Description)
	}
	if err := json.Unmarshal(r.Result, &v); err != nil {
		t.Fatalf("result %s: %v", r.Result, err)
	}
	return v
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

type update struct {
	ID       int                             `json:"update_id"`
	Message  *telegramtest.Message           `json:"message"`
	Edited   *telegramtest.Message           `json:"edited_message"`
	Post     *telegramtest.Message           `json:"channel_post"`
	Callback *telegramtest.CallbackQuery     `json:"callback_query"`
	Mine     *telegramtest.ChatMemberUpdated `json:"my_chat_member"`
}

func updates(t testing.TB, s *telegramtest.Server, pairs ...string) []update {
	t.Helper()
	return result[[]update](t, do(t, s, "getUpdates", pairs...))
}

func TestAReaderStartsAndIsAnswered(t *testing.T) {
	s := started(t)
	reader := s.User(42, "রিমা", "bn")
	reader.Start("l_abc")

	got := updates(t, s)
	if len(got) != 1 || got[0].Message.Text != "/start l_abc" || got[0].Message.From.LanguageCode != "bn" {
		t.Fatalf("updates = %+v", got)
	}
	sent := result[telegramtest.Message](t, do(t, s, "SENDmessage", "chat_id", "42", "parse_mode", "HTML",
		"text", "<b>স্বাগতম</b> রিমা",
		"reply_markup", `{"inline_keyboard":[[{"text":"বিষয়","callback_data":"topics"}]]}`))
	if sent.Text != "স্বাগতম রিমা" || len(sent.Entities) != 1 || sent.Entities[0].Length != 7 {
		t.Fatalf("sent = %+v", sent)
	}
	press, err := reader.Press(sent.MessageID, "বিষয়")
	if err != nil {
		t.Fatal(err)
	}
	got = updates(t, s, "offset", itoa(got[0].ID+1))
	if len(got) != 1 || got[0].Callback == nil || got[0].Callback.Data != "topics" {
		t.Fatalf("updates = %+v", got)
	}
	do(t, s, "answerCallbackQuery", "callback_query_id", got[0].Callback.ID, "text", "ঠিক আছে")
	answer, err := press.Wait(soon(t))
	if err != nil || answer.Text != "ঠিক আছে" {
		t.Fatalf("answer = %+v, %v", answer, err)
	}
}

func TestSendMessageRefusesWhatTheServerRefuses(t *testing.T) {
	s := started(t)
	s.User(42, "রিমা", "bn").Start("")
	blocked := s.User(43, "করিম", "bn")
	blocked.Start("")
	blocked.Block()
	gone := s.User(44, "শামীম", "bn")
	gone.Start("")
	gone.Deactivate()
	s.User(45, "নতুন", "bn").Met()
	for name, c := range map[string]struct {
		params []string
		code   int
		want   string
	}{
		"no text":            {[]string{"chat_id", "42"}, 400, "Bad Request: message text is empty"},
		"only spaces":        {[]string{"chat_id", "42", "text", " \u200b\n"}, 400, "Bad Request: text must be non-empty"},
		"raw bytes":          {[]string{"chat_id", "42", "text", strings.Repeat("ক", 11000)}, 400, "Bad Request: text is too long"},
		"code points":        {[]string{"chat_id", "42", "text", strings.Repeat("ক", 4097)}, 400, "Bad Request: message is too long"},
		"parse mode":         {[]string{"chat_id", "42", "text", "x", "parse_mode", "bbcode"}, 400, "Bad Request: unsupported parse_mode"},
		"no chat":            {[]string{"text", "x"}, 400, "Bad Request: chat_id is empty"},
		"unknown chat":       {[]string{"chat_id", "999", "text", "x"}, 400, "Bad Request: chat not found"},
		"blocked":            {[]string{"chat_id", "43", "text", "x"}, 403, "Forbidden: bot was blocked by the user"},
		"deactivated":        {[]string{"chat_id", "44", "text", "x"}, 403, "Forbidden: user is deactivated"},
		"never started":      {[]string{"chat_id", "45", "text", "x"}, 403, "Forbidden: bot can't initiate conversation with a user"},
		"callback too long":  {[]string{"chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("d", 65) + `"}]]}`}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		"null keyboard":      {[]string{"chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":null}`}, 400, `Bad Request: field "inline_keyboard" must be of type Array`},
		"text button":        {[]string{"chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a"}]]}`}, 400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		"button link":        {[]string{"chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","url":"javascript://e.com"}]]}`}, 400, "Bad Request: inline keyboard button URL 'javascript://e.com' is invalid: Unsupported URL protocol"},
		"reply to nothing":   {[]string{"chat_id", "42", "text", "x", "reply_parameters", `{"message_id":77}`}, 400, "Bad Request: message to be replied not found"},
		"text before chat":   {[]string{"chat_id", "999", "text", "<b>"}, 400, "Bad Request: chat not found"},
		"markup before chat": {[]string{"chat_id", "999", "text", "<b>", "parse_mode", "HTML"}, 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		"thread":             {[]string{"chat_id", "42", "text", "x", "message_thread_id", "5"}, 400, "Bad Request: message thread not found"},
	} {
		t.Run(name, func(t *testing.T) {
			r := do(t, s, "sendMessage", c.params...)
			if r.status != c.code || r.Code != c.code || r.Description != c.want {
				t.Errorf("got %d %d %q, want %d %q", r.status, r.Code, r.Description, c.code, c.want)
			}
		})
	}
}

func TestUnknownTokensAndMethods(t *testing.T) {
	s := started(t)
	for path, want := range map[string]string{
		"/bot" + s.Bot().Token() + "/sendNothing":       "404 Not Found: method not found",
		"/bot1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe": "401 Unauthorized",
		"/bot0123/getMe": "401 Unauthorized: invalid token specified",
		"/bot":           "404 Not Found",
	} {
		answer, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		r := readReply(t, answer)
		if got := itoa(r.status) + " " + r.Description; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
