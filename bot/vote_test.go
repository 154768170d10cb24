package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// deliver puts an article into a chat as the delivery would, and returns the message.
func (w *world) deliver(a store.Article, to *telegramtest.Chat) telegramtest.Message {
	w.Helper()
	chat := w.chat(to.ID())
	request, err := w.config.Compose(w.Context(), w.store, chat, store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: w.now()})
	if err != nil {
		w.Fatal(err)
	}
	result, err := w.client.Do(w.Context(), request)
	if err != nil {
		w.Fatal(err)
	}
	m, _ := to.Find(result.MessageID)
	return m
}

func (w *world) response(a store.Article) store.Response {
	w.Helper()
	r, err := w.store.ResponseTo(w.Context(), a.ID)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

func labels(m telegramtest.Message) string {
	var all []string
	for _, row := range m.ReplyMarkup.Rows {
		for _, b := range row {
			all = append(all, b.Text)
		}
	}
	return strings.Join(all, " | ")
}

func TestAReadersOwnChoiceStandsOnTheButtonsUnderAnArticle(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	a := w.publish("একটি খবর", w.sport)
	m := w.deliver(a, anu.Chat())
	shows := func(want string) {
		t.Helper()
		now, _ := anu.Chat().Find(m.MessageID)
		if got := labels(now); got != want {
			t.Errorf("the buttons are %s, not %s", got, want)
		}
	}
	press := func(label string) string { return w.press(anu.Chat(), anu.User, m.MessageID, label) }
	shows("পুরো খবর পড়ুন | 👍 | 👎 | রেখে দিন | পাঠান")
	w.says(press("👍"), "ধন্যবাদ")
	shows("পুরো খবর পড়ুন | 👍 ✓ | 👎 | রেখে দিন | পাঠান")
	w.says(press("রেখে দিন"), "সংরক্ষণ করা হয়েছে")
	shows("পুরো খবর পড়ুন | 👍 ✓ | 👎 | সংরক্ষিত ✓ | পাঠান")
	press("👎")
	if got := w.response(a); got.Up != 0 || got.Down != 1 {
		t.Errorf("counted is %+v", got)
	}
	w.says(press("👎 ✓"), "তুলে নেওয়া")
	w.says(press("সংরক্ষিত ✓"), "বাদ গেল")
	shows("পুরো খবর পড়ুন | 👍 | 👎 | রেখে দিন | পাঠান")
	if got := w.response(a); got.Up != 0 || got.Down != 0 {
		t.Errorf("counted is %+v", got)
	}
	// A button that says what is to be does it once, however often it is pressed.
	for range 3 {
		w.forge(anu.Chat(), anu.User, m.MessageID, button.Of(button.Vote, a.ID, button.VoteUp))
	}
	if got := w.response(a); got.Up != 1 {
		t.Errorf("counted is %+v", got)
	}
	for _, forged := range []string{button.Of(button.Vote, 999, 1), button.Of(button.Vote, a.ID, 9), button.Of(button.Vote, -1, -1)} {
		w.says(w.forge(anu.Chat(), anu.User, m.MessageID, forged), "পুরোনো")
	}
	if got := w.response(a); got.Up != 1 || got.Down != 0 {
		t.Errorf("counted is %+v", got)
	}
}

func TestVotesInAChannelAreCountedOnItsButtonsAndEditedSeldom(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	channel := w.channel(w.reader(701, "রিনা"))
	a := w.publish("একটি খবর", w.sport)
	m := w.deliver(a, channel)
	if got := labels(m); !strings.Contains(got, "👍 | 👎 | পাঠান") {
		t.Errorf("the buttons are %s", got)
	}
	edits := func() int { return len(w.server.Requests("editMessageReplyMarkup")) }
	patience, done := context.WithTimeout(t.Context(), 90*time.Second)
	defer done()
	waitFor := func(want string) {
		t.Helper()
		if _, err := channel.Wait(patience, func(all []telegramtest.Message) bool {
			return strings.Contains(labels(all[len(all)-1]), want)
		}); err != nil {
			now, _ := channel.Find(m.MessageID)
			t.Fatalf("the buttons stay %s", labels(now))
		}
	}
	vote := func(user int64, number int64) string {
		return w.forge(channel, w.server.User(user, "দর্শক", "bn"), m.MessageID, button.Of(button.Vote, a.ID, number))
	}
	w.says(vote(1001, button.VoteToggleUp), "ধন্যবাদ")
	waitFor("👍 ১ | 👎 |")
	for user := range int64(60) {
		vote(2000+user, button.VoteToggleUp+user%2)
	}
	if n := edits(); n > 1 {
		t.Errorf("the post was edited %d times at once", n)
	}
	w.pass(10 * time.Second)
	waitFor("👍 ৩১ | 👎 ৩০ |")
	if n := edits(); n > 2 {
		t.Errorf("the post was edited %d times for 61 votes", n)
	}
	w.says(vote(1001, button.VoteToggleUp), "তুলে নেওয়া")
	w.pass(10 * time.Second)
	waitFor("👍 ৩০ | 👎 ৩০ |")
	if got := w.response(a); got != (store.Response{Article: a.ID, Up: 30, Down: 30}) {
		t.Errorf("counted is %+v", got)
	}
}

func TestASharedLinkOpensTheArticleAndOffersToSubscribe(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	a := w.publish("ভাগ করার মতো খবর", w.sport, w.politics)
	anu.says("/share " + a.URL)
	link := fmt.Sprintf("https://t.me/%s?start=a_%d", w.telegram.Username(), a.ID)
	w.says(anu.last().Text, link)
	anu.says("শেয়ার")
	w.says(anu.last().Text, "কোন খবরটি কাউকে পাঠাতে চান?")
	anu.presses("ভাগ করার মতো খবর")
	w.says(anu.last().Text, link)
	w.says(anu.last().ReplyMarkup.Rows[0][0].URL, "https://t.me/share/url?text=")
	w.says(anu.says("/share https://nowhere.example"), "আমার কাছে নেই")

	bina := w.person(502, "বীণা")
	said := bina.says("/start a_" + fmt.Sprint(a.ID))
	w.says(said, "ভাগ করার মতো খবর\n\nপ্রথম বাক্যটি")
	w.says(said, "নিয়মিত পেতে চান?")
	w.is(502, store.Stopped)
	if got := w.response(a); got.Opened != 1 || got.Subscribers != 0 {
		t.Errorf("counted is %+v", got)
	}
	bina.presses("‘রাজনীতি’ বিষয়ের খবর পান")
	w.is(502, store.Active)
	w.follows(502, w.politics.ID)
	if got := w.response(a); got.Opened != 1 || got.Subscribers != 1 {
		t.Errorf("counted is %+v", got)
	}
	// Who is a reader sees the article alone.
	if said := anu.says("/start a_" + fmt.Sprint(a.ID)); strings.Contains(said, "নিয়মিত") || !strings.Contains(said, "ভাগ করার মতো খবর") {
		t.Errorf("a reader is told %q", said)
	}
	// A link may live longer than its article.
	w.says(anu.says("/start a_zzzz"), "এই খবরটি আর নেই")
	w.follows(501, store.Everything)
	chitra := w.person(503, "চিত্রা")
	w.says(chitra.says("/start a_zzzz"), "এই খবরটি আর নেই")
	w.is(503, store.Active)
	w.forge(bina.Chat(), bina.User, bina.last().MessageID, button.Of(button.Join, a.ID, store.Everything))
	if got := w.response(a); got.Opened != 2 || got.Subscribers != 1 {
		t.Errorf("counted is %+v", got)
	}
}

func TestALinkToNoArticleIsAnOrdinaryStart(t *testing.T) {
	w := newWorld(t)
	hidden := w.publish("প্রত্যাহৃত", w.sport)
	w.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), hidden.ID, w.now()) })
	for i, junk := range []string{"a_", "a_zzzzzzzzzzzzzzzzzzzz", "a_-1", "a_+1", "a_01", "a_" + fmt.Sprint(hidden.ID), "a_" + strings.Repeat("9", 62), "a_1'--", "a"} {
		p := w.person(600+int64(i), "নতুন")
		if said := p.says("/start " + junk); strings.Contains(said, "প্রত্যাহৃত") {
			t.Errorf("%q shows %q", junk, said)
		}
		w.is(600+int64(i), store.Active)
	}
}

func TestTopicsTellHowManyArticlesTheDayBrought(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	for range 12 {
		w.publish("খেলার খবর", w.sport)
	}
	w.publish("ভোটের খবর", w.politics, w.sport)
	anu.says("/topics")
	if got := labels(anu.last()); got != "✅ সব বিষয় (১৩) | খেলা (১৩) | রাজনীতি (১) | প্রযুক্তি | হয়ে গেছে" {
		t.Errorf("the topics are %s", got)
	}
	w.says(anu.last().Text, "গত ২৪ ঘণ্টায়")
	w.pass(25 * time.Hour)
	anu.says("/topics")
	if got := labels(anu.last()); strings.Contains(got, "(") {
		t.Errorf("a day later the topics are %s", got)
	}
}
