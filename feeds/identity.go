package feeds

import (
	"context"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

// Kinds of identity keys. What a feed calls its items (G) counts within the feed; links (L) and words (C) across feeds.
const (
	keyGUID = 'G'
	keyLink = 'L'
	keyText = 'C'
)

// textRunes is how much of the text counts for an article's identity by its words.
const textRunes = 300

// keysOf lists the identities of the drafts of one document, in their order: GUID, link, words. A GUID that several items of the
// document bear tells nothing alone and counts together with the link; a link that several items bear tells
// nothing at all. Shared reports the same of the items that were left unread; nil if there are none. With
// linked, no GUID of this feed is trusted alone.
func keysOf(feed int64, drafts []Draft, shared func(text string) bool, linked bool) [][]store.Key {
	guids, links := map[string]int{}, map[string]int{}
	for _, d := range drafts {
		guids[d.Article.GUID]++
		links[canonicalLink(d.Article.URL)]++
	}
	if shared == nil {
		shared = func(string) bool { return false }
	}
	all := make([][]store.Key, len(drafts))
	for i, d := range drafts {
		link := canonicalLink(d.Article.URL)
		if guid := d.Article.GUID; guid != "" {
			if linked || guids[guid] > 1 || shared(guid) {
				guid += "\x00" + link
			}
			all[i] = append(all[i], store.Key{Feed: feed, Kind: keyGUID, Hash: xxhash.Sum64String(guid)})
		}
		if link != "" && links[link] == 1 && !shared(d.Article.URL) {
			all[i] = append(all[i], store.Key{Kind: keyLink, Hash: xxhash.Sum64String(link)})
		}
		if words := wordsOf(d.Article); words != "" {
			all[i] = append(all[i], store.Key{Kind: keyText, Hash: xxhash.Sum64String(words)})
		}
	}
	return all
}

// wordsAge is how long the same words are the same article: a column that says the same every month is new each time.
const wordsAge = 30 * 24 * time.Hour

// knownTo looks up which of the keys lead to an article. Those of words count only if they were seen of late.
func knownTo(ctx context.Context, s store.ArticleReader, keys [][]store.Key, now time.Time) (map[store.Key]int64, error) {
	var names, words []store.Key
	for _, key := range flatten(keys) {
		if key.Kind == keyText {
			words = append(words, key)
		} else {
			names = append(names, key)
		}
	}
	known, err := s.Known(ctx, names)
	if err != nil {
		return nil, err
	}
	late, err := s.KnownSince(ctx, words, now.Add(-wordsAge))
	if err != nil {
		return nil, err
	}
	if known == nil {
		return late, nil
	}
	maps.Copy(known, late)
	return known, nil
}

// distrust reports whether so many GUIDs of a document, one in twenty, are blank or doubled that none is to be trusted.
func distrust(drafts []Draft) bool {
	seen, bad := map[string]bool{}, 0
	for _, d := range drafts {
		if d.Article.GUID == "" || seen[d.Article.GUID] {
			bad++
		}
		seen[d.Article.GUID] = true
	}
	return 20*bad > len(drafts)
}

// wordsOf is an article's identity by its words; empty when there are too few to tell articles apart.
func wordsOf(a store.Article) string {
	text := []rune(a.Text)
	if len(text) > textRunes {
		text = text[:textRunes]
	}
	if len(text) < textRunes/4 {
		return ""
	}
	return bengali.Fold(a.Title) + "\x00" + bengali.Fold(string(text))
}

// trackers are query parameters that tell where a reader came from, not what he reads.
var trackers = []string{"fbclid", "gclid", "yclid", "dclid", "msclkid", "igshid", "ref", "ref_src"}

// canonicalLink is a link in the form in which it is compared, never shown: without scheme, www., default port,
// fragment, trailing slash and tracking parameters, with its query sorted and its Bengali normalised.
func canonicalLink(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	query := u.Query()
	for name := range query {
		lower := strings.ToLower(name)
		if slices.Contains(trackers, lower) || strings.HasPrefix(lower, "utm_") || strings.HasPrefix(lower, "mc_") {
			delete(query, name)
		}
	}
	where := path.Clean("/" + u.Path)
	if where == "/" {
		where = ""
	}
	if where == "" && len(query) == 0 {
		return "" // the front page is no article
	}
	text := bengali.Normalize(host + where)
	if len(query) > 0 {
		text += "?" + query.Encode()
	}
	return text
}

// published is the date to show and to judge by: the publisher's if it can be true, else that of arrival.
func published(claimed, arrived time.Time) time.Time {
	if claimed.Year() <= 1970 || claimed.After(arrived) {
		return arrived
	}
	return claimed
}
