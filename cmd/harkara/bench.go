package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/harkara/harkara/cmd/harkara/drill"
)

type benchCommand struct {
	Only    []string `placeholder:"NAME" help:"Run only these drills; --list names them."`
	Quick   bool     `help:"Run the short forms."`
	List    bool     `help:"List the drills and stop."`
	Folder  string   `placeholder:"FOLDER" help:"Where to make databases; default is the folder for temporary files. The disk it stands on decides some figures."`
	Verbose bool     `short:"v" help:"Tell how each drill fares."`
}

// Help is the long text of --help.
func (benchCommand) Help() string {
	var b strings.Builder
	b.WriteString("Tries what the program promises, against an emulated Telegram on this machine: counts must hold, figures have goals. " +
		"All together takes about an hour, with --quick two minutes; name single drills with --only. The status is 1 if a count does not hold; " +
		"a goal that is missed is marked, for it depends on the machine and what else runs on it.\n\nDrills:\n")
	for _, d := range drill.All() {
		fmt.Fprintf(&b, "\n  %-9s %s", d.Name, d.Help)
	}
	b.WriteString("\n\nExample: harkara bench --only kill,outage --quick")
	return b.String()
}

// Run runs the drills and prints what they found.
func (c benchCommand) Run(w world) error {
	if c.List {
		for _, d := range drill.All() {
			fmt.Fprintf(w.out, "%-9s %s\n", d.Name, d.Help)
		}
		return nil
	}
	chosen := drill.All()
	if len(c.Only) > 0 {
		chosen = chosen[:0]
		for _, name := range c.Only {
			d, ok := drill.Named(name)
			if !ok {
				return usageError{fmt.Errorf("there is no drill %q; harkara bench --list names them", name)}
			}
			chosen = append(chosen, d)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelInfo
	}
	settings := drill.Settings{
		Program: func(ctx context.Context) *exec.Cmd { return exec.CommandContext(ctx, self, "run") },
		Quick:   c.Quick, Folder: c.Folder, Log: w.logger(level),
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Fprintf(w.err, "%d processors, load average %s", runtime.NumCPU(), load)
	}
	broken := 0
	for _, d := range chosen {
		fmt.Fprintf(w.err, "%s: %s …\n", d.Name, d.Help)
		lines, err := d.Run(w.ctx, settings)
		if printed := drill.Print(w.out, lines); printed != nil {
			return fmt.Errorf("print the figures: %w", printed)
		}
		if err != nil {
			return err
		}
		for _, l := range lines {
			if !l.Told && !l.Holds && !l.Measured {
				broken++
			}
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d promise(s) did not hold", broken)
	}
	return nil
}
