package feeds

import "bytes"

// A piece is one tag, comment, CDATA section or the like in a document.
type piece struct {
	kind pieceKind
	// name is a tag's name as written, with its prefix.
	name []byte
	// attrs is what stands between a start tag's name and its end.
	attrs []byte
	// from and to bound the piece in the document, its own delimiters included.
	from, to int
}

type pieceKind byte

const (
	startTag pieceKind = iota
	emptyTag           // <name/>: start and end in one
	endTag
	cdata
	comment
	instruction // <?...?>
	declaration // <!...>
)

// local is the tag's name without its prefix.
func (p piece) local() []byte {
	if i := bytes.IndexByte(p.name, ':'); i >= 0 {
		return p.name[i+1:]
	}
	return p.name
}

// is reports whether the tag's local name is name, in any case.
func (p piece) is(name string) bool {
	l := p.local()
	return len(l) == len(name) && bytes.EqualFold(l, []byte(name))
}

// A scanner finds the markup in a document, one piece after the other, without judging it: text is
// what lies between two pieces. It copies nothing and takes time in proportion to the document's length,
// whatever the document is.
type scanner struct {
	doc []byte
	pos int
	// open is set when the last piece was cut off by the end of the document.
	open bool
	// lastQuote holds, for ' and ", a position after which none follows, so that a missing one is not
	// looked for again at every tag.
	noSingle, noDouble bool
}

// next returns the next piece, and false at the end of the document.
func (s *scanner) next() (piece, bool) {
	for {
		i := bytes.IndexByte(s.doc[s.pos:], '<')
		if i < 0 {
			s.pos = len(s.doc)
			return piece{}, false
		}
		from := s.pos + i
		rest := s.doc[from+1:]
		if len(rest) == 0 {
			s.pos, s.open = len(s.doc), true
			return piece{}, false
		}
		switch c := rest[0]; {
		case c == '!':
			return s.bang(from), true
		case c == '?':
			return s.until(instruction, from, 2, "?>"), true
		case c == '/' && len(rest) > 1 && isNameStart(rest[1]):
			return s.end(from), true
		case isNameStart(c):
			return s.start(from), true
		}
		s.pos = from + 1 // a bare < is text
	}
}

func (s *scanner) bang(from int) piece {
	rest := s.doc[from:]
	switch {
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return s.until(cdata, from, 9, "]]>")
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.until(comment, from, 4, "-->")
	}
	// A declaration may hold an internal subset in brackets.
	depth := 0
	for i := from + 2; i < len(s.doc); i++ {
		switch s.doc[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				s.pos = i + 1
				return piece{kind: declaration, from: from, to: s.pos}
			}
		}
	}
	if i := bytes.IndexByte(rest, '>'); i >= 0 {
		s.pos = from + i + 1
	} else {
		s.pos, s.open = len(s.doc), true
	}
	return piece{kind: declaration, from: from, to: s.pos}
}

func (s *scanner) until(kind pieceKind, from, skip int, end string) piece {
	at := min(from+skip, len(s.doc))
	if i := bytes.Index(s.doc[at:], []byte(end)); i >= 0 {
		s.pos = at + i + len(end)
	} else {
		s.pos, s.open = len(s.doc), true
	}
	return piece{kind: kind, from: from, to: s.pos}
}

func (s *scanner) end(from int) piece {
	i := from + 2
	for i < len(s.doc) && isNameByte(s.doc[i]) {
		i++
	}
	name := s.doc[from+2 : i]
	for i < len(s.doc) && s.doc[i] != '>' && s.doc[i] != '<' {
		i++
	}
	if i < len(s.doc) && s.doc[i] == '>' {
		i++
	} else if i == len(s.doc) {
		s.open = true
	}
	s.pos = i
	return piece{kind: endTag, name: name, from: from, to: i}
}

func (s *scanner) start(from int) piece {
	i := from + 1
	for i < len(s.doc) && isNameByte(s.doc[i]) {
		i++
	}
	p := piece{kind: startTag, name: s.doc[from+1 : i], from: from}
	attrs := i
	for i < len(s.doc) {
		switch c := s.doc[i]; c {
		case '>':
			stop := i
			if stop > attrs && s.doc[stop-1] == '/' {
				p.kind = emptyTag
				stop--
			}
			p.attrs, p.to = s.doc[attrs:stop], i+1
			s.pos = p.to
			return p
		case '<': // the tag was never closed
			p.attrs, p.to = s.doc[attrs:i], i
			s.pos = i
			return p
		case '"', '\'':
			// A quote opens a value only after an equals sign.
			if i > attrs && lastNonSpace(s.doc[attrs:i]) == '=' {
				if stop := s.closing(c, i+1); stop >= 0 {
					i = stop
				}
			}
		}
		i++
	}
	p.attrs, p.to = s.doc[attrs:], len(s.doc)
	s.pos, s.open = len(s.doc), true
	return p
}

// closing finds the quote that closes a value opened before at, or -1.
func (s *scanner) closing(quote byte, at int) int {
	missing := &s.noDouble
	if quote == '\'' {
		missing = &s.noSingle
	}
	if *missing {
		return -1
	}
	i := bytes.IndexByte(s.doc[at:], quote)
	if i < 0 {
		*missing = true
		return -1
	}
	return at + i
}

func lastNonSpace(b []byte) byte {
	for i := len(b) - 1; i >= 0; i-- {
		if !isSpace(b[i]) {
			return b[i]
		}
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

func isNameByte(c byte) bool {
	return isNameStart(c) || '0' <= c && c <= '9' || c == '-' || c == '.'
}

// eachAttr calls yield with the name and the raw value of every attribute until it returns false.
func eachAttr(attrs []byte, yield func(name, value []byte) bool) {
	for i := 0; i < len(attrs); {
		if isSpace(attrs[i]) || attrs[i] == '/' {
			i++
			continue
		}
		from := i
		for i < len(attrs) && !isSpace(attrs[i]) && attrs[i] != '=' {
			i++
		}
		name := attrs[from:i]
		for i < len(attrs) && isSpace(attrs[i]) {
			i++
		}
		var value []byte
		if i < len(attrs) && attrs[i] == '=' {
			i++
			for i < len(attrs) && isSpace(attrs[i]) {
				i++
			}
			if i < len(attrs) && (attrs[i] == '"' || attrs[i] == '\'') {
				quote := attrs[i]
				stop := bytes.IndexByte(attrs[i+1:], quote)
				if stop < 0 {
					stop = len(attrs) - i - 1
				}
				value = attrs[i+1 : i+1+stop]
				i += stop + 2
			} else {
				from := i
				for i < len(attrs) && !isSpace(attrs[i]) {
					i++
				}
				value = attrs[from:i]
			}
		}
		if len(name) == 0 {
			i++
			continue
		}
		if !yield(name, value) {
			return
		}
	}
}

// attr returns the raw value of the attribute called name, and whether it is there.
func (p piece) attr(name string) (value []byte, ok bool) {
	eachAttr(p.attrs, func(n, v []byte) bool {
		if string(n) == name {
			value, ok = v, true
		}
		return !ok
	})
	return value, ok
}
