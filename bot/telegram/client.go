package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// DefaultBaseURL is Telegram's own Bot API server.
const DefaultBaseURL = "https://api.telegram.org"

// MaxInFlight is the largest number of calls worth having under way at once: the server takes 1,000 of a bot and then sits on the
// next for three seconds, so half of that is left as room.
const MaxInFlight = 512

// Options of a [Client]; the zero value is right for Telegram itself.
type Options struct {
	// BaseURL is the Bot API server's address without a path to a bot, "https://api.telegram.org" if empty. A local Bot API server or
	// an emulator goes here.
	BaseURL string
	// SendTimeout bounds every call but polls and uploads: 40 s if zero. Less than 30 s is raised to 30 s, for the server
	// may hold a call back for 8 s before it answers, and a call given up is a call in doubt.
	SendTimeout time.Duration
	// UploadTimeout bounds a call that carries files: 2 minutes if zero.
	UploadTimeout time.Duration
	// Transport replaces the HTTP transport; nil is right. It must not repeat a POST by itself.
	Transport http.RoundTripper
}

// Client makes calls to the Bot API with one token. It is safe for concurrent use. A Client makes no call until asked to.
type Client struct {
	token     Token
	base      url.URL
	transport http.RoundTripper
	send      time.Duration
	upload    time.Duration
	features  features
}

// New returns a client for the bot of token. It does not call Telegram: a bot must start, too, while Telegram is down.
// The error is about a missing token or a base URL that cannot be used.
func New(token Token, o Options) (*Client, error) {
	if token.IsZero() {
		return nil, ErrToken
	}
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	base, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return nil, errors.New("telegram: the base URL cannot be parsed") // the URL may hold a token by mistake
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "", base.User != nil, base.RawQuery != "":
		return nil, errors.New("telegram: the base URL must be like https://api.telegram.org")
	}
	base.Path = strings.TrimRight(base.Path, "/")
	base.RawPath, base.Fragment, base.RawFragment = "", "", ""
	c := &Client{token: token, base: *base, transport: o.Transport, send: o.SendTimeout, upload: o.UploadTimeout}
	if c.transport == nil {
		c.transport = NewTransport()
	}
	if c.send == 0 {
		c.send = 40 * time.Second
	}
	c.send = max(c.send, 30*time.Second)
	if c.upload == 0 {
		c.upload = 2 * time.Minute
	}
	return c, nil
}

// NewTransport returns the transport a [Client] uses by default. It speaks HTTP/1.1 only: over HTTP/2 all calls under way
// share one connection, and one reset would put them all in doubt. It keeps a connection for every call that may be under
// way, and closes idle ones before the server does, so that a request is seldom written into a closing connection.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	only1 := new(http.Protocols)
	only1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		MaxIdleConnsPerHost:   MaxInFlight,
		IdleConnTimeout:       30 * time.Second,
		Protocols:             only1,
	}
}

// BotID is the bot's own user id, as the token has it.
func (c *Client) BotID() int64 { return c.token.BotID() }

// String names the client without its token.
func (c *Client) String() string {
	return fmt.Sprintf("telegram.Client(bot %d at %s)", c.BotID(), c.base.Host)
}

// Params are the parameters of a call, as the Bot API takes them: numbers and truth values as text, objects as JSON.
type Params map[string]string

// Int sets a number, unless it is zero.
func (p Params) Int(name string, value int64) {
	if value != 0 {
		p[name] = strconv.FormatInt(value, 10)
	}
}

// Text sets a text, unless it is empty.
func (p Params) Text(name, value string) {
	if value != "" {
		p[name] = value
	}
}

// Bool sets "true", unless value is false, which is every flag's default.
func (p Params) Bool(name string, value bool) {
	if value {
		p[name] = "true"
	}
}

// JSON sets an object or array. The value must be one that encoding/json can take.
func (p Params) JSON(name string, value any) {
	b, err := marshal(value)
	if err != nil {
		return
	}
	p[name] = b
}

// File is a file to be uploaded with a request: Field is the parameter it fills, such as "photo".
type File struct {
	Field string `json:"field"`
	Name  string `json:"name"`
	Data  []byte `json:"data"`
}

// Call calls method with params and decodes the result into into, which may be nil. A failed call is an [*Error]; so is
// one whose ctx ended, and then errors.Is finds context.Canceled or context.DeadlineExceeded in it.
func (c *Client) Call(ctx context.Context, method string, params Params, into any) error {
	return c.call(ctx, c.send, method, params, nil, into)
}

// endpoint is where the library believes it sends to. It gets neither the token nor the server's address: both are put in
// by the seam, so that no error of the library can carry them.
const endpoint = "http://telegram.invalid/%s/%s"

func (c *Client) call(ctx context.Context, limit time.Duration, method string, params Params, files []File, into any) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	wire := seam{client: c, ctx: ctx, method: method, into: into}
	library := tgbotapi.BotAPI{Token: hidden, Client: &wire}
	library.SetAPIEndpoint(endpoint)

	var answer *tgbotapi.APIResponse
	var err error
	if len(files) == 0 {
		answer, err = library.MakeRequest(method, tgbotapi.Params(params))
	} else {
		answer, err = library.UploadFiles(method, tgbotapi.Params(params), requestFiles(files))
	}
	if err != nil {
		return c.failure(&wire, answer, err)
	}
	if wire.decoded {
		return nil
	}
	return c.decode(method, answer.Result, into)
}

// decode reads a result. One that cannot be read is in doubt: the call itself was carried out.
func (c *Client) decode(method string, result json.RawMessage, into any) error {
	switch into := into.(type) {
	case nil:
		return nil
	case *json.RawMessage: // not checked and copied once more
		*into = result
		return nil
	case *tolerant:
		into.raw = result
		return nil
	}
	if err := json.Unmarshal(result, into); err != nil {
		return &Error{
			Method: method, Code: http.StatusOK, Kind: KindUnknownOutcome,
			Description: "the result cannot be read: " + c.token.redact(err.Error()),
		}
	}
	return nil
}

func requestFiles(files []File) []tgbotapi.RequestFile {
	list := make([]tgbotapi.RequestFile, len(files))
	for i, f := range files {
		list[i] = tgbotapi.RequestFile{Name: f.Field, Data: tgbotapi.FileBytes{Name: f.Name, Bytes: f.Data}}
	}
	return list
}

// knownEverywhere are methods that every server has. Where one of them is not found, it is the token that is not; of any other the
// method may be missing, in whatever words the server says so.
var knownEverywhere = []string{"getMe", "getUpdates", "sendMessage"}

// failure turns what the library and the seam saw into an [*Error].
func (c *Client) failure(wire *seam, answer *tgbotapi.APIResponse, err error) *Error {
	e := &Error{Method: wire.method, Code: wire.status, cause: contextCause(err)}
	switch {
	case wire.status == 0: // no answer at all
		e.Description = c.token.redact(err.Error())
		e.Unsent = wire.unsent()
		e.Kind = KindUnknownOutcome
		if e.Unsent {
			e.Kind = KindUnsent
		}
	case answer != nil && (answer.ErrorCode != 0 || answer.Description != ""): // the library's own error loses the code of uploads, the answer keeps it
		e.Code = cmp.Or(answer.ErrorCode, codeTold(wire.status, answer.Description))
		e.Description = c.token.redact(answer.Description)
		e.Kind = classify(e.Code, answer.Description)
		if e.Code == http.StatusNotFound && !slices.Contains(knownEverywhere, wire.method) {
			e.Kind = KindUnknownMethod
		}
		e.Unsent = e.Kind != KindServer
		if p := answer.Parameters; p != nil {
			e.RetryAfter = waitOf(p.RetryAfter)
			e.MigrateTo = p.MigrateToChatID
		}
	default: // an answer, but not one of the Bot API's
		e.Description = "the answer is not the Bot API's: " + http.StatusText(wire.status)
		if wire.broken != nil {
			e.Description = "the answer broke off: " + c.token.redact(wire.broken.Error())
		}
		e.Kind, e.Unsent = classifyForeign(wire.status)
	}
	if e.Kind == KindFlood && e.RetryAfter == 0 {
		e.RetryAfter = max(wire.retryAfter, waitToldIn(e.Description), time.Second)
	}
	if e.Kind == KindMigrated && e.MigrateTo == 0 {
		e.Kind = KindGone // upgraded, but nobody says to what
	}
	if e.Kind == KindUnknownMethod {
		c.features.lacks(Feature(wire.method))
	}
	return e
}

// longestWait is the most that is believed of a wait asked for: more is a fault of whoever asked.
const longestWait = 7 * 24 * time.Hour

// waitToldIn reads the wait out of “Too Many Requests: retry after 7”.
func waitToldIn(description string) time.Duration {
	_, after, _ := strings.Cut(strings.ToLower(description), "retry after ")
	digits, _, _ := strings.Cut(after, " ")
	seconds, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return waitOf(seconds)
}

func waitOf(seconds int) time.Duration {
	return time.Duration(min(max(seconds, 0), int(longestWait/time.Second))) * time.Second
}
