package main

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
)

type doctorCommand struct {
	settings
}

// doctorTimeout bounds all of it.
const doctorTimeout = 2 * time.Minute

// Run tells in plain words whether the bot works. The exit status is 1 when something is wrong.
func (c doctorCommand) Run(w world) error {
	config, err := c.validate(w.getenv)
	if err != nil {
		return err
	}
	s, err := openKnown(w, config.database)
	if err != nil {
		return err
	}
	defer s.Close()
	client, err := telegram.New(config.token, telegram.Options{BaseURL: config.api})
	if err != nil {
		return usageError{fmt.Errorf("HARKARA_API: %w", err)}
	}
	ctx, cancel := context.WithTimeout(w.ctx, doctorTimeout)
	defer cancel()
	look := bot.Checkup{Store: s, Client: client, Now: time.Now().UTC(), Whole: true}
	findings, err := look.Run(ctx)
	if err != nil {
		return err
	}
	ill := 0
	p := message.New(message.English, config.zone, config.region)
	for _, f := range findings {
		mark := "ok    "
		if f.Ill {
			mark = "WRONG "
			ill++
		}
		if f.Detail {
			mark += "  "
		}
		fmt.Fprintln(w.out, mark+f.Text(p))
	}
	if ill > 0 {
		return fmt.Errorf("%d thing(s) need attention: %w", ill, errUnwell)
	}
	return nil
}
