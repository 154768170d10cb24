package feeds_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
)

// A hub is a WebSub hub: it verifies who subscribes, and tells them.
type hub struct {
	*httptest.Server
	lease    string // in seconds
	asked    chan url.Values
	verified chan string // what the callback answered to the challenge
}

func startHub(t *testing.T) *hub {
	h := &hub{lease: "86400", asked: make(chan url.Values, 10), verified: make(chan string, 10)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		form := r.PostForm
		w.WriteHeader(http.StatusAccepted)
		h.asked <- form
		go func() {
			status, body := ask(t, form.Get("hub.callback")+"?"+url.Values{"hub.mode": {"subscribe"}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"c&<1>"}, "hub.lease_seconds": {h.lease}}.Encode())
			if status != http.StatusOK {
				body = http.StatusText(status)
			}
			h.verified <- body
		}()
	}))
	t.Cleanup(h.Close)
	return h
}

// withHub opens a newsroom that a hub tells of its site's news.
func withHub(t *testing.T) (*hub, *newsroom) {
	t.Helper()
	h := startHub(t)
	n := open(t, feedstest.Options{Hub: h.URL})
	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.poller.WebSub().ServeHTTP(w, r) }))
	t.Cleanup(callback.Close)
	n.options.PublicURL = callback.URL
	n.restart()
	return h, n
}

func ask(t *testing.T, address string) (int, string) {
	resp, err := http.Get(address) //nolint:gosec,noctx // a test's own address
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func push(t *testing.T, form url.Values, body []byte, secret string) int {
	t.Helper()
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, form.Get("hub.callback"), strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	req.Header.Set("Content-Type", "application/rss+xml")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestAHubTellsOfNewsAndPollingBecomesACheck(t *testing.T) {
	h, n := withHub(t)
	n.site.Publish(report(0))
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	form := <-h.asked
	if form.Get("hub.topic") != n.site.Feed("") || len(form.Get("hub.secret")) < 16 || !strings.HasPrefix(form.Get("hub.callback"), n.options.PublicURL+"/ws/") {
		t.Errorf("asked for %v", form)
	}
	if got := <-h.verified; got != "c&<1>" {
		t.Fatalf("the challenge was answered %q", got)
	}
	push0 := feeds.MemoryOf(n.feed(feed).State).Push
	if !push0.Until.Equal(n.clock().Add(24 * time.Hour)) {
		t.Errorf("subscribed until %s", push0.Until)
	}
	n.pass(time.Hour)
	n.mustPoll(feed)
	if next := n.feed(feed).State.NextCheck; next.Before(push0.Until.Add(-push0.Lease/5)) || next.After(push0.Until) {
		t.Errorf("polled again after %s; want once, when the lease is to be renewed", next.Sub(n.clock()))
	}
	before := n.feed(feed).State.NextCheck

	n.forget()
	n.site.Publish(report(1))
	body := fetchBody(t, n.site.Feed(""))
	if status := push(t, form, body, "wrong secret"); status != http.StatusAccepted {
		t.Errorf("a wrong signature was answered %d", status)
	}
	if status := push(t, form, body, form.Get("hub.secret")); status != http.StatusAccepted {
		t.Errorf("a push was answered %d", status)
	}
	n.keeps()
	if got := n.news(); len(got) != 1 || got[0].Title != report(1).Title {
		t.Errorf("news %+v", got)
	}
	state := n.feed(feed).State
	if !state.NextCheck.Equal(before) {
		t.Errorf("a push moved the next poll from %s to %s", before, state.NextCheck)
	}
	gone := url.Values{"hub.callback": {form.Get("hub.callback") + "0"}}
	if status := push(t, gone, body, form.Get("hub.secret")); status != http.StatusGone {
		t.Errorf("a push for a subscription that is no more was answered %d", status)
	}

	for name, address := range map[string]string{
		"another token":  form.Get("hub.callback") + "0?hub.mode=subscribe&hub.challenge=x&hub.topic=" + url.QueryEscape(form.Get("hub.topic")),
		"another topic":  form.Get("hub.callback") + "?hub.mode=subscribe&hub.challenge=x&hub.topic=http://else.example/",
		"an unsubscribe": form.Get("hub.callback") + "?hub.mode=unsubscribe&hub.challenge=x&hub.topic=" + url.QueryEscape(form.Get("hub.topic")),
		"no feed":        n.options.PublicURL + "/ws/99/abc?hub.challenge=x",
	} {
		if status, body := ask(t, address); status != http.StatusNotFound {
			t.Errorf("%s was answered %d %q", name, status, body)
		}
	}

	n.pass(20 * time.Hour) // four fifths of the lease
	n.mustPoll(feed)
	select {
	case <-h.asked:
		<-h.verified
	case <-time.After(patience):
		t.Fatal("the lease was not renewed")
	}
}

func TestShortLeaseIsRenewedBeforeItEnds(t *testing.T) {
	h, n := withHub(t)
	h.lease = "3600"
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	<-h.asked
	<-h.verified
	end := n.clock().Add(time.Hour)
	n.pass(20 * time.Minute)
	n.mustPoll(feed)
	for range 20 {
		if err := n.atNext(feed); err != nil {
			t.Fatal(err)
		}
		select {
		case <-h.asked:
			<-h.verified
			if n.clock().After(end) {
				t.Errorf("renewed %s after its end", n.clock().Sub(end))
			}
			return
		default:
		}
	}
	t.Error("the lease was not renewed")
}

func TestAHubThatMissesNewsIsNotReliedOn(t *testing.T) {
	h, n := withHub(t)
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	<-h.asked
	<-h.verified
	n.site.Publish(report(1))
	n.site.Publish(report(2))
	n.pass(10 * time.Hour)
	n.mustPoll(feed)
	if wait := n.feed(feed).State.NextCheck.Sub(n.clock()); wait > time.Hour {
		t.Errorf("still relied on: next poll after %s", wait)
	}
}
