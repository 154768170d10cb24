package bengali_test

import (
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
)

func TestIsBengaliKnowsItsNeighbours(t *testing.T) {
	for text, want := range map[string]bool{
		newsOne: true,
		article(t, "whatsapp-outage-2021-10.txt"): true,
		"iPhone 17 Pro Max ও Samsung Galaxy S26 Ultra-র দাম কমল ভারতের বাজারে, জানাল সংস্থা":  true,
		"অসমৰ মুখ্যমন্ত্ৰীয়ে কালি গুৱাহাটীত এই কথা কয়। ৰাইজৰ মাজত ইয়াৰ প্ৰতিক্ৰিয়া হৈছে।": false,
		"গুৱাহাটীতে আজ বৃষ্টি হয়েছে, জানিয়েছে আবহাওয়া দপ্তর। শহরের বহু রাস্তায় জল জমেছে।": true,
		"The minister said so on Friday.":  false,
		"Ajke Dhakay onek brishti hoyeche": false,
		"প্রধানমন্ত্রী said on Friday that the government would act soon": false,
		"भारत के प्रधानमंत्री ने आज कहा":                                  false,
		"বাংলাদেশ": true,
		"🔥🔥 ১২৩":   false,
		"":         false,
		"\xff\xfe": false,
	} {
		if got := bengali.IsBengali(text); got != want {
			t.Errorf("%.60q: %v (share %.2f)", text, got, bengali.Share(text))
		}
	}
	if got := bengali.Share("কখ ab"); got != 0.5 {
		t.Errorf("half is %v", got)
	}
}
