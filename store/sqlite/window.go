package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/harkara/harkara/store"
)

// The window is one small row that should fit into one page, for it is written anew with each commit: per flight four numbers, each as
// its distance from the flight before, because neighbours are in flight together and carry the same post; per arrival two, under a
// heading for those of the same post.

func packFlights(flights []store.Flight) []byte {
	flights = slices.SortedFunc(slices.Values(flights), func(a, b store.Flight) int { return cmp.Compare(a.Chat, b.Chat) })
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

func packArrivals(arrivals []store.Arrival) []byte {
	arrivals = slices.SortedFunc(slices.Values(arrivals), func(a, b store.Arrival) int {
		return cmp.Or(cmp.Compare(a.Post, b.Post), cmp.Compare(a.Upto, b.Upto), cmp.Compare(a.Chat, b.Chat))
	})
	packed := make([]byte, 0, 4*len(arrivals))
	for len(arrivals) > 0 {
		heading, n := arrivals[0], 1
		for n < len(arrivals) && arrivals[n].Post == heading.Post && arrivals[n].Upto == heading.Upto {
			n++
		}
		for _, v := range []int64{heading.Post, heading.Upto, int64(n)} {
			packed = binary.AppendVarint(packed, v)
		}
		var chat, message int64
		for _, a := range arrivals[:n] {
			packed = binary.AppendVarint(packed, a.Chat-chat)
			photo := byte(0)
			if a.Photo {
				photo = 1
			}
			packed = append(binary.AppendVarint(packed, int64(a.Message)-message), photo)
			chat, message = a.Chat, int64(a.Message)
		}
		arrivals = arrivals[n:]
	}
	return packed
}

func unpackArrivals(packed []byte) (arrivals []store.Arrival, err error) {
	in := bytes.NewReader(packed)
	next := func() (v int64) {
		if err == nil {
			v, err = binary.ReadVarint(in)
		}
		return v
	}
	for in.Len() > 0 {
		var a store.Arrival
		a.Post, a.Upto = next(), next()
		for n := next(); n > 0 && err == nil; n-- {
			a.Chat, a.Message = a.Chat+next(), a.Message+int(next())
			photo, _ := in.ReadByte()
			a.Photo = photo == 1
			arrivals = append(arrivals, a)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: the window cannot be read", store.ErrDamaged)
		}
	}
	return arrivals, nil
}

// Messages of broadcasts have a column of their own: of each the broadcast and the chat.

func packBroadcasts(flights []store.Flight) []byte {
	var packed []byte // NULL while there is none
	var last store.Flight
	for _, f := range flights {
		packed = binary.AppendVarint(packed, f.Broadcast-last.Broadcast)
		packed = binary.AppendVarint(packed, f.Chat-last.Chat)
		last = f
	}
	return packed
}

func unpackBroadcasts(packed []byte) (flights []store.Flight, err error) {
	numbers, err := varints(packed)
	if err != nil || len(numbers)%2 != 0 {
		return nil, fmt.Errorf("%w: the window cannot be read", store.ErrDamaged)
	}
	var f store.Flight
	for i := 0; i < len(numbers); i += 2 {
		f.Broadcast += numbers[i]
		f.Chat += numbers[i+1]
		flights = append(flights, f)
	}
	return flights, nil
}

// Window implements store.DeliveryReader.
func (r reads) Window(ctx context.Context) (w store.Window, err error) {
	w, err = orZero(one(ctx, r, func(r row) (w store.Window, err error) {
		var flights, arrivals, broadcasts []byte
		if err = r.Scan(&flights, &arrivals, &broadcasts); err != nil {
			return w, err
		}
		if w.Flights, err = unpackFlights(flights); err != nil {
			return w, err
		}
		announcing, err := unpackBroadcasts(broadcasts)
		if err != nil {
			return w, err
		}
		w.Flights = append(w.Flights, announcing...)
		w.Arrivals, err = unpackArrivals(arrivals)
		return w, err
	}, `SELECT flights, arrivals, broadcasts FROM window`))
	if err != nil {
		return store.Window{}, fmt.Errorf("read the window: %w", err)
	}
	return w, nil
}

// SetWindow implements store.DeliveryWriter.
func (t *tx) SetWindow(ctx context.Context, w store.Window) error {
	var news, announcing []store.Flight
	for _, f := range w.Flights {
		if f.Broadcast != 0 {
			announcing = append(announcing, f)
		} else {
			news = append(news, f)
		}
	}
	err := t.run(ctx, `INSERT INTO window (one, flights, arrivals, broadcasts) VALUES (1, ?, ?, ?)
		ON CONFLICT DO UPDATE SET flights = excluded.flights, arrivals = excluded.arrivals, broadcasts = excluded.broadcasts`,
		packFlights(news), packArrivals(w.Arrivals), packBroadcasts(announcing))
	if err != nil {
		return fmt.Errorf("write the window: %w", err)
	}
	return nil
}
