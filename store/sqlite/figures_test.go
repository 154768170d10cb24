package sqlite_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// ledger is the slow, obviously right counterpart of what the store counts: it keeps every reader and writes down each day
// who belongs to what.
type ledger struct {
	zone    *time.Location
	now     time.Time
	readers map[int64]*entry // by Telegram's id
	turns   map[string]map[store.Day]store.Turnover
}

type entry struct {
	chat     store.Chat
	welcomed bool
}

func name(kind store.CrowdKind, id int64) string { return fmt.Sprint(kind, "/", id) }

// belongs names the crowds a chat is in.
func (e *entry) belongs() map[string]bool {
	if e == nil || e.chat.State != store.Active && e.chat.State != store.Paused {
		return nil
	}
	in := map[string]bool{name(store.AllReaders, 0): true}
	for _, c := range e.chat.Categories {
		in[name(store.FollowersOf, c)] = true
	}
	if e.chat.Link != 0 {
		in[name(store.BroughtBy, e.chat.Link)] = true
	}
	return in
}

func (l *ledger) note(crowd string, change func(*store.Turnover)) {
	if l.turns[crowd] == nil {
		l.turns[crowd] = map[store.Day]store.Turnover{}
	}
	day := store.DayOf(l.now.In(l.zone))
	t := l.turns[crowd][day]
	change(&t)
	l.turns[crowd][day] = t
}

// after compares what a reader belonged to with what he belongs to now.
func (l *ledger) after(before map[string]bool, e *entry, in, out func(*store.Turnover)) {
	now := e.belongs()
	for crowd := range now {
		if !before[crowd] {
			l.note(crowd, in)
		}
	}
	for crowd := range before {
		if !now[crowd] {
			l.note(crowd, out)
		}
	}
}

func (l *ledger) size(crowd string) (n int) {
	for _, e := range l.readers {
		if e.belongs()[crowd] {
			n++
		}
	}
	return n
}

// live makes one random thing happen, in the store and in the ledger.
func (l *ledger) live(ctx context.Context, tx store.Tx, random *rand.Rand) error {
	who := 1 + random.Int64N(60)
	e := l.readers[who]
	var choice []int64
	for c := range int64(5) {
		if random.IntN(3) == 0 {
			choice = append(choice, c)
		}
	}
	before := e.belongs()
	switch {
	case e == nil:
		c := store.Chat{TelegramID: who, Kind: store.Private, Categories: choice, Link: random.Int64N(4), State: store.Active}
		if random.IntN(5) == 0 {
			c.State = store.Stopped
		}
		e = &entry{chat: c}
		l.readers[who] = e
		l.after(before, e, func(t *store.Turnover) { t.Arrived++ }, nil)
		return tx.SaveChat(ctx, &e.chat)
	case random.IntN(12) == 0:
		delete(l.readers, who)
		l.after(before, nil, nil, func(t *store.Turnover) { t.Forgotten++ })
		return tx.ForgetChat(ctx, e.chat.ID)
	case random.IntN(4) == 0:
		e.chat.Categories = choice
		l.after(before, e, func(t *store.Turnover) { t.Followed++ }, func(t *store.Turnover) { t.Unfollowed++ })
		return tx.Subscribe(ctx, e.chat.ID, choice)
	case random.IntN(4) == 0:
		e.welcomed = true
		return tx.Settle(ctx, store.Visit{Chat: e.chat.ID, Welcomed: true})
	}
	e.chat.State = []store.ChatState{store.Active, store.Paused, store.Stopped, store.Blocked, store.Gone}[random.IntN(5)]
	in := func(t *store.Turnover) { t.Arrived++ }
	if e.welcomed {
		in = func(t *store.Turnover) { t.Returned++ }
	}
	l.after(before, e, in, func(t *store.Turnover) {
		switch e.chat.State {
		case store.Stopped:
			t.Stopped++
		case store.Blocked:
			t.Blocked++
		default:
			t.Gone++
		}
	})
	return tx.SaveChat(ctx, &e.chat)
}

func TestFiguresEqualWhatHappened(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Kolkata", "Asia/Dhaka", "America/Santiago", "Pacific/Chatham"}
	for seed, zoneName := range zones {
		t.Run(zoneName, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(zoneName)
			if err != nil {
				t.Fatal(err)
			}
			ctx, random := t.Context(), rand.New(rand.NewPCG(uint64(seed), 7))
			l := &ledger{zone: zone, now: dawn, readers: map[int64]*entry{}, turns: map[string]map[store.Day]store.Turnover{}}
			path := filepath.Join(t.TempDir(), "harkara.db")
			open := func() *sqlite.Store {
				s, err := sqlite.Open(ctx, path, sqlite.WithCalendar(zone), sqlite.WithNow(func() time.Time { return l.now }))
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			s := open()
			first := store.DayOf(dawn.In(zone))
			sizes := map[store.Day]int{} // at the end of each day
			for range 250 {
				happenings := random.IntN(8)
				if err := s.Write(ctx, func(tx store.Tx) error {
					for range happenings {
						if err := l.live(ctx, tx, random); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				sizes[store.DayOf(l.now.In(zone))] = l.size(name(store.AllReaders, 0))
				l.now = l.now.Add(time.Duration(random.IntN(20)) * time.Hour)
				if random.IntN(40) == 0 {
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = open()
				}
			}
			defer s.Close()
			if since, err := s.FiguresSince(ctx); err != nil || !since.Equal(dawn.Truncate(time.Millisecond)) {
				t.Errorf("counting began at %v, %v", since, err)
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
			}
			h, err := s.ReaderHistory(ctx, first)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(l.turns[name(store.AllReaders, 0)], h.Days, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the readers by day (- happened, + counted):\n%s", diff)
			}
			n := h.Readers
			for day := store.DayOf(l.now.In(zone)); day >= first; day-- {
				if want, known := sizes[day]; known && want != n {
					t.Errorf("at the end of %v there were %d readers, counted are %d", day.Noon(zone), want, n)
				}
				n += h.Days[day].Went() - h.Days[day].Came()
			}
			last := first + 40
			for _, kind := range []store.CrowdKind{store.FollowersOf, store.BroughtBy} {
				got, err := s.Crowds(ctx, kind, first+5, last)
				if err != nil {
					t.Fatal(err)
				}
				want := map[int64]store.Crowd{}
				for id := range int64(6) {
					c := store.Crowd{Readers: l.size(name(kind, id))}
					for day, turn := range l.turns[name(kind, id)] {
						if day >= first+5 && day <= last {
							c.Turnover = c.Plus(turn)
						}
					}
					if c != (store.Crowd{}) {
						want[id] = c
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("the crowds of kind %d (- happened, + counted):\n%s", kind, diff)
				}
			}
		})
	}
}

func TestOldFiguresArePrunedAndTheReadersStay(t *testing.T) {
	t.Parallel()
	now := dawn
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db"), sqlite.WithNow(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, day := t.Context(), store.DayOf(dawn)
	write := func(change func(store.Tx) error) {
		t.Helper()
		if err := s.Write(ctx, change); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx store.Tx) error {
		return tx.SaveChat(ctx, &store.Chat{TelegramID: 1, Kind: store.Private, Categories: []int64{1}, Link: 1})
	})
	now = now.AddDate(3, 0, 0)
	write(func(tx store.Tx) error {
		return tx.SaveChat(ctx, &store.Chat{TelegramID: 2, Kind: store.Private, Categories: []int64{1}, Link: 1})
	})
	write(func(tx store.Tx) error {
		more, err := tx.Prune(ctx, dawn, dawn, dawn, 100)
		if more {
			t.Error("there is more to prune")
		}
		return err
	})
	for _, kind := range []store.CrowdKind{store.FollowersOf, store.BroughtBy} {
		crowds, err := s.Crowds(ctx, kind, day, day+2000)
		if want := map[int64]store.Crowd{1: {Readers: 2, Turnover: store.Turnover{Arrived: 1}}}; err != nil || !maps.Equal(crowds, want) {
			t.Errorf("left of kind %d is %+v, %v", kind, crowds, err)
		}
	}
	h, err := s.ReaderHistory(ctx, day)
	if err != nil || len(h.Days) != 2 || h.Readers != 2 || !slices.Contains(slices.Collect(maps.Keys(h.Days)), day) {
		t.Errorf("the history is %+v, %v", h, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

func TestMessagesAreCountedForEachArticleTheyCarry(t *testing.T) {
	t.Parallel()
	ctx, random := t.Context(), rand.New(rand.NewPCG(5, 9))
	path := filepath.Join(t.TempDir(), "harkara.db")
	open := func() *sqlite.Store {
		s, err := sqlite.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	write := func(change func(store.Tx) error) {
		t.Helper()
		if err := s.Write(ctx, change); err != nil {
			t.Fatal(err)
		}
	}
	want := map[int64]store.ArticleFigures{}
	var posts []store.Post
	write(func(tx store.Tx) error {
		c := store.Chat{TelegramID: 1, Kind: store.Private}
		if err := tx.SaveChat(ctx, &c); err != nil {
			return err
		}
		for i := range 12 {
			a := store.Article{GUID: fmt.Sprint(i), Headline: fmt.Sprint(i), FirstSeen: dawn, Published: dawn}
			if err := tx.AddArticle(ctx, &a, nil, store.Index{}); err != nil {
				return err
			}
			want[a.ID] = store.ArticleFigures{Article: a.ID, Headline: a.Headline, Published: dawn.Truncate(time.Millisecond)}
			for _, p := range []store.Post{{Shape: store.Single, Articles: []int64{a.ID}}, {Shape: store.List, Articles: []int64{a.ID, max(1, a.ID-1), max(1, a.ID-2)}}} {
				p.At = dawn
				slices.Sort(p.Articles)
				p.Articles = slices.Compact(p.Articles)
				if err := tx.SavePost(ctx, &p); err != nil {
					return err
				}
				posts = append(posts, p)
			}
		}
		return nil
	})
	message := 0
	for range 200 {
		// Mostly few posts at a time, as in a distribution, and now and then many.
		kinds := 1 + random.IntN(3)
		if random.IntN(10) == 0 {
			kinds = len(posts)
		}
		write(func(tx store.Tx) error {
			for range random.IntN(20) {
				p := posts[random.IntN(kinds)]
				fails := random.IntN(7) == 0
				for _, a := range p.Articles {
					f := want[a]
					if fails {
						f.Failed++
					} else {
						f.Sent++
					}
					want[a] = f
				}
				var err error
				if message++; fails {
					err = tx.CountFailed(ctx, p.ID)
				} else {
					err = tx.Settle(ctx, store.Visit{Chat: 1, Sent: &store.Sent{Post: p.ID, Chat: 1, Message: message}})
				}
				if err != nil {
					return err
				}
			}
			return tx.SetWindow(ctx, store.Window{Flights: []store.Flight{{Chat: 1, Post: 1}}})
		})
		if random.IntN(40) == 0 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open()
		}
	}
	defer func() { s.Close() }()
	for _, when := range []string{"while they are kept", "when all messages are pruned"} {
		list, err := s.MostSent(ctx, dawn.Add(-time.Hour), dawn.Add(time.Hour), 100)
		if err != nil {
			t.Fatal(err)
		}
		got := map[int64]store.ArticleFigures{}
		for _, f := range list {
			got[f.Article] = f
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the messages %s (- sent, + counted):\n%s", when, diff)
		}
		if !slices.IsSortedFunc(list, func(a, b store.ArticleFigures) int { return b.Sent - a.Sent }) {
			t.Errorf("the articles sent most do not stand first: %+v", list)
		}
		write(func(tx store.Tx) error { _, err := tx.Prune(ctx, dawn.AddDate(1, 0, 0), dawn, dawn, 1000); return err })
	}
}
