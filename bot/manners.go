package bot

import (
	"sync"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

// verdict says how much of an update is heeded.
type verdict byte

const (
	// heed handles the update as usual.
	heed verdict = iota
	// slowDown tells a person who asks too fast to wait, and does nothing else.
	slowDown
	// ignore does nothing.
	ignore
	// late is a message of a backlog: what it changes is done, but it gets the one short answer of its chat.
	late
	// lateAgain is a further one: what it changes is done without an answer.
	lateAgain
)

const (
	// lateAfter is the age at which a message that waited for us has an answer too late to be the one expected.
	lateAfter = 5 * time.Minute
	// lateOnce is the time within which a chat is told but once that we are late.
	lateOnce = time.Hour
	// patience bounds how many updates of one person are handled at once, ease how many more a second: a reader who
	// toggles a screenful of topics stays far below, a script does not.
	patience = 40
	ease     = 2.0
	// backlogTime is how long a backlog can take to be worked off: Telegram keeps 100,000 updates at most. What is old by our
	// clock after that is old because our clock is wrong.
	backlogTime = 2 * time.Minute
)

// manners keeps one person from taking everybody's time, and keeps us from answering a whole backlog message by message. It
// is memory only: after a restart everybody has a clean slate.
type manners struct {
	mu sync.Mutex
	// behind is true from when polling began, or failed, until a fresh message comes; since is the first batch in that time.
	behind  bool
	since   time.Time
	persons map[int64]allowance
	told    map[int64]time.Time
	swept   time.Time
}

// allowance is a token bucket: what is left of it at a time.
type allowance struct {
	left float64
	at   time.Time
	// warned is set when the person was told to slow down, until the allowance recovers.
	warned bool
}

func newManners() manners {
	return manners{behind: true, persons: map[int64]allowance{}, told: map[int64]time.Time{}}
}

// admission is what was decided about a batch, to be remembered once the batch is kept.
type admission struct {
	verdicts []verdict
	persons  map[int64]allowance
	told     map[int64]time.Time
	caughtUp bool
	since    time.Time
	now      time.Time
}

// expectBacklog is called when polling has failed: messages may be waiting.
func (m *manners) expectBacklog() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.behind, m.since = true, time.Time{}
}

// admit decides about each update of a batch. It changes nothing: a batch that is not kept comes again and must find everything as it was.
func (m *manners) admit(batch telegram.Batch, now time.Time) admission {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := admission{
		verdicts: make([]verdict, len(batch.Updates)),
		persons:  make(map[int64]allowance, len(batch.Updates)),
		told:     map[int64]time.Time{},
		since:    m.since,
		now:      now,
	}
	if a.since.IsZero() {
		a.since = now
	}
	a.caughtUp = now.Sub(a.since) > backlogTime
	for i := range batch.Updates {
		a.verdicts[i] = m.judge(&batch.Updates[i], now, &a)
	}
	return a
}

func (m *manners) judge(u *telegram.Update, now time.Time, a *admission) verdict {
	at := now
	said := u.Message
	text := said != nil && said.Text != "" && (said.Chat.Type == telegram.Private || said.Text[0] == '/')
	if text {
		// By the clock of the sender: a backlog was not written all at once.
		if sent := said.Time(); sent.Before(at) {
			at = sent
		}
	} else if u.Callback == nil && u.InlineQuery == nil {
		return heed // what happened in a chat is no request, and chatter costs nothing
	}
	if sender := u.Sender(); sender != nil {
		switch v := m.charge(sender.ID, at, a); {
		case v == slowDown && now.Sub(at) >= lateAfter:
			return ignore
		case v != heed:
			return v
		}
	}
	if text && now.Sub(at) < lateAfter {
		a.caughtUp = true
		return heed
	}
	if !text || !m.behind {
		return heed
	}
	chat := said.Chat.ID
	told, here := a.told[chat]
	if !here {
		told = m.told[chat]
	}
	if now.Sub(told) < lateOnce {
		return lateAgain
	}
	a.told[chat] = now
	return late
}

// charge takes one from the person's allowance.
func (m *manners) charge(person int64, at time.Time, a *admission) verdict {
	have, ok := a.persons[person]
	if !ok {
		if have, ok = m.persons[person]; !ok {
			have = allowance{left: patience, at: at}
		}
	}
	if gone := at.Sub(have.at); gone > 0 {
		have.left = min(patience, have.left+ease*gone.Seconds())
		have.at = at
	}
	v := heed
	switch {
	case have.left >= 1:
		have.left--
		if have.left > patience/2 {
			have.warned = false
		}
	case !have.warned:
		have.warned = true
		v = slowDown
	default:
		v = ignore
	}
	a.persons[person] = have
	return v
}

// keep remembers what was decided.
func (m *manners) keep(a admission) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for person, have := range a.persons {
		m.persons[person] = have
	}
	for chat, at := range a.told {
		m.told[chat] = at
	}
	m.since = a.since
	if a.caughtUp {
		m.behind = false
	}
	if a.now.Sub(m.swept) < sweepEvery && len(m.persons) < sweepAt {
		return
	}
	m.swept = a.now
	for person, have := range m.persons {
		if have.left+ease*a.now.Sub(have.at).Seconds() >= patience {
			delete(m.persons, person) // full again
		}
	}
	for chat, at := range m.told {
		if a.now.Sub(at) >= lateOnce {
			delete(m.told, chat)
		}
	}
}

// A person's allowance is forgotten when it is full again, which one request is after half a second.
const (
	sweepEvery = time.Minute
	sweepAt    = 100_000
)
