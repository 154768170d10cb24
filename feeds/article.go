package feeds

import (
	"cmp"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
	"github.com/harkara/harkara/store"
)

// Draft is an article as it would be kept, with all that was decided on its way.
type Draft struct {
	// Article lacks what only the store and the time of arrival can tell.
	Article store.Article
	Index   store.Index
	// Dropped is what was cut from title and text, each with the id of the rule.
	Dropped []bengali.Cut
	// NotNews says why the item is no news; empty if it is.
	NotNews summary.Reason
	// Overcut says that the rules wanted so much of the text that nothing was cut.
	Overcut bool
	// Stub says that the feed gives no article: too little text for a summary.
	Stub bool

	item Item // what it was made of
}

// stubLimit is the number of letters below which a text is a teaser: three sentences of a Bengali paper.
const stubLimit = 200

// ruleLink is the id of the cut of a paragraph that is one link.
const ruleLink = "link"

// Compose makes an article of an item: text enters through bengali.Normalize here and nowhere else. The
// budget is the summary's length in UTF-16 units; rules are a feed's own patterns of what to cut.
func Compose(item Item, budget int, rules ...bengali.Rule) Draft {
	title := summary.Headline(item.Title.String())
	d := Draft{Dropped: title.Cuts, NotNews: title.NotNews, item: item}

	paragraphs, promos := split(item.Content)
	if teaser, teaserPromos := split(item.Summary); length(teaser) > length(paragraphs) {
		paragraphs, promos = teaser, teaserPromos
	}
	d.Dropped = append(d.Dropped, promos...)
	cleaned := bengali.Clean(paragraphs, rules...)
	d.Dropped = append(d.Dropped, cleaned.Dropped...)
	d.Overcut = cleaned.Overcut
	d.Stub = length(cleaned.Paragraphs) < stubLimit

	d.Article = store.Article{
		GUID:    strings.TrimSpace(item.GUID),
		URL:     item.Link,
		Title:   bengali.Normalize(item.Title.String()),
		Text:    strings.Join(cleaned.Paragraphs, "\n"),
		Summary: summary.Of(title.Text, cleaned, budget),
		Image:   item.Image,
	}
	if d.NotNews == summary.ReasonNone || d.NotNews == summary.ReasonNotBengali {
		d.NotNews = summary.ReasonNone
		if isForeign(d.Article.Title, d.Article.Text) {
			d.NotNews = summary.ReasonNotBengali
		}
	}
	d.Article.Headline = cmp.Or(title.Text, d.Article.Title, firstOf(cleaned.Paragraphs))
	d.Article.Published = item.Published
	// What a reader sees of it. Pictures and dates change by themselves, and so does the part of a link that tells where
	// a reader came from.
	d.Article.Fingerprint = xxhash.Sum64String(strings.Join(append([]string{d.Article.Title, canonicalLink(d.Article.URL)}, d.Article.Summary...), "\x00"))
	d.Index = indexOf(d.Article)
	return d
}

// Complete gives a stub the text of its page. Title, link and date stay the feed's, and so does the fingerprint: a change is
// judged by what the feed says.
func (d *Draft) Complete(page Item, budget int, rules ...bengali.Rule) {
	whole := Compose(Item{Title: Text{Value: d.Article.Title}, Summary: page.Summary, Content: page.Content, Image: page.Image}, budget, rules...)
	if len(whole.Article.Text) <= len(d.Article.Text) && len(whole.Article.Summary) == 0 {
		return
	}
	if len(whole.Article.Text) > len(d.Article.Text) {
		d.Article.Text, d.Stub = whole.Article.Text, whole.Stub
	}
	if len(whole.Article.Summary) > 0 {
		d.Article.Summary = whole.Article.Summary
	}
	d.NotNews = whole.NotNews
	d.Article.Image = cmp.Or(d.Article.Image, whole.Article.Image)
	if d.Article.Published.IsZero() {
		d.Article.Published = page.Published
	}
	d.Dropped = append(d.Dropped, whole.Dropped...)
	d.Index = indexOf(d.Article)
}

// isForeign reports whether there is nothing in an article for readers of Bengali: neither headline nor text is in it. A text in
// Assamese counts even under a headline that could be Bengali, as short ones can.
func isForeign(title, text string) bool {
	switch {
	case text != "" && bengali.IsBengali(text):
		return false
	case isAssamese(text) || isAssamese(title):
		return true
	}
	return bengali.Share(title) == 0
}

// isAssamese reports whether a text in Bengali letters is in the other language that has them.
func isAssamese(s string) bool { return bengali.Share(s) >= 1.0/3 && !bengali.IsBengali(s) }

// split takes paragraphs and those of them that only lead elsewhere apart.
func split(t Text) (paragraphs []string, promos []bengali.Cut) {
	for _, p := range Paragraphs(t) {
		if p.Promo {
			promos = append(promos, bengali.Cut{Rule: ruleLink, Text: p.Text})
			continue
		}
		paragraphs = append(paragraphs, p.Text)
	}
	return paragraphs, promos
}

// length counts the letters of paragraphs.
func length(paragraphs []string) int {
	n := 0
	for _, p := range paragraphs {
		n += bengali.UTF16Len(p)
	}
	return n
}

func firstOf(paragraphs []string) string {
	if len(paragraphs) == 0 {
		return ""
	}
	return bengali.Truncate(paragraphs[0], 120)
}

// indexOf is what search needs of an article.
func indexOf(a store.Article) store.Index {
	index := store.Index{Headline: bengali.Stems(a.Headline), Text: bengali.Stems(a.Text), Sounds: map[string]string{}}
	for _, stems := range [][]string{index.Headline, index.Text} {
		for _, stem := range stems {
			if _, known := index.Sounds[stem]; !known {
				index.Sounds[stem] = bengali.Sound(stem)
			}
		}
	}
	return index
}
