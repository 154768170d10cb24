package feeds_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
)

// running runs the poller until enough articles are kept or, without a number, until the first commit.
func (n *newsroom) running(enough int) {
	n.Helper()
	ctx, stop := context.WithCancel(n.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.poller.Run(ctx) }()
	for len(n.all()) < max(enough, 1) {
		n.keeps()
	}
	stop()
	<-ended
}

func imported(t *testing.T) (n *newsroom, feed int64) {
	t.Helper()
	n = open(t, feedstest.Options{Items: 100})
	for i := range 40 {
		n.site.Publish(report(i))
	}
	return n, n.subscribe(n.site.Feed(""))
}

func TestFirstDocumentIsFiledWholeAndNobodyIsOwedIt(t *testing.T) {
	n, feed := imported(t)
	n.running(40)
	if got := n.news(); len(got) != 0 {
		t.Errorf("%d articles of the first document are owed to readers", len(got))
	}
	if m := feeds.MemoryOf(n.feed(feed).State); !m.Filing.IsZero() || n.feed(feed).State.ETag == "" {
		t.Errorf("it is not filed to the end: %+v", m)
	}
	n.pass(time.Hour)
	n.mustPoll(feed)
	if requests := n.site.Requests(); requests[len(requests)-1].Header.Get("If-None-Match") == "" {
		t.Error("the next poll was not conditional")
	}
	n.isPolite()
}

func TestFilingThatWasBrokenOffIsMadeUpForByTheNextPoll(t *testing.T) {
	n, feed := imported(t)
	n.running(0) // stopped when the items that stand first are kept
	n.pass(time.Hour)
	n.site.Publish(report(40))
	n.restart()
	n.mustPoll(feed)
	if got := n.news(); len(got) != 1 || got[0].Title != report(40).Title {
		t.Errorf("%d articles are news; want the one that is new", len(got))
	}
	if got := len(n.all()); got != 41 {
		t.Errorf("%d articles are kept, want 41", got)
	}
	if m := feeds.MemoryOf(n.feed(feed).State); !m.Filing.IsZero() || n.feed(feed).State.ETag == "" {
		t.Error("it is not filed to the end")
	}
}
