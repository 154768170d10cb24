package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/store"
)

const (
	// longestQuery is how many characters a search may have: longer texts are not searches.
	longestQuery = 100
	// mostTerms bounds what is looked up; further words are ignored. Among 200,000 articles each takes some 3 ms at worst.
	mostTerms = 6
	// suggestions is how many other spellings are offered.
	suggestions = 3
)

// search looks for what stands behind /search.
func (t *turn) search() error {
	p, err := t.printer()
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(t.rest) == "":
		t.say(p.Say(message.SearchAsk))
		return nil
	case !searchable(t.rest):
		t.say(p.Say(message.ErrSearchUsage))
		return nil
	}
	return t.searchFor(t.rest, "")
}

// understand answers what is no command: the name of a topic brings its news, anything else is searched for.
func (t *turn) understand(text string) error {
	about, named := newsOf(text)
	words := strings.Fields(about)
	for len(words) > 1 && newsHead[spoken(words[0])] { // আজকের আবহাওয়া
		words = words[1:]
	}
	c, is, err := t.topicNamed(strings.Join(words, " "))
	if err != nil {
		return err
	}
	if is {
		if found, err := t.latestOf(c); found || err != nil {
			return err
		}
	}
	name := ""
	if named {
		name = text
	}
	return t.searchFor(about, name)
}

// topicNamed finds the topic that a text names, in any inflection.
func (t *turn) topicNamed(text string) (c store.Category, found bool, err error) {
	categories, err := t.categories()
	if err != nil {
		return c, false, err
	}
	said := stems(text)
	for _, c := range categories {
		if said != "" && (said == stems(c.Name) || said == stems(c.NameEN)) {
			return c, true, nil
		}
	}
	return c, false, nil
}

// stems makes a text comparable whatever the inflection of its words.
func stems(text string) string { return strings.Join(bengali.Stems(text), " ") }

// searchFor searches for a text, if it can be a search at all, and before that for a name that it may be a part of.
func (t *turn) searchFor(text, name string) error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	query := strings.Join(strings.Fields(text), " ")
	if !searchable(query) {
		m := p.Say(message.ErrText)
		m.Buttons = readerButtons(p)
		t.say(m)
		return nil
	}
	return t.sayScreen(t.resultScreen(p, question{query: query, whole: strings.Join(strings.Fields(name), " ")}))
}

// searchable tells whether a text can be a search.
func searchable(text string) bool {
	return utf8.RuneCountInString(text) <= longestQuery && len(searchTerms(text)) > 0
}

// pressSearch turns the page of results, or searches for another spelling.
func (t *turn) pressSearch() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	query := t.press.Text
	if query == "" {
		query = queryOf(t.update.Callback.Message.Text)
	}
	if query == "" || !t.private() || len(searchTerms(query)) == 0 {
		return t.pressedOld()
	}
	return t.showScreen(t.resultScreen(p, question{query: query, skip: min(max(t.press.Number(0), 0), furthest)}))
}

// queryOf reads the query out of the heading of our own results, where it stands in quotes: a long one does not
// fit into a button, and what people search for is not kept.
func queryOf(results string) string {
	heading, _, _ := strings.Cut(results, "\n")
	_, after, found := strings.Cut(heading, "‘")
	end := strings.LastIndex(after, "’")
	if !found || end < 0 {
		return ""
	}
	return after[:end]
}

// results are what a search has found.
type results struct {
	// query is what was searched for in the end.
	query    string
	articles []store.Article
	total    int
	// longer says that the last word was found only as the beginning of others.
	longer bool
	// others are other spellings under which something would be found.
	others []string
}

// search makes a search. It is done outside of any transaction: nobody who writes waits for it.
func (b *Bot) search(ctx context.Context, w *word) (err error) {
	r := &w.results
	if w.whole != "" {
		if isName, err := b.searchName(ctx, w); isName || err != nil {
			return err
		}
	}
	r.query = w.query
	q := store.SearchQuery{Terms: searchTerms(w.query), Now: b.config.Now()}
	r.articles, r.total, err = searchOrBegin(ctx, b.store, &q, int(w.skip), newsOnPage+1)
	r.longer = q.Prefix
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if len(r.articles) == 0 || r.longer && w.skip == 0 { // found in longer words only: another spelling may be meant
		r.others, err = otherSpellings(ctx, b.store, w.query)
	}
	return err
}

// searchOrBegin searches for whole words, and where nothing has them all, takes the last one for the beginning of a word: then q is a search
// by prefix.
func searchOrBegin(ctx context.Context, r store.SearchReader, q *store.SearchQuery, skip, limit int) ([]store.Article, int, error) {
	articles, total, err := r.Search(ctx, *q, skip, limit)
	if err != nil || total > 0 || !beginsWord(*q) {
		return articles, total, err
	}
	q.Prefix = true
	return r.Search(ctx, *q, skip, limit)
}

// searchName searches for the words of a name next to one another, and reports whether they stand so in an article, and not just words of the
// same stems: “ক্রিকেট খবর” asks for news, though some speak of ক্রিকেটের খবর.
func (b *Bot) searchName(ctx context.Context, w *word) (is bool, err error) {
	quoted := `"` + w.whole + `"`
	found, total, err := b.store.Search(ctx, store.SearchQuery{Terms: searchTerms(quoted), Now: b.config.Now()}, 0, newsOnPage+1)
	if err != nil {
		return false, fmt.Errorf("search for a name: %w", err)
	}
	name := " " + foldWords(w.whole) + " "
	is = slices.ContainsFunc(found, func(a store.Article) bool {
		return strings.Contains(" "+foldWords(a.Headline+"\n"+a.Text)+" ", name)
	})
	if is {
		w.results = results{query: quoted, articles: found, total: total, others: []string{w.query}}
	}
	return is, nil
}

func (t *turn) resultScreen(p message.Printer, q question) (message.Message, error) {
	w, err := t.ask(q)
	if err != nil {
		return message.Message{}, err
	}
	query := w.results.query
	if len(w.results.articles) == 0 {
		m := p.Say(message.SearchNone, "query", query)
		if !offerSpellings(p, &m, w.results.others) {
			m.HTML += " " + string(p.HTML(message.SearchHint))
			m.Plain += " " + p.Text(message.SearchHint)
			m.Buttons = readerButtons(p)
		}
		return m, nil
	}
	turnTo := func(skip int64) string {
		press := button.Press{Action: button.Search, Numbers: []int64{skip}, Text: query}
		if !press.Fits() {
			press.Text = ""
		}
		return press.Data()
	}
	heading := message.SearchHead
	if w.results.total >= store.MostFound {
		heading = message.SearchMany
	}
	m := t.page(p, w.results.articles, q.skip, p.Text(heading, "query", query, "n", w.results.total), turnTo)
	offerSpellings(p, &m, w.results.others)
	return m, nil
}

// beginsWord reports whether the last stem may be taken for the beginning of a word: one letter begins too many.
func beginsWord(q store.SearchQuery) bool {
	last := q.Terms[len(q.Terms)-1]
	return utf8.RuneCountInString(last[len(last)-1]) > 1
}

// offerSpellings adds buttons that search for other spellings, and reports whether there are any.
func offerSpellings(p message.Printer, m *message.Message, others []string) (offered bool) {
	for _, other := range others {
		press := button.Press{Action: button.Search, Numbers: []int64{0}, Text: other}
		if press.Fits() {
			m.Buttons = append(m.Buttons, press1(other, press.Data()))
			offered = true
		}
	}
	if offered {
		m.HTML += "\n" + string(p.HTML(message.SearchMeant))
		m.Plain += "\n" + p.Text(message.SearchMeant)
	}
	return offered
}

// otherSpellings are the queries that come of replacing the first word that occurs nowhere by one that sounds like it, or else by one that a slip
// of the finger makes of it.
func otherSpellings(ctx context.Context, r store.Reader, query string) ([]string, error) {
	words := bengali.Words(query)
	words = words[:min(len(words), mostTerms)]
	for i, word := range words {
		like, err := spelledLike(ctx, r, word)
		if err != nil {
			return nil, err
		}
		if len(like) == 0 {
			continue
		}
		var others []string
		for _, other := range like {
			query := slices.Clone(words)
			query[i] = other
			others = append(others, strings.Join(query, " "))
		}
		return others, nil
	}
	return nil, nil
}

// spelledLike are words that occur and sound like one that does not, or nearly so. A misspelt word that looks inflected may have
// lost a letter with its ending (শরকার is no form of শরকা), so it is compared with and without.
func spelledLike(ctx context.Context, r store.Reader, word string) (like []string, err error) {
	stem := bengali.Stem(word)
	forms := slices.Compact([]string{bengali.Sound(stem), bengali.Sound(word)})
	alike := func(sound string) []string { return []string{sound} }
	for _, sounding := range []func(string) []string{alike, bengali.Slips} {
		for _, form := range forms {
			sounds := sounding(form)
			if form == "" || len(sounds) == 0 {
				continue
			}
			found, err := r.Spellings(ctx, sounds, suggestions)
			if err != nil {
				return nil, fmt.Errorf("look for other spellings: %w", err)
			}
			if slices.Contains(found, stem) {
				return nil, nil // it occurs; another word is what is missing
			}
			for _, other := range found {
				if !slices.Contains(like, other) {
					like = append(like, other)
				}
			}
		}
		if len(like) > 0 {
			break
		}
	}
	return like[:min(len(like), suggestions)], nil
}

// searchTerms reads a query: words, and phrases in quotes.
func searchTerms(query string) [][]string {
	var terms [][]string
	add := func(term []string) {
		if len(term) > 0 && len(terms) < mostTerms && !slices.ContainsFunc(terms, func(t []string) bool { return slices.Equal(t, term) }) {
			terms = append(terms, term[:min(len(term), mostTerms)])
		}
	}
	for i, part := range strings.Split(bengali.Fold(query), `"`) {
		stems := bengali.Stems(part)
		if i%2 == 1 {
			add(stems)
			continue
		}
		for _, stem := range stems {
			add([]string{stem})
		}
	}
	return terms
}
