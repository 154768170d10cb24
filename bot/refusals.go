package bot

import (
	"sync"
	"time"
)

const (
	// refusalsAMinute is how often a group is told that something is not for all its members, or not to be done there. A member could otherwise make
	// us use up the 20 messages a minute that Telegram allows a group, and no news would come through.
	refusalsAMinute = 3
	// refusingAt is how many groups are remembered before those of past minutes are forgotten.
	refusingAt = 10_000
)

// refusals counts what groups were told. It is memory only: after a restart each may be told again.
type refusals struct {
	mu     sync.Mutex
	groups map[int64]refused
}

// refused is how often a group was told in the minute that began then.
type refused struct {
	since time.Time
	count int
}

// may reports whether a group may be told once more, and counts it.
func (r *refusals) may(group int64, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	past := func(g refused) bool { return now.Sub(g.since) >= time.Minute }
	if len(r.groups) >= refusingAt {
		for id, g := range r.groups {
			if past(g) {
				delete(r.groups, id)
			}
		}
	}
	g := r.groups[group]
	if past(g) {
		g = refused{since: now}
	}
	if g.count++; g.count > refusalsAMinute {
		return false
	}
	r.groups[group] = g
	return true
}
