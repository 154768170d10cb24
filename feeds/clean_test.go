package feeds_test

import (
	"strings"
	"testing"

	"github.com/harkara/harkara/feeds"
)

func TestHTMLBecomesParagraphs(t *testing.T) {
	for _, c := range []struct {
		name, html string
		want       string // paragraphs joined by |, those that are promotion in brackets
	}{
		{"paragraphs", "<p>ক &amp; খ</p><p>গ</p>", "ক & খ|গ"},
		{"inline tags do not part words", "<p>খব<b>র</b> ও <i>ছ</i>বি</p>", "খবর ও ছবি"},
		{"line breaks", "ক<br>খ<br/><br />গ", "ক|খ|গ"},
		{"white space", "<p>\n ক&nbsp;  খ\t</p>\n\n<p> </p>", "ক খ"},
		{"lists", "<ul><li>ক</li><li>খ</li></ul>", "ক|খ"},
		{"tables", "<table><tr><td>ক</td><td>১</td></tr><tr><td>খ</td><td>২</td></tr></table>", "ক ১|খ ২"},
		{"scripts and frames", "<p>ক</p><script>x<p>no</p></script><style>p{}</style><iframe src=x>no</iframe><p>খ</p>", "ক|খ"},
		{"captions", "<figure><img src=x><figcaption>ছবি</figcaption></figure><p>ক</p>", "ক"},
		{"a share bar", `<p>ক</p><div class="sharedaddy sd-sharing"><div>শেয়ার</div><ul><li>ফেসবুক</li></ul></div><p>খ</p>`, "ক|খ"},
		{"a class that only sounds like one", `<p class="shared-grief socialism">ক</p>`, "ক"},
		{"a share bar that is never closed", `<p>ক</p><div class="share"><p>খ</p>`, "ক|খ"},
		{"a frame that is never closed", `<p>ক</p><iframe src="x"><p>খ</p>`, "ক|খ"},
		{"a paragraph that is one link", `<p>ক</p><p><a href="x">আরেক খবর</a></p><p>খ</p>`, "ক|[আরেক খবর]|খ"},
		{"one link with marks around it", `<p>ক</p><p>» <strong><a href="x">আরেক খবর</a></strong> …</p>`, "ক|[» আরেক খবর …]"},
		{"a link inside text", `<p>ক <a href="x">খ</a></p>`, "ক খ"},
		{"two links", `<p><a href="x">ক</a> <a href="y">খ</a></p><p>গ</p>`, "ক খ|গ"},
		{"nothing but a link", `<a href="x">ক</a>`, "ক"},
		{"escaped twice", "&lt;p&gt;ক&lt;/p&gt;&lt;p&gt;খ&lt;/p&gt;", "ক|খ"},
		{"escaped twice inside", "<div>&lt;p&gt;ক&lt;/p&gt;</div>", "ক"},
		{"tags that are not closed", "<p>ক<p>খ<div>গ", "ক|খ|গ"},
		{"joiners stay", "<p>র\u200d্যাব ক্\u200cষ</p>", "র\u200d্যাব ক্\u200cষ"},
		{"nothing", "<img src=x><br>", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range feeds.Paragraphs(feeds.Text{Value: c.html, HTML: true}) {
				if p.Promo {
					p.Text = "[" + p.Text + "]"
				}
				got = append(got, p.Text)
			}
			if got := strings.Join(got, "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlainTextKeepsWhatLooksLikeTags(t *testing.T) {
	got := feeds.Paragraphs(feeds.Text{Value: "a <b> c\n\n d "})
	if len(got) != 2 || got[0].Text != "a <b> c" || got[1].Text != "d" {
		t.Errorf("got %v", got)
	}
}

func FuzzParagraphs(f *testing.F) {
	f.Add("<p>ক &amp; খ</p><div class=share>x</div>")
	f.Add("&lt;p&gt;&amp;lt;b&gt;")
	f.Fuzz(func(t *testing.T, markup string) {
		for _, p := range feeds.Paragraphs(feeds.Text{Value: markup, HTML: true}) {
			if strings.ContainsAny(p.Text, "\n\r") || strings.TrimSpace(p.Text) == "" {
				t.Errorf("paragraph %q", p.Text)
			}
		}
	})
}
