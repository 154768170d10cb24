package bot

import (
	"errors"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	// mostWords is how many words a reader may follow, and how many mute.
	mostWords = 50
	// mostWordsAtOnce bounds how many are taken from one message.
	mostWordsAtOnce = 10
	// wordsOnPage is how many one screen shows: a message has room for them whatever they are.
	wordsOnPage = 20
)

// wordList is one of a reader's two lists, with what is said of it.
type wordList struct {
	of                             func(*store.Prefs) *[]string
	number                         int64
	added, already, heading, usage message.Key
	// command is what adds to it.
	command string
}

// wordLists are both, at the places of their numbers on buttons.
var wordLists = [...]wordList{
	{
		of: func(p *store.Prefs) *[]string { return &p.Follow }, number: 0,
		added: message.KwAdded, already: message.KwAddedAlready, heading: message.KwFollowed, usage: message.KwFollowUsage, command: "follow",
	},
	{
		of: func(p *store.Prefs) *[]string { return &p.Mute }, number: 1,
		added: message.KwMuted, already: message.KwMutedAlready, heading: message.KwMutes, usage: message.KwMuteUsage, command: "mute",
	},
}

// follow adds words to those a reader follows, mute to those he does not want to hear of. Without words they show the lists.
func (t *turn) follow() error { return t.addWords(wordLists[0]) }
func (t *turn) mute() error   { return t.addWords(wordLists[1]) }

func (t *turn) addWords(list wordList) error {
	chat, err := t.reader()
	if err != nil {
		return err
	}
	p := t.printerFor(chat)
	wanted := strings.FieldsFunc(t.rest, func(r rune) bool { return r == ',' || r == '،' || r == ';' || r == '\n' })
	wanted = slices.DeleteFunc(wanted, func(w string) bool { return strings.TrimSpace(w) == "" })
	if len(wanted) == 0 {
		t.say(t.wordsScreen(chat, list.usage, 0))
		return nil
	}
	var answers []message.HTML
	changed := false
	for _, word := range wanted[:min(len(wanted), mostWordsAtOnce)] {
		answer, added := addWord(p, &chat.Prefs, list, word)
		answers = append(answers, answer)
		changed = changed || added
	}
	if len(wanted) > mostWordsAtOnce {
		answers = append(answers, p.HTML(message.KwAtOnce, "n", mostWordsAtOnce, "command", list.command))
	}
	if changed {
		if chat.State != store.Active && chat.State != store.Paused {
			setState(&chat, store.Active, "", t.now) // who wants to be told of something wants news
		}
		if err := t.saveWishes(&chat); err != nil {
			return err
		}
	}
	m := message.Message{Buttons: [][]message.Button{press1(p.Text(message.KwButton), button.Of(button.OpenWords))}}
	for i, answer := range answers {
		if i > 0 {
			m.HTML += "\n"
		}
		m.HTML += string(answer)
	}
	t.say(m)
	return nil
}

// addWord puts a word on the list, and takes it off the other; it says what came of it.
func addWord(p message.Printer, prefs *store.Prefs, list wordList, word string) (answer message.HTML, added bool) {
	phrase, err := bengali.ParsePhrase(word)
	switch {
	case strings.Contains(word, "://"):
		return p.HTML(message.KwLink, "command", list.command), false
	case errors.Is(err, bengali.ErrPhraseShort):
		return p.HTML(message.KwShort, "command", list.command), false
	case err != nil:
		return p.HTML(message.KwLong, "command", list.command), false
	}
	same := func(other string) bool {
		o, err := bengali.ParsePhrase(other)
		return err == nil && o.Key() == phrase.Key()
	}
	words := list.of(prefs)
	switch {
	case slices.ContainsFunc(*words, same):
		return p.HTML(list.already, "word", phrase.String()), false
	case len(*words) >= mostWords:
		return p.HTML(message.KwFull, "n", mostWords), false
	}
	other := wordLists[1-list.number].of(prefs)
	*other = slices.DeleteFunc(slices.Clone(*other), same)
	*words = append(slices.Clone(*words), phrase.String())
	return p.HTML(list.added, "word", phrase.String()), true
}

// openWords shows a reader's words in a message of their own, pressWords turns the page.
func (t *turn) openWords() error {
	chat, ok, err := t.own()
	if ok {
		t.say(t.wordsScreen(chat, message.KwFollowUsage, 0))
	}
	return err
}

func (t *turn) pressWords() error {
	chat, ok, err := t.own()
	if ok {
		t.show(t.wordsScreen(chat, message.KwFollowUsage, t.press.Number(0)))
	}
	return err
}

// wordsScreen lists a page of the words, each with a button that takes it away. When there are none it says how to add some.
func (t *turn) wordsScreen(chat store.Chat, usage message.Key, page int64) message.Message {
	p := t.printerFor(chat)
	type listed struct {
		list wordList
		word string
	}
	var all []listed
	for _, list := range wordLists {
		for _, word := range *list.of(&chat.Prefs) {
			all = append(all, listed{list, word})
		}
	}
	if len(all) == 0 {
		return p.Say(usage)
	}
	s := pageOf(all, page, wordsOnPage)
	text := p.HTML(message.KwList)
	var rows [][]message.Button
	var heading message.Key
	for _, one := range s.shown {
		if one.list.heading != heading {
			heading = one.list.heading
			text += "\n\n" + p.HTML(heading)
		}
		text += "\n• " + p.HTML(message.KwLine, "word", one.word)
		rows = append(rows, press1(p.Text(message.KwRemove, "word", one.word), button.Of(button.RemoveWord, one.list.number, wordNumber(one.word), s.page)))
	}
	text += "\n\n" + p.HTML(usage)
	rows = append(rows, s.turns(p, func(page int64) string { return button.Of(button.Words, page) })...)
	return message.Message{HTML: string(text), Buttons: rows}
}

// wordNumber stands for a word on a button, which has no room for all of them.
func wordNumber(word string) int64 { return int64(xxhash.Sum64String(word)) }

// pressRemoveWord takes a word off a list.
func (t *turn) pressRemoveWord() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	which := t.press.Number(0)
	if which < 0 || which >= int64(len(wordLists)) {
		return t.pressedOld()
	}
	words := wordLists[which].of(&chat.Prefs)
	at := slices.IndexFunc(*words, func(w string) bool { return wordNumber(w) == t.press.Number(1) })
	if at >= 0 {
		word := (*words)[at]
		*words = slices.Delete(slices.Clone(*words), at, at+1)
		if err := t.saveWishes(&chat); err != nil {
			return err
		}
		t.notice(t.printerFor(chat).Say(message.KwRemoved, "word", word))
	}
	t.show(t.wordsScreen(chat, message.KwFollowUsage, t.press.Number(2)))
	return nil
}
