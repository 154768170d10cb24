// Package feedstest is a publisher under our control: a news site over real HTTP with feeds and article pages,
// for tests, the demo and benchmarks. It answers as a careful publisher does, with validators that
// hold, and it can publish, correct and take back.
package feedstest

import (
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"html"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Article is what the publisher's desk has written.
type Article struct {
	// Slug is its address on the site: letters, digits and hyphens, unique.
	Slug string `json:"slug"`
	// Category is the slug of the section it belongs to.
	Category string `json:"category"`
	Title    string `json:"title"`
	// Paragraphs are its text, promos and calls to follow included, as sites have them.
	Paragraphs []string `json:"paragraphs"`
	// Picture gives it a picture.
	Picture   bool      `json:"picture"`
	Published time.Time `json:"published"`
}

// Section is a part of the site with a feed of its own.
type Section struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Site is a publisher's web site. It serves /feeds/{section}.xml, /{slug}, /pictures/{slug}.png and a front page.
type Site struct {
	title    string
	sections []Section

	mu       sync.Mutex
	articles []Article // newest first
	polls    int
}

// feedLength is how many articles a feed holds.
const feedLength = 30

// NewSite returns a site without articles.
func NewSite(title string, sections ...Section) *Site {
	return &Site{title: title, sections: sections}
}

// Publish puts an article on the site, or replaces the one with its slug.
func (s *Site) Publish(a Article) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(a.Slug); i >= 0 {
		s.articles[i] = a
		return
	}
	s.articles = slices.Insert(s.articles, 0, a)
}

// Article returns a published article.
func (s *Site) Article(slug string) (Article, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(slug); i >= 0 {
		return s.articles[i], true
	}
	return Article{}, false
}

// Remove takes an article off the site.
func (s *Site) Remove(slug string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(slug); i >= 0 {
		s.articles = slices.Delete(s.articles, i, i+1)
	}
}

// Polls counts the requests for feeds so far.
func (s *Site) Polls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.polls
}

func (s *Site) find(slug string) int {
	return slices.IndexFunc(s.articles, func(a Article) bool { return a.Slug == slug })
}

// ServeHTTP answers as the site.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := "http://" + r.Host
	name := strings.Trim(r.URL.Path, "/")
	switch {
	case name == "":
		s.front(w, base)
	case strings.HasPrefix(name, "feeds/"):
		s.feed(w, r, base, strings.TrimSuffix(strings.TrimPrefix(name, "feeds/"), ".xml"))
	case strings.HasPrefix(name, "pictures/"):
		s.picture(w, strings.TrimSuffix(strings.TrimPrefix(name, "pictures/"), ".png"))
	default:
		s.page(w, r, base, name)
	}
}

type rssItem struct {
	Title       string        `xml:"title"`
	Link        string        `xml:"link"`
	GUID        string        `xml:"guid"`
	Published   string        `xml:"pubDate"`
	Description string        `xml:"description"`
	Content     string        `xml:"content:encoded"`
	Enclosure   *rssEnclosure `xml:"enclosure,omitempty"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr"`
	Length int    `xml:"length,attr"`
}

type rssFeed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Channel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Items       []rssItem `xml:"item"`
	} `xml:"channel"`
}

func (s *Site) feed(w http.ResponseWriter, r *http.Request, base, section string) {
	i := slices.IndexFunc(s.sections, func(x Section) bool { return x.Slug == section })
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	feed := rssFeed{Version: "2.0", Content: "http://purl.org/rss/1.0/modules/content/"}
	feed.Channel.Title, feed.Channel.Link, feed.Channel.Language = s.title, base+"/", "bn"
	feed.Channel.Description = s.sections[i].Name
	s.mu.Lock()
	s.polls++
	for _, a := range s.articles {
		if a.Category == section && len(feed.Channel.Items) < feedLength {
			feed.Channel.Items = append(feed.Channel.Items, item(a, base))
		}
	}
	s.mu.Unlock()
	body, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	hash := fnv.New64a()
	_, _ = hash.Write(body)
	etag := fmt.Sprintf("%q", fmt.Sprintf("%x", hash.Sum64()))
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	_, _ = w.Write(append([]byte(xml.Header), body...))
}

func item(a Article, base string) rssItem {
	link := base + "/" + a.Slug
	item := rssItem{Title: a.Title, Link: link, GUID: link, Published: a.Published.Format(time.RFC1123Z), Content: markup(a)}
	if len(a.Paragraphs) > 0 {
		item.Description = a.Paragraphs[0]
	}
	if a.Picture {
		item.Enclosure = &rssEnclosure{URL: base + "/pictures/" + a.Slug + ".png", Type: "image/png", Length: 20_000}
	}
	return item
}

func markup(a Article) string {
	var b strings.Builder
	for _, p := range a.Paragraphs {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}

func (s *Site) page(w http.ResponseWriter, r *http.Request, base, slug string) {
	a, ok := s.Article(slug)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	picture := ""
	if a.Picture {
		picture = `<meta property="og:image" content="` + base + "/pictures/" + a.Slug + `.png">`
	}
	fmt.Fprintf(w, `<!DOCTYPE html>
<html lang="bn"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%[1]s | %[2]s</title>
<meta property="og:title" content="%[1]s">%[3]s<style>body{max-width:38rem;margin:2rem auto;padding:0 1rem;font:18px/1.7 "Noto Sans Bengali","Nirmala UI",sans-serif}img{max-width:100%%}</style></head>
<body><article><h1>%[1]s</h1><time datetime="%[4]s"></time>
%[5]s</article></body></html>
`, html.EscapeString(a.Title), html.EscapeString(s.title), picture, a.Published.Format(time.RFC3339), markup(a))
}

func (s *Site) front(w http.ResponseWriter, base string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"bn\"><head><meta charset=\"utf-8\"><title>%s</title>", html.EscapeString(s.title))
	for _, section := range s.sections {
		fmt.Fprintf(w, "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"%s\" href=\"%s/feeds/%s.xml\">", html.EscapeString(section.Name), base, section.Slug)
	}
	fmt.Fprintf(w, "</head><body><h1>%s</h1><ul>", html.EscapeString(s.title))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.articles {
		fmt.Fprintf(w, "<li><a href=\"%s/%s\">%s</a></li>", base, a.Slug, html.EscapeString(a.Title))
	}
	fmt.Fprint(w, "</ul></body></html>")
}

// picture draws a picture that is the article's own: a sky over hills in colours of its slug.
func (s *Site) picture(w http.ResponseWriter, slug string) {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(slug))
	seed := hash.Sum32()
	const width, height = 960, 540
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	top := color.RGBA{R: 40 + uint8(seed%120), G: 90 + uint8(seed>>8%90), B: 150 + uint8(seed>>16%100), A: 255}
	for y := range height {
		for x := range width {
			c := mix(top, color.RGBA{R: 255, G: 236, B: 200, A: 255}, y, height)
			for layer := 1; layer <= 3; layer++ {
				wave := (x*layer*3 + int(seed>>(layer*4))) % width
				rise := min(wave, width-wave) / (5 - layer)
				if y > height*(3+layer)/8+60-rise/2 {
					c = mix(color.RGBA{R: 30, G: 110, B: 80, A: 255}, color.RGBA{R: 12, G: 50, B: 48, A: 255}, layer, 3)
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, img) // a reader that has gone away has nobody to tell
}

func mix(a, b color.RGBA, part, of int) color.RGBA {
	blend := func(x, y uint8) uint8 { return uint8((int(x)*(of-part) + int(y)*part) / of) }
	return color.RGBA{R: blend(a.R, b.R), G: blend(a.G, b.G), B: blend(a.B, b.B), A: 255}
}
