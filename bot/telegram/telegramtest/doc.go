// Package telegramtest is a Bot API server under our control: for tests, for the demo, and for
// measurements. It is an http.Handler that real client libraries talk to, a world of people,
// chats and messages behind it, a control surface in Go and over HTTP, and a chat page that looks
// like a Telegram client.
//
// It knows nothing of the bot it serves and imports nothing of ours. Production code never
// imports it, the demo and bench commands aside.
package telegramtest
