package main

import (
	"fmt"
	"io"
	"os"

	"github.com/harkara/harkara/feeds"
)

type importCommand struct {
	databaseSetting
	File string `arg:"" help:"OPML file, or - for standard input. Folders are categories, leaves are feeds."`
}

// Run fills the catalogue.
func (c importCommand) Run(w world) error {
	var f faults
	path := c.path(&f)
	if err := f.err(); err != nil {
		return err
	}
	input, err := openInput(w, c.File)
	if err != nil {
		return err
	}
	defer input.Close()
	catalogue, err := feeds.ReadOPML(input)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	s, err := openStore(w.ctx, path, w.logger(0))
	if err != nil {
		return err
	}
	defer s.Close()
	done, err := feeds.Import(w.ctx, s, catalogue)
	if err != nil {
		return err
	}
	for _, doubt := range catalogue.Doubts() {
		fmt.Fprintln(w.err, "harkara: "+c.File+": "+doubt)
	}
	fmt.Fprintf(w.out, "%d categories and %d feeds are new or changed; the rest was known.\n", done.Categories, done.Feeds)
	return nil
}

type exportCommand struct {
	databaseSetting
}

// Run prints the catalogue.
func (c exportCommand) Run(w world) error {
	s, err := c.open(w)
	if err != nil {
		return err
	}
	defer s.Close()
	catalogue, err := feeds.Export(w.ctx, s)
	if err != nil {
		return err
	}
	return feeds.WriteOPML(w.out, catalogue)
}

// openInput opens a file, or standard input for "-".
func openInput(w world, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(w.in), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	return file, nil
}
