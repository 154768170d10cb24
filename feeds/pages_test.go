package feeds_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
)

// stubbed is a newsroom whose feed has been imported and brings one new stub and one whole article; the stub's page does not
// answer by itself.
func stubbed(t *testing.T) (n *newsroom, feed int64, page string, asked <-chan struct{}) {
	t.Helper()
	n = open(t, feedstest.Options{})
	n.site.Publish(report(0))
	feed = n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	<-n.saved
	stub := report(1)
	stub.Teaser = "মাত্র এক লাইন।"
	page = strings.TrimPrefix(n.site.Publish(stub), n.site.URL())
	arrived := make(chan struct{}, 10)
	n.site.Script(page, feedstest.Script{Status: 200, Delay: time.Minute, Arrived: func() { arrived <- struct{}{} }})
	n.site.Publish(report(2))
	n.pass(time.Hour)
	return n, feed, page, arrived
}

// interrupted polls and stops when the poll's commit is made and the page has been asked.
func (n *newsroom) interrupted(feed int64, asked <-chan struct{}) {
	n.Helper()
	ctx, stop := context.WithCancel(n.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- n.poller.Poll(ctx, feed) }()
	<-n.saved
	<-asked
	if got := n.news(); len(got) != 1 || got[0].Title != report(2).Title {
		n.Errorf("while the page is read, readers are owed %d articles; want the whole one alone", len(got))
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		n.Errorf("the poll ended with %v", err)
	}
}

// resumed runs a new poller until it has kept something.
func (n *newsroom) resumed() {
	n.Helper()
	n.restart()
	ctx, stop := context.WithCancel(n.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.poller.Run(ctx) }()
	n.keeps()
	stop()
	<-ended
}

func (n *newsroom) stub() store.Article {
	n.Helper()
	var found []store.Article
	for _, a := range n.news() {
		if a.Title == report(1).Title {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		n.Fatalf("the stub became news %d times", len(found))
	}
	return found[0]
}

func TestStubWaitsForItsPageThroughACrash(t *testing.T) {
	n, feed, _, asked := stubbed(t)
	n.interrupted(feed, asked)
	n.resumed()
	if a := n.stub(); !strings.Contains(a.Text, "\n") {
		t.Errorf("the text is %q; want that of the page", a.Text)
	}
	if got := n.feed(feed).State.Memory; strings.Contains(string(got), "waiting") {
		t.Error("the stub waits on though it is news")
	}
	n.isPolite()
}

func TestStubWhosePageDoesNotComeIsNewsAfterAShortTime(t *testing.T) {
	n, feed, page, asked := stubbed(t)
	n.interrupted(feed, asked)
	n.pass(2 * time.Minute)
	before := len(n.site.Requests())
	n.resumed()
	if a := n.stub(); !strings.Contains(a.Text, "মাত্র এক লাইন") {
		t.Errorf("the text is %q; want the feed's own", a.Text)
	}
	for _, r := range n.site.Requests()[before:] {
		if r.Path == page {
			t.Error("the page was asked again after it had been given up")
		}
	}
}

func TestStubThatChangesWhileItWaitsIsOneArticle(t *testing.T) {
	n, feed, page, asked := stubbed(t)
	n.interrupted(feed, asked)
	n.site.Change(n.site.URL()+page, func(a *feedstest.Article) { a.Teaser = "আরেকটি লাইন।" })
	n.site.Script(page, feedstest.Script{Status: 404, Times: 100})
	n.pass(time.Hour)
	n.restart()
	if err := n.atNext(feed); err != nil {
		t.Fatal(err)
	}
	if a := n.stub(); !strings.Contains(a.Text, "আরেকটি লাইন") {
		t.Errorf("the text is %q; want the newer one", a.Text)
	}
}
