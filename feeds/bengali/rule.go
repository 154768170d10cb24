package bengali

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Scope says where in an article a rule looks. Scopes can be joined with |.
type Scope uint8

const (
	// Line is a whole paragraph, anywhere.
	Line Scope = 1 << iota
	// Tail is one of the last three paragraphs, or a sentence at the end of one.
	Tail
	// Head is one of the first two paragraphs.
	Head
	// Inline is a marker at the beginning of a sentence; cut from there to the end of the line, or,
	// in a text that has lost its lines, to the end of the link text.
	Inline
	// Suffix is what stands after the last sentence of any paragraph.
	Suffix
)

var scopeNames = map[string]Scope{"line": Line, "tail": Tail, "head": Head, "inline": Inline, "suffix": Suffix}

// ParseScope reads scope names: line, tail, head, inline, suffix, joined by
// commas.
func ParseScope(s string) (Scope, error) {
	var scope Scope
	for name := range strings.SplitSeq(s, ",") {
		one, ok := scopeNames[strings.ToLower(strings.TrimSpace(name))]
		if !ok {
			return 0, fmt.Errorf("scope %q: want line, tail, head, inline or suffix", name)
		}
		scope |= one
	}
	return scope, nil
}

// Rule finds one kind of text that is not part of an article. The zero Rule
// finds nothing.
type Rule struct {
	id      string
	scope   Scope
	all     []*regexp.Regexp // each must be found
	none    []*regexp.Regexp // none may be found
	keys    [][]string       // one of each group must stand in the paragraph; no groups: always look
	multi   bool             // may cover several sentences
	short   bool             // covers no more than longestShort runes
	link    bool             // covers nothing that ends in a danda
	aside   bool             // covers only what stands in brackets
	caption bool             // a short paragraph that ends with it is a picture's caption
	list    bool             // the link lines that follow go too
	block   bool             // all goes down to the line that says it ends
	mark    mark
}

// mark is what a rule tells about the article from which it cut.
type mark uint8

const (
	markNothing    mark = iota
	markSource          // names the source
	markByline          // names the writer
	markPress           // a press release
	markDeveloping      // more will follow
	markWarning         // content that may distress readers
)

var marks = map[string]mark{"source": markSource, "byline": markByline, "press": markPress, "developing": markDeveloping, "warning": markWarning}

// ID names the rule in counters and previews.
func (r Rule) ID() string { return r.id }

// Limits of an operator's own rule.
const (
	ruleMinLetters = 4
	ruleMaxRunes   = 300
)

// Errors of NewRule; they are wrapped with the rule's id.
var (
	ErrRuleShort = errors.New("pattern is shorter than four letters")
	ErrRuleLong  = errors.New("pattern is longer than 300 characters")
	ErrRuleBroad = errors.New("pattern also matches ordinary prose")
)

// NewRule makes an operator's own rule. The pattern is literal text, in which …
// stands for anything, or a regular expression between slashes (RE2 syntax). It
// is compared with the folded text (see [Fold]): lower-case, ASCII digits,
// straight quotes. In the scopes Line, Tail, Head and Suffix it must cover all of the
// paragraph, sentence or ending, signs around it aside; in Inline it must cover the
// marker.
func NewRule(id string, scope Scope, pattern string) (Rule, error) {
	rule, err := newRule(id, scope, pattern)
	if err != nil {
		return Rule{}, fmt.Errorf("rule %q: %w", id, err)
	}
	return rule, nil
}

func newRule(id string, scope Scope, pattern string) (Rule, error) {
	pattern = strings.TrimSpace(pattern)
	letters := 0
	for _, r := range pattern {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	switch {
	case id == "":
		return Rule{}, errors.New("has no id")
	case scope == 0 || scope >= Suffix<<1:
		return Rule{}, errors.New("has no scope")
	case letters < ruleMinLetters:
		return Rule{}, ErrRuleShort
	case utf8.RuneCountInString(pattern) > ruleMaxRunes:
		return Rule{}, ErrRuleLong
	}
	expression := ""
	if len(pattern) > 2 && strings.HasPrefix(pattern, "/") && strings.HasSuffix(pattern, "/") {
		expression = norm.NFC.String(pattern[1 : len(pattern)-1])
	} else {
		parts := strings.Split(pattern, string(ellipsis))
		for i, part := range parts {
			parts[i] = regexp.QuoteMeta(trimUnit(Fold(part)))
		}
		expression = strings.Join(parts, `.*`)
	}
	re, err := regexp.Compile(anchored(expression, scope))
	if err != nil {
		return Rule{}, err
	}
	rule := Rule{id: id, scope: scope, multi: true, all: []*regexp.Regexp{re}}
	for _, prose := range ordinaryProse {
		if rule.matches(trimUnit(Fold(prose))) {
			return Rule{}, ErrRuleBroad
		}
	}
	return rule, nil
}

// ordinaryProse is text that no rule may take out.
var ordinaryProse = []string{
	"প্রধানমন্ত্রী আজ সকালে রাজধানীতে এক অনুষ্ঠানে এ কথা বলেন।",
	"বৃষ্টিতে শহরের বিভিন্ন এলাকায় জল জমে যায়, ভোগান্তিতে পড়েন সাধারণ মানুষ।",
	"তিনি ২০২১ সালে দলে যোগ দেন",
	"The minister said so on Friday.",
}

// longestShort is the length of a sign-off: initials, the name of an agency or two.
const longestShort = 60

// anchored makes an expression cover the whole unit, or its beginning for a
// marker.
func anchored(expression string, scope Scope) string {
	if scope == Inline {
		return `^(?:` + expression + `)`
	}
	return `^(?:` + expression + `)$`
}

// suits reports whether the rule may cover a piece of text, whatever it says.
func (r *Rule) suits(text string) bool {
	return (!r.link || isLink(text)) && (!r.aside || strings.ContainsAny(text[:1], "([*"))
}

// matches reports whether the rule covers a trimmed, folded unit.
func (r *Rule) matches(unit string) bool {
	if r.short && len(unit) > longestShort*len("ক") || !r.multi && strings.Contains(unit, string(danda)) {
		return false
	}
	for _, re := range r.all {
		if !re.MatchString(unit) {
			return false
		}
	}
	for _, re := range r.none {
		if re.MatchString(unit) {
			return false
		}
	}
	return len(r.all) > 0
}

// trimUnit takes off a folded unit the bullets before it and the punctuation
// after it.
func trimUnit(s string) string {
	return strings.TrimFunc(s, isUnitMargin)
}

func isUnitMargin(r rune) bool {
	if r == 0xFE0F { // makes a sign an emoji
		return true
	}
	if isWordRune(r) || r == '©' || r == '@' || r == '#' || r == '+' {
		return false
	}
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || isTerminator(r) || isJoiner(r)
}
