package telegram

import (
	"container/heap"
	"math"
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
	// window is the time over which Telegram's overall limit is taken to count. margin is added for ways that vary, there and back, by less than
	// the shortest round trip seen shows, and for clocks that disagree by a tick; it costs 0.3 % of the rate.
	window = time.Second
	margin = 3 * time.Millisecond
	// patience is how long a message without an answer may have taken to arrive: long enough for a packet that was lost and
	// sent again, short because the server may sit on a call for 8 s, which should hold up one slot and no more.
	patience = time.Second
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
// Overall it is clocked by answers. A rate of R is R slots: a message takes one, and the next message takes it again no
// earlier than the answer to the first plus one second, less the least round trip. A message arrives before it is answered,
// so two messages of one slot arrive a second apart, and no second sees more than R arrive, however the network bunches
// them. A limiter that looks at departures alone cannot promise that.
type Limiter struct {
	mu    sync.Mutex
	epoch time.Time

	full    int     // messages a second allowed by settings; 0: unlimited
	rate    float64 // allowed at present, ≤ full
	changed moment  // when rate was last computed
	cut     moment  // when rate was last cut
	slots   slots
	grid    moment // the next place on the grid
	frozen  moment // nothing leaves before
	trips   trips

	floodChat int64
	floodAt   moment

	private generations
	groups  generations
}

// moment is a time since the limiter's epoch: small, and steady when the wall clock jumps.
type moment = time.Duration

const never moment = -1 << 62

// departure is a message that has left.
type departure struct {
	at      moment
	arrived moment // no later than this
}

// NewLimiter returns a limiter for so many messages a second over all chats; 0 or less is unlimited. The paces within
// chats hold in any case.
func NewLimiter(rate int) *Limiter {
	rate = max(rate, 0)
	l := &Limiter{
		full: rate, rate: float64(rate),
		cut: never, grid: never, frozen: never, floodAt: never,
		private: generations{keep: privateMemory}, groups: generations{keep: groupWindow},
	}
	l.resize()
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
	return max(at, l.grid, l.slots[0].free-l.trips.least())
}

// wait is how long an unanswered message may take to arrive.
func (l *Limiter) wait() time.Duration { return max(patience, l.trips.least()) }

// resize gives as many slots as the present rate has whole messages a second.
func (l *Limiter) resize() {
	if l.full == 0 {
		return
	}
	size := int(max(l.rate, 1))
	for len(l.slots) > size { // those that are free, or will be soonest: the rest then bounds what is on the way
		heap.Pop(&l.slots)
	}
	for len(l.slots) < size {
		heap.Push(&l.slots, &slot{free: never})
	}
}

// Ready is the earliest time, not before now, at which a message may leave to this chat as far as the chat is concerned.
func (l *Limiter) Ready(chat int64, kind ChatKind, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	if p := l.of(kind).find(chat, at); p != nil {
		at = max(at, p.ready(kind))
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
	t := Ticket{limiter: l, chat: chat, kind: kind, at: at, left: at, close: never}
	if l.full > 0 {
		t.slot = l.slots[0]
		t.turn, t.before = t.slot.turn+1, t.slot.free
		t.slot.turn, t.slot.free = t.turn, at+l.wait()+window+margin+l.trips.least()
		heap.Fix(&l.slots, 0)
		l.grid = max(l.grid, at-slack) + time.Duration(spread*float64(window)/max(l.rate, 1))
	}
	if chat != 0 {
		p := l.of(kind).take(chat, at)
		t.close = p.last.at
		p.leave(kind, departure{at: at, arrived: at + l.wait()})
	}
	return t
}

// A Ticket is a message on its way.
type Ticket struct {
	limiter *Limiter
	chat    int64
	kind    ChatKind
	at      moment
	left    moment // when it really did
	close   moment // when the chat's message before this one left

	slot   *slot
	turn   uint64 // which message of the slot this is
	before moment // when the slot was free before this message
}

// Left tells when the message really left, if that was later than planned: the round trip counts from then. What a busy machine adds is
// none of the way's; a message that leaves in time would arrive too early by it.
func (t Ticket) Left(at time.Time) Ticket {
	if l := t.limiter; l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		t.left = max(t.at, l.moment(at))
	}
	return t
}

// Answered tells what became of the message: err is nil or the call's error. It must be called once for each ticket, also when the
// call failed or was given up; until then the message counts as arrived a second after it left. The zero Ticket ignores it.
func (t Ticket) Answered(now time.Time, err error) {
	l := t.limiter
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.moment(now)
	var e *Error
	failed := asError(err, &e)
	unsent := failed && e.Kind == KindUnsent
	if err == nil || failed && e.Unsent && e.Code != 0 && e.Kind != KindForeign {
		l.trips.see(at-t.left, at)
	}
	if s := t.slot; s != nil && s.turn == t.turn {
		if s.free = min(s.free, at+window+margin); unsent {
			s.free = t.before
		}
		if s.place >= 0 {
			heap.Fix(&l.slots, s.place)
		}
	}
	if t.chat != 0 {
		if p := l.of(t.kind).find(t.chat, at); p != nil && p.last.at == t.at {
			p.last.arrived = min(p.last.arrived, at)
		}
	}
	if failed && e.Kind == KindFlood {
		l.flood(t, at, e.RetryAfter)
	}
}

// flood freezes what a 429 is about. A chat alone, where its own pace may have caused it: a group or channel, or a private
// chat sent to less than a second before. Everything, where another chat was refused a moment ago, where the wait is that
// of a server that shuts down (of a group's other short waits, one group should not hold up all), or where nothing else
// explains it.
func (l *Limiter) flood(t Ticket, at moment, retryAfter time.Duration) {
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
	l.resize()
}

// recover gives back what was cut, little by little.
func (l *Limiter) recover(at moment) {
	if l.rate < float64(l.full) {
		gained := float64(l.full) * regain * (at - l.changed).Minutes()
		l.rate = min(float64(l.full), l.rate+max(gained, 0))
		l.resize()
	}
	l.changed = at
}

// slot is one of the messages a second the rate is made of.
type slot struct {
	free  moment // when it may be taken again, but for the least round trip: that may turn out to be shorter than it seemed
	turn  uint64 // how many messages it has had
	place int    // in the heap; -1 once given up
}

// slots is a heap by when they are free.
type slots []*slot

func (s slots) Len() int           { return len(s) }
func (s slots) Less(i, j int) bool { return s[i].free < s[j].free }
func (s slots) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].place, s[j].place = i, j
}

func (s *slots) Push(x any) {
	one := x.(*slot)
	one.place = len(*s)
	*s = append(*s, one)
}

func (s *slots) Pop() any {
	last := len(*s) - 1
	one := (*s)[last]
	(*s)[last] = nil
	*s = (*s)[:last]
	one.place = -1
	return one
}

// trips learns from the round trips of the last five to ten minutes how long a message takes at the very least.
type trips struct {
	now, before tripSample
	since       moment
}

type tripSample struct {
	count int
	sum   time.Duration
	least time.Duration
}

const (
	tripMemory = 5 * time.Minute
	// enoughTrips is how many round trips must have been seen before the least of them says anything.
	enoughTrips = 24
	// longTrip is what a longer one counts as in the mean: the server may sit on a call.
	longTrip = 2 * time.Second
)

func (t *trips) see(trip time.Duration, at moment) {
	if at-t.since >= tripMemory {
		t.before, t.now, t.since = t.now, tripSample{}, at
	}
	trip = max(trip, 0)
	if t.now.count == 0 || trip < t.now.least {
		t.now.least = trip
	}
	t.now.count++
	t.now.sum += min(trip, longTrip)
}

// least is what every message surely takes for both ways. The least seen is a little more than that, the less seen the
// more: with the same jitter each way by about (mean − least) × √(2/n). Twice that, roughly, is taken off.
func (t *trips) least() time.Duration {
	n := t.now.count + t.before.count
	if n < enoughTrips {
		return 0
	}
	least := t.now.least
	if t.now.count == 0 || t.before.count > 0 && t.before.least < least {
		least = t.before.least
	}
	mean := (t.now.sum + t.before.sum) / time.Duration(n)
	doubt := time.Duration(3 * float64(mean-min(least, mean)) / math.Sqrt(float64(n)))
	return max(least-doubt, 0)
}
