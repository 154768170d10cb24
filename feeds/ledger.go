package feeds

import (
	"context"
	"sync"

	"github.com/harkara/harkara/store"
)

// A ledger writes down what many polls have to note at the same time in one transaction: while one is being committed, the
// next ones gather. Each poll notes its next check before it asks, and waiting for the disk once for each would take longer
// than asking.
type ledger struct {
	store store.Store
	mu    sync.Mutex
	next  []*entry
	busy  bool
}

// An entry is one change, and what became of it.
type entry struct {
	change func(store.Tx) error
	done   chan struct{}
	err    error
}

// mostEntries bounds what is written in one transaction.
const mostEntries = 64

// write makes a change durable, as store.Write does. The change may be run more than once and must then do the same.
func (l *ledger) write(ctx context.Context, change func(store.Tx) error) error {
	e := &entry{change: change, done: make(chan struct{})}
	l.mu.Lock()
	l.next = append(l.next, e)
	first := !l.busy
	l.busy = true
	l.mu.Unlock()
	if first {
		l.run(context.WithoutCancel(ctx))
	}
	<-e.done
	return e.err
}

// run commits what has gathered until there is no more.
func (l *ledger) run(ctx context.Context) {
	for {
		l.mu.Lock()
		batch := l.next[:min(len(l.next), mostEntries)]
		l.next = l.next[len(batch):]
		l.busy = len(batch) > 0
		l.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		l.commit(ctx, batch)
	}
}

func (l *ledger) commit(ctx context.Context, batch []*entry) {
	err := l.store.Write(ctx, func(tx store.Tx) error {
		for _, e := range batch {
			if err := e.change(tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, e := range batch {
		if err != nil && len(batch) > 1 {
			e.err = l.store.Write(ctx, e.change) // one of them failed, not all
		} else {
			e.err = err
		}
		close(e.done)
	}
}
