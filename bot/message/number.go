package message

import (
	"math"
	"strconv"
	"strings"
)

// Digits prints the ASCII digits of s as the printer's language writes them; all else stays.
func (p Printer) Digits(s string) string {
	if p.Lang() == English {
		return s
	}
	return bengaliDigits.Replace(s)
}

var bengaliDigits = strings.NewReplacer(
	"0", "০", "1", "১", "2", "২", "3", "৩", "4", "৪", "5", "৫", "6", "৬", "7", "৭", "8", "৮", "9", "৯")

// Number prints n grouped by thousand, lakh and crore, in English too, as both countries do: ১,২৩,৪৫,৬৭৮.
func (p Printer) Number(n int64) string {
	sign, size := "", uint64(n)
	if n < 0 {
		sign, size = "-", -size
	}
	return p.Digits(sign + grouped(strconv.FormatUint(size, 10)))
}

// Decimal prints f rounded to one decimal place, which is left out when it is zero: ৩.৫, ৩.
func (p Printer) Decimal(f float64) string {
	text := strconv.FormatFloat(math.Abs(f), 'f', 1, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	if strings.Trim(whole, "0123456789") == "" {
		whole = grouped(whole)
	}
	if fraction != "0" && fraction != "" {
		whole += "." + fraction
	}
	if f < 0 && whole != "0" {
		whole = "-" + whole
	}
	return p.Digits(whole)
}

// grouped puts a comma before the last three digits and before each two further ones.
func grouped(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	head, tail := digits[:len(digits)-3], digits[len(digits)-3:]
	for len(head) > 2 {
		head, tail = head[:len(head)-2], head[len(head)-2:]+","+tail
	}
	return head + "," + tail
}

// magnitudes are the named powers of ten, the largest first.
var magnitudes = [...]struct {
	one  uint64
	word Key
}{
	{1e7, NumberCrore},
	{1e5, NumberLakh},
	{1e3, NumberThousand},
}

// Compact prints n in the largest of thousand, lakh and crore that it reaches, rounded half up to one decimal
// place, of which nothing is shown from a hundred on: ৭ কোটি, ২.৫ লাখ, ১,২৩৪ কোটি. Below a thousand it is Number.
func (p Printer) Compact(n int64) string {
	sign, size := "", uint64(n)
	if n < 0 {
		sign, size = "-", -size
	}
	for i, m := range magnitudes {
		if size < m.one {
			continue
		}
		tenths := size / (m.one / 10)
		if size%(m.one/10) >= m.one/20 {
			tenths++
		}
		// What rounds up to the larger unit is printed in it: 99,950 is one lakh, not a hundred thousand.
		if i > 0 && tenths >= 10*(magnitudes[i-1].one/m.one) {
			m, tenths = magnitudes[i-1], 10
		}
		text := grouped(strconv.FormatUint(tenths/10, 10))
		if tenths%10 != 0 && tenths < 1000 {
			text += "." + strconv.FormatUint(tenths%10, 10)
		}
		return p.Digits(sign+text) + " " + p.Text(m.word)
	}
	return p.Number(n)
}
