package drill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// wings are the bot's parts within this process, under the world's clock.
type wings struct {
	w        *world
	store    *sqlite.Store
	delivery *delivery.Delivery
	poller   *feeds.Poller
	log      *tail
	end      context.CancelFunc
	group    *errgroup.Group
	closing  []func()
}

// spread opens the database and lets the wings beat at so many messages a second.
func (w *world) spread(ctx context.Context, rate int, transport *countingTransport) (*wings, error) {
	s, err := sqlite.Open(ctx, w.path, sqlite.WithLog(w.f.Log))
	if err != nil {
		return nil, err
	}
	h := &wings{w: w, store: s, log: &tail{}}
	fail := func(err error) (*wings, error) { return nil, errors.Join(err, s.Close()) }
	token, err := telegram.NewToken(w.telegram.Bot().Token())
	if err != nil {
		return fail(err)
	}
	options := telegram.Options{BaseURL: w.telegram.URL()}
	if transport != nil {
		options.Transport = transport
	}
	client, err := telegram.New(token, options)
	if err != nil {
		return fail(err)
	}
	log := slog.New(slog.NewTextHandler(h.log, nil))
	h.delivery = delivery.New(s, client, telegram.NewLimiter(rate), delivery.Config{
		Rate: rate, Burst: w.burst, Stories: delivery.Apart, Now: w.now, Log: log, BotName: func() string { return w.telegram.Bot().Username() },
	})
	b := bot.New(s, client, bot.Config{Committed: h.delivery.Wake, Now: w.now, Log: log})
	var endPoller func()
	if h.poller, endPoller, err = w.poller(s, 5*time.Minute, h.delivery.Wake, log); err != nil {
		return fail(err)
	}
	run, end := context.WithCancel(ctx)
	h.end = end
	h.group, run = errgroup.WithContext(run)
	h.group.Go(func() error { return h.delivery.Run(run) })
	h.group.Go(func() error { return b.Run(run) })
	h.group.Go(func() error { return h.poller.Run(run) })
	h.closing = []func(){endPoller}
	return h, nil
}

// fold stops the wings, as a stop of the program does; the database stays open until close.
func (h *wings) fold() error {
	h.end()
	err := h.group.Wait()
	for _, undo := range h.closing {
		undo()
	}
	h.closing = nil
	if err != nil {
		return fmt.Errorf("the wings ended with %w; they said:\n%s", err, h.log)
	}
	return nil
}

// keep enters the next article in the log, as the feeds' wing does, and returns its headline.
func (h *wings) keep(ctx context.Context) (string, error) {
	w := h.w
	n := w.next
	published := w.article()
	a := store.Article{
		Feed: w.feed, Source: "নমুনা সংবাদ", GUID: fmt.Sprint(n), URL: fmt.Sprintf("https://news.example/%d", n),
		Title: published.Title, Headline: published.Title, Summary: published.Paragraphs[:1], Text: published.Paragraphs[1],
		Published: w.now().UTC(), FirstSeen: w.now().UTC(), Categories: []int64{w.category}, Fingerprint: uint64(n) + 1,
	}
	err := h.store.Write(ctx, func(tx store.Tx) error {
		return tx.AddArticle(ctx, &a, []store.Key{{Feed: w.feed, Kind: 'G', Hash: uint64(n) + 1}}, store.Index{})
	})
	if err != nil {
		return "", fmt.Errorf("keep article %d: %w", n, err)
	}
	h.delivery.Wake()
	return a.Headline, nil
}

// settled waits until nothing is owed and nothing is under way.
func (h *wings) settled(ctx context.Context, patience time.Duration) error {
	var owed store.Backlog
	var window store.Window
	var failed error
	err := until(ctx, patience, "nothing is owed", func() bool {
		if owed, failed = h.store.Backlog(ctx, h.w.now()); failed != nil {
			return true
		}
		if window, failed = h.store.Window(ctx); failed != nil {
			return true
		}
		return owed.Due+owed.Later == 0 && !owed.Marking && owed.Answers == 0 && owed.Corrections == 0 && len(window.Flights)+len(window.Arrivals) == 0
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("%w: still owed: %+v, under way: %d; the wings said:\n%s", err, owed, len(window.Flights), h.log)
	}
	return nil
}

// doubts are all messages there ever were of which nobody knew whether they arrived.
func doubts(ctx context.Context, s store.Store) (total int, byState map[store.DoubtState]int, err error) {
	byState, err = s.CountDoubts(ctx)
	for _, n := range byState {
		total += n
	}
	return total, byState, err
}

// delivered lists the articles that each chat has got, by our ids, with how many messages carried them.
func delivered(ctx context.Context, s store.Store) (articles map[int64]map[int64]int, messages map[int64]int, err error) {
	articles, messages = map[int64]map[int64]int{}, map[int64]int{}
	for id := int64(1); ; id++ {
		post, err := s.Post(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return articles, messages, nil
		}
		if err != nil {
			return nil, nil, err
		}
		copies, err := s.SentCopies(ctx, id, 0, 1<<30)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range copies {
			if articles[c.Chat] == nil {
				articles[c.Chat] = map[int64]int{}
			}
			messages[c.Chat]++
			for _, a := range post.Articles {
				articles[c.Chat][a]++
			}
		}
	}
}
