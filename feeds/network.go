package feeds

import "sync"

// lostSites is how many sites in a row must be out of reach before the fault is taken to be our own network's.
const lostSites = 3

// A network remembers which sites were out of reach since anybody last answered. When all are, they are not to
// blame: their feeds' error counters stand still.
type network struct {
	mu   sync.Mutex
	lost map[string]bool
}

// heard notes that some site answered, be it with a fault.
func (n *network) heard() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.lost)
}

// missed notes that a site was out of reach, and reports whether the fault is ours.
func (n *network) missed(host string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.lost == nil {
		n.lost = map[string]bool{}
	}
	n.lost[host] = true
	return len(n.lost) >= lostSites
}

// isOurs takes note of a poll's fault, and reports whether it is our own network's.
func (n *network) isOurs(host string, fault FaultKind) bool {
	switch fault {
	case FaultUnreachable, FaultTimeout:
		return n.missed(host)
	case FaultAddress, FaultForbidden: // nobody was asked
		return false
	}
	n.heard()
	return false
}
