package feeds

import (
	"strings"
	"unicode"

	"github.com/harkara/harkara/feeds/bengali"
)

// slugLimit keeps a slug short enough to stand in a link with a campaign.
const slugLimit = 24

// Slug is a name in lower-case ASCII letters, digits and hyphens, at most 24 of them; Bengali is written in Latin letters as
// it is read, roughly. It is empty when nothing of the name can be written so.
func Slug(name string) string {
	var b strings.Builder
	pending := "" // the vowel a consonant has until a sign says otherwise
	hyphen := func() {
		pending = ""
		if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	for _, r := range strings.ToLower(bengali.Fold(name)) {
		if sound, ok := consonants[r]; ok {
			b.WriteString(pending + sound)
			pending = "o"
			continue
		}
		if sign, ok := signs[r]; ok {
			pending = ""
			b.WriteString(sign)
			continue
		}
		switch {
		case r == '\u09BC': // nukta
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			pending = ""
			b.WriteRune(r)
		case vowels[r] != "":
			b.WriteString(pending + vowels[r])
			pending = ""
		case unicode.IsMark(r) || r == '\'' || r == '’':
		default:
			hyphen()
		}
	}
	slug := strings.Trim(b.String(), "-")
	if len(slug) > slugLimit {
		slug = strings.Trim(slug[:slugLimit], "-")
	}
	return slug
}

// consonants, signs and vowels by their usual sound. A consonant without a sign sounds an o, except at a word's end.
var (
	consonants = map[rune]string{
		'ক': "k", 'খ': "kh", 'গ': "g", 'ঘ': "gh", 'ঙ': "ng", 'চ': "ch", 'ছ': "chh", 'জ': "j", 'ঝ': "jh", 'ঞ': "n", 'ট': "t", 'ঠ': "th", 'ড': "d", 'ঢ': "dh",
		'ণ': "n", 'ত': "t", 'থ': "th", 'দ': "d", 'ধ': "dh", 'ন': "n", 'প': "p", 'ফ': "f", 'ব': "b", 'ভ': "bh", 'ম': "m", 'য': "y", 'র': "r", 'ল': "l",
		'শ': "sh", 'ষ': "sh", 'স': "s", 'হ': "h", 'ৎ': "t",
	}
	signs = map[rune]string{
		'া': "a", 'ি': "i", 'ী': "i", 'ু': "u", 'ূ': "u", 'ৃ': "ri", 'ে': "e", 'ৈ': "oi", 'ো': "o", 'ৌ': "ou", '্': "", 'ং': "ng", 'ঃ': "", 'ঁ': "",
	}
	vowels = map[rune]string{
		'অ': "o", 'আ': "a", 'ই': "i", 'ঈ': "i", 'উ': "u", 'ঊ': "u", 'ঋ': "ri", 'এ': "e", 'ঐ': "oi", 'ও': "o", 'ঔ': "ou",
	}
)
