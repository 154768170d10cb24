package feeds

import (
	"html"
	"strings"
	"unicode"

	xhtml "golang.org/x/net/html"
)

// A Paragraph is a block of text of an article, on one line.
type Paragraph struct {
	Text string
	// Promo is set when all of it is one link: the surest sign that it leads to another article and
	// is not part of this one.
	Promo bool
}

// Paragraphs turns a piece of HTML, or plain text, into paragraphs. What is not running text is left out: scripts,
// frames, captions, buttons, share bars, lists of related articles.
func Paragraphs(t Text) []Paragraph {
	if !t.HTML {
		return plainParagraphs(t.Value)
	}
	return paragraphs(t.Value, 2)
}

// paragraphs undoes at most so many further escapes.
func paragraphs(markup string, escapes int) []Paragraph {
	if strings.IndexByte(markup, '<') < 0 && strings.Contains(markup, "&lt;") { // escaped twice
		markup = html.UnescapeString(markup)
	}
	w := walk{bars: true}
	if !w.read(markup) {
		w = walk{} // something we left out was never closed: take all
		w.read(markup)
	}
	for _, p := range w.found {
		if escapes > 0 && looksLikeHTML(p.Text) { // escaped twice inside
			return paragraphs(html.UnescapeString(markup), escapes-1)
		}
	}
	for i, p := range w.found {
		if p.Promo && len(w.found) == 1 {
			w.found[i].Promo = false // nothing else is there: then it is the text
		}
	}
	return w.found
}

func plainParagraphs(text string) (found []Paragraph) {
	for line := range strings.Lines(text) {
		if line = oneLine(line); line != "" {
			found = append(found, Paragraph{Text: line})
		}
	}
	return found
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// A walk goes through a piece of HTML once.
type walk struct {
	// bars is set when elements are left out by what their class says they are.
	bars  bool
	found []Paragraph

	text    strings.Builder
	letters int // letters and digits of the paragraph, and those of them inside links
	linked  int
	links   int
	anchor  int

	skip      string // the element that is being left out, and how often it is open
	skipDepth int
}

// read reports whether everything that was left out had an end.
func (w *walk) read(markup string) bool {
	z := xhtml.NewTokenizer(strings.NewReader(markup))
	for {
		kind := z.Next()
		switch kind {
		case xhtml.ErrorToken:
			w.end()
			return w.skip == ""
		case xhtml.TextToken:
			if w.skip == "" {
				w.write(html.UnescapeString(string(z.Raw())))
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken, xhtml.EndTagToken:
			name, hasAttr := z.TagName()
			w.tag(z, string(name), hasAttr, kind)
		case xhtml.CommentToken, xhtml.DoctypeToken:
		}
	}
}

func (w *walk) tag(z *xhtml.Tokenizer, tag string, hasAttr bool, kind xhtml.TokenType) {
	if w.skip != "" {
		if tag == w.skip {
			switch kind {
			case xhtml.StartTagToken:
				w.skipDepth++
			case xhtml.EndTagToken:
				w.skipDepth--
			default:
			}
			if w.skipDepth == 0 {
				w.skip = ""
			}
		}
		return
	}
	if kind == xhtml.StartTagToken && (leftOut[tag] || w.bars && hasAttr && !isVoid(tag) && isBar(z)) {
		if w.bars || dropWithContent[tag] {
			w.skip, w.skipDepth = tag, 1
		} else {
			z.NextIsNotRawText()
		}
		if !inline[tag] {
			w.end()
		}
		return
	}
	switch {
	case tag == "a" && kind == xhtml.StartTagToken:
		w.anchor++
		w.links++
	case tag == "a" && kind == xhtml.EndTagToken:
		w.anchor = max(0, w.anchor-1)
	case tag == "td" || tag == "th":
		w.text.WriteByte(' ')
	case inline[tag]:
	default:
		w.end()
	}
}

func (w *walk) write(text string) {
	w.text.WriteString(text)
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			w.letters++
			if w.anchor > 0 {
				w.linked++
			}
		}
	}
}

// end closes the paragraph.
func (w *walk) end() {
	text := oneLine(w.text.String())
	if w.letters > 0 {
		w.found = append(w.found, Paragraph{Text: text, Promo: w.linked == w.letters && w.links == 1})
	}
	w.text.Reset()
	w.letters, w.linked, w.links = 0, 0, min(w.anchor, 1)
}

// leftOut are elements that hold no running text.
var leftOut = map[string]bool{
	"script": true, "style": true, "iframe": true, "noscript": true, "figcaption": true, "svg": true, "button": true, "select": true, "textarea": true, "nav": true,
	"template": true, "video": true, "audio": true, "object": true, "applet": true, "head": true, "title": true, "form": true,
}

// isBar reports whether the element's class or id says that it is a share bar, an advertisement or a list of other
// articles. The words are matched whole, between hyphens, underscores and spaces: “shared-grief” is no share bar.
func isBar(z *xhtml.Tokenizer) bool {
	for {
		key, value, more := z.TagAttr()
		if k := string(key); k == "class" || k == "id" || k == "data-type" {
			for _, word := range strings.FieldsFunc(strings.ToLower(string(value)), func(r rune) bool { return r == '-' || r == '_' || unicode.IsSpace(r) }) {
				if bars[word] {
					return true
				}
			}
		}
		if !more {
			return false
		}
	}
}

var bars = map[string]bool{
	"share": true, "sharing": true, "sharedaddy": true, "sharebar": true, "addtoany": true, "addthis": true, "social": true, "socials": true, "related": true, "relatedposts": true,
	"yarpp": true, "newsletter": true, "subscribe": true, "advert": true, "advertisement": true, "ads": true, "adsbygoogle": true, "caption": true, "breadcrumb": true, "breadcrumbs": true,
	"comments": true, "readmore": true, "alsoread": true, "outbrain": true, "taboola": true, "feedflare": true, "tweet": true, "instagram": true,
}
