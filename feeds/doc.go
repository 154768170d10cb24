// Package feeds brings news in: it asks the feeds that are due, reads what they answer and
// keeps their articles in the store.
//
// An article's way is the order of this folder's parts: a feed comes due (schedule), its
// address is asked politely and safely (fetch), unchanged items are dropped unread
// (delta), the rest is parsed (parse), its HTML becomes paragraphs (clean), a stub is completed from
// its page (page), headline and summary are made, identity decides what is new (identity), and
// one transaction keeps it (keep). Each part works alone and is tested alone.
//
// Three ways lead past the schedule: a hub that announces news (websub), a newsroom that hands articles in or asks for a poll
// (ingest), and a newcomer's past, which is kept when no feed is being asked (filing).
//
// The children bengali, summary and story are tools that know nothing of feeds. This
// package must not know who reads the news or how it is delivered.
package feeds
