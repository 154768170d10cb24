package feeds

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// usualPaths are where feeds lie on sites that do not say where theirs is.
var usualPaths = []string{"/feed", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml", "/feeds/posts/default"}

// mostCandidates bounds how many addresses a search tries.
const mostCandidates = 6

// Discover finds the feeds of a site from an address a person typed: that of a feed, or of a page that names its
// feeds, or of a site that keeps one where most do. Each has been fetched and read, each request in the site's turn. The error is
// that of the address itself.
func (p *Poller) Discover(ctx context.Context, address string) ([]Candidate, error) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + strings.TrimPrefix(address, "//")
	}
	answer, err := p.inTurn(ctx, Request{URL: address, Accept: AcceptFeed + ", text/html;q=0.8"})
	if err != nil {
		return nil, err
	}
	parsed, err := Parse(answer.Body, Source{URL: answer.URL, ContentType: answer.ContentType})
	if err == nil {
		return []Candidate{{URL: answer.URL, Title: feedName(parsed), Newest: newest(parsed)}}, nil
	}
	base, parseErr := url.Parse(answer.URL)
	if parseErr != nil {
		return nil, parseFault(err)
	}
	candidates := offered(answer, base)
	if len(candidates) == 0 {
		for _, path := range usualPaths {
			candidates = append(candidates, Candidate{URL: base.ResolveReference(&url.URL{Path: path}).String()})
		}
	}
	var found []Candidate
	seen := map[string]bool{}
	for _, c := range candidates {
		if len(seen) >= mostCandidates+1 || ctx.Err() != nil {
			break
		}
		if seen[c.URL] {
			continue
		}
		seen[c.URL] = true
		if c, ok := p.try(ctx, c); ok && !seen[c.URL+" "] {
			seen[c.URL+" "] = true
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return nil, parseFault(err)
	}
	return found, nil
}

func offered(answer *Answer, base *url.URL) []Candidate {
	doc, err := xhtml.Parse(bytes.NewReader(decodePage(answer.Body, answer.ContentType)))
	if err != nil {
		return nil
	}
	var articles, rest []Candidate
	for _, c := range readHead(doc, base).feeds {
		if strings.Contains(strings.ToLower(c.URL), "comment") { // a feed of readers' comments is no news
			rest = append(rest, c)
		} else {
			articles = append(articles, c)
		}
	}
	if len(articles) > 0 {
		return articles
	}
	return rest
}

func (p *Poller) try(ctx context.Context, c Candidate) (Candidate, bool) {
	answer, err := p.inTurn(ctx, Request{URL: c.URL})
	if err != nil {
		return c, false
	}
	parsed, err := Parse(answer.Body, Source{URL: answer.URL, ContentType: answer.ContentType})
	if err != nil {
		return c, false
	}
	c.Newest = newest(parsed)
	if title := feedName(parsed); title != "" {
		c.Title = title
	}
	c.URL = answer.URL
	return c, true
}

// newestShown is how many headlines tell a person what a feed is like.
const newestShown = 5

// newest are the headlines of a document's latest items.
func newest(parsed *Parsed) []string {
	items := slices.Clone(parsed.Items)
	slices.SortStableFunc(items, func(a, b Item) int { return b.Published.Compare(a.Published) })
	var headlines []string
	for _, item := range items[:min(len(items), newestShown)] {
		if headline := Compose(item, 0).Article.Headline; headline != "" {
			headlines = append(headlines, headline)
		}
	}
	return headlines
}
