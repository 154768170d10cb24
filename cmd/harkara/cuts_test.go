package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds/feedstest"
)

func TestTheOperatorSeesWhatWasCutFromWhichFeed(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.site.Publish(feedstest.Article{
		Title: "শিলিগুড়িতে নতুন সেতু চালু", Published: time.Now().Add(-time.Hour), Categories: []string{sport},
		Paragraphs: []string{
			"শিলিগুড়িতে মহানন্দা নদীর উপর নতুন সেতু শুক্রবার খুলে দেওয়া হল। সেতুটি তৈরি করতে খরচ হয়েছে ৪৫ কোটি টাকা।",
			"প্রশাসন জানিয়েছে, এই সেতু দিয়ে দিনে ২০ হাজার গাড়ি চলতে পারবে। শহরের যানজট কমবে বলে আশা করছেন বাসিন্দারা।",
			"হোয়াটসঅ্যাপে খবর পেতে এখানে ক্লিক করুন",
			"কাগজটি রোজ পড়ুন, বন্ধুদেরও পড়ান",
		},
	})
	w.subscribeLink(technology)
	catalogue := strings.ReplaceAll(w.must("export", "--db", w.database), `xmlUrl=`, `harkara:cut-daily="line: কাগজটি রোজ পড়ুন…" xmlUrl=`)
	file := filepath.Join(t.TempDir(), "edited.opml")
	if err := os.WriteFile(file, []byte(catalogue), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must("import", "--db", w.database, file)
	w.startBot()()
	out := w.must("cuts", "--db", w.database)
	for _, want := range []string{"2 cut", "     1 cut-daily\n", "     1 cta-"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func TestPreviewTriesThePatternsOfAnOperator(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	file := filepath.Join(t.TempDir(), "article.txt")
	text := "শিলিগুড়িতে নতুন সেতু চালু\nমহানন্দা নদীর উপর নতুন সেতু শুক্রবার খুলে দেওয়া হল।\nকাগজটি রোজ পড়ুন, বন্ধুদেরও পড়ান\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := w.must("preview", "--as", "text", "--cut", "line: কাগজটি রোজ পড়ুন, …", file)
	if !strings.Contains(out, "[cut by cut-1] কাগজটি রোজ পড়ুন, বন্ধুদেরও পড়ান") {
		t.Errorf("not cut:\n%s", out)
	}
	_, err := w.command("preview", "--cut", "lines: ক", "--cut", "line: কি", file)
	if err == nil || !strings.Contains(err.Error(), `scope "lines"`) || !strings.Contains(err.Error(), "four letters") {
		t.Errorf("wrong patterns: %v", err)
	}
}
