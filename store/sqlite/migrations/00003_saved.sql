-- +goose Up

-- Articles that readers put aside to read later.
CREATE TABLE saved (
    chat    INTEGER NOT NULL,
    article INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (chat, article)
) STRICT, WITHOUT ROWID;
