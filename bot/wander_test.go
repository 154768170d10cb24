package bot_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// People who press and write whatever comes to mind, an owner, an editor's channel and a group among them, are all
// answered, in whole sentences, and nothing goes wrong unseen.
func TestHoweverPeopleWanderThroughTheScreensEachStepIsAnswered(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("wanderer ", seed), func(t *testing.T) {
			w := wanderers{world: newWorld(t), rand: rand.New(rand.NewPCG(seed, 1))}
			w.pass(time.Duration(seed) * 5 * time.Hour) // at any time of the day
			w.arrive()
			for range 150 {
				w.pass(time.Duration(1+w.rand.IntN(60)) * time.Second)
				who := pick(w.rand, w.people)
				chat := who.Chat()
				if w.rand.IntN(5) == 0 {
					chat = pick(w.rand, w.chats)
				}
				if w.rand.IntN(5) < 3 {
					w.pressAnything(who, chat)
				} else {
					w.writeAnything(who, chat)
				}
				if w.rand.IntN(60) == 0 {
					w.restart()
				}
			}
			if log := w.logged.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
				t.Errorf("it was logged:\n%s", log)
			}
		})
	}
}

// unfinished is what no reader should see: zero times, verbs and names of a message's parts, escaped markup, double spaces.
var unfinished = regexp.MustCompile(`%!|<no value>|\{[a-z]|(জানুয়ারি|January) (১|1|১৯৭০|1970)([ ,।\n]|$)|&lt;|  `)

type wanderers struct {
	*world
	rand   *rand.Rand
	people []person
	chats  []*telegramtest.Chat
	links  []string
	steps  []string
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (w *wanderers) arrive() {
	for i := range 20 {
		w.pass(time.Minute)
		topic := []store.Category{w.sport, w.politics, w.tech}[i%3]
		w.links = append(w.links, w.publish(fmt.Sprintf("মেট্রোরেল প্রকল্পের খবর %c", 'ক'+rune(i)), topic).URL)
	}
	boss, anu, rina := w.boss(), w.reader(501, "অনু"), w.reader(701, "রিনা")
	eve := person{w.server.User(601, "Eve", "en"), w.world}
	eve.says("/start")
	channel := w.channel(rina)
	group, admin, member := w.group()
	w.people = []person{boss, anu, rina, eve, admin, member}
	w.chats = []*telegramtest.Chat{channel, group}
}

// pressAnything presses some button under one of the last messages.
func (w *wanderers) pressAnything(who person, chat *telegramtest.Chat) {
	messages := chat.FromBots()
	if len(messages) == 0 {
		return
	}
	m := pick(w.rand, messages[max(0, len(messages)-1-w.rand.IntN(4)):])
	var buttons []string
	if m.ReplyMarkup != nil {
		for _, row := range m.ReplyMarkup.Rows {
			for _, b := range row {
				if b.CallbackData != "" {
					buttons = append(buttons, b.CallbackData)
				}
			}
		}
	}
	if len(buttons) == 0 {
		return
	}
	data := pick(w.rand, buttons)
	w.step("%s presses %s in %q", who.Name(), data, chat.Title())
	if notice := w.forge(chat, who.User, m.MessageID, data); unfinished.MatchString(notice) {
		w.wrong("the notice says %q", notice)
	}
	w.look(chat, len(messages))
}

// writeAnything writes a command, with what it may take or not, or some words.
func (w *wanderers) writeAnything(who person, chat *telegramtest.Chat) {
	text := pick(w.rand, []string{
		"খবর", "হ্যাঁ", "না", "বন্ধ করো", "সাহায্য", "ধন্যবাদ", "মেট্রো", "সেটিংস", "৫", "আগামীকাল সকাল ৯টা", "hello", "বাতিল", "প্রকল্প", "ভোর", "।",
	})
	if w.rand.IntN(3) > 0 {
		text = strings.TrimSpace("/" + pick(w.rand, slices.Sorted(maps.Keys(bot.Commands()))) + " " + pick(w.rand, []string{
			"", "", "", "", "মেট্রোরেল", "২ ঘণ্টা", "খেলা", "রাত ১১টা থেকে সকাল ৭টা", "সকাল ৮টা", "on", "off", "১", "3", "সব", "কাল", "👍", "@nobody_here",
			"পরীক্ষার লেখা", strings.Repeat("ক", 500), "\u202Eabc", fmt.Sprint(channelID), pick(w.rand, w.links), "https://t.me/c/1000000001/2", "প্রতিদিন সকাল ৮টায় খবর",
		}))
	}
	before := len(chat.FromBots())
	w.step("%s writes %q in %q", who.Name(), text, chat.Title())
	chat.Say(who.User, text)
	w.settle()
	// A welcome is news, which nobody delivers here.
	if chat.ID() > 0 && len(chat.FromBots()) == before && !strings.HasPrefix(text, "/start") {
		w.wrong("there was no answer")
	}
	w.look(chat, before)
}

// look reads what came after so many messages.
func (w *wanderers) look(chat *telegramtest.Chat, before int) {
	messages := chat.FromBots()
	for _, m := range messages[min(before, len(messages)):] {
		if words := m.Words(); unfinished.MatchString(words) {
			w.wrong("it is answered %q", words)
		}
	}
}

func (w *wanderers) step(format string, args ...any) {
	w.steps = append(w.steps, fmt.Sprintf(format, args...))
}

func (w *wanderers) wrong(format string, args ...any) {
	w.Errorf("after\n  %s\n%s", strings.Join(w.steps[max(0, len(w.steps)-5):], "\n  "), fmt.Sprintf(format, args...))
}
