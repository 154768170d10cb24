package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/harkara/harkara/feeds"
)

type cutsCommand struct {
	databaseSetting
}

// Run counts what was cut and why: for each feed, how many pieces of its articles each rule took out. What a rule takes
// out of one article, preview shows.
func (c cutsCommand) Run(w world) error {
	s, err := c.open(w)
	if err != nil {
		return err
	}
	defer s.Close()
	catalogue, err := s.Feeds(w.ctx)
	if err != nil {
		return fmt.Errorf("read the feeds: %w", err)
	}
	for _, feed := range catalogue {
		cuts := feeds.MemoryOf(feed.State).Cuts
		total := 0
		for _, n := range cuts {
			total += n
		}
		fmt.Fprintf(w.out, "feed %d %q: %d cut\n", feed.ID, feed.Title, total)
		rules := slices.SortedFunc(maps.Keys(cuts), func(a, b string) int {
			return cmp.Or(cmp.Compare(cuts[b], cuts[a]), cmp.Compare(a, b))
		})
		for _, rule := range rules {
			fmt.Fprintf(w.out, "  %6d %s\n", cuts[rule], rule)
		}
	}
	return nil
}
