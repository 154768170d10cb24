package broadcast

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// The kinds of content, as store.Broadcast.Kind.
const (
	KindText     = "text"
	KindPhoto    = "photo"
	KindVideo    = "video"
	KindAlbum    = "album"
	KindPoll     = "poll"
	KindDocument = "document"
	KindOther    = "other"
	// KindDigest is a digest of the day's top stories, which the bot writes itself when it is sent.
	KindDigest = "digest"
)

// albumSize is how many messages an album has at most (Bot API, sendMediaGroup).
const albumSize = 10

// titleLength is how many UTF-16 units of a message are kept to call it by.
const titleLength = 60

// Composed tells whether it is said what a broadcast sends.
func Composed(b store.Broadcast) bool { return len(b.Messages) > 0 || b.Kind == KindDigest }

// TakeDigest makes a digest of the day's top stories the content of a draft.
func TakeDigest(b *store.Broadcast) {
	b.Source, b.Messages, b.Album, b.Title, b.Request = 0, nil, "", "", nil
	b.Kind = KindDigest
	b.Version++
}

// Take makes a message the content of a draft; another part of the album that it holds already is added. It reports whether anything
// changed. Nothing is read from the message but its ids and how it begins: what is sent is copied by Telegram.
func Take(b *store.Broadcast, m *telegram.Message) bool {
	if m.MediaGroup != "" && m.MediaGroup == b.Album && m.Chat.ID == b.Source {
		if slices.Contains(b.Messages, m.ID) || len(b.Messages) >= albumSize {
			return false
		}
		b.Messages = append(b.Messages, m.ID)
		slices.Sort(b.Messages)
		if b.Title == "" {
			b.Title = titleOf(m)
		}
		b.Version++
		return true
	}
	b.Source, b.Messages, b.Album = m.Chat.ID, []int{m.ID}, m.MediaGroup
	b.Kind, b.Title = kindOf(m), titleOf(m)
	b.Request = nil
	b.Version++
	return true
}

func kindOf(m *telegram.Message) string {
	switch {
	case m.MediaGroup != "":
		return KindAlbum
	case m.Poll != nil:
		return KindPoll
	case m.Text != "":
		return KindText
	case len(m.Photo) > 0:
		return KindPhoto
	case m.Video != nil, m.Animation != nil:
		return KindVideo
	case m.Document != nil, m.Audio != nil, m.Voice != nil:
		return KindDocument
	}
	return KindOther
}

func titleOf(m *telegram.Message) string {
	text := m.Words()
	if text == "" && m.Poll != nil {
		text = m.Poll.Question
	}
	return bengali.Truncate(strings.Join(strings.Fields(text), " "), titleLength)
}

// copyTo is the call that copies the content of a broadcast into a chat.
func copyTo(chat int64, b store.Broadcast) telegram.Request {
	if len(b.Messages) > 1 {
		return telegram.CopyMessages(chat, b.Source, b.Messages)
	}
	return telegram.CopyMessage(chat, b.Source, b.Messages[0], nil)
}

// requestOf is the call by which each chat gets the content, once it was tried on the author as the messages trial. A copied poll would be a
// poll of its own in each chat; forwarded, all vote in one. It is the trial that is forwarded, for that is the bot's and shows no editor's name.
func requestOf(b store.Broadcast, author int64, trial []int) ([]byte, error) {
	request := copyTo(0, b)
	if b.Kind == KindPoll {
		request = telegram.Forward(0, author, trial[0], false)
	}
	text, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("write what broadcast %d sends: %w", b.ID, err)
	}
	return text, nil
}

// items is how many messages each chat is to get.
func items(b store.Broadcast) int { return max(len(b.Messages), 1) }

// sentIDs reads from Telegram's answer which messages came to be: one object, or a list of them.
func sentIDs(answer json.RawMessage) []int {
	type id struct {
		ID int `json:"message_id"`
	}
	var many []id
	if len(answer) > 0 && answer[0] == '{' {
		many = make([]id, 1)
		if json.Unmarshal(answer, &many[0]) != nil {
			return nil
		}
	} else if json.Unmarshal(answer, &many) != nil {
		return nil
	}
	var ids []int
	for _, m := range many {
		if m.ID != 0 {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
