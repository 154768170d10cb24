package summary

import (
	"math"
	"strings"
)

// The weights below are in log-odds. Two of them are measured: in 600 editors'
// choices over 200 Bengali news articles the first sentence was taken in 61 %,
// each later one in 21–29 %. The others follow from the rules of the trade and
// were settled on our own articles, where the choice hardly moves when any one of
// them is halved.
const (
	oddsOfLead  = 0.45 // 61 %
	oddsOfOther = -1.1 // 25 %

	forCentrality = 1.0  // × how much nearer to the article's words than the mean sentence
	forTitle      = 1.0  // × cosine with the headline
	forLength     = 1.7  // × log of words against the mean: editors who may take any length take the longest
	forFigures    = 0.3  // says how many, how much, when
	forOutcome    = 1.8  // how it ended
	perPlace      = 0.04 // less for every sentence before it: measured, from 29 % for the second to 21 % for the last …
	placesCounted = 12   // … up to this many

	lessBackground = 2.2 // “প্রসঙ্গত …”; less so what follows in that paragraph
	lessBeside     = 0.7 // “এর আগে …”, “এদিকে …”, or opens with a year gone by
	lessAside      = 1.6 // a scene, a proverb, “সবচেয়ে মজার ব্যাপার”, nobody answered the telephone
	lessQuestion   = 1.2
	lessSpoken     = 0.8 // mostly somebody's words
	lessDialogue   = 2.2 // a question or an answer of an interview
	lessShort      = 1.0 // under six words
	lessUnwieldy   = 0.3 // over 240 units: crowds out the rest
	lessEcho       = 0.9 // says little beyond the headline
)

// wordShare parts the value of a set between shared words (1) and the
// sentences' own chances (0).
const wordShare = 0.7

// Two chosen sentences whose words agree beyond sameMatter, a cosine, cost
// lessRepetition × what is beyond, in expected F1.
const (
	sameMatter     = 0.25
	lessRepetition = 0.2
)

// The default summary has three sentences rather than two long ones, which is worth forThree in expected F1; but none is put in
// to make up the number that an editor would take less readily than an ordinary one.
const (
	forThree = 0.05
	ordinary = 0.25
)

// What an editor would take less readily than this is never taken, however much room there is: it would be filler.
const filler = 0.1

// A sentence that leans on the one before (“তিনি …”, “এতে …”) costs this much
// expected F1 when that one is not chosen.
const (
	leansHard  = 0.06
	leansLight = 0.015
)

// weigh gives every unit its chance to be in an editor's choice, and what it
// leans on. It returns the index of the lead, or -1 when there is none worth
// taking before all others.
func weigh(units []unit, title map[int32]bool, stop []bool) (lead int) {
	article := make([]float64, len(stop))
	for i := range units {
		for _, w := range units[i].words {
			if !stop[w] {
				article[w]++
			}
		}
	}
	norm := 0.0
	for _, n := range article {
		norm += n * n
	}
	norm = math.Sqrt(norm)

	near := make([]float64, len(units))
	meanNear, meanWords := 0.0, 0.0
	for i := range units {
		near[i] = nearness(&units[i], article, norm)
		meanNear += near[i] / float64(len(units))
		meanWords += float64(len(units[i].words)) / float64(len(units))
	}

	lead = findLead(units, title)
	end := lastOutcome(units)
	background := 0.0
	for i := range units {
		u := &units[i]
		switch {
		case i == end:
			background = 0
		case lists().background.open(u.folded):
			background = 1
		case i > 0 && u.paragraph == units[i-1].paragraph && background > 0.3:
			background *= 0.6 // it seldom runs further than two sentences
		default:
			background = 0
		}

		odds := oddsOfOther - perPlace*float64(min(i, placesCounted))
		if i == lead {
			odds = oddsOfLead
		}
		if meanNear > 0 {
			odds += forCentrality * (near[i]/meanNear - 1)
		}
		odds += forTitle * titleCosine(u, title)
		odds += forLength * math.Log(float64(max(len(u.words), 1))/meanWords)
		if u.figures {
			odds += forFigures
		}
		if i == end {
			odds += forOutcome
		}
		odds -= lessBackground * background
		if lists().beside.open(u.folded) || opensWithYear(u.folded) {
			odds -= lessBeside
		}
		if i < lead || lists().aside.in(u.folded) || lists().proverb.open(u.folded) { // what stands before the lead is soft
			odds -= lessAside
		}
		if endsAsking(u.text) {
			odds -= lessQuestion
		}
		if u.spoken {
			odds -= lessSpoken
		}
		if u.dialogue {
			odds -= lessDialogue
		}
		if len(u.words) < 6 {
			odds -= lessShort
		}
		if u.size > 240 {
			odds -= lessUnwieldy
		}
		if i != lead && echo(u, title) > 0.6 {
			odds -= lessEcho
		}
		if u.standfirst {
			odds = 3
		}
		u.odds = odds
		switch {
		case lists().leaning.open(u.folded):
			u.leans = leansHard
		case lists().leaningLightly.open(u.folded):
			u.leans = leansLight
		}
	}
	settle(units)
	return lead
}

// An editor takes some 28 % of a news article's sentences, seldom fewer than
// three, and never nearly all of a short one.
const (
	shareTaken  = 0.28
	leastTaken  = 3.3
	shareAtMost = 0.7
)

// settle turns odds into chances that add up to as many sentences as an editor
// would take.
func settle(units []unit) {
	n := float64(len(units))
	taken := min(max(shareTaken*n, leastTaken), shareAtMost*n)
	low, high := -10.0, 10.0
	for range 16 {
		shift, sum := (low+high)/2, 0.0
		for i := range units {
			units[i].chance = 1 / (1 + math.Exp(-units[i].odds-shift))
			sum += units[i].chance
		}
		if sum < taken {
			low = shift
		} else {
			high = shift
		}
	}
}

// findLead is the first of the first four sentences that is not soft: a soft one
// sets a scene or quotes a proverb before the news begins. A short one that is
// further from the headline than the next is soft too (“শেষ বলে দরকার ছিল চার রান।”), and so is one that paints a scene.
func findLead(units []unit, title map[int32]bool) int {
	for i := range units[:min(4, len(units))] {
		u := &units[i]
		near := titleCosine(u, title)
		switch {
		case len(title) >= 2 && near < 0.05 && !u.figures && !u.latin,
			len(u.words) < 5,
			len(u.words) <= 8 && i+1 < len(units) && titleCosine(&units[i+1], title) > near && !u.standfirst,
			i+1 < len(units) && scene(u, &units[i+1], title),
			endsAsking(u.text), u.spoken,
			lists().proverb.open(u.folded), lists().background.open(u.folded):
			continue
		}
		return i
	}
	return -1
}

// scene reports whether the sentence only leads up to the next: it names no number, and the next, which does, says what the
// headline promises (“ভোর থেকে ঘাটে ধান এনে স্তূপ করছেন কৃষকেরা, কিন্তু কেনার লোক নেই।”).
func scene(u, next *unit, title map[int32]bool) bool {
	return !u.standfirst && !u.figures && !u.latin && next.figures && said(next, title) >= said(u, title)+2
}

// lastOutcome is the sentence that says, with a figure or a time, how it ended,
// or -1. Without it a reader may think that the service is still down.
func lastOutcome(units []unit) int {
	for i := len(units) - 1; i >= 0; i-- {
		if (units[i].figures || lists().clock.in(units[i].folded)) && lists().outcome.in(units[i].folded) && !lists().longAgo.in(units[i].folded) && !lists().background.open(units[i].folded) && !lists().beside.open(units[i].folded) {
			return i
		}
	}
	return -1
}

// nearness is the cosine of a sentence's content words, as a set, with the
// article's, as often as they occur.
func nearness(u *unit, article []float64, norm float64) float64 {
	if len(u.content) == 0 || norm == 0 {
		return 0
	}
	dot := 0.0
	for _, w := range u.content {
		dot += article[w]
	}
	return dot / (math.Sqrt(float64(len(u.content))) * norm)
}

// titleCosine compares the content words of sentence and headline as sets.
func titleCosine(u *unit, title map[int32]bool) float64 {
	if len(u.content) == 0 || len(title) == 0 {
		return 0
	}
	return float64(said(u, title)) / math.Sqrt(float64(len(u.content)*len(title)))
}

// echo is the part of a sentence's content words that the headline has said already.
func echo(u *unit, title map[int32]bool) float64 {
	if len(u.content) == 0 {
		return 0
	}
	return float64(said(u, title)) / float64(len(u.content))
}

// repeats reports whether the sentence says nothing that the headline has not
// said: one word more is a section's name or a particle.
func repeats(u *unit, title map[int32]bool) bool {
	e := echo(u, title)
	return e >= 0.9 || e >= 0.8 && len(u.content)-said(u, title) <= 1
}

func said(u *unit, title map[int32]bool) int {
	n := 0
	for _, w := range u.content {
		if title[w] {
			n++
		}
	}
	return n
}

func endsAsking(text string) bool {
	end := strings.TrimRight(text, "”’\"')] ")
	return strings.HasSuffix(end, "?") || strings.HasSuffix(end, "!")
}

// opensWithYear: “২০১৯ সালেও …”; folded text has ASCII digits.
func opensWithYear(folded string) bool {
	if len(folded) < 5 {
		return false
	}
	for i := range 4 {
		if folded[i] < '0' || folded[i] > '9' {
			return false
		}
	}
	return strings.HasPrefix(strings.TrimLeft(folded[4:], " "), "সাল")
}
