package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"

	"github.com/harkara/harkara/cmd/harkara/drill"
)

// asProgram makes the test's own binary the program, for drills that run it as a process that can be killed.
const asProgram = "HARKARA_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestDrills runs the short forms. What depends on the machine, such as rates, is not judged here.
func TestDrills(t *testing.T) {
	if testing.Short() {
		t.Skip("drills take a minute")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range drill.All() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			lines, err := d.Run(t.Context(), drill.Settings{
				Program: func(ctx context.Context) *exec.Cmd {
					c := exec.CommandContext(ctx, self, "run")
					c.Env = []string{asProgram + "=1"}
					return c
				},
				Quick: true, Folder: t.TempDir(), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) == 0 {
				t.Error("the drill found nothing")
			}
			for _, l := range lines {
				text := fmt.Sprintf("%s: %s, goal %s", l.What, l.Figure, l.Goal)
				if l.Holds || l.Told || l.Measured {
					t.Log(text)
				} else {
					t.Error(text)
				}
			}
		})
	}
}
