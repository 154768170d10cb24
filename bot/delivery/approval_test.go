package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func (h *house) guard(chat int64, on bool) {
	h.write(func(tx store.Tx) error { return tx.SetGuard(h.t.Context(), chat, on) })
}

func (h *house) approve(a store.Article) {
	h.write(func(tx store.Tx) error { return tx.ApproveArticle(h.t.Context(), a.ID, time.Now().UTC()) })
}

// headlines are what a chat was sent, each message by its first line.
func headlines(c *telegramtest.Chat) string {
	var lines []string
	for _, text := range texts(c.FromBots()) {
		first, _, _ := strings.Cut(text, "\n")
		lines = append(lines, first)
	}
	return strings.Join(lines, " | ")
}

func TestAChannelThatWaitsForApprovalGetsTheRestAtOnceAndTheApprovedLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1001)
	guarded, kept := h.channel(-1001)
	free, _ := h.channel(-1002)
	stop := h.open()
	h.guard(kept.ID, true)
	first := h.publish("প্রথম খবর")
	h.gets(reader.Chat(), 1)
	h.gets(free, 1)
	h.settled()
	stop()

	stop = h.open()
	second := h.publish("দ্বিতীয় খবর")
	h.gets(free, 2)
	h.approve(second)
	h.gets(guarded, 1)
	h.settled()
	stop()

	// Approved while nothing runs; then the switch is turned off with one article still waiting.
	third := h.publish("তৃতীয় খবর")
	h.guard(kept.ID, false)
	h.publish("চতুর্থ খবর")
	h.approve(first)
	stop = h.open()
	h.gets(guarded, 3)
	h.gets(free, 4)
	h.settled()
	h.approve(third)
	h.gets(guarded, 4)
	h.settled()
	stop()

	stop = h.open()
	defer stop()
	h.publish("শেষ খবর")
	h.gets(guarded, 5)
	h.gets(free, 5)
	h.gets(reader.Chat(), 5)
	h.settled()
	for chat, want := range map[*telegramtest.Chat]string{
		guarded:       "দ্বিতীয় খবর | চতুর্থ খবর | প্রথম খবর | তৃতীয় খবর | শেষ খবর",
		free:          "প্রথম খবর | দ্বিতীয় খবর | তৃতীয় খবর | চতুর্থ খবর | শেষ খবর",
		reader.Chat(): "প্রথম খবর | দ্বিতীয় খবর | তৃতীয় খবর | চতুর্থ খবর | শেষ খবর",
	} {
		if got := headlines(chat); got != want {
			t.Errorf("chat %d got %s\nwant %s", chat.ID(), got, want)
		}
	}
}

func TestWhenEverybodyWaitsNobodyGetsWhatIsNotApproved(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1001)
	channel, kept := h.channel(-1001)
	h.guard(0, true)
	h.guard(kept.ID, true) // one who waits for himself, too, gets it but once
	first, skipped := h.publish("প্রথম খবর"), h.publish("বাদ দেওয়া খবর")
	stop := h.open()
	h.write(func(tx store.Tx) error {
		return tx.EditArticle(t.Context(), first.ID, "সম্পাদকের শিরোনাম", nil, time.Now().UTC())
	})
	h.approve(first)
	h.gets(reader.Chat(), 1)
	h.gets(channel, 1)
	h.settled()
	stop()
	h.guard(0, false)
	h.guard(kept.ID, false)
	h.publish("শেষ খবর")
	stop = h.open()
	defer stop()
	h.gets(reader.Chat(), 2)
	h.gets(channel, 2)
	h.settled()
	for _, chat := range []*telegramtest.Chat{reader.Chat(), channel} {
		if got := headlines(chat); got != "সম্পাদকের শিরোনাম | শেষ খবর" {
			t.Errorf("chat %d got %s, and %q was not to be sent", chat.ID(), got, skipped.Headline)
		}
	}
}

// The switch is turned, articles come and are approved, and delivery stops and starts, in many orders; each chat must get each article
// once if it was not guarded when the article came or an editor approved it, and never otherwise.
func TestNoOrderOfSwitchesApprovalsAndRestartsLosesOrDoublesAnything(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 7, 42} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			throwDice(t, seed)
		})
	}
}

func throwDice(t *testing.T, seed uint64) {
	// Long enough for a list: after a burst, posts in a group are more than three seconds apart.
	h := newHouse(t, func(c *delivery.Config) { c.BurstTime = 10 * time.Second })
	free, _ := h.channel(-1001)
	guarded, kept := h.channel(-1002)
	want := map[*telegramtest.Chat]map[string]int{free: {}, guarded: {}}
	on, running := false, false
	stop := func() {}
	var waiting []store.Article
	dice := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // the same game every time
	for i := range 60 {
		switch dice.IntN(6) {
		case 0:
			on = !on
			h.guard(kept.ID, on)
		case 1:
			if running {
				stop()
			} else {
				stop = h.open()
			}
			running = !running
		case 2:
			if len(waiting) > 0 {
				h.approve(waiting[0])
				want[guarded][waiting[0].Headline]++
				waiting = waiting[1:]
			}
		default:
			a := h.publish(fmt.Sprintf("খবর নম্বর %d", i))
			want[free][a.Headline]++
			if on {
				waiting = append(waiting, a)
			} else {
				want[guarded][a.Headline]++
			}
		}
	}
	if !running {
		stop = h.open()
	}
	defer stop()
	h.settled()
	for chat, articles := range want {
		got := map[string]int{}
		for _, text := range texts(chat.FromBots()) {
			for _, headline := range regexp.MustCompile(`খবর নম্বর \d+`).FindAllString(text, -1) {
				got[headline]++
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(articles) {
			t.Errorf("chat %d got %v\nwant %v\n%s", chat.ID(), got, articles, strings.Join(texts(chat.FromBots()), "\n----\n"))
		}
	}
	t.Logf("of %d articles %d were for the guarded channel, %d wait", len(want[free]), len(want[guarded]), len(waiting))
}

func TestTheMessageOfACardIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	editor := h.reader(1001)
	h.guard(0, true)
	a := h.publish("প্রথম খবর")
	h.write(func(tx store.Tx) error {
		return delivery.OweCard(t.Context(), tx, telegram.Send(telegram.Outgoing{ChatID: 1001, Text: "প্রকাশ করবেন?"}), a.ID, time.Now().UTC())
	})
	stop := h.open()
	defer stop()
	h.gets(editor.Chat(), 1)
	h.settled()
	card, _ := editor.Chat().Last()
	if p, err := h.store.Approval(t.Context(), a.ID); err != nil || p.Card != card.MessageID || p.Desk != 1001 || p.Owed {
		t.Errorf("%+v, %v; the message is %d", p, err, card.MessageID)
	}
}
