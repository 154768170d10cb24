package story

import (
	"time"
)

// Item is an article as far as its story is concerned.
type Item struct {
	ID       int64
	Story    int64 // the story it belongs to; 0 for one of its own
	Headline string
	Lead     string // the beginning of its text, or its teaser; the first 350 letters are read
	Full     bool   // Lead is the article's own beginning, not a feed's teaser
	// Published is when the article came out; for one without a date, when it was found.
	Published time.Time
}

// Relation is how a new article stands to one already known.
type Relation int

// The relations, weakest first.
const (
	None    Relation = iota // no known article tells the like
	Related                 // about the same matter: to be shown together, and both to be sent
	Update                  // the same event, told on: its principal number has changed
	Same                    // the same story over again
)

// Reason says what decided a verdict.
type Reason string

// The reasons: likeness, or the veto that overruled it.
const (
	ReasonLikeness Reason = "likeness" // the score alone
	ReasonHeadline Reason = "headline" // leads alike under headlines that are not
	ReasonGap      Reason = "gap"      // too long between them
	ReasonDate     Reason = "date"     // they name different days
	ReasonName     Reason = "name"     // they name different people or places
	ReasonNumber   Reason = "number"   // they name different numbers of the same thing
	ReasonEdition  Reason = "edition"  // a recurring feature, of another day
)

// Verdict is the answer for one article.
type Verdict struct {
	Relation Relation
	// ID is the known article it relates to, and Story that one's story. With
	// Relation None they name the most alike article that a veto kept apart, or are 0.
	ID, Story int64
	Score     float64 // likeness to that article, 0–1
	Reason    Reason
}

// Limits of likeness. A teaser says less than a lead, so it must agree more; so
// must an article of the next day, which more often tells what came after.
const (
	sameFull      = 0.50 // both with their full leads, within a day
	sameTeaser    = 0.60
	relatedScore  = 0.42
	headlineScore = 0.15 // the headlines alone must be at least so alike
)

// Gap is the longest time between two articles of one story. RunningGap is that
// between a new article and an early one of a story that runs: three articles or
// more, the last of them within Gap.
const (
	Gap        = 48 * time.Hour
	RunningGap = 72 * time.Hour
	running    = 3
)

// Place says which known article, if any, tells what it tells. Same goes before
// Update, Update before Related; among equals the more alike wins. An article is
// never compared with itself.
func (x *Index) Place(it Item) Verdict {
	e := read(it)
	headNorm, norm := x.norm(e.headline), x.norm(e.all)
	var best, barred Verdict
	for _, known := range x.candidates(e) {
		score := x.dot(e.all, known.all) / (norm * x.norm(known.all))
		if !(score >= relatedScore) { // also when a norm is 0
			continue
		}
		v := Verdict{ID: known.id, Story: known.story, Score: min(score, 1), Reason: ReasonLikeness}
		if x.dot(e.headline, known.headline)/(headNorm*x.norm(known.headline)) < headlineScore {
			v.Reason = ReasonHeadline
		} else {
			v.Relation, v.Reason = x.judge(e, known, v.Score)
		}
		switch {
		case v.Relation == None:
			barred = better(barred, v)
		default:
			best = better(best, v)
		}
	}
	if best.Relation == None {
		return barred
	}
	return best
}

// better is the stronger verdict; of equals the one with the higher score, and
// of those the one for the earlier article, so that the answer never hangs on the
// order of a map.
func better(a, b Verdict) Verdict {
	switch {
	case a.ID == 0, b.Relation > a.Relation:
		return b
	case b.Relation < a.Relation, b.Score < a.Score, b.Score == a.Score && b.ID > a.ID:
		return a
	}
	return b
}

// judge lets the vetoes speak, in their order, and then the score.
func (x *Index) judge(e, known *entry, score float64) (Relation, Reason) {
	switch {
	case x.tooFar(e, known):
		return None, ReasonGap
	case datesConflict(e, known):
		return None, ReasonDate
	case namesConflict(e, known):
		return None, ReasonName
	case editionsConflict(e, known):
		return None, ReasonEdition
	case numbersConflict(e, known):
		return Update, ReasonNumber
	}
	limit := sameTeaser
	if e.full && known.full && e.published.Sub(known.published).Abs() <= 24*time.Hour {
		limit = sameFull
	}
	if score >= limit {
		return Same, ReasonLikeness
	}
	return Related, ReasonLikeness
}

func (x *Index) tooFar(e, known *entry) bool {
	gap := e.published.Sub(known.published).Abs()
	if gap <= Gap {
		return false
	}
	s := x.stories[known.story]
	return gap > RunningGap || s.count < running || e.published.Sub(s.last).Abs() > Gap
}
