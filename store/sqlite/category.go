package sqlite

import (
	"context"
	"fmt"

	"github.com/harkara/harkara/store"
)

func scanCategory(r row) (c store.Category, err error) {
	err = r.Scan(&c.ID, &c.Slug, &c.Name, &c.NameEN, &c.Parent, attributed{&c.Attributes}, &c.Position)
	return c, err
}

// Categories implements store.CategoryReader.
func (r reads) Categories(ctx context.Context) ([]store.Category, error) {
	categories, err := all(ctx, r, scanCategory, `SELECT id, slug, name, name_en, parent, attributes, position FROM category ORDER BY position, id`)
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	return categories, nil
}

// SaveCategory implements store.CategoryWriter.
func (t *tx) SaveCategory(ctx context.Context, c *store.Category) error {
	attributes, err := attributeText(c.Attributes)
	if err != nil {
		return fmt.Errorf("save category %q: %w", c.Slug, err)
	}
	if c.ID == 0 {
		var id int64
		id, err = t.insert(ctx, `INSERT INTO category (slug, name, name_en, parent, attributes, position) VALUES (?, ?, ?, ?, ?, ?)`,
			c.Slug, c.Name, c.NameEN, c.Parent, attributes, c.Position)
		if err == nil {
			c.ID = id
		}
	} else {
		err = t.must(ctx, `UPDATE category SET slug = ?, name = ?, name_en = ?, parent = ?, attributes = ?, position = ? WHERE id = ?`,
			c.Slug, c.Name, c.NameEN, c.Parent, attributes, c.Position, c.ID)
	}
	if err != nil {
		return fmt.Errorf("save category %q: %w", c.Slug, err)
	}
	return nil
}

// DeleteCategory implements store.CategoryWriter.
func (t *tx) DeleteCategory(ctx context.Context, id int64) error {
	const without = `(SELECT json_group_array(value) FROM json_each(categories) WHERE value <> ?1)`
	if err := t.keepFigures(ctx); err != nil {
		return fmt.Errorf("delete category %d: %w", id, err)
	}
	for _, step := range []string{
		`DELETE FROM category WHERE id = ?1`,
		`UPDATE category SET parent = 0 WHERE parent = ?1`,
		`DELETE FROM subscription WHERE category = ?1`,
		`DELETE FROM marking WHERE category = ?1`,
		`DELETE FROM crowd WHERE kind = 1 AND id = ?1`,
		`DELETE FROM turnover WHERE kind = 1 AND id = ?1`,
		`UPDATE article SET categories = ` + without + ` WHERE id IN (SELECT article FROM article_category WHERE category = ?1)`,
		`DELETE FROM article_category WHERE category = ?1`,
		`UPDATE feed SET categories = ` + without + ` WHERE EXISTS (SELECT 1 FROM json_each(feed.categories) WHERE value = ?1)`,
	} {
		if err := t.run(ctx, step, id); err != nil {
			return fmt.Errorf("delete category %d: %w", id, err)
		}
	}
	return nil
}
