package delivery

import (
	"cmp"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// plan is what one visit to a chat is to do.
type plan struct {
	// send is what to send; nil when nothing is sent now.
	send *store.Post
	// doubts are the IDs of those that it mentions.
	doubts []int64
	// upto is the bookmark after the visit.
	upto int64
	// alerted is the bookmark of breaking news after the visit.
	alerted int64
	// next is when the chat is due again; zero when nothing more is owed. After a message that is at once, for the chat's pace is kept
	// elsewhere.
	next time.Time
	// replyTo is the message that a sequel is a reply to.
	replyTo int
}

// planVisit decides what a chat that is owed these entries, and was posted to last at a moment, gets now. It looks at nothing but its arguments.
func (d *Delivery) planVisit(chat store.Chat, breaking, owed []store.Entry, zone *time.Location, last, now time.Time) plan {
	for _, e := range breaking {
		if urgent(chat.Prefs, zone, e, now) {
			return d.planBreaking(chat, e, now)
		}
	}
	spread := spreadOf(chat.ID)
	if owed = merged(breaking, owed); len(owed) == 0 {
		return d.planMention(chat, zone, spread, now)
	}
	if at := visitAt(chat.Prefs, zone, spread, last, owedSince(owed), now); at.After(now) {
		return plan{next: at}
	}
	// News that comes article by article is gathered like news that comes at once.
	if at := d.recent.room(chat.ID, d.config.Burst, now); at.After(now) {
		return plan{next: at}
	}
	if again, doubted := d.doubtfulList(chat.ID); again != nil {
		return plan{send: d.post(store.List, nil, again, now), doubts: doubted, next: now}
	}
	mentions, named := d.mentionsOf(chat.ID)
	newest := owed[len(owed)-1].Seq
	switch {
	case chat.Prefs.Mode == store.Digest && len(owed) > 1:
		return plan{send: d.post(store.Digested, newestFirst(owed), mentions, now), doubts: named, upto: max(newest, d.log.head)}
	case d.gathers(chat, len(owed), now), len(owed) > 1 && waited(chat.Prefs, zone, spread, last, owedSince(owed)):
		if part := d.together(chat, owed); len(part) < len(owed) {
			return plan{send: d.post(listed(part), newestFirst(part), mentions, now), doubts: named, upto: part[len(part)-1].Seq, next: now}
		}
		return plan{send: d.post(store.List, newestFirst(owed), mentions, now), doubts: named, upto: max(newest, d.log.head)}
	case len(owed) > 1:
		return plan{send: d.post(store.Single, []int64{owed[0].Article}, mentions, now), doubts: named, upto: owed[0].Seq, next: now}
	default:
		return plan{send: d.post(store.Single, []int64{owed[0].Article}, mentions, now), doubts: named, upto: max(newest, d.log.head)}
	}
}

// merged puts what is owed into the order of the log.
func merged(breaking, owed []store.Entry) []store.Entry {
	if len(breaking) == 0 {
		return owed
	}
	both := slices.Concat(breaking, owed)
	slices.SortFunc(both, func(a, b store.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return both
}

// listed is the shape of a message that names so many articles.
func listed(entries []store.Entry) store.Shape {
	if len(entries) == 1 {
		return store.Single
	}
	return store.List
}

// planMention is the visit to a chat that is owed no article: if a doubtful headline has waited
// long for a message to be named in, it is named in one of its own.
func (d *Delivery) planMention(chat store.Chat, zone *time.Location, spread time.Duration, now time.Time) plan {
	settled := plan{upto: d.log.head}
	doubts := d.doubts.of(chat.ID)
	if len(doubts) == 0 || now.Sub(doubts[0].Since) < d.config.MentionAfter {
		return settled // see remind
	}
	if at := afterQuiet(chat.Prefs, zone, spread, later(now, chat.Prefs.PausedUntil)); at.After(now) {
		settled.next = at
		return settled
	}
	mentions, named := d.mentionsOf(chat.ID)
	if len(named) == 0 {
		mentions, named = d.doubtfulList(chat.ID)
	}
	settled.doubts = named
	if len(mentions) > 0 {
		settled.send = d.post(store.List, nil, mentions, now)
	}
	return settled
}

// gathers tells whether what the chat is owed goes out as one list. A reader who is owed more than the
// burst limit gets the list at once. A channel first gets its posts at its pace; for both, the last message of a minute's
// burst is a list of what is left.
func (d *Delivery) gathers(chat store.Chat, owed int, now time.Time) bool {
	if chat.Kind == store.Private && owed > d.config.Burst {
		return true
	}
	return owed > 1 && d.recent.count(chat.ID, now) >= d.config.Burst-1
}

func (d *Delivery) post(shape store.Shape, articles, mentions []int64, now time.Time) *store.Post {
	return &store.Post{Shape: shape, Articles: articles, Mentions: mentions, At: now}
}

func newestFirst(owed []store.Entry) []int64 {
	ids := make([]int64, 0, len(owed))
	for i := len(owed) - 1; i >= 0; i-- {
		ids = append(ids, owed[i].Article)
	}
	return ids
}
