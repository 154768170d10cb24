package bot_test

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

func TestSavedArticlesAreListedTurnedAndTakenOff(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	w.says(anu.says("/saved"), "‘রেখে দিন’ চাপলে এখানে থাকবে")
	menu := anu.last().MessageID
	save := func(id int64) string { return w.forge(anu.Chat(), anu.User, menu, button.Of(button.Save, id)) }
	for i := range 9 {
		w.pass(1e9)
		w.says(save(w.publish(fmt.Sprint("খবর নম্বর ", i), w.sport).ID), "সংরক্ষণ করা হয়েছে")
	}
	held, retracted := w.publish("আটকে রাখা", w.sport), w.publish("ভুল খবর", w.sport)
	save(retracted.ID)
	w.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), retracted.ID, w.now()) })
	for _, id := range []int64{retracted.ID, 0, -1, 1 << 60, held.ID + 1000} {
		w.says(save(id), "এই বোতামটি পুরোনো")
	}

	first := anu.says("সংরক্ষিত খবর")
	w.says(first, "খবর নম্বর 8")
	if strings.Contains(first, "খবর নম্বর 0") || strings.Contains(first, "ভুল খবর") {
		t.Errorf("the first page is %q", first)
	}
	n := len(anu.Chat().FromBots())
	anu.presses("পরের পাতা →")
	w.says(anu.last().Text, "খবর নম্বর 0")
	anu.presses("তালিকা থেকে বাদ দিন")
	w.says(anu.presses("❌ খবর নম্বর 0"), "তালিকা থেকে বাদ গেল")
	w.says(anu.last().Text, "খবর নম্বর 8") // the last page is gone
	anu.presses("❌ খবর নম্বর 8")
	anu.presses("হয়ে গেছে")
	if text := anu.last().Text; strings.Contains(text, "খবর নম্বর 8") || !strings.Contains(text, "খবর নম্বর 7") {
		t.Errorf("left is %q", text)
	}
	if len(anu.Chat().FromBots()) != n {
		t.Error("the list was not edited in place")
	}
}

func TestAReaderGetsAllThatIsKnownOfThemAsAFile(t *testing.T) {
	w := newWorld(t)
	// Bina's number is long, so that no time or size in the file holds it by chance.
	anu, bina := w.reader(501, "অনু"), w.reader(7_350_184_926, "বীণা")
	w.publish("শেষ বলে জয়", w.sport)
	anu.says("/topics")
	anu.presses("খেলা")
	anu.says("/follow মেট্রোরেল")
	a := w.publish("নতুন সেতু", w.politics)
	w.forge(anu.Chat(), anu.User, anu.last().MessageID, button.Of(button.Save, a.ID))
	bina.says("/follow অন্যের শব্দ")
	post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: w.now()}
	w.write(func(tx store.Tx) error {
		if err := tx.SavePost(t.Context(), &post); err != nil {
			return err
		}
		return tx.AddSent(t.Context(), store.Sent{Post: post.ID, Chat: w.chat(501).ID, Message: 77})
	})

	w.forge(anu.Chat(), anu.User, anu.last().MessageID, button.Of(button.Vote, a.ID, button.VoteUp))
	w.says(anu.says("/privacy"), "ভালো লেগেছে")
	anu.says("/follow <b>চিহ্ন</b> & আরও")
	w.write(func(tx store.Tx) error {
		l := store.Link{Code: "আমার-লিংক", CreatedBy: 501, CreatedAt: w.now()}
		if err := tx.AddLink(t.Context(), &l); err != nil {
			return err
		}
		return tx.Record(t.Context(), store.Event{At: w.now(), By: 501, Name: "অনু", Deed: store.FeedAdded, Object: "দৈনিক হরকরা"})
	})
	anu.says("/mydata")
	m := anu.last()
	if m.Document == nil || m.Document.FileName != "harkara.html" {
		t.Fatalf("no file came, but %q", m.Words())
	}
	file := w.bytesOf(m.Document.FileID)
	page := string(file)
	for _, want := range []string{
		`<html lang="bn">`, "<h2>আপনি</h2>", "<b>নাম:</b> অনু", "<b>টেলিগ্রাম আইডি:</b> ৫০১", "<b>অবস্থা:</b> খবর পাঠানো হচ্ছে", "<b>বিষয়:</b> ", "খেলা", "<b>নীরব সময়:</b> নেই", "<li>মেট্রোরেল</li>",
		"&lt;b&gt;চিহ্ন&lt;/b&gt; &amp; আরও", `<a href="` + a.URL + `">নতুন সেতু</a>`, "👍 নতুন সেতু", "<li>আমার-লিংক</li>", "অনু ‘দৈনিক হরকরা’ ফিড যোগ করেছেন",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if parts, _, _ := strings.Cut(page, "<details>"); strings.Contains(parts, "&lt;b&gt;") && strings.Count(parts, "&lt;b&gt;") > 1 || strings.Contains(parts, "ZgotmplZ") {
		t.Errorf("markup shows in the page:\n%s", parts)
	}
	_, raw, _ := strings.Cut(page, `<pre id="json">`)
	raw, _, _ = strings.Cut(raw, "</pre>")
	var known struct {
		Everything map[string][]map[string]any `json:"everything_as_it_is_kept"`
	}
	if raw = html.UnescapeString(raw); json.Unmarshal([]byte(raw), &known) != nil {
		t.Errorf("what is for machines is no JSON: %s", raw)
	}
	for _, want := range []string{`"telegram_id": 501`, "অনু", "খেলা", "মেট্রোরেল", "নতুন সেতু", a.URL, `"message_id": 77`} {
		if !strings.Contains(raw, want) {
			t.Errorf("the file lacks %q:\n%s", want, raw)
		}
	}
	for _, kind := range []string{"chat", "bookmark", "subscription", "saved", "vote", "sent", "link", "event"} {
		if len(known.Everything[kind]) == 0 {
			t.Errorf("the file lacks the rows of %s", kind)
		}
	}
	for _, other := range []string{"বীণা", "অন্যের", "7350184926", bengali.Digits("7350184926")} {
		if strings.Contains(string(file), other) {
			t.Errorf("the file tells of somebody else: %q", other)
		}
	}
	w.says(w.person(503, "নতুন").says("আমার তথ্য"), "তথ্য রাখা নেই")
}

func TestAskingForOnesDataAgainAndAgainMakesTheFileNoLarger(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	for range 20 {
		anu.Send("/mydata") // none waits for the answer before
	}
	w.settle()
	least, most, files := 1<<30, 0, 0
	for _, m := range anu.Chat().FromBots() {
		if m.Document != nil {
			files++
			least, most = min(least, m.Document.FileSize), max(most, m.Document.FileSize)
		}
	}
	if files != 20 || most > least+100 {
		t.Errorf("%d files of %d to %d bytes", files, least, most)
	}
}

func TestForgettingIsConfirmedAndImmediate(t *testing.T) {
	w := newWorld(t)
	anu, bina := w.reader(501, "অনু"), w.reader(502, "বীণা")
	anu.says("/follow মেট্রোরেল")
	bina.says("/help")
	w.says(anu.says("/forget"), "আপনার সব তথ্য মুছে ফেলব?")
	anu.presses("না, থাক")
	w.says(anu.last().Text, "সব আগের মতোই থাকল")
	w.is(501, store.Active)

	anu.says("আমাকে ভুলে যান")
	question := anu.last().MessageID
	// The button forgets who presses it, wherever it came from.
	w.forge(bina.Chat(), bina.User, bina.Chat().FromBots()[0].MessageID, button.Of(button.Forget, 7))
	w.is(502, store.Active)
	anu.presses("হ্যাঁ, সব মুছে ফেলুন")
	w.says(anu.last().Text, "আপনার সব তথ্য মুছে ফেলা হয়েছে")
	if !w.unknown(501) {
		t.Error("the reader is still known")
	}
	w.forge(anu.Chat(), anu.User, question, button.Of(button.Forget, 1)) // again
	w.says(anu.last().Text, "তথ্য রাখা নেই")
	w.is(502, store.Active)

	anu.says("/start")
	if c := w.chat(501); len(c.Prefs.Follow) != 0 || c.Welcomed {
		t.Errorf("who came back is %+v", c)
	}
}

func TestNobodyForgetsAGroup(t *testing.T) {
	w := newWorld(t)
	group, admin, member := w.group()
	w.hears(group, admin, "/topics", telegramtest.Manner{})
	topics, _ := group.Last()
	w.press(group, admin.User, topics.MessageID, "খেলা")
	for _, who := range []person{admin, member} {
		for _, data := range []string{button.Of(button.Forget, 1), button.Of(button.Unsave, 1, 0), button.Of(button.Saved, 0, 0), button.Of(button.Save, 1)} {
			w.says(w.forge(group, who.User, topics.MessageID, data), "ব্যক্তিগত")
		}
	}
	w.follows(groupID, w.sport.ID)
}
