package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func TestAnEditorMakesAnArticleBreakingNewsAfterAQuestion(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	boss := w.reader(owner, "মালিক")
	w.reader(501, "অনু")
	w.channel(w.reader(701, "রিনা"))
	quake := w.publish("ভূমিকম্পে কাঁপল উত্তরাঞ্চল", w.politics)
	w.says(boss.says("/breaking "+quake.URL), "‘ভূমিকম্পে কাঁপল উত্তরাঞ্চল’\n\nএটি জরুরি খবর হিসেবে এখনই পাঠাবেন?")
	w.says(boss.last().Text, "৩ জন পাঠক আর ০টি চ্যানেল ও গ্রুপ")
	boss.presses("না, থাক")
	w.says(boss.last().Text, "জরুরি হিসেবে পাঠানো হল না")
	if all, err := w.store.AllBreaking(t.Context(), 10); err != nil || len(all) != 0 {
		t.Errorf("there is breaking news: %v, %v", all, err)
	}
	boss.says("জরুরি")
	w.says(boss.last().Text, "নিচ থেকে বেছে নিন")
	boss.presses("ভূমিকম্পে কাঁপল উত্তরাঞ্চল")
	question := boss.last()
	boss.presses("হ্যাঁ, এখনই পাঠান")
	w.says(boss.last().Text, "জরুরি খবর হিসেবে পাঠানো শুরু হয়েছে")
	b, err := w.store.BreakingOf(t.Context(), quake.ID)
	if err != nil || b.By != owner || !b.At.Equal(w.now().Truncate(time.Millisecond)) {
		t.Errorf("kept is %+v, %v", b, err)
	}
	w.pass(time.Minute)
	w.forge(boss.Chat(), boss.User, question.MessageID, button.Of(button.Breaking, quake.ID, 1)) // a second press
	w.says(boss.last().Text, "‘ভূমিকম্পে কাঁপল উত্তরাঞ্চল’ ১ মিনিট আগে জরুরি খবর হিসেবে পাঠানো হয়েছে")
	if again, err := w.store.BreakingOf(t.Context(), quake.ID); err != nil || fmt.Sprint(again) != fmt.Sprint(b) {
		t.Errorf("a second press made %+v, %v", again, err)
	}
}

func TestASecondPieceOfBreakingNewsWithinTenMinutesHasToBeMeant(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	boss, second := w.reader(owner, "মালিক"), w.reader(902, "সম্পাদক")
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 902, Name: "সম্পাদক", Role: store.EditorRole, Since: w.now()})
	})
	quake, flood, fire := w.publish("ভূমিকম্প", w.politics), w.publish("বন্যা", w.politics), w.publish("আগুন", w.politics)
	isBreaking := func(a store.Article) bool {
		_, err := w.store.BreakingOf(t.Context(), a.ID)
		return err == nil
	}
	// Both editors see a question without a warning; the second to press is warned.
	boss.says(fmt.Sprintf("/breaking %d", quake.ID))
	second.says("/breaking " + flood.URL)
	boss.presses("হ্যাঁ, এখনই পাঠান")
	second.presses("হ্যাঁ, এখনই পাঠান")
	w.says(second.last().Text, "⚠️ এইমাত্র আরেকটি জরুরি খবর পাঠানো হয়েছে: ‘ভূমিকম্প’।")
	if isBreaking(flood) {
		t.Error("it went out without the question")
	}
	second.presses("হ্যাঁ, এখনই পাঠান")
	if !isBreaking(flood) {
		t.Error("it did not go out although it was meant")
	}
	w.pass(9 * time.Minute)
	w.says(boss.says("/breaking "+fire.URL), "⚠️ ৯ মিনিট আগে আরেকটি জরুরি খবর পাঠানো হয়েছে: ‘বন্যা’।")
	w.pass(time.Minute)
	if said := boss.says("/breaking " + fire.URL); strings.Contains(said, "⚠️") {
		t.Errorf("after ten minutes the bot still says %q", said)
	}
	boss.presses("হ্যাঁ, এখনই পাঠান")
	if !isBreaking(fire) {
		t.Error("the third did not go out")
	}
}

func TestAReplyToAMessageOfTheBotMakesItsArticleBreakingNews(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	a, b := w.publish("প্রথম", w.sport), w.publish("দ্বিতীয়", w.sport)
	boss.says("খবর")
	list := boss.last()
	w.write(func(tx store.Tx) error {
		post := store.Post{Shape: store.List, Articles: []int64{b.ID, a.ID}, At: w.now()}
		if err := tx.SavePost(t.Context(), &post); err != nil {
			return err
		}
		return tx.AddSent(t.Context(), store.Sent{Post: post.ID, Chat: w.chat(owner).ID, Message: list.MessageID})
	})
	w.hears(boss.Chat(), boss, "/breaking", telegramtest.Manner{ReplyTo: list.MessageID})
	w.says(boss.last().Text, "কোন খবরটি")
	boss.presses("প্রথম")
	w.says(boss.last().Text, "‘প্রথম’")
}

func TestWhatCannotBeBreakingNewsIsRefusedWithAReason(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	boss, anu := w.reader(owner, "মালিক"), w.reader(501, "অনু")
	w.says(boss.says("/breaking"), "খবর আসেনি")
	old, gone := w.publish("গত পরশু", w.sport), w.publish("ভুল", w.sport)
	w.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), gone.ID, w.now()) })
	w.says(boss.says("/breaking "+gone.URL), "আগেই প্রত্যাহার করা হয়েছে")
	w.pass(25 * time.Hour)
	w.says(boss.says("/breaking "+old.URL), "এক দিনের বেশি পুরোনো")
	for _, wrong := range []string{"https://news.example/none", "999999", "৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯", "-1", "কিছু একটা"} {
		w.says(boss.says("/breaking "+wrong), "আমার তালিকায় নেই")
	}
	w.says(anu.says("/breaking "+old.URL), "সম্পাদকেরা")
	w.says(w.forge(anu.Chat(), anu.User, anu.last().MessageID, button.Of(button.Breaking, old.ID, 3)), "সম্পাদকেরা")
	w.says(w.forge(anu.Chat(), anu.User, anu.last().MessageID, button.Of(button.BreakingList, 0)), "সম্পাদকেরা")
	if all, err := w.store.AllBreaking(t.Context(), 10); err != nil || len(all) != 0 {
		t.Errorf("there is breaking news: %v, %v", all, err)
	}
	for i := range 20 {
		w.publish(fmt.Sprintf("নতুন খবর %d", i), w.sport)
	}
	boss.says("/breaking")
	boss.presses("পরের পাতা →")
	boss.presses("পরের পাতা →")
	boss.presses("গত পরশু")
	w.says(boss.last().Text, "এক দিনের বেশি পুরোনো")
}

func TestAReaderCanWantBreakingNewsOnlyAndLetItThroughQuietHours(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	anu.says("/settings")
	anu.presses("শুধু জরুরি খবর")
	w.says(anu.last().Text, "খবর আসবে: শুধু জরুরি খবর\n")
	anu.presses("রাত ১১টা – সকাল ৭টা")
	w.says(anu.presses("জরুরি খবর নীরব সময়েও"), "নীরব সময়েও শব্দসহ")
	if got := w.chat(501).Prefs; got.Mode != store.Breaking || !got.Urgent {
		t.Errorf("kept %+v", got)
	}
	w.says(anu.presses("✅ জরুরি খবর নীরব সময়েও"), "জরুরি খবরও পাঠানো হবে না")
	anu.presses("প্রকাশ হলেই")
	if got := w.chat(501).Prefs; got.Mode != "" || got.Urgent {
		t.Errorf("kept %+v", got)
	}
}
