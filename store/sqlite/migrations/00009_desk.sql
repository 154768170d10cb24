-- +goose Up

-- Who did what at the desk, when.
CREATE TABLE event (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    by     INTEGER NOT NULL,
    name   TEXT NOT NULL,
    deed   TEXT NOT NULL,
    about  INTEGER NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX event_at ON event (at);

-- Spans of the log, above after and up to upto (NULL while it lasts), of which a chat (0: everybody) gets what an editor has approved.
CREATE TABLE guard (
    chat  INTEGER NOT NULL,
    after INTEGER NOT NULL,
    upto  INTEGER,
    PRIMARY KEY (chat, after)
) STRICT, WITHOUT ROWID;

-- Articles that editors are, or were, asked about, and the message by which they are asked.
CREATE TABLE approval (
    article INTEGER PRIMARY KEY,
    state   TEXT NOT NULL,
    asked   INTEGER NOT NULL,
    until   INTEGER,
    by      INTEGER NOT NULL,
    name    TEXT NOT NULL,
    at      INTEGER,
    desk    INTEGER NOT NULL,
    card    INTEGER NOT NULL,
    card_at INTEGER,
    shown   INTEGER NOT NULL
) STRICT;
CREATE INDEX approval_open ON approval (article) WHERE state IN ('pending', 'later');
ALTER TABLE answer ADD COLUMN card INTEGER NOT NULL DEFAULT 0; -- the article of the approval whose card it is

-- An entry that was approved is owed to guarded chats, too; one that repeats another is owed to those alone that were guarded at that one.
ALTER TABLE entry ADD COLUMN approved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0;

-- What of an article an editor wrote: 1 the headline, 2 the summary. held is 2 while it waits for approval.
ALTER TABLE article ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
