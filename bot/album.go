package bot

import (
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

// albums are those the editor of this turn sent last.
func (t *turn) albums() (albums []album, err error) {
	_, err = t.readBegun(albumsBegun, t.update.Sender().ID, &albums)
	return albums, err
}

// rememberAlbum keeps which messages are parts of one album.
func (t *turn) rememberAlbum(m *telegram.Message) error {
	albums, err := t.albums()
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
	return t.keepBegun(albumsBegun, t.update.Sender().ID, albums)
}

// albumSeen tells whether an earlier part of the message's album has come.
func (t *turn) albumSeen(m *telegram.Message) bool {
	albums, err := t.albums()
	return err == nil && slices.ContainsFunc(albums, func(a album) bool { return a.Group == m.MediaGroup && len(a.Messages) > 1 })
}
