// Package delivery brings every chat up to date.
//
// The news is a log and every chat has a bookmark in it, so what a chat is owed is derived and
// never stored. Delivering is visiting a chat that is due: one message is chosen (an article, a list
// of what piled up, a digest), the chat is written into the window, the message is sent, and Telegram's answer
// settles the visit. One goroutine, the pump, owns all of this: in one transaction it settles
// what was answered since the last one and claims what leaves in the next moment. A crash
// therefore leaves in doubt only what stands in the window, by name.
//
// News that waits for an editor's approval fits the log without a second book. If everybody waits, the article is held, as one that a
// feed's guard holds back: its entry is owed to nobody, and approval replaces it by one at the head of the log. If some groups and channels wait,
// the article is news for all others under its first number, and approval repeats the entry at the head for those alone that were
// guarded at that number. So each bookmark always moves over everything: what a chat passed over unapproved comes again above its bookmark
// or never, nothing else of its news waits for it, and since whether an entry is for a chat depends on two numbers that never change
// (the entry's own and those between which the chat was guarded), no restart, order of visits or turning of the switch can double or lose it.
//
// A message is claimed as late as possible, one at a time per chat. Answers to people go before
// welcomes, welcomes before news, news before corrections. After the first unknown outcome nothing is claimed until
// Telegram answers a harmless question again.
//
// Messages that are not news, such as announcements, come by a [Lane]: they share limiter, breaker, window and commit with the news.
//
// The package knows the store, the Bot API seam and the sentences of package message. It does not
// know commands, feeds or how articles are made.
package delivery
