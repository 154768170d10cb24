package bengali

import (
	"errors"
	"strings"
)

// Limits of a phrase a reader may follow or mute.
const (
	phraseMaxUTF16 = 64 // as typed
	phraseMaxWords = 6
)

// ParsePhrase returns one of these when a reader's words cannot be followed.
var (
	// ErrPhraseShort says that there are fewer than two letters to look for.
	ErrPhraseShort = errors.New("phrase is shorter than two letters")
	// ErrPhraseLong says that the phrase has more than 64 UTF-16 units or six words.
	ErrPhraseLong = errors.New("phrase is too long")
)

// Phrase is a word, or words in a row, that a reader follows or mutes. It is
// found in any inflection and known spelling; only whole words count.
type Phrase struct {
	text, key string
}

// phraseSigns are what people put around a phrase, and mean nothing by: "পদ্মা সেতু", #মেট্রোরেল।
const phraseSigns = "\"'“”‘’«»#,;:.!?। "

// ParsePhrase reads what a reader typed. Signs between the words do not matter.
func ParsePhrase(s string) (Phrase, error) {
	if len(s) > 16*phraseMaxUTF16 || UTF16Len(s) > phraseMaxUTF16 {
		return Phrase{}, ErrPhraseLong
	}
	text := strings.Trim(strings.Join(strings.Fields(Normalize(s)), " "), phraseSigns)
	letters := 0
	for range Aksharas(strings.Join(Words(text), "")) {
		letters++
	}
	stems := Stems(text)
	switch {
	case letters < 2:
		return Phrase{}, ErrPhraseShort
	case len(stems) > phraseMaxWords:
		return Phrase{}, ErrPhraseLong
	}
	return Phrase{text: text, key: strings.Join(stems, " ")}, nil
}

// String is the phrase as the reader wrote it, normalised.
func (p Phrase) String() string { return p.text }

// Key is what is looked for: a text speaks of the phrase if its [Stems] hold
// those of the key in a row. Two phrases that find the same have the same key.
func (p Phrase) Key() string { return p.key }
