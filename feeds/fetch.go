package feeds

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Limits of a fetch. Bodies are counted after decompression; a body that swells more than maxRatio-fold is a bomb.
const (
	maxBody      = 10 << 20
	maxHeaders   = 64 << 10
	maxRatio     = 200
	maxRedirects = 5

	tlsTimeout    = 10 * time.Second
	headerTimeout = 20 * time.Second
	fetchTimeout  = 30 * time.Second
	idleTimeout   = 30 * time.Second
)

// A Fetcher asks web servers, politely and safely. All its requests share one pool of connections. It is safe for
// concurrent use.
type Fetcher struct {
	client  *http.Client
	allow   Allow
	agent   string
	timeout time.Duration
	now     func() time.Time
}

// FetcherOptions are what an operator may set.
type FetcherOptions struct {
	// Agent is the honest User-Agent, the same for every host.
	Agent string
	// Allow lists the hosts that may be private.
	Allow Allow
	// Timeout bounds a whole request; 0 means 30 s.
	Timeout time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// NewFetcher returns a Fetcher. Its idle connections are closed after 30 s.
func NewFetcher(o FetcherOptions) *Fetcher {
	f := &Fetcher{allow: o.Allow, agent: o.Agent, timeout: o.Timeout, now: o.Now}
	if f.agent == "" {
		f.agent = "Harkara (+https://github.com/harkara/harkara)"
	}
	if f.timeout == 0 {
		f.timeout = fetchTimeout
	}
	if f.now == nil {
		f.now = time.Now
	}
	f.client = &http.Client{
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy of the environment would dial past the guard
			DialContext:            guardedDial(o.Allow),
			ForceAttemptHTTP2:      true,
			TLSClientConfig:        handshakes(),
			TLSHandshakeTimeout:    tlsTimeout,
			ResponseHeaderTimeout:  headerTimeout,
			MaxResponseHeaderBytes: maxHeaders,
			MaxIdleConns:           256,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        idleTimeout,
			DisableCompression:     true, // done here, where it can be bounded
		},
	}
	return f
}

// keptSessions is how many hosts' TLS sessions are kept, so that a host that closed its connection is not asked for its
// certificates anew.
const keptSessions = 1024

// handshakes are as cheap as they can be for what everybody may read: sessions are resumed, and keys are not agreed on in the
// way that would guard today's news from tomorrow's quantum computers, which was a quarter of all work (measured). Everything
// else, the check of certificates first, is the standard library's.
func handshakes() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		CurvePreferences:   []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521},
		ClientSessionCache: tls.NewLRUClientSessionCache(keptSessions),
	}
}

// Close ends idle connections.
func (f *Fetcher) Close() { f.client.CloseIdleConnections() }

// A Request asks for one document.
type Request struct {
	URL string
	// ETag and LastModified make the request conditional. They are sent back byte for byte.
	ETag, LastModified string
	// Accept is the header of that name; empty means feeds.
	Accept string
	// Limit bounds the body in bytes; 0 means 10 MB.
	Limit int64
	// UntilHead lets a page end after its head element.
	UntilHead bool
}

// AcceptFeed and AcceptPage say what we can read.
const (
	AcceptFeed = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
	AcceptPage = "text/html, application/xhtml+xml, */*;q=0.5"
)

// An Answer is what a server gave: a body, or the word that nothing changed.
type Answer struct {
	// NotModified is set when the validators still hold; there is no body then.
	NotModified bool
	Body        []byte
	// Cut is set when the connection ended before the body did.
	Cut bool
	// URL is where the answer came from, after redirects.
	URL string
	// ETag and LastModified are those of this answer, byte for byte; empty if it had none.
	ETag, LastModified string
	// ContentType, ContentLocation and Link are headers as sent.
	ContentType, ContentLocation string
	Link                         []string
	// Fresh is how long the answer stays good: max-age less Age, else Expires less Date (RFC 9111 §4.2). 0 if unknown.
	Fresh time.Duration
	// RetryAfter is when the server wants to be asked again; 0 if it did not say.
	RetryAfter time.Duration
	// MovedTo is the last address of an unbroken chain of permanent redirects (301, 308) from the requested one;
	// empty if there was none, or one that is no sound proof.
	MovedTo string
}

// journey is what is noted while a request follows redirects.
type journey struct {
	permanent bool
	hops      int
}

type journeyKey struct{}

// Get sends the request. Every error is a *Fault.
func (f *Fetcher) Get(ctx context.Context, r Request) (*Answer, error) {
	u, fault := checkURL(r.URL)
	if fault != nil {
		return nil, fault
	}
	trip := &journey{permanent: true}
	ctx, cancel := context.WithTimeoutCause(context.WithValue(ctx, journeyKey{}, trip), f.timeout, context.DeadlineExceeded)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Fault{Kind: FaultAddress, Step: "fetch", Reason: "this is not an address that can be asked"}
	}
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Accept", or2(r.Accept, AcceptFeed))
	req.Header.Set("Accept-Encoding", "gzip")
	if r.ETag != "" {
		req.Header["If-None-Match"] = []string{r.ETag}
	}
	if r.LastModified != "" {
		req.Header["If-Modified-Since"] = []string{r.LastModified}
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, transportFault(err)
	}
	defer resp.Body.Close()
	return f.read(resp, r, trip)
}

func or2(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// checkURL refuses what should not even be dialled.
func checkURL(address string) (*url.URL, *Fault) {
	refuse := func(reason string) (*url.URL, *Fault) {
		return nil, &Fault{Kind: FaultAddress, Step: "fetch", Reason: reason}
	}
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return refuse("the address cannot be read; is it copied whole?")
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse(fmt.Sprintf("the address begins with %q; only http and https are asked", u.Scheme+":"))
	case u.Hostname() == "":
		return refuse("the address names no host")
	case len(address) > 8<<10:
		return refuse("the address is longer than 8 KB")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return refuse("the address names a port that does not exist")
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	trip, _ := req.Context().Value(journeyKey{}).(*journey)
	refuse := func(reason string) error {
		return &Fault{Kind: FaultRedirect, Step: "fetch", Reason: reason}
	}
	// Go sets a Referer and copies the validators; the first tells where our readers come from, the
	// second belong to another resource once the site changes.
	req.Header.Del("Referer")
	from := via[len(via)-1].URL
	switch {
	case len(via) > maxRedirects:
		return refuse(fmt.Sprintf("redirected more than %d times", maxRedirects))
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		return refuse(fmt.Sprintf("redirected to %q, which is not the web", req.URL.Scheme+":"))
	case req.URL.Hostname() == "":
		return refuse("redirected to an address without a host")
	case from.Scheme == "https" && req.URL.Scheme == "http":
		return refuse("redirected from a secure address to one that is not")
	case req.URL.User != nil && (from.User == nil || req.URL.User.String() != from.User.String()):
		return refuse("redirected to an address with a password")
	}
	if site(from.Hostname()) != site(req.URL.Hostname()) {
		for _, h := range []string{"If-None-Match", "If-Modified-Since", "Authorization", "Cookie"} {
			req.Header.Del(h)
		}
	}
	if trip != nil {
		status := 0
		if req.Response != nil {
			status = req.Response.StatusCode
		}
		trip.hops++
		trip.permanent = trip.permanent && (status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect)
	}
	return nil
}

// site is the registrable domain of a host: what one publisher owns.
func site(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if s, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return s
	}
	return host
}

func (f *Fetcher) read(resp *http.Response, r Request, trip *journey) (*Answer, error) {
	a := &Answer{
		URL: withoutPassword(resp.Request.URL), ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"),
		ContentType: resp.Header.Get("Content-Type"), ContentLocation: resp.Header.Get("Content-Location"), Link: resp.Header.Values("Link"),
		Fresh: freshness(resp.Header, f.now()), RetryAfter: f.retryAfter(resp.Header),
	}
	if trip.hops > 0 && trip.permanent && !looksLikeLogin(resp.Request.URL) {
		a.MovedTo = a.URL
	}
	switch resp.StatusCode {
	case http.StatusNotModified:
		if r.ETag == "" && r.LastModified == "" {
			return nil, &Fault{Kind: FaultServer, Step: "fetch", Status: resp.StatusCode, Reason: "the server says “not modified” though nothing was asked to compare"}
		}
		a.NotModified = true
		return a, nil
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
	default:
		return nil, statusFault(resp.StatusCode, a.RetryAfter)
	}
	limit := r.Limit
	if limit == 0 {
		limit = maxBody
	}
	var fault *Fault
	if a.Body, a.Cut, fault = readBody(resp, limit, r.UntilHead); fault != nil {
		return nil, fault
	}
	return a, nil
}

func readBody(resp *http.Response, limit int64, untilHead bool) (body []byte, cut bool, fault *Fault) {
	fail := func(kind FaultKind, reason string, err error) ([]byte, bool, *Fault) {
		return nil, false, &Fault{Kind: kind, Step: "fetch", Reason: reason, Err: err}
	}
	tooLarge := fmt.Sprintf("the answer is larger than %d KB", limit>>10)
	if resp.ContentLength > limit && !untilHead {
		return fail(FaultTooLarge, tooLarge, nil)
	}
	wire := &countingReader{r: resp.Body}
	buffered := bufio.NewReader(wire)
	var source io.Reader = buffered
	// Some servers label what is not compressed, and some do not label what is; the first bytes know.
	if magic, _ := buffered.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		unzip, err := gzip.NewReader(buffered)
		if err != nil {
			return fail(FaultBroken, "the answer's compression is damaged", err)
		}
		source = unzip
	} else if packing := strings.ToLower(resp.Header.Get("Content-Encoding")); isPacking(packing) {
		return fail(FaultServer, fmt.Sprintf("the answer is packed as %q, which was not asked for", packing), nil)
	}
	var out bytes.Buffer
	out.Grow(int(min(max(resp.ContentLength, 0), 1<<20)))
	lent := chunks.Get().(*[]byte) //nolint:errcheck,forcetypeassert // nothing else is ever put there
	defer chunks.Put(lent)
	chunk := *lent
	for {
		n, err := source.Read(chunk)
		out.Write(chunk[:n])
		var damaged flate.CorruptInputError
		switch {
		case int64(out.Len()) > limit && untilHead:
			return out.Bytes()[:limit], true, nil
		case int64(out.Len()) > limit:
			return fail(FaultTooLarge, tooLarge, nil)
		case out.Len() > 1<<20 && int64(out.Len()) > wire.n*maxRatio:
			return fail(FaultHostile, "the answer swells without measure when unpacked", nil)
		case err == io.EOF:
			return out.Bytes(), false, nil
		case errors.Is(err, io.ErrUnexpectedEOF) && out.Len() > 0:
			return out.Bytes(), true, nil
		case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &damaged):
			return fail(FaultBroken, "the answer's compression is damaged", err)
		case err != nil:
			return nil, false, transportFault(err)
		case untilHead && bytes.Contains(bytes.ToLower(chunk[:n]), []byte("</head")):
			return out.Bytes(), true, nil
		}
	}
}

// chunks are what bodies are read by.
var chunks = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

// isPacking reports whether a Content-Encoding says that the body must be unpacked; what servers write there in error is
// left out.
func isPacking(encoding string) bool {
	switch encoding {
	case "br", "zstd", "deflate", "compress", "x-compress", "dcb", "dcz":
		return true
	}
	return false
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// freshness is how long an answer needs not be asked for again.
func freshness(h http.Header, now time.Time) time.Duration {
	for directive := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			seconds, err := strconv.ParseInt(strings.Trim(value, `" `), 10, 32)
			if err != nil || seconds < 0 {
				return 0
			}
			age, _ := strconv.ParseInt(strings.TrimSpace(h.Get("Age")), 10, 32)
			return max(0, time.Duration(seconds-max(0, age))*time.Second)
		}
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(0, expires.Sub(now))
}

// Bounds on what a server may ask for with Retry-After.
const (
	unreadableRetry = 10 * time.Minute
	longestRetry    = 24 * time.Hour
)

// retryAfter reads the header (RFC 9110 §10.2.3); what cannot be read counts as ten minutes.
func (f *Fetcher) retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil && seconds >= 0 {
		if seconds > int64(longestRetry/time.Second) {
			return longestRetry
		}
		return max(time.Second, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(f.now()), time.Second), longestRetry)
	}
	return unreadableRetry
}

func statusFault(status int, retry time.Duration) *Fault {
	f := &Fault{Kind: FaultServer, Step: "fetch", Status: status, RetryAfter: retry, Reason: fmt.Sprintf("the server answered %d %s", status, http.StatusText(status))}
	f.Reason = strings.TrimSpace(f.Reason)
	switch status {
	case http.StatusNotFound:
		f.Kind = FaultMissing
		f.Reason += "; is the address of the feed right?"
	case http.StatusGone:
		f.Kind = FaultGone
		f.Reason += ": the feed was closed"
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired, http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		f.Kind = FaultDenied
		f.Reason += ": the server does not let us read it; ask the publisher"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		f.Kind = FaultBusy
		f.Reason += "; it will be asked again later"
	}
	return f
}

// looksLikeLogin reports whether a redirect led to a door instead of a move: a login or the portal of a network.
func looksLikeLogin(u *url.URL) bool {
	path := strings.ToLower(u.Path)
	for _, word := range []string{"login", "signin", "sign-in", "captive", "consent", "blocked"} {
		if strings.Contains(path, word) {
			return true
		}
	}
	return false
}

// withoutPassword prints an address without what stands before its @.
func withoutPassword(u *url.URL) string {
	if u.User == nil {
		return u.String()
	}
	bare := *u
	bare.User = nil
	return bare.String()
}
