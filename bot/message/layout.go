package message

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// Telegram's limits after parsing, in code points (TDLib counts them so). We count UTF-16 units,
// which are never fewer.
const (
	textLimit    = 4096
	captionLimit = 1024
)

// Bounds of our own, below Telegram's, in UTF-16 units. With them a caption always has room for all but the summary.
const (
	headlineLimit = 300
	labelLimit    = 60 // source, category
	mentionLimit  = 120
	entryLimit    = 200 // a headline within a list
	openingLimit  = 120 // first words that stand in for a missing headline
	summaryLimit  = 1200
)

// MaxMentions is how many doubtful articles are named at the end of a message; where there are more, a message of its own lists them.
const MaxMentions = 3

// maxEntries keeps a list well below the hundred entities of a message that Telegram keeps.
const maxEntries = 80

// maxMarkup is how many bytes of markup a list may have; Telegram refuses more than 32 768.
const maxMarkup = 30_000

// Options say how news is laid out for one chat. The zero value is a plain post.
type Options struct {
	// Now is the time of sending: the year is printed of what is from another year, and in lists the day of what is from
	// another day.
	Now time.Time
	// Category is the name of the category to print under a single article; may be empty.
	Category string
	// Heading replaces the heading of a list or digest.
	Heading string
	// SubscribeURL is the link behind the subscribe button under channel posts; empty for none.
	SubscribeURL string
	// Mentions are articles the chat may not have received, named at the end; the first MaxMentions are printed.
	Mentions []store.Article
	// Updated marks an article that was changed after the chat got it.
	Updated bool
	// Withdrawn says of a retracted article that it was taken back from this chat alone.
	Withdrawn bool
	// Sequel marks an article of a story that the chat was told before.
	Sequel bool
	// Breaking gives an article the heading of breaking news.
	Breaking bool
	// NoPhoto leaves the picture out.
	NoPhoto bool
	// Caption keeps the text within a caption's limit also without a picture: for editing a message that has one.
	Caption bool
	// Era adds the date of the Bengali era to a digest.
	Era bool
	// Form is how a single article is laid out; the zero value is the usual form.
	Form store.Form
	// Hashtag is the category's, to be printed if the form wants it; see Hashtag.
	Hashtag string
	// Rest is the callback data of a button for what a list had no room for, RestURL an address that shows it. Without either a line says how
	// much that is.
	Rest    string
	RestURL string
	// Folded folds a list, so that it takes three lines until it is opened.
	Folded bool
	// Buttons are further rows, put beneath the layout's own.
	Buttons [][]Button
}

// CategoryName is the name under which the printer's reader knows the category.
func (p Printer) CategoryName(c store.Category) string {
	if p.Lang() == English && c.NameEN != "" {
		return c.NameEN
	}
	return c.Name
}

// Single lays out one article: headline, as many whole sentences of its summary as fit, category, time and source,
// its picture, and buttons to read on and to subscribe. A retracted article is shown as such, without its content.
func (p Printer) Single(a store.Article, o Options) Message {
	if o.Form.Layout == store.Custom && !a.Retracted && !o.Breaking { // an alarm looks like one everywhere
		if m, ok := p.custom(a, o); ok {
			return m
		}
	}
	m := p.dress(a, o)
	limit := textLimit
	if m.Photo != "" || o.Caption {
		limit = captionLimit
	}
	headline := p.headline(a, headlineLimit)
	var head, tail text
	if a.Retracted {
		head.add(span{text: p.Text(PostRetracted), tag: "b"}, plain("\n"), span{text: headline, tag: "s"})
		note := PostRetractedNote
		if o.Withdrawn {
			note = PostWithdrawnNote
		}
		head.add(plain("\n\n" + p.Text(note)))
	} else {
		if o.Breaking {
			head.add(span{text: p.Text(PostBreaking), tag: "b"}, plain("\n"))
		}
		if o.Sequel {
			head.add(span{text: p.Text(PostSequel), tag: "i"}, plain("\n"))
		}
		if link := linkable(a.URL); link != "" && o.linksHeadline() {
			head.add(span{text: headline, url: link})
		} else {
			head.add(span{text: headline, tag: "b"})
		}
	}
	tail.add(p.foot(a, o)...)
	tail.add(p.mentions(o)...)
	if sentences := o.sentences(); !a.Retracted && sentences > 0 {
		const gap = "\n\n"
		room := limit - head.units() - tail.units() - len(gap)
		if summary := fitSentences(a.Summary, headline, min(room, summaryLimit), sentences); summary != "" {
			head.add(plain(gap + summary))
		}
	}
	return p.finish(m, append(head, tail...), limit, o)
}

// dress gives a single article's message all but its text: picture or link preview, and the buttons that lead to the article.
func (p Printer) dress(a store.Article, o Options) (m Message) {
	if a.Retracted {
		return m
	}
	link := linkable(a.URL)
	switch {
	case o.Form.Preview != store.NoPreview && link != "":
		m.Preview, m.PreviewURL, m.PreviewAbove = true, link, o.Form.Preview == store.PreviewAbove
	case !o.NoPhoto:
		m.Photo = linkable(a.Image)
	}
	if link != "" && !o.Form.NoButtons && o.Form.Layout != store.Headline {
		m.Buttons = [][]Button{{{Text: p.Text(PostRead), URL: link}}}
	}
	return m
}

// linksHeadline tells whether the headline itself leads to the article, because no button does.
func (o Options) linksHeadline() bool { return o.Form.NoButtons || o.Form.Layout == store.Headline }

// sentences is how many sentences of the summary are wanted at most.
func (o Options) sentences() int {
	switch {
	case o.Form.NoSummary, o.Form.Layout == store.Headline:
		return 0
	case o.Form.Layout == store.Short:
		return 1
	}
	return mostSentences
}

// mostSentences bounds the summary of a full post; its length does so sooner.
const mostSentences = 100

// foot is what stands under a single article: category, time, source, hashtag.
func (p Printer) foot(a store.Article, o Options) text {
	var lines []string
	if o.Form.Hashtags && o.Hashtag != "" {
		o.Category = ""
	}
	if o.Form.Layout != store.Headline || a.Retracted {
		lines = append(lines, p.metaLine(a, o))
	} else if o.Updated {
		lines = append(lines, p.Text(PostUpdated))
	}
	if source := line(a.Source, labelLimit); source != "" && (o.sentences() > 1 || o.Form.NoSummary || a.Retracted) {
		lines = append(lines, p.Text(PostSource, "source", source))
	}
	if o.Form.Hashtags && !a.Retracted {
		lines = append(lines, o.Hashtag)
	}
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	if len(lines) == 0 {
		return nil
	}
	return text{plain("\n\n" + strings.Join(lines, "\n"))}
}

// metaLine is “প্রযুক্তি · ৫ অক্টোবর, সকাল ১০টা ২০”.
func (p Printer) metaLine(a store.Article, o Options) string {
	now := o.Now
	if now.IsZero() {
		now = a.FirstSeen
	}
	parts := []string{line(o.Category, labelLimit), p.Stamp(when(a), now)}
	if o.Updated && !a.Retracted {
		parts = append(parts, p.Text(PostUpdated))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// when is the time an article is printed with.
func when(a store.Article) time.Time {
	if a.Published.IsZero() {
		return a.FirstSeen
	}
	return a.Published
}

// headline is what stands for the article, never empty: its headline, else the publisher's title, else its first words.
func (p Printer) headline(a store.Article, limit int) string {
	for _, candidate := range [...]string{a.Headline, a.Title} {
		if headline := line(candidate, limit); headline != "" {
			return headline
		}
	}
	for _, candidate := range [...][]string{a.Summary, {a.Text}} {
		for _, words := range candidate {
			if opening := line(words, min(limit, openingLimit)); opening != "" {
				return opening
			}
		}
	}
	return p.Text(PostUntitled)
}

// Title is what stands for an article in a line of its own; never empty.
func (p Printer) Title(a store.Article) string { return p.headline(a, headlineLimit) }

// fitSentences joins the leading sentences that fit whole, at most so many, or cuts the first if not even it fits. What only
// says the headline again is left out.
func fitSentences(sentences []string, headline string, room, most int) string {
	const least = 40 // fewer units than these tell nothing
	summary, joined := "", 0
	for _, sentence := range sentences {
		sentence = line(sentence, 8*summaryLimit) // enough to see that it must be cut
		if sentence == "" || withoutStop(sentence) == withoutStop(headline) {
			continue
		}
		if joined++; joined > most {
			break
		}
		if summary == "" {
			if room < least {
				return ""
			}
			summary = fit(sentence, room)
			if summary != sentence {
				return summary
			}
			continue
		}
		longer := summary + " " + sentence
		if bengali.UTF16Len(longer) > room {
			break
		}
		summary = longer
	}
	return summary
}

// withoutStop takes the mark off the end of a sentence: headlines have none.
func withoutStop(sentence string) string { return strings.TrimRight(sentence, "।.!?… ") }

// mentions are the lines for articles that may not have arrived.
func (p Printer) mentions(o Options) text {
	var t text
	articles := o.Mentions[:min(len(o.Mentions), MaxMentions)]
	if len(articles) > 1 {
		t.add(plain("\n\n" + p.Text(PostMentions)))
	}
	for _, a := range articles {
		title := span{text: p.headline(a, mentionLimit), url: linkable(a.URL)}
		if len(articles) > 1 {
			t.add(plain("\n• "), title)
			continue
		}
		before, after, _ := strings.Cut(p.Text(PostMention, "title", "\x00"), "\x00")
		t.add(plain("\n\n"+before), title, plain(after))
	}
	return t
}

// ListOf lays out a backlog: a heading, then headlines with their times in the order given (see NewestFirst), as many as
// fit. It returns the IDs of those it printed, in that order.
func (p Printer) ListOf(articles []store.Article, o Options) (Message, []int64) {
	heading := o.Heading
	if heading == "" {
		heading = p.Text(ListHead, "n", len(articles))
	}
	page := p.newPage(heading, "", o)
	before := "\n\n"
	if o.Folded {
		before = ""
		page.body.add(plain("\n"), foldBegins)
	}
	var printed []int64
	for _, a := range articles {
		if !page.add(p.entry(a, o, before)) {
			break
		}
		printed = append(printed, a.ID)
		if o.Folded {
			before = "\n"
		}
	}
	if o.Folded {
		page.body.add(foldEnds)
	}
	return p.finishPage(page, len(articles)-len(printed), o), printed
}

// NewestFirst orders articles by the time they are printed with, the newest first.
func NewestFirst(articles []store.Article) {
	slices.SortStableFunc(articles, func(a, b store.Article) int {
		return cmp.Or(when(b).Compare(when(a)), cmp.Compare(b.Seq, a.Seq))
	})
}

// Group is the articles of one category in a digest.
type Group struct {
	// Name is the category's; a group without a name has no heading.
	Name     string
	Articles []store.Article
}

// DigestOf lays out a span of time by category, under a heading such as “সকালের খবর — ৫ অক্টোবর ২০২১, মঙ্গলবার” for o.Now. When not all
// fits, each group gets its turn, first articles first. An article of several groups stands in the first. It returns
// the IDs of those it printed, in the order printed.
func (p Printer) DigestOf(groups []Group, o Options) (Message, []int64) {
	groups = onceEach(groups)
	total := 0
	for _, g := range groups {
		total += len(g.Articles)
	}
	if total == 0 {
		return p.Say(DigestEmpty), nil
	}
	heading := o.Heading
	if heading == "" {
		heading = p.Text(DigestHead, "name", p.DigestName(o.Now), "date", p.Date(o.Now))
	}
	subheading := ""
	if o.Era {
		subheading = p.Era(o.Now)
	}
	page := p.newPage(heading, subheading, o)

	// First choose, a turn for each group; then print group by group.
	chosen := make([][]text, len(groups))
	for turn := 0; ; turn++ {
		had := false
		for i, g := range groups {
			if turn >= len(g.Articles) {
				continue
			}
			had = true
			entry := p.entry(g.Articles[turn], o, "\n")
			if turn == 0 {
				if name := line(g.Name, labelLimit); name != "" {
					entry = append(text{plain("\n\n"), span{text: name, tag: "b"}}, entry...)
				} else {
					entry = append(text{plain("\n")}, entry...)
				}
			}
			if page.full || !page.reserve(entry) {
				page.full = true
				break
			}
			chosen[i] = append(chosen[i], entry)
		}
		if !had || page.full {
			break
		}
	}
	var printed []int64
	for i, entries := range chosen {
		for j, entry := range entries {
			page.body.add(entry...)
			printed = append(printed, groups[i].Articles[j].ID)
		}
	}
	return p.finishPage(page, total-len(printed), o), printed
}

// onceEach leaves each article in the first of its groups.
func onceEach(groups []Group) []Group {
	seen := make(map[int64]bool)
	once := make([]Group, len(groups))
	for i, g := range groups {
		once[i].Name = g.Name
		for _, a := range g.Articles {
			if a.ID == 0 || !seen[a.ID] {
				once[i].Articles = append(once[i].Articles, a)
			}
			seen[a.ID] = true
		}
	}
	return once
}

// WelcomeOf greets a new reader: what he follows now (no names means everything) and the latest headline if there is one.
func (p Printer) WelcomeOf(follows []string, latest []store.Article, o Options) Message {
	var t text
	t.add(plain(p.Text(StartWelcome) + "\n\n"))
	if len(follows) == 0 {
		t.add(plain(p.Text(StartFollowsAll)))
	} else {
		names := make([]string, 0, len(follows))
		for _, name := range follows {
			names = append(names, line(name, labelLimit))
		}
		t.add(plain(p.Text(StartFollows, "topics", Whole(fit(strings.Join(names, ", "), summaryLimit)))))
	}
	t.add(plain(" " + p.Text(StartChoose)))
	if len(latest) > 0 {
		t.add(plain("\n\n" + p.Text(LatestOne)))
		t.add(p.entry(latest[0], o, "\n")...)
	}
	return p.finish(Message{}, t, textLimit, o)
}

// entry is one line of a list: a bullet, the linked headline, the time. A retracted article is shown as such.
func (p Printer) entry(a store.Article, o Options, before string) text {
	if a.Retracted {
		return text{plain(before + "• " + p.Text(PostRetracted) + " · "), span{text: p.headline(a, entryLimit), tag: "s"}}
	}
	t := text{plain(before + "• "), span{text: p.headline(a, entryLimit), url: linkable(a.URL)}}
	at := when(a)
	switch {
	case at.IsZero():
	case sameDay(at.In(p.Zone()), o.Now.In(p.Zone())):
		t.add(plain(" · " + p.Clock(at)))
	default:
		t.add(plain(" · " + p.Stamp(at, o.Now)))
	}
	return t
}

// What is between them is folded (Bot API 7.4).
var foldBegins, foldEnds = span{mark: "<blockquote expandable>"}, span{mark: "</blockquote>"}

// page is a list that is being filled.
type page struct {
	body, tail             text
	units, bytes, entities int // still free
	full                   bool
}

func (p Printer) newPage(heading, subheading string, o Options) *page {
	pg := &page{units: textLimit, bytes: maxMarkup, entities: maxEntries, tail: p.mentions(o)}
	pg.body.add(span{text: cmp.Or(line(heading, headlineLimit), "•"), tag: "b"})
	if subheading != "" {
		pg.body.add(plain("\n" + subheading))
	}
	const restLine = 60 // “আরও …টি খবর আছে।” with the largest number
	pg.units -= pg.body.units() + pg.tail.units() + restLine
	pg.bytes -= len(pg.tail.html())
	return pg
}

// reserve takes the room an entry needs and reports whether there is so much.
func (pg *page) reserve(entry text) bool {
	units, bytes := entry.units(), len(entry.html())
	if units > pg.units || bytes > pg.bytes || len(entry) > pg.entities {
		return false
	}
	pg.units -= units
	pg.bytes -= bytes
	for _, s := range entry {
		if s.marked() {
			pg.entities--
		}
	}
	return true
}

func (pg *page) add(entry text) bool {
	if !pg.reserve(entry) {
		return false
	}
	pg.body.add(entry...)
	return true
}

func (p Printer) finishPage(pg *page, rest int, o Options) Message {
	var m Message
	if rest > 0 {
		address := linkable(o.RestURL)
		if o.Rest != "" || address != "" && !o.Form.NoButtons {
			m.Buttons = append(m.Buttons, []Button{{Text: p.Text(ListRestButton, "n", rest), Data: o.Rest, URL: address}})
		} else {
			pg.body.add(plain("\n\n"), span{text: p.Text(ListRest, "n", rest), url: address})
		}
	}
	return p.finish(m, append(pg.body, pg.tail...), textLimit, o)
}

// finish puts the text and the last buttons into the message.
func (p Printer) finish(m Message, t text, limit int, o Options) Message {
	m.HTML = t.html()
	m.Plain = t.plain(limit)
	if address := linkable(o.SubscribeURL); address != "" && !o.Form.NoButtons {
		m.Buttons = append(m.Buttons, []Button{{Text: p.Text(PostSubscribe), URL: address}})
	}
	m.Buttons = append(m.Buttons, o.Buttons...)
	return m
}
