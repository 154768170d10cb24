package message

import (
	_ "embed"
	"errors"
	"fmt"
	"html"
	"strings"
	"sync"
	"time"
)

// Key names one sentence of the catalogue, area first: "start.welcome".
type Key string

// HTML is text that is markup already and is neither escaped nor cut when it is an argument.
type HTML string

// Whole is an argument that must not be cut, such as an address or a snippet; it is escaped all the same.
type Whole string

// argumentLimit is how many UTF-16 units of a string argument are printed. Names and queries come from
// strangers; a handful of them at this length leaves any sentence far below 4096.
const argumentLimit = 300

//go:embed text.bn.ini
var bengaliTexts string

//go:embed text.en.ini
var englishTexts string

// A template is a text of the catalogue cut at its braces:
//
//	{name}            an argument; numbers go through the digit formatter
//	{name:one/other}  a word that follows the number of the argument (English plural)
//	{হলো/হল}          a word as spelt in Bangladesh / in India
type template []part

type part struct {
	literal string    // markup and text, when nothing else is set
	arg     string    // name of the argument
	choice  [2]string // one/other of arg, or Bangladesh/India when arg is empty
	choose  bool
}

var catalogue = sync.OnceValue(func() map[Lang]map[Key]template {
	// The texts are part of the program; that they parse is proved by a test.
	bn, _ := parseTexts(bengaliTexts)
	en, _ := parseTexts(englishTexts)
	return map[Lang]map[Key]template{Bengali: bn, English: en}
})

// parseTexts reads "key = text" lines. Lines that are empty or begin with # or [ are passed over, \n in a text is a line break. It returns
// what it could read and all faults.
func parseTexts(file string) (map[Key]template, error) {
	texts := make(map[Key]template)
	var faults []error
	for i, line := range strings.Split(file, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == '[' {
			continue
		}
		key, text, found := strings.Cut(line, "=")
		key, text = strings.TrimSpace(key), strings.TrimSpace(text)
		if !found || key == "" || text == "" {
			faults = append(faults, fmt.Errorf("line %d: want key = text", i+1))
			continue
		}
		if _, twice := texts[Key(key)]; twice {
			faults = append(faults, fmt.Errorf("line %d: %s stands twice", i+1, key))
		}
		t, err := parseTemplate(strings.ReplaceAll(text, `\n`, "\n"))
		if err != nil {
			faults = append(faults, fmt.Errorf("line %d: %s: %w", i+1, key, err))
			continue
		}
		texts[Key(key)] = t
	}
	return texts, errors.Join(faults...)
}

func parseTemplate(text string) (template, error) {
	var t template
	for text != "" {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			open = len(text)
		}
		if strings.Contains(text[:open], "}") {
			return nil, errors.New("a } without its {")
		}
		if open > 0 {
			t = append(t, part{literal: text[:open]})
		}
		if open == len(text) {
			break
		}
		inside, rest, closed := strings.Cut(text[open+1:], "}")
		if !closed || strings.Contains(inside, "{") {
			return nil, errors.New("a { without its }")
		}
		p, err := parsePart(inside)
		if err != nil {
			return nil, err
		}
		t, text = append(t, p), rest
	}
	return t, nil
}

func parsePart(inside string) (part, error) {
	words := inside
	var p part
	if name, forms, plural := strings.Cut(inside, ":"); plural {
		p.arg, words = name, forms
	} else if !strings.Contains(inside, "/") {
		p.arg, words = inside, ""
	}
	if p.arg != "" && strings.Trim(p.arg, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return part{}, fmt.Errorf("{%s}: argument names are a-z and _", inside)
	}
	if words == "" {
		if p.arg == "" {
			return part{}, errors.New("{} is empty")
		}
		return p, nil
	}
	one, other, both := strings.Cut(words, "/")
	if !both || strings.Contains(other, "/") {
		return part{}, fmt.Errorf("{%s}: want two forms with one / between", inside)
	}
	p.choose, p.choice = true, [2]string{one, other}
	return p, nil
}

// HTML says the sentence in Telegram's HTML. Arguments are pairs of name and value, as with log/slog: a string is escaped, freed of
// line breaks and direction marks, and cut at 300 UTF-16 units; HTML and Whole say what they are exempt from; whole
// numbers, time.Time and time.Duration are printed as this printer prints them.
func (p Printer) HTML(key Key, args ...any) HTML {
	texts := catalogue()
	t, known := texts[p.Lang()][key]
	if !known {
		return HTML(escape(string(key)))
	}
	var b strings.Builder
	for _, part := range t {
		switch {
		case part.choose && part.arg == "":
			b.WriteString(part.choice[p.side()])
		case part.choose:
			b.WriteString(part.choice[pluralForm(argument(args, part.arg))])
		case part.arg != "":
			b.WriteString(p.argumentHTML(argument(args, part.arg)))
		default:
			b.WriteString(part.literal)
		}
	}
	return HTML(b.String())
}

// Text says the sentence without markup: for button labels, answers to presses, the terminal.
func (p Printer) Text(key Key, args ...any) string {
	return withoutMarkup(string(p.HTML(key, args...)))
}

// Say makes a message of one sentence, without buttons.
func (p Printer) Say(key Key, args ...any) Message {
	text := string(p.HTML(key, args...))
	return Message{HTML: text, Plain: withoutMarkup(text)}
}

func (p Printer) side() int {
	if p.Region() == Bangladesh {
		return 0
	}
	return 1
}

func argument(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// pluralForm is English: one thing is one form, any other number the other.
func pluralForm(n any) int {
	switch n {
	case 1, int64(1), int32(1), uint(1), uint64(1):
		return 0
	}
	return 1
}

func (p Printer) argumentHTML(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case HTML:
		return string(v)
	case Whole:
		return escape(string(v))
	case string:
		return escape(line(v, argumentLimit))
	case int:
		return p.Number(int64(v))
	case int64:
		return p.Number(v)
	case float64:
		return p.Decimal(v)
	case time.Duration:
		return p.Duration(v)
	case time.Time:
		return p.Moment(v)
	}
	return escape(line(fmt.Sprint(value), argumentLimit))
}

// escape makes text safe between tags and inside a quoted attribute (Bot API: &, <, > and ").
func escape(text string) string { return escaper.Replace(text) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// withoutMarkup undoes our own markup. A link keeps its address in parentheses behind its words.
func withoutMarkup(marked string) string {
	var b strings.Builder
	var href string
	for {
		text, rest, found := strings.Cut(marked, "<")
		b.WriteString(html.UnescapeString(text))
		if !found {
			return b.String()
		}
		tag, after, _ := strings.Cut(rest, ">")
		if address, ok := strings.CutPrefix(tag, `a href="`); ok {
			href = html.UnescapeString(strings.TrimSuffix(address, `"`))
		} else if tag == "/a" && href != "" {
			b.WriteString(" (" + href + ")")
			href = ""
		}
		marked = after
	}
}
