package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) save(c store.Chat) store.Chat {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveChat(ctx, &c) })
	return c
}

func chats(t *testing.T, open Open) {
	cases(t, open, map[string]func(*testing.T, house){
		"are kept whole": func(t *testing.T, h house) {
			h.article("before", morning, nil)
			full := store.Chat{
				TelegramID: -1001234567890123, Kind: store.Channel, Title: "খবরের চ্যানেল", Username: "khobor", Language: "bn",
				State: store.Paused, StateReason: "by hand", StateAt: at(time.Second),
				Prefs: store.Prefs{
					Mode: store.Digest, DigestAt: []int{450, 1200}, QuietFrom: 1380, QuietTo: 360, Zone: "Asia/Dhaka",
					Silent: true, NoImages: true, Thread: 17, Follow: []string{"মেট্রোরেল", "পদ্মা সেতু"}, Mute: []string{"ক্রিকেট"}, PausedUntil: at(time.Hour),
				},
				Categories: []int64{store.Everything, 3, 5}, JoinedAt: morning, Link: 4, Welcomed: true,
			}
			plain := store.Chat{TelegramID: 5, Kind: store.Private}
			for _, c := range []store.Chat{full, plain} {
				saved := h.save(c)
				c.ID, c.Bookmark = saved.ID, must[int64](t)(h.Head(t.Context()))
				if c.State == "" {
					c.State = store.Active
				}
				same(t, "the chat as set", saved, c)
				same(t, "the chat by our id", h.see(saved.ID), c)
				same(t, "the chat by Telegram's", must[store.Chat](t)(h.Chat(t.Context(), c.TelegramID)), c)
			}
		},
		"are known by Telegram's id": func(t *testing.T, h house) {
			h.chat(5)
			h.chat(-1001234567890123)
			same(t, "of several", must[map[int64]bool](t)(h.KnownChats(t.Context(), []int64{4, 5, 5, -1001234567890123, 1 << 52})),
				map[int64]bool{5: true, -1001234567890123: true})
			same(t, "of none", must[map[int64]bool](t)(h.KnownChats(t.Context(), nil)), map[int64]bool{})
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.SaveChat(ctx, &store.Chat{TelegramID: 4, Kind: store.Private}); err != nil {
					return err
				}
				same(t, "within the transaction", must[map[int64]bool](t)(tx.KnownChats(ctx, []int64{4})), map[int64]bool{4: true})
				return nil
			})
		},
		"of a crowd that was looked for before are kept one by one": func(t *testing.T, h house) {
			h.chat(1)
			crowd := make([]store.Chat, 150)
			wanted := make([]int64, len(crowd))
			for i := range crowd {
				wanted[i] = int64(i + 2)
				crowd[i] = store.Chat{
					TelegramID: wanted[i], Kind: store.Private, State: store.Active, Language: "bn", Title: fmt.Sprint("পাঠক ", i),
					JoinedAt: at(time.Duration(i) * time.Second), Link: int64(i % 3), Categories: []int64{int64(i % 2), 7}[:1+i%2],
				}
			}
			crowd[5].State, crowd[6].Welcomed = store.Stopped, true
			crowd[7].Prefs.Follow = []string{"নদী"}
			h.write(func(ctx context.Context, tx store.Tx) error {
				same(t, "before", must[map[int64]bool](t)(tx.KnownChats(ctx, wanted)), nil)
				for i := range crowd {
					if i == 100 {
						same(t, "on the way", must[store.Chat](t)(tx.Chat(ctx, crowd[99].TelegramID)), crowd[99])
						if err := tx.MoveChat(ctx, 1, 300); err != nil {
							return err
						}
					}
					if err := tx.SaveChat(ctx, &crowd[i]); err != nil {
						return err
					}
				}
				return nil
			})
			for i, c := range crowd {
				same(t, "what is kept", h.see(c.ID), c)
				if i > 0 && c.ID <= crowd[i-1].ID {
					t.Errorf("the number %d follows %d", c.ID, crowd[i-1].ID)
				}
			}
			same(t, "after", len(must[map[int64]bool](t)(h.KnownChats(t.Context(), wanted))), len(crowd))
			if err := h.Check(t.Context()); err != nil {
				t.Error(err)
			}
		},
		"that came after they were looked for are refused, and nobody else": func(t *testing.T, h house) {
			h.chat(1)
			h.write(func(ctx context.Context, tx store.Tx) error {
				same(t, "before", must[map[int64]bool](t)(tx.KnownChats(ctx, []int64{2, 3, 4})), nil)
				if err := tx.MoveChat(ctx, 1, 3); err != nil {
					return err
				}
				for id, want := range map[int64]error{2: nil, 3: store.ErrTaken, 4: nil} {
					err := tx.SaveChat(ctx, &store.Chat{TelegramID: id, Kind: store.Private})
					isErr(t, fmt.Sprint("chat ", id), err, want)
				}
				isErr(t, "a second time", tx.SaveChat(ctx, &store.Chat{TelegramID: 2, Kind: store.Private}), store.ErrTaken)
				return nil
			})
			same(t, "after", must[map[int64]bool](t)(h.KnownChats(t.Context(), []int64{1, 2, 3, 4})), map[int64]bool{2: true, 3: true, 4: true})
		},
		"that are not there are not found": func(t *testing.T, h house) {
			_, err := h.Chat(t.Context(), 5)
			isErr(t, "by Telegram's id", err, store.ErrNotFound)
			_, err = h.ChatByID(t.Context(), 5)
			isErr(t, "by our id", err, store.ErrNotFound)
			err = h.Write(t.Context(), func(tx store.Tx) error {
				return tx.SaveChat(t.Context(), &store.Chat{ID: 5, TelegramID: 5, Kind: store.Private})
			})
			isErr(t, "saving", err, store.ErrNotFound)
			err = h.Write(t.Context(), func(tx store.Tx) error { return tx.Subscribe(t.Context(), 5, []int64{1}) })
			isErr(t, "subscribing", err, store.ErrNotFound)
		},
		"are refused when their id is known or their kind is not": func(t *testing.T, h house) {
			h.chat(5)
			err := h.Write(t.Context(), func(tx store.Tx) error {
				return tx.SaveChat(t.Context(), &store.Chat{TelegramID: 5, Kind: store.Private})
			})
			isErr(t, "an id that is known", err, store.ErrTaken)
			for _, c := range []store.Chat{{TelegramID: 6, Kind: "forum"}, {TelegramID: 6, Kind: store.Private, State: "asleep"}} {
				if err := h.Write(t.Context(), func(tx store.Tx) error { return tx.SaveChat(t.Context(), &c) }); err == nil {
					t.Errorf("the chat %+v was taken", c)
				}
			}
		},
		"keep categories, bookmark and welcome when they are changed": func(t *testing.T, h house) {
			c := h.chat(5, 1, 2)
			h.article("a", morning, []int64{1})
			changed := c
			changed.Title, changed.Kind, changed.Prefs.Silent, changed.TelegramID = "নতুন নাম", store.Group, true, -7
			changed.Categories, changed.Bookmark, changed.Welcomed = []int64{9}, 77, true
			h.save(changed)
			changed.Categories, changed.Bookmark, changed.Welcomed = c.Categories, c.Bookmark, false
			same(t, "the chat", h.see(c.ID), changed)
		},
		"have ids that rise as they join and are not given again": func(t *testing.T, h house) {
			a, b := h.chat(9), h.chat(4)
			if b.ID <= a.ID {
				t.Errorf("the second has %d, the first %d", b.ID, a.ID)
			}
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, b.ID) })
			if c := h.chat(4); c.ID <= b.ID {
				t.Errorf("the number %d was given again", c.ID)
			}
		},
		"that stop being active are not due, and begin anew when they are again": func(t *testing.T, h house) {
			for i, state := range []store.ChatState{store.Paused, store.Stopped, store.Blocked, store.Unpostable, store.Gone} {
				c := h.chat(int64(100+i), 1)
				h.article("a"+string(state), morning, []int64{1})
				h.markAll(morning)
				same(t, "due while active", h.due(morning), []int64{c.ID})
				c.State, c.StateReason, c.StateAt = state, "why", at(time.Minute)
				h.save(c)
				same(t, "due while "+string(state), h.due(at(time.Hour)), nil)
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.MakeDue(ctx, c.ID, morning) })
				missed := h.article("b"+string(state), morning, []int64{1})
				h.markAll(morning)
				h.settle(store.Visit{Chat: c.ID, Next: morning})
				same(t, "made due while "+string(state), h.due(at(time.Hour)), nil)
				same(t, "the next due", must[time.Time](t)(h.NextDue(t.Context())), time.Time{})
				same(t, "the chat", h.see(c.ID), c)

				c.State, c.StateReason, c.StateAt = store.Active, "", time.Time{}
				c = h.save(c)
				same(t, "the bookmark as set", c.Bookmark, missed.Seq)
				same(t, "the chat again", h.see(c.ID), c)
				same(t, "what it follows again", h.see(c.ID).Categories, []int64{1})
				h.markAll(morning)
				same(t, "due for what it missed", h.due(at(time.Hour)), nil)
				c.State = store.Gone
				h.save(c)
			}
		},
		"that stay active keep their bookmark and remain due": func(t *testing.T, h house) {
			c := h.chat(1, 1)
			h.article("a", morning, []int64{1})
			h.markAll(morning)
			c.Title = "নতুন"
			h.save(c)
			same(t, "due", h.due(morning), []int64{c.ID})
			same(t, "the bookmark", h.see(c.ID).Bookmark, c.Bookmark)
		},
		"follow exactly the categories said, each from when it was chosen": func(t *testing.T, h house) {
			c := h.chat(1, 1, 2)
			a := h.article("a", morning, []int64{1})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Subscribe(ctx, c.ID, []int64{3, 2, 3}) })
			same(t, "what it follows", h.see(c.ID).Categories, []int64{2, 3})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.MakeDue(ctx, c.ID, morning) })
			due := must[[]store.Due](t)(h.DueChats(t.Context(), morning, 1, nil))
			same(t, "since when", due[0].Since, map[int64]int64{2: 0, 3: a.Seq})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Subscribe(ctx, c.ID, nil) })
			same(t, "what it follows in the end", h.see(c.ID).Categories, nil)
		},
		"are counted by kind and state": func(t *testing.T, h house) {
			h.chat(1, 1, 2)
			h.chat(2, 2, store.Everything)
			h.chatOf(store.Channel, -3, 2)
			asleep := h.chat(4, 2)
			asleep.State = store.Blocked
			h.save(asleep)
			same(t, "the chats", must[map[store.ChatKind]map[store.ChatState]int](t)(h.CountChats(t.Context())), map[store.ChatKind]map[store.ChatState]int{
				store.Private: {store.Active: 2, store.Blocked: 1},
				store.Channel: {store.Active: 1},
			})
		},
		"are remembered with who managed them": func(t *testing.T, h house) {
			a, b := h.chatOf(store.Channel, -1), h.chatOf(store.Group, -2)
			h.write(func(ctx context.Context, tx store.Tx) error {
				for _, m := range []struct {
					chat, user int64
					at         time.Time
				}{{a.ID, 7, at(0)}, {b.ID, 7, at(time.Minute)}, {a.ID, 8, at(time.Minute)}} {
					if err := tx.Manage(ctx, m.chat, m.user, m.at); err != nil {
						return err
					}
				}
				return nil
			})
			same(t, "the chats of 7", chatIDs(must[[]store.Chat](t)(h.ManagedChats(t.Context(), 7))), []int64{b.ID, a.ID})
			same(t, "the managers of a", must[[]int64](t)(h.Managers(t.Context(), a.ID)), []int64{8, 7})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Manage(ctx, a.ID, 7, at(time.Hour)) })
			same(t, "the chats of 7 later", chatIDs(must[[]store.Chat](t)(h.ManagedChats(t.Context(), 7))), []int64{a.ID, b.ID})
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.Unmanage(ctx, a.ID, 7) })
			same(t, "the chats of 7 in the end", chatIDs(must[[]store.Chat](t)(h.ManagedChats(t.Context(), 7))), []int64{b.ID})
		},
		"take their supergroup's id": func(t *testing.T, h house) {
			old := h.chatOf(store.Group, -5, 1)
			h.article("a", morning, []int64{1})
			h.markAll(morning)
			move := func() { h.write(func(ctx context.Context, tx store.Tx) error { return tx.MoveChat(ctx, -5, -1005) }) }
			move()
			old.TelegramID, old.Kind = -1005, store.Supergroup
			same(t, "the chat", h.see(old.ID), old)
			same(t, "due", h.due(morning), []int64{old.ID})
			_, err := h.Chat(t.Context(), -5)
			isErr(t, "the old id", err, store.ErrNotFound)
			move() // Telegram tells of it in both chats
			same(t, "the chat after a second time", h.see(old.ID), old)
			err = h.Write(t.Context(), func(tx store.Tx) error { return tx.MoveChat(t.Context(), -6, -1006) })
			isErr(t, "two ids that are unknown", err, store.ErrNotFound)
		},
		"become one when the supergroup is known already": func(t *testing.T, h house) {
			for name, order := range map[string]bool{"the group first": true, "the supergroup first": false} {
				base := int64(len(name)) * 100
				group := store.Chat{
					TelegramID: -base - 1, Kind: store.Group, Title: "পুরোনো", Prefs: store.Prefs{Silent: true}, Categories: []int64{1, 2}, State: store.Active,
				}
				super := store.Chat{TelegramID: -base - 2, Kind: store.Supergroup, Title: "নতুন", Username: "x", Categories: []int64{3}, State: store.Active}
				if order {
					group = h.save(group)
				} else {
					super = h.save(super)
				}
				h.article(name, morning, []int64{9})
				for i := range int64(100) { // so that the two do not stand together
					h.chat(base*1000 + i + 1)
				}
				if order {
					super = h.save(super)
				} else {
					group = h.save(group)
				}
				post := store.Post{Shape: store.Single, Articles: []int64{1}, At: morning}
				doubt := store.Doubt{Chat: super.ID, Since: morning}
				h.write(func(ctx context.Context, tx store.Tx) error {
					if err := tx.SavePost(ctx, &post); err != nil {
						return err
					}
					for _, s := range []store.Sent{{Post: post.ID, Chat: group.ID, Message: 4}, {Post: post.ID, Chat: super.ID, Message: 2, Photo: true}} {
						if err := tx.AddSent(ctx, s); err != nil {
							return err
						}
					}
					if err := tx.Manage(ctx, super.ID, 7, morning); err != nil {
						return err
					}
					if err := tx.MakeDue(ctx, super.ID, at(time.Hour)); err != nil {
						return err
					}
					if err := tx.AddDoubt(ctx, &doubt); err != nil {
						return err
					}
					return tx.MoveChat(ctx, group.TelegramID, super.TelegramID)
				})
				want := group
				want.TelegramID, want.Kind, want.Title, want.Username, want.Welcomed = super.TelegramID, store.Supergroup, super.Title, super.Username, true
				same(t, name+": the chat", h.see(group.ID), want)
				_, err := h.ChatByID(t.Context(), super.ID)
				isErr(t, name+": the other", err, store.ErrNotFound)
				same(t, name+": its last message", must[store.Sent](t)(h.LastSent(t.Context(), group.ID)),
					store.Sent{Post: post.ID, Chat: group.ID, Message: 2, Photo: true})
				_, err = h.SentMessage(t.Context(), group.ID, 4)
				isErr(t, name+": a message of the old group", err, store.ErrNotFound)
				same(t, name+": its managers", must[[]int64](t)(h.Managers(t.Context(), group.ID)), []int64{7})
				same(t, name+": its doubts", len(must[map[int64][]store.Doubt](t)(h.OpenDoubts(t.Context(), []int64{group.ID}))[group.ID]), 1)
				same(t, name+": due", h.due(at(time.Hour)), []int64{group.ID})
				if err := h.Check(t.Context()); err != nil {
					t.Error(err)
				}
				h.settle(store.Visit{Chat: group.ID, Upto: must[int64](t)(h.Head(t.Context()))})
			}
		},
		"that become one keep a wish to be left alone, and live if the new one does": func(t *testing.T, h house) {
			for i, c := range []struct{ old, known, want store.ChatState }{
				{store.Paused, store.Active, store.Paused},
				{store.Stopped, store.Active, store.Stopped},
				{store.Blocked, store.Active, store.Active},
				{store.Active, store.Blocked, store.Blocked},
				{store.Paused, store.Unpostable, store.Unpostable},
			} {
				from, to := int64(-10*i-11), int64(-10*i-12)
				old := h.save(store.Chat{TelegramID: from, Kind: store.Group, State: c.old, Categories: []int64{1}})
				h.save(store.Chat{TelegramID: to, Kind: store.Supergroup, State: c.known})
				a := h.article(string(c.old+c.known), morning, []int64{1})
				h.write(func(ctx context.Context, tx store.Tx) error { return tx.MoveChat(ctx, from, to) })
				got := h.see(old.ID)
				same(t, "the state of "+string(c.old)+" and "+string(c.known), got.State, c.want)
				if c.want == store.Active && got.Bookmark != a.Seq {
					t.Error("what it missed while it was not active is owed")
				}
			}
		},
		"are forgotten whole": func(t *testing.T, h house) {
			c := h.chat(77, store.Everything)
			other := h.chatOf(store.Channel, -1)
			post := store.Post{Shape: store.Single, Articles: []int64{1}, At: morning}
			doubt := store.Doubt{Chat: c.ID, Post: 5, Since: morning}
			h.article("a", morning, nil)
			h.markAll(morning)
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.SavePost(ctx, &post); err != nil {
					return err
				}
				if err := tx.Settle(ctx, store.Visit{Chat: c.ID, Next: morning, Sent: &store.Sent{Post: post.ID, Chat: c.ID, Message: 3}}); err != nil {
					return err
				}
				if err := tx.AddDoubt(ctx, &doubt); err != nil {
					return err
				}
				if err := tx.Manage(ctx, other.ID, 77, morning); err != nil {
					return err
				}
				if err := tx.Owe(ctx, &store.Answer{TelegramID: 77, At: morning}); err != nil {
					return err
				}
				if err := tx.SaveForLater(ctx, c.ID, 1, morning); err != nil {
					return err
				}
				if err := tx.SaveEditor(ctx, store.Editor{User: 77, Name: "বিদায়ী", Role: store.EditorRole, Since: morning}); err != nil {
					return err
				}
				if err := tx.AddLink(ctx, &store.Link{Code: "abc", CreatedBy: 77, CreatedAt: morning}); err != nil {
					return err
				}
				return tx.ForgetChat(ctx, c.ID)
			})
			_, err := h.Chat(t.Context(), 77)
			isErr(t, "the chat", err, store.ErrNotFound)
			same(t, "due", h.due(at(time.Hour)), nil)
			same(t, "its messages", must[[]store.Sent](t)(h.SentCopies(t.Context(), post.ID, 0, 10)), nil)
			same(t, "its answers", must[[]store.Answer](t)(h.Answers(t.Context(), 0, 10)), nil)
			same(t, "what its person managed", must[[]int64](t)(h.Managers(t.Context(), other.ID)), nil)
			same(t, "its person's role", must[[]store.Editor](t)(h.Editors(t.Context())), nil)
			for _, l := range must[[]store.Link](t)(h.Links(t.Context())) {
				same(t, "who made the link", l.CreatedBy, 0)
			}
			same(t, "its doubts", must[[]store.Doubt](t)(h.Doubts(t.Context(), store.DoubtOpen, 10)), nil)
			same(t, "the count of doubts", must[map[store.DoubtState]int](t)(h.CountDoubts(t.Context())), map[store.DoubtState]int{store.DoubtSkipped: 1})
			h.settle(store.Visit{Chat: c.ID, Upto: 1, Next: morning, Sent: &store.Sent{Post: post.ID, Chat: c.ID, Message: 4}})
			same(t, "what is recorded of it afterwards", must[[]store.Sent](t)(h.SentCopies(t.Context(), post.ID, 0, 10)), nil)
		},
	})
}
