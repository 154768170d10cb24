package feeds

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/feeds/bengali"
)

// Attributes of a feed's outline that are settings of ours. They survive import and export; all others are kept and
// mean nothing to us.
const (
	settingPrefix     = ourPrefix + ":"
	everyAttribute    = "harkara:every"     // a duration: the operator's interval for this feed
	zoneAttribute     = "harkara:zone"      // a time zone: that of dates which name none
	fullTextAttribute = "harkara:full-text" // always, needed (the default), never
	foreignAttribute  = "harkara:foreign"   // what becomes of items that are not in Bengali, see Foreign
	cutAttribute      = "harkara:cut"       // a pattern of what to cut, see CutRules; further ones are harkara:cut-NAME
)

// Foreign says what becomes of a feed's items that are not in Bengali.
type Foreign string

// The choices an operator has for items that are not in Bengali.
const (
	// ForeignFile, the default, keeps them and tells nobody, unless most of the feed is in another language.
	ForeignFile Foreign = ""
	// ForeignKeep treats them as all others.
	ForeignKeep Foreign = "keep"
	// ForeignDrop forgets them.
	ForeignDrop Foreign = "drop"
	// ForeignHold keeps them back until an editor has said what is to be done.
	ForeignHold Foreign = "hold"
)

// CutRules reads a feed's own patterns of what to cut. Each is an attribute of its outline,
//
//	harkara:cut="SCOPE: PATTERN"
//	harkara:cut-NAME="SCOPE: PATTERN"
//
// and is counted under the attribute's name without its prefix. The scope is one of [bengali.ParseScope], the
// pattern one of [bengali.NewRule]. The order is that of the names. The rules that are right are returned also when others
// are not.
func CutRules(attributes map[string]string) ([]bengali.Rule, error) {
	var rules []bengali.Rule
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if name != cutAttribute && !strings.HasPrefix(name, cutAttribute+"-") || attributes[name] == "" {
			continue
		}
		rule, err := CutRule(strings.TrimPrefix(name, settingPrefix), attributes[name])
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			continue
		}
		rules = append(rules, rule)
	}
	return rules, errors.Join(faults...)
}

// CutRule reads one pattern of what to cut, as it stands in an attribute.
func CutRule(id, text string) (bengali.Rule, error) {
	scopes, pattern, ok := strings.Cut(text, ":")
	if !ok {
		return bengali.Rule{}, fmt.Errorf("%q names no scope; write it like “line, tail: %s”", text, strings.TrimSpace(text))
	}
	scope, err := bengali.ParseScope(scopes)
	if err != nil {
		return bengali.Rule{}, fmt.Errorf("%q: %w; write it like “line, tail: …”", text, err)
	}
	return bengali.NewRule(id, scope, pattern)
}

// checkSettings reports all that is wrong with the settings of an outline.
func checkSettings(attributes map[string]string) error {
	_, err := CutRules(attributes)
	faults := []error{err}
	for name, check := range settingChecks {
		if value := attributes[name]; value != "" {
			if err := check(value); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	return errors.Join(faults...)
}

var settingChecks = map[string]func(string) error{
	everyAttribute: func(value string) error {
		if d, err := time.ParseDuration(value); err != nil || d < time.Second {
			return fmt.Errorf("%q is not a span of at least a second; write it like 30s, 5m or 2h", value)
		}
		return nil
	},
	zoneAttribute: func(value string) error {
		if _, err := time.LoadLocation(value); err != nil {
			return fmt.Errorf("%q is not a time zone; write it like Asia/Dhaka", value)
		}
		return nil
	},
	fullTextAttribute: oneOf("always", "needed", "never"),
	foreignAttribute:  oneOf(string(ForeignKeep), string(ForeignDrop), string(ForeignHold)),
}

// ourAttribute tells whether an attribute, of a feed or a folder, means something to us.
func ourAttribute(name string) bool {
	_, checked := settingChecks[name]
	return checked || name == cutAttribute || strings.HasPrefix(name, cutAttribute+"-") ||
		name == slugAttribute || name == englishAttribute || name == unfiledMark
}

func oneOf(allowed ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(allowed, value) {
			return fmt.Errorf("%q is none of %s", value, strings.Join(allowed, ", "))
		}
		return nil
	}
}
