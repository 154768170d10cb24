package message

import (
	"strings"
	"time"
)

// Month names as newspapers shorten them; months whose name is short stay whole.
var shortMonths = [...]string{
	"জানু", "ফেব্রু", "মার্চ", "এপ্রি", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টে", "অক্টো", "নভে", "ডিসে",
}

// ShortMonth prints the name of t's month, shortened: নভে.
func (p Printer) ShortMonth(t time.Time) string {
	t = t.In(p.Zone())
	if p.Lang() == English {
		return t.Format("Jan")
	}
	return shortMonths[t.Month()-1]
}

// ShortWeekday prints t's day of the week, shortened: মঙ্গল.
func (p Printer) ShortWeekday(t time.Time) string {
	day := p.Weekday(t)
	if p.Lang() == English {
		return day[:3]
	}
	return strings.TrimSuffix(day, "বার")
}

// ShortDate prints t's day without the year: ২২ নভে.
func (p Printer) ShortDate(t time.Time) string {
	t = t.In(p.Zone())
	return p.Digits(t.Format("2")) + " " + p.ShortMonth(t)
}

// Days prints the days from first to last, without what they have in common: ১৬–২২ নভেম্বর ২০২৬; ২৮ অক্টোবর – ৩ নভেম্বর ২০২৬.
func (p Printer) Days(first, last time.Time) string {
	a, b := first.In(p.Zone()), last.In(p.Zone())
	switch {
	case sameDay(a, b):
		return p.dayMonthYear(b)
	case a.Year() != b.Year():
		return p.dayMonthYear(a) + " – " + p.dayMonthYear(b)
	case a.Month() != b.Month():
		return p.dayMonth(a) + " – " + p.dayMonthYear(b)
	}
	return p.Digits(a.Format("2")) + "–" + p.dayMonthYear(b)
}
