package bot

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/harkara/harkara/store"
)

// linkedChats bounds the channels among which a public name is looked for.
const linkedChats = 10_000

// postLinked finds the chat and the message that a link to a post names: t.me/name/123, t.me/c/123456/789, in a forum with the topic between
// (Telegram, “Deep links”). It reports false if the text is no such link, or of a chat that is not ours.
func (t *turn) postLinked(text string) (chat store.Chat, message int, found bool, err error) {
	path := strings.TrimSpace(text)
	for _, prefix := range []string{"https://", "http://"} {
		path = strings.TrimPrefix(path, prefix)
	}
	path, ours := strings.CutPrefix(path, "t.me/")
	path, _, _ = strings.Cut(path, "?")
	steps := strings.Split(strings.Trim(path, "/"), "/")
	message, noNumber := strconv.Atoi(steps[len(steps)-1])
	if !ours || len(steps) < 2 || noNumber != nil || message <= 0 {
		return chat, 0, false, nil
	}
	if steps[0] == "c" {
		number, err := strconv.ParseInt("-100"+steps[1], 10, 64)
		if err != nil || len(steps) < 3 {
			return chat, 0, false, nil //nolint:nilerr // no such link
		}
		chat, err = t.tx.Chat(t.ctx, number)
		if errors.Is(err, store.ErrNotFound) {
			return chat, 0, false, nil
		}
		return chat, message, err == nil, err
	}
	chats, err := t.tx.PostableChats(t.ctx, linkedChats)
	if err != nil {
		return chat, 0, false, fmt.Errorf("read groups and channels: %w", err)
	}
	for _, c := range chats {
		if c.Username != "" && strings.EqualFold(c.Username, steps[0]) {
			return c, message, true, nil
		}
	}
	return chat, 0, false, nil
}
