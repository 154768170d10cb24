package feeds

import (
	"encoding/json"
	"time"

	"github.com/harkara/harkara/store"
)

// Memory is what the poller has learnt of a feed besides its state; it is kept as JSON in store.FeedState.Memory.
type Memory struct {
	Rhythm Rhythm `json:"rhythm"`
	Move   Move   `json:"move,omitzero"`
	Ending Ending `json:"ending,omitzero"`
	// Fault is the kind of the last fault, empty after a good poll. Those who show a feed's state to people choose their
	// words by it.
	Fault FaultKind `json:"fault,omitempty"`
	// Why says why the next check is due when it is.
	Why string `json:"why,omitempty"`
	// Pace is what the feed said of itself when it was last read.
	Pace Pace `json:"pace"`
	// Path tells how it was last read: "plain", "repair", "balance", "delta".
	Path string `json:"path,omitempty"`
	// Address is what the validators belong to; Whole is when the feed was last asked without them.
	Address string    `json:"address,omitempty"`
	Whole   time.Time `json:"whole,omitzero"`
	// Filing is when the first document came, while not all of it is filed.
	Filing time.Time `json:"filing,omitzero"`
	// Refreshed is when the feed was last read whole.
	Refreshed time.Time `json:"refreshed,omitzero"`
	// Size is the length of the last body in bytes.
	Size int `json:"size,omitempty"`
	// Newest is the latest date that an item claimed.
	Newest time.Time `json:"newest,omitzero"`
	// Bengali is set once most of its headlines were.
	Bengali bool `json:"bengali,omitempty"`
	// LinksOnly is set once more than a twentieth of the GUIDs of a document were blank or doubled.
	LinksOnly bool `json:"links_only,omitempty"`
	// Hub, Topic are what the feed says of WebSub.
	Hub   string `json:"hub,omitempty"`
	Topic string `json:"topic,omitempty"`
	// Push is the state of a WebSub subscription.
	Push Push `json:"push,omitzero"`
	// Waiting are new items that wait for their pages.
	Waiting []Waiting `json:"waiting,omitempty"`
	// Cuts counts what was cut from articles, by rule.
	Cuts map[string]int `json:"cuts,omitempty"`
}

// MemoryOf reads the memory of a feed; one that cannot be read is empty.
func MemoryOf(s store.FeedState) Memory {
	var m Memory
	if len(s.Memory) > 0 && json.Unmarshal(s.Memory, &m) != nil {
		return Memory{}
	}
	return m
}

func (m Memory) bytes() []byte {
	b, err := json.Marshal(m)
	if err != nil {
		return nil // it is made of plain values only
	}
	return b
}

// adopt takes over what others than a poll have noted meanwhile: a hub, and those who read pages.
func (m *Memory) adopt(noted Memory) { m.Push, m.Waiting = noted.Push, noted.Waiting }

// Bounds of silence: a feed is silent when nothing came for so many of its usual gaps, and at least for a day.
const (
	silentGaps  = 12
	silentAtMin = 24 * time.Hour
)

// quietAfter is the moment from which it is odd that nothing came since the last new article; zero while the rhythm is not
// known, or too slow to tell.
func (m Memory) quietAfter(lastNew, now time.Time) time.Time {
	perDay := m.Rhythm.PerDay()
	if lastNew.IsZero() || perDay < 0.2 || now.Sub(m.Rhythm.Since) < 3*24*time.Hour {
		return time.Time{}
	}
	usual := time.Duration(float64(24*time.Hour) / perDay)
	return lastNew.Add(max(silentGaps*usual, silentAtMin)).Truncate(time.Millisecond)
}
