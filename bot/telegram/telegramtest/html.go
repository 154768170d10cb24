package telegramtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The HTML parse mode, by the rules of TDLib's parse_html.

// span is an entity while its text is still being worked on; offset and length are UTF-16 units.
type span struct {
	offset, length int
	kind           entityKind
	argument       string // url, language, emoji id, date format
	userID         int64
	unix           int64
}

func (s span) end() int { return s.offset + s.length }

type entityKind uint8

const (
	kindMention entityKind = iota
	kindHashtag
	kindCashtag
	kindBotCommand
	kindURL
	kindEmail
	kindPhone
	kindBankCard
	kindBold
	kindItalic
	kindUnderline
	kindStrike
	kindSpoiler
	kindBlockquote
	kindExpandableBlockquote
	kindCode
	kindPre
	kindPreCode // pre with a language
	kindTextLink
	kindTextMention
	kindCustomEmoji
	kindDate
	kindCodeWithLanguage // only while parsing: a code tag with class="language-…"
)

var kindNames = [...]string{
	kindMention: "mention", kindHashtag: "hashtag", kindCashtag: "cashtag", kindBotCommand: "bot_command",
	kindURL: "url", kindEmail: "email", kindPhone: "phone_number", kindBankCard: "bank_card",
	kindBold: "bold", kindItalic: "italic", kindUnderline: "underline", kindStrike: "strikethrough",
	kindSpoiler: "spoiler", kindBlockquote: "blockquote", kindExpandableBlockquote: "expandable_blockquote",
	kindCode: "code", kindPre: "pre", kindPreCode: "pre", kindTextLink: "text_link",
	kindTextMention: "text_mention", kindCustomEmoji: "custom_emoji", kindDate: "date_time",
}

func kindByName(name string) (entityKind, bool) {
	for k, n := range kindNames {
		if n == name && n != "" {
			return entityKind(k), true
		}
	}
	return 0, false
}

// priority orders entities that cover the same text: the lower is the outer.
func (k entityKind) priority() int {
	switch k {
	case kindBlockquote, kindExpandableBlockquote:
		return 0
	case kindPreCode:
		return 10
	case kindPre:
		return 11
	case kindCode, kindCodeWithLanguage:
		return 20
	case kindDate:
		return 30
	case kindTextLink, kindTextMention:
		return 49
	case kindBold:
		return 90
	case kindItalic:
		return 91
	case kindUnderline:
		return 92
	case kindStrike:
		return 93
	case kindSpoiler:
		return 94
	case kindCustomEmoji:
		return 99
	}
	return 50
}

func sortSpans(spans []span) {
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(a.offset-b.offset, b.length-a.length, a.kind.priority()-b.kind.priority())
	})
}

// openTag is a tag that waits for its end.
type openTag struct {
	name     string
	argument string
	offset   int // UTF-16 units before it
	position int // bytes of output before it
}

// parseHTML splits marked-up text into plain text and entities. Offsets in its errors are bytes
// of the raw text.
func parseHTML(raw string) (string, []span, error) {
	p := htmlParser{raw: raw}
	return p.parse()
}

type htmlParser struct {
	raw   string
	out   []byte
	units int // UTF-16 length of out
	stack []openTag
	spans []span
	// recheck is set when a reference gave a surrogate, which may make the text invalid.
	recheck bool
}

// at gives the byte at i; the end of the text reads as NUL.
func (p *htmlParser) at(i int) byte {
	if i < len(p.raw) {
		return p.raw[i]
	}
	return 0
}

func isMarkupSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

func (p *htmlParser) skipSpace(i int) int {
	for i < len(p.raw) && isMarkupSpace(p.raw[i]) {
		i++
	}
	return i
}

func parseFailure(format string, args ...any) error {
	return badRequest("Can't parse entities: "+format, args...)
}

func (p *htmlParser) parse() (string, []span, error) {
	if strings.IndexByte(p.raw, '<') < 0 && strings.IndexByte(p.raw, '&') < 0 {
		return p.raw, nil, nil
	}
	p.out = make([]byte, 0, len(p.raw))
	for i := 0; i < len(p.raw); {
		var err error
		switch c := p.raw[i]; {
		case c == '&':
			if r, next, ok := decodeReference(p.raw, i); ok {
				p.emit(r)
				i = next
				continue
			}
			p.out = append(p.out, c)
			p.units++
			i++
		case c != '<':
			end := i + 1
			for end < len(p.raw) && p.raw[end] != '<' && p.raw[end] != '&' {
				end++
			}
			p.out = append(p.out, p.raw[i:end]...)
			p.units += utf16Len(p.raw[i:end])
			i = end
		case p.at(i+1) == '/':
			i, err = p.endTag(i)
		default:
			i, err = p.startTag(i)
		}
		if err != nil {
			return "", nil, err
		}
	}
	if n := len(p.stack); n > 0 {
		return "", nil, parseFailure("Can't find end tag corresponding to start tag \"%s\"", p.stack[n-1].name)
	}
	if p.recheck && !utf8.Valid(p.out) {
		return "", nil, parseFailure("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	sortSpans(p.spans)
	return string(p.out), p.spans, nil
}

// emit writes a decoded character. Surrogates are written raw, as the server does.
func (p *htmlParser) emit(r int) {
	switch {
	case r >= 0xD800 && r <= 0xDFFF:
		p.recheck = true
		p.out = append(p.out, byte(0xE0|r>>12), byte(0x80|r>>6&0x3F), byte(0x80|r&0x3F))
		p.units++
	case r > 0xFFFF:
		p.out = utf8.AppendRune(p.out, rune(r))
		p.units += 2
	default:
		p.out = utf8.AppendRune(p.out, rune(r))
		p.units++
	}
}

// decodeReference reads the character reference at s[i], which is '&'.
func decodeReference(s string, i int) (r, next int, ok bool) {
	at := func(j int) byte {
		if j < len(s) {
			return s[j]
		}
		return 0
	}
	end := i + 1
	if at(end) == '#' {
		end++
		value := 0
		if at(end) == 'x' {
			end++
			for ; end < len(s); end++ {
				d := hexDigit(s[end])
				if d < 0 {
					break
				}
				if value < 1<<24 {
					value = value*16 + d
				}
			}
		} else {
			for ; isDigit(at(end)); end++ {
				if value < 1<<24 {
					value = value*10 + int(s[end]-'0')
				}
			}
		}
		if value == 0 || value >= 0x10FFFF || end-i >= 10 {
			return 0, i, false
		}
		r = value
	} else {
		for isLetter(at(end)) {
			end++
		}
		switch s[i+1 : end] {
		case "lt":
			r = '<'
		case "gt":
			r = '>'
		case "amp":
			r = '&'
		case "quot":
			r = '"'
		default:
			return 0, i, false
		}
	}
	if at(end) == ';' {
		end++
	}
	return r, end, true
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// startTag reads the tag at i, which is '<', and returns where it ends.
func (p *htmlParser) startTag(i int) (int, error) {
	begin := i
	i++
	nameAt := i
	for i < len(p.raw) && !isMarkupSpace(p.raw[i]) && p.raw[i] != '>' {
		i++
	}
	if i >= len(p.raw) {
		return i, parseFailure("Unclosed start tag at byte offset %d", begin)
	}
	name := asciiLower(p.raw[nameAt:i])
	switch name {
	case "a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji", "tg-time", "span", "pre", "code", "blockquote":
	default:
		return i, parseFailure("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	var argument string
	for p.at(i) != '>' {
		i = p.skipSpace(i)
		if p.at(i) == '>' {
			break
		}
		attrAt := i
		for i < len(p.raw) && !isMarkupSpace(p.raw[i]) && !strings.ContainsRune(`=>/"'`, rune(p.raw[i])) {
			i++
		}
		attribute := p.raw[attrAt:i]
		if attribute == "" {
			return i, parseFailure("Empty attribute name in the tag \"%s\" at byte offset %d", name, begin)
		}
		i = p.skipSpace(i)
		if p.at(i) != '=' {
			if i >= len(p.raw) {
				return i, parseFailure("Unclosed start tag \"%s\" at byte offset %d", name, begin)
			}
			if name == "blockquote" && attribute == "expandable" {
				argument = "1"
			}
			continue
		}
		i = p.skipSpace(i + 1)
		if i >= len(p.raw) {
			return i, parseFailure("Unclosed start tag \"%s\" at byte offset %d", name, begin)
		}
		var value string
		if quote := p.raw[i]; quote != '"' && quote != '\'' {
			tokenAt := i
			for i < len(p.raw) && (isLetter(p.raw[i]) || isDigit(p.raw[i]) || p.raw[i] == '.' || p.raw[i] == '-') {
				i++
			}
			value = asciiLower(p.raw[tokenAt:i])
			if !isMarkupSpace(p.at(i)) && p.at(i) != '>' {
				return i, parseFailure("Unexpected end of name token at byte offset %d", tokenAt)
			}
		} else {
			i++
			var decoded []byte
			for i < len(p.raw) && p.raw[i] != quote {
				if p.raw[i] == '&' {
					if r, next, ok := decodeReference(p.raw, i); ok {
						sub := htmlParser{out: decoded}
						sub.emit(r)
						decoded = sub.out
						p.recheck = p.recheck || sub.recheck
						i = next
						continue
					}
				}
				decoded = append(decoded, p.raw[i])
				i++
			}
			if i >= len(p.raw) {
				return i, parseFailure("Unclosed start tag at byte offset %d", begin)
			}
			i++
			value = string(decoded)
		}
		switch {
		case name == "a" && attribute == "href":
			argument = value
		case name == "code" && attribute == "class" && strings.HasPrefix(value, "language-"):
			argument = strings.TrimPrefix(value, "language-")
		case name == "span" && attribute == "class" && strings.HasPrefix(value, "tg-"):
			argument = value[len("tg-"):]
		case name == "tg-emoji" && attribute == "emoji-id":
			argument = value
		case name == "tg-time" && attribute == "unix":
			_, format, _ := strings.Cut(argument, "\x00")
			argument = value + "\x00" + format
		case name == "tg-time" && attribute == "format":
			unix, _, _ := strings.Cut(argument, "\x00")
			argument = unix + "\x00" + value
		case name == "blockquote" && attribute == "expandable":
			argument = "1"
		}
	}
	if name == "span" && argument != "spoiler" {
		return i, parseFailure("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.stack = append(p.stack, openTag{name, argument, p.units, len(p.out)})
	return i + 1, nil
}

// endTag reads the tag at i, which is "</", closes the open tag and returns where it ends.
func (p *htmlParser) endTag(i int) (int, error) {
	begin := i
	if len(p.stack) == 0 {
		return i, parseFailure("Unexpected end tag at byte offset %d", begin)
	}
	top := p.stack[len(p.stack)-1]
	i += len("</")
	nameAt := i
	for i < len(p.raw) && !isMarkupSpace(p.raw[i]) && p.raw[i] != '>' {
		i++
	}
	name := asciiLower(p.raw[nameAt:i])
	i = p.skipSpace(i)
	if p.at(i) != '>' {
		return i, parseFailure("Unclosed end tag at byte offset %d", begin)
	}
	if name != "" && name != top.name {
		return i, parseFailure("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, top.name, name)
	}
	p.stack = p.stack[:len(p.stack)-1]
	if p.units > top.offset {
		if err := p.close(top); err != nil {
			return i, err
		}
	}
	return i + 1, nil
}

// close turns a closed tag that encloses something into an entity.
func (p *htmlParser) close(tag openTag) error {
	s := span{offset: tag.offset, length: p.units - tag.offset}
	switch tag.name {
	case "i", "em":
		s.kind = kindItalic
	case "b", "strong":
		s.kind = kindBold
	case "s", "strike", "del":
		s.kind = kindStrike
	case "u", "ins":
		s.kind = kindUnderline
	case "tg-spoiler", "span":
		s.kind = kindSpoiler
	case "blockquote":
		s.kind = kindBlockquote
		if tag.argument != "" {
			s.kind = kindExpandableBlockquote
		}
	case "a":
		target := tag.argument
		if target == "" {
			target = string(p.out[tag.position:])
		}
		if id, ok := userLink(target); ok {
			s.kind, s.userID = kindTextMention, id
			break
		}
		checked, err := checkedLink(target, false)
		if err != nil {
			return nil
		}
		s.kind, s.argument = kindTextLink, checked
	case "pre":
		s.kind = kindPre
		if n := len(p.spans); n > 0 {
			if last := &p.spans[n-1]; last.kind == kindCodeWithLanguage && last.offset == s.offset && last.length == s.length {
				last.kind = kindPreCode
				return nil
			}
		}
	case "code":
		if n := len(p.spans); n > 0 && tag.argument != "" {
			if last := &p.spans[n-1]; last.kind == kindPre && last.offset == s.offset && last.length == s.length {
				last.kind, last.argument = kindPreCode, tag.argument
				return nil
			}
		}
		s.kind, s.argument = kindCodeWithLanguage, tag.argument
		if tag.argument == "" {
			s.kind = kindCode
		}
	case "tg-emoji":
		id, err := strconv.ParseInt(tag.argument, 10, 64)
		if err != nil || id == 0 {
			return parseFailure("Invalid custom emoji identifier specified")
		}
		s.kind, s.argument = kindCustomEmoji, strconv.FormatInt(id, 10)
	case "tg-time":
		unix, format, _ := strings.Cut(tag.argument, "\x00")
		if !validDateFormat(format) {
			return parseFailure("Invalid date format used")
		}
		s.unix = leadingInt(unix)
		if s.unix <= 0 {
			return nil
		}
		s.kind, s.argument = kindDate, format
	}
	p.spans = append(p.spans, s)
	return nil
}

func validDateFormat(format string) bool {
	if format == "r" || format == "R" {
		return true
	}
	return strings.Trim(format, "tTdDwW") == ""
}

func asciiLower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// utf16Len is the length of s in UTF-16 units.
func utf16Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0xF0 {
			n += 2
		} else if c&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// utf16Slice cuts length units from s at offset units.
func utf16Slice(s string, offset, length int) string {
	units := utf16.Encode([]rune(s))
	if offset < 0 || length < 0 || offset+length > len(units) {
		return ""
	}
	return string(utf16.Decode(units[offset : offset+length]))
}
