package delivery

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// ArticleURL is the deep link that opens an article in the chat with the bot (Bot API, deep linking); empty while the bot's name is not
// known. It names nobody: who shares an article is not told to whom opens it, nor to us.
func ArticleURL(botName string, article int64) string {
	if botName == "" {
		return ""
	}
	return "https://t.me/" + url.PathEscape(botName) + "?start=" + PayloadArticle + strconv.FormatInt(article, 36)
}

// PayloadArticle begins the start parameter that names an article, in base 36; PayloadRest that which names a post and how many of its articles
// are passed over.
const (
	PayloadArticle = "a_"
	PayloadRest    = "p_"
)

// RestURL is the deep link that shows, in the chat with the bot, the articles of a post after the first so many; empty while the bot's name is
// not known.
func RestURL(botName string, post int64, shown int) string {
	if botName == "" {
		return ""
	}
	return "https://t.me/" + url.PathEscape(botName) + "?start=" + PayloadRest + strconv.FormatInt(post, 36) + "_" + strconv.FormatInt(int64(shown), 36)
}

// ShareURL opens Telegram's choice of a chat to send an article's link to, with its headline; empty while the bot's name is not known.
func ShareURL(botName string, a store.Article) string {
	link := ArticleURL(botName, a.ID)
	if link == "" {
		return ""
	}
	return "https://t.me/share/url?" + url.Values{"url": {link}, "text": {a.Headline}}.Encode()
}

// OwnVotes are the buttons of one reader: each says what the vote is to be, so that a press that comes twice changes nothing.
func OwnVotes(p message.Printer, article int64, mine store.Vote) []message.Button {
	vote := func(which store.Vote, label message.Key, number int64) message.Button {
		if which == mine {
			return message.Button{Text: p.Text(message.VoteMine, "vote", p.Text(label)), Data: button.Of(button.Vote, article, button.VoteNone)}
		}
		return message.Button{Text: p.Text(label), Data: button.Of(button.Vote, article, number)}
	}
	return []message.Button{vote(store.Up, message.VoteUp, button.VoteUp), vote(store.Down, message.VoteDown, button.VoteDown)}
}

// SharedVotes are the buttons that many people see. A press gives a vote, a second one takes it back.
func SharedVotes(p message.Printer, counts store.Response) []message.Button {
	vote := func(n int, label message.Key, number int64) message.Button {
		text := p.Text(label)
		if n > 0 {
			text = p.Text(message.VoteCount, "vote", text, "n", n)
		}
		return message.Button{Text: text, Data: button.Of(button.Vote, counts.Article, number)}
	}
	return []message.Button{vote(counts.Up, message.VoteUp, button.VoteToggleUp), vote(counts.Down, message.VoteDown, button.VoteToggleDown)}
}

// SaveButton puts an article aside, or takes it off again.
func SaveButton(p message.Printer, article int64, saved bool) message.Button {
	if saved {
		return message.Button{Text: p.Text(message.PostKept), Data: button.Of(button.Discard, article)}
	}
	return message.Button{Text: p.Text(message.PostSave), Data: button.Of(button.Save, article)}
}

// responseButtons are the buttons under an article by which people say what they think of it, put it aside and pass it on. Where many see
// the same buttons they show the counts; a reader's own show what he has chosen under a message he has had.
func (w *writer) responseButtons(ctx context.Context, p message.Printer, chat store.Chat, a store.Article, sentBefore bool) (row []message.Button, err error) {
	if chat.Kind == store.Private {
		var vote store.Vote
		saved := false
		if sentBefore {
			if vote, err = w.read.VoteOf(ctx, a.ID, chat.TelegramID); err == nil {
				saved, err = w.read.HasSaved(ctx, chat.ID, a.ID)
			}
		}
		row = append(OwnVotes(p, a.ID, vote), SaveButton(p, a.ID, saved))
	} else {
		var counts store.Response
		counts, err = w.read.ResponseTo(ctx, a.ID)
		row = SharedVotes(p, counts)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is thought of article %d: %w", a.ID, err)
	}
	if address := ShareURL(w.config.BotName(), a); address != "" {
		row = append(row, message.Button{Text: p.Text(message.PostShare), URL: address})
	}
	return row, nil
}
