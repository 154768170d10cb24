// Package telegramtest is a Bot API server under our control: for tests, for the demo and for
// measurements. Real client libraries talk to it over HTTP; behind it stands a small world of
// people, chats and messages; in front of it are a control surface (in Go, and as JSON under
// /control/) and a chat page that looks like a Telegram client.
//
// It imports nothing of ours and knows nothing of the bot it serves. Production code never
// imports it, the demo and bench commands aside.
//
// # In a test
//
//	s := telegramtest.New(telegramtest.WithNow(clock.Now))
//	url, err := s.Start()              // http://127.0.0.1:PORT; endpoint is url+"/bot%s/%s"
//	defer s.Close()
//	reader := s.User(42, "রিমা", "bn")
//	reader.Start("l_abc")              // presses Start with a payload
//	list, err := reader.Chat().WaitForBot(ctx, 1)
//	press, err := reader.Press(list[0].MessageID, "topics")
//	answer, err := press.Wait(ctx)
//	channel := s.Channel(-1001, "দৈনিক", admin)
//	channel.AddBot(admin, telegramtest.Poster)
//	s.Fault(telegramtest.Fault{Kind: telegramtest.ResetAfter, Method: "sendMessage", Skip: 3, Times: 1})
//
// Nothing in it sleeps to wait for a state: Wait, WaitForBot, WaitRequests, Poller and Press.Wait
// return when what they wait for has happened.
//
// # Exact
//
// These follow the source of the official server (github.com/tdlib/telegram-bot-api, and
// github.com/tdlib/td beneath it), to the string:
//
//   - the envelope, status codes, Retry-After, the wording rules for errors, case-insensitive
//     methods, parameters in the query, as a form, as multipart and as JSON, the lenient reading
//     of numbers and flags, the 1 MiB limit;
//   - getUpdates: ids, offsets, confirmation, limits, the throttle on repeated offsets, long polls
//     that gather a burst, allowed_updates, expiry by kind, the queue's capacity, and all 409s
//     with their pace;
//   - HTML: parsing with its errors and byte offsets, cleaning, trimming, nesting and splitting of
//     entities, the limit of 100, and the entities the server finds by itself (a domain without a
//     protocol is checked against the public suffix list in place of the server's own);
//   - lengths in code points, keyboards and their limits, links of buttons;
//   - copies and forwards: albums stay together and leave out what is gone, a forwarded poll stays one,
//     a copied one is another;
//   - who may read, write, edit and delete where, in the order of the server's checks, and which
//     updates follow from which change in the world.
//
// # Approximate
//
// What happens behind the official server is not published. Here it is a guess, or left out:
//
//   - flood limits ([Usual]): their numbers, what counts, and the bursts allowed. A call is counted
//     before it is validated. [Flood].Strict is no model of Telegram but a yardstick for senders;
//   - backend errors (names in capitals) come where they are documented, no further;
//   - a press may be answered for 15 minutes, an inline query for 30 seconds;
//   - a basic group with several bots numbers its messages with one bot's sequence;
//   - pictures by URL are not fetched: they are taken on trust as 1280×720, and a broken one
//     is an error only if a [Fault] says so. Photos have one size;
//   - Markdown is not parsed (501), since the product writes HTML only; neither are stickers,
//     payments, games, business accounts, stories and rich messages known: 404 to their methods;
//   - link previews are not fetched; the page shows the host only.
//
// Update pacing (the half second and the three seconds of getUpdates, the three seconds of a 409)
// and long polls go by real time even under [WithNow]; everything else that has to do with time
// goes by that clock.
package telegramtest
