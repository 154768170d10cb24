package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	pollLimit   = 100              // the most updates one call gives
	pollTimeout = 50 * time.Second // the longest the server parks a poll
	pollGrace   = 20 * time.Second // what the answer may take on top
	// raceWindow is how far below our offset an update can be a late copy of one that was handled: the last batch, which another
	// poller may have been given too. Anything lower is a new numbering: after an idle week ids begin anew at random.
	raceWindow = 100
	// samePause keeps polls with an unchanged offset apart: within half a second the server gives one update only.
	samePause = 500 * time.Millisecond

	firstBackoff = time.Second
	lastBackoff  = 5 * time.Second
	fightBackoff = 30 * time.Second // against another poller: each poll ends one of the other
	slowBackoff  = time.Minute      // while only the operator can help
)

// AllUpdates are the kinds of updates a [Updates] asks for unless told otherwise. The list is sent with every poll, for
// Telegram remembers the last one across restarts.
var AllUpdates = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query",
	"chosen_inline_result", "my_chat_member",
}

// Batch is what one poll brought.
type Batch struct {
	// Updates in their order, without those that were handled before or cannot be read.
	Updates []Update
	// Offset is what to poll with next, once the batch's effects are kept. Keep it in the same transaction.
	Offset int
	// NewEpoch tells that Telegram has begun to number anew, below the offset before.
	NewEpoch bool
	// Unreadable counts updates that were skipped; each has been logged by its id.
	Unreadable int
}

// Updates fetches updates by long polling and confirms them only after they have been handled: the next poll, which is
// what tells Telegram to forget them, begins when Handle has returned nil. So an update is handled at least once, and
// exactly once where Handle keeps effects and offset in one transaction.
type Updates struct {
	Client *Client
	// Offset tells the offset to begin with: that of the last batch kept, 0 at the very first start.
	Offset func(context.Context) (int, error)
	// Handle keeps a batch's effects and its offset. After an error the same updates come again.
	Handle func(context.Context, Batch) error
	// Allowed are the kinds of updates to ask for; nil means AllUpdates.
	Allowed []string
	// Alarm is told when polling begins to fail, when it fails in another way, and, with nil, when it works again. May be nil.
	Alarm func(error)
	// Log is where skipped updates and retries are told; nil means slog.Default.
	Log *slog.Logger
}

// Run polls until ctx ends, which interrupts a parked poll at once; then it returns nil. The only error is one of the Offset
// function: without an offset nothing can be confirmed or told apart.
func (u *Updates) Run(ctx context.Context) error {
	offset, err := u.Offset(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	p := poller{Updates: u, offset: offset, log: u.Log}
	if p.log == nil {
		p.log = slog.Default()
	}
	allowed := u.Allowed
	if allowed == nil {
		allowed = AllUpdates
	}
	p.allowed, _ = marshal(allowed)
	p.run(ctx)
	return nil
}

type poller struct {
	*Updates
	log     *slog.Logger
	allowed string
	offset  int

	webhookGone bool
	failing     Kind // KindNone while all is well
	handling    bool // what fails is Handle
	backoff     time.Duration
	stale       int // lowest id of the last batch that was stale as a whole
}

func (p *poller) run(ctx context.Context) {
	for ctx.Err() == nil {
		began, asked := time.Now(), p.offset
		pause := p.step(ctx)
		if pause == 0 && p.offset == asked {
			pause = samePause - time.Since(began)
		}
		if !sleep(ctx, pause) {
			return
		}
	}
}

// step polls once and hands on what came. It returns how long to wait before the next.
func (p *poller) step(ctx context.Context) time.Duration {
	if !p.webhookGone {
		// A server that does not know the method has no webhooks.
		var e *Error
		if err := p.Client.DeleteWebhook(ctx); err != nil && !(asError(err, &e) && e.Code == http.StatusNotFound) {
			return p.failed(ctx, err, false)
		}
		p.webhookGone = true
	}
	updates, err := p.poll(ctx)
	if err != nil {
		var e *Error
		if asError(err, &e) && e.Kind == KindConflict && strings.Contains(strings.ToLower(e.Description), "webhook") {
			p.webhookGone = false
		}
		return p.failed(ctx, err, false)
	}
	batch := p.read(updates)
	if len(batch.Updates) > 0 || batch.Offset != p.offset {
		if err := p.Handle(ctx, batch); err != nil {
			return p.failed(ctx, err, true)
		}
		p.offset = batch.Offset
	}
	p.recovered()
	return 0
}

func (p *poller) poll(ctx context.Context) ([]decoded, error) {
	params := Params{"allowed_updates": p.allowed}
	params.Int("offset", int64(p.offset))
	params.Int("limit", pollLimit)
	params.Int("timeout", int64(pollTimeout/time.Second))
	// Mostly all updates can be read, which is seen soonest by reading them in one go.
	var sound []Update
	answer := tolerant{into: &sound}
	if err := p.Client.call(ctx, pollTimeout+pollGrace, "getUpdates", params, nil, &answer); err != nil {
		return nil, err
	}
	if answer.raw != nil {
		return decodeEach(answer.raw)
	}
	list := make([]decoded, len(sound))
	for i := range sound {
		list[i].Update = sound[i]
	}
	return list, nil
}

// decoded is an update, or what could be read of it with the reason why that is not all.
type decoded struct {
	Update
	err error
}

// decodeEach decodes the result of a poll in which not all can be read: each update by itself, so that one does not hold up the rest.
func decodeEach(raw json.RawMessage) ([]decoded, error) {
	var single []json.RawMessage
	if err := json.Unmarshal(raw, &single); err != nil {
		return nil, &Error{Method: "getUpdates", Code: http.StatusOK, Kind: KindUnknownOutcome, Description: "the result is no list of updates"}
	}
	list := make([]decoded, len(single))
	for i, one := range single {
		d := &list[i]
		d.err = json.Unmarshal(one, &d.Update)
		if d.err != nil && d.ID == 0 {
			var bare struct {
				ID int `json:"update_id"`
			}
			_ = json.Unmarshal(one, &bare)
			d.ID = bare.ID
		}
	}
	return list, nil
}

// read takes the updates that have not been handled before and can be read.
func (p *poller) read(updates []decoded) Batch {
	b := Batch{Offset: p.offset, Updates: make([]Update, 0, len(updates))}
	// Telegram gives them in the order of their numbers, without promising it. Of two that come the wrong way round, the lower would look
	// like a late copy. A batch in which a new numbering begins is left as it came: what is lower may be what is later.
	if !slices.ContainsFunc(updates, func(one decoded) bool { return one.ID < p.offset-raceWindow }) {
		slices.SortStableFunc(updates, func(a, b decoded) int { return cmp.Compare(a.ID, b.ID) })
	}
	lowest, stale := 0, 0
	for _, one := range updates {
		update, err := one.Update, one.err
		if update.ID == 0 {
			// Without an id it cannot be passed over by itself; the next readable one passes over it.
			p.log.Error("update without an id skipped")
			b.Unreadable++
			continue
		}
		switch {
		case update.ID >= b.Offset:
		case update.ID >= b.Offset-raceWindow && !p.again(update.ID):
			stale++
			if lowest == 0 || update.ID < lowest {
				lowest = update.ID
			}
			continue
		default:
			p.log.Warn("updates are numbered anew", "offset", b.Offset, "update", update.ID)
			b.NewEpoch = true
		}
		b.Offset = update.ID + 1
		if err != nil {
			// Not the error's text: it may quote the message.
			p.log.Error("update that cannot be read skipped", "update", update.ID)
			b.Unreadable++
			continue
		}
		b.Updates = append(b.Updates, update)
	}
	p.stale = 0
	if stale > 0 && stale == len(updates) {
		p.stale = lowest
	}
	return b
}

// again tells that the last batch was stale as a whole and the same comes once more. A poll with our offset has confirmed
// all below it, so what comes a second time is not a late copy but a new numbering that happens to begin close by.
func (p *poller) again(id int) bool { return p.stale != 0 && id >= p.stale }

// failed raises the alarm where the failure is a new one, and returns the pause.
func (p *poller) failed(ctx context.Context, err error, handling bool) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	kind := KindOf(err)
	if handling {
		kind = KindNone
	}
	if p.backoff == 0 || kind != p.failing || handling != p.handling {
		p.failing, p.handling, p.backoff = kind, handling, firstBackoff
		what := "polling fails"
		switch {
		case handling:
			what = "updates cannot be kept; they will come again"
		case kind == KindConflict:
			what = "another poller, or a webhook, uses this bot's token"
		case kind == KindUnauthorized:
			what = "Telegram does not accept the token"
		}
		p.log.Error(what, "error", err, "kind", kind.String())
		if p.Alarm != nil {
			p.Alarm(err)
		}
	} else {
		longest := lastBackoff
		switch kind {
		case KindConflict:
			longest = fightBackoff
		case KindUnauthorized:
			longest = slowBackoff
		}
		p.backoff = min(2*p.backoff, longest)
	}
	pause := p.backoff
	var e *Error
	if !handling && asError(err, &e) {
		pause = max(pause, e.RetryAfter)
	}
	return pause + rand.N(pause/4+1) // jitter: many bots restart together
}

func (p *poller) recovered() {
	if p.backoff == 0 {
		return
	}
	p.backoff, p.failing, p.handling = 0, KindNone, false
	p.log.Info("polling works again")
	if p.Alarm != nil {
		p.Alarm(nil)
	}
}

// sleep waits, and tells whether the wait ended before the context did.
func sleep(ctx context.Context, pause time.Duration) bool {
	if pause <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
