package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

const selectDoubt = `SELECT id, chat, post, upto, since, state FROM doubt `

func scanDoubt(r row) (d store.Doubt, err error) {
	err = r.Scan(&d.ID, &d.Chat, &d.Post, &d.Upto, moment{&d.Since}, &d.State)
	return d, err
}

// Doubts implements store.DeliveryReader.
func (r reads) Doubts(ctx context.Context, state store.DoubtState, limit int) ([]store.Doubt, error) {
	doubts, err := all(ctx, r, scanDoubt, selectDoubt+`WHERE ?1 IN ('', state) ORDER BY since, id LIMIT ?2`, state, limit)
	if err != nil {
		return nil, fmt.Errorf("read the doubts: %w", err)
	}
	return doubts, nil
}

// OpenDoubts implements store.DeliveryReader.
func (r reads) OpenDoubts(ctx context.Context, chats []int64) (map[int64][]store.Doubt, error) {
	asked, err := list(chats)
	if err != nil {
		return nil, err
	}
	doubts, err := all(ctx, r, scanDoubt,
		selectDoubt+`WHERE state = 'open' AND chat IN (SELECT value FROM json_each(?)) ORDER BY since, id`, asked)
	if err != nil {
		return nil, fmt.Errorf("read the open doubts: %w", err)
	}
	open := map[int64][]store.Doubt{}
	for _, d := range doubts {
		open[d.Chat] = append(open[d.Chat], d)
	}
	return open, nil
}

// CountDoubts implements store.DeliveryReader.
func (r reads) CountDoubts(ctx context.Context) (map[store.DoubtState]int, error) {
	type count struct {
		state store.DoubtState
		n     int
	}
	counts, err := all(ctx, r, func(r row) (c count, err error) {
		err = r.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, count(*) FROM doubt GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count the doubts: %w", err)
	}
	counted := make(map[store.DoubtState]int, len(counts))
	for _, c := range counts {
		counted[c.state] = c.n
	}
	return counted, nil
}

// AddDoubt implements store.DeliveryWriter.
func (t *tx) AddDoubt(ctx context.Context, d *store.Doubt) error {
	if d.State == "" {
		d.State = store.DoubtOpen
	}
	id, err := t.insert(ctx, `INSERT INTO doubt (chat, post, upto, since, state) VALUES (?, ?, ?, ?, ?)`,
		d.Chat, d.Post, d.Upto, d.Since.UnixMilli(), d.State)
	if err != nil {
		return fmt.Errorf("record a doubt of chat %d: %w", d.Chat, err)
	}
	d.ID = id
	return nil
}

// CloseDoubt implements store.DeliveryWriter.
func (t *tx) CloseDoubt(ctx context.Context, id int64, state store.DoubtState) error {
	if err := t.must(ctx, `UPDATE doubt SET state = ? WHERE id = ?`, state, id); err != nil {
		return fmt.Errorf("close doubt %d: %w", id, err)
	}
	return nil
}
