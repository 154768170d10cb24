package feeds_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/harkara/harkara/feeds"
)

// want is what a reader should see of the feed and its first item; empty fields are not judged.
type want struct {
	feed, site                                     string
	title, link, guid, published, summary, content string
	image, author, categories                      string
	items                                          int
	noLink, partial                                bool
}

func (w want) check(t *testing.T, got *feeds.Parsed) {
	t.Helper()
	same := func(name, got, want string) {
		t.Helper()
		if want != "" && got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	same("feed title", got.Title.Value, w.feed)
	same("site", got.Link, w.site)
	if w.items > 0 && len(got.Items) != w.items {
		t.Fatalf("%d items, want %d", len(got.Items), w.items)
	}
	if got.Partial != w.partial {
		t.Errorf("partial is %t", got.Partial)
	}
	if w.title+w.link+w.guid+w.published+w.summary+w.content+w.image+w.author+w.categories == "" {
		return
	}
	if len(got.Items) == 0 {
		t.Fatal("no items")
	}
	item := got.Items[0]
	same("title", item.Title.Value, w.title)
	same("link", item.Link, w.link)
	if w.noLink && item.Link != "" {
		t.Errorf("link is %q, want none", item.Link)
	}
	same("guid", item.GUID, w.guid)
	published := ""
	if !item.Published.IsZero() {
		published = item.Published.Format(time.RFC3339)
	}
	same("published", published, w.published)
	same("summary", item.Summary.Value, w.summary)
	same("content", item.Content.Value, w.content)
	same("image", item.Image, w.image)
	same("author", item.Author, w.author)
	same("categories", strings.Join(item.Categories, "|"), w.categories)
}

const (
	dcNS    = `xmlns:dc="http://purl.org/dc/elements/1.1/" `
	termsNS = `xmlns:dcterms="http://purl.org/dc/terms/" `
	bodyNS  = `xmlns:content="http://purl.org/rss/1.0/modules/content/" `
	mediaNS = `xmlns:media="http://search.yahoo.com/mrss/" `
	atomNS  = `xmlns:atom="http://www.w3.org/2005/Atom" `
)

func rssItem(item string) string {
	return `<rss version="2.0" ` + dcNS + termsNS + bodyNS + mediaNS + atomNS + `><channel><title>T</title><link>http://example.org/</link><item>` + item + `</item></channel></rss>`
}

func atomEntry(entry string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry>` + entry + `</entry></feed>`
}

func atom03Entry(entry string) string {
	return `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry>` + entry + `</entry></feed>`
}

var sound = []struct {
	name string
	doc  string
	url  string
	want want
}{
	{
		"rss 2.0", rssItem(`<title>A</title><link>http://example.org/1</link><guid>http://example.org/g1</guid><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate><description>S</description>`), "",
		want{feed: "T", site: "http://example.org/", title: "A", link: "http://example.org/1", guid: "http://example.org/g1", published: "2004-01-01T19:48:21Z", summary: "S", items: 1},
	},
	{
		"rss 0.91 in capitals", `<RSS version="0.91"><CHANNEL><TITLE>T</TITLE><ITEM><TITLE>A</TITLE><LINK>http://example.org/1</LINK></ITEM></CHANNEL></RSS>`, "",
		want{feed: "T", title: "A", link: "http://example.org/1", items: 1},
	},
	{
		"rss 1.0 with its identifier", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" ` + dcNS + `><channel rdf:about="http://example.org/"><title>T</title><link>http://example.org/</link></channel>
<item rdf:about="http://example.org/about1"><title>A</title><link>http://example.org/1</link><description>S</description><dc:date>2003-12-31T10:14:55Z</dc:date></item></rdf:RDF>`, "",
		want{feed: "T", site: "http://example.org/", title: "A", link: "http://example.org/1", guid: "http://example.org/about1", published: "2003-12-31T10:14:55Z", summary: "S", items: 1},
	},
	{
		"rss 1.0 with items in the channel and outside", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title><items><rdf:Seq><rdf:li resource="http://example.org/1"/></rdf:Seq></items></channel>
<item rdf:about="http://example.org/1"><title>A</title></item><image><title>no</title><link>http://no.example/</link></image><textinput><title>no</title><link>http://no.example/</link></textinput></rdf:RDF>`, "",
		want{feed: "T", title: "A", link: "http://example.org/1", items: 1},
	},
	{
		"rss 0.9 of Netscape", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel><item><title>A</title><link>http://example.org/1</link></item></rdf:RDF>`, "",
		want{feed: "T", title: "A", link: "http://example.org/1", items: 1},
	},
	{
		"rss whose elements have a prefix", `<rss version="2.0" xmlns:r="http://backend.userland.com/rss2"><r:channel><r:title>T</r:title><r:item><r:title>A</r:title><r:link>http://example.org/1</r:link><r:description>S</r:description></r:item></r:channel></rss>`, "",
		want{feed: "T", title: "A", link: "http://example.org/1", summary: "S", items: 1},
	},
	{
		"rdf whose default namespace is unknown", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://example.com/newformat#"><channel><title>T</title></channel><item><title>A</title></item></rdf:RDF>`, "",
		want{feed: "T", title: "A", items: 1},
	},
	{
		"rdf whose names clash with those of a module", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rss="http://purl.org/rss/1.0/" xmlns:mn="http://usefulinc.com/rss/manifest/"><mn:channels><title>no</title></mn:channels><rss:channel><rss:title>T</rss:title></rss:channel><rss:item rdf:about="http://example.org/1"><rss:title>A</rss:title><mn:title>no</mn:title></rss:item></rdf:RDF>`, "",
		want{feed: "T", title: "A", guid: "http://example.org/1", items: 1},
	},
	{"atom in a namespace of its own", `<feed xmlns="http://example.com/necho"><title>T</title><entry><title>A</title><id>tag:x,1</id></entry></feed>`, "", want{feed: "T", title: "A", guid: "tag:x,1", items: 1}},
	{"atom without a namespace", `<feed><title>T</title><entry><title>A</title><id>tag:x,1</id></entry></feed>`, "", want{feed: "T", title: "A", guid: "tag:x,1", items: 1}},
	{
		"atom with a prefix", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title><a:entry><a:title type="html">&lt;b&gt;A&lt;/b&gt;</a:title><a:link href="http://example.org/1"/><a:id>tag:x,1</a:id></a:entry></a:feed>`, "",
		want{feed: "T", title: "<b>A</b>", link: "http://example.org/1", guid: "tag:x,1", items: 1},
	},
	{"a channel without its rss", `<channel><title>T</title><link>http://example.org/</link><item><title>A</title><link>http://example.org/1</link></item></channel>`, "", want{feed: "T", title: "A", items: 1}},
	{
		"channel definition format", `<CHANNEL HREF="http://example.org/"><TITLE>T</TITLE><ABSTRACT>no</ABSTRACT><ITEM HREF="http://example.org/1" LASTMOD="2002-08-11T10:14:55Z"><TITLE>A</TITLE><ABSTRACT>S</ABSTRACT></ITEM></CHANNEL>`, "",
		want{feed: "T", site: "http://example.org/", title: "A", link: "http://example.org/1", summary: "S", published: "2002-08-11T10:14:55Z", items: 1},
	},

	{"links: guid stands for a missing one", rssItem(`<guid>http://example.org/g</guid>`), "", want{link: "http://example.org/g"}},
	{"links: guid that is no permanent link but an address", rssItem(`<guid isPermaLink="false">http://example.org/g</guid>`), "", want{link: "http://example.org/g", guid: "http://example.org/g"}},
	{"links: guid that is none", rssItem(`<guid isPermaLink="false">abc</guid>`), "", want{guid: "abc", noLink: true}},
	{"links: guid before link", rssItem(`<guid>http://example.org/g</guid><link>http://example.org/1</link>`), "", want{link: "http://example.org/1"}},
	{"links: wrapped lines", rssItem("<link>\n http://example.org/\n a</link>"), "", want{link: "http://example.org/ a"}},
	{"links: an atom link in rss", rssItem(`<atom:link rel="alternate" href="http://example.org/a"/>`), "", want{link: "http://example.org/a"}},
	{"links: relative to the feed", rssItem(`<link>/a/1.html</link><guid>/a/1.html</guid>`), "http://h.example/rss/feed.xml", want{link: "http://h.example/a/1.html", guid: "http://h.example/a/1.html"}},
	{"links: relative to the feed's folder", rssItem(`<link>1.html</link>`), "https://h.example/rss/feed.xml", want{link: "https://h.example/rss/1.html"}},
	{"links: scheme left out", rssItem(`<link>//cdn.example/1</link>`), "https://h.example/feed", want{link: "https://cdn.example/1"}},
	{"links: bengali letters stay", rssItem(`<link>https://h.example/খবর/ছবি</link>`), "https://h.example/feed", want{link: "https://h.example/খবর/ছবি"}},
	{"links: escaped twice", rssItem(`<link>http://h.example/?a=1&amp;amp;b=2</link>`), "", want{link: "http://h.example/?a=1&b=2"}},
	{"links: cdata", rssItem(`<link><![CDATA[ http://h.example/?a=1&b=2 ]]></link>`), "", want{link: "http://h.example/?a=1&b=2"}},
	{"links: xml:base is no folder", `<rss xml:base="http://b.example/x/feed.xml"><channel><title>T</title><link>home.html</link><item><link>1.html</link></item></channel></rss>`, "http://h.example/", want{site: "http://b.example/x/home.html", link: "http://b.example/x/1.html"}},
	{"links: bases nest", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b.example/p/"><entry xml:base="c/"><title>A</title><link href="1.html"/><id>x/y</id></entry></feed>`, "", want{link: "http://b.example/p/c/1.html", guid: "http://b.example/p/c/x/y"}},
	{"links: base on the link itself", atomEntry(`<link xml:base="http://b.example/p/" href="1.html"/>`), "http://h.example/", want{link: "http://b.example/p/1.html"}},
	{"links: base of an absolute path", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b.example/p/"><entry xml:base="/q/"><link href="1.html"/></entry></feed>`, "", want{link: "http://b.example/q/1.html"}},
	{"links: a page rather than another form", atomEntry(`<link rel="alternate" type="application/json" href="http://h.example/1.json"/><link rel="alternate" type="text/html" href="http://h.example/1"/><link rel="self" href="http://h.example/self"/>`), "", want{link: "http://h.example/1"}},
	{"links: no relation means alternate", atomEntry(`<link href="http://h.example/1"/>`), "", want{link: "http://h.example/1"}},
	{"links: atom id stands for one", atomEntry(`<id>http://h.example/1</id>`), "", want{link: "http://h.example/1"}},
	{"links: atom id is kept byte for byte", atomEntry(`<id>HTTP://h.example/খবর 1</id>`), "", want{guid: "HTTP://h.example/খবর 1"}},
	{"links: of the image is not that of the site", `<rss><channel><title>T</title><link>http://h.example/</link><image><link>http://no.example/</link><title>no</title></image><textInput><link>http://no.example/</link></textInput></channel></rss>`, "", want{feed: "T", site: "http://h.example/"}},

	{"html: relative addresses in a description", rssItem(`<description>&lt;a href="1.html"&gt;x&lt;/a&gt;</description>`), "http://h.example/f/feed", want{summary: `<a href="http://h.example/f/1.html">x</a>`}},
	{"html: under a base of the element", rssItem(`<description xml:base="http://b.example/p/">&lt;img src="1.png"&gt;</description>`), "http://h.example/", want{summary: `<img src="http://b.example/p/1.png">`}},
	{"html: in xhtml", atomEntry(`<content type="xhtml" xml:base="http://b.example/p/"><div xmlns="http://www.w3.org/1999/xhtml"><a href="1.html">x</a></div></content>`), "", want{content: `<a href="http://b.example/p/1.html">x</a>`}},
	{"html: base inside xhtml", atomEntry(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml" xml:base="http://b.example/p/"><a href="1.html">x</a></div></content>`), "http://h.example/", want{content: `<a href="http://b.example/p/1.html">x</a>`}},
	{"html: prefixed xhtml", atomEntry(`<summary type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml">a <x:b>b</x:b></x:div></summary>`), "", want{summary: `a <b>b</b>`}},
	{"html: script goes, text stays", rssItem(`<description>safe&lt;script&gt;bad()&lt;/script&gt;&lt;b onclick="bad()"&gt;text&lt;/b&gt;</description>`), "", want{summary: `safe<b>text</b>`}},
	{"html: a frame that is never closed hides nothing", rssItem(`<description>safe&lt;iframe src="http://x.example/"&gt;&lt;b&gt;text&lt;/b&gt;</description>`), "", want{summary: `safe<b>text</b>`}},
	{"html: javascript is no address", rssItem(`<description>&lt;a href=" java script:x"&gt;a&lt;/a&gt;&lt;a href="javascript:x"&gt;b&lt;/a&gt;</description>`), "", want{summary: `<a>a</a><a>b</a>`}},

	{"atom: plain text with what looks like a tag", atomEntry(`<title type="text">The &lt;video&gt; element</title><summary>a &lt; b &amp;amp; c</summary>`), "", want{title: "The <video> element", summary: "a < b &amp; c"}},
	{"atom: html", atomEntry(`<title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title>`), "", want{title: "A &amp; <b>B</b>"}},
	{"atom: html in cdata", atomEntry(`<title type="html"><![CDATA[A <b>B</b>]]></title>`), "", want{title: "A <b>B</b>"}},
	{"atom: xhtml", atomEntry(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>B</b></div></title>`), "", want{title: "A <b>B</b>"}},
	{"atom: content stands for a missing summary", atomEntry(`<content type="html">&lt;p&gt;C&lt;/p&gt;</content>`), "", want{content: "<p>C</p>", summary: "<p>C</p>"}},
	{"atom: summary and content", atomEntry(`<content>C</content><summary>S</summary>`), "", want{content: "C", summary: "S"}},
	{"atom: content in base64", atomEntry("<content type=\"application/octet-stream\">\nRXhhbXBsZSA8Yj5BdG9tPC9iPg==\n</content>"), "", want{content: "Example <b>Atom</b>"}},
	{"atom: published and updated", atomEntry(`<published>2003-12-31T10:14:55+06:00</published><updated>2004-12-31T10:14:55Z</updated>`), "", want{published: "2003-12-31T04:14:55Z"}},
	{"atom: updated only", atomEntry(`<updated>2004-12-31T10:14:55Z</updated>`), "", want{published: "2004-12-31T10:14:55Z"}},
	{"atom: source is not the entry", atomEntry(`<source><title>no</title><id>no</id><link href="http://no.example/"/></source><title>A</title><id>i</id>`), "", want{title: "A", guid: "i", noLink: true}},
	{"atom: author and categories", atomEntry(`<author><name>N</name><email>e@x.example</email></author><category term="t" label="L"/><category term="u"/>`), "", want{author: "N", categories: "L|u"}},
	{"atom 0.3: escaped", atom03Entry(`<title type="text/html" mode="escaped">A &lt;b&gt;B&lt;/b&gt;</title><issued>2003-12-31T10:14:55Z</issued><modified>2004-12-31T10:14:55Z</modified>`), "", want{title: "A <b>B</b>", published: "2003-12-31T10:14:55Z"}},
	{"atom 0.3: escaped without a type", atom03Entry(`<title mode="escaped">A &lt;b&gt;B&lt;/b&gt;</title>`), "", want{title: "A <b>B</b>"}},
	{"atom 0.3: inline", atom03Entry(`<title type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>B</b></div></title>`), "", want{title: "A <b>B</b>"}},
	{"atom 0.3: base64", atom03Entry("<title type=\"text/html\" mode=\"base64\">\nRXhhbXBsZSA8Yj5BdG9tPC9iPg==\n</title>"), "", want{title: "Example <b>Atom</b>"}},
	{"atom 0.3: created", atom03Entry(`<created>2003-12-31T10:14:55Z</created>`), "", want{published: "2003-12-31T10:14:55Z"}},

	{"rss: body in a module", rssItem(`<content:encoded><![CDATA[<p>C</p>]]></content:encoded><description>S</description>`), "", want{summary: "S", content: "<p>C</p>"}},
	{"rss: body stands for a missing description", rssItem(`<content:encoded><![CDATA[<p>C</p>]]></content:encoded>`), "", want{summary: "<p>C</p>"}},
	{"rss: body in xhtml", rssItem(`<body xmlns="http://www.w3.org/1999/xhtml"><p>C <b>c</b></p></body>`), "", want{content: "<p>C <b>c</b></p>", summary: "<p>C <b>c</b></p>"}},
	{"rss: cdata in pieces", rssItem(`<title>a<![CDATA[ & ]]>b &amp; c</title>`), "", want{title: "a & b & c"}},
	{"rss: entities of html", rssItem(`<title>caf&eacute; &ndash; &#2453;&#x99F;</title>`), "", want{title: "café – কট"}},
	{"rss: description escaped twice", rssItem(`<description>&lt;![CDATA[&lt;p&gt;S&lt;/p&gt;]]&gt;</description>`), "", want{summary: "<p>S</p>"}},
	{"rss: markup that was not escaped", rssItem(`<description><p>S <b>s</b></p></description>`), "", want{summary: "<p>S <b>s</b></p>"}},
	{"rss: a summary that comes before the description", rssItem(`<summary>S</summary><description>D</description>`), "", want{summary: "S"}},
	{"rss: a summary that comes after the description", rssItem(`<description>D</description><summary>S</summary>`), "", want{summary: "D"}},
	{"rss: dublin core", rssItem(`<dc:title>A</dc:title><dc:description>S</dc:description><dc:creator>N</dc:creator><dc:subject>X</dc:subject><dc:date>2003-12-31</dc:date>`), "", want{title: "A", summary: "S", author: "N", categories: "X", published: "2003-12-31T00:00:00Z"}},
	{"rss: dublin core terms", rssItem(`<dcterms:issued>2003-12-31T10:14:55Z</dcterms:issued><dcterms:modified>2005-12-31T10:14:55Z</dcterms:modified>`), "", want{published: "2003-12-31T10:14:55Z"}},
	{"rss: media rss", rssItem(`<media:title>A</media:title><media:description>S</media:description><media:content url="http://h.example/s.jpg" type="image/jpeg" width="100"/><media:content url="http://h.example/b.jpg" type="image/jpeg" width="900"/>`), "", want{title: "A", summary: "S", image: "http://h.example/b.jpg"}},
	{"rss: title of the picture is not the item's", rssItem(`<media:content url="http://h.example/b.jpg" medium="image"><media:title>no</media:title></media:content><title>A</title>`), "", want{title: "A", image: "http://h.example/b.jpg"}},
	{"rss: enclosure as picture", rssItem(`<enclosure url="/p.jpg" type="image/jpeg"/>`), "http://h.example/feed", want{image: "http://h.example/p.jpg"}},
	{"rss: first large picture of the text", rssItem(`<description>&lt;img src="http://h.example/1.gif" width="1" height="1"&gt;&lt;img src="http://h.example/2.jpg"&gt;</description>`), "", want{image: "http://h.example/2.jpg"}},
	{"rss: author with address", rssItem(`<author>me@h.example (নাম)</author>`), "", want{author: "নাম"}},
	{"rss: atom inside", rssItem(`<atom:title>A</atom:title><atom:id>i</atom:id><atom:published>2003-12-31T10:14:55Z</atom:published><atom:summary>S</atom:summary>`), "", want{title: "A", guid: "i", published: "2003-12-31T10:14:55Z", summary: "S"}},
	{"entities of the document type", `<!DOCTYPE rss [<!ENTITY paper "খবরের কাগজ"><!ENTITY bomb "&paper;&paper;">]><rss><channel><title>&paper;</title><item><title>&paper; ১</title></item></channel></rss>`, "", want{feed: "খবরের কাগজ", title: "খবরের কাগজ ১"}},
	{"root far down", "<!-- " + strings.Repeat("x", 10000) + " -->" + rssItem("<title>A</title>"), "", want{title: "A"}},
	{"xml 1.1", `<?xml version="1.1"?>` + rssItem("<title>A</title>"), "", want{title: "A"}},
	{"a warning of the server's script first", "<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b> on line <b>3</b><br />\n<?xml version=\"1.0\"?>" + rssItem("<title>A</title>"), "", want{title: "A"}},
	{"white space first", "\n\n  <?xml version=\"1.0\"?>" + rssItem("<title>A</title>"), "", want{title: "A"}},
	{"junk after the end", rssItem("<title>A</title>") + "<script>x</script> & <", "", want{title: "A"}},

	{
		"json", `{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"http://h.example/","items":[{"id":7,"url":"/1","title":"A <b>","content_html":"<p>C</p>","date_published":"2020-01-02T03:04:05+06:00","tags":["x"],"authors":[{"name":"N"}],"image":"/i.jpg"}]}`, "http://h.example/feed.json",
		want{feed: "T", site: "http://h.example/", title: "A <b>", link: "http://h.example/1", guid: "7", published: "2020-01-01T21:04:05Z", summary: "<p>C</p>", content: "<p>C</p>", categories: "x", author: "N", image: "http://h.example/i.jpg", items: 1},
	},
	{"json that was cut off", `{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1","title":"A"},{"id":"2","ti`, "", want{feed: "T", title: "A", items: 1, partial: true}},
}

func TestSoundFeedsAreReadAsTheirFormatMeans(t *testing.T) {
	for _, c := range sound {
		t.Run(c.name, func(t *testing.T) {
			got, err := feeds.Parse([]byte(c.doc), feeds.Source{URL: c.url})
			if err != nil {
				t.Fatal(err)
			}
			c.want.check(t, got)
		})
	}
}

func TestBrokenFeedsAreMended(t *testing.T) {
	two := `<rss><channel><title>T</title><item><title>A</title><link>http://h.example/1</link></item><item><title>B</title>`
	for _, c := range []struct {
		name string
		doc  string
		want want
	}{
		{"cut off inside an item", two + `<descr`, want{title: "A", items: 1, partial: true}},
		{"cut off inside cdata", two + `<description><![CDATA[ab`, want{title: "A", items: 1, partial: true}},
		{"cut off inside the only item", `<rss><channel><title>T</title><item><title>A</title><description><![CDATA[ab`, want{title: "A", items: 1, partial: true}},
		{"cut off between items", two + `</item>`, want{title: "A", items: 2, partial: true}},
		{"an item that is not closed", `<rss><channel><title>T</title><item><title>A</title><item><title>B</title></item></channel></rss>`, want{title: "A", items: 2}},
		{"an end of nothing", `<rss><channel><title>T</title><item><title>A</title></p></item><item><title>B</title></item></channel></rss>`, want{title: "A", items: 2}},
		{"a title that is not closed", `<rss><channel><title>T</title><item><title>A<link>http://h.example/1</link></item><item><title>B</title></item></channel></rss>`, want{items: 2}},
		{"a bare <", `<rss><channel><title>T</title><item><title>3 < 4</title></item></channel></rss>`, want{title: "3 < 4", items: 1}},
		{"a bare &", `<rss><channel><title>T</title><item><title>a & b</title></item></channel></rss>`, want{title: "a & b", items: 1}},
		{"end of cdata in text", `<rss><channel><title>T</title><item><title>a ]]> b</title></item></channel></rss>`, want{title: "a ]]> b", items: 1}},
		{"reference to a control", `<rss><channel><title>T</title><item><title>a&#8;b</title></item></channel></rss>`, want{title: "ab", items: 1}},
		{"a control", "<rss><channel><title>T</title><item><title>a\x08b\x00c</title></item></channel></rss>", want{title: "abc", items: 1}},
		{"not a character", "<rss><channel><title>T</title><item><title>a\uffffb</title></item></channel></rss>", want{title: "ab", items: 1}},
		{"attributes without quotes", `<rss version=2.0><channel><title>T</title><item><title>A</title><guid isPermaLink=false>x</guid></item></channel></rss>`, want{title: "A", guid: "x", noLink: true, items: 1}},
		{"a comment with two hyphens", `<rss><channel><!-- a -- b --><title>T</title><item><title>A</title></item></channel></rss>`, want{feed: "T", title: "A", items: 1}},
		{"a prefix that is not declared", `<rss><channel><title>T</title><item><title>A</title><dc:date>2003-12-31</dc:date><foo:bar>x</foo:bar></item></channel></rss>`, want{title: "A", published: "2003-12-31T00:00:00Z", items: 1}},
		{"line breaks that are not closed", `<rss><channel><title>T</title><item><title>A</title><description>a<br>b<hr>c</description></item><item><title>B</title></item></channel></rss>`, want{title: "A", summary: "a<br/>b<hr/>c", items: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := feeds.Parse([]byte(c.doc), feeds.Source{})
			if err != nil {
				t.Fatal(err)
			}
			c.want.check(t, got)
		})
	}
}

func TestTheBytesDecideTheEncoding(t *testing.T) {
	bengali := `<rss><channel><title>খবর</title><item><title>মাথায় হাত জুকারবার্গের</title></item></channel></rss>`
	french := `<rss><channel><title>Les élèves français</title><item><title>déjà vu</title></item></channel></rss>`
	russian := `<rss><channel><title>Новости дня</title><item><title>Правительство сегодня объявило о новых мерах поддержки промышленности</title></item></channel></rss>`
	japaneseDoc := `<rss><channel><title>ニュース</title><item><title>東京</title></item></channel></rss>`
	must := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name, contentType string
		body              []byte
		want              want
	}{
		{"utf-8 with a mark", "", []byte("\ufeff" + bengali), want{feed: "খবর"}},
		{"utf-8 that the server calls latin-1", "text/xml; charset=iso-8859-1", []byte(bengali), want{feed: "খবর"}},
		{"utf-8 that says it is utf-16", "", []byte(`<?xml version="1.0" encoding="utf-16"?>` + bengali), want{feed: "খবর"}},
		{"utf-8 with an unknown label", "", []byte(`<?xml version="1.0" encoding="bogus"?>` + bengali), want{feed: "খবর"}},
		{"utf-16 with a mark", "", must(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(bengali))), want{feed: "খবর"}},
		{"utf-16 without one", "", must(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(bengali))), want{feed: "খবর"}},
		{"utf-32 with a mark", "", must(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().Bytes([]byte(bengali))), want{feed: "খবর"}},
		{"utf-32 without one", "", must(utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM).NewEncoder().Bytes([]byte(bengali))), want{feed: "খবর"}},
		{"one bad byte costs one letter", "", bytes.Replace([]byte(strings.Replace(bengali, "<item>", "<item><description>"+strings.Repeat("খবর ", 20)+"</description>", 1)), []byte("হাত"), []byte("হাত\xe0"), 1), want{title: "মাথায় হাত জুকারবার্গের"}},
		{"one bad byte under a wrong label", "text/xml; charset=windows-1252", bytes.Replace([]byte(strings.Replace(bengali, "<item>", "<item><description>"+strings.Repeat("খবর ", 20)+"</description>", 1)), []byte("হাত"), []byte("হাত\xe0"), 1), want{feed: "খবর"}},
		{"latin-1 by the header", "text/xml; charset=iso-8859-1", must(charmap.ISO8859_1.NewEncoder().Bytes([]byte(french))), want{title: "déjà vu"}},
		{"latin-1 by the declaration", "", must(charmap.ISO8859_1.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="iso-8859-1"?>` + french))), want{title: "déjà vu"}},
		{"latin-1 by nothing", "", must(charmap.ISO8859_1.NewEncoder().Bytes([]byte(french))), want{title: "déjà vu"}},
		{"cyrillic by nothing", "", must(charmap.Windows1251.NewEncoder().Bytes([]byte(russian))), want{feed: "Новости дня"}},
		{"koi8-r by the declaration", "", must(charmap.KOI8R.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="koi8-r"?>` + russian))), want{feed: "Новости дня"}},
		{"shift-jis", "", must(japanese.ShiftJIS.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="shift_jis"?>` + japaneseDoc))), want{feed: "ニュース", title: "東京"}},
		{"iso-2022-jp, which is ascii", "", must(japanese.ISO2022JP.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="iso-2022-jp"?>` + japaneseDoc))), want{feed: "ニュース", title: "東京"}},
		{"code page 437", "", must(charmap.CodePage437.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="cp437"?>` + french))), want{title: "déjà vu"}},
		{"ebcdic", "", must(charmap.CodePage037.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="cp037"?>` + french))), want{title: "déjà vu"}},
		{"c1 controls are meant as windows-1252", "", []byte("<rss><channel><title>a \u0093b\u0094</title></channel></rss>"), want{feed: "a “b”"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := feeds.Parse(c.body, feeds.Source{ContentType: c.contentType})
			if err != nil {
				t.Fatal(err)
			}
			c.want.check(t, got)
		})
	}
}

func TestWhatIsNoFeedIsRefusedWithItsReason(t *testing.T) {
	for _, c := range []struct {
		name, doc string
		want      error
	}{
		{"nothing", "", feeds.ErrEmpty},
		{"white space", " \n\t", feeds.ErrEmpty},
		{"a page", "<!DOCTYPE html><html><head><title>x</title></head><body>x</body></html>", feeds.ErrPage},
		{"a page that mentions a feed", "<html><body>&lt;rss&gt; <rss></rss></body></html>", feeds.ErrPage},
		{"plain text", "just text", feeds.ErrNotFeed},
		{"other xml", "<?xml version='1.0'?><svg><path/></svg>", feeds.ErrNotFeed},
		{"other json", `{"a":1}`, feeds.ErrNotFeed},
		{"broken json", `{"version":"https://jsonfeed.org/version/1","items":[}`, feeds.ErrBroken},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", feeds.ErrNotFeed},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := feeds.Parse([]byte(c.doc), feeds.Source{}); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestPaceIsRead(t *testing.T) {
	got, err := feeds.Parse([]byte(`<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" `+atomNS+`><channel><title>T</title><ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Friday</day></skipDays><atom:link rel="hub" href="http://hub.example/"/><atom:link rel="self" href="http://h.example/feed"/></channel></rss>`), feeds.Source{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Pace.TTL != 6*time.Hour || !got.Pace.SkipHours[0] || !got.Pace.SkipHours[23] || got.Pace.SkipHours[1] || !got.Pace.SkipDays[time.Friday] {
		t.Errorf("pace is %+v", got.Pace)
	}
	if got.Hub != "http://hub.example/" || got.SelfURL != "http://h.example/feed" {
		t.Errorf("hub %q, self %q", got.Hub, got.SelfURL)
	}
}

func TestBaseOfTheAnswerCountsBeforeTheAddress(t *testing.T) {
	got, err := feeds.Parse([]byte(rssItem("<link>1.html</link>")), feeds.Source{URL: "http://h.example/feed", ContentLocation: "/deep/in/feed.xml"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Items[0].Link != "http://h.example/deep/in/1.html" {
		t.Errorf("link is %q", got.Items[0].Link)
	}
}

func TestTitlesBecomeOneLineOfText(t *testing.T) {
	for _, c := range []struct {
		text feeds.Text
		want string
	}{
		{feeds.Text{Value: "The <video> element"}, "The <video> element"},
		{feeds.Text{Value: "A &amp; <b>B</b>\n c", HTML: true}, "A & B c"},
		{feeds.Text{Value: "A &amp;amp; &amp;quot;B&amp;quot;", HTML: true}, `A & "B"`},
		{feeds.Text{Value: "&lt;b&gt;A&lt;/b&gt;", HTML: true}, "A"},
		{feeds.Text{Value: "a<br>b<script>no</script>", HTML: true}, "a b"},
	} {
		if got := c.text.String(); got != c.want {
			t.Errorf("%+v became %q, want %q", c.text, got, c.want)
		}
	}
}

func hostile() map[string]string {
	nested := func(n int) string {
		var b strings.Builder
		b.WriteString("<rss><channel>")
		for i := range n {
			fmt.Fprintf(&b, `<a%d:b xmlns:a%d="urn:%d">`, i, i, i)
		}
		return b.String()
	}
	declarations := func(n int) string {
		var b strings.Builder
		b.WriteString("<rss><channel><x ")
		for i := range n {
			fmt.Fprintf(&b, `xmlns:a%d="u" `, i)
		}
		return b.String() + ">" + strings.Repeat("<a1:y/>", n) + "</x></channel></rss>"
	}
	return map[string]string{
		"nested namespaces":              nested(8000),
		"many declarations in scope":     declarations(8000),
		"moderate declarations in scope": declarations(250),
		"deep nesting":                   "<rss><channel>" + strings.Repeat("<a>", 100_000),
		"empty items":                    "<rss><channel><title>T</title>" + strings.Repeat("<item/>", 100_000) + "</channel></rss>",
		"many items":                     "<rss><channel><title>T</title>" + strings.Repeat("<item><title>x</title><link>http://h.example/</link></item>", 100_000) + "</channel></rss>",
		"open items":                     "<rss><channel><title>T</title>" + strings.Repeat("<item>", 100_000),
		"open tags in one item":          "<rss><channel><item>" + strings.Repeat("<b>", 60_000),
		"attributes":                     "<rss><channel><item " + strings.Repeat(`a="b" `, 100_000) + "/></channel></rss>",
		"open quotes":                    "<rss><channel>" + strings.Repeat(`<a b="`, 60_000),
		"mixed quotes":                   "<rss><channel>" + strings.Repeat(`<a b="<a b='`, 100_000),
		"bare brackets":                  "<rss><channel>" + strings.Repeat("<", 200_000),
		"ends of nothing":                "<rss><channel>" + strings.Repeat("</a>", 100_000) + "</channel></rss>",
		"open comments":                  "<rss><channel>" + strings.Repeat("<!--", 100_000),
		"open cdata":                     "<rss><channel><item><title>" + strings.Repeat("<![CDATA[", 60_000),
		"open declarations":              "<rss>" + strings.Repeat("<!A [", 60_000),
		"billion laughs":                 `<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><title>` + strings.Repeat("&c;", 100_000) + `</title></channel></rss>`,
		"quadratic blow-up":              `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1000) + `">]><rss><channel><title>` + strings.Repeat("&a;", 60_000) + `</title></channel></rss>`,
		"external entity":                `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>`,
		"references":                     "<rss><channel><title>" + strings.Repeat("&#", 100_000) + "</title></channel></rss>",
		"nested divs":                    rssItem("<description>" + strings.Repeat("&lt;div&gt;", 60_000) + "</description>"),
		"open tags in html":              rssItem("<description>" + strings.Repeat("&lt;a href=", 100_000) + "</description>"),
		"open scripts in html":           rssItem("<description>" + strings.Repeat("&lt;script&gt;", 100_000) + "</description>"),
		"open frames in html":            rssItem("<description>" + strings.Repeat("&lt;iframe&gt;", 100_000) + "</description>"),
		"xhtml soup":                     atomEntry(`<content type="xhtml">` + strings.Repeat(`<x:a xml:base="b/" href="c">`, 20_000) + `</content>`),
		"bases":                          `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://h/">` + strings.Repeat(`<entry xml:base="a/"><link href="b"/></entry>`, 50_000) + `</feed>`,
		"a base that grows":              `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://h/` + strings.Repeat("a", 5000) + `/">` + strings.Repeat(`<b xml:base="`+strings.Repeat("a", 100)+`/">`, 200),
		"json, deep":                     `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 100_000),
		"ends of nothing at depth":       "<rss><channel>" + strings.Repeat("<a>", 250) + strings.Repeat("</b>", 500_000),
		"a text of brackets":             "<rss><channel><title>" + strings.Repeat("<", 5_000_000),
		"a long base over many items":    `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://h/` + strings.Repeat("a/", 50_000) + `">` + strings.Repeat(`<entry><link href="b"/></entry>`, 500) + `</feed>`,
		"json, many wrong items":         `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"id":"1","tags":"a"},`, 100_000) + `]}`,
		"json, many items":               `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"id":"1"},`, 100_000) + `{}]}`,
		"long tag name":                  "<rss><" + strings.Repeat("a", 500_000),
		"long title":                     rssItem("<title>" + strings.Repeat("ক", 200_000) + "</title>"),
		"long date":                      rssItem("<pubDate>" + strings.Repeat("1 Jan 2020 ", 100_000) + "</pubDate>"),
		"zero bytes":                     strings.Repeat("\x00", 200_000),
		"doctype with brackets":          "<!DOCTYPE rss " + strings.Repeat("[", 100_000) + "<rss/>",
	}
}

// Two seconds a document is the bound readers set; a machine under load may be slow, so the test only tells the times, and fails
// on what would be a different order of growth.
func TestHostileDocumentsEndSoon(t *testing.T) {
	for name, doc := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			parsed, err := feeds.Parse([]byte(doc), feeds.Source{URL: "http://h.example/feed"})
			took := time.Since(start)
			if took > time.Minute {
				t.Errorf("took %s", took)
			}
			items := 0
			if parsed != nil {
				items = len(parsed.Items)
			}
			if items > 500 {
				t.Errorf("%d items", items)
			}
			t.Logf("%s, %d KB, %d items, %v", took.Round(time.Millisecond), len(doc)>>10, items, err)
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range sound {
		f.Add([]byte(c.doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		parsed, err := feeds.Parse(doc, feeds.Source{URL: "http://h.example/feed"})
		if (parsed == nil) == (err == nil) {
			t.Fatalf("parsed %v with error %v", parsed, err)
		}
		if parsed != nil && len(parsed.Items) > 500 {
			t.Errorf("%d items", len(parsed.Items))
		}
	})
}
