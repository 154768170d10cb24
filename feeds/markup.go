package feeds

import (
	"html"
	"net/url"
	"strings"

	xhtml "golang.org/x/net/html"
)

// addressAttrs are the attributes of HTML that hold an address.
var addressAttrs = map[string]bool{
	"href": true, "src": true, "action": true, "background": true, "cite": true, "codebase": true, "data": true, "longdesc": true, "poster": true, "profile": true, "usemap": true,
}

// markup makes the addresses in a piece of HTML absolute and takes out what is not text: scripts, styles, handlers,
// comments. HTML that has none of it, as most has, is returned untouched.
func (r reader) markup(t Text, base *url.URL) Text {
	if !t.HTML || isHarmless(t.Value) {
		return t
	}
	if base == nil {
		base = r.base
	}
	t.Value = sanitize(t.Value, base)
	return t
}

// isHarmless reports whether a piece of HTML consists of known tags whose addresses are absolute.
func isHarmless(markup string) bool {
	for {
		i := strings.IndexByte(markup, '<')
		if i < 0 || i+1 >= len(markup) {
			return true
		}
		markup = markup[i+1:]
		c := markup[0]
		switch {
		case c == '!' || c == '?':
			return false
		case c == '/':
			continue
		case !isNameStart(c):
			continue
		}
		end := 0
		for end < len(markup) && isNameByte(markup[end]) {
			end++
		}
		stop := strings.IndexByte(markup, '>')
		if stop < end {
			return false
		}
		name, attrs := markup[:end], markup[end:stop]
		if !harmless[name] {
			return false
		}
		if strings.IndexByte(attrs, '=') >= 0 && !harmlessAttrs(attrs) {
			return false
		}
		markup = markup[stop:]
	}
}

func harmlessAttrs(attrs string) bool {
	fine := true
	eachAttr([]byte(attrs), func(name, value []byte) bool {
		switch {
		case len(name) > 2 && (name[0]|0x20) == 'o' && (name[1]|0x20) == 'n':
			fine = false
		case addressAttrs[string(name)]:
			fine = isWeb(string(value))
		case string(name) == "style", string(name) == "HREF", string(name) == "SRC":
			fine = false
		}
		return fine
	})
	return fine
}

// harmless are the tags that need no second look.
var harmless = map[string]bool{
	"p": true, "br": true, "a": true, "img": true, "b": true, "i": true, "em": true, "strong": true, "u": true, "div": true, "span": true, "ul": true, "ol": true, "li": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "blockquote": true, "table": true, "tbody": true, "thead": true, "tr": true, "td": true, "th": true,
	"figure": true, "figcaption": true, "hr": true, "pre": true, "code": true, "sub": true, "sup": true, "small": true, "font": true, "center": true, "cite": true, "q": true,
}

// forbidden are tags that are removed while what stands between them stays.
var forbidden = map[string]bool{
	"iframe": true, "frame": true, "frameset": true, "object": true, "embed": true, "param": true, "meta": true, "link": true, "base": true, "html": true, "head": true, "body": true,
	"form": true, "input": true, "button": true, "textarea": true, "select": true, "option": true, "blink": true, "marquee": true, "bgsound": true, "layer": true, "ilayer": true,
	"noscript": true, "xml": true, "xss": true, "plaintext": true, "xmp": true,
}

func sanitize(markup string, base *url.URL) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(markup))
	hidden := "" // the tag whose content is being dropped
	for {
		switch kind := z.Next(); kind {
		case xhtml.ErrorToken:
			return strings.TrimSpace(b.String())
		case xhtml.TextToken:
			if hidden == "" {
				b.Write(z.Raw())
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			closed := kind == xhtml.SelfClosingTagToken
			name, hasAttr := z.TagName()
			switch {
			case dropWithContent[string(name)]:
				if !closed {
					hidden = string(name)
				}
			case forbidden[string(name)]:
				switch string(name) { // the tokenizer would take what follows for raw text
				case "iframe", "noscript", "textarea", "xmp", "plaintext":
					z.NextIsNotRawText()
				}
			case hidden == "":
				writeTag(&b, z, name, hasAttr, closed, base)
			}
		case xhtml.EndTagToken:
			name, _ := z.TagName()
			switch {
			case dropWithContent[string(name)]:
				hidden = ""
			case hidden == "" && !forbidden[string(name)]:
				b.WriteString("</")
				b.Write(name)
				b.WriteByte('>')
			}
		case xhtml.CommentToken, xhtml.DoctypeToken:
		}
	}
}

// writeTag writes the start tag that the tokenizer is at.
func writeTag(b *strings.Builder, z *xhtml.Tokenizer, name []byte, hasAttr, closed bool, base *url.URL) {
	b.WriteByte('<')
	b.Write(name)
	for hasAttr {
		var k, v []byte
		k, v, hasAttr = z.TagAttr()
		key := strings.ToLower(string(k))
		value := string(v)
		switch {
		case key == "", strings.HasPrefix(key, "on"), strings.HasPrefix(key, "xmlns"), key == "style", key == "xml:base", key == "srcdoc", strings.ContainsAny(key, `<>"'`):
			continue
		case addressAttrs[key]:
			value = absolute(base, value)
			if isActive(value) {
				continue
			}
		}
		b.WriteByte(' ')
		b.Write(k)
		b.WriteString(`="`)
		b.WriteString(html.EscapeString(value))
		b.WriteByte('"')
	}
	if closed {
		b.WriteString(" /")
	}
	b.WriteByte('>')
}

// isActive reports whether following an address would run something.
func isActive(address string) bool {
	var scheme strings.Builder
	for _, c := range strings.ToLower(address) {
		switch {
		case c == ':':
			s := scheme.String()
			return s == "javascript" || s == "vbscript" || s == "data" || s == "livescript" || s == "mocha" || s == "about"
		case c <= ' ':
		default:
			scheme.WriteRune(c)
		}
	}
	return false
}
