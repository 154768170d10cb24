package sqlite

import (
	"encoding/json"
	"fmt"
)

// attributeText is the column's value of an outline's attributes: a JSON object, or NULL.
func attributeText(attributes map[string]string) (any, error) {
	if len(attributes) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}

// attributed reads attributes from such a column.
type attributed struct{ to *map[string]string }

// Scan implements sql.Scanner.
func (a attributed) Scan(value any) error {
	*a.to = nil
	if value == nil {
		return nil
	}
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("attributes are kept as text, not as %T", value)
	}
	return json.Unmarshal([]byte(text), a.to)
}
