package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
)

//go:embed sample/articles.json
var sampleFile []byte

// samplePaper is what the demo's publisher has written: some of it before the bot came, the rest in the order in which
// it will be published.
type samplePaper struct {
	Title    string          `json:"title"`
	Sections []sampleSection `json:"sections"`
	History  []sampleArticle `json:"history"`
	News     []sampleArticle `json:"news"`
}

type sampleSection struct {
	Name    string `json:"name"`
	English string `json:"english"`
}

type sampleArticle struct {
	Category   string   `json:"category"` // the section's name
	Title      string   `json:"title"`
	Paragraphs []string `json:"paragraphs"`
	Picture    bool     `json:"picture"`
	// Correction is what the desk will mend in title and text.
	Correction *sampleCorrection `json:"correction"`
}

type sampleCorrection struct {
	Old string `json:"old"`
	New string `json:"new"`
}

func readSample() (samplePaper, error) {
	var p samplePaper
	if err := json.Unmarshal(sampleFile, &p); err != nil {
		return p, fmt.Errorf("read the sample articles: %w", err)
	}
	return p, nil
}

// catalogue is what an operator would import to follow the paper: a feed for each section.
func (p samplePaper) catalogue(site *feedstest.Site) feeds.OPML {
	o := feeds.OPML{Title: p.Title}
	for _, s := range p.Sections {
		o.Outlines = append(o.Outlines, feeds.Outline{
			Text:       s.Name,
			Attributes: map[string]string{"harkara:en": s.English},
			Outlines:   []feeds.Outline{{Text: p.Title, URL: site.Feed(s.Name), Attributes: map[string]string{"type": "rss", "htmlUrl": site.URL() + "/"}}},
		})
	}
	return o
}

// desk is where the demo's publisher publishes and corrects.
type desk struct {
	site *feedstest.Site

	mu        sync.Mutex
	waiting   []sampleArticle
	published []deskCopy // those that can still be corrected, the newest last
}

type deskCopy struct {
	sampleArticle
	address string
}

// historyStep lies between two articles of the paper's past.
const historyStep = 2 * time.Hour

// newDesk puts the paper's past on the site; its news wait.
func newDesk(site *feedstest.Site, p samplePaper, now time.Time) *desk {
	for i, a := range p.History {
		site.Publish(a.on(now.Add(-historyStep * time.Duration(len(p.History)-i))))
	}
	return &desk{site: site, waiting: p.News}
}

// on is the article as the site is given it, at a date.
func (a sampleArticle) on(date time.Time) feedstest.Article {
	return feedstest.Article{
		Title: a.Title, Paragraphs: a.Paragraphs, Categories: []string{a.Category}, Image: a.Picture, Published: date.Truncate(time.Second),
	}
}

// publish puts the next articles on the site, at most so many, and returns them.
func (d *desk) publish(most int, now time.Time) []sampleArticle {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := d.waiting[:min(most, len(d.waiting))]
	d.waiting = d.waiting[len(next):]
	for _, a := range next {
		d.published = append(d.published, deskCopy{a, d.site.Publish(a.on(now))})
	}
	return next
}

// correct mends the newest article that has a correction left, and returns its mended headline.
func (d *desk) correct() (headline string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, c := range slices.Backward(d.published) {
		if c.Correction == nil {
			continue
		}
		d.published[i].Correction = nil
		d.site.Change(c.address, func(a *feedstest.Article) {
			a.Title = strings.ReplaceAll(a.Title, c.Correction.Old, c.Correction.New)
			a.Paragraphs = slices.Clone(a.Paragraphs)
			for j, text := range a.Paragraphs {
				a.Paragraphs[j] = strings.ReplaceAll(text, c.Correction.Old, c.Correction.New)
			}
			headline = a.Title
		})
		return headline, true
	}
	return "", false
}
