package summary

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"github.com/harkara/harkara/feeds/bengali"
)

//go:embed phrases.txt
var phrasesFile string

// phrases is a list of openings or phrases, to be found in folded text.
type phrases []string

// phraseLists are the sections of phrases.txt.
type phraseLists struct {
	proverb, background, beside, leaning, leaningLightly phrases
	aside, outcome, longAgo, saying, clock               finder

	stop map[string]bool // stems
}

var lists = sync.OnceValue(func() *phraseLists {
	l := &phraseLists{}
	l.stop = map[string]bool{}
	sections := map[string]*phrases{
		"proverb": &l.proverb, "background": &l.background, "beside": &l.beside, "aside": &l.aside.phrases,
		"outcome": &l.outcome.phrases, "long ago": &l.longAgo.phrases, "leaning": &l.leaning, "leaning lightly": &l.leaningLightly, "saying": &l.saying.phrases, "clock": &l.clock.phrases,
	}
	section := ""
	for line := range strings.Lines(phrasesFile) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case section == "stop":
			for _, stem := range bengali.Stems(line) {
				l.stop[stem] = true
			}
		default:
			list := sections[section]
			for phrase := range strings.SplitSeq(line, ",") {
				*list = append(*list, bengali.Fold(strings.TrimSpace(phrase)))
			}
		}
	}
	for _, f := range []*finder{&l.aside, &l.outcome, &l.longAgo, &l.saying, &l.clock} {
		f.index()
	}
	return l
})

// open reports whether the folded text begins with one of the phrases as whole
// words.
func (p phrases) open(folded string) bool {
	for _, x := range p {
		if rest, ok := strings.CutPrefix(folded, x); ok && !continues(rest) {
			return true
		}
	}
	return false
}

// in reports whether one of the phrases stands in the folded text.
func (p phrases) in(folded string) bool {
	for _, x := range p {
		if strings.Contains(folded, x) {
			return true
		}
	}
	return false
}

// A finder is a list of phrases that are looked for in every sentence. Few places in a text begin with the two letters
// with which a phrase does, so only there the phrases are compared.
type finder struct {
	phrases
	pairs [128][2]uint64 // by letter of the Bengali block, the letters that follow it at the beginning of a phrase, as bits
	rest  phrases        // those that do not begin with two such letters
}

func (f *finder) index() {
	for _, x := range f.phrases {
		if first, second, ok := bengaliPair(x); ok {
			f.pairs[first][second>>6] |= 1 << (second & 63)
		} else {
			f.rest = append(f.rest, x)
		}
	}
}

// in reports whether one of the phrases stands in the folded text.
func (f *finder) in(folded string) bool {
	for i := 0; i < len(folded); i++ {
		first, second, ok := bengaliPair(folded[i:])
		if !ok || f.pairs[first][second>>6]&(1<<(second&63)) == 0 {
			continue
		}
		for _, x := range f.phrases {
			if strings.HasPrefix(folded[i:], x) {
				return true
			}
		}
	}
	return f.rest.in(folded)
}

// bengaliPair is the places in the Bengali block (from U+0980, in UTF-8 E0 A6 80) of the first two runes of s, if both are
// in it.
func bengaliPair(s string) (first, second byte, ok bool) {
	if len(s) < 6 || s[0] != 0xE0 || s[1]&^1 != 0xA6 || s[3] != 0xE0 || s[4]&^1 != 0xA6 {
		return 0, 0, false
	}
	return s[1]&1<<6 | s[2]&63, s[4]&1<<6 | s[5]&63, true
}

// continues reports whether the word goes on.
func continues(rest string) bool {
	for _, r := range rest {
		return unicode.IsLetter(r) || unicode.IsMark(r)
	}
	return false
}
