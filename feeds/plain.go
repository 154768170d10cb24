package feeds

import (
	"strings"
	"unicode/utf8"
)

// lineEnds are those of other systems.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// ReadText reads a plain text whose first line is the headline, in any encoding and with any line ends, its lines wrapped or
// not. A first line that is a sentence already belongs to the text: then there is no headline.
func ReadText(body []byte) Item {
	text := strings.TrimSpace(lineEnds.Replace(string(decode(body, ""))))
	headline, rest, _ := strings.Cut(text, "\n")
	if end := strings.TrimRight(headline, " ”’\"'"); strings.HasSuffix(end, "।") || strings.HasSuffix(end, "৷") {
		headline, rest = "", text
	}
	return Item{Title: Text{Value: headline}, Content: Text{Value: unwrap(rest)}}
}

// unwrap joins the lines of a text that was broken at a width, as mail and old archives are: its lines end in the midst of a
// sentence because the next word had no room there. A line that left room ends a paragraph, and so does an empty one.
func unwrap(text string) string {
	lines := strings.Split(text, "\n")
	width := 0
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
		width = max(width, utf8.RuneCountInString(lines[i]))
	}
	if width > widestWrapped {
		return text
	}
	followed, broken := 0, 0
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(line)
		if i+1 == len(lines) {
			break
		}
		next, _, _ := strings.Cut(lines[i+1], " ")
		full := line != "" && next != "" && 4*(utf8.RuneCountInString(line)+1+utf8.RuneCountInString(next)) >= 3*width
		if line != "" && next != "" {
			followed++
		}
		if full && !endsSentence(line) {
			broken++
		}
		if full {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
	}
	if broken < leastBroken || 2*broken < followed {
		return text
	}
	return b.String()
}

// endsSentence reports whether a line is closed by a sentence's mark, or leads up to what follows by a colon.
func endsSentence(line string) bool {
	end := strings.TrimRight(line, "”’\"')]")
	return strings.HasSuffix(end, "।") || strings.HasSuffix(end, "৷") || strings.HasSuffix(end, "?") || strings.HasSuffix(end, "!") || strings.HasSuffix(end, ":")
}

const (
	// widestWrapped is the longest line, in runes, of a text broken at a width: eighty columns, in which a Bengali letter and
	// its signs take one or two.
	widestWrapped = 130
	// leastBroken is how many lines must end in the midst of a sentence before their ends tell anything.
	leastBroken = 3
)
