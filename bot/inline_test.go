package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// result is what the tests look at in an inline result.
type result struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Content     struct {
		Text string `json:"message_text"`
	} `json:"input_message_content"`
	Markup struct {
		Rows [][]struct{ Text, URL string } `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// asks types an inline query and returns the answer with its results.
func (p person) asks(query, offset string) (*telegramtest.InlineAsk, telegramtest.InlineAnswer, []result) {
	p.w.Helper()
	ask := p.AskInline(query, offset)
	ctx, cancel := context.WithTimeout(p.w.Context(), 60*time.Second)
	defer cancel()
	answer, err := ask.Wait(ctx)
	if err != nil {
		p.w.Fatalf("the inline query %q got no answer: %v\n%s", query, err, p.w.logged)
	}
	p.w.settle()
	list := make([]result, len(answer.Results))
	for i, raw := range answer.Results {
		if err := json.Unmarshal(raw, &list[i]); err != nil {
			p.w.Fatal(err)
		}
	}
	return ask, answer, list
}

func TestAnInlineQueryFindsArticlesAndPostsACardThatSubscribes(t *testing.T) {
	w := newWorld(t)
	w.telegram.SetInline(true)
	w.settle()
	anu, stranger := w.reader(501, "অনু"), w.person(666, "আগন্তুক")
	w.publish("মেট্রোরেলের নতুন লাইন", w.tech)
	w.publish("ভোট কাল", w.politics)
	gone := w.publish("মেট্রোরেল নিয়ে ভুল খবর", w.tech)
	w.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), gone.ID, w.now()) })

	ask, answer, found := anu.asks("মেট্রোরেল", "")
	if len(found) != 1 || found[0].Title != "মেট্রোরেলের নতুন লাইন" || answer.NextOffset != "" || answer.IsPersonal || answer.CacheTime != 300 {
		t.Fatalf("the answer is %+v with %+v", answer, found)
	}
	group := w.server.Group(-700, "বন্ধুরা", anu.User)
	message, err := ask.Choose(group, found[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	card, _ := group.Find(message)
	w.says(card.Text, "মেট্রোরেলের নতুন লাইন\n\nপ্রথম বাক্যটি খবরের মূল কথা বলে।\n\nপ্রযুক্তি · ")
	if got := labels(card); got != "পুরো খবর পড়ুন | টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন" {
		t.Errorf("the card has %s", got)
	}
	_, payload, _ := strings.Cut(card.ReplyMarkup.Rows[1][0].URL, "?start=")
	stranger.says("/start " + payload)
	w.follows(666, w.tech.ID)
	links, err := w.store.Links(t.Context())
	if err != nil || len(links) != 1 || links[0].Campaign != "inline" || links[0].Subscribers != 1 {
		t.Errorf("the links are %+v, %v", links, err)
	}
	if _, _, found := anu.asks("মেট", ""); len(found) != 1 {
		t.Errorf("the beginning of a word finds %+v", found)
	}
}

func TestInlineQueriesAreUnderstoodLikeWhatIsWrittenToTheBot(t *testing.T) {
	w := newWorld(t)
	w.telegram.SetInline(true)
	w.pass(0)
	w.publish("মেট্রোরেলের নতুন লাইন", w.tech)
	w.publish("ফাইনালে উঠল দল", w.sport)
	w.publish("ভুয়া খবর ছড়িয়ে গ্রেপ্তার", w.politics)
	w.publish("বৃষ্টিতে খেলা বন্ধ", w.politics)
	anu := w.person(501, "অনু")
	for query, want := range map[string]string{
		"খেলা": "ফাইনালে উঠল দল", "খেলার খবর": "ফাইনালে উঠল দল", "Sports": "ফাইনালে উঠল দল", "sports news": "ফাইনালে উঠল দল",
		"মেট্রোরেলের খবর": "মেট্রোরেলের নতুন লাইন", "মেট্রোরেল নিয়ে খবর দিন": "মেট্রোরেলের নতুন লাইন", "মেটরোরেল": "মেট্রোরেলের নতুন লাইন",
		"ভুয়া খবর": "ভুয়া খবর ছড়িয়ে গ্রেপ্তার", "ফাইনা": "ফাইনালে উঠল দল", "জিরাফের খবর": "",
		"খবর":       "বৃষ্টিতে খেলা বন্ধ | ভুয়া খবর ছড়িয়ে গ্রেপ্তার | ফাইনালে উঠল দল | মেট্রোরেলের নতুন লাইন",
		"আজকের খবর": "বৃষ্টিতে খেলা বন্ধ | ভুয়া খবর ছড়িয়ে গ্রেপ্তার | ফাইনালে উঠল দল | মেট্রোরেলের নতুন লাইন",
	} {
		w.pass(5 * time.Second)
		_, _, found := anu.asks(query, "")
		var titles []string
		for _, r := range found {
			titles = append(titles, r.Title)
		}
		if got := strings.Join(titles, " | "); got != want {
			t.Errorf("%q brings %q, not %q", query, got, want)
		}
	}
}

func TestInlineResultsAreTurnedPageByPage(t *testing.T) {
	w := newWorld(t)
	w.telegram.SetInline(true)
	anu := w.person(501, "অনু")
	for i := range 40 {
		w.publish(fmt.Sprintf("খবর নম্বর %d", i), w.sport)
		w.pass(time.Minute)
	}
	seen := map[string]bool{}
	offset, pages := "", 0
	for {
		_, answer, found := anu.asks("", offset)
		pages++
		if pages == 1 && (found[0].Title != "খবর নম্বর 39" || answer.CacheTime != 60) {
			t.Errorf("the first is %q, kept for %d s", found[0].Title, answer.CacheTime)
		}
		for _, r := range found {
			if seen[r.ID] {
				t.Errorf("%s came twice", r.Title)
			}
			seen[r.ID] = true
		}
		if offset = answer.NextOffset; offset == "" {
			break
		}
	}
	if len(seen) != 40 || pages != 3 {
		t.Errorf("%d articles on %d pages", len(seen), pages)
	}
}

func TestInlineQueriesThatFindNothingAreAnsweredToo(t *testing.T) {
	w := newWorld(t)
	w.telegram.SetInline(true)
	w.publish("ভোট কাল", w.politics)
	anu := w.person(501, "অনু")
	for i, query := range []string{"জিরাফ", strings.Repeat("ভোট ", 60), "\"", "''; DROP TABLE", "\u202e\u200b", "🙂🙂"} {
		if i == 3 {
			w.pass(time.Minute)
		}
		_, answer, found := anu.asks(query, "")
		if len(found) != 0 || !strings.Contains(string(answer.Button), "কিছু পাওয়া যায়নি") {
			t.Errorf("%q gives %+v and %s", query, found, answer.Button)
		}
	}
	for _, offset := range []string{"-1", "x", "99999999999999999999", "0"} {
		if _, answer, found := anu.asks("ভোট", offset); len(found) != 0 || answer.NextOffset != "" {
			t.Errorf("from %q on there is %+v", offset, found)
		}
	}
}

func TestWhoTypesInlineQueriesWithoutEndIsNotServedWithoutEnd(t *testing.T) {
	w := newWorld(t)
	w.telegram.SetInline(true)
	w.pass(0)
	w.publish("ভোট কাল", w.politics)
	mallory, anu := w.person(666, "আগন্তুক"), w.person(501, "অনু")
	for i := range 500 {
		mallory.AskInline(fmt.Sprint("ভোট ", i), "")
	}
	if _, _, found := anu.asks("ভোট", ""); len(found) != 1 {
		t.Errorf("another finds %+v", found)
	}
	if n := len(w.server.Requests("answerInlineQuery")); n > 60 {
		t.Errorf("%d queries were answered", n)
	}
}
