package bot_test

import (
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/store"
)

func TestAPauseForHoursEndsByItself(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	until := func(want time.Duration) {
		t.Helper()
		c := w.chat(501)
		if got := c.Prefs.PausedUntil; !got.Equal(w.now().Add(want).Truncate(time.Minute)) || c.State != store.Active {
			t.Errorf("paused until %s in state %s, not for %s", got, c.State, want)
		}
	}
	w.says(anu.says("/pause"), "কতক্ষণের জন্য")
	w.is(501, store.Paused)
	anu.presses("৮ ঘণ্টা")
	w.says(anu.last().Text, "পর্যন্ত কিছু পাঠানো হবে না")
	until(8 * time.Hour)
	anu.says("/pause ২ দিন")
	until(48 * time.Hour)
	anu.says("বিরতি ৩ ঘণ্টা")
	until(3 * time.Hour)
	w.says(anu.says("/resume"), "আবার চালু")
	if c := w.chat(501); !c.Prefs.PausedUntil.IsZero() {
		t.Errorf("still paused until %s", c.Prefs.PausedUntil)
	}
	anu.says("/pause 1 week")
	until(7 * 24 * time.Hour)
	anu.says("/start") // who starts wants news
	if c := w.chat(501); !c.Prefs.PausedUntil.IsZero() {
		t.Errorf("still paused until %s", c.Prefs.PausedUntil)
	}
	due, err := w.store.DueChats(t.Context(), w.now(), 10, nil)
	if err != nil || len(due) != 1 {
		t.Errorf("due are %v, %v", due, err)
	}
}

func TestPausesThatMakeNoSenseAreRefusedWithARightExample(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	for _, span := range []string{"কাল", "৩", "০ ঘণ্টা", "-৩ দিন", "৩১ দিন", "৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯ দিন", "৫ মিনিট", "ঘণ্টা", "৩ বছর"} {
		w.says(anu.says("/pause "+span), "যেমন: /pause ৩ ঘণ্টা")
	}
	anu.says("/settings")
	for _, hours := range []int64{0, -5, 721, 1 << 62} {
		w.says(w.forge(anu.Chat(), anu.User, anu.last().MessageID, button.Of(button.PauseFor, hours)), "এই বোতামটি পুরোনো")
	}
	w.is(501, store.Active)
	anu.says("/stop")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	w.says(anu.says("/pause ৩ ঘণ্টা"), "আগে থেকেই বন্ধ")
	w.is(501, store.Stopped)
}
