package feeds

import (
	"html"
	"path"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// smallest is the width in pixels under which a picture is an ornament.
const smallest = 200

// rssImage chooses an item's picture: what the feed names as one, then the first in the text.
func rssImage(item *rss.Item, out Item) string {
	if image := mediaImage(item.Extensions); image != "" {
		return image
	}
	for _, e := range item.Enclosures {
		if e.URL != "" && (strings.HasPrefix(strings.ToLower(e.Type), "image/") || e.Type == "" && isPicture(e.URL)) {
			return e.URL
		}
	}
	if item.ITunesExt != nil && item.ITunesExt.Image != "" {
		return item.ITunesExt.Image
	}
	for key, value := range item.Custom {
		switch strings.ToLower(key) {
		case "image", "thumbnail", "thumb", "featuredimage", "photo", "picture":
			if value := strings.TrimSpace(value); isWeb(value) && !strings.ContainsAny(value, " <") {
				return value
			}
			if between := inTag(value, "url"); isWeb(between) {
				return between
			}
		}
	}
	return first(pictureIn(out.Content), pictureIn(out.Summary))
}

func inTag(markup, tag string) string {
	_, rest, _ := strings.Cut(markup, "<"+tag+">")
	between, _, ok := strings.Cut(rest, "</"+tag+">")
	if !ok {
		return ""
	}
	return strings.TrimSpace(unescape(between))
}

// mediaImage picks the widest picture of Media RSS, a thumbnail if there is nothing else.
func mediaImage(extensions ext.Extensions) string {
	best, bestWidth := "", -1
	consider := func(elements []ext.Extension, thumbnails bool) {
		for _, e := range elements {
			address := strings.TrimSpace(e.Attrs["url"])
			kind, medium := strings.ToLower(e.Attrs["type"]), strings.ToLower(e.Attrs["medium"])
			if address == "" || !thumbnails && !strings.HasPrefix(kind, "image") && medium != "image" && !(kind == "" && medium == "" && isPicture(address)) {
				continue
			}
			width, _ := strconv.Atoi(e.Attrs["width"])
			if width > bestWidth {
				best, bestWidth = address, width
			}
		}
	}
	media := extensions["media"]
	consider(media["content"], false)
	for _, g := range media["group"] {
		consider(g.Children["content"], false)
	}
	if best != "" {
		return best
	}
	consider(media["thumbnail"], true)
	for _, g := range append(media["group"], media["content"]...) {
		consider(g.Children["thumbnail"], true)
	}
	return best
}

func isPicture(address string) bool {
	address, _, _ = strings.Cut(address, "?")
	switch strings.ToLower(path.Ext(address)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif":
		return true
	}
	return false
}

// pictureIn finds the first picture in a piece of HTML that is no ornament and no counter.
func pictureIn(t Text) string {
	if !t.HTML {
		return ""
	}
	rest := t.Value
	for range 20 {
		i := strings.Index(rest, "<img")
		if i < 0 {
			return ""
		}
		rest = rest[i:]
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return ""
		}
		tag := map[string]string{}
		eachAttr([]byte(rest[len("<img"):end]), func(name, value []byte) bool {
			tag[strings.ToLower(string(name))] = html.UnescapeString(string(value))
			return true
		})
		rest = rest[end:]
		source := first(tag["src"], tag["data-src"])
		if strings.HasPrefix(source, "data:") {
			source = tag["data-src"]
		}
		width, widthErr := strconv.Atoi(strings.TrimSuffix(tag["width"], "px"))
		height, heightErr := strconv.Atoi(strings.TrimSuffix(tag["height"], "px"))
		small := widthErr == nil && width < smallest || heightErr == nil && height < smallest/4
		if source != "" && !small {
			return strings.TrimSpace(source)
		}
	}
	return ""
}
