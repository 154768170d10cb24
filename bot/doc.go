// Package bot turns updates from Telegram into effects and answers.
//
// A batch of updates is handled in one transaction: what they change, the answers owed to people and the new offset are
// committed together, and only then does polling confirm them. Answers are not sent from here; package
// delivery finds them in the store and sends them within Telegram's limits.
//
// What may not be decided without Telegram's word, such as whether a person administers a channel, is put aside in that
// transaction. A worker takes it up: it asks Telegram first and then decides in a transaction of its own. The
// word is used once and never remembered.
//
// One table of commands (commands.go) gives routing, help and Telegram's menu. Each kind of person has a
// file: reader.go, topics.go, settings.go, words.go, search.go, saved.go, pause.go and mydata.go for readers, admin.go and
// member.go for those who run channels and groups, editor.go, editors.go, log.go, approval.go, desk.go, broadcast.go, link.go and role.go for the editors' desk, stats.go and weekly.go for its figures.
//
// The package knows the store, the Bot API seam, the sentences of package message and, for searching and for followed words, the
// stems of feeds/bengali. It does not know how news is fetched or delivered.
package bot
