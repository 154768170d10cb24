package summary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds/bengali"
)

// Budget is the length of a summary unless an operator sets another: UTF-16
// units, the spaces between the sentences included. Three ordinary sentences of
// a Bengali paper, and still read at a glance on a phone.
const Budget = 330

// MaxBudget is the largest budget: the text of one Telegram message.
const MaxBudget = 4096

// sentencesFor is how many sentences a budget may hold. Three make the default
// summary, however short they are; another budget asks for its room to be filled,
// and short sentences, of some 70 units, are the most that it takes.
func sentencesFor(budget int) int {
	if budget == Budget {
		return 3
	}
	return (budget + 69) / 70
}

// Limits that keep the work for a stranger's text bounded: what an article says
// after its two hundredth sentence is no part of its summary, and of the rest the
// likeliest are tried together.
const (
	unitsRead  = 200
	unitsTried = 32
)

// Of chooses the sentences that tell the article's story, at most budget UTF-16
// units when joined by single spaces (Budget if budget is 0 or less, never more
// than MaxBudget). They are the article's own, word for word, in its order, with
// their quotation marks in pairs; a quotation that runs over several sentences
// comes whole, as one element, or not at all. Where an editor wrote a standfirst
// it is taken first.
//
// What only repeats the headline is no summary: an article that has nothing else
// to say, or no whole sentence that fits, gives none.
func Of(headline string, article bengali.Cleaned, budget int) []string {
	if budget <= 0 {
		budget = Budget
	}
	budget = min(budget, MaxBudget)
	if len(article.Rest) > 0 { // nothing was cut because it was so much; but what no rule wanted is the likelier news
		rest := article
		rest.Paragraphs, rest.Rest = article.Rest, nil
		if sentences := Of(headline, rest, budget); len(sentences) > 0 {
			return sentences
		}
	}
	r := reader{ids: map[string]int32{}}
	title := r.title(headline)
	units := r.units(article, title, budget)
	if len(units) == 0 {
		return nil
	}
	lead := weigh(units, title, r.stop)
	freq, length := expect(units, len(r.stop))

	units, lead = likeliest(units, lead)
	c := choice{
		units: units, freq: freq, expect: length, budget: budget, most: sentencesFor(budget),
		seen: make([]int, len(r.stop)), isIn: make([]bool, len(units)), again: repetition(units),
	}
	for i := range units {
		if units[i].standfirst && c.fits(i) {
			c.take(i)
		}
	}
	if len(c.chosen) == 0 && lead >= 0 && c.fits(lead) {
		c.take(lead)
	}
	set := c.search()
	slices.Sort(set)
	sentences := make([]string, len(set))
	for i, at := range set {
		sentences[i] = units[at].text
	}
	return sentences
}

// likeliest keeps the units worth trying together, in the article's order.
func likeliest(units []unit, lead int) ([]unit, int) {
	if len(units) <= unitsTried {
		return units, lead
	}
	chances := make([]float64, len(units))
	for i := range units {
		chances[i] = units[i].chance
		if i == lead {
			chances[i] = 2
		}
	}
	slices.Sort(chances)
	bar := chances[len(chances)-unitsTried]
	kept, at, last := make([]unit, 0, unitsTried), -1, -1
	for i, u := range units {
		if (u.chance >= bar || i == lead) && len(kept) < unitsTried {
			if i == lead {
				at = len(kept)
			}
			u.follows = u.follows && last == i-1
			kept, last = append(kept, u), i
		}
	}
	return kept, at
}

// unit is what is chosen or left as a whole: a sentence, or all sentences of one
// quotation.
type unit struct {
	text       string
	folded     string
	size       int // UTF-16 units
	sentences  int
	paragraph  int
	words      []int32 // stems, in order, repeated ones too
	content    []int32 // those that say something, sorted, each once
	standfirst bool
	follows    bool    // directly on the unit before
	figures    bool    // has a digit
	latin      bool    // has a Latin word
	spoken     bool    // mostly a quotation
	dialogue   bool    // of a paragraph that begins with its speaker
	odds       float64 // of being in an editor's choice, in logarithms
	chance     float64 // the same between 0 and 1
	leans      float64
}

// reader numbers the stems of one article.
type reader struct {
	ids  map[string]int32
	stop []bool
}

func (r *reader) words(folded string) []int32 {
	stems := bengali.StemsOfFolded(folded)
	words := make([]int32, len(stems))
	for i, s := range stems {
		id, ok := r.ids[s]
		if !ok {
			id = int32(len(r.stop))
			r.ids[s] = id
			r.stop = append(r.stop, lists().stop[s])
		}
		words[i] = id
	}
	return words
}

// title is the set of the headline's content words.
func (r *reader) title(headline string) map[int32]bool {
	set := map[int32]bool{}
	for _, w := range r.words(bengali.Fold(headline)) {
		if !r.stop[w] {
			set[w] = true
		}
	}
	return set
}

// units reads the article's candidates: whole Bengali sentences that could stand
// in a summary.
func (r *reader) units(article bengali.Cleaned, title map[int32]bool, budget int) []unit {
	var units []unit
	seen := map[string]bool{}
	number, last := 0, 0 // sentences read, and how many to the end of the last unit
	speakers := speakersOf(article.Paragraphs)
	split := make([][]bengali.Sentence, len(article.Paragraphs))
	for at, paragraph := range article.Paragraphs {
		split[at] = bengali.Sentences(paragraph)
	}
	inside := insideQuotations(slices.Concat(split...))
	for at, sentences := range split {
		paragraph := article.Paragraphs[at]
		name := speaker(paragraph)
		dialogue := name != "" && speakers[name] > 1
		for i := 0; i < len(sentences) && len(units) < unitsRead; {
			end := i + 1
			for end < len(sentences) && sentences[i].Quote != 0 && sentences[end].Quote == sentences[i].Quote {
				end++
			}
			u := unit{text: joined(sentences[i:end]), sentences: end - i, paragraph: at, standfirst: at < article.Standfirst, dialogue: dialogue}
			quoted := inside[number]
			number += end - i
			i = end
			if quoted || u.sentences > 1 && !strings.Contains(paragraph, u.text) || seen[u.text] || !r.fit(&u, budget) {
				continue
			}
			seen[u.text] = true
			if repeats(&u, title) {
				continue
			}
			u.follows = len(units) > 0 && number-u.sentences == last
			last = number
			units = append(units, u)
		}
	}
	return units
}

// speakersOf counts the paragraphs that begin with a speaker and a colon, by speaker, if the article is an interview: in a list
// (“উপকরণ: …”, “কলকাতা: …”) no name comes again.
func speakersOf(paragraphs []string) map[string]int {
	var speakers map[string]int
	for _, p := range paragraphs {
		if name := speaker(p); name != "" {
			if speakers == nil {
				speakers = map[string]int{}
			}
			speakers[name]++
		}
	}
	return speakers
}

// longestSpeaker is the length in bytes of the longest name of a speaker: twenty-four Bengali letters.
const longestSpeaker = 72

// speaker is the name before the colon with which a paragraph begins, or empty. “প্রশ্ন ২” is the same as “প্রশ্ন”.
func speaker(paragraph string) string {
	name, _, ok := strings.Cut(paragraph[:min(len(paragraph), longestSpeaker)], ":")
	if !ok || strings.ContainsAny(name, "।?!,;“‘\"") || strings.Count(name, " ") > 2 {
		return ""
	}
	return strings.TrimRight(name, " 0123456789০১২৩৪৫৬৭৮৯")
}

func joined(sentences []bengali.Sentence) string {
	if len(sentences) == 1 {
		return sentences[0].Text
	}
	texts := make([]string, len(sentences))
	for i, s := range sentences {
		texts[i] = s.Text
	}
	return strings.Join(texts, " ")
}

// fit completes the unit and reports whether it can be sent: a whole sentence,
// in Bengali, with its marks in pairs, short enough to be weighed.
func (r *reader) fit(u *unit, budget int) bool {
	u.size = bengali.UTF16Len(u.text)
	if u.size > 2*max(budget, Budget) || !ends(u.text) || !balanced(u.text) || bracketed(u.text) {
		return false
	}
	var bengaliSigns, otherLetters, latinRun, quotedRunes, runes int
	quoted, before := false, ' '
	for at, c := range u.text {
		runes++
		latin := c|0x20 >= 'a' && c|0x20 <= 'z'
		switch {
		case c >= '০' && c <= '৯', c >= '0' && c <= '9':
			u.figures = true
		case c >= firstBengali && c <= lastBengali:
			bengaliSigns++
		case latin || c >= 0x80 && unicode.IsLetter(c):
			otherLetters++
		case c == '“' || c == '‘':
			quoted = true
		case c == '”' || c == '’':
			quoted = false
		case c == '"':
			quoted = !quoted
		case c == '\'' && singleOpens(before, u.text[at+1:]):
			quoted = true
		case c == '\'' && singleCloses(before, u.text[at+1:]):
			quoted = false
		}
		before = c
		if latinRun++; !latin {
			latinRun = 0
		}
		u.latin = u.latin || latinRun == 2
		if quoted {
			quotedRunes++
		}
	}
	if bengaliSigns == 0 || bengaliSigns < otherLetters/2 {
		return false
	}
	u.folded = bengali.Fold(u.text)
	u.spoken = u.sentences > 1 || quotedRunes*10 > runes*4 && lists().saying.in(u.folded)
	u.words = r.words(u.folded)
	for _, w := range u.words {
		if !r.stop[w] {
			u.content = append(u.content, w)
		}
	}
	slices.Sort(u.content)
	u.content = slices.Compact(u.content)
	return len(u.words) >= 2
}

// The Bengali block.
const (
	firstBengali = '\u0980'
	lastBengali  = '\u09FF'
)

// ends reports whether the text is closed by a sentence's mark. A teaser that was
// broken off (“…”) is not.
func ends(text string) bool {
	end := strings.TrimRight(text, "”’\"')] ")
	if strings.HasSuffix(end, "..") || strings.HasSuffix(end, "…") {
		return false
	}
	for _, mark := range []string{"।", "॥", "?", "!", "."} {
		if strings.HasSuffix(end, mark) {
			return true
		}
	}
	return false
}

// bracketed reports whether all of the text stands in brackets: it says something beside the matter.
func bracketed(text string) bool {
	return strings.ContainsAny(text[:1], "([") && strings.ContainsAny(text[len(text)-1:], ")]")
}

// balanced reports whether quotation marks and brackets come in pairs. The
// apostrophe inside or behind a word (দু’জন) is no quotation mark.
func balanced(text string) bool {
	var open []rune
	runes := []rune(text)
	straight, single, before := 0, false, ' '
	for i, c := range runes {
		switch c {
		case '\'':
			switch rest := string(runes[i+1 : min(i+2, len(runes))]); {
			case singleOpens(before, rest):
				single = true
			case !singleCloses(before, rest):
			case !single && isMark(before):
				return false
			default:
				single = false
			}
		case '“', '‘', '(', '[', '{', '«':
			open = append(open, c)
		case '”', ')', ']', '}', '»', '’':
			if n := len(open); n > 0 && open[n-1] == opener[c] {
				open = open[:n-1]
			} else if c != '’' || !apostrophe(runes, i) {
				return false
			}
		case '"':
			straight++
		}
		before = c
	}
	return len(open) == 0 && straight%2 == 0 && !single
}

// singleOpens reports whether a typewriter's single quote between before and rest opens a quotation. It is an apostrophe inside
// and behind a word, and before a year ('৭১).
func singleOpens(before rune, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	return (before == ' ' || strings.ContainsRune("([“‘—–-", before)) && unicode.IsLetter(next)
}

// singleCloses reports whether it closes one.
func singleCloses(before rune, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	return before != ' ' && !unicode.IsLetter(next) && !unicode.IsMark(next) && !unicode.IsDigit(next)
}

func isMark(r rune) bool { return strings.ContainsRune("।॥?!", r) }

var opener = map[rune]rune{'”': '“', '’': '‘', ')': '(', ']': '[', '}': '{', '»': '«'}

func apostrophe(runes []rune, i int) bool {
	return i > 0 && (unicode.IsLetter(runes[i-1]) || unicode.IsMark(runes[i-1]))
}
