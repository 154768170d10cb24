package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const anyToken = "712345678:AAH3kUnTq-9x_ForTestsOnlyNotARealOne"

// typed runs the program as it is started at a terminal, and returns its outputs together with the error as main prints it.
func typed(t *testing.T, environ []string, args ...string) (said string, status int) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, environ, streams{in: strings.NewReader(""), out: &out, err: &out})
	if err == nil {
		return out.String(), 0
	}
	return out.String() + shownError(err), exitStatus(err)
}

func TestEveryWrongSettingIsNamedWithItsMend(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		setting string
		parts   []string
	}{
		{"HARKARA_TOKEN=", []string{"HARKARA_TOKEN:", "@BotFather"}},
		{"HARKARA_TOKEN=AAH3kUnTq", []string{"HARKARA_TOKEN:", "digits, a colon"}},
		{"HARKARA_TOKEN=bot" + anyToken, []string{"HARKARA_TOKEN:", "alone"}},
		{`HARKARA_TOKEN="` + anyToken + `"`, []string{"HARKARA_TOKEN:", "quotes"}},
		{"HARKARA_TOKEN=7123 45678:AAH3", []string{"HARKARA_TOKEN:", "spaces"}},
		{"HARKARA_TOKN=" + anyToken, []string{"HARKARA_TOKN is not a setting", "did you mean HARKARA_TOKEN?"}},
		{"HARKARA_TOKEN_FILE=" + filepath.Join(folder, "absent"), []string{"HARKARA_TOKEN_FILE:", "no such file"}},
		{"HARKARA_TOKEN_FILE=" + file("empty", " \n"), []string{"HARKARA_TOKEN_FILE:", "empty"}},
		{"HARKARA_TOKEN_FILE=" + file("named", "TOKEN="+anyToken), []string{"HARKARA_TOKEN_FILE:", "digits, a colon"}},
		{"HARKARA_TOKEN_FILE=" + anyToken, []string{"HARKARA_TOKEN_FILE:", "token itself"}},
		{"HARKARA_TIMEZONE=Asia/Calcuta", []string{"HARKARA_TIMEZONE:", "did you mean Asia/Kolkata?"}},
		{"HARKARA_TIMEZONE=asia/dhaka", []string{"did you mean Asia/Dhaka?"}},
		{"HARKARA_TIMEZONE=Dhakka", []string{"did you mean Asia/Dhaka?"}},
		{"HARKARA_TIMEZONE=London", []string{"did you mean Europe/London?"}},
		{"HARKARA_TIMEZONE=+0530", []string{"write it like Asia/Kolkata"}},
		{"HARKARA_POLL_EVERY=often", []string{"HARKARA_POLL_EVERY:", "7d"}},
		{"HARKARA_NEWS_AGE=৪০d", []string{"HARKARA_NEWS_AGE:", "1m to 30d"}},
		{"HARKARA_RATE=ত্রিশ", []string{"HARKARA_RATE:", "1 to 100000"}},
		{"HARKARA_ERA=maybe", []string{"HARKARA_ERA:", "yes nor no"}},
		{"HARKARA_OWNERS=@me", []string{"HARKARA_OWNERS:", "@userinfobot"}},
		{"HARKARA_OWNERS=" + anyToken, []string{"HARKARA_OWNERS:"}},
		{"HARKARA_LISTEN=8090", []string{"HARKARA_LISTEN:", "127.0.0.1:8090"}},
		{"HARKARA_LISTEN=:99999", []string{"HARKARA_LISTEN:"}},
		{"HARKARA_ALLOW_HOSTS=10.0.0.1:8080", []string{"HARKARA_ALLOW_HOSTS:", "without scheme and port"}},
		{"HARKARA_API=api.telegram.org/bot" + anyToken, []string{"HARKARA_API:", "https://api.telegram.org"}},
		{"HARKARA_API=https://api.telegram.org/bot" + anyToken, []string{"HARKARA_API:", "leave out /bot"}},
		{"HARKARA_API=https://api.telegram.org/bot", []string{"HARKARA_API:", "leave out /bot"}},
		{"HARKARA_DB=harkara.db", []string{"HARKARA_DB:", "sqlite:harkara.db"}},
	} {
		environ := []string{"HARKARA_DB=sqlite:" + filepath.Join(folder, "harkara.db"), "HARKARA_BUDGET=x", c.setting}
		if !strings.HasPrefix(c.setting, "HARKARA_TO") {
			environ = append(environ, "HARKARA_TOKEN="+anyToken)
		}
		said, status := typed(t, environ, "run")
		if strings.Contains(said, "AAH3kUnTq-9x_") {
			t.Errorf("%s: the token is shown: %s", c.setting, said)
		}
		if !strings.HasPrefix(c.setting, "HARKARA_ERA") && !strings.Contains(said, "HARKARA_BUDGET:") {
			t.Errorf("%s: the other fault is not told: %s", c.setting, said)
		}
		for _, part := range c.parts {
			if !strings.Contains(said, part) || status != statusUsage {
				t.Errorf("%s: status %d, %q is not in: %s", c.setting, status, part, said)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "harkara.db")); err == nil {
		t.Error("a database was made")
	}
}

func TestSettingsAreReadAsPeopleWriteThem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("\ufeff"+anyToken+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := settings{
		databaseSetting: databaseSetting{DB: "sqlite:x.db"}, displaySettings: displaySettings{Timezone: "Asia/Dhaka", Region: "BD"},
		API: "http://127.0.0.1:8081/", TokenFile: file, Owners: "১২, 13\n", PollEvery: "৫m", Rate: "৩০", Burst: " 3 ", NewsAge: "1 d", KeepSent: "7d",
		InDoubt: "skip", Stories: "off", Budget: "330", Listen: ":0",
	}
	c, err := s.validate(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if c.rate != 30 || c.burst != 3 || c.pollEvery.Minutes() != 5 || c.newsAge.Hours() != 24 || c.keepSent.Hours() != 7*24 ||
		len(c.owners) != 2 || c.owners[0] != 12 || c.owners[1] != 13 || c.token.BotID() != 712345678 {
		t.Errorf("%+v", c)
	}
}

func TestAWrongCommandLineTellsWhereToReadMore(t *testing.T) {
	for line, part := range map[string]string{
		"rn":                            `did you mean "run"?`,
		"run --pol-every 5m":            "harkara run --help",
		"preview":                       "harkara preview --help",
		"link":                          "harkara link --help",
		"bench --only kil":              "harkara bench --list",
		"preview ftp://x.example":       "only http and https",
		"link --category all --bot no!": "--bot:",
		"preview --budget few x":        "HARKARA_BUDGET",
	} {
		said, status := typed(t, nil, strings.Fields(line)...)
		if !strings.Contains(said, part) || status != statusUsage {
			t.Errorf("%s: status %d: %s", line, status, said)
		}
	}
	for _, line := range []string{"", "help", "--help", "help run", "run --help", "version", "--version"} {
		if said, status := typed(t, nil, strings.Fields(line)...); status != 0 || !strings.Contains(said, "harkara") {
			t.Errorf("%q: status %d: %s", line, status, said)
		}
	}
}

func TestOnlyWhatFillsADatabaseMakesOne(t *testing.T) {
	folder := t.TempDir()
	database := "HARKARA_DB=sqlite:" + filepath.Join(folder, "absent.db")
	for _, line := range []string{"export", "cuts", "doctor", "link --category all --bot harkara_bot"} {
		said, status := typed(t, []string{database, "HARKARA_TOKEN=" + anyToken}, strings.Fields(line)...)
		if status != statusUsage || !strings.Contains(said, "absent.db") || !strings.Contains(said, "HARKARA_DB") {
			t.Errorf("%s: status %d: %s", line, status, said)
		}
	}
	if left, err := fs.Glob(os.DirFS(folder), "*"); err != nil || len(left) > 0 {
		t.Errorf("made: %q %v", left, err)
	}
}

func TestACategoryIsFoundHoweverItIsSpelt(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, environ := filepath.Join(folder, "c.opml"), []string{"HARKARA_DB=sqlite:" + filepath.Join(folder, "harkara.db")}
	// The name has its nukta letter as one code point, the link is asked for with two.
	text := "<opml version=\"2.0\"><body><outline text=\"\u09ac\u09bf\u09b7\u09df\" harkara:slug=\"things\" harkara:en=\"Things\">" +
		`<outline text="a" xmlUrl="https://paper.example/rss"/></outline></body></opml>`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, status := typed(t, environ, "import", file); status != 0 {
		t.Fatal(said)
	}
	for _, name := range []string{"things", "THINGS", "\u09ac\u09bf\u09b7\u09df", "\u09ac\u09bf\u09b7\u09af\u09bc"} {
		if said, status := typed(t, environ, "link", "--bot", "harkara_bot", "--category", name); status != 0 || !strings.Contains(said, "https://t.me/harkara_bot?start=l_") {
			t.Errorf("%q: %s", name, said)
		}
	}
	if said, status := typed(t, environ, "link", "--bot", "harkara_bot", "--category", "thing"); status != statusUsage || !strings.Contains(said, "things") {
		t.Errorf("status %d: %s", status, said)
	}
}

func TestTheSecondBotOnADatabaseIsRefused(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.subscribeLink(technology)
	stop := w.startBot()
	_, err := w.command("run", "--db", w.database, "--api", w.telegram.URL())
	if err == nil || !strings.Contains(err.Error(), "one database, one bot") || exitStatus(err) != statusFailed {
		t.Errorf("got %v", err)
	}
	if _, err := w.command("export", "--db", w.database); err != nil {
		t.Errorf("export beside the bot: %v", err)
	}
	stop()
	again := w.startBot()
	again()
}
