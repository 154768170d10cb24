package sqlite

import "context"

// Pragma runs a statement on the writing connection: for tests of what SQLite answers when it cannot write.
func (s *Store) Pragma(ctx context.Context, statement string) error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	_, err := s.writing.ExecContext(ctx, statement)
	return err
}

// CopyLog copies the log back now.
var CopyLog = (*Store).copyLog

// TracedTables are the tables whose rows a person is shown.
func TracedTables() []string {
	var tables []string
	for _, in := range tracedIn {
		tables = append(tables, in.table)
	}
	return tables
}

// WithoutCheckpoints leaves all in the log, as when a program is killed before it is copied back.
func WithoutCheckpoints() Option { return func(o *options) { o.checkpoints = false } }
