package main

import (
	"fmt"
)

type backupCommand struct {
	databaseSetting
	File string `arg:"" help:"File to make; there must be none of that name yet."`
}

// Run copies the database while the bot goes on.
func (c backupCommand) Run(w world) error {
	s, err := c.open(w)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Backup(w.ctx, c.File); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s holds all that the database held just now.\n", c.File)
	return nil
}
