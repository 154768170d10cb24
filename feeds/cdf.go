package feeds

// cdf reads the Channel Definition Format: addresses are attributes, and what RSS calls a description is an
// abstract. gofeed does not know it.
func (r reader) cdf(d document) *Parsed {
	address := func(n node) string {
		if href := foldAttr(n.attrs, "href"); len(href) > 0 {
			return absolute(n.base, unescape(string(href)))
		}
		if a, ok := n.find("a"); ok { // what <A HREF> was for before the attribute
			return absolute(n.base, unescape(string(foldAttr(a.piece, "href"))))
		}
		return ""
	}
	text := func(n node, name string) Text {
		c, _ := n.find(name)
		return r.markup(guessed(c.text()), c.base)
	}
	modified := func(n node) string { return string(foldAttr(n.attrs, "lastmod")) }
	parsed := &Parsed{Title: text(d.head, "title"), Link: address(d.head)}
	for _, n := range d.items {
		item := Item{Title: text(n, "title"), Summary: text(n, "abstract"), Link: address(n), Updated: r.date(modified(n))}
		if logo, ok := n.find("logo"); ok {
			item.Image = absolute(n.base, string(foldAttr(logo.piece, "href")))
		}
		item.GUID, item.Published = item.Link, item.Updated
		parsed.Items = append(parsed.Items, item)
	}
	return parsed
}
