package bengali

import (
	_ "embed"
	"iter"
	"strings"
	"sync"
)

// The lexicon is data: what the rules know about single words and phrases
// stands in the files of the folder lexicon, one entry a line, # begins a
// comment.
var (
	//go:embed lexicon/leading.txt
	leadingFile string
	//go:embed lexicon/bases.txt
	basesFile string
	//go:embed lexicon/forms.txt
	formsFile string
	//go:embed lexicon/endings.txt
	endingsFile string
	//go:embed lexicon/aliases.txt
	aliasesFile string
	//go:embed lexicon/abbreviations.txt
	abbreviationsFile string
	//go:embed lexicon/runson.txt
	runsOnFile string
)

type wordSet map[string]struct{}

func (set wordSet) has(word string) bool {
	_, ok := set[word]
	return ok
}

// entries yields the lines of a lexicon file, without comments and empty lines.
func entries(file string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(file) {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// wordsOf reads the white-space-separated words of a lexicon file; key brings
// each into the form in which it is looked up.
func wordsOf(file string, key func(string) string) wordSet {
	set := wordSet{}
	for line := range entries(file) {
		for _, word := range strings.Fields(line) {
			set[key(word)] = struct{}{}
		}
	}
	return set
}

// leadingOn are the words after which a cut text must not end.
var leadingOn = sync.OnceValue(func() wordSet { return wordsOf(leadingFile, Normalize) })
