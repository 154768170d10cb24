package telegramtest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// checkedLink brings a link into the form the server keeps, or says why it refuses it
// (TDLib's LinkManager and HttpUrl). With httpOnly the internal schemes are refused too.
func checkedLink(link string, httpOnly bool) (string, error) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if len(link) > len(scheme) && strings.EqualFold(link[:len(scheme)], scheme) && link[len(scheme)] == ':' {
			if httpOnly {
				return "", fmt.Errorf("Only HTTP links are allowed")
			}
			rest := strings.TrimLeft(link[len(scheme)+1:], "/")
			return scheme + "://" + strings.TrimRight(rest, " \t\r\n"), nil
		}
	}
	return httpLink(link)
}

func httpLink(link string) (string, error) {
	protocol, rest := "http", link
	if before, after, ok := strings.Cut(link, ":"); ok && strings.HasPrefix(after, "//") {
		protocol, rest = asciiLower(before), after[len("//"):]
		if protocol != "http" && protocol != "https" {
			return "", fmt.Errorf("Unsupported URL protocol")
		}
	}
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	port := ""
	if i := strings.LastIndexAny(authority, ":]@"); i > 0 && authority[i] == ':' {
		n, err := strconv.Atoi(strings.TrimLeft(authority[i+1:], "0"))
		if err != nil || n <= 0 || n > 65535 {
			return "", fmt.Errorf("Wrong port number specified in the URL")
		}
		port, authority = ":"+strconv.Itoa(n), authority[:i]
	}
	userinfo, host := "", authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		userinfo, host = authority[:i], authority[i+1:]
	}
	host = asciiLower(host)
	ipv6 := strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]")
	switch {
	case ipv6:
		if _, err := netip.ParseAddr(host[1 : len(host)-1]); err != nil {
			return "", fmt.Errorf("Wrong IPv6 address specified in the URL")
		}
	case host == "":
		return "", fmt.Errorf("URL host is empty")
	case host == ".":
		return "", fmt.Errorf("Host is invalid")
	default:
		if err := checkURLPart(host, "host", false); err != nil {
			return "", err
		}
	}
	if err := checkURLPart(userinfo, "userinfo", true); err != nil {
		return "", err
	}
	if !ipv6 && !strings.Contains(host, ".") {
		return "", fmt.Errorf("Wrong HTTP URL")
	}
	path = strings.TrimRight(path, " \t\r\n\v\x00")
	if path == "" || path[0] != '/' {
		path = "/" + path
	}
	var b strings.Builder
	b.WriteString(protocol + "://")
	if userinfo != "" {
		b.WriteString(userinfo + "@")
	}
	b.WriteString(host + port)
	for _, c := range []byte(path) {
		if c <= ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

func checkURLPart(part, name string, allowColon bool) error {
	for i := 0; i < len(part); i++ {
		c := part[i]
		switch {
		case isLetter(c) || isDigit(c) || c >= 0x80 || strings.IndexByte(".-_!$,~*'();&+=", c) >= 0 || allowColon && c == ':':
		case c == '%':
			if i+2 >= len(part) || hexDigit(part[i+1]) < 0 || hexDigit(part[i+2]) < 0 {
				return fmt.Errorf("Wrong percent-encoded symbol in URL %s", name)
			}
			i += 2
		default:
			return fmt.Errorf("Disallowed character in URL %s", name)
		}
	}
	return nil
}
