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

// day reads a day from a column that counts days since 1970; 0 is the zero time.
type day struct{ to *time.Time }

// Scan implements sql.Scanner.
func (d day) Scan(value any) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a day is kept as a number, not as %T", value)
	}
	*d.to = time.Time{}
	if n != 0 {
		*d.to = time.Unix(n*secondsADay, 0).UTC()
	}
	return nil
}

const secondsADay = 24 * 60 * 60

// dayOf is the column's value of a day.
func dayOf(t time.Time) int64 { return t.Unix() / secondsADay }
