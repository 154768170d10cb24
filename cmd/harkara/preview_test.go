package main

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"github.com/harkara/harkara/feeds/bengali"
)

const (
	batchHeadline = "শিলিগুড়িতে নতুন সেতু চালু"
	batchFirst    = "শিলিগুড়িতে মহানন্দা নদীর উপর নতুন সেতু শুক্রবার খুলে দেওয়া হল।"
	batchSecond   = "সেতুটি তৈরি করতে খরচ হয়েছে ৪৫ কোটি টাকা, সময় লেগেছে তিন বছর।"
	batchThird    = "প্রশাসন জানিয়েছে, এই সেতু দিয়ে দিনে ২০ হাজার গাড়ি চলতে পারবে।"
	batchFourth   = "শহরের যানজট কমবে বলে আশা করছেন বাসিন্দারা।"
	batchFifth    = "পুরোনো সেতুটি এখন শুধু পথচারীদের জন্য খোলা থাকবে।"
)

func TestABatchOfTextsIsSummarisedHoweverItsLinesAreBroken(t *testing.T) {
	t.Parallel()
	all := strings.Join([]string{batchFirst, batchSecond, batchThird, batchFourth, batchFifth}, " ")
	words := strings.Fields(all)
	var wrapped strings.Builder
	for i, word := range words {
		wrapped.WriteString(word)
		wrapped.WriteString(map[bool]string{true: "\n", false: " "}[i%5 == 4])
	}
	texts := map[string]string{
		"one.txt":        batchHeadline + "\n" + all,
		"lines.txt":      batchHeadline + "\n\n" + strings.ReplaceAll(all, "। ", "।\n") + "\n",
		"windows.txt":    "\ufeff" + batchHeadline + "\r\n" + strings.ReplaceAll(all, "। ", "।\r\n"),
		"mac.txt":        batchHeadline + "\r" + strings.ReplaceAll(all, "। ", "।\r"),
		"wrapped.txt":    batchHeadline + "\n" + wrapped.String(),
		"noheadline.txt": strings.ReplaceAll(all, "। ", "।\n"),
		"blank.txt":      "\n \n" + batchHeadline + "\n\n\n\n" + all + "\n\n\n",
		"unfinished.txt": batchHeadline + "\n" + all + "\nআর",
		"damaged.txt":    batchHeadline + "\n" + all + " \xe0\xa6 \xff",
		"notepad.txt":    encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), batchHeadline+"\r\n"+all+"\r\n"),
		"network.txt":    encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), batchHeadline+"\n"+all),
		"a/deep/one.txt": batchHeadline + "\n" + all,
		"a/two.txt":      batchHeadline + "\n" + all,
	}
	dir := t.TempDir()
	for name, text := range texts {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".DS_Store"), []byte("\x00\x00\x00\x01Bud1"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newTown(t)
	before := ""
	out := bufio.NewScanner(strings.NewReader(w.must("preview", "--json", "--as", "text", "--budget", "280", "--batch", dir)))
	seen := 0
	for out.Scan() {
		var line shown
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		seen++
		if line.File <= before {
			t.Errorf("%s comes after %s", line.File, before)
		}
		before = line.File
		if texts[line.File] == "" {
			t.Errorf("no file %q", line.File)
		}
		text := strings.Join(line.Summary, " ")
		if n := bengali.UTF16Len(text); n < 200 || n > 280 {
			t.Errorf("%s: %d units: %s", line.File, n, text)
		}
		for _, sentence := range line.Summary {
			if !strings.Contains(bengali.Normalize(all), sentence) {
				t.Errorf("%s: not of the article: %s", line.File, sentence)
			}
		}
	}
	if seen != len(texts) {
		t.Errorf("%d lines for %d files", seen, len(texts))
	}
}

func TestABatchSaysWhatItCannotReadAndGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := batchHeadline + "\n" + batchFirst + " " + batchSecond
	for name, content := range map[string]string{"empty.txt": "", "headline.txt": batchHeadline, "large.txt": strings.Repeat(" ", inputLimit+1), "whole.txt": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "dangling.txt")); err != nil {
		t.Fatal(err)
	}
	w := newTown(t)
	printed, err := w.command("preview", "--json", "--as", "text", "--batch", dir)
	if exitStatus(err) != 1 {
		t.Errorf("status %d: %v", exitStatus(err), err)
	}
	sentences := map[string]int{}
	for line := range strings.Lines(printed) {
		var s struct {
			File, Error string
			Summary     []string
		}
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		sentences[s.File] = len(s.Summary)
		if s.Error != "" {
			sentences[s.File] = -1
		}
	}
	want := map[string]int{"dangling.txt": -1, "empty.txt": 0, "headline.txt": 0, "large.txt": -1, "whole.txt": 2}
	if !maps.Equal(sentences, want) {
		t.Errorf("got %v, want %v", sentences, want)
	}
}

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	text, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
