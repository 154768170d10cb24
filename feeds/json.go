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
	doc = cappedJSON(bytes.TrimRight(doc, " \t\r\n\x00"))
	feed, err := (&json.Parser{}).Parse(bytes.NewReader(doc))
	partial := false
	if err != nil {
		if mended := conform(doc); mended != nil {
			doc = mended
			feed, err = (&json.Parser{}).Parse(bytes.NewReader(doc))
		}
	}
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

// conform rewrites a JSON Feed whose values are not of the types that the format gives them: what is one object where
// a list should be becomes a list, a name becomes an author, an image with its address inside becomes the address. It
// returns nil for what is no JSON object, but allows commas before a closing bracket.
func conform(doc []byte) []byte {
	var feed map[string]any
	if encoding.Unmarshal(withoutLooseCommas(doc), &feed) != nil {
		return nil
	}
	conformObject(feed)
	items := listOf(feed["items"])
	for _, item := range items {
		if item, ok := item.(map[string]any); ok {
			conformObject(item)
		}
	}
	feed["items"] = items
	mended, err := encoding.Marshal(feed)
	if err != nil {
		return nil
	}
	return mended
}

func listOf(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	}
	return []any{value}
}

// conformObject mends a feed or an item of one.
func conformObject(object map[string]any) {
	for key, value := range object {
		switch key {
		case "items":
		case "tags":
			tags := []any{}
			for _, tag := range listOf(value) {
				tags = append(tags, plainValue(tag))
			}
			object[key] = tags
		case "author", "authors":
			authors := []any{}
			for _, a := range listOf(value) {
				authors = append(authors, map[string]any{"name": plainValue(a)})
			}
			if object[key] = authors; key == "author" && len(authors) > 0 {
				object[key] = authors[0]
			}
		case "attachments", "hubs":
			object[key] = listOf(value)
		case "expired":
			object[key] = value == true
		default:
			if strings.HasPrefix(key, "_") {
				delete(object, key)
			} else {
				object[key] = plainValue(value)
			}
		}
	}
}

// plainValue is the text of a value; of an object that of the first of its members that name it.
func plainValue(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64, bool:
		return fmt.Sprint(value)
	case map[string]any:
		for _, key := range []string{"name", "url", "value", "html", "text", "rendered"} {
			if text, ok := value[key].(string); ok {
				return text
			}
		}
	}
	return ""
}

// withoutLooseCommas drops commas that stand before a closing bracket.
func withoutLooseCommas(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	inString := false
	comma := -1 // where in out the last comma stands, if only white space followed it
	for i := 0; i < len(doc); i++ {
		c := doc[i]
		switch {
		case inString && c == '\\' && i+1 < len(doc):
			out = append(out, c)
			i++
			c = doc[i]
		case c == '"':
			inString, comma = !inString, -1
		case inString, isSpace(c):
		case c == ',':
			comma = len(out)
		case (c == ']' || c == '}') && comma >= 0:
			out[comma], comma = ' ', -1
		default:
			comma = -1
		}
		out = append(out, c)
	}
	return out
}

// itemEnds gives the places of the brackets that end the items of a JSON Feed, and of the one that ends their list: -1 where the document
// is cut off before.
func itemEnds(doc []byte) (items []int, list int) {
	start := bytes.Index(doc, []byte(`"items"`))
	if start < 0 {
		return nil, -1
	}
	depth, inString := 0, false
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
				items = append(items, i)
			}
			if depth < 1 {
				return items, i
			}
		}
	}
	return items, -1
}

// cappedJSON is the document without the items beyond the limit.
func cappedJSON(doc []byte) []byte {
	items, list := itemEnds(doc)
	if len(items) <= maxItems {
		return doc
	}
	capped := bytes.Clone(doc[:items[maxItems-1]+1])
	if list < 0 { // cut off by the end of the document, behind what counts
		return append(capped, "]}"...)
	}
	return append(capped, doc[list:]...)
}

// wholeItems ends a JSON Feed that was cut off after its last whole item.
func wholeItems(doc []byte) ([]byte, bool) {
	items, list := itemEnds(doc)
	if len(items) == 0 || list >= 0 { // not cut off: broken otherwise
		return nil, false
	}
	return append(bytes.Clone(doc[:items[len(items)-1]+1]), "]}"...), true
}
