package message

// Message is what is to be said in one Telegram message, in no particular client's types.
type Message struct {
	// HTML is the text in Telegram's HTML, at most 4096 code points after parsing; 1024 if Photo is set.
	HTML string
	// Plain is the same text without markup, with the addresses of its links written out, under the same
	// limits: what is sent when the server refuses the markup.
	Plain string
	// Photo is the address of a picture of which the text is the caption, or empty.
	Photo string
	// Buttons are rows of inline buttons.
	Buttons [][]Button
	// Preview lets Telegram show a preview of the first link, or of PreviewURL, below the text or above it.
	Preview      bool
	PreviewURL   string
	PreviewAbove bool
}

// Button is one inline button. Exactly one of URL and Data is set.
type Button struct {
	// Text is the label, plain.
	Text string
	// URL is opened by a press.
	URL string
	// Data comes back to us with a press; Telegram allows 1 to 64 bytes.
	Data string
}
