package feeds

import (
	"html"
	"strings"

	xhtml "golang.org/x/net/html"
)

// Text is a piece of text as a feed has it: plain, or HTML. Whether it is HTML is decided by what the feed says, not
// by its look, where the feed says it: the plain title “The <video> element” is no markup.
type Text struct {
	Value string
	HTML  bool
}

// String is the text in one line, without markup.
func (t Text) String() string {
	if !t.HTML {
		return strings.Join(strings.Fields(t.Value), " ")
	}
	text := t.Value
	if strings.IndexByte(text, '<') >= 0 {
		text = stripTags(text)
	} else {
		text = html.UnescapeString(text)
	}
	// Escaped twice is as common as escaped once.
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	if looksLikeHTML(text) {
		text = stripTags(text)
	}
	return strings.Join(strings.Fields(text), " ")
}

// Markup is the text as HTML.
func (t Text) Markup() string {
	if t.HTML {
		return t.Value
	}
	return html.EscapeString(t.Value)
}

// stripTags removes markup and decodes references. Tags that part blocks become a space.
func stripTags(text string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(text))
	hidden := ""
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return b.String()
		case xhtml.TextToken:
			if hidden == "" {
				b.WriteString(html.UnescapeString(string(z.Raw())))
			}
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			raw := z.Raw()
			name, _ := z.TagName()
			tag := string(name)
			switch {
			case dropWithContent[tag]:
				if raw[1] == '/' {
					hidden = ""
				} else {
					hidden = tag
				}
			case !inline[tag]:
				b.WriteByte(' ')
			}
		}
	}
}

var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true, "em": true, "font": true, "i": true, "img": true, "ins": true, "del": true,
	"kbd": true, "mark": true, "q": true, "s": true, "samp": true, "small": true, "span": true, "strike": true, "strong": true, "sub": true, "sup": true, "tt": true, "u": true, "var": true, "wbr": true, "blink": true,
}

var dropWithContent = map[string]bool{"script": true, "style": true, "applet": true}

// common are the tags whose presence makes a text HTML where the format does not say it.
var common = map[string]bool{
	"p": true, "br": true, "div": true, "ul": true, "ol": true, "li": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "blockquote": true,
	"table": true, "tr": true, "td": true, "pre": true, "hr": true, "figure": true, "script": true, "style": true, "iframe": true, "section": true, "article": true,
	"object": true, "embed": true, "applet": true, "center": true, "dl": true, "dt": true, "dd": true, "form": true, "input": true, "acronym": true,
	"area": true, "map": true, "caption": true, "thead": true, "tbody": true, "tfoot": true, "th": true, "col": true, "colgroup": true, "fieldset": true, "label": true, "legend": true,
	"select": true, "option": true, "textarea": true, "button": true, "address": true, "meta": true, "link": true, "base": true, "html": true, "head": true, "body": true, "frameset": true,
	"noscript": true, "picture": true, "svg": true, "math": true,
}

// looksLikeHTML reports whether the text holds a tag that feeds use.
func looksLikeHTML(text string) bool {
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 || i+1 >= len(text) {
			return false
		}
		text = text[i+1:]
		name := strings.TrimPrefix(text, "/")
		end := 0
		for end < len(name) && end < 12 && (name[end]|0x20 >= 'a' && name[end]|0x20 <= 'z' || end > 0 && name[end] >= '0' && name[end] <= '9') {
			end++
		}
		if end > 0 && end < len(name) && (name[end] == '>' || name[end] == '/' || isSpace(name[end])) {
			if strings.IndexByte(name[end:], '>') < 0 {
				return false
			}
			if tag := strings.ToLower(name[:end]); common[tag] || inline[tag] {
				return true
			}
		}
	}
}

// hasReference reports whether the text holds a reference that HTML would decode.
func hasReference(text string) bool {
	return strings.IndexByte(text, '&') >= 0 && unescape(text) != text
}

// guessed is a text whose type the format leaves open, as RSS does.
func guessed(value string) Text {
	value = strings.TrimSpace(value)
	if inner, ok := strings.CutPrefix(value, "<![CDATA["); ok { // escaped twice
		value = strings.TrimSpace(strings.TrimSuffix(inner, "]]>"))
	}
	return Text{Value: value, HTML: looksLikeHTML(value) || hasReference(value)}
}
