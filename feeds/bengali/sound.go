package bengali

import "strings"

// Sound is the key under which a stem and its frequent misspellings fall together: letters that modern
// Bengali pronounces alike are one (ন and ণ, শ ষ and স, ই and ঈ, উ and ঊ, জ and য, ড় and র, ত and ৎ, ঙ and ং), and
// candrabindu, hasanta and visarga are left out. Different words may share a sound, so it serves to offer
// a spelling, never to match one.
func Sound(stem string) string { return sounds.Replace(stem) }

var sounds = strings.NewReplacer(
	"ড\u09BC", "র", "ঢ\u09BC", "র", "য\u09BC", "য়",
	"ণ", "ন", "শ", "স", "ষ", "স", "য", "জ", "ৎ", "ত", "ঙ", "ং",
	"ঈ", "ই", "ী", "ি", "ঊ", "উ", "ূ", "ু", "ৃ", "্রি", "ঋ", "রি",
	"ঁ", "", "্", "", "ঃ", "",
)
