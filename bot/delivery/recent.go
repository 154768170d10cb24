package delivery

import "time"

// recentPosts remembers when each chat was given messages in the last span. Chats that were given nothing since are forgotten a
// generation at a time, so that a distribution to a million leaves no trace.
type recentPosts struct {
	span       time.Duration
	young, old map[int64][]int64 // chat → Unix milliseconds, ascending
	since      time.Time
}

func (r *recentPosts) add(chat int64, now time.Time) {
	posts := append(r.fresh(chat, now), now.UnixMilli())
	delete(r.old, chat)
	r.young[chat] = posts
}

// count is how many messages the chat was given in the last span.
func (r *recentPosts) count(chat int64, now time.Time) int {
	return len(r.fresh(chat, now))
}

// room is when the chat may be given a message, if it is to get at most so many in a span.
func (r *recentPosts) room(chat int64, most int, now time.Time) time.Time {
	posts := r.fresh(chat, now)
	if len(posts) < most {
		return now
	}
	return time.UnixMilli(posts[len(posts)-most]).Add(r.span)
}

// fresh lists what the chat was given in the last span.
func (r *recentPosts) fresh(chat int64, now time.Time) []int64 {
	if r.young == nil || now.Sub(r.since) >= r.span {
		r.old, r.young, r.since = r.young, map[int64][]int64{}, now
	}
	posts, known := r.young[chat]
	if !known {
		posts = r.old[chat]
	}
	oldest := now.Add(-r.span).UnixMilli()
	for len(posts) > 0 && posts[0] <= oldest {
		posts = posts[1:]
	}
	return posts
}
