package summary

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/harkara/harkara/feeds/bengali"
)

// pattern compiles an expression in the form in which Normalize leaves text:
// an editor may have saved the letters of this file in another.
func pattern(expr string) *regexp.Regexp { return regexp.MustCompile(norm.NFC.String(expr)) }

// Reason says why a title is not news. The zero Reason means it is.
type Reason string

// The reasons a title is not news. They are stable: operators may allow one
// per feed, and the desk counts them.
const (
	ReasonNone       Reason = ""
	ReasonEmpty      Reason = "empty"       // nothing left to read, or only an address
	ReasonNull       Reason = "null"        // a machine's placeholder: “No description available”
	ReasonGallery    Reason = "gallery"     // a picture counter: “৩ / ৬”
	ReasonRoundup    Reason = "roundup"     // a list of other articles: “সকালেই পড়ুন আলোচিত ৫ খবর”
	ReasonSchedule   Reason = "schedule"    // a programme: “টিভিতে আজকের খেলা”
	ReasonNotBengali Reason = "not-bengali" // no Bengali word in it
)

// Title is a publisher's headline made fit for a reader.
type Title struct {
	// Text is the headline in the publisher's own words, normalised, on one line.
	Text string
	// Cuts names what was taken off, by rule, in the order it was cut.
	Cuts []bengali.Cut
	// NotNews is set when the title announces no news. Text is filled even
	// then: whether such an item is wanted is the caller's decision.
	NotNews Reason
}

// Headline cleans a publisher's title: the site's name behind it, a section
// name before it, “(ভিডিও)” and the like behind it, heaped marks. It changes no
// word and keeps a person's or a place's name before a colon or slash, since
// that tells who speaks.
func Headline(title string) Title {
	t := Title{Text: strings.Join(strings.Fields(bengali.Normalize(title)), " ")}
	if t.NotNews = notNews(t.Text); t.NotNews != ReasonNone {
		return t
	}
	for again := true; again; {
		before := t.Text
		t.cutSiteTail()
		t.cutMediaTail()
		t.cutMediaHead()
		t.cutKicker()
		again = t.Text != before
	}
	t.cutLatinName()
	t.settleMarks()
	t.NotNews = notNews(t.Text)
	return t
}

// keep makes text the headline and records the difference under the rule.
func (t *Title) keep(rule, text, cut string) {
	t.Text = text
	t.Cuts = append(t.Cuts, bengali.Cut{Rule: rule, Text: strings.TrimSpace(cut)})
}

//go:embed outlets.txt
var outletsFile string

// outlets are the names that never end a headline as news does when they stand
// alone behind a separator.
var outlets = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(outletsFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for name := range strings.SplitSeq(line, ",") {
			names[outletKey(name)] = true
		}
	}
	return names
})

var (
	outletBefore = []string{"the", "daily", "দৈনিক"}
	outletBehind = []string{".com", ".in", ".net", ".news", ".কম", "ডটকম", "online", "অনলাইন", "live", "লাইভ", "bangla", "bengali", "বাংলা"}
	spaces       = strings.NewReplacer(" ", "", ".", "")
)

func outletKey(name string) string {
	name = strings.TrimSpace(bengali.Fold(name))
	for _, before := range outletBefore {
		name = strings.TrimPrefix(name, before+" ")
	}
	for again := true; again; {
		shorter := name
		for _, behind := range outletBehind {
			if rest, ok := strings.CutSuffix(shorter, behind); ok && len(rest) > 1 {
				shorter = strings.TrimSpace(rest)
			}
		}
		again = shorter != name
		name = shorter
	}
	return spaces.Replace(name)
}

// siteWords say that a short tail is a site's name though we do not know it.
var siteWords = pattern(`(?i)\bnews\b|\bonline\b|\bpatrika\b|\.(?:com|in|net)\b|নিউজ|ডটকম|\.কম$|অনলাইন$`)

// longestSite is the longest name of a site in bytes: twenty Bengali letters.
const longestSite = 60

// cutSiteTail takes off “ | Bangla News”, “ - Prothom Alo”. Behind a bar also a
// tail without a Bengali letter goes: bars separate site names, dashes clauses.
func (t *Title) cutSiteTail() {
	at := strings.LastIndexFunc(t.Text, isSeparator)
	if at < 0 {
		return
	}
	head := strings.TrimRightFunc(t.Text[:at], isSeparator)
	separator := t.Text[len(head):]
	tail := strings.TrimLeftFunc(separator, isSeparator)
	separator = separator[:len(separator)-len(tail)]
	tail = strings.TrimSpace(tail)
	if !strings.HasSuffix(head, " ") && !strings.HasPrefix(separator, " ") || tail == "" || len(tail) > longestSite || strings.TrimSpace(head) == "" {
		return
	}
	known := outlets()[outletKey(tail)] || siteWords.MatchString(tail) && len(strings.Fields(tail)) <= 4
	bar := strings.ContainsAny(separator, "|:»")
	if known || bar && !hasBengali(tail) && hasBengali(head) {
		t.keep("site-tail", strings.TrimSpace(head), tail)
	}
}

// isSeparator is true for what stands between a headline and a site's name.
func isSeparator(r rune) bool { return strings.ContainsRune("|:»-–—", r) }

const media = `(?:ভিডিও|ভিডিয়ো|ছবি|গ্যালারি|ফটোগ্যালারি|video|videos|photos?|gallery|watch)`

var (
	mediaBracketed = pattern(`(?i)\s*[(\[{][^()\[\]{}]{0,24}?` + media + `(?:সহ| সহ)?(?: দেখুন| ভাইরাল| viral)?[)\]}]\s*[.।!?]*$`)
	mediaBare      = pattern(`(?i)(?:\s*[,;|–—-]\s*|[।!?….]+\s*|\s+)(?:দেখুন(?: সেই| ভাইরাল| লাইভ)? (?:ভিডিও|ভিডিয়ো|ছবি)|রইল (?:ভিডিও|ভিডিয়ো)|(?:ভিডিও|ভিডিয়ো) (?:সহ|দেখুন)|(?:ভিডিও|ভিডিয়ো)সহ|watch video|viral video)\s*[.।!]*$`)
	mediaAfterBar  = pattern(`(?i)\s*[|–—]\s*` + media + `\s*$`)
	mediaHead      = pattern(`(?i)^(?:[(\[{]\s*` + media + `(?:সহ)?\s*[)\]}]\s*[:|–—-]?|(?:(?:দেখুন )?(?:ভিডিও|ভিডিয়ো)|ছবিতে|video|watch|photos?)\s*[:|ঃ])\s*`)
)

// Words that spare most headlines the expressions that need one of them.
var (
	mediaWords    = phrases{"ভিডি", "ছবি", "গ্যাল", "video", "photo", "galler", "watch"}
	roundupWords  = phrases{"খবর", "সংবাদ", "শিরোনাম"}
	scheduleWords = phrases{"টিভি", "আজকের"}
)

func speaksOfMedia(text string) bool { return mediaWords.in(strings.ToLower(text)) }

func (t *Title) cutMediaTail() {
	if !speaksOfMedia(t.Text) {
		return
	}
	for _, re := range []*regexp.Regexp{mediaBracketed, mediaAfterBar, mediaBare} {
		at := re.FindStringIndex(t.Text)
		if at == nil || at[0] == 0 {
			continue
		}
		cut := t.Text[at[0]:at[1]]
		head := t.Text[:at[0]]
		if re == mediaBare { // the mark before the call belongs to the headline
			marks := cut[:len(cut)-len(strings.TrimLeft(cut, "।!?…."))]
			head += marks
			cut = cut[len(marks):]
		}
		t.keep("media-tail", strings.TrimRight(head, " "), cut)
	}
}

func (t *Title) cutMediaHead() {
	if !speaksOfMedia(t.Text) {
		return
	}
	if at := mediaHead.FindStringIndex(t.Text); at != nil && at[1] < len(t.Text) {
		t.keep("media-head", t.Text[at[1]:], t.Text[:at[1]])
	}
}

// sections are the names under which papers file their articles. A word that
// may also be the subject of the news (নির্বাচন, বিশ্বকাপ, বাজেট) is not here.
const sections = `পত্রিকা|খেলা|খেলাধুলা|খেলাধূলা|মাঠে ময়দানে|বিনোদন|জাতীয়|আন্তর্জাতিক|রাজনীতি|অর্থনীতি|বাণিজ্য|সারাদেশ|সারা দেশ|দেশজুড়ে|দেশ|বিদেশ|রাজ্য|শিক্ষাঙ্গন|তথ্যপ্রযুক্তি|বিজ্ঞান ও প্রযুক্তি|প্রযুক্তি|লাইফস্টাইল|জীবনযাপন|জেলার খবর|রাজধানী|প্রবাস|ধর্ম ও জীবন|চাকরির খবর|ক্যাম্পাস|মতামত|সম্পাদকীয়|উপসম্পাদকীয়|ব্রেকিং নিউজ|ব্রেকিং|এক্সক্লুসিভ|সর্বশেষ|সদ্যপ্রাপ্ত খবর|জরুরি খবর|লাইভ আপডেট|লাইভ|breaking news|breaking|exclusive|live updates?|live|update|just in|top news|sports?|entertainment`

var (
	kicker          = pattern(`(?i)^(?:[\p{So}\x{FE0F}]+\s*)?(?:` + sections + `)\s*(?::|ঃ|\||»|\s/\s|\s[–—-]\s)\s*`)
	kickerBracketed = pattern(`(?i)^[\[(【](?:` + sections + `)[\])】]\s*[:|–—-]?\s*`)
)

func (t *Title) cutKicker() {
	if !strings.ContainsAny(t.Text, ":ঃ|»/–—-]】") {
		return
	}
	for _, re := range []*regexp.Regexp{kicker, kickerBracketed} {
		if at := re.FindStringIndex(t.Text); at != nil && at[1] < len(t.Text) {
			t.keep("kicker", t.Text[at[1]:], t.Text[:at[1]])
		}
	}
}

var latinName = pattern(`^([A-Z][A-Za-z.'’]*(?:[ \-–&,]+[A-Za-z.'’]+){0,7})\s*:\s*`)

// cutLatinName takes off “Salman Khan-Salim Khan:” when the Bengali part says
// every one of those names, judged by their consonants.
func (t *Title) cutLatinName() {
	at := latinName.FindStringSubmatchIndex(t.Text)
	if at == nil {
		return
	}
	rest := t.Text[at[1]:]
	var spoken []string
	for _, w := range bengali.Words(rest) {
		spoken = append(spoken, bengaliConsonants(w))
	}
	names := strings.FieldsFunc(t.Text[at[2]:at[3]], func(r rune) bool { return !unicode.IsLetter(r) })
	for _, name := range names {
		want := latinConsonants(name)
		said := false
		for _, s := range spoken {
			said = said || (want != "" && strings.HasPrefix(s, want) && len(s) <= len(want)+2)
		}
		if !said {
			return
		}
	}
	if len(names) > 0 && rest != "" {
		t.keep("latin-name", rest, t.Text[:at[1]])
	}
}

var latinSound = strings.NewReplacer(
	"sh", "s", "ch", "c", "kh", "k", "gh", "g", "th", "t", "dh", "d", "ph", "p", "bh", "b", "jh", "j", "ck", "k",
	"c", "k", "q", "k", "x", "ks", "f", "p", "v", "b", "w", "b", "z", "j",
	"a", "", "e", "", "i", "", "o", "", "u", "", "y", "", "h", "", "'", "", "’", "", ".", "")

// latinConsonants is the coarse sound of a name in Latin letters: vowels, h and
// y fall away, and letters that Bengali writes alike become one.
func latinConsonants(name string) string {
	return squeeze(latinSound.Replace(strings.ToLower(name)))
}

var bengaliSound = map[rune]byte{
	'ক': 'k', 'খ': 'k', 'গ': 'g', 'ঘ': 'g', 'ঙ': 'n', 'ং': 'n', 'চ': 'c', 'ছ': 'c', 'জ': 'j', 'ঝ': 'j', 'য': 'j', 'ঞ': 'n',
	'ট': 't', 'ঠ': 't', 'ত': 't', 'থ': 't', 'ৎ': 't', 'ড': 'd', 'ঢ': 'd', 'দ': 'd', 'ধ': 'd', 'ন': 'n', 'ণ': 'n',
	'প': 'p', 'ফ': 'p', 'ব': 'b', 'ভ': 'b', 'ম': 'm', 'র': 'r', 'ল': 'l', 'শ': 's', 'ষ': 's', 'স': 's',
}

const (
	nukta   = '\u09BC'
	hasanta = '\u09CD'
)

func bengaliConsonants(word string) string {
	var b []byte
	runes := []rune(word)
	for i, r := range runes {
		sound, ok := bengaliSound[r]
		if !ok {
			continue
		}
		dotted := i+1 < len(runes) && runes[i+1] == nukta
		joined := i > 0 && runes[i-1] == hasanta
		switch {
		case r == 'য' && (dotted || joined), r == 'ব' && joined: // a glide, not a sound of its own
			continue
		case dotted && (r == 'ড' || r == 'ঢ'):
			sound = 'r'
		}
		b = append(b, sound)
	}
	return squeeze(string(b))
}

func squeeze(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if i == 0 || s[i] != s[i-1] {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

var (
	heapedMarks = pattern(`[!?！？][!?！？\s]*[!?！？]`)
	heapedDots  = pattern(`\.{4,}|…{2,}|…\.+`)
)

// settleMarks leaves one mark where several were heaped, and no mark of a
// sentence's end that a headline does not take.
func (t *Title) settleMarks() {
	for _, heap := range []struct {
		of   *regexp.Regexp
		sign string // without which there is none
	}{{heapedMarks, "!?！？"}, {heapedDots, ".…"}} {
		if !strings.ContainsAny(t.Text, heap.sign) {
			continue
		}
		if found := heap.of.FindAllString(t.Text, -1); found != nil {
			t.keep("heaped-marks", heap.of.ReplaceAllStringFunc(t.Text, oneMark), strings.Join(found, " "))
		}
	}
	if head := strings.TrimRight(t.Text, " ,;:|।–—-"); head != t.Text && head != "" {
		t.keep("loose-end", head, t.Text[len(head):])
	}
}

func oneMark(heap string) string {
	switch {
	case strings.ContainsAny(heap, "?？"):
		return "?"
	case strings.ContainsAny(heap, "!！"):
		return "!"
	}
	return "..."
}

var (
	nullTitle     = pattern(`(?i)^[\[(]?(?:no (?:description|title|summary)(?: available)?|null|undefined|none|nan|untitled|n/a|শিরোনামহীন|শিরোনাম নেই)[\])]?\.?$`)
	galleryTitle  = pattern(`^[(\[]?[0-9০-৯]{1,3}\s*(?:/|of|এর মধ্যে)\s*[0-9০-৯]{1,3}[)\]]?$`)
	addressTitle  = pattern(`(?i)^(?:https?://|www\.)\S+$`)
	roundupTitle  = pattern(`^(?:(?:সকালেই|সকালে|রাতে|দিনশেষে|দিন শেষে)\s+(?:পড়ুন|জেনে নিন|দেখে নিন|দেখুন).*খবর|(?:এক ?নজরে|একপলকে)(?:\s|,|:).*(?:খবর|সংবাদ|শিরোনাম)(?:গুলো|গুলি)?|(?:আজকের|দিনের|গতকালের|সপ্তাহের|রাতের|সকালের)\s+(?:সেরা|শীর্ষ|আলোচিত|গুরুত্বপূর্ণ|টপ|সব|প্রধান)(?:\s+\S+){0,2}\s+(?:খবর|সংবাদ|শিরোনাম)(?:গুলো|গুলি)?|(?:আলোচিত|সেরা|শীর্ষ)\s+[0-9০-৯]+টি?\s*(?:খবর|সংবাদ))\s*[.।!]*$`)
	scheduleTitle = pattern(`^(?:(?:আজ|আজকে)\s+টিভিতে|টিভিতে\s+আজকে?র?)(?:\s+\S+){0,5}$|^টিভি\s*পর্দায়\s+আজ|^আজকের\s+(?:খেলা|টিভি\s+সূচি|খেলার\s+সূচি)$`)
)

func notNews(title string) Reason {
	switch {
	case title == "" || addressTitle.MatchString(title):
		return ReasonEmpty
	case nullTitle.MatchString(title):
		return ReasonNull
	case galleryTitle.MatchString(title):
		return ReasonGallery
	case roundupWords.in(title) && roundupTitle.MatchString(title):
		return ReasonRoundup
	case scheduleWords.in(title) && scheduleTitle.MatchString(title):
		return ReasonSchedule
	case !hasBengali(title):
		return ReasonNotBengali
	}
	return ReasonNone
}

func hasBengali(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Bengali, r) && unicode.IsLetter(r) })
}
