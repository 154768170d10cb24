package telegram_test

import (
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

var start = time.Date(2026, 1, 14, 6, 0, 0, 0, time.UTC)

func flooded(seconds int) error {
	return &telegram.Error{Code: 429, Kind: telegram.KindFlood, RetryAfter: time.Duration(seconds) * time.Second, Unsent: true}
}

// answer is one the sender is still to get.
type answer struct {
	at     time.Duration
	ticket telegram.Ticket
	err    error
}

type answerQueue []answer

func (q answerQueue) Len() int           { return len(q) }
func (q answerQueue) Less(i, j int) bool { return q[i].at < q[j].at }
func (q answerQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *answerQueue) Push(x any)        { *q = append(*q, x.(answer)) }
func (q *answerQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// network is how long messages take: a least time each way, and more at random.
type network struct {
	out, work, back time.Duration // least
	jitter          time.Duration // up to this, each way
	late            time.Duration // up to this between Next and the departure
	spikes          float64       // share of messages that take up to 900 ms more to arrive
	stuck           float64       // share of messages answered only after 8 s
	unsent          float64       // share of messages that never leave
}

// flow sends at full speed for so long through a limiter over a network, and returns when each message arrived.
func flow(l *telegram.Limiter, n network, long time.Duration, seed uint64) []time.Duration {
	r := rand.New(rand.NewPCG(seed, 1))
	upTo := func(d time.Duration) time.Duration {
		if d <= 0 {
			return 0
		}
		return time.Duration(r.Int64N(int64(d)))
	}
	var arrivals []time.Duration
	var coming answerQueue
	now, chat := time.Duration(0), int64(0)
	for now < long {
		next := l.Next(start.Add(now)).Sub(start)
		if len(coming) > 0 && coming[0].at <= next {
			a := heap.Pop(&coming).(answer)
			now = max(now, a.at)
			a.ticket.Answered(start.Add(now), a.err)
			continue
		}
		now = max(now, next) + upTo(n.late)
		chat++
		ticket := l.Leave(chat, telegram.Private, start.Add(now))
		if r.Float64() < n.unsent {
			heap.Push(&coming, answer{now + upTo(n.jitter), ticket, &telegram.Error{Kind: telegram.KindUnsent, Unsent: true}})
			continue
		}
		arrive := now + n.out + upTo(n.jitter)
		if r.Float64() < n.spikes {
			arrive = min(arrive+upTo(900*time.Millisecond), max(arrive, now+999*time.Millisecond))
		}
		done := arrive + n.work + n.back + upTo(n.jitter)
		if r.Float64() < n.stuck {
			done += 8 * time.Second
		}
		arrivals = append(arrivals, arrive)
		heap.Push(&coming, answer{done, ticket, nil})
	}
	return arrivals
}

// busiest is the largest number of arrivals in any second.
func busiest(arrivals []time.Duration) int {
	sorted := slices.Clone(arrivals)
	slices.Sort(sorted)
	most, from := 0, 0
	for to := range sorted {
		for sorted[to]-sorted[from] >= time.Second {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

func TestNoSecondEverSeesMoreThanTheRateArrive(t *testing.T) {
	networks := map[string]network{
		"at once":     {},
		"steady":      {out: 25e6, back: 25e6},
		"near":        {out: 8e6, back: 8e6, work: 2e6, jitter: 5e6, late: 2e6},
		"far":         {out: 90e6, back: 90e6, work: 10e6, jitter: 20e6, late: 2e6},
		"unruly":      {out: 20e6, back: 20e6, jitter: 150e6, late: 30e6},
		"spikes":      {out: 10e6, back: 10e6, jitter: 5e6, spikes: 0.1},
		"stuck":       {out: 10e6, back: 10e6, jitter: 5e6, stuck: 0.2},
		"very far":    {out: 300e6, back: 300e6, jitter: 50e6},
		"half unsent": {out: 10e6, back: 10e6, jitter: 20e6, unsent: 0.5},
	}
	for name, n := range networks {
		for _, rate := range []int{1, 2, 7, 30, 100, 1000} {
			for seed := range uint64(4) {
				arrivals := flow(telegram.NewLimiter(rate), n, 6*time.Second, seed)
				if got := busiest(arrivals); got > rate {
					t.Errorf("%s, %d a second, seed %d: %d arrived within one", name, rate, seed, got)
				}
			}
		}
	}
}

func TestTheRateIsUsedToTheFull(t *testing.T) {
	for _, c := range []struct {
		rate int
		n    network
		want float64
	}{
		{30, network{out: 5e6, back: 5e6, jitter: 10e6}, 0.97},
		{30, network{out: 95e6, back: 95e6, jitter: 10e6}, 0.97},
		{30, network{out: 20e6, back: 20e6, jitter: 10e6, stuck: 0.01}, 0.97},
		{1000, network{out: 5e6, back: 5e6, jitter: 10e6, late: 200e3}, 0.97},
		{1000, network{out: 95e6, back: 95e6, jitter: 10e6, late: 200e3}, 0.97},
		{1, network{out: 5e6, back: 5e6, jitter: 10e6}, 0.97},
	} {
		const long = 30 * time.Second
		arrivals := flow(telegram.NewLimiter(c.rate), c.n, long, 1)
		got := float64(len(arrivals)) / long.Seconds() / float64(c.rate)
		if got < c.want {
			t.Errorf("%d a second over %+v: %.1f %% used, want %.0f %%", c.rate, c.n, 100*got, 100*c.want)
		}
	}
}

func TestAFullSecondIsSpreadOut(t *testing.T) {
	l, now := telegram.NewLimiter(30), start
	var left []time.Duration
	for range 30 {
		now = l.Next(now)
		left = append(left, now.Sub(start))
		l.Leave(0, telegram.Private, now).Answered(now, nil)
	}
	for i := 1; i < len(left); i++ {
		if gap := left[i] - left[i-1]; gap > 35*time.Millisecond || i > 2 && gap < 25*time.Millisecond {
			t.Errorf("messages %d and %d leave %v apart", i-1, i, gap)
		}
	}
}

func TestWithoutARateNothingWaits(t *testing.T) {
	for _, rate := range []int{0, -5} {
		l := telegram.NewLimiter(rate)
		for chat := range int64(10_000) {
			if at := l.Next(start); !at.Equal(start) {
				t.Fatalf("message %d waits until %v", chat, at)
			}
			l.Leave(chat, telegram.Private, start)
		}
	}
}

// send sends one message to a chat as soon as chat and limiter allow, has it answered after trip, and returns when it left.
func send(l *telegram.Limiter, chat int64, kind telegram.ChatKind, now time.Time, trip time.Duration, err error) time.Time {
	for {
		at := l.Next(now)
		if ready := l.Ready(chat, kind, now); ready.After(at) {
			at = ready
		}
		if !at.After(now) {
			break
		}
		now = at
	}
	l.Leave(chat, kind, now).Answered(now.Add(trip), err)
	return now
}

func TestAPrivateChatGetsAShortBurstThenOneASecond(t *testing.T) {
	l, now := telegram.NewLimiter(0), start
	var left []time.Duration
	for range 10 {
		now = send(l, 7, telegram.Private, now, 0, nil)
		left = append(left, now.Sub(start))
	}
	if left[2] > 0 {
		t.Errorf("the first three leave at %v", left[:3])
	}
	for i := 3; i < len(left); i++ {
		if gap := left[i] - left[i-1]; gap < 1049*time.Millisecond || gap > 1060*time.Millisecond {
			t.Errorf("messages %d and %d leave %v apart", i-1, i, gap)
		}
	}
	if at := l.Ready(8, telegram.Private, now); !at.Equal(now) {
		t.Error("another chat waits for this one")
	}
}

func TestAPrivateChatsBurstHoldsHoweverLongMessagesTake(t *testing.T) {
	// The server's view: a bucket of three that fills by one a second.
	for seed := range uint64(20) {
		l, now, r := telegram.NewLimiter(0), start, rand.New(rand.NewPCG(seed, 2))
		tokens, last := 3.0, start
		for range 300 {
			if r.IntN(20) == 0 {
				now = now.Add(time.Duration(r.Int64N(5e9)))
			}
			out, back := time.Duration(r.Int64N(300e6)), time.Duration(r.Int64N(300e6))
			left := send(l, 7, telegram.Private, now, out+back, nil)
			arrived := left.Add(out)
			tokens = min(3, tokens+arrived.Sub(last).Seconds())
			if last = arrived; tokens < 1 {
				t.Fatalf("seed %d: a message arrives %v too early", seed, time.Duration((1-tokens)*1e9))
			}
			tokens--
			now = left.Add(out + back)
		}
	}
}

func TestGroupsAndChannelsKeepToTwentyAMinute(t *testing.T) {
	for _, kind := range []telegram.ChatKind{telegram.Group, telegram.Supergroup, telegram.Channel} {
		l, now := telegram.NewLimiter(30), start
		r := rand.New(rand.NewPCG(5, 5))
		var arrived []time.Duration
		for now.Sub(start) < 10*time.Minute {
			now = send(l, -100, kind, now, 100*time.Millisecond, nil)
			arrived = append(arrived, now.Sub(start)+time.Duration(r.Int64N(100e6)))
			now = now.Add(100 * time.Millisecond)
		}
		for i := range arrived {
			if i > 0 && arrived[i]-arrived[i-1] < time.Second {
				t.Errorf("%s: messages %d and %d arrive %v apart", kind, i-1, i, arrived[i]-arrived[i-1])
			}
			if i >= 20 && arrived[i]-arrived[i-20] < time.Minute {
				t.Errorf("%s: 21 messages within a minute", kind)
			}
		}
		if got := float64(len(arrived)) / 10; got < 17.5 {
			t.Errorf("%s: %.1f a minute of the 18 meant", kind, got)
		}
		if arrived[4] > 6*time.Second {
			t.Errorf("%s: the fifth message arrives only at %v", kind, arrived[4])
		}
	}
}

func TestAGroupsRefusalHoldsBackThatGroupAlone(t *testing.T) {
	l := telegram.NewLimiter(30)
	send(l, -100, telegram.Supergroup, start, 0, flooded(30))
	now := start.Add(2 * time.Second)
	if at := l.Ready(-100, telegram.Supergroup, now); at.Before(start.Add(30 * time.Second)) {
		t.Errorf("the group may be sent to at %v", at.Sub(start))
	}
	if at := l.Next(now); at.After(now) {
		t.Errorf("all wait until %v", at.Sub(start))
	}
	if at := l.Ready(-101, telegram.Supergroup, now); at.After(now) {
		t.Errorf("another group waits until %v", at.Sub(start))
	}
	if s := l.State(now); s.Rate != 30 || !s.Frozen.IsZero() {
		t.Errorf("state %+v", s)
	}
	// It is remembered for as long as it lasts, however long ago the last message left.
	send(l, -200, telegram.Supergroup, start.Add(3*time.Second), 0, nil)
	send(l, -300, telegram.Supergroup, start.Add(20*time.Second), 0, flooded(3600))
	for minute := time.Minute; minute < time.Hour; minute += time.Minute {
		if at := l.Ready(-300, telegram.Supergroup, start.Add(minute)); at.Before(start.Add(time.Hour)) {
			t.Fatalf("after %v the group is forgotten: ready at %v", minute, at.Sub(start))
		}
	}
}

func TestARefusalThatIsNotAChatsOwnHoldsBackAll(t *testing.T) {
	const d = 30 * time.Second
	for name, refuse := range map[string]func(*telegram.Limiter){
		"a private chat not sent to before": func(l *telegram.Limiter) { send(l, 7, telegram.Private, start, 0, flooded(30)) },
		"no chat":                           func(l *telegram.Limiter) { l.Leave(0, telegram.Private, start).Answered(start, flooded(30)) },
		"two groups": func(l *telegram.Limiter) {
			send(l, -100, telegram.Group, start, 0, flooded(1))
			send(l, -101, telegram.Group, start, 0, flooded(30))
		},
	} {
		l := telegram.NewLimiter(30)
		refuse(l)
		if at := l.Next(start.Add(time.Second)); at.Before(start.Add(d)) || at.After(start.Add(d+time.Second)) {
			t.Errorf("%s: all go on at %v", name, at.Sub(start))
		}
		if s := l.State(start.Add(time.Second)); s.Rate > 27.1 || s.Rate < 26.9 || s.Frozen.IsZero() {
			t.Errorf("%s: state %+v", name, s)
		}
	}
	l := telegram.NewLimiter(30)
	send(l, -100, telegram.Group, start, 0, flooded(5))
	if at := l.Next(start.Add(time.Second)); at.Before(start.Add(5 * time.Second)) {
		t.Errorf("a server that restarts is called again at %v", at.Sub(start))
	}
	l = telegram.NewLimiter(30)
	send(l, -100, telegram.Group, start, 0, flooded(40))
	send(l, -101, telegram.Group, start.Add(15*time.Second), 0, flooded(40))
	if at := l.Next(start.Add(16 * time.Second)); at.After(start.Add(16 * time.Second)) {
		t.Error("two refusals far apart hold back all")
	}
	l = telegram.NewLimiter(30)
	send(l, 7, telegram.Private, start, 0, nil)
	send(l, 7, telegram.Private, start.Add(100*time.Millisecond), 0, flooded(30))
	if at := l.Next(start.Add(time.Second)); at.After(start.Add(time.Second)) {
		t.Error("a private chat sent to twice in a second holds back all")
	}
	if at := l.Ready(7, telegram.Private, start.Add(time.Second)); at.Before(start.Add(d)) {
		t.Errorf("a private chat sent to twice in a second is ready at %v", at.Sub(start))
	}
}

func TestARefusalCutsTheRateOnceAndItIsRegainedSlowly(t *testing.T) {
	l, now := telegram.NewLimiter(1000), start
	var tickets []telegram.Ticket
	for chat := range int64(50) {
		now = l.Next(now)
		tickets = append(tickets, l.Leave(chat, telegram.Private, now))
	}
	for i, ticket := range tickets {
		ticket.Answered(now.Add(time.Duration(i)*time.Millisecond), flooded(3))
	}
	if got := l.State(now.Add(time.Second)).Rate; got < 899 || got > 901 {
		t.Errorf("fifty refusals of one moment leave %.1f of 1000", got)
	}
	at := now.Add(10 * time.Minute)
	if got := l.State(at).Rate; got < 998 || got > 1000 {
		t.Errorf("after ten minutes %.1f of 1000", got)
	}
	at = at.Add(5 * time.Minute)
	if got := l.State(at).Rate; got != 1000 {
		t.Errorf("after a quarter of an hour %.1f of 1000", got)
	}

	// While cut, arrivals keep to the lower rate.
	l = telegram.NewLimiter(100)
	l.Leave(0, telegram.Private, start).Answered(start, flooded(1))
	arrivals := flow(l, network{out: 10e6, back: 10e6, jitter: 10e6}, 20*time.Second, 1)
	if got := busiest(arrivals[10:]); got > 90 {
		t.Errorf("%d a second after the rate was cut to 90", got)
	}
	for range 100 { // it never falls to nothing
		at = at.Add(time.Hour)
		l.Leave(0, telegram.Private, at).Answered(at, flooded(1))
	}
	if got := l.State(at).Rate; got < 1 {
		t.Errorf("rate %.2f", got)
	}
}

func TestAnUnansweredMessageHoldsUpNobody(t *testing.T) {
	l, now := telegram.NewLimiter(2), start
	for range 10 { // none is ever answered
		now = l.Next(now)
		l.Leave(0, telegram.Private, now)
	}
	if took := now.Sub(start); took > 10*time.Second {
		t.Errorf("ten messages at two a second took %v", took)
	}
}

func TestAMessageThatNeverLeftTakesNoPlace(t *testing.T) {
	unsent := &telegram.Error{Kind: telegram.KindUnsent, Unsent: true}
	l := telegram.NewLimiter(1)
	l.Leave(0, telegram.Private, start).Answered(start.Add(time.Millisecond), unsent)
	if at := l.Next(start); at.After(start.Add(950 * time.Millisecond)) {
		t.Errorf("after one that never left the next waits until %v", at.Sub(start))
	}
	l = telegram.NewLimiter(1)
	l.Leave(0, telegram.Private, start).Answered(start, nil)
	now := start.Add(1100 * time.Millisecond)
	l.Leave(0, telegram.Private, now).Answered(now, unsent)
	if at := l.Next(now); at.Before(start.Add(time.Second)) {
		t.Errorf("it hides the one before: next at %v", at.Sub(start))
	}
}

func TestAnAnswerBringsTheNextMessageNearer(t *testing.T) {
	l := telegram.NewLimiter(1)
	ticket := l.Leave(0, telegram.Private, start)
	late := l.Next(start.Add(50 * time.Millisecond))
	ticket.Answered(start.Add(50*time.Millisecond), nil)
	if early := l.Next(start.Add(50 * time.Millisecond)); !early.Before(late) || early.Before(start.Add(time.Second)) {
		t.Errorf("next at %v unanswered, at %v answered", late.Sub(start), early.Sub(start))
	}
	var none telegram.Ticket
	none.Answered(start, errors.New("x")) // of a call that counts for nothing
}

func TestOnlyChatsOfTheLastMinuteAreRemembered(t *testing.T) {
	l, now := telegram.NewLimiter(0), start
	most := 0
	for i := range int64(300_000) { // five minutes at 1000 a second
		kind := telegram.Private
		if i%100 == 0 {
			kind = telegram.Channel
		}
		l.Leave(i, kind, now).Answered(now, nil)
		now = now.Add(time.Millisecond)
		if i%1000 == 0 {
			most = max(most, l.State(now).Chats)
		}
	}
	if most > 10_000 {
		t.Errorf("%d chats remembered at once", most)
	}
	later := now.Add(time.Hour)
	l.Ready(1, telegram.Private, later)
	l.Ready(1, telegram.Channel, later)
	if got := l.State(later).Chats; got != 0 {
		t.Errorf("%d chats remembered after an hour of silence", got)
	}
}

func BenchmarkLimiter(b *testing.B) {
	for _, rate := range []int{0, 30, 1000} {
		b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) {
			l, now := telegram.NewLimiter(rate), start
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				chat := int64(i % 100_000)
				if at := l.Ready(chat, telegram.Private, now); at.After(now) {
					now = at
				}
				now = l.Next(now)
				l.Leave(chat, telegram.Private, now).Answered(now.Add(10*time.Millisecond), nil)
			}
		})
	}
}

func TestLatenessOfTheMachineIsNoPartOfTheWay(t *testing.T) {
	t.Parallel()
	const late, way = 60 * time.Millisecond, 40 * time.Millisecond
	l, now := telegram.NewLimiter(1), start
	for range 60 {
		now = l.Next(now)
		l.Leave(0, telegram.Private, now).Left(now.Add(late)).Answered(now.Add(late+way), nil)
	}
	if next, least := l.Next(now), now.Add(late+way+time.Second-way); next.Before(least) {
		t.Errorf("a message that leaves in time may leave %v too early", least.Sub(next))
	}
}

func TestWhatWasAnsweredBeforeAShorterWayWasSeenGoesByThatToo(t *testing.T) {
	t.Parallel()
	const long, short = 500 * time.Millisecond, 20 * time.Millisecond
	l, now := telegram.NewLimiter(2), start
	for range 60 { // over connections that are being opened, say
		now = l.Next(now)
		l.Leave(0, telegram.Private, now).Answered(now.Add(long), nil)
	}
	then := l.Next(now)
	l.Leave(0, telegram.Private, then).Answered(then.Add(short), nil)
	if next, least := l.Next(then), now.Add(long+time.Second-short); next.Before(least) {
		t.Errorf("the next message may leave %v too early", least.Sub(next))
	}
}
