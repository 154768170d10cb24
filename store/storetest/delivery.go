package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) makeDue(chat int64, when time.Time) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.MakeDue(ctx, chat, when) })
}

func delivery(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"due chats come longest waiting first, then in joining order": func(t *testing.T, h house) {
			a, b, c, d := h.chat(40), h.chat(30), h.chat(20), h.chat(10)
			h.makeDue(a.ID, at(time.Second))
			h.makeDue(d.ID, morning)
			h.makeDue(c.ID, morning)
			h.makeDue(b.ID, at(time.Minute))
			same(t, "due before", h.due(at(-time.Millisecond)), nil)
			same(t, "due", h.due(at(time.Second)), []int64{c.ID, d.ID, a.ID})
			due := must[[]store.Due](t)(h.DueChats(t.Context(), at(time.Second), 2, map[int64]bool{c.ID: true, 999: true, b.ID: true}))
			if len(due) != 2 || due[0].Chat.ID != d.ID || due[1].Chat.ID != a.ID {
				t.Errorf("due without those to skip: %+v", due)
			}
			same(t, "since when", due[1].At, at(time.Second))
			same(t, "the chat", due[1].Chat, a)
			same(t, "none asked for", must[[]store.Due](t)(h.DueChats(t.Context(), at(time.Hour), 0, nil)), nil)
		},
		"the next due is the earliest": func(t *testing.T, h house) {
			same(t, "when nothing is due", must[time.Time](t)(h.NextDue(t.Context())), time.Time{})
			a, b := h.chat(1), h.chat(2)
			h.makeDue(a.ID, at(time.Hour))
			h.makeDue(b.ID, at(time.Minute))
			same(t, "the next", must[time.Time](t)(h.NextDue(t.Context())), at(time.Minute))
		},
		"a chat is made due earlier, never later": func(t *testing.T, h house) {
			c := h.chat(1)
			for _, step := range []struct{ made, want time.Duration }{{time.Hour, time.Hour}, {2 * time.Hour, time.Hour}, {time.Minute, time.Minute}} {
				h.makeDue(c.ID, at(step.made))
				same(t, "the next", must[time.Time](t)(h.NextDue(t.Context())), at(step.want))
			}
		},
		"readers await their welcome until a message reached them": func(t *testing.T, h house) {
			first, second, third, fourth := h.chat(1), h.chat(2), h.chat(3), h.chat(4)
			h.chatOf(store.Channel, -5)
			asleep := h.chat(6)
			asleep.State = store.Blocked
			h.save(asleep)
			h.save(store.Chat{TelegramID: 7, Kind: store.Private, Welcomed: true})
			waiting := func(skip map[int64]bool, limit int) []int64 {
				return chatIDs(must[[]store.Chat](t)(h.Unwelcomed(t.Context(), limit, skip)))
			}
			same(t, "the newest first", waiting(nil, 10), []int64{fourth.ID, third.ID, second.ID, first.ID})
			same(t, "with one to skip", waiting(map[int64]bool{fourth.ID: true}, 2), []int64{third.ID, second.ID})

			post := store.Post{Shape: store.Single, Articles: []int64{1}, At: morning}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SavePost(ctx, &post) })
			h.settle(store.Visit{Chat: fourth.ID, Sent: &store.Sent{Post: post.ID, Chat: fourth.ID, Message: 1}})
			h.settle(store.Visit{Chat: third.ID})
			h.settle(store.Visit{Chat: second.ID, Welcomed: true})
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.AddSent(ctx, store.Sent{Post: post.ID, Chat: first.ID, Message: 1})
			})
			same(t, "after messages", waiting(nil, 10), []int64{third.ID})
			same(t, "the one that got one", h.see(fourth.ID).Welcomed, true)
			same(t, "the one that got none", h.see(third.ID).Welcomed, false)
		},
		"a settled visit moves the bookmark and says when the chat is due again": func(t *testing.T, h house) {
			c := h.chat(1, 1)
			a, b := h.article("a", morning, []int64{1}), h.article("b", morning, []int64{1})
			h.markAll(morning)
			post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: morning}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SavePost(ctx, &post) })
			h.settle(store.Visit{Chat: c.ID, Upto: a.Seq, Next: at(time.Minute), Sent: &store.Sent{Post: post.ID, Chat: c.ID, Message: 8, Photo: true}})
			same(t, "the bookmark", h.see(c.ID).Bookmark, a.Seq)
			same(t, "the next due", must[time.Time](t)(h.NextDue(t.Context())), at(time.Minute))
			same(t, "the message", must[store.Sent](t)(h.SentMessage(t.Context(), c.ID, 8)), store.Sent{Post: post.ID, Chat: c.ID, Message: 8, Photo: true})
			h.settle(store.Visit{Chat: c.ID, Upto: b.Seq})
			same(t, "the bookmark", h.see(c.ID).Bookmark, b.Seq)
			same(t, "due in the end", must[time.Time](t)(h.NextDue(t.Context())), time.Time{})
		},
		"a bookmark never goes back": func(t *testing.T, h house) {
			c := h.chat(1, 1)
			a, b := h.article("a", morning, []int64{1}), h.article("b", morning, []int64{1})
			h.settle(store.Visit{Chat: c.ID, Upto: b.Seq})
			h.settle(store.Visit{Chat: c.ID, Upto: a.Seq})
			h.settle(store.Visit{Chat: c.ID})
			same(t, "the bookmark", h.see(c.ID).Bookmark, b.Seq)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.AddDoubt(ctx, &store.Doubt{Chat: c.ID, Upto: b.Seq + 5, Since: morning})
			})
			same(t, "the bookmark after a doubt", h.see(c.ID).Bookmark, b.Seq)
		},
		"what comes while a message is under way keeps the chat due": func(t *testing.T, h house) {
			follows, all, other := h.chat(1, 1), h.chat(2, store.Everything), h.chat(3, 2)
			both := h.article("both", morning, []int64{1, 2})
			h.markAll(morning)
			// All three are visited; before the answers come, there is more.
			late := h.article("late", at(time.Second), []int64{1})
			h.article("old", at(time.Second), []int64{2}, history)
			h.markAll(at(time.Second))
			for _, c := range []store.Chat{follows, all, other} {
				h.settle(store.Visit{Chat: c.ID, Upto: both.Seq})
			}
			same(t, "due", h.due(at(time.Hour)), []int64{follows.ID, all.ID})
			for _, c := range []store.Chat{follows, all} {
				h.settle(store.Visit{Chat: c.ID, Upto: late.Seq})
			}
			same(t, "due in the end", h.due(at(time.Hour)), nil)
		},
		"what came before a chat followed its category does not": func(t *testing.T, h house) {
			c := h.chat(1, 1)
			a := h.article("a", morning, []int64{1})
			h.article("b", morning, []int64{2})
			h.markAll(morning)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Subscribe(ctx, c.ID, []int64{1, 2}) })
			h.settle(store.Visit{Chat: c.ID, Upto: a.Seq})
			same(t, "due", h.due(at(time.Hour)), nil)
		},
		"the window is what the last commit said": func(t *testing.T, h house) {
			same(t, "the first window", must[store.Window](t)(h.Window(t.Context())), store.Window{})
			full := store.Window{
				Flights: []store.Flight{
					{Answer: 12},
					{Chat: 3, Post: 1 << 40, Upto: 1 << 62},
					{Chat: 5, Post: 9, Upto: 7},
					{Chat: 1 << 62, Post: 8, Upto: 0, Answer: 1},
				},
				Arrivals: []store.Arrival{
					{Sent: store.Sent{Post: 9, Chat: 4, Message: 77, Photo: true}, Upto: 7},
					{Sent: store.Sent{Post: 9, Chat: 6, Message: 12}, Upto: 7, Again: true},
					{Sent: store.Sent{Post: 9, Chat: 6, Message: 13}, Upto: 8},
					{Sent: store.Sent{Post: 1 << 40, Chat: 1 << 62, Message: 1 << 40, Photo: true}, Upto: 1 << 62, Breaking: true, Again: true},
				},
			}
			for what, w := range map[string]store.Window{
				"all of it": full, "flights alone": {Flights: full.Flights[1:2]}, "arrivals alone": {Arrivals: full.Arrivals[2:]}, "nothing": {},
			} {
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetWindow(ctx, w) })
				got := must[store.Window](t)(h.Window(t.Context()))
				slices.SortFunc(got.Flights, func(a, b store.Flight) int { return cmp.Compare(a.Chat, b.Chat) })
				slices.SortFunc(got.Arrivals, func(a, b store.Arrival) int { return cmp.Or(cmp.Compare(a.Post, b.Post), cmp.Compare(a.Upto, b.Upto)) })
				same(t, what, got, w)
			}
		},
		"doubts are kept, mentioned, closed and counted": func(t *testing.T, h house) {
			c, other := h.chat(1), h.chat(2)
			add := func(d store.Doubt) store.Doubt {
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.AddDoubt(ctx, &d) })
				return d
			}
			second := add(store.Doubt{Chat: c.ID, Post: 4, Upto: 9, Since: at(time.Minute)})
			first := add(store.Doubt{Chat: c.ID, Post: 3, Upto: 8, Since: morning, State: store.DoubtOpen})
			others := add(store.Doubt{Chat: other.ID, Since: at(time.Hour)})
			answer := add(store.Doubt{Since: at(2 * time.Hour), State: store.DoubtSkipped})
			same(t, "its state", second.State, store.DoubtOpen)

			same(t, "all", must[[]store.Doubt](t)(h.Doubts(t.Context(), "", 10)), []store.Doubt{first, second, others, answer})
			same(t, "the oldest open ones", must[[]store.Doubt](t)(h.Doubts(t.Context(), store.DoubtOpen, 2)), []store.Doubt{first, second})
			same(t, "by chat", must[map[int64][]store.Doubt](t)(h.OpenDoubts(t.Context(), []int64{c.ID, 999})), map[int64][]store.Doubt{c.ID: {first, second}})

			h.settle(store.Visit{Chat: c.ID, Doubts: []int64{first.ID, answer.ID, others.ID}})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.CloseDoubt(ctx, second.ID, store.DoubtArrived) })
			same(t, "by chat", must[map[int64][]store.Doubt](t)(h.OpenDoubts(t.Context(), []int64{c.ID, other.ID})),
				map[int64][]store.Doubt{other.ID: {others}})
			same(t, "the count", must[map[store.DoubtState]int](t)(h.CountDoubts(t.Context())),
				map[store.DoubtState]int{store.DoubtOpen: 1, store.DoubtMentioned: 1, store.DoubtArrived: 1, store.DoubtSkipped: 1})
			err := h.Write(t.Context(), func(tx store.Tx) error { return tx.CloseDoubt(t.Context(), 999, store.DoubtArrived) })
			isErr(t, "one that is not there", err, store.ErrNotFound)
		},
		"the backlog sums up what is owed": func(t *testing.T, h house) {
			same(t, "at first", must[store.Backlog](t)(h.Backlog(t.Context(), morning)), store.Backlog{})
			a, b, c := h.chat(1), h.chat(2), h.chat(3)
			h.makeDue(a.ID, morning)
			h.makeDue(b.ID, at(-time.Hour))
			h.makeDue(c.ID, at(time.Millisecond))
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Owe(ctx, &store.Answer{At: morning}) })
			h.chat(4, store.Everything)
			h.article("a", morning, nil)
			same(t, "then", must[store.Backlog](t)(h.Backlog(t.Context(), morning)),
				store.Backlog{Due: 2, Oldest: at(-time.Hour), Later: 1, Marking: true, Answers: 1})
		},
	})
}
