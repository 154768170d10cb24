package feeds_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
)

func TestWhenNoSiteAnswersTheFaultIsOurNetworks(t *testing.T) {
	n := open(t, feedstest.Options{})
	allow, err := feeds.ParseAllow([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	fetch := feeds.NewFetcher(feeds.FetcherOptions{Agent: agent, Allow: allow, Timeout: patience, Now: n.clock})
	t.Cleanup(fetch.Close)
	n.poller = feeds.NewPoller(n.store, fetch, n.options)

	var lost []int64
	for i := range 5 {
		lost = append(lost, n.subscribe(fmt.Sprintf("http://127.0.0.%d:1/feed", i+2))) // nobody listens there
	}
	errors := func() (counts []int) {
		for _, feed := range lost {
			if err := n.poll(feed); err == nil {
				t.Fatal("no error")
			}
			counts = append(counts, n.feed(feed).State.Errors)
		}
		n.pass(time.Hour)
		return counts
	}
	if got := fmt.Sprint(errors()); got != "[1 1 0 0 0]" {
		t.Errorf("errors in the first round are %s: all but the first two sites are not to blame", got)
	}
	if got := fmt.Sprint(errors()); got != "[1 1 0 0 0]" {
		t.Errorf("errors in the second round are %s", got)
	}
	state := n.feed(lost[4]).State
	if !strings.Contains(state.LastError, "our own network") || !state.NextCheck.After(n.clock().Add(-time.Hour)) {
		t.Errorf("state is %+v", state)
	}

	n.site.Publish(report(0))
	n.mustPoll(n.subscribe(n.site.Feed("")))
	if err := n.poll(lost[4]); err == nil || n.feed(lost[4]).State.Errors != 1 {
		t.Errorf("another site answers, so this one is to blame: %+v, %v", n.feed(lost[4]).State, err)
	}
}

// The same words a month later are a new article, as a column of prices is; within the month they are the same.
func TestWordsAreForgottenAfterAMonth(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		want  int
	}{{"within", 20 * 24 * time.Hour, 1}, {"later", 40 * 24 * time.Hour, 2}} {
		t.Run(c.name, func(t *testing.T) {
			n := open(t, feedstest.Options{})
			article := report(1)
			document := func(id int, date time.Time) []byte {
				return fmt.Appendf(nil, `<rss version="2.0"><channel><title>কাগজ</title><item><title>%s</title><link>http://h.example/%d</link><guid isPermaLink="false">%d</guid><pubDate>%s</pubDate><description>%s %s</description></item></channel></rss>`,
					article.Title, id, id, date.Format(time.RFC1123Z), article.Paragraphs[0], article.Paragraphs[1])
			}
			feed := n.subscribe(n.site.Feed(""))
			n.site.Script("/feed.xml", feedstest.Script{Status: 200, Body: document(1, n.clock())})
			n.mustPoll(feed)
			n.pass(c.after)
			n.site.Script("/feed.xml", feedstest.Script{Status: 200, Body: document(2, n.clock())})
			n.mustPoll(feed)
			if got := len(n.all()); got != c.want {
				t.Errorf("%d articles, want %d", got, c.want)
			}
		})
	}
}
