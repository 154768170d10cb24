package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// role is what a person is at the editors' desk. A command names the least it takes in commandTable; what a button does asks
// allowed at its beginning, for buttons outlast roles.
type role int8

const (
	nobody role = iota
	viewer      // sees how things stand, and changes nothing
	editor      // changes all but who has a role
	owner
)

// roleOf tells the person's role. Who is an owner by the settings is one whatever the store says.
func (t *turn) roleOf(user int64) (role, error) {
	if slices.Contains(t.config.Owners, user) {
		return owner, nil
	}
	if t.shared.strangers[user] {
		return nobody, nil
	}
	e, err := t.tx.Editor(t.ctx, user)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nobody, fmt.Errorf("read the role of user %d: %w", user, err)
	}
	return max(role(slices.Index(kept, e.Role)), nobody), nil
}

// kept are the roles as the store has them.
var kept = []store.Role{nobody: "", viewer: store.Viewer, editor: store.EditorRole, owner: store.Owner}

// lacks tells what to say to the person of this turn if he has less than the role; nothing if he has it.
func (t *turn) lacks(need role) (message.Key, error) {
	if need == nobody {
		return "", nil
	}
	sender := t.update.Sender()
	if sender == nil {
		return message.AdminOnlyEditors, nil
	}
	have, err := t.roleOf(sender.ID)
	switch {
	case err != nil || have >= need:
		return "", err
	case need == owner:
		return message.AdminOnlyOwner, nil
	case have == viewer:
		return message.AdminViewerLooks, nil
	}
	return message.AdminOnlyEditors, nil
}

// allowed is lacks for a press: it answers the person who may not, and reports whether he may. What belongs to the desk has its buttons in
// private chats, but for the cards of articles that wait for approval; anywhere else they are forged, and would show the desk to everybody.
func (t *turn) allowed(need role) (bool, error) {
	if !t.private() && t.press.Action != button.Approval {
		return false, t.refuse(message.ButtonNone)
	}
	refusal, err := t.lacks(need)
	if err != nil || refusal == "" {
		return err == nil, err
	}
	p, err := t.printer()
	t.alert(p.Say(refusal))
	return false, err
}

// audiences are whose commands people with a role are shown.
var audiences = map[role]message.Audience{
	nobody: message.Readers, viewer: message.Viewers, editor: message.Editors, owner: message.Owners,
}

// audience is whose commands a person is shown.
func (t *turn) audience(user int64) (message.Audience, error) {
	have, err := t.roleOf(user)
	if err != nil || have > nobody {
		return audiences[have], err
	}
	chats, err := t.tx.ManagedChats(t.ctx, user)
	if err != nil {
		return "", fmt.Errorf("read the chats user %d manages: %w", user, err)
	}
	if len(chats) > 0 {
		return message.ChannelAdmins, nil
	}
	return message.Readers, nil
}

// invitation is what a claim link gives to the first who opens it.
type invitation struct {
	Role    store.Role `json:"role"`
	Expires time.Time  `json:"expires"`
}

const (
	payloadClaim = "claim_"
	// claimSetting and a code are the key under which an invitation is kept.
	claimSetting = "claim."
	// inviteTime is how long an editor's invitation is good.
	inviteTime = 24 * time.Hour
	// ownerInviteTime is how long the operator has to open the link of the log; each start makes another.
	ownerInviteTime = 7 * 24 * time.Hour
	// ownerCodeSetting holds the code of the operator's link.
	ownerCodeSetting = "claim-owner"
)

// OwnerClaim returns the start parameter that makes the first person who opens it the owner, or "" when the bot has an
// owner. A parameter of an earlier call is good no more. It is meant for the operator's log.
func (b *Bot) OwnerClaim(ctx context.Context) (string, error) {
	if len(b.config.Owners) > 0 {
		return "", nil
	}
	code := ""
	err := b.store.Write(ctx, func(tx store.Tx) error {
		editors, err := tx.Editors(ctx)
		if err != nil {
			return fmt.Errorf("read the editors: %w", err)
		}
		if slices.ContainsFunc(editors, func(e store.Editor) bool { return e.Role == store.Owner }) {
			return nil
		}
		old, err := tx.Setting(ctx, ownerCodeSetting)
		if err != nil {
			return fmt.Errorf("read the last claim: %w", err)
		}
		if old != "" {
			if err := tx.SetSetting(ctx, claimSetting+old, ""); err != nil {
				return fmt.Errorf("end the last claim: %w", err)
			}
		}
		if code, err = invite(ctx, tx, store.Owner, b.config.Now().Add(ownerInviteTime)); err != nil {
			return err
		}
		return tx.SetSetting(ctx, ownerCodeSetting, code)
	})
	if err != nil || code == "" {
		return "", err
	}
	return payloadClaim + code, nil
}

// invite keeps a new invitation and returns its code.
func invite(ctx context.Context, tx store.Tx, role store.Role, expires time.Time) (string, error) {
	code := rand.Text()
	value, err := json.Marshal(invitation{Role: role, Expires: expires})
	if err != nil {
		return "", fmt.Errorf("write an invitation: %w", err)
	}
	if err := tx.SetSetting(ctx, claimSetting+code, string(value)); err != nil {
		return "", fmt.Errorf("keep an invitation: %w", err)
	}
	return code, nil
}

// claim gives the person the role of an invitation, once.
func (t *turn) claim() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	person := t.update.Sender()
	code := strings.TrimPrefix(t.rest, payloadClaim)
	if code == "" {
		t.say(p.Say(message.ErrClaimUsage))
		return nil
	}
	have, err := t.roleOf(person.ID)
	if err != nil {
		return err
	}
	if have == owner {
		t.say(p.Say(message.OwnerSelf))
		return nil
	}
	offer, err := t.invitation(code)
	if err != nil {
		return err
	}
	if offer != nil && have > nobody && offer.Role == store.Viewer {
		t.say(p.Say(message.EditorsHave, "role", roleName(p, kept[have])))
		return nil
	}
	if offer == nil {
		t.say(p.Say(message.OwnerWrong))
		return nil
	}
	if err := t.tx.SetSetting(t.ctx, claimSetting+code, ""); err != nil {
		return fmt.Errorf("end an invitation: %w", err)
	}
	err = t.tx.SaveEditor(t.ctx, store.Editor{User: person.ID, Name: nameOf(person), Role: offer.Role, Since: t.now})
	if err != nil {
		return fmt.Errorf("give user %d a role: %w", person.ID, err)
	}
	t.shared.befriend(person.ID)
	if err := t.record(store.RoleClaimed, "", string(offer.Role)); err != nil {
		return err
	}
	if _, known, err := t.place(); err != nil {
		return err
	} else if !known { // who comes by the link has pressed Start like any reader
		t.rest = ""
		if err := t.join(nil); err != nil {
			return err
		}
	}
	t.say(p.Say(welcomes[offer.Role]))
	return t.refreshMenu(person.ID)
}

// invitation finds what a code offers; nil if nothing, or nothing any more.
func (t *turn) invitation(code string) (*invitation, error) {
	if len(code) > maxPayload {
		return nil, nil
	}
	value, err := t.tx.Setting(t.ctx, claimSetting+code)
	if err != nil {
		return nil, fmt.Errorf("read an invitation: %w", err)
	}
	if value == "" {
		return nil, nil
	}
	var offer invitation
	if err := json.Unmarshal([]byte(value), &offer); err != nil {
		return nil, fmt.Errorf("read an invitation: %w", err)
	}
	if t.now.After(offer.Expires) {
		return nil, nil
	}
	if offer.Role != store.Owner {
		return &offer, nil
	}
	// The operator's link is for a bot without an owner only.
	editors, err := t.tx.Editors(t.ctx)
	if err != nil {
		return nil, fmt.Errorf("read the editors: %w", err)
	}
	if len(t.config.Owners) > 0 || slices.ContainsFunc(editors, func(e store.Editor) bool { return e.Role == store.Owner }) {
		return nil, nil
	}
	return &offer, nil
}

// nameOf is what a person is called.
func nameOf(u *telegram.User) string {
	if name := strings.TrimSpace(u.FirstName + " " + u.LastName); name != "" {
		return name
	}
	return u.Username
}
