package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// UnpostableKey is the key under which the managers of a chat were told that we may not post there. Whoever sees
// the right come back forgets it.
func UnpostableKey(chat int64) string { return fmt.Sprintf("unpostable:%d", chat) }

// SubscribeURL is the deep link that subscribes who opens it (Bot API, deep linking); empty while the bot's name is not known.
func SubscribeURL(botName, code string) string {
	if botName == "" {
		return ""
	}
	return "https://t.me/" + url.PathEscape(botName) + "?start=l_" + code
}

// NewLinkCode makes a code for a subscribe link that nobody can guess.
func NewLinkCode() string { return strings.ToLower(rand.Text()[:12]) }

// subscribeURL is the link under posts of a group or channel. It is made when first needed, one for each category
// and chat, so that an editor sees which channel earned readers.
func (w *writer) subscribeURL(ctx context.Context, chat store.Chat, category int64, now time.Time) (string, error) {
	name := w.config.BotName()
	if name == "" {
		return "", nil
	}
	campaign := chat.Title
	if chat.Username != "" {
		campaign = "@" + chat.Username
	}
	link, err := w.read.LinkFor(ctx, category, campaign)
	if errors.Is(err, store.ErrNotFound) && w.store == nil {
		return "https://t.me/" + url.PathEscape(name), nil
	}
	if errors.Is(err, store.ErrNotFound) {
		link = store.Link{Code: NewLinkCode(), Category: category, Campaign: campaign, CreatedAt: now}
		err = w.store.Write(ctx, func(tx store.Tx) error { return tx.AddLink(ctx, &link) })
	}
	if err != nil {
		return "", fmt.Errorf("find the subscribe link of category %d for chat %d: %w", category, chat.ID, err)
	}
	return SubscribeURL(name, link.Code), nil
}

// RemovedKey is the key under which the managers of a chat were told that we are not there any more.
func RemovedKey(chat int64) string { return fmt.Sprintf("removed:%d", chat) }

// tellManagers tells those who manage a chat something of it, once until the key is forgotten. If none of them can be told, the owners are.
func (w *writer) tellManagers(ctx context.Context, tx store.Tx, chat store.Chat, key string, what message.Key, now time.Time) error {
	first, err := tx.TellOnce(ctx, key, now)
	if err != nil || !first {
		return err
	}
	managers, err := tx.Managers(ctx, chat.ID)
	if err != nil {
		return fmt.Errorf("read who manages chat %d: %w", chat.ID, err)
	}
	told, err := w.tellAll(ctx, tx, managers, chat, what, now)
	if told || err != nil {
		return err
	}
	editors, err := tx.Editors(ctx)
	if err != nil {
		return fmt.Errorf("read the owners: %w", err)
	}
	var owners []int64
	for _, e := range editors {
		if e.Role == store.Owner {
			owners = append(owners, e.User)
		}
	}
	_, err = w.tellAll(ctx, tx, owners, chat, what, now)
	return err
}

// tellAll tells people something of a chat. It reports whether there was anybody whom we may write to.
func (w *writer) tellAll(ctx context.Context, tx store.Tx, people []int64, chat store.Chat, what message.Key, now time.Time) (told bool, err error) {
	for _, user := range people {
		person, err := tx.Chat(ctx, user)
		if errors.Is(err, store.ErrNotFound) || err == nil && (person.State == store.Blocked || person.State == store.Gone) {
			continue
		}
		if err != nil {
			return told, fmt.Errorf("read chat of user %d: %w", user, err)
		}
		text := string(w.printer(person).HTML(what, "title", chat.Title))
		if err := Owe(ctx, tx, telegram.SendText(person.TelegramID, text, nil), now); err != nil {
			return told, err
		}
		told = true
	}
	return told, nil
}

// owe leaves a call to be made as an answer, in the next transaction.
func (d *Delivery) owe(request telegram.Request, now time.Time) {
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		return Owe(ctx, tx, request, now)
	})
	d.owing = true
}
