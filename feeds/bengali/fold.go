package bengali

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold makes the key by which text is compared: normalised, without joiners,
// lower-cased, with ASCII digits, the Assamese ৰ as র, every double quote as ",
// every single one as ', every dash as -, and the visarga that ends a word (মোঃ,
// ঢাকাঃ) as a colon. Fold(Fold(s)) == Fold(s). It is for machines: never show it.
func Fold(s string) string {
	s = Normalize(s)
	for range 8 {
		folded := foldRunes(s)
		if folded == s {
			break
		}
		s = Normalize(folded) // what a joiner kept apart can now want mending
	}
	return s
}

// foldRunes maps s rune by rune, without mending what the mapping brings
// together.
func foldRunes(s string) string {
	var b strings.Builder
	from := 0 // what is not yet copied
	for i := 0; i < len(s); {
		r, size := runeAt(s, i)
		f := r
		switch {
		case r == visarga:
			f = foldVisarga(s[i+size:])
		case r < visarga || r > 0x09E5 || r == assameseRa:
			f = foldRune(r)
		}
		if f != r {
			if from == 0 {
				b.Grow(len(s))
			}
			b.WriteString(s[from:i])
			if f >= 0 {
				b.WriteRune(f)
			}
			from = i + size
		}
		i += size
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// foldVisarga is what a visarga becomes before rest: itself within a word, a
// colon at its end.
func foldVisarga(rest string) rune {
	next, _ := utf8.DecodeRuneInString(rest)
	if isBengali(next) && isWordRune(next) {
		return visarga
	}
	return ':'
}

// foldRune maps one rune; -1 drops it.
func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case isBengaliDigit(r):
		return r - '০' + '0'
	case r == assameseRa:
		return letterRa
	case isBengali(r):
		return r
	case isJoiner(r):
		return -1
	}
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″':
		return '"'
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	}
	return unicode.ToLower(r)
}
