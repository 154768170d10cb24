package telegram_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram"
)

// newClient is a client of a server at base.
func newClient(t testing.TB, base string) *telegram.Client {
	t.Helper()
	transport := telegram.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	client, err := telegram.New(testToken(t), telegram.Options{BaseURL: base, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// serve is a client of a server that answers with handler.
func serve(t testing.TB, handler http.HandlerFunc) *telegram.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(t, server.URL)
}

func refuse(code int, description string, parameters map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		answer := map[string]any{"ok": false, "error_code": code, "description": description}
		if parameters != nil {
			answer["parameters"] = parameters
		}
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// Every refusal the published server can give, with the names that only Telegram's own backend gives.
var answers = []struct {
	code        int
	description string
	kind        telegram.Kind
}{
	// the target
	{403, "Forbidden: bot was blocked by the user", telegram.KindBlocked},
	{403, "Forbidden: user is deactivated", telegram.KindBlocked},
	{403, "Forbidden: bot can't initiate conversation with a user", telegram.KindBlocked},
	{403, "Forbidden: the bot can't send messages to the bot", telegram.KindBlocked},
	{403, "Forbidden: bot can't send messages to bots", telegram.KindBlocked},
	{403, "Forbidden: bot was kicked from the group chat", telegram.KindGone},
	{403, "Forbidden: bot was kicked from the supergroup chat", telegram.KindGone},
	{403, "Forbidden: bot was kicked from the channel chat", telegram.KindGone},
	{403, "Forbidden: bot is not a member of the group chat", telegram.KindGone},
	{403, "Forbidden: bot is not a member of the supergroup chat", telegram.KindGone},
	{403, "Forbidden: bot is not a member of the channel chat", telegram.KindGone},
	{403, "Forbidden: the group chat was deleted", telegram.KindGone},
	{403, "Forbidden: something nobody has heard of", telegram.KindGone},
	{400, "Bad Request: chat not found", telegram.KindChatNotFound},
	{400, "Bad Request: private chat not found", telegram.KindChatNotFound},
	{400, "Bad Request: PEER_ID_INVALID", telegram.KindChatNotFound},
	{400, "Bad Request: group is deactivated", telegram.KindGone},
	{400, "Bad Request: CHANNEL_PRIVATE", telegram.KindGone},
	{400, "Bad Request: need administrator rights in the channel chat", telegram.KindNoRights},
	{400, "Bad Request: have no write access to the chat", telegram.KindNoRights},
	{400, "Bad Request: not enough rights to send text messages to the chat", telegram.KindNoRights},
	{400, "Bad Request: not enough rights to send documents to the chat", telegram.KindNoRights},
	{400, "Bad Request: not enough rights to send polls to the chat", telegram.KindNoRights},
	{400, "Bad Request: not enough rights to send photos to the chat", telegram.KindPhoto},
	{400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", telegram.KindPhoto},
	{400, "Bad Request: CHAT_WRITE_FORBIDDEN", telegram.KindNoRights},
	{400, "Bad Request: CHAT_ADMIN_REQUIRED", telegram.KindNoRights},
	{400, "Bad Request: CHAT_RESTRICTED", telegram.KindNoRights},
	{400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", telegram.KindNoRights},
	{400, "Bad Request: message thread not found", telegram.KindThreadGone},
	{400, "Bad Request: TOPIC_DELETED", telegram.KindThreadGone},
	{400, "Bad Request: TOPIC_CLOSED", telegram.KindThreadClosed},

	// the message
	{400, "Bad Request: message text is empty", telegram.KindBadMessage},
	{400, "Bad Request: text must be non-empty", telegram.KindBadMessage},
	{400, "Bad Request: text is too long", telegram.KindTooLong},
	{400, "Bad Request: message is too long", telegram.KindTooLong},
	{400, "Bad Request: message caption is too long", telegram.KindTooLong},
	{400, "Bad Request: MESSAGE_TOO_LONG", telegram.KindTooLong},
	{400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 5", telegram.KindMarkup},
	{400, `Bad Request: can't parse entities: Unsupported start tag "photo" at byte offset 0`, telegram.KindMarkup},
	{400, "Bad Request: text must be encoded in UTF-8", telegram.KindMarkup},
	{400, "Bad Request: unsupported parse_mode", telegram.KindMarkup},
	{400, "Bad Request: wrong file identifier/HTTP URL specified", telegram.KindPhoto},
	{400, "Bad Request: failed to get HTTP URL content", telegram.KindPhoto},
	{400, "Bad Request: wrong type of the web page content", telegram.KindPhoto},
	{400, "Bad Request: wrong HTTP URL specified", telegram.KindPhoto},
	{400, "Bad Request: PHOTO_INVALID_DIMENSIONS", telegram.KindPhoto},
	{400, "Bad Request: IMAGE_PROCESS_FAILED", telegram.KindPhoto},
	{400, "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp", telegram.KindPhoto},
	{400, "Bad Request: invalid file HTTP URL specified: URL host is empty", telegram.KindPhoto},
	{400, "Bad Request: wrong remote file identifier specified: Wrong padding in the string", telegram.KindPhoto},
	{400, "Bad Request: there is no photo in the request", telegram.KindPhoto},
	{400, "Bad Request: file must be non-empty", telegram.KindPhoto},
	{400, "Bad Request: file of size 20000000 bytes is too big for a photo; the maximum size is 10485760 bytes", telegram.KindPhoto},
	{400, "Bad Request: BUTTON_DATA_INVALID", telegram.KindButton},
	{400, "Bad Request: BUTTON_URL_INVALID", telegram.KindButton},
	{400, "Bad Request: reply markup is too long", telegram.KindButton},
	{400, "Bad Request: inline keyboard button URL 'x' is invalid: URL host is empty", telegram.KindButton},
	{400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", telegram.KindButton},
	{400, `Bad Request: field "inline_keyboard" must be of type Array`, telegram.KindButton},
	{400, "Bad Request: object expected as reply markup", telegram.KindButton},
	{400, "Bad Request: can't parse reply keyboard markup JSON object", telegram.KindButton},
	{400, "Bad Request: message to be replied not found", telegram.KindBadMessage},
	{400, "Bad Request: A_NAME_OF_TOMORROW", telegram.KindBadMessage},

	// edits, deletions, presses
	{400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message", telegram.KindNotModified},
	{400, "Bad Request: MESSAGE_NOT_MODIFIED", telegram.KindNotModified},
	{400, "Bad Request: message to edit not found", telegram.KindMessageGone},
	{400, "Bad Request: message can't be edited", telegram.KindMessageGone},
	{400, "Bad Request: there is no text in the message to edit", telegram.KindOtherForm},
	{400, "Bad Request: there is no caption in the message to edit", telegram.KindOtherForm},
	{400, "Bad Request: message identifier is not specified", telegram.KindBadMessage},
	{400, "Bad Request: chat identifier is not specified", telegram.KindBadMessage},
	{400, "Bad Request: message to delete not found", telegram.KindMessageGone},
	{400, "Bad Request: message can't be deleted", telegram.KindMessageGone},
	{400, "Bad Request: message can't be deleted for everyone", telegram.KindMessageGone},
	{400, "Bad Request: too many message identifiers specified", telegram.KindBadMessage},
	{400, "Bad Request: query is too old and response timeout expired or query ID is invalid", telegram.KindQueryTooOld},

	// members
	{400, "Bad Request: invalid user_id specified", telegram.KindBadMessage},
	{400, "Bad Request: member list is inaccessible", telegram.KindNoRights},
	{400, "Bad Request: member not found", telegram.KindNotMember},
	{400, "Bad Request: PARTICIPANT_ID_INVALID", telegram.KindNotMember},
	{400, "Bad Request: USER_ID_INVALID", telegram.KindNotMember},
	{400, "Bad Request: there are no administrators in the private chat", telegram.KindBadMessage},

	// commands
	{400, "Bad Request: expected an Array of BotCommand", telegram.KindBadMessage},
	{400, "Bad Request: BOT_COMMAND_INVALID", telegram.KindBadMessage},
	{400, "Bad Request: command description length must not exceed 256", telegram.KindBadMessage},
	{400, "Bad Request: invalid language code specified", telegram.KindBadMessage},
	{400, "Bad Request: can't change commands in channel chats", telegram.KindBadMessage},

	// the account and the way
	{401, "Unauthorized", telegram.KindUnauthorized},
	{401, "Unauthorized: invalid token specified", telegram.KindUnauthorized},
	{404, "Not Found", telegram.KindUnauthorized},
	{404, "Not Found: method not found", telegram.KindUnknownMethod},
	{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", telegram.KindConflict},
	{409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", telegram.KindConflict},
	{413, "Request Entity Too Large", telegram.KindTooLarge},
	{421, "Misdirected Request: unallowed token specified", telegram.KindUnauthorized},
	{500, "Internal Server Error: restart", telegram.KindServer},
	{500, "Internal Server Error: request aborted", telegram.KindServer},
	{502, "Bad Gateway", telegram.KindServer},
	{400, "Bad Request: Bad Gateway", telegram.KindServer},
	{400, "Bad Request: Timeout", telegram.KindServer},
}

// inDoubt tells whether Telegram may have acted on the call that failed.
func inDoubt(err error) bool {
	var e *telegram.Error
	return errors.As(err, &e) && e.InDoubt()
}

func TestEveryRefusalHasItsConsequence(t *testing.T) {
	var code int
	var description string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) { refuse(code, description, nil)(w, r) })
	file := []telegram.File{{Field: "photo", Name: "a.png", Data: []byte("x")}}
	for _, a := range answers {
		code, description = a.code, a.description
		for way, err := range map[string]error{
			"call":   client.Call(context.Background(), "sendMessage", telegram.Params{"text": "x"}, nil),
			"upload": client.Upload(context.Background(), "sendMessage", telegram.Params{"caption": "x"}, file, nil),
		} {
			var e *telegram.Error
			if !errors.As(err, &e) {
				t.Fatalf("%s %q: %v", way, a.description, err)
			}
			if e.Kind != a.kind || e.Code != a.code || e.Description != a.description || e.Method != "sendMessage" {
				t.Errorf("%s %d %q: got kind %q, code %d, description %q; want kind %q", way, a.code, a.description, e.Kind, e.Code, e.Description, a.kind)
			}
			if want := a.kind == telegram.KindServer; e.InDoubt() != want || inDoubt(err) != want {
				t.Errorf("%s %d %q: in doubt %v", way, a.code, a.description, e.InDoubt())
			}
		}
	}
}

func TestConsequencesExcludeEachOther(t *testing.T) {
	for kind := telegram.KindBlocked; kind <= telegram.KindUnknownOutcome; kind++ {
		n := 0
		for _, is := range []bool{kind.Lost(), kind.Suspends(), kind.Harmless(), kind.Transient(), kind.Operator()} {
			if is {
				n++
			}
		}
		if n > 1 {
			t.Errorf("%q has %d consequences", kind, n)
		}
		if kind.String() == "" {
			t.Errorf("kind %d has no name", int(kind))
		}
	}
	if telegram.KindNone.Lost() || telegram.KindNone.Transient() || telegram.KindOf(errors.New("x")) != telegram.KindNone {
		t.Error("no error has a consequence")
	}
}

func TestParametersOfARefusalAreKept(t *testing.T) {
	file := []telegram.File{{Field: "photo", Name: "a.png", Data: []byte("x")}}
	for _, upload := range []bool{false, true} {
		call := func(c *telegram.Client) *telegram.Error {
			var err error
			if upload {
				err = c.Upload(context.Background(), "sendPhoto", nil, file, nil)
			} else {
				err = c.Call(context.Background(), "sendMessage", nil, nil)
			}
			var e *telegram.Error
			errors.As(err, &e)
			return e
		}
		e := call(serve(t, refuse(429, "Too Many Requests: retry after 17", map[string]any{"retry_after": 17})))
		if e.Kind != telegram.KindFlood || e.RetryAfter != 17*time.Second || !e.Unsent {
			t.Errorf("flood: %+v", e)
		}
		e = call(serve(t, refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", map[string]any{"migrate_to_chat_id": int64(-1001234567890)})))
		if e.Kind != telegram.KindMigrated || e.MigrateTo != -1001234567890 {
			t.Errorf("migration: %+v", e)
		}
	}
	e := new(telegram.Error)
	err := serve(t, refuse(429, "Too Many Requests", nil)).Call(context.Background(), "getMe", nil, nil)
	if !errors.As(err, &e) || e.RetryAfter != time.Second {
		t.Errorf("a flood without a time: %+v", e)
	}
	err = serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(429)
		_, _ = w.Write([]byte("<html>slow down</html>"))
	}).Call(context.Background(), "getMe", nil, nil)
	if !errors.As(err, &e) || e.Kind != telegram.KindFlood || e.RetryAfter != 30*time.Second {
		t.Errorf("a flood told by the front: %+v", e)
	}
	err = serve(t, refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", nil)).Call(context.Background(), "sendMessage", nil, nil)
	if telegram.KindOf(err) != telegram.KindGone {
		t.Errorf("a migration to nowhere is %q", telegram.KindOf(err))
	}
}
