package feeds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// Limits of reading a page.
const (
	// PageLimit is how much of an article page is read, in bytes.
	PageLimit = 2 << 20
	// pageElements is how many elements the extraction takes on.
	pageElements = 30_000
	// extractFrom is the number of letters from which on what was extracted is believed to be the article.
	extractFrom = 250
)

// ReadPage reads an article page: its text by JSON-LD (schema.org NewsArticle) or by extraction, and headline, time,
// picture and teaser from what the page says of itself. Content is empty if no text was found.
func ReadPage(body []byte, from Source) (Item, error) {
	text := decodePage(body, from.ContentType)
	if len(bytes.TrimSpace(text)) == 0 {
		return Item{}, ErrEmpty
	}
	doc, err := xhtml.Parse(bytes.NewReader(text))
	if err != nil {
		return Item{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	base := from.base()
	head := readHead(doc, base)
	read := reader{format: formatHTML, base: base, zone: from.Zone}

	item := Item{
		Link:    first(head.canonical, from.URL),
		Title:   Text{Value: first(head.news.Headline, head.meta["og:title"], head.meta["twitter:title"], head.title)},
		Summary: Text{Value: first(head.meta["og:description"], head.meta["description"], head.meta["twitter:description"], head.news.Description)},
		Author:  first(head.news.author(), head.meta["author"], head.meta["article:author"]),
		Image:   absolute(base, first(head.meta["og:image"], head.meta["og:image:url"], head.meta["twitter:image"], head.news.image())),
		Published: read.date(head.news.DatePublished, head.meta["article:published_time"], head.meta["og:article:published_time"],
			head.meta["datepublished"], head.meta["pubdate"], head.meta["publish-date"], head.meta["dc.date.issued"], head.meta["date"]),
		Updated: read.date(head.news.DateModified, head.meta["article:modified_time"], head.meta["og:updated_time"]),
	}
	if section := first(head.news.section(), head.meta["article:section"]); section != "" {
		item.Categories = []string{oneLine(section)}
	}
	if strings.HasPrefix(item.Author, "http") { // article:author is often the address of a profile
		item.Author = ""
	}
	teaser := utf8.RuneCountInString(item.Summary.Value)
	extracted, title := extract(doc, base)
	told := Text{Value: strings.TrimSpace(head.news.ArticleBody), HTML: looksLikeHTML(head.news.ArticleBody) || hasReference(head.news.ArticleBody)}
	for _, candidate := range []Text{told, extracted} {
		if n := letters(candidate); n >= extractFrom && n > teaser && (item.Content.Value == "" || paragraphsOf(candidate) > 1 && paragraphsOf(item.Content) <= 1) {
			item.Content = read.markup(candidate, base)
		}
	}
	item.Title.Value = first(item.Title.Value, title)
	item.Title = guessed(item.Title.Value)
	item.Summary = guessed(item.Summary.Value)
	if item.Content.Value == "" && item.Title.Value == "" {
		return Item{}, fmt.Errorf("%w: no article on this page", ErrNotFeed)
	}
	return item, nil
}

func letters(t Text) (n int) {
	for _, p := range Paragraphs(t) {
		if !p.Promo {
			n += utf8.RuneCountInString(p.Text)
		}
	}
	return n
}

func paragraphsOf(t Text) int { return len(Paragraphs(t)) }

// extract finds the article in the page's tree, which it leaves as it was.
func extract(doc *xhtml.Node, base *url.URL) (content Text, title string) {
	if base == nil {
		base = &url.URL{Scheme: "http", Host: "localhost"}
	}
	parser := readability.NewParser()
	parser.MaxElemsToParse = pageElements
	parser.CharThresholds = extractFrom
	article, err := parser.ParseDocument(doc, base)
	if err != nil || article.Node == nil {
		return Text{}, ""
	}
	var b strings.Builder
	if err := article.RenderHTML(&b); err != nil {
		return Text{}, ""
	}
	return Text{Value: b.String(), HTML: true}, article.Title()
}

func decodePage(body []byte, contentType string) []byte {
	if e, skip := byPattern(body); e != nil {
		return convert(e, body[skip:])
	}
	if utf8.Valid(body) {
		return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	}
	if good, bad := sequences(body); good >= 3*bad && good >= 20 {
		return bytes.ToValidUTF8(body, nil)
	}
	e, _, _ := charset.DetermineEncoding(body, contentType)
	return convert(e, body)
}

// A pageHead is what a page says of itself.
type pageHead struct {
	title, canonical string
	meta             map[string]string
	news             newsArticle
	feeds            []Candidate
}

// A Candidate is a feed that a site offers.
type Candidate struct {
	URL, Title string
	// Newest are the headlines of its newest items as they would be printed, at most five; see Discover.
	Newest []string
}

func readHead(doc *xhtml.Node, base *url.URL) pageHead {
	h := pageHead{meta: map[string]string{}}
	for n := range doc.Descendants() {
		if n.Type != xhtml.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Title:
			if h.title == "" && n.FirstChild != nil && (n.Parent == nil || n.Parent.DataAtom == atom.Head) {
				h.title = oneLine(n.FirstChild.Data)
			}
		case atom.Base:
			if href, err := url.Parse(attribute(n, "href")); err == nil && base != nil && href.String() != "" {
				base = base.ResolveReference(href)
			}
		case atom.Meta:
			name := strings.ToLower(first(attribute(n, "property"), attribute(n, "name"), attribute(n, "itemprop")))
			if value := strings.TrimSpace(attribute(n, "content")); name != "" && value != "" && h.meta[name] == "" {
				h.meta[name] = value
			}
		case atom.Link:
			rel, kind := " "+strings.ToLower(attribute(n, "rel"))+" ", strings.ToLower(attribute(n, "type"))
			href := absolute(base, attribute(n, "href"))
			switch {
			case strings.Contains(rel, " canonical ") && h.canonical == "" && isWeb(href):
				h.canonical = href
			case strings.Contains(rel, " alternate ") && isFeedType(kind) && isWeb(href):
				h.feeds = append(h.feeds, Candidate{URL: href, Title: oneLine(attribute(n, "title"))})
			}
		case atom.Script:
			if strings.Contains(strings.ToLower(attribute(n, "type")), "ld+json") && n.FirstChild != nil && h.news.rank == 0 {
				h.news = readNews([]byte(n.FirstChild.Data))
			}
		}
	}
	return h
}

func isFeedType(kind string) bool {
	for _, k := range []string{"rss+xml", "atom+xml", "feed+json", "rdf+xml"} {
		if strings.HasSuffix(kind, k) {
			return true
		}
	}
	return false
}

func attribute(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// newsArticle is what JSON-LD tells of an article (schema.org).
type newsArticle struct {
	Headline, Description, ArticleBody string
	DatePublished, DateModified        string
	fields                             map[string]any
	rank                               int // 1 if it is an article
}

// readNews finds the article in a JSON-LD block, which may be one object, a list, or a graph.
func readNews(block []byte) newsArticle {
	var tree any
	block = bytes.Map(func(r rune) rune { // raw line breaks inside strings are common, and no JSON
		if r < ' ' {
			return ' '
		}
		return r
	}, block)
	if len(block) > PageLimit || json.Unmarshal(block, &tree) != nil {
		return newsArticle{}
	}
	return findNews(tree, 0)
}

func findNews(tree any, depth int) newsArticle {
	if depth > 5 {
		return newsArticle{}
	}
	switch v := tree.(type) {
	case []any:
		for _, element := range v {
			if found := findNews(element, depth+1); found.rank > 0 {
				return found
			}
		}
	case map[string]any:
		for _, kind := range texts(v["@type"]) {
			if strings.HasSuffix(kind, "Article") || kind == "BlogPosting" || kind == "LiveBlogPosting" || kind == "Report" {
				one := func(key string) string { return first(texts(v[key])...) }
				return newsArticle{
					Headline: one("headline"), Description: one("description"), ArticleBody: one("articleBody"),
					DatePublished: one("datePublished"), DateModified: one("dateModified"), fields: v, rank: 1,
				}
			}
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if found := findNews(v[key], depth+1); found.rank > 0 {
				return found
			}
		}
	}
	return newsArticle{}
}

// texts reads a value that may be a text, a list, or an object with a name or address.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, element := range v {
			if len(all) < 20 {
				all = append(all, texts(element)...)
			}
		}
	case map[string]any:
		for _, key := range []string{"url", "contentUrl", "@id", "name"} {
			if s, ok := v[key].(string); ok {
				return []string{s}
			}
		}
	}
	return all
}

func (a newsArticle) image() string   { return first(texts(a.fields["image"])...) }
func (a newsArticle) section() string { return first(texts(a.fields["articleSection"])...) }

func (a newsArticle) author() string {
	people, ok := a.fields["author"].([]any)
	if !ok {
		people = []any{a.fields["author"]}
	}
	for _, p := range people {
		if person, ok := p.(map[string]any); ok {
			if name, ok := person["name"].(string); ok && strings.TrimSpace(name) != "" {
				return oneLine(name)
			}
		} else if name, ok := p.(string); ok && name != "" {
			return oneLine(name)
		}
	}
	return ""
}
