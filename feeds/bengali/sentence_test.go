package bengali_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harkara/harkara/feeds/bengali"
)

// sentenceCases hold texts with ¦ where a sentence must end.
var sentenceCases = []string{
	"মো. রহিম ও ড. করিম এলেন। ¦ তাঁরা বললেন, দাম ৩.৫ কোটি টাকা।",
	"এ. কে. আজাদ বলেন, ভালো। ¦ এম এ. হান্নানও ছিলেন।",
	"“আমি যাব।” ¦ তিনি বলেন।",
	"তিনি বলেন, ‘এটা কি ঠিক?’ শীর্ষক আলোচনায় সবাই ছিলেন।",
	"এত মানসিক সমস্যা কেন?’—কিশোরী মেয়ের প্রতি বাবা",
	"এবিসি লি. ও এক্সওয়াইজেড প্রা. লি. চুক্তি করেছে। ¦ ৫ খ্রি. পূর্বের কথা।",
	"১. প্রথম দাবি মানতে হবে। ¦ ২. দ্বিতীয় দাবি।",
	"সে গেল... আর ফিরল না। ¦ কেন?! ¦ কে জানে!",
	"হাসিমুখে ৷ ¦ নাজমুল হাসান এলেন৷ ¦ সবাই খুশি৷",
	"ইসলাম শান্তির ধর্ম| ¦ আল্লাহ এক|",
	"মহানবী (সা.) বলেছেন, সত্য বলো। ¦ হজরত উমর (রা.) ছিলেন খলিফা।",
	"Facebook Inc. said so. ¦ The outage ended at 11.40 p.m. on Friday. ¦ হোয়াটসঅ্যাপ চালু হয়।",
	"বিস্তারিত www.example.com ঠিকানায়।¦ভিডিও দেখুন।",
	"তিনি (কাল এসেছিলেন। আজ গেলেন) বললেন।",
	"শিরোনাম\n¦প্রথম বাক্য।\n\n¦দ্বিতীয় বাক্য।",
	"নাফিসা কামাল (৩৫) মারা গেছেন। ¦ ডা. মিলন, মি. রায় ও মোছা. সালমা জানান।",
}

func TestSentencesEndWhereAnEditorWouldEndThem(t *testing.T) {
	for _, text := range sentenceCases {
		var want []string
		for part := range strings.SplitSeq(text, "¦") {
			want = append(want, strings.TrimSpace(bengali.Normalize(part)))
		}
		var got []string
		for _, sentence := range bengali.Sentences(strings.ReplaceAll(strings.ReplaceAll(text, " ¦", ""), "¦", "")) {
			got = append(got, sentence.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
}
