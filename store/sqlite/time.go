package sqlite

import (
	"fmt"
	"time"
)

// millis is the column's value of a time: NULL for the zero time.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// moment reads a time from such a column.
type moment struct{ to *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*m.to = time.Time{}
	case int64:
		*m.to = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a time is kept as a number, not as %T", value)
	}
	return nil
}
