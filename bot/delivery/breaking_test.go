package delivery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// breakNews makes an article breaking news.
func (h *house) breakNews(a store.Article) {
	h.t.Helper()
	h.write(func(tx store.Tx) error {
		_, err := tx.MakeBreaking(h.t.Context(), &store.BreakingNews{Article: a.ID, At: h.now(), By: 77})
		return err
	})
}

func (h *house) now() time.Time {
	if h.config.Now != nil {
		return h.config.Now()
	}
	return time.Now().UTC()
}

// readerWho is a reader with wishes.
func (h *house) readerWho(id int64, wishes store.Prefs) *telegramtest.User {
	h.t.Helper()
	u := h.reader(id)
	c, err := h.store.Chat(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	c.Prefs = wishes
	h.write(func(tx store.Tx) error { return tx.SaveChat(h.t.Context(), &c) })
	return u
}

// around are quiet hours, or a digest, an hour from now on either side.
func around(now time.Time) (before, after int) {
	minute := now.Hour()*60 + now.Minute()
	return (minute + 1380) % 1440, (minute + 60) % 1440
}

func TestBreakingNewsOvertakesADigestAndIsNotInItAgain(t *testing.T) {
	t.Parallel()
	_, later := around(time.Now().UTC())
	h := newHouse(t)
	reader := h.readerWho(1000, store.Prefs{Mode: store.Digest, DigestAt: []int{later}})
	stop := h.open()
	h.publish("আগের খবর")
	urgent := h.publish("ভূমিকম্প")
	h.publish("পরের খবর")
	h.settled()
	if n := len(reader.Chat().FromBots()); n != 0 {
		t.Fatalf("a digest reader got %d messages before the hour", n)
	}
	h.breakNews(urgent)
	if got := h.gets(reader.Chat(), 1); !strings.HasPrefix(got[0], "🔴 জরুরি খবর\nভূমিকম্প\n\nপ্রথম বাক্যটি") {
		t.Errorf("the reader got %q", got)
	}
	h.settled()
	stop()

	// Across a restart, and with the digest's hour come.
	h.config.Now = func() time.Time { return time.Now().Add(90 * time.Minute) }
	defer h.open()()
	got := h.gets(reader.Chat(), 2)
	if strings.Contains(got[1], "ভূমিকম্প") || !strings.Contains(got[1], "আগের খবর") || !strings.Contains(got[1], "পরের খবর") {
		t.Errorf("the digest is %q", got[1])
	}
	h.settled()
	if n := len(reader.Chat().FromBots()); n != 2 {
		t.Errorf("the reader got %d messages", n)
	}
}

func TestWhoHasHadTheArticleIsNotSentItAgainAsBreakingNews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	had, channel := h.reader(1000), func() *telegramtest.Chat { c, _ := h.channel(-1001); return c }()
	urgentOnly := h.readerWho(1001, store.Prefs{Mode: store.Breaking})
	stop := h.open()
	defer stop()
	a := h.publish("ভূমিকম্প")
	h.gets(had.Chat(), 1)
	h.gets(channel, 1)
	h.settled()
	if n := len(urgentOnly.Chat().FromBots()); n != 0 {
		t.Fatalf("a reader who wants breaking news only got %d other messages", n)
	}
	newcomer := h.reader(1002)
	h.breakNews(a)
	for _, u := range []*telegramtest.User{urgentOnly, newcomer} {
		if got := h.gets(u.Chat(), 1); !strings.HasPrefix(got[0], "🔴 জরুরি খবর\nভূমিকম্প") {
			t.Errorf("reader %d got %q", u.ID(), got)
		}
	}
	h.settled()
	h.publish("সাধারণ খবর")
	h.gets(had.Chat(), 2)
	h.settled()
	for c, want := range map[*telegramtest.Chat]int{had.Chat(): 2, channel: 2, urgentOnly.Chat(): 1, newcomer.Chat(): 2} {
		if got := texts(c.FromBots()); len(got) != want {
			t.Errorf("chat %d got %q", c.ID(), got)
		}
	}
}

func TestBreakingNewsKeepsQuietHoursButOfThoseWhoAllowIt(t *testing.T) {
	t.Parallel()
	from, to := around(time.Now().UTC())
	h := newHouse(t)
	asleep := h.readerWho(1000, store.Prefs{QuietFrom: from, QuietTo: to})
	awake := h.readerWho(1001, store.Prefs{QuietFrom: from, QuietTo: to, Silent: true, Urgent: true})
	silent := h.readerWho(1002, store.Prefs{Silent: true})
	urgentOnly := h.readerWho(1003, store.Prefs{QuietFrom: from, QuietTo: to, Mode: store.Breaking})
	paused := h.readerWho(1004, store.Prefs{Urgent: true, PausedUntil: time.Now().Add(time.Hour)})
	stop := h.open()
	h.breakNews(h.publish("ভূমিকম্প", func(a *store.Article) { a.History = true })) // which nobody is sent before it is breaking news
	for u, quiet := range map[*telegramtest.User]bool{awake: false, silent: true} {
		m, err := u.Chat().WaitForBot(h.patience(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(m[0].Text, "🔴 জরুরি খবর") || u.Chat().Silent(m[0].MessageID) != quiet {
			t.Errorf("reader %d got %q, silent %v", u.ID(), m[0].Text, !quiet)
		}
	}
	h.publish("সাধারণ খবর")
	h.gets(silent.Chat(), 2)
	h.settled()
	for _, u := range []*telegramtest.User{asleep, urgentOnly, paused} {
		if got := u.Chat().FromBots(); len(got) != 0 {
			t.Errorf("reader %d, who is not to be disturbed, got %q", u.ID(), texts(got))
		}
	}
	stop()

	h.config.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	defer h.open()()
	for u, want := range map[*telegramtest.User]string{asleep: "নতুন ২টি খবর", urgentOnly: "ভূমিকম্প", paused: "নতুন ২টি খবর", awake: "🔴"} {
		if got := h.gets(u.Chat(), 1); !strings.HasPrefix(got[0], want) {
			t.Errorf("reader %d got %q", u.ID(), got)
		}
	}
	h.settled()
	if got := texts(awake.Chat().FromBots()); len(got) != 2 || strings.Contains(got[1], "ভূমিকম্প") {
		t.Errorf("who was woken got %q", got)
	}
}

// What is under way when the program dies is doubtful, and only that: it is not sent again, and what it overtook is still owed.
func TestACrashWithBreakingNewsUnderWayDoublesNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]delivery.Policy{"mention": delivery.Mention, "repeat": delivery.Repeat} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, later := around(time.Now().UTC())
			h := newHouse(t, func(c *delivery.Config) { c.Doubts = policy })
			reader := h.readerWho(1000, store.Prefs{Mode: store.Digest, DigestAt: []int{later}})
			h.publish("আগের খবর")
			a := h.publish("ভূমিকম্প")
			h.breakNews(a)
			chat, err := h.store.Chat(t.Context(), 1000)
			if err != nil {
				t.Fatal(err)
			}
			// As the database is found when the program was killed after it had claimed the message.
			b, err := h.store.BreakingOf(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			post := store.Post{Shape: store.Alarm, Articles: []int64{a.ID}, At: time.Now()}
			h.write(func(tx store.Tx) error {
				if err := tx.SavePost(t.Context(), &post); err != nil {
					return err
				}
				return tx.SetWindow(t.Context(), store.Window{Flights: []store.Flight{{Chat: chat.ID, Post: post.ID, Upto: b.Seq}}})
			})
			stop := h.open()
			if policy == delivery.Repeat {
				h.gets(reader.Chat(), 1)
			}
			h.settled()
			stop()
			h.config.Now = func() time.Time { return time.Now().Add(90 * time.Minute) }
			stop = h.open()
			defer stop()
			want := 1
			if policy == delivery.Repeat {
				want = 2
			}
			got := h.gets(reader.Chat(), want)
			h.settled()
			last := got[want-1]
			if !strings.HasPrefix(last, "আগের খবর") || strings.Contains(last, "আগের খবরটি না পেয়ে থাকলে: ভূমিকম্প") != (policy == delivery.Mention) {
				t.Errorf("the reader got %q", got)
			}
		})
	}
}

// A channel is looked at when the fate of a post is unknown, and only what is missing there is posted.
func TestBreakingNewsOfUnknownFateIsLookedUpInAChannel(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]telegramtest.FaultKind{"arrived": telegramtest.ResetAfter, "lost": telegramtest.ResetBefore} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.readerWho(77, store.Prefs{Mode: store.Breaking, PausedUntil: time.Now().Add(time.Hour)})
			h.write(func(tx store.Tx) error {
				return tx.SaveEditor(t.Context(), store.Editor{User: 77, Name: "মালিক", Role: store.Owner, Since: time.Now()})
			})
			channel, _ := h.channel(-1001)
			stop := h.open()
			h.publish("আগের খবর")
			h.gets(channel, 1)
			h.settled()
			h.server.Fault(telegramtest.Fault{Kind: kind, Method: "sendMessage", ChatID: -1001, Times: 1})
			h.breakNews(h.publish("ভূমিকম্প", func(a *store.Article) { a.History = true }))
			if _, err := h.server.WaitRequests(h.patience(), "forwardMessage", 1); err != nil {
				t.Fatal(err)
			}
			stop() // in the midst of looking
			defer h.open()()
			h.gets(channel, 2)
			h.publish("পরের খবর")
			h.gets(channel, 3)
			h.settled()
			if got := texts(channel.FromBots()); len(got) != 3 || !strings.HasPrefix(got[1], "🔴 জরুরি খবর\nভূমিকম্প") || !strings.HasPrefix(got[2], "পরের খবর") {
				t.Errorf("the channel holds %q", got)
			}
		})
	}
}
