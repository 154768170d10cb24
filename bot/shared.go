package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// shared is what the turns of one transaction have in common: a batch of a hundred who press Start by the same link reads
// the catalogue and the link once and counts them together.
type shared struct {
	// topics is the catalogue as the transaction found it; see categories.
	topics []store.Category
	// strangers are people of whom nothing is kept, neither a chat nor a role; see meet.
	strangers map[int64]bool
	// links are those that were followed, by code, with the counts as the transaction found them.
	links map[string]store.Link
	// followed are counts of links that are yet to be kept, by the link's ID.
	followed map[int64]follows
}

// follows counts who came by a link, and who follows something because of it.
type follows struct{ starts, subscribers int }

func newShared() *shared {
	return &shared{strangers: map[int64]bool{}, links: map[string]store.Link{}, followed: map[int64]follows{}}
}

// crowd is how many updates a batch has at least for which it is worth asking at once who of their people are strangers.
const crowd = 8

// meet finds out which people of a batch are strangers: a hundred who press Start for the first time would otherwise be looked for three
// times each. Who keeps something of a person tells befriend.
func (s *shared) meet(ctx context.Context, tx store.Tx, updates []telegram.Update) error {
	if len(updates) < crowd {
		return nil
	}
	people := make([]int64, 0, len(updates))
	for i := range updates {
		if sender := updates[i].Sender(); sender != nil {
			people = append(people, sender.ID)
		}
	}
	known, err := tx.KnownChats(ctx, people)
	if err != nil {
		return fmt.Errorf("look who is known: %w", err)
	}
	editors, err := tx.Editors(ctx)
	if err != nil {
		return fmt.Errorf("read the editors: %w", err)
	}
	for _, e := range editors {
		known[e.User] = true
	}
	for _, id := range people {
		if !known[id] {
			s.strangers[id] = true
		}
	}
	return nil
}

// befriend tells that something is kept of the person.
func (s *shared) befriend(id int64) { delete(s.strangers, id) }

// link finds a link by its code; known is false if there is none.
func (t *turn) link(code string) (link store.Link, known bool, err error) {
	if link, known = t.shared.links[code]; known {
		return link, true, nil
	}
	link, err = t.tx.Link(t.ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return link, false, nil
	}
	if err != nil {
		return link, false, fmt.Errorf("read a link: %w", err)
	}
	t.shared.links[code] = link
	return link, true, nil
}

// countLink counts somebody who came by a link.
func (t *turn) countLink(link int64, subscribed bool) {
	f := t.shared.followed[link]
	f.starts++
	if subscribed {
		f.subscribers++
	}
	t.shared.followed[link] = f
}

// keep keeps the counts; it must be called before the transaction ends, and before links are read for their counts.
func (s *shared) keep(ctx context.Context, tx store.Tx) error {
	for _, link := range slices.Sorted(maps.Keys(s.followed)) {
		f := s.followed[link]
		if err := tx.CountLink(ctx, link, f.starts, f.subscribers); err != nil {
			return fmt.Errorf("count link %d: %w", link, err)
		}
	}
	clear(s.followed)
	return nil
}
