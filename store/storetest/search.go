package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

// told adds an article with these stems, cut at spaces.
func (h house) told(headline, text string, when time.Time, edit ...func(*store.Article)) store.Article {
	h.t.Helper()
	a := store.Article{Headline: headline, Text: text, Published: when, FirstSeen: when}
	for _, e := range edit {
		e(&a)
	}
	h.write(func(ctx context.Context, tx store.Tx) error {
		return tx.AddArticle(ctx, &a, nil, stems(headline, text))
	})
	return a
}

// stems is the index of an article; the sound of a stem is the stem without its vowel signs.
func stems(headline, text string) store.Index {
	i := store.Index{Headline: strings.Fields(headline), Text: strings.Fields(text), Sounds: map[string]string{}}
	for _, s := range append(i.Headline, i.Text...) {
		i.Sounds[s] = sound(s)
	}
	return i
}

func sound(stem string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u09be' && r <= '\u09cc' {
			return -1
		}
		return r
	}, stem)
}

// find returns the ids of what is found, with the number of all that match.
func (h house) find(q store.SearchQuery) ([]int64, int) {
	h.t.Helper()
	if q.Now.IsZero() {
		q.Now = at(24 * time.Hour)
	}
	found, total, err := h.Search(h.ctx(), q, 0, 100)
	if err != nil {
		h.t.Fatalf("search %q: %v", q.Terms, err)
	}
	return articleIDs(found), total
}

func query(terms ...string) store.SearchQuery {
	var q store.SearchQuery
	for _, t := range terms {
		q.Terms = append(q.Terms, strings.Fields(t))
	}
	return q
}

func search(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"finds whole words, and all of the terms": func(t *testing.T, h house) {
			river := h.told("পদ্মা সেতু উদ্বোধন", "ঢাকা সেতু কলা", morning)
			school := h.told("স্কুল বন্ধ", "ঢাকা শহর কল 2026 covid-19", morning)
			one := func(a store.Article) []int64 { return []int64{a.ID} }
			for _, c := range []struct {
				name string
				q    store.SearchQuery
				want []int64
			}{
				{"a word of the headline", query("পদ্মা"), one(river)},
				{"a word of the text", query("শহর"), one(school)},
				{"a vowel sign is no end of a word", query("কল"), one(school)},
				{"nor is a conjunct", query("পদ"), nil},
				{"both terms", query("ঢাকা", "বন্ধ"), one(school)},
				{"one term that is nowhere", query("ঢাকা", "চট্টগ্রাম"), nil},
				{"a run of words", query("ঢাকা শহর"), one(school)},
				{"a run in another order", query("শহর ঢাকা"), nil},
				{"a run across headline and text", query("উদ্বোধন ঢাকা"), nil},
				{"digits", query("2026"), one(school)},
				{"a word with a hyphen", query("covid-19"), one(school)},
				{"no term", query(), nil},
				{"an empty term", query("", "  "), nil},
				{"an empty term beside another", query("", "বন্ধ"), one(school)},
			} {
				got, total := h.find(c.q)
				same(t, c.name, got, c.want)
				same(t, c.name+": the number", total, len(c.want))
			}
		},
		"takes the last stem for a beginning only when asked": func(t *testing.T, h house) {
			a := h.told("বিশ্ববিদ্যালয় ভর্তি পরীক্ষা", "", morning)
			for _, c := range []struct {
				name   string
				prefix bool
				terms  []string
				want   []int64
			}{
				{"not asked", false, []string{"বিশ্ব"}, nil},
				{"asked", true, []string{"বিশ্ব"}, []int64{a.ID}},
				{"only the last term", true, []string{"বিশ্ব", "ভর্তি"}, nil},
				{"the last of several", true, []string{"ভর্তি", "বিশ্ব"}, []int64{a.ID}},
				{"the last stem of a run", true, []string{"ভর্তি পরী"}, []int64{a.ID}},
			} {
				q := query(c.terms...)
				q.Prefix = c.prefix
				got, _ := h.find(q)
				same(t, c.name, got, c.want)
			}
		},
		"takes nothing a reader writes for a command": func(t *testing.T, h house) {
			a := h.told("টাকা OR headline NEAR", "ভাত", morning)
			for _, hostile := range []string{
				`"`, `""`, `"টাকা`, `টাকা"`, `*`, `টাকা*`, `-`, `^টাকা`, `headline:টাকা`, `{headline text}:`, `NEAR(টাকা ভাত)`, `( ) + :`, "\x00",
				"টাকা\x00ভাত", `AND`, `NOT`, `'`, `;DROP TABLE article`, "\u09cd", "\u200d", "\xff\xfe", strings.Repeat("ক", 5000),
			} {
				for _, prefix := range []bool{false, true} {
					q := query(hostile)
					q.Prefix, q.Now = prefix, morning
					if _, _, err := h.Search(t.Context(), q, 0, 10); err != nil {
						t.Errorf("search %q: %v", hostile, err)
					}
				}
			}
			got, _ := h.find(query("OR"))
			same(t, "a word that is a command elsewhere", got, []int64{a.ID})
			got, _ = h.find(query("টাকা", "OR", "ভাত"))
			same(t, "a word that is a command elsewhere, between others", got, []int64{a.ID})
			got, _ = h.find(query("টাকা", "OR", "মাছ"))
			same(t, "is not obeyed", got, nil)
		},
		"lists headline matches first, and newer ones before older ones": func(t *testing.T, h house) {
			filler := strings.Repeat("অন্য কথা ", 20)
			for i := range 30 {
				h.told("খবর", filler, at(time.Duration(i)*time.Minute))
			}
			inText := h.told("খবর", "বন্যা "+filler, at(time.Hour))
			inHeadline := h.told("বন্যা খবর", filler, at(0))
			older := h.told("বন্যা খবর", filler, at(-90*24*time.Hour))
			newer := h.told("বন্যা খবর", filler, at(2*time.Hour))
			got, total := h.find(query("বন্যা"))
			same(t, "the order", got, []int64{newer.ID, inHeadline.ID, inText.ID, older.ID})
			same(t, "the number", total, 4)
			page, total, err := h.Search(t.Context(), store.SearchQuery{Terms: [][]string{{"বন্যা"}}, Now: at(24 * time.Hour)}, 1, 2)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the second page", articleIDs(page), []int64{inHeadline.ID, inText.ID})
			same(t, "the number on the second page", total, 4)
			page, total, err = h.Search(t.Context(), store.SearchQuery{Terms: [][]string{{"বন্যা"}}}, 4, 2)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the number past the end", total, 4)
			same(t, "a page past the end", articleIDs(page), nil)
		},
		"lists headline matches first also where only the beginning of a word is asked for": func(t *testing.T, h house) {
			inText := h.told("খবর", "বন্যা", at(time.Hour))
			inHeadline := h.told("বন্যা খবর", "জল", morning)
			older := h.told("বন্যা খবর", "জল", at(-150*24*time.Hour))
			q := query("বন")
			q.Prefix = true
			got, _ := h.find(q)
			same(t, "the order", got, []int64{inHeadline.ID, inText.ID, older.ID})
			q = query("খব", "বন্য")
			q.Prefix = true
			got, _ = h.find(q)
			same(t, "only the last term may be a beginning", got, nil)
		},
		"finds the newest of very many": func(t *testing.T, h house) {
			h.write(func(ctx context.Context, tx store.Tx) error {
				for i := range store.MostFound + 5 {
					a := store.Article{Headline: "খবর", Published: at(time.Duration(i) * time.Minute), FirstSeen: morning}
					if err := tx.AddArticle(ctx, &a, nil, stems("খবর", "")); err != nil {
						return err
					}
				}
				return nil
			})
			found, total, err := h.Search(t.Context(), store.SearchQuery{Terms: [][]string{{"খবর"}}, Now: at(24 * time.Hour)}, store.MostFound-2, 10)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the number", total, store.MostFound)
			same(t, "the last ones", articleIDs(found), []int64{7, 6})
		},
		"finds history, but nothing held or retracted": func(t *testing.T, h house) {
			old := h.told("মেলা", "", morning, history)
			waits := h.told("মেলা", "", morning, held)
			gone := h.told("মেলা", "", morning)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, gone.ID, morning) })
			got, total := h.find(query("মেলা"))
			same(t, "what is found", got, []int64{old.ID})
			same(t, "the number", total, 1)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReleaseArticle(ctx, waits.ID, morning) })
			got, _ = h.find(query("মেলা"))
			same(t, "what is found after the release", sorted(got), sorted([]int64{old.ID, waits.ID}))
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.ReviseArticle(ctx, &gone, nil, stems("মেলা", ""))
			})
			got, _ = h.find(query("মেলা"))
			same(t, "what is found after the retracted one was revised", sorted(got), sorted([]int64{old.ID, waits.ID}))
		},
		"finds the present revision": func(t *testing.T, h house) {
			a := h.told("ভোট শুরু", "কেন্দ্র", morning)
			a.Revised = at(time.Hour)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.ReviseArticle(ctx, &a, nil, stems("ভোট শেষ", "ফল"))
			})
			for word, want := range map[string][]int64{"শুরু": nil, "কেন্দ্র": nil, "শেষ": {a.ID}, "ফল": {a.ID}, "ভোট": {a.ID}} {
				got, _ := h.find(query(word))
				same(t, word, got, want)
			}
			same(t, "spellings that occur no more", must[[]string](t)(h.Spellings(t.Context(), []string{sound("শুরু")}, 5)), nil)
		},
		"knows the spellings that occur under a sound, the most frequent first": func(t *testing.T, h house) {
			h.told("কোটি", "নদী", morning)
			h.told("নদি", "নদী নদী", morning)
			h.told("কিছু", "নাদা", morning, held)
			same(t, "the spellings", must[[]string](t)(h.Spellings(t.Context(), []string{"abc", sound("নদী")}, 5)), []string{"নদী", "নদি"})
			same(t, "one spelling", must[[]string](t)(h.Spellings(t.Context(), []string{sound("নদী")}, 1)), []string{"নদী"})
			same(t, "no spelling", must[[]string](t)(h.Spellings(t.Context(), []string{"xyz"}, 5)), nil)
		},
	})
}
