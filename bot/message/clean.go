package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds/bengali"
)

// fit cuts plain text to at most limit UTF-16 units, as a Bengali editor would. Telegram counts code points, of
// which there are never more than units, so what fits here fits there.
func fit(text string, limit int) string { return bengali.Truncate(text, limit) }

// line makes what strangers wrote fit to stand in a line of ours, at most limit UTF-16 units long: valid UTF-8, single
// spaces instead of line breaks and control characters, no direction marks that could turn our words around. A text
// of which nothing can be seen becomes empty. Joiners stay: র‍্যাব needs them. However long the text,
// little more is read of it than is printed.
func line(text string, limit int) string {
	enough := 3*limit + 512 // bytes that no limit units fill, and some for the cut to look at
	var b strings.Builder
	b.Grow(min(len(text), enough))
	space, visible := false, false
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r), isBlank(r):
			space = true
			continue
		case turnsDirection(r), isNothing(r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		visible = visible || !leavesNoInk(r)
		b.WriteRune(r)
		if b.Len() > enough {
			break
		}
	}
	if !visible {
		return ""
	}
	return fit(b.String(), limit)
}

// buttonLimit is how long the text of a button may be, in UTF-16 units: more than any phone shows.
const buttonLimit = 128

// ButtonText makes a text fit to stand on a button: in one line, without marks that turn its direction, of at most 128 UTF-16 units.
func ButtonText(text string) string { return line(text, buttonLimit) }

// isBlank reports letters and symbols that are drawn as a space.
func isBlank(r rune) bool {
	switch r {
	case '\u2800', '\u3164', '\uFFA0', '\u115F', '\u1160':
		return true
	}
	return false
}

// isNothing reports characters that are not drawn and join nothing.
func isNothing(r rune) bool {
	switch r {
	case '\uFEFF', '\u00AD', '\u200B', '\u2060', '\uFFFC':
		return true
	}
	return false
}

// turnsDirection reports the marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9).
func turnsDirection(r rune) bool {
	switch {
	case r == '\u061C', r == '\u200E', r == '\u200F':
		return true
	case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return false
}

// leavesNoInk reports characters that show only on another one: joiners, marks, selectors, tags.
func leavesNoInk(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.M, unicode.Zs)
}
