package store

import (
	"context"
	"time"
)

// Index is what search and spelling help are built from: stems made by feeds/bengali.
type Index struct {
	Headline, Text []string
	// Sounds gives for each distinct stem the key under which its misspellings fall together.
	Sounds map[string]string
}

// SearchQuery is a search in stems.
type SearchQuery struct {
	// Terms must all occur; each is a run of stems that must stand next to one another.
	Terms [][]string
	// Prefix lets the last stem of the last term be the beginning of a word.
	Prefix bool
	// Now anchors the weight of recency.
	Now time.Time
}

// MostFound is how many articles a search finds: the newest, if more match. Each costs a page read from its place in the file
// (measured over 200,000 articles: with 1,000 a search for one to three words takes twice as long).
const MostFound = 300

// MostCounted is how many articles tell how frequent a spelling is: beyond that none counts as more frequent.
const MostCounted = 100

// SearchReader finds articles.
type SearchReader interface {
	// Search lists the best articles, headline matches and newer ones first, with the number of all that match, at most
	// MostFound. Held and retracted ones are not found. A query without a term finds nothing.
	Search(ctx context.Context, q SearchQuery, skip, limit int) (found []Article, total int, err error)
	// Spellings lists stems that occur and fall under one of these sounds, the most frequent first, by up to MostCounted
	// articles; of very many stems some are left out.
	Spellings(ctx context.Context, sounds []string, limit int) ([]string, error)
}
