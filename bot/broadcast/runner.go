package broadcast

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Config is what the operator decides.
type Config struct {
	// Zone and Region are those of people who chose none.
	Zone   *time.Location
	Region message.Region
	// Rate is the messages a second the limiter was made for, 0 for no limit.
	Rate int
	// Paid sends as paid broadcasts.
	Paid bool
	// Owners are Telegram users who own the bot, whatever the store says.
	Owners []int64
	// Log takes the operator's log.
	Log *slog.Logger
}

// Runner sends broadcasts as a lane of package delivery, whose one goroutine calls its methods.
type Runner struct {
	config Config
	store  store.Store

	look bool
	// looked is when the store was last asked; now and then it is asked though nobody called.
	looked time.Time
	// live are the broadcasts for which something is to be done, and those of which something is still under way.
	live []*campaign
	// turn is whose turn it is: several that run at once share what there is.
	turn int
	// changes are to be made in the next transaction, undo takes back what was claimed for it.
	changes []change
	undo    []func()
	owed    bool

	timetable timetable
}

const lookEvery = 5 * time.Second

// change is a part of the next transaction.
type change func(ctx context.Context, tx store.Tx, now time.Time) error

var _ delivery.Lane = (*Runner)(nil)

// New returns a runner, to be joined to the delivery that works on the same store.
func New(s store.Store, config Config) *Runner {
	if config.Zone == nil {
		config.Zone = time.UTC
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{config: config, store: s, look: true}
}

// Recover implements delivery.Lane: the fate of what was under way is unknown.
func (r *Runner) Recover(ctx context.Context, flights []store.Flight, now time.Time) error {
	steps := map[int64]*store.BroadcastStep{}
	for _, f := range flights {
		if steps[f.Broadcast] == nil {
			steps[f.Broadcast] = &store.BroadcastStep{Broadcast: f.Broadcast, At: now}
		}
		s := steps[f.Broadcast]
		s.Missed = append(s.Missed, store.Missed{Chat: f.Chat, Why: store.MissUnknown, At: now, Tries: 1})
	}
	for id, s := range steps {
		r.config.Log.Warn("messages of a broadcast were under way when the program ended; they are listed with it", "broadcast", id, "count", len(s.Missed))
		r.changes = append(r.changes, func(ctx context.Context, tx store.Tx, _ time.Time) error { return tx.StepBroadcast(ctx, *s) })
	}
	return nil
}

// Look implements delivery.Lane.
func (r *Runner) Look() { r.look = true }

// load brings what is known in line with the store.
func (r *Runner) load(ctx context.Context) error {
	list, err := r.store.LiveBroadcasts(ctx)
	if err != nil {
		return fmt.Errorf("look for broadcasts: %w", err)
	}
	if r.timetable.next, err = r.store.NextSchedule(ctx); err != nil {
		return fmt.Errorf("look for schedules: %w", err)
	}
	r.look = false
	var live []*campaign
	for _, b := range list {
		c := r.campaign(b.ID)
		if c == nil {
			c = &campaign{runner: r, inFlight: map[int64]int{}}
			c.rewindTo(b.Progress.Cursor)
		}
		if err := c.update(b); err != nil {
			return err
		}
		live = append(live, c)
	}
	for _, c := range r.live {
		if slices.Contains(live, c) {
			continue
		}
		// It was halted, is done or was dropped. Landings are still to come, and the screen is to say how it stands.
		b, err := r.store.Broadcast(ctx, c.b.ID)
		if errors.Is(err, store.ErrNotFound) {
			b, err = c.b, nil
			b.State, b.Screen = store.BroadcastCancelled, 0
		}
		if err != nil {
			return fmt.Errorf("look for broadcasts: %w", err)
		}
		if b.State != c.b.State {
			c.screen.due = b.Screen != 0
		}
		if err := c.update(b); err != nil {
			return err
		}
		if len(c.inFlight) > 0 || c.screen.due || c.screen.flying {
			live = append(live, c)
		}
	}
	r.live = live
	return nil
}

func (r *Runner) campaign(id int64) *campaign {
	for _, c := range r.live {
		if c.b.ID == id {
			return c
		}
	}
	return nil
}

// Next implements delivery.Lane: screens first, for there are few, then trials, then the broadcasts in turn.
func (r *Runner) Next(ctx context.Context, now time.Time, free func(int64, telegram.ChatKind) bool) (*delivery.Errand, error) {
	if r.look || now.Sub(r.looked) >= lookEvery {
		r.looked = now
		if err := r.load(ctx); err != nil {
			return nil, err
		}
	}
	for _, next := range []func(*campaign) (*delivery.Errand, error){
		func(c *campaign) (*delivery.Errand, error) { return c.nextScreen(ctx, now, free) },
		func(c *campaign) (*delivery.Errand, error) { return c.nextTrial(now, free) },
	} {
		for _, c := range r.live {
			if e, err := next(c); e != nil || err != nil {
				return e, err
			}
		}
	}
	for range r.live {
		r.turn++
		c := r.live[r.turn%len(r.live)]
		e, err := c.nextMessage(ctx, now, free)
		if e == nil && err == nil {
			e, err = c.nextDeletion(ctx, now, free)
		}
		if e != nil || err != nil {
			return e, err
		}
	}
	return nil, nil
}

// Rewind implements delivery.Lane.
func (r *Runner) Rewind() {
	for _, undo := range slices.Backward(r.undo) {
		undo()
	}
	r.undo = nil
	r.timetable.rewind()
}

// comeDue finds what is to change because its time has come.
func (r *Runner) comeDue(now time.Time) {
	if r.timetable.begin(now) {
		r.changes = append(r.changes, r.runDue)
	}
	for _, c := range r.live {
		c.gather(now)
		c.expire(now)
	}
}

// Pending implements delivery.Lane.
func (r *Runner) Pending(now time.Time) bool {
	r.comeDue(now)
	for _, c := range r.live {
		if !c.landed.empty() || !c.claimed.empty() {
			return true
		}
	}
	return len(r.changes) > 0
}

// Keep implements delivery.Lane.
func (r *Runner) Keep(ctx context.Context, tx store.Tx, now time.Time) error {
	r.owed = false
	r.comeDue(now) // where news is kept with every round, Pending is not asked
	for _, c := range r.live {
		for _, s := range []step{c.claimed, c.landed} {
			if s.empty() {
				continue
			}
			s.Broadcast, s.At = c.b.ID, now
			if err := tx.StepBroadcast(ctx, s.BroadcastStep); err != nil {
				return err
			}
		}
	}
	for _, change := range r.changes {
		if err := change(ctx, tx, now); err != nil {
			return err
		}
	}
	return nil
}

// Kept implements delivery.Lane.
func (r *Runner) Kept() bool {
	if len(r.changes) > 0 {
		r.look = true
	}
	for _, c := range r.live {
		if len(c.landed.Missed) > 0 || len(c.claimed.Missed) > 0 {
			c.later.look = true
		}
		c.claimed, c.landed = step{}, step{}
		c.committed = c.cursor
		c.busy = false
	}
	r.changes, r.undo = nil, nil
	r.timetable.kept()
	return r.owed
}

// Wait implements delivery.Lane.
func (r *Runner) Wait(now time.Time) time.Duration {
	wait := r.timetable.wait(now)
	if r.look {
		return 0
	}
	for _, c := range r.live {
		if c.atRest() {
			return 0 // the next thing is its end
		}
		for _, at := range []time.Time{c.b.GatherAt, c.later.next, c.tryAt, c.taking.notBefore} {
			if !at.IsZero() {
				wait = min(wait, max(at.Sub(now), 0))
			}
		}
	}
	return wait
}

// tell owes the author of a broadcast a message, in the transaction. Of one who has no role any more the owners are told instead.
func (r *Runner) tell(ctx context.Context, tx store.Tx, b store.Broadcast, now time.Time, say func(message.Printer) (message.Message, error)) error {
	desk, owners, err := r.desk(ctx, tx)
	if err != nil {
		return err
	}
	people := []int64{b.Author}
	if b.Author != 0 && !slices.Contains(desk, b.Author) {
		people = owners
	}
	return r.tellAll(ctx, tx, people, now, say)
}

// desk lists who may send announcements, and who of them owns the bot.
func (r *Runner) desk(ctx context.Context, from store.Reader) (desk, owners []int64, err error) {
	editors, err := from.Editors(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read the editors: %w", err)
	}
	owners = slices.Clone(r.config.Owners)
	for _, e := range editors {
		switch {
		case e.Role == store.Owner && !slices.Contains(owners, e.User):
			owners = append(owners, e.User)
		case e.Role == store.EditorRole:
			desk = append(desk, e.User)
		}
	}
	return append(desk, owners...), owners, nil
}

// tellAll is tellPerson for several.
func (r *Runner) tellAll(ctx context.Context, tx store.Tx, people []int64, now time.Time, say func(message.Printer) (message.Message, error)) error {
	for _, person := range people {
		if err := r.tellPerson(ctx, tx, person, now, say); err != nil {
			return err
		}
	}
	return nil
}

// tellPerson is tell for anybody; 0 is nobody.
func (r *Runner) tellPerson(ctx context.Context, tx store.Tx, person int64, now time.Time, say func(message.Printer) (message.Message, error)) error {
	if person == 0 {
		return nil
	}
	p, err := r.printer(ctx, tx, person)
	if err != nil {
		return err
	}
	m, err := say(p)
	if err != nil {
		return err
	}
	r.owed = true
	return delivery.Owe(ctx, tx, telegram.Send(telegram.Outgoing{ChatID: person, Text: m.HTML, Keyboard: keyboard(m.Buttons), Preview: telegram.Preview{Off: true}}), now)
}

// printer speaks the language of a person's private chat.
func (r *Runner) printer(ctx context.Context, from store.Reader, person int64) (message.Printer, error) {
	chat, err := from.Chat(ctx, person)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return message.Printer{}, fmt.Errorf("read chat %d: %w", person, err)
	}
	return message.For(chat, r.config.Zone, r.config.Region), nil
}

func keyboard(rows [][]message.Button) telegram.Keyboard {
	if k := inline(rows); k != nil {
		return k
	}
	return nil
}

func inline(rows [][]message.Button) telegram.InlineKeyboard {
	var k telegram.InlineKeyboard
	for _, row := range rows {
		var buttons []telegram.Button
		for _, b := range row {
			buttons = append(buttons, telegram.Button{Text: b.Text, URL: b.URL, Data: b.Data})
		}
		k = append(k, buttons)
	}
	return k
}

// step gathers what happened to a broadcast since the last commit.
type step struct{ store.BroadcastStep }

func (s step) empty() bool {
	return s.Cursor == 0 && len(s.Delivered) == 0 && len(s.Missed) == 0 && len(s.Taken) == 0 && s.Deleted == 0 && s.Kept == 0 && len(s.Emptied) == 0
}

// decode reads what a broadcast sends.
func decode(b store.Broadcast) (request telegram.Request, err error) {
	if len(b.Request) == 0 {
		return request, nil
	}
	if err = json.Unmarshal(b.Request, &request); err != nil {
		return request, fmt.Errorf("read what broadcast %d sends: %w", b.ID, err)
	}
	return request, nil
}
