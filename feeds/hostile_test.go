package feeds_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
)

// exhausting are documents that are built to exhaust a reader, each as large as one such may be. What is longest to read of each
// kind is here; what is refused at once is in the tests of the guard.
func exhausting() map[string]string {
	item := func(description string) string {
		return `<rss version="2.0"><channel><item><title>a</title><description>` + description + `</description></item></channel></rss>`
	}
	return map[string]string{
		"tags in CDATA":          item("<![CDATA[" + strings.Repeat("<blink>", 500000) + "]]>"),
		"escaped tags":           item(strings.Repeat("&lt;blink&gt;", 500000)),
		"open tags":              item(strings.Repeat("<blink>", 140000)),
		"empty elements":         item(strings.Repeat("<blink></blink>", 140000)),
		"less-than signs":        item(strings.Repeat("<", 900000)),
		"ampersands":             item(strings.Repeat("&", 900000)),
		"references without end": item(strings.Repeat("&a", 900000)),
		"open quotes in text":    item("<![CDATA[" + strings.Repeat("<a b='", 200000) + "]]>"),
		"open quotes in tags":    strings.Repeat("<a b='x", 300000),
		"CDATA sections":         item(strings.Repeat("<![CDATA[a]]>", 300000)),
		"open CDATA sections":    item(strings.Repeat("<![CDATA[", 500000)),
		"open comments":          item(strings.Repeat("<!--", 500000)),
		"comments":               item(strings.Repeat("<!-- -->", 300000)),
		"declarations":           strings.Repeat("<!", 500000),
		"open sections":          strings.Repeat("<![", 500000),
		"open subsets":           strings.Repeat("<!a[", 300000),
		"open blocks":            item("<![CDATA[" + strings.Repeat("<div>", 500000) + "]]>"),
		"handlers":               item("<![CDATA[" + strings.Repeat("<svg onload=x>", 300000) + "]]>"),
		"open instructions":      item(strings.Repeat("<?a", 500000)),
		"entities":               "<!DOCTYPE a [" + strings.Repeat("<!ENTITY a 'b'>", 100000) + "]>" + item("&a;"),
		"open titles":            `<rss><channel>` + strings.Repeat("<title>", 300000),
		"open items":             `<rss><channel>` + strings.Repeat("<item>", 300000),
		"items":                  `<rss><channel>` + strings.Repeat("<item><title>a</title></item>", 140000) + "</channel></rss>",
		"namespaces":             item(strings.Repeat(`<a xmlns="http://purl.org/dc">`, 100) + strings.Repeat(` xmlns='`, 100000)),
		"halves of letters":      item(strings.Repeat("&#55357;", 300000)),
		"references to nothing":  item(strings.Repeat("&#x110000;", 300000)),
		"zero bytes":             strings.Repeat("\x00", 2000000),
		"brackets in JSON":       `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`[`, 900000),
		"items in JSON":          `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"id":"1"},`, 200000) + `]}`,
		"JSON cut off":           `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{"id":"1","content_html":"<p>x"},`, 100000),
		"nested alternatives":    `<feed xmlns="http://purl.org/atom/ns#"><entry>` + strings.Repeat(`<content type="multipart/alternative">`, 250) + "</entry></feed>",
		"categories":             item("</description>" + strings.Repeat("<category>a</category>", 70000) + "<description>"),
		"a long date":            item("</description><pubDate>" + strings.Repeat("1 ", 500000) + "</pubDate><description>"),
		"nested bases":           `<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat(`<a xml:base="a/a/a/a/a/a/">`, 250) + `<entry>` + strings.Repeat(`<link href="b"/>`, 100000) + `</entry></feed>`,
		"open brackets":          "<!DOCTYPE " + strings.Repeat("[", 500000),
		"UTF-7":                  `<?xml version="1.0" encoding="utf-7"?>` + strings.Repeat("+A", 500000),
		"links":                  `<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + strings.Repeat(`<link href="http://h/b"/>`, 140000) + `</entry></feed>`,
		"references cut off":     item(strings.Repeat("&#xD8", 500000)),
		"bytes of no encoding":   "<?xml version='1.0' encoding='big5'?>" + item(strings.Repeat("\x81\xff", 2000000)),
		"nested lists":           `<Channel xmlns="http://purl.org/net/rss1.1#">` + strings.Repeat("<items>", 400000),
		"pictures":               item("<![CDATA[" + strings.Repeat("<img src=a>", 300000) + "]]>"),
	}
}

func TestHostileDocumentsAreReadOrRefused(t *testing.T) {
	for name, document := range exhausting() {
		t.Run(name, func(t *testing.T) {
			// Short ones here: what must not happen is a panic or a wrong end, and the benchmark tells the time.
			parsed, err := feeds.Parse([]byte(document[:len(document)/50]), feeds.Source{URL: "http://h.example/feed"})
			if (parsed == nil) == (err == nil) {
				t.Fatalf("neither a feed nor a reason: %v, %v", parsed, err)
			}
		})
	}
}

// Each document must be read or refused in well under two seconds of processor time.
func BenchmarkHostileDocuments(b *testing.B) {
	for name, document := range exhausting() {
		b.Run(name, func(b *testing.B) {
			before := cpu(b)
			for b.Loop() {
				_, _ = feeds.Parse([]byte(document), feeds.Source{URL: "http://h.example/feed"}) //nolint:errcheck // both will do
			}
			b.ReportMetric(float64((cpu(b)-before)/time.Millisecond)/float64(b.N), "cpu-ms")
		})
	}
}
