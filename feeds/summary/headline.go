package summary

import (
	"regexp"
	"strings"
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

var (
	siteTail = pattern(`\s(?:\|{1,2}|::|»|[-–—])\s*([^|»]{2,60})$`)
	// outlets are names that never end a headline as news does when they stand
	// alone behind a separator.
	outlets = pattern(`(?i)^(?:(?:the |দৈনিক )?(?:` + strings.Join([]string{
		`prothom ?alo`, `প্রথম ?আলো`, `anandabazar(?: patrika)?`, `আনন্দবাজার(?: পত্রিকা| অনলাইন)?`, `ei ?samay`, `এই সময়`,
		`bartaman(?: patrika)?`, `বর্তমান পত্রিকা`, `sangbad ?pratidin`, `সংবাদ প্রতিদিন`, `zee ?24 ?ghanta`, `জি ২৪ ঘণ্টা`, `২৪ ঘণ্টা`,
		`abp ?(?:ananda|live|লাইভ|আনন্দ)(?: live)?`, `এবিপি আনন্দ`, `news ?18(?: bangla| বাংলা)?`, `bbc(?: news)?(?: bangla| বাংলা)?`, `বিবিসি(?: নিউজ)? বাংলা`,
		`jugantor`, `যুগান্তর`, `samakal`, `সমকাল`, `ittefaq`, `ইত্তেফাক`, `kaler ?kantho`, `কালের কণ্ঠ`, `kalbela`, `কালবেলা`, `ajker patrika`, `আজকের পত্রিকা`,
		`bonik ?barta`, `বণিক বার্তা`, `naya ?diganta`, `নয়া দিগন্ত`, `inqilab`, `ইনকিলাব`, `amar ?desh`, `আমার দেশ`, `manab ?zamin`, `মানবজমিন`, `janakantha`, `জনকণ্ঠ`,
		`jago ?news ?24(?:\.com)?`, `জাগো ?নিউজ(?: ?২৪)?(?:\.কম|ডটকম)?`, `banglanews ?24(?:\.com)?`, `বাংলানিউজ(?:২৪)?(?:\.কম|ডটকম)?`, `bdnews ?24(?:\.com)?`, `বিডিনিউজ(?:২৪)?(?:\.কম|ডটকম)?`,
		`dhaka ?post`, `ঢাকা পোস্ট`, `rising ?bd(?:\.com)?`, `রাইজিংবিডি(?:\.কম|ডটকম)?`, `dhaka tribune(?: bangla)?`, `bangla tribune`, `বাংলা ট্রিবিউন`, `daily star(?: bangla)?`, `ডেইলি স্টার(?: বাংলা)?`,
		`somoy(?: news| tv)?`, `সময়(?: নিউজ| টিভি)`, `jamuna tv`, `যমুনা টিভি`, `ekattor(?: tv)?`, `channel ?i`, `চ্যানেল আই(?: অনলাইন)?`, `ntv(?: online)?`, `এনটিভি(?: অনলাইন)?`, `rtv(?: online)?`, `আরটিভি(?: অনলাইন)?`,
		`hindustan ?times(?: bangla)?`, `ht bangla`, `হিন্দুস্তান টাইমস(?: বাংলা)?`, `tv9(?: bangla)?`, `টিভি৯(?: বাংলা)?`, `the wall`, `দ্য ওয়াল`, `oneindia(?: bengali)?`, `dw`, `ডয়চে ভেলে`, `voa(?: bangla)?`, `ভয়েস অফ আমেরিকা`,
		`uttarbanga ?sambad`, `উত্তরবঙ্গ সংবাদ`, `aajkaal`, `আজকাল(?: ডট ইন)?`, `ganashakti`, `গণশক্তি`, `bangla ?hunt`, `বাংলাহান্ট`, `techgup`, `টেকগাপ`, `unb`, `ইউএনবি`, `bss`, `বাসস`,
	}, "|") + `))(?:\.(?:com|in|net|news))?$`)
	siteWords = pattern(`(?i)(?:\bnews\b|\bonline\b|\blive\b|\bpatrika\b|\bbangla\b|\bbengali\b|\.com\b|\.in\b|\.net\b|নিউজ|ডটকম|\.কম$|অনলাইন$|সংবাদপত্র$)`)
)

// cutSiteTail takes off “ | Bangla News”, “ - Prothom Alo”. Behind a bar also a
// tail without a Bengali letter goes: bars separate site names, dashes clauses.
func (t *Title) cutSiteTail() {
	at := siteTail.FindStringSubmatchIndex(t.Text)
	if at == nil {
		return
	}
	head, tail := strings.TrimSpace(t.Text[:at[0]]), strings.TrimSpace(t.Text[at[2]:at[3]])
	separator := t.Text[at[0]:at[2]]
	bar := strings.ContainsAny(separator, "|:»")
	known := outlets.MatchString(tail) || (siteWords.MatchString(tail) && len(strings.Fields(tail)) <= 4)
	if known || (bar && !bengali.IsBengali(tail) && bengali.IsBengali(head)) {
		if head != "" {
			t.keep("site-tail", head, tail)
		}
	}
}

const media = `(?:ভিডিও|ভিডিয়ো|ছবি|গ্যালারি|ফটোগ্যালারি|video|videos|photos?|gallery|watch)`

var (
	mediaBracketed = pattern(`(?i)\s*[(\[{][^()\[\]{}]{0,24}?` + media + `(?:সহ| সহ)?(?: দেখুন| ভাইরাল| viral)?[)\]}]\s*[.।!?]*$`)
	mediaBare      = pattern(`(?i)(?:\s*[,;|–—-]\s*|[।!?….]+\s*|\s+)(?:দেখুন(?: সেই| ভাইরাল| লাইভ)? (?:ভিডিও|ভিডিয়ো|ছবি)|রইল (?:ভিডিও|ভিডিয়ো)|(?:ভিডিও|ভিডিয়ো) (?:সহ|দেখুন)|(?:ভিডিও|ভিডিয়ো)সহ|watch video|viral video)\s*[.।!]*$`)
	mediaAfterBar  = pattern(`(?i)\s*[|–—]\s*` + media + `\s*$`)
	mediaHead      = pattern(`(?i)^(?:[(\[{]\s*` + media + `(?:সহ)?\s*[)\]}]\s*[:|–—-]?|(?:ভিডিও|ভিডিয়ো|ছবিতে|video|watch|photos?)\s*[:|ঃ])\s*`)
)

func (t *Title) cutMediaTail() {
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
	if at := mediaHead.FindStringIndex(t.Text); at != nil && at[1] < len(t.Text) {
		t.keep("media-head", t.Text[at[1]:], t.Text[:at[1]])
	}
}

// sections are the names under which papers file their articles. A word that
// may also be the subject of the news (নির্বাচন, বিশ্বকাপ, বাজেট) is not here.
const sections = `পত্রিকা|খেলা|খেলাধুলা|খেলাধূলা|মাঠে ময়দানে|বিনোদন|জাতীয়|আন্তর্জাতিক|রাজনীতি|অর্থনীতি|বাণিজ্য|সারাদেশ|সারা দেশ|দেশজুড়ে|দেশ|বিদেশ|রাজ্য|শিক্ষাঙ্গন|তথ্যপ্রযুক্তি|বিজ্ঞান ও প্রযুক্তি|প্রযুক্তি|লাইফস্টাইল|জীবনযাপন|জেলার খবর|রাজধানী|প্রবাস|ধর্ম ও জীবন|চাকরির খবর|ক্যাম্পাস|ব্রেকিং নিউজ|ব্রেকিং|এক্সক্লুসিভ|সর্বশেষ|সদ্যপ্রাপ্ত খবর|জরুরি খবর|লাইভ আপডেট|লাইভ|breaking news|breaking|exclusive|live updates?|live|update|just in|top news|sports?|entertainment`

var (
	kicker          = pattern(`(?i)^(?:` + sections + `)\s*(?::|ঃ|\||»|\s/\s|\s[–—-]\s)\s*`)
	kickerBracketed = pattern(`(?i)^[\[(【](?:` + sections + `)[\])】]\s*[:|–—-]?\s*`)
)

func (t *Title) cutKicker() {
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
	looseEnd    = pattern(`[\s,;:|।–—-]+$`)
)

// settleMarks leaves one mark where several were heaped, and no mark of a
// sentence's end that a headline does not take.
func (t *Title) settleMarks() {
	settled := heapedMarks.ReplaceAllStringFunc(t.Text, func(run string) string {
		if strings.ContainsAny(run, "?？") {
			return "?"
		}
		return "!"
	})
	settled = heapedDots.ReplaceAllString(settled, "...")
	if settled != t.Text {
		t.keep("heaped-marks", settled, strings.Join(append(heapedMarks.FindAllString(t.Text, -1), heapedDots.FindAllString(t.Text, -1)...), " "))
	}
	if at := looseEnd.FindStringIndex(t.Text); at != nil && at[0] > 0 {
		t.keep("loose-end", t.Text[:at[0]], t.Text[at[0]:])
	}
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
	case roundupTitle.MatchString(title):
		return ReasonRoundup
	case scheduleTitle.MatchString(title):
		return ReasonSchedule
	case !hasBengali(title):
		return ReasonNotBengali
	}
	return ReasonNone
}

func hasBengali(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Bengali, r) && unicode.IsLetter(r) })
}
