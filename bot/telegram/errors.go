package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind says what a failed call means, and so what to do next. It is the only thing callers need to decide on.
type Kind int

// The kinds, by the consequence they have.
const (
	// KindNone is no error, or one that is not of a call.
	KindNone Kind = iota

	// KindBlocked: a private chat is closed to us: the user blocked the bot, deleted the account, never pressed Start, or
	// is a bot. End its subscription at once; a later /start revives it.
	KindBlocked
	// KindGone: a group or channel is closed to us: the bot was removed, or the chat deleted. End its subscription.
	KindGone
	// KindChatNotFound: no such chat as far as this bot can see. End the subscription only after asking again some hours
	// later: a wrong id and a chat not yet known to a fresh server look the same.
	KindChatNotFound
	// KindNoRights: the chat is there, but the bot may not do this. Suspend the chat and tell its owner: a person can mend it.
	KindNoRights
	// KindThreadGone: the forum topic does not exist (any more). Send without the thread, or suspend and tell the owner.
	KindThreadGone
	// KindThreadClosed: the forum topic is closed. Suspend and tell the owner.
	KindThreadClosed
	// KindMigrated: the group has become a supergroup with the id Error.MigrateTo. Rewrite the id and send again.
	KindMigrated

	// KindMarkup: the text's mark-up was refused. Send it as plain text.
	KindMarkup
	// KindPhoto: the photo was refused: broken, too big, not to be fetched, or photos are not allowed there. Send the text alone.
	KindPhoto
	// KindTooLong: the text is longer than Telegram takes. Shorten it.
	KindTooLong
	// KindTooLarge: the whole request is larger than Telegram takes (413). Drop or shrink what is attached.
	KindTooLarge
	// KindButton: a button or the keyboard was refused. Send with plainer buttons, or none.
	KindButton
	// KindBadMessage: this request was refused for another, or an unknown, reason. Drop the message, keep the subscription;
	// many in a row for one chat are worth a look.
	KindBadMessage

	// KindNotModified: the edit would change nothing. Done.
	KindNotModified
	// KindMessageGone: the message to edit, delete, copy or forward is not there any more, or must not be changed. A deletion is done;
	// the others have nothing to act on.
	KindMessageGone
	// KindOtherForm: the message has no text but a caption, or the other way round. Use the other edit.
	KindOtherForm
	// KindQueryTooOld: the button press or inline query can no longer be answered. Ignore.
	KindQueryTooOld
	// KindNotMember: the user asked about is not in that chat, or not to be seen: not an administrator.
	KindNotMember

	// KindFlood: too many requests; nothing was sent. Wait Error.RetryAfter, then send the same message.
	KindFlood
	// KindUnauthorized: the token is revoked, unknown or malformed. Stop sending, tell the operator, touch no subscription.
	KindUnauthorized
	// KindConflict: another poller or a webhook uses this token. Tell the operator, touch no subscription.
	KindConflict
	// KindUnknownMethod: the server is older than this method. Do without; see [Client.Supports].
	KindUnknownMethod
	// KindForeign: the answer is not Telegram's: a proxy's page, a redirect, a captive portal. Retry later.
	KindForeign
	// KindUnsent: the request never left: no connection, no name, no route. Retry freely.
	KindUnsent
	// KindServer: Telegram failed (5xx, or an inner failure it reports as 400). It may have acted on the request all the same.
	KindServer
	// KindUnknownOutcome: the connection broke or the time ran out after the request was written, or the answer cannot be
	// read. Telegram may have acted on it.
	KindUnknownOutcome
)

var kindNames = [...]string{
	KindNone: "none", KindBlocked: "blocked", KindGone: "gone", KindChatNotFound: "chat not found", KindNoRights: "no rights",
	KindThreadGone: "thread gone", KindThreadClosed: "thread closed", KindMigrated: "migrated", KindMarkup: "markup",
	KindPhoto: "photo", KindTooLong: "too long", KindTooLarge: "too large", KindButton: "button", KindBadMessage: "bad message",
	KindNotModified: "not modified", KindMessageGone: "message gone", KindOtherForm: "other form",
	KindQueryTooOld: "query too old", KindNotMember: "not member", KindFlood: "flood", KindUnauthorized: "unauthorized",
	KindConflict: "conflict", KindUnknownMethod: "unknown method", KindForeign: "foreign", KindUnsent: "unsent",
	KindServer: "server", KindUnknownOutcome: "unknown outcome",
}

// String is the kind in words, fit for a log field or a metric's label.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "kind " + strconv.Itoa(int(k))
	}
	return kindNames[k]
}

// Lost tells that the chat is closed to us: its subscription ends.
func (k Kind) Lost() bool { return k == KindBlocked || k == KindGone }

// Suspends tells that nothing can go to this chat until its owner mends it.
func (k Kind) Suspends() bool {
	return k == KindNoRights || k == KindThreadGone || k == KindThreadClosed
}

// Harmless tells that what the call wanted is already so, or can no longer matter: there is nothing to do.
func (k Kind) Harmless() bool {
	return k == KindNotModified || k == KindMessageGone || k == KindQueryTooOld
}

// Transient tells that the fault is neither the chat's nor the message's: the same request may succeed later. Whether it
// may be repeated is another question: see [Error.InDoubt].
func (k Kind) Transient() bool {
	switch k {
	case KindFlood, KindForeign, KindUnsent, KindServer, KindUnknownOutcome:
		return true
	}
	return false
}

// Operator tells that nothing will work until the operator acts: stop sending, and touch no subscription.
func (k Kind) Operator() bool { return k == KindUnauthorized || k == KindConflict }

// Error is a failed call. It never contains the token.
type Error struct {
	// Method is the Bot API method that was called.
	Method string
	// Code is Telegram's error code, else the HTTP status, else 0 when there was no answer.
	Code int
	// Description is Telegram's text, or what went wrong on the way.
	Description string
	// RetryAfter is how long Telegram asks to wait; set for KindFlood.
	RetryAfter time.Duration
	// MigrateTo is the supergroup's id; set for KindMigrated.
	MigrateTo int64
	// Kind is what it means.
	Kind Kind
	// Unsent is true when Telegram has surely not acted on the request: it was refused, or never left.
	Unsent bool

	cause error // context.Canceled, context.DeadlineExceeded or nil: nothing that could carry a URL
}

// Error tells method, code and description.
func (e *Error) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("%s: %s", e.Method, e.Description)
	}
	return fmt.Sprintf("%s: %d %s", e.Method, e.Code, e.Description)
}

// Unwrap gives context.Canceled or context.DeadlineExceeded where that was the cause.
func (e *Error) Unwrap() error { return e.cause }

// InDoubt tells that Telegram may have acted on the request. A repeated send may then double the message.
func (e *Error) InDoubt() bool { return !e.Unsent }

// NoPhotos tells that it is the chat that takes no photos, from us or anybody, whatever is wrong with this one.
func (e *Error) NoPhotos() bool {
	text := strings.ToLower(e.Description)
	return e.Kind == KindPhoto && (strings.Contains(text, "send photos") || strings.Contains(text, "_forbidden"))
}

// KindOf is the kind of a failed call anywhere in err's chain, and KindNone for all else.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindNone
}

func asError(err error, e **Error) bool { return errors.As(err, e) }

// contextCause keeps of an error's chain only what callers may test for.
func contextCause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}
