package story

// Len is the number of articles held.
func (x *Index) Len() int { return len(x.entries) }

// String names a relation where a test fails.
func (r Relation) String() string {
	switch r {
	case Related:
		return "related"
	case Update:
		return "update"
	case Same:
		return "same"
	}
	return "none"
}
