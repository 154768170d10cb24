package telegramtest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// The entities the server finds in plain text: TDLib's find_entities.

// found is a stretch of bytes of the text.
type found struct {
	from, to int
	kind     entityKind
}

// findEntities returns mentions, commands, hashtags, cashtags, links and addresses of a text, sorted
// and free of overlaps.
func findEntities(text string) []span {
	var all []found
	if strings.IndexByte(text, '@') >= 0 {
		all = findMentions(all, text)
	}
	if strings.IndexByte(text, '/') >= 0 {
		all = findCommands(all, text)
	}
	if strings.IndexByte(text, '#') >= 0 {
		all = findHashtags(all, text)
	}
	if strings.IndexByte(text, '$') >= 0 {
		all = findCashtags(all, text)
	}
	if strings.Contains(text, "://") {
		all = findInternalLinks(all, text)
	}
	if countDigits(text) >= 13 {
		all = findBankCards(all, text)
	}
	if strings.IndexByte(text, '.') >= 0 {
		all = findLinks(all, text)
	}
	if len(all) == 0 {
		return nil
	}
	return toSpans(text, all)
}

func countDigits(text string) int {
	n := 0
	for i := range len(text) {
		if isDigit(text[i]) {
			n++
		}
	}
	return n
}

// toSpans turns byte ranges into entities; of two that overlap the one that begins first, or
// else the longer, stays.
func toSpans(text string, all []found) []span {
	slices.SortStableFunc(all, func(a, b found) int { return a.from - b.from })
	spans := make([]span, 0, len(all))
	at, units := 0, 0
	for _, f := range all {
		units += utf16Len(text[at:f.from])
		at = f.from
		spans = append(spans, span{offset: units, length: utf16Len(text[f.from:f.to]), kind: f.kind})
	}
	sortSpans(spans)
	return dropOverlapping(spans)
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func isAlnum(c byte) bool    { return isLetter(c) || isDigit(c) }
func isNameByte(c byte) bool { return isAlnum(c) || c == '_' }
func isNameDash(c byte) bool { return isNameByte(c) || c == '-' }
func runeAt(s string, i int) rune {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

func runeBefore(s string, i int) (rune, bool) {
	if i == 0 {
		return 0, false
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r, true
}

func findMentions(all []found, text string) []found {
	for i := 0; i < len(text); i++ {
		next := strings.IndexByte(text[i:], '@')
		if next < 0 {
			break
		}
		i += next
		if r, ok := runeBefore(text, i); ok && isWordRune(r) {
			continue
		}
		end := i + 1
		for end < len(text) && isNameByte(text[end]) {
			end++
		}
		size := end - i - 1
		if size >= 2 && size <= 32 && (end == len(text) || !isWordRune(runeAt(text, end))) {
			// Short names exist for a few inline bots only.
			if size >= 4 || isShortBotName(text[i+1:end]) {
				all = append(all, found{i, end, kindMention})
			}
		}
		i = end - 1
	}
	return all
}

func isShortBotName(name string) bool {
	switch asciiLower(name) {
	case "gif", "vid", "pic":
		return true
	}
	return false
}

func findCommands(all []found, text string) []found {
	for i := 0; i < len(text); i++ {
		next := strings.IndexByte(text[i:], '/')
		if next < 0 {
			break
		}
		i += next
		if r, ok := runeBefore(text, i); ok && (isWordRune(r) || r == '/' || r == '<' || r == '>') {
			continue
		}
		end := i + 1
		for end < len(text) && isNameByte(text[end]) {
			end++
		}
		if size := end - i - 1; size < 1 || size > 64 {
			continue
		}
		if end < len(text) && text[end] == '@' {
			name := end + 1
			stop := name
			for stop < len(text) && isNameByte(text[stop]) {
				stop++
			}
			if size := stop - name; size < 3 || size > 32 {
				continue
			}
			end = stop
		}
		if end < len(text) {
			if r := runeAt(text, end); isWordRune(r) || r == '/' || r == '<' || r == '>' {
				continue
			}
		}
		all = append(all, found{i, end, kindBotCommand})
		i = end - 1
	}
	return all
}

func isHashtagRune(r rune) bool {
	return r == '_' || r == 0x200C || r == 0xB7 || r >= 0xD80 && r <= 0xDFF || unicode.IsLetter(r) || unicode.Is(unicode.Nd, r)
}

func findHashtags(all []found, text string) []found {
	for i := 0; i < len(text); i++ {
		next := strings.IndexByte(text[i:], '#')
		if next < 0 {
			break
		}
		i += next
		if r, ok := runeBefore(text, i); ok && isHashtagRune(r) {
			continue
		}
		end, stop, size, letter := i+1, 0, 0, false
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !isHashtagRune(r) {
				break
			}
			end += n
			if size == 255 {
				stop = end
			}
			if size < 256 {
				letter = letter || unicode.IsLetter(r)
				size++
			}
		}
		if stop == 0 {
			stop = end
		}
		if size > 0 && letter && (end == len(text) || text[end] != '#') {
			all = append(all, found{i, stop, kindHashtag})
		}
		i = end - 1
	}
	return all
}

func findCashtags(all []found, text string) []found {
	for i := 0; i < len(text); i++ {
		next := strings.IndexByte(text[i:], '$')
		if next < 0 {
			break
		}
		i += next
		if r, ok := runeBefore(text, i); ok && (isHashtagRune(r) || r == '$') {
			continue
		}
		end := i + 1
		if strings.HasPrefix(text[end:], "1INCH") {
			end += len("1INCH")
		} else {
			for end < len(text) && text[end] >= 'A' && text[end] <= 'Z' {
				end++
			}
		}
		if size := end - i - 1; size < 1 || size > 8 {
			continue
		}
		if end < len(text) {
			if r := runeAt(text, end); isHashtagRune(r) || r == '$' {
				continue
			}
		}
		all = append(all, found{i, end, kindCashtag})
		i = end - 1
	}
	return all
}

func isURLRune(r rune) bool {
	if r >= 0x2000 && r <= 0x206F {
		return r == 0x200C || r == 0x200D || r >= 0x2010 && r <= 0x2015
	}
	return !unicode.Is(unicode.Z, r)
}

func isPathRune(r rune) bool {
	switch r {
	case '\n', '<', '>', '"', 0xAB, 0xBB:
		return false
	}
	return isURLRune(r)
}

const badPathEnd = ".:;,('?!`"

// pathEnd is where a path, query or fragment that begins at i ends; i itself if there is none.
func pathEnd(text string, i int) int {
	if i >= len(text) || strings.IndexByte("/?#", text[i]) < 0 {
		return i
	}
	end := i + 1
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if !isPathRune(r) {
			break
		}
		end += n
	}
	for end > i+1 && strings.IndexByte(badPathEnd, text[end-1]) >= 0 {
		end--
	}
	if text[i] == '/' || end > i+1 {
		return end
	}
	return i
}

// findInternalLinks finds tg:// and ton:// links.
func findInternalLinks(all []found, text string) []found {
	for i := 0; i < len(text); {
		n := strings.Index(text[i:], "://")
		if n < 0 {
			break
		}
		colon := i + n
		i = colon + len("://")
		var from int
		switch before := asciiLower(text[max(0, colon-3):colon]); {
		case strings.HasSuffix(before, "tg"):
			from = colon - 2
		case before == "ton":
			from = colon - 3
		default:
			continue
		}
		end := i
		for end < len(text) && end-i < 253 && isNameDash(text[end]) {
			end++
		}
		if end == i {
			continue
		}
		end = pathEnd(text, end)
		all = append(all, found{from, end, kindURL})
		i = end
	}
	return all
}

func isDomainRune(r rune) bool {
	if r < 0xC0 {
		return r == '.' || r == '~' || r < 0x80 && isNameDash(byte(r))
	}
	return isURLRune(r)
}

func isUserDataRune(r rune) bool {
	if strings.ContainsRune("\n/[]{}()'`<>\"@\u00AB\u00BB", r) {
		return false
	}
	return isURLRune(r)
}

// back walks from i to the left over runes that fit.
func back(text string, i, floor int, fits func(rune) bool) int {
	for i > floor {
		r, n := utf8.DecodeLastRuneInString(text[floor:i])
		if !fits(r) {
			break
		}
		i -= n
	}
	return i
}

// findLinks finds URLs and e-mail addresses.
func findLinks(all []found, text string) []found {
	for begin := 0; begin < len(text); {
		n := strings.IndexByte(text[begin:], '.')
		if n < 0 || begin+n+1 == len(text) {
			break
		}
		dot := begin + n
		if text[dot+1] == ' ' {
			begin = dot + 2
			continue
		}
		from := back(text, dot, begin, isDomainRune)
		end, lastAt := dot, -1
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if r == '@' {
				lastAt = end
			} else if !isDomainRune(r) {
				break
			}
			end += size
		}
		if lastAt >= 0 {
			from = back(text, from, begin, isUserDataRune)
		}
		if end < len(text) && text[end] == ':' {
			stop := end + 1
			for stop < len(text) && isDigit(text[stop]) {
				stop++
			}
			if port := strings.TrimLeft(text[end+1:stop], "0"); port != "" && len(port) <= 5 && leadingInt(port) <= 65535 {
				end = stop
			}
		}
		end = pathEnd(text, end)
		for end > dot+1 && text[end-1] == '.' {
			end--
		}
		bad := false
		if from > begin && text[from-1] == '@' {
			if lastAt >= 0 {
				bad = true
			}
			user := back(text, from-1, begin, isUserDataRune)
			if user == from-1 {
				bad = true
			}
			from = user
		}
		if from > begin {
			prefix := text[begin:from]
			if len(prefix) >= 6 && strings.HasSuffix(prefix, "://") {
				at := back(text, from-3, begin, func(r rune) bool {
					if r < 0x80 {
						return isAlnum(byte(r)) || r == '+' || r == '-'
					}
					return !unicode.Is(unicode.Z, r)
				})
				switch protocol := asciiLower(text[at : from-3]); {
				case strings.HasSuffix(protocol, "http") && protocol != "shttp":
					from -= len("http://")
				case strings.HasSuffix(protocol, "https"):
					from -= len("https://")
				case strings.HasSuffix(protocol, "ftp") && protocol != "tftp" && protocol != "sftp":
					from -= len("ftp://")
				default:
					bad = true
				}
			} else if r, _ := utf8.DecodeLastRuneInString(prefix); isWordRune(r) || r == '/' || r == '#' || r == '@' {
				bad = true
			}
		}
		if bad {
			for text[end-1] != '.' {
				end--
			}
		} else {
			if end > dot+1 {
				all = appendLink(all, text, from, end)
			}
			for end < len(text) && text[end] == '.' {
				end++
			}
		}
		begin = max(end, dot+1)
	}
	return all
}

// appendLink adds the candidate if it is a real address or link.
func appendLink(all []found, text string, from, to int) []found {
	candidate := text[from:to]
	if address, ok := strings.CutPrefix(candidate, "mailto:"); ok && isEmail(address) {
		return append(all, found{from + len("mailto:"), to, kindEmail})
	}
	if strings.IndexByte(candidate, '@') >= 0 && isEmail(candidate) {
		return append(all, found{from, to, kindEmail})
	}
	if n := linkLength(candidate); n > 0 {
		return append(all, found{from, from + n, kindURL})
	}
	return all
}

func isEmail(s string) bool {
	user, domain, ok := strings.Cut(s, "@")
	if !ok || domain == "" {
		return false
	}
	prev, parts := 0, 0
	for i := 0; i < len(user); i++ {
		if user[i] == '.' || user[i] == '+' {
			if i-prev >= 27 {
				return false
			}
			parts++
			prev = i + 1
		} else if !isNameDash(user[i]) {
			return false
		}
	}
	if last := len(user) - prev; parts+1 >= 12 || last == 0 || last >= 36 {
		return false
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || len(labels) > 7 {
		return false
	}
	for i, label := range labels {
		if i == len(labels)-1 {
			if len(label) < 2 || len(label) > 8 {
				return false
			}
			for j := range len(label) {
				if !isLetter(label[j]) {
					return false
				}
			}
			break
		}
		if label == "" || len(label) > 30 || !isAlnum(label[0]) || !isAlnum(label[len(label)-1]) {
			return false
		}
		for j := range len(label) {
			if !isNameDash(label[j]) {
				return false
			}
		}
	}
	return true
}

// linkLength is how many bytes of the candidate are a link; 0 if none.
func linkLength(candidate string) int {
	rest, hasProtocol := candidate, false
	for _, protocol := range []string{"http://", "https://", "ftp://"} {
		if len(rest) >= len(protocol) && strings.EqualFold(rest[:len(protocol)], protocol) {
			rest, hasProtocol = rest[len(protocol):], true
			break
		}
	}
	domain, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		domain, path = rest[:i], rest[i:]
	}
	if i := strings.IndexByte(domain, '@'); i >= 0 {
		domain = domain[i+1:]
	}
	if i := strings.LastIndexByte(domain, ':'); i >= 0 {
		domain = domain[:i]
	}
	// A bracket that was opened outside of the link does not belong to it.
	keep := len(path)
	var balance [3]int
scan:
	for i := range len(path) {
		for j, pair := range []string{"()", "[]", "{}"} {
			switch path[i] {
			case pair[0]:
				balance[j]++
			case pair[1]:
				if balance[j]--; balance[j] < 0 {
					keep = i
					break scan
				}
			}
		}
	}
	for keep > 0 && strings.IndexByte(badPathEnd, path[keep-1]) >= 0 {
		keep--
	}
	if !isDomain(domain, hasProtocol) {
		return 0
	}
	return len(candidate) - len(path) + keep
}

func isDomain(domain string, hasProtocol bool) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || asciiLower(domain) == "teiegram.org" {
		return false
	}
	digitsOnly := true
	for _, label := range labels {
		if label == "" || len(label) >= 64 || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(label, "0123456789") != "" {
			digitsOnly = false
		}
	}
	if digitsOnly {
		return isIPv4(labels)
	}
	tld := labels[len(labels)-1]
	if utf8.RuneCountInString(tld) < 2 || strings.IndexByte(labels[len(labels)-2], '_') >= 0 {
		return false
	}
	if code, ok := strings.CutPrefix(tld, "xn--"); ok {
		return len(code) >= 2 && strings.IndexFunc(code, func(r rune) bool { return r >= 0x80 || !isAlnum(byte(r)) }) < 0
	}
	return !strings.ContainsAny(tld, "_-") && (hasProtocol || isCommonTLD(tld))
}

func isIPv4(labels []string) bool {
	for _, label := range labels {
		if len(label) > 3 || leadingInt(label) > 255 || len(label) > 1 && label[0] == '0' {
			return false
		}
	}
	return len(labels) == 4
}

// isCommonTLD asks the public suffix list in place of the list compiled into TDLib.
func isCommonTLD(tld string) bool {
	lower := strings.ToLower(tld)
	if lower != tld {
		first, size := utf8.DecodeRuneInString(tld)
		if unicode.ToLower(first) == first && size > 0 {
			return false // like "example.cOM": a new sentence more likely than a link
		}
	}
	_, icann := publicsuffix.PublicSuffix(lower)
	return icann
}

// findBankCards finds numbers of 13 to 19 digits that pass the Luhn check.
func findBankCards(all []found, text string) []found {
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		from, digits := i, 0
		for i < len(text) && (isDigit(text[i]) || text[i] == ' ' || text[i] == '-') {
			if text[i] == ' ' && digits >= 16 && digits <= 19 && digits == i-from {
				break
			}
			if isDigit(text[i]) {
				digits++
			}
			i++
		}
		if digits < 13 || digits > 19 {
			continue
		}
		if r, ok := runeBefore(text, from); ok && (strings.ContainsRune(".,+-_", r) || unicode.IsLetter(r)) {
			continue
		}
		end := i
		for !isDigit(text[end-1]) {
			end--
		}
		if end-from > 2*digits-1 {
			continue
		}
		if end < len(text) {
			if r := runeAt(text, end); r == '-' || r == '_' || unicode.IsLetter(r) {
				continue
			}
		}
		if isBankCard(text[from:end]) {
			all = append(all, found{from, end, kindBankCard})
		}
	}
	return all
}

func isBankCard(s string) bool {
	var digits []int
	for _, c := range []byte(s) {
		if isDigit(c) {
			digits = append(digits, int(c-'0'))
		}
	}
	sum := 0
	for i := range digits {
		d := digits[len(digits)-1-i]
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if sum%10 != 0 {
		return false
	}
	n := len(digits)
	two := digits[0]*10 + digits[1]
	four := two*100 + digits[2]*10 + digits[3]
	switch {
	case digits[0] == 4:
		return n == 13 || n == 16 || n == 18 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return n == 16
	case two == 34 || two == 37:
		return n == 15
	case two == 62 || two == 81:
		return n >= 16
	case four >= 2200 && four <= 2204:
		return n == 16
	}
	return true
}
