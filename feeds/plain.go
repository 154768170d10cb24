package feeds

import "strings"

// lineEnds are those of other systems.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// ReadText reads a plain text whose first line is the headline, in any encoding and with any line ends, its lines wrapped or
// not. A first line that is a sentence already belongs to the text: then there is no headline.
func ReadText(body []byte) Item {
	text := strings.TrimSpace(lineEnds.Replace(string(decode(body, ""))))
	headline, rest, _ := strings.Cut(text, "\n")
	if end := strings.TrimRight(headline, " ”’\"'"); strings.HasSuffix(end, "।") || strings.HasSuffix(end, "৷") {
		headline, rest = "", text
	}
	return Item{Title: Text{Value: headline}, Content: Text{Value: unwrap(rest)}}
}

// unwrap joins the lines of a text that was broken at a width, as mail and old archives are: most of its lines end in the
// midst of a sentence and the next goes on. Paragraphs are then parted by empty lines.
func unwrap(text string) string {
	var paragraphs []string
	var lines []string
	broken, followed := 0, 0
	end := func() {
		if len(lines) > 0 {
			paragraphs = append(paragraphs, strings.Join(lines, " "))
			lines = nil
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			end()
			continue
		}
		if len(lines) > 0 {
			followed++
			if last := strings.TrimRight(lines[len(lines)-1], "”’\"')]"); !strings.HasSuffix(last, "।") && !strings.HasSuffix(last, "?") && !strings.HasSuffix(last, "!") && !strings.HasSuffix(last, ":") {
				broken++
			}
		}
		lines = append(lines, line)
	}
	end()
	if followed < leastWrapped || 2*broken < followed {
		return text
	}
	return strings.Join(paragraphs, "\n")
}

// leastWrapped is how many lines must follow others before their ends tell anything.
const leastWrapped = 3
