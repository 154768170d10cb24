package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// state is all that nobody of the abuse table may change, as one text.
func (w *world) state(victims ...int64) string {
	w.Helper()
	var all []any
	keep := func(v any, err error) {
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, v)
	}
	ctx := w.Context()
	for _, id := range victims {
		keep(w.store.Chat(ctx, id))
	}
	keep(w.store.Editors(ctx))
	keep(w.store.Events(ctx, 0, 1000))
	keep(w.store.Withdrawals(ctx, 0))
	keep(w.store.Corrections(ctx, 100))
	keep(w.store.Setting(ctx, store.IngestToken))
	keep(w.store.Links(ctx))
	keep(w.store.Categories(ctx))
	keep(w.store.Latest(ctx, []int64{store.Everything}, 0, 100))
	keep(w.store.AllBreaking(ctx, 10))
	counts, err := w.store.CountChats(ctx)
	delete(counts, store.Private) // what somebody does to himself is his own affair
	keep(counts, err)
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

func TestNobodyWithoutRightsChangesOrLearnsAnything(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina, bina := w.reader(701, "রিনা"), w.reader(702, "বীণা")
	boss, stranger, former, dismissed := w.reader(owner, "মালিক"), w.reader(666, "আগন্তুক"), w.reader(667, "প্রাক্তন"), w.reader(668, "বাদ পড়া")
	article := w.publish("গোপন নয় এমন খবর", w.sport)
	boss.says("/link sports")

	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	rina.presses("খেলা")
	group, admin, member := w.group()
	group.Join(stranger.User)
	group.Join(former.User)
	w.hears(group, admin, "/topics", telegramtest.Manner{})
	topics, _ := group.Last()
	w.press(group, admin.User, topics.MessageID, "খেলা")

	// One was an admin of both and has kept the screens, the other was an editor and has kept those.
	channel.Promote(rina.User, former.User, telegramtest.Poster)
	group.Promote(admin.User, former.User, telegramtest.Rights{ManageChat: true})
	post, groupPost := w.posted(channel, article), w.posted(group, article)
	channelPost := fmt.Sprintf("https://t.me/c/1000000001/%d", post.MessageID)
	w.says(former.says("/retract "+channelPost), "খবরটি শুধু")
	former.says("/channel @amader_khobor")
	former.presses("বিষয় বদলান")
	former.says("/channel @amader_khobor")
	boss.says("/editors")
	boss.presses("কাউকে যুক্ত করুন")
	w.press(boss.Chat(), boss.User, addingScreen(boss), "লিংক: নতুন সম্পাদক")
	dismissed.says("/start " + payloadIn(t, boss.last().Text))
	dismissed.says("/links")
	dismissed.says("/link")
	dismissed.says("/retract " + article.URL)
	boss.says("/editors")
	boss.presses("বাদ পড়া")
	boss.presses("বাদ দিন: বাদ পড়া")
	boss.presses("হ্যাঁ, বাদ দিন")
	channel.Demote(rina.User, former.User)
	group.Demote(admin.User, former.User)
	w.settle()

	victims := []int64{channelID, groupID, rina.ID(), bina.ID(), boss.ID()}
	before := w.state(victims...)
	attempts := 0
	// trying makes somebody's attempts one after the other, without waiting for what comes of them, and then judges.
	trying := func(who person, where *telegramtest.Chat, tries int, try func(i int) *telegramtest.Press) {
		t.Helper()
		attempts += tries
		had := len(who.Chat().FromBots())
		var presses []*telegramtest.Press
		for i := range tries {
			if i%30 == 0 { // nobody is to be saved by the limit on haste
				w.settle()
				w.pass(25 * time.Second)
			}
			if p := try(i); p != nil {
				presses = append(presses, p)
			}
		}
		w.settle()
		said := who.since(had)
		soon, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		for _, p := range presses {
			answer, err := p.Wait(soon)
			if err != nil {
				t.Fatalf("%s pressed button %s and got no answer: %v", who.Name(), p.ID(), err)
			}
			said += answer.Text
		}
		if after := w.state(victims...); after != before {
			t.Fatalf("%s changed something in or from chat %d:\n%s\nto\n%s", who.Name(), where.ID(), before, after)
		}
		for _, secret := range []string{"আমাদের খবর", "পাড়ার আড্ডা", "রিনা", "l_", "claim_", "বটের অবস্থা", "মালিক —", "এখন পাঠক"} {
			if strings.Contains(said, secret) {
				t.Errorf("%s learns %q: %s", who.Name(), secret, said)
			}
		}
	}
	press := func(c *telegramtest.Chat, who person, message int, data string) *telegramtest.Press {
		p, err := c.PressData(who.User, message, data)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}

	texts := []string{
		"/channel @amader_khobor", "/channel " + fmt.Sprint(channelID), "/channel " + fmt.Sprint(groupID), "/channel 701", "/channel @" + strings.Repeat("a", 40),
		"/preview", "/status", "/stats", "পরিসংখ্যান", "/link", "/link sports", "/link খেলা প্রচার", "/links", "/editors", "/retract", "/retract " + article.URL, "/retract " + channelPost, "/retract https://t.me/amader_khobor/" + fmt.Sprint(post.MessageID), "/claim", "/claim x", "/log", "/schedule", "/schedules", "/schedule কাল সকাল ৮টা", "/feeds", "/feed 1", "/addfeed https://a.example", "/removefeed 1", "/token",
		"/claim " + strings.Repeat("x", 4000), "/start claim_owner", "/start claim_-owner", "/start channel", "/start claim_" + strings.Repeat("A", 58), "/status@harkara_demo_bot",
	}
	subjects := []int64{0, w.chat(channelID).ID, w.chat(groupID).ID, w.chat(701).ID, w.chat(owner).ID, -1, math.MaxInt64, math.MinInt64, channelID}
	var forged []string
	for _, subject := range subjects {
		for _, action := range []button.Action{button.OpenTopics, button.TopicsDone, button.Stop, button.Keep, button.Start, button.Chat, button.Preview, button.Pause, button.Resume} {
			forged = append(forged, button.Of(action, subject))
		}
		for _, m := range []int64{int64(post.MessageID), int64(groupPost.MessageID), 0, math.MinInt64} {
			forged = append(forged, button.Of(button.Withdraw, subject, m, 0, 1), button.Of(button.Withdraw, subject, m, article.ID, 1))
		}
		forged = append(forged, button.Of(button.Topics, subject, math.MaxInt64), button.Of(button.SetTopic, subject, 0, w.politics.ID, 1),
			button.Of(button.SetTopic, subject, -5, w.sport.ID, 0), button.Of(button.SetTopic, subject, 0, 0, 1), button.Of(button.SetTopic, subject, 0, 99, 1))
	}
	forged = append(forged,
		button.Of(button.Stats, 1, 1), button.Of(button.Stats, math.MaxInt64, math.MinInt64), button.Of(button.OpenStats), button.Of(button.StatsFile, 4, 3),
		button.Of(button.Weekly, 0), button.Of(button.Weekly, 1),
		button.Of(button.Retract, article.ID, 1), button.Of(button.Retract, article.ID, 0), button.Of(button.Retract, -1, 1),
		button.Of(button.Link, w.sport.ID), button.Of(button.Link, 0), button.Of(button.Link, -7), button.Of(button.Links, 0), button.Of(button.Links, -9),
		button.Of(button.Editors), button.Of(button.Editor, owner), button.Of(button.Editor, 668), button.Of(button.AddEditor), button.Of(button.Invite, 2), button.Of(button.Invite, 3),
		button.Of(button.SetRole, 668, 2, 1), button.Of(button.SetRole, 666, 3, 1), button.Of(button.SetRole, owner, 0, 1), button.Of(button.SetRole, -1, -1, 1), button.Of(button.Schedule, 0, 0, 0), button.Of(button.Schedule, 0, 1, 0), button.Of(button.Schedule, 0, 1, 1), button.Of(button.Schedule, 1, 6, 1), button.Of(button.Schedule, -1, 9, 1), button.Of(button.Log, 0), button.Of(button.Log, -7),
		button.Of(button.Rest, 1, 0), button.Of(button.Rest, -1, -1), button.Of(button.Rest, math.MaxInt64, math.MaxInt64), button.Of(button.Latest, -100), button.Of(button.Latest, math.MaxInt64),
		button.Of(button.OpenSettings), button.Of(button.Set, button.SetSilent, 1, 0), button.Of(button.Set, -1, math.MinInt64, math.MaxInt64), button.Of(button.SettingsDone),
		button.Of(button.OpenWords), button.Of(button.Words, math.MaxInt64), button.Of(button.RemoveWord, 0, 1, math.MinInt64), button.Of(button.RemoveWord, 7, 1, 0),
		button.Of(button.PauseFor, math.MaxInt64), button.Of(button.Save, article.ID), button.Of(button.Saved, math.MaxInt64, 1), button.Of(button.Unsave, article.ID, -1),
		button.Of(button.Forget, 0), button.Of(button.Forget, 99), button.Of(button.Language, 99), button.Of(button.Chats, -1), button.Of(button.Chats, 99),
		"", "x", "1", "1zz.0", "0to.0.0", "1to.0", strings.Repeat("ক", 21), "1se.0", "1se.0~\"", "{\"a\":1}", "\x00", "' OR 1=1",
	)

	for _, who := range []person{stranger, former, dismissed} {
		chat := who.Chat()
		type key struct {
			message int
			data    string
		}
		var old []key // buttons of the time when they had the right
		for _, m := range chat.FromBots() {
			if m.ReplyMarkup == nil {
				continue
			}
			for _, row := range m.ReplyMarkup.Rows {
				for _, b := range row {
					if b.CallbackData != "" {
						old = append(old, key{m.MessageID, b.CallbackData})
					}
				}
			}
		}
		trying(who, chat, len(texts), func(i int) *telegramtest.Press { who.Send(texts[i]); return nil })
		menu := chat.FromBots()[0].MessageID
		trying(who, chat, len(forged), func(i int) *telegramtest.Press { return press(chat, who, menu, forged[i]) })
		trying(who, chat, len(old), func(i int) *telegramtest.Press { return press(chat, who, old[i].message, old[i].data) })
	}
	aloud := []string{
		"/start", "/topics", "/stop", "/pause", "/resume", "/latest", "/preview", "/channel", "/help", "/language", "/language english", "/retract", "/retract " + channelPost, "/link sports", "/claim x", "/start claim_x",
	}
	for _, who := range []person{stranger, former, member} {
		trying(who, group, len(aloud), func(i int) *telegramtest.Press { group.Say(who.User, aloud[i]); return nil })
		trying(who, group, len(forged), func(i int) *telegramtest.Press { return press(group, who, topics.MessageID, forged[i]) })
	}
	t.Logf("%d attempts", attempts)
	w.says(bina.says("/help"), "যা যা করতে পারেন")
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
	for _, secret := range []string{"গোপন নয়", "আগন্তুক", w.telegram.Token()} {
		if strings.Contains(w.logged.String(), secret) {
			t.Errorf("the log knows %q", secret)
		}
	}
}

func TestAStrangerCannotMakeTheBotJudgeAChatByAnothersWord(t *testing.T) {
	w := newWorld(t)
	rina, mallory := w.reader(701, "রিনা"), w.reader(666, "আগন্তুক")
	w.channel(rina)
	// He manages a channel of his own and sends its screen's buttons with the other's number.
	own := w.server.Channel(-1001000000666, "তার নিজের", mallory.User)
	own.AddBot(mallory.User, telegramtest.Poster)
	w.settle()
	screen := mallory.last().MessageID
	w.press(mallory.Chat(), mallory.User, screen, "খেলা")
	w.follows(-1001000000666, w.sport.ID)
	w.says(w.forge(mallory.Chat(), mallory.User, screen, button.Of(button.SetTopic, w.chat(channelID).ID, 0, w.sport.ID, 1)), "আপনি এই চ্যানেলের অ্যাডমিন নন")
	w.follows(channelID)
}
