package bengali_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestAksharasAreTheLettersReadersCount(t *testing.T) {
	for want, count := range map[string]int{
		"ক্ষ": 1, "ন্ত্র": 1, "স্ট্রিট": 2, "বিশ্ববিদ্যালয়": 6,
		"হোয়াটসঅ্যাপ": 6, "এ্যা": 1,
		"\u09B0\u200D\u09CD\u09AF\u09BE\u09AC": 2, "\u09B0\u200C\u09CD\u09AF\u09BE\u09AC": 2,
		"\u09A6\u09CD\u200C\u09AF": 1,
		"🇧🇩🇮🇳":                     2, "⚽\uFE0F": 1, "": 0, "ক খ": 3,
	} {
		got := slices.Collect(bengali.Aksharas(want))
		if len(got) != count || strings.Join(got, "") != want {
			t.Errorf("%q is %q, not %d aksharas", want, got, count)
		}
	}
}

func TestTruncateEndsLikeAnEditor(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"ছোট খবর", 20, "ছোট খবর"},
		{"বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা", 42, "বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ…"},
		{"ঘণ্টার পর ঘণ্টা বন্ধ থাকায় ৭ কোটি মানুষ", 32, "ঘণ্টার পর ঘণ্টা বন্ধ থাকায়…"},
		{"দাম বাড়ল পেঁয়াজ এবং রসুনের, কমল আলুর", 24, "দাম বাড়ল পেঁয়াজ…"},
		{"সভায় মন্ত্রী বলেন, ‘দাম কমবে আগামী সপ্তাহেই’", 36, "সভায় মন্ত্রী বলেন…"},
		{"প্রথম বাক্য। দ্বিতীয় বাক্য।", 15, "প্রথম বাক্য…"},
		{"ক", 0, ""},
		{"কখগঘঙ", 1, "…"},
		{"😀😀😀", 4, "😀…"},
	}
	for _, test := range tests {
		text := bengali.Normalize(test.text)
		if got, want := bengali.Truncate(text, test.limit), bengali.Normalize(test.want); got != want {
			t.Errorf("%q to %d: %q, not %q", text, test.limit, got, want)
		}
	}
}

// checkTruncation holds what must be true of every cut.
func checkTruncation(t *testing.T, text string, limit int) {
	t.Helper()
	got := bengali.Truncate(text, limit)
	if n := bengali.UTF16Len(got); n > max(limit, 0) {
		t.Fatalf("%q to %d has %d units", text, limit, n)
	}
	if got == text {
		return
	}
	kept, ok := strings.CutSuffix(got, "…")
	if !ok && got != "" {
		t.Fatalf("%q to %d: %q has no ellipsis", text, limit, got)
	}
	if !strings.HasPrefix(text, kept) || strings.HasSuffix(kept, "।") || strings.HasSuffix(kept, " ") {
		t.Fatalf("%q to %d: %q", text, limit, got)
	}
	end := 0
	for akshara := range bengali.Aksharas(text) {
		if end >= len(kept) {
			break
		}
		end += len(akshara)
	}
	if end != len(kept) {
		t.Fatalf("%q to %d: cut inside an akshara: %q", text, limit, got)
	}
}

func TestTruncateHoldsForEveryLimit(t *testing.T) {
	for _, file := range []string{"whatsapp-outage-2021-03.txt", "whatsapp-outage-2021-10.txt"} {
		for line := range strings.Lines(bengali.Normalize(article(t, file))) {
			line = strings.TrimSpace(line)
			for limit := range min(bengali.UTF16Len(line), 400) + 3 {
				checkTruncation(t, line, limit)
			}
		}
	}
}

func FuzzTruncate(f *testing.F) {
	for i, s := range []string{"কখ গঘ", "অ্যাপ ৭ কোটি “ক", "👨\u200D👩\u200D👧 ক্ষ", "🇧🇩🇮🇳🇧🇩"} {
		f.Add(s, 3*i)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if utf8.ValidString(s) && limit < 1000 {
			checkTruncation(t, bengali.Normalize(s), limit)
		}
	})
}
