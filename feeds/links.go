package feeds

import (
	"net/url"
	"regexp"
	"strings"
)

// absolute resolves an address against base. An address that is absolute already is returned byte for byte, only
// freed of white space: it may be a key somewhere.
func absolute(base *url.URL, ref string) string {
	ref = cleanAddress(ref)
	if ref == "" || base == nil || hasScheme(ref) {
		return ref
	}
	u, err := url.Parse(ref)
	if err != nil {
		if u, err = url.Parse(strings.ReplaceAll(url.PathEscape(ref), "%2F", "/")); err != nil {
			return ref
		}
	}
	resolved := base.ResolveReference(u)
	return resolved.String()
}

// cleanAddress removes the white space of line-wrapped feeds and undoes a second escape of &.
func cleanAddress(ref string) string {
	if strings.ContainsAny(ref, "\r\n\t") {
		ref = strings.NewReplacer("\r", "", "\n", "", "\t", "").Replace(ref)
	}
	ref = strings.TrimSpace(ref)
	return strings.ReplaceAll(ref, "&amp;", "&")
}

// hasScheme reports whether ref begins with a scheme (RFC 3986 §3.1).
func hasScheme(ref string) bool {
	for i := range len(ref) {
		c := ref[i] | 0x20
		switch {
		case ref[i] == ':':
			return i > 1
		case 'a' <= c && c <= 'z':
		case i > 0 && ('0' <= ref[i] && ref[i] <= '9' || ref[i] == '+' || ref[i] == '-' || ref[i] == '.'):
		default:
			return false
		}
	}
	return false
}

// isWeb reports whether an address can be opened in a browser.
func isWeb(ref string) bool {
	return len(ref) > 8 && (strings.EqualFold(ref[:7], "http://") || strings.EqualFold(ref[:8], "https://"))
}

// looksRelative reports whether an identifier that may be a permanent link has the look of a relative address: a path, a
// query, or the name of a file.
func looksRelative(id string) bool { return strings.ContainsAny(id, "/?") || fileName.MatchString(id) }

var fileName = regexp.MustCompile(`^[\w%-][\w.%-]*\.[a-z]{2,5}$`)
