package bot

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/harkara/harkara/bot/broadcast"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// album is an album that an editor has sent.
type album struct {
	Group    string `json:"group"`
	Messages []int  `json:"messages"`
	Title    string `json:"title,omitempty"`
}

func (t *turn) albums(user int64) (albums []album, err error) {
	value, err := t.tx.Setting(t.ctx, albumSetting+fmt.Sprint(user))
	if err != nil || value == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(value), &albums); err != nil {
		return nil, fmt.Errorf("read the albums of user %d: %w", user, err)
	}
	return albums, nil
}

// rememberAlbum keeps which messages are parts of one album.
func (t *turn) rememberAlbum(m *telegram.Message) error {
	albums, err := t.albums(m.From.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(albums, func(a album) bool { return a.Group == m.MediaGroup })
	if i < 0 {
		albums = append(albums, album{Group: m.MediaGroup})
		albums = albums[max(0, len(albums)-albumsKept):]
		i = len(albums) - 1
	}
	b := store.Broadcast{Source: m.Chat.ID, Album: m.MediaGroup, Messages: albums[i].Messages, Title: albums[i].Title}
	if !broadcast.Take(&b, m) {
		return nil
	}
	albums[i].Messages, albums[i].Title = b.Messages, b.Title
	value, err := json.Marshal(albums)
	if err != nil {
		return fmt.Errorf("write the albums of user %d: %w", m.From.ID, err)
	}
	return t.tx.SetSetting(t.ctx, albumSetting+fmt.Sprint(m.From.ID), string(value))
}

// albumSeen tells whether an earlier part of the message's album has come.
func (t *turn) albumSeen(m *telegram.Message) bool {
	albums, err := t.albums(m.From.ID)
	return err == nil && slices.ContainsFunc(albums, func(a album) bool { return a.Group == m.MediaGroup && len(a.Messages) > 1 })
}
