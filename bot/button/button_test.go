package button_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/button"
)

func TestAPressComesBackAsItWasWritten(t *testing.T) {
	for _, p := range []button.Press{
		{Action: button.AddEditor},
		{Action: button.Latest, Numbers: []int64{0}},
		{Action: button.SetTopic, Numbers: []int64{math.MaxInt64, 35, 36, 1}},
		{Action: button.Editor, Numbers: []int64{math.MinInt64}},
		{Action: button.Search, Numbers: []int64{10}, Text: "হোয়াটসঅ্যাপ"},
		{Action: button.Search, Numbers: []int64{10}, Text: "a~b.c"},
	} {
		got, err := button.Parse(p.Data())
		if err != nil || got.Action != p.Action || !slices.Equal(got.Numbers, p.Numbers) || got.Text != p.Text {
			t.Errorf("%q came back as %+v, %v", p.Data(), got, err)
		}
	}
}

func TestTheLongestNumbersFit(t *testing.T) {
	longest := button.Of(button.SetTopic, math.MinInt64, math.MaxInt32, math.MaxInt64, 1)
	if len(longest) > button.Limit {
		t.Errorf("%q is %d bytes long", longest, len(longest))
	}
}

func TestDataOfOthersIsOld(t *testing.T) {
	for _, data := range []string{
		"", "1", "0to.0.0", "2to.0.0", "1zz.0", "1to", "1to.0", "1to.0.0.0", "1to.0.", "1to..0", "1to.+1.0", "1to.01.0", "1to.-0.0", "1to.A.0",
		"1to.0.zzzzzzzzzzzzzzzz", "1to.0.0~x", "1la.0~", "1se.0~", "1ei.", "1to.0.0\x00", "1se.0~\xff", "topics", "1se.0~" + strings.Repeat("ক", 30),
		`{"a":1}`, "1ts.0.0.1.1.1", " 1to.0.0",
	} {
		if p, err := button.Parse(data); !errors.Is(err, button.ErrOld) {
			t.Errorf("%q was taken for %+v", data, p)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "1to.0.0", "1ts.a.b.c.1", "1se.5~ঢাকা", "1ei", "1to.-1.zz", "1re.1y2p0ij32e8e7.0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		p, err := button.Parse(data)
		if err != nil {
			return
		}
		if again := p.Data(); again != data || !p.Fits() {
			t.Errorf("%q is read as %+v, which is written %q", data, p, again)
		}
	})
}
