package bengali

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Stem takes the ending off one folded word (see [Words]): ঢাকার, ঢাকায় and
// ঢাকাতেও are ঢাকা. It is a light stemmer for news: one ending, the longest that
// fits, and never a word that only looks inflected (কোটি, সরকার, ভিডিও). Where a
// shorter ending leaves a known word, that one is taken: ফেসবুকে is ফেসবুক. It
// returns a part of word and allocates nothing.
func Stem(word string) string {
	if len(word) < 4 || word[0] < utf8.RuneSelf && isASCII(word) {
		return word
	}
	rules := stemming()
	if rules.bases.has(word) || rules.forms.has(word) {
		return word
	}
	// One walk from the end finds every ending that fits. A word of the list wins
	// over one that ends like a base, that over the longest ending, and among equals
	// the longest word over shorter ones.
	best, alike := "", ""
	limit := len(word) - rules.longest
	for i := len(word); i > 0 && i > limit; {
		_, size := utf8.DecodeLastRuneInString(word[:i])
		i -= size
		after, ok := rules.endings[word[i:]]
		if !ok || i == 0 {
			continue
		}
		rest := word[:i]
		if rules.bases.has(rest) || isEmphatic(word[i:]) && rules.forms.has(rest) {
			return rest
		}
		if alike == "" && rules.looksBare(rest) {
			alike = rest
		}
		if after != afterBase && mayStand(rest, after) {
			best = rest
		}
	}
	switch {
	case best == "" || rules.looksBare(word):
		return word
	case alike != "":
		return alike
	}
	return best
}

func isEmphatic(ending string) bool { return ending == "ও" || ending == "ই" }

// condition says what must stand before an ending.
type condition byte

const (
	afterAny   condition = iota
	afterVowel           // a vowel sign or a vowel letter
	afterR               // for -র: a vowel, but not ে, whose word has the ending ের
	afterAA              // for -য়: the sign া, in a word of three code points at least
	afterDigit           // a number
	afterBase            // only a word of the list of bases
)

var conditions = map[string]condition{
	"any": afterAny, "vowel": afterVowel, "r": afterR, "aa": afterAA, "digit": afterDigit, "base": afterBase,
}

// mayStand reports whether rest can be a word to which an ending of the
// condition was added.
func mayStand(rest string, after condition) bool {
	last, size := utf8.DecodeLastRuneInString(rest)
	if last == candrabindu {
		last, _ = utf8.DecodeLastRuneInString(rest[:len(rest)-size])
	}
	vowel := isVowelSign(last) || isIndependentVowel(last)
	switch {
	case last == hasanta:
		return false
	case isASCIIDigit(last):
		return true
	case after == afterDigit:
		return false
	case after == afterVowel && !vowel,
		after == afterR && (!vowel || last == signE),
		after == afterAA && (last != signAA || len(rest) < 3*len("ক")):
		return false
	}
	letters := 0
	for _, r := range rest {
		if isConsonant(r) || isIndependentVowel(r) || isLatin(r) {
			if letters++; letters == 2 {
				return true
			}
		}
	}
	return false
}

// stemRules are the tables behind Stem, read from the lexicon.
type stemRules struct {
	endings map[string]condition
	longest int // of the endings, in bytes
	bases   wordSet
	forms   wordSet           // words of which only the emphatic ও and ই come off
	tails   map[rune][]string // ends of words that are bases, by their last rune
}

// looksBare reports whether word ends like words that have no ending.
func (rules *stemRules) looksBare(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	for _, tail := range rules.tails[last] {
		if strings.HasSuffix(word, tail) {
			return true
		}
	}
	return false
}

var stemming = sync.OnceValue(func() *stemRules {
	rules := &stemRules{
		endings: map[string]condition{}, bases: wordSet{}, forms: wordsOf(formsFile, Fold), tails: map[rune][]string{},
	}
	for line := range entries(endingsFile) {
		fields := strings.Fields(line)
		after := conditions[fields[0]]
		for _, ending := range fields[1:] {
			rules.addEnding(Fold(ending), after)
			if after != afterBase {
				rules.addEnding(Fold(ending)+"ও", after)
				rules.addEnding(Fold(ending)+"ই", after)
			}
		}
	}
	for line := range entries(basesFile) {
		for word := range strings.FieldsSeq(line) {
			if tail, ok := strings.CutPrefix(word, "-"); ok {
				tail = Fold(tail)
				last, _ := utf8.DecodeLastRuneInString(tail)
				rules.tails[last] = append(rules.tails[last], tail)
				continue
			}
			rules.bases[Fold(word)] = struct{}{}
		}
	}
	return rules
})

func (rules *stemRules) addEnding(ending string, after condition) {
	if _, ok := rules.endings[ending]; ok {
		return
	}
	rules.endings[ending] = after
	rules.longest = max(rules.longest, len(ending))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
