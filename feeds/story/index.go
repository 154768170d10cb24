package story

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/feeds/bengali"
)

// Index is what is known of the last days' articles. It is not safe for
// concurrent use. Its memory is bounded by the articles it holds (some 2 kB
// each) and by the words of the last month's (under 10 MB).
type Index struct {
	entries map[int64]*entry
	byWord  map[word][]*entry // by the words of the headline
	stories map[int64]run
	rarity
}

// run is a story under way.
type run struct {
	count int
	last  time.Time
}

// NewIndex returns an empty index. It knows the commonest words of Bengali news
// from the start and learns the others from what is added.
func NewIndex() *Index {
	return &Index{
		entries: map[int64]*entry{}, byWord: map[word][]*entry{}, stories: map[int64]run{},
		rarity: rarity{articles: map[word]float64{}},
	}
}

// Add makes the article known. One with an ID already known replaces it.
func (x *Index) Add(it Item) {
	_, again := x.entries[it.ID]
	x.Remove(it.ID)
	e := read(it)
	x.entries[e.id] = e
	for _, c := range e.headline {
		x.byWord[c.word] = append(x.byWord[c.word], e)
	}
	s := x.stories[e.story]
	s.count++
	if e.published.After(s.last) {
		s.last = e.published
	}
	x.stories[e.story] = s
	if !again {
		x.learn(e.all)
	}
}

// Remove forgets the article; its words still count towards what is common.
func (x *Index) Remove(id int64) {
	e := x.entries[id]
	if e == nil {
		return
	}
	delete(x.entries, id)
	for _, c := range e.headline {
		list := slices.DeleteFunc(x.byWord[c.word], func(o *entry) bool { return o == e })
		if len(list) == 0 {
			delete(x.byWord, c.word)
		} else {
			x.byWord[c.word] = list
		}
	}
	if s := x.stories[e.story]; s.count > 1 {
		s.count--
		x.stories[e.story] = s
	} else {
		delete(x.stories, e.story)
	}
}

// candidates are the known articles that share a word of the headline worth
// speaking of, in no order.
func (x *Index) candidates(e *entry) []*entry {
	seen := map[int64]bool{e.id: true}
	var list []*entry
	for _, c := range e.headline {
		if x.idf(c.word) < common {
			continue
		}
		for _, known := range x.byWord[c.word] {
			if !seen[known.id] {
				seen[known.id] = true
				list = append(list, known)
			}
		}
	}
	return list
}

// word is a stem's number. Two stems may share one by chance, some once in
// 10¹¹ pairs.
type word uint64

var wordSeed = maphash.MakeSeed()

func wordOf(stem string) word { return word(maphash.String(wordSeed, stem)) }

// vector is the words of a text with how often each occurs, sorted by word.
type vector []occurrence

type occurrence struct {
	word word
	n    float64
}

func vectorOf(parts ...weighted) vector {
	var all vector
	for _, p := range parts {
		for _, s := range p.stems {
			all = append(all, occurrence{wordOf(s), p.weight})
		}
	}
	slices.SortFunc(all, func(a, b occurrence) int { return cmp.Compare(a.word, b.word) })
	out := all[:0]
	for _, o := range all {
		if n := len(out); n > 0 && out[n-1].word == o.word {
			out[n-1].n += o.n
		} else {
			out = append(out, o)
		}
	}
	return slices.Clip(out)
}

type weighted struct {
	stems  []string
	weight float64
}

func (v vector) has(w word) bool {
	_, found := slices.BinarySearchFunc(v, w, func(o occurrence, w word) int { return cmp.Compare(o.word, w) })
	return found
}

// entry is an article as the index keeps it.
type entry struct {
	id, story int64
	published time.Time
	full      bool
	headline  vector
	all       vector // headline twice, lead once
	frame     frame
}

const leadLetters = 350

func read(it Item) *entry {
	lead := beginning(it.Lead)
	head, body := bengali.Stems(it.Headline), bengali.Stems(lead)
	e := &entry{id: it.ID, story: it.Story, published: it.Published, full: it.Full}
	if e.story == 0 {
		e.story = it.ID
	}
	e.headline = vectorOf(weighted{head, 1})
	e.all = vectorOf(weighted{head, 2}, weighted{body, 1})
	e.frame = frameOf(it.Headline, lead, head, body, it.Published)
	return e
}

// beginning is the first 350 letters, to the last whole word.
func beginning(text string) string {
	letters := 0
	for i := range text {
		if letters == leadLetters {
			if cut := strings.LastIndexAny(text[:i], " \n\t"); cut > 0 {
				return text[:cut]
			}
			return text[:i]
		}
		letters++
	}
	return text
}

// rarity knows how rare each word is among the articles of about a month.
type rarity struct {
	articles map[word]float64 // with the word
	seen     float64
}

// memory is the number of articles after which all counts are halved, so that
// the count follows the news: what was said a month ago weighs little, and what
// is no longer said is forgotten.
const memory = 20000

// What is assumed of a word before anything was learnt: that prior articles had
// been read, of which it stood in the share that common.txt gives it, or in few.
const (
	prior     = 400
	fewShare  = 0.004
	forgotten = 0.75
)

// common is the idf under which a word says nothing of the matter.
const common = 2.0

func (r *rarity) learn(v vector) {
	r.seen++
	for _, o := range v {
		r.articles[o.word]++
	}
	if r.seen < memory {
		return
	}
	r.seen /= 2
	for w, n := range r.articles {
		if n /= 2; n < forgotten {
			delete(r.articles, w)
		} else {
			r.articles[w] = n
		}
	}
}

func (r *rarity) idf(w word) float64 {
	share, ok := commonShares()[w]
	if !ok {
		share = fewShare
	}
	return math.Log((r.seen + prior) / (r.articles[w] + prior*share))
}

func (r *rarity) dot(a, b vector) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].word < b[j].word:
			i++
		case a[i].word > b[j].word:
			j++
		default:
			idf := r.idf(a[i].word)
			sum += a[i].n * b[j].n * idf * idf
			i++
			j++
		}
	}
	return sum
}

func (r *rarity) norm(v vector) float64 {
	sum := 0.0
	for _, o := range v {
		weight := o.n * r.idf(o.word)
		sum += weight * weight
	}
	return math.Sqrt(sum)
}
