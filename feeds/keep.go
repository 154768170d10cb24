package feeds

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
	"github.com/harkara/harkara/store"
)

// Limits on what one poll may announce. After an outage of a few hours much is new, and its dates prove it; where they do not,
// the feed has changed its ways, not the world.
const (
	stormFrom     = 10
	stormNews     = 5   // of a storm's items without a date
	mostNews      = 100 // of one poll; with more, all wait for an editor's word
	stormOutage   = 7 * 24 * time.Hour
	shortOutage   = time.Hour // after one, much without a date may well be news
	oldNews       = 7 * 24 * time.Hour
	mostOldNews   = 3 // so many late items are a publisher's choice, more are an archive
	futureAllowed = 10 * time.Minute
)

// compose makes drafts of the items, oldest first as the log wants them. What is nothing to read is left out.
func (c *cycle) compose(parsed *Parsed) []Draft {
	drafts := make([]Draft, 0, len(parsed.Items))
	bengaliTitles := 0
	rules := c.cutRules()
	for _, item := range slices.Backward(parsed.Items) {
		d := Compose(item, c.o.Budget, rules...)
		if d.NotNews == summary.ReasonNotBengali && c.foreign() == ForeignDrop {
			continue
		}
		if d.NotNews == summary.ReasonEmpty || d.NotNews == summary.ReasonNull || d.Article.Headline == "" {
			continue
		}
		if bengali.IsBengali(d.Article.Title) {
			bengaliTitles++
		}
		drafts = append(drafts, d)
	}
	if len(drafts) >= c.total/2 { // the document was read whole
		c.memory.LinksOnly = c.memory.LinksOnly || distrust(drafts)
	}
	c.memory.Bengali = c.memory.Bengali || bengaliTitles > 0 && 2*bengaliTitles >= len(drafts)
	return drafts
}

// cutRules are the feed's own patterns. One that came into the catalogue past the import and cannot be used is told, and
// the others are.
func (c *cycle) cutRules() []bengali.Rule {
	rules, err := CutRules(c.feed.Attributes)
	if err != nil {
		c.o.Log.Warn("a pattern of what to cut cannot be used", "feed", c.feed.ID, "err", err)
	}
	return rules
}

func (c *cycle) foreign() Foreign { return Foreign(c.feed.Attributes[foreignAttribute]) }

// keep decides what each draft is, and writes it all down in one transaction: articles, identities, the feed's state and
// the raw items, so that nothing can be seen and lost, or kept twice.
func (c *cycle) keep(ctx context.Context, answer *Answer, parsed *Parsed, drafts []Draft) error {
	now := c.now()
	lastOK, firstTime := c.state.LastOK, !c.state.Imported || !c.memory.Filing.IsZero()
	if !c.pushed {
		c.succeed(answer, parsed.Partial)
	}
	state, memory := c.state, c.memory // as they were before, should the write fail and be tried anew
	var added, revised int
	err := c.store.Write(ctx, func(tx store.Tx) error {
		c.state, c.memory, added, revised = state, memory, 0, 0
		c.telling.Lock()
		defer c.telling.Unlock()
		if err := c.loadTales(ctx, tx, now); err != nil {
			return err
		}
		feed, err := c.nameFeed(ctx, tx, parsed)
		if err != nil {
			return err
		}
		c.memory.adopt(MemoryOf(feed.State))
		desk := desk{cycle: c, tx: tx, feed: feed, now: now}
		keys := c.keys(drafts)
		known, err := knownTo(ctx, tx, keys, now)
		if err != nil {
			return err
		}
		fates := desk.sort(drafts, keys, known, firstTime, lastOK)
		for i, draft := range drafts {
			if article, old := match(keys[i], known); old {
				did, err := desk.again(ctx, article, draft, keys[i])
				if err != nil {
					return err
				}
				revised += did
				continue
			}
			did, err := desk.meet(ctx, draft, keys[i], fates[i])
			if err != nil {
				return err
			}
			added += did
		}
		desk.note(answer, parsed, added, firstTime)
		c.state.Memory = c.memory.bytes()
		if err := tx.SaveFeedState(ctx, c.feed.ID, c.state); err != nil {
			return err
		}
		if parsed.Partial || answer.Cut {
			return nil
		}
		return tx.KeepRaw(ctx, c.feed.ID, c.raw.Hashes, now)
	})
	if err != nil {
		c.forgetTales()
		return fmt.Errorf("keep the articles of feed %d: %w", c.feed.ID, err)
	}
	if added+revised > 0 {
		c.o.Log.Info("articles kept", "feed", c.feed.ID, "new", added, "revised", revised, "path", c.memory.Path)
		c.o.Saved()
	}
	return nil
}

// keys are the identities of the document's drafts.
func (c *cycle) keys(drafts []Draft) [][]store.Key {
	return keysOf(c.feed.ID, drafts, c.raw.Shared, c.memory.LinksOnly)
}

// nameFeed gives a feed that the operator did not name the name it has for itself.
func (c *cycle) nameFeed(ctx context.Context, tx store.Tx, parsed *Parsed) (store.Feed, error) {
	feed, err := tx.Feed(ctx, c.feed.ID)
	if err != nil {
		return store.Feed{}, err // it was removed while we asked it
	}
	title := feedName(parsed)
	if feed.Title != "" && (feed.Site != "" || !isWeb(parsed.Link)) || feed.Title == "" && title == "" {
		return feed, nil
	}
	feed.Title = first(feed.Title, title)
	if isWeb(parsed.Link) {
		feed.Site = first(feed.Site, parsed.Link)
	}
	return feed, tx.SaveFeed(ctx, &feed)
}

func feedName(parsed *Parsed) string {
	name := bengali.Normalize(parsed.Title.String())
	if len([]rune(name)) > 60 {
		name = bengali.Truncate(name, 60)
	}
	return name
}

// A desk is where one poll's drafts are judged, inside the transaction that keeps them.
type desk struct {
	*cycle
	tx    store.Tx
	feed  store.Feed
	now   time.Time
	fresh map[store.Key]int64 // identities of the articles added in this transaction
}

func flatten(keys [][]store.Key) (all []store.Key) {
	for _, k := range keys {
		all = append(all, k...)
	}
	return all
}

// match finds the article an item is: by its GUID before its link, by its link before its words.
func match(keys []store.Key, known map[store.Key]int64) (int64, bool) {
	for _, k := range keys {
		if id, ok := known[k]; ok {
			return id, true
		}
	}
	return 0, false
}

// fate is what becomes of a new article.
type fate byte

const (
	filed fate = iota // history: kept, and owed to nobody
	told              // news
	held              // kept until an editor says whether it is news
)

// sort decides what becomes of the unknown drafts. The first document is history whole. In a storm, when more is new than a feed
// brings by itself, an item is news if its date is believed; of those without a date, the newest few: the others wait for an
// editor's word if the feed could not be asked for a while, else the feed has changed its ways. More news than an editor
// would send at once wait for his word.
func (d *desk) sort(drafts []Draft, keys [][]store.Key, known map[store.Key]int64, firstTime bool, lastOK time.Time) []fate {
	fates := make([]fate, len(drafts))
	if firstTime {
		// What is dated after the first document came was not in it, should it have to be read again.
		since := d.memory.Filing
		for i := range drafts {
			if claimed := drafts[i].Article.Published; d.state.Imported && !d.filing && !d.undated(claimed) && claimed.After(since) && drafts[i].NotNews == summary.ReasonNone {
				fates[i] = told
			}
		}
		return fates
	}
	var unknown []int
	late := 0
	for i := range drafts {
		if _, old := match(keys[i], known); old {
			continue
		}
		unknown = append(unknown, i)
		if d.isLate(drafts[i]) {
			late++
		}
	}
	outage := !lastOK.IsZero() && d.now.Sub(lastOK) > stormOutage
	storm := len(unknown) > max(stormFrom, d.total/2) || outage && len(unknown) > stormNews
	var news []int
	undated := 0
	for _, i := range slices.Backward(unknown) { // newest first
		draft := drafts[i]
		switch claimed := draft.Article.Published; {
		case draft.NotNews == summary.ReasonNotBengali && d.foreign() == ForeignFile && d.memory.Bengali:
		case draft.NotNews != summary.ReasonNone && draft.NotNews != summary.ReasonNotBengali:
		case late > mostOldNews && d.isLate(draft):
		case storm && d.undated(claimed):
			switch undated++; {
			case undated <= stormNews:
				news = append(news, i)
			case !lastOK.IsZero() && d.now.Sub(lastOK) > shortOutage:
				fates[i] = held
			}
		case storm && (!claimed.After(d.memory.Newest) || d.isStale(claimed)):
		case outage && d.isStale(claimed):
		default:
			news = append(news, i)
		}
	}
	verdict := told
	if len(news) > mostNews {
		verdict = held
	}
	for _, i := range news {
		fates[i] = verdict
		if drafts[i].NotNews == summary.ReasonNotBengali && d.foreign() == ForeignHold {
			fates[i] = held
		}
	}
	if storm {
		d.o.Log.Warn("a storm of new items", "feed", d.feed.ID, "new", len(unknown), "of", d.total, "news", len(news), "held", verdict == held)
	}
	return fates
}

// undated reports whether a date says nothing: there is none, or none that can be true.
func (d *desk) undated(claimed time.Time) bool {
	return claimed.Year() <= 1970 || claimed.After(d.now.Add(futureAllowed))
}

// isLate reports whether an item says that it was published long ago.
func (d *desk) isLate(draft Draft) bool {
	claimed := draft.Article.Published
	return !d.undated(claimed) && d.now.Sub(claimed) > oldNews
}

// isStale reports whether a date is too old for news after an outage.
func (d *desk) isStale(claimed time.Time) bool {
	return d.o.NewsAge > 0 && !d.undated(claimed) && d.now.Sub(claimed) > d.o.NewsAge
}

// note takes down what the document said of its feed's ways, and when the feed is to be asked again.
func (d *desk) note(answer *Answer, parsed *Parsed, added int, firstTime bool) {
	if added > 0 {
		d.state.LastNew = d.now
	}
	if firstTime {
		d.memory.Rhythm = d.memory.Rhythm.Add(d.now, 0)
	} else {
		d.memory.Rhythm = d.memory.Rhythm.Add(d.now, added)
	}
	if d.memory.Push.active(d.now) && !d.pushed && !firstTime {
		d.memory.Push.Missed += added
	}
	if d.pushed {
		d.memory.Push.Missed = 0
		d.listen()
	} else {
		d.schedule(answer, 0)
	}
	if d.whole {
		d.memory.Refreshed = d.now
	}
	d.state.Imported = true
	if !parsed.Partial && !answer.Cut && !d.pushed {
		d.memory.Filing = time.Time{}
	}
}

// meet takes in what no known article is, and returns 1 if it is new, 0 if it is the same as an earlier draft of this document or of
// one whose page is awaited.
func (d *desk) meet(ctx context.Context, draft Draft, keys []store.Key, fate fate) (added int, err error) {
	if twin, taken := match(keys, d.fresh); taken {
		return 0, d.tx.KeepKeys(ctx, twin, keys, d.now)
	}
	if d.waitsAlready(draft, keys) {
		return 0, nil
	}
	if fate != filed && d.waits(draft) && d.wait(draft, keys, fate) {
		return 1, nil
	}
	return 1, d.add(ctx, draft, keys, fate)
}

// add keeps a new article.
func (d *desk) add(ctx context.Context, draft Draft, keys []store.Key, fate fate) error {
	a := draft.Article
	claimed := a.Published
	a.Feed, a.Source, a.Categories = d.feed.ID, sourceName(d.feed), slices.Clone(d.feed.Categories)
	a.FirstSeen = d.now
	a.Published = published(claimed, d.now)
	a.History, a.Held = fate == filed, fate == held
	current := isCurrent(a)
	if current {
		a.Story = d.tales.place(a)
	}
	if err := d.tx.AddArticle(ctx, &a, keys, draft.Index); err != nil {
		return err
	}
	if current {
		d.tales.add(a)
	}
	if d.fresh == nil {
		d.fresh = map[store.Key]int64{}
	}
	for _, k := range keys {
		d.fresh[k] = a.ID
	}
	d.claim(claimed)
	d.count(draft.Dropped)
	return nil
}

// claim notes the date that an item claimed, if it is the latest.
func (d *desk) claim(at time.Time) {
	if at.After(d.memory.Newest) && !at.After(d.now.Add(futureAllowed)) {
		d.memory.Newest = at
	}
}

// sourceName is what posts print as their source.
func sourceName(feed store.Feed) string {
	if feed.Title != "" {
		return feed.Title
	}
	if u, err := url.Parse(feed.URL); err == nil {
		return u.Hostname()
	}
	return ""
}

// mostCounted bounds how many rules are counted for a feed.
const mostCounted = 100

func (d *desk) count(cuts []bengali.Cut) {
	if len(cuts) == 0 {
		return
	}
	counted := make(map[string]int, len(d.memory.Cuts)+len(cuts))
	for rule, n := range d.memory.Cuts {
		counted[rule] = n
	}
	for _, cut := range cuts {
		if _, ok := counted[cut.Rule]; ok || len(counted) < mostCounted {
			counted[cut.Rule]++
		}
	}
	d.memory.Cuts = counted
}

// again takes up an article that is known: its identities are refreshed, a change that readers would see becomes a revision,
// and a further feed widens it to that feed's categories. It returns 1 if a reader can notice, else 0.
func (d *desk) again(ctx context.Context, id int64, draft Draft, keys []store.Key) (int, error) {
	old, err := d.tx.Article(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := d.tx.KeepKeys(ctx, id, keys, d.now); err != nil {
		return 0, err
	}
	done := 0
	if old.Feed != d.feed.ID {
		// The same article in a further section; its own feed says what it says.
		for _, category := range d.feed.Categories {
			if !slices.Contains(old.Categories, category) {
				done = 1
			}
		}
		if !d.state.Imported && !old.History {
			return 0, nil
		}
		return done, d.tx.WidenArticle(ctx, id, d.feed.ID, d.feed.Categories, d.now)
	}
	if old.Retracted || draft.Article.Fingerprint == old.Fingerprint {
		return 0, nil
	}
	a := draft.Article
	a.ID, a.Source, a.Published, a.Revised = id, old.Source, old.Published, d.now
	if draft.Stub && len(old.Text) > len(a.Text) { // the text came from the page
		a.Text, a.Summary = old.Text, old.Summary
		draft.Index = indexOf(a)
	}
	if a.Image == "" {
		a.Image = old.Image
	}
	return 1, d.tx.ReviseArticle(ctx, &a, keys, draft.Index)
}
