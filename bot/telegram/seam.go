package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"
)

// maxAnswer bounds an answer: a batch of updates is some 4 MiB at most, all else far smaller.
const maxAnswer = 32 << 20

// A seam stands between the library and the wire for one call: the library forms the request and reads the answer, the seam
// gives the request its context and its true address and remembers what the library would forget.
type seam struct {
	client *Client
	ctx    context.Context
	method string
	into   any

	decoded    bool // the result stands in into
	status     int  // 0 until an answer has begun
	retryAfter time.Duration
	broken     error // the answer's body broke off

	connected atomic.Bool // a connection took the request on
	wrote     atomic.Bool // some of it was written
}

// Do makes the library's call.
func (s *seam) Do(r *http.Request) (*http.Response, error) {
	r, err := s.address(r)
	if err != nil {
		return nil, err
	}
	// The transport is asked directly, not through an http.Client: that would follow redirects with the token in the path, and
	// put the whole URL into its errors.
	answer, err := s.client.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	s.status = answer.StatusCode
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
		s.retryAfter = waitOf(seconds)
	}
	// Read to the end, whatever the library needs of it: only then is the connection fit for the next call.
	var body bytes.Buffer
	if n := answer.ContentLength; n > 0 && n <= maxAnswer {
		body.Grow(int(n) + bytes.MinRead)
	}
	n, err := io.Copy(&body, io.LimitReader(answer.Body, maxAnswer+1))
	if err == nil && n > maxAnswer {
		err = errors.New("longer than 32 MiB")
	}
	if s.broken = err; err != nil {
		return nil, err
	}
	if s.decoded = s.decode(body.Bytes()); s.decoded {
		body.Reset()
		body.WriteString(`{"ok":true}`)
	}
	answer.Body = io.NopCloser(&body)
	return answer, nil
}

// tolerant is a result that is decoded as a whole if it can be; if not, raw holds it.
type tolerant struct {
	into any
	raw  json.RawMessage
}

// decode reads the result of a call that went well where the caller wants it, so that a message, or a hundred updates, is read once: the
// library would read it to keep its text, for somebody to read that. Anything out of the common is left to the library.
func (s *seam) decode(body []byte) bool {
	into := s.into
	switch t := into.(type) {
	case nil, *json.RawMessage:
		return false
	case *tolerant:
		into = t.into
	}
	answer := struct {
		OK     bool `json:"ok"`
		Result any  `json:"result"`
	}{Result: into}
	return s.status == http.StatusOK && bytes.Contains(body, []byte(`"result"`)) && json.Unmarshal(body, &answer) == nil && answer.OK
}

// address returns the library's request as it goes to Telegram.
func (s *seam) address(r *http.Request) (*http.Request, error) {
	trace := &httptrace.ClientTrace{
		// A new try within one call begins here. The transport makes one only if nothing was written in the last.
		GetConn:      func(string) { s.connected.Store(false); s.wrote.Store(false) },
		GotConn:      func(httptrace.GotConnInfo) { s.connected.Store(true) },
		WroteHeaders: func() { s.wrote.Store(true) },
	}
	r = r.WithContext(httptrace.WithClientTrace(s.ctx, trace))
	target := s.client.base
	target.Path += "/bot" + s.client.token.text() + "/" + s.method
	r.URL, r.Host = &target, target.Host
	if r.GetBody != nil || r.Body == nil {
		return r, nil
	}
	// An upload comes as a pipe. Read whole, it has a length, and the transport can try another connection when the first
	// turns out to be closed.
	whole, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	r.ContentLength = int64(len(whole))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(whole)), nil }
	r.Body, err = r.GetBody()
	return r, err
}

// unsent tells, of a call without an answer, that nothing of it reached the wire. When the context ended the transport
// does not wait for its writer, so then a connection that took the request counts as written to.
func (s *seam) unsent() bool {
	if s.ctx.Err() != nil {
		return !s.connected.Load()
	}
	return !s.wrote.Load()
}
