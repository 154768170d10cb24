package telegramtest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Request is one call the server has answered, or cut.
type Request struct {
	At       time.Time         `json:"at"`
	Bot      string            `json:"bot"` // username
	Method   string            `json:"method"`
	Params   map[string]string `json:"params"`
	Files    []string          `json:"files,omitempty"`
	Status   int               `json:"status"`             // HTTP status; 0 if there was no answer
	Failure  string            `json:"failure,omitempty"`  // description of a failure
	Duration time.Duration     `json:"duration,omitempty"` // from arrival to answer, by the clock
}

// ChatID is the chat the request is about; 0 if none, or if it was named by @username.
func (r Request) ChatID() int64 { return leadingInt(r.Params["chat_id"]) }

// MethodCount counts the calls of one method.
type MethodCount struct {
	Calls    int         `json:"calls"`
	Statuses map[int]int `json:"statuses"` // by HTTP status; 0 stands for no answer
}

type journal struct {
	list   []Request
	counts map[string]*MethodCount
}

// record notes a call and its outcome.
func (s *Server) record(c *call, status int, failure string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := s.journal.counts[c.method]
	if count == nil {
		count = &MethodCount{Statuses: map[int]int{}}
		s.journal.counts[c.method] = count
	}
	count.Calls++
	count.Statuses[status]++
	if !s.requests {
		return
	}
	r := Request{At: c.arrived, Method: c.method, Params: c.args, Status: status, Failure: failure, Duration: s.now().Sub(c.arrived)}
	if c.bot != nil {
		r.Bot = c.bot.info.Username
	}
	for name := range c.uploads {
		r.Files = append(r.Files, name)
	}
	slices.Sort(r.Files)
	s.journal.list = append(s.journal.list, r)
	s.notify()
}

// Requests gives the calls of the named methods, or of all, in the order of their answers.
func (s *Server) Requests(names ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requestsNamed(names)
}

func (s *Server) requestsNamed(names []string) []Request {
	if len(names) == 0 {
		return slices.Clone(s.journal.list)
	}
	var list []Request
	for _, r := range s.journal.list {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, r.Method) }) {
			list = append(list, r)
		}
	}
	return list
}

// Counts gives the number of calls by method and outcome.
func (s *Server) Counts() map[string]MethodCount {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]MethodCount{}
	for name, c := range s.journal.counts {
		counts[name] = MethodCount{c.Calls, maps.Clone(c.Statuses)}
	}
	return counts
}

// ForgetRequests empties the request log and the counts.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.list = nil
	s.journal.counts = map[string]*MethodCount{}
}
