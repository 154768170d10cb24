package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) entries(after int64) []store.Entry {
	h.t.Helper()
	return must[[]store.Entry](h.t)(h.Entries(h.ctx(), after, 1000))
}

func history(a *store.Article)   { a.History = true }
func held(a *store.Article)      { a.Held = true }
func retracted(a *store.Article) { a.Retracted = true }

func articles(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"are kept whole": func(t *testing.T, h house) {
			a := store.Article{
				Feed: 4, Source: "দৈনিক", GUID: "tag:1", URL: "https://example.com/a?b=ক", Title: "মূল শিরোনাম", Headline: "শিরোনাম",
				Summary: []string{"এক।", "দুই।"}, Text: "এক।\nদুই।", Image: "https://example.com/a.jpg",
				Published: at(-time.Hour), FirstSeen: morning, Categories: []int64{9, 2, 9}, Fingerprint: 1<<64 - 1,
			}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.AddArticle(ctx, &a, nil, store.Index{}) })
			if a.ID == 0 || a.Seq == 0 || a.Story != a.ID || a.Revision != 1 || !a.Revised.Equal(morning) {
				t.Errorf("the article is not set: %+v", a)
			}
			same(t, "its categories", a.Categories, []int64{2, 9})
			got := must[store.Article](t)(h.Article(t.Context(), a.ID))
			same(t, "the article", got, a)
			if got.FirstSeen.Location() != time.UTC || got.Published.Location() != time.UTC {
				t.Error("its times are not in UTC")
			}
			_, err := h.Article(t.Context(), a.ID+1)
			isErr(t, "one that is not there", err, store.ErrNotFound)
		},
		"tell the story they are given": func(t *testing.T, h house) {
			first := h.article("a", morning, nil)
			second := h.article("b", morning, nil, func(a *store.Article) { a.Story = first.ID })
			same(t, "the story", must[store.Article](t)(h.Article(t.Context(), second.ID)).Story, first.ID)
		},
		"are listed in the order asked, without those that are not there": func(t *testing.T, h house) {
			a, b, c := h.article("a", morning, nil), h.article("b", morning, nil), h.article("c", morning, nil)
			same(t, "the articles", must[[]store.Article](t)(h.Articles(t.Context(), []int64{c.ID, 999, a.ID, b.ID})), []store.Article{c, a, b})
			same(t, "none", must[[]store.Article](t)(h.Articles(t.Context(), nil)), nil)
		},
		"are known by each of their keys": func(t *testing.T, h house) {
			a := store.Article{GUID: "a", FirstSeen: morning, Published: morning}
			b := store.Article{GUID: "b", FirstSeen: morning, Published: morning}
			guid, link, content := store.Key{Feed: 3, Kind: 'G', Hash: 1}, store.Key{Kind: 'L', Hash: 1<<64 - 1}, store.Key{Kind: 'C', Hash: 1 << 63}
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.AddArticle(ctx, &a, []store.Key{guid, link}, store.Index{}); err != nil {
					return err
				}
				return tx.AddArticle(ctx, &b, []store.Key{{Feed: 4, Kind: 'G', Hash: 1}}, store.Index{})
			})
			ask := []store.Key{guid, link, content, {Feed: 4, Kind: 'G', Hash: 1}, {Feed: 5, Kind: 'G', Hash: 1}, {Feed: 3, Kind: 'L', Hash: 1}}
			same(t, "what is known", must[map[store.Key]int64](t)(h.Known(t.Context(), ask)),
				map[store.Key]int64{guid: a.ID, link: a.ID, {Feed: 4, Kind: 'G', Hash: 1}: b.ID})
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.KeepKeys(ctx, b.ID, []store.Key{content, link}, morning)
			})
			same(t, "what is known", must[map[store.Key]int64](t)(h.Known(t.Context(), []store.Key{guid, link, content})),
				map[store.Key]int64{guid: a.ID, link: b.ID, content: b.ID})
			same(t, "nothing asked", must[map[store.Key]int64](t)(h.Known(t.Context(), nil)), nil)
			later := morning.Add(time.Hour)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.KeepKeys(ctx, b.ID, []store.Key{content}, later)
			})
			same(t, "what was seen of late", must[map[store.Key]int64](t)(h.KnownSince(t.Context(), []store.Key{guid, link, content}, later)),
				map[store.Key]int64{content: b.ID})
		},
		"enter the log under rising numbers": func(t *testing.T, h house) {
			same(t, "the head of an empty log", must[int64](t)(h.Head(t.Context())), int64(0))
			var last int64
			for i, guid := range []string{"a", "b", "c"} {
				a := h.article(guid, at(time.Duration(i)*time.Minute), []int64{1})
				if a.Seq <= last {
					t.Errorf("the number %d came after %d", a.Seq, last)
				}
				last = a.Seq
				same(t, "the head", must[int64](t)(h.Head(t.Context())), last)
			}
		},
		"stand in the log unless they are history, held or retracted": func(t *testing.T, h house) {
			a := h.article("a", morning, []int64{2, 1})
			h.article("old", morning, []int64{1}, history)
			h.article("waits", morning, []int64{1}, held)
			gone := h.article("gone", morning, []int64{1})
			b := h.article("b", at(time.Second), nil)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, gone.ID, morning) })
			want := []store.Entry{
				{Seq: a.Seq, Article: a.ID, Categories: []int64{1, 2}, Feeds: []int64{a.Feed}, At: morning},
				{Seq: b.Seq, Article: b.ID, Feeds: []int64{b.Feed}, At: at(time.Second)},
			}
			same(t, "the log", h.entries(0), want)
			same(t, "the log after the first", h.entries(a.Seq), want[1:])
			same(t, "one entry", must[[]store.Entry](t)(h.Entries(t.Context(), 0, 1)), want[:1])
			same(t, "the log after the last", h.entries(b.Seq), nil)
		},
		"have a number at each time": func(t *testing.T, h house) {
			a, b := h.article("a", at(0), nil), h.article("b", at(time.Minute), nil)
			for _, c := range []struct {
				at   time.Time
				want int64
			}{
				{at(-time.Hour), 0},
				{at(0), 0},
				{at(time.Millisecond), a.Seq},
				{at(time.Minute), a.Seq},
				{at(time.Hour), b.Seq},
			} {
				same(t, "the number before "+c.at.String(), must[int64](t)(h.SeqBefore(t.Context(), c.at)), c.want)
			}
		},
		"are listed newest first, in their categories": func(t *testing.T, h house) {
			both := h.article("both", at(0), []int64{1, 2})
			late := h.article("late", at(2*time.Hour), []int64{1})
			// Filed last, but older: the first fetch of a new feed.
			old := h.article("old", at(-time.Hour), []int64{2}, history)
			other := h.article("other", at(time.Hour), []int64{3})
			h.article("held", at(time.Hour), []int64{1}, held)
			gone := h.article("gone", at(time.Hour), []int64{1})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, gone.ID, morning) })
			for _, c := range []struct {
				name        string
				categories  []int64
				skip, limit int
				want        []int64
			}{
				{"of everything", []int64{store.Everything}, 0, 10, []int64{late.ID, other.ID, both.ID, old.ID}},
				{"of everything and more", []int64{2, store.Everything}, 0, 10, []int64{late.ID, other.ID, both.ID, old.ID}},
				{"of one", []int64{1}, 0, 10, []int64{late.ID, both.ID}},
				{"of two", []int64{2, 1}, 0, 10, []int64{late.ID, both.ID, old.ID}},
				{"the second of two", []int64{1, 2}, 1, 1, []int64{both.ID}},
				{"skipping all", []int64{1, 2}, 3, 5, nil},
				{"of none", nil, 0, 10, nil},
				{"of an unknown one", []int64{17}, 0, 10, nil},
			} {
				same(t, c.name, articleIDs(must[[]store.Article](t)(h.Latest(t.Context(), c.categories, c.skip, c.limit))), c.want)
			}
		},
		"are listed from a time on, oldest first, with their text": func(t *testing.T, h house) {
			h.article("a", at(0), nil)
			c := h.article("c", at(2*time.Minute), nil)
			b := h.article("b", at(time.Minute), nil, history)
			same(t, "the recent ones", must[[]store.Article](t)(h.Recent(t.Context(), at(0), 10)), []store.Article{b, c})
			same(t, "one recent one", must[[]store.Article](t)(h.Recent(t.Context(), at(-time.Hour), 1))[0].GUID, "a")
		},
		"are found by their exact address, the newest first": func(t *testing.T, h house) {
			url := func(u string) func(*store.Article) { return func(a *store.Article) { a.URL = u } }
			h.article("a", morning, nil, url("https://example.com/x"))
			b := h.article("b", morning, nil, url("https://example.com/x"))
			h.article("c", morning, nil, url(""))
			same(t, "the article", must[store.Article](t)(h.ArticleByURL(t.Context(), "https://example.com/x")), b)
			for _, u := range []string{"https://example.com/X", ""} {
				_, err := h.ArticleByURL(t.Context(), u)
				isErr(t, u, err, store.ErrNotFound)
			}
		},
		"when revised, are replaced and keep who they are": func(t *testing.T, h house) {
			for name, edit := range map[string]func(*store.Article){"news": nil, "history": history} {
				edits := []func(*store.Article){func(a *store.Article) { a.URL = "https://example.com/" + name }}
				if edit != nil {
					edits = append(edits, edit)
				}
				a := h.article(name, morning, []int64{3, 4}, edits...)
				key := store.Key{Kind: 'C', Hash: uint64(len(name))}
				next := store.Article{
					ID: a.ID, Source: "সাপ্তাহিক", URL: "https://example.com/new", Title: "নতুন", Headline: "নতুন শিরোনাম", Summary: []string{"নতুন।"}, Text: "নতুন।",
					Published: at(-time.Hour), Fingerprint: 9, Revised: at(time.Hour), Feed: 99, GUID: "another", Categories: []int64{8}, FirstSeen: at(9),
				}
				h.write(func(ctx context.Context, tx store.Tx) error {
					return tx.ReviseArticle(ctx, &next, []store.Key{key}, store.Index{})
				})
				want := a
				want.Source, want.URL, want.Title, want.Headline = "সাপ্তাহিক", "https://example.com/new", "নতুন", "নতুন শিরোনাম"
				want.Summary, want.Text, want.Image = []string{"নতুন।"}, "নতুন।", ""
				want.Published, want.Fingerprint, want.Revised, want.Revision = at(-time.Hour), 9, at(time.Hour), 2
				same(t, "the article as set", next, want)
				same(t, "the article", must[store.Article](t)(h.Article(t.Context(), a.ID)), want)
				same(t, "the new key", must[map[store.Key]int64](t)(h.Known(t.Context(), []store.Key{key})), map[store.Key]int64{key: a.ID})
				latest := must[[]store.Article](t)(h.Latest(t.Context(), []int64{3}, 0, 10))
				if !slices.ContainsFunc(latest, func(l store.Article) bool { return l.ID == a.ID && l.Published.Equal(want.Published) }) {
					t.Error("it is not listed in its category")
				}
			}
			err := h.Write(t.Context(), func(tx store.Tx) error {
				return tx.ReviseArticle(t.Context(), &store.Article{ID: 99}, nil, store.Index{})
			})
			isErr(t, "one that is not there", err, store.ErrNotFound)
		},
		"a revision that does not say when is of this moment": func(t *testing.T, h house) {
			a := h.article("a", morning, nil)
			before := time.Now().Add(-time.Second)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReviseArticle(ctx, &a, nil, store.Index{}) })
			if a.Revised.Before(before) || a.Revision != 2 {
				t.Errorf("revision %d of %v", a.Revision, a.Revised)
			}
		},
		"when widened, are news once more, but not for those who had them": func(t *testing.T, h house) {
			a := h.article("a", morning, []int64{1, 3})
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.WidenArticle(ctx, a.ID, 7, []int64{2, 3, 2}, at(time.Minute))
			})
			log := h.entries(0)
			if len(log) != 2 {
				t.Fatalf("the log has %d entries", len(log))
			}
			same(t, "the second entry", log[1], store.Entry{
				Seq: must[int64](t)(h.Head(t.Context())), Article: a.ID, Categories: []int64{2}, Already: []int64{1, 3}, Feeds: []int64{a.Feed, 7}, At: at(time.Minute),
			})
			now := must[store.Article](t)(h.Article(t.Context(), a.ID))
			same(t, "its categories", now.Categories, []int64{1, 2, 3})
			same(t, "its number", now.Seq, a.Seq)
			same(t, "the new category's articles", articleIDs(must[[]store.Article](t)(h.Latest(t.Context(), []int64{2}, 0, 10))), []int64{a.ID})
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.WidenArticle(ctx, a.ID, 7, []int64{1, 2}, at(time.Hour))
			})
			same(t, "the log after nothing new", h.entries(0), log)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.WidenArticle(ctx, a.ID, 8, []int64{1}, at(time.Hour))
			})
			same(t, "the entry of a third feed", h.entries(log[1].Seq), []store.Entry{{
				Seq: must[int64](t)(h.Head(t.Context())), Article: a.ID, Already: []int64{1, 2, 3}, Feeds: []int64{a.Feed, 7, 8}, At: at(time.Hour),
			}})
		},
		"when widened before their release, are released to all categories": func(t *testing.T, h house) {
			for _, edit := range []func(*store.Article){history, held, retracted} {
				a := h.article("a", morning, []int64{1}, edit)
				h.write(func(ctx context.Context, tx store.Tx) error {
					return tx.WidenArticle(ctx, a.ID, 7, []int64{2}, morning)
				})
				same(t, "its categories", must[store.Article](t)(h.Article(t.Context(), a.ID)).Categories, []int64{1, 2})
				same(t, "the log", h.entries(0), nil)
				if a.Held {
					h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReleaseArticle(ctx, a.ID, morning) })
					log := h.entries(0)
					if len(log) != 1 || !slices.Equal(log[0].Categories, []int64{1, 2}) || len(log[0].Already) > 0 {
						t.Errorf("the log: %+v", log)
					}
					h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, morning) })
				}
			}
		},
		"that are held wait, and are news of the moment they are released": func(t *testing.T, h house) {
			a := h.article("a", morning, []int64{1}, held)
			b := h.article("b", morning, []int64{1}, held)
			reader := h.chat(1, 1)
			same(t, "the held ones", articleIDs(must[[]store.Article](t)(h.HeldArticles(t.Context(), 10))), []int64{a.ID, b.ID})
			same(t, "the oldest held one", articleIDs(must[[]store.Article](t)(h.HeldArticles(t.Context(), 1))), []int64{a.ID})
			h.markAll(morning)
			same(t, "due before", h.due(at(time.Hour)), nil)

			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReleaseArticle(ctx, a.ID, at(time.Hour)) })
			now := must[store.Article](t)(h.Article(t.Context(), a.ID))
			if now.Held || now.Seq <= b.Seq {
				t.Errorf("released as %+v", now)
			}
			log := []store.Entry{{Seq: now.Seq, Article: a.ID, Categories: []int64{1}, Feeds: []int64{a.Feed}, At: at(time.Hour), Approved: true}}
			same(t, "the log", h.entries(0), log)
			h.markAll(at(time.Hour))
			same(t, "due after", h.due(at(time.Hour)), []int64{reader.ID})

			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReleaseArticle(ctx, a.ID, at(2*time.Hour)) })
			same(t, "the log after a second release", h.entries(0), log)
			same(t, "the held ones", articleIDs(must[[]store.Article](t)(h.HeldArticles(t.Context(), 10))), []int64{b.ID})

			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, b.ID, morning) })
			same(t, "the held ones after a refusal", h.entries(0), log)
			same(t, "those who wait", len(must[[]store.Article](t)(h.HeldArticles(t.Context(), 10))), 0)
		},
		"count as changed when they are revised or retracted": func(t *testing.T, h house) {
			changes := func() int64 { return must[int64](t)(h.Changes(t.Context())) }
			a := h.article("a", morning, []int64{1})
			first := changes()
			h.article("b", morning, []int64{1})
			same(t, "the count after one more article", changes(), first)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReviseArticle(ctx, &a, nil, store.Index{}) })
			second := changes()
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.RetractArticle(ctx, a.ID, morning) })
			if third := changes(); first >= second || second >= third {
				t.Errorf("the counts were %d, %d and %d", first, second, third)
			}
		},
		"that are not there cannot be widened, released or retracted": func(t *testing.T, h house) {
			for name, change := range map[string]func(tx store.Tx) error{
				"widen":   func(tx store.Tx) error { return tx.WidenArticle(t.Context(), 9, 7, []int64{1}, morning) },
				"release": func(tx store.Tx) error { return tx.ReleaseArticle(t.Context(), 9, morning) },
				"retract": func(tx store.Tx) error { return tx.RetractArticle(t.Context(), 9, morning) },
			} {
				isErr(t, name, h.Write(t.Context(), change), store.ErrNotFound)
			}
		},
	})
}
