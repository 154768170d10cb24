package feeds_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
)

var sentences = []string{
	"রবিবার সকালে শহরের উত্তর প্রান্তে নতুন সেতুটি যান চলাচলের জন্য খুলে দেওয়া হয়েছে।",
	"উদ্বোধনের সময় হাজারখানেক মানুষ নদীর দুই পারে ভিড় করেন এবং অনেকে হেঁটে সেতু পার হন।",
	"নির্মাণে সময় লেগেছে চার বছর, খরচ হয়েছে প্রায় তিনশো কোটি টাকা।",
	"প্রকৌশলীরা জানিয়েছেন, দিনে অন্তত চল্লিশ হাজার গাড়ি এই পথে চলতে পারবে।",
}

func body() string {
	var b strings.Builder
	for range 3 {
		for _, s := range sentences {
			b.WriteString("<p>" + s + "</p>")
		}
	}
	return b.String()
}

func TestArticlePagesAreRead(t *testing.T) {
	head := `<html><head><title>সেতু খুলল | কাগজ</title><meta property="og:title" content="সেতু খুলল"><meta property="og:image" content="/i/b.jpg"><meta property="og:description" content="ছোট কথা">` +
		`<meta property="article:published_time" content="2026-03-01T10:00:00+06:00"><link rel="canonical" href="https://paper.example/n/1"></head>`
	article := `<body><nav><a href="/">প্রচ্ছদ</a></nav><div class="content"><article><h1>সেতু খুলল</h1>` + body() + `</article></div><div class="sidebar"><ul><li><a href="/n/2">অন্য খবর</a></li></ul></div><footer>স্বত্ব</footer></body></html>`
	from := feeds.Source{URL: "https://paper.example/n/1?utm_source=x"}
	text := func(i feeds.Item) string {
		var all []string
		for _, p := range feeds.Paragraphs(i.Content) {
			all = append(all, p.Text)
		}
		return strings.Join(all, "\n")
	}
	t.Run("by extraction", func(t *testing.T) {
		got, err := feeds.ReadPage([]byte(head+article), from)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title.String() != "সেতু খুলল" || got.Image != "https://paper.example/i/b.jpg" || got.Link != "https://paper.example/n/1" || got.Summary.String() != "ছোট কথা" || !got.Published.Equal(time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC)) {
			t.Errorf("got %+v", got)
		}
		for _, s := range sentences {
			if strings.Count(text(got), s) != 3 {
				t.Errorf("%q is missing", s)
			}
		}
		if strings.Contains(text(got), "অন্য খবর") || strings.Contains(text(got), "স্বত্ব") {
			t.Errorf("what is around the article was taken for it: %s", text(got))
		}
	})
	t.Run("by what it says in JSON-LD", func(t *testing.T) {
		told := `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"কাগজ"},{"@type":["NewsArticle"],"headline":"সেতু খুলল আজ","datePublished":"2026-03-01T11:00:00+06:00",
"image":[{"@type":"ImageObject","url":"https://paper.example/i/ld.jpg"}],"author":[{"@type":"Person","name":"রিনা দাস"}],"articleBody":"` + strings.Join(sentences, `\n`) + `"}]}</script>`
		got, err := feeds.ReadPage([]byte("<html><head>"+told+"</head><body><p>কিছু নেই</p></body></html>"), from)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title.String() != "সেতু খুলল আজ" || got.Author != "রিনা দাস" || got.Image != "https://paper.example/i/ld.jpg" || got.Published.UTC().Hour() != 5 || text(got) != strings.Join(sentences, "\n") {
			t.Errorf("got %+v\n%s", got, text(got))
		}
	})
	t.Run("in an old encoding", func(t *testing.T) {
		page := `<html><head><meta charset="windows-1252"><title>déjà vu</title></head><body><p>été</p></body></html>`
		latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(page))
		if err != nil {
			t.Fatal(err)
		}
		got, err := feeds.ReadPage(latin, from)
		if err != nil || got.Title.String() != "déjà vu" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("nothing to read", func(t *testing.T) {
		for _, page := range []string{"", "   ", "<html><body></body></html>"} {
			if got, err := feeds.ReadPage([]byte(page), from); err == nil {
				t.Errorf("%q gave %+v", page, got)
			}
		}
	})
}

func TestFeedsOfASiteAreFound(t *testing.T) {
	site, err := feedstest.Start(feedstest.Options{Title: "কাগজ"})
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	site.Publish(feedstest.Article{Title: "সেতু খুলল", Paragraphs: sentences})
	p := feeds.NewPoller(nil, near(t), feeds.PollerOptions{})
	for _, c := range []struct {
		name, address string
		want          []string
	}{
		{"the feed itself", site.URL() + "/atom.xml", []string{site.URL() + "/atom.xml"}},
		{"the front page", site.URL(), []string{site.URL() + "/feed.xml", site.URL() + "/atom.xml"}},
		{"a page that names none", site.URL() + "/news/1", []string{site.URL() + "/feed.xml", site.URL() + "/atom.xml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := p.Discover(t.Context(), c.address)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.URL)
				if f.Title != "কাগজ" {
					t.Errorf("title %q", f.Title)
				}
			}
			if strings.Join(got, " ") != strings.Join(c.want, " ") {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
	var fault *feeds.Fault
	if _, err := p.Discover(t.Context(), site.URL()+"/nowhere"); !errors.As(err, &fault) || fault.Kind != feeds.FaultMissing {
		t.Errorf("got %v", err)
	}
	before := len(site.Requests())
	feeds.Park(p, site.URL(), time.Now().Add(time.Hour))
	if _, err := p.Discover(t.Context(), site.URL()); !errors.As(err, &fault) || fault.Kind != feeds.FaultBusy || len(site.Requests()) > before {
		t.Errorf("a site that wants to be left alone was asked, or not told so: %v", err)
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`<html><head><script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script></head><body>` + body()))
	f.Fuzz(func(_ *testing.T, page []byte) {
		_, _ = feeds.ReadPage(page, feeds.Source{URL: "http://h.example/"})
	})
}
