package bot

import "github.com/harkara/harkara/bot/message"

// What people say to a bot as to anybody else. Without an answer of its own it would be searched for, and not be found.
var (
	thanks    = []string{"ধন্যবাদ", "অনেক ধন্যবাদ", "অসংখ্য ধন্যবাদ", "আপনাকে ধন্যবাদ", "থ্যাংক ইউ", "থ্যাঙ্ক ইউ", "thanks", "thank you"}
	greetings = []string{
		"নমস্কার", "আদাব", "প্রণাম", "শুভেচ্ছা", "হ্যালো", "হাই", "hello", "hi", "সুপ্রভাত", "শুভ সকাল", "শুভ সন্ধ্যা", "শুভ রাত্রি",
		"কেমন আছেন", "কেমন আছো", "কেমন আছ",
	}
	salams = []string{"সালাম", "আসসালামু আলাইকুম", "আসসালামুআলাইকুম", "আস-সালামু আলাইকুম", "salam", "assalamu alaikum"}
)

func (t *turn) thank() error { return t.returnCourtesy(message.CourtesyThanks) }
func (t *turn) greet() error { return t.returnCourtesy(message.CourtesyHello) }
func (t *turn) salam() error { return t.returnCourtesy(message.CourtesySalam) }

// returnCourtesy answers in kind, and says what can be asked for.
func (t *turn) returnCourtesy(answer message.Key) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	m := p.Say(answer)
	m.Buttons = readerButtons(p)
	t.say(m)
	return nil
}
