package bot_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

var keepPictures = flag.String("keep", "", "folder to keep drawn figures in, to look at them")

// inKolkata puts the world's days into the time zone of Kolkata, at noon of Thursday, 19 November 2026.
func inKolkata(w *world) {
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		w.Fatal(err)
	}
	w.clock = time.Date(2026, time.November, 19, 12, 0, 0, 0, zone)
	w.config.Zone, w.config.Region = zone, message.India
	w.reopen(w.TempDir())
}

// reopen opens another database.
func (w *world) reopen(folder string) {
	w.store.Close()
	s, err := sqlite.Open(w.Context(), filepath.Join(folder, "figures.db"), sqlite.WithNow(w.now), sqlite.WithCalendar(w.config.Zone))
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { s.Close() })
	w.store = s
	w.sport, w.politics, w.tech = w.category("sports", "খেলা", "Sports"), w.category("politics", "রাজনীতি", "Politics"), w.category("technology", "প্রযুক্তি", "Technology")
}

// bytesOf is a file that the bot has sent.
func (w *world) bytesOf(fileID string) []byte {
	w.Helper()
	content := w.server.File(fileID)
	if content == nil {
		w.Fatalf("there is no file %s", fileID)
	}
	return content
}

// picture is the chart of a message.
func (w *world) picture(m telegramtest.Message, name string) []byte {
	w.Helper()
	if len(m.Photo) == 0 {
		w.Fatalf("there is no picture, but %q", m.Words())
	}
	content := w.bytesOf(m.Photo[0].FileID)
	if _, err := png.Decode(bytes.NewReader(content)); err != nil {
		w.Errorf("the picture of %s: %v", name, err)
	}
	if *keepPictures != "" {
		if err := os.WriteFile(filepath.Join(*keepPictures, name+".png"), content, 0o644); err != nil {
			w.Fatal(err)
		}
	}
	return content
}

// table is the spreadsheet of a message.
func (w *world) table(m telegramtest.Message) [][]string {
	w.Helper()
	if m.Document == nil {
		w.Fatalf("there is no file, but %q", m.Words())
	}
	content, marked := bytes.CutPrefix(w.bytesOf(m.Document.FileID), []byte("\ufeff"))
	if !marked || bytes.Count(content, []byte("\n")) != bytes.Count(content, []byte("\r\n")) {
		w.Errorf("the file has no mark or no proper ends of lines: %q", content)
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		w.Fatal(err)
	}
	return rows
}

// boss is the owner, in the editors' list as the program seats him.
func (w *world) boss() person {
	w.Helper()
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(w.Context(), store.Editor{User: owner, Name: "মালিক", Role: store.Owner, Since: w.now()})
	})
	return w.reader(owner, "মালিক")
}

func TestFiguresAreShownByMatterAndSpan(t *testing.T) {
	w := newWorld(t, inKolkata)
	boss := w.boss()
	link := w.link(w.sport, "ফেসবুক")
	anu := w.person(501, "অনু")
	anu.says("/start l_" + link.Code)
	w.person(502, "বীণা").says("/start")
	w.pass(24 * time.Hour)
	w.person(503, "চিত্রা").says("/start l_" + link.Code)
	anu.Block()
	w.settle()
	a := w.publish("=HYPERLINK(\"https://evil.example\") পদ্মা সেতু", w.sport)
	b := w.publish("শেষ বলে জয়, “অবিশ্বাস্য”", w.sport)
	post := store.Post{Shape: store.Single, Articles: []int64{b.ID}, At: w.now()}
	w.write(func(tx store.Tx) error {
		if err := tx.SavePost(t.Context(), &post); err != nil {
			return err
		}
		if err := tx.CountFailed(t.Context(), post.ID); err != nil {
			return err
		}
		if err := tx.CastVote(t.Context(), b.ID, 502, store.Up); err != nil {
			return err
		}
		return tx.AddSent(t.Context(), store.Sent{Post: post.ID, Chat: w.chat(502).ID, Message: 9})
	})

	first := boss.says("/stats")
	for _, want := range []string{
		"১৯–২০ নভেম্বর ২০২৬", "এখন পাঠক: ৩ জন", "এসেছেন: ৪ জন (নতুন ৪, ফিরে এসেছেন ০)", "চলে গেছেন: ১ জন (বন্ধ করেছেন ০, ব্লক করেছেন ১",
		"হিসাব রাখা হচ্ছে ১৯ নভেম্বর ২০২৬, দুপুর ১২টা থেকে। তার আগের সংখ্যা জানা নেই।",
	} {
		w.says(first, want)
	}
	w.picture(boss.last(), "readers")
	n := len(boss.Chat().FromBots())

	boss.presses("মাস")
	w.says(boss.last().Caption, "এখন পাঠক: ৩ জন")
	boss.presses("বছর")
	w.picture(boss.last(), "year")
	boss.presses("লিংক")
	w.says(boss.last().Caption, "খেলা · ফেসবুক — খোলা হয়েছে ২ বার, গ্রাহক ২, চলে গেছেন ১")
	w.picture(boss.last(), "links")
	boss.presses("বিষয়")
	w.says(boss.last().Caption, "খেলা — ১ জন (+২, −১)")
	w.says(boss.last().Caption, "সব বিষয় — ২ জন (+২, −০)")
	boss.presses("খবর")
	w.says(boss.last().Caption, "শেষ বলে জয়, “অবিশ্বাস্য” — পাঠানো ১, ব্যর্থ ১, 👍 ১")
	w.says(buttonsOf(boss.last()), "✓ খবর")
	w.says(buttonsOf(boss.last()), "✓ বছর")
	w.picture(boss.last(), "articles")
	if len(boss.Chat().FromBots()) != n {
		t.Error("the screen was not edited in place")
	}

	screen := boss.last().MessageID
	boss.presses("CSV ফাইল")
	want := [][]string{
		{"শিরোনাম", "লিংক", "প্রকাশের সময়", "পাঠানো", "ব্যর্থ", "👍", "👎"},
		{b.Headline, b.URL, "2026-11-20 12:00:00", "1", "1", "1", "0"},
		{"'" + a.Headline, a.URL, "2026-11-20 12:00:00", "0", "0", "0", "0"},
	}
	if rows := w.table(boss.last()); fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("the articles are %q", rows)
	}
	w.forge(boss.Chat(), boss.User, screen, button.Of(button.StatsFile, button.FiguresReaders, button.FiguresWeek))
	want = [][]string{
		{"তারিখ", "দিনের শেষে পাঠক", "নতুন", "ফিরে এসেছেন", "বন্ধ করেছেন", "ব্লক করেছেন", "অ্যাকাউন্ট নেই", "তথ্য মুছিয়েছেন"},
		{"2026-11-19", "3", "3", "0", "0", "0", "0", "0"},
		{"2026-11-20", "3", "1", "0", "0", "1", "0", "0"},
	}
	if rows := w.table(boss.last()); fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("the readers are %q", rows)
	}
	w.says(w.forge(boss.Chat(), boss.User, screen, button.Of(button.Stats, 9, 1)), "এই বোতামটি পুরোনো")

	boss.says("/language english")
	boss.says("/stats")
	w.says(boss.last().Caption, "Came: 4 (new 4, returned 0)")
	boss.presses("Links")
	w.says(boss.last().Caption, "Sports · ফেসবুক — opened 2 times")
}

func TestAViewerSeesFiguresAndAReaderDoesNot(t *testing.T) {
	w := newWorld(t)
	bina := w.reader(502, "বীণা")
	w.says(bina.says("/stats"), "সম্পাদক")
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 502, Name: "বীণা", Role: store.Viewer})
	})
	w.says(bina.says("পরিসংখ্যান"), "এখন পাঠক: ১ জন")
	if buttons := buttonsOf(bina.last()); strings.Contains(buttons, "সাপ্তাহিক") {
		t.Errorf("a viewer is offered %s", buttons)
	}
	w.says(w.forge(bina.Chat(), bina.User, bina.last().MessageID, button.Of(button.Weekly, 0)), "মালিক")
}

func TestFiguresOfManyFitIntoTheCaption(t *testing.T) {
	w := newWorld(t, inKolkata)
	boss := w.boss()
	for i := range 30 {
		l := w.link(w.sport, strings.Repeat("অতি দীর্ঘ প্রচারের নাম ", 9)+fmt.Sprint(i))
		w.write(func(tx store.Tx) error { return tx.CountLink(t.Context(), l.ID, 1_00_00_000+i, 99_99_999) })
		w.publish(strings.Repeat("অতি দীর্ঘ শিরোনামের স্বাস্থ্য ও ক্ষমতা ", 9), w.sport)
	}
	boss.says("/stats")
	for _, matter := range []string{"লিংক", "বিষয়", "খবর"} {
		boss.presses(matter)
		if n := len([]rune(boss.last().Caption)); n > 1024 {
			t.Errorf("%s: the caption has %d characters", matter, n)
		}
		w.says(buttonsOf(boss.last()), "✓ "+matter)
		w.picture(boss.last(), "many-"+matter)
	}
	w.says(boss.last().Caption, "বাকি ২৩টি CSV ফাইলে আছে।")
}

// weekly lets the bot look at the time anew, and returns the summary the owner was told.
func (w *world) weekly(boss person, to time.Time) []telegramtest.Message {
	w.Helper()
	w.pass(to.Sub(w.now()))
	before := len(boss.Chat().FromBots())
	if err := w.bot.TellOfWeek(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.settle()
	return slices.DeleteFunc(boss.Chat().FromBots()[before:], func(m telegramtest.Message) bool { return len(m.Photo) == 0 })
}

func TestOwnersAreToldOfTheWeekOnce(t *testing.T) {
	w := newWorld(t, inKolkata)
	boss := w.boss()
	zone := w.config.Zone
	monday := func(week, hour int) time.Time { return time.Date(2026, time.November, 23+7*week, hour, 0, 0, 0, zone) }
	a := w.publish("পদ্মা সেতুতে রেল চলাচল শুরু", w.sport)
	post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: w.now()}
	w.write(func(tx store.Tx) error {
		if err := tx.SavePost(t.Context(), &post); err != nil {
			return err
		}
		return tx.AddSent(t.Context(), store.Sent{Post: post.ID, Chat: w.chat(owner).ID, Message: 9})
	})
	w.keepFeed(store.Feed{URL: "https://news.example/rss", Title: "বন্ধ ফিড", State: store.FeedState{Errors: 9}})
	w.person(501, "অনু").says("/start")

	if early := w.weekly(boss, monday(0, 8)); len(early) > 0 {
		t.Errorf("before the time he is told %q", texts(early))
	}
	told := w.weekly(boss, monday(0, 10))
	if len(told) != 1 {
		t.Fatalf("he is told %q", texts(told))
	}
	for _, want := range []string{
		"সপ্তাহের হিসাব", "১৯–২২ নভেম্বর ২০২৬", "এখন পাঠক: ২ জন", "এসেছেন: ২ জন", "পদ্মা সেতুতে রেল চলাচল শুরু — 👍 ০, পাঠানো ১",
		"বন্ধ ফিড — পরপর ৯ বার পড়া যায়নি", "তার আগের সংখ্যা জানা নেই",
	} {
		w.says(told[0].Caption, want)
	}
	w.picture(told[0], "weekly")
	if again := w.weekly(boss, monday(0, 11)); len(again) > 0 {
		t.Errorf("he is told again: %q", texts(again))
	}
	w.restart()
	if again := w.weekly(boss, monday(0, 12)); len(again) > 0 {
		t.Errorf("after a restart he is told again: %q", texts(again))
	}

	// Late by less than a day it comes, later not.
	if late := w.weekly(boss, monday(2, 8)); len(late) > 0 {
		t.Errorf("a week late he is told %q", texts(late))
	}
	if late := w.weekly(boss, monday(3, 8).AddDate(0, 0, 1)); len(late) != 1 {
		t.Fatalf("23 hours late he is told %q", texts(late))
	}
	boss.presses("বিস্তারিত হিসাব")
	w.says(boss.last().Caption, "পাঠক: আসা ও যাওয়া")

	w.says(boss.presses("সাপ্তাহিক হিসাব বন্ধ করুন"), "আর পাঠানো হবে না")
	w.says(buttonsOf(boss.last()), "সাপ্তাহিক হিসাব চালু করুন")
	w.says(buttonsOf(boss.last()), "CSV")
	if off := w.weekly(boss, monday(4, 9)); len(off) > 0 {
		t.Errorf("switched off, he is told %q", texts(off))
	}
	w.says(boss.presses("সাপ্তাহিক হিসাব চালু করুন"), "প্রতি সোমবার সকাল ৯টায়")
	if on := w.weekly(boss, monday(5, 9)); len(on) != 1 {
		t.Errorf("switched on, he is told %q", texts(on))
	}
}

func TestTheWeekBeginsOnSundayInBangladesh(t *testing.T) {
	w := newWorld(t, inKolkata, func(w *world) { w.config.Region = message.Bangladesh })
	boss := w.boss()
	if told := w.weekly(boss, time.Date(2026, time.November, 22, 9, 30, 0, 0, w.config.Zone)); len(told) != 1 {
		t.Errorf("on Sunday he is told %q", texts(told))
	}
}
