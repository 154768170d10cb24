package feeds

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// A format is the family of a document.
type format byte

const (
	formatUnknown format = iota
	formatRSS            // RSS 0.9x, 1.0 (RDF) and 2.0
	formatAtom           // Atom 0.3 and 1.0
	formatCDF            // Channel Definition Format, 1997
	formatJSON           // JSON Feed
	formatHTML           // a web page: no feed
)

// trimToRoot drops everything before the root element: declarations, comments, warnings that a server's script
// printed first. What a DOCTYPE defines as entities is put into the text in its place.
func trimToRoot(doc []byte) ([]byte, format) {
	text := bytes.TrimLeft(doc, " \t\r\n\ufeff")
	if len(text) > 0 && text[0] == '{' {
		return text, formatJSON
	}
	s := scanner{doc: doc}
	var subset []byte
	page := false
	for {
		p, ok := s.next()
		if !ok {
			break
		}
		switch p.kind {
		case declaration:
			subset = doc[p.from:p.to]
		case startTag, emptyTag:
			f := formatUnknown
			switch {
			case p.is("rss"), p.is("rdf"):
				f = formatRSS
			case p.is("feed"):
				f = formatAtom
			case p.is("channel"):
				f = formatCDF
			case p.is("entry") && bytes.Contains(p.attrs, []byte(atomNamespace)): // RFC 4287 §2: a document of one entry
				entry := bytes.Join([][]byte{[]byte("<feed"), p.attrs, []byte(">"), doc[p.from:], []byte("</feed>")}, nil)
				return expandEntities(entry, subset), formatAtom
			case len(prefix(p.name)) == 0 && (p.is("html") || p.is("head") || p.is("body")):
				page = true
			}
			if f == formatUnknown || page {
				continue
			}
			root := doc[p.from:]
			if f == formatCDF && isRSS11(p) {
				return expandEntities(fromRSS11(p, doc[p.to:]), subset), formatRSS
			}
			if f == formatCDF && !looksLikeCDF(root) {
				// A channel whose <rss> was forgotten.
				root = bytes.Join([][]byte{[]byte(`<rss version="2.0">`), root, []byte(`</rss>`)}, nil)
				f = formatRSS
			}
			return expandEntities(root, subset), f
		}
	}
	if page || bytes.Contains(bytes.ToLower(doc[:min(len(doc), 4096)]), []byte("<!doctype html")) {
		return nil, formatHTML
	}
	return nil, formatUnknown
}

// isRSS11 reports whether a root is that of RSS 1.1 (Palmer, Schmidt 2005), whose channel stands alone.
func isRSS11(root piece) bool {
	return bytes.Contains(root.attrs, []byte("http://purl.org/net/rss1.1#"))
}

// fromRSS11 writes an RSS 1.1 document as RSS 2.0 has it: the items stand in the channel itself, not in a list there.
func fromRSS11(channel piece, rest []byte) []byte {
	out := make([]byte, 0, len(rest)+2*len(channel.attrs)+64)
	out = append(append(append(out, `<rss version="2.0"`...), channel.attrs...), '>')
	out = append(append(append(out, '<'), channel.name...), '>')
	s := scanner{doc: rest}
	text := 0
	for {
		p, ok := s.next()
		if !ok {
			break
		}
		if p.is("items") && (p.kind == startTag || p.kind == endTag || p.kind == emptyTag) {
			out = append(out, rest[text:p.from]...)
			text = p.to
		}
	}
	return append(append(out, rest[text:]...), "</rss>"...)
}

// looksLikeCDF tells a CDF channel, whose addresses are HREF attributes, from that of an RSS feed.
func looksLikeCDF(root []byte) bool {
	s := scanner{doc: root}
	for range 50 {
		p, ok := s.next()
		if !ok {
			break
		}
		if p.kind != startTag && p.kind != emptyTag {
			continue
		}
		if p.is("link") || p.is("description") || p.is("pubDate") {
			return false
		}
		if p.is("abstract") || p.is("logo") || (p.is("item") || p.is("a")) && foldAttr(p, "href") != nil {
			return true
		}
	}
	return false
}

func foldAttr(p piece, name string) (value []byte) {
	eachAttr(p.attrs, func(n, v []byte) bool {
		if strings.EqualFold(string(n), name) {
			value = v
		}
		return value == nil
	})
	return value
}

// Limits on what a DOCTYPE may define. They make every entity bomb harmless: an entity is replaced once, and
// what it holds is never replaced again.
const (
	maxEntities      = 64
	maxEntityBytes   = 1 << 10
	maxEntityGrowth  = 1 << 20
	entityTerminator = ';'
)

func expandEntities(doc, subset []byte) []byte {
	entities := entitiesIn(subset)
	if len(entities) == 0 {
		return doc
	}
	out := make([]byte, 0, len(doc))
	for rest, growth := doc, 0; ; {
		i := bytes.IndexByte(rest, '&')
		if i < 0 {
			return append(out, rest...)
		}
		out, rest = append(out, rest[:i]...), rest[i:]
		end := bytes.IndexByte(rest[:min(len(rest), 80)], entityTerminator)
		if end > 1 {
			if value, ok := entities[string(rest[1:end])]; ok && growth+len(value) <= maxEntityGrowth {
				out = append(out, value...)
				growth += len(value)
				rest = rest[end+1:]
				continue
			}
		}
		out, rest = append(out, '&'), rest[1:]
	}
}

var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

// entitiesIn reads the internal general entities of a DOCTYPE; external and parameter entities are left out.
func entitiesIn(subset []byte) map[string]string {
	var found map[string]string
	for rest := comments.ReplaceAll(subset, nil); len(found) < maxEntities; {
		i := bytes.Index(rest, []byte("<!ENTITY"))
		if i < 0 {
			break
		}
		rest = rest[i+len("<!ENTITY"):]
		fields := bytes.TrimLeft(rest[:min(len(rest), maxEntityBytes+256)], " \t\r\n")
		name := fields[:max(0, bytes.IndexAny(fields, " \t\r\n"))]
		value := bytes.TrimLeft(fields[len(name):], " \t\r\n")
		if len(name) == 0 || !isNameStart(name[0]) || len(value) < 2 || value[0] != '"' && value[0] != '\'' {
			continue
		}
		stop := bytes.IndexByte(value[1:], value[0])
		if stop < 0 || stop > maxEntityBytes {
			continue
		}
		if found == nil {
			found = map[string]string{}
		}
		if _, bound := found[string(name)]; bound {
			continue // the first declaration binds (XML 1.0 §4.2)
		}
		found[string(name)] = html.UnescapeString(string(value[1 : 1+stop]))
		if strings.ContainsAny(found[string(name)], "<&") {
			found[string(name)] = html.EscapeString(found[string(name)])
		}
	}
	return found
}
