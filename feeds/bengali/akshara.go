package bengali

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Aksharas yields s in the pieces a Bengali reader calls letters, in order and
// without loss. They are the extended grapheme clusters of Unicode 15.1
// (UAX #29), except that a hasanta, also with a joiner after it, always holds on to the consonant
// that follows: অ্যা is one akshara, as in IANA's root zone rules for Bengali.
func Aksharas(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		clusters := graphemes.FromString(s)
		start, end := 0, 0
		for clusters.Next() {
			cluster := clusters.Value()
			if end > start && !holdsOn(s[start:end], cluster) {
				if !yield(s[start:end]) {
					return
				}
				start = end
			}
			end += len(cluster)
		}
		if end > start {
			yield(s[start:end])
		}
	}
}

// holdsOn reports whether the cluster before, a Bengali letter ending in a
// hasanta, takes the consonant at the beginning of next with it.
func holdsOn(before, next string) bool {
	if len(next) < 3 || next[0] != 0xE0 { // all Bengali consonants are three bytes from E0
		return false
	}
	if r, _ := utf8.DecodeRuneInString(next); !isConsonant(r) {
		return false
	}
	last, size := utf8.DecodeLastRuneInString(before)
	if isJoiner(last) {
		before = before[:len(before)-size]
		last, _ = utf8.DecodeLastRuneInString(before)
	}
	first, _ := utf8.DecodeRuneInString(before)
	return last == hasanta && (isConsonant(first) || isIndependentVowel(first))
}

// UTF16Len counts s in UTF-16 code units, the unit in which Telegram measures
// message text and entity offsets. A byte that is not UTF-8 counts as one.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// Truncate shortens s to at most maxUTF16 UTF-16 code units, the … at its end
// included; text that fits comes back unchanged. A cut never splits an akshara
// or a surrogate pair. Where that costs no more than half of what fits, it also
// falls between words, outside an open quotation or bracket, and not after a number, whose unit
// would be missing, nor after a word that promises more (এবং, ও, না). What stands
// before the … is never punctuation. Text of which not one akshara fits becomes "…", and
// nothing at all when maxUTF16 is less than one.
func Truncate(s string, maxUTF16 int) string {
	if maxUTF16 < 1 {
		return ""
	}
	kept, fits := prefixOf(s, maxUTF16)
	if fits {
		return s
	}
	least := len(kept) / 2
	cut := trimCut(kept)
	// Where the cut fell inside a word, give that word up.
	if cut == kept && startsWithWord(s[len(kept):]) {
		if shorter := trimCut(withoutLastWord(cut)); len(shorter) >= least && shorter != "" {
			cut = shorter
		}
	}
	for cut != "" {
		shorter := cut
		if open := openQuotation(cut); open >= 0 {
			shorter = cut[:open]
		} else if promisesMore(cut) {
			shorter = withoutLastWord(cut)
		}
		shorter = trimCut(shorter)
		if shorter == cut || len(shorter) < least || shorter == "" {
			break
		}
		cut = shorter
	}
	return cut + string(ellipsis)
}

// prefixOf is the longest run of whole aksharas at the beginning of s that
// leaves one of limit units free. It reads no more of s than it must, and says
// whether all of s would fit in limit.
func prefixOf(s string, limit int) (prefix string, fits bool) {
	if len(s) <= limit {
		return s, true
	}
	// An akshara begins at every space, so only what follows the last space
	// before the limit need be cut into aksharas.
	units, space, spaceUnits, window := 0, 0, 0, len(s)
	for i := 0; i < len(s); {
		if s[i] == ' ' && units < limit {
			space, spaceUnits = i, units
		}
		size := 3
		if !isBengaliAt(s, i) {
			var r rune
			if r, size = runeAt(s, i); r > 0xFFFF {
				units++
			}
		}
		if units++; units > limit+truncateLookahead {
			window = i
			break
		}
		i += size
	}
	if units <= limit {
		return s, true
	}
	end := space
	for akshara := range Aksharas(s[space:window]) {
		spaceUnits += UTF16Len(akshara)
		if spaceUnits > limit-1 {
			break
		}
		end += len(akshara)
	}
	return s[:end], false
}

// truncateLookahead is how many units beyond the limit are read to find the end
// of an akshara that crosses it.
const truncateLookahead = 16

// trimCut takes off the end what may not stand before an ellipsis.
func trimCut(s string) string {
	return strings.TrimRightFunc(s, func(r rune) bool {
		if unicode.IsSpace(r) {
			return true
		}
		switch r {
		case ',', ';', ':', '-', '–', '—', '/', '|', '.', ellipsis, danda, doubleDanda, '!', '?', '“', '‘', '«', '(', '[', '{':
			return true
		}
		return false
	})
}

func startsWithWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isWordRune(r) || isJoiner(r)
}

func withoutLastWord(s string) string {
	if i := strings.LastIndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i]
	}
	return s
}

func lastWord(s string) string {
	if i := strings.LastIndexFunc(s, unicode.IsSpace); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		return s[i+size:]
	}
	return s
}

// promisesMore reports whether the last word of cut leaves the reader waiting: a
// number without its unit, or a word that leads on to another.
func promisesMore(cut string) bool {
	word := strings.TrimLeftFunc(lastWord(cut), isOpener)
	if word == "" || word == cut {
		return false
	}
	if _, leads := leadingOn()[word]; leads {
		return true
	}
	return strings.IndexFunc(word, func(r rune) bool { return !isDigit(r) && r != '.' && r != ',' }) < 0
}

// openQuotation is where in s a quotation or bracket opens that does not close,
// or -1.
func openQuotation(s string) int {
	var open []int
	var want []rune
	for i, size := 0, 0; i < len(s); i += size {
		if s[i] == ' ' {
			size = 1
			continue
		}
		if isBengaliAt(s, i) {
			size = 3
			continue
		}
		var r rune
		r, size = runeAt(s, i)
		closer := closerOf(r)
		switch {
		case r == '(':
			closer = ')'
		case r == '[':
			closer = ']'
		case r == '"' && len(want) > 0 && want[len(want)-1] == '"':
			closer = 0
		}
		if closer != 0 {
			open, want = append(open, i), append(want, closer)
			continue
		}
		if n := len(want); n > 0 && r == want[n-1] {
			open, want = open[:n-1], want[:n-1]
		}
	}
	if len(open) == 0 {
		return -1
	}
	return open[0]
}
