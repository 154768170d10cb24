package feeds_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
)

func TestNotesMadeTogetherAreAllKeptAndOneThatFailsSpoilsNoOther(t *testing.T) {
	n := open(t, feedstest.Options{})
	write := feeds.Ledger(n.store)
	failure := errors.New("no")
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			err := write(t.Context(), func(tx store.Tx) error {
				if i%50 == 7 {
					return failure
				}
				return tx.SaveFeed(t.Context(), &store.Feed{URL: fmt.Sprintf("http://h.example/%d", i)})
			})
			if failed := i%50 == 7; errors.Is(err, failure) != failed || !failed && err != nil {
				t.Errorf("note %d: %v", i, err)
			}
		})
	}
	all.Wait()
	list, err := n.store.Feeds(t.Context())
	if err != nil || len(list) != 196 {
		t.Errorf("%d notes are kept, want 196; %v", len(list), err)
	}
}
