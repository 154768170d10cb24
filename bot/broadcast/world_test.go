package broadcast_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// world is an emulated Telegram, a database file, and the whole bot on them, all by a clock that runs faster than ours: so the pace that
// chats have at Telegram costs the tests little.
type world struct {
	*testing.T
	server *telegramtest.Server
	client *telegram.Client
	store  *sqlite.Store
	rate   int
	stop   func()

	mu    sync.Mutex
	begun time.Time
	ahead time.Duration
}

const (
	ownerID     = 900
	firstReader = 1001
	mostReaders = 200
	// speed is how many of the world's seconds one of ours has.
	speed = 25
	// patience is how long a test waits for what is to happen.
	patience = time.Minute
)

func newWorld(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, begun: time.Now(), rate: 1000}
	for _, c := range change {
		c(w)
	}
	w.server = telegramtest.New(telegramtest.WithNow(w.now))
	if _, err := w.server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.server.Close)
	token, err := telegram.NewToken(w.server.Bot().Token())
	if err != nil {
		t.Fatal(err)
	}
	if w.client, err = telegram.New(token, telegram.Options{BaseURL: w.server.URL()}); err != nil {
		t.Fatal(err)
	}
	// These have pressed Start before the program runs; it hears of it only from the database.
	for i := range mostReaders {
		w.server.User(int64(firstReader+i), fmt.Sprint("পাঠক ", i), "bn").Start("")
	}
	if err := w.client.Call(t.Context(), "deleteWebhook", telegram.Params{"drop_pending_updates": "true"}, nil); err != nil {
		t.Fatal(err)
	}
	if w.store, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	w.run()
	t.Cleanup(func() { w.stop() })
	return w
}

// run starts the program on what the database holds.
func (w *world) run() {
	log := slog.New(slog.NewTextHandler(w.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	d := delivery.New(w.store, w.client, telegram.NewLimiter(w.rate), delivery.Config{Rate: w.rate, Now: w.now, Log: log})
	d.Join(broadcast.New(w.store, broadcast.Config{Rate: w.rate, Log: log}))
	b := bot.New(w.store, w.client, bot.Config{Owners: []int64{ownerID}, Rate: w.rate, Committed: d.Wake, Now: w.now, Log: log})
	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	for _, run := range []func(context.Context) error{d.Run, b.Run} {
		parts.Go(func() {
			if err := run(ctx); err != nil {
				w.Errorf("the program ended with %v", err)
			}
		})
	}
	w.stop = sync.OnceFunc(func() { cancel(); parts.Wait() })
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.begun.Add(speed*time.Since(w.begun) + w.ahead)
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

// until waits for a condition.
func (w *world) until(what string, ready func() bool) {
	w.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-deadline:
			w.Fatalf("waited in vain until %s\n%s", what, w.transcript())
		case <-tick.C:
		}
	}
}

// transcript is what the bot has said at the desk.
func (w *world) transcript() string {
	text := ""
	for id := int64(ownerID); id < ownerID+10; id++ {
		for _, m := range w.server.User(id, "", "bn").Chat().FromBots() {
			text += fmt.Sprintln(id, m.MessageID, m.Words())
		}
	}
	return text
}

func (w *world) write(change func(context.Context, store.Tx) error) {
	w.Helper()
	if err := w.store.Write(w.Context(), func(tx store.Tx) error { return change(w.Context(), tx) }); err != nil {
		w.Fatal(err)
	}
}

// readers lets people start the bot without a word.
func (w *world) readers(n int, change ...func(i int, c *store.Chat)) (people []*telegramtest.User) {
	w.Helper()
	w.write(func(ctx context.Context, tx store.Tx) error {
		for i := range n {
			u := w.server.User(int64(firstReader+i), fmt.Sprint("পাঠক ", i), "bn")
			people = append(people, u)
			c := store.Chat{TelegramID: u.ID(), Kind: store.Private, Title: u.Name(), Language: "bn", State: store.Active, JoinedAt: w.now(), Welcomed: true}
			for _, change := range change {
				change(i, &c)
			}
			if err := tx.SaveChat(ctx, &c); err != nil {
				return err
			}
			if err := tx.Settle(ctx, store.Visit{Chat: c.ID, Welcomed: true}); err != nil {
				return err
			}
		}
		return nil
	})
	return people
}

// person is somebody at the desk.
type person struct {
	*telegramtest.User
	w *world
	// seen is how many of the bot's messages he has read.
	seen int
}

// editor is somebody with a role and a private chat.
func (w *world) editor(id int64, name string, role store.Role) *person {
	w.Helper()
	p := &person{User: w.server.User(id, name, "bn"), w: w}
	w.write(func(ctx context.Context, tx store.Tx) error {
		// He reads the bot himself, but gets no announcements in these stories: his chat is paused.
		c := store.Chat{TelegramID: id, Kind: store.Private, Title: name, Language: "bn", State: store.Paused, JoinedAt: w.now(), Welcomed: true}
		if err := tx.SaveChat(ctx, &c); err != nil || role == "" {
			return err
		}
		return tx.SaveEditor(ctx, store.Editor{User: id, Name: name, Role: role, Since: w.now()})
	})
	return p
}

func (w *world) owner() *person { return w.editor(ownerID, "মালিক", store.Owner) }

// hears waits for a message of the bot that the person has not read and that says this, and returns it.
func (p *person) hears(text string) (found telegramtest.Message) {
	p.w.Helper()
	p.w.until(fmt.Sprintf("%s hears %q", p.Name(), text), func() bool {
		list := p.Chat().FromBots()
		for i := p.seen; i < len(list); i++ {
			if strings.Contains(list[i].Words(), text) {
				found, p.seen = list[i], i+1
				return true
			}
		}
		return false
	})
	return found
}

// sees waits until one message says this.
func (p *person) sees(message int, text string) (found telegramtest.Message) {
	p.w.Helper()
	p.w.until(fmt.Sprintf("message %d of %s says %q", message, p.Name(), text), func() bool {
		found, _ = p.Chat().Find(message)
		return strings.Contains(found.Words(), text)
	})
	return found
}

// presses presses a button by its words and returns the notice.
func (p *person) presses(message int, button string) string {
	p.w.Helper()
	var press *telegramtest.Press
	p.w.until(fmt.Sprintf("message %d has the button %q", message, button), func() bool {
		var err error
		press, err = p.Press(message, button)
		return err == nil
	})
	return p.answer(press)
}

// composes writes an announcement and returns the screen that asks for whom it is.
func (p *person) composes(text string) (screen int) {
	p.w.Helper()
	p.Send("/broadcast")
	p.hears("কী জানাতে চান?")
	p.Send(text)
	return p.hears("কাদের পাঠাবেন?").MessageID
}

// drafts is composes for all readers; seen is what the screen then shows of them.
func (p *person) drafts(text, seen string) (screen int) {
	p.w.Helper()
	screen = p.composes(text)
	p.presses(screen, "সব পাঠক")
	p.sees(screen, seen)
	return screen
}

func (p *person) answer(press *telegramtest.Press) string {
	p.w.Helper()
	ctx, cancel := context.WithTimeout(p.w.Context(), patience)
	defer cancel()
	answer, err := press.Wait(ctx)
	if err != nil {
		p.w.Fatalf("a button got no answer: %v", err)
	}
	return answer.Text
}

// got lists the people whose chat has a message of the bot with this text, each as often as he has it.
func got(people []*telegramtest.User, text string) (names []string) {
	for _, u := range people {
		for _, m := range u.Chat().FromBots() {
			if strings.Contains(m.Words(), text) {
				names = append(names, u.Name())
			}
		}
	}
	return names
}

// allGot waits until each of them has it, and checks that nobody has it twice.
func (w *world) allGot(people []*telegramtest.User, text string) {
	w.Helper()
	defer func() {
		if w.Failed() {
			b := w.broadcast()
			w.Logf("%+v %v; first has %v", b, w.misses(b.ID), people[0].Chat().FromBots())
		}
	}()
	w.until(fmt.Sprintf("%d people have %q", len(people), text), func() bool { return len(got(people, text)) >= len(people) })
	names := got(people, text)
	slices.Sort(names)
	if unique := slices.Compact(slices.Clone(names)); len(unique) != len(people) || len(names) != len(people) {
		w.Errorf("%d people have %q %d times", len(unique), text, len(names))
	}
}

// broadcast is the newest one.
func (w *world) broadcast() store.Broadcast {
	w.Helper()
	list, err := w.store.Broadcasts(w.Context(), 1)
	if err != nil || len(list) == 0 {
		w.Fatalf("no broadcast: %v", err)
	}
	return list[0]
}

func (w *world) misses(broadcast int64) map[store.Miss]int {
	w.Helper()
	misses, err := w.store.Misses(w.Context(), broadcast)
	if err != nil {
		w.Fatal(err)
	}
	return misses
}
