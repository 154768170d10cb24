package story_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds/story"
)

// labelled is a set of reports, own texts, with pairs of them judged by hand.
type labelled struct {
	Items []struct {
		Name, Headline, Lead string
		Published            time.Time
	}
	Pairs []struct{ Known, New, Label string }
}

func readLabelled(t testing.TB) (labelled, map[string]story.Item) {
	t.Helper()
	b, err := os.ReadFile("testdata/pairs.json")
	if err != nil {
		t.Fatal(err)
	}
	var set labelled
	if err := json.Unmarshal(b, &set); err != nil {
		t.Fatal(err)
	}
	items := map[string]story.Item{}
	for i, it := range set.Items {
		items[it.Name] = story.Item{ID: int64(i + 1), Headline: it.Headline, Lead: it.Lead, Full: true, Published: it.Published}
	}
	return set, items
}

// seed reads an article whose first line is the headline.
func seed(t testing.TB, file string, id int64, published time.Time) story.Item {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	headline, text, _ := strings.Cut(string(b), "\n")
	return story.Item{ID: id, Headline: headline, Lead: strings.TrimSpace(text), Full: true, Published: published}
}

func TestLabelledPairsAreJudgedAsAnEditorWould(t *testing.T) {
	set, items := readLabelled(t)
	if len(set.Pairs) < 40 {
		t.Fatalf("only %d pairs", len(set.Pairs))
	}
	for _, learnt := range []bool{false, true} {
		same, found := 0, 0
		for _, p := range set.Pairs {
			x := story.NewIndex()
			if learnt {
				for _, it := range items {
					x.Add(it)
					x.Remove(it.ID)
				}
			}
			x.Add(items[p.Known])
			v := x.Place(items[p.New])
			switch p.Label {
			case "same":
				same++
				if v.Relation == story.Same {
					found++
				}
			case "update":
				if v.Relation != story.Update {
					t.Errorf("%s after %s: %+v, want an update", p.New, p.Known, v)
				}
			case "different":
				if v.Relation == story.Same || v.Relation == story.Update {
					t.Errorf("%s after %s: %+v, want two stories", p.New, p.Known, v)
				}
			default:
				t.Fatalf("label %q", p.Label)
			}
		}
		if found*10 < same*9 {
			t.Errorf("learnt %v: only %d of %d retellings found", learnt, found, same)
		}
	}
}

func TestArticlesFindTheirStoryAmongAllOthers(t *testing.T) {
	set, items := readLabelled(t)
	want := map[string]map[string]string{}
	for _, p := range set.Pairs {
		if want[p.New] == nil {
			want[p.New] = map[string]string{}
		}
		want[p.New][p.Known] = p.Label
	}
	names := map[int64]string{}
	for name, it := range items {
		names[it.ID] = name
	}
	x := story.NewIndex()
	for _, it := range items {
		x.Add(it)
	}
	for name, it := range items {
		x.Remove(it.ID)
		v := x.Place(it)
		x.Add(it)
		if v.Relation != story.Same {
			continue
		}
		other := names[v.ID]
		if want[name][other] != "same" && want[other][name] != "same" {
			t.Errorf("%s was taken for %s: %+v", name, other, v)
		}
	}
}

func TestTheTwoOutagesAreTwoStoriesEvenInTheSameMinute(t *testing.T) {
	at := time.Date(2021, 10, 6, 4, 0, 0, 0, time.UTC)
	october, march := seed(t, "outage-october.txt", 1, at), seed(t, "outage-march.txt", 2, at)
	for _, order := range [][2]story.Item{{october, march}, {march, october}} {
		x := story.NewIndex()
		x.Add(order[0])
		v := x.Place(order[1])
		if v != (story.Verdict{}) {
			t.Errorf("verdict %+v: want nothing alike, with a score under .42", v)
		}
	}
}

func TestOnlyTheGapKeepsTwoLikeOutagesApart(t *testing.T) {
	_, items := readLabelled(t)
	march, october := items["wa-mar"], items["wa-oct"]
	x := story.NewIndex()
	x.Add(march)
	if v := x.Place(october); v.Relation != story.None || v.Reason != story.ReasonGap || v.Score < .5 {
		t.Errorf("months apart: %+v", v)
	}
	october.Published = march.Published.Add(time.Hour)
	if v := x.Place(october); v.Relation != story.Same {
		t.Errorf("an hour apart: %+v", v)
	}
}

func TestVetoesNameTheirReason(t *testing.T) {
	_, items := readLabelled(t)
	for _, c := range []struct {
		known, new string
		reason     story.Reason
	}{
		{"wa-mar", "wa-oct", story.ReasonGap},
		{"wa-dated-mar", "wa-dated-oct", story.ReasonDate},
		{"vote-a", "vote-b", story.ReasonName},
		{"bus-a", "bus-d", story.ReasonName},
		{"bus-c", "bus-d", story.ReasonName},
		{"shok-a", "shok-b", story.ReasonName},
		{"rashi-a", "rashi-b", story.ReasonEdition},
		{"tv-a", "tv-b", story.ReasonEdition},
		{"bus-a", "bus-b", story.ReasonNumber},
	} {
		x := story.NewIndex()
		x.Add(items[c.known])
		if v := x.Place(items[c.new]); v.Reason != c.reason || v.ID != items[c.known].ID {
			t.Errorf("%s after %s: %+v, want the reason %s", c.new, c.known, v, c.reason)
		}
	}
}

func TestOtherAmountsUnderTheSameHeadlineAreAnUpdate(t *testing.T) {
	_, items := readLabelled(t)
	it := items["gold-b"]
	for _, name := range []string{"gold-a", "gold-c"} { // the same words in two orders
		known := items[name]
		it.Published = known.Published.Add(time.Hour) // the same edition
		x := story.NewIndex()
		x.Add(known)
		if v := x.Place(it); v.Relation != story.Update || v.Reason != story.ReasonNumber {
			t.Errorf("after %s: %+v", name, v)
		}
	}
}

func TestATeaserMustAgreeMoreThanALead(t *testing.T) {
	_, items := readLabelled(t)
	known, it := items["cup-a"], items["cup-b"] // likeness between .50 and .60
	x := story.NewIndex()
	x.Add(known)
	v := x.Place(it)
	if v.Relation != story.Same || v.Score >= .6 {
		t.Fatalf("full leads: %+v", v)
	}
	it.Full = false
	if v := x.Place(it); v.Relation != story.Related {
		t.Errorf("a teaser: %+v, want related", v)
	}
}

func TestARunningStoryMayBeTakenUpAfterTheGap(t *testing.T) {
	_, items := readLabelled(t)
	first := items["fire-a"]
	late := first
	late.ID, late.Published = 900, first.Published.Add(60*time.Hour)
	x := story.NewIndex()
	x.Add(first)
	if v := x.Place(late); v.Reason != story.ReasonGap {
		t.Fatalf("a story of one article: %+v", v)
	}
	for i, after := range []time.Duration{20 * time.Hour, 40 * time.Hour} {
		next := items["metro-a"] // any article; the editor put it there
		next.ID, next.Story, next.Published = int64(901+i), first.ID, first.Published.Add(after)
		x.Add(next)
	}
	if v := x.Place(late); v.Relation != story.Same || v.Story != first.ID {
		t.Errorf("a running story: %+v", v)
	}
	late.Published = first.Published.Add(73 * time.Hour)
	if v := x.Place(late); v.Reason != story.ReasonGap {
		t.Errorf("after three days: %+v", v)
	}
}

func TestTheStoryOfTheKnownArticleIsPassedOn(t *testing.T) {
	_, items := readLabelled(t)
	known := items["lpg-a"]
	known.Story = 7777
	x := story.NewIndex()
	x.Add(known)
	if v := x.Place(items["lpg-b"]); v.Relation != story.Same || v.Story != 7777 || v.ID != known.ID {
		t.Errorf("%+v", v)
	}
}

func TestAnArticleIsNotComparedWithItself(t *testing.T) {
	_, items := readLabelled(t)
	x := story.NewIndex()
	x.Add(items["egg-c"])
	if v := x.Place(items["egg-c"]); v != (story.Verdict{}) {
		t.Errorf("%+v", v)
	}
}

func TestForgottenArticlesAreNotFound(t *testing.T) {
	_, items := readLabelled(t)
	x := story.NewIndex()
	for _, it := range items {
		x.Add(it)
	}
	x.Add(items["egg-b"]) // again: replaces
	if x.Len() != len(items) {
		t.Fatalf("%d articles held of %d", x.Len(), len(items))
	}
	x.Remove(items["egg-b"].ID)
	if v := x.Place(items["egg-c"]); v.Relation != story.None {
		t.Errorf("removed, yet found: %+v", v)
	}
	for _, it := range items {
		x.Remove(it.ID)
	}
	if x.Len() != 0 {
		t.Errorf("%d articles held after all were removed", x.Len())
	}
	for _, it := range items {
		if v := x.Place(it); v != (story.Verdict{}) {
			t.Errorf("empty index: %+v", v)
		}
	}
}

func TestEmptyAndForeignTextsHaveNoStory(t *testing.T) {
	x := story.NewIndex()
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, text := range []string{"", " ", "🙂🙂🙂", "। । ।", "12345", strings.Repeat("ক", 100_000), "\xff\xfe", "Hello world"} {
		x.Add(story.Item{ID: int64(2*i + 1), Headline: text, Lead: text, Published: now})
	}
	if v := x.Place(story.Item{ID: 99, Headline: "", Lead: "", Published: now}); v.Relation != story.None {
		t.Errorf("an empty article: %+v", v)
	}
	if v := x.Place(story.Item{ID: 98, Headline: "Hello world", Lead: "Hello world", Published: now}); v.Relation != story.Same {
		t.Errorf("the same foreign text: %+v", v)
	}
}

func FuzzPlaceNeverFailsAndScoresStayInRange(f *testing.F) {
	set, _ := readLabelled(f)
	for _, it := range set.Items[:8] {
		f.Add(it.Headline, it.Lead, it.Headline, it.Lead)
	}
	f.Add("নিহত বেড়ে ৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯", "৩১ মে", "নিহত ১.২.৩ কোটি লাখ", "শুক্রবার রাত ১০টা")
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, headline1, lead1, headline2, lead2 string) {
		x := story.NewIndex()
		a := story.Item{ID: 1, Headline: headline1, Lead: lead1, Full: true, Published: now}
		b := story.Item{ID: 2, Headline: headline2, Lead: lead2, Full: true, Published: now}
		x.Add(a)
		x.Add(b)
		v := x.Place(b)
		if !(v.Score >= 0 && v.Score <= 1) || (v.Relation != story.None && v.ID != 1) {
			t.Errorf("%+v", v)
		}
		if w := x.Place(a); w.Relation != v.Relation {
			t.Errorf("%v one way, %v the other", v, w)
		}
	})
}

// window fills an index with n articles of 72 hours, made of the labelled ones
// with names and numbers of their own.
func window(tb testing.TB, n int) (*story.Index, story.Item) {
	set, _ := readLabelled(tb)
	start := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	x := story.NewIndex()
	made := func(i int) story.Item {
		from, other := set.Items[i%len(set.Items)], set.Items[(i*7+3)%len(set.Items)]
		return story.Item{
			ID: int64(i + 1), Full: true, Published: start.Add(time.Duration(i) * 72 * time.Hour / time.Duration(n)),
			Headline: fmt.Sprintf("%s নাম%d", from.Headline, i/3),
			Lead:     fmt.Sprintf("স্থান%d %s %s", i/5, other.Lead, from.Lead),
		}
	}
	for i := range n {
		x.Add(made(i))
	}
	last := made(n)
	return x, last
}

func BenchmarkPlaceAmongArticlesOfThreeDays(b *testing.B) {
	for _, n := range []int{500, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, it := window(b, n)
			b.ReportAllocs()
			for b.Loop() {
				x.Place(it)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	_, items := readLabelled(b)
	x := story.NewIndex()
	it := items["fire-a"]
	b.ReportAllocs()
	for b.Loop() {
		it.ID++
		x.Add(it)
		if x.Len() > 5000 {
			b.StopTimer()
			x = story.NewIndex()
			b.StartTimer()
		}
	}
}
