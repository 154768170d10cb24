package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harkara/harkara/store"
)

// draft keeps a broadcast to all readers in the given state.
func (h house) draft(state store.BroadcastState, change ...func(*store.Broadcast)) store.Broadcast {
	h.t.Helper()
	b := store.Broadcast{
		State: state, Author: 77, CreatedAt: morning, Audience: store.Audience{Kind: store.AudienceReaders}, Total: 3,
		Source: 77, Messages: []int{5, 6}, Kind: "album", Title: "মেলা", Album: "g", Version: 2,
	}
	for _, change := range change {
		change(&b)
	}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveBroadcast(ctx, &b) })
	return b
}

func (h house) step(s store.BroadcastStep) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.StepBroadcast(ctx, s) })
}

func (h house) turn(id int64, to store.BroadcastState, from ...store.BroadcastState) (turned bool) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) (err error) {
		turned, err = tx.TurnBroadcast(ctx, id, from, to, at(time.Hour), "editor", "detail", 78)
		return err
	})
	return turned
}

// copies reads all that a broadcast has sent.
func (h house) copies(id int64) (all []store.Copy) {
	h.t.Helper()
	for after := int64(0); ; {
		batch, err := h.BroadcastCopies(h.ctx(), id, after)
		if err != nil {
			isErr(h.t, "the end of the copies", err, store.ErrNotFound)
			return all
		}
		all, after = append(all, batch.Copies...), batch.Number
	}
}

func broadcasts(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"AreReadAsTheyWereSaved": func(t *testing.T, h house) {
			b := h.draft(store.BroadcastComposing, func(b *store.Broadcast) {
				b.StartAt, b.ExpiresAt, b.GatherAt = at(time.Hour), at(2*time.Hour), at(time.Second)
				b.Trial, b.Screen, b.Request, b.Reason, b.Detail, b.By = true, 9, []byte("{}"), "r", "d", 4
				b.Audience = store.Audience{Kind: store.AudienceSeen, Days: 7}
			})
			same(t, "the broadcast", must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID)), b)
			b.Title, b.Messages, b.GatherAt = "অন্য", []int{8}, time.Time{}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveBroadcast(ctx, &b) })
			same(t, "the draft", must[store.Broadcast](t)(h.Draft(h.ctx(), 77)), b)
			_, err := h.Draft(h.ctx(), 78)
			isErr(t, "the draft of another", err, store.ErrNotFound)
			same(t, "what was sent", must[[]store.Broadcast](t)(h.Broadcasts(h.ctx(), 5)), nil)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.DropBroadcast(ctx, b.ID) })
			_, err = h.Broadcast(h.ctx(), b.ID)
			isErr(t, "a dropped one", err, store.ErrNotFound)
		},
		"OnlyLiveOnesAreLookedAtAndTheNewestComeFirst": func(t *testing.T, h house) {
			var live []int64
			for _, s := range []store.BroadcastState{
				store.BroadcastComposing, store.BroadcastReady, store.BroadcastRunning, store.BroadcastPaused, store.BroadcastDone, store.BroadcastCancelled,
				store.BroadcastDeleting, store.BroadcastDeleted,
			} {
				b := h.draft(s)
				switch s {
				case store.BroadcastComposing, store.BroadcastReady, store.BroadcastRunning, store.BroadcastDeleting:
					live = append(live, b.ID)
				}
			}
			ids := func(list []store.Broadcast) (ids []int64) {
				for _, b := range list {
					ids = append(ids, b.ID)
				}
				return ids
			}
			same(t, "live ones", ids(must[[]store.Broadcast](t)(h.LiveBroadcasts(h.ctx()))), live)
			same(t, "the newest", ids(must[[]store.Broadcast](t)(h.Broadcasts(h.ctx(), 2))), []int64{8, 7})
		},
		"AnAudienceHasWhomItNames": func(t *testing.T, h house) {
			sport := h.chat(1, 3)
			all := h.chat(2, store.Everything)
			stopped := h.chat(3, 3)
			place := h.chatOf(store.Channel, -4, 3)
			old := h.chat(5)
			h.write(func(ctx context.Context, tx store.Tx) error {
				stopped.State = store.Stopped
				if err := tx.SaveChat(ctx, &stopped); err != nil {
					return err
				}
				old.JoinedAt, old.Language, old.Link = at(-200*24*time.Hour), "en", 12
				return tx.SaveChat(ctx, &old)
			})
			days := store.Audience{Kind: store.AudienceSeen, Days: 3}
			for _, c := range []struct {
				a    store.Audience
				want []int64
			}{
				{store.Audience{Kind: store.AudienceReaders}, []int64{sport.ID, all.ID, old.ID}},
				{store.Audience{Kind: store.AudienceTopic, Category: 3}, []int64{sport.ID, all.ID}},
				{store.Audience{Kind: store.AudiencePlaces}, []int64{place.ID}},
				{store.Audience{Kind: store.AudienceLink, Link: 12}, []int64{old.ID}},
				{store.Audience{Kind: store.AudienceLanguage, Language: "en"}, []int64{old.ID}},
				{days, []int64{sport.ID, all.ID}},
			} {
				same(t, string(c.a.Kind), ids(must[[]store.Chat](t)(h.AudienceChats(h.ctx(), c.a, at(0), 0, 100, 10))), c.want)
				same(t, "the count of "+string(c.a.Kind), must[int](t)(h.CountAudience(h.ctx(), c.a, at(0))), len(c.want))
			}
			readers := store.Audience{Kind: store.AudienceReaders}
			same(t, "a page", ids(must[[]store.Chat](t)(h.AudienceChats(h.ctx(), readers, at(0), sport.ID, 100, 1))), []int64{all.ID})
			same(t, "up to the last", ids(must[[]store.Chat](t)(h.AudienceChats(h.ctx(), readers, at(0), 0, all.ID, 10))), []int64{sport.ID, all.ID})
			if _, err := h.CountAudience(h.ctx(), store.Audience{Kind: "stars"}, at(0)); err == nil {
				t.Error("an unknown audience was counted")
			}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SawChat(ctx, 5, at(0)) })
			same(t, "who came again", ids(must[[]store.Chat](t)(h.AudienceChats(h.ctx(), days, at(0), 0, 100, 10))), []int64{sport.ID, all.ID, old.ID})
			seen := must[store.Chat](t)(h.Chat(h.ctx(), 5)).Seen
			same(t, "the day", seen, time.Date(2026, 3, 26, 0, 0, 0, 0, time.UTC))
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SawChat(ctx, 5, at(-48*time.Hour)) })
			same(t, "the day after an older visit", must[store.Chat](t)(h.Chat(h.ctx(), 5)).Seen, seen)
			same(t, "four days later", must[int](t)(h.CountAudience(h.ctx(), days, at(4*24*time.Hour))), 0)
		},
		"AStartFreezesWhoIsLast": func(t *testing.T, h house) {
			h.chat(1)
			last := h.chat(2)
			b := h.draft(store.BroadcastReady)
			start := func() (started bool) {
				h.write(func(ctx context.Context, tx store.Tx) (err error) {
					started, err = tx.StartBroadcast(ctx, b.ID, at(time.Minute))
					return err
				})
				return started
			}
			if !start() || start() {
				t.Error("it does not start just once")
			}
			h.chat(3)
			got := must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID))
			same(t, "the state", got.State, store.BroadcastRunning)
			same(t, "the beginning", got.StartedAt, at(time.Minute))
			same(t, "the last", got.Progress, store.BroadcastProgress{Last: last.ID})
		},
		"ATurnIsTakenFromTheRightStateAlone": func(t *testing.T, h house) {
			b := h.draft(store.BroadcastRunning)
			if h.turn(b.ID, store.BroadcastDone, store.BroadcastPaused, store.BroadcastReady) {
				t.Error("it turned")
			}
			if !h.turn(b.ID, store.BroadcastCancelled, store.BroadcastPaused, store.BroadcastRunning) {
				t.Error("it did not turn")
			}
			got := must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID))
			b.State, b.Reason, b.Detail, b.By, b.EndedAt = store.BroadcastCancelled, "editor", "detail", 78, at(time.Hour)
			same(t, "the broadcast", got, b)
		},
		"StepsAddUp": func(t *testing.T, h house) {
			b := h.draft(store.BroadcastRunning)
			h.step(store.BroadcastStep{
				Broadcast: b.ID, Cursor: 4, At: at(0), Delivered: []store.Copy{{Chat: 1, Messages: []int{100, 101}}, {Chat: 3, Messages: []int{7}}},
				Missed: []store.Missed{{Chat: 2, Why: store.MissBlocked, At: at(0), Tries: 1}, {Chat: 4, Why: store.MissLater, At: at(time.Minute), Tries: 1}},
			})
			h.step(store.BroadcastStep{
				Broadcast: b.ID, Cursor: 3, At: at(0), Taken: []int64{4}, Delivered: []store.Copy{{Chat: 4, Messages: []int{90}}},
				Missed: []store.Missed{{Chat: 5, Why: store.MissLater, At: at(time.Hour)}, {Chat: 6, Why: store.MissUnknown, At: at(0)}},
			})
			same(t, "the progress", must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID)).Progress, store.BroadcastProgress{Cursor: 4, Delivered: 3})
			same(t, "the misses", must[map[store.Miss]int](t)(h.Misses(h.ctx(), b.ID)), map[store.Miss]int{store.MissBlocked: 1, store.MissLater: 1, store.MissUnknown: 1})
			same(t, "the unknown", must[[]store.Missed](t)(h.MissedChats(h.ctx(), b.ID, store.MissUnknown, 0, 9)), []store.Missed{{Chat: 6, Why: store.MissUnknown, At: at(0)}})
			same(t, "the unknown after the last", must[[]store.Missed](t)(h.MissedChats(h.ctx(), b.ID, store.MissUnknown, 6, 9)), nil)
			due, next, err := h.MissedLater(h.ctx(), b.ID, at(0), 9)
			if len(due) != 0 || !next.Equal(at(time.Hour)) || err != nil {
				t.Errorf("due are %v, next %v: %v", due, next, err)
			}
			n := 0
			h.write(func(ctx context.Context, tx store.Tx) (err error) {
				n, err = tx.RetryMissed(ctx, b.ID, []store.Miss{store.MissUnknown, store.MissBlocked}, at(0))
				return err
			})
			due, next, err = h.MissedLater(h.ctx(), b.ID, at(0), 1)
			if n != 2 || len(due) != 1 || due[0].Chat != 2 || due[0].Tries != 0 || !next.Equal(at(0)) || err != nil {
				t.Errorf("%d are tried again; due are %v, next %v: %v", n, due, next, err)
			}
			same(t, "the copies before the end", h.copies(b.ID), nil)
			h.turn(b.ID, store.BroadcastDone, store.BroadcastRunning)
			same(t, "the copies", h.copies(b.ID), []store.Copy{{Chat: 1, Messages: []int{100, 101}}, {Chat: 3, Messages: []int{7}}, {Chat: 4, Messages: []int{90}}})
			h.step(store.BroadcastStep{Broadcast: b.ID, Emptied: []int64{1}, Deleted: 2, Kept: 1})
			same(t, "the copies after they were deleted", h.copies(b.ID), nil)
			same(t, "the progress", must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID)).Progress, store.BroadcastProgress{Cursor: 4, Delivered: 3, Deleted: 2, Kept: 1})
		},
		"ManyCopiesAreKeptInBatches": func(t *testing.T, h house) {
			b := h.draft(store.BroadcastRunning)
			var want []store.Copy
			for i := range 2000 {
				c := store.Copy{Chat: int64(i*3 + 1), Messages: []int{900_000_000 - 7*i}}
				want = append(want, c)
				h.step(store.BroadcastStep{Broadcast: b.ID, Cursor: c.Chat, At: at(0), Delivered: []store.Copy{c}})
			}
			h.turn(b.ID, store.BroadcastDone, store.BroadcastRunning)
			if diff := cmp.Diff(want, h.copies(b.ID), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			var more bool
			h.write(func(ctx context.Context, tx store.Tx) (err error) {
				more, err = tx.Prune(ctx, at(2*time.Hour), time.Time{}, time.Time{}, 3)
				return err
			})
			if !more {
				t.Error("three rows were all there was")
			}
			h.write(func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Prune(ctx, at(2*time.Hour), time.Time{}, time.Time{}, 1000)
				return err
			})
			same(t, "the copies after pruning", h.copies(b.ID), nil)
			same(t, "what stays", must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID)).Progress.Delivered, 2000)
		},
		"TheWindowHoldsThemBesideTheNews": func(t *testing.T, h house) {
			w := store.Window{Flights: []store.Flight{{Chat: 5, Post: 2, Upto: 9}, {Chat: 3, Broadcast: 8}, {Chat: 1, Broadcast: 9}}}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetWindow(ctx, w) })
			same(t, "the window", must[store.Window](t)(h.Window(h.ctx())), w)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetWindow(ctx, store.Window{}) })
			same(t, "the empty window", must[store.Window](t)(h.Window(h.ctx())), store.Window{})
		},
		"WhoIsForgottenStandsInNone": func(t *testing.T, h house) {
			person := h.chat(77)
			b := h.draft(store.BroadcastRunning)
			h.draft(store.BroadcastComposing)
			h.step(store.BroadcastStep{Broadcast: b.ID, Missed: []store.Missed{{Chat: person.ID, Why: store.MissUnknown, At: at(0)}}})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, person.ID) })
			same(t, "the misses", must[map[store.Miss]int](t)(h.Misses(h.ctx(), b.ID)), nil)
			same(t, "the author", must[store.Broadcast](t)(h.Broadcast(h.ctx(), b.ID)).Author, 0)
			_, err := h.Draft(h.ctx(), 77)
			isErr(t, "the draft", err, store.ErrNotFound)
		},
	})
}

func ids(chats []store.Chat) (ids []int64) {
	for _, c := range chats {
		ids = append(ids, c.ID)
	}
	return ids
}
