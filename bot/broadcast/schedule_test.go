package broadcast_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	accept  = "ঠিক আছে, এই সময়েই যাবে"
	missed  = "যাওয়ার কথা ছিল"
	running = "সময়সূচি চালু আছে"
)

// scheduled writes a text and schedules it for all readers by answering it with these words; it returns the screen.
func (p *person) scheduled(text, when string) (screen int) {
	p.w.Helper()
	said := p.Chat().Say(p.User, text)
	p.seen = len(p.Chat().FromBots())
	p.Chat().SayAs(p.User, "/schedule "+when, telegramtest.Manner{ReplyTo: said})
	screen = p.hears("কাদের পাঠাবেন?").MessageID
	p.presses(screen, "সব পাঠক")
	p.sees(screen, "কখন:")
	p.presses(screen, accept)
	p.sees(screen, running)
	return screen
}

// schedule is the newest one.
func (w *world) schedule() store.Schedule {
	w.Helper()
	for id := int64(50); id > 0; id-- {
		if s, err := w.store.Schedule(w.Context(), id); err == nil {
			return s
		}
	}
	w.Fatal("there is no schedule")
	return store.Schedule{}
}

func (w *world) runs(s store.Schedule) []store.ScheduleRun {
	w.Helper()
	runs, err := w.store.ScheduleRuns(w.Context(), s.ID, 100)
	if err != nil {
		w.Fatal(err)
	}
	return runs
}

// checked waits until the content of a schedule was seen to be there.
func (w *world) checked() {
	w.Helper()
	w.until("the content was tried", func() bool {
		b, err := w.store.Broadcast(w.Context(), w.schedule().Broadcast)
		return err == nil && b.State == store.BroadcastKept
	})
}

func TestAnAnsweredMessageGoesOutAtTheTimeThatWasUnderstood(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(10)
	screen := boss.scheduled("কাল অফিস ছুটি", "২ ঘণ্টা পরে")
	shown, _ := boss.Chat().Find(screen)
	for _, part := range []string{"লেখা: কাল অফিস ছুটি", "সব পাঠক — ১০ জন", "বার, ", "টা"} {
		if !strings.Contains(shown.Words(), part) {
			t.Errorf("the screen does not say %q: %s", part, shown.Words())
		}
	}
	w.checked()
	if n := len(got(readers, "কাল অফিস ছুটি")); n != 0 {
		t.Fatalf("%d have it already", n)
	}
	w.pass(2 * time.Hour)
	w.allGot(readers, "কাল অফিস ছুটি")
	boss.hears("ঘোষণা পাঠানো শেষ")
	s := w.schedule()
	if runs := w.runs(s); s.State != store.ScheduleEnded || len(runs) != 1 || runs[0].Outcome != store.RunBegun || runs[0].Broadcast != w.broadcast().ID {
		t.Errorf("the schedule is %+v with the runs %+v", s, runs)
	}
	boss.Send("/log")
	boss.hears("‘কাল অফিস ছুটি’ পাঠানোর সময় ঠিক করেছেন")
}

func TestTheTimeIsAskedForAndWhatIsAmbiguousIsAskedBack(t *testing.T) {
	w := newWorld(t)
	boss, _ := w.owner(), w.readers(3)
	boss.Send("/schedule")
	list := boss.hears("ঘোষণা নেই").MessageID
	boss.presses(list, "নতুন ঘোষণা")
	boss.hears("কী জানাতে চান?")
	boss.Send("বৃহস্পতিবার সভা")
	screen := boss.hears("কাদের পাঠাবেন?").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "কখন পাঠাব?")
	for said, answer := range map[string]string{
		"গতকাল সকাল ৮টা":   "পেরিয়ে গেছে",
		"0 0 30 2 *":       "আসবে না",
		"75 8 * * *":       "ক্রনের নিয়মে পড়া গেল না",
		"যখন ইচ্ছা":        "বুঝতে পারিনি",
		"20 বছর পরে":       "বুঝতে পারিনি",
		"2090-01-01 10:00": "পাঁচ বছরের মধ্যের",
		"৫ অক্টোবর ২০২১":   "পেরিয়ে গেছে",
	} {
		boss.Send(said)
		if m := boss.hears("").Words(); !strings.Contains(m, answer) || strings.Contains(m, "\n") {
			t.Errorf("%s: %s", said, m)
		}
	}
	boss.Send("কাল ৮টা")
	which := boss.hears("কোন সময়টি?")
	if rows := len(which.ReplyMarkup.Rows); rows != 4 {
		t.Errorf("there are %d rows of buttons for two readings", rows)
	}
	evening := which.ReplyMarkup.Rows[1][0].Text
	if !strings.HasPrefix(evening, "আগামীকাল ") || !strings.HasSuffix(evening, "রাত ৮টা") {
		t.Errorf("the second reading is %q", evening)
	}
	boss.presses(which.MessageID, evening)
	boss.sees(which.MessageID, "রাত ৮টা (")
	boss.presses(which.MessageID, "দেরি সইবে: ১ ঘণ্টা")
	boss.sees(which.MessageID, "দেরি হলে ৩ ঘণ্টা")
	// A button under an older screen does not let another time count than the one that was seen.
	boss.Send("প্রতিদিন সকাল সাড়ে ৮টা")
	daily := boss.hears("প্রথম তিনবার:")
	if notice := boss.presses(which.MessageID, accept); !strings.Contains(notice, "বদলেছে") {
		t.Errorf("the old button says %q", notice)
	}
	if !strings.Contains(daily.Words(), "প্রতিদিন সকাল ৮টা ৩০") || strings.Count(daily.Words(), "সকাল ৮টা ৩০") != 4 {
		t.Errorf("the screen says %s", daily.Words())
	}
	boss.presses(daily.MessageID, accept)
	boss.sees(daily.MessageID, running)
	if s := w.schedule(); s.Grace != 3*time.Hour || len(s.Plan.Every) != 1 || s.Plan.Every[0] != "30 8 * * *" || s.State != store.ScheduleActive {
		t.Errorf("the schedule is %+v", s)
	}
	// What is written next is no time any more.
	boss.Send("কাল সকাল ৯টা")
	if m := boss.hears("").Words(); strings.Contains(m, "কখন:") {
		t.Errorf("a later word was taken for the time: %s", m)
	}
}

func TestADraftCanBePutOffAndATimeCanBePicked(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	screen := boss.drafts("নতুন সংস্করণ এসেছে", "৪ জন")
	boss.presses(screen, "পরে পাঠান")
	boss.sees(screen, "কখন পাঠাব?")
	boss.presses(screen, "১ ঘণ্টা পরে")
	boss.sees(screen, "কখন:")
	boss.presses(screen, accept)
	boss.sees(screen, running)
	w.checked()
	w.pass(time.Hour)
	w.allGot(readers, "নতুন সংস্করণ এসেছে")
}

func TestEditorsChangeHaltAndEndSchedules(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	editor := w.editor(901, "সম্পাদক", store.EditorRole)
	boss.scheduled("নামাজের সময়", "প্রতি ঘণ্টায়")
	w.checked()
	editor.Send("/schedules")
	list := editor.hears("সময় বেঁধে রাখা ঘোষণা").MessageID
	editor.presses(list, "১. নামাজের সময়")
	editor.sees(list, "প্রতি ঘণ্টায়")
	editor.presses(list, "থামান")
	editor.sees(list, "থেমে আছে")
	w.pass(5 * time.Hour)
	if s := w.schedule(); s.State != store.SchedulePaused || len(w.runs(s)) != 0 {
		t.Errorf("it is %+v", s)
	}
	editor.presses(list, "আবার চালান")
	editor.sees(list, "এর পরে যাবে")
	editor.presses(list, "সময় বদলান")
	editor.sees(list, "কখন পাঠাব?")
	editor.Send("প্রতি রবিবার সকাল ১০টা")
	again := editor.hears("প্রথম তিনবার").MessageID
	editor.presses(again, accept)
	editor.sees(again, "প্রতি রবিবার, সকাল ১০টা")
	editor.presses(again, "এখনই পাঠান")
	editor.sees(again, "এখনই পাঠাব?")
	yes, err := editor.Press(again, "হ্যাঁ, এখনই পাঠান")
	if err != nil {
		t.Fatal(err)
	}
	editor.answer(yes)
	w.allGot(readers, "নামাজের সময়")
	editor.sees(again, running)
	editor.presses(again, "বাতিল করুন")
	editor.sees(again, "আর পাঠাব না?")
	editor.presses(again, "হ্যাঁ, বাতিল করুন")
	editor.sees(again, "সময়সূচি বাতিল হয়েছে")
	w.pass(14 * 24 * time.Hour)
	editor.Send("/schedule")
	editor.hears("ঘোষণা নেই")
	w.allGot(readers, "নামাজের সময়")
}

func TestWhoAskedForALaterTimeCanGoBackAndSendAtOnce(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	screen := boss.drafts("আজ অফিস বন্ধ", "৪ জন")
	boss.presses(screen, "পরে পাঠান")
	boss.sees(screen, "কখন পাঠাব?")
	boss.presses(screen, "১ ঘণ্টা পরে")
	boss.sees(screen, "এখন থেকে ১ ঘণ্টা পরে")
	boss.presses(screen, "ফিরে যান")
	boss.sees(screen, "এক মিনিটের মধ্যেই")
	boss.Send("কাল সকাল ৯টা")
	boss.hears("নিয়ে কোনও খবর পাওয়া যায়নি") // no time is waited for
	boss.presses(screen, "পাঠান")
	w.allGot(readers, "আজ অফিস বন্ধ")
}

func TestWhoTurnsToSomethingElseIsNotWaitedFor(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	screen := boss.scheduled("মাসের শেষ", "প্রতি মাসের ৩১ তারিখ রাত ৯টা")
	w.checked()
	before := w.schedule()
	boss.presses(screen, "সময় বদলান")
	boss.sees(screen, "কখন পাঠাব?")
	boss.presses(screen, "ফিরে যান")
	boss.sees(screen, running)
	boss.Send("কাল সকাল ৯টা")
	if m := boss.hears("").Words(); strings.Contains(m, "কখন:") {
		t.Errorf("it was taken for the time: %s", m)
	}
	// What is written for another announcement is its content, though a time was asked for.
	boss.presses(screen, "সময় বদলান")
	boss.sees(screen, "কখন পাঠাব?")
	boss.Send("/broadcast")
	boss.hears("কী জানাতে চান?")
	boss.Send("কাল সকাল ৯টায় সভা")
	other := boss.hears("লেখা: কাল সকাল ৯টায় সভা").MessageID
	boss.presses(other, "সব পাঠক")
	boss.sees(other, "৪ জন")
	boss.presses(other, "পাঠান")
	w.allGot(readers, "কাল সকাল ৯টায় সভা")
	if s := w.schedule(); !s.Next.Equal(before.Next) || s.AskedOf != 0 || len(s.Readings) != 0 {
		t.Errorf("the schedule is %+v", s)
	}
}

func TestOwnersAreToldOfTheSchedulesOfWhoHasLeft(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	boss.Send("/schedule")
	boss.hears("ঘোষণা নেই")
	editor := w.editor(901, "প্রাক্তন", store.EditorRole)
	editor.scheduled("রেখে যাওয়া ঘোষণা", "১ ঘণ্টা পরে")
	w.checked()
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteEditor(ctx, 901) })
	w.pass(time.Hour)
	w.allGot(readers, "রেখে যাওয়া ঘোষণা")
	boss.hears("ঘোষণা পাঠানো শেষ")
	for _, m := range editor.Chat().FromBots()[editor.seen:] {
		if strings.Contains(m.Words(), "ঘোষণা পাঠানো") {
			t.Errorf("who has left is told %q", m.Words())
		}
	}
}

func TestTheTimesThatAreOfferedCanBeRead(t *testing.T) {
	now := time.Date(2021, time.October, 5, 10, 0, 0, 0, time.UTC)
	for _, lang := range []message.Lang{message.Bengali, message.English} {
		for _, key := range broadcast.Quick {
			words := message.New(lang, time.UTC, message.India).Text(key)
			if plans, err := bengali.ParsePlan(words, now, nil); err != nil || len(plans) != 1 {
				t.Errorf("%q: %v %v", words, plans, err)
			}
		}
	}
}

func FuzzNextComesLater(f *testing.F) {
	for _, line := range []string{"0 8 * * *", "*/5 0-6,22 1,15 * mon-fri", "@daily", "TZ=0", "CRON_TZ=Asia/Dhaka 0 8 * * *", "0 0 30 2 *", "5-7 * * * 5-7"} {
		f.Add(line, int64(1_600_000_000))
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string, seconds int64) {
		after := time.Unix(seconds%4_000_000_000, 0)
		for range 3 {
			next, err := broadcast.Next(store.Plan{Every: []string{line}}, newYork, after)
			if err != nil {
				return
			}
			if !next.After(after) {
				t.Fatalf("%q after %v: %v", line, after, next)
			}
			after = next
		}
	})
}

func TestWhatIsALittleLateIsSentAndItsAuthorTold(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	boss.scheduled("বিকেলের ঘোষণা", "১ ঘণ্টা পরে")
	w.checked()
	w.stop()
	w.pass(100 * time.Minute)
	w.run()
	boss.hears("দেরিতে পাঠানো শুরু")
	w.allGot(readers, "বিকেলের ঘোষণা")
}

func TestWhatIsTooLateIsReportedAndCanBeSentOnce(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	editor := w.editor(901, "সম্পাদক", store.EditorRole)
	boss.Send("/schedule")
	boss.hears("ঘোষণা নেই")
	editor.scheduled("সকালের ঘোষণা", "১ ঘণ্টা পরে")
	w.checked()
	w.stop()
	w.pass(5 * time.Hour)
	w.run()
	report := editor.hears(missed).MessageID
	other := boss.hears(missed).MessageID
	if n := len(got(readers, "সকালের ঘোষণা")); n != 0 {
		t.Fatalf("%d have it", n)
	}
	if s := w.schedule(); s.State != store.ScheduleEnded || w.runs(s)[0].Outcome != store.RunMissed {
		t.Errorf("it is %+v", s)
	}
	boss.presses(other, "এখনই পাঠান")
	w.allGot(readers, "সকালের ঘোষণা")
	if notice := editor.presses(report, "এখনই পাঠান"); notice == "" {
		t.Error("the second press says nothing")
	}
	editor.hears("ঘোষণা পাঠানো শেষ")
	w.allGot(readers, "সকালের ঘোষণা")
}

func TestOfManyMissedTimesTheNewestIsSentIfItIsYoung(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	boss.scheduled("ঘণ্টার খবর", "প্রতি ঘণ্টায়")
	w.checked()
	w.stop()
	s := w.schedule()
	w.pass(s.Next.Add(10*time.Hour + 20*time.Minute).Sub(w.now()))
	w.run()
	report := boss.hears("১০ বার পাঠানো যায়নি")
	w.allGot(readers, "ঘণ্টার খবর")
	if strings.Contains(fmt.Sprint(report.ReplyMarkup), "এখনই পাঠান") {
		t.Error("what is sent is offered to be sent")
	}
	s = w.schedule()
	runs := w.runs(s)
	if len(runs) != 2 || runs[0].Outcome != store.RunBegun || runs[1].Outcome != store.RunMissed || runs[1].Count != 10 || !s.Next.After(w.now().Add(-time.Minute)) {
		t.Errorf("the schedule is %+v with %+v", s, runs)
	}
}

func TestWhatWasDeletedBeforeItsTimeIsReportedAndNotSent(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	said := boss.Chat().Say(boss.User, "মুছে ফেলার লেখা")
	boss.Chat().SayAs(boss.User, "/schedule প্রতি ঘণ্টায়", telegramtest.Manner{ReplyTo: said})
	screen := boss.hears("কাদের পাঠাবেন?").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "কখন:")
	boss.presses(screen, accept)
	w.checked()
	boss.Chat().Remove(said)
	w.pass(time.Hour)
	boss.hears("মূল বার্তাটি আর নেই")
	if s := w.schedule(); s.State != store.SchedulePaused {
		t.Errorf("it is %+v", s)
	}

	// Gone already when the time was accepted: it is found out then.
	said = boss.Chat().Say(boss.User, "মুছে ফেলা আরেকটি লেখা")
	boss.Chat().SayAs(boss.User, "/schedule কাল সকাল ৮টা", telegramtest.Manner{ReplyTo: said})
	screen = boss.hears("কাদের পাঠাবেন?").MessageID
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "কখন:")
	boss.Chat().Remove(said)
	boss.presses(screen, accept)
	boss.hears("মূল বার্তাটি আর নেই")
	if s := w.schedule(); s.State != store.ScheduleCancelled {
		t.Errorf("it is %+v", s)
	}
	if n := len(got(readers, "লেখা")); n != 0 {
		t.Errorf("%d readers got something", n)
	}
}

// publish keeps an article of a story, told by a feed.
func (w *world) publish(headline string, feed, story int64, age time.Duration, categories ...int64) (a store.Article) {
	w.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error {
		at := w.now().Add(-age)
		a = store.Article{
			Feed: feed, Source: "দৈনিক", GUID: headline, URL: "https://news.example/" + fmt.Sprint(len(headline), feed), Title: headline, Headline: headline,
			FirstSeen: at, Published: at, Story: story, Categories: categories,
		}
		return tx.AddArticle(ctx, &a, nil, store.Index{})
	})
	return a
}

func TestADigestTellsTheStoriesOfTheDayThatMatterMostByCategory(t *testing.T) {
	w := newWorld(t)
	boss, readers := w.owner(), w.readers(4)
	sport, politics := store.Category{Slug: "sports", Name: "খেলা", Position: 2}, store.Category{Slug: "politics", Name: "রাজনীতি", Position: 1}
	w.write(func(ctx context.Context, tx store.Tx) error {
		if err := tx.SaveCategory(ctx, &sport); err != nil {
			return err
		}
		return tx.SaveCategory(ctx, &politics)
	})
	big := w.publish("বড় ম্যাচে জয়", 1, 0, 3*time.Hour, sport.ID)
	w.publish("বড় ম্যাচে বাংলাদেশের জয়", 2, big.ID, 2*time.Hour, sport.ID)
	w.publish("ম্যাচে স্মরণীয় জয়", 3, big.ID, 2*time.Hour, sport.ID)
	for i := range 5 {
		w.publish(fmt.Sprintf("ছোট খেলার খবর %d", i), 1, 0, time.Hour, sport.ID)
	}
	w.publish("সংসদে বিল পাস", 1, 0, time.Hour, politics.ID)
	w.publish("পুরোনো ভোটের খবর", 1, 0, 30*time.Hour, politics.ID)

	boss.Send("/schedule")
	list := boss.hears("ঘোষণা নেই").MessageID
	boss.presses(list, "দিনের সেরা খবর")
	screen := boss.hears("কাদের পাঠাবেন?").MessageID
	boss.presses(screen, "আগে নিজে দেখি")
	preview := boss.hears("দিনের সেরা খবর — ").Words()
	if strings.Index(preview, "রাজনীতি") > strings.Index(preview, "খেলা") || strings.Count(preview, "জয়") != 1 || strings.Count(preview, "ছোট খেলার খবর") != 2 ||
		!strings.Contains(preview, "সংসদে বিল পাস") || strings.Contains(preview, "পুরোনো") {
		t.Errorf("the digest is\n%s", preview)
	}
	boss.presses(screen, "সব পাঠক")
	boss.sees(screen, "কখন পাঠাব?")
	boss.Send("প্রতি ঘণ্টায়")
	screen = boss.hears("প্রথম তিনবার").MessageID
	boss.presses(screen, accept)
	boss.sees(screen, running)
	w.pass(time.Hour)
	w.allGot(readers, "দিনের সেরা খবর — ")
	boss.hears("ঘোষণা পাঠানো শেষ")

	// The next one has nothing to tell, the one after it tells what came since.
	w.pass(time.Hour)
	w.until("the second time has come", func() bool { return len(w.runs(w.schedule())) == 2 })
	if runs := w.runs(w.schedule()); runs[0].Outcome != store.RunEmpty || runs[0].Broadcast != 0 {
		t.Errorf("the runs are %+v", runs)
	}
	w.publish("নতুন বাজেট", 1, 0, 0, politics.ID)
	w.pass(time.Hour)
	w.allGot(readers, "নতুন বাজেট")
	for _, m := range readers[0].Chat().FromBots() {
		if strings.Contains(m.Words(), "নতুন বাজেট") && strings.Contains(m.Words(), "সংসদে") {
			t.Errorf("it tells again what was told: %s", m.Words())
		}
	}
}

func TestNobodyElseSchedulesAnything(t *testing.T) {
	w := newWorld(t)
	boss := w.owner()
	w.readers(2)
	screen := boss.scheduled("গোপন ঘোষণা", "কাল সকাল ৮টা")
	w.checked()
	before := w.schedule()
	viewer, former, stranger := w.editor(902, "দর্শক", store.Viewer), w.editor(903, "প্রাক্তন", store.EditorRole), w.editor(904, "আগন্তুক", "")
	former.Send("/schedule")
	own := former.hears("সময় বেঁধে রাখা").MessageID
	w.write(func(ctx context.Context, tx store.Tx) error { return tx.DeleteEditor(ctx, 903) })
	for _, p := range []*person{viewer, former, stranger} {
		if p != viewer {
			p.Send("/schedules")
			if m := p.hears("").Words(); strings.Contains(m, "গোপন") {
				t.Errorf("%s hears %q", p.Name(), m)
			}
		}
		for _, said := range []string{"/schedule", "/schedule কাল সকাল ৮টা", "পরে পাঠান কাল সকাল ৮টা"} {
			p.Send(said)
			if m := p.hears("").Words(); strings.Contains(m, "গোপন") || strings.Contains(m, "কী জানাতে চান") {
				t.Errorf("%s writes %q and hears %q", p.Name(), said, m)
			}
		}
		at := own
		if p != former {
			p.Send("/help")
			at = p.hears("/topics").MessageID
		}
		var data []string
		for step := broadcast.NewSchedule; step <= broadcast.NextGrace; step++ {
			for _, choice := range []int64{0, 1, before.Version, broadcast.Chosen(before.Version, 0), -1} {
				data = append(data, button.Of(button.Schedule, before.ID, step, choice))
			}
		}
		data = append(data, button.Of(button.Schedule, 0, broadcast.ListSchedules, 0), button.Of(button.Schedule, -1, broadcast.Accept, 0),
			button.Of(button.Broadcast, before.Broadcast, broadcast.Later, 0), button.Of(button.Broadcast, before.Broadcast, broadcast.Send, 1),
			button.Of(button.Broadcast, before.Broadcast, broadcast.SendLate, 0))
		for i, d := range data {
			if i%20 == 0 {
				w.pass(time.Minute) // nobody is to be saved by the limit on haste
			}
			press, err := p.Chat().PressData(p.User, at, d)
			if err != nil {
				t.Fatal(err)
			}
			looks := p == viewer && (strings.HasPrefix(d, button.Of(button.Schedule, before.ID, broadcast.ShowSchedule)) || d == button.Of(button.Schedule, 0, broadcast.ListSchedules, 0))
			if notice := p.answer(press); (notice == "") != looks || strings.Contains(notice, "গোপন") {
				t.Errorf("%s presses %q and is told %q", p.Name(), d, notice)
			}
		}
	}
	// Who may, presses what does not fit: nothing comes of that either.
	for _, d := range []string{
		button.Of(button.Schedule, before.ID, broadcast.Accept, before.Version), button.Of(button.Schedule, before.ID, broadcast.ChooseTime, broadcast.Chosen(before.Version, 3)),
		button.Of(button.Schedule, before.ID, broadcast.CancelSchedule, before.Version+1), button.Of(button.Schedule, before.ID, broadcast.RunNow, -1),
		button.Of(button.Schedule, before.ID, broadcast.QuickTime, 99), button.Of(button.Schedule, before.ID, broadcast.QuickTime, -1),
		button.Of(button.Schedule, 99, broadcast.Accept, 1), button.Of(button.Broadcast, before.Broadcast, broadcast.Send, 1),
		button.Of(button.Broadcast, before.Broadcast, broadcast.SendLate, 0),
	} {
		press, err := boss.Chat().PressData(boss.User, screen, d)
		if err != nil {
			t.Fatal(err)
		}
		if notice := boss.answer(press); notice == "" {
			t.Errorf("the owner presses %q and is told nothing", d)
		}
	}
	if b, err := w.store.Broadcast(t.Context(), before.Broadcast); err != nil || b.State != store.BroadcastKept {
		t.Errorf("what is kept is %+v, %v", b, err)
	}
	if after := w.schedule(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("it was changed from %+v to %+v", before, after)
	}
}
