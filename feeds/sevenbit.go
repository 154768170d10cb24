package feeds

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"unicode/utf16"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
)

// sevenBitDecoders read the encodings made of ASCII bytes alone that x/text lacks.
var sevenBitDecoders = map[string]func([]byte) []byte{
	"utf-7": fromUTF7, "utf7": fromUTF7, "unicode-1-1-utf-7": fromUTF7,
	"iso-2022-kr": fromISO2022KR, "csiso2022kr": fromISO2022KR,
	"iso-2022-jp-3": fromISO2022JP, "iso-2022-jp-2004": fromISO2022JP, "iso-2022-jp-ext": fromISO2022JP,
}

// fromUTF7 reads UTF-7 (RFC 2152): UTF-16 in base64 between + and a byte that is none of it, which is dropped if it is -.
func fromUTF7(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for {
		i := bytes.IndexByte(body, '+')
		if i < 0 {
			return append(out, body...)
		}
		out, body = append(out, body[:i]...), body[i+1:]
		end := 0
		for end < len(body) && isBase64(body[end]) {
			end++
		}
		if end == 0 {
			out = append(out, '+')
		} else if data, err := base64.RawStdEncoding.DecodeString(string(body[:end])); err == nil {
			units := make([]uint16, len(data)/2)
			for u := range units {
				units[u] = binary.BigEndian.Uint16(data[2*u:])
			}
			out = append(out, string(utf16.Decode(units))...)
		} else {
			out = append(append(out, '+'), body[:end]...)
		}
		body = body[end:]
		if len(body) > 0 && body[0] == '-' {
			body = body[1:]
		}
	}
}

func isBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// fromISO2022KR reads ISO-2022-KR (RFC 1557): between SO and SI the bytes are those of EUC-KR without the eighth bit.
func fromISO2022KR(body []byte) []byte {
	const shiftOut, shiftIn = 0x0e, 0x0f
	body = bytes.ReplaceAll(body, []byte("\x1b$)C"), nil)
	wide := false
	eightBit := make([]byte, 0, len(body))
	for _, c := range body {
		switch {
		case c == shiftOut || c == shiftIn:
			wide = c == shiftOut
		case wide && c > ' ':
			eightBit = append(eightBit, c|0x80)
		default:
			eightBit = append(eightBit, c)
		}
	}
	return convert(korean.EUCKR, eightBit)
}

// fromISO2022JP reads the later kinds of ISO-2022-JP: the first plane of JIS X 0213 holds JIS X 0208 in its old places, and the
// few letters that it adds are lost.
func fromISO2022JP(body []byte) []byte {
	for _, plane := range []string{"\x1b$(O", "\x1b$(Q"} {
		body = bytes.ReplaceAll(body, []byte(plane), []byte("\x1b$B"))
	}
	return convert(japanese.ISO2022JP, body)
}
