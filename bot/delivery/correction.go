package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// deletable is how long Telegram lets a message be deleted: 48 hours, less an hour for the way there.
const deletable = 47 * time.Hour

// correctionLane walks the sent copies of posts whose articles changed, one post at a time, in chat order.
type correctionLane struct {
	look   bool
	active *store.Correction
	copies []store.Sent
	flying int
	// last is the chat of the last copy read.
	last int64
	// undeletable are messages of the active post that Telegram would not delete and that are edited instead.
	undeletable map[store.Sent]bool
	// stories are those of articles of the active post that were taken back, replaced the copies for which another message was sent.
	stories  map[int64][]store.Article
	replaced map[store.Sent]bool
	// read says that copies were read since the last of them was corrected.
	read bool
}

// fix is the correction of one copy.
type fix struct {
	sent store.Sent
	// recast is the post that the copy carries when it is corrected; nil if that is the one it carried.
	recast *store.Post
}

// copiesAhead is how many copies are read at once, copiesTried how many are looked at for one that may be corrected now.
const (
	copiesAhead = 200
	copiesTried = 20
)

// nextFix corrects the next copy.
func (d *Delivery) nextFix(ctx context.Context, now time.Time, free freeChat) (*flight, error) {
	for {
		if err := d.fillFixes(ctx, now); err != nil || len(d.fixes.copies) == 0 {
			return nil, err
		}
		copied, chat, err := d.nextCopy(ctx, free)
		if err != nil {
			return nil, err
		}
		if copied == nil {
			if len(d.fixes.copies) > 0 {
				return nil, nil
			}
			continue // all of them were in chats that are closed to us
		}
		f, err := d.fix(ctx, chat, *copied, now)
		if err != nil {
			return nil, err
		}
		if f.fix == nil {
			d.fixes.copies = append(d.fixes.copies, *copied)
		} else {
			d.fixes.flying++
		}
		return f, nil
	}
}

// nextCopy takes the first of the copies at hand whose chat may be sent to now, so that one that may not holds up nobody behind it; nil if there
// is none.
func (d *Delivery) nextCopy(ctx context.Context, free freeChat) (*store.Sent, store.Chat, error) {
	for i := 0; i < min(len(d.fixes.copies), copiesTried); {
		copied := d.fixes.copies[i]
		chat, err := d.store.ChatByID(ctx, copied.Chat)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, chat, fmt.Errorf("read chat %d: %w", copied.Chat, err)
		}
		switch {
		case err != nil || chat.State == store.Blocked || chat.State == store.Gone:
			d.fixes.copies = slices.Delete(d.fixes.copies, i, i+1)
		case d.isEngaged(chat.ID) || !free(chat.TelegramID, kindOfID(chat.TelegramID)):
			i++
		default:
			d.fixes.copies = slices.Delete(d.fixes.copies, i, i+1)
			return &copied, chat, nil
		}
	}
	return nil, store.Chat{}, nil
}

// fillFixes reads further copies when those at hand are corrected.
func (d *Delivery) fillFixes(ctx context.Context, now time.Time) error {
	l := &d.fixes
	if len(l.copies) > 0 || l.flying > 0 {
		return nil
	}
	if l.active != nil && l.read {
		l.read = false
		d.corrected(*l.active, l.last, false)
	}
	for l.active == nil {
		if !l.look {
			return nil
		}
		corrections, err := d.store.Corrections(ctx, 1)
		if err != nil {
			return fmt.Errorf("read what is to be corrected: %w", err)
		}
		if len(corrections) == 0 {
			l.look = false
			return nil
		}
		c := corrections[0]
		if now.Sub(c.Post.At) > d.config.KeepSent {
			d.corrected(c, c.After, true)
			l.look = false // until the next transaction has dropped it
			d.signal()
			return nil
		}
		l.active, l.last, l.undeletable, l.stories = &c, c.After, map[store.Sent]bool{}, nil
		l.replaced = map[store.Sent]bool{}
		if err := d.log.refresh(ctx, d.store, c.Post.Articles); err != nil {
			return err
		}
	}
	// What is under way, or has arrived and is not settled, is no copy yet, and the walk does not come back for it.
	if len(d.arrivals.list) > 0 {
		d.settleArrivals()
		return nil
	}
	if d.underWay(l.active.Post.ID) {
		return nil
	}
	copies, err := d.store.SentCopies(ctx, l.active.Post.ID, l.last, copiesAhead)
	if err != nil {
		return fmt.Errorf("read the copies of post %d: %w", l.active.Post.ID, err)
	}
	if only := l.active.Chat; only != 0 {
		copies = slices.DeleteFunc(copies, func(s store.Sent) bool { return s.Chat != only })
	}
	if len(copies) == 0 {
		d.corrected(*l.active, l.last, true)
		l.active, l.look = nil, false
		d.signal()
		return nil
	}
	l.copies, l.last, l.read = copies, copies[len(copies)-1].Chat, true
	return nil
}

// underWay tells whether a post may come to have another copy by what was begun already.
func (d *Delivery) underWay(post int64) bool {
	for _, f := range d.flights {
		if f.post != nil && f.post.ID == post {
			return true
		}
	}
	return slices.ContainsFunc(d.news.again, func(f *flight) bool { return f.post != nil && f.post.ID == post }) ||
		slices.ContainsFunc(d.doubts.lookups, func(l *lookup) bool { return l.post.ID == post })
}

func (d *Delivery) corrected(c store.Correction, after int64, done bool) {
	c.After = after
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Corrected(ctx, c, done); err != nil {
			return fmt.Errorf("record the correction of post %d: %w", c.Post.ID, err)
		}
		return nil
	})
}

// landFix takes what came of correcting a copy. A copy that can no longer be changed stays as it is.
func (d *Delivery) landFix(f *flight, err error) {
	d.fixes.flying--
	deletion := f.request.Method == "deleteMessage"
	kind := telegram.KindOf(err)
	var e *telegram.Error
	errors.As(err, &e)
	again := func() { d.fixes.copies = append(d.fixes.copies, f.fix.sent) }
	switch {
	case deletion && (err == nil || kind == telegram.KindMessageGone && strings.Contains(strings.ToLower(e.Description), "not found")):
		d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error { return tx.DropSent(ctx, f.fix.sent) })
	case err == nil || kind == telegram.KindNotModified:
		if to, by := f.fix.recast, *d.fixes.active; to != nil {
			d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error { return tx.Recast(ctx, f.fix.sent, to, by) })
		}
	case e == nil:
	case kind.Transient() || kind.Operator():
		again()
	case kind.Lost():
		d.lose(f.chat, lostState(kind), e.Description, d.now())
	case kind == telegram.KindMigrated:
		d.move(f.chat.TelegramID, e.MigrateTo)
	case deletion:
		d.fixes.undeletable[f.fix.sent] = true
		again()
	case kind.Harmless():
	case kind == telegram.KindPhoto && f.request.Method == "editMessageMedia":
		for _, id := range f.fix.articles(d.fixes.active.Post) {
			bad := d.refused[id]
			bad.noPhoto = true
			d.refused[id] = bad
		}
		again()
	default:
		if repaired, ok := f.request.Repaired(err); ok && f.repairs < repairsTried {
			d.fixes.flying++
			d.sendAgain(f, repaired)
			return
		}
		d.config.Log.Info("a sent message could not be corrected", "chat", f.chat.ID, "reason", e.Description)
	}
}

// articles are those that the copy is to carry.
func (f *fix) articles(carried store.Post) []int64 {
	if f.recast != nil {
		return f.recast.Articles
	}
	return carried.Articles
}

// fix makes the call that brings one copy up to date. If it cannot be brought to carry what it should, that is sent first, and the flight is one
// of news.
func (d *Delivery) fix(ctx context.Context, chat store.Chat, copied store.Sent, now time.Time) (*flight, error) {
	post, recast, err := d.recast(ctx, chat, d.fixes.active.Post)
	if err != nil {
		return nil, err
	}
	f := &flight{telegramID: chat.TelegramID, chat: chat, fix: &fix{sent: copied}}
	if recast {
		f.fix.recast = &post
	}
	articles, err := d.articlesFor(ctx, chat, append(slices.Clone(post.Articles), post.Mentions...))
	if err != nil {
		return nil, err
	}
	standing := slices.ContainsFunc(articles, func(a store.Article) bool { return !a.Retracted })
	deletes := now.Sub(post.At) < deletable && !d.fixes.undeletable[copied]
	if post.Shape != store.Welcome && len(articles) > 0 && !standing && deletes {
		f.request = telegram.Delete(chat.TelegramID, copied.Message)
		return f, nil
	}
	var bad degradation
	if post.Full() {
		bad = d.refused[post.Articles[0]]
	}
	m, err := d.lay(ctx, chat, post, layOptions{noPhoto: bad.noPhoto || !copied.Photo, updated: !recast, caption: copied.Photo})
	if err != nil {
		return nil, err
	}
	edit := telegram.Edit{
		ChatID: chat.TelegramID, MessageID: copied.Message, Text: m.HTML, Keyboard: keyboard(m),
		Preview: preview(m), Photo: d.writer.photo(m.Photo),
	}
	switch {
	case copied.Photo && edit.Photo != "":
		f.request = telegram.EditPhoto(edit)
	case copied.Photo && deletes && !slices.Equal(post.Articles, d.fixes.active.Post.Articles) && !d.fixes.replaced[copied]:
		d.fixes.replaced[copied] = true
		return d.sendInstead(chat, post, now), nil
	case copied.Photo:
		f.request = telegram.EditCaption(edit)
	default:
		f.request = telegram.EditText(edit)
	}
	return f, nil
}
