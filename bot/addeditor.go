package bot

import (
	"errors"
	"fmt"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// adding is what an owner has begun: for a while a forwarded message of somebody means that this person is to get a role.
type adding struct {
	Until time.Time `json:"until"`
	// User and Name are the person shown to us last.
	User int64  `json:"user,omitempty"`
	Name string `json:"name,omitempty"`
}

const (
	// addingTime is how long forwarded messages are taken so.
	addingTime = 15 * time.Minute
	// pickPerson is the number of our request for a person.
	pickPerson = 1
)

func (t *turn) setAdding(a adding) error {
	a.Until = t.now.Add(addingTime)
	return t.keepBegun(addingBegun, t.update.Sender().ID, a)
}

// pressAddEditor says how somebody is added, and opens the ways.
func (t *turn) pressAddEditor() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if !t.private() {
		return t.refuse(message.ErrPrivateOnly)
	}
	if err := t.setAdding(adding{}); err != nil {
		return err
	}
	m := p.Say(message.EditorsAddHow)
	m.Buttons = [][]message.Button{
		press1(p.Text(message.EditorsInviteButton, "role", roleName(p, store.EditorRole)), button.Of(button.Invite, int64(editor))),
		press1(p.Text(message.EditorsInviteButton, "role", roleName(p, store.Viewer)), button.Of(button.Invite, int64(viewer))),
		press1(p.Text(message.NavBack), button.Of(button.Editors)),
	}
	t.show(m)
	t.owe(telegram.Send(telegram.Outgoing{ChatID: t.update.ChatID(), Text: p.Say(message.EditorsPick).HTML, Keyboard: telegram.ReplyKeyboard{
		Rows: [][]telegram.Key{{{Text: p.Text(message.EditorsPickButton), RequestUsers: &telegram.RequestUsers{
			ID: pickPerson, Bots: new(false), Most: 1, Names: true,
		}}}, {{Text: p.Text(message.NavCancel)}}}, Resize: true, OneTime: true,
	}}))
	return nil
}

// pressInvite makes a link by which one person becomes an editor or viewer.
func (t *turn) pressInvite() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	wanted := role(t.press.Number(0))
	if wanted != editor && wanted != viewer {
		return t.pressedOld()
	}
	if t.Name() == "" {
		t.alert(p.Say(message.ErrGeneric))
		return nil
	}
	code, err := invite(t.ctx, t.tx, kept[wanted], t.now.Add(inviteTime))
	if err != nil {
		return err
	}
	t.say(p.Say(message.EditorsInvite, "role", roleName(p, kept[wanted]), "url", message.Whole(startURL(t.Name(), payloadClaim+code))))
	return t.record(store.RoleInvited, "", string(kept[wanted]))
}

// personShown takes a message by which an owner shows us somebody: a person picked, a contact, or, while he is adding, a forwarded
// message. It reports whether the message was one.
func (t *turn) personShown(m *telegram.Message) (shown bool, err error) {
	origin := m.ForwardOrigin
	forwarded := origin != nil && (origin.Type == "user" || origin.Type == "hidden_user")
	if m.UsersShared == nil && m.Contact == nil && !forwarded {
		return false, nil
	}
	if have, err := t.roleOf(m.From.ID); err != nil || have != owner {
		return false, err
	}
	if forwarded && m.Contact == nil {
		if a, err := t.adding(); err != nil || a.Until.IsZero() {
			return false, err
		}
	}
	p, err := t.printer()
	if err != nil {
		return true, err
	}
	var who telegram.User
	switch {
	case m.UsersShared != nil && len(m.UsersShared.Users) > 0:
		u := m.UsersShared.Users[0]
		who = telegram.User{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, Username: u.Username}
	case m.Contact != nil:
		who = telegram.User{ID: m.Contact.UserID, FirstName: m.Contact.FirstName, LastName: m.Contact.LastName}
	case origin.Sender != nil:
		who = *origin.Sender
	}
	switch {
	case who.ID == 0 && forwarded:
		t.say(p.Say(message.EditorsHidden, "name", origin.SenderName))
		return true, nil
	case who.ID == 0:
		t.say(p.Say(message.EditorsNoAccount, "name", nameOf(&who)))
		return true, nil
	case who.IsBot || !isPerson(&who):
		t.say(p.Say(message.EditorsBot))
		return true, nil
	}
	a := adding{User: who.ID, Name: bengali.Truncate(nameOf(&who), maxTitle)}
	if err := t.setAdding(a); err != nil {
		return true, err
	}
	e, err := t.someone(who.ID)
	if err != nil {
		return true, err
	}
	screen, err := t.editorScreen(e)
	if err != nil {
		return true, err
	}
	if _, err := t.tx.Chat(t.ctx, who.ID); errors.Is(err, store.ErrNotFound) && t.Name() != "" {
		screen.HTML += "\n\n" + string(p.HTML(message.EditorsNotStarted, "name", editorName(p, e), "url", message.Whole("https://t.me/"+t.Name())))
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, fmt.Errorf("read chat %d: %w", who.ID, err)
	}
	t.say(screen)
	return true, nil
}
