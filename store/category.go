package store

import "context"

// Everything is the category of a subscription to all categories, those of
// tomorrow included.
const Everything int64 = 0

// Words stands, among the categories of a chat's Due.Since, for the words and single feeds it follows. It is no category of the catalogue, and
// no chat subscribes to it: the store derives it from Prefs.Follow and Prefs.Feeds.
const Words int64 = -1

// Category is what a reader subscribes to (বিষয়). In an OPML file it is a folder.
type Category struct {
	ID int64
	// Slug names the category in links and commands: lower-case ASCII letters, digits and hyphens, unique.
	Slug string
	// Name is shown to readers, in the publisher's language.
	Name string
	// NameEN is shown to readers who chose English; when empty, Name is.
	NameEN string
	// Parent is the category whose folder holds this one's, 0 at the top.
	Parent int64
	// Attributes are the further attributes of its outline in OPML, kept for export.
	Attributes map[string]string
	// Position orders categories among themselves, ascending.
	Position int
}

// CategoryReader reads the catalogue's categories.
type CategoryReader interface {
	// Categories lists all categories by position, then ID.
	Categories(ctx context.Context) ([]Category, error)
}

// CategoryWriter changes the catalogue's categories.
type CategoryWriter interface {
	// SaveCategory inserts c when its ID is 0, and sets it; otherwise it updates the row.
	SaveCategory(ctx context.Context, c *Category) error
	// DeleteCategory removes the category with the subscriptions to it.
	DeleteCategory(ctx context.Context, id int64) error
}
