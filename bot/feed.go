package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// FoundFeed is a feed that was found at an address, as it would be added.
type FoundFeed struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	// Headlines are those of its newest items, as they would be printed, the newest first.
	Headlines []string `json:"headlines,omitempty"`
}

// FeedError is why there is no feed to be had at an address.
type FeedError struct {
	// Fault sorts the reason as store.FeedState.Fault does.
	Fault string
	Err   error
}

func (e *FeedError) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e *FeedError) Unwrap() error { return e.Err }

// faultTexts say a fault and its mend in the reader's language.
var faultTexts = map[string]message.Key{
	"address":     message.FeedFaultAddress,
	"forbidden":   message.FeedFaultForbidden,
	"unreachable": message.FeedFaultUnreachable,
	"timeout":     message.FeedFaultTimeout,
	"certificate": message.FeedFaultCertificate,
	"redirect":    message.FeedFaultRedirect,
	"too-large":   message.FeedFaultTooLarge,
	"missing":     message.FeedFaultMissing,
	"gone":        message.FeedFaultGone,
	"denied":      message.FeedFaultDenied,
	"busy":        message.FeedFaultBusy,
	"server":      message.FeedFaultServer,
	"page":        message.FeedFaultPage,
	"empty":       message.FeedFaultEmpty,
	"broken":      message.FeedFaultBroken,
	"hostile":     message.FeedFaultHostile,
}

// faultText says why a feed cannot be read.
func faultText(p message.Printer, fault string) string {
	return p.Text(cmp.Or(faultTexts[fault], message.FeedFaultOther))
}

// feedsOnPage is how many feeds one screen lists.
const feedsOnPage = 8

func (t *turn) listFeeds() error {
	return t.sayScreen(t.feedsScreen(0))
}

func (t *turn) pressFeeds() error {
	if ok, err := t.allowed(viewer); !ok {
		return err
	}
	return t.showScreen(t.feedsScreen(t.press.Number(0)))
}

// feedsScreen lists the feeds with how each fares.
func (t *turn) feedsScreen(page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return message.Message{}, fmt.Errorf("read feeds: %w", err)
	}
	if len(feeds) == 0 {
		return p.Say(message.FeedNone), nil
	}
	s := pageOf(feeds, page, feedsOnPage)
	names, err := t.feedNames(p, feeds)
	if err != nil {
		return message.Message{}, err
	}
	m := p.Say(message.FeedList, "n", len(feeds))
	var numbers []message.Button
	for _, f := range s.shown {
		m.HTML += "\n\n" + string(p.HTML(message.FeedLine, "n", int(f.ID), "feed", names[f.ID], "state", feedState(p, f, t.now)))
		m.HTML += feedTimes(p, f, t.now)
		numbers = append(numbers, message.Button{Text: p.Number(f.ID), Data: button.Of(button.Feed, f.ID)})
	}
	m.Buttons = slices.Collect(slices.Chunk(numbers, feedsOnPage/2))
	m.Buttons = append(m.Buttons, s.turns(p, func(page int64) string { return button.Of(button.Feeds, page) })...)
	return m, nil
}

// feedState says in a few words how a feed fares.
func feedState(p message.Printer, f store.Feed, now time.Time) string {
	switch s := f.State; {
	case s.Gone:
		return p.Text(message.FeedStateGone)
	case s.Errors > 0:
		return p.Text(message.FeedStateFailing, "n", s.Errors)
	case s.LastCheck.IsZero():
		return p.Text(message.FeedStateNew)
	case isQuiet(f, now):
		return p.Text(message.FeedStateQuiet, "since", now.Sub(s.LastNew))
	}
	return p.Text(message.FeedStateOk)
}

// isQuiet tells whether a feed that can be read has brought nothing for longer than its rhythm explains.
func isQuiet(f store.Feed, now time.Time) bool {
	after := f.State.QuietAfter
	return !after.IsZero() && now.After(after) && f.State.LastNew.Before(after) && f.State.Errors == 0 && !f.State.Gone
}

// feedTimes are the lines on what a feed last did, why it cannot be read, and when it is asked next.
func feedTimes(p message.Printer, f store.Feed, now time.Time) string {
	s := f.State
	lines := ""
	add := func(key message.Key, args ...any) { lines += "\n" + string(p.HTML(key, args...)) }
	if s.Errors > 0 || s.Gone {
		add(message.FeedReason, "reason", faultText(p, s.Fault))
	}
	add(message.FeedLastOk, "ago", p.Ago(s.LastOK, now))
	add(message.FeedLastNew, "ago", p.Ago(s.LastNew, now))
	if !s.Gone && s.NextCheck.After(now) {
		add(message.FeedNext, "at", p.Stamp(s.NextCheck, now))
	}
	return lines
}

// showFeed shows the feed whose number is behind the command.
func (t *turn) showFeed() error { return t.numbered(message.FeedUsage, t.feedScreen) }

// removeFeed asks whether the feed whose number is behind the command is to go.
func (t *turn) removeFeed() error { return t.numbered(message.FeedRemoveUsage, t.removeQuestion) }

// numbered finds the feed that is meant and says what show makes of it.
func (t *turn) numbered(usage message.Key, show func(store.Feed) (message.Message, error)) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(bengali.ASCIIDigits(t.rest), 10, 64)
	if err != nil {
		t.say(p.Say(usage))
		return nil
	}
	f, err := t.tx.Feed(t.ctx, number)
	if errors.Is(err, store.ErrNotFound) {
		t.say(p.Say(message.FeedNotFound, "n", number))
		return nil
	}
	if err != nil {
		return err
	}
	return t.sayScreen(show(f))
}

// pressedFeed is the feed of a pressed button, provided that the person has the role; nil after he was told why not.
func (t *turn) pressedFeed(need role) (*store.Feed, error) {
	if ok, err := t.allowed(need); !ok {
		return nil, err
	}
	f, err := t.tx.Feed(t.ctx, t.press.Number(0))
	if errors.Is(err, store.ErrNotFound) {
		p, err := t.printer()
		t.notice(p.Say(message.FeedNotFound, "n", t.press.Number(0)))
		return nil, err
	}
	return &f, err
}

func (t *turn) pressFeed() error {
	f, err := t.pressedFeed(viewer)
	if err != nil || f == nil {
		return err
	}
	return t.showScreen(t.feedScreen(*f))
}

// topicsOfFeed bounds the categories on a feed's screen.
const topicsOfFeed = 40

// feedScreen shows one feed with what can be done about it: by a viewer, nothing. As on topicsScreen, a button says what is to be.
func (t *turn) feedScreen(f store.Feed) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	names, err := t.topicNames(p, f.Categories)
	if err != nil {
		return message.Message{}, err
	}
	topics := cmp.Or(strings.Join(names, ", "), p.Text(message.ChanNoTopics))
	m := p.Say(message.FeedScreen, "n", int(f.ID), "feed", feedName(f), "url", message.Whole(withoutPassword(f.URL)), "topics", topics, "state", feedState(p, f, t.now))
	m.HTML += feedTimes(p, f, t.now)
	back := press1(p.Text(message.FeedListButton), button.Of(button.Feeds, 0))
	if refusal, err := t.lacks(editor); err != nil || refusal != "" {
		m.Buttons = [][]message.Button{back}
		return m, err
	}
	m.Buttons = [][]message.Button{{
		{Text: p.Text(message.FeedFetchButton), Data: button.Of(button.FetchFeed, f.ID)},
		{Text: p.Text(message.FeedRemoveButton), Data: button.Of(button.RemoveFeed, f.ID, 0)},
	}}
	categories, err := t.categories()
	if err != nil {
		return m, err
	}
	for pair := range slices.Chunk(categories[:min(len(categories), topicsOfFeed)], 2) {
		var row []message.Button
		for _, c := range pair {
			on := slices.Contains(f.Categories, c.ID)
			row = append(row, message.Button{Text: marked(p.CategoryName(c), on), Data: button.Of(button.FeedTopic, f.ID, c.ID, opposite(on))})
		}
		m.Buttons = append(m.Buttons, row)
	}
	m.Buttons = append(m.Buttons, back)
	return m, nil
}

// pressFeedTopic puts a feed into a category or takes it out. What it brought before stays where it is.
func (t *turn) pressFeedTopic() error {
	f, err := t.pressedFeed(editor)
	if err != nil || f == nil {
		return err
	}
	category, on := t.press.Number(1), t.press.Number(2) == 1
	if exists, err := t.categoryExists(category); err != nil {
		return err
	} else if !exists || category == store.Everything {
		return t.pressedOld()
	}
	f.Categories = turned(f.Categories, category, on)
	if err := t.tx.SaveFeed(t.ctx, f); err != nil {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	name, err := t.categoryName(p, category)
	if err != nil {
		return err
	}
	deed := store.FeedOutOf
	if on {
		deed = store.FeedInto
	}
	if err := t.record(deed, feedName(*f), name); err != nil {
		return err
	}
	return t.showScreen(t.feedScreen(*f))
}

// pressFetchFeed has a feed asked now.
func (t *turn) pressFetchFeed() error {
	f, err := t.pressedFeed(editor)
	if err != nil || f == nil {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	t.fetchNow(f.ID)
	t.notice(p.Say(message.FeedAsked))
	return nil
}

// fetchNow has a feed asked once this turn is kept.
func (t *turn) fetchNow(feed int64) {
	if t.config.FetchNow != nil {
		t.after = append(t.after, func() { t.config.FetchNow(feed) })
	}
}

func (t *turn) removeQuestion(f store.Feed) (message.Message, error) {
	p, err := t.printer()
	m := p.Say(message.FeedRemoveAsk, "feed", feedName(f))
	m.Buttons = [][]message.Button{{
		{Text: p.Text(message.FeedRemoveYes), Data: button.Of(button.RemoveFeed, f.ID, 1)},
		{Text: p.Text(message.UnsubNo), Data: button.Of(button.Feed, f.ID)},
	}}
	return m, err
}

// pressRemoveFeed ends a feed, or asks first.
func (t *turn) pressRemoveFeed() error {
	f, err := t.pressedFeed(editor)
	if err != nil || f == nil {
		return err
	}
	if t.press.Number(1) != 1 {
		return t.showScreen(t.removeQuestion(*f))
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if err := t.tx.DeleteFeed(t.ctx, f.ID); err != nil {
		return err
	}
	if err := t.record(store.FeedRemoved, feedName(*f), ""); err != nil {
		return err
	}
	t.config.Log.Info("a feed was removed", "feed", f.ID, "by", t.update.Sender().ID)
	m := p.Say(message.FeedRemoved, "feed", feedName(*f))
	m.Buttons = [][]message.Button{press1(p.Text(message.FeedListButton), button.Of(button.Feeds, 0))}
	t.show(m)
	return nil
}

// tellOfSilence tells editors that a feed has gone silent, and that it is back.
func (b *Bot) tellOfSilence(ctx context.Context, tx store.Tx, f store.Feed, now time.Time) error {
	key := fmt.Sprintf("feed.quiet:%d", f.ID)
	told, err := tx.Setting(ctx, key)
	if err != nil {
		return err
	}
	quiet := isQuiet(f, now)
	back := !f.State.QuietAfter.After(f.State.LastNew) || now.Before(f.State.QuietAfter)
	switch {
	case quiet && told == "":
		if err := tx.SetSetting(ctx, key, now.Format(time.RFC3339)); err != nil {
			return err
		}
		return b.tellDesk(ctx, tx, "", now, func(p message.Printer) message.Message {
			m := p.Say(message.AlertFeedQuiet, "feed", feedName(f), "since", now.Sub(f.State.LastNew))
			m.Buttons = [][]message.Button{press1(p.Text(message.FeedOpenButton), button.Of(button.Feed, f.ID))}
			return m
		}, store.Owner, store.EditorRole)
	case told != "" && back: // a feed that fails meanwhile is neither
		if err := tx.SetSetting(ctx, key, ""); err != nil {
			return err
		}
		return b.tellDesk(ctx, tx, "", now, func(p message.Printer) message.Message {
			return p.Say(message.AlertFeedBack, "feed", feedName(f))
		}, store.Owner, store.EditorRole)
	}
	return nil
}
