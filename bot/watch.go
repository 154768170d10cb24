package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

const (
	// watchEvery is how often the feeds are looked over.
	watchEvery = time.Minute
	// failingAfter is how many failures in a row make a feed's trouble worth a message: at the default intervals and
	// their backing off, half a day.
	failingAfter = 6
	// heldListed bounds the held articles read at once.
	heldListed = 1000
)

// watch tells the editors, once each, what needs their eyes: feeds that fail or are gone, and articles that
// are held back because too many came at once. Each week it tells the owners how the week was.
func (b *Bot) watch(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		if err := b.lookOver(ctx); err != nil && ctx.Err() == nil {
			b.config.Log.Error("the feeds could not be looked over", "err", err)
		}
		if err := b.checkIntegrity(ctx); err != nil && ctx.Err() == nil {
			b.config.Log.Error("the database could not be checked", "err", err)
		}
		if err := b.tellOfWeek(ctx); err != nil && ctx.Err() == nil {
			b.config.Log.Error("the owners could not be told of the week", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// lookOver looks once.
func (b *Bot) lookOver(ctx context.Context) error {
	feeds, err := b.store.Feeds(ctx)
	if err != nil {
		return err
	}
	held, err := b.store.HeldArticles(ctx, heldListed)
	if err != nil {
		return err
	}
	waiting := map[int64]int{}
	for _, a := range held {
		waiting[a.Feed]++
	}
	now := b.config.Now().UTC()
	err = b.store.Write(ctx, func(tx store.Tx) error {
		if err := b.noteAlive(ctx, tx, now); err != nil {
			return err
		}
		for _, f := range feeds {
			if err := b.lookAtFeed(ctx, tx, f, waiting[f.ID], now); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		b.config.Committed()
	}
	return err
}

// lookAtFeed tells what is wrong with a feed, or forgets that it was told.
func (b *Bot) lookAtFeed(ctx context.Context, tx store.Tx, f store.Feed, held int, now time.Time) error {
	if err := b.tellOfSilence(ctx, tx, f, now); err != nil {
		return fmt.Errorf("tell of feed %d: %w", f.ID, err)
	}
	name := feedName(f)
	reports := []struct {
		what  string
		wrong bool
		say   func(message.Printer) message.Message
	}{
		{"gone", f.State.Gone, func(p message.Printer) message.Message {
			return p.Say(message.AlertFeedGone, "feed", name, "url", message.Whole(withoutPassword(f.URL)))
		}},
		{"failing", !f.State.Gone && f.State.Errors >= failingAfter, func(p message.Printer) message.Message {
			return p.Say(message.AlertFeedFailing, "feed", name, "n", f.State.Errors, "reason", faultText(p, f.State.Fault), "url", message.Whole(withoutPassword(f.URL)))
		}},
		{"burst", held > 0, func(p message.Printer) message.Message {
			m := p.Say(message.AlertBurst, "feed", name, "n", held)
			m.Buttons = [][]message.Button{
				press1(p.Text(message.AlertBurstRelease), button.Of(button.Release, f.ID)),
				press1(p.Text(message.AlertBurstFile), button.Of(button.File, f.ID)),
			}
			return m
		}},
	}
	for _, r := range reports {
		key := fmt.Sprintf("feed.%s:%d", r.what, f.ID)
		var err error
		if r.wrong {
			err = b.tellDesk(ctx, tx, key, now, r.say, store.Owner, store.EditorRole)
		} else {
			err = tx.TellAgain(ctx, key)
		}
		if err != nil {
			return fmt.Errorf("tell of feed %d: %w", f.ID, err)
		}
	}
	return nil
}

func feedName(f store.Feed) string {
	if f.Title != "" {
		return f.Title
	}
	return withoutPassword(f.URL)
}

func (t *turn) pressRelease() error { return t.decideHeld(true) }
func (t *turn) pressFile() error    { return t.decideHeld(false) }

// decideHeld sends the articles of a feed that were held back, or files them, as an editor says.
func (t *turn) decideHeld(release bool) error {
	if ok, err := t.allowed(editor); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	held, err := t.tx.HeldArticles(t.ctx, heldListed)
	if err != nil {
		return err
	}
	n, source := 0, ""
	for _, a := range held {
		if a.Feed != t.press.Number(0) {
			continue
		}
		n, source = n+1, a.Source
		if release {
			err = t.tx.ReleaseArticle(t.ctx, a.ID, t.now)
		} else {
			err = t.tx.FileArticle(t.ctx, a.ID)
		}
		if err != nil {
			return err
		}
	}
	if n > 0 {
		deed := store.HeldFiled
		if release {
			deed = store.HeldReleased
		}
		if err := t.record(deed, source, fmt.Sprint(n)); err != nil {
			return err
		}
	}
	switch {
	case n == 0:
		t.show(p.Say(message.AlertBurstDone))
	case release:
		t.show(p.Say(message.AlertBurstReleased, "n", n))
	default:
		t.show(p.Say(message.AlertBurstFiled, "n", n))
	}
	t.notice(message.Message{})
	return nil
}
