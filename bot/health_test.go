package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// Two programs that poll get updates in turn: the owners are told of it once, and once when it is over for good.
func TestASecondPollerIsToldOfOnceHoweverOftenItComes(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	w.write(func(tx store.Tx) error {
		return tx.SaveEditor(t.Context(), store.Editor{User: owner, Role: store.Owner})
	})
	told := func(what string) int {
		return strings.Count(strings.Join(texts(boss.Chat().FromBots()), "\n"), what)
	}
	const conflict, over = "এই টোকেন দিয়ে আরেকটি প্রোগ্রামও চলছে", "সমস্যা মিটেছে"
	for range 3 {
		w.server.Fault(telegramtest.Fault{Kind: telegramtest.Refused, Method: "getUpdates", Times: 1, Code: 409, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"})
		boss.says("/help") // which is heard in between
	}
	if told(conflict) != 1 || told(over) != 0 {
		t.Errorf("told %d times of the conflict and %d times of its end", told(conflict), told(over))
	}
	w.restart() // looks around at once
	boss.says("/help")
	if told(over) != 0 {
		t.Error("it is said to be over while it may come again")
	}
	w.pass(6 * time.Minute)
	for range 2 {
		w.restart()
		boss.says("/help")
	}
	if told(conflict) != 1 || told(over) != 1 {
		t.Errorf("told %d times of the conflict and %d times of its end", told(conflict), told(over))
	}
	w.server.Fault(telegramtest.Fault{Kind: telegramtest.Refused, Method: "getUpdates", Times: 1, Code: 409, Text: "Conflict: terminated by other getUpdates request"})
	boss.says("/help") // the poll that brings it is the last that is well
	patience, done := context.WithTimeout(t.Context(), time.Minute)
	defer done()
	if _, err := boss.Chat().Wait(patience, func(m []telegramtest.Message) bool { return strings.Count(strings.Join(texts(m), "\n"), conflict) == 2 }); err != nil {
		t.Errorf("a new conflict is not told of: %v", err)
	}
}
