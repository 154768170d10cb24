package message_test

import (
	"testing"
	"time"

	"github.com/harkara/harkara/bot/message"
)

type eraDate struct {
	gregorian        string
	day, month, year int // month counts from 1
}

func checkEra(t *testing.T, dayOf func(int, time.Month, int) (int, int, int), dates []eraDate) {
	t.Helper()
	for _, date := range dates {
		g, err := time.Parse("2006-01-02", date.gregorian)
		if err != nil {
			t.Fatal(err)
		}
		year, month, day := dayOf(g.Year(), g.Month(), g.Day())
		if got := (eraDate{date.gregorian, day, month + 1, year}); got != date {
			t.Errorf("got %+v, want %+v", got, date)
		}
	}
}

func TestBangladeshsCalendarKeepsItsNationalDays(t *testing.T) {
	checkEra(t, message.BangladeshiEra, []eraDate{
		// The revision of 2019 put these days where they were in 1952 and 1971.
		{"2020-02-21", 8, 11, 1426},
		{"2020-03-26", 12, 12, 1426},
		{"2019-12-16", 1, 9, 1426},
		{"2024-02-21", 8, 11, 1430},
		{"2025-12-16", 1, 9, 1432},
		// New Year, the first day of spring, Rabindranath's and Nazrul's birthdays.
		{"2021-04-14", 1, 1, 1428},
		{"2021-04-13", 30, 12, 1427},
		{"2024-04-13", 30, 12, 1430},
		{"2022-02-14", 1, 11, 1428},
		{"2024-02-14", 1, 11, 1430},
		{"2021-05-08", 25, 1, 1428},
		{"2021-05-25", 11, 2, 1428},
		{"2021-10-05", 20, 6, 1428},
		// The hinge of the revision: Ashwin has 31 days from 1426 on.
		{"2019-10-16", 31, 6, 1426},
		{"2019-10-17", 1, 7, 1426},
		// Before it: spring began on 13 February, 21 February was the ninth of Falgun.
		{"2019-02-13", 1, 11, 1425},
		{"2019-02-21", 9, 11, 1425},
		{"2018-10-16", 1, 7, 1425},
		{"2016-03-14", 31, 11, 1422},
		{"2016-03-15", 1, 12, 1422},
	})
}

func TestWestBengalsCalendarAgreesWithItsAlmanacs(t *testing.T) {
	checkEra(t, message.IndianEra, []eraDate{
		// As newspapers of Kolkata printed them from the almanacs.
		{"2021-10-05", 18, 6, 1428},
		{"2021-10-06", 19, 6, 1428},
		{"2021-10-14", 27, 6, 1428},
		{"2021-10-15", 28, 6, 1428},
		{"2020-02-21", 8, 11, 1426},
		{"2020-02-22", 9, 11, 1426},
		{"2022-02-06", 23, 10, 1428},
		// Where the Gupta Press and Benimadhab Shil almanacs differ from the reformed Bisuddha Siddhanta.
		{"2021-11-16", 29, 7, 1428},
		{"2023-11-12", 25, 7, 1430},
		// New Year.
		{"2019-04-15", 1, 1, 1426},
		{"2020-04-14", 1, 1, 1427},
		{"2021-04-15", 1, 1, 1428},
		{"2022-04-15", 1, 1, 1429},
		{"2023-04-15", 1, 1, 1430},
		{"2024-04-14", 1, 1, 1431},
		{"2025-04-15", 1, 1, 1432},
		{"2021-04-14", 31, 12, 1427},
		// Rabindranath's birthday and death, the fair of Poush.
		{"2019-05-09", 25, 1, 1426},
		{"2020-05-08", 25, 1, 1427},
		{"2023-05-09", 25, 1, 1430},
		{"2024-05-08", 25, 1, 1431},
		{"2023-08-08", 22, 4, 1430},
		{"2019-12-24", 7, 9, 1426},
		{"2023-12-24", 7, 9, 1430},
	})
}

func TestBothCalendarsGoOnDayByDay(t *testing.T) {
	for name, dayOf := range map[string]func(int, time.Month, int) (int, int, int){"Bangladesh": message.BangladeshiEra, "West Bengal": message.IndianEra} {
		day := time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)
		lastYear, lastMonth, lastDay := dayOf(day.Year(), day.Month(), day.Day())
		for day.Year() < 2060 {
			day = day.AddDate(0, 0, 1)
			y, m, d := dayOf(day.Year(), day.Month(), day.Day())
			next := y == lastYear && m == lastMonth && d == lastDay+1
			turns := d == 1 && lastDay >= 29 && lastDay <= 32 && (y == lastYear && m == lastMonth+1 || y == lastYear+1 && m == 0 && lastMonth == 11)
			if !next && !turns {
				t.Fatalf("%s: %d/%d/%d is followed by %d/%d/%d on %s", name, lastDay, lastMonth+1, lastYear, d, m+1, y, day.Format(time.DateOnly))
			}
			lastYear, lastMonth, lastDay = y, m, d
		}
	}
}

func TestTheEraIsPrintedByRegion(t *testing.T) {
	night := at(dhaka, "2021-10-05 00:10")
	for _, test := range []struct{ got, want string }{
		{inBangladesh.Era(night), "২০ আশ্বিন ১৪২৮ বঙ্গাব্দ"},
		{inIndia.Era(night.Add(time.Hour)), "১৮ আশ্বিন ১৪২৮ বঙ্গাব্দ"},
		{inEnglish.Era(night.Add(time.Hour)), "18 Ashwin 1428 BS"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}
