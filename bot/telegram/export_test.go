package telegram

import (
	"context"
	"time"
)

// LimiterState is how a limiter stands.
type LimiterState struct {
	Rate   float64   // messages a second at present; 0 is unlimited
	Frozen time.Time // nothing leaves before; zero if not frozen
	Chats  int       // chats remembered
}

// State tells it.
func (l *Limiter) State(now time.Time) LimiterState {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	l.recover(at)
	s := LimiterState{Rate: l.rate, Chats: len(l.private.young) + len(l.private.old) + len(l.groups.young) + len(l.groups.old)}
	if l.frozen > at {
		s.Frozen = l.epoch.Add(l.frozen)
	}
	return s
}

// Upload is Call with files.
func (c *Client) Upload(ctx context.Context, method string, params Params, files []File, into any) error {
	return c.call(ctx, c.upload, method, params, files, into)
}
