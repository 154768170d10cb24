package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write the settings table of the README anew")

const (
	readme       = "../../README.md"
	settingsFrom = "<!-- settings: kept by TestTheReadmeListsEverySetting -->\n"
	settingsTo   = "<!-- end of settings -->"
)

func TestTheReadmeListsEverySetting(t *testing.T) {
	content, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(content), settingsFrom)
	table, after, ok2 := strings.Cut(rest, settingsTo)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the settings")
	}
	want := settingsTable(t)
	if table == want {
		return
	}
	if !*update {
		t.Fatalf("the README's settings differ from --help; run go test ./cmd/harkara -run Readme -update\nwant:\n%s", want)
	}
	if err := os.WriteFile(readme, []byte(before+settingsFrom+want+settingsTo+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// settingsTable lists the flags of harkara run as --help does.
func settingsTable(t *testing.T) string {
	t.Helper()
	parser, err := kong.New(&program{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| Variable | Flag | Default | |\n|---|---|---|---|\n")
	b.WriteString("| `HARKARA_TOKEN` | | | The bot's token, as @BotFather gives it. |\n")
	for _, node := range parser.Model.Children {
		if node.Name != "run" {
			continue
		}
		for _, f := range node.Flags {
			if f.Hidden || len(f.Envs) == 0 {
				continue
			}
			initial := ""
			if f.Default != "" {
				initial = "`" + f.Default + "`"
			}
			fmt.Fprintf(&b, "| `%s` | `--%s` | %s | %s |\n", f.Envs[0], f.Name, initial, f.Help)
		}
	}
	return b.String()
}
