package feeds

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// Bounds on what the publisher's own system may ask for: many times what a newsroom writes.
const (
	maxHandedIn   = 1 << 20
	handInRate    = 10 // requests a second
	handInBurst   = 50
	handInTimeout = 20 * time.Second
)

// HandedIn is an article as the publisher's own system hands it in, in JSON. Either GUID or URL is a must, and a title or
// a text.
type HandedIn struct {
	// GUID identifies the article: handed in again with the same one it is the same article.
	GUID string `json:"guid"`
	// URL is where it is read.
	URL string `json:"url"`
	// Title is the headline as published. Content is the article, Summary a teaser; both may be HTML.
	Title   string `json:"title"`
	Content string `json:"content"`
	Summary string `json:"summary"`
	Image   string `json:"image"`
	// Published is in RFC 3339; without it the article is published now.
	Published time.Time `json:"published"`
	Addressed
}

// Addressed says where an article belongs. An Atom entry has the same in the query of the request's address.
type Addressed struct {
	// Feed is the address of a feed of the catalogue of which the article is part: there it will be known again. It may be
	// empty.
	Feed string `json:"feed"`
	// Categories are names or slugs; without them the article is in those of its feed.
	Categories []string `json:"categories"`
	// Source is the name to print as its source; without it, the feed's.
	Source string `json:"source"`
}

// Status says what became of an article that was handed in.
type Status string

// The statuses.
const (
	StatusNew       Status = "new"       // it is on its way to readers
	StatusRevised   Status = "revised"   // it was known; the messages that carry it are being corrected
	StatusKnown     Status = "known"     // it was known, and nothing has changed that a reader would see
	StatusHistory   Status = "history"   // it is kept, but too old or too little to be news
	StatusHeld      Status = "held"      // it waits for an editor
	StatusRetracted Status = "retracted" // an editor took it back; nothing changes that
)

// Receipt answers who handed in an article: what was made of it and what will be sent.
type Receipt struct {
	Article  int64    `json:"article"`
	Status   Status   `json:"status"`
	Headline string   `json:"headline"`
	Summary  []string `json:"summary"`
	URL      string   `json:"url,omitempty"`
	Image    string   `json:"image,omitempty"`
	Story    int64    `json:"story"`
}

// refusal is an answer that says what was wrong with a request.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// Ingest serves POST /ingest: the publisher's own system hands in an article, as JSON (see HandedIn) or as an Atom entry, and
// is told what will be sent (see Receipt). It goes the way of an article that was polled. POST /ping?feed=URL has a
// feed of the catalogue asked now. Both want the token of store.IngestToken as a bearer token (RFC 6750).
func (p *Poller) Ingest() http.Handler {
	limit := rate.NewLimiter(handInRate, handInBurst)
	mux := http.NewServeMux()
	handle := func(pattern string, do func(http.ResponseWriter, *http.Request) (int, any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			status, answer, err := 0, any(nil), p.authorise(r, limit)
			if err == nil {
				status, answer, err = do(w, r)
			}
			if err != nil {
				status, answer = p.refused(w, err)
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(answer) // who hung up does not want it
		})
	}
	handle("POST /ingest", p.handIn)
	handle("POST /ping", p.ping)
	return mux
}

// authorise checks the token, in a time that does not tell how much of it is right.
func (p *Poller) authorise(r *http.Request, limit *rate.Limiter) error {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(token) == "" {
		return refuse(http.StatusUnauthorized, "a bearer token is missing; the owner gets one from the bot with /token")
	}
	kept, err := p.store.Setting(r.Context(), store.IngestToken)
	if err != nil {
		return fmt.Errorf("read the token's hash: %w", err)
	}
	if !hmac.Equal([]byte(kept), []byte(store.HashToken(strings.TrimSpace(token)))) {
		return refuse(http.StatusUnauthorized, "the token is not valid; the owner gets a new one from the bot with /token")
	}
	if !limit.Allow() {
		return refuse(http.StatusTooManyRequests, "too many requests; at most %d a second", handInRate)
	}
	return nil
}

// refused turns an error into an answer.
func (p *Poller) refused(w http.ResponseWriter, err error) (int, any) {
	type fault struct {
		Error string `json:"error"`
	}
	var r *refusal
	if !errors.As(err, &r) {
		p.o.Log.Error("an article that was handed in could not be kept", "err", err)
		w.Header().Set("Retry-After", "5")
		return http.StatusServiceUnavailable, fault{"it could not be kept just now; try again"}
	}
	switch r.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="harkara"`)
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "1")
	}
	return r.status, fault{r.reason}
}

// ping has a feed asked.
func (p *Poller) ping(_ http.ResponseWriter, r *http.Request) (int, any, error) {
	feed, err := p.feedAt(r.Context(), p.store, r.URL.Query().Get("feed"))
	if err != nil {
		return 0, nil, err
	}
	p.FetchNow(feed.ID)
	return http.StatusAccepted, struct {
		Feed   int64  `json:"feed"`
		Status string `json:"status"`
	}{feed.ID, "asked"}, nil
}

// feedAt finds a feed of the catalogue by its address.
func (p *Poller) feedAt(ctx context.Context, r store.FeedReader, address string) (store.Feed, error) {
	if address == "" {
		return store.Feed{}, refuse(http.StatusBadRequest, "the address of a feed is missing: feed")
	}
	feeds, err := r.Feeds(ctx)
	if err != nil {
		return store.Feed{}, err
	}
	for _, f := range feeds {
		if f.URL == address || f.State.MovedTo == address {
			return f, nil
		}
	}
	return store.Feed{}, refuse(http.StatusNotFound, "no feed of the catalogue has the address %q; /feeds lists them", address)
}

// handIn takes an article.
func (p *Poller) handIn(w http.ResponseWriter, r *http.Request) (int, any, error) {
	item, to, err := readHandedIn(w, r)
	if err != nil {
		return 0, nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), handInTimeout)
	defer cancel()
	receipt, err := p.keepHandedIn(ctx, item, to)
	if err != nil {
		return 0, nil, err
	}
	status := http.StatusOK
	if receipt.Status == StatusNew {
		status = http.StatusCreated
	}
	return status, receipt, nil
}

// readHandedIn reads the body by its Content-Type.
func readHandedIn(w http.ResponseWriter, r *http.Request) (Item, Addressed, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxHandedIn))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return Item{}, Addressed{}, refuse(http.StatusRequestEntityTooLarge, "the article is larger than %d KB", maxHandedIn>>10)
	}
	if err != nil {
		return Item{}, Addressed{}, refuse(http.StatusBadRequest, "the body ended before its end")
	}
	contentType := r.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	switch kind {
	case "application/json":
		return readJSONArticle(body)
	case "application/atom+xml", "application/xml", "text/xml":
		item, err := readAtomEntry(body, contentType)
		query := r.URL.Query()
		return item, Addressed{Feed: query.Get("feed"), Categories: query["category"], Source: query.Get("source")}, err
	}
	w.Header().Set("Accept-Post", "application/json, application/atom+xml")
	return Item{}, Addressed{}, refuse(http.StatusUnsupportedMediaType, "Content-Type %q is neither application/json nor application/atom+xml", contentType)
}

func readJSONArticle(body []byte) (Item, Addressed, error) {
	var a HandedIn
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields() // a field misspelt is better told than lost
	if err := decoder.Decode(&a); err != nil {
		return Item{}, Addressed{}, refuse(http.StatusBadRequest, "the JSON cannot be read: %s", oneLine(err.Error()))
	}
	if decoder.More() {
		return Item{}, Addressed{}, refuse(http.StatusBadRequest, "the body holds more than one JSON object; hand in articles one by one")
	}
	for name, address := range map[string]string{"url": a.URL, "image": a.Image} {
		if address != "" && !isWeb(address) {
			return Item{}, Addressed{}, refuse(http.StatusUnprocessableEntity, "%s: %q is not an address of the web", name, address)
		}
	}
	return Item{
		GUID: a.GUID, Link: a.URL, Title: plainOrHTML(a.Title), Summary: plainOrHTML(a.Summary), Content: plainOrHTML(a.Content),
		Published: a.Published, Image: a.Image,
	}, a.Addressed, nil
}

// plainOrHTML takes a text for HTML if it could be.
func plainOrHTML(text string) Text { return Text{Value: text, HTML: strings.ContainsAny(text, "<&")} }

// readAtomEntry reads an entry that stands alone (RFC 4287 §2), or a feed that holds one.
func readAtomEntry(body []byte, contentType string) (Item, error) {
	document := body
	if start := bytes.Index(body, []byte("<entry")); start >= 0 && !bytes.Contains(body[:start], []byte("<feed")) {
		document = slices.Concat(body[:start], []byte(`<feed xmlns="http://www.w3.org/2005/Atom">`), body[start:], []byte("</feed>"))
	}
	parsed, err := Parse(document, Source{ContentType: contentType})
	if err != nil {
		return Item{}, refuse(http.StatusBadRequest, "the entry cannot be read: %s", oneLine(err.Error()))
	}
	if len(parsed.Items) != 1 {
		return Item{}, refuse(http.StatusUnprocessableEntity, "the document holds %d entries; hand in articles one by one", len(parsed.Items))
	}
	return parsed.Items[0], nil
}

// keepHandedIn keeps an article as a poll would have.
func (p *Poller) keepHandedIn(ctx context.Context, item Item, to Addressed) (Receipt, error) {
	if strings.TrimSpace(item.GUID) == "" && item.Link == "" {
		return Receipt{}, refuse(http.StatusUnprocessableEntity, "guid and url are both missing; one of them must tell the article from others")
	}
	feed, err := p.belongs(ctx, to)
	if err != nil {
		return Receipt{}, err
	}
	c := &cycle{Poller: p, feed: feed, state: feed.State, memory: MemoryOf(feed.State), pushed: true, total: 1}
	c.state.Imported = true
	drafts := c.compose(&Parsed{Items: []Item{item}})
	if len(drafts) == 0 {
		return Receipt{}, refuse(http.StatusUnprocessableEntity, "there is nothing to send: the article has neither a headline nor a text that can be read")
	}
	if err := c.completeNow(ctx, &drafts[0]); err != nil {
		return Receipt{}, err
	}
	var receipt Receipt
	err = p.store.Write(ctx, func(tx store.Tx) error {
		p.telling.Lock()
		defer p.telling.Unlock()
		if err := p.loadTales(ctx, tx, c.now()); err != nil {
			return err
		}
		receipt, err = c.handOver(ctx, tx, drafts)
		return err
	})
	if err != nil {
		p.forgetTales()
		return Receipt{}, fmt.Errorf("keep an article that was handed in: %w", err)
	}
	p.o.Log.Info("an article was handed in", "article", receipt.Article, "status", receipt.Status)
	p.o.Saved()
	return receipt, nil
}

// completeNow reads the page of a stub at once: its sender waits to be told what will be sent.
func (c *cycle) completeNow(ctx context.Context, draft *Draft) error {
	if !c.waits(*draft) {
		return nil
	}
	keys := c.keys([]Draft{*draft})
	known, err := knownTo(ctx, c.store, keys, c.now())
	if err != nil {
		return fmt.Errorf("look up an article that was handed in: %w", err)
	}
	if _, old := match(keys[0], known); !old {
		c.complete(ctx, draft)
	}
	return nil
}

// handOver keeps the one draft there is, inside a transaction.
func (c *cycle) handOver(ctx context.Context, tx store.Tx, drafts []Draft) (Receipt, error) {
	d := desk{cycle: c, tx: tx, feed: c.feed, now: c.now()}
	keys := c.keys(drafts)
	if !slices.ContainsFunc(keys[0], func(k store.Key) bool { return k.Kind != keyText }) {
		return Receipt{}, refuse(http.StatusUnprocessableEntity, "neither a guid nor a url that leads to the article: it could not be told from others")
	}
	known, err := tx.Known(ctx, flatten(keys))
	if err != nil {
		return Receipt{}, err
	}
	id, old := match(keys[0], known)
	changed := 0
	if old {
		changed, err = d.again(ctx, id, drafts[0], keys[0])
	} else {
		fate := d.sort(drafts, keys, known, false, d.now)[0]
		if fate == told && d.isStale(drafts[0].Article.Published) {
			fate = filed // the publisher's system saved an old article anew
		}
		err = d.add(ctx, drafts[0], keys[0], fate)
		for _, added := range d.fresh {
			id = added
		}
	}
	if err != nil {
		return Receipt{}, err
	}
	a, err := tx.Article(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Article: a.ID, Headline: a.Headline, Summary: a.Summary, URL: a.URL, Image: a.Image, Story: a.Story}
	switch {
	case a.Retracted:
		r.Status = StatusRetracted
	case a.Held:
		r.Status = StatusHeld
	case changed > 0 && a.Feed == c.feed.ID:
		r.Status = StatusRevised
	case old:
		r.Status = StatusKnown
	case a.History:
		r.Status = StatusHistory
	default:
		r.Status = StatusNew
	}
	if r.Summary == nil {
		r.Summary = []string{}
	}
	return r, nil
}

// belongs finds the feed and the categories of an article. Without a feed it belongs to one that is in no catalogue.
func (p *Poller) belongs(ctx context.Context, to Addressed) (feed store.Feed, err error) {
	if to.Feed != "" {
		if feed, err = p.feedAt(ctx, p.store, to.Feed); err != nil {
			return feed, err
		}
	}
	if to.Source != "" {
		feed.Title = bengali.Normalize(oneLine(to.Source))
	}
	if len(to.Categories) == 0 {
		if len(feed.Categories) == 0 {
			return feed, refuse(http.StatusUnprocessableEntity, "categories: name at least one, or a feed that has some; nobody would get the article")
		}
		return feed, nil
	}
	all, err := p.store.Categories(ctx)
	if err != nil {
		return feed, err
	}
	feed.Categories = nil
	for _, name := range to.Categories {
		i := slices.IndexFunc(all, func(c store.Category) bool {
			return c.Slug == name || bengali.Fold(c.Name) == bengali.Fold(name) || c.NameEN != "" && strings.EqualFold(c.NameEN, name)
		})
		if i < 0 {
			var known []string
			for _, c := range all {
				known = append(known, c.Slug)
			}
			return feed, refuse(http.StatusUnprocessableEntity, "categories: there is none called %q; there are: %s", name, strings.Join(known, ", "))
		}
		if !slices.Contains(feed.Categories, all[i].ID) {
			feed.Categories = append(feed.Categories, all[i].ID)
		}
	}
	slices.Sort(feed.Categories)
	return feed, nil
}
