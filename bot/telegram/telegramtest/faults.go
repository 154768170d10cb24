package telegramtest

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is what goes wrong with a call.
type FaultKind string

const (
	// TooMany answers 429 with RetryAfter seconds; nothing has effect.
	TooMany FaultKind = "too_many"
	// Delayed sits on the call for Delay and then treats it as usual: the server's hidden flood wait.
	Delayed FaultKind = "delayed"
	// BadGateway answers 502 with an HTML page, before anything has effect.
	BadGateway FaultKind = "bad_gateway"
	// BadGatewayAfter answers 502 with an HTML page although the call had its effect.
	BadGatewayAfter FaultKind = "bad_gateway_after"
	// EntityTooLarge answers 413 without a body.
	EntityTooLarge FaultKind = "entity_too_large"
	// Truncated lets the call have its effect and cuts the answer in the middle.
	Truncated FaultKind = "truncated"
	// ResetBefore cuts the connection before the call has effect.
	ResetBefore FaultKind = "reset_before"
	// ResetAfter cuts the connection after the call had its effect.
	ResetAfter FaultKind = "reset_after"
	// Hang never answers; nothing has effect. It ends when the caller gives up.
	Hang FaultKind = "hang"
	// HangAfter never answers although the call had its effect.
	HangAfter FaultKind = "hang_after"
	// Refused answers Code and Text, a status and a whole description, such as 401 and "Unauthorized".
	Refused FaultKind = "refused"
	// Migrated answers that the group has become the supergroup MigrateTo.
	Migrated FaultKind = "migrated"
)

// Fault is a rule for things to go wrong. Its zero conditions match every call.
type Fault struct {
	Kind FaultKind `json:"kind"`

	Method   string `json:"method,omitempty"`   // only this method
	ChatID   int64  `json:"chat_id,omitempty"`  // only calls about this chat
	Contains string `json:"contains,omitempty"` // only calls whose text or caption has this
	Username string `json:"username,omitempty"` // only this bot
	Skip     int    `json:"skip,omitempty"`     // let this many matching calls pass first
	Times    int    `json:"times,omitempty"`    // then strike this often; 0 is without end
	// Chance is the probability that a matching call is struck; 0 means always.
	Chance float64 `json:"chance,omitempty"`

	RetryAfter int           `json:"retry_after,omitempty"`
	Delay      time.Duration `json:"delay,omitempty"`
	Code       int           `json:"code,omitempty"`
	Text       string        `json:"text,omitempty"`
	MigrateTo  int64         `json:"migrate_to,omitempty"`
}

type faultRule struct {
	Fault
	id      int
	matched int
	struck  int
}

// Fault adds a rule and returns a function that takes it back. The oldest rule that strikes
// a call decides.
func (s *Server) Fault(f Fault) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rule := &faultRule{Fault: f, id: int(s.serial())}
	s.faults = append(s.faults, rule)
	return func() { s.removeFault(func(r *faultRule) bool { return r == rule }) }
}

func (s *Server) removeFault(which func(*faultRule) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.DeleteFunc(s.faults, which)
}

// ClearFaults takes all rules back.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// WithoutMethods makes the server answer 404 to the named methods, as a server of an older
// version does. Calling it again replaces the list.
func (s *Server) WithoutMethods(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missing = map[string]bool{}
	for _, name := range names {
		if h, ok := methods[asciiLower(name)]; ok {
			s.missing[h.name] = true
		}
	}
}

// UnknownFields decides whether updates carry fields no library has heard of.
func (s *Server) UnknownFields(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decor = on
}

// nextFault finds the rule that strikes a call. The lock is held.
func (s *Server) nextFault(c *call) *Fault {
	for _, r := range s.faults {
		if !r.matches(c) {
			continue
		}
		r.matched++
		if r.matched <= r.Skip || r.Times > 0 && r.struck >= r.Times {
			continue
		}
		if r.Chance > 0 && s.random.Float64() >= r.Chance {
			continue
		}
		r.struck++
		f := r.Fault
		return &f
	}
	return nil
}

func (r *faultRule) matches(c *call) bool {
	switch {
	case r.Method != "" && !strings.EqualFold(r.Method, c.method):
		return false
	case r.ChatID != 0 && leadingInt(c.arg("chat_id")) != r.ChatID:
		return false
	case r.Contains != "" && !strings.Contains(c.arg("text"), r.Contains) && !strings.Contains(c.arg("caption"), r.Contains):
		return false
	case r.Username != "" && !strings.EqualFold(r.Username, c.bot.info.Username):
		return false
	}
	return true
}

const badGatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"

func writeBadGateway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Content-Length", strconv.Itoa(len(badGatewayPage)))
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write([]byte(badGatewayPage))
}

// faultBefore plays the faults that come before a call has effect and reports whether the call
// is done with.
func (s *Server) faultBefore(w http.ResponseWriter, c *call, f *Fault) bool {
	var refusal *failure
	switch f.Kind {
	case Delayed:
		return !c.wait(f.Delay)
	case TooMany:
		refusal = tooManyRequests(max(f.RetryAfter, 1))
	case Refused:
		refusal = answer(f.Code, f.Text)
		refusal.retryAfter = f.RetryAfter
	case Migrated:
		refusal = badRequest("group chat was upgraded to a supergroup chat")
		refusal.migrateTo = f.MigrateTo
	case BadGateway:
		s.record(c, http.StatusBadGateway, "fault: "+string(f.Kind))
		writeBadGateway(w)
		return true
	case EntityTooLarge:
		s.record(c, http.StatusRequestEntityTooLarge, "fault: "+string(f.Kind))
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return true
	case ResetBefore:
		s.record(c, 0, "fault: "+string(f.Kind))
		cut(w)
		return true
	case Hang:
		s.record(c, 0, "fault: "+string(f.Kind))
		s.hang(w, c.request)
		return true
	default:
		return false
	}
	status, description := refusal.translate()
	s.record(c, status, description)
	s.writeFailure(w, refusal)
	return true
}

// faultAfter plays the faults that spoil the answer to a call that had its effect.
func (s *Server) faultAfter(w http.ResponseWriter, f *Fault, body []byte, status int, failed *failure) bool {
	switch f.Kind {
	case BadGatewayAfter:
		writeBadGateway(w)
	case ResetAfter:
		cut(w)
	case HangAfter:
		s.hang(w, nil)
	case Truncated:
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body[:len(body)/2])
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		cut(w)
	default:
		return false
	}
	return true
}

// cut resets the connection under an answer.
func cut(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if conn, _, err := hijacker.Hijack(); err == nil {
			reset(conn)
			return
		}
	}
	panic(http.ErrAbortHandler) // HTTP/2 and recorders cannot be hijacked; net/http understands this
}

// hang holds the connection open without an answer until the caller or the server ends.
func (s *Server) hang(w http.ResponseWriter, r *http.Request) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		<-s.ctx.Done()
		return
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return
	}
	go func() {
		gone := make(chan struct{})
		go func() {
			_, _ = conn.Read(make([]byte, 1))
			close(gone)
		}()
		select {
		case <-gone:
		case <-s.ctx.Done():
		}
		reset(conn)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.Close()
		}
	}()
}

// Latency is how long calls are on their way: Base, and up to Jitter more. Half of it, drawn anew,
// passes before a call is judged, half, in which it is carried out, before its answer leaves. getUpdates is delayed like the rest.
type Latency struct {
	Base   time.Duration `json:"base"`
	Jitter time.Duration `json:"jitter"`
}

// SetLatency changes the latency of all calls to come.
func (s *Server) SetLatency(l Latency) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = l
}

// mostLag is how late a timer of the runtime is at most because of itself: the system's waits count whole milliseconds. What comes on
// top is a busy machine.
const mostLag = 1500 * time.Microsecond

// pause lets the half of the latency pass that began at a time; false if the caller is gone. Timers go off late, so that a pause would be
// up to a millisecond too long: each ends earlier by what those before it were late, which makes the latency right on average.
func (s *Server) pause(ctx context.Context, began time.Time) bool {
	s.mu.Lock()
	l, lag := s.latency, s.lag
	wait := l.Base / 2
	if l.Jitter > 0 {
		wait += time.Duration(s.random.Int64N(int64(l.Jitter)/2 + 1))
	}
	s.mu.Unlock()
	if wait == 0 {
		return true
	}
	if !s.sleep(ctx, wait-lag-time.Since(began)) {
		return false
	}
	late := time.Since(began) - wait
	s.mu.Lock()
	s.lag = min(max(s.lag+min(late, mostLag)/16, 0), mostLag)
	s.mu.Unlock()
	return true
}

// wait lets the caller wait; false if he is gone. It is no part of the latency.
func (c *call) wait(d time.Duration) bool {
	waited := c.sleep(c.request.Context(), d)
	c.reached = time.Now()
	return waited
}

// sleep waits; false if the caller or the server ended first.
func (s *Server) sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}
