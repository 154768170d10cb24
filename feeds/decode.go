package feeds

import (
	"bytes"
	"encoding/binary"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decode turns a document into UTF-8. It believes the bytes first and the labels after: a label that the
// bytes contradict is a mistake of the server's, and the costliest one, since wrongly decoded text
// raises no error. contentType is the header of the HTTP answer and may be empty.
func decode(body []byte, contentType string) []byte {
	if e, skip := byPattern(body); e != nil {
		return convert(e, body[skip:])
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	labels := []string{httpCharset(contentType), xmlCharset(body)}
	if utf8.Valid(body) {
		// Only encodings made of ASCII bytes can hide in valid UTF-8.
		for _, label := range labels {
			if decode := sevenBitDecoders[label]; decode != nil {
				return fixControls(decode(body))
			}
			if sevenBit[label] {
				if e := encodingFor(label); e != nil {
					return convert(e, body)
				}
			}
		}
		return fixControls(body)
	}
	good, bad := sequences(body)
	damaged := good >= 3*bad
	if damaged && good >= 20 {
		return fixControls(bytes.ToValidUTF8(body, nil)) // no other encoding looks like this by chance
	}
	for _, label := range labels {
		if e := encodingFor(label); e != nil {
			if text := convert(e, body); credible(text) {
				return fixControls(text)
			}
		}
	}
	if damaged {
		return fixControls(bytes.ToValidUTF8(body, nil))
	}
	if e := encodingFor(chardet.Detect(sample(body)).Encoding); e != nil {
		return fixControls(convert(e, body))
	}
	return convert(charmap.Windows1252, body)
}

// byPattern recognises UTF-16 and UTF-32 by their marks or by where the zero bytes of the first < stand,
// and EBCDIC by its form of “<?xml”.
func byPattern(b []byte) (e encoding.Encoding, skip int) {
	has := func(prefix string) bool { return bytes.HasPrefix(b, []byte(prefix)) }
	be16 := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	le16 := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	be32 := utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	le32 := utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	switch {
	case has("\x00\x00\xfe\xff"):
		return be32, 4
	case has("\xff\xfe\x00\x00"):
		return le32, 4
	case has("\xfe\xff"):
		return be16, 2
	case has("\xff\xfe"):
		return le16, 2
	case has("\x00\x00\x00<"), has("\x00\x00\x00{"):
		return be32, 0
	case has("<\x00\x00\x00"), has("{\x00\x00\x00"):
		return le32, 0
	case has("\x00<\x00"), has("\x00{\x00"):
		return be16, 0
	case has("<\x00"), has("{\x00"):
		return le16, 0
	case has("\x4c\x6f\xa7\x94"):
		head := convert(charmap.CodePage037, b[:min(len(b), 256)])
		if e := encodingFor(xmlCharset(head)); e != nil {
			return e, 0
		}
		return charmap.CodePage037, 0
	}
	switch even, odd := zeroBytes(b[:min(len(b), 64)]); {
	case even > 8 && odd == 0: // white space before the first <
		return be16, 0
	case odd > 8 && even == 0:
		return le16, 0
	}
	return nil, 0
}

func zeroBytes(b []byte) (even, odd int) {
	for i, c := range b {
		if c != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	return even, odd
}

// sevenBit names the encodings whose every byte is ASCII.
var sevenBit = map[string]bool{
	"iso-2022-jp": true, "hz-gb-2312": true, "hz": true,
	"iso-2022-jp-1": true, "iso-2022-jp-2": true, "csiso2022jp": true, "hz-gb": true, "hzgb": true,
}

// encodingFor finds an encoding by its label; nil for none, for UTF-8 (the caller has looked), and for labels
// that are impossible at this point.
func encodingFor(label string) encoding.Encoding {
	label = strings.ToLower(strings.TrimSpace(label))
	switch label {
	case "", "us-ascii", "ascii", "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "utf-32", "ucs-2", "ucs-4", "unicode":
		return nil
	case "gb2312", "x-gbk", "gbk", "cp936", "936", "euc-cn", "gb2312-80": // each is a part of the next
		label = "gb18030"
	case "cp949", "uhc", "ms949":
		label = "euc-kr"
	case "cp950", "ms950":
		label = "big5"
	case "latin9", "latin-9", "l9":
		label = "iso-8859-15"
	case "latin10", "latin-10", "l10":
		label = "iso-8859-16"
	case "roman8", "r8", "hp_roman8", "hproman8", "cshproman8":
		label = "hp-roman8"
	case "ebcdic-cp-he":
		label = "ibm424"
	case "ebcdic-cp-be", "ebcdic-cp-ch":
		label = "ibm500"
	case "johab", "ms1361", "cp1361", "windows-1361", "1361":
		return johab{}
	case "mac-latin2", "x-mac-ce", "x-mac-centraleurroman":
		label = "mac-centeuro"
	case "iso-2022-jp-1", "iso-2022-jp-2":
		label = "iso-2022-jp"
	case "hz", "hz-gb", "hzgb":
		label = "hz-gb-2312"
	}
	for _, name := range []string{label, registered(label)} {
		if name == "" {
			continue
		}
		if e, canonical := charset.Lookup(name); e != nil && canonical != "replacement" && canonical != "utf-8" && canonical != "x-user-defined" {
			return e
		}
		if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
			return e
		}
	}
	return codePageFor(label)
}

// registered translates the ways Windows and Mac code pages are written into registered names.
func registered(label string) string {
	digits := strings.TrimLeft(label, "abcdefghijklmnopqrstuvwxyz-_")
	switch {
	case strings.HasPrefix(digits, "125") && len(digits) == 4:
		return "windows-" + digits
	case len(digits) == 3 && strings.Trim(digits, "0123456789") == "":
		return "ibm" + digits
	case strings.HasPrefix(label, "mac") && strings.Contains(label, "cyr"):
		return "x-mac-cyrillic"
	case strings.HasPrefix(label, "mac") && codePageFor(label) == nil:
		return "macintosh"
	case strings.HasPrefix(label, "big5"):
		return "big5"
	case strings.HasPrefix(label, "euc") && strings.Contains(label, "jp"):
		return "euc-jp"
	case strings.HasPrefix(label, "euc") && strings.Contains(label, "kr"):
		return "euc-kr"
	case strings.HasPrefix(label, "shift") || strings.HasPrefix(label, "sjis"):
		return "shift_jis"
	case strings.HasPrefix(label, "koi8"):
		return "koi8-" + strings.TrimLeft(strings.TrimPrefix(label, "koi8"), "-_")
	}
	return ""
}

func httpCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return strings.ToLower(params["charset"])
}

// xmlCharset reads the encoding from an XML declaration.
func xmlCharset(body []byte) string {
	head := bytes.TrimLeft(body[:min(len(body), 1024)], " \t\r\n")
	s := scanner{doc: head}
	p, ok := s.next()
	if !ok || p.kind != instruction || !bytes.HasPrefix(head[p.from:], []byte("<?xml")) {
		return ""
	}
	p.attrs = bytes.TrimSuffix(head[p.from+len("<?xml"):p.to], []byte("?>"))
	label, _ := p.attr("encoding")
	return strings.ToLower(strings.TrimSpace(string(label)))
}

// convert decodes all of body; bytes the encoding does not know become U+FFFD.
func convert(e encoding.Encoding, body []byte) []byte {
	text, err := e.NewDecoder().Bytes(body)
	if err != nil && len(text) == 0 {
		return bytes.ToValidUTF8(body, nil)
	}
	return text
}

// credible reports whether a decoded text looks decoded by the right table: next to nothing of it is unknown.
func credible(text []byte) bool {
	const unknown = "\xef\xbf\xbd"
	return bytes.Count(text, []byte(unknown))*50 <= utf8.RuneCount(text)
}

// sequences counts the byte sequences beyond ASCII that are sound UTF-8, and those that are not. Where
// three quarters are sound it is UTF-8 with damage, not another encoding.
func sequences(body []byte) (good, bad int) {
	for len(body) > 0 {
		if body[0] < utf8.RuneSelf {
			body = body[1:]
			continue
		}
		r, n := utf8.DecodeRune(body)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		body = body[n:]
	}
	return good, bad
}

// sample keeps what a detector needs of a long document.
func sample(body []byte) []byte { return body[:min(len(body), 64<<10)] }

// fixControls reads U+0080 to U+009F as the Windows-1252 letters their writers meant (HTML Living Standard,
// numeric character references) and drops what XML does not allow: the other controls, U+FFFE and U+FFFF.
func fixControls(text []byte) []byte {
	if !needsFixing(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r < ' ' && r != '\n' && r != '\t' && r != '\r', r == 0xfffe, r == 0xffff:
		case 0x80 <= r && r <= 0x9f:
			out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(byte(r)))
		default:
			out = append(out, text[:n]...)
		}
		text = text[n:]
	}
	return out
}

func needsFixing(text []byte) bool {
	for rest := text; ; {
		i := bytes.IndexByte(rest, 0xc2)
		if i < 0 || i+1 >= len(rest) {
			break
		}
		if rest[i+1] <= 0x9f {
			return true
		}
		rest = rest[i+1:]
	}
	if bytes.Contains(text, []byte("\xef\xbf\xbe")) || bytes.Contains(text, []byte("\xef\xbf\xbf")) {
		return true
	}
	return hasControl(text)
}

// hasControl looks for C0 controls that XML does not allow, eight bytes at a time: nearly every document has none.
func hasControl(text []byte) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		if (word-' '*ones)&^word&tops != 0 && hasControlByte(text[:8]) { // some byte is below a space: a line break, mostly
			return true
		}
	}
	return hasControlByte(text)
}

func hasControlByte(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return true
		}
	}
	return false
}
