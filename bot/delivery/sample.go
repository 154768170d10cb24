package delivery

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

const (
	// sampled is how many of the newest articles are looked through for one that concerns a chat.
	sampled = 100
	// sampledDigest is how many articles the sample of a digest names.
	sampledDigest = 10
)

// Sample writes, of the newest articles that concern the chat, the message it would get of them: one post, or a digest. It is
// store.ErrNotFound when none does. Like Preview it changes nothing.
func (d *Delivery) Sample(ctx context.Context, r store.Reader, chat store.Chat) (telegram.Request, error) {
	var newest []store.Article
	for _, categories := range [][]int64{chat.Categories, {store.Everything}} {
		if len(categories) == 0 {
			continue
		}
		list, err := r.Latest(ctx, categories, 0, sampled)
		if err != nil {
			return telegram.Request{}, fmt.Errorf("read the newest articles: %w", err)
		}
		newest = append(newest, list...)
	}
	message.NewestFirst(newest)
	newest = slices.CompactFunc(newest, func(a, b store.Article) bool { return a.ID == b.ID })

	taken, err := r.Withdrawals(ctx, chat.ID)
	if err != nil {
		return telegram.Request{}, err
	}
	newest = slices.DeleteFunc(newest, func(a store.Article) bool { return store.IsWithdrawn(taken, a.ID) })

	due := store.Due{Chat: chat, Since: map[int64]int64{store.Words: 0}}
	for _, c := range chat.Categories {
		due.Since[c] = 0
	}
	var log newsLog
	post := store.Post{Shape: store.Single, At: d.config.Now()}
	for _, a := range newest {
		log.hear(a)
		if log.concerns(due, store.Entry{Seq: math.MaxInt64, Article: a.ID, Categories: a.Categories, Feeds: []int64{a.Feed}}) {
			post.Articles = append(post.Articles, a.ID)
		}
	}
	switch {
	case len(post.Articles) == 0:
		return telegram.Request{}, fmt.Errorf("nothing concerns chat %d: %w", chat.ID, store.ErrNotFound)
	case chat.Prefs.Mode == store.Digest && len(post.Articles) > 1:
		post.Shape, post.Articles = store.Digested, post.Articles[:min(len(post.Articles), sampledDigest)]
	default:
		post.Articles = post.Articles[:1]
	}
	return d.Preview(ctx, r, chat, post)
}
