package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/bengali"
)

// environment gives each flag the value of its variable.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			value := getenv(name)
			if value == "" {
				continue
			}
			if !flag.IsBool() {
				return value, nil
			}
			switch strings.ToLower(value) {
			case "yes", "true", "on", "1", "১":
				return "true", nil
			case "no", "false", "off", "0", "০":
				return "false", nil
			}
			return nil, fmt.Errorf("%s: %q is neither yes nor no", name, value)
		}
		return nil, nil
	})
}

// databaseSetting is the flag of every command that opens the store.
type databaseSetting struct {
	DB string `name:"db" env:"HARKARA_DB" default:"sqlite:harkara.db" help:"Database: sqlite: and a file's path."`
}

// displaySettings are those that decide how posts look.
type displaySettings struct {
	Timezone string `env:"HARKARA_TIMEZONE" default:"Asia/Kolkata" help:"Time zone of times in posts, for chats that chose none."`
	Region   string `env:"HARKARA_REGION" placeholder:"bd|in" help:"Spelling: bd (Bangladesh) or in (West Bengal). Default: bd in Asia/Dhaka, else in."`
}

// safetySettings are those of everything that fetches.
type safetySettings struct {
	AllowHosts string `env:"HARKARA_ALLOW_HOSTS" placeholder:"HOST,…" help:"Hosts, addresses or CIDR ranges that may be private. Default: none."`
}

// settings are what `harkara run` is told, as text: all faults are found together, so nothing is
// parsed before validate.
type settings struct {
	databaseSetting
	displaySettings
	safetySettings
	API           string `name:"api" env:"HARKARA_API" default:"https://api.telegram.org" help:"Address of the Bot API server, without /bot and the token."`
	TokenFile     string `env:"HARKARA_TOKEN_FILE" placeholder:"FILE" help:"File that holds the bot's token; or put the token into $HARKARA_TOKEN."`
	Owners        string `env:"HARKARA_OWNERS" placeholder:"ID,…" help:"Telegram user ids of the owners. With none, the log prints a one-time link to become owner."`
	PollEvery     string `env:"HARKARA_POLL_EVERY" default:"5m" help:"How often each feed is polled; at least 1s."`
	Rate          string `env:"HARKARA_RATE" default:"30" help:"Messages a second over all chats. More than 30 only with paid broadcasts or a server of your own."`
	PaidBroadcast bool   `env:"HARKARA_PAID_BROADCAST" help:"Send as paid broadcasts, which cost Telegram Stars beyond 30 a second."`
	Burst         string `env:"HARKARA_BURST" default:"3" help:"Articles a chat gets one by one within a minute; what comes beyond them is gathered in a list."`
	NewsAge       string `env:"HARKARA_NEWS_AGE" default:"24h" help:"Age at which news has become history and is no longer sent."`
	ApprovalAge   string `env:"HARKARA_APPROVAL_AGE" placeholder:"AGE" help:"How long an article waits for an editor's approval before it expires. Default: HARKARA_NEWS_AGE."`
	KeepSent      string `env:"HARKARA_KEEP_SENT" default:"168h" help:"How long sent posts follow corrections of their article."`
	InDoubt       string `env:"HARKARA_IN_DOUBT" default:"mention" help:"After a crash, messages of unknown fate are named in the next one (mention), sent again (repeat) or left (skip)."`
	Stories       string `env:"HARKARA_STORIES" default:"reply" help:"Later articles of a story that a chat has had are sent in reply to the first (reply), left out (skip) or sent like any other (off)."`
	Budget        string `env:"HARKARA_BUDGET" default:"330" help:"Length of a summary in characters."`
	Era           bool   `env:"HARKARA_ERA" help:"Add the date of the Bengali era (বঙ্গাব্দ) to digests."`
	Listen        string `env:"HARKARA_LISTEN" placeholder:"HOST:PORT" help:"Address at which to listen for hubs, articles handed in (/ingest, /ping) and monitors (/healthz). Default: none."`
	PublicURL     string `name:"public-url" env:"HARKARA_PUBLIC_URL" placeholder:"URL" help:"Address at which the outside reaches HARKARA_LISTEN; with it, hubs tell of new items at once (WebSub)."`
	Verbose       bool   `short:"v" env:"HARKARA_VERBOSE" help:"Log more."`
}

// botPath is the end of a Bot API address that holds, or is to be followed by, a token.
var botPath = regexp.MustCompile(`/bot([0-9]|/?$)`)

// config is what the settings mean.
type config struct {
	token       telegram.Token
	api         string
	database    string
	zone        *time.Location
	region      message.Region
	owners      []int64
	pollEvery   time.Duration
	allow       feeds.Allow
	rate        int
	paid        bool
	burst       int
	burstTime   time.Duration // zero but in the demo
	newsAge     time.Duration
	approvalAge time.Duration
	keepSent    time.Duration
	inDoubt     delivery.Policy
	stories     delivery.Stories
	listen      string
	publicURL   string
	budget      int
	era         bool
}

// faults gathers what is wrong with the settings, each with its mend.
type faults struct{ list []error }

func (f *faults) add(format string, args ...any) {
	f.list = append(f.list, fmt.Errorf(format, args...))
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("the settings have %d fault(s):\n%w", len(f.list), errors.Join(f.list...))}
}

// validate reads all settings and reports all their faults together.
func (s settings) validate(getenv func(string) string) (config, error) {
	var f faults
	c := config{
		token:    readToken(&f, getenv, s.TokenFile),
		api:      s.API,
		database: s.databaseSetting.path(&f),
		paid:     s.PaidBroadcast,
		era:      s.Era,
		inDoubt:  delivery.Policy(s.InDoubt),
		stories:  delivery.Stories(s.Stories),
		listen:   s.Listen,
	}
	c.zone, c.region = s.displaySettings.read(&f)
	c.allow = s.safetySettings.read(&f)
	switch u, err := url.Parse(s.API); {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || (u.Scheme != "http" && u.Scheme != "https"):
		f.add("HARKARA_API: %q is not the address of a server; write it like https://api.telegram.org", s.API)
	case botPath.MatchString(u.Path):
		f.add("HARKARA_API: %q goes too far; leave out /bot and what follows, which is added for each call", s.API)
	}
	for _, word := range list(s.Owners) {
		id, err := strconv.ParseInt(bengali.ASCIIDigits(word), 10, 64)
		if err != nil || id <= 0 {
			f.add("HARKARA_OWNERS: %q is not a Telegram user id; write the numbers that @userinfobot shows, separated by commas", word)
			continue
		}
		c.owners = append(c.owners, id)
	}
	c.pollEvery = span(&f, "HARKARA_POLL_EVERY", s.PollEvery, time.Second, 24*time.Hour)
	c.newsAge = span(&f, "HARKARA_NEWS_AGE", s.NewsAge, time.Minute, 30*24*time.Hour)
	c.approvalAge = c.newsAge
	if s.ApprovalAge != "" {
		c.approvalAge = span(&f, "HARKARA_APPROVAL_AGE", s.ApprovalAge, time.Minute, 30*24*time.Hour)
	}
	c.keepSent = span(&f, "HARKARA_KEEP_SENT", s.KeepSent, 0, 90*24*time.Hour)
	c.rate = number(&f, "HARKARA_RATE", s.Rate, 1, 100_000)
	c.burst = number(&f, "HARKARA_BURST", s.Burst, 1, 20)
	c.budget = number(&f, "HARKARA_BUDGET", s.Budget, 80, 900)
	switch c.inDoubt {
	case delivery.Mention, delivery.Repeat, delivery.Skip:
	default:
		f.add("HARKARA_IN_DOUBT: %q is none of mention, repeat and skip", s.InDoubt)
	}
	if s.Listen != "" {
		checkListen(&f, s.Listen)
	}
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Scheme != "http" && u.Scheme != "https") {
			f.add("HARKARA_PUBLIC_URL: %q is not the address of a server; write it like https://bot.example.com", s.PublicURL)
		}
		if s.Listen == "" {
			f.add("HARKARA_PUBLIC_URL: nothing listens there without HARKARA_LISTEN; set it to something like 127.0.0.1:8090")
		}
		c.publicURL = strings.TrimSuffix(s.PublicURL, "/")
	}
	switch c.stories {
	case delivery.Answer, delivery.LeaveOut, delivery.Apart:
	default:
		f.add("HARKARA_STORIES: %q is none of reply, skip and off", s.Stories)
	}
	if c.paid && c.rate > 1000 {
		f.add("HARKARA_RATE: %d is more than the 1000 a second that Telegram allows paid broadcasts", c.rate)
	}
	return c, f.err()
}

// readToken takes the token from the environment or the file, never from a flag, where the
// machine's other users could read it.
func readToken(f *faults, getenv func(string) string, file string) telegram.Token {
	name, text := "HARKARA_TOKEN", getenv("HARKARA_TOKEN")
	switch {
	case text != "" && file != "":
		f.add("HARKARA_TOKEN and HARKARA_TOKEN_FILE are both set; keep one of them")
		return telegram.Token{}
	case text == "" && file == "":
		f.add("HARKARA_TOKEN: there is no token; get one from @BotFather and put it into this variable, or into a file named by HARKARA_TOKEN_FILE")
		return telegram.Token{}
	case file != "":
		if _, err := telegram.NewToken(file); err == nil {
			f.add("HARKARA_TOKEN_FILE: this is a token itself; put it into HARKARA_TOKEN, or into a file and name that here")
			return telegram.Token{}
		}
		content, err := os.ReadFile(file)
		if err != nil {
			f.add("HARKARA_TOKEN_FILE: the file cannot be read: %w", err)
			return telegram.Token{}
		}
		name, text = "HARKARA_TOKEN_FILE", strings.TrimPrefix(string(content), "\ufeff") // which some editors on Windows put in front
	}
	token, err := telegram.NewToken(text)
	switch {
	case err == nil:
	case strings.TrimSpace(text) == "":
		f.add("%s: it is empty; @BotFather shows the token to put there", name)
	default:
		f.add("%s: what is given is not a bot's token; @BotFather shows it as digits, a colon and 35 letters, to be given alone, without quotes or spaces", name)
	}
	return token
}

// path is the file of the database.
func (s databaseSetting) path(f *faults) string {
	path, ok := strings.CutPrefix(s.DB, "sqlite:")
	if !ok || path == "" {
		f.add("HARKARA_DB: %q is not a database we know; write sqlite: and a file's path, like sqlite:harkara.db", s.DB)
	}
	return path
}

func (s displaySettings) read(f *faults) (*time.Location, message.Region) {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil || s.Timezone == "" || s.Timezone == "Local" {
		f.add("HARKARA_TIMEZONE: %q is not a time zone; %s", s.Timezone, zoneAdvice(s.Timezone))
		zone = time.UTC
	}
	region, err := message.ParseRegion(s.Region, zone)
	if err != nil {
		f.add("HARKARA_REGION: %w", err)
	}
	return zone, region
}

func (s safetySettings) read(f *faults) feeds.Allow {
	allow, err := feeds.ParseAllow(list(s.AllowHosts))
	if err != nil {
		f.add("HARKARA_ALLOW_HOSTS: %w", err)
	}
	return allow
}

// checkListen finds fault with an address to listen at.
func checkListen(f *faults, address string) {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		f.add("HARKARA_LISTEN: %q is not an address to listen at; write it like 127.0.0.1:8090", address)
	}
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

// span reads a span of time as Go writes it, and days, which it has no letter for.
func span(f *faults, name, text string, least, most time.Duration) time.Duration {
	plain := bengali.ASCIIDigits(strings.ReplaceAll(text, " ", ""))
	d, err := time.ParseDuration(plain)
	if days, ok := strings.CutSuffix(plain, "d"); err != nil && ok {
		var n int
		if n, err = strconv.Atoi(days); err == nil {
			d = time.Duration(min(max(n, -10_000), 10_000)) * 24 * time.Hour
		}
	}
	switch {
	case err != nil:
		f.add("%s: %q is not a span of time; write it like 30s, 5m, 24h or 7d", name, text)
	case d < least || d > most:
		f.add("%s: %s is outside of %s to %s", name, text, spanText(least), spanText(most))
	}
	return d
}

// spanText writes a span as an operator would: 30d, not 720h0m0s.
func spanText(d time.Duration) string {
	switch {
	case d > 0 && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d > 0 && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}

func number(f *faults, name, text string, least, most int) int {
	n, err := strconv.Atoi(bengali.ASCIIDigits(strings.TrimSpace(text)))
	if err != nil || n < least || n > most {
		f.add("%s: %q is not a whole number from %d to %d", name, text, least, most)
	}
	return n
}
