package message_test

import (
	"testing"

	"github.com/harkara/harkara/bot/message"
)

func TestATimeToComeIsSaidInEveryWayItCanBeCalled(t *testing.T) {
	now := at(kolkata, "2021-10-05 22:00")
	for _, test := range []struct {
		p    message.Printer
		at   string
		want string
	}{
		{inIndia, "2021-10-05 23:30", "আজ, ৫ অক্টোবর ২০২১, মঙ্গলবার, রাত ১১টা ৩০"},
		{inIndia, "2021-10-06 08:00", "আগামীকাল, ৬ অক্টোবর ২০২১, বুধবার, সকাল ৮টা"},
		{inIndia, "2021-10-07 00:00", "পরশু, ৭ অক্টোবর ২০২১, বৃহস্পতিবার, রাত ১২টা"},
		{inIndia, "2021-10-08 08:00", "৮ অক্টোবর ২০২১, শুক্রবার, সকাল ৮টা"},
		{inEnglish, "2021-10-06 08:00", "tomorrow, Wednesday, 6 October 2021, 8 am"},
	} {
		if got := test.p.Coming(at(kolkata, test.at), now); got != test.want {
			t.Errorf("%s: got %s, want %s", test.at, got, test.want)
		}
	}
	// In Bangladesh it is half an hour later: by then tomorrow may have begun.
	if got := inBangladesh.Coming(at(kolkata, "2021-10-05 23:45"), now); got != "আগামীকাল, ৬ অক্টোবর ২০২১, বুধবার, রাত ১২টা ১৫" {
		t.Errorf("got %s", got)
	}
}

func TestCronLinesAreSaidInWords(t *testing.T) {
	for _, test := range []struct{ line, bn, en string }{
		{"0 8 * * *", "প্রতিদিন সকাল ৮টা", "every day at 8 am"},
		{"@daily", "প্রতিদিন রাত ১২টা", "every day at 12 am"},
		{"30 19 * * 5", "প্রতি শুক্রবার, সন্ধ্যা ৭টা ৩০", "every Friday at 7:30 pm"},
		{"0 9 * * 1-3", "প্রতি সোমবার, মঙ্গলবার ও বুধবার, সকাল ৯টা", "every Monday, Tuesday and Wednesday at 9 am"},
		{"0 9 * * 7,6", "প্রতি রবিবার ও শনিবার, সকাল ৯টা", "every Sunday and Saturday at 9 am"},
		{"15 10 31 * *", "প্রতি মাসের ৩১ তারিখ, সকাল ১০টা ১৫", "on day 31 of every month at 10:15 am"},
		{"*/15 * * * *", "প্রতি ১৫ মিনিটে", "every 15 minutes"},
		{"0 * * * *", "প্রতি ঘণ্টায়", "every hour"},
		{"0 */6 * * *", "প্রতি ৬ ঘণ্টায়", "every 6 hours"},
		// What no words are for stands as it is, rather than being said wrongly.
		{"*/7 * * * *", "ক্রন নিয়মে (*/7 * * * *)", "by the cron line */7 * * * *"},
		{"0 8 1 * 5", "ক্রন নিয়মে (0 8 1 * 5)", "by the cron line 0 8 1 * 5"},
		{"0 8 * 6 *", "ক্রন নিয়মে (0 8 * 6 *)", "by the cron line 0 8 * 6 *"},
		{"0 8,20 * * *", "ক্রন নিয়মে (0 8,20 * * *)", "by the cron line 0 8,20 * * *"},
		{"0 8 * * MON", "ক্রন নিয়মে (0 8 * * MON)", "by the cron line 0 8 * * MON"},
		{"0 8 * * 5-1", "ক্রন নিয়মে (0 8 * * 5-1)", "by the cron line 0 8 * * 5-1"},
	} {
		if got := inIndia.Repeats([]string{test.line}); got != test.bn {
			t.Errorf("%s: got %s, want %s", test.line, got, test.bn)
		}
		if got := inEnglish.Repeats([]string{test.line}); got != test.en {
			t.Errorf("%s: got %s, want %s", test.line, got, test.en)
		}
	}
	if got := inIndia.Repeats([]string{"0 8 * * *", "0 20 * * *"}); got != "প্রতিদিন সকাল ৮টা; প্রতিদিন রাত ৮টা" {
		t.Errorf("got %s", got)
	}
}
