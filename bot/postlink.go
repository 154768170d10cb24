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

// postLink names a message of a group or channel, which is known by Telegram's id or else by its public name.
type postLink struct {
	chat    int64
	name    string
	message int
}

// parsePostLink reads a link to a post: t.me/name/123, t.me/c/123456/789, in a forum with the topic between (Telegram, “Deep links”). It reports
// false if the text is no such link.
func parsePostLink(text string) (link postLink, ok bool) {
	path := strings.TrimSpace(text)
	for _, prefix := range []string{"https://", "http://"} {
		path = strings.TrimPrefix(path, prefix)
	}
	path, ours := strings.CutPrefix(path, "t.me/")
	path, _, _ = strings.Cut(path, "?")
	steps := strings.Split(strings.Trim(path, "/"), "/")
	number, noNumber := strconv.Atoi(steps[len(steps)-1])
	if !ours || len(steps) < 2 || noNumber != nil || number <= 0 {
		return link, false
	}
	if steps[0] != "c" {
		return postLink{name: steps[0], message: number}, publicName(steps[0])
	}
	chat, noNumber := strconv.ParseInt("-100"+steps[1], 10, 64)
	return postLink{chat: chat, message: number}, noNumber == nil && len(steps) > 2
}

// leadsTo tells whether the post is one of the chat's.
func (l postLink) leadsTo(chat store.Chat) bool {
	return l.chat == chat.TelegramID || l.chat == 0 && chat.Username != "" && strings.EqualFold(l.name, chat.Username)
}

// question asks about the chat of the post and the person there.
func (l postLink) question(person int64) question {
	return question{chat: l.chat, name: l.name, person: person}
}

// linkedChat finds the chat of a post; it reports false if that is not ours.
func (t *turn) linkedChat(link postLink) (chat store.Chat, found bool, err error) {
	if link.chat != 0 {
		chat, err = t.tx.Chat(t.ctx, link.chat)
		if errors.Is(err, store.ErrNotFound) {
			return chat, false, nil
		}
		if err != nil {
			return chat, false, fmt.Errorf("read chat %d: %w", link.chat, err)
		}
		return chat, true, nil
	}
	chats, err := t.tx.Places(t.ctx, store.Active, linkedChats)
	if err != nil {
		return chat, false, fmt.Errorf("read groups and channels: %w", err)
	}
	for _, c := range chats {
		if link.leadsTo(c) {
			return c, true, nil
		}
	}
	return chat, false, nil
}
