package sqlite

import (
	"encoding/json"
	"fmt"
)

// list is the column's value of a list.
func list[T any](l []T) (string, error) {
	if len(l) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(l)
	return string(text), err
}

// listed reads a list from such a column; an empty one is nil.
type listed[T any] struct{ to *[]T }

// Scan implements sql.Scanner.
func (l listed[T]) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a list is kept as text, not as %T", value)
	}
	*l.to = nil
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), l.to)
}
