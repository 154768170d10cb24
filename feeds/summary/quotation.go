package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds/bengali"
)

// longestQuotation is how many sentences behind the one that opens it a quotation over several paragraphs is followed.
const longestQuotation = 8

// insideQuotations tells which sentences stand in the midst of a quotation that runs over several paragraphs, or lines of one
// sentence each: alone they would read as the paper's own words. The first and the last are known by their single mark.
func insideQuotations(sentences []bengali.Sentence) []bool {
	inside := make([]bool, len(sentences))
	for i := range sentences {
		if sentences[i].Quote != 0 { // it closes in its paragraph
			continue
		}
		closer := leavesOpen(sentences[i].Text)
		if closer == 0 {
			continue
		}
		for j := i + 1; j < len(sentences) && j <= i+longestQuotation; j++ {
			again := strings.HasPrefix(sentences[j].Text, string(opener[closer])) // every paragraph of a long quotation may open it
			if again || closes(sentences[j].Text, closer) {
				for k := i + 1; k < j; k++ {
					inside[k] = true
				}
				break
			}
		}
	}
	return inside
}

// leavesOpen is the mark that would close the quotation which the text leaves open, or 0.
func leavesOpen(text string) rune {
	if !strings.ContainsAny(text, "“‘«\"") {
		return 0
	}
	var open []rune
	for at, c := range text {
		switch c {
		case '“':
			open = append(open, '”')
		case '‘':
			open = append(open, '’')
		case '«':
			open = append(open, '»')
		case '"':
			if n := len(open); n > 0 && open[n-1] == '"' {
				open = open[:n-1]
			} else {
				open = append(open, '"')
			}
		case '”', '’', '»':
			if n := len(open); n > 0 && open[n-1] == c && (c != '’' || closesAt(text, at+len("’"))) {
				open = open[:n-1]
			}
		}
	}
	if len(open) == 0 {
		return 0
	}
	return open[0]
}

// closes reports whether the text closes a quotation that it has not opened.
func closes(text string, closer rune) bool {
	if closer == '"' {
		return strings.Count(text, `"`)%2 == 1
	}
	depth := 0
	for at, c := range text {
		switch {
		case c == opener[closer]:
			depth++
		case c == closer && (c != '’' || closesAt(text, at+len("’"))):
			if depth--; depth < 0 {
				return true
			}
		}
	}
	return false
}

// closesAt reports whether a mark before at closes: an apostrophe has a letter behind it.
func closesAt(text string, at int) bool {
	next, _ := utf8.DecodeRuneInString(text[at:])
	return !unicode.IsLetter(next) && !unicode.IsMark(next)
}
