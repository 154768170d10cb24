-- +goose Up

-- When counting began; set when the store is first opened after this.
CREATE TABLE counting (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    since INTEGER NOT NULL
) STRICT;

-- How many readers there are: kind 0 all, 1 by category, 2 by the link that brought them (see figures.go).
CREATE TABLE crowd (
    kind    INTEGER NOT NULL,
    id      INTEGER NOT NULL,
    readers INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO crowd SELECT 0, 0, count(*) FROM chat WHERE kind = 0 AND state <= 1;
INSERT INTO crowd SELECT 1, s.category, count(*) FROM chat c CROSS JOIN subscription s ON s.chat = c.id
    WHERE c.kind = 0 AND c.state <= 1 AND s.category >= 0 GROUP BY s.category;
INSERT INTO crowd SELECT 2, link, count(*) FROM chat WHERE kind = 0 AND state <= 1 AND link <> 0 GROUP BY link;

-- How many came and went on a day, by way of coming and going.
CREATE TABLE turnover (
    kind  INTEGER NOT NULL,
    day   INTEGER NOT NULL,
    id    INTEGER NOT NULL,
    way   INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (kind, day, id, way)
) STRICT, WITHOUT ROWID;

-- How many messages carried an article, and how many failed.
CREATE TABLE carried (
    article INTEGER PRIMARY KEY,
    sent    INTEGER NOT NULL,
    failed  INTEGER NOT NULL
) STRICT;
