package delivery_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// owe leaves calls to be made as answers in a chat, all in one transaction.
func (h *house) owe(chat int64, calls ...telegram.Request) {
	h.t.Helper()
	h.write(func(tx store.Tx) error {
		for _, call := range calls {
			raw, err := json.Marshal(call)
			if err != nil {
				return err
			}
			if err := tx.Owe(h.t.Context(), &store.Answer{TelegramID: chat, Request: raw}); err != nil {
				return err
			}
		}
		return nil
	})
}

const groupID = -1001000000009

// group is a group with an admin and a message of the bot that has a button.
func (h *house) group() (*telegramtest.Chat, *telegramtest.User) {
	h.t.Helper()
	admin := h.server.User(77, "অ্যাডমিন", "bn")
	group := h.server.Supergroup(groupID, "পাড়ার আড্ডা", admin)
	group.AddBot(admin, telegramtest.Poster)
	h.owe(groupID, telegram.SendText(groupID, "বেছে নিন", telegram.InlineKeyboard{{{Text: "চাপুন", Data: "1x"}}}))
	h.gets(group, 1)
	return group, admin
}

func TestAPressIsAnsweredAtOnceAlsoWhereAGroupMustWaitForItsMessages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	stop := h.open()
	group, admin := h.group()
	var talk []telegram.Request
	for i := range 12 { // more than a group may be sent in half a minute
		talk = append(talk, telegram.SendText(groupID, fmt.Sprint("উত্তর ", i), nil))
	}
	h.owe(groupID, talk...)
	screen := group.FromBots()[0]
	for range 5 {
		press, err := group.Press(admin, screen.MessageID, "চাপুন")
		if err != nil {
			t.Fatal(err)
		}
		h.owe(groupID, telegram.AnswerCallback(press.ID(), "হল", false))
		if answer, err := press.Wait(h.patience()); err != nil || answer.Text != "হল" {
			t.Errorf("the press got %+v, %v", answer, err)
		}
	}
	stop()
	if n := len(group.FromBots()); n > len(talk) {
		t.Errorf("all %d messages had left, so that nothing was to be overtaken", n)
	}
}

func TestOfScreensThatFollowEachOtherTooFastTheLastIsShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	stop := h.open()
	defer stop()
	group, _ := h.group()
	other := telegram.SendText(groupID, "অন্য পর্দা", nil)
	h.owe(groupID, other)
	h.gets(group, 2)
	first, second := group.FromBots()[0].MessageID, group.FromBots()[1].MessageID
	var screens []telegram.Request
	for i := range 30 { // a minute and a half, one after the other
		screens = append(screens, telegram.EditText(telegram.Edit{ChatID: groupID, MessageID: first, Text: fmt.Sprint("পর্দা ", i)}))
	}
	h.owe(groupID, append(screens, telegram.EditText(telegram.Edit{ChatID: groupID, MessageID: second, Text: "অন্যটির শেষ"}))...)
	h.settled()
	for message, want := range map[int]string{first: "পর্দা 29", second: "অন্যটির শেষ"} {
		if m, _ := group.Find(message); m.Text != want {
			t.Errorf("message %d shows %q, not %q", message, m.Text, want)
		}
	}
	if n := len(h.server.Requests("editMessageText")); n != 2 {
		t.Errorf("%d edits were made for two screens", n)
	}
}
