package bengali

import (
	"unicode"
	"unicode/utf8"
)

// Share is the part of the letters of s that are Bengali, from 0 to 1; 0 if s has no
// letters. Marks, digits and signs do not count. Letters of Assamese text are in
// the Bengali block and count; see [IsBengali].
func Share(s string) float64 {
	var count letterCount
	count.add(s)
	return count.share()
}

// leastShare is how much of a Bengali text must be in Bengali letters. News on
// technology quotes many Latin names, in a headline more letters than not; Latin
// text with a few Bengali words stays below a third.
const leastShare = 1.0 / 3

// IsBengali reports whether s is in Bengali: at least a third of its letters
// are, and it is not Assamese, which has ৰ for র and adds ৱ. Text without letters is not
// Bengali, nor is Bengali in Latin letters.
func IsBengali(s string) bool {
	var count letterCount
	count.add(s)
	return count.isBengali()
}

type letterCount struct{ bengali, assamese, all int }

func (c *letterCount) add(s string) {
	for _, r := range s {
		switch {
		case isConsonant(r) || isIndependentVowel(r):
			c.bengali++
			c.all++
			if r == assameseRa || r == assameseWa {
				c.assamese++
			}
		case r < utf8.RuneSelf:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				c.all++
			}
		case !isBengali(r) && unicode.IsLetter(r):
			c.all++
		}
	}
}

func (c *letterCount) share() float64 {
	if c.all == 0 {
		return 0
	}
	return float64(c.bengali) / float64(c.all)
}

func (c *letterCount) isBengali() bool {
	if c.all == 0 || c.share() < leastShare {
		return false
	}
	// One letter in fourteen of Assamese is ৰ or ৱ, and in Bengali none is; a
	// Bengali article may quote a name.
	return c.assamese*50 < c.bengali || c.assamese <= 1 && c.bengali > 10
}
