package message

import (
	"strings"
	"unicode"

	"github.com/harkara/harkara/feeds/bengali"
)

// fit cuts plain text to at most limit UTF-16 units, as a Bengali editor would. Telegram counts code points, of
// which there are never more than units, so what fits here fits there.
func fit(text string, limit int) string { return bengali.Truncate(text, limit) }

// oneLine makes text that strangers wrote fit to stand in a line of ours: valid UTF-8, single
// spaces instead of line breaks and control characters, no direction marks that could turn our words around. A text
// of which nothing can be seen becomes empty. Joiners stay: র‍্যাব needs them.
func oneLine(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space, visible := false, false
	for _, r := range strings.ToValidUTF8(text, "") {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == '\u2800', r == '\u3164', r == '\uFFA0', r == '\u115F', r == '\u1160':
			space = true
			continue
		case turnsDirection(r), r == '\uFEFF', r == '\u00AD', r == '\u200B', r == '\u2060', r == '\uFFFC':
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if !isInvisible(r) {
			visible = true
		}
		b.WriteRune(r)
	}
	if !visible {
		return ""
	}
	return b.String()
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

// isInvisible reports characters that leave no ink of their own: joiners, marks, selectors, tags.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.M, unicode.Zs)
}
