// Package storetest holds the suite that every implementation of package store must pass: what the doc comments of the
// contract promise, one file per noun. It is only for tests.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harkara/harkara/store"
)

// Open returns an empty store, which the suite closes.
type Open func(t *testing.T) store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, part := range []struct {
		name string
		run  func(*testing.T, Open)
	}{
		{"Transactions", transactions},
		{"Categories", categories},
		{"Feeds", feeds},
		{"Articles", articles},
		{"Search", search},
		{"Chats", chats},
		{"Delivery", delivery},
		{"Marking", marking},
		{"Sent", sent},
		{"Withdrawals", withdrawals},
		{"Saved", saved},
		{"Broadcasts", broadcasts},
		{"Breaking news", breaking},
		{"Responses", responses},
		{"Schedules", schedules},
		{"Updates", updates},
		{"Links", links},
		{"Editors", editors},
		{"Events", events},
		{"Approvals", approvals},
		{"Settings", settings},
		{"Figures", figures},
		{"Prune", prune},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t, open)
		})
	}
}

// house is a store under test with the few words the tests are written in.
type house struct {
	store.Store
	t *testing.T
}

// cases runs each test on a store of its own.
func cases(t *testing.T, open Open, tests map[string]func(*testing.T, house)) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Errorf("the store did not close: %v", err)
				}
			})
			test(t, house{s, t})
		})
	}
}

// morning is when the tests begin.
var morning = time.Date(2026, 3, 26, 1, 30, 0, int(250*time.Millisecond), time.UTC)

func at(d time.Duration) time.Time { return morning.Add(d) }

func (h house) ctx() context.Context { return h.t.Context() }

// write runs the changes in one transaction.
func (h house) write(changes ...func(ctx context.Context, tx store.Tx) error) {
	h.t.Helper()
	err := h.Write(h.ctx(), func(tx store.Tx) error {
		for _, change := range changes {
			if err := change(h.ctx(), tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatalf("write: %v", err)
	}
}

// must returns the value of a call that may not fail.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// same compares, taking an empty slice or map for none.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (- wanted, + got):\n%s", what, diff)
	}
}

func isErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got the error %v, wanted %v", what, err, want)
	}
}

// chat adds a private chat that follows the categories.
func (h house) chat(telegramID int64, categories ...int64) store.Chat {
	h.t.Helper()
	return h.chatOf(store.Private, telegramID, categories...)
}

func (h house) chatOf(kind store.ChatKind, telegramID int64, categories ...int64) store.Chat {
	h.t.Helper()
	c := store.Chat{
		TelegramID: telegramID, Kind: kind, Title: fmt.Sprint("চ্যাট ", telegramID), Language: "bn",
		State: store.Active, JoinedAt: morning, Categories: categories,
	}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveChat(ctx, &c) })
	return c
}

// see returns the chat as it is kept.
func (h house) see(id int64) store.Chat {
	h.t.Helper()
	return must[store.Chat](h.t)(h.ChatByID(h.ctx(), id))
}

// article adds an article with this GUID to the categories; edit may change it before.
func (h house) article(guid string, when time.Time, categories []int64, edit ...func(*store.Article)) store.Article {
	h.t.Helper()
	a := store.Article{
		Feed: 1, Source: "দৈনিক", GUID: guid, URL: "https://example.com/" + guid, Title: "শিরোনাম " + guid, Headline: "শিরোনাম " + guid,
		Summary: []string{"প্রথম বাক্য।", "দ্বিতীয় বাক্য।"}, Text: "প্রথম বাক্য। দ্বিতীয় বাক্য।\nতৃতীয় বাক্য।", Image: "https://example.com/a.jpg",
		Published: when, FirstSeen: when, Categories: categories, Fingerprint: 1<<63 + 5,
	}
	for _, e := range edit {
		e(&a)
	}
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.AddArticle(ctx, &a, nil, store.Index{}) })
	return a
}

// markAll makes due, at the given time, all chats the news concern.
func (h house) markAll(now time.Time) {
	h.t.Helper()
	for more := true; more; {
		h.write(func(ctx context.Context, tx store.Tx) (err error) {
			more, err = tx.MarkDue(ctx, now, 100)
			return err
		})
	}
}

// due lists the chats due at a time, by id.
func (h house) due(now time.Time) []int64 {
	h.t.Helper()
	var ids []int64
	for _, d := range must[[]store.Due](h.t)(h.DueChats(h.ctx(), now, 1000, nil)) {
		ids = append(ids, d.Chat.ID)
	}
	return ids
}

func (h house) settle(v store.Visit) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.Settle(ctx, v) })
}

func articleIDs(articles []store.Article) []int64 {
	var ids []int64
	for _, a := range articles {
		ids = append(ids, a.ID)
	}
	return ids
}

func chatIDs(chats []store.Chat) []int64 {
	var ids []int64
	for _, c := range chats {
		ids = append(ids, c.ID)
	}
	return ids
}

func sorted(ids []int64) []int64 { return slices.Sorted(slices.Values(ids)) }
