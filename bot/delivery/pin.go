package delivery

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// pinnedSetting is the key under which the message is kept that we pinned in a chat.
func pinnedSetting(chat int64) string { return fmt.Sprintf("pinned:%d", chat) }

// PinKey is the key under which the managers of a chat were told that we may not pin there.
func PinKey(chat int64) string { return fmt.Sprintf("pin:%d", chat) }

// pin pins a digest in the place of the one that we pinned before; what others pinned stays.
func (d *Delivery) pin(chat store.Chat, digest int, now time.Time) {
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		key := pinnedSetting(chat.ID)
		before, err := tx.Setting(ctx, key)
		if err != nil {
			return fmt.Errorf("read what is pinned in chat %d: %w", chat.ID, err)
		}
		if err := Owe(ctx, tx, telegram.Pin(chat.TelegramID, digest, true), now); err != nil {
			return err
		}
		if old, err := strconv.Atoi(before); err == nil && old != digest {
			if err := Owe(ctx, tx, telegram.Unpin(chat.TelegramID, old), now); err != nil {
				return err
			}
		}
		return tx.SetSetting(ctx, key, strconv.Itoa(digest))
	})
	d.owing = true
}

// pinRefused tells those who manage the chat, once, that we may not pin there.
func (d *Delivery) pinRefused(telegramID int64, now time.Time) {
	d.pending = append(d.pending, func(ctx context.Context, tx store.Tx) error {
		chat, err := tx.Chat(ctx, telegramID)
		if err != nil {
			return nil //nolint:nilerr // forgotten meanwhile: there is nobody to tell
		}
		return d.writer.tellManagers(ctx, tx, chat, PinKey(chat.ID), message.AlertPin, now)
	})
	d.owing = true
}
