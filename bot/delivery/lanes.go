package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// freeChat tells whether nothing is under way to a chat and the limiter lets a message leave now.
type freeChat = func(telegramID int64, kind telegram.ChatKind) bool

// look reads from the store what was asked for since the last time: the log, answers, due chats.
func (d *Delivery) look(ctx context.Context, now time.Time) error {
	if d.log.look {
		changes := d.log.changes
		if err := d.log.load(ctx, d.store, now); err != nil {
			return err
		}
		d.log.look = false
		if d.log.changes != changes {
			clear(d.writer.written)
		}
	}
	if d.answers.look {
		if err := d.answers.load(ctx, d.store); err != nil {
			return err
		}
		for _, id := range d.answers.outdated() {
			d.answered(id)
		}
	}
	d.remind(now)
	d.news.visits = 0
	d.news.looked = false
	return nil
}

// idle is how long to wait when no lane has anything that may leave now.
func (d *Delivery) idle(now time.Time) time.Duration {
	if d.news.visits >= maxVisits {
		return 0
	}
	if len(d.news.again) > 0 || d.answers.waiting() > 0 || len(d.news.due) > 0 {
		return tick
	}
	return min(max(d.news.lookAt.Sub(now), 0), time.Second)
}

// answerLane holds what is owed to people, in the order in which they asked.
type answerLane struct {
	look bool
	// after is the ID of the last answer read from the store.
	after int64
	queue []*owedAnswer
}

type owedAnswer struct {
	answer    store.Answer
	request   telegram.Request
	flying    bool
	notBefore time.Time
	repairs   int
}

// answersAhead bounds the answers kept in memory, answersTried those looked at for one that may leave.
const (
	answersAhead = 4000
	answersTried = 500
)

func (l *answerLane) load(ctx context.Context, r store.Reader) error {
	if len(l.queue) >= answersAhead/2 {
		return nil // look again when there is room
	}
	l.look = false
	answers, err := r.Answers(ctx, l.after, answersAhead)
	if err != nil {
		return fmt.Errorf("read what is owed to people: %w", err)
	}
	l.look = len(answers) == answersAhead
	for _, a := range answers {
		l.after = a.ID
		o := &owedAnswer{answer: a}
		if err := json.Unmarshal(a.Request, &o.request); err != nil {
			return fmt.Errorf("read answer %d: %w", a.ID, err)
		}
		l.queue = append(l.queue, o)
	}
	return nil
}

// outdated lists the edits of a message that a later one in the queue replaces. Who presses faster than a chat may be sent to, sees the last
// screen next, and not all of them one after the other.
func (l *answerLane) outdated() (ids []int64) {
	type edited struct{ chat, message string }
	later := map[edited]bool{}
	for _, o := range slices.Backward(l.queue) {
		e := edited{o.request.Params["chat_id"], o.request.Params["message_id"]}
		if o.flying || o.request.Method != "editMessageText" || e.message == "" {
			continue
		}
		if later[e] {
			ids = append(ids, o.answer.ID)
		}
		later[e] = true
	}
	return ids
}

// free takes the answers that Telegram does not count. A person waits for those to a press or an inline query, and they show nothing in
// the chat: they overtake what must wait. The others, such as deletions, keep their place among the answers of their chat.
func (l *answerLane) free(now time.Time, most int) (flights []*flight) {
	passed := map[int64]bool{}
	for _, o := range l.queue {
		switch {
		case len(flights) >= most:
			return flights
		case o.flying:
		case o.request.Counts():
			passed[o.answer.TelegramID] = true
		case !o.notBefore.After(now) && (!passed[o.answer.TelegramID] || o.request.Awaited()):
			flights = append(flights, o.claim())
		}
	}
	return flights
}

// claim makes a flight of an answer.
func (o *owedAnswer) claim() *flight {
	o.flying = true
	return &flight{telegramID: o.answer.TelegramID, request: o.request, answer: &o.answer, repairs: o.repairs}
}

// next takes the first answer that may leave. Answers of one chat keep their order.
func (l *answerLane) next(may func(*owedAnswer) bool) *flight {
	passed := map[int64]bool{}
	tried := 0
	for _, o := range l.queue {
		if o.flying || passed[o.answer.TelegramID] {
			continue
		}
		if tried++; tried > answersTried {
			break
		}
		if !may(o) {
			if o.request.Counts() {
				passed[o.answer.TelegramID] = true
			}
			continue
		}
		return o.claim()
	}
	return nil
}

// drop removes answers that were given or cannot be.
func (l *answerLane) drop(keep func(*owedAnswer) bool) {
	l.queue = slices.DeleteFunc(l.queue, func(o *owedAnswer) bool { return !keep(o) })
	if len(l.queue) < answersAhead/2 {
		l.look = true
	}
}

func (l *answerLane) find(id int64) *owedAnswer {
	for _, o := range l.queue {
		if o.answer.ID == id {
			return o
		}
	}
	return nil
}

// rewind lets answers that were claimed but not committed be claimed again.
func (l *answerLane) rewind(ids ...int64) {
	for _, id := range ids {
		if o := l.find(id); o != nil {
			o.flying = false
		}
	}
}

func (l *answerLane) waiting() int {
	n := 0
	for _, o := range l.queue {
		if !o.flying {
			n++
		}
	}
	return n
}

// newsLane holds chats that are due.
type newsLane struct {
	look bool
	// looked says that the store was asked in this round already.
	looked bool
	// lookAt is when to ask again although nothing called.
	lookAt time.Time
	due    []store.Due
	// again are messages whose first form was refused.
	again []*flight
	// visits counts chats settled in this round without a message.
	visits int
}

// nextNews visits due chats until one is to be sent something.
func (d *Delivery) nextNews(ctx context.Context, now time.Time, free freeChat) (*flight, error) {
	for {
		if len(d.news.due) == 0 {
			if err := d.lookForDue(ctx, now); err != nil {
				return nil, err
			}
			if len(d.news.due) == 0 {
				return nil, nil
			}
		}
		if d.news.visits >= maxVisits {
			return nil, nil
		}
		due := d.news.due[0]
		d.news.due = d.news.due[1:]
		if f, err := d.visit(ctx, due, now, free); f != nil || err != nil {
			return f, err
		}
		d.news.visits++
	}
}

// lookForDue reads the next due chats, at most once a round and no more than leave within a second or so: what
// is read long before it is sent may have changed.
func (d *Delivery) lookForDue(ctx context.Context, now time.Time) error {
	if d.news.looked || (!d.news.look && now.Before(d.news.lookAt)) {
		return nil
	}
	limit := maxFlights
	if d.config.Rate > 0 {
		limit = min(max(d.config.Rate, 16), maxFlights)
	}
	skip := d.engaged()
	for _, f := range d.news.again {
		skip[f.chat.ID] = true
	}
	for chat := range d.doubts.looking {
		skip[chat] = true
	}
	due, err := d.store.DueChats(ctx, now, limit, skip)
	if err != nil {
		return fmt.Errorf("read due chats: %w", err)
	}
	d.news.due, d.news.looked, d.news.look = due, true, len(due) == limit
	d.news.lookAt = now.Add(time.Second)
	if len(due) == 0 {
		next, err := d.store.NextDue(ctx)
		if err != nil {
			return fmt.Errorf("read when chats are due: %w", err)
		}
		if next.After(now) && next.Before(d.news.lookAt) {
			d.news.lookAt = next
		}
	}
	return nil
}

// engaged are the chats of which the store does not know yet what was just done: something is under way to
// them, or has landed and is not committed.
func (d *Delivery) engaged() map[int64]bool {
	chats := maps.Clone(d.unsettled)
	for _, f := range d.flights {
		chats[f.chat.ID] = true
	}
	for _, a := range d.arrivals.list {
		chats[a.Chat] = true
	}
	return chats
}

// isEngaged tells whether the chat is one of them.
func (d *Delivery) isEngaged(chat int64) bool {
	if d.unsettled[chat] || slices.ContainsFunc(d.arrivals.list, func(a store.Arrival) bool { return a.Chat == chat }) {
		return true
	}
	for _, f := range d.flights {
		if f.chat.ID == chat {
			return true
		}
	}
	return false
}

// visit plans what the chat gets. It returns a flight, or nil when nothing is sent to it now.
func (d *Delivery) visit(ctx context.Context, due store.Due, now time.Time, free freeChat) (*flight, error) {
	chat := due.Chat
	breaking, owed, err := d.owed(ctx, due, now)
	if err != nil {
		return nil, err
	}
	last, err := d.lastPost(ctx, chat)
	if err != nil {
		return nil, err
	}
	p := d.planVisit(chat, breaking, owed, message.ZoneOr(chat.Prefs.Zone, d.config.Zone), last, now)
	if p.send == nil {
		v := p.visit(chat.ID)
		v.Head, v.Doubts = d.log.head, p.doubts
		d.doubts.mentioned(chat.ID, p.doubts) // of what was taken back
		d.settle(v)
		return nil, nil
	}
	if kind := kindOfID(chat.TelegramID); !free(chat.TelegramID, kind) {
		// Another message is under way to it, or its pace forbids: it makes room for the chats behind it.
		at := d.limiter.Ready(chat.TelegramID, kind, now)
		d.settle(store.Visit{Chat: chat.ID, Next: later(at, now.Add(tick))})
		return nil, nil
	}
	if err := d.attach(ctx, chat, &p); err != nil {
		return nil, err
	}
	return d.carry(chat, p), nil
}

// carry makes a flight of a plan. Its message is written once the post has a number.
func (d *Delivery) carry(chat store.Chat, p plan) *flight {
	return &flight{telegramID: chat.TelegramID, chat: chat, plan: p, post: p.send}
}

// settle records the outcome of a visit in the next transaction.
func (d *Delivery) settle(v store.Visit) {
	d.unsettled[v.Chat] = true
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error { return tx.Settle(ctx, v) })
}

// welcomeLane holds readers who pressed Start and have not been greeted, the newest first.
type welcomeLane struct {
	look    bool
	turn    bool
	readers []store.Chat
}

const (
	welcomesAhead = 32
	latestTried   = 10
)

// nextWelcome greets the newest reader who waits.
func (d *Delivery) nextWelcome(ctx context.Context, now time.Time, free freeChat) (*flight, error) {
	if d.welcomes.look {
		readers, err := d.store.Unwelcomed(ctx, welcomesAhead, d.engaged())
		if err != nil {
			return nil, fmt.Errorf("read who awaits a welcome: %w", err)
		}
		d.welcomes.readers, d.welcomes.look = readers, false
	}
	for len(d.welcomes.readers) > 0 {
		chat := d.welcomes.readers[0]
		d.welcomes.readers = d.welcomes.readers[1:]
		if len(d.welcomes.readers) == 0 {
			d.welcomes.look = true
		}
		if !free(chat.TelegramID, telegram.Private) {
			continue
		}
		latest, err := d.store.Latest(ctx, chat.Categories, 0, latestTried)
		if err != nil {
			return nil, fmt.Errorf("read the latest headline for chat %d: %w", chat.ID, err)
		}
		post := d.post(store.Welcome, nil, nil, now)
		for _, a := range latest {
			// What came after the reader did is owed as news, and would be told twice.
			if a.Seq <= chat.Bookmark {
				post.Articles = []int64{a.ID}
				break
			}
		}
		return d.carry(chat, plan{send: post, next: now}), nil
	}
	return nil, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
