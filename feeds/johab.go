package feeds

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/transform"
)

// johab is the combining code of KS X 1001, annex 3, which x/text lacks: a syllable is two bytes that hold its three letters
// in five bits each; hanja and signs have the rows of KS X 1001 in another order.
type johab struct{ transform.NopResetter }

// NewDecoder makes johab an encoding.Encoding.
func (j johab) NewDecoder() *encoding.Decoder { return &encoding.Decoder{Transformer: j} }

// NewEncoder is not needed: nothing is written in this encoding.
func (johab) NewEncoder() *encoding.Encoder {
	return &encoding.Encoder{Transformer: encoding.Replacement.NewEncoder()}
}

// Transform writes the letters of src to dst.
func (johab) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		r, n := rune(src[read]), 1
		if r >= utf8.RuneSelf {
			if read+1 == len(src) && !atEOF {
				return written, read, transform.ErrShortSrc
			}
			r = utf8.RuneError
			if read+1 < len(src) {
				r, n = johabLetter(src[read], src[read+1]), 2
				if r == utf8.RuneError && src[read+1] < utf8.RuneSelf {
					n = 1 // the byte of ASCII is a letter of its own
				}
			}
		}
		if written+utf8.UTFMax > len(dst) {
			return written, read, transform.ErrShortDst
		}
		written += utf8.EncodeRune(dst[written:], r)
		read += n
	}
	return written, read, nil
}

const (
	noLetter = -2
	filler   = -1
)

// johabLetter is the letter of a pair of bytes, U+FFFD if there is none.
func johabLetter(a, b byte) rune {
	if a >= 0xd8 {
		return johabSign(a, b)
	}
	pair := uint16(a)<<8 | uint16(b)
	first, vowel, last := johabFirst(int(pair>>10&31)), johabVowel(int(pair>>5&31)), johabLast(int(pair&31))
	switch {
	case first == noLetter || vowel == noLetter || last == noLetter:
		return utf8.RuneError
	case first >= 0 && vowel >= 0: // the syllables of Unicode §3.12
		return rune(0xac00 + (first*21+vowel)*28 + last)
	case first >= 0 && last == 0:
		return []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")[first]
	case vowel >= 0 && last == 0:
		return rune('ㅏ' + vowel)
	case vowel < 0 && last > 0:
		return []rune("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")[last-1]
	}
	return utf8.RuneError
}

func johabFirst(code int) int {
	switch {
	case code == 1:
		return filler
	case code >= 2 && code <= 20:
		return code - 2
	}
	return noLetter
}

func johabVowel(code int) int {
	switch {
	case code == 2:
		return filler
	case code < 3 || code%8 < 2 || code > 29:
		return noLetter
	}
	return code - 3 - 2*(code/8) // each row of eight begins with two empty places
}

func johabLast(code int) int {
	switch {
	case code == 0 || code == 18 || code > 29:
		return noLetter
	case code < 18:
		return code - 1
	}
	return code - 2
}

// johabSign finds hanja and signs by their place in EUC-KR.
func johabSign(a, b byte) rune {
	row, column := 2*(int(a)-0xd9), int(b)-0x31
	if a >= 0xe0 {
		row = 2*int(a) - 0x197
	}
	if b >= 0x91 {
		column = int(b) - 0x43
	}
	if a < 0xd9 || a == 0xdf || a > 0xf9 || b < 0x31 || b > 0x7e && b < 0x91 || b > 0xfe {
		return utf8.RuneError
	}
	if column >= 94 {
		row, column = row+1, column-94
	}
	letter, err := korean.EUCKR.NewDecoder().Bytes([]byte{byte(row + 0xa1), byte(column + 0xa1)})
	if err != nil {
		return utf8.RuneError
	}
	r, _ := utf8.DecodeRune(letter)
	return r
}
