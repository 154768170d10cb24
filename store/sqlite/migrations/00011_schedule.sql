-- +goose Up

-- When broadcasts are to go out. The plan and what the words for it can mean are JSON (store.Plan).
CREATE TABLE schedule (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    state      TEXT NOT NULL,
    author     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    broadcast  INTEGER NOT NULL,
    plan       TEXT NOT NULL,
    zone       TEXT NOT NULL,
    next_at    INTEGER,
    grace      INTEGER NOT NULL,
    last_at    INTEGER,
    readings   TEXT NOT NULL,
    asked      INTEGER NOT NULL,
    asked_at   INTEGER,
    version    INTEGER NOT NULL
) STRICT;
CREATE INDEX schedule_due ON schedule (next_at) WHERE state = 'active';
CREATE INDEX schedule_of ON schedule (broadcast);

-- What became of each time that came. The key is what keeps a time from being run twice.
CREATE TABLE schedule_run (
    schedule  INTEGER NOT NULL,
    due       INTEGER NOT NULL,
    first     INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    outcome   TEXT NOT NULL,
    broadcast INTEGER NOT NULL,
    PRIMARY KEY (schedule, due)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_run_of ON schedule_run (broadcast) WHERE broadcast > 0;

DROP INDEX broadcast_alive;
CREATE INDEX broadcast_alive ON broadcast (id) WHERE state IN ('composing', 'checking', 'ready', 'running', 'deleting');
