package telegramtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// shape writes a message's text and entities on one line: text | type(offset,length)=argument …
func shape(m telegramtest.Message) string {
	parts := []string{}
	for _, e := range m.Entities {
		part := fmt.Sprintf("%s(%d,%d)", e.Type, e.Offset, e.Length)
		if arg := e.URL + e.Language + e.CustomEmojiID + e.DateTimeFormat; arg != "" {
			part += "=" + arg
		}
		if e.User != nil {
			part += fmt.Sprintf("=%d", e.User.ID)
		}
		if e.UnixTime != 0 {
			part += fmt.Sprintf("@%d", e.UnixTime)
		}
		parts = append(parts, part)
	}
	return m.Text + " | " + strings.Join(parts, " ")
}

// sendHTML sends an HTML text and gives the shape of the message or the description of the refusal.
func sendHTML(t testing.TB, s *telegramtest.Server, text string) string {
	t.Helper()
	r := do(t, s, "sendMessage", "chat_id", "42", "parse_mode", "html", "text", text)
	if !r.OK {
		return strings.TrimPrefix(r.Description, "Bad Request: ")
	}
	return shape(result[telegramtest.Message](t, r))
}

func withReader(t testing.TB) *telegramtest.Server {
	s := started(t)
	s.User(42, "রিমা", "bn").Start("")
	return s
}

func TestHTMLBecomesTextAndEntities(t *testing.T) {
	s := withReader(t)
	for _, c := range []struct{ html, want string }{
		{"<b>হ্যালো</b> <i>দুনিয়া</i>", "হ্যালো দুনিয়া | bold(0,6) italic(7,7)"},
		{"<B>😀</B>!", "😀! | bold(0,2)"},
		{"&#x1F600; <b>z</b>", "😀 z | bold(3,1)"},
		{"x &nbsp; &#8211; &apos;", "x &nbsp; – &apos; | "},
		{`<a href="https://e.com/?a=1&lt=2">n</a>`, "n | text_link(0,1)=https://e.com/?a=1<=2"},
		{`<a href="javascript:alert(1)">n</a>`, "n | "},
		{`<a href="mailto:someone">n</a>`, "n | "},
		{`<a href="mailto:a@b.c">n</a>`, "n | text_link(0,1)=http://mailto:a@b.c/"}, // HttpUrl takes it for user and host
		{`<a href="tel:+8801">n</a>`, "n | "},
		{`<a href="e.com/a://b">n</a>`, "n | text_link(0,1)=http://e.com/a://b"},
		{`<a href="TG:USER?ID=42">n</a>`, "n | text_mention(0,1)=42"},
		{`<a href="tg://user?id=043">n</a>`, "n | text_link(0,1)=tg://user?id=043"},
		{`<a href="/news/1">n</a>`, "n | "},
		{`<a href="https://EXAMPLE.com">n</a>`, "n | text_link(0,1)=https://example.com/"},
		{`<a href="example.com/a b">n</a>`, "n | text_link(0,1)=http://example.com/a%20b"},
		{`<a href="http://localhost/x">n</a>`, "n | "},
		{`<a href="http://e.com:99999/">n</a>`, "n | "},
		{`<a href="http://e.com:080/">n</a>`, "n | text_link(0,1)=http://e.com:80/"},
		{`<a href="tg://user?id=42">রিমা</a>`, "রিমা | text_mention(0,4)=42"},
		{`<a href="tg://resolve?domain=x">n</a>`, "n | text_link(0,1)=tg://resolve?domain=x"},
		{`<a>example.com</a>`, "example.com | text_link(0,11)=http://example.com/"},
		{`<a href="http://e.com/?q='&quot;">n</a>`, "n | text_link(0,1)=http://e.com/?q='\""},
		{"x<i>a</>y <u></u>ok", "xay ok | italic(1,1)"},
		{`<pre><code class="language-go">x</code></pre>`, "x | pre(0,1)=go"},
		{`<code class="language-go"><pre>x</pre></code>`, "x | pre(0,1)=go"},
		{`<pre><code class="language-go">x</code> </pre>y`, "x y | pre(0,2)"},
		{`<code class="language-go">x</code>`, "x | code(0,1)"},
		{"<blockquote expandable>q</blockquote>", "q | expandable_blockquote(0,1)"},
		{"<blockquote expandable=false>q</blockquote>", "q | expandable_blockquote(0,1)"},
		{"<blockquote>q</blockquote>", "q | blockquote(0,1)"},
		{`<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>`, "st | spoiler(0,2)"},
		{`<b>a<a href="http://e.com">b</a>c</b>`, "abc | bold(0,1) text_link(1,1)=http://e.com/ bold(1,1) bold(2,1)"},
		{"<b>a<i>b</i>c</b>", "abc | bold(0,1) bold(1,2) italic(1,1)"},
		{"<b>a</b><b>b</b>", "ab | bold(0,2)"},
		{"<code><b>x</b></code>", "x | code(0,1)"},
		{"<b><code>x</code></b>", "x | code(0,1)"},
		{`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍 | custom_emoji(0,2)=5368324170671202286"},
		{`<tg-time unix="1700000000" format="wDT">কাল</tg-time>`, "কাল | date_time(0,3)=wDT@1700000000"},
		{`<tg-time unix="0" format="r">কাল</tg-time>`, "কাল | "},
		{"<b> x</b>", " x | bold(0,2)"},
		{"  <b>x </b> \n", "x | bold(0,1)"},
		{" \n x", "x | "},
		{"a\tb\rc", "a bc | "},
		{"a\u202eb\u2028<b>c</b>", "abc | bold(2,1)"},
		{"ক্\u200dষ", "ক্\u200dষ | "},
		{"a\u200e\u200f\u200eb", "a\u200c\u200c\u200eb | "},
		{"e\u030a <i>x</i>", "e x | italic(2,1)"},
		{"&lt3 &ltb &amp;amp; &#0; &#x110000; &#00000000065;", "<3 &ltb &amp; &#0; &#x110000; &#00000000065; | hashtag(20,8)"},
		{"<em>a</em><strong>b</strong><del>c</del><strike>d</strike><s>e</s><ins>f</ins>", "abcdef | italic(0,1) bold(1,1) strikethrough(2,3) underline(5,1)"},
		{"<b\n>x</b\t>", "x | bold(0,1)"},
		{"<blockquote>a<blockquote>b</blockquote></blockquote>", "ab | blockquote(0,2)"},
		{`<a href="http://e.com">a<a href="http://f.com">b</a></a>`, "ab | text_link(0,2)=http://e.com/"},
		{"<u>a<blockquote>b</u></blockquote>", `can't parse entities: Unmatched end tag at byte offset 17, expected "</blockquote>", found "</u>"`},
	} {
		if got := sendHTML(t, s, c.html); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.html, got, c.want)
		}
	}
}

func TestHTMLErrorsNameTheByte(t *testing.T) {
	s := withReader(t)
	for _, c := range []struct{ html, want string }{
		{"ক <b", "Unclosed start tag at byte offset 4"},
		{"AT&T <3", "Unclosed start tag at byte offset 5"},
		{"a < b", `Unsupported start tag "" at byte offset 2`},
		{"<br>", `Unsupported start tag "br" at byte offset 0`},
		{"<p>x</p>", `Unsupported start tag "p" at byte offset 0`},
		{"<b/>", `Unsupported start tag "b/" at byte offset 0`},
		{"<!-- c -->", `Unsupported start tag "!--" at byte offset 0`},
		{"<H1>x</H1>", `Unsupported start tag "h1" at byte offset 0`},
		{`<a ="x">n</a>`, `Empty attribute name in the tag "a" at byte offset 0`},
		{`<a href`, `Unclosed start tag "a" at byte offset 0`},
		{`<a href=`, `Unclosed start tag "a" at byte offset 0`},
		{`<a href="x`, `Unclosed start tag at byte offset 0`},
		{"<a href=https://e.com>n</a>", "Unexpected end of name token at byte offset 8"},
		{"x<span>n</span>", `Tag "span" must have class "tg-spoiler" at byte offset 1`},
		{`<span class="red">n</span>`, `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{"x</b>", "Unexpected end tag at byte offset 1"},
		{"<b>x</b", "Unclosed end tag at byte offset 4"},
		{"<b>x</b y>", "Unclosed end tag at byte offset 4"},
		{"<b>a<i>b</b>c</i>", `Unmatched end tag at byte offset 8, expected "</i>", found "</b>"`},
		{"<b>open", `Can't find end tag corresponding to start tag "b"`},
		{`<tg-emoji emoji-id="x">👍</tg-emoji>`, "Invalid custom emoji identifier specified"},
		{`<tg-time unix="1" format="q">x</tg-time>`, "Invalid date format used"},
		{"<b>&#55357;</b>", "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"},
	} {
		if got, want := sendHTML(t, s, c.html), "can't parse entities: "+c.want; got != want {
			t.Errorf("%q\n got %q\nwant %q", c.html, got, want)
		}
	}
}

func TestTheServerFindsLinksMentionsAndCommands(t *testing.T) {
	s := withReader(t)
	for _, c := range []struct{ html, want string }{
		{"দেখুন example.com.", "দেখুন example.com. | url(6,11)"},
		{"https://প্রথমআলো.বাংলা/খবর?x=১, শেষ", "https://প্রথমআলো.বাংলা/খবর?x=১, শেষ | url(0,30)"},
		{"file.txt ও main.go", "file.txt ও main.go | "},
		{"(https://e.com/a_(b))", "(https://e.com/a_(b)) | url(1,19)"},
		{"a@b.com এবং mailto:c@d.org", "a@b.com এবং mailto:c@d.org | email(0,7) email(19,7)"},
		{"1.2.3.4 1.2.3 256.1.1.1", "1.2.3.4 1.2.3 256.1.1.1 | url(0,7)"},
		{"@harkara_bot x@y @ab @gif", "@harkara_bot x@y @ab @gif | mention(0,12) mention(21,4)"},
		{"#খবর #১২৩ ##a a#b #a_১", "#খবর #১২৩ ##a a#b #a_১ | hashtag(0,4) hashtag(11,2) hashtag(18,4)"},
		{"$USD $usd $1INCH", "$USD $usd $1INCH | cashtag(0,4) cashtag(10,6)"},
		{"/start x/y /a@b /help@harkara_bot <b>/x</b>", "/start x/y /a@b /help@harkara_bot /x | bot_command(0,6) bot_command(16,17) bot_command(34,2) bold(34,2)"},
		{"tg://resolve?domain=x.", "tg://resolve?domain=x. | url(0,21)"},
		{"4111 1111 1111 1111", "4111 1111 1111 1111 | bank_card(0,19)"},
		{"<code>example.com</code> <i>e.com</i>", "example.com e.com | code(0,11) url(12,5) italic(12,5)"},
		{`<a href="http://e.com">f.com</a>`, "f.com | text_link(0,5)=http://e.com/"},
		{"ftp://e.com http://x", "ftp://e.com http://x | url(0,11)"},
	} {
		if got := sendHTML(t, s, c.html); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.html, got, c.want)
		}
	}
}

func TestLengthIsCountedInCodePointsAfterParsing(t *testing.T) {
	s := withReader(t)
	long := strings.Repeat("😀", 4096)
	if got := sendHTML(t, s, "<b>"+long+"</b>"); got != long+" | bold(0,8192)" {
		t.Errorf("4096 emoji: %.80s", got)
	}
	if got := sendHTML(t, s, long+"x"); got != "message is too long" {
		t.Errorf("4097 characters: %.80s", got)
	}
}

func TestOfMoreThanAHundredEntitiesTheStylesVanishFirst(t *testing.T) {
	s := withReader(t)
	text := "<b>শিরোনাম</b>\n" + strings.Repeat(`<a href="https://e.com/1">খ</a> `, 100)
	if got := sendHTML(t, s, text); strings.Contains(got, "bold") || strings.Count(got, "text_link") != 100 {
		t.Errorf("100 links and a bold: %s", got)
	}
	text = strings.Repeat(`<a href="https://e.com/1">খ</a> `, 99) + "<b>ক</b> <i>খ</i>"
	if got := sendHTML(t, s, text); !strings.Contains(got, "bold") || strings.Contains(got, "italic") {
		t.Errorf("99 links, a bold and an italic: %s", got)
	}
}

func FuzzHTMLNeverBreaksTheServer(f *testing.F) {
	for _, seed := range []string{"<b>x</b>", "&#x1F600;", `<a href="http://e.com">x</a>`, "a\u200e\u200fb \t", "<i> </i>", "<b><i></b>", "e\u030a<pre>\r</pre>", "x.com @a #b /c"} {
		f.Add(seed)
	}
	s := withReader(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := do(t, s, "sendMessage", "chat_id", "42", "parse_mode", "HTML", "text", text)
		if !r.OK {
			if r.status != 400 {
				t.Errorf("%q: %d %s", text, r.status, r.Description)
			}
			return
		}
		m := result[telegramtest.Message](t, r)
		units := 0
		for _, c := range m.Text {
			units++
			if c > 0xFFFF {
				units++
			}
		}
		for _, e := range m.Entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units {
				t.Errorf("%q: entity %+v outside of %q", text, e, m.Text)
			}
		}
	})
}
