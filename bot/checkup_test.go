package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

func TestStatusTellsWhatIsIllAsDoctorDoes(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	now := w.now().UTC()
	fine := w.keepFeed(store.Feed{URL: "https://one.example/feed", Title: "ভালো ফিড", Categories: []int64{w.sport.ID}})
	bad := w.keepFeed(store.Feed{URL: "https://two.example/feed", Title: "মন্দ ফিড", Categories: []int64{w.sport.ID}})
	kept := w.chat(owner)
	w.write(func(tx store.Tx) error {
		if err := tx.SaveFeedState(t.Context(), fine.ID, store.FeedState{NextCheck: now, LastOK: now}); err != nil {
			return err
		}
		if err := tx.SaveFeedState(t.Context(), bad.ID, store.FeedState{NextCheck: now, LastOK: now.Add(-3 * time.Hour), Errors: 4}); err != nil {
			return err
		}
		// Telegram knows of no such channel.
		gone := store.Chat{TelegramID: channelID, Kind: store.Channel, Title: "হারানো চ্যানেল", State: store.Active}
		if err := tx.SaveChat(t.Context(), &gone); err != nil {
			return err
		}
		if err := tx.AddDoubt(t.Context(), &store.Doubt{Chat: kept.ID, Since: now.Add(-time.Hour)}); err != nil {
			return err
		}
		return tx.MakeDue(t.Context(), kept.ID, now.Add(-2*time.Hour))
	})

	look := bot.Checkup{Store: w.store, Client: w.client, Now: now, Whole: true}
	findings, err := look.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"bn", "en"} {
		c := w.chat(owner)
		c.Language = language
		w.write(func(tx store.Tx) error { return tx.SaveChat(t.Context(), &c) })
		p := message.New(message.LangOf(language), time.UTC, message.Bangladesh)
		status := boss.says("/status")
		ill := 0
		for _, f := range findings {
			text := f.Text(p)
			switch {
			case strings.Contains(text, "check."):
				t.Errorf("there are no words for %q", text)
			case f.Ill:
				ill++
				w.says(status, "⚠️ "+text)
			case f.Detail && strings.Contains(status, text):
				t.Errorf("/status tells %q, which is well and one of many", text)
			}
		}
		if ill != 3 {
			t.Errorf("%d things are ill, want the debt, a feed and the channel: %s", ill, status)
		}
	}
}
