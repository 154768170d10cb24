package message_test

import (
	"testing"
	"time"

	"github.com/harkara/harkara/bot/message"
)

func at(zone *time.Location, text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestTheClockSaysWhatNewspapersSayAtEachHour(t *testing.T) {
	words := [24]string{
		"রাত ১২টা", "রাত ১টা", "রাত ২টা", "রাত ৩টা", "ভোর ৪টা", "ভোর ৫টা",
		"সকাল ৬টা", "সকাল ৭টা", "সকাল ৮টা", "সকাল ৯টা", "সকাল ১০টা", "সকাল ১১টা",
		"দুপুর ১২টা", "দুপুর ১টা", "দুপুর ২টা", "বিকেল ৩টা", "বিকেল ৪টা", "বিকেল ৫টা",
		"সন্ধ্যা ৬টা", "সন্ধ্যা ৭টা", "রাত ৮টা", "রাত ৯টা", "রাত ১০টা", "রাত ১১টা",
	}
	for hour, want := range words {
		if got := inIndia.ClockAt(hour * 60); got != want {
			t.Errorf("%d in India: got %s, want %s", hour, got, want)
		}
		if hour == 11 {
			want = "বেলা ১১টা"
		}
		if got := inBangladesh.ClockAt(hour * 60); got != want {
			t.Errorf("%d in Bangladesh: got %s, want %s", hour, got, want)
		}
	}
}

func TestTheClockSaysMinutesAfterTheHour(t *testing.T) {
	for _, test := range []struct {
		p    message.Printer
		at   string
		want string
	}{
		{inIndia, "2021-10-05 10:20", "সকাল ১০টা ২০"},
		{inIndia, "2021-10-05 00:05", "রাত ১২টা ৫"},
		{inIndia, "2021-10-05 22:50", "রাত ১০টা ৫০"},
		{inIndia, "2021-10-05 12:30", "দুপুর ১২টা ৩০"},
		{inBangladesh, "2021-10-05 11:45", "বেলা ১১টা ৪৫"},
		{inEnglish, "2021-10-05 10:20", "10:20 am"},
		{inEnglish, "2021-10-05 00:05", "12:05 am"},
		{inEnglish, "2021-10-05 12:00", "12 pm"},
		{inEnglish, "2021-10-05 21:00", "9 pm"},
	} {
		if got := test.p.Clock(at(test.p.Zone(), test.at)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.at, got, test.want)
		}
	}
	if got := inIndia.ClockAt(-60); got != "রাত ১১টা" {
		t.Errorf("an hour before midnight: got %s", got)
	}
}

func TestTimesArePrintedInThePrintersZone(t *testing.T) {
	utc := time.Date(2021, time.October, 4, 20, 0, 0, 0, time.UTC)
	for _, test := range []struct{ got, want string }{
		{inIndia.Moment(utc), "৫ অক্টোবর ২০২১, রাত ১টা ৩০"},
		{inBangladesh.Moment(utc), "৫ অক্টোবর ২০২১, রাত ২টা"},
		{inIndia.In(nil).Moment(utc), "৪ অক্টোবর ২০২১, রাত ৮টা"},
		{inEnglish.Moment(utc), "5 October 2021, 1:30 am"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

func TestDatesNameMonthAndWeekday(t *testing.T) {
	for _, test := range []struct{ day, bn, en string }{
		{"2021-10-05 09:00", "৫ অক্টোবর ২০২১, মঙ্গলবার", "Tuesday, 5 October 2021"},
		{"2021-03-19 09:00", "১৯ মার্চ ২০২১, শুক্রবার", "Friday, 19 March 2021"},
		{"2024-02-29 09:00", "২৯ ফেব্রুয়ারি ২০২৪, বৃহস্পতিবার", "Thursday, 29 February 2024"},
		{"2025-01-01 00:00", "১ জানুয়ারি ২০২৫, বুধবার", "Wednesday, 1 January 2025"},
		{"2026-08-16 23:59", "১৬ আগস্ট ২০২৬, রবিবার", "Sunday, 16 August 2026"},
	} {
		moment := at(kolkata, test.day)
		if got := inIndia.Date(moment); got != test.bn {
			t.Errorf("got %s, want %s", got, test.bn)
		}
		if got := inEnglish.Date(moment); got != test.en {
			t.Errorf("got %s, want %s", got, test.en)
		}
	}
}

func TestAStampLeavesOutTheYearThatIsNow(t *testing.T) {
	moment := at(kolkata, "2021-10-05 10:20")
	for _, test := range []struct {
		now  time.Time
		want string
	}{
		{at(kolkata, "2021-12-31 23:59"), "৫ অক্টোবর, সকাল ১০টা ২০"},
		{at(kolkata, "2022-01-01 00:00"), "৫ অক্টোবর ২০২১, সকাল ১০টা ২০"},
		{time.Time{}, "৫ অক্টোবর, সকাল ১০টা ২০"},
	} {
		if got := inIndia.Stamp(moment, test.now); got != test.want {
			t.Errorf("now %v: got %s, want %s", test.now, got, test.want)
		}
	}
	if got := inIndia.Stamp(time.Time{}, moment); got != "" {
		t.Errorf("no time is printed as %s", got)
	}
}

func TestAPauseEndsTodayTomorrowOrOnADate(t *testing.T) {
	now := time.Date(2021, 12, 29, 20, 0, 0, 0, inIndia.Zone())
	for _, test := range []struct {
		in     time.Duration
		bn, en string
	}{
		{3 * time.Hour, "আজ রাত ১১টা", "11 pm today"},
		{8 * time.Hour, "আগামীকাল ভোর ৪টা", "4 am tomorrow"},
		{28 * time.Hour, "৩১ ডিসেম্বর, রাত ১২টা", "31 December, 12 am"},
		{52 * time.Hour, "১ জানুয়ারি ২০২২, রাত ১২টা", "1 January 2022, 12 am"},
	} {
		if got := inIndia.Until(now.Add(test.in), now); got != test.bn {
			t.Errorf("%v is %q, want %q", test.in, got, test.bn)
		}
		if got := inEnglish.Until(now.Add(test.in), now); got != test.en {
			t.Errorf("%v is %q, want %q", test.in, got, test.en)
		}
	}
}

func TestAgoGrowsFromMinutesToDates(t *testing.T) {
	now := at(kolkata, "2021-10-05 10:20")
	for _, test := range []struct {
		past   time.Duration
		bn, en string
	}{
		{-30 * time.Second, "এইমাত্র", "just now"},
		{0, "এইমাত্র", "just now"},
		{59 * time.Second, "এইমাত্র", "just now"},
		{time.Minute, "১ মিনিট আগে", "1 minute ago"},
		{5*time.Minute + 59*time.Second, "৫ মিনিট আগে", "5 minutes ago"},
		{time.Hour, "১ ঘণ্টা আগে", "1 hour ago"},
		{2*time.Hour + 30*time.Minute, "২ ঘণ্টা আগে", "2 hours ago"},
		{24*time.Hour - time.Second, "২৩ ঘণ্টা আগে", "23 hours ago"},
		{24 * time.Hour, "গতকাল, সকাল ১০টা ২০", "yesterday, 10:20 am"},
		{34*time.Hour + 19*time.Minute, "গতকাল, রাত ১২টা ১", "yesterday, 12:01 am"},
		{34*time.Hour + 21*time.Minute, "৩ অক্টোবর, রাত ১১টা ৫৯", "3 October, 11:59 pm"},
		{300 * 24 * time.Hour, "৯ ডিসেম্বর ২০২০, সকাল ১০টা ২০", "9 December 2020, 10:20 am"},
		{-2 * time.Hour, "৫ অক্টোবর, দুপুর ১২টা ২০", "5 October, 12:20 pm"},
	} {
		if got := inIndia.Ago(now.Add(-test.past), now); got != test.bn {
			t.Errorf("%v: got %s, want %s", test.past, got, test.bn)
		}
		if got := inEnglish.Ago(now.Add(-test.past), now); got != test.en {
			t.Errorf("%v: got %s, want %s", test.past, got, test.en)
		}
	}
	if got := inIndia.Ago(time.Time{}, now); got != "এখনও না" {
		t.Errorf("never: got %s", got)
	}
	if got := inBangladesh.Ago(time.Time{}, now); got != "এখনো না" {
		t.Errorf("never: got %s", got)
	}
}

func TestDurationsHaveTwoUnits(t *testing.T) {
	for _, test := range []struct {
		d      time.Duration
		bn, en string
	}{
		{0, "০ সেকেন্ড", "0 seconds"},
		{900 * time.Millisecond, "০ সেকেন্ড", "0 seconds"},
		{45 * time.Second, "৪৫ সেকেন্ড", "45 seconds"},
		{90 * time.Second, "১ মিনিট ৩০ সেকেন্ড", "1 minute 30 seconds"},
		{6*time.Hour + 20*time.Minute, "৬ ঘণ্টা ২০ মিনিট", "6 hours 20 minutes"},
		{6*time.Hour + 20*time.Second, "৬ ঘণ্টা", "6 hours"},
		{48 * time.Hour, "২ দিন", "2 days"},
		{51 * time.Hour, "২ দিন ৩ ঘণ্টা", "2 days 3 hours"},
		{-time.Hour, "১ ঘণ্টা", "1 hour"},
		{-1 << 63, "০ সেকেন্ড", "0 seconds"},
	} {
		if got := inIndia.Duration(test.d); got != test.bn {
			t.Errorf("%v: got %s, want %s", test.d, got, test.bn)
		}
		if got := inEnglish.Duration(test.d); got != test.en {
			t.Errorf("%v: got %s, want %s", test.d, got, test.en)
		}
	}
}

func TestZonesAreCalledByTheirCountry(t *testing.T) {
	now := at(kolkata, "2021-10-05 10:20")
	for zoneName, want := range map[string]string{
		"Asia/Dhaka": "বাংলাদেশ সময়", "Asia/Kolkata": "ভারতীয় সময়", "UTC": "ইউটিসি",
		"Asia/Kathmandu": "ইউটিসি +৫:৪৫", "America/New_York": "ইউটিসি -৪",
	} {
		if got := inIndia.In(zone(zoneName)).ZoneName(now); got != want {
			t.Errorf("%s: got %s, want %s", zoneName, got, want)
		}
	}
	if got := inEnglish.ZoneName(now); got != "India time" {
		t.Errorf("got %s", got)
	}
}

func TestDigestsAreNamedAfterTheirPartOfTheDay(t *testing.T) {
	for hour, want := range map[string]string{
		"05:00": "ভোরের খবর", "08:00": "সকালের খবর", "13:00": "দুপুরের খবর", "16:00": "বিকেলের খবর",
		"19:00": "সন্ধ্যার খবর", "21:00": "রাতের খবর", "01:00": "রাতের খবর",
	} {
		if got := inIndia.DigestName(at(kolkata, "2021-10-05 "+hour)); got != want {
			t.Errorf("%s: got %s, want %s", hour, got, want)
		}
	}
}
