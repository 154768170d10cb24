package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// openDoubts are the messages of which we do not know whether they arrived and for which something is still to be
// done. There are few: what was in flight at a crash.
type openDoubts struct {
	byChat map[int64][]openDoubt
	// looking are the chats that are looked up and not visited meanwhile.
	looking map[int64]bool
	lookups []*lookup
	// remindAt is when to look for doubts that have waited too long.
	remindAt time.Time
}

type openDoubt struct {
	store.Doubt
	articles []int64
}

func newOpenDoubts() openDoubts {
	return openDoubts{byChat: map[int64][]openDoubt{}, looking: map[int64]bool{}}
}

func (o *openDoubts) of(chat int64) []openDoubt { return o.byChat[chat] }

// mentioned forgets doubts that were named in a message.
func (o *openDoubts) mentioned(chat int64, ids []int64) {
	for _, id := range ids {
		o.close(chat, id)
	}
}

func (o *openDoubts) close(chat, id int64) {
	left := o.byChat[chat][:0]
	for _, doubt := range o.byChat[chat] {
		if doubt.ID != id {
			left = append(left, doubt)
		}
	}
	if len(left) == 0 {
		delete(o.byChat, chat)
		return
	}
	o.byChat[chat] = left
}

// remind makes chats due whose doubtful headline has waited long for a message to be named in.
func (d *Delivery) remind(now time.Time) {
	if now.Before(d.doubts.remindAt) {
		return
	}
	d.doubts.remindAt = now.Add(remindEvery)
	for chat, doubts := range d.doubts.byChat {
		if now.Sub(doubts[0].Since) < d.config.MentionAfter || d.doubts.looking[chat] {
			continue
		}
		d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
			if err := tx.MakeDue(ctx, chat, now); err != nil {
				return fmt.Errorf("make chat %d due: %w", chat, err)
			}
			return nil
		})
	}
}

const remindEvery = time.Minute

// mentionsOf lists the articles that are named as doubtful at the end of the chat's next message, and the IDs of the doubts they settle. What
// has no room waits for the message after.
func (d *Delivery) mentionsOf(chat int64) (articles, named []int64) {
	for _, doubt := range d.doubts.of(chat) {
		standing := d.standing(chat, doubt.articles)
		if len(articles)+len(standing) > message.MaxMentions {
			break
		}
		articles = append(articles, standing...)
		named = append(named, doubt.ID)
	}
	return articles, named
}

// doubtfulList finds a doubtful message with more articles than the end of another has room for. It is told again in a message of its own, which says
// why: whoever had it sees three lines of it, whoever had not misses no headline.
func (d *Delivery) doubtfulList(chat int64) (articles, named []int64) {
	for _, doubt := range d.doubts.of(chat) {
		if standing := d.standing(chat, doubt.articles); len(standing) > message.MaxMentions {
			return standing, []int64{doubt.ID}
		}
	}
	return nil, nil
}

// standing leaves out the articles that are known to have been taken back.
func (d *Delivery) standing(chat int64, articles []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(articles), func(id int64) bool {
		return d.log.articles[id].Retracted || d.log.withdrawn[withdrawn{chat, id}]
	})
}

// doubt deals with a message of which nobody knows whether it arrived.
func (d *Delivery) doubt(f *flight, now time.Time) {
	policy := d.config.Doubts
	if f.post.Shape == store.Welcome {
		policy = Skip // the reader's next message is greeting enough
	}
	record := &openDoubt{
		Doubt:    store.Doubt{Chat: f.chat.ID, Post: f.post.ID, Upto: f.plan.mark(), Since: now},
		articles: f.post.Articles,
	}
	visit := f.plan.visit(f.chat.ID)
	switch {
	case policy == Repeat:
		record.State = store.DoubtRepeated
		visit = store.Visit{Chat: f.chat.ID, Next: now}
	case policy == Skip:
		record.State = store.DoubtSkipped
		visit.Welcomed = f.post.Shape == store.Welcome
	case canBeLookedUp(f.chat):
		record.State = store.DoubtOpen
		visit = store.Visit{Chat: f.chat.ID, Next: now}
		d.doubts.looking[f.chat.ID] = true
	default:
		record.State = store.DoubtOpen
	}
	if record.State == store.DoubtOpen {
		d.doubts.byChat[f.chat.ID] = append(d.doubts.byChat[f.chat.ID], *record)
	}
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		if err := tx.AddDoubt(ctx, &record.Doubt); err != nil {
			return fmt.Errorf("keep the doubt about chat %d: %w", f.chat.ID, err)
		}
		for i, open := range d.doubts.byChat[f.chat.ID] {
			if open.ID == 0 && open.Post == record.Post {
				d.doubts.byChat[f.chat.ID][i].ID = record.ID
			}
		}
		return nil
	})
	d.settle(visit)
	if d.doubts.looking[f.chat.ID] {
		d.doubts.lookups = append(d.doubts.lookups, &lookup{chat: f.chat, post: f.post, upto: f.plan.mark(), notBefore: now.Add(d.config.LookAfter)})
	}
}

// canBeLookedUp tells whether message ids of the chat are consecutive, so that one can look whether a message is there.
func canBeLookedUp(chat store.Chat) bool {
	return chat.Kind == store.Channel || chat.Kind == store.Supergroup
}

// recover settles what was under way when the program last ended.
func (d *Delivery) recover(ctx context.Context) error {
	now := d.now()
	window, err := d.store.Window(ctx)
	if err != nil {
		return fmt.Errorf("read the window: %w", err)
	}
	if err := d.loadDoubts(ctx); err != nil {
		return err
	}
	for _, a := range window.Arrivals {
		d.settle(settled(a, now))
	}
	var errands []store.Flight
	for _, w := range window.Flights {
		if w.Broadcast != 0 {
			errands = append(errands, w)
			continue
		}
		if w.Answer != 0 {
			d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
				if err := tx.AddDoubt(ctx, &store.Doubt{Chat: w.Chat, Since: now, State: store.DoubtSkipped}); err != nil {
					return err
				}
				return tx.Answered(ctx, w.Answer)
			})
			continue
		}
		chat, err := d.store.ChatByID(ctx, w.Chat)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read chat %d: %w", w.Chat, err)
		}
		post, err := d.store.Post(ctx, w.Post)
		if err != nil {
			return fmt.Errorf("read post %d: %w", w.Post, err)
		}
		d.doubt(&flight{chat: chat, post: &post, plan: planOf(&post, w.Upto)}, now)
	}
	if err := d.lane.Recover(ctx, errands, now); err != nil {
		return err
	}
	if len(window.Flights) > 0 {
		d.config.Log.Warn("messages were under way when the program ended; they are in doubt", "count", len(window.Flights), "policy", d.config.Doubts)
	}
	if len(d.pending) == 0 && len(errands) == 0 {
		return nil
	}
	return d.commit(ctx, nil)
}

// loadDoubts reads the doubts that an earlier run left open.
func (d *Delivery) loadDoubts(ctx context.Context) error {
	open, err := d.store.Doubts(ctx, store.DoubtOpen, doubtsKept)
	if err != nil {
		return fmt.Errorf("read open doubts: %w", err)
	}
	for _, doubt := range open {
		post, err := d.store.Post(ctx, doubt.Post)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read post %d: %w", doubt.Post, err)
		}
		chat, err := d.store.ChatByID(ctx, doubt.Chat)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read chat %d: %w", doubt.Chat, err)
		}
		d.doubts.byChat[chat.ID] = append(d.doubts.byChat[chat.ID], openDoubt{Doubt: doubt, articles: post.Articles})
		if canBeLookedUp(chat) && !planOf(&post, doubt.Upto).reached(chat) {
			d.doubts.looking[chat.ID] = true
			d.doubts.lookups = append(d.doubts.lookups, &lookup{chat: chat, post: &post, upto: doubt.Upto, doubt: doubt.ID, notBefore: doubt.Since.Add(d.config.LookAfter)})
		}
	}
	return nil
}

// doubtsKept bounds the open doubts held in memory.
const doubtsKept = 100_000

// lookup finds out whether a doubtful post stands in a channel: the ids after the last known post are
// forwarded to the operator, silently, compared, and the forwards deleted.
type lookup struct {
	chat  store.Chat
	post  *store.Post
	upto  int64
	doubt int64
	// owner is the private chat that the forwards go to.
	owner int64
	// headline are the words of the post's first headline, as far as they are printed; words are all of its words, by which it is known in a form that
	// prints no headline.
	headline, words string
	// unseen counts messages that could not be seen: each may be the one.
	unseen int
	// last is the id of the last post known to stand in the chat, next the id to look at.
	last, next int
	misses     int
	// failures counts looks of which nothing came.
	failures  int
	notBefore time.Time
}

const (
	// lookupMisses ends a search: so many ids in a row that no message has, or so many messages that may not be seen. In a group, where
	// admins delete what others write, it takes more.
	lookupMisses   = 3
	lookupMissesIn = 6
	// lookupFailures ends it too: so many looks of which nothing came.
	lookupFailures = 5
	// lookupSpan bounds it: other people's posts may follow the last one of ours. Whether ours stands behind them is not known then.
	lookupSpan = 12
)

// nextLookup takes the next step of looking up doubtful posts.
func (d *Delivery) nextLookup(ctx context.Context, now time.Time, free freeChat) (*flight, error) {
	for i, l := range d.doubts.lookups {
		if l.notBefore.After(now) {
			continue
		}
		if l.next == 0 {
			ready, err := d.prepareLookup(ctx, l)
			if err != nil {
				return nil, err
			}
			if !ready {
				d.doubts.lookups = append(d.doubts.lookups[:i], d.doubts.lookups[i+1:]...)
				d.leaveToMention(l, now)
				return nil, nil
			}
		}
		if !free(l.owner, telegram.Private) {
			continue
		}
		d.doubts.lookups = append(d.doubts.lookups[:i], d.doubts.lookups[i+1:]...)
		return &flight{telegramID: l.owner, request: telegram.Forward(l.owner, l.chat.TelegramID, l.next, true), look: l}, nil
	}
	return nil, nil
}

// prepareLookup finds whom to forward to and where to begin. It reports false when one of them is not known.
func (d *Delivery) prepareLookup(ctx context.Context, l *lookup) (bool, error) {
	last, err := d.store.LastSent(ctx, l.chat.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the last post in chat %d: %w", l.chat.ID, err)
	}
	editors, err := d.store.Editors(ctx)
	if err != nil {
		return false, fmt.Errorf("read the owners: %w", err)
	}
	for _, editor := range editors {
		if editor.Role != store.Owner {
			continue
		}
		chat, err := d.store.Chat(ctx, editor.User)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, fmt.Errorf("read chat %d: %w", editor.User, err)
		}
		if chat.State == store.Active {
			l.owner = chat.TelegramID
			break
		}
	}
	if l.owner == 0 || len(l.post.Articles) == 0 {
		return false, nil
	}
	if err := d.describe(ctx, l); err != nil {
		return false, err
	}
	l.last, l.next = last.Message, last.Message+1
	return l.words != "", nil
}

// describe finds out by what the post is known from others.
func (d *Delivery) describe(ctx context.Context, l *lookup) error {
	articles, err := d.store.Articles(ctx, l.post.Articles[:1])
	if err != nil {
		return fmt.Errorf("read the articles of post %d: %w", l.post.ID, err)
	}
	if len(articles) == 0 {
		return nil
	}
	request, err := d.compose(ctx, l.chat, l.post)
	if err != nil {
		return err
	}
	request = request.AsPlain()
	l.words = wordsOf(request.Params["text"] + request.Params["caption"])
	title := bengali.Words(d.writer.printer(l.chat).Title(articles[0]))
	for n := len(title); n > len(title)/2; n-- {
		if l.headline = " " + strings.Join(title[:n], " ") + " "; strings.Contains(l.words, l.headline) {
			return nil
		}
	}
	l.headline = ""
	return nil
}

// shows tells whether the text of a message is that of the post. Without a headline it is if it has no other words and not too few.
func (l *lookup) shows(text string) bool {
	seen := wordsOf(text)
	if l.headline != "" {
		return strings.Contains(seen, l.headline)
	}
	words := strings.Fields(seen)
	return 3*len(words) > len(strings.Fields(l.words)) &&
		!slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(l.words, " "+w+" ") })
}

// wordsOf are the words of a text, each between spaces.
func wordsOf(text string) string { return " " + strings.Join(bengali.Words(text), " ") + " " }

// landLook takes what a look at one id has shown.
func (d *Delivery) landLook(f *flight, seen telegram.Message, err error, now time.Time) {
	l := f.look
	kind := telegram.KindOf(err)
	switch {
	case err == nil:
		d.owe(telegram.Delete(l.owner, seen.ID), now)
		l.misses = 0
		if l.shows(seen.Text + seen.Caption) {
			d.found(l, len(seen.Photo) > 0, now)
			return
		}
	case (kind.Transient() || kind.Operator()) && l.failures < lookupFailures:
		l.failures++
		l.notBefore = now.Add(time.Second)
		d.doubts.lookups = append(d.doubts.lookups, l)
		return
	case kind == telegram.KindMessageGone:
		l.misses++
	case kind == telegram.KindBadMessage: // what the channel lets nobody forward, or no post but a notice
		l.unseen++
	default:
		d.leaveToMention(l, now)
		return
	}
	l.next++
	enough := lookupMisses
	if l.chat.Kind != store.Channel {
		enough = lookupMissesIn
	}
	switch {
	case l.unseen >= lookupMisses, l.next-l.last > lookupSpan, l.misses >= enough && l.unseen > 0:
		d.leaveToMention(l, now)
	case l.misses >= enough:
		d.missing(l, now)
	default:
		d.doubts.lookups = append(d.doubts.lookups, l)
	}
}

// found settles a post that had arrived.
func (d *Delivery) found(l *lookup, photo bool, now time.Time) {
	d.closeLookup(l, store.DoubtArrived)
	v := planOf(l.post, l.upto).visit(l.chat.ID)
	v.Next, v.Sent = now, &store.Sent{Post: l.post.ID, Chat: l.chat.ID, Message: l.next, Photo: photo}
	d.settle(v)
}

// missing lets a post that had not arrived be sent again: the chat's bookmark still stands before it.
func (d *Delivery) missing(l *lookup, now time.Time) {
	d.closeLookup(l, store.DoubtRepeated)
	d.settle(store.Visit{Chat: l.chat.ID, Next: now})
}

// leaveToMention gives up looking; the headline is named in the chat's next post.
func (d *Delivery) leaveToMention(l *lookup, now time.Time) {
	delete(d.doubts.looking, l.chat.ID)
	v := planOf(l.post, l.upto).visit(l.chat.ID)
	v.Next = now
	d.settle(v)
}

func (d *Delivery) closeLookup(l *lookup, state store.DoubtState) {
	delete(d.doubts.looking, l.chat.ID)
	for _, open := range d.doubts.of(l.chat.ID) {
		if open.Post == l.post.ID {
			l.doubt = open.ID
		}
	}
	d.doubts.close(l.chat.ID, l.doubt)
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		if err := tx.CloseDoubt(ctx, l.doubt, state); err != nil {
			return fmt.Errorf("close doubt %d: %w", l.doubt, err)
		}
		return nil
	})
}
