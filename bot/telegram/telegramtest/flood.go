package telegramtest

import (
	"time"
)

// Flood is the model of Telegram's flood limits. The real numbers are not published: all but
// Strict is an approximation. A zero field means no such limit.
type Flood struct {
	// PerChat is how many messages a second one chat takes in the long run, Burst how many at once.
	PerChat float64 `json:"per_chat"`
	Burst   int     `json:"burst"`
	// PerGroup is how many messages and edits a minute one group, supergroup or channel takes.
	PerGroup int `json:"per_group"`
	// Overall is how many messages a second the bot may send to all chats, with as many at once.
	Overall int `json:"overall"`
	// Hidden is the longest wait the server takes upon itself instead of answering 429.
	Hidden time.Duration `json:"hidden"`

	// Strict is a hard limit of calls in any window of one second, counted when they arrive. A
	// call beyond it is answered 429 and freezes the bot for RetryAfter seconds.
	Strict     int `json:"strict"`
	RetryAfter int `json:"retry_after"`
}

// Usual is the approximation of what Telegram does: a message a second in a chat with a short
// burst, twenty a minute in a group or channel, thirty a second overall.
var Usual = Flood{PerChat: 1, Burst: 3, PerGroup: 20, Overall: 30}

// FloodReport counts what the flood model has done.
type FloodReport struct {
	Allowed int `json:"allowed"`
	Refused int `json:"refused"`
	Hidden  int `json:"hidden"`
	// Peak is the most calls seen in any window of one second, refused ones included.
	Peak int `json:"peak"`
}

type floodState struct {
	Flood
	on      bool
	chats   map[floodKey]*bucket
	groups  map[floodKey][]time.Time
	overall map[int64]*bucket
	strict  map[int64]*window
	report  FloodReport
}

type floodKey struct{ bot, chat int64 }

// bucket is a token bucket.
type bucket struct {
	tokens float64
	at     time.Time
}

// take gives 0 if there is a token, else how long until there is one.
func (b *bucket) take(now time.Time, rate float64, burst int) time.Duration {
	if b.at.IsZero() {
		b.tokens, b.at = float64(burst), now
	}
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.tokens = min(b.tokens+passed*rate, float64(burst))
		b.at = now
	}
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration((1 - b.tokens) / rate * float64(time.Second))
}

// window is a sliding window of one second.
type window struct {
	arrivals []time.Time
	frozen   time.Time
}

func (f *floodState) reset() {
	f.chats, f.groups = map[floodKey]*bucket{}, map[floodKey][]time.Time{}
	f.overall, f.strict = map[int64]*bucket{}, map[int64]*window{}
	f.report = FloodReport{}
}

// SetFlood switches the flood model; Flood{} switches it off. Counts start anew.
func (s *Server) SetFlood(f Flood) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flood.Flood, s.flood.on = f, f != Flood{}
	s.flood.reset()
}

// FloodReport tells what the flood model has done since SetFlood.
func (s *Server) FloodReport() FloodReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flood.report
}

// checkFlood lets a sending call pass, delays it, or answers 429.
func (s *Server) checkFlood(c *call) error {
	s.mu.Lock()
	if !s.flood.on {
		s.mu.Unlock()
		return nil
	}
	now := s.now()
	wait := s.flood.judge(c, now)
	switch {
	case wait <= 0:
		s.flood.report.Allowed++
		s.mu.Unlock()
		return nil
	case wait <= s.flood.Hidden:
		s.flood.report.Hidden++
		s.flood.report.Allowed++
		s.mu.Unlock()
		if !c.wait(wait) {
			return errGone
		}
		return nil
	}
	s.flood.report.Refused++
	s.mu.Unlock()
	return tooManyRequests(int((wait + time.Second - 1) / time.Second))
}

// judge says how long a call is too early; it is counted if it is not.
func (f *floodState) judge(c *call, now time.Time) time.Duration {
	bot := c.bot.info.ID
	if f.Strict > 0 {
		w := f.strict[bot]
		if w == nil {
			w = &window{}
			f.strict[bot] = w
		}
		if wait := w.arrive(now, f.Strict, time.Duration(max(f.RetryAfter, 1))*time.Second, &f.report.Peak); wait > 0 {
			return wait
		}
	}
	key := floodKey{bot, leadingInt(c.arg("chat_id"))}
	group := key.chat < 0 || c.has("chat_id") && c.arg("chat_id")[0] == '@'
	if group && f.PerGroup > 0 {
		recent := f.groups[key]
		for len(recent) > 0 && now.Sub(recent[0]) >= time.Minute {
			recent = recent[1:]
		}
		if len(recent) >= f.PerGroup {
			f.groups[key] = recent
			return time.Minute - now.Sub(recent[0])
		}
		defer func() { f.groups[key] = append(recent, now) }()
	}
	if f.PerChat > 0 {
		b := f.chats[key]
		if b == nil {
			b = &bucket{}
			f.chats[key] = b
		}
		if wait := b.take(now, f.PerChat, max(f.Burst, 1)); wait > 0 {
			return wait
		}
	}
	if f.Overall > 0 {
		b := f.overall[bot]
		if b == nil {
			b = &bucket{}
			f.overall[bot] = b
		}
		return b.take(now, float64(f.Overall), f.Overall)
	}
	return 0
}

// arrive counts an arrival and says for how long the bot is frozen, if it is.
func (w *window) arrive(now time.Time, limit int, freeze time.Duration, peak *int) time.Duration {
	for len(w.arrivals) > 0 && now.Sub(w.arrivals[0]) >= time.Second {
		w.arrivals = w.arrivals[1:]
	}
	w.arrivals = append(w.arrivals, now)
	*peak = max(*peak, len(w.arrivals))
	if wait := w.frozen.Sub(now); wait > 0 {
		return wait
	}
	if len(w.arrivals) > limit {
		w.frozen = now.Add(freeze)
		return freeze
	}
	return 0
}
