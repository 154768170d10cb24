package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// telegramServer is a Bot API server with our bot, and a client of it.
func telegramServer(t testing.TB, options ...telegramtest.Option) (*telegramtest.Server, *telegram.Client) {
	t.Helper()
	s := telegramtest.New(append([]telegramtest.Option{telegramtest.WithBot(tokenText, "harkara_test_bot")}, options...)...)
	base, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, newClient(t, base)
}

func TestMessagesAreSentEditedAndTakenBack(t *testing.T) {
	s, client := telegramServer(t)
	ctx := context.Background()
	reader := s.User(101, "রহিমা", "bn")
	reader.Start("")
	owner := s.User(102, "করিম", "bn")
	channel := s.Channel(-1001000000001, "খবর", owner)
	channel.AddBot(owner, telegramtest.Poster)
	channel.Post(owner, "স্বাগতম") // a chat's very first message cannot be deleted

	for name, chat := range map[string]*telegramtest.Chat{"private": reader.Chat(), "channel": channel} {
		keyboard := telegram.InlineKeyboard{row(telegram.Press("সংরক্ষণ", "s:1"), telegram.Open("পড়ুন", "https://example.com/1"))}
		sent, err := client.Do(ctx, telegram.SendText(chat.ID(), "<b>শিরোনাম</b> &amp; সার", keyboard))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if sent.ChatID != chat.ID() || sent.MessageID == 0 || sent.Date == 0 {
			t.Errorf("%s: sent %+v", name, sent)
		}
		shown, _ := chat.Find(sent.MessageID)
		if shown.Text != "শিরোনাম & সার" || len(shown.Entities) != 1 || shown.ReplyMarkup == nil {
			t.Errorf("%s: shown %+v", name, shown)
		}
		edit := telegram.Edit{ChatID: chat.ID(), MessageID: sent.MessageID, Text: "নতুন শিরোনাম", Keyboard: keyboard}
		if _, err := client.Do(ctx, telegram.EditText(edit)); err != nil {
			t.Errorf("%s: edit: %v", name, err)
		}
		if _, err := client.Do(ctx, telegram.EditText(edit)); telegram.KindOf(err) != telegram.KindNotModified || !telegram.KindOf(err).Harmless() {
			t.Errorf("%s: the same edit again: %v", name, err)
		}
		if _, err := client.Do(ctx, telegram.EditCaption(edit)); telegram.KindOf(err) != telegram.KindOtherForm {
			t.Errorf("%s: edit of a caption that is none: %v", name, err)
		}
		edit.Keyboard = nil
		if _, err := client.Do(ctx, telegram.EditKeyboard(edit)); err != nil {
			t.Errorf("%s: keyboard away: %v", name, err)
		}
		if shown, _ := chat.Find(sent.MessageID); shown.Text != "নতুন শিরোনাম" || shown.ReplyMarkup != nil {
			t.Errorf("%s: after the edits %+v", name, shown)
		}
		if _, err := client.Do(ctx, telegram.Delete(chat.ID(), sent.MessageID)); err != nil {
			t.Errorf("%s: delete: %v", name, err)
		}
		for what, r := range map[string]telegram.Request{"delete": telegram.Delete(chat.ID(), sent.MessageID), "edit": telegram.EditText(edit)} {
			if _, err := client.Do(ctx, r); telegram.KindOf(err) != telegram.KindMessageGone {
				t.Errorf("%s: %s of a message that is gone: %v", name, what, err)
			}
		}
	}
}

func TestAPhotoIsUploadedOnceAndSentAgainById(t *testing.T) {
	s, client := telegramServer(t)
	ctx := context.Background()
	reader := s.User(101, "রহিমা", "bn")
	reader.Start("")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 320, 200))); err != nil {
		t.Fatal(err)
	}
	first, err := client.Do(ctx, telegram.Send(telegram.Outgoing{
		ChatID: 101, Text: "<i>ছবি</i>", File: &telegram.File{Field: "photo", Name: "a.png", Data: picture.Bytes()},
	}))
	if err != nil || first.PhotoID == "" {
		t.Fatalf("upload: %+v, %v", first, err)
	}
	again, err := client.Do(ctx, telegram.Send(telegram.Outgoing{ChatID: 101, Text: "আবার", Photo: first.PhotoID}))
	if err != nil || again.PhotoID == "" || again.MessageID == first.MessageID {
		t.Errorf("again: %+v, %v", again, err)
	}
	if shown, _ := reader.Chat().Find(again.MessageID); shown.Caption != "আবার" || len(shown.Photo) == 0 {
		t.Errorf("shown %+v", shown)
	}
	edited, err := client.Do(ctx, telegram.EditCaption(telegram.Edit{ChatID: 101, MessageID: again.MessageID, Text: "শোধন"}))
	if err != nil || edited.MessageID != again.MessageID {
		t.Errorf("edit: %+v, %v", edited, err)
	}
	if got, err := client.Do(ctx, telegram.Send(telegram.Outgoing{
		ChatID: 101, File: &telegram.File{Field: "document", Name: "আমার-তথ্য.json", Data: []byte("{}")},
	})); err != nil || got.MessageID == 0 {
		t.Errorf("document: %+v, %v", got, err)
	}
}

// deliver sends r, mending it after each refusal that can be mended.
func deliver(t *testing.T, client *telegram.Client, r telegram.Request) (telegram.Result, error) {
	t.Helper()
	for range 6 {
		result, err := client.Do(context.Background(), r)
		if err == nil {
			return result, nil
		}
		mended, ok := r.Repaired(err)
		if !ok {
			return result, err
		}
		r = mended
	}
	t.Fatal("mending does not end")
	return telegram.Result{}, nil
}

func TestWhatIsRefusedArrivesInAPlainerForm(t *testing.T) {
	s, client := telegramServer(t)
	owner := s.User(102, "করিম", "bn")
	owner.Start("")
	group := s.Group(-500, "পাড়া", owner)
	group.JoinBot(owner)
	super := group.Migrate(-1002000000001)
	forum := s.Supergroup(-1002000000002, "আড্ডা", owner).Forum()
	forum.JoinBot(owner)
	gone := forum.OpenTopic(owner, "খেলা")
	forum.DeleteTopic(gone)
	closed := forum.OpenTopic(owner, "রাজনীতি")
	forum.CloseTopic(closed)
	silent := s.Supergroup(-1002000000003, "ছবিহীন", owner)
	silent.JoinBot(owner)
	silent.Forbid("photos")

	for name, c := range map[string]struct {
		r    telegram.Request
		chat *telegramtest.Chat
		text string
	}{
		"broken mark-up": {telegram.SendText(102, `<b>ক <a href="https://example.com/">খ</a>`, nil), owner.Chat(), "ক খ (https://example.com/)"},
		"a group that became a supergroup, with broken mark-up": {
			telegram.SendText(-500, "<br>ক", nil), super, "ক",
		},
		"a topic that is gone":      {telegram.Send(telegram.Outgoing{ChatID: forum.ID(), ThreadID: gone, Text: "খেলার খবর"}), forum, "খেলার খবর"},
		"a photo that is no photo":  {telegram.Send(telegram.Outgoing{ChatID: 102, Photo: "not-a-file-id", Text: "<b>ছবির খবর</b>"}), owner.Chat(), "ছবির খবর"},
		"a photo where none may be": {telegram.Send(telegram.Outgoing{ChatID: silent.ID(), Photo: "https://example.com/a.jpg", Text: "নিঃছবি"}), silent, "নিঃছবি"},
		"a button that leads nowhere": {
			telegram.SendText(102, "বোতাম", telegram.InlineKeyboard{row(telegram.Open("x", "http://"))}), owner.Chat(), "বোতাম",
		},
	} {
		sent, err := deliver(t, client, c.r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if shown, _ := c.chat.Find(sent.MessageID); shown.Text != c.text || sent.ChatID != c.chat.ID() {
			t.Errorf("%s: %q in %d", name, shown.Text, sent.ChatID)
		}
	}
	if _, err := deliver(t, client, telegram.Send(telegram.Outgoing{ChatID: forum.ID(), ThreadID: closed, Text: "x"})); telegram.KindOf(err) != telegram.KindThreadClosed {
		t.Errorf("a closed topic: %v", err)
	}
}

func TestAChatThatIsClosedToUsIsToldApart(t *testing.T) {
	s, client := telegramServer(t)
	owner := s.User(102, "করিম", "bn")
	blocked, deactivated := s.User(111, "ক", "bn"), s.User(112, "খ", "bn")
	blocked.Start("")
	blocked.Block()
	deactivated.Start("")
	deactivated.Deactivate()
	s.User(113, "গ", "bn")
	left, kicked, mute := s.Group(-601, "গ", owner), s.Supergroup(-1006000000002, "ঘ", owner), s.Channel(-1006000000003, "ঙ", owner)
	left.JoinBot(owner)
	left.RemoveBot(owner)
	kicked.JoinBot(owner)
	kicked.KickBot(owner)
	mute.AddBot(owner, telegramtest.Rights{ManageChat: true})

	for chat, want := range map[int64]telegram.Kind{
		111: telegram.KindBlocked, 112: telegram.KindBlocked, 113: telegram.KindBlocked,
		-601: telegram.KindGone, -1006000000002: telegram.KindGone, -1006000000003: telegram.KindNoRights,
		987654: telegram.KindChatNotFound, -1009999999999: telegram.KindChatNotFound,
	} {
		_, err := client.Do(context.Background(), telegram.SendText(chat, "x", nil))
		if got := telegram.KindOf(err); got != want && (want != telegram.KindBlocked || got != telegram.KindChatNotFound || chat != 113) {
			t.Errorf("chat %d: %v, kind %q, want %q", chat, err, got, want)
		}
		if inDoubt(err) {
			t.Errorf("chat %d: a refusal in doubt", chat)
		}
	}
}

func TestEveryFaultIsToldByWhetherTheMessageMayHaveArrived(t *testing.T) {
	s, client := telegramServer(t)
	s.User(101, "রহিমা", "bn").Start("")
	chat := s.User(101, "", "").Chat()
	for _, c := range []struct {
		fault   telegramtest.Fault
		kind    telegram.Kind
		doubt   bool
		arrives bool
	}{
		{telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 7}, telegram.KindFlood, false, false},
		{telegramtest.Fault{Kind: telegramtest.BadGateway}, telegram.KindServer, true, false},
		{telegramtest.Fault{Kind: telegramtest.BadGatewayAfter}, telegram.KindServer, true, true},
		{telegramtest.Fault{Kind: telegramtest.EntityTooLarge}, telegram.KindTooLarge, false, false},
		{telegramtest.Fault{Kind: telegramtest.Truncated}, telegram.KindUnknownOutcome, true, true},
		{telegramtest.Fault{Kind: telegramtest.ResetBefore}, telegram.KindUnknownOutcome, true, false},
		{telegramtest.Fault{Kind: telegramtest.ResetAfter}, telegram.KindUnknownOutcome, true, true},
		{telegramtest.Fault{Kind: telegramtest.Hang}, telegram.KindUnknownOutcome, true, false},
		{telegramtest.Fault{Kind: telegramtest.HangAfter}, telegram.KindUnknownOutcome, true, true},
		{telegramtest.Fault{Kind: telegramtest.Refused, Code: 401, Text: "Unauthorized"}, telegram.KindUnauthorized, false, false},
	} {
		remove := s.Fault(c.fault)
		before := len(chat.FromBots())
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		_, err := client.Do(ctx, telegram.SendText(101, "খবর", nil))
		cancel()
		remove()
		if telegram.KindOf(err) != c.kind || inDoubt(err) != c.doubt {
			t.Errorf("%s: %v, kind %q, in doubt %v", c.fault.Kind, err, telegram.KindOf(err), inDoubt(err))
		}
		if got := len(chat.FromBots()) > before; got != c.arrives {
			t.Errorf("%s: arrived %v", c.fault.Kind, got)
		}
	}

	if err := s.Down(telegramtest.Refuse); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(context.Background(), telegram.SendText(101, "খবর", nil)); telegram.KindOf(err) != telegram.KindUnsent {
		t.Errorf("while nobody listens: %v, kind %q", err, telegram.KindOf(err))
	}
	if err := s.Up(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(context.Background(), telegram.SendText(101, "খবর", nil)); err != nil {
		t.Errorf("after the outage: %v", err)
	}
	if err := s.Down(telegramtest.Break); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(context.Background(), telegram.SendText(101, "খবর", nil)); !inDoubt(err) {
		t.Errorf("while connections break: %v, kind %q", err, telegram.KindOf(err))
	}
}

// follow runs Updates in a bubble of fake time against the emulator for so long.
func follow(t *testing.T, client *telegram.Client, k *kept, long time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	u := telegram.Updates{
		Client: client, Handle: k.handle, Alarm: k.alarm, Log: slog.New(slog.DiscardHandler),
		Offset: func(context.Context) (int, error) { return k.offset, nil },
	}
	done := make(chan error)
	go func() { done <- u.Run(ctx) }()
	time.Sleep(long)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestNoUpdateIsLostOrHandledTwiceWhateverFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(telegramtest.WithBot(tokenText, "harkara_test_bot"), telegramtest.WithSeed(3))
		defer s.Close()
		client, bot := bubble(t, s), s.Bot()
		var want []int
		reader := s.User(101, "রহিমা", "bn")
		for range 950 {
			reader.Send("খেলা")
		}
		bot.PushBroken()
		for range 49 {
			reader.Send("খেলা")
		}
		first := bot.Queue().Head
		for id := first; id < bot.Queue().NextID; id++ {
			if id != first+950 {
				want = append(want, id)
			}
		}
		for _, kind := range []telegramtest.FaultKind{telegramtest.BadGateway, telegramtest.BadGatewayAfter, telegramtest.Truncated, telegramtest.TooMany} {
			s.Fault(telegramtest.Fault{Kind: kind, Method: "getUpdates", Chance: 0.15, RetryAfter: 2})
		}
		k := &kept{}
		for range 12 { // stopped and started again and again, wherever it is
			follow(t, client, k, 7*time.Second)
		}
		s.ClearFaults()
		follow(t, client, k, 5*time.Minute)
		if !slices.Equal(k.ids, want) {
			t.Errorf("%d updates handled, want %d; equal in order: %v", len(k.ids), len(want), slices.Equal(k.ids, want))
		}

		// After a quiet week the numbering begins anew, below.
		bot.ResetUpdateIDs(2_000_001)
		k.ids = nil
		reader.Send("আবার")
		reader.Send("আরও একবার")
		follow(t, client, k, time.Minute)
		if !slices.Equal(k.ids, []int{2_000_001, 2_000_002}) || k.offset != 2_000_003 {
			t.Errorf("after the new numbering: %v, offset %d", k.ids, k.offset)
		}
		if q := bot.Queue(); q.Waiting != 0 {
			t.Errorf("%d updates still wait", q.Waiting)
		}
	})
}

func TestASecondPollerIsNoticedAndNothingIsHandledTwiceByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(telegramtest.WithBot(tokenText, "harkara_test_bot"))
		defer s.Close()
		client := bubble(t, s)
		one, other := &kept{}, &kept{}
		done := make(chan struct{})
		go func() { follow(t, client, one, 5*time.Minute); close(done) }()
		time.Sleep(10 * time.Second)
		follow(t, client, other, 2*time.Minute)
		s.User(101, "রহিমা", "bn").Send("খেলা")
		<-done
		conflicts := 0
		for _, err := range append(one.alarms, other.alarms...) {
			if telegram.KindOf(err) == telegram.KindConflict {
				conflicts++
			}
		}
		if conflicts == 0 {
			t.Errorf("two pollers, no alarm: %v, %v", one.alarms, other.alarms)
		}
		if n := len(one.alarms); n > 0 && one.alarms[n-1] != nil {
			t.Errorf("the alarm stays after the other has gone: %v", one.alarms)
		}
		if len(one.ids) != 1 {
			t.Errorf("handled %v", one.ids)
		}
	})
}

func TestARevokedTokenIsToldAndPollingGoesOnOnceItIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(telegramtest.WithBot(tokenText, "harkara_test_bot"))
		defer s.Close()
		client, k := bubble(t, s), &kept{}
		reader := s.User(101, "রহিমা", "bn")
		reader.Send("এক")
		s.Bot().Revoke(true)
		done := make(chan struct{})
		go func() { follow(t, client, k, 10*time.Minute); close(done) }()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if len(k.alarms) != 1 || telegram.KindOf(k.alarms[0]) != telegram.KindUnauthorized {
			t.Errorf("alarms %v", k.alarms)
		}
		if n := s.Counts()["deleteWebhook"].Calls + s.Counts()["getUpdates"].Calls; n > 12 {
			t.Errorf("%d calls in five minutes with a revoked token", n)
		}
		s.Bot().Revoke(false)
		<-done
		if len(k.ids) != 1 || len(k.alarms) != 2 || k.alarms[1] != nil {
			t.Errorf("handled %v, alarms %v", k.ids, k.alarms)
		}
	})
}

func TestAWebhookIsTakenAwayWithoutLosingWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(telegramtest.WithBot(tokenText, "harkara_test_bot"))
		defer s.Close()
		client, k := bubble(t, s), &kept{}
		hook := telegram.Params{"url": "https://example.com/hook"}
		if err := client.Call(context.Background(), "setWebhook", hook, nil); err != nil {
			t.Fatal(err)
		}
		s.User(101, "রহিমা", "bn").Send("এক")
		if info, err := client.GetWebhookInfo(context.Background()); err != nil || info.URL != "https://example.com/hook" || info.Waiting != 1 {
			t.Errorf("webhook %+v, %v", info, err)
		}
		done := make(chan struct{})
		go func() { follow(t, client, k, 5*time.Minute); close(done) }()
		time.Sleep(time.Minute)
		if err := client.Call(context.Background(), "setWebhook", hook, nil); err != nil { // somebody else's doing
			t.Fatal(err)
		}
		s.User(101, "রহিমা", "bn").Send("দুই")
		<-done
		if len(k.ids) != 2 || k.alarms[len(k.alarms)-1] != nil {
			t.Errorf("handled %v, alarms %v", k.ids, k.alarms)
		}
	})
}

func TestTheProfileIsSet(t *testing.T) {
	s, client := telegramServer(t)
	ctx := context.Background()
	for _, r := range []telegram.Request{
		telegram.SetName("হরকরা", "bn"), telegram.SetDescription("খবর পৌঁছে দিই", ""), telegram.SetShortDescription("বাংলা খবর", "bn"),
		telegram.SetCommands(telegram.AllPrivateChats, "", []telegram.Command{{Name: "start", Description: "শুরু"}}),
		telegram.SetCommands(telegram.AllGroups, "bn", nil),
		telegram.SetDefaultRights(telegram.AdminRights{ManageChat: true, Post: true, Edit: true, DeleteMessages: true}, true),
	} {
		if _, err := client.Do(ctx, r); err != nil {
			t.Errorf("%s: %v", r.Method, err)
		}
	}
	bot := s.Bot()
	reader := s.User(101, "রহিমা", "bn")
	reader.Start("")
	if bot.Text("name", "bn") != "হরকরা" || bot.Text("description", "en") != "খবর পৌঁছে দিই" || bot.Text("short_description", "bn") != "বাংলা খবর" {
		t.Error("the profile's texts are not set")
	}
	if c := bot.Commands(reader); len(c) != 1 || c[0].Command != "start" {
		t.Errorf("commands %+v", c)
	}
	s.WithoutMethods("setMyName")
	if _, err := client.Do(ctx, telegram.SetName("x", "")); telegram.KindOf(err) != telegram.KindUnknownMethod {
		t.Errorf("on an older server: %v", err)
	}
	if me, err := client.GetMe(ctx); err != nil || me.ID != client.BotID() || me.Username != "harkara_test_bot" {
		t.Errorf("getMe: %+v, %v", me, err)
	}
}

func TestAPressIsAnsweredOnceAndTooLateIsHarmless(t *testing.T) {
	s, client := telegramServer(t)
	ctx := context.Background()
	reader := s.User(101, "রহিমা", "bn")
	reader.Start("")
	sent, err := client.Do(ctx, telegram.SendText(101, "খবর", telegram.InlineKeyboard{row(telegram.Press("ভালো", "up:1"))}))
	if err != nil {
		t.Fatal(err)
	}
	press, err := reader.Press(sent.MessageID, "ভালো")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(ctx, telegram.AnswerCallback(press.ID(), "ধন্যবাদ", false)); err != nil {
		t.Error(err)
	}
	if got, err := press.Wait(ctx); err != nil || got.Text != "ধন্যবাদ" {
		t.Errorf("the reader sees %+v, %v", got, err)
	}
	if _, err := client.Do(ctx, telegram.AnswerCallback("1", "x", true)); telegram.KindOf(err) != telegram.KindQueryTooOld {
		t.Errorf("an old press: %v", err)
	}
}

func TestAFileArrivesWhole(t *testing.T) {
	s, client := telegramServer(t)
	ctx := context.Background()
	s.User(101, "রহিমা", "bn").Start("")
	var sent telegram.Message
	data := bytes.Repeat([]byte("খবর"), 1000)
	err := client.DoInto(ctx, telegram.Send(telegram.Outgoing{ChatID: 101, File: &telegram.File{Field: "document", Name: "feeds.opml", Data: data}}), &sent)
	if err != nil || sent.Document == nil || sent.Document.Name != "feeds.opml" {
		t.Fatalf("sent %+v, %v", sent, err)
	}
	if got := s.File(sent.Document.FileID); !bytes.Equal(got, data) {
		t.Errorf("%d bytes arrived", len(got))
	}
}

func TestErrorsOfCallsSayWhichMethodFailed(t *testing.T) {
	_, client := telegramServer(t)
	_, err := client.GetChat(context.Background(), 424242)
	var e *telegram.Error
	if !errors.As(err, &e) || e.Method != "getChat" || !strings.HasPrefix(err.Error(), "getChat: 400 ") {
		t.Errorf("got %v", err)
	}
}
