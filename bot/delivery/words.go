package delivery

import (
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

// concerns tells whether an entry is news for a chat: by its categories or by a word the chat follows, unless it speaks of one that
// the chat does not want to hear of or the chat had the article through another category or word.
func (l *newsLog) concerns(d store.Due, e store.Entry) bool {
	prefs := d.Chat.Prefs
	since, followsWords := d.Since[store.Words]
	byCategory := follows(d, e.Categories, e.Seq) && !follows(d, e.Already, e.Seq)
	if !byCategory && !followsWords || l.speaksOf(e.Article, prefs.Mute) {
		return false
	}
	if byWord := followsWords && since < e.Seq && l.speaksOf(e.Article, prefs.Follow); byWord {
		return len(e.Already) == 0
	}
	return byCategory
}
