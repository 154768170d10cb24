package feeds

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// Outline is an element of an OPML document (OPML 2.0): a folder, which is a category, or, with an
// xmlUrl, a feed.
type Outline struct {
	Text       string
	URL        string
	Attributes map[string]string // all further attributes, by their names as written
	Outlines   []Outline
}

// OPML is a catalogue as a document.
type OPML struct {
	Title    string
	Outlines []Outline
}

// ErrNotOPML says that a document is no OPML.
var ErrNotOPML = errors.New("this is no OPML file")

// opmlLimit bounds what is read of an OPML file, in bytes; the largest collections in circulation have a tenth of it.
const opmlLimit = 16 << 20

// opmlDepth bounds how deep folders may lie within folders.
const opmlDepth = 32

// ReadOPML reads a catalogue. Attributes that it does not know are kept; leaves without an address are dropped.
func ReadOPML(r io.Reader) (OPML, error) {
	body, err := io.ReadAll(io.LimitReader(r, opmlLimit+1))
	if err != nil {
		return OPML{}, fmt.Errorf("read OPML: %w", err)
	}
	if len(body) > opmlLimit {
		return OPML{}, fmt.Errorf("%w: it is larger than %d MiB", ErrNotOPML, opmlLimit>>20)
	}
	type node struct {
		Attrs    []xml.Attr `xml:",any,attr"`
		Outlines []node     `xml:"outline"`
	}
	var doc struct {
		XMLName xml.Name `xml:"opml"`
		Title   string   `xml:"head>title"`
		Body    struct {
			Outlines []node `xml:"outline"`
		} `xml:"body"`
	}
	body = decode(body, "")
	switch err := opmlDecoder(body).Decode(&doc); {
	case errors.Is(err, io.EOF):
		return OPML{}, fmt.Errorf("%w: it has no <opml> element", ErrNotOPML)
	case err != nil:
		return OPML{}, fmt.Errorf("%w: %w", ErrNotOPML, err)
	}
	prefixes := declaredPrefixes(body)
	var outlines func([]node, int) ([]Outline, error)
	outlines = func(nodes []node, depth int) ([]Outline, error) {
		if depth > opmlDepth {
			return nil, fmt.Errorf("%w: folders lie more than %d deep", ErrNotOPML, opmlDepth)
		}
		var list []Outline
		for _, n := range nodes {
			o := Outline{Attributes: map[string]string{}}
			for _, a := range n.Attrs {
				name, space := prefixes.attribute(a.Name)
				if name == "xmlns:"+ourPrefix {
					continue // WriteOPML declares it
				}
				if space != "" {
					prefix, _, _ := strings.Cut(name, ":")
					o.Attributes["xmlns:"+prefix] = space
				}
				switch name {
				case "text":
					o.Text = bengali.Normalize(a.Value)
				case "xmlUrl", "xmlurl", "xmlURL":
					o.URL = strings.TrimSpace(a.Value)
				default:
					o.Attributes[name] = a.Value
				}
			}
			if o.Text == "" {
				o.Text = bengali.Normalize(o.Attributes["title"])
			}
			children, err := outlines(n.Outlines, depth+1)
			if err != nil {
				return nil, err
			}
			o.Outlines = children
			if o.URL != "" || len(children) > 0 || o.Text != "" && o.Attributes["type"] == "" {
				list = append(list, o)
			}
		}
		return list, nil
	}
	list, err := outlines(doc.Body.Outlines, 0)
	return OPML{Title: strings.TrimSpace(doc.Title), Outlines: list}, err
}

// opmlDecoder reads decoded XML, also where it is damaged.
func opmlDecoder(body []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // decoded already
	return d
}

// The prefix of our attributes, and the namespace that it stands for in what we write. A document may use the prefix without declaring it,
// or declare another for the namespace.
const (
	ourPrefix    = "harkara"
	ourNamespace = "https://github.com/harkara/harkara"
	// xmlNamespace is what the prefix xml always stands for (Namespaces in XML 1.0, section 3).
	xmlNamespace = "http://www.w3.org/XML/1998/namespace"
)

// namespacePrefixes are the prefixes that a document declares, by their namespaces.
type namespacePrefixes map[string]string

func declaredPrefixes(body []byte) namespacePrefixes {
	prefixes := namespacePrefixes{}
	for d := opmlDecoder(body); ; {
		token, err := d.RawToken()
		if err != nil {
			return prefixes // whoever wants the content hears of it
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if _, known := prefixes[a.Value]; a.Name.Space == "xmlns" && (!known || a.Name.Local == ourPrefix) {
				prefixes[a.Value] = a.Name.Local
			}
		}
	}
}

// attribute is an attribute's name as it was written, with the namespace that must be declared for it if there is one. A prefix that nobody
// declared comes as the space.
func (p namespacePrefixes) attribute(name xml.Name) (written, space string) {
	prefix, declared := p[name.Space]
	switch {
	case name.Space == "":
		return name.Local, ""
	case name.Space == ourNamespace:
		return ourPrefix + ":" + name.Local, ""
	case name.Space == xmlNamespace:
		return "xml:" + name.Local, ""
	case !declared || prefix == ourPrefix:
		return cmp.Or(prefix, name.Space) + ":" + name.Local, ""
	}
	return prefix + ":" + name.Local, name.Space
}

// WriteOPML prints a catalogue.
func WriteOPML(w io.Writer, o OPML) error {
	var b strings.Builder
	b.WriteString(xml.Header)
	b.WriteString("<opml version=\"2.0\"" + ourDeclaration(o.Outlines) + ">\n  <head>\n    <title>" + escapeXML(o.Title) + "</title>\n  </head>\n  <body>\n")
	writeOutlines(&b, o.Outlines, "    ")
	b.WriteString("  </body>\n</opml>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// ourDeclaration declares our prefix if an outline uses it.
func ourDeclaration(outlines []Outline) string {
	for _, o := range outlines {
		for name := range o.Attributes {
			if strings.HasPrefix(name, settingPrefix) {
				return " xmlns:" + ourPrefix + `="` + ourNamespace + `"`
			}
		}
		if within := ourDeclaration(o.Outlines); within != "" {
			return within
		}
	}
	return ""
}

func writeOutlines(b *strings.Builder, outlines []Outline, indent string) {
	for _, o := range outlines {
		b.WriteString(indent + `<outline text="` + escapeXML(o.Text) + `"`)
		for _, name := range slices.Sorted(maps.Keys(o.Attributes)) {
			b.WriteString(" " + name + `="` + escapeXML(o.Attributes[name]) + `"`)
		}
		if o.URL != "" {
			b.WriteString(` xmlUrl="` + escapeXML(o.URL) + `"`)
		}
		if len(o.Outlines) == 0 {
			b.WriteString("/>\n")
			continue
		}
		b.WriteString(">\n")
		writeOutlines(b, o.Outlines, indent+"  ")
		b.WriteString(indent + "</outline>\n")
	}
}

func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// Imported counts what an import has made or changed.
type Imported struct{ Categories, Feeds int }

// Doubts tells, in sentences, what in a catalogue is most likely a slip: addresses that cannot be fetched, and attributes under our prefix
// that mean nothing. It is imported and exported all the same.
func (o OPML) Doubts() []string { return doubts(o.Outlines) }

func doubts(outlines []Outline) (told []string) {
	for _, o := range outlines {
		name := cmp.Or(o.Text, o.URL)
		if u, err := url.Parse(o.URL); o.URL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			told = append(told, fmt.Sprintf("%s: %q cannot be fetched; write it like https://news.example/rss.xml", name, o.URL))
		}
		for _, attribute := range slices.Sorted(maps.Keys(o.Attributes)) {
			if strings.HasPrefix(attribute, settingPrefix) && !ourAttribute(attribute) {
				told = append(told, name+": "+attribute+" is not a setting and has no effect")
			}
		}
		told = append(told, doubts(o.Outlines)...)
	}
	return told
}

// unfiled is the category of feeds that lie in no folder; the mark keeps it apart from a folder of that name.
const (
	unfiled     = "খবর"
	unfiledMark = "harkara:unfiled"
)

// Attributes of a folder that mean something to us.
const (
	slugAttribute    = "harkara:slug"
	englishAttribute = "harkara:en"
)

// opmlTitle is the setting under which the document's title is kept for export.
const opmlTitle = "opml title"

// Import puts the catalogue of an OPML document into the store: folders become categories, leaves feeds. What is known already,
// a category by its name and folder, a feed by its address, is kept and gains what is new; a feed takes over the settings
// that its outline has, and loses those that are empty there; a category takes over its English name. Importing twice changes
// nothing, and nothing is removed. If a setting is wrong
// (see CutRules and Foreign), all that are wrong are told and nothing is imported.
func Import(ctx context.Context, s store.Store, o OPML) (Imported, error) {
	var done Imported
	if err := checkOutlines(o.Outlines); err != nil {
		return done, fmt.Errorf("import the catalogue: %w", err)
	}
	err := s.Write(ctx, func(tx store.Tx) error {
		categories, err := tx.Categories(ctx)
		if err != nil {
			return fmt.Errorf("read categories: %w", err)
		}
		feeds, err := tx.Feeds(ctx)
		if err != nil {
			return fmt.Errorf("read feeds: %w", err)
		}
		c := catalogue{tx: tx, categories: categories, feeds: feeds}
		if err := c.take(ctx, o.Outlines, 0); err != nil {
			return err
		}
		done = c.done
		if title, err := tx.Setting(ctx, opmlTitle); err != nil || title != "" || o.Title == "" {
			return err
		}
		return tx.SetSetting(ctx, opmlTitle, o.Title)
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import the catalogue: %w", err)
	}
	return done, nil
}

// checkOutlines reports all settings that are wrong.
func checkOutlines(outlines []Outline) error {
	var faults []error
	for _, o := range outlines {
		if err := checkSettings(o.Attributes); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", cmp.Or(o.Text, o.URL), err))
		}
		faults = append(faults, checkOutlines(o.Outlines))
	}
	return errors.Join(faults...)
}

// catalogue is the store's categories and feeds while an import changes them.
type catalogue struct {
	tx         store.Tx
	categories []store.Category
	feeds      []store.Feed
	done       Imported
}

// take adds outlines that lie in the folder.
func (c *catalogue) take(ctx context.Context, outlines []Outline, folder int64) error {
	for _, o := range outlines {
		if o.URL != "" {
			category := folder
			if folder == 0 {
				top, err := c.category(ctx, Outline{Text: unfiled, Attributes: map[string]string{unfiledMark: "true"}}, 0)
				if err != nil {
					return err
				}
				category = top
			}
			if err := c.feed(ctx, o, category); err != nil {
				return err
			}
			if err := c.take(ctx, o.Outlines, folder); err != nil {
				return err
			}
			continue
		}
		id, err := c.category(ctx, o, folder)
		if err != nil {
			return err
		}
		if err := c.take(ctx, o.Outlines, id); err != nil {
			return err
		}
	}
	return nil
}

// category finds or makes the category of a folder.
func (c *catalogue) category(ctx context.Context, o Outline, parent int64) (int64, error) {
	for i, known := range c.categories {
		if known.Name != o.Text || known.Parent != parent || known.Attributes[unfiledMark] != o.Attributes[unfiledMark] {
			continue
		}
		english := o.Attributes[englishAttribute]
		if english == "" || english == known.NameEN {
			return known.ID, nil
		}
		known.NameEN, known.Attributes = english, maps.Clone(known.Attributes)
		if known.Attributes == nil {
			known.Attributes = map[string]string{}
		}
		known.Attributes[englishAttribute] = english
		if err := c.tx.SaveCategory(ctx, &known); err != nil {
			return 0, fmt.Errorf("keep category %q: %w", known.Name, err)
		}
		c.categories[i] = known
		c.done.Categories++
		return known.ID, nil
	}
	category := store.Category{
		Slug: c.freeSlug(o), Name: o.Text, NameEN: o.Attributes[englishAttribute], Parent: parent,
		Attributes: o.Attributes, Position: len(c.categories),
	}
	if err := c.tx.SaveCategory(ctx, &category); err != nil {
		return 0, fmt.Errorf("keep category %q: %w", category.Name, err)
	}
	c.categories = append(c.categories, category)
	c.done.Categories++
	return category.ID, nil
}

// freeSlug is a slug no other category has.
func (c *catalogue) freeSlug(o Outline) string {
	wanted := cmp.Or(Slug(o.Attributes[slugAttribute]), Slug(o.Attributes[englishAttribute]), Slug(o.Text), "topic")
	slug := wanted
	for n := 2; slices.ContainsFunc(c.categories, func(k store.Category) bool { return k.Slug == slug }); n++ {
		slug = fmt.Sprintf("%s-%d", wanted, n)
	}
	return slug
}

// feed finds or makes the feed of a leaf.
func (c *catalogue) feed(ctx context.Context, o Outline, category int64) error {
	for i, known := range c.feeds {
		if known.URL != o.URL {
			continue
		}
		filed := slices.Contains(known.Categories, category)
		if !filed {
			c.feeds[i].Categories = append(c.feeds[i].Categories, category)
		}
		if !adopt(&c.feeds[i], o.Attributes) && filed {
			return nil
		}
		if err := c.tx.SaveFeed(ctx, &c.feeds[i]); err != nil {
			return fmt.Errorf("keep feed %d: %w", known.ID, err)
		}
		c.done.Feeds++
		return nil
	}
	feed := store.Feed{
		URL: o.URL, Site: o.Attributes["htmlUrl"], Title: cmp.Or(o.Text, o.Attributes["title"], o.URL), Categories: []int64{category},
		Attributes: o.Attributes, Position: len(c.feeds),
	}
	if err := c.tx.SaveFeed(ctx, &feed); err != nil {
		return fmt.Errorf("keep feed %q: %w", feed.Title, err)
	}
	c.feeds = append(c.feeds, feed)
	c.done.Feeds++
	return nil
}

// adopt takes over settings, and reports whether that changed any.
func adopt(feed *store.Feed, attributes map[string]string) (changed bool) {
	for name, value := range attributes {
		if !strings.HasPrefix(name, settingPrefix) || feed.Attributes[name] == value {
			continue
		}
		if !changed {
			feed.Attributes = maps.Clone(feed.Attributes)
			changed = true
		}
		if value == "" {
			delete(feed.Attributes, name)
			continue
		}
		if feed.Attributes == nil {
			feed.Attributes = map[string]string{}
		}
		feed.Attributes[name] = value
	}
	return changed
}

// Export is the catalogue as an OPML document: what Import was given, and what was changed since.
func Export(ctx context.Context, r store.Reader) (OPML, error) {
	categories, err := r.Categories(ctx)
	if err != nil {
		return OPML{}, fmt.Errorf("read categories: %w", err)
	}
	feeds, err := r.Feeds(ctx)
	if err != nil {
		return OPML{}, fmt.Errorf("read feeds: %w", err)
	}
	title, err := r.Setting(ctx, opmlTitle)
	if err != nil {
		return OPML{}, fmt.Errorf("read the title: %w", err)
	}
	var within func(folder int64) []Outline
	leaves := func(folder int64) []Outline {
		var list []Outline
		for _, f := range feeds {
			if slices.Contains(f.Categories, folder) {
				list = append(list, Outline{Text: f.Title, URL: f.URL, Attributes: f.Attributes})
			}
		}
		return list
	}
	within = func(folder int64) []Outline {
		var list []Outline
		for _, c := range categories {
			if c.Parent != folder {
				continue
			}
			if c.Attributes[unfiledMark] != "" {
				list = append(list, leaves(c.ID)...)
				continue
			}
			list = append(list, Outline{Text: c.Name, Attributes: c.Attributes, Outlines: append(leaves(c.ID), within(c.ID)...)})
		}
		return list
	}
	return OPML{Title: cmp.Or(title, "Harkara"), Outlines: within(0)}, nil
}
