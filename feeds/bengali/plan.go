package bengali

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Plan is when something is to happen: once, at At, or again and again.
type Plan struct {
	// At is the moment of a plan that happens once, in the zone of the writer; zero if it repeats.
	At time.Time
	// Every are the cron lines of a plan that repeats, five fields each (minute, hour, day of the month, month, day of the
	// week), to be read in the writer's zone. A line that the writer gave himself stands as he wrote it, with ASCII digits, and may be
	// no good.
	Every []string
}

// Why words are no plan.
var (
	// ErrNoTime says that the words name no time.
	ErrNoTime = errors.New("no time is named")
	// ErrPast says that the time is named clearly and has passed.
	ErrPast = errors.New("the time has passed")
	// ErrWeekday says that the date named does not fall on the day of the week named.
	ErrWeekday = errors.New("the date is another day of the week")
)

// UnknownWord is the error for a word that has no place in a time.
type UnknownWord string

func (w UnknownWord) Error() string { return fmt.Sprintf("%q is no word of a time", string(w)) }

// longestPast is how long ago a date without a year may lie to be taken for a slip; one that is longer past means
// the next year's.
const longestPast = 31 * 24 * time.Hour

// ParsePlan reads a time to come as editors write it: ‘কাল সকাল ৮টা’, ‘শুক্রবার সন্ধ্যা ৭:৩০’, ‘৫ অক্টোবর রাত ৯টা’, ‘আধ ঘণ্টা
// পরে’, ‘প্রতিদিন সকাল সাড়ে ৮টা’, ‘সোম থেকে শুক্র রাত ৯টা’, ISO 8601, a cron line; and the like in English. It returns all that can
// be meant: one plan if the words are clear, else several of which the writer should choose, soonest first (an hour without its part
// of the day, the midnight of a named day, today's weekday, a day without an hour). Where one reading has passed and another has
// not, it is the other that is meant.
//
// The zone is now's. Workdays are the days that “কাজের দিন” means, which differ by country.
func ParsePlan(s string, now time.Time, workdays []time.Weekday) ([]Plan, error) {
	if len(s) > longestTime {
		return nil, ErrNoTime
	}
	text := strings.TrimSpace(ASCIIDigits(s))
	if cronLine.MatchString(text) {
		return []Plan{{Every: []string{strings.Join(strings.Fields(text), " ")}}}, nil
	}
	for _, layout := range isoLayouts {
		if at, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return moments(now, at.In(now.Location()))
		}
	}
	p := planWords{now: now, workdays: workdays, part: -1, tokens: calendarTokens(s)}
	if err := p.read(); err != nil {
		return nil, err
	}
	return p.plans()
}

var (
	isoLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}
	cronLine   = regexp.MustCompile(`^(@[a-z]+|[0-9*][0-9*/,-]*(\s+[0-9*?LW#][0-9*/,?LW#-]*){2}(\s+[0-9A-Za-z*?#][0-9A-Za-z*/,?#-]*){2})$`)
)

// moments are the plans for those of the times that are to come, soonest first.
func moments(now time.Time, times ...time.Time) ([]Plan, error) {
	slices.SortFunc(times, time.Time.Compare)
	var plans []Plan
	for _, at := range slices.CompactFunc(times, time.Time.Equal) {
		if at.After(now) {
			plans = append(plans, Plan{At: at})
		}
	}
	switch {
	case len(times) == 0:
		return nil, ErrNoTime
	case len(plans) == 0:
		return nil, ErrPast
	}
	return plans, nil
}

// planWords is what has been read of a plan.
type planWords struct {
	now      time.Time
	workdays []time.Weekday
	tokens   []calendarToken
	i        int

	// The day: counted from today, a day of the week, a date, or after a span.
	day        *int
	coming     *int
	weekdays   []time.Weekday
	date       *calendarDate
	dayOfMonth int
	span       time.Duration // up to weeks
	months     int
	after      bool
	at         *time.Time // now

	clocks []planClock
	part   int // the part of the day that was named last, or -1

	// monthsAhead is the month that a day of the month is of: 0 this, 1 the next; nil for the one in which it comes next.
	monthsAhead *int
	year        int // given apart from its date: ২০২১ সালের

	every   bool
	monthly bool
	steps   time.Duration // “every two hours”
}

type calendarDate struct {
	year  int // 0 if not given
	month time.Month
	day   int
}

// planClock is a time of day as written.
type planClock struct {
	hour, minute int
	part         int  // -1 if none is named
	certain      bool // written on a clock of 24 hours
}

func (p *planWords) token(n int) calendarToken {
	if n < len(p.tokens) {
		return p.tokens[n]
	}
	return calendarToken{number: -1}
}

func (p *planWords) read() error {
	for p.i < len(p.tokens) {
		switch token := p.token(p.i); {
		case p.readDate(), p.readSpan(), p.readClock():
		case token.sign != 0:
			p.i++
		default:
			if err := p.readWord(token); err != nil {
				return err
			}
			p.i++
		}
	}
	if p.every && p.span != 0 && p.steps == 0 { // ২ ঘণ্টা পর পর
		p.steps, p.span, p.after = p.span, 0, false
	}
	if p.date != nil && p.date.year == 0 {
		p.date.year = p.year
	}
	if p.after && p.span > 0 && p.day != nil && *p.day == 0 { // আজ থেকে ৩ দিন পর
		p.day = nil
	}
	// A part of the day may stand behind its hour, with a day between: ৮টায় কাল সকালে.
	for i := range p.clocks {
		if p.clocks[i].part < 0 && !p.clocks[i].certain {
			p.clocks[i].part = p.part
		}
	}
	return nil
}

func (p *planWords) readWord(token calendarToken) error {
	value := token.value
	switch token.kind {
	case dayWord:
		p.day = &value
	case nowWord:
		p.at = &p.now
	case comingWord:
		p.coming = &value
	case weekdayWord:
		p.readWeekdays(time.Weekday(value))
	case everyWord:
		p.every = true
		switch value {
		case minutesOfMonth:
			p.monthly = true
		case minutesOfHour:
			p.steps = time.Hour
		}
	case unitWord: // প্রতি দিন, প্রতি ঘণ্টায়, আগামী সপ্তাহে, প্রতি মাসের ১ তারিখ
		switch {
		case p.every && value < minutesOfDay:
			p.steps = time.Duration(value) * time.Minute
		case p.every && value == minutesOfMonth:
			p.monthly = true
		case p.every:
		case p.coming != nil && value == minutesOfWeek:
			p.span += 7 * 24 * time.Hour
			p.coming = nil
			p.after = true
		case p.coming != nil && value == minutesOfMonth && *p.coming >= 0: // আগামী মাসের ৫ তারিখ
			ahead := min(*p.coming, 1)
			p.monthsAhead, p.coming = &ahead, nil
		default:
			return UnknownWord(token.text)
		}
	case workdayWord:
		p.every, p.weekdays = true, p.workdays
	case workingWord: // কাজের দিন
		p.every, p.weekdays = true, p.workdays
		if p.token(p.i+1).kind == unitWord {
			p.i++
		}
	case dayPart:
		if p.i > 0 && p.token(p.i-1).kind == dayPart && strings.HasPrefix(token.text, belaWord) {
			return nil // সকাল বেলা
		}
		p.part = value
		if strings.HasPrefix(token.text, midnightWord) && !p.token(p.i+1).isNumber() {
			p.clocks = append(p.clocks, planClock{hour: 12, part: partNight})
		}
	case afterWord, withinWord:
		p.after = true
		if p.token(p.i+1).kind == afterWord { // পর পর
			p.every = true
			p.i++
		}
	case andWord, fillerWord, toWord, dateWord, hourWord, minuteWord:
	default:
		if token.text == "য়" || token.text == "এ" || token.text == "তে" || token.text == "ে" {
			return nil
		}
		return UnknownWord(token.text)
	}
	return nil
}

var midnightWord, belaWord, yearWord = Fold("মধ্যরাত"), Fold("বেলা"), Fold("সাল")

const (
	minutesOfHour  = 60
	minutesOfDay   = 24 * minutesOfHour
	minutesOfWeek  = 7 * minutesOfDay
	minutesOfMonth = 30 * minutesOfDay // only a name for the unit: months are counted by the calendar
)

// readWeekdays reads a day of the week, and a stretch of them: সোম থেকে শুক্র.
func (p *planWords) readWeekdays(first time.Weekday) {
	p.weekdays = append(p.weekdays, first)
	next := p.token(p.i + 1)
	if to := p.token(p.i + 2); to.kind == weekdayWord && (next.kind == toWord || next.sign == '-') {
		for day := first; day != time.Weekday(to.value); {
			day = (day + 1) % 7
			p.weekdays = append(p.weekdays, day)
		}
		p.every = true
		p.i += 2
	}
}

// readDate reads a date, with or without its year, or a day of the month.
func (p *planWords) readDate() bool {
	if year, month, day, to, ok := dateAt(p.tokens, p.i); ok {
		p.date, p.i = &calendarDate{year, month, day}, to
		return true
	}
	first, next := p.token(p.i), p.i+1
	if first.isNumber() && len(first.text) == 4 && strings.HasPrefix(p.token(next).text, yearWord) {
		p.year, p.i = first.number, next+1
		return true
	}
	if first.kind == monthWord && p.token(next).isNumber() && p.token(next).number <= 31 && p.token(next+1).kind != hourWord && p.token(next+1).sign != ':' {
		return p.setDate(time.Month(first.value), p.token(next).number, next+1)
	}
	if !first.isNumber() || first.number < 1 || first.number > 31 {
		return false
	}
	if slices.Contains(ordinals, p.token(next).text) {
		next++
	}
	switch second := p.token(next); {
	case second.kind == monthWord:
		return p.setDate(time.Month(second.value), first.number, next+1)
	case second.kind == dateWord:
		p.dayOfMonth, p.i = first.number, next+1
		return true
	case second.sign == '/' && p.token(next+1).isNumber() && p.token(next+1).number <= 12:
		return p.setDate(time.Month(p.token(next+1).number), first.number, next+2)
	}
	return false
}

// ordinals follow the number of a day: ৫ই, ১লা.
var ordinals = []string{"ই", "শে", "লা", "রা", "ঠা", "st", "nd", "rd", "th"}

func (p *planWords) setDate(month time.Month, day, to int) bool {
	if day < 1 || day > daysIn(month) {
		return false
	}
	p.date, p.i = &calendarDate{month: month, day: day}, to
	return true
}

// daysIn is how many days a month can have.
func daysIn(month time.Month) int { return time.Date(2024, month+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// readSpan reads how long from now, or how often: দেড় ঘণ্টা পরে, ১ ঘণ্টা ১৫ মিনিট পর, প্রতি ২ ঘণ্টায়.
func (p *planWords) readSpan() bool {
	var n float64
	first, next := p.token(p.i), p.i+1
	switch {
	case first.kind == halfHour:
		p.addSpan(float64(first.value)/minutesOfHour, minutesOfHour)
		p.i = next
		return true
	case first.kind == halfWord:
		n = float64(first.value) / minutesOfHour
	case first.kind == fractionWord && p.token(next).isNumber():
		n = float64(p.token(next).number) + float64(first.value)/minutesOfHour
		next++
	case first.isNumber():
		n = float64(first.number)
	default:
		return false
	}
	unit := p.token(next)
	if unit.kind == minuteWord {
		unit.kind, unit.value = unitWord, 1
	}
	if unit.kind != unitWord {
		return false
	}
	if unit.value == minutesOfMonth && n != float64(int(n)) {
		return false
	}
	p.i = next + 1
	p.addSpan(n, unit.value)
	return true
}

// longestSpan and longestSpanMonths bound how far ahead anything is planned.
const (
	longestSpan       = 10 * 366 * 24 * time.Hour
	longestSpanMonths = 10 * 12
)

func (p *planWords) addSpan(n float64, unit int) {
	span := longestSpan
	if minutes := n * float64(unit); minutes < longestSpan.Minutes() {
		span = time.Duration(minutes) * time.Minute
	}
	switch {
	case p.every:
		p.steps = span
	case unit == minutesOfMonth:
		p.months = min(p.months+int(n), longestSpanMonths)
	default:
		p.span = min(p.span+span, longestSpan)
	}
}

// readClock reads one time of day.
func (p *planWords) readClock() bool {
	first, next, fraction := p.token(p.i), p.i+1, 0
	if first.kind == fractionWord {
		fraction = first.value
		first, next = p.token(next), next+1
	}
	if first.kind == halfWord && first.value > minutesOfHour && p.token(next).kind == hourWord { // দেড়টা, আড়াইটা
		first.number, fraction = first.value/minutesOfHour, first.value%minutesOfHour
	}
	if !first.isNumber() || first.number > 24 || len(first.text) > 2 && isASCII(first.text) {
		return false
	}
	c := planClock{hour: first.number, part: p.part}
	if sign := p.token(next).sign; (sign == ':' || sign == '.' || sign == '-') && p.token(next+1).isNumber() && len(p.token(next+1).text) == 2 {
		if p.token(next+1).number > 59 {
			return false
		}
		c.minute = p.token(next + 1).number
		c.certain = sign == ':' && first.text[0] == '0' && len(first.text) == 2
		next += 2
		if p.token(next).sign == ':' && p.token(next+1).isNumber() {
			next += 2 // seconds
		}
	}
	if kind := p.token(next).kind; kind == hourWord {
		next++
		if p.token(next).kind == fillerWord { // ৮টা বেজে ২০ মিনিট
			next++
		}
		if minute := p.token(next); minute.isNumber() && minute.number < 60 && len(minute.text) <= 2 && p.token(next+1).kind != hourWord && p.token(next+1).sign == 0 &&
			p.token(next+1).kind != monthWord && p.token(next+1).kind != unitWord {
			c.minute, next = minute.number, next+1
		}
	}
	if p.token(next).kind == minuteWord {
		next++
	}
	if part := p.token(next); part.kind == dayPart && !p.token(next+1).isNumber() && p.token(next+1).kind != fractionWord {
		c.part, next = part.value, next+1
	}
	c.minute += fraction
	c.certain = c.certain || first.number > 12 || first.number == 0
	if c.hour < 1 && fraction < 0 || c.hour == 24 && c.minute != 0 {
		return false
	}
	p.clocks = append(p.clocks, c)
	p.i = next
	return true
}

// hours are the times of day, in minutes after midnight, that the clock can mean.
func (c planClock) hours() []int {
	if c.part < 0 && !c.certain {
		first := (c.hour%12*60 + c.minute + minutesOfDay) % minutesOfDay
		return []int{first, (first + minutesOfDay/2) % minutesOfDay}
	}
	hour, minute, _ := clock(c.hour, c.minute, c.part)
	return []int{hour*60 + minute}
}

// usualHours are offered where a day is named and no hour, by part of the day.
var usualHours = map[int][]int{
	-1:            {8, 12, 18, 21},
	partDawn:      {4, 5, 6},
	partMorning:   {7, 8, 9, 10},
	partNoon:      {12, 13, 14},
	partAfternoon: {15, 16, 17},
	partEvening:   {18, 19, 20},
	partNight:     {20, 21, 22, 23},
}

// nightEnds is the minute of the day before which “রাত ১২টা” and “রাত ২টা” of a named day can also belong to the night that
// follows it.
const nightEnds = 4 * minutesOfHour

// plans are all that the words read can mean.
func (p *planWords) plans() ([]Plan, error) {
	switch {
	case p.every:
		return p.repeated()
	case p.at != nil && len(p.clocks) == 0 && !p.after:
		return []Plan{{At: p.now}}, nil
	case p.span == 0 && p.months == 0 && p.after:
		return nil, ErrNoTime
	case (p.span != 0 || p.months != 0) && !p.after:
		return nil, ErrNoTime
	case p.span != 0 || p.months != 0:
		if p.day != nil || p.date != nil {
			return nil, ErrNoTime
		}
		at := p.now.AddDate(0, p.months, 0).Add(p.span)
		if p.span%(24*time.Hour) == 0 { // by the calendar, past a change of the clocks
			at = p.now.AddDate(0, p.months, int(p.span/(24*time.Hour)))
		}
		if len(p.clocks) == 0 && len(p.weekdays) == 0 {
			return []Plan{{At: at.Truncate(time.Second)}}, nil
		}
		if len(p.weekdays) > 0 { // আগামী সপ্তাহে সোমবার
			return p.onDays(p.weekOf(at)...)
		}
		return p.onDays(at)
	}
	days, err := p.days()
	if err != nil {
		return nil, err
	}
	if len(days) > 0 {
		return p.onDays(days...)
	}
	// No day is named: the next time that the clock shows it.
	if len(p.clocks) == 0 && p.part < 0 {
		return nil, ErrNoTime
	}
	var times []time.Time
	for _, minute := range p.minutes() {
		at := onDay(p.now, minute)
		if !at.After(p.now) {
			at = onDay(p.now.AddDate(0, 0, 1), minute)
		}
		times = append(times, at)
	}
	return moments(p.now, times...)
}

// minutes are the times of day that can be meant, in minutes after midnight.
func (p *planWords) minutes() []int {
	var minutes []int
	for _, c := range p.clocks {
		minutes = append(minutes, c.hours()...)
	}
	if len(p.clocks) == 0 {
		for _, hour := range usualHours[p.part] {
			minutes = append(minutes, hour*60)
		}
	}
	return minutes
}

func onDay(day time.Time, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, day.Location())
}

// onDays are the moments on any of the days at any of the times read.
func (p *planWords) onDays(days ...time.Time) ([]Plan, error) {
	var times []time.Time
	for _, day := range days {
		for _, minute := range p.minutes() {
			times = append(times, onDay(day, minute))
			if minute < nightEnds && p.atNight() {
				times = append(times, onDay(day.AddDate(0, 0, 1), minute))
			}
		}
	}
	return moments(p.now, times...)
}

// atNight reports whether the hours were said to be of the night.
func (p *planWords) atNight() bool {
	return slices.ContainsFunc(p.clocks, func(c planClock) bool { return c.part == partNight })
}

// days are the days that can be meant; none if none is named.
func (p *planWords) days() ([]time.Time, error) {
	switch {
	case p.date != nil:
		day, err := p.dateDay()
		if err != nil {
			return nil, err
		}
		if len(p.weekdays) > 0 && !slices.Contains(p.weekdays, day.Weekday()) {
			return nil, ErrWeekday
		}
		return []time.Time{day}, nil
	case p.dayOfMonth > 0:
		from, months := 0, 12
		if p.monthsAhead != nil {
			from, months = *p.monthsAhead, 1
		}
		for month := from; month < from+months; month++ {
			first := time.Date(p.now.Year(), p.now.Month()+time.Month(month), 1, 0, 0, 0, 0, p.now.Location())
			day := first.AddDate(0, 0, p.dayOfMonth-1)
			if day.Month() == first.Month() && p.ahead(day) {
				return []time.Time{day}, nil
			}
		}
		return nil, ErrNoTime
	case p.day != nil:
		day := p.now.AddDate(0, 0, *p.day)
		if len(p.weekdays) > 0 && !slices.Contains(p.weekdays, day.Weekday()) {
			return nil, ErrWeekday
		}
		return []time.Time{day}, nil
	case len(p.weekdays) > 0:
		return p.weekdayDays(), nil
	}
	return nil, nil
}

// ahead reports whether any of the times read is still to come on that day.
func (p *planWords) ahead(day time.Time) bool {
	_, err := p.onDays(day)
	return err == nil
}

// dateDay is the day of the date read, of the year in which it is to come if none was given.
func (p *planWords) dateDay() (time.Time, error) {
	of := func(year int) time.Time {
		return time.Date(year, p.date.month, p.date.day, 0, 0, 0, 0, p.now.Location())
	}
	if p.date.year != 0 {
		return of(p.date.year), nil
	}
	for year := p.now.Year(); year <= p.now.Year()+8; year++ { // 29 February
		day := of(year)
		switch {
		case day.Day() != p.date.day:
		case p.ahead(day):
			return day, nil
		case p.now.Sub(day) < longestPast:
			return time.Time{}, ErrPast
		}
	}
	return time.Time{}, ErrPast
}

// weekdayDays are the days that a day of the week can mean: the coming one; today as well as a week from now, if it is today; for
// “পরের শুক্রবার” and “next Friday” the coming one and that after it.
func (p *planWords) weekdayDays() []time.Time {
	var days []time.Time
	for _, weekday := range p.weekdays {
		ahead := (int(weekday) - int(p.now.Weekday()) + 7) % 7
		coming, following := p.now.AddDate(0, 0, ahead), p.now.AddDate(0, 0, ahead+7)
		which := -2
		if p.coming != nil {
			which = *p.coming
		}
		switch {
		case which == -1: // last Friday
			days = append(days, coming.AddDate(0, 0, -7))
		case which == 0 && p.ahead(coming):
			days = append(days, coming)
		case which == 1 && ahead == 0:
			days = append(days, following)
		case which == 2 && ahead > 0, ahead == 0 && which != 2 && p.ahead(coming):
			days = append(days, coming, following)
		case ahead == 0:
			days = append(days, following)
		default:
			days = append(days, coming)
		}
	}
	return days
}

// weekOf are the days of the week around at that have the names read.
func (p *planWords) weekOf(at time.Time) []time.Time {
	var days []time.Time
	for _, weekday := range p.weekdays {
		days = append(days, at.AddDate(0, 0, int(weekday)-int(at.Weekday())))
	}
	return days
}

// repeated are the plans that repeat.
func (p *planWords) repeated() ([]Plan, error) {
	if p.date != nil || p.day != nil || p.months != 0 {
		return nil, ErrNoTime
	}
	if p.steps != 0 {
		return p.stepped()
	}
	if len(p.clocks) < 2 {
		var plans []Plan
		for _, minute := range p.minutes() {
			plans = append(plans, p.cron(minute)...)
		}
		return plans, nil
	}
	// Several times a day: each must be clear, for nobody wants to choose among their combinations; an hour without its
	// part of the day is then taken on a clock of 24 hours.
	var plan Plan
	for _, c := range p.clocks {
		plan.Every = append(plan.Every, p.cron(c.hours()[0])[0].Every...)
	}
	return []Plan{plan}, nil
}

// cron are the plans for one time of day: two for the midnight of a named weekday, which can be at its beginning or its end.
func (p *planWords) cron(minute int) []Plan {
	line := func(day, weekdays string) Plan {
		return Plan{Every: []string{fmt.Sprintf("%d %d %s * %s", minute%60, minute/60, day, weekdays)}}
	}
	switch {
	case p.monthly || p.dayOfMonth > 0:
		return []Plan{line(strconv.Itoa(max(p.dayOfMonth, 1)), "*")}
	case len(p.weekdays) == 0:
		return []Plan{line("*", "*")}
	case minute < nightEnds && p.atNight():
		return []Plan{line("*", cronDays(p.weekdays, 0)), line("*", cronDays(p.weekdays, 1))}
	}
	return []Plan{line("*", cronDays(p.weekdays, 0))}
}

// cronDays are days of the week as a field of a cron line, so many days later.
func cronDays(weekdays []time.Weekday, later int) string {
	var days []int
	for _, day := range weekdays {
		days = append(days, (int(day)+later)%7)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	if len(days) == 7 {
		return "*"
	}
	texts := make([]string, len(days))
	for i, day := range days {
		texts[i] = strconv.Itoa(day)
	}
	return strings.Join(texts, ",")
}

// stepped is “every two hours”: only steps that divide the hour or the day come at the same times each day.
func (p *planWords) stepped() ([]Plan, error) {
	minutes := int(p.steps / time.Minute)
	switch {
	case len(p.clocks) > 0 && minutes == minutesOfDay:
		p.steps = 0
		return p.repeated()
	case len(p.clocks) > 0 || minutes <= 0:
		return nil, ErrNoTime
	case minutes < minutesOfHour && minutesOfHour%minutes == 0:
		return []Plan{{Every: []string{fmt.Sprintf("*/%d * * * *", minutes)}}}, nil
	case minutes == minutesOfHour:
		return []Plan{{Every: []string{"0 * * * *"}}}, nil
	case minutes%minutesOfHour == 0 && minutes < minutesOfDay && minutesOfDay%minutes == 0:
		return []Plan{{Every: []string{fmt.Sprintf("0 */%d * * *", minutes/minutesOfHour)}}}, nil
	}
	return nil, ErrNoTime
}
