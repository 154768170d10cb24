package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Config is what the operator decides and what the bot is connected to. The zero value is usable.
type Config struct {
	// Owners are Telegram users who own the bot, whatever the store says.
	Owners []int64
	// Zone and Region are those of people who chose none.
	Zone   *time.Location
	Region message.Region
	// Version is shown by /status.
	Version string
	// Rate is how many messages a second leave, to tell how long an announcement takes; 0 is without limit.
	Rate int
	// Compose writes the message by which a post would go to a chat, for previews. Without it there are none.
	Compose func(context.Context, store.Reader, store.Chat, store.Post) (telegram.Request, error)
	// Sample writes the message that a chat would get next, for previews; store.ErrNotFound when there is none. Without it there are no previews.
	Sample func(context.Context, store.Reader, store.Chat) (telegram.Request, error)
	// FindFeeds looks for feeds at an address that an editor gave; a *FeedError says why there are none. Without it none can be added.
	FindFeeds func(ctx context.Context, address string) ([]FoundFeed, error)
	// FetchNow has a feed asked as soon as may be, whether it is due or not. It must not block.
	FetchNow func(feed int64)
	// ApprovalAge is how long an article waits for an editor's approval: 24 h.
	ApprovalAge time.Duration
	// Committed is called after each commit: something may have become owed. It must not block.
	Committed func()
	// Alarm is told how polling fares; see telegram.Updates.
	Alarm func(error)
	// Now is the wall clock.
	Now func() time.Time
	// Log takes the operator's log.
	Log *slog.Logger
}

func (c *Config) defaults() {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.ApprovalAge <= 0 {
		c.ApprovalAge = 24 * time.Hour
	}
	if c.Committed == nil {
		c.Committed = func() {}
	}
	if c.Alarm == nil {
		c.Alarm = func(error) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// Bot handles updates. Make one with New and let it Run.
type Bot struct {
	config  Config
	store   store.Store
	client  *telegram.Client
	menu    menu
	started time.Time

	name     atomic.Pointer[string] // the bot's user name; nil until known
	manners  manners
	refusals refusals
	asides   asides
	fresh    freshCounts
	recounts recounts
	// nextCheck is when the database is to be checked as a whole; it belongs to watch.
	nextCheck time.Time
	// weekTold is when the last weekly summary was due that is settled, in seconds since 1970.
	weekTold atomic.Int64
}

// New returns a bot that keeps everything in s and speaks through client.
func New(s store.Store, client *telegram.Client, config Config) *Bot {
	config.defaults()
	b := &Bot{config: config, store: s, client: client, menu: newMenu(), started: config.Now()}
	b.manners = newManners()
	b.refusals.groups = map[int64]refused{}
	b.asides = newAsides()
	return b
}

// Run polls for updates, works off what was put aside and keeps the bot's profile, until ctx ends; then it
// returns nil. It returns an error only if the store cannot say where polling stands.
func (b *Bot) Run(ctx context.Context) error {
	if name, err := b.store.Setting(ctx, nameSetting); err != nil {
		return ending(ctx, fmt.Errorf("read the bot's name: %w", err))
	} else if name != "" {
		b.name.Store(&name)
	}
	// What polling suffered from when the bot last ran may be over; if not, it is noted again at once.
	if err := b.store.Write(ctx, func(tx store.Tx) error { return b.recovered(ctx, tx, b.config.Now().UTC()) }); err != nil {
		b.config.Log.Error("how polling fares could not be kept", "err", err)
	}
	b.learnNameFirst(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return b.Updates().Run(ctx) })
	group.Go(func() error { b.workAsides(ctx); return nil })
	group.Go(func() error { b.keepProfile(ctx); return nil })
	group.Go(func() error { b.watch(ctx); return nil })
	group.Go(func() error { b.keepCounts(ctx); return nil })
	group.Go(func() error { b.keepDesk(ctx); return nil })
	return ending(ctx, group.Wait())
}

// Updates is the polling that Run does: with the kinds of updates that are handled here, from the offset of the
// last batch that was kept.
func (b *Bot) Updates() *telegram.Updates {
	return &telegram.Updates{
		Client:  b.client,
		Offset:  b.Offset,
		Handle:  b.Handle,
		Allowed: []string{"message", "channel_post", "callback_query", "inline_query", "my_chat_member"},
		Alarm:   b.polling,
		Log:     b.config.Log,
	}
}

// Offset is the number of the next update to ask for.
func (b *Bot) Offset(ctx context.Context) (int, error) {
	offset, err := b.store.Offset(ctx, b.client.BotID())
	if err != nil {
		return 0, fmt.Errorf("read the offset: %w", err)
	}
	return int(offset), nil
}

// Name is the bot's user name without @, or "" as long as Telegram has not told it.
func (b *Bot) Name() string {
	if name := b.name.Load(); name != nil {
		return *name
	}
	return ""
}

// triesOfUpdate is how often an update is tried whose handling fails for a reason of its own.
const triesOfUpdate = 2

// Handle applies the effects of a batch in order and commits them with the answers owed and the new offset. An update
// that cannot be handled is logged by its id and leaves no trace; the others are not
// touched by it. An error means that nothing was kept and the same batch is to come again.
func (b *Bot) Handle(ctx context.Context, batch telegram.Batch) error {
	now := b.config.Now()
	admitted := b.manners.admit(batch, now)
	failures := make(map[int]int)
	for {
		var failed *failedUpdate
		putAside := false
		var after []func()
		err := b.store.Write(ctx, func(tx store.Tx) error {
			known, err := tx.Offset(ctx, b.client.BotID())
			if err != nil {
				return fmt.Errorf("read the offset: %w", err)
			}
			if batch.NewEpoch && known == int64(batch.Offset) {
				return nil // handled before
			}
			shared := newShared()
			if err := shared.meet(ctx, tx, batch.Updates); err != nil {
				return err
			}
			for i := range batch.Updates {
				u := &batch.Updates[i]
				if !batch.NewEpoch && int64(u.ID) < known || failures[u.ID] >= triesOfUpdate || admitted.verdicts[i] == ignore {
					continue
				}
				t := &turn{Bot: b, ctx: ctx, tx: tx, now: now, update: u, verdict: admitted.verdicts[i], shared: shared}
				aside, err := t.run()
				if err != nil {
					if lasting(ctx, err) {
						return err
					}
					failed = &failedUpdate{id: u.ID, err: err}
					return failed
				}
				putAside = putAside || aside
				after = append(after, t.after...)
			}
			if err := shared.keep(ctx, tx); err != nil {
				return err
			}
			if int64(batch.Offset) == known {
				return nil
			}
			if err := tx.SetSetting(ctx, updatedSetting, now.UTC().Format(time.RFC3339)); err != nil {
				return fmt.Errorf("keep when updates came: %w", err)
			}
			return tx.SetOffset(ctx, b.client.BotID(), int64(batch.Offset))
		})
		if failed != nil && errors.Is(err, failed) {
			if failures[failed.id]++; failures[failed.id] == triesOfUpdate {
				b.config.Log.Error("an update could not be handled and is left out", "update", failed.id, "err", failed.err)
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("keep %d updates: %w", len(batch.Updates), err)
		}
		b.manners.keep(admitted)
		if putAside {
			b.asides.look()
		}
		b.config.Committed()
		for _, do := range after {
			do()
		}
		return nil
	}
}

// failedUpdate stops a transaction because of one update.
type failedUpdate struct {
	id  int
	err error
}

func (f *failedUpdate) Error() string { return fmt.Sprintf("update %d: %v", f.id, f.err) }
func (f *failedUpdate) Unwrap() error { return f.err }

// lasting tells that an error is no fault of an update: the store cannot be used now, or we are to stop.
func lasting(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, store.ErrUnwritable) || errors.Is(err, store.ErrDamaged)
}

// ending is nil when the error only says that the context has ended.
func ending(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return nil
	}
	return err
}
