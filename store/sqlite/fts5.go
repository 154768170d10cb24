//go:build !sqlite_fts5 && !fts5

package sqlite

// The full-text search of SQLite is compiled in by a build tag of the driver. Without it the program would start and fail
// at its first search, so it does not compile.
var _ = build_with_tags_sqlite_fts5__use_make_or_see_the_README
