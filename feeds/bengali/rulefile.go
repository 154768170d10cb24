package bengali

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

//go:embed lexicon/boilerplate.txt
var boilerplateFile string

var scopeLetters = map[string]Scope{"L": Line, "T": Tail, "I": Inline, "S": Suffix}

// boilerplate is the built-in lexicon, read once.
var boilerplate = sync.OnceValue(func() *ruleSet {
	rules, err := readRules(boilerplateFile)
	if err != nil {
		panic("bengali: lexicon/boilerplate.txt: " + err.Error()) // embedded, and read in every test
	}
	return newRuleSet(rules)
})

var columns = regexp.MustCompile(`\s{2,}`)

// readRules reads the format described at the head of lexicon/boilerplate.txt.
func readRules(file string) ([]Rule, error) {
	var rules []Rule
	names := map[string]string{}
	expand := func(s string) string {
		for name, value := range names {
			s = strings.ReplaceAll(s, "{"+name+"}", value)
		}
		return s
	}
	for line := range strings.Lines(norm.NFC.String(file)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if definition, ok := strings.CutPrefix(line, "let "); ok {
			name, value, _ := strings.Cut(definition, " = ")
			names[name] = expand(value)
			continue
		}
		fields := columns.Split(line, 4)
		if len(fields) != 4 {
			return nil, fmt.Errorf("%q has %d columns, not 4", line, len(fields))
		}
		rule := Rule{id: fields[0]}
		scopes, name, marked := strings.Cut(fields[1], "+")
		if marked {
			if rule.mark = marks[name]; rule.mark == markNothing {
				return nil, fmt.Errorf("%s: unknown mark %q", rule.id, name)
			}
		}
		for scope := range strings.SplitSeq(scopes, ",") {
			switch letter, ok := scopeLetters[scope]; {
			case ok:
				rule.scope |= letter
			case scope == "list":
				rule.list = true
			case scope == "multi":
				rule.multi = true
			case scope == "block":
				rule.block = true
			case scope == "link":
				rule.link = true
			case scope == "aside":
				rule.aside = true
			case scope == "caption":
				rule.caption = true
			default:
				return nil, fmt.Errorf("%s: unknown scope %q", rule.id, scope)
			}
		}
		if rule.short = fields[2] == "*"; !rule.short {
			for group := range strings.SplitSeq(expand(fields[2]), "&") {
				rule.keys = append(rule.keys, strings.Split(group, ","))
			}
		}
		for pattern := range strings.SplitSeq(fields[3], " && ") {
			pattern, unwanted := strings.CutPrefix(pattern, "!")
			re, err := regexp.Compile(expand(pattern))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", rule.id, err)
			}
			if unwanted {
				rule.none = append(rule.none, re)
			} else {
				rule.all = append(rule.all, re)
			}
		}
		rules = append(rules, rule)
	}
	return rules, nil
}
