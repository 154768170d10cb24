package feeds_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
)

// conformanceCase is one line of a file in testdata/conformance: a small feed that turns on one thing a specification or a
// widespread habit says, and what a reader should see. A document that is not UTF-8 is in Base64.
type conformanceCase struct {
	Name            string `json:"name"`
	Doc             string `json:"doc"`
	Base64          []byte `json:"base64"`
	URL             string `json:"url"`
	ContentType     string `json:"contentType"`
	ContentLocation string `json:"contentLocation"`
	// Item is the index of the item that is judged.
	Item int `json:"item"`
	// Want holds the values to judge; feed and site are the title and the link of the feed.
	Want map[string]any `json:"want"`
}

func TestFeedsOfEveryMannerAreReadAlike(t *testing.T) {
	files, err := filepath.Glob("testdata/conformance/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) { readAlike(t, file) })
	}
}

func readAlike(t *testing.T, file string) {
	t.Helper()
	lines, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(bytes.NewReader(lines))
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var c conformanceCase
		if err := json.Unmarshal(scan.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) {
			body := c.Base64
			if body == nil {
				body = []byte(c.Doc)
			}
			parsed, err := feeds.Parse(body, feeds.Source{URL: c.URL, ContentType: c.ContentType, ContentLocation: c.ContentLocation})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]any{"feed": parsed.Title.Value, "site": parsed.Link, "items": float64(len(parsed.Items))}
			if c.Item < len(parsed.Items) {
				item := parsed.Items[c.Item]
				published := ""
				if !item.Published.IsZero() {
					published = item.Published.Format(time.RFC3339)
				}
				for name, value := range map[string]string{
					"title": item.Title.Value, "link": item.Link, "guid": item.GUID, "published": published, "summary": item.Summary.Value,
					"content": item.Content.Value, "author": item.Author,
				} {
					got[name] = value
				}
			}
			for name, want := range c.Want {
				if got[name] != want {
					t.Errorf("%s is %q, want %q", name, got[name], want)
				}
			}
		})
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
}
