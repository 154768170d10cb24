package delivery_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// TestMain runs many tests at a time: they wait for moments more than they compute.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "8")
	os.Exit(m.Run())
}

// house is a store, an emulated Telegram and a delivery between them.
type house struct {
	t        *testing.T
	server   *telegramtest.Server
	store    store.Store
	delivery *delivery.Delivery
	config   delivery.Config
	seq      atomic.Int64
	category int64
}

func newHouse(t *testing.T, change ...func(*delivery.Config)) *house {
	t.Helper()
	server := telegramtest.New()
	if _, err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := &house{t: t, server: server, store: s}
	h.config = delivery.Config{
		Rate: 1000, BurstTime: 200 * time.Millisecond, LookAfter: time.Millisecond, BotName: func() string { return "khobor_bot" },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	for _, c := range change {
		c(&h.config)
	}
	h.write(func(tx store.Tx) error {
		c := store.Category{Slug: "technology", Name: "প্রযুক্তি", NameEN: "Technology"}
		err := tx.SaveCategory(t.Context(), &c)
		h.category = c.ID
		return err
	})
	return h
}

func (h *house) write(change func(store.Tx) error) {
	h.t.Helper()
	if err := h.store.Write(h.t.Context(), change); err != nil {
		h.t.Fatal(err)
	}
	if h.delivery != nil {
		h.delivery.Wake()
	}
}

// open starts deliveries; the function it returns stops them and waits.
func (h *house) open() (stop func()) {
	h.t.Helper()
	return h.openAt(h.server.URL())
}

func (h *house) openAt(url string) (stop func()) {
	h.t.Helper()
	token, err := telegram.NewToken(telegramtest.DefaultToken)
	if err != nil {
		h.t.Fatal(err)
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: url})
	if err != nil {
		h.t.Fatal(err)
	}
	h.delivery = delivery.New(h.store, client, telegram.NewLimiter(h.config.Rate), h.config)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.delivery.Run(ctx) }()
	h.delivery.Wake()
	return func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Errorf("delivery ended with %v", err)
		}
	}
}

// reader is a person who has started the bot and was greeted.
func (h *house) reader(id int64) *telegramtest.User {
	h.t.Helper()
	u := h.server.User(id, "পাঠক", "bn")
	u.Start("")
	h.keep(store.Chat{TelegramID: id, Kind: store.Private, Title: u.Name(), Welcomed: true})
	return u
}

// keep remembers an active chat that follows everything.
func (h *house) keep(c store.Chat) store.Chat {
	h.t.Helper()
	c.State, c.Language = store.Active, "bn"
	h.write(func(tx store.Tx) error {
		if err := tx.SaveChat(h.t.Context(), &c); err != nil {
			return err
		}
		if c.Welcomed {
			if err := tx.Settle(h.t.Context(), store.Visit{Chat: c.ID, Welcomed: true}); err != nil {
				return err
			}
		}
		return tx.Subscribe(h.t.Context(), c.ID, []int64{store.Everything})
	})
	return c
}

func (h *house) channel(id int64) (*telegramtest.Chat, store.Chat) {
	h.t.Helper()
	owner := h.server.User(77, "অ্যাডমিন", "bn")
	channel := h.server.Channel(id, "আমাদের খবর", owner)
	channel.AddBot(owner, telegramtest.Poster)
	return channel, h.keep(store.Chat{TelegramID: id, Kind: store.Channel, Title: "আমাদের খবর"})
}

// publish keeps an article in the log.
func (h *house) publish(headline string, change ...func(*store.Article)) store.Article {
	h.t.Helper()
	n := h.seq.Add(1)
	a := store.Article{
		Feed: 1, Source: "দৈনিক হরকরা", GUID: fmt.Sprint(n), URL: fmt.Sprintf("https://news.example/%d", n), Title: headline, Headline: headline,
		Summary: []string{"প্রথম বাক্যটি খবরের মূল কথা বলে।", "দ্বিতীয় বাক্যটি তার কারণ জানায়।"}, FirstSeen: time.Now().UTC(), Published: time.Now().UTC(),
		Categories: []int64{h.category}, Fingerprint: uint64(n),
	}
	for _, c := range change {
		c(&a)
	}
	h.write(func(tx store.Tx) error {
		return tx.AddArticle(h.t.Context(), &a, []store.Key{{Feed: 1, Kind: 'G', Hash: uint64(n)}}, store.Index{})
	})
	return a
}

func (h *house) patience() context.Context {
	ctx, cancel := context.WithTimeout(h.t.Context(), 90*time.Second)
	h.t.Cleanup(cancel)
	return ctx
}

// gets waits until a chat holds n messages of the bot and returns their texts.
func (h *house) gets(c *telegramtest.Chat, n int) []string {
	h.t.Helper()
	messages, err := c.WaitForBot(h.patience(), n)
	if err != nil {
		h.t.Fatalf("chat %d: %v; it has %q", c.ID(), err, texts(c.FromBots()))
	}
	return texts(messages)
}

// settled waits until nothing is owed any more.
func (h *house) settled() {
	h.t.Helper()
	ctx := h.patience()
	for ; ; pause(ctx) {
		b, err := h.store.Backlog(ctx, time.Now().Add(11*time.Second)) // a chat's pace, or its burst, may put its next message off
		if err != nil {
			h.t.Fatal(err)
		}
		window, err := h.store.Window(ctx)
		if err != nil {
			h.t.Fatal(err)
		}
		if b.Due == 0 && !b.Marking && b.Answers == 0 && b.Corrections == 0 && len(window.Flights)+len(window.Arrivals) == 0 {
			return
		}
		if ctx.Err() != nil {
			h.t.Fatalf("still owed: %+v, window %v", b, window)
		}
	}
}

// until waits for what delivery does by itself.
func (h *house) until(what string, done func() bool) {
	h.t.Helper()
	for ctx := h.patience(); !done(); pause(ctx) {
		if ctx.Err() != nil {
			h.t.Fatalf("it does not come to pass that %s", what)
		}
	}
}

// pause leaves the machine to the others between two looks.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(5 * time.Millisecond):
	}
}

func texts(messages []telegramtest.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.Text+m.Caption)
	}
	return list
}

func TestAnArticleReachesEveryChatOnceAlsoAcrossARestart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var readers []*telegramtest.User
	for id := range int64(20) {
		readers = append(readers, h.reader(1000+id))
	}
	channel, _ := h.channel(-1001)
	stop := h.open()
	h.publish("প্রথম খবর")
	for _, u := range readers {
		if got := h.gets(u.Chat(), 1); !strings.HasPrefix(got[0], "প্রথম খবর") {
			t.Fatalf("a reader got %q", got)
		}
	}
	h.gets(channel, 1)
	h.settled()
	stop()

	stop = h.open()
	defer stop()
	h.publish("দ্বিতীয় খবর")
	for _, c := range append([]*telegramtest.Chat{channel}, chats(readers)...) {
		if got := h.gets(c, 2); len(got) != 2 || !strings.HasPrefix(got[1], "দ্বিতীয় খবর") {
			t.Errorf("chat %d got %q", c.ID(), got)
		}
	}
	h.settled()
	for _, c := range append([]*telegramtest.Chat{channel}, chats(readers)...) {
		if got := len(c.FromBots()); got != 2 {
			t.Errorf("chat %d holds %d messages, want 2", c.ID(), got)
		}
	}
}

func chats(users []*telegramtest.User) []*telegramtest.Chat {
	var list []*telegramtest.Chat
	for _, u := range users {
		list = append(list, u.Chat())
	}
	return list
}

func TestABacklogBecomesOneList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	for n := range 12 {
		h.publish(fmt.Sprintf("খবর নম্বর %d", n))
	}
	stop := h.open()
	defer stop()
	got := h.gets(reader.Chat(), 1)
	h.settled()
	if n := len(reader.Chat().FromBots()); n != 1 {
		t.Fatalf("a reader who was owed 12 articles got %d messages", n)
	}
	for n := range 12 {
		if !strings.Contains(got[0], fmt.Sprintf("খবর নম্বর %d", n)) {
			t.Errorf("the list lacks article %d: %q", n, got[0])
		}
	}
	if strings.Index(got[0], "খবর নম্বর 11") > strings.Index(got[0], "খবর নম্বর 2") {
		t.Errorf("the list does not begin with the newest: %q", got[0])
	}
}

func TestNewsThatComesArticleByArticleIsGatheredToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.BurstTime = 25 * time.Second })
	reader := h.reader(1000)
	channel, _ := h.channel(-1001)
	stop := h.open()
	defer stop()
	for n, headline := range []string{"এক", "দুই", "তিন"} {
		h.publish(headline)
		h.gets(reader.Chat(), n+1)
		h.gets(channel, n+1)
	}
	h.publish("চার নম্বর")
	h.publish("পাঁচ নম্বর")
	for _, c := range []*telegramtest.Chat{reader.Chat(), channel} {
		if got := h.gets(c, 4); !strings.Contains(got[3], "চার নম্বর") || !strings.Contains(got[3], "পাঁচ নম্বর") {
			t.Errorf("chat %d got %q after its burst", c.ID(), got[3])
		}
	}
	h.settled()
	if n := len(reader.Chat().FromBots()); n != 4 {
		t.Errorf("the reader got %d messages", n)
	}
}

func TestAChannelGetsItsPostsThenAList(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.BurstTime = time.Minute })
	channel, _ := h.channel(-1001)
	for n := range 30 {
		h.publish(fmt.Sprintf("খবর নম্বর %d", n))
	}
	stop := h.open()
	defer stop()
	h.gets(channel, 3)
	h.settled()
	if got := channel.FromBots(); len(got) != 3 {
		t.Errorf("the channel got %d messages for a backlog of 30, want two posts and a list", len(got))
	}
}

func TestNewsOlderThanADayIsHistory(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	h.publish("পরশুর খবর", func(a *store.Article) { a.FirstSeen = a.FirstSeen.Add(-25 * time.Hour) })
	h.publish("আজকের খবর")
	stop := h.open()
	defer stop()
	if got := h.gets(reader.Chat(), 1); !strings.HasPrefix(got[0], "আজকের খবর") {
		t.Errorf("the reader got %q", got)
	}
	h.settled()
	if n := len(reader.Chat().FromBots()); n != 1 {
		t.Errorf("the reader got %d messages, want 1", n)
	}
}

func TestWhoBlocksTheBotIsLeftAloneAndTheOthersAreServed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	blocker, other := h.reader(1000), h.reader(1001)
	blocker.Block()
	stop := h.open()
	defer stop()
	h.publish("একটি খবর")
	h.gets(other.Chat(), 1)
	h.settled()
	c, err := h.store.Chat(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if c.State != store.Blocked || c.StateReason == "" || c.StateAt.IsZero() || len(c.Categories) != 1 {
		t.Errorf("the chat that blocked us is kept as %+v", c)
	}
	sent, err := h.store.MostSent(t.Context(), time.Time{}, time.Now().Add(time.Hour), 10)
	if err != nil || len(sent) != 1 || sent[0].Sent != 1 || sent[0].Failed != 1 {
		t.Errorf("counted is %+v, %v", sent, err)
	}
}

func TestWhatTelegramRefusesIsSentInAPlainerForm(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]telegramtest.Fault{
		"markup": {Kind: telegramtest.Refused, Contains: "<b>", Code: 400, Text: "Bad Request: can't parse entities: Unsupported start tag \"b\" at byte offset 0"},
		"photo":  {Kind: telegramtest.Refused, Method: "sendPhoto", Code: 400, Text: "Bad Request: failed to get HTTP URL content"},
		"thread": {Kind: telegramtest.Refused, Times: 1, Method: "sendPhoto", Code: 400, Text: "Bad Request: message thread not found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			one, two := h.reader(1000), h.reader(1001)
			h.server.Fault(fault)
			stop := h.open()
			defer stop()
			h.publish("একটি খবর", func(a *store.Article) { a.Image = "https://news.example/picture.jpg" })
			for _, u := range []*telegramtest.User{one, two} {
				if got := h.gets(u.Chat(), 1); !strings.HasPrefix(got[0], "একটি খবর") {
					t.Errorf("a reader got %q", got)
				}
			}
			h.settled()
		})
	}
}

func TestAGroupThatBecameASupergroupGetsItsPostThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.server.User(77, "অ্যাডমিন", "bn")
	group := h.server.Group(-500, "পাড়ার আড্ডা", owner)
	group.JoinBot(owner)
	h.keep(store.Chat{TelegramID: -500, Kind: store.Group, Title: "পাড়ার আড্ডা"})
	super := group.Migrate(-100500)
	stop := h.open()
	defer stop()
	h.publish("একটি খবর")
	h.gets(super, 1)
	h.settled()
	if _, err := h.store.Chat(t.Context(), -100500); err != nil {
		t.Errorf("the supergroup is not known: %v", err)
	}
	if n := len(super.FromBots()); n != 1 {
		t.Errorf("the supergroup got %d posts", n)
	}
}

func TestAFloodAnswerParksTheChatAndNothingIsLost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, two := h.reader(1000), h.reader(1001)
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, ChatID: 1000, Times: 1, RetryAfter: 1})
	stop := h.open()
	defer stop()
	h.publish("একটি খবর")
	h.gets(two.Chat(), 1)
	h.gets(one.Chat(), 1)
	h.settled()
	if n := len(one.Chat().FromBots()); n != 1 {
		t.Errorf("the parked chat got %d messages", n)
	}
}

func TestAMessageOfUnknownFateIsNamedInTheNextOneAndNotRepeated(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]telegramtest.FaultKind{"arrived": telegramtest.ResetAfter, "lost": telegramtest.ResetBefore, "bad gateway": telegramtest.BadGateway} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			reader := h.reader(1000)
			h.server.Fault(telegramtest.Fault{Kind: kind, Method: "sendMessage", Times: 1})
			stop := h.open()
			defer stop()
			h.publish("প্রথম খবর")
			if _, err := h.server.WaitRequests(h.patience(), "getMe", 1); err != nil {
				t.Fatal(err)
			}
			h.publish("দ্বিতীয় খবর")
			messages, err := reader.Chat().Wait(h.patience(), func(m []telegramtest.Message) bool {
				return len(m) > 0 && strings.HasPrefix(m[len(m)-1].Text, "দ্বিতীয় খবর")
			})
			if err != nil {
				t.Fatal(err)
			}
			h.settled()
			all := texts(messages)
			last := all[len(all)-1]
			if !strings.Contains(last, "আগের খবরটি না পেয়ে থাকলে: প্রথম খবর") {
				t.Errorf("the next message does not name the doubtful one: %q", last)
			}
			own := 0
			for _, text := range all {
				if strings.HasPrefix(text, "প্রথম খবর") {
					own++
				}
			}
			if want := map[string]int{"arrived": 1}[name]; own != want {
				t.Errorf("the doubtful message stands %d times, want %d", own, want)
			}
			counts, err := h.store.CountDoubts(t.Context())
			if err != nil || counts[store.DoubtMentioned] != 1 {
				t.Errorf("doubts are counted as %v, %v", counts, err)
			}
		})
	}
}

func TestMoreDoubtsThanAMessageNamesAreNamedInTheOneAfter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	stop := h.open()
	defer stop()
	var doubtful []string
	for n := range 5 {
		headline := fmt.Sprintf("অনিশ্চিত খবর নম্বর %d", n)
		doubtful = append(doubtful, headline)
		h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetBefore, Method: "sendMessage", Times: 1})
		h.publish(headline)
		if _, err := h.server.WaitRequests(h.patience(), "sendMessage", n+1); err != nil {
			t.Fatal(err)
		}
		h.settled()
	}
	h.publish("পরের খবর")
	h.gets(reader.Chat(), 1)
	h.publish("তার পরের খবর")
	all := strings.Join(h.gets(reader.Chat(), 2), "\n")
	h.settled()
	for _, headline := range doubtful {
		if strings.Count(all, headline) != 1 {
			t.Errorf("%q is named %d times in %q", headline, strings.Count(all, headline), all)
		}
	}
	counts, err := h.store.CountDoubts(t.Context())
	if err != nil || counts[store.DoubtMentioned] != 5 || counts[store.DoubtOpen] != 0 {
		t.Errorf("doubts are counted as %v, %v", counts, err)
	}
}

func TestAChannelIsLookedUpAfterADoubt(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]telegramtest.FaultKind{"arrived": telegramtest.ResetAfter, "lost": telegramtest.ResetBefore} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.reader(77)
			h.write(func(tx store.Tx) error {
				if err := tx.SaveEditor(t.Context(), store.Editor{User: 77, Role: store.Owner}); err != nil {
					return err
				}
				c, err := tx.Chat(t.Context(), 77)
				if err != nil {
					return err
				}
				return tx.Subscribe(t.Context(), c.ID, nil)
			})
			channel, _ := h.channel(-1001)
			stop := h.open()
			defer stop()
			h.publish("প্রথম খবর")
			h.gets(channel, 1)
			h.settled()
			h.server.Fault(telegramtest.Fault{Kind: kind, Method: "sendMessage", ChatID: -1001, Times: 1})
			h.publish("দ্বিতীয় খবর")
			if _, err := h.server.WaitRequests(h.patience(), "forwardMessage", 1); err != nil {
				t.Fatal(err)
			}
			h.gets(channel, 2)
			h.settled() // the forward is deleted although nothing else happens
			h.publish("তৃতীয় খবর")
			h.gets(channel, 3)
			h.settled()
			var heads []string
			for _, text := range texts(channel.FromBots()) {
				head, _, _ := strings.Cut(text, "\n")
				heads = append(heads, head)
			}
			if got := strings.Join(heads, "|"); got != "প্রথম খবর|দ্বিতীয় খবর|তৃতীয় খবর" {
				t.Errorf("the channel holds %s", got)
			}
			if n := len(h.server.User(77, "", "").Chat().FromBots()); n != 0 {
				t.Errorf("%d forwards were left with the owner", n)
			}
		})
	}
}

func TestACorrectedArticleIsCorrectedWhereItWasSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader, _ := h.reader(1000), h.reader(1001)
	channel, _ := h.channel(-1001)
	stop := h.open()
	defer stop()
	a := h.publish("ভুল শিরোনাম")
	h.gets(reader.Chat(), 1)
	h.gets(channel, 1)
	h.settled()
	a.Headline = "ঠিক শিরোনাম"
	h.write(func(tx store.Tx) error { return tx.ReviseArticle(t.Context(), &a, nil, store.Index{}) })
	for _, c := range []*telegramtest.Chat{reader.Chat(), channel} {
		if _, err := c.Wait(h.patience(), func(m []telegramtest.Message) bool {
			return len(m) > 0 && strings.HasPrefix(m[len(m)-1].Text, "ঠিক শিরোনাম")
		}); err != nil {
			t.Fatalf("chat %d was not corrected: %q", c.ID(), texts(c.FromBots()))
		}
	}
	h.settled()
	h.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), a.ID, time.Now()) })
	if _, err := reader.Chat().Wait(h.patience(), func(m []telegramtest.Message) bool {
		return !strings.Contains(strings.Join(texts(m), ""), "শিরোনাম")
	}); err != nil {
		t.Errorf("the reader still holds %q", texts(reader.Chat().FromBots()))
	}
	// The first message of a channel cannot be deleted (TDLib); it is marked instead.
	if _, err := channel.Wait(h.patience(), func(m []telegramtest.Message) bool {
		return strings.HasPrefix(m[len(m)-1].Text, "প্রত্যাহৃত")
	}); err != nil {
		t.Errorf("the channel still holds %q", texts(channel.FromBots()))
	}
}

func TestANewReaderIsGreetedOnceWithTheLatestHeadline(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish("সর্বশেষ খবর")
	u := h.server.User(1000, "নতুন", "bn")
	u.Start("")
	stop := h.open()
	defer stop()
	h.keep(store.Chat{TelegramID: 1000, Kind: store.Private})
	got := h.gets(u.Chat(), 1)
	if !strings.Contains(got[0], "স্বাগতম") || !strings.Contains(got[0], "সর্বশেষ খবর") {
		t.Errorf("the welcome is %q", got[0])
	}
	h.settled()
	h.publish("পরের খবর")
	h.gets(u.Chat(), 2)
	h.settled()
	if n := len(u.Chat().FromBots()); n != 2 {
		t.Errorf("the reader got %d messages, want a welcome and one article", n)
	}
}
