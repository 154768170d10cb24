package feeds

import "time"

// Push is what is known of a feed's WebSub subscription.
type Push struct {
	// Until is when the lease ends; zero means there is none.
	Until time.Time `json:"until,omitzero"`
}

func (p Push) active(now time.Time) bool { return now.Before(p.Until) }
