package telegramtest_test

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// dial is a clock that stands until it is moved.
type dial struct{ unix atomic.Int64 }

func newDial() *dial {
	d := &dial{}
	d.unix.Store(1_633_400_000)
	return d
}

func (d *dial) now() time.Time        { return time.Unix(d.unix.Load(), 0) }
func (d *dial) move(by time.Duration) { d.unix.Add(int64(by / time.Second)) }
func ids(list []update) (numbers []int) {
	for _, u := range list {
		numbers = append(numbers, u.ID)
	}
	return numbers
}

func TestAnOffsetConfirmsAndNothingElseDoes(t *testing.T) {
	s := started(t)
	u := s.User(42, "রিমা", "bn")
	for range 5 {
		u.Send("খবর")
	}
	all := ids(updates(t, s))
	first := all[0]
	if len(all) != 5 || all[4] != first+4 || first < 2_000_001 || first > 1_000_000_000 {
		t.Fatalf("ids = %v", all)
	}
	for _, step := range []struct {
		name   string
		offset int
		want   []int
	}{
		{"again from the head", first - 1, all},
		{"confirm two", first + 2, all[2:]},
		{"an offset below the head", first - 50_000, all[2:]},
		{"far beyond the end is taken for the head", first + 5 + 11, all[2:]},
		{"far below the head too", first - 200_000, all[2:]},
		{"keep only the last two", -2, all[3:]},
		{"what was dropped stays dropped", 0, all[3:]},
		{"up to ten beyond the end confirms all", first + 5 + 10, nil},
	} {
		got := ids(updates(t, s, "offset", itoa(step.offset), "limit", "100"))
		if len(got) != len(step.want) || len(got) > 0 && got[0] != step.want[0] {
			t.Errorf("%s: got %v, want %v", step.name, got, step.want)
		}
	}
	u.Send("আরও")
	if got := ids(updates(t, s)); len(got) != 1 || got[0] != first+5 {
		t.Errorf("the next id = %v, want %d", got, first+5)
	}
}

func TestPollingTheSameOffsetAtOnceGivesOneUpdate(t *testing.T) {
	s := started(t)
	u := s.User(42, "রিমা", "bn")
	u.Send("১")
	u.Send("২")
	if got := updates(t, s, "offset", "0"); len(got) != 2 {
		t.Fatalf("first poll: %d updates", len(got))
	}
	if got := updates(t, s, "offset", "0"); len(got) != 1 {
		t.Errorf("second poll within half a second: %d updates, want 1", len(got))
	}
}

func TestALongPollWakesForABurst(t *testing.T) {
	s := started(t)
	u := s.User(42, "রিমা", "bn")
	got := make(chan []update)
	go func() { got <- updates(t, s, "timeout", "50") }()
	if err := s.Bot().Poller(soon(t)); err != nil {
		t.Fatal(err)
	}
	u.Send("১")
	if list := <-got; len(list) == 0 || list[0].Message.Text != "১" {
		t.Errorf("woke with %+v", list)
	}
}

func TestASecondPollerEndsTheFirst(t *testing.T) {
	s := started(t)
	first := make(chan reply)
	go func() { first <- do(t, s, "getUpdates", "timeout", "50", "offset", "1") }()
	if err := s.Bot().Poller(soon(t)); err != nil {
		t.Fatal(err)
	}
	second := make(chan reply)
	go func() { second <- do(t, s, "getUpdates", "timeout", "50", "offset", "2") }()
	r := <-first
	if r.status != 409 || r.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("the older poll got %d %s", r.status, r.Description)
	}
	s.User(42, "রিমা", "bn").Send("খবর")
	if r := <-second; !r.OK {
		t.Errorf("the newer poll got %d %s", r.status, r.Description)
	}
}

func TestAWebhookForbidsPolling(t *testing.T) {
	s := started(t)
	r := do(t, s, "setWebhook", "url", "https://e.com/hook")
	if !r.OK {
		t.Fatal(r.Description)
	}
	if r := do(t, s, "getUpdates"); r.status != 409 || !strings.HasPrefix(r.Description, "Conflict: can't use getUpdates method while webhook is active") {
		t.Errorf("getUpdates: %d %s", r.status, r.Description)
	}
	s.User(42, "রিমা", "bn").Send("খবর")
	for _, want := range []string{"Webhook was deleted", "Webhook is already deleted"} {
		if r := do(t, s, "deleteWebhook", "drop_pending_updates", "Yes"); r.Description != want {
			t.Errorf("deleteWebhook: %q, want %q", r.Description, want)
		}
	}
	if got := updates(t, s); len(got) != 0 {
		t.Errorf("%d updates survived drop_pending_updates", len(got))
	}
}

func TestUpdatesExpireByTheirKind(t *testing.T) {
	clock := newDial()
	s := started(t, telegramtest.WithNow(clock.now))
	u := s.User(42, "রিমা", "bn")
	u.Start("")
	sent := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "x",
		"reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"a"}]]}`))
	if _, err := u.Press(sent.MessageID, "a"); err != nil {
		t.Fatal(err)
	}
	clock.move(149 * time.Second)
	if got := updates(t, s, "offset", "0"); len(got) != 2 {
		t.Errorf("after 149 s: %d updates, want 2", len(got))
	}
	clock.move(2 * time.Second)
	if got := updates(t, s, "offset", "-100"); len(got) != 1 || got[0].Callback != nil {
		t.Errorf("after 151 s: %+v, want the message only", got)
	}
	clock.move(24 * time.Hour)
	if got := s.Bot().Queue(); got.Waiting != 1 {
		t.Errorf("waiting before collection = %d", got.Waiting)
	}
	if got := updates(t, s, "offset", "-99"); len(got) != 0 {
		t.Errorf("after a day: %+v", got)
	}
}

func TestAllowedUpdatesFilterWhatIsCreated(t *testing.T) {
	s := started(t)
	u := s.User(42, "রিমা", "bn")
	u.Send("১")
	updates(t, s, "allowed_updates", `["callback_query","no_such_kind"]`)
	u.Send("২")
	if got := updates(t, s, "offset", "-10"); len(got) != 1 {
		t.Errorf("%d updates, want the one from before", len(got))
	}
	for _, keeps := range []string{"", "null", "{}", `["message",1]`, "rubbish"} {
		updates(t, s, "allowed_updates", keeps, "offset", "-10")
	}
	u.Send("৩")
	if got := s.Bot().Queue().Waiting; got != 1 {
		t.Errorf("%d waiting, want still 1", got)
	}
	updates(t, s, "allowed_updates", "[]", "offset", "-11")
	u.Send("৪")
	if got := s.Bot().Queue().Waiting; got != 2 {
		t.Errorf("%d waiting after the reset to the default, want 2", got)
	}
}

func TestAStormIsMadeOfOrdinaryStarts(t *testing.T) {
	clock := newDial()
	var bodies []string
	for _, start := range []func(*telegramtest.Server){
		func(s *telegramtest.Server) { s.User(7, "পাঠক", "bn").Start("l_x") },
		func(s *telegramtest.Server) { s.Bot().Storm(7, 1, "l_x") },
	} {
		s := started(t, telegramtest.WithNow(clock.now))
		start(s)
		body := string(do(t, s, "getUpdates").Result)
		bodies = append(bodies, body[strings.Index(body, `"message"`):])
	}
	if bodies[0] != bodies[1] {
		t.Errorf("a Start is\n%s\nin a storm it is\n%s", bodies[0], bodies[1])
	}
}

func TestTheQueueHoldsAHundredThousand(t *testing.T) {
	s := started(t, telegramtest.WithoutHistory())
	if n := s.Bot().Storm(1, 100_010, "l_x"); n != 100_000 {
		t.Errorf("%d queued, want 100000", n)
	}
	if q := s.Bot().Queue(); q.Dropped != 10 || q.Waiting != 100_000 {
		t.Errorf("queue = %+v", q)
	}
	seen, offset := 0, 0
	for {
		list := updates(t, s, "offset", itoa(offset))
		if len(list) == 0 {
			break
		}
		seen += len(list)
		offset = list[len(list)-1].ID + 1
		if seen == 300 {
			break
		}
	}
	if seen != 300 {
		t.Errorf("read %d", seen)
	}
}

func TestUpdateIDsStartAnewAndUpdatesMayBeBroken(t *testing.T) {
	s := started(t)
	u := s.User(42, "রিমা", "bn")
	u.Send("১")
	updates(t, s, "offset", "-1")
	s.Bot().ResetUpdateIDs(7)
	broken := s.Bot().PushBroken()
	s.UnknownFields(true)
	u.Send("২")
	raw := do(t, s, "getUpdates", "offset", "-5")
	var list []json.RawMessage
	if err := json.Unmarshal(raw.Result, &list); err != nil || len(list) != 3 || broken != 8 {
		t.Fatalf("%s: %v", raw.Result, err)
	}
	var good update
	if json.Unmarshal(list[1], &good) == nil {
		t.Error("the broken update can be read")
	}
	if err := json.Unmarshal(list[2], &good); err != nil || good.ID != 9 || good.Message.Text != "২" || !strings.Contains(string(list[2]), "unheard_of_field") {
		t.Errorf("the update after it: %s, %v", list[2], err)
	}
}
