package feeds

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// A Waiting is a new item of which the feed gives only a stub, kept until its page was read or given up. It becomes an
// article then, and not before: a reader never gets the stub first.
type Waiting struct {
	Item Item        `json:"item"`
	Keys []store.Key `json:"keys"`
	// Told says that it is news; else it waits for an editor's word afterwards.
	Told  bool      `json:"told"`
	Since time.Time `json:"since"`
}

// Bounds of the page step.
const (
	// mostPages is how many items of one feed wait at once; of more, the feed's own text must do.
	mostPages = 10
	// pagePatience is the longest that an item waits for its page. The pages of a feed are read one after the other, so this
	// is for all that wait together.
	pagePatience = 90 * time.Second
)

// waits reports whether a new item is to wait for its page.
func (c *cycle) waits(d Draft) bool {
	wish := c.feed.Attributes[fullTextAttribute]
	return wish != "never" && (d.Stub || wish == "always") && isWeb(d.Article.URL)
}

// readPages reads the pages that items of a feed wait for, one after the other, each with its site's consent and in its turn, and
// makes articles of them. What is left when ctx ends waits for the next start.
func (p *Poller) readPages(ctx context.Context, feed int64) error {
	if !p.beginPages(feed) {
		return nil // whoever is at it takes the new ones, too
	}
	for {
		next, left, err := p.nextWaiting(ctx, feed)
		if err != nil || !left {
			if p.endPages(feed, err != nil) {
				continue
			}
			return err
		}
		if err := p.readNext(ctx, next); err != nil {
			p.endPages(feed, true)
			return err
		}
	}
}

// beginPages reports whether it falls to the caller to read a feed's pages.
func (p *Poller) beginPages(feed int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, underWay := p.reading[feed]
	p.reading[feed] = underWay // true: look once more before you end
	return !underWay
}

// endPages ends the reading of a feed's pages, unless more may have come meanwhile.
func (p *Poller) endPages(feed int64, broken bool) (more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if more = p.reading[feed] && !broken; more {
		p.reading[feed] = false
	} else {
		delete(p.reading, feed)
	}
	return more
}

// nextWaiting is the cycle of a feed, and whether any of its items waits.
func (p *Poller) nextWaiting(ctx context.Context, feed int64) (*cycle, bool, error) {
	f, err := p.store.Feed(ctx, feed)
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil // it was removed, and its articles to be with it
	}
	if err != nil {
		return nil, false, fmt.Errorf("read what waits for its page: %w", err)
	}
	c := &cycle{Poller: p, feed: f, state: f.State, memory: MemoryOf(f.State)}
	return c, len(c.memory.Waiting) > 0, nil
}

// readNext reads the page of the first item that waits and keeps the article.
func (p *Poller) readNext(ctx context.Context, c *cycle) error {
	next := c.memory.Waiting[0]
	draft := Compose(next.Item, c.o.Budget, c.cutRules()...)
	if left := next.Since.Add(pagePatience).Sub(p.now()); left > 0 {
		reading, cancel := context.WithTimeout(ctx, min(left, pagePatience))
		c.complete(reading, &draft)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err() // it waits on
		}
	}
	return c.release(ctx, next, draft)
}

// complete reads the page of an article. One that cannot be had leaves the stub as it is.
func (c *cycle) complete(ctx context.Context, draft *Draft) {
	page, err := c.readPage(ctx, draft.Article.URL)
	if err != nil {
		c.o.Log.Debug("the page of an article was not read", "feed", c.feed.ID, "page", printable(draft.Article.URL), "err", err)
		return
	}
	draft.Complete(page, c.o.Budget, c.cutRules()...)
}

// readPage fetches and reads an article page.
func (c *cycle) readPage(ctx context.Context, address string) (Item, error) {
	if !c.robots.allowed(ctx, address) {
		return Item{}, &Fault{Kind: FaultForbidden, Step: "read page", Reason: "robots.txt does not allow it"}
	}
	answer, err := c.inTurn(ctx, Request{URL: address, Accept: AcceptPage, Limit: PageLimit})
	if err != nil {
		return Item{}, err
	}
	return ReadPage(answer.Body, Source{URL: answer.URL, ContentType: answer.ContentType, Zone: c.zone()})
}

// release makes an article of an item that waited.
func (c *cycle) release(ctx context.Context, done Waiting, draft Draft) error {
	now := c.now()
	err := c.store.Write(ctx, func(tx store.Tx) error {
		c.telling.Lock()
		defer c.telling.Unlock()
		if err := c.loadTales(ctx, tx, now); err != nil {
			return err
		}
		feed, err := tx.Feed(ctx, c.feed.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		c.feed, c.state, c.memory = feed, feed.State, MemoryOf(feed.State)
		i := slices.IndexFunc(c.memory.Waiting, func(w Waiting) bool { return sameKeys(w.Keys, done.Keys) })
		if i < 0 {
			return nil
		}
		c.memory.Waiting = slices.Delete(slices.Clone(c.memory.Waiting), i, i+1)
		desk := desk{cycle: c, tx: tx, feed: feed, now: now}
		known, err := knownTo(ctx, tx, [][]store.Key{done.Keys}, now)
		if err != nil {
			return err
		}
		if article, old := match(done.Keys, known); old { // a further feed brought it meanwhile
			if _, err := desk.again(ctx, article, draft, done.Keys); err != nil {
				return err
			}
		} else {
			verdict := held
			if done.Told {
				verdict = told
			}
			if err := desk.add(ctx, draft, done.Keys, verdict); err != nil {
				return err
			}
		}
		c.state.Memory = c.memory.bytes()
		return tx.SaveFeedState(ctx, c.feed.ID, c.state)
	})
	if err != nil {
		c.forgetTales()
		return fmt.Errorf("keep an article of feed %d: %w", c.feed.ID, err)
	}
	c.o.Saved()
	return nil
}

// resumePages has the pages read that items waited for when we were stopped.
func (p *Poller) resumePages(ctx context.Context) {
	all, err := p.store.Feeds(ctx)
	if err != nil && ctx.Err() == nil {
		p.o.Log.Error("what waits for its page could not be read; it waits for the next poll", "err", err)
	}
	for _, f := range all {
		if len(MemoryOf(f.State).Waiting) > 0 {
			p.wantPages(f.ID)
		}
	}
}

// wantPages has Run read the pages that items of a feed wait for. It returns at once.
func (p *Poller) wantPages(feed int64) {
	p.mu.Lock()
	p.pages[feed] = true
	p.mu.Unlock()
	p.Wake()
}

// takePages returns the feeds whose pages are wanted.
func (p *Poller) takePages() map[int64]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	wanted := p.pages
	p.pages = map[int64]bool{}
	return wanted
}

// wait puts a new item on the list of those that wait for their page. It reports false if the list is full, or
// nothing tells the item from others.
func (d *desk) wait(draft Draft, keys []store.Key, verdict fate) bool {
	if len(keys) == 0 || len(d.memory.Waiting) >= mostPages {
		return false
	}
	d.memory.Waiting = append(slices.Clone(d.memory.Waiting), Waiting{Item: draft.item, Keys: keys, Told: verdict == told, Since: d.now})
	d.claim(draft.Article.Published)
	return true
}

// waitsAlready takes up an item that waits, by its newer version. It reports false if none of the keys waits.
func (d *desk) waitsAlready(draft Draft, keys []store.Key) bool {
	i := slices.IndexFunc(d.memory.Waiting, func(w Waiting) bool { return sameKeys(w.Keys, keys) })
	if i < 0 {
		return false
	}
	d.memory.Waiting = slices.Clone(d.memory.Waiting)
	d.memory.Waiting[i].Item = draft.item
	return true
}

// sameKeys reports whether two items have an identity in common.
func sameKeys(a, b []store.Key) bool {
	return slices.ContainsFunc(a, func(k store.Key) bool { return slices.Contains(b, k) })
}
