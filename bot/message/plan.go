package message

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Coming prints a time to come so that nobody can take it for another: আগামীকাল, ৬ অক্টোবর ২০২১, বুধবার, সকাল ৮টা. Days further away than
// the day after tomorrow have no word of their own.
func (p Printer) Coming(t, now time.Time) string {
	text := p.Date(t) + ", " + p.Clock(t)
	day, today := t.In(p.Zone()), now.In(p.Zone())
	for days, key := range []Key{PlanToday, PlanTomorrow, PlanDayAfter} {
		if sameDay(day, today.AddDate(0, 0, days)) {
			return p.Text(key) + ", " + text
		}
	}
	return text
}

// Repeats says cron lines in words: প্রতিদিন সকাল ৮টা; প্রতি সোমবার ও বুধবার রাত ৯টা. A line that no words are for is shown as it is.
func (p Printer) Repeats(lines []string) string {
	var said []string
	for _, line := range lines {
		said = append(said, p.repeat(line))
	}
	return strings.Join(said, "; ")
}

func (p Printer) repeat(line string) string {
	asIs := p.Text(PlanCron, "line", Whole(line))
	if macro, ok := cronMacros[line]; ok {
		line = macro
	}
	f := strings.Fields(line)
	if len(f) != 5 {
		return asIs
	}
	everyDay := f[2] == "*" && f[3] == "*" && f[4] == "*"
	if minutes, ok := cronStep(f[0], 60); ok && everyDay && f[1] == "*" {
		return p.Text(PlanEveryMinutes, "n", minutes)
	}
	minute, err := strconv.Atoi(f[0])
	if err != nil || minute < 0 || minute > 59 {
		return asIs
	}
	if hours, ok := cronStep(f[1], 24); ok && everyDay && minute == 0 {
		if hours == 1 {
			return p.Text(PlanEveryHour)
		}
		return p.Text(PlanEveryHours, "n", hours)
	}
	hour, err := strconv.Atoi(f[1])
	if err != nil || hour < 0 || hour > 23 || f[3] != "*" {
		return asIs
	}
	clock := p.clock(hour, minute)
	if everyDay {
		return p.Text(PlanEveryDay, "clock", clock)
	}
	if days, ok := cronWeekdays(f[4]); ok && f[2] == "*" {
		var names []string
		for _, day := range days {
			if p.Lang() == English {
				names = append(names, time.Weekday(day).String())
			} else {
				names = append(names, bengaliWeekdays[day])
			}
		}
		return p.Text(PlanEveryWeek, "days", p.and(names), "clock", clock)
	}
	if day, err := strconv.Atoi(f[2]); err == nil && f[4] == "*" && day >= 1 && day <= 31 {
		return p.Text(PlanEveryMonth, "n", day, "clock", clock)
	}
	return asIs
}

// cronMacros are the lines that stand for names.
var cronMacros = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
}

// cronStep reads * and */n as a step of a field that goes up to limit, provided that it divides it: else the steps are uneven.
func cronStep(field string, limit int) (int, bool) {
	if field == "*" {
		return 1, true
	}
	after, ok := strings.CutPrefix(field, "*/")
	n, err := strconv.Atoi(after)
	return n, ok && err == nil && n > 0 && limit%n == 0
}

// cronWeekdays reads 0, 1-5 and 0,2,4, Sunday first.
func cronWeekdays(field string) (days []int, ok bool) {
	for part := range strings.SplitSeq(field, ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil || first < 0 || last > 7 || first > last {
			return nil, false
		}
		for day := first; day <= last; day++ {
			days = append(days, day%7)
		}
	}
	slices.Sort(days)
	return slices.Compact(days), true
}

// and joins words as a sentence does: সোমবার, মঙ্গলবার ও বুধবার.
func (p Printer) and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return p.Text(PlanAnd, "first", Whole(strings.Join(words[:last], ", ")), "last", words[last])
}
