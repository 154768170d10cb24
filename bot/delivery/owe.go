package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// Owe keeps a call to Telegram in the transaction, to be made after it: at most once if it sends a message, until it
// succeeds if not.
func Owe(ctx context.Context, tx store.Tx, request telegram.Request, at time.Time) error {
	return OweCard(ctx, tx, request, 0, at)
}

// OweCard is Owe for the message by which editors are asked about an article. Once it has arrived the store knows it (CardSent).
func OweCard(ctx context.Context, tx store.Tx, request telegram.Request, article int64, at time.Time) error {
	text, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("keep a %s for later: %w", request.Method, err)
	}
	if err := tx.Owe(ctx, &store.Answer{TelegramID: request.Chat(), Request: text, At: at, Card: article}); err != nil {
		return fmt.Errorf("keep a %s for later: %w", request.Method, err)
	}
	return nil
}
