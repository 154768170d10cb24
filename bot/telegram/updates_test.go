package telegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

// bubble is a client of handler over connections in memory, so that a test within synctest can let hours pass.
func bubble(t *testing.T, handler http.Handler, options ...telegram.Options) *telegram.Client {
	t.Helper()
	l := &memoryListener{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(l) }()
	transport := telegram.NewTransport()
	transport.DialContext = l.dial
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	})
	var o telegram.Options
	if len(options) > 0 {
		o = options[0]
	}
	o.BaseURL, o.Transport = "http://in.memory", transport
	client, err := telegram.New(testToken(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

type memoryListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *memoryListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *memoryListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

// script answers polls one after the other; when it is at its end there is nothing to tell any more.
type script struct {
	mu     sync.Mutex
	steps  []any // string: the result; http.HandlerFunc; nil: nothing to tell
	polls  []poll
	delete int // calls of deleteWebhook
}

type poll struct {
	offset int
	at     time.Time
	form   map[string]string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/deleteWebhook") {
		s.mu.Lock()
		s.delete++
		s.mu.Unlock()
		if drop := r.FormValue("drop_pending_updates"); drop != "false" {
			http.Error(w, "pending updates would be lost: "+drop, 500)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":true,"description":"Webhook is already deleted"}`)
		return
	}
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	p := poll{offset: offset, at: time.Now(), form: map[string]string{}}
	for name := range r.Form {
		p.form[name] = r.FormValue(name)
	}
	s.mu.Lock()
	s.polls = append(s.polls, p)
	var step any
	if len(s.steps) > 0 {
		step, s.steps = s.steps[0], s.steps[1:]
	}
	s.mu.Unlock()
	switch step := step.(type) {
	case string:
		_, _ = io.WriteString(w, `{"ok":true,"result":`+step+`}`)
	case http.HandlerFunc:
		step(w, r)
	default: // as the server does, an empty answer after the time asked for
		seconds, _ := strconv.Atoi(r.FormValue("timeout"))
		select {
		case <-r.Context().Done():
		case <-time.After(time.Duration(seconds) * time.Second):
			_, _ = io.WriteString(w, `{"ok":true,"result":[]}`)
		}
	}
}

func (s *script) offsets() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []int
	for _, p := range s.polls {
		list = append(list, p.offset)
	}
	return list
}

func (s *script) gap(i int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.polls[i+1].at.Sub(s.polls[i].at)
}

// texts is a batch of messages with these ids, each saying its id.
func texts(ids ...int) string {
	var list []string
	for _, id := range ids {
		list = append(list, fmt.Sprintf(`{"update_id":%d,
"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"%d"}}`, id, id))
	}
	return "[" + strings.Join(list, ",\n") + "]"
}

// kept is a store in memory: what has been handled, and the offset.
type kept struct {
	mu      sync.Mutex
	offset  int
	ids     []int
	batches []telegram.Batch
	alarms  []error
}

func (k *kept) handle(_ context.Context, b telegram.Batch) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.offset = b.Offset
	k.batches = append(k.batches, b)
	for _, u := range b.Updates {
		k.ids = append(k.ids, u.ID)
	}
	return nil
}

func (k *kept) alarm(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.alarms = append(k.alarms, err)
}

// run polls the script for so long and returns what was logged.
func run(t *testing.T, s *script, k *kept, long time.Duration) string {
	t.Helper()
	var logged bytes.Buffer
	client := bubble(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	u := telegram.Updates{
		Client: client,
		Offset: func(context.Context) (int, error) { return k.offset, nil },
		Handle: k.handle, Alarm: k.alarm, Log: slog.New(slog.NewTextHandler(&logged, nil)),
	}
	done := make(chan error)
	go func() { done <- u.Run(ctx) }()
	time.Sleep(long)
	synctest.Wait()
	stopped := time.Now()
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
	if took := time.Since(stopped); took > 0 {
		t.Errorf("stopping took %v", took)
	}
	if showsToken(logged.String()) {
		t.Errorf("the log shows the token: %s", logged.String())
	}
	return logged.String()
}

func TestUpdatesAreConfirmedOnlyAfterTheyWereHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []any{texts(10, 11), texts(12), texts(12), texts(12), nil, texts(13)}}
		k := &kept{offset: 10}
		u := telegram.Updates{Client: bubble(t, s), Log: slog.New(slog.DiscardHandler), Alarm: k.alarm}
		u.Offset = func(context.Context) (int, error) { return 10, nil }
		failed := 0
		u.Handle = func(ctx context.Context, b telegram.Batch) error {
			if n := len(s.offsets()); b.Updates[0].ID == 10 && n != 1 {
				t.Errorf("polled %d times before the first batch was handled", n)
			}
			if b.Updates[0].ID == 12 && failed < 2 {
				failed++
				return errors.New("disk full")
			}
			return k.handle(ctx, b)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- u.Run(ctx) }()
		time.Sleep(80 * time.Second)
		cancel()
		<-done
		if want := []int{10, 12, 12, 12, 13, 13, 14}; !slices.Equal(s.offsets(), want) {
			t.Errorf("polled with %v, want %v", s.offsets(), want)
		}
		if want := []int{10, 11, 12, 13}; !slices.Equal(k.ids, want) {
			t.Errorf("kept %v, want %v", k.ids, want)
		}
		if s.gap(1) < time.Second || s.gap(2) < 2*time.Second {
			t.Errorf("a batch that could not be kept was asked for again after %v and %v", s.gap(1), s.gap(2))
		}
		if len(k.alarms) != 2 || k.alarms[0] == nil || k.alarms[1] != nil {
			t.Errorf("alarms %v", k.alarms)
		}
	})
}

func TestAPollSaysAllItWants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, k := &script{}, &kept{}
		run(t, s, k, time.Second)
		p := s.polls[0]
		if s.delete != 1 || p.offset != 0 || p.form["limit"] != "100" || p.form["timeout"] != "50" {
			t.Errorf("%d deleteWebhook, poll %v", s.delete, p.form)
		}
		var allowed []string
		if err := json.Unmarshal([]byte(p.form["allowed_updates"]), &allowed); err != nil || !slices.Equal(allowed, telegram.AllUpdates) {
			t.Errorf("allowed_updates %s", p.form["allowed_updates"])
		}
	})
}

func TestAnUpdateThatCannotBeReadIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		poison := `{"message":{"message_id":"গোপন","text":["secret words"]},"update_id":21}`
		s := &script{steps: []any{
			`[` + strings.Trim(texts(20), "[]") + `,` + poison + `,` + strings.Trim(texts(22), "[]") + `]`,
			`[{"update_id":23,"message":7}]`,
			`[{"update_id":24,"a_kind_of_tomorrow":{"x":[null,1]}}]`,
			`[{"update_id":"25"}]`,
			texts(25),
		}}
		k := &kept{offset: 20}
		logged := run(t, s, k, time.Minute)
		if want := []int{20, 22, 24, 25}; !slices.Equal(k.ids, want) {
			t.Errorf("kept %v, want %v", k.ids, want)
		}
		if k.offset != 26 || k.batches[0].Unreadable != 1 || len(k.batches[1].Updates) != 0 || k.batches[1].Offset != 24 {
			t.Errorf("offset %d, batches %+v", k.offset, k.batches)
		}
		if !strings.Contains(logged, "update=21") || !strings.Contains(logged, "update=23") || strings.Contains(logged, "secret words") || strings.Contains(logged, "গোপন") {
			t.Errorf("log: %s", logged)
		}
	})
}

func TestLateCopiesAreSkippedAndANewNumberingIsFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		steps   []any
		ids     []int
		offset  int
		epoch   bool
		offsets []int
	}{
		"a late copy of the last batch": {
			[]any{texts(1900, 1950, 1999), texts(2000)}, []int{2000}, 2001, false, []int{2000, 2000, 2001},
		},
		"a late copy with news behind it": {
			[]any{texts(1998, 1999, 2000, 2001)}, []int{2000, 2001}, 2002, false, []int{2000, 2002},
		},
		"the wrong way round": {
			[]any{texts(2002, 2000, 1999, 2001), texts(2003)}, []int{2000, 2001, 2002, 2003}, 2004, false, []int{2000, 2003, 2004},
		},
		"a gap upwards": {
			[]any{texts(5000, 5001)}, []int{5000, 5001}, 5002, false, []int{2000, 5002},
		},
		"a new numbering far below": {
			[]any{texts(7, 8, 9), texts(10)}, []int{7, 8, 9, 10}, 11, true, []int{2000, 10, 11},
		},
		"a new numbering just below": {
			[]any{texts(1950, 1951), texts(1950, 1951, 1952), texts(1953)}, []int{1950, 1951, 1952, 1953}, 1954, true, []int{2000, 2000, 1953, 1954},
		},
		"a new numbering up to the offset": {
			[]any{texts(1850, 1990, 1999)}, []int{1850, 1990, 1999}, 2000, true, []int{2000, 2000},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, k := &script{steps: c.steps}, &kept{offset: 2000}
				run(t, s, k, time.Minute/2)
				epoch := false
				for _, b := range k.batches {
					epoch = epoch || b.NewEpoch
				}
				if !slices.Equal(k.ids, c.ids) || k.offset != c.offset || epoch != c.epoch || !slices.Equal(s.offsets(), c.offsets) {
					t.Errorf("kept %v, offset %d, new numbering %v, polled %v", k.ids, k.offset, epoch, s.offsets())
				}
			})
		})
	}
}

func TestAnIdleBotPollsOnceInFiftySeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		run(t, s, &kept{offset: 7}, 10*time.Minute)
		if n := len(s.polls); n != 12 && n != 13 {
			t.Errorf("%d polls in ten minutes", n)
		}
	})
}

func TestAServerThatAnswersNothingAtOnceIsNotHammered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		for range 1000 {
			s.steps = append(s.steps, "[]")
		}
		run(t, s, &kept{offset: 7}, 10*time.Second)
		if n := len(s.polls); n > 21 {
			t.Errorf("%d polls in ten seconds", n)
		}
	})
}

func TestAFailingPollIsRepeatedWithPatience(t *testing.T) {
	conflict := refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", nil)
	webhook := refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", nil)
	gateway := page(502, "<html>502</html>")
	cut := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	times := func(n int, h http.HandlerFunc) []any {
		var list []any
		for range n {
			list = append(list, h)
		}
		return append(list, texts(50))
	}
	for name, c := range map[string]struct {
		steps       []any
		first, last time.Duration // least pauses after the first failure and the last
		alarms      int
		webhooks    int
		word        string
	}{
		"another poller":       {times(4, conflict), time.Second, 8 * time.Second, 2, 1, "another poller"},
		"a webhook":            {times(2, webhook), time.Second, 2 * time.Second, 2, 3, "another poller"},
		"a revoked token":      {times(8, refuse(401, "Unauthorized", nil)), time.Second, time.Minute, 2, 1, "does not accept the token"},
		"a flood":              {times(1, refuse(429, "Too Many Requests: retry after 40", map[string]any{"retry_after": 40})), 40 * time.Second, 0, 2, 1, "polling fails"},
		"a gateway that fails": {times(9, gateway), time.Second, 5 * time.Second, 2, 1, "polling fails"},
		"a long fight":         {times(9, conflict), time.Second, 30 * time.Second, 2, 1, "another poller"},
		"broken connections":   {times(3, cut), time.Second, 4 * time.Second, 2, 1, "polling fails"},
		"half an answer":       {times(2, page(200, `{"ok":true,"result":[{"update_id":50,`)), time.Second, 2 * time.Second, 2, 1, "polling fails"},
		"one fault, then another": {
			append([]any{gateway, gateway}, times(1, conflict)...), time.Second, time.Second, 3, 1, "another poller",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, k := &script{steps: c.steps}, &kept{offset: 50}
				logged := run(t, s, k, 10*time.Minute)
				if !slices.Equal(k.ids, []int{50}) {
					t.Fatalf("kept %v after %d polls", k.ids, len(s.polls))
				}
				failures := len(c.steps) - 1
				if first, last := s.gap(0), s.gap(failures-1); first < c.first || last < c.last || last > max(c.last*3/2, c.first*3/2) {
					t.Errorf("pauses of %v and %v, want at least %v and %v", first, last, c.first, c.last)
				}
				if len(k.alarms) != c.alarms || k.alarms[len(k.alarms)-1] != nil || k.alarms[0] == nil {
					t.Errorf("alarms %v", k.alarms)
				}
				if s.delete != c.webhooks {
					t.Errorf("deleteWebhook called %d times", s.delete)
				}
				if !strings.Contains(logged, c.word) {
					t.Errorf("log: %s", logged)
				}
			})
		})
	}
}

func TestWithoutAnOffsetNothingIsPolled(t *testing.T) {
	broken := errors.New("no such table")
	u := telegram.Updates{Offset: func(context.Context) (int, error) { return 0, broken }}
	if err := u.Run(context.Background()); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestAnUpdateTellsWhereItHappenedAndWhoDidIt(t *testing.T) {
	for text, want := range map[string][2]int64{
		`{"message":{"chat":{"id":5},"from":{"id":6}}}`:                    {5, 6},
		`{"channel_post":{"chat":{"id":-100}}}`:                            {-100, 0},
		`{"edited_channel_post":{"chat":{"id":-100}}}`:                     {-100, 0},
		`{"edited_message":{"chat":{"id":5},"from":{"id":6}}}`:             {5, 6},
		`{"callback_query":{"from":{"id":6},"message":{"chat":{"id":5}}}}`: {5, 6},
		`{"callback_query":{"from":{"id":6},"inline_message_id":"x"}}`:     {0, 6},
		`{"inline_query":{"from":{"id":6}}}`:                               {0, 6},
		`{"chosen_inline_result":{"from":{"id":6}}}`:                       {0, 6},
		`{"my_chat_member":{"chat":{"id":5},"from":{"id":6}}}`:             {5, 6},
		`{"chat_member":{"chat":{"id":5},"from":{"id":6}}}`:                {5, 6},
		`{"something_new":{"chat":{"id":5}}}`:                              {0, 0},
	} {
		var u telegram.Update
		if err := json.Unmarshal([]byte(text), &u); err != nil {
			t.Fatal(err)
		}
		var who int64
		if s := u.Sender(); s != nil {
			who = s.ID
		}
		if got := [2]int64{u.ChatID(), who}; got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
	var u telegram.Update
	err := json.Unmarshal([]byte(`{"update_id":1,"message":{"message_id":3,"message_thread_id":9,"is_topic_message":true,"date":1700000000,
		"chat":{"id":5,"type":"private"},"photo":[{"file_id":"a","width":90,"height":90},{"file_id":"b","width":800,"height":600}],"caption":"ক",
		"chat_shared":{"request_id":2,"chat_id":-1001},"forward_origin":{"type":"channel","chat":{"id":-7},"message_id":3},
		"reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}}}`), &u)
	m := u.Message
	if err != nil || m.Thread() != 9 || m.PhotoID() != "b" || m.Words() != "ক" || m.ChatShared.ChatID != -1001 || m.ForwardOrigin.Channel.ID != -7 ||
		m.Time().Year() != 2023 || m.Buttons.Rows[0][0].Data != "y" {
		t.Errorf("%+v, %v", m, err)
	}
	if (&telegram.Message{ThreadID: 4}).Thread() != 0 || (&telegram.Message{ThreadID: 1, IsTopicMessage: true}).Thread() != 0 {
		t.Error("a thread that is no topic, or General, has a number")
	}
}
