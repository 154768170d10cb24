package feeds_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/harkara/harkara/feeds"
)

const agent = "Harkara/1.0 (+https://paper.example/bot; 12 readers)"

// near is a fetcher that may reach this machine.
func near(t testing.TB) *feeds.Fetcher { t.Helper(); return within(t, patience) }

func within(t testing.TB, limit time.Duration) *feeds.Fetcher {
	t.Helper()
	allow, err := feeds.ParseAllow([]string{"127.0.0.1/32"})
	if err != nil {
		t.Fatal(err)
	}
	f := feeds.NewFetcher(feeds.FetcherOptions{Agent: agent, Allow: allow, Timeout: limit})
	t.Cleanup(f.Close)
	return f
}

func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

func TestRequestsArePolite(t *testing.T) {
	var seen []http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Clone())
		switch r.URL.Path {
		case "/moved":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, "/feed", http.StatusFound)
		default:
			w.Header()["Etag"] = []string{`W/"odd 1"-gzip`}
			w.Header().Set("Last-Modified", "Tue, 05 Oct 2021 10:20:00 +0000 ")
			fmt.Fprint(w, "<rss/>")
		}
	})
	f := near(t)
	a, err := f.Get(t.Context(), feeds.Request{URL: url + "/moved"})
	if err != nil {
		t.Fatal(err)
	}
	if a.MovedTo != "" {
		t.Errorf("a passing redirect was taken for a move to %s", a.MovedTo)
	}
	if _, err := f.Get(t.Context(), feeds.Request{URL: url + "/feed", ETag: a.ETag, LastModified: "Tue, 05 Oct 2021 10:20:00 +0000"}); err != nil {
		t.Fatal(err)
	}
	for _, h := range seen {
		if h.Get("Referer") != "" || h.Get("Cookie") != "" || h.Get("User-Agent") != agent || h.Get("Accept-Encoding") != "gzip" {
			t.Errorf("headers %v", h)
		}
	}
	if got := seen[0]["If-None-Match"]; got != nil {
		t.Errorf("a validator was invented: %q", got)
	}
	last := seen[len(seen)-1]
	if last.Get("If-None-Match") != `W/"odd 1"-gzip` || last.Get("If-Modified-Since") != "Tue, 05 Oct 2021 10:20:00 +0000" {
		t.Errorf("validators were changed: %v", last)
	}
}

func TestValidatorsStayOnTheirSite(t *testing.T) {
	var got http.Header
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header.Clone(); fmt.Fprint(w, "<rss/>") })
	other = strings.Replace(other, "127.0.0.1", "localhost", 1)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusMovedPermanently) })
	a, err := near(t).Get(t.Context(), feeds.Request{URL: strings.Replace(url, "http://", "http://user:secret@", 1), ETag: `"x"`})
	if err != nil {
		t.Fatal(err)
	}
	if got.Get("If-None-Match") != "" || got.Get("Authorization") != "" {
		t.Errorf("another site was sent %v", got)
	}
	if a.MovedTo != other {
		t.Errorf("moved to %q, want %q", a.MovedTo, other)
	}
}

func TestAnswersAreRead(t *testing.T) {
	now := time.Now().UTC()
	zip := func(s string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, s) //nolint:errcheck // a buffer
		w.Close()
		return b.String()
	}
	for _, c := range []struct {
		name   string
		header map[string]string
		status int
		body   string
		check  func(a *feeds.Answer) bool
	}{
		{"compressed", map[string]string{"Content-Encoding": "gzip"}, 200, zip("<rss/>"), func(a *feeds.Answer) bool { return string(a.Body) == "<rss/>" }},
		{"compressed without saying so", nil, 200, zip("<rss/>"), func(a *feeds.Answer) bool { return string(a.Body) == "<rss/>" }},
		{"said to be compressed, but not", map[string]string{"Content-Encoding": "gzip"}, 200, "<rss/>", func(a *feeds.Answer) bool { return string(a.Body) == "<rss/>" }},
		{"max-age less age", map[string]string{"Cache-Control": "public, max-age=600", "Age": "100"}, 200, "", func(a *feeds.Answer) bool { return a.Fresh == 500*time.Second }},
		{"no-cache", map[string]string{"Cache-Control": "no-cache, max-age=600"}, 200, "", func(a *feeds.Answer) bool { return a.Fresh == 0 }},
		{"expires", map[string]string{"Date": now.Format(http.TimeFormat), "Expires": now.Add(time.Hour).Format(http.TimeFormat)}, 200, "", func(a *feeds.Answer) bool { return a.Fresh == time.Hour }},
		{"expired", map[string]string{"Expires": "0"}, 200, "", func(a *feeds.Answer) bool { return a.Fresh == 0 }},
		{"freshness of a 304", map[string]string{"Cache-Control": "max-age=60", "ETag": `"n"`}, 304, "", func(a *feeds.Answer) bool { return a.NotModified && a.Fresh == time.Minute && a.ETag == `"n"` }},
		{"asked to wait though all is well", map[string]string{"Retry-After": "120"}, 200, "", func(a *feeds.Answer) bool { return a.RetryAfter == 2*time.Minute }},
		{"cut off", map[string]string{"Content-Length": "100"}, 200, "<rss>", func(a *feeds.Answer) bool { return a.Cut && string(a.Body) == "<rss>" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			a, err := near(t).Get(t.Context(), feeds.Request{URL: url, ETag: `"o"`})
			if err != nil {
				t.Fatal(err)
			}
			if !c.check(a) {
				t.Errorf("got %+v with body %q", a, a.Body)
			}
		})
	}
}

func TestPermanentMovesAreProvenByEveryHop(t *testing.T) {
	for _, c := range []struct {
		path string
		want string
	}{
		{"/301", "/feed"}, {"/308", "/feed"}, {"/301-301", "/feed"}, {"/302", ""}, {"/301-302", ""}, {"/302-301", ""}, {"/307", ""}, {"/feed", ""}, {"/login", ""},
	} {
		t.Run(c.path, func(t *testing.T) {
			var url string
			url = serve(t, func(w http.ResponseWriter, r *http.Request) {
				to := func(status int, path string) { http.Redirect(w, r, url+path, status) }
				switch r.URL.Path {
				case "/301":
					to(301, "/feed")
				case "/308":
					to(308, "/feed")
				case "/302":
					to(302, "/feed")
				case "/307":
					to(307, "/feed")
				case "/301-301":
					to(301, "/308")
				case "/301-302":
					to(301, "/302")
				case "/302-301":
					to(302, "/301")
				case "/login":
					to(301, "/user/login")
				default:
					fmt.Fprint(w, "<rss/>")
				}
			})
			a, err := near(t).Get(t.Context(), feeds.Request{URL: url + c.path})
			if err != nil {
				t.Fatal(err)
			}
			want := c.want
			if want != "" {
				want = url + want
			}
			if a.MovedTo != want {
				t.Errorf("moved to %q, want %q", a.MovedTo, want)
			}
		})
	}
}

// A row of the table of what is refused: an address, or a server that is.
type refusal struct {
	name string
	url  string
	kind feeds.FaultKind // "" stands for forbidden or unreachable, as the resolver decides
	says string
	fn   http.HandlerFunc
}

func refusals() []refusal {
	var rows []refusal
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
		"169.254.169.254", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"[fe80::1]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2001::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[100::1]",
	} {
		rows = append(rows, refusal{name: "private " + host, url: "http://" + host + "/feed", kind: feeds.FaultForbidden, says: "HARKARA_ALLOW_HOSTS"})
	}
	for _, host := range []string{"localhost", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "127.1", "0"} {
		rows = append(rows, refusal{name: "name " + host, url: "http://" + host + "/feed"})
	}
	rows = append(rows, []refusal{
		{name: "a file", url: "file:///etc/passwd", kind: feeds.FaultAddress, says: "only http"},
		{name: "ftp", url: "ftp://h.example/feed", kind: feeds.FaultAddress},
		{name: "gopher", url: "gopher://h.example/", kind: feeds.FaultAddress},
		{name: "javascript", url: "javascript:alert(1)", kind: feeds.FaultAddress},
		{name: "data", url: "data:text/xml,<rss/>", kind: feeds.FaultAddress},
		{name: "no scheme", url: "h.example/feed", kind: feeds.FaultAddress},
		{name: "no host", url: "http:///feed", kind: feeds.FaultAddress, says: "no host"},
		{name: "nothing", url: "", kind: feeds.FaultAddress},
		{name: "control characters", url: "http://h.example/\x7f\n", kind: feeds.FaultAddress},
		{name: "broken escape", url: "http://h.example/%zz", kind: feeds.FaultAddress},
		{name: "impossible port", url: "http://h.example:99999/", kind: feeds.FaultAddress, says: "port"},
		{name: "port of another service", url: "http://8.8.8.8:22/", kind: feeds.FaultForbidden},
		{name: "port of mail", url: "http://8.8.8.8:25/", kind: feeds.FaultForbidden},
		{name: "long address", url: "http://h.example/" + strings.Repeat("a", 10_000), kind: feeds.FaultAddress, says: "longer"},
		{name: "unknown host", url: "http://nothing.invalid/feed", kind: feeds.FaultUnreachable},
		{name: "private with a password", url: "http://user:secret@10.0.0.1/feed", kind: feeds.FaultForbidden},
	}...)
	redirect := func(to string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(status)
		}
	}
	write := func(w io.Writer, s string) { _, _ = io.WriteString(w, s) }
	forever := func(w http.ResponseWriter, r *http.Request, piece string, pause time.Duration) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			if pause > 0 {
				w.(http.Flusher).Flush() //nolint:forcetypeassert // the server's own
				select {
				case <-r.Context().Done():
				case <-time.After(pause):
				}
			}
		}
	}
	bomb := func(layers int) []byte {
		data := bytes.Repeat([]byte("<item/>"), 20<<20/7)
		for range layers {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			z.Write(data) //nolint:errcheck // a buffer
			z.Close()
			data = b.Bytes()
		}
		return data
	}(1)
	return append(rows, []refusal{
		{name: "redirect to the metadata service", kind: feeds.FaultForbidden, fn: redirect("http://169.254.169.254/latest/meta-data/", 302)},
		{name: "redirect to a private host", kind: feeds.FaultForbidden, fn: redirect("http://10.0.0.1/", 301)},
		{name: "redirect to loopback in IPv6", kind: feeds.FaultForbidden, fn: redirect("http://[::1]/", 302)},
		{name: "redirect to mapped metadata", kind: feeds.FaultForbidden, fn: redirect("http://[::ffff:169.254.169.254]/", 302)},
		{name: "redirect to a file", kind: feeds.FaultRedirect, fn: redirect("file:///etc/passwd", 302)},
		{name: "redirect to gopher", kind: feeds.FaultRedirect, fn: redirect("gopher://h.example/", 302)},
		{name: "redirect with a password", kind: feeds.FaultRedirect, fn: redirect("http://a:b@h.example/", 302)},
		{name: "redirect without end", kind: feeds.FaultRedirect, says: "more than 5", fn: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) }},
		{name: "redirect to itself", kind: feeds.FaultRedirect, fn: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusMovedPermanently) }},
		{name: "redirect to nowhere", fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusFound) }},
		{name: "compression bomb", kind: feeds.FaultHostile, says: "swells", fn: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb) //nolint:errcheck // the client hangs up
		}},
		{name: "body without end", kind: feeds.FaultTooLarge, fn: func(w http.ResponseWriter, r *http.Request) { forever(w, r, strings.Repeat("<item/>", 4096), 0) }},
		{name: "body announced as huge", kind: feeds.FaultTooLarge, fn: func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "99999999999") }},
		{name: "slow drip", kind: feeds.FaultTimeout, says: "too long", fn: func(w http.ResponseWriter, r *http.Request) { forever(w, r, " ", 50*time.Millisecond) }},
		{name: "no answer", kind: feeds.FaultTimeout, fn: func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{name: "headers without end", kind: feeds.FaultTooLarge, says: "headers", fn: func(w http.ResponseWriter, r *http.Request) {
			for i := range 3000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("y", 100))
			}
		}},
		{name: "one huge header", kind: feeds.FaultTooLarge, fn: func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X", strings.Repeat("y", 200_000)) }},
		{name: "connection dropped", kind: feeds.FaultUnreachable, fn: func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }},
		{name: "not http", kind: feeds.FaultUnreachable, fn: func(w http.ResponseWriter, r *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack() //nolint:forcetypeassert // the server's own
			if err == nil {
				write(c, "220 mail.example ESMTP\r\n")
				c.Close()
			}
		}},
		{name: "packed as brotli", kind: feeds.FaultServer, says: "packed", fn: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			write(w, "\x0b\x02")
		}},
		{name: "damaged compression", kind: feeds.FaultBroken, fn: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			write(w, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff")
		}},
		{name: "not modified, unasked", kind: feeds.FaultServer, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) }},
		{name: "no content", kind: feeds.FaultServer, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }},
		{name: "partial content, unasked", kind: feeds.FaultServer, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusPartialContent) }},
		{name: "multiple choices", kind: feeds.FaultServer, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusMultipleChoices) }},
		{name: "401", kind: feeds.FaultDenied, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) }},
		{name: "403", kind: feeds.FaultDenied, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) }},
		{name: "404", kind: feeds.FaultMissing, says: "address of the feed right", fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotFound) }},
		{name: "410", kind: feeds.FaultGone, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusGone) }},
		{name: "429", kind: feeds.FaultBusy, fn: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}},
		{name: "503", kind: feeds.FaultBusy, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }},
		{name: "500", kind: feeds.FaultServer, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) }},
		{name: "a status that does not exist", kind: feeds.FaultServer, fn: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(799) }},
	}...)
}

func TestHostileServersAndAddressesAreRefused(t *testing.T) {
	rows := refusals()
	if len(rows) < 60 {
		t.Fatalf("%d rows", len(rows))
	}
	strange := feeds.NewFetcher(feeds.FetcherOptions{Agent: agent, Timeout: patience})
	defer strange.Close()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f, url := strange, row.url
			if row.fn != nil {
				limit := 10 * time.Second
				if row.kind == feeds.FaultTimeout {
					limit = 300 * time.Millisecond
				}
				f, url = within(t, limit), serve(t, row.fn)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			a, err := f.Get(t.Context(), feeds.Request{URL: url})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			var fault *feeds.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("got %+v, %v", a, err)
			}
			if row.kind != "" && fault.Kind != row.kind {
				t.Errorf("kind %q, want %q: %v", fault.Kind, row.kind, err)
			}
			message := err.Error()
			if !strings.Contains(message, row.says) || strings.Contains(message, "secret") || strings.ContainsAny(message, "\n\r") || len(message) > 500 {
				t.Errorf("message %q", message)
			}
			if took > 20*time.Second {
				t.Errorf("took %s", took)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 200<<20 {
				t.Errorf("allocated %d MB", grown>>20)
			}
		})
	}
}

func TestANameThatChangesItsAddressIsRefused(t *testing.T) {
	var asked atomic.Int32
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				ip := [4]byte{127, 0, 0, 1}
				if asked.Add(1) == 1 {
					ip = [4]byte{192, 0, 2, 1} // documentation range: refused as well, but another address
				}
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: ip}}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	old := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	defer func() { net.DefaultResolver = old }()
	reached := false
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { reached = true })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	f := feeds.NewFetcher(feeds.FetcherOptions{Agent: agent, Timeout: patience})
	defer f.Close()
	for range 3 {
		_, err := f.Get(t.Context(), feeds.Request{URL: "http://rebind.example.com:" + port + "/"})
		var fault *feeds.Fault
		if !errors.As(err, &fault) || fault.Kind != feeds.FaultForbidden {
			t.Errorf("got %v", err)
		}
	}
	if reached || asked.Load() < 2 {
		t.Errorf("reached %t after %d look-ups", reached, asked.Load())
	}
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	for _, c := range []struct {
		header   string
		min, max time.Duration
	}{
		{"120", 2 * time.Minute, 2 * time.Minute},
		{"0", time.Second, time.Second},
		{time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), 58 * time.Minute, time.Hour},
		{"99999999", 24 * time.Hour, 24 * time.Hour},
		{"99999999999999999999", 10 * time.Minute, 10 * time.Minute},
		{"soon", 10 * time.Minute, 10 * time.Minute},
		{"", 0, 0},
	} {
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", c.header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := near(t).Get(t.Context(), feeds.Request{URL: url})
		var fault *feeds.Fault
		if !errors.As(err, &fault) || fault.RetryAfter < c.min || fault.RetryAfter > c.max {
			t.Errorf("%q: %+v", c.header, fault)
		}
	}
}

func TestAllowLists(t *testing.T) {
	allow, err := feeds.ParseAllow([]string{"rss.internal", " *.Lan ", "10.0.0.0/8", "::1", "192.168.1.5"})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"rss.internal": true, "RSS.internal.": true, "x.rss.internal": false, "a.lan": true, "lan": false, "10.1.2.3": true, "11.1.2.3": false, "::1": true, "[::1]": true, "192.168.1.5": true, "192.168.1.6": false, "": false,
	} {
		if got := allow.Host(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
	for _, bad := range []string{"10.0.0.0/99", "http://x", "a b", "h:80"} {
		if _, err := feeds.ParseAllow([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
