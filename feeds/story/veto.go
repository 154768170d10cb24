package story

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds/bengali"
)

// frame is what the vetoes look at.
type frame struct {
	headline []string // stems, in order
	scene    []string // place names in the headline
	setting  []string // the same, or the first in the lead
	dates    []day    // named by day and month
	clocks   []day    // named by weekday and hour
	tolls    [4][]float64
	amounts  map[string][]float64 // in the headline, by the word counted
	numbers  []float64            // all
	feature  int                  // number of the recurring feature, from 1; 0 for none
	edition  day
}

// day is a day of some year.
type day struct{ month, day int }

// local is where the weekdays and days of the articles are read. Half an hour
// between Dhaka and Kolkata moves no day that a reader would notice.
var local = time.FixedZone("", 6*60*60)

func frameOf(headline, lead string, stems, leadStems []string, published time.Time) frame {
	published = published.In(local)
	f := frame{headline: stems}
	for _, s := range stems {
		if places()[s] {
			f.scene = append(f.scene, s)
		}
	}
	f.setting = f.scene
	if i := slices.IndexFunc(leadStems, func(s string) bool { return places()[s] }); i >= 0 && len(f.setting) == 0 {
		f.setting = leadStems[i : i+1]
	}
	head, body := bengali.Words(headline), bengali.Words(lead)
	f.dates = datesIn(head)
	f.feature = featureOf(head)
	if len(f.dates) > 0 {
		f.edition = f.dates[0]
	} else {
		f.edition = day{int(published.Month()), published.Day()}
	}
	f.dates = append(f.dates, datesIn(body)...)
	f.clocks = append(clocksIn(head, published), clocksIn(body, published)...)
	f.amounts = amountsIn(head)
	for _, numbers := range amountsIn(append(head, body...)) {
		f.numbers = append(f.numbers, numbers...)
	}
	for i, words := range tolls {
		if f.tolls[i] = tollIn(head, words()); f.tolls[i] == nil {
			f.tolls[i] = tollIn(body, words())
		}
	}
	return f
}

// datesIn finds “৪ অক্টোবর”. A day set for later (“আগামী …”, “… মধ্যে”) is left
// out: reports of one event name different ones.
func datesIn(words []string) []day {
	var found []day
	for i := 0; i+1 < len(words); i++ {
		n, _ := digits(words[i])
		month := monthOf(words[i+1])
		if n < 1 || n > 31 || month == 0 {
			continue
		}
		if i > 0 && strings.HasPrefix(words[i-1], "আগামী") || i+2 < len(words) && slices.Contains([]string{"মধ্যে", "পর্যন্ত", "থেকে", "পর"}, words[i+2]) {
			continue
		}
		found = append(found, day{month, int(n)})
	}
	return found
}

func monthOf(w string) int {
	for i, names := range months() {
		for _, m := range names {
			if strings.HasPrefix(w, m) && (i != may || len(w) <= len(m)+len("র")) {
				return i + 1
			}
		}
	}
	return 0
}

// may is also the beginning of other words.
const may = 4

// clocksIn finds “শুক্রবার রাত ১০টা” and says which day it was, seen from the
// day of publication.
func clocksIn(words []string, published time.Time) []day {
	var found []day
	for i, w := range words {
		weekday := weekdayOf(w)
		if weekday < 0 {
			continue
		}
		next := words[i+1 : min(i+5, len(words))]
		part := slices.IndexFunc(next, func(w string) bool { return dayparts()[w] })
		if part < 0 || !slices.ContainsFunc(next[part:], func(w string) bool {
			n, rest := digits(w)
			return n > 0 && n <= 12 && (rest == "" || strings.HasPrefix(rest, "টা"))
		}) {
			continue
		}
		ago := (int(published.Weekday()) - weekday + 7) % 7
		t := published.AddDate(0, 0, -ago)
		found = append(found, day{int(t.Month()), t.Day()})
	}
	return found
}

func weekdayOf(w string) int {
	if strings.HasPrefix(w, "রোববার") {
		return 0
	}
	return slices.IndexFunc(weekdays, func(d string) bool { return strings.HasPrefix(w, d) })
}

// datesConflict reports that both name days, and none the other's.
func datesConflict(a, b *entry) bool {
	if a.frame.feature != 0 && a.frame.feature == b.frame.feature {
		return false // editionsConflict knows better
	}
	return disjoint(a.frame.dates, b.frame.dates) || disjoint(a.frame.clocks, b.frame.clocks) && !neighbours(a.frame.clocks, b.frame.clocks)
}

func disjoint[T comparable](a, b []T) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return !slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// neighbours reports whether some days are next to each other: a night belongs
// to two, and a story may be told on the day after.
func neighbours(a, b []day) bool {
	for _, x := range a {
		for _, y := range b {
			d := x.time().Sub(y.time()).Abs()
			if d <= 24*time.Hour || d >= 364*24*time.Hour {
				return true
			}
		}
	}
	return false
}

func (d day) time() time.Time {
	return time.Date(2024, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
}

// namesConflict reports that the headlines are about different people or places:
// each names a scene or a person of which the other article says nothing.
func namesConflict(a, b *entry) bool {
	if len(a.frame.scene)+len(b.frame.scene) > 0 && len(a.frame.setting) > 0 && len(b.frame.setting) > 0 &&
		!saysAny(b, a.frame.setting) && !saysAny(a, b.frame.setting) {
		return true
	}
	ours, theirs := strangers(a, b), strangers(b, a)
	if len(ours) == 0 || len(theirs) == 0 {
		return false
	}
	return sameFrame(a.frame.headline, b.frame.headline) || fullName(ours) && fullName(theirs)
}

func saysAny(e *entry, stems []string) bool {
	return slices.ContainsFunc(stems, func(s string) bool { return e.all.has(wordOf(s)) })
}

// stranger is a word that could be a name, by its place in the headline.
type stranger struct{ at int }

// strangers are the words of e's headline that could be names and of which the
// other article has nothing, neither in the headline nor in the lead.
func strangers(e, other *entry) []stranger {
	var found []stranger
	for i, s := range e.frame.headline {
		if couldBeName(s) && !other.all.has(wordOf(s)) {
			found = append(found, stranger{i})
		}
	}
	return found
}

func couldBeName(stem string) bool {
	if countries()[stem] {
		return true
	}
	if utf8.RuneCountInString(stem) < 3 || plain()[stem] {
		return false
	}
	if _, known := commonShares()[wordOf(stem)]; known {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(stem); unicode.IsDigit(first) {
		return false
	}
	for _, ending := range verbEndings() {
		if strings.HasSuffix(stem, ending) {
			return false
		}
	}
	return true
}

// fullName reports whether two strangers stand side by side, as a first and a
// last name do.
func fullName(list []stranger) bool {
	for i := 1; i < len(list); i++ {
		if list[i].at == list[i-1].at+1 {
			return true
		}
	}
	return false
}

// sameFrame reports whether at least half of both headlines is the same words in
// the same order.
func sameFrame(a, b []string) bool {
	return 2*commonRun(a, b) >= max(len(a), len(b))
}

// commonRun is the length of the longest common subsequence.
func commonRun(a, b []string) int {
	const longest = 40 // words of a headline looked at
	a, b = a[:min(longest, len(a))], b[:min(longest, len(b))]
	var row [longest + 1]int
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// featureOf is the number of the recurring feature the headline's words announce,
// or 0.
func featureOf(headline []string) int {
	for i, words := range features() {
		missing := func(start string) bool {
			return !slices.ContainsFunc(headline, func(w string) bool { return strings.HasPrefix(w, start) })
		}
		if !slices.ContainsFunc(words, missing) {
			return i + 1
		}
	}
	return 0
}

func editionsConflict(a, b *entry) bool {
	return a.frame.feature != 0 && a.frame.feature == b.frame.feature && a.frame.edition != b.frame.edition
}

// numbersConflict reports that the gravest toll both name is not the same, or
// that two headlines say the same of amounts unknown to the other article.
func numbersConflict(a, b *entry) bool {
	for i := range tolls {
		if x, y := a.frame.tolls[i], b.frame.tolls[i]; len(x) > 0 && len(y) > 0 {
			return disjoint(x, y)
		}
	}
	if !sameWords(a, b) {
		return false
	}
	for unit, x := range a.frame.amounts {
		y := b.frame.amounts[unit]
		if disjoint(x, y) && disjoint(x, b.frame.numbers) && disjoint(y, a.frame.numbers) {
			return true
		}
	}
	return false
}

// sameWords reports whether the headlines share half of their words, in any
// order.
func sameWords(a, b *entry) bool {
	shared := 0
	for _, o := range a.headline {
		if b.headline.has(o.word) {
			shared++
		}
	}
	return 2*shared >= max(len(a.headline), len(b.headline))
}

// amountsIn finds “১ হাজার ৮৪ টাকা”.
func amountsIn(words []string) map[string][]float64 {
	var found map[string][]float64
	for i := 0; i < len(words); {
		n, used := numberAt(words[i:])
		if used == 0 {
			i++
			continue
		}
		if i += used; i < len(words) {
			if found == nil {
				found = map[string][]float64{}
			}
			unit := bengali.Stem(words[i])
			found[unit] = append(found[unit], n)
		}
	}
	return found
}

// tollIn finds the numbers that belong to one of the words: “৩ শ্রমিকের মৃত্যু”,
// “নিহত বেড়ে ১৯”, “পাঁচজন আহত”.
func tollIn(words []string, toll map[string]bool) []float64 {
	var found []float64
	for i := 0; i < len(words); {
		n, used := numberAt(words[i:])
		if used == 0 {
			i++
			continue
		}
		before := words[max(0, i-4):i]
		after := words[i+used : min(i+used+4, len(words))]
		counted := slices.ContainsFunc(after, func(w string) bool { return toll[w] })
		if !counted && len(before) > 0 {
			at := slices.IndexFunc(before, func(w string) bool { return toll[w] })
			counted = at >= 0 && (at == len(before)-1 || slices.ContainsFunc(before[at+1:], func(w string) bool {
				return strings.HasPrefix(w, "বেড়ে") || strings.HasPrefix(w, "সংখ্যা") || w == "অন্তত" || w == "কমপক্ষে"
			}))
		}
		if counted {
			found = append(found, n)
		}
		i += used
	}
	return found
}

// numberAt reads the number the words begin with and how many words it takes:
// “1 হাজার 84”, “তিনজন”, “19”.
func numberAt(words []string) (float64, int) {
	sum, used := 0.0, 0
	for used < len(words) {
		n, ok := numeral(words[used])
		if !ok {
			break
		}
		used++
		if used < len(words) {
			if by, ok := multipliers()[words[used]]; ok {
				sum += n * by
				used++
				continue
			}
		}
		return sum + n, used
	}
	return sum, used
}

func numeral(w string) (float64, bool) {
	if n, rest := digits(w); n > 0 {
		return n, rest == "" || strings.HasPrefix(rest, "জন") || strings.HasPrefix(rest, "টি") || rest == "য়" || rest == "তে" || rest == "এ"
	}
	for _, ending := range []string{"জনের", "জনকে", "জনে", "জন", "টি", "টির", "ে", ""} {
		if base, ok := strings.CutSuffix(w, ending); ok {
			if n, ok := numerals()[base]; ok {
				return n, true
			}
		}
	}
	return 0, false
}

// digits reads the number a word begins with, and the rest of the word.
func digits(w string) (float64, string) {
	end := 0
	for end < len(w) && (w[end] >= '0' && w[end] <= '9' || w[end] == '.' && end > 0) {
		end++
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(w[:end], "."), 64)
	if err != nil {
		return 0, w
	}
	return n, w[end:]
}
