package delivery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func (h *house) withdraw(chat store.Chat, a store.Article) {
	h.t.Helper()
	h.write(func(tx store.Tx) error {
		return tx.Withdraw(h.t.Context(), store.Withdrawal{Chat: chat.ID, Article: a.ID, At: time.Now()})
	})
}

// holds waits until the chat's messages of ours contain all of with and nothing of without.
func (h *house) holds(c *telegramtest.Chat, with, without []string) {
	h.t.Helper()
	fits := func(m []telegramtest.Message) bool {
		text := strings.Join(texts(m), "\n")
		for _, w := range with {
			if !strings.Contains(text, w) {
				return false
			}
		}
		for _, w := range without {
			if strings.Contains(text, w) {
				return false
			}
		}
		return true
	}
	if _, err := c.Wait(h.patience(), fits); err != nil {
		h.t.Fatalf("chat %d holds %q", c.ID(), texts(c.FromBots()))
	}
}

func TestAWithdrawnPostGoesFromItsChannelAndFromNoOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, kept := h.channel(-1001)
	second, _ := h.channel(-1002)
	stop := h.open()
	defer stop()
	a := h.publish("প্রথম খবর")
	h.gets(first, 1)
	b := h.publish("দ্বিতীয় খবর")
	h.gets(first, 2)
	h.gets(second, 2)
	h.settled()

	h.withdraw(kept, b)
	h.holds(first, []string{"প্রথম খবর"}, []string{"দ্বিতীয় খবর"})
	// The first message of a channel cannot be deleted (TDLib); it is marked instead.
	h.withdraw(kept, a)
	h.holds(first, []string{"প্রত্যাহৃত", "এখানকার অ্যাডমিন এই পোস্টটি প্রত্যাহার করেছেন"}, nil)
	h.settled()

	// A later change in the feed does not bring it back.
	a.Headline = "প্রথম খবর, শোধরানো"
	h.write(func(tx store.Tx) error { return tx.ReviseArticle(t.Context(), &a, nil, store.Index{}) })
	h.holds(second, []string{"শোধরানো", "দ্বিতীয় খবর"}, []string{"প্রত্যাহৃত"})
	h.settled()
	h.holds(first, []string{"প্রত্যাহৃত"}, []string{"দ্বিতীয় খবর"})
}

func TestAWithdrawnArticleIsOwedToItsChannelNoMoreAndMarkedInItsLists(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.Burst = 1 })
	first, kept := h.channel(-1001)
	second, _ := h.channel(-1002)
	early := h.publish("আগেই তুলে নেওয়া খবর")
	h.withdraw(kept, early)
	var list []store.Article
	for _, headline := range []string{"এক নম্বর", "দুই নম্বর", "তিন নম্বর", "চার নম্বর", "পাঁচ নম্বর"} {
		list = append(list, h.publish(headline))
	}
	stop := h.open()
	defer stop()
	h.gets(first, 1)
	h.gets(second, 1)
	h.settled()
	h.holds(first, []string{"এক নম্বর", "পাঁচ নম্বর"}, []string{"আগেই তুলে"})
	h.holds(second, []string{"এক নম্বর", "পাঁচ নম্বর", "আগেই তুলে"}, nil)

	h.withdraw(kept, list[1])
	h.holds(first, []string{"• প্রত্যাহৃত · দুই নম্বর", "তিন নম্বর"}, nil)
	h.settled()
	h.holds(second, []string{"দুই নম্বর"}, []string{"প্রত্যাহৃত"})
}

func TestAListOfWhichAllIsRetractedIsDeleted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.Burst = 1 })
	channel, _ := h.channel(-1001)
	stop := h.open()
	h.publish("প্রথম খবর")
	h.gets(channel, 1)
	h.settled()
	stop()
	var list []store.Article
	for _, headline := range []string{"এক নম্বর", "দুই নম্বর", "তিন নম্বর", "চার নম্বর", "পাঁচ নম্বর"} {
		list = append(list, h.publish(headline))
	}
	defer h.open()()
	h.gets(channel, 2)
	h.settled()
	for i, a := range list {
		h.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), a.ID, time.Now()) })
		if i == 0 {
			h.holds(channel, []string{"• প্রত্যাহৃত · এক নম্বর", "পাঁচ নম্বর"}, nil)
		}
	}
	h.holds(channel, []string{"প্রথম খবর"}, []string{"নম্বর"})
}
