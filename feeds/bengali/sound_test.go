package bengali_test

import (
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestFrequentMisspellingsSoundLikeTheWord(t *testing.T) {
	t.Parallel()
	for word, misspelt := range map[string]string{
		"কারণ": "কারন", "দক্ষিণ": "দক্ষিন", "শীত": "শিত", "বাড\u09BCি": "বারি", "শেষ": "সেস",
		"সূর্য": "সুর্য", "যাত্রা": "জাত্রা", "চাঁদ": "চাদ", "হঠাৎ": "হঠাত", "বাংলা": "বাঙলা",
	} {
		if a, b := bengali.Sound(word), bengali.Sound(misspelt); a != b {
			t.Errorf("%s sounds %q, %s sounds %q", word, a, misspelt, b)
		}
	}
}

func TestDifferentWordsSoundDifferent(t *testing.T) {
	t.Parallel()
	for word, other := range map[string]string{"কাল": "খাল", "দান": "ধান", "সময\u09BC": "সমর", "রাত": "রাতি"} {
		if bengali.Sound(word) == bengali.Sound(other) {
			t.Errorf("%s and %s sound alike", word, other)
		}
	}
}
