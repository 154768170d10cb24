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

// The window is one small row that should fit into one page, for it is written anew with each commit: what is under way is listed per post
// and bookmark, what has arrived too, and a chat is its distance from the one before, because neighbours are in flight together.

// packedByPost begins flights listed per post. Older programs began with the number of a chat, which is never negative, and wrote four
// numbers a flight, each as its distance from the flight before.
const packedByPost = -1

func packFlights(flights []store.Flight) []byte {
	if len(flights) == 0 {
		return []byte{}
	}
	flights = slices.SortedFunc(slices.Values(flights), func(a, b store.Flight) int {
		return cmp.Or(cmp.Compare(a.Post, b.Post), cmp.Compare(a.Upto, b.Upto), cmp.Compare(a.Answer, b.Answer), cmp.Compare(a.Chat, b.Chat))
	})
	packed := binary.AppendVarint(make([]byte, 0, 16+2*len(flights)), packedByPost)
	var last store.Flight
	for len(flights) > 0 {
		heading, n := flights[0], 1
		for n < len(flights) && flights[n].Post == heading.Post && flights[n].Upto == heading.Upto && flights[n].Answer == heading.Answer {
			n++
		}
		for _, v := range []int64{heading.Post - last.Post, heading.Upto - last.Upto, heading.Answer - last.Answer, int64(n)} {
			packed = binary.AppendVarint(packed, v)
		}
		for _, f := range flights[:n] {
			packed = binary.AppendVarint(packed, f.Chat-last.Chat)
			last = f
		}
		flights = flights[n:]
	}
	return packed
}

func unpackFlights(packed []byte) (flights []store.Flight, err error) {
	if len(packed) == 0 {
		return nil, nil
	}
	numbers, err := varints(packed)
	if err != nil {
		return nil, fmt.Errorf("%w: the window cannot be read", store.ErrDamaged)
	}
	var f store.Flight
	if numbers[0] != packedByPost {
		for ; len(numbers) >= 4; numbers = numbers[4:] {
			f = store.Flight{Chat: f.Chat + numbers[0], Post: f.Post + numbers[1], Upto: f.Upto + numbers[2], Answer: f.Answer + numbers[3]}
			flights = append(flights, f)
		}
	} else {
		for numbers = numbers[1:]; len(numbers) >= 4 && numbers[3] >= 0 && numbers[3] <= int64(len(numbers)-4); {
			n := 4 + numbers[3]
			f.Post, f.Upto, f.Answer = f.Post+numbers[0], f.Upto+numbers[1], f.Answer+numbers[2]
			for _, step := range numbers[4:n] {
				f.Chat += step
				flights = append(flights, f)
			}
			numbers = numbers[n:]
		}
	}
	if len(numbers) > 0 {
		return nil, fmt.Errorf("%w: the window cannot be read", store.ErrDamaged)
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
			packed = append(binary.AppendVarint(packed, int64(a.Message)-message), marksOf(a))
			chat, message = a.Chat, int64(a.Message)
		}
		arrivals = arrivals[n:]
	}
	return packed
}

// Marks of an arrival.
const (
	arrivedPhoto = 1 << iota
	arrivedAgain
	arrivedBreaking
)

func marksOf(a store.Arrival) (marks byte) {
	if a.Photo {
		marks |= arrivedPhoto
	}
	if a.Again {
		marks |= arrivedAgain
	}
	if a.Breaking {
		marks |= arrivedBreaking
	}
	return marks
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
			marks, _ := in.ReadByte()
			a.Photo, a.Again, a.Breaking = marks&arrivedPhoto != 0, marks&arrivedAgain != 0, marks&arrivedBreaking != 0
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
