package store

import (
	"context"
	"time"
)

// Role is what a person may do at the editors' desk.
type Role string

const (
	// Owner may do everything, and name editors.
	Owner Role = "owner"
	// EditorRole may send, retract and manage feeds and links.
	EditorRole Role = "editor"
	// Viewer may look.
	Viewer Role = "viewer"
)

// Editor is a person with a role.
type Editor struct {
	// User is Telegram's id of the person.
	User  int64
	Name  string
	Role  Role
	Since time.Time
}

// EditorReader reads roles.
type EditorReader interface {
	// Editor returns the person's role, or ErrNotFound.
	Editor(ctx context.Context, user int64) (Editor, error)
	// Editors lists everybody with a role, owners first.
	Editors(ctx context.Context) ([]Editor, error)
}

// EditorWriter changes roles.
type EditorWriter interface {
	// SaveEditor gives a person a role.
	SaveEditor(ctx context.Context, e Editor) error
	// DeleteEditor takes it away.
	DeleteEditor(ctx context.Context, user int64) error
}
