package telegram_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram"
)

// wireFunc is a transport that answers at once.
type wireFunc func(*http.Request) (*http.Response, error)

func (f wireFunc) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return f(r)
}

// Whatever stands between us and Telegram may answer anything.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"ok":true,"result":{"message_id":5}}`)
	f.Add(429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":-5}}`)
	f.Add(400, `{"ok":false,"error_code":400,"description":"upgraded to a supergroup","parameters":{"migrate_to_chat_id":-1}}`)
	f.Add(502, "<html>")
	f.Add(200, `{"ok":false}`)
	f.Add(200, `{"ok":true,"result":{"message_id":5,"photo":[{}],"chat":{"id":null}}}`)
	f.Add(0, "null")
	f.Fuzz(func(t *testing.T, status int, body string) {
		client, err := telegram.New(testToken(t), telegram.Options{Transport: wireFunc(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		request := telegram.Send(telegram.Outgoing{ChatID: 1, Text: "<b>x</b>", Photo: "p", ThreadID: 3, Keyboard: telegram.InlineKeyboard{{copies("a", "b")}}})
		_, err = client.Do(context.Background(), request)
		if err == nil {
			return
		}
		var e *telegram.Error
		if !errors.As(err, &e) || e.Kind == telegram.KindNone || e.RetryAfter < 0 || showsToken(err.Error()) {
			t.Fatalf("%d %q: %#v", status, body, err)
		}
		if e.Kind == telegram.KindFlood && e.RetryAfter == 0 {
			t.Errorf("a flood without a wait: %+v", e)
		}
		for range 8 {
			next, ok := request.Repaired(err)
			if !ok {
				return
			}
			request = next
		}
		t.Errorf("mending after %v does not end", err)
	})
}

func FuzzPlainText(f *testing.F) {
	f.Add(`<b>a</b> <a href="https://e.com">b</a> &amp;`)
	f.Add(`<a href='x`)
	f.Add("<<b>>&lt;&#60;")
	f.Fuzz(func(t *testing.T, text string) {
		r := telegram.SendText(1, text, nil).AsPlain()
		if r.Params["parse_mode"] != "" || strings.Contains(r.Params["text"], "<b>") && !strings.Contains(text, "&") && !strings.Contains(text, "<<") && !strings.Contains(text, "href") {
			t.Errorf("%q became %q", text, r.Params["text"])
		}
		if !strings.ContainsAny(text, "<&") && r.Params["text"] != text {
			t.Errorf("text without mark-up changed: %q to %q", text, r.Params["text"])
		}
	})
}

func FuzzUpdate(f *testing.F) {
	f.Add(`{"update_id":1,"message":{"message_id":1,"chat":{"id":1}}}`)
	f.Add(`{"callback_query":{"message":{}}}`)
	f.Add(`{"my_chat_member":{"new_chat_member":{"status":"administrator","can_post_messages":true}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var u telegram.Update
		if json.Unmarshal([]byte(text), &u) != nil {
			return
		}
		u.ChatID()
		u.Sender()
		if m := u.AnyMessage(); m != nil {
			m.Thread()
			m.PhotoID()
			m.Words()
		}
	})
}
