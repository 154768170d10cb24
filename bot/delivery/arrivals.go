package delivery

import (
	"time"

	"github.com/harkara/harkara/store"
)

// arrivals are messages to readers that have arrived and wait to be settled with others. What a commit costs is pages of the disk: the
// window's page, and those of the chats that it settles. So each commit notes in the window what has arrived, which ends all doubt
// about it, and a hundred neighbours are settled at a time (measured at 1,000 messages a second, 20 ms a commit: 253 to 300 bytes a
// message written if each commit settles, see harkara bench --only scale for what it is now).
type arrivals struct {
	list []store.Arrival
	// since is when the oldest of them arrived.
	since time.Time
	// kept is how many of them the window has that was last committed.
	kept int
}

const (
	// arrivalsMost is how many are settled together: as many as fit into the window's page beside the messages under way.
	arrivalsMost = 160
	// arrivalsWait is how long one waits for others. Until then the bookmark does not show it.
	arrivalsWait = 500 * time.Millisecond
)

func (a *arrivals) add(one store.Arrival, now time.Time) {
	if len(a.list) == 0 {
		a.since = now
	}
	a.list = append(a.list, one)
}

// ripe tells whether it is time to settle them.
func (a *arrivals) ripe(now time.Time) bool {
	return len(a.list) >= arrivalsMost || len(a.list) > 0 && now.Sub(a.since) >= arrivalsWait
}

// news tells whether some of them are not noted in the store yet.
func (a *arrivals) news() bool { return len(a.list) > a.kept }

// rests tells whether nothing is under way and nobody is about to be visited, so that nothing will arrive.
func (d *Delivery) rests() bool {
	return len(d.flights) == 0 && len(d.news.due) == 0 && len(d.news.again) == 0
}

// settleArrivals settles all that have arrived in the next transaction.
func (d *Delivery) settleArrivals() {
	now := d.now()
	for i := range d.arrivals.list {
		d.settle(settled(d.arrivals.list[i], now))
	}
	d.arrivals.list, d.arrivals.kept = nil, 0
}

// settled is the visit whose message has arrived. A chat that is owed more is due again at the time of the settlement, as its neighbours
// are: so they are visited together the next time, too.
func settled(a store.Arrival, now time.Time) store.Visit {
	v := store.Visit{Chat: a.Chat, Sent: &a.Sent}
	if a.Breaking {
		v.Alerted = a.Upto
	} else {
		v.Upto = a.Upto
	}
	if a.Again {
		v.Next = now
	}
	return v
}
