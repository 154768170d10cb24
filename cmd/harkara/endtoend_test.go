package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/feedstest"
)

// post is what a chat is expected to get of an article: the headline, then two or three sentences of which some
// must be there and others may be.
type post struct {
	headline       string
	must, may, not []string
}

// The posts of the two articles that the sample paper publishes first, as two editors would have written them.
var (
	telegramPost = post{
		headline: "মাথায় হাত জুকারবার্গের, ৬ ঘন্টা WhatsApp বন্ধ থাকায় ৭ কোটি মানুষ ডাউনলোড করল Telegram",
		must:     []string{"গত ৪ অক্টোবর সোমবার রাতে প্রায় ছয় ঘণ্টারও বেশি সময়ের জন্য অকেজো হয়ে পড়েছিল WhatsApp, যা বিশ্বজুড়ে ৩.৫ বিলিয়নেরও বেশি ব্যবহারকারীকে প্রভাবিত করে।"},
		may: []string{
			"হোয়াটসঅ্যাপ অকেজো হয়ে পড়ায় সেদিন প্রায় ৭০ মিলিয়ন ইউজার টেলিগ্রামে যোগ দেন।",
			"ফলে এখন বিশ্বজুড়ে ৫০০ মিলিয়ন সক্রিয় ব্যবহারকারীর মাইলস্টোন ছুঁয়ে ফেলল মেসেজিং অ্যাপটি।",
			"তবে মালিকের পাশাপাশি WhatsApp-এর খারাপ দিনে বাজিমাত করলো অন্য দুই সোশ্যাল মিডিয়া প্ল্যাটফর্ম Telegram এবং Signal।",
			"এই সমস্যার কারণ হিসেবে Facebook রাউটারগুলির কনফিগারেশন পরিবর্তনকে দায়ী করেছে, এবং এর দরুন মাত্র কয়েক ঘণ্টার ব্যবধানে ৬০০ কোটি ডলার হারিয়েছেন মালিক মার্ক জুকারবার্গ।",
			"Telegram ছাড়াও অপর আরেকটি অ্যাপ, সিগন্যাল (Signal)-ও সেদিন বিশাল সাফল্যের মুখ দেখেছে।",
		},
		not: []string{"কথায় আছে", "প্রসঙ্গত উল্লেখ্য", "ইঞ্জিনিয়ারিং টিম", "সবচেয়ে মজার ব্যাপার", "হোয়াটসঅ্যাপে খবর পেতে"},
	}
	outagePost = post{
		headline: "বিশ্বজুড়ে আচমকাই স্তব্ধ হোয়াটসঅ্যাপ ও ইনস্টাগ্রাম পরিষেবা",
		must: []string{
			"ভারতীয় সময় রাত ১০ টা ৫০ নাগাদ আচমকাই হোয়াটসঅ্যাপে মেসেজ যাওয়া বন্ধ হয়ে যায়।",
			"থমকে যায় ইনস্টাগ্রাম পরিষেবাও।",
			"যদিও শুক্রবার ভারতীয় সময় রাত ১১ টা ৪০ নাগাদ দেখা যায়, হোয়াটসঅ্যাপের পরিষেবা আবার স্বাভাবিক হয়ে গিয়েছে।",
		},
		not: []string{"নয়া দিল্লি", "আরও পড়ুন", "Opinion Poll", "মনে করিয়ে", "ইস্টাগ্রাম"},
	}
)

const technology, sport = "প্রযুক্তি", "খেলা"

func TestAnArticleReachesEveryReaderAndChannelOnce(t *testing.T) {
	t.Parallel()
	paper, err := readSample()
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t)
	for _, a := range paper.History {
		w.site.Publish(a.on(time.Now().Add(-time.Hour)))
	}
	payload := w.subscribeLink(technology)
	stop := w.startBot()

	everything, viaLink, sportsman := w.telegram.User(11, "সব", "bn"), w.telegram.User(12, "প্রযুক্তি", "bn"), w.telegram.User(13, "খেলা", "bn")
	everything.Start("")
	viaLink.Start(payload)
	sportsman.Start(w.sportLink)
	admin := w.telegram.User(14, "অ্যাডমিন", "bn")
	channel := w.telegram.Channel(-1_001_000_000_014, "খবর", admin)
	admin.Start("channel")
	w.botSays(admin.Chat(), "চ্যানেল বা গ্রুপে যুক্ত")
	channel.AddBot(admin, telegramtest.Poster)
	hello := w.botSays(admin.Chat(), "‘খবর’")
	w.press(admin, hello, technology)
	if welcome := w.botSays(viaLink.Chat(), "স্বাগতম"); !strings.Contains(welcome.Text, technology) {
		t.Errorf("the welcome does not say what the link subscribes to: %s", welcome.Text)
	}
	w.botSays(everything.Chat(), "স্বাগতম")
	w.botSays(sportsman.Chat(), "স্বাগতম")

	posts := map[*post]sampleArticle{&telegramPost: paper.News[0], &outagePost: paper.News[1]}
	receivers := []*telegramtest.Chat{everything.Chat(), viaLink.Chat(), channel}
	for _, expected := range []*post{&telegramPost, &outagePost} {
		w.site.Publish(posts[expected].on(time.Now()))
		for _, chat := range receivers {
			expected.check(t, w.botSays(chat, expected.headline))
		}
	}
	last, _ := channel.Last()
	if b := buttons(last); len(b) < 2 || b[1].Text != "টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন" || !strings.Contains(b[1].URL, "?start=l_") {
		t.Errorf("the channel's post does not lead to the bot: %+v", b)
	}
	if last, _ := viaLink.Chat().Last(); !slices.Equal(labels(last), []string{"পুরো খবর পড়ুন", "👍", "👎", "রেখে দিন", "পাঠান"}) {
		t.Errorf("a reader's post has the buttons %q", labels(last))
	}

	stop()
	stop = w.startBot()
	third := feedstest.Article{Title: "তৃতীয় খবরের শিরোনাম এই যে", Paragraphs: []string{"তৃতীয় খবরটি আজ সকালে শহরে এসেছে।"}, Categories: []string{technology}}
	w.site.Publish(third)
	for _, chat := range receivers {
		w.botSays(chat, third.Title)
		for expected := range posts {
			if n := times(chat, expected.headline); n != 1 {
				t.Errorf("after a restart chat %d has %d messages with %q", chat.ID(), n, expected.headline)
			}
		}
	}

	everything.Send("/stop")
	w.press(everything, w.botSays(everything.Chat(), "সব খবর বন্ধ করতে চান"), "হ্যাঁ, বন্ধ করুন")
	w.botSays(everything.Chat(), "আর কিছু পাঠানো হবে না")
	before := len(everything.Chat().FromBots())
	for _, title := range []string{"চতুর্থ খবরের শিরোনাম এই যে", "পঞ্চম খবরের শিরোনাম এখানে রইল"} {
		w.site.Publish(feedstest.Article{Title: title, Paragraphs: []string{"শহরে নতুন একটি ঘটনা ঘটেছে আজ দুপুরে।"}, Categories: []string{technology}})
		w.botSays(viaLink.Chat(), title)
		w.botSays(channel, title)
	}
	if after := everything.Chat().FromBots(); len(after) != before {
		t.Errorf("a reader who stopped got %d more: %s", len(after)-before, after[len(after)-1].Words())
	}
	if n := len(sportsman.Chat().FromBots()); n != 1 {
		t.Errorf("a reader of sport has %d messages, want the welcome alone", n)
	}
	stop()
	if v := w.site.Violations(); len(v) > 0 {
		t.Errorf("the publisher complains: %q", v)
	}
}

func TestTheCommandLineToldWrongSaysAllFaultsAtOnce(t *testing.T) {
	w := newTown(t)
	_, err := w.command("run", "--poll-every", "soon", "--timezone", "Asia/Nowhere", "--db", w.database)
	if err == nil || exitStatus(err) != 2 {
		t.Fatalf("got %v, want a usage error", err)
	}
	for _, name := range []string{"HARKARA_POLL_EVERY", "HARKARA_TIMEZONE"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not among the faults: %v", name, err)
		}
	}
}

// town is the world around the program: Telegram, a paper, a database, and the command line.
type town struct {
	t         *testing.T
	telegram  *telegramtest.Server
	site      *feedstest.Site
	database  string
	sportLink string
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, telegram: telegramtest.New(), database: "sqlite:" + filepath.Join(t.TempDir(), "harkara.db")}
	if _, err := w.telegram.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.telegram.Close)
	site, err := feedstest.Start(feedstest.Options{Title: "দুই পারের খবর"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	w.site = site
	return w
}

// command runs the program with arguments, as a person would, and returns what it prints.
func (w *town) command(args ...string) (string, error) {
	var out, log bytes.Buffer
	err := run(w.t.Context(), args, w.environ(), streams{in: strings.NewReader(""), out: &out, err: &log})
	if strings.Contains(out.String()+log.String(), w.telegram.Bot().Token()) {
		w.t.Error("the token is printed")
	}
	return out.String(), err
}

// environ is the environment that the program is started in.
func (w *town) environ() []string { return []string{"HARKARA_TOKEN=" + w.telegram.Bot().Token()} }

func (w *town) must(args ...string) string {
	w.t.Helper()
	out, err := w.command(args...)
	if err != nil {
		w.t.Fatalf("harkara %s: %v", args[0], err)
	}
	return out
}

// subscribeLink fills the catalogue and returns the payload of a link to a category.
func (w *town) subscribeLink(category string) string {
	w.t.Helper()
	var catalogue bytes.Buffer
	paper := samplePaper{Title: "দুই পারের খবর", Sections: []sampleSection{{technology, "Technology"}, {sport, "Sport"}}}
	if err := feeds.WriteOPML(&catalogue, paper.catalogue(w.site)); err != nil {
		w.t.Fatal(err)
	}
	file := filepath.Join(w.t.TempDir(), "catalogue.opml")
	if err := os.WriteFile(file, catalogue.Bytes(), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.must("import", "--db", w.database, file)
	payload := func(category string) string {
		address, _, _ := strings.Cut(w.must("link", "--db", w.database, "--category", category, "--bot", w.telegram.Bot().Username()), "\n")
		_, payload, ok := strings.Cut(address, "?start=")
		if !ok {
			w.t.Fatalf("%q is no subscribe link", address)
		}
		return payload
	}
	w.sportLink = payload(sport)
	return payload(category)
}

// startBot runs the bot until the function it returns is called; that function waits for the end.
// It returns once the articles that the feeds have now are kept.
func (w *town) startBot(settings ...string) (stop func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	var log bytes.Buffer
	before := len(w.site.Requests())
	go func() {
		ended <- run(ctx, append([]string{
			"run", "--db", w.database, "--api", w.telegram.URL(), "--poll-every", "1s", "--allow-hosts", "127.0.0.1",
		}, settings...), w.environ(), streams{in: strings.NewReader(""), out: &log, err: &log})
	}()
	stopped := false
	stop = func() {
		w.t.Helper()
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("the bot ended with: %v", err)
		}
		if strings.Contains(log.String(), w.telegram.Bot().Token()) {
			w.t.Error("the token is in the log")
		}
		if w.t.Failed() {
			w.t.Log(log.String())
		}
	}
	w.t.Cleanup(stop)
	// A feed that answers “not modified” had its articles kept before.
	w.eventually("the feeds are known", func() bool {
		known := map[string]bool{}
		for _, r := range w.site.Requests()[before:] {
			if r.Status == http.StatusNotModified {
				known[r.Path] = true
			}
		}
		return len(known) == 2
	})
	return stop
}

// eventually waits until a condition holds.
func (w *town) eventually(what string, holds func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 3*time.Minute)
	defer cancel()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-ctx.Done():
			w.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// botSays waits for a message of the bot that contains a text.
func (w *town) botSays(chat *telegramtest.Chat, text string) telegramtest.Message {
	w.t.Helper()
	text = bengali.Normalize(text)
	var found telegramtest.Message
	w.eventually(text, func() bool {
		for _, m := range chat.FromBots() {
			if strings.Contains(m.Words(), text) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// press presses a button of a private chat and waits until the bot has answered.
func (w *town) press(u *telegramtest.User, m telegramtest.Message, button string) {
	w.t.Helper()
	press, err := u.Press(m.MessageID, button)
	if err != nil {
		w.t.Fatalf("press %s: %v", button, err)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 3*time.Minute)
	defer cancel()
	if _, err := press.Wait(ctx); err != nil {
		w.t.Fatalf("press %s: %v", button, err)
	}
}

func buttons(m telegramtest.Message) []telegramtest.Button {
	var list []telegramtest.Button
	if m.ReplyMarkup != nil {
		for _, row := range m.ReplyMarkup.Rows {
			list = append(list, row...)
		}
	}
	return list
}

// labels are the texts of a message's buttons.
func labels(m telegramtest.Message) (texts []string) {
	for _, b := range buttons(m) {
		texts = append(texts, b.Text)
	}
	return texts
}

// times counts the bot's messages that contain a text.
func times(chat *telegramtest.Chat, text string) (n int) {
	for _, m := range chat.FromBots() {
		if strings.Contains(m.Words(), bengali.Normalize(text)) {
			n++
		}
	}
	return n
}

// check tells whether a message is the post that was expected.
func (p post) check(t *testing.T, m telegramtest.Message) {
	t.Helper()
	parts := strings.Split(m.Words(), "\n\n")
	if len(parts) != 3 {
		t.Fatalf("the post is not headline, summary and source:\n%s", m.Words())
	}
	if parts[0] != bengali.Normalize(p.headline) {
		t.Errorf("headline %q, want %q", parts[0], p.headline)
	}
	entities := append(m.Entities, m.CaptionEntities...)
	if len(entities) == 0 || entities[0].Type != "bold" || entities[0].Offset != 0 || entities[0].Length != bengali.UTF16Len(parts[0]) {
		t.Errorf("the headline is not bold: %+v", entities)
	}
	rest, sentences := parts[1], 0
	for _, s := range append(p.must, p.may...) {
		if cut := strings.Replace(rest, bengali.Normalize(s), "", 1); cut != rest {
			rest, sentences = cut, sentences+1
		}
	}
	if strings.TrimSpace(rest) != "" {
		t.Errorf("the summary has what it should not: %q", strings.TrimSpace(rest))
	}
	if sentences < 2 || sentences > 3 {
		t.Errorf("the summary has %d sentences: %s", sentences, parts[1])
	}
	for _, s := range p.must {
		if !strings.Contains(parts[1], bengali.Normalize(s)) {
			t.Errorf("the summary lacks %q: %s", s, parts[1])
		}
	}
	for _, s := range p.not {
		if strings.Contains(m.Words(), bengali.Normalize(s)) {
			t.Errorf("the post has %q", s)
		}
	}
	if !strings.Contains(parts[2], technology) || !strings.Contains(parts[2], "সূত্র: দুই পারের খবর") {
		t.Errorf("category or source is missing: %q", parts[2])
	}
}
