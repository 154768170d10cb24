package bot_test

import "testing"

func TestAPersonIsAskedOneThingAtATime(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	w.channel(boss)
	boss.presses("খেলা")
	boss.presses("হয়ে গেছে")
	boss.presses("শব্দ বাছাই")
	boss.presses("➕ থাকলে বাদ")
	w.says(boss.says("/broadcast"), "কী জানাতে চান?")
	boss.says("লটারির ফল কাল")
	draft, err := w.store.Draft(t.Context(), owner)
	if err != nil || len(draft.Messages) != 1 {
		t.Errorf("what was written after the later question is not taken for it: %+v, %v", draft, err)
	}
	if got := w.prefs(channelID).Mute; len(got) != 0 {
		t.Errorf("the channel leaves out %q", got)
	}
}

func TestCancellingEndsAnAnnouncementThatWasBegun(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	boss.says("/broadcast")
	w.says(boss.says("/cancel"), "বাতিল করা হল")
	w.says(boss.says("মেট্রোরেল"), "নিয়ে কোনও খবর পাওয়া যায়নি") // a word to search for, not an announcement
}

func TestForgettingEndsWhatAPersonWasAsked(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	rina.presses("খেলা")
	rina.presses("হয়ে গেছে")
	rina.presses("শব্দ বাছাই")
	rina.presses("➕ থাকলে বাদ")
	if kept, err := w.store.Setting(t.Context(), "awaited:701"); kept == "" || err != nil {
		t.Fatalf("what was asked is not kept: %v", err)
	}
	rina.says("/forget")
	rina.presses("হ্যাঁ, সব মুছে ফেলুন")
	for _, begun := range []string{"awaited:701", "menu:701"} {
		if kept, err := w.store.Setting(t.Context(), begun); kept != "" || err != nil {
			t.Errorf("%s: %q is kept of who was forgotten, %v", begun, kept, err)
		}
	}
}
