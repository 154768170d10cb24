package drill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A Drill is one thing that may go wrong, tried out.
type Drill struct {
	// Name chooses it on the command line.
	Name string
	// Help says in a line what happens.
	Help string
	run  func(context.Context, *field) error
}

// All are the drills in the order in which they are run.
func All() []Drill {
	return []Drill{
		{"kill", "random SIGKILLs while messages leave and updates arrive", killDrill},
		{"broadcast", "random SIGKILLs while an announcement goes to 50,000, and one made ready for a million", broadcastDrill},
		{"outage", "Telegram is away for six hours in which 300 articles come", outageDrill},
		{"feeds", "all feeds are away for six hours and then bring everything at once", feedsDrill},
		{"flaky", "Telegram answers with errors, resets, refusals and delays", flakyDrill},
		{"storm", "new readers press Start as fast as polling gives them", stormDrill},
		{"damage", "the disk is full, the database cannot be written, the clock goes back an hour", damageDrill},
		{"rate", "a broadcast at 30/s, at 1000/s and without limit", rateDrill},
		{"latency", "from the publisher to the reader, and from a question to its answer during a broadcast", latencyDrill},
		{"scale", "an article for a million chats", scaleDrill},
		{"scale10m", "an article for ten million chats", scale10mDrill},
	}
}

// Named returns the drill of that name.
func Named(name string) (Drill, bool) {
	all := All()
	i := slices.IndexFunc(all, func(d Drill) bool { return d.Name == name })
	if i < 0 {
		return Drill{}, false
	}
	return all[i], true
}

// Settings are what all drills need.
type Settings struct {
	// Program makes the command that runs the bot as `harkara run` does. Its environment is what the
	// command needs of its own; the settings of the bot are added.
	Program func(context.Context) *exec.Cmd
	// Quick chooses the short forms.
	Quick bool
	// Folder is where databases are made; empty means the system's folder for temporary files.
	Folder string
	// Log hears how a drill fares.
	Log *slog.Logger
}

// Run runs the drill and returns what it found. The error says that the drill itself could not be carried through.
func (d Drill) Run(ctx context.Context, s Settings) (_ []Line, err error) {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	folder, err := os.MkdirTemp(s.Folder, "harkara-drill-")
	if err != nil {
		return nil, fmt.Errorf("drill %s: %w", d.Name, err)
	}
	f := &field{Settings: s, drill: d.Name, folder: folder}
	defer func() {
		f.tidy()
		err = errors.Join(err, os.RemoveAll(folder))
	}()
	if err := d.run(ctx, f); err != nil {
		return f.lines, fmt.Errorf("drill %s: %w", d.Name, err)
	}
	return f.lines, nil
}

// A Line is one figure of a drill.
type Line struct {
	Drill, What, Goal, Figure string
	// Holds says that the goal was met.
	Holds bool
	// Measured marks figures that depend on the machine: times, rates, sizes. The others are counts that
	// hold on every machine.
	Measured bool
	// Told marks figures without a goal.
	Told bool
}

// Verdict is the line's last word.
func (l Line) Verdict() string {
	switch {
	case l.Told:
		return "-"
	case l.Holds:
		return "holds"
	case l.Measured:
		return "MISSED"
	}
	return "BROKEN"
}

// Print writes lines as a table.
func Print(w io.Writer, lines []Line) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DRILL\tWHAT\tGOAL\tFIGURE\tVERDICT") //nolint:errcheck // Flush tells
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Drill, l.What, l.Goal, l.Figure, l.Verdict()) //nolint:errcheck // Flush tells
	}
	return table.Flush()
}

// field is where one drill takes place.
type field struct {
	Settings
	drill  string
	folder string
	lines  []Line
	undo   []func()
	worlds int
}

// onTidy is called when the drill ends, the last one first.
func (f *field) onTidy(undo func()) { f.undo = append(f.undo, undo) }

func (f *field) tidy() {
	for _, undo := range slices.Backward(f.undo) {
		undo()
	}
	f.undo = nil
}

func (f *field) say(step string, args ...any) { f.Log.Info(f.drill+": "+step, args...) }

func (f *field) add(l Line) {
	l.Drill = f.drill
	f.lines = append(f.lines, l)
	f.Log.Debug("figure", "drill", l.Drill, "what", l.What, "figure", l.Figure, "verdict", l.Verdict())
}

// none reports a count that must be zero, with an example if it is not.
func (f *field) none(what string, n int, examples ...string) {
	figure := fmt.Sprint(n)
	if n > 0 && len(examples) > 0 {
		figure += " (" + strings.Join(examples[:min(len(examples), 2)], "; ") + ")"
	}
	f.add(Line{What: what, Goal: "0", Figure: figure, Holds: n == 0})
}

// holds reports a promise that holds or does not.
func (f *field) holds(what, goal string, holds bool, figure any) {
	f.add(Line{What: what, Goal: goal, Figure: fmt.Sprint(figure), Holds: holds})
}

// most reports a measured figure that has an upper bound.
func (f *field) most(what string, goal, figure float64, unit string) {
	f.add(Line{What: what, Goal: "≤ " + number(goal) + unit, Figure: number(figure) + unit, Holds: figure <= goal, Measured: true})
}

// least reports a measured figure that has a lower bound.
func (f *field) least(what string, goal, figure float64, unit string) {
	f.add(Line{What: what, Goal: "≥ " + number(goal) + unit, Figure: number(figure) + unit, Holds: figure >= goal, Measured: true})
}

// tell reports a figure without a goal.
func (f *field) tell(what string, figure any) {
	f.add(Line{What: what, Figure: fmt.Sprint(figure), Told: true, Goal: ""})
}

func number(v float64) string {
	switch {
	case v == float64(int64(v)), v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// until waits for a condition, looking often, and returns an error when it does not come true in time.
func until(ctx context.Context, patience time.Duration, what string, ready func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !ready() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until %s: %w", what, ctx.Err())
		case <-look.C:
		}
	}
	return nil
}

// rest lets time pass.
func rest(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
