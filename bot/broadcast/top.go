package broadcast

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

const (
	// topsOfEach is how many stories of each category stand in a digest of the top stories, topsOfOne how many in one of a single category.
	topsOfEach, topsOfOne = 3, 10
	// topsFrom bounds the articles they are chosen from.
	topsFrom = 5000
	// topsAge is the age at which a story has lost half its weight.
	topsAge = 12 * time.Hour
	// topsDay and topsWeek are how far back the first digest of a schedule reaches, and any.
	topsDay, topsWeek = 24 * time.Hour, 7 * 24 * time.Hour
)

// topStories are the stories of a span that matter most, by category: those that many sources tell and readers like, the newer the more. A
// story stands once, by the newest of its articles.
func topStories(ctx context.Context, from store.Reader, p message.Printer, a store.Audience, since, now time.Time) ([]message.Group, error) {
	articles, err := from.Recent(ctx, since, topsFrom)
	if err != nil {
		return nil, fmt.Errorf("read the articles of the day: %w", err)
	}
	categories, err := from.Categories(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	place := make(map[int64]int, len(categories))
	for i, c := range categories {
		place[c.ID] = i
	}
	ids := make([]int64, len(articles))
	for i, a := range articles {
		ids[i] = a.ID
	}
	liked, err := from.Responses(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read how the articles of the day were liked: %w", err)
	}

	type story struct {
		newest  store.Article
		sources map[int64]bool
		told    int
		votes   int
	}
	stories := map[int64]*story{}
	for _, article := range articles {
		// What was there before us is news here only if it is of the span.
		if article.Held || article.Retracted || article.History && article.Published.Before(since) {
			continue
		}
		if a.Kind == store.AudienceTopic && !slices.Contains(article.Categories, a.Category) {
			continue
		}
		id := cmp.Or(article.Story, article.ID)
		s := stories[id]
		if s == nil {
			s = &story{sources: map[int64]bool{}}
			stories[id] = s
		}
		if !article.Published.Before(s.newest.Published) {
			s.newest = article
		}
		s.sources[article.Feed] = true
		s.told++
		s.votes += liked[article.ID].Up - liked[article.ID].Down
	}
	weight := func(s *story) float64 {
		matters := max(float64(2*len(s.sources)+s.told+s.votes), 0.1)
		return matters * math.Exp2(-now.Sub(s.newest.Published).Hours()/topsAge.Hours())
	}
	ranked := slices.SortedFunc(maps.Values(stories), func(x, y *story) int {
		return cmp.Or(cmp.Compare(weight(y), weight(x)), cmp.Compare(y.newest.ID, x.newest.ID))
	})

	most := topsOfEach
	if a.Kind == store.AudienceTopic {
		most = topsOfOne
	}
	groups := make([]message.Group, len(categories))
	for i, c := range categories {
		groups[i].Name = p.CategoryName(c)
	}
	for _, s := range ranked {
		// It stands under the first of its categories.
		at := len(categories)
		for _, c := range s.newest.Categories {
			if i, known := place[c]; known && (a.Kind != store.AudienceTopic || c == a.Category) {
				at = min(at, i)
			}
		}
		if at < len(categories) && len(groups[at].Articles) < most {
			groups[at].Articles = append(groups[at].Articles, s.newest)
		}
	}
	return slices.DeleteFunc(groups, func(g message.Group) bool { return len(g.Articles) == 0 }), nil
}

// WriteDigest writes the message with the top stories since a moment for an audience, as a store.Broadcast keeps it; nothing if there are
// none. p speaks in the zone and region of the house.
func WriteDigest(ctx context.Context, from store.Reader, p message.Printer, a store.Audience, since, now time.Time) ([]byte, error) {
	if a.Kind == store.AudienceLanguage {
		p = p.With(message.LangOf(a.Language))
	} else {
		p = p.With(message.Bengali)
	}
	groups, err := topStories(ctx, from, p, a, since, now)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	heading := p.Text(message.ScheduleTopHead, "date", p.Date(now))
	m, _ := p.DigestOf(groups, message.Options{Now: now, Heading: heading})
	text, err := json.Marshal(telegram.Send(telegram.Outgoing{Text: m.HTML, Preview: telegram.Preview{Off: true}}))
	if err != nil {
		return nil, fmt.Errorf("write a digest: %w", err)
	}
	return text, nil
}
