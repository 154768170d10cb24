package telegram

import (
	"context"
	"fmt"
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

// CreateForumTopic opens a topic in a forum, under a name of 1–128 characters, and returns its thread id. It takes the right to manage topics.
func (c *Client) CreateForumTopic(ctx context.Context, chat int64, name string) (int, error) {
	p := Params{"name": name}
	p.Int("chat_id", chat)
	topic, err := ask[struct {
		ThreadID int `json:"message_thread_id"`
	}](ctx, c, "createForumTopic", p)
	return topic.ThreadID, err
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
