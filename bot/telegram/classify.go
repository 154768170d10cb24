package telegram

import (
	"net/http"
	"strings"
)

// A sign is a piece of an error's description and what it means. Telegram rewords its sentences now and then, so only the
// telling piece is matched, in lower case, and only after the code.
type sign struct {
	piece string
	kind  Kind
}

// refusals are the signs of a refused request (codes 400 and 403), the narrower before the wider. The texts are those of
// the published server (tdlib/telegram-bot-api and tdlib/td); names in capitals come from Telegram's own backend.
var refusals = []sign{
	// the chat
	{"upgraded to a supergroup", KindMigrated},
	{"blocked by the user", KindBlocked},
	{"user is deactivated", KindBlocked},
	{"can't initiate conversation", KindBlocked},
	{"messages to the bot", KindBlocked},
	{"messages to bots", KindBlocked},
	{"user_is_blocked", KindBlocked},
	{"input_user_deactivated", KindBlocked},
	{"user_is_bot", KindBlocked},
	{"bot was kicked", KindGone},
	{"bot is not a member", KindGone},
	{"chat was deleted", KindGone},
	{"group is deactivated", KindGone},
	{"channel_private", KindGone},
	{"chat not found", KindChatNotFound},
	{"peer_id_invalid", KindChatNotFound},
	{"channel_invalid", KindChatNotFound},
	{"chat_id_invalid", KindChatNotFound},
	{"thread not found", KindThreadGone},
	{"topic_deleted", KindThreadGone},
	{"topic_closed", KindThreadClosed},
	{"send photos", KindPhoto},
	{"chat_send_photos_forbidden", KindPhoto},
	{"chat_send_media_forbidden", KindPhoto},
	{"need administrator rights", KindNoRights},
	{"no write access", KindNoRights},
	{"not enough rights", KindNoRights},
	{"write_forbidden", KindNoRights},
	{"admin_required", KindNoRights},
	{"chat_restricted", KindNoRights},
	{"plain_forbidden", KindNoRights},
	{"right_forbidden", KindNoRights},
	{"user_banned_in_channel", KindNoRights},
	{"member list is inaccessible", KindNoRights},

	// what was asked about
	{"member not found", KindNotMember},
	{"user not found", KindNotMember},
	{"participant_id_invalid", KindNotMember},
	{"user_not_participant", KindNotMember},
	{"user_id_invalid", KindNotMember},

	// edits, deletions, answers
	{"not modified", KindNotModified},
	{"not_modified", KindNotModified},
	{"to edit not found", KindMessageGone},
	{"can't be edited", KindMessageGone},
	{"to delete not found", KindMessageGone},
	{"to copy not found", KindMessageGone},
	{"to forward not found", KindMessageGone},
	{"no messages to copy", KindMessageGone},
	{"no messages to forward", KindMessageGone},
	{"can't be deleted", KindMessageGone},
	{"message_id_invalid", KindMessageGone},
	{"message_edit_time_expired", KindMessageGone},
	{"message_author_required", KindMessageGone},
	{"message_delete_forbidden", KindMessageGone},
	{"no text in the message", KindOtherForm},
	{"no caption in the message", KindOtherForm},
	{"query is too old", KindQueryTooOld},
	{"query id is invalid", KindQueryTooOld},
	{"query_id_invalid", KindQueryTooOld},

	// the message
	{"inline keyboard", KindButton},
	{"inline_keyboard", KindButton},
	{"keyboard button", KindButton},
	{"reply markup", KindButton},
	{"reply keyboard", KindButton},
	{"button_", KindButton},
	{"reply_markup_", KindButton},
	{"parse entities", KindMarkup},
	{"entity_bounds_invalid", KindMarkup},
	{"entities_too_long", KindMarkup},
	{"encoded in utf-8", KindMarkup},
	{"parse_mode", KindMarkup},
	{"caption is too long", KindTooLong},
	{"text is too long", KindTooLong},
	{"message is too long", KindTooLong},
	{"message_too_long", KindTooLong},
	{"media_caption_too_long", KindTooLong},
	{"photo", KindPhoto},
	{"image_process_failed", KindPhoto},
	{"http url", KindPhoto},
	{"wrong url", KindPhoto},
	{"web page", KindPhoto},
	{"webpage_", KindPhoto},
	{"external_url_invalid", KindPhoto},
	{"wc_convert_url_invalid", KindPhoto},
	{"media_empty", KindPhoto},
	{"media_invalid", KindPhoto},
	{"file identifier", KindPhoto},
	{"file must be non-empty", KindPhoto},
	{"file_reference_", KindPhoto},
	{"file_part", KindPhoto},
	{"file generation failed", KindPhoto},
	{"is too big", KindPhoto},

	// Telegram's own failures, reported as ours
	{"bad gateway", KindServer},
	{"gateway time", KindServer},
	{"service unavailable", KindServer},
	{"internal server error", KindServer},
	{"timed out", KindServer},
	{"timeout", KindServer},
}

// codeTold is the code of a refusal that names none: the status, or, where that says all is well, the one whose words the description
// begins with, as Telegram's descriptions do.
func codeTold(status int, description string) int {
	if status != http.StatusOK {
		return status
	}
	for _, code := range []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
		http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
	} {
		if strings.HasPrefix(strings.ToLower(description), strings.ToLower(http.StatusText(code))) {
			return code
		}
	}
	return status
}

// classify says what an answer of the Bot API means.
func classify(code int, description string) Kind {
	text := strings.ToLower(description)
	switch {
	case code == http.StatusTooManyRequests:
		return KindFlood
	case code == http.StatusUnauthorized, code == http.StatusMisdirectedRequest:
		return KindUnauthorized
	case code == http.StatusNotFound && strings.Contains(text, "method not found"):
		return KindUnknownMethod
	case code == http.StatusNotFound:
		return KindUnauthorized // the path is ours and fixed but for the token
	case code == http.StatusConflict:
		return KindConflict
	case code == http.StatusRequestEntityTooLarge:
		return KindTooLarge
	case code >= 500:
		return KindServer
	}
	for _, s := range refusals {
		if strings.Contains(text, s.piece) {
			return s.kind
		}
	}
	if code == http.StatusForbidden {
		return KindGone
	}
	return KindBadMessage
}

// classifyForeign says what an answer means that does not have the Bot API's form, by its status alone. Nobody is
// unsubscribed on the word of a proxy: a page with status 403 is no refusal by Telegram.
func classifyForeign(status int) (kind Kind, unsent bool) {
	switch {
	case status >= 500:
		return KindServer, false
	case status == http.StatusTooManyRequests:
		return KindFlood, true
	case status == http.StatusRequestEntityTooLarge:
		return KindTooLarge, true
	case status >= 300:
		return KindForeign, true
	default:
		return KindUnknownOutcome, false
	}
}
