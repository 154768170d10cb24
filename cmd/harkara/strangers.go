package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// ourVariables is what the names of our settings begin with.
const ourVariables = "HARKARA_"

// forTests are variables that mean something to our tests alone.
var forTests = []string{"HARKARA_TEST_", "HARKARA_BENCH_", "HARKARA_SCREENSHOT"}

// strangers tells of variables that look like settings and are none: misspelt, most likely, and so without effect. They are no faults,
// for some surroundings set variables of their own by the name of a program.
func strangers(app *kong.Application, environ []string) (told []string) {
	known := []string{"HARKARA_TOKEN"}
	for _, command := range app.Children {
		for _, f := range command.Flags {
			known = append(known, f.Envs...)
		}
	}
	for _, variable := range environ {
		name, _, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, ourVariables) || slices.Contains(known, name) ||
			slices.ContainsFunc(forTests, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			continue
		}
		sentence := name + " is not a setting and has no effect"
		if meant, ok := nearest(strings.TrimPrefix(name, ourVariables), trimmed(known)); ok {
			sentence += "; did you mean " + ourVariables + meant + "?"
		}
		told = append(told, sentence)
	}
	slices.Sort(told)
	return told
}

// trimmed are the names without what they all begin with.
func trimmed(names []string) []string {
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = strings.TrimPrefix(name, ourVariables)
	}
	return short
}
