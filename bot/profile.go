package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// nameSetting is where the bot's user name is kept, so that links and group commands work before Telegram can be reached.
const nameSetting = "bot.name"

// learnName asks Telegram who we are.
func (b *Bot) learnName(ctx context.Context) error {
	me, err := b.client.GetMe(ctx)
	if err != nil {
		return fmt.Errorf("ask who we are: %w", err)
	}
	if me.Username == b.Name() {
		return nil
	}
	b.name.Store(&me.Username)
	err = b.store.Write(ctx, func(tx store.Tx) error { return tx.SetSetting(ctx, nameSetting, me.Username) })
	if err != nil {
		return fmt.Errorf("keep the bot's name: %w", err)
	}
	return nil
}

// firstNameWait is how long a bot that was never told its name waits for it before it answers anybody.
const firstNameWait = 5 * time.Second

// learnNameFirst lets a new bot know its name before the first reader asks for a link. If it cannot be learnt now, [Bot.keepProfile] tells.
func (b *Bot) learnNameFirst(ctx context.Context) {
	if b.Name() != "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, firstNameWait)
	defer cancel()
	_ = b.learnName(ctx)
}

const (
	// profileRetry is the first pause after the profile could not be set; it doubles up to profileRest.
	profileRetry = 5 * time.Second
	profileRest  = 10 * time.Minute
)

// keepProfile learns our name and sets menus, name and descriptions, trying until it is done. What the server does not
// know is done without.
func (b *Bot) keepProfile(ctx context.Context) {
	todo := profileRequests(b.config.Zone, b.config.Region)
	pause := profileRetry
	named := false
	for ctx.Err() == nil {
		var err error
		if !named {
			err = b.learnName(ctx)
			named = err == nil
		}
		for err == nil && len(todo) > 0 {
			_, err = b.client.Do(ctx, todo[0])
			if kind := telegram.KindOf(err); err == nil || !kind.Transient() && !kind.Operator() {
				if err != nil && kind != telegram.KindUnknownMethod && kind != telegram.KindNotModified {
					b.config.Log.Warn("a part of the bot's profile was refused", "method", todo[0].Method, "err", err)
				}
				todo, err = todo[1:], nil
			}
		}
		if err == nil {
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause = min(2*pause, profileRest)
	}
}

// profileRequests are the calls that introduce the bot: in Bengali to everybody, in English to those whose app is
// in English, and with the rights that posting takes.
func profileRequests(zone *time.Location, region message.Region) []telegram.Request {
	bn := message.New(message.Bengali, zone, region)
	scopes := []struct {
		scope    telegram.Scope
		audience message.Audience
	}{
		{telegram.Scope{}, message.Everyone},
		{telegram.AllPrivateChats, message.Readers},
		{telegram.AllGroups, message.Groups},
		{telegram.AllGroupAdmins, message.GroupAdmins},
	}
	var calls []telegram.Request
	for _, code := range []string{"", "en"} {
		p := bn
		if code == "en" {
			p = bn.With(message.English)
		}
		for _, s := range scopes {
			calls = append(calls, telegram.SetCommands(s.scope, code, commandsOf(p, s.audience)))
		}
		profile := p.Profile()
		calls = append(calls, telegram.SetName(profile.Name, code), telegram.SetDescription(profile.Description, code),
			telegram.SetShortDescription(profile.About, code))
	}
	return append(calls, telegram.SetDefaultRights(channelRights, true), telegram.SetDefaultRights(groupRights, false))
}

func commandsOf(p message.Printer, audience message.Audience) []telegram.Command {
	var list []telegram.Command
	for _, c := range p.Commands(audience) {
		list = append(list, telegram.Command{Name: c.Name, Description: c.Description})
	}
	return list
}

// KnownName is the bot's user name as the bot learnt it when it last ran, or "".
func KnownName(ctx context.Context, r store.Reader) (string, error) {
	name, err := r.Setting(ctx, nameSetting)
	if err != nil {
		return "", fmt.Errorf("read the bot's name: %w", err)
	}
	return name, nil
}
