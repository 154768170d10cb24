package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

// lastPost is when the group or channel, which wants a gap between its posts, was posted to last; zero if never, or if it does not matter. After a
// restart it is the time of the last post that is remembered.
func (d *Delivery) lastPost(ctx context.Context, chat store.Chat) (time.Time, error) {
	if chat.Prefs.Gap == 0 || chat.Kind == store.Private {
		return time.Time{}, nil
	}
	if at, known := d.posted[chat.ID]; known {
		return at, nil
	}
	sent, err := d.store.LastSent(ctx, chat.ID)
	var post store.Post
	if err == nil {
		post, err = d.store.Post(ctx, sent.Post)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return time.Time{}, fmt.Errorf("find the last post of chat %d: %w", chat.ID, err)
	}
	d.posted[chat.ID] = post.At
	return post.At, nil
}
