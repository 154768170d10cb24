package feeds

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/harkara/harkara/store"
)

// A Poller asks the feeds of the catalogue when they are due and keeps their articles. It is safe for concurrent use.
type Poller struct {
	store  store.Store
	fetch  *Fetcher
	o      PollerOptions
	sites  *sites
	robots *robots
	parse  chan struct{} // two parsers at a time
	wire   chan struct{} // so many requests at a time
	wake   chan struct{}
	net    network

	filings *filings
	ledger  *ledger

	mu       sync.Mutex
	underWay map[int64]bool
	reading  map[int64]bool // feeds whose pages are being read; true if there may be more by now
	pages    map[int64]bool // feeds of which items wait for their pages, and nobody is at it
	asked    map[int64]bool // feeds to be asked though they are not due

	pushes  sync.WaitGroup // pushes that are being read
	telling sync.Mutex     // guards tales
	tales   *tales
}

// PollerOptions are what an operator may set, and what the house connects.
type PollerOptions struct {
	// Every is the interval between two polls of a busy feed; 0 means 5 min, the floor is 1 s.
	Every time.Duration
	// NewsAge is the age at which news is history: after an outage, older items are filed quietly.
	NewsAge time.Duration
	// Budget is the length of a summary in UTF-16 units; 0 means the default.
	Budget int
	// Zone is that of dates which name none, for feeds whose own zone cannot be told; nil means UTC.
	Zone *time.Location
	// PublicURL is where hubs can reach us (https://…); empty means that feeds are only polled. See WebSub.
	PublicURL string
	// Saved is called after every commit that others may want to know of; nil for nobody.
	Saved func()
	// Now is the clock, Random a source of numbers from 0 up to 1; nil means the real ones.
	Now    func() time.Time
	Random func() float64
	Log    *slog.Logger
}

// Bounds of what goes on at once.
const (
	defaultEvery = 5 * time.Minute
	wireWorkers  = 128
	parseWorkers = 2
	mostUnderWay = 512
	longestSleep = time.Minute
	patience     = 30 * time.Second // how long a poll waits for its site's turn before it is put off
)

// NewPoller returns a Poller. Nothing moves until Run.
func NewPoller(s store.Store, f *Fetcher, o PollerOptions) *Poller {
	if o.Every == 0 {
		o.Every = defaultEvery
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.Saved == nil {
		o.Saved = func() {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	turns := newSites(f.allow, o.Now)
	return &Poller{
		filings: &filings{}, ledger: &ledger{store: s}, store: s, fetch: f, o: o, sites: turns, robots: newRobots(f, turns),
		parse: make(chan struct{}, parseWorkers), wire: make(chan struct{}, wireWorkers), wake: make(chan struct{}, 1), underWay: map[int64]bool{}, reading: map[int64]bool{}, pages: map[int64]bool{}, asked: map[int64]bool{},
	}
}

// now is the clock's time in UTC.
func (p *Poller) now() time.Time { return p.o.Now().UTC() }

// Wake makes Run look at once for feeds that have come due: after the catalogue changed.
func (p *Poller) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run polls until ctx ends; what is under way then is ended first. It returns nil.
func (p *Poller) Run(ctx context.Context) error {
	var polls sync.WaitGroup
	defer p.pushes.Wait()
	defer polls.Wait()
	p.resumePages(ctx)
	p.filings.run(true)
	defer p.filings.run(false)
	for ctx.Err() == nil {
		sleep := p.dispatch(ctx, &polls)
		timer := time.NewTimer(sleep)
		select {
		case <-ctx.Done():
		case <-p.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// dispatch starts a poll of every feed that is due and not under way, and says how long to sleep.
func (p *Poller) dispatch(ctx context.Context, polls *sync.WaitGroup) time.Duration {
	for feed := range p.takePages() {
		polls.Go(func() { p.report(ctx, store.Feed{ID: feed}, p.readPages(ctx, feed)) })
	}
	if p.full() {
		return 250 * time.Millisecond
	}
	now := p.now()
	due, err := p.store.DueFeeds(ctx, now, mostUnderWay)
	if err != nil {
		if ctx.Err() == nil {
			p.o.Log.Error("the feeds that are due could not be read; tried again soon", "err", err)
		}
		return time.Second
	}
	for _, feed := range append(p.takeAsked(ctx), due...) {
		if !p.begin(feed.ID) {
			continue
		}
		polls.Go(func() {
			waiting, err := p.poll(ctx, feed)
			p.end(feed.ID)
			p.report(ctx, feed, err)
			if waiting {
				p.report(ctx, feed, p.readPages(ctx, feed.ID))
			}
		})
	}
	if len(due) > 0 {
		p.fileWaiting(ctx, polls)
		return 250 * time.Millisecond // some wait for their site; others come due meanwhile
	}
	if p.fileWaiting(ctx, polls) {
		return filingsLookedAt
	}
	next, err := p.store.NextFeedCheck(ctx)
	if err != nil || next.IsZero() {
		return longestSleep
	}
	return min(max(next.Sub(p.now()), 10*time.Millisecond), longestSleep)
}

// full reports whether so many feeds are being asked that it is not worth looking for more.
func (p *Poller) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.underWay) > mostUnderWay*3/4
}

func (p *Poller) begin(feed int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.underWay[feed] || len(p.underWay) >= mostUnderWay {
		return false
	}
	p.underWay[feed] = true
	return true
}

func (p *Poller) end(feed int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.underWay, feed)
}

// FetchNow has a feed asked as soon as may be, due or not. It returns at once.
func (p *Poller) FetchNow(feed int64) {
	p.mu.Lock()
	p.asked[feed] = true
	p.mu.Unlock()
	p.Wake()
}

// takeAsked returns the feeds that were asked for.
func (p *Poller) takeAsked(ctx context.Context) []store.Feed {
	p.mu.Lock()
	asked := p.asked
	p.asked = map[int64]bool{}
	p.mu.Unlock()
	var feeds []store.Feed
	for id := range asked {
		feed, err := p.store.Feed(ctx, id)
		if err == nil {
			feeds = append(feeds, feed)
		}
	}
	return feeds
}

// report logs the outcome of a poll. The feed's state was kept already: this is for those who read logs.
func (p *Poller) report(ctx context.Context, feed store.Feed, err error) {
	if err != nil && ctx.Err() == nil {
		p.o.Log.Warn(fmt.Sprintf("feed %d %s: %v", feed.ID, printable(feed.URL), err), "feed", feed.ID)
	}
}

// printable is an address without a password.
func printable(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(address that cannot be read)"
	}
	return withoutPassword(u)
}

// Poll asks one feed now, due or not, and reads the pages that its new items wait for: for the command that fetches at once, and
// for a publisher's ping. The error is what is kept as the feed's last one.
func (p *Poller) Poll(ctx context.Context, feed int64) error {
	f, err := p.store.Feed(ctx, feed)
	if err != nil {
		return fmt.Errorf("poll feed %d: %w", feed, err)
	}
	if !p.begin(feed) {
		return nil // it is being asked at this moment
	}
	waiting, err := p.poll(ctx, f)
	p.end(feed)
	if err != nil || !waiting {
		return err
	}
	return p.readPages(ctx, feed)
}
