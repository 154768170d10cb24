package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
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

// house is a store, an emulated Telegram and a delivery between them.
type house struct {
	t        *testing.T
	server   *telegramtest.Server
	store    store.Store
	delivery *delivery.Delivery
	config   delivery.Config
	stop     func()
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
		Rate: 1000, BotName: func() string { return "khobor_bot" },
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
	token, err := telegram.NewToken(telegramtest.DefaultToken)
	if err != nil {
		h.t.Fatal(err)
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: h.server.URL()})
	if err != nil {
		h.t.Fatal(err)
	}
	h.delivery = delivery.New(h.store, client, telegram.NewLimiter(h.config.Rate), h.config)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.delivery.Run(ctx) }()
	h.delivery.Wake()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Errorf("delivery ended with %v", err)
		}
	}
	return stop
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
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
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
	for {
		b, err := h.store.Backlog(ctx, time.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		window, err := h.store.Window(ctx)
		if err != nil {
			h.t.Fatal(err)
		}
		if b.Due == 0 && !b.Marking && b.Answers == 0 && b.Corrections == 0 && len(window) == 0 {
			return
		}
		if ctx.Err() != nil {
			h.t.Fatalf("still owed: %+v, window %v", b, window)
		}
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
