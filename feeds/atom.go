package feeds

import (
	"bytes"
	"encoding/base64"
	"html"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed/atom"
)

func (r reader) atom(feed *atom.Feed, notes document) *Parsed {
	title, _ := notes.head.core("title")
	parsed := &Parsed{
		Title:    r.typed(title),
		Link:     atomHref(feed.Links, notes.head, "alternate"),
		SelfURL:  atomHref(feed.Links, notes.head, "self"),
		Hub:      atomHref(feed.Links, notes.head, "hub"),
		Language: feed.Language,
		Pace:     Pace{TTL: syndication(feed.Extensions)},
	}
	if parsed.Title.Value == "" {
		parsed.Title = r.markup(guessed(first(feed.Title, value(feed.Extensions, []string{"dc"}, "title"))), notes.head.base)
	}
	aligned := len(notes.items) == len(feed.Entries)
	for i, entry := range feed.Entries {
		n := node{base: notes.head.base}
		if aligned {
			n = notes.items[i]
		}
		parsed.Items = append(parsed.Items, r.atomEntry(entry, n))
	}
	return parsed
}

func (r reader) atomEntry(entry *atom.Entry, n node) Item {
	read := func(fallback string, names ...string) Text {
		c, ok := n.core(names...)
		if !ok {
			return r.markup(guessed(fallback), n.base)
		}
		return r.typed(c)
	}
	out := Item{
		Title:   read(first(entry.Title, value(entry.Extensions, []string{"dc"}, "title"), value(entry.Extensions, mediaPrefixes, "title"), inGroup(entry.Extensions, "title")), "title"),
		Summary: read(first(entry.Summary, value(entry.Extensions, []string{"dc"}, "description")), "summary"),
		Link:    first(absolute(n.base, origLink(entry.Extensions)), atomHref(entry.Links, n, "alternate")),
	}
	out.GUID = strings.TrimSpace(entry.ID)
	if id, ok := n.core("id"); ok {
		out.GUID = id.text() // gofeed rewrites it
		if looksRelative(out.GUID) {
			out.GUID = absolute(id.base, out.GUID)
		}
	}
	if out.Link == "" && isWeb(out.GUID) {
		out.Link = out.GUID
	}
	readable := true
	if c, ok := n.core("content"); ok {
		out.Content = r.typed(c)
		readable = isReadable(c)
	} else if entry.Content != nil {
		out.Content = r.markup(guessed(entry.Content.Value), n.base)
	}
	if out.Summary.Value == "" && readable {
		out.Summary = out.Content
	}
	if out.Summary.Value == "" {
		out.Summary = r.markup(guessed(first(value(entry.Extensions, mediaPrefixes, "description"), inGroup(entry.Extensions, "description"))), n.base)
	}

	created, _ := n.find("created")
	issued, _ := n.core("published", "issued")
	updated, _ := n.core("updated", "modified")
	out.Published = r.date(issued.text(), entry.Published, created.text())
	out.Updated = r.date(updated.text(), entry.Updated)
	if out.Published.IsZero() {
		dc := value(entry.Extensions, []string{"dc"}, "date")
		terms := func(name string) string { return value(entry.Extensions, []string{"dcterms"}, name) }
		out.Published = r.date(terms("issued"), dc, terms("created"))
		if out.Updated.IsZero() {
			out.Updated = r.date(terms("modified"))
		}
	}
	if out.Published.IsZero() {
		out.Published = out.Updated
	}
	for _, a := range entry.Authors {
		if out.Author == "" {
			out.Author = author(first(a.Name, a.Email))
		}
	}
	out.Author = first(out.Author, author(value(entry.Extensions, []string{"dc"}, "creator")))
	for _, c := range entry.Categories {
		out.Categories = append(out.Categories, first(c.Label, c.Term))
	}
	out.Categories = distinct(append(out.Categories, values(entry.Extensions, []string{"dc"}, "subject")...))
	for _, l := range entry.Links {
		if out.Image == "" && l.Rel == "enclosure" && strings.HasPrefix(l.Type, "image/") {
			out.Image = l.Href
		}
	}
	out.Image = absolute(n.base, first(mediaImage(entry.Extensions), out.Image, pictureIn(out.Content), pictureIn(out.Summary)))
	return out
}

// atomHref picks the link of a relation; among alternates that of a page.
func atomHref(links []*atom.Link, n node, rel string) string {
	all := linksIn(n)
	if len(all) != len(links) { // not read alike: what the parser says is what there is
		all = all[:0]
		for _, l := range links {
			all = append(all, link{rel: l.Rel, kind: l.Type, href: absolute(n.base, l.Href)})
		}
	}
	best := ""
	for _, l := range all {
		name := strings.TrimPrefix(strings.ToLower(l.rel), "http://www.iana.org/assignments/relation/")
		if name != rel || l.href == "" {
			continue
		}
		page := l.kind == "" || strings.Contains(l.kind, "html")
		if best == "" || page {
			best = l.href
		}
		if page {
			break
		}
	}
	return best
}

// A link is one of Atom's (RFC 4287 §4.2.7), its address absolute.
type link struct{ rel, kind, href string }

// linksIn reads the links of a node. The address may stand between the tags, as writers do who come from RSS.
func linksIn(n node) (links []link) {
	for _, c := range n.children {
		if !c.is("link") || !bytes.Equal(prefix(c.name), prefix(n.attrs.name)) {
			continue
		}
		attr := func(name string) string { return strings.TrimSpace(unescape(string(foldAttr(c.piece, name)))) }
		links = append(links, link{rel: first(attr("rel"), "alternate"), kind: strings.ToLower(attr("type")), href: absolute(c.base, first(attr("href"), c.text()))})
	}
	return links
}

// typed reads an Atom text construct or content by its type (RFC 4287 §3.1, §4.1.3; Atom 0.3: type and mode).
func (r reader) typed(c child) Text {
	attr := func(name string) string {
		v, _ := c.attr(name)
		return strings.ToLower(strings.TrimSpace(string(v)))
	}
	kind, mode := attr("type"), attr("mode")
	if strings.HasPrefix(kind, "multipart/") {
		if part, ok := lastPart(c); ok {
			return r.typed(part)
		}
	}
	if i := strings.IndexByte(kind, ';'); i >= 0 {
		kind = strings.TrimSpace(kind[:i])
	}
	switch {
	case mode == "base64" || isBinary(kind):
		text := strings.Join(strings.Fields(characterData(c.inner)), "")
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil || !utf8.Valid(data) {
			return Text{Value: characterData(c.inner)}
		}
		t := Text{Value: strings.TrimSpace(string(data)), HTML: strings.Contains(kind, "html")}
		return r.markup(t, c.base)
	case strings.Contains(kind, "xhtml"), mode == "xml" && strings.Contains(kind, "html"), hasElements(c.inner) && mode != "escaped":
		return r.markup(Text{Value: unwrapDiv(inlineXML(c.inner, c.base)), HTML: true}, c.base)
	case strings.Contains(kind, "html"):
		return r.markup(Text{Value: c.text(), HTML: true}, c.base)
	case kind == "" && mode == "escaped": // Atom 0.3 writers left the type out
		return r.markup(guessed(c.text()), c.base)
	}
	return Text{Value: c.text()}
}

// lastPart is the last of the alternatives that a content of Atom 0.3 holds: they go from plain to rich.
func lastPart(c child) (part child, ok bool) {
	parts := annotate(append(append([]byte("<feed>"), c.inner...), "</feed>"...), c.base)
	for _, p := range parts.head.children {
		if p.is("content") {
			part, ok = p, true
		}
	}
	return part, ok
}

// isReadable reports whether content of this type can stand for a summary.
func isReadable(c child) bool {
	v, _ := c.attr("type")
	kind := strings.ToLower(string(v))
	return kind == "" || kind == "text" || strings.Contains(kind, "html") || strings.HasPrefix(kind, "text/")
}

// isBinary reports whether RFC 4287 §4.1.3.3 has content of this media type in base64.
func isBinary(kind string) bool {
	switch {
	case kind == "" || !strings.Contains(kind, "/"), strings.HasPrefix(kind, "text/"), strings.Contains(kind, "xml"), strings.Contains(kind, "html"):
		return false
	}
	return true
}

// hasElements reports whether an XML fragment holds tags outside of CDATA.
func hasElements(inner []byte) bool {
	s := scanner{doc: inner}
	for {
		p, ok := s.next()
		if !ok {
			return false
		}
		if p.kind == startTag || p.kind == emptyTag {
			return true
		}
	}
}

// inlineXML writes an XML fragment as HTML: prefixes of the tags are dropped, CDATA becomes escaped text, elements
// that are empty in XML but not in HTML get an end, and addresses under an xml:base of the fragment's own are
// resolved against it.
func inlineXML(inner []byte, base *url.URL) string {
	if bytes.IndexByte(inner, ':') < 0 && !bytes.Contains(inner, []byte("<!")) && !bytes.Contains(inner, []byte("/>")) {
		return string(inner)
	}
	if !hasElements(inner) {
		return characterData(inner)
	}
	type open struct {
		name []byte
		base *url.URL
	}
	var (
		b     bytes.Buffer
		stack []open
		text  int
	)
	s := scanner{doc: inner}
	for {
		p, ok := s.next()
		if !ok {
			b.Write(inner[text:])
			return b.String()
		}
		b.Write(inner[text:p.from])
		text = p.to
		switch p.kind {
		case startTag, emptyTag:
			here := base
			if len(stack) > 0 {
				here = stack[len(stack)-1].base
			}
			here = withBase(here, p)
			b.WriteByte('<')
			b.Write(p.local())
			if here == base {
				b.Write(p.attrs)
			} else {
				b.Write(resolvedAttrs(p.attrs, here))
			}
			b.WriteByte('>')
			switch {
			case p.kind == startTag && len(stack) < maxDepth:
				stack = append(stack, open{p.name, here})
			case p.kind == emptyTag && !isVoid(string(bytes.ToLower(p.local()))):
				b.WriteString("</")
				b.Write(p.local())
				b.WriteByte('>')
			}
		case endTag:
			for i := len(stack) - 1; i >= 0; i-- {
				if bytes.Equal(stack[i].name, p.name) {
					stack = stack[:i]
					break
				}
			}
			b.WriteString("</")
			b.Write(p.local())
			b.WriteByte('>')
		case cdata:
			data := bytes.TrimSuffix(inner[p.from+len("<![CDATA["):p.to], []byte("]]>"))
			b.WriteString(escapeText(string(data)))
		case comment, instruction, declaration:
		}
	}
}

// resolvedAttrs rewrites a tag's attributes with absolute addresses.
func resolvedAttrs(attrs []byte, base *url.URL) []byte {
	var out []byte
	eachAttr(attrs, func(name, value []byte) bool {
		v := string(value)
		if addressAttrs[string(name)] {
			v = html.EscapeString(absolute(base, unescape(v)))
		}
		out = append(append(append(append(append(out, ' '), name...), '=', '"'), strings.ReplaceAll(v, `"`, "&quot;")...), '"')
		return true
	})
	return out
}

func escapeText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func isVoid(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}

// unwrapDiv removes the <div> that RFC 4287 §3.1.1.3 puts around XHTML and does not count as content.
func unwrapDiv(markup string) string {
	trimmed := strings.TrimSpace(markup)
	s := scanner{doc: []byte(trimmed)}
	first, ok := s.next()
	if !ok || first.kind != startTag || first.from != 0 || !first.is("div") {
		return trimmed
	}
	depth := 1
	for {
		p, ok := s.next()
		if !ok {
			return trimmed
		}
		switch {
		case p.kind == startTag && p.is("div"):
			depth++
		case p.kind == endTag && p.is("div"):
			depth--
		}
		if depth == 0 {
			if p.to != len(trimmed) {
				return trimmed
			}
			return strings.TrimSpace(trimmed[first.to:p.from])
		}
	}
}
