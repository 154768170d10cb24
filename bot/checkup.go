package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Limits beyond which a finding is ill.
const (
	debtTooOld    = time.Hour
	fetchTooOld   = 3 * time.Hour
	clockTooWrong = 30 * time.Second
)

const (
	// placesAsked bounds the groups and channels in which our rights are asked for while a person waits, placesAskedWhole otherwise;
	// placesTogether how many at a time.
	placesAsked      = 50
	placesAskedWhole = 1000
	placesTogether   = 8
	// silentFor is how long a bot that runs may have noted nothing: it does so each minute.
	silentFor = 3 * time.Minute
	// doubtsNamed bounds the chats in doubt that are named to a person, doubtsNamedWhole otherwise.
	doubtsNamed      = 5
	doubtsNamedWhole = 1000
)

// A Finding is one thing that was looked at to tell whether the bot works.
type Finding struct {
	// Ill says that somebody has to see to it; the sentence says how.
	Ill bool
	// Detail marks one of many of its kind, such as a single feed: where room is short it is told only if ill.
	Detail bool
	key    message.Key
	args   func(message.Printer) []any
}

// HTML says the finding.
func (f Finding) HTML(p message.Printer) message.HTML { return p.HTML(f.key, f.args(p)...) }

// Text says the finding without markup.
func (f Finding) Text(p message.Printer) string { return p.Text(f.key, f.args(p)...) }

// Checkup looks over everything by which one can tell whether the bot works. Nothing of it needs a running bot.
type Checkup struct {
	Store  store.Store
	Client *telegram.Client
	Now    time.Time
	// Whole has the database checked now, which takes seconds with a million chats; otherwise the last check is told.
	Whole bool

	findings []Finding
}

// Run returns what was found. The error is one of reading the store; that Telegram does not answer is a finding.
func (c *Checkup) Run(ctx context.Context) ([]Finding, error) {
	for _, look := range []func(context.Context) error{c.running, c.database, c.polling, c.feeds, c.debts, c.doubts, c.clock, c.telegram} {
		if err := look(ctx); err != nil {
			return nil, err
		}
	}
	return c.findings, nil
}

func (c *Checkup) add(f Finding) { c.findings = append(c.findings, f) }

// well and ill add a finding whose arguments need no printer.
func (c *Checkup) well(key message.Key, args ...any) { c.add(Finding{key: key, args: plain(args)}) }

func (c *Checkup) ill(key message.Key, args ...any) {
	c.add(Finding{Ill: true, key: key, args: plain(args)})
}

func plain(args []any) func(message.Printer) []any {
	return func(message.Printer) []any { return args }
}

// ago is a moment to be told as one that has passed.
type ago time.Time

// told puts moments that have passed into words.
func (c *Checkup) told(args ...any) func(message.Printer) []any {
	now := c.Now
	return func(p message.Printer) []any {
		said := make([]any, len(args))
		for i, arg := range args {
			if at, ok := arg.(ago); ok {
				arg = p.Ago(time.Time(at), now)
			}
			said[i] = arg
		}
		return said
	}
}

// running tells whether there is a bot at all that uses this store.
func (c *Checkup) running(ctx context.Context) error {
	h, err := ReadHealth(ctx, c.Store)
	if err != nil {
		return err
	}
	switch silent := c.Now.Sub(h.Alive); {
	case h.Alive.IsZero():
		c.well(message.CheckNeverRan)
	case silent > silentFor:
		c.ill(message.CheckStopped, "since", silent)
	default:
		c.well(message.CheckRunning)
	}
	return nil
}

func (c *Checkup) database(ctx context.Context) error {
	check := IntegrityCheck{At: c.Now}
	if c.Whole {
		switch err := c.Store.Check(ctx); {
		case errors.Is(err, store.ErrDamaged):
			check.Damage = err.Error()
		case err != nil:
			return fmt.Errorf("check the database: %w", err)
		}
	} else {
		var err error
		if check, err = readIntegrity(ctx, c.Store); err != nil {
			return err
		}
	}
	switch {
	case check.Damage != "":
		c.ill(message.CheckDatabaseDamaged, "reason", check.Damage)
	case check.At.IsZero():
		c.well(message.CheckDatabaseUnchecked)
	default:
		c.add(Finding{key: message.CheckDatabaseSound, args: c.told("ago", ago(check.At))})
	}
	return nil
}

func (c *Checkup) polling(ctx context.Context) error {
	h, err := ReadHealth(ctx, c.Store)
	if err != nil {
		return err
	}
	switch {
	case h.Conflict:
		c.ill(message.CheckConflict, "since", c.Now.Sub(h.Since))
	case h.Trouble != "":
		c.ill(message.CheckPolling, "since", c.Now.Sub(h.Since), "reason", h.Trouble)
	default:
		c.add(Finding{key: message.CheckUpdates, args: c.told("ago", ago(h.LastUpdate))})
	}
	return nil
}

func (c *Checkup) feeds(ctx context.Context) error {
	feeds, err := c.Store.Feeds(ctx)
	if err != nil {
		return fmt.Errorf("read the feeds: %w", err)
	}
	if len(feeds) == 0 {
		c.ill(message.CheckFeedsNone)
		return nil
	}
	var last time.Time
	bad := 0
	var single []Finding
	for _, f := range feeds {
		found := c.feed(f)
		if found.Ill {
			bad++
		}
		single = append(single, found)
		if f.State.LastOK.After(last) {
			last = f.State.LastOK
		}
	}
	c.add(Finding{key: message.CheckFeeds, args: c.told("n", len(feeds), "bad", bad, "ago", ago(last))})
	c.findings = append(c.findings, single...)
	return nil
}

func (c *Checkup) feed(f store.Feed) Finding {
	s, name := f.State, feedName(f)
	found := Finding{Ill: true, Detail: true}
	switch {
	case s.Gone:
		found.key = message.CheckFeedGone
		found.args = func(p message.Printer) []any { return []any{"feed", name, "reason", faultText(p, s.Fault)} }
	case s.Errors > 0:
		found.key = message.CheckFeedFailing
		found.args = func(p message.Printer) []any {
			return []any{"feed", name, "n", s.Errors, "ago", p.Ago(s.LastOK, c.Now), "reason", faultText(p, s.Fault)}
		}
	case c.Now.Sub(s.NextCheck) > fetchTooOld:
		found.key, found.args = message.CheckFeedLate, c.told("feed", name, "due", ago(s.NextCheck))
	default:
		found.Ill, found.key, found.args = false, message.CheckFeedFine, c.told("feed", name, "ago", ago(s.LastOK), "new", ago(s.LastNew))
	}
	return found
}

func (c *Checkup) debts(ctx context.Context) error {
	b, err := c.Store.Backlog(ctx, c.Now)
	if err != nil {
		return fmt.Errorf("read what is owed: %w", err)
	}
	age := c.Now.Sub(b.Oldest)
	switch {
	case b.Due == 0:
		c.well(message.StatusBacklogNone)
	case age > debtTooOld:
		c.ill(message.CheckDebtsOld, "n", b.Due, "age", age)
	default:
		c.well(message.StatusBacklog, "n", b.Due, "age", age)
	}
	c.add(Finding{Detail: true, key: message.CheckOwed, args: plain([]any{"later", b.Later, "answers", b.Answers, "corrections", b.Corrections})})
	return nil
}

func (c *Checkup) doubts(ctx context.Context) error {
	counts, err := c.Store.CountDoubts(ctx)
	if err != nil {
		return fmt.Errorf("count doubts: %w", err)
	}
	most := doubtsNamed
	if c.Whole {
		most = doubtsNamedWhole
	}
	open, err := c.Store.Doubts(ctx, store.DoubtOpen, most)
	if err != nil {
		return fmt.Errorf("read doubts: %w", err)
	}
	c.well(message.CheckDoubts, "open", counts[store.DoubtOpen], "mentioned", counts[store.DoubtMentioned],
		"arrived", counts[store.DoubtArrived], "repeated", counts[store.DoubtRepeated], "skipped", counts[store.DoubtSkipped])
	for _, doubt := range open {
		chat, err := c.Store.ChatByID(ctx, doubt.Chat)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read chat %d: %w", doubt.Chat, err)
		}
		since := doubt.Since
		c.add(Finding{key: message.CheckDoubt, args: func(p message.Printer) []any {
			return []any{"chat", titleOf(p, chat), "id", message.Whole(fmt.Sprint(chat.TelegramID)), "ago", p.Ago(since, c.Now)}
		}})
	}
	return nil
}

// clock compares our clock with that of the Bot API server.
func (c *Checkup) clock(ctx context.Context) error {
	theirs, err := c.Client.ServerTime(ctx)
	off := time.Since(theirs)
	switch {
	case err != nil || theirs.IsZero():
		c.well(message.CheckClockUnknown)
	case off.Abs() > clockTooWrong:
		c.ill(message.CheckClockOff, "off", off.Abs())
	default:
		c.well(message.CheckClockRight)
	}
	return nil
}

func (c *Checkup) telegram(ctx context.Context) error {
	me, err := c.Client.GetMe(ctx)
	if err != nil {
		c.ill(message.CheckTelegramFails, "reason", err.Error())
		return nil
	}
	c.well(message.CheckTelegram, "name", me.Username)
	if me.SupportsInline {
		c.well(message.CheckInline, "name", me.Username)
	} else {
		c.well(message.CheckInlineOff)
	}
	if hook, err := c.Client.GetWebhookInfo(ctx); err == nil && hook.URL != "" {
		c.ill(message.CheckWebhook)
	}
	return c.places(ctx)
}

// places asks for our rights in the groups and channels that are posted to, and tells which are not, for want of them.
func (c *Checkup) places(ctx context.Context) error {
	most := placesAsked
	if c.Whole {
		most = placesAskedWhole
	}
	closed, err := c.Store.Places(ctx, store.Unpostable, most)
	if err != nil {
		return fmt.Errorf("read the channels that cannot be posted to: %w", err)
	}
	for _, chat := range closed {
		c.add(Finding{Detail: true, Ill: true, key: message.CheckPlaceClosed, args: func(p message.Printer) []any { return []any{"chat", titleOf(p, chat)} }})
	}
	places, err := c.Store.Places(ctx, store.Active, most+1)
	if err != nil {
		return fmt.Errorf("read the channels: %w", err)
	}
	if len(places) > most {
		places = places[:most]
		c.well(message.CheckPlacesMore, "n", most)
	}
	found := make([]Finding, len(places))
	var asking errgroup.Group
	asking.SetLimit(placesTogether)
	for i, chat := range places {
		asking.Go(func() error {
			found[i] = c.place(ctx, chat)
			return nil
		})
	}
	_ = asking.Wait() // what went wrong is a finding
	c.findings = append(c.findings, found...)
	return nil
}

// place asks for our rights in one group or channel.
func (c *Checkup) place(ctx context.Context, chat store.Chat) Finding {
	f := Finding{Detail: true, key: message.CheckPlaceFine}
	reason := ""
	member, err := c.Client.GetChatMember(ctx, chat.TelegramID, c.Client.BotID())
	switch {
	case err != nil:
		f.Ill, f.key, reason = true, message.CheckPlaceUnknown, err.Error()
	case !member.CanPost(telegram.ChatKind(chat.Kind)):
		f.Ill, f.key = true, message.CheckPlaceClosed
	}
	f.args = func(p message.Printer) []any { return []any{"chat", titleOf(p, chat), "reason", reason} }
	return f
}

// IntegrityCheck is the last time that the database was checked as a whole.
type IntegrityCheck struct {
	// At is when; zero for never.
	At time.Time
	// Damage is what was found, or "".
	Damage string
}

// Settings that keep it.
const (
	checkedSetting = "bot.checked" // RFC 3339
	damageSetting  = "bot.damage"
)

func readIntegrity(ctx context.Context, r store.Reader) (IntegrityCheck, error) {
	at, err := r.Setting(ctx, checkedSetting)
	if err != nil {
		return IntegrityCheck{}, fmt.Errorf("read when the database was checked: %w", err)
	}
	damage, err := r.Setting(ctx, damageSetting)
	if err != nil {
		return IntegrityCheck{}, fmt.Errorf("read what the check found: %w", err)
	}
	check := IntegrityCheck{Damage: damage}
	check.At, _ = time.Parse(time.RFC3339, at) // what cannot be read as a time was never written
	return check, nil
}

const (
	// integrityEvery is how often a running bot checks its database, integrityFirst how long it runs before it does so for the
	// first time: those who start it are served first.
	integrityEvery = 24 * time.Hour
	integrityFirst = 10 * time.Minute
)

// checkIntegrity checks the database when it is time to, and keeps what was found.
func (b *Bot) checkIntegrity(ctx context.Context) error {
	now := b.config.Now().UTC()
	if b.nextCheck.IsZero() {
		last, err := readIntegrity(ctx, b.store)
		if err != nil {
			return err
		}
		b.nextCheck = last.At.Add(integrityEvery)
		if first := now.Add(integrityFirst); b.nextCheck.Before(first) {
			b.nextCheck = first
		}
	}
	if now.Before(b.nextCheck) {
		return nil
	}
	b.nextCheck = now.Add(integrityEvery)
	damage := ""
	if err := b.store.Check(ctx); errors.Is(err, store.ErrDamaged) {
		damage = err.Error()
		b.config.Log.Error("the database is damaged; stop the bot and restore a backup", "err", err)
	} else if err != nil {
		return err
	}
	return b.store.Write(ctx, func(tx store.Tx) error {
		return setAll(ctx, tx, checkedSetting, now.Format(time.RFC3339), damageSetting, damage)
	})
}
