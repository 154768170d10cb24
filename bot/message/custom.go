package message

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"
	texttemplate "text/template"
	"text/template/parse"
	"unicode/utf8"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// Bounds of a layout that an admin wrote. With them, and without loops over anything but a summary's few sentences, templates that
// call one another or functions that make text, its execution is short whatever it says.
const (
	// layoutLimit is how many characters its text may have.
	layoutLimit = 2000
	// layoutNodes and layoutDepth bound its parts and how deep they lie in one another.
	layoutNodes = 400
	layoutDepth = 10
	// layoutSentences is how many sentences of a summary it is given.
	layoutSentences = 12
	// layoutOutput is how many bytes it may print.
	layoutOutput = 24 << 10
)

// layoutFields are what a layout can print. They have no methods, so none can be called.
type layoutFields struct {
	Headline, Summary, Category, Hashtag, Source, Link, Time, Date string
	Sentences                                                      []string
	Updated, Sequel                                                bool
}

// fieldNames are those that a layout may name.
var fieldNames = []string{
	"Headline", "Summary", "Sentences", "Category", "Hashtag", "Source", "Link", "Time", "Date", "Updated", "Sequel",
}

// layoutFunctions are those that a layout may call: what decides, and cut. Not one makes more of what it is given.
var layoutFunctions = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "cut"}

// customLayout is a layout that is known to be harmless.
type customLayout struct{ template *texttemplate.Template }

// CheckLayout says whether a layout can be used: a *LayoutFault if not. It is tried on articles that have all there can be, and nothing.
func (p Printer) CheckLayout(text string) error {
	l, err := parseLayout(text)
	if err != nil {
		return err
	}
	odd := `<>&"`
	whole := layoutFields{
		Headline: "শিরোনাম" + odd, Summary: "প্রথম বাক্য" + odd + "।", Sentences: []string{"প্রথম বাক্য" + odd + "।", "দ্বিতীয়" + odd, "তৃতীয়।"}, Category: "খেলা" + odd,
		Hashtag: "#Sports", Source: "সূত্র" + odd, Link: "https://news.example/?a=1&b=2", Time: "১০টা ২০", Date: "৫ অক্টোবর",
	}
	later := whole
	later.Updated, later.Sequel = true, true
	for _, sample := range []layoutFields{whole, later, {Headline: "শিরোনাম", Date: "৫ অক্টোবর", Time: "১০টা"}} {
		printed, err := l.print(sample)
		if err != nil {
			return err
		}
		if n, err := visible(printed); err != nil {
			return err
		} else if n == 0 {
			return &LayoutFault{Key: LayoutEmpty}
		} else if n > textLimit {
			return &LayoutFault{Key: LayoutLong}
		}
	}
	return nil
}

// parseLayout reads a layout and refuses all in it that is not known to be harmless.
func parseLayout(text string) (l customLayout, err error) {
	defer func() {
		if recover() != nil { // the parser's own affair; what a stranger wrote must not end us
			err = &LayoutFault{Key: LayoutSyntax, What: pieceFrom(text)}
		}
	}()
	switch {
	case strings.TrimSpace(text) == "":
		return l, &LayoutFault{Key: LayoutEmpty}
	case utf8.RuneCountInString(text) > layoutLimit || !utf8.ValidString(text):
		return l, &LayoutFault{Key: LayoutLong}
	}
	t, err := texttemplate.New("layout").Funcs(texttemplate.FuncMap{"cut": cutText, "escape": escapeValue}).Option("missingkey=error").Parse(text)
	if err != nil {
		return l, parseFault(text, err)
	}
	if t.Tree == nil || t.Root == nil || len(t.Templates()) > 1 {
		return l, &LayoutFault{Key: LayoutForbidden, What: "define"}
	}
	check := layoutCheck{text: text}
	if err := check.list(t.Root, 0, false); err != nil {
		return l, err
	}
	return customLayout{t}, nil
}

// layoutCheck walks over a layout.
type layoutCheck struct {
	text  string
	nodes int
}

// fault is what is wrong with a piece of the layout.
func (c *layoutCheck) fault(key Key, node parse.Node, what string) error {
	return &LayoutFault{Key: key, Line: lineAt(c.text, int(node.Position())), What: what}
}

func (c *layoutCheck) list(list *parse.ListNode, depth int, looping bool) error {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		if err := c.node(node, depth, looping); err != nil {
			return err
		}
	}
	return nil
}

func (c *layoutCheck) node(node parse.Node, depth int, looping bool) error {
	if c.nodes++; c.nodes > layoutNodes || depth > layoutDepth {
		return &LayoutFault{Key: LayoutLong}
	}
	branch := func(b *parse.BranchNode, looping bool) error {
		if err := c.list(b.List, depth+1, looping); err != nil {
			return err
		}
		return c.list(b.ElseList, depth+1, looping)
	}
	switch n := node.(type) {
	case *parse.TextNode, *parse.CommentNode, *parse.BreakNode, *parse.ContinueNode:
		return nil
	case *parse.ActionNode:
		if err := c.pipe(n.Pipe, depth+1); err != nil {
			return err
		}
		// What it prints is escaped, as the last step of its pipe.
		n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{
			NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{parse.NewIdentifier("escape").SetPos(n.Pos)},
		})
		return nil
	case *parse.IfNode:
		if err := c.pipe(n.Pipe, depth+1); err != nil {
			return err
		}
		return branch(&n.BranchNode, looping)
	case *parse.WithNode:
		if err := c.pipe(n.Pipe, depth+1); err != nil {
			return err
		}
		return branch(&n.BranchNode, looping)
	case *parse.RangeNode:
		if looping || !overSentences(n.Pipe) {
			return c.fault(LayoutLoop, n, "")
		}
		return branch(&n.BranchNode, true)
	}
	word, _, _ := strings.Cut(strings.Trim(node.String(), "{}- "), " ")
	return c.fault(LayoutForbidden, node, word)
}

// overSentences tells whether a loop is one over the sentences of the summary.
func overSentences(p *parse.PipeNode) bool {
	return p != nil && len(p.Decl) == 0 && len(p.Cmds) == 1 && len(p.Cmds[0].Args) == 1 &&
		slices.Contains([]string{".Sentences", "$.Sentences"}, p.Cmds[0].Args[0].String())
}

func (c *layoutCheck) pipe(p *parse.PipeNode, depth int) error {
	if len(p.Decl) > 0 {
		return c.fault(LayoutForbidden, p, ":=")
	}
	for _, command := range p.Cmds {
		for _, arg := range command.Args {
			if err := c.argument(arg, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *layoutCheck) argument(arg parse.Node, depth int) error {
	if c.nodes++; c.nodes > layoutNodes || depth > layoutDepth {
		return &LayoutFault{Key: LayoutLong}
	}
	switch a := arg.(type) {
	case *parse.DotNode, *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
		return nil
	case *parse.PipeNode:
		return c.pipe(a, depth+1)
	case *parse.FieldNode:
		return c.field(a, a.Ident)
	case *parse.VariableNode:
		if a.Ident[0] == "$" && len(a.Ident) > 1 {
			return c.field(a, a.Ident[1:])
		}
	case *parse.IdentifierNode:
		if slices.Contains(layoutFunctions, a.Ident) {
			return nil
		}
	}
	return c.fault(LayoutForbidden, arg, arg.String())
}

func (c *layoutCheck) field(node parse.Node, path []string) error {
	if len(path) != 1 || !slices.Contains(fieldNames, path[0]) {
		return c.fault(LayoutField, node, node.String())
	}
	return nil
}

// cutText cuts a text to so many characters, as a Bengali editor would.
func cutText(limit int, text string) (string, error) {
	if limit < 1 || limit > textLimit {
		return "", errors.New("cut to what length")
	}
	return fit(text, limit), nil
}

func escapeValue(value any) string { return escape(fmt.Sprint(value)) }

// bounded takes a layout's output up to its limit.
type bounded struct{ strings.Builder }

var errOutput = errors.New("the layout prints too much")

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > layoutOutput {
		return 0, errOutput
	}
	return b.Builder.Write(p)
}

// print carries the layout out.
func (l customLayout) print(f layoutFields) (string, error) {
	var b bounded
	switch err := l.template.Execute(&b, f); {
	case errors.Is(err, errOutput):
		return "", &LayoutFault{Key: LayoutLong}
	case err != nil:
		return "", executionFault(err)
	}
	return strings.TrimSpace(b.String()), nil
}

// layoutTags are the elements that Telegram's HTML has (Bot API, “HTML style”).
var layoutTags = []string{"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote", "tg-spoiler", "a"}

// visible counts the UTF-16 units that a reader sees of a text in Telegram's HTML; a fault says that Telegram would refuse it.
func visible(marked string) (int, error) {
	var open []string
	n := 0
	for {
		text, rest, found := strings.Cut(marked, "<")
		n += bengali.UTF16Len(html.UnescapeString(text))
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, ">")
		if !closed {
			return 0, &LayoutFault{Key: LayoutTag, What: "<" + fit(inside, 20)}
		}
		marked = after
		name, closing := strings.CutPrefix(inside, "/")
		element, attribute, _ := strings.Cut(name, " ")
		element, attribute = strings.ToLower(element), strings.TrimSpace(attribute)
		switch {
		case !slices.Contains(layoutTags, element), !closing && !fitsTag(element, attribute):
			return 0, &LayoutFault{Key: LayoutTag, What: "<" + fit(inside, 40) + ">"}
		case !closing:
			open = append(open, element)
		case attribute != "" || len(open) == 0 || open[len(open)-1] != element:
			return 0, &LayoutFault{Key: LayoutTag, What: "<" + fit(inside, 40) + ">"}
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return 0, &LayoutFault{Key: LayoutTag, What: "<" + open[len(open)-1] + ">"}
	}
	return n, nil
}

// fitsTag tells whether an element can have the attribute.
func fitsTag(element, attribute string) bool {
	switch element {
	case "a":
		address, quoted := strings.CutPrefix(attribute, `href="`)
		address, ended := strings.CutSuffix(address, `"`)
		return quoted && ended && !strings.Contains(address, `"`)
	case "blockquote":
		return attribute == "" || attribute == "expandable"
	}
	return attribute == ""
}

// custom lays an article out as the chat's admin wrote. It reports false when that cannot be done, and the usual layout is to stand in.
func (p Printer) custom(a store.Article, o Options) (Message, bool) {
	l, err := parseLayout(o.Form.Template)
	if err != nil {
		return Message{}, false
	}
	m := p.dress(a, o)
	limit := textLimit
	if m.Photo != "" || o.Caption {
		limit = captionLimit
	}
	tail := p.mentions(o)
	limit -= tail.units()
	headline := p.headline(a, headlineLimit)
	var sentences []string
	for _, s := range a.Summary {
		s = line(s, summaryLimit)
		if s != "" && withoutStop(s) != withoutStop(headline) && len(sentences) < layoutSentences {
			sentences = append(sentences, s)
		}
	}
	fields := layoutFields{
		Headline: headline, Category: line(o.Category, labelLimit), Hashtag: o.Hashtag, Source: line(a.Source, labelLimit), Link: linkable(a.URL),
		Time: p.Clock(when(a)), Date: p.Date(when(a)), Updated: o.Updated, Sequel: o.Sequel,
	}
	for ; ; sentences = sentences[:len(sentences)-1] {
		fields.Sentences, fields.Summary = sentences, fit(strings.Join(sentences, " "), summaryLimit)
		printed, err := l.print(fields)
		if err != nil {
			return Message{}, false
		}
		n, err := visible(printed)
		if err != nil || n == 0 {
			return Message{}, false
		}
		if n <= limit {
			m = p.finish(m, tail, limit, o)
			m.HTML, m.Plain = printed+m.HTML, withoutMarkup(printed)+m.Plain
			if bengali.UTF16Len(m.Plain) > limit+tail.units() { // the addresses of links
				m.Plain = fit(m.Plain, limit+tail.units())
			}
			return m, true
		}
		if len(sentences) == 0 {
			return Message{}, false
		}
	}
}
