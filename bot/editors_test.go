package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// addingScreen is the message with the ways of adding somebody: the last but one, for the keyboard comes in one of its own.
func addingScreen(boss person) int {
	said := boss.Chat().FromBots()
	return said[len(said)-2].MessageID
}

// menuOf is the command menu a person sees.
func (w *world) menuOf(p person) string {
	w.settle()
	var names []string
	for _, c := range w.telegram.Commands(p.User) {
		names = append(names, c.Command)
	}
	return " " + strings.Join(names, " ") + " "
}

func (w *world) roleIs(user int64, want store.Role) {
	w.Helper()
	if e, _ := w.store.Editor(w.Context(), user); e.Role != want {
		w.Errorf("user %d has role %q, not %q", user, e.Role, want)
	}
}

func TestAnOwnerInvitesAndRemovesEditorsByLink(t *testing.T) {
	w := newWorld(t)
	boss, bina, chitra := w.reader(owner, "মালিক"), w.reader(502, "বীণা"), w.reader(503, "চিত্রা")
	w.says(boss.says("/editors"), "মালিক — মালিক")
	boss.presses("কাউকে যুক্ত করুন")
	screen := addingScreen(boss)
	w.press(boss.Chat(), boss.User, screen, "লিংক: নতুন সম্পাদক")
	w.says(boss.last().Text, "যাঁকে সম্পাদক করতে চান")
	invite := payloadIn(t, boss.last().Text)
	w.says(bina.says("/start "+invite), "আপনি এই বটের সম্পাদক")
	w.says(chitra.says("/start "+invite), "সংকেতটি মিলছে না")
	w.says(bina.says("/links"), "কোনও লিংক তৈরি হয়নি")
	w.says(bina.says("/editors"), "শুধু বটের মালিক")
	if menu := w.menuOf(bina); !strings.Contains(menu, " retract ") || strings.Contains(menu, " editors ") {
		t.Errorf("an editor's menu is %s", menu)
	}

	w.press(boss.Chat(), boss.User, screen, "লিংক: নতুন দর্শক")
	invite = payloadIn(t, boss.last().Text)
	w.says(bina.says("/start "+invite), "আপনি আগে থেকেই এই বটের সম্পাদক")
	w.says(chitra.says("/start "+invite), "আপনি এই বটের দর্শক")
	w.roleIs(503, store.Viewer)

	w.says(boss.says("/editors"), "বীণা — সম্পাদক")
	boss.presses("বীণা")
	boss.presses("বাদ দিন: বীণা")
	boss.presses("না, থাক")
	w.roleIs(502, store.EditorRole)
	boss.presses("বাদ দিন: বীণা")
	boss.presses("হ্যাঁ, বাদ দিন")
	w.says(bina.last().Text, "আপনার দায়িত্ব শেষ")
	w.says(bina.says("/links"), "শুধু সম্পাদকেরা")
	if menu := w.menuOf(bina); strings.Contains(menu, " retract ") || !strings.Contains(menu, " topics ") {
		t.Errorf("the menu of somebody removed is %s", menu)
	}

	w.press(boss.Chat(), boss.User, screen, "লিংক: নতুন সম্পাদক")
	late := payloadIn(t, boss.last().Text)
	w.pass(25 * time.Hour)
	w.says(bina.says("/start "+late), "সংকেতটি মিলছে না")
}

func TestAnOwnerAddsPeopleHeShows(t *testing.T) {
	w := newWorld(t)
	boss, bina := w.reader(owner, "মালিক"), w.reader(502, "বীণা")
	chitra, dola, esha := w.person(503, "চিত্রা"), w.person(504, "দোলা"), w.person(505, "এষা")
	w.hears(boss.Chat(), boss, "নতুন সেতু", telegramtest.Manner{ForwardedUser: bina.User})
	w.says(boss.last().Text, "‘নতুন সেতু’ নিয়ে") // nobody is being added: a search
	boss.says("/editors")
	boss.presses("কাউকে যুক্ত করুন")

	w.hears(boss.Chat(), boss, "যে কোনও কথা", telegramtest.Manner{ForwardedUser: bina.User})
	w.says(boss.last().Text, "‘বীণা’-কে কোন দায়িত্ব দেবেন?")
	w.says(boss.presses("সম্পাদক করুন"), "বীণা এখন সম্পাদক")
	w.roleIs(502, store.EditorRole)
	w.says(bina.last().Text, "আপনি এই বটের সম্পাদক")

	w.press(boss.Chat(), boss.User, boss.last().MessageID, "কাউকে যুক্ত করুন")
	if _, err := boss.ShareUsers("ব্যক্তি বেছে নিন", chitra.User); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.says(boss.last().Text, "চিত্রা এখনও বটটি চালু করেননি")
	boss.presses("দর্শক করুন")
	w.roleIs(503, store.Viewer)
	chitra.says("/start")
	if menu := w.menuOf(chitra); !strings.Contains(menu, " status ") || strings.Contains(menu, " retract ") {
		t.Errorf("a viewer's menu is %s", menu)
	}

	w.hears(boss.Chat(), boss, "", telegramtest.Manner{Contact: dola.User})
	w.says(boss.last().Text, "‘দোলা’-কে কোন দায়িত্ব দেবেন?")
	boss.presses("মালিক করুন")
	w.says(boss.last().Text, "‘দোলা’-কে মালিক করবেন?")
	boss.presses("হ্যাঁ, মালিক করুন")
	w.roleIs(504, store.Owner)

	boss.presses("কাউকে যুক্ত করুন")
	w.hears(boss.Chat(), boss, "গোপন", telegramtest.Manner{ForwardedUser: esha.User, Hidden: true})
	w.says(boss.last().Text, "‘এষা’ ফরোয়ার্ড করা বার্তায় নিজের পরিচয় গোপন রাখেন")
	w.hears(boss.Chat(), boss, "", telegramtest.Manner{Contact: esha.User, Hidden: true})
	w.says(boss.last().Text, "কোনও টেলিগ্রাম অ্যাকাউন্ট যুক্ত নেই")
	w.hears(bina.Chat(), bina, "", telegramtest.Manner{Contact: esha.User}) // an editor adds nobody
	w.says(bina.last().Text, "লেখাটি বোঝা গেল না")
	w.hears(boss.Chat(), boss, "সে", telegramtest.Manner{ForwardedUser: bina.User})
	w.says(boss.last().Text, "বীণা — সম্পাদক")
	boss.presses("দর্শক করুন")
	w.roleIs(502, store.Viewer)
	w.says(bina.says("/retract"), "আপনি দর্শক")

	// What was begun ends by itself.
	boss.presses("কাউকে যুক্ত করুন")
	w.pass(time.Hour)
	w.hears(boss.Chat(), boss, "পুরোনো", telegramtest.Manner{ForwardedUser: esha.User})
	w.says(boss.last().Text, "‘পুরোনো’ নিয়ে")
}

func TestTheLastOwnerStays(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.Owners = nil })
	payload, err := w.bot.OwnerClaim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	anu, bina := w.person(501, "অনু"), w.reader(502, "বীণা")
	anu.says("/start " + payload)
	anu.says("/editors")
	anu.presses("অনু")
	screen := anu.last().MessageID
	w.says(anu.presses("দর্শক করুন"), "একজন মালিক থাকতেই হবে")
	w.says(anu.presses("বাদ দিন: অনু"), "একজন মালিক থাকতেই হবে")
	w.says(w.forge(anu.Chat(), anu.User, screen, button.Of(button.SetRole, 501, 0, 1)), "একজন মালিক থাকতেই হবে")
	w.roleIs(501, store.Owner)

	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 502, Name: "বীণা", Role: store.Owner, Since: w.now()})
	})
	anu.presses("সম্পাদক করুন")
	w.roleIs(501, store.EditorRole)
	w.says(anu.last().Text, "আপনি আর মালিক নন")
	w.says(w.forge(anu.Chat(), anu.User, screen, button.Of(button.SetRole, 501, 3, 1)), "শুধু বটের মালিক")
	w.says(bina.says("/editors"), "অনু — সম্পাদক")
}

func TestOwnersOfTheSettingsCannotBeChangedInTheChat(t *testing.T) {
	w := newWorld(t)
	boss, bina := w.reader(owner, "মালিক"), w.reader(502, "বীণা")
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 502, Name: "বীণা", Role: store.Owner, Since: w.now()})
	})
	bina.says("/editors")
	bina.presses("মালিক")
	w.says(bina.last().Text, "সেটিংসে লেখা আছে")
	w.says(w.forge(bina.Chat(), bina.User, bina.last().MessageID, button.Of(button.SetRole, owner, 0, 1)), "সেটিংসে লেখা আছে")
	w.says(boss.says("/status"), "বটের অবস্থা")
}

func TestAViewerLooksAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	boss, bina := w.reader(owner, "মালিক"), w.reader(502, "বীণা")
	f := store.Feed{URL: "https://news.example/feed", Title: "দৈনিক", Categories: []int64{w.sport.ID}}
	w.write(func(tx store.Tx) error {
		return tx.SaveFeed(t.Context(), &f)
	})
	boss.says("/link sports")
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: 502, Name: "বীণা", Role: store.Viewer, Since: w.now()})
	})
	for command, want := range map[string]string{
		"/status": "বটের অবস্থা", "/links": "খেলা", "/feeds": "দৈনিক", "/feed 1": "দৈনিক", "/log": "মালিক ‘খেলা’ বিষয়ের গ্রাহক লিংক তৈরি করেছেন", "/help": "দর্শকদের জন্য",
	} {
		w.says(bina.says(command), want)
	}
	for _, command := range []string{"/link sports", "/retract", "/addfeed https://a.example", "/removefeed 1"} {
		w.says(bina.says(command), "আপনি দর্শক")
	}
	for _, command := range []string{"/token", "/editors"} {
		w.says(bina.says(command), "শুধু বটের মালিক")
	}
	bina.says("/feed 1")
	if rows := bina.last().ReplyMarkup.Rows; len(rows) != 1 || rows[0][0].Text != "সব ফিড" {
		t.Errorf("a viewer is offered %s", buttonsOf(bina.last()))
	}
	w.says(bina.says("/schedules"), "সময় বেঁধে রাখা কোনও ঘোষণা নেই")
	if bina.last().ReplyMarkup != nil {
		t.Errorf("a viewer is offered %s", buttonsOf(bina.last()))
	}
}

func TestTheLogTellsWhoDidWhat(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	boss, anu := w.reader(owner, "মালিক"), w.reader(501, "অনু")
	w.says(boss.says("/log"), "কাজের হিসাব নেই")
	w.says(anu.says("/log"), "শুধু সম্পাদকেরা")
	a := w.publish("ভুল খবর", w.sport)
	boss.says("/token")
	boss.presses("টোকেন বাতিল করুন")
	w.pass(2 * time.Hour)
	boss.says("/retract " + a.URL)
	boss.presses("হ্যাঁ, প্রত্যাহার করুন")
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	rina.presses("খেলা")
	w.pass(49 * time.Hour)
	boss.says("/link sports পূজা")
	log := boss.says("/log")
	last := -1
	for _, want := range []string{
		"এইমাত্র\nমালিক ‘খেলা’ বিষয়ের গ্রাহক লিংক তৈরি করেছেন। প্রচার: পূজা", "রিনা ‘আমাদের খবর’-এর বিষয় বদলেছেন। এখন: খেলা।", "মালিক ‘ভুল খবর’ খবরটি প্রত্যাহার করেছেন।",
		"মালিক খবর জমা দেওয়ার টোকেন বাতিল করেছেন।", "মালিক খবর জমা দেওয়ার টোকেন তৈরি করেছেন।",
	} {
		at := strings.Index(log, want)
		if at <= last {
			t.Errorf("the log does not say %q where it should:\n%s", want, log)
		}
		last = at
	}
	for i := range 20 {
		boss.says(fmt.Sprintf("/link sports প্রচার-%d", i))
		w.pass(time.Minute)
	}
	boss.says("/log")
	w.says(boss.last().Text, "প্রচার-19")
	boss.presses("আরও পুরোনো →")
	boss.presses("আরও পুরোনো →")
	boss.presses("আরও পুরোনো →")
	w.says(boss.last().Text, "টোকেন তৈরি করেছেন")
	boss.presses("← নতুনগুলো")
	if texts := buttonsOf(boss.last()); !strings.Contains(texts, "আরও পুরোনো") || !strings.Contains(texts, "নতুনগুলো") {
		t.Errorf("in the middle there are %s", texts)
	}
	// Forgetting takes the person out of the log, not the deed.
	rina.says("/forget")
	rina.presses("হ্যাঁ, সব মুছে ফেলুন")
	events, err := w.store.Events(t.Context(), 0, 100)
	if err != nil || slices.ContainsFunc(events, func(e store.Event) bool { return e.Name == "রিনা" || e.By == 701 }) {
		t.Errorf("%+v, %v", events, err)
	}
}
