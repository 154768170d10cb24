package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

type linkCommand struct {
	databaseSetting
	displaySettings
	Category string `required:"" help:"Name or slug of the category; “all” means every category."`
	Campaign string `help:"Name under which the link's starts are counted, such as the place it stands in."`
	Bot      string `help:"The bot's user name. Needed only before the bot has run for the first time."`
}

// Run makes the link and prints it with its HTML and its counts.
func (c linkCommand) Run(w world) error {
	var f faults
	path := c.path(&f)
	zone, region := c.displaySettings.read(&f)
	if err := f.err(); err != nil {
		return err
	}
	s, err := openStore(w.ctx, path, w.logger(0))
	if err != nil {
		return err
	}
	defer s.Close()
	name := strings.TrimPrefix(c.Bot, "@")
	if name == "" {
		if name, err = bot.KnownName(w.ctx, s); err != nil {
			return err
		}
	}
	if name == "" {
		return usageError{errors.New("the bot has not run yet, so its user name is not known; give it with --bot")}
	}
	category, err := findCategory(w.ctx, s, c.Category)
	if err != nil {
		return err
	}
	var link store.Link
	err = s.Write(w.ctx, func(tx store.Tx) (err error) {
		link, err = bot.MakeLink(w.ctx, tx, category, c.Campaign, 0, time.Now().UTC())
		return err
	})
	if err != nil {
		return fmt.Errorf("make the link: %w", err)
	}
	address := delivery.SubscribeURL(name, link.Code)
	fmt.Fprintf(w.out, "%s\n\n%s\n\nstarts: %d, new subscribers: %d\n",
		address, message.New(message.Bengali, zone, region).Snippet(address), link.Starts, link.Subscribers)
	return nil
}

// findCategory finds a category by slug, name or English name.
func findCategory(ctx context.Context, r store.Reader, wanted string) (int64, error) {
	if wanted == "all" || wanted == "সব" {
		return store.Everything, nil
	}
	categories, err := r.Categories(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the categories: %w", err)
	}
	var known []string
	for _, c := range categories {
		if c.Slug == wanted || c.Name == wanted || c.NameEN == wanted {
			return c.ID, nil
		}
		known = append(known, c.Slug+" ("+c.Name+")")
	}
	if len(known) == 0 {
		return 0, usageError{errors.New("the catalogue is empty; fill it with harkara import FILE.opml")}
	}
	return 0, usageError{fmt.Errorf("there is no category %q; there are: %s", wanted, strings.Join(known, ", "))}
}
