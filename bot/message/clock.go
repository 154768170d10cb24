package message

import (
	"strconv"
	"time"
)

var bengaliMonths = [...]string{
	"জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন",
	"জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর",
}

var bengaliWeekdays = [...]string{
	"রবিবার", "সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার", "শনিবার",
}

// A dayPart is a stretch of the day with its own word. The hours are those before which newspapers
// of both countries write the word (measured over their texts), not CLDR's, which
// call three in the afternoon noon.
type dayPart struct {
	from   int // first hour
	word   string
	digest Key
}

var dayParts = [...]dayPart{
	{0, "রাত", DigestNameNight},
	{4, "ভোর", DigestNameDawn},
	{6, "সকাল", DigestNameMorning},
	{12, "দুপুর", DigestNameNoon},
	{15, "বিকেল", DigestNameAfternoon},
	{18, "সন্ধ্যা", DigestNameEvening},
	{20, "রাত", DigestNameNight},
}

func dayPartOf(hour int) dayPart {
	part := dayParts[0]
	for _, p := range dayParts {
		if hour >= p.from {
			part = p
		}
	}
	return part
}

// Month prints the name of t's month.
func (p Printer) month(t time.Time) string {
	if p.Lang() == English {
		return t.Month().String()
	}
	return bengaliMonths[t.Month()-1]
}

// Weekday prints t's day of the week: মঙ্গলবার.
func (p Printer) Weekday(t time.Time) string {
	day := t.In(p.Zone()).Weekday()
	if p.Lang() == English {
		return day.String()
	}
	return bengaliWeekdays[day]
}

// Date prints the full date of t: ৫ অক্টোবর ২০২১, মঙ্গলবার.
func (p Printer) Date(t time.Time) string {
	if p.Lang() == English {
		return p.Weekday(t) + ", " + p.dayMonthYear(t)
	}
	return p.dayMonthYear(t) + ", " + p.Weekday(t)
}

func (p Printer) dayMonthYear(t time.Time) string {
	t = t.In(p.Zone())
	return p.dayMonth(t) + " " + p.Digits(strconv.Itoa(t.Year()))
}

func (p Printer) dayMonth(t time.Time) string {
	t = t.In(p.Zone())
	return p.Digits(strconv.Itoa(t.Day())) + " " + p.month(t)
}

// Clock prints the time of day of t: সকাল ১০টা ২০, রাত ১২টা ৫.
func (p Printer) Clock(t time.Time) string {
	t = t.In(p.Zone())
	return p.clock(t.Hour(), t.Minute())
}

// ClockAt prints a time of day given in minutes after midnight, as preferences keep it.
func (p Printer) ClockAt(minutes int) string {
	const day = 24 * 60
	minutes = ((minutes % day) + day) % day
	return p.clock(minutes/60, minutes%60)
}

func (p Printer) clock(hour, minute int) string {
	twelve := (hour+11)%12 + 1
	if p.Lang() == English {
		text := strconv.Itoa(twelve)
		if minute != 0 {
			text += ":" + strconv.Itoa(minute/10) + strconv.Itoa(minute%10)
		}
		if hour < 12 {
			return text + " am"
		}
		return text + " pm"
	}
	word := dayPartOf(hour).word
	if hour == 11 && p.Region() == Bangladesh {
		word = "বেলা"
	}
	text := word + " " + p.Digits(strconv.Itoa(twelve)) + "টা"
	if minute != 0 {
		text += " " + p.Digits(strconv.Itoa(minute))
	}
	return text
}

// Moment prints date and time of day with the year: ৫ অক্টোবর ২০২১, সকাল ১০টা ২০.
func (p Printer) Moment(t time.Time) string {
	return p.dayMonthYear(t) + ", " + p.Clock(t)
}

// Stamp is Moment without the year when that is the year of now: ৫ অক্টোবর, সকাল ১০টা ২০. It is empty for the zero time.
func (p Printer) Stamp(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	if !now.IsZero() && t.In(p.Zone()).Year() != now.In(p.Zone()).Year() {
		return p.Moment(t)
	}
	return p.dayMonth(t) + ", " + p.Clock(t)
}

// Until prints a time that is to come: আজ বিকেল ৪টা, আগামীকাল সকাল ৮টা, and from the day after that as Stamp does.
func (p Printer) Until(t, now time.Time) string {
	day := PlanToday
	switch today := now.In(p.Zone()); {
	case sameDay(t.In(p.Zone()), today):
	case sameDay(t.In(p.Zone()), today.AddDate(0, 0, 1)):
		day = PlanTomorrow
	default:
		return p.Stamp(t, now)
	}
	return p.Text(TimeOn, "day", p.Text(day), "clock", p.Clock(t))
}

// Ago prints how long before now t was: এইমাত্র, ৫ মিনিট আগে, ২ ঘণ্টা আগে up to a day; then গতকাল, রাত ৯টা; then Stamp.
// A t up to a minute after now, as clocks differ, is just now. The zero time is never.
func (p Printer) Ago(t, now time.Time) string {
	past := now.Sub(t)
	switch {
	case t.IsZero():
		return p.Text(TimeNever)
	case past > -time.Minute && past < time.Minute:
		return p.Text(TimeJustNow)
	case past > 0 && past < time.Hour:
		return p.Text(TimeAgo, "span", p.Text(TimeMinutes, "n", int(past/time.Minute)))
	case past > 0 && past < 24*time.Hour:
		return p.Text(TimeAgo, "span", p.Text(TimeHours, "n", int(past/time.Hour)))
	case past > 0 && sameDay(t.In(p.Zone()), now.In(p.Zone()).AddDate(0, 0, -1)):
		return p.Text(TimeYesterday, "clock", p.Clock(t))
	}
	return p.Stamp(t, now)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// Duration prints the largest unit of d and what is left in the next smaller one, rounded down and left out when it is
// zero: ৬ ঘণ্টা ২০ মিনিট, ২ দিন, ৪৫ সেকেন্ড. A negative d is printed without its sign.
func (p Printer) Duration(d time.Duration) string {
	if d < 0 {
		d = max(-d, 0)
	}
	i := 0
	for i < len(units)-1 && d < units[i].size {
		i++
	}
	n := d / units[i].size
	text := p.Text(units[i].key, "n", int(n))
	if i == len(units)-1 {
		return text
	}
	if rest := (d - n*units[i].size) / units[i+1].size; rest > 0 {
		text += " " + p.Text(units[i+1].key, "n", int(rest))
	}
	return text
}

var units = [...]struct {
	size time.Duration
	key  Key
}{
	{24 * time.Hour, TimeDays},
	{time.Hour, TimeHours},
	{time.Minute, TimeMinutes},
	{time.Second, TimeSeconds},
}

// ZoneName prints what to call the zone's time at t: বাংলাদেশ সময়, ভারতীয় সময়, or its distance from UTC.
func (p Printer) ZoneName(t time.Time) string {
	switch p.Zone().String() {
	case "Asia/Dhaka", "Asia/Dacca":
		return p.Text(ZoneBangladesh)
	case "Asia/Kolkata", "Asia/Calcutta":
		return p.Text(ZoneIndia)
	}
	_, seconds := t.In(p.Zone()).Zone()
	if seconds == 0 {
		return p.Text(ZoneUtc)
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := sign + strconv.Itoa(seconds/3600)
	if minutes := seconds / 60 % 60; minutes != 0 {
		text += ":" + strconv.Itoa(minutes/10) + strconv.Itoa(minutes%10)
	}
	return p.Text(ZoneUtc) + " " + p.Digits(text)
}

// DigestName names the digest of t's part of the day: সকালের খবর.
func (p Printer) DigestName(t time.Time) string {
	return p.Text(dayPartOf(t.In(p.Zone()).Hour()).digest)
}
