package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

type doctorCommand struct {
	settings
}

// Limits beyond which doctor calls something ill.
const (
	debtTooOld    = time.Hour
	fetchTooOld   = 3 * time.Hour
	clockTooWrong = 30 * time.Second
	doctorTimeout = 15 * time.Second
	channelsAsked = 50
	doubtsNamed   = 20
)

// Run tells in plain words whether the bot works. The exit status is 1 when something is wrong.
func (c doctorCommand) Run(w world) error {
	config, err := c.validate(w.getenv)
	if err != nil {
		return err
	}
	s, err := openStore(w.ctx, config.database, w.logger(0))
	if err != nil {
		return err
	}
	defer s.Close()
	client, err := telegram.New(config.token, telegram.Options{BaseURL: config.api})
	if err != nil {
		return usageError{fmt.Errorf("HARKARA_API: %w", err)}
	}
	d := doctor{world: w, store: s, client: client, now: time.Now().UTC()}
	for _, look := range []func(context.Context) error{
		d.database, d.updates, d.feeds, d.debts, d.doubts, d.clock(config.api), d.telegram,
	} {
		ctx, cancel := context.WithTimeout(w.ctx, doctorTimeout)
		err := look(ctx)
		cancel()
		if err != nil {
			return err
		}
	}
	if d.ill > 0 {
		return fmt.Errorf("%d thing(s) need attention: %w", d.ill, errUnwell)
	}
	return nil
}

// doctor examines one thing after the other.
type doctor struct {
	world
	store  store.Store
	client *telegram.Client
	now    time.Time
	ill    int
}

func (d *doctor) well(format string, args ...any) {
	fmt.Fprintf(d.out, "ok    %s\n", fmt.Sprintf(format, args...))
}

// unwell tells what is wrong and how to mend it.
func (d *doctor) unwell(format string, args ...any) {
	d.ill++
	fmt.Fprintf(d.out, "WRONG %s\n", fmt.Sprintf(format, args...))
}

func (d *doctor) ago(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return d.now.Sub(at).Round(time.Second).String() + " ago"
}

func (d *doctor) database(ctx context.Context) error {
	switch err := d.store.Check(ctx); {
	case errors.Is(err, store.ErrDamaged):
		d.unwell("database: %v; stop the bot and restore a backup", err)
	case err != nil:
		return fmt.Errorf("check the database: %w", err)
	default:
		d.well("database: sound")
	}
	return nil
}

func (d *doctor) updates(ctx context.Context) error {
	health, err := bot.ReadHealth(ctx, d.store)
	if err != nil {
		return err
	}
	if health.Trouble != "" {
		d.unwell("updates: polling fails since %s: %s", d.ago(health.Since), health.Trouble)
		return nil
	}
	d.well("updates: the last came %s", d.ago(health.LastUpdate))
	return nil
}

func (d *doctor) feeds(ctx context.Context) error {
	feeds, err := d.store.Feeds(ctx)
	if err != nil {
		return fmt.Errorf("read the feeds: %w", err)
	}
	if len(feeds) == 0 {
		d.unwell("feeds: the catalogue is empty; fill it with harkara import FILE.opml")
	}
	for _, f := range feeds {
		s := f.State
		switch {
		case s.Gone:
			d.unwell("feed %d %q: given up: %s", f.ID, f.Title, s.LastError)
		case s.Errors > 0:
			d.unwell("feed %d %q: %d failures in a row, last good fetch %s: %s; next check %s", f.ID, f.Title, s.Errors, d.ago(s.LastOK), s.LastError, stamp(s.NextCheck))
		case d.now.Sub(s.NextCheck) > fetchTooOld:
			d.unwell("feed %d %q: was due %s and was not fetched; does the bot run?", f.ID, f.Title, d.ago(s.NextCheck))
		default:
			d.well("feed %d %q: fetched %s, last new article %s", f.ID, f.Title, d.ago(s.LastOK), d.ago(s.LastNew))
		}
	}
	return nil
}

func (d *doctor) debts(ctx context.Context) error {
	b, err := d.store.Backlog(ctx, d.now)
	if err != nil {
		return fmt.Errorf("read what is owed: %w", err)
	}
	age := time.Duration(0)
	if b.Due > 0 {
		age = d.now.Sub(b.Oldest).Round(time.Second)
	}
	if age > debtTooOld {
		d.unwell("debts: %d chats wait for news, the oldest for %s; does the bot run, and can it send?", b.Due, age)
		return nil
	}
	d.well("debts: %d chats are due (oldest %s), %d later, %d answers and %d corrections are owed", b.Due, age, b.Later, b.Answers, b.Corrections)
	return nil
}

func (d *doctor) doubts(ctx context.Context) error {
	counts, err := d.store.CountDoubts(ctx)
	if err != nil {
		return fmt.Errorf("count doubts: %w", err)
	}
	open, err := d.store.Doubts(ctx, store.DoubtOpen, doubtsNamed)
	if err != nil {
		return fmt.Errorf("read doubts: %w", err)
	}
	d.well("doubts: %d open, %d mentioned, %d found to have arrived, %d repeated, %d skipped",
		counts[store.DoubtOpen], counts[store.DoubtMentioned], counts[store.DoubtArrived], counts[store.DoubtRepeated], counts[store.DoubtSkipped])
	for _, doubt := range open {
		chat, err := d.store.ChatByID(ctx, doubt.Chat)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read chat %d: %w", doubt.Chat, err)
		}
		fmt.Fprintf(d.out, "      in doubt since %s: a message to chat %d (%s)\n", stamp(doubt.Since), chat.TelegramID, chat.Kind)
	}
	return nil
}

// clock compares our clock with that of the Bot API server.
func (d *doctor) clock(api string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodHead, api, nil)
		if err != nil {
			return fmt.Errorf("ask the time: %w", err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			d.unwell("clock: the Bot API server cannot be reached to compare: %s", d.client.Redact(err.Error()))
			return nil
		}
		answer.Body.Close()
		theirs, err := http.ParseTime(answer.Header.Get("Date"))
		if err != nil {
			d.well("clock: the server tells no time to compare with")
			return nil
		}
		if off := time.Since(theirs).Round(time.Second); off.Abs() > clockTooWrong {
			d.unwell("clock: this machine is %s off; set it by NTP", off)
			return nil
		}
		d.well("clock: right")
		return nil
	}
}

func (d *doctor) telegram(ctx context.Context) error {
	me, err := d.client.GetMe(ctx)
	if err != nil {
		d.unwell("telegram: %s; is the token right, and is the server reachable?", strings.TrimSpace(err.Error()))
		return nil
	}
	d.well("telegram: the bot is @%s", me.Username)
	if hook, err := d.client.GetWebhookInfo(ctx); err == nil && hook.URL != "" {
		d.unwell("telegram: a webhook is set, so polling cannot work; the bot removes it when it starts")
	}
	channels, err := d.store.PostableChats(ctx, channelsAsked)
	if err != nil {
		return fmt.Errorf("read the channels: %w", err)
	}
	for _, chat := range channels {
		member, err := d.client.GetChatMember(ctx, chat.TelegramID, d.client.BotID())
		switch {
		case err != nil:
			d.unwell("%s %d: the bot's rights cannot be read: %v", chat.Kind, chat.TelegramID, err)
		case !member.CanPost(telegram.ChatKind(chat.Kind)):
			d.unwell("%s %d: the bot may not post there; an admin must give it the right", chat.Kind, chat.TelegramID)
		default:
			d.well("%s %d: the bot may post", chat.Kind, chat.TelegramID)
		}
	}
	return nil
}
