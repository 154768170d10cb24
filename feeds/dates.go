package feeds

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// ParseDate reads a date as feeds write it: RFC 822, ISO 8601 in its shorter and longer forms, asctime, what
// databases print, and dates in Bengali letters and digits. A date without a zone is taken to be in zone
// (nil means UTC). It returns false for what is no date, or not one of the calendar.
func ParseDate(text string, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	if len(text) > 256 {
		return time.Time{}, false
	}
	for _, layout := range commonDates {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	if t, ok := unixTime(text); ok {
		return t, true
	}
	if t, err := time.ParseInLocation("20060102150405", strings.TrimSpace(text), zone); err == nil {
		return t, true
	}
	text = plainDate(text)
	d := date{zone: zone}
	rest, ok := d.readISO(text)
	if !ok {
		d = date{zone: zone}
		if rest, ok = d.readWords(text); !ok {
			return time.Time{}, false
		}
	}
	if rest, ok = d.readClock(rest); !ok {
		return time.Time{}, false
	}
	d.readZone(rest)
	return d.time()
}

// commonDates are what nearly all feeds write; none of them leaves the zone open.
var commonDates = []string{time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 GMT", time.RFC3339}

// unixTime reads seconds or milliseconds since 1970, between 1990 and 2100.
func unixTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0123456789") == "" {
		text = whole
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || len(text) < 9 {
		return time.Time{}, false
	}
	t := time.Unix(n, 0)
	if len(text) == 13 {
		t = time.UnixMilli(n)
	}
	return t.UTC(), t.Year() >= 1990 && t.Year() < 2100
}

// A date is what has been read of one.
type date struct {
	year, month, day             int
	dayOfYear                    int
	hour, minute, second, nanos  int
	zone                         *time.Location
	hasMonth, hasClock, dayFirst bool
}

// plainDate brings the ways of writing together: lower case, ASCII digits, English month names, single spaces.
func plainDate(text string) string {
	text = norm.NFC.String(text)
	var b strings.Builder
	for _, r := range text {
		switch {
		case '০' <= r && r <= '৯':
			r += '0' - '০'
		case '०' <= r && r <= '९':
			r += '0' - '०'
		case r == '\u00a0' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u202f' || r == '|' || r == '\ufeff':
			r = ' '
		case r == '–' || r == '−' || r == '‑':
			r = '-'
		}
		b.WriteRune(r)
	}
	text = strings.ToLower(strings.Join(strings.Fields(b.String()), " "))
	// “Published: ”, “আপডেটঃ ”: a label ends in a colon that follows a letter.
	if m := dateLabel.FindString(text); m != "" {
		text = text[len(m):]
	}
	return monthsInOtherTongues.Replace(text)
}

var (
	dateLabel = regexp.MustCompile(`^(?:[\p{L}\p{M}]+ ?)+[:ঃ] ?`)

	isoDate = regexp.MustCompile(`^\+?(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?|[-/.]([a-z]{3,9})[-/.](\d{1,2}))?(?:$|[^\d:/.-])|` +
		`^(\d{4})(\d{2})(\d{2})(?:$|\D)|^(\d{4})-?(\d{3})(?:$|\D)|` +
		`^(\d{2})(\d{2})(\d{2})(?:$|t)|^(\d{2})-(\d{2})-(\d{2})(?:$|t)|^(\d{2})-?(\d{3})(?:$|t)|^-(\d{2})(?:-?(\d{2}))?$`)
	isoWeek      = regexp.MustCompile(`^(\d{4})-?w(\d{2})(?:-?([1-7]))?(?:$|[^\d:/.-])`)
	isoYearMonth = regexp.MustCompile(`^((?:19|20)\d{2})(0[1-9]|1[0-2])$`)
	isoMonthOnly = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`)

	clockTime = regexp.MustCompile(`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,:](\d{1,9}))?)?(?: ?([ap])\.? ?m\b\.?)?`)
	clockHour = regexp.MustCompile(`\b(\d{1,2}) ?([ap])\.?m\b\.?`)
	clockISO  = regexp.MustCompile(`^t?(\d{2})(?:(\d{2})(\d{2})?)?(?:[.,]\d+)?(?:$|[z+-])`)
	clockDots = regexp.MustCompile(`^ ?(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?:$| )`)
	clockWord = regexp.MustCompile(`\b(\d{1,2}) ?[hu] ?(\d{2})\b`)

	dateWord   = regexp.MustCompile(`\d+|[\p{L}\p{M}]+`)
	numeric    = regexp.MustCompile(`(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})`)
	zoneOffset = regexp.MustCompile(`([+-])[+-]?(\d{1,2}):?(\d{2})?`)
	zoneName   = regexp.MustCompile(`[a-z]+`)
)

// monthsInOtherTongues translates month names and marks of the hour: Bengali as in India and Bangladesh, and the
// Greek, Hungarian, Korean ones that feeds were seen to use.
var monthsInOtherTongues = strings.NewReplacer(
	norms("জানুয়ারি", "jan", "জানুয়ারী", "jan", "ফেব্রুয়ারি", "feb", "ফেব্রুয়ারী", "feb", "মার্চ", "mar", "এপ্রিল", "apr",
		"মে", "may", "জুন", "jun", "জুলাই", "jul", "আগস্ট", "aug", "আগষ্ট", "aug", "অগস্ট", "aug", "অগাস্ট", "aug",
		"সেপ্টেম্বর", "sep", "সেপ্টেম্বার", "sep", "অক্টোবর", "oct", "নভেম্বর", "nov", "নবেম্বর", "nov", "ডিসেম্বর", "dec",
		"পূর্বাহ্ণ", "am", "পূর্বাহ্ন", "am", "অপরাহ্ণ", "pm", "অপরাহ্ন", "pm", "এএম", "am", "পিএম", "pm", "টা", "", "মিনিট", "",
		"ιαν", "jan", "φεβ", "feb", "μάώ", "may", "μάϊ", "may", "μάι", "may", "μαϊ", "may", "μαΐ", "may", "μαι", "may", "μαώ", "may", "μάρ", "mar", "μαρ", "mar", "απρ", "apr", "ιούν", "jun", "ιον", "jun",
		"ιούλ", "jul", "ιουλ", "jul", "ιουν", "jun", "αύγ", "aug", "αυγ", "aug", "σεπ", "sep", "οκτ", "oct", "νοέ", "nov", "νοε", "nov", "δεκ", "dec",
		"január", "jan", "februári", "feb", "február", "feb", "március", "mar", "máujus", "may", "május", "may", "június", "jun",
		"július", "jul", "augusztus", "aug", "október", "oct", "szeptember", "sep", "április", "apr", "julius", "jul", "junius", "jun", "marcius", "mar",
		"gennaio", "jan", "febbraio", "feb", "maggio", "may", "giugno", "jun", "luglio", "jul", "settembre", "sep", "ottobre", "oct", "dicembre", "dec",
		"janvier", "jan", "janv", "jan", "février", "feb", "févr", "feb", "avril", "apr", "juin", "jun", "juillet", "jul", "juil", "jul", "août", "aug", "octobre", "oct", "décembre", "dec", "déc", "dec",
		"enero", "jan", "abril", "apr", "agosto", "aug", "dezember", "dec", "oktober", "oct", "märz", "mar", "mär", "mar", "mai", "may",
		"января", "jan", "январь", "jan", "янв", "jan", "февраля", "feb", "февраль", "feb", "фев", "feb", "марта", "mar", "март", "mar", "мар", "mar", "апреля", "apr", "апрель", "apr", "апр", "apr",
		"мая", "may", "май", "may", "июня", "jun", "июнь", "jun", "июн", "jun", "июля", "jul", "июль", "jul", "июл", "jul", "августа", "aug", "август", "aug", "авг", "aug",
		"сентября", "sep", "сентябрь", "sep", "сен", "sep", "октября", "oct", "октябрь", "oct", "окт", "oct", "ноября", "nov", "ноябрь", "nov", "ноя", "nov", "декабря", "dec", "декабрь", "dec", "дек", "dec",
		"जनवरी", "jan", "फ़रवरी", "feb", "फरवरी", "feb", "मार्च", "mar", "अप्रैल", "apr", "मई", "may", "जून", "jun", "जुलाई", "jul", "अगस्त", "aug", "सितंबर", "sep", "सितम्बर", "sep",
		"अक्टूबर", "oct", "अक्तूबर", "oct", "नवंबर", "nov", "नवम्बर", "nov", "दिसंबर", "dec", "दिसम्बर", "dec",
		"年", "-", "月", "-", "日", " ", "上午", "am", "下午", "pm", "午前", "am", "午後", "pm", "時", ":", "时", ":", "分", ":",
		"오전", "am", "오후", "pm", "년 ", "-", "월 ", "-", "년", "-", "월", "-", "일", " ")...)

func norms(words ...string) []string {
	for i, w := range words {
		words[i] = norm.NFC.String(w)
	}
	return words
}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// shortMonths are month names of other tongues that do not begin as the English one does, or are cut.
var shortMonths = map[string]int{
	"ene": 1, "gen": 1, "fev": 2, "fév": 2, "fevereiro": 2, "mrz": 3, "mars": 3, "abr": 4, "avr": 4, "maio": 5, "mei": 5, "mag": 5, "juni": 6, "giu": 6, "juli": 7, "lug": 7,
	"ago": 8, "set": 9, "setembro": 9, "okt": 10, "out": 10, "outubro": 10, "ott": 10, "dic": 12, "diciembre": 12, "dez": 12, "dezembro": 12,
}

// month reads an English month name, whole or cut, and also Hungarian and Dutch ones that begin alike.
func month(word string) (int, bool) {
	if len(word) < 3 {
		return 0, false
	}
	if m, ok := shortMonths[word]; ok {
		return m, true
	}
	m, ok := months[word[:3]]
	if !ok {
		return 0, false
	}
	full := strings.ToLower(time.Month(m).String())
	return m, strings.HasPrefix(full, word) || word == "sept" || strings.HasPrefix(full[:3], word[:3]) && len(word) > 4 && !strings.HasPrefix(word, "mond")
}

func (d *date) readISO(text string) (rest string, ok bool) {
	if m := isoWeek.FindStringSubmatch(text); m != nil {
		return text[strings.IndexByte(text+"t", 't'):], d.readWeek(m[1], m[2], m[3])
	}
	if m := isoYearMonth.FindStringSubmatch(text); m != nil {
		d.year, _ = strconv.Atoi(m[1])
		d.month, _ = strconv.Atoi(m[2])
		d.day = 1
		return "", true
	}
	m := isoDate.FindStringSubmatch(text)
	if m == nil {
		return text, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	end := len(m[0])
	if end > 0 && end <= len(text) {
		// Give back the byte that only marked the end.
		if last := m[0][end-1]; last < '0' || last > '9' {
			end--
		}
	}
	d.day, d.month = 1, 1
	switch {
	case m[1] != "":
		d.year = n(1)
		if m[2] != "" {
			d.month, d.hasMonth = n(2), true
		}
		if m[3] != "" {
			d.day = n(3)
		}
		if m[4] != "" {
			if d.month, d.hasMonth = month(m[4]); !d.hasMonth {
				return text, false
			}
			d.day = n(5)
		}
		if m[2] == "" && m[4] == "" && strings.Trim(text[end:], " ") != "" {
			return text, false // a year and more words: not ISO
		}
		if m[2] != "" && m[3] == "" && strings.Trim(text[end:], " ") != "" {
			return text, false
		}
	case m[6] != "":
		d.year, d.month, d.day = n(6), n(7), n(8)
	case m[9] != "":
		d.year, d.dayOfYear = n(9), n(10)
	case m[11] != "":
		d.year, d.month, d.day = century(n(11)), n(12), n(13)
	case m[14] != "":
		d.year, d.month, d.day = century(n(14)), n(15), n(16)
	case m[17] != "":
		d.year, d.dayOfYear = century(n(17)), n(18)
	default:
		d.year = century(n(19))
		if m[20] != "" {
			d.month = n(20)
		}
	}
	return text[end:], true
}

// readWeek reads a week of ISO 8601: week 1 is that of 4 January, day 1 is Monday.
func (d *date) readWeek(year, week, weekday string) bool {
	y, _ := strconv.Atoi(year)
	w, _ := strconv.Atoi(week)
	day, _ := strconv.Atoi(weekday) // 0 if it was left out
	if w < 1 || w > 53 {
		return false
	}
	fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	at := monday.AddDate(0, 0, 7*(w-1)+max(day, 1)-1)
	d.year, d.month, d.day = at.Year(), int(at.Month()), at.Day()
	return true
}

// readWords reads a date around a month name, else one of three numbers. What it has read is cut out.
func (d *date) readWords(text string) (rest string, ok bool) {
	// The time of day is found first, so that its numbers are not taken for days.
	clock := clockTime.FindStringIndex(text)
	head, tail := text, ""
	if clock != nil {
		head, tail = text[:clock[0]], text[clock[0]:]
	}
	if m := isoMonthOnly.FindStringSubmatchIndex(head); m != nil {
		head = " " + head
	}
	words := dateWord.FindAllStringIndex(head, -1)
	var numbers []int
	var wide []int
	take := func(s string, spans [][]int) {
		for _, w := range spans {
			word := s[w[0]:w[1]]
			if word[0] >= '0' && word[0] <= '9' {
				v, err := strconv.Atoi(word)
				switch {
				case err != nil || len(word) > 4:
				case len(word) >= 3 || v > 31:
					wide = append(wide, v)
				default:
					numbers = append(numbers, v)
				}
				continue
			}
			// “mar., 3 févr.” begins with a Tuesday: a month after the number is meant rather than one before it.
			if m, is := month(word); is && (!d.hasMonth || !d.dayFirst && len(numbers) > 0) {
				d.month, d.hasMonth = m, true
				d.dayFirst = len(numbers) > 0
			}
		}
	}
	if m := numeric.FindStringSubmatch(head); m != nil && !hasMonthName(head) {
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[2])
		c, _ := strconv.Atoi(m[3])
		switch {
		case len(m[1]) == 4:
			d.year, d.month, d.day = a, b, c
		case b > 12: // only the American order fits
			d.year, d.month, d.day = century(c), a, b
		default:
			d.year, d.month, d.day = century(c), b, a
		}
		i := strings.Index(head, m[0])
		return head[i+len(m[0]):] + tail, true
	}
	take(head, words)
	if !d.hasMonth && clock != nil { // “14:30, 5 May 2021”
		after := text[clock[1]:]
		take(after, dateWord.FindAllStringIndex(after, -1))
	} else if clock != nil && len(wide) == 0 && len(numbers) < 2 { // asctime: the year stands last
		after := text[clock[1]:]
		for _, w := range dateWord.FindAllString(after, -1) {
			if v, err := strconv.Atoi(w); err == nil && len(w) == 4 && v >= 1900 && v <= 2200 && !strings.Contains(after, "+"+w) && !strings.Contains(after, "-"+w) {
				wide = append(wide, v)
				tail = strings.Replace(tail, w, " ", 1)
			}
		}
	}
	if !d.hasMonth {
		return text, false
	}
	switch {
	case len(wide) > 0 && len(numbers) > 0:
		d.year, d.day = century(wide[0]), numbers[0]
	case len(wide) > 0:
		d.year, d.day = century(wide[0]), 1
		if wide[0] < 100 && len(wide) > 1 {
			return text, false
		}
	case len(numbers) >= 2:
		d.day, d.year = numbers[0], century(numbers[1])
	default:
		return text, false
	}
	if tail == "" {
		tail = afterYear(head)
	}
	return tail, true
}

func hasMonthName(text string) bool {
	for _, w := range dateWord.FindAllString(text, -1) {
		if _, ok := month(w); ok {
			return true
		}
	}
	return false
}

// afterYear is what follows the last number of two or more digits: a zone, an hour, or nothing.
func afterYear(text string) string {
	all := dateWord.FindAllStringIndex(text, -1)
	for i := len(all) - 1; i >= 0; i-- {
		if w := text[all[i][0]:all[i][1]]; len(w) == 4 && w[0] >= '0' && w[0] <= '9' {
			return text[all[i][1]:]
		}
	}
	return ""
}

func century(year int) int {
	switch {
	case year < 70:
		return year + 2000
	case year < 200: // 104 is what old programs made of 2004
		return year + 1900
	}
	return year
}

func (d *date) readClock(text string) (rest string, ok bool) {
	atoi := func(s string) int { v, _ := strconv.Atoi(s); return v }
	half := ""
	if m := clockTime.FindStringSubmatchIndex(text); m != nil {
		g := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		d.hour, d.minute, d.second = atoi(g(1)), atoi(g(2)), atoi(g(3))
		if f := g(4); f != "" {
			d.nanos = atoi((f + "000000000")[:9])
		}
		half = g(5)
		if half == "" { // Korean and Bengali clocks put it in front
			if strings.HasSuffix(strings.TrimSpace(text[:m[0]]), "pm") {
				half = "p"
			} else if strings.HasSuffix(strings.TrimSpace(text[:m[0]]), "am") {
				half = "a"
			}
		}
		rest = text[m[1]:]
		if g(3) == "" && strings.HasPrefix(rest, ":") { // “15:04:” and the like
			rest = rest[1:]
		}
		d.hasClock = true
	} else if m := clockHour.FindStringSubmatch(text); m != nil {
		d.hour, half = atoi(m[1]), m[2]
		rest = text[strings.Index(text, m[0])+len(m[0]):]
		d.hasClock = true
	} else if m := clockISO.FindStringSubmatch(strings.TrimSpace(text)); m != nil && strings.HasPrefix(strings.TrimSpace(text), "t") {
		d.hour, d.minute, d.second = atoi(m[1]), atoi(m[2]), atoi(m[3])
		rest = strings.TrimLeft(strings.TrimSpace(text), "t0123456789.,")
		d.hasClock = true
	} else if m := clockWord.FindStringSubmatch(text); m != nil { // 19h48
		d.hour, d.minute = atoi(m[1]), atoi(m[2])
		rest = text[strings.Index(text, m[0])+len(m[0]):]
		d.hasClock = true
	} else if m := clockDots.FindStringSubmatch(text); m != nil { // 19.48.21
		d.hour, d.minute, d.second = atoi(m[1]), atoi(m[2]), atoi(m[3])
		rest = text[len(m[0]):]
		d.hasClock = true
	} else {
		rest = text
	}
	switch {
	case half == "p" && d.hour < 12:
		d.hour += 12
	case half == "a" && d.hour == 12:
		d.hour = 0
	}
	if d.second == 60 {
		d.second = 59 // a leap second; time.Time has none
	}
	if d.hour == 24 && d.minute == 0 && d.second == 0 {
		return rest, true // ISO 8601's end of day; time.Date carries it over
	}
	return rest, d.hour < 24 && d.minute < 60 && d.second < 60
}

// zones holds offsets in minutes east of UTC. Where an abbreviation has several owners, the first is taken unless
// the feed's own zone is one of the others: BST is Bangladesh's for a site of that country.
var zones = map[string][]int{
	"z": {0}, "ut": {0}, "utc": {0}, "gmt": {0}, "wet": {0}, "west": {60}, "bst": {60, 360}, "cet": {60}, "cest": {120}, "met": {60}, "mest": {120},
	"mez": {60}, "mesz": {120}, "eet": {120}, "eest": {180}, "msk": {180}, "msd": {240},
	"ist": {330, 60, 120}, "bdt": {360}, "bt": {360}, "npt": {345}, "pkt": {300}, "slst": {330}, "mmt": {390}, "ict": {420}, "gst": {240}, "ast": {-240, 180},
	"sgt": {480}, "hkt": {480}, "myt": {480}, "wib": {420}, "jst": {540}, "kst": {540}, "awst": {480}, "acst": {570}, "acdt": {630}, "aest": {600}, "aedt": {660},
	"nzst": {720}, "nzdt": {780}, "sast": {120}, "eat": {180}, "cat": {120}, "wat": {60},
	"est": {-300}, "edt": {-240}, "et": {-300}, "at": {-240}, "brst": {-120}, "cst": {-360, 480}, "cdt": {-300}, "ct": {-360}, "mst": {-420}, "mdt": {-360}, "mt": {-420},
	"pst": {-480}, "pdt": {-420}, "pt": {-480}, "akst": {-540}, "akdt": {-480}, "hst": {-600}, "adt": {-180}, "nst": {-210}, "ndt": {-150}, "brt": {-180}, "art": {-180},
	"a": {60}, "n": {-60}, "m": {720}, "y": {-720},
}

func (d *date) readZone(text string) {
	if m := zoneOffset.FindStringSubmatch(text); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		if m[3] == "" && strings.HasPrefix(m[0][1:], m[2]) && len(m[2]) == 2 && hours > 14 {
			hours, minutes = hours/10, hours%10*10 // “-700” is handled below; “+530” arrives whole
		}
		if three := regexpThree.FindStringSubmatch(text); three != nil { // -700
			hours, _ = strconv.Atoi(three[1])
			minutes, _ = strconv.Atoi(three[2])
		}
		if hours <= 15 && minutes < 60 {
			offset := hours*3600 + minutes*60
			if m[1] == "-" {
				offset = -offset
			}
			d.zone = time.FixedZone("", offset)
			return
		}
	}
	if place := zonePlace.FindString(text); place != "" {
		if z, err := time.LoadLocation(placeName(place)); err == nil {
			d.zone = z
			return
		}
	}
	for _, name := range zoneName.FindAllString(text, -1) {
		offsets, ok := zones[name]
		if !ok {
			continue
		}
		offset := offsets[0]
		_, home := time.Date(d.year, time.Month(max(d.month, 1)), max(d.day, 1), 0, 0, 0, 0, d.zone).Zone()
		for _, o := range offsets[1:] {
			if o*60 == home {
				offset = o
			}
		}
		d.zone = time.FixedZone(strings.ToUpper(name), offset*60)
		return
	}
}

// zonePlace is a name of the time zone database, in lower case.
var zonePlace = regexp.MustCompile(`\b[a-z]+/[a-z]+(?:[_/-][a-z]+)*`)

// placeName writes a name of the time zone database as it is there: america/new_york is America/New_York.
func placeName(lower string) string {
	if strings.HasPrefix(lower, "us/") {
		return "US/" + strings.ToUpper(lower[3:4]) + lower[4:]
	}
	name := []byte(lower)
	for i := range name {
		if i == 0 || name[i-1] == '/' || name[i-1] == '_' || name[i-1] == '-' {
			name[i] -= 'a' - 'A'
		}
	}
	return string(name)
}

var regexpThree = regexp.MustCompile(`[+-](\d)(\d{2})(?:\D|$)`)

func (d *date) time() (time.Time, bool) {
	if d.dayOfYear > 0 {
		t := time.Date(d.year, 1, d.dayOfYear, d.hour, d.minute, d.second, d.nanos, d.zone)
		return t, t.Year() == d.year || d.dayOfYear <= 365
	}
	if d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 {
		return time.Time{}, false
	}
	if day := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC); day.Day() != d.day {
		return time.Time{}, false
	}
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, d.nanos, d.zone), true
}
