package feedstest

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"time"
)

// rss writes the feed in the shape of a paper's own system: whole text in CDATA, pictures as enclosures.
func (s *Site) rss(articles []published, category string) []byte {
	var b strings.Builder
	title := s.o.Title
	if category != "" {
		title += " | " + category
	}
	self := s.Feed(category)
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>%s</title><link>%s/</link><description>%s</description><language>bn</language><atom:link rel="self" type="application/rss+xml" href="%s"/>
`, escape(title), s.url, escape(title), escape(self))
	if s.o.Hub != "" {
		fmt.Fprintf(&b, `<atom:link rel="hub" href="%s"/>`+"\n", escape(s.o.Hub))
	}
	if s.o.TTL > 0 {
		fmt.Fprintf(&b, "<ttl>%d</ttl>\n", int(s.o.TTL.Minutes()))
	}
	for _, a := range articles {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">%s</guid><pubDate>%s</pubDate>", escape(a.Title), s.page(a.number), escape(a.GUID), a.Published.Format(time.RFC1123Z))
		if a.Author != "" {
			fmt.Fprintf(&b, "<dc:creator>%s</dc:creator>", escape(a.Author))
		}
		for _, c := range a.Categories {
			fmt.Fprintf(&b, "<category>%s</category>", escape(c))
		}
		if a.Image {
			fmt.Fprintf(&b, `<enclosure url="%s/image/%d.jpg" type="image/jpeg" length="0"/>`, s.url, a.number)
		}
		if a.Teaser != "" {
			fmt.Fprintf(&b, "<description>%s</description>", escape(a.Teaser))
		} else {
			fmt.Fprintf(&b, "<description><![CDATA[%s]]></description>", strings.ReplaceAll(markup(a.Paragraphs), "]]>", "]]]]><![CDATA[>"))
		}
		b.WriteString("</item>\n")
	}
	b.WriteString("</channel></rss>\n")
	return []byte(b.String())
}

func (s *Site) atom(articles []published) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="bn"><title>%s</title><id>%s/</id><link href="%s/"/><link rel="self" href="%s/atom.xml"/>
`, escape(s.o.Title), s.url, s.url, s.url)
	for _, a := range articles {
		fmt.Fprintf(&b, `<entry><title>%s</title><id>%s</id><link href="%s"/><published>%s</published><updated>%s</updated>`, escape(a.Title), escape(a.GUID), s.page(a.number), a.Published.Format(time.RFC3339), a.changed.Format(time.RFC3339))
		for _, c := range a.Categories {
			fmt.Fprintf(&b, `<category term="%s"/>`, escape(c))
		}
		if a.Teaser != "" {
			fmt.Fprintf(&b, `<summary>%s</summary>`, escape(a.Teaser))
		} else {
			fmt.Fprintf(&b, `<content type="html">%s</content>`, escape(markup(a.Paragraphs)))
		}
		b.WriteString("</entry>\n")
	}
	b.WriteString("</feed>\n")
	return []byte(b.String())
}

func (s *Site) json(articles []published) []byte {
	type item struct {
		ID        string   `json:"id"`
		URL       string   `json:"url"`
		Title     string   `json:"title"`
		HTML      string   `json:"content_html,omitempty"`
		Summary   string   `json:"summary,omitempty"`
		Published string   `json:"date_published"`
		Tags      []string `json:"tags,omitempty"`
		Image     string   `json:"image,omitempty"`
	}
	feed := struct {
		Version string `json:"version"`
		Title   string `json:"title"`
		Home    string `json:"home_page_url"`
		Self    string `json:"feed_url"`
		Items   []item `json:"items"`
	}{"https://jsonfeed.org/version/1.1", s.o.Title, s.url + "/", s.url + "/feed.json", []item{}}
	for _, a := range articles {
		i := item{ID: a.GUID, URL: s.page(a.number), Title: a.Title, Published: a.Published.Format(time.RFC3339), Tags: a.Categories, Summary: a.Teaser}
		if a.Teaser == "" {
			i.HTML = markup(a.Paragraphs)
		}
		if a.Image {
			i.Image = fmt.Sprintf("%s/image/%d.jpg", s.url, a.number)
		}
		feed.Items = append(feed.Items, i)
	}
	body, err := json.Marshal(feed)
	if err != nil {
		return []byte(err.Error()) // it is made of texts only
	}
	return body
}

// markup writes paragraphs as HTML.
func markup(paragraphs []string) string {
	var b strings.Builder
	for _, p := range paragraphs {
		if strings.HasPrefix(p, "<") {
			b.WriteString(p)
			continue
		}
		b.WriteString("<p>" + html.EscapeString(p) + "</p>")
	}
	return b.String()
}

// A page is an article as its page shows it.
type page struct {
	Article
	URL, Picture, Date string
	Body, Offer        template.HTML
}

// offer puts a call to follow in the place of WhatsAppLine.
func (p *page) offer(snippet func(categories []string) string) {
	text := slices.DeleteFunc(slices.Clone(p.Paragraphs), func(line string) bool { return line == WhatsAppLine })
	p.Body, p.Offer = template.HTML(markup(text)), template.HTML(snippet(p.Categories)) //nolint:gosec // the site's own text
}

func (s *Site) pages(articles []published) []page {
	pages := make([]page, 0, len(articles))
	for i := len(articles) - 1; i >= 0; i-- {
		a := articles[i]
		p := page{Article: a.Article, URL: s.page(a.number), Date: a.Published.Format(time.RFC3339), Body: template.HTML(markup(a.Paragraphs))} //nolint:gosec // the site's own text
		if a.Image {
			p.Picture = fmt.Sprintf("%s/image/%d.jpg", s.url, a.number)
		}
		pages = append(pages, p)
	}
	return pages
}

// style is the dress of all pages.
const style = `body{font:18px/1.7 "Noto Sans Bengali","Kohinoor Bangla","Nirmala UI",Kalpurush,sans-serif;max-width:40em;margin:0 auto;padding:0 1em 3em;color:#1b1b1b;background:#fff}
header{margin-bottom:1.5em;padding:.7em 0;border-bottom:3px solid #a3122a;font-size:1.3em;font-weight:700}
header a,header h1{color:#a3122a;text-decoration:none;font-size:1.1em;margin:0}
h1{font-size:1.6em;line-height:1.35}figure{margin:1em 0}img{width:100%;border-radius:6px}
figcaption,footer{color:#666;font-size:.85em}a{color:#0b5fa5}li{margin:.4em 0}
aside{margin-top:2em;padding:.2em 1.1em;border-radius:8px;background:#e6f3fb;font-weight:600}`

var frontPage = template.Must(template.New("front").Parse(`<!DOCTYPE html>
<html lang="bn"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Site}}</title>
<link rel="alternate" type="application/rss+xml" title="{{.Site}}" href="/feed.xml">
<link rel="alternate" type="application/atom+xml" title="{{.Site}} (Atom)" href="/atom.xml">
<style>` + style + `</style></head>
<body><header><h1>{{.Site}}</h1></header><main><ul>{{range .Articles}}<li><a href="{{.URL}}">{{.Title}}</a></li>{{end}}</ul></main></body></html>
`))

var articlePage = template.Must(template.New("article").Parse(`<!DOCTYPE html>
<html lang="bn"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Article.Title}} | {{.Site}}</title>
<link rel="canonical" href="{{.Article.URL}}"><meta property="og:title" content="{{.Article.Title}}"><meta property="og:type" content="article">
{{with .Article.Picture}}<meta property="og:image" content="{{.}}">{{end}}<meta property="article:published_time" content="{{.Article.Date}}">
<style>` + style + `</style></head>
<body><header><nav><a href="/">{{.Site}}</a></nav></header>
<main><article><h1>{{.Article.Title}}</h1>{{with .Article.Picture}}<figure><img src="{{.}}" alt=""><figcaption>ফাইল ছবি</figcaption></figure>{{end}}
<div class="story">{{.Article.Body}}</div></article>{{with .Article.Offer}}<aside>{{.}}</aside>{{end}}</main>
<footer><p>স্বত্ব © {{.Site}}</p></footer></body></html>
`))
