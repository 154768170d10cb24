package feeds

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Allow lists the hosts that may be reached though they are private. Everything else must have a public
// address at the moment of dialling, whatever its name said before.
type Allow struct {
	hosts    map[string]bool
	suffixes []string
	prefixes []netip.Prefix
}

// ParseAllow reads a list of host names (“rss.internal”, “*.internal”), addresses and CIDR ranges.
func ParseAllow(list []string) (Allow, error) {
	a := Allow{hosts: map[string]bool{}}
	for _, entry := range list {
		entry = strings.ToLower(strings.TrimSpace(entry))
		switch {
		case entry == "":
		case strings.Contains(entry, "/"):
			p, err := netip.ParsePrefix(entry)
			if err != nil {
				return Allow{}, fmt.Errorf("%q is neither a host nor a range such as 10.0.0.0/8", entry)
			}
			a.prefixes = append(a.prefixes, p.Masked())
		case strings.HasPrefix(entry, "*."):
			a.suffixes = append(a.suffixes, entry[1:])
		default:
			if ip, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
				a.prefixes = append(a.prefixes, netip.PrefixFrom(ip, ip.BitLen()))
				continue
			}
			if strings.ContainsAny(entry, " :@?#") {
				return Allow{}, fmt.Errorf("%q is not a host; write it without scheme and port", entry)
			}
			a.hosts[strings.TrimSuffix(entry, ".")] = true
		}
	}
	return a, nil
}

// Host reports whether the host is on the list by name or by its address.
func (a Allow) Host(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a.hosts[host] {
		return true
	}
	for _, s := range a.suffixes {
		if strings.HasSuffix(host, s) {
			return true
		}
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.address(ip)
}

func (a Allow) address(ip netip.Addr) bool {
	for _, p := range a.prefixes {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// dialTimeout is for name resolution and connection together.
const dialTimeout = 10 * time.Second

// guardedDial connects to public addresses and allowed hosts only. The check is made on the resolved address right
// before connecting, so a name that changes its mind does not slip by.
func guardedDial(allow Allow) func(ctx context.Context, network, address string) (net.Conn, error) {
	guard := ssrf.New(ssrf.WithPorts(80, 443, 8080, 8443))
	open := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	guarded := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second, Control: func(network, address string, c syscall.RawConn) error {
		if ap, err := netip.ParseAddrPort(address); err == nil && allow.address(ap.Addr()) {
			return nil
		}
		if err := guard.Safe(network, address, c); err != nil {
			return &Fault{Kind: FaultForbidden, Step: "fetch", Reason: "the address leads to " + address + ", which is not public; list the host in HARKARA_ALLOW_HOSTS if that is meant", Err: err}
		}
		return nil
	}}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil && allow.Host(host) {
			return open.DialContext(ctx, network, address)
		}
		return guarded.DialContext(ctx, network, address)
	}
}
