package feeds_test

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
)

// judged is an article of our own, in an outlet's manner, marked before any program had read it. In testdata/articles a line
// “=== name kind” begins one, whose kind is text or html; “T: ” is its title, “H: ” the headline an editor would print, if
// that is another. Of the other lines, one paragraph each, “- ” is to be cut and “? ” may be; ⟦…⟧ is to be cut from a line
// that stays, and ⟨…⟩ stays but belongs in no summary.
type judged struct {
	name, kind, title, headline string
	lines                       []string
}

func readJudged(t *testing.T) []judged {
	t.Helper()
	files, err := filepath.Glob("testdata/articles/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no articles", err)
	}
	var all []judged
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			line = strings.TrimRight(line, "\n")
			if name, ok := strings.CutPrefix(line, "=== "); ok {
				fields := strings.Fields(name)
				all = append(all, judged{name: fields[0], kind: fields[1]})
				continue
			}
			a := &all[len(all)-1]
			if title, ok := strings.CutPrefix(line, "T: "); ok {
				a.title, a.headline = title, title
			} else if headline, ok := strings.CutPrefix(line, "H: "); ok {
				a.headline = headline
			} else if line != "" {
				a.lines = append(a.lines, line)
			}
		}
	}
	return all
}

var (
	markedTag   = regexp.MustCompile(`<[^>]*>`)
	markedCut   = regexp.MustCompile(`⟦[^⟧]*⟧`)
	markedSaid  = regexp.MustCompile(`⟨[^⟩]*⟩`)
	markedParts = regexp.MustCompile(`(?:<br/>)+|</li>|⟦[^⟧]*⟧`)
	marks       = strings.NewReplacer("⟨", "", "⟩", "", "⟦", "", "⟧", "")
)

// bare is the text without markup, marks and white space.
func bare(s string) string {
	s = html.UnescapeString(markedTag.ReplaceAllString(s, " "))
	return strings.Join(strings.Fields(bengali.Normalize(marks.Replace(s))), "")
}

// verdict is what is to become of the pieces of an article.
func (a judged) verdict() (input, keep, cut, unsaid []string) {
	for _, line := range a.lines {
		mark := ""
		if strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "? ") {
			mark, line = line[:2], line[2:]
		}
		input = append(input, marks.Replace(line))
		switch mark {
		case "- ":
			cut = append(cut, bare(line))
			unsaid = append(unsaid, bare(line))
		case "? ":
			unsaid = append(unsaid, bare(line))
		default:
			for _, piece := range markedCut.FindAllString(line, -1) {
				cut = append(cut, bare(piece))
			}
			for _, piece := range markedSaid.FindAllString(line, -1) {
				unsaid = append(unsaid, bare(piece))
			}
			if !strings.HasPrefix(line, "<table") {
				for _, piece := range markedParts.Split(line, -1) {
					keep = append(keep, bare(piece))
				}
			}
		}
	}
	return input, keep, cut, unsaid
}

// forms are the ways in which the article may arrive.
func (a judged) forms(input []string) map[string]feeds.Item {
	page := func(text string) feeds.Item {
		return feeds.Item{Title: feeds.Text{Value: a.title}, Content: feeds.Text{Value: text, HTML: true}}
	}
	if a.kind == "html" {
		return map[string]feeds.Item{"markup on lines": page(strings.Join(input, "\n")), "markup on one line": page(strings.Join(input, ""))}
	}
	return map[string]feeds.Item{
		"lines":      feeds.ReadText([]byte(a.title + "\n" + strings.Join(input, "\n"))),
		"paragraphs": feeds.ReadText([]byte(a.title + "\r\n\r\n" + strings.Join(input, "\r\n\r\n") + " \r\n")),
		"markup":     page("<p>" + strings.Join(input, "</p><p>") + "</p>"),
		"breaks":     page(strings.Join(input, "<br>")),
	}
}

func TestArticlesOfManyOutletsAreCutAsAnEditorWould(t *testing.T) {
	articles := readJudged(t)
	if len(articles) < 60 {
		t.Fatalf("%d articles", len(articles))
	}
	for _, a := range articles {
		input, keep, cut, unsaid := a.verdict()
		for form, item := range a.forms(input) {
			for _, budget := range []int{summary.Budget, 280} {
				draft := feeds.Compose(item, budget)
				if draft.Article.Headline != bengali.Normalize(a.headline) || draft.NotNews != summary.ReasonNone || draft.Overcut || len(draft.Article.Summary) == 0 {
					t.Errorf("%s (%s): headline %q, not news %q, overcut %v, %d sentences", a.name, form, draft.Article.Headline, draft.NotNews, draft.Overcut, len(draft.Article.Summary))
				}
				text := bare(draft.Article.Text)
				for _, piece := range keep {
					if !strings.Contains(text, piece) {
						t.Errorf("%s (%s): lost %s", a.name, form, piece)
					}
				}
				for _, piece := range cut {
					said := slices.ContainsFunc(keep, func(k string) bool { return strings.Contains(k, piece) })
					if piece != "" && !said && strings.Contains(text, piece) {
						t.Errorf("%s (%s): kept %s", a.name, form, piece)
					}
				}
				for _, sentence := range draft.Article.Summary {
					for _, piece := range unsaid {
						if piece != "" && (strings.Contains(piece, bare(sentence)) || len(piece) > 30 && strings.Contains(bare(sentence), piece)) {
							t.Errorf("%s (%s): in the summary of %d: %s", a.name, form, budget, sentence)
						}
					}
				}
			}
		}
	}
}

func TestATextBrokenAtAWidthIsReadInParagraphs(t *testing.T) {
	paragraph := "রাজধানীর কারওয়ান বাজারে আজ ভোরে আগুন লেগে অন্তত দশটি দোকান পুড়ে গেছে। ফায়ার সার্ভিসের আটটি ইউনিট এক ঘণ্টার চেষ্টায় আগুন নিয়ন্ত্রণে আনে। " +
		"স্থানীয় ব্যবসায়ীরা জানান, ক্ষতির পরিমাণ কয়েক কোটি টাকা ছাড়িয়ে যেতে পারে।"
	for _, width := range []int{40, 60, 78, 100} {
		var b strings.Builder
		b.WriteString("কারওয়ান বাজারে আগুন\n")
		for range 2 {
			column := 0
			for _, word := range strings.Fields(paragraph) {
				n := len([]rune(word))
				if column > 0 && column+1+n > width {
					b.WriteByte('\n')
					column = 0
				} else if column > 0 {
					b.WriteByte(' ')
					column++
				}
				b.WriteString(word)
				column += n
			}
			b.WriteString("\n\n")
		}
		got := feeds.Paragraphs(feeds.ReadText([]byte(b.String())).Content)
		if len(got) != 2 || got[0].Text != paragraph || got[1].Text != paragraph {
			t.Errorf("width %d: %v", width, got)
		}
	}
}

func TestShortLinesBeforeAnArticleAreNoBrokenText(t *testing.T) {
	lines := []string{"নিজস্ব প্রতিবেদক", "ঢাকা", "প্রকাশ: ৭ জুন ২০২৩", "বিশেষ আয়োজন", "রাজধানীতে আজ ভোরে আগুন লেগে অন্তত দশটি দোকান পুড়ে গেছে।", "দল", "বাংলাদেশ", "ভারত", "নেপাল"}
	got := feeds.Paragraphs(feeds.ReadText([]byte("শিরোনাম\n" + strings.Join(lines, "\n"))).Content)
	if len(got) != len(lines) {
		t.Errorf("%v", got)
	}
}
