// Package story says which articles tell the same story.
//
// Two articles are compared by the words of their headlines and leads: the
// cosine of their stems, each weighed by how rare it is among the articles seen
// lately, the headline counting twice. The thresholds are those at which 474
// hand-labelled pairs from ten Bengali papers parted best (area under the curve
// .936; recall .75 at a precision of .95). Likeness alone is not enough: reports
// of two outages months apart are more alike than two of the same one, so a set
// of vetoes has the last word (veto.go).
//
// The package keeps what it needs in memory and knows nothing of storage: who
// uses it adds the articles of the last days at the start and each new one as it
// comes.
package story
