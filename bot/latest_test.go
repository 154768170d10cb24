package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/store"
)

// The rest of a list is turned over page by page, by a button under it or by the link under a post in a channel; what was taken back is
// left out, and what stands behind it is not.
func TestTheRestOfAListIsTurnedOverToItsEnd(t *testing.T) {
	w := newWorld(t)
	anu, stranger := w.reader(501, "অনু"), w.person(502, "পথিক")
	var ids []int64
	for n := range 30 {
		ids = append(ids, w.publish(fmt.Sprintf("খবর নম্বর %d।", n), w.sport).ID)
	}
	list := store.Post{Shape: store.List, Articles: ids, At: w.now()}
	again := store.Post{Shape: store.List, Mentions: ids[:9], At: w.now()}
	w.write(func(tx store.Tx) error {
		for _, id := range ids[4:13] { // a whole page, and one more
			if err := tx.RetractArticle(w.Context(), id, w.now()); err != nil {
				return err
			}
		}
		if err := tx.SavePost(w.Context(), &list); err != nil {
			return err
		}
		return tx.SavePost(w.Context(), &again)
	})
	m := w.deliver(w.publish("যে কোনও খবর", w.sport), anu.Chat())
	turn := func(who person, before int) string {
		all := who.since(before)
		for strings.Contains(labelsOf(who), "পরের পাতা →") {
			n := len(who.Chat().FromBots())
			who.presses("পরের পাতা →")
			all += who.since(n)
		}
		return all
	}
	seen := func(all string, from, to int) {
		t.Helper()
		for n := range ids {
			want := 0
			if n >= from && n < to && (n < 4 || n > 12) {
				want = 1
			}
			if got := strings.Count(all, fmt.Sprintf("খবর নম্বর %d।", n)); got != want {
				t.Errorf("article %d stands %d times, want %d, in %q", n, got, want, all)
			}
		}
	}
	before := len(anu.Chat().FromBots())
	w.forge(anu.Chat(), anu.User, m.MessageID, button.Of(button.Rest, list.ID, 2))
	seen(turn(anu, before), 2, 30)
	before = len(anu.Chat().FromBots())
	w.forge(anu.Chat(), anu.User, m.MessageID, button.Of(button.Rest, again.ID, 1))
	seen(turn(anu, before), 1, 9)

	_, payload, _ := strings.Cut(delivery.RestURL("x", list.ID, 20), "start=")
	w.says(anu.says("/start "+payload), "খবর নম্বর 20।")
	stranger.says("/start " + payload)
	said := texts(stranger.Chat().FromBots())
	w.says(said[0], "খবর নম্বর 20।")
	w.says(strings.Join(said, "\n"), "এমন খবর নিয়মিত পেতে চান?")
	for _, forged := range []string{"p_", "p_zzzzzz_0", "p_1", "p_1_", "p_" + strings.Repeat("z", 30) + "_1", "p_-1_-1", "p_0_zzzzzzzzzzzz", "p_!_1"} {
		if said := anu.says("/start " + forged); said == "" || strings.Contains(said, "খবর নম্বর") {
			t.Errorf("%s is answered %q", forged, said)
		}
	}
}

// labelsOf are the buttons under the bot's last message to the person.
func labelsOf(p person) string {
	if p.last().ReplyMarkup == nil {
		return ""
	}
	return labels(p.last())
}
