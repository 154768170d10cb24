package message_test

import (
	"math"
	"testing"

	"github.com/harkara/harkara/bot/message"
)

func TestNumbersAreGroupedByThousandLakhAndCrore(t *testing.T) {
	for _, test := range []struct {
		n      int64
		bn, en string
	}{
		{0, "০", "0"},
		{7, "৭", "7"},
		{999, "৯৯৯", "999"},
		{1000, "১,০০০", "1,000"},
		{99_999, "৯৯,৯৯৯", "99,999"},
		{100_000, "১,০০,০০০", "1,00,000"},
		{12_345_678, "১,২৩,৪৫,৬৭৮", "1,23,45,678"},
		{1_234_567_890, "১,২৩,৪৫,৬৭,৮৯০", "1,23,45,67,890"},
		{-4500, "-৪,৫০০", "-4,500"},
		{math.MinInt64, "-৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫,৮০৮", "-92,23,37,20,36,85,47,75,808"},
	} {
		if got := inIndia.Number(test.n); got != test.bn {
			t.Errorf("%d: got %s, want %s", test.n, got, test.bn)
		}
		if got := inEnglish.Number(test.n); got != test.en {
			t.Errorf("%d: got %s, want %s", test.n, got, test.en)
		}
	}
}

func TestCompactNumbersUseTheRegionsWords(t *testing.T) {
	for _, test := range []struct {
		n          int64
		bd, in, en string
	}{
		{999, "৯৯৯", "৯৯৯", "999"},
		{1000, "১ হাজার", "১ হাজার", "1 thousand"},
		{1449, "১.৪ হাজার", "১.৪ হাজার", "1.4 thousand"},
		{1450, "১.৫ হাজার", "১.৫ হাজার", "1.5 thousand"},
		{99_949, "৯৯.৯ হাজার", "৯৯.৯ হাজার", "99.9 thousand"},
		{99_950, "১ লাখ", "১ লক্ষ", "1 lakh"},
		{250_000, "২.৫ লাখ", "২.৫ লক্ষ", "2.5 lakh"},
		{9_994_999, "৯৯.৯ লাখ", "৯৯.৯ লক্ষ", "99.9 lakh"},
		{9_995_000, "১ কোটি", "১ কোটি", "1 crore"},
		{70_000_000, "৭ কোটি", "৭ কোটি", "7 crore"},
		{995_000_000, "৯৯.৫ কোটি", "৯৯.৫ কোটি", "99.5 crore"},
		{12_340_000_000, "১,২৩৪ কোটি", "১,২৩৪ কোটি", "1,234 crore"},
		{-250_000, "-২.৫ লাখ", "-২.৫ লক্ষ", "-2.5 lakh"},
	} {
		for _, form := range []struct {
			p    message.Printer
			want string
		}{{inBangladesh, test.bd}, {inIndia, test.in}, {inEnglish, test.en}} {
			if got := form.p.Compact(test.n); got != form.want {
				t.Errorf("%d: got %s, want %s", test.n, got, form.want)
			}
		}
	}
}

func TestDecimalsHaveOnePlaceOrNone(t *testing.T) {
	for f, want := range map[float64]string{
		3.5: "৩.৫", 3: "৩", 2.96: "৩", 0.04: "০", -0.04: "০", -1.25: "-১.২", 1234567.25: "১২,৩৪,৫৬৭.২", math.Inf(1): "+Inf",
	} {
		if got := inIndia.Decimal(f); got != want {
			t.Errorf("%v: got %s, want %s", f, got, want)
		}
	}
}

func TestDigitsLeaveAllElseAlone(t *testing.T) {
	if got := inIndia.Digits("G20, ৫ ও 2021"); got != "G২০, ৫ ও ২০২১" {
		t.Errorf("got %s", got)
	}
	if got := inEnglish.Digits("2021"); got != "2021" {
		t.Errorf("got %s", got)
	}
}

func FuzzCompactAndNumberNeverFail(f *testing.F) {
	for _, n := range []int64{0, 999_949, 99_999, math.MaxInt64, math.MinInt64} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		if inIndia.Compact(n) == "" || inEnglish.Number(n) == "" {
			t.Errorf("%d prints nothing", n)
		}
	})
}
