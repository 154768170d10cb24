package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// TestAReadersDay is the whole way with the real delivery: a link, a welcome with the latest headline, a choice, an article, a
// farewell.
func TestAReadersDay(t *testing.T) {
	w := newWorld(t)
	w.stopBot()
	carrier := delivery.New(w.store, w.client, telegram.NewLimiter(1000), delivery.Config{Rate: 1000, BotName: w.telegram.Username})
	w.bot = bot.New(w.store, w.client, bot.Config{Compose: carrier.Preview, Sample: carrier.Sample, Committed: carrier.Wake})
	ctx, cancel := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	for _, part := range []func(context.Context) error{w.bot.Run, carrier.Run} {
		parts.Go(func() {
			if err := part(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	defer parts.Wait()
	defer cancel()
	patience, done := context.WithTimeout(t.Context(), 90*time.Second)
	defer done()

	w.publish("শেষ বলে জয়", w.sport)
	anu := w.person(501, "অনু")
	anu.Start("l_" + w.link(w.sport, "পূজা").Code)
	got, err := anu.Chat().WaitForBot(patience, 1)
	if err != nil {
		t.Fatal(err)
	}
	welcome := got[0]
	w.says(welcome.Words(), "স্বাগতম")
	w.says(welcome.Words(), "খেলা")
	w.says(welcome.Words(), "শেষ বলে জয়")

	press, err := anu.Press(welcome.MessageID, dataOf(t, welcome, "বিষয়"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := press.Wait(patience); err != nil {
		t.Fatal(err)
	}
	if got, err = anu.Chat().WaitForBot(patience, 2); err != nil {
		t.Fatal(err)
	}
	w.says(got[0].Words(), "শেষ বলে জয়") // the welcome stays what it was
	w.says(got[1].Text, "কোন কোন বিষয়ের খবর চান?")
	if press, err = anu.Press(got[1].MessageID, "রাজনীতি"); err != nil {
		t.Fatal(err)
	}
	answer, err := press.Wait(patience)
	if err != nil {
		t.Fatal(err)
	}
	w.says(answer.Text, "‘রাজনীতি’ বিষয়ের খবর চালু")

	w.publish("ভোট কাল", w.politics)
	carrier.Wake()
	if got, err = anu.Chat().WaitForBot(patience, 3); err != nil {
		t.Fatal(err)
	}
	w.says(got[2].Words(), "ভোট কাল")

	anu.Send("বন্ধ")
	if got, err = anu.Chat().WaitForBot(patience, 4); err != nil {
		t.Fatal(err)
	}
	if _, err = anu.Press(got[3].MessageID, "হ্যাঁ, বন্ধ করুন"); err != nil {
		t.Fatal(err)
	}
	if _, err := anu.Chat().Wait(patience, func(all []telegramtest.Message) bool {
		return strings.Contains(all[len(all)-1].Text, "সব খবর বন্ধ করা")
	}); err != nil {
		t.Fatal(err)
	}
	w.is(501, store.Stopped)
}

// dataOf is the data of the button whose label begins so.
func dataOf(t *testing.T, m telegramtest.Message, label string) string {
	t.Helper()
	if m.ReplyMarkup != nil {
		for _, row := range m.ReplyMarkup.Rows {
			for _, b := range row {
				if strings.HasPrefix(b.Text, label) {
					return b.CallbackData
				}
			}
		}
	}
	t.Fatalf("no button %q under %s", label, buttonsOf(m))
	return ""
}
