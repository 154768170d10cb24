package chart_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/chart"
	"github.com/harkara/harkara/feeds/bengali"
)

var keep = flag.String("keep", "", "folder to keep the charts in, to look at them")

func digits(n int) string { return bengali.Digits(fmt.Sprint(n)) }

func drawn(t *testing.T, name string, file []byte, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, name+".png"), file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if picture.Bounds().Dx() != 1080 || picture.Bounds().Dy() > 2000 {
		t.Errorf("%s is %v", name, picture.Bounds())
	}
	return picture
}

func month() []chart.Column {
	var days []chart.Column
	for i := range 30 {
		days = append(days, chart.Column{Label: digits(i+1) + " অক্টোবর", Up: 40*i*i%977 + 30*i, Down: 7 * i * i % 211})
	}
	return days
}

// dark counts the pixels darker than the paper in an area.
func dark(picture image.Image, area image.Rectangle) int {
	n := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); r+g+b < 3*0xd000 {
				n++
			}
		}
	}
	return n
}

func TestColumnsShowArrivalsAboveAndDeparturesBelowTheLine(t *testing.T) {
	file, err := chart.Columns{
		Title: "পাঠকের আসা-যাওয়া — অক্টোবর ২০২১", Up: "এসেছেন", Down: "চলে গেছেন", Columns: month(), Number: digits,
	}.PNG()
	drawn(t, "columns", file, err)

	days := month()
	level := 12000
	for i := range days {
		level += days[i].Up - days[i].Down
		days[i].Level = level
	}
	file, err = chart.Columns{
		Title: "পাঠক", Subtitle: "১–৩০ অক্টোবর ২০২১", Up: "এসেছেন", Down: "চলে গেছেন", Level: "দিনের শেষে পাঠক", Columns: days, Number: digits,
	}.PNG()
	drawn(t, "levels", file, err)

	one, err := chart.Columns{Columns: []chart.Column{{Up: 100}, {Up: 50}}}.PNG()
	picture := drawn(t, "two", one, err)
	size := picture.Bounds()
	left := dark(picture, image.Rect(120, 0, size.Dx()/2, size.Dy()))
	right := dark(picture, image.Rect(size.Dx()/2+60, 0, size.Dx()-48, size.Dy()))
	if left < right*3/2 {
		t.Errorf("a column twice as high has %d dark pixels, the other %d", left, right)
	}
}

func TestBarsNameWhatTheyStandFor(t *testing.T) {
	file, err := chart.Bars{Title: "বিষয় অনুযায়ী পাঠক", Number: digits, Bars: []chart.Bar{
		{"আন্তর্জাতিক", 1234},
		{"প্রযুক্তি ও বিজ্ঞান", 987},
		{"স্বাস্থ্য", 450},
		{"ক্রিকেট — বিশ্বকাপ", 320},
		{"Facebook page link", 12},
		{"শূন্য", 0},
		{strings.Repeat("খুব দীর্ঘ একটি শিরোনাম ", 9), 77},
	}}.PNG()
	drawn(t, "bars", file, err)
}

func TestBengaliLettersAreJoined(t *testing.T) {
	// A conjunct is narrower than its consonants side by side; letters apart are what an unshaped text looks like.
	ink := func(label string) int {
		file, err := chart.Bars{Title: label}.PNG()
		picture := drawn(t, "joined", file, err)
		last := 0
		for x := range picture.Bounds().Dx() {
			if dark(picture, image.Rect(x, 0, x+1, picture.Bounds().Dy())) > 0 {
				last = x
			}
		}
		return last
	}
	for conjunct, apart := range map[string]string{"ক্ষ": "কষ", "স্ত্র": "সতর", "ন্ত্রী": "নতরী", "ঙ্গ": "ঙগ", "কি": "কই"} {
		if joined, side := ink(conjunct), ink(apart); joined == 0 || joined >= side {
			t.Errorf("%s ends at %d, %s at %d", conjunct, joined, apart, side)
		}
	}
}

func TestNothingToShowIsStillAPicture(t *testing.T) {
	file, err := chart.Columns{}.PNG()
	drawn(t, "empty-columns", file, err)
	file, err = chart.Bars{}.PNG()
	drawn(t, "empty-bars", file, err)
	file, err = chart.Columns{Title: "\u200d😀 \x00", Columns: []chart.Column{{Label: "😀", Up: 1 << 40, Down: 3}}, Up: "ঀ"}.PNG()
	drawn(t, "odd", file, err)
	file, err = chart.Columns{Level: "পাঠক", Columns: []chart.Column{{}}}.PNG()
	drawn(t, "one", file, err)
	file, err = chart.Columns{Level: "পাঠক"}.PNG()
	drawn(t, "none", file, err)
}

func BenchmarkColumns(b *testing.B) {
	for b.Loop() {
		if _, err := (chart.Columns{Title: "পাঠক", Up: "এসেছেন", Columns: month(), Number: digits}).PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
