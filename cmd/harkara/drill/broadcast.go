package drill

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// broadcastPlan is one form of the broadcast drill.
type broadcastPlan struct {
	readers, blocked, kills, rate int
	// life is the longest life before a kill.
	life time.Duration
	// crowd is how many recipients a broadcast is made ready for, to see how long that takes.
	crowd int
}

const (
	announcement = "পাঠকদের জন্য ঘোষণা: কাল পত্রিকা বেরোবে না।"
	// reported is how the author hears that all is sent; see broadcast.head_done.
	reported = "ঘোষণা পাঠানো শেষ"
)

// broadcastDrill kills the program at random moments while it sends an announcement, and asks of each recipient what became of it.
func broadcastDrill(ctx context.Context, f *field) error {
	plan := broadcastPlan{readers: 50_000, blocked: 500, kills: 20, rate: 1000, life: 3 * time.Second, crowd: 1_000_000}
	if f.Quick {
		plan = broadcastPlan{readers: 1500, blocked: 20, kills: 4, rate: 300, life: time.Second, crowd: 10_000}
	}
	if err := plan.run(ctx, f); err != nil {
		return err
	}
	f.tidy()
	return plan.ready(ctx, f)
}

func (p broadcastPlan) run(ctx context.Context, f *field) error {
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	owner := w.telegram.User(ownerID, "মালিক", "bn")
	source := owner.Send(announcement)
	if err := w.acquaint(ctx, nil); err != nil {
		return err
	}
	var id int64
	err = w.within(ctx, func(s *sqlite.Store) error {
		if err := w.seed(ctx, s, p.readers); err != nil {
			return err
		}
		if p.readers > fewReaders { // fewer are acquainted already
			if err := w.acquaint(ctx, w.readers); err != nil {
				return err
			}
		}
		return s.Write(ctx, func(tx store.Tx) error {
			b := announce(w, source, p.readers+1)
			err := tx.SaveBroadcast(ctx, &b)
			id = b.ID
			return err
		})
	})
	if err != nil {
		return err
	}
	for chat := range p.refusing(w) { // of which the program does not know
		w.telegram.User(chat, "রহিমা", "bn").Block()
	}
	if err := w.acquaint(ctx, nil); err != nil {
		return err
	}
	kills := 0
	for range p.kills {
		life, err := w.startPolling(ctx, p.rate)
		if err != nil {
			return err
		}
		if err := rest(ctx, shortestLife+rand.N(p.life-shortestLife)); err != nil {
			return err
		}
		if w.reports() == 0 {
			kills++
		}
		life.kill()
	}
	life, err := w.start(ctx, p.rate)
	if err != nil {
		return err
	}
	patience := 3*time.Minute + 3*time.Duration(p.readers/p.rate)*time.Second
	if err := life.lives(ctx, patience, "the announcement is sent", func() bool { return w.reports() > 0 }); err != nil {
		return err
	}
	if err := life.stop(ctx); err != nil {
		return err
	}
	unknown := 0
	err = w.within(ctx, func(s *sqlite.Store) (err error) { unknown, err = p.judge(ctx, w, s, id, kills); return err })
	if err != nil || unknown == 0 {
		return err
	}
	return p.again(ctx, w, id, unknown, patience)
}

// refusing are the readers who block the bot.
func (p broadcastPlan) refusing(w *world) map[int64]bool {
	some := map[int64]bool{}
	for i := range p.blocked {
		some[w.readers[i*p.readers/p.blocked]] = true
	}
	return some
}

// announce is the broadcast of the drill, ready to be sent.
func announce(w *world, source, total int) store.Broadcast {
	return store.Broadcast{
		State: store.BroadcastReady, Author: ownerID, CreatedAt: w.now(), Audience: store.Audience{Kind: store.AudienceReaders}, Total: total,
		Source: ownerID, Messages: []int{source}, Kind: broadcast.KindText, Title: announcement,
	}
}

// reports counts how often the author was told that all is sent.
func (w *world) reports() (n int) {
	for _, text := range w.texts(ownerID) {
		if strings.HasPrefix(text, reported) {
			n++
		}
	}
	return n
}

// copiesOf are the ids of the announcement's copies in a chat.
func (w *world) copiesOf(chat int64) (ids []int) {
	for _, m := range w.chat(chat).FromBots() {
		if m.Text == announcement {
			ids = append(ids, m.MessageID)
		}
	}
	return ids
}

// judge compares what the program says of each recipient with what Telegram has.
func (p broadcastPlan) judge(ctx context.Context, w *world, s *sqlite.Store, id int64, kills int) (unknown int, err error) {
	f := w.f
	b, err := s.Broadcast(ctx, id)
	if err != nil {
		return 0, err
	}
	misses, err := s.Misses(ctx, id)
	if err != nil {
		return 0, err
	}
	receipts := map[int64]int{} // Telegram chat → message
	for after := int64(0); ; {
		batch, err := s.BroadcastCopies(ctx, id, after)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return 0, err
		}
		for _, c := range batch.Copies {
			chat, err := s.ChatByID(ctx, c.Chat)
			if err != nil {
				return 0, err
			}
			receipts[chat.TelegramID] = c.Messages[0]
		}
		after = batch.Number
	}
	missed := map[int64]store.Miss{}
	for why := range misses {
		list, err := s.MissedChats(ctx, id, why, 0, 1<<30)
		if err != nil {
			return 0, err
		}
		for _, m := range list {
			chat, err := s.ChatByID(ctx, m.Chat)
			if err != nil {
				return 0, err
			}
			missed[chat.TelegramID] = why
		}
	}
	doubled, unaccounted, untrue, arrived, copies := 0, 0, 0, 0, 0
	refused := p.refusing(w)
	for _, chat := range append([]int64{ownerID}, w.readers...) {
		have := w.copiesOf(chat)
		if len(have) > 1 {
			doubled++
		}
		copies += len(have)
		receipt, delivered := receipts[chat]
		why, miss := missed[chat]
		switch {
		case delivered == miss, refused[chat] && why != store.MissBlocked && why != store.MissUnknown, !refused[chat] && why == store.MissBlocked:
			unaccounted++
		case delivered && (len(have) == 0 || have[0] != receipt):
			untrue++
		case why == store.MissUnknown:
			arrived += min(len(have), 1)
		case miss && len(have) > 0:
			untrue++
		}
	}
	unknown = misses[store.MissUnknown]
	f.tell("recipients, kills while it was sent", fmt.Sprintf("%d, %d", p.readers+1, kills))
	f.none("recipients who got the announcement twice", doubled)
	f.none("recipients that are neither delivered nor missed for the right reason", unaccounted)
	f.none("recipients of whom something is said that Telegram does not bear out", untrue)
	f.holds("what Telegram has is what was counted and what is unknown but arrived", fmt.Sprint(copies), copies == b.Progress.Delivered+arrived, b.Progress.Delivered+arrived)
	f.tell("recipients who had blocked the bot, known as such", fmt.Sprintf("%d, %d", p.blocked, misses[store.MissBlocked]))
	f.most("unknown per kill (at 1000/s)", 100, float64(unknown)/float64(max(kills, 1)), "")
	f.tell("delivered, unknown, of these arrived", fmt.Sprintf("%d, %d, %d", b.Progress.Delivered, unknown, arrived))
	return unknown, f.sound(ctx, s, "")
}

// again presses the button that sends to those of whom nothing is known once more.
func (p broadcastPlan) again(ctx context.Context, w *world, id int64, unknown int, patience time.Duration) error {
	before := w.reports()
	life, err := w.start(ctx, p.rate)
	if err != nil {
		return err
	}
	owner := w.telegram.User(ownerID, "মালিক", "bn")
	report := 0
	for _, m := range owner.Chat().FromBots() {
		if strings.HasPrefix(m.Text, reported) {
			report = m.MessageID
		}
	}
	for _, step := range []int64{broadcast.Unknown, broadcast.ResendUnknown} {
		var press *telegramtest.Press
		if err := life.lives(ctx, time.Minute, "the author has the button", func() bool {
			press, err = owner.Press(report, button.Of(button.Broadcast, id, step, 0))
			return err == nil
		}); err != nil {
			return err
		}
		if _, err := press.Wait(ctx); err != nil {
			return err
		}
	}
	if err := life.lives(ctx, patience, "all have the announcement", func() bool { return w.reports() > before }); err != nil {
		return err
	}
	if err := life.stop(ctx); err != nil {
		return err
	}
	missing, doubled := 0, 0
	refused := p.refusing(w)
	for _, chat := range w.readers {
		n := len(w.copiesOf(chat))
		if n == 0 && !refused[chat] {
			missing++
		}
		if n > 1 {
			doubled++
		}
	}
	w.f.none("recipients without it after the button was pressed", missing)
	w.f.holds("doubled by the button only among the unknown", fmt.Sprintf("at most %d", unknown), doubled <= unknown, doubled)
	return nil
}

// starts is how often it is measured, recipientsRead what the program reads at once.
const (
	starts         = 9
	recipientsRead = 256
)

// ready measures how long it takes until a broadcast has its first recipients.
func (p broadcastPlan) ready(ctx context.Context, f *field) error {
	w, err := newWorld(ctx, f, telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if err != nil {
		return err
	}
	return w.within(ctx, func(s *sqlite.Store) error {
		if err := w.seed(ctx, s, max(p.crowd, fewReaders+1)); err != nil {
			return err
		}
		var b store.Broadcast
		var started, first []time.Duration
		for range starts {
			b = announce(w, 1, p.crowd)
			if err := s.Write(ctx, func(tx store.Tx) error { return tx.SaveBroadcast(ctx, &b) }); err != nil {
				return err
			}
			begun := time.Now()
			if err := s.Write(ctx, func(tx store.Tx) error { _, err := tx.StartBroadcast(ctx, b.ID, w.now()); return err }); err != nil {
				return err
			}
			started = append(started, time.Since(begun))
			b, err = s.Broadcast(ctx, b.ID)
			if err != nil {
				return err
			}
			recipients, err := s.AudienceChats(ctx, b.Audience, w.now(), 0, b.Progress.Last, recipientsRead)
			if err != nil {
				return err
			}
			first = append(first, time.Since(begun))
			if len(recipients) != recipientsRead {
				return fmt.Errorf("%d recipients were read", len(recipients))
			}
		}
		slices.Sort(started)
		slices.Sort(first)
		milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		f.most(fmt.Sprintf("a broadcast to %d started (median of %d)", len(w.readers), starts), 2, milliseconds(started[starts/2]), " ms")
		f.tell(fmt.Sprintf("started and the first %d recipients read", recipientsRead), fmt.Sprintf("%.1f ms", milliseconds(first[starts/2])))
		begun := time.Now()
		n, err := s.CountAudience(ctx, b.Audience, w.now())
		f.tell(fmt.Sprintf("%d recipients counted", n), time.Since(begun).Round(time.Millisecond))
		return err
	})
}
