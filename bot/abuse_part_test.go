package bot_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// TestTheSettingsOfAChatAreNobodyElses tries every part and setting of a channel and a group, by a stranger, a former admin and the admin of
// another channel, with buttons forged and replayed.
func TestTheSettingsOfAChatAreNobodyElses(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	feed := w.feed("গোপন ফিড")
	rina, stranger, former, rival := w.reader(701, "রিনা"), w.reader(666, "আগন্তুক"), w.reader(667, "প্রাক্তন"), w.reader(668, "প্রতিদ্বন্দ্বী")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	group, admin, _ := w.group()
	for _, p := range []person{stranger, former, rival} {
		group.Join(p.User)
	}
	own := w.server.Channel(-1001000000668, "তার নিজের", rival.User)
	own.AddBot(rival.User, telegramtest.Poster)
	w.settle()
	channel.Promote(rina.User, former.User, telegramtest.Poster)
	former.says("/channel @amader_khobor")
	former.presses("শব্দ বাছাই")
	former.presses("➕ থাকলে বাদ") // and is still asked for a word
	channel.Demote(rina.User, former.User)
	w.hears(group, admin, "/channel", telegramtest.Manner{})
	screen, _ := group.Last()

	var forged []string
	for _, subject := range []int64{w.chat(channelID).ID, w.chat(groupID).ID, w.chat(701).ID, -1, math.MaxInt64, channelID} {
		for part := range int64(7) {
			forged = append(forged, button.Of(button.ChatPart, subject, part, 0))
		}
		for setting := range int64(17) {
			forged = append(forged, button.Of(button.ChatSet, subject, setting, 1, 1))
		}
		forged = append(forged, button.Of(button.ChatSet, subject, button.ChatFeed, feed.ID, 1), button.Of(button.ChatSet, subject, button.ChatQuiet, math.MinInt64, 1),
			button.Of(button.ChatWrite, subject, button.WriteLayout), button.Of(button.ChatWrite, subject, 99), button.Of(button.ChatUnword, subject, 0, 1, 0),
			button.Of(button.ChatUnword, subject, -1, 1, 0), button.Of(button.ChatKeep, subject, 1), button.Of(button.OpenThread, subject, w.sport.ID))
	}
	texts := []string{
		"লটারি", "/test @amader_khobor", "/test -1001000000001", "/pause @amader_khobor", "/resume @amader_khobor", "/channel @amader_khobor", "/here খেলা", "/cancel",
		"<b>{{.Headline}}</b>",
	}
	before := w.state(channelID, groupID, 701)
	attempts := 0
	for _, who := range []person{former, stranger, rival} {
		had := len(who.Chat().FromBots())
		pace := func() {
			if attempts++; attempts%30 == 0 {
				w.settle()
				w.pass(25 * time.Second)
			}
		}
		for _, text := range texts {
			pace()
			who.Send(text)
		}
		w.settle()
		menu := who.Chat().FromBots()[0].MessageID
		for _, data := range forged {
			for _, c := range []*telegramtest.Chat{who.Chat(), group} {
				pace()
				message := menu
				if c == group {
					message = screen.MessageID
				}
				if _, err := c.PressData(who.User, message, data); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.settle()
		if after := w.state(channelID, groupID, 701); after != before {
			t.Fatalf("%s changed something:\n%s\nto\n%s", who.Name(), before, after)
		}
		for _, secret := range []string{"আমাদের খবর", "পাড়ার আড্ডা", "গোপন ফিড"} {
			if said := who.since(had); strings.Contains(said, secret) {
				t.Errorf("%s learns %q: %s", who.Name(), secret, said)
			}
		}
	}
	if attempts < 500 {
		t.Errorf("only %d attempts", attempts)
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}
