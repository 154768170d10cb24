package bengali

import (
	"unicode"
	"unicode/utf8"
)

// Share is the part of the letters of s that are Bengali, from 0 to 1; 0 if s has no
// letters. Marks, digits and signs do not count. Letters of Assamese text are in
// the Bengali block and count; see [IsBengali].
func Share(s string) float64 {
	bengali, letters, _ := countLetters(s)
	if letters == 0 {
		return 0
	}
	return float64(bengali) / float64(letters)
}

// leastShare is how much of a Bengali text must be in Bengali letters. News on
// technology and sport quotes many Latin names, yet stays above half; Latin text
// with a few Bengali words stays below a third.
const leastShare = 0.4

// IsBengali reports whether s is in Bengali: at least two fifths of its letters
// are, and it is not Assamese, which has ৰ for র and adds ৱ. Text without letters is not
// Bengali, nor is Bengali in Latin letters.
func IsBengali(s string) bool {
	bengali, letters, assamese := countLetters(s)
	if letters == 0 || float64(bengali) < leastShare*float64(letters) {
		return false
	}
	// One letter in fourteen of Assamese is ৰ or ৱ, and in Bengali none is; a
	// Bengali article may quote a name.
	return assamese*50 < bengali || assamese <= 1 && bengali > 10
}

func countLetters(s string) (bengali, letters, assamese int) {
	for _, r := range s {
		switch {
		case isConsonant(r) || isIndependentVowel(r):
			bengali++
			letters++
			if r == assameseRa || r == assameseWa {
				assamese++
			}
		case r < utf8.RuneSelf:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				letters++
			}
		case !isBengali(r) && unicode.IsLetter(r):
			letters++
		}
	}
	return bengali, letters, assamese
}
