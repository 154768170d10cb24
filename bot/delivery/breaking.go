package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// Breaking news are entries of the log like any other, with a bookmark of their own: they overtake what a chat waits for
// until an hour of its own, and what they overtook is still owed. An article that became breaking news after it had come as ordinary
// news stands in the log twice; a chat gets it once, by whichever of the two comes first.

// isSettled tells whether a chat is done with an entry although its bookmark stands before it: it was sent the article as breaking news,
// or is owed it as such.
func (l *newsLog) isSettled(chat store.Chat, e store.Entry) bool {
	if e.Breaking {
		return e.Seq <= chat.Alerted
	}
	return l.breaking[e.Article] > e.Seq
}

// remember takes in which articles have become breaking news.
func (l *newsLog) remember(entries []store.Entry) {
	if l.breaking == nil {
		l.breaking = map[int64]int64{}
	}
	for _, e := range entries {
		if e.Breaking {
			l.breaking[e.Article] = e.Seq
		}
	}
}

// takeBreaking splits what a chat is owed into breaking news and the rest. Breaking news that the chat has been sent before it became
// that is left out.
func (d *Delivery) takeBreaking(ctx context.Context, chat store.Chat, owed []store.Entry) (breaking, rest []store.Entry, err error) {
	for _, e := range owed {
		if !e.Breaking {
			rest = append(rest, e)
			continue
		}
		had, err := d.hasHad(ctx, chat, d.log.articles[e.Article])
		if err != nil {
			return nil, nil, err
		}
		if !had {
			breaking = append(breaking, e)
		}
	}
	return breaking, rest, nil
}

// hasHad tells whether the chat was sent the article, or may have been and will see it mentioned.
func (d *Delivery) hasHad(ctx context.Context, chat store.Chat, a store.Article) (bool, error) {
	if a.Seq > chat.Bookmark {
		return false, nil // it was never its turn
	}
	for _, doubt := range d.doubts.of(chat.ID) {
		if slices.Contains(doubt.articles, a.ID) {
			return true, nil
		}
	}
	had, err := d.store.Received(ctx, chat.ID, a.ID)
	if err != nil {
		return false, fmt.Errorf("look whether chat %d has had article %d: %w", chat.ID, a.ID, err)
	}
	return had, nil
}

// urgent tells whether breaking news may be sent now, as such. What quiet hours or a pause have held back is not urgent any more.
func urgent(p store.Prefs, zone *time.Location, e store.Entry, now time.Time) bool {
	if e.At.Before(p.PausedUntil) || now.Before(p.PausedUntil) {
		return false
	}
	return p.Urgent || !quiet(p, e.At.In(zone)) && !quiet(p, now.In(zone))
}

// planBreaking sends one piece of breaking news. What else the chat is owed, before and after it, stays owed.
func (d *Delivery) planBreaking(chat store.Chat, e store.Entry, now time.Time) plan {
	mentions, named := d.mentionsOf(chat.ID)
	return plan{send: d.post(store.Alarm, []int64{e.Article}, mentions, now), doubts: named, alerted: e.Seq, next: now}
}

// mark is the number of the log that the chat has reached by the plan, in the bookmark that the post moves.
func (p plan) mark() int64 {
	if p.send != nil && p.send.Shape == store.Alarm {
		return p.alerted
	}
	return p.upto
}

// planOf is the plan of a post that was under way, from the mark that is kept of it.
func planOf(post *store.Post, mark int64) plan {
	if post.Shape == store.Alarm {
		return plan{send: post, alerted: mark}
	}
	return plan{send: post, upto: mark}
}

// visit is the visit by which the plan counts as done.
func (p plan) visit(chat int64) store.Visit {
	return store.Visit{Chat: chat, Upto: p.upto, Alerted: p.alerted, Next: p.next}
}

// reached tells whether the chat's bookmark stands at or behind what the plan sends.
func (p plan) reached(chat store.Chat) bool {
	if p.alerted > 0 {
		return p.alerted <= max(chat.Alerted, chat.Bookmark)
	}
	return p.upto <= chat.Bookmark
}
