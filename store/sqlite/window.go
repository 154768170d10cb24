package sqlite

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/harkara/harkara/store"
)

// The window is one small row, written anew with each commit: per flight four numbers, each as its distance from the flight
// before, because neighbours are in flight together and carry the same post.

func packFlights(flights []store.Flight) []byte {
	packed := make([]byte, 0, 4*len(flights))
	var last store.Flight
	for _, f := range flights {
		packed = binary.AppendVarint(packed, f.Chat-last.Chat)
		packed = binary.AppendVarint(packed, f.Post-last.Post)
		packed = binary.AppendVarint(packed, f.Upto-last.Upto)
		packed = binary.AppendVarint(packed, f.Answer-last.Answer)
		last = f
	}
	return packed
}

func unpackFlights(packed []byte) (flights []store.Flight, err error) {
	var f store.Flight
	for len(packed) > 0 {
		for _, to := range []*int64{&f.Chat, &f.Post, &f.Upto, &f.Answer} {
			step, n := binary.Varint(packed)
			if n <= 0 {
				return nil, fmt.Errorf("%w: the window cannot be read", store.ErrDamaged)
			}
			*to += step
			packed = packed[n:]
		}
		flights = append(flights, f)
	}
	return flights, nil
}

// Window implements store.DeliveryReader.
func (r reads) Window(ctx context.Context) ([]store.Flight, error) {
	packed, err := orZero(one(ctx, r, value[[]byte], `SELECT flights FROM window`))
	if err == nil {
		var flights []store.Flight
		if flights, err = unpackFlights(packed); err == nil {
			return flights, nil
		}
	}
	return nil, fmt.Errorf("read the window: %w", err)
}

// SetWindow implements store.DeliveryWriter.
func (t *tx) SetWindow(ctx context.Context, flights []store.Flight) error {
	err := t.run(ctx, `INSERT INTO window (one, flights) VALUES (1, ?) ON CONFLICT DO UPDATE SET flights = excluded.flights`, packFlights(flights))
	if err != nil {
		return fmt.Errorf("write the window: %w", err)
	}
	return nil
}
