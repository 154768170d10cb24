package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// What a chat is told of a story in its newest article, it is not told in the others. When that one is taken back, another must tell the
// story in its place: the message is edited to carry it, or sent anew where it cannot be.

// articlesOfStory bounds the articles of a story of which one is sought that stands for another.
const articlesOfStory = 50

// recast is the post that a copy is to carry now: with another of its story in the place of each article that was taken back, where
// the chat was not told that one, and no sequel where nothing before is left. The second result tells whether that differs from what it carries.
func (d *Delivery) recast(ctx context.Context, chat store.Chat, post store.Post) (store.Post, bool, error) {
	now := post
	now.Articles = slices.Clone(post.Articles)
	articles, err := d.articles(ctx, post.Articles)
	if err != nil {
		return post, false, err
	}
	for _, a := range articles {
		if !a.Retracted && post.Shape != store.Sequel {
			continue
		}
		story, err := d.fixes.story(ctx, d.store, a.Story)
		if err != nil {
			return post, false, err
		}
		if a.Retracted && d.config.Stories != Apart {
			if other, err := d.standIn(ctx, chat, now, a, story); err != nil {
				return post, false, err
			} else if other != 0 {
				now.Articles[slices.Index(now.Articles, a.ID)] = other
			}
		}
		if post.Shape == store.Sequel {
			told, err := d.toldAnother(ctx, chat, now.Articles[0], story)
			if err != nil {
				return post, false, err
			}
			if !told {
				now.Shape = store.Single
			}
		}
	}
	return now, now.Shape != post.Shape || !slices.Equal(now.Articles, post.Articles), nil
}

// standIn finds the newest article of a retracted one's story that the chat was owed, but was not told; 0 if there is none.
func (d *Delivery) standIn(ctx context.Context, chat store.Chat, post store.Post, gone store.Article, story []store.Article) (int64, error) {
	for _, a := range story {
		if a.ID == gone.ID || d.takenBack(chat, a) || a.Held || a.History || a.Seq > chat.Bookmark || slices.Contains(post.Articles, a.ID) || !d.wasOwed(chat, a) {
			continue
		}
		had, err := d.hasHad(ctx, chat, a)
		if err != nil {
			return 0, err
		}
		if !had {
			return a.ID, nil
		}
	}
	return 0, nil
}

// wasOwed tells whether the article is news for a chat with these wishes.
func (d *Delivery) wasOwed(chat store.Chat, a store.Article) bool {
	if chat.Prefs.Mode == store.Breaking {
		return false
	}
	due := store.Due{Chat: chat, Since: map[int64]int64{}}
	for _, c := range chat.Categories {
		due.Since[c] = 0
	}
	if len(chat.Prefs.Follow) > 0 || len(chat.Prefs.Feeds) > 0 {
		due.Since[store.Words] = 0
	}
	d.log.hear(a)
	entries := slices.DeleteFunc(slices.Clone(d.log.entries), func(e store.Entry) bool { return e.Article != a.ID })
	if len(entries) == 0 { // it has left the log that is kept in memory
		entries = []store.Entry{{Seq: a.Seq, Article: a.ID}}
	}
	return slices.ContainsFunc(entries, func(e store.Entry) bool {
		withheld := d.log.withheld(chat.ID, e)
		e.Categories, e.Feeds, e.Already, e.Breaking = a.Categories, []int64{a.Feed}, nil, false
		return !withheld && d.log.concerns(due, e)
	})
}

// takenBack tells whether the article is retracted, or withdrawn from the chat.
func (d *Delivery) takenBack(chat store.Chat, a store.Article) bool {
	return a.Retracted || d.log.withdrawn[withdrawn{chat.ID, a.ID}]
}

// toldAnother tells whether the chat holds another article of the story that was not taken back.
func (d *Delivery) toldAnother(ctx context.Context, chat store.Chat, article int64, story []store.Article) (bool, error) {
	for _, a := range story {
		if a.ID == article || d.takenBack(chat, a) {
			continue
		}
		if had, err := d.store.Received(ctx, chat.ID, a.ID); had || err != nil {
			return had, err
		}
	}
	return false, nil
}

// story reads the articles of a story once for the post whose copies are corrected.
func (l *correctionLane) story(ctx context.Context, r store.Reader, story int64) ([]store.Article, error) {
	if articles, known := l.stories[story]; known {
		return articles, nil
	}
	articles, err := r.StoryArticles(ctx, story, articlesOfStory)
	if err != nil {
		return nil, fmt.Errorf("read story %d: %w", story, err)
	}
	if l.stories == nil {
		l.stories = map[int64][]store.Article{}
	}
	l.stories[story] = articles
	return articles, nil
}

// sendInstead sends what a copy cannot be made to carry: a picture cannot be taken out of a message. The copy is dealt with once that has been settled,
// and then has nothing to stand for. It makes no sound, for it is news no more.
func (d *Delivery) sendInstead(chat store.Chat, post store.Post, now time.Time) *flight {
	f := d.carry(chat, plan{send: d.post(post.Shape, post.Articles, nil, now)})
	f.silent = true
	return f
}
