-- +goose Up

-- The index of words again, now also by their first two to five letters: a beginning of a word is found as fast as a word,
-- however many words begin so. The stems are taken from the index that there was.
CREATE VIRTUAL TABLE search_anew USING fts5 (
    headline, text,
    content = '', contentless_delete = 1, prefix = '2 3 4 5',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE VIRTUAL TABLE place USING fts5vocab (search, instance);
INSERT INTO search_anew (rowid, headline, text)
SELECT doc,
    coalesce(group_concat(term, ' ' ORDER BY "offset") FILTER (WHERE col = 'headline'), ''),
    coalesce(group_concat(term, ' ' ORDER BY "offset") FILTER (WHERE col = 'text'), '')
FROM place GROUP BY doc;
DROP TABLE place;
DROP TABLE search;
ALTER TABLE search_anew RENAME TO search;
