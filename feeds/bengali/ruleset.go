package bengali

import (
	"strings"
	"unicode/utf8"
)

// ruleSet finds quickly which rules are worth trying on a paragraph: trying
// every expression on every paragraph would cost more than all the rest.
type ruleSet struct {
	rules   []Rule
	keys    []string
	users   [][]int        // the rules that use a key, by its number
	byStart map[rune][]int // key numbers by first rune
	always  []int          // rules without keys
}

func newRuleSet(rules []Rule) *ruleSet {
	set := &ruleSet{rules: rules, byStart: map[rune][]int{}}
	numbers := map[string]int{}
	for i, rule := range rules {
		if len(rule.keys) == 0 {
			set.always = append(set.always, i)
		}
		for _, key := range rule.keys {
			number, ok := numbers[key]
			if !ok {
				number = len(set.keys)
				numbers[key] = number
				set.keys = append(set.keys, key)
				set.users = append(set.users, nil)
				first, _ := utf8.DecodeRuneInString(key)
				set.byStart[first] = append(set.byStart[first], number)
			}
			set.users[number] = append(set.users[number], i)
		}
	}
	return set
}

// candidates are the numbers, ascending, of the rules whose keys stand in the
// folded text, and of those that have none.
func (set *ruleSet) candidates(folded string) []int {
	var wanted []bool
	for i, r := range folded {
		for _, number := range set.byStart[r] {
			if strings.HasPrefix(folded[i:], set.keys[number]) {
				if wanted == nil {
					wanted = make([]bool, len(set.rules))
				}
				for _, rule := range set.users[number] {
					wanted[rule] = true
				}
			}
		}
	}
	if wanted == nil {
		return set.always
	}
	for _, rule := range set.always {
		wanted[rule] = true
	}
	var list []int
	for i, want := range wanted {
		if want {
			list = append(list, i)
		}
	}
	return list
}
