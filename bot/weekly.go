package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	// weeklyHour is the hour of the operator's day at which owners are told of the week.
	weeklyHour = 9
	// weeklyLate is how late the summary may come after a time in which we did not run; then it is left out.
	weeklyLate = 24 * time.Hour
	// weeklySetting holds the day of the last summary.
	weeklySetting = "weekly.told"
	// weeklyBest is how many articles it names, weeklyFeeds how many feeds.
	weeklyBest  = 3
	weeklyFeeds = 3
)

// weeklyAt is the latest time, up to now, at which a week's summary is due: in the morning of the week's first day, which in
// Bangladesh is Sunday and in India Monday.
func weeklyAt(now time.Time, zone *time.Location, region message.Region) time.Time {
	first := time.Monday
	if region == message.Bangladesh {
		first = time.Sunday
	}
	local := now.In(zone)
	for back := 0; ; back++ {
		at := time.Date(local.Year(), local.Month(), local.Day()-back, weeklyHour, 0, 0, 0, zone)
		if at.Weekday() == first && !at.After(now) {
			return at
		}
	}
}

// tellOfWeek owes the owners who want it the summary of the last seven days, once.
func (b *Bot) tellOfWeek(ctx context.Context) error {
	now := b.config.Now()
	at := weeklyAt(now, b.config.Zone, b.config.Region)
	if now.Sub(at) >= weeklyLate || b.weekTold.Load() == at.Unix() {
		return nil
	}
	if err := b.oweWeek(ctx, at, now); err != nil {
		return fmt.Errorf("tell the owners of the week: %w", err)
	}
	b.weekTold.Store(at.Unix())
	return nil
}

func (b *Bot) oweWeek(ctx context.Context, at, now time.Time) error {
	day := at.Format(time.DateOnly)
	told, err := b.store.Setting(ctx, weeklySetting)
	if err != nil || told == day {
		return err
	}
	since, err := b.store.FiguresSince(ctx)
	if err != nil || !since.Before(at) {
		return err // there was no week yet
	}
	// All is drawn before, in whatever language an owner may have: a transaction must not wait for it.
	weeks := map[message.Lang]week{}
	for _, lang := range []message.Lang{message.Bengali, message.English} {
		if weeks[lang], err = b.weekOf(ctx, lang, at); err != nil {
			return err
		}
	}
	err = b.store.Write(ctx, func(tx store.Tx) error {
		if told, err := tx.Setting(ctx, weeklySetting); err != nil || told == day {
			return err
		}
		if err := tx.SetSetting(ctx, weeklySetting, day); err != nil {
			return err
		}
		editors, err := tx.Editors(ctx)
		if err != nil {
			return err
		}
		for _, e := range editors {
			chat, err := tx.Chat(ctx, e.User)
			if e.Role != store.Owner || errors.Is(err, store.ErrNotFound) || chat.Prefs.NoWeekly {
				continue
			}
			if err != nil {
				return err
			}
			if err := delivery.Owe(ctx, tx, weeks[message.LangOf(chat.Language)].request(b.printerFor(chat), e.User), now); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		b.config.Committed()
	}
	return err
}

// week is the summary in one language.
type week struct {
	caption string
	picture []byte
}

func (w week) request(p message.Printer, owner int64) telegram.Request {
	return telegram.Send(telegram.Outgoing{
		ChatID: owner, Text: w.caption, File: &telegram.File{Field: "photo", Name: "week.png", Data: w.picture},
		Keyboard: markup([][]message.Button{press1(p.Text(message.WeeklyMoreButton), button.Of(button.OpenStats)), {weeklyButton(p, true)}}),
	})
}

// weekOf sums up the seven days before the day of the summary.
func (b *Bot) weekOf(ctx context.Context, lang message.Lang, at time.Time) (w week, err error) {
	last := store.DayOf(at) - 1
	r, err := b.figuresOf(ctx, lang, last-6, last)
	if err != nil {
		return w, err
	}
	f, err := r.readers(ctx)
	if err != nil {
		return w, err
	}
	list, err := r.responses(ctx)
	if err != nil {
		return w, err
	}
	list = slices.DeleteFunc(list, func(a response) bool { return a.Sent == 0 })
	slices.SortStableFunc(list, func(x, y response) int { return cmp.Compare(y.up-y.down, x.up-x.down) })
	for i, a := range list[:min(len(list), weeklyBest)] {
		if i == 0 {
			f.lines = append(f.lines, "", string(r.p.HTML(message.WeeklyBest)))
		}
		f.lines = append(f.lines, string(r.p.HTML(message.WeeklyArticleLine, "title", bengali.Truncate(a.Headline, longestLabel), "up", a.up, "sent", a.Sent)))
	}
	feeds, err := b.store.Feeds(ctx)
	if err != nil {
		return w, err
	}
	named := 0
	for _, feed := range feeds {
		if !feed.State.Gone && feed.State.Errors < failingAfter || named == weeklyFeeds {
			continue
		}
		if named++; named == 1 {
			f.lines = append(f.lines, "", string(r.p.HTML(message.WeeklyFeeds)))
		}
		name, key := bengali.Truncate(feedName(feed), longestLabel), message.WeeklyFeedLine
		if feed.State.Gone {
			key = message.WeeklyFeedGone
		}
		f.lines = append(f.lines, string(r.p.HTML(key, "feed", name, "n", feed.State.Errors)))
	}
	w.caption = r.caption(r.p.HTML(message.WeeklyHead, "span", r.span()), f)
	w.picture, err = f.draw()
	return w, err
}
