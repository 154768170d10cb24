package delivery

// What the tests of visiting hours compare with a model.
var (
	VisitAt  = visitAt
	SpreadOf = spreadOf
)
