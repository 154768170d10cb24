package feeds

import (
	"bytes"
	"html"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed/rss"
)

// A document holds what gofeed does not tell of an XML feed: the base of each element, the type of each text, the
// identifier byte for byte.
type document struct {
	head  node
	items []node
}

// A node is an element with its direct children.
type node struct {
	attrs    piece
	base     *url.URL
	children []child
}

// A child is an element inside a node; inner is the XML between its tags.
type child struct {
	piece
	base  *url.URL
	inner []byte
}

// find returns the first child with this local name, and a child with nothing in it if there is none.
func (n node) find(names ...string) (child, bool) {
	for _, c := range n.children {
		for _, name := range names {
			if c.is(name) {
				return c, true
			}
		}
	}
	return child{base: n.base}, false
}

// core is find for names without prefix, or with the prefix of the node itself.
func (n node) core(names ...string) (child, bool) {
	for _, c := range n.children {
		for _, name := range names {
			if c.is(name) && bytes.Equal(prefix(c.name), prefix(n.attrs.name)) {
				return c, true
			}
		}
	}
	return child{base: n.base}, false
}

// repeats reports whether the node has several children of this name and no prefix.
func (n node) repeats(name string) bool {
	count := 0
	for _, c := range n.children {
		if len(c.name) == len(name) && c.is(name) {
			count++
		}
	}
	return count > 1
}

func prefix(name []byte) []byte { return name[:max(0, bytes.IndexByte(name, ':'))] }

// text is the character data of the child.
func (c child) text() string { return strings.TrimSpace(characterData(c.inner)) }

// annotate walks once through a document.
func annotate(doc []byte, base *url.URL) document {
	type open struct {
		name []byte
		base *url.URL
		node *node // set for the head and for items
		slot int   // index+1 of the child in the parent's node
		from int
	}
	var (
		d     document
		stack []open
		item  = -1
		cur   *node
	)
	pop := func(inner int) {
		last := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if last.slot > 0 && len(stack) > 0 && stack[len(stack)-1].node != nil {
			stack[len(stack)-1].node.children[last.slot-1].inner = doc[last.from:max(last.from, inner)]
		}
		if item >= 0 && len(stack) == item {
			d.items = append(d.items, *cur)
			item, cur = -1, nil
		}
	}
	s := scanner{doc: doc}
	for {
		p, ok := s.next()
		if !ok {
			break
		}
		switch p.kind {
		case startTag, emptyTag:
			here := base
			var parent *node
			if len(stack) > 0 {
				here, parent = stack[len(stack)-1].base, stack[len(stack)-1].node
			}
			here = withBase(here, p)
			o := open{name: p.name, base: here, from: p.to}
			switch {
			case item < 0 && len(stack) > 0 && len(stack) <= itemNestingRoom && isItem(p):
				if p.kind == emptyTag {
					d.items = append(d.items, node{attrs: p, base: here})
					continue
				}
				item = len(stack)
				cur = &node{attrs: p, base: here}
				o.node = cur
			case parent != nil && !(parent == &d.head && p.is("channel")):
				parent.children = append(parent.children, child{piece: p, base: here})
				o.slot = len(parent.children)
			case len(stack) == 0, p.is("channel") && len(stack) == 1:
				d.head.attrs, d.head.base = p, here
				o.node = &d.head
			}
			if p.kind == startTag {
				stack = append(stack, o)
			}
		case endTag:
			for i := len(stack) - 1; i >= 0; i-- {
				if bytes.Equal(stack[i].name, p.name) {
					for len(stack) > i {
						pop(p.from)
					}
					break
				}
			}
		case cdata, comment, instruction, declaration:
		}
	}
	for len(stack) > 0 {
		pop(len(doc))
	}
	return d
}

func withBase(base *url.URL, p piece) *url.URL {
	if len(p.attrs) == 0 || !bytes.Contains(p.attrs, []byte("ase")) && !bytes.Contains(p.attrs, []byte("ASE")) {
		return base
	}
	value, ok := p.attr("xml:base")
	if !ok {
		value = foldAttr(p, "base")
	}
	if len(value) == 0 || len(value) > maxBase || base != nil && len(base.Path) > maxBase {
		return base
	}
	ref, err := url.Parse(strings.TrimSpace(html.UnescapeString(string(value))))
	if err != nil {
		return base
	}
	if base == nil {
		return ref
	}
	return base.ResolveReference(ref)
}

// characterData decodes the text of an XML fragment: CDATA taken as it stands, references decoded once.
func characterData(inner []byte) string {
	if bytes.IndexByte(inner, '<') < 0 {
		return unescape(string(inner))
	}
	var b strings.Builder
	for rest := inner; ; {
		i := bytes.Index(rest, []byte("<![CDATA["))
		if i < 0 {
			b.WriteString(unescape(string(rest)))
			return b.String()
		}
		b.WriteString(unescape(string(rest[:i])))
		rest = rest[i+len("<![CDATA["):]
		end := bytes.Index(rest, []byte("]]>"))
		if end < 0 {
			b.Write(rest)
			return b.String()
		}
		b.Write(rest[:end])
		rest = rest[end+len("]]>"):]
	}
}

// unescape decodes references that end in a semicolon. HTML knows some that do not, but in a feed “&copy=2”
// is a part of an address.
func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 40)], ';')
		if end < 2 || strings.ContainsAny(s[1:end], "& \t\r\n<") {
			b.WriteByte('&')
			s = s[1:]
			continue
		}
		reference := s[:end+1]
		decoded := html.UnescapeString(reference)
		if decoded == html.UnescapeString(s[:end])+";" {
			b.WriteByte('&')
			s = s[1:]
			continue
		}
		b.WriteString(decoded)
		s = s[end+1:]
	}
}

// needsNotes reports whether an RSS document says something that gofeed leaves out: identifiers of RDF, or
// elements of which the first counts and not the last.
func needsNotes(doc []byte, feed *rss.Feed) bool {
	if !bytes.HasPrefix(doc, []byte("<rss")) || bytes.Contains(doc, []byte("rdf:about=")) {
		return true
	}
	// More titles or descriptions than the parser tells: some item has two, of which the first counts.
	count := func(tag string) int { return bytes.Count(doc, []byte(tag)) }
	around := count("<image") + count("<textInput")
	titles, descriptions := count("<title")-around, count("<description")-around
	tally := func(title, description string) {
		if title != "" {
			titles--
		}
		if description != "" {
			descriptions--
		}
	}
	tally(feed.Title, feed.Description)
	for _, item := range feed.Items {
		tally(item.Title, item.Description)
	}
	if titles > 0 || descriptions > 0 {
		return true
	}
	for _, item := range feed.Items {
		if len(item.Custom) > 0 || item.Extensions["xhtml"] != nil || len(item.Extensions["http://www.w3.org/1999/xhtml"]) > 0 {
			return true
		}
	}
	return false
}
