package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// GetMe tells who the bot is. It is the harmless call by which to probe whether Telegram can be reached.
func (c *Client) GetMe(ctx context.Context) (User, error) {
	return ask[User](ctx, c, "getMe", nil)
}

// GetChat tells what a chat is now.
func (c *Client) GetChat(ctx context.Context, chat int64) (Chat, error) {
	return c.getChat(ctx, strconv.FormatInt(chat, 10))
}

// GetChatByName finds a public group or channel by its @name; users cannot be found so.
func (c *Client) GetChatByName(ctx context.Context, name string) (Chat, error) {
	if name == "" {
		return Chat{}, &Error{Method: "getChat", Kind: KindChatNotFound, Unsent: true, Description: "no name given"}
	}
	if name[0] != '@' {
		name = "@" + name
	}
	return c.getChat(ctx, name)
}

func (c *Client) getChat(ctx context.Context, ref string) (Chat, error) {
	return ask[Chat](ctx, c, "getChat", Params{"chat_id": ref})
}

// GetChatMember tells a user's standing in a chat. Somebody who was never there comes as status "left", or as an error of [KindNotMember].
func (c *Client) GetChatMember(ctx context.Context, chat, user int64) (ChatMember, error) {
	p := Params{}
	p.Int("chat_id", chat)
	p.Int("user_id", user)
	return ask[ChatMember](ctx, c, "getChatMember", p)
}

// IsAdmin asks Telegram whether a user administers a chat now. Errors that only say no are not errors here.
func (c *Client) IsAdmin(ctx context.Context, chat, user int64) (bool, error) {
	m, err := c.GetChatMember(ctx, chat, user)
	if KindOf(err) == KindNotMember {
		return false, nil
	}
	return err == nil && m.IsAdmin(), err
}

// GetChatAdministrators lists a group's or channel's administrators, this bot among them but no other bots.
func (c *Client) GetChatAdministrators(ctx context.Context, chat int64) ([]ChatMember, error) {
	p := Params{}
	p.Int("chat_id", chat)
	return ask[[]ChatMember](ctx, c, "getChatAdministrators", p)
}

// GetChatMemberCount counts a chat's members.
func (c *Client) GetChatMemberCount(ctx context.Context, chat int64) (int, error) {
	p := Params{}
	p.Int("chat_id", chat)
	return ask[int](ctx, c, "getChatMemberCount", p)
}

// CreateForumTopic opens a topic in a forum, under a name of 1–128 characters, and returns its thread id. It takes the right to manage topics.
func (c *Client) CreateForumTopic(ctx context.Context, chat int64, name string) (int, error) {
	p := Params{"name": name}
	p.Int("chat_id", chat)
	topic, err := ask[struct {
		ThreadID int `json:"message_thread_id"`
	}](ctx, c, "createForumTopic", p)
	return topic.ThreadID, err
}

// ForwardMessage forwards a message silently and returns the copy: the way to look at what stands in a channel.
func (c *Client) ForwardMessage(ctx context.Context, to, from int64, message int) (Message, error) {
	var m Message
	err := c.DoInto(ctx, Forward(to, from, message, true), &m)
	return m, err
}

// DeleteMany takes 1–100 messages of one chat back, together where the server can (Bot API 7.0), else one by one. Messages
// that are already gone are no error.
func (c *Client) DeleteMany(ctx context.Context, chat int64, messages []int) error {
	if len(messages) == 0 {
		return nil
	}
	r := Request{Method: "deleteMessages", Params: Params{}}
	r.Params.Int("chat_id", chat)
	r.Params.JSON("message_ids", messages)
	_, err := c.Do(ctx, r)
	if KindOf(err) != KindUnknownMethod {
		return err
	}
	var failed []error
	for _, id := range messages {
		if _, err := c.Do(ctx, Delete(chat, id)); err != nil && !KindOf(err).Harmless() {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// Download fetches a file that somebody sent, of at most limit bytes and never more than the 20 MB Telegram gives out; a larger
// one is an error of [KindTooLarge].
func (c *Client) Download(ctx context.Context, fileID string, limit int64) ([]byte, error) {
	file, err := ask[struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}](ctx, c, "getFile", Params{"file_id": fileID})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.upload)
	defer cancel()
	fail := func(kind Kind, code int, text string, cause error) error {
		return &Error{Method: "download", Code: code, Kind: kind, Unsent: true, Description: c.token.redact(text), cause: contextCause(cause)}
	}
	if file.Size > limit {
		return nil, fail(KindTooLarge, 0, "the file is too large", nil)
	}
	target := c.base
	target.Path += "/file/bot" + c.token.text() + "/" + file.Path
	r := (&http.Request{Method: http.MethodGet, URL: &target, Host: target.Host, Header: http.Header{}}).WithContext(ctx)
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, fail(KindUnsent, 0, err.Error(), err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fail(KindForeign, answer.StatusCode, http.StatusText(answer.StatusCode), nil)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	switch {
	case err != nil:
		return nil, fail(KindUnsent, 0, err.Error(), err)
	case int64(len(data)) > limit:
		return nil, fail(KindTooLarge, 0, "the file is too large", nil)
	}
	return data, nil
}

// WebhookInfo is how updates reach the bot: URL is empty while they are polled for, Waiting counts those not yet confirmed.
type WebhookInfo struct {
	URL       string `json:"url"`
	Waiting   int    `json:"pending_update_count"`
	LastError string `json:"last_error_message,omitempty"`
}

// GetWebhookInfo tells whether a webhook is set, and how many updates wait at Telegram. It disturbs no poller.
func (c *Client) GetWebhookInfo(ctx context.Context) (WebhookInfo, error) {
	return ask[WebhookInfo](ctx, c, "getWebhookInfo", nil)
}

// DeleteWebhook makes polling possible; updates that wait are kept.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.Call(ctx, "deleteWebhook", Params{"drop_pending_updates": "false"}, nil)
}

func ask[T any](ctx context.Context, c *Client, method string, p Params) (T, error) {
	var answer T
	err := c.Call(ctx, method, p, &answer)
	return answer, err
}

// ServerTime asks the Bot API server for its time, which it tells to the second; the zero time if it tells none. The question carries
// no token.
func (c *Client) ServerTime(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, c.send)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, c.base.String(), nil)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the server's time: %w", err)
	}
	answer, err := c.transport.RoundTrip(request)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the server's time: %s", c.token.redact(err.Error()))
	}
	answer.Body.Close()
	told, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return time.Time{}, nil
	}
	return told, nil
}
