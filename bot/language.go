package bot

import (
	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// language shows the languages, or sets the one that is named.
func (t *turn) language() error {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	if lang, known := namedLanguage(t.rest); known {
		return t.setLanguage(chat, lang)
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	m := p.Say(message.LangAsk)
	if t.rest != "" {
		m = p.Say(message.ErrLanguageUsage)
	}
	m.Buttons = [][]message.Button{{
		{Text: p.With(message.Bengali).Text(message.LangName), Data: button.Of(button.Language, 0)},
		{Text: p.With(message.English).Text(message.LangName), Data: button.Of(button.Language, 1)},
	}}
	t.say(m)
	return nil
}

// namedLanguage reads the name of a language as people write it.
func namedLanguage(text string) (message.Lang, bool) {
	switch foldWords(text) {
	case foldWords("বাংলা"), "bangla", "bengali", "bn":
		return message.Bengali, true
	case "english", "en", foldWords("ইংরেজি"), foldWords("ইংরাজি"):
		return message.English, true
	}
	return "", false
}

func (t *turn) pressLanguage() error {
	chat, ok, err := t.manage(0)
	if err != nil || !ok {
		return err
	}
	lang := message.Bengali
	if t.press.Number(0) == 1 {
		lang = message.English
	}
	return t.setLanguage(chat, lang)
}

func (t *turn) setLanguage(chat store.Chat, lang message.Lang) error {
	if chat.ID == 0 {
		var err error
		if chat, err = t.reader(); err != nil {
			return err
		}
	}
	if chat.Language != string(lang) {
		chat.Language = string(lang)
		if err := t.save(&chat); err != nil {
			return err
		}
	}
	t.show(t.printerFor(chat).Say(message.LangSet))
	if chat.Kind == store.Private {
		return t.refreshMenu(chat.TelegramID)
	}
	return nil
}
