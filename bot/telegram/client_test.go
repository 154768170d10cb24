package telegram_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

func TestACallReachesTheMethodAndBringsTheResult(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/bot"+tokenText+"/sendMessage" {
			t.Errorf("path %s", r.URL.Path)
		}
		if r.FormValue("text") != "হরকরা <b>&</b>" || r.FormValue("chat_id") != "-1001" {
			t.Errorf("form %v", r.Form)
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":7,"date":5,"chat":{"id":-1001}}}`)
	})
	r := telegram.SendText(-1001, "হরকরা <b>&</b>", nil)
	got, err := client.Do(context.Background(), r)
	if err != nil || got.MessageID != 7 || got.ChatID != -1001 || got.Date != 5 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestABaseURLMayHaveAPath(t *testing.T) {
	var path atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path.Store(r.URL.Path)
		_, _ = io.WriteString(w, `{"ok":true,"result":{"id":1}}`)
	}))
	defer server.Close()
	if _, err := newClient(t, server.URL+"/tele%20gram%25s/").GetMe(context.Background()); err != nil {
		t.Fatal(err)
	}
	if want := "/tele gram%s/bot" + tokenText + "/getMe"; path.Load() != want {
		t.Errorf("path %s, want %s", path.Load(), want)
	}
}

func TestAnUploadHasItsFilesAndALength(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 {
			t.Errorf("length %d", r.ContentLength)
		}
		f, header, err := r.FormFile("photo")
		if err != nil {
			t.Error(err)
			return
		}
		b, _ := io.ReadAll(f)
		if string(b) != "picture" || header.Filename != "ছবি.png" || r.FormValue("caption") != "ক" {
			t.Errorf("got %q %q %q", b, header.Filename, r.FormValue("caption"))
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":7,"photo":[{"file_id":"small","width":90,"height":90},{"file_id":"big","width":900,"height":900}]}}`)
	})
	got, err := client.Do(context.Background(), telegram.Send(telegram.Outgoing{
		ChatID: 1, Text: "ক", File: &telegram.File{Field: "photo", Name: "ছবি.png", Data: []byte("picture")},
	}))
	if err != nil || got.PhotoID != "big" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// closed is the address of a server that is not there.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// raw serves each connection with do after the request has been read whole.
func raw(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		do(conn)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func page(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestWhatGoesWrongOnTheWayIsToldApart(t *testing.T) {
	say := func(text string) func(net.Conn) {
		return func(c net.Conn) { _, _ = io.WriteString(c, text) }
	}
	reset := func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }
	server := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	elsewhere := server(func(w http.ResponseWriter, r *http.Request) { t.Errorf("the redirect was followed to %s", r.URL.Path) })
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	for name, c := range map[string]struct {
		base   string
		kind   telegram.Kind
		code   int
		unsent bool
	}{
		"nobody listens":            {closed(t), telegram.KindUnsent, 0, true},
		"no such host":              {"http://host.invalid", telegram.KindUnsent, 0, true},
		"a certificate of nobody":   {tls.URL, telegram.KindUnsent, 0, true},
		"reset after the request":   {raw(t, reset), telegram.KindUnknownOutcome, 0, false},
		"closed after the request":  {raw(t, func(net.Conn) {}), telegram.KindUnknownOutcome, 0, false},
		"not HTTP":                  {raw(t, say("SSH-2.0-x\r\n")), telegram.KindUnknownOutcome, 0, false},
		"an answer cut short":       {raw(t, say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"res")), telegram.KindUnknownOutcome, 200, false},
		"half an answer as a whole": {server(page(200, `{"ok":true,"result":{"message_id":`)), telegram.KindUnknownOutcome, 200, false},
		"an empty answer":           {server(page(200, "")), telegram.KindUnknownOutcome, 200, false},
		"a portal's page":           {server(page(200, "<html>log in</html>")), telegram.KindUnknownOutcome, 200, false},
		"JSON of another kind":      {server(page(200, `{"status":"fine"}`)), telegram.KindUnknownOutcome, 200, false},
		"JSON of no kind":           {server(page(200, `17`)), telegram.KindUnknownOutcome, 200, false},
		"a result of another kind":  {server(page(200, `{"ok":true,"result":{"message_id":"seven"}}`)), telegram.KindUnknownOutcome, 200, false},
		"a gateway's page":          {server(page(502, "<html>\r\n<head><title>502 Bad Gateway</title></head></html>")), telegram.KindServer, 502, false},
		"a gateway's empty answer":  {server(page(504, "")), telegram.KindServer, 504, false},
		"too large, empty":          {server(page(413, "")), telegram.KindTooLarge, 413, true},
		"too large, a page":         {server(page(413, "<html>413</html>")), telegram.KindTooLarge, 413, true},
		"a wall's page with 403":    {server(page(403, "<html>blocked by policy</html>")), telegram.KindForeign, 403, true},
		"a wall's JSON with 403":    {server(page(403, `{"error":"bot was blocked by the user"}`)), telegram.KindForeign, 403, true},
		"a page with 401":           {server(page(401, "<html>proxy wants a password</html>")), telegram.KindForeign, 401, true},
		"a page with 404":           {server(page(404, "<html>not here</html>")), telegram.KindForeign, 404, true},
		"a redirect":                {server(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere+r.URL.Path, 307) }), telegram.KindForeign, 307, true},
		"a redirect to https": {server(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://host.invalid"+r.URL.Path, 301)
		}), telegram.KindForeign, 301, true},
		"the token told back":        {server(refuse(400, "Bad Request: who is "+tokenText, nil)), telegram.KindBadMessage, 400, true},
		"the secret alone told back": {server(refuse(401, "Unauthorized: "+secret, nil)), telegram.KindUnauthorized, 401, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, c.base)
			file := &telegram.File{Field: "photo", Name: "a.png", Data: []byte("x")}
			for _, r := range []telegram.Request{
				telegram.SendText(1, "x", nil),
				telegram.Send(telegram.Outgoing{ChatID: 1, Text: "x", File: file}),
			} {
				_, err := client.Do(context.Background(), r)
				var e *telegram.Error
				if !errors.As(err, &e) {
					t.Fatalf("%s: %v", r.Method, err)
				}
				if e.Kind != c.kind || e.Code != c.code || e.Unsent != c.unsent {
					t.Errorf("%s: kind %q, code %d, unsent %v (%v); want %q, %d, %v", r.Method, e.Kind, e.Code, e.Unsent, err, c.kind, c.code, c.unsent)
				}
				for err := err; err != nil; err = errors.Unwrap(err) {
					if showsToken(err.Error()) {
						t.Errorf("the error shows the token: %v", err)
					}
				}
			}
		})
	}
}

func TestABaseURLThatCannotBeUsedIsRefusedWithoutBeingQuoted(t *testing.T) {
	for _, base := range []string{
		"api.telegram.org", "ftp://api.telegram.org", "http://", "http://a b/bot" + tokenText, "://" + tokenText,
		"http://host:port/" + tokenText, "http://u:" + secret + "@host", "http://host/?x=" + secret, "http://[::1",
	} {
		_, err := telegram.New(testToken(t), telegram.Options{BaseURL: base})
		if err == nil || showsToken(err.Error()) {
			t.Errorf("%s: %v", base, err)
		}
	}
	if _, err := telegram.New(telegram.Token{}, telegram.Options{}); !errors.Is(err, telegram.ErrToken) {
		t.Errorf("without a token: %v", err)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	arrived := make(chan struct{}, 1)
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-arrived; cancel() }()
	err := client.Call(ctx, "sendMessage", nil, nil)
	if !errors.Is(err, context.Canceled) || telegram.KindOf(err) != telegram.KindUnknownOutcome {
		t.Errorf("cancelled under way: %v, kind %q", err, telegram.KindOf(err))
	}
	err = client.Call(ctx, "sendMessage", nil, nil)
	if !errors.Is(err, context.Canceled) || telegram.KindOf(err) != telegram.KindUnsent {
		t.Errorf("cancelled before: %v, kind %q", err, telegram.KindOf(err))
	}
	err = client.Upload(ctx, "sendPhoto", nil, []telegram.File{{Field: "photo", Name: "x", Data: make([]byte, 1<<20)}}, nil)
	if !errors.Is(err, context.Canceled) || telegram.KindOf(err) != telegram.KindUnsent {
		t.Errorf("upload cancelled before: %v, kind %q", err, telegram.KindOf(err))
	}
	ctx, cancel = context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err = client.Call(ctx, "sendMessage", nil, nil)
	if !errors.Is(err, context.DeadlineExceeded) || telegram.KindOf(err) != telegram.KindUnknownOutcome {
		t.Errorf("out of time: %v, kind %q", err, telegram.KindOf(err))
	}
}

func TestACallGivenUpOverAConnectionIsInDoubtUnlessThereWasNone(t *testing.T) {
	// The transport may still be writing when it gives up: what has been written by then it cannot say.
	for connected, want := range map[bool]telegram.Kind{true: telegram.KindUnknownOutcome, false: telegram.KindUnsent} {
		ctx, cancel := context.WithCancel(context.Background())
		client, err := telegram.New(testToken(t), telegram.Options{Transport: wireFunc(func(r *http.Request) (*http.Response, error) {
			trace := httptrace.ContextClientTrace(r.Context())
			trace.GetConn("api.telegram.org:443")
			if connected {
				trace.GotConn(httptrace.GotConnInfo{})
			}
			cancel()
			return nil, r.Context().Err()
		})})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Call(ctx, "sendMessage", nil, nil); telegram.KindOf(err) != want {
			t.Errorf("connected %v: kind %q", connected, telegram.KindOf(err))
		}
	}
}

func TestACallWaitsLongerThanTheServerHidesAFlood(t *testing.T) {
	for asked, want := range map[time.Duration]time.Duration{0: 40 * time.Second, time.Second: 30 * time.Second, time.Minute: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			hang := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				<-r.Context().Done()
			})
			client := bubble(t, hang, telegram.Options{SendTimeout: asked})
			began := time.Now()
			err := client.Call(context.Background(), "sendMessage", telegram.Params{"text": "x"}, nil)
			if took := time.Since(began); took != want || telegram.KindOf(err) != telegram.KindUnknownOutcome || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("asked for %v: given up after %v: %v", asked, took, err)
			}
			began = time.Now()
			_ = client.Upload(context.Background(), "sendPhoto", nil, []telegram.File{{Field: "photo", Name: "x", Data: []byte("x")}}, nil)
			if took := time.Since(began); took != 2*time.Minute {
				t.Errorf("an upload is given up after %v", took)
			}
		})
	}
}

func TestAConnectionTheServerClosedIsNoDoubt(t *testing.T) {
	// The server closes idle connections at once; a call that finds its connection closed before anything was written goes
	// over another, and never arrives twice.
	var got atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Add(1)
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	}))
	defer server.Close()
	client := newClient(t, server.URL)
	sent, doubts := int64(0), int64(0)
	for range 200 {
		if err := client.Call(context.Background(), "sendMessage", telegram.Params{"text": "x"}, nil); err == nil {
			sent++
		} else if inDoubt(err) {
			doubts++
		}
		server.CloseClientConnections()
	}
	if n := got.Load(); n < sent || n > sent+doubts {
		t.Errorf("%d arrived, %d sent and %d in doubt", n, sent, doubts)
	}
	if sent < 100 {
		t.Errorf("only %d of 200 sent", sent)
	}
}

func TestAnsweredConnectionsAreUsedAgain(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		_, _ = io.WriteString(w, `{"ok":true,`)
		w.(http.Flusher).Flush() // chunked, with more behind what the library reads
		_, _ = io.WriteString(w, `"result":true}`+strings.Repeat(" ", 100_000))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := newClient(t, server.URL)
	for range 20 {
		if err := client.Call(context.Background(), "getMe", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections for 20 calls", opened.Load())
	}
}
