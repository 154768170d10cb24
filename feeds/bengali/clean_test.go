package bengali_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harkara/harkara/feeds/bengali"
)

// The frame every boilerplate case is put into: two paragraphs of news before it
// and one after.
const (
	newsOne   = "রাজধানীর কারওয়ান বাজারে আজ ভোরে আগুন লেগে অন্তত দশটি দোকান পুড়ে গেছে। ফায়ার সার্ভিসের আটটি ইউনিট দুই ঘণ্টার চেষ্টায় আগুন নিয়ন্ত্রণে আনে।"
	newsTwo   = "স্থানীয় ব্যবসায়ীরা জানান, ক্ষতির পরিমাণ কয়েক কোটি টাকা ছাড়িয়ে যেতে পারে। ঘটনার কারণ অনুসন্ধানে তিন সদস্যের একটি কমিটি করা হয়েছে।"
	newsThree = "কমিটিকে আগামী সাত কর্মদিবসের মধ্যে প্রতিবেদন জমা দিতে বলা হয়েছে। বিদ্যুতের গোলযোগ থেকে আগুনের সূত্রপাত বলে ধারণা করা হচ্ছে।"
	newsFour  = "এর আগে গত মার্চেও একই এলাকায় আগুন লেগে কয়েকটি গুদাম পুড়ে যায়। তখন গঠিত কমিটির সুপারিশ বাস্তবায়ন করা হয়নি বলে অভিযোগ রয়েছে।"
)

func normalized(paragraphs ...string) []string {
	out := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		out[i] = bengali.Normalize(p)
	}
	return out
}

func TestCleanTakesOutWholeLines(t *testing.T) {
	lines := []string{
		"হোয়াটসঅ্যাপে খবর পেতে এখানে ক্লিক করুন",
		"বিবিসি বাংলার হোয়াটসঅ্যাপ চ্যানেল ফলো করতে এখানে ক্লিক করুন",
		"বিবিসি বাংলার হোয়াটসঅ্যাপ চ্যানেল ফলো করতে এখানে ট্যাপ করুন।",
		"আমাদের হোয়াটস অ্যাপ গ্রুপে যুক্ত হোন",
		"আমাদের WhatsApp চ্যানেল ফলো করুন",
		"প্রথম আলোর খবর পেতে গুগল নিউজ চ্যানেল ফলো করুন",
		"সর্বশেষ খবর পেতে Google News ফিড ফলো করুন",
		"দৈনিক ইত্তেফাকের সর্বশেষ খবর পেতে Google News অনুসরণ করুন",
		"সর্বশেষ খবর পেতে ঢাকাপ্রকাশের গুগল নিউজ চ্যানেলটি সাবস্ক্রাইব করুন।",
		"সবার আগে সর্বশেষ খবর পেতে আমাদের সাথেই থাকুন",
		"আমাদের ইউটিউব চ্যানেল সাবস্ক্রাইব করুন",
		"আমাদের ফেসবুক পেজে লাইক দিন",
		"মোবাইল অ্যাপস ডাউনলোড করুন",
		"ভিডিওটি দেখতে এখানে ক্লিক করুন",
		"টেলিগ্রাম চ্যানেলে জয়েন করুন",
		"প্রথম আলোর হোয়াটসঅ্যাপ চ্যানেল ফলো করুন",
		"এবিপি আনন্দের ইউটিউব চ্যানেল সাবস্ক্রাইব করুন",
		"Join our Telegram channel",
		"এই খবরটি আপনি পড়তে পারেন HT App থেকেও",
		"আরও পড়ুন: নন্দীগ্রামে জিতছেন কে, মমতা না শুভেন্দু?",
		"আরো পড়ুন: বাজারে কমেছে সবজির দাম",
		"আরও পড়ুন- বাজারে কমেছে সবজির দাম",
		"আরও পড়ুনঃ বাজারে কমেছে সবজির দাম",
		"আরও পড়ুন | বাজারে কমেছে সবজির দাম",
		"আরও পড়ুন→ বাজারে কমেছে সবজির দাম",
		"➡️ আরও পড়ুন: বাজারে কমেছে সবজির দাম",
		"এছাড়াও পড়ুন: বাজারে কমেছে সবজির দাম",
		"ছবির উৎস, Getty Images",
		"ছবির ক্যাপশান, আগুনের পর উদ্ধারকাজ চলছে",
		"বিবিসি নিউজ বাংলা, ঢাকা",
		"Published by: Suman Das",
		"[আরও পড়ুন: বাজারে কমেছে সবজির দাম]",
		"আরও পড়ুন বাজারে কমেছে সবজির দাম",
		"এই বিষয়ে আরও পড়ুন",
		"আরও দেখুন: টানা বৃষ্টিতে ডুবল শহর",
		"আরো দেখুন",
		"বিস্তারিত পড়ুন...",
		"সংশ্লিষ্ট খবর",
		"সর্বাধিক পঠিত",
		"স্কিপ করুন জনপ্রিয় খবর পড়ুন",
		"কম ডেটা ব্যবহার করতে শুধু টেক্সট পড়ুন",
		"এই খবরটি শেয়ার করুন",
		"শেয়ার করুন:",
		"বিজ্ঞাপন",
		"Continues below advertisement",
		"Advertisement",
		"Listen to this article",
		"Spread the love",
		"Read More →",
		"ছবি: সংগৃহীত",
		"ফাইল ছবি",
		"ছবি সংগৃহীত",
		"প্রতীকী ছবি",
		"নিজস্ব চিত্র",
		"ছবি : বাসস",
		"ছবি: রয়টার্স/এএফপি",
		"ছবি: ফেসবুক থেকে নেওয়া",
		"গ্রাফিক্স: আনন্দবাজার",
		"৩ / ৬",
		"সূত্র: বাসস",
		"তথ্যসূত্র: দ্য গার্ডিয়ান",
		"[প্রতিবেদন তৈরিতে সহায়তা করেছেন ঢাকার প্রতিনিধি]",
		"সতর্কতা: এই প্রতিবেদনের কিছু বিষয়বস্তু পাঠকের অস্বস্তির কারণ হতে পারে",
		"Copyright © 2025 Zee Media, All Rights Reserved",
		"news@example.com",
		"https://example.com/bangla/123",
		"মন্তব্য",
		"মন্তব্য করুন",
		"লাইভ আপডেট",
		"No description available",
		"Facebook Twitter WhatsApp",
		"ভিডিও দেখুন:",
		"দেখুন সেই ভিডিও",
		"আরও জানতে ক্লিক করুন",
		"আরও খবর: বাজারে কমেছে সবজির দাম",
		"নিউজ ১৮ বাংলা-র সব আপডেট পান হোয়াটসঅ্যাপে",
		"এই খবরটি ভালো লাগলে শেয়ার করুন",
		"WhatsApp Group Join Now",
		"আপনার মতামত জানান কমেন্ট বক্সে",
		"এই সংক্রান্ত আরও খবর",
		"সম্পাদক ও প্রকাশক: আবদুল করিম",
		"Loading...",
		"এই বিভাগের আরও",
		"পাঠকের মতামত",
		"প্রথম পাতা থেকে আরও পড়ুন",
		"অনলাইন সংস্করণ",
		"Google News",
		"X (Twitter)",
		"hiring.jpg",
		"[social_share]",
		"English summary",
		"পড়ুন: বাজারে কমেছে সবজির দাম",
		"আরও খবর পড়ুন: বাজারে কমেছে সবজির দাম",
		"এই সময়-এর খবর এখন হোয়াটসঅ্যাপে। ফলো করতে ক্লিক করুন এখানে",
		"(শেয়ার বাজারে লগ্নি ঝুঁকিসাপেক্ষ। বিনিয়োগের আগে বিশেষজ্ঞের পরামর্শ নিন।)",
	}
	for _, line := range lines {
		got := bengali.Clean([]string{newsOne, newsTwo, line, newsThree, newsFour})
		if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree, newsFour), got.Paragraphs); diff != "" {
			// Some stand only at the end of an article.
			got = bengali.Clean([]string{newsOne, newsTwo, newsThree, newsFour, line})
			if !slices.Equal(normalized(newsOne, newsTwo, newsThree, newsFour), got.Paragraphs) {
				t.Errorf("%q stays, neither cut inside nor at the end", line)
			}
		}
	}
}

func TestCleanTakesOffTheTail(t *testing.T) {
	tails := []string{
		"দেশ, দুনিয়া, রাজ্য, কলকাতা, বিনোদন, খেলা, লাইফস্টাইল স্বাস্থ্য, প্রযুক্তির টাটকা খবর, আপডেট এবং ভিডিয়ো পেতে ডাউনলোড-লাইক-ফলো-সাবস্ক্রাইব করুন আমাদের App Facebook Whatsapp Channel X (Twitter) Youtube Instagram পেজ-চ্যানেল",
		"চোখ রাখুন Zee5 অ্যাপ",
		"দেখে নিন সব খবর শুধুমাত্র জি ২৪ ঘণ্টা ডিজিটালে",
		"দেখুন বাংলা নিউজ ভিডিও (Watch Bangla News Video)৷",
		"আপনার পছন্দের খবর আর আপডেট এখন পাবেন আপনার পছন্দের চ্যাটিং প্ল্যাটফর্মেও। যুক্ত হোন ABP Ananda হোয়াটস অ্যাপ চ্যানেলে।",
		"আপনার পছন্দের খবর আর আপডেট এখন হোয়াটস অ্যাপ চ্যানেলে",
		"খবরের টাটকা আপডেট পেতে ফলো করুন Google News",
		"সম্পর্কিত বিষয়: আগুন, কারওয়ান বাজার",
		"এসিবি/ কেএম (এপি, এএফপি, ডিপিএ)",
		"/এসএসজেড/এমএস/",
		"এই প্রতিবেদনের কিছু তথ্য এপি ও এএফপি থেকে নেওয়া হয়েছে।",
		"(Disclaimer: এই প্রতিবেদনটি সাধারণ তথ্যের জন্য, প্রয়োগের আগে চিকিৎসকের পরামর্শ নিন।)",
		"বি.দ্র.: এই লেখার তথ্য সাধারণ জ্ঞানের ভিত্তিতে। প্রয়োগের আগে বিশেষজ্ঞের পরামর্শ নিন।",
		"এই সময় ডিজিটাল এখন টেলিগ্রামেও। সাবস্ক্রাইব করুন, থাকুন সবসময় আপডেটেড। জাস্ট এখানে ক্লিক করুন - https://t.me/example",
		"ফোন : ০১৭১১০০০০০০ বিজ্ঞাপন : ০১৭১১০০০০০১ ই-মেইল: news@example.com",
		"লেখক: অধ্যাপক, ঢাকা বিশ্ববিদ্যালয়",
		"টিটি/এমএএইচ/",
		"এমএএস/একিউএফ/এমএস",
		"ঢাকা/আমিনুল",
		"ঢাকা/নঈমুদ্দীন/সাইফ",
		"এমএমএম",
		"রয়টার্স।",
		"খবর বিবিসির।",
		"সংবাদ বিজ্ঞপ্তি।",
		"ছবি: সংগৃহীত",
		"বিস্তারিত…",
		"বিস্তারিত আসছে……",
		"বিস্তারিত পড়ুন...",
		"পাঠকপ্রিয় অনলাইন নিউজ পোর্টাল জাগোনিউজ২৪.কমে লিখতে পারেন আপনিও। লেখার বিষয় ফিচার, ভ্রমণ, লাইফস্টাইল।",
		"এখানে প্রকাশিত প্রতিবেদন স্বয়ংক্রিয় পদ্ধতির মাধ্যমে অনুদিত",
		"সূত্র : বাসস",
		"সোর্স: রয়টার্স",
		"বাংলাদেশ সময়: ১৮০০ ঘণ্টা, ডিসেম্বর ২৭, ২০২৫",
		"বিডি প্রতিদিন/আরাফাত",
		"(ঢাকাটাইমস/০৫ অক্টোবর/এমআর)",
		"সময়ের আলো/আরএস/",
	}
	for _, tail := range tails {
		for _, paragraphs := range [][]string{
			{newsOne, newsTwo, newsThree, tail},
			{newsOne, newsTwo, newsThree + " " + tail},
			{newsOne, newsTwo, newsThree + tail},
		} {
			got := bengali.Clean(paragraphs)
			if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
				t.Errorf("%q stays\n%s", tail, diff)
			}
		}
	}
}

// Sentences of real reporting that use the words of the lexicon. Each must come
// through as it is, as a paragraph, in the middle and at the end.
var honest = []string{
	"হোয়াটসঅ্যাপে চ্যাট লক করতে প্রথমে সেটিংসে গিয়ে প্রাইভেসি অপশনে ক্লিক করুন।",
	"এরপর ‘চ্যানেল’ ট্যাবে গিয়ে পছন্দের চ্যানেল ফলো করুন।",
	"অপশনে ক্লিক করুন, তারপর পাসওয়ার্ড দিন।",
	"ইউটিউব চ্যানেল খুলতে গুগল অ্যাকাউন্ট থাকতে হয়।",
	"ইউটিউবে নতুন সুবিধা এসেছে, যাতে নির্মাতারা সহজে সাবস্ক্রাইবার বাড়াতে পারবেন।",
	"ছবি দেখে পুলিশ তাঁকে শনাক্ত করে।",
	"ছবি মুক্তির প্রথম দিনেই আয় হয়েছে দশ কোটি টাকা।",
	"ছবিটি পরিচালনা করেছেন সৃজিত মুখোপাধ্যায়।",
	"ফাইল ছবি ব্যবহার করা হয়েছে বলে অভিযোগ করেন তিনি।",
	"বিস্তারিত আলোচনার পর সিদ্ধান্ত নেওয়া হবে বলে জানান মন্ত্রী।",
	"বিস্তারিত তথ্য পরে জানানো হবে বলে বিজ্ঞপ্তিতে উল্লেখ করা হয়।",
	"তিনি এ বিষয়ে কোনো মন্তব্য করতে রাজি হননি।",
	"মন্তব্য করুন বা না করুন, সিদ্ধান্ত বদলাবে না বলে জানান তিনি।",
	"সূত্র জানায়, আহতদের মধ্যে দুজনের অবস্থা আশঙ্কাজনক।",
	"সূত্রের খবর, আগামী সপ্তাহেই তালিকা প্রকাশ হবে।",
	"পুলিশ সূত্রে জানা গেছে, নিহতের বাড়ি বরিশালে।",
	"বিজ্ঞাপন থেকে আয় কমেছে ফেসবুকের।",
	"বিজ্ঞাপন বন্ধের দাবিতে তাঁরা মানববন্ধন করেন।",
	"শেয়ার করুন বা না করুন, ভুয়া খবর চেনা সবার দায়িত্ব।",
	"শেয়ার বাজারে আজ সূচক কমেছে ৩০ পয়েন্ট।",
	"তিনি দলে যোগ দিন, এমনটাই চান কর্মীরা।",
	"শিক্ষার্থীদের আরও পড়ুন, আরও জানুন বলে উৎসাহ দেন তিনি।",
	"আরও দেখুন কী হয়, বলে হাসলেন কোচ।",
	"আরও খবর আসছে সীমান্তের ওপার থেকে, তবে তা যাচাই করা যায়নি।",
	"কপিরাইট আইন নিয়ে সংসদে আলোচনা হয়েছে।",
	"আবেদনের জন্য মন্ত্রণালয়ের ওয়েবসাইটে গিয়ে নিবন্ধন করুন।",
	"টেলিগ্রাম গ্রুপে যুক্ত হয়ে প্রতারণার শিকার হয়েছেন অনেকে।",
	"ফেসবুক পেজে লাইক বাড়ানোর নামে প্রতারণা চলছে।",
	"গুগল নিউজ থেকে সংবাদ সরিয়ে নেওয়ার হুমকি দিয়েছে প্রতিষ্ঠানটি।",
	"লাইভ আপডেট দেওয়ার সময় সাংবাদিকের ওপর হামলা হয়।",
	"প্রতিবেদন জমা দেওয়ার সময় বাড়িয়েছে আদালত।",
	"বিবিসি ও রয়টার্সের সাংবাদিকেরা সেখানে ছিলেন।",
	"সংবাদ বিজ্ঞপ্তিতে বলা হয়, কারখানাটি দুই দিন বন্ধ থাকবে।",
	"চোখ রাখুন রাস্তায়, কান খোলা রাখুন—চালকদের এই পরামর্শ দেন তিনি।",
	"নিজের ফোন নম্বর ও ই-মেইল কাউকে দেবেন না।",
	"‘খবর পেতে এখানে ক্লিক করুন’ লেখা লিংকে ক্লিক করে টাকা হারিয়েছেন তিনি।",
	"সতর্কতা জারি করে আবহাওয়া দপ্তর জানিয়েছে, আজ ঝড় হতে পারে।",
	"লেখক হিসেবে তিনি পরিচিত ছিলেন দুই বাংলায়।",
	"তিনি বলেন, “আমাদের পেজে লাইক দিন, এমন অনুরোধ আমি করি না।”",
	"আজ দুপুর ১/২ ঘণ্টা বিদ্যুৎ ছিল না।",
	"এরপর হোয়াটসঅ্যাপ গ্রুপে যোগ দিন।",
	"ধাপ ৩: টেলিগ্রাম চ্যানেলে জয়েন করুন।",
	"তারপর গ্রুপে যুক্ত হতে এখানে ক্লিক করুন।",
	"ভিডিও দেখুন বা না দেখুন, ঘটনা সত্য বলে জানায় পুলিশ।",
	"পরবর্তী খবর না পাওয়া পর্যন্ত স্কুল বন্ধ থাকবে।",
	"ফেসবুকে খবর পড়ুন যাচাই করে, এই পরামর্শ বিশেষজ্ঞদের।",
	"মতামত দিন শেষে তা পর্যালোচনা করবে কমিশন।",
	"দলে নারী/পুরুষ উভয়েরই সমান সুযোগ রাখা হয়েছে।",
	"প্রকাশক সমিতির সভাপতি বলেন, বই বিক্রি বেড়েছে।",
	"সৌজন্য সাক্ষাতে দুই দেশের সম্পর্ক নিয়ে আলোচনা হয়।",
	"এক ঘণ্টার লাইভে এসে তিনি ক্ষমা চান।",
	"ছবির উৎস, সময় ও স্থান যাচাই না করে তা ছাপা হয়।",
	"সবার আগে পড়ুন নিয়মাবলি, তারপর আবেদন করুন, বলেন তিনি।",
	"পুলিশের হোয়াটসঅ্যাপ নম্বরে অভিযোগ জানাতে পারবেন সাধারণ মানুষ।",
	"হোয়াটসঅ্যাপে আসা অচেনা লিংকে ক্লিক করবেন না, সতর্ক করেছে পুলিশ।",
	"সরকারি ইউটিউব চ্যানেলে বাজেট ভাষণ সরাসরি দেখানো হবে।",
	"বিস্তারিত জানতে কমিশনের ওয়েবসাইট দেখতে বলা হয়েছে ভোটারদের।",
	"লাইব্রেরিতে বসে আরও পড়ুন, আরও জানুন—এই স্লোগান নিয়ে মেলা শুরু হয়েছে।",
	"অ্যাপটি ডাউনলোড করুন প্লে স্টোর থেকে, তারপর নিজের নম্বর দিয়ে লগ ইন করুন।",
	"সঙ্গে থাকুন, পাশে থাকুন—সমর্থকদের এই বার্তাই দিলেন অধিনায়ক।",
	"বিবিসি বাংলাকে তিনি বলেন, গ্রামে আর ফিরতে চান না।",
	"টাটকা সবজির দাম কমেছে, জানালেন বিক্রেতারা।",
	"গুগল ম্যাপে ঠিকানা খুঁজে পেতে নিচের মেনু থেকে ‘শেয়ার’ বেছে নিন।",
	"সভায় ছিলেন তিন মন্ত্রী (শিক্ষা, খাদ্য ও পূর্ত)। পরে তাঁরা ফিরে যান।",
	"আবেদন করতে এখানে ক্লিক করার পর মোবাইল নম্বর দিতে হবে।",
	"ফোন: এই একটি জিনিসই তাঁর সংসার চালায়, জানালেন মিস্ত্রি।",
	"ছবি: এই শব্দেই তাঁর জীবন বদলে যায়, জানালেন শিল্পী।",
	"যোগাযোগ ব্যবস্থা ভেঙে পড়েছে তিন উপজেলায়।",
	"বিষয়টি নিয়ে আলোচনা চলছে বলে জানান সচিব।",
	"সম্পর্কিত সব নথি আদালতে জমা দিতে বলা হয়েছে।",
	"ট্যাগ লাগানো কচ্ছপটি তিন বছর পর ফিরে এসেছে।",
	"কম ডেটা খরচ করে ভিডিও দেখার সুবিধা এনেছে ইউটিউব।",
	"মতামত জানাতে নাগরিকদের ১৫ দিন সময় দিয়েছে কমিশন।",
	"ফলো করুন তাঁর পথ, তরুণদের বললেন উপাচার্য।",
	"আরও পড়ুন, আরও জানুন, আরও ভাবুন।",
	"শেয়ার বাজারে লগ্নি ঝুঁকিসাপেক্ষ, সতর্ক করলেন বিশেষজ্ঞেরা।",
	"জনপ্রিয় হয়ে উঠেছে এই মেলা।",
	"সর্বশেষ জনশুমারিতে জেলার জনসংখ্যা ছিল ২৮ লাখ।",
	"দলের সব খবর এখন হোয়াটসঅ্যাপে আসে না, বললেন কর্মীরা।",
	"এই সময় বাজারে ইলিশের জোগান বাড়ে।",
	"পড়ুন বা না পড়ুন, বইটি কিনেছেন সবাই।",
	"পেজ রিফ্রেশ করুন, তারপর লগ ইন করুন।",
	"দুপুর ২টা: শহরের সব দোকান বন্ধ হয়ে যায়।",
	"সরকারি সব সেবা এখন হোয়াটসঅ্যাপেও।",
	"গুজবের সব খবর আসছিল টেলিগ্রাম চ্যানেলে।",
	"আবেদনের ফরম পেতে ভিজিট করুন www.example.gov.bd",
	"সন্দেহজনক পোস্ট এড়িয়ে যান।",
	"সতর্কীকরণ: নদীর পাড়ে কেউ যাবেন না, মাইকে বলছিল প্রশাসন।",
	"এই প্রতিবেদনের তথ্য সরকারি নথি থেকে নেওয়া হয়েছে বলে দাবি সংস্থার।",
	"এই প্রতিবেদনে দেওয়া তথ্য অনুযায়ী দুর্ঘটনা বেড়েছে ১২ শতাংশ।",
	"প্রকাশ: বইটির এই একটি কাজই বাকি ছিল, বললেন লেখক।",
	"#মিটু আন্দোলনের পর বদলেছে আইন।",
	"ইনস্টাগ্রামে তাঁর পোস্ট দেখে চমকে যান ভক্তেরা।",
	"পুলিশ ও প্রশাসন: দুই পক্ষই জানিয়েছে, তদন্ত চলছে।",
	"ছবির মতো গ্রাম: এই নামেই তাঁকে চেনেন পর্যটকেরা।",
	"এই লেখা শুধু শিশুদের জন্য নয়, বললেন সম্পাদক।",
}

func TestCleanLeavesHonestSentencesAlone(t *testing.T) {
	for _, sentence := range honest {
		for _, paragraphs := range [][]string{
			{newsOne, sentence, newsTwo, newsThree, newsFour},
			{newsOne, newsTwo, newsThree, newsFour, sentence},
			{newsOne, newsTwo, newsThree, newsFour + " " + sentence},
			{newsOne, newsTwo + " " + sentence + " " + newsThree, newsFour},
			{sentence + " " + newsOne, newsTwo, newsThree},
		} {
			got := bengali.Clean(paragraphs)
			if len(got.Dropped) > 0 || !slices.Equal(got.Paragraphs, normalized(paragraphs...)) {
				t.Errorf("cut %q", got.Dropped)
			}
		}
	}
}

func TestCleanReadsDatelinesAndBylines(t *testing.T) {
	tests := []struct{ before, place, byline string }{
		{"নয়া দিল্লি:", "নয়া দিল্লি", ""},
		{"কলকাতাঃ", "কলকাতা", ""},
		{"ঢাকা, ৫ অক্টোবর:", "ঢাকা", ""},
		{"ঢাকা, ৫ অক্টোবর (বাসস) -", "ঢাকা", ""},
		{"নিজস্ব প্রতিবেদন:", "", "নিজস্ব প্রতিবেদন"},
		{"নিজস্ব প্রতিনিধি, রায়গঞ্জ:", "রায়গঞ্জ", "নিজস্ব প্রতিনিধি, রায়গঞ্জ"},
		{"উত্তর ২৪ পরগনা, রুদ্র নারায়ণ রায়:", "উত্তর ২৪ পরগনা", "উত্তর ২৪ পরগনা, রুদ্র নারায়ণ রায়"},
		{"অনলাইন ডেস্ক :", "", "অনলাইন ডেস্ক"},
		{"এই সময়, কলকাতা:", "কলকাতা", ""},
		{"আগরতলা, ২১ আগস্ট।।", "আগরতলা", ""},
		{"আজকাল ওয়েবডেস্ক:", "", "আজকাল ওয়েবডেস্ক"},
		{"সুনীপা চক্রবর্তী, ঝাড়গ্রাম:", "ঝাড়গ্রাম", "সুনীপা চক্রবর্তী, ঝাড়গ্রাম"},
		{"মিল্টন সেন, হুগলি, ১৮ অক্টোবর:", "হুগলি", "মিল্টন সেন, হুগলি, ১৮ অক্টোবর"},
		{"সংবাদদাতা, কাটোয়া:", "কাটোয়া", "সংবাদদাতা, কাটোয়া"},
		{"#কলকাতা:", "কলকাতা", ""},
		{"শ্রীপুর (গাজীপুর) প্রতিনিধি:", "শ্রীপুর", "শ্রীপুর (গাজীপুর) প্রতিনিধি"},
		{"রাজশাহী ব্যুরো ॥", "রাজশাহী", "রাজশাহী ব্যুরো"},
		{"বাংলাহান্ট ডেস্কঃ", "", "বাংলাহান্ট ডেস্ক"},
		{"সবার খবর, টেক ডেস্ক:", "", "সবার খবর, টেক ডেস্ক"},
		{"জি ২৪ ঘণ্টা ডিজিটাল ব্যুরো:", "", "জি ২৪ ঘণ্টা ডিজিটাল ব্যুরো"},
		{"দ্য\u09CD\u09AF\u09BC ওয়াল ব্\u09AF\u09BCুরো:", "", "দ্য\u09CD\u09AF ওয়াল ব্যুরো"},
		{"ABP Ananda Live:", "", "ABP Ananda Live"},
		{"অন্য দুনিয়া ডেস্ক ||", "", "অন্য দুনিয়া ডেস্ক"},
		{"নিজস্ব সংবাদদাতা, গোসাবা:", "গোসাবা", "নিজস্ব সংবাদদাতা, গোসাবা"},
		{"নিজস্ব সংবাদদাতা, বেলেঘাটাপুল:", "বেলেঘাটাপুল", "নিজস্ব সংবাদদাতা, বেলেঘাটাপুল"},
		{"স্টাফ রিপোর্টার, চর ধুলাসার –", "", "স্টাফ রিপোর্টার, চর ধুলাসার"},
		{"ফুলিয়া:", "ফুলিয়া", ""},
		{"হরিরামপুর:", "হরিরামপুর", ""},
		{"চরবাগডাঙা, ১২ জুলাই:", "চরবাগডাঙা", ""},
		{"জাবি প্রতিনিধি ।", "জাবি", "জাবি প্রতিনিধি"},
	}
	for _, test := range tests {
		got := bengali.Clean([]string{test.before + " " + newsOne, newsTwo, newsThree})
		if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
			t.Errorf("%q stays\n%s", test.before, diff)
		}
		if want := bengali.Normalize(test.place); got.Dateline != want {
			t.Errorf("%q: place %q, not %q", test.before, got.Dateline, want)
		}
		if want := bengali.Normalize(test.byline); got.Byline != want {
			t.Errorf("%q: byline %q, not %q", test.before, got.Byline, want)
		}
	}
	for _, line := range []string{
		"নিজস্ব প্রতিবেদক, ঢাকা", "স্টাফ রিপোর্টার", "জ্যেষ্ঠ প্রতিবেদক", "যুগান্তর প্রতিবেদন", "কিশোরগঞ্জ প্রতিনিধি ||", "বগুড়া ব্যুরো", "আন্তর্জাতিক ডেস্ক",
		"ঢাকা সোমবার, ২৯ ডিসেম্বর ২০২৫ স্পোর্টস ডেস্ক প্রকাশ: ২৭ ডিসেম্বর ২০২৫ | ১৮:০০", "প্রকাশ: ২৭ ডিসেম্বর ২০২৫ | ১৮:০০",
	} {
		got := bengali.Clean([]string{line, newsOne, newsTwo, newsThree})
		if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
			t.Errorf("%q stays\n%s", line, diff)
		}
	}
}

func TestCleanKeepsSpeakersRoadsAndLists(t *testing.T) {
	for _, paragraphs := range [][]string{
		{"প্রধানমন্ত্রী বলেন: " + newsOne, newsTwo},
		{"মমতা: " + newsOne, newsTwo},
		{"নিজস্ব প্রতিবেদক, তিনি বলেন, আমরা: " + newsOne, newsTwo},
		{"সতর্কতা: " + newsOne, newsTwo},
		{"মাঝি: " + newsOne, newsTwo},
		{"প্রতিবেদক: " + newsOne, newsTwo},
		{"ঢাকা-চট্টগ্রাম মহাসড়কে " + newsOne, newsTwo},
		{"ঢাকা – চট্টগ্রাম রুটে " + newsOne, newsTwo},
		{"ঢাকা: আকাশ মেঘলা থাকবে, বৃষ্টি হতে পারে।", "খুলনা: আকাশ পরিষ্কার থাকবে সারা দিন।", "সিলেট: ভারী বৃষ্টির সম্ভাবনা রয়েছে আজ।"},
		{"ভারত: ২৫০ রান তুলেছে তারা, উইকেট গেছে পাঁচটি মাত্র।", newsTwo},
	} {
		got := bengali.Clean(paragraphs)
		if diff := cmp.Diff(normalized(paragraphs...), got.Paragraphs); diff != "" {
			t.Errorf("cut %q", got.Dropped)
		}
	}
}

func TestCleanCutsLinksThatLostTheirLines(t *testing.T) {
	tests := []struct{ in, want string }{
		{newsOne + " আরও পড়ুন: কাকে দেখতে চায় বাংলা? " + newsTwo, newsOne + " " + newsTwo},
		{newsOne + " আরও পড়ুন: বাজারে কমেছে সবজির দাম", newsOne},
		{newsOne + " Also Read: সবজির দাম কমেছে", newsOne},
		{newsOne + " (আরও পড়ুন: বাজারে কমেছে সবজির দাম) " + newsTwo, newsOne + " " + newsTwo},
		{strings.TrimSuffix(newsOne, "।") + " [আরও পড়ুন: বাজারে কমেছে সবজির দাম]।", newsOne},
	}
	for _, test := range tests {
		got := bengali.Clean([]string{test.in, newsThree, newsFour})
		if diff := cmp.Diff(normalized(test.want, newsThree, newsFour), got.Paragraphs); diff != "" {
			t.Error(diff)
		}
	}
}

func TestThePictureCaptionGoesWithItsCredit(t *testing.T) {
	caption := "আগুন নেভাচ্ছেন দমকলের কর্মীরা। আজ শুক্রবার সকালে। ছবি: সাজিদ হোসেন"
	got := bengali.Clean([]string{caption, newsOne, newsTwo, newsThree})
	if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
	got = bengali.Clean([]string{newsOne, newsTwo + " ছবি: সাজিদ হোসেন", newsThree + newsFour})
	if got.Paragraphs[0] != bengali.Normalize(newsOne) {
		t.Errorf("%q", got.Paragraphs)
	}
}

func TestTheWriterIsCutAtBothEnds(t *testing.T) {
	got := bengali.Clean([]string{"রাশেদা চৌধূরী", newsOne, newsTwo, newsThree, newsFour, "রাশেদা চৌধূরী: সাবেক উপদেষ্টা ও গণসাক্ষরতা অভিযানের নির্বাহী পরিচালক"})
	if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree, newsFour), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
	got = bengali.Clean([]string{"মথুরাপুর, নবাব মল্লিক: " + newsOne, newsTwo, newsThree, newsFour, "নবাব মল্লিক"})
	if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree, newsFour), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
}

func TestLinesBehindALinkAreOfTheArticle(t *testing.T) {
	paragraphs := []string{newsOne, "সংক্ষিপ্ত স্কোর", "বাংলাদেশ: ২০ ওভারে ১৩৮/৭", newsTwo, newsThree}
	got := bengali.Clean(slices.Insert(slices.Clone(paragraphs), 1, "আরও পড়ুন: বাজারে কমেছে সবজির দাম"))
	if diff := cmp.Diff(normalized(paragraphs...), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
}

func TestAQuestionBehindALinkIsOfTheArticle(t *testing.T) {
	const question = "তাহলে কি এই আগুন ঠেকানো যেত না?"
	got := bengali.Clean([]string{newsOne, "আরও পড়ুন: বাজারে কমেছে সবজির দাম", question, newsTwo})
	if diff := cmp.Diff(normalized(newsOne, question, newsTwo), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
}

func TestCleanCutsListsAndBlocks(t *testing.T) {
	want := normalized(newsOne, newsTwo, newsThree)
	for _, paragraphs := range [][]string{
		{newsOne, "আরও পড়ুন", "বাজারে কমেছে সবজির দাম", "টানা বৃষ্টিতে ডুবল শহর", newsTwo, newsThree},
		{newsOne, "বিবিসি বাংলায় আরো পড়তে পারেন:", "বাজারে কমেছে সবজির দাম", "কেন কমছে না চালের দাম?", newsTwo, newsThree},
		{newsOne, "বিবিসি বাংলার অন্যান্য খবর:", "বাজারে কমেছে সবজির দাম", newsTwo, newsThree},
		{newsOne, "Skip সর্বাধিক পঠিত and continue reading", "বাজারে কমেছে সবজির দাম", "সর্বাধিক পঠিত", "টানা বৃষ্টি", "End of সর্বাধিক পঠিত", newsTwo, newsThree},
	} {
		if diff := cmp.Diff(want, bengali.Clean(paragraphs).Paragraphs); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCleanRemembersWhatItCutSays(t *testing.T) {
	got := bengali.Clean([]string{
		"সতর্কতা: এই প্রতিবেদনের কিছু বিষয়বস্তু পাঠকের অস্বস্তির কারণ হতে পারে",
		newsOne, newsTwo, newsThree, newsFour + " সূত্র : বাসস", "সংবাদ বিজ্ঞপ্তি।", "বিস্তারিত আসছে…",
	})
	if !got.Warning || !got.PressRelease || !got.Developing || got.Source != "বাসস" {
		t.Errorf("warning %v, press release %v, developing %v, source %q", got.Warning, got.PressRelease, got.Developing, got.Source)
	}
}

func TestCleanLeavesTextOfWhichTooMuchWouldGo(t *testing.T) {
	in := []string{newsOne}
	for range 6 {
		in = append(in, "আরও পড়ুন: "+newsTwo[:len(newsTwo)/2-1])
	}
	got := bengali.Clean(in)
	if !got.Overcut || len(got.Paragraphs) != len(in) || len(got.Dropped) == 0 || !slices.Equal(got.Rest, normalized(newsOne)) {
		t.Errorf("overcut %v, %d paragraphs, %d cuts", got.Overcut, len(got.Paragraphs), len(got.Dropped))
	}
}

func TestCleanFreesShortTeasers(t *testing.T) {
	got := bengali.Clean([]string{"কারওয়ান বাজারে আগুনে পুড়েছে দশ দোকান।", "সর্বশেষ খবর পেতে Google News ফিড ফলো করুন"})
	if diff := cmp.Diff(normalized("কারওয়ান বাজারে আগুনে পুড়েছে দশ দোকান।"), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
}

func TestCleanDropsRepetitionsAndKnowsTheStandfirst(t *testing.T) {
	stand := "ভোরের আগুনে পুড়ে গেছে কারওয়ান বাজারের দশটি দোকান।"
	got := bengali.Clean([]string{stand, newsOne + " " + stand, newsTwo, newsOne})
	if diff := cmp.Diff(normalized(stand, newsOne, newsTwo), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
	if got.Standfirst != 1 {
		t.Error("the repeated first paragraph is no standfirst")
	}
	if got := bengali.Clean([]string{stand, "ঢাকা: " + newsOne, newsTwo}); got.Standfirst != 1 {
		t.Error("the paragraph before the dateline is no standfirst")
	}
	if got := bengali.Clean([]string{newsOne, newsTwo, newsThree}); got.Standfirst != 0 {
		t.Error("an ordinary first paragraph is a standfirst")
	}
}

func TestCleanDropsAnEnglishPrecis(t *testing.T) {
	english := "A fire at a market in Dhaka destroyed at least ten shops early on Friday."
	got := bengali.Clean([]string{newsOne, newsTwo, newsThree + " " + english})
	if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
	again := "The fire was brought under control in an hour."
	for _, paragraphs := range [][]string{
		{english, newsOne, newsTwo, newsThree},
		{english, again, newsOne, newsTwo, newsThree},
		{english + " " + newsOne, newsTwo, newsThree},
	} {
		got = bengali.Clean(paragraphs)
		if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
			t.Error(diff)
		}
	}
	got = bengali.Clean([]string{newsOne, english, newsTwo})
	if len(got.Dropped) != 0 {
		t.Error("English is cut from between Bengali paragraphs")
	}
	got = bengali.Clean([]string{english, "The minister visited the market in the morning with his staff."})
	if len(got.Dropped) != 0 {
		t.Error("English is cut from an English article")
	}
}

func TestCleanSeeds(t *testing.T) {
	tests := []struct {
		file       string
		sentences  int
		dateline   string
		standfirst int
		forbidden  []string
	}{
		{"whatsapp-outage-2021-10.txt", 20, "", 0, []string{"ক্লিক করুন"}},
		{"whatsapp-outage-2021-03.txt", 14, "নয়া দিল্লি", 1, []string{"আরও পড়ুন", "Opinion Poll", "নয়া দিল্লি:"}},
	}
	for _, test := range tests {
		b, err := os.ReadFile("testdata/" + test.file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(string(b), "\n")
		got := bengali.Clean([]string{body})
		text := strings.Join(got.Paragraphs, "\n")
		if n := len(bengali.Sentences(text)); n != test.sentences {
			t.Errorf("%s: %d sentences, not %d", test.file, n, test.sentences)
		}
		for _, phrase := range test.forbidden {
			if strings.Contains(text, bengali.Normalize(phrase)) {
				t.Errorf("%s: %q stays", test.file, phrase)
			}
		}
		if got.Dateline != bengali.Normalize(test.dateline) || got.Standfirst != test.standfirst || got.Overcut {
			t.Errorf("%s: dateline %q, standfirst %d, overcut %v", test.file, got.Dateline, got.Standfirst, got.Overcut)
		}
	}
}

func TestOperatorsRulesCutLikeTheBuiltIn(t *testing.T) {
	literal, err := bengali.NewRule("own-footer", bengali.Line|bengali.Tail, "আমাদের সময় অনলাইন … সংস্করণ")
	if err != nil {
		t.Fatal(err)
	}
	expression, err := bengali.NewRule("own-code", bengali.Suffix, `/(?:প্রকাশক|মুদ্রক) [0-9]+/`)
	if err != nil {
		t.Fatal(err)
	}
	head, err := bengali.NewRule("own-head", bengali.Head, "রাতের খবরের পাতা")
	if err != nil {
		t.Fatal(err)
	}
	got := bengali.Clean([]string{"রাতের খবরের পাতা", newsOne, newsTwo + " প্রকাশক ১২", newsThree, "আমাদের সময় অনলাইন প্রভাতী সংস্করণ"}, literal, expression, head)
	if diff := cmp.Diff(normalized(newsOne, newsTwo, newsThree), got.Paragraphs); diff != "" {
		t.Error(diff)
	}
	var ids []string
	for _, cut := range got.Dropped {
		ids = append(ids, cut.Rule)
	}
	slices.Sort(ids)
	if diff := cmp.Diff([]string{"own-code", "own-footer", "own-head"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestOneRuleCutsOneLongParagraphAtMost(t *testing.T) {
	rule, err := bengali.NewRule("own-long", bengali.Line, "রাজধানীর … হয়েছে")
	if err != nil {
		t.Fatal(err)
	}
	long := newsOne + " " + newsTwo // 270 runes
	got := bengali.Clean([]string{newsThree, long, newsFour, long + " ", strings.Replace(long, "দশটি", "বারোটি", 1), newsFour + newsThree + newsTwo}, rule)
	n := 0
	for _, cut := range got.Dropped {
		if cut.Rule == "own-long" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the rule cut %d long paragraphs", n)
	}
}

func TestNewRuleRefusesWhatWouldHurt(t *testing.T) {
	tests := []struct {
		id, pattern string
		scope       bengali.Scope
		want        error
	}{
		{"a", "কখ", bengali.Line, bengali.ErrRuleShort},
		{"a", strings.Repeat("কখগঘ ", 100), bengali.Line, bengali.ErrRuleLong},
		{"a", "/.*অনুষ্ঠানে.*/", bengali.Line, bengali.ErrRuleBroad},
		{"a", "/(কখগঘ/", bengali.Line, nil},
		{"", "আমাদের পাতা", bengali.Line, nil},
		{"a", "আমাদের পাতা", 0, nil},
	}
	for _, test := range tests {
		_, err := bengali.NewRule(test.id, test.scope, test.pattern)
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("rule %q %q: %v", test.id, test.pattern, err)
		}
	}
}
