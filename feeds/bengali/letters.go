package bengali

import (
	"unicode"
	"unicode/utf8"
)

// Code points with a part of their own in the rules of this package. They are
// written as escapes because editors silently decompose Bengali literals.
const (
	candrabindu  = '\u0981'
	visarga      = '\u0983'
	letterA      = '\u0985'
	letterAA     = '\u0986'
	letterTa     = '\u09A4'
	letterDda    = '\u09A1'
	letterDdha   = '\u09A2'
	letterYa     = '\u09AF'
	letterRa     = '\u09B0'
	nukta        = '\u09BC'
	signAA       = '\u09BE'
	signE        = '\u09C7'
	signO        = '\u09CB'
	signAU       = '\u09CC'
	hasanta      = '\u09CD'
	khandaTa     = '\u09CE'
	lengthAU     = '\u09D7'
	letterRra    = '\u09DC'
	letterRha    = '\u09DD'
	letterYya    = '\u09DF'
	assameseRa   = '\u09F0'
	assameseWa   = '\u09F1'
	zwnj         = '\u200C'
	zwj          = '\u200D'
	danda        = '।'
	doubleDanda  = '॥'
	currencyFour = '\u09F7' // ৷, widely typed for a danda
	ellipsis     = '…'
)

// runeAt decodes the rune at s[i], the Bengali block first: this package does
// little else, and the general decoder takes three times as long.
func runeAt(s string, i int) (r rune, size int) {
	if b := s[i]; b < utf8.RuneSelf {
		return rune(b), 1
	} else if isBengaliAt(s, i) {
		return 0x0980 | rune(s[i+1]&1)<<6 | rune(s[i+2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

// isBengaliAt reports whether the rune at s[i] is in the Bengali block, where it
// takes three bytes, without decoding it.
func isBengaliAt(s string, i int) bool {
	return s[i] == 0xE0 && i+2 < len(s) && s[i+1]|1 == 0xA7 && s[i+2]&0xC0 == 0x80
}

// isBengali reports whether r is in the Bengali block. Danda and joiners are
// not: Unicode shares them between scripts.
func isBengali(r rune) bool { return r >= 0x0980 && r <= 0x09FF }

func isConsonant(r rune) bool {
	return r >= 0x0995 && r <= 0x09B9 || r == khandaTa || r >= letterRra && r <= letterYya ||
		r == assameseRa || r == assameseWa
}

func isIndependentVowel(r rune) bool {
	return r >= letterA && r <= 0x0994 || r == 0x09E0 || r == 0x09E1
}

// isDependentSign reports whether r is a vowel sign, hasanta or candrabindu:
// the signs that make no sense written twice.
func isDependentSign(r rune) bool {
	return r >= signAA && r <= hasanta || r == lengthAU || r == 0x09E2 || r == 0x09E3 || r == candrabindu
}

func isVowelSign(r rune) bool {
	return r >= signAA && r <= signAU || r == lengthAU || r == 0x09E2 || r == 0x09E3
}

func isBengaliDigit(r rune) bool { return r >= '০' && r <= '৯' }

func isASCIIDigit(r rune) bool { return r >= '0' && r <= '9' }

func isDigit(r rune) bool { return isASCIIDigit(r) || isBengaliDigit(r) }

func isLatin(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z'
	}
	return r < 0x0250 && unicode.IsLetter(r) || r >= 0x1E00 && r <= 0x1EFF
}

// isWordRune reports whether r can stand inside a word: a letter, one of its
// marks, or a digit.
func isWordRune(r rune) bool {
	if isBengali(r) {
		return r != currencyFour && (r < 0x09F2 || r > 0x09FB) || r == 0x09FC || r == 0x09FE
	}
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z' || isASCIIDigit(r)
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func isJoiner(r rune) bool { return r == zwj || r == zwnj }

func isTerminator(r rune) bool {
	return r == danda || r == doubleDanda || r == '?' || r == '!'
}

func isOpener(r rune) bool {
	switch r {
	case '“', '‘', '«', '(', '[', '{', '„', '‚':
		return true
	}
	return false
}

func isCloser(r rune) bool {
	switch r {
	case '”', '’', '»', '"', '\'', ')', ']', '}':
		return true
	}
	return false
}
