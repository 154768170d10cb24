package feeds_test

import (
	"testing"
	"time"

	"github.com/harkara/harkara/feeds/feedstest"
)

func TestAFeedSaysFromWhenOnItsSilenceIsOdd(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.site.Publish(report(0))
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	if q := n.feed(feed).State.QuietAfter; !q.IsZero() {
		t.Errorf("a feed without a rhythm is odd after %s", q)
	}
	next := 1
	for range 6 * 4 { // four articles a day for six days
		n.pass(6 * time.Hour)
		n.site.Publish(report(next))
		next++
		n.mustPoll(feed)
		if q := n.feed(feed).State.QuietAfter; !q.IsZero() && !q.After(n.clock()) {
			t.Fatalf("a feed that keeps its rhythm is odd since %s", q)
		}
	}
	odd := n.feed(feed).State.QuietAfter
	if wait := odd.Sub(n.clock()); wait < 2*24*time.Hour || wait > 5*24*time.Hour {
		t.Fatalf("silence is odd after %s, want twelve gaps of some six hours", wait)
	}
	for range 30 * 4 {
		n.pass(6 * time.Hour)
		n.mustPoll(feed)
	}
	if q := n.feed(feed).State.QuietAfter; !q.Before(n.clock()) {
		t.Errorf("after a month of silence it is odd only after %s", q)
	}
	n.site.Publish(report(next))
	n.mustPoll(feed)
	if q := n.feed(feed).State.QuietAfter; !q.IsZero() && !q.After(n.clock()) {
		t.Errorf("a feed that is back is still odd since %s", q)
	}
}
