package telegramtest

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// What the server does to a text after its markup has been parsed: TDLib's fix_formatted_text.

// formatted is a text with its entities, cleaned.
type formatted struct {
	text  string
	spans []span
}

const (
	maxTextParameter = 32768 // bytes of a raw text or caption
	maxTextLength    = 4096  // code points of a message
	maxCaptionLength = 1024  // code points of a caption
	maxEntities      = 100   // formatting entities the backend keeps
)

// clean replaces and removes the characters the server does not keep, and moves the entities along.
func clean(text string, spans []span) formatted {
	if !needsCleaning(text) {
		return formatted{text, spans}
	}
	borders := newBorders(spans)
	out := make([]byte, 0, len(text))
	oldUnits, newUnits := 0, 0
	lastMark := -1 // where the last U+200E/U+200F stands in out, while its run goes on
	for i := 0; i < len(text); {
		borders.reach(oldUnits, newUnits)
		r, size := utf8.DecodeRuneInString(text[i:])
		units := 1
		if r > 0xFFFF {
			units = 2
		}
		oldUnits += units
		if r != 0x200E && r != 0x200F {
			lastMark = -1
		}
		switch {
		case r == '\r':
			// dropped
		case r < 0x20 && r != '\n':
			out = append(out, ' ')
			newUnits++
		case r >= 0x2028 && r <= 0x202E:
			// dropped: separators and direction overrides
		case r == 0x030A || r == 0x0333 || r == 0x033F:
			// dropped: vertical lines that grow over other text
		case r == 0x200E || r == 0x200F:
			if lastMark >= 0 {
				copy(out[lastMark:], "\u200C")
			}
			lastMark = len(out)
			out = append(out, text[i:i+size]...)
			newUnits++
		default:
			out = append(out, text[i:i+size]...)
			newUnits += units
		}
		i += size
	}
	borders.finish(newUnits)
	return formatted{string(out), borders.apply(spans)}
}

func needsCleaning(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < 0x20 && c != '\n', c == 0xCC:
			return true
		case c == 0xE2 && i+2 < len(text) && text[i+1] == 0x80:
			if d := text[i+2]; d == 0x8E || d == 0x8F || d >= 0xA8 && d <= 0xAE {
				return true
			}
		}
	}
	return false
}

// borders maps old offsets of entity ends to new ones during one pass over the text.
type borders struct {
	old, new []int
	next     int
}

func newBorders(spans []span) *borders {
	b := &borders{}
	for _, s := range spans {
		b.old = append(b.old, s.offset, s.end())
	}
	sort.Ints(b.old)
	b.new = make([]int, len(b.old))
	return b
}

func (b *borders) reach(oldUnits, newUnits int) {
	for b.next < len(b.old) && b.old[b.next] <= oldUnits {
		b.new[b.next] = newUnits
		b.next++
	}
}

func (b *borders) finish(newUnits int) {
	for ; b.next < len(b.old); b.next++ {
		b.new[b.next] = newUnits
	}
}

func (b *borders) apply(spans []span) []span {
	kept := make([]span, 0, len(spans))
	for _, s := range spans {
		from := b.new[sort.SearchInts(b.old, s.offset)]
		to := b.new[sort.SearchInts(b.old, s.end())]
		if s.offset, s.length = from, to-from; s.length > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// isInvisible tells the characters that alone make no message (strip_empty_characters).
func isInvisible(r rune) bool {
	switch {
	case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == 0 || r == '\v':
		return true
	case r >= 0x2000 && r <= 0x200F, r >= 0x2028 && r <= 0x202F, r >= 0x205F && r <= 0x206F:
		return true
	case r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	switch r {
	case 0xA0, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x180E, 0x2800, 0x3000, 0x3164, 0xFE0E, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFFC:
		return true
	}
	return false
}

func isBlank(text string) bool {
	for _, r := range text {
		if !isInvisible(r) {
			return false
		}
	}
	return true
}

// fixText cleans a parsed text, mends its entities, trims it and adds what the server finds by
// itself. A text without anything visible is an error unless allowEmpty.
func fixText(text string, spans []span, allowEmpty bool) (formatted, error) {
	f := clean(text, fixSpans(spans))
	if strings.Trim(f.text, " \n") == "" || !allowEmpty && isBlank(f.text) {
		if allowEmpty {
			return formatted{}, nil
		}
		return formatted{}, badRequest("Text must be non-empty")
	}
	f.spans = fixSpans(f.spans) // the cleaning may have brought entities together
	f.trimRight()
	f.trimLeft()
	f.addFound(findEntities(f.text))
	return f, nil
}

func (f *formatted) trimRight() {
	trimmed := strings.TrimRight(f.text, " \n")
	if len(trimmed) == len(f.text) {
		return
	}
	f.text = trimmed
	units := utf16Len(trimmed)
	kept := f.spans[:0]
	for _, s := range f.spans {
		if s.end() > units {
			s.length = units - s.offset
		}
		if s.length > 0 {
			kept = append(kept, s)
		}
	}
	f.spans = kept
}

// trimLeft removes leading spaces, but none that an entity begins with or covers.
func (f *formatted) trimLeft() {
	limit := len(f.text)
	if len(f.spans) > 0 {
		limit = f.spans[0].offset // leading spaces are one byte and one unit each
	}
	n := 0
	for n < limit && n < len(f.text) && (f.text[n] == ' ' || f.text[n] == '\n') {
		n++
	}
	if n == 0 {
		return
	}
	f.text = f.text[n:]
	for i := range f.spans {
		f.spans[i].offset -= n
	}
}

func isSplittable(k entityKind) bool {
	return k == kindBold || k == kindItalic || k == kindUnderline || k == kindStrike || k == kindSpoiler
}

func isQuote(k entityKind) bool { return k == kindBlockquote || k == kindExpandableBlockquote }

func isPre(k entityKind) bool {
	return k == kindPre || k == kindPreCode || k == kindCode || k == kindDate
}

// fixSpans makes entities nest the way the server allows.
func fixSpans(spans []span) []span {
	for i := range spans {
		if spans[i].kind == kindCodeWithLanguage {
			spans[i].kind, spans[i].argument = kindCode, ""
		}
	}
	sortSpans(spans)
	if nestsWell(spans) {
		return spans
	}
	var whole, quotes, splittable []span
	for _, s := range spans {
		switch {
		case isSplittable(s.kind):
			splittable = append(splittable, s)
		case isQuote(s.kind):
			quotes = append(quotes, s)
		default:
			whole = append(whole, s)
		}
	}
	whole = dropOverlapping(whole)
	quotes = dropOverlapping(quotes)
	whole = dropCrossing(whole, quotes)
	whole = append(whole, quotes...)
	sortSpans(whole)
	whole = append(whole, splitAt(splittable, whole)...)
	sortSpans(whole)
	return whole
}

// nestsWell reports whether sorted spans need no mending: nothing crosses, nothing but a quote
// or a link contains another, and no two of one style touch.
func nestsWell(spans []span) bool {
	var open []span
	var styleEnd [kindCodeWithLanguage]int
	for _, s := range spans {
		for len(open) > 0 && s.offset >= open[len(open)-1].end() {
			open = open[:len(open)-1]
		}
		for i, o := range open {
			switch {
			case isSplittable(o.kind), isPre(o.kind), o.kind == s.kind:
				return false
			case i == len(open)-1 && s.end() > o.end():
				return false
			case isQuote(o.kind):
				if isQuote(s.kind) {
					return false
				}
			case !isSplittable(s.kind):
				return false // a link that contains a link, a quote or code
			}
		}
		if isSplittable(s.kind) {
			if styleEnd[s.kind] > 0 && styleEnd[s.kind] >= s.offset {
				return false
			}
			styleEnd[s.kind] = s.end()
		}
		open = append(open, s)
	}
	return true
}

// dropOverlapping keeps of sorted spans those that begin after the one before has ended.
func dropOverlapping(spans []span) []span {
	kept := spans[:0]
	end := 0
	for _, s := range spans {
		if s.length > 0 && s.offset >= end {
			kept = append(kept, s)
			end = s.end()
		}
	}
	return kept
}

// dropCrossing drops the spans that are not wholly inside or wholly outside of every quote.
func dropCrossing(spans, quotes []span) []span {
	kept := spans[:0]
	for _, s := range spans {
		crosses := false
		for _, q := range quotes {
			if s.offset < q.end() && q.offset < s.end() && (s.offset < q.offset || s.end() > q.end()) {
				crosses = true
			}
		}
		if !crosses {
			kept = append(kept, s)
		}
	}
	return kept
}

// splitAt merges spans of one kind that touch and cuts them where a border of others, or the
// begin of another style, falls inside them. What lies in code is dropped.
func splitAt(spans, others []span) []span {
	var result []span
	type run struct{ begin, end int }
	styles := []entityKind{kindBold, kindItalic, kindUnderline, kindStrike, kindSpoiler}
	open := map[entityKind]run{}
	flush := func(offset int) {
		for _, kind := range styles {
			r, ok := open[kind]
			if !ok || r.begin >= offset {
				continue
			}
			if r.end <= offset {
				result = append(result, span{offset: r.begin, length: r.end - r.begin, kind: kind})
				delete(open, kind)
			} else {
				result = append(result, span{offset: r.begin, length: offset - r.begin, kind: kind})
				open[kind] = run{offset, r.end}
			}
		}
	}
	next := 0
	addUntil := func(offset int) {
		for next < len(spans) && spans[next].offset < offset {
			s := spans[next]
			if r, ok := open[s.kind]; ok && s.offset <= r.end {
				open[s.kind] = run{r.begin, max(r.end, s.end())}
			} else {
				flush(s.offset)
				open[s.kind] = run{s.offset, s.end()}
			}
			next++
		}
		flush(offset)
	}
	var inside []span // others that are open
	closeUntil := func(offset int) {
		for len(inside) > 0 && inside[len(inside)-1].end() <= offset {
			end := inside[len(inside)-1].end()
			before := len(result)
			addUntil(end)
			if isPre(inside[len(inside)-1].kind) {
				result = result[:before]
			}
			inside = inside[:len(inside)-1]
		}
	}
	for _, o := range others {
		closeUntil(o.offset)
		addUntil(o.offset)
		inside = append(inside, o)
	}
	const far = 1 << 30
	closeUntil(far)
	addUntil(far)
	return result
}

// addFound adds the entities the server finds in plain text where they do not collide with
// those that were asked for.
func (f *formatted) addFound(found []span) {
	if len(found) == 0 {
		return
	}
	var blocking, quotes []span
	for _, s := range f.spans {
		if isQuote(s.kind) {
			quotes = append(quotes, s)
		} else if !isSplittable(s.kind) {
			blocking = append(blocking, s)
		}
	}
	added := false
	for _, n := range found {
		free := true
		for _, s := range blocking {
			if n.offset < s.end() && s.offset < n.end() {
				free = false
				break
			}
		}
		if free && len(dropCrossing([]span{n}, quotes)) == 1 {
			f.spans = append(f.spans, n)
			added = true
		}
	}
	if added {
		f.spans = fixSpans(f.spans)
	}
}

// keep100 drops the formatting entities beyond what the backend keeps: links, code, quotes and
// mentions in order first, then styles with what is left; custom emoji and found ones do not count.
func keep100(spans []span) []span {
	if len(spans) <= maxEntities {
		return spans
	}
	var kept, styles []span
	left := maxEntities
	for _, s := range spans {
		switch {
		case isSplittable(s.kind):
			styles = append(styles, s)
		case s.kind == kindCustomEmoji || isFound(s.kind):
			kept = append(kept, s)
		case left > 0:
			kept = append(kept, s)
			left--
		}
	}
	styles = splitAt(styles, nil) // parts of one style that touch count once
	sortSpans(styles)
	return fixSpans(append(kept, styles[:min(left, len(styles))]...))
}

func isFound(k entityKind) bool {
	switch k {
	case kindMention, kindHashtag, kindCashtag, kindBotCommand, kindURL, kindEmail, kindPhone, kindBankCard:
		return true
	}
	return false
}
