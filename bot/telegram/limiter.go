package telegram

import (
	"errors"
	"sync"
	"time"
)

// Paces within one chat. Telegram publishes about one message a second in a chat with short bursts allowed, and 20 a minute
// in a group (core.telegram.org/bots/faq); channels are treated as groups, for lack of a published number. Edits count as messages.
const (
	privateSpacing = 1050 * time.Millisecond
	privateBurst   = 3

	groupSpacing  = time.Second
	groupBurst    = 5
	groupMinute   = 18 // of the 20 that are allowed
	groupRefill   = time.Minute / groupMinute
	groupWindow   = 61 * time.Second // a minute, and what messages may bunch up on the way
	privateMemory = privateBurst * privateSpacing
)

const (
	// window is the time over which Telegram's overall limit is taken to count, and margin what is added for clocks that
	// disagree by a tick.
	window = time.Second
	margin = time.Millisecond
	// patience is how long a message without an answer may have taken to arrive: the server may sit on a call for 8 s, and
	// nothing else should wait for that.
	patience = 400 * time.Millisecond
	// spread is the part of the window over which a full load is spread; the rest lets a late message catch up.
	spread = 0.9
	// slack is how far behind the grid a late sender may be and still catch up at once.
	slack = 20 * time.Millisecond

	floodGrace  = 500 * time.Millisecond // added to what Telegram asks to wait
	floodPair   = 10 * time.Second       // two chats refused within this: the limit is not theirs
	restartWait = 5 * time.Second        // retry_after of a server that shuts down (tdlib/telegram-bot-api, Query.h)
	cutBy       = 0.9                    // what a 429 leaves of the rate
	regain      = 0.01                   // of the full rate, a minute
)

// Limiter says when messages may leave so that Telegram refuses none, while its limit is used to the full. It has no
// goroutine and no clock: callers pass the time, wait for what [Limiter.Next] and [Limiter.Ready] say, call [Limiter.Leave] and
// report the answer to the [Ticket]. It is safe for concurrent use.
//
// Overall it is clocked by answers: with a rate of R, message i+R leaves no earlier than the answer to message i plus one second,
// less the least round trip seen. A message arrives before it is answered, so no second ever sees more than R arrive,
// however the network bunches them; a limiter that looks at departures alone cannot promise that.
type Limiter struct {
	mu    sync.Mutex
	epoch time.Time

	full    int     // messages a second allowed by settings; 0: unlimited
	rate    float64 // allowed at present, ≤ full
	changed moment  // when rate was last computed
	cut     moment  // when rate was last cut
	ring    []departure
	left    uint64 // messages that have left
	grid    moment // the next place on the grid
	frozen  moment // nothing leaves before
	least   leastTrip

	floodChat int64
	floodAt   moment
	floods    int

	private generations
	groups  generations
}

// moment is a time since the limiter's epoch: small, and steady when the wall clock jumps.
type moment = time.Duration

const never moment = -1 << 62

type departure struct {
	at       moment
	arrived  moment // no later than this, if answered
	answered bool
}

// arrival is the latest moment at which the message can have reached Telegram.
func (d departure) arrival(wait time.Duration) moment {
	if d.answered {
		return min(d.arrived, d.at+wait)
	}
	return d.at + wait
}

// NewLimiter returns a limiter for so many messages a second over all chats; 0 or less is unlimited. The paces within
// chats hold in any case.
func NewLimiter(rate int) *Limiter {
	rate = max(rate, 0)
	l := &Limiter{
		full: rate, rate: float64(rate), ring: make([]departure, rate),
		cut: never, grid: never, frozen: never, floodAt: never,
		private: generations{keep: privateMemory}, groups: generations{keep: groupWindow},
	}
	return l
}

func (l *Limiter) moment(now time.Time) moment {
	if l.epoch.IsZero() {
		l.epoch = now
	}
	return now.Sub(l.epoch)
}

// Next is the earliest time, not before now, at which a message may leave as far as all chats together are concerned. An
// answer that comes in may bring it nearer, a refusal may put it off: ask again after each.
func (l *Limiter) Next(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	l.recover(at)
	return l.epoch.Add(max(at, l.next()))
}

func (l *Limiter) next() moment {
	at := l.frozen
	if l.full == 0 {
		return at
	}
	at = max(at, l.grid)
	if r := l.size(); l.left >= r {
		before := l.ring[(l.left-r)%uint64(len(l.ring))]
		at = max(at, before.arrival(l.wait())+window+margin-l.least.value())
	}
	return at
}

// size is the present rate in whole messages a second.
func (l *Limiter) size() uint64 { return uint64(max(l.rate, 1)) }

// wait is how long an unanswered message may take to arrive.
func (l *Limiter) wait() time.Duration { return max(patience, 2*l.least.value()) }

// Ready is the earliest time, not before now, at which a message may leave to this chat as far as the chat is concerned.
func (l *Limiter) Ready(chat int64, kind ChatKind, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	if p := l.of(kind).find(chat, at); p != nil {
		at = max(at, p.ready(kind, l.wait(), l.least.value()))
	}
	return l.epoch.Add(at)
}

func (l *Limiter) of(kind ChatKind) *generations {
	if kind == Private {
		return &l.private
	}
	return &l.groups
}

// Leave records that a message, or an edit, leaves now. It does not check whether it may.
func (l *Limiter) Leave(chat int64, kind ChatKind, now time.Time) Ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	l.recover(at)
	t := Ticket{limiter: l, chat: chat, kind: kind, at: at, number: l.left, close: never}
	if l.full > 0 {
		l.ring[l.left%uint64(len(l.ring))] = departure{at: at}
		l.grid = max(l.grid, at-slack) + time.Duration(spread*float64(window)/max(l.rate, 1))
	}
	l.left++
	if chat != 0 {
		p := l.of(kind).take(chat, at)
		t.close = p.last.at
		p.leave(kind, at)
	}
	return t
}

// A Ticket is a message on its way.
type Ticket struct {
	limiter *Limiter
	chat    int64
	kind    ChatKind
	at      moment
	number  uint64
	close   moment // when the chat's message before this one left
}

// Answered tells what became of the message: err is nil or the call's error. It must be called once for each ticket, also when the
// call failed or was given up; until then the message counts as arrived 400 ms after it left.
func (t Ticket) Answered(now time.Time, err error) {
	l := t.limiter
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	var e *Error
	failed := errors.As(err, &e)
	arrived := at
	switch {
	case failed && e.Kind == KindUnsent:
		arrived = t.at - window // it never arrived
	case err == nil, failed && e.Unsent && e.Code != 0 && e.Kind != KindForeign:
		l.least.see(at-t.at, at)
	}
	if l.full > 0 && l.left-t.number <= uint64(len(l.ring)) {
		d := &l.ring[t.number%uint64(len(l.ring))]
		d.answered, d.arrived = true, arrived
	}
	var p *pace
	if t.chat != 0 {
		if p = l.of(t.kind).find(t.chat, at); p != nil && p.last.at == t.at {
			p.last.answered, p.last.arrived = true, arrived
		}
	}
	if failed && e.Kind == KindFlood {
		l.flood(t, at, e.RetryAfter)
	}
}

// flood freezes what a 429 is about. A chat alone, where its own pace may have caused it: a group or channel, or a private
// chat sent to less than a second before. Everything, where another chat was refused a moment ago, where the wait is that
// of a server that shuts down, or where nothing else explains it.
func (l *Limiter) flood(t Ticket, at moment, retryAfter time.Duration) {
	l.floods++
	until := at + retryAfter + floodGrace
	second := l.floodAt != never && at-l.floodAt <= floodPair && l.floodChat != t.chat
	own := t.chat != 0 && (t.kind != Private || t.close != never && t.at-t.close < time.Second)
	l.floodChat, l.floodAt = t.chat, at
	if own {
		p := l.of(t.kind).take(t.chat, at)
		p.frozen = max(p.frozen, until)
	}
	if own && !second && retryAfter != restartWait {
		return
	}
	l.frozen = max(l.frozen, until)
	if l.full == 0 || t.at <= l.cut {
		return // messages that left before the last cut say nothing about the rate after it
	}
	l.recover(at)
	l.rate = max(1, l.rate*cutBy)
	l.cut = at
}

// recover gives back what was cut, little by little.
func (l *Limiter) recover(at moment) {
	if l.rate < float64(l.full) {
		gained := float64(l.full) * regain * (at - l.changed).Minutes()
		l.rate = min(float64(l.full), l.rate+max(gained, 0))
	}
	l.changed = at
}

// Freeze lets nothing leave before until; used while Telegram cannot be reached. A time in the past changes nothing.
func (l *Limiter) Freeze(now, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moment(now)
	l.frozen = max(l.frozen, until.Sub(l.epoch))
}

// LimiterState is what a limiter tells about itself.
type LimiterState struct {
	Rate   float64   // messages a second at present; 0 is unlimited
	Full   int       // as set
	Frozen time.Time // nothing leaves before; zero if not frozen
	Floods int       // answers 429 so far
	Chats  int       // chats remembered
}

// State is for status pages and metrics.
func (l *Limiter) State(now time.Time) LimiterState {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	l.recover(at)
	s := LimiterState{Rate: l.rate, Full: l.full, Floods: l.floods, Chats: l.private.len() + l.groups.len()}
	if l.frozen > at {
		s.Frozen = l.epoch.Add(l.frozen)
	}
	return s
}

// leastTrip is the least round trip of the last five to ten minutes.
type leastTrip struct {
	now, before time.Duration // 0: none seen
	since       moment
}

const tripMemory = 5 * time.Minute

func (t *leastTrip) see(trip time.Duration, at moment) {
	if at-t.since >= tripMemory {
		t.before, t.now, t.since = t.now, 0, at
	}
	if trip > 0 && (t.now == 0 || trip < t.now) {
		t.now = trip
	}
}

func (t *leastTrip) value() time.Duration {
	if t.before == 0 || t.now != 0 && t.now < t.before {
		return t.now
	}
	return t.before
}
