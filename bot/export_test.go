package bot

import "context"

// TellOfWeek is what the bot does each minute, at once.
func (b *Bot) TellOfWeek(ctx context.Context) error { return b.tellOfWeek(ctx) }

// Phrases are what means each command in words, and Spoken is how they are compared.
func Phrases() map[string][]string { return phrases }

// Spoken is a text as its words sound.
func Spoken(text string) string { return spoken(text) }

// Commands are the names of all commands, each with whether it works in private chats and in groups.
func Commands() map[string][2]bool {
	names := map[string][2]bool{}
	for _, c := range commandTable() {
		names[c.name] = [2]bool{c.where&inPrivate != 0, c.where&inGroups != 0}
	}
	return names
}
