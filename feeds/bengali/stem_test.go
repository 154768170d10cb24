package bengali_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestStemBringsInflectionsTogether(t *testing.T) {
	for stem, forms := range map[string]string{
		"ঢাকা":   "ঢাকার ঢাকায় ঢাকাতে ঢাকাতেও ঢাকাকে ঢাকাও",
		"ভারত":   "ভারতের ভারতে ভারতকে ভারতেও ভারতেরই",
		"বই":     "বইয়ের বইটি বইটির বইগুলো বইগুলোর বইয়ে বইও বইতে",
		"ট্রেন":  "ট্রেনের ট্রেনে ট্রেনটি ট্রেনগুলির",
		"মৃত্যু": "মৃত্যুর মৃত্যুতে মৃত্যুও মৃত্যুকে",
		"বিশ্ববিদ্যালয়": "বিশ্ববিদ্যালয়ের বিশ্ববিদ্যালয়ে বিশ্ববিদ্যালয়টি বিশ্ববিদ্যালয়গুলোতে",
		"ফেসবুক":         "ফেসবুকে ফেসবুকের ফেসবুকও ফেসবুকেও",
		"সরকার":          "সরকারের সরকারকে সরকারও সরকারেরও",
		"শিক্ষার্থী":     "শিক্ষার্থীরা শিক্ষার্থীদের শিক্ষার্থীকে শিক্ষার্থীরাও",
		"মেয়ে":          "মেয়ের মেয়েরা মেয়েদের মেয়েকে মেয়েটি",
		"শিক্ষক":         "শিক্ষকের শিক্ষকেরা শিক্ষকরা শিক্ষকদের",
		"সময়":           "সময়ের সময়ে সময়েই",
		"উপায়":          "উপায়ের উপায়ে",
		"আদালত":          "আদালতে আদালতের আদালতকে",
		"গতি":            "গতির গতিতে",
		"মা":             "মায়ের মাকে",
		"কর":             "করের",
		"ফরিদপুর":        "ফরিদপুরের ফরিদপুরে",
		"উপদেষ্টা":       "উপদেষ্টার উপদেষ্টারা উপদেষ্টাদের",
		"বাংলা":          "বাংলার বাংলায় বাংলাকে",
		"বাংলাদেশ":       "বাংলাদেশের বাংলাদেশে",
		"সম্পর্ক":        "সম্পর্কের সম্পর্কে",
		"দেশ":            "দেশের দেশে দেশেরও দেশগুলো",
		"সংসদ":           "সংসদের সংসদে সংসদকে সংসদটি",
		"মসজিদ":          "মসজিদের মসজিদে মসজিদগুলো",
		"সংবাদ":          "সংবাদের সংবাদটি সংবাদেও",
		"ইসলামাবাদ":      "ইসলামাবাদের ইসলামাবাদে",
		"কবি":            "কবির কবিরা কবিদের",
		"বাবা":           "বাবার বাবাকে বাবাদের",
		"নেতা":           "নেতার নেতারা নেতাদের নেতাকে",
		"ভোটার":          "ভোটারের ভোটাররা ভোটারদের",
		"জমি":            "জমির জমিতে",
		"হামলা":          "হামলার হামলায় হামলাকে",
		"আবহাওয়া":       "আবহাওয়ার আবহাওয়ায়",
		"রেস্তোরাঁ":      "রেস্তোরাঁর রেস্তোরাঁয় রেস্তোরাঁটি",
		"রংপুর":          "রংপুরের রংপুরে রংপুরও",
		"সোনা":           "সোনার সোনায়",
		"আজ":             "আজকের আজকে আজকেই আজও আজই",
		"গতকাল":          "গতকালকের গতকালের",
		"এখন":            "এখনকার এখনই",
		"10":             "10টি 10জন 10জনের",
	} {
		for form := range strings.FieldsSeq(forms) {
			if got, want := bengali.Stem(bengali.Fold(form)), bengali.Fold(stem); got != want {
				t.Errorf("%s: %q, not %q", form, got, want)
			}
		}
	}
}

func TestStemLeavesWordsThatOnlyLookInflected(t *testing.T) {
	const words = `বিষয় সময় আদায় উপায় বিদায় ব্যয় সম্প্রদায় অধ্যায় ন্যায় চট্টোপাধ্যায় কারখানা গোলাগুলি স্বজন প্রয়োজন
		আয়োজন বিভাজন কোটি মাটি ঘাঁটি কমিটি প্রতি জাতি নীতি পরিস্থিতি খবর শহর বছর সরকার উত্তর নম্বর ভিডিও রেডিও স্টুডিও
		টোকিও মুম্বই রবিবার সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার অক্টোবর ডিসেম্বর ঘণ্টা বই কর দল করে বলে থেকে
		হাজার ডলার বাজার গাজীপুর কিশোর মন্দির শরীর পুলিশ whatsapp covid`
	for word := range strings.FieldsSeq(words) {
		word = bengali.Fold(word)
		if got := bengali.Stem(word); got != word {
			t.Errorf("%s became %q", word, got)
		}
	}
}

func TestStemsKnowOneNameByItsSpellings(t *testing.T) {
	for want, texts := range map[string][]string{
		"হোয়াটসঅ্যাপ":  {"WhatsApp", "whats app", "হোয়াটস অ্যাপের", "হোয়াটস্যাপে", "হোয়্যাটসঅ্যাপ", "হোয়াটসঅ্যাপকে", "Whats App"},
		"ফেসবুক":        {"Facebook", "ফেসবুকে", "ফেইসবুকের"},
		"ঘণ্টা":         {"ঘন্টা", "ঘণ্টার", "ঘন্টায়"},
		"আরও":           {"আরো", "আরও"},
		"5 লাখ":         {"৫ লক্ষ", "৫ লাখ"},
		"লক্ষ":          {"লক্ষ"},
		"দপ্তর":         {"দফতর", "দফতরের"},
		"গ্রেপ্তার":     {"গ্রেফতার"},
		"করোনা":         {"কোভিড", "Covid-19", "কোভিড-১৯", "করোনাভাইরাসের"},
		"বিদ্যুৎ":       {"বিদ্যুতের", "বিদ্যুতে", "বিদ্যুৎ"},
		"1234567.5":     {"১২,৩৪,৫৬৭.৫"},
		"নয়াদিল্লি":    {"নয়া দিল্লি", "নয়াদিল্লিতে"},
		"":              {"", "।। — 🔥"},
		"ইনস্টাগ্রাম ও": {"Instagram-ও"},
	} {
		for _, text := range texts {
			if got := strings.Join(bengali.Stems(text), " "); got != bengali.Fold(want) {
				t.Errorf("%s: %q, not %q", text, got, want)
			}
		}
	}
}

func TestWordsAreFoldedTokens(t *testing.T) {
	got := bengali.Words("‘ঢাকা–চট্টগ্রাম’: ৩.৫ কোটি, Facebook-এর ৫০%! র\u200D্যাব…")
	want := []string{"ঢাকা", "চট্টগ্রাম", "3.5", "কোটি", "facebook", "এর", "50", "র্যাব"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPhrasesAreFoundInAnyInflectionAndOnlyAsAWhole(t *testing.T) {
	tests := []struct {
		phrase, text string
		want         bool
	}{
		{"ঢাকা", "আজ ঢাকায় বৃষ্টি হয়েছে।", true},
		{"ট্রেন", "ট্রেন্ড বদলাচ্ছে, ট্রেনিংও চলছে।", false},
		{"বাংলা", "বাংলাদেশের খবর", false},
		{"কর", "সে কাজ করে।", false},
		{"কর", "করের বোঝা বাড়ল।", true},
		{"শেখ হাসিনা", "শেখ হাসিনার মামলা", true},
		{"শেখ হাসিনা", "হাসিনা ও শেখ মুজিব", false},
		{"whatsapp", "হোয়াটস অ্যাপে বিভ্রাট", true},
		{"হোয়াটসঅ্যাপ", "WhatsApp-এর বিভ্রাট", true},
		{"২০২৬ বিশ্বকাপ", "2026 বিশ্বকাপে খেলবে", true},
		{"\u09B8\u09AE\u09DF", "\u09B8\u09AE\u09AF\u09BC\u09C7\u09B0 কথা", true},
	}
	for _, test := range tests {
		p, err := bengali.ParsePhrase(test.phrase)
		if err != nil {
			t.Fatal(err)
		}
		if got := speaksOf(test.text, p); got != test.want {
			t.Errorf("%q in %q: %v", test.phrase, test.text, got)
		}
	}
}

// speaksOf tells whether a phrase stands in a text.
func speaksOf(text string, p bengali.Phrase) bool {
	return strings.Contains(" "+strings.Join(bengali.Stems(text), " ")+" ", " "+p.Key()+" ")
}

func TestParsePhraseRefusesTooLittleAndTooMuch(t *testing.T) {
	for phrase, want := range map[string]error{
		"": bengali.ErrPhraseShort, " ।": bengali.ErrPhraseShort, "ক": bengali.ErrPhraseShort, "🔥🔥": bengali.ErrPhraseShort,
		strings.Repeat("ক", 65):     bengali.ErrPhraseLong,
		strings.Repeat("কথা ", 7):   bengali.ErrPhraseLong,
		strings.Repeat("\xff", 9e5): bengali.ErrPhraseLong,
	} {
		if _, err := bengali.ParsePhrase(phrase); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, not %v", phrase, err, want)
		}
	}
	a, _ := bengali.ParsePhrase(" ঢাকার  খবর ")
	b, _ := bengali.ParsePhrase("ঢাকা খবর")
	if a.Key() != b.Key() || a.String() != "ঢাকার খবর" {
		t.Errorf("%q and %q, shown as %q", a.Key(), b.Key(), a)
	}
	if !slices.Equal(bengali.Stems(a.Key()), bengali.Stems("ঢাকা খবর")) {
		t.Error("a key does not find what its phrase finds")
	}
}
