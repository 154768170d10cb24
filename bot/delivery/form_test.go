package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

const layout = "{{if .Updated}}শোধিত: {{end}}<b>{{.Headline}}</b>{{range .Sentences}}\n• {{.}}{{end}}\n{{.Hashtag}} <a href=\"{{.Link}}\">দেখুন</a>"

func TestAPostHasTheFormThatTheChannelWants(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prefs   store.Prefs
		want    string
		photo   bool
		buttons int
		preview string
	}{
		"the usual one":                       {store.Prefs{}, "প্রথম খবর\n\nপ্রথম বাক্যটি খবরের মূল কথা বলে। দ্বিতীয় বাক্যটি তার কারণ জানায়।\n\nপ্রযুক্তি · ", true, 3, ""},
		"short":                               {store.Prefs{Form: store.Form{Layout: store.Short}}, "প্রথম খবর\n\nপ্রথম বাক্যটি খবরের মূল কথা বলে।\n\nপ্রযুক্তি · ", true, 3, ""},
		"headline":                            {store.Prefs{NoImages: true, Form: store.Form{Layout: store.Headline, Hashtags: true}}, "প্রথম খবর\n\n#Technology", false, 2, ""},
		"no summary":                          {store.Prefs{Form: store.Form{NoSummary: true}}, "প্রথম খবর\n\nপ্রযুক্তি · ", true, 3, ""},
		"no buttons":                          {store.Prefs{Form: store.Form{NoButtons: true}}, "প্রথম খবর\n\nপ্রথম বাক্যটি", true, 0, ""},
		"hashtag":                             {store.Prefs{Form: store.Form{Hashtags: true}}, "জানায়।\n\n", true, 3, ""},
		"preview below":                       {store.Prefs{Form: store.Form{Preview: store.PreviewBelow}}, "প্রথম খবর", false, 3, "below"},
		"preview above":                       {store.Prefs{Form: store.Form{Preview: store.PreviewAbove}}, "প্রথম খবর", false, 3, "above"},
		"layout":                              {store.Prefs{Form: store.Form{Layout: store.Custom, Template: layout}}, "প্রথম খবর\n• প্রথম বাক্যটি খবরের মূল কথা বলে।\n• দ্বিতীয় বাক্যটি তার কারণ জানায়।\n#Technology দেখুন", true, 3, ""},
		"a layout gone wrong is done without": {store.Prefs{Form: store.Form{Layout: store.Custom, Template: "{{printf \"%1000000d\" 1}}"}}, "প্রথম খবর\n\nপ্রথম বাক্যটি", true, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			channel, _ := h.channel(-1001)
			h.wish(-1001, test.prefs)
			stop := h.open()
			defer stop()
			a := h.publish("প্রথম খবর", func(a *store.Article) { a.Image = "https://news.example/a.jpg" })
			h.gets(channel, 1)
			m, _ := channel.Last()
			buttons := 0
			if m.ReplyMarkup != nil {
				buttons = len(m.ReplyMarkup.Rows)
			}
			if !strings.Contains(m.Words(), test.want) || (len(m.Photo) > 0) != test.photo || buttons != test.buttons {
				t.Errorf("the post is %q, with %d pictures and %d rows of buttons", m.Words(), len(m.Photo), buttons)
			}
			preview := m.LinkPreviewOptions
			if shown := preview != nil && preview.URL == a.URL; shown != (test.preview != "") || shown && preview.ShowAboveText != (test.preview == "above") {
				t.Errorf("the preview is %+v", preview)
			}

			// The correction has the same form.
			h.settled()
			a.Headline, a.Fingerprint, a.Revised = "শোধরানো খবর", 99, time.Now()
			h.write(func(tx store.Tx) error { return tx.ReviseArticle(t.Context(), &a, nil, store.Index{}) })
			h.settled()
			corrected, _ := channel.Last()
			want := strings.Replace(m.Words(), "প্রথম খবর", "শোধরানো খবর", 1)
			if first, _, _ := strings.Cut(want, "\n"); !strings.Contains(corrected.Words(), first) || len(channel.FromBots()) != 1 {
				t.Errorf("corrected to %q from %q", corrected.Words(), m.Words())
			}
			if name == "layout" && !strings.HasPrefix(corrected.Words(), "শোধিত: শোধরানো খবর\n• প্রথম") {
				t.Errorf("corrected to %q", corrected.Words())
			}
		})
	}
}

func TestAChannelFollowsSingleFeedsAndOnlyWhatSpeaksOfItsWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	single, picky := -1001, -1002
	feeds, _ := h.channel(int64(single))
	words, _ := h.channel(int64(picky))
	h.wish(int64(single), store.Prefs{Feeds: []int64{2, 3}})
	h.only(int64(single), 99)
	h.wish(int64(picky), store.Prefs{Only: []string{"ঢাকা"}})
	stop := h.open()
	defer stop()
	h.publish("ভোট কাল") // of feed 1
	a := h.publish("ঢাকায় বৃষ্টি", func(a *store.Article) { a.Feed = 2 })
	b := h.publish("চট্টগ্রামে রোদ")
	h.gets(feeds, 1)
	h.gets(words, 1)
	h.settled()
	// A further feed brings what it had, and one that it follows brings what it had not.
	for _, id := range []int64{a.ID, b.ID, b.ID} {
		h.write(func(tx store.Tx) error { return tx.WidenArticle(t.Context(), id, 3, nil, time.Now()) })
	}
	h.gets(feeds, 2)
	h.settled()
	if got := strings.Join(texts(feeds.FromBots()), "|"); strings.Count(got, "ঢাকায়") != 1 || strings.Count(got, "চট্টগ্রামে") != 1 || strings.Contains(got, "ভোট") {
		t.Errorf("the channel of feeds has %q", got)
	}
	if got := texts(words.FromBots()); len(got) != 1 || !strings.HasPrefix(got[0], "ঢাকায়") {
		t.Errorf("the channel of words has %q", got)
	}
}

func TestEachCategoryGoesIntoItsForumTopicUntilThatIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.server.User(77, "অ্যাডমিন", "bn")
	owner.Start("")
	h.keep(store.Chat{TelegramID: 77, Kind: store.Private, Title: "অ্যাডমিন", Welcomed: true})
	h.only(77, 98)
	group := h.server.Supergroup(-1001, "আড্ডা", owner).Forum()
	group.JoinBot(owner)
	chat := h.keep(store.Chat{TelegramID: -1001, Kind: store.Supergroup, Title: "আড্ডা"})
	h.write(func(tx store.Tx) error { return tx.Manage(t.Context(), chat.ID, 77, time.Now()) })
	tech, rest := group.OpenTopic(owner, "প্রযুক্তি"), group.OpenTopic(owner, "বাকি")
	h.wish(-1001, store.Prefs{Thread: rest, Threads: map[int64]int{h.category: tech}})
	stop := h.open()
	defer stop()
	thread := func(n int) int { h.gets(group, n); h.settled(); m, _ := group.Last(); return m.ThreadID }
	sport := func(a *store.Article) { a.Categories = []int64{99} }
	h.publish("এক")
	if got := thread(1); got != tech {
		t.Errorf("posted into %d, not %d", got, tech)
	}
	h.publish("দুই", sport)
	if got := thread(2); got != rest {
		t.Errorf("posted into %d, not %d", got, rest)
	}
	group.DeleteTopic(tech)
	for i, headline := range []string{"তিন", "চার"} {
		h.publish(headline)
		if got := thread(3 + i); got != rest {
			t.Errorf("%s was posted into %d", headline, got)
		}
	}
	if got := texts(owner.Chat().FromBots()); len(got) != 1 || !strings.Contains(got[0], "‘আড্ডা’-এর একটি টপিক মুছে ফেলা বা বন্ধ করা হয়েছে, তাই তার খবর এখন বাকি সব খবরের টপিকে") {
		t.Errorf("the admin was told %q", got)
	}
	now, err := h.store.Chat(t.Context(), -1001)
	if err != nil || len(now.Prefs.Threads) != 0 || now.Prefs.Thread != rest || now.State != store.Active {
		t.Errorf("the group is %+v: %v", now, err)
	}
	group.CloseTopic(rest)
	h.publish("পাঁচ")
	if got := thread(5); got != 0 {
		t.Errorf("posted into %d, and not into the general topic", got)
	}
	if got := texts(owner.Chat().FromBots()); len(got) != 2 || !strings.Contains(got[1], "তাই তার খবর এখন সাধারণ টপিকে") {
		t.Errorf("the admin was told %q", got)
	}
}

func TestAChannelWithAPaceGetsWhatCameMeanwhileTogether(t *testing.T) {
	t.Parallel()
	clock := newHands(t, "2026-10-05 10:00")
	h := newHouse(t, func(c *delivery.Config) { c.Now, c.Zone = clock.now, clock.zone })
	channel, _ := h.channel(-1001)
	h.wish(-1001, store.Prefs{Gap: 15})
	stop := h.open()
	h.publish("প্রথম খবর", clock.stamp)
	h.gets(channel, 1)
	h.settled()
	clock.set("2026-10-05 10:05")
	h.publish("দ্বিতীয় খবর", clock.stamp)
	h.publish("তৃতীয় খবর", clock.stamp)
	h.dueAt(clock.at("2026-10-05 10:15"))
	stop() // the pace outlasts a restart
	stop = h.open()
	defer stop()
	h.dueAt(clock.at("2026-10-05 10:15"))
	if got := channel.FromBots(); len(got) != 1 {
		t.Fatalf("too early: %q", texts(got))
	}
	clock.set("2026-10-05 10:15")
	h.delivery.Wake()
	if got := h.gets(channel, 2); !strings.Contains(got[1], "দ্বিতীয়") || !strings.Contains(got[1], "তৃতীয়") {
		t.Errorf("the post says %q", got[1])
	}
}

func TestADigestIsPinnedInThePlaceOfTheOneBeforeAndNoOther(t *testing.T) {
	t.Parallel()
	clock := newHands(t, "2026-10-05 07:00")
	h := newHouse(t, func(c *delivery.Config) { c.Now, c.Zone = clock.now, clock.zone })
	channel, chat := h.channel(-1001)
	admin := h.server.User(77, "অ্যাডমিন", "bn")
	admin.Start("")
	h.keep(store.Chat{TelegramID: 77, Kind: store.Private, Title: "অ্যাডমিন", Welcomed: true})
	h.only(77, 98)
	h.write(func(tx store.Tx) error { return tx.Manage(t.Context(), chat.ID, 77, clock.now()) })
	own := channel.Post(admin, "নিয়মকানুন")
	if err := channel.Pin(own); err != nil {
		t.Fatal(err)
	}
	h.wish(-1001, store.Prefs{Mode: store.Digest, DigestAt: []int{8 * 60}, PinDigest: true})
	stop := h.open()
	defer stop()
	day := func(date string, n int) int {
		clock.set(date + " 07:00")
		h.publish("খবর ক "+date, clock.stamp)
		h.publish("খবর খ "+date, clock.stamp)
		h.dueAt(clock.at(date + " 08:00"))
		clock.set(date + " 08:00")
		h.delivery.Wake()
		h.gets(channel, 2*n-1) // each but the last has a notice that it was pinned
		h.until("nothing is owed", func() bool {
			b, err := h.store.Backlog(t.Context(), clock.now())
			if err != nil {
				t.Fatal(err)
			}
			clock.seconds.Add(1) // the limits on messages want time to go by
			h.delivery.Wake()
			return b.Answers == 0 && b.Due == 0 && !b.Marking
		})
		digests := slices.DeleteFunc(channel.FromBots(), func(m telegramtest.Message) bool { return m.Text == "" })
		if len(digests) != n {
			t.Fatalf("the channel has %q", texts(digests))
		}
		return digests[n-1].MessageID
	}
	for i, date := range []string{"2026-10-05", "2026-10-06"} {
		digest := day(date, i+1)
		if got := channel.Pins(); !slices.Equal(got, []int{own, digest}) {
			t.Fatalf("pinned are %v, not %d and %d", got, own, digest)
		}
	}
	// Without the right the admin is told once, and the digests come all the same.
	channel.AddBot(admin, telegramtest.Rights{ManageChat: true, PostMessages: true})
	day("2026-10-07", 3)
	if got := texts(admin.Chat().FromBots()); len(got) != 1 || !strings.Contains(got[0], "সংকলন পিন করা যাচ্ছে না") {
		t.Errorf("the admin was told %q", got)
	}
}
