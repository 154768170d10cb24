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
	// Rest is what would have remained if Overcut is set, else nil.
	Rest []string
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
	// Runes. No rule looks at a line or sentence longer than the first, unless it may cover several
	// sentences and then the second, nor at a marker or ending longer than the third.
	longestLine = 320
	longestNote = 640
	longestUnit = 500
	// The part of a text that may go. Below shortText runes, where one line of
	// boilerplate is easily half of the text, the rest only has to be a sentence.
	maxCutShare = 0.4
	shortText   = 300
	leastRest   = 25
	// How many paragraphs at the ends of an article are its head and tail.
	headParagraphs = 2
	tailParagraphs = 3
	// How many sentences at the end of a paragraph a rule for the tail may cover.
	tailSentences = 3
	// A link to another article is a headline: short, and without a danda.
	longestLink = 160
	// A picture's caption is not longer than this, its credit aside.
	longestCaption = 160
	longestList    = 8
	longestBlock   = 20
)

// Ids of cuts that are not made by a pattern.
const (
	cutDateline  = "dateline"
	cutByline    = "byline"
	cutRepeat    = "repeat"
	cutOtherLang = "latin-precis"
	cutCaption   = "caption"
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
	for _, text := range paragraphs {
		for line := range strings.SplitSeq(Normalize(text), "\n") {
			if line != "" {
				c.paragraphs = append(c.paragraphs, &paragraph{text: line})
				c.original = append(c.original, line)
			}
		}
	}
	c.cutLines()
	c.cutHead()
	c.cutWriter()
	c.cutTail()
	c.cutWriter() // a sign-off may have stood behind the name
	c.cutSignature()
	c.cutForeign()
	c.cutRepeats()
	return c.result()
}

// cleaner is one article being cleaned.
type cleaner struct {
	own, extra *ruleSet
	original   []string
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

func (p *paragraph) fold() string {
	if p.folded == "" {
		p.folded = foldRunes(p.text)
	}
	return p.folded
}

func (p *paragraph) split() []Sentence {
	if p.sentences == nil {
		p.sentences = splitNormal(p.text)
	}
	return p.sentences
}

// set replaces the text by a part of it; the rules worth trying can only become
// fewer.
func (p *paragraph) set(text string) {
	p.text, p.folded, p.sentences = strings.TrimSpace(text), "", nil
}

// without removes the sentences for which cut says how many go from there on (0:
// this one stays), and passes on what it removes.
func (p *paragraph) without(cut func(at int) int, removed func(text string) bool) {
	sentences := p.split()
	var kept strings.Builder
	pos, from := 0, 0 // where the search stands, and what is not yet copied
	changed := false
	for at := 0; at < len(sentences); {
		start := pos + strings.Index(p.text[pos:], sentences[at].Text)
		pos = start + len(sentences[at].Text)
		n := cut(at)
		if n == 0 {
			at++
			continue
		}
		for _, sentence := range sentences[at+1 : at+n] {
			pos += strings.Index(p.text[pos:], sentence.Text) + len(sentence.Text)
		}
		if removed(p.text[start:pos]) {
			kept.WriteString(p.text[from:start])
			for from = pos; from < len(p.text) && p.text[from] == ' '; {
				from++
			}
			changed = true
		}
		at += n
	}
	if changed {
		kept.WriteString(p.text[from:])
		p.set(kept.String())
	}
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
			case rule.list && !linked(p.text):
				i = c.cutList(rule, all, i)
			case rule.block:
				i = c.cutBlock(rule, all, i)
			}
			continue
		}
		before := p.text
		rule := c.cutInline(p)
		if rule != nil && rule.list && p.text == "" && !linked(before) {
			i = c.cutList(rule, all, i)
		}
		caption := false
		for range 4 {
			rule := c.cutSuffix(p)
			if rule == nil {
				break
			}
			caption = caption || rule.caption
		}
		if caption && i+1 < len(all) && utf8.RuneCountInString(p.text) <= longestCaption {
			c.drop(cutCaption, p.text)
			continue
		}
		if p.text != "" {
			kept = append(kept, p)
		}
	}
	c.paragraphs = kept
}

// spoken are the signs by which a sentence tells that somebody says it.
const spoken = "“”\""

// cutLine returns the rule that cut the whole paragraph.
func (c *cleaner) cutLine(p *paragraph) (cutter *Rule) {
	if len(p.text) > longestNote*len("ক") {
		return nil
	}
	long := len(p.text) > longestLine*len("ক")
	unit := trimUnit(p.fold())
	c.rulesFor(p, Line, func(rule *Rule) bool {
		if (rule.multi || !long) && rule.matches(unit) && (rule.multi || rule.link || !strings.ContainsAny(p.text, spoken)) && rule.suits(p.text) && c.note(rule, p.text) {
			cutter = rule
		}
		return cutter != nil
	})
	if cutter == nil {
		cutter = c.cutCalls(p)
	}
	return cutter
}

// A paragraph of nothing but calls and notes has no more sentences, nor runes.
const (
	mostCalls    = 5
	longestCalls = 320
)

// cutCalls cuts a paragraph every sentence of which is boilerplate, and returns the rule of the first. It looks at the last
// sentence first: that is where most calls stand.
func (c *cleaner) cutCalls(p *paragraph) (cutter *Rule) {
	if len(p.text) > longestCalls*len("ক") {
		return nil
	}
	sentences := p.split()
	if len(sentences) < 2 || len(sentences) > mostCalls {
		return nil
	}
	for _, sentence := range slices.Backward(sentences) {
		if cutter = c.callRule(sentence.Text); cutter == nil {
			return nil
		}
	}
	if !c.note(cutter, p.text) {
		return nil
	}
	return cutter
}

// callRule is the rule for one sentence, known by its words, that covers this one.
func (c *cleaner) callRule(sentence string) *Rule {
	unit := trimUnit(foldRunes(sentence))
	for _, i := range c.own.candidates(unit) {
		rule := &c.own.rules[i]
		if rule.scope&(Line|Tail) != 0 && !rule.multi && !rule.short && rule.matches(unit) && !strings.ContainsAny(sentence, spoken) && rule.suits(sentence) {
			return rule
		}
	}
	return nil
}

// linked reports whether a heading brings a link in its own line: “আরও পড়ুন: …”.
func linked(heading string) bool {
	i := strings.IndexAny(heading, ":|»→–—-")
	return i >= 0 && strings.IndexFunc(heading[i:], isWordRune) >= 0
}

// cutList cuts the links that follow the heading at number i, and returns the
// number of the last.
func (c *cleaner) cutList(rule *Rule, all []*paragraph, i int) int {
	for range longestList {
		if i+1 >= len(all) || !isLink(all[i+1].text) || endsInColon(all[i+1].text) {
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
	return !strings.ContainsRune(line, danda)
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
	cutter = c.cutBracketed(p)
	var found *Rule
	p.without(func(at int) int {
		text := p.sentences[at].Text
		if len(text) > longestUnit*len("ক") {
			return 0
		}
		unit := trimUnit(foldRunes(text))
		found = nil
		c.rulesFor(p, Inline, func(rule *Rule) bool {
			if rule.matches(unit) || endsInColon(text) && rule.matches(unit+":") {
				found = rule
			}
			return found != nil
		})
		if found == nil {
			return 0
		}
		return linkLength(p.sentences[at:])
	}, func(text string) bool {
		if !c.note(found, text) {
			return false
		}
		cutter = found
		return true
	})
	return cutter
}

// cutBracketed cuts links in brackets, where the text goes on behind them, and returns the last rule that did.
func (c *cleaner) cutBracketed(p *paragraph) (cutter *Rule) {
	for at := 0; ; {
		from := strings.IndexAny(p.text[at:], "([")
		if from < 0 {
			return cutter
		}
		from += at
		to := strings.IndexByte(p.text[from:], map[byte]byte{'(': ')', '[': ']'}[p.text[from]])
		if at = from + 1; to < 0 || len(p.text) == from+to+1 && from == 0 {
			continue
		}
		to += from + 1
		unit := trimUnit(foldRunes(p.text[from:to]))
		cut := c.rulesFor(p, Inline, func(rule *Rule) bool {
			if !rule.matches(unit) || !c.note(rule, p.text[from:to]) {
				return false
			}
			cutter = rule
			return true
		})
		if cut {
			head, rest := strings.TrimRight(p.text[:from], " "), strings.TrimLeft(p.text[to:], " ")
			if next, _ := utf8.DecodeRuneInString(rest); !isTerminator(next) && next != ',' {
				head += " "
			}
			p.set(head + rest)
			at = min(from, len(p.text))
		}
	}
}

func endsInColon(s string) bool { return strings.HasSuffix(s, ":") || strings.HasSuffix(s, "ঃ") }

// linkLength is how many sentences make up the link that begins with the first:
// a headline has no danda, so all pieces without one belong to it, and the first with one
// is either a headline glued to what follows, or, after a ? or !, the text going
// on.
func linkLength(sentences []Sentence) int {
	for i, sentence := range sentences[:min(len(sentences), longestList)] {
		if !isLink(sentence.Text) {
			if i > 0 && strings.ContainsAny(sentences[i-1].Text, "?!") {
				return i
			}
			return i + 1
		}
	}
	return min(len(sentences), longestList)
}

// cutSuffix cuts what stands after the last sentence of a paragraph, and returns
// the rule that did.
func (c *cleaner) cutSuffix(p *paragraph) (cutter *Rule) {
	for _, from := range endings(p) {
		unit := trimUnit(foldRunes(p.text[from:]))
		if unit == "" || len(unit) > longestUnit {
			continue
		}
		c.rulesFor(p, Suffix, func(rule *Rule) bool {
			if rule.matches(unit) && c.note(rule, p.text[from:]) {
				cutter = rule
			}
			return cutter != nil
		})
		if cutter != nil {
			p.set(strings.TrimRight(p.text[:from], " |[("))
			return cutter
		}
	}
	return nil
}

// endings are the positions in a paragraph at which something that is no part of
// its last sentence may begin.
func endings(p *paragraph) []int {
	if p.text == "" {
		return nil
	}
	var from []int
	if tail := lastSentenceStart(p.text); tail > 0 {
		from = append(from, tail)
	}
	least := max(1, len(p.text)-longestUnit)
	for _, sign := range [...]string{"|", "(", "[", "…", "..."} {
		if i := strings.LastIndex(p.text[least:], sign); i >= 0 {
			from = append(from, least+i+len(sign))
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
	from := len(p.text)
	for range tailSentences {
		from = lastSentenceStart(p.text[:from])
		if c.cutFrom(p, from) {
			return true
		}
		if from == 0 {
			break
		}
	}
	return false
}

// cutFrom tries the rules for the tail on all of p from there on.
func (c *cleaner) cutFrom(p *paragraph, from int) bool {
	whole := from == 0
	text := strings.TrimSpace(p.text[from:])
	if text == "" || len(text) > longestNote*len("ক") {
		return false
	}
	long := len(text) > longestLine*len("ক")
	quotes := spoken
	if !whole {
		quotes += "‘’"
	}
	unit := trimUnit(foldRunes(text))
	return c.rulesFor(p, Tail, func(rule *Rule) bool {
		if long && !rule.multi || !rule.matches(unit) || !rule.multi && strings.ContainsAny(text, quotes) || !rule.suits(text) || !c.note(rule, text) {
			return false
		}
		p.set(p.text[:from])
		return true
	})
}

// cutForeign cuts, at both ends of a Bengali article, sentences that are all but
// Latin: the English summary some sites glue to it.
func (c *cleaner) cutForeign() {
	for len(c.paragraphs) > 0 {
		p := c.paragraphs[0]
		sentences := p.split()
		n := 0
		for n < len(sentences) && isForeign(sentences[n].Text) {
			n++
		}
		if n == 0 || !c.isBengali() {
			break
		}
		c.cutSentences(p, 0, n)
		if p.text != "" {
			break
		}
		c.paragraphs = c.paragraphs[1:]
		c.out.Standfirst = 0
	}
	for len(c.paragraphs) > 0 {
		p := c.paragraphs[len(c.paragraphs)-1]
		sentences := p.split()
		first := len(sentences)
		for first > 0 && isForeign(sentences[first-1].Text) {
			first--
		}
		if first == len(sentences) || !c.isBengali() {
			return
		}
		c.cutSentences(p, first, len(sentences)-first)
		if p.text != "" {
			return
		}
		c.paragraphs = c.paragraphs[:len(c.paragraphs)-1]
	}
}

// cutSentences cuts n foreign sentences from the first on.
func (c *cleaner) cutSentences(p *paragraph, first, n int) {
	p.without(func(at int) int {
		if at != first {
			return 0
		}
		return n
	}, func(text string) bool {
		c.drop(cutOtherLang, text)
		return true
	})
}

// isBengali reports whether the article as a whole is in Bengali.
func (c *cleaner) isBengali() bool {
	var count letterCount
	for _, p := range c.paragraphs {
		count.add(p.text)
	}
	return count.isBengali()
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

// cutRepeats drops sentences that stand there verbatim a second time, and learns
// from those of the first paragraph whether it is a standfirst.
func (c *cleaner) cutRepeats() {
	seen := map[string]int{} // sentence → its paragraph
	kept := c.paragraphs[:0]
	again := 0 // sentences of the first paragraph that came again
	for i, p := range c.paragraphs {
		p.without(func(at int) int {
			key := strings.TrimFunc(p.sentences[at].Text, isUnitMargin)
			if len(key) < shortestRepeat {
				return 0
			}
			first, ok := seen[key]
			if !ok {
				seen[key] = i
				return 0
			}
			if first == 0 && i > 0 {
				again++
			}
			return 1
		}, func(text string) bool {
			c.out.Dropped = append(c.out.Dropped, Cut{Rule: cutRepeat, Text: text})
			return true
		})
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
func (c *cleaner) result() Cleaned {
	c.out.Paragraphs = make([]string, len(c.paragraphs))
	for i, p := range c.paragraphs {
		c.out.Paragraphs[i] = p.text
	}
	if c.cutTooMuch() {
		c.out.Overcut = true
		c.out.Standfirst = 0
		c.out.Rest, c.out.Paragraphs = c.out.Paragraphs, c.original
	}
	return c.out
}

// cutTooMuch judges what was cut against what there was.
func (c *cleaner) cutTooMuch() bool {
	if c.cut == 0 {
		return false
	}
	total, rest := 0, 0
	for _, line := range c.original {
		total += utf8.RuneCountInString(line)
	}
	if total < shortText {
		for _, line := range c.out.Paragraphs {
			rest += utf8.RuneCountInString(line)
		}
		if rest >= leastRest {
			return false
		}
	}
	return float64(c.cut) > maxCutShare*float64(total)
}
