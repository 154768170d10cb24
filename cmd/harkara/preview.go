package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

type previewCommand struct {
	displaySettings
	safetySettings
	JSON            bool     `name:"json" help:"Print one JSON object a line: title, link, guid, published, headline, summary, dropped, message."`
	Raw             bool     `help:"Print a feed as one JSON object, as read, before headline and summary are made."`
	As              string   `enum:"auto,feed,page,text" default:"auto" help:"What the input is: feed, page, or text whose first line is the headline."`
	Budget          string   `default:"330" env:"HARKARA_BUDGET" help:"Length of a summary in characters."`
	Cut             []string `sep:"none" placeholder:"SCOPE: PATTERN" help:"Cut this too, as harkara:cut in a feed's outline would; may be repeated. Scopes: line, tail, head, inline, suffix."`
	Batch           bool     `help:"The argument is a folder; each file in it and in its folders is shown, with its name."`
	URL             string   `name:"url" help:"Address the input came from; relative links are resolved against it."`
	ContentType     string   `help:"Content-Type header the input came with."`
	ContentLocation string   `help:"Content-Location header the input came with."`
	Input           string   `arg:"" help:"FILE, URL, or - for standard input."`
}

// composing is how headline and summary are made.
type composing struct {
	budget int
	rules  []bengali.Rule
}

// shown is one previewed article, as printed by --json.
type shown struct {
	File      string    `json:"file,omitempty"`
	Title     string    `json:"title"`
	Link      string    `json:"link"`
	GUID      string    `json:"guid"`
	Published string    `json:"published"`
	Headline  string    `json:"headline"`
	Summary   []string  `json:"summary"`
	Dropped   []dropped `json:"dropped"`
	// NotNews and Flags tell why an item would not be sent, or what is odd about it.
	NotNews string   `json:"not_news,omitempty"`
	Flags   []string `json:"flags,omitempty"`
	Message string   `json:"message"`
}

// dropped is something that was cut, with the rule that cut it.
type dropped struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// Run shows what would be sent.
func (c previewCommand) Run(w world) error {
	var f faults
	zone, region := c.displaySettings.read(&f)
	allow := c.safetySettings.read(&f)
	budget := number(&f, "HARKARA_BUDGET", c.Budget, 0, 100_000)
	how := composing{budget: budget}
	for i, text := range c.Cut {
		rule, err := feeds.CutRule(fmt.Sprintf("cut-%d", i+1), text)
		if err != nil {
			f.add("--cut: %w", err)
			continue
		}
		how.rules = append(how.rules, rule)
	}
	if err := f.err(); err != nil {
		return err
	}
	p := message.New(message.Bengali, zone, region)
	if c.Batch {
		return c.batch(w, p, how)
	}
	body, from, err := c.read(w, allow)
	if err != nil {
		return err
	}
	if c.Raw { // as the feed says it: a date without a zone is in UTC
		return c.raw(w.out, body, from)
	}
	from.Zone = zone
	return c.show(w.out, p, body, from, "", how)
}

// batch shows every file of a folder and of those in it, in the order of their names. What cannot be shown is told in its
// place, and in the end by the status.
func (c previewCommand) batch(w world, p message.Printer, how composing) error {
	if info, err := os.Stat(c.Input); err == nil && !info.IsDir() {
		return usageError{fmt.Errorf("%s is not a folder; leave --batch out", c.Input)}
	}
	files, faults := 0, 0
	show := func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && path == c.Input:
			return fmt.Errorf("read the folder: %w", err)
		case path == c.Input:
			return nil
		case strings.HasPrefix(entry.Name(), "."): // an editor's or a file manager's
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if info, failed := os.Stat(path); err == nil && failed == nil && !info.Mode().IsRegular() {
			return nil // a folder, whose files come next, or a device
		} else if err == nil {
			err = failed
		}
		name := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(path, filepath.Clean(c.Input)), string(filepath.Separator)))
		files++
		var body []byte
		if err == nil {
			body, err = readFile(path)
		}
		if err == nil {
			err = c.show(w.out, p, body, feeds.Source{URL: c.URL, Zone: p.Zone()}, name, how)
		}
		if err == nil {
			return nil
		}
		faults++
		if !c.JSON {
			_, err = fmt.Fprintf(w.out, "== %s\n[cannot be shown: %v]\n\n", name, err)
			return err
		}
		return jsonLines(w.out).Encode(unreadable{File: name, Error: err.Error()})
	}
	if err := filepath.WalkDir(c.Input, show); err != nil {
		return err
	}
	if faults > 0 {
		return fmt.Errorf("%d of %d files could not be shown", faults, files)
	}
	return nil
}

// unreadable is a file of a batch that could not be shown, as printed by --json.
type unreadable struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

// jsonLines prints one object a line, its text as it is.
func jsonLines(out io.Writer) *json.Encoder {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	return lines
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readInput(file)
}

// inputLimit bounds what is read of a file or standard input, in bytes, as a fetched body is bounded.
const inputLimit = 10 << 20

// read takes the input from where it is.
func (c previewCommand) read(w world, allow feeds.Allow) ([]byte, feeds.Source, error) {
	from := feeds.Source{URL: c.URL, ContentType: c.ContentType, ContentLocation: c.ContentLocation}
	if strings.HasPrefix(c.Input, "http://") || strings.HasPrefix(c.Input, "https://") {
		fetcher := feeds.NewFetcher(feeds.FetcherOptions{Agent: userAgent(), Allow: allow})
		defer fetcher.Close()
		request := feeds.Request{URL: c.Input}
		if c.As == "page" {
			request.Accept, request.Limit = feeds.AcceptPage, feeds.PageLimit
		}
		answer, err := fetcher.Get(w.ctx, request)
		if err != nil {
			return nil, from, err
		}
		return answer.Body, feeds.Source{URL: answer.URL, ContentType: answer.ContentType, ContentLocation: answer.ContentLocation}, nil
	}
	if scheme, _, ok := strings.Cut(c.Input, "://"); ok {
		return nil, from, usageError{fmt.Errorf("an address that begins with %s:// cannot be fetched, only http and https", scheme)}
	}
	input, err := openInput(w, c.Input)
	if err != nil {
		return nil, from, err
	}
	defer input.Close()
	body, err := readInput(input)
	return body, from, err
}

func readInput(input io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(input, inputLimit+1))
	if err != nil {
		return nil, fmt.Errorf("read the input: %w", err)
	}
	if len(body) > inputLimit {
		return nil, fmt.Errorf("the input is larger than %d MiB", inputLimit>>20)
	}
	return body, nil
}

// items reads the input as what it is.
func (c previewCommand) items(body []byte, from feeds.Source) ([]feeds.Item, string, error) {
	switch c.As {
	case "text":
		return []feeds.Item{feeds.ReadText(body)}, "", nil
	case "page":
		item, err := feeds.ReadPage(body, from)
		return []feeds.Item{item}, "", err
	}
	parsed, err := feeds.Parse(body, from)
	switch {
	case err == nil:
		return parsed.Items, parsed.Title.String(), nil
	case c.As == "feed":
		return nil, "", err
	case errors.Is(err, feeds.ErrPage):
		item, err := feeds.ReadPage(body, from)
		return []feeds.Item{item}, "", err
	case errors.Is(err, feeds.ErrNotFeed):
		return []feeds.Item{feeds.ReadText(body)}, "", nil
	}
	return nil, "", err
}

func (c previewCommand) show(out io.Writer, p message.Printer, body []byte, from feeds.Source, file string, how composing) error {
	items, source, err := c.items(body, from)
	if err != nil {
		return err
	}
	lines := jsonLines(out)
	now := time.Now().UTC()
	for _, item := range items {
		draft := feeds.Compose(item, how.budget, how.rules...)
		draft.Article.Source = source
		draft.Article.FirstSeen = cmp.Or(item.Published, now)
		s := shown{
			File: file, Title: item.Title.String(), Link: item.Link, GUID: item.GUID, Published: stamp(item.Published),
			Headline: draft.Article.Headline, Summary: append([]string{}, draft.Article.Summary...), Dropped: []dropped{},
			NotNews: string(draft.NotNews), Message: p.Single(draft.Article, message.Options{Now: now}).HTML,
		}
		for _, cut := range draft.Dropped {
			s.Dropped = append(s.Dropped, dropped{Rule: cut.Rule, Text: cut.Text})
		}
		if draft.Overcut {
			s.Flags = append(s.Flags, "overcut")
		}
		if draft.Stub {
			s.Flags = append(s.Flags, "stub")
		}
		if c.JSON {
			if err := lines.Encode(s); err != nil {
				return fmt.Errorf("print: %w", err)
			}
			continue
		}
		s.print(out, draft.Article)
	}
	return nil
}

// print shows the article to a person.
func (s shown) print(out io.Writer, a store.Article) {
	if s.File != "" {
		fmt.Fprintf(out, "== %s\n", s.File)
	}
	fmt.Fprintln(out, s.Message)
	if a.Image != "" {
		fmt.Fprintf(out, "[picture] %s\n", a.Image)
	}
	if s.Link != "" {
		fmt.Fprintf(out, "[link] %s\n", s.Link)
	}
	for _, cut := range s.Dropped {
		fmt.Fprintf(out, "[cut by %s] %s\n", cut.Rule, cut.Text)
	}
	if s.NotNews != "" {
		fmt.Fprintf(out, "[not sent: %s]\n", s.NotNews)
	}
	for _, flag := range s.Flags {
		fmt.Fprintf(out, "[%s]\n", flag)
	}
	fmt.Fprintln(out)
}

// rawFeed and rawItem are a feed as read, as printed by --raw.
type rawFeed struct {
	Title string    `json:"title"`
	Link  string    `json:"link"`
	Items []rawItem `json:"items"`
}

type rawItem struct {
	Title      string   `json:"title"`
	Link       string   `json:"link"`
	GUID       string   `json:"guid"`
	Published  string   `json:"published"`
	Summary    string   `json:"summary"`
	Content    string   `json:"content"`
	Categories []string `json:"categories"`
	Author     string   `json:"author"`
	Image      string   `json:"image"`
}

func (c previewCommand) raw(out io.Writer, body []byte, from feeds.Source) error {
	parsed, err := feeds.Parse(body, from)
	if err != nil {
		return err
	}
	feed := rawFeed{Title: parsed.Title.Value, Link: parsed.Link, Items: []rawItem{}}
	for _, item := range parsed.Items {
		feed.Items = append(feed.Items, rawItem{
			Title: item.Title.Value, Link: item.Link, GUID: item.GUID, Published: stamp(item.Published), Summary: item.Summary.Value,
			Content: item.Content.Value, Categories: append([]string{}, item.Categories...), Author: item.Author, Image: item.Image,
		})
	}
	return jsonLines(out).Encode(feed)
}

// stamp is a time in RFC 3339, or empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
