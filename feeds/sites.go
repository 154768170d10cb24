package feeds

import (
	"context"
	"sync"
	"time"
)

// siteGap is the shortest time between two requests to a site.
const siteGap = 2 * time.Second

// siteFailures in a row, of whatever feeds, park a site.
const siteFailures = 5

// sites keeps requests to one publisher apart: one at a time, a gap between them, none while the site is parked.
// Hosts the operator allows by name are his own and need no such care.
type sites struct {
	allow Allow
	now   func() time.Time
	mu    sync.Mutex
	known map[string]*siteState
}

type siteState struct {
	turn     chan struct{} // holds the site's one turn
	next     time.Time     // no request before
	failures int
}

func newSites(allow Allow, now func() time.Time) *sites {
	return &sites{allow: allow, now: now, known: map[string]*siteState{}}
}

func (s *sites) state(host string) *siteState {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := site(host)
	st := s.known[key]
	if st == nil {
		st = &siteState{turn: make(chan struct{}, 1)}
		s.known[key] = st
	}
	return st
}

// wait gives the caller the site's turn, and a function that ends it. It returns false if the
// site is parked beyond patience, or the context ends.
func (s *sites) wait(ctx context.Context, host string, patience time.Duration) (done func(failed bool), ok bool) {
	if s.allow.Host(host) {
		return func(bool) {}, true
	}
	st := s.state(host)
	select {
	case st.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	s.mu.Lock()
	pause := st.next.Sub(s.now())
	s.mu.Unlock()
	if pause > patience {
		<-st.turn
		return nil, false
	}
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			<-st.turn
			return nil, false
		}
	}
	started := s.now()
	return func(failed bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if next := started.Add(siteGap); next.After(st.next) {
			st.next = next
		}
		st.failures++
		if !failed {
			st.failures = 0
		}
		if st.failures >= siteFailures {
			st.failures = 0
			st.next = started.Add(firstRetry)
		}
		<-st.turn
	}, true
}

// park keeps all requests from a site until then: it said that we ask too much.
func (s *sites) park(host string, until time.Time) {
	st := s.state(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	if until.After(st.next) {
		st.next = until
	}
}
