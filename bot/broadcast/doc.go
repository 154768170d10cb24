// Package broadcast sends announcements of the editors to many chats.
//
// A broadcast is one row: what is sent, to whom, and how far it has come. Nothing is fanned out: a cursor walks the chats in the order in
// which they joined, from the first to the last there was at the start, and whoever matches the audience when the cursor passes is sent it.
// What is claimed stands in the window before it leaves, and the cursor moves in the same commit, so that after a crash it goes on where it
// was, nobody is sent it twice, and the few that were in flight are known by name.
//
// A schedule is a row, too: what is sent, kept as a broadcast that is never sent itself, and when. Each time that comes is settled in one
// transaction, with what it lets go and when the next one is, so that after a crash nothing is sent twice or passed over; what is too late
// is reported instead. Times are the wall clock's of the schedule's zone.
//
// A [Runner] is a lane of package delivery: it shares limiter, breaker, window and commit with the news. The screens by which editors put a
// broadcast together and watch it are here, too; which presses lead where, and who may press, is for package bot. To have something sent by
// program, keep a store.Broadcast in the state ready, with an author or a request of its own, and a time.
package broadcast
