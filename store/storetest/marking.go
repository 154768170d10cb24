package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) markDue(now time.Time, limit int) (more bool) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) (err error) {
		more, err = tx.MarkDue(ctx, now, limit)
		return err
	})
	return more
}

func marking(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"nothing is found when there is no news": func(t *testing.T, h house) {
			h.chat(1, store.Everything)
			same(t, "more", h.markDue(morning, 10), false)
			h.article("old", morning, []int64{1}, history)
			h.article("waits", morning, []int64{1}, held)
			h.markAll(morning)
			same(t, "due", h.due(at(time.Hour)), nil)
		},
		"finds who follows a category or everything, and nobody else": func(t *testing.T, h house) {
			one, all, _, both := h.chat(1, 1), h.chat(2, store.Everything), h.chat(3, 2), h.chat(4, 1, 2, store.Everything)
			h.chat(5)
			h.article("a", morning, []int64{1})
			late := h.chat(6, 1)
			h.markAll(at(time.Second))
			same(t, "due", h.due(at(time.Second)), []int64{one.ID, all.ID, both.ID})
			same(t, "since when", must[time.Time](t)(h.NextDue(t.Context())), at(time.Second))
			h.article("none", morning, nil)
			for _, c := range []store.Chat{one, all, both} {
				h.settle(store.Visit{Chat: c.ID, Upto: must[int64](t)(h.Head(t.Context()))})
			}
			h.markAll(at(time.Minute))
			same(t, "due for an article without category", h.due(at(time.Hour)), nil)
			h.article("another", morning, nil)
			h.markAll(at(time.Minute))
			same(t, "due for an article without category", h.due(at(time.Hour)), []int64{all.ID, both.ID})
			_ = late
		},
		"finds who follows words for every article, until they follow none": func(t *testing.T, h house) {
			words := h.chat(1, 9)
			words.Prefs.Follow = []string{"মেট্রোরেল"}
			h.save(words)
			h.chat(2, 9)
			same(t, "categories", h.see(words.ID), words)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Subscribe(ctx, words.ID, []int64{8}) })
			h.article("a", morning, []int64{1})
			h.markAll(morning)
			due := must[[]store.Due](t)(h.DueChats(t.Context(), morning, 10, nil))
			if len(due) != 1 || due[0].Chat.ID != words.ID {
				t.Fatalf("due are %+v", due)
			}
			same(t, "followed", due[0].Since, map[int64]int64{store.Words: 0, 8: 0})

			planned := must[int64](t)(h.Head(t.Context()))
			h.article("b", morning, nil) // while the visit is under way
			h.settle(store.Visit{Chat: words.ID, Upto: planned})
			same(t, "due after the visit", h.due(morning), []int64{words.ID})
			h.settle(store.Visit{Chat: words.ID, Upto: must[int64](t)(h.Head(t.Context()))})
			words = h.see(words.ID)
			words.Prefs.Follow = nil
			h.save(words)
			h.article("c", morning, []int64{1})
			h.markAll(morning)
			same(t, "due in the end", h.due(morning), nil)
		},
		"goes in joining order, at most so many at a time, and says whether more remain": func(t *testing.T, h house) {
			var want []int64
			for i := range 30 {
				want = append(want, h.chat(int64(1000-i), []int64{store.Everything, 1, 2}[i%3]).ID)
			}
			h.article("a", morning, []int64{1, 2})
			for calls := 0; ; calls++ {
				if calls > 100 {
					t.Fatal("it does not end")
				}
				before := len(h.due(morning))
				more := h.markDue(morning, 7)
				got := h.due(morning)
				if len(got)-before > 7 {
					t.Fatalf("%d were marked at once", len(got)-before)
				}
				same(t, "due so far", got, want[:len(got)])
				if !more {
					same(t, "due in the end", len(got), len(want))
					break
				}
			}
		},
		"leaves the time of a chat that is due already": func(t *testing.T, h house) {
			digest, waiting := h.chat(1, 1), h.chat(2, 1)
			h.makeDue(digest.ID, at(8*time.Hour))
			h.makeDue(waiting.ID, at(-time.Hour))
			h.article("a", morning, []int64{1})
			h.markAll(morning)
			same(t, "due now", h.due(morning), []int64{waiting.ID})
			due := must[[]store.Due](t)(h.DueChats(t.Context(), at(8*time.Hour), 10, nil))
			same(t, "since when", []time.Time{due[0].At, due[1].At}, []time.Time{at(-time.Hour), at(8 * time.Hour)})
		},
		"leaves out who has the news already": func(t *testing.T, h house) {
			ahead, behind := h.chat(1, 1), h.chat(2, 1)
			a := h.article("a", morning, []int64{1})
			h.settle(store.Visit{Chat: ahead.ID, Upto: a.Seq})
			h.markAll(morning)
			same(t, "due", h.due(morning), []int64{behind.ID})
		},
		"finds followers of the categories an article is widened to": func(t *testing.T, h house) {
			had, new := h.chat(1, 1), h.chat(2, 2)
			a := h.article("a", morning, []int64{1})
			h.markAll(morning)
			h.settle(store.Visit{Chat: had.ID, Upto: a.Seq})
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.WidenArticle(ctx, a.ID, 7, []int64{2}, at(time.Second))
			})
			h.markAll(at(time.Second))
			same(t, "due", h.due(at(time.Second)), []int64{new.ID})
		},
		"ends although news keep coming": func(t *testing.T, h house) {
			var last store.Chat
			for i := range 50 {
				last = h.chat(int64(i+1), 1)
			}
			h.article("first", morning, []int64{1})
			for i := range 60 {
				h.markDue(at(time.Duration(i)*time.Second), 5)
				h.article(fmt.Sprint(i), at(time.Duration(i)*time.Second), []int64{1})
				if slices.Contains(h.due(at(time.Hour)), last.ID) {
					return
				}
			}
			t.Error("the last chat was never found")
		},
		"goes round once more for news that come at any point of the round": func(t *testing.T, h house) {
			var want []int64
			for i := range 5 {
				want = append(want, h.chat(int64(i+1), 1).ID)
			}
			for first := range 6 {
				for second := range 11 {
					h.article(fmt.Sprint("a", first, second), morning, []int64{1})
					for range first {
						h.markDue(morning, 2)
					}
					h.article(fmt.Sprint("b", first, second), morning, []int64{1})
					for range second {
						h.markDue(morning, 2)
					}
					for _, id := range want {
						h.settle(store.Visit{Chat: id, Upto: must[int64](t)(h.Head(t.Context()))})
					}
					h.article(fmt.Sprint("c", first, second), morning, []int64{1})
					h.markAll(morning)
					same(t, fmt.Sprintf("due after %d and %d steps", first, second), h.due(morning), want)
					for _, id := range want {
						h.settle(store.Visit{Chat: id, Upto: must[int64](t)(h.Head(t.Context()))})
					}
				}
			}
		},
		"misses nobody, whatever comes in between": func(t *testing.T, h house) {
			for seed := range uint64(3) {
				model{house: h, rand: rand.New(rand.NewPCG(seed, 7)), owed: map[int64]bool{}, since: map[int64]map[int64]int64{}}.play(250)
			}
		},
	})
}

// model plays random steps on a store and keeps, slowly and plainly, which chats it must not forget: a chat is owed when an article
// enters a category it follows, until a visit brings it up to the head.
type model struct {
	house
	rand  *rand.Rand
	chats []int64
	owed  map[int64]bool
	// since holds for each chat the categories it follows with the head of the log when it chose them.
	since map[int64]map[int64]int64
}

func (m model) play(steps int) {
	m.t.Helper()
	now := morning
	for step := range steps {
		now = now.Add(time.Second)
		head := must[int64](m.t)(m.Head(m.ctx()))
		var chat int64
		if len(m.chats) > 0 {
			chat = m.chats[m.rand.IntN(len(m.chats))]
		}
		switch do := m.rand.IntN(20); {
		case do < 3 || chat == 0:
			chosen := m.some(store.Everything)
			chat = m.chat(m.rand.Int64N(1<<50)+1, chosen...).ID
			m.chats = append(m.chats, chat)
			m.chose(chat, chosen, head)
		case do < 6:
			a := m.article(fmt.Sprint(m.rand.Uint64()), now, m.some())
			m.follow(append(a.Categories, store.Everything))
		case do < 10:
			m.markDue(now, 1+m.rand.IntN(6))
		case do < 15: // a visit, planned now or some articles ago
			upto := max(0, head-int64(m.rand.IntN(3)))
			before := m.see(chat)
			m.settle(store.Visit{Chat: chat, Upto: upto})
			if m.owed[chat] && max(upto, before.Bookmark) >= head {
				delete(m.owed, chat)
			} else if m.owed[chat] && !m.newsFor(chat, max(upto, before.Bookmark)) {
				delete(m.owed, chat)
			}
		case do < 16:
			m.makeDue(chat, now.Add(time.Hour))
		case do < 17:
			chosen := m.some(store.Everything)
			m.write(func(ctx context.Context, tx store.Tx) error { return tx.Subscribe(ctx, chat, chosen) })
			m.chose(chat, chosen, head)
			if !m.newsFor(chat, m.see(chat).Bookmark) {
				delete(m.owed, chat)
			}
		case do < 18:
			c := m.see(chat)
			if c.State == store.Active {
				c.State = store.Paused
			} else {
				c.State = store.Active
			}
			m.save(c)
			delete(m.owed, chat)
		default:
			if log := m.entries(0); len(log) > 0 {
				a := must[store.Article](m.t)(m.Article(m.ctx(), log[m.rand.IntN(len(log))].Article))
				wider := m.some()
				further := slices.DeleteFunc(slices.Clone(wider), func(c int64) bool { return slices.Contains(a.Categories, c) })
				m.write(func(ctx context.Context, tx store.Tx) error { return tx.WidenArticle(ctx, a.ID, a.Feed, wider, now) })
				if len(further) > 0 {
					m.follow(further, append(a.Categories, store.Everything)...)
				}
			}
		}
		if step%40 == 39 {
			m.settled(now)
		}
	}
	m.settled(now)
	if err := m.Check(m.ctx()); err != nil {
		m.t.Error(err)
	}
}

// some are categories drawn by lot from four and the further ones.
func (m model) some(further ...int64) []int64 {
	var drawn []int64
	for _, c := range append(further, 1, 2, 3, 4) {
		if m.rand.IntN(3) == 0 {
			drawn = append(drawn, c)
		}
	}
	return drawn
}

// chose notes what a chat follows from now on.
func (m model) chose(chat int64, categories []int64, head int64) {
	before := m.since[chat]
	m.since[chat] = map[int64]int64{}
	for _, c := range categories {
		m.since[chat][c] = head
		if from, ok := before[c]; ok {
			m.since[chat][c] = from
		}
	}
}

// follow notes that news of these categories are owed to their active followers, but not to those who follow one of already.
func (m model) follow(news []int64, already ...int64) {
	for _, id := range m.chats {
		c := m.see(id)
		follows := func(category int64) bool { return slices.Contains(c.Categories, category) }
		if c.State == store.Active && slices.ContainsFunc(news, follows) && !slices.ContainsFunc(already, follows) {
			m.owed[id] = true
		}
	}
}

// newsFor reports whether the log holds news above the number that the chat is owed.
func (m model) newsFor(chat, above int64) bool {
	since := m.since[chat]
	for _, e := range m.entries(above) {
		owed := false
		for category, from := range since {
			if from < e.Seq && (category == store.Everything || slices.Contains(e.Categories, category)) {
				owed = true
			}
		}
		for category := range since {
			if slices.Contains(e.Already, category) || category == store.Everything && len(e.Already) > 0 {
				owed = false
			}
		}
		if owed {
			return true
		}
	}
	return false
}

// settled lets the marking end and checks that every chat that is owed something is due.
func (m model) settled(now time.Time) {
	m.t.Helper()
	for i := 0; m.markDue(now, 25); i++ {
		if i > 1000 {
			m.t.Fatal("the marking does not end")
		}
	}
	due := m.due(now.Add(1000 * time.Hour))
	for id := range m.owed {
		if !slices.Contains(due, id) {
			m.t.Errorf("chat %d is owed something and not due", id)
		}
	}
}
