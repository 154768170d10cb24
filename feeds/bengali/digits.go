package bengali

import "strings"

// Digits writes the ASCII digits of s as Bengali ones.
func Digits(s string) string {
	if strings.IndexFunc(s, isASCIIDigit) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isASCIIDigit(r) {
			return r - '0' + '০'
		}
		return r
	}, s)
}

// ASCIIDigits writes the Bengali digits of s as ASCII ones.
func ASCIIDigits(s string) string {
	if strings.IndexFunc(s, isBengaliDigit) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isBengaliDigit(r) {
			return r - '০' + '0'
		}
		return r
	}, s)
}
