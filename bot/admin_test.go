package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

const (
	channelID = -1001000000001
	groupID   = -1002000000001
)

// channel is a channel of which the person is the owner and the bot an admin; its screen is the person's last message.
func (w *world) channel(by person) *telegramtest.Chat {
	w.Helper()
	c := w.server.Channel(channelID, "আমাদের খবর", by.User)
	c.AddBot(by.User, telegramtest.Poster)
	w.settle()
	return c
}

func TestAddedToAChannelTheBotWritesToWhoAddedItAndOffersTopics(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	channel := w.channel(rina)
	w.is(channelID, store.Active)
	w.follows(channelID)
	w.says(rina.last().Text, "‘আমাদের খবর’ চ্যানেলটি যুক্ত হয়েছে। সেখানে কোন কোন বিষয়ের খবর প্রকাশ হবে বেছে নিন")

	w.says(rina.presses("খেলা"), "‘খেলা’ বিষয়ের খবর চালু")
	w.follows(channelID, w.sport.ID)
	w.follows(701, store.Everything) // her own subscription is another matter
	rina.presses("প্রযুক্তি")
	rina.presses("হয়ে গেছে")
	w.says(rina.last().Text, "আমাদের খবর\nবিষয়: খেলা, প্রযুক্তি\nঅবস্থা: খবর প্রকাশ হচ্ছে")

	w.says(rina.presses("প্রকাশ থামান"), "প্রকাশ থামানো")
	w.is(channelID, store.Paused)
	w.says(rina.presses("প্রকাশ চালু করুন"), "আবার চালু")
	w.is(channelID, store.Active)
	w.says(rina.says("/pause -1001000000001 ২ দিন"), "পর্যন্ত ‘আমাদের খবর’-এ কিছু প্রকাশ হবে না")
	w.says(rina.says("/pause -1001000000001 কবে যেন"), "যেমন: /pause @amader_khobor ৩ ঘণ্টা")
	rina.says("/channel")
	w.says(rina.last().Text, "কোন চ্যানেল বা গ্রুপ নিয়ে কাজ করবেন?")
	rina.presses("⏸ আমাদের খবর")
	w.says(rina.presses("প্রকাশ চালু করুন"), "আবার চালু")
	rina.presses("ফিরে যান")
	rina.presses("আমাদের খবর")
	rina.presses("বিষয় বদলান")
	rina.presses("✅ খেলা")
	w.says(rina.presses("✅ প্রযুক্তি"), "কোনও বিষয় বাছা নেই")
	w.follows(channelID)
	if posts := channel.FromBots(); len(posts) != 0 {
		t.Errorf("the channel saw %q", posts[0].Text)
	}
}

func TestTheMenuHasTheCommandsOfWhoOwnsTheBotAndWhoManagesAChannel(t *testing.T) {
	w := newWorld(t)
	boss, rina, anu := w.person(owner, "মালিক"), w.reader(701, "রিনা"), w.reader(702, "অনু")
	has := func(p person, want bool, names ...string) {
		t.Helper()
		for _, name := range names {
			if got := slices.ContainsFunc(w.server.Bot().Commands(p.User), func(c telegramtest.Command) bool { return c.Command == name }); got != want {
				t.Errorf("%s has /%s in the menu: %v", p.Name(), name, got)
			}
		}
	}
	boss.says("/start channel") // who never pressed Start as a reader
	has(boss, true, "channel", "broadcast", "schedules", "editors")
	w.channel(rina)
	has(rina, true, "channel", "test", "cancel")
	has(rina, false, "broadcast")
	has(anu, false, "test", "broadcast")
	w.says(boss.says("/editors"), "মালিক — মালিক")
}

func TestThePreviewIsTheNextPost(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	w.says(rina.says("/preview"), "কোনও বিষয় বাছা নেই")
	rina.presses("বিষয় বেছে নিন")
	rina.presses("খেলা")
	rina.presses("হয়ে গেছে")
	w.says(rina.presses("পোস্টের নমুনা"), "নমুনা দেখানোর মতো কোনও খবর এখনও আসেনি")
	w.publish("শেষ বলে জয়", w.sport)
	w.publish("ভোট কাল", w.politics)
	got := rina.says("/preview")
	w.says(got, "পরের পোস্টটি ঠিক এমন দেখাবে")
	w.says(got, "শেষ বলে জয়\n\nপ্রথম বাক্যটি খবরের মূল কথা বলে।")
	if _, ok := rina.last().Button("টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন"); !ok {
		t.Errorf("the preview has %s", buttonsOf(rina.last()))
	}
}

func TestRightsAreAskedOfTelegramAtEachChange(t *testing.T) {
	w := newWorld(t)
	rina, shova := w.reader(701, "রিনা"), w.reader(702, "শোভা")
	channel := w.channel(rina)
	channel.Promote(rina.User, shova.User, telegramtest.Poster)
	w.says(shova.says("/channel আমাদের"), "চ্যানেলের নাম @ দিয়ে লিখুন")
	channel.SetUsername("amader_khobor")
	w.says(shova.says("/channel @amader_khobor"), "আমাদের খবর")
	shova.presses("বিষয় বেছে নিন")
	screen := shova.last().MessageID
	shova.presses("খেলা")
	w.follows(channelID, w.sport.ID)

	shova.says("/channel")
	list := shova.last().MessageID
	channel.Demote(rina.User, shova.User)
	w.says(w.press(shova.Chat(), shova.User, list, "আমাদের খবর"), "আপনি এই চ্যানেলের অ্যাডমিন নন")
	if m, _ := shova.Chat().Find(list); strings.Contains(buttonsOf(m), "আমাদের খবর") {
		t.Error("the channel stands in a former admin's list still")
	}
	w.says(w.press(shova.Chat(), shova.User, screen, "রাজনীতি"), "আপনি এই চ্যানেলের অ্যাডমিন নন")
	w.follows(channelID, w.sport.ID)
	w.says(shova.says("/channel @amader_khobor"), "আপনি এই চ্যানেলের অ্যাডমিন নন")
	shova.says("/channel")
	if strings.Contains(buttonsOf(shova.last()), "আমাদের খবর") {
		t.Error("a former admin still sees the channel")
	}

	// The bot's own right is looked at, too.
	channel.AddBot(rina.User, telegramtest.Rights{ManageChat: true})
	w.settle()
	w.is(channelID, store.Unpostable)
	w.says(rina.last().Text, "বার্তা পোস্ট করার অনুমতি নেই")
	channel.AddBot(rina.User, telegramtest.Poster)
	w.settle()
	w.is(channelID, store.Active)
	w.says(rina.last().Text, "অনুমতি ফিরে এসেছে")

	channel.TransferTo(shova.User)
	shova.says("/channel @amader_khobor")
	shova.presses("প্রকাশ থামান")
	w.is(channelID, store.Paused)
}

func TestRemovedFromAChannelAndAddedAgainTheTopicsAreKept(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	channel := w.channel(rina)
	rina.presses("খেলা")
	for _, remove := range []func(*telegramtest.User){channel.RemoveBot, channel.KickBot} {
		remove(rina.User)
		w.settle()
		w.is(channelID, store.Blocked)
		w.says(rina.last().Text, "সরিয়ে দেওয়া হয়েছে")
		rina.says("/channel")
		w.says(rina.presses("⚠️ আমাদের খবর"), "আমি সেখানে আর নেই")
		channel.AddBot(rina.User, telegramtest.Poster)
		w.settle()
		w.is(channelID, store.Active)
		w.follows(channelID, w.sport.ID)
		w.says(rina.last().Text, "আগে যা ঠিক করা ছিল, তা-ই আছে।\n\nআমাদের খবর\nবিষয়: খেলা")
	}
}

func TestAddedWithoutTheRightToPostTheBotOffersTopicsOnceItMay(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	channel := w.server.Channel(channelID, "আমাদের খবর", rina.User)
	channel.AddBot(rina.User, telegramtest.Rights{ManageChat: true})
	w.settle()
	w.is(channelID, store.Unpostable)
	w.says(rina.last().Text, "বার্তা পোস্ট করার অনুমতি নেই")
	channel.AddBot(rina.User, telegramtest.Poster)
	w.settle()
	w.is(channelID, store.Active)
	w.says(rina.last().Text, "সেখানে কোন কোন বিষয়ের খবর প্রকাশ হবে বেছে নিন")
	w.says(rina.presses("খেলা"), "‘খেলা’ বিষয়ের খবর চালু")
}

func TestAChannelWhoseAdminNeverWroteToTheBotIsKeptAllTheSame(t *testing.T) {
	w := newWorld(t)
	rina := w.person(701, "রিনা") // the bot cannot write to her
	w.channel(rina)
	w.is(channelID, store.Active)
	rina.says("/start channel")
	w.says(buttonsOf(rina.last()), "আমাদের খবর")
}

func TestAChannelFromBeforeTheDatabaseIsFoundByItsNameOrAPost(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.stopBot() // the bot is away while it is added, for longer than Telegram keeps updates
	channel := w.server.Channel(channelID, "আমাদের খবর", rina.User)
	channel.SetUsername("amader_khobor")
	channel.AddBot(rina.User, telegramtest.Poster)
	w.pass(25 * 3600e9)
	w.run()
	w.reader(702, "শোভা") // a later update, so that there is something to settle on
	if !w.unknown(channelID) {
		t.Fatal("the update was to be lost")
	}
	post := channel.Post(rina.User, "আগের পোস্ট")
	rina.Chat().SayAs(rina.User, "আগের পোস্ট", telegramtest.Manner{ForwardedFrom: channel, ForwardedID: post})
	w.settle()
	w.says(rina.last().Text, "আমাদের খবর\nবিষয়: কোনও বিষয় বাছা হয়নি\nঅবস্থা: বিষয় বাছা হলে প্রকাশ শুরু হবে")
	w.is(channelID, store.Active)
	w.says(rina.says("/channel https://t.me/amader_khobor"), "আমাদের খবর")
	w.says(rina.says("/channel -1001000000001"), "আমাদের খবর")
	w.says(rina.says("/channel @no_such_channel_here"), "নামে কোনও চ্যানেল বা গ্রুপ পাওয়া যায়নি")

	other := w.server.Channel(-1001000000002, "অচেনা", w.server.User(799, "কেউ", "bn"))
	other.SetUsername("ochena_khobor")
	w.says(rina.says("/channel @ochena_khobor"), "আগে আমাকে চ্যানেলের অ্যাডমিন করুন")
	if !w.unknown(-1001000000002) {
		t.Error("a stranger's channel was kept")
	}
}

// group is a group with an admin, a member and the bot.
func (w *world) group() (group *telegramtest.Chat, admin, member person) {
	w.Helper()
	admin, member = w.person(801, "অমল"), w.person(802, "বিমল")
	group = w.server.Supergroup(groupID, "পাড়ার আড্ডা", admin.User)
	group.Join(member.User)
	group.JoinBot(member.User)
	w.settle()
	return group, admin, member
}

// hears writes in a chat and returns what the bot said there.
func (w *world) hears(c *telegramtest.Chat, by person, text string, how telegramtest.Manner) string {
	w.Helper()
	before := len(c.FromBots())
	c.SayAs(by.User, text, how)
	w.settle()
	var said []string
	for _, m := range c.FromBots()[before:] {
		said = append(said, m.Words())
	}
	return strings.Join(said, "\n---\n")
}

func TestAGroupIsManagedByItsAdminsInTheGroup(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	group, admin, member := w.group()
	w.is(groupID, store.Active)
	w.follows(groupID)
	hello := group.FromBots()
	if len(hello) != 1 || !strings.Contains(hello[0].Text, "এই গ্রুপে বাছাই করা বিষয়ের খবর পাঠাতে পারি") {
		t.Fatalf("the group was greeted with %q", texts(hello))
	}
	plain := telegramtest.Manner{}
	w.says(w.hears(group, member, "/topics", plain), "এই কাজটি শুধু অ্যাডমিন করতে পারেন")
	w.says(w.press(group, member.User, hello[0].MessageID, "বিষয় বেছে নিন"), "এই কাজটি শুধু অ্যাডমিন করতে পারেন")
	w.says(w.hears(group, admin, "/topics@harkara_demo_bot", plain), "এই গ্রুপে কোন কোন বিষয়ের খবর পাঠাব?")
	list, _ := group.Last()
	w.says(w.press(group, member.User, list.MessageID, "খেলা"), "এই কাজটি শুধু অ্যাডমিন করতে পারেন")
	w.follows(groupID)
	w.press(group, admin.User, list.MessageID, "খেলা")
	w.follows(groupID, w.sport.ID)
	w.press(group, admin.User, list.MessageID, "হয়ে গেছে")

	w.says(w.hears(group, admin, "/pause", plain), "থামানো")
	w.is(groupID, store.Paused)
	w.says(w.hears(group, admin, "/pause ৩ ঘণ্টা", plain), "পর্যন্ত ‘পাড়ার আড্ডা’-এ কিছু প্রকাশ হবে না")
	if got := w.chat(groupID); got.State != store.Active || !got.Prefs.PausedUntil.Equal(w.now().Add(3*time.Hour).Truncate(time.Minute)) {
		t.Errorf("the group is %s, paused until %s", got.State, got.Prefs.PausedUntil)
	}
	w.says(w.hears(group, admin, "/channel", plain), "পর্যন্ত প্রকাশ থামানো")
	w.says(w.hears(group, admin, "/pause কবে যেন", plain), "যেমন: /pause ৩ ঘণ্টা")
	w.says(w.hears(group, admin, "/resume", plain), "আবার চালু")
	if got := w.chat(groupID).Prefs.PausedUntil; !got.IsZero() {
		t.Errorf("the group is still paused until %s", got)
	}
	w.hears(group, admin, "/stop", plain)
	confirm, _ := group.Last()
	w.says(w.press(group, member.User, confirm.MessageID, "হ্যাঁ, বন্ধ করুন"), "শুধু অ্যাডমিন")
	w.is(groupID, store.Active)
	w.press(group, admin.User, confirm.MessageID, "হ্যাঁ, বন্ধ করুন")
	w.is(groupID, store.Stopped)
	w.hears(group, admin, "/start", plain)
	w.is(groupID, store.Active)

	w.publish("শেষ বলে জয়", w.sport)
	w.says(w.hears(group, admin, "/latest", plain), "শেষ বলে জয়")
	w.says(w.hears(group, admin, "/preview", telegramtest.Manner{Anonymous: true}), "আপনি বেনামে আছেন")
	admin.says("/start channel")
	if said := w.hears(group, admin, "/preview", plain); strings.Contains(said, "শেষ বলে জয়") || !strings.Contains(said, "ব্যক্তিগত চ্যাটে পাঠানো হয়েছে") {
		t.Errorf("the group saw %q", said)
	}
	w.says(admin.last().Words(), "শেষ বলে জয়\n\nপ্রথম")
	w.says(w.hears(group, admin, "/channel", plain), "পাড়ার আড্ডা\nবিষয়: খেলা")
	w.says(w.hears(group, admin, "/link", plain), "ব্যক্তিগত চ্যাটে")
	w.says(w.hears(group, admin, "/help", plain), "শুধু অ্যাডমিনদের কথায়")
}

func TestAMemberCannotUseUpWhatAGroupMayBeSent(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	group, admin, member := w.group()
	before := len(group.FromBots())
	for i := range 30 {
		how := telegramtest.Manner{}
		if i%3 == 2 {
			how.AsChannel = w.server.Channel(-1001000000555, "তার চ্যানেল", member.User)
		}
		w.hears(group, member, []string{"/help", "/mydata", "/pause", "/latest"}[i%4], how)
	}
	if said := texts(group.FromBots()[before:]); len(said) != 3 {
		t.Errorf("a member makes the bot say %q", said)
	}
	w.says(w.hears(group, admin, "/help", telegramtest.Manner{}), "যা যা করতে পারেন") // who may is answered all the same
	w.pass(time.Minute)
	w.says(w.hears(group, member, "/help", telegramtest.Manner{}), "শুধু অ্যাডমিন")
}

func TestChatterAndCommandsForOthersAreNotAnswered(t *testing.T) {
	w := newWorld(t)
	group, admin, member := w.group()
	for _, by := range []person{admin, member} {
		for _, said := range []string{
			"খবর", "বিষয়", "বন্ধ", "আজ কী খবর?", "/topics@other_bot", "/nosuch", "/nosuch@harkara_demo_bot", "/", "//topics", "দেখুন /topics", "@harkara_demo_bot খবর",
		} {
			w.silent(w.hears(group, by, said, telegramtest.Manner{}))
		}
	}
}

func TestAnAnonymousAdminIsAnAdminAndAChannelsNameIsNot(t *testing.T) {
	w := newWorld(t)
	group, admin, member := w.group()
	w.says(w.hears(group, admin, "/topics", telegramtest.Manner{Anonymous: true}), "এই গ্রুপে কোন কোন বিষয়ের")
	list, _ := group.Last()
	w.press(group, admin.User, list.MessageID, "খেলা")
	w.follows(groupID, w.sport.ID)
	foreign := w.server.Channel(-1001000000009, "ছদ্মবেশ", member.User)
	w.says(w.hears(group, member, "/stop", telegramtest.Manner{AsChannel: foreign}), "শুধু অ্যাডমিন")
	w.silent(w.hears(group, member, "/stop", telegramtest.Manner{AsChannel: foreign, Linked: true}))
}

func TestAnswersStayInTheForumTopicOfTheQuestion(t *testing.T) {
	w := newWorld(t)
	group, admin, _ := w.group()
	thread := group.Forum().OpenTopic(admin.User, "খবর")
	w.hears(group, admin, "/topics", telegramtest.Manner{Thread: thread})
	if m, _ := group.Last(); m.ThreadID != thread {
		t.Errorf("answered in thread %d, not %d", m.ThreadID, thread)
	}
}

func TestAGroupThatBecomesASupergroupKeepsItsTopics(t *testing.T) {
	w := newWorld(t)
	admin := w.person(801, "অমল")
	group := w.server.Group(-5001, "পাড়া", admin.User)
	group.JoinBot(admin.User)
	w.settle()
	hello, _ := group.Last()
	w.press(group, admin.User, hello.MessageID, "বিষয় বেছে নিন")
	list, _ := group.Last()
	w.press(group, admin.User, list.MessageID, "খেলা")
	id := w.chat(-5001).ID
	super := group.Migrate(groupID)
	w.settle()
	if !w.unknown(-5001) {
		t.Error("the old id is still known")
	}
	if c := w.chat(groupID); c.ID != id || c.Kind != store.Supergroup || c.State != store.Active {
		t.Errorf("became %+v", c)
	}
	w.follows(groupID, w.sport.ID)
	w.says(w.hears(super, admin, "/channel", telegramtest.Manner{}), "খেলা")
	w.says(w.press(group, admin.User, list.MessageID, "রাজনীতি"), "সুপারগ্রুপ") // a button that stands there still
	w.follows(groupID, w.sport.ID)
	if !w.unknown(-5001) {
		t.Error("an old button has brought the old id back")
	}
}

func TestAChannelsOwnCommandsOnlyTellWhereItIsManaged(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	channel := w.channel(rina)
	rina.presses("খেলা")
	said := w.hears(channel, rina, "/stop@harkara_demo_bot", telegramtest.Manner{})
	w.says(said, "https://t.me/harkara_demo_bot?start=channel")
	w.is(channelID, store.Active)
	w.silent(w.hears(channel, rina, "/stop@other_bot", telegramtest.Manner{}))
	w.silent(w.hears(channel, rina, "বন্ধ", telegramtest.Manner{}))

	m, _ := channel.Last() // a forged button under a post in the channel
	w.says(w.forge(channel, rina.User, m.MessageID, button.Of(button.Stop, 0)), "কাজ করে না")
	w.is(channelID, store.Active)
}

func TestWithoutTelegramsWordNothingIsChanged(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	screen := rina.last().MessageID

	heal := w.server.Fault(telegramtest.Fault{Kind: telegramtest.BadGateway, Method: "getChatMember", Times: 1})
	w.says(w.press(rina.Chat(), rina.User, screen, "খেলা"), "‘খেলা’ বিষয়ের খবর চালু") // asked again a second later
	heal()
	w.follows(channelID, w.sport.ID)

	heal = w.server.Fault(telegramtest.Fault{Kind: telegramtest.BadGateway, Method: "getChatMember"})
	press, err := rina.Press(screen, "রাজনীতি")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.server.WaitRequests(t.Context(), "getChatMember", 4); err != nil {
		t.Fatal(err)
	}
	w.pass(30e9)
	w.restart() // nothing is lost, and by now the person is told rather than left waiting
	w.says(w.answerTo(press), "যাচাই করতে দিচ্ছে না")
	heal()
	w.follows(channelID, w.sport.ID)
}

func TestWhatTelegramSaysOfAChannelOutOfReachIsBelievedAsFarAsItGoes(t *testing.T) {
	for _, test := range []struct {
		code int
		text string
		want store.ChatState
	}{
		{403, "Forbidden: bot was kicked from the channel chat", store.Blocked},
		{400, "Bad Request: member list is inaccessible", store.Unpostable},
		{400, "Bad Request: chat not found", store.Active},
		{400, "Bad Request: something nobody has heard of", store.Active},
		{401, "Unauthorized", store.Active},
	} {
		t.Run(test.text, func(t *testing.T) {
			w := newWorld(t)
			rina := w.reader(701, "রিনা")
			w.channel(rina)
			rina.presses("খেলা")
			w.server.Fault(telegramtest.Fault{Kind: telegramtest.Refused, Method: "getChatMember", Code: test.code, Text: test.text})
			press, err := rina.Press(rina.last().MessageID, "রাজনীতি")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.server.WaitRequests(t.Context(), "getChatMember", 3); err != nil {
				t.Fatal(err)
			}
			w.pass(30 * time.Second)
			w.restart()
			if got := w.answerTo(press); got == "" || strings.Contains(got, "চালু হ") {
				t.Errorf("রিনা is told %q", got)
			}
			w.is(channelID, test.want)
			w.follows(channelID, w.sport.ID)
		})
	}
}
