// Package telegram is the only room that speaks the Telegram Bot API.
//
// It knows how a call is made, what an answer means, how fast messages may leave and how updates are fetched without
// losing one. It knows nothing of articles, readers or storage, and imports nothing else of this module:
//
//   - [Client] makes calls through go-telegram-bot-api, kept as the seam to the wire: it forms the requests and reads the
//     envelopes, while the connection, the deadline, the status and the token are ours.
//   - [Request] is a call as a value: it can be kept as JSON, sent later, repaired after a refusal and sent again.
//   - [Error] says what a failed call means through its [Kind], and whether Telegram may have acted on it.
//   - [Limiter] says when a message may leave.
//   - [Updates] fetches updates and confirms them only after their effect has been kept.
//
// The token is never part of an error, a log line or a printed value: see [Token].
package telegram
