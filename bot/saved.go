package bot

import (
	"errors"
	"fmt"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	// mostSaved is how many articles a reader can put aside.
	mostSaved = 500
	// removeLabel is how much of a headline a button shows, in UTF-16 units.
	removeLabel = 40
)

// pressSave puts an article aside for the reader who pressed.
func (t *turn) pressSave() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	article, err := t.tx.Article(t.ctx, t.press.Number(0))
	if errors.Is(err, store.ErrNotFound) || err == nil && (article.Held || article.Retracted) {
		return t.pressedOld()
	}
	if err != nil {
		return fmt.Errorf("read article %d: %w", t.press.Number(0), err)
	}
	if chat.ID == 0 {
		if chat, err = t.reader(); err != nil {
			return err
		}
	}
	p := t.printerFor(chat)
	have, err := t.tx.CountSaved(t.ctx, chat.ID)
	if err != nil {
		return fmt.Errorf("count what chat %d saved: %w", chat.TelegramID, err)
	}
	if have >= mostSaved {
		t.alert(p.Say(message.SavedFull, "n", mostSaved))
		return nil
	}
	if err := t.tx.SaveForLater(t.ctx, chat.ID, article.ID, t.now); err != nil {
		return fmt.Errorf("save article %d: %w", article.ID, err)
	}
	t.notice(p.Say(message.PostSaved))
	return t.showOwn(p, article.ID)
}

// pressDiscard takes an article off again by the button that had put it aside.
func (t *turn) pressDiscard() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	article := t.press.Number(0)
	if err := t.tx.DropSaved(t.ctx, chat.ID, article); err != nil {
		return fmt.Errorf("drop article %d: %w", article, err)
	}
	p := t.printerFor(chat)
	t.notice(p.Say(message.SavedDropped))
	return t.showOwn(p, article)
}

// openSaved lists what the reader has put aside.
func (t *turn) openSaved() error {
	m, ok, err := t.savedScreen(0, false)
	if ok {
		t.say(m)
	}
	return err
}

func (t *turn) pressSaved() error { return t.showSaved(t.press.Number(0), t.press.Number(1) == 1) }

func (t *turn) showSaved(skip int64, removing bool) error {
	m, ok, err := t.savedScreen(skip, removing)
	if ok {
		t.show(m)
	}
	return err
}

// pressUnsave takes an article off the list.
func (t *turn) pressUnsave() error {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return err
	}
	if err := t.tx.DropSaved(t.ctx, chat.ID, t.press.Number(0)); err != nil {
		return fmt.Errorf("drop article %d: %w", t.press.Number(0), err)
	}
	t.notice(t.printerFor(chat).Say(message.SavedDropped))
	return t.showSaved(t.press.Number(1), true)
}

// savedScreen is a page of the list; when removing, with a button for each that takes it off.
func (t *turn) savedScreen(skip int64, removing bool) (m message.Message, ok bool, err error) {
	chat, ok, err := t.own()
	if err != nil || !ok {
		return m, false, err
	}
	p := t.printerFor(chat)
	skip = min(max(skip, 0), mostSaved)
	articles, err := t.tx.Saved(t.ctx, chat.ID, int(skip), newsOnPage+1)
	if err == nil && len(articles) == 0 && skip > 0 { // the last of this page was taken off
		skip = max(0, skip-newsOnPage)
		articles, err = t.tx.Saved(t.ctx, chat.ID, int(skip), newsOnPage+1)
	}
	if err != nil {
		return m, false, fmt.Errorf("read what chat %d saved: %w", chat.TelegramID, err)
	}
	if len(articles) == 0 {
		return p.Say(message.SavedEmpty), true, nil
	}
	mode, other, label := int64(0), int64(1), message.SavedRemove
	if removing {
		mode, other, label = 1, 0, message.NavDone
	}
	m = t.page(p, articles, skip, p.Text(message.CmdSaved), func(skip int64) string { return button.Of(button.Saved, skip, mode) })
	var rows [][]message.Button
	if removing {
		for _, a := range articles[:min(len(articles), newsOnPage)] {
			rows = append(rows, press1(p.Text(message.KwRemove, "word", bengali.Truncate(a.Headline, removeLabel)), button.Of(button.Unsave, a.ID, skip)))
		}
	}
	m.Buttons = append(append(rows, m.Buttons...), press1(p.Text(label), button.Of(button.Saved, skip, other)))
	return m, true, nil
}
