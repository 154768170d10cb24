package message

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// LayoutFault says why a layout cannot be used, for the admin who wrote it.
type LayoutFault struct {
	// Key is the sentence that says it.
	Key Key
	// Line is the line of the layout at fault, the first being 1; 0 if no one line is.
	Line int
	// What is the piece that is wrong.
	What string
}

func (f *LayoutFault) Error() string { return fmt.Sprintf("line %d: %s: %q", f.Line, f.Key, f.What) }

// Examples of layouts that are right, for who needs one.
const (
	layoutExample = "<b>{{.Headline}}</b>\n\n{{.Summary}}\n\n{{.Category}} · {{.Time}}"
	shortExample  = "<b>{{.Headline}}</b> {{.Summary}}"
)

// faultExamples show how it is right, where the short example does not.
var faultExamples = map[Key]string{
	LayoutLoop:    "<b>{{.Headline}}</b> {{range .Sentences}}• {{.}} {{end}}",
	LayoutUnended: "<b>{{.Headline}}</b> {{if .Source}}({{.Source}}){{end}}",
	LayoutSurplus: "<b>{{.Headline}}</b> {{if .Source}}({{.Source}}){{else}}({{.Time}}){{end}}",
	LayoutMissing: "<b>{{.Headline}}</b> {{if .Source}}({{.Source}}){{end}}",
	LayoutQuote:   `{{if eq .Category "খেলা"}}⚽ {{end}}<b>{{.Headline}}</b>`,
	LayoutRun:     `{{if eq .Category "খেলা"}}⚽ {{end}}<b>{{.Headline}}</b>`,
	LayoutParen:   "<b>{{.Headline}}</b> {{if gt (len .Sentences) 1}}{{.Summary}}{{end}}",
	LayoutInside:  "<b>{{.Headline}}</b> {{range .Sentences}}{{$.Category}}: {{.}} {{end}}",
	LayoutCut:     "<b>{{.Headline}}</b> {{cut 80 .Summary}}",
}

// SayLayoutHelp tells how a layout is written.
func (p Printer) SayLayoutHelp() Message {
	return p.Say(LayoutHelp, "example", Whole(layoutExample), "sentences", Whole("{{range .Sentences}}• {{.}}\n{{end}}"),
		"choice", Whole("{{if .Source}}{{.Source}}{{end}}"), "cut", Whole("{{cut 80 .Summary}}"))
}

// SayLayoutFault tells what is wrong with a layout and where, with an example of what is right.
func (p Printer) SayLayoutFault(f *LayoutFault) Message {
	example, other := faultExamples[f.Key]
	if !other {
		example = shortExample
	}
	said := p.HTML(f.Key, "what", f.What, "n", layoutLimit, "fields", strings.Join(fieldNames, ", "), "example", Whole(example),
		"open", Whole("{{"), "close", Whole("}}"), "end", Whole("{{end}}"), "dot", Whole("{{.}}"), "quote", Whole(`"`))
	if f.Line > 0 {
		said = p.HTML(LayoutLine, "n", f.Line) + " " + said
	}
	return Message{HTML: string(said), Plain: withoutMarkup(string(said))}
}

// complaints are what the parser says (errorf in text/template/parse, of Go 1.26), and what an admin makes of it. What is not among them,
// or is worded otherwise by another Go, is told of without a cause, at its line.
var complaints = []struct {
	words string
	key   Key
	// named tells that the piece at fault stands in quotes in the complaint.
	named bool
}{
	{"function", LayoutWord, true},
	{"undefined variable", LayoutForbidden, true},
	{"multiple definition", LayoutForbidden, true},
	{"unexpected {{end", LayoutSurplus, false},
	{"unexpected {{else", LayoutSurplus, false},
	{"expected end; found", LayoutSurplus, false},
	{"outside {{range}}", LayoutSurplus, false},
	{"unexpected EOF", LayoutUnended, false},
	{"range can only", LayoutLoop, false},
	{"too many declarations", LayoutLoop, false},
	{"unterminated", LayoutQuote, false},
	{"character constant", LayoutQuote, false},
	{"character", LayoutCharacter, true},
	{"paren", LayoutParen, false},
	{"missing value", LayoutMissing, false},
	{"empty command", LayoutMissing, false},
}

var (
	// complaint is how the parser, and with a column the execution, says where and what.
	complaint = regexp.MustCompile(`layout:(\d+)(?::\d+)?: (.*)`)
	// quoted is the piece that a complaint names.
	quoted = regexp.MustCompile(`["'](.+)["']`)
	// block is the beginning or end of what goes from an action to its end.
	block = regexp.MustCompile(`\{\{-?\s*(if|with|range|end)\b[^}]*(?:\}\})?`)
)

// parseFault says what is wrong with a layout that the parser refused. Two faults are found without it: it notices a brace that is
// missing only at what follows, and a missing end only where all ends.
func parseFault(text string, err error) *LayoutFault {
	if at := unclosed(text); at >= 0 {
		return &LayoutFault{Key: LayoutOpen, Line: lineAt(text, at), What: pieceFrom(text[at:])}
	}
	f := &LayoutFault{Key: LayoutSyntax}
	said := err.Error()
	if m := complaint.FindStringSubmatch(said); m != nil {
		f.Line, _ = strconv.Atoi(m[1]) // a number by the expression
		said = m[2]
	}
	f.What = pieceFrom(lineOf(text, f.Line))
	for _, c := range complaints {
		if !strings.Contains(said, c.words) {
			continue
		}
		f.Key = c.key
		if m := quoted.FindStringSubmatch(said); c.named && m != nil {
			f.What = m[1]
		}
		if at := unended(text); f.Key == LayoutUnended && at >= 0 {
			f.Line, f.What = lineAt(text, at), block.FindString(text[at:])
		}
		break
	}
	return f
}

// executionFault says what is wrong with a layout that was read but could not be carried out.
func executionFault(err error) *LayoutFault {
	f := &LayoutFault{Key: LayoutRun}
	said := err.Error()
	if m := complaint.FindStringSubmatch(said); m != nil {
		f.Line, _ = strconv.Atoi(m[1]) // a number by the expression
	}
	_, after, _ := strings.Cut(said, "at <")
	f.What, _, _ = strings.Cut(after, ">:")
	switch {
	case strings.Contains(said, "can't evaluate field"):
		f.Key = LayoutInside
	case strings.HasPrefix(f.What, "cut"), strings.Contains(said, "wrong type for value"): // no other function wants types
		f.Key = LayoutCut
	}
	return f
}

// unclosed is where the first action begins that has no end before the next one; -1 if there is none.
func unclosed(text string) int {
	for at := 0; ; {
		open := strings.Index(text[at:], "{{")
		if open < 0 {
			return -1
		}
		at += open
		inside, _, closed := strings.Cut(text[at+2:], "}}")
		if !closed || strings.Contains(inside, "{{") {
			return at
		}
		at += len("{{") + len(inside) + len("}}")
	}
}

// unended is where the innermost if, with or range begins that has no end; -1 if there is none.
func unended(text string) int {
	var open []int
	for _, m := range block.FindAllStringSubmatchIndex(text, -1) {
		switch {
		case text[m[2]:m[3]] != "end":
			open = append(open, m[0])
		case len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return -1
	}
	return open[len(open)-1]
}

// lineAt is the line in which a byte of a text stands, the first being 1.
func lineAt(text string, at int) int { return 1 + strings.Count(text[:min(at, len(text))], "\n") }

// lineOf is a line of a text; empty if it has not so many.
func lineOf(text string, n int) string {
	for line := range strings.Lines(text) {
		if n--; n == 0 {
			return line
		}
	}
	return ""
}

// pieceLimit is how many UTF-16 units of a layout a complaint shows.
const pieceLimit = 40

// pieceFrom is as much of the beginning of a text's first line as a complaint shows.
func pieceFrom(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return fit(strings.TrimSpace(first), pieceLimit)
}
