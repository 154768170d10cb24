package delivery_test

import (
	"strings"
	"testing"

	"github.com/harkara/harkara/store"
)

func TestWhatIsKnownToHaveArrivedIsNeitherDoubtedNorSentAgainAfterACrash(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	chat, err := h.store.Chat(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	first := h.publish("প্রথম খবর")
	h.write(func(tx store.Tx) error {
		post := store.Post{Shape: store.Single, Articles: []int64{first.ID}, At: first.FirstSeen}
		if err := tx.SavePost(t.Context(), &post); err != nil {
			return err
		}
		sent := store.Sent{Post: post.ID, Chat: chat.ID, Message: 7}
		return tx.SetWindow(t.Context(), store.Window{Arrivals: []store.Arrival{{Sent: sent, Upto: first.Seq}}})
	})
	stop := h.open()
	defer stop()
	h.publish("দ্বিতীয় খবর")
	got := h.gets(reader.Chat(), 1)
	h.settled()
	if len(got) != 1 || len(reader.Chat().FromBots()) != 1 || !strings.HasPrefix(got[0], "দ্বিতীয় খবর") {
		t.Errorf("the reader got %q", got)
	}
	if _, err := h.store.SentMessage(t.Context(), chat.ID, 7); err != nil {
		t.Errorf("the message that had arrived is not known: %v", err)
	}
	if counts, err := h.store.CountDoubts(t.Context()); err != nil || len(counts) > 0 {
		t.Errorf("doubts are %v: %v", counts, err)
	}
}

func TestWhatArrivedBeforeACrashLeavesTheRestOwed(t *testing.T) {
	t.Parallel()
	for name, breaking := range map[string]bool{"news in turn": false, "breaking news": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			reader := h.reader(1000)
			chat, err := h.store.Chat(t.Context(), 1000)
			if err != nil {
				t.Fatal(err)
			}
			a, shape := h.publish("প্রথম খবর"), store.Single
			h.publish("দ্বিতীয় খবর")
			upto := a.Seq
			h.write(func(tx store.Tx) error {
				if breaking {
					news := store.BreakingNews{Article: a.ID, At: h.now(), By: 77}
					if _, err := tx.MakeBreaking(t.Context(), &news); err != nil {
						return err
					}
					upto, shape = news.Seq, store.Alarm
				}
				post := store.Post{Shape: shape, Articles: []int64{a.ID}, At: a.FirstSeen}
				if err := tx.SavePost(t.Context(), &post); err != nil {
					return err
				}
				sent := store.Sent{Post: post.ID, Chat: chat.ID, Message: 7}
				return tx.SetWindow(t.Context(), store.Window{Arrivals: []store.Arrival{{Sent: sent, Upto: upto, Breaking: breaking, Again: true}}})
			})
			stop := h.open()
			defer stop()
			got := h.gets(reader.Chat(), 1)
			h.settled()
			if len(got) != 1 || len(reader.Chat().FromBots()) != 1 || !strings.HasPrefix(got[0], "দ্বিতীয় খবর") {
				t.Errorf("the reader got %q", got)
			}
		})
	}
}
