package bengali_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
)

func article(tb testing.TB, name string) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// fiveKilobytes is an article of about 5 kB with boilerplate in it.
func fiveKilobytes(tb testing.TB) []string {
	_, body, _ := strings.Cut(article(tb, "whatsapp-outage-2021-03.txt"), "\n")
	return strings.Split(body, "\n")
}

func BenchmarkNormalize(b *testing.B) {
	raw := article(b, "whatsapp-outage-2021-03.txt")
	clean := bengali.Normalize(raw)
	mixed := strings.ReplaceAll(raw, "\u09AF\u09BC", "\u09DF")
	for name, text := range map[string]string{"normal": clean, "mixed": mixed} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				bengali.Normalize(text)
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	text := article(b, "whatsapp-outage-2021-10.txt")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		bengali.Fold(text)
	}
}

func BenchmarkSentences(b *testing.B) {
	text := bengali.Normalize(article(b, "whatsapp-outage-2021-10.txt"))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		bengali.Sentences(text)
	}
}

func BenchmarkClean(b *testing.B) {
	paragraphs := fiveKilobytes(b)
	bengali.Clean(paragraphs) // reads the lexicon
	b.ReportAllocs()
	for b.Loop() {
		bengali.Clean(paragraphs)
	}
}

func BenchmarkStems(b *testing.B) {
	text := article(b, "whatsapp-outage-2021-10.txt")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		bengali.Stems(text)
	}
}

func BenchmarkStem(b *testing.B) {
	words := bengali.Words(article(b, "whatsapp-outage-2021-10.txt"))
	b.ReportAllocs()
	for b.Loop() {
		for _, word := range words {
			bengali.Stem(word)
		}
	}
	b.ReportMetric(float64(b.N*len(words))/b.Elapsed().Seconds(), "tokens/s")
}

func BenchmarkTruncate(b *testing.B) {
	text := article(b, "whatsapp-outage-2021-10.txt")
	for _, limit := range []int{120, 330, 1024} {
		b.Run(fmt.Sprint(limit), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bengali.Truncate(text, limit)
			}
		})
	}
}

// hostile texts must cost time in proportion to their length: compare ns per
// byte between the sizes.
func BenchmarkHostile(b *testing.B) {
	kinds := map[string]string{
		"letters without a space": "ক",
		"hasanta chains":          "ক্",
		"joiners":                 "ক\u200D\u200C",
		"emoji":                   "👨\u200D👩\u200D👧🔥",
		"open brackets":           "( “",
		"dandas":                  "।",
		"points":                  "মো. ",
		"markers":                 "আরও পড়ুন: ক। ",
		"marks":                   "\u09BC\u0301",
		"repeats":                 "এই একই বাক্যটি বারবার লেখা হয়েছে এখানে। ",
		"bars":                    "ক| ",
		"lines":                   "খবর পেতে ক্লিক\n",
	}
	for name, unit := range kinds {
		for _, size := range []int{16 << 10, 128 << 10, 1 << 20} {
			text := strings.Repeat(unit, size/len(unit))
			b.Run(fmt.Sprintf("%s/%dk", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					bengali.Clean([]string{text})
					bengali.Sentences(text)
					bengali.Stems(text)
					bengali.Truncate(text, 330)
					bengali.IsBengali(text)
				}
			})
		}
	}
}
