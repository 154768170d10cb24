package message

import (
	"math"
	"strconv"
	"time"
)

var eraMonths = [...]string{
	"বৈশাখ", "জ্যৈষ্ঠ", "আষাঢ়", "শ্রাবণ", "ভাদ্র", "আশ্বিন",
	"কার্তিক", "অগ্রহায়ণ", "পৌষ", "মাঘ", "ফাল্গুন", "চৈত্র",
}

var eraMonthsEnglish = [...]string{
	"Boishakh", "Joishtho", "Asharh", "Srabon", "Bhadro", "Ashwin",
	"Kartik", "Ogrohayon", "Poush", "Magh", "Falgun", "Choitro",
}

// Era prints the date of t in the Bengali era by the printer's region: ২০ আশ্বিন ১৪২৮ বঙ্গাব্দ. The civil calendar of
// Bangladesh and the almanacs of West Bengal differ by a day or two.
func (p Printer) Era(t time.Time) string {
	t = t.In(p.Zone())
	dayOf := indianEra
	if p.Region() == Bangladesh {
		dayOf = bangladeshiEra
	}
	year, month, day := dayOf(t.Year(), t.Month(), t.Day())
	if p.Lang() == English {
		return strconv.Itoa(day) + " " + eraMonthsEnglish[month] + " " + strconv.Itoa(year) + " " + p.Text(DigestEra)
	}
	return p.Digits(strconv.Itoa(day)) + " " + eraMonths[month] + " " + p.Digits(strconv.Itoa(year)) + " " + p.Text(DigestEra)
}

// bangladeshiEra is Bangladesh's civil calendar. The year begins on 14 April. Since the revision of 1426 (2019) the first six months
// have 31 days, Falgun 29 (30 when its February has 29) and the others 30; from the revision before, five months of 31, the others 30, Falgun 31 when
// its February has 29. Month counts from 0.
func bangladeshiEra(gregorianYear int, gregorianMonth time.Month, gregorianDay int) (year, month, day int) {
	today := time.Date(gregorianYear, gregorianMonth, gregorianDay, 0, 0, 0, 0, time.UTC)
	newYear := time.Date(gregorianYear, time.April, 14, 0, 0, 0, 0, time.UTC)
	if today.Before(newYear) {
		newYear = newYear.AddDate(-1, 0, 0)
	}
	year = newYear.Year() - 593
	leap := time.Date(newYear.Year()+1, time.March, 0, 0, 0, 0, 0, time.UTC).Day() == 29
	lengths := [12]int{31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 30}
	if year >= 1426 {
		lengths[5], lengths[10] = 31, 29
	}
	if leap {
		lengths[10]++
	}
	left := int(today.Sub(newYear) / (24 * time.Hour))
	for left >= lengths[month] {
		left -= lengths[month]
		month++
	}
	return year, month, left + 1
}

// indianEra is the solar calendar of West Bengal's common almanacs (Gupta Press, Benimadhab Shil): the sun of the Surya Siddhanta,
// and the rule of Bengal that a month begins with the midnight after the sun has entered its sign (Reingold and
// Dershowitz, Calendrical Calculations, on the Hindu solar calendar). The reformed Bisuddha Siddhanta almanac goes by the modern
// sun and begins some months a day earlier or later. Month counts from 0.
func indianEra(gregorianYear int, gregorianMonth time.Month, gregorianDay int) (year, month, day int) {
	today := time.Date(gregorianYear, gregorianMonth, gregorianDay, 0, 0, 0, 0, time.UTC)
	midnight := float64(today.Unix()/86400 + unixFromKali)
	month = signAt(midnight)
	day = 1
	for signAt(midnight-float64(day)) == month {
		day++
	}
	year = gregorianYear - 593
	if gregorianMonth < time.April || gregorianMonth == time.April && month == 11 {
		year--
	}
	return year, month, day
}

const (
	// unixFromKali is how many days before 1 January 1970 the Kali era began: 18 February 3102 BCE, Julian.
	unixFromKali = 1852122
	// siderealYear is the year of the Surya Siddhanta in days; apsisDrift how much of a turn of the anomaly a year falls short.
	siderealYear = 365 + 279457.0/1080000
	apsisDrift   = 387.0 / 4320000000
	// apsisAtKali is how far the apsis had turned when the Kali era began, 1 955 880 000 years after the beginning of its motion.
	apsisAtKali = 0.21425
	// ujjainBehind is how much later, as part of a day, midnight comes to Ujjain (75°46′), for which the
	// Siddhanta reckons, than to Kolkata (88°22′).
	ujjainBehind = (88.367 - 75.767) / 360
)

// signAt is the sign of the zodiac, from 0 for Aries, in which the true sun of the Surya Siddhanta stands, the given number of days of
// Kolkata after the Kali era began.
func signAt(days float64) int {
	years := (days - ujjainBehind) / siderealYear
	mean := years - math.Floor(years)
	anomaly := math.Sin(2 * math.Pi * (years*(1-apsisDrift) - apsisAtKali))
	// The epicycle is 14° around, contracted by a third of a degree at the quadrants.
	size := 14.0 / 360 * (1 - math.Abs(anomaly)/42)
	place := mean - math.Asin(anomaly*size)/(2*math.Pi)
	return int(math.Floor(12 * (place - math.Floor(place))))
}
