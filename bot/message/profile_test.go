package message_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/message"
)

var audiences = []message.Audience{
	message.Everyone, message.Readers, message.Groups, message.GroupAdmins, message.ChannelAdmins, message.Owners, message.Editors, message.Viewers,
}

func TestTheProfileFitsTelegramsLimits(t *testing.T) {
	for _, p := range []message.Printer{inIndia, inBangladesh, inEnglish} {
		profile := p.Profile()
		for _, part := range []struct {
			name, text string
			limit      int
		}{{"name", profile.Name, 64}, {"about", profile.About, 120}, {"description", profile.Description, 512}} {
			if n := utf8.RuneCountInString(part.text); n == 0 || n > part.limit {
				t.Errorf("%s: %s has %d characters, limit %d", p.Lang(), part.name, n, part.limit)
			}
		}
	}
}

func TestCommandMenusAreWhatTelegramAccepts(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	for _, p := range []message.Printer{inIndia, inEnglish} {
		for _, audience := range audiences {
			commands := p.Commands(audience)
			if len(commands) == 0 || len(commands) > 100 {
				t.Errorf("%s: %d commands", audience, len(commands))
			}
			for i, c := range commands {
				if !name.MatchString(c.Name) {
					t.Errorf("%s: %q is no command", audience, c.Name)
				}
				if n := utf8.RuneCountInString(c.Description); n == 0 || n > 256 || strings.HasPrefix(c.Description, "cmd.") {
					t.Errorf("%s: /%s is described as %q", audience, c.Name, c.Description)
				}
				if slices.ContainsFunc(commands[:i], func(earlier message.Command) bool { return earlier.Name == c.Name }) {
					t.Errorf("%s: /%s stands twice", audience, c.Name)
				}
			}
		}
	}
}

func TestHelpGrowsWithRights(t *testing.T) {
	for _, test := range []struct {
		audience        message.Audience
		has, hasNot     string
		words, sections int
	}{
		{message.Readers, "/topics — বিষয় বেছে নিন", "/link", 1, 1},
		{message.ChannelAdmins, "/test — চ্যানেল যা পাবে", "/link", 1, 2},
		{message.Owners, "/token — খবর জমা দেওয়ার টোকেন তৈরি করুন", "/nothing", 1, 3},
		{message.Editors, "/link — গ্রাহক হওয়ার লিংক তৈরি করুন", "/token", 1, 3},
		{message.Viewers, "/links — গ্রাহক হওয়ার লিংকের তালিকা", "/addfeed", 1, 2},
		{message.GroupAdmins, "/here — এই টপিকে কোন বিষয়ের খবর আসবে", "/link", 0, 1},
	} {
		m := inIndia.HelpFor(test.audience)
		p := checked(t, m)
		if !strings.Contains(p.text, test.has) || strings.Contains(p.text, test.hasNot) {
			t.Errorf("%s: got\n%s", test.audience, p.text)
		}
		if len(p.bold) != test.sections || strings.Count(p.text, "লিখলেও চলবে") != test.words {
			t.Errorf("%s: %d sections in\n%s", test.audience, len(p.bold), p.text)
		}
		if n := strings.Count(p.text, "/help"); n != 1 {
			t.Errorf("%s: /help is listed %d times", test.audience, n)
		}
	}
}
