package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// view is what of the figures somebody looks at: see the constants Figures… of package button.
type view struct {
	what, span int64
	file       bool
	lang       message.Lang
}

// views are the matters and spans that can be chosen, with their buttons.
var (
	viewedMatters = []struct {
		number int64
		label  message.Key
		name   string // in the names of files
		find   func(figures, context.Context) (finding, error)
	}{
		{button.FiguresReaders, message.StatsReaders, "readers", figures.readers},
		{button.FiguresLinks, message.StatsLinks, "links", figures.links},
		{button.FiguresTopics, message.StatsTopics, "topics", figures.topics},
		{button.FiguresArticles, message.StatsArticles, "articles", figures.articles},
	}
	viewedSpans = []struct {
		number int64
		label  message.Key
	}{
		{button.FiguresWeek, message.StatsWeek},
		{button.FiguresMonth, message.StatsMonth},
		{button.FiguresYear, message.StatsYear},
	}
)

func (v view) valid() bool {
	return v.what >= 1 && v.what <= int64(len(viewedMatters)) && v.span >= 1 && v.span <= int64(len(viewedSpans))
}

// sight is a view, drawn or written.
type sight struct {
	caption string
	picture []byte // PNG
	file    *telegram.File
}

// drawFigures answers a question for figures. What goes wrong is told to the person who asked: he can ask again.
func (b *Bot) drawFigures(ctx context.Context, w *word) (err error) {
	if w.sight, err = b.lookAt(ctx, w.view); err != nil && ctx.Err() == nil {
		b.config.Log.Error("figures could not be drawn", "err", err)
		w.fault, err = err.Error(), nil
	}
	return err
}

// lookAt draws or writes what the question's view shows. That takes a tenth of a second, in which no transaction may wait.
func (b *Bot) lookAt(ctx context.Context, v view) (s sight, err error) {
	r, err := b.figuresNow(ctx, v.lang, v.span)
	if err != nil {
		return s, err
	}
	matter := viewedMatters[v.what-1]
	f, err := matter.find(r, ctx)
	if err != nil {
		return s, err
	}
	if !v.file {
		s.caption = r.caption(r.p.HTML(message.StatsHead, "what", f.title, "span", r.span()), f)
		s.picture, err = f.draw()
		return s, err
	}
	table, err := spreadsheet(f.table)
	if err != nil {
		return s, err
	}
	s.file = &telegram.File{Field: "document", Name: fmt.Sprintf("harkara-%s-%s-%s.csv", matter.name, r.isoDate(r.first), r.isoDate(r.last)), Data: table}
	s.caption = string(r.p.HTML(message.StatsFile, "what", f.title, "span", r.span()))
	return s, nil
}

// stats shows the figures of the last week's readers, with buttons to what else there is.
func (t *turn) stats() error {
	return t.showFigures(view{what: button.FiguresReaders, span: button.FiguresWeek}, false)
}

func (t *turn) pressOpenStats() error {
	return t.pressFigures(view{what: button.FiguresReaders, span: button.FiguresWeek}, false)
}

func (t *turn) pressStats() error {
	return t.pressFigures(view{what: t.press.Number(0), span: t.press.Number(1)}, true)
}

func (t *turn) pressStatsFile() error {
	return t.pressFigures(view{what: t.press.Number(0), span: t.press.Number(1), file: true}, false)
}

func (t *turn) pressFigures(v view, inPlace bool) error {
	if ok, err := t.allowed(viewer); !ok {
		return err
	}
	if !t.private() {
		p, err := t.printer()
		t.alert(p.Say(message.ErrPrivateOnly))
		return err
	}
	if !v.valid() {
		return t.pressedOld()
	}
	return t.showFigures(v, inPlace)
}

// showFigures sends what the view shows, or puts it in the place of the view whose button was pressed.
func (t *turn) showFigures(v view, inPlace bool) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	v.lang = p.Lang()
	w, err := t.ask(question{view: v})
	if err != nil {
		return err
	}
	if w.fault != "" {
		t.alert(p.Say(message.ErrGeneric))
		return nil
	}
	if v.file {
		t.owe(telegram.Send(telegram.Outgoing{ChatID: t.update.ChatID(), Text: w.sight.caption, File: w.sight.file}))
		return nil
	}
	buttons, err := t.figureButtons(p, v)
	if err != nil {
		return err
	}
	keyboard := markup(buttons)
	picture := &telegram.File{Field: "photo", Name: "figures.png", Data: w.sight.picture}
	if m := t.message(); inPlace && m != nil && len(m.Photo) > 0 {
		t.owe(telegram.EditPhoto(telegram.Edit{
			ChatID: m.Chat.ID, MessageID: m.ID, Text: w.sight.caption, File: picture, Keyboard: keyboard.(telegram.InlineKeyboard),
		}))
		return nil
	}
	t.owe(telegram.Send(telegram.Outgoing{ChatID: t.update.ChatID(), Text: w.sight.caption, File: picture, Keyboard: keyboard}))
	return nil
}

// figureButtons lead from a view to the others.
func (t *turn) figureButtons(p message.Printer, v view) ([][]message.Button, error) {
	choice := func(label message.Key, chosen bool, what, span int64) message.Button {
		text := p.Text(label)
		if chosen {
			text = p.Text(message.StatsChosen, "label", text)
		}
		return message.Button{Text: text, Data: button.Of(button.Stats, what, span)}
	}
	var spans, matters []message.Button
	for _, s := range viewedSpans {
		spans = append(spans, choice(s.label, s.number == v.span, v.what, s.number))
	}
	for _, m := range viewedMatters {
		matters = append(matters, choice(m.label, m.number == v.what, m.number, v.span))
	}
	rows := [][]message.Button{spans, matters, press1(p.Text(message.StatsFileButton), button.Of(button.StatsFile, v.what, v.span))}
	refusal, err := t.lacks(owner)
	if err != nil || refusal != "" {
		return rows, err
	}
	chat, known, err := t.place()
	if err != nil || !known {
		return rows, err
	}
	return append(rows, []message.Button{weeklyButton(p, !chat.Prefs.NoWeekly)}), nil
}

// weeklyButton ends the weekly summary, or brings it.
func weeklyButton(p message.Printer, sent bool) message.Button {
	if sent {
		return message.Button{Text: p.Text(message.WeeklyOffButton), Data: button.Of(button.Weekly, 0)}
	}
	return message.Button{Text: p.Text(message.WeeklyOnButton), Data: button.Of(button.Weekly, 1)}
}

// pressWeekly ends the weekly summary of the owner who presses, or brings it.
func (t *turn) pressWeekly() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	chat, known, err := t.place()
	if err != nil {
		return err
	}
	if !known || chat.Kind != store.Private {
		return t.pressedOld()
	}
	p := t.printerFor(chat)
	wanted := t.press.Number(0) == 1
	if chat.Prefs.NoWeekly == wanted {
		chat.Prefs.NoWeekly = !wanted
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	if wanted {
		at := weeklyAt(t.now, t.config.Zone, p.Region())
		t.alert(p.Say(message.WeeklyOn, "weekday", p.In(t.config.Zone).Weekday(at), "clock", p.ClockAt(weeklyHour*60)))
	} else {
		t.alert(p.Say(message.WeeklyOff))
	}
	if m := t.message(); m.Buttons != nil {
		rows := slices.Clone(m.Buttons.Rows)
		for i, row := range rows {
			rows[i] = slices.Clone(row)
			for j, b := range row {
				if b.Data == t.update.Callback.Data {
					swapped := weeklyButton(p, wanted)
					rows[i][j] = telegram.Button{Text: swapped.Text, Data: swapped.Data}
				}
			}
		}
		t.owe(telegram.EditKeyboard(telegram.Edit{ChatID: m.Chat.ID, MessageID: m.ID, Keyboard: rows}))
	}
	return nil
}
