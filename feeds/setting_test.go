package feeds_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
)

func TestCutRulesAreReadFromAttributes(t *testing.T) {
	rules, err := feeds.CutRules(map[string]string{
		"harkara:cut":          "line, tail: প্রতিদিনের খবরে চোখ রাখুন …",
		"harkara:cut-anchor":   `inline: /নোঙর কথা: .*/`,
		"harkara:cut-empty":    "",
		"harkara:cutting":      "no rule of ours",
		"harkara:cut-with;all": `suffix: লেখা; ছবি | "আমাদের"`,
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID())
	}
	if got := strings.Join(ids, " "); got != "cut cut-anchor cut-with;all" {
		t.Errorf("rules %s", got)
	}
}

func TestWrongCutRulesAreToldWithTheirMendAndDoNotHinderTheRest(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"আমাদের সঙ্গে থাকুন", "names no scope"},
		{"lien: আমাদের সঙ্গে থাকুন", `scope "lien"`},
		{"line: কি", "shorter than four letters"},
		{"line: /(আমাদের/", "missing closing )"},
		{"line: …আজ সকালে…", "ordinary prose"},
		{"line: " + strings.Repeat("আমরা ", 100), "longer than 300"},
	} {
		rules, err := feeds.CutRules(map[string]string{"harkara:cut-a": c.text, "harkara:cut-b": "line: আমাদের সঙ্গে থাকুন"})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "harkara:cut-a") {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
		if len(rules) != 1 {
			t.Errorf("%q: %d rules are left", c.text, len(rules))
		}
	}
	_, err := feeds.CutRules(map[string]string{"harkara:cut": "line: …আজ সকালে…"})
	if !errors.Is(err, bengali.ErrRuleBroad) {
		t.Errorf("%v", err)
	}
}

const catalogueWithSettings = `<opml version="2.0"><head><title>t</title></head><body><outline text="দেশ">
<outline type="rss" text="কাগজ" xmlUrl="https://paper.example/rss" other="kept"
  harkara:cut="line, tail: প্রতিদিনের খবরে চোখ রাখুন …" harkara:cut-two="head: /খবরকাগজ [&quot;&lt;].*/" harkara:foreign="hold"/>
</outline></body></opml>`

func readOPML(t *testing.T, text string) feeds.OPML {
	t.Helper()
	o, err := feeds.ReadOPML(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSettingsSurviveTheCatalogue(t *testing.T) {
	n := open(t, feedstest.Options{})
	imported := func(text string) feeds.Imported {
		done, err := feeds.Import(t.Context(), n.store, readOPML(t, text))
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	settings := func() map[string]string {
		list, err := n.store.Feeds(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatalf("%d feeds, %v", len(list), err)
		}
		return list[0].Attributes
	}
	imported(catalogueWithSettings)
	if a := settings(); a["harkara:foreign"] != "hold" || a["harkara:cut-two"] != `head: /খবরকাগজ ["<].*/` {
		t.Fatalf("%q", a)
	}
	exported, err := feeds.Export(t.Context(), n.store)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := feeds.WriteOPML(&out, exported); err != nil {
		t.Fatal(err)
	}
	if done := imported(out.String()); done != (feeds.Imported{}) {
		t.Errorf("the export, imported: %+v\n%s", done, out.String())
	}
	edited := strings.NewReplacer(`harkara:foreign="hold"`, `harkara:foreign="drop"`, `harkara:cut-two="head`, `harkara:cut-two="" harkara:cut-3="head`, `other="kept"`, "").Replace(catalogueWithSettings)
	if done := imported(edited); done != (feeds.Imported{Feeds: 1}) {
		t.Errorf("edited: %+v", done)
	}
	a := settings()
	if _, there := a["harkara:cut-two"]; there || a["harkara:foreign"] != "drop" || a["harkara:cut-3"] == "" || a["harkara:cut"] == "" || a["other"] != "kept" {
		t.Errorf("edited: %q", a)
	}
}

func TestACatalogueMayDeclareItsNamespaces(t *testing.T) {
	want := map[string]string{"harkara:every": "10m", "x:y": "1", "xml:lang": "bn"}
	for _, declared := range []struct{ root, prefix string }{
		{"", "harkara"},
		{`xmlns:x="urn:x" xmlns:harkara="https://github.com/harkara/harkara"`, "harkara"},
		{`xmlns:x="urn:x" xmlns:harkara="https://paper.example/ours"`, "harkara"},
		{`xmlns:x="urn:x" xmlns:h="https://github.com/harkara/harkara"`, "h"},
	} {
		o := readOPML(t, `<opml version="2.0" `+declared.root+`><body><outline text="দেশ"><outline xmlns:unused="urn:u" text="কাগজ" xmlUrl="https://paper.example/rss" x:y="1" xml:lang="bn" `+
			declared.prefix+`:every="10m"/></outline></body></opml>`)
		for _, when := range []string{"read", "written and read again"} {
			a := o.Outlines[0].Outlines[0].Attributes
			for name, value := range want {
				if a[name] != value {
					t.Errorf("%s, %s: %q is %q, not %q", declared.root, when, name, a[name], value)
				}
			}
			var out bytes.Buffer
			if err := feeds.WriteOPML(&out, o); err != nil {
				t.Fatal(err)
			}
			var strict struct {
				Outline struct {
					Every string `xml:"https://github.com/harkara/harkara every,attr"`
				} `xml:"body>outline>outline"`
			}
			if err := xml.Unmarshal(out.Bytes(), &strict); err != nil || strict.Outline.Every != "10m" {
				t.Errorf("%s, %s: to a strict reader it says %q, %v:\n%s", declared.root, when, strict.Outline.Every, err, out.String())
			}
			o = readOPML(t, out.String())
		}
	}
}

func TestACatalogueWithWrongSettingsIsNotImportedAndAllFaultsAreTold(t *testing.T) {
	n := open(t, feedstest.Options{})
	wrong := strings.NewReplacer("line, tail:", "lines:", `foreign="hold"`, `foreign="perhaps" harkara:every="often" harkara:zone="Asia/Dacca?" harkara:full-text="yes"`).Replace(catalogueWithSettings)
	_, err := feeds.Import(t.Context(), n.store, readOPML(t, wrong))
	if err == nil {
		t.Fatal("imported")
	}
	for _, part := range []string{"কাগজ", "harkara:cut:", "lines", "perhaps", "keep, drop, hold", "often", "Asia/Dacca?", "full-text"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not told in: %v", part, err)
		}
	}
	if list, err := n.store.Feeds(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%d feeds, %v", len(list), err)
	}
}

func TestAFeedsOwnPatternsAreCutAndCounted(t *testing.T) {
	n := open(t, feedstest.Options{})
	f := store.Feed{URL: n.site.Feed(""), Attributes: map[string]string{"harkara:cut-promise": "line: প্রতিদিনের খবরে চোখ রাখুন …", "harkara:cut-wrong": "line: x"}}
	if err := n.store.Write(t.Context(), func(tx store.Tx) error { return tx.SaveFeed(t.Context(), &f) }); err != nil {
		t.Fatal(err)
	}
	n.mustPoll(f.ID)
	a := report(1)
	a.Paragraphs = append(a.Paragraphs, "প্রতিদিনের খবরে চোখ রাখুন আমাদের পাতায়")
	n.site.Publish(a)
	n.pass(time.Hour)
	n.mustPoll(f.ID)
	news := n.news()
	if len(news) != 1 || strings.Contains(news[0].Text, "চোখ রাখুন") {
		t.Fatalf("%d news, %+v", len(news), news)
	}
	if cuts := feeds.MemoryOf(n.feed(f.ID).State).Cuts; cuts["cut-promise"] != 1 {
		t.Errorf("counted %v", cuts)
	}
}

var foreigners = []struct{ name, title, text string }{
	{"English", "Rain floods the city", "Heavy rain flooded large parts of the city on Friday, the weather office said."},
	{"Banglish", "Aaj shohore brishti hobe", "Aaj shohore brishti hobe bole janiyeche abohawa office, tai chhata niye beron."},
	{"Assamese", "গুৱাহাটীত প্ৰবল বৰষুণ", "গুৱাহাটীত আজি প্ৰবল বৰষুণৰ ফলত চহৰৰ বহু ঠাইত কৃত্ৰিম বানপানীৰ সৃষ্টি হৈছে বুলি প্ৰশাসনে জনাইছে।"},
	{"Hindi", "शहर में भारी बारिश", "मौसम विभाग ने बताया कि शुक्रवार को शहर में भारी बारिश हुई।"},
	{"emoji", "🌧️🌧️🌧️", "🌧️☔🌧️☔🌧️☔"},
}

func TestWhatIsNotBengaliIsMarked(t *testing.T) {
	for _, c := range foreigners {
		d := feeds.Compose(feeds.Item{Title: feeds.Text{Value: c.title}, Content: feeds.Text{Value: c.text}}, 0)
		if d.NotNews != "not-bengali" && d.NotNews != "empty" {
			t.Errorf("%s: %q", c.name, d.NotNews)
		}
	}
	text := strings.Join(report(1).Paragraphs, "\n")
	for _, c := range []struct{ name, title, text string }{
		{"a headline in English over a Bengali text", "IND vs AUS Live Score", text},
		{"a Bengali headline over an English text", "শহরে আজ ভারী বৃষ্টি", foreigners[0].text},
		{"an Assamese name", "ৰাজু বরুয়ার গান নিয়ে কলকাতায় অনুষ্ঠান", text},
		{"Latin names", "WhatsApp Web-এ নতুন feature", ""},
	} {
		if d := feeds.Compose(feeds.Item{Title: feeds.Text{Value: c.title}, Content: feeds.Text{Value: c.text}}, 0); d.NotNews != "" {
			t.Errorf("%s: %q", c.name, d.NotNews)
		}
	}
}

func TestTheOperatorDecidesWhatBecomesOfOtherLanguages(t *testing.T) {
	for _, c := range []struct {
		wish               string
		told, held, listed int
	}{{"", 1, 0, 2}, {"keep", 2, 0, 2}, {"drop", 1, 0, 1}, {"hold", 1, 1, 1}} {
		t.Run(c.wish, func(t *testing.T) {
			n := open(t, feedstest.Options{})
			f := store.Feed{URL: n.site.Feed(""), Attributes: map[string]string{"harkara:foreign": c.wish}}
			if err := n.store.Write(t.Context(), func(tx store.Tx) error { return tx.SaveFeed(t.Context(), &f) }); err != nil {
				t.Fatal(err)
			}
			n.mustPoll(f.ID)
			n.site.Publish(report(1))
			a := report(2)
			a.Title, a.Teaser, a.Paragraphs = foreigners[0].title, "", []string{foreigners[0].text}
			n.site.Publish(a)
			n.pass(time.Hour)
			n.mustPoll(f.ID)
			held, err := n.store.HeldArticles(t.Context(), 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(n.news()) != c.told || len(held) != c.held || len(n.all()) != c.listed {
				t.Errorf("%d told, %d held, %d listed; want %d, %d, %d", len(n.news()), len(held), len(n.all()), c.told, c.held, c.listed)
			}
		})
	}
}
