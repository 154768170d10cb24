// Package message turns articles into messages and holds every sentence the bot says.
//
// A sentence is a Key. Its texts stand in text.bn.ini and text.en.ini, one line per key; a
// Printer says it in one language, in the spelling of one side of the border, in one time zone.
// Layouts (Single, ListOf, DigestOf, WelcomeOf) fit plain text into Telegram's limits first and
// mark it up afterwards, so nothing that a feed or a stranger writes can break the markup.
//
// The package knows the nouns of store and the letters of feeds/bengali. It must not know the
// Bot API's types, the database, the network or the clock: whoever calls says what time it is.
package message
