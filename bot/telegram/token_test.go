package telegram_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram"
)

const (
	secret    = "AAH3kUnTq-9x_ForTestsOnlyNotARealOne"
	tokenText = "712345678:" + secret
)

func testToken(t testing.TB) telegram.Token {
	t.Helper()
	token, err := telegram.NewToken(tokenText)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// showsToken tells whether text gives the token away, whole or its secret part.
func showsToken(text string) bool { return strings.Contains(text, secret) }

func TestATokenShowsItselfNowhere(t *testing.T) {
	token := testToken(t)
	client, err := telegram.New(token, telegram.Options{})
	if err != nil {
		t.Fatal(err)
	}
	type settings struct {
		Token  telegram.Token
		hidden telegram.Token
		list   []telegram.Token
		byName map[string]*telegram.Token
	}
	inside := settings{token, token, []telegram.Token{token}, map[string]*telegram.Token{"a": &token}}
	for _, value := range []any{token, &token, inside, &inside, client, struct{ Client *telegram.Client }{client}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%b", "%c", "%5.3s", "%T"} {
			if got := fmt.Sprintf(verb, value); showsToken(got) || strings.Contains(got, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s of %T shows the token: %s", verb, value, got)
			}
		}
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "a", token, "b", inside, "c", client, "d", slog.GroupValue(slog.Any("t", token)))
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "a", token, "b", inside, "c", client)
	if showsToken(logged.String()) {
		t.Errorf("the log shows the token: %s", logged.String())
	}
	if b, err := json.Marshal(inside); err != nil || showsToken(string(b)) || !strings.Contains(string(b), `"[token]"`) {
		t.Errorf("JSON is %s, %v", b, err)
	}
	if got := fmt.Sprint(token); got != "[token]" {
		t.Errorf("Sprint gives %q", got)
	}
	func() {
		defer func() {
			if got := fmt.Sprintf("%+v", recover()); showsToken(got) {
				t.Errorf("a panic shows the token: %s", got)
			}
		}()
		panic(client)
	}()
}

func TestATokenIsCheckedWithoutBeingQuoted(t *testing.T) {
	for _, text := range []string{"", " ", "abc", "712345678", "712345678:AA bb", "712345678:", ":" + secret, "bot" + tokenText, "-1:" + secret, "1:a/b", "1:a\nb", "1:é", "1:%41", "1:" + strings.Repeat("a", 300)} {
		if _, err := telegram.NewToken(text); !errors.Is(err, telegram.ErrToken) {
			t.Errorf("%q: %v", text, err)
		} else if len(text) > 5 && strings.Contains(err.Error(), text) {
			t.Errorf("the error quotes %q", text)
		}
	}
	token, err := telegram.NewToken("\n " + tokenText + " \r\n")
	if err != nil || token.BotID() != 712345678 || token.IsZero() {
		t.Errorf("token with white space: bot %d, %v", token.BotID(), err)
	}
	var zero telegram.Token
	if !zero.IsZero() || zero.BotID() != 0 || zero.String() != "[token]" {
		t.Error("the zero token is not empty")
	}
	if err := zero.UnmarshalText([]byte(tokenText)); err != nil || zero.BotID() != 712345678 {
		t.Errorf("unmarshal: %v", err)
	}
	if err := zero.UnmarshalText([]byte("nonsense")); !errors.Is(err, telegram.ErrToken) {
		t.Errorf("unmarshal of nonsense: %v", err)
	}
}
