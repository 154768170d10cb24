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

func of(story store.Article) func(*store.Article) {
	return func(a *store.Article) { a.Story = story.ID }
}

func stories(s delivery.Stories) func(*delivery.Config) {
	return func(c *delivery.Config) { c.Stories = s }
}

func TestALaterArticleOfAStoryAnswersTheMessageThatToldIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	channel, _ := h.channel(-1001)
	defer h.open()()
	first := h.publish("হাওড়ায় আগুন, মৃত ২")
	h.gets(reader.Chat(), 1)
	h.gets(channel, 1)
	h.publish("কলকাতায় বৃষ্টি")
	h.gets(reader.Chat(), 2)
	h.gets(channel, 2)
	h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", of(first))
	for _, c := range []*telegramtest.Chat{reader.Chat(), channel} {
		if got := h.gets(c, 3)[2]; !strings.HasPrefix(got, "এ নিয়ে আরও\nহাওড়ায় আগুন, মৃত বেড়ে ৫") {
			t.Errorf("chat %d got %q", c.ID(), got)
		}
		m := c.FromBots()
		if to := m[2].ReplyToMessage; to == nil || to.MessageID != m[0].MessageID {
			t.Errorf("in chat %d it answers %+v, not message %d", c.ID(), to, m[0].MessageID)
		}
		if m[1].ReplyToMessage != nil || strings.Contains(m[1].Text, "এ নিয়ে আরও") {
			t.Errorf("another story answers a message in chat %d", c.ID())
		}
	}
}

func TestACorrectedSequelStaysOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1000)
	defer h.open()()
	first := h.publish("হাওড়ায় আগুন, মৃত ২")
	h.gets(reader.Chat(), 1)
	later := h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", of(first))
	h.gets(reader.Chat(), 2)
	h.settled()
	later.Headline, later.Fingerprint = "হাওড়ায় আগুন, মৃত বেড়ে ৬", 99
	h.write(func(tx store.Tx) error { return tx.ReviseArticle(t.Context(), &later, nil, store.Index{}) })
	h.settled()
	if got := texts(reader.Chat().FromBots())[1]; !strings.HasPrefix(got, "এ নিয়ে আরও\nহাওড়ায় আগুন, মৃত বেড়ে ৬") {
		t.Errorf("corrected to %q", got)
	}
}

func TestWhoWasNotToldAStoryGetsALaterArticleLikeAnyOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	old := h.publish("হাওড়ায় আগুন, মৃত ২", func(a *store.Article) { a.History = true })
	reader := h.reader(1000)
	defer h.open()()
	h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", of(old))
	if got := h.gets(reader.Chat(), 1)[0]; !strings.HasPrefix(got, "হাওড়ায় আগুন, মৃত বেড়ে ৫") {
		t.Errorf("got %q", got)
	}
}

func TestALaterArticleOfAStoryIsLeftOutIfTheOperatorSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, stories(delivery.LeaveOut))
	reader := h.reader(1000)
	stop := h.open()
	first := h.publish("হাওড়ায় আগুন, মৃত ২")
	h.gets(reader.Chat(), 1)
	h.settled()
	stop()
	listed := make([]store.Article, 4)
	for i := range listed {
		listed[i] = h.publish(fmt.Sprintf("তালিকার খবর %d", i))
	}
	defer h.open()()
	h.gets(reader.Chat(), 2)
	for i := range listed { // told alone or in a list
		h.publish(fmt.Sprintf("তালিকার খবর %d, আবার", i), of(listed[i]))
	}
	h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", of(first))
	h.publish("শেষ খবর")
	got := h.gets(reader.Chat(), 3)
	if all := strings.Join(got, "\n"); len(got) != 3 || strings.Contains(all, "বেড়ে ৫") || strings.Contains(all, "আবার") || !strings.HasPrefix(got[2], "শেষ খবর") {
		t.Errorf("got %q", got)
	}
}

func TestWithStoriesOffEveryArticleStandsAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, stories(delivery.Apart))
	reader := h.reader(1000)
	defer h.open()()
	first := h.publish("হাওড়ায় আগুন, মৃত ২")
	h.gets(reader.Chat(), 1)
	h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", of(first))
	got := h.gets(reader.Chat(), 2)
	if !strings.HasPrefix(got[1], "হাওড়ায় আগুন, মৃত বেড়ে ৫") || reader.Chat().FromBots()[1].ReplyToMessage != nil {
		t.Errorf("got %q", got)
	}
}

// What piled up tells each story once, in its newest article, whether it goes out alone or in a list.
func TestWhatPiledUpTellsAStoryOnce(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]int{"alone": 0, "one by one": 1, "as a list": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			reader := h.reader(1000)
			first := h.publish("হাওড়ায় আগুন, মৃত ২")
			for i := range others {
				h.publish(fmt.Sprintf("অন্য খবর %d", i))
			}
			h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", of(first))
			defer h.open()()
			h.gets(reader.Chat(), 1)
			h.settled()
			all := strings.Join(texts(reader.Chat().FromBots()), "\n")
			if strings.Contains(all, "মৃত ২") || strings.Count(all, "মৃত বেড়ে ৫") != 1 {
				t.Errorf("got %q", all)
			}
			for i := range others {
				if strings.Count(all, fmt.Sprintf("অন্য খবর %d", i)) != 1 {
					t.Errorf("another story is missing or doubled: %q", all)
				}
			}
		})
	}
}

func TestADigestTellsAStoryOnceAndKeepsItsHour(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	now := time.Now().UTC()
	since := now.Add(-3 * time.Hour)
	hour := since.Add(time.Hour)
	reader := h.server.User(1000, "পাঠক", "bn")
	reader.Start("")
	h.keep(store.Chat{
		TelegramID: 1000, Kind: store.Private, Welcomed: true,
		Prefs: store.Prefs{Mode: store.Digest, DigestAt: []int{hour.Hour()*60 + hour.Minute()}, Zone: "UTC"},
	})
	at := func(d time.Duration) func(*store.Article) {
		return func(a *store.Article) { a.FirstSeen = since.Add(d) }
	}
	first := h.publish("হাওড়ায় আগুন, মৃত ২", at(0))
	h.publish("কলকাতায় বৃষ্টি", at(90*time.Minute))
	// The program was away at the reader's hour; what came after it does not put the digest off to the next day.
	h.publish("হাওড়ায় আগুন, মৃত বেড়ে ৫", at(2*time.Hour), of(first))
	defer h.open()()
	got := h.gets(reader.Chat(), 1)[0]
	if strings.Contains(got, "মৃত ২") || !strings.Contains(got, "মৃত বেড়ে ৫") || !strings.Contains(got, "কলকাতায় বৃষ্টি") {
		t.Errorf("got %q", got)
	}
}
