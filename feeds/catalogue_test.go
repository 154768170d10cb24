package feeds_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
)

func TestACategoryTakesOverTheEnglishNameItIsGivenLater(t *testing.T) {
	n := open(t, feedstest.Options{})
	before := `<opml version="2.0"><body><outline text="খেলা" harkara:slug="sports"><outline text="a" xmlUrl="https://paper.example/rss"/></outline></body></opml>`
	after := strings.Replace(before, "harkara:slug", `harkara:en="Sport" harkara:slug`, 1)
	for _, round := range []struct {
		text string
		want feeds.Imported
	}{{before, feeds.Imported{Categories: 1, Feeds: 1}}, {after, feeds.Imported{Categories: 1}}, {after, feeds.Imported{}}, {before, feeds.Imported{}}} {
		if done, err := feeds.Import(t.Context(), n.store, readOPML(t, round.text)); err != nil || done != round.want {
			t.Errorf("imported %+v, not %+v: %v", done, round.want, err)
		}
	}
	categories, err := n.store.Categories(t.Context())
	if err != nil || len(categories) != 1 {
		t.Fatalf("%d categories, %v", len(categories), err)
	}
	if c := categories[0]; c.NameEN != "Sport" || c.Slug != "sports" || c.Attributes["harkara:en"] != "Sport" {
		t.Errorf("%+v", c)
	}
}

func TestWhatIsMostLikelyASlipInACatalogueIsTold(t *testing.T) {
	o := readOPML(t, `<opml version="2.0"><body><outline text="দেশ" harkara:slug="country" harkara:English="Country">
<outline text="one" xmlUrl="paper.example/rss"/><outline text="two" xmlUrl="file:///etc/passwd"/><outline text="three" xmlUrl="https:///rss"/>
<outline text="fine" type="rss" other="x" xmlUrl="https://paper.example/rss" harkara:every="2m" harkara:cut-two="line: প্রতিদিনের খবর …"/>
<outline text="four" xmlUrl="http://paper.example/rss" harkara:evry="2m"/></outline></body></opml>`)
	got := o.Doubts()
	want := []string{"দেশ: harkara:English is", `one: "paper.example/rss" cannot`, `two: "file:///etc/passwd" cannot`, `three: "https:///rss" cannot`, "four: harkara:evry is"}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("%q does not begin with %q", got[i], want[i])
		}
	}
}

func TestWhatIsNoOPMLIsToldInWords(t *testing.T) {
	for text, part := range map[string]string{
		"": "no <opml> element", "hello": "no <opml> element", "<!doctype html><html><body><p>Log in</body></html>": "<html>",
		`<opml><body><outline text="a"`: "unexpected EOF",
	} {
		if _, err := feeds.ReadOPML(strings.NewReader(text)); !errors.Is(err, feeds.ErrNotOPML) || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
