package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Settings that tell how polling fares.
const (
	updatedSetting = "bot.updated" // when the last batch was kept, RFC 3339
	troubleSetting = "bot.trouble" // what polling suffers from, in English; absent while it works
	sinceSetting   = "bot.trouble_since"
	kindSetting    = "bot.trouble_kind" // the kind of Telegram's refusal
	aliveSetting   = "bot.alive"        // when the bot was last seen to run, RFC 3339
	mendedSetting  = "bot.mended"       // since when no second poller has been seen, RFC 3339; absent if none was told of
)

// mendedAfter is how long a second poller must not be seen until the owners are told so: two pollers get updates in turn.
const mendedAfter = 5 * time.Minute

// conflictTold is the key under which the owners were told of a second poller.
const conflictTold = "alert.conflict"

// Health is how polling for updates fares.
type Health struct {
	// LastUpdate is when the last batch of updates was kept; zero for never.
	LastUpdate time.Time
	// Trouble is why polling fails, or "" while it works; Since is when that began.
	Trouble string
	Since   time.Time
	// Conflict says that the trouble is a second poller.
	Conflict bool
	// Alive is when the bot was last seen to run; zero for never.
	Alive time.Time
}

// ReadHealth reads what the bot that uses this store has noted of itself.
func ReadHealth(ctx context.Context, r store.Reader) (Health, error) {
	var values [5]string
	for i, key := range []string{updatedSetting, troubleSetting, sinceSetting, kindSetting, aliveSetting} {
		value, err := r.Setting(ctx, key)
		if err != nil {
			return Health{}, fmt.Errorf("read how the bot fares: %w", err)
		}
		values[i] = value
	}
	h := Health{Trouble: values[1], Conflict: values[3] == telegram.KindConflict.String()}
	// What cannot be read as a time was never written: the zero time says so.
	h.LastUpdate, _ = time.Parse(time.RFC3339, values[0])
	h.Since, _ = time.Parse(time.RFC3339, values[2])
	h.Alive, _ = time.Parse(time.RFC3339, values[4])
	return h, nil
}

// polling hears how polling fares: what comes after a failure may be a backlog, and the operator's tools and the owners
// are to know.
func (b *Bot) polling(err error) {
	if err != nil {
		b.manners.expectBacklog()
	}
	ctx, now := context.Background(), b.config.Now().UTC()
	kept := b.store.Write(ctx, func(tx store.Tx) error {
		if err == nil {
			return b.recovered(ctx, tx, now)
		}
		if err := setAll(ctx, tx, troubleSetting, err.Error(), sinceSetting, now.Format(time.RFC3339), kindSetting, telegram.KindOf(err).String()); err != nil {
			return err
		}
		if telegram.KindOf(err) != telegram.KindConflict {
			return nil
		}
		if err := tx.SetSetting(ctx, mendedSetting, ""); err != nil {
			return fmt.Errorf("keep that there is a second poller: %w", err)
		}
		return b.tellOwners(ctx, tx, conflictTold, message.AlertConflict, now)
	})
	if kept != nil {
		b.config.Log.Error("how polling fares could not be kept", "err", kept)
	}
	b.config.Alarm(err)
	b.config.Committed()
}

func (b *Bot) recovered(ctx context.Context, tx store.Tx, now time.Time) error {
	kind, err := tx.Setting(ctx, kindSetting)
	if err != nil || kind == "" {
		return err
	}
	if kind == telegram.KindConflict.String() {
		if err := tx.SetSetting(ctx, mendedSetting, now.Format(time.RFC3339)); err != nil {
			return err
		}
	}
	return setAll(ctx, tx, troubleSetting, "", sinceSetting, "", kindSetting, "")
}

// noteAlive notes that the bot runs, and tells the owners, who were told of a second poller, of its end.
func (b *Bot) noteAlive(ctx context.Context, tx store.Tx, now time.Time) error {
	if err := tx.SetSetting(ctx, aliveSetting, now.Format(time.RFC3339)); err != nil {
		return fmt.Errorf("note that the bot runs: %w", err)
	}
	value, err := tx.Setting(ctx, mendedSetting)
	if err != nil || value == "" {
		return err
	}
	if since, err := time.Parse(time.RFC3339, value); err == nil && now.Sub(since) < mendedAfter {
		return nil
	}
	if err := tx.SetSetting(ctx, mendedSetting, ""); err != nil {
		return err
	}
	if err := tx.TellAgain(ctx, conflictTold); err != nil {
		return err
	}
	return b.tellOwners(ctx, tx, "", message.AlertRecovered, now)
}

// tellOwners owes every owner a sentence: once for a key, each time without one.
func (b *Bot) tellOwners(ctx context.Context, tx store.Tx, once string, key message.Key, now time.Time, args ...any) error {
	return b.tellDesk(ctx, tx, once, now, func(p message.Printer) message.Message { return p.Say(key, args...) }, store.Owner)
}

// tellDesk owes a message to everybody with one of the roles: once for a key, each time without one.
func (b *Bot) tellDesk(ctx context.Context, tx store.Tx, once string, now time.Time, say func(message.Printer) message.Message, roles ...store.Role) error {
	if once != "" {
		if first, err := tx.TellOnce(ctx, once, now); err != nil || !first {
			return err
		}
	}
	editors, err := tx.Editors(ctx)
	if err != nil {
		return fmt.Errorf("read the editors: %w", err)
	}
	for _, e := range editors {
		for _, role := range roles {
			if e.Role != role {
				continue
			}
			chat, err := tx.Chat(ctx, e.User)
			if errors.Is(err, store.ErrNotFound) {
				continue // who never wrote to the bot cannot be written to
			}
			if err != nil {
				return fmt.Errorf("read chat %d: %w", e.User, err)
			}
			m := say(b.printerFor(chat))
			if err := delivery.Owe(ctx, tx, telegram.Send(telegram.Outgoing{
				ChatID: e.User, Text: m.HTML, Keyboard: markup(m.Buttons), Preview: telegram.Preview{Off: true},
			}), now); err != nil {
				return err
			}
		}
	}
	return nil
}

// setAll sets keys and values in turn.
func setAll(ctx context.Context, tx store.Tx, pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := tx.SetSetting(ctx, pairs[i], pairs[i+1]); err != nil {
			return fmt.Errorf("keep %s: %w", pairs[i], err)
		}
	}
	return nil
}
