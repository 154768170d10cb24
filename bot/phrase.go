package bot

import (
	"strings"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
)

// phrases are what people write in a private chat in place of a command, in the polite forms and the familiar ones. They are compared by sound, for
// commands are misspelt like everything else.
var phrases = map[string][]string{
	"start": {"শুরু", "চালু", "শুরু করুন", "শুরু করো", "শুরু কর", "চালু করুন", "চালু করো", "চালু কর", "খবর চালু", "খবর চালু করুন", "খবর চালু করো", "সাবস্ক্রাইব", "start", "subscribe"},
	"topics": {
		"বিষয়", "বিষয়গুলো", "বিষয়গুলি", "বিষয়সমূহ", "সব বিষয়", "বিষয় বেছে নিন", "বিষয় বাছুন", "বিষয় বাছাই", "বিষয় বাছব", "বিষয় বদলান", "বিষয় বদলাও", "বিষয় বদলাতে চাই",
		"বিষয় দেখান", "বিষয় দেখাও", "সব বিষয়ের খবর চাই", "সব বিষয়ের খবর দিন", "সব বিষয়ের খবর দাও", "সব বিষয় চালু করুন", "সব বিষয় চালু করো", "কী কী বিষয় আছে", "বিষয়ের তালিকা", "বিভাগ", "টপিক", "topic", "topics",
	},
	"latest": {
		"খবর", "খবরাখবর", "সংবাদ", "শিরোনাম", "সাম্প্রতিক খবর", "সর্বশেষ", "সর্বশেষ খবর", "শেষ খবর", "শেষ খবর কী", "খবর দেন", "খবর কই", "বাংলা খবর", "নিউজ", "বাংলা নিউজ", "bangla news", "নতুন খবর", "তাজা খবর", "আজকের খবর", "এখনকার খবর", "সব খবর", "খবর দিন", "খবর দাও", "খবর দে",
		"খবর দেখান", "খবর দেখাও", "খবর দেখি", "খবর দেখব", "খবর চাই", "খবর পাঠান", "খবর পাঠাও", "খবর বলুন", "খবর বলো", "খবর শোনান", "খবর শোনাও", "আজকের খবর দিন", "আজকের খবর দাও", "নতুন খবর দিন",
		"নতুন খবর দাও", "কী খবর", "আজ কী খবর", "আজকের কী খবর", "নতুন কী খবর", "আজকের শিরোনাম", "news", "latest", "latest news", "headlines", "khobor",
	},
	"search": {
		"খোঁজ", "খোঁজো", "খোঁজ করুন", "খোঁজ করো", "খুঁজুন", "খুঁজে দিন", "খুঁজে দাও", "খুঁজে দেখুন", "খুঁজে দেখো", "খুঁজব", "খুঁজতে চাই", "খবর খুঁজুন", "খবর খোঁজো", "অনুসন্ধান", "সার্চ", "সার্চ করুন", "সার্চ করো",
		"search", "find",
	},
	"pause": {
		"বিরতি", "বিরতি দিন", "বিরতি দাও", "বিরতি চাই", "বিরতি নিন", "থামান", "থামুন", "থামাও", "থামো", "থাম", "থামিয়ে দিন", "থামিয়ে দাও", "থামিয়ে রাখুন", "থামিয়ে রাখো", "খবর থামান", "খবর থামাও",
		"খবর থামিয়ে রাখুন", "খবর থামিয়ে রাখো", "বন্ধ রাখুন", "বন্ধ রাখো", "খবর বন্ধ রাখুন", "খবর বন্ধ রাখো", "pause",
	},
	"resume": {
		"আবার চালু", "আবার চালু করুন", "আবার চালু করো", "আবার চালু কর", "ফের চালু করুন", "ফের চালু করো", "আবার শুরু", "আবার শুরু করুন", "আবার শুরু করো", "আবার পাঠান", "আবার পাঠাও", "আবার খবর পাঠান",
		"আবার খবর পাঠাও", "আবার খবর দিন", "আবার খবর দাও", "খবর আবার চালু করুন", "খবর আবার চালু করো", "চালিয়ে যান", "চালিয়ে যাও", "resume",
	},
	"stop": {
		"বন্ধ", "বন্ধ করুন", "বন্ধ করো", "বন্ধ কর", "বন্ধ করে দিন", "বন্ধ করে দাও", "সব বন্ধ", "সব বন্ধ করুন", "সব বন্ধ করো", "খবর বন্ধ", "খবর বন্ধ করুন", "খবর বন্ধ করো", "খবর বন্ধ কর", "সব খবর বন্ধ করুন",
		"সব খবর বন্ধ করো", "খবর চাই না", "আর খবর চাই না", "আর চাই না", "খবর লাগবে না", "আর পাঠাবেন না", "আর পাঠিও না", "খবর পাঠাবেন না", "খবর পাঠিও না", "আর খবর পাঠাবেন না", "আর খবর পাঠিও না",
		"আনসাবস্ক্রাইব", "stop", "unsubscribe",
	},
	"language": {"ভাষা", "ভাষা বদলান", "ভাষা বদলাও", "ভাষা বদলাতে চাই", "ভাষা পরিবর্তন", "ভাষা পরিবর্তন করুন", "language"},
	"settings": {
		"খবরের সময়", "খবরের সময় বদলান", "খবরের সময় বদলাও", "শুধু জরুরি খবর", "শুধু জরুরি খবর চাই", "শুধু জরুরি খবর দিন", "শুধু জরুরি খবর দাও", "ছবি ছাড়া খবর দিন", "ছবি ছাড়া খবর দাও",
		"ছবি ছাড়া পাঠান", "ছবি ছাড়া পাঠাও", "ছবি চাই না", "শব্দ ছাড়া পাঠান", "শব্দ ছাড়া পাঠাও", "প্রকাশ হলেই পাঠান", "প্রকাশ হলেই পাঠাও", "প্রকাশ হলেই খবর চাই", "একটি একটি করে পাঠান", "একটা একটা করে পাঠাও",
		"সেটিংস", "সেটিং", "সেটিংস দেখান", "সেটিংস দেখাও", "সেটিংস খুলুন", "সেটিংস খোলো", "সেটিংস বদলান", "সেটিংস বদলাও", "সেটিংস বদলাতে চাই", "আমার পছন্দ", "পছন্দ বদলান", "পছন্দ বদলাও", "settings", "setting",
	},
	"quiet": {
		"নীরব সময়", "নীরব সময় ঠিক করুন", "নীরব সময় ঠিক করো", "নীরব থাকুন", "নীরব থাকো", "চুপ থাকুন", "চুপ থাকো", "বিরক্ত করবেন না", "বিরক্ত কোরো না", "রাতে বিরক্ত করবেন না", "রাতে খবর পাঠাবেন না",
		"রাতে পাঠাবেন না", "রাতে খবর চাই না", "quiet hours",
	},
	"digest": {"সংকলন", "সংকলনের সময়", "সংকলন চাই", "সংকলন পাঠান", "একসঙ্গে পাঠান", "একসঙ্গে পাঠাও", "খবর একসঙ্গে পাঠান", "খবর একসঙ্গে পাঠাও", "digest"},
	"follow": {
		"শব্দতালিকা", "শব্দ তালিকা", "আমার শব্দ", "আমার শব্দগুলো", "অনুসরণ", "অনুসরণ করুন", "অনুসরণ করো", "নজর রাখুন", "নজর রাখো", "follow",
	},
	"mute":    {"বাদ দিন", "বাদ দাও", "এড়িয়ে চলুন", "এড়িয়ে চলো", "mute"},
	"saved":   {"সংরক্ষিত", "সংরক্ষিত খবর", "সংরক্ষণ করা খবর", "রাখা খবর", "রেখে দেওয়া খবর", "তুলে রাখা খবর", "জমানো খবর", "সেভ করা খবর", "সংরক্ষিত খবর দেখান", "সংরক্ষিত খবর দেখাও", "saved"},
	"share":   {"শেয়ার", "শেয়ার করুন", "শেয়ার করো", "শেয়ার করব", "শেয়ার করতে চাই", "খবর শেয়ার করুন", "খবর শেয়ার করতে চাই", "লিংক", "লিংক দিন", "লিংক দাও", "লিংক পাঠান", "লিংক পাঠাও", "খবরের লিংক", "share"},
	"mydata":  {"আমার তথ্য", "আমার তথ্য দিন", "আমার তথ্য দাও", "আমার তথ্য দেখান", "আমার তথ্য দেখাও", "আমার তথ্য পাঠান", "আমার সব তথ্য", "আমার ডেটা", "আমার সম্পর্কে কী জানেন", "আমার সম্পর্কে কী জানো", "আমার বিষয়ে কী জানেন", "my data", "mydata"},
	"privacy": {"গোপনীয়তা", "তথ্য ও গোপনীয়তা", "গোপনীয়তা নীতি", "আমার গোপনীয়তা", "privacy"},
	"forget": {
		"আমাকে ভুলে যান", "আমাকে ভুলে যাও", "আমায় ভুলে যান", "আমায় ভুলে যাও", "ভুলে যান", "ভুলে যাও", "মুছে ফেলুন", "মুছে ফেলো", "মুছে দিন", "মুছে দাও", "তথ্য মুছুন", "তথ্য মোছো", "তথ্য মুছে ফেলুন",
		"তথ্য মুছে ফেলো", "তথ্য মুছে দিন", "তথ্য মুছে দাও", "সব তথ্য মুছুন", "সব তথ্য মুছে ফেলুন", "সব তথ্য মুছে ফেলো", "সব মুছে ফেলুন", "সব মুছে ফেলো", "আমার তথ্য মুছুন", "আমার তথ্য মুছে ফেলুন", "আমার তথ্য মুছে ফেলো",
		"আমার তথ্য মুছে দিন", "আমার তথ্য মুছে দাও", "আমার সব তথ্য মুছে ফেলুন", "আমার সব তথ্য মুছে ফেলো", "আমার সব তথ্য মুছে দিন", "forget me", "delete my data",
	},
	"help": {
		"সাহায্য", "সাহায্য চাই", "সাহায্য করুন", "সাহায্য করো", "সাহায্য লাগবে", "হেল্প", "নির্দেশ", "নির্দেশনা", "নির্দেশিকা", "নিয়মকানুন", "মেনু", "কী করতে পারেন", "কী করতে পারো", "কী কী করতে পারেন",
		"কী কী করতে পারো", "আপনি কী করতে পারেন", "তুমি কী করতে পারো", "কীভাবে ব্যবহার করব", "কীভাবে চালাব", "আপনি কে", "তুমি কে", "help", "menu",
	},

	"thanks": {"ধন্যবাদ", "অনেক ধন্যবাদ", "অসংখ্য ধন্যবাদ", "আপনাকে ধন্যবাদ", "তোমাকে ধন্যবাদ", "আপনাকে অনেক ধন্যবাদ", "থ্যাংক ইউ", "থ্যাংকস", "thanks", "thank you"},
	"hello": {
		"নমস্কার", "আদাব", "প্রণাম", "শুভেচ্ছা", "হ্যালো", "হাই", "hello", "hi", "সুপ্রভাত", "শুভ সকাল", "শুভ সন্ধ্যা", "শুভ রাত্রি",
		"কেমন আছেন", "কেমন আছো", "কেমন আছ",
	},
	"salam": {"সালাম", "আসসালামু আলাইকুম", "আসসালামুআলাইকুম", "আস-সালামু আলাইকুম", "salam", "assalamu alaikum"},
	"fine":  {"আচ্ছা", "ঠিক আছে", "ওকে", "ভালো", "বেশ", "বুঝেছি", "বুঝলাম", "হ্যাঁ", "জি", "হুম", "না", "ok", "okay", "yes", "no"},
	"bye":   {"বিদায়", "খোদা হাফেজ", "আল্লাহ হাফেজ", "আবার দেখা হবে", "bye", "goodbye"},

	"channel": {"চ্যানেল", "আমার চ্যানেল", "আমার গ্রুপ", "চ্যানেল যুক্ত করুন", "চ্যানেল যোগ করুন", "চ্যানেল যোগ করতে চাই", "গ্রুপ যোগ করতে চাই"},
	"cancel":  {"বাতিল", "বাতিল করুন", "বাতিল করো", "না থাক", "cancel"},
	"preview": {"নমুনা", "নমুনা দেখান", "নমুনা দেখাও"},
	"test":    {"পরীক্ষা", "পরীক্ষা করুন"},
	"retract": {"প্রত্যাহার", "প্রত্যাহার করুন", "প্রত্যাহার করো"},

	"status":     {"অবস্থা", "বটের অবস্থা"},
	"stats":      {"পরিসংখ্যান", "হিসাব", "পাঠকের হিসাব"},
	"breaking":   {"জরুরি", "জরুরি খবর"},
	"broadcast":  {"ঘোষণা", "ঘোষণা পাঠান"},
	"broadcasts": {"ঘোষণার তালিকা"},
	"schedule":   {"সময়সূচি", "পরে পাঠান", "সময় বেঁধে পাঠান"},
	"schedules":  {"সময়সূচির তালিকা"},
	"feeds":      {"ফিড", "ফিডের তালিকা"},
	"approval":   {"অনুমোদন"},
	"log":        {"কার্যবিবরণী"},
	"editors":    {"সম্পাদক", "সম্পাদকেরা", "সম্পাদকদের তালিকা"},
	"links":      {"লিংকের তালিকা"},
}

// longestPhrase is how many words the longest of them has, and a bound on what is looked up.
var longestPhrase = func() (longest int) {
	for _, list := range phrases {
		for _, phrase := range list {
			longest = max(longest, len(strings.Fields(spoken(phrase))))
		}
	}
	return longest
}()

// spoken is a text as its words sound.
func spoken(text string) string {
	words := bengali.Words(text)
	for i, word := range words {
		words[i] = bengali.Sound(word)
	}
	return strings.Join(words, " ")
}

// spokenAll is a set of phrases.
func spokenAll(phrases ...string) map[string]bool {
	all := make(map[string]bool, len(phrases))
	for _, phrase := range phrases {
		all[spoken(phrase)] = true
	}
	return all
}

// politeness is what stands around a request without meaning anything of its own.
var politeness = spokenAll("প্লিজ", "please", "একটু", "দয়া করে", "অনুগ্রহ করে", "আমাকে", "আমায়", "আমারে", "ভাই", "দাদা", "আপু", "এবার", "এখন", "তো")

// plainly leaves politeness at either end of spoken words out.
func plainly(words []string) []string {
	for changed := true; changed; {
		changed = false
		for n := min(len(words)-1, 2); n > 0 && !changed; n-- {
			switch {
			case politeness[strings.Join(words[:n], " ")]:
				words, changed = words[n:], true
			case politeness[strings.Join(words[len(words)-n:], " ")]:
				words, changed = words[:len(words)-n], true
			}
		}
	}
	return words
}

// cutEnd takes the words at the end of fields off that make one of the phrases. Something must be left.
func cutEnd(fields []string, phrases map[string]bool) ([]string, bool) {
	for n := min(len(fields)-1, longestPhrase); n > 0; n-- {
		if rest, end := fields[:len(fields)-n], fields[len(fields)-n:]; phrases[spoken(strings.Join(end, " "))] {
			return rest, true
		}
	}
	return fields, false
}

// What can stand behind the phrases of a command, so that “শেয়ার বাজার” and “ভাষা আন্দোলন” are still searched for.

func anything(string, time.Time) bool { return true }

func aPause(rest string, now time.Time) bool {
	_, fault := readPause(rest, now)
	return fault != message.ErrPauseUsage || strings.HasPrefix(rest, "@")
}

func aLanguage(rest string, _ time.Time) bool {
	_, known := namedLanguage(rest)
	return known
}

func aLink(rest string, _ time.Time) bool {
	return strings.Contains(rest, "/") && !strings.ContainsAny(rest, " \n")
}

// Bengali puts its verbs last: what people want done, and to what, comes before it.
var (
	followEnd = spokenAll("অনুসরণ করুন", "অনুসরণ করো", "অনুসরণ করতে চাই", "নজর রাখুন", "নজর রাখো", "ফলো করুন", "ফলো করো")
	muteEnd   = spokenAll("বাদ দিন", "বাদ দাও", "এড়িয়ে চলুন", "এড়িয়ে চলো", "মিউট করুন", "মিউট করো")
	searchEnd = spokenAll("খুঁজুন", "খোঁজো", "খুঁজে দিন", "খুঁজে দাও", "খুঁজে দেখুন", "খুঁজে দেখো", "খোঁজ করুন", "খোঁজ করো", "সার্চ করুন", "সার্চ করো")
	// sendEnd is how people ask for news at an hour: সকাল ৮টায় খবর পাঠান.
	sendEnd = spokenAll(
		"খবর দিন", "খবর দাও", "খবর দিও", "খবর দেবেন", "খবর পাঠান", "খবর পাঠাও", "খবর পাঠিও", "খবর পাঠাবেন", "খবর চাই", "পাঠান", "পাঠাও", "পাঠিও", "পাঠাবেন",
		"সংকলন দিন", "সংকলন দাও", "সংকলন চাই", "সংকলন পাঠান", "সংকলন পাঠাও",
	)
	// newsEnd is how people ask for the news of something, aboutEnd what may stand before it.
	newsEnd = spokenAll(
		"খবর", "খবরাখবর", "সংবাদ", "খবর দিন", "খবর দাও", "খবর দেখান", "খবর দেখাও", "খবর চাই", "খবর পাঠান", "খবর পাঠাও", "খবর বলুন", "খবর বলো", "খবর কী", "কী খবর", "খবর আছে", "কোনো খবর আছে", "নতুন খবর",
		"সর্বশেষ খবর", "সাম্প্রতিক খবর", "আজকের খবর", "খবর দেন", "খবর কই", "নিউজ", "news",
		"নিয়ে জানান", "নিয়ে জানাও", "সম্পর্কে জানান", "সম্পর্কে জানাও", "নিয়ে বলুন", "নিয়ে বলো", "সম্পর্কে বলুন", "সম্পর্কে বলো",
	)
	aboutEnd = spokenAll("নিয়ে", "সম্পর্কে", "বিষয়ে", "বিষয়ক", "সংক্রান্ত", "ব্যাপারে", "ওপর", "উপর", "দিকে")
	newsHead = spokenAll("শেষ", "আজকের", "আজ", "এখনকার", "সর্বশেষ", "সাম্প্রতিক", "নতুন", "তাজা")
)

// byEnd finds the command that a text means by its end, with what stands before it.
func (m menu) byEnd(text string, now time.Time) (*command, string) {
	if words, said := pauseSaid(text, now); said {
		return m.commands["pause"], words
	}
	fields := strings.Fields(strings.TrimRight(text, " ।.!?"))
	if when, said := cutEnd(fields, sendEnd); said {
		switch said := strings.Join(when, " "); {
		case untilThen(said, now):
			return m.commands["pause"], said
		case isHours(said):
			return m.commands["digest"], said
		}
	}
	for name, end := range map[string]map[string]bool{"follow": followEnd, "mute": muteEnd, "search": searchEnd} {
		if about, said := cutEnd(fields, end); said {
			about, _ = cutEnd(about, aboutEnd)
			return m.commands[name], strings.Join(about, " ")
		}
	}
	return nil, ""
}

// isHours tells whether a text is hours of any day.
func isHours(text string) bool {
	_, hours := readHourList(text)
	return hours
}

// untilThen tells whether a text names a single time to come, after which news is wanted, and not the hour of every day: “২ ঘণ্টা পরে”, “কাল সকাল
// ৮টায়”.
func untilThen(text string, now time.Time) bool {
	if times, fault := readPause(text, now); fault != "" || len(times) != 1 {
		return false
	}
	if fields := strings.Fields(text); todayWords[spoken(fields[0])] { // আজ রাত ৯টায়
		return true
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	plans, err := bengali.ParsePlan(text, midnight, nil)
	return err == nil && (len(plans) != 1 || !isHours(text) || !plans[0].At.Before(midnight.AddDate(0, 0, 1)))
}

// newsOf is what a text asks the news of: মেট্রোরেল of “মেট্রোরেল নিয়ে খবর দিন”. A text that does not ask for news stays as it is. Where the bare word
// for news stands behind a word without an ending, both may be the name of a thing, as ভুয়া খবর is: then named is true.
func newsOf(text string) (about string, named bool) {
	fields := strings.Fields(strings.TrimRight(text, " ।.!?"))
	news, said := cutEnd(fields, newsEnd)
	if !said {
		return text, false
	}
	of, aboutIt := cutEnd(news, aboutEnd)
	rest := of
	for len(rest) > 1 && (newsHead[spoken(rest[0])] || politeness[spoken(rest[0])]) {
		rest = rest[1:]
	}
	last := foldWords(rest[len(rest)-1])
	named = len(news) == len(fields)-1 && !aboutIt && len(rest) == len(of) && bengali.Stem(last) == last
	return strings.Join(rest, " "), named
}
