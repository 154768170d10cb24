package story

// Len is the number of articles held.
func (x *Index) Len() int { return len(x.entries) }
