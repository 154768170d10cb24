package sqlite

import (
	"context"
	"math/bits"
	"strings"
)

// rowsAtOnce bounds the rows of one INSERT: a batch of updates brings as many newcomers at most. Of fewer rows a power of two goes
// together, which bounds the kinds of statement that are kept.
const rowsAtOnce = 100

// insertRows inserts rows into a table with so many columns, as "table (column, …)" names them. What is to be done with a row that is
// there already may follow.
func (t *tx) insertRows(ctx context.Context, columns string, values []any, conflict string) error {
	width := 1 + strings.Count(columns, ",")
	row := ", (" + strings.Repeat("?, ", width-1) + "?)"
	for len(values) > 0 {
		rows := min(len(values)/width, rowsAtOnce)
		if rows < rowsAtOnce {
			rows = 1 << (bits.Len(uint(rows)) - 1)
		}
		err := t.run(ctx, "INSERT INTO "+columns+" VALUES"+strings.Repeat(row, rows)[1:]+" "+conflict, values[:rows*width]...)
		if err != nil {
			return err
		}
		values = values[rows*width:]
	}
	return nil
}
