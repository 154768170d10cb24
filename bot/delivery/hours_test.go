package delivery_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// zones have clocks that stand still, jump by an hour or half of one, jump at midnight, or left out or repeated a day.
var zones = []string{
	"Asia/Kolkata", "Asia/Dhaka", "UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut",
	"Asia/Tehran", "America/Asuncion", "Pacific/Apia", "Pacific/Kwajalein", "America/St_Johns", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Chatham",
}

// slowly is visitAt as one would explain it: watch the clock minute by minute.
type slowly struct {
	prefs  store.Prefs
	zone   *time.Location
	spread time.Duration
	last   time.Time
}

func (m slowly) quiet(at time.Time) bool {
	from, to := clockText(m.prefs.QuietFrom), clockText(m.prefs.QuietTo)
	clock := at.In(m.zone).Format("15:04")
	switch {
	case from == to:
		return false
	case from < to:
		return from <= clock && clock < to
	}
	return clock >= from || clock < to
}

func clockText(minute int) string {
	return time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
}

func (m slowly) afterQuiet(at time.Time) time.Time {
	if !m.quiet(at) {
		return at
	}
	for at = at.Truncate(time.Minute); m.quiet(at); at = at.Add(time.Minute) {
	}
	if !m.quiet(at.Add(m.spread)) {
		return at.Add(m.spread)
	}
	return at
}

// digest is the first digest after a moment.
func (m slowly) digest(after time.Time) time.Time {
	hours := m.prefs.DigestAt
	if len(hours) == 0 {
		hours = []int{8 * 60}
	}
	var digests []time.Time
	given := map[string]bool{} // a day's digest is given once, though the clock shows its hour twice
	for at := after.Add(-60 * time.Hour).Truncate(time.Minute); at.Before(after.Add(60 * time.Hour)); at = at.Add(time.Minute) {
		day, clock, _ := strings.Cut(at.In(m.zone).Format("2006-01-02 15:04"), " ")
		for _, hour := range hours {
			if key := day + clockText(hour); clock >= clockText(hour) && !given[key] {
				given[key] = true
				digests = append(digests, m.afterQuiet(at.Add(m.spread)))
			}
		}
	}
	slices.SortFunc(digests, time.Time.Compare)
	for _, at := range digests {
		if at.After(after) {
			return at
		}
	}
	return after
}

func (m slowly) visitAt(owedSince, now time.Time) time.Time {
	at := now
	if m.prefs.Mode == store.Digest {
		if d := m.digest(owedSince); d.After(at) {
			at = d
		}
	} else if m.prefs.Gap > 0 && !m.last.IsZero() {
		for at.Sub(m.last) < time.Duration(m.prefs.Gap)*time.Minute {
			at = at.Add(time.Second)
		}
	}
	if m.prefs.PausedUntil.After(at) {
		at = m.prefs.PausedUntil
	}
	return m.afterQuiet(at)
}

// FuzzVisitingHours compares the derived hours with watching the clock, around every change of it.
func FuzzVisitingHours(f *testing.F) {
	for zone := range zones {
		for _, month := range []time.Month{3, 10, 12} {
			at := time.Date(2011, month, 26, 20, 30, 0, 0, time.UTC).Unix()
			f.Add(uint8(zone), at, uint16(150), uint32(45*60), uint16(8*60), uint16(30), uint16(23*60), uint16(7*60), uint16(7), uint32(0), true)
			f.Add(uint8(zone), at, uint16(0), uint32(0), uint16(0), uint16(90), uint16(150), uint16(75), uint16(599), uint32(0), false)
			f.Add(uint8(zone), at, uint16(7), uint32(600), uint16(0), uint16(90), uint16(150), uint16(75), uint16(599), uint32(90*60+7), false)
		}
	}
	f.Fuzz(func(t *testing.T, zone uint8, unix int64, change uint16, wait uint32, first, second, from, to, spread uint16, pace uint32, digest bool) {
		location, err := time.LoadLocation(zones[int(zone)%len(zones)])
		if err != nil {
			t.Fatal(err)
		}
		// 1985 to 2035, and mostly the days around a change of the clock.
		const begin, years = 473385600, 50 * 365 * 86400
		since := time.Unix(begin+((unix%years)+years)%years, 0).UTC()
		if _, ends := since.In(location).ZoneBounds(); change%8 != 0 && !ends.IsZero() && ends.Before(since.AddDate(1, 0, 0)) {
			since = ends.Add(time.Duration(int(change)-1<<15) * 5 * time.Second).UTC()
		}
		now := since.Add(time.Duration(wait%(60*3600)) * time.Second)
		prefs := store.Prefs{QuietFrom: int(from) % 1440, QuietTo: int(to) % 1440}
		if digest {
			prefs.Mode = store.Digest
			prefs.DigestAt = []int{int(first) % 1440, int(second) % 1440}
		}
		if second%5 == 0 {
			prefs.PausedUntil = since.Add(time.Duration(first) * time.Minute)
		}
		var last time.Time
		if pace > 0 {
			prefs.Gap = 1 + int(pace/60)%240
			last = now.Add(-time.Duration(pace%20_000) * time.Second)
		}
		apart := time.Duration(spread%600) * time.Second
		got := delivery.VisitAt(prefs, location, apart, last, since, now)
		want := slowly{prefs, location, apart, last}.visitAt(since, now)
		if !got.Equal(want) {
			t.Errorf("in %s, owed since %s, at %s, spread %s: %+v is visited at %s, not %s", location, since.In(location), now.In(location), apart, prefs,
				got.In(location), want.In(location))
		}
	})
}

func TestReadersOfOneHourAreSpreadOverMinutesAndNeighboursStayTogether(t *testing.T) {
	counts := map[time.Duration]int{}
	for chat := range int64(100_000) {
		d := delivery.SpreadOf(chat)
		if d != delivery.SpreadOf(chat) || d < 0 || d >= 10*time.Minute {
			t.Fatalf("chat %d is served %s late", chat, d)
		}
		counts[d.Truncate(time.Minute)]++
	}
	for minute, n := range counts {
		if n < 9_000 || n > 11_000 {
			t.Errorf("minute %s has %d of 100,000", minute, n)
		}
	}
	if delivery.SpreadOf(1) != 0 || delivery.SpreadOf(64) != delivery.SpreadOf(95) {
		t.Error("the first chats are not served at the hour, or neighbours are parted")
	}
}

func TestWhatWaitedThroughTheNightComesAsOneListInTheMorning(t *testing.T) {
	t.Parallel()
	clock := newHands(t, "2026-10-05 23:30")
	h := newHouse(t, func(c *delivery.Config) { c.Now, c.Zone = clock.now, clock.zone })
	sleeper, awake := h.reader(1001), h.reader(1002)
	h.wish(1001, store.Prefs{QuietFrom: 23 * 60, QuietTo: 7 * 60})
	stop := h.open()
	defer stop()
	h.publish("রাতের প্রথম খবর", clock.stamp)
	h.gets(awake.Chat(), 1)
	clock.set("2026-10-06 03:00")
	h.publish("রাতের দ্বিতীয় খবর", clock.stamp)
	h.gets(awake.Chat(), 2)
	h.dueAt(clock.at("2026-10-06 07:00"))
	if got := sleeper.Chat().FromBots(); len(got) != 0 {
		t.Fatalf("the night brought %q", texts(got))
	}
	clock.set("2026-10-06 07:00")
	h.delivery.Wake()
	got := h.gets(sleeper.Chat(), 1)
	if !strings.Contains(got[0], "রাতের প্রথম খবর") || !strings.Contains(got[0], "রাতের দ্বিতীয় খবর") {
		t.Errorf("the morning brought %q", got)
	}
	h.publish("সকালের খবর", clock.stamp)
	if got := h.gets(sleeper.Chat(), 2); !strings.HasPrefix(got[1], "সকালের খবর") {
		t.Errorf("after the quiet hours comes %q", got[1])
	}
}

func TestADigestReaderGetsADaysNewsTogetherAndByCategory(t *testing.T) {
	t.Parallel()
	clock := newHands(t, "2026-10-05 08:30")
	h := newHouse(t, func(c *delivery.Config) { c.Now, c.Zone = clock.now, clock.zone })
	reader := h.reader(1001)
	h.wish(1001, store.Prefs{Mode: store.Digest, DigestAt: []int{8 * 60}})
	stop := h.open()
	defer stop()
	h.publish("দিনের প্রথম খবর", clock.stamp)
	clock.set("2026-10-05 20:00")
	h.publish("রাতের খবর", clock.stamp)
	h.dueAt(clock.at("2026-10-06 08:00"))
	// The line was long: what came first is more than a day old now, and still belongs to this digest.
	clock.set("2026-10-06 09:10")
	h.delivery.Wake()
	got := h.gets(reader.Chat(), 1)
	for _, want := range []string{"সকালের খবর — ৬ অক্টোবর ২০২৬, মঙ্গলবার", "প্রযুক্তি", "দিনের প্রথম খবর", "রাতের খবর"} {
		if !strings.Contains(got[0], want) {
			t.Errorf("the digest lacks %q: %q", want, got[0])
		}
	}
}

func TestADigestBearsTheDateOfTheBengaliEraWhereTheOperatorWantsIt(t *testing.T) {
	t.Parallel()
	for region, want := range map[message.Region]string{
		message.India:      "সকালের খবর — ৫ অক্টোবর ২০২১, মঙ্গলবার\n১৮ আশ্বিন ১৪২৮ বঙ্গাব্দ\n",
		message.Bangladesh: "সকালের খবর — ৫ অক্টোবর ২০২১, মঙ্গলবার\n২০ আশ্বিন ১৪২৮ বঙ্গাব্দ\n",
	} {
		clock := newHands(t, "2021-10-04 18:00")
		h := newHouse(t, func(c *delivery.Config) { c.Now, c.Zone, c.Region, c.Era = clock.now, clock.zone, region, true })
		reader := h.reader(1001)
		h.wish(1001, store.Prefs{Mode: store.Digest, DigestAt: []int{8 * 60}})
		stop := h.open()
		h.publish("দিনের প্রথম খবর", clock.stamp)
		h.publish("রাতের খবর", clock.stamp)
		h.dueAt(clock.at("2021-10-05 08:00"))
		clock.set("2021-10-05 08:30")
		h.delivery.Wake()
		if got := h.gets(reader.Chat(), 1); !strings.HasPrefix(got[0], want) {
			t.Errorf("the digest is %q, not %q", got[0], want)
		}
		stop()
	}
}

// hands are those of a clock that stands still between the test's words.
type hands struct {
	t       *testing.T
	zone    *time.Location
	seconds atomic.Int64
}

func newHands(t *testing.T, at string) *hands {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	c := &hands{t: t, zone: zone}
	c.set(at)
	return c
}

func (c *hands) at(text string) time.Time {
	c.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, c.zone)
	if err != nil {
		c.t.Fatal(err)
	}
	return at
}

func (c *hands) set(text string) { c.t.Helper(); c.seconds.Store(c.at(text).Unix()) }

func (c *hands) now() time.Time { return time.Unix(c.seconds.Load(), 0) }

// stamp makes an article one of the moment.
func (c *hands) stamp(a *store.Article) { a.FirstSeen, a.Published = c.now().UTC(), c.now().UTC() }

// wish sets what a chat wants.
func (h *house) wish(telegramID int64, prefs store.Prefs) {
	h.t.Helper()
	h.write(func(tx store.Tx) error {
		chat, err := tx.Chat(h.t.Context(), telegramID)
		if err != nil {
			return err
		}
		chat.Prefs = prefs
		return tx.SaveChat(h.t.Context(), &chat)
	})
}

// dueAt waits until the next chat is due at a moment.
func (h *house) dueAt(want time.Time) {
	h.t.Helper()
	h.until("the next chat is due at "+want.String(), func() bool {
		next, err := h.store.NextDue(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		return next.Equal(want)
	})
}
