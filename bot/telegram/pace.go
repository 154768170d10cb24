package telegram

import "time"

// pace is what is remembered of one chat: a bucket of messages it may get at once, and for groups the last minute's.
type pace struct {
	last   departure
	tokens float64 // right after the last message
	frozen moment
	minute *[groupMinute]moment // groups: when the last messages left
	count  int                  // groups: how many have left in all
}

// refill is how the bucket of a chat fills: one token for each spacing that has passed since.
func (p *pace) refill(kind ChatKind) (since moment, spacing time.Duration, burst float64) {
	if kind == Private {
		// Since the last message arrived, not since it left: it may have been slow, and the next one fast.
		return p.last.arrived, privateSpacing, privateBurst
	}
	return p.last.at, groupRefill, groupBurst
}

func (p *pace) ready(kind ChatKind) moment {
	at := p.frozen
	if p.last.at == never {
		return at
	}
	if kind != Private {
		at = max(at, p.last.arrived+groupSpacing)
		if p.count >= groupMinute {
			at = max(at, p.minute[p.count%groupMinute]+groupWindow)
		}
	}
	since, spacing, _ := p.refill(kind)
	if missing := 1 - p.tokens; missing > 0 {
		at = max(at, since+time.Duration(missing*float64(spacing)))
	}
	return at
}

func (p *pace) leave(kind ChatKind, d departure) {
	since, spacing, burst := p.refill(kind)
	if p.last.at == never {
		p.tokens = burst
	} else {
		p.tokens = min(burst, p.tokens+max(0, float64(d.at-since)/float64(spacing)))
	}
	p.tokens = max(p.tokens-1, 0)
	p.last = d
	if kind == Private {
		return
	}
	if p.minute == nil {
		p.minute = new([groupMinute]moment)
	}
	p.minute[p.count%groupMinute] = d.at
	p.count++
}

// generations remember the chats sent to in the last keep, and some a little longer: when the young generation has reached that age it becomes
// the old one, and the one before is forgotten. Nothing has to be swept chat by chat.
type generations struct {
	keep       time.Duration
	young, old map[int64]*pace
	since      moment
}

func (g *generations) turn(at moment) {
	for range 2 {
		if at-g.since < g.keep {
			return
		}
		past := g.old
		g.old, g.young = g.young, make(map[int64]*pace)
		for chat, p := range past { // frozen chats outlive their generation
			if p.frozen > at {
				g.young[chat] = p
			}
		}
		if at-g.since >= 2*g.keep {
			g.since = at - g.keep
		} else {
			g.since = at
		}
	}
}

func (g *generations) find(chat int64, at moment) *pace {
	g.turn(at)
	if p := g.young[chat]; p != nil {
		return p
	}
	return g.old[chat]
}

// take finds the chat's pace or begins one, and keeps it for another generation.
func (g *generations) take(chat int64, at moment) *pace {
	p := g.find(chat, at)
	if p == nil {
		p = &pace{last: departure{at: never}, frozen: never}
	}
	if g.young == nil {
		g.young = make(map[int64]*pace)
	}
	delete(g.old, chat)
	g.young[chat] = p
	return p
}
