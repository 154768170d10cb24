package bengali

import "strings"

// SoundKey is equal for stems that Bengali readers pronounce alike and often
// misspell for each other: ন ণ, ি ী, ু ূ, শ ষ স, জ য, র ড় ঢ়, ত ৎ, ং ঙ, with and without ঁ. It serves
// to ask “did you mean”, never to match: কুল and কূল are two words.
func SoundKey(stem string) string {
	return soundAlike.Replace(stem)
}

var soundAlike = strings.NewReplacer(
	"\u09A1\u09BC", "\u09B0", "\u09A2\u09BC", "\u09B0", // ড় ঢ় র
	"\u09AF\u09BC", "\u09AF\u09BC", // য় is no য
	"\u09CD\u09AF", "\u09CD\u09AF", // nor is যফলা
	"\u09A3", "\u09A8", // ণ ন
	"\u09C0", "\u09BF", "\u0988", "\u0987", // ী ি, ঈ ই
	"\u09C2", "\u09C1", "\u098A", "\u0989", // ূ ু, ঊ উ
	"\u09B7", "\u09B6", "\u09B8", "\u09B6", // ষ স শ
	"\u09AF", "\u099C", // য জ
	"\u09CE", "\u09A4", // ৎ ত
	"\u0999\u09CD\u0997", "\u0982", "\u0999", "\u0982", // ঙ্গ ঙ ং
	"\u0981", "", // ঁ
)
