// Package feedstest is a publisher's site under our control: articles are published on it as an editor would, and it serves them
// over real HTTP as pages and as feeds in RSS, Atom and JSON. What a server may do to a reader can be scripted: statuses, headers,
// slowness, broken bodies. And it counts, in words, every rule of politeness that its reader breaks.
//
// Tests, the demo and benchmarks use it. It must not know how its feeds are read.
package feedstest

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"image/jpeg"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An Article is what the site publishes.
type Article struct {
	// GUID identifies it in the feeds; empty means its number.
	GUID  string
	Title string
	// Paragraphs are its text; a paragraph that begins with < is HTML and stands as it is.
	Paragraphs []string
	Categories []string
	Author     string
	// Image gives it a picture.
	Image     bool
	Published time.Time
	// Teaser, if set, stands in the feeds instead of the text: a feed of stubs.
	Teaser string
}

// Options are the properties of a site.
type Options struct {
	// Address is where to listen; empty means any free port of 127.0.0.1.
	Address string
	// Title is the name of the paper.
	Title string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// MaxAge is how long its feeds are said to be fresh.
	MaxAge time.Duration
	// Items is how many articles a feed holds; 0 means 30.
	Items int
	// Unconditional sites send no validators.
	Unconditional bool
	// Hub is the address of a WebSub hub to name in the feeds.
	Hub string
	// TTL is written into the RSS feeds if it is not 0.
	TTL time.Duration
	// Spaced makes two requests that come within two seconds of the clock a violation.
	Spaced bool
	// Robots is the text of robots.txt; empty means there is none.
	Robots string
}

// A Site is a running publisher. It is safe for concurrent use.
type Site struct {
	o      Options
	url    string
	server *http.Server
	done   chan struct{}

	mu         sync.Mutex
	articles   []published // oldest first
	subscribe  func(categories []string) string
	next       int
	scripts    map[string][]Script
	requests   []Request
	violations []string
	visitors   map[string]*visitor // by path
	inFlight   int
	last       time.Time
}

type published struct {
	Article
	number  int
	changed time.Time
}

// A Script is one answer that is given instead of the site's own.
type Script struct {
	// Status is sent with Header and Body; 0 means the site's own answer, with Header added.
	Status int
	Header http.Header
	Body   []byte
	// Delay passes before the answer begins.
	Delay time.Duration
	// Cut ends the connection after so many bytes of the body, if it is not 0.
	Cut int
	// Times is how often the script is played; 0 means once, -1 for ever.
	Times int
	// Arrived is called when a request is answered so; it must not block. Nil for nobody.
	Arrived func()
}

// A Request is one that the site has received.
type Request struct {
	Path   string
	Header http.Header
	At     time.Time
	Status int
}

// visitor is what the site told at one path, to judge the next request by.
type visitor struct {
	etag, modified string
	notBefore      time.Time // by max-age or Retry-After
	why            string
	given          bool // validators were given
}

// Start opens a site.
func Start(o Options) (*Site, error) {
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Items == 0 {
		o.Items = 30
	}
	if o.Title == "" {
		o.Title = "নমুনা সংবাদ"
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", o.Address)
	if err != nil {
		return nil, fmt.Errorf("open the publisher's site: %w", err)
	}
	s := &Site{o: o, url: "http://" + listener.Addr().String(), scripts: map[string][]Script{}, visitors: map[string]*visitor{}, next: 1, done: make(chan struct{})}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			panic(err) // the listener was taken from under us: no test can go on
		}
	}()
	return s, nil
}

// Close ends the site.
func (s *Site) Close() {
	s.server.Close() //nolint:errcheck // nothing is lost with it
	<-s.done
}

// URL is the address of the front page, without a slash at its end.
func (s *Site) URL() string { return s.url }

// Feed is the address of the RSS feed of a category, of all articles when it is empty.
func (s *Site) Feed(category string) string {
	if category == "" {
		return s.url + "/feed.xml"
	}
	return s.url + "/" + url.PathEscape(category) + "/feed.xml"
}

// Publish adds an article and returns its address. Without a date it is published now.
func (s *Site) Publish(a Article) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Published.IsZero() {
		a.Published = s.o.Now()
	}
	if a.GUID == "" {
		a.GUID = fmt.Sprintf("%s/?p=%d", s.url, s.next)
	}
	s.articles = append(s.articles, published{a, s.next, s.o.Now()})
	s.next++
	return s.page(s.next - 1)
}

// Change alters a published article, found by its address. It reports whether there is one.
func (s *Site) Change(address string, change func(*Article)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.articles {
		if s.page(s.articles[i].number) == address {
			change(&s.articles[i].Article)
			s.articles[i].changed = s.o.Now()
			return true
		}
	}
	return false
}

// Remove takes an article back. It reports whether there was one.
func (s *Site) Remove(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.articles)
	s.articles = slices.DeleteFunc(s.articles, func(p published) bool { return s.page(p.number) == address })
	return len(s.articles) < before
}

// WhatsAppLine is the call to follow that papers print under their articles.
const WhatsAppLine = "হোয়াটসঅ্যাপে খবর পেতে এখানে ক্লিক করুন"

// Subscribe makes article pages end with the HTML that snippet gives for their categories, in place of WhatsAppLine. Feeds
// keep that line.
func (s *Site) Subscribe(snippet func(categories []string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscribe = snippet
}

// Script makes the next requests of a path get this answer; scripts of a path are played one after the other.
func (s *Site) Script(path string, script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[path] = append(s.scripts[path], script)
}

// Requests are those received so far.
func (s *Site) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Violations are the rules of politeness that were broken so far, in words.
func (s *Site) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *Site) page(number int) string { return s.url + "/news/" + strconv.Itoa(number) }

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	script, scripted := s.receive(r)
	defer s.leave()
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { s.answered(r, rec) }()
	if scripted {
		if script.Delay > 0 {
			timer := time.NewTimer(script.Delay)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-r.Context().Done():
				return
			}
		}
		for key, values := range script.Header {
			rec.Header()[http.CanonicalHeaderKey(key)] = values
		}
		if script.Status != 0 {
			if script.Cut > 0 {
				rec.Header().Set("Content-Length", strconv.Itoa(len(script.Body)))
			}
			rec.WriteHeader(script.Status)
			body := script.Body
			if script.Cut > 0 {
				body = body[:min(script.Cut, len(body))]
			}
			rec.Write(body) //nolint:errcheck // the reader may have hung up
			return
		}
	}
	s.answer(rec, r)
}

// receive notes a request and judges it.
func (s *Site) receive(r *http.Request) (script Script, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Now()
	blame := func(format string, args ...any) {
		s.violations = append(s.violations, r.URL.Path+": "+fmt.Sprintf(format, args...))
	}
	s.requests = append(s.requests, Request{Path: r.URL.Path, Header: r.Header.Clone(), At: now})
	s.inFlight++
	if s.o.Spaced {
		if s.inFlight > 1 {
			blame("%d requests at a time", s.inFlight)
		}
		if gap := now.Sub(s.last); !s.last.IsZero() && gap < 2*time.Second {
			blame("%s after the request before", gap)
		}
		s.last = now
	}
	for _, h := range []string{"Referer", "Cookie"} {
		if r.Header.Get(h) != "" {
			blame("sent a %s", h)
		}
	}
	if agent := r.UserAgent(); agent == "" || strings.HasPrefix(agent, "Go-http-client") || strings.Contains(agent, "Mozilla") {
		blame("calls itself %q", agent)
	}
	if r.URL.RawQuery != "" {
		blame("added a query: %s", r.URL.RawQuery)
	}
	v := s.visitors[r.URL.Path]
	if v == nil {
		v = &visitor{}
		s.visitors[r.URL.Path] = v
	}
	if now.Before(v.notBefore) {
		blame("came %s before the end of %s", v.notBefore.Sub(now), v.why)
	}
	etag, modified := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
	if etag != "" && etag != v.etag || modified != "" && modified != v.modified {
		blame("validators %q, %q are not those given: %q, %q", etag, modified, v.etag, v.modified)
	}
	if v.given && etag == "" && modified == "" && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "feed.xml") {
		blame("asked unconditionally once more")
	}
	if queue := s.scripts[r.URL.Path]; len(queue) > 0 {
		script = queue[0]
		switch {
		case script.Times > 1:
			queue[0].Times--
		case script.Times >= 0:
			s.scripts[r.URL.Path] = queue[1:]
		}
		if script.Arrived != nil {
			script.Arrived()
		}
		return script, true
	}
	return Script{}, false
}

func (s *Site) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
}

// answered notes what the answer binds the reader to.
func (s *Site) answered(r *http.Request, rec *recorder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.requests) - 1; i >= 0; i-- {
		if s.requests[i].Path == r.URL.Path && s.requests[i].Status == 0 {
			s.requests[i].Status = rec.status
			break
		}
	}
	v, now := s.visitors[r.URL.Path], s.o.Now()
	if seconds, err := strconv.Atoi(rec.Header().Get("Retry-After")); err == nil {
		v.notBefore, v.why = now.Add(time.Duration(seconds)*time.Second), "Retry-After"
	} else if age, ok := strings.CutPrefix(rec.Header().Get("Cache-Control"), "max-age="); ok {
		if seconds, err := strconv.Atoi(age); err == nil {
			v.notBefore, v.why = now.Add(time.Duration(seconds)*time.Second), "max-age"
		}
	}
	if rec.status == http.StatusOK || rec.status == http.StatusNotModified {
		etag, modified := rec.Header().Get("Etag"), rec.Header().Get("Last-Modified")
		if etag != "" || modified != "" {
			v.etag, v.modified, v.given = etag, modified, true
		}
	}
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// answer is the site's own.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	articles, subscribe := slices.Clone(s.articles), s.subscribe
	s.mu.Unlock()
	category, isFeed := "", true
	path := r.URL.Path
	switch {
	case path == "/feed.xml" || path == "/atom.xml" || path == "/feed.json":
	case strings.HasSuffix(path, "/feed.xml"):
		category = strings.Trim(strings.TrimSuffix(path, "/feed.xml"), "/")
	default:
		isFeed = false
	}
	if isFeed {
		s.serveFeed(w, r, selected(articles, category, s.o.Items), category)
		return
	}
	if path == "/robots.txt" && s.o.Robots != "" {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, s.o.Robots) //nolint:errcheck // the reader may have hung up
		return
	}
	if number, ok := strings.CutPrefix(path, "/image/"); ok {
		s.serveImage(w, strings.TrimSuffix(number, ".jpg"))
		return
	}
	if path == "/" {
		serveTemplate(w, frontPage, map[string]any{"Site": s.o.Title, "Articles": s.pages(articles)})
		return
	}
	for _, p := range s.pages(articles) {
		if p.URL == s.url+path {
			if subscribe != nil {
				p.offer(subscribe)
			}
			serveTemplate(w, articlePage, map[string]any{"Site": s.o.Title, "Article": p})
			return
		}
	}
	http.NotFound(w, r)
}

// selected are a category's newest articles, newest first.
func selected(articles []published, category string, most int) []published {
	var out []published
	for _, a := range slices.Backward(articles) {
		if category == "" || slices.Contains(a.Categories, category) {
			out = append(out, a)
		}
		if len(out) == most {
			break
		}
	}
	return out
}

func (s *Site) serveFeed(w http.ResponseWriter, r *http.Request, articles []published, category string) {
	var body []byte
	kind := "application/rss+xml; charset=utf-8"
	switch r.URL.Path {
	case "/atom.xml":
		body, kind = s.atom(articles), "application/atom+xml"
	case "/feed.json":
		body, kind = s.json(articles), "application/feed+json"
	default:
		body = s.rss(articles, category)
	}
	w.Header().Set("Content-Type", kind)
	if s.o.MaxAge > 0 {
		w.Header().Set("Cache-Control", fmt.Sprintf("max-age=%d", int(s.o.MaxAge.Seconds())))
	}
	if !s.o.Unconditional {
		sum := fnv.New64a()
		sum.Write(body) //nolint:errcheck // a hash
		etag := fmt.Sprintf(`W/"%x"`, sum.Sum64())
		w.Header().Set("Etag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Write(body) //nolint:errcheck // the reader may have hung up
}

func (s *Site) serveImage(w http.ResponseWriter, number string) {
	n, _ := strconv.Atoi(number)
	picture := landscape(n)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Write(b.Bytes()) //nolint:errcheck // the reader may have hung up
}

func serveTemplate(w http.ResponseWriter, t *template.Template, data any) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b.Bytes()) //nolint:errcheck // the reader may have hung up
}

// escape makes text fit for XML.
func escape(text string) string {
	var b bytes.Buffer
	if xml.EscapeText(&b, []byte(text)) != nil {
		return ""
	}
	return b.String()
}
