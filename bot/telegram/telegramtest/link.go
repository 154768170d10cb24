package telegramtest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// linkError is the server's reason to refuse a link, as it appears in descriptions.
type linkError string

func (e linkError) Error() string { return string(e) }

// checkedLink brings a link into the form the server keeps, or says why it refuses it
// (TDLib's LinkManager and HttpUrl). With httpOnly the internal schemes are refused too.
func checkedLink(link string, httpOnly bool) (string, error) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if rest, ok := cutScheme(link, scheme); ok {
			if httpOnly {
				return "", linkError("Only HTTP links are allowed")
			}
			return internalLink(scheme, rest)
		}
	}
	u, err := parseLink(link)
	if err != nil {
		return "", err
	}
	if !u.ipv6 && !strings.Contains(u.host, ".") {
		return "", linkError("Wrong HTTP URL")
	}
	return u.String(), nil
}

// cutScheme takes "tg:" or "tg://" off a link.
func cutScheme(link, scheme string) (rest string, ok bool) {
	if len(link) <= len(scheme) || link[len(scheme)] != ':' || !strings.EqualFold(link[:len(scheme)], scheme) {
		return "", false
	}
	return strings.TrimPrefix(link[len(scheme)+1:], "//"), true
}

func internalLink(scheme, rest string) (string, error) {
	u, err := parseLink(rest)
	if err != nil {
		return "", err
	}
	if u.hasProtocol || u.userinfo != "" || u.port != "" || u.ipv6 {
		if scheme == "tg" {
			return "", linkError("Wrong tg URL")
		}
		return "", linkError("Wrong ton URL")
	}
	for _, c := range []byte(u.host) {
		if !isNameDash(c) && (c != '.' || scheme != "tonsite") {
			return "", linkError("Unallowed characters in URL host")
		}
	}
	path := u.path
	if strings.HasPrefix(path, "/?") {
		path = path[1:]
	}
	return scheme + "://" + u.host + path, nil
}

// userLink reads a link that mentions a user, such as tg://user?id=42.
func userLink(link string) (int64, bool) {
	rest, ok := cutScheme(link, "tg")
	if !ok {
		return 0, false
	}
	rest, _, _ = strings.Cut(asciiLower(rest), "#")
	path, query, _ := strings.Cut(rest, "?")
	if strings.TrimSuffix(path, "/") != "user" {
		return 0, false
	}
	for _, pair := range strings.Split(query, "&") {
		if value, ok := strings.CutPrefix(pair, "id="); ok && value != "" && value[0] != '0' {
			id, err := strconv.ParseInt(value, 10, 64)
			return id, err == nil && id > 0
		}
	}
	return 0, false
}

// httpURL is a parsed link.
type httpURL struct {
	protocol       string
	hasProtocol    bool
	userinfo, host string
	port           string // with its colon
	ipv6           bool
	path           string // with query and fragment
}

func (u httpURL) String() string {
	userinfo := u.userinfo
	if userinfo != "" {
		userinfo += "@"
	}
	return u.protocol + "://" + userinfo + u.host + u.port + u.path
}

func httpLink(link string) (string, error) {
	u, err := parseLink(link)
	return u.String(), err
}

func parseLink(link string) (httpURL, error) {
	u := httpURL{protocol: "http"}
	rest := link
	if i := strings.IndexAny(link, ":/?#@[]"); i >= 0 && strings.HasPrefix(link[i:], "://") {
		u.protocol, u.hasProtocol, rest = asciiLower(link[:i]), true, link[i+len("://"):]
		if u.protocol != "http" && u.protocol != "https" {
			return u, linkError("Unsupported URL protocol")
		}
	}
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	if i := strings.LastIndexAny(authority, ":]@"); i > 0 && authority[i] == ':' {
		n, err := strconv.Atoi(strings.TrimLeft(authority[i+1:], "0"))
		if err != nil || n <= 0 || n > 65535 {
			return u, linkError("Wrong port number specified in the URL")
		}
		u.port, authority = ":"+strconv.Itoa(n), authority[:i]
	}
	u.host = authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		u.userinfo, u.host = authority[:i], authority[i+1:]
	}
	u.host = asciiLower(u.host)
	u.ipv6 = strings.HasPrefix(u.host, "[") && strings.HasSuffix(u.host, "]")
	switch {
	case u.ipv6:
		if _, err := netip.ParseAddr(u.host[1 : len(u.host)-1]); err != nil {
			return u, linkError("Wrong IPv6 address specified in the URL")
		}
	case u.host == "":
		return u, linkError("URL host is empty")
	case u.host == ".":
		return u, linkError("Host is invalid")
	default:
		if err := checkURLPart(u.host, "host", false); err != nil {
			return u, err
		}
	}
	path = strings.TrimRight(path, " \t\r\n\v\x00")
	if path == "" || path[0] != '/' {
		path = "/" + path
	}
	var b strings.Builder
	for _, c := range []byte(path) {
		if c <= ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	u.path = b.String()
	return u, checkURLPart(u.userinfo, "userinfo", true)
}

func checkURLPart(part, name string, allowColon bool) error {
	for i := 0; i < len(part); i++ {
		c := part[i]
		switch {
		case isLetter(c) || isDigit(c) || c >= 0x80 || strings.IndexByte(".-_!$,~*'();&+=", c) >= 0 || allowColon && c == ':':
		case c == '%':
			if i+2 >= len(part) || hexDigit(part[i+1]) < 0 || hexDigit(part[i+2]) < 0 {
				return linkError("Wrong percent-encoded symbol in URL " + name)
			}
			i += 2
		default:
			return linkError("Disallowed character in URL " + name)
		}
	}
	return nil
}
