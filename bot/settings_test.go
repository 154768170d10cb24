package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

func TestSettingsAreOneScreenOfButtonsEditedInPlace(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/settings"), "খবর আসবে: প্রকাশ হলেই\nনীরব সময়: নেই\nসময়: ইউটিসি")
	screen := anu.last().MessageID
	prefs := func() store.Prefs { return w.chat(501).Prefs }

	anu.presses("দিনে কয়েকবার, একসঙ্গে")
	w.says(anu.last().Text, "দিনে কয়েকবার, একসঙ্গে — সকাল ৮টা\n")
	anu.presses("রাত ৯টা")
	w.says(anu.last().Text, "সকাল ৮টা, রাত ৯টা")
	anu.presses("✅ সকাল ৮টা")
	if got := prefs(); got.Mode != store.Digest || !slices.Equal(got.DigestAt, []int{21 * 60}) {
		t.Errorf("kept %+v", got)
	}
	w.says(anu.presses("✅ রাত ৯টা"), "অন্তত একটি সময়")
	if got := prefs(); !slices.Equal(got.DigestAt, []int{21 * 60}) {
		t.Errorf("kept %+v", got)
	}

	w.says(anu.presses("রাত ১১টা – সকাল ৭টা"), "রাত ১১টা থেকে সকাল ৭টা পর্যন্ত কিছু পাঠানো হবে না")
	anu.presses("শব্দ ছাড়া")
	anu.presses("✅ ছবিসহ")
	anu.presses("বাংলাদেশ (ঢাকা)")
	want := store.Prefs{Mode: store.Digest, DigestAt: []int{21 * 60}, QuietFrom: 23 * 60, QuietTo: 7 * 60, Silent: true, NoImages: true, Zone: "Asia/Dhaka"}
	if got := prefs(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("kept %+v, not %+v", got, want)
	}
	w.says(anu.last().Text, "সময়: বাংলাদেশ সময়")
	anu.presses("English")
	w.says(anu.last().Text, "Quiet hours: 11 pm – 7 am")
	anu.presses("বাংলা")

	anu.presses("প্রকাশ হলেই")
	w.says(anu.presses("নীরব সময় ছাড়া"), "নীরব সময় বন্ধ করা হয়েছে")
	anu.presses("✅ শব্দ ছাড়া")
	anu.presses("ছবিসহ")
	anu.presses("ইউটিসি")
	want = store.Prefs{DigestAt: []int{21 * 60}}
	if got := prefs(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("kept %+v, not %+v", got, want)
	}
	anu.presses("হয়ে গেছে")
	if n := len(anu.Chat().FromBots()); n != 1 || anu.last().MessageID != screen {
		t.Errorf("the settings took %d messages instead of one that is edited", n)
	}
	anu.presses("সেটিংস বদলান")
	if anu.last().MessageID == screen {
		t.Error("settings that were closed did not open in a message of their own")
	}
}

func TestTheButtonsOfSettingsFitOnASmallPhone(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	fits := func(when string, most int) {
		t.Helper()
		rows := anu.last().ReplyMarkup.Rows
		if len(rows) > most {
			t.Errorf("%s the screen has %d rows of buttons, more than %d", when, len(rows), most)
		}
		for _, row := range rows {
			for _, b := range row {
				letters := 0
				for range bengali.Aksharas(b.Text) {
					letters++
				}
				// Measured on a phone 360 wide: a row is 300, the gaps are 4, the margins of a button 6, a letter is 9.
				if 9*letters > (300-4*(len(row)-1))/len(row)-2*6 {
					t.Errorf("%s %q is cut beside %d others", when, b.Text, len(row)-1)
				}
			}
		}
	}
	anu.says("/settings")
	fits("at first", 9)
	anu.presses("রাত ১১টা – সকাল ৭টা")
	fits("with quiet hours", 10)
	anu.presses("দিনে কয়েকবার, একসঙ্গে")
	fits("with digests and quiet hours", 12)
	anu.presses("সংকলনের অন্য সময়…")
	fits("to choose an hour", 9)
}

func TestSettingsSayThatNothingComes(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/pause ৩ ঘণ্টা"), "ঠিক আছে, আজ ")
	w.says(anu.says("/settings"), " পর্যন্ত খবর পাঠানো থামানো আছে। আগেই চালু করতে /resume লিখুন।")
	anu.says("/pause")
	w.says(anu.says("/settings"), "খবর পাঠানো এখন থামানো আছে")
	anu.says("/stop")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	w.says(anu.says("/settings"), "আপনার সব খবর আগে থেকেই বন্ধ আছে")
	anu.says("/start")
	if said := anu.says("/settings"); strings.Contains(said, "/resume") || strings.Contains(said, "/start") {
		t.Errorf("whose news comes is told %q", said)
	}
}

func TestAChangedWishIsFollowedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	chat := w.chat(501)
	w.write(func(tx store.Tx) error {
		return tx.Settle(t.Context(), store.Visit{Chat: chat.ID, Next: w.now().Add(9 * time.Hour)}) // waits for the morning
	})
	anu.says("সেটিংস")
	anu.presses("দিনে কয়েকবার, একসঙ্গে")
	due, err := w.store.DueChats(t.Context(), w.now(), 10, nil)
	if err != nil || len(due) != 1 || due[0].Chat.ID != chat.ID {
		t.Errorf("due are %v, %v", due, err)
	}
}

func TestForgedSettingsChangeNothing(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/settings")
	screen, before := anu.last().MessageID, w.chat(501)
	for i, numbers := range [][]int64{
		{button.SetMode, 7, 0},
		{button.SetMode, -1, 0},
		{button.SetDigest, 481, 1},
		{button.SetDigest, -480, 1},
		{button.SetQuiet, 5, 0},
		{button.SetQuiet, 1 << 40, 0},
		{button.SetSilent, 2, 0},
		{button.SetImages, -1, 0},
		{button.SetSpeech, 9, 0},
		{button.SetZone, 3, 0},
		{button.SetZone, -1, 0},
		{0, 0, 0},
		{99, 1, 1},
	} {
		w.says(w.forge(anu.Chat(), anu.User, screen, button.Of(button.Set, numbers...)), "এই বোতামটি পুরোনো")
		if after := w.chat(501); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("attempt %d made %+v", i, after)
		}
	}
	group, admin, _ := w.group()
	w.hears(group, admin, "/topics", telegramtest.Manner{})
	topics, _ := group.Last()
	w.says(w.forge(group, admin.User, topics.MessageID, button.Of(button.Set, button.SetSilent, 1, 0)), "ব্যক্তিগত")
	if w.chat(groupID).Prefs.Silent {
		t.Error("a reader's button changed a group")
	}
}
