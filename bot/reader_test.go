package bot_test

import (
	"strings"
	"testing"

	"github.com/harkara/harkara/store"
)

func TestANewReaderFollowsEverythingUntilTheyChoose(t *testing.T) {
	w := newWorld(t)
	anu := w.person(501, "অনু")
	w.silent(anu.says("/start")) // the welcome is delivery's
	w.is(501, store.Active)
	w.follows(501, store.Everything)
	if c := w.chat(501); c.Title != "অনু" || c.Language != "bn" || c.Welcomed || c.Kind != store.Private {
		t.Errorf("kept %+v", c)
	}
	waiting, err := w.store.Unwelcomed(t.Context(), 10, nil)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d wait for a welcome, %v", len(waiting), err)
	}

	anu.says("/topics")
	w.says(anu.last().Text, "কোন কোন বিষয়ের খবর চান?")
	w.says(anu.presses("খেলা"), "‘খেলা’ বিষয়ের খবর চালু")
	w.follows(501, w.sport.ID)
	anu.presses("রাজনীতি")
	w.follows(501, w.sport.ID, w.politics.ID)
	w.says(anu.presses("✅ খেলা"), "‘খেলা’ বিষয়ের খবর আর পাঠানো হবে না")
	w.follows(501, w.politics.ID)
	w.says(anu.presses("✅ রাজনীতি"), "অন্তত একটি বিষয়")
	w.follows(501, w.politics.ID)
	anu.presses("হয়ে গেছে")
	w.says(anu.last().Text, "আপনার পছন্দ সংরক্ষণ করা হয়েছে।\nএখন থেকে পাবেন: রাজনীতি")
	if n := len(anu.Chat().FromBots()); n != 1 {
		t.Errorf("the choice took %d messages instead of one that is edited", n)
	}
	anu.presses("বিষয় বদলান")
	anu.presses("সব বিষয়")
	w.follows(501, store.Everything)
}

func TestALinkSubscribesToWhatItSaysAndIsCounted(t *testing.T) {
	w := newWorld(t)
	link := w.link(w.sport, "অক্টোবর")
	counted := func(starts, subscribers int) {
		t.Helper()
		l, err := w.store.Link(t.Context(), link.Code)
		if err != nil || l.Starts != starts || l.Subscribers != subscribers {
			t.Errorf("counted %d starts and %d subscribers (%v), not %d and %d", l.Starts, l.Subscribers, err, starts, subscribers)
		}
	}
	bina := w.person(502, "বীণা")
	w.silent(bina.says("/start l_" + link.Code))
	w.follows(502, w.sport.ID)
	counted(1, 1)
	if got := w.chat(502).Link; got != link.ID {
		t.Errorf("came by link %d", got)
	}
	bina.says("/start l_" + link.Code) // an impatient second press, before the welcome
	counted(2, 1)

	chitra := w.reader(503, "চিত্রা")
	chitra.says("/topics")
	chitra.presses("রাজনীতি")
	w.says(chitra.says("/start l_"+link.Code), "‘খেলা’ বিষয়ের খবর চালু")
	w.follows(503, w.sport.ID, w.politics.ID)
	counted(3, 2)
	w.says(chitra.says("/start l_"+link.Code), "আগে থেকেই চালু আছে")
	counted(4, 2)

	dipa := w.reader(504, "দীপা") // follows everything
	w.says(dipa.says("/start l_"+link.Code), "আগে থেকেই চালু আছে")
	w.follows(504, store.Everything)
	counted(5, 2)
}

func TestAJunkPayloadIsAnOrdinaryStart(t *testing.T) {
	w := newWorld(t)
	for i, payload := range []string{
		"l_", "l_nosuchcode", "l_" + strings.Repeat("x", 200), "l_../../etc", "l_'; DROP TABLE chat;--", "claim_", "claim_nothing", "channels", "%%%",
		"\u200b\u202e", "l_কোড", "l_a b", strings.Repeat("য", 500),
	} {
		id := int64(600 + i)
		w.person(id, "পাঠক").says("/start " + payload)
		if strings.HasPrefix(payload, "claim_") {
			continue
		}
		w.follows(id, store.Everything)
	}
	// A claim that is none makes no owner.
	if editors, err := w.store.Editors(t.Context()); err != nil || len(editors) != 0 {
		t.Errorf("%v, %v", editors, err)
	}
}

func TestALinkToADeletedTopicIsAnOrdinaryStart(t *testing.T) {
	w := newWorld(t)
	link := w.link(w.sport, "")
	w.write(func(tx store.Tx) error { return tx.DeleteCategory(t.Context(), w.sport.ID) })
	w.person(501, "অনু").says("/start l_" + link.Code)
	w.follows(501, store.Everything)
}

func TestStoppingIsConfirmedAndStartBringsNewsBack(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/topics")
	anu.presses("খেলা")

	w.says(anu.says("/stop"), "সব খবর বন্ধ করতে চান?")
	w.is(501, store.Active)
	anu.presses("না, থাক")
	w.says(anu.last().Text, "খবর আগের মতোই পাবেন")
	w.is(501, store.Active)

	anu.says("বন্ধ")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	w.says(anu.last().Text, "সব খবর বন্ধ করা")
	w.is(501, store.Stopped)
	w.says(anu.says("/stop"), "আগে থেকেই বন্ধ")

	w.says(anu.says("/start"), "আবার স্বাগতম। আপনি এখন পাচ্ছেন: ")
	w.is(501, store.Active)
	w.follows(501, w.sport.ID)
}

func TestTheButtonUnderTheGoodbyeBringsNewsBack(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/stop")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	anu.presses("খবর চালু করুন")
	w.is(501, store.Active)
	w.says(anu.last().Text, "আবার স্বাগতম। আপনি এখন সব বিষয়ের খবর পাচ্ছেন।")
}

func TestBengaliWordsDoWhatCommandsDo(t *testing.T) {
	w := newWorld(t)
	w.publish("ঢাকায় বৃষ্টি", w.tech)
	anu := w.reader(501, "অনু")
	for said, want := range map[string]string{
		"বিষ\u09df": "কোন কোন বিষয়ের খবর চান?", "বিষ\u09af\u09bc": "কোন কোন বিষয়ের খবর চান?", "খবর": "ঢাকায় বৃষ্টি", "বন্ধ": "সব খবর বন্ধ করতে চান?",
		"সাহায্য": "যা যা করতে পারেন", " খবর। ": "ঢাকায় বৃষ্টি", "ভাষা": "কোন ভাষায় কথা বলব?", "খুঁজুন": "কী খুঁজছেন?",
		"খুঁজুন বৃষ্টি": "‘বৃষ্টি’ — ১টি খবর", "/খবর": "ঢাকায় বৃষ্টি", "/HELP": "যা যা করতে পারেন", "/help@harkara_demo_bot": "যা যা করতে পারেন",
		"বৃষ্টি": "‘বৃষ্টি’ — ১টি খবর",
	} {
		w.says(anu.says(said), want)
	}
}

func TestEnglishWordsDoWhatTheHelpPromises(t *testing.T) {
	w := newWorld(t)
	w.publish("ঢাকায় বৃষ্টি", w.tech)
	anu := w.reader(501, "অনু")
	anu.says("/language english")
	w.says(anu.says("help"), "You can also just write ‘news’")
	for said, want := range map[string]string{
		"News": "Latest news", "topics": "Which topics would you like?", "stop": "Stop all news?", "settings": "News comes", "search বৃষ্টি": "‘বৃষ্টি’ — 1 article",
	} {
		w.says(anu.says(said), want)
	}
}

func TestTheNameOfATopicBringsItsNews(t *testing.T) {
	w := newWorld(t)
	w.publish("জেলা লিগের ফাইনাল", w.sport)
	anu := w.reader(501, "অনু")
	anu.says("/topics")
	anu.presses(w.politics.Name)
	w.says(anu.says(" খেলা। "), "জেলা লিগের ফাইনাল")
	anu.presses("‘খেলা’ বিষয়ের খবর পান")
	w.follows(501, w.sport.ID, w.politics.ID)
	anu.says("খেলা")
	if anu.last().ReplyMarkup != nil {
		t.Error("what is followed already is offered")
	}
	w.says(anu.says("/search খেলা"), "‘খেলা’ নিয়ে")
	w.says(anu.says(w.politics.Name), "নিয়ে") // a topic without news is a word like any other
}

func TestCourtesiesAreReturnedAndNotSearchedFor(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	for said, want := range map[string]string{
		"ধন্যবাদ": "আপনাকেও ধন্যবাদ।", "অনেক ধন্যবাদ!": "আপনাকেও ধন্যবাদ।", "Thank you": "আপনাকেও ধন্যবাদ।", "নমস্কার 🙏": "নমস্কার! কী নিয়ে",
		"কেমন আছেন?": "নমস্কার! কী নিয়ে", "আসসালামু আলাইকুম": "ওয়ালাইকুম আসসালাম!", "আস-সালামু আলাইকুম": "ওয়ালাইকুম আসসালাম!",
		"শুভেচ্ছা সফর": "‘শুভেচ্ছা সফর’ নিয়ে", "/search ধন্যবাদ": "‘ধন্যবাদ’ নিয়ে",
	} {
		w.says(anu.says(said), want)
	}
}

func TestWhatCannotBeUnderstoodGetsAShortHelpfulAnswer(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/nosuch"), "নির্দেশটি বোঝা গেল না। সব নির্দেশ দেখতে /help লিখুন।")
	w.says(anu.says("/"), "নির্দেশটি বোঝা গেল না")
	w.says(anu.says("😀😀😀"), "লেখাটি বোঝা গেল না")
	w.says(anu.says(strings.Repeat("দীর্ঘ লেখা ", 200)), "লেখাটি বোঝা গেল না")
	w.says(anu.says("শব্দহীন"), "‘শব্দহীন’ নিয়ে")
}

func TestPauseAndResume(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/pause"), "থামিয়ে রাখলাম")
	w.is(501, store.Paused)
	w.says(anu.says("/resume"), "আবার চালু")
	w.is(501, store.Active)
}

func TestTheLanguageIsTheReadersChoice(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/language")
	anu.presses("English")
	w.says(anu.last().Text, "English")
	w.says(anu.says("/stop"), "Stop all news?")
	w.says(anu.says("/language বাংলা"), "বাংলায় লিখব")
	w.says(anu.says("/language klingon"), "/language বাংলা")
	anu.says("/language english")
	commands := w.telegram.Commands(anu.User)
	if len(commands) == 0 || !strings.Contains(commands[0].Description, "topics") {
		t.Errorf("the menu is %v", commands)
	}
}

func TestTheFirstLanguageIsThatOfTheReadersApp(t *testing.T) {
	w := newWorld(t)
	for i, c := range []struct{ tag, asked string }{
		{"en-GB", "Which topics would you like?"},
		{"en", "Which topics would you like?"},
		{"bn", "কোন কোন বিষয়ের খবর চান?"},
		{"de", "কোন কোন বিষয়ের খবর চান?"},
		{"", "কোন কোন বিষয়ের খবর চান?"},
	} {
		reader := w.person(int64(600+i), "অনু")
		reader.User.SetLanguage(c.tag)
		reader.says("/start")
		if asked := reader.says("/topics"); !strings.Contains(asked, c.asked) {
			t.Errorf("%q is asked %q", c.tag, asked)
		}
	}
}

func TestLatestIsTurnedPageByPageInOneMessage(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/latest"), "খবর আসেনি")
	for _, n := range []string{"এক", "দুই", "তিন", "চার", "পাঁচ", "ছয়", "সাত", "আট", "নয়", "দশ"} {
		w.publish("খবর "+n, w.sport)
	}
	w.publish("ভোটের খবর", w.politics)
	anu.says("/topics")
	anu.presses("খেলা")
	first := anu.says("/latest")
	w.says(first, "খবর দশ")
	if strings.Contains(first, "ভোটের") || strings.Contains(first, "খবর এক") {
		t.Errorf("the first page is %q", first)
	}
	anu.presses("পরের পাতা →")
	w.says(anu.last().Text, "খবর এক")
	if strings.Contains(anu.last().Text, "খবর দশ") {
		t.Errorf("the second page is %q", anu.last().Text)
	}
	anu.presses("← আগের পাতা")
	w.says(anu.last().Text, "খবর দশ")
}

func TestSearchFindsInflectedWordsOffersSpellingsAndTurnsPages(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.publish("ঢাকার রাস্তায় পানি", w.sport)
	w.publish("কলকাতায় মেলা", w.sport)
	w.says(anu.says("/search"), "কী খুঁজছেন?")
	w.says(anu.says("/search ঢাকা"), "‘ঢাকা’ — ১টি খবর")
	w.says(anu.says("/search ঢাকা মেলা"), "পাওয়া যায়নি")
	w.says(anu.says("/search কলকা"), "কলকাতায় মেলা") // the beginning of a word
	w.says(anu.says("/search \"মেলা কলকাতা\""), "পাওয়া যায়নি")
	w.says(anu.says("/search পানী"), "এর মধ্যে কোনওটি খুঁজছিলেন?")
	anu.presses("পানি")
	w.says(anu.last().Text, "‘পানি’ — ১টি খবর")
	for _, slip := range []string{"কলকতা", "কলাকাতা", "লককাতা", "কলকতায়"} { // a letter left out, one too many, two that changed places
		w.says(anu.says("/search "+slip), "এর মধ্যে কোনওটি খুঁজছিলেন?")
		anu.presses("কলকাতা")
		w.says(anu.last().Text, "‘কলকাতা’ — ১টি খবর")
	}
	w.says(anu.says("/search ঢাবা"), "অন্য বানানে বা ছোট করে লিখে দেখুন") // too short to guess at

	for range 9 {
		w.publish("দীর্ঘনামের সম্মেলন শুরু আজ বিকেলে", w.sport)
	}
	const long = "দীর্ঘনামের সম্মেলন শুরু আজ বিকেলে"
	w.says(anu.says("/search "+long), "৯টি খবর")
	anu.presses("পরের পাতা →") // the query is longer than a button's data
	w.says(anu.last().Text, "৯টি খবর")
}

func TestHostileSearchesGetASentence(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.publish("ঢাকার খবর", w.sport)
	for _, query := range []string{
		`"`, `""""`, `" OR 1=1`, `NEAR(a b)`, `headline:ঢাকা AND`, `*`, `^`, `(((`, `{}`, "a\x00b", "‘’", "‘ঢাকা’", "<b>x</b>", "&lt;", strings.Repeat("ক ", 45), strings.Repeat("ক", 99), strings.Repeat("ক", 4000), strings.Repeat("কর ", 1300), strings.Repeat(`"`, 4000), "কর AND NOT",
		"\u09cd\u09cd\u09cd", "\u200d", "-", "-ঢাকা", "'; DROP TABLE search; --",
	} {
		if got := anu.says("/search " + query); got == "" {
			t.Errorf("no answer to %q", query)
		}
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}

func TestBlockingAndUnblocking(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.Block()
	w.settle()
	w.is(501, store.Blocked)
	anu.Unblock()
	w.settle()
	w.is(501, store.Active)

	anu.says("/stop")
	anu.presses("হ্যাঁ, বন্ধ করুন")
	anu.Block()
	anu.Unblock()
	w.settle()
	w.is(501, store.Stopped) // who had stopped before gets nothing for unblocking
}

func TestAPersonOfAnOlderAcquaintanceIsSentNothingUnasked(t *testing.T) {
	w := newWorld(t)
	anu := w.person(501, "অনু")
	w.says(anu.says("/help"), "যা যা করতে পারেন")
	if !w.unknown(501) {
		t.Error("asking for help subscribed")
	}
	anu.says("/topics")
	anu.presses("খেলা")
	w.is(501, store.Active)
	w.follows(501, w.sport.ID)
}
