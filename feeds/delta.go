package feeds

import (
	"bytes"

	"github.com/cespare/xxhash/v2"
)

// RawItems are the items of a document as raw bytes, each known by its hash: what was seen before need not be
// parsed again.
type RawItems struct {
	// Hashes has one hash for each item, in the order of the document.
	Hashes []uint64
	body   []byte
	items  []span
}

// SplitItems finds the raw items of a feed. It returns false when their bounds are not beyond doubt: in UTF-16 and
// UTF-32, in JSON, and where tags do not match. Then the whole document is to be parsed.
func SplitItems(body []byte) (RawItems, bool) {
	if e, _ := byPattern(body); e != nil {
		return RawItems{}, false
	}
	seen, err := look(body)
	if err != nil || seen.odd || !seen.ended || len(seen.items) == 0 || seen.rest.to > 0 {
		return RawItems{}, false
	}
	raw := RawItems{body: body, items: seen.items, Hashes: make([]uint64, len(seen.items))}
	// What stands before the items tells how to read them, if it sets a base or a meaning of prefixes.
	var head uint64
	if opening := body[:seen.items[0].from]; bytes.Contains(opening, []byte("xml:base")) {
		head = xxhash.Sum64(opening)
	}
	for i, s := range seen.items {
		raw.Hashes[i] = xxhash.Sum64(body[s.from:s.to]) ^ head
	}
	return raw, true
}

// Without returns the document without the items whose hash is known, and how many are left.
func (r RawItems) Without(known map[uint64]bool) (body []byte, left int) {
	out := make([]byte, 0, len(r.body)/4)
	at := 0
	for i, s := range r.items {
		if !known[r.Hashes[i]] {
			left++
			continue
		}
		out = append(out, r.body[at:s.from]...)
		at = s.to
	}
	if at == 0 {
		return r.body, left
	}
	return append(out, r.body[at:]...), left
}

// Shared reports whether the text stands alone in an element of more than one item, as a GUID or link that does
// not tell items apart does.
func (r RawItems) Shared(text string) bool {
	if text == "" {
		return false
	}
	written := [][]byte{[]byte(text), []byte(escapeText(text))}
	found := 0
	for _, s := range r.items {
		item := r.body[s.from:s.to]
		for _, w := range written {
			if standsAlone(item, w) {
				found++
				break
			}
		}
		if found > 1 {
			return true
		}
	}
	return false
}

// standsAlone reports whether text is all that some element, CDATA section or attribute of the item holds.
func standsAlone(item, text []byte) bool {
	for at := 0; ; {
		i := bytes.Index(item[at:], text)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(text)
		before, after := bytes.TrimRight(item[:from], " \t\r\n"), bytes.TrimLeft(item[to:], " \t\r\n")
		if len(before) > 0 && len(after) > 0 && bytes.IndexByte([]byte(">[\"'"), before[len(before)-1]) >= 0 && bytes.IndexByte([]byte("<]\"'"), after[0]) >= 0 {
			// Attributes of markup inside the text are links to elsewhere.
			if c := before[len(before)-1]; c == '>' || c == '[' || bytes.Contains(before[max(0, len(before)-40):], []byte("<link")) {
				return true
			}
		}
		at = to
	}
}
