package drill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// Ids of the people and chats of a world.
const (
	ownerID       = 77
	firstReader   = 10_000_001
	firstNewcomer = 5_000_000_001
	firstChannel  = -1_001_000_000_001
	firstGroup    = -1_002_000_000_001
	seedBatch     = 20_000
)

// world is Telegram, a publisher and a database, without a bot.
type world struct {
	f        *field
	telegram *telegramtest.Server
	site     *feedstest.Site
	path     string
	offset   atomic.Int64 // of the world's clock, in nanoseconds
	category int64
	feed     int64
	link     store.Link
	readers  []int64
	places   []int64 // channels and supergroups
	burst    int     // messages a minute that a chat gets of the wings; 0 is the default
	// next is the number of the next article, published what stands on the site.
	next      int
	published []feedstest.Article
}

// newWorld opens a world whose feed has been read once, so that what is published from now on is news.
func newWorld(ctx context.Context, f *field, options ...telegramtest.Option) (*world, error) {
	f.worlds++
	w := &world{f: f, path: filepath.Join(f.folder, fmt.Sprintf("harkara-%d.db", f.worlds))}
	w.telegram = telegramtest.New(append([]telegramtest.Option{telegramtest.WithOpenDoor(), telegramtest.WithNow(w.now)}, options...)...)
	_, err := w.telegram.Start()
	if err != nil {
		return nil, err
	}
	f.onTidy(w.telegram.Close)
	if err := w.openSite(""); err != nil {
		return nil, err
	}
	f.onTidy(func() { w.site.Close() })
	w.publish()
	if err := w.acquaint(ctx, []int64{ownerID}); err != nil {
		return nil, err
	}
	return w, w.within(ctx, func(s *sqlite.Store) error {
		err := s.Write(ctx, func(tx store.Tx) error {
			c := store.Category{Slug: "news", Name: "খবর", NameEN: "News"}
			if err := tx.SaveCategory(ctx, &c); err != nil {
				return err
			}
			w.category = c.ID
			feed := store.Feed{URL: w.site.Feed(""), Title: "নমুনা সংবাদ", Categories: []int64{c.ID}}
			if err := tx.SaveFeed(ctx, &feed); err != nil {
				return err
			}
			w.feed = feed.ID
			if w.link, err = bot.MakeLink(ctx, tx, c.ID, "drill", ownerID, w.now()); err != nil {
				return err
			}
			if err := tx.SaveEditor(ctx, store.Editor{User: ownerID, Name: "মালিক", Role: store.Owner, Since: w.now()}); err != nil {
				return err
			}
			owner := store.Chat{TelegramID: ownerID, Kind: store.Private, Title: "মালিক", Language: "bn", State: store.Active, JoinedAt: w.now()}
			return join(ctx, tx, &owner)
		})
		if err != nil {
			return fmt.Errorf("fill the catalogue: %w", err)
		}
		poller, end, err := w.poller(s, time.Second, nil, nil)
		if err != nil {
			return err
		}
		defer end()
		return poller.Poll(ctx, w.feed)
	})
}

// now is the world's clock.
func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

// pass moves the world's clock.
func (w *world) pass(span time.Duration) { w.offset.Add(int64(span)) }

// within opens the database for a while in which the bot does not run.
func (w *world) within(ctx context.Context, do func(*sqlite.Store) error) error {
	s, err := sqlite.Open(ctx, w.path, sqlite.WithLog(w.f.Log))
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// join keeps a chat that has been greeted and follows its categories.
func join(ctx context.Context, tx store.Tx, c *store.Chat) error {
	if err := tx.SaveChat(ctx, c); err != nil {
		return fmt.Errorf("seed chat %d: %w", c.TelegramID, err)
	}
	if c.Kind != store.Private {
		return nil
	}
	return tx.Settle(ctx, store.Visit{Chat: c.ID, Upto: c.Bookmark, Welcomed: true})
}

// seed adds readers, each with one subscription.
func (w *world) seed(ctx context.Context, s store.Store, n int) error {
	begun, had := time.Now(), len(w.readers)
	for done := 0; done < n; done += seedBatch {
		err := s.Write(ctx, func(tx store.Tx) error {
			for i := range min(seedBatch, n-done) {
				id := int64(firstReader + had + done + i)
				c := store.Chat{
					TelegramID: id, Kind: store.Private, Title: "রহিমা", Language: "bn", State: store.Active,
					JoinedAt: w.now(), Categories: []int64{w.category},
				}
				if err := join(ctx, tx, &c); err != nil {
					return err
				}
				w.readers = append(w.readers, id)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("seed readers: %w", err)
		}
	}
	if n <= fewReaders {
		return w.acquaint(ctx, w.readers[had:])
	}
	if n >= 100_000 {
		w.f.say("readers seeded", "count", n, "a_second", int(float64(n)/time.Since(begun).Seconds()))
	}
	return nil
}

// fewReaders is up to how many readers are people of the emulator from the beginning, whose chats can be read.
const fewReaders = 10_000

// acquaint lets people press Start and forgets that they did: the bot knows them already.
func (w *world) acquaint(ctx context.Context, people []int64) error {
	for _, id := range people {
		w.telegram.User(id, "রহিমা", "bn").Start("")
	}
	token, err := telegram.NewToken(w.telegram.Bot().Token())
	if err != nil {
		return err
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: w.telegram.URL()})
	if err != nil {
		return err
	}
	return client.Call(ctx, "deleteWebhook", telegram.Params{"drop_pending_updates": "true"}, nil)
}

// found adds channels and supergroups in which the bot may post.
func (w *world) found(ctx context.Context, s store.Store, channels, groups int) error {
	owner := w.telegram.User(ownerID, "মালিক", "bn")
	return s.Write(ctx, func(tx store.Tx) error {
		for i := range channels + groups {
			c := store.Chat{Kind: store.Channel, TelegramID: int64(firstChannel - i), Title: "চ্যানেল"}
			if i >= channels {
				c.Kind, c.TelegramID, c.Title = store.Supergroup, int64(firstGroup-i), "আড্ডা"
				w.telegram.Supergroup(c.TelegramID, c.Title, owner).AddBot(owner, telegramtest.Poster)
			} else {
				w.telegram.Channel(c.TelegramID, c.Title, owner).AddBot(owner, telegramtest.Poster)
			}
			c.Language, c.State, c.JoinedAt, c.Categories = "bn", store.Active, w.now(), []int64{w.category}
			if err := join(ctx, tx, &c); err != nil {
				return err
			}
			w.places = append(w.places, c.TelegramID)
		}
		return nil
	})
}

// populate adds readers, each with one subscription, and channels.
func (w *world) populate(ctx context.Context, readers, channels int) error {
	return w.within(ctx, func(s *sqlite.Store) error {
		if err := w.seed(ctx, s, readers); err != nil {
			return err
		}
		return w.found(ctx, s, channels, 0)
	})
}

// poller is the feeds' wing on a store, under the world's clock.
func (w *world) poller(s store.Store, every time.Duration, saved func(), log *slog.Logger) (*feeds.Poller, func(), error) {
	allow, err := feeds.ParseAllow([]string{"127.0.0.1"})
	if err != nil {
		return nil, nil, err
	}
	fetcher := feeds.NewFetcher(feeds.FetcherOptions{Agent: "Harkara drill", Allow: allow, Now: w.now})
	return feeds.NewPoller(s, fetcher, feeds.PollerOptions{
		Every: every, NewsAge: 24 * time.Hour, Saved: saved, Now: w.now, Log: log,
	}), fetcher.Close, nil
}

// The words that headlines are made of: a thousand different ones, none like another in all its words.
var (
	places   = []string{"নদীর ঘাটে", "পাহাড়ি গ্রামে", "জেলা সদরে", "সমুদ্রসৈকতে", "রেলস্টেশনে", "বিদ্যালয়ে", "হাসপাতালে", "কৃষিমেলায়", "জাদুঘরে", "স্টেডিয়ামে"}
	subjects = []string{"নতুন সেতু", "বড় গ্রন্থাগার", "সৌর বিদ্যুৎকেন্দ্র", "বিজ্ঞান প্রদর্শনী", "নাট্য উৎসব", "চিকিৎসা শিবির", "বইমেলা", "ফুটবল প্রতিযোগিতা", "মাছের আড়ত", "আবহাওয়া কেন্দ্র"}
	events   = []string{"উদ্বোধন করলেন মন্ত্রী", "নিয়ে আপত্তি স্থানীয়দের", "দেখতে মানুষের ঢল", "বন্ধ রাখার সিদ্ধান্ত", "গড়তে টাকা দিল রাজ্য", "ঘিরে কড়া নিরাপত্তা", "শুরু হবে আগামী মাসে", "সরানোর দাবি উঠল", "নিয়ে আদালতে মামলা", "থেকে আয় বেড়েছে দ্বিগুণ"}
)

// headline is that of the n-th article.
func headline(n int) string {
	return places[n%10] + " " + subjects[(n/10+n)%10] + " " + events[(n/100+n*3)%10]
}

// article writes the next article.
func (w *world) article() feedstest.Article {
	n := w.next
	w.next++
	title := headline(n)
	return feedstest.Article{Title: title, Paragraphs: []string{
		fmt.Sprintf("%s, জানিয়েছে জেলা প্রশাসনের %d নম্বর বিজ্ঞপ্তি।", title, 1000+n),
		"এলাকার বাসিন্দারা জানিয়েছেন, বহু দিন ধরে তাঁরা এর অপেক্ষায় ছিলেন এবং এখন কাজ দ্রুত এগোবে বলে আশা করছেন।",
	}}
}

// publish puts the next article on the site and returns its headline. While the site is closed the article waits for it.
func (w *world) publish(sections ...string) string {
	a := w.article()
	a.Categories, a.Published = sections, w.now()
	w.published = append(w.published, a)
	w.site.Publish(a)
	return a.Title
}

// openSite opens the publisher's site with all that was published so far; an empty address is any.
func (w *world) openSite(address string) (err error) {
	w.site, err = feedstest.Start(feedstest.Options{Title: "নমুনা সংবাদ", Now: w.now, Address: address})
	if err != nil {
		return err
	}
	for _, a := range w.published {
		w.site.Publish(a)
	}
	return nil
}

// mention begins the line that names a headline which may not have arrived.
var mention = []string{"আগের খবরটি না পেয়ে থাকলে", "আগের খবরগুলো না পেয়ে থাকলে"}

// own is a message without the line that names others.
func own(text string) string {
	for _, phrase := range mention {
		if i := strings.Index(text, phrase); i >= 0 {
			text = text[:i]
		}
	}
	return text
}

// chat is a chat as Telegram has it.
func (w *world) chat(id int64) *telegramtest.Chat {
	if id < 0 {
		return w.telegram.ChatByID(id)
	}
	return w.telegram.User(id, "রহিমা", "bn").Chat()
}

// chats are all chats that the bot serves.
func (w *world) chats() []int64 { return slices.Concat(w.places, w.readers) }

// holdings counts the messages of the bot in each chat.
func (w *world) holdings() map[int64]int {
	counts := map[int64]int{}
	for _, chat := range w.chats() {
		counts[chat] = len(w.texts(chat))
	}
	return counts
}

// texts are what the bot has written into a chat.
func (w *world) texts(chat int64) []string {
	var list []string
	for _, m := range w.chat(chat).FromBots() {
		list = append(list, m.Text+m.Caption)
	}
	return list
}

// reached returns a condition: the bot has brought the headline to all of the chats.
func (w *world) reached(headline string, lists ...[]int64) func() bool {
	left := slices.Concat(lists...)
	return func() bool {
		for len(left) > 0 && slices.ContainsFunc(w.texts(left[0]), func(text string) bool { return strings.Contains(text, headline) }) {
			left = left[1:]
		}
		return len(left) == 0
	}
}

// audit is what chats have got. A headline is missing where it stands in no message, not even as the mention of one that may
// have been lost; it is doubled where it stands in two messages of its own.
type audit struct {
	missing, doubled, mentioned int
	examples                    []string
}

// audit reads what the chats have got.
func (w *world) audit(headlines []string, chats []int64) (a audit) {
	for _, chat := range chats {
		texts := w.texts(chat)
		for _, h := range headlines {
			whole, owned := 0, 0
			for _, text := range texts {
				if strings.Contains(text, h) {
					whole++
				}
				if strings.Contains(own(text), h) {
					owned++
				}
			}
			switch {
			case whole == 0:
				a.missing++
				a.examples = append(a.examples, fmt.Sprintf("chat %d lacks %q", chat, h))
			case owned == 0:
				a.mentioned++
			case owned > 1:
				a.doubled++
				a.examples = append(a.examples, fmt.Sprintf("chat %d has %q %d times", chat, h, owned))
			}
		}
	}
	return a
}

// calls is how often a method was called with effect or without.
func (w *world) calls(method string) int { return w.telegram.Counts()[method].Calls }

// sent is how many messages arrived at Telegram.
func (w *world) sent() int {
	n := 0
	for method, c := range w.telegram.Counts() {
		if strings.HasPrefix(method, "send") {
			n += c.Statuses[200]
		}
	}
	return n
}

// isWelcome tells whether a message greets a new reader.
func isWelcome(text string) bool {
	greeting, _, _ := strings.Cut(message.New(message.Bengali, time.UTC, message.Bangladesh).Text(message.StartWelcome), "\n")
	return strings.HasPrefix(text, greeting)
}
