package summary_test

import (
	"math"
	"slices"
	"testing"

	"github.com/harkara/harkara/feeds/bengali"
	"github.com/harkara/harkara/feeds/summary"
)

// plain is the usual way to choose sentences, for comparison: the first sentence, then whatever is nearest to the words of
// the whole article and of the headline and says little of what was chosen (Carbonell and Goldstein's maximal marginal relevance,
// λ = .7), as long as it fits into the budget.
func plain(headline string, article bengali.Cleaned, budget int) []string {
	var sentences []string
	for _, p := range article.Paragraphs {
		for _, s := range bengali.Sentences(p) {
			if !slices.Contains(sentences, s.Text) {
				sentences = append(sentences, s.Text)
			}
		}
	}
	vectors := make([]map[string]float64, len(sentences))
	whole := map[string]float64{}
	for i, s := range sentences {
		vectors[i] = counts(s)
		for w, n := range vectors[i] {
			whole[w] += n
		}
	}
	title := counts(headline)
	score, most := make([]float64, len(sentences)), 0.0
	for i, v := range vectors {
		score[i] = cosine(v, whole)
		most = max(most, score[i])
	}
	for i, v := range vectors {
		score[i] = score[i]/max(most, 1e-9) + .3*cosine(v, title)
	}
	var chosen []int
	left := budget
	take := func(i int) {
		left -= bengali.UTF16Len(sentences[i]) + 1
		chosen = append(chosen, i)
	}
	if len(sentences) > 0 && size(sentences[:1]) <= budget {
		take(0)
	}
	for {
		best, value := -1, math.Inf(-1)
		for i := range sentences {
			if slices.Contains(chosen, i) || bengali.UTF16Len(sentences[i]) > left {
				continue
			}
			alike := 0.0
			for _, j := range chosen {
				alike = max(alike, cosine(vectors[i], vectors[j]))
			}
			if v := .7*score[i] - .3*alike; v > value {
				best, value = i, v
			}
		}
		if best < 0 {
			break
		}
		take(best)
	}
	slices.Sort(chosen)
	texts := make([]string, len(chosen))
	for i, at := range chosen {
		texts[i] = sentences[at]
	}
	return texts
}

func counts(text string) map[string]float64 {
	n := map[string]float64{}
	for _, s := range bengali.Stems(text) {
		n[s]++
	}
	return n
}

func cosine(a, b map[string]float64) float64 {
	dot, normA, normB := 0.0, 0.0, 0.0
	for w, n := range a {
		dot += n * b[w]
		normA += n * n
	}
	for _, n := range b {
		normB += n * n
	}
	if dot == 0 {
		return 0
	}
	return dot / math.Sqrt(normA*normB)
}

func TestTheChoiceIsNearerToTheEditorsThanThePlainOne(t *testing.T) {
	records := readGold(t)
	for _, budget := range []int{280, 400} {
		type sum struct{ n, ours, plain, lead float64 }
		var short, long sum
		for _, r := range records {
			if len(r.References) == 0 {
				continue
			}
			s, article := &short, r.article()
			if r.Source == daily {
				s = &long
			}
			s.n++
			s.ours += 100 * rouge1(summary.Of(r.Headline, article, budget), r.References)
			s.plain += 100 * rouge1(plain(r.Headline, article, budget), r.References)
			s.lead += 100 * rouge1(firstSentences(article, budget), r.References)
		}
		for name, s := range map[string]sum{"short articles": short, "long reports of a daily": long} {
			t.Logf("%s (%v), budget %d: ROUGE-1 F %.2f, plain %.2f, lead %.2f", name, s.n, budget, s.ours/s.n, s.plain/s.n, s.lead/s.n)
			if (s.ours-s.plain)/s.n < 1.5 {
				t.Errorf("%s, budget %d: ROUGE-1 F %.2f against the plain choice's %.2f", name, budget, s.ours/s.n, s.plain/s.n)
			}
		}
	}
}

// daily is the source of the longer reports, of ten to sixteen sentences.
const daily = "Bangladesh daily"
