package feeds_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
)

// The shapes in which Bengali papers, and those who copy them, were found to write; contents are our own.
func TestShapesOfBengaliFeedsAreReadRightly(t *testing.T) {
	dhaka := time.FixedZone("", 6*3600)
	const june = "2026-06-06T07:07:00Z"
	for file, want := range map[string]want{
		"jugantor.xml":     {feed: "যুগের খবর", title: "বন্যায় তলিয়ে গেছে ১২ গ্রাম", link: "https://www.jug.example/national/901", guid: "https://www.jug.example/national/901", published: june, summary: "টানা বৃষ্টিতে নদীর পানি বেড়ে যাওয়ায় গ্রামগুলো তলিয়ে গেছে।", image: "https://cdn.jug.example/i/901.jpg"},
		"bonikbarta.xml":   {title: "শেয়ারবাজারে সূচকের বড় উত্থান", guid: "8d2f1c0e77aa", link: "https://bonik.example/economy/8d2f", published: june},
		"kalbela.xml":      {title: "ফখরুল\u00a0/ নির্বাচন নিয়ে কোনো সংশয় নেই", image: "https://bela.example/images/55.jpg", published: june},
		"bdnews24.xml":     {title: "সিরিজ জিতল বাংলাদেশ", summary: "[খেলা] সিরিজ জিতল বাংলাদেশ", image: "https://b24.example/1.jpg"},
		"samakal.xml":      {title: "চট্টগ্রাম বন্দরে জাহাজজট", link: "https://somoy.example/whole-country/article/77/%E0%A6%AC%E0%A6%A8%E0%A7%8D%E0%A6%A6%E0%A6%B0", published: "2026-06-06T01:07:00Z"},
		"prothomalo.xml":   {title: "শিক্ষার মান নিয়ে কিছু কথা", link: "https://alo.example/opinion/column/abc123", guid: "https://alo.example/story/3f0c-uuid", author: "আনিসুর রহমান", categories: "মতামত|কলাম|শিক্ষা", image: "https://alo.example/m/1.jpg", published: june, summary: "<p>শিক্ষার মান নিয়ে প্রশ্ন নতুন নয়।</p>"},
		"banglanews24.xml": {title: "ঈদযাত্রায় ট্রেনের টিকিট শুরু রোববার", image: "https://bn24.example/1.jpg", published: june},
		"kalerkantho.xml":  {title: "পশ্চিমবঙ্গে ভোট শান্তিপূর্ণ", link: "https://kal.example/online/world/2026/06/06/1", published: june},
		"int.xml":          {title: "Summit ends without deal", summary: "<p>The summit ended without a deal &amp; no date for another.</p>"},
		"scraper.xml":      {title: "&quot;No one is above the law&quot;, says court", published: june},
		"digest.json":      {feed: "বাংলা খবরের সারাংশ", title: "মেট্রোরেলের নতুন সময়সূচি", image: "https://alo.example/1.jpg", published: june, categories: "রাজধানী"},
	} {
		t.Run(file, func(t *testing.T) {
			got, err := feeds.Parse(shape(t, file), feeds.Source{Zone: dhaka})
			if err != nil {
				t.Fatal(err)
			}
			want.check(t, got)
			if title := got.Items[0].Title.String(); strings.ContainsAny(title, "&\u00a0\n") {
				t.Errorf("the title in one line is %q", title)
			}
		})
	}
	t.Run("bbc.html", func(t *testing.T) {
		got, err := feeds.ReadPage(shape(t, "bbc.html"), feeds.Source{URL: "https://bbc.example/1"})
		if err != nil {
			t.Fatal(err)
		}
		paragraphs := feeds.Paragraphs(got.Content)
		if got.Title.String() != "আবহাওয়া কেন বদলাচ্ছে" || got.Published.Format(time.RFC3339) != june || got.Image != "https://bbc.example/i.jpg" || len(paragraphs) < 3 || !strings.HasPrefix(paragraphs[0].Text, "বিশ্বজুড়ে") && !strings.HasPrefix(paragraphs[1].Text, "বিশ্বজুড়ে") {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("listing.html", func(t *testing.T) {
		if _, err := feeds.Parse(shape(t, "listing.html"), feeds.Source{}); !errors.Is(err, feeds.ErrPage) {
			t.Errorf("got %v", err)
		}
	})
}

func shape(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "shapes", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}
