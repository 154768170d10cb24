package bot_test

import (
	"slices"
	"testing"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/store"
)

func TestQuietHoursAreReadAsPeopleWriteThem(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	for i, try := range []struct {
		text     string
		from, to int
		says     string
	}{
		{"রাত ১১টা থেকে সকাল ৭টা", 23 * 60, 7 * 60, "রাত ১১টা থেকে সকাল ৭টা পর্যন্ত কিছু পাঠানো হবে না"},
		{"/quiet রাত সাড়ে ১০টা থেকে ভোর ৫টা পর্যন্ত", 22*60 + 30, 5 * 60, "রাত ১০টা ৩০"},
		{"নীরব সময় দুপুর ২টা থেকে বিকেল ৪টা", 14 * 60, 16 * 60, "দুপুর ২টা থেকে বিকেল ৪টা"},
		{"২৩:৩০ থেকে ০৬:৩০", 23*60 + 30, 6*60 + 30, "রাত ১১টা ৩০ থেকে"},
		{"/quiet 23:00-07:00", 23 * 60, 7 * 60, "রাত ১১টা থেকে সকাল ৭টা"},
		{"/quiet কাল", 23 * 60, 7 * 60, "/quiet রাত ১১টা থেকে সকাল ৭টা"},
		{"/quiet রাত ১১টা", 23 * 60, 7 * 60, "/quiet রাত ১১টা থেকে সকাল ৭টা"},
		{"/quiet ২৫টা থেকে ৯৯টা", 23 * 60, 7 * 60, "/quiet রাত ১১টা থেকে সকাল ৭টা"},
		{"ঢাকা থেকে চট্টগ্রাম", 23 * 60, 7 * 60, "কোনও খবর পাওয়া যায়নি"},
		{"রাত ১১টা থেকে সকাল ৭টা কারফিউ", 23 * 60, 7 * 60, "কোনও খবর পাওয়া যায়নি"},
		{"/quiet বন্ধ", 0, 0, "নীরব সময় বন্ধ করা হয়েছে"},
	} {
		if i%8 == 7 {
			w.pass(60e9)
		}
		w.says(anu.says(try.text), try.says)
		if got := w.chat(501).Prefs; got.QuietFrom != try.from || got.QuietTo != try.to {
			t.Errorf("%s: kept %d to %d", try.text, got.QuietFrom, got.QuietTo)
		}
	}
}

func TestDigestHoursAreReadAsPeopleWriteThem(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/digest সকাল ৮টা, দুপুর ১টা ও রাত সাড়ে ৯টা"), "সকাল ৮টা, দুপুর ১টা, রাত ৯টা ৩০")
	if got := w.chat(501).Prefs; got.Mode != store.Digest || !slices.Equal(got.DigestAt, []int{480, 780, 1290}) {
		t.Errorf("kept %+v", got)
	}
	for _, wrong := range []string{"/digest কাল", "/digest সকাল ৮টা, কারফিউ", "/digest ১টা, ২টা, ৩টা, ৪টা, ৫টা, ৬টা, ৭টা", "সংকলন বিকেলে কোনো সময়"} {
		w.says(anu.says(wrong), "/digest সকাল ৮টা, রাত ৯টা")
	}
	anu.says("/settings")
	anu.presses("✅ রাত ৯টা ৩০") // an hour of one's own can be taken off
	if got := w.chat(501).Prefs; !slices.Equal(got.DigestAt, []int{480, 780}) {
		t.Errorf("kept %+v", got)
	}
	w.says(anu.says("/digest বন্ধ"), "প্রকাশ হলেই")
	if got := w.chat(501).Prefs; got.Mode != "" {
		t.Errorf("kept %+v", got)
	}
}

func TestAnyHourCanBeChosenByButtons(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/settings")
	screen := anu.last().MessageID
	anu.presses("অন্য নীরব সময়…")
	anu.presses("রাত ১০টা")
	w.says(anu.last().Text, "রাত ১০টা থেকে কখন পর্যন্ত")
	w.says(anu.presses("সকাল ৯টা"), "রাত ১০টা থেকে সকাল ৯টা পর্যন্ত কিছু পাঠানো হবে না")
	w.says(anu.last().Text, "নীরব সময়: রাত ১০টা – সকাল ৯টা")
	if _, ok := anu.last().Button("✅ রাত ১০টা – সকাল ৯টা"); !ok {
		t.Errorf("the settings show %s", labels(anu.last()))
	}
	anu.presses("দিনে কয়েকবার, একসঙ্গে")
	anu.presses("সংকলনের অন্য সময়…")
	for _, hour := range []string{"ভোর ৫টা", "সকাল ১০টা", "দুপুর ১২টা", "বিকেল ৫টা", "রাত ১১টা"} {
		anu.presses(hour)
	}
	w.says(anu.presses("রাত ১২টা"), "৬টির বেশি সময় রাখা যায় না")
	anu.presses("✅ সকাল ৮টা")
	anu.presses("ফিরে যান")
	w.says(anu.last().Text, "দিনে কয়েকবার, একসঙ্গে — ভোর ৫টা, সকাল ১০টা, দুপুর ১২টা, বিকেল ৫টা, রাত ১১টা\n")
	if anu.last().MessageID != screen || len(anu.Chat().FromBots()) != 1 {
		t.Error("the hours were not chosen in one message")
	}
	before := w.chat(501).Prefs
	for _, forged := range [][]int64{{0, 61, 1}, {0, -60, 1}, {0, 1440, 1}, {1, 1440, 0}, {1, 7, 0}, {9, 0, 0}, {-1, -1, -1}} {
		w.says(w.forge(anu.Chat(), anu.User, screen, button.Of(button.Hours, forged...)), "এই বোতামটি পুরোনো")
	}
	if after := w.chat(501).Prefs; !slices.Equal(after.DigestAt, before.DigestAt) || after.QuietFrom != before.QuietFrom {
		t.Errorf("forged data made %+v of %+v", after, before)
	}
}
