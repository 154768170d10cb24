package bot

import "context"

// TellOfWeek is what the bot does each minute, at once.
func (b *Bot) TellOfWeek(ctx context.Context) error { return b.tellOfWeek(ctx) }
