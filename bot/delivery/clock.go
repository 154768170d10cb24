package delivery

import (
	"sync"
	"time"
)

// steadyClock reads the wall clock but never goes back: when the machine's clock is set
// back an hour, what is due would otherwise wait for that hour.
type steadyClock struct {
	mu   sync.Mutex
	wall func() time.Time
	last time.Time
	// read is when last was taken, with the monotonic reading of the process.
	read time.Time
}

// now returns the wall clock's time, or, while that lies behind what was shown before, the
// earlier reading plus the time that has really passed. back is how far the wall clock lies behind.
func (c *steadyClock) now() (now time.Time, back time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall, read := c.wall(), time.Now()
	now = wall.Round(0)
	if !c.last.IsZero() {
		if steady := c.last.Add(max(0, read.Sub(c.read))); now.Before(c.last) {
			now, back = steady, steady.Sub(wall.Round(0))
		}
	}
	c.last, c.read = now, read
	return now, back
}
