package telegramtest

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// A JSON body is read in one pass without reflection: the emulator must not be what a
// measurement measures.

// addJSON takes the members of an object: strings as they are, all else as its JSON text. A body
// that is not a JSON object gives nothing.
func addJSON(args map[string]string, body []byte) {
	r := jsonReader{body: body}
	members, ok := r.object()
	if !ok {
		return
	}
	for _, m := range members {
		set(args, m.name, m.value)
	}
}

type jsonMember struct{ name, value string }

type jsonReader struct {
	body []byte
	at   int
}

func (r *jsonReader) space() {
	for r.at < len(r.body) && (r.body[r.at] == ' ' || r.body[r.at] == '\n' || r.body[r.at] == '\t' || r.body[r.at] == '\r') {
		r.at++
	}
}

// take steps over one byte if it is there, with the space around it.
func (r *jsonReader) take(c byte) bool {
	r.space()
	if r.at >= len(r.body) || r.body[r.at] != c {
		return false
	}
	r.at++
	r.space()
	return true
}

func (r *jsonReader) object() ([]jsonMember, bool) {
	if !r.take('{') {
		return nil, false
	}
	var members []jsonMember
	if r.take('}') {
		return nil, r.at == len(r.body)
	}
	for {
		name, ok := r.text()
		if !ok || !r.take(':') {
			return nil, false
		}
		value, ok := r.value()
		if !ok {
			return nil, false
		}
		members = append(members, jsonMember{name, value})
		if r.take(',') {
			continue
		}
		return members, r.take('}') && r.at == len(r.body)
	}
}

func (r *jsonReader) value() (string, bool) {
	if r.at < len(r.body) && r.body[r.at] == '"' {
		return r.text()
	}
	from, depth := r.at, 0
scan:
	for ; r.at < len(r.body); r.at++ {
		switch r.body[r.at] {
		case '"':
			if _, ok := r.text(); !ok {
				return "", false
			}
			r.at--
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				break scan
			}
			if depth--; depth == 0 {
				r.at++
				break scan
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				break scan
			}
		}
	}
	raw := r.body[from:r.at]
	return string(raw), json.Valid(raw)
}

// text reads a string. Half a surrogate pair makes it invalid.
func (r *jsonReader) text() (string, bool) {
	if r.at >= len(r.body) || r.body[r.at] != '"' {
		return "", false
	}
	from := r.at + 1
	end := bytes.IndexByte(r.body[from:], '"')
	if end < 0 {
		return "", false
	}
	if plain := r.body[from : from+end]; bytes.IndexByte(plain, '\\') < 0 {
		r.at = from + end + 1
		return string(plain), !hasControl(plain)
	}
	out := make([]byte, 0, len(r.body)-from)
	for i := from; i < len(r.body); {
		switch c := r.body[i]; {
		case c == '"':
			r.at = i + 1
			return string(out), true
		case c < ' ':
			return "", false
		case c != '\\':
			stop := i + 1
			for stop < len(r.body) && r.body[stop] != '"' && r.body[stop] != '\\' && r.body[stop] >= ' ' {
				stop++
			}
			out = append(out, r.body[i:stop]...)
			i = stop
		default:
			var n int
			if out, n = appendEscape(out, r.body[i:]); n == 0 {
				return "", false
			}
			i += n
		}
	}
	return "", false
}

func hasControl(b []byte) bool {
	for _, c := range b {
		if c < ' ' {
			return true
		}
	}
	return false
}

// appendEscape appends the character an escape stands for and says how long the escape is; 0 if
// it is none.
func appendEscape(out, b []byte) ([]byte, int) {
	if len(b) < 2 {
		return out, 0
	}
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), b[1]); i >= 0 {
		return append(out, "\"\\/\b\f\n\r\t"[i]), 2
	}
	r, ok := unicodeEscape(b)
	if !ok {
		return out, 0
	}
	if r < 0xD800 || r > 0xDFFF {
		return utf8.AppendRune(out, r), 6
	}
	low, ok := unicodeEscape(b[6:])
	if !ok || r > 0xDBFF || low < 0xDC00 || low > 0xDFFF {
		return out, 0
	}
	return utf8.AppendRune(out, 0x10000+(r-0xD800)<<10+(low-0xDC00)), 12
}

func unicodeEscape(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}
