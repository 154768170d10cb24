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
	// read says that copies were read since the last of them was corrected.
	read bool
}

// fix is the correction of one copy.
type fix struct{ sent store.Sent }

const copiesAhead = 200

// nextFix corrects the next copy.
func (d *Delivery) nextFix(ctx context.Context, now time.Time, free freeChat) (*flight, error) {
	for {
		if err := d.fillFixes(ctx, now); err != nil {
			return nil, err
		}
		if len(d.fixes.copies) == 0 {
			return nil, nil
		}
		copied := d.fixes.copies[0]
		chat, err := d.store.ChatByID(ctx, copied.Chat)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("read chat %d: %w", copied.Chat, err)
		}
		if err != nil || chat.State == store.Blocked || chat.State == store.Gone {
			d.fixes.copies = d.fixes.copies[1:]
			continue
		}
		if !free(chat.TelegramID, kindOfID(chat.TelegramID)) {
			return nil, nil
		}
		d.fixes.copies = d.fixes.copies[1:]
		request, err := d.composeFix(ctx, chat, d.fixes.active.Post, copied, now)
		if err != nil {
			return nil, err
		}
		d.fixes.flying++
		return &flight{telegramID: chat.TelegramID, request: request, chat: chat, fix: &fix{sent: copied}}, nil
	}
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
		l.active, l.last, l.undeletable = &c, c.After, map[store.Sent]bool{}
		if err := d.log.refresh(ctx, d.store, c.Post.Articles); err != nil {
			return err
		}
	}
	// What is under way, or has arrived and is not settled, is no copy yet, and the walk does not come back for it.
	if len(d.arrivals.list) > 0 {
		d.settleArrivals()
		return nil
	}
	for _, f := range d.flights {
		if f.post != nil && f.post.ID == l.active.Post.ID {
			return nil
		}
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
	if err == nil && deletion {
		d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error { return tx.DropSent(ctx, f.fix.sent) })
	}
	var e *telegram.Error
	if err == nil || !errors.As(err, &e) {
		return
	}
	switch {
	case deletion && (strings.Contains(e.Description, "can't be deleted") || e.Kind == telegram.KindNoRights):
		d.fixes.undeletable[f.fix.sent] = true
		d.fixes.copies = append([]store.Sent{f.fix.sent}, d.fixes.copies...)
	case e.Kind.Transient() || e.Kind.Operator():
		d.fixes.copies = append([]store.Sent{f.fix.sent}, d.fixes.copies...)
	case e.Kind.Harmless():
	case e.Kind == telegram.KindPhoto && f.request.Method == "editMessageMedia":
		bad := d.refused[d.fixes.active.Post.Articles[0]]
		bad.noPhoto = true
		d.refused[d.fixes.active.Post.Articles[0]] = bad
		d.fixes.copies = append([]store.Sent{f.fix.sent}, d.fixes.copies...)
	default:
		d.config.Log.Info("a sent message could not be corrected", "chat", f.chat.ID, "reason", e.Description)
	}
}

// composeFix writes what brings one copy up to date.
func (d *Delivery) composeFix(ctx context.Context, chat store.Chat, post store.Post, copied store.Sent, now time.Time) (telegram.Request, error) {
	articles, err := d.articlesFor(ctx, chat, append(slices.Clone(post.Articles), post.Mentions...))
	if err != nil {
		return telegram.Request{}, err
	}
	standing := slices.ContainsFunc(articles, func(a store.Article) bool { return !a.Retracted })
	if post.Shape != store.Welcome && len(articles) > 0 && !standing && now.Sub(post.At) < deletable && !d.fixes.undeletable[copied] {
		return telegram.Delete(chat.TelegramID, copied.Message), nil
	}
	var bad degradation
	if post.Full() && len(post.Articles) == 1 {
		bad = d.refused[post.Articles[0]]
	}
	m, err := d.lay(ctx, chat, post, layOptions{noPhoto: bad.noPhoto || !copied.Photo, updated: true, caption: copied.Photo})
	if err != nil {
		return telegram.Request{}, err
	}
	edit := telegram.Edit{
		ChatID: chat.TelegramID, MessageID: copied.Message, Text: m.HTML, Keyboard: keyboard(m),
		Preview: preview(m), Photo: d.writer.photo(m.Photo),
	}
	switch {
	case copied.Photo && edit.Photo != "":
		return telegram.EditPhoto(edit), nil
	case copied.Photo:
		return telegram.EditCaption(edit), nil
	default:
		return telegram.EditText(edit), nil
	}
}
