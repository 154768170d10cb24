package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
)

func TestEveryCommandOfReadersIsSaidInBengaliToo(t *testing.T) {
	for _, command := range message.New(message.Bengali, time.UTC, "").Commands(message.Readers) {
		said := false
		for _, phrase := range bot.Phrases()[command.Name] {
			said = said || bengali.IsBengali(phrase)
		}
		if !said {
			t.Errorf("/%s has no Bengali phrase", command.Name)
		}
	}
}

func TestNoPhraseMeansTwoCommands(t *testing.T) {
	commands := bot.Commands()
	means := map[string]string{}
	for name, phrases := range bot.Phrases() {
		if _, ok := commands[name]; !ok {
			t.Errorf("there is no command %s", name)
		}
		for _, phrase := range phrases {
			key := bot.Spoken(phrase)
			if other, taken := means[key]; taken {
				t.Errorf("“%s” of %s is said for %s already", phrase, name, other)
			}
			means[key] = name
		}
	}
}

func TestReadersAreUnderstoodAsTheySpeak(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	w.publish("মেট্রোরেলের নতুন পথ", w.tech)
	w.publish("শেয়ার বাজারে পতন", w.politics)
	w.publish("ভাষা আন্দোলনের স্মৃতি", w.politics)
	w.publish("পরীক্ষার ফল প্রকাশ", w.politics)
	w.publish("জরুরি বৈঠক ডাকলেন মন্ত্রী", w.politics)
	w.publish("ফাইনালে উঠল দল", w.sport)
	for said, want := range map[string]string{
		"বিষয় দেখাও": "কোন কোন বিষয়ের খবর চান", "বিসয়": "কোন কোন বিষয়ের খবর চান", "একটু বিষয়গুলো": "কোন কোন বিষয়ের খবর চান",
		"খবর দাও": "সাম্প্রতিক খবর", "আজকের খবর": "সাম্প্রতিক খবর", "দয়া করে খবর দিন": "সাম্প্রতিক খবর", "আমাকে খবর পাঠান": "সাম্প্রতিক খবর", "কী খবর?": "সাম্প্রতিক খবর", "কি খবর": "সাম্প্রতিক খবর",
		"সেটিংস": "খবর আসবে:", "সেটিংশ": "খবর আসবে:", "সেটিংস দেখাও প্লিজ": "খবর আসবে:",
		"খুঁজে দাও": "কী খুঁজছেন", "মেট্রোরেল খুঁজে দাও": "মেট্রোরেলের নতুন পথ", "খোঁজো মেট্রোরেল": "মেট্রোরেলের নতুন পথ",
		"মেট্রোরেল নিয়ে খবর দিন": "মেট্রোরেলের নতুন পথ", "মেট্রোরেলের খবর": "মেট্রোরেলের নতুন পথ", "আজকের মেট্রোরেলের খবর": "মেট্রোরেলের নতুন পথ",
		"খেলার খবর": "ফাইনালে উঠল দল", "খেলা নিয়ে কী খবর?": "ফাইনালে উঠল দল", "খেলাধুলা": "পাওয়া যায়নি",
		"শেয়ার বাজার": "শেয়ার বাজারে পতন", "ভাষা আন্দোলন": "ভাষা আন্দোলনের স্মৃতি", "পরীক্ষা": "পরীক্ষার ফল প্রকাশ", "জরুরি": "জরুরি বৈঠক ডাকলেন",
		"সংরক্ষিত খবর দেখাও": "সংরক্ষিত খবর নেই", "ভাষা বদলাও": "কোন ভাষায়", "ভাষা বাংলা": "বাংলা",
		"সাহায্য করো": "যা যা করতে পারেন", "তুমি কী করতে পারো?": "যা যা করতে পারেন", "হেল্প": "যা যা করতে পারেন",
		"আমার সম্পর্কে কী জানো": "আপনার সম্পর্কে আমরা যা রেখেছি", "গোপনীয়তা": "যা রাখা হয়", "আমার সব তথ্য মুছে ফেলো": "মুছে ফেল", "আমাকে ভুলে যাও": "মুছে ফেল", "মুছে দাও": "মুছে ফেল",
		"বন্ধ করো": "সব খবর বন্ধ করতে চান", "আর খবর পাঠিও না": "সব খবর বন্ধ করতে চান", "খবর চাই না": "সব খবর বন্ধ করতে চান",
		"থামো": "কতক্ষণের জন্য", "আবার চালু করো": "আবার চালু", "২ ঘণ্টা থামাও": "পর্যন্ত কিছু পাঠানো হবে না", "আবার খবর পাঠাও": "আবার চালু",
		"ক্রিকেট বাদ দাও": "‘ক্রিকেট’ আছে এমন খবর আর", "পদ্মা সেতু অনুসরণ করো": "‘পদ্মা সেতু’", "মেট্রোরেলের ওপর নজর রাখুন": "‘মেট্রোরেলের’",
		"রাতে বিরক্ত করবেন না": "কখন থেকে কিছু পাঠাব না", "একসঙ্গে পাঠাও": "খবরের সংকলন কখন",
		"আচ্ছা": "ঠিক আছে", "ok": "ঠিক আছে", "আল্লাহ হাফেজ": "আবার কথা হবে", "থ্যাংকস": "ধন্যবাদ",
		"🙂": "লেখাটি বোঝা গেল না", "।।।": "লেখাটি বোঝা গেল না",
	} {
		w.pass(5 * time.Second)
		if got := anu.says(said); !strings.Contains(got, want) {
			t.Errorf("to %q the bot says %q, not %q", said, got, want)
		}
	}
}
