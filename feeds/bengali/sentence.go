package bengali

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Sentence is one sentence of a text.
type Sentence struct {
	// Text is the sentence as it stands in the normalised text, without the space around it.
	Text string
	// Quote is the number, from 1, of the quotation of several sentences it belongs
	// to, and 0 if it belongs to none. Whoever chooses one of these sentences must
	// take all of that number, or none.
	Quote int
}

// maxBracket is how many bytes a bracket may hold to be kept in one sentence;
// one longer was most likely opened and forgotten.
const maxBracket = 600

// Sentences splits text, normalised first, into its sentences. A line end ends a
// sentence always, a danda, ? and ! nearly always, a point only where it is no
// part of an abbreviation, initial, number or address. Joined together, the
// sentences are the text without the white space between them.
func Sentences(text string) []Sentence {
	return splitNormal(Normalize(text))
}

func splitNormal(text string) []Sentence {
	if text == "" {
		return nil
	}
	sp := splitter{sentences: make([]Sentence, 0, len(text)/150+1)}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			sp.split(line)
		}
	}
	return sp.sentences
}

// splitter splits lines and numbers the quotations that run over several
// sentences.
type splitter struct {
	sentences []Sentence
	quotes    int // quotations numbered so far
	current   int // the quotation to which the sentence being read belongs
}

func (sp *splitter) split(line string) {
	var (
		start      = 0  // of the sentence being read
		bracketEnd = -1 // of the bracket being read
		aside      bool // that bracket holds whole sentences, not a part of one
		brackets   = bracketFinder{line: line}
		singles    = singleFinder{line: line}
		closer     rune // of the open quotation, or 0
		opened     int  // the sentence in which it opened
	)
	for i := 0; i < len(line); {
		r, size := runeAt(line, i)
		i += size
		if isBengali(r) {
			continue
		}
		switch {
		case r == '(' || r == '[':
			if end := brackets.close(r, i); end-i <= maxBracket {
				if bracketEnd < i {
					aside = strings.TrimSpace(line[start:i-1]) == ""
				}
				bracketEnd = max(bracketEnd, end)
			}
			continue
		case closer == 0 && closerOf(r) != 0:
			closer, opened = closerOf(r), len(sp.sentences)
			continue
		case closer == 0 && r == '\'' && opensSingle(line, i) && singles.close(i)-i <= maxQuotation:
			closer, opened = '\'', len(sp.sentences)
			continue
		case closer == '\'' && r == closer && !closesSingle(line, i):
			continue
		case closer != 0 && r == closer:
			sp.quoted(opened)
			closer = 0
			continue
		}
		end := -1
		switch {
		case i < bracketEnd, i == bracketEnd && !aside:
		case isTerminator(r):
			end = sentenceEnd(line, i, r, closer)
		case r == '.' && pointEnds(line[start:], i-1-start):
			end = afterClosers(line, i, closer)
		}
		if end < 0 {
			continue
		}
		if closer != 0 && strings.ContainsRune(line[i:end], closer) {
			sp.quoted(opened)
			closer = 0
		}
		sp.add(line[start:end])
		start, i = end, end
	}
	sp.add(line[start:])
}

// add appends a sentence, if there is anything in it.
func (sp *splitter) add(text string) {
	if text = strings.TrimSpace(text); text != "" {
		sp.sentences = append(sp.sentences, Sentence{Text: text, Quote: sp.current})
	}
	sp.current = 0
}

// quoted notes that a quotation opened in the sentence with the number from and
// closes in the one being read.
func (sp *splitter) quoted(from int) {
	if from == len(sp.sentences) {
		return // all in one sentence
	}
	number := sp.sentences[from].Quote
	if number == 0 {
		sp.quotes++
		number = sp.quotes
	}
	for i := range sp.sentences[from:] {
		sp.sentences[from+i].Quote = number
	}
	sp.current = number
}

// closerOf is the sign that closes the quotation r opens, or 0.
func closerOf(r rune) rune {
	switch r {
	case '“', '„':
		return '”'
	case '‘':
		return '’'
	case '«':
		return '»'
	case '"':
		return '"'
	}
	return 0
}

// maxQuotation is how many bytes may stand between two typewriter's single quotes, which are apostrophes as well.
const maxQuotation = 1500

// opensSingle reports whether the typewriter's single quote before i opens a quotation: behind a space and before a letter. It
// is an apostrophe inside a word (দু'জন) and before a year ('৭১).
func opensSingle(line string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:i-1])
	after, _ := utf8.DecodeRuneInString(line[i:])
	return !isWordRune(before) && !isJoiner(before) && (i == 1 || before != '\'' && !isTerminator(before)) && isWordRune(after) && !isDigit(after)
}

// closesSingle reports whether the typewriter's single quote before i closes a quotation: no space before it, no letter behind.
func closesSingle(line string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:i-1])
	return before != ' ' && i > 1 && !startsWithWord(line[i:])
}

// singleFinder finds typewriter's single quotes that close, reading the line once.
type singleFinder struct {
	line string
	at   int // behind the next one, if that is ahead
}

// close is the position behind the next one from there on; far beyond the line if there is none.
func (f *singleFinder) close(from int) int {
	if f.at > from {
		return f.at
	}
	for i := from; ; {
		next := strings.IndexByte(f.line[i:], '\'')
		if next < 0 {
			f.at = len(f.line) + 2*maxQuotation
			return f.at
		}
		if i += next + 1; closesSingle(f.line, i) {
			f.at = i
			return f.at
		}
	}
}

// bracketFinder finds closing brackets, reading the line once for each kind.
type bracketFinder struct {
	line          string
	round, square int // where the next one stands, if that is ahead
}

// close is where the bracket closes that opened before position from; far beyond
// the line if it does not.
func (f *bracketFinder) close(open rune, from int) int {
	at, sign := &f.round, byte(')')
	if open == '[' {
		at, sign = &f.square, ']'
	}
	if *at < from {
		if i := strings.IndexByte(f.line[from:], sign); i >= 0 {
			*at = from + i
		} else {
			*at = len(f.line) + 2*maxBracket
		}
	}
	return *at
}

// sentenceEnd is where the sentence ends whose terminator r stands before i,
// signs that close with it included, or -1 if it goes on. quote is the closer of
// the open quotation, or 0.
func sentenceEnd(line string, i int, r, quote rune) int {
	if r == '?' || r == '!' {
		if insideAddress(line, i) {
			return -1
		}
	}
	asks := true // nothing but ? and !
	for {
		asks = asks && (r == '?' || r == '!')
		next, size := utf8.DecodeRuneInString(line[i:])
		if !isTerminator(next) {
			break
		}
		r = next
		i += size
	}
	end := afterClosers(line, i, quote)
	rest := strings.TrimLeft(line[end:], " ")
	next, _ := utf8.DecodeRuneInString(rest)
	switch next {
	case ',', ';':
		return -1
	case ':', '-', '–', '—':
		if end > i {
			return -1
		}
	}
	if end > i && asks && runsOn().has(firstWord(rest)) {
		return -1
	}
	return end
}

// insideAddress reports whether the sign before i stands between two ASCII
// characters of a web address.
func insideAddress(line string, i int) bool {
	if i < 2 || i >= len(line) {
		return false
	}
	before, after := line[i-2], line[i]
	return before > ' ' && before < utf8.RuneSelf && (isWordRune(rune(after)) || strings.IndexByte("=&%/#", after) >= 0) &&
		after < utf8.RuneSelf
}

// afterClosers is the position after the signs at i that close a quotation or
// bracket. A sign that can open as well closes if it is quote, or if no word
// follows.
func afterClosers(line string, i int, quote rune) int {
	for i < len(line) {
		r, size := utf8.DecodeRuneInString(line[i:])
		if !isCloser(r) {
			break
		}
		if (r == '"' || r == '\'') && r != quote && startsWithWord(line[i+size:]) {
			break
		}
		i += size
	}
	return i
}

// pointEnds reports whether the point at dot ends the sentence in which it
// stands.
func pointEnds(sentence string, dot int) bool {
	rest := sentence[dot+1:]
	after := rest[afterClosers(rest, 0, 0):]
	next, _ := utf8.DecodeRuneInString(after)
	if after != "" && !unicode.IsSpace(next) || dot > 0 && sentence[dot-1] == '.' {
		return false
	}
	from := max(0, dot-maxAbbreviation)
	at := strings.LastIndexAny(sentence[from:dot], " (“‘\"'[/-–—")
	word := sentence[from:dot]
	if at >= 0 {
		_, size := utf8.DecodeRuneInString(word[at:])
		word = word[at+size:]
	} else if from > 0 {
		return true // longer than any abbreviation
	}
	switch letters := utf8.RuneCountInString(word); {
	case letters <= 1, strings.Contains(word, "."), abbreviations().has(Fold(word)):
		return false
	case isNumber(ASCIIDigits(word)) && (letters <= 2 || len(word) == dot):
		return false // 1. ১২. before an item, or a day of the month
	}
	last, _ := utf8.DecodeLastRuneInString(word)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " "))
	return !isLatin(last) || !unicode.IsLower(first)
}

// maxAbbreviation is the length in bytes beyond which a word is none.
const maxAbbreviation = 48

func firstWord(s string) string {
	for i, r := range s {
		if !isWordRune(r) && !isJoiner(r) {
			return s[:i]
		}
	}
	return s
}

var (
	abbreviations = sync.OnceValue(func() wordSet { return wordsOf(abbreviationsFile, Fold) })
	runsOn        = sync.OnceValue(func() wordSet { return wordsOf(runsOnFile, Normalize) })
)
