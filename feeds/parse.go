package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// What a document can be instead of a feed. Errors of Parse wrap one of these.
var (
	// ErrNotFeed: the document is neither RSS nor Atom nor JSON Feed.
	ErrNotFeed = errors.New("this is no feed (RSS, Atom or JSON Feed)")
	// ErrPage: the document is a web page.
	ErrPage = errors.New("this is a web page, not a feed; is the address of the feed right?")
	// ErrEmpty: there is nothing in it.
	ErrEmpty = errors.New("the answer is empty")
	// ErrUnreasonable: reading it would cost far more than a feed is worth.
	ErrUnreasonable = errors.New("the document is built to exhaust its reader")
	// ErrBroken: it begins like a feed but cannot be read, not even after repair.
	ErrBroken = errors.New("the feed is broken")
)

// Source is what is known of a document besides its bytes. All of it may be empty.
type Source struct {
	// URL is where the document came from; relative addresses are resolved against it.
	URL string
	// ContentType and ContentLocation are the headers of the HTTP answer.
	ContentType, ContentLocation string
	// Zone is the time zone of dates that name none, and decides between the owners of an
	// ambiguous abbreviation. Nil means UTC.
	Zone *time.Location
}

// Parsed is a feed as read from a document.
type Parsed struct {
	Title Text
	// Link is the address of the site the feed is about, absolute if anything told its base.
	Link string
	// SelfURL and Hub are what WebSub needs; empty if the feed names none.
	SelfURL, Hub string
	Language     string
	// Pace is what the feed asks of those who poll it.
	Pace Pace
	// Items come in the order of the document, at most 500.
	Items []Item
	// Partial is set when the document was cut off: its validators must not be kept.
	Partial bool
	// Path tells how it was read: "plain", "repair", "balance".
	Path string
}

// Pace is what a feed says about when to ask again.
type Pace struct {
	// TTL is the longest of ttl (RSS 2.0) and sy:updatePeriod/updateFrequency (RSS 1.0 syndication module); 0 if
	// neither is given.
	TTL time.Duration
	// SkipHours and SkipDays are hours and weekdays, in GMT, at which the feed does not change.
	SkipHours [24]bool
	SkipDays  [7]bool
}

// Item is an entry of a feed, parsed but not yet kept.
type Item struct {
	// GUID is the identifier the feed gives; made absolute if it is a permanent link written as a relative one.
	GUID string
	// Link is where the article is read.
	Link string
	// Title, Summary and Content are as the feed has them. Summary is the description, or the content
	// where there is none.
	Title, Summary, Content Text
	// Published is the date of publication, or the nearest thing the feed tells; Updated that of the last change.
	// Zero means the feed told none that could be read.
	Published, Updated time.Time
	Categories         []string
	Author             string
	// Image is the address of the item's picture, or empty.
	Image string
}

// Parse reads a feed of any format and shape from the bytes of a document. It never panics, and takes time
// in proportion to the document's size. Its errors wrap one of the sentinels above.
func Parse(body []byte, from Source) (*Parsed, error) {
	text := decode(body, from.ContentType)
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, ErrEmpty
	}
	doc, format := trimToRoot(joinSurrogates(text))
	base := from.base()
	switch format {
	case formatUnknown:
		return nil, ErrNotFeed
	case formatHTML:
		return nil, ErrPage
	case formatJSON:
		return parseJSON(doc, base, from.Zone)
	}
	seen, err := look(doc)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreasonable, err)
	}
	doc = seen.capped(doc)
	if seen.aside {
		doc = withoutAsides(doc)
	}
	doc = canonicalNamespaces(doc, format)
	read := reader{format: format, base: base, zone: from.Zone}

	parsed, err := read.xml(doc)
	path := "plain"
	if err != nil {
		path = "repair"
		if doc = repair(doc); len(doc) > maxRepaired {
			return nil, fmt.Errorf("%w: too much to repair", ErrUnreasonable)
		}
		parsed, err = read.xml(doc)
	}
	if err != nil || !seen.ended || seen.odd {
		mended, cut := balance(doc)
		if whole, again := read.xml(mended); again == nil && (parsed == nil || len(whole.Items) >= len(parsed.Items)) {
			parsed, err, path = whole, nil, "balance"
		}
		if parsed != nil {
			parsed.Partial = cut
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	parsed.Path = path
	return parsed, nil
}

// A reader turns one sound XML document into a Parsed.
type reader struct {
	format format
	base   *url.URL
	zone   *time.Location
}

func (r reader) xml(doc []byte) (*Parsed, error) {
	hasBase := bytes.Contains(doc, []byte("xml:base"))
	source := doc
	if hasBase {
		// The parser takes a base for a folder (RFC 3986 does not), so it must not see it.
		source = bytes.ReplaceAll(doc, []byte("xml:base"), []byte("xml:past"))
	}
	switch r.format {
	case formatCDF:
		return r.cdf(annotate(doc, r.base)), nil
	case formatAtom:
		feed, err := (&atom.Parser{}).Parse(bytes.NewReader(source))
		if err != nil {
			return nil, err
		}
		return r.atom(feed, annotate(doc, r.base)), nil
	default:
		feed, err := (&rss.Parser{}).Parse(bytes.NewReader(source))
		if err != nil {
			return nil, err
		}
		var notes document
		if hasBase || needsNotes(doc, feed) {
			notes = annotate(doc, r.base)
		}
		return r.rss(feed, notes), nil
	}
}

// base is the address that relative ones are resolved against (RFC 3986 §5.1.3, RFC 9110 §8.7).
func (s Source) base() *url.URL {
	base, err := url.Parse(s.URL)
	if err != nil || s.URL == "" {
		base = nil
	}
	if location, err := url.Parse(s.ContentLocation); err == nil && s.ContentLocation != "" {
		if base == nil {
			return location
		}
		return base.ResolveReference(location)
	}
	return base
}

// canonicalNamespaces gives the namespaces that a document declares at its beginning the names that the parser knows
// them by: modules that were renamed or are written in another case, and core elements in a namespace of their own
// invention.
func canonicalNamespaces(doc []byte, f format) []byte {
	s := scanner{doc: doc}
	root, ok := s.next()
	if !ok || !bytes.Contains(root.attrs, []byte("xmlns")) {
		return renamedModules(doc)
	}
	core := coreDeclaration(root, s, f)
	var out []byte
	done := 0
	eachAttr(root.attrs, func(name, value []byte) bool {
		if !bytes.HasPrefix(name, []byte("xmlns")) {
			return true
		}
		declared := strings.TrimSpace(string(value))
		known := declared
		if module, is := modules[strings.TrimRight(strings.ToLower(declared), "/#")]; is {
			known = module
		}
		switch {
		case string(name) == "xmlns" && root.is("rss") && len(root.name) == len("rss") && strangeToRSS[known]:
			known = ""
		case string(name) != core || declared == "" || coreNamespaces[known]:
		case f == formatAtom:
			known = atomNamespace
		case f == formatRSS:
			known = rss10Namespace
		}
		if known != declared {
			at := cap(doc) - cap(value) // where value lies in doc
			out = append(append(out, doc[done:at]...), known...)
			done = at + len(value)
		}
		return true
	})
	if done > 0 {
		doc = append(out, doc[done:]...)
	}
	return renamedModules(doc)
}

// renamedModules gives the modules that are declared further down, on an item or an element, the names that the parser
// knows them by.
func renamedModules(doc []byte) []byte {
	if !declaresRenamed(doc) {
		return doc
	}
	var out []byte
	done := 0
	s := scanner{doc: doc}
	for {
		p, ok := s.next()
		if !ok {
			return append(out, doc[done:]...)
		}
		if p.kind != startTag && p.kind != emptyTag || !bytes.Contains(p.attrs, []byte("xmlns")) {
			continue
		}
		eachAttr(p.attrs, func(name, value []byte) bool {
			if known, is := moduleName(value); is && bytes.HasPrefix(name, []byte("xmlns")) {
				at := cap(doc) - cap(value)
				out = append(append(out, doc[done:at]...), known...)
				done = at + len(value)
			}
			return true
		})
	}
}

// declaresRenamed reports whether anything that looks like a declaration of a namespace names one of the modules in
// another way than the parser does.
func declaresRenamed(doc []byte) bool {
	for {
		i := bytes.Index(doc, []byte("xmlns"))
		if i < 0 {
			return false
		}
		doc = doc[i+len("xmlns"):]
		from := bytes.IndexAny(doc[:min(len(doc), 80)], `"'`)
		if from < 0 {
			continue
		}
		to := bytes.IndexByte(doc[from+1:min(len(doc), from+200)], doc[from])
		if to < 0 {
			continue
		}
		if _, is := moduleName(doc[from+1 : from+1+to]); is {
			return true
		}
	}
}

// moduleName is the name that the parser knows a module by, and whether it differs from the declared one.
func moduleName(declared []byte) (known string, differs bool) {
	text := strings.TrimSpace(string(declared))
	known, is := modules[strings.TrimRight(strings.ToLower(text), "/#")]
	return known, is && known != string(declared)
}

// coreDeclaration is the name of the attribute that declares the namespace of the format's own elements, if they should
// stand in one: the root says it in Atom, the channel in RDF and where RSS has a prefix.
func coreDeclaration(root piece, s scanner, f format) string {
	carrier := root
	if f == formatRSS {
		var ok bool
		for carrier, ok = s.next(); ok && !(carrier.is("channel") && carrier.kind == startTag); {
			carrier, ok = s.next()
		}
		if !ok || len(carrier.name) == len("channel") && !root.is("rdf") {
			return ""
		}
	}
	if name := prefix(carrier.name); len(name) > 0 {
		return "xmlns:" + string(name)
	}
	return "xmlns"
}

const (
	atomNamespace  = "http://www.w3.org/2005/Atom"
	rss10Namespace = "http://purl.org/rss/1.0/"
)

// coreNamespaces are those the parser knows as a format's own.
var coreNamespaces = map[string]bool{
	atomNamespace: true, "http://purl.org/atom/ns#": true, rss10Namespace: true,
	"http://channel.netscape.com/rdf/simple/0.9/": true, "http://my.netscape.com/rdf/simple/0.9/": true,
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#": true,
}

// modules are namespaces that are written in several ways, in lower case and without the end, and the name that the
// parser knows each by.
var modules = map[string]string{
	"http://purl.org/dc/elements/1.1": dcNamespace, "http://purl.org/dc/elements/1.0": dcNamespace, "http://purl.org/metadata/dublin_core": dcNamespace,
	"http://purl.org/dc/elements/2000/03/13": dcNamespace, "http://purl.org/dc": dcNamespace, "https://purl.org/dc/elements/1.1": dcNamespace,
	"http://purl.org/dc/terms":                   "http://purl.org/dc/terms/",
	"http://purl.org/rss/1.0/modules/content":    contentNamespace,
	"http://purl.org/rss/modules/content":        contentNamespace,
	"https://purl.org/rss/1.0/modules/content":   contentNamespace,
	"http://www.itunes.com/dtds/podcast-1.0.dtd": itunesNamespace, "https://www.itunes.com/dtds/podcast-1.0.dtd": itunesNamespace,
	"http://example.com/dtds/podcast-1.0.dtd": itunesNamespace,
	"http://search.yahoo.com/mrss":            mediaNamespace, "https://search.yahoo.com/mrss": mediaNamespace, "http://tools.search.yahoo.com/mrss": mediaNamespace,
	"http://prismstandard.org/namespaces/1.0/basic": prismNamespace, "http://prismstandard.org/namespaces/1.2/basic": prismNamespace, "http://prismstandard.org/namespaces/basic/1.2": prismNamespace,
	"http://prismstandard.org/namespaces/basic/2.0": prismNamespace, "http://prismstandard.org/namespaces/basic/2.1": prismNamespace, "http://prismstandard.org/namespaces/basic/3.0": prismNamespace,
	"http://www.w3.org/2005/atom": atomNamespace, "https://www.w3.org/2005/atom": atomNamespace, "http://purl.org/atom/ns": "http://purl.org/atom/ns#",
	"http://www.w3.org/1999/xhtml": xhtmlNamespace,
}

const (
	dcNamespace      = "http://purl.org/dc/elements/1.1/"
	contentNamespace = "http://purl.org/rss/1.0/modules/content/"
	itunesNamespace  = "http://www.itunes.com/DTDs/PodCast-1.0.dtd"
	mediaNamespace   = "http://search.yahoo.com/mrss/"
	prismNamespace   = "http://prismstandard.org/namespaces/1.2/basic/"
	xhtmlNamespace   = "http://www.w3.org/1999/xhtml"
)

// strangeToRSS are the namespaces that writers of RSS declare as that of all elements without meaning it.
var strangeToRSS = map[string]bool{
	atomNamespace: true, "http://purl.org/atom/ns#": true, dcNamespace: true, contentNamespace: true, itunesNamespace: true, mediaNamespace: true, xhtmlNamespace: true,
}
