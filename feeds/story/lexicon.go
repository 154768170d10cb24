package story

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/harkara/harkara/feeds/bengali"
)

//go:embed common.txt
var commonFile string

//go:embed places.txt
var placesFile string

// commonShares is the share of articles in which a word stands, for common words.
var commonShares = sync.OnceValue(func() map[word]float64 {
	shares := map[word]float64{}
	eachLine(commonFile, func(fields []string) {
		share, err := strconv.ParseFloat(fields[0], 64)
		if err != nil {
			panic("story: common.txt: " + err.Error()) // embedded at build time, read in every test
		}
		for _, stem := range bengali.Stems(strings.Join(fields[1:], " ")) {
			if w := wordOf(stem); shares[w] == 0 {
				shares[w] = share
			}
		}
	})
	return shares
})

// places are the stems of place names.
var places = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	eachLine(placesFile, func(fields []string) {
		for _, stem := range bengali.Stems(strings.Join(fields, " ")) {
			set[stem] = true
		}
	})
	return set
})

func eachLine(file string, f func(fields []string)) {
	for line := range strings.Lines(file) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			f(fields)
		}
	}
}

// listed makes a set of the words as bengali.Words leaves them.
func listed(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := map[string]bool{}
		for _, w := range bengali.Words(words) {
			set[w] = true
		}
		return set
	})
}

// plain are words of headlines that name nobody and no place: two headlines may
// differ in them and still tell the same.
var plain = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, s := range bengali.Stems(`নিহত নিহতের মৃত্যু মৃত মৃতের প্রাণহানি প্রাণ গেল মারা হত আহত জখম দগ্ধ গ্রেপ্তার আটক ধৃত ধরা উদ্ধার বেড়ে বাড়ল বাড়ছে কমল কমছে বন্ধ স্তব্ধ অচল বিকল চালু খুলল শুরু শেষ স্থগিত বাতিল
		ঘোষণা দাবি অভিযোগ অভিযুক্ত মামলা রায় সাজা জামিন শোক প্রয়াত প্রয়াণ চলে গেলেন আর নেই জয় জয়ী জিতল হারাল হারল হার পরাজয় ড্র শীর্ষে সেরা নতুন বড় আরও আবার ফের অবশেষে এবার এখন আজ কাল বললেন বলছেন জানাল জানালেন দিলেন দিল নিলেন নিল
		পেলেন পেল হলেন হল হলো করল করলেন করছেন করছে হচ্ছে হচ্ছেন পারেন পারে চান চায় যাচ্ছেন যাচ্ছে আসছে আসছেন নিচ্ছেন দিচ্ছেন থাকছেন থাকছে কেন কী কবে কোথায় কীভাবে সরকার সরকারি পুলিশ বাস ট্রাক ট্রেন গাড়ি লঞ্চ বিমান সড়ক দুর্ঘটনা সংঘর্ষ আগুন অগ্নিকাণ্ড
		খাদে পড়ে উল্টে ধাক্কা ধাক্কায় চাপা চাপায় শ্রমিক যাত্রী শিক্ষার্থী ছাত্র ছাত্রী নারী শিশু যুবক তরুণ বৃদ্ধ ব্যক্তি মানুষ জন টাকা দাম কোটি লাখ হাজার শতাংশ উপদেষ্টা মন্ত্রী সাবেক প্রাক্তন প্রধান নেতা নেত্রী অভিনেতা অভিনেত্রী নাট্যকার লেখক কবি শিল্পী গায়ক
		সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার রোববার সকালে দুপুরে বিকেলে সন্ধ্যায় রাতে ভোরে প্রার্থী প্রার্থিতা নির্বাচন ভোট বৈঠক সম্মেলন সভা মিছিল সমাবেশ ধর্মঘট হরতাল অবরোধ`) {
		set[s] = true
	}
	return set
})

// months are the beginnings of their names, with the spellings in use.
var months = sync.OnceValue(func() [][]string {
	var list [][]string
	for _, m := range []string{"জানুয়ার", "ফেব্রুয়ার", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট অগস্ট অগাস্ট আগষ্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর"} {
		list = append(list, bengali.Words(m))
	}
	return list
})

var weekdays = bengali.Words("রবিবার সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার")

// verbEndings tell a verb from a name.
var verbEndings = sync.OnceValue(func() []string {
	return bengali.Words("চ্ছ চ্ছে চ্ছেন ছেন লেন বেন তেন য়েছে রেছে ড়েছে ঠেছে নেছে লেছে তেই লেই ড়ল ড়ে িত ানো োর")
})

var dayparts = listed("রাত দিবাগত মধ্যরাত ভোর সকাল বেলা দুপুর বিকেল বিকাল সন্ধ্যা সন্ধে")

var numerals = sync.OnceValue(func() map[string]float64 {
	set := map[string]float64{}
	for i, w := range bengali.Words("এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো তেরো চোদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ বিশ") {
		set[w] = float64(i + 1)
	}
	for w, n := range map[string]float64{"দু": 2, "ছ": 6, "ন": 9, "চৌদ্দ": 14, "কুড়ি": 20, "একুশ": 21, "বাইশ": 22, "পঁচিশ": 25, "ত্রিশ": 30, "তিরিশ": 30, "চল্লিশ": 40, "পঞ্চাশ": 50} {
		set[bengali.Words(w)[0]] = n
	}
	return set
})

var multipliers = sync.OnceValue(func() map[string]float64 {
	set := map[string]float64{}
	for w, n := range map[string]float64{"শ": 100, "শো": 100, "শত": 100, "হাজার": 1e3, "লাখ": 1e5, "লক্ষ": 1e5, "কোটি": 1e7, "মিলিয়ন": 1e6, "বিলিয়ন": 1e9} {
		set[bengali.Words(w)[0]] = n
	}
	return set
})

// tolls are the numbers by which an event is measured, the gravest first.
var tolls = []func() map[string]bool{
	listed("নিহত নিহতের মৃত মৃতের মৃত্যু মৃত্যুর প্রাণহানি প্রাণ মারা হত"),
	listed("নিখোঁজ"),
	listed("গ্রেপ্তার গ্রেফতার আটক ধৃত ধরা"),
	listed("আহত আহতের জখম দগ্ধ"),
}

// features are headlines that return, the same words with other news each day:
// each a list of words' beginnings that stand in the headline.
var features = sync.OnceValue(func() [][]string {
	var list [][]string
	for _, f := range []string{
		"টিভি আজ", "টিভি খেলা", "রাশিফল", "রাশি ফল", "সোনা দাম", "স্বর্ণ দাম", "রুপো দাম", "পেট্রোল দাম", "ডিজেল দাম", "মুদ্রা হার", "আবহাওয়া", "নামাজ সময়", "ইতিহাস দিন", "ইতিহাস আজ",
		"লটারি ফল", "শেয়ার বাজার", "শেয়ারবাজার", "সেনসেক্স", "নিফটি", "ডিএসই সূচক", "ডেঙ্গু ২৪ ঘণ্টা", "করোনা ২৪ ঘণ্টা", "পঞ্জিকা",
	} {
		list = append(list, bengali.Words(f))
	}
	return list
})

// countries are names too, but seldom the scene: headlines are about two at once.
var countries = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, s := range bengali.Stems(`বাংলাদেশ ভারত পাকিস্তান আফগানিস্তান নেপাল ভুটান শ্রীলঙ্কা মিয়ানমার মালদ্বীপ চীন চিন জাপান কোরিয়া রাশিয়া ইউক্রেন যুক্তরাষ্ট্র আমেরিকা কানাডা যুক্তরাজ্য ব্রিটেন ইংল্যান্ড ফ্রান্স জার্মানি ইতালি স্পেন পর্তুগাল
		ব্রাজিল আর্জেন্টিনা অস্ট্রেলিয়া নিউজিল্যান্ড ইরান ইরাক ইসরায়েল ইজরায়েল ফিলিস্তিন সৌদি কাতার তুরস্ক মিশর সিরিয়া ইয়েমেন মালয়েশিয়া ইন্দোনেশিয়া সিঙ্গাপুর থাইল্যান্ড জিম্বাবুয়ে জাতিসংঘ রাষ্ট্রপুঞ্জ`) {
		set[s] = true
	}
	return set
})
