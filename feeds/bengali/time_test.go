package bengali_test

import (
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
)

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

func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"০৭:০৭", "রাত সাড়ে ১১টা", "২৭/১২/২০২৫ ১৮:০০", "24:59 99.99 জুন ১ 1800"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
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
