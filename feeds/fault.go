package feeds

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// A Fault is why a feed or page could not be had: the step at which it failed, what was wrong and what mends it, in one
// line. It never shows a password that stands in an address.
type Fault struct {
	Kind FaultKind
	// Step is what was being done: "fetch", "parse", "read page".
	Step string
	// Reason says what was wrong and, after a semicolon or as a question, what to do.
	Reason string
	// Status is the HTTP status, 0 if none was received.
	Status int
	// RetryAfter is when the server wants to be asked again; 0 if it did not say.
	RetryAfter time.Duration
	// Err is the cause; may be nil.
	Err error
}

// FaultKind sorts faults by what follows from them. The words are stable: they are kept with a feed, and
// chosen by when something is said to a person.
type FaultKind string

// The kinds of faults.
const (
	FaultAddress     FaultKind = "address"     // the address is not one that can be asked
	FaultForbidden   FaultKind = "forbidden"   // it leads to a host that is not allowed
	FaultUnreachable FaultKind = "unreachable" // no connection
	FaultTimeout     FaultKind = "timeout"     // too slow
	FaultCertificate FaultKind = "certificate" // TLS failed
	FaultRedirect    FaultKind = "redirect"    // redirected too often or to where we do not go
	FaultTooLarge    FaultKind = "too-large"   // more than we read
	FaultMissing     FaultKind = "missing"     // 404
	FaultGone        FaultKind = "gone"        // 410
	FaultDenied      FaultKind = "denied"      // 401, 403 and their like
	FaultBusy        FaultKind = "busy"        // 429, 503
	FaultServer      FaultKind = "server"      // any other answer that is none
	FaultPage        FaultKind = "page"        // a web page instead of a feed
	FaultEmpty       FaultKind = "empty"
	FaultBroken      FaultKind = "broken"  // neither feed nor page, or damaged beyond repair
	FaultHostile     FaultKind = "hostile" // built to exhaust its reader
)

func (f *Fault) Error() string {
	if f.Step == "" {
		return f.Reason
	}
	return f.Step + ": " + f.Reason
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// kindOf tells what kind of fault an error is.
func kindOf(err error) FaultKind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return FaultServer
}

func parseFault(err error) *Fault {
	f := &Fault{Kind: FaultBroken, Step: "parse", Reason: oneLine(err.Error()), Err: err}
	switch {
	case errors.Is(err, ErrPage):
		f.Kind = FaultPage
	case errors.Is(err, ErrEmpty):
		f.Kind = FaultEmpty
	case errors.Is(err, ErrUnreasonable):
		f.Kind = FaultHostile
	}
	if len(f.Reason) > 300 {
		f.Reason = strings.ToValidUTF8(f.Reason[:300], "") + "…"
	}
	return f
}

// transportFault names what went wrong on the way to an answer.
func transportFault(err error) *Fault {
	var own *Fault
	if errors.As(err, &own) {
		return own
	}
	f := &Fault{Step: "fetch", Err: withoutAddress(err)}
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		record      tls.RecordHeaderError
		network     net.Error
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		f.Kind, f.Reason = FaultTimeout, "the server took too long to answer"
	case errors.As(err, &dns):
		f.Kind, f.Reason = FaultUnreachable, fmt.Sprintf("the host %q is not known; is it spelled right?", dns.Name)
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &record), strings.Contains(err.Error(), "tls: "):
		f.Kind, f.Reason = FaultCertificate, "no secure connection: "+oneLine(f.Err.Error())
	case strings.Contains(err.Error(), "server response headers exceeded"):
		f.Kind, f.Reason = FaultTooLarge, "the server's headers are larger than 64 KB"
	default:
		f.Kind, f.Reason = FaultUnreachable, "no answer: "+oneLine(f.Err.Error())
	}
	return f
}

// withoutAddress takes the address off an error of the client: it may hold a password.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
