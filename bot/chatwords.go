package bot

import (
	"errors"
	"slices"
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// chatWordList is one of the lists of words of a group or channel.
type chatWordList struct {
	of                 func(*store.Prefs) *[]string
	write              int64 // its constant Write… of package button
	heading, add, want message.Key
}

// chatWords are the lists of words of a group or channel, at the places of their numbers on buttons.
var chatWords = [...]chatWordList{
	{func(p *store.Prefs) *[]string { return &p.Only }, button.WriteOnly, message.WordsOnly, message.WordsOnlyAdd, message.WordsOnlyAsk},
	{func(p *store.Prefs) *[]string { return &p.Mute }, button.WriteMute, message.WordsMute, message.WordsMuteAdd, message.WordsMuteAsk},
	{func(p *store.Prefs) *[]string { return &p.Follow }, button.WriteFollow, message.WordsFollow, message.WordsFollowAdd, message.WordsFollowAsk},
}

// chatWordsOnPage is how many words one page shows.
const chatWordsOnPage = 15

// wordsPart lists the words of a chat, with buttons to take them off and to add some.
func (t *turn) wordsPart(chat store.Chat, subject, page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	type listed struct {
		list int
		word string
	}
	var all []listed
	text := p.HTML(message.ChanWordsAsk, "title", titleOf(p, chat))
	for i, list := range chatWords {
		words := *list.of(&chat.Prefs)
		written := strings.Join(words, ", ")
		if len(words) == 0 {
			written = p.Text(message.SettingsQuietNone)
		}
		text += "\n\n" + p.HTML(list.heading) + "\n" + p.HTML(message.WordsLine, "words", written)
		for _, word := range words {
			all = append(all, listed{i, word})
		}
	}
	s := pageOf(all, page, chatWordsOnPage)
	m := message.Message{HTML: string(text)}
	for pair := range slices.Chunk(s.shown, 2) {
		var row []message.Button
		for _, one := range pair {
			row = append(row, message.Button{
				Text: p.Text(message.KwRemove, "word", one.word), Data: button.Of(button.ChatUnword, subject, int64(one.list), wordNumber(one.word), s.page),
			})
		}
		m.Buttons = append(m.Buttons, row)
	}
	m.Buttons = append(m.Buttons, s.turns(p, func(page int64) string { return button.Of(button.ChatPart, subject, button.PartWords, page) })...)
	for _, list := range chatWords {
		m.Buttons = append(m.Buttons, press1(p.Text(list.add), button.Of(button.ChatWrite, subject, list.write)))
	}
	m.Buttons = append(m.Buttons, backToChat(p, subject))
	return m, nil
}

// pressChatWrite asks for something in writing.
func (t *turn) pressChatWrite() error {
	subject, what := t.press.Number(0), t.press.Number(1)
	part, ask := button.PartForm, message.Key("")
	for _, list := range chatWords {
		if list.write == what {
			part, ask = button.PartWords, list.want
		}
	}
	if ask == "" && what != button.WriteLayout {
		return t.pressedOld()
	}
	chat, ok, err := t.managePart(subject, question{})
	if err != nil || !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if err := t.await(&awaited{What: what, Subject: subject}); err != nil {
		return err
	}
	m := p.SayLayoutHelp()
	if what != button.WriteLayout {
		m = p.Say(ask, "title", titleOf(p, chat))
	}
	if !t.private() {
		m.HTML += "\n\n" + string(p.HTML(message.ChanWriteReply))
	}
	m.Buttons = [][]message.Button{press1(p.Text(message.NavCancel), button.Of(button.ChatPart, subject, part, 0))}
	t.show(m)
	return nil
}

// takeWords puts the words that the admin wrote on the list that was asked for.
func (t *turn) takeWords(chat store.Chat, a awaited, text string) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(chatWords[:], func(list chatWordList) bool { return list.write == a.What })
	if i < 0 {
		return t.await(nil)
	}
	wanted := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '،' || r == ';' || r == '\n' })
	wanted = slices.DeleteFunc(wanted, func(w string) bool { return strings.TrimSpace(w) == "" })
	words := chatWords[i].of(&chat.Prefs)
	kept := slices.Clone(*words)
	var refused message.Key
	which := text
	for _, word := range wanted[:min(len(wanted), mostWords+1)] {
		phrase, err := bengali.ParsePhrase(word)
		same := func(other string) bool {
			o, err := bengali.ParsePhrase(other)
			return err == nil && o.Key() == phrase.Key()
		}
		switch {
		case errors.Is(err, bengali.ErrPhraseShort):
			refused, which = message.WordsShort, word
		case err != nil:
			refused, which = message.WordsLong, word
		case slices.ContainsFunc(kept, same):
		case len(kept) >= mostWords:
			refused, which = message.WordsFull, word
		default:
			kept = append(kept, phrase.String())
		}
	}
	if len(wanted) == 0 {
		refused = message.WordsShort
	}
	*words = kept
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	if refused != "" {
		// The others are on the list, and it is still waited for.
		m, err := t.wordsPart(chat, a.Subject, 0)
		m.HTML = string(p.HTML(refused, "word", which, "n", mostWords)) + "\n\n" + m.HTML
		return t.sayScreen(m, err)
	}
	if err := t.await(nil); err != nil {
		return err
	}
	return t.sayScreen(t.wordsPart(chat, a.Subject, 0))
}

// pressChatUnword takes a word off a list of a chat.
func (t *turn) pressChatUnword() error {
	subject, which := t.press.Number(0), t.press.Number(1)
	if which < 0 || which >= int64(len(chatWords)) {
		return t.pressedOld()
	}
	chat, ok, err := t.managePart(subject, question{})
	if err != nil || !ok {
		return err
	}
	words := chatWords[which].of(&chat.Prefs)
	*words = slices.DeleteFunc(slices.Clone(*words), func(w string) bool { return wordNumber(w) == t.press.Number(2) })
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	return t.showPart(chat, subject, button.PartWords, t.press.Number(3))
}
