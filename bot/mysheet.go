package bot

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// A sheet is what is known of a person, laid out as a page that a phone opens: in words first, then as it is kept.
type sheet struct {
	Language, Title, Made, RawHeading, Raw string
	Parts                                  []sheetPart
}

type sheetPart struct {
	Heading string
	Lines   []sheetLine
}

type sheetLine struct{ Label, Text, URL string }

//go:embed mydata.html
var sheetSource string

var sheetPage = template.Must(template.New("mydata").Parse(sheetSource))

// part adds a part unless it has nothing to say.
func (s *sheet) part(heading string, lines ...sheetLine) {
	var said []sheetLine
	for _, line := range lines {
		if line.Text != "" {
			said = append(said, line)
		}
	}
	if len(said) > 0 {
		s.Parts = append(s.Parts, sheetPart{heading, said})
	}
}

// sheetOf writes the page; raw is the same as JSON.
func (t *turn) sheetOf(p message.Printer, chat store.Chat, d personalData, raw []byte) ([]byte, error) {
	day := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return p.Date(at)
	}
	label := func(key message.Key, text string) sheetLine { return sheetLine{Label: p.Text(key), Text: text} }
	s := sheet{
		Language: chat.Language, Title: p.Text(message.DataPageTitle), Made: p.Text(message.DataPageMade, "when", p.Moment(t.now)),
		RawHeading: p.Text(message.DataPageRaw), Raw: string(raw),
	}
	state := p.Text(message.DataPageOn)
	if note, off := offNote(p, chat, t.now); off {
		state = note.Plain
	}
	if chat.ID == 0 {
		state = ""
	}
	s.part(p.Text(message.DataPageYou),
		label(message.DataPageName, d.Name), label(message.DataPageUsername, d.Username), label(message.DataPageId, p.Digits(fmt.Sprint(d.TelegramID))),
		label(message.DataPageJoined, day(d.Joined)), label(message.DataPageSeen, day(d.LastHere)), label(message.DataPageCameBy, d.CameBy),
		label(message.DataPageState, state))
	if chat.ID != 0 {
		how := chatHow(p, d.Wishes)
		if d.Wishes.Mode == store.Breaking {
			how = p.Text(message.ModeBreaking)
		}
		yes := func(on bool) string {
			if on {
				return p.Text(message.DataPageYes)
			}
			return p.Text(message.DataPageNo)
		}
		s.part(p.Text(message.DataPageNews),
			label(message.DataPageTopics, strings.Join(d.Topics, ", ")), label(message.DataPageHow, how),
			label(message.CmdQuiet, span{d.Wishes.QuietFrom, d.Wishes.QuietTo}.text(p)), label(message.SettingsUrgent, yes(d.Wishes.Urgent)),
			label(message.SettingsSilent, yes(d.Wishes.Silent)), label(message.SettingsImages, yes(!d.Wishes.NoImages)), label(message.DataPageZone, p.ZoneName(t.now)),
			label(message.DataPageLanguage, p.Text(message.LangName)))
	}
	s.part(p.Text(message.KwFollowed), texts(d.Wishes.Follow)...)
	s.part(p.Text(message.KwMutes), texts(d.Wishes.Mute)...)
	s.part(p.Text(message.CmdSaved), headlineLines(d.Saved)...)
	var votes []sheetLine
	for _, v := range d.Votes {
		votes = append(votes, sheetLine{Text: v.Vote + " " + v.Title, URL: v.URL})
	}
	s.part(p.Text(message.DataPageVotes), votes...)
	s.part(p.Text(message.DataPageChats), texts(d.Manages)...)
	if d.Role != "" {
		s.part(p.Text(message.DataPageDesk), sheetLine{Text: roleName(p, store.Role(d.Role))})
	}
	s.part(p.Text(message.LinkList), texts(d.LinksMade)...)
	s.part(p.Text(message.DataPageDeeds), deedLines(p, d.Everything["event"])...)
	var sent []sheetLine
	for _, m := range d.Messages {
		var titles []string
		for _, h := range m.Articles {
			titles = append(titles, h.Title)
		}
		sent = append(sent, sheetLine{Label: p.Stamp(m.At, t.now), Text: strings.Join(titles, " · ")})
	}
	s.part(p.Text(message.DataPageMessages), sent...)
	if n := len(d.Everything["broadcast_sent"]); n > 0 {
		s.part(p.Text(message.DataPageAnnouncements), sheetLine{Text: p.Text(message.DataPageCount, "n", n)})
	}
	var page bytes.Buffer
	err := sheetPage.Execute(&page, s)
	return page.Bytes(), err
}

func texts(list []string) (lines []sheetLine) {
	for _, text := range list {
		lines = append(lines, sheetLine{Text: text})
	}
	return lines
}

func headlineLines(list []headline) (lines []sheetLine) {
	for _, h := range list {
		lines = append(lines, sheetLine{Text: h.Title, URL: h.URL})
	}
	return lines
}

// deedLines are the sentences of the desk's log in which a person stands.
func deedLines(p message.Printer, events []map[string]any) (lines []sheetLine) {
	for _, e := range events {
		text := func(field string) string { s, _ := e[field].(string); return s }
		number := func(field string) int64 { n, _ := e[field].(int64); return n }
		event := store.Event{
			At: time.UnixMilli(number("at")), By: number("by"), Name: text("name"), Deed: store.Deed(text("deed")), About: number("about"), Object: text("object"), Detail: text("detail"),
		}
		if key, known := deedTexts[event.Deed]; known {
			arguments := deedArguments(p, event)
			arguments[1] = event.Name // without the log's bold type
			lines = append(lines, sheetLine{Label: p.Moment(event.At), Text: p.Text(key, arguments...)})
		}
	}
	return lines
}
