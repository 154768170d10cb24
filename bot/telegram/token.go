package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// hidden is what stands wherever a token would have been.
const hidden = "[token]"

// ErrToken is returned for text that cannot be a bot token. It does not quote the text.
var ErrToken = errors.New("telegram: not a bot token: want the line BotFather gave, like 123456:ABC-DEF")

// Token is a bot's password. However it is printed, logged, marshalled or met by reflection, it shows as "[token]":
// the text itself is held in a closure, which no printer can look into.
type Token struct{ reveal func() string }

// NewToken accepts the line BotFather gave, with or without surrounding white space. It checks only what keeps the
// token from breaking a URL; whether it is valid, Telegram decides. The error is [ErrToken].
func NewToken(text string) (Token, error) {
	text = strings.TrimSpace(text)
	id, secret, _ := strings.Cut(text, ":")
	if n, err := strconv.ParseInt(id, 10, 64); err != nil || n <= 0 || secret == "" || len(text) > 200 {
		return Token{}, ErrToken
	}
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == ':', c == '_', c == '-':
		default:
			return Token{}, ErrToken
		}
	}
	return Token{reveal: func() string { return text }}, nil
}

// IsZero tells whether no token has been set.
func (t Token) IsZero() bool { return t.reveal == nil }

// BotID is the bot's own user id, which every token begins with; 0 of the zero Token.
func (t Token) BotID() int64 {
	id, _, _ := strings.Cut(t.text(), ":")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (t Token) text() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// redact replaces the token in text, whole or its secret part alone, escaped or not.
func (t Token) redact(text string) string {
	whole := t.text()
	if whole == "" {
		return text
	}
	for _, form := range []string{whole, url.QueryEscape(whole)} {
		text = strings.ReplaceAll(text, form, hidden)
	}
	if _, secret, _ := strings.Cut(whole, ":"); len(secret) >= 8 {
		text = strings.ReplaceAll(text, secret, hidden)
	}
	return text
}

// tokenLike is what a token looks like wherever it stands: BotFather gives 8 to 10 digits and 35 letters.
var tokenLike = regexp.MustCompile(`[0-9]{5,}:[A-Za-z0-9_-]{20,}`)

// HideTokens takes out of text all that looks like a bot's token, for sentences that repeat what somebody gave in the wrong place.
func HideTokens(text string) string { return tokenLike.ReplaceAllLiteralString(text, hidden) }

// String returns "[token]".
func (t Token) String() string { return hidden }

// GoString returns "[token]".
func (t Token) GoString() string { return hidden }

// Format writes "[token]" for every verb and flag.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue returns "[token]".
func (t Token) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON returns "[token]" as a JSON string.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(hidden) }

// MarshalText returns "[token]".
func (t Token) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// UnmarshalText lets settings be read straight into a Token; see [NewToken].
func (t *Token) UnmarshalText(text []byte) error {
	parsed, err := NewToken(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
