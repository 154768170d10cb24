package bot_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func TestWhoOpensTheOperatorsLinkFirstBecomesOwner(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.Owners = nil })
	first, err := w.bot.OwnerClaim(t.Context())
	if err != nil || first == "" || len(first) > 64 {
		t.Fatalf("%q, %v", first, err)
	}
	payload, err := w.bot.OwnerClaim(t.Context())
	if err != nil || payload == first {
		t.Fatalf("a second start made %q, %v", payload, err)
	}
	anu, bina := w.person(501, "অনু"), w.person(502, "বীণা")
	w.says(bina.says("/start "+first), "সংকেতটি মিলছে না") // an old log
	w.says(bina.says("/start claim_owner"), "সংকেতটি মিলছে না")
	w.says(anu.says("/start "+payload), "এখন থেকে আপনি এই বটের মালিক")
	w.says(anu.says("/claim "+payload), "আগে থেকেই এই বটের মালিক")
	w.says(bina.says("/start "+payload), "সংকেতটি মিলছে না")
	if e, err := w.store.Editor(t.Context(), 501); err != nil || e.Role != store.Owner || e.Name != "অনু" {
		t.Errorf("%+v, %v", e, err)
	}
	if again, err := w.bot.OwnerClaim(t.Context()); err != nil || again != "" {
		t.Errorf("a bot with an owner offers %q, %v", again, err)
	}
	w.says(anu.says("/status"), "বটের অবস্থা")
	w.says(bina.says("/status"), "শুধু সম্পাদকেরা")
}

func TestAnOldClaimIsWorthNothingOnceTheSettingsNameAnOwner(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.Owners = nil })
	payload, err := w.bot.OwnerClaim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.stopBot()
	w.config.Owners = []int64{owner}
	w.run()
	w.says(w.person(501, "অনু").says("/start "+payload), "সংকেতটি মিলছে না")
}

func payloadIn(t *testing.T, text string) string {
	t.Helper()
	found := regexp.MustCompile(`\?start=([A-Za-z0-9_-]{1,64})`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("there is no start link in %q", text)
	}
	return found[1]
}

func TestAnEditorMakesLinksWithASnippetToPaste(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	got := boss.says("/link খেলা পূজা সংখ্যা")
	w.says(got, "‘খেলা’ বিষয়ের লিংক তৈরি হয়েছে")
	payload := payloadIn(t, got)
	w.says(got, `<p lang="bn"><a href="https://t.me/harkara_demo_bot?start=`+payload+`"`)
	w.says(got, "টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন")
	w.person(501, "অনু").says("/start " + payload)
	w.follows(501, w.sport.ID)

	again := boss.says("/link sports পূজা সংখ্যা")
	if payloadIn(t, again) != payload {
		t.Error("the same topic and campaign made another link")
	}
	w.says(again, "খোলা হয়েছে ১ বার, নতুন গ্রাহক ১ জন")
	if payloadIn(t, boss.says("/link Sports")) == payload {
		t.Error("another campaign got the same link")
	}
	boss.says("/link")
	boss.presses("রাজনীতি")
	w.says(boss.last().Text, "‘রাজনীতি’ বিষয়ের লিংক")
	w.says(boss.says("/link নাচ"), "‘নাচ’ নামে কোনও বিষয় নেই। যেগুলো আছে: খেলা, রাজনীতি, প্রযুক্তি")
	list := boss.says("/links")
	w.says(list, "খেলা · পূজা সংখ্যা: খোলা হয়েছে ১ বার, নতুন গ্রাহক ১ জন")
	w.says(list, "রাজনীতি · —")
	for _, campaign := range []string{"ক", "খ", "গ", "ঘ", "ঙ", "চ", "ছ", "জ", "ঝ"} {
		boss.says("/link all " + campaign)
	}
	boss.says("/links")
	boss.presses("পরের পাতা →")
	w.says(boss.last().Text, "খেলা · পূজা সংখ্যা")
}

func TestAnEditorTakesAnArticleBack(t *testing.T) {
	w := newWorld(t)
	boss, anu := w.reader(owner, "মালিক"), w.reader(501, "অনু")
	a := w.publish("ভুল খবর", w.sport)
	post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: w.now()}
	copyOf := boss.Chat().Say(boss.User, "the place of a message with news")
	w.settle()
	w.write(func(tx store.Tx) error {
		if err := tx.SavePost(t.Context(), &post); err != nil {
			return err
		}
		return tx.AddSent(t.Context(), store.Sent{Post: post.ID, Chat: w.chat(owner).ID, Message: copyOf})
	})
	retracted := func(want bool) {
		t.Helper()
		got, err := w.store.Article(t.Context(), a.ID)
		if err != nil || got.Retracted != want {
			t.Errorf("retracted: %v, %v", got.Retracted, err)
		}
	}
	w.says(boss.says("/retract"), "সেই বার্তার উত্তরে /retract লিখুন")
	w.says(boss.says("/retract https://elsewhere.example/1"), "আমার তালিকায় নেই")
	w.says(anu.says("/retract "+a.URL), "শুধু সম্পাদকেরা")
	w.hears(boss.Chat(), boss, "/retract", telegramtest.Manner{ReplyTo: copyOf})
	w.says(boss.last().Text, "‘ভুল খবর’ খবরটি প্রত্যাহার করবেন?")
	boss.presses("না, থাক")
	w.says(boss.last().Text, "‘ভুল খবর’ যেমন ছিল তেমনই থাকছে")
	retracted(false)
	boss.says("/retract " + a.URL)
	question := boss.last()
	boss.presses("হ্যাঁ, প্রত্যাহার করুন")
	retracted(true)
	w.says(boss.last().Text, "প্রত্যাহার করা হল")
	w.forge(boss.Chat(), boss.User, question.MessageID, question.ReplyMarkup.Rows[0][0].CallbackData)
	w.says(boss.last().Text, "আগেই প্রত্যাহার করা হয়েছে")
}

func TestHelpShowsEachPersonWhatTheyCanDo(t *testing.T) {
	w := newWorld(t)
	boss, anu := w.reader(owner, "মালিক"), w.reader(501, "অনু")
	w.says(boss.says("/help"), "/retract — ")
	if help := anu.says("/help"); strings.Contains(help, "/retract") || !strings.Contains(help, "/topics — ") {
		t.Errorf("a reader is told %q", help)
	}
}

func TestAnOwnerOfTheSettingsGetsTheMenuOfOwners(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	w.settle()
	var names []string
	for _, c := range w.telegram.Commands(boss.User) {
		names = append(names, c.Command)
	}
	if !strings.Contains(strings.Join(names, " "), "status stats link links") {
		t.Errorf("the menu is %v", names)
	}
}

func TestWhoeverComesByAClaimIsAReaderToo(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.Owners = nil })
	payload, err := w.bot.OwnerClaim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.says(w.person(501, "অনু").says("/start "+payload), "আপনি এই বটের মালিক")
	w.is(501, store.Active)
	w.follows(501, store.Everything)
}
