package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/harkara/harkara/store"
)

// freshCounts is how many articles of each category are of the last day. It is the same for everybody and wanted at each press in a
// list of categories, so it is counted once a minute.
type freshCounts struct {
	mu     sync.Mutex
	at     time.Time
	counts map[int64]int
}

const (
	freshSpan  = 24 * time.Hour
	freshEvery = time.Minute
)

func (f *freshCounts) of(ctx context.Context, r store.Reader, now time.Time) (map[int64]int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if age := now.Sub(f.at); f.counts != nil && age >= 0 && age < freshEvery {
		return f.counts, nil
	}
	counts, err := r.CountLatest(ctx, now.Add(-freshSpan))
	if err != nil {
		return nil, fmt.Errorf("count the articles of the last day: %w", err)
	}
	f.counts, f.at = counts, now
	return counts, nil
}
