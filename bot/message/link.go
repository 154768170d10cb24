package message

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// urlLimit is the longest address, in bytes, that is made a link or a button. Longer ones are
// tracking dirt or an attack, and a few dozen of them would fill the 32 768 bytes a request's text may have.
const urlLimit = 2000

// Linkable gives an address in the form in which Telegram takes it, or "" if it would not.
func Linkable(address string) string { return linkable(address) }

// linkable gives the address in the form in which it is safe as a link, a button or a picture: http or https, a host name with
// a dot (Telegram silently drops other links and refuses other buttons), all in printable ASCII. It is empty for
// what is no such address.
func linkable(address string) string {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > urlLimit {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil || !strings.Contains(strings.Trim(host, "."), ".") {
		return ""
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host = host
	u.RawQuery = encodeOdd(u.RawQuery)
	text := u.String()
	if len(text) > urlLimit {
		return ""
	}
	return text
}

// encodeOdd percent-encodes what may not stand in an address, and leaves what is encoded already.
func encodeOdd(query string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(query) {
		c := query[i]
		if c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Snippet is the HTML that takes the place of a “click here for our news” line on a publisher's page: one
// paragraph with a link to address.
func (p Printer) Snippet(address string) string {
	return `<p lang="` + string(p.Lang()) + `"><a href="` + escape(address) + `" target="_blank" rel="noopener">` +
		escape(p.Text(PostSubscribe)) + `</a></p>`
}
