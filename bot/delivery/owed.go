package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/harkara/harkara/store"
)

// newsLog is the part of the log that can still be owed to somebody, kept in memory: entries
// younger than the horizon with the articles they announce.
type newsLog struct {
	// look says that there may be new entries.
	look    bool
	horizon time.Duration
	head    int64
	// changes is the count of revisions and retractions up to which articles were read.
	changes  int64
	entries  []store.Entry // ascending by Seq
	articles map[int64]store.Article
	// breaking holds, for each article that became breaking news, the number under which it did.
	breaking map[int64]int64
	// guards are the spans of the log that wait for approval. They are read after the entries, never before: what is guarded at an entry is
	// settled by the time the entry is there.
	guards []store.Guard
	// withdrawn are the articles that admins took back from their group or channel.
	withdrawn map[withdrawn]bool
	// spoken is what the articles speak of, phrases what was worked out of the words that chats follow and mute (see words.go).
	spoken  map[int64]spoken
	phrases map[string]string
}

// withdrawn is an article that is not for one chat.
type withdrawn struct{ chat, article int64 }

// digestLate is how much longer than the horizon a digest reader is owed what came: the line at a popular hour may be long, and what was
// the first story of the day before would be lost to those at its end.
const digestLate = 3 * time.Hour

// load reads what was entered since the last call and drops what has become history.
func (l *newsLog) load(ctx context.Context, r store.Reader, now time.Time) error {
	if l.articles == nil {
		l.articles = make(map[int64]store.Article)
		seq, err := r.SeqBefore(ctx, now.Add(-l.horizon-digestLate))
		if err != nil {
			return fmt.Errorf("find the horizon of the log: %w", err)
		}
		l.head = seq
	}
	changes, err := r.Changes(ctx)
	if err != nil {
		return fmt.Errorf("count changes of articles: %w", err)
	}
	if changes != l.changes {
		if err := l.refresh(ctx, r, slices.Collect(maps.Keys(l.articles))); err != nil {
			return err
		}
		if err := l.readWithdrawn(ctx, r); err != nil {
			return err
		}
		l.changes = changes
	}
	for {
		// The head is read first: numbers of history and of held articles are passed over by Entries, but a
		// bookmark may move over them.
		head, err := r.Head(ctx)
		if err != nil {
			return fmt.Errorf("read the head of the log: %w", err)
		}
		fresh, err := r.Entries(ctx, l.head, entryPage)
		if err != nil {
			return fmt.Errorf("read the log after %d: %w", l.head, err)
		}
		if err := l.addArticles(ctx, r, fresh); err != nil {
			return err
		}
		l.entries = append(l.entries, fresh...)
		l.remember(fresh)
		if len(fresh) == entryPage {
			l.head = fresh[len(fresh)-1].Seq
			continue
		}
		if len(fresh) > 0 {
			head = max(head, fresh[len(fresh)-1].Seq)
		}
		l.head = max(l.head, head)
		break
	}
	if l.guards, err = r.Guards(ctx); err != nil {
		return fmt.Errorf("read what is guarded: %w", err)
	}
	l.forget(now)
	return nil
}

const entryPage = 1000

func (l *newsLog) addArticles(ctx context.Context, r store.Reader, entries []store.Entry) error {
	var ids []int64
	for _, e := range entries {
		ids = append(ids, e.Article)
	}
	return l.refresh(ctx, r, ids)
}

// refresh reads articles anew, after they changed.
func (l *newsLog) refresh(ctx context.Context, r store.Reader, ids []int64) error {
	articles, err := r.Articles(ctx, ids)
	if err != nil {
		return fmt.Errorf("read articles of the log: %w", err)
	}
	for _, a := range articles {
		l.hear(a)
		a.Text = "" // never printed; a day of full texts would be most of the memory
		l.articles[a.ID] = a
	}
	return nil
}

// readWithdrawn reads what was withdrawn, of which there is little.
func (l *newsLog) readWithdrawn(ctx context.Context, r store.Reader) error {
	list, err := r.Withdrawals(ctx, 0)
	if err != nil {
		return err
	}
	l.withdrawn = make(map[withdrawn]bool, len(list))
	for _, w := range list {
		l.withdrawn[withdrawn{w.Chat, w.Article}] = true
	}
	return nil
}

func (l *newsLog) forget(now time.Time) {
	oldest := now.Add(-l.horizon - digestLate)
	keep := sort.Search(len(l.entries), func(i int) bool { return !l.entries[i].At.Before(oldest) })
	if keep == 0 {
		return
	}
	l.entries = slices.Delete(l.entries, 0, keep)
	used := make(map[int64]bool, len(l.entries))
	for _, e := range l.entries {
		used[e.Article] = true
	}
	for id := range l.articles {
		if !used[id] {
			delete(l.articles, id)
			delete(l.spoken, id)
			delete(l.breaking, id)
		}
	}
}

// owed lists the entries a chat has not had: after its bookmark and of concern to it.
func (l *newsLog) owed(d store.Due, now time.Time) []store.Entry {
	oldest := now.Add(-l.horizon)
	if d.Chat.Prefs.Mode == store.Digest {
		oldest = oldest.Add(-digestLate)
	}
	first := sort.Search(len(l.entries), func(i int) bool {
		return l.entries[i].Seq > d.Chat.Bookmark && !l.entries[i].At.Before(oldest)
	})
	var owed []store.Entry
	for _, e := range l.entries[first:] {
		a, known := l.articles[e.Article]
		if !known || a.Retracted || a.Held || l.withdrawn[withdrawn{d.Chat.ID, a.ID}] || d.Chat.Prefs.Mode == store.Breaking && !e.Breaking || l.isSettled(d.Chat, e) ||
			l.withheld(d.Chat.ID, e) || !l.concerns(d, e) {
			continue
		}
		owed = append(owed, e)
	}
	return owed
}

// withheld tells whether the entry is not for this chat, because of where the chat stood when it was made: one that was guarded passes
// over what was not approved, and gets it by the entry that repeats it, which all others pass over.
func (l *newsLog) withheld(chat int64, e store.Entry) bool {
	switch {
	case e.Repeats != 0:
		return !l.guarded(chat, e.Repeats)
	case e.Approved:
		return false
	}
	return l.guarded(chat, e.Seq)
}

func (l *newsLog) guarded(chat, seq int64) bool {
	return slices.ContainsFunc(l.guards, func(g store.Guard) bool { return (g.Chat == 0 || g.Chat == chat) && g.Covers(seq) })
}

// follows tells whether the chat follows one of the categories since before the number.
func follows(d store.Due, categories []int64, seq int64) bool {
	if len(categories) == 0 {
		return false
	}
	if since, ok := d.Since[store.Everything]; ok && since < seq {
		return true
	}
	for _, c := range categories {
		if since, ok := d.Since[c]; ok && since < seq {
			return true
		}
	}
	return false
}
