package sqlite_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/harkara/harkara/store"
)

func TestAWindowOfAnEarlierProgramIsRead(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "harkara.db"))
	// Four numbers a flight, each as its distance from the flight before.
	if err := s.Pragma(t.Context(), `INSERT INTO window (one, flights) VALUES (1, x'0000001806120e17')`); err != nil {
		t.Fatal(err)
	}
	w, err := s.Window(t.Context())
	if want := []store.Flight{{Answer: 12}, {Chat: 3, Post: 9, Upto: 7}}; err != nil || !slices.Equal(w.Flights, want) {
		t.Errorf("got %v, %v; want %v", w.Flights, err, want)
	}
}
