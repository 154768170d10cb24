package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

const deskID = -1001000000555

// newsroom is a group with the owner, two editors, a viewer and a stranger, made the desk.
type newsroom struct {
	*world
	desk                              *telegramtest.Chat
	boss, anu, bina, looker, stranger person
}

func newNewsroom(t *testing.T, change ...func(*world)) newsroom {
	t.Helper()
	w := newWorld(t, change...)
	w.pass(0)
	n := newsroom{world: w, boss: w.reader(owner, "মালিক"), anu: w.reader(501, "অনু"), bina: w.reader(502, "বীণা"), looker: w.reader(503, "দর্শক"), stranger: w.reader(666, "আগন্তুক")}
	w.write(func(tx store.Tx) error {
		for user, role := range map[int64]store.Role{501: store.EditorRole, 502: store.EditorRole, 503: store.Viewer} {
			if err := tx.SaveEditor(t.Context(), store.Editor{User: user, Name: w.server.User(user, "", "").Name(), Role: role, Since: w.now()}); err != nil {
				return err
			}
		}
		return nil
	})
	n.desk = w.server.Supergroup(deskID, "সংবাদকক্ষ", n.anu.User)
	n.desk.JoinBot(n.anu.User)
	for _, p := range []person{n.boss, n.bina, n.looker, n.stranger} {
		n.desk.Join(p.User)
	}
	w.settle()
	return n
}

// until waits for something that the desk does by itself.
func (w *world) until(what string, done func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			w.Fatalf("it does not come to pass that %s\n%s", what, w.logged)
		case <-tick.C:
		}
	}
	w.settle()
}

// cardOf waits for the card of an article and returns its message.
func (n newsroom) cardOf(a store.Article) int {
	n.Helper()
	message := 0
	n.until(fmt.Sprintf("a card comes of ‘%s’", a.Headline), func() bool {
		ap, err := n.store.Approval(n.Context(), a.ID)
		message = ap.Card
		return err == nil && ap.Card != 0
	})
	return message
}

func (n newsroom) text(message int) string {
	m, _ := n.desk.Find(message)
	return m.Text
}

func lastText(c *telegramtest.Chat) string {
	m, _ := c.Last()
	return m.Text
}

func (n newsroom) state(a store.Article) store.ApprovalState {
	n.Helper()
	ap, err := n.store.Approval(n.Context(), a.ID)
	if err != nil {
		n.Fatal(err)
	}
	return ap.State
}

// isNews tells whether the article is owed to readers.
func (n newsroom) isNews(a store.Article) bool {
	n.Helper()
	entries, err := n.store.Entries(n.Context(), 0, 1000)
	if err != nil {
		n.Fatal(err)
	}
	return slices.ContainsFunc(entries, func(e store.Entry) bool { return e.Article == a.ID })
}

func TestEachArticleGoesToTheEditorsFirst(t *testing.T) {
	n := newNewsroom(t)
	n.says(n.stranger.says("/approval"), "শুধু সম্পাদকেরা")
	n.says(n.anu.says("/approval"), "সম্পাদকদের চ্যাট: ‘মালিক’-এর ব্যক্তিগত চ্যাট")
	n.hears(n.desk, n.stranger, "/desk", telegramtest.Manner{})
	n.hears(n.desk, n.anu, "/desk", telegramtest.Manner{})
	said, _ := n.desk.Last()
	n.says(said.Text, "এখন থেকে এই গ্রুপেই খবর অনুমোদনের জন্য আসবে")
	n.says(n.looker.says("/approval"), "সবার জন্য অনুমোদন বন্ধ")
	if m := n.looker.last(); m.ReplyMarkup != nil {
		t.Errorf("a viewer is offered %s", buttonsOf(m))
	}
	n.says(n.anu.says("/approval"), "সম্পাদকদের চ্যাট: সংবাদকক্ষ")
	n.anu.presses("সবার জন্য চালু করুন")
	n.says(n.anu.last().Text, "সবার জন্য অনুমোদন চালু")

	a := n.publish("প্রথম খবর", n.sport)
	card := n.cardOf(a)
	n.says(n.text(card), "⏳ অনুমোদনের অপেক্ষায়")
	n.says(n.text(card), "প্রথম খবর")
	if n.isNews(a) || strings.Contains(n.stranger.says("/latest"), "প্রথম খবর") || strings.Contains(n.stranger.says("/search প্রথম"), "প্রথম খবর\n") {
		t.Error("readers see what is not approved")
	}
	// A press by anybody else does nothing; of two editors the first decides, and the other sees who.
	n.says(n.press(n.desk, n.stranger.User, card, "প্রকাশ করুন"), "শুধু সম্পাদকেরা")
	n.says(n.press(n.desk, n.looker.User, card, "বাদ দিন"), "আপনি দর্শক")
	first, err1 := n.desk.Press(n.anu.User, card, "প্রকাশ করুন")
	second, err2 := n.desk.Press(n.bina.User, card, "বাদ দিন")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	n.answerTo(first)
	n.says(n.answerTo(second), "এর সিদ্ধান্ত আগেই হয়ে গেছে। ✅ অনু প্রকাশ করেছেন")
	n.says(n.text(card), "✅ অনু প্রকাশ করেছেন")
	if n.state(a) != store.Approved || !n.isNews(a) {
		t.Error("the article is not published")
	}
	n.says(n.boss.says("/log"), "অনু ‘প্রথম খবর’ খবরটি প্রকাশ করেছেন।")

	skipped := n.publish("দ্বিতীয় খবর", n.sport)
	card = n.cardOf(skipped)
	n.press(n.desk, n.bina.User, card, "বাদ দিন")
	n.says(n.text(card), "🚫 বীণা বাদ দিয়েছেন")
	n.says(n.forge(n.desk, n.anu.User, card, button.Of(button.Approval, skipped.ID, 1, 0)), "আগেই হয়ে গেছে")
	if n.isNews(skipped) {
		t.Error("what was skipped is published")
	}
	n.press(n.desk, n.anu.User, card, "তবু প্রকাশ করুন")
	if !n.isNews(skipped) {
		t.Error("what was skipped by mistake cannot be published")
	}

	n.anu.says("/approval")
	n.anu.presses("সবার জন্য বন্ধ করুন")
	if free := n.publish("তৃতীয় খবর", n.sport); free.Held {
		t.Error("an article waits although approval is off")
	}
	n.says(n.boss.says("/log"), "অনু অনুমোদন বন্ধ করেছেন: সবার জন্য")
}

func TestWhatAnEditorWritesIsWhatIsSent(t *testing.T) {
	n := newNewsroom(t)
	n.hears(n.desk, n.anu, "/desk", telegramtest.Manner{})
	n.write(func(tx store.Tx) error { return tx.SetGuard(t.Context(), 0, true) })
	a := n.publish("ফিডের শিরোনাম", n.sport)
	card := n.cardOf(a)
	n.press(n.desk, n.anu.User, card, "শিরোনাম বদলান")
	prompt, _ := n.desk.Last()
	n.says(prompt.Text, "অনু, এই বার্তার উত্তরে নতুন শিরোনামটি লিখুন")
	reply := telegramtest.Manner{ReplyTo: prompt.MessageID}
	n.hears(n.desk, n.bina, "অন্যের লেখা", reply) // it was not she who was asked
	n.hears(n.desk, n.anu, strings.Repeat("বড় ", 100), reply)
	said, _ := n.desk.Last()
	n.says(said.Text, "সর্বোচ্চ ২০০ অক্ষর")
	n.hears(n.desk, n.anu, "সম্পাদকের  শিরোনাম <b>\n", reply)
	n.says(n.text(card), "সম্পাদকের শিরোনাম <b>")
	n.press(n.desk, n.bina.User, card, "সারাংশ বদলান")
	prompt, _ = n.desk.Last()
	n.hears(n.desk, n.bina, "প্রথম কথা। দ্বিতীয় কথা।", telegramtest.Manner{ReplyTo: prompt.MessageID})
	n.says(n.text(card), "প্রথম কথা। দ্বিতীয় কথা।")

	// The feed changes the article meanwhile: the card says so, and keeps what the editors wrote.
	revised, err := n.store.Article(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	revised.Headline, revised.Summary, revised.Source, revised.Revised = "ফিডের নতুন শিরোনাম", []string{"ফিডের নতুন কথা।"}, "নতুন সূত্র", n.now().Add(time.Second)
	n.write(func(tx store.Tx) error { return tx.ReviseArticle(t.Context(), &revised, nil, store.Index{}) })
	n.until("the card tells of the revision", func() bool {
		return strings.Contains(n.text(card), "ফিড থেকে খবরটি বদলেছে")
	})
	n.says(n.text(card), "নতুন সূত্র")
	n.says(n.text(card), "সম্পাদকের শিরোনাম <b>")
	n.press(n.desk, n.anu.User, card, "প্রকাশ করুন")
	got, err := n.store.Article(t.Context(), a.ID)
	if err != nil || got.Headline != "সম্পাদকের শিরোনাম <b>" || !slices.Equal(got.Summary, []string{"প্রথম কথা।", "দ্বিতীয় কথা।"}) || got.Held {
		t.Errorf("%+v, %v", got, err)
	}
	n.says(n.boss.says("/log"), "বীণা ‘সম্পাদকের শিরোনাম <b>’ খবরটির সারাংশ বদলেছেন।")
	n.says(n.boss.last().Text, "অনু শিরোনাম বদলেছেন। আগে ছিল ‘ফিডের শিরোনাম’।")

	// What is asked for by somebody who is dismissed meanwhile is not taken.
	b := n.publish("আরেকটি খবর", n.sport)
	n.press(n.desk, n.bina.User, n.cardOf(b), "শিরোনাম বদলান")
	prompt, _ = n.desk.Last()
	n.write(func(tx store.Tx) error { return tx.DeleteEditor(t.Context(), 502) })
	n.hears(n.desk, n.bina, "দখল", telegramtest.Manner{ReplyTo: prompt.MessageID})
	if got, _ := n.store.Article(t.Context(), b.ID); got.Headline != "আরেকটি খবর" {
		t.Errorf("somebody dismissed wrote %q", got.Headline)
	}
}

func TestADelayedArticleIsPublishedByItselfAndAnUnansweredOneExpires(t *testing.T) {
	n := newNewsroom(t)
	n.hears(n.desk, n.anu, "/desk", telegramtest.Manner{})
	n.write(func(tx store.Tx) error { return tx.SetGuard(t.Context(), 0, true) })
	delayed, unanswered, retracted := n.publish("পরে যাবে", n.sport), n.publish("কেউ দেখেননি", n.sport), n.publish("ভুল খবর", n.sport)
	card, other, third := n.cardOf(delayed), n.cardOf(unanswered), n.cardOf(retracted)
	n.press(n.desk, n.anu.User, card, "পরে প্রকাশ…")
	n.press(n.desk, n.anu.User, card, "১ ঘণ্টা পরে")
	n.says(n.text(card), "🕒 অনু পিছিয়ে দিয়েছেন")
	n.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), retracted.ID, n.now()) })
	n.until("the card tells of the retraction", func() bool {
		return strings.Contains(n.text(third), "প্রত্যাহার করা হয়েছে")
	})
	n.stopBot()
	n.pass(61 * time.Minute)
	if n.isNews(delayed) {
		t.Error("it is published by nobody")
	}
	n.run()
	n.until("the delayed article is published", func() bool { return n.isNews(delayed) })
	n.says(n.text(card), "✅ অনু প্রকাশ করেছেন")
	n.pass(23 * time.Hour)
	n.until("the unanswered one expires", func() bool { return n.state(unanswered) == store.Expired })
	n.says(n.text(other), "⌛ সময়মতো অনুমোদন পায়নি")
	notice, _ := n.desk.Last()
	n.says(notice.Text, "১টি খবর সময়মতো অনুমোদন পায়নি, তাই প্রকাশ হবে না:\n• কেউ দেখেননি")
	if n.isNews(unanswered) {
		t.Error("what expired is published")
	}
	n.says(n.boss.says("/log"), "বট নিজে: ‘কেউ দেখেননি’ খবরটি সময়মতো অনুমোদন পায়নি")
}

func TestManyCardsLeaveRoomForEditorsAndComeAfterARestart(t *testing.T) {
	n := newNewsroom(t)
	n.hears(n.desk, n.anu, "/desk", telegramtest.Manner{})
	n.write(func(tx store.Tx) error { return tx.SetGuard(t.Context(), 0, true) })
	n.stopBot()
	had := len(n.desk.FromBots())
	var articles []store.Article
	for i := range 15 {
		articles = append(articles, n.publish(fmt.Sprintf("খবর %d", i), n.sport))
	}
	n.run()
	n.cardOf(articles[11])
	if ap, err := n.store.Approval(t.Context(), articles[12].ID); err != nil || !ap.CardAt.IsZero() {
		t.Errorf("the thirteenth card of a minute: %+v, %v", ap, err)
	}
	n.anu.says("/approval")
	n.anu.presses("পরের খবরটি দেখুন")
	n.says(n.anu.last().Text, "খবর 0")
	n.anu.presses("পরের খবরটি দেখুন")
	n.anu.presses("প্রকাশ করুন") // the desk's card of it shows who
	n.says(n.text(n.cardOf(articles[1])), "✅ অনু প্রকাশ করেছেন")
	n.pass(61 * time.Second)
	n.cardOf(articles[14])
	n.restart()
	n.pass(3 * time.Minute)
	n.anu.says("/status")
	if got := len(n.desk.FromBots()) - had; got != 15 {
		t.Errorf("the desk got %d cards of 15 articles", got)
	}
}

func TestTheDeskMovesWithItsGroupAndComesBackToTheOwner(t *testing.T) {
	n := newNewsroom(t)
	n.write(func(tx store.Tx) error { return tx.SetGuard(t.Context(), 0, true) })
	a := n.publish("প্রথম খবর", n.sport)
	n.until("the owner is asked", func() bool { return strings.Contains(lastText(n.boss.Chat()), "প্রথম খবর") })
	n.hears(n.desk, n.anu, "/desk", telegramtest.Manner{})
	n.until("the group is asked instead", func() bool { return strings.Contains(lastText(n.desk), "প্রথম খবর") })
	n.desk.KickBot(n.anu.User)
	n.settle()
	b := n.publish("দ্বিতীয় খবর", n.sport)
	n.until("the owner is asked again", func() bool { return strings.Contains(lastText(n.boss.Chat()), "দ্বিতীয় খবর") })
	n.boss.presses("প্রকাশ করুন")
	n.says(n.boss.last().Text, "✅ মালিক প্রকাশ করেছেন")
	if !n.isNews(b) || n.isNews(a) {
		t.Error("the wrong article was published")
	}
}

func TestAChannelsAdminsLetItsPostsWait(t *testing.T) {
	n := newNewsroom(t)
	rina := n.reader(701, "রিনা")
	n.channel(rina)
	rina.presses("খেলা")
	id := n.chat(channelID).ID
	rina.says("/channel")
	rina.says("/channel " + fmt.Sprint(channelID))
	rina.presses("অনুমোদন")
	n.says(rina.last().Text, "অনুমোদন ছাড়াই প্রকাশ হয়")
	rina.presses("অনুমোদন চালু করুন")
	n.says(rina.last().Text, "সম্পাদক অনুমোদন করলে তবেই প্রকাশ হয়")
	if on, err := n.store.Guarded(t.Context(), id); err != nil || !on {
		t.Error("the switch is off", err)
	}
	n.anu.says("/help")
	n.says(n.forge(n.anu.Chat(), n.anu.User, n.anu.last().MessageID, button.Of(button.Guard, id, 0)), "আপনি এই চ্যানেলের অ্যাডমিন নন")
	a, other := n.publish("খেলার খবর", n.sport), n.publish("অন্য খবর", n.tech)
	if a.Held || !n.isNews(a) {
		t.Error("others have to wait, too")
	}
	if _, err := n.store.Approval(t.Context(), other.ID); err == nil {
		t.Error("editors are asked about what the channel does not get")
	}
	n.until("the owner is asked", func() bool { return strings.Contains(lastText(n.boss.Chat()), "খেলার খবর") })
	// An admin of the channel is no editor.
	n.says(n.forge(rina.Chat(), rina.User, rina.last().MessageID, button.Of(button.Approval, a.ID, 1, 0)), "শুধু সম্পাদকেরা")
	n.boss.presses("প্রকাশ করুন")
	entries, err := n.store.Entries(t.Context(), a.Seq, 10)
	if err != nil || entries[len(entries)-1].Repeats != a.Seq {
		t.Errorf("%+v, %v", entries, err)
	}
	rina.presses("অনুমোদন বন্ধ করুন")
	n.says(n.boss.says("/log"), "রিনা অনুমোদন বন্ধ করেছেন: আমাদের খবর")
}

func TestBreakingNewsNeedsNoOtherApproval(t *testing.T) {
	n := newNewsroom(t)
	n.write(func(tx store.Tx) error { return tx.SetGuard(t.Context(), 0, true) })
	a := n.publish("জরুরি খবর", n.sport)
	n.until("the owner is asked", func() bool { return strings.Contains(lastText(n.boss.Chat()), "জরুরি খবর") })
	card := n.boss.last().MessageID
	n.write(func(tx store.Tx) error {
		_, err := tx.MakeBreaking(t.Context(), &store.BreakingNews{Article: a.ID, At: n.now(), By: 501})
		return err
	})
	n.says(n.press(n.boss.Chat(), n.boss.User, card, "বাদ দিন"), "✅ অনু প্রকাশ করেছেন")
	if n.state(a) != store.Approved || !n.isNews(a) {
		t.Error("it is not published")
	}
}

func TestAnOwnerWhoReadsNoNewsIsAskedAllTheSame(t *testing.T) {
	w := newWorld(t)
	boss := w.person(owner, "মালিক")
	boss.says("/help")
	w.says(boss.says("/approval"), "সম্পাদকদের চ্যাট: ‘মালিক’-এর ব্যক্তিগত চ্যাট")
	boss.presses("সবার জন্য চালু করুন")
	w.publish("প্রথম খবর", w.sport)
	w.until("the owner is asked", func() bool {
		return strings.Contains(lastText(boss.Chat()), "⏳ অনুমোদনের অপেক্ষায়")
	})
}
