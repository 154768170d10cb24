package bot_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/store"
)

func TestWordsAreFollowedMutedListedAndTakenAway(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	words := func(follow, mute string) {
		t.Helper()
		if p := w.chat(501).Prefs; strings.Join(p.Follow, "|") != follow || strings.Join(p.Mute, "|") != mute {
			t.Errorf("follows %q and mutes %q", p.Follow, p.Mute)
		}
	}
	w.says(anu.says("/follow"), "যেমন: /follow মেট্রোরেল")
	w.says(anu.says("/follow মেট্রোরেল"), "‘মেট্রোরেল’ খবরে থাকলে জানানো হবে")
	w.says(anu.says("/follow মেট্রোরেলের"), "আগে থেকেই তালিকায় আছে")
	w.says(anu.says("নজর রাখুন পদ্মা সেতু, ঢাকা"), "‘পদ্মা সেতু’ খবরে থাকলে")
	w.says(anu.says("বাদ দিন ক্রিকেট"), "‘ক্রিকেট’ আছে এমন খবর আর দেখানো হবে না")
	words("মেট্রোরেল|পদ্মা সেতু|ঢাকা", "ক্রিকেট")
	anu.says("/mute ঢাকা") // another mind
	words("মেট্রোরেল|পদ্মা সেতু", "ক্রিকেট|ঢাকা")

	w.says(anu.says("শব্দতালিকা"), "এগুলো খবরে থাকলে জানাব\n• মেট্রোরেল\n• পদ্মা সেতু\n\nএগুলো থাকলে দেখাব না\n• ক্রিকেট\n• ঢাকা")
	n := len(anu.Chat().FromBots())
	w.says(anu.presses("❌ পদ্মা সেতু"), "‘পদ্মা সেতু’ তালিকা থেকে বাদ গেল")
	words("মেট্রোরেল", "ক্রিকেট|ঢাকা")
	anu.presses("❌ ঢাকা")
	anu.presses("❌ ক্রিকেট")
	anu.presses("❌ মেট্রোরেল")
	words("", "")
	w.says(anu.last().Text, "যেমন: /follow মেট্রোরেল")
	if len(anu.Chat().FromBots()) != n {
		t.Error("taking words away wrote new messages")
	}
}

func TestSignsAroundAWordAreNoPartOfIt(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says(`/follow "পদ্মা সেতু", #মেট্রোরেল।`), "‘পদ্মা সেতু’ খবরে থাকলে জানানো হবে।\n‘মেট্রোরেল’")
	if got := w.prefs(501).Follow; len(got) != 2 {
		t.Errorf("the words are %q", got)
	}
}

func TestWordsThatCannotBeFollowedAreRefusedWithARightExample(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	for word, want := range map[string]string{
		"https://news.example/1": "এটি একটি লিংক, খবরে খোঁজার শব্দ নয়। শব্দ বা নাম লিখুন, যেমন: /follow ঢাকা",
		"ক":                      "অন্তত দুটি অক্ষর লিখুন, যেমন: /follow ঢাকা", "\u202eক\u202c": "অন্তত দুটি অক্ষর", "।।।": "অন্তত দুটি অক্ষর", "😀": "অন্তত দুটি অক্ষর",
		strings.Repeat("দীর্ঘ ", 7): "যেমন: /follow পদ্মা সেতু", strings.Repeat("অ", 4000): "যেমন: /follow পদ্মা সেতু", ",,,": "যেমন: /follow মেট্রোরেল",
	} {
		w.says(anu.says("/follow "+word), want)
	}
	if p := w.chat(501).Prefs; len(p.Follow) != 0 {
		t.Errorf("follows %q", p.Follow)
	}

	var many []string
	for i := range 10_000 {
		many = append(many, fmt.Sprint("শব্দ", i))
	}
	for chunk := range slices.Chunk(many[:70], 10) {
		anu.says("/follow " + strings.Join(chunk, ","))
	}
	w.says(anu.says("/follow আরেকটি"), "৫০টির বেশি শব্দ রাখা যায় না")
	anu.says("/follow " + strings.Join(many, ",")[:4000])
	if p := w.chat(501).Prefs; len(p.Follow) != 50 {
		t.Errorf("follows %d words", len(p.Follow))
	}
	anu.says("/follow")
	anu.presses("পরের পাতা →")
	anu.presses("পরের পাতা →")
	w.says(anu.last().Text, "শব্দ49")
	anu.presses("❌ শব্দ49")
	w.says(anu.last().Text, "শব্দ48")
}

func TestWhoFollowsAWordBeforeStartingWantsNews(t *testing.T) {
	w := newWorld(t)
	anu := w.person(501, "অনু")
	anu.says("/follow মেট্রোরেল")
	w.is(501, store.Active)
	w.follows(501)
}

func TestForgedWordButtonsChangeNothing(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/follow মেট্রোরেল")
	anu.says("/follow")
	screen, before := anu.last().MessageID, w.chat(501)
	for _, numbers := range [][]int64{{0, 1, 0}, {1, -1, math.MaxInt64}, {2, 0, 0}, {-1, 0, 0}, {math.MinInt64, math.MaxInt64, math.MinInt64}} {
		w.forge(anu.Chat(), anu.User, screen, button.Of(button.RemoveWord, numbers...))
		w.forge(anu.Chat(), anu.User, screen, button.Of(button.Words, numbers[2]))
	}
	if after := w.chat(501); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("became %+v", after)
	}
}
