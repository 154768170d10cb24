package message

import (
	"strings"
	"unicode"

	"github.com/harkara/harkara/store"
)

// Hashtag is the category as a hashtag that Telegram takes whole, or "". It is its Bengali name only where that has no vowel
// signs or other marks, for Telegram ends a hashtag at the first of them (TDLib, match_hashtags: letters, digits, _ and U+200C; “#খেলা” would
// lead to all that begins with খ); else its English name or its name in links.
func Hashtag(c store.Category) string {
	for _, name := range []string{c.Name, c.NameEN, c.Slug} {
		if tag := hashtag(name); tag != "" {
			return tag
		}
	}
	return ""
}

// hashtagLimit is how many characters of a hashtag Telegram reads.
const hashtagLimit = 256

// hashtag joins the words of a name; it is empty if Telegram would not take all of them.
func hashtag(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Nd, r)
	})
	tag := strings.Join(words, "_")
	letters, length := false, 0
	for _, r := range tag {
		if unicode.IsMark(r) {
			return ""
		}
		letters = letters || unicode.IsLetter(r)
		length++
	}
	if !letters || length > hashtagLimit {
		return ""
	}
	return "#" + tag
}
