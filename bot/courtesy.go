package bot

import "github.com/harkara/harkara/bot/message"

// What people say to a bot as to anybody else has an answer of its own. Without one it would be searched for, and not be found.

func (t *turn) thank() error { return t.returnCourtesy(message.CourtesyThanks) }
func (t *turn) greet() error { return t.returnCourtesy(message.CourtesyHello) }
func (t *turn) salam() error { return t.returnCourtesy(message.CourtesySalam) }

func (t *turn) agree() error    { return t.returnCourtesy(message.CourtesyFine) }
func (t *turn) partFrom() error { return t.returnCourtesy(message.CourtesyBye) }

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
