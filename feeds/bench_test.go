package feeds_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"github.com/harkara/harkara/feeds"
)

// newspaper is a feed in the shape WordPress writes: some 4.7 KB an item, most of it a body in CDATA.
func newspaper(items int) []byte {
	paragraph := "<p>ভারতীয় সময় রাত ১০টা ৫০ নাগাদ আচমকাই হোয়াটসঅ্যাপে মেসেজ যাওয়া বন্ধ হয়ে যায়। থমকে যায় ইনস্টাগ্রাম পরিষেবাও। <a href=\"https://paper.example/a\">বিস্তারিত</a> জানাচ্ছেন আমাদের প্রতিনিধি।</p>\n"
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>খবরের কাগজ</title><atom:link href="https://paper.example/feed" rel="self" type="application/rss+xml"/><link>https://paper.example</link><description>সব খবর</description><lastBuildDate>Tue, 05 Oct 2021 10:20:00 +0000</lastBuildDate><language>bn-BD</language><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>
`)
	for i := range items {
		fmt.Fprintf(&b, `<item><title>প্রধানমন্ত্রীর সঙ্গে বৈঠকে %d নম্বর প্রস্তাব</title><link>https://paper.example/news/%d</link><dc:creator><![CDATA[নিজস্ব প্রতিবেদক]]></dc:creator><pubDate>Tue, 05 Oct 2021 10:%02d:00 +0000</pubDate><category><![CDATA[রাজনীতি]]></category><category><![CDATA[দেশ]]></category><guid isPermaLink="false">https://paper.example/?p=%d</guid><description><![CDATA[%s]]></description><content:encoded><![CDATA[%s]]></content:encoded><media:content url="https://paper.example/i/%d.jpg" type="image/jpeg" medium="image" width="800"/></item>
`, i, i, i%60, i, paragraph, strings.Repeat(paragraph, 6), i)
	}
	b.WriteString("</channel></rss>")
	return b.Bytes()
}

// The whole parse, beside that of the bare library: the difference is what the layer costs.
func BenchmarkParse(b *testing.B) {
	for _, n := range []int{20, 100} {
		body := newspaper(n)
		b.Run(fmt.Sprintf("gofeed/%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("feeds/%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := feeds.Parse(body, feeds.Source{URL: "https://paper.example/feed"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A poll that brings one new item of n: what is known is dropped before it is parsed.
func BenchmarkDelta(b *testing.B) {
	for _, n := range []int{20, 100, 400} {
		body := newspaper(n)
		raw, ok := feeds.SplitItems(body)
		if !ok {
			b.Fatal("items not found")
		}
		known := map[uint64]bool{}
		for _, h := range raw.Hashes[1:] {
			known[h] = true
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				raw, _ := feeds.SplitItems(body)
				rest, left := raw.Without(known)
				if left != 1 {
					b.Fatalf("%d left", left)
				}
				if _, err := feeds.Parse(rest, feeds.Source{URL: "https://paper.example/feed"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
