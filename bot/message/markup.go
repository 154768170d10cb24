package message

import (
	"strings"

	"github.com/harkara/harkara/feeds/bengali"
)

// span is a run of plain text with at most one mark: a tag or a link.
type span struct {
	text string
	tag  string // "b", "s", or empty
	url  string // where it links to, or empty
	mark string // markup that shows nothing itself, such as the beginning of a quotation
}

func plain(s string) span { return span{text: s} }

func (s span) marked() bool { return s.tag != "" || s.url != "" }

// text is what a message says, fitted already and still unmarked.
type text []span

func (t *text) add(spans ...span) { *t = append(*t, spans...) }

// units counts UTF-16 units as a reader sees them.
func (t text) units() int {
	n := 0
	for _, s := range t {
		n += bengali.UTF16Len(s.text)
	}
	return n
}

func (t text) html() string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.mark != "":
			b.WriteString(s.mark)
		case s.text == "":
		case s.url != "":
			b.WriteString(`<a href="` + escape(s.url) + `">` + escape(s.text) + `</a>`)
		case s.tag != "":
			b.WriteString("<" + s.tag + ">" + escape(s.text) + "</" + s.tag + ">")
		default:
			b.WriteString(escape(s.text))
		}
	}
	return b.String()
}

// plain is the text without markup; addresses of links follow them in parentheses if all of it stays within
// limit, and are left out otherwise.
func (t text) plain(limit int) string {
	var b strings.Builder
	for _, addresses := range []bool{true, false} {
		b.Reset()
		for _, s := range t {
			b.WriteString(s.text)
			if addresses && s.url != "" {
				b.WriteString(" (" + s.url + ")")
			}
		}
		if bengali.UTF16Len(b.String()) <= limit {
			break
		}
	}
	return b.String()
}
