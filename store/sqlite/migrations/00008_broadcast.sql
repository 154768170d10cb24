-- +goose Up

-- The day on which a person last wrote or pressed something, in days since 1970; 0 as long as that is not known.
ALTER TABLE chat ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

-- What is under way of broadcasts, beside the news.
ALTER TABLE window ADD COLUMN broadcasts BLOB;

-- What the desk decides of a broadcast.
CREATE TABLE broadcast (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    state      TEXT NOT NULL,
    author     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    start_at   INTEGER,
    expires_at INTEGER,
    started_at INTEGER,
    ended_at   INTEGER,
    gather_at  INTEGER,
    trial      INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    audience   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    album      TEXT NOT NULL,
    source     INTEGER NOT NULL,
    messages   TEXT NOT NULL,
    request    BLOB,
    reason     TEXT NOT NULL,
    detail     TEXT NOT NULL,
    by_user    INTEGER NOT NULL,
    screen     INTEGER NOT NULL,
    total      INTEGER NOT NULL
) STRICT;
CREATE INDEX broadcast_alive ON broadcast (id) WHERE state IN ('composing', 'ready', 'running', 'deleting');

-- How far it has come: written with each settlement, so it stands apart and is small. The tail holds the newest messages until they fill
-- a row of broadcast_sent (see broadcast.go).
CREATE TABLE broadcast_progress (
    broadcast INTEGER PRIMARY KEY,
    last      INTEGER NOT NULL,
    cursor    INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    deleted   INTEGER NOT NULL,
    kept      INTEGER NOT NULL,
    tail      BLOB NOT NULL
) STRICT;

CREATE TABLE broadcast_sent (
    broadcast INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    copies    BLOB NOT NULL,
    PRIMARY KEY (broadcast, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_sent_at ON broadcast_sent (at);

-- Chats that the cursor has passed without the message having arrived for sure.
CREATE TABLE broadcast_missed (
    broadcast INTEGER NOT NULL,
    chat      INTEGER NOT NULL,
    why       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    tries     INTEGER NOT NULL,
    PRIMARY KEY (broadcast, chat)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_missed_later ON broadcast_missed (broadcast, at) WHERE why = 'later';
