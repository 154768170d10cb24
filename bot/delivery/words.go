package delivery

import (
	"slices"
	"strings"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// spoken is what an article speaks of: the stems of its headline and text, each between spaces.
type spoken struct {
	revision int
	stems    string
}

// phrasesKept bounds the phrases whose stems are remembered.
const phrasesKept = 100_000

// hear takes in what a revision of an article speaks of. Texts are not kept in memory for printing, so this is done once, when one
// is read.
func (l *newsLog) hear(a store.Article) {
	if l.spoken == nil {
		l.spoken, l.phrases = map[int64]spoken{}, map[string]string{}
	}
	if known, heard := l.spoken[a.ID]; heard && known.revision == a.Revision {
		return
	}
	stems := bengali.Stems(a.Headline + "\n" + a.Title + "\n" + strings.Join(a.Summary, "\n") + "\n" + a.Text)
	l.spoken[a.ID] = spoken{revision: a.Revision, stems: " " + strings.Join(stems, " ") + " "}
}

// speaksOf tells whether one of the phrases stands in an article, in whatever inflection.
func (l *newsLog) speaksOf(article int64, phrases []string) bool {
	for _, phrase := range phrases {
		if key := l.key(phrase); key != "" && strings.Contains(l.spoken[article].stems, key) {
			return true
		}
	}
	return false
}

// key is the stems of a phrase between spaces; empty for what is no phrase.
func (l *newsLog) key(phrase string) string {
	key, known := l.phrases[phrase]
	if known {
		return key
	}
	if p, err := bengali.ParsePhrase(phrase); err == nil {
		key = " " + p.Key() + " "
	}
	if len(l.phrases) >= phrasesKept {
		clear(l.phrases)
	}
	l.phrases[phrase] = key
	return key
}

// concerns tells whether an entry is news for a chat: by its categories, by a single feed or a word the chat follows, unless it speaks of one
// that the chat does not want to hear of or the chat had the article by an earlier entry.
func (l *newsLog) concerns(d store.Due, e store.Entry) bool {
	prefs := d.Chat.Prefs
	since, wide := d.Since[store.Words]
	wide = wide && since < e.Seq
	by := len(e.Feeds) - 1 // the place of the feed that brought this entry
	byCategory := follows(d, e.Categories, e.Seq)
	byFeed := wide && by >= 0 && slices.Contains(prefs.Feeds, e.Feeds[by])
	if !byCategory && !wide || l.speaksOf(e.Article, prefs.Mute) {
		return false
	}
	byWord := wide && l.speaksOf(e.Article, prefs.Follow)
	wanted := len(prefs.Only) == 0 || l.speaksOf(e.Article, prefs.Only)
	if e.Breaking { // news for whoever the article ever was news for
		byFeed = wide && sharesOne(prefs.Feeds, e.Feeds)
	} else if by > 0 || len(e.Already) > 0 { // not the first entry
		if byWord || wanted && follows(d, e.Already, e.Seq) || wanted && wide && sharesOne(prefs.Feeds, e.Feeds[:max(by, 0)]) {
			return false
		}
	}
	return byWord || wanted && (byCategory || byFeed)
}

func sharesOne(a, b []int64) bool {
	return slices.ContainsFunc(a, func(x int64) bool { return slices.Contains(b, x) })
}
