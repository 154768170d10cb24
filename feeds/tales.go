package feeds

import (
	"context"
	"time"

	"github.com/harkara/harkara/feeds/story"
	"github.com/harkara/harkara/store"
)

// tales knows the stories of the last days, as the store does.
type tales struct {
	index *story.Index
	held  []tale // in the order they were added
}

type tale struct {
	id int64
	at time.Time
}

// mostTales bounds how many articles a new one is compared with.
const mostTales = 5_000

// loadTales reads the stories of the last days from the store.
func loadTales(ctx context.Context, r store.ArticleReader, now time.Time) (*tales, error) {
	recent, err := r.Recent(ctx, now.Add(-story.RunningGap), mostTales)
	if err != nil {
		return nil, err
	}
	t := &tales{index: story.NewIndex()}
	for _, a := range recent {
		if !a.Retracted && isCurrent(a) {
			t.add(a)
		}
	}
	return t, nil
}

// isCurrent reports whether a later article could tell the same event: what was history already when it came, and long past,
// is not compared with anything.
func isCurrent(a store.Article) bool {
	return !a.History || a.FirstSeen.Sub(a.Published) <= story.RunningGap
}

// loadTales makes sure that the stories of the last days are known. The caller holds p.telling.
func (p *Poller) loadTales(ctx context.Context, r store.ArticleReader, now time.Time) error {
	if p.tales != nil {
		return nil
	}
	known, err := loadTales(ctx, r, now)
	if err != nil {
		return err
	}
	p.tales = known
	return nil
}

// forgetTales has the stories read anew: what a failed write added to them was not kept.
func (p *Poller) forgetTales() {
	p.telling.Lock()
	defer p.telling.Unlock()
	p.tales = nil
}

// place finds the story that an article tells; 0 if it is one of its own.
func (t *tales) place(a store.Article) int64 {
	for len(t.held) > 0 && (len(t.held) > mostTales || a.FirstSeen.Sub(t.held[0].at) > story.RunningGap) {
		t.index.Remove(t.held[0].id)
		t.held = t.held[1:]
	}
	if verdict := t.index.Place(taleOf(a)); verdict.Relation >= story.Update {
		return verdict.Story
	}
	return 0
}

func (t *tales) add(a store.Article) {
	t.index.Add(taleOf(a))
	t.held = append(t.held, tale{a.ID, a.FirstSeen})
}

func taleOf(a store.Article) story.Item {
	return story.Item{
		ID: a.ID, Story: a.Story, Headline: a.Headline, Lead: a.Text, Full: length([]string{a.Text}) >= stubLimit, Published: a.Published,
	}
}
