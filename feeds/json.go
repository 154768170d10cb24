package feeds

import (
	"bytes"
	encoding "encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/json"
)

// parseJSON reads a JSON Feed (jsonfeed.org, versions 1 and 1.1).
func parseJSON(doc []byte, base *url.URL, zone *time.Location) (*Parsed, error) {
	doc = bytes.TrimRight(doc, " \t\r\n\x00")
	feed, err := (&json.Parser{}).Parse(bytes.NewReader(doc))
	partial := false
	if err != nil {
		whole, cut := wholeItems(doc)
		if !cut {
			return nil, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		if feed, err = (&json.Parser{}).Parse(bytes.NewReader(whole)); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		partial = true
	}
	if !strings.Contains(feed.Version, "jsonfeed") && len(feed.Items) == 0 {
		return nil, ErrNotFeed
	}
	// What gofeed leaves out.
	var rest struct {
		Hubs []struct {
			URL string `json:"url"`
		} `json:"hubs"`
	}
	_ = encoding.Unmarshal(doc, &rest) //nolint:errcheck // hubs are a bonus; the feed itself was read
	read := reader{format: formatJSON, base: base, zone: zone}
	parsed := &Parsed{
		Title: Text{Value: strings.TrimSpace(feed.Title)}, Link: absolute(base, feed.HomePageURL), SelfURL: absolute(base, feed.FeedURL),
		Language: feed.Language, Partial: partial, Path: "plain",
	}
	if len(rest.Hubs) > 0 {
		parsed.Hub = absolute(base, rest.Hubs[0].URL)
	}
	for _, item := range feed.Items[:min(len(feed.Items), maxItems)] {
		if item != nil {
			parsed.Items = append(parsed.Items, read.jsonItem(item))
		}
	}
	return parsed, nil
}

func (r reader) jsonItem(item *json.Item) Item {
	out := Item{
		GUID: strings.TrimSpace(item.ID), Link: absolute(r.base, first(item.URL, item.ExternalURL)), Title: Text{Value: strings.TrimSpace(item.Title)},
		Summary: Text{Value: strings.TrimSpace(item.Summary)}, Published: r.date(item.DatePublished), Updated: r.date(item.DateModified), Categories: distinct(item.Tags),
	}
	if out.Link == "" && isWeb(out.GUID) {
		out.Link = out.GUID
	}
	if item.ContentHTML != "" {
		out.Content = r.markup(Text{Value: item.ContentHTML, HTML: true}, r.base)
	} else {
		out.Content = Text{Value: item.ContentText}
	}
	if out.Summary.Value == "" {
		out.Summary = out.Content
	}
	if out.Published.IsZero() {
		out.Published = out.Updated
	}
	for _, a := range append(item.Authors, item.Author) {
		if a != nil && out.Author == "" {
			out.Author = author(a.Name)
		}
	}
	out.Image = first(item.Image, item.BannerImage)
	if item.Attachments != nil {
		for _, a := range *item.Attachments {
			if out.Image == "" && strings.HasPrefix(a.MimeType, "image/") {
				out.Image = a.URL
			}
		}
	}
	out.Image = absolute(r.base, first(out.Image, pictureIn(out.Content)))
	return out
}

// wholeItems ends a JSON Feed that was cut off after its last whole item.
func wholeItems(doc []byte) ([]byte, bool) {
	start := bytes.Index(doc, []byte(`"items"`))
	if start < 0 {
		return nil, false
	}
	depth, last, inString := 0, -1, false
	for i := start; i < len(doc); i++ {
		switch c := doc[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
			if depth == 1 && c == '}' {
				last = i
			}
			if depth < 1 {
				return nil, false // not cut off: broken otherwise
			}
		}
	}
	if last < 0 {
		return nil, false
	}
	return append(bytes.Clone(doc[:last+1]), "]}"...), true
}
