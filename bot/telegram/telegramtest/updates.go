package telegramtest

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The queue of updates, by the rules of TDLib's TQueue and the server's getUpdates.

const (
	maxQueued      = 100_000
	maxQueuedBytes = 128 << 20
	maxEventBytes  = 512 << 10
	maxUpdateID    = 2_000_000_000
	maxAnswerBytes = 4 << 20
)

const (
	day           = 86400
	callbackLife  = 150
	inlineLife    = 30
	chosenLife    = 600
	conflictPace  = 3 * time.Second
	samePollSoon  = 500 * time.Millisecond
	samePollFast  = 3 * time.Second
	gatherUpdates = time.Millisecond
)

// updateKinds are the names allowed_updates knows; false marks those that are off by default.
var updateKinds = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true,
	"inline_query": true, "chosen_inline_result": true, "callback_query": true, "shipping_query": true,
	"pre_checkout_query": true, "poll": true, "poll_answer": true, "my_chat_member": true,
	"chat_member": false, "chat_join_request": true, "message_reaction": false,
	"message_reaction_count": false, "chat_boost": true, "removed_chat_boost": true,
	"business_connection": true, "business_message": true, "edited_business_message": true,
	"deleted_business_messages": true, "purchased_paid_media": true,
}

// event is one update that waits. A confirmed or expired one has no data.
type event struct {
	id      int
	expires int64
	kind    string
	data    []byte // {"<kind>":…} without the update_id
}

type queue struct {
	events  []event // ids are consecutive
	bytes   int
	live    int
	tail    int // id of the next event; 0 while the queue has never had one
	dropped int // updates lost because the queue was full
	made    int // updates created, with the dropped ones
}

// push adds an update and reports whether there was room.
func (q *queue) push(s *Server, kind string, payload []byte, expires int64) (int, bool) {
	q.made++
	if len(payload) > maxEventBytes {
		q.dropped++
		return 0, false
	}
	if q.live >= maxQueued || q.bytes+len(payload) > maxQueuedBytes {
		q.expire(s.unix())
		if q.live >= maxQueued || q.bytes+len(payload) > maxQueuedBytes {
			q.dropped++
			return 0, false
		}
	}
	if q.tail == 0 || q.tail >= maxUpdateID {
		q.events = nil
		q.tail = randomUpdateID(s)
	}
	id := q.tail
	q.tail++
	q.events = append(q.events, event{id, expires, kind, payload})
	q.bytes += len(payload)
	q.live++
	return id, true
}

func randomUpdateID(s *Server) int { return 2_000_001 + s.random.IntN(1_000_000_000-2_000_000) }

func (q *queue) head() int {
	if len(q.events) == 0 {
		return q.tail
	}
	return q.events[0].id
}

func (q *queue) kill(e *event) {
	if e.data != nil {
		q.bytes -= len(e.data)
		q.live--
		e.data = nil
	}
}

// forget deletes all events below id.
func (q *queue) forget(id int) {
	n := min(max(id-q.head(), 0), len(q.events))
	for i := range q.events[:n] {
		q.kill(&q.events[i])
	}
	q.events = q.events[n:]
	if len(q.events) == 0 {
		q.events = nil
	}
}

// expire deletes what is too old.
func (q *queue) expire(now int64) {
	for i := range q.events {
		if q.events[i].data != nil && q.events[i].expires <= now {
			q.kill(&q.events[i])
		}
	}
	n := 0
	for n < len(q.events) && q.events[n].data == nil {
		n++
	}
	q.events = q.events[n:]
}

func (q *queue) clear() {
	q.events, q.bytes, q.live = nil, 0, 0
}

// get applies an offset and gives up to limit events, confirming none of them.
func (q *queue) get(offset, limit int, now int64) []event {
	if q.tail == 0 {
		return nil
	}
	from := offset
	switch {
	case offset < 0:
		kept := 0
		from = q.tail
		for i := len(q.events) - 1; i >= 0 && kept < -offset; i-- {
			if e := q.events[i]; e.data != nil && e.expires > now {
				from = e.id
				kept++
			}
		}
		q.forget(from)
	case offset == 0, offset > q.tail+10, offset < q.head()-maxQueued:
		from = q.head()
	default:
		q.forget(offset)
	}
	var out []event
	for i := max(from-q.head(), 0); i < len(q.events) && len(out) < limit; i++ {
		e := &q.events[i]
		if e.data != nil && e.expires <= now {
			q.kill(e)
		}
		if e.data != nil {
			out = append(out, *e)
		}
	}
	return out
}

// poll is a getUpdates call that waits for something to come.
type poll struct {
	wake  chan struct{}
	abort chan *failure
	awake bool
}

// emit creates an update for a bot unless it has switched the kind off. The lock is held.
func (s *Server) emit(b *bot, kind string, payload any, expires int64) (int, bool) {
	if !b.wants(kind) {
		return 0, false
	}
	if m, ok := payload.(*Message); ok {
		return s.emitRaw(b, kind, encodeMessage(m), expires)
	}
	return s.emitRaw(b, kind, encode(payload), expires)
}

func (s *Server) emitRaw(b *bot, kind string, payload []byte, expires int64) (int, bool) {
	data := make([]byte, 0, len(payload)+len(kind)+8)
	data = append(data, '"')
	data = append(data, kind...)
	data = append(data, '"', ':')
	data = append(data, payload...)
	if s.decor {
		data = append(data, `,"unheard_of_field":{"since":"11.0","list":[1,null,{"x":true}]}`...)
	}
	id, ok := b.queue.push(s, kind, data, expires)
	if ok && b.parked != nil && !b.parked.awake {
		b.parked.awake = true
		close(b.parked.wake)
	}
	return id, ok
}

func (b *bot) wants(kind string) bool {
	if b.allowed == nil {
		return updateKinds[kind]
	}
	return b.allowed[kind]
}

// setAllowed follows the parameter allowed_updates.
func (b *bot) setAllowed(parameter string) {
	var list []any
	if parameter == "" || parameter == "null" || json.Unmarshal([]byte(parameter), &list) != nil {
		return
	}
	allowed := map[string]bool{}
	for _, element := range list {
		name, ok := element.(string)
		if !ok {
			return
		}
		if name = strings.ToLower(name); hasKey(updateKinds, name) {
			allowed[name] = true
		}
	}
	if len(allowed) == 0 {
		b.allowed = nil
		return
	}
	b.allowed = allowed
}

func hasKey[V any](m map[string]V, key string) bool {
	_, ok := m[key]
	return ok
}

func getUpdates(c *call) (any, error) {
	b := c.bot
	c.mu.Lock()
	if b.webhook != "" {
		c.mu.Unlock()
		return nil, c.pacedConflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	b.setAllowed(c.arg("allowed_updates"))
	offset := int(c.integer("offset", 0, -1<<40, 1<<40))
	limit := int(c.integer("limit", 100, 1, 100))
	timeout := time.Duration(c.integer("timeout", 0, 0, 50)) * time.Second

	now := time.Now()
	if offset == b.lastOffset && b.polled {
		ago := now.Sub(b.lastPoll)
		if ago < samePollFast && timeout < samePollFast {
			timeout = samePollFast
		}
		if ago < samePollSoon {
			limit = 1
		}
	}
	b.lastOffset, b.lastPoll, b.polled = offset, now, true

	events := b.queue.get(offset, limit, c.unix())
	if len(events) > 0 || timeout == 0 {
		c.mu.Unlock()
		return encodeUpdates(events), nil
	}
	if b.parked != nil {
		b.parked.abort <- conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
	}
	p := &poll{wake: make(chan struct{}), abort: make(chan *failure, 1)}
	b.parked = p
	c.notify()
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		if b.parked == p {
			b.parked = nil
		}
		c.mu.Unlock()
	}()

	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-p.wake:
		gather := time.NewTimer(gatherUpdates)
		defer gather.Stop()
		select {
		case <-gather.C:
		case <-c.request.Context().Done():
			return nil, errGone
		}
	case <-timer.C:
	case f := <-p.abort:
		return nil, c.pacedConflict(f.text)
	case <-c.request.Context().Done():
		return nil, errGone
	case <-c.ctx.Done():
		return nil, answer(500, "Internal Server Error: restart")
	}
	c.reached = time.Now()
	c.mu.Lock()
	events = b.queue.get(offset, limit, c.unix())
	c.mu.Unlock()
	return encodeUpdates(events), nil
}

// pacedConflict answers 409 at once, but not twice within three seconds.
func (c *call) pacedConflict(text string) error {
	c.mu.Lock()
	now := time.Now()
	wait := c.bot.nextConflict.Sub(now)
	if wait <= 0 {
		c.bot.nextConflict = now.Add(conflictPace)
	}
	c.mu.Unlock()
	if wait > 0 {
		if !c.wait(conflictPace) {
			return errGone
		}
	}
	return conflict(text)
}

// encodeUpdates lays updates out as the server does, and stops at about 4 MiB.
func encodeUpdates(events []event) json.RawMessage {
	size := 2
	for _, e := range events {
		size += len(e.data) + 32
	}
	out := make([]byte, 0, min(size, maxAnswerBytes+maxEventBytes))
	out = append(out, '[')
	for i, e := range events {
		if len(out) > maxAnswerBytes {
			break
		}
		if i > 0 {
			out = append(out, ',', '\n')
		}
		out = append(out, `{"update_id":`...)
		out = strconv.AppendInt(out, int64(e.id), 10)
		out = append(out, ',', '\n')
		out = append(out, e.data...)
		out = append(out, '}')
	}
	return append(out, ']')
}

func setWebhook(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.bot
	target := c.arg("url")
	if c.method == "deleteWebhook" {
		target = ""
	}
	if target != "" {
		checked, err := checkedLink(target, true)
		if err != nil {
			return nil, badRequest("bad webhook: %s", err.Error())
		}
		if !strings.HasPrefix(checked, "https://") {
			return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
		}
		if time.Since(b.webhookSet) < time.Second {
			return nil, tooManyRequests(1)
		}
		b.webhookSet = time.Now()
		target = checked
	}
	b.setAllowed(c.arg("allowed_updates"))
	if c.flag("drop_pending_updates") {
		b.queue.clear()
	}
	switch {
	case target == "" && b.webhook == "":
		c.note = "Webhook is already deleted"
	case target == "":
		c.note = "Webhook was deleted"
	case target == b.webhook:
		c.note = "Webhook is already set"
	default:
		c.note = "Webhook was set"
		if b.parked != nil {
			b.parked.abort <- conflict("terminated by setWebhook request")
			b.parked = nil
		}
	}
	b.webhook = target
	return true, nil
}

func getWebhookInfo(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.bot
	b.queue.expire(c.unix())
	info := struct {
		URL            string   `json:"url"`
		Custom         bool     `json:"has_custom_certificate"`
		Pending        int      `json:"pending_update_count"`
		MaxConnections int      `json:"max_connections,omitempty"`
		AllowedUpdates []string `json:"allowed_updates,omitempty"`
	}{URL: b.webhook, Pending: b.queue.live}
	if b.webhook != "" {
		info.MaxConnections = 40
	}
	if b.allowed != nil {
		info.AllowedUpdates = sortedKeys(b.allowed)
	}
	return info, nil
}
