// Package summary makes what a reader is sent of an article: the headline,
// cleaned, and the two or three sentences that tell the story.
//
// It only chooses and cleans. Every sentence it returns stands in the article
// word for word; nothing is rewritten, shortened or joined. It knows nothing of
// feeds, of storage or of Telegram: text goes in, text comes out.
package summary
