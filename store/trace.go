package store

import "context"

// Trace is one thing that is kept of a person, as it is kept: what he is entitled to see, whatever it is good for.
type Trace struct {
	// Kind tells what it is, by the name under which such things are kept.
	Kind string
	// Fields are numbers, texts, or nil for what is empty. Times are milliseconds since 1970.
	Fields map[string]any
}

// TraceReader reads what is kept of a person.
type TraceReader interface {
	// Traces lists all that is kept of the person with Telegram's id and of his private chat, in the order of their kinds, but for updates and
	// messages that are just being handled.
	Traces(ctx context.Context, person int64) ([]Trace, error)
}
