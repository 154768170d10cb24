package store

import (
	"context"
	"time"
)

// SettingReader reads small facts the program keeps for itself.
type SettingReader interface {
	// Setting returns the value of the key, "" when there is none.
	Setting(ctx context.Context, key string) (string, error)
}

// SettingWriter changes them.
type SettingWriter interface {
	// SetSetting keeps a value; "" removes the key.
	SetSetting(ctx context.Context, key, value string) error
	// TellOnce reports true the first time it is called with this key, and false until
	// TellAgain is: the memory behind “tell the person once”.
	TellOnce(ctx context.Context, key string, at time.Time) (bool, error)
	// TellAgain forgets that something was told.
	TellAgain(ctx context.Context, key string) error
}
