package message_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/harkara/harkara/bot/message"
)

var (
	dhaka   = zone("Asia/Dhaka")
	kolkata = zone("Asia/Kolkata")

	inIndia      = message.New(message.Bengali, kolkata, message.India)
	inBangladesh = message.New(message.Bengali, dhaka, message.Bangladesh)
	inEnglish    = message.New(message.English, kolkata, message.India)
)

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// declaredKeys reads keys.go: constant name → key.
func declaredKeys(t *testing.T) map[string]message.Key {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	keys := make(map[string]message.Key)
	for _, decl := range file.Decls {
		for _, spec := range decl.(*ast.GenDecl).Specs {
			value := spec.(*ast.ValueSpec)
			text, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			keys[value.Names[0].Name] = message.Key(text)
		}
	}
	if len(keys) < 100 {
		t.Fatalf("only %d keys were found in keys.go", len(keys))
	}
	return keys
}

func TestEveryKeyHasItsTextInBothLanguagesAndNoTextIsWithoutKey(t *testing.T) {
	declared := declaredKeys(t)
	for file, texts := range map[string]string{"text.bn.ini": message.BengaliTexts, "text.en.ini": message.EnglishTexts} {
		found, err := message.ParseTexts(texts)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for name, key := range declared {
			if !found[key] {
				t.Errorf("%s has no text for %s (%s)", file, name, key)
			}
			delete(found, key)
		}
		for key := range found {
			t.Errorf("%s: %s is not declared in keys.go", file, key)
		}
	}
}

func TestKeysAreNamedAfterTheirTexts(t *testing.T) {
	for name, key := range declaredKeys(t) {
		var want strings.Builder
		for _, word := range strings.FieldsFunc(string(key), func(r rune) bool { return r == '.' || r == '_' }) {
			want.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		if name != want.String() {
			t.Errorf("%s is declared as %s, want %s", key, name, want.String())
		}
	}
}

func TestLinesAreSortedByKeyWithinTheirArea(t *testing.T) {
	for file, texts := range map[string]string{"text.bn.ini": message.BengaliTexts, "text.en.ini": message.EnglishTexts} {
		area, last, lastArea := "", "", ""
		for line := range strings.Lines(texts) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			if line[0] == '[' {
				area, last = strings.Trim(line, "[]"), ""
				if area < lastArea {
					t.Errorf("%s: area [%s] stands after [%s]", file, area, lastArea)
				}
				lastArea = area
				continue
			}
			key, _, _ := strings.Cut(line, " ")
			if !strings.HasPrefix(key, area+".") {
				t.Errorf("%s: %s stands under [%s]", file, key, area)
			}
			if key < last {
				t.Errorf("%s: %s stands after %s", file, key, last)
			}
			last = key
		}
	}
}

func TestBothLanguagesTakeTheSameArguments(t *testing.T) {
	for _, key := range declaredKeys(t) {
		bn, en := message.Arguments(message.Bengali, key), message.Arguments(message.English, key)
		if !maps.Equal(bn, en) {
			t.Errorf("%s takes %v in Bengali and %v in English", key, slices.Sorted(maps.Keys(bn)), slices.Sorted(maps.Keys(en)))
		}
	}
}

// everyText says each sentence in each language and region, with arguments that try to break it.
func everyText(t *testing.T, check func(t *testing.T, key message.Key, html string)) {
	for _, key := range declaredKeys(t) {
		for _, p := range []message.Printer{inIndia, inBangladesh, inEnglish} {
			var args []any
			for name := range message.Arguments(p.Lang(), key) {
				args = append(args, name, "ক<b>&\"x")
			}
			check(t, key, string(p.HTML(key, args...)))
		}
	}
}

func TestEveryTextIsValidTelegramHTMLWhateverItsArguments(t *testing.T) {
	everyText(t, func(t *testing.T, key message.Key, html string) {
		if _, err := parseTelegram(html); err != nil {
			t.Errorf("%s: %v in %s", key, err, html)
		}
	})
}

func TestNoTextUsesThePhraseThatIsCutFromArticles(t *testing.T) {
	for key := range declaredKeysSet(t) {
		for _, p := range []message.Printer{inIndia, inBangladesh} {
			for _, phrase := range []string{"আরও পড়ুন", "আরো পড়ুন", "সাবস্ক্রাইব"} {
				if strings.Contains(p.Text(key), phrase) {
					t.Errorf("%s says %s", key, phrase)
				}
			}
		}
	}
}

func declaredKeysSet(t *testing.T) map[message.Key]bool {
	set := make(map[message.Key]bool)
	for _, key := range declaredKeys(t) {
		set[key] = true
	}
	return set
}

func TestWhatAnswersAWrongArgumentHasARightExample(t *testing.T) {
	answers := regexp.MustCompile(`(_usage|\.usage|\.err_[a-z]+)$`)
	for key := range declaredKeysSet(t) {
		if !answers.MatchString(string(key)) {
			continue
		}
		for _, p := range []message.Printer{inIndia, inEnglish} {
			if text := string(p.HTML(key)); !strings.Contains(text, "<code>") {
				t.Errorf("%s: %s has no example: %s", p.Lang(), key, text)
			}
		}
	}
}

func TestQuotesAndBracketsAreBalancedInEveryText(t *testing.T) {
	pairs := map[rune]rune{'‘': '’', '“': '”', '(': ')'}
	for key := range declaredKeysSet(t) {
		for _, p := range []message.Printer{inIndia, inBangladesh, inEnglish} {
			text := p.Text(key)
			if strings.Contains(text, `"`) || strings.Contains(text, "'") {
				t.Errorf("%s has a typewriter's quote: %s", key, text)
			}
			if p.Lang() == message.English {
				// ’ is the apostrophe too.
				text = apostrophes(text)
			}
			for open, shut := range pairs {
				if strings.Count(text, string(open)) != strings.Count(text, string(shut)) {
					t.Errorf("%s: %c and %c do not pair in %s", key, open, shut, text)
				}
			}
		}
	}
}

func apostrophes(text string) string {
	runes := []rune(text)
	open := false
	for i, r := range runes {
		switch r {
		case '‘':
			open = true
		case '’':
			if !open || (i+1 < len(runes) && unicode.IsLetter(runes[i+1])) {
				runes[i] = '\''
			} else {
				open = false
			}
		}
	}
	return string(runes)
}

func TestNoTextHasMoreThanOneEmojiOrDigitsOfTheOtherLanguage(t *testing.T) {
	for key := range declaredKeysSet(t) {
		for _, p := range []message.Printer{inIndia, inBangladesh, inEnglish} {
			emoji := 0
			for _, r := range p.Text(key) {
				if unicode.Is(unicode.So, r) {
					emoji++
				}
				if p.Lang() == message.English && r >= '০' && r <= '৯' {
					t.Errorf("%s has Bengali digits in English", key)
				}
			}
			if emoji > 1 {
				t.Errorf("%s has %d emoji", key, emoji)
			}
		}
	}
}

func TestArgumentsAreEscapedCutAndFreedOfDirectionMarks(t *testing.T) {
	for _, test := range []struct {
		name string
		arg  any
		want string
	}{
		{"markup is escaped", `<b>"দাম" & কর</b>`, `‘&lt;b&gt;&quot;দাম&quot; &amp; কর&lt;/b&gt;’ আগে থেকেই চালু আছে।`},
		{"direction marks are dropped", "খে\u202eলা\u2066", `‘খেলা’ আগে থেকেই চালু আছে।`},
		{"line breaks become spaces", "খেলা\n\tধুলা", `‘খেলা ধুলা’ আগে থেকেই চালু আছে।`},
		{"joiners stay", "র\u200d্যাব", "‘র\u200d্যাব’ আগে থেকেই চালু আছে।"},
		{"broken UTF-8 is dropped", "খেলা\xff", `‘খেলা’ আগে থেকেই চালু আছে।`},
		{"markup of our own stays", message.HTML("<i>খেলা</i>"), `‘<i>খেলা</i>’ আগে থেকেই চালু আছে।`},
		{"numbers are grouped in Bengali digits", 1234567, `‘১২,৩৪,৫৬৭’ আগে থেকেই চালু আছে।`},
		{"a duration is said in words", 380 * time.Minute, `‘৬ ঘণ্টা ২০ মিনিট’ আগে থেকেই চালু আছে।`},
		{"a missing one is empty", nil, `‘’ আগে থেকেই চালু আছে।`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := inIndia.HTML(message.SubAlready, "topic", test.arg); string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	long := strings.Repeat("খেলা ", 10_000)
	if got := inIndia.Text(message.SubAlready, "topic", long); len([]rune(got)) > 340 {
		t.Errorf("an argument of %d runes makes a sentence of %d", len([]rune(long)), len([]rune(got)))
	}
	if got := inIndia.Text(message.SubAlready, "topic", message.Whole(long)); !strings.Contains(got, long) {
		t.Error("an argument that must be whole is cut")
	}
}

func TestWordsFollowRegionAndNumber(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{inBangladesh.Text(message.SubDone, "topic", "খেলা"), "‘খেলা’ বিষয়ের খবর চালু হলো।"},
		{inIndia.Text(message.SubDone, "topic", "খেলা"), "‘খেলা’ বিষয়ের খবর চালু হল।"},
		{inEnglish.Text(message.ErrSlow, "n", 1), "Please wait. Try again in 1 second."},
		{inEnglish.Text(message.ErrSlow, "n", int64(30)), "Please wait. Try again in 30 seconds."},
		{inIndia.Text(message.ErrSlow, "n", 30), "একটু অপেক্ষা করুন। ৩০ সেকেন্ড পরে আবার চেষ্টা করুন।"},
	} {
		if test.got != test.want {
			t.Errorf("got  %s\nwant %s", test.got, test.want)
		}
	}
}

func TestTextHasNoMarkupAndKeepsAddresses(t *testing.T) {
	m := inIndia.Say(message.PostMention, "title", message.HTML(`<a href="https://e.com/?a=1&amp;b=2">ক &lt; খ</a>`))
	if want := "আগের খবরটি না পেয়ে থাকলে: ক < খ (https://e.com/?a=1&b=2)"; m.Plain != want {
		t.Errorf("got %s, want %s", m.Plain, want)
	}
}

func TestAnUnknownKeyIsShownAsItIs(t *testing.T) {
	if got := inIndia.HTML("no.such<key>"); got != "no.such&lt;key&gt;" {
		t.Errorf("got %s", got)
	}
}

func TestFaultyCatalogueLinesAreNamed(t *testing.T) {
	for _, test := range []struct{ line, fault string }{
		{"a.b", "want key = text"},
		{"a.b =", "want key = text"},
		{"a.b = x\na.b = y", "stands twice"},
		{"a.b = {n", "without its }"},
		{"a.b = n}", "without its {"},
		{"a.b = {}", "empty"},
		{"a.b = {Name}", "argument names"},
		{"a.b = {n:x}", "two forms"},
		{"a.b = {x/y/z}", "two forms"},
	} {
		if _, err := message.ParseTexts(test.line); err == nil || !strings.Contains(err.Error(), test.fault) {
			t.Errorf("%q: got %v, want …%s…", test.line, err, test.fault)
		}
	}
}

func TestLanguageFollowsTheClientsTag(t *testing.T) {
	for tag, want := range map[string]message.Lang{
		"en": message.English, "en-GB": message.English, "EN_us": message.English,
		"bn": message.Bengali, "": message.Bengali, "hi": message.Bengali, "enm": message.Bengali,
	} {
		if got := message.LangOf(tag); got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
	}
}

func TestRegionFollowsTheSettingElseTheZone(t *testing.T) {
	for _, test := range []struct {
		setting string
		zone    *time.Location
		want    message.Region
		fails   bool
	}{
		{"", dhaka, message.Bangladesh, false},
		{"", kolkata, message.India, false},
		{"", nil, message.India, false},
		{"IN", dhaka, message.India, false},
		{" bd ", kolkata, message.Bangladesh, false},
		{"wb", kolkata, "", true},
	} {
		got, err := message.ParseRegion(test.setting, test.zone)
		if got != test.want || (err != nil) != test.fails {
			t.Errorf("%q in %v: got %q, %v", test.setting, test.zone, got, err)
		}
	}
}

// sources parses the Go files, tests aside, of the rooms that speak.
func sources(t *testing.T, visit func(path string, file *ast.File)) {
	t.Helper()
	for _, root := range []string{"../../bot", "../../cmd"} {
		if _, err := os.Stat(root); err != nil {
			continue
		}
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || d.Name() == "keys.go" {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err == nil {
				visit(path, file)
			}
			return nil // what does not parse is another test's business
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryKeyIsSaidSomewhere(t *testing.T) {
	declared := declaredKeys(t)
	used := make(map[string]bool)
	sources(t, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	})
	for name := range declared {
		if !used[name] && !strings.HasPrefix(name, "Cmd") && !strings.HasPrefix(name, "Category") {
			t.Errorf("%s is said nowhere", name)
		}
	}
}

func TestCallersNameTheArgumentsOfTheText(t *testing.T) {
	declared := declaredKeys(t)
	sources(t, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || call.Ellipsis.IsValid() {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"HTML", "Text", "Say"}, method.Sel.Name) {
				return true
			}
			name := ""
			switch key := call.Args[0].(type) {
			case *ast.SelectorExpr:
				name = key.Sel.Name
			case *ast.Ident:
				name = key.Name
			}
			key, known := declared[name]
			if !known {
				return true
			}
			given := make(map[string]bool)
			for i := 1; i < len(call.Args); i += 2 {
				literal, ok := call.Args[i].(*ast.BasicLit)
				if !ok {
					return true
				}
				text, _ := strconv.Unquote(literal.Value)
				given[text] = true
			}
			if want := message.Arguments(message.Bengali, key); len(call.Args)%2 == 0 || !maps.Equal(given, want) {
				t.Errorf("%s: %s is said with %v, it takes %v", path, name, slices.Sorted(maps.Keys(given)), slices.Sorted(maps.Keys(want)))
			}
			return true
		})
	})
}
