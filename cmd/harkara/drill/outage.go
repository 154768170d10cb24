package drill

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

const outageTime = 6 * time.Hour

// outageDrill takes Telegram away while an article is being sent, lets articles come for six hours of the world's clock, and
// gives it back.
func outageDrill(ctx context.Context, f *field) error {
	const rate, latency = 30, 200 * time.Millisecond
	readers, channels, articles := 200, 5, 300
	if f.Quick {
		readers, channels = 40, 2
	}
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	w.telegram.SetLatency(telegramtest.Latency{Base: latency})
	w.telegram.SetFlood(telegramtest.Usual)
	if err := w.populate(ctx, readers, channels); err != nil {
		return err
	}
	h, err := w.spread(ctx, rate, nil)
	if err != nil {
		return err
	}
	defer h.end()
	first, err := h.keep(ctx)
	if err != nil {
		return err
	}
	if err := until(ctx, time.Minute, "half of the readers have the first article", func() bool { return w.sent() >= readers/2 }); err != nil {
		return err
	}
	if err := w.telegram.Down(telegramtest.Break); err != nil {
		return err
	}
	headlines := []string{first}
	for range articles {
		w.pass(outageTime / time.Duration(articles))
		headline, err := h.keep(ctx)
		if err != nil {
			return err
		}
		headlines = append(headlines, headline)
		if err := rest(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	inDoubt, _, err := doubts(ctx, h.store)
	if err != nil {
		return err
	}
	before := w.holdings()
	back := w.now()
	if err := w.telegram.Up(); err != nil {
		return err
	}
	if err := until(ctx, time.Minute, "sending goes on", func() bool { return w.sent() > readers/2+readers/10 }); err != nil {
		return fmt.Errorf("%w; the wings said:\n%s", err, h.log)
	}
	resumed := w.now().Sub(back)
	if err := h.settled(ctx, 3*time.Minute); err != nil {
		return err
	}
	if err := h.fold(); err != nil {
		return err
	}
	defer h.store.Close() //nolint:errcheck // only read from here on

	inFlight := int(float64(rate)*(latency+40*time.Millisecond).Seconds()) + 2
	f.tell("chats, articles during the outage", fmt.Sprintf("%d, %d", readers+channels, articles))
	f.holds("messages in doubt", fmt.Sprintf("≤ in flight (%d)", inFlight), inDoubt <= inFlight, inDoubt)
	f.most("sending goes on after the end", 6, resumed.Seconds(), " s")
	f.judgeAfterOutage(w, before, back)
	return f.judgeLoss(ctx, w, h.store, len(headlines))
}

// judgeAfterOutage counts what chats got once Telegram or the feeds were back.
func (f *field) judgeAfterOutage(w *world, before map[int64]int, back time.Time) {
	f.judgeFlood(w, back)
	notOne, notPaced := 0, 0
	for chat, held := range w.holdings() {
		after := held - before[chat]
		if chat > 0 && after != 1 {
			notOne++
		}
		if chat < 0 && (after < 1 || after > 3) {
			notPaced++
		}
	}
	f.none("readers who did not get exactly one list", notOne)
	f.none("channels that did not get their posts, then a list", notPaced)
}

// judgeFlood counts chats that got many messages at once when Telegram or the feeds were back.
func (f *field) judgeFlood(w *world, back time.Time) {
	flooded := 0
	for _, chat := range w.chats() {
		if w.firstMinute(chat, back) > 3 {
			flooded++
		}
	}
	f.none("chats with more than 3 messages in the first minute", flooded)
}

// firstMinute counts the messages of the minute that began then.
func (w *world) firstMinute(chat int64, begin time.Time) int {
	n := 0
	for _, m := range w.chat(chat).FromBots() {
		if m.Date >= begin.Unix() && m.Date < begin.Add(time.Minute).Unix() {
			n++
		}
	}
	return n
}

// judgeLoss counts articles that a chat never got, and those it got twice. What was in doubt and then mentioned counts as got.
func (f *field) judgeLoss(ctx context.Context, w *world, s store.Store, articles int) error {
	got, _, err := delivered(ctx, s)
	if err != nil {
		return err
	}
	doubtful := map[int64]int{}
	all, err := s.Doubts(ctx, "", 1<<20)
	if err != nil {
		return err
	}
	for _, d := range all {
		if post, err := s.Post(ctx, d.Post); err == nil && d.State != store.DoubtRepeated && d.State != store.DoubtArrived {
			doubtful[d.Chat] += len(post.Articles)
		}
	}
	missing, doubled := 0, 0
	for _, id := range w.chats() {
		chat, err := s.Chat(ctx, id)
		if err != nil {
			return err
		}
		if have := len(got[chat.ID]) + doubtful[chat.ID]; have < articles {
			missing += articles - have
		}
		for _, times := range got[chat.ID] {
			if times > 1 {
				doubled++
			}
		}
	}
	f.none("articles lost, over all chats", missing)
	f.none("articles doubled, over all chats", doubled)
	return f.sound(ctx, s, "")
}

// feedsDrill closes the publisher's site for six hours of the world's clock and opens it with all that was published meanwhile.
func feedsDrill(ctx context.Context, f *field) error {
	const rate, perFeed = 200, 8
	readers, channels, columns := 100, 3, 10
	if f.Quick {
		readers, channels, columns = 30, 2, 5
	}
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	if err := w.populate(ctx, readers, channels); err != nil {
		return err
	}
	var sections []string
	for i := range columns {
		sections = append(sections, fmt.Sprintf("column-%d", i))
	}
	if err := w.subscribe(ctx, sections); err != nil {
		return err
	}
	for _, section := range sections {
		w.publish(section)
	}
	h, err := w.spread(ctx, rate, nil)
	if err != nil {
		return err
	}
	defer h.end()
	imported := func() bool { return h.everyFeed(ctx, func(state store.FeedState) bool { return state.Imported }) }
	if err := until(ctx, time.Minute, "all feeds were read once", imported); err != nil {
		return fmt.Errorf("%w; the wings said:\n%s", err, h.log)
	}
	address := w.site.URL()
	w.site.Close()
	for step := range 6 * 60 {
		w.pass(time.Minute)
		h.poller.Wake()
		if step%(360/perFeed) == 0 {
			for _, section := range sections {
				w.publish(section)
			}
		}
		if err := rest(ctx, 4*time.Millisecond); err != nil {
			return err
		}
	}
	if err := w.openSite(address[len("http://"):]); err != nil {
		return err
	}
	back := w.now()
	// Feeds that failed for hours are asked again after a while only: the clock helps.
	var last time.Time
	read := func() bool {
		last = back
		return h.everyFeed(ctx, func(state store.FeedState) bool {
			if state.LastOK.After(last) {
				last = state.LastOK
			}
			return !state.LastOK.Before(back)
		})
	}
	for !read() {
		if w.now().Sub(back) > 24*time.Hour {
			return fmt.Errorf("a day after the outage not all feeds were read again")
		}
		w.pass(time.Minute)
		h.poller.Wake()
		if err := rest(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	if err := h.settled(ctx, 2*time.Minute); err != nil {
		return err
	}
	if err := h.fold(); err != nil {
		return err
	}
	defer h.store.Close() //nolint:errcheck // only read from here on

	news := columns * perFeed
	entries, err := h.store.Entries(ctx, 0, 10*news)
	if err != nil {
		return err
	}
	f.tell("chats, feeds, articles during the outage", fmt.Sprintf("%d, %d, %d", readers+channels, columns, news))
	f.tell("the last feed was read again after", last.Sub(back).Round(time.Minute))
	entered := map[int64]bool{} // once more for each further feed that brings it
	for _, e := range entries {
		entered[e.Article] = true
	}
	f.holds("articles entered in the log", fmt.Sprint(news), len(entered) == news, len(entered))
	f.judgeFlood(w, back)
	return f.judgeLoss(ctx, w, h.store, news)
}

// subscribe adds a feed for each section of the site.
func (w *world) subscribe(ctx context.Context, sections []string) error {
	return w.within(ctx, func(s *sqlite.Store) error {
		return s.Write(ctx, func(tx store.Tx) error {
			for _, section := range sections {
				feed := store.Feed{URL: w.site.Feed(section), Title: "নমুনা সংবাদ", Categories: []int64{w.category}}
				if err := tx.SaveFeed(ctx, &feed); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// everyFeed tells whether something holds of all feeds.
func (h *wings) everyFeed(ctx context.Context, holds func(store.FeedState) bool) bool {
	list, err := h.store.Feeds(ctx)
	return err == nil && !slices.ContainsFunc(list, func(f store.Feed) bool { return !holds(f.State) })
}

// flakyDrill lets a share of all calls go wrong.
func flakyDrill(ctx context.Context, f *field) error {
	rate, readers, channels, articles := 500, 200, 40, 6
	delay := 8 * time.Second
	if f.Quick {
		readers, channels, articles, delay = 50, 15, 3, time.Second
	}
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	if err := w.populate(ctx, readers, channels); err != nil {
		return err
	}
	w.burst = 20 // each article is to be sent, and none gathered
	for _, fault := range []telegramtest.Fault{
		{Kind: telegramtest.BadGateway, Chance: 0.03},
		{Kind: telegramtest.BadGatewayAfter, Chance: 0.02},
		{Kind: telegramtest.ResetAfter, Chance: 0.02},
		{Kind: telegramtest.TooMany, Chance: 0.01, RetryAfter: 1},
		{Kind: telegramtest.Delayed, Chance: 0.005, Delay: delay},
	} {
		w.telegram.Fault(fault)
	}
	h, err := w.spread(ctx, rate, nil)
	if err != nil {
		return err
	}
	defer h.end()
	var headlines []string
	for range articles {
		headline, err := h.keep(ctx)
		if err != nil {
			return err
		}
		headlines = append(headlines, headline)
		if err := h.settled(ctx, 5*time.Minute); err != nil {
			return err
		}
		f.say("an article went out", "sent", w.sent())
	}
	struck := map[telegramtest.FaultKind]int{}
	for _, fault := range w.telegram.State().Faults {
		struck[fault.Kind] += fault.Struck
	}
	unknown := 0
	for _, r := range w.telegram.Requests("sendMessage") {
		if r.Status == 0 || r.Status >= 500 {
			unknown++
		}
	}
	w.telegram.ClearFaults()
	last, err := h.keep(ctx)
	if err != nil {
		return err
	}
	headlines = append(headlines, last)
	if err := h.settled(ctx, time.Minute); err != nil {
		return err
	}
	if err := h.fold(); err != nil {
		return err
	}
	defer h.store.Close() //nolint:errcheck // only read from here on

	private := w.audit(headlines, w.readers)
	posts := w.audit(headlines, w.places)
	f.tell("calls gone wrong", fmt.Sprintf("502 before %d, 502 after %d, reset after %d, 429 %d, delayed %d",
		struck[telegramtest.BadGateway], struck[telegramtest.BadGatewayAfter], struck[telegramtest.ResetAfter], struck[telegramtest.TooMany], struck[telegramtest.Delayed]))
	f.none("headlines missing", private.missing+posts.missing, append(private.examples, posts.examples...)...)
	f.none("messages doubled", private.doubled+posts.doubled, append(private.examples, posts.examples...)...)
	total, byState, err := doubts(ctx, h.store)
	if err != nil {
		return err
	}
	f.tell("messages without an answer, as Telegram saw it", unknown)
	f.tell("doubts", fmt.Sprintf("%d: mentioned %d, arrived %d, repeated %d, skipped %d", total,
		byState[store.DoubtMentioned], byState[store.DoubtArrived], byState[store.DoubtRepeated], byState[store.DoubtSkipped]))
	f.holds("every reset after acceptance appears as a doubt", fmt.Sprintf("≥ %d", struck[telegramtest.ResetAfter]), true, total)
	f.none("doubts left open", byState[store.DoubtOpen])
	return f.sound(ctx, h.store, "")
}
