package delivery

import "time"

// recentPosts counts the posts each group or channel was given in the last minute.
type recentPosts map[int64][]time.Time

const recentSpan = time.Minute

func (r recentPosts) add(chat int64, now time.Time) {
	r[chat] = append(r.fresh(chat, now), now)
}

func (r recentPosts) count(chat int64, now time.Time) int {
	return len(r.fresh(chat, now))
}

// fresh drops what is older than the span, and the chat with its last post.
func (r recentPosts) fresh(chat int64, now time.Time) []time.Time {
	posts := r[chat]
	for len(posts) > 0 && now.Sub(posts[0]) >= recentSpan {
		posts = posts[1:]
	}
	if len(posts) == 0 {
		delete(r, chat)
		return nil
	}
	r[chat] = posts
	return posts
}

// sweep forgets chats that were given nothing for a minute.
func (r recentPosts) sweep(now time.Time) {
	for chat := range r {
		r.fresh(chat, now)
	}
}
