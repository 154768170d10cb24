package bot_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// deskState is all that can be decided at the desk, as one text.
func (n newsroom) deskState() string {
	n.Helper()
	all := []any{n.world.state(owner, 501, 502, channelID)}
	keep := func(v any, err error) {
		n.Helper()
		if err != nil {
			n.Fatal(err)
		}
		all = append(all, v)
	}
	ctx := n.Context()
	keep(n.store.Guards(ctx))
	keep(n.store.OpenApprovals(ctx, 100))
	keep(n.store.Feeds(ctx))
	keep(n.store.HeldArticles(ctx, 100))
	keep(n.store.Entries(ctx, 0, 1000))
	keep(n.store.AllBreaking(ctx, 100))
	keep(n.store.Setting(ctx, "desk"))
	keep(n.store.Setting(ctx, store.IngestToken))
	return fmt.Sprintf("%+v", all)
}

func TestNobodyButEditorsDecidesAtTheDesk(t *testing.T) {
	n := newNewsroom(t)
	rina := n.reader(701, "রিনা")
	n.channel(rina)
	f := store.Feed{URL: "https://news.example/feed", Title: "দৈনিক", Categories: []int64{n.sport.ID}}
	n.write(func(tx store.Tx) error {
		if err := tx.SetGuard(t.Context(), 0, true); err != nil {
			return err
		}
		return tx.SaveFeed(t.Context(), &f)
	})
	n.hears(n.desk, n.anu, "/desk", telegramtest.Manner{})
	n.boss.says("/token")
	a, skipped := n.publish("গোপন খবর", n.sport), n.publish("বাদ দেওয়া খবর", n.sport)
	card, other := n.cardOf(a), n.cardOf(skipped)
	n.press(n.desk, n.anu.User, other, "বাদ দিন")

	// One was an editor, has opened every screen, has been asked to write a headline, and is dismissed.
	gone := n.reader(504, "বাদ পড়া")
	n.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 504, Name: "বাদ পড়া", Role: store.Owner, Since: n.now()})
	})
	n.desk.Join(gone.User)
	for _, command := range []string{"/approval", "/editors", "/log", "/feeds", "/feed 1", "/link", "/retract " + a.URL, "/breaking " + a.URL, "/removefeed 1"} {
		gone.says(command)
	}
	n.press(n.desk, gone.User, card, "শিরোনাম বদলান")
	prompt, _ := n.desk.Last()
	gone.says("/editors")
	gone.presses("কাউকে যুক্ত করুন")
	type key struct {
		message int
		data    string
	}
	var old []key
	for _, m := range gone.Chat().FromBots() {
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
	n.write(func(tx store.Tx) error { return tx.DeleteEditor(t.Context(), 504) })

	texts := []string{
		"/status", "/link", "/link sports", "/links", "/retract", "/retract " + a.URL, "/feeds", "/feed 1", "/addfeed https://a.example খেলা", "/removefeed 1", "/token",
		"/editors", "/approval", "/desk", "/log", "/breaking", "/breaking " + a.URL, "/claim x", "অনুমোদন", "কার্যবিবরণী", "ফিড", "/APPROVAL", "/approval@harkara_demo_bot",
	}
	var forged []string
	for step := range int64(8) {
		forged = append(forged, button.Of(button.Approval, a.ID, step, 60), button.Of(button.Approval, skipped.ID, step, 15))
	}
	id := n.chat(channelID).ID
	forged = append(forged,
		button.Of(button.Approval, -1, 1, 0), button.Of(button.Approval, a.ID, math.MaxInt64, math.MinInt64), button.Of(button.NextApproval, 0), button.Of(button.NextApproval, -1),
		button.Of(button.GuardAll, 0), button.Of(button.GuardAll, 1), button.Of(button.GuardScreen, id), button.Of(button.Guard, id, 1), button.Of(button.Guard, id, 0),
		button.Of(button.Guard, 0, 1), button.Of(button.Guard, -1, 1), button.Of(button.Log, 0), button.Of(button.Editors), button.Of(button.Editor, owner), button.Of(button.AddEditor),
		button.Of(button.SetRole, 504, 3, 1), button.Of(button.SetRole, 666, 2, 1), button.Of(button.SetRole, 501, 0, 1), button.Of(button.SetRole, owner, 0, 1), button.Of(button.Invite, 2),
		button.Of(button.Feeds, 0), button.Of(button.Feed, f.ID), button.Of(button.FetchFeed, f.ID), button.Of(button.RemoveFeed, f.ID, 1), button.Of(button.FeedTopic, f.ID, n.tech.ID, 1),
		button.Of(button.AddFeed, 1, 1, n.sport.ID), button.Of(button.Link, n.sport.ID), button.Of(button.Links, 0), button.Of(button.Retract, a.ID, 1), button.Of(button.Release, f.ID),
		button.Of(button.File, f.ID), button.Of(button.RevokeToken), button.Of(button.Breaking, a.ID, 1), button.Of(button.Breaking, a.ID, 3), button.Of(button.BreakingList, 0),
		button.Of(button.Latest, 0), button.Of(button.OpenLatest), button.Of(button.Saved, 0, 0), button.Of(button.Language, 1), button.Of(button.Topics, 0, 0), button.Of(button.Stop, 0),
	)

	n.anu.says("/help")
	before := n.deskState()
	attempts := 0
	for _, who := range []person{n.stranger, n.looker, gone} {
		secrets := []string{"গোপন খবর", "বাদ দেওয়া খবর", "claim_", "l_", "hk_", "সংবাদকক্ষ", "দৈনিক", "অনু —"}
		if who.ID() == 503 {
			secrets = []string{"claim_", "hk_", "অনু —", "যাঁরা এই বট চালান"} // a viewer may look
		}
		who.says("/help")
		had, said := len(who.Chat().FromBots()), ""
		ease := func() {
			if attempts++; attempts%20 == 0 { // nobody is to be saved by the limit on haste
				n.pass(25 * time.Second)
			}
		}
		for _, text := range texts {
			ease()
			said += who.says(text)
			n.hears(n.desk, who, text, telegramtest.Manner{})
		}
		ease()
		n.hears(n.desk, who, "দখল করা শিরোনাম", telegramtest.Manner{ReplyTo: prompt.MessageID})
		n.hears(who.Chat(), who, "", telegramtest.Manner{Contact: who.User})
		menu := who.last().MessageID
		for _, data := range forged {
			ease()
			said += n.forge(who.Chat(), who.User, menu, data)
			ease()
			said += n.forge(n.desk, who.User, card, data)
		}
		for _, o := range old {
			if who.ID() == gone.ID() {
				ease()
				said += n.forge(who.Chat(), who.User, o.message, o.data)
			}
		}
		said += who.since(had)
		n.settle()
		if after := n.deskState(); after != before {
			t.Fatalf("%s changed something:\n%s\nto\n%s", who.Name(), before, after)
		}
		for _, secret := range secrets {
			if strings.Contains(said, secret) {
				i := strings.Index(said, secret)
				t.Errorf("%s learns %q: …%s", who.Name(), secret, said[max(0, i-200):min(len(said), i+100)])
			}
		}
	}
	if attempts < 40 {
		t.Errorf("only %d attempts", attempts)
	}
	t.Logf("%d attempts", attempts)
	if strings.Contains(n.logged.String(), "ERROR") {
		t.Error(n.logged)
	}
	n.press(n.desk, n.bina.User, card, "প্রকাশ করুন") // what is right still works
	if !n.isNews(a) {
		t.Error("an editor cannot publish")
	}
}
