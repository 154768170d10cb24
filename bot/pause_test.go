package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
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
	for words, want := range map[string]string{
		"০ ঘণ্টা": "যেমন: /pause ৩ ঘণ্টা", "-৩ দিন": "যেমন: /pause ৩ ঘণ্টা", "মেট্রোরেল": "যেমন: /pause ৩ ঘণ্টা",
		"৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯ দিন": "যেমন: /pause ৩ ঘণ্টা", "@x": "যেমন: /pause ৩ ঘণ্টা",
		"৩১ দিন": "যেমন: /pause ৩০ দিন", "৩ মাস": "যেমন: /pause ৩০ দিন",
		"গতকাল পর্যন্ত": "যেমন: /pause কাল সকাল ৮টা পর্যন্ত", "এখন": "যেমন: /pause কাল সকাল ৮টা পর্যন্ত",
		"প্রতিদিন রাত ১১টা": "যেমন: /quiet রাত ১১টা থেকে সকাল ৭টা", "রাত ১১টা থেকে সকাল ৭টা": "যেমন: /quiet রাত ১১টা থেকে সকাল ৭টা",
	} {
		if got := anu.says("/pause " + words); !strings.Contains(got, want) {
			t.Errorf("%s: %q", words, got)
		}
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

func TestAPauseLastsUntilTheTimeThatWordsName(t *testing.T) {
	dhaka, err := time.LoadLocation("Asia/Dhaka")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(w *world) {
		w.config.Zone, w.clock = dhaka, time.Date(2026, 11, 22, 15, 10, 0, 0, dhaka) // a Sunday
	})
	anu := w.reader(501, "অনু")
	for words, want := range map[string]string{
		"/pause কাল সকাল ৮টা পর্যন্ত":             "23 08:00",
		"/pause শুক্রবার সন্ধ্যা ৭টা":             "27 19:00",
		"/pause ২ ঘণ্টা":                          "22 17:10",
		"/pause দেড় ঘণ্টার জন্য":                 "22 16:40",
		"/pause তিনদিন":                           "25 15:10",
		"/pause until tomorrow 8 am":              "23 08:00",
		"/pause বিকেল ৫টা অবধি":                   "22 17:00",
		"থামান কাল সকাল ৮টা পর্যন্ত":              "23 08:00",
		"বিরতি ৩০ মিনিট":                          "22 15:40",
		"কাল সকাল ৮টা পর্যন্ত খবর বন্ধ রাখুন":     "23 08:00",
		"২ ঘণ্টা থামাও":                           "22 17:10",
		"তিন দিনের জন্য বিরতি চাই।":               "25 15:10",
		"খবর রাত ১০টা পর্যন্ত পাঠাবেন না":         "22 22:00",
		"বন্ধ রাখুন কাল সকাল ৮টা পর্যন্ত":         "23 08:00",
		"খবর থামিয়ে রাখো শুক্রবার সকাল ৯টা অবধি": "27 09:00",
	} {
		anu.says("/resume")
		w.says(anu.says(words), "পর্যন্ত কিছু পাঠানো হবে না")
		if got := w.chat(501).Prefs.PausedUntil.In(dhaka).Format("02 15:04"); got != want {
			t.Errorf("%s: paused until %s, not %s", words, got, want)
		}
	}

	anu.says("/resume")
	w.says(anu.says("/pause কাল সকাল পর্যন্ত"), "ঠিক কখন পর্যন্ত থামাব")
	if c := w.chat(501); !c.Prefs.PausedUntil.IsZero() {
		t.Error("it did not wait for the answer")
	}
	question := anu.last().MessageID
	anu.presses("আগামীকাল সকাল ৯টা")
	if got := w.chat(501).Prefs.PausedUntil.In(dhaka).Format("02 15:04"); got != "23 09:00" {
		t.Errorf("paused until %s", got)
	}
	w.pass(time.Minute) // nobody is to be told to slow down
	anu.says("/resume")
	for _, said := range []string{"শুক্রবার পর্যন্ত", "৩ দিন বন্ধ", "কাল বন্ধ", "২ ঘণ্টা দেবেন না"} { // no word of news: a search, and no harm
		w.says(anu.says(said), "পাওয়া যায়নি")
		if c := w.chat(501); !c.Prefs.PausedUntil.IsZero() {
			t.Errorf("%q has paused the news", said)
		}
	}
	w.says(anu.says("৩ দিন খবর চাই না"), "পর্যন্ত কিছু পাঠানো হবে না")
	w.says(anu.says("খবর ২ ঘণ্টা বন্ধ"), "পর্যন্ত কিছু পাঠানো হবে না")
	for _, data := range []string{
		button.Of(button.PauseUntil, 0, 0), button.Of(button.PauseUntil, 0, w.now().Unix()/60-1), button.Of(button.PauseUntil, 0, 1<<62), button.Of(button.PauseUntil, 0, -1),
		button.Of(button.PauseUntil, 0, w.now().Add(31*24*time.Hour).Unix()/60),
	} {
		w.says(w.forge(anu.Chat(), anu.User, question, data), "এই বোতামটি পুরোনো")
	}
}

func TestAChannelOrGroupPausesForATimeAndGoesOnByItself(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina, mallory := w.reader(701, "রিনা"), w.reader(666, "আগন্তুক")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	rina.presses("খেলা")
	w.says(rina.says("/pause @amader_khobor ২ ঘণ্টা"), "‘আমাদের খবর’-এ কিছু প্রকাশ হবে না")
	if c := w.chat(channelID); !c.Prefs.PausedUntil.Equal(w.now().Add(2*time.Hour).Truncate(time.Minute)) || c.State != store.Active {
		t.Errorf("paused until %s in state %s", c.Prefs.PausedUntil, c.State)
	}
	w.says(rina.says("/channel @amader_khobor"), "পর্যন্ত প্রকাশ থামানো")
	w.says(rina.presses("প্রকাশ চালু করুন"), "আবার চালু")
	if c := w.chat(channelID); !c.Prefs.PausedUntil.IsZero() {
		t.Errorf("still paused until %s", c.Prefs.PausedUntil)
	}
	w.says(mallory.says("/pause @amader_khobor ২ ঘণ্টা"), "অ্যাডমিন নন")
	w.says(w.forge(mallory.Chat(), mallory.User, mallory.last().MessageID, button.Of(button.PauseUntil, w.chat(channelID).ID, w.now().Add(time.Hour).Unix()/60)), "অ্যাডমিন নন")
	if c := w.chat(channelID); !c.Prefs.PausedUntil.IsZero() {
		t.Error("a stranger has paused the channel")
	}

	group, admin, member := w.group()
	w.hears(group, admin, "/start", telegramtest.Manner{})
	w.says(w.hears(group, member, "/pause ২ ঘণ্টা", telegramtest.Manner{}), "শুধু অ্যাডমিন")
	w.says(w.hears(group, admin, "/pause ২ ঘণ্টা", telegramtest.Manner{}), "‘পাড়ার আড্ডা’-এ কিছু প্রকাশ হবে না")
	if c := w.chat(groupID); c.Prefs.PausedUntil.IsZero() {
		t.Error("the group is not paused")
	}
	paused, _ := group.Last()
	w.says(w.press(group, member.User, paused.MessageID, "প্রকাশ চালু করুন"), "শুধু অ্যাডমিন")
	w.hears(group, admin, "/resume", telegramtest.Manner{})
	if c := w.chat(groupID); !c.Prefs.PausedUntil.IsZero() {
		t.Error("the group is still paused")
	}
}

func TestResumingSaysWhenNothingWillBePostedAllTheSame(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina := w.reader(701, "রিনা")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	w.says(rina.says("/pause @amader_khobor"), "থামানো হল")
	w.says(rina.presses("প্রকাশ চালু করুন"), "কোনও বিষয় বাছা নেই")
	rina.presses("বিষয় বেছে নিন")
	rina.presses("খেলা")

	// A right is lost while posting is halted, so that nothing is missed.
	rina.says("/pause @amader_khobor")
	channel.PromoteBot(rina.User, w.server.Bot(), telegramtest.Rights{ManageChat: true})
	w.settle()
	w.says(rina.says("/resume @amader_khobor"), "বার্তা পোস্ট করার অনুমতি নেই")
	w.is(channelID, store.Unpostable)
	w.says(rina.says("/pause @amader_khobor ২ ঘণ্টা"), "বার্তা পোস্ট করার অনুমতি নেই") // that would end, and nothing begin
	w.is(channelID, store.Unpostable)
	channel.PromoteBot(rina.User, w.server.Bot(), telegramtest.Poster)
	w.settle()
	w.is(channelID, store.Active)
	rina.says("/pause @amader_khobor")
	w.says(rina.presses("প্রকাশ চালু করুন"), "আবার চালু")
	w.is(channelID, store.Active)
}
