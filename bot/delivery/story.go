package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// Stories says what becomes of a further article of a story that a chat has had already.
type Stories string

const (
	// Answer sends it as a reply to the message that told the story.
	Answer Stories = "reply"
	// LeaveOut does not send it.
	LeaveOut Stories = "skip"
	// Apart sends it like any other article.
	Apart Stories = "off"
)

// continues tells whether an article continues a story that another one began.
func continues(a store.Article) bool { return a.Story != 0 && a.Story != a.ID }

// owed lists what a chat is to be told: breaking news, and of what else the log owes it each story once, in its newest article; and
// nothing of stories that it has had, if those are left out.
func (d *Delivery) owed(ctx context.Context, due store.Due, now time.Time) (breaking, owed []store.Entry, err error) {
	breaking, owed, err = d.takeBreaking(ctx, due.Chat, d.log.owed(due, now))
	if err != nil || d.config.Stories == Apart || len(owed) == 0 {
		return breaking, owed, err
	}
	owed = d.log.eachStoryOnce(owed)
	if d.config.Stories != LeaveOut {
		return breaking, owed, nil
	}
	fresh := owed[:0]
	for _, e := range owed {
		told, err := d.told(ctx, due.Chat, d.log.articles[e.Article])
		if err != nil {
			return nil, nil, err
		}
		if told == nil {
			fresh = append(fresh, e)
		}
	}
	return breaking, fresh, nil
}

// eachStoryOnce keeps the newest of the articles that tell the same story, as owed since the first of them.
func (l *newsLog) eachStoryOnce(owed []store.Entry) []store.Entry {
	kept := make(map[int64]int, len(owed)) // story → its place in once
	var once []store.Entry
	for _, e := range slices.Backward(owed) {
		story := l.articles[e.Article].Story
		if i, told := kept[story]; told && story != 0 {
			once[i].At = e.At
			continue
		}
		kept[story] = len(once)
		once = append(once, e)
	}
	slices.Reverse(once)
	return once
}

// owedSince is since when the chat is owed something.
func owedSince(owed []store.Entry) time.Time {
	return slices.MinFunc(owed, func(a, b store.Entry) int { return a.At.Compare(b.At) }).At
}

// told finds the message in which a chat was told the story that an article continues; nil if there is none.
func (d *Delivery) told(ctx context.Context, chat store.Chat, a store.Article) (*store.Sent, error) {
	if !continues(a) {
		return nil, nil
	}
	sent, err := d.store.SentOfStory(ctx, chat.ID, a.Story)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find what chat %d was told of story %d: %w", chat.ID, a.Story, err)
	}
	return &sent, nil
}

// attach makes an article that continues a story a reply to the message that told it.
func (d *Delivery) attach(ctx context.Context, chat store.Chat, p *plan) error {
	if d.config.Stories != Answer || p.send == nil || p.send.Shape != store.Single {
		return nil
	}
	told, err := d.told(ctx, chat, d.log.articles[p.send.Articles[0]])
	if err != nil || told == nil {
		return err
	}
	p.send.Shape, p.replyTo = store.Sequel, told.Message
	return nil
}
