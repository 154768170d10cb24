package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// A sought is what people search for, the forms in which articles have it, and words that look like it and are others. The
// forms are written out by hand, each once for a headline and once for a text.
type sought struct {
	queries []string
	forms   string // parted by |
	others  string
}

const (
	zwj  = "\u200d"
	zwnj = "\u200c"
)

var soughts = []sought{
	{[]string{"বই", "বইয়ের", "বইগুলো"}, "বই|বইয়ের|বইটি|বইগুলো|বইয়ে|বইটির", "বইঠা|বউ"},
	{[]string{"কর", "করের"}, "কর|করের|করও", "করে|করেন|করোনা|করিম|করবে|করিডোর"},
	{[]string{"ট্রেন", "ট্রেনে"}, "ট্রেন|ট্রেনের|ট্রেনে|ট্রেনটি|ট্রেনগুলো|ট্রেনেই", "ট্রেনিং|ট্রেন্ড"},
	{[]string{"ভারত", "ভারতের"}, "ভারত|ভারতের|ভারতকে|ভারতে|ভারতও|ভারতেরও", "ভারতীয়|ভারতী|মহাভারত"},
	{[]string{"ঢাকা", "ঢাকায়"}, "ঢাকা|ঢাকার|ঢাকা\u09df|ঢাকা\u09af\u09bc|ঢাকাতে|ঢাকাকে", "ঢাকনা|ঢাক|ঢাকেশ্বরী"},
	{[]string{"বাংলা"}, "বাংলা|বাংলার|বাংলায়|বাংলাকে", "বাংলাদেশ|বাংলো|বাঙালি"},
	{[]string{"মৃত্যু", "মৃত্যুর"}, "মৃত্যু|মৃত্যুর|মৃত্যুতে|মৃত্যুও|মৃত্যুকে", "মৃত|মৃত্যুঞ্জয়"},
	{[]string{"বিশ্ববিদ্যাল\u09df", "বিশ্ববিদ্যাল\u09af\u09bc", "বিশ্ববিদ্যালয়ের"}, "বিশ্ববিদ্যাল\u09df|বিশ্ববিদ্যাল\u09af\u09bc|বিশ্ববিদ্যাল\u09dfের|বিশ্ববিদ্যাল\u09af\u09bcে|বিশ্ববিদ্যালয়টি", "বিদ্যালয়|বিশ্ব"},
	{[]string{"ফেসবুক", "facebook"}, "ফেসবুক|ফেসবুকে|ফেসবুকের|Facebook", "ফেস|ফেসওয়াশ"},
	{[]string{"হোয়াটসঅ্যাপ", "WhatsApp", "হোয়াটস অ্যাপ"}, "হোয়াটসঅ্যাপ|হো\u09dfাটস অ্যাপ|হোয়াটসঅ্যাপে|হোয়াটস্যাপ|WhatsApp|whats app", "অ্যাপ"},
	{[]string{"র" + zwj + "্যাব", "র" + zwnj + "্যাব", "র্যাব"}, "র" + zwj + "্যাব|র" + zwnj + "্যাব|র" + zwj + "্যাবের|র" + zwnj + "্যাবকে", "র" + zwj + "্যালি|রাব"},
	{[]string{"গ্রেপ্তার", "গ্রেফতার"}, "গ্রেপ্তার|গ্রেফতার|গ্রেপ্তারের|গ্রেফতারের", "গ্রেড"},
	{[]string{"ঘণ্টা", "ঘন্টা"}, "ঘণ্টা|ঘন্টা|ঘণ্টার|ঘন্টায়", "ঘণ্টি"},
	{[]string{"শিক্ষক", "শিক্ষকদের"}, "শিক্ষক|শিক্ষকের|শিক্ষকেরা|শিক্ষকরা|শিক্ষকদের|শিক্ষককে", "শিক্ষা|শিক্ষার্থী|শিক্ষিকা"},
	{[]string{"নদী", "নদীর"}, "নদী|নদীর|নদীতে|নদীটি|নদীগুলো", "নদ|নদীয়া|নদিয়া"},
	{[]string{"সোনা"}, "সোনা|সোনার|সোনায়|সোনাও", "সোনালি|সোনারপুর|সোনিয়া"},
	{[]string{"দল", "দলের"}, "দল|দলের|দলকে|দলটি|দলে|দলগুলোর|দলও", "দলিল|দলবদল|দলিত"},
	{[]string{"পানি", "পানির"}, "পানি|পানির|পানিতে|পানিও", "পানিপথ|পান"},
	{[]string{"আদালত", "আদালতে"}, "আদালত|আদালতে|আদালতের|আদালতকে", "আদা|আদানি"},
	{[]string{"নির্বাচন"}, "নির্বাচন|নির্বাচনে|নির্বাচনের|নির্বাচনও", "নির্বাচিত|নির্বাচক"},
	{[]string{"চিকিৎসক", "চিকিত" + "্" + zwj + "সক"}, "চিকিৎসক|চিকিৎসকের|চিকিৎসকেরা|চিকিৎসকদের|চিকিত্" + zwj + "সকরা", "চিকিৎসা"},
	{[]string{"স\u09dcক", "স\u09a1\u09bcক"}, "স\u09dcক|স\u09a1\u09bcক|স\u09dcকের|স\u09a1\u09bcকে|সড়কটি", "মহাসড়ক|সর"},
	{[]string{"বাড়ি", "বাড়িতে"}, "বাড়ি|বাড়ির|বাড়িতে|বাড়িটি", "বাড়তি|বাড়ে"},
	{[]string{"মেয়ে", "মেয়েদের"}, "মেয়ে|মেয়ের|মেয়েরা|মেয়েদের|মেয়েকে", "মেয়র|মেয়াদ"},
	{[]string{"সরকার", "সরকারের"}, "সরকার|সরকারের|সরকারকে|সরকারও", "সরকারি|দরকার"},
	{[]string{"কমিশন"}, "কমিশন|কমিশনের|কমিশনকে|কমিশনও", "কমিশনার|কমিটি"},
	{[]string{"ডলার", "ডলারে"}, "ডলার|ডলারের|ডলারে", "ডলফিন"},
	{[]string{"রাজধানী"}, "রাজধানী|রাজধানীর|রাজধানীতে|রাজধানীকে", "রাজা|ধানি"},
	{[]string{"মা", "মায়ের"}, "মা|মায়ের|মাকে", "মামা|মামলা|মাছ"},
	{[]string{"তেল", "তেলের"}, "তেল|তেলের|তেলে|তেলও", "তেলেঙ্গানা|তেলুগু"},
	{[]string{"\"কলকাতা হাইকোর্ট\"", "“কলকাতা হাইকোর্টের”"}, "কলকাতা হাইকোর্ট|কলকাতা হাইকোর্টের|কলকাতা হাইকোর্টে", "কলকাতার মেলা আর হাইকোর্ট|হাইকোর্ট"},
	{[]string{"বন্যা ত্রাণ", "ত্রাণ বন্যার"}, "বন্যার পরে ত্রাণ|ত্রাণের আশায় বন্যা দুর্গত|বন্যায় ত্রাণও", "বন্যার|ত্রাণের"},
}

// scenes are what the articles say beside the words: none of the words searched for stands in them.
var scenes = []string{
	"শুক্রবার বিকেলে %s নিয়ে আলোচনা হয়েছে সভাকক্ষে।",
	"এ বছর %s প্রসঙ্গে নতুন প্রস্তাব এসেছে মন্ত্রীর কাছে।",
	"গত সপ্তাহের বৈঠকে %s সবার আগে উঠে আসে।",
	"উত্তরবঙ্গের কৃষকেরা %s বিষয়ে স্মারকলিপি দিয়েছেন।",
	"নতুন প্রজন্মের কাছে %s কতটা গুরুত্বপূর্ণ, তা দেখিয়েছে এক সমীক্ষা।",
}

// library keeps the articles, and returns for each sought the numbers of the articles that have it.
func (w *world) library() (truth []map[int]bool, articles int) {
	w.Helper()
	w.write(func(tx store.Tx) error {
		add := func(headline, text string) (int, error) {
			articles++
			at := w.now()
			a := store.Article{Headline: bengali.Normalize(fmt.Sprintf("%s (সংখ্যা %d)", headline, articles)), Text: bengali.Normalize(text), FirstSeen: at, Published: at, History: true}
			index := store.Index{Headline: bengali.Stems(a.Headline), Text: bengali.Stems(a.Text), Sounds: map[string]string{}}
			for _, stem := range slices.Concat(index.Headline, index.Text) {
				index.Sounds[stem] = bengali.Sound(stem)
			}
			return articles, tx.AddArticle(w.Context(), &a, nil, index)
		}
		for i, word := range soughts {
			found := map[int]bool{}
			for right, forms := range map[bool]string{true: word.forms, false: word.others} {
				for j, form := range strings.Split(forms, "|") {
					scene := func(k int) string { return scenes[(i+j+k)%len(scenes)] }
					inHeadline, err := add(fmt.Sprintf("আলোচনায় %s নিয়ে প্রস্তাব", form), fmt.Sprintf(scene(0), "এই প্রস্তাব"))
					if err != nil {
						return err
					}
					inText, err := add("স্মারকলিপি দিলেন কৃষকেরা", fmt.Sprintf(scene(1), "সেই দাবি")+" "+fmt.Sprintf(scene(2), form))
					if err != nil {
						return err
					}
					found[inHeadline], found[inText] = right, right
				}
			}
			truth = append(truth, found)
		}
		return nil
	})
	return truth, articles
}

var numbered = regexp.MustCompile(`সংখ্যা ([০-৯0-9]+)`)

// finds searches, turns all pages of what is found, and returns the articles' numbers.
func (p person) finds(query string) (found []int) {
	p.w.Helper()
	p.says("/search " + query)
	for {
		m := p.last()
		for _, n := range numbered.FindAllStringSubmatch(m.Words(), -1) {
			number, err := strconv.Atoi(bengali.Fold(n[1]))
			if err != nil {
				p.w.Fatal(err)
			}
			found = append(found, number)
		}
		if !hasButton(m, "পরের পাতা →") {
			return found
		}
		p.presses("পরের পাতা →")
	}
}

func hasButton(m telegramtest.Message, text string) bool {
	if m.ReplyMarkup == nil {
		return false
	}
	for _, row := range m.ReplyMarkup.Rows {
		for _, b := range row {
			if bengali.Fold(b.Text) == bengali.Fold(text) {
				return true
			}
		}
	}
	return false
}

// Goals: nothing is found that is not there (precision 1), and 95 of 100 that are (recall .95), over at least 300 articles
// and 30 queries.
func TestSearchFindsWordsInAnyFormAndNoOthers(t *testing.T) {
	w := newWorld(t)
	truth, articles := w.library()

	queries, found, right, wanted := 0, 0, 0, 0
	for i, word := range soughts {
		all := 0
		for _, is := range truth[i] {
			if is {
				all++
			}
		}
		for _, query := range word.queries {
			queries++
			wanted += all
			hits := 0
			reader := w.reader(int64(1000+queries), "পাঠক") // one who asks so much would be told to wait
			for _, number := range reader.finds(query) {
				found++
				if truth[i][number] {
					right++
					hits++
				} else {
					t.Errorf("%s finds article %d", query, number)
				}
			}
			if hits < all {
				t.Logf("%s finds %d of %d", query, hits, all)
			}
		}
	}
	if articles < 300 || queries < 30 {
		t.Errorf("only %d articles and %d queries", articles, queries)
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(wanted)
	t.Logf("%d articles, %d queries: precision %.3f, recall %.3f", articles, queries, precision, recall)
	if precision < 1 || recall < 0.95 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}

func TestSearchesSayThatMoreMatchThanAreFound(t *testing.T) {
	w := newWorld(t)
	w.write(func(tx store.Tx) error {
		for range store.MostFound {
			a := store.Article{Headline: "বন্যার খবর", FirstSeen: w.now(), Published: w.now(), History: true}
			if err := tx.AddArticle(w.Context(), &a, nil, store.Index{Headline: bengali.Stems(a.Headline)}); err != nil {
				return err
			}
		}
		return nil
	})
	reader := w.reader(501, "পাঠক")
	if answer := reader.says("/search বন্যা"); !strings.Contains(answer, "অন্তত ৩০০টি খবর") {
		t.Errorf("no word of how many there are: %s", answer)
	}
}

func TestTheBeginningOfAWordFindsItButNotASingleLetter(t *testing.T) {
	w := newWorld(t)
	w.library()
	reader := w.reader(501, "পাঠক")
	if found := reader.finds("বিশ্ববিদ্যা"); len(found) == 0 {
		t.Error("the beginning of a word finds nothing")
	}
	if found := reader.finds("ব"); len(found) > 0 {
		t.Errorf("a single letter finds %d articles", len(found))
	}
}

func TestMisspeltSearchesAreOfferedWhatWasMeant(t *testing.T) {
	w := newWorld(t)
	w.library()
	reader := w.reader(501, "পাঠক")
	for wrong, meant := range map[string]string{
		"নির্বাচণ": "নির্বাচন", "নদি": "নদী", "শরকার": "সরকার", "পানী": "পানি", "রাজধাণী": "রাজধানী", "ষরকারের": "সরকার", "কমীশন": "কমিশন",
		"বন্যা ত্রান": "বন্যা ত্রাণ", "আদালৎ": "আদালত", "সিক্ষক": "শিক্ষক",
	} {
		answer := reader.says("/search " + wrong)
		if !hasButton(reader.last(), meant) {
			t.Errorf("%s is not taken for %s: %s", wrong, meant, answer)
			continue
		}
		reader.presses(meant)
		if found := numbered.FindString(reader.last().Words()); found == "" {
			t.Errorf("%s finds nothing: %s", meant, reader.last().Words())
		}
	}
}

func TestANameThatEndsInTheWordForNewsIsSearchedForAsAWhole(t *testing.T) {
	w := newWorld(t)
	anu := w.reader(501, "অনু")
	w.publish("ভুয়া খবর ছড়িয়ে গ্রেপ্তার", w.politics)
	w.publish("ভুয়া চিকিৎসকের সাজা", w.politics)
	w.publish("ক্রিকেটের খবর জানাবে অ্যাপ", w.tech)
	w.publish("ক্রিকেটে জয়", w.politics)
	both := func(said, one, other string) {
		t.Helper()
		w.says(said, one)
		w.says(said, other)
	}

	said := anu.says("ভুয়া খবর")
	w.says(said, "ভুয়া খবর ছড়িয়ে গ্রেপ্তার")
	if strings.Contains(said, "চিকিৎসক") {
		t.Errorf("for fake news come fake doctors: %q", said)
	}
	anu.presses("ভুয়া") // the rest is one press away
	both(anu.last().Text, "ভুয়া খবর ছড়িয়ে গ্রেপ্তার", "ভুয়া চিকিৎসকের সাজা")

	both(anu.says("ভুয়া নিয়ে খবর দিন"), "ভুয়া খবর ছড়িয়ে গ্রেপ্তার", "ভুয়া চিকিৎসকের সাজা")
	both(anu.says("ক্রিকেট খবর"), "ক্রিকেটের খবর জানাবে অ্যাপ", "ক্রিকেটে জয়")
	both(anu.says("ক্রিকেটের খবর"), "ক্রিকেটের খবর জানাবে অ্যাপ", "ক্রিকেটে জয়")
	w.says(anu.says("জিরাফ খবর"), "‘জিরাফ’ নিয়ে কোনও খবর পাওয়া যায়নি")

	for i := range 9 {
		w.publish(fmt.Sprintf("ভুয়া খবর নম্বর %d", i), w.politics)
	}
	w.says(anu.says("ভুয়া খবর"), "১০টি খবর")
	anu.presses("পরের পাতা →")
	w.says(anu.last().Text, "১০টি খবর")
}
