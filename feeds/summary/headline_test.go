package summary_test

import (
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
)

func TestHeadlinesKeepTheNewsAndLoseTheRest(t *testing.T) {
	for _, c := range []struct{ title, want, rule string }{
		{"আজ খুলছে সেতু", "আজ খুলছে সেতু", ""},
		{"  আজ \n খুলছে\u00a0সেতু ", "আজ খুলছে সেতু", ""},
		{"আজ খুলছে সেতু | Bangla News", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু | Kolkata News | ABP Ananda", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু - Prothom Alo", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু – Anandabazar", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু | প্রথম আলো", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু - BBC News বাংলা", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু - জাগোনিউজ২৪.কম", "আজ খুলছে সেতু", "site-tail"},
		{"আজ খুলছে সেতু - সময় লাগবে এক ঘণ্টা", "আজ খুলছে সেতু - সময় লাগবে এক ঘণ্টা", ""},
		{"ভারত-বাংলাদেশ – কে এগিয়ে", "ভারত-বাংলাদেশ – কে এগিয়ে", ""},
		{"আয়কর | কার কত ছাড়", "আয়কর | কার কত ছাড়", ""},
		{"পত্রিকা: আজ খুলছে সেতু", "আজ খুলছে সেতু", "kicker"},
		{"খেলা / আজ মাঠে নামছে বাংলাদেশ", "আজ মাঠে নামছে বাংলাদেশ", "kicker"},
		{"ব্রেকিং নিউজ: আজ খুলছে সেতু", "আজ খুলছে সেতু", "kicker"},
		{"🔴 LIVE: আজ খুলছে সেতু", "আজ খুলছে সেতু", "kicker"},
		{"মতামত | কার লাভ, কার ক্ষতি", "কার লাভ, কার ক্ষতি", "kicker"},
		{"মতামত নিতে ডাক পেলেন প্রবীণেরা", "মতামত নিতে ডাক পেলেন প্রবীণেরা", ""},
		{"আজ খুলছে সেতু || যমুনা টেলিভিশন", "আজ খুলছে সেতু", "site-tail"},
		{"[খেলা] আজ মাঠে নামছে বাংলাদেশ", "আজ মাঠে নামছে বাংলাদেশ", "kicker"},
		{"মির্জা ফখরুল / নির্বাচন চাই ডিসেম্বরেই", "মির্জা ফখরুল / নির্বাচন চাই ডিসেম্বরেই", ""},
		{"মমতা: কাউকে ভয় পাই না", "মমতা: কাউকে ভয় পাই না", ""},
		{"শ্রীলঙ্কা: নতুন প্রেসিডেন্টের চ্যালেঞ্জ", "শ্রীলঙ্কা: নতুন প্রেসিডেন্টের চ্যালেঞ্জ", ""},
		{"খেলাপি ঋণ: কার কত", "খেলাপি ঋণ: কার কত", ""},
		{"দেশে ফিরলেন সাকিব", "দেশে ফিরলেন সাকিব", ""},
		{"খাঁচা ভেঙে পালাল চিতাবাঘ (ভিডিও)", "খাঁচা ভেঙে পালাল চিতাবাঘ", "media-tail"},
		{"খাঁচা ভেঙে পালাল চিতাবাঘ [ভিডিওসহ]", "খাঁচা ভেঙে পালাল চিতাবাঘ", "media-tail"},
		{"খাঁচা ভেঙে পালাল চিতাবাঘ! দেখুন ভিডিও", "খাঁচা ভেঙে পালাল চিতাবাঘ!", "media-tail"},
		{"খাঁচা ভেঙে পালাল চিতাবাঘ, রইল ভিডিয়ো", "খাঁচা ভেঙে পালাল চিতাবাঘ", "media-tail"},
		{"খাঁচা ভেঙে পালাল চিতাবাঘ [ছবিসহ]", "খাঁচা ভেঙে পালাল চিতাবাঘ", "media-tail"},
		{"ভিডিও: খাঁচা ভেঙে পালাল চিতাবাঘ", "খাঁচা ভেঙে পালাল চিতাবাঘ", "media-head"},
		{"দেখুন ভিডিও: খাঁচা ভেঙে পালাল চিতাবাঘ", "খাঁচা ভেঙে পালাল চিতাবাঘ", "media-head"},
		{"ভাইরাল ভিডিও নিয়ে মুখ খুললেন নায়িকা", "ভাইরাল ভিডিও নিয়ে মুখ খুললেন নায়িকা", ""},
		{"মুক্তি পেল নতুন ছবি", "মুক্তি পেল নতুন ছবি", ""},
		{"ইন্টারনেটে ছড়াল ভিডিও", "ইন্টারনেটে ছড়াল ভিডিও", ""},
		{"এ কী কাণ্ড!!", "এ কী কাণ্ড!", "heaped-marks"},
		{"এ কী কাণ্ড?!", "এ কী কাণ্ড?", "heaped-marks"},
		{"এ কী কাণ্ড......", "এ কী কাণ্ড...", "heaped-marks"},
		{"ইডেনে বৃষ্টি, তবু প্লে-অফে KKR! মুম্বইকে হারিয়ে শীর্ষে", "ইডেনে বৃষ্টি, তবু প্লে-অফে KKR! মুম্বইকে হারিয়ে শীর্ষে", ""},
		{"আজ খুলছে সেতু।", "আজ খুলছে সেতু", "loose-end"},
		{"Salman Khan-Salim Khan: সেলিম খানের পাশে সলমন খান", "সেলিম খানের পাশে সলমন খান", "latin-name"},
		{"Mamata Banerjee: নবান্নে বৈঠক মমতা বন্দ্যোপাধ্যায়ের", "Mamata Banerjee: নবান্নে বৈঠক মমতা বন্দ্যোপাধ্যায়ের", ""},
		{"Rupam Islam: শহরে নতুন কনসার্ট", "Rupam Islam: শহরে নতুন কনসার্ট", ""},
	} {
		got := summary.Headline(c.title)
		rule := ""
		if len(got.Cuts) > 0 {
			rule = got.Cuts[len(got.Cuts)-1].Rule
		}
		if got.Text != bengali.Normalize(c.want) || rule != c.rule || got.NotNews != summary.ReasonNone {
			t.Errorf("%q gave %+v\nwant %q by %q", c.title, got, c.want, c.rule)
		}
	}
}

func TestTitlesThatAnnounceNoNewsSayWhy(t *testing.T) {
	for _, c := range []struct {
		title string
		want  summary.Reason
	}{
		{"", summary.ReasonEmpty},
		{" \u200b ", summary.ReasonEmpty},
		{"https://example.com/a/b", summary.ReasonEmpty},
		{"No description available", summary.ReasonNull},
		{"null", summary.ReasonNull},
		{"৩ / ৬", summary.ReasonGallery},
		{"3/6", summary.ReasonGallery},
		{"সকালেই পড়ুন আলোচিত ৫ খবর", summary.ReasonRoundup},
		{"একনজরে আজকের সব খবর", summary.ReasonRoundup},
		{"দিনের সেরা ১০ খবর", summary.ReasonRoundup},
		{"টিভিতে আজকের খেলা", summary.ReasonSchedule},
		{"আজ টিভিতে যা দেখবেন", summary.ReasonSchedule},
		{"World leaders meet in Geneva", summary.ReasonNotBengali},
		{"विश्व नेता जिनेवा में", summary.ReasonNotBengali},
		{"🙂🙂🙂", summary.ReasonNotBengali},
		{"| Bangla News", summary.ReasonNotBengali},
		{"ভালো খবর দিল আবহাওয়া দপ্তর", summary.ReasonNone},
		{"টিভিতে খেলা দেখা নিয়ে সংঘর্ষ, নিহত ১", summary.ReasonNone},
		{"৩/৬ থেকে ঘুরে দাঁড়াল বাংলাদেশ", summary.ReasonNone},
		{"WhatsApp বন্ধ", summary.ReasonNone},
	} {
		if got := summary.Headline(c.title); got.NotNews != c.want {
			t.Errorf("%q: %q, want %q", c.title, got.NotNews, c.want)
		}
	}
}
