package feeds

import (
	"context"
	"time"

	"github.com/harkara/harkara/store"
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

// Park has a poller take its turns with all sites, its own too, and leave that of an address alone until then.
func Park(p *Poller, address string, until time.Time) {
	p.sites = newSites(Allow{}, p.o.Now)
	p.sites.park(hostOf(address), until)
}

// Ledger is ledger.write of a new ledger.
func Ledger(s store.Store) func(context.Context, func(store.Tx) error) error {
	return (&ledger{store: s}).write
}
