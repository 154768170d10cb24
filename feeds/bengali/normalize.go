package bengali

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normalize is the one door through which text enters: what it returns is
// stored, shown and cut. It is valid UTF-8 in Unicode's form C, and
// Normalize(Normalize(s)) == Normalize(s).
//
// Beyond form C it mends only what readers cannot see or would call a typing
// fault: য় ড় ঢ় become two code points (form C says so), অ+া becomes আ, ত্ with a
// joiner becomes ৎ, a যফলা typed with the য় key becomes one, a sign typed twice
// is kept once, ৷ and a sentence-final | become the danda, invisible characters
// and joiners that join nothing go, and র with a joiner before যফলা always has
// the zero width joiner. Bytes that are not UTF-8 become U+FFFD.
//
// Every line is kept: CRLF, CR, U+0085, U+2028 and U+2029 become \n, more than one
// empty line becomes one. Within a line every run of white space becomes one
// space; spaces at the ends of a line, and empty lines at the ends of the text,
// go.
func Normalize(s string) string {
	if isNormal(s) {
		return s
	}
	// A repair can bring letters together that form C composes, so repair until
	// nothing changes. Each round beyond the second is the work of someone
	// trying, and each makes the text shorter or leaves it.
	for range 8 {
		fixed := repair(s)
		if !norm.NFC.IsNormalString(fixed) {
			fixed = norm.NFC.String(fixed)
		}
		if fixed == s || isNormal(fixed) {
			return fixed
		}
		s = fixed
	}
	return s
}

// isNormal is a quick look that recognises everyday text which needs no repair,
// so that passing the door twice costs one reading. It may say no too often.
func isNormal(s string) bool {
	prev, before := rune('\n'), rune('\n') // the two runes before this one
	lines := 2                             // line ends since the last visible rune
	for i := 0; i < len(s); {
		r, size := runeAt(s, i)
		switch {
		case r == '\n':
			if prev == ' ' || lines >= 2 {
				return false
			}
			lines++
		case r == ' ':
			if prev == ' ' || prev == '\n' {
				return false
			}
		case r < ' ' || r == 0x7F || r == '|':
			return false
		case isBengali(r):
			if !isNormalAfter(r, prev, before) {
				return false
			}
			lines = 0
		case r < 0x7F, r > 0xA0 && r < 0x0300 && r != 0xAD, r == danda, r == doubleDanda, r >= 0x2010 && r <= 0x2027:
			lines = 0
		default:
			return false
		}
		before, prev = prev, r
		i += size
	}
	return s == "" || prev != ' ' && prev != '\n'
}

// isNormalAfter reports whether the Bengali rune r may stand after prev, which
// stands after before, as it is.
func isNormalAfter(r, prev, before rune) bool {
	switch {
	case r == nukta:
		return prev == letterDda || prev == letterDdha || prev == letterYa && before != hasanta
	case r == prev:
		return !isDependentSign(r)
	case r == signAA:
		return prev != letterA && prev != signE
	case r == lengthAU, r >= letterRra && r <= letterYya, r == currencyFour, r == 0x09E4, r == 0x09E5:
		return false
	}
	return true
}

// repairer writes text rune by rune and mends at the point of writing, where
// what stands before is already mended.
type repairer struct {
	out     []rune
	joiner  rune // seen, and not yet known to join anything
	space   bool // white space seen, not yet written
	cr      bool // the last rune was a carriage return
	lines   int  // line ends seen, not yet written
	bar     bool // the last rune written is a | that may be a danda
	bengali bool // there is Bengali in the line
}

func repair(s string) string {
	w := repairer{out: make([]rune, 0, len(s)/2+8)}
	for _, r := range s { // bytes that are not UTF-8 arrive as U+FFFD
		w.read(r)
	}
	if w.bar {
		w.out[len(w.out)-1] = danda
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range w.out {
		b.WriteRune(r)
	}
	return b.String()
}

func (w *repairer) read(r rune) {
	if isBengali(r) { // most are
		w.cr = false
		w.settle(r)
		w.write(r)
		w.bengali = true
		return
	}
	afterCR := w.cr
	w.cr = r == '\r'
	switch {
	case r == '\n' && afterCR:
	case r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
		w.joiner = 0
		w.lines++
	case unicode.IsSpace(r):
		w.joiner = 0
		w.space = true
	case isInvisible(r):
	case isJoiner(r):
		if w.joiner == 0 {
			w.joiner = r
		}
	default:
		w.settle(r)
		w.write(r)
	}
}

// settle writes or drops what waited for the visible rune next.
func (w *repairer) settle(next rune) {
	if !w.space && !w.bar && w.lines == 0 && w.joiner == 0 {
		return
	}
	gap := w.space || w.lines > 0
	if w.bar {
		if w.lines > 0 || gap && !isLatin(next) && next != '|' || !gap && isCloser(next) {
			w.out[len(w.out)-1] = danda
		}
		w.bar = false
	}
	if gap {
		if len(w.out) > 0 {
			switch {
			case w.lines > 1:
				w.bengali = false
				w.out = append(w.out, '\n', '\n')
			case w.lines == 1:
				w.bengali = false
				w.out = append(w.out, '\n')
			default:
				w.out = append(w.out, ' ')
			}
		}
	} else if w.joiner != 0 {
		w.join(next)
	}
	w.space, w.lines, w.joiner = false, 0, 0
}

// join writes the waiting joiner if it joins the last rune to next.
func (w *repairer) join(next rune) {
	prev, before := w.last(0), w.last(1)
	switch {
	case isBengali(prev):
		switch {
		case prev == hasanta && before == letterTa && w.joiner == zwj:
			w.out = append(w.out[:len(w.out)-2], khandaTa) // the spelling of ৎ before it had a code point
		case prev == hasanta && isBengali(next) && next != hasanta && next != nukta:
			w.out = append(w.out, w.joiner)
		case prev == letterRa && next == hasanta:
			w.out = append(w.out, zwj)
		case isConsonant(prev) && next == hasanta:
			w.out = append(w.out, w.joiner)
		}
	case prev == 0 || isLatin(prev) || isBengali(next) || isLatin(next):
	case joins(prev) && joins(next):
		w.out = append(w.out, w.joiner)
	}
}

// joins reports whether a joiner beside r can mean something: letters and marks
// of other scripts, and the parts of an emoji.
func joins(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r)
}

func (w *repairer) write(r rune) {
	switch r {
	case letterRra:
		w.out = append(w.out, letterDda)
		r = nukta
	case letterRha:
		w.out = append(w.out, letterDdha)
		r = nukta
	case letterYya:
		w.out = append(w.out, letterYa)
		r = nukta
	case currencyFour, 0x09E4:
		r = danda
	case 0x09E5:
		r = doubleDanda
	case '|':
		last := w.last(0)
		w.bar = isBengali(last) || isCloser(last) || w.bengali && isLatin(last)
	}
	prev := w.last(0)
	switch {
	case r == nukta && (isVowelSign(prev) || isIndependentVowel(prev) || prev == nukta || prev == candrabindu):
		return
	case r == nukta && prev == letterYa && w.last(1) == hasanta:
		return // যফলা typed with the য় key
	case r == prev && isDependentSign(r):
		return
	case r == signAA && prev == letterA:
		w.out[len(w.out)-1] = letterAA
	case r == signAA && prev == signE:
		w.compose(signO)
	case r == lengthAU && prev == signE:
		w.compose(signAU)
	default:
		w.out = append(w.out, r)
	}
}

// compose puts sign in the place of the last rune, unless that writes it twice.
func (w *repairer) compose(sign rune) {
	w.out = w.out[:len(w.out)-1]
	if w.last(0) != sign {
		w.out = append(w.out, sign)
	}
}

// last is the n-th rune from the end of what is written, or 0.
func (w *repairer) last(n int) rune {
	if i := len(w.out) - 1 - n; i >= 0 {
		return w.out[i]
	}
	return 0
}

// isInvisible reports whether r is shown as nothing and means nothing in news:
// control characters, soft hyphen, zero width space, byte order mark, marks of
// direction, noncharacters. Joiners are not among them.
func isInvisible(r rune) bool {
	switch {
	case r < ' ', r >= 0x7F && r <= 0x9F, r == 0xAD, r == 0x061C, r == 0x180E, r == 0x200B, r == 0x200E, r == 0x200F,
		r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF, r >= 0xFFF9 && r <= 0xFFFB,
		r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
		return true
	}
	return false
}
