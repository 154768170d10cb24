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
	doc, format := trimToRoot(text)
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
	doc = canonicalNamespaces(seen.capped(doc), format)
	read := reader{format: format, base: base, zone: from.Zone}

	parsed, err := read.xml(doc)
	path := "plain"
	if err != nil {
		path = "repair"
		doc = repair(doc)
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

// canonicalNamespaces gives a document whose core elements stand in a namespace of their own invention the one
// its format has, so that the parser knows them.
func canonicalNamespaces(doc []byte, f format) []byte {
	s := scanner{doc: doc}
	root, ok := s.next()
	if !ok || !bytes.Contains(root.attrs, []byte("xmlns")) {
		return doc
	}
	carrier, canonical := root, atomNamespace
	if f == formatRSS {
		canonical = rss10Namespace
		for carrier, ok = s.next(); ok && !(carrier.is("channel") && carrier.kind == startTag); {
			carrier, ok = s.next()
		}
		if !ok {
			return doc
		}
	}
	declaration := "xmlns"
	if i := bytes.IndexByte(carrier.name, ':'); i >= 0 {
		declaration += ":" + string(carrier.name[:i])
	}
	value, declared := root.attr(declaration)
	name := strings.TrimSpace(string(value))
	if !declared || name == "" || coreNamespaces[name] || f == formatRSS && len(carrier.name) == len("channel") && !root.is("rdf") {
		return doc
	}
	at := bytes.Index(doc[:root.to], value)
	out := make([]byte, 0, len(doc)+len(canonical))
	return append(append(append(out, doc[:at]...), canonical...), doc[at+len(value):]...)
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
