package bot

import (
	"encoding/json"
	"fmt"
)

// begun names something that a person has begun and not ended; with the person's id it is the key of the setting that keeps it.
type begun string

const (
	awaitedBegun begun = "awaited:"
	addingBegun  begun = "editors.adding:"
	draftBegun   begun = "feed.draft:"
	albumsBegun  begun = "albums:"
)

func (b begun) of(person int64) string { return string(b) + fmt.Sprint(person) }

// keepBegun keeps what a person has begun, in place of what was.
func (t *turn) keepBegun(b begun, person int64, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", b.of(person), err)
	}
	return t.tx.SetSetting(t.ctx, b.of(person), string(text))
}

// readBegun reads what a person has begun; it reports false if that is nothing, or cannot be read.
func (t *turn) readBegun(b begun, person int64, value any) (bool, error) {
	text, err := t.tx.Setting(t.ctx, b.of(person))
	if err != nil {
		return false, fmt.Errorf("read %s: %w", b.of(person), err)
	}
	return text != "" && json.Unmarshal([]byte(text), value) == nil, nil
}

func (t *turn) endBegun(b begun, person int64) error { return t.tx.SetSetting(t.ctx, b.of(person), "") }
