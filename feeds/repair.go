package feeds

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// repair rewrites a document that the parser refused into one it can read: a bare < or ]]> in text is escaped,
// references to what XML does not allow are dropped, attributes get quotes, and comments and
// instructions go. The structure stays as it is; that is for balance to mend.
func repair(doc []byte) []byte {
	out := make([]byte, 0, len(doc)+len(doc)/16)
	s := scanner{doc: doc}
	text := 0 // where the text before the next piece begins
	for {
		p, ok := s.next()
		if !ok {
			return repairText(out, doc[text:])
		}
		out = repairText(out, doc[text:p.from])
		text = p.to
		switch p.kind {
		case startTag, emptyTag:
			if !isTagName(p.name) {
				out = append(out, "&lt;"...)
				text = p.from + 1
				s.pos = text
				continue
			}
			out = append(append(out, '<'), p.name...)
			eachAttr(p.attrs, func(name, value []byte) bool {
				if isTagName(name) {
					out = append(append(append(out, ' '), name...), '=', '"')
					out = append(repairText(out, bytes.ReplaceAll(value, []byte(`"`), []byte("&quot;"))), '"')
				}
				return true
			})
			if p.kind == emptyTag {
				out = append(out, '/')
			}
			out = append(out, '>')
		case endTag:
			if isTagName(p.name) {
				out = append(append(append(out, "</"...), p.name...), '>')
			}
		case cdata:
			out = append(out, doc[p.from:p.to]...)
			if s.open {
				out = append(out, "]]>"...)
			}
		case comment, instruction, declaration:
		}
	}
}

// isTagName reports whether the parser takes this for a name: ASCII, at most one colon inside.
func isTagName(name []byte) bool {
	for i, c := range name {
		if c >= utf8.RuneSelf || i == 0 && !isNameStart(c) || !isNameByte(c) {
			return false
		}
	}
	return len(name) > 0 && bytes.Count(name, []byte(":")) <= 1 && name[0] != ':' && name[len(name)-1] != ':'
}

func repairText(out, text []byte) []byte {
	for len(text) > 0 {
		i := 0
		for i < len(text) && text[i] != '<' && text[i] != '&' && text[i] != ']' {
			i++
		}
		if i == len(text) {
			return append(out, text...)
		}
		out, text = append(out, text[:i]...), text[i:]
		switch {
		case text[0] == '<':
			out, text = append(out, "&lt;"...), text[1:]
		case text[0] == '&':
			kept, n := repairReference(text)
			out, text = append(out, kept...), text[n:]
		case bytes.HasPrefix(text, []byte("]]>")):
			out, text = append(out, "]]&gt;"...), text[3:]
		default:
			out, text = append(out, ']'), text[1:]
		}
	}
	return out
}

// repairReference returns what to write for the reference at the beginning of text, and its length there.
func repairReference(text []byte) (kept string, n int) {
	end := bytes.IndexByte(text[:min(len(text), 40)], ';')
	if end < 2 {
		return "&amp;", 1
	}
	name := string(text[1:end])
	if name[0] != '#' {
		for _, c := range []byte(name) {
			if !isNameByte(c) {
				return "&amp;", 1
			}
		}
		return string(text[:end+1]), end + 1
	}
	number, base := name[1:], 10
	if number != "" && (number[0] == 'x' || number[0] == 'X') {
		number, base = number[1:], 16
	}
	r, err := strconv.ParseUint(number, base, 32)
	switch {
	case err != nil:
		return "&amp;", 1
	case 0x80 <= r && r <= 0x9f:
		return html.UnescapeString(string(text[:end+1])), end + 1
	case r < ' ' && r != '\n' && r != '\t' && r != '\r', r > utf8.MaxRune,
		r == 0xfffe, r == 0xffff, 0xd800 <= r && r <= 0xdfff:
		return "", end + 1
	}
	return "&#" + strconv.FormatUint(r, 10) + ";", end + 1
}

// balance closes what was left open and drops ends of nothing, so that every whole item can be read. An item that
// was cut off by the end of the document is left for the next poll, unless it is the only one.
func balance(doc []byte) (mended []byte, cut bool) {
	out := make([]byte, 0, len(doc)+256)
	var open [][]byte // names of the open elements
	item, itemAt, whole := -1, 0, 0
	closeTo := func(depth int) {
		for len(open) > depth {
			last := open[len(open)-1]
			out = append(append(append(out, "</"...), last...), '>')
			open = open[:len(open)-1]
			if len(open) == item {
				item = -1
				whole++
			}
		}
	}
	s := scanner{doc: doc}
	text := 0
	for {
		p, ok := s.next()
		if !ok {
			break
		}
		if s.open && p.kind != cdata {
			break // a tag that was cut off says nothing
		}
		out = append(out, doc[text:p.from]...)
		text = p.to
		switch p.kind {
		case startTag, emptyTag:
			if item >= 0 && bytes.Equal(open[item], p.name) {
				closeTo(item)
			}
			if last := len(open) - 1; last > 0 && isField(p) && isOneLine(open[last]) && bytes.Equal(prefix(p.name), prefix(open[last])) {
				closeTo(last) // <title>A<link>: the title ended where the link begins
			}
			if item < 0 && len(open) > 0 && len(open) <= itemNestingRoom && isItem(p) && p.kind == startTag {
				item, itemAt = len(open), len(out)
			}
			if p.kind == startTag && isUnclosed(p) {
				out = append(append(append(append(out, '<'), p.name...), p.attrs...), '/', '>')
				continue
			}
			out = append(out, doc[p.from:p.to]...)
			if p.kind == startTag {
				if out[len(out)-1] != '>' {
					out = append(out, '>')
				}
				if len(open) >= maxDepth {
					return doc, true
				}
				open = append(open, p.name)
			}
		case endTag:
			for i := len(open) - 1; i >= 0; i-- {
				if bytes.EqualFold(open[i], p.name) {
					closeTo(i)
					break
				}
			}
			if len(open) == 0 {
				return out, false
			}
		case cdata:
			out = append(out, doc[p.from:p.to]...)
			if s.open {
				out = append(out, "]]>"...)
			}
		case comment, instruction, declaration:
		}
	}
	if item >= 0 && whole > 0 {
		out = out[:itemAt]
		open = open[:item]
	} else if text < len(doc) && !s.open {
		out = append(out, doc[text:]...)
	}
	closeTo(0)
	return out, true
}

// fields are the elements that stand directly in a feed or an item; those that are true hold one line of text and
// never another of them.
var fields = map[string]bool{
	"title": true, "link": true, "guid": true, "id": true, "pubdate": true, "published": true, "updated": true, "date": true, "author": false, "language": true, "comments": true,
	"category": true, "description": false, "summary": false, "content": false, "encoded": false, "item": false, "entry": false, "lastbuilddate": true, "copyright": true,
}

func isField(p piece) bool {
	_, is := fields[string(bytes.ToLower(p.local()))]
	return is
}

func isOneLine(name []byte) bool { return fields[string(bytes.ToLower(piece{name: name}.local()))] }

// joinSurrogates puts together references to the two halves of a letter beyond U+FFFF, as writers make them that think
// in UTF-16: &#55357;&#56832;.
func joinSurrogates(doc []byte) []byte {
	if !bytes.Contains(doc, []byte("&#xD")) && !bytes.Contains(doc, []byte("&#xd")) && !bytes.Contains(doc, []byte("&#55")) && !bytes.Contains(doc, []byte("&#56")) {
		return doc
	}
	return surrogatePair.ReplaceAllFunc(doc, func(pair []byte) []byte {
		halves := bytes.Split(pair, []byte(";"))
		r := utf16.DecodeRune(referredTo(halves[0]), referredTo(halves[1]))
		if r == utf8.RuneError {
			return pair
		}
		return utf8.AppendRune(nil, r)
	})
}

var surrogatePair = regexp.MustCompile(`&#(?:[xX][dD][89abAB][0-9a-fA-F]{2}|5[56]\d{3});&#(?:[xX][dD][c-fC-F][0-9a-fA-F]{2}|5[67]\d{3});`)

// referredTo is the number in a reference, its end left out.
func referredTo(reference []byte) rune {
	number, base := string(reference[len("&#"):]), 10
	if number[0]|0x20 == 'x' {
		number, base = number[1:], 16
	}
	r, err := strconv.ParseUint(number, base, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(r)
}

// isUnclosed reports whether the tag is one of those that HTML never closes and that feeds never use for anything else.
func isUnclosed(p piece) bool {
	return p.is("br") || p.is("hr") || p.is("img") || p.is("input") || p.is("meta")
}
