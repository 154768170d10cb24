package feeds

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// robotsName is what robots.txt calls us.
const robotsName = "Harkara"

// How long a robots.txt is believed (RFC 9309 §2.4), and how long one that could not be had keeps us away (§2.3.1.4).
const (
	robotsFresh   = 24 * time.Hour
	robotsUnknown = time.Hour
	robotsLimit   = 500 << 10
	robotsHosts   = 2_000
)

// robots remembers what hosts allow. It is asked for pages, not for feeds: those are made for readers like us.
type robots struct {
	fetch *Fetcher
	sites *sites
	now   func() time.Time
	mu    sync.Mutex
	known map[string]rules
}

type rules struct {
	group *robotstxt.Group // nil means nothing is allowed
	until time.Time
}

func newRobots(f *Fetcher, s *sites) *robots {
	return &robots{fetch: f, sites: s, now: s.now, known: map[string]rules{}}
}

// allowed reports whether the page may be read. It may send a request for /robots.txt first.
func (r *robots) allowed(ctx context.Context, page string) bool {
	u, err := url.Parse(page)
	if err != nil {
		return false
	}
	host := u.Scheme + "://" + u.Host
	r.mu.Lock()
	got, ok := r.known[host]
	r.mu.Unlock()
	if !ok || !r.now().Before(got.until) {
		got = r.ask(ctx, host)
		r.mu.Lock()
		if len(r.known) >= robotsHosts {
			clear(r.known)
		}
		r.known[host] = got
		r.mu.Unlock()
	}
	return got.group != nil && got.group.Test(u.RequestURI())
}

func (r *robots) ask(ctx context.Context, host string) rules {
	done, ok := r.sites.wait(ctx, hostOf(host), patience)
	if !ok {
		return rules{}
	}
	answer, err := r.fetch.Get(ctx, Request{URL: host + "/robots.txt", Accept: "text/plain, */*;q=0.5", Limit: robotsLimit})
	done(err != nil && kindOf(err) != FaultMissing)
	status, body := http.StatusOK, []byte(nil)
	var fault *Fault
	switch {
	case err == nil:
		body = answer.Body
	case errors.As(err, &fault) && fault.Status >= 400 && fault.Status < 500 && fault.Status != http.StatusTooManyRequests:
		status = http.StatusNotFound // there are no rules
	default:
		return rules{until: r.now().Add(robotsUnknown)}
	}
	data, err := robotstxt.FromStatusAndBytes(status, body)
	if err != nil {
		data, err = robotstxt.FromBytes(nil) // rules that cannot be read forbid nothing
		if err != nil {
			return rules{until: r.now().Add(robotsUnknown)}
		}
	}
	return rules{group: data.FindGroup(robotsName), until: r.now().Add(robotsFresh)}
}
