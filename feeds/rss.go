package feeds

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

func (r reader) rss(feed *rss.Feed, notes document) *Parsed {
	base := notes.head.base
	if base == nil {
		base = r.base
	}
	titleNode, _ := notes.head.core("title")
	linkNode, _ := notes.head.core("link")
	parsed := &Parsed{
		Title:    r.markup(guessed(first(feed.Title, dcFirst(feed.DublinCoreExt, "title"), value(feed.Extensions, atomPrefixes, "title"))), or(titleNode.base, base)),
		Link:     absolute(or(linkNode.base, base), first(append(feed.Links, atomLink(feed.Extensions, "alternate"))...)),
		SelfURL:  absolute(base, atomLink(feed.Extensions, "self")),
		Hub:      absolute(base, atomLink(feed.Extensions, "hub")),
		Language: first(feed.Language, dcFirst(feed.DublinCoreExt, "language")),
		Pace:     rssPace(feed),
	}
	aligned := len(notes.items) == len(feed.Items)
	for i, item := range feed.Items {
		n := node{base: base}
		if aligned {
			n = notes.items[i]
		}
		parsed.Items = append(parsed.Items, r.rssItem(item, n))
	}
	return parsed
}

func (r reader) rssItem(item *rss.Item, n node) Item {
	baseOf := func(names ...string) *url.URL { c, _ := n.core(names...); return c.base }
	dc := item.DublinCoreExt
	custom := func(name string) string {
		for key, v := range item.Custom {
			if strings.EqualFold(key, name) {
				return v
			}
		}
		return ""
	}
	title := item.Title
	if n.repeats("title") {
		c, _ := n.core("title")
		title = first(innerText(c), title)
	}
	out := Item{
		Title: r.markup(guessed(first(title, dcFirst(dc, "title"), value(item.Extensions, mediaPrefixes, "title"),
			value(item.Extensions, atomPrefixes, "title"), value(item.Extensions, []string{"itunes"}, "title"), inGroup(item.Extensions, "title"))), baseOf("title")),
		Author: author(first(item.Author, dcFirst(dc, "author"), dcFirst(dc, "creator"), itunesAuthor(item), atomAuthor(item.Extensions), custom("author"))),
	}

	out.Link = first(absolute(n.base, origLink(item.Extensions)), absoluteWeb(n, baseOf("link"), item.Links), absolute(n.base, atomLink(item.Extensions, "alternate")),
		absolute(n.base, custom("url")))
	out.GUID = rssGUID(item, n, custom)
	if out.Link == "" && isWeb(out.GUID) {
		out.Link = out.GUID
	}

	description := item.Description
	switch c, _ := n.core("description", "summary"); { // what comes first is the summary
	case c.is("summary") && len(c.inner) > 0:
		description = custom("summary")
	case c.is("description") && n.repeats("description"):
		description = innerText(c)
	}
	summary := guessed(first(description, dcFirst(dc, "description"), itunesSummary(item), value(item.Extensions, atomPrefixes, "summary"), custom("summary"),
		value(item.Extensions, mediaPrefixes, "description"), inGroup(item.Extensions, "description"), value(item.Extensions, []string{"dcterms"}, "abstract")))
	content, base := rssContent(item, n)
	out.Content = r.markup(content, base)
	out.Summary = r.markup(summary, baseOf("description", "summary"))
	if out.Summary.Value == "" {
		out.Summary = out.Content
	}

	terms := func(name string) []string { return values(item.Extensions, []string{"dcterms"}, name) }
	out.Published = r.date(item.PubDate, first(values(item.Extensions, []string{"dc"}, "date")...), first(terms("issued")...), first(terms("created")...),
		first(terms("available")...), value(item.Extensions, atomPrefixes, "published"), value(item.Extensions, atomPrefixes, "issued"),
		custom("published"), custom("issued"), custom("date"), custom("created"), value(item.Extensions, []string{"prism"}, "publicationDate"))
	out.Updated = r.date(value(item.Extensions, atomPrefixes, "updated"), value(item.Extensions, atomPrefixes, "modified"), first(terms("modified")...),
		custom("updated"), custom("modified"), custom("lastbuilddate"))
	if out.Published.IsZero() {
		out.Published = out.Updated
	}

	out.Categories = rssCategories(item)
	out.Image = absolute(n.base, rssImage(item, out))
	return out
}

// rssGUID is what names an item; one that is an address is made absolute.
func rssGUID(item *rss.Item, n node, custom func(string) string) (guid string) {
	permanent, told := false, false
	if item.GUID != nil {
		told = strings.EqualFold(strings.TrimSpace(item.GUID.IsPermalink), "true")
		permanent = !strings.EqualFold(item.GUID.IsPermalink, "false")
		guid = strings.TrimSpace(item.GUID.Value)
	}
	if guid == "" {
		eachAttr(n.attrs.attrs, func(name, about []byte) bool {
			if string(piece{name: name}.local()) == "about" {
				guid = strings.TrimSpace(unescape(string(about)))
				permanent = true
			}
			return !permanent
		})
	}
	guid = first(guid, value(item.Extensions, atomPrefixes, "id"), custom("id"))
	if permanent && (told || looksRelative(guid)) && !strings.ContainsAny(guid, " ,") {
		c, _ := n.core("guid")
		guid = absolute(c.base, guid)
	}
	return guid
}

// rssContent is the whole text of an item, whatever the feed calls it, and the base of its links.
func rssContent(item *rss.Item, n node) (Text, *url.URL) {
	content := Text{Value: item.Content, HTML: true}
	if content.Value == "" {
		content.Value = value(item.Extensions, atomPrefixes, "content")
	}
	body, _ := n.find("encoded", "content")
	for _, name := range []string{"body", "fullitem", "encoded", "fulltext", "content"} {
		if content.Value == "" {
			if c, ok := n.find(name); ok && !bytes.Equal(prefix(c.name), []byte("media")) {
				content.Value, body = innerText(c), c
			}
		}
	}
	return content, body.base
}

// rssCategories are the names under which the publisher files an item.
func rssCategories(item *rss.Item) (names []string) {
	for _, c := range item.Categories {
		names = append(names, c.Value)
	}
	if dc := item.DublinCoreExt; dc != nil {
		names = append(names, dc.Subject...)
	}
	for _, p := range atomPrefixes {
		for _, c := range item.Extensions[p]["category"] {
			names = append(names, first(c.Attrs["label"], c.Attrs["term"]))
		}
	}
	return distinct(names)
}

// origLink is the publisher's own address of an article whose link leads over FeedBurner.
func origLink(extensions ext.Extensions) string {
	return value(extensions, []string{"feedburner"}, "origLink")
}

// innerText is what a child of unknown kind says: HTML if it holds elements, else its text.
func innerText(c child) string {
	if hasElements(c.inner) {
		return strings.TrimSpace(inlineXML(c.inner, c.base))
	}
	return c.text()
}

// inGroup finds an element in the groups of Media RSS.
func inGroup(extensions ext.Extensions, name string) string {
	for _, group := range extensions["media"]["group"] {
		for _, e := range group.Children[name] {
			if strings.TrimSpace(e.Value) != "" {
				return e.Value
			}
		}
	}
	return ""
}

// absoluteWeb picks the first link that can be opened, else the first that is not empty.
func absoluteWeb(n node, base *url.URL, links []string) string {
	if base == nil {
		base = n.base
	}
	best := ""
	for _, l := range links {
		l = absolute(base, l)
		if isWeb(l) {
			return l
		}
		best = first(best, l)
	}
	return best
}

// date returns the first of the texts that can be read as one.
func (r reader) date(texts ...string) time.Time {
	for _, text := range texts {
		if t, ok := ParseDate(text, r.zone); ok {
			return t.UTC()
		}
	}
	return time.Time{}
}

func rssPace(feed *rss.Feed) (p Pace) {
	if minutes, err := strconv.Atoi(strings.TrimSpace(feed.TTL)); err == nil && minutes > 0 && minutes < 1<<20 {
		p.TTL = time.Duration(minutes) * time.Minute
	}
	p.TTL = max(p.TTL, syndication(feed.Extensions))
	for _, h := range feed.SkipHours {
		if hour, err := strconv.Atoi(strings.TrimSpace(h)); err == nil && hour >= 0 && hour <= 24 {
			p.SkipHours[hour%24] = true // RSS 0.91 counts to 24, 0.92 from 0
		}
	}
	for _, d := range feed.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(d), day.String()) {
				p.SkipDays[day] = true
			}
		}
	}
	return p
}

// syndication reads the pace of the RSS 1.0 syndication module.
func syndication(extensions ext.Extensions) time.Duration {
	period := syPeriods[strings.ToLower(value(extensions, []string{"sy"}, "updatePeriod"))]
	frequency, err := strconv.Atoi(value(extensions, []string{"sy"}, "updateFrequency"))
	if err != nil || frequency < 1 {
		frequency = 1
	}
	return period / time.Duration(frequency)
}

// syPeriods are those of the RSS 1.0 syndication module.
var syPeriods = map[string]time.Duration{
	"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour, "monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
}

var (
	atomPrefixes  = []string{"atom", "atom10", "atom03"}
	mediaPrefixes = []string{"media"}
)

func values(extensions ext.Extensions, prefixes []string, name string) (all []string) {
	for _, p := range prefixes {
		for _, e := range extensions[p][name] {
			all = append(all, e.Value)
		}
	}
	return all
}

func value(extensions ext.Extensions, prefixes []string, name string) string {
	return first(values(extensions, prefixes, name)...)
}

func atomLink(extensions ext.Extensions, rel string) string {
	for _, p := range atomPrefixes {
		for _, l := range extensions[p]["link"] {
			if strings.EqualFold(first(l.Attrs["rel"], "alternate"), rel) && l.Attrs["href"] != "" {
				return l.Attrs["href"]
			}
		}
	}
	return ""
}

func atomAuthor(extensions ext.Extensions) string {
	for _, p := range atomPrefixes {
		for _, a := range extensions[p]["author"] {
			for _, name := range []string{"name", "email"} {
				if c := a.Children[name]; len(c) > 0 && c[0].Value != "" {
					return c[0].Value
				}
			}
		}
	}
	return ""
}

func dcFirst(dc *ext.DublinCoreExtension, name string) string {
	if dc == nil {
		return ""
	}
	return first(map[string][]string{
		"title": dc.Title, "creator": dc.Creator, "author": dc.Author, "description": dc.Description, "language": dc.Language,
	}[name]...)
}

func itunesAuthor(item *rss.Item) string {
	if item.ITunesExt == nil {
		return ""
	}
	return item.ITunesExt.Author
}

func itunesSummary(item *rss.Item) string {
	if item.ITunesExt == nil {
		return ""
	}
	return first(item.ITunesExt.Summary, item.ITunesExt.Subtitle)
}

// author takes the name out of “mail@example.org (Name)” and “Name (mail@example.org)”.
func author(text string) string {
	text = guessed(text).String()
	if head, tail, ok := strings.Cut(strings.TrimSuffix(text, ")"), "("); ok && strings.HasSuffix(text, ")") {
		head, tail = strings.TrimSpace(head), strings.TrimSpace(tail)
		switch {
		case strings.Contains(head, "@") && tail != "":
			return tail
		case strings.Contains(tail, "@") && head != "":
			return head
		}
	}
	return text
}

// first returns the first text that is not blank.
func first(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

func or(a, b *url.URL) *url.URL {
	if a != nil {
		return a
	}
	return b
}

// distinct trims texts and leaves out blank ones and repetitions.
func distinct(texts []string) []string {
	var out []string
	seen := make(map[string]bool, len(texts))
	for _, t := range texts {
		t = guessed(t).String()
		if t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}
