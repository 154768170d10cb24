package delivery_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/store"
)

func TestAFollowedWordBringsAndAMutedOneKeepsAwayInAnyInflection(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	follower, muter, both := h.reader(1001), h.reader(1002), h.reader(1003)
	h.wish(1001, store.Prefs{Follow: []string{"মেট্রোরেল", "পদ্মা সেতু"}})
	h.wish(1002, store.Prefs{Mute: []string{"ক্রিকেট"}})
	h.wish(1003, store.Prefs{Follow: []string{"মেট্রোরেল"}, Mute: []string{"ক্রিকেট"}})
	h.only(1001, 99)
	h.only(1003, 99)
	stop := h.open()
	defer stop()

	h.publish("ক্রিকেটে বড় জয়")
	h.publish("মেট্রোরেলের ভাড়া বাড়ল")
	h.publish("আজ বৃষ্টি", func(a *store.Article) {
		a.Text = "উত্তরাঞ্চলে বৃষ্টি হয়েছে। পদ্মা সেতুতে যান চলাচল স্বাভাবিক।"
	})
	h.publish("মেট্রোরেলে ক্রিকেটারের ভ্রমণ, ক্রিকেটের আড্ডা")
	h.publish("পদ্মা নদীর সেতু") // the words, but not in a row
	h.publish("শেষ খবর", func(a *store.Article) { a.Text = "মেট্রোরেল" })
	h.settled()

	for _, test := range []struct {
		who        string
		got        []string
		want, miss []string
	}{
		{"who follows", texts(follower.Chat().FromBots()), []string{"মেট্রোরেলের ভাড়া", "আজ বৃষ্টি", "ক্রিকেটারের ভ্রমণ", "শেষ খবর"}, []string{"ক্রিকেটে বড়", "নদীর সেতু"}},
		{"who mutes", texts(muter.Chat().FromBots()), []string{"মেট্রোরেলের ভাড়া", "আজ বৃষ্টি", "নদীর সেতু", "শেষ খবর"}, []string{"ক্রিকেটে বড়", "ক্রিকেটারের ভ্রমণ"}},
		{"who does both", texts(both.Chat().FromBots()), []string{"মেট্রোরেলের ভাড়া", "শেষ খবর"}, []string{"ক্রিকেট", "আজ বৃষ্টি", "নদীর সেতু"}},
	} {
		all := strings.Join(test.got, "\n")
		for _, want := range test.want {
			if strings.Count(all, want) != 1 {
				t.Errorf("%s gets %q %d times in %q", test.who, want, strings.Count(all, want), test.got)
			}
		}
		for _, miss := range test.miss {
			if strings.Contains(all, miss) {
				t.Errorf("%s gets %q in %q", test.who, miss, test.got)
			}
		}
	}
}

func TestAnArticleHadForAWordIsNotSentAgainForACategory(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.reader(1001)
	h.wish(1001, store.Prefs{Follow: []string{"মেট্রোরেল"}})
	h.only(1001, 99)
	stop := h.open()
	defer stop()
	a := h.publish("মেট্রোরেল চালু")
	h.gets(reader.Chat(), 1)
	m, _ := reader.Chat().Last()
	for _, want := range []string{button.Of(button.Save, a.ID), button.Of(button.Vote, a.ID, button.VoteUp), button.Of(button.Vote, a.ID, button.VoteDown)} {
		if _, ok := m.Button(want); !ok {
			t.Errorf("the article came without the button %s: %+v", want, m.ReplyMarkup)
		}
	}
	h.settled()
	h.write(func(tx store.Tx) error { return tx.WidenArticle(t.Context(), a.ID, 2, []int64{99}, a.FirstSeen) })
	h.settled()
	if got := reader.Chat().FromBots(); len(got) != 1 {
		t.Errorf("the reader has %q", texts(got))
	}
}

// only makes a chat follow one category.
func (h *house) only(telegramID, category int64) {
	h.t.Helper()
	h.write(func(tx store.Tx) error {
		chat, err := tx.Chat(h.t.Context(), telegramID)
		if err != nil {
			return fmt.Errorf("chat %d: %w", telegramID, err)
		}
		return tx.Subscribe(h.t.Context(), chat.ID, []int64{category})
	})
}
