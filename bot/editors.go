package bot

import (
	"errors"
	"fmt"
	"slices"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// maxListed bounds what is listed in one message.
const maxListed = 40

var (
	roleNames = map[store.Role]message.Key{
		store.Owner: message.EditorsOwner, store.EditorRole: message.EditorsEditor, store.Viewer: message.EditorsViewer,
	}
	// welcomes tell people that they have been given a role.
	welcomes = map[store.Role]message.Key{
		store.Owner: message.OwnerClaimed, store.EditorRole: message.EditorsJoined, store.Viewer: message.EditorsJoinedViewer,
	}
)

func roleName(p message.Printer, r store.Role) string { return p.Text(roleNames[r]) }

// listEditors shows owners who has a role; behind each name is what can be done about it.
func (t *turn) listEditors() error {
	return t.sayScreen(t.editorsScreen())
}

func (t *turn) pressEditors() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	if err := t.endBegun(addingBegun, t.update.Sender().ID); err != nil { // whatever was begun is left
		return err
	}
	return t.showEditors()
}

func (t *turn) showEditors() error {
	return t.showScreen(t.editorsScreen())
}

func (t *turn) editorsScreen() (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	editors, err := t.editors()
	if err != nil {
		return message.Message{}, err
	}
	m := p.Say(message.EditorsHead)
	for _, e := range editors[:min(len(editors), maxListed)] {
		m.HTML += "\n" + string(p.HTML(message.EditorsLine, "name", editorName(p, e), "role", roleName(p, e.Role)))
		m.Buttons = append(m.Buttons, press1(editorName(p, e), button.Of(button.Editor, e.User)))
	}
	m.Buttons = append(m.Buttons, press1(p.Text(message.EditorsAddButton), button.Of(button.AddEditor)))
	return m, nil
}

// editors lists everybody with a role, those who have it by the settings alone included.
func (t *turn) editors() ([]store.Editor, error) {
	editors, err := t.tx.Editors(t.ctx)
	if err != nil {
		return nil, fmt.Errorf("read the editors: %w", err)
	}
	for i, user := range t.config.Owners {
		if !slices.ContainsFunc(editors, func(e store.Editor) bool { return e.User == user && e.Role == store.Owner }) {
			editors = slices.DeleteFunc(editors, func(e store.Editor) bool { return e.User == user })
			editors = slices.Insert(editors, min(i, len(editors)), store.Editor{User: user, Role: store.Owner})
		}
	}
	for i, e := range editors {
		if e.Name != "" {
			continue
		}
		chat, err := t.tx.Chat(t.ctx, e.User)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("read chat %d: %w", e.User, err)
		}
		editors[i].Name = chat.Title
		if sender := t.update.Sender(); chat.Title == "" && sender != nil && sender.ID == e.User {
			editors[i].Name = nameOf(sender)
		}
	}
	return editors, nil
}

// editorName is what an editor is called; one whom nobody has named yet, by the number.
func editorName(p message.Printer, e store.Editor) string {
	if e.Name != "" {
		return e.Name
	}
	return p.Text(message.EditorsNameless, "id", p.Digits(fmt.Sprint(e.User)))
}

// someone finds a person with a role, or one who has just been shown to us to be given one (Role is empty then).
func (t *turn) someone(user int64) (store.Editor, error) {
	editors, err := t.editors()
	if err != nil {
		return store.Editor{}, err
	}
	if i := slices.IndexFunc(editors, func(e store.Editor) bool { return e.User == user }); i >= 0 {
		return editors[i], nil
	}
	a, err := t.adding()
	if err != nil || a.User != user || user == 0 {
		return store.Editor{}, errors.Join(err, store.ErrNotFound)
	}
	return store.Editor{User: user, Name: a.Name}, nil
}

// pressEditor shows one person.
func (t *turn) pressEditor() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	e, err := t.someone(t.press.Number(0))
	if errors.Is(err, store.ErrNotFound) {
		return t.showEditors()
	}
	if err != nil {
		return err
	}
	return t.showScreen(t.editorScreen(e))
}

// editorScreen shows what role a person has, with the others to give.
func (t *turn) editorScreen(e store.Editor) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	name := editorName(p, e)
	m := p.Say(message.EditorsAsk, "name", name)
	switch {
	case e.Role == store.Owner && slices.Contains(t.config.Owners, e.User):
		m = p.Say(message.EditorsFixed, "name", name)
		m.Buttons = [][]message.Button{press1(p.Text(message.NavBack), button.Of(button.Editors))}
		return m, nil
	case e.Role != "" && e.Since.IsZero():
		m = p.Say(message.EditorsLine, "name", name, "role", roleName(p, e.Role))
	case e.Role != "":
		m = p.Say(message.EditorsSince, "name", name, "role", roleName(p, e.Role), "since", p.Stamp(e.Since, t.now))
	}
	m.HTML += "\n\n" + string(p.HTML(message.EditorsRoles))
	for _, r := range []role{editor, viewer, owner} {
		if kept[r] != e.Role {
			m.Buttons = append(m.Buttons, press1(p.Text(message.EditorsMakeButton, "role", roleName(p, kept[r])), button.Of(button.SetRole, e.User, int64(r), 0)))
		}
	}
	if e.Role != "" {
		m.Buttons = append(m.Buttons, press1(p.Text(message.EditorsDismissButton, "name", name), button.Of(button.SetRole, e.User, int64(nobody), 0)))
	}
	m.Buttons = append(m.Buttons, press1(p.Text(message.NavBack), button.Of(button.Editors)))
	return m, nil
}

// pressSetRole gives, changes or takes a role. What cannot be undone at once by the same person is asked first: to make an owner,
// and to take a role away.
func (t *turn) pressSetRole() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	wanted, sure := role(t.press.Number(1)), t.press.Number(2) == 1
	if t.press.Number(1) < int64(nobody) || t.press.Number(1) > int64(owner) {
		return t.pressedOld()
	}
	e, err := t.someone(t.press.Number(0))
	if errors.Is(err, store.ErrNotFound) {
		return t.showEditors()
	}
	if err != nil {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if refusal, err := t.staysOwner(e, wanted); err != nil || refusal != "" {
		t.alert(p.Say(refusal))
		return err
	}
	name := editorName(p, e)
	if !sure && (wanted == nobody || wanted == owner) {
		m := p.Say(message.EditorsDismissAsk, "name", name)
		yes := message.EditorsDismissYes
		if wanted == owner {
			m, yes = p.Say(message.EditorsOwnerAsk, "name", name), message.EditorsOwnerYes
		}
		m.Buttons = [][]message.Button{{
			{Text: p.Text(yes), Data: button.Of(button.SetRole, e.User, int64(wanted), 1)},
			{Text: p.Text(message.UnsubNo), Data: button.Of(button.Editor, e.User)},
		}}
		t.show(m)
		return nil
	}
	if err := t.seat(e, wanted); err != nil {
		return err
	}
	if wanted == nobody {
		t.notice(p.Say(message.EditorsDismissed, "name", name))
	} else {
		t.notice(p.Say(message.EditorsGiven, "name", name, "role", roleName(p, kept[wanted])))
	}
	if e.User == t.update.Sender().ID && wanted < owner {
		t.show(p.Say(message.EditorsLeft))
		return nil
	}
	return t.showEditors()
}

// staysOwner says why a person has to remain an owner; nothing if he has not.
func (t *turn) staysOwner(e store.Editor, wanted role) (message.Key, error) {
	switch {
	case e.Role != store.Owner || wanted == owner:
		return "", nil
	case slices.Contains(t.config.Owners, e.User):
		return message.EditorsFixed, nil
	}
	editors, err := t.editors()
	if err != nil {
		return "", err
	}
	for _, other := range editors {
		if other.Role == store.Owner && other.User != e.User {
			return "", nil
		}
	}
	return message.EditorsLastOwner, nil
}

// seat gives a person a role, or takes it, tells him, and brings his menu into line.
func (t *turn) seat(e store.Editor, wanted role) error {
	if kept[wanted] == e.Role {
		return nil
	}
	p, err := t.privatePrinter(e.User)
	if err != nil {
		return err
	}
	told := p.Say(message.EditorsYouLeft)
	deed := store.RoleTaken
	if wanted == nobody {
		err = t.tx.DeleteEditor(t.ctx, e.User)
	} else {
		if deed = store.RoleChanged; e.Role == "" {
			deed = store.RoleGiven
		}
		told = p.Say(welcomes[kept[wanted]])
		err = t.tx.SaveEditor(t.ctx, store.Editor{User: e.User, Name: e.Name, Role: kept[wanted], Since: t.now})
	}
	if err != nil {
		return fmt.Errorf("change the role of user %d: %w", e.User, err)
	}
	t.shared.befriend(e.User)
	if err := t.recordOf(store.Event{Deed: deed, About: e.User, Object: e.Name, Detail: string(kept[wanted])}); err != nil {
		return err
	}
	if err := t.endBegun(addingBegun, t.update.Sender().ID); err != nil {
		return err
	}
	if _, err := t.tx.Chat(t.ctx, e.User); errors.Is(err, store.ErrNotFound) {
		return nil // who never wrote to us cannot be told; the menu waits for the first /start
	} else if err != nil {
		return fmt.Errorf("read chat %d: %w", e.User, err)
	}
	if e.User != t.update.Sender().ID {
		t.tell(e.User, told)
	}
	return t.refreshMenu(e.User)
}

// adding reads what the owner has begun; the zero value if nothing, or long ago.
func (t *turn) adding() (a adding, err error) {
	if there, err := t.readBegun(addingBegun, t.update.Sender().ID, &a); !there || t.now.After(a.Until) {
		return adding{}, err
	}
	return a, nil
}
