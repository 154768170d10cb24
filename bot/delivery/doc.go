// Package delivery brings every chat up to date.
//
// The news is a log and every chat has a bookmark in it, so what a chat is owed is derived and
// never stored. Delivering is visiting a chat that is due: one message is chosen (an article, a list
// of what piled up, a digest), the chat is written into the window, the message is sent, and Telegram's answer
// settles the visit. One goroutine, the pump, owns all of this: in one transaction it settles
// what was answered since the last one and claims what leaves in the next moment. A crash
// therefore leaves in doubt only what stands in the window, by name.
//
// A message is claimed as late as possible, one at a time per chat. Answers to people go before
// welcomes, welcomes before news, news before corrections. After the first unknown outcome nothing is claimed until
// Telegram answers a harmless question again.
//
// The package knows the store, the Bot API seam and the sentences of package message. It does not
// know commands, feeds or how articles are made.
package delivery
