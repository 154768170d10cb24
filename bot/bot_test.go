package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// desk is a bot without a network: batches are handed to it by hand.
type desk struct {
	*testing.T
	store store.Store
	bot   *bot.Bot
	log   *logbook
}

func newDesk(t testing.TB, wrap func(store.Store) store.Store) *desk {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	token, err := telegram.NewToken(telegramtest.DefaultToken)
	if err != nil {
		t.Fatal(err)
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{store: s, log: &logbook{}}
	d.T, _ = t.(*testing.T)
	given := store.Store(s)
	if wrap != nil {
		given = wrap(s)
	}
	d.bot = bot.New(given, client, bot.Config{Log: d.log.logger()})
	return d
}

// says is the update of a private message.
func says(update int, from int64, text string) telegram.Update {
	return telegram.Update{ID: update, Message: &telegram.Message{
		ID: update, Date: time.Now().Unix(), Text: text,
		Chat: telegram.Chat{ID: from, Type: telegram.Private}, From: &telegram.User{ID: from, FirstName: "পাঠক"},
	}}
}

func batch(updates ...telegram.Update) telegram.Batch {
	return telegram.Batch{Updates: updates, Offset: updates[len(updates)-1].ID + 1}
}

func (d *desk) answers() []store.Answer {
	d.Helper()
	list, err := d.store.Answers(d.Context(), 0, 1000)
	if err != nil {
		d.Fatal(err)
	}
	return list
}

func TestABatchHandledTwiceDoesNoHarm(t *testing.T) {
	d := newDesk(t, nil)
	b := batch(says(100, 501, "/start"), says(101, 501, "/help"), says(102, 502, "/start"))
	for range 3 {
		if err := d.bot.Handle(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(d.answers()); n != 1 {
		t.Errorf("%d answers are owed", n)
	}
	if offset, err := d.bot.Offset(t.Context()); err != nil || offset != 103 {
		t.Errorf("offset %d, %v", offset, err)
	}

	anew := batch(says(7, 501, "/help"))
	anew.NewEpoch = true
	for range 3 {
		if err := d.bot.Handle(t.Context(), anew); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(d.answers()); n != 2 {
		t.Errorf("%d answers are owed after a new numbering", n)
	}
}

// trap is a store whose transactions fail, or panic, on one chat.
type trap struct {
	store.Store
	chat int64
	do   func() error
}

func (s trap) Write(ctx context.Context, change func(store.Tx) error) error {
	return s.Store.Write(ctx, func(tx store.Tx) error { return change(trapped{tx, s}) })
}

type trapped struct {
	store.Tx
	trap trap
}

func (t trapped) SaveChat(ctx context.Context, c *store.Chat) error {
	if err := t.Tx.SaveChat(ctx, c); err != nil || c.TelegramID != t.trap.chat {
		return err
	}
	return t.trap.do()
}

func TestAPoisonedUpdateIsLeftOutWithoutATraceAndHoldsNobodyUp(t *testing.T) {
	for name, do := range map[string]func() error{
		"an error": func() error { return errors.New("constraint failed") },
		"a panic":  func() error { panic("index out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, func(s store.Store) store.Store { return trap{s, 502, do} })
			if err := d.bot.Handle(t.Context(), batch(says(1, 501, "/start"), says(2, 502, "/start"), says(3, 503, "/start"))); err != nil {
				t.Fatal(err)
			}
			for id, want := range map[int64]bool{501: true, 502: false, 503: true} {
				if _, err := d.store.Chat(t.Context(), id); (err == nil) != want {
					t.Errorf("chat %d: %v", id, err)
				}
			}
			if offset, _ := d.bot.Offset(t.Context()); offset != 4 {
				t.Errorf("offset %d", offset)
			}
			if log := d.log.String(); !strings.Contains(log, "update=2") || strings.Contains(log, "পাঠক") {
				t.Errorf("logged %s", log)
			}
		})
	}
}

func TestAnUpdateThatFailsOnceIsTriedAgain(t *testing.T) {
	failed := false
	d := newDesk(t, func(s store.Store) store.Store {
		return trap{s, 502, func() error {
			if failed {
				return nil
			}
			failed = true
			return errors.New("database is locked")
		}}
	})
	if err := d.bot.Handle(t.Context(), batch(says(1, 502, "/start"))); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Chat(t.Context(), 502); err != nil {
		t.Error(err)
	}
}

func TestABatchThatCannotBeWrittenComesAgain(t *testing.T) {
	full := true
	d := newDesk(t, func(s store.Store) store.Store {
		return trap{s, 502, func() error {
			if full {
				return fmt.Errorf("disk full: %w", store.ErrUnwritable)
			}
			return nil
		}}
	})
	b := batch(says(1, 501, "/start"), says(2, 502, "/start"))
	for range 100 { // a long time: nobody's patience is used up by it
		if err := d.bot.Handle(t.Context(), b); !errors.Is(err, store.ErrUnwritable) {
			t.Fatal(err)
		}
	}
	if _, err := d.store.Chat(t.Context(), 501); err == nil {
		t.Error("half a batch was kept")
	}
	full = false
	if err := d.bot.Handle(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Chat(t.Context(), 502); err != nil {
		t.Error(err)
	}
}

func TestWhatWasPutAsideIsDoneAfterARestart(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	screen := rina.last().MessageID
	hang := w.server.Fault(telegramtest.Fault{Kind: telegramtest.Hang, Method: "getChatMember"})
	press, err := rina.Press(screen, "খেলা")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.server.WaitRequests(t.Context(), "getChatMember", 1); err != nil {
		t.Fatal(err)
	}
	w.stopBot()
	aside, err := w.store.AsideUpdates(t.Context(), 10)
	if err != nil || len(aside) != 1 {
		t.Fatalf("%d put aside, %v", len(aside), err)
	}
	hang()
	w.run()
	w.says(w.answerTo(press), "‘খেলা’ বিষয়ের খবর চালু")
	w.follows(channelID, w.sport.ID)
}

func TestABacklogIsAnsweredOnceAndShortly(t *testing.T) {
	w := newWorld(t)
	anu, bina, chitra := w.reader(501, "অনু"), w.reader(502, "বীণা"), w.reader(503, "চিত্রা")
	dipa := w.person(504, "দীপা")
	group, admin, _ := w.group()
	w.stopBot()
	w.pass(time.Minute)
	for range 120 {
		anu.Send("/latest")
	}
	for _, said := range []string{"খবর", "বন্ধ", "/stop", "কেউ আছেন?"} {
		bina.Send(said)
	}
	for _, said := range []string{"/stop", "/start", "/help"} {
		chitra.Send(said)
	}
	dipa.Send("/start")
	for range 5 {
		group.Say(admin.User, "/topics")
		group.Say(admin.User, "কথা")
	}
	w.pass(6 * time.Hour)
	before := map[person]int{}
	for _, p := range []person{anu, bina, chitra, dipa} {
		before[p] = len(p.Chat().FromBots())
	}
	inGroup := len(group.FromBots())
	w.run()
	w.settle()
	const sorry = "একটু দেরি হয়ে গেল: মাঝে কিছুক্ষণ আমার সংযোগ ছিল না। যা চেয়েছিলেন, আবার লিখুন।"
	if got := anu.since(before[anu]); got != sorry {
		t.Errorf("অনু is told %q", got)
	}
	w.says(bina.since(before[bina]), "সব খবর বন্ধ করা")
	w.is(502, store.Stopped)
	w.is(503, store.Active)
	w.is(504, store.Active) // welcomed in due course
	w.silent(dipa.since(before[dipa]))
	if got := group.FromBots()[inGroup:]; len(got) != 1 || got[0].Text != sorry {
		t.Errorf("the group is told %q", texts(got))
	}
	// Caught up, the bot answers as usual.
	w.says(anu.says("/help"), "যা যা করতে পারেন")
}

func TestAnUpdateThatCannotBeReadStopsNothing(t *testing.T) {
	w := newWorld(t)
	w.telegram.PushBroken()
	w.telegram.Push("message", json.RawMessage(`{"message_id":1,"date":1,"chat":{"id":501,"type":"private"}}`))
	w.telegram.Push("callback_query", json.RawMessage(`{"id":"1","from":{"id":501,"is_bot":false,"first_name":"x"},"inline_message_id":"abc","data":"1to.0.0"}`))
	w.telegram.Push("message", json.RawMessage(`{"message_id":1,"date":1,"from":{"id":501,"is_bot":true},"text":"/start","chat":{"id":501,"type":"private"}}`))
	w.telegram.Push("my_chat_member", json.RawMessage(`{"chat":{"id":-1,"type":"channel"},"from":{"id":1},"date":1}`))
	w.reader(502, "বীণা")
	w.is(502, store.Active)
	if !w.unknown(501) || !w.unknown(-1) {
		t.Error("somebody was taken in who did not ask")
	}
	w.telegram.ResetUpdateIDs(1)
	w.reader(503, "চিত্রা")
	w.is(503, store.Active)
}

func TestFiveThousandPressesOfOnePersonHoldNobodyUp(t *testing.T) {
	w := newWorld(t)
	anu, bina := w.reader(501, "অনু"), w.reader(502, "বীণা")
	anu.says("/topics")
	m := anu.last().MessageID
	w.server.ForgetRequests()
	const flood = 5000
	for range flood {
		if _, err := anu.Chat().PressData(anu.User, m, button.Of(button.SetTopic, 0, 0, w.sport.ID, 1)); err != nil {
			t.Fatal(err)
		}
	}
	w.says(bina.says("/topics"), "কোন কোন বিষয়ের")
	if n := len(w.server.Requests("answerCallbackQuery", "editMessageText")); n > 250 {
		t.Errorf("one person made us call Telegram %d times", n)
	}
	w.follows(501, w.sport.ID)
}

func TestSomebodyTooFastIsToldOnceToWait(t *testing.T) {
	w := newWorld(t)
	w.pass(0) // the clock stands still
	anu := w.reader(501, "অনু")
	before := len(anu.Chat().FromBots())
	for range 200 {
		anu.Send("/nosuch")
	}
	w.settle()
	said := texts(anu.Chat().FromBots()[before:])
	if len(said) > 45 || !strings.Contains(said[len(said)-1], "একটু অপেক্ষা করুন। ১০ সেকেন্ড পরে আবার চেষ্টা করুন।") {
		t.Errorf("%d answers, the last %q", len(said), said[len(said)-1])
	}
	w.pass(10 * time.Second)
	w.says(anu.says("/help"), "যা যা করতে পারেন")
}

func TestTheBotIntroducesItself(t *testing.T) {
	w := newWorld(t)
	if _, err := w.server.WaitRequests(t.Context(), "setMyDefaultAdministratorRights", 2); err != nil {
		t.Fatal(err)
	}
	if got := w.telegram.Text("name", ""); !strings.Contains(got, "হরকরা") {
		t.Errorf("the name is %q", got)
	}
	if got := w.telegram.Text("description", "en"); !strings.Contains(got, "Bengali") {
		t.Errorf("the description is %q", got)
	}
	reader, english := w.person(501, "অনু"), person{w.server.User(502, "Ann", "en"), w}
	if c := w.telegram.Commands(reader.User); len(c) < 5 || c[0].Command != "topics" || c[0].Description != "বিষয় বেছে নিন" {
		t.Errorf("the menu is %v", c)
	}
	if c := w.telegram.Commands(english.User); len(c) < 5 || !strings.Contains(c[0].Description, "topics") {
		t.Errorf("the English menu is %v", c)
	}
}

func TestAServerThatIsOlderThanTheProfileIsNoHindrance(t *testing.T) {
	w := newWorld(t, func(w *world) {
		w.server.WithoutMethods("setMyName", "setMyDescription", "setMyShortDescription", "setMyDefaultAdministratorRights")
	})
	if _, err := w.server.WaitRequests(t.Context(), "setMyCommands", 8); err != nil {
		t.Fatal(err)
	}
	w.says(w.reader(501, "অনু").says("/help"), "/topics")
}

func TestEveryCommandOfTheMenusAndEveryButtonIsHandled(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	help := boss.says("/help")
	for line := range strings.Lines(help) {
		name, found := strings.CutPrefix(strings.TrimSpace(line), "/")
		if !found {
			continue
		}
		name, _, _ = strings.Cut(name, " ")
		w.pass(10 * time.Second)
		if got := boss.says("/" + name); strings.Contains(got, "নির্দেশটি বোঝা গেল না") {
			t.Errorf("/%s is offered but not understood", name)
		}
	}
}

func BenchmarkStartsOfNewReaders(b *testing.B) {
	d := newDesk(b, nil)
	err := d.store.Write(b.Context(), func(tx store.Tx) error {
		return tx.AddLink(b.Context(), &store.Link{Code: "campaign", Category: store.Everything})
	})
	if err != nil {
		b.Fatal(err)
	}
	next := 1
	for b.Loop() {
		updates := make([]telegram.Update, 100)
		for i := range updates {
			updates[i] = says(next, int64(1000+next), "/start l_campaign")
			next++
		}
		if err := d.bot.Handle(b.Context(), batch(updates...)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "updates/s")
}
