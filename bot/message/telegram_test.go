package message_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// parsed is what Telegram would make of an HTML text.
type parsed struct {
	text     string
	entities int
	links    []string
	// bold holds the texts between <b> and </b>.
	bold []string
}

// parseTelegram reads markup as strictly as the Bot API does, and more so: only the few tags and references that we
// write ourselves pass, links must be ones that Telegram shows as links, and no entity may be empty.
func parseTelegram(markup string) (parsed, error) {
	var p parsed
	var text strings.Builder
	type tag struct {
		name  string
		start int
	}
	var open []tag
	if !utf8.ValidString(markup) {
		return p, errors.New("not UTF-8")
	}
	for i := 0; i < len(markup); {
		switch markup[i] {
		case '&':
			end := strings.IndexByte(markup[i:], ';')
			if end < 0 {
				return p, fmt.Errorf("bare & at %d", i)
			}
			decoded, ok := references[markup[i:i+end+1]]
			if !ok {
				return p, fmt.Errorf("unknown reference %s at %d", markup[i:i+end+1], i)
			}
			text.WriteString(decoded)
			i += end + 1
		case '>':
			return p, fmt.Errorf("bare > at %d", i)
		case '<':
			end := strings.IndexByte(markup[i:], '>')
			if end < 0 {
				return p, fmt.Errorf("unclosed tag at %d", i)
			}
			inside := markup[i+1 : i+end]
			i += end + 1
			if name, closing := strings.CutPrefix(inside, "/"); closing {
				if len(open) == 0 || open[len(open)-1].name != name {
					return p, fmt.Errorf("unexpected </%s>", name)
				}
				last := open[len(open)-1]
				open = open[:len(open)-1]
				enclosed := text.String()[last.start:]
				if strings.TrimSpace(enclosed) == "" {
					return p, fmt.Errorf("<%s> encloses nothing", name)
				}
				if name == "b" {
					p.bold = append(p.bold, enclosed)
				}
				p.entities++
				continue
			}
			name, attribute, _ := strings.Cut(inside, " ")
			switch name {
			case "b", "i", "u", "s", "pre", "blockquote", "code":
				if attribute != "" && inside != `code class="language-html"` && inside != "blockquote expandable" {
					return p, fmt.Errorf("<%s> has an attribute", inside)
				}
			case "a":
				address, ok := strings.CutPrefix(attribute, `href="`)
				address, ok2 := strings.CutSuffix(address, `"`)
				if !ok || !ok2 || strings.Contains(address, `"`) {
					return p, fmt.Errorf("odd link <%s>", inside)
				}
				for reference, char := range references {
					address = strings.ReplaceAll(address, reference, char)
				}
				u, err := url.Parse(address)
				if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !strings.Contains(u.Hostname(), ".") {
					return p, fmt.Errorf("Telegram makes no link of %q", address)
				}
				p.links = append(p.links, address)
			default:
				return p, fmt.Errorf("unsupported tag <%s>", inside)
			}
			open = append(open, tag{name, text.Len()})
		default:
			text.WriteByte(markup[i])
			i++
		}
	}
	if len(open) > 0 {
		return p, fmt.Errorf("<%s> is never closed", open[len(open)-1].name)
	}
	p.text = text.String()
	return p, nil
}

var references = map[string]string{"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": `"`}
