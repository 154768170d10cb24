package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Policy says what becomes of a message of which we do not know whether it arrived.
type Policy string

const (
	// Mention names it in one line of the chat's next message; in channels and supergroups it is looked up.
	Mention Policy = "mention"
	// Repeat sends it again.
	Repeat Policy = "repeat"
	// Skip leaves it.
	Skip Policy = "skip"
)

// Config is what the operator decides. Zero fields take the defaults named here.
type Config struct {
	// Burst is how many articles a chat gets one by one before it gets a list instead: 3.
	Burst int
	// BurstTime is the time in which a chat gets at most Burst messages with news that does not break: a minute. What comes
	// meanwhile is gathered.
	BurstTime time.Duration
	// Horizon is the age at which news has become history and is owed to nobody: 24 h.
	Horizon time.Duration
	// Doubts is Mention by default.
	Doubts Policy
	// Stories is Answer by default.
	Stories Stories
	// MentionAfter is how long a doubtful headline waits for the chat's next message before it is mentioned in
	// a message of its own: 30 minutes.
	MentionAfter time.Duration
	// LookAfter is how long after an unknown outcome a post is looked for in its channel: 10 s, for Telegram may sit on a call for 8 s and then
	// carry it out.
	LookAfter time.Duration
	// KeepSent is how long a sent message can be corrected: 7 days.
	KeepSent time.Duration
	// Rate is the messages a second the limiter was made for; it bounds how far ahead chats are read.
	Rate int
	// Zone is the time zone of chats that chose none.
	Zone *time.Location
	// Region chooses between the spellings of Bangladesh and West Bengal.
	Region message.Region
	// Era adds the date of the Bengali era (বঙ্গাব্দ) to digests.
	Era bool
	// BotName is the bot's user name, for subscribe links; empty until known.
	BotName func() string
	// Paid sends as paid broadcasts.
	Paid bool
	// Now is the wall clock.
	Now func() time.Time
	// Log takes the operator's log.
	Log *slog.Logger
}

func (c *Config) defaults() {
	if c.Burst <= 0 {
		c.Burst = 3
	}
	if c.BurstTime <= 0 {
		c.BurstTime = time.Minute
	}
	if c.Horizon <= 0 {
		c.Horizon = 24 * time.Hour
	}
	if c.Doubts == "" {
		c.Doubts = Mention
	}
	if c.Stories == "" {
		c.Stories = Answer
	}
	if c.MentionAfter <= 0 {
		c.MentionAfter = 30 * time.Minute
	}
	if c.LookAfter <= 0 {
		c.LookAfter = 10 * time.Second
	}
	if c.KeepSent <= 0 {
		c.KeepSent = 7 * 24 * time.Hour
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.BotName == nil {
		c.BotName = func() string { return "" }
	}
}

const (
	// tick is how far ahead messages are claimed and how long answers are gathered before they are
	// settled together: a crash leaves in doubt what is sent within it, a commit costs a page or two.
	tick = 25 * time.Millisecond
	// maxFlights bounds the messages under way; the server refuses beyond 1,000 a bot.
	maxFlights = telegram.MaxInFlight
	// maxVisits bounds the visits that send nothing in one transaction.
	maxVisits = 2000
	// markChunk is how many chats are marked due in one transaction: short enough to block nobody.
	markChunk = 1500
	// drainTime is how long a stop waits for messages under way.
	drainTime = 8 * time.Second
)

// Delivery brings chats up to date. Make one with New and let it Run.
type Delivery struct {
	config  Config
	store   store.Store
	client  *telegram.Client
	limiter *telegram.Limiter
	clock   steadyClock

	wake     chan struct{}
	mark     chan struct{}
	outcomes chan outcome

	// What follows belongs to the pump.
	log      newsLog
	recent   recentPosts
	posted   map[int64]time.Time // when each group or channel was posted to last; see lastPost
	doubts   openDoubts
	answers  answerLane
	news     newsLane
	welcomes welcomeLane
	fixes    correctionLane
	breaker  breaker
	lane     Lane
	turns    int // since the lane last went before the news
	writer   writer
	flights  map[int64]*flight
	busy     map[int64]int64 // Telegram chat → flight
	number   int64
	pending  []change
	arrivals arrivals
	// owing says that a pending change owes an answer, which can be read once it is committed.
	owing bool
	// unsettled are the chats with a visit among the pending changes.
	unsettled map[int64]bool
	strikes   map[int64]strike
	refused   map[int64]degradation // post → what the server would not take of it
	textOnly  map[int64]bool        // chats that may not be sent photos
	alarmed   map[string]bool
}

// change is a part of the next transaction.
type change func(ctx context.Context, tx store.Tx) error

// New returns a delivery for the bot of client; all that counts against Telegram's limits must pass limiter, and
// nothing else must.
func New(s store.Store, client *telegram.Client, limiter *telegram.Limiter, config Config) *Delivery {
	config.defaults()
	return &Delivery{
		config:    config,
		store:     s,
		client:    client,
		limiter:   limiter,
		clock:     steadyClock{wall: config.Now},
		wake:      make(chan struct{}, 1),
		mark:      make(chan struct{}, 1),
		outcomes:  make(chan outcome, maxFlights),
		log:       newsLog{horizon: config.Horizon},
		recent:    recentPosts{span: config.BurstTime},
		posted:    map[int64]time.Time{},
		doubts:    newOpenDoubts(),
		flights:   map[int64]*flight{},
		busy:      map[int64]int64{},
		unsettled: map[int64]bool{},
		strikes:   map[int64]strike{},
		refused:   map[int64]degradation{},
		textOnly:  map[int64]bool{},
		alarmed:   map[string]bool{},
		lane:      noLane{},
		writer:    writer{config: config, read: s, store: s},
	}
}

// Wake tells that something may have become owed: articles were kept, or updates committed. It never blocks.
func (d *Delivery) Wake() {
	for _, signal := range []chan struct{}{d.wake, d.mark} {
		select {
		case signal <- struct{}{}:
		default:
		}
	}
}

// Run delivers until ctx ends; then it claims nothing more, waits up to eight seconds for messages under way, settles
// them, and returns nil. It returns an error only if the store fails in a way that waiting cannot mend.
func (d *Delivery) Run(ctx context.Context) error {
	if err := d.recover(ctx); err != nil {
		return ending(ctx, fmt.Errorf("recover what was under way: %w", err))
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.marker(ctx) })
	group.Go(func() error { return d.pump(ctx) })
	return group.Wait()
}

// marker finds the chats that follow the categories of new articles, chunk by chunk.
func (d *Delivery) marker(ctx context.Context) error {
	idle := time.NewTicker(time.Minute)
	defer idle.Stop()
	for {
		more := true
		for more && ctx.Err() == nil {
			err := d.store.Write(ctx, func(tx store.Tx) (err error) {
				now, _ := d.clock.now()
				more, err = tx.MarkDue(ctx, now, markChunk)
				return err
			})
			if err != nil {
				if !d.waitOut(ctx, "mark due chats", err) {
					return ending(ctx, fmt.Errorf("mark due chats: %w", err))
				}
				continue
			}
			d.signal()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-d.mark:
		case <-idle.C:
		}
	}
}

func (d *Delivery) signal() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// pump is the one goroutine that claims, sends and settles.
func (d *Delivery) pump(ctx context.Context) error {
	flying, land := context.WithCancel(context.WithoutCancel(ctx))
	defer land()
	d.woken() // nothing is planned on a log that was not read
	for {
		started := time.Now()
		wait, err := d.round(ctx, flying)
		if err != nil {
			switch {
			case d.waitOut(ctx, "commit deliveries", err):
			case ctx.Err() != nil:
				return d.drain(ctx, flying)
			default:
				return err
			}
			continue
		}
		if ctx.Err() != nil {
			return d.drain(ctx, flying)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-d.wake:
			d.woken()
		case <-timer.C:
		case o := <-d.outcomes:
			d.land(ctx, o)
		}
		timer.Stop()
		// One transaction per tick at most: what is answered meanwhile is settled together.
		pause(ctx, tick-time.Since(started))
	}
}

// woken makes every lane look into the store again.
func (d *Delivery) woken() {
	d.log.look, d.answers.look, d.welcomes.look, d.news.look, d.fixes.look = true, true, true, true, true
	d.lane.Look()
}

// round settles what has landed, claims what may leave within the next tick, commits both, and lets the claimed
// fly. It returns how long nothing is expected to happen.
func (d *Delivery) round(ctx, flying context.Context) (time.Duration, error) {
	for {
		select {
		case o := <-d.outcomes:
			d.land(ctx, o)
			continue
		default:
		}
		break
	}
	now := d.now()
	wait := time.Second
	var claims []*flight
	if ctx.Err() == nil && d.breaker.closed(now) {
		var err error
		if claims, wait, err = d.claim(ctx, now); err != nil {
			d.release(claims)
			return 0, err
		}
	} else if ctx.Err() == nil {
		wait = d.breaker.probe(flying, d, now)
	}
	if d.arrivals.ripe(now) || d.rests() {
		d.settleArrivals()
	}
	if len(d.arrivals.list) > 0 {
		wait = min(wait, d.arrivals.since.Add(arrivalsWait).Sub(now))
	}
	if len(d.pending) == 0 && len(claims) == 0 && !d.arrivals.news() && !d.lane.Pending(now) {
		return wait, nil
	}
	if err := d.commit(ctx, claims); err != nil {
		d.release(claims)
		return 0, err
	}
	for _, f := range claims {
		if err := d.write(ctx, f); err != nil {
			d.config.Log.Error("a message could not be written; it is tried again", "chat", f.chat.ID, "err", err)
			now := d.now()
			d.outcomes <- outcome{flight: f, left: now, back: now, err: &telegram.Error{Kind: telegram.KindUnsent, Unsent: true, Description: "not written"}}
			continue
		}
		go d.fly(flying, f)
	}
	return wait, nil
}

// write writes the message of a flight that carries news, unless it is written already.
func (d *Delivery) write(ctx context.Context, f *flight) (err error) {
	ctx = context.WithoutCancel(ctx) // it is claimed already
	if f.post == nil || f.request.Method != "" {
		return nil
	}
	if f.request, err = d.compose(ctx, f.chat, f.post); err != nil {
		return fmt.Errorf("write post %d for chat %d: %w", f.post.ID, f.chat.ID, err)
	}
	if f.plan.replyTo != 0 {
		f.request = f.request.ReplyTo(f.plan.replyTo)
	}
	if f.silent {
		f.request = f.request.Silent()
	}
	return nil
}

// commit settles and claims in one transaction.
func (d *Delivery) commit(ctx context.Context, claims []*flight) error {
	ctx = context.WithoutCancel(ctx) // what landed is settled also while we stop
	err := d.store.Write(ctx, func(tx store.Tx) error {
		for _, c := range d.pending {
			if err := c(ctx, tx); err != nil {
				return err
			}
		}
		for _, f := range claims {
			if f.post == nil || f.post.ID != 0 {
				continue // no news, or news that goes out in another form
			}
			if err := tx.SavePost(ctx, f.post); err != nil {
				return fmt.Errorf("keep the post for chat %d: %w", f.chat.ID, err)
			}
		}
		if err := d.lane.Keep(ctx, tx, d.now()); err != nil {
			return err
		}
		return tx.SetWindow(ctx, d.window())
	})
	if err != nil {
		d.salvage(ctx, err)
		for _, f := range claims {
			if f.post != nil && f.repairs == 0 {
				f.post.ID = 0 // what a rolled-back transaction numbered does not exist
			}
		}
		return err
	}
	if len(d.unsettled) > 0 {
		d.news.lookAt = time.Time{} // what was passed over as not settled may be due again
	}
	d.pending = d.pending[:0]
	clear(d.unsettled)
	d.arrivals.kept = len(d.arrivals.list)
	if owed := d.lane.Kept(); owed || d.owing {
		d.owing, d.answers.look = false, true
		d.signal()
	}
	return nil
}

// salvage keeps one change that can never be made from standing in the way of all others: when a transaction failed for another
// reason than the state of the disk, its changes are made one by one, and those that fail alone are left out.
func (d *Delivery) salvage(ctx context.Context, cause error) {
	if errors.Is(cause, store.ErrUnwritable) || errors.Is(cause, store.ErrDamaged) || len(d.pending) == 0 {
		return
	}
	var left []change
	for _, c := range d.pending {
		err := d.store.Write(context.WithoutCancel(ctx), func(tx store.Tx) error { return c(ctx, tx) })
		switch {
		case err == nil:
		case errors.Is(err, store.ErrUnwritable), errors.Is(err, store.ErrDamaged):
			left = append(left, c)
		default:
			d.config.Log.Error("a change to the database failed and is left out", "err", err)
		}
	}
	d.pending = left
}

// window lists the messages under way whose repetition would double them, and those that wait to be settled.
func (d *Delivery) window() store.Window {
	list := make([]store.Flight, 0, len(d.flights))
	for _, f := range d.flights {
		if f.errand != nil {
			if f.errand.Flight != nil {
				list = append(list, *f.errand.Flight)
			}
			continue
		}
		if f.look != nil || f.post == nil && f.request.Repeatable() {
			continue
		}
		entry := store.Flight{Chat: f.chat.ID, Upto: f.plan.mark()}
		if f.post != nil {
			entry.Post = f.post.ID
		}
		if f.answer != nil {
			entry.Answer = f.answer.ID
		}
		list = append(list, entry)
	}
	return store.Window{Flights: list, Arrivals: d.arrivals.list}
}

// release takes back claims that were not committed.
func (d *Delivery) release(claims []*flight) {
	for _, f := range claims {
		delete(d.flights, f.number)
		if f.counted {
			delete(d.busy, f.telegramID)
			f.answered(f.at, d.now(), &telegram.Error{Kind: telegram.KindUnsent, Unsent: true, Description: "not kept"})
		}
		if f.answer != nil {
			d.answers.rewind(f.answer.ID)
		}
	}
	d.lane.Rewind()
	d.breaker.released()
	d.woken()
}

// drain waits for what is under way and settles it.
func (d *Delivery) drain(ctx, flying context.Context) error {
	deadline := time.NewTimer(drainTime)
	defer deadline.Stop()
	for len(d.flights) > 0 {
		select {
		case o := <-d.outcomes:
			d.land(ctx, o)
		case <-deadline.C:
			d.config.Log.Warn("stopped with messages under way", "in_doubt", len(d.flights))
			d.settleArrivals()
			return ending(ctx, d.commit(ctx, nil))
		}
	}
	d.settleArrivals()
	if err := d.commit(ctx, nil); err != nil {
		return fmt.Errorf("settle at the end: %w", err)
	}
	return nil
}

// waitOut logs a failure of the store and waits a second, for most can be mended while we wait: a full disk, a read-only
// file, another program that holds the lock. Nothing is claimed meanwhile, and what landed stays to be settled.
func (d *Delivery) waitOut(ctx context.Context, step string, err error) bool {
	if ctx.Err() != nil || errors.Is(err, store.ErrDamaged) {
		return false
	}
	mend := "sending waits and tries again"
	if errors.Is(err, store.ErrUnwritable) {
		mend = "sending waits until it can be written: free disk space or mend the file's rights"
	}
	d.config.Log.Error("the database cannot be used now; "+mend, "step", step, "err", err)
	pause(ctx, time.Second)
	return ctx.Err() == nil
}

// now is the time by which things are due; it never goes back.
func (d *Delivery) now() time.Time {
	now, back := d.clock.now()
	if back > time.Minute {
		d.alarm("clock", "the machine's clock went back; deliveries go on by elapsed time", "by", back.Round(time.Second))
	} else {
		delete(d.alarmed, "clock")
	}
	return now
}

// alarm logs a lasting trouble once, until its key is taken back.
func (d *Delivery) alarm(key, text string, args ...any) {
	if d.alarmed[key] {
		return
	}
	d.alarmed[key] = true
	d.config.Log.Error(text, args...)
}

// ending is nil when the error only says that the context has ended.
func ending(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return nil
	}
	return err
}

func pause(ctx context.Context, span time.Duration) {
	if span <= 0 {
		return
	}
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
