package summary

import "math"

// The choice treats a summary as a guess at what an editor would have chosen.
//
// Every sentence has a chance to be in the editor's choice (chance.go). From the
// chances follows, for every word, the probability that the editor's choice has
// it once, twice, three times; and from that the expected number of words a set
// of sentences shares with the editor's. The set with the best expected F1 is
// taken. This one rule does what centroid, redundancy penalty and filling the
// budget do apart: frequent words of likely sentences weigh most, a word said
// again weighs less each time, and room left over costs recall.

// depth is how many repetitions of a word are told apart.
const depth = 3

// frequencies holds for every word the probability that the editor's choice has
// it at least once, twice, three times.
type frequencies [][depth]float64

// expect derives the frequencies from the sentences' chances, taken as
// independent, and the expected length of the editor's choice in words.
func expect(units []unit, words int) (frequencies, float64) {
	exactly := make([][depth + 1]float64, words)
	for w := range exactly {
		exactly[w][0] = 1
	}
	length := 0.0
	for _, u := range units {
		length += u.chance * float64(len(u.words))
		for i, w := range u.words {
			if first(u.words[:i], w) {
				add(&exactly[w], u.chance, count(u.words[i:], w))
			}
		}
	}
	atLeast := make(frequencies, words)
	for w, p := range exactly {
		atLeast[w][2] = p[3]
		atLeast[w][1] = p[3] + p[2]
		atLeast[w][0] = p[3] + p[2] + p[1]
	}
	return atLeast, length
}

// add takes one more sentence into the distribution of a word's count: with the
// given chance the count grows by n.
func add(exactly *[depth + 1]float64, chance float64, n int) {
	for k := depth; k >= 0; k-- {
		moved := exactly[k] * chance
		if k < depth {
			exactly[k] -= moved
			exactly[min(k+n, depth)] += moved
		}
	}
}

func first(before []int32, w int32) bool {
	for _, b := range before {
		if b == w {
			return false
		}
	}
	return true
}

func count(words []int32, w int32) int {
	n := 0
	for _, x := range words {
		if x == w {
			n++
		}
	}
	return n
}

// choice is a set of sentences under way, with what it would share with the
// editor's.
type choice struct {
	units  []unit
	freq   frequencies
	again  [][]float64 // how much two units say the same, 0–1
	expect float64     // words in the editor's choice
	budget int         // UTF-16 units
	most   int         // sentences

	seen   []int // per word, how often the set has it
	chosen []int // indexes into units, in the order they were taken
	isIn   []bool
	shared float64
	worth  float64 // sum of chance × words
	words  int
	size   int
	count  int

	best    float64
	bestSet []int
}

func (c *choice) fits(i int) bool {
	u := &c.units[i]
	room := c.budget - c.size
	if len(c.chosen) > 0 {
		room-- // the space between
	}
	return !c.isIn[i] && u.chance >= filler && u.size <= room && c.count+u.sentences <= c.most
}

func (c *choice) take(i int) {
	u := &c.units[i]
	if len(c.chosen) > 0 {
		c.size++
	}
	c.size += u.size
	c.count += u.sentences
	c.words += len(u.words)
	c.worth += u.chance * float64(len(u.words))
	for _, w := range u.words {
		if n := c.seen[w]; n < depth {
			c.shared += c.freq[w][n]
		}
		c.seen[w]++
	}
	c.isIn[i] = true
	c.chosen = append(c.chosen, i)
}

func (c *choice) drop() {
	i := c.chosen[len(c.chosen)-1]
	u := &c.units[i]
	c.chosen = c.chosen[:len(c.chosen)-1]
	c.isIn[i] = false
	for _, w := range u.words {
		c.seen[w]--
		if n := c.seen[w]; n < depth {
			c.shared -= c.freq[w][n]
		}
	}
	c.worth -= u.chance * float64(len(u.words))
	c.words -= len(u.words)
	c.count -= u.sentences
	c.size -= u.size
	if len(c.chosen) > 0 {
		c.size--
	}
}

// value is the expected F1 of the set, less what a reader would stumble over.
func (c *choice) value() float64 {
	share := c.shared*wordShare + c.worth*(1-wordShare)
	v := 2 * share / (float64(c.words) + c.expect)
	three := c.most == sentencesFor(Budget) && c.count == c.most
	for n, i := range c.chosen {
		for _, j := range c.chosen[:n] {
			v -= lessRepetition * max(0, c.again[i][j]-sameMatter)
		}
		u := &c.units[i]
		if u.leans > 0 && !(u.follows && i > 0 && c.isIn[i-1]) {
			v -= u.leans
		}
		three = three && u.chance >= ordinary
	}
	if three {
		v += forThree
	}
	return v
}

// search completes the set. While more than three sentences may still come it
// takes the best next one; the last three are chosen together, by trying all:
// what fills the room best is seen only in the whole.
func (c *choice) search() []int {
	for c.most-c.count > together {
		next, best := -1, c.value()
		for i := range c.units {
			if c.fits(i) {
				c.take(i)
				if v := c.value(); v > best {
					next, best = i, v
				}
				c.drop()
			}
		}
		if next < 0 {
			break
		}
		c.take(next)
	}
	c.best, c.bestSet = c.value(), append([]int(nil), c.chosen...)
	c.try(0)
	return c.bestSet
}

const together = 3

func (c *choice) try(from int) {
	for i := from; i < len(c.units); i++ {
		if !c.fits(i) {
			continue
		}
		c.take(i)
		if v := c.value(); v > c.best {
			c.best, c.bestSet = v, append(c.bestSet[:0], c.chosen...)
		}
		c.try(i + 1)
		c.drop()
	}
}

// repetition is the cosine of the units' content words, as sets, in pairs.
func repetition(units []unit) [][]float64 {
	n := len(units)
	all := make([]float64, n*n)
	rows := make([][]float64, n)
	for i := range units {
		rows[i] = all[i*n : (i+1)*n]
		for j := range i {
			a, b := units[i].content, units[j].content
			if shared := intersection(a, b); shared > 0 {
				cosine := float64(shared) / math.Sqrt(float64(len(a)*len(b)))
				rows[i][j], rows[j][i] = cosine, cosine
			}
		}
	}
	return rows
}

func intersection(a, b []int32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}
