package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// world is an emulated Telegram, a database file, and a running bot whose answers are sent at once, without a
// limiter, so that a story of many messages takes no time.
type world struct {
	*testing.T
	server   *telegramtest.Server
	telegram *telegramtest.Bot
	client   *telegram.Client
	store    store.Store
	bot      *bot.Bot
	config   bot.Config
	stopBot  func()
	logged   *logbook

	sport, politics, tech store.Category
	serial                int64

	mu    sync.Mutex
	clock time.Time // zero: the wall clock
	moved chan struct{}
}

const owner = 900

func newWorld(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, moved: make(chan struct{}, 1), logged: &logbook{}}
	w.server = telegramtest.New(telegramtest.WithNow(w.now))
	if _, err := w.server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.server.Close)
	w.telegram = w.server.Bot()
	token, err := telegram.NewToken(w.telegram.Token())
	if err != nil {
		t.Fatal(err)
	}
	if w.client, err = telegram.New(token, telegram.Options{BaseURL: w.server.URL()}); err != nil {
		t.Fatal(err)
	}
	if w.store, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db"), sqlite.WithNow(w.now)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.sport = w.category("sports", "খেলা", "Sports")
	w.politics = w.category("politics", "রাজনীতি", "Politics")
	w.tech = w.category("technology", "প্রযুক্তি", "Technology")
	composer := delivery.New(w.store, w.client, telegram.NewLimiter(30), delivery.Config{BotName: w.telegram.Username})
	w.config = bot.Config{
		Owners: []int64{owner}, Compose: composer.Preview, Sample: composer.Sample, Committed: w.wake, Now: w.now,
		Log: slog.New(slog.NewTextHandler(w.logged, nil)),
	}
	for _, c := range change {
		c(w)
	}
	w.run()
	t.Cleanup(func() { w.stopBot() })
	return w
}

// run starts the bot on what the database holds.
func (w *world) run() {
	w.bot = bot.New(w.store, w.client, w.config)
	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := w.bot.Run(ctx); err != nil {
			w.Errorf("the bot ended with %v", err)
		}
	})
	parts.Go(func() { w.sendAnswers(ctx) })
	w.stopBot = sync.OnceFunc(func() { cancel(); parts.Wait() })
}

func (w *world) restart() {
	w.stopBot()
	w.run()
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.clock.IsZero() {
		return time.Now()
	}
	return w.clock
}

// pass lets time go by; the first call stops the clock of everybody.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.clock.IsZero() {
		w.clock = time.Now()
	}
	w.clock = w.clock.Add(d)
}

func (w *world) wake() {
	select {
	case w.moved <- struct{}{}:
	default:
	}
}

// sendAnswers makes the calls that are owed, in order.
func (w *world) sendAnswers(ctx context.Context) {
	for {
		answers, err := w.store.Answers(ctx, 0, 100)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			w.Errorf("read answers: %v", err)
			return
		}
		for _, a := range answers {
			var r telegram.Request
			if err := json.Unmarshal(a.Request, &r); err != nil {
				w.Errorf("answer %s: %v", a.Request, err)
			}
			result, err := w.client.Do(ctx, r)
			if err != nil && ctx.Err() == nil {
				switch kind := telegram.KindOf(err); {
				case kind.Harmless(), kind.Lost(), kind.Transient():
				default:
					w.Errorf("%s was refused: %v\n%v", r.Method, err, r.Params)
				}
			}
			if err := w.store.Write(context.WithoutCancel(ctx), func(tx store.Tx) error {
				if a.Card != 0 && result.MessageID != 0 {
					if err := tx.CardSent(ctx, a.Card, a.TelegramID, result.MessageID); err != nil {
						return err
					}
				}
				return tx.Answered(ctx, a.ID)
			}); err != nil && ctx.Err() == nil {
				w.Errorf("drop an answer: %v", err)
			}
		}
		if len(answers) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-w.moved:
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// settle waits until every update is handled and every answer given.
func (w *world) settle() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 90*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		queue := w.telegram.Queue()
		offset, err1 := w.store.Offset(ctx, w.client.BotID())
		asides, err2 := w.store.AsideUpdates(ctx, 10)
		answers, err3 := w.store.Answers(ctx, 0, 10)
		if err1 == nil && err2 == nil && err3 == nil &&
			(queue.Made == 0 || offset == int64(queue.NextID)) && len(asides) == 0 && len(answers) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			w.Fatalf("not settled: queue %+v, offset %d, %d aside, %d answers; %v %v %v\n%s", queue, offset, len(asides), len(answers), err1, err2, err3, w.logged)
		case <-tick.C:
		}
	}
}

func (w *world) write(change func(store.Tx) error) {
	w.Helper()
	if err := w.store.Write(w.Context(), change); err != nil {
		w.Fatal(err)
	}
}

func (w *world) category(slug, name, english string) store.Category {
	w.Helper()
	c := store.Category{Slug: slug, Name: name, NameEN: english}
	w.write(func(tx store.Tx) error { return tx.SaveCategory(w.Context(), &c) })
	return c
}

// publish keeps an article.
func (w *world) publish(headline string, categories ...store.Category) store.Article {
	w.Helper()
	w.serial++
	a := store.Article{
		Feed: 1, Source: "দৈনিক হরকরা", GUID: fmt.Sprint(w.serial), URL: fmt.Sprintf("https://news.example/%d", w.serial), Title: headline, Headline: headline,
		Summary: []string{"প্রথম বাক্যটি খবরের মূল কথা বলে।"}, Text: headline, FirstSeen: w.now(), Published: w.now(), Fingerprint: uint64(w.serial),
	}
	for _, c := range categories {
		a.Categories = append(a.Categories, c.ID)
	}
	stems := bengali.Stems(headline)
	sounds := map[string]string{}
	for _, s := range stems {
		sounds[s] = bengali.Sound(s)
	}
	w.write(func(tx store.Tx) error {
		return tx.AddArticle(w.Context(), &a, []store.Key{{Feed: 1, Kind: 'G', Hash: uint64(w.serial)}},
			store.Index{Headline: stems, Text: stems, Sounds: sounds})
	})
	return a
}

// link makes a subscribe link.
func (w *world) link(c store.Category, campaign string) store.Link {
	w.Helper()
	var l store.Link
	w.write(func(tx store.Tx) (err error) {
		l, err = bot.MakeLink(w.Context(), tx, c.ID, campaign, 0, w.now())
		return err
	})
	return l
}

// chat reads what the bot knows of a chat.
func (w *world) chat(telegramID int64) store.Chat {
	w.Helper()
	c, err := w.store.Chat(w.Context(), telegramID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *world) unknown(telegramID int64) bool {
	_, err := w.store.Chat(w.Context(), telegramID)
	return err != nil
}

func (w *world) follows(telegramID int64, want ...int64) {
	w.Helper()
	if got := w.chat(telegramID).Categories; fmt.Sprint(got) != fmt.Sprint(want) {
		w.Errorf("chat %d follows %v, not %v", telegramID, got, want)
	}
}

func (w *world) is(telegramID int64, want store.ChatState) {
	w.Helper()
	if got := w.chat(telegramID); got.State != want {
		w.Errorf("chat %d is %s (%s), not %s", telegramID, got.State, got.StateReason, want)
	}
}

// person is somebody with a private chat.
type person struct {
	*telegramtest.User
	w *world
}

func (w *world) person(id int64, name string) person { return person{w.server.User(id, name, "bn"), w} }

// reader has started the bot and has been welcomed.
func (w *world) reader(id int64, name string) person {
	w.Helper()
	p := w.person(id, name)
	p.says("/start")
	w.write(func(tx store.Tx) error {
		return tx.Settle(w.Context(), store.Visit{Chat: w.chat(id).ID, Welcomed: true})
	})
	return p
}

// says writes in private, waits, and returns what the bot wrote in return.
func (p person) says(text string) string {
	p.w.Helper()
	before := len(p.Chat().FromBots())
	p.Send(text)
	p.w.settle()
	return p.since(before)
}

func (p person) since(before int) string {
	var said []string
	for _, m := range p.Chat().FromBots()[before:] {
		said = append(said, m.Words())
	}
	return strings.Join(said, "\n---\n")
}

// last is the bot's last message to the person.
func (p person) last() telegramtest.Message {
	p.w.Helper()
	m, ok := p.Chat().Last()
	if !ok {
		p.w.Fatalf("%s has no message", p.Name())
	}
	return m
}

// presses presses a button under the bot's last message and returns the notice that appeared.
func (p person) presses(button string) string {
	p.w.Helper()
	return p.w.press(p.Chat(), p.User, p.last().MessageID, button)
}

func (w *world) press(c *telegramtest.Chat, u *telegramtest.User, message int, button string) string {
	w.Helper()
	m, _ := c.Find(message)
	if _, ok := m.Button(button); !ok && m.ReplyMarkup != nil { // a topic with its count
		for _, row := range m.ReplyMarkup.Rows {
			for _, b := range row {
				if strings.HasPrefix(b.Text, button+" (") {
					button = b.Text
				}
			}
		}
	}
	press, err := c.Press(u, message, button)
	if err != nil {
		w.Fatalf("%v; the message says %q and has %s", err, m.Words(), buttonsOf(m))
	}
	return w.answerTo(press)
}

// forge sends data as a forged client may, and returns the notice.
func (w *world) forge(c *telegramtest.Chat, u *telegramtest.User, message int, data string) string {
	w.Helper()
	press, err := c.PressData(u, message, data)
	if err != nil {
		w.Fatal(err)
	}
	return w.answerTo(press)
}

func (w *world) answerTo(press *telegramtest.Press) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 90*time.Second)
	defer cancel()
	answer, err := press.Wait(ctx)
	if err != nil {
		w.Fatalf("the button got no answer: %v\n%s", err, w.logged)
	}
	w.settle()
	return answer.Text
}

func buttonsOf(m telegramtest.Message) string {
	var b strings.Builder
	if m.ReplyMarkup == nil {
		return "no buttons"
	}
	for _, row := range m.ReplyMarkup.Rows {
		for _, x := range row {
			fmt.Fprintf(&b, "[%s|%s%s] ", x.Text, x.CallbackData, x.URL)
		}
	}
	return b.String()
}

func (w *world) says(got, want string) {
	w.Helper()
	if !strings.Contains(got, want) {
		w.Errorf("the bot says %q, not %q", got, want)
	}
}

func (w *world) silent(got string) {
	w.Helper()
	if got != "" {
		w.Errorf("the bot says %q and should say nothing", got)
	}
}

// logbook keeps what was logged.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func texts(messages []telegramtest.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.Words())
	}
	return list
}

func (l *logbook) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
