package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/bengali"
)

// junk is what no command takes, and what none may choke on.
var junk = map[string]string{
	"nothing":         "",
	"4,000 letters":   strings.Repeat("কখগঘ", 1000),
	"a long line":     strings.Repeat("শব্দ ", 800),
	"emoji":           "🙂👍🏽👨‍👩‍👧",
	"direction marks": "\u202e\u200f\u2066\u2069\u200b",
	"another script":  "新闻",
	"Arabic":          "\u202eأخبار\u202c",
	"a big number":    "99999999999999999999",
	"a negative":      "-৫",
	"markup":          "<b>&lt;script&gt;</a><i",
	"braces":          "{query} {n:a/b} %s %!d(x)",
	"one letter":      "ক",
	"a link":          "https://x.example/?a=<b>&c=\"",
	"a name":          "@ab",
	"a control":       "a\x00b\x1b[31m",
}

// faulty tells what is wrong with an answer, whatever it answers.
func faulty(answer string) string {
	switch {
	case strings.TrimSpace(answer) == "":
		return "is empty"
	case !strings.ContainsFunc(answer, func(r rune) bool { return unicode.Is(unicode.Bengali, r) }):
		return "is not in Bengali"
	}
	for _, one := range strings.Split(answer, "\n---\n") {
		if bengali.UTF16Len(one) > 4096 {
			return "is too long"
		}
	}
	for _, ours := range []string{"strconv", "invalid", "parsing", "%!", "<nil>", "sql:", "panic", "unexpected", "runtime", "unsupported", "context", "EOF", "not found"} {
		if strings.Contains(strings.ReplaceAll(answer, junk["braces"], ""), ours) {
			return "speaks of " + ours
		}
	}
	return ""
}

// takers take an argument; what is said to a wrong one has a right example. Words can be searched for, followed and muted whatever they are.
var (
	takers = []string{
		"pause", "resume", "language", "quiet", "digest", "search", "follow", "mute", "share", "retract", "channel", "test", "preview", "link", "feed", "addfeed", "removefeed", "breaking", "schedule",
	}
	wordTakers = []string{"search", "follow", "mute"}
	wordless   = []string{"emoji", "direction marks", "4,000 letters"}
	fitting    = []string{"nothing", "a negative"} // -৫ may be an hour
)

func TestJunkBehindACommandIsAnsweredInBengaliWithARightExample(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	boss, anu := w.reader(owner, "মালিক"), w.reader(501, "অনু")
	w.publish("একটি খবর", w.sport)
	for _, who := range []person{anu, boss} {
		for name, where := range bot.Commands() {
			if !where[0] {
				continue
			}
			for kind, argument := range junk {
				if !slices.Contains(wordless, kind) && (who == anu || !slices.Contains(takers, name)) { // the others make no difference
					continue
				}
				w.pass(2 * time.Second)
				answer := who.says(strings.TrimSpace("/" + name + " " + argument))
				if fault := faulty(answer); fault != "" {
					t.Errorf("to /%s with %s %s gets an answer that %s: %q", name, kind, who.Name(), fault, answer)
				}
				wrong := !slices.Contains(fitting, kind) && (slices.Contains(wordless, kind) || !slices.Contains(wordTakers, name))
				if who == boss && wrong && slices.Contains(takers, name) && !strings.Contains(answer, "যেমন") && !strings.Contains(answer, "/"+name) {
					t.Errorf("to /%s with %s there is no right example: %q", name, kind, answer)
				}
			}
			who.says("/cancel")
		}
	}
	w.says(anu.says("/claim "+junk["a name"]), "যেমন: /claim")
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}

func TestJunkBehindACommandInAGroupIsAnsweredInBengali(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	group, admin, _ := w.group()
	w.hears(group, admin, "/start", telegramtest.Manner{})
	for name, where := range bot.Commands() {
		if name == "desk" { // would move the desk here; strangers are refused in other tests
			continue
		}
		for kind, argument := range junk {
			if !where[1] && kind != "markup" { // all are sent elsewhere
				continue
			}
			w.pass(21 * time.Second) // what is not done in groups is said three times a minute
			before := len(admin.Chat().FromBots())
			answer := w.hears(group, admin, strings.TrimSpace("/"+name+" "+argument), telegramtest.Manner{}) + admin.since(before)
			if fault := faulty(answer); fault != "" {
				t.Errorf("to /%s with %s (works in groups: %v) there is an answer that %s: %q", name, kind, where[1], fault, answer)
			}
		}
	}
}

func TestTenThousandWordsAreBoundedWithAReason(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	anu := w.reader(501, "অনু")
	var words []string
	for i := range 300 {
		words = append(words, fmt.Sprintf("শব্দ%d", i))
	}
	w.says(anu.says("/follow "+strings.Join(words, ", ")), "একবারে ১০টির বেশি শব্দ নেওয়া যায় না")
	for i := 10; i < 300; i += 10 {
		w.pass(5 * time.Second)
		answer := anu.says("/follow " + strings.Join(words[i:i+10], ", "))
		if i >= 50 && !strings.Contains(answer, "৫০") {
			t.Errorf("beyond fifty words the bot says %q", answer)
		}
	}
	if got := len(w.chat(501).Prefs.Follow); got != 50 {
		t.Errorf("%d words are followed", got)
	}
}

func TestANameThatTurnsTheDirectionTurnsNothingAround(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	w.reader(502, "\u202eনুঅ\u202c\u200f\u2067")
	boss.says("/editors")
	for _, said := range []string{boss.says("/log"), boss.says("/search \u202eঅনু\u202c"), boss.says("/follow \u2066অনু\u2069"), boss.says("/follow")} {
		if strings.ContainsAny(said, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") {
			t.Errorf("direction marks in %q", said)
		}
	}
}
