package feeds

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/harkara/harkara/store"
)

// A feed's first document is history: nobody waits for all of it. The items that stand first in it are kept at once, so that
// there is something to show; the others are filed when no feed is being asked. Until then the feed has no validators and
// its memory says since when it is being filed, so that after a crash the next poll reads the document whole again.

// Bounds of what waits to be filed.
const (
	keptAtOnce      = 3
	mostFilings     = 64 << 20 // bytes of documents, packed
	filingPatience  = 30 * time.Second
	filingsLookedAt = 100 * time.Millisecond
)

// A filing is what is left of a first document.
type filing struct {
	feed   int64
	answer Answer // its body is rest
	rest   []byte // packed
	size   int
	hash   uint64   // of the whole document
	hashes []uint64 // of all its items
	since  time.Time
}

// filings are those that wait.
type filings struct {
	mu      sync.Mutex
	all     []filing
	bytes   int
	running bool // Run is there to file them
	busy    bool
}

// putOff leaves the items of a first document that can wait out of it. It returns nil if none can.
func (c *cycle) putOff(answer *Answer, body []byte) (now []byte, later *filing) {
	if c.state.Imported || answer.Cut || len(c.raw.Hashes) < 2*keptAtOnce || !c.filings.room() {
		return body, nil
	}
	known := func(hashes []uint64) map[uint64]bool {
		m := make(map[uint64]bool, len(hashes))
		for _, h := range hashes {
			m[h] = true
		}
		return m
	}
	rest, _ := c.raw.Without(known(c.raw.Hashes[:keptAtOnce]))
	now, _ = c.raw.Without(known(c.raw.Hashes[keptAtOnce:]))
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return body, nil
	}
	if _, err = w.Write(rest); err == nil {
		err = w.Close()
	}
	if err != nil {
		return body, nil
	}
	c.memory.Filing, c.total = c.now(), len(c.raw.Hashes)
	later = &filing{feed: c.feed.ID, answer: *answer, rest: packed.Bytes(), size: len(rest), hash: xxhash.Sum64(answer.Body), hashes: c.raw.Hashes, since: c.memory.Filing}
	later.answer.Body = nil
	return now, later
}

func (f *filings) room() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.running && f.bytes < mostFilings
}

func (f *filings) add(later filing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all, f.bytes = append(f.all, later), f.bytes+len(later.rest)
}

// run tells that there is somebody to file, or that there is not any more.
func (f *filings) run(running bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = running
	if !running {
		f.all, f.bytes = nil, 0 // the next polls will find them unfiled
	}
}

// take returns the next filing if it is time for it.
func (f *filings) take(now time.Time, idle bool) (next filing, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.all) == 0 || !idle && now.Sub(f.all[0].since) < filingPatience {
		f.busy = false
		return filing{}, false
	}
	next = f.all[0]
	f.all[0] = filing{}
	f.all, f.bytes = f.all[1:], f.bytes-len(next.rest)
	return next, true
}

// start reports whether there is something to file and nobody at it, and that it is the caller's now.
func (f *filings) start() (mine, waiting bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	waiting = len(f.all) > 0
	mine = waiting && !f.busy
	f.busy = f.busy || mine
	return mine, waiting
}

// fileWaiting files what waits for as long as no feed is being asked. It reports whether something is left.
func (p *Poller) fileWaiting(ctx context.Context, tasks *sync.WaitGroup) (waiting bool) {
	mine, waiting := p.filings.start()
	if mine {
		tasks.Go(func() {
			for ctx.Err() == nil {
				next, ok := p.filings.take(p.now(), p.idle())
				if !ok {
					return
				}
				p.report(ctx, store.Feed{ID: next.feed}, p.file(ctx, next))
			}
		})
	}
	return waiting
}

func (p *Poller) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.underWay) == 0
}

// file keeps the rest of a first document, unless a poll has done so meanwhile.
func (p *Poller) file(ctx context.Context, f filing) error {
	if !p.begin(f.feed) {
		return nil // a poll reads the document whole
	}
	defer p.end(f.feed)
	feed, err := p.store.Feed(ctx, f.feed)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("file the first document: %w", err)
	}
	c := &cycle{Poller: p, feed: feed, state: feed.State, memory: MemoryOf(feed.State), whole: true, filing: true, total: len(f.hashes)}
	if !c.memory.Filing.Equal(f.since) {
		return nil
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(f.rest))
	if err != nil {
		return fmt.Errorf("file the first document: %w", err)
	}
	body := bytes.NewBuffer(make([]byte, 0, f.size))
	if _, err := io.Copy(body, unpacked); err != nil { //nolint:gosec // we packed it ourselves
		return fmt.Errorf("file the first document: %w", err)
	}
	parsed, err := p.parseWatched(body.Bytes(), Source{URL: f.answer.URL, ContentType: f.answer.ContentType, ContentLocation: f.answer.ContentLocation, Zone: c.zone()})
	if err != nil {
		return parseFault(err)
	}
	c.raw, _ = SplitItems(body.Bytes())
	c.raw.Hashes = f.hashes
	c.state.BodyHash = f.hash
	c.learn(&f.answer, parsed)
	return c.keep(ctx, &f.answer, parsed, c.compose(parsed))
}
