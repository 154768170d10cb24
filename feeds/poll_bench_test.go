package feeds_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// A fetch on a kept connection, nine of ten not modified, the tenth a feed with one new item of twenty; and the
// same on fresh TLS connections. The server shares the processor: what is reported is wall time.
func BenchmarkFetchAndRead(b *testing.B) {
	body := newspaper(20)
	var n atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if n.Add(1)%10 != 0 {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(body) //nolint:errcheck // a benchmark
	})
	raw, _ := feeds.SplitItems(body)
	known := map[uint64]bool{}
	for _, h := range raw.Hashes[1:] {
		known[h] = true
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	fetcher := near(b)
	for b.Loop() {
		answer, err := fetcher.Get(b.Context(), feeds.Request{URL: server.URL, ETag: `"1"`})
		if err != nil {
			b.Fatal(err)
		}
		if answer.NotModified {
			continue
		}
		raw, _ := feeds.SplitItems(answer.Body)
		rest, _ := raw.Without(known)
		if _, err := feeds.Parse(rest, feeds.Source{URL: server.URL}); err != nil {
			b.Fatal(err)
		}
	}
}

// A whole poll that brings one new item of a hundred: request, delta, parse, clean, summary, identity, commit. The custom
// figures are the median and the 99th percentile.
func BenchmarkPollWithOneNewItem(b *testing.B) {
	var number atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>কাগজ</title>`)
		last := int(number.Load())
		for i := last; i > last-100; i-- {
			a := report(i + 1000)
			fmt.Fprintf(w, "<item><title>%s</title><link>http://h.example/%d</link><guid isPermaLink=\"false\">%d</guid><description>%s %s</description></item>\n", a.Title, i, i, a.Paragraphs[0], a.Paragraphs[1])
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	defer server.Close()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "news.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	p := feeds.NewPoller(s, near(b), feeds.PollerOptions{})
	feed := store.Feed{URL: server.URL}
	if err := s.Write(ctx, func(tx store.Tx) error { return tx.SaveFeed(ctx, &feed) }); err != nil {
		b.Fatal(err)
	}
	if err := p.Poll(ctx, feed.ID); err != nil {
		b.Fatal(err)
	}
	var times []time.Duration
	for b.Loop() {
		number.Add(1)
		start := time.Now()
		if err := p.Poll(ctx, feed.ID); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "ms-p99")
}
