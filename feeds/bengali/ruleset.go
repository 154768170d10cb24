package bengali

import (
	"strings"
	"unicode/utf8"
)

// ruleSet finds quickly which rules are worth trying on a paragraph: trying
// every expression on every paragraph would cost more than all the rest.
type ruleSet struct {
	rules   []Rule
	keys    []ruleKey
	bengali [128][]int     // key numbers by first rune, for the Bengali block
	other   map[rune][]int // and for the rest
	always  []bool         // by rule: has no keys
}

type ruleKey struct {
	text  string
	users []keyUser
}

// keyUser is a rule, and the group of its keys to which a key belongs.
type keyUser struct{ rule, group int }

func newRuleSet(rules []Rule) *ruleSet {
	set := &ruleSet{rules: rules, other: map[rune][]int{}, always: make([]bool, len(rules))}
	numbers := map[string]int{}
	for i, rule := range rules {
		set.always[i] = len(rule.keys) == 0
		for group, keys := range rule.keys {
			for _, key := range keys {
				number, ok := numbers[key]
				if !ok {
					number = len(set.keys)
					numbers[key] = number
					set.keys = append(set.keys, ruleKey{text: key})
					if first, _ := utf8.DecodeRuneInString(key); isBengali(first) {
						set.bengali[first&0x7F] = append(set.bengali[first&0x7F], number)
					} else {
						set.other[first] = append(set.other[first], number)
					}
				}
				set.keys[number].users = append(set.keys[number].users, keyUser{i, group})
			}
		}
	}
	return set
}

// candidates are the numbers, ascending, of the rules that have a key of every
// group in the folded text, and of those that have no keys.
func (set *ruleSet) candidates(folded string) []int {
	seen := make([]uint8, len(set.rules)) // bit n: a key of group n was found
	for i, size := 0, 0; i < len(folded); i += size {
		var r rune
		r, size = runeAt(folded, i)
		var numbers []int
		switch {
		case isBengali(r):
			numbers = set.bengali[r&0x7F]
		case r != ' ' && r != danda:
			numbers = set.other[r]
		}
		for _, number := range numbers {
			if key := &set.keys[number]; strings.HasPrefix(folded[i:], key.text) {
				for _, user := range key.users {
					seen[user.rule] |= 1 << user.group
				}
			}
		}
	}
	var list []int
	for i, groups := range seen {
		if set.always[i] || groups != 0 && groups == 1<<len(set.rules[i].keys)-1 {
			list = append(list, i)
		}
	}
	return list
}
