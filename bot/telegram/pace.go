package telegram

import "time"

// pace is what is remembered of one chat: a bucket of messages it may get at once, and for groups the last minute's.
type pace struct {
	last   departure
	tokens float64 // at the moment last.at
	frozen moment
	minute *[groupMinute]moment // groups: when the last messages left
	count  int                  // groups: how many have left in all
}

func (p *pace) ready(kind ChatKind) moment {
	at := p.frozen
	if p.last.at == never {
		return at
	}
	spacing, burst := privateSpacing, privateBurst
	if kind != Private {
		spacing, burst = groupRefill, groupBurst
		at = max(at, p.last.arrived+groupSpacing)
		if p.count >= groupMinute {
			at = max(at, p.minute[p.count%groupMinute]+groupWindow)
		}
	}
	if missing := 1 - min(p.tokens, float64(burst)); missing > 0 {
		at = max(at, p.last.at+time.Duration(missing*float64(spacing)))
	}
	return at
}

func (p *pace) leave(kind ChatKind, d departure) {
	at := d.at
	spacing, burst := privateSpacing, float64(privateBurst)
	if kind != Private {
		spacing, burst = groupRefill, groupBurst
		if p.minute == nil {
			p.minute = new([groupMinute]moment)
		}
		p.minute[p.count%groupMinute] = at
		p.count++
	}
	if p.last.at == never {
		p.tokens = burst
	} else {
		p.tokens = min(burst, p.tokens+float64(at-p.last.at)/float64(spacing))
	}
	p.tokens = max(p.tokens-1, 0)
	p.last = d
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

func (g *generations) len() int { return len(g.young) + len(g.old) }
