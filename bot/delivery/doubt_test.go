package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// A doubtful list is told again in a message of its own, with all its headlines, wherever nobody can look whether it arrived.
func TestADoubtfulListLosesNoHeadline(t *testing.T) {
	t.Parallel()
	const doubtful = 9
	for _, kind := range []store.ChatKind{store.Private, store.Group, store.Channel} {
		for name, fault := range map[string]telegramtest.FaultKind{"arrived": telegramtest.ResetAfter, "lost": telegramtest.ResetBefore} {
			t.Run(fmt.Sprint(kind, " ", name), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				var chat *telegramtest.Chat
				switch kind {
				case store.Private:
					chat = h.reader(1000).Chat()
				case store.Group:
					owner := h.server.User(77, "অ্যাডমিন", "bn")
					chat = h.server.Group(-500, "পাড়ার আড্ডা", owner)
					chat.JoinBot(owner)
					h.keep(store.Chat{TelegramID: -500, Kind: store.Group, Title: "পাড়ার আড্ডা"})
				default:
					chat, _ = h.channel(-1001) // nobody owns the bot: there is no chat to look in
				}
				if kind == store.Private {
					for n := range doubtful {
						h.publish(fmt.Sprintf("অনিশ্চিত %d নম্বর", n))
					}
				} else { // gathered by its rhythm
					h.wish(chat.ID(), store.Prefs{Mode: store.Digest, DigestAt: []int{8 * 60}})
					for n := range doubtful {
						h.publish(fmt.Sprintf("অনিশ্চিত %d নম্বর", n), func(a *store.Article) { a.FirstSeen = a.FirstSeen.Add(-26 * time.Hour) })
					}
				}
				h.server.Fault(telegramtest.Fault{Kind: fault, Method: "sendMessage", ChatID: chat.ID(), Times: 1})
				defer h.open()()
				if _, err := h.server.WaitRequests(h.patience(), "getMe", 1); err != nil {
					t.Fatal(err)
				}
				h.settled()
				h.wish(chat.ID(), store.Prefs{})
				h.publish("পরের খবর")
				own := map[string]int{"arrived": 1}[name]
				h.gets(chat, own+2)
				h.settled()
				m := chat.FromBots()
				if len(m) != own+2 {
					t.Fatalf("there are %d messages: %q", len(m), texts(m))
				}
				again, next := m[own], m[own+1]
				if !strings.HasPrefix(again.Text, "আগের খবরগুলো না পেয়ে থাকলে:\n• ") || !strings.HasPrefix(next.Text, "পরের খবর") || strings.Contains(next.Text, "না পেয়ে") {
					t.Errorf("there stand %q and %q", again.Text, next.Text)
				}
				for n := range doubtful {
					if headline := fmt.Sprintf("অনিশ্চিত %d নম্বর", n); strings.Count(again.Text, headline) != 1 {
						t.Errorf("%q stands %d times in %q", headline, strings.Count(again.Text, headline), again.Text)
					}
				}
				if e := again.Entities; len(e) == 0 || !hasEntity(e, "expandable_blockquote") {
					t.Errorf("it is not folded: %+v", e)
				}
				counts, err := h.store.CountDoubts(t.Context())
				if err != nil || counts[store.DoubtMentioned] != 1 || counts[store.DoubtOpen] != 0 {
					t.Errorf("doubts are counted as %v, %v", counts, err)
				}
			})
		}
	}
}

func hasEntity(list []telegramtest.Entity, kind string) bool {
	for _, e := range list {
		if e.Type == kind {
			return true
		}
	}
	return false
}

func TestADoubtfulHeadlineThatWasTakenBackIsNamedNowhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.MentionAfter = time.Millisecond })
	reader := h.reader(1000)
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetBefore, Method: "sendMessage", Times: 1})
	defer h.open()()
	a := h.publish("ভুল খবর")
	if _, err := h.server.WaitRequests(h.patience(), "getMe", 1); err != nil {
		t.Fatal(err)
	}
	h.retract(a)
	h.publish("পরের খবর")
	h.gets(reader.Chat(), 1)
	h.settled()
	if all := texts(reader.Chat().FromBots()); len(all) != 1 || strings.Contains(all[0], "ভুল খবর") || strings.Contains(all[0], "না পেয়ে") {
		t.Errorf("the reader got %q", all)
	}
}

func TestADoubtfulHeadlineWaitsForTheEndOfQuietHours(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.MentionAfter = time.Millisecond })
	reader := h.reader(1000)
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetBefore, Method: "sendMessage", Times: 1})
	stop := h.open()
	h.publish("অনিশ্চিত খবর")
	if _, err := h.server.WaitRequests(h.patience(), "getMe", 1); err != nil {
		t.Fatal(err)
	}
	h.settled()
	stop()
	now := time.Now().UTC().Truncate(time.Minute)
	minute := now.Hour()*60 + now.Minute()
	quiet := store.Prefs{Zone: "UTC", QuietFrom: (minute + 24*60 - 60) % (24 * 60), QuietTo: (minute + 60) % (24 * 60)}
	h.wish(1000, quiet)
	stop = h.open() // it would be named at once
	h.dueAt(now.Add(time.Hour))
	stop()
	if all := texts(reader.Chat().FromBots()); len(all) != 0 {
		t.Errorf("the reader got %q while he sleeps", all)
	}
	h.wish(1000, store.Prefs{})
	defer h.open()()
	if got := h.gets(reader.Chat(), 1); !strings.Contains(got[0], "অনিশ্চিত খবর") {
		t.Errorf("the reader got %q", got)
	}
}

// What a channel holds is told by what is printed there, whatever its form.
func TestAPostIsRecognisedInAnyForm(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("অতি দীর্ঘ শিরোনাম ", 30)
	for name, form := range map[string]store.Form{
		"headline":      {Layout: store.Headline},
		"no headline":   {Layout: store.Custom, Template: "{{.Summary}}\n{{.Link}}"},
		"usual":         {},
		"only the link": {Layout: store.Custom, Template: "<a href=\"{{.Link}}\">{{.Source}}</a> {{.Link}}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.owner(77)
			channel, _ := h.channel(-1001)
			h.wish(-1001, store.Prefs{Form: form})
			defer h.open()()
			h.publish("প্রথম খবর", func(a *store.Article) {
				a.Summary = []string{"এই বাক্যটি আর কোথাও নেই।"}
			})
			h.gets(channel, 1)
			h.settled()
			h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Method: "sendMessage", ChatID: -1001, Times: 1})
			h.publish(long)
			if _, err := h.server.WaitRequests(h.patience(), "forwardMessage", 1); err != nil {
				t.Fatal(err)
			}
			h.settled()
			h.publish("তৃতীয় খবর", func(a *store.Article) {
				a.Summary = []string{"তৃতীয়টির বাক্য এটি।"}
			})
			h.gets(channel, 3)
			h.settled()
			if all := texts(channel.FromBots()); len(all) != 3 {
				t.Errorf("the channel holds %d posts: %q", len(all), all)
			}
		})
	}
}

// Where posts may not be forwarded nobody can look: what is in doubt is named, not repeated.
func TestAChannelThatLetsNobodyForwardIsToldOfDoubts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owner(77)
	channel, _ := h.channel(-1001)
	defer h.open()()
	h.publish("প্রথম খবর")
	h.gets(channel, 1)
	h.settled()
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.Refused, Method: "forwardMessage", Code: 400, Text: "Bad Request: message has protected content and can't be forwarded"})
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Method: "sendMessage", ChatID: -1001, Times: 1})
	h.publish("দ্বিতীয় খবর")
	h.gets(channel, 2)
	h.publish("তৃতীয় খবর")
	h.tells(channel, "প্রথম খবর", "দ্বিতীয় খবর", "তৃতীয় খবর")
	h.settled()
	if last, _ := channel.Last(); !strings.Contains(last.Text, "আগের খবরটি না পেয়ে থাকলে: দ্বিতীয় খবর") {
		t.Errorf("the last post is %q", last.Text)
	}
}

// owner owns the bot and gets no news.
func (h *house) owner(id int64) {
	h.t.Helper()
	h.reader(id)
	h.write(func(tx store.Tx) error {
		if err := tx.SaveEditor(h.t.Context(), store.Editor{User: id, Role: store.Owner}); err != nil {
			return err
		}
		c, err := tx.Chat(h.t.Context(), id)
		if err != nil {
			return err
		}
		return tx.Subscribe(h.t.Context(), c.ID, nil)
	})
}

// A list has room for some headlines; the button beneath leads to the others, in a channel by a link to the chat with the bot.
func TestTheRestOfAListCanBeSeenFromEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.BurstTime = time.Minute })
	reader := h.reader(1000)
	channel, _ := h.channel(-1001)
	modest, _ := h.channel(-1002)
	h.wish(-1002, store.Prefs{Form: store.Form{NoButtons: true}})
	for n := range 100 {
		h.publish(fmt.Sprintf("খবর নম্বর %d, যা যথেষ্ট লম্বা একটি শিরোনাম নিয়ে আসে", n))
	}
	defer h.open()()
	for _, c := range []*telegramtest.Chat{reader.Chat(), channel, modest} {
		_, err := c.Wait(h.patience(), func(m []telegramtest.Message) bool {
			return len(m) > 0 && strings.HasPrefix(m[len(m)-1].Text, "নতুন ")
		})
		if err != nil {
			t.Fatal(err)
		}
		last, _ := c.Last()
		var found string
		if last.ReplyMarkup != nil {
			for _, row := range last.ReplyMarkup.Rows {
				if strings.HasPrefix(row[0].Text, "বাকি ") {
					found = row[0].URL + row[0].CallbackData
				}
			}
		}
		for _, e := range last.Entities {
			if strings.Contains(e.URL, "start=p_") {
				found = e.URL
			}
		}
		if private := c.ID() > 0; found == "" || !private && !strings.HasPrefix(found, "https://t.me/khobor_bot?start=p_") {
			t.Errorf("chat %d: what leads to the rest is %q, under %q", c.ID(), found, last.Text)
		}
	}
}

// Telegram may sit on a call for some seconds and carry it out although the connection has long been gone.
func TestAPostThatComesLateIsNotRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *delivery.Config) { c.LookAfter = 5 * time.Second })
	h.owner(77)
	channel, _ := h.channel(-1001)
	defer h.open()()
	h.publish("প্রথম খবর")
	h.gets(channel, 1)
	h.settled()
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetBefore, Method: "sendMessage", ChatID: -1001, Times: 1})
	h.publish("দ্বিতীয় খবর")
	if _, err := h.server.WaitRequests(h.patience(), "sendMessage", 2); err != nil {
		t.Fatal(err)
	}
	token, err := telegram.NewToken(telegramtest.DefaultToken)
	if err != nil {
		t.Fatal(err)
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: h.server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(t.Context(), telegram.SendText(-1001, "<b>দ্বিতীয় খবর</b>\n\nদেরিতে এল", nil)); err != nil {
		t.Fatal(err)
	}
	h.publish("তৃতীয় খবর")
	h.tells(channel, "প্রথম খবর", "দ্বিতীয় খবর\n\nদেরিতে এল", "তৃতীয় খবর")
	counts, err := h.store.CountDoubts(t.Context())
	if err != nil || counts[store.DoubtArrived] != 1 {
		t.Errorf("the doubts are %v, %v", counts, err)
	}
}

// In a busy group a post may stand far behind the last one known: where the end was not reached, nothing is repeated.
func TestWhereTheEndIsNotSeenNothingIsRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owner(77)
	boss := h.server.User(77, "অ্যাডমিন", "bn")
	group := h.server.Supergroup(-1005, "পাড়ার আড্ডা", boss)
	group.JoinBot(boss)
	h.keep(store.Chat{TelegramID: -1005, Kind: store.Supergroup, Title: "পাড়ার আড্ডা"})
	defer h.open()()
	h.publish("প্রথম খবর")
	h.gets(group, 1)
	h.settled()
	for n := range 20 {
		group.Say(boss, fmt.Sprintf("আড্ডার কথা %d", n))
	}
	h.server.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Method: "sendMessage", ChatID: -1005, Times: 1})
	h.publish("দ্বিতীয় খবর")
	h.gets(group, 2)
	h.publish("তৃতীয় খবর")
	m := h.tells(group, "প্রথম খবর", "দ্বিতীয় খবর", "তৃতীয় খবর")
	if last := m[len(m)-1].Text; !strings.Contains(last, "আগের খবরটি না পেয়ে থাকলে: দ্বিতীয় খবর") {
		t.Errorf("the last post is %q", last)
	}
}
