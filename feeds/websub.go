package feeds

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // WebSub allows it, and hubs of the older PubSubHubbub know nothing else
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/harkara/harkara/store"
)

// Push is what is known of a feed's WebSub subscription (W3C Recommendation, 2018-01-23).
type Push struct {
	// Token stands in the callback's address, Secret signs what the hub sends.
	Token  string `json:"token,omitempty"`
	Secret string `json:"secret,omitempty"`
	// Hub and Topic are what was asked for, at Asked.
	Hub   string    `json:"hub,omitempty"`
	Topic string    `json:"topic,omitempty"`
	Asked time.Time `json:"asked,omitzero"`
	// Lease is how long the hub promised to tell us, Until when that ends; zero means there is no subscription.
	Lease time.Duration `json:"lease,omitempty"`
	Until time.Time     `json:"until,omitzero"`
	// Missed counts items that a poll found before the hub told of them.
	Missed int `json:"missed,omitempty"`
}

const (
	// askedLease is how long a subscription is asked for; hubs may shorten it.
	askedLease = 7 * 24 * time.Hour
	// askAgain is how long a hub that did not confirm is left alone.
	askAgain = 6 * time.Hour
	// mostMissed items that polling found first prove that a hub is not to be relied on.
	mostMissed = 2
)

func (p Push) active(now time.Time) bool { return p.Missed < mostMissed && now.Before(p.Until) }

// due reports whether the hub should be asked, for the first time or for a further lease: after four fifths of it.
func (p Push) due(hub, topic string, now time.Time) bool {
	switch {
	case hub == "" || topic == "":
		return false
	case p.Hub != hub || p.Topic != topic:
		return true
	case now.Sub(p.Asked) < p.answerTime():
		return false
	}
	return !now.Before(p.renewal())
}

// renewal is when a further lease should be asked for.
func (p Push) renewal() time.Time { return p.Until.Add(-p.Lease / 5) }

// answerTime is how long a hub is given to confirm before it is asked again. One that gives short leases must be quicker, or
// there would be a gap between two of them.
func (p Push) answerTime() time.Duration {
	if p.Lease > 0 {
		return max(min(askAgain, p.Lease/10), time.Minute)
	}
	return askAgain
}

// callbackPath is where hubs reach us; the feed's ID and its token follow.
const callbackPath = "/ws/"

// WebSub receives what hubs send: it is to be served under /ws/ at the public address that the poller was given.
// A hub's verification is answered only for what was asked; a push whose signature is right is read like a poll; one
// whose signature is wrong is taken and dropped, as the recommendation wants.
func (p *Poller) WebSub() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, token, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, callbackPath), "/")
		number, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		feed, err := p.store.Feed(r.Context(), number)
		memory := MemoryOf(feed.State)
		if r.Method == http.MethodPost && (errors.Is(err, store.ErrNotFound) || err == nil && memory.Push.Token != "" && !hmac.Equal([]byte(token), []byte(memory.Push.Token))) {
			http.Error(w, "there is no such subscription any more", http.StatusGone) // §7: the hub may end it then
			return
		}
		if err != nil || memory.Push.Token == "" || !hmac.Equal([]byte(token), []byte(memory.Push.Token)) {
			http.NotFound(w, r)
			return
		}
		switch r.Method {
		case http.MethodGet:
			p.verify(w, r, feed)
		case http.MethodPost:
			p.receive(w, r, feed, memory.Push)
		default:
			w.Header().Set("Allow", "GET, POST")
			http.Error(w, "GET or POST", http.StatusMethodNotAllowed)
		}
	})
}

// verify answers a hub that asks whether we meant it (§5.3).
func (p *Poller) verify(w http.ResponseWriter, r *http.Request, feed store.Feed) {
	q := r.URL.Query()
	topic := q.Get("hub.topic")
	lease, err := strconv.ParseInt(q.Get("hub.lease_seconds"), 10, 32)
	if err != nil || lease <= 0 {
		lease = int64(askedLease / time.Second)
	}
	agreed := false
	change := func(m *Memory) {
		if m.Push.Topic != topic || m.Push.Hub == "" {
			return
		}
		switch q.Get("hub.mode") {
		case "subscribe":
			m.Push.Lease = time.Duration(lease) * time.Second
			m.Push.Until = p.now().Add(m.Push.Lease)
			m.Push.Missed = 0
			agreed = q.Get("hub.challenge") != ""
		case "unsubscribe", "denied":
			// We never unsubscribe: a hub that says so is not to be believed, and one that denies ends the subscription.
			if q.Get("hub.mode") == "denied" {
				m.Push.Until = time.Time{}
			}
		}
	}
	if err := p.changeMemory(r.Context(), feed.ID, change); err != nil {
		p.o.Log.Error("a hub's word could not be kept", "feed", feed.ID, "err", err)
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	if q.Get("hub.mode") == "denied" { // §5.2 asks for no answer but that it was heard
		w.WriteHeader(http.StatusOK)
		return
	}
	if !agreed {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, q.Get("hub.challenge")) // a hub that hung up asks again
}

// changeMemory alters what is remembered of a feed, and nothing else of it.
func (p *Poller) changeMemory(ctx context.Context, feed int64, change func(*Memory)) error {
	return p.store.Write(ctx, func(tx store.Tx) error {
		f, err := tx.Feed(ctx, feed)
		if err != nil {
			return err
		}
		m := MemoryOf(f.State)
		change(&m)
		f.State.Memory = m.bytes()
		return tx.SaveFeedState(ctx, feed, f.State)
	})
}

// receive takes a push (§7). The hub is answered at once; reading comes after.
func (p *Poller) receive(w http.ResponseWriter, r *http.Request, feed store.Feed, push Push) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	if !signed(r.Header.Get("X-Hub-Signature"), push.Secret, body) {
		p.o.Log.Warn("a push with a wrong signature was dropped", "feed", feed.ID)
		return
	}
	contentType := r.Header.Get("Content-Type")
	p.pushes.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), fetchTimeout)
		defer cancel()
		if len(bytes.TrimSpace(body)) == 0 { // a thin ping: there is something, fetch it
			p.report(ctx, feed, p.Poll(ctx, feed.ID))
			return
		}
		p.report(ctx, feed, p.take(ctx, feed.ID, &Answer{Body: body, URL: push.Topic, ContentType: contentType}))
	})
}

// signed checks X-Hub-Signature (§7.1): “method=signature”, in hexadecimal.
func signed(header, secret string, body []byte) bool {
	method, signature, ok := strings.Cut(header, "=")
	given, err := hex.DecodeString(signature)
	if !ok || err != nil || secret == "" {
		return false
	}
	methods := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	digest, known := methods[strings.ToLower(strings.TrimSpace(method))]
	if !known {
		return false
	}
	mac := hmac.New(digest, []byte(secret))
	mac.Write(body) //nolint:errcheck // a hash takes everything
	return hmac.Equal(mac.Sum(nil), given)
}

// take reads a document that was pushed, on the way of a poll. It may hold only new items: nothing is concluded from
// what it lacks, and neither validators nor schedule change.
func (p *Poller) take(ctx context.Context, feed int64, answer *Answer) error {
	for !p.begin(feed) { // a poll is under way: its turn first
		timer := time.NewTimer(100 * time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
	defer p.end(feed)
	f, err := p.store.Feed(ctx, feed)
	if err != nil {
		return fmt.Errorf("take a push for feed %d: %w", feed, err)
	}
	c := &cycle{Poller: p, feed: f, state: f.State, memory: MemoryOf(f.State), pushed: true}
	parsed, err := p.parseWatched(answer.Body, Source{URL: answer.URL, ContentType: answer.ContentType, Zone: c.zone()})
	if err != nil {
		return parseFault(err)
	}
	if !c.state.Imported {
		return nil // the first poll will file it
	}
	c.total = len(parsed.Items)
	if err := c.keep(ctx, answer, parsed, c.compose(parsed)); err != nil {
		return err
	}
	if len(c.memory.Waiting) > 0 {
		p.wantPages(feed) // the hub's time is not theirs
	}
	return nil
}

// subscribeToHub asks the feed's hub to tell us of new items, if there is one, we can be reached, and it is time.
// The hub answers on its own, at the callback.
func (c *cycle) subscribeToHub(ctx context.Context) {
	now := c.now()
	if c.o.PublicURL == "" || !c.memory.Push.due(c.memory.Hub, c.memory.Topic, now) {
		return
	}
	push := c.memory.Push
	if push.Hub != c.memory.Hub || push.Topic != c.memory.Topic {
		push = Push{Token: rand.Text(), Secret: rand.Text(), Hub: c.memory.Hub, Topic: c.memory.Topic}
	}
	push.Asked = now
	// Kept before the hub is asked: it may verify before it answers.
	if err := c.changeMemory(ctx, c.feed.ID, func(m *Memory) { m.Push = push }); err != nil {
		c.o.Log.Error("a subscription could not be noted", "feed", c.feed.ID, "err", err)
		return
	}
	callback := strings.TrimSuffix(c.o.PublicURL, "/") + callbackPath + strconv.FormatInt(c.feed.ID, 10) + "/" + push.Token
	err := c.fetch.Post(ctx, push.Hub, url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {push.Topic}, "hub.callback": {callback}, "hub.secret": {push.Secret},
		"hub.lease_seconds": {strconv.Itoa(int(askedLease / time.Second))},
	})
	if err != nil {
		c.o.Log.Info("a hub did not take our subscription; the feed is polled", "feed", c.feed.ID, "err", err)
	}
}

// Post sends a form, as hubs want it. Redirects are not followed. Every error is a *Fault.
func (f *Fetcher) Post(ctx context.Context, address string, form url.Values) error {
	u, fault := checkURL(address)
	if fault != nil {
		return fault
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return &Fault{Kind: FaultAddress, Step: "subscribe", Reason: "this is not an address that can be asked"}
	}
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := *f.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		fault := transportFault(err)
		fault.Step = "subscribe"
		return fault
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil && !errors.Is(err, io.EOF) {
		return transportFault(err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		fault := statusFault(resp.StatusCode, f.retryAfter(resp.Header))
		fault.Step = "subscribe"
		return fault
	}
	return nil
}
