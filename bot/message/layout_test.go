package message_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// whatsappOutage and instagramOutage are two real articles as an editor would have them summed up.
func whatsappOutage() store.Article {
	return store.Article{
		ID: 1, Seq: 1, Source: "টেকগাপ", URL: "https://techgup.example/telegram-70-million",
		Title:    "মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram",
		Headline: "মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram",
		Summary: []string{
			"গত ৪ অক্টোবর সোমবার রাতে প্রায় ছয় ঘণ্টারও বেশি সময়ের জন্য অকেজো হয়ে পড়েছিল WhatsApp, যা বিশ্বজুড়ে ৩.৫ বিলিয়নেরও বেশি ব্যবহারকারীকে প্রভাবিত করে।",
			"হোয়াটসঅ্যাপ অকেজো হয়ে পড়ায় সেদিন প্রায় ৭০ মিলিয়ন ইউজার টেলিগ্রামে যোগ দেন।",
			"ফলে এখন বিশ্বজুড়ে ৫০০ মিলিয়ন সক্রিয় ব্যবহারকারীর মাইলস্টোন ছুঁয়ে ফেলল মেসেজিং অ্যাপটি।",
		},
		Image:     "https://techgup.example/img/zuck.jpg",
		Published: at(kolkata, "2021-10-05 10:20"),
		FirstSeen: at(kolkata, "2021-10-05 10:25"),
	}
}

func instagramOutage() store.Article {
	return store.Article{
		ID: 2, Seq: 2, Source: "এবিপি আনন্দ", URL: "https://abp.example/whatsapp?a=1&b=2",
		Headline: "বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা",
		Summary: []string{
			"ভারতীয় সময় রাত ১০ টা ৫০ নাগাদ আচমকাই হোয়াটসঅ্যাপে মেসেজ যাওয়া বন্ধ হয়ে যায়।",
			"থমকে যায় ইনস্টাগ্রাম পরিষেবাও।",
			"যদিও শুক্রবার ভারতীয় সময় রাত ১১ টা ৪০ নাগাদ দেখা যায়, হোয়াটসঅ্যাপের পরিষেবা আবার স্বাভাবিক হয়ে গিয়েছে।",
		},
		Published: at(kolkata, "2021-03-20 00:05"),
		FirstSeen: at(kolkata, "2021-03-20 00:10"),
	}
}

var october = at(kolkata, "2021-10-05 10:30")

// checked parses what was laid out and fails the test if Telegram would refuse or mutilate it.
func checked(t *testing.T, m message.Message) parsed {
	t.Helper()
	p, err := parseTelegram(m.HTML)
	if err != nil {
		t.Fatalf("%v in\n%s", err, m.HTML)
	}
	limit := 4096
	if m.Photo != "" {
		limit = 1024
	}
	if n := utf8.RuneCountInString(p.text); n > limit {
		t.Fatalf("%d code points, limit %d", n, limit)
	}
	if n := utf8.RuneCountInString(m.Plain); n > limit {
		t.Fatalf("%d code points in the plain form, limit %d", n, limit)
	}
	if len(m.HTML) > 32_768 {
		t.Fatalf("%d bytes of markup", len(m.HTML))
	}
	if p.entities > 90 {
		t.Fatalf("%d entities", p.entities)
	}
	if strings.TrimSpace(p.text) == "" || strings.TrimSpace(m.Plain) == "" {
		t.Fatal("nothing is said")
	}
	for _, row := range m.Buttons {
		for _, button := range row {
			if button.Text == "" || (button.URL == "") == (button.Data == "") {
				t.Fatalf("odd button %+v", button)
			}
		}
	}
	return p
}

func TestTheFirstSeedIsPostedAsAnEditorWould(t *testing.T) {
	m := inIndia.Single(whatsappOutage(), message.Options{
		Now: october, Category: "প্রযুক্তি", SubscribeURL: "https://t.me/harkara_bot?start=l_tech",
	})
	checked(t, m)
	want := `<b>মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram</b>

গত ৪ অক্টোবর সোমবার রাতে প্রায় ছয় ঘণ্টারও বেশি সময়ের জন্য অকেজো হয়ে পড়েছিল WhatsApp, যা বিশ্বজুড়ে ৩.৫ বিলিয়নেরও বেশি ব্যবহারকারীকে প্রভাবিত করে। হোয়াটসঅ্যাপ অকেজো হয়ে পড়ায় সেদিন প্রায় ৭০ মিলিয়ন ইউজার টেলিগ্রামে যোগ দেন। ফলে এখন বিশ্বজুড়ে ৫০০ মিলিয়ন সক্রিয় ব্যবহারকারীর মাইলস্টোন ছুঁয়ে ফেলল মেসেজিং অ্যাপটি।

প্রযুক্তি · ৫ অক্টোবর, সকাল ১০টা ২০
সূত্র: টেকগাপ`
	if m.HTML != want {
		t.Errorf("got\n%s\nwant\n%s", m.HTML, want)
	}
	if m.Photo != "https://techgup.example/img/zuck.jpg" {
		t.Errorf("photo %q", m.Photo)
	}
	if want := [][]message.Button{
		{{Text: "পুরো খবর পড়ুন", URL: "https://techgup.example/telegram-70-million"}},
		{{Text: "টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন", URL: "https://t.me/harkara_bot?start=l_tech"}},
	}; !slices.EqualFunc(m.Buttons, want, slices.Equal) {
		t.Errorf("buttons %v", m.Buttons)
	}
}

func TestTheSecondSeedIsPostedWithItsYearAndWithoutPicture(t *testing.T) {
	m := inBangladesh.Single(instagramOutage(), message.Options{Now: october.AddDate(1, 0, 0), Category: "প্রযুক্তি"})
	checked(t, m)
	want := `<b>বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা</b>

ভারতীয় সময় রাত ১০ টা ৫০ নাগাদ আচমকাই হোয়াটসঅ্যাপে মেসেজ যাওয়া বন্ধ হয়ে যায়। থমকে যায় ইনস্টাগ্রাম পরিষেবাও। যদিও শুক্রবার ভারতীয় সময় রাত ১১ টা ৪০ নাগাদ দেখা যায়, হোয়াটসঅ্যাপের পরিষেবা আবার স্বাভাবিক হয়ে গিয়েছে।

প্রযুক্তি · ২০ মার্চ ২০২১, রাত ১২টা ৩৫
সূত্র: এবিপি আনন্দ`
	if m.HTML != want {
		t.Errorf("got\n%s\nwant\n%s", m.HTML, want)
	}
	if m.Photo != "" || len(m.Buttons) != 1 {
		t.Errorf("photo %q, buttons %v", m.Photo, m.Buttons)
	}
}

func TestMentionsStandLinkedAtTheEnd(t *testing.T) {
	one := inIndia.Single(whatsappOutage(), message.Options{Now: october, Mentions: []store.Article{instagramOutage()}})
	checked(t, one)
	if want := "\n\nআগের খবরটি না পেয়ে থাকলে: <a href=\"https://abp.example/whatsapp?a=1&amp;b=2\">বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা</a>"; !strings.HasSuffix(one.HTML, want) {
		t.Errorf("got %s", one.HTML)
	}
	many := inIndia.Single(whatsappOutage(), message.Options{Now: october, Mentions: slices.Repeat([]store.Article{instagramOutage()}, 5)})
	if p := checked(t, many); len(p.links) != message.MaxMentions || !strings.Contains(p.text, "আগের খবরগুলো না পেয়ে থাকলে:\n• ") {
		t.Errorf("got %s", many.HTML)
	}
}

func TestAnUpdatedArticleIsMarkedAndARetractedOneStruckOut(t *testing.T) {
	updated := inIndia.Single(whatsappOutage(), message.Options{Now: october, Category: "প্রযুক্তি", Updated: true})
	if !strings.Contains(checked(t, updated).text, "প্রযুক্তি · ৫ অক্টোবর, সকাল ১০টা ২০ · হালনাগাদ") {
		t.Errorf("got %s", updated.HTML)
	}
	a := whatsappOutage()
	a.Retracted = true
	retracted := inIndia.Single(a, message.Options{Now: october, Updated: true})
	checked(t, retracted)
	want := `<b>প্রত্যাহৃত</b>
<s>মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram</s>

প্রকাশক এই খবরটি প্রত্যাহার করেছেন।

৫ অক্টোবর, সকাল ১০টা ২০
সূত্র: টেকগাপ`
	if retracted.HTML != want || retracted.Photo != "" || len(retracted.Buttons) != 0 {
		t.Errorf("got %+v", retracted)
	}
}

func TestARetractedArticleIsStruckOutInAListAndADigest(t *testing.T) {
	bad := instagramOutage()
	bad.Retracted = true
	o := message.Options{Now: october}
	m, printed := inIndia.ListOf([]store.Article{whatsappOutage(), bad}, o)
	checked(t, m)
	want := "• প্রত্যাহৃত · <s>বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা</s>"
	if !strings.HasSuffix(m.HTML, want) || len(printed) != 2 {
		t.Errorf("got %s", m.HTML)
	}
	digest, _ := inIndia.DigestOf([]message.Group{{Articles: []store.Article{bad}}}, o)
	if !strings.HasSuffix(digest.HTML, want) {
		t.Errorf("got %s", digest.HTML)
	}
}

func TestAFoldedListIsAQuotation(t *testing.T) {
	m, _ := inIndia.ListOf([]store.Article{whatsappOutage(), instagramOutage()}, message.Options{Now: october, Heading: "আগের খবর", Folded: true})
	checked(t, m)
	if !strings.HasPrefix(m.HTML, "<b>আগের খবর</b>\n<blockquote expandable>• <a href=") || !strings.HasSuffix(m.HTML, "</blockquote>") || strings.Count(m.HTML, "\n") != 2 {
		t.Errorf("got %s", m.HTML)
	}
}

func TestTheRestOfAListIsBehindAButtonOrElseALine(t *testing.T) {
	const address = "https://t.me/harkara_bot?start=p_1_2"
	for _, o := range []message.Options{{RestURL: address}, {Rest: "r.1.2"}, {RestURL: address, Form: store.Form{NoButtons: true}}} {
		m, printed := inIndia.ListOf(backlog(100), o)
		checked(t, m)
		rest := inIndia.Number(int64(100 - len(printed)))
		button := message.Button{Text: "বাকি " + rest + "টি খবর দেখুন", URL: o.RestURL, Data: o.Rest}
		line := `<a href="` + address + `">আরও ` + rest + `টি খবর আছে।</a>`
		if o.Form.NoButtons && (len(m.Buttons) != 0 || !strings.HasSuffix(m.HTML, line)) || !o.Form.NoButtons && m.Buttons[0][0] != button {
			t.Errorf("with %+v the list has %v and ends %q", o, m.Buttons, m.HTML[len(m.HTML)-200:])
		}
	}
}

func TestACaptionLosesWholeSentencesBeforeItIsCut(t *testing.T) {
	a := whatsappOutage()
	a.Summary = slices.Repeat([]string{strings.Repeat("শব্দ ", 60) + "শেষ।"}, 5)
	for _, o := range []message.Options{{Now: october}, {Now: october, NoPhoto: true, Caption: true}} {
		p := checked(t, inIndia.Single(a, o))
		if n := strings.Count(p.text, "শেষ।"); n != 2 || strings.Contains(p.text, "…") {
			t.Errorf("%d sentences in %s", n, p.text)
		}
	}
	text := inIndia.Single(a, message.Options{Now: october, NoPhoto: true})
	if n := strings.Count(checked(t, text).text, "শেষ।"); n != 3 || text.Photo != "" {
		t.Errorf("%d sentences as text", n)
	}
	a.Summary = []string{strings.Repeat("শব্দ ", 12_000)}
	if p := checked(t, inIndia.Single(a, message.Options{Now: october})); !strings.Contains(p.text, "শব্দ…") {
		t.Errorf("got %s", p.text)
	}
}

// oddities are what feeds and strangers have been seen to write, and worse.
var oddities = map[string]func(*store.Article){
	"markup in the headline":  func(a *store.Article) { a.Headline = `<b>দাম & কর</i> <script>"x"</script> &lt; &#x41;` },
	"four hundred emoji":      func(a *store.Article) { a.Headline = strings.Repeat("👩‍👩‍👧‍👦", 400) },
	"direction marks":         func(a *store.Article) { a.Headline = "\u202eখবর\u2066 abc\u200f" },
	"only invisible":          func(a *store.Article) { a.Headline = "\u200b\u200d\u2060\u3164"; a.Title = "" },
	"no headline at all":      func(a *store.Article) { a.Headline, a.Title, a.Summary, a.Text = "", "", nil, "" },
	"no summary":              func(a *store.Article) { a.Summary = nil },
	"a huge summary":          func(a *store.Article) { a.Summary = []string{strings.Repeat("ক", 60_000)} },
	"a huge headline":         func(a *store.Article) { a.Headline = strings.Repeat("ক্ষ্ম", 20_000) },
	"one endless akshara":     func(a *store.Article) { a.Headline = "ক" + strings.Repeat("\u0981", 20_000) },
	"a huge address":          func(a *store.Article) { a.URL = "https://e.com/" + strings.Repeat("x", 60_000) },
	"no address":              func(a *store.Article) { a.URL = "" },
	"a dangerous address":     func(a *store.Article) { a.URL = "javascript:alert(1)" },
	"an address without dot":  func(a *store.Article) { a.URL = "http://localhost/x" },
	"an address with quotes":  func(a *store.Article) { a.URL = `https://e.com/a"b?c="d"&<e>=খবর` },
	"an address with control": func(a *store.Article) { a.URL = "https://e.com/\x00\n" },
	"a Bengali host":          func(a *store.Article) { a.URL = "https://খবর.বাংলা/দেশ" },
	"a picture without dot":   func(a *store.Article) { a.Image = "AgACAgUAAxkBAAI" },
	"broken UTF-8":            func(a *store.Article) { a.Headline, a.Source = "\xff\xfe", "\xc3" },
	"a huge source":           func(a *store.Article) { a.Source = strings.Repeat("সূত্র & ", 900) },
	"no times":                func(a *store.Article) { a.Published, a.FirstSeen = time.Time{}, time.Time{} },
	"line breaks":             func(a *store.Article) { a.Headline = "এক\n\n\nদুই\u2028তিন" },
}

func TestOddArticlesMakeGoodMessages(t *testing.T) {
	for name, change := range oddities {
		t.Run(name, func(t *testing.T) {
			a := whatsappOutage()
			change(&a)
			for _, o := range []message.Options{{}, {Now: october, Category: "<&>", Mentions: []store.Article{a, a}, SubscribeURL: a.URL}} {
				p := checked(t, inIndia.Single(a, o))
				if len(p.bold) != 1 {
					t.Errorf("bold: %q", p.bold)
				}
				for _, r := range p.text {
					if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
						t.Errorf("%U is left", r)
					}
				}
				list, _ := inIndia.ListOf(slices.Repeat([]store.Article{a}, 100), o)
				checked(t, list)
				digest, _ := inIndia.DigestOf([]message.Group{{Name: "<&>", Articles: slices.Repeat([]store.Article{a}, 100)}}, o)
				checked(t, digest)
				checked(t, inIndia.WelcomeOf([]string{a.Headline}, []store.Article{a}, o))
			}
		})
	}
}

func TestAnAddressIsMadeSafe(t *testing.T) {
	for address, want := range map[string]string{
		`https://e.com/a"b?c="d"&<e>=খ`:         `https://e.com/a%22b?c=%22d%22&%3Ce%3E=%E0%A6%96`,
		"https://খবর.বাংলা/দেশ":                 "https://xn--q5b8bm.xn--54b7fta0cc/%E0%A6%A6%E0%A7%87%E0%A6%B6",
		" http://127.0.0.1:8081/x?a=1&b=%20#c ": "http://127.0.0.1:8081/x?a=1&b=%20#c",
		"HTTPS://E.com":                         "https://e.com",
		"ftp://e.com/":                          "", "e.com": "", "//e.com/x": "", "https://user:pw@e.com/": "", "https://e/": "", "mailto:a@e.com": "", "": "",
	} {
		a := store.Article{Headline: "খবর", URL: address}
		m := inIndia.Single(a, message.Options{})
		got := ""
		if len(m.Buttons) > 0 {
			got = m.Buttons[0][0].URL
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}

func TestASummaryThatOnlyRepeatsTheHeadlineIsLeftOut(t *testing.T) {
	a := instagramOutage()
	a.Summary = []string{a.Headline + "।"}
	if p := checked(t, inIndia.Single(a, message.Options{Now: october})); strings.Count(p.text, a.Headline) != 1 {
		t.Errorf("got %s", p.text)
	}
}

func TestAListNamesHeadlinesWithLinksAndSmallTimes(t *testing.T) {
	articles := []store.Article{instagramOutage(), whatsappOutage()}
	message.NewestFirst(articles)
	m, printed := inIndia.ListOf(articles, message.Options{Now: october})
	checked(t, m)
	want := `<b>নতুন ২টি খবর</b>

• <a href="https://techgup.example/telegram-70-million">মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram</a> · সকাল ১০টা ২০

• <a href="https://abp.example/whatsapp?a=1&amp;b=2">বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা</a> · ২০ মার্চ, রাত ১২টা ৫`
	if m.HTML != want {
		t.Errorf("got\n%s\nwant\n%s", m.HTML, want)
	}
	if !slices.Equal(printed, []int64{1, 2}) {
		t.Errorf("printed %v", printed)
	}
	if !strings.Contains(m.Plain, "(https://abp.example/whatsapp?a=1&b=2)") {
		t.Errorf("the plain form has lost the address: %s", m.Plain)
	}
}

// backlog makes n different articles, the newest first.
func backlog(n int) []store.Article {
	articles := make([]store.Article, n)
	for i := range articles {
		articles[i] = store.Article{
			ID: int64(1000 + i), Headline: fmt.Sprintf("খবর নম্বর %d: নদীর জল বাড়ছে, উপকূলে সতর্কতা জারি", i),
			URL: fmt.Sprintf("https://e.com/%d", i), Published: october.Add(-time.Duration(i) * time.Minute),
		}
	}
	return articles
}

func TestALongListSaysHowMuchIsLeft(t *testing.T) {
	articles := backlog(300)
	m, printed := inIndia.ListOf(articles, message.Options{Now: october})
	p := checked(t, m)
	if len(printed) < 30 || len(printed) > 80 || len(p.links) != len(printed) {
		t.Errorf("%d printed, %d links", len(printed), len(p.links))
	}
	for i, id := range printed {
		if id != articles[i].ID {
			t.Fatalf("number %d printed is %d", i, id)
		}
	}
	if want := "\n\nআরও " + inIndia.Number(int64(300-len(printed))) + "টি খবর আছে।"; !strings.HasSuffix(p.text, want) {
		t.Errorf("got …%s", p.text[len(p.text)-200:])
	}
	m, printed = inIndia.ListOf(articles, message.Options{Now: october, Rest: "rest:7"})
	p = checked(t, m)
	want := message.Button{Text: "বাকি " + inIndia.Number(int64(300-len(printed))) + "টি খবর দেখুন", Data: "rest:7"}
	if len(m.Buttons) != 1 || m.Buttons[0][0] != want || strings.Contains(p.text, "টি খবর আছে") {
		t.Errorf("buttons %v", m.Buttons)
	}
	if m, _ := inIndia.ListOf(articles[:3], message.Options{Now: october, Rest: "rest:7"}); len(m.Buttons) != 0 {
		t.Errorf("a short list has a button for nothing: %v", m.Buttons)
	}
}

func TestADigestGoesByCategoryUnderTheNameOfItsHour(t *testing.T) {
	shared := backlog(4)
	m, printed := inIndia.DigestOf([]message.Group{
		{Name: "প্রযুক্তি", Articles: shared[:2]},
		{Name: "খেলা"},
		{Name: "দেশ & দশ", Articles: shared[1:3]},
	}, message.Options{Now: at(kolkata, "2021-10-05 08:00"), Era: true})
	checked(t, m)
	want := `<b>সকালের খবর — ৫ অক্টোবর ২০২১, মঙ্গলবার</b>
১৮ আশ্বিন ১৪২৮ বঙ্গাব্দ

<b>প্রযুক্তি</b>
• <a href="https://e.com/0">খবর নম্বর 0: নদীর জল বাড়ছে, উপকূলে সতর্কতা জারি</a> · সকাল ১০টা ৩০
• <a href="https://e.com/1">খবর নম্বর 1: নদীর জল বাড়ছে, উপকূলে সতর্কতা জারি</a> · সকাল ১০টা ২৯

<b>দেশ &amp; দশ</b>
• <a href="https://e.com/2">খবর নম্বর 2: নদীর জল বাড়ছে, উপকূলে সতর্কতা জারি</a> · সকাল ১০টা ২৮`
	if m.HTML != want {
		t.Errorf("got\n%s\nwant\n%s", m.HTML, want)
	}
	if !slices.Equal(printed, []int64{1000, 1001, 1002}) {
		t.Errorf("printed %v", printed)
	}
}

func TestInAFullDigestEachCategoryHasItsTurn(t *testing.T) {
	articles := backlog(200)
	m, printed := inIndia.DigestOf([]message.Group{
		{Name: "প্রযুক্তি", Articles: articles[:150]}, {Name: "খেলা", Articles: articles[150:190]}, {Name: "দেশ", Articles: articles[190:]},
	}, message.Options{Now: october})
	p := checked(t, m)
	count := func(from, to int) (n int) {
		for _, id := range printed {
			if id >= int64(1000+from) && id < int64(1000+to) {
				n++
			}
		}
		return n
	}
	tech, sport, country := count(0, 150), count(150, 190), count(190, 200)
	if country != 10 || sport < 15 || tech < sport || tech > sport+1 || len(p.links) != tech+sport+country {
		t.Errorf("printed %d, %d and %d", tech, sport, country)
	}
}

func TestADigestOfNothingSaysSo(t *testing.T) {
	m, printed := inIndia.DigestOf([]message.Group{{Name: "খেলা"}}, message.Options{Now: october})
	if m.HTML != "এই সময়ে আপনার বিষয়গুলোতে নতুন কোনও খবর নেই।" || printed != nil {
		t.Errorf("got %+v, %v", m, printed)
	}
}

func TestAWelcomeNamesWhatIsFollowedAndTheLatestHeadline(t *testing.T) {
	rows := [][]message.Button{{{Text: inIndia.Text(message.TopicsButton), Data: "topics"}}}
	m := inIndia.WelcomeOf([]string{"প্রযুক্তি", "খেলা"}, []store.Article{whatsappOutage()}, message.Options{Now: october, Buttons: rows})
	checked(t, m)
	want := `স্বাগতম! পছন্দের বিষয়ের বাংলা খবর এখানে শিরোনাম আর দু–তিন বাক্যের সারাংশসহ পাবেন।

এখন থেকে পাবেন: প্রযুক্তি, খেলা। শুধু পছন্দের বিষয় রাখতে চাইলে নিচ থেকে বেছে নিন।

সর্বশেষ খবর:
• <a href="https://techgup.example/telegram-70-million">মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram</a> · সকাল ১০টা ২০`
	if m.HTML != want || len(m.Buttons) != 1 {
		t.Errorf("got\n%s\nwant\n%s", m.HTML, want)
	}
	all := inEnglish.WelcomeOf(nil, nil, message.Options{Now: october})
	if want := "Welcome! Here you get Bengali news on the topics you like, each with a headline and a summary of two or three sentences.\n\nFrom now on you get news on all topics. To keep only the topics you like, choose below."; all.HTML != want {
		t.Errorf("got %s", all.HTML)
	}
}

func TestTheSnippetIsEscapedAndCanBeSentForCopying(t *testing.T) {
	address := "https://t.me/harkara_bot?start=l_tech&x=\"><script>"
	snippet := inIndia.Snippet(address)
	want := `<p lang="bn"><a href="https://t.me/harkara_bot?start=l_tech&amp;x=&quot;&gt;&lt;script&gt;" target="_blank" rel="noopener">টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন</a></p>`
	if snippet != want {
		t.Errorf("got %s", snippet)
	}
	m := inIndia.Say(message.LinkMade, "topic", "প্রযুক্তি", "url", message.Whole(address), "snippet", message.Whole(snippet))
	if p := checked(t, m); !strings.Contains(p.text, snippet) {
		t.Errorf("what would be copied is not the snippet: %s", p.text)
	}
}

func FuzzLayoutsAreAlwaysValid(f *testing.F) {
	f.Add("খবর <b>&", "এক বাক্য।", "https://e.com/?a=1&b=\"", "https://e.com/x.jpg", "সূত্র", int64(0), uint8(3))
	f.Add("\u202e\u200d", "\xff", "http://খবর.বাংলা/", "x", "", int64(-1<<40), uint8(200))
	f.Add(strings.Repeat("😀", 400), strings.Repeat("ক", 5000), "https://e.com", "", "<", int64(1<<40), uint8(90))
	f.Fuzz(func(t *testing.T, headline, summary, address, image, source string, unix int64, n uint8) {
		a := store.Article{
			ID: 1, Headline: headline, Summary: strings.SplitAfter(summary, "।"), URL: address, Image: image, Source: source,
			Published: time.Unix(unix%(1<<40), 0),
		}
		o := message.Options{Now: october, Category: source, Heading: headline, SubscribeURL: address, Mentions: slices.Repeat([]store.Article{a}, int(n)%5), Era: true, RestURL: address, Folded: n%2 == 0}
		for _, p := range []message.Printer{inIndia, inEnglish} {
			checked(t, p.Single(a, o))
			many := slices.Repeat([]store.Article{a}, int(n))
			list, printed := p.ListOf(many, o)
			checked(t, list)
			if len(printed) > len(many) || len(many) > 0 && len(printed) == 0 {
				t.Fatalf("%d of %d printed", len(printed), len(many))
			}
			digest, _ := p.DigestOf([]message.Group{{Name: source, Articles: many}, {Articles: []store.Article{{ID: 2, Headline: headline}}}}, o)
			checked(t, digest)
			checked(t, p.WelcomeOf(strings.Fields(headline), many, o))
			checked(t, p.Say(message.SearchNone, "query", headline))
		}
	})
}

func BenchmarkSingle(b *testing.B) {
	a := whatsappOutage()
	o := message.Options{Now: october, Category: "প্রযুক্তি", SubscribeURL: "https://t.me/harkara_bot?start=l_tech"}
	b.ReportAllocs()
	for b.Loop() {
		inIndia.Single(a, o)
	}
}

func BenchmarkListOfFifty(b *testing.B) {
	articles := backlog(50)
	b.ReportAllocs()
	for b.Loop() {
		inIndia.ListOf(articles, message.Options{Now: october})
	}
}
