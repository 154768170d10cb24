package message_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// everyField is a layout that uses all there is.
const everyField = `{{/* all */}}<b>{{.Headline}}</b>{{if and .Sequel (not .Updated)}} <i>জের</i>{{else if .Updated}} <u>হালনাগাদ</u>{{end}}
{{with .Source}}<blockquote expandable>{{.}}</blockquote>{{end}}{{range .Sentences}}• {{.}}
{{else}}{{cut 80 .Summary}}{{end}}{{.Hashtag}} {{.Category | cut 20}} {{if gt (len .Sentences) 1}}…{{end}}
<a href="{{.Link}}">{{.Date}}, {{$.Time}}</a>`

func TestALayoutThatCouldDoHarmIsRefusedWithTheReasonAndAnExample(t *testing.T) {
	for _, test := range []struct {
		layout string
		why    message.Key
		what   string
	}{
		{"", message.LayoutEmpty, ""},
		{" \n ", message.LayoutEmpty, ""},
		{"{{if false}}x{{end}}", message.LayoutEmpty, ""},
		{"{{.Source}}", message.LayoutEmpty, ""}, // an article may have none
		{"{{cut .Headline 3}}", message.LayoutCut, ".Headline"},
		{"{{cut 0 .Headline}}", message.LayoutCut, "cut 0 .Headline"},
		{"{{cut .Headline}}", message.LayoutCut, "cut"},
		{"{{cut 3 .Sentences}}", message.LayoutCut, ".Sentences"},
		{"{{if eq .Category 3}}x{{end}}{{.Headline}}", message.LayoutRun, "eq .Category 3"},
		{"{{len .Updated}}{{.Headline}}", message.LayoutRun, "len .Updated"},
		{"{{.Headline.Len}}", message.LayoutField, ".Headline.Len"},
		{"{{.Title}}", message.LayoutField, ".Title"},
		{"{{$.Text}}", message.LayoutField, "$.Text"},
		{"{{(index .Sentences 0)}}", message.LayoutForbidden, "index"},
		{`{{printf "%1000000d" 1}}`, message.LayoutForbidden, "printf"},
		{`{{.Headline | printf "%s"}}`, message.LayoutForbidden, "printf"},
		{"{{print .}}", message.LayoutForbidden, "print"},
		{"{{js .Headline}}", message.LayoutForbidden, "js"},
		{"{{html .Headline}}", message.LayoutForbidden, "html"},
		{"{{call .Headline}}", message.LayoutForbidden, "call"},
		{"{{escape .Headline}}", message.LayoutForbidden, "escape"},
		{"{{slice .Headline 1}}", message.LayoutForbidden, "slice"},
		{`{{$x := .Headline}}{{$x}}`, message.LayoutForbidden, ":="},
		{`{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`, message.LayoutForbidden, "define"},
		{`{{define "layout"}}{{template "layout"}}{{end}}`, message.LayoutForbidden, "template"},
		{`{{template "layout"}}`, message.LayoutForbidden, "template"},
		{`{{block "a" .}}{{template "a" .}}{{end}}`, message.LayoutForbidden, "define"},
		{"{{range 1000000000}}x{{end}}", message.LayoutLoop, ""},
		{"{{range .Headline}}x{{end}}", message.LayoutLoop, ""},
		{"{{range $i, $s := .Sentences}}{{$s}}{{end}}", message.LayoutLoop, ""},
		{"{{range .Sentences}}{{range $.Sentences}}x{{end}}{{end}}", message.LayoutLoop, ""},
		{strings.Repeat("{{if true}}", 12) + "x" + strings.Repeat("{{end}}", 12), message.LayoutLong, ""},
		{"{{" + strings.Repeat("(", 200) + ".Headline" + strings.Repeat(")", 200) + "}}", message.LayoutLong, ""},
		{strings.Repeat("{{.Time}}", 220), message.LayoutLong, ""},
		{"{{and" + strings.Repeat(" 1", 900) + "}}", message.LayoutLong, ""},
		{strings.Repeat("ক", 2001), message.LayoutLong, ""},
		{"{{range .Sentences}}" + strings.Repeat("ক", 1000) + "{{end}}", message.LayoutEmpty, ""}, // without sentences
		{"a{{range .Sentences}}" + strings.Repeat("খ", 1970) + "{{end}}", message.LayoutLong, ""},
		{"<script>{{.Headline}}</script>", message.LayoutTag, "<script>"},
		{"<b>{{.Headline}}", message.LayoutTag, "<b>"},
		{"<b><i>{{.Headline}}</b></i>", message.LayoutTag, "</b>"},
		{"{{.Headline}}</b>", message.LayoutTag, "</b>"},
		{"<{{.Headline}}>x", message.LayoutTag, ""},
		{`<a onclick="x">{{.Headline}}</a>`, message.LayoutTag, ""},
		{`<a href="{{.Link}}" title="x">{{.Headline}}</a>`, message.LayoutTag, ""},
		{`<b class="x">{{.Headline}}</b>`, message.LayoutTag, ""},
		{"{{.Headline}} < {{.Time}}", message.LayoutTag, ""},
		{"{{if .Updated}}<b>{{end}}{{.Headline}}", message.LayoutTag, "<b>"},
		{"\xff{{.Headline}}", message.LayoutLong, ""},
	} {
		err := inIndia.CheckLayout(test.layout)
		var fault *message.LayoutFault
		if !errors.As(err, &fault) || fault.Key != test.why || !strings.Contains(fault.What, test.what) {
			t.Errorf("%.60q: %v, want %s %q", test.layout, err, test.why, test.what)
			continue
		}
		said := checked(t, inIndia.SayLayoutFault(fault)).text
		if _, example, told := strings.Cut(said, "যেমন: "); !told {
			t.Errorf("%q says no example: %s", test.layout, said)
		} else if err := inIndia.CheckLayout(example); err != nil {
			t.Errorf("the example given for %q is wrong: %v", test.layout, err)
		}
	}
}

func TestWhatCannotBeReadInALayoutIsToldByItsPlaceAndItsUsualCause(t *testing.T) {
	for _, test := range []struct {
		layout string
		why    message.Key
		line   int
		what   string
	}{
		{"<b>{{.Headline</b>\n{{.Time}}", message.LayoutOpen, 1, "{{.Headline</b>"},
		{"{{.Time}}\n<b>{{.Headline}</b>", message.LayoutOpen, 2, "{{.Headline}</b>"},
		{"{{.Headline", message.LayoutOpen, 1, "{{.Headline"},
		{"{{.Time}}{{", message.LayoutOpen, 1, "{{"},
		{"{{.Headline}}\n{{if .Source}}\n{{.Source}}\n\n", message.LayoutUnended, 2, "{{if .Source}}"},
		{"{{if .Source}}{{range .Sentences}}{{.}}\n{{end}}", message.LayoutUnended, 1, "{{if .Source}}"},
		{"{{- with .Source -}}{{.}}", message.LayoutUnended, 1, "{{- with .Source -}}"},
		{"{{.Headline}}\n{{end}}", message.LayoutSurplus, 2, "{{end}}"},
		{"{{else}}{{.Headline}}", message.LayoutSurplus, 1, "{{else}}{{.Headline}}"},
		{"{{if .Source}}a{{else}}b{{else}}c{{end}}", message.LayoutSurplus, 1, "{{if .Source}}a{{else}}b{{else}}c{{end}}"},
		{"{{.Headline}}{{break}}", message.LayoutSurplus, 1, "{{.Headline}}{{break}}"},
		{"{{Headline}}", message.LayoutWord, 1, "Headline"},
		{"{{.Time}}\n{{nothing .Headline}}", message.LayoutWord, 2, "nothing"},
		{"{{.Head line}}", message.LayoutWord, 1, "line"},
		{"{{if .Source}}{{.Source}}{{endif}}", message.LayoutWord, 1, "endif"},
		{"{{.শিরোনাম}}", message.LayoutCharacter, 1, "ি"},
		{"{{if eq .Category “খেলা”}}x{{end}}", message.LayoutCharacter, 1, "“"},
		{"{{.Headline\x01}}", message.LayoutCharacter, 1, "{{.Headline"},
		{`{{if eq .Category "খেলা}}x{{end}}`, message.LayoutQuote, 1, `{{if eq .Category "খেলা}}x{{end}}`},
		{"{{if eq .Category 'খেলা'}}x{{end}}", message.LayoutQuote, 1, ""},
		{"{{(.Headline}}", message.LayoutParen, 1, "{{(.Headline}}"},
		{"{{.Headline)}}", message.LayoutParen, 1, "{{.Headline)}}"},
		{"{{if}}x{{end}}", message.LayoutMissing, 1, "{{if}}x{{end}}"},
		{"{{.Headline}} {{}}", message.LayoutMissing, 1, "{{.Headline}} {{}}"},
		{"{{.Headline}}{{$x}}", message.LayoutForbidden, 1, "$x"},
		{"{{range $a, $b, $c := .Sentences}}x{{end}}", message.LayoutLoop, 1, ""},
		{"{{{.Headline}}}", message.LayoutSyntax, 1, "{{{.Headline}}}"},
		{"{{.Headline}}{{12x}}", message.LayoutSyntax, 1, "{{.Headline}}{{12x}}"},
		{"{{with .Source}}\n{{.Headline}}\n{{end}}x", message.LayoutInside, 2, ".Headline"},
		{"{{.Headline}}\n\n{{.Title}}", message.LayoutField, 3, ".Title"},
		{"{{.Headline}}\n{{if .Source}}\n{{index .Sentences 0}}{{end}}", message.LayoutForbidden, 3, "index"},
		{"{{.Headline}}\n{{range .Source}}{{.}}{{end}}", message.LayoutLoop, 2, ""},
	} {
		err := inIndia.CheckLayout(test.layout)
		var fault *message.LayoutFault
		if !errors.As(err, &fault) || *fault != (message.LayoutFault{Key: test.why, Line: test.line, What: fault.What}) || !strings.HasPrefix(fault.What, test.what) {
			t.Errorf("%q: %v, want line %d: %s %q", test.layout, err, test.line, test.why, test.what)
			continue
		}
		said := checked(t, inIndia.SayLayoutFault(fault)).text
		if want := inIndia.Number(int64(test.line)) + " নম্বর লাইন:"; !strings.HasPrefix(said, want) {
			t.Errorf("%q does not begin with its line: %s", test.layout, said)
		}
		for _, word := range []string{"unexpected", "unclosed", "unterminated", "function", "defined", "missing", "expected", "character", "operand", "executing", "error", "template"} {
			if strings.Contains(said, word) {
				t.Errorf("%q is told in the parser's words: %s", test.layout, said)
			}
		}
	}
}

func TestALayoutOfAllThereIsCanBeUsed(t *testing.T) {
	if err := inIndia.CheckLayout(everyField); err != nil {
		t.Fatal(err)
	}
	checked(t, inIndia.SayLayoutHelp())
	a := whatsappOutage()
	a.Headline = `<b>"A&B"</b>`
	o := message.Options{Now: october, Category: "প্রযুক্তি", Hashtag: "#Technology", Sequel: true, Form: store.Form{Layout: store.Custom, Template: everyField}}
	m := inIndia.Single(a, o)
	if !strings.HasPrefix(m.HTML, "<b>&lt;b&gt;&quot;A&amp;B&quot;&lt;/b&gt;</b> <i>জের</i>\n<blockquote expandable>") || !strings.Contains(m.HTML, "#Technology প্রযুক্তি") {
		t.Errorf("got %s", m.HTML)
	}
}

func TestALayoutFitsByLeavingSentencesOut(t *testing.T) {
	a := whatsappOutage()
	a.Image = "https://news.example/a.jpg"
	a.Summary = nil
	for range 12 {
		a.Summary = append(a.Summary, strings.Repeat("অনেক কথা ", 30)+"।")
	}
	m := inIndia.Single(a, message.Options{Now: october, Form: store.Form{Layout: store.Custom, Template: "<b>{{.Headline}}</b>{{range .Sentences}}\n• {{.}}{{end}}"}})
	if got := checked(t, m).text; !strings.Contains(got, "•") || strings.Count(got, "•") > 4 {
		t.Errorf("got %s", got)
	}
}

func FuzzALayoutIsRefusedOrFits(f *testing.F) {
	f.Add(everyField)
	f.Add("{{.Headline}}")
	f.Add(`{{range .Sentences}}{{.}}{{break}}{{end}}<a href="{{.Link}}">x</a>`)
	f.Add(`{{with .Summary}}{{.}}{{else with .Source}}{{.}}{{end}}{{.Headline}}`)
	long := whatsappOutage()
	long.Image = "https://news.example/a.jpg"
	long.Summary = strings.SplitAfter(strings.Repeat("অনেক কথা বলা হলো এখানে।|", 100), "|")
	f.Fuzz(func(t *testing.T, layout string) {
		err := inIndia.CheckLayout(layout)
		var fault *message.LayoutFault
		if err != nil {
			if !errors.As(err, &fault) {
				t.Fatalf("%q: %v", layout, err)
			}
			checked(t, inIndia.SayLayoutFault(fault))
		}
		// Also one that was never checked does no harm.
		for _, a := range []store.Article{whatsappOutage(), long, {Headline: "ক"}} {
			m := inIndia.Single(a, message.Options{Now: october, Mentions: []store.Article{long}, Form: store.Form{Layout: store.Custom, Template: layout}})
			limit := 4096
			if m.Photo != "" {
				limit = 1024
			}
			if n := utf8.RuneCountInString(m.Plain); n > limit || len(m.HTML) > 32_768 || strings.TrimSpace(m.HTML) == "" {
				t.Fatalf("%q prints %d characters, %d bytes", layout, n, len(m.HTML))
			}
		}
	})
}
