package feeds_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// A newsroom is a publisher's site, a store and the poller between them, on one clock that only moves when told.
type newsroom struct {
	*testing.T
	site    *feedstest.Site
	store   store.Store
	poller  *feeds.Poller
	options feeds.PollerOptions
	saved   chan struct{}

	mu  sync.Mutex
	now time.Time
}

func (n *newsroom) clock() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.now
}

func (n *newsroom) pass(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.now = n.now.Add(d)
}

func open(t *testing.T, o feedstest.Options) *newsroom {
	t.Helper()
	n := &newsroom{T: t, now: time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), saved: make(chan struct{}, 1000)}
	o.Now = n.clock
	site, err := feedstest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	n.site, n.store = site, s
	n.options = feeds.PollerOptions{
		Every: 5 * time.Minute, NewsAge: 24 * time.Hour, Now: n.clock, Random: func() float64 { return 0.5 },
		Saved: func() { n.saved <- struct{}{} }, Log: slog.New(slog.DiscardHandler),
	}
	n.restart()
	return n
}

// restart gives the store a new poller, as a new process would.
func (n *newsroom) restart() {
	n.Helper()
	allow, err := feeds.ParseAllow([]string{"127.0.0.1/32"})
	if err != nil {
		n.Fatal(err)
	}
	f := feeds.NewFetcher(feeds.FetcherOptions{Agent: agent, Allow: allow, Timeout: patience, Now: n.clock})
	n.Cleanup(f.Close)
	n.poller = feeds.NewPoller(n.store, f, n.options)
}

// patience is how long a test waits for what must come; only one that fails takes it.
const patience = time.Minute

// keeps waits until the poller has kept something.
func (n *newsroom) keeps() {
	n.Helper()
	select {
	case <-n.saved:
	case <-time.After(patience):
		n.Fatal("nothing was kept")
	}
}

// forget drops what is known to have been kept.
func (n *newsroom) forget() {
	for len(n.saved) > 0 {
		<-n.saved
	}
}

func (n *newsroom) category(slug string) int64 {
	n.Helper()
	c := store.Category{Slug: slug, Name: slug}
	if err := n.store.Write(n.Context(), func(tx store.Tx) error { return tx.SaveCategory(n.Context(), &c) }); err != nil {
		n.Fatal(err)
	}
	return c.ID
}

func (n *newsroom) subscribe(url string, categories ...int64) int64 {
	n.Helper()
	f := store.Feed{URL: url, Categories: categories}
	if err := n.store.Write(n.Context(), func(tx store.Tx) error { return tx.SaveFeed(n.Context(), &f) }); err != nil {
		n.Fatal(err)
	}
	return f.ID
}

func (n *newsroom) poll(feed int64) error {
	n.Helper()
	return n.poller.Poll(n.Context(), feed)
}

func (n *newsroom) mustPoll(feed int64) {
	n.Helper()
	if err := n.poll(feed); err != nil {
		n.Fatal(err)
	}
}

// until moves the clock to when the feed is due and polls it.
func (n *newsroom) atNext(feed int64) error {
	n.Helper()
	n.pass(n.feed(feed).State.NextCheck.Sub(n.clock()))
	return n.poll(feed)
}

func (n *newsroom) feed(id int64) store.Feed {
	n.Helper()
	f, err := n.store.Feed(n.Context(), id)
	if err != nil {
		n.Fatal(err)
	}
	return f
}

// news are the headlines that readers are owed, in the order of the log.
func (n *newsroom) news() []store.Article {
	n.Helper()
	entries, err := n.store.Entries(n.Context(), 0, 10_000)
	if err != nil {
		n.Fatal(err)
	}
	var out []store.Article
	for _, e := range entries {
		a, err := n.store.Article(n.Context(), e.Article)
		if err != nil {
			n.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func (n *newsroom) all() []store.Article {
	n.Helper()
	all, err := n.store.Latest(n.Context(), []int64{store.Everything}, 0, 10_000)
	if err != nil {
		n.Fatal(err)
	}
	return all
}

func (n *newsroom) isPolite() {
	n.Helper()
	for _, v := range n.site.Violations() {
		n.Errorf("impolite: %s", v)
	}
}

var places = []string{"কলকাতা", "ঢাকা", "শিলিগুড়ি", "চট্টগ্রাম", "খুলনা", "রাজশাহী", "বর্ধমান", "আসানসোল", "সিলেট", "বরিশাল", "রংপুর", "মালদহ", "হাওড়া", "কুমিল্লা", "যশোর", "পাবনা", "বাঁকুড়া", "নদিয়া", "ফরিদপুর", "দিনাজপুর"}

var matters = []string{"সেতু", "হাসপাতাল", "মেলা", "বিদ্যালয়", "বাজার", "স্টেশন", "গ্রন্থাগার", "উদ্যান", "কারখানা", "বিমানবন্দর", "জাদুঘর", "স্টেডিয়াম", "থানা", "বন্দর", "নাট্যশালা"}

// report is the i-th of many articles, each about something else.
func report(i int) feedstest.Article {
	place, matter := places[i%len(places)], matters[(i/len(places)+i)%len(matters)]
	number := 11 + i*7
	return feedstest.Article{
		Title: fmt.Sprintf("%sে নতুন %s নির্মাণে %d কোটি টাকা বরাদ্দ", place, matter, number),
		Paragraphs: []string{
			fmt.Sprintf("%s শহরে একটি নতুন %s নির্মাণের জন্য %d কোটি টাকা বরাদ্দ করেছে সরকার। আগামী %d মাসের মধ্যে কাজ শেষ করার লক্ষ্য নেওয়া হয়েছে।", place, matter, number, 6+i%20),
			fmt.Sprintf("প্রশাসনের এক কর্তা জানিয়েছেন, %s ঘিরে এলাকার %d হাজার মানুষ উপকৃত হবেন। জমি অধিগ্রহণের কাজ আগেই শেষ হয়েছে বলে তিনি দাবি করেন।", matter, number%90+3),
			fmt.Sprintf("স্থানীয় বাসিন্দারা দীর্ঘদিন ধরে %sে এই %s গড়ার দাবি জানিয়ে আসছিলেন। তবে যানজট বাড়ার আশঙ্কাও করছেন %d নম্বর ওয়ার্ডের অনেকে।", place, matter, i+1),
		},
		Categories: []string{"দেশ"},
	}
}

func TestTheFirstFetchIsHistoryAndTheNextArticleIsNews(t *testing.T) {
	n := open(t, feedstest.Options{Title: "সকালের কাগজ"})
	home := n.category("desh")
	for i := range 5 {
		n.site.Publish(report(i))
	}
	feed := n.subscribe(n.site.Feed(""), home)
	n.mustPoll(feed)
	if got := n.news(); len(got) != 0 {
		t.Errorf("the first fetch is owed to readers: %d articles", len(got))
	}
	if got := n.all(); len(got) != 5 {
		t.Fatalf("%d articles kept, want 5", len(got))
	}
	n.pass(10 * time.Minute)
	a := report(5)
	a.Paragraphs = append(a.Paragraphs, "হোয়াটসঅ্যাপে খবর পেতে এখানে ক্লিক করুন")
	a.Image = true
	address := n.site.Publish(a)
	n.mustPoll(feed)
	got := n.news()
	if len(got) != 1 {
		t.Fatalf("%d news, want 1", len(got))
	}
	g := got[0]
	if g.Headline != a.Title || g.URL != address || g.Source != "সকালের কাগজ" || !slices.Equal(g.Categories, []int64{home}) || g.Image == "" || !g.Published.Equal(n.clock().Truncate(time.Second)) || g.Story != g.ID {
		t.Errorf("kept as %+v", g)
	}
	if len(g.Summary) == 0 || strings.Contains(strings.Join(g.Summary, " ")+g.Text, "হোয়াটসঅ্যাপ") {
		t.Errorf("summary %q, text %q", g.Summary, g.Text)
	}
	for range 3 {
		n.pass(10 * time.Minute)
		n.restart()
		n.mustPoll(feed)
	}
	if got := n.news(); len(got) != 1 {
		t.Errorf("%d news after restarts, want 1", len(got))
	}
	f := n.feed(feed)
	if f.Title != "সকালের কাগজ" || f.Site != n.site.URL()+"/" || f.State.Errors != 0 || !f.State.LastNew.Equal(g.FirstSeen) {
		t.Errorf("feed is %+v", f)
	}
	n.isPolite()
}

func TestAnEmptyFeedsFirstArticleIsNews(t *testing.T) {
	n := open(t, feedstest.Options{})
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	n.site.Publish(report(0))
	n.pass(10 * time.Minute)
	n.mustPoll(feed)
	if got := n.news(); len(got) != 1 {
		t.Errorf("%d news, want 1", len(got))
	}
}

func TestAnEditIsARevisionNotASecondArticle(t *testing.T) {
	n := open(t, feedstest.Options{})
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	address := n.site.Publish(report(0))
	n.pass(10 * time.Minute)
	n.mustPoll(feed)
	for i, edit := range []struct {
		change   func(*feedstest.Article)
		revision int
	}{
		{func(a *feedstest.Article) { a.Title = "সংশোধিত: " + a.Title }, 2},
		{func(a *feedstest.Article) { a.Published = a.Published.Add(time.Hour) }, 2},
		{func(a *feedstest.Article) { a.Paragraphs[1] += "\n  " }, 2},
		{func(a *feedstest.Article) { a.GUID = "another" }, 2},
		{func(a *feedstest.Article) {
			a.Title = "নতুন শিরোনাম: সেতুর কাজ শুরু হল আজ"
		}, 3},
	} {
		n.site.Change(address, edit.change)
		n.pass(10 * time.Minute)
		n.mustPoll(feed)
		got := n.all()
		if len(got) != 1 || got[0].Revision != edit.revision {
			t.Fatalf("edit %d: %d articles, revision %d, want 1 and %d", i, len(got), got[0].Revision, edit.revision)
		}
	}
	if len(n.news()) != 1 {
		t.Errorf("%d news, want 1", len(n.news()))
	}
}

func TestTheSameArticleInThreeSectionsIsOneInThreeCategories(t *testing.T) {
	n := open(t, feedstest.Options{})
	var sections, categories []int64
	for _, name := range []string{"দেশ", "খেলা", "বিনোদন"} {
		c := n.category(name)
		categories = append(categories, c)
		sections = append(sections, n.subscribe(n.site.Feed(name), c))
	}
	old := report(1)
	old.Categories = []string{"দেশ", "খেলা"}
	n.site.Publish(old)
	for _, s := range sections {
		n.mustPoll(s)
	}
	a := report(2)
	a.Categories = []string{"দেশ", "খেলা", "বিনোদন"}
	n.site.Publish(a)
	n.pass(time.Hour)
	for _, s := range sections {
		n.mustPoll(s)
	}
	all := n.all()
	if len(all) != 2 {
		t.Fatalf("%d articles, want 2", len(all))
	}
	for _, got := range all {
		want := categories
		if got.Title == old.Title {
			want = categories[:2]
		}
		if !slices.Equal(got.Categories, want) {
			t.Errorf("%s is in %v, want %v", got.Title, got.Categories, want)
		}
	}
	entries, err := n.store.Entries(t.Context(), 0, 100)
	if err != nil || len(entries) != 3 || !slices.Equal(entries[2].Already, categories[:2]) {
		t.Errorf("log is %+v, %v", entries, err)
	}
}

func TestWhatAnOutageOfHoursHidIsNewsByItsDates(t *testing.T) {
	n := open(t, feedstest.Options{Items: 60})
	for i := range 20 {
		n.site.Publish(report(i))
	}
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	n.site.Script("/feed.xml", feedstest.Script{Status: 503, Times: 1})
	for i := 20; i < 60; i++ {
		n.pass(9 * time.Minute)
		n.site.Publish(report(i))
	}
	if err := n.poll(feed); err == nil {
		t.Fatal("the site was not away")
	}
	n.mustPoll(feed)
	news := n.news()
	if len(news) != 40 || len(n.all()) != 60 {
		t.Fatalf("%d news of %d articles, want 40 of 60", len(news), len(n.all()))
	}
	if news[0].Title != report(20).Title || news[39].Title != report(59).Title {
		t.Errorf("not in order: %q to %q", news[0].Title, news[39].Title)
	}
}

// rss writes a feed of reports, each with the date given for it; the zero time is none.
func rss(from, upto int, date func(i int) time.Time) string {
	var b strings.Builder
	for i := upto - 1; i >= from; i-- {
		a := report(i)
		fmt.Fprintf(&b, "<item><title>%s</title><link>https://paper.example/%d</link><guid isPermaLink=\"false\">id-%d</guid>", a.Title, i, i)
		if at := date(i); !at.IsZero() {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", at.Format(time.RFC1123Z))
		}
		fmt.Fprintf(&b, "<description>&lt;p&gt;%s&lt;/p&gt;</description></item>\n", strings.Join(a.Paragraphs, "&lt;/p&gt;&lt;p&gt;"))
	}
	return `<rss version="2.0"><channel><title>কাগজ</title>` + b.String() + "</channel></rss>"
}

// A storm is many items that were not there an hour ago. What their dates say decides.
func TestInAStormDatesDecide(t *testing.T) {
	cases := map[string]struct {
		items      int
		date       func(before, now time.Time, i int) time.Time
		news, held int
	}{
		"dated since the last poll": {40, func(_, now time.Time, i int) time.Time { return now.Add(time.Duration(i-60) * time.Second) }, 40, 0},
		"without dates":             {40, func(_, _ time.Time, _ int) time.Time { return time.Time{} }, 5, 0},
		"dated into the future":     {40, func(_, now time.Time, i int) time.Time { return now.AddDate(0, 0, 1+i) }, 5, 0},
		"dated before what is known": {40, func(before, _ time.Time, i int) time.Time {
			return before.Add(-time.Duration(i) * time.Minute * 5)
		}, 0, 0},
		"a hundred dated since":       {100, func(_, now time.Time, i int) time.Time { return now.Add(time.Duration(i-200) * time.Second) }, 100, 0},
		"more than a hundred":         {101, func(_, now time.Time, i int) time.Time { return now.Add(time.Duration(i-200) * time.Second) }, 0, 101},
		"a hundred, and one from old": {101, func(_, now time.Time, i int) time.Time { return now.Add(-time.Duration(i/120*9000+1) * time.Minute) }, 100, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			n := open(t, feedstest.Options{})
			before := n.clock().Add(-time.Minute)
			body := rss(0, 20, func(i int) time.Time { return before.Add(time.Duration(i-20) * time.Hour) })
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				n.mu.Lock()
				defer n.mu.Unlock()
				fmt.Fprint(w, body)
			})
			feed := n.subscribe(url)
			n.mustPoll(feed)
			n.pass(time.Hour)
			now := n.clock()
			n.mu.Lock()
			body = rss(20, 20+c.items, func(i int) time.Time { return c.date(before, now, i) })
			n.mu.Unlock()
			n.mustPoll(feed)
			waiting, err := n.store.HeldArticles(t.Context(), 1000)
			if err != nil {
				t.Fatal(err)
			}
			if news := n.news(); len(news) != c.news || len(waiting) != c.held {
				t.Errorf("%d news and %d held, want %d and %d", len(news), len(waiting), c.news, c.held)
			}
			if all := n.all(); len(all)+len(waiting) != 20+c.items {
				t.Errorf("%d articles kept, want %d", len(all)+len(waiting), 20+c.items)
			}
			n.pass(time.Hour)
			n.mustPoll(feed)
			if again := n.news(); len(again) != c.news {
				t.Errorf("%d news after a further poll", len(again))
			}
		})
	}
}

func TestAnArchiveIsFiledQuietlyButALateArticleIsNot(t *testing.T) {
	n := open(t, feedstest.Options{})
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	late := report(0)
	late.Published = n.clock().AddDate(-4, 0, 0)
	n.site.Publish(late)
	n.pass(time.Hour)
	n.mustPoll(feed)
	if len(n.news()) != 1 {
		t.Errorf("%d news, want the late article", len(n.news()))
	}
	for i := 1; i < 9; i++ {
		a := report(i)
		a.Published = n.clock().AddDate(0, -i, 0)
		n.site.Publish(a)
	}
	n.pass(time.Hour)
	n.mustPoll(feed)
	if len(n.news()) != 1 || len(n.all()) != 9 {
		t.Errorf("%d news of %d articles, want 1 of 9", len(n.news()), len(n.all()))
	}
}

// What trackers of feed readers report: guids that change, links that gain parameters or change scheme, dates that move,
// order that is shuffled, all of it at once, poll after poll. None of it is news; what is new is, once.
func TestMutatedItemsAreNotNews(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			n := open(t, feedstest.Options{})
			var body string
			n.site.Script("/mutant.xml", feedstest.Script{Times: -1})
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				n.mu.Lock()
				defer n.mu.Unlock()
				fmt.Fprint(w, body)
			})
			published := 15
			write := func(mutate bool) {
				var items []string
				for i := range published {
					a := report(i)
					guid, link, date := fmt.Sprintf("id-%d", i), fmt.Sprintf("https://www.paper.example/news/%d/", i), n.clock().Add(time.Duration(i-published)*time.Minute)
					if mutate {
						if random.IntN(2) == 0 {
							guid = fmt.Sprintf("new-%d-%d", i, random.Int())
						}
						link = []string{link, strings.Replace(link, "https://www.", "http://", 1), link + "?utm_source=rss&utm_medium=x", link + "#c", strings.TrimSuffix(link, "/") + "?fbclid=1"}[random.IntN(5)]
						if random.IntN(4) == 0 { // a new address altogether: then the words must tell
							link = fmt.Sprintf("https://new.example/%d", random.Int())
						}
						date = date.Add(time.Duration(random.IntN(10_000)-5_000) * time.Minute)
					}
					items = append(items, fmt.Sprintf("<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">%s</guid><pubDate>%s</pubDate><description>&lt;p&gt;%s&lt;/p&gt;</description></item>",
						a.Title, strings.ReplaceAll(link, "&", "&amp;"), guid, date.Format(time.RFC1123Z), strings.Join(a.Paragraphs, "&lt;/p&gt;&lt;p&gt;")))
				}
				if mutate {
					random.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
				}
				n.mu.Lock()
				body = `<rss version="2.0"><channel><title>কাগজ</title>` + strings.Join(items, "\n") + "</channel></rss>"
				n.mu.Unlock()
			}
			write(false)
			feed := n.subscribe(url)
			n.mustPoll(feed)
			for range 10 {
				n.pass(20 * time.Minute)
				write(true)
				n.mustPoll(feed)
			}
			if news := n.news(); len(news) != 0 {
				t.Fatalf("%d false news, the first %q", len(news), news[0].Title)
			}
			published++
			write(true)
			n.pass(20 * time.Minute)
			n.mustPoll(feed)
			if news := n.news(); len(news) != 1 || len(n.all()) != 16 {
				t.Errorf("%d news of %d articles, want 1 of 16", len(news), len(n.all()))
			}
		})
	}
}

func TestItemsThatShareAGUIDOrALinkAreKeptApart(t *testing.T) {
	for name, shape := range map[string]string{
		"one guid for all":     `<link>http://h.example/%d</link><guid isPermaLink="false">site</guid>`,
		"one link for all":     `<link>http://h.example/live</link><guid isPermaLink="false">%d</guid>`,
		"the front page":       `<link>http://h.example/</link><guid isPermaLink="false">%d</guid>`,
		"no guid":              `<link>http://h.example/%d</link>`,
		"no link and no guid":  `<author>%d</author>`,
		"an empty guid":        `<link>http://h.example/%d</link><guid></guid>`,
		"cdata":                `<link><![CDATA[http://h.example/%d]]></link><guid isPermaLink="false"><![CDATA[ site ]]></guid>`,
		"one link, percent %%": `<link>http://h.example/a?x=1&amp;y=2</link><guid isPermaLink="false">%d</guid>`,
	} {
		t.Run(name, func(t *testing.T) {
			n := open(t, feedstest.Options{})
			count := 3
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, `<rss><channel><title>কাগজ</title>`)
				for i := range count {
					a := report(count - 1 - i)
					fmt.Fprintf(w, "<item><title>%s</title>"+shape+"<description>%s</description></item>", a.Title, count-1-i, strings.Join(a.Paragraphs, " "))
				}
				fmt.Fprint(w, `</channel></rss>`)
			})
			feed := n.subscribe(url)
			n.mustPoll(feed)
			for range 4 {
				count++
				n.pass(20 * time.Minute)
				n.mustPoll(feed)
			}
			if len(n.news()) != 4 || len(n.all()) != 7 {
				t.Errorf("%d news of %d articles, want 4 of 7", len(n.news()), len(n.all()))
			}
		})
	}
}

func TestAStubIsCompletedFromItsPage(t *testing.T) {
	for _, c := range []struct {
		name, robots, wish string
		whole              bool
	}{
		{"when needed", "", "", true},
		{"never", "", "never", false},
		{"not against robots.txt", "User-agent: *\nDisallow: /news/", "", false},
		{"as robots.txt allows us", "User-agent: harkara\nAllow: /\n\nUser-agent: *\nDisallow: /", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := open(t, feedstest.Options{Robots: c.robots})
			f := store.Feed{URL: n.site.Feed(""), Attributes: map[string]string{"harkara:full-text": c.wish}}
			if err := n.store.Write(t.Context(), func(tx store.Tx) error { return tx.SaveFeed(t.Context(), &f) }); err != nil {
				t.Fatal(err)
			}
			n.mustPoll(f.ID)
			a := report(3)
			a.Teaser, a.Image = "শহরে নতুন কাজ শুরু হচ্ছে...", true
			n.site.Publish(a)
			n.pass(time.Hour)
			n.mustPoll(f.ID)
			news := n.news()
			if len(news) != 1 {
				t.Fatalf("%d news", len(news))
			}
			if whole := strings.Contains(news[0].Text, "জমি অধিগ্রহণের"); whole != c.whole {
				t.Errorf("text is %q", news[0].Text)
			}
			if c.whole && len(news[0].Summary) < 2 {
				t.Errorf("summary is %q", news[0].Summary)
			}
			for range 2 {
				n.pass(time.Hour)
				n.mustPoll(f.ID)
			}
			if got := n.all(); got[0].Revision != 1 {
				t.Errorf("revision %d of what did not change", got[0].Revision)
			}
			n.isPolite()
		})
	}
}

func TestFaultsAreKeptInOneLineAndPutTheFeedOff(t *testing.T) {
	for _, c := range []struct {
		name   string
		script feedstest.Script
		kind   feeds.FaultKind
		says   string
		least  time.Duration // until the next check
	}{
		{"a page", feedstest.Script{Status: 200, Body: []byte("<!DOCTYPE html><html><body>x</body></html>")}, feeds.FaultPage, "is the address of the feed right?", 5 * time.Minute},
		{"nothing", feedstest.Script{Status: 200}, feeds.FaultEmpty, "empty", 5 * time.Minute},
		{"404", feedstest.Script{Status: 404}, feeds.FaultMissing, "404", 5 * time.Minute},
		{"403", feedstest.Script{Status: 403}, feeds.FaultDenied, "403", 30 * time.Minute},
		{"429", feedstest.Script{Status: 429, Header: http.Header{"Retry-After": {"7200"}}}, feeds.FaultBusy, "429", 2 * time.Hour},
		{"503", feedstest.Script{Status: 503, Header: http.Header{"Retry-After": {"3600"}}}, feeds.FaultBusy, "503", time.Hour},
		{"500", feedstest.Script{Status: 500}, feeds.FaultServer, "500", 5 * time.Minute},
		{"bomb", feedstest.Script{Status: 200, Body: []byte("<rss>" + strings.Repeat("<a>", 1000))}, feeds.FaultHostile, "exhaust", 5 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := open(t, feedstest.Options{})
			n.site.Publish(report(0))
			feed := n.subscribe(n.site.Feed(""))
			n.mustPoll(feed)
			before := n.feed(feed).State
			n.pass(time.Hour)
			n.site.Script("/feed.xml", c.script)
			if err := n.poll(feed); err == nil {
				t.Fatal("no error")
			}
			state := n.feed(feed).State
			if state.Errors != 1 || !strings.Contains(state.LastError, c.says) || strings.Contains(state.LastError, "\n") || feeds.MemoryOf(state).Fault != c.kind || state.Fault != string(c.kind) {
				t.Errorf("state is %+v with %+v", state, feeds.MemoryOf(state))
			}
			if state.ETag != before.ETag || state.ETag == "" {
				t.Errorf("validators were lost: %q", state.ETag)
			}
			if wait := state.NextCheck.Sub(n.clock()); wait < c.least {
				t.Errorf("next check after %s, want at least %s", wait, c.least)
			}
			if err := n.atNext(feed); err != nil {
				t.Fatal(err)
			}
			if state := n.feed(feed).State; state.Errors != 0 || state.LastError != "" || state.Fault != "" {
				t.Errorf("not forgiven: %+v", state)
			}
			n.isPolite()
		})
	}
}

func TestWhatWasCutOffIsKeptAsFarAsItIsWhole(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.site.Publish(report(0))
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	for i := 1; i < 4; i++ {
		n.site.Publish(report(i))
	}
	whole := fetchBody(t, n.site.Feed(""))
	n.site.Script("/feed.xml", feedstest.Script{Status: 200, Header: http.Header{"Etag": {`"cut"`}}, Body: whole, Cut: len(whole) / 2})
	n.pass(time.Hour)
	n.mustPoll(feed)
	if got := len(n.news()); got < 1 || got > 2 {
		t.Errorf("%d news of the first half", got)
	}
	if state := n.feed(feed).State; state.ETag != "" {
		t.Errorf("validators of what was not read whole: %q", state.ETag)
	}
	n.pass(time.Hour)
	n.mustPoll(feed)
	if len(n.news()) != 3 || len(n.all()) != 4 {
		t.Errorf("%d news of %d, want 3 of 4", len(n.news()), len(n.all()))
	}
}

func fetchBody(t *testing.T, url string) []byte {
	t.Helper()
	a, err := near(t).Get(t.Context(), feeds.Request{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	return a.Body
}

func TestAMoveIsFollowedOnceProven(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.site.Publish(report(0))
	feed := n.subscribe(n.site.URL() + "/old.xml")
	n.site.Script("/old.xml", feedstest.Script{Status: 301, Header: http.Header{"Location": {"/feed.xml"}}, Times: -1})
	for range 3 {
		n.mustPoll(feed)
		n.pass(13 * time.Hour)
	}
	if got := n.feed(feed); got.State.MovedTo != n.site.Feed("") || got.URL != n.site.URL()+"/old.xml" {
		t.Fatalf("moved to %q", got.State.MovedTo)
	}
	asked := len(n.site.Requests())
	n.site.Publish(report(1))
	n.mustPoll(feed)
	if got := n.site.Requests()[asked:]; len(got) != 1 || got[0].Path != "/feed.xml" {
		t.Errorf("asked %v", got)
	}
	if len(n.news()) != 1 || len(n.all()) != 2 {
		t.Errorf("%d news of %d articles", len(n.news()), len(n.all()))
	}
}

func TestAFeedThatIsGoneIsAskedNoMore(t *testing.T) {
	n := open(t, feedstest.Options{})
	feed := n.subscribe(n.site.Feed(""))
	n.site.Script("/feed.xml", feedstest.Script{Status: 410, Times: -1})
	if err := n.poll(feed); err == nil || n.feed(feed).State.Gone {
		t.Fatalf("given up after one answer: %v", err)
	}
	if err := n.atNext(feed); err == nil || !n.feed(feed).State.Gone {
		t.Errorf("still asked: %+v", n.feed(feed).State)
	}
	due, err := n.store.DueFeeds(t.Context(), n.clock().AddDate(1, 0, 0), 10)
	if err != nil || len(due) != 0 {
		t.Errorf("due: %v, %v", due, err)
	}
}

func TestArticleThatStaysInTheFeedIsKnownByItsWordsForEver(t *testing.T) {
	n := open(t, feedstest.Options{Items: 100})
	address := n.site.Publish(report(0))
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	for day := 1; day <= 40; day++ {
		n.pass(24 * time.Hour)
		n.site.Publish(report(day))
		n.mustPoll(feed)
	}
	n.site.Remove(address)
	n.site.Publish(report(0)) // the same words under another address and GUID
	n.pass(time.Hour)
	n.mustPoll(feed)
	for _, a := range n.news() {
		if a.Title == report(0).Title {
			t.Error("what was in the feed all the time is news again")
		}
	}
	if got := len(n.news()); got != 40 {
		t.Errorf("%d articles were news, want 40", got)
	}
}

func TestUndatedStormAfterAnOutageWaitsForAnEditor(t *testing.T) {
	for name, c := range map[string]struct {
		outage     time.Duration
		told, held int
	}{
		"an outage":            {5 * time.Hour, 5, 15},
		"a feed that was well": {5 * time.Minute, 5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			n := open(t, feedstest.Options{})
			list := func(from, to int) feedstest.Script {
				var b strings.Builder
				for i := to - 1; i >= from; i-- {
					fmt.Fprintf(&b, `<item><title>%s</title><guid isPermaLink="false">%d</guid><description>%s</description></item>`, report(i).Title, i, strings.Join(report(i).Paragraphs, " "))
				}
				return feedstest.Script{Status: 200, Body: []byte(`<rss version="2.0"><channel><title>T</title>` + b.String() + `</channel></rss>`)}
			}
			n.site.Script("/plain.xml", list(0, 20))
			feed := n.subscribe(n.site.URL() + "/plain.xml")
			n.mustPoll(feed)
			n.pass(c.outage)
			n.site.Script("/plain.xml", list(20, 40))
			n.mustPoll(feed)
			waiting, err := n.store.HeldArticles(t.Context(), 100)
			if err != nil {
				t.Fatal(err)
			}
			if told := len(n.news()); told != c.told || len(waiting) != c.held {
				t.Errorf("%d were told and %d wait; want %d and %d", told, len(waiting), c.told, c.held)
			}
			if kept := len(n.all()) + len(waiting); kept != 40 {
				t.Errorf("%d articles are kept, want 40", kept)
			}
		})
	}
}

func TestDaysOfPollingBreakNoRule(t *testing.T) {
	n := open(t, feedstest.Options{MaxAge: 3 * time.Minute, TTL: 7 * time.Minute})
	for i := range 10 {
		n.site.Publish(report(i))
	}
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	random := rand.New(rand.NewPCG(3, 4))
	end := n.clock().AddDate(0, 0, 2)
	number, failures := 10, 0
	for n.clock().Before(end) {
		if random.IntN(40) == 0 {
			n.site.Publish(report(number))
			number++
		}
		if random.IntN(30) == 0 {
			n.site.Script("/feed.xml", feedstest.Script{Status: []int{429, 503, 500}[random.IntN(3)], Header: http.Header{"Retry-After": {"1800"}}})
		}
		if n.atNext(feed) != nil {
			failures++
		}
	}
	n.isPolite()
	whole := 0
	for _, r := range n.site.Requests() {
		if r.Header.Get("If-None-Match") == "" {
			whole++
		}
	}
	if whole != 1 || failures == 0 {
		t.Errorf("%d unconditional requests, %d failures of %d", whole, failures, len(n.site.Requests()))
	}
	if got := len(n.all()); got < number-1 {
		t.Errorf("%d articles kept of %d", got, number)
	}
}

func TestRunPollsWhatIsDueUntilItIsStopped(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.options.Every, n.options.Now = time.Second, time.Now
	n.restart()
	n.site.Publish(report(0))
	broken := n.subscribe(n.site.URL() + "/nowhere.xml")
	feed := n.subscribe(n.site.Feed(""))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.poller.Run(ctx) }()
	n.keeps()
	n.site.Publish(report(1))
	n.keeps()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := n.news(); len(got) != 1 || got[0].Feed != feed {
		t.Errorf("news %+v", got)
	}
	if n.feed(broken).State.Errors == 0 {
		t.Error("the broken feed was not tried")
	}
	for _, r := range n.site.Requests() {
		if strings.HasPrefix(r.Path, "/news/") {
			t.Errorf("a page was read though the feed is whole: %s", r.Path)
		}
	}
}
