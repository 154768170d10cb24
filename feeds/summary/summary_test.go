package summary_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
)

func of(headline string, budget int, paragraphs ...string) []string {
	return summary.Of(headline, bengali.Clean(paragraphs), budget)
}

func TestWhatOnlyRepeatsTheHeadlineIsNoSummary(t *testing.T) {
	const headline = "শ্রীলঙ্কাকে ৩ উইকেটে হারাল বাংলাদেশ"
	for _, text := range []string{
		headline, headline + "।", "[খেলা] " + headline, "[খেলা] " + headline + "।", "শ্রীলঙ্কাকে ৩ উইকেটে হারাল বাংলাদেশ!", "",
		"   ", "No description available", "বিস্তারিত…",
	} {
		if got := of(headline, 0, text); got != nil {
			t.Errorf("%q gave %q", text, got)
		}
	}
}

func TestASummaryTakesNothingThatARuleWantedToCut(t *testing.T) {
	news := "কলকাতার তাপমাত্রা বৃহস্পতিবার নামল ১১.২ ডিগ্রি সেলসিয়াসে, গত পাঁচ বছরে জানুয়ারিতে এত ঠান্ডা পড়েনি, বাড়ছে কুয়াশা, কমছে রোদ, উত্তুরে হাওয়ায় কাঁপছে শহর, জানিয়েছে আবহাওয়া দফতর।"
	article := bengali.Clean([]string{
		news, "আরও পড়ুন: শীতে চিড়িয়াখানায় উপচে পড়া ভিড়, টিকিটের লাইন রাস্তা পর্যন্ত", "আমাদের হোয়াটসঅ্যাপ চ্যানেল ফলো করুন।",
		"Disclaimer: এই প্রতিবেদনে তাপমাত্রার যে তথ্য দেওয়া হয়েছে, তা আবহাওয়া দফতরের, আমরা তার দায় নিই না।",
	})
	if !article.Overcut {
		t.Fatal("the rules do not want too much")
	}
	if got := summary.Of("কলকাতায় নামল পারদ", article, 0); !slices.Equal(got, []string{bengali.Normalize(news)}) {
		t.Errorf("%q", got)
	}
}

func TestTooLittleTextGivesTheBestSentenceOrNone(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"দিল্লিতে সোমবারের ম্যাচে ৫৩ বল হাতে রেখেই লক্ষ্য ছুঁয়ে ফেলে তারা।", []string{"দিল্লিতে সোমবারের ম্যাচে ৫৩ বল হাতে রেখেই লক্ষ্য ছুঁয়ে ফেলে তারা।"}},
		{"দিল্লিতে সোমবারের ম্যাচে ৫৩ বল হাতে রেখেই লক্ষ্য ছুঁয়ে ফে...", nil},
		{"দিল্লিতে ৫৩ বল হাতে রেখেই লক্ষ্য ছুঁয়ে ফেলে তারা। ম্যাচসেরা হয়েছেন সাকি…", []string{"দিল্লিতে ৫৩ বল হাতে রেখেই লক্ষ্য ছুঁয়ে ফেলে তারা।"}},
		{"Bangladesh beat Sri Lanka by three wickets in Delhi on Monday.", nil},
		{"১ ২ ৩ ৪ ৫ ৬ ৭ ৮", nil},
	} {
		got := of("শ্রীলঙ্কাকে হারাল বাংলাদেশ", 0, c.text)
		for i := range c.want {
			c.want[i] = bengali.Normalize(c.want[i])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\ngave %q\nwant %q", c.text, got, c.want)
		}
	}
}

func TestTheMidstOfAQuotationOverSeveralLinesIsNoSentenceOfThePaper(t *testing.T) {
	const lead, end = "নদীর ধারে বাড়ি তোলা নিষিদ্ধ করল পুরসভা।", "বর্ষার আগে ৪২টি বাড়ি ভাঙার নোটিস দেওয়া হয়েছে, ক্ষতিপূরণ মিলবে ২ লক্ষ টাকা।"
	const midst = "নদীর ধারে যে ৪২টি বাড়ি উঠেছে, বর্ষার আগে পুরসভা তা ভাঙবে।"
	for _, quotation := range [][]string{
		{"মেয়র বলেন, “আর কোনো বাড়ি উঠবে না।", midst, "কাউকে ছাড় দেওয়া হবে না।”"},
		{"মেয়র বলেন, ‘আর দু’টি বাড়িও উঠবে না।", midst, "ছ’জনকেও ছাড় দেওয়া হবে না।’"},
		{"মেয়র বলেন, \"আর কোনো বাড়ি উঠবে না।", midst, "কাউকে ছাড় দেওয়া হবে না।\""},
		{"মেয়র বলেন, “আর কোনো বাড়ি উঠবে না। " + midst, "“কাউকে ছাড় দেওয়া হবে না।”"},
	} {
		text := slices.Concat([]string{lead}, quotation, []string{end})
		for budget := 60; budget <= 400; budget += 20 {
			if got := of("নদীর ধারে বাড়ি তোলা নিষিদ্ধ", budget, text...); slices.Contains(got, bengali.Normalize(midst)) {
				t.Errorf("%q at %d: %q", quotation[0], budget, got)
			}
		}
	}
	// A mark that nothing closes opens no quotation.
	if got := of("নদীর ধারে বাড়ি তোলা নিষিদ্ধ", 400, lead, "মেয়র বলেন, “আর কোনো বাড়ি উঠবে না।", midst, end); !slices.Contains(got, bengali.Normalize(midst)) {
		t.Errorf("%q", got)
	}
}

func TestAQuotationOfSeveralSentencesComesWholeOrNotAtAll(t *testing.T) {
	const quotation = `মেয়র বলেন, “নদীর ধারে আর কোনো বাড়ি উঠবে না। যে বাড়ি উঠেছে, বর্ষার আগে তা ভাঙা হবে।”`
	text := []string{"নদীর ধারে বাড়ি তোলা নিষিদ্ধ করল পুরসভা। " + quotation + " বর্ষার আগে ৪২টি বাড়ি ভাঙার তালিকা হয়েছে।"}
	whole, half := false, bengali.Normalize("যে বাড়ি উঠেছে, বর্ষার আগে তা ভাঙা হবে।”")
	for budget := 20; budget < 400; budget++ {
		for _, s := range of("নদীর ধারে বাড়ি তোলা নিষিদ্ধ", budget, text...) {
			if strings.Contains(s, half) && s != bengali.Normalize(quotation) {
				t.Fatalf("budget %d: half a quotation: %s", budget, s)
			}
			whole = whole || s == bengali.Normalize(quotation)
		}
	}
	if !whole {
		t.Error("the quotation was never chosen, however much room there was")
	}
}

func TestAStandfirstIsTakenFirst(t *testing.T) {
	got := of("হাওড়ায় ট্রেনে আগুন", 0,
		"হাওড়া স্টেশনে একটি লোকাল ট্রেনের কামরায় আগুন লাগে। কেউ হতাহত হননি।",
		"কলকাতা: শুক্রবার সন্ধ্যায় হাওড়া স্টেশনের ১২ নম্বর প্ল্যাটফর্মে ট্রেনটি দাঁড়িয়ে ছিল। দমকলের চারটি ইঞ্জিন আধ ঘণ্টার চেষ্টায় আগুন নেভায়।")
	if len(got) < 2 || got[0] != bengali.Normalize("হাওড়া স্টেশনে একটি লোকাল ট্রেনের কামরায় আগুন লাগে।") || got[1] != bengali.Normalize("কেউ হতাহত হননি।") {
		t.Errorf("%q", got)
	}
}

func TestASoftLeadGivesWayToTheNews(t *testing.T) {
	for _, soft := range []string{"কথায় আছে, যেখানে বাঘের ভয় সেখানেই সন্ধে হয়।", "ভোরের আলো তখনও ফোটেনি।", "এমনও কি হয়?"} {
		got := of("সুন্দরবনে বাঘের হানায় মৎস্যজীবীর মৃত্যু", 0,
			soft+" শুক্রবার ভোরে সুন্দরবনের পীরখালি জঙ্গলে বাঘের হানায় এক মৎস্যজীবীর মৃত্যু হয়েছে। মৃতের নাম রতন সর্দার (৪৫)। তিন সঙ্গীর সঙ্গে কাঁকড়া ধরতে গিয়েছিলেন তিনি। বন দফতর জানিয়েছে, তাঁদের জঙ্গলে ঢোকার অনুমতি ছিল।")
		if len(got) == 0 || slices.Contains(got, bengali.Normalize(soft)) || !strings.HasPrefix(got[0], "শুক্রবার ভোরে") {
			t.Errorf("%s gave %q", soft, got)
		}
	}
}

func TestAShortSceneGivesWayToTheNewsBehindIt(t *testing.T) {
	got := of("শেষ বলে ছক্কা, চ্যাম্পিয়ন নবীন সঙ্ঘ", 0,
		"শেষ বলে দরকার ছিল চার রান। ছক্কা মেরে নবীন সঙ্ঘকে জেলা লিগে চ্যাম্পিয়ন করলেন অধিনায়ক রাজু দাস। আগে ব্যাট করে মিলন সঙ্ঘ তুলেছিল ৬ উইকেটে ১৪৩ রান। ২৯ বলে ৪৭ রান করে ম্যাচের সেরা হয়েছেন রাজু।")
	if len(got) == 0 || !slices.Contains(got, bengali.Normalize("ছক্কা মেরে নবীন সঙ্ঘকে জেলা লিগে চ্যাম্পিয়ন করলেন অধিনায়ক রাজু দাস।")) {
		t.Errorf("%q", got)
	}
}

func TestALeadThatSaysMoreThanTheHeadlineIsKept(t *testing.T) {
	got := of("তুষারঝড়ে আটকে দু’দিন, নেপালের পাহাড়ি পথ থেকে ৬২ জন পর্যটক উদ্ধার", 0,
		"তুষারঝড়ে দু’দিন আটকে থাকার পর নেপালের মুস্তাং জেলার এক পাহাড়ি পথ থেকে ৬২ জন পর্যটককে উদ্ধার করা হয়েছে। তাঁদের মধ্যে ৯ জন পশ্চিমবঙ্গের বাসিন্দা। শনিবার ভোরে আকাশ পরিষ্কার হলে হেলিকপ্টারে উদ্ধারের কাজ শুরু হয়।")
	if len(got) == 0 || !strings.Contains(got[0], "মুস্তাং") {
		t.Errorf("%q", got)
	}
}

func TestAPronounIsNotSentWithoutWhatItStandsFor(t *testing.T) {
	text := "শহরের তিনটি সেতু সংস্কারের জন্য ১২০ কোটি টাকা বরাদ্দ করেছে রাজ্য সরকার। পূর্তমন্ত্রী অরূপ দাস মঙ্গলবার বিধানসভায় বরাদ্দের কথা জানিয়ে বলেন, কাজ শুরু হবে জানুয়ারিতে। তিনি জানান, সংস্কারের সময় সেতুগুলি রাতে বন্ধ থাকবে। প্রতিটি সেতুর জন্য আলাদা দরপত্র ডাকা হয়েছে।"
	sentences := bengali.Sentences(text)
	for budget := 100; budget <= 330; budget += 10 {
		got := of("তিন সেতু সংস্কারে ১২০ কোটি", budget, text)
		if slices.Contains(got, sentences[2].Text) && !slices.Contains(got, sentences[1].Text) {
			t.Errorf("budget %d: %q", budget, got)
		}
	}
}

func TestAnApostropheIsNoQuotationMark(t *testing.T) {
	const text = "জেলার দু’টি স্কুলের পাঁচ’শো ছাত্র ‘সবুজ সাথী’র দু’চাকা পেয়েছে বৃহস্পতিবার।"
	if got := of("সাইকেল পেল পড়ুয়ারা", 0, text); len(got) != 1 || got[0] != bengali.Normalize(text) {
		t.Errorf("%q", got)
	}
}

func TestABrokenQuotationIsNotSent(t *testing.T) {
	for _, text := range []string{
		"মন্ত্রী বলেন, “সেতুর কাজ আগামী বছরের জুনের মধ্যে শেষ হবে।", "সেতুর কাজ জুনের মধ্যে শেষ হবে (দৈর্ঘ্য ৪.২ কিলোমিটার।", `সেতুর কাজ "আগামী বছরের জুনের মধ্যে শেষ হবে বলে মন্ত্রী জানান।`,
	} {
		if got := of("সেতুর খবর", 0, text); got != nil {
			t.Errorf("%s gave %q", text, got)
		}
	}
}

func TestALongArticleIsReadToItsEndAndInBoundedTime(t *testing.T) {
	var paragraphs []string
	for i := range 3000 {
		paragraphs = append(paragraphs, fmt.Sprintf("প্রস্তাব নম্বর %d নিয়ে সভায় আলোচনা করেন সদস্যেরা। খরচ ধরা হয়েছে %d কোটি টাকা।", i, i*3+1))
	}
	article := bengali.Clean(paragraphs)
	got := summary.Of("সভায় প্রস্তাব", article, 0)
	checkPromises(t, "long", article, got, summary.Budget)
	if len(got) == 0 {
		t.Error("nothing chosen")
	}
}

func TestOneEndlessSentenceCostsLittleAndGivesNothing(t *testing.T) {
	endless := strings.Repeat("প্রস্তাব সভায় আলোচনা ", 20_000) + "।"
	for _, budget := range []int{0, 1000, 1 << 62} {
		if got := summary.Of("সভায় প্রস্তাব", bengali.Cleaned{Paragraphs: []string{bengali.Normalize(endless)}}, budget); got != nil {
			t.Errorf("budget %d: %d sentences", budget, len(got))
		}
	}
}

func FuzzSummariesKeepTheirPromises(f *testing.F) {
	for _, r := range readGold(f) {
		f.Add(r.Title, strings.Join(r.Paragraphs, "\n"), summary.Budget)
	}
	f.Add("শিরোনাম", "“ক। খ।” (গ। ঘ) ‘ঙ’ দু’জন... চ? ছ! \u200d\u200c\u09bc", 5)
	f.Add("", strings.Repeat("ক", 5000), -1)
	f.Add("x", strings.Repeat("ক ", 3000)+"।", 100000)
	f.Fuzz(func(t *testing.T, headline, text string, budget int) {
		article := bengali.Clean(strings.Split(text, "\n"))
		got := summary.Of(headline, article, budget)
		if budget <= 0 {
			budget = summary.Budget
		}
		budget = min(budget, summary.MaxBudget)
		checkPromises(t, "fuzz", article, got, budget)
		title := summary.Headline(headline)
		if title.NotNews == summary.ReasonNone && title.Text == "" {
			t.Errorf("%q: news without a headline", headline)
		}
		if again := summary.Headline(title.Text); again.Text != title.Text && title.NotNews == summary.ReasonNone {
			t.Errorf("%q cleaned is %q, cleaned again %q", headline, title.Text, again.Text)
		}
	})
}

// fiveKilobytes is an article of that size, of the gold set's sentences.
func fiveKilobytes(b *testing.B) (string, []string) {
	var paragraphs []string
	size := 0
	for _, r := range readGold(b) {
		for _, p := range r.Paragraphs {
			if size += len(p); size > 5000 {
				return r.Title, paragraphs
			}
			paragraphs = append(paragraphs, p)
		}
	}
	b.Fatal("too little gold")
	return "", nil
}

func BenchmarkNormaliseCleanAndSummarise5kB(b *testing.B) {
	title, paragraphs := fiveKilobytes(b)
	b.ReportAllocs()
	for b.Loop() {
		summary.Of(summary.Headline(title).Text, bengali.Clean(paragraphs), 0)
	}
}

func BenchmarkOf5kB(b *testing.B) {
	title, paragraphs := fiveKilobytes(b)
	article := bengali.Clean(paragraphs)
	b.ReportAllocs()
	for b.Loop() {
		summary.Of(title, article, 0)
	}
}

func BenchmarkOfGrowing(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprintf("%d sentences", n), func(b *testing.B) {
			var text strings.Builder
			for i := range n {
				fmt.Fprintf(&text, "প্রস্তাব নম্বর %d নিয়ে সভায় আলোচনা করেন %d জন সদস্য। ", i, i%17)
			}
			article := bengali.Cleaned{Paragraphs: []string{bengali.Normalize(text.String())}}
			b.ReportAllocs()
			for b.Loop() {
				summary.Of("সভায় প্রস্তাব", article, 0)
			}
		})
	}
}

func BenchmarkHeadline(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		summary.Headline("মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram | Bangla News")
	}
}
