package bengali

import (
	"iter"
	"strings"
	"sync"
)

// Words are the words and numbers of s, folded, in order. A number keeps its
// decimal point and loses its grouping commas: ১২,৩৪,৫৬৭.৫ is 1234567.5.
// Punctuation, symbols and emoji are no words; a hyphen parts two.
func Words(s string) []string { return wordsOfFolded(Fold(s)) }

func wordsOfFolded(folded string) []string {
	var words []string
	for word := range foldedWords(folded) {
		words = append(words, word)
	}
	return words
}

// foldedWords yields the words of a folded text.
func foldedWords(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := -1
		for i := 0; i < len(s); {
			r, size := runeAt(s, i)
			switch {
			case isWordRune(r):
				if start < 0 {
					start = i
				}
			case start >= 0 && !isNumberPoint(s, i):
				if !yield(wordAt(s[start:i])) {
					return
				}
				start = -1
			}
			i += size
		}
		if start >= 0 {
			yield(wordAt(s[start:]))
		}
	}
}

// isNumberPoint reports whether the byte at i is a point or comma between two
// digits.
func isNumberPoint(s string, i int) bool {
	return (s[i] == '.' || s[i] == ',') && i > 0 && i+1 < len(s) &&
		isASCIIDigit(rune(s[i-1])) && isASCIIDigit(rune(s[i+1]))
}

func wordAt(s string) string {
	if strings.IndexByte(s, ',') >= 0 {
		return strings.ReplaceAll(s, ",", "")
	}
	return s
}

// Stems are the words of s as search, followed words and similarity see them:
// each stemmed, and known names and spellings under one head: হোয়াটস অ্যাপের,
// whats app and WhatsApp are all হোয়াটসঅ্যাপ.
func Stems(s string) []string { return StemsOfFolded(Fold(s)) }

// StemsOfFolded is Stems for text that comes from [Fold], without folding it again.
func StemsOfFolded(folded string) []string {
	stems := wordsOfFolded(folded)
	for i, word := range stems {
		stems[i] = Stem(word)
	}
	return aliases().apply(stems)
}

// aliasTable finds runs of stems that stand for another.
type aliasTable struct {
	byFirst map[string][]alias // longest run first
}

type alias struct {
	run  []string // "#" stands for any number
	head []string
}

// aliases reads lines of the form "head = variant, variant".
var aliases = sync.OnceValue(func() aliasTable {
	table := aliasTable{byFirst: map[string][]alias{}}
	for line := range entries(aliasesFile) {
		head, variants, _ := strings.Cut(line, "=")
		headStems := aliasStems(head)
		for variant := range strings.SplitSeq(variants, ",") {
			table.add(alias{run: aliasStems(variant), head: headStems})
		}
	}
	return table
})

func aliasStems(s string) []string {
	var stems []string
	for field := range strings.FieldsSeq(s) {
		if field == anyNumber {
			stems = append(stems, anyNumber)
			continue
		}
		for _, word := range Words(field) {
			stems = append(stems, Stem(word))
		}
	}
	return stems
}

// anyNumber stands in the alias file for any number, which stays as it is.
const anyNumber = "N"

func (t aliasTable) add(a alias) {
	if len(a.run) == 0 {
		return
	}
	list := t.byFirst[a.run[0]]
	at := 0
	for at < len(list) && len(list[at].run) >= len(a.run) {
		at++
	}
	list = append(list, alias{})
	copy(list[at+1:], list[at:])
	list[at] = a
	t.byFirst[a.run[0]] = list
}

// apply puts the heads in the place of the runs, in place.
func (t aliasTable) apply(stems []string) []string {
	out := stems[:0]
	for i := 0; i < len(stems); {
		head, used := t.match(stems[i:])
		if used == 0 && len(out) > 0 && isNumber(out[len(out)-1]) {
			head, used = t.matchAfterNumber(stems[i:])
		}
		if used == 0 || len(out)+len(head) > i+used {
			out = append(out, stems[i])
			i++
			continue
		}
		out = append(out, head...)
		i += used
	}
	return out
}

func (t aliasTable) match(stems []string) (head []string, used int) {
	for _, a := range t.byFirst[stems[0]] {
		if hasRun(stems, a.run) {
			return a.head, len(a.run)
		}
	}
	return nil, 0
}

func (t aliasTable) matchAfterNumber(stems []string) (head []string, used int) {
	for _, a := range t.byFirst[anyNumber] {
		if run := a.run[1:]; hasRun(stems, run) {
			return a.head, len(run)
		}
	}
	return nil, 0
}

// hasRun reports whether stems begin with run.
func hasRun(stems, run []string) bool {
	if len(run) > len(stems) {
		return false
	}
	for i, stem := range run {
		if stems[i] != stem {
			return false
		}
	}
	return true
}

func isNumber(word string) bool {
	if word == "" {
		return false
	}
	for i := range len(word) {
		if !isASCIIDigit(rune(word[i])) && word[i] != '.' {
			return false
		}
	}
	return true
}
