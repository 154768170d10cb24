package bot

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/store"
)

// awaited is what the bot has asked a person to write next, in answer to a button. Whether the person may still change the chat is asked when it
// comes.
type awaited struct {
	// What is one of the constants Write… of package button.
	What int64 `json:"what"`
	// Subject is the chat it is for, as buttons have it.
	Subject int64     `json:"subject"`
	At      time.Time `json:"at"`
	// Draft is a text that was written and waits for a yes; Number tells it from others.
	Draft  string `json:"draft,omitempty"`
	Number int64  `json:"number,omitempty"`
}

const (
	// awaitedSetting, the chat and the person are the key under which it is kept.
	awaitedSetting = "awaited:"
	// awaitedTime is how long it is waited for; what is written later is taken for something else.
	awaitedTime = 15 * time.Minute
)

func (t *turn) awaitedKey() string {
	return fmt.Sprintf("%s%d:%d", awaitedSetting, t.update.ChatID(), t.update.Sender().ID)
}

// await waits for what the person writes next; nil ends it.
func (t *turn) await(a *awaited) error {
	value := ""
	if a != nil {
		a.At = t.now
		text, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("keep what is awaited: %w", err)
		}
		value = string(text)
	}
	return t.tx.SetSetting(t.ctx, t.awaitedKey(), value)
}

// awaited is what the person was asked to write; nil if nothing.
func (t *turn) awaited() (*awaited, error) {
	value, err := t.tx.Setting(t.ctx, t.awaitedKey())
	if err != nil {
		return nil, fmt.Errorf("read what is awaited: %w", err)
	}
	var a awaited
	if value == "" || json.Unmarshal([]byte(value), &a) != nil || t.now.Sub(a.At) > awaitedTime {
		return nil, nil
	}
	return &a, nil
}

// takeWritten takes a text for what was asked for. It reports false when nothing was.
func (t *turn) takeWritten(text string) (taken bool, err error) {
	a, err := t.awaited()
	if a == nil || a.Draft != "" || err != nil {
		return false, err
	}
	chat, ok, err := t.manageAsking(a.Subject, question{})
	if err != nil {
		return false, err
	}
	if !ok || chat.Kind == store.Private {
		return true, t.await(nil) // the person was told why
	}
	if a.What == button.WriteLayout {
		return true, t.takeLayout(chat, *a, text)
	}
	return true, t.takeWords(chat, *a, text)
}
