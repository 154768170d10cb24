package bengali

import "slices"

const (
	// shortestSlip is how many letters a sound must have for a slip to be looked for: of shorter ones too many other words are one slip away.
	shortestSlip = 5
	longestSlip  = 24
)

// The letters that sounds are made of: Bengali without those that Sound replaces, and Latin.
var (
	bengaliSounds = []rune("অআইউএঐওঔকখগঘংচছজঝঞটঠডঢতথদধনপফবভমরলসহয়ািুেৈোৌ্")
	latinSounds   = []rune("abcdefghijklmnopqrstuvwxyz")
)

// Slips are the sounds that differ from one by a single slip of the finger: a letter left out, one too many, or two that changed places. A short
// sound has none. Like Sound, they serve to offer a spelling, never to match one.
func Slips(sound string) []string {
	letters := []rune(sound)
	if len(letters) < shortestSlip || len(letters) > longestSlip {
		return nil
	}
	alphabet := bengaliSounds
	if letters[0] < 0x80 {
		alphabet = latinSounds
	}
	var slips []string
	add := func(parts ...[]rune) {
		if slip := string(slices.Concat(parts...)); slip != sound {
			slips = append(slips, slip)
		}
	}
	for i := range letters {
		before, after := letters[:i], letters[i+1:]
		add(before, after)
		if len(after) > 0 {
			add(before, after[:1], letters[i:i+1], after[1:])
		}
	}
	for i := range len(letters) + 1 {
		for _, letter := range alphabet {
			add(letters[:i], []rune{letter}, letters[i:])
		}
	}
	slices.Sort(slips)
	return slices.Compact(slips)
}
