package bengali_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harkara/harkara/feeds/bengali"
)

// sentenceCases hold texts with ¦ where a sentence must end.
var sentenceCases = []string{
	"মো. রহিম ও ড. করিম এলেন। ¦ তাঁরা বললেন, দাম ৩.৫ কোটি টাকা।",
	"এ. কে. আজাদ বলেন, ভালো। ¦ এম এ. হান্নানও ছিলেন।",
	"“আমি যাব।” ¦ তিনি বলেন।",
	"তিনি বলেন, ‘এটা কি ঠিক?’ শীর্ষক আলোচনায় সবাই ছিলেন।",
	"এত মানসিক সমস্যা কেন?’—কিশোরী মেয়ের প্রতি বাবা",
	"এবিসি লি. ও এক্সওয়াইজেড প্রা. লি. চুক্তি করেছে। ¦ ৫ খ্রি. পূর্বের কথা।",
	"১. প্রথম দাবি মানতে হবে। ¦ ২. দ্বিতীয় দাবি।",
	"সে গেল... আর ফিরল না। ¦ কেন?! ¦ কে জানে!",
	"হাসিমুখে ৷ ¦ নাজমুল হাসান এলেন৷ ¦ সবাই খুশি৷",
	"ইসলাম শান্তির ধর্ম| ¦ আল্লাহ এক|",
	"মহানবী (সা.) বলেছেন, সত্য বলো। ¦ হজরত উমর (রা.) ছিলেন খলিফা।",
	"Facebook Inc. said so. ¦ The outage ended at 11.40 p.m. on Friday. ¦ হোয়াটসঅ্যাপ চালু হয়।",
	"বিস্তারিত www.example.com ঠিকানায়।¦ভিডিও দেখুন।",
	"তিনি (কাল এসেছিলেন। আজ গেলেন) বললেন।",
	"শিরোনাম\n¦প্রথম বাক্য।\n\n¦দ্বিতীয় বাক্য।",
	"নাফিসা কামাল (৩৫) মারা গেছেন। ¦ ডা. মিলন, মি. রায় ও মোছা. সালমা জানান।",

	// Titles, initials, ranks
	"অ্যাড. শাহীন ও ইঞ্জি. মোশাররফ এসেছিলেন। ¦ লে. জে. (অব.) হাসান আসেননি।",
	"মো.রহিমের বাড়ি বগুড়া। ¦ সেখানে তিনি থাকেন না।",
	"মোঃ আলী ও ডঃ কামাল বৈঠক করেন। ¦ ফল জানা যায়নি।",
	"আ. ক. ম. মোজাম্মেল হক বলেন, কাজ শেষ। ¦ তিনি সন্তুষ্ট।",
	"Dr. Smith and Mr. Jones met. ¦ They agreed.",
	"J. K. Rowling লিখেছেন বইটি। ¦ দাম ৫০০ টাকা।",
	"The U.S. president spoke. ¦ বাংলাদেশ স্বাগত জানাল।",
	"বি.দ্র. আবেদন ফি অফেরতযোগ্য। ¦ শেষ তারিখ ৫ মে।",
	"দৈর্ঘ্য ৫ কিমি. ও প্রস্থ ৩ কিমি. হবে। ¦ কাজ শুরু হয়েছে।",
	"হযরত আবু হুরায়রা (রা.) থেকে বর্ণিত। ¦ নবীজি (সা.) বলেছেন।",
	// Numbers
	"দাম ২.৫ শতাংশ বেড়েছে। ¦ আগে ছিল ১.২ শতাংশ।",
	"সময় ১০.৩০ মিনিট। ¦ ট্রেন ছাড়বে ১১.০০টায়।",
	"৫. পঞ্চম ধাপ শেষ। ¦ ৬. ষষ্ঠ ধাপ বাকি।",
	"ক. প্রথম প্রশ্ন। ¦ খ. দ্বিতীয় প্রশ্ন।",
	"ভারত ২৫০/৫ তুলেছে। ¦ জবাবে ২০০ রানে অলআউট।",
	"Version 2.0 released on May 5, 2026. ¦ It costs 9.99 dollars.",
	// Addresses
	"ঠিকানা https://example.com/a?b=1&c=2 দেখুন। ¦ ধন্যবাদ।",
	"মেইল করুন info@example.com ঠিকানায়। ¦ উত্তর পাবেন।",
	"ওয়েবসাইট www.bangla.gov.bd থেকে জানুন।",
	// Quotations
	"তিনি বলেন, ‘আমি যাব না।’ ¦ এরপর চলে যান।",
	"তিনি বলেন, ‘আমি যাব না।’, তবে গেছেন।",
	"‘কে সেরা?’ প্রশ্নের জবাবে তিনি হাসেন।",
	"‘জয় বাংলা!’ স্লোগানে মুখর মাঠ।",
	"‘কেন এমন হলো?’ ¦ জবাব মেলেনি।",
	"“দাম কমবে না কেন?” বলে প্রশ্ন তোলেন তিনি।",
	"\"আমি জানি না।\" ¦ বলেই তিনি চুপ করেন।",
	"সে বলল, \"কাল আসব।\" ¦ আর আসেনি।",
	"‘চলো!’—ডাক দিলেন নেতা।",
	"“এটাই শেষ!” - বললেন কোচ।",
	"(তিনি তখন ঢাকায়।) ¦ পরে ফেরেন।",
	"তিনি [হাসতে হাসতে। পরে থেমে] বলেন, না।",
	"তিনি বলেন, 'আমি যাব না।' ¦ এরপর চলে যান।",
	"মুক্তিযুদ্ধ '৭১ সালে। ¦ স্বাধীনতা 'পূর্ণ' হয়। ¦ দু'জন ছিলেন।",
	// Brackets that never close must not swallow the text
	"তিনি (কাল এসেছিলেন। ¦ আজ গেলেন।",
	// Signs
	"সত্যি?? ¦ হ্যাঁ!! ¦ তাই নাকি।",
	"শেষ।। ¦ শুরু।",
	"গেল ।¦এল ।",
	"ভাবছি… কী করি। ¦ দেখি…",
	"কে জানে...? ¦ কেউ না।",
	"আজ বৃষ্টি৷¦কাল রোদ৷",
	"প্রথম লাইন|\n¦দ্বিতীয় লাইন",
	"শ্লোকের শেষ॥ ¦ পরের শ্লোক॥",
	// Mixed languages
	"He said yes. ¦ তিনি রাজি। ¦ Then he left.",
	"The app (v. 2.1) is out. ¦ ব্যবহার করুন।",
	"It cost Rs. five hundred. ¦ টাকা দেওয়া হয়েছে।",
	"কোম্পানি ABC Ltd. জানিয়েছে এ কথা। ¦ শেয়ার বেড়েছে।",
	// Datelines
	"নয়া দিল্লি: প্রথম বাক্য। ¦ দ্বিতীয় বাক্য।",
	"ঢাকা, ৫ অক্টোবর (বাসস) – প্রথম বাক্য। ¦ দ্বিতীয় বাক্য।",
	"কলকাতাঃ প্রথম বাক্য! ¦ দ্বিতীয়?",
}

func TestSentencesEndWhereAnEditorWouldEndThem(t *testing.T) {
	for _, text := range sentenceCases {
		var want []string
		for part := range strings.SplitSeq(text, "¦") {
			want = append(want, strings.TrimSpace(bengali.Normalize(part)))
		}
		var got []string
		for _, sentence := range bengali.Sentences(strings.ReplaceAll(strings.ReplaceAll(text, " ¦", ""), "¦", "")) {
			got = append(got, sentence.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
}

func TestSentencesOfOneQuotationShareItsNumber(t *testing.T) {
	tests := []struct {
		text string
		want []int
	}{
		{"তিনি বলেন, “আমি যাব। কেউ থাকবে না। সব শেষ।” এরপর যান।", []int{1, 1, 1, 0}},
		{"তিনি বলেন, “আমি যাব।” তিনি যান।", []int{0, 0}},
		{"‘ক যাব। খ যাব।’ তারপর। ‘গ যাব। ঘ যাব’ বলেন তিনি। শেষ।", []int{1, 1, 0, 2, 2, 0}},
		{"তিনি বলেন, “আমি যাব। কেউ থাকবে না।", []int{0, 0}},
		{"“ক যাব।\nখ যাব।”", []int{0, 0}},
		{"\"ক যাব। খ যাব।\" শেষ।", []int{1, 1, 0}},
		{"তিনি বলেন, 'আমি যাব। কেউ থাকবে না।' এরপর যান।", []int{1, 1, 0}},
		{"তিনি বলেন, 'দু'জন যাব। কেউ থাকবে না', পরে যান।", []int{1, 1}},
		{"সালটা '৭১। সবাই 'ক গেল। দু'জন থাকল।", []int{0, 0, 0}},
		{"‘ক যাব। খ’ আর ‘গ যাব। ঘ যাব।’ শেষ।", []int{1, 1, 1, 0}},
	}
	for _, test := range tests {
		var got []int
		for _, sentence := range bengali.Sentences(test.text) {
			got = append(got, sentence.Quote)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s\n%s", test.text, diff)
		}
	}
}

func withoutSpace(s string) string { return strings.Join(strings.Fields(s), "") }

func FuzzSentences(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		var all strings.Builder
		for _, sentence := range bengali.Sentences(s) {
			if sentence.Text == "" || strings.TrimSpace(sentence.Text) != sentence.Text || sentence.Quote < 0 {
				t.Errorf("%+v", sentence)
			}
			all.WriteString(sentence.Text)
		}
		if got, want := withoutSpace(all.String()), withoutSpace(bengali.Normalize(s)); got != want {
			t.Errorf("%q came out as %q", want, got)
		}
	})
}

func FuzzClean(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := bengali.Clean([]string{s, s})
		for _, p := range got.Paragraphs {
			if p == "" || p != bengali.Normalize(p) || strings.Contains(p, "\n") {
				t.Errorf("paragraph %+q", p)
			}
		}
		if got.Standfirst > len(got.Paragraphs) {
			t.Errorf("standfirst %d of %d", got.Standfirst, len(got.Paragraphs))
		}
	})
}
