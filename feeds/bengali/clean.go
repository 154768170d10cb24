package bengali

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Cleaned is an article without what the site put around it.
type Cleaned struct {
	// Paragraphs are what remains, normalised, one line each, in order.
	Paragraphs []string
	// Dropped is what was cut, in the order of cutting. If Overcut is set, it is what would
	// have been cut.
	Dropped []Cut
	// Standfirst is how many of the first Paragraphs are the editor's own summary:
	// 1 if its sentences come again below (there they are dropped) or a
	// dateline follows it, else 0.
	Standfirst int
	// Dateline is the place an article says it was written in (নয়া দিল্লি), Byline
	// the desk or reporter, Source the agency or paper it names; empty if not said.
	Dateline, Byline, Source string
	// Overcut says that the rules wanted more than two fifths of the text. The
	// text was then left alone.
	Overcut bool
	// Developing says that the article promises to be continued, PressRelease that
	// it was a press release, Warning that it warns of distressing content.
	Developing, PressRelease, Warning bool
}

// Cut is one piece of text that a rule took out.
type Cut struct {
	Rule string // the rule's id
	Text string // as it stood in the normalised text
}

// Limits of what cleaning may cut.
const (
	// Runes. A rule may cut one paragraph longer than this, not two: boilerplate is short.
	longParagraph = 250
	// Runes. No rule looks at anything longer.
	longestUnit = 500
	// The part of a text that may go. Below shortText runes, where one line of
	// boilerplate is easily half of the text, the rest only has to be a sentence.
	maxCutShare = 0.4
	shortText   = 300
	leastRest   = 25
	// How many paragraphs at the ends of an article are its head and tail.
	headParagraphs = 2
	tailParagraphs = 3
	// A link to another article is a headline: short, and without a danda.
	longestLink  = 160
	longestList  = 8
	longestBlock = 20
)

// Ids of cuts that are not made by a pattern.
const (
	cutDateline  = "dateline"
	cutByline    = "byline"
	cutRepeat    = "repeat"
	cutOtherLang = "latin-precis"
)

// Clean takes out what is not part of an article: calls to follow a channel, links
// to other articles, credits, bylines and datelines, sign-offs, and what stands
// there twice. It knows whole lines, and pieces at the head and tail of
// paragraphs; inside running text it touches nothing. Rules of extra are tried
// before its own.
func Clean(paragraphs []string, extra ...Rule) Cleaned {
	c := cleaner{own: boilerplate()}
	if len(extra) > 0 {
		c.extra = newRuleSet(extra)
	}
	total := 0
	for _, paragraph := range paragraphs {
		for line := range strings.SplitSeq(Normalize(paragraph), "\n") {
			if line != "" {
				c.paragraphs = append(c.paragraphs, newParagraph(line))
				total += utf8.RuneCountInString(line)
			}
		}
	}
	original := make([]string, len(c.paragraphs))
	for i, p := range c.paragraphs {
		original[i] = p.text
	}
	c.cutLines()
	c.cutHead()
	c.cutTail()
	c.cutForeign()
	c.cutRepeats()
	return c.result(original, total)
}

// cleaner is one article being cleaned.
type cleaner struct {
	own, extra *ruleSet
	paragraphs []*paragraph
	cut        int            // runes cut so far, repeats not counted: they are not lost
	long       map[string]int // long paragraphs cut, by rule
	out        Cleaned
}

type paragraph struct {
	text      string
	folded    string
	sentences []Sentence // nil until asked for
	own       []int      // rules worth trying
	tried     bool
}

func newParagraph(text string) *paragraph { return &paragraph{text: text} }

func (p *paragraph) fold() string {
	if p.folded == "" {
		p.folded = foldRunes(p.text)
	}
	return p.folded
}

func (p *paragraph) split() []Sentence {
	if p.sentences == nil {
		p.sentences = Sentences(p.text)
	}
	return p.sentences
}

// set replaces the text; the rules worth trying can only become fewer.
func (p *paragraph) set(text string) {
	p.text, p.folded, p.sentences = strings.TrimSpace(text), "", nil
}

// rulesFor calls try with the rules of a scope worth trying on p, until one
// says that it has cut.
func (c *cleaner) rulesFor(p *paragraph, scope Scope, try func(*Rule) bool) bool {
	if c.extra != nil {
		for i := range c.extra.rules {
			if rule := &c.extra.rules[i]; rule.scope&scope != 0 && try(rule) {
				return true
			}
		}
	}
	if !p.tried {
		p.own, p.tried = c.own.candidates(p.fold()), true
	}
	for _, i := range p.own {
		if rule := &c.own.rules[i]; rule.scope&scope != 0 && try(rule) {
			return true
		}
	}
	return false
}

// note writes down a cut, unless the rule has cut enough. The caller then does it.
func (c *cleaner) note(rule *Rule, text string) bool {
	length := utf8.RuneCountInString(text)
	if length > longParagraph {
		if c.long[rule.id] > 0 {
			return false
		}
		if c.long == nil {
			c.long = map[string]int{}
		}
		c.long[rule.id]++
	}
	switch rule.mark {
	case markSource:
		if c.out.Source == "" {
			c.out.Source = sourceOf(text)
		}
	case markByline:
		if c.out.Byline == "" {
			c.out.Byline = sourceOf(text)
		}
	case markPress:
		c.out.PressRelease = true
	case markDeveloping:
		c.out.Developing = true
	case markWarning:
		c.out.Warning = true
	}
	c.drop(rule.id, text)
	return true
}

func (c *cleaner) drop(id, text string) {
	if text = strings.TrimSpace(text); text != "" {
		c.cut += utf8.RuneCountInString(text)
		c.out.Dropped = append(c.out.Dropped, Cut{Rule: id, Text: text})
	}
}

// sourceOf is the name in a line that gives a source.
func sourceOf(text string) string {
	if _, name, ok := strings.Cut(text, ":"); ok {
		text = name
	}
	return strings.TrimFunc(text, isUnitMargin)
}

// cutLines tries the rules for whole lines, inline markers and endings on every
// paragraph.
func (c *cleaner) cutLines() {
	kept := c.paragraphs[:0]
	all := c.paragraphs
	for i := 0; i < len(all); i++ {
		p := all[i]
		if rule := c.cutLine(p); rule != nil {
			switch {
			case rule.list:
				i = c.cutList(rule, all, i)
			case rule.block:
				i = c.cutBlock(rule, all, i)
			}
			continue
		}
		rule := c.cutInline(p)
		if rule != nil && rule.list && p.text == "" {
			i = c.cutList(rule, all, i)
		}
		for range 4 {
			if !c.cutSuffix(p) {
				break
			}
		}
		if p.text != "" {
			kept = append(kept, p)
		}
	}
	c.paragraphs = kept
}

// cutLine returns the rule that cut the whole paragraph.
func (c *cleaner) cutLine(p *paragraph) (cutter *Rule) {
	if len(p.text) > longestUnit*len("ক") {
		return nil
	}
	unit := trimUnit(p.fold())
	c.rulesFor(p, Line, func(rule *Rule) bool {
		if rule.matches(unit) && c.note(rule, p.text) {
			cutter = rule
		}
		return cutter != nil
	})
	return cutter
}

// cutList cuts the links that follow the heading at number i, and returns the
// number of the last.
func (c *cleaner) cutList(rule *Rule, all []*paragraph, i int) int {
	for range longestList {
		if i+1 >= len(all) || !isLink(all[i+1].text) {
			break
		}
		i++
		c.drop(rule.id, all[i].text)
	}
	return i
}

// isLink reports whether a line looks like the headline of another article.
func isLink(line string) bool {
	if utf8.RuneCountInString(line) > longestLink {
		return false
	}
	line = strings.TrimRightFunc(line, func(r rune) bool { return isCloser(r) || r == ' ' })
	return !strings.HasSuffix(line, string(danda))
}

// cutBlock cuts down to the line that says it ends the block, if there is one
// near.
func (c *cleaner) cutBlock(rule *Rule, all []*paragraph, i int) int {
	for end := i + 1; end < len(all) && end <= i+longestBlock; end++ {
		if strings.HasPrefix(all[end].fold(), "end of") {
			for _, p := range all[i+1 : end+1] {
				c.drop(rule.id, p.text)
			}
			return end
		}
	}
	return i
}

// cutInline cuts links announced by a marker at the beginning of a sentence, and
// returns the last rule that did.
func (c *cleaner) cutInline(p *paragraph) (cutter *Rule) {
	if !c.rulesFor(p, Inline, func(*Rule) bool { return true }) {
		return nil
	}
	for at, sentence := range p.split() {
		unit := trimUnit(foldRunes(sentence.Text))
		if len(unit) > longestUnit*len("ক") {
			continue
		}
		var found *Rule
		c.rulesFor(p, Inline, func(rule *Rule) bool {
			if rule.matches(unit) || rule.matches(unit+":") && endsInColon(sentence.Text) {
				found = rule
			}
			return found != nil
		})
		if found == nil {
			continue
		}
		from, to := span(p.text, p.split(), at, linkEnd(p.split(), at))
		if c.note(found, p.text[from:to]) {
			p.set(p.text[:from] + p.text[to:])
			c.cutInline(p)
			return found
		}
	}
	return nil
}

func endsInColon(s string) bool { return strings.HasSuffix(s, ":") || strings.HasSuffix(s, "ঃ") }

// linkEnd is the number of the sentence after the link that begins in the
// sentence at: a headline has no danda, so all pieces without one belong to it, and the
// first with one is the headline glued to what follows.
func linkEnd(sentences []Sentence, at int) int {
	for i := at; i < len(sentences); i++ {
		if !isLink(sentences[i].Text) {
			if i > at && strings.ContainsAny(sentences[i-1].Text, "?!") {
				return i // the headline ended in a sign of its own
			}
			return i + 1
		}
	}
	return len(sentences)
}

// span is where the sentences from number a up to b stand in text, with the space
// after them.
func span(text string, sentences []Sentence, a, b int) (from, to int) {
	at := 0
	for i := range b {
		at += strings.Index(text[at:], sentences[i].Text)
		if i == a {
			from = at
		}
		at += len(sentences[i].Text)
	}
	to = at
	for to < len(text) && text[to] == ' ' {
		to++
	}
	return from, to
}

// cutSuffix cuts what stands after the last sentence of a paragraph and reports
// whether it did.
func (c *cleaner) cutSuffix(p *paragraph) bool {
	for _, from := range endings(p) {
		unit := trimUnit(foldRunes(p.text[from:]))
		if unit == "" || len(unit) > longestUnit {
			continue
		}
		cut := c.rulesFor(p, Suffix, func(rule *Rule) bool {
			return rule.matches(unit) && c.note(rule, p.text[from:])
		})
		if cut {
			p.set(strings.TrimRight(p.text[:from], " |[("))
			return true
		}
	}
	return false
}

// endings are the positions in a paragraph at which something that is no part of
// its last sentence may begin.
func endings(p *paragraph) []int {
	var from []int
	if tail := lastSentenceStart(p.text); tail > 0 {
		from = append(from, tail)
	}
	for _, sign := range []string{"|", "(", "[", "…", "..."} {
		if i := strings.LastIndex(p.text, sign); i > 0 {
			from = append(from, i+len(sign))
		}
	}
	return from
}

// lastSentenceStart is where the last sentence of a line begins.
func lastSentenceStart(line string) int {
	body := strings.TrimRightFunc(line, func(r rune) bool { return isTerminator(r) || isCloser(r) || r == ' ' || r == '.' })
	i := strings.LastIndexAny(body, "।॥?!")
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(body[i:])
	return afterClosers(body, i+size, 0)
}

// cutTail tries the rules for the tail on the last paragraphs and on the
// sentences at their ends.
func (c *cleaner) cutTail() {
	for i := len(c.paragraphs) - 1; i >= 0 && i >= len(c.paragraphs)-tailParagraphs; i-- {
		p := c.paragraphs[i]
		for range longestList {
			if p.text == "" || !c.cutLastSentence(p) {
				break
			}
		}
		if p.text == "" {
			c.paragraphs = slices.Delete(c.paragraphs, i, i+1)
		}
	}
}

func (c *cleaner) cutLastSentence(p *paragraph) bool {
	from := lastSentenceStart(p.text)
	whole := from == 0
	text := strings.TrimSpace(p.text[from:])
	if utf8.RuneCountInString(text) > longestUnit || !whole && strings.ContainsAny(text, "“”‘’\"") {
		return false
	}
	unit := trimUnit(foldRunes(text))
	return c.rulesFor(p, Tail, func(rule *Rule) bool {
		if !rule.matches(unit) || !c.note(rule, text) {
			return false
		}
		p.set(p.text[:from])
		return true
	})
}

// cutForeign cuts, at the end of a Bengali article, sentences that are all but
// Latin: the English summary some sites glue to it.
func (c *cleaner) cutForeign() {
	if n := len(c.paragraphs); n > 0 {
		var all strings.Builder
		for _, p := range c.paragraphs {
			all.WriteString(p.text)
		}
		if !IsBengali(all.String()) {
			return
		}
	}
	for len(c.paragraphs) > 0 {
		p := c.paragraphs[len(c.paragraphs)-1]
		sentences := p.split()
		at := len(sentences)
		for at > 0 && isForeign(sentences[at-1].Text) {
			at--
		}
		if at == len(sentences) {
			return
		}
		from, _ := span(p.text, sentences, at, len(sentences))
		c.drop(cutOtherLang, p.text[from:])
		p.set(p.text[:from])
		if p.text != "" {
			return
		}
		c.paragraphs = c.paragraphs[:len(c.paragraphs)-1]
	}
}

// isForeign reports whether a sentence of six words or more is over 70 % Latin.
func isForeign(s string) bool {
	if strings.Count(s, " ") < 5 {
		return false
	}
	latin, letters := 0, 0
	for _, r := range s {
		switch {
		case isLatin(r):
			latin++
			letters++
		case isConsonant(r) || isIndependentVowel(r):
			letters++
		}
	}
	return latin*10 > letters*7
}

// shortestRepeat is the length in bytes from which a sentence that comes again is
// a repetition and not a refrain (তিনি বলেন।).
const shortestRepeat = 20 * len("ক")

// cutRepeats drops paragraphs and sentences that stand there verbatim a second
// time, and learns from the first paragraph's whether it is a standfirst.
func (c *cleaner) cutRepeats() {
	seen := map[string]int{} // sentence → its paragraph
	kept := c.paragraphs[:0]
	again := 0 // sentences of the first paragraph that came again
	for i, p := range c.paragraphs {
		for at := 0; at < len(p.split()); {
			sentence := p.sentences[at]
			key := strings.TrimFunc(sentence.Text, isUnitMargin)
			if len(key) < shortestRepeat {
				at++
				continue
			}
			first, ok := seen[key]
			if !ok {
				seen[key] = i
				at++
				continue
			}
			if first == 0 && i > 0 {
				again++
			}
			from, to := span(p.text, p.sentences, at, at+1)
			c.out.Dropped = append(c.out.Dropped, Cut{Rule: cutRepeat, Text: sentence.Text})
			p.set(p.text[:from] + p.text[to:])
		}
		if p.text != "" {
			kept = append(kept, p)
		}
	}
	c.paragraphs = kept
	if len(kept) > 1 && again > 0 {
		if n := len(kept[0].split()); n <= 3 && 2*again >= n {
			c.out.Standfirst = 1
		}
	}
}

// result closes the account: it gives the text back untouched if too much of it
// would go.
func (c *cleaner) result(original []string, total int) Cleaned {
	rest := 0
	for _, p := range c.paragraphs {
		c.out.Paragraphs = append(c.out.Paragraphs, p.text)
		rest += utf8.RuneCountInString(p.text)
	}
	tooMuch := float64(c.cut) > maxCutShare*float64(total)
	if total < shortText && rest >= leastRest {
		tooMuch = false
	}
	if tooMuch {
		c.out.Overcut = true
		c.out.Standfirst = 0
		c.out.Paragraphs = original
	}
	return c.out
}
