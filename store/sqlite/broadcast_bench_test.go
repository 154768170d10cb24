package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/harkara/harkara/store"
)

// One commit of a broadcast: it settles the messages of the commit before and writes the window of the next ones. At 1,000 messages a second
// and a commit each 20 ms a batch is of 20; at 30 a second there is a commit for nearly each message. What is told is what is written to the log
// and copied back from it, together.
func BenchmarkBroadcastStep(b *testing.B) {
	for _, batch := range []int{1, 20, 100} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			s := openAt(b, filepath.Join(b.TempDir(), "harkara.db"))
			announcement := store.Broadcast{State: store.BroadcastRunning, CreatedAt: dawn, Audience: store.Audience{Kind: store.AudienceReaders}}
			write(b, s, func(tx store.Tx) error { return tx.SaveBroadcast(b.Context(), &announcement) })
			before, messages := written(b), 0
			for b.Loop() {
				write(b, s, func(tx store.Tx) error {
					step := store.BroadcastStep{Broadcast: announcement.ID, Cursor: int64(messages + 2*batch), At: dawn}
					var window []store.Flight
					for i := range batch {
						chat := int64(messages + i)
						step.Delivered = append(step.Delivered, store.Copy{Chat: chat, Messages: []int{1_000_000 + messages + i}})
						window = append(window, store.Flight{Chat: chat + int64(batch), Broadcast: announcement.ID})
					}
					if err := tx.StepBroadcast(b.Context(), step); err != nil {
						return err
					}
					return tx.SetWindow(b.Context(), store.Window{Flights: window})
				})
				messages += batch
			}
			b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(written(b)-before)/float64(messages), "B/message")
		})
	}
}
