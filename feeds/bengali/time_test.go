package bengali_test

import (
	"testing"
	"time"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestParseTimeReadsTheDatesOfBengaliPages(t *testing.T) {
	dhaka := time.FixedZone("+06", 6*60*60)
	for text, want := range map[string]string{
		"আপডেটঃ\n ০৬ জুন ২০২৬ | ০৭:০৭":                                   "2026-06-06 07:07",
		"প্রকাশ: ২৭ ডিসেম্বর ২০২৫ | ১৮:০০":                               "2025-12-27 18:00",
		"প্রকাশ: ২৭ ডিসেম্বর ২০২৫, ১৮:০০ আপডেট: ২৮ ডিসেম্বর ২০২৫, ০৯:০০": "2025-12-27 18:00",
		"মঙ্গলবার, ৫ অক্টোবর, ২০২১":                                      "2021-10-05 00:00",
		"৫ অক্টোবর ২০২১, মঙ্গলবার, রাত সাড়ে ১১টা":                       "2021-10-05 23:30",
		"ঢাকা, সোমবার ২৯ ডিসেম্বর ২০২৫ খ্রিষ্টাব্দ":                      "2025-12-29 00:00",
		"২৭/১২/২০২৫ ১৮:০০":                                               "2025-12-27 18:00",
		"২৭-১২-২০২৫":                                  "2025-12-27 00:00",
		"২০২৫-১২-২৭ ০৭:০৫:৩০":                         "2025-12-27 07:05",
		"ডিসেম্বর ২৭, ২০২৫ ১০:৫০ অপরাহ্ণ":             "2025-12-27 22:50",
		"২৭ জানুয়ারী ২০২৫":                           "2025-01-27 00:00",
		"১৫ অগস্ট ২০২৫":                               "2025-08-15 00:00",
		"২৭শে ডিসেম্বর ২০২৫":                          "2025-12-27 00:00",
		"১২ পৌষ ১৪৩২, ২৭ ডিসেম্বর ২০২৫, রাত ১০ টা ৫০": "2025-12-27 22:50",
		"২৭ ডিসেম্বর ২০২৫, ০৬:১৫ পিএম":                "2025-12-27 18:15",
		"২৭ ডিসেম্বর ২০২৫ | ১২:১৫ এএম":                "2025-12-27 00:15",
		"27 Dec 2025, 06:00 PM":                       "2025-12-27 18:00",
		"রাত ১টা, ২৭ ডিসেম্বর ২০২৫":                   "2025-12-27 01:00",
	} {
		got, ok := bengali.ParseTime(text, dhaka)
		if !ok || got.Format("2006-01-02 15:04") != want || got.Location() != dhaka {
			t.Errorf("%q: %v %v, not %s", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "খবর", "৫ অক্টোবর", "অক্টোবর ২০২১", "৩১ ফেব্রুয়ারি ২০২৫", "১ ফাল্গুন ১৪৩১ বঙ্গাব্দ", "২৭/১৩/২০২৫", "৫ মিনিট আগে", "০ জুন ২০২৬", "৫ অক্টোবর ২১",
		"99999999999999999999 জুন 2026",
	} {
		if got, ok := bengali.ParseTime(text, nil); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestParseClockKnowsThePartsOfTheDay(t *testing.T) {
	for text, want := range map[string][2]int{
		"রাত ৯টা": {21, 0}, "সকাল সাড়ে আটটা": {8, 30}, "পৌনে ১০টা": {9, 45}, "সোয়া ১১টা": {11, 15}, "সাড়ে ১১টায়": {11, 30},
		"১৮:৩০": {18, 30}, "রাত ১২টা": {0, 0}, "রাত ১২টা ৩০ মিনিট": {0, 30}, "দুপুর ১২টা": {12, 0}, "দুপুর ২টা": {14, 0}, "ভোর ৪টা": {4, 0},
		"বেলা ১১টা": {11, 0}, "বেলা ৩টা": {15, 0}, "বিকেল ৫টা": {17, 0}, "বিকাল ৪টা": {16, 0}, "সন্ধ্যা ৭টা": {19, 0}, "সন্ধে ৬টা": {18, 0}, "রাত ১০ টা ৫০": {22, 50},
		"বিকেল ৪.৪০ মিনিটে": {16, 40}, "দুপুর পৌনে একটা": {12, 45}, "রাত ২টা": {2, 0}, "সন্ধ্যা সাড়ে সাতটায়": {19, 30}, "রাত ১টা ১৫": {1, 15},
	} {
		hour, minute, ok := bengali.ParseClock(text)
		if !ok || hour != want[0] || minute != want[1] {
			t.Errorf("%s: %d:%02d %v, not %d:%02d", text, hour, minute, ok, want[0], want[1])
		}
	}
	for _, text := range []string{"", "খবর", "২৫:০০", "১০:৭৫", "রাত", "৫ কোটি"} {
		if hour, minute, ok := bengali.ParseClock(text); ok {
			t.Errorf("%q is taken for %d:%02d", text, hour, minute)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"০৬ জুন ২০২৬ | ০৭:০৭", "রাত সাড়ে ১১টা", "২৭/১২/২০২৫ ১৮:০০", "24:59 99.99 জুন ১ 1800"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := bengali.ParseTime(s, nil); ok && (got.Year() < 1800 || got.Year() > 9999) {
			t.Errorf("%q: %v", s, got)
		}
		if hour, minute, ok := bengali.ParseClock(s); ok && (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
			t.Errorf("%q: %d:%d", s, hour, minute)
		}
	})
}

func TestDigitsGoBothWays(t *testing.T) {
	if got := bengali.Digits("2021-এ G20: 3.5"); got != "২০২১-এ G২০: ৩.৫" {
		t.Error(got)
	}
	if got := bengali.ASCIIDigits("২০২১ সাল"); got != "2021 সাল" {
		t.Error(got)
	}
}
