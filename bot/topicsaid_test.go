package bot_test

import (
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func TestTopicsAreChosenInWordsToo(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	for _, step := range []struct {
		said, want string
		follows    []int64
	}{
		{"আর খেলার খবর চাই না", "‘খেলা’ বিষয়ের খবর আর পাঠানো হবে না", []int64{w.politics.ID, w.tech.ID}}, // of everything
		{"শুধু খেলা আর প্রযুক্তির খবর দিন", "‘খেলা, প্রযুক্তি’ বিষয়ের খবর চালু হল", []int64{w.sport.ID, w.tech.ID}},
		{"খেলা বাদ দাও", "‘খেলা’ বিষয়ের খবর আর পাঠানো হবে না", []int64{w.tech.ID}}, // a topic, and not a word to be muted
		{"প্রযুক্তির খবর বন্ধ করো", "অন্তত একটি বিষয়", []int64{w.tech.ID}},
		{"শুধু রাজনীতি", "‘রাজনীতি’ বিষয়ের খবর চালু হল", []int64{w.politics.ID}},
		{"রাজনীতি, খেলা এবং প্রযুক্তির খবর পাঠাবেন না", "অন্তত একটি বিষয়", []int64{w.politics.ID}},
		{"খেলার খবর আবার চালু করুন", "‘খেলা’ বিষয়ের খবর চালু হল", []int64{w.sport.ID, w.politics.ID}},
		{"আমাকে আর খেলার খবর পাঠাবেন না", "‘খেলা’ বিষয়ের খবর আর পাঠানো হবে না", []int64{w.politics.ID}},
		{"শুধু জিরাফের খবর চাই", "পাওয়া যায়নি", []int64{w.politics.ID}}, // no topic
		{"জিরাফ বাদ দিন", "‘জিরাফ’ আছে এমন খবর আর", []int64{w.politics.ID}},
		{"৩ ঘণ্টা খবর চাই না", "পর্যন্ত কিছু পাঠানো হবে না", []int64{w.politics.ID}}, // a pause
	} {
		w.pass(5 * time.Second)
		w.says(anu.says(step.said), step.want)
		w.follows(501, step.follows...)
	}
	if words := w.prefs(501).Mute; len(words) != 1 {
		t.Errorf("the muted words are %q", words)
	}
	anu.says("/stop")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	w.pass(5 * time.Second)
	w.says(anu.says("শুধু খেলার খবর চাই"), "কোন কোন বিষয়ের খবর চান")
	w.is(501, store.Active)
	w.follows(501, w.sport.ID)
	anu.presses("সব বিষয়")
	w.pass(5 * time.Second)
	w.says(anu.says("রাজনীতির খবর চালু করো"), "‘রাজনীতি’ বিষয়ের খবর চালু হল") // of everything as before
	w.follows(501, store.Everything)
}

func TestAButtonThatTurnsNewsOnEndsAPauseToo(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	anu.says("/stop")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	goodbye := anu.last().MessageID
	anu.says("/start")
	anu.says("/pause ৩ ঘণ্টা")
	if w.prefs(501).PausedUntil.IsZero() {
		t.Fatal("the reader is not paused")
	}
	w.press(anu.Chat(), anu.User, goodbye, "খবর চালু করুন")
	if until := w.prefs(501).PausedUntil; !until.IsZero() {
		t.Errorf("the news that was said to be on is halted until %s", until)
	}
}

func TestOurOwnLinkIsKnownWhereverItIsPasted(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu, bela := w.reader(501, "অনু"), w.person(502, "বেলা")
	a := w.publish("মেট্রোরেলের নতুন পথ", w.tech)
	link := anu.says("/share " + a.URL)
	w.says(link, "?start=a_")
	address := payloadIn(t, link)
	w.says(anu.says("/share https://t.me/harkara_demo_bot?start="+address), "‘মেট্রোরেলের নতুন পথ’ খবরটির লিংক")
	w.says(bela.says("https://t.me/harkara_demo_bot?start="+address), "মেট্রোরেলের নতুন পথ")
	w.says(bela.says("https://t.me/another_bot?start="+address), "পাওয়া যায়নি")
}

func TestANewBotKnowsItsNameBeforeSomebodyAsksForALink(t *testing.T) {
	w := newWorld(t, func(w *world) {
		w.server.Fault(telegramtest.Fault{Kind: telegramtest.Delayed, Method: "getMe", Delay: 300 * time.Millisecond, Times: 1})
	})
	a := w.publish("মেট্রোরেলের নতুন পথ", w.tech)
	w.says(w.reader(501, "অনু").says("/share "+a.URL), "?start=a_")
}
