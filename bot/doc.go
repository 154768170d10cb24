// Package bot turns updates from Telegram into effects and answers.
//
// A batch of updates is handled in one transaction: what they change, the answers owed to people and the new offset are
// committed together, and only then does polling confirm them. Answers are not sent from here; package
// delivery finds them in the store and sends them within Telegram's limits.
//
// What may not be decided without Telegram's word, such as whether a person administers a channel, and what takes too long for a
// transaction, such as a search, is put aside (aside.go). A worker takes it up: it finds out first and then decides in a transaction of its
// own. The word is used once and never remembered.
//
// A turn (turn.go) handles one update: router.go sends it to what it means, commands.go is the one table behind routing and rights, phrase.go
// holds the words that stand for a command, and awaited.go says in which order what a person writes is taken for what it may answer. Then
// each thing that can be asked for has its file, by who asks:
//
//   - readers: reader.go, topics.go, settings.go, hours.go, words.go, latest.go, search.go, inline.go, saved.go, share.go, vote.go, pause.go,
//     language.go, courtesy.go, mydata.go with the page of mysheet.go;
//   - admins of channels and groups: admin.go and its screens part.go, chatlayout.go, chatwords.go and thread.go; pick.go and member.go for
//     how chats are added; withdraw.go; manage.go for who may change what;
//   - the editors' desk: editor.go, feed.go, addfeed.go, breaking.go, approval.go, desk.go, broadcast.go with album.go, schedule.go, link.go,
//     stats.go with figures.go, checkup.go;
//   - owners: editors.go, addeditor.go, role.go, token.go, log.go.
//
// Unasked, watch.go, weekly.go and health.go tell editors and owners what needs them, and profile.go keeps the bot's name and menus.
//
// The package knows the store, the Bot API seam, the sentences of package message and, for searching and for followed words, the
// stems of feeds/bengali. It does not know how news is fetched or delivered.
package bot
