package telegramtest

import (
	"strconv"
	"unicode/utf8"
)

// The common messages (text from a bot, with entities) are written without reflection: the
// emulator must not be what a measurement measures. All others go through encode, and a test
// holds both to the same bytes.

// encodeMessage gives the JSON of a message.
func encodeMessage(m *Message) []byte {
	if m.isRare() {
		return encode(m)
	}
	b := make([]byte, 0, 512+2*len(m.Text)+96*len(m.Entities))
	b = strconv.AppendInt(append(b, `{"message_id":`...), int64(m.MessageID), 10)
	if m.From != nil {
		b = appendUser(append(b, `,"from":`...), m.From)
	}
	if m.SenderChat != nil {
		b = appendChat(append(b, `,"sender_chat":`...), m.SenderChat)
	}
	b = appendChat(append(b, `,"chat":`...), m.Chat)
	b = strconv.AppendInt(append(b, `,"date":`...), m.Date, 10)
	if m.EditDate != 0 {
		b = strconv.AppendInt(append(b, `,"edit_date":`...), m.EditDate, 10)
	}
	if m.Text != "" {
		b = appendString(append(b, `,"text":`...), m.Text)
	}
	if len(m.Entities) > 0 {
		b = append(b, `,"entities":[`...)
		for i, e := range m.Entities {
			if i > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(append(b, `{"offset":`...), int64(e.Offset), 10)
			b = strconv.AppendInt(append(b, `,"length":`...), int64(e.Length), 10)
			b = appendString(append(b, `,"type":`...), e.Type)
			if e.URL != "" {
				b = appendString(append(b, `,"url":`...), e.URL)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	if m.ReplyMarkup != nil {
		b = append(append(b, `,"reply_markup":`...), encode(m.ReplyMarkup)...)
	}
	return append(b, '}')
}

// isRare reports whether a message has anything encodeMessage does not write by itself.
func (m *Message) isRare() bool {
	for _, e := range m.Entities {
		if e.User != nil || e.Language != "" || e.CustomEmojiID != "" || e.UnixTime != 0 || e.DateTimeFormat != "" {
			return true
		}
	}
	return m.Chat == nil || m.ThreadID != 0 || m.AuthorSignature != "" || m.ForwardOrigin != nil || m.ForwardFrom != nil ||
		m.ForwardFromChat != nil || m.ForwardFromMessage != 0 || m.ForwardSignature != "" || m.ForwardSenderName != "" || m.ForwardDate != 0 ||
		m.IsTopicMessage || m.IsAutomaticForward || m.ReplyToMessage != nil || m.ViaBot != nil || m.HasProtectedContent ||
		m.MediaGroupID != "" || m.LinkPreviewOptions != nil || m.Photo != nil || m.Document != nil || m.Video != nil || m.Contact != nil ||
		m.Poll != nil || m.Caption != "" || m.CaptionEntities != nil || m.ShowCaptionAbove || m.HasMediaSpoiler ||
		m.NewChatMembers != nil || m.LeftChatMember != nil || m.NewChatTitle != "" || m.GroupChatCreated ||
		m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 || m.PinnedMessage != nil || m.ChatShared != nil || m.UsersShared != nil ||
		m.ForumTopicCreated != nil || m.ForumTopicClosed != nil || m.ForumTopicReopened != nil
}

func appendUser(b []byte, u *UserInfo) []byte {
	if u.CanJoinGroups != nil || u.CanReadAllGroupMessages != nil || u.SupportsInlineQueries != nil {
		return append(b, encode(u)...)
	}
	b = strconv.AppendInt(append(b, `{"id":`...), u.ID, 10)
	b = strconv.AppendBool(append(b, `,"is_bot":`...), u.IsBot)
	b = appendString(append(b, `,"first_name":`...), u.FirstName)
	if u.LastName != "" {
		b = appendString(append(b, `,"last_name":`...), u.LastName)
	}
	if u.Username != "" {
		b = appendString(append(b, `,"username":`...), u.Username)
	}
	if u.LanguageCode != "" {
		b = appendString(append(b, `,"language_code":`...), u.LanguageCode)
	}
	return append(b, '}')
}

func appendChat(b []byte, c *ChatInfo) []byte {
	b = strconv.AppendInt(append(b, `{"id":`...), c.ID, 10)
	for _, field := range [...]struct{ name, value string }{
		{`,"first_name":`, c.FirstName}, {`,"last_name":`, c.LastName}, {`,"title":`, c.Title}, {`,"username":`, c.Username},
	} {
		if field.value != "" {
			b = appendString(append(b, field.name...), field.value)
		}
	}
	b = appendString(append(b, `,"type":`...), c.Type)
	if c.IsForum {
		b = append(b, `,"is_forum":true`...)
	}
	return append(b, '}')
}

// appendString writes a JSON string with everything beyond ASCII escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			b = appendEscaped(b, r)
			i += n
			continue
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c == '\b':
			b = append(b, '\\', 'b')
		case c == '\f':
			b = append(b, '\\', 'f')
		default:
			b = appendEscaped(b, rune(c))
		}
		i++
	}
	return append(b, '"')
}

const hexDigits = "0123456789abcdef"

// appendEscaped writes \uXXXX, two of them for a character beyond the first plane.
func appendEscaped(b []byte, r rune) []byte {
	if r > 0xFFFF {
		r -= 0x10000
		return appendEscaped(appendEscaped(b, 0xD800+r>>10), 0xDC00+r&0x3FF)
	}
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
