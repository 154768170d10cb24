package feeds_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
)

// unreadable are texts that nobody means to publish, each of about n bytes.
var unreadable = map[string]func(n int) string{
	"no space":        func(n int) string { return strings.Repeat("ক", n/3) },
	"no space, Latin": func(n int) string { return strings.Repeat("a", n) },
	"spaces":          func(n int) string { return strings.Repeat(" ", n) },
	"hasantas":        func(n int) string { return strings.Repeat("ক্", n/6) },
	"joiners":         func(n int) string { return strings.Repeat("ক\u200d\u200c", n/9) },
	"vowel signs":     func(n int) string { return strings.Repeat("ি", n/3) },
	"nuktas":          func(n int) string { return strings.Repeat("\u09bc", n/3) },
	"emoji":           func(n int) string { return strings.Repeat("👩‍👩‍👧‍👦🔥", n/29) },
	"dandas":          func(n int) string { return strings.Repeat("।", n/3) },
	"short sentences": func(n int) string { return strings.Repeat("সে যায়। ", n/22) },
	"open brackets":   func(n int) string { return strings.Repeat("(", n) },
	"open quotes":     func(n int) string { return strings.Repeat("“ক ", n/7) },
	"tags":            func(n int) string { return strings.Repeat("<b>", n/3) },
	"ends of tags":    func(n int) string { return strings.Repeat("</p>", n/4) },
	"half tags":       func(n int) string { return strings.Repeat("<p ", n/3) },
	"references":      func(n int) string { return strings.Repeat("&amp;", n/5) },
	"links":           func(n int) string { return strings.Repeat("<p><a href=x>আরও পড়ুন</a></p>", n/45) },
	"lines":           func(n int) string { return strings.Repeat("ক\n", n/4) },
	"promises":        func(n int) string { return strings.Repeat("আরও পড়ুন: ক ", n/34) },
	"colons":          func(n int) string { return strings.Repeat("ঢাকা: ", n/14) },
	"numbers":         func(n int) string { return strings.Repeat("১.২,৩", n/11) },
	"dots":            func(n int) string { return strings.Repeat("ক. ", n/5) },
	"not UTF-8":       func(n int) string { return strings.Repeat("ক\xe0\xa6 \xff", n/7) },
	"halves of emoji": func(n int) string { return strings.Repeat("\xed\xa0\xbd", n/3) },
	"NUL":             func(n int) string { return strings.Repeat("\x00", n) },
	"one word again":  func(n int) string { return strings.Repeat("সরকার ", n/16) },
	"Assamese": func(n int) string {
		return strings.Repeat("গুৱাহাটীত আজি প্ৰবল বৰষুণ হৈছে। ", n/86)
	},
	"Banglish": func(n int) string { return strings.Repeat("Aaj shohore khub brishti hobe. ", n/31) },
	"other scripts": func(n int) string {
		return strings.Repeat("शहर में बारिश। 東京で雨。مطر في المدينة. ", n/90)
	},
	"accents heaped":     func(n int) string { return "ক" + strings.Repeat("\u0301", n/2) },
	"a sentence a tenth": func(n int) string { return strings.Repeat(strings.Repeat("নতুন কথা ", n/250)+"। ", 10) },
}

func composed(text string) feeds.Draft {
	return feeds.Compose(feeds.Item{Title: feeds.Text{Value: text, HTML: true}, Summary: feeds.Text{Value: text}, Content: feeds.Text{Value: text, HTML: true}}, 0)
}

func TestHostileTextsAreComposed(t *testing.T) {
	for name, of := range unreadable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := composed(of(30_000))
			a := d.Article
			for what, text := range map[string]string{"title": a.Title, "headline": a.Headline, "text": a.Text, "summary": strings.Join(a.Summary, " ")} {
				if !utf8.ValidString(text) {
					t.Errorf("%s is not UTF-8", what)
				}
				if text != bengali.Normalize(text) {
					t.Errorf("%s is not normalised", what)
				}
			}
			if n := bengali.UTF16Len(strings.Join(a.Summary, " ")); n > summary.Budget {
				t.Errorf("a summary of %d units", n)
			}
		})
	}
}

// The time for ten times the text must be ten times the time.
func BenchmarkHostile(b *testing.B) {
	for name, of := range unreadable {
		for _, n := range []int{10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				text := of(n)
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					composed(text)
				}
			})
		}
	}
}
