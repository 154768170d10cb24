-- +goose Up

-- Breaking news: the entries of the log that are sent at once, and how far each chat has been sent them (see breaking.go).
ALTER TABLE entry ADD COLUMN breaking INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_breaking ON entry (seq) WHERE breaking = 1;
ALTER TABLE bookmark ADD COLUMN alerted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking ADD COLUMN breaking INTEGER NOT NULL DEFAULT 0;
CREATE TABLE breaking (
    article INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    by      INTEGER NOT NULL
) STRICT;
CREATE INDEX breaking_at ON breaking (at);

-- What readers think of an article, one vote a person; the counts stay when a person is forgotten.
CREATE TABLE vote (
    article INTEGER NOT NULL,
    voter   INTEGER NOT NULL,
    up      INTEGER NOT NULL,
    PRIMARY KEY (article, voter)
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_voter ON vote (voter);

-- What came of an article: votes, openings of its shared link, and readers won by it.
CREATE TABLE response (
    article     INTEGER PRIMARY KEY,
    up          INTEGER NOT NULL DEFAULT 0,
    down        INTEGER NOT NULL DEFAULT 0,
    opened      INTEGER NOT NULL DEFAULT 0,
    subscribers INTEGER NOT NULL DEFAULT 0
) STRICT;
