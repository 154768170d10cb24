package bot_test

import (
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram"
)

// FuzzWhatStrangersWrite hands any text and any button data to the bot. Whatever it is, it is handled: an update that fails
// would be left out and logged.
func FuzzWhatStrangersWrite(f *testing.F) {
	for _, seed := range []string{
		"/start", "/start l_", "/start l_abc", "/start claim_x", "/start channel", "/search \"ক খ", "খবর", "খুঁজুন ঢাকা", "/@", "/start@", "/language x", "/channel @abcd",
		"/link খেলা", "/retract https://x", "1to.0.0", "1ts.0.0.1.1", "1se.0~ঢাকা", "1re.1.0", "1ed.1", "1rt.1.2", "\u202e/start", "a\x00b", "\xff\xfe",
	} {
		f.Add(seed, int64(501))
	}
	d := newDesk(f, nil)
	update := 0
	f.Fuzz(func(t *testing.T, text string, from int64) {
		if from <= 0 {
			from = 1 - max(from, -1<<62)
		}
		update += 2
		person := telegram.User{ID: from, FirstName: text}
		written := says(update, from, text)
		written.Message.From = &person
		pressed := telegram.Update{ID: update + 1, Callback: &telegram.CallbackQuery{
			ID: "1", From: person, Data: text,
			Message: &telegram.Message{ID: 1, Date: written.Message.Date, Text: text, Chat: telegram.Chat{ID: from, Type: telegram.Private}},
		}}
		if err := d.bot.Handle(t.Context(), batch(written, pressed)); err != nil {
			t.Fatal(err)
		}
		if log := d.log.String(); strings.Contains(log, "left out") {
			t.Fatal(log)
		}
	})
}
