package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// house is the running program: two wings on one store.
type house struct {
	config   config
	log      *slog.Logger
	store    *sqlite.Store
	fetcher  *feeds.Fetcher
	poller   *feeds.Poller
	delivery *delivery.Delivery
	bot      *bot.Bot
}

// openHouse opens the store and joins the wings. Nothing moves until run.
func openHouse(ctx context.Context, c config, log *slog.Logger) (*house, error) {
	h := &house{config: c, log: log}
	client, err := telegram.New(c.token, telegram.Options{BaseURL: c.api})
	if err != nil {
		return nil, usageError{fmt.Errorf("HARKARA_API: %w", err)}
	}
	if h.store, err = openStore(ctx, c.database, log, sqlite.Alone(), sqlite.WithCalendar(c.zone)); err != nil {
		return nil, err
	}
	h.fetcher = feeds.NewFetcher(feeds.FetcherOptions{Agent: userAgent(), Allow: c.allow})
	h.delivery = delivery.New(h.store, client, telegram.NewLimiter(c.rate), delivery.Config{
		Burst: c.burst, BurstTime: c.burstTime, Horizon: c.newsAge, Doubts: c.inDoubt, Stories: c.stories, KeepSent: c.keepSent, Rate: c.rate, Paid: c.paid,
		Zone: c.zone, Region: c.region, Era: c.era, BotName: func() string { return h.bot.Name() }, Log: log,
	})
	h.delivery.Join(broadcast.New(h.store, broadcast.Config{Zone: c.zone, Region: c.region, Rate: c.rate, Paid: c.paid, Owners: c.owners, Log: log}))
	h.bot = bot.New(h.store, client, bot.Config{
		Owners: c.owners, Zone: c.zone, Region: c.region, Version: version, Rate: c.rate,
		ApprovalAge: c.approvalAge, Compose: h.delivery.Preview, Sample: h.delivery.Sample, Committed: h.delivery.Wake, Log: log,
		FindFeeds: h.findFeeds, FetchNow: func(feed int64) { h.poller.FetchNow(feed) },
	})
	h.poller = feeds.NewPoller(h.store, h.fetcher, feeds.PollerOptions{
		Every: c.pollEvery, NewsAge: c.newsAge, Budget: c.budget, Zone: c.zone, PublicURL: c.publicURL, Saved: h.delivery.Wake, Log: log,
	})
	return h, nil
}

// openStore opens the database; one that cannot be used is told in one clear sentence and left as it is.
func openStore(ctx context.Context, path string, log *slog.Logger, opts ...sqlite.Option) (*sqlite.Store, error) {
	s, err := sqlite.Open(ctx, path, append(opts, sqlite.WithLog(log))...)
	if errors.Is(err, store.ErrDamaged) {
		return nil, fmt.Errorf("the database %s cannot be used and was left untouched: %w; restore a backup, or name another file in HARKARA_DB", path, err)
	}
	if errors.Is(err, store.ErrInUse) {
		return nil, fmt.Errorf("%w: a bot runs with it; stop that first (one database, one bot)", err)
	}
	if errors.Is(err, store.ErrUnwritable) {
		return nil, fmt.Errorf("%w; let this program write the file and its folder, free disk space, or name another file in HARKARA_DB", err)
	}
	if err != nil {
		return nil, err // it names the file
	}
	return s, nil
}

// open opens the database of a command that has no other setting to check.
func (s databaseSetting) open(w world) (*sqlite.Store, error) {
	var f faults
	path := s.path(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	return openKnown(w, path)
}

// openKnown opens the database of a command that only run or import can have filled: where there is none, the path is misspelt.
func openKnown(w world, path string) (*sqlite.Store, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("there is no database %s yet: harkara import and harkara run make it; if there should be one, HARKARA_DB names the wrong file", path)}
	}
	return openStore(w.ctx, path, w.logger(0))
}

// userAgent is how we introduce ourselves to publishers.
func userAgent() string {
	return "Harkara/" + version + " (+https://github.com/harkara/harkara; news bot)"
}

func (h *house) close() {
	h.fetcher.Close()
	if err := h.store.Close(); err != nil {
		h.log.Error("the database did not close well", "err", err)
	}
}

// run polls feeds, answers people and delivers until ctx ends; then it lets what is under way arrive and
// returns nil.
func (h *house) run(ctx context.Context) error {
	if err := h.seatOwners(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.delivery.Run(ctx) })
	group.Go(func() error { return h.bot.Run(ctx) })
	group.Go(func() error { return h.poller.Run(ctx) })
	group.Go(func() error { return h.keepHouse(ctx) })
	group.Go(func() error { return h.listen(ctx) })
	return group.Wait()
}

// seatOwners makes the people of HARKARA_OWNERS owners.
func (h *house) seatOwners(ctx context.Context) error {
	err := h.store.Write(ctx, func(tx store.Tx) error {
		for _, user := range h.config.owners {
			known, err := tx.Editor(ctx, user)
			if err == nil && known.Role == store.Owner {
				continue
			}
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err := tx.SaveEditor(ctx, store.Editor{User: user, Name: known.Name, Role: store.Owner, Since: time.Now().UTC()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("seat the owners: %w", err)
	}
	return nil
}

const (
	pruneEvery = time.Hour
	pruneChunk = 2000
	// keepSeen and keepText are how long an article is recognised after it left its feed, and how long
	// its full text is kept for search.
	keepSeen = 180 * 24 * time.Hour
	keepText = 90 * 24 * time.Hour
)

// keepHouse forgets, little by little, what has outlived its use.
func (h *house) keepHouse(ctx context.Context) error {
	ticker := time.NewTicker(pruneEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		for more := true; more && ctx.Err() == nil; {
			err := h.store.Write(ctx, func(tx store.Tx) (err error) {
				now := time.Now().UTC()
				more, err = tx.Prune(ctx, now.Add(-h.config.keepSent), now.Add(-keepSeen), now.Add(-keepText), pruneChunk)
				return err
			})
			if err != nil {
				h.log.Error("old rows could not be forgotten; tried again in an hour", "err", err)
				break
			}
		}
	}
}

// findFeeds looks for the feeds of a site on behalf of the bot.
func (h *house) findFeeds(ctx context.Context, address string) ([]bot.FoundFeed, error) {
	candidates, err := h.poller.Discover(ctx, address)
	var fault *feeds.Fault
	if errors.As(err, &fault) {
		return nil, &bot.FeedError{Fault: string(fault.Kind), Err: err}
	}
	if err != nil {
		return nil, fmt.Errorf("look for feeds: %w", err)
	}
	var found []bot.FoundFeed
	for _, c := range candidates {
		found = append(found, bot.FoundFeed{URL: c.URL, Title: c.Title, Headlines: c.Newest})
	}
	return found, nil
}
