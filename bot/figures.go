package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/chart"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// figures are those of a span of days as a person is told them: in lines, as a chart, or as a table. A day is one of the
// operator's zone, whatever zone the person has chosen: all who read figures read the same.
type figures struct {
	bot   *Bot
	p     message.Printer
	first store.Day // the first of which anything is known
	last  store.Day
	// since is when counting began, if that is later than the span asked for.
	since   time.Time
	monthly bool
}

const (
	// barsDrawn bounds the bars of a chart, linesShown the lines below it: a caption has 1,024 characters (Bot API, sendPhoto).
	barsDrawn  = 10
	linesShown = 7
	// longestLabel is how many UTF-16 units of a headline or campaign are shown in a line.
	longestLabel = 48
	// articlesCounted bounds the articles that are looked at, and the rows of their file.
	articlesCounted = 5000
)

// figuresOf begins the figures of the days from first to last.
func (b *Bot) figuresOf(ctx context.Context, lang message.Lang, first, last store.Day) (figures, error) {
	r := figures{bot: b, p: message.New(lang, b.config.Zone, b.config.Region), first: first, last: last}
	since, err := b.store.FiguresSince(ctx)
	if err != nil {
		return r, err
	}
	if began := store.DayOf(since.In(b.config.Zone)); began >= first {
		r.first, r.since = min(began, last), since
	}
	return r, nil
}

// figuresNow begins the figures of a span that ends today; see button.FiguresWeek and its like.
func (b *Bot) figuresNow(ctx context.Context, lang message.Lang, span int64) (figures, error) {
	now := b.config.Now().In(b.config.Zone)
	today := store.DayOf(now)
	first := today - 6
	switch span {
	case button.FiguresMonth:
		first = today - 29
	case button.FiguresYear:
		first = store.DayOf(time.Date(now.Year(), now.Month()-11, 1, 12, 0, 0, 0, now.Location()))
	}
	r, err := b.figuresOf(ctx, lang, first, today)
	r.monthly = span == button.FiguresYear
	return r, err
}

// span prints the days of the figures.
func (r figures) span() string { return r.p.Days(r.noon(r.first), r.noon(r.last)) }

func (r figures) noon(d store.Day) time.Time { return d.Noon(r.bot.config.Zone) }

// isoDate is how tables name a day: spreadsheets understand it in any language.
func (r figures) isoDate(d store.Day) string { return r.noon(d).Format(time.DateOnly) }

// begins is the first moment of which the figures tell.
func (r figures) begins() time.Time {
	begin := r.first.Begin(r.bot.config.Zone)
	if r.since.After(begin) {
		return r.since
	}
	return begin
}

// finding is what figures say of one matter.
type finding struct {
	title string
	lines []string
	draw  func() ([]byte, error)
	table [][]string
}

// caption is the finding in words, under the head.
func (r figures) caption(head message.HTML, f finding) string {
	lines := append([]string{string(head)}, f.lines...)
	if len(f.lines) == 0 {
		lines = append(lines, string(r.p.HTML(message.StatsNone)))
	}
	if !r.since.IsZero() {
		lines = append(lines, string(r.p.HTML(message.StatsSince, "since", r.since)))
	}
	return strings.Join(lines, "\n")
}

// readers tells how many came and went, by day or by month, and how many there were at the end of each.
func (r figures) readers(ctx context.Context) (finding, error) {
	history, err := r.bot.store.ReaderHistory(ctx, r.first)
	if err != nil {
		return finding{}, err
	}
	f := finding{title: r.p.Text(message.StatsReadersTitle)}
	f.table = [][]string{r.heads(message.StatsDate, message.StatsReadersDaily, message.StatsFresh, message.StatsReturned,
		message.StatsStopped, message.StatsBlocked, message.StatsGone, message.StatsForgotten)}
	level := history.Readers
	for day, turn := range history.Days {
		if day > r.last {
			level += turn.Went() - turn.Came()
		}
	}
	readersNow := level
	var all store.Turnover
	var days []chart.Column
	for day := r.last; day >= r.first; day-- {
		turn := history.Days[day]
		all = all.Plus(turn)
		date := r.noon(day)
		days = append(days, chart.Column{Label: r.dayLabel(date), Up: turn.Came(), Down: turn.Went(), Level: level})
		f.table = slices.Insert(f.table, 1, append([]string{r.isoDate(day)}, numbers(level, turn.Arrived, turn.Returned,
			turn.Stopped, turn.Blocked, turn.Gone, turn.Forgotten)...))
		level += turn.Went() - turn.Came()
	}
	slices.Reverse(days)
	columns := chart.Columns{
		Title: f.title, Subtitle: r.span(), Up: r.p.Text(message.StatsArrived), Down: r.p.Text(message.StatsLeft),
		Level: r.p.Text(message.StatsReadersDaily), Columns: days, Number: r.number,
	}
	if r.monthly {
		columns.Level, columns.Columns = r.p.Text(message.StatsReadersMonthly), r.months(days)
	}
	f.draw = columns.PNG
	f.lines = []string{
		string(r.p.HTML(message.StatsReadersNow, "n", readersNow)),
		string(r.p.HTML(message.StatsCame, "n", all.Came(), "fresh", all.Arrived, "back", all.Returned)),
		string(r.p.HTML(message.StatsWent, "n", all.Went(), "stopped", all.Stopped, "blocked", all.Blocked, "gone", all.Gone, "forgotten", all.Forgotten)),
	}
	return f, nil
}

// dayLabel names a day below its column: of a week by the weekday.
func (r figures) dayLabel(date time.Time) string {
	if r.last-r.first < 7 {
		return r.p.ShortWeekday(date)
	}
	return r.p.ShortDate(date)
}

// months gathers the columns of days, the first of which is that of r.first, by month.
func (r figures) months(days []chart.Column) []chart.Column {
	var months []chart.Column
	for i, day := range days {
		date := r.noon(r.first + store.Day(i))
		if i == 0 || date.Day() == 1 {
			months = append(months, chart.Column{Label: r.p.ShortMonth(date)})
		}
		month := &months[len(months)-1]
		month.Up, month.Down, month.Level = month.Up+day.Up, month.Down+day.Down, day.Level
	}
	return months
}

// links tells what each subscribe link has brought.
func (r figures) links(ctx context.Context) (finding, error) {
	f := finding{title: r.p.Text(message.StatsLinksTitle)}
	crowds, err := r.bot.store.Crowds(ctx, store.BroughtBy, r.first, r.last)
	if err != nil {
		return f, err
	}
	links, err := r.bot.store.Links(ctx)
	if err != nil {
		return f, err
	}
	names, err := r.categoryNames(ctx)
	if err != nil {
		return f, err
	}
	links = slices.DeleteFunc(links, func(l store.Link) bool { return crowds[l.ID] == store.Crowd{} })
	slices.SortStableFunc(links, func(a, b store.Link) int {
		x, y := crowds[a.ID], crowds[b.ID]
		return cmp.Or(cmp.Compare(y.Subscribers, x.Subscribers), cmp.Compare(y.Starts, x.Starts))
	})
	f.table = [][]string{r.heads(message.StatsLink, message.StatsTopic, message.StatsCampaign, message.StatsStarts, message.StatsSubscribers,
		message.StatsLeft, message.StatsReaders)}
	var bars []chart.Bar
	for _, l := range links {
		c, label := crowds[l.ID], names[l.Category]
		if l.Campaign != "" {
			label += " · " + bengali.Truncate(l.Campaign, longestLabel)
		}
		bars = append(bars, chart.Bar{Label: label, Value: c.Subscribers})
		f.lines = append(f.lines, string(r.p.HTML(message.StatsLinkLine, "link", label, "starts", c.Starts, "subscribers", c.Subscribers, "left", c.Went())))
		f.table = append(f.table, append([]string{delivery.SubscribeURL(r.bot.Name(), l.Code), names[l.Category], l.Campaign},
			numbers(c.Starts, c.Subscribers, c.Went(), c.Readers)...))
	}
	return r.ranked(f, bars), nil
}

// topics tells how many follow each category.
func (r figures) topics(ctx context.Context) (finding, error) {
	f := finding{title: r.p.Text(message.StatsTopicsTitle)}
	crowds, err := r.bot.store.Crowds(ctx, store.FollowersOf, r.first, r.last)
	if err != nil {
		return f, err
	}
	names, err := r.categoryNames(ctx)
	if err != nil {
		return f, err
	}
	var ids []int64
	for id := range crowds {
		if names[id] != "" {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(crowds[b].Readers, crowds[a].Readers), cmp.Compare(a, b))
	})
	f.table = [][]string{r.heads(message.StatsTopic, message.StatsReaders, message.StatsArrived, message.StatsLeft)}
	var bars []chart.Bar
	for _, id := range ids {
		c := crowds[id]
		bars = append(bars, chart.Bar{Label: names[id], Value: c.Readers})
		f.lines = append(f.lines, string(r.p.HTML(message.StatsTopicLine, "topic", names[id], "n", c.Readers, "came", c.Came(), "left", c.Went())))
		f.table = append(f.table, append([]string{names[id]}, numbers(c.Readers, c.Came(), c.Went())...))
	}
	return r.ranked(f, bars), nil
}

// response is an article's figures with its votes.
type response struct {
	store.ArticleFigures
	up, down int
}

// responses lists the articles that appeared in the span, with what became of them, those sent most first.
func (r figures) responses(ctx context.Context) ([]response, error) {
	sent, err := r.bot.store.MostSent(ctx, r.begins(), (r.last + 1).Begin(r.bot.config.Zone), articlesCounted)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(sent))
	for _, a := range sent {
		ids = append(ids, a.Article)
	}
	votes, err := r.bot.store.Responses(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]response, 0, len(sent))
	for _, a := range sent {
		list = append(list, response{a, votes[a.Article].Up, votes[a.Article].Down})
	}
	return list, nil
}

// articles tells what became of the articles that appeared.
func (r figures) articles(ctx context.Context) (finding, error) {
	f := finding{title: r.p.Text(message.StatsArticlesTitle)}
	list, err := r.responses(ctx)
	if err != nil {
		return f, err
	}
	f.table = [][]string{r.heads(message.StatsHeadline, message.StatsLink, message.StatsPublished, message.StatsSent, message.StatsFailed,
		message.StatsLiked, message.StatsDisliked)}
	var bars []chart.Bar
	for _, a := range list {
		bars = append(bars, chart.Bar{Label: a.Headline, Value: a.Sent})
		f.lines = append(f.lines, string(r.p.HTML(message.StatsArticleLine, "title", bengali.Truncate(a.Headline, longestLabel),
			"sent", a.Sent, "failed", a.Failed, "up", a.up)))
		f.table = append(f.table, append([]string{a.Headline, a.URL, a.Published.In(r.bot.config.Zone).Format(time.DateTime)},
			numbers(a.Sent, a.Failed, a.up, a.down)...))
	}
	return r.ranked(f, bars), nil
}

// ranked keeps as many lines and bars of the list as are shown.
func (r figures) ranked(f finding, bars []chart.Bar) finding {
	if rest := len(f.lines) - linesShown; rest > 0 {
		f.lines = append(f.lines[:linesShown], string(r.p.HTML(message.StatsRest, "n", rest)))
	}
	f.draw = chart.Bars{Title: f.title, Subtitle: r.span(), Bars: bars[:min(len(bars), barsDrawn)], Number: r.number}.PNG
	return f
}

func (r figures) number(n int) string { return r.p.Number(int64(n)) }

func (r figures) heads(keys ...message.Key) []string {
	heads := make([]string, len(keys))
	for i, key := range keys {
		heads[i] = r.p.Text(key)
	}
	return heads
}

// categoryNames names all categories, and Everything.
func (r figures) categoryNames(ctx context.Context) (map[int64]string, error) {
	categories, err := r.bot.store.Categories(ctx)
	if err != nil {
		return nil, fmt.Errorf("read categories: %w", err)
	}
	names := map[int64]string{store.Everything: r.p.Text(message.CategoryAll)}
	for _, c := range categories {
		names[c.ID] = r.p.CategoryName(c)
	}
	return names, nil
}

func numbers(all ...int) []string {
	list := make([]string, len(all))
	for i, n := range all {
		list[i] = strconv.Itoa(n)
	}
	return list
}

// spreadsheet writes a table as CSV (RFC 4180) for spreadsheet programs: with a byte order mark, without which they take Bengali for
// something else, and without formulas: headlines and names come from strangers.
func spreadsheet(table [][]string) ([]byte, error) {
	var file bytes.Buffer
	file.WriteString("\ufeff")
	w := csv.NewWriter(&file)
	w.UseCRLF = true
	for _, row := range table {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = cell
			if strings.ContainsAny(cell[:min(len(cell), 1)], "=+-@\t\r\n") {
				safe[i] = "'" + cell
			}
		}
		if err := w.Write(safe); err != nil {
			return nil, fmt.Errorf("write a table: %w", err)
		}
	}
	w.Flush()
	return file.Bytes(), w.Error()
}
