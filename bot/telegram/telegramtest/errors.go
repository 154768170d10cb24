package telegramtest

import (
	"fmt"
	"strings"
)

// failure is why a call is refused. It holds what the inside of the server says; translate
// turns it into what a bot sees.
type failure struct {
	code       int
	text       string
	retryAfter int
	migrateTo  int64
	// final marks a failure whose code and text are already those of the answer.
	final bool
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s", f.code, f.text) }

func badRequest(format string, args ...any) *failure {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return &failure{code: 400, text: format}
}

func forbidden(text string) *failure { return &failure{code: 403, text: text} }

func conflict(text string) *failure { return &failure{code: 409, text: text} }

func answer(code int, description string) *failure {
	return &failure{code: code, text: description, final: true}
}

func tooManyRequests(retryAfter int) *failure {
	return &failure{code: 429, retryAfter: retryAfter}
}

// friendly are the names of the backend that the server puts into words.
var friendly = map[string]string{
	"MESSAGE_NOT_MODIFIED":     "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
	"WC_CONVERT_URL_INVALID":   "wrong HTTP URL specified",
	"EXTERNAL_URL_INVALID":     "wrong HTTP URL specified",
	"WEBPAGE_CURL_FAILED":      "failed to get HTTP URL content",
	"WEBPAGE_MEDIA_EMPTY":      "wrong type of the web page content",
	"MEDIA_GROUPED_INVALID":    "wrong media group specified",
	"REPLY_MARKUP_TOO_LONG":    "reply markup is too long",
	"QUERY_ID_INVALID":         "query is too old and response timeout expired or query ID is invalid",
	"MESSAGE_DELETE_FORBIDDEN": "message can't be deleted",
	"File generation failed":   "can't upload file by URL",
}

// translate gives the status code and the description a bot sees for a failure, by the rules
// of the official server (Client::fail_query_with_error).
func (f *failure) translate() (code int, description string) {
	if f.final {
		return f.code, f.text
	}
	code, text := f.code, f.text
	switch {
	case code == 429:
		return 429, fmt.Sprintf("Too Many Requests: retry after %d", f.retryAfter)
	case code < 400 || code == 404:
		code = 400
	case code == 403 && isUpperSnake(text):
		code = 400
	}
	if code == 400 {
		switch text {
		case "INPUT_USER_DEACTIVATED":
			code, text = 403, "user is deactivated"
		case "USER_IS_BLOCKED":
			code, text = 403, "bot was blocked by the user"
		default:
			if words, ok := friendly[text]; ok {
				text = words
			}
		}
	}
	var prefix string
	switch code {
	case 400:
		prefix = "Bad Request"
	case 401:
		prefix = "Unauthorized"
	case 403:
		prefix = "Forbidden"
	case 409:
		prefix = "Conflict"
	case 500:
		prefix = "Internal Server Error"
	default:
		return 400, "Bad Request: " + text
	}
	if strings.HasPrefix(text, prefix) {
		return code, text
	}
	return code, prefix + ": " + lowerFirst(text)
}

func isUpperSnake(s string) bool {
	for _, c := range []byte(s) {
		if !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			return false
		}
	}
	return s != ""
}

// lowerFirst lowers the first letter unless the second character shows that the text is a name.
func lowerFirst(s string) string {
	if len(s) < 2 || s[0] < 'A' || s[0] > 'Z' || s[1] == '_' || s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return string(s[0]+'a'-'A') + s[1:]
}
