package bengali_test

import (
	"slices"
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestASlipOfTheFingerIsFoundOutInLongerWords(t *testing.T) {
	t.Parallel()
	for word, slip := range map[string]string{
		"মেট্রোরেল": "মেট্রোরে", "নির্বাচন": "নির্বাচচন", "প্রধানমন্ত্রী": "প্রধনমন্ত্রী", "ক্রিকেট": "ক্রিেকট", "হাসপাতাল": "হাসপতাল", "বিশ্ববিদ্যালয\u09BC": "বিশ্ববিদ্যলয\u09BC",
		"telegram": "telegarm", "instagram": "instagrm",
	} {
		if !slices.Contains(bengali.Slips(bengali.Sound(slip)), bengali.Sound(word)) {
			t.Errorf("%s is no slip of %s", slip, word)
		}
	}
}

func TestShortWordsAndOtherWordsAreNoSlips(t *testing.T) {
	t.Parallel()
	if slips := bengali.Slips(bengali.Sound("ঢাকা")); len(slips) != 0 {
		t.Errorf("a short word has %d slips", len(slips))
	}
	for word, other := range map[string]string{"মেট্রোরেল": "মেট্রোরেল", "নির্বাচন": "নির্বাসিত", "হাসপাতাল": "হাসপতল"} {
		if slices.Contains(bengali.Slips(bengali.Sound(other)), bengali.Sound(word)) {
			t.Errorf("%s counts as a slip of %s", other, word)
		}
	}
}
