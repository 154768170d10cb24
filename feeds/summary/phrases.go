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
	proverb, background, beside, aside, outcome, leaning, leaningLightly, saying, clock phrases

	stop map[string]bool // stems
}

var lists = sync.OnceValue(func() (l phraseLists) {
	l.stop = map[string]bool{}
	sections := map[string]*phrases{
		"proverb": &l.proverb, "background": &l.background, "beside": &l.beside, "aside": &l.aside,
		"outcome": &l.outcome, "leaning": &l.leaning, "leaning lightly": &l.leaningLightly, "saying": &l.saying, "clock": &l.clock,
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

// continues reports whether the word goes on.
func continues(rest string) bool {
	for _, r := range rest {
		return unicode.IsLetter(r) || unicode.IsMark(r)
	}
	return false
}
