package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// posted puts articles into a chat in one post, as the delivery would, and remembers it.
func (w *world) posted(to *telegramtest.Chat, articles ...store.Article) telegramtest.Message {
	w.Helper()
	post := store.Post{Shape: store.Single, At: w.now()}
	for _, a := range articles {
		post.Articles = append(post.Articles, a.ID)
	}
	if len(articles) > 1 {
		post.Shape = store.List
	}
	request, err := w.config.Compose(w.Context(), w.store, w.chat(to.ID()), post)
	if err != nil {
		w.Fatal(err)
	}
	result, err := w.client.Do(w.Context(), request)
	if err != nil {
		w.Fatal(err)
	}
	w.write(func(tx store.Tx) error {
		if err := tx.SavePost(w.Context(), &post); err != nil {
			return err
		}
		return tx.AddSent(w.Context(), store.Sent{Post: post.ID, Chat: w.chat(to.ID()).ID, Message: result.MessageID})
	})
	m, _ := to.Find(result.MessageID)
	return m
}

// withdrawn tells which articles were withdrawn from which chats.
func (w *world) withdrawn() string {
	w.Helper()
	list, err := w.store.Withdrawals(w.Context(), 0)
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for _, one := range list {
		all = append(all, fmt.Sprintf("%d from %d", one.Article, one.Chat))
	}
	return strings.Join(all, ", ")
}

func TestAnAdminWithdrawsAPostFromHisChannelByItsLinkOrByForwardingIt(t *testing.T) {
	w := newWorld(t)
	boss, rina := w.reader(owner, "মালিক"), w.reader(701, "রিনা")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	rina.presses("খেলা")
	a, b, c := w.publish("ভুল খবর", w.sport), w.publish("আরেকটি ভুল", w.sport), w.publish("তৃতীয় ভুল", w.sport)
	first, second, third := w.posted(channel, a), w.posted(channel, b), w.posted(channel, c)
	in := w.chat(channelID).ID

	w.says(rina.says("/retract"), "https://t.me/amader_khobor/123")
	w.says(rina.says("/retract https://t.me/c/1000000001/9999"), "আমার পাঠানো খবর নয়")
	w.says(rina.says(fmt.Sprintf("/retract https://t.me/c/1000000001/%d", first.MessageID)), "‘ভুল খবর’ খবরটি শুধু ‘আমাদের খবর’ থেকে প্রত্যাহার করবেন?")
	rina.presses("না, থাক")
	w.says(rina.last().Text, "যেমন ছিল তেমনই থাকছে")
	if got := w.withdrawn(); got != "" {
		t.Errorf("withdrawn: %s", got)
	}
	w.says(rina.says(fmt.Sprintf("/retract t.me/Amader_Khobor/%d?single", first.MessageID)), "‘ভুল খবর’")
	rina.presses("হ্যাঁ, প্রত্যাহার করুন")
	w.says(rina.last().Text, "‘আমাদের খবর’ থেকে প্রত্যাহার করা হল। সেখানে এটি আর পাঠানো হবে না; অন্য কোনও চ্যাটে কিছু বদলায়নি।")
	if got, want := w.withdrawn(), fmt.Sprintf("%d from %d", a.ID, in); got != want {
		t.Errorf("withdrawn: %s, not %s", got, want)
	}
	if got, err := w.store.Article(t.Context(), a.ID); err != nil || got.Retracted {
		t.Errorf("the article is retracted everywhere: %v", err)
	}
	w.says(boss.says("/log"), "রিনা ‘আমাদের খবর’ থেকে ‘ভুল খবর’ খবরটি প্রত্যাহার করেছেন")

	rina.Chat().SayAs(rina.User, second.Words(), telegramtest.Manner{ForwardedFrom: channel, ForwardedID: second.MessageID})
	w.settle()
	rina.presses("এই পোস্টটি প্রত্যাহার করুন")
	w.says(rina.last().Text, "‘আরেকটি ভুল’ খবরটি শুধু")
	rina.presses("হ্যাঁ, প্রত্যাহার করুন")

	forwarded := rina.Chat().SayAs(rina.User, third.Words(), telegramtest.Manner{ForwardedFrom: channel, ForwardedID: third.MessageID})
	w.settle()
	rina.Chat().SayAs(rina.User, "/retract", telegramtest.Manner{ReplyTo: forwarded})
	w.settle()
	w.says(rina.last().Text, "‘তৃতীয় ভুল’ খবরটি শুধু")
	rina.presses("হ্যাঁ, প্রত্যাহার করুন")
	if got, want := w.withdrawn(), fmt.Sprintf("%d from %d, %d from %d, %d from %d", a.ID, in, b.ID, in, c.ID, in); got != want {
		t.Errorf("withdrawn: %s, not %s", got, want)
	}
}

func TestAnAdminWithdrawsFromHisGroupInReplyAndNobodyElseDoes(t *testing.T) {
	w := newWorld(t)
	group, admin, member := w.group()
	w.hears(group, admin, "/topics", telegramtest.Manner{})
	topics, _ := group.Last()
	w.press(group, admin.User, topics.MessageID, "খেলা")
	a, b := w.publish("প্রথম", w.sport), w.publish("দ্বিতীয়", w.sport)
	list := w.posted(group, b, a)
	in := w.chat(groupID).ID

	w.says(w.hears(group, admin, "/retract", telegramtest.Manner{}), "উত্তরে লিখুন: /retract")
	w.says(w.hears(group, admin, "/retract https://t.me/amader_khobor/5", telegramtest.Manner{}), "উত্তরে লিখুন: /retract")
	w.says(w.hears(group, member, "/retract", telegramtest.Manner{ReplyTo: list.MessageID}), "শুধু অ্যাডমিন")
	w.says(w.hears(group, admin, "/retract", telegramtest.Manner{ReplyTo: topics.MessageID}), "আমার পাঠানো খবর নয়")
	w.says(w.hears(group, admin, "/retract", telegramtest.Manner{ReplyTo: list.MessageID}), "কোনটি প্রত্যাহার করবেন?")
	question, _ := group.Last()
	w.says(w.press(group, member.User, question.MessageID, "প্রথম"), "শুধু অ্যাডমিন")
	w.press(group, admin.User, question.MessageID, "প্রথম")
	w.says(w.press(group, member.User, question.MessageID, "হ্যাঁ, প্রত্যাহার করুন"), "শুধু অ্যাডমিন")
	if got := w.withdrawn(); got != "" {
		t.Errorf("withdrawn: %s", got)
	}
	w.press(group, admin.User, question.MessageID, "হ্যাঁ, প্রত্যাহার করুন")
	if got, want := w.withdrawn(), fmt.Sprintf("%d from %d", a.ID, in); got != want {
		t.Errorf("withdrawn: %s, not %s", got, want)
	}
	if latest := w.hears(group, admin, "/latest", telegramtest.Manner{}); strings.Contains(latest, "প্রথম") || !strings.Contains(latest, "দ্বিতীয়") {
		t.Errorf("the latest of the group: %s", latest)
	}
	w.says(w.hears(group, admin, "/retract", telegramtest.Manner{ReplyTo: list.MessageID, Anonymous: true}), "কোনটি প্রত্যাহার করবেন?")
	question, _ = group.Last()
	w.press(group, admin.User, question.MessageID, "পুরো পোস্টটি")
	if got, want := w.withdrawn(), fmt.Sprintf("%d from %d, %d from %d", a.ID, in, b.ID, in); got != want {
		t.Errorf("withdrawn: %s, not %s", got, want)
	}
}

func TestAnEditorWhoIsAlsoAnAdminIsAskedWhetherHeMeansEverywhereOrHisChannel(t *testing.T) {
	w := newWorld(t)
	boss, rina := w.reader(owner, "মালিক"), w.reader(701, "রিনা")
	channel := w.channel(rina)
	a := w.publish("ভুল খবর", w.sport)
	post := w.posted(channel, a)
	link := fmt.Sprintf("/retract https://t.me/c/1000000001/%d", post.MessageID)

	w.says(boss.says(link), "সব বার্তায়")
	if got := buttonsOf(boss.last()); strings.Contains(got, "শুধু") {
		t.Errorf("an editor who is no admin there is offered %s", got)
	}
	channel.Promote(rina.User, boss.User, telegramtest.Poster)
	w.says(boss.says(link), "সব বার্তায়")
	question := boss.last().MessageID
	boss.presses("শুধু ‘আমাদের খবর’ থেকে")
	w.says(boss.last().Text, "‘ভুল খবর’ খবরটি শুধু ‘আমাদের খবর’ থেকে")
	channel.Demote(rina.User, boss.User)
	w.says(boss.presses("হ্যাঁ, প্রত্যাহার করুন"), "অ্যাডমিন নন")
	if got := w.withdrawn(); got != "" {
		t.Errorf("withdrawn: %s", got)
	}
	channel.Promote(rina.User, boss.User, telegramtest.Poster)
	w.press(boss.Chat(), boss.User, question, "হ্যাঁ, প্রত্যাহার করুন")
	if got, want := w.withdrawn(), fmt.Sprintf("%d from %d", a.ID, w.chat(channelID).ID); got != want {
		t.Errorf("withdrawn: %s, not %s", got, want)
	}
	boss.says(link)
	boss.presses("হ্যাঁ, প্রত্যাহার করুন") // now everywhere
	if got, err := w.store.Article(t.Context(), a.ID); err != nil || !got.Retracted {
		t.Errorf("the article is not retracted: %v", err)
	}
}

func TestWithdrawingChangesNothingByForgedDataOrInAChatOfOthers(t *testing.T) {
	w := newWorld(t)
	rina, mallory := w.reader(701, "রিনা"), w.reader(666, "আগন্তুক")
	channel := w.channel(rina)
	post := w.posted(channel, w.publish("ভালো খবর", w.sport))
	other := w.publish("অন্য খবর", w.sport)
	own := w.server.Channel(-1001000000666, "তার নিজের", mallory.User)
	own.AddBot(mallory.User, telegramtest.Poster)
	w.settle()
	ownPost := w.posted(own, other)
	victim, his := w.chat(channelID).ID, w.chat(own.ID()).ID

	link := fmt.Sprintf("/retract https://t.me/c/1000000001/%d", post.MessageID)
	w.says(mallory.says(link), "অ্যাডমিন নন")
	mallory.Chat().SayAs(mallory.User, post.Words(), telegramtest.Manner{ForwardedFrom: channel, ForwardedID: post.MessageID})
	w.settle()
	w.says(mallory.last().Text, "অ্যাডমিন নন")
	mallory.says(fmt.Sprintf("/retract https://t.me/c/1000000666/%d", ownPost.MessageID))
	screen := mallory.last().MessageID
	number := int64(post.MessageID)
	for _, data := range []string{
		button.Of(button.Withdraw, victim, number, 0, 1), button.Of(button.Withdraw, 0, number, 0, 1), button.Of(button.Withdraw, channelID, number, 0, 1),
		button.Of(button.Withdraw, w.chat(701).ID, 1, 0, 1), button.Of(button.Withdraw, his, number+5000, 0, 1), button.Of(button.Withdraw, his, -1, -1, 1),
		button.Of(button.Withdraw, his, int64(ownPost.MessageID), post.Date, 1), button.Of(button.Withdraw), button.Of(button.Withdraw, -1, -1, -1, -1),
	} {
		w.forge(mallory.Chat(), mallory.User, screen, data)
	}
	if got := w.withdrawn(); got != "" {
		t.Errorf("withdrawn: %s", got)
	}
	// A former admin's button is good no more.
	w.says(rina.says(link), "‘ভালো খবর’ খবরটি শুধু")
	channel.Promote(rina.User, mallory.User, telegramtest.Poster)
	w.says(mallory.says(link), "‘ভালো খবর’ খবরটি শুধু")
	channel.Demote(rina.User, mallory.User)
	w.says(mallory.presses("হ্যাঁ, প্রত্যাহার করুন"), "অ্যাডমিন নন")
	if got := w.withdrawn(); got != "" {
		t.Errorf("withdrawn: %s", got)
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}
