package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// raw calls sendMessage and gives what net/http makes of the answer.
func raw(s *telegramtest.Server, text string) (status int, body string, err error) {
	return rawWithin(s, text, time.Minute)
}

func rawWithin(s *telegramtest.Server, text string, limit time.Duration) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/bot"+s.Bot().Token()+"/sendMessage", strings.NewReader("chat_id=42&text="+text))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(b), err
}

func TestFaultsStrikeAsOrdered(t *testing.T) {
	s := withReader(t)
	chat := s.User(42, "", "").Chat()
	for _, c := range []struct {
		kind      telegramtest.FaultKind
		fault     telegramtest.Fault
		status    int
		body      string // a part of it
		fails     bool
		delivered bool
	}{
		{kind: telegramtest.TooMany, fault: telegramtest.Fault{RetryAfter: 7}, status: 429, body: `"parameters":{"retry_after":7}`},
		{kind: telegramtest.BadGateway, status: 502, body: "<center><h1>502 Bad Gateway</h1></center>"},
		{kind: telegramtest.BadGatewayAfter, status: 502, body: "<html>", delivered: true},
		{kind: telegramtest.EntityTooLarge, status: 413},
		{kind: telegramtest.Truncated, status: 200, fails: true, delivered: true},
		{kind: telegramtest.ResetBefore, fails: true},
		{kind: telegramtest.ResetAfter, fails: true, delivered: true},
		{kind: telegramtest.Hang, fails: true},
		{kind: telegramtest.HangAfter, fails: true, delivered: true},
		{kind: telegramtest.Refused, fault: telegramtest.Fault{Code: 401, Text: "Unauthorized"}, status: 401, body: `"error_code":401,"description":"Unauthorized"`},
		{kind: telegramtest.Migrated, fault: telegramtest.Fault{MigrateTo: -1007}, status: 400, body: `"migrate_to_chat_id":-1007`},
		{kind: telegramtest.Delayed, fault: telegramtest.Fault{Delay: 20 * time.Millisecond}, status: 200, body: `"ok":true`, delivered: true},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			c.fault.Kind, c.fault.Method, c.fault.Skip, c.fault.Times = c.kind, "sendmessage", 1, 1
			remove := s.Fault(c.fault)
			defer remove()
			before := len(chat.FromBots())
			if status, _, err := raw(s, "1"); status != 200 || err != nil {
				t.Fatalf("the skipped call: %d, %v", status, err)
			}
			limit := time.Minute
			if c.kind == telegramtest.Hang || c.kind == telegramtest.HangAfter {
				limit = time.Second
			}
			status, body, err := rawWithin(s, "2", limit)
			if (err != nil) != c.fails || status != c.status && !c.fails || !strings.Contains(body, c.body) {
				t.Errorf("got %d %q %v", status, body, err)
			}
			if delivered := len(chat.FromBots())-before == 2; delivered != c.delivered {
				t.Errorf("delivered: %v, want %v", delivered, c.delivered)
			}
			if status, _, err := raw(s, "3"); status != 200 || err != nil {
				t.Errorf("the call after it: %d, %v", status, err)
			}
		})
	}
}

func TestAnOutageRefusesOrBreaks(t *testing.T) {
	s := withReader(t)
	for _, how := range []telegramtest.Drop{telegramtest.Refuse, telegramtest.Break} {
		if err := s.Down(how); err != nil {
			t.Fatal(err)
		}
		if status, _, err := raw(s, "x"); err == nil {
			t.Errorf("while down: %d", status)
		}
		if err := s.Up(); err != nil {
			t.Fatal(err)
		}
		if status, _, err := raw(s, "x"); status != 200 {
			t.Errorf("after it: %d, %v", status, err)
		}
	}
}

func TestTheStrictLimitCountsArrivals(t *testing.T) {
	clock := newDial()
	s := started(t, telegramtest.WithNow(clock.now))
	s.User(42, "রিমা", "bn").Start("")
	s.SetFlood(telegramtest.Flood{Strict: 3, RetryAfter: 2})
	send := func() reply { return do(t, s, "sendMessage", "chat_id", "42", "text", "x") }
	for range 3 {
		if r := send(); !r.OK {
			t.Fatal(r.Description)
		}
	}
	r := send()
	if r.status != 429 || r.Parameters.RetryAfter != 2 || r.header.Get("Retry-After") != "2" || r.Description != "Too Many Requests: retry after 2" {
		t.Errorf("the fourth: %+v", r)
	}
	clock.move(time.Second)
	if r := send(); r.Parameters.RetryAfter != 1 {
		t.Errorf("still frozen: %+v", r)
	}
	clock.move(time.Second)
	if r := send(); !r.OK {
		t.Errorf("after the freeze: %+v", r)
	}
	if got := s.FloodReport(); got.Allowed != 4 || got.Refused != 2 || got.Peak != 4 {
		t.Errorf("report = %+v", got)
	}
}

func TestTheUsualLimitsHoldPerChatAndGroup(t *testing.T) {
	clock := newDial()
	s := started(t, telegramtest.WithNow(clock.now))
	admin := s.User(42, "রিমা", "bn")
	admin.Start("")
	s.Channel(-1001, "দৈনিক", admin).AddBot(admin, telegramtest.Poster)
	s.SetFlood(telegramtest.Usual)
	refused := func(chat string, n int, step time.Duration) (count int) {
		for range n {
			if r := do(t, s, "sendMessage", "chat_id", chat, "text", "x"); r.status == 429 {
				count++
			}
			clock.move(step)
		}
		return count
	}
	if n := refused("42", 5, 0); n != 2 {
		t.Errorf("five at once in a chat: %d refused, want 2", n)
	}
	clock.move(10 * time.Second)
	if n := refused("42", 30, time.Second); n != 0 {
		t.Errorf("one a second in a chat: %d refused", n)
	}
	if n := refused("-1001", 25, 2*time.Second); n != 5 {
		t.Errorf("25 in 50 s in a channel: %d refused, want 5", n)
	}
}

func TestParametersComeInFourEncodings(t *testing.T) {
	s := withReader(t)
	base := s.URL() + "/bot" + s.Bot().Token() + "/"
	form := func(body string, kind string) *http.Request {
		r, _ := http.NewRequest(http.MethodPost, base+"sendmessage", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		return r
	}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	_ = w.WriteField("text", "খবর")
	_ = w.WriteField("chat_id", "42")
	w.Close()
	query, _ := http.NewRequest(http.MethodGet, base+"SendMessage?chat_id=42&text=%E0%A6%96%E0%A6%AC%E0%A6%B0", nil)
	inArgument, _ := http.NewRequest(http.MethodGet, base+"?method=sendMessage&chat_id=42&text=%E0%A6%96%E0%A6%AC%E0%A6%B0", nil)
	for name, r := range map[string]*http.Request{
		"query":        query,
		"method param": inArgument,
		"urlencoded":   form("chat_id=42&text=%E0%A6%96%E0%A6%AC%E0%A6%B0", "application/x-www-form-urlencoded"),
		"json":         form(`{ "chat_id" : 42 , "text":"\u0996\u09ac\u09b0", "reply_markup": {"inline_keyboard":[]}, "protect_content":true }`, "application/json; charset=utf-8"),
		"multipart":    form(parts.String(), w.FormDataContentType()),
	} {
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if m := result[telegramtest.Message](t, readReply(t, answer)); m.Text != "খবর" {
			t.Errorf("%s: %+v", name, m)
		}
	}
	for name, body := range map[string]string{"broken": `{"chat_id":42,"text":"x"`, "array": `[1]`, "half a pair": `{"chat_id":42,"text":"\ud83d"}`} {
		answer, err := http.DefaultClient.Do(form(body, "application/json"))
		if err != nil {
			t.Fatal(err)
		}
		if r := readReply(t, answer); r.Description != "Bad Request: message text is empty" {
			t.Errorf("%s: %s", name, r.Description)
		}
	}
	answer, err := http.DefaultClient.Do(form("text="+strings.Repeat("x", 1<<20), "application/x-www-form-urlencoded"))
	if err == nil {
		defer answer.Body.Close()
		if b, _ := io.ReadAll(answer.Body); answer.StatusCode != 413 || len(b) != 0 {
			t.Errorf("over a MiB: %d %q", answer.StatusCode, b)
		}
	}
}

func TestAnswersAreASCII(t *testing.T) {
	s := withReader(t)
	_, body, err := raw(s, "%E0%A6%96%F0%9F%98%80<")
	if err != nil || !strings.Contains(body, `"text":"\u0996\ud83d\ude00<"`) {
		t.Errorf("body = %s, %v", body, err)
	}
}

func TestTheControlSurfaceDoesOverHTTPWhatTestsDoInGo(t *testing.T) {
	s := started(t)
	post := func(path string, body any, into any) {
		t.Helper()
		b, _ := json.Marshal(body)
		answer, err := http.Post(s.URL()+"/control/"+path, "application/json", bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != 200 {
			text, _ := io.ReadAll(answer.Body)
			t.Fatalf("%s: %d %s", path, answer.StatusCode, text)
		}
		if into != nil {
			if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
				t.Fatal(err)
			}
		}
	}
	post("act", telegramtest.Act{Do: "start", User: 42, Text: "l_1"}, nil)
	var queued map[string]int
	post("storm", map[string]any{"first": 1000, "count": 50, "payload": "l_2"}, &queued)
	if queued["queued"] != 50 {
		t.Errorf("storm = %v", queued)
	}
	post("chats", telegramtest.ChatOrder{Kind: "channel", ID: -1001, Title: "দৈনিক", Owner: 43, AddBot: true}, nil)
	post("faults", telegramtest.Fault{Kind: telegramtest.TooMany, ChatID: 42, Times: 1, RetryAfter: 3}, nil)
	post("flood", telegramtest.Flood{Strict: 1000}, nil)
	if r := do(t, s, "sendMessage", "chat_id", "42", "text", "খবর"); r.status != 429 {
		t.Errorf("the fault did not strike: %+v", r)
	}
	for range 2 {
		do(t, s, "sendMessage", "chat_id", "42", "text", "খবর")
	}
	do(t, s, "sendMessage", "chat_id", "-1001", "text", "খবর")
	get := func(path string) []byte {
		answer, err := http.Get(s.URL() + "/control/" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, _ := io.ReadAll(answer.Body)
		return b
	}
	var state telegramtest.State
	if err := json.Unmarshal(get("state"), &state); err != nil {
		t.Fatal(err)
	}
	if state.Bots[0].Readers != 51 || state.Bots[0].Queue.Waiting != 52 || state.Calls["sendMessage"].Statuses[200] != 3 || state.Faults[0].Struck != 1 || state.Flood.Allowed != 3 {
		t.Errorf("state = %+v", state)
	}
	doubled := 0
	for d := json.NewDecoder(bytes.NewReader(get("tallies"))); ; {
		var tally telegramtest.Tally
		if err := d.Decode(&tally); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		doubled += tally.Doubled
	}
	if doubled != 1 {
		t.Errorf("%d doubled, want 1", doubled)
	}
}

func TestWithoutHistoryDoublesAreStillSeen(t *testing.T) {
	s := started(t, telegramtest.WithoutHistory(), telegramtest.WithOpenDoor(), telegramtest.WithoutRequestLog())
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for range 5 {
				do(t, s, "sendMessage", "chat_id", itoa(100+i%4), "text", "খবর "+itoa(i%4))
			}
		})
	}
	wait.Wait()
	chats, count, doubled := 0, 0, 0
	s.Tallies(func(t telegramtest.Tally) {
		chats++
		count += t.Count
		doubled += t.Doubled
	})
	if chats != 4 || count != 40 || doubled != 36 {
		t.Errorf("%d chats, %d messages, %d doubled", chats, count, doubled)
	}
	if c := s.User(101, "", "").Chat(); c.Times("খবর 1") != 10 || c.Times("x") != 0 {
		t.Errorf("times = %d", c.Times("খবর 1"))
	}
}
