package drill

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// killPlan is one form of the kill drill.
type killPlan struct {
	rate, readers, channels, groups int
	kills                           int
	// every is how many kills lie between two articles.
	every int
	// bound is how many messages a kill may leave in doubt.
	bound float64
}

// killDrill kills the program at random moments, again and again, while it sends and while readers come.
func killDrill(ctx context.Context, f *field) error {
	plans := []killPlan{
		{rate: 30, readers: 2000, channels: 40, groups: 10, kills: 200, every: 100, bound: 5},
		{rate: 1000, readers: 2000, channels: 40, groups: 10, kills: 200, every: 12, bound: 100},
	}
	if f.Quick {
		plans = []killPlan{{rate: 100, readers: 120, channels: 20, groups: 10, kills: 15, every: 5, bound: 20}}
	}
	for _, p := range plans {
		if err := p.run(ctx, f); err != nil {
			return err
		}
		f.tidy()
	}
	return nil
}

// A life lasts, from its first poll on, between these.
const (
	shortestLife = 20 * time.Millisecond
	longestLife  = 450 * time.Millisecond
	pressesALife = 3
)

func (k killPlan) run(ctx context.Context, f *field) error {
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	err = w.within(ctx, func(s *sqlite.Store) error {
		// Chats are served in the order in which they came: among readers, channels are hit like them.
		if err := w.seed(ctx, s, k.readers/2); err != nil {
			return err
		}
		if err := w.found(ctx, s, k.channels, k.groups); err != nil {
			return err
		}
		return w.seed(ctx, s, k.readers-k.readers/2)
	})
	if err != nil {
		return err
	}
	// Articles come faster than life brings them; each is to be sent while there are kills.
	const all = "HARKARA_BURST=20"
	// A first, calm life: a channel can be looked up once a post of ours is known there.
	headlines := []string{w.publish()}
	p, err := w.start(ctx, k.rate, all)
	if err != nil {
		return err
	}
	calm := 2*time.Minute + time.Duration(k.readers/k.rate)*time.Second
	if err := p.lives(ctx, calm, "everybody has the first article", w.reached(headlines[0], w.readers, w.places)); err != nil {
		return err
	}
	if err := p.stop(ctx); err != nil {
		return err
	}
	pressed := 0
	for kill := range k.kills {
		if kill%k.every == 0 {
			headlines = append(headlines, w.publish())
		}
		p, err := w.startPolling(ctx, k.rate, all)
		if err != nil {
			return err
		}
		w.telegram.Bot().Storm(int64(firstNewcomer+pressed), pressesALife, "l_"+w.link.Code)
		pressed += pressesALife
		curious := w.readers[rand.IntN(len(w.readers))]
		w.telegram.User(curious, "রহিমা", "bn").Send("/topics")
		if err := rest(ctx, shortestLife+rand.N(longestLife-shortestLife)); err != nil {
			return err
		}
		p.kill()
		if (kill+1)%20 == 0 {
			f.say("killed", "times", kill+1, "rate", k.rate, "sent", w.sent())
		}
	}

	// A last life, in which all is brought to its end; the last article carries what is still in doubt.
	if p, err = w.start(ctx, k.rate, all); err != nil {
		return err
	}
	// A place in doubt is looked at before it gets more: three messages of a channel, six of a group, each a second after the other.
	looks := time.Duration(3*k.channels+6*k.groups) * 1100 * time.Millisecond
	patience := 2*time.Minute + looks + time.Duration(len(headlines)*(k.readers+pressed)/k.rate)*time.Second
	if err := p.lives(ctx, patience, "the articles before the last have left", w.quiet(k.rate)); err != nil {
		return err
	}
	last := w.publish()
	headlines = append(headlines, last)
	if err := p.lives(ctx, patience, "everybody has the last article", w.reached(last, w.readers, w.places)); err != nil {
		return err
	}
	if err := p.lives(ctx, patience, "all is quiet", w.quiet(k.rate)); err != nil {
		return err
	}
	if err := p.stop(ctx); err != nil {
		return err
	}
	return w.within(ctx, func(s *sqlite.Store) error { return k.judge(ctx, w, s, headlines, pressed) })
}

// quiet returns a condition: no message has arrived for so long that at this rate none is coming.
func (w *world) quiet(rate int) func() bool {
	last, since := -1, time.Now()
	span := 4*time.Second + 2*time.Second/time.Duration(rate)
	return func() bool {
		if n := w.sent(); n != last || w.telegram.Bot().Queue().Waiting > 0 {
			last, since = n, time.Now()
		}
		return time.Since(since) > span
	}
}

func (k killPlan) judge(ctx context.Context, w *world, s *sqlite.Store, headlines []string, pressed int) error {
	f, at := w.f, fmt.Sprintf(" at %d/s", k.rate)
	private := w.audit(headlines, w.readers)
	posts := w.audit(headlines, w.places)
	f.tell("kills, chats, articles"+at, fmt.Sprintf("%d, %d, %d", k.kills, k.readers+k.channels+k.groups, len(headlines)))
	f.none("headlines missing in private chats"+at, private.missing, private.examples...)
	f.none("headlines missing in channels and supergroups"+at, posts.missing, posts.examples...)
	f.none("messages doubled in private chats"+at, private.doubled, private.examples...)
	f.none("messages doubled in channels and supergroups"+at, posts.doubled, posts.examples...)
	f.tell("headlines that stand only as a mention"+at, private.mentioned+posts.mentioned)

	unknown, welcomes := 0, 0
	for i := range pressed {
		id := int64(firstNewcomer + i)
		if _, err := s.Chat(ctx, id); err != nil {
			unknown++
		}
		greeted := 0
		for _, text := range w.texts(id) {
			if isWelcome(text) {
				greeted++
			}
		}
		if greeted > 1 {
			welcomes++
		}
	}
	link, err := s.Link(ctx, w.link.Code)
	if err != nil {
		return err
	}
	f.none("updates lost"+at, unknown)
	f.none("readers greeted twice"+at, welcomes)
	f.holds("updates applied exactly once"+at, fmt.Sprint(pressed), link.Starts == pressed && link.Subscribers == pressed, link.Starts)

	total, byState, err := doubts(ctx, s)
	if err != nil {
		return err
	}
	f.most("messages in doubt per kill"+at, k.bound, float64(total)/float64(k.kills), "")
	f.tell("what became of doubts"+at, fmt.Sprintf("mentioned %d, arrived %d, repeated %d, skipped %d",
		byState[store.DoubtMentioned], byState[store.DoubtArrived], byState[store.DoubtRepeated], byState[store.DoubtSkipped]))
	f.none("doubts left open"+at, byState[store.DoubtOpen])
	f.tell("silent forwards that a kill left with the owner"+at, len(w.texts(ownerID)))
	return f.sound(ctx, s, at)
}

// sound reports whether the database is whole.
func (f *field) sound(ctx context.Context, s store.Store, at string) error {
	err := s.Check(ctx)
	figure := "ok"
	if err != nil {
		figure = err.Error()
	}
	f.holds("integrity_check"+at, "ok", err == nil, figure)
	return nil
}
