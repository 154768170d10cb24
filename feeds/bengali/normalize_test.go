package bengali_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestNormalizeMendsWhatReadersCannotSee(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"য় in one code point", "\u09B8\u09AE\u09DF", "\u09B8\u09AE\u09AF\u09BC"},
		{"ড় in one code point", "\u09AC\u09DC", "\u09AC\u09A1\u09BC"},
		{"ঢ় in one code point", "\u09B0\u09C1\u09DD", "\u09B0\u09C1\u09A2\u09BC"},
		{"ে and া", "\u0995\u09C7\u09BE", "\u0995\u09CB"},
		{"ে and ৗ", "\u0995\u09C7\u09D7", "\u0995\u09CC"},
		{"অ and া", "\u0985\u09BE\u09AE", "\u0986\u09AE"},
		{"old ৎ", "\u0989\u09A4\u09CD\u200D\u09B8\u09AC", "\u0989\u09CE\u09B8\u09AC"},
		{"যফলা typed with য়", "\u09A6\u09CD\u09AF\u09BC", "\u09A6\u09CD\u09AF"},
		{"যফলা typed with য় in one", "\u09A6\u09CD\u09DF", "\u09A6\u09CD\u09AF"},
		{"র and যফলা with a non-joiner", "\u09B0\u200C\u09CD\u09AF\u09BE\u09AC", "\u09B0\u200D\u09CD\u09AF\u09BE\u09AC"},
		{"র and যফলা stay", "\u09B0\u200D\u09CD\u09AF\u09BE\u09AC", "\u09B0\u200D\u09CD\u09AF\u09BE\u09AC"},
		{"visible hasanta stays", "\u0989\u09A6\u09CD\u200C\u09AF\u09BE\u09AA\u09A8", "\u0989\u09A6\u09CD\u200C\u09AF\u09BE\u09AA\u09A8"},
		{"joiner at the end of a word", "\u0995\u09CD\u200C খ", "\u0995\u09CD খ"},
		{"joiner at the beginning", "\u200Dকথা \u200Cবলা", "কথা বলা"},
		{"joiner that joins nothing", "ক\u200Cথা", "কথা"},
		{"sign twice", "\u0995\u09BE\u09BE", "\u0995\u09BE"},
		{"hasanta twice", "\u0995\u09CD\u09CD\u0996", "\u0995\u09CD\u0996"},
		{"nukta after a sign", "\u0995\u09BE\u09BC", "\u0995\u09BE"},
		{"৷ for a danda", "শেষ\u09F7 শুরু", "শেষ। শুরু"},
		{"| for a danda", "শেষ| শুরু|", "শেষ। শুরু।"},
		{"| for a danda behind a bracket", "নিহত শাহিন (২৬)| তদন্ত চলছে|", "নিহত শাহিন (২৬)। তদন্ত চলছে।"},
		{"| for a danda behind a Latin word", "প্লে-অফে উঠল KKR| প্রথমে ব্যাট", "প্লে-অফে উঠল KKR। প্রথমে ব্যাট"},
		{"| behind a Latin word in front", "Siliguri| বালাসনে খনন", "Siliguri| বালাসনে খনন"},
		{"| between spaces", "খবর | কলকাতা", "খবর | কলকাতা"},
		{"| before a Latin name", "খবর| Bangla News", "খবর| Bangla News"},
		{"reserved dandas", "ক\u09E4 খ\u09E5", "ক। খ॥"},
		{"kinds of space", "ক\u00A0খ\u2009গ\u202Fঘ\tঙ  চ", "ক খ গ ঘ ঙ চ"},
		{"invisible signs", "ক\u200Bখ\uFEFFগ\u00ADঘ\u2060ঙ\u202Eচ\x00ছ", "কখগঘঙচছ"},
		{"line ends", "ক\r\nখ\rগ\u2028ঘ\n\n\n\nঙ  \n", "ক\nখ\nগ\nঘ\n\nঙ"},
		{"invalid UTF-8", "ক\xffখ\xe0\xa6", "ক\uFFFDখ\uFFFD\uFFFD"},
		{"a family stays one emoji", "👨\u200D👩\u200D👧", "👨\u200D👩\u200D👧"},
		{"visarga stays", "মোঃ ঢাকাঃ", "মোঃ ঢাকাঃ"},
		{"Latin is composed", "e\u0301", "\u00E9"},
	}
	for _, test := range tests {
		if got := bengali.Normalize(test.in); got != test.want {
			t.Errorf("%s: %+q, not %+q", test.name, got, test.want)
		}
	}
}

func TestFoldMakesOneKeyOfManySpellings(t *testing.T) {
	same := [][]string{
		{"\u09B0\u200D\u09CD\u09AF\u09BE\u09AC", "\u09B0\u200C\u09CD\u09AF\u09BE\u09AC", "\u09B0\u09CD\u09AF\u09BE\u09AC"},
		{"\u09B8\u09AE\u09DF", "\u09B8\u09AE\u09AF\u09BC"},
		{"২০২১", "2021"},
		{"\u0995\u09F0", "\u0995\u09B0"},
		{"‘কথা’ “বলা”—", "'কথা' \"বলা\"-"},
		{"WhatsApp", "whatsapp"},
		{"মোঃ রহিম", "মো: রহিম"},
	}
	for _, group := range same {
		for _, s := range group[1:] {
			if a, b := bengali.Fold(group[0]), bengali.Fold(s); a != b {
				t.Errorf("%+q and %+q", a, b)
			}
		}
	}
	if got := bengali.Fold("দুঃখ"); got != "দুঃখ" {
		t.Errorf("a visarga within a word became %q", got)
	}
}

func addSeeds(f *testing.F) {
	for _, s := range []string{
		"", "ক", newsOne, // short: the fuzzer is slow to minimise what long seeds grow into
		"\u09C7\u09BC\u09BE", "\u09C7\u200D\u09BE", "\u0985\u200B\u09BE", "ক|", "ক| |", "=\u200D\u0338", "\u09A4\u09CD\u200D\u09CD\u09AF\u09BC",
		"“ক। খ” (গ। ঘ। ‘ঙ?’ চ", "\xff\xfe", "👨\u200D👩\u200D👧", "K\u0130", "\u09B0\u200C\u200D\u09CD\u09AF", "a\r\r\n\u2028b",
		"আরও পড়ুন: ক?\nখবর পেতে এখানে ক্লিক করুন", "ঢাকা: ক", "Skip ক and continue reading",
	} {
		f.Add(s)
	}
}

func FuzzNormalize(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := bengali.Normalize(s)
		switch twice := bengali.Normalize(once); {
		case twice != once:
			t.Errorf("%+q, then %+q", once, twice)
		case !utf8.ValidString(once):
			t.Errorf("%q is not UTF-8", once)
		case !norm.NFC.IsNormalString(once):
			t.Errorf("%+q is not in form C", once)
		case strings.TrimSpace(once) != once || strings.Contains(once, "  ") || strings.ContainsAny(once, "\r\t\u09DC\u09DD\u09DF"):
			t.Errorf("%+q", once)
		}
	})
}

func FuzzFold(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := bengali.Fold(s)
		if twice := bengali.Fold(once); twice != once {
			t.Errorf("%+q, then %+q", once, twice)
		}
		if other := bengali.Fold(bengali.Normalize(s)); other != once {
			t.Errorf("normalising first gives %+q, not %+q", other, once)
		}
	})
}

func FuzzStems(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, word := range bengali.Words(s) {
			if stem := bengali.Stem(word); !strings.HasPrefix(word, stem) || stem == "" {
				t.Errorf("%q is no part of %q", stem, word)
			}
		}
		if p, err := bengali.ParsePhrase(s); err == nil && !speaksOf(s, p) {
			t.Errorf("phrase %q is not in itself", p)
		}
	})
}

// Random strings over the signs that the rules speak of meet each other far more
// often than a fuzzer makes them meet.
func TestNormalizeAndFoldAreStableWhereRulesMeet(t *testing.T) {
	alphabet := []rune("\u0985\u0986\u09A4\u09A1\u09AF\u09B0\u09BC\u09BE\u09C7\u09CB\u09CD\u09CE\u09D7\u09DF\u09DC\u0981\u0983\u09F7\u09F0\u200C\u200D\u200B |।\n\r\tK=\u0338\u0301\u0345a”1১👨")
	random := rand.New(rand.NewPCG(1, 2))
	for range 60_000 {
		runes := make([]rune, 1+random.IntN(9))
		for i := range runes {
			runes[i] = alphabet[random.IntN(len(alphabet))]
		}
		s := string(runes)
		once := bengali.Normalize(s)
		if twice := bengali.Normalize(once); twice != once || !norm.NFC.IsNormalString(once) {
			t.Fatalf("%+q: %+q, then %+q", s, once, twice)
		}
		folded := bengali.Fold(s)
		if again := bengali.Fold(folded); again != folded {
			t.Fatalf("%+q: folded %+q, then %+q", s, folded, again)
		}
	}
}
