package bot_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// feed adds a feed to the catalogue.
func (w *world) feed(title string) store.Feed {
	w.Helper()
	f := store.Feed{URL: "https://feeds.example/" + fmt.Sprint(len(title)), Title: title}
	w.write(func(tx store.Tx) error { return tx.SaveFeed(w.Context(), &f) })
	return f
}

// prefs are the wishes of a chat.
func (w *world) prefs(telegramID int64) store.Prefs { w.Helper(); return w.chat(telegramID).Prefs }

// has tells whether the bot's last message has a button.
func (p person) has(button string) bool { _, ok := p.last().Button(button); return ok }

func TestAChannelIsSetUpOnOneMessageThatIsEditedInPlace(t *testing.T) {
	w := newWorld(t)
	feed := w.feed("দৈনিক হরকরা খেলা")
	rina := w.reader(701, "রিনা")
	channel := w.channel(rina)
	rina.presses("খেলা")
	rina.presses("হয়ে গেছে")
	screen := rina.last().MessageID

	rina.presses("ফিড বাছুন")
	rina.presses("দৈনিক হরকরা খেলা")
	if got := w.prefs(channelID).Feeds; !slices.Equal(got, []int64{feed.ID}) {
		t.Errorf("the feeds are %v", got)
	}
	rina.presses("ফিরে যান")
	w.says(rina.last().Text, "ফিড: দৈনিক হরকরা খেলা")

	rina.presses("পোস্টের চেহারা")
	for _, choice := range []string{"সংক্ষিপ্ত", "লিংকের ছবি ওপরে", "হ্যাশট্যাগসহ", "✅ বোতামসহ", "✅ সারাংশসহ", "শব্দ ছাড়া"} {
		rina.presses(choice)
	}
	want := store.Form{Layout: store.Short, Preview: store.PreviewAbove, Hashtags: true, NoButtons: true, NoSummary: true}
	if got := w.prefs(channelID); got.Form != want || !got.Silent {
		t.Errorf("the form is %+v", got)
	}
	rina.presses("ছবি ছাড়া")
	rina.presses("পূর্ণ")
	if got := w.prefs(channelID); got.Form.Preview != store.NoPreview || !got.NoImages || got.Form.Layout != "" {
		t.Errorf("the form is %+v", got)
	}
	rina.presses("ফিরে যান")

	rina.presses("সময় ও গতি")
	rina.presses("১৫ মিনিট অন্তর")
	w.says(rina.last().Text, "কখন: প্রকাশ হলেই, তবে অন্তত ১৫ মিনিট পরপর")
	rina.presses("নীরব সময়: রাত ১১টা – সকাল ৭টা")
	rina.presses("রাত ১০টা থেকে নীরব")
	rina.presses("সকাল ৮টা পর্যন্ত নীরব")
	w.says(rina.last().Text, "নীরব সময়: রাত ১০টা – সকাল ৮টা")
	rina.presses("একসঙ্গে, সংকলনে")
	rina.presses("সন্ধ্যা ৬টা")
	rina.presses("✅ সকাল ৮টা")
	w.says(rina.presses("✅ সন্ধ্যা ৬টা"), "অন্তত একটি সময়")
	rina.presses("সংকলন পিন করুন")
	rina.presses("বাংলাদেশ (ঢাকা)")
	if got := w.prefs(channelID); got.Gap != 15 || got.QuietFrom != 22*60 || got.QuietTo != 8*60 || got.Mode != store.Digest ||
		!slices.Equal(got.DigestAt, []int{18 * 60}) || !got.PinDigest || got.Zone != "Asia/Dhaka" {
		t.Errorf("the times are %+v", got)
	}
	rina.presses("ফিরে যান")
	w.says(rina.last().Text, "কখন: দিনে কয়েকবার, একসঙ্গে — সন্ধ্যা ৬টা\nনীরব সময়: রাত ১০টা – সকাল ৮টা\nচেহারা: পূর্ণ")
	if rina.last().MessageID != screen {
		t.Error("the chat is littered with messages")
	}
	if posts := channel.FromBots(); len(posts) != 0 {
		t.Errorf("the channel saw %q", posts[0].Text)
	}
}

func TestWordsOfAChannelAreWrittenAndTakenOff(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	rina.presses("খেলা")
	rina.presses("হয়ে গেছে")
	rina.presses("শব্দ বাছাই")
	rina.presses("➕ থাকলে তবেই")
	w.says(rina.last().Text, "কোন শব্দ থাকলে তবেই")
	w.says(rina.says("ক, ঢাকা"), "‘ক’ খুব ছোট। অন্তত দুটি অক্ষর লিখুন, যেমন: ঢাকা")
	w.says(rina.last().Text, "থাকলে তবেই প্রকাশ\nঢাকা\n\nথাকলে বাদ\nনেই") // what could be kept is
	rina.presses("❌ ঢাকা")
	rina.presses("➕ থাকলে তবেই")
	w.says(rina.says("খবর, ঢাকা"), "থাকলে তবেই প্রকাশ\nখবর, ঢাকা") // a word of the menu, but it was asked for
	rina.presses("➕ থাকলে বাদ")
	w.says(rina.says("লটারি"), "থাকলে বাদ\nলটারি")
	if got := w.prefs(channelID); !slices.Equal(got.Only, []string{"খবর", "ঢাকা"}) || !slices.Equal(got.Mute, []string{"লটারি"}) {
		t.Errorf("the words are %q and %q", got.Only, got.Mute)
	}
	rina.presses("❌ খবর")
	rina.presses("ফিরে যান")
	w.says(rina.last().Text, "শব্দ বাছাই: ২টি")
	rina.presses("শব্দ বাছাই")
	rina.presses("➕ থাকলেই প্রকাশ")
	rina.presses("বাতিল")
	w.says(rina.says("মেট্রোরেল"), "নিয়ে কোনও খবর পাওয়া যায়নি") // nothing is waited for any more
	if got := w.prefs(channelID); !slices.Equal(got.Only, []string{"ঢাকা"}) || len(got.Follow) != 0 {
		t.Errorf("the words are %q and %q", got.Only, got.Follow)
	}

	// What is asked for in a group is answered there, by whom it was asked.
	group, admin, member := w.group()
	w.hears(group, admin, "/channel", telegramtest.Manner{})
	screen, _ := group.Last()
	w.press(group, admin.User, screen.MessageID, "শব্দ বাছাই")
	w.press(group, admin.User, screen.MessageID, "➕ থাকলে বাদ")
	asked, _ := group.Find(screen.MessageID)
	w.says(asked.Text, "উত্তর (reply) হিসেবে লিখুন")
	w.silent(w.hears(group, member, "ক্রিকেট", telegramtest.Manner{ReplyTo: screen.MessageID}))
	w.silent(w.hears(group, admin, "ফুটবল", telegramtest.Manner{})) // chatter
	w.says(w.hears(group, admin, "লটারি", telegramtest.Manner{ReplyTo: screen.MessageID}), "থাকলে বাদ\nলটারি")
	if got := w.prefs(groupID).Mute; !slices.Equal(got, []string{"লটারি"}) {
		t.Errorf("the group leaves out %q", got)
	}
}

func TestAnAdminWhoIsAskedByNameMayAnswerInTheNameOfTheGroup(t *testing.T) {
	w := newWorld(t)
	group, admin, member := w.group()
	bina := w.person(803, "বীণা")
	group.Promote(admin.User, bina.User, telegramtest.Rights{ManageChat: true})
	anonymous := telegramtest.Manner{Anonymous: true}
	w.hears(group, admin, "/channel", anonymous)
	screen, _ := group.Last()
	anonymous.ReplyTo = screen.MessageID
	asks := func(who person, part, question string) {
		t.Helper()
		w.press(group, who.User, screen.MessageID, part)
		w.press(group, who.User, screen.MessageID, question)
	}

	asks(admin, "শব্দ বাছাই", "➕ থাকলে বাদ")
	w.silent(w.hears(group, admin, "আজ ছুটি", telegramtest.Manner{Anonymous: true})) // said to all
	w.silent(w.hears(group, member, "লটারি", telegramtest.Manner{ReplyTo: screen.MessageID}))
	post := w.posted(group, w.publish("মেট্রোর নতুন পথ", w.sport))
	w.silent(w.hears(group, admin, "দারুণ!", telegramtest.Manner{ReplyTo: post.MessageID})) // of the news, and no word to be left out
	w.silent(w.hears(group, admin, "দারুণ!", telegramtest.Manner{ReplyTo: post.MessageID, Anonymous: true}))
	w.says(w.hears(group, admin, "লটারি", anonymous), "থাকলে বাদ\nলটারি")
	w.silent(w.hears(group, admin, "দারুণ!", telegramtest.Manner{ReplyTo: screen.MessageID})) // what was answered is not asked any more
	w.silent(w.hears(group, admin, "দারুণ!", anonymous))

	// A layout is written without a name, and kept by the press of who was asked.
	w.press(group, admin.User, screen.MessageID, "বাতিল")
	w.press(group, admin.User, screen.MessageID, "ফিরে যান")
	asks(admin, "পোস্টের চেহারা", "নিজের লেআউট")
	w.says(w.hears(group, admin, "<b>{{.Headline}}</b>", anonymous), "রাখবেন")
	question, _ := group.Last()
	w.press(group, admin.User, question.MessageID, "হ্যাঁ, রাখুন")
	if got := w.prefs(groupID).Form; got.Layout != store.Custom || got.Template != "<b>{{.Headline}}</b>" {
		t.Errorf("the form is %+v", got)
	}

	// Of two who are asked, the one who writes by name answers his own question, and who writes in the group's name the last.
	w.press(group, admin.User, screen.MessageID, "বাতিল")
	w.press(group, admin.User, screen.MessageID, "ফিরে যান")
	asks(admin, "শব্দ বাছাই", "➕ থাকলে তবেই")
	w.press(group, admin.User, screen.MessageID, "বাতিল")
	w.press(group, admin.User, screen.MessageID, "➕ থাকলেই প্রকাশ")
	w.hears(group, bina, "/channel", telegramtest.Manner{})
	second, _ := group.Last()
	w.press(group, bina.User, second.MessageID, "শব্দ বাছাই")
	w.press(group, bina.User, second.MessageID, "➕ থাকলে বাদ")
	w.hears(group, admin, "ঢাকা", telegramtest.Manner{ReplyTo: screen.MessageID})
	w.hears(group, bina, "জুয়া", telegramtest.Manner{ReplyTo: second.MessageID, Anonymous: true})
	if got := w.prefs(groupID); !slices.Equal(got.Follow, []string{"ঢাকা"}) || !slices.Equal(got.Mute, []string{"লটারি", "জুয়া"}) || len(got.Only) != 0 {
		t.Errorf("the words are %q, %q and %q", got.Only, got.Mute, got.Follow)
	}
	for _, key := range []string{"awaited:801", "awaited:803", "awaited:" + strconv.Itoa(groupID)} {
		if kept, err := w.store.Setting(t.Context(), key); kept != "" || err != nil {
			t.Errorf("%s still holds %q, %v", key, kept, err)
		}
	}

	// A former admin's question is answered by nobody.
	w.press(group, bina.User, second.MessageID, "বাতিল")
	w.press(group, bina.User, second.MessageID, "➕ থাকলে বাদ")
	group.Demote(admin.User, bina.User)
	w.says(w.hears(group, bina, "ঢাকা", telegramtest.Manner{ReplyTo: second.MessageID}), "শুধু অ্যাডমিন")
	if got := w.prefs(groupID).Mute; !slices.Equal(got, []string{"লটারি", "জুয়া"}) {
		t.Errorf("the group leaves out %q", got)
	}
}

func TestALayoutIsCheckedAndShownBeforeItIsKept(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	w.channel(rina)
	rina.presses("খেলা")
	rina.presses("হয়ে গেছে")
	w.publish("শেষ বলে <জয়>", w.sport)
	rina.presses("পোস্টের চেহারা")
	rina.presses("নিজের লেআউট")
	w.says(rina.last().Text, "<b>{{.Headline}}</b>")
	for bad, why := range map[string]string{
		"{{.Headline":                    "১ নম্বর লাইন: ‘{{.Headline’ বন্ধ করা হয়নি",
		"{{.Title}}":                     "‘.Title’ নামে কোনও ঘর নেই",
		`{{printf "%1000000d" 1}}`:       "‘printf’ এখানে ব্যবহার করা যায় না",
		"<b>{{.Headline}}":               "‘<b>’ ঠিক জায়গায় নেই",
		"<script>{{.Headline}}</script>": "‘<script>’ ঠিক জায়গায় নেই",
		"{{range 1000000}}x{{end}}":      "range শুধু .Sentences-এর জন্য",
	} {
		w.says(rina.says(bad), why)
		w.says(rina.last().Text, "যেমন: ")
	}
	said := rina.says("<i>{{.Category}}</i>\n<b>{{.Headline}}</b>{{range .Sentences}}\n• {{.}}{{end}}")
	w.says(said, "খেলা\nশেষ বলে <জয়>\n• প্রথম বাক্যটি খবরের মূল কথা বলে।")
	w.says(said, "এই লেআউটটি রাখবেন?")
	if w.prefs(channelID).Form.Template != "" {
		t.Fatal("it was kept unasked")
	}
	old := rina.last()
	w.says(rina.presses("হ্যাঁ, রাখুন"), "নতুন লেআউট চালু")
	if got := w.prefs(channelID).Form; got.Layout != store.Custom || !strings.Contains(got.Template, "• {{.}}") {
		t.Errorf("the form is %+v", got)
	}
	for _, toggle := range []string{"হ্যাশট্যাগসহ", "✅ সারাংশসহ"} {
		if rina.has(toggle) {
			t.Errorf("%q is offered, which the layout itself decides", toggle)
		}
	}
	w.says(rina.says("/test"), "খেলা\nশেষ বলে <জয়>\n• প্রথম")
	w.says(rina.says("/test @nobodys_channel"), "নামে কোনও চ্যানেল বা গ্রুপ পাওয়া যায়নি")
	w.says(rina.says("/test আমার"), "যেমন: /test @amader_khobor")
	for _, b := range old.ReplyMarkup.Rows[0] {
		if strings.HasPrefix(b.CallbackData, "1ck") {
			w.says(w.forge(rina.Chat(), rina.User, old.MessageID, b.CallbackData), "মেয়াদ শেষ")
		}
	}
	w.press(rina.Chat(), rina.User, old.MessageID, "সংক্ষিপ্ত")
	w.press(rina.Chat(), rina.User, old.MessageID, "নিজের লেআউট") // it is not lost
	if got := w.prefs(channelID).Form; got.Layout != store.Custom || got.Template == "" {
		t.Errorf("the form is %+v", got)
	}
}

func TestForumTopicsAreOpenedByButtonOrChosenFromWithin(t *testing.T) {
	w := newWorld(t)
	group, admin, member := w.group()
	w.hears(group, admin, "/channel", telegramtest.Manner{})
	screen, _ := group.Last()
	w.says(w.press(group, admin.User, screen.MessageID, "ফোরামের টপিক"), "টপিক চালু নেই")
	w.says(w.hears(group, admin, "/here খেলা", telegramtest.Manner{}), "টপিক চালু নেই")
	group.Forum()
	w.press(group, admin.User, screen.MessageID, "ফোরামের টপিক")
	w.says(w.press(group, admin.User, screen.MessageID, "➕ খেলা"), "টপিক খোলার অনুমতি আমার নেই")
	group.AddBot(admin.User, telegramtest.Rights{ManageChat: true, ManageTopics: true})
	w.settle()
	w.says(w.press(group, admin.User, screen.MessageID, "➕ খেলা"), "‘খেলা’ নামে টপিক খোলা")
	opened := w.prefs(groupID).Threads[w.sport.ID]
	if opened == 0 {
		t.Fatalf("the topics are %v", w.prefs(groupID).Threads)
	}
	m, _ := group.Find(screen.MessageID)
	w.says(m.Text, fmt.Sprintf("https://t.me/c/2000000001/%d", opened))

	thread := group.OpenTopic(admin.User, "ভোট")
	w.says(w.hears(group, member, "/here রাজনীতি", telegramtest.Manner{Thread: thread}), "শুধু অ্যাডমিন")
	w.says(w.hears(group, admin, "/here রাজনীতি", telegramtest.Manner{Thread: thread}), "এই টপিকে আসবে")
	w.says(w.hears(group, admin, "/here রান্না", telegramtest.Manner{Thread: thread}), "‘রান্না’ নামে কোনও বিষয় নেই")
	w.says(w.hears(group, admin, "/here", telegramtest.Manner{Thread: thread, Anonymous: true}), "বাকি সব বিষয়ের খবর এখন থেকে এই টপিকে আসবে")
	if got := w.prefs(groupID); got.Threads[w.politics.ID] != thread || got.Thread != thread {
		t.Errorf("the topics are %v and %d", got.Threads, got.Thread)
	}
	w.press(group, admin.User, screen.MessageID, "ফিরে যান")
	w.press(group, admin.User, screen.MessageID, "ফোরামের টপিক")
	w.press(group, admin.User, screen.MessageID, "❌ রাজনীতি")
	w.press(group, admin.User, screen.MessageID, "❌ বাকি সব খবর")
	if got := w.prefs(groupID); len(got.Threads) != 1 || got.Thread != 0 {
		t.Errorf("the topics are %v and %d", got.Threads, got.Thread)
	}
	w.says(admin.says("/here খেলা"), "টপিকের ভেতরে লিখতে হয়")
}

func TestOfTwoAdminsAtOnceEachGetsWhatHePressedAndSeesTheOthers(t *testing.T) {
	w := newWorld(t)
	rina, shova := w.reader(701, "রিনা"), w.reader(702, "শোভা")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	channel.Promote(rina.User, shova.User, telegramtest.Poster)
	rina.presses("খেলা")
	rina.presses("হয়ে গেছে")
	shova.says("/channel @amader_khobor")
	rina.presses("পোস্টের চেহারা")
	shova.presses("পোস্টের চেহারা")

	rina.presses("সংক্ষিপ্ত")
	shova.presses("হ্যাশট্যাগসহ") // her screen still says that the layout is the full one
	if got := w.prefs(channelID).Form; got.Layout != store.Short || !got.Hashtags {
		t.Errorf("one wiped out the other's: %+v", got)
	}
	if !shova.has("✅ সংক্ষিপ্ত") {
		t.Errorf("she does not see the other's: %s", buttonsOf(shova.last()))
	}
	shova.presses("শুধু শিরোনাম")
	rina.presses("পূর্ণ") // of the same setting the last word counts
	if got := w.prefs(channelID).Form; got.Layout != "" || !got.Hashtags {
		t.Errorf("the form is %+v", got)
	}

	// She is no admin any more, with the screen before her and a question asked.
	shova.presses("নিজের লেআউট")
	channel.Demote(rina.User, shova.User)
	w.says(shova.says("<b>{{.Headline}}</b>"), "অ্যাডমিন নন")
	w.says(shova.says("<b>{{.Headline}}</b>"), "পাওয়া যায়নি") // and is not asked again
	if got := w.prefs(channelID).Form; got.Template != "" {
		t.Errorf("a former admin wrote %q", got.Template)
	}
}

func TestAChatIsPickedFromTheListOfTheClient(t *testing.T) {
	w := newWorld(t)
	rina := w.reader(701, "রিনা")
	channel := w.server.Channel(channelID, "আমাদের খবর", rina.User)
	rina.says("/channel")
	rina.presses("তালিকা থেকে বেছে নিন")
	w.says(rina.last().Text, "চ্যানেল বা গ্রুপ বেছে নিন")
	if _, err := rina.ShareChat("📢 চ্যানেল বাছুন", channel); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.is(channelID, store.Active)
	w.says(rina.last().Text, "‘আমাদের খবর’ বেছে নেওয়া হয়েছে")
	said := texts(rina.Chat().FromBots())
	w.says(said[len(said)-2], "কোন কোন বিষয়ের খবর প্রকাশ হবে")

	group := w.server.Supergroup(groupID, "পাড়ার আড্ডা", rina.User)
	rina.says("/channel")
	w.says(rina.last().Text, "কোন চ্যানেল বা গ্রুপ নিয়ে কাজ করবেন?")
	rina.presses("তালিকা থেকে বেছে নিন")
	w.says(rina.says("বাতিল"), "বাতিল করা")
	rina.says("/channel")
	rina.presses("তালিকা থেকে বেছে নিন")
	if _, err := rina.ShareChat("👥 গ্রুপ বাছুন", group); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.says(rina.last().Text, "পাড়ার আড্ডা\nবিষয়: কোনও বিষয় বাছা হয়নি\nঅবস্থা: বিষয় বাছা হলে প্রকাশ শুরু হবে")
	if !group.BotRights().PinMessages || !group.BotRights().ManageTopics {
		t.Errorf("the bot has %+v", group.BotRights())
	}

	// Somebody who is no admin has the chat not on his client's list; if a forged client shares it all the same, nothing is given away.
	mallory := w.reader(666, "আগন্তুক")
	mallory.says("/channel")
	mallory.presses("তালিকা থেকে বেছে নিন")
	if _, err := mallory.ShareChat("📢 চ্যানেল বাছুন", channel); err == nil {
		t.Error("the client offered a channel of others")
	}
}

func TestAnArticleIsTakenBackByTheLinkOfItsPostOrByTheForwardedPost(t *testing.T) {
	w := newWorld(t)
	boss, rina := w.reader(owner, "মালিক"), w.reader(701, "রিনা")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	rina.says("/channel @amader_khobor") // so its name is known
	c := w.chat(channelID)
	c.Username = "amader_khobor"
	a := w.publish("ভুল খবর", w.sport)
	w.write(func(tx store.Tx) error {
		if err := tx.SaveChat(w.Context(), &c); err != nil {
			return err
		}
		p := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: w.now()}
		if err := tx.SavePost(w.Context(), &p); err != nil {
			return err
		}
		return tx.AddSent(w.Context(), store.Sent{Post: p.ID, Chat: c.ID, Message: 55})
	})
	for _, link := range []string{"https://t.me/amader_khobor/55", "t.me/Amader_Khobor/55?single", "https://t.me/c/1000000001/55", a.URL} {
		w.says(boss.says("/retract "+link), "‘ভুল খবর’ খবরটি প্রত্যাহার করবেন?")
	}
	for _, link := range []string{"https://t.me/amader_khobor/56", "https://t.me/nobodys/55", "https://t.me/c/9/55", "https://t.me/c/x", "https://t.me/55", "t.me/c/1000000001"} {
		w.says(boss.says("/retract "+link), "আমার তালিকায় নেই")
	}
	forwarded := boss.Chat().SayAs(boss.User, "ভুল খবর", telegramtest.Manner{ForwardedFrom: channel, ForwardedID: 55})
	w.settle()
	boss.Chat().SayAs(boss.User, "/retract", telegramtest.Manner{ReplyTo: forwarded})
	w.settle()
	w.says(boss.last().Text, "‘ভুল খবর’ খবরটি প্রত্যাহার করবেন?")
}
