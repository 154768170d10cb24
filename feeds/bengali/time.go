package bengali

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	_ "embed"
)

//go:embed lexicon/calendar.txt
var calendarFile string

// calendarWord is what a word of a date or time means.
type calendarWord struct {
	kind  calendarKind
	value int
}

type calendarKind byte

const (
	notCalendar  calendarKind = iota
	monthWord                 // value: time.Month
	weekdayWord               // value: time.Weekday
	dayPart                   // value: a dayPartAM…
	fractionWord              // value: minutes to add to the hour that follows
	hourWord                  // টা, ঘটিকা
	minuteWord                // মিনিট

	// Words of plans.
	dayWord     // value: days from today
	nowWord     // এখন
	comingWord  // value: 0 this, 1 the coming, 2 the next, -1 the last
	everyWord   // value: minutes of the unit, 0 if it follows
	unitWord    // value: its minutes
	halfWord    // value: sixtieths of the unit that follows: আধ, দেড়, আড়াই
	halfHour    // value: minutes: আধঘণ্টা
	afterWord   // পরে
	withinWord  // in two hours
	workdayWord // কর্মদিবস
	workingWord // কাজের (দিন)
	toWord      // থেকে
	andWord     // ও
	dateWord    // তারিখ
	fillerWord  // without a meaning of its own
)

// Parts of the day, as values of dayPart.
const (
	partMorning   = iota // am
	partNoon             // দুপুর, বেলা: 10 and 11 in the morning, else pm
	partAfternoon        // pm
	partNight            // রাত: from 6 pm, else after midnight
	partDawn             // am
	partEvening          // pm
)

// calendar reads lines of the form "kind value word word …".
var calendar = sync.OnceValue(func() map[string]calendarWord {
	kinds := map[string]calendarKind{
		"month": monthWord, "weekday": weekdayWord, "part": dayPart, "fraction": fractionWord,
		"hour": hourWord, "minute": minuteWord,
		"day": dayWord, "now": nowWord, "coming": comingWord, "every": everyWord, "unit": unitWord, "half": halfWord, "halfhour": halfHour,
		"after": afterWord, "within": withinWord, "workday": workdayWord, "working": workingWord, "to": toWord, "and": andWord, "date": dateWord,
		"filler": fillerWord,
	}
	words := map[string]calendarWord{}
	for line := range entries(calendarFile) {
		fields := strings.Fields(line)
		kind, ok := kinds[fields[0]]
		if !ok {
			continue
		}
		value, _ := strconv.Atoi(fields[1])
		for _, word := range fields[2:] {
			words[Fold(word)] = calendarWord{kind, value}
		}
	}
	return words
})

// longestTime is the length in bytes beyond which a text is no time.
const longestTime = 400

// ParseClock reads a time of day in words or figures: ‘রাত ৯টা’, ‘সকাল সাড়ে
// আটটা’, ‘পৌনে ১০টা’, ‘১৮:৩০’, ‘রাত ১০ টা ৫০ মিনিট’. Without a word for the part of the day the
// figures are taken as they stand, on a clock of 24 hours.
func ParseClock(s string) (hour, minute int, ok bool) {
	if len(s) > longestTime {
		return 0, 0, false
	}
	return findClock(calendarTokens(s))
}

// calendarToken is a number, a known word, or another sign or word.
type calendarToken struct {
	calendarWord
	text   string
	number int  // -1 if it is none
	sign   byte // '/', '-', ':', '.', ',' or 0
}

func (t calendarToken) isNumber() bool { return t.number >= 0 }

// calendarTokens cuts a text into tokens, numbers apart from the words glued to them
// (১০টা).
func calendarTokens(s string) []calendarToken {
	s = Fold(s)
	known := calendar()
	var tokens []calendarToken
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		from := i
		i += size
		switch {
		case isASCIIDigit(r):
			for i < len(s) && isASCIIDigit(rune(s[i])) {
				i++
			}
			number, err := strconv.Atoi(s[from:i])
			if err != nil || i-from > 4 {
				number = -1
			}
			tokens = append(tokens, calendarToken{text: s[from:i], number: number})
		case isWordRune(r):
			for i < len(s) {
				r, size = utf8.DecodeRuneInString(s[i:])
				if !isWordRune(r) || isASCIIDigit(r) {
					break
				}
				i += size
			}
			tokens = append(tokens, wordTokens(known, s[from:i])...)
		case strings.IndexByte("/-:.,|", s[from]) >= 0:
			tokens = append(tokens, calendarToken{text: s[from:i], number: -1, sign: s[from]})
		}
	}
	return tokens
}

// wordTokens looks a word up, also without its ending, and number words that
// carry টা (আটটায়) or a span (তিনদিন) in two.
func wordTokens(known map[string]calendarWord, word string) []calendarToken {
	if w, ok := known[word]; ok {
		return []calendarToken{{calendarWord: w, text: word, number: -1}}
	}
	if n, ok := numberWords()[word]; ok {
		return []calendarToken{{text: word, number: n}}
	}
	for _, ending := range []string{"টায়", "টার", "টা", "টে", "টেয়"} {
		if n, ok := numberWords()[strings.TrimSuffix(word, ending)]; ok && strings.HasSuffix(word, ending) {
			return []calendarToken{{text: word, number: n}, {calendarWord: calendarWord{hourWord, 0}, text: ending, number: -1}}
		}
		if w := known[strings.TrimSuffix(word, ending)]; w.kind == halfWord && strings.HasSuffix(word, ending) {
			return []calendarToken{{calendarWord: w, text: word, number: -1}, {calendarWord: calendarWord{hourWord, 0}, text: ending, number: -1}}
		}
	}
	for number, n := range numberWords() { // একদিন, তিনদিনের
		unit, ok := strings.CutPrefix(word, number)
		if w := known[strings.TrimSuffix(unit, "ের")]; ok && w.kind == unitWord {
			return []calendarToken{{text: number, number: n}, {calendarWord: w, text: unit, number: -1}}
		}
	}
	for _, ending := range []string{"ের", "ে", "য়", "র"} {
		if base, ok := strings.CutSuffix(word, ending); ok {
			if w, ok := known[base]; ok {
				return []calendarToken{{calendarWord: w, text: word, number: -1}}
			}
		}
	}
	return []calendarToken{{text: word, number: -1}}
}

var numberWords = sync.OnceValue(func() map[string]int {
	words := map[string]int{}
	for line := range entries(calendarFile) {
		fields := strings.Fields(line)
		if fields[0] != "number" {
			continue
		}
		value, _ := strconv.Atoi(fields[1])
		for _, word := range fields[2:] {
			words[Fold(word)] = value
		}
	}
	return words
})

// dateAt reads a date whose first token is number i.
func dateAt(tokens []calendarToken, i int) (year int, month time.Month, day, to int, ok bool) {
	at := func(n int) calendarToken {
		if n < len(tokens) {
			return tokens[n]
		}
		return calendarToken{number: -1}
	}
	skipSigns := func(n int) int {
		for n < len(tokens) && (tokens[n].sign == ',' || tokens[n].sign == '-' || tokens[n].sign == '/' || tokens[n].kind == weekdayWord) {
			n++
		}
		return n
	}
	first := at(i)
	switch {
	case first.isNumber() && len(first.text) <= 2: // ৫ অক্টোবর ২০২১, ২৭/১২/২০২৫
		next := skipSigns(i + 1)
		if slices.Contains(ordinals, at(i+1).text) {
			next = skipSigns(i + 2)
		}
		if at(next).kind == monthWord {
			end := skipSigns(next + 1)
			if at(end).text == "সাল" {
				end++
			}
			return checkDate(at(end), time.Month(at(next).value), first.number, end+1)
		}
		if sign := at(i + 1).sign; (sign == '/' || sign == '-' || sign == '.') && at(i+2).isNumber() && at(i+3).sign == sign {
			return checkDate(at(i+4), time.Month(at(i+2).number), first.number, i+5)
		}
	case first.isNumber() && len(first.text) == 4: // ২০২৫-১২-২৭
		if sign := at(i + 1).sign; (sign == '/' || sign == '-' || sign == '.') && at(i+2).isNumber() && at(i+3).sign == sign && at(i+4).isNumber() {
			return checkDate(first, time.Month(at(i+2).number), at(i+4).number, i+5)
		}
	case first.kind == monthWord: // ডিসেম্বর ২৭, ২০২৫
		next := skipSigns(i + 1)
		if at(next).isNumber() && len(at(next).text) <= 2 {
			end := skipSigns(next + 1)
			return checkDate(at(end), time.Month(first.value), at(next).number, end+1)
		}
	}
	return 0, 0, 0, 0, false
}

// checkDate accepts a day that exists, in a year of four figures.
func checkDate(year calendarToken, month time.Month, day, to int) (int, time.Month, int, int, bool) {
	if !year.isNumber() || len(year.text) != 4 || year.number < 1800 || month < time.January || month > time.December || day < 1 {
		return 0, 0, 0, 0, false
	}
	if date := time.Date(year.number, month, day, 0, 0, 0, 0, time.UTC); date.Day() != day {
		return 0, 0, 0, 0, false
	}
	return year.number, month, day, to, true
}

// findClock finds the first time of day.
func findClock(tokens []calendarToken) (hour, minute int, ok bool) {
	part, fraction := -1, 0
	for i, token := range tokens {
		switch token.kind {
		case dayPart:
			part = token.value
			continue
		case fractionWord:
			fraction = token.value
			continue
		}
		if !token.isNumber() || token.number > 24 || len(token.text) > 2 && isASCII(token.text) {
			continue
		}
		hour, minute, next := token.number, 0, i+1
		at := func(n int) calendarToken {
			if n < len(tokens) {
				return tokens[n]
			}
			return calendarToken{number: -1}
		}
		switch sign := at(next).sign; {
		case (sign == ':' || sign == '.') && at(next+1).isNumber() && len(at(next+1).text) == 2:
			minute = at(next + 1).number
			next += 2
			if at(next).sign == ':' && at(next+1).isNumber() {
				next += 2 // seconds
			}
			if at(next).kind == hourWord || at(next).kind == minuteWord {
				next++
			}
		case at(next).kind == hourWord:
			next++
			if at(next).isNumber() && at(next).number < 60 && len(at(next).text) <= 2 {
				minute = at(next).number
				next++
			}
			if at(next).kind == minuteWord {
				next++
			}
		case part >= 0 || fraction != 0:
		case at(next).kind == dayPart: // 6 pm
		default:
			continue
		}
		if at(next).kind == dayPart && part < 0 {
			part = at(next).value
		}
		return clock(hour, minute+fraction, part)
	}
	return 0, 0, false
}

// clock puts an hour into its part of the day; part is -1 if none was named.
func clock(hour, minute, part int) (int, int, bool) {
	if hour > 24 || minute >= 60 {
		return 0, 0, false
	}
	if hour <= 12 {
		switch part {
		case partMorning, partDawn:
			hour %= 12
		case partNoon:
			if hour < 10 {
				hour += 12
			}
		case partAfternoon, partEvening:
			hour = hour%12 + 12
		case partNight:
			if hour %= 12; hour >= 6 {
				hour += 12
			}
		}
	}
	total := (hour*60 + minute + 24*60) % (24 * 60)
	return total / 60, total % 60, true
}
