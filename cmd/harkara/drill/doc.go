// Package drill tries the whole program where it is most likely to break its promises: killed at any
// moment, cut off from Telegram or from the feeds, with a full disk, a wrong clock, a storm of new
// readers, a million chats.
//
// A drill runs the program as a process of its own, or its wings under a clock that can be moved,
// against the emulated Telegram and a publisher's site on this machine. It counts what was lost and
// what was doubled, measures what has a goal, and reports line by line. The long forms are for
// `harkara bench`; the short ones, of which only counts are judged, run with the tests.
//
// The package knows every wing, because it joins them as the roof does. Nothing of the program knows it.
package drill
