// Package sqlite keeps the contract of package store in one SQLite file.
//
// There is one writing connection and a pool of reading ones, in WAL mode with synchronous=FULL: a Write that
// returned nil survives a power cut, and readers never wait for the writer. A checkpointer copies the log back
// into the file from the side, so that no Write pays for it.
//
// The layout follows the traffic. A chat's name and wishes are in chat, which is rarely written; its place in the log is
// in bookmark, whose rows are a dozen bytes, so that a hundred neighbours settled together share a page or two. Sent
// messages are gathered per post and block of neighbouring chats for the same reason. Which chats new articles concern is
// found by a walk over the subscriptions (mark.go) in steps of the caller's size.
//
// Foreign keys are left off: they would cost a look-up on each hot write, and every deletion here names what goes with it.
//
// Nothing outside of this room knows SQL. Build with -tags sqlite_fts5.
package sqlite
