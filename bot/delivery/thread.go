package delivery

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

// threadOf is the forum topic into which articles go together: that of their category if they share one, else that of the chat.
func (d *Delivery) threadOf(ctx context.Context, chat store.Chat, ids []int64) (int, error) {
	if len(chat.Prefs.Threads) == 0 || len(ids) == 0 {
		return chat.Prefs.Thread, nil
	}
	articles, err := d.articles(ctx, ids)
	if err != nil {
		return 0, err
	}
	thread := chat.Prefs.Thread
	for i, a := range articles {
		if i == 0 {
			thread = threadFor(chat, a)
		} else if threadFor(chat, a) != thread {
			return chat.Prefs.Thread, nil
		}
	}
	return thread, nil
}

// threadFor is the forum topic into which an article goes on its own.
func threadFor(chat store.Chat, a store.Article) int {
	if thread := chat.Prefs.Threads[ofChat(chat, a)]; thread != 0 {
		return thread
	}
	return chat.Prefs.Thread
}

// restThread is the forum topic into which what was meant for one that is gone goes: that of all the rest, or 0, the general one.
func restThread(chat store.Chat, gone int) int {
	if chat.Prefs.Thread == gone {
		return 0
	}
	return chat.Prefs.Thread
}

// together takes the leading entries that go into one forum topic: a list is one message, and stands in one.
func (d *Delivery) together(chat store.Chat, owed []store.Entry) []store.Entry {
	if len(chat.Prefs.Threads) == 0 {
		return owed
	}
	for i, e := range owed {
		if threadFor(chat, d.log.articles[e.Article]) != threadFor(chat, d.log.articles[owed[0].Article]) {
			return owed[:i]
		}
	}
	return owed
}

// ThreadKey is the key under which the managers of a chat were told that a forum topic of theirs is gone.
func ThreadKey(chat int64, thread int) string { return fmt.Sprintf("thread:%d:%d", chat, thread) }
