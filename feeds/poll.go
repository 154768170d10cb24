package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/harkara/harkara/store"
)

// A cycle is one poll of one feed, from the moment it is due until what it brought is kept.
type cycle struct {
	*Poller
	feed   store.Feed
	state  store.FeedState
	memory Memory
	// raw are the document's items as they stand; total is how many there are.
	raw   RawItems
	total int
	// whole is set when the document is to be read whole, so that the identities of all that is still in it are refreshed.
	whole bool
	// filing is set when the rest of a first document is filed.
	filing bool
	// pushed is set when a hub brought the document.
	pushed bool
}

// poll asks a feed and keeps what is new. Whatever happens, the feed's state tells it and the next check is set. It reports
// whether items wait for their pages.
func (p *Poller) poll(ctx context.Context, feed store.Feed) (waiting bool, err error) {
	c := &cycle{Poller: p, feed: feed, state: feed.State, memory: MemoryOf(feed.State)}
	err = c.run(ctx)
	return len(c.memory.Waiting) > 0, err
}

func (c *cycle) run(ctx context.Context) error {
	host := hostOf(c.address())
	done, ok := c.sites.wait(ctx, host, patience)
	if !ok {
		return c.postpone(ctx)
	}
	if err := c.promise(ctx); err != nil {
		done(false)
		return err
	}
	answer, err := c.ask(ctx)
	done(err != nil)
	if err != nil {
		return c.failed(ctx, err)
	}
	body, fresh := c.unseen(ctx, answer)
	if !fresh {
		return c.unchanged(ctx, answer)
	}
	body, later := c.putOff(answer, body)
	parsed, err := c.parseWatched(body, Source{URL: answer.URL, ContentType: answer.ContentType, ContentLocation: answer.ContentLocation, Zone: c.zone()})
	if err != nil {
		return c.failed(ctx, parseFault(err))
	}
	c.learn(answer, parsed)
	parsed.Partial = parsed.Partial || later != nil
	if err := c.keep(ctx, answer, parsed, c.compose(parsed)); err != nil {
		return err
	}
	if later != nil {
		c.filings.add(*later)
		c.Wake()
	}
	c.subscribeToHub(ctx)
	return nil
}

// address is where the feed is asked: where it moved to, if that is proven.
func (c *cycle) address() string { return or2(c.state.MovedTo, c.feed.URL) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// postpone leaves a feed whose site is not to be asked now for later.
func (c *cycle) postpone(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.state.NextCheck = c.now().Add(patience + time.Duration(c.o.Random()*float64(patience)))
	return c.saveState(ctx)
}

// promise keeps the time of the next check before the request is sent, so that a crash causes no second one.
func (c *cycle) promise(ctx context.Context) error {
	c.state.LastCheck = c.now()
	c.state.NextCheck = c.state.LastCheck.Add(c.every())
	return c.saveState(ctx)
}

func (c *cycle) saveState(ctx context.Context) error {
	err := c.ledger.write(ctx, func(tx store.Tx) error {
		now, err := tx.Feed(ctx, c.feed.ID)
		if err != nil {
			return err
		}
		c.memory.adopt(MemoryOf(now.State))
		c.state.Memory = c.memory.bytes()
		return tx.SaveFeedState(ctx, c.feed.ID, c.state)
	})
	if err != nil {
		return fmt.Errorf("save the state of feed %d: %w", c.feed.ID, err)
	}
	return nil
}

// every is the operator's interval for this feed.
func (c *cycle) every() time.Duration {
	if d, err := time.ParseDuration(c.feed.Attributes[everyAttribute]); err == nil && d >= time.Second {
		return min(d, longestInterval)
	}
	return max(c.o.Every, time.Second)
}

// zone is that of dates which name none: what the operator says, else that of the site's country.
func (c *cycle) zone() *time.Location {
	if z, err := time.LoadLocation(c.feed.Attributes[zoneAttribute]); err == nil && c.feed.Attributes[zoneAttribute] != "" {
		return z
	}
	host := hostOf(c.feed.URL)
	for suffix, name := range map[string]string{".bd": "Asia/Dhaka", ".in": "Asia/Kolkata"} {
		if strings.HasSuffix(host, suffix) {
			if z, err := time.LoadLocation(name); err == nil {
				return z
			}
		}
	}
	return c.o.Zone
}

// wholeEvery is how often a feed is asked without validators, in case its server says “not modified” for ever.
const wholeEvery = 8 * 24 * time.Hour

// refreshEvery is how often a document is read whole. What did not change in it is not read otherwise, and its identities would be
// taken for forgotten while it is still there (see wordsAge).
const refreshEvery = 8 * 24 * time.Hour

// ask sends the request, conditional if it can be.
func (c *cycle) ask(ctx context.Context) (*Answer, error) {
	request := Request{URL: c.address()}
	if c.memory.Refreshed.IsZero() { // a feed from before there was such a date
		c.memory.Refreshed = c.now()
	}
	if c.whole = !c.state.Imported || !c.memory.Filing.IsZero() || c.now().Sub(c.memory.Refreshed) >= refreshEvery; c.whole {
		return c.overWire(ctx, request)
	}
	if c.memory.Address == request.URL && c.now().Sub(c.memory.Whole) < wholeEvery {
		request.ETag, request.LastModified = c.state.ETag, c.state.LastModified
	}
	return c.overWire(ctx, request)
}

// inTurn sends a request when it is its site's turn, and not if the site is not to be asked now.
func (p *Poller) inTurn(ctx context.Context, request Request) (*Answer, error) {
	done, ok := p.sites.wait(ctx, hostOf(request.URL), patience)
	if !ok {
		return nil, &Fault{Kind: FaultBusy, Step: "fetch", Reason: "the site is not to be asked now"}
	}
	answer, err := p.overWire(ctx, request)
	done(err != nil && kindOf(err) != FaultMissing) // what is not there is no failure of the site
	return answer, err
}

// overWire sends a request when not too many others are under way.
func (p *Poller) overWire(ctx context.Context, request Request) (*Answer, error) {
	select {
	case p.wire <- struct{}{}:
		defer func() { <-p.wire }()
	case <-ctx.Done():
		return nil, &Fault{Kind: FaultUnreachable, Step: "fetch", Reason: "stopped", Err: ctx.Err()}
	}
	return p.fetch.Get(ctx, request)
}

// unseen returns the part of the answer that was not seen before, and false if there is none.
func (c *cycle) unseen(ctx context.Context, answer *Answer) (body []byte, fresh bool) {
	if answer.NotModified {
		return nil, false
	}
	hash := xxhash.Sum64(answer.Body)
	if hash == c.state.BodyHash && !c.whole {
		return nil, false
	}
	c.state.BodyHash = hash
	c.memory.Size = len(answer.Body)
	raw, ok := SplitItems(answer.Body)
	if !ok || c.whole {
		c.raw = raw
		return answer.Body, true
	}
	known, err := c.store.RawSeen(ctx, c.feed.ID, raw.Hashes)
	if err != nil {
		return answer.Body, true // slower, and just as right
	}
	c.raw, c.total = raw, len(raw.Hashes)
	body, left := raw.Without(known)
	return body, left > 0
}

// parseTimeout bounds the reading of one document. It is many times what the largest feed needs.
const parseTimeout = 5 * time.Second

var errSlow = errors.New("reading it takes too long")

// parseWatched parses, two documents at a time, with an eye on the clock.
func (p *Poller) parseWatched(body []byte, from Source) (*Parsed, error) {
	p.parse <- struct{}{}
	type outcome struct {
		parsed *Parsed
		err    error
	}
	result := make(chan outcome, 1)
	go func() {
		defer func() { <-p.parse }()
		defer func() {
			if r := recover(); r != nil {
				result <- outcome{nil, fmt.Errorf("%w: %v", ErrBroken, r)}
			}
		}()
		parsed, err := Parse(body, from)
		result <- outcome{parsed, err}
	}()
	timer := time.NewTimer(parseTimeout)
	defer timer.Stop()
	select {
	case o := <-result:
		return o.parsed, o.err
	case <-timer.C:
		return nil, fmt.Errorf("%w: %w", ErrUnreasonable, errSlow)
	}
}

// learn notes what the document says of its feed.
func (c *cycle) learn(answer *Answer, parsed *Parsed) {
	c.memory.Pace, c.memory.Path = parsed.Pace, parsed.Path
	if c.total > len(parsed.Items) {
		c.memory.Path = "delta"
	}
	c.total = max(c.total, len(parsed.Items))
	hub, topic := linkHeader(answer.Link, "hub"), linkHeader(answer.Link, "self")
	base, err := url.Parse(answer.URL)
	if err != nil {
		base = nil
	}
	c.memory.Hub = first(absolute(base, hub), parsed.Hub)
	c.memory.Topic = first(absolute(base, topic), parsed.SelfURL, c.address())
}

// linkHeader finds the address of a relation in Link headers (RFC 8288).
func linkHeader(headers []string, rel string) string {
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			address, params, ok := strings.Cut(part, ";")
			address = strings.TrimSpace(address)
			if !ok || !strings.HasPrefix(address, "<") || !strings.HasSuffix(address, ">") {
				continue
			}
			for param := range strings.SplitSeq(params, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
				if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(value, `"`), rel) {
					return address[1 : len(address)-1]
				}
			}
		}
	}
	return ""
}

// unchanged ends a poll that brought nothing.
func (c *cycle) unchanged(ctx context.Context, answer *Answer) error {
	c.succeed(answer, false)
	c.memory.Rhythm = c.memory.Rhythm.Add(c.now(), 0)
	c.schedule(answer, 0)
	if err := c.saveState(ctx); err != nil {
		return err
	}
	c.subscribeToHub(ctx)
	return nil
}

// succeed notes a good poll. The validators are kept only if what they stand for was read whole.
func (c *cycle) succeed(answer *Answer, partial bool) {
	c.net.heard()
	now := c.now()
	if !answer.NotModified {
		c.memory.Whole = now
		if partial || answer.Cut {
			c.state.ETag, c.state.LastModified, c.state.BodyHash = "", "", 0
		} else {
			c.state.ETag, c.state.LastModified = answer.ETag, answer.LastModified
		}
		c.memory.Address = c.address()
	} else { // RFC 9111 §4.3.4: those of a 304 replace those we have
		c.state.ETag, c.state.LastModified = or2(answer.ETag, c.state.ETag), or2(answer.LastModified, c.state.LastModified)
	}
	if move, proven := c.memory.Move.Saw(c.address(), answer.MovedTo, now); proven {
		c.o.Log.Info(fmt.Sprintf("feed %d has moved", c.feed.ID), "feed", c.feed.ID, "to", answer.MovedTo)
		c.state.MovedTo = answer.MovedTo
		c.memory.Address = answer.MovedTo // proven to be the same resource
		c.memory.Move = Move{}
	} else {
		c.memory.Move = move
	}
	c.memory.Ending, _ = c.memory.Ending.Saw("", now)
	c.state.LastOK, c.state.Errors, c.state.LastError, c.state.Gone, c.memory.Fault = now, 0, "", false, ""
}

// schedule sets the next check after a good poll, or after the errors-th failure in a row.
func (c *cycle) schedule(answer *Answer, errs int) {
	check := Check{
		Now: c.now(), Every: c.every(), ByHand: c.feed.Attributes[everyAttribute] != "", Pace: c.memory.Pace, Rhythm: c.memory.Rhythm, Size: c.memory.Size,
		Validators: c.state.ETag != "" || c.state.LastModified != "", Pushed: c.memory.Push.active(c.now()), Errors: errs, Fault: c.memory.Fault, Random: c.o.Random(),
	}
	if check.Pushed {
		check.Renew = c.memory.Push.renewal().Sub(check.Now)
	}
	if answer != nil {
		check.Fresh, check.RetryAfter = answer.Fresh, answer.RetryAfter
	}
	c.state.NextCheck, c.memory.Why = check.Next()
	c.state.Fault = string(c.memory.Fault)
	c.listen()
}

// listen sets from when on silence is odd. Of a feed that is silent already that stays as it is: the longer it is silent, the
// less would be expected of it.
func (c *cycle) listen() {
	now, before := c.now(), c.state.QuietAfter
	if !before.IsZero() && now.After(before) && c.state.LastNew.Before(before) {
		return
	}
	c.state.QuietAfter = c.memory.quietAfter(c.state.LastNew, now)
	if after := c.state.QuietAfter; !after.IsZero() && now.After(after) {
		c.o.Log.Warn(fmt.Sprintf("feed %d has gone silent", c.feed.ID), "feed", c.feed.ID, "last_new", c.state.LastNew)
	}
}

// failed notes a fault and sets the next check by it. It returns the fault.
func (c *cycle) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // we were told to stop: that is no fault of the feed's
	}
	now := c.now()
	if c.net.isOurs(hostOf(c.address()), kindOf(err)) {
		c.state.LastError = "no site answers; is our own network down?"
		c.schedule(nil, max(c.state.Errors, 1))
		if err := c.saveState(ctx); err != nil {
			return err
		}
		return err
	}
	c.memory.Fault = kindOf(err)
	c.state.Errors++
	c.state.LastError = oneLine(err.Error())
	if c.memory.Fault == FaultPage || c.memory.Fault == FaultBroken || c.memory.Fault == FaultEmpty || c.memory.Fault == FaultHostile {
		c.state.BodyHash = 0 // so that the same document is not taken for read next time
	}
	if c.state.MovedTo != "" && c.state.Errors >= moveSightings {
		c.state.MovedTo = "" // perhaps it moved back
	}
	var over bool
	if c.memory.Ending, over = c.memory.Ending.Saw(c.memory.Fault, now); over {
		c.state.Gone = true
	}
	c.schedule(nil, c.state.Errors)
	var fault *Fault
	if errors.As(err, &fault) && fault.RetryAfter > 0 {
		until := now.Add(fault.RetryAfter)
		if until.After(c.state.NextCheck) {
			c.state.NextCheck = until.Add(time.Duration(c.o.Random() * jitter * float64(fault.RetryAfter)))
			c.memory.Why = "the server's Retry-After"
		}
		if fault.Status == 429 { // too many requests are the site's word on us, not on this feed alone
			c.sites.park(hostOf(c.address()), until)
		}
	}
	if err := c.saveState(ctx); err != nil {
		return err
	}
	return err
}
