package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

type linkCommand struct {
	databaseSetting
	displaySettings
	Category string `required:"" help:"Name or slug of the category; “all” means every category."`
	Campaign string `help:"Name under which the link's starts are counted, such as the place it stands in."`
	Bot      string `help:"The bot's user name. Needed only before the bot has run for the first time."`
}

// userName is what Telegram takes as one: https://core.telegram.org/method/account.checkUsername.
var userName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

// Run makes the link and prints it with its HTML and its counts.
func (c linkCommand) Run(w world) error {
	var f faults
	path := c.path(&f)
	zone, region := c.displaySettings.read(&f)
	name := strings.TrimPrefix(c.Bot, "@")
	if name != "" && !userName.MatchString(name) {
		f.add("--bot: %q is not the user name of a bot; write it like harkara_bot, as @BotFather shows it after t.me/", c.Bot)
	}
	if err := f.err(); err != nil {
		return err
	}
	s, err := openKnown(w, path)
	if err != nil {
		return err
	}
	defer s.Close()
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

// findCategory finds a category by slug, name or English name, however they are spelt.
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
		if c.Slug == wanted || bengali.Fold(c.Name) == bengali.Fold(wanted) || c.NameEN != "" && strings.EqualFold(c.NameEN, wanted) {
			return c.ID, nil
		}
		known = append(known, c.Slug+" ("+c.Name+")")
	}
	if len(known) == 0 {
		return 0, usageError{errors.New("the catalogue is empty; fill it with harkara import FILE.opml")}
	}
	return 0, usageError{fmt.Errorf("there is no category %q; there are: %s", wanted, strings.Join(known, ", "))}
}
