package feeds

import (
	"bytes"
	"fmt"
)

// Limits that keep the parser's cost in proportion to the feed's size. Encoding/xml and what stands on it copy
// every namespace declaration in scope for every element; without a limit 300 KB of nested declarations cost 13 s and
// 2.5 GB (measured). What counts is what is in scope: counting all declarations would refuse sound
// feeds that repeat theirs on every item.
const (
	maxDepth        = 256
	maxInScope      = 256
	maxScopeCopies  = 2_500_000
	maxAttributes   = 1_000
	maxName         = 1_000
	maxElements     = 150_000
	maxStrayEnds    = 20_000
	maxRepaired     = 12 << 20 // bytes
	maxBase         = 4 << 10  // bytes
	maxItems        = 500
	itemNestingRoom = 3
)

// A span is a range of bytes in a document.
type span struct{ from, to int }

// A survey is what one look over a document's structure finds.
type survey struct {
	items []span
	// rest is where the first item beyond maxItems begins and the last one ends; empty if there is none.
	rest span
	// hasBase is set when xml:base occurs.
	hasBase bool
	// odd is set when start and end tags do not match.
	odd bool
	// aside is set when there are comments or instructions between the tags.
	aside bool
	// ended is set when the root element was closed.
	ended bool
}

// look surveys a document, or says which limit it breaks.
func look(doc []byte) (survey, error) {
	type element struct {
		name         []byte
		declarations int
	}
	var (
		found   survey
		stack   = make([]element, 0, 32)
		inScope int
		copies  int
		count   int
		strays  int
		item    = -1 // depth of the item we are in
		from    int
	)
	found.hasBase = bytes.Contains(doc, []byte("xml:base"))
	pop := func() {
		inScope -= stack[len(stack)-1].declarations
		stack = stack[:len(stack)-1]
	}
	closeItem := func(to int) {
		if len(found.items) < maxItems {
			found.items = append(found.items, span{from, to})
		} else if found.rest.to == 0 {
			found.rest = span{from, to}
		} else {
			found.rest.to = to
		}
		item = -1
	}
	s := scanner{doc: doc}
	for {
		p, ok := s.next()
		if !ok {
			break
		}
		switch p.kind {
		case startTag, emptyTag:
			if item >= 0 && len(stack) == item+1 && bytes.Equal(stack[item].name, p.name) {
				closeItem(p.from) // the item before was not closed
				pop()
				found.odd = true
			}
			declarations, attributes := declarationsIn(p.attrs)
			if len(found.items) < maxItems { // what lies beyond is never parsed
				count++
				copies += inScope + declarations
			}
			switch {
			case len(p.name) > maxName:
				return found, fmt.Errorf("a name of more than %d bytes", maxName)
			case count > maxElements:
				return found, fmt.Errorf("more than %d elements", maxElements)
			case attributes > maxAttributes:
				return found, fmt.Errorf("an element with more than %d attributes", maxAttributes)
			case inScope+declarations > maxInScope:
				return found, fmt.Errorf("more than %d namespaces declared in one place", maxInScope)
			case copies > maxScopeCopies:
				return found, fmt.Errorf("namespaces declared so that reading takes too long")
			}
			if item < 0 && len(stack) > 0 && len(stack) <= itemNestingRoom && isItem(p) {
				from = p.from
				if p.kind == emptyTag {
					closeItem(p.to)
				} else {
					item = len(stack)
				}
			}
			if p.kind == startTag {
				if len(stack) >= maxDepth {
					return found, fmt.Errorf("more than %d levels deep", maxDepth)
				}
				stack = append(stack, element{p.name, declarations})
				inScope += declarations
			}
		case endTag:
			// An end closes what is open inside it; an end of nothing is ignored.
			known := false
			for i := len(stack) - 1; i >= 0; i-- {
				if !bytes.Equal(stack[i].name, p.name) {
					continue
				}
				known = true
				found.odd = found.odd || i < len(stack)-1
				for len(stack) > i {
					pop()
				}
				if item >= 0 && i <= item {
					to := p.to
					if i < item {
						to = p.from
					}
					closeItem(to)
				}
				found.ended = len(stack) == 0
				break
			}
			if !known {
				found.odd = true
				if strays++; strays > maxStrayEnds {
					return found, fmt.Errorf("more than %d ends of nothing", maxStrayEnds)
				}
			}
			if found.ended {
				return found, nil
			}
		case comment, instruction:
			found.aside = true
		case cdata, declaration:
		}
	}
	return found, nil
}

func isItem(p piece) bool { return p.is("item") || p.is("entry") }

func declarationsIn(attrs []byte) (declarations, attributes int) {
	if len(attrs) == 0 {
		return 0, 0
	}
	attributes = bytes.Count(attrs, []byte("="))
	if attributes == 0 {
		return 0, 0
	}
	eachAttr(attrs, func(name, _ []byte) bool {
		if bytes.HasPrefix(name, []byte("xmlns")) {
			declarations++
		}
		return true
	})
	return declarations, attributes
}

// withoutAsides is the document without comments and instructions: they may stand in the midst of a text.
func withoutAsides(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	s := scanner{doc: doc}
	text := 0
	for {
		p, ok := s.next()
		if !ok {
			return append(out, doc[text:]...)
		}
		if p.kind == comment || p.kind == instruction {
			out = append(out, doc[text:p.from]...)
			text = p.to
		}
	}
}

// capped is the document without the items beyond the limit. Feeds list the newest first.
func (f survey) capped(doc []byte) []byte {
	if f.rest.to == 0 {
		return doc
	}
	out := make([]byte, 0, len(doc)-(f.rest.to-f.rest.from))
	return append(append(out, doc[:f.rest.from]...), doc[f.rest.to:]...)
}
