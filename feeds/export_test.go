package feeds

import (
	"context"
	"time"
)

// Sites is the site queue, for its test.
type Sites struct{ s *sites }

// NewSites returns a site queue on the real clock.
func NewSites(allow Allow) Sites { return Sites{newSites(allow, time.Now)} }

// Wait is sites.wait.
func (s Sites) Wait(ctx context.Context, host string, patience time.Duration) (func(failed bool), bool) {
	return s.s.wait(ctx, host, patience)
}

// Park is sites.park.
func (s Sites) Park(host string, until time.Time) { s.s.park(host, until) }
