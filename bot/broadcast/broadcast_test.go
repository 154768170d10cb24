package broadcast_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func TestATextTypedAfterTheCommandReachesEverybodyWithItsFormatting(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(30)
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	boss.Chat().SayAs(boss.User, "কাল <b>ছুটি</b> থাকবে", telegramtest.Manner{HTML: true})
	screen := boss.hears("কাদের পাঠাবেন?").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "সব পাঠক — ৩০ জন")
	boss.presses(screen, "পাঠান")
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "কাল ছুটি থাকবে")
	m := readers[7].Chat().FromBots()[0]
	if len(m.Entities) != 1 || m.Entities[0].Type != "bold" || m.ForwardOrigin != nil {
		t.Errorf("the copy is %+v", m)
	}
	boss.sees(screen, "পৌঁছেছে: ৩০ / ৩০")
	if b := w.broadcast(); b.State != store.BroadcastDone || b.Progress.Delivered != 30 || len(w.misses(b.ID)) != 0 {
		t.Errorf("the broadcast stands as %+v", b)
	}
	for _, m := range boss.Chat().FromBots() {
		if strings.Contains(m.Words(), "কাল ছুটি থাকবে") && !strings.Contains(m.Words(), "ঘোষণা") {
			t.Errorf("the trial was left behind: %q", m.Words())
		}
	}
	boss.Send("/broadcasts")
	boss.hears("সাম্প্রতিক ঘোষণা")
}

func TestAnAlbumThatComesInPartsStaysOne(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(5)
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	for i := range 3 {
		text := ""
		if i == 0 {
			text = "মেলার ছবি"
		}
		boss.Chat().SayAs(boss.User, text, telegramtest.Manner{Photo: []byte{byte(i)}, Album: "77"})
	}
	screen := boss.hears("৩ অংশের অ্যালবাম: মেলার ছবি").MessageID
	boss.presses(screen, "আগে নিজে দেখি")
	boss.hears("মেলার ছবি")
	screen = boss.hears("কাদের পাঠাবেন?").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "৫ জন")
	boss.presses(screen, "পাঠান")
	boss.hears("ঘোষণা পাঠানো শেষ")
	for _, u := range readers {
		list := u.Chat().FromBots()
		if len(list) != 3 {
			t.Fatalf("%s got %d messages", u.Name(), len(list))
		}
		for _, m := range list {
			if len(m.Photo) == 0 || m.MediaGroupID == "" || m.MediaGroupID != list[0].MediaGroupID {
				t.Errorf("a part is %+v", m)
			}
		}
	}
	if b := w.broadcast(); b.Progress.Delivered != 5 {
		t.Errorf("%d were reached", b.Progress.Delivered)
	}
}

func TestAnAlbumThatChangesWhileItIsComposedIsNoticed(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(5)
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	part := func(n int) int {
		return boss.Chat().SayAs(boss.User, "", telegramtest.Manner{Photo: []byte{byte(n)}, Album: "78"})
	}
	part(1)
	part(2)
	screen := boss.hears("২ অংশের অ্যালবাম").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "৫ জন")
	third := part(3)
	again := boss.hears("৩ অংশের অ্যালবাম").MessageID
	if notice := boss.presses(screen, "পাঠান"); !strings.Contains(notice, "অ্যালবামটি এর মধ্যে বদলেছে") {
		t.Errorf("the old button says %q", notice)
	}
	boss.Chat().Remove(third)
	boss.presses(again, "পাঠান")
	boss.hears("আধখানা পাঠাচ্ছি না")
	if w.broadcast().State != store.BroadcastCancelled {
		t.Errorf("it stands as %+v", w.broadcast())
	}
	for _, u := range readers {
		if n := len(u.Chat().FromBots()); n > 0 {
			t.Errorf("%s got %d parts", u.Name(), n)
		}
	}
	if n := len(boss.Chat().FromBots()); n == 0 {
		t.Error("no messages")
	}
	w.until("the trial is taken back", func() bool {
		for _, m := range boss.Chat().FromBots() {
			if len(m.Photo) > 0 {
				return false
			}
		}
		return true
	})
}

func TestAReplyAnnouncesAnEarlierMessageOrAlbum(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(3)
	video := boss.Chat().SayAs(boss.User, "উদ্বোধনের ভিডিও", telegramtest.Manner{Video: []byte("v")})
	boss.Chat().SayAs(boss.User, "/broadcast", telegramtest.Manner{ReplyTo: video})
	screen := boss.hears("ভিডিও: উদ্বোধনের ভিডিও").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.presses(screen, "পাঠান")
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "উদ্বোধনের ভিডিও")

	first := boss.Chat().SayAs(boss.User, "নতুন ক্যাম্পাস", telegramtest.Manner{Photo: []byte("a"), Album: "5"})
	boss.Chat().SayAs(boss.User, "", telegramtest.Manner{Photo: []byte("b"), Album: "5"})
	boss.Chat().SayAs(boss.User, "/broadcast", telegramtest.Manner{ReplyTo: first})
	screen = boss.hears("২ অংশের অ্যালবাম: নতুন ক্যাম্পাস").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.presses(screen, "পাঠান")
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "নতুন ক্যাম্পাস")
}

func TestAllVoteInOnePoll(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	boss.Chat().SayAs(boss.User, "মেলা কবে চান?", telegramtest.Manner{Poll: []string{"শুক্রবার", "শনিবার"}})
	screen := boss.hears("ভোট: মেলা কবে চান?").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.presses(screen, "পাঠান")
	boss.hears("ঘোষণা পাঠানো শেষ")
	for i, u := range readers {
		list := u.Chat().FromBots()
		if len(list) != 1 || list[0].Poll == nil {
			t.Fatalf("%s got %+v", u.Name(), list)
		}
		if origin := list[0].ForwardOrigin; origin == nil || origin.SenderUser == nil || !origin.SenderUser.IsBot {
			t.Errorf("the poll shows where it is from: %+v", origin)
		}
		if err := u.Chat().Vote(u, list[0].MessageID, i%2); err != nil {
			t.Fatal(err)
		}
	}
	if m := readers[0].Chat().FromBots()[0]; m.Poll.TotalVoterCount != 4 {
		t.Errorf("%d votes are counted", m.Poll.TotalVoterCount)
	}
}

func TestAnAnnouncementIsCalledByItsFirstWholeWords(t *testing.T) {
	w := newWorld(t)
	boss := w.owner()
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	boss.Send("আজ রাত ১২টা থেকে ১টা পর্যন্ত\nআমাদের ওয়েবসাইট বন্ধ থাকবে। খবর এখানেই পাবেন।")
	boss.hears("লেখা: আজ রাত ১২টা থেকে ১টা পর্যন্ত আমাদের ওয়েবসাইট বন্ধ থাকবে…")
}

func TestAnAudienceIsChosenByWhatIsKnownOfReaders(t *testing.T) {
	w := newWorld(t)
	boss := w.owner()
	sport := store.Category{Slug: "sports", Name: "খেলা"}
	link := store.Link{Code: "abc", Campaign: "মেলা"}
	w.write(func(ctx context.Context, tx store.Tx) error {
		if err := tx.SaveCategory(ctx, &sport); err != nil {
			return err
		}
		link.Category = sport.ID
		return tx.AddLink(ctx, &link)
	})
	long := w.now().Add(-100 * 24 * time.Hour)
	readers := w.readers(6, func(i int, c *store.Chat) {
		switch i {
		case 0:
			c.Categories = []int64{sport.ID}
		case 1:
			c.Categories = []int64{store.Everything}
		case 2:
			c.Link = link.ID
		case 3:
			c.Language = "en"
		case 4:
			c.JoinedAt = long
		case 5:
			c.State = store.Stopped
		}
	})
	readers[4].Send("/help") // comes again after a hundred days
	channel := w.server.Channel(-1001000000001, "দৈনিক", boss.User)
	channel.AddBot(boss.User, telegramtest.Poster)
	w.until("the channel is known", func() bool { _, err := w.store.Chat(t.Context(), channel.ID()); return err == nil })
	for _, c := range []struct {
		buttons []string
		want    string
	}{
		{[]string{"সব পাঠক"}, "৫ জন"},
		{[]string{"বিষয় ধরে…", "খেলা"}, "‘খেলা’ বিষয়ের পাঠক — ২ জন"},
		{[]string{"লিংক ধরে…", "খেলা · মেলা"}, "লিংক ‘খেলা · মেলা’ থেকে আসা পাঠক — ১ জন"},
		{[]string{"যাঁরা ইংরেজিতে বট ব্যবহার করেন"}, "১ জন"},
		{[]string{"যাঁরা বাংলায় বট ব্যবহার করেন"}, "৪ জন"},
		{[]string{"সম্প্রতি সক্রিয়…", "গত ৭ দিনে সক্রিয় পাঠক"}, "৫ জন"},
		{[]string{"চ্যানেল ও গ্রুপ"}, "চ্যানেল ও গ্রুপ — ১টি"},
	} {
		screen := boss.composes("বাছাই")
		for _, b := range c.buttons {
			boss.presses(screen, b)
		}
		boss.sees(screen, c.want)
	}
	last := boss.Chat().FromBots()
	boss.presses(last[len(last)-1].MessageID, "পাঠান")
	boss.hears("ঘোষণা পাঠানো শেষ")
	if posts := channel.FromBots(); len(posts) == 0 || posts[len(posts)-1].Text != "বাছাই" {
		t.Errorf("the channel has %v", posts)
	}
	if names := got(readers, "বাছাই"); len(names) > 0 {
		t.Errorf("%v got it, too", names)
	}
}

func TestAnAudienceOfNobodyIsToldAndASourceThatIsGoneSendsNothing(t *testing.T) {
	w := newWorld(t)
	boss := w.owner()
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	source := boss.Send("কেউ নেই?")
	screen := boss.hears("কাদের পাঠাবেন?").MessageID
	if notice := boss.presses(screen, "সব পাঠক"); !strings.Contains(notice, "এখন কেউ নেই") {
		t.Errorf("the notice says %q", notice)
	}
	readers := w.readers(3)
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "৩ জন")
	boss.Chat().Remove(source)
	boss.presses(screen, "পাঠান")
	boss.hears("মূল বার্তাটি আর নেই")
	if names := got(readers, ""); len(names) > 0 {
		t.Errorf("%v got something", names)
	}
}

func TestWhatHappensToEachChatIsCountedByItsReason(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(20)
	readers[3].Block()
	readers[4].Deactivate()
	// That the first is blocked is known to the bot; here it is as if it were not yet.
	w.until("the block is heard of", func() bool {
		c, err := w.store.Chat(t.Context(), readers[3].ID())
		return err == nil && c.State == store.Blocked
	})
	w.write(func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Chat(ctx, readers[3].ID())
		c.State = store.Active
		if err == nil {
			err = tx.SaveChat(ctx, &c)
		}
		return err
	})
	w.server.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, Method: "copyMessage", ChatID: readers[5].ID(), RetryAfter: 3, Times: 1})
	w.server.Fault(telegramtest.Fault{Kind: telegramtest.Refused, Method: "copyMessage", ChatID: readers[6].ID(), Code: 400, Text: "Bad Request: SOMETHING_NEW", Times: 1})
	w.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Method: "copyMessage", ChatID: readers[7].ID(), Times: 1})
	screen := boss.drafts("হিসাব", "২০ জন")
	boss.presses(screen, "পাঠান")
	report := boss.hears("ঘোষণা পাঠানো শেষ")
	for _, line := range []string{"পৌঁছেছে: ১৬ / ২০", "বট বন্ধ রেখেছেন: ২", "টেলিগ্রাম নেয়নি: ১", "পৌঁছেছে কি না জানা যায়নি: ১"} {
		if !strings.Contains(report.Text, line) {
			t.Errorf("the report lacks %q: %s", line, report.Text)
		}
	}
	boss.presses(report.MessageID, "কার কার কথা জানা যায়নি")
	boss.sees(report.MessageID, readers[7].Name())
	boss.presses(report.MessageID, "ফিরে যান")
	boss.presses(report.MessageID, "যাঁরা পাননি, আবার পাঠান")
	report = boss.hears("পৌঁছেছে: ১৭ / ২০")
	boss.presses(report.MessageID, "কার কার কথা জানা যায়নি")
	boss.presses(report.MessageID, "এঁদের আবার পাঠান")
	boss.hears("পৌঁছেছে: ১৮ / ২০")
	for i, u := range readers {
		want := 1
		switch i {
		case 3, 4:
			want = 0
		case 7:
			want = 2 // it had arrived, and the editor wanted it so
		}
		if n := len(got([]*telegramtest.User{u}, "হিসাব")); n != want {
			t.Errorf("reader %d has it %d times, not %d", i, n, want)
		}
	}
}

func TestItPausesItselfWhenFailuresPileUpAndTellsWhy(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(60)
	stop := w.server.Fault(telegramtest.Fault{Kind: telegramtest.Refused, Method: "copyMessage", Skip: 21, Code: 400, Text: "Bad Request: CONTENT_REFUSED"})
	screen := boss.drafts("বিপদ", "৬০ জন")
	boss.presses(screen, "পাঠান")
	report := boss.hears("ঘোষণা থেমে আছে")
	if !strings.Contains(report.Text, "CONTENT_REFUSED") || !strings.Contains(report.Text, "নিজে থেকে থেমেছি") {
		t.Errorf("it does not say why: %s", report.Text)
	}
	stop()
	boss.presses(report.MessageID, "আবার চালান")
	report = boss.hears("ঘোষণা পাঠানো শেষ")
	boss.presses(report.MessageID, "যাঁরা পাননি, আবার পাঠান")
	boss.hears("পৌঁছেছে: ৬০ / ৬০")
	w.allGot(readers, "বিপদ")
}

func TestItIsPausedResumedAndCancelledByHand(t *testing.T) {
	w := newWorld(t, func(w *world) { w.rate = 2 })
	boss, readers := w.owner(), w.readers(200)
	screen := boss.drafts("ধীরে", "লাগবে প্রায় ১ মিনিট ৪০ সেকেন্ড")
	boss.presses(screen, "পাঠান")
	boss.sees(screen, "ঘোষণা যাচ্ছে")
	boss.sees(screen, "গতি সেকেন্ডে")
	boss.presses(screen, "থামান")
	boss.sees(screen, "থামিয়েছেন মালিক")
	boss.presses(screen, "আবার চালান")
	boss.sees(screen, "ঘোষণা যাচ্ছে")
	boss.presses(screen, "বাতিল করুন")
	boss.sees(screen, "ঘোষণা বাতিল হয়েছে")
	w.until("nothing is under way", func() bool {
		window, err := w.store.Window(t.Context())
		return err == nil && len(window.Flights) == 0
	})
	b := w.broadcast()
	if n := len(got(readers, "ধীরে")); n == 0 || n == 200 || n != b.Progress.Delivered {
		t.Errorf("%d got it, %d are counted", n, b.Progress.Delivered)
	}
	boss.presses(screen, "সবার কাছ থেকে মুছুন")
	boss.presses(screen, "হ্যাঁ, মুছে দিন")
	boss.hears("ঘোষণা মুছে ফেলা হয়েছে")
	if names := got(readers, "ধীরে"); len(names) > 0 {
		t.Errorf("%v still have it", names)
	}
	if after := w.broadcast(); after.Progress.Deleted != b.Progress.Delivered || after.Progress.Kept != 0 {
		t.Errorf("%+v were deleted of %d", after.Progress, b.Progress.Delivered)
	}
}

func TestTwoPressesSendOnce(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(10)
	screen := boss.composes("একবারই")
	boss.presses(screen, "সব পাঠক")
	send := boss.sees(screen, "১০ জন").ReplyMarkup.Rows[0][0].CallbackData
	var presses []*telegramtest.Press
	for range 5 {
		p, err := boss.Chat().PressData(boss.User, screen, send)
		if err != nil {
			t.Fatal(err)
		}
		presses = append(presses, p)
	}
	for _, p := range presses {
		boss.answer(p)
	}
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "একবারই")
	if list, err := w.store.Broadcasts(t.Context(), 10); err != nil || len(list) != 1 {
		t.Errorf("there are %d broadcasts: %v", len(list), err)
	}
}

func TestWhoJoinsLaterIsNotInTheAudience(t *testing.T) {
	w := newWorld(t, func(w *world) { w.rate = 1 })
	boss, readers := w.owner(), w.readers(8)
	screen := boss.drafts("আগের জন্য", "৮ জন")
	boss.presses(screen, "পাঠান")
	boss.sees(screen, "ঘোষণা যাচ্ছে")
	late := w.server.User(firstReader+100, "পরে আসা", "bn")
	w.write(func(ctx context.Context, tx store.Tx) error {
		c := store.Chat{TelegramID: late.ID(), Kind: store.Private, Title: "পরে আসা", Language: "bn", State: store.Active, JoinedAt: w.now()}
		if err := tx.SaveChat(ctx, &c); err != nil {
			return err
		}
		return tx.Settle(ctx, store.Visit{Chat: c.ID, Welcomed: true})
	})
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "আগের জন্য")
	if names := got([]*telegramtest.User{late}, "আগের জন্য"); len(names) > 0 {
		t.Error("who came later got it")
	}
}

func TestAStopInTheMiddleLosesAndDoublesNothing(t *testing.T) {
	w := newWorld(t, func(w *world) { w.rate = 10 })
	boss, readers := w.owner(), w.readers(120)
	screen := boss.drafts("দীর্ঘ যাত্রা", "১২০ জন")
	boss.presses(screen, "পাঠান")
	for i := range 4 {
		w.until("some more have it", func() bool { return len(got(readers, "দীর্ঘ যাত্রা")) > 20*(i+1) })
		w.stop()
		w.run()
	}
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "দীর্ঘ যাত্রা")
	if b := w.broadcast(); b.Progress.Delivered != 120 || len(w.misses(b.ID)) > 0 {
		t.Errorf("%+v %v", b.Progress, w.misses(b.ID))
	}
}

func TestABroadcastMadeByProgramBeginsAtItsTimeOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(5)
	source := boss.Send("সময়মতো")
	add := func(start, expires time.Duration) store.Broadcast {
		b := store.Broadcast{
			State: store.BroadcastReady, Author: ownerID, CreatedAt: w.now(), StartAt: w.now().Add(start), ExpiresAt: w.now().Add(expires),
			Audience: store.Audience{Kind: store.AudienceReaders}, Kind: "text", Title: "সময়মতো", Source: ownerID, Messages: []int{source}, Total: 5,
		}
		w.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveBroadcast(ctx, &b) })
		return b
	}
	add(24*time.Hour, 48*time.Hour)
	w.pass(time.Hour)
	if names := got(readers, "সময়মতো"); len(names) > 0 {
		t.Errorf("%v got it too early", names)
	}
	w.pass(24 * time.Hour)
	boss.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "সময়মতো")
	add(-10*time.Hour, -time.Hour)
	boss.hears("সময়মতো শুরু করা যায়নি")
	w.allGot(readers, "সময়মতো")
}

func TestNobodyButEditorsTouchesAnnouncements(t *testing.T) {
	w := newWorld(t, func(w *world) { w.rate = 1 })
	boss, readers := w.owner(), w.readers(40)
	viewer := w.editor(901, "দর্শক", store.Viewer)
	stranger := w.editor(902, "আগন্তুক", "")
	former := w.editor(903, "প্রাক্তন", store.EditorRole)
	other := w.editor(904, "সহকর্মী", store.EditorRole)
	draft := former.composes("প্রাক্তনের ঘোষণা")
	former.presses(draft, "সব পাঠক")
	old := former.sees(draft, "৪০ জন")
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteEditor(ctx, 903) })

	screen := boss.composes("আসল ঘোষণা")
	boss.presses(screen, "সব পাঠক")
	mine := boss.sees(screen, "৪০ জন")
	number := strings.Split(mine.ReplyMarkup.Rows[0][0].CallbackData, ".")[1]

	attempts := 0
	try := func(p *person, data string) {
		attempts++
		if attempts%15 == 0 {
			w.pass(time.Minute) // nobody is to be saved by the limit on haste
		}
		message := p.Chat().FromBots()[0].MessageID
		press, err := p.Chat().PressData(p.User, message, data)
		if err != nil {
			t.Fatal(err)
		}
		p.answer(press)
	}
	stand := func() string {
		b, err := w.store.LiveBroadcasts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, b := range b {
			text += fmt.Sprint(b.ID, b.State, b.Audience, b.Trial, b.Total, ";")
		}
		return text
	}
	before := stand()
	for _, p := range []*person{viewer, stranger, former} {
		for _, command := range []string{"/broadcast", "/broadcasts", "ঘোষণা", "ঘোষণার তালিকা"} {
			attempts++
			p.Send(command)
			if p == viewer && (command == "/broadcasts" || command == "ঘোষণার তালিকা") {
				p.hears("ঘোষণা পাঠানো হয়নি") // who may look sees that there is none
				continue
			}
			if !strings.HasPrefix(command, "/") { // to who may not, a word to search for
				p.hears("নিয়ে কোনও খবর পাওয়া যায়নি")
				continue
			}
			p.hears("পারেন")
		}
		for step := range 20 {
			for _, choice := range []string{"0", "1"} {
				try(p, "1bc."+number+"."+fmt.Sprintf("%c", "0123456789abcdefghij"[step])+"."+choice)
			}
		}
	}
	for _, r := range old.ReplyMarkup.Rows {
		for _, b := range r {
			try(former, b.CallbackData)
		}
	}
	// Another editor cannot let a draft go that is not his.
	other.Send("/help")
	other.hears("যা যা করতে পারেন")
	for _, r := range mine.ReplyMarkup.Rows {
		for _, b := range r {
			try(other, b.CallbackData)
		}
	}
	if after := stand(); after != before {
		t.Errorf("it was %s and is %s", before, after)
	}
	if names := append(got(readers, "ঘোষণা"), got([]*telegramtest.User{viewer.User, stranger.User}, "আসল")...); len(names) > 0 {
		t.Errorf("%v got something", names)
	}
	t.Logf("%d attempts", attempts)
}
