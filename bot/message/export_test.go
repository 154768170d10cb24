package message

// ParseTexts reads a catalogue file, for the tests that look for its faults.
func ParseTexts(file string) (map[Key]bool, error) {
	texts, err := parseTexts(file)
	keys := make(map[Key]bool, len(texts))
	for key := range texts {
		keys[key] = true
	}
	return keys, err
}

// Arguments lists the names of the arguments of a text.
func Arguments(lang Lang, key Key) map[string]bool {
	names := make(map[string]bool)
	for _, part := range catalogue()[lang][key] {
		if part.arg != "" {
			names[part.arg] = true
		}
	}
	return names
}

// BengaliTexts and EnglishTexts are the catalogue files.
var BengaliTexts, EnglishTexts = bengaliTexts, englishTexts

// The calendars of the Bengali era, by Gregorian date.
var (
	BangladeshiEra = bangladeshiEra
	IndianEra      = indianEra
)
