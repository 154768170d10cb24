package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func (h *house) retract(a store.Article) {
	h.t.Helper()
	h.write(func(tx store.Tx) error { return tx.RetractArticle(h.t.Context(), a.ID, time.Now()) })
}

func (h *house) revise(a store.Article, headline string) {
	h.t.Helper()
	a.Headline, a.Fingerprint, a.Revised = headline, a.Fingerprint+1000, time.Now()
	h.write(func(tx store.Tx) error { return tx.ReviseArticle(h.t.Context(), &a, nil, store.Index{}) })
}

func withPicture(a *store.Article) { a.Image = "https://news.example/" + a.GUID + ".jpg" }

// tells waits until the texts of a chat's messages begin as wanted, each in its order.
func (h *house) tells(c *telegramtest.Chat, want ...string) []telegramtest.Message {
	h.t.Helper()
	_, err := c.Wait(h.patience(), func(m []telegramtest.Message) bool {
		var ours []string
		for _, m := range m {
			if m.From != nil && m.From.IsBot || m.From == nil {
				ours = append(ours, m.Text+m.Caption)
			}
		}
		if len(ours) != len(want) {
			return false
		}
		for i := range want {
			if !strings.HasPrefix(ours[i], want[i]) {
				return false
			}
		}
		return true
	})
	if err != nil {
		h.t.Fatalf("chat %d holds %q, want %q", c.ID(), texts(c.FromBots()), want)
	}
	return c.FromBots()
}

const (
	fireFirst = "হাওড়ায় আগুন, মৃত ২"
	fireLater = "হাওড়ায় আগুন, মৃত বেড়ে ৫"
)

func TestWhenTheArticleThatToldAStoryIsRetractedAnotherOfItTakesItsPlace(t *testing.T) {
	t.Parallel()
	for name, pictures := range map[string][2]bool{"texts": {}, "pictures": {true, true}, "a picture comes too late": {true, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			reader := h.reader(1000)
			channel, _ := h.channel(-1001)
			picture := func(has bool) func(*store.Article) {
				return func(a *store.Article) {
					if has {
						withPicture(a)
					}
				}
			}
			first := h.publish(fireFirst, picture(pictures[0]))
			later := h.publish(fireLater, of(first), picture(pictures[1]))
			defer h.open()()
			h.gets(reader.Chat(), 1)
			h.gets(channel, 1)
			h.settled()
			h.revise(first, fireFirst+", শোধিত") // which nobody sees
			h.settled()
			for _, c := range []*telegramtest.Chat{reader.Chat(), channel} {
				h.tells(c, fireLater)
			}
			h.retract(later)
			for _, c := range []*telegramtest.Chat{reader.Chat(), channel} {
				h.tells(c, fireFirst+", শোধিত")
			}
			h.settled()
			h.revise(first, fireFirst+", আবার শোধিত")
			for _, c := range []*telegramtest.Chat{reader.Chat(), channel} {
				if m := h.tells(c, fireFirst+", আবার শোধিত"); strings.Contains(strings.Join(texts(m), ""), "প্রত্যাহৃত") {
					t.Errorf("chat %d holds %q", c.ID(), texts(m))
				}
			}
			h.settled()
			h.retract(first)
			h.tells(reader.Chat())
			h.tells(channel, "প্রত্যাহৃত\n"+fireFirst+", আবার শোধিত") // the first message of a channel cannot be deleted
		})
	}
}

func TestAPictureThatCannotBeTakenOutOfAMessageGoesWithIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	first := h.publish(fireFirst)
	later := h.publish(fireLater, of(first), withPicture)
	defer h.open()()
	h.gets(reader.Chat(), 1)
	h.settled()
	h.retract(later)
	m := h.tells(reader.Chat(), fireFirst)
	h.settled()
	if last := m[len(m)-1]; len(last.Photo) > 0 || len(reader.Chat().FromBots()) != 1 {
		t.Errorf("the reader holds %q with %d pictures", texts(reader.Chat().FromBots()), len(last.Photo))
	}
}

func TestAListNamesAnotherArticleOfAStoryWhenOneIsRetracted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	first := h.publish(fireFirst)
	for i := range 5 {
		h.publish(fmt.Sprintf("অন্য খবর %d", i))
	}
	later := h.publish(fireLater, of(first))
	alone := h.publish("একা খবর")
	defer h.open()()
	h.gets(reader.Chat(), 1)
	h.settled()
	h.retract(later)
	h.retract(alone)
	h.settled()
	m := reader.Chat().FromBots()[0]
	if len(reader.Chat().FromBots()) != 1 || strings.Contains(m.Text, fireLater) || !strings.Contains(m.Text, fireFirst+" · ") || !strings.Contains(m.Text, "• প্রত্যাহৃত · একা খবর") {
		t.Errorf("the list reads %q", m.Text)
	}
	for _, e := range m.Entities {
		if e.Type == "strikethrough" && e.Length == len([]rune("একা খবর")) {
			return
		}
	}
	t.Errorf("nothing is struck out: %+v", m.Entities)
}

func TestASequelIsNoneOnceWhatItAnsweredIsRetracted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	defer h.open()()
	first := h.publish(fireFirst)
	h.gets(reader.Chat(), 1)
	later := h.publish(fireLater, of(first))
	h.tells(reader.Chat(), fireFirst, "এ নিয়ে আরও\n"+fireLater)
	h.settled()
	h.retract(first)
	h.tells(reader.Chat(), fireLater)
	h.settled()
	h.retract(later)
	h.tells(reader.Chat())
}

func TestAStoryThatWasToldOnceIsToldByAnotherArticleWhenThatIsRetracted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, stories(delivery.LeaveOut))
	reader := h.reader(1000)
	defer h.open()()
	first := h.publish(fireFirst)
	h.gets(reader.Chat(), 1)
	h.settled()
	h.publish(fireLater, of(first))
	h.settled()
	h.tells(reader.Chat(), fireFirst)
	h.retract(first)
	h.tells(reader.Chat(), fireLater)
}

// Only what a chat was owed may take the place of what it was told.
func TestNothingTakesAPlaceInAChatThatItIsNoNewsFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	h.wish(1000, store.Prefs{Mute: []string{"মৃত ২"}})
	first := h.publish(fireFirst)
	later := h.publish(fireLater, of(first))
	defer h.open()()
	h.gets(reader.Chat(), 1)
	h.settled()
	h.retract(later)
	h.tells(reader.Chat())
}

func TestARetractionReachesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	defer h.open()()
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.Delayed, Method: "sendMessage", Times: 1, Delay: 300 * time.Millisecond})
	a := h.publish("একটি খবর")
	if _, err := h.server.WaitRequests(h.patience(), "sendMessage", 1); err != nil {
		t.Fatal(err)
	}
	h.retract(a)
	h.gets(reader.Chat(), 1)
	h.tells(reader.Chat())
}
