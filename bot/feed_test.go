package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/store"
)

// web is what FindFeeds finds, and which feeds FetchNow was asked for.
type web struct {
	mu      sync.Mutex
	found   map[string][]bot.FoundFeed
	asked   []string
	fetched []int64
}

func withWeb(s *web) func(*world) {
	return func(w *world) {
		w.config.FindFeeds = func(_ context.Context, address string) ([]bot.FoundFeed, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.asked = append(s.asked, address)
			if found, ok := s.found[address]; ok {
				return found, nil
			}
			return nil, &bot.FeedError{Fault: "unreachable", Err: errors.New("no such host")}
		}
		w.config.FetchNow = func(feed int64) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fetched = append(s.fetched, feed)
		}
	}
}

func (s *web) saw() (asked []string, fetched []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...), append([]int64(nil), s.fetched...)
}

func (w *world) feeds() []store.Feed {
	w.Helper()
	feeds, err := w.store.Feeds(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return feeds
}

func (w *world) keepFeed(f store.Feed) store.Feed {
	w.Helper()
	w.write(func(tx store.Tx) error { return tx.SaveFeed(w.Context(), &f) })
	return f
}

func TestAnEditorAddsAFeedFromASitesAddress(t *testing.T) {
	site := &web{found: map[string][]bot.FoundFeed{"paper.example": {
		{URL: "https://paper.example/feed", Title: "সকালের কাগজ", Headlines: []string{"প্রথম শিরোনাম", "দ্বিতীয় <শিরোনাম>"}},
	}}}
	w := newWorld(t, withWeb(site))
	boss := w.reader(owner, "মালিক")
	got := boss.says("/addfeed paper.example")
	for _, want := range []string{"সকালের কাগজ", "https://paper.example/feed", "প্রথম শিরোনাম", "দ্বিতীয় <শিরোনাম>", "কোন বিষয়ে যোগ করবেন?"} {
		w.says(got, want)
	}
	if len(w.feeds()) != 0 {
		t.Fatal("the feed was added before anybody agreed")
	}
	boss.presses("রাজনীতি")
	w.says(boss.last().Text, "‘সকালের কাগজ’ ফিডটি যোগ হল")
	f := w.feeds()[0]
	if f.URL != "https://paper.example/feed" || f.Title != "সকালের কাগজ" || fmt.Sprint(f.Categories) != fmt.Sprint([]int64{w.politics.ID}) {
		t.Errorf("kept as %+v", f)
	}
	if _, fetched := site.saw(); fmt.Sprint(fetched) != fmt.Sprint([]int64{f.ID}) {
		t.Errorf("fetched at once: %v", fetched)
	}
	boss.says("/addfeed paper.example খেলা")
	boss.presses("যোগ করুন: খেলা")
	if n := len(w.feeds()); n != 1 {
		t.Errorf("the same feed stands %d times in the catalogue", n)
	}
	w.says(boss.last().Text, "১. সকালের কাগজ")
}

func TestAnEditorChoosesAmongTheFeedsOfASite(t *testing.T) {
	site := &web{found: map[string][]bot.FoundFeed{"https://paper.example": {
		{URL: "https://paper.example/a", Title: "প্রথম পাতা"}, {URL: "https://paper.example/b", Title: "খেলার পাতা", Headlines: []string{"ম্যাচ শুরু"}},
	}}}
	w := newWorld(t, withWeb(site))
	boss := w.reader(owner, "মালিক")
	w.says(boss.says("/addfeed https://paper.example নতুন পাতা"), "২টি ফিড পাওয়া গেছে")
	old := boss.last()
	boss.presses("খেলার পাতা")
	w.says(boss.last().Text, "ম্যাচ শুরু")
	boss.presses("নতুন বিষয় তৈরি করে যোগ করুন: নতুন পাতা")
	categories, err := w.store.Categories(t.Context())
	if err != nil || len(categories) != 4 || categories[3].Name != "নতুন পাতা" {
		t.Fatalf("%+v, %v", categories, err)
	}
	if f := w.feeds(); len(f) != 1 || f[0].URL != "https://paper.example/b" || f[0].Categories[0] != categories[3].ID {
		t.Errorf("kept %+v", f)
	}
	w.says(w.forge(boss.Chat(), boss.User, old.MessageID, "1fa.0.1.1"), "আবার /addfeed লিখুন")
	boss.says("/addfeed https://paper.example")
	boss.presses("বাতিল")
	w.says(boss.last().Text, "যোগ করা হল না")
}

func TestAnAddressWithoutAFeedIsAnsweredWithTheReason(t *testing.T) {
	w := newWorld(t, withWeb(&web{}))
	boss := w.reader(owner, "মালিক")
	got := boss.says("/addfeed nowhere.example")
	w.says(got, "কোনও ফিড পাওয়া যায়নি")
	w.says(got, "সাইটটির সঙ্গে যোগাযোগ করা যাচ্ছে না")
	w.says(boss.says("/addfeed"), "/addfeed https://example.com")
}

func TestReadersNeverMakeTheBotFetchAnAddress(t *testing.T) {
	site := &web{found: map[string][]bot.FoundFeed{"paper.example": {{URL: "https://paper.example/feed", Title: "কাগজ"}}}}
	w := newWorld(t, withWeb(site))
	boss, anu := w.reader(owner, "মালিক"), w.reader(501, "অনু")
	f := w.keepFeed(store.Feed{URL: "https://old.example/feed", Title: "পুরোনো কাগজ", Categories: []int64{w.sport.ID}})
	for _, command := range []string{"/addfeed paper.example", "/feeds", "/feed 1", "/removefeed 1"} {
		w.says(anu.says(command), "শুধু সম্পাদকেরা")
	}
	w.says(anu.says("/token"), "শুধু বটের মালিক")
	anu.says("/help")
	for _, data := range []string{"1fl.0", "1fd.1", "1ff.1", "1fr.1.1", fmt.Sprintf("1ft.1.%d.1", w.tech.ID), "1fa.1.1.1", "1tr"} {
		notice := w.forge(anu.Chat(), anu.User, anu.last().MessageID, data)
		if !strings.Contains(notice, "শুধু") {
			t.Errorf("a reader who forges %s is told %q", data, notice)
		}
	}
	if asked, fetched := site.saw(); len(asked)+len(fetched) != 0 {
		t.Errorf("asked %v, fetched %v", asked, fetched)
	}
	if got := w.feeds(); len(got) != 1 || fmt.Sprint(got[0].Categories) != fmt.Sprint(f.Categories) {
		t.Errorf("the catalogue is %+v", got)
	}
	// Rights that have ended are of no use, whatever buttons are still there.
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 501, Name: "অনু", Role: store.EditorRole, Since: w.now()})
	})
	anu.says("/feed ১")
	w.write(func(tx store.Tx) error { return tx.DeleteEditor(t.Context(), 501) })
	w.says(anu.presses("এখনই পড়ুন"), "শুধু সম্পাদকেরা")
	_ = boss
}

func TestFeedsAreListedWithHowEachFares(t *testing.T) {
	w := newWorld(t, withWeb(&web{}))
	w.pass(0)
	now := w.now().UTC()
	boss := w.reader(owner, "মালিক")
	w.says(boss.says("/feeds"), "কোনও ফিড নেই")
	ok := store.FeedState{LastCheck: now.Add(-time.Hour), LastOK: now.Add(-time.Hour), LastNew: now.Add(-2 * time.Hour), NextCheck: now.Add(time.Minute)}
	failing := ok
	failing.Errors, failing.LastError, failing.Fault = 7, "fetch: the server took too long", "timeout"
	quiet := ok
	quiet.LastNew, quiet.QuietAfter = now.Add(-72*time.Hour), now.Add(-24*time.Hour)
	for name, state := range map[string]store.FeedState{
		"ভালো": ok, "অচল": failing, "নীরব": quiet, "নেই": {Gone: true, Errors: 2, Fault: "gone"}, "নবীন": {},
	} {
		w.keepFeed(store.Feed{URL: "https://paper.example/" + name, Title: name, State: state})
	}
	got := boss.says("/feeds")
	for _, want := range []string{
		"ফিডের তালিকা (৫টি)", "অবস্থা: ঠিক আছে", "পরপর ৭ বার পড়া যায়নি", "সাড়া দিতে খুব বেশি সময় নিচ্ছে", "৩ দিন ধরে নতুন কিছু আসেনি", "বন্ধ হয়ে গেছে", "এখনও পড়া হয়নি",
		"শেষবার পড়া গেছে: ১ ঘণ্টা আগে", "শেষ নতুন খবর: ২ ঘণ্টা আগে", "পরের বার পড়া হবে:",
	} {
		w.says(got, want)
	}
	if strings.Contains(got, "server") {
		t.Errorf("a reason is in English: %q", got)
	}
	for i := range 15 {
		w.keepFeed(store.Feed{URL: fmt.Sprintf("https://more.example/%d", i), Title: fmt.Sprintf("আরও %d", i), Position: 1 + i})
	}
	boss.says("/feeds")
	boss.presses("পরের পাতা →")
	boss.presses("পরের পাতা →")
	w.says(boss.last().Text, "আরও 14")
	boss.presses("২০")
	w.says(boss.last().Text, "২০. আরও 14")
}

func TestAnEditorChangesAndRemovesAFeed(t *testing.T) {
	site := &web{}
	w := newWorld(t, withWeb(site))
	boss := w.reader(owner, "মালিক")
	f := w.keepFeed(store.Feed{URL: "https://user:secret@paper.example/feed", Title: "কাগজ", Categories: []int64{w.sport.ID}})
	got := boss.says("/feed ১")
	w.says(got, "বিষয়: খেলা")
	if strings.Contains(got, "secret") {
		t.Error("the password of the address is shown")
	}
	boss.presses("প্রযুক্তি")
	w.says(boss.last().Text, "বিষয়: খেলা, প্রযুক্তি")
	boss.presses("✅ খেলা")
	if got := w.feeds()[0].Categories; fmt.Sprint(got) != fmt.Sprint([]int64{w.tech.ID}) {
		t.Errorf("it is in %v", got)
	}
	w.says(boss.presses("এখনই পড়ুন"), "এখনই পড়া হচ্ছে")
	if _, fetched := site.saw(); fmt.Sprint(fetched) != fmt.Sprint([]int64{f.ID}) {
		t.Errorf("fetched %v", fetched)
	}
	boss.presses("বাদ দিন")
	w.says(boss.last().Text, "‘কাগজ’ ফিডটি বাদ দেবেন?")
	boss.presses("না, থাক")
	boss.says("/removefeed 1")
	boss.presses("হ্যাঁ, বাদ দিন")
	w.says(boss.last().Text, "বাদ দেওয়া হল")
	if len(w.feeds()) != 0 {
		t.Error("it is still there")
	}
	w.says(boss.says("/feed 1"), "১ নম্বরে কোনও ফিড নেই")
	w.says(boss.says("/feed x"), "/feed ৩")
}

func TestEditorsAreToldOnceOfSilenceAndOfItsEnd(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	now := w.now().UTC()
	boss := w.reader(owner, "মালিক")
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: owner, Name: "মালিক", Role: store.Owner, Since: now})
	})
	state := store.FeedState{LastCheck: now, LastOK: now, LastNew: now.Add(-50 * time.Hour), QuietAfter: now.Add(-time.Hour)}
	f := w.keepFeed(store.Feed{URL: "https://paper.example/feed", Title: "কাগজ", State: state})
	told := func(want string, times int) {
		t.Helper()
		for range 2 { // it looks when it starts
			w.restart()
			w.settle()
		}
		said := func() int { return strings.Count(strings.Join(texts(boss.Chat().FromBots()), "\n"), want) }
		w.until(fmt.Sprintf("%q is told %d times", want, times), func() bool { return said() >= times })
		if got := said(); got != times {
			t.Errorf("told %q %d times, want %d", want, got, times)
		}
	}
	save := func(s store.FeedState) {
		t.Helper()
		w.write(func(tx store.Tx) error { return tx.SaveFeedState(t.Context(), f.ID, s) })
	}
	told("‘কাগজ’ ফিডে ২ দিন ২ ঘণ্টা ধরে নতুন কিছু আসেনি", 1)
	failing := state
	failing.Errors, failing.Fault = 1, "timeout"
	save(failing)
	told("‘কাগজ’ ফিডে আবার নতুন খবর আসছে", 0)
	save(state)
	told("ধরে নতুন কিছু আসেনি", 1)
	state.LastNew, state.QuietAfter = now, now.Add(48*time.Hour)
	save(state)
	told("‘কাগজ’ ফিডে আবার নতুন খবর আসছে", 1)
}

func TestTheOwnersTokenIsShownOnceAndKeptAsAHash(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	token := func() string {
		t.Helper()
		for _, word := range strings.Fields(boss.says("/token")) {
			if strings.HasPrefix(word, "hk_") && len(word) == 46 {
				return word
			}
		}
		t.Fatalf("no token in %q", boss.last().Text)
		return ""
	}
	kept := func() string {
		t.Helper()
		hash, err := w.store.Setting(t.Context(), store.IngestToken)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	first := token()
	if kept() != store.HashToken(first) {
		t.Error("what is kept is not the token's hash")
	}
	second := token()
	if first == second || kept() != store.HashToken(second) {
		t.Error("the second token did not replace the first")
	}
	w.says(boss.last().Text, "আগের টোকেনটি আর কাজ করবে না")
	if strings.Contains(w.logged.String(), second) {
		t.Error("the token is in the log")
	}
	boss.presses("টোকেন বাতিল করুন")
	if kept() != "" {
		t.Error("the token was not revoked")
	}
	if strings.Contains(boss.last().Text, second) {
		t.Error("the revoked token is still shown")
	}
}
