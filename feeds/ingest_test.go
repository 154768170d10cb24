package feeds_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
)

// A cms is the publisher's own system that hands articles in.
type cms struct {
	*newsroom
	url, token string
}

func (n *newsroom) cms(token string) *cms {
	n.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.poller.Ingest().ServeHTTP(w, r) }))
	n.Cleanup(server.Close)
	err := n.store.Write(n.Context(), func(tx store.Tx) error {
		return tx.SetSetting(n.Context(), store.IngestToken, store.HashToken("right"))
	})
	if err != nil {
		n.Fatal(err)
	}
	return &cms{newsroom: n, url: server.URL, token: token}
}

// answer is a receipt or an error.
type answer struct {
	feeds.Receipt
	Error string `json:"error"`
	Feed  int64  `json:"feed"`
}

func (c *cms) post(path, contentType, body string) (int, answer) {
	c.Helper()
	req, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.url+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		c.Errorf("%s answered %d, not in JSON: %v", path, resp.StatusCode, err)
	}
	return resp.StatusCode, a
}

func (c *cms) json(article map[string]any) (int, answer) {
	c.Helper()
	body, err := json.Marshal(article)
	if err != nil {
		c.Fatal(err)
	}
	return c.post("/ingest", "application/json", string(body))
}

func handed(i int, more map[string]any) map[string]any {
	a := report(i)
	m := map[string]any{
		"guid": fmt.Sprintf("cms-%d", i), "url": fmt.Sprintf("https://paper.example/news/%d", i), "title": a.Title,
		"content": "<p>" + strings.Join(a.Paragraphs, "</p><p>") + "</p>", "categories": []string{"desh"}, "source": "সকালের কাগজ",
	}
	for key, value := range more {
		m[key] = value
	}
	return m
}

func TestAnArticleHandedInIsNewsOnce(t *testing.T) {
	n := open(t, feedstest.Options{})
	home := n.category("desh")
	c := n.cms("right")
	status, got := c.json(handed(1, nil))
	if status != http.StatusCreated || got.Status != feeds.StatusNew || got.Headline != report(1).Title || len(got.Summary) == 0 || got.Article == 0 {
		t.Fatalf("%d %+v", status, got)
	}
	news := n.news()
	if len(news) != 1 || news[0].ID != got.Article || news[0].Source != "সকালের কাগজ" || !slices.Equal(news[0].Categories, []int64{home}) || !slices.Equal(news[0].Summary, got.Summary) {
		t.Fatalf("kept as %+v", news)
	}
	if status, again := c.json(handed(1, nil)); status != http.StatusOK || again.Status != feeds.StatusKnown || again.Article != got.Article {
		t.Errorf("again: %d %+v", status, again)
	}
	if _, edited := c.json(handed(1, map[string]any{"title": "সংশোধিত: " + report(2).Title})); edited.Status != feeds.StatusRevised || edited.Article != got.Article {
		t.Errorf("edited: %+v", edited)
	}
	if _, old := c.json(handed(3, map[string]any{"published": n.clock().Add(-72 * time.Hour).Format(time.RFC3339)})); old.Status != feeds.StatusHistory {
		t.Errorf("of three days ago: %+v", old)
	}
	if err := n.store.Write(t.Context(), func(tx store.Tx) error { return tx.RetractArticle(t.Context(), got.Article, n.clock()) }); err != nil {
		t.Fatal(err)
	}
	if _, gone := c.json(handed(1, nil)); gone.Status != feeds.StatusRetracted {
		t.Errorf("retracted: %+v", gone)
	}
	if news := n.news(); len(news) != 0 {
		t.Errorf("%d news at the end", len(news))
	}
}

func TestAnArticleHandedInIsKnownAgainInItsFeed(t *testing.T) {
	n := open(t, feedstest.Options{Title: "সকালের কাগজ"})
	home := n.category("desh")
	n.site.Publish(report(0))
	feed := n.subscribe(n.site.Feed(""), home)
	n.mustPoll(feed)
	n.pass(time.Hour)
	a := report(1)
	a.GUID = "cms-1"
	address := n.site.Publish(a)
	c := n.cms("right")
	_, got := c.json(map[string]any{"guid": "cms-1", "url": address, "title": a.Title, "content": strings.Join(a.Paragraphs, "\n\n"), "feed": n.site.Feed("")})
	if got.Status != feeds.StatusNew || len(n.news()) != 1 || n.news()[0].Source != "সকালের কাগজ" {
		t.Fatalf("%+v", got)
	}
	n.mustPoll(feed)
	if news := n.news(); len(news) != 1 || len(n.all()) != 2 {
		t.Errorf("after the poll %d news of %d articles, want 1 of 2", len(news), len(n.all()))
	}
}

func TestAnAtomEntryIsHandedIn(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.category("desh")
	c := n.cms("right")
	a := report(4)
	entry := fmt.Sprintf(`<?xml version="1.0" encoding="utf-8"?>
<entry xmlns="http://www.w3.org/2005/Atom"><title>%s</title><id>tag:paper.example,2026:4</id><link href="https://paper.example/4"/>
<updated>2026-03-02T05:50:00Z</updated><content type="html">&lt;p&gt;%s&lt;/p&gt;</content></entry>`, a.Title, strings.Join(a.Paragraphs, "&lt;/p&gt;&lt;p&gt;"))
	query := "?" + url.Values{"category": {"desh"}, "source": {"সকালের কাগজ"}}.Encode()
	for i, want := range []feeds.Status{feeds.StatusNew, feeds.StatusKnown} {
		if _, got := c.post("/ingest"+query, "application/atom+xml;type=entry", entry); got.Status != want || got.Headline != a.Title || got.URL != "https://paper.example/4" {
			t.Errorf("%d: %+v", i, got)
		}
	}
	if status, got := c.post("/ingest"+query, "application/atom+xml", strings.Replace(entry, "<entry", "<entri", 1)); status != http.StatusBadRequest || got.Error == "" {
		t.Errorf("a broken entry: %d %+v", status, got)
	}
}

func TestWhatCannotBeTakenIsRefusedWithTheReason(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.category("desh")
	c := n.cms("right")
	big := strings.Repeat("ক", 400_000)
	for name, tc := range map[string]struct {
		article map[string]any
		status  int
		says    string
	}{
		"no identity":       {map[string]any{"guid": "", "url": ""}, 422, "guid and url are both missing"},
		"a front page":      {map[string]any{"guid": "", "url": "https://paper.example/"}, 422, "neither a guid nor a url"},
		"nothing to read":   {map[string]any{"title": " ", "content": ""}, 422, "neither a headline nor a text"},
		"no category":       {map[string]any{"categories": nil}, 422, "categories: name at least one"},
		"unknown category":  {map[string]any{"categories": []string{"নেই"}}, 422, "there are: "},
		"unknown feed":      {map[string]any{"feed": "https://elsewhere.example/feed"}, 404, "no feed of the catalogue"},
		"a misspelt field":  {map[string]any{"titel": "x"}, 400, "titel"},
		"no web address":    {map[string]any{"url": "javascript:alert(1)"}, 422, "not an address of the web"},
		"a date of its own": {map[string]any{"published": "গতকাল"}, 400, "JSON"},
		"too large":         {map[string]any{"content": big}, 413, "larger than 1024 KB"},
	} {
		if status, got := c.json(handed(1, tc.article)); status != tc.status || !strings.Contains(got.Error, tc.says) {
			t.Errorf("%s: %d %q, want %d %q", name, status, got.Error, tc.status, tc.says)
		}
	}
	for contentType, want := range map[string]int{"text/plain": 415, "": 415, "application/json": 400} {
		if status, _ := c.post("/ingest", contentType, "{"); status != want {
			t.Errorf("as %q: %d, want %d", contentType, status, want)
		}
	}
	if len(n.all()) != 0 {
		t.Error("something was kept")
	}
}

func TestNobodyHandsInAnArticleWithoutTheToken(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.category("desh")
	feed := n.subscribe(n.site.Feed(""))
	for _, token := range []string{"", "wrong", store.HashToken("right"), "right "} {
		c := n.cms(token)
		if token == "right " { // and the right one, once it is revoked
			if err := n.store.Write(t.Context(), func(tx store.Tx) error { return tx.SetSetting(t.Context(), store.IngestToken, "") }); err != nil {
				t.Fatal(err)
			}
		}
		if status, got := c.json(handed(1, nil)); status != http.StatusUnauthorized || got.Error == "" {
			t.Errorf("with %q: %d %+v", token, status, got)
		}
		if status, _ := c.post("/ping?feed="+url.QueryEscape(n.site.Feed("")), "", ""); status != http.StatusUnauthorized {
			t.Errorf("ping with %q: %d", token, status)
		}
	}
	if len(n.all()) != 0 || !n.feed(feed).State.LastCheck.IsZero() {
		t.Error("something was done")
	}
}

func TestAPingHasAFeedAskedThatIsNotDue(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.site.Publish(report(0))
	feed := n.subscribe(n.site.Feed(""))
	n.mustPoll(feed)
	n.forget()
	done := make(chan struct{})
	go func() { defer close(done); _ = n.poller.Run(t.Context()) }()
	n.Cleanup(func() { <-done })
	n.site.Publish(report(1))
	c := n.cms("right")
	if status, got := c.post("/ping?feed="+url.QueryEscape(n.site.Feed("")), "", ""); status != http.StatusAccepted || got.Feed != feed {
		t.Fatalf("%d %+v", status, got)
	}
	n.keeps()
	if news := n.news(); len(news) != 1 {
		t.Errorf("%d news, want 1", len(news))
	}
	if status, _ := c.post("/ping?feed=https://elsewhere.example", "", ""); status != http.StatusNotFound {
		t.Errorf("an unknown feed: %d", status)
	}
}

func TestTooManyRequestsAreTurnedAway(t *testing.T) {
	n := open(t, feedstest.Options{})
	n.category("desh")
	handler := n.poller.Ingest()
	n.cms("right")
	turnedAway := 0
	for range 80 {
		r := httptest.NewRequest(http.MethodPost, "/ingest", strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer right")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code == http.StatusTooManyRequests {
			turnedAway++
			if w.Header().Get("Retry-After") == "" {
				t.Error("it is not said when to come again")
			}
		}
	}
	if turnedAway == 0 {
		t.Error("eighty requests at once were all taken")
	}
}
