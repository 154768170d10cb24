package bengali

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

var (
	//go:embed lexicon/places.txt
	placesFile string
	//go:embed lexicon/desks.txt
	desksFile string
)

const (
	longestPrefix = 60  // runes before the sign that parts a dateline from the text
	longestHeader = 120 // runes in a line of desk, place and date
	mostHeaders   = 6   // lines of them
	leastAfter    = 20  // runes that must follow a dateline
	deskWords     = 4   // unknown words that may stand before ডেস্ক or প্রতিনিধি
	nameWords     = 4   // of a reporter named after the place
)

// cutHead takes bylines and datelines off the first paragraphs and keeps what
// they say.
func (c *cleaner) cutHead() {
	listing := c.isListing()
	head, lines := 0, 0
	for i := 0; i < len(c.paragraphs) && i <= headParagraphs && lines < mostHeaders; {
		p := c.paragraphs[i]
		h, ok := headerLine(p.text)
		if !ok && i+1 < len(c.paragraphs) && isLabel(p.text) { // what stands between such lines, or before them, is of the head too
			if lines > 0 {
				ok = placeLine(p.text)
			}
			if next, strong := headerLine(c.paragraphs[i+1].text); strong && next.stamp {
				ok = true
			}
		}
		if ok || c.cutsHead(p) {
			if ok {
				c.keepHeader(h, p.text)
				c.drop(cutByline, p.text)
			}
			c.paragraphs = slices.Delete(c.paragraphs, i, i+1)
			lines++
			continue
		}
		for range 2 {
			h, length := headPrefix(p.text)
			if length == 0 || listing && !h.desk && !h.stamp && c.isEntry(i) && (c.isEntry(i-1) || c.isEntry(i+1)) {
				break
			}
			id := cutDateline
			if h.place == "" {
				id = cutByline
			}
			c.keepHeader(h, p.text[:length])
			c.drop(id, p.text[:length])
			p.set(p.text[length:])
			if i == 1 && h.place != "" && len(c.paragraphs[0].split()) <= 3 {
				head = 1
			}
		}
		i++
	}
	c.out.Standfirst = head
}

// cutsHead reports whether one of the operator's rules for the head covers p, and
// notes the cut.
func (c *cleaner) cutsHead(p *paragraph) bool {
	unit := trimUnit(p.fold())
	return len(unit) <= longestUnit && c.rulesFor(p, Head, func(rule *Rule) bool {
		return rule.matches(unit) && c.note(rule, p.text)
	})
}

// isListing reports whether several paragraphs begin with a place and a colon: then
// those that stand together are entries (weather, prayer times), not datelines.
func (c *cleaner) isListing() bool {
	n := 0
	for i := range c.paragraphs {
		if c.isEntry(i) {
			if n++; n > 2 {
				return true
			}
		}
	}
	return false
}

// isEntry reports whether there is a paragraph with the number i that begins with a place and a colon.
func (c *cleaner) isEntry(i int) bool {
	if i < 0 || i >= len(c.paragraphs) {
		return false
	}
	text := c.paragraphs[i].text
	place, _, ok := strings.Cut(text[:min(len(text), longestPrefix)], ":")
	return ok && places().has(Fold(strings.TrimSpace(place)))
}

// longestLabel is the length in runes of a line that names a paper, a place or a writer.
const longestLabel = 50

// isLabel reports whether a line is a few words and no sentence.
func isLabel(line string) bool {
	return len(line) <= longestLabel*len("ক") && utf8.RuneCountInString(line) <= longestLabel && !strings.ContainsAny(line, "।॥?!:;“”‘’\"'") && len(strings.Fields(line)) <= 5
}

// placeLine reports whether a whole line names a place.
func placeLine(line string) bool {
	words := strings.Fields(foldRunes(line))
	return len(words) > 0 && placeWords(words) == len(words)
}

// cutWriter cuts the writer's name that stands alone before the article and again at its end, before what the writer is, and
// the reporter's that the dateline has given already.
func (c *cleaner) cutWriter() {
	for i := len(c.paragraphs) - 1; i > 0 && i >= len(c.paragraphs)-tailParagraphs; i-- {
		note, name := c.paragraphs[i].text, c.paragraphs[0].text
		rest, ok := strings.CutPrefix(note, name)
		switch {
		case ok && isLabel(name) && !strings.ContainsRune(rest, danda) && !continuesWord(rest):
			if c.out.Byline == "" {
				c.out.Byline = name
			}
			c.drop(cutByline, note)
			c.drop(cutByline, name)
			c.paragraphs = slices.Delete(c.paragraphs[1:], i-1, i)
			return
		case isLabel(note) && strings.Contains(note, " ") && strings.HasSuffix(c.out.Byline, note):
			c.drop(cutByline, note)
			c.paragraphs = slices.Delete(c.paragraphs, i, i+1)
			return
		}
	}
}

// cutSignature cuts a few words that stand alone behind the last sentence: a name, or a heading of which nothing came.
func (c *cleaner) cutSignature() {
	n := len(c.paragraphs)
	if n < 3 || !isLabel(c.paragraphs[n-1].text) || strings.ContainsFunc(c.paragraphs[n-1].text, isDigit) || !endsInDanda(c.paragraphs[n-2].text) || !endsInDanda(c.paragraphs[n-3].text) {
		return
	}
	c.drop(cutByline, c.paragraphs[n-1].text)
	c.paragraphs = c.paragraphs[:n-1]
}

func endsInDanda(line string) bool {
	return strings.HasSuffix(strings.TrimRightFunc(line, func(r rune) bool { return isCloser(r) || r == ' ' }), string(danda))
}

func continuesWord(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && (isWordRune(r) || isJoiner(r))
}

// header is what the words before an article say.
type header struct {
	place  string
	desk   bool // a desk, reporter or agency is named
	role   bool // only as প্রতিনিধি or the like
	stamp  bool // প্রকাশ, আপডেট or the like, or a date
	source string
}

func (c *cleaner) keepHeader(h header, text string) {
	if c.out.Dateline == "" {
		c.out.Dateline = h.place
	}
	if c.out.Source == "" {
		c.out.Source = h.source
	}
	if c.out.Byline == "" && h.desk {
		c.out.Byline = strings.TrimFunc(text, isHeadMargin)
	}
}

func isHeadMargin(r rune) bool { return r == visarga || isUnitMargin(r) }

// headerLine reports whether a whole line only says who wrote where and when.
func headerLine(line string) (header, bool) {
	if len(line) > longestHeader*len("ক") || utf8.RuneCountInString(line) > longestHeader || strings.HasSuffix(line, string(danda)) {
		return header{}, false
	}
	var h header
	for part := range strings.FieldsFuncSeq(withoutDistrict(foldRunes(line)), func(r rune) bool { return strings.ContainsRune(",;|/():-\"'", r) }) {
		if !h.read(strings.Fields(part)) {
			return header{}, false
		}
	}
	return h, h.desk || h.role || h.stamp || h.source != ""
}

// headPrefix finds the words before an article that stand in one paragraph with
// it, and how long they are with the signs after them; 0 if there are none.
func headPrefix(text string) (h header, length int) {
	runes := 0
	for i, r := range text {
		if runes++; runes > longestPrefix {
			return header{}, 0
		}
		end := i + utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(text[end:])
		colon := false
		switch r {
		case ':':
			colon = !isDigit(next)
		case visarga:
			colon = !isWordRune(next)
		case '-':
			colon = next == ' ' && !strings.HasSuffix(text[:i], " ")
			if !colon && next != ' ' {
				continue
			}
		case '–', '—', '|', doubleDanda, danda:
		default:
			continue
		}
		h, ok := readPrefix(text[:i], colon, r == danda)
		if !ok || r == danda && !h.desk && !(h.place != "" && h.stamp) {
			continue
		}
		length = end
		for length < len(text) {
			r, size := utf8.DecodeRuneInString(text[length:])
			if !strings.ContainsRune(" :-–—|।॥", r) && r != visarga {
				break
			}
			length += size
		}
		if utf8.RuneCountInString(text[length:]) < leastAfter {
			return header{}, 0
		}
		if !colon && r != '|' && r != doubleDanda && beginsWithPlace(text[length:]) {
			return header{}, 0 // a road between two places
		}
		return h, length
	}
	return header{}, 0
}

func beginsWithPlace(text string) bool {
	words := strings.Fields(foldRunes(text[:min(len(text), longestPrefix)]))
	return placeWords(words) > 0 || len(words) > 0 && places().has(Stem(words[0]))
}

// readPrefix reads what stands before a sign that may end a dateline. After the
// desk, a name that nobody knows is the place or the reporter, unless the sign ends a
// sentence; before a colon, the name of a reporter may follow the place.
func readPrefix(prefix string, colon, sentence bool) (h header, ok bool) {
	folded := withoutDistrict(strings.TrimLeft(strings.TrimSpace(foldRunes(prefix)), "#"))
	if folded == "" {
		return header{}, false
	}
	parts := strings.FieldsFunc(folded, func(r rune) bool { return strings.ContainsRune(",;/()|", r) })
	paper := false
	for i, part := range parts {
		words := strings.Fields(part)
		switch last := i == len(parts)-1; {
		case h.read(words):
		case last && colon && h.place != "" && len(words) > 1 && len(words) <= nameWords:
			h.desk = true // উত্তর ২৪ পরগনা, রুদ্র নারায়ণ রায়:
		case last && !sentence && h.desk && len(words) <= nameWords:
			if h.place == "" && len(words) == 1 {
				h.place = displayPlace(words[0]) // নিজস্ব সংবাদদাতা, গোসাবা:
			}
		case i == 0 && !last && len(words) <= nameWords:
			paper = true // সবার খবর, টেক ডেস্ক:
		default:
			return header{}, false
		}
	}
	h.desk = h.desk || h.role && h.place != "" // সংবাদদাতা, কাটোয়া:
	if paper && !h.desk {
		if named := len(strings.Fields(parts[0])) > 1; !named || !colon || h.place == "" {
			return header{}, false
		}
		h.desk = true // সুনীপা চক্রবর্তী, ঝাড়গ্রাম:
	}
	return h, h.place != "" || h.desk || h.source != ""
}

// withoutDistrict leaves out the district that stands in brackets between a place and the word for its reporter: শ্রীপুর (গাজীপুর)
// প্রতিনিধি.
func withoutDistrict(folded string) string {
	from := strings.IndexByte(folded, '(')
	to := strings.IndexByte(folded, ')')
	if from <= 0 || to < from {
		return folded
	}
	word, _, _ := strings.Cut(strings.TrimSpace(folded[to+1:]), " ")
	if !desks()["desk"].has(strings.TrimFunc(word, isUnitMargin)) {
		return folded
	}
	return folded[:from] + folded[to+1:]
}

// read takes in the words of one part of a header, if it knows what all of them are.
func (h *header) read(words []string) bool {
	known := calendar()
	for i := 0; i < len(words); {
		if n := placeWords(words[i:]); n > 0 {
			if h.place == "" {
				h.place = displayPlace(strings.Join(words[i:i+n], " "))
			}
			i += n
			continue
		}
		word := strings.TrimFunc(words[i], isUnitMargin)
		switch {
		case word == "":
			i++
		case desks()["agency"].has(word) || i+1 < len(words) && desks()["agency"].has(word+" "+words[i+1]):
			h.source = word
			i++
			if !desks()["agency"].has(word) {
				h.source += " " + words[i]
				i++
			}
		case isNumber(word), isNumber(withoutOrdinal(word)):
			i++
		case known[word].kind != notCalendar:
			h.stamp = h.stamp || known[word].kind == monthWord
			i++
		case desks()["stamp"].has(word):
			h.stamp = true
			i++
		default:
			n := deskLength(words[i:], i > 0)
			if n == 0 && len(words) == 1 && desks()["desk"].has(word) {
				h.role = true
				return true
			}
			if n == 0 {
				return false
			}
			h.desk = true
			i += n
		}
	}
	return len(words) > 0
}

// withoutOrdinal takes ই, শে and the like off the number of a day.
func withoutOrdinal(word string) string {
	for _, ending := range ordinals {
		if number, ok := strings.CutSuffix(word, ending); ok {
			return number
		}
	}
	return word
}

// deskLength is how many of the words name a desk or reporter, the last of them a
// word like ডেস্ক; 0 if they do not. Such a word alone names none, unless it
// follows a place.
func deskLength(words []string, follows bool) int {
	for n, word := range words {
		if n > deskWords {
			break
		}
		if desks()["desk"].has(word) && (n > 0 || follows) && (n == 0 || !strings.HasSuffix(words[n-1], "ের")) {
			return n + 1
		}
		if strings.HasSuffix(word, deskEnding) && len(word) > len(deskEnding) { // ওয়েবডেস্ক
			return n + 1
		}
	}
	return 0
}

const deskEnding = "ডেস্ক"

// placeWords is how many words at the beginning are the name of a place: one we know,
// or one that ends like the names of towns.
func placeWords(words []string) int {
	for n := min(3, len(words)); n > 0; n-- {
		if places().has(strings.Join(words[:n], " ")) {
			return n
		}
	}
	if len(words) > 0 && townEnding(words[0]) {
		return 1
	}
	return 0
}

// leastTown is the length in bytes of the shortest name of a town told by its ending.
const leastTown = 5 * len("ক")

func townEnding(word string) bool {
	if len(word) < leastTown || calendar()[word].kind != notCalendar { // দুপুর is no town
		return false
	}
	for ending := range towns() {
		if strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// towns are the ends of names of towns: the entries of the list of places that begin with -.
var towns = sync.OnceValue(func() wordSet {
	set := wordSet{}
	for name := range places() {
		if ending, ok := strings.CutPrefix(name, "-"); ok {
			set[ending] = struct{}{}
		}
	}
	return set
})

// displayPlace is a folded name as readers know it.
func displayPlace(folded string) string { return Digits(folded) }

var places = sync.OnceValue(func() wordSet {
	set := wordSet{}
	for line := range entries(placesFile) {
		addAll(set, line)
	}
	return set
})

func addAll(set wordSet, list string) {
	for name := range strings.SplitSeq(list, ",") {
		set[Fold(strings.TrimSpace(name))] = struct{}{}
	}
}

var desks = sync.OnceValue(func() map[string]wordSet {
	sets := map[string]wordSet{}
	for line := range entries(desksFile) {
		name, list, _ := strings.Cut(line, ":")
		sets[name] = wordSet{}
		addAll(sets[name], list)
	}
	return sets
})
